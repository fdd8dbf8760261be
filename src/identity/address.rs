//! Addresses: joined from their parts in order, down to the house number.

use super::normal::{fold, fold_marked, is_cjk};
use crate::classify::address_split::split;
use crate::pattern::dict;

/// The parts of an address as they stand in a record.
#[derive(Clone, Copy, Default)]
pub(super) struct Parts<'a> {
    pub(super) whole: Option<&'a str>,
    pub(super) prefecture: Option<&'a str>,
    pub(super) city: Option<&'a str>,
    /// Street, town, block; several columns are joined in order.
    pub(super) street: [Option<&'a str>; 3],
    pub(super) building: Option<&'a str>,
}

/// Writes the place (town and house number) and, of Western addresses, the city.
///
/// The prefecture and what follows the house number (building, room) are left out: one system writes them, the other does not.
///
/// Returns the postal code, as written, that a Western address in one line names.
pub(super) fn address<'a>(
    parts: &Parts<'a>,
    place: &mut String,
    city: &mut String,
) -> Option<&'a str> {
    place.clear();
    city.clear();
    let mut joined = String::new();
    let line = match parts.street {
        [None, _, _] => parts.whole.unwrap_or(""),
        streets => {
            for part in parts.whole.into_iter().chain(streets.into_iter().flatten()) {
                joined.push_str(if joined.is_empty() { "" } else { " " });
                joined.push_str(part);
            }
            &joined
        }
    };
    let town = parts.city.unwrap_or("");
    if line.is_empty() && town.is_empty() {
        return None;
    }
    if is_cjk(line) || is_cjk(town) {
        japanese(town, line, place, city);
        city.clear();
        return None;
    }
    let split = match parts.street {
        [None, ..] => parts.whole.and_then(split),
        _ => None,
    };
    western(split.as_ref().map_or(line, |split| split.street), place);
    match &split {
        Some(split) if town.is_empty() => fold(split.town, city),
        _ => fold(town, city),
    }
    split.map(|split| split.code)
}

/// `folded` is any string.
fn japanese(town: &str, line: &str, place: &mut String, folded: &mut String) {
    // Hyphens must survive folding, which makes blanks of them.
    folded.clear();
    if ![town, line]
        .iter()
        .all(|text| fold_marked(text, is_dash, '丁', folded))
    {
        let both = town.chars().chain(line.chars());
        let dashed: String = both.map(|c| if is_dash(c) { '丁' } else { c }).collect();
        fold(&dashed, folded);
        folded.retain(|c| c != ' ');
    }
    let mut rest = folded.as_str();
    let postal = rest.bytes().take_while(u8::is_ascii_digit).count();
    rest = &rest[postal..];
    rest = rest
        .trim_start_matches('丁')
        .trim_start_matches(|c: char| c.is_ascii_digit());
    let prefecture = dict::begins_with_prefecture(rest);
    rest = &rest[prefecture.map_or(0, |at| dict::PREFECTURES[at].len())..];
    let mut numbers = 0;
    let mut gap = false;
    let mut chars = rest.chars().peekable();
    while let Some(c) = chars.next() {
        let c = if is_kanji_digit(c) && chars.peek() == Some(&'丁') {
            kanji_digit(c)
        } else {
            c
        };
        match c {
            '0'..='9' => {
                if gap && numbers > 0 {
                    place.push('-');
                }
                gap = false;
                numbers += 1;
                place.push(c);
            }
            '丁' | '目' | '番' | '地' | '号' | 'ノ' | '之'
                if numbers > 0 || is_block(&mut chars) =>
            {
                gap = true
            }
            '字' | '大' if chars.peek() == Some(&'字') => {}
            '字' if numbers == 0 => {}
            // After the house number comes the building.
            _ if numbers > 0 => break,
            'ヶ' | 'ガ' | '箇' | 'ヵ' => place.push('ケ'),
            'ッ' => place.push('ツ'),
            _ => place.push(c),
        }
    }
    if numbers == 0 {
        place.clear();
    }
}

fn is_block(chars: &mut std::iter::Peekable<std::str::Chars<'_>>) -> bool {
    chars
        .peek()
        .is_some_and(|&next| next == '目' || next.is_ascii_digit())
}

fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '‐' | '‑' | '‒' | '–' | '—' | '―' | '−' | '－' | 'ｰ'
    )
}

fn is_kanji_digit(c: char) -> bool {
    // One by one: a search in a text costs more.
    matches!(
        c,
        '一' | '二' | '三' | '四' | '五' | '六' | '七' | '八' | '九'
    )
}

fn kanji_digit(c: char) -> char {
    "一二三四五六七八九"
        .chars()
        .zip('1'..='9')
        .find(|pair| pair.0 == c)
        .map_or(c, |pair| pair.1)
}

const STREET_WORDS: &[(&str, &str)] = &[
    ("avenue", "ave"),
    ("av", "ave"),
    ("street", "st"),
    ("str", "st"),
    ("steet", "st"),
    ("road", "rd"),
    ("drive", "dr"),
    ("lane", "ln"),
    ("court", "ct"),
    ("crt", "ct"),
    ("place", "pl"),
    ("boulevard", "blvd"),
    ("circle", "cir"),
    ("terrace", "ter"),
    ("crescent", "cres"),
    ("parkway", "pkwy"),
    ("highway", "hwy"),
    ("trail", "trl"),
    ("square", "sq"),
    ("close", "cl"),
    ("way", "wy"),
    ("north", "n"),
    ("south", "s"),
    ("east", "e"),
    ("west", "w"),
    ("apartment", "apt"),
    ("unit", "apt"),
    ("suite", "apt"),
    ("ste", "apt"),
    ("room", "apt"),
    ("strasse", "str"),
    ("straße", "str"),
];

fn western(text: &str, place: &mut String) {
    let mut folded = String::new();
    fold(text, &mut folded);
    for word in folded.split(' ').filter(|word| !word.is_empty()) {
        if !place.is_empty() {
            place.push(' ');
        }
        place.push_str(
            STREET_WORDS
                .iter()
                .find(|pair| pair.0 == word)
                .map_or(word, |pair| pair.1),
        );
    }
    // A bare number, or a single word, is no address.
    if !place.contains(' ') || !place.bytes().any(|b| b.is_ascii_alphabetic()) {
        place.clear();
    }
}
