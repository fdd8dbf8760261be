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
/// People whom the name of one file is about.
const MOST: usize = 64;
/// Characters at each end of a name that are looked at: more than [`SafeName`](crate::scope::SafeName) shows of a long one.
const SHOWN: usize = 240;

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
    let words: Vec<Range<usize>> = shown_words(name).collect();
    match of {
        Of::File => names(name, &words, &is_somebody, &mut found),
        Of::Column => {
            for step in words.chunk_by(|a, b| !name[a.end..b.start].contains('.')) {
                let start = name[..step[0].start].rfind('.').map_or(0, |dot| dot + 1);
                let last = step[step.len() - 1].end;
                let end = name[last..].find('.').map_or(name.len(), |dot| last + dot);
                if patterns.header(&name[start..end]).is_none() {
                    let is_one = |word: &str| is_name(word) && patterns.header(word).is_none();
                    names(name, step, &is_one, &mut found);
                }
            }
        }
    }
    found
}

/// Words of other letters than Latin ones that are somebody, and pairs of neighbouring words that are a name.
fn names(
    name: &str,
    words: &[Range<usize>],
    is_somebody: &dyn Fn(&str) -> bool,
    found: &mut Vec<Range<usize>>,
) {
    let alone = words.iter().filter(|word| {
        let word = &name[(*word).clone()];
        !word.starts_with(is_latin) && is_somebody(word)
    });
    found.extend(alone.cloned());
    for pair in words.windows(2) {
        let (first, second) = (&name[pair[0].clone()], &name[pair[1].clone()]);
        let gap = &name[pair[0].end..pair[1].start];
        if gap.chars().count() <= 2 && !gap.contains(['/', '\\']) && is_pair(first, second) {
            found.push(pair[0].start..pair[1].end);
        }
    }
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

/// Whether a word is a full name, or a surname and nothing else.
fn is_somebody(word: &str) -> bool {
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
    // An initial may be any letter: `hidden.7z`.
    let is_initial = |word: &str| word.len() == 1;
    if first.starts_with(is_latin) && is_common(first) && is_common(second)
        || is_initial(first)
        || is_initial(second)
    {
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

/// The words at both ends of a name.
fn shown_words(name: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = |at: Option<(usize, char)>, all| at.map_or(all, |(at, _)| at);
    let head = ends(name.char_indices().nth(SHOWN), name.len());
    let tail = ends(name.char_indices().nth_back(SHOWN), 0);
    words(name).filter(move |word| word.start < head || word.end > tail)
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
                && is_latin(c) == is_latin(first)
                && !(before.is_lowercase() && c.is_uppercase())
        }) {
            (end, before) = (at + c.len_utf8(), c);
        }
        Some(start..end)
    })
}

/// Whether a letter is a Latin one, with an accent too.
fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
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
            "hidden.7z",
        ] {
            check(Of::File, name, true);
        }
    }

    #[test]
    fn accents_part_no_words() {
        let name = "Jürgen-Müller荒井";
        let found: Vec<&str> = words(name).map(|word| &name[word]).collect();
        assert_eq!(found, ["Jürgen", "Müller", "荒井"]);
    }

    #[test]
    fn names_stand_anywhere() {
        for depth in [10, 100, 1000] {
            for name in ["診断書（荒井篤）.txt", "felix-garrison.txt"] {
                let path = (0..depth).map(|n| format!("a{n}/")).collect::<String>();
                let found = ranges(Patterns::builtin(), &format!("{path}{name}"), Of::File);
                assert!(
                    found.iter().any(|range| range.start >= path.len()),
                    "{name} {depth}"
                );
                let path = format!("{name}/{path}");
                let found = ranges(Patterns::builtin(), &path, Of::File);
                assert!(found.iter().any(|range| range.end <= name.len()), "{path}");
            }
        }
    }

    #[test]
    fn columns_that_are_people_are_masked() {
        for name in [
            "荒井篤",
            "評価.荒井篤",
            "評価.浅野薫.点",
            "（荒井篤）",
            "鷲尾澄江",
            "１９８０年１月１日",
            "felix_garrison",
            "rows.FelixGarrison.score",
            "Felix Garrison",
        ] {
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
