//! Whether a text is SQL, whose, and in which encoding it says it is.

use super::lexer::Dialect;
use crate::format::Head;
use crate::text::Encoding;

/// How much of a source is looked at, in bytes.
const HEAD: usize = 64 << 10;

/// Lines that dump programs write at the top of a file.
const HEADERS: [(&str, Dialect); 12] = [
    ("-- mysql dump", Dialect::MySql),
    ("-- mariadb dump", Dialect::MySql),
    ("-- phpmyadmin sql dump", Dialect::MySql),
    ("-- adminer", Dialect::MySql),
    ("-- host:", Dialect::MySql),
    ("/*m!999999", Dialect::MySql),
    ("-- postgresql database dump", Dialect::Postgres),
    ("-- postgresql database cluster dump", Dialect::Postgres),
    ("\\restrict ", Dialect::Postgres),
    ("pragma foreign_keys", Dialect::Sqlite),
    ("rem inserting into", Dialect::Oracle),
    ("set define off", Dialect::Oracle),
];

/// How sure the first bytes make it that this is SQL: statements must stand where a script has them, at the start of lines
/// and from the first lines on.
pub fn sniff(head: &Head<'_>) -> u8 {
    let text = &head.bytes[..head.bytes.len().min(HEAD)];
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    let (mut n_foreign, mut n_statements, mut n_data, mut seen_header) = (0, 0, 0, false);
    for line in text.split(|&b| b == b'\n').take(2_000) {
        let line = line.trim_ascii();
        let lower = String::from_utf8_lossy(&line[..line.len().min(200)]).to_lowercase();
        if HEADERS.iter().any(|(start, _)| lower.starts_with(start)) && n_foreign <= 3 {
            seen_header = true;
            continue;
        }
        if is_data(&lower) {
            n_data += 1;
        } else if is_statement(&lower) {
            n_statements += 1;
        } else if n_statements + n_data == 0 && !seen_header && !is_comment(&lower) {
            n_foreign += 1;
        }
        if n_foreign > 3 && head.extension != "sql" {
            return 0;
        }
    }
    match (n_foreign, n_data, n_statements, seen_header) {
        (_, _, _, true) => 98,
        (0, 1.., _, _) => 95,
        (0, 0, 2.., _) if head.extension == "sql" => 80,
        // Whatever stands before the rows: functions, comments over many lines, statements that no dump has.
        (1.., 1.., _, _) if head.extension == "sql" => 70,
        (_, 2.., _, _) => 60,
        (_, 1, 1.., _) => 60,
        _ => 0,
    }
}

fn is_comment(lower: &str) -> bool {
    lower.is_empty()
        || ["--", "/*", "*", "# ", "#\r", "\\"]
            .iter()
            .any(|c| lower.starts_with(c))
        || lower == "#"
}

/// The rest of a line behind a name such as `db`.`t`, `[dbo].[t]`, `"t"`.
fn behind_name(rest: &str) -> Option<&str> {
    let mut rest = rest.trim_start();
    loop {
        let close = match rest.chars().next()? {
            '`' => Some('`'),
            '"' => Some('"'),
            '[' => Some(']'),
            '\'' => Some('\''),
            _ => None,
        };
        rest = match close {
            Some(close) => &rest[1 + rest[1..].find(close)? + 1..],
            None => {
                let end = rest
                    .find(|c: char| !(c.is_alphanumeric() || "_$#@-".contains(c)))
                    .unwrap_or(rest.len());
                if end == 0 {
                    return None;
                }
                &rest[end..]
            }
        };
        match rest.strip_prefix('.') {
            Some(more) => rest = more,
            None => return Some(rest.trim_start()),
        }
    }
}

/// Whether a line begins a statement that holds data or says what columns it has.
fn is_data(lower: &str) -> bool {
    let lower = lower.trim_start_matches("/*!40000 ");
    if let Some(rest) = lower
        .strip_prefix("insert ")
        .or_else(|| lower.strip_prefix("replace into "))
    {
        let rest = rest
            .trim_start_matches("or replace ")
            .trim_start_matches("or ignore ")
            .trim_start_matches("ignore ");
        let into = rest.strip_prefix("into ");
        // The table may stand on the next line.
        if rest == "into" {
            return true;
        }
        let Some(behind) = behind_name(into.unwrap_or(rest)) else {
            return false;
        };
        let begins = [
            "(",
            "values",
            "value(",
            "set ",
            "select ",
            "default values",
            "overriding ",
        ];
        let bracketed = into.is_some() || rest.starts_with('[') || rest.starts_with("all");
        return (bracketed && (behind.is_empty() || begins.iter().any(|b| behind.starts_with(b))))
            || (begins[..2].iter().any(|b| behind.starts_with(b)) && behind.contains('('));
    }
    if let Some(rest) = lower.strip_prefix("copy ") {
        return behind_name(rest).is_some() && rest.contains(" from stdin");
    }
    let Some(rest) = lower.strip_prefix("create ") else {
        return false;
    };
    let rest = ["temp ", "temporary ", "unlogged ", "global temporary "]
        .iter()
        .find_map(|w| rest.strip_prefix(w))
        .unwrap_or(rest);
    let Some(rest) = rest.strip_prefix("table ") else {
        return false;
    };
    let rest = rest.strip_prefix("if not exists ").unwrap_or(rest);
    behind_name(rest).is_some_and(|behind| behind.is_empty() || behind.starts_with('('))
}

/// Whether a line begins another statement that scripts are made of.
fn is_statement(lower: &str) -> bool {
    const STARTS: [&str; 36] = [
        "set names ",
        "set @",
        "set foreign_key_checks",
        "set sql_mode",
        "set time_zone",
        "set autocommit",
        "set ansi_",
        "set quoted_identifier",
        "set identity_insert",
        "set client_encoding",
        "set statement_timeout",
        "set lock_timeout",
        "set search_path",
        "set standard_conforming_strings",
        "set character",
        "/*!",
        "use [",
        "use `",
        "drop table ",
        "drop database ",
        "create database ",
        "create schema ",
        "lock tables ",
        "unlock tables",
        "alter table ",
        "create index ",
        "create unique index ",
        "delete from ",
        "set dateformat ",
        "set nocount ",
        "truncate table ",
        "create extension ",
        "create sequence ",
        "start transaction",
        "begin transaction",
        "select pg_catalog.",
    ];
    STARTS.iter().any(|start| lower.starts_with(start))
        || matches!(lower, "go" | "begin;" | "commit;")
        || (lower.starts_with("use ") && lower.ends_with(';') && !lower[4..].contains(' '))
}

/// Whose SQL the first bytes are, by the program's header or by marks that only one dialect has.
pub(super) fn dialect(head: &[u8]) -> Dialect {
    let text = String::from_utf8_lossy(&head[..head.len().min(HEAD)]).to_lowercase();
    for line in text.lines().take(40) {
        if let Some((_, dialect)) = HEADERS
            .iter()
            .find(|(start, _)| line.trim_start().starts_with(start))
        {
            return *dialect;
        }
    }
    let has_line = |what: &dyn Fn(&str) -> bool| text.lines().any(|line| what(line.trim()));
    if has_line(&|l| {
        l == "go"
            || l.starts_with("use [")
            || l.starts_with("insert [")
            || l.starts_with("insert into [")
    }) {
        Dialect::MsSql
    } else if has_line(&|l| l.starts_with("copy ") && l.contains(" from stdin")) {
        Dialect::Postgres
    } else if has_line(&|l| {
        l.starts_with("insert into `") || l.starts_with("create table `") || l.starts_with("/*!")
    }) {
        Dialect::MySql
    } else if text.contains("standard_conforming_strings") || text.contains("pg_catalog.") {
        Dialect::Postgres
    } else if text.contains("engine=innodb")
        || text.contains("engine=myisam")
        || text.contains("\\r\\n")
    {
        Dialect::MySql
    } else if text.contains("to_date('")
        || text.contains("to_timestamp('")
        || text.contains("varchar2(")
    {
        Dialect::Oracle
    } else {
        Dialect::Unknown
    }
}

/// The encoding that a dump says its text is in: `SET NAMES`, `client_encoding`; failing these `DEFAULT CHARSET`, which is
/// only the table's, and a weak hint.
///
/// What the program said is not always so: MySQL's `latin1` often holds UTF-8. The bytes must still be verified.
pub fn declared_encoding(head: &[u8]) -> Option<Encoding> {
    let text = String::from_utf8_lossy(&head[..head.len().min(HEAD)]).to_ascii_lowercase();
    let after = |mark: &str| {
        text.match_indices(mark).find_map(|(at, _)| {
            let rest = text[at + mark.len()..].trim_start_matches([' ', '=', '\'', '"', '\t']);
            let rest = rest
                .strip_prefix("to ")
                .unwrap_or(rest)
                .trim_start_matches([' ', '\'', '"']);
            charset(
                rest.split(|c: char| !(c.is_ascii_alphanumeric() || "_-".contains(c)))
                    .next()
                    .unwrap_or_default(),
            )
        })
    };
    after("set names ")
        .or_else(|| after("client_encoding"))
        .or_else(|| after("default charset"))
}

/// MySQL's and PostgreSQL's names of encodings (MySQL 8.4 manual 12.10; PostgreSQL 17 manual table 23.3).
fn charset(name: &str) -> Option<Encoding> {
    Some(match name {
        "utf8" | "utf-8" | "utf8mb3" | "utf8mb4" | "unicode" | "ascii" | "us-ascii" => {
            Encoding::Utf8
        }
        "sjis" | "cp932" | "shift_jis" | "win932" | "windows932" | "windows-31j" | "mskanji"
        | "shiftjis" => Encoding::ShiftJis,
        "ujis" | "eucjpms" | "euc_jp" | "euc-jp" | "eucjp" => Encoding::EucJp,
        "latin1" | "win1252" | "cp1252" | "iso88591" | "iso-8859-1" | "windows-1252" => {
            Encoding::Windows1252
        }
        _ => return None,
    })
}
