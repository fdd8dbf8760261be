//! A postal address of one line in Latin, Cyrillic or Greek letters, parted into street, town and postal code.
//!
//! In: what one system writes into one field, `12 Main St, Springfield, IL 62704`. Out: what another keeps in three. Where neither commas nor a postal code
//! tell, there is nothing to part.

use super::address_tokens::{Token, inward, joined_code, outward, read};
use crate::pattern::region;
use crate::pattern::streets::Role;

/// The parts of an address, as they stand in it; the town may be missing.
#[derive(Debug, PartialEq)]
pub(crate) struct Split<'t> {
    pub(crate) street: &'t str,
    pub(crate) town: &'t str,
    pub(crate) code: &'t str,
}

/// Places of words: street, town, postal code.
type Ranges = [(usize, usize); 3];

/// Parts an address at its postal code; `None` where that is not told from the rest.
pub(crate) fn split(line: &str) -> Option<Split<'_>> {
    let mut words = Vec::new();
    read(line, 0, line.len(), &mut words);
    without_country(line, &mut words);
    let ranges = tail(&words)
        .or_else(|| one_piece(&words))
        .or_else(|| head(&words))?;
    let [street, town, code] = ranges.map(|(from, to)| {
        let (first, last) = (words.get(from), words[..to].last());
        let span = first.zip(last).filter(|_| from < to);
        span.map_or("", |(first, last)| &line[first.start..last.end()])
    });
    let words = &words[ranges[0].0..ranges[0].1];
    let is_word = |word: &Token<'_>| {
        !word.number && !word.role.any(Role::UNIT) && word.text.chars().count() > 1
    };
    // A house may have a name instead of a number; then the town tells where the street ends.
    let is_named = words.len() > 1 && !town.is_empty();
    let is_place = words.iter().any(|word| word.number) || is_named;
    (is_place && words.iter().any(is_word)).then_some(Split { street, town, code })
}

/// Whether a sign parts this word from the next.
fn ends_piece(word: &Token<'_>) -> bool {
    word.comma || word.last
}

/// Where the piece begins that ends before `end`.
fn start_of(words: &[Token<'_>], end: usize) -> usize {
    let before = &words[..end.saturating_sub(1)];
    before.iter().rposition(ends_piece).map_or(0, |at| at + 1)
}

/// Takes the country off the end.
fn without_country(line: &str, words: &mut Vec<Token<'_>>) {
    let start = start_of(words, words.len());
    let (Some(first), Some(last)) = (words.get(start), words.last()) else {
        return;
    };
    if start > 0 && region::country(&line[first.start..last.end()]).is_some() && !first.number {
        words.truncate(start);
    } else if let [.., code, last] = &words[..]
        && code.number
        && region::country(last.text).is_some()
    {
        words.pop();
    }
}

/// How many words from there are a postal code.
fn code_at(words: &[Token<'_>], at: usize) -> usize {
    let Some(word) = words.get(at) else { return 0 };
    let next = words.get(at + 1).filter(|_| !ends_piece(word));
    let is_pair = |next: &Token<'_>| {
        let is_dutch = word.digits() == Some(4)
            && next.text.len() == 2
            && next.text.bytes().all(|b| b.is_ascii_uppercase());
        let is_parted = word.digits() == Some(3) && next.digits() == Some(2);
        outward(word.text) && inward(next.text) || is_dutch || is_parted
    };
    match next {
        Some(next) if is_pair(next) => 2,
        _ => usize::from(
            word.postcode() || word.zip() || joined_code(word.text) || is_glued(word.text),
        ),
    }
}

/// A Dutch code without its blank, `1012LG`, or a Brazilian one without its hyphen, `01310100`.
fn is_glued(word: &str) -> bool {
    let (digits, letters) = word.split_at(word.bytes().take_while(u8::is_ascii_digit).count());
    let is_upper = letters.bytes().all(|b| b.is_ascii_uppercase());
    is_upper && matches!((digits.len(), letters.len()), (4, 2) | (8, 0))
}

/// The code at the end, with a town before it, `Springfield, IL 62704`, or behind it, `10115 Berlin`, in a piece of its own.
fn tail(words: &[Token<'_>]) -> Option<Ranges> {
    let end = words.len();
    let start = start_of(words, end);
    if start == 0 {
        return None;
    }
    let n = code_at(words, start);
    let (mut town, code) = if n > 0 {
        ((start + n, end), (start, start + n))
    } else {
        let at = (start + 1..end).find(|&at| at + code_at(words, at) == end)?;
        ((start, without_state(words, start, at)), (at, end))
    };
    let has_number = |from: usize, to: usize| words[from..to].iter().any(|word| word.number);
    if has_number(town.0, town.1) {
        return None;
    }
    let mut cut = start;
    if town.0 == town.1 {
        let mut before = start_of(words, start);
        if before > 0 && without_state(words, before, start) == before {
            cut = before;
            before = start_of(words, cut);
        }
        if before > 0 && !has_number(before, cut) {
            town = (before, without_state(words, before, cut));
            cut = before;
        }
    }
    Some([(0, cut), town, code])
}

/// Where the words before a state's code or name end.
fn without_state(words: &[Token<'_>], from: usize, to: usize) -> usize {
    let is_state = |word: &Token<'_>| word.state_code() || region::subdivision(word.text).is_some();
    // A town called like its state keeps its name.
    let alone = to - from == 1 && !words[from].state_code();
    match words[from..to].last() {
        Some(last) if is_state(last) && !alone => to - 1,
        _ => to,
    }
}

/// All in one piece: `173 John Lane Camden NJ 08030`, `Hauptstr. 5 61318 Brand`. The street ends with the last word for streets and what belongs to
/// it, or with the number before the code.
fn one_piece(words: &[Token<'_>]) -> Option<Ranges> {
    let end = words.len();
    let first = words.iter().position(|word| word.number)? + 1;
    let at = (first.max(2)..end)
        .rev()
        .find(|&at| code_at(words, at) > 0)?;
    let at = match code_at(words, at - 1) {
        2 => at - 1,
        _ => at,
    };
    let n = code_at(words, at);
    let code = (at, at + n);
    if at + n < end {
        let is_town = |word: &Token<'_>| !word.number && !ends_piece(word);
        let ahead = words[at + n..end - 1].iter().all(is_town) && !words[end - 1].number;
        let is_free = words[first - 1..at].iter().any(|word| word.number);
        return (ahead && is_free).then_some([(0, at), (at + n, end), code]);
    }
    let is_type = |word: &Token<'_>| word.role.any(Role::TYPE);
    let street = first + words[first..at].iter().rposition(is_type)? + 1;
    let more = words[street..at].iter().take_while(|word| {
        word.number || word.role.any(Role::UNIT.or(Role::DIRECTION)) || word.text == "#"
    });
    let street = street + more.count();
    let town = (street, without_state(words, street, at));
    (town.0 < town.1).then_some([(0, street), town, code])
}

/// The code at the beginning, with the town behind it: `1052 Budapest, Váci utca 12`, `101000, Москва, ул. Ленина, 5`.
fn head(words: &[Token<'_>]) -> Option<Ranges> {
    let n = code_at(words, 0);
    let cut = n + words.get(n..)?.iter().position(ends_piece)? + 1;
    let town = (n, cut);
    let is_street = Role::TYPE.or(Role::WEAK).or(Role::PREFIX).or(Role::UNIT);
    let is_town = |word: &Token<'_>| !word.number && !word.ordinal && !word.role.any(is_street);
    let towns = &words[town.0..town.1];
    (n > 0 && towns.iter().all(is_town)).then_some([(cut, words.len()), town, (0, n)])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What one system writes in one line, another keeps in three fields.
    #[test]
    #[rustfmt::skip]
    fn one_line_is_three_fields() {
        for (line, street, town, code) in [
            ("12 Main St, Springfield, IL 62704", "12 Main St", "Springfield", "62704"),
            ("12 Main St, Apt 4, Springfield, IL, 62704-1234, USA", "12 Main St, Apt 4", "Springfield", "62704-1234"),
            ("12 Main St\nSpringfield, IL 62704\nUnited States", "12 Main St", "Springfield", "62704"),
            ("12 Main Street Springfield IL 62704", "12 Main Street", "Springfield", "62704"),
            ("173 John Lane, 08030", "173 John Lane", "", "08030"),
            ("5 Oak Rd, New York, NY 10001", "5 Oak Rd", "New York", "10001"),
            ("Flat 2, 9 Mill Lane, Leeds, LS1 4AB", "Flat 2, 9 Mill Lane", "Leeds", "LS1 4AB"),
            ("Hauptstr. 5, 61318 Brand", "Hauptstr. 5", "Brand", "61318"),
            ("Hauptstr. 5 61318 Brand", "Hauptstr. 5", "Brand", "61318"),
            ("Damrak 12, 1012 LG Amsterdam", "Damrak 12", "Amsterdam", "1012 LG"),
            ("Damrak 12, 1012LG Amsterdam", "Damrak 12", "Amsterdam", "1012LG"),
            ("Avenida de Barbosa, 115, 66131860 Andrade", "Avenida de Barbosa, 115", "Andrade", "66131860"),
            ("Storgatan 4, 111 22 Stockholm", "Storgatan 4", "Stockholm", "111 22"),
            ("Via Roma, 12, 00100 Roma (RM)", "Via Roma, 12", "Roma", "00100"),
            ("Calle Mayor 12, 3º B, 28013 Madrid", "Calle Mayor 12, 3º B", "Madrid", "28013"),
            ("1052 Budapest, Váci utca 12", "Váci utca 12", "Budapest", "1052"),
            ("101000, Москва, ул. Ленина, 5", "ул. Ленина, 5", "Москва", "101000"),
        ] {
            let parts = split(line);
            assert_eq!(parts, Some(Split { street, town, code }), "{line}");
        }
        for line in [
            "12 Main St",
            "12 Main St, Springfield",
            "1200 Sunset, Suite 5",
            "Av. Corrientes 1234, Buenos Aires",
            "Springfield, IL 62704",
            "62704",
            "",
        ] {
            assert_eq!(split(line), None, "{line}");
        }
    }
}
