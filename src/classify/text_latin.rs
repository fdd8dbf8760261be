//! Names and addresses in running text in Latin letters.
//!
//! In: a text. Out: hits. A name needs a given name and a surname of the lists side by side, or a title or salutation before it; an address a
//! house number with a word of streets, or a state with its postal code.

use super::latin::{PARTICLES, STATE_CODES, STREETS};
use super::text::{Hit, What};
use crate::pattern::dict::{self, Lists};

/// A word and where it stands.
#[derive(Clone, Copy)]
struct Word<'t> {
    text: &'t str,
    start: usize,
    /// One blank, and nothing else, goes before.
    joined: bool,
}

impl Word<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn capital(&self) -> bool {
        self.text.as_bytes()[0].is_ascii_uppercase()
            || self.text.chars().next().is_some_and(char::is_uppercase)
    }

    fn initial(&self) -> bool {
        self.text.len() <= 2
            && self.capital()
            && self
                .text
                .as_bytes()
                .get(1)
                .copied()
                .is_none_or(|b| b == b'.')
    }
}

/// Adds the hits of a text.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    // One pass for the places where a capital or a digit begins a word.
    while at < bytes.len() {
        let b = bytes[at];
        if !(b.is_ascii_uppercase() || b.is_ascii_digit())
            || at > 0
                && (bytes[at - 1].is_ascii_alphanumeric()
                    || matches!(
                        bytes[at - 1],
                        b'_' | b'-' | b'.' | b'/' | b'@' | b'\\' | b'\''
                    ))
        {
            at += 1;
            continue;
        }
        let found = if b.is_ascii_digit() {
            address(text, at)
        } else {
            name(text, at)
        };
        match found {
            Some(hit) => {
                at = hit.end.max(at + 1);
                hits.push(hit);
            }
            None => {
                at += bytes[at..]
                    .iter()
                    .take_while(|b| b.is_ascii_alphanumeric())
                    .count()
                    .max(1);
            }
        }
    }
}

/// Up to `N` words from a place on; a word ends at a blank or a sign other than `' - .`.
fn words<'t, const N: usize>(text: &'t str, from: usize) -> ([Word<'t>; N], usize) {
    let mut out = [Word {
        text: "",
        start: from,
        joined: false,
    }; N];
    let (mut n, mut at) = (0, from);
    while n < N && at < text.len() {
        let rest = &text[at..];
        let len = rest
            .char_indices()
            // Kana and kanji are letters too, of another word.
            .find(|&(_, c)| {
                !(c.is_alphanumeric() && c < '\u{2E80}' || matches!(c, '\'' | '-' | '’'))
            })
            .map_or(rest.len(), |(i, _)| i);
        if len == 0 {
            break;
        }
        let mut len = len;
        // The possessive is not the name's.
        if let Some(plain) = rest[..len]
            .strip_suffix("'s")
            .or_else(|| rest[..len].strip_suffix("’s"))
        {
            len = plain.len();
        }
        if len == 1 && rest[1..].starts_with('.') {
            len = 2;
        }
        if len == 0 {
            break;
        }
        out[n] = Word {
            text: &rest[..len],
            start: at,
            joined: n > 0,
        };
        n += 1;
        at += len;
        match text.as_bytes().get(at) {
            Some(b' ') => at += 1,
            _ => break,
        }
    }
    (out, n)
}

/// A short list of words. Most words of a text are refused by their first letter and their length.
struct Listed<const N: usize> {
    words: [&'static str; N],
    /// For the last five bits of the first byte, the lengths that occur.
    lengths: [u32; 32],
}

impl<const N: usize> Listed<N> {
    const fn of(words: [&'static str; N]) -> Self {
        let (mut lengths, mut i) = ([0; 32], 0);
        while i < N {
            let word = words[i].as_bytes();
            lengths[(word[0] & 31) as usize] |= 1u32.wrapping_shl(word.len() as u32);
            i += 1;
        }
        Self { words, lengths }
    }

    fn has(&self, word: &[u8]) -> bool {
        let lengths = word
            .first()
            .map_or(0, |first| self.lengths[usize::from(first & 31)]);
        lengths & 1u32.wrapping_shl(word.len() as u32) != 0
            && self.words.iter().any(|known| known.as_bytes() == word)
    }
}

static TITLES: Listed<14> = Listed::of([
    "Mr",
    "Mrs",
    "Ms",
    "Miss",
    "Dr",
    "Prof",
    "Professor",
    "Sir",
    "Madam",
    "Rev",
    "Sen",
    "Senator",
    "Rep",
    "Judge",
]);
static SALUTATIONS: Listed<12> = Listed::of([
    "Dear",
    "Hi",
    "Hello",
    "Hey",
    "Thanks",
    "Regards",
    "Sincerely",
    "Cheers",
    "Attn",
    "Contact",
    "Mister",
    "From",
]);
/// Capitalised words that begin sentences or name months and places, and are also in the lists of names.
static NOT_FIRST: Listed<66> = Listed::of([
    "The", "This", "That", "They", "There", "Then", "When", "Where", "What", "Why", "How", "Who",
    "If", "In", "On", "At", "For", "From", "With", "And", "But", "Or", "So", "As", "To", "My",
    "Our", "Your", "His", "Her", "Its", "Their", "We", "You", "He", "She", "It", "No", "Yes",
    "Not", "All", "Any", "New", "San", "Los", "Las", "Santa", "Saint", "South", "North", "East",
    "West", "May", "April", "June", "August", "March", "January", "Will", "Can", "Do", "Is", "Are",
    "Was", "Great", "Mount",
]);
/// Words after a name that make of it a street, a place, a company or a work.
static NOT_AFTER: Listed<50> = Listed::of([
    "Street",
    "St",
    "Avenue",
    "Ave",
    "Road",
    "Rd",
    "Drive",
    "Lane",
    "Court",
    "Park",
    "County",
    "City",
    "University",
    "College",
    "School",
    "Inc",
    "Corp",
    "Ltd",
    "LLC",
    "Company",
    "Co",
    "Bank",
    "Hospital",
    "Center",
    "Centre",
    "Foundation",
    "Institute",
    "Hotel",
    "Airport",
    "River",
    "Lake",
    "Island",
    "Valley",
    "Hill",
    "Hills",
    "Beach",
    "Bridge",
    "Station",
    "Stadium",
    "Museum",
    "Church",
    "Records",
    "Group",
    "Award",
    "Prize",
    "Trophy",
    "Cup",
    "Act",
    "Method",
    "Airlines",
]);

/// Whether the word of ASCII letters at `at` is no title and no salutation, and no word that could be a name's follows it.
fn alone(bytes: &[u8], at: usize) -> bool {
    let len = bytes[at..]
        .iter()
        .take_while(|b| b.is_ascii_alphabetic())
        .count();
    let word = &bytes[at..at + len];
    let end = at + len;
    let goes_on = match bytes.get(end) {
        Some(b' ') => bytes
            .get(end + 1)
            .is_some_and(|&b| b.is_ascii_uppercase() || b >= 0x80 || b"vdlba".contains(&b)),
        Some(b'.' | b'\'' | b'-' | b'0'..=b'9' | 0x80..) => true,
        _ => false,
    };
    !goes_on && !TITLES.has(word) && !SALUTATIONS.has(word)
}

/// A name that begins with the capital at `at`.
fn name(text: &str, at: usize) -> Option<Hit> {
    if alone(text.as_bytes(), at) {
        return None;
    }
    let (list, n) = words::<6>(text, at);
    let list = &list[..n];
    let first = list.first()?;
    let dot = text.as_bytes().get(first.end()) == Some(&b'.');
    if TITLES.has(first.text.as_bytes()) {
        let after = first.end() + usize::from(dot);
        return (text.as_bytes().get(after) == Some(&b' '))
            .then(|| titled(text, after + 1, 0.85))
            .flatten();
    }
    if SALUTATIONS.has(first.text.as_bytes()) {
        let after = first.end() + usize::from(text[first.end()..].starts_with([':', ',']));
        let next = after
            + text.as_bytes()[after..]
                .iter()
                .take(2)
                .take_while(|b| matches!(b, b' ' | b'\n'))
                .count();
        return (next > after).then(|| greeted(text, next)).flatten();
    }
    if NOT_FIRST.has(first.text.as_bytes()) || n < 2 {
        return None;
    }
    full_name(text, list)
}

/// After a title: one to three capitalised words.
fn titled(text: &str, at: usize, confidence: f32) -> Option<Hit> {
    let (list, n) = words::<4>(text, at);
    let list = &list[..n];
    let first = list.first().filter(|w| w.capital() && w.text.len() >= 2)?;
    let mut end = first.end();
    for word in list[1..].iter() {
        let known = word.initial()
            || PARTICLES.contains(&word.text)
            || word.capital()
                && !NOT_AFTER.has(word.text.as_bytes())
                && !dict::latin(word.text).is_empty();
        if !known || !word.joined {
            break;
        }
        if word.capital() && !word.initial() {
            end = word.end();
        }
    }
    (first.text.len() >= 2).then(|| Hit::new(What::Name, at..end, confidence))
}

/// After a salutation: a given name of the lists, perhaps with a surname.
fn greeted(text: &str, at: usize) -> Option<Hit> {
    let (list, n) = words::<4>(text, at);
    let list = &list[..n];
    let first = list.first().filter(|w| w.capital())?;
    if NOT_FIRST.has(first.text.as_bytes()) || TITLES.has(first.text.as_bytes()) {
        return None;
    }
    if n >= 2
        && let Some(hit) = full_name(text, list)
    {
        return Some(hit);
    }
    let lists = dict::latin(first.text);
    let is = lists.any(Lists::GIVEN) && (lists.any(Lists::GIVEN_STRONG) || !lists.any(Lists::WORD));
    (is && first.text.len() >= 3).then(|| Hit::new(What::Name, first.start..first.end(), 0.6))
}

/// Given name and surname, initials and particles between.
fn full_name(text: &str, list: &[Word<'_>]) -> Option<Hit> {
    let first = list[0];
    let (mut last, mut capitals) = (0, 1);
    for (at, word) in list.iter().enumerate().skip(1) {
        if word.capital() {
            last = at;
            capitals += 1;
        } else if !PARTICLES.contains(&word.text) {
            break;
        }
    }
    // JUDY AND MARY: two names, or a title.
    let grammar = ["and", "of", "the", "in", "for", "or"];
    if list[1..last.max(1)]
        .iter()
        .any(|w| grammar.iter().any(|g| w.text.eq_ignore_ascii_case(g)))
    {
        return None;
    }
    // More than four capitalised words in a row are a title or a headline.
    if last == 0 || capitals > 4 || list[last].initial() {
        return None;
    }
    if NOT_AFTER.has(list[last].text.as_bytes()) {
        return None;
    }
    let confidence = listed(&first, &list[..=last])?;
    let open = text.as_bytes().get(list[last].end()) == Some(&b'(');
    (!open).then(|| Hit::new(What::Name, first.start..list[last].end(), confidence))
}

/// How sure the lists of names make of these words; `None` when they know too little of them.
fn listed(first: &Word<'_>, list: &[Word<'_>]) -> Option<f32> {
    let last = list.last()?;
    let shout = |w: &Word<'_>| w.text.len() > 2 && w.text.bytes().all(|b| !b.is_ascii_lowercase());
    let given = dict::latin(first.text);
    let family = dict::latin(last.text);
    let (given_romaji, family_romaji) = if given.is_empty() || family.is_empty() {
        (dict::romaji(first.text), dict::romaji(last.text))
    } else {
        <_>::default()
    };
    let strong = given.any(Lists::GIVEN_STRONG) && !given.any(Lists::WORD)
        || given.any(Lists::GIVEN_STRONG) && family.any(Lists::SURNAME_STRONG);
    // Capitals throughout are a headline or a licence text: IN THE SOFTWARE.
    let words = || list.iter().any(|w| dict::latin(w.text).any(Lists::WORD));
    if shout(first) && (!given.any(Lists::GIVEN_STRONG) || words()) {
        return None;
    }
    let weak = given.any(Lists::GIVEN)
        && family.any(Lists::SURNAME)
        && !given.any(Lists::WORD)
        && !family.any(Lists::WORD);
    let romaji = given_romaji.any(Lists::GIVEN_STRONG) && family_romaji.any(Lists::SURNAME_STRONG)
        || given_romaji.any(Lists::SURNAME_STRONG) && family_romaji.any(Lists::GIVEN_STRONG);
    let initial = first.initial()
        && first.text.ends_with('.')
        && family.any(Lists::SURNAME)
        && !family.any(Lists::WORD);
    let known_family = family.any(Lists::SURNAME)
        || strong && last.text.len() >= 4 && !family.any(Lists::WORD) && !shout(first);
    if !((strong && known_family) || weak || romaji || initial) {
        return None;
    }
    Some(if strong && family.any(Lists::SURNAME) {
        0.75
    } else {
        0.5
    })
}

/// An address that begins with the house number at `at`: number, street, and what follows to state and postal code.
fn address(text: &str, at: usize) -> Option<Hit> {
    let window = &text[at..super::text::floor(text, (at + 160).min(text.len()))];
    let number = window.bytes().take_while(u8::is_ascii_alphanumeric).count();
    if number > 7
        || window[..number]
            .bytes()
            .filter(u8::is_ascii_alphabetic)
            .count()
            > 2
    {
        return None;
    }
    let after = &window.as_bytes()[number..];
    if !(after.first() == Some(&b' ')
        || after.first() == Some(&b'-') && after.get(1).is_some_and(u8::is_ascii_digit))
    {
        return None;
    }
    let paragraph = memchr::memmem::find(window.as_bytes(), b"\n\n");
    let window = &window[..paragraph.unwrap_or(window.len())];
    let line = window.split('\n').next().unwrap_or(window);
    let Some(end) = street_end(line) else {
        return state_end(line).map(|end| Hit::new(What::Address, at..at + end, 0.7));
    };
    let mut end = tail(line, end);
    // City, state and postal code may stand on the next lines of a letter.
    let zipped = line[..end].rsplit(' ').next().is_some_and(zip);
    if !zipped && end == line.trim_end().len() {
        let next = window[line.len()..].strip_prefix('\n').unwrap_or("");
        let rest = next.split('\n').next().unwrap_or("");
        if let Some(more) = state_end(rest)
            && rest.bytes().filter(u8::is_ascii_digit).count() <= 9
            && rest[..more]
                .bytes()
                .rev()
                .skip_while(|b| b.is_ascii_digit() || *b == b'-')
                .all(|b| !b.is_ascii_digit())
        {
            end = line.len() + 1 + more;
        }
    }
    Some(Hit::new(What::Address, at..at + end, 0.8))
}

/// End of the street's type (`Street`, `Ave.`) or of the highway's name, on the line of an address.
fn street_end(line: &str) -> Option<usize> {
    let mut typed = None;
    let mut capital = true;
    for (at, (start, word)) in tokens(line).enumerate().skip(1).take(8) {
        let plain = word.trim_end_matches(['.', ',']);
        if highway(plain) && at >= 1 {
            typed = Some(start + plain.len());
            continue;
        }
        if at >= 2
            && plain.starts_with(|c: char| c.is_ascii_uppercase())
            && STREETS.iter().any(|s| plain.eq_ignore_ascii_case(s))
        {
            typed = Some(start + plain.len() + usize::from(word[plain.len()..].starts_with('.')));
            if !matches!(
                plain,
                "St" | "Park"
                    | "Lake"
                    | "Green"
                    | "Hill"
                    | "Point"
                    | "Ridge"
                    | "Valley"
                    | "Glen"
                    | "Center"
            ) || typed.is_some() && at >= 3
            {
                break;
            }
        }
        capital &= plain.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit() || c == '#');
        if !capital || word.ends_with(',') && typed.is_some() || word.contains('\n') {
            break;
        }
    }
    typed
}

/// Whether it is written as a postal code of the United States: five or nine digits.
fn zip(word: &str) -> bool {
    matches!(word.len(), 5 | 9 | 10) && {
        let digits = word.bytes().filter(u8::is_ascii_digit).count();
        let hyphens = word.bytes().filter(|&b| b == b'-').count();
        (digits == 5 || digits == 9) && digits + hyphens == word.len() && hyphens <= 1
    }
}

/// End of `…, TX 75013` on a line, nothing but words and numbers before it.
fn state_end(line: &str) -> Option<usize> {
    let mut before: Option<&str> = None;
    for (start, word) in tokens(line).take(16) {
        let plain = word.trim_matches([',', '.']);
        if zip(plain) && before.is_some_and(|b| STATE_CODES.contains(&b) || super::latin::state(b))
        {
            return Some(start + plain.len());
        }
        before = Some(plain);
    }
    None
}

/// Words with their offsets; blanks and single line ends separate.
fn tokens(window: &str) -> impl Iterator<Item = (usize, &str)> {
    window
        .split([' ', '\n'])
        .map(move |word| (word.as_ptr() as usize - window.as_ptr() as usize, word))
        .filter(|(_, word)| !word.is_empty())
}

/// Words of numbered roads, which have the number behind them.
fn highway(word: &str) -> bool {
    [
        "Highway", "Hwy", "Route", "SR", "CR", "US", "PR", "FM", "Avenue", "HIGHWAY", "HWY",
    ]
    .contains(&word)
}

const UNITS: [&str; 16] = [
    "apt",
    "suite",
    "ste",
    "unit",
    "floor",
    "fl",
    "room",
    "rm",
    "bldg",
    "building",
    "#",
    "lot",
    "dept",
    "po",
    "box",
    "apartment",
];
const DIRECTIONS: [&str; 16] = [
    "N",
    "S",
    "E",
    "W",
    "NE",
    "NW",
    "SE",
    "SW",
    "North",
    "South",
    "East",
    "West",
    "Northeast",
    "Northwest",
    "Southeast",
    "Southwest",
];

/// End of what follows a street: unit, city, state and postal code, country.
fn tail(window: &str, street: usize) -> usize {
    let mut end = street;
    let mut pending = 0;
    let mut after_unit = false;
    for (start, word) in tokens(&window[street..])
        .map(|(s, w)| (s + street, w))
        .take(14)
    {
        let plain = word.trim_matches([',', '.', ';', ')', '"']);
        if plain.is_empty() {
            continue;
        }
        let stop = start + word.find(plain).unwrap_or(0) + plain.len();
        let digits = plain.bytes().filter(u8::is_ascii_digit).count();
        let unit = UNITS.iter().any(|u| plain.eq_ignore_ascii_case(u)) || plain.starts_with('#');
        let zip = !after_unit
            && digits >= 4
            && digits + plain.bytes().filter(|&b| b == b'-').count() == plain.len();
        let number = after_unit && plain.len() <= 6 && (digits > 0 || plain.len() <= 2);
        after_unit = unit;
        if zip
            || STATE_CODES.contains(&plain)
            || super::latin::state(plain)
            || DIRECTIONS.contains(&plain) && pending == 0
        {
            end = stop;
            pending = 0;
            if zip {
                break;
            }
        } else if unit || number || pending == 0 && digits > 0 && plain.len() <= 5 {
            end = stop;
            pending = 0;
        } else if plain.starts_with(char::is_uppercase) && pending < 4 {
            pending += 1;
        } else {
            break;
        }
        if word.ends_with(['.', ';']) && !DIRECTIONS.contains(&plain) && plain.len() > 3 {
            break;
        }
    }
    end
}
