//! Names and addresses in running text in Latin letters.
//!
//! In: a text. Out: hits. Names are what a model finds among capitalised words; an address is a house number with a word of streets, or a state
//! with its postal code.

use super::latin::{STATE_CODES, STREETS};
use super::names_latin;
use super::tagger::Model;
use super::text::{Hit, What};

/// The weights that `patterns/models/train.rs` learned.
static NAMES: Model<'static> = Model::read(include_bytes!("../../patterns/models/names-latin.bin"));

/// Adds the hits of a text.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    addresses(text, hits);
    names_latin::find(text, &NAMES, |name| {
        hits.push(Hit::new(
            What::Name,
            name.start..name.end,
            confidence(name.margin),
        ));
    });
}

/// How sure a name is that is better than none by so much.
fn confidence(margin: i32) -> f32 {
    (0.5 + margin as f32 / 1000.0).clamp(0.5, 0.95)
}

/// Addresses: from each digit that begins a word.
fn addresses(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        let inside = at > 0
            && (bytes[at - 1].is_ascii_alphanumeric()
                || matches!(
                    bytes[at - 1],
                    b'_' | b'-' | b'.' | b'/' | b'@' | b'\\' | b'\''
                ));
        if !bytes[at].is_ascii_digit() || inside {
            at += 1;
            continue;
        }
        match address(text, at) {
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
