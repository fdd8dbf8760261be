//! What a dump says beside its rows: values of statements that change rows, and comments.
//!
//! In: a stretch of the dump, from the end of what was read before to the end of a statement. Out: the lines of it that may tell of
//! people, for the running text of the dump. A statement that changes rows is one line, each `SELECT` of a `UNION` one more. Of
//! comments, definitions and bodies of routines only lines with a mailbox, a long number, or a statement with values in it are
//! text: what programs write at the head of a dump, and words of its columns, are nobody's.

use memchr::{memchr, memchr3};

use crate::text::Encoding;

/// Digits of a number that may be somebody's.
const DIGITS: usize = 9;

/// Calls `give` with every line of a stretch that may tell of people. `changes` tells whether its statement changes rows.
pub(super) fn lines(stretch: &[u8], changes: bool, encoding: Encoding, give: &mut dyn FnMut(&str)) {
    // Most stretches are headers of rows, or what ends them.
    if memchr3(b'@', b'\'', b'-', stretch).is_none() {
        return;
    }
    let text = encoding.decode(stretch).0;
    let mut statement = String::new();
    for line in text.lines().map(str::trim) {
        let comment = ["--", "#", "/*", "*"]
            .iter()
            .any(|sign| line.starts_with(sign));
        if changes && !comment {
            if !statement.is_empty() {
                statement.push(' ');
            }
            statement.push_str(line);
        } else if has_mailbox(line) || has_number(line) || has_statement(line) {
            give(line);
        }
    }
    if !statement.contains('\'') {
        return;
    }
    let mut rest = &statement[..];
    while let Some(at) = next_union(rest) {
        give(&rest[..at]);
        rest = &rest[at..];
    }
    give(rest);
}

/// Where the next `UNION` stands that is not the first word.
fn next_union(statement: &str) -> Option<usize> {
    const WORD: &[u8] = b" UNION ";
    let bytes = statement.as_bytes();
    let mut at = 1;
    loop {
        at += memchr(b' ', bytes.get(at..)?)?;
        let word = bytes.get(at..at + WORD.len())?;
        if word.eq_ignore_ascii_case(WORD) {
            return Some(at);
        }
        at += 1;
    }
}

/// Whether an `@` stands between a letter or digit and another.
fn has_mailbox(line: &str) -> bool {
    let is_word = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    line.match_indices('@').any(|(at, _)| {
        let (before, after) = (&line[..at], &line[at + 1..]);
        is_word(before.chars().next_back()) && is_word(after.chars().next())
    })
}

/// Whether a number stands in it that is written as one of a telephone, a card or a person is: with hyphens, or from 0 or + on.
fn has_number(line: &str) -> bool {
    let runs = line.split(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '+'));
    runs.map(|run| run.trim_matches('-')).any(|run| {
        let n_digits = run.bytes().filter(u8::is_ascii_digit).count();
        n_digits >= DIGITS && (run.contains('-') || run.starts_with(['0', '+']))
    })
}

/// Whether a statement with values stands in it.
fn has_statement(line: &str) -> bool {
    let is = |word: &str| {
        ["VALUES", "INSERT", "UPDATE"]
            .iter()
            .any(|verb| word.eq_ignore_ascii_case(verb))
    };
    line.contains('\'') && line.split(|c: char| !c.is_ascii_alphabetic()).any(is)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(stretch: &str, changes: bool, expected: &[&str]) {
        let mut found = Vec::new();
        lines(stretch.as_bytes(), changes, Encoding::Utf8, &mut |line| {
            found.push(line.to_owned());
        });
        assert_eq!(found, expected, "{stretch}");
    }

    #[test]
    fn statements_that_change_rows() {
        check(
            "UPDATE u SET a='x',\n  b='y'\nWHERE c=1;\n",
            true,
            &["UPDATE u SET a='x', b='y' WHERE c=1;"],
        );
        check(
            "INSERT INTO u SELECT 'x', 1\nUNION ALL SELECT 'y', 2;",
            true,
            &["INSERT INTO u SELECT 'x', 1", " UNION ALL SELECT 'y', 2;"],
        );
        check("UPDATE u SET n = n - 1;", true, &[]);
        check(
            "-- x@example.com\nDELETE FROM u;",
            true,
            &["-- x@example.com"],
        );
    }

    #[test]
    fn comments_and_definitions() {
        check(
            "-- MySQL dump 10.13  Distrib 8.0.32, for Linux (x86_64)\n--\n-- Host: 192.0.2.10    Database: shop\n\
             -- Server version\t8.0.32-0ubuntu0.22.04.2\n/*!40101 SET NAMES utf8mb4 */;\n-- Dump completed on 2024-01-05 12:00:00\n\
             -- Name: users; Type: TABLE; Schema: public; Owner: yamada\nSELECT pg_catalog.setval('s', 1234567890, true);\n\
             /*!50017 DEFINER=`root`@`192.0.2.10`*/ CREATE TABLE t (a INT COMMENT '氏名');\nGRANT ALL ON x TO 'a'@'%';\n",
            false,
            &[],
        );
        for line in [
            "-- 佐藤 健 090-2345-6701",
            "# ask x@example.com",
            "-- INSERT INTO u VALUES ('佐藤 健');",
            "INSERT INTO u VALUES ('佐藤 健');",
            "a INT COMMENT 'x@example.com',",
        ] {
            check(line, false, &[line]);
        }
    }
}
