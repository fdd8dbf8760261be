//! Parts of names in the lines of forms: `フリガナ：…`, `First name: …`, `姓：…`.
//!
//! In: a text, and the names found in it. Out: the same with the values of such lines as the parts that their labels say. What forms send by mail and what
//! people write has one label a line. A reading counts by itself; half a name only where its other half stands within a few lines.

use std::ops::Range;

use super::japanese::{fold_char, is_kana, is_kanji};
use super::text::{Hit, What};
use crate::pattern::Part;

/// How sure the value of a labelled line is.
const SURE: f32 = 0.96;
/// A label ends within so many bytes of its line.
const LABEL_BYTES: usize = 48;
/// The two halves of a name stand within so many lines.
const NEAR: usize = 4;

/// Labels in small letters and katakana, without blanks and brackets, and what stands behind them.
const LABELS: [(&str, Part); 34] = [
    ("フリガナ", Part::Reading),
    ("フリカナ", Part::Reading),
    ("オ名前フリガナ", Part::Reading),
    ("オ名前カナ", Part::Reading),
    ("オ名前ヨミ", Part::Reading),
    ("名前フリガナ", Part::Reading),
    ("名前カナ", Part::Reading),
    ("氏名フリガナ", Part::Reading),
    ("氏名カナ", Part::Reading),
    ("氏名ヨミ", Part::Reading),
    ("ゴ氏名フリガナ", Part::Reading),
    ("カナ氏名", Part::Reading),
    ("カナ", Part::Reading),
    ("ヨミ", Part::Reading),
    ("ヨミガナ", Part::Reading),
    ("ヨミカタ", Part::Reading),
    ("読ミ", Part::Reading),
    ("読ミ仮名", Part::Reading),
    ("読ミガナ", Part::Reading),
    ("セイ", Part::FamilyReading),
    ("姓カナ", Part::FamilyReading),
    ("メイ", Part::GivenReading),
    ("名カナ", Part::GivenReading),
    ("姓", Part::Family),
    ("名字", Part::Family),
    ("名", Part::Given),
    ("lastname", Part::Family),
    ("familyname", Part::Family),
    ("surname", Part::Family),
    ("nachname", Part::Family),
    ("firstname", Part::Given),
    ("givenname", Part::Given),
    ("forename", Part::Given),
    ("vorname", Part::Given),
];

/// Marks of voiced sounds, folded or not.
const VOICED: [char; 4] = ['ﾞ', 'ﾟ', '゛', '゜'];

/// A labelled value.
struct Entry {
    part: Part,
    range: Range<usize>,
    line: usize,
}

/// Adds the values of labelled lines, and takes out what else was found in them of names.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let mut entries: Vec<Entry> = Vec::new();
    let mut at = 0;
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if let Some((part, range)) = labelled(line) {
            entries.push(Entry {
                part,
                range: at + range.start..at + range.end,
                line: number,
            });
        }
        at += line.len();
    }
    if entries.is_empty() {
        return;
    }
    let has_other = |entry: &Entry, place: usize| {
        let other = match entry.part {
            Part::Family => Part::Given,
            Part::Given => Part::Family,
            Part::FamilyReading => Part::GivenReading,
            Part::GivenReading => Part::FamilyReading,
            _ => return true,
        };
        let near = &entries[place.saturating_sub(NEAR)..entries.len().min(place + NEAR + 1)];
        near.iter()
            .any(|near| near.part == other && near.line.abs_diff(entry.line) <= NEAR)
    };
    let kept: Vec<&Entry> = entries
        .iter()
        .enumerate()
        .filter(|(place, entry)| has_other(entry, *place))
        .map(|(_, entry)| entry)
        .collect();
    let covers = |hit: &Hit| {
        let place = kept.partition_point(|entry| entry.range.end <= hit.start);
        kept.get(place)
            .is_some_and(|entry| entry.range.start < hit.end)
    };
    hits.retain(|hit| hit.what != What::Name || !covers(hit));
    hits.extend(kept.iter().map(|entry| Hit {
        part: entry.part,
        ..Hit::new(What::Name, entry.range.clone(), SURE)
    }));
}

/// The part and the place of the value, if a line is one of a form's with such a label: `■フリガナ：…`, `[ First name ] …`.
fn labelled(line: &str) -> Option<(Part, Range<usize>)> {
    let mut end = line.len().min(LABEL_BYTES);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    let head = &line[..end];
    // The last bracket of 氏名(カナ) belongs to the label.
    let sign = head.find([':', '：', '=', '】', ']', '］'])?;
    let part = part_of(&head[..sign])?;
    let behind = |c: char| c.is_whitespace() || matches!(c, ':' | '：' | '=' | '】' | ']' | '］');
    let value = line[sign..].trim_start_matches(behind);
    let start = line.len() - value.len();
    let value = value.trim_end();
    let fits = match part {
        Part::Reading => is_reading(value, 24),
        Part::FamilyReading | Part::GivenReading => is_reading(value, 12),
        _ => is_half(value),
    };
    fits.then(|| (part, start..start + value.len()))
}

/// What a label says of what follows.
fn part_of(label: &str) -> Option<Part> {
    let first = label.bytes().find(|byte| !byte.is_ascii_whitespace())?;
    if first.is_ascii_digit() {
        return None;
    }
    let (mut folded, mut n) = ([' '; 10], 0);
    // Marks of voice stand by themselves in half width.
    let inside = |c: &char| c.is_alphabetic() && !VOICED.contains(c);
    for c in label.chars().map(fold_char).filter(inside) {
        *folded.get_mut(n)? = c.to_ascii_lowercase();
        n += 1;
    }
    let is = |word: &str| word.chars().eq(folded[..n].iter().copied());
    LABELS
        .iter()
        .find(|(word, _)| is(word))
        .map(|known| known.1)
}

/// Whether a value is the reading of a name: kana of some length, with a blank at most.
fn is_reading(value: &str, most: usize) -> bool {
    let chars = value.chars().map(fold_char);
    let blanks = chars.clone().filter(|c| *c == ' ').count();
    let n = chars.clone().count();
    (2..=most).contains(&n)
        && blanks <= 2
        && chars
            .clone()
            .all(|c| is_kana(c) || matches!(c, ' ' | '・') || VOICED.contains(&c))
}

/// Whether a value may be a surname or a given name: one to three words with capitals, or a few characters of Japanese.
fn is_half(value: &str) -> bool {
    if !value.is_ascii() && value.chars().all(|c| is_kanji(c) || is_kana(c)) {
        return value.chars().count() <= 5;
    }
    let is_word = |word: &str| {
        word.starts_with(char::is_uppercase)
            && word
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, '-' | '\'' | '.' | '’'))
    };
    value.len() <= 40
        && value.chars().count() >= 2
        && value.split(' ').all(is_word)
        && value.split(' ').count() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_forms() {
        let check = |line: &str, expected: Option<(Part, &str)>| {
            let found = labelled(line);
            let found = found.map(|(part, range)| (part, &line[range]));
            assert_eq!(found, expected, "{line}");
        };
        check(
            "■フリガナ：ヤマザキ　チヒロ\r\n",
            Some((Part::Reading, "ヤマザキ　チヒロ")),
        );
        check(
            "氏名(カナ)：ヤマダ タロウ",
            Some((Part::Reading, "ヤマダ タロウ")),
        );
        check(
            "お名前（ふりがな）: やまだ たろう",
            Some((Part::Reading, "やまだ たろう")),
        );
        check(
            "[ フリガナ ] サトウ ハナコ",
            Some((Part::Reading, "サトウ ハナコ")),
        );
        check("よみ：やまだ", Some((Part::Reading, "やまだ")));
        check("ﾌﾘｶﾞﾅ：ヤマダ", Some((Part::Reading, "ヤマダ")));
        check("姓：山田", Some((Part::Family, "山田")));
        check("First name: Anna Maria", Some((Part::Given, "Anna Maria")));
        check("Last Name : O'Neil", Some((Part::Family, "O'Neil")));
        check("Nachname: Müller", Some((Part::Family, "Müller")));
        check("First name: this field is required", None);
        check("フリガナ：全角カタカナでご入力ください", None);
        check("フリガナ：", None);
        check("名：東京都新宿区西新宿", None);
        check("filename: Report", None);
        check("2026-10-01T10:00:00 surname: Smith", None);
    }

    #[test]
    fn halves_need_each_other() {
        let check = |text: &str, expected: &[&str]| {
            let mut hits = Vec::new();
            find(text, &mut hits);
            let found: Vec<&str> = hits.iter().map(|h| &text[h.start..h.end]).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("First name: John\nLast name: Smith\n", &["John", "Smith"]);
        check("First name: John\n\n\n\n\n\nLast name: Smith\n", &[]);
        check("姓：山田\n名：太郎\n", &["山田", "太郎"]);
        check("姓：山田\n", &[]);
    }
}
