//! Values in Latin letters: names, streets, states, organisations.
//!
//! In: a cell. Out: the shapes it has. Names need a dictionary; streets, states and postal codes are closed sets.

use super::address_tokens::measures;
use super::cell::Counts;
use super::full_name::full_name;
use super::names_scripts;
use super::written_names::plain_name;
use super::{Shape, Shapes};
use crate::pattern::dict::{self, Lists};
use crate::pattern::streets::{self, Role};
use crate::text::Words;

/// Shapes of one word of letters.
pub(super) fn word(cell: &str, out: &mut Shapes) {
    if cell.len() > 24 {
        return;
    }
    out.insert(Shape::Word);
    if cell.as_bytes()[0].is_ascii_uppercase() {
        out.insert(Shape::Capitalised);
    }
    if cell.len() >= 2 {
        let (family, given) = name(cell);
        if family {
            out.insert(Shape::LatinSurname);
        }
        if given {
            out.insert(Shape::LatinGiven);
        }
    }
    sets(cell, out);
}

/// Whether a word is a known surname, and a known given name, English or romanised.
pub(super) fn name(word: &str) -> (bool, bool) {
    let lists = dict::latin(word);
    let (family, given) = (lists.any(Lists::SURNAME), lists.any(Lists::GIVEN));
    if family && given {
        return (true, true);
    }
    let romaji = if word.len() >= 3 {
        dict::romaji(word)
    } else {
        Lists::default()
    };
    (
        family || romaji.any(Lists::SURNAME),
        given || romaji.any(Lists::GIVEN),
    )
}

/// A name with a number behind it, as made-up people have (Synthea: `David228`).
pub(super) fn numbered_name(cell: &str, out: &mut Shapes) {
    let stem = cell.trim_end_matches(|c: char| c.is_ascii_digit());
    let is_cased =
        stem.starts_with(char::is_uppercase) && stem.chars().skip(1).all(char::is_lowercase);
    if stem.len() < 3 || !(1..=4).contains(&(cell.len() - stem.len())) || !is_cased {
        return;
    }
    let (family, given) = name(stem);
    let shapes = [
        (family, Shape::LatinSurname),
        (given, Shape::LatinGiven),
        (family || given, Shape::Capitalised),
    ];
    shapes
        .into_iter()
        .filter(|known| known.0)
        .for_each(|known| out.insert(known.1));
}

/// States, countries, occupations.
fn sets(cell: &str, out: &mut Shapes) {
    let lower = |text: &str| dict::value(text.chars().map(|c| c.to_ascii_lowercase()));
    if cell.len() == 2 && state(cell) {
        out.insert(Shape::State);
    }
    if cell.len() > 40 || cell.len() < 2 {
        return;
    }
    let value = lower(cell);
    if value.state {
        out.insert(Shape::State);
    }
    if value.country {
        out.insert(Shape::Country);
    }
    if value.occupation || job(cell) {
        out.insert(Shape::Occupation);
    }
    let suffixed = cell.split_once('-').is_some_and(|(name, suffix)| {
        ["ken", "fu", "to"]
            .iter()
            .any(|s| suffix.eq_ignore_ascii_case(s))
            && lower(name).prefecture
    });
    if value.prefecture || suffixed {
        out.insert(Shape::JpPrefecture);
    }
}

/// Whether it is the title of a job: two to six words with one of a trade or a rank among them (`Chief Executive Officer`).
fn job(cell: &str) -> bool {
    const WORDS: [&str; 36] = [
        "officer",
        "manager",
        "engineer",
        "director",
        "president",
        "supervisor",
        "technician",
        "specialist",
        "assistant",
        "coordinator",
        "administrator",
        "analyst",
        "designer",
        "developer",
        "accountant",
        "clerk",
        "scheduler",
        "buyer",
        "planner",
        "secretary",
        "consultant",
        "nurse",
        "teacher",
        "operator",
        "worker",
        "representative",
        "architect",
        "inspector",
        "foreman",
        "receptionist",
        "recruiter",
        "stocker",
        "janitor",
        "programmer",
        "salesperson",
        "attendant",
    ];
    let words = cell.split([' ', '-', '/']).filter(|w| !w.is_empty());
    (2..=6).contains(&words.clone().count())
        && words
            .clone()
            .any(|w| WORDS.iter().any(|known| w.eq_ignore_ascii_case(known)))
}

/// Shapes of several words, or of one with signs.
pub(super) fn several_words(cell: &str, counts: &Counts, out: &mut Shapes) {
    let words = cell.split_whitespace().count();
    if counts.digits == 0
        && counts.others <= 1
        && counts.slashes == 0
        && counts.colons == 0
        && words <= 5
        && cell.len() <= 60
    {
        full_name(cell, words, out);
        sets(cell, out);
    } else if counts.digits == 0 && words <= 4 && reserved(cell) {
        out.insert(Shape::LatinFullName);
    } else if counts.digits <= 3 && cell.len() <= 60 && words <= 6 && job(cell) {
        out.insert(Shape::Occupation);
    }
    if organisation(cell) {
        out.insert(Shape::Organisation);
    }
    if counts.digits > 0
        && words >= 2
        && cell.len() <= 120
        && street(cell)
        && !addresses_somebody(cell)
    {
        out.insert(Shape::Street);
    }
    if words >= 5 && counts.lower > counts.upper * 2 && counts.digits * 3 < counts.lower
        || words >= 3 && cell.ends_with(['.', '!', '?']) && !out.has(Shape::LatinFullName)
    {
        out.insert(Shape::Sentence);
    }
}

/// Whether two or three words are names each, though they may be ordinary words as well: Rose King, of somebody who has a mailbox.
pub(super) fn all_names(text: &str) -> bool {
    let words = text.split_whitespace().count();
    (2..=3).contains(&words)
        && text.split_whitespace().all(|word| {
            let (family, given) = name(word.trim_end_matches('.'));
            family || given || word.trim_end_matches('.').chars().count() == 1
        })
}

/// `SMITH/MARY MS`, `SMITH^MARY`, as airlines, hotels and hospitals write names.
fn reserved(cell: &str) -> bool {
    let mut shapes = Shapes::NONE;
    if let Some(name) = plain_name(cell) {
        full_name(&name, name.split(' ').count(), &mut shapes);
    }
    shapes.has(Shape::LatinFullName)
}

/// Shapes of words with accents.
pub(super) fn accented(cell: &str) -> Shapes {
    let mut out = Shapes::NONE;
    let letters = cell
        .chars()
        .all(|c| names_scripts::is_letter(c) || matches!(c, ' ' | '-' | '.' | ','));
    let words = cell.split_whitespace().count();
    if letters && words <= 5 && cell.len() <= 80 {
        full_name(cell, words, &mut out);
        sets(cell, &mut out);
        if words == 1 {
            out.insert(Shape::Word);
            let (family, given) = name(cell);
            if family {
                out.insert(Shape::LatinSurname);
            }
            if given {
                out.insert(Shape::LatinGiven);
            }
        }
    } else if words >= 2 && cell.len() <= 160 && street(cell) {
        out.insert(Shape::Street);
    }
    // Names in Arabic letters tell of the forefathers: seven words without any other sign are no sentence yet.
    let arabic = cell.starts_with(|c: char| matches!(c, '\u{600}'..='\u{6FF}'));
    if words >= 6 && !(arabic && letters && words <= 8 && !cell.contains(['.', '،', ','])) {
        out.insert(Shape::Sentence);
    }
    if organisation(cell) {
        out.insert(Shape::Organisation);
    }
    out
}

/// Words of greeting and of thanks that are nobody's surname.
#[rustfmt::skip]
const GREETINGS: [&str; 22] = [
    "thanks", "thank you", "many thanks", "regards", "kind regards", "best regards", "cheers", "hi", "hello", "sincerely", "welcome", "sorry",
    "danke", "hallo", "merci", "bonjour", "cordialement", "gracias", "hola", "saludos", "obrigado", "grazie",
];

/// Whether it greets or thanks before a comma: `Thanks, Mary Smith` is no name of somebody called Thanks.
fn is_greeting(cell: &str) -> bool {
    let head = cell.split_once(',').map(|(head, _)| head.trim());
    head.is_some_and(|head| GREETINGS.iter().any(|word| head.eq_ignore_ascii_case(word)))
}

/// What words are that only look like names.
pub(super) fn no_name(cell: &str) -> Option<Shape> {
    match () {
        () if is_firm(cell) => Some(Shape::Capitalised),
        () if is_greeting(cell) => Some(Shape::Sentence),
        () => None,
    }
}

pub(super) const TITLES: [&str; 20] = [
    "mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "rev", "hon", "jr", "sr", "ii", "iii",
    "iv", "md", "phd", "dds", "dvm", "esq",
];
pub(super) const PARTICLES: [&str; 14] = [
    "van", "von", "de", "der", "den", "da", "dos", "del", "di", "la", "le", "bin", "al", "du",
];

/// Words of organisations and legal forms of four letters and more, without accents.
static ORGANISATIONS: Words = Words::new(&[
    "corp",
    "corporation",
    "company",
    "gmbh",
    "bank",
    "university",
    "institute",
    "foundation",
    "association",
    "society",
    "group",
    "holdings",
    "holding",
    "partners",
    "committee",
    "department",
    "ministry",
    "school",
    "college",
    "hospital",
    "church",
    "kabushiki",
    "limited",
    "kgaa",
    "sarl",
    "sasu",
    "eurl",
    "cvba",
    "bvba",
    "commv",
    "aktiebolag",
    "spol",
    "nyrt",
    "ltda",
    "limitada",
    "eireli",
    "eirl",
    "eood",
    "persero",
    "hijos",
    "hermanos",
    "asociados",
    "associados",
    "associates",
    "associati",
    "associes",
    "figli",
    "fils",
    "freres",
    "sons",
    "zonen",
    "filhos",
    "irmaos",
    "sohne",
    "compagnie",
    "sociedad",
    "sociedade",
    "societa",
    "stiftung",
    "verein",
    "vennootschap",
    "sirketi",
    "tnhh",
    "advisors",
    "agency",
    "airlines",
    "analytics",
    "capital",
    "clinic",
    "consulting",
    "enterprises",
    "hotel",
    "industries",
    "insurance",
    "investments",
    "laboratories",
    "logistics",
    "motors",
    "pharmaceuticals",
    "pharmacy",
    "restaurant",
    "securities",
    "solutions",
    "systems",
    "technologies",
    "ventures",
    "construction",
    "landscaping",
    "plumbing",
    "properties",
    "publishing",
    "realty",
    "roofing",
    "trucking",
    "trust",
    "trustees",
]);

/// Legal forms of three letters, of which the first are written with one capital, too.
const FORMS_3: [&str; 40] = [
    "inc", "ltd", "llc", "kft", "zrt", "aps", "oyj", "srl", "spa", "plc", "llp", "pty", "pvt",
    "ohg", "mbh", "gbr", "sas", "snc", "sci", "scs", "slu", "sll", "vof", "asa", "ans", "tmi",
    "sro", "doo", "dno", "ood", "kda", "tbk", "bhd", "sdn", "sia", "uab", "sti", "sca", "spk",
    "spj",
];

/// How many of [`FORMS_3`] are.
const CAPITALISED_3: usize = 12;

/// Legal forms of two letters that are no state of America.
const FORMS_2: [&str; 14] = [
    "ag", "kg", "bv", "ug", "sl", "sa", "kk", "ev", "eg", "oy", "as", "ab", "cv", "bt",
];

/// Those that are only sure with dots: S.C., a.s., N.V.
const FORMS_2_DOTTED: [&str; 11] = [
    "sa", "sl", "kk", "nv", "bv", "as", "os", "sc", "ev", "kg", "oo",
];

/// Legal forms that stand before a name, and the same in other scripts.
const ORGANISATIONS_FIRST: [&str; 54] = [
    "PT ",
    "PT. ",
    "CV ",
    "CV. ",
    "UD ",
    "PD ",
    "Perum ",
    "Fundacja ",
    "Gabinety ",
    "Spółdzielnia ",
    "Stowarzyszenie ",
    "PPUH ",
    "FPUH ",
    "Grupa ",
    "Grupo ",
    "Compañía ",
    "Despacho ",
    "Laboratorios ",
    "Corporacin ",
    "Corporación ",
    "Industrias ",
    "Proyectos ",
    "Club ",
    "SIA ",
    "UAB ",
    "Công ty ",
    "Asociación ",
    "Association ",
    "Banco ",
    "Banque ",
    "Caisse ",
    "Compagnie ",
    "Crédit ",
    "Entreprise ",
    "Fédération ",
    "Fundação ",
    "Fundación ",
    "Gesellschaft ",
    "Groupement ",
    "Institut ",
    "Société ",
    "Universidad ",
    "Université ",
    "Union des ",
    "ООО ",
    "ОАО ",
    "ЗАО ",
    "ПАО ",
    "АО ",
    "ИП ",
    "ТОВ ",
    "ПП ",
    "บริษัท",
    "ห้างหุ้นส่วน",
];

/// The same anywhere in the text, in scripts without blanks.
const ORGANISATIONS_INSIDE: [&str; 14] = [
    "公司",
    "集团",
    "集團",
    "企業社",
    "주식회사",
    "(주)",
    "㈜",
    "유한회사",
    "(유)",
    "РАО ",
    "НПО ",
    "ФГУП ",
    "Công ty",
    "sp. z o.o.",
];

fn organisation(cell: &str) -> bool {
    if cell.len() > 120 {
        return false;
    }
    // Boise, ID; Adelaide SA 5000: places, not forms.
    let digits = cell.bytes().any(|b| b.is_ascii_digit());
    let mut words = cell.split([' ', ',']).skip(1).peekable();
    while let Some(word) = words.next() {
        let last = words.peek().is_none() && !digits && !cell.contains(',');
        if legal_form(word, last) {
            return true;
        }
    }
    ORGANISATIONS_FIRST
        .iter()
        .any(|form| cell.starts_with(form))
        || is_firm(cell)
        || is_household(cell)
        || !cell.is_ascii() && ORGANISATIONS_INSIDE.iter().any(|form| cell.contains(form))
}

/// Whether a family is meant, not one of it: Jones Household, The Jones Family (as Salesforce NPSP calls its accounts).
fn is_household(cell: &str) -> bool {
    let family = cell
        .strip_prefix("The ")
        .and_then(|name| name.strip_suffix(" Family"));
    let name = family.or_else(|| cell.strip_suffix(" Household"));
    name.is_some_and(|name| name.starts_with(char::is_uppercase) && name.split(' ').count() <= 3)
}

/// Whether it is called after three partners: Smith, Lee and Cole; but no couple: Smith, John and Mary.
fn is_firm(cell: &str) -> bool {
    let Some((first, rest)) = cell.split_once(", ") else {
        return false;
    };
    let Some((second, third)) = rest.split_once(" and ").or_else(|| rest.split_once(" & ")) else {
        return false;
    };
    let names = [first, second, third];
    let family = |word: &&str| !word.contains([' ', ',']) && name(word).0;
    let given = |word: &str| {
        dict::latin(word).any(Lists::GIVEN_STRONG) && !dict::latin(word).any(Lists::SURNAME_STRONG)
    };
    names.iter().all(family) && !(given(second) || given(third))
}

/// Whether a word behind a name is a legal form or a word of organisations: `Söhne`, `S.L.`, `A/S`, `Oy`; the shortest only at the end.
fn legal_form(word: &str, last: bool) -> bool {
    let (mut folded, mut len, mut dots, mut upper) = ([0u8; 16], 0, 0, 0);
    for c in word.chars() {
        if matches!(c, '.' | '/' | '\'' | '’' | '"' | '»' | '(' | ')') {
            dots += usize::from(c == '.' || c == '/');
            continue;
        }
        let c = plain(c);
        if !c.is_ascii_alphabetic() || len == folded.len() {
            return false;
        }
        upper += usize::from(c.is_ascii_uppercase());
        folded[len] = c.to_ascii_lowercase() as u8;
        len += 1;
    }
    let Ok(folded) = std::str::from_utf8(&folded[..len]) else {
        return false;
    };
    match len {
        2 if folded == "co" => dots == 1,
        2 if last && dots > 0 => FORMS_2_DOTTED.contains(&folded),
        2 => last && (upper == 2 || folded == "oy") && FORMS_2.contains(&folded),
        3 if upper == 3 || dots >= 2 => FORMS_3.contains(&folded),
        3 => FORMS_3[..CAPITALISED_3].contains(&folded),
        4.. => ORGANISATIONS.has(folded),
        _ => false,
    }
}

/// A letter without its accent, where it has one.
pub(super) fn plain(c: char) -> char {
    use unicode_normalization::char::decompose_canonical;
    let mut first = None;
    if !c.is_ascii() {
        decompose_canonical(c, |part| first = first.or(Some(part)));
    }
    first.unwrap_or(c)
}

/// Whether it begins with a house number and has a word of streets, or is a post office box.
pub(super) fn street(cell: &str) -> bool {
    let mut words = cell.split([' ', ',', '\n']).filter(|w| !w.is_empty());
    let first = words.next().unwrap_or("");
    let number = first.as_bytes().first().is_some_and(u8::is_ascii_digit)
        && !measures(first, words.clone().next())
        && first.len() <= 8
        && first.bytes().filter(u8::is_ascii_alphabetic).count() <= 2;
    let typed =
        |w: &str| streets::role(w.trim_matches(['.', ',', ';'])).any(Role::TYPE.or(Role::WEAK));
    if number && words.skip(1).take(6).any(typed) {
        return true;
    }
    if super::text_address::is_address(cell) {
        return true;
    }
    let lower = cell.to_lowercase();
    lower.starts_with("po box")
        || lower.starts_with("p.o. box")
        || lower.starts_with("p.o.box")
        || continental(&lower)
}

/// Whether somebody stands beside the address, by a full name before the number of the house, or by a phone or a mailbox behind it: such a cell is a text.
fn addresses_somebody(cell: &str) -> bool {
    let reach = |c: &char| c.is_ascii_digit() || matches!(c, '-' | '.' | '(' | ')' | '+' | ' ');
    let digits = cell
        .chars()
        .rev()
        .take_while(reach)
        .filter(char::is_ascii_digit)
        .count();
    let named = || {
        let (name, rest) = cell.split_once([',', ';', '\n']).unwrap_or_default();
        let mut shapes = Shapes::NONE;
        full_name(name, name.split_whitespace().count(), &mut shapes);
        shapes.has(Shape::LatinFullName)
            && rest.trim_start().starts_with(|c: char| c.is_ascii_digit())
    };
    digits >= 10 || cell.contains('@') || named()
}

/// Endings of the names of streets in German, Dutch and the languages of the north.
const STREET_ENDINGS: [&str; 36] = [
    "straße", "strasse", "str", "weg", "platz", "allee", "gasse", "ufer", "ring", "damm", "straat",
    "laan", "plein", "gracht", "kade", "dijk", "singel", "steeg", "dreef", "pad", "baan", "hof",
    "gatan", "gata", "vägen", "gränd", "gade", "vej", "stræde", "allé", "veien", "vegen", "katu",
    "tie", "kuja", "polku",
];

/// Words before the names of streets in other languages of Europe, Indonesian and Vietnamese.
const STREET_BEGINNINGS: [&str; 80] = [
    "rue ",
    "avenue ",
    "calle ",
    "via ",
    "viale ",
    "piazza ",
    "rua ",
    "avenida ",
    "plaza ",
    "paseo ",
    "ul. ",
    "ulica ",
    "al. ",
    "plac ",
    "pl. ",
    "os. ",
    "callejón ",
    "cañada ",
    "ronda ",
    "pasaje ",
    "praça ",
    "travessa ",
    "alameda ",
    "largo ",
    "av. ",
    "av ",
    "jl. ",
    "jl ",
    "jalan ",
    "gg. ",
    "gang ",
    "jln ",
    "strada ",
    "str. ",
    "aleea ",
    "bulevardul ",
    "calea ",
    "piața ",
    "náměstí ",
    "trg ",
    "ulice ",
    "đường ",
    "phố ",
    "số ",
    "corso ",
    "vicolo ",
    "contrada ",
    "borgo ",
    "rotonda ",
    "stretto ",
    "incrocio ",
    "canale ",
    "ул. ",
    "улица ",
    "пр. ",
    "пр-т ",
    "просп. ",
    "проспект ",
    "пер. ",
    "переулок ",
    "бул. ",
    "бульвар ",
    "б-р ",
    "наб. ",
    "набережная ",
    "ш. ",
    "шоссе ",
    "алл. ",
    "пл. ",
    "площадь ",
    "вул. ",
    "вулиця ",
    "площа ",
    "провулок ",
    "жк ",
    "ж.к. ",
    "λεωφόρος ",
    "οδός ",
    "πλατεία ",
    "πάρ. ",
];

/// `Musterstraße 1`, `rue de la Paix 3`, `via Roma 5`, `ул. Ленина, д. 5`.
fn continental(lower: &str) -> bool {
    let last_number = lower
        .rsplit(' ')
        .next()
        .is_some_and(|w| w.starts_with(|c: char| c.is_ascii_digit()) && w.len() <= 5);
    let suffix = lower.split([' ', ',']).any(|w| {
        let w = w.trim_end_matches('.');
        w.len() > 5 && STREET_ENDINGS.iter().any(|s| w.ends_with(s))
    });
    let prefix = STREET_BEGINNINGS.iter().any(|p| lower.starts_with(p));
    last_number && suffix || prefix && lower.bytes().any(|b| b.is_ascii_digit())
}

/// Postal codes with letters: United Kingdom, Canada, Netherlands, Ireland.
pub(super) fn postal_code(cell: &str, out: &mut Shapes) {
    let mut shape = [0u8; 10];
    let mut n = 0;
    for b in cell.bytes().filter(|&b| b != b' ') {
        if n == shape.len() {
            return;
        }
        shape[n] = match b {
            b'0'..=b'9' => b'9',
            b'A'..=b'Z' | b'a'..=b'z' => b'A',
            _ => b,
        };
        n += 1;
    }
    let upper = cell.bytes().all(|b| !b.is_ascii_lowercase());
    let is = match &shape[..n] {
        b"A9A9A9" => true,
        b"9999AA" => upper && cell.len() == 7,
        b"A99AA" | b"A999AA" | b"AA99AA" | b"AA999AA" | b"A9A9AA" | b"AA9A9AA" => {
            cell.contains(' ') && upper
        }
        _ => false,
    };
    if is {
        out.insert(Shape::PostalOther);
    }
}

/// US state or territory, or Canadian province, by name or code.
pub(super) fn state(cell: &str) -> bool {
    if cell.len() == 2 {
        return STATE_CODES.contains(&cell);
    }
    (4..=22).contains(&cell.len())
        && dict::value(cell.chars().map(|c| c.to_ascii_lowercase())).state
}

pub(super) const STATE_CODES: [&str; 68] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "DC", "FL", "GA", "HI", "ID", "IL", "IN", "IA",
    "KS", "KY", "LA", "ME", "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM",
    "NY", "NC", "ND", "OH", "OK", "OR", "PA", "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA",
    "WV", "WI", "WY", "PR", "GU", "VI", "AP", "AE", "AA", "ON", "QC", "BC", "AB", "MB", "SK", "NS",
    "NB", "NL", "PE", "YT",
];
