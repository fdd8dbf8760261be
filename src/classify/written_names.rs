//! Names as systems and forms write them: `SMITH/JOHNMR` of airlines, `SMITH^JOHN^B` of hospitals, `P<USASMITH<<JOHN` of passports, 佐　藤　花　子 of ledgers.
//!
//! In: a cell. Out: the same name in words with a blank between, if it is written so. Sources: IATA Resolution 830d and PNRGOV for names in bookings; HL7 v2.5, XPN, and
//! DICOM PS3.5, PN, for `^`; ICAO Doc 9303-4 for the line of a passport.

use std::borrow::Cow;

use crate::pattern::dict::{self, Lists};

/// Titles and what kind of passenger it is, which stand behind a given name without a blank; the longer ones first.
const GLUED: [&str; 8] = ["MSTR", "MISS", "MRS", "CHD", "INF", "MR", "MS", "DR"];
/// Bytes of the longest such name.
const LONGEST: usize = 60;

/// The words of a name that is written in such a way, the family's first.
pub fn plain_name(cell: &str) -> Option<Cow<'_, str>> {
    let signs = |byte: &u8| matches!(byte, b'/' | b'^' | b'*' | b';' | b'<') || *byte >= 0x80;
    if cell.len() > LONGEST || !cell.bytes().any(|byte| signs(&byte)) {
        return None;
    }
    if !cell.is_ascii() {
        return spread(cell).map(Cow::Owned);
    }
    let is_letter = |c: char| c.is_ascii_alphabetic() || matches!(c, ' ' | '-' | '\'' | '.');
    let sign = cell.chars().find(|&c| !is_letter(c))?;
    if !cell.chars().all(|c| is_letter(c) || c == sign) {
        return None;
    }
    let pieces: Vec<&str> = match sign {
        '<' => {
            let passport = cell.strip_prefix('P').filter(|rest| rest.len() > 5)?;
            let name = passport.get(4..)?;
            name.trim_end_matches('<').split("<<").collect()
        }
        '/' | '^' | '*' | ';' => cell.split(sign).map(str::trim).collect(),
        _ => return None,
    };
    let most = if sign == '^' { 7 } else { 2 };
    let [family, given, further @ ..] = &pieces[..] else {
        return None;
    };
    if pieces.len() > most || family.len() < 2 || given.is_empty() {
        return None;
    }
    // Two names, one of somebody each.
    if family.contains(' ') && (sign == ';' || given.contains(' ')) {
        return None;
    }
    let (first, others) = given.split_once(' ').unwrap_or((given, ""));
    let words = [family, without_title(first), others].into_iter();
    let words = words.chain(further.iter().copied().take(1));
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(|word| word.replace('<', " "))
        .collect();
    Some(Cow::Owned(words.join(" ")))
}

/// A given name in capitals without the title right behind it: JOHN of JOHNMR.
fn without_title(word: &str) -> &str {
    let is_given = |word: &str| dict::latin(word).any(Lists::GIVEN);
    if word.bytes().any(|byte| byte.is_ascii_lowercase()) || is_given(word) {
        return word;
    }
    let stems = GLUED.iter().filter_map(|title| word.strip_suffix(title));
    stems
        .clone()
        .find(|stem| is_given(stem))
        .or_else(|| stems.clone().find(|stem| stem.len() >= 3))
        .unwrap_or(word)
}

/// Characters of Chinese writing one by one, with the same blanks between all of them, together.
fn spread(cell: &str) -> Option<String> {
    let han = |c: &char| matches!(c, '\u{4E00}'..='\u{9FFF}' | '々' | '\u{3400}'..='\u{4DBF}');
    let blank = |c: char| matches!(c, ' ' | '\u{3000}');
    let mut chars = cell.chars();
    chars.next().filter(han)?;
    let gap: String = chars.as_str().chars().take_while(|&c| blank(c)).collect();
    if gap.is_empty() {
        return None;
    }
    let mut letters = String::new();
    for piece in cell.split(gap.as_str()) {
        let mut piece = piece.chars();
        letters.push(piece.next().filter(han)?);
        if piece.next().is_some() {
            return None;
        }
    }
    (3..=6)
        .contains(&letters.chars().count())
        .then_some(letters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_words() {
        let check = |cell: &str, expected: &str| {
            assert_eq!(
                plain_name(cell).as_deref().unwrap_or(""),
                expected,
                "{cell}"
            );
        };
        check("SMITH/JOHNMR", "SMITH JOHN");
        check("SMITH/JOHN MR", "SMITH JOHN MR");
        check("SMITH/MARYMRS", "SMITH MARY");
        check("SMITH^JOHN^B", "SMITH JOHN B");
        check("SMITH^JOHN^^^DR", "SMITH JOHN");
        check("SMITH*JOHN", "SMITH JOHN");
        check("Smith; John", "Smith John");
        check("P<USASMITH<<JOHN<PAUL<<<<<<<<<", "SMITH JOHN PAUL");
        check("佐　藤　花　子", "佐藤花子");
        check("佐 藤 花 子", "佐藤花子");
        check("佐藤　花子", "");
        check("一 二", "");
        check("John Smith", "");
        check("SMITH/JOHN1", "");
        check("a/b/c", "");
        check("Peter Snyder; Monica Snyder", "");
        check("P<USA", "");
    }
}
