//! People who stand in names of columns, keys and files: a shift table has a column for each of them, a folder of scans a file.
//!
//! In: the name of a source and the tables read of it. Out: a member of that source with one row for each of them, which is read like any other,
//! so that they are counted and joined with the people of the cells. Names of columns are people's only where two of them are, and half of those that
//! are no known field: one alone may be a place's or a brand's. Sheets named after people are not asked: what stands on them says mostly who it is, in other words.

use std::collections::BTreeSet;

use super::table::TableCount;
use super::titles;
use crate::classify::{self, Scanner, Shape, Shapes};
use crate::format::{self, Member};
use crate::pattern::Patterns;
use crate::source::{Bytes, SourcePath};

/// How the member is called in paths.
pub(super) const NAME: &str = "(names of files and columns).csv";

/// People told of at most; a document of objects by name may have more keys than columns, and says so.
const MOST: usize = 1 << 12;

/// Endings of files that are top-level domains as well: `backup@2024.zip` is no mailbox.
const ENDINGS: [&str; 6] = ["zip", "mov", "py", "sh", "md", "ps"];

/// The people in the names of a source and of the columns of its tables, as a table; `None` where there are none.
pub(super) fn member(
    patterns: &Patterns,
    path: &SourcePath,
    tables: &[TableCount],
) -> Option<Member> {
    let step = path.as_str().rsplit(['/', '\\']).next().unwrap_or("");
    let is_ours = step == NAME || step.starts_with('(') && step.ends_with(')');
    if is_ours {
        return None;
    }
    let mut scanner = Scanner::new(patterns);
    let mut found = Found::default();
    for table in tables.iter().filter(|t| t.shape == format::Shape::Rows) {
        let names = table.columns.iter().filter_map(|c| c.key.name.as_deref());
        found.columns(patterns, &mut scanner, names);
    }
    let stem = step.rsplit_once('.').map_or(step, |(stem, _)| stem);
    found.file(patterns, &mut scanner, step, stem);
    found.member()
}

#[derive(Default)]
struct Found {
    names: BTreeSet<String>,
    mails: BTreeSet<String>,
}

impl Found {
    /// Adds the people among some names of columns.
    fn columns<'n>(
        &mut self,
        patterns: &Patterns,
        scanner: &mut Scanner,
        columns: impl Iterator<Item = &'n str> + Clone,
    ) {
        let is_mail = |name: &&str| name.contains('@') && has(name, Shapes::of(&[Shape::Email]));
        let mails = columns.clone().filter(is_mail).take(MOST);
        let mails: Vec<&str> = mails.collect();
        let path = common_path(&mails);
        self.mails
            .extend(mails.iter().map(|mail| mail[path..].to_owned()));
        let unknown: BTreeSet<&str> = columns
            .filter(|name| !name.contains('@'))
            .map(|name| name.rsplit('.').next().unwrap_or(name).trim())
            .filter(|name| !name.is_empty() && patterns.header(name).is_none())
            .collect();
        let names: BTreeSet<&str> = unknown
            .iter()
            .map(|name| classify::bare_name(name))
            .filter(|name| may_be_name(name) && titles::is_person(scanner, name))
            .take(MOST)
            .collect();
        if names.len() >= 2 && (names.len() == MOST || names.len() * 2 >= unknown.len()) {
            self.names.extend(names.into_iter().map(str::to_owned));
        }
    }

    /// Adds whom a file is named after.
    fn file(&mut self, patterns: &Patterns, scanner: &mut Scanner, step: &str, stem: &str) {
        let is_ending = |(_, ending): (&str, &str)| {
            ENDINGS
                .iter()
                .any(|known| ending.eq_ignore_ascii_case(known))
        };
        let ends = step.rsplit_once('.').is_some_and(is_ending);
        for name in [step, stem].into_iter().skip(usize::from(ends)) {
            if name.contains('@') && has(name, Shapes::of(&[Shape::Email])) {
                self.mails.insert(name.to_owned());
                return;
            }
        }
        self.names.extend(titles::people(patterns, scanner, stem));
    }

    fn member(self) -> Option<Member> {
        if self.names.is_empty() && self.mails.is_empty() {
            return None;
        }
        let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
        let mut csv = String::from("full_name,email\n");
        for name in &self.names {
            csv.push_str(&format!("{},\n", quoted(name)));
        }
        for mail in &self.mails {
            csv.push_str(&format!(",{}\n", quoted(mail)));
        }
        Some(Member::whole(NAME, Bytes::owned(csv.into_bytes())))
    }
}

fn has(name: &str, shapes: Shapes) -> bool {
    classify::shapes(name).any(shapes)
}

/// Whether a name of a column may be somebody's: words with capitals in Latin letters, any in others.
fn may_be_name(name: &str) -> bool {
    !name.is_ascii() || name.contains(' ') && name.starts_with(|c: char| c.is_ascii_uppercase())
}

/// The length of the path that several keys have in common: `scores.` of `scores.a@example.com` and `scores.b@example.com`.
fn common_path(keys: &[&str]) -> usize {
    let [first, rest @ ..] = keys else { return 0 };
    let local = first.find('@').unwrap_or(0);
    let dots = first[..local].match_indices('.').map(|(at, _)| at + 1);
    let shared = |&end: &usize| rest.iter().all(|key| key.starts_with(&first[..end]));
    match rest.is_empty() {
        true => 0,
        false => dots.rev().find(shared).unwrap_or(0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_among_columns() {
        #[track_caller]
        fn check(columns: &[&str], names: &[&str], mails: &[&str]) {
            let mut found = Found::default();
            let mut scanner = Scanner::new(Patterns::builtin());
            found.columns(Patterns::builtin(), &mut scanner, columns.iter().copied());
            let owned = |list: &[&str]| list.iter().map(|name| (*name).to_owned()).collect();
            assert_eq!((found.names, found.mails), (owned(names), owned(mails)));
        }
        check(
            &["日付", "佐藤 太郎", "鈴木 花子"],
            &["佐藤 太郎", "鈴木 花子"],
            &[],
        );
        check(&["日付", "佐藤 太郎"], &[], &[]);
        check(
            &["scores.mary@example.com", "scores.john@example.org"],
            &[],
            &["john@example.org", "mary@example.com"],
        );
        check(&["First Name", "Last Name", "Total"], &[], &[]);
        check(
            &["日付", "Mary Johnson", "Taro Sato"],
            &["Mary Johnson", "Taro Sato"],
            &[],
        );
        check(&["Year", "North Carolina", "South Carolina"], &[], &[]);
        check(&["Green Bay", "Jordan River"], &[], &[]);
        check(&["Summer Sale", "Dean List"], &[], &[]);
        check(&["時間", "項目", "顧客"], &[], &[]);
        check(&["方角", "高島屋", "管理費"], &[], &[]);
        check(&["佐藤 太郎", "鈴木 花子", "甲", "乙", "丙"], &[], &[]);
    }

    #[test]
    fn people_in_names_of_files() {
        #[track_caller]
        fn check(stem: &str, names: &[&str]) {
            let mut found = Found::default();
            let mut scanner = Scanner::new(Patterns::builtin());
            found.file(Patterns::builtin(), &mut scanner, stem, stem);
            assert_eq!(Vec::from_iter(found.names), names, "{stem}");
        }
        check("診断書（佐藤太郎）", &["佐藤太郎"]);
        check("鈴木花子_履歴書", &["鈴木花子"]);
        check("佐藤 太郎", &["佐藤 太郎"]);
        check("Mary Johnson", &["Mary Johnson"]);
        check("顧客一覧_2024", &[]);
        check("annual report", &[]);
        check("customers", &[]);
        check("鷲尾澄江", &["鷲尾澄江"]);
        check("王小明", &["王小明"]);
        check("鷲尾澄江のカルテ", &["鷲尾澄江"]);
        check("鷲尾澄江請求書", &["鷲尾澄江"]);
        check("担当者山田太郎", &["山田太郎"]);
        check("鈴木花子方", &["鈴木花子"]);
        for stem in [
            "Jordan River",
            "North Carolina",
            "San Francisco",
            "Morgan Stanley",
            "Grant Thornton",
            "伊藤ハム",
            "山形花笠",
            "高島屋",
            "吉野家",
            "東海林",
            "時間割",
            "時間外",
            "管理費",
            "富山支店_顧客",
        ] {
            check(stem, &[]);
        }
    }

    #[test]
    fn mailboxes_in_names_of_files() {
        for (step, expected) in [
            ("mary@example.com", 1),
            ("mary@example.com.txt", 1),
            ("backup@2024.zip", 0),
            ("render@2024.mov", 0),
        ] {
            let mut found = Found::default();
            let mut scanner = Scanner::new(Patterns::builtin());
            let stem = step.rsplit_once('.').map_or(step, |(stem, _)| stem);
            found.file(Patterns::builtin(), &mut scanner, step, stem);
            assert_eq!(found.mails.len(), expected, "{step}");
        }
    }
}
