//! Names of files, tables and columns that are somebody's name, or a secret: `診断書（NAME）.txt`, `felix-garrison.txt`, `sk_live_…`.
//!
//! In: a name from the data. Out: the ranges of it that must not be shown, beside those that stand in it as they would in a text. In the name
//! of a file a mask too many costs nothing; in that of a column it hides what the column is, so there only a whole name is one.

use std::ops::Range;

use crate::classify::{self, Shape, Shapes};
use crate::pattern::Patterns;
use crate::pattern::dict::{self, Lists};
use crate::text::{katakana, new_form};

/// Shapes of full names.
const NAMES: Shapes = Shapes::of(&[
    Shape::JpFullName,
    Shape::LatinFullName,
    Shape::KanaFullName,
    Shape::ScriptFullName,
]);

/// What stands behind a name.
const HONORIFICS: [&str; 8] = ["様", "さま", "さん", "氏", "殿", "君", "くん", "先生"];

/// Characters from which on letters and digits in turn are a token of access.
const TOKEN: usize = 20;
/// Times that letters and digits change in one.
const TURNS: usize = 5;
/// Words of one name that are looked at.
const MOST: usize = 64;

/// What a name is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A file, a member or a table.
    File,
    /// A column.
    Column,
}

/// The ranges of a name that are somebody's name, a number of a known shape, or a token.
pub(super) fn ranges(patterns: &Patterns, name: &str, of: Of) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = tokens(name).collect();
    found.extend(numbers(name));
    let words: Vec<Range<usize>> = words(name).take(MOST).collect();
    if of == Of::Column {
        let whole = 0..name.len();
        let last = name.rfind('.').map_or(0, |dot| dot + 1)..name.len();
        let parts = [whole, last];
        let known = |part: &str| part.is_ascii() || patterns.header(part).is_some();
        let is = |part: &Range<usize>| {
            let part = &name[part.clone()];
            !part.is_empty() && !known(part) && is_name(part)
        };
        found.extend(parts.into_iter().filter(is));
        return found;
    }
    let alone = words
        .iter()
        .filter(|word| is_somebody(&name[(*word).clone()]));
    found.extend(alone.cloned());
    for pair in words.windows(2) {
        let (first, second) = (&name[pair[0].clone()], &name[pair[1].clone()]);
        let gap = &name[pair[0].end..pair[1].start];
        if gap.chars().count() <= 2 && !gap.contains(['/', '\\']) && is_pair(first, second) {
            found.push(pair[0].start..pair[1].end);
        }
    }
    found
}

/// The people whom a file of this name is about: a piece of it that is a full name in kanji or another script, or all of it in Latin letters.
pub(super) fn people(stem: &str) -> Vec<String> {
    let cut = |c: char| !(is_letter(c) || matches!(c, ' ' | '\u{3000}' | '々'));
    let pieces = stem.split(cut).map(|piece| {
        let piece = piece.trim();
        let titles = HONORIFICS.iter();
        let bare = titles.filter_map(|title| piece.strip_suffix(title)).next();
        bare.unwrap_or(piece).trim()
    });
    let somebody = |piece: &&str| {
        let shapes = classify::shapes(piece);
        !piece.is_ascii() && shapes.any(Shapes::of(&[Shape::JpFullName, Shape::ScriptFullName]))
    };
    let mut found: Vec<String> = pieces
        .filter(somebody)
        .take(MOST)
        .map(str::to_owned)
        .collect();
    if let [first, last] = stem.split(' ').collect::<Vec<_>>()[..]
        && stem.is_ascii()
        && [first, last].iter().all(|word| title(word) == **word)
        && is_pair(first, last)
    {
        found.push(stem.to_owned());
    }
    found
}

fn is_name(text: &str) -> bool {
    classify::shapes(text).any(NAMES)
}

/// Whether a word of other letters than Latin ones is a full name, or a surname and nothing else.
fn is_somebody(word: &str) -> bool {
    if word.is_ascii() {
        return false;
    }
    let bare = HONORIFICS.iter().find_map(|title| word.strip_suffix(title));
    let bare = bare.unwrap_or(word);
    let folded: Vec<char> = bare.chars().map(|c| new_form(katakana(c))).collect();
    let lists = dict::jp(&folded);
    let other = Lists::WORD.or(Lists::PLACE).or(Lists::PROPER);
    is_name(bare) || lists.any(Lists::SURNAME_STRONG) && !lists.any(other)
}

/// Whether two words are a given and a family name, in either order.
fn is_pair(first: &str, second: &str) -> bool {
    let is_common = |word: &str| dict::latin(word).any(Lists::COMMON);
    if first.is_ascii() && is_common(first) && is_common(second) {
        return false;
    }
    let (first, second) = (title(first), title(second));
    is_name(&format!("{first} {second}")) || is_name(&format!("{second} {first}"))
}

/// A word in small letters after a capital one.
fn title(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.flat_map(char::to_lowercase)).collect()
}

/// The words of a name: runs of letters; a capital letter behind a small one begins another (`FelixGarrison`).
fn words(name: &str) -> impl Iterator<Item = Range<usize>> {
    let mut chars = name.char_indices().peekable();
    std::iter::from_fn(move || {
        while chars.next_if(|(_, c)| !is_letter(*c)).is_some() {}
        let &(start, first) = chars.peek()?;
        let (mut end, mut before) = (start, first);
        while let Some((at, c)) = chars.next_if(|&(_, c)| {
            is_letter(c)
                && c.is_ascii() == first.is_ascii()
                && !(before.is_lowercase() && c.is_uppercase())
        }) {
            (end, before) = (at + c.len_utf8(), c);
        }
        Some(start..end)
    })
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && c != '・' || matches!(c, '々' | 'ー' | '\'')
}

/// Numbers that are somebody's and nothing else: `123-45-6789`, a date in full-width digits.
fn numbers(name: &str) -> impl Iterator<Item = Range<usize>> {
    let steps = name.split(['/', '\\', '.', ' ', '_']);
    steps.filter_map(|step| {
        let start = step.as_ptr() as usize - name.as_ptr() as usize;
        let groups: Vec<usize> = step.split('-').map(str::len).collect();
        let digits = step
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
        let wide = step.chars().filter(|c| matches!(c, '０'..='９')).count();
        (digits && groups == [3, 2, 4] || wide >= 6).then_some(start..start + step.len())
    })
}

/// Runs of letters and digits in turn, as tokens of access have them.
fn tokens(name: &str) -> impl Iterator<Item = Range<usize>> {
    let runs = name
        .as_bytes()
        .chunk_by(|a, b| a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric());
    let mut at = 0;
    runs.filter_map(move |run| {
        let range = at..at + run.len();
        at = range.end;
        let turns = run
            .array_windows::<2>()
            .filter(|[a, b]| a.is_ascii_digit() != b.is_ascii_digit());
        let is_token = run.is_ascii() && run.len() >= TOKEN && turns.count() >= TURNS;
        is_token.then_some(range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::SafeName;

    #[track_caller]
    fn check(of: Of, name: &str, shown: bool) {
        let found = ranges(Patterns::builtin(), name, of);
        let safe = SafeName::new(name, &found);
        assert_eq!(safe.as_str() == name, shown, "{name}: {}", safe.as_str());
    }

    #[test]
    fn files_that_are_named_like_people_are_masked() {
        for name in [
            "診断書（荒井篤）.txt",
            "荒井篤_履歴書.txt",
            "【浅野薫】面談記録.txt",
            "20261001荒井篤.txt",
            "001_浅野薫.txt",
            "浅野薫・荒井篤.txt",
            "荒井篤様.txt",
            "アサノカオル.txt",
            "felix-garrison.txt",
            "FelixGarrison.txt",
            "leak/Felix_Garrison.txt",
            "garrison, felix.txt",
            "김민준.txt",
            "Иванова Мария.txt",
            "123-45-6789.txt",
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
            "１９８０年１月１日.txt",
        ] {
            check(Of::File, name, false);
        }
        for name in [
            "",
            "dumps/customers.csv",
            "members.sqlite",
            "2026-10-01.json",
            "orders_2026-10.csv",
            "会員名簿.csv",
            "売上一覧_東京.xlsx",
            "access_log",
            "backup.tar.gz!/db/dump.sql",
            "mail/inbox/1.eml",
            "page-2 (copy).html",
        ] {
            check(Of::File, name, true);
        }
    }

    #[test]
    fn columns_that_are_people_are_masked() {
        for name in ["荒井篤", "評価.荒井篤", "鷲尾澄江", "１９８０年１月１日"]
        {
            check(Of::Column, name, false);
        }
        for name in [
            "First Name",
            "お名前",
            "氏名",
            "created_at",
            "mark_price",
            "grant date",
            "東京本社",
            "備考",
            "金額",
            "カタログ",
            "customer.name",
            "平均点",
        ] {
            check(Of::Column, name, true);
        }
    }
}
