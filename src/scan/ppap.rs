//! Passwords that stand in mail: in Japan a locked attachment is followed by a message with its password ("PPAP").
//!
//! In: the files to be scanned. Out: words that stand near a word for password in the subject or text of a message. They are
//! only ever tried, never shown, and do not leave the run.

use std::collections::BTreeSet;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Run;
use super::source::with_reader;
use crate::format::{Batch, CARVE, Item, MAIL_COLUMNS, Shape, TEXT};
use crate::source::{Bytes, Found, SourcePath, State};

/// Candidates kept at most: each costs a thousand rounds of hashing on every AES entry.
const MOST: usize = 500;
/// Length of a password in characters.
const LENGTHS: std::ops::RangeInclusive<usize> = 4..=64;
/// Lines after the one that names the password in which it may stand.
const LINES: usize = 3;
/// Words that announce a password, lower case.
const WORDS: [&str; 9] = [
    "パスワード",
    "ﾊﾟｽﾜｰﾄﾞ",
    "暗証",
    "解凍",
    "pass",
    "pw",
    "ＰＷ",
    "ｐｗ",
    "ぱすわーど",
];

/// The words that may be passwords in all mail of the files, in order of the alphabet.
pub(super) fn passwords(run: &Run<'_>, found: &[Found]) -> Vec<String> {
    let mut words = BTreeSet::new();
    for found in found.iter().filter(|found| found.state == State::File) {
        if let Ok(bytes) = Bytes::open(&found.path) {
            collect(run, &found.source, &bytes, 0, &mut words);
        }
    }
    words.into_iter().take(MOST).collect()
}

/// Reads the mail of a source and of its members.
fn collect(
    run: &Run<'_>,
    path: &SourcePath,
    bytes: &Bytes,
    depth: u32,
    words: &mut BTreeSet<String>,
) {
    if bytes.is_empty() || depth > run.options.limits.depth {
        return;
    }
    let _ = with_reader(run, path, bytes, |opened, reader, _| {
        let format = opened.format;
        if format.tabular || format.name == TEXT.name || format.name == CARVE.name {
            return;
        }
        for part in 0..reader.parts() {
            let mut sink = |item: Item<'_>| {
                match item {
                    Item::Batch(batch) if batch.table.shape == Shape::Mail => {
                        harvest(&batch, words)
                    }
                    Item::Batch(_) => return ControlFlow::Break(()),
                    Item::Member(member) => {
                        if let Some(bytes) = &member.bytes {
                            let path = path.member(&member.name);
                            collect(run, &path, bytes, depth + 1, words);
                        }
                    }
                    Item::Fault(_) => {}
                }
                ControlFlow::Continue(())
            };
            // Faults and defects are told when the source is scanned.
            let _ = catch_unwind(AssertUnwindSafe(|| reader.read(part, &mut sink)));
        }
    });
}

fn harvest(batch: &Batch<'_>, words: &mut BTreeSet<String>) {
    for cells in batch.cells.chunks_exact(MAIL_COLUMNS.len()) {
        for (cell, column) in cells.iter().zip(MAIL_COLUMNS) {
            if !cell.is_absent() && matches!(column, "subject" | "body") {
                let (text, _) = batch.encoding.decode(&batch.bytes[cell.range()]);
                candidates(&text, words);
            }
        }
    }
}

/// The words of a text that may be passwords.
fn candidates(text: &str, words: &mut BTreeSet<String>) {
    let mut near = 0;
    for line in text.lines() {
        let lower = line.to_lowercase();
        if WORDS.iter().any(|word| lower.contains(word)) {
            near = LINES + 1;
        }
        if near == 0 {
            continue;
        }
        near -= 1;
        let is_edge = |c: char| !c.is_ascii_graphic();
        for word in line.split(is_edge).filter(|word| !word.is_empty()) {
            let after = word.rsplit_once([':', '=']).map_or("", |(_, after)| after);
            let bare = |word: &str| {
                word.trim_matches(['"', '\'', '<', '>', '(', ')', '[', ']', '`'])
                    .to_owned()
            };
            for word in [word.to_owned(), bare(word), bare(after)] {
                if LENGTHS.contains(&word.len()) && words.len() < MOST * 20 {
                    words.insert(word);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_found_near_their_word() {
        let check = |text: &str, expected: &[&str]| {
            let mut words = BTreeSet::new();
            candidates(text, &mut words);
            for word in expected {
                assert!(words.contains(*word), "{word} in {text}");
            }
            assert_eq!(words.is_empty(), expected.is_empty(), "{words:?}");
        };
        check(
            "先ほどの添付のパスワードは「Ab3#x9!z」です。",
            &["Ab3#x9!z"],
        );
        check("パスワード：\n\n  kuma2026\n\nよろしく", &["kuma2026"]);
        check("PW:x7y8z9 / Password=\"Q1w2\"", &["x7y8z9", "Q1w2"]);
        check("会議は10:30からです。\nroom123", &[]);
    }
}
