//! People who stand in names of columns, keys and files: a shift table has a column for each of them, a folder of scans a file.
//!
//! In: the name of a source and the tables read of it. Out: a member of that source with one row for each of them, which is read like any other,
//! so that they are counted and joined with the people of the cells. Names of columns are people's only where two of them are: one alone may be a
//! place's or a brand's. Sheets named after people are not asked: what stands on them says mostly who it is, in other words.

use std::collections::BTreeSet;

use super::table::TableCount;
use super::titles;
use crate::classify::{self, Shape, Shapes};
use crate::format::{self, Member};
use crate::pattern::Patterns;
use crate::source::{Bytes, SourcePath};

/// How the member is called in paths.
const NAME: &str = "(names of files and columns).csv";

/// People told of at most; a document of objects by name may have more keys than columns, and says so.
const MOST: usize = 1 << 12;

/// Shapes of full names.
const NAMES: Shapes = Shapes::of(&[
    Shape::JpFullName,
    Shape::LatinFullName,
    Shape::ScriptFullName,
]);

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
    let mut found = Found::default();
    for table in tables.iter().filter(|t| t.shape == format::Shape::Rows) {
        let names = table.columns.iter().filter_map(|c| c.key.name.as_deref());
        found.columns(patterns, names);
    }
    let stem = step.rsplit_once('.').map_or(step, |(stem, _)| stem);
    found.file(step, stem);
    found.member()
}

#[derive(Default)]
struct Found {
    names: BTreeSet<String>,
    mails: BTreeSet<String>,
}

impl Found {
    /// Adds the people among some names of columns.
    fn columns<'n>(&mut self, patterns: &Patterns, columns: impl Iterator<Item = &'n str> + Clone) {
        let is_mail = |name: &&str| name.contains('@') && has(name, Shapes::of(&[Shape::Email]));
        let mails = columns.clone().filter(is_mail).take(MOST);
        let mails: Vec<&str> = mails.collect();
        let path = common_path(&mails);
        self.mails
            .extend(mails.iter().map(|mail| mail[path..].to_owned()));
        let names: BTreeSet<&str> = columns
            .filter(|name| !name.contains('@'))
            .map(|name| name.rsplit('.').next().unwrap_or(name).trim())
            .filter(|name| may_be_name(name) && patterns.header(name).is_none() && has(name, NAMES))
            .map(classify::bare_name)
            .take(MOST)
            .collect();
        if names.len() >= 2 {
            self.names.extend(names.into_iter().map(str::to_owned));
        }
    }

    /// Adds whom a file is named after.
    fn file(&mut self, step: &str, stem: &str) {
        for name in [step, stem] {
            if name.contains('@') && has(name, Shapes::of(&[Shape::Email])) {
                self.mails.insert(name.to_owned());
                return;
            }
        }
        self.names.extend(titles::people(stem));
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
            found.columns(Patterns::builtin(), columns.iter().copied());
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
    }

    #[test]
    fn people_in_names_of_files() {
        #[track_caller]
        fn check(stem: &str, names: &[&str]) {
            let mut found = Found::default();
            found.file(stem, stem);
            assert_eq!(Vec::from_iter(found.names), names, "{stem}");
        }
        check("診断書（佐藤太郎）", &["佐藤太郎"]);
        check("鈴木花子_履歴書", &["鈴木花子"]);
        check("佐藤 太郎", &["佐藤 太郎"]);
        check("Mary Johnson", &["Mary Johnson"]);
        check("顧客一覧_2024", &[]);
        check("annual report", &[]);
        check("customers", &[]);
    }
}
