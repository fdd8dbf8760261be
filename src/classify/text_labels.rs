//! Words beside numbers in running text, which tell what the numbers are.
//!
//! In: the text before a number. Out: whether a label stands there.

use super::text::floor;

/// A telephone number follows.
pub(super) const PHONE_LABELS: &[&str] = &[
    "tel",
    "phone",
    "fax",
    "mobile",
    "call",
    "cell",
    "電話",
    "携帯",
    "連絡先",
    "ファックス",
    "ＴＥＬ",
    "ＦＡＸ",
    "ファクス",
    "℡",
    "☎",
    "fon",
    "dial",
    "whatsapp",
    "reach",
    "desk",
    "answering at",
    "messages to",
    "text me",
    "celular",
    "móvil",
    "handy",
    "gsm",
    "cep no",
    "numara",
    "registered",
    "whats app",
    "number is",
    "전화",
    "电话",
    "電話",
    "тел",
];
/// A telephone number follows if it is written with its trunk prefix or that of its country: words of German and French prose.
pub(super) const CALL_WORDS: &[&str] = &[
    "rückruf",
    "zurückrufen",
    "erreichbar",
    "erreichen",
    "anrufen",
    "mobil",
    "festnetz",
    "tél",
    "joindre",
    "joignable",
    "rappeler",
    "rappelez",
    "appeler",
    "appelez",
    "portable",
];
/// The number of a card follows.
pub(super) const CARD_LABELS: &[&str] = &["card", "カード", "visa", "master", "credit"];
/// A My Number follows.
pub(super) const MY_NUMBER_LABELS: &[&str] = &[
    "マイナンバー",
    "個人番号",
    "my number",
    "mynumber",
    "my_number",
];
/// A postal code follows.
pub(super) const POSTAL_LABELS: &[&str] =
    &["郵便番号", "zip", "postal", "postcode", "post code", "plz"];
/// A date of birth follows.
pub(super) const BIRTH_LABELS: &[&str] = &[
    "生年月日",
    "誕生日",
    "お誕生",
    "birth",
    "born",
    "dob",
    "d.o.b",
    "geburts",
    "naissance",
];
/// An age follows.
const AGE_LABELS: [&str; 4] = ["age", "aged", "年齢", "満"];

/// What follows an age.
pub(super) const OLD: [&str; 8] = [
    "year old",
    "years old",
    "year-old",
    "years-old",
    "y/o",
    "y.o",
    "yrs old",
    "yr old",
];

/// Right before a telephone number, as a word of its own and in small letters: what phones are called in letterheads and signatures around the world.
#[rustfmt::skip]
const PHONE_WORDS: [&str; 85] = [
    "mob", "phone no", "mobile no", "contact no", "contact number", "whatsapp no", "tlf", "tfn", "tfno", "tlfn", "tel.nr", "tel nr", "mobil", "mobilnummer", "mobilni",
    "rufnummer", "telefon", "puhelin", "puh", "puhelinnumero", "matkapuhelin", "celular", "cellulare", "fone", "telefone",
    "teléfono", "telefono", "móvil", "movil", "téléphone", "tél", "komórka", "cep tel", "telepon", "telp", "no. hp", "no hp", "nomor hp", "di động",
    "điện thoại", "sđt", "đt", "số điện thoại", "τηλ", "τηλέφωνο", "κινητό", "κιν", "телефон", "тел", "моб", "мобильный", "мобільний", "сотовый", "мобилен", "手机",
    "手机号", "手机号码", "手機", "手機號碼", "行動電話", "联系电话", "聯絡電話", "电话", "電話", "휴대폰", "휴대전화", "핸드폰", "연락처", "전화", "전화번호", "โทร", "โทรศัพท์", "เบอร์โทร", "มือถือ",
    "טלפון", "נייד", "טל'", "הנייד", "هاتف", "الهاتف", "جوال", "الجوال", "موبايل", "تليفون", "หมายเลขโทรศัพท์",
];
/// The same, where the number has its trunk prefix or that of its country: letters that stand for other things as well.
const PHONE_LETTERS: [&str; 13] = [
    "m", "t", "p", "c", "ph", "hp", "h.p", "wa", "mb", "port", "cep", "kom", "cel",
];

/// The label of a phone that stands right before a number; `calls` = it is written with its trunk prefix or that of its country.
pub(super) fn phone_right_before(before: &str, calls: impl Fn() -> bool) -> Option<&'static str> {
    const LONGEST: usize = 64;
    let line = before.rsplit('\n').next().unwrap_or(before);
    let blank = |c: char| c.is_whitespace();
    let words = line
        .trim_end_matches(blank)
        .trim_end_matches([':', '：', '.', '=', '#', '>']);
    let words = words.trim_end_matches(blank);
    let marked = line[words.len()..].contains([':', '：', '.']);
    let near = &words[floor(words, words.len().saturating_sub(LONGEST))..];
    // Most words before numbers are of plain letters and no label.
    if !marked && near.ends_with(|c: char| c.is_ascii()) {
        return None;
    }
    let near = near.to_lowercase();
    let stands = |word: &&&'static str| {
        let rest = near.strip_suffix(**word);
        rest.is_some_and(|rest| !rest.ends_with(|c: char| c.is_alphanumeric() || "_-/".contains(c)))
    };
    let word = PHONE_WORDS.iter().find(stands);
    word.or_else(|| {
        PHONE_LETTERS
            .iter()
            .find(stands)
            .filter(|_| marked && calls())
    })
    .copied()
}

/// Words of prose before the day on which somebody was born, and between them the place: `né le`, `geboren am`, `nata a Bologna il`.
#[rustfmt::skip]
const BORN: [&str; 36] = [
    "geb", "geboren", "né", "née", "ne le", "nee le", "nato", "nata", "nacido", "nacida", "nascido", "nascida", "ur", "urodzony", "urodzona", "urodzonego",
    "urodzonej", "född", "født", "fødd", "syntynyt", "narozen", "narozena", "született", "doğumlu", "doğum tarihi", "родился", "родилась", "народився", "народилася",
    "г. р", "nascita", "nacimiento", "nascimento", "geboortedatum", "urodzenia",
];

/// Whether somebody's birth is spoken of on the line before a date.
pub(super) fn born_in(before: &str) -> Option<&'static str> {
    const LONGEST: usize = 48;
    let line = before.rsplit('\n').next().unwrap_or(before);
    // `Klaus Weber (*3.4.1951)`; at the beginning of a line it is a mark of lists or of stress.
    let before_star = line.strip_suffix('*').unwrap_or_default().trim_end();
    if before_star.ends_with(|c: char| c == '(' || c.is_alphabetic()) {
        return Some("*");
    }
    let near = &line[floor(line, line.len().saturating_sub(LONGEST))..];
    let near = near.to_lowercase();
    let is_letter = |c: char| c.is_alphanumeric();
    BORN.iter().copied().find(|word| {
        near.match_indices(word).any(|(at, _)| {
            let (front, behind) = (&near[..at], &near[at + word.len()..]);
            !front.ends_with(is_letter) && !behind.starts_with(is_letter)
        })
    })
}

/// Whether the words right before a number say that somebody came to be so old, which a number alone may follow: `I just turned 46`, `I'll turn
/// 23`, `when she was 78`.
pub(super) fn turned(before: &str) -> bool {
    const WORDS: [&str; 8] = [
        " turned ",
        " turning ",
        "'ll turn ",
        " will turn ",
        "when he was ",
        "when she was ",
        "when i was ",
        "when they were ",
    ];
    let line = before.rsplit('\n').next().unwrap_or(before).as_bytes();
    WORDS.iter().any(|word| {
        line.len()
            .checked_sub(word.len())
            .is_some_and(|at| line[at..].eq_ignore_ascii_case(word.as_bytes()))
    })
}

/// Whether the words right before four numbers with dots between say that they are a version, not an address of the net: `Version=4.0.0.0`,
/// `Chrome/114.0.0.0`, `LibreOffice 7.4.7.2`.
pub(super) fn version_follows(before: &str, octets: &[u8]) -> bool {
    const WORDS: [&str; 9] = [
        "version",
        "ver",
        "ver.",
        "rev",
        "release",
        "build",
        "firmware",
        "バージョン",
        "ファームウェア",
    ];
    let line = before.rsplit('\n').next().unwrap_or(before);
    let bare = line.trim_end_matches([' ', ':', '=', '"', '\'', '/', '\t']);
    let lower = bare.to_lowercase();
    let said = WORDS.iter().any(|word| {
        let rest = lower.strip_suffix(word);
        rest.is_some_and(|rest| {
            !rest.ends_with(|c: char| c.is_ascii_lowercase()) || word.len() >= 7
        })
    });
    if said {
        return true;
    }
    // The name of a program: a word with a capital right before, and small numbers behind. 10.x is a net of one's own.
    let name = bare
        .rsplit(|c: char| !c.is_alphanumeric())
        .next()
        .unwrap_or("");
    let joined = line.len() - bare.len() == 1 && line.ends_with([' ', '/']);
    let named =
        name.len() >= 3 && name.is_ascii() && name.starts_with(|c: char| c.is_ascii_uppercase());
    let inner = name.bytes().skip(1).any(|b| b.is_ascii_uppercase())
        && name.bytes().any(|b| b.is_ascii_lowercase());
    let numbers = octets.split(|&b| b == b'.').map(|octet| {
        let digits = octet.iter().filter(|b| b.is_ascii_digit());
        digits.fold(0u32, |n, &b| n * 10 + u32::from(b - b'0'))
    });
    let first = numbers.clone().next().unwrap_or(0);
    let small = first <= 30 && first != 10 && numbers.clone().all(|n| n <= 60);
    let zeros = numbers.skip(2).all(|n| n == 0);
    joined && named && (line.ends_with('/') && (small || zeros) || inner && small)
}

/// Whether the words right before a number say that it is a postal code; not `file.zip 2048`.
pub(super) fn code_follows(before: &str) -> bool {
    const WORDS: [&str; 8] = [
        "zip code",
        "zipcode",
        "postal code",
        "postcode",
        "post code",
        "postleitzahl",
        "plz",
        "zip",
    ];
    let line = before.rsplit('\n').next().unwrap_or(before);
    let bare = line.trim_end_matches([' ', ':', '=', '#', '\t']);
    let said = ["is", "was"]
        .iter()
        .find_map(|verb| bare.strip_suffix(verb));
    let words = said.unwrap_or(bare).trim_end();
    // The last letters of the words.
    if !words.ends_with(['e', 'E', 'l', 'L', 'z', 'Z', 'p', 'P']) {
        return false;
    }
    let marked = said.is_some() || line[bare.len()..].contains([':', '=']);
    WORDS.iter().any(|word| {
        let Some(at) = words.len().checked_sub(word.len()) else {
            return false;
        };
        words.is_char_boundary(at)
            && words[at..].eq_ignore_ascii_case(word)
            && (marked || *word != "zip")
            && !words[..at].ends_with(|c: char| c.is_alphanumeric() || "._/\\-".contains(c))
    })
}

/// Whether the words right before a number say that it is an age: `Age: 35`, `at the age of 35`, 年齢：35, 満35; not a message, an average, 未満.
pub(super) fn aged(before: &str) -> bool {
    let line = before.rsplit('\n').next().unwrap_or(before);
    let line = line.trim_end_matches([' ', '\u{3000}', '\t', ':', '：', '=', '"', '(', '（']);
    let line = line.strip_suffix(" of").unwrap_or(line);
    AGE_LABELS.iter().any(|label| {
        let Some(at) = line.len().checked_sub(label.len()) else {
            return false;
        };
        line.is_char_boundary(at)
            && line[at..].eq_ignore_ascii_case(label)
            && !line[..at].ends_with(|c: char| {
                c == '未' || label.is_ascii() && (c.is_ascii_alphanumeric() || "_$-".contains(c))
            })
    })
}

/// The first of the words that stands in the text before a value; a new line in between ends the label's reach.
pub(super) fn label_in(before: &str, words: &[&'static str]) -> Option<&'static str> {
    let line = before.rsplit('\n').next().unwrap_or(before);
    let near = &line[floor(line, line.len().saturating_sub(40))..];
    let (mut lower, bytes) = ([0; 48], near.as_bytes());
    lower[..bytes.len()].copy_from_slice(bytes);
    lower[..bytes.len()].make_ascii_lowercase();
    let lower = &lower[..bytes.len()];
    let triples = Triples::of(lower);
    let fits = |w: &&&'static str| {
        let (first, w) = (w.as_bytes()[0], w.as_bytes());
        triples.may_hold(w)
            && memchr::memchr_iter(first, lower).any(|at| lower[at..].starts_with(w))
    };
    words.iter().find(fits).copied()
}

/// Which three bytes stand behind one another in a piece of text, hashed: most words are not looked for at all.
pub(super) struct Triples([u64; 8]);

impl Triples {
    pub(super) fn of(piece: &[u8]) -> Self {
        let mut triples = [0; 8];
        for three in piece.windows(3) {
            let (slot, bit) = Self::bit(three[0], three[1], three[2]);
            triples[slot] |= bit;
        }
        Self(triples)
    }

    /// Whether a word may stand in the piece: its first three bytes do.
    #[inline]
    pub(super) fn may_hold(&self, word: &[u8]) -> bool {
        let [a, b, c, ..] = word else { return true };
        let (slot, bit) = Self::bit(*a, *b, *c);
        self.0[slot] & bit != 0
    }

    #[inline]
    fn bit(a: u8, b: u8, c: u8) -> (usize, u64) {
        let hash = [a, b, c]
            .iter()
            .fold(0, |hash, &byte| (hash * 29) ^ usize::from(byte));
        (hash / 64 % 8, 1 << (hash % 64))
    }
}

#[cfg(test)]
mod tests {
    use super::{aged, code_follows, phone_right_before, turned, version_follows};

    #[test]
    fn versions() {
        let check = |text: &str, expected: bool| {
            let at = text.rfind(|c: char| !c.is_ascii_digit() && c != '.');
            let (before, number) = text.split_at(at.map_or(0, |at| at + 1));
            assert_eq!(
                version_follows(before, number.as_bytes()),
                expected,
                "{text}"
            );
        };
        check("with LibreOffice 7.4.7.2", true);
        check("LibreOffice/7.4.7.2", true);
        check("Gecko) Chrome/114.0.0.0", true);
        check("mscorlib, Version=4.0.0.0", true);
        check("firmware 1.2.3.4", true);
        check("over 1.2.3.4", false);
        check("DNS 8.8.8.8", false);
        check("host web1/192.0.2.7", false);
        check("from Tokyo 203.0.113.9", false);
        check("WebServer 10.0.0.5", false);
        check("192.0.2.1", false);
    }

    #[test]
    fn words_before_a_postal_code() {
        for before in [
            "ZIP: ",
            "my zip code is ",
            "postcode ",
            "PLZ: ",
            "zip=",
            "(Zip code: ",
        ] {
            assert!(code_follows(before), "{before}");
        }
        for before in [
            "file.zip: ",
            "application/zip: ",
            "zip ",
            "unzip: ",
            "code ",
            "zip:\n",
        ] {
            assert!(!code_follows(before), "{before}");
        }
    }

    #[test]
    fn labels_of_phones_around_the_world() {
        for before in [
            "Телефон: ",
            "ТЕЛ. ",
            "МОБ.: ",
            "Τηλ.: ",
            "SĐT: ",
            "โทร ",
            "휴대폰 ",
            "手机：",
            "Mob: ",
            "Tlf. ",
            "טלפון: ",
            "جوال: ",
            "Contact No: ",
        ] {
            assert!(phone_right_before(before, || false).is_some(), "{before}");
        }
        // A letter stands for many things: only before a number that is written as one to call.
        for before in ["M: ", "Anna | T: ", "(P) ph: "] {
            assert!(phone_right_before(before, || true).is_some(), "{before}");
            assert!(phone_right_before(before, || false).is_none(), "{before}");
        }
        for before in [
            "item: ",
            "Passport: ",
            "com.example.port: x ",
            "Mob ",
            "M ",
            "Тел: \n",
            "support: ",
            "xкод: ",
        ] {
            assert!(phone_right_before(before, || true).is_none(), "{before}");
        }
    }

    #[test]
    fn words_before_a_birthday() {
        for before in ["I just turned ", "I'll turn ", "Written when she was "] {
            assert!(turned(before), "{before}");
        }
        for before in ["returned ", "turn ", "it was ", "turned\n"] {
            assert!(!turned(before), "{before}");
        }
    }

    #[test]
    fn words_before_an_age() {
        for before in [
            "Age: ",
            "at the age of ",
            "aged ",
            "\"age\":",
            "年齢：",
            "満",
            "age=",
        ] {
            assert!(aged(before), "{before}");
        }
        for before in [
            "Usage: ",
            "message ",
            "average of ",
            "package = ",
            "18歳未満",
            "$age ",
            "age\n",
        ] {
            assert!(!aged(before), "{before}");
        }
    }
}
