//! Dictionaries: names, places, occupations, countries.
//!
//! In: a word, folded as [`crate::text::new_form`] and [`crate::text::katakana`] fold. Out: the lists it is in. Whether it *is* a name where it
//! stands is decided in `classify`: a quarter of all town names are surnames.
//!
//! The lists are readable sorted text in `patterns/lists/`. The large lexicons are made from them when the crate is built (`build.rs`), the small
//! ones when they are first asked, so that a short run pays nothing. Two words may share hash bits: one in some ten million look-ups of unknown words says yes wrongly, always the same one.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

use super::lexicon::{Beginnings, Lexicon, entries, pairs, shorten};
use crate::text::{katakana, new_form};

pub use super::lexicon::Lists;

/// A table that the build made.
macro_rules! made {
    ($file:literal) => {
        include_bytes!(concat!(env!("OUT_DIR"), "/", $file))
    };
}

/// What is known of a word with a kanji in it: [`Lists::SURNAME`], `GIVEN`, `…_STRONG`, `WORD`, `PLACE`, `PROPER`, `TOWN`.
pub fn jp(word: &[char]) -> Lists {
    match word {
        [_, _, ..] if !BEGINNINGS.may_be(word) => Lists(0),
        _ => JP.lists(word.iter().copied()),
    }
}

/// [`jp`] of the first one, two, three, four and five characters of a text.
pub fn jp_prefixes(text: &[char]) -> [Lists; 5] {
    JP.prefixes(text, &BEGINNINGS, single)
}

/// The lists of a word of one kanji; `None` of any other character.
fn single(c: char) -> Option<Lists> {
    static SINGLE: &[u8] = made!("jp.single");
    Some(Lists(*SINGLE.get((c as usize).wrapping_sub(0x4E00))?))
}

static BEGINNINGS: Beginnings<&[u8]> = Beginnings::read(made!("jp.beginnings"));

static JP: Lexicon<&[u8]> = Lexicon::read(made!("jp.lexicon"));

/// What is known of a word in katakana: a reading ([`Lists::SURNAME`], `GIVEN`, `…_STRONG`), or `FOREIGN`; and `WORD`, `PLACE`, `PROPER`.
pub fn kana(word: &[char]) -> Lists {
    static LEXICON: Lexicon<&[u8]> = Lexicon::read(made!("kana.lexicon"));
    LEXICON.lists(word.iter().copied())
}

/// What is known of a word in Latin letters, case ignored: [`Lists::SURNAME`], `GIVEN`, `…_STRONG`, `WORD`, `COMMON`, `PLACE`.
pub fn latin(word: &str) -> Lists {
    static LEXICON: Lexicon<&[u8]> = Lexicon::read(made!("latin.lexicon"));
    LEXICON.lists(word.chars().map(plain_lower))
}

/// What is known of a romanised Japanese word: [`Lists::SURNAME`], `GIVEN`. Hepburn and Kunrei, long vowels written or not.
pub fn romaji(word: &str) -> Lists {
    static LEXICON: Lexicon<&[u8]> = Lexicon::read(made!("romaji.lexicon"));
    // Kenichi is ケニチ or ケンイチ: an n before a vowel is tried both ways.
    [false, true]
        .into_iter()
        .map(|apart| {
            let mut sounds = [' '; 16];
            sound(word, apart, &mut sounds)
                .map_or(Lists(0), |n| LEXICON.lists(sounds[..n].iter().copied()))
        })
        .find(|lists| !lists.is_empty())
        .unwrap_or_default()
}

/// In which closed sets of values a text is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Value {
    /// An occupation.
    pub occupation: bool,
    /// The name of a country.
    pub country: bool,
    /// A prefecture of Japan in Latin letters.
    pub prefecture: bool,
    /// A state of the United States or a province of Canada, by name.
    pub state: bool,
}

/// The closed sets that a text is in, its characters folded and in lower case.
pub fn value(folded: impl Iterator<Item = char>) -> Value {
    static LEXICON: OnceLock<Lexicon<Vec<u8>>> = OnceLock::new();
    let lexicon = LEXICON.get_or_init(|| {
        let mut new = Lexicon::new(4_200);
        entries(OCCUPATIONS).for_each(|word| new.insert(word.chars(), Lists(1)));
        entries(COUNTRIES).for_each(|word| new.insert(word.chars(), Lists(2)));
        PREFECTURES_ROMAJI
            .iter()
            .for_each(|word| new.insert(word.chars(), Lists(4)));
        STATES
            .iter()
            .for_each(|word| new.insert(word.chars().map(|c| c.to_ascii_lowercase()), Lists(8)));
        new
    });
    let Lists(sets) = lexicon.lists(folded.map(|c| new_form(katakana(c))));
    Value {
        occupation: sets & 1 != 0,
        country: sets & 2 != 0,
        prefecture: sets & 4 != 0,
        state: sets & 8 != 0,
    }
}

/// The first characters of some words, as a filter: a character that it does not have begins none of them.
pub struct Firsts([u64; 16]);

impl Firsts {
    /// The filter of these words.
    pub const fn of(words: &[&str]) -> Self {
        let (mut bits, mut i) = ([0; 16], 0);
        while i < words.len() {
            let b = words[i].as_bytes();
            let c = match b[0] {
                0..0x80 => b[0] as usize,
                0x80..0xE0 => (b[0] as usize & 0x1F) << 6 | b[1] as usize & 0x3F,
                _ => (b[1] as usize & 0x3F) << 6 | b[2] as usize & 0x3F,
            };
            bits[c % 1024 / 64] |= 1 << (c % 64);
            i += 1;
        }
        Self(bits)
    }

    /// The filter of these characters.
    pub const fn each(chars: &[char]) -> Self {
        let (mut bits, mut i) = ([0; 16], 0);
        while i < chars.len() {
            let c = chars[i] as usize;
            bits[c % 1024 / 64] |= 1 << (c % 64);
            i += 1;
        }
        Self(bits)
    }

    /// Whether one of the words may begin with it.
    pub const fn has(&self, c: char) -> bool {
        let c = c as usize % 1024;
        self.0[c / 64] >> (c % 64) & 1 == 1
    }
}

/// Some words by their first character: which of them a character may begin.
pub struct Heads<const N: usize> {
    words: [&'static str; N],
    /// For each character, modulo the length, the first word that may begin with it; [`NONE`](Self::NONE) for none.
    first: [u8; 256],
    /// The next word after each.
    next: [u8; N],
}

impl<const N: usize> Heads<N> {
    const NONE: u8 = u8::MAX;

    /// At most 255 words.
    pub const fn of(words: [&'static str; N]) -> Self {
        assert!(N < 256);
        let (mut first, mut next, mut i) = ([Self::NONE; 256], [Self::NONE; N], N);
        while i > 0 {
            i -= 1;
            let b = words[i].as_bytes();
            let c = match b[0] {
                0..0x80 => b[0] as usize,
                0x80..0xE0 => (b[0] as usize & 0x1F) << 6 | b[1] as usize & 0x3F,
                _ => (b[1] as usize & 0x3F) << 6 | b[2] as usize & 0x3F,
            } % 256;
            (next[i], first[c]) = (first[c], i as u8);
        }
        Self { words, first, next }
    }

    /// The words that the text begins with, in their order.
    pub fn starts<'t>(&'t self, text: &'t [char]) -> impl Iterator<Item = &'static str> + 't {
        let mut at = match text.first() {
            Some(&c) => self.first[c as usize % 256],
            None => Self::NONE,
        };
        std::iter::from_fn(move || {
            while at != Self::NONE {
                let word = self.words[usize::from(at)];
                at = self.next[usize::from(at)];
                if starts_with(text, word) {
                    return Some(word);
                }
            }
            None
        })
    }
}

static PREFECTURE_FIRST: Firsts = Firsts::of(&PREFECTURES);

/// The first character of each prefecture.
const PREFECTURE_HEADS: [char; 47] = {
    let (mut heads, mut i) = (['\0'; 47], 0);
    while i < 47 {
        let b = PREFECTURES[i].as_bytes();
        // All are of three bytes.
        let c = (b[0] as u32 & 0xF) << 12 | (b[1] as u32 & 0x3F) << 6 | b[2] as u32 & 0x3F;
        heads[i] = match char::from_u32(c) {
            Some(c) => c,
            None => '\0',
        };
        i += 1;
    }
    heads
};

/// The place in [`PREFECTURES`] of the one that the text begins with.
pub fn begins_with_prefecture(text: &str) -> Option<usize> {
    let first = text.chars().next().filter(|&c| PREFECTURE_FIRST.has(c))?;
    let mut places = (0..PREFECTURES.len()).filter(|&at| PREFECTURE_HEADS[at] == first);
    places.find(|&at| text.starts_with(PREFECTURES[at]))
}

/// Where the beginning of an address was recognised; lengths in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Length of the prefecture, 0 without.
    pub prefecture: usize,
    /// End of the municipality; equal to `prefecture` when there is none.
    pub city: usize,
}

/// Recognises the prefecture and the longest municipality that the folded text begins with. The 郡 of a municipality and the ward of a city
/// may be left out; a prefecture without its 都府県 counts only before a municipality.
pub fn place(folded: &[char]) -> Option<Place> {
    let at = |city| Place {
        prefecture: 0,
        city,
    };
    if !PREFECTURE_FIRST.has(*folded.first()?) {
        return municipality(folded).map(at);
    }
    let full = PREFECTURES
        .iter()
        .zip(PREFECTURE_HEADS)
        .filter(|&(_, head)| head == folded[0])
        .map(|(name, _)| name)
        .find(|name| starts_with(folded, name))
        .map(|name| name.chars().count());
    if let Some(prefecture) = full {
        let skip = folded[prefecture..]
            .iter()
            .take_while(|c| c.is_whitespace())
            .count()
            .min(2);
        let city = municipality(&folded[prefecture + skip..])
            .map_or(prefecture, |n| prefecture + skip + n);
        return Some(Place { prefecture, city });
    }
    let bare = municipality(folded).map(at);
    // 千葉市川市 is 市川市 in 千葉, not a part of 千葉市: the reading that explains more wins.
    let short = PREFECTURES
        .iter()
        .zip(PREFECTURE_HEADS)
        .skip(1)
        .filter(|&(_, head)| head == folded[0])
        .map(|(name, _)| name)
        .find(|name| starts_with(folded, &name[..name.len() - '県'.len_utf8()]))
        .and_then(|name| {
            let prefecture = name.chars().count() - 1;
            municipality(&folded[prefecture..]).map(|n| Place {
                prefecture,
                city: prefecture + n,
            })
        });
    match (bare, short) {
        (Some(bare), Some(short)) => Some(if short.city > bare.city { short } else { bare }),
        (bare, short) => bare.or(short),
    }
}

/// Length in characters of the longest municipality that the folded text begins with.
pub fn municipality(folded: &[char]) -> Option<usize> {
    static LEXICON: OnceLock<(Lexicon<Vec<u8>>, Beginnings<Vec<u8>>)> = OnceLock::new();
    let longest = folded.len().min(12);
    if !folded[..longest]
        .iter()
        .any(|&c| matches!(c, '市' | '区' | '町' | '村'))
    {
        return None;
    }
    let (lexicon, beginnings) = LEXICON.get_or_init(|| {
        let mut lexicon = Lexicon::new(8_000);
        let mut beginnings = Beginnings::new();
        let mut add = |name: &str| {
            lexicon.insert(name.chars(), Lists::PLACE);
            beginnings.insert(name);
        };
        for (_, city) in pairs(MUNICIPALITIES) {
            add(city);
            if let Some((_, town)) = city.split_once('郡').filter(|(_, town)| !town.is_empty()) {
                add(town);
            }
            if let Some((at, _)) = city
                .char_indices()
                .find(|&(_, c)| c == '市')
                .filter(|_| city.ends_with('区'))
            {
                // The city, and the ward alone, as its people write it.
                let (city, ward) = city.split_at(at + '市'.len_utf8());
                add(city);
                add(ward);
            }
        }
        (lexicon, beginnings)
    });
    (2..=longest).rev().find(|&n| {
        matches!(folded[n - 1], '市' | '区' | '町' | '村')
            && beginnings.may_be(&folded[..n])
            && !lexicon.lists(folded[..n].iter().copied()).is_empty()
    })
}

/// Whether the folded text is a prefecture, with or without its suffix.
pub fn prefecture(folded: &[char]) -> bool {
    (2..=4).contains(&folded.len())
        && PREFECTURE_FIRST.has(folded[0])
        && PREFECTURES
            .iter()
            .zip(PREFECTURE_HEADS)
            .any(|(name, head)| {
                if head != folded[0] {
                    return false;
                }
                let n = name.chars().count();
                starts_with(folded, name) && folded.len() == n
                    || folded.len() + 1 == n
                        && !name.ends_with('道')
                        && name.chars().zip(folded).all(|(a, b)| a == *b)
            })
}

/// Length of the area code that a Japanese number of ten digits (its 0 with them) begins with, if that area exists.
pub fn area_code(digits: &[u8]) -> Option<usize> {
    static LEXICON: OnceLock<Lexicon<Vec<u8>>> = OnceLock::new();
    let lexicon = LEXICON.get_or_init(|| {
        let mut new = Lexicon::new(1_000);
        pairs(AREA_CODES).for_each(|(code, _)| new.insert(code.chars(), Lists::PLACE));
        new
    });
    (2..=5.min(digits.len())).rev().find(|&n| {
        !lexicon
            .lists(digits[..n].iter().map(|&b| char::from(b)))
            .is_empty()
    })
}

/// Whether the characters begin with the word.
pub fn starts_with(text: &[char], name: &str) -> bool {
    let mut at = 0;
    name.chars().all(|c| {
        at += 1;
        text.get(at - 1) == Some(&c)
    })
}

/// A Latin letter without accent, in lower case.
pub(crate) fn plain_lower(c: char) -> char {
    match c {
        'A'..='Z' => c.to_ascii_lowercase(),
        '\0'..='\x7F' => c,
        'à'..='å' | 'À'..='Å' | 'ā' | 'Ā' | 'ą' | 'Ą' | 'ă' => 'a',
        'ç' | 'Ç' | 'ć' | 'č' | 'Ć' | 'Č' => 'c',
        'è'..='ë' | 'È'..='Ë' | 'ē' | 'ę' | 'ě' | 'Ē' => 'e',
        'ì'..='ï' | 'Ì'..='Ï' | 'ī' | 'ı' | 'İ' => 'i',
        'ñ' | 'Ñ' | 'ń' | 'ň' => 'n',
        'ò'..='ö' | 'Ò'..='Ö' | 'ø' | 'Ø' | 'ō' | 'ő' | 'Ō' => 'o',
        'ù'..='ü' | 'Ù'..='Ü' | 'ū' | 'ů' | 'ű' | 'Ū' => 'u',
        'ý' | 'ÿ' | 'Ý' => 'y',
        'ł' | 'Ł' => 'l',
        'đ' | 'ð' | 'Đ' => 'd',
        '’' => '\'',
        // The rest of Latin: Ľ, ķ, ė, ễ.
        '\u{100}'..='\u{24F}' | '\u{1E00}'..='\u{1EFF}' => base(c),
        _ => c,
    }
}

/// The letter below the accents, in small.
fn base(c: char) -> char {
    c.nfd().next().unwrap_or(c).to_ascii_lowercase()
}

/// Writes the katakana of a romanised word, long vowels short; `None` when it is not romanised Japanese.
pub(super) fn sound(word: &str, apart: bool, out: &mut [char; 16]) -> Option<usize> {
    let (mut letters, mut len) = ([0u8; 24], 0);
    for c in word.chars() {
        let c = plain_lower(c);
        (c.is_ascii_lowercase() && len < 24).then_some(())?;
        letters[len] = c as u8;
        len += 1;
    }
    let (mut rest, mut n) = (&letters[..len], 0);
    (rest.len() >= 2).then_some(())?;
    while let Some(&first) = rest.first() {
        (n + 2 <= out.len()).then_some(())?;
        let alone = apart && first == b'n';
        let from = usize::from(first - b'a');
        let syllable = SOUNDS[SOUNDS_AT[from]..SOUNDS_AT[from + 1]]
            .iter()
            .filter(|(roman, _)| rest.starts_with(roman.as_bytes()))
            .max_by_key(|(roman, _)| roman.len());
        if let Some(&(roman, kana)) = syllable.filter(|_| !alone) {
            for c in kana.chars() {
                out[n] = c;
                n += 1;
            }
            rest = &rest[roman.len()..];
        } else if first == b'n'
            || (first == b'm' && rest.get(1).is_some_and(|b| b"bmp".contains(b)))
        {
            out[n] = 'ン';
            n += 1;
            rest = &rest[1..];
        } else if first == b'h' && n > 0 && rest.len() < len {
            rest = &rest[1..]; // Ohno, Satoh
        } else if rest.get(1) == Some(&first) || rest.starts_with(b"tch") {
            out[n] = 'ッ';
            n += 1;
            rest = &rest[1..];
        } else {
            return None;
        }
    }
    Some(shorten(out, n))
}

macro_rules! list {
    ($file:literal) => {
        include_str!(concat!("../../patterns/lists/", $file))
    };
}

const OCCUPATIONS: &str = list!("occupations.txt");
const COUNTRIES: &str = list!("countries.txt");
pub(super) const MUNICIPALITIES: &str = list!("jp-municipalities.tsv");
const AREA_CODES: &str = list!("jp-phone-area-codes.tsv");

/// The prefectures in the order of JIS X 0401, 北海道 first (it has no short form).
pub const PREFECTURES: [&str; 47] = [
    "北海道",
    "青森県",
    "岩手県",
    "宮城県",
    "秋田県",
    "山形県",
    "福島県",
    "茨城県",
    "栃木県",
    "群馬県",
    "埼玉県",
    "千葉県",
    "東京都",
    "神奈川県",
    "新潟県",
    "富山県",
    "石川県",
    "福井県",
    "山梨県",
    "長野県",
    "岐阜県",
    "静岡県",
    "愛知県",
    "三重県",
    "滋賀県",
    "京都府",
    "大阪府",
    "兵庫県",
    "奈良県",
    "和歌山県",
    "鳥取県",
    "島根県",
    "岡山県",
    "広島県",
    "山口県",
    "徳島県",
    "香川県",
    "愛媛県",
    "高知県",
    "福岡県",
    "佐賀県",
    "長崎県",
    "熊本県",
    "大分県",
    "宮崎県",
    "鹿児島県",
    "沖縄県",
];

/// States of the United States and provinces of Canada.
#[rustfmt::skip]
const STATES: [&str; 63] = [
    "Alabama",
    "Alaska",
    "Arizona",
    "Arkansas",
    "California",
    "Colorado",
    "Connecticut",
    "Delaware",
    "District of Columbia",
    "Florida",
    "Georgia",
    "Hawaii",
    "Idaho",
    "Illinois",
    "Indiana",
    "Iowa",
    "Kansas",
    "Kentucky",
    "Louisiana",
    "Maine",
    "Maryland",
    "Massachusetts",
    "Michigan",
    "Minnesota",
    "Mississippi",
    "Missouri",
    "Montana",
    "Nebraska",
    "Nevada",
    "New Hampshire",
    "New Jersey",
    "New Mexico",
    "New York",
    "North Carolina",
    "North Dakota",
    "Ohio",
    "Oklahoma",
    "Oregon",
    "Pennsylvania",
    "Rhode Island",
    "South Carolina",
    "South Dakota",
    "Tennessee",
    "Texas",
    "Utah",
    "Vermont",
    "Virginia",
    "Washington",
    "West Virginia",
    "Wisconsin",
    "Wyoming",
    "Puerto Rico",
    "Ontario",
    "Quebec",
    "British Columbia",
    "Alberta",
    "Manitoba",
    "Saskatchewan",
    "Nova Scotia",
    "New Brunswick",
    "Newfoundland",
    "Prince Edward Island",
    "Yukon",
];

/// Prefectures in Hepburn without long vowels.
#[rustfmt::skip]
const PREFECTURES_ROMAJI: [&str; 47] = [
    "hokkaido",
    "aomori",
    "iwate",
    "miyagi",
    "akita",
    "yamagata",
    "fukushima",
    "ibaraki",
    "tochigi",
    "gunma",
    "saitama",
    "chiba",
    "tokyo",
    "kanagawa",
    "niigata",
    "toyama",
    "ishikawa",
    "fukui",
    "yamanashi",
    "nagano",
    "gifu",
    "shizuoka",
    "aichi",
    "mie",
    "shiga",
    "kyoto",
    "osaka",
    "hyogo",
    "nara",
    "wakayama",
    "tottori",
    "shimane",
    "okayama",
    "hiroshima",
    "yamaguchi",
    "tokushima",
    "kagawa",
    "ehime",
    "kochi",
    "fukuoka",
    "saga",
    "nagasaki",
    "kumamoto",
    "oita",
    "miyazaki",
    "kagoshima",
    "okinawa",
];

/// Where the syllables of each letter begin in [`SOUNDS`].
const SOUNDS_AT: [usize; 27] = {
    let (mut table, mut letter) = ([0; 27], 0);
    while letter < 27 {
        let mut n = 0;
        while n < SOUNDS.len() && (SOUNDS[n].0.as_bytes()[0] - b'a') < letter as u8 {
            n += 1;
        }
        table[letter] = n;
        letter += 1;
    }
    table
};

/// Romanised syllables, Hepburn and Kunrei.
#[rustfmt::skip]
const SOUNDS: &[(&str, &str)] = &[
    ("a", "ア"), ("ba", "バ"), ("be", "ベ"), ("bi", "ビ"), ("bo", "ボ"), ("bu", "ブ"), ("bya", "ビャ"), ("byo", "ビョ"), ("byu", "ビュ"), ("cha", "チャ"), ("chi", "チ"), ("cho", "チョ"), ("chu", "チュ"), ("da", "ダ"),
    ("de", "デ"), ("di", "ジ"), ("do", "ド"), ("du", "ズ"), ("e", "エ"), ("fu", "フ"), ("ga", "ガ"), ("ge", "ゲ"), ("gi", "ギ"), ("go", "ゴ"), ("gu", "グ"), ("gya", "ギャ"), ("gyo", "ギョ"), ("gyu", "ギュ"),
    ("ha", "ハ"), ("he", "ヘ"), ("hi", "ヒ"), ("ho", "ホ"), ("hu", "フ"), ("hya", "ヒャ"), ("hyo", "ヒョ"), ("hyu", "ヒュ"), ("i", "イ"), ("ja", "ジャ"), ("ji", "ジ"), ("jo", "ジョ"), ("ju", "ジュ"), ("jya", "ジャ"),
    ("jyo", "ジョ"), ("jyu", "ジュ"), ("ka", "カ"), ("ke", "ケ"), ("ki", "キ"), ("ko", "コ"), ("ku", "ク"), ("kya", "キャ"), ("kyo", "キョ"), ("kyu", "キュ"), ("ma", "マ"), ("me", "メ"), ("mi", "ミ"), ("mo", "モ"),
    ("mu", "ム"), ("mya", "ミャ"), ("myo", "ミョ"), ("myu", "ミュ"), ("na", "ナ"), ("ne", "ネ"), ("ni", "ニ"), ("no", "ノ"), ("nu", "ヌ"), ("nya", "ニャ"), ("nyo", "ニョ"), ("nyu", "ニュ"), ("o", "オ"), ("pa", "パ"),
    ("pe", "ペ"), ("pi", "ピ"), ("po", "ポ"), ("pu", "プ"), ("pya", "ピャ"), ("pyo", "ピョ"), ("pyu", "ピュ"), ("ra", "ラ"), ("re", "レ"), ("ri", "リ"), ("ro", "ロ"), ("ru", "ル"), ("rya", "リャ"), ("ryo", "リョ"),
    ("ryu", "リュ"), ("sa", "サ"), ("se", "セ"), ("sha", "シャ"), ("shi", "シ"), ("sho", "ショ"), ("shu", "シュ"), ("si", "シ"), ("so", "ソ"), ("su", "ス"), ("sya", "シャ"), ("syo", "ショ"), ("syu", "シュ"), ("ta", "タ"),
    ("te", "テ"), ("ti", "チ"), ("to", "ト"), ("tsu", "ツ"), ("tu", "ツ"), ("tya", "チャ"), ("tyo", "チョ"), ("tyu", "チュ"), ("u", "ウ"), ("wa", "ワ"), ("wo", "オ"), ("ya", "ヤ"), ("yo", "ヨ"), ("yu", "ユ"),
    ("za", "ザ"), ("ze", "ゼ"), ("zi", "ジ"), ("zo", "ゾ"), ("zu", "ズ"), ("zya", "ジャ"), ("zyo", "ジョ"), ("zyu", "ジュ"),
];

#[cfg(test)]
mod tests {
    use super::*;

    const SURNAMES: &str = list!("jp-surnames.txt");
    const GIVEN: &str = list!("jp-given.txt");
    const TOWNS: &str = list!("jp-towns.txt");
    const NOT_NAMES: &str = list!("jp-not-names.tsv");
    const JP_WORDS: &str = list!("jp-words.tsv");
    const KANA_WORDS: &str = list!("kana-words.tsv");
    const SURNAME_READINGS: &str = list!("jp-surname-readings.txt");
    const GIVEN_READINGS: &str = list!("jp-given-readings.txt");
    const FOREIGN_NAMES: &str = list!("jp-foreign-names.txt");
    const LATIN_SURNAMES: &str = list!("latin-surnames.txt");
    const LATIN_GIVEN: &str = list!("latin-given.txt");
    const EN_WORDS: &str = list!("en-words.txt");
    const EN_THINGS: &str = list!("en-things.txt");

    fn chars(text: &str) -> Vec<char> {
        text.chars().map(|c| new_form(katakana(c))).collect()
    }

    #[test]
    fn lists_are_sorted_folded_and_sourced() {
        let all = [
            SURNAMES,
            GIVEN,
            TOWNS,
            NOT_NAMES,
            JP_WORDS,
            KANA_WORDS,
            SURNAME_READINGS,
            GIVEN_READINGS,
            FOREIGN_NAMES,
            LATIN_SURNAMES,
            LATIN_GIVEN,
            EN_WORDS,
            EN_THINGS,
            OCCUPATIONS,
            COUNTRIES,
            MUNICIPALITIES,
        ];
        for text in all {
            let head: Vec<_> = text
                .lines()
                .take_while(|line| line.starts_with('#'))
                .collect();
            assert!(
                head.iter()
                    .any(|line| line.contains("Source") || line.contains("Compiled")),
                "{head:?}"
            );
            let words: Vec<_> = entries(text).collect();
            assert!(
                words.windows(2).all(|w| w[0] < w[1]),
                "not sorted: {head:?}"
            );
            for word in words {
                assert!(
                    word.chars().all(|c| new_form(katakana(c)) == c),
                    "not folded: {word}"
                );
            }
        }
    }

    #[test]
    fn names() {
        let both = Lists::SURNAME.or(Lists::GIVEN);
        let check = |lists: Lists, expected: Lists, word: &str| {
            assert_eq!(lists.0 & both.0, expected.0, "{word}")
        };
        for (word, expected) in [
            ("佐藤", Lists::SURNAME),
            ("髙﨑", Lists::SURNAME),
            ("渡邊", Lists::SURNAME),
            ("太郎", Lists::GIVEN),
            ("碧透", Lists(0)),
            ("株式会社", Lists(0)),
        ] {
            check(jp(&chars(word)), expected, word);
        }
        for (word, expected) in [
            ("サトウ", Lists::SURNAME),
            ("たろう", Lists::GIVEN),
            ("カステラ", Lists(0)),
        ] {
            assert!(
                kana(&chars(word)).any(expected) || expected == Lists(0),
                "{word}"
            );
        }
        for (word, expected) in [
            ("Smith", Lists::SURNAME),
            ("Mary", Lists::GIVEN),
            ("Müller", Lists::SURNAME),
            ("qzxv", Lists(0)),
        ] {
            assert!(
                latin(word).any(expected) || expected == Lists(0) && latin(word).is_empty(),
                "{word}"
            );
        }
        for (word, expected) in [
            ("Sato", Lists::SURNAME),
            ("Satoh", Lists::SURNAME),
            ("Shimbashi", Lists::SURNAME),
            ("Watanabe", Lists::SURNAME),
            ("Yuko", Lists::GIVEN),
            ("Yuuko", Lists::GIVEN),
            ("KENICHI", Lists::GIVEN),
            ("Hattori", Lists::SURNAME),
            ("Ōno", Lists::SURNAME),
            ("Smith", Lists(0)),
            ("xyz", Lists(0)),
        ] {
            assert!(
                romaji(word).any(expected) || expected == Lists(0) && romaji(word).is_empty(),
                "{word}"
            );
        }
    }

    #[test]
    fn places() {
        let check = |text: &str, expected: Option<(usize, usize)>| {
            assert_eq!(
                place(&chars(text)).map(|p| (p.prefecture, p.city)),
                expected,
                "{text}"
            );
        };
        check("東京都千代田区丸の内", Some((3, 7)));
        check("札幌市中央区北一条", Some((0, 6)));
        check("北海道札幌市", Some((3, 6)));
        check("千葉市川市八幡1丁目", Some((2, 5)));
        check("岩手花巻市", Some((2, 5)));
        check("神奈川県", Some((4, 4)));
        check("府中市府川町315", Some((0, 3)));
        check("青葉", None);
        check("", None);
        assert_eq!(area_code(b"0312345678"), Some(2));
        assert_eq!(area_code(b"0463312345"), Some(4));
        assert_eq!(area_code(b"0000000000"), None);
    }

    #[test]
    fn values() {
        let of = |text: &str| value(text.chars());
        assert!(of("会社員").occupation && of("engineer").occupation && !of("xyz").occupation);
        assert!(of("japan").country && of("日本").country && !of("会社員").country);
        assert!(of("osaka").prefecture && of("new york").state && !of("osaka").state);
    }
}
