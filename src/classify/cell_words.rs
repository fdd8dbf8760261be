//! Cells that are one of a closed set of words, or that letters and a few signs tell: genders, truth values, blood types, hosts, hidden addresses.
//!
//! In: a cell. Out: yes or no, or the shapes it has.

use super::cell::is_plain_host;
use super::{Shape, Shapes};
use crate::pattern::dict::Firsts;
use crate::pattern::domains::is_top_level;
use crate::text::{Words, is_hyphen, narrow};

/// A, B, O (also written 0) or AB, then 型, then the Rh factor, the last two if given.
pub(super) fn blood_type(cell: &str) -> bool {
    let mut folded = [0; 24];
    let mut len = 0;
    for c in cell.chars().filter(|c| !c.is_whitespace()) {
        let c = narrow(c).to_ascii_lowercase();
        let c = match c {
            '型' => '\x01',
            c if is_hyphen(c) => '-',
            c => c,
        };
        if len == folded.len() || !c.is_ascii() {
            return false;
        }
        folded[len] = c as u8;
        len += 1;
    }
    let rest = &folded[..len];
    let Some(rest) = [&b"ab"[..], b"a", b"b", b"o", b"0"]
        .iter()
        .find_map(|group| rest.strip_prefix(*group))
    else {
        return false;
    };
    let rest = rest.strip_prefix(b"\x01").unwrap_or(rest);
    let rhesus = [&b"rh"[..], b"(rh"]
        .iter()
        .find_map(|sign| rest.strip_prefix(*sign));
    let sign = rhesus.unwrap_or(rest);
    let sign = sign.strip_suffix(b")").unwrap_or(sign);
    sign.is_empty() && rhesus.is_none() || matches!(sign, b"+" | b"-")
}

/// What genders are called, in letters without accents.
static GENDERS: Words = Words::new(&[
    "male",
    "female",
    "man",
    "woman",
    "weiblich",
    "homme",
    "femme",
    "masculin",
    "feminin",
    "masculino",
    "femenino",
    "feminino",
    "hombre",
    "mujer",
    "varon",
    "homem",
    "mulher",
    "maschio",
    "femmina",
    "uomo",
    "donna",
    "vrouw",
    "mand",
    "kvinde",
    "mann",
    "kvinne",
    "kvinna",
    "mies",
    "nainen",
    "erkek",
    "bayan",
    "pria",
    "wanita",
    "lelaki",
    "perempuan",
    "nam",
    // How men and women are addressed.
    "mr",
    "mrs",
    "ms",
    "miss",
    "herr",
    "frau",
    "monsieur",
    "madame",
    "mademoiselle",
    "mme",
    "mlle",
    "mevrouw",
    "senor",
    "senora",
    "signor",
    "signora",
    "senhor",
    "senhora",
    "sra",
    "srta",
]);

/// The same with accents or in other scripts.
const GENDERS_WIDE: [&str; 46] = [
    "she/her",
    "she/they",
    "he/him",
    "he/they",
    "they/them",
    "any pronouns",
    "männlich",
    "masculin",
    "féminin",
    "varón",
    "mężczyzna",
    "kobieta",
    "kadın",
    "muž",
    "žena",
    "férfi",
    "nő",
    "muški",
    "ženski",
    "moški",
    "ženska",
    "vyras",
    "moteris",
    "vīrietis",
    "sieviete",
    "nữ",
    "bărbat",
    "femeie",
    "м",
    "ж",
    "муж",
    "жен",
    "мужской",
    "женский",
    "мужчина",
    "женщина",
    "чоловіча",
    "жіноча",
    "мъж",
    "жена",
    "άνδρας",
    "γυναίκα",
    "남",
    "여",
    "남성",
    "여성",
];

/// Whether it is one of [`GENDERS_WIDE`].
pub(super) fn gender(cell: &str) -> bool {
    const FIRST: Firsts = Firsts::of(&GENDERS_WIDE);
    let lower = || cell.chars().flat_map(char::to_lowercase);
    lower().next().is_some_and(|c| FIRST.has(c))
        && GENDERS_WIDE.iter().any(|word| lower().eq(word.chars()))
}

/// Whether it is a short form by which a man or a woman is addressed: `Mr.`, `Mrs.`, `Sra.`.
pub(super) fn honorific(cell: &str) -> bool {
    const FORMS: [&str; 10] = [
        "Mr.", "Mrs.", "Ms.", "M.", "Mme.", "Mlle.", "Sr.", "Sra.", "Srta.", "Fr.",
    ];
    FORMS.iter().any(|form| form.eq_ignore_ascii_case(cell))
}

/// Words of closed sets that are Latin letters only.
pub(super) fn letter_sets(cell: &str, out: &mut Shapes) {
    let is = |set: &[&str]| set.iter().any(|w| cell.eq_ignore_ascii_case(w));
    match cell.len() {
        1 if is(&["m", "f", "w", "h", "d", "v"]) => out.insert(Shape::Gender),
        2..=12 => {
            if GENDERS.has_any_case(cell) {
                out.insert(Shape::Gender);
            }
            if is(&["true", "false", "yes", "no"]) {
                out.insert(Shape::Bool);
            }
        }
        _ => {}
    }
    if cell.len() == 1 && is(&["t", "f", "y", "n"]) {
        out.insert(Shape::Bool);
    }
    let hex = cell.bytes().all(|b| b.is_ascii_hexdigit());
    if hex && matches!(cell.len(), 32 | 40 | 64 | 128) {
        out.insert(Shape::Hash);
    } else if cell.len() >= 24 {
        out.insert(Shape::Token);
    }
}

/// Whether it is the name of a host in small letters (`shop.example.com`) rather than that of a file.
pub(super) fn bare_host(cell: &str) -> bool {
    const FILES: [&str; 12] = [
        "rs", "py", "sh", "md", "zip", "pl", "ps", "mov", "cc", "so", "app", "bar",
    ];
    is_plain_host(cell.as_bytes())
        && cell
            .rsplit('.')
            .next()
            .is_some_and(|top| is_top_level(top) && !FILES.contains(&top))
}

/// Whether it is an address whose `@` is written as an entity of HTML or hidden from robots: `info&#64;example.com`, `info[at]example.com`.
pub(super) fn at_in_words(cell: &str) -> bool {
    let ats = ["&#64;", "&#x40;", "&commat;", "[at]", "(at)", "{at}"];
    ats.iter().any(|at| {
        let halves = cell.split_once(at);
        halves.is_some_and(|(local, host)| {
            let blank = |c: char| c.is_whitespace();
            !local.is_empty()
                && !local.contains(blank)
                && host.contains(['.', '[', '('])
                && !host.contains(blank)
        })
    })
}
