//! Regions: countries, the prefectures of Japan, the states of the United States, and what tells them.
//!
//! In: a piece of an address, a postal code or a phone number. Out: the [`Region`] it lies in, if it says so beyond doubt.
//! Data: `patterns/lists/regions.tsv` and `jp-prefecture-codes.tsv`.

use std::sync::OnceLock;

use foldhash::{HashMap, HashMapExt};

use super::dict::{MUNICIPALITIES, PREFECTURES, begins_with_prefecture};
use super::lexicon::{entries, pairs};
use crate::text::{katakana, new_form};

const REGIONS: &str = include_str!("../../patterns/lists/regions.tsv");
const PREFECTURE_CODES: &str = include_str!("../../patterns/lists/jp-prefecture-codes.tsv");
/// Characters of the longest name of a municipality.
const LONGEST: usize = 12;

/// A country, a prefecture of Japan or a state of the United States.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Region(u16);

impl Region {
    /// Its place in the list, for storing.
    pub fn index(self) -> u16 {
        self.0
    }

    /// The region of an index that [`Region::index`] gave.
    pub fn from_index(index: u16) -> Option<Self> {
        (usize::from(index) < atlas().all.len()).then_some(Self(index))
    }

    /// Its code: `JP`, `JP-13`, `US-CA` (ISO 3166).
    pub fn code(self) -> &'static str {
        atlas().all[usize::from(self.0)].code
    }

    /// Its name in English.
    pub fn english(self) -> &'static str {
        atlas().all[usize::from(self.0)].english
    }

    /// Its name in Japanese.
    pub fn japanese(self) -> &'static str {
        atlas().all[usize::from(self.0)].japanese
    }

    /// The country it lies in, itself if it is one.
    pub fn country(self) -> Self {
        atlas().all[usize::from(self.0)].country
    }

    /// The region of a code.
    pub fn named(code: &str) -> Option<Self> {
        of_code(code)
    }
}

struct Row {
    code: &'static str,
    country: Region,
    english: &'static str,
    japanese: &'static str,
}

/// The lists, read once.
struct Atlas {
    /// In order of code.
    all: Vec<Row>,
    /// Names of countries and states, folded.
    countries: HashMap<String, Region>,
    states: HashMap<String, Region>,
    /// Beginnings of numbers after the `+`.
    callings: HashMap<&'static str, Region>,
    /// The prefectures in the order of [`PREFECTURES`].
    prefectures: Vec<Region>,
    /// Prefectures in Latin letters and short forms, folded.
    prefecture_names: HashMap<String, Region>,
    postal: HashMap<&'static str, Region>,
    area_codes: HashMap<&'static str, Region>,
    /// `None` where several prefectures have one of that name.
    municipalities: HashMap<&'static str, Option<Region>>,
}

fn atlas() -> &'static Atlas {
    static ATLAS: OnceLock<Atlas> = OnceLock::new();
    ATLAS.get_or_init(Atlas::read)
}

fn of_code(code: &str) -> Option<Region> {
    let all = &atlas().all;
    let at = all.binary_search_by(|row| row.code.cmp(code)).ok()?;
    Some(Region(at as u16))
}

impl Atlas {
    fn read() -> Self {
        let mut atlas = Self {
            all: Vec::new(),
            countries: HashMap::new(),
            states: HashMap::new(),
            callings: HashMap::new(),
            prefectures: Vec::new(),
            prefecture_names: HashMap::new(),
            postal: HashMap::new(),
            area_codes: HashMap::new(),
            municipalities: HashMap::new(),
        };
        for line in entries(REGIONS) {
            let mut columns = line.split('\t');
            let mut column = || columns.next().unwrap_or_default();
            let (code, callings) = (column(), column());
            let (english, japanese, aliases) = (column(), column(), column());
            let region = Region(atlas.all.len() as u16);
            // A country stands before its parts.
            let whole = atlas.all.last().map(|row| row.country);
            atlas.all.push(Row {
                code,
                country: whole.filter(|_| code.contains('-')).unwrap_or(region),
                english,
                japanese,
            });
            let names = [english, japanese].into_iter().chain(aliases.split('|'));
            let names: Vec<String> = names.filter(|name| !name.is_empty()).map(fold).collect();
            let map = match code.split_once('-').map(|(country, _)| country) {
                None => {
                    atlas.countries.insert(fold(code), region);
                    &mut atlas.countries
                }
                Some("JP") => {
                    atlas.prefectures.push(region);
                    &mut atlas.prefecture_names
                }
                Some(_) => &mut atlas.states,
            };
            map.extend(names.into_iter().map(|name| (name, region)));
            let callings = callings.split(' ').filter(|calling| !calling.is_empty());
            atlas
                .callings
                .extend(callings.map(|calling| (calling, region)));
        }
        atlas.read_japan();
        atlas
    }

    fn read_japan(&mut self) {
        let region = |name: &str| {
            let at = PREFECTURES.iter().position(|known| *known == name)?;
            self.prefectures.get(at).copied()
        };
        for line in entries(PREFECTURE_CODES) {
            let mut columns = line.split('\t');
            let Some(region) = columns.next().and_then(region) else {
                continue;
            };
            for map in [&mut self.postal, &mut self.area_codes] {
                let codes = columns.next().unwrap_or_default().split(' ');
                map.extend(codes.filter(|code| !code.is_empty()).map(|c| (c, region)));
            }
        }
        let mut municipalities: HashMap<&'static str, Option<Region>> = HashMap::new();
        for (prefecture, city) in pairs(MUNICIPALITIES) {
            let region = region(prefecture);
            let town = city.split_once('郡').map(|(_, town)| town);
            let ward = city.find('市').filter(|_| city.ends_with('区'));
            let whole = ward.map(|at| &city[..at + '市'.len_utf8()]);
            for name in [Some(city), town, whole].into_iter().flatten() {
                let known = municipalities.entry(name).or_insert(region);
                if *known != region {
                    *known = None;
                }
            }
        }
        self.municipalities = municipalities;
    }
}

/// Lower case without blanks and full stops, katakana and new forms of kanji.
fn fold(name: &str) -> String {
    let kept = name
        .chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '.' | '-' | '\''));
    kept.flat_map(char::to_lowercase)
        .map(|c| new_form(katakana(c)))
        .collect()
}

/// The longest beginning of a number that the table knows.
fn longest(table: &HashMap<&'static str, Region>, digits: &str) -> Option<Region> {
    let most = digits.len().min(7);
    (1..=most)
        .rev()
        .find_map(|n| table.get(digits.get(..n)?))
        .copied()
}

/// The country of that name or code, in English or Japanese.
pub fn country(name: &str) -> Option<Region> {
    atlas().countries.get(&fold(name)).copied()
}

/// The prefecture or state of that name: `東京都`, `東京`, `Tokyo-to`, `CA`, `California`.
pub fn subdivision(name: &str) -> Option<Region> {
    let (atlas, name) = (atlas(), fold(name));
    let bare = || {
        let end = ["prefecture", "pref", "ken", "to", "fu"];
        end.iter()
            .find_map(|end| atlas.prefecture_names.get(name.strip_suffix(end)?).copied())
    };
    let known = |map: &HashMap<String, Region>| map.get(&name).copied();
    known(&atlas.prefecture_names)
        .or_else(|| known(&atlas.states))
        .or_else(bare)
}

/// The prefecture that an address in Japanese begins with, or whose municipality it begins with, if one only has it.
pub fn japanese(address: &str) -> Option<Region> {
    let atlas = atlas();
    let lead = |c: char| c.is_numeric() || c.is_whitespace() || "〒-‐−－ー".contains(c);
    let rest = address.trim_start_matches(lead);
    if let Some(at) = begins_with_prefecture(rest) {
        return atlas.prefectures.get(at).copied();
    }
    let mut folded = String::new();
    let mut ends = Vec::with_capacity(LONGEST);
    for c in rest.chars().take(LONGEST) {
        folded.push(new_form(katakana(c)));
        ends.push(folded.len());
    }
    let known = |end: &usize| atlas.municipalities.get(&folded[..*end]).copied();
    if let Some(found) = ends.iter().rev().find_map(known) {
        return found;
    }
    // A prefecture without its 都府県 counts before a municipality of its own.

    ends.iter().skip(1).take(2).find_map(|&end| {
        let region = *atlas.prefecture_names.get(&folded[..end])?;
        let city = ends.iter().rev().filter(|&&stop| stop > end);
        let mut cities = city.filter_map(|&stop| atlas.municipalities.get(&folded[end..stop]));
        cities
            .next()
            .filter(|of| of.is_none_or(|of| of == region))
            .map(|_| region)
    })
}

/// The state that an address in Latin letters names (`Springfield, IL 62701`), or the country that it ends with.
pub fn western(address: &str) -> Option<Region> {
    let atlas = atlas();
    let words: Vec<&str> = address
        .split([' ', ',', '\n', '\t'])
        .filter(|word| !word.is_empty())
        .collect();
    let is_zip = |word: &str| {
        let (zip, more) = word.split_once('-').unwrap_or((word, "0000"));
        let digits = |text: &str, n| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
        digits(zip, 5) && digits(more, 4)
    };
    for at in (1..words.len()).rev() {
        let last = at + 1 == words.len();
        let upper = words[at].len() == 2 && words[at].bytes().all(|b| b.is_ascii_uppercase());
        let state = |text: &str| atlas.states.get(&fold(text)).copied();
        if upper && (last || is_zip(words[at + 1])) {
            return state(words[at]);
        }
        if is_zip(words[at]) {
            let long = (at >= 2).then(|| words[at - 2..at].concat());
            let named = long.and_then(|name| state(&name));
            if let Some(found) = named.or_else(|| state(words[at - 1])) {
                return Some(found);
            }
        }
    }
    let last = address.rsplit([',', '\n']).next()?;
    country(last.trim().trim_end_matches('.')).filter(|_| last.len() < address.len())
}

/// The prefecture or country of a postal code; five digits may be of many countries. `japan` says that it is Japanese where
/// its form does not.
pub fn postal(code: &str, japan: bool) -> Option<Region> {
    let mut written = code.trim().trim_start_matches('〒').trim();
    let narrow: String;
    if !written.is_ascii() {
        narrow = written.chars().map(narrowed).collect();
        written = &narrow;
    }
    let digits: String = written.chars().filter(char::is_ascii_digit).collect();
    let shape: String = written
        .chars()
        .filter(|c| *c != ' ')
        .map(|c| match c {
            '0'..='9' => '9',
            'A'..='Z' | 'a'..='z' => 'A',
            _ => '-',
        })
        .collect();
    match shape.as_str() {
        "999-9999" => longest(&atlas().postal, &digits),
        "9999999" if japan => longest(&atlas().postal, &digits),
        "99999-9999" => of_code("US"),
        "A9A9A9" => of_code("CA"),
        "A99AA" | "A999AA" | "AA99AA" | "AA999AA" | "A9A9AA" | "AA9A9AA" => of_code("GB"),
        _ => None,
    }
}

fn narrowed(c: char) -> char {
    match c {
        '０'..='９' => char::from_u32(c as u32 - '０' as u32 + '0' as u32).unwrap_or(c),
        '－' | '‐' | '−' | 'ー' | '–' => '-',
        _ => c,
    }
}

/// The country of an international phone number; of a Japanese one (`japan` says so where it is written without `+81`) the
/// prefecture of its area code.
pub fn phone(number: &str, japan: bool) -> Option<Region> {
    let plus = number.trim_start().starts_with(['+', '＋']);
    let digits: String = number
        .chars()
        .map(narrowed)
        .filter(char::is_ascii_digit)
        .collect();
    let abroad = if plus {
        Some(digits.as_str())
    } else {
        digits.strip_prefix("00").filter(|rest| rest.len() > 8)
    };
    let Some(abroad) = abroad else {
        return (japan && digits.starts_with('0'))
            .then(|| domestic(&digits))
            .flatten();
    };
    let region = longest(&atlas().callings, abroad)?;
    if region.code() == "JP" {
        let rest = abroad[2..].trim_start_matches('0');
        return domestic(&format!("0{rest}")).or(Some(region));
    }
    Some(region)
}

/// The prefecture of a Japanese number with its trunk prefix, Japan for mobile ones.
fn domestic(digits: &str) -> Option<Region> {
    let mobile = ["070", "080", "090", "050", "060"]
        .iter()
        .any(|head| digits.starts_with(head));
    let free = ["0120", "0570", "0800", "0990"]
        .iter()
        .any(|head| digits.starts_with(head));
    match digits.len() {
        _ if free => None,
        11 if mobile => of_code("JP"),
        10 => longest(&atlas().area_codes, digits),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(region: Option<Region>) -> &'static str {
        region.map_or("", Region::code)
    }

    #[test]
    fn names() {
        for (name, expected) in [
            ("東京都", "JP-13"),
            ("東京", "JP-13"),
            ("Tokyo", "JP-13"),
            ("osaka-fu", "JP-27"),
            ("Hokkaido", "JP-01"),
            ("CA", "US-CA"),
            ("New York", "US-NY"),
            ("Bavaria", ""),
        ] {
            assert_eq!(code(subdivision(name)), expected, "{name}");
        }
        for (name, expected) in [
            ("JP", "JP"),
            ("日本", "JP"),
            ("U.S.A.", "US"),
            ("ドイツ", "DE"),
            ("Atlantis", ""),
        ] {
            assert_eq!(code(country(name)), expected, "{name}");
        }
    }

    #[test]
    fn addresses() {
        for (address, expected) in [
            ("東京都千代田区千代田1-1", "JP-13"),
            ("〒100-0001 東京都千代田区千代田1-1", "JP-13"),
            ("兵庫県豊岡市中央町1-1", "JP-28"),
            ("豊岡市中央町1-1", "JP-28"),
            ("兵庫豊岡市中央町1-1", "JP-28"),
            // In Tokyo and in Hiroshima.
            ("府中市宮西町1-1", ""),
            ("どこか", ""),
        ] {
            assert_eq!(code(japanese(address)), expected, "{address}");
        }
        for (address, expected) in [
            ("1 Main St, Springfield, IL 62701", "US-IL"),
            ("1 Main St, Springfield, IL 62701-1234, USA", "US-IL"),
            ("1 Main St, Albany, New York 12207", "US-NY"),
            ("1 Main St, Seattle, WA", "US-WA"),
            ("1 High Street, London, United Kingdom", "GB"),
            ("1 High Street", ""),
        ] {
            assert_eq!(code(western(address)), expected, "{address}");
        }
    }

    #[test]
    fn codes_and_numbers() {
        for (written, expected) in [
            ("100-0001", "JP-13"),
            ("〒668-0033", "JP-28"),
            // Aichi and Mie share the first three digits.
            ("498-0001", "JP-23"),
            ("498-0800", "JP-24"),
            ("K1A 0B1", "CA"),
            ("SW1A 1AA", "GB"),
            ("12345-6789", "US"),
            ("12345", ""),
        ] {
            assert_eq!(code(postal(written, false)), expected, "{written}");
        }
        assert_eq!(code(postal("1000001", true)), "JP-13");
        for (written, japan, expected) in [
            ("+44 20 7946 0000", false, "GB"),
            ("+1 212 555 0100", false, "US"),
            ("+1 604 555 0100", false, "CA"),
            ("+81 3-1234-5678", false, "JP-13"),
            ("+81 90-1234-5678", false, "JP"),
            ("011-222-3333", true, "JP-01"),
            ("090-1234-5678", true, "JP"),
            ("0120-123-456", true, ""),
            ("02 9876 5432", false, ""),
        ] {
            assert_eq!(code(phone(written, japan)), expected, "{written}");
        }
    }

    #[test]
    fn the_lists_are_in_order() {
        let codes: Vec<&str> = atlas().all.iter().map(|row| row.code).collect();
        assert!(codes.is_sorted());
        assert_eq!(atlas().prefectures.len(), PREFECTURES.len());
        assert_eq!(
            Region::named("US-CA").map(Region::country),
            Region::named("US")
        );
    }
}
