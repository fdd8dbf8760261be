//! Full names with something beside them in one cell: a number (`荒井 篤(20001)`), a title, a department, the piece of a directory's path.
//!
//! In: a cell. Out: the part of it that is the name. Only what is told by its form is taken off, from one end at a time, and only where a full
//! name in kanji, Latin letters or another script is left; a phone or a mailbox beside a name is left to the search of texts.

use super::cell::general;
use super::latin;
use super::written_names::plain_name;
use super::{Shape, Shapes};
use crate::pattern::dict::{self, Lists};
use crate::pattern::sounds;
use crate::text::katakana;

/// Characters of a cell that is looked at: what is longer is a text.
const LONGEST: usize = 160;

/// Things taken off one cell at most.
const STEPS: usize = 3;

/// Shapes that a cell with a name may have for what stands beside the name; all others say what the cell is.
const OPEN: Shapes = Shapes::of(&[
    Shape::AgeLike,
    Shape::BloodType,
    Shape::Capitalised,
    Shape::Code,
    Shape::HanShort,
    Shape::JpBuilding,
    Shape::JpStreet,
    Shape::JpSurname,
    Shape::Occupation,
    Shape::Organisation,
    Shape::Sentence,
    Shape::Word,
]);

/// Full names whose letters leave no doubt that they are names.
const NAMES: Shapes = Shapes::of(&[
    Shape::JpFullName,
    Shape::LatinFullName,
    Shape::ScriptFullName,
]);

/// The shapes of a cell with those of the name in it, where something beside the name hides it; `shapes` are those of the whole.
pub(super) fn with_name(cell: &str, shapes: Shapes) -> Shapes {
    if shapes.0 & !OPEN.0 != 0 {
        return shapes;
    }
    let named = named(cell).map(|(_, shapes)| shapes);
    let first = || names_of(cell).map(|names| general(bare_name(names[0])));
    named.or_else(first).unwrap_or(shapes)
}

/// The name in a cell, or all of it where nothing stands beside a name.
pub fn bare_name(cell: &str) -> &str {
    let cell = cell.trim();
    let signs =
        |c: char| !c.is_alphabetic() && !matches!(c, ' ' | '\u{3000}' | '.' | ',' | '\'' | '-');
    let blanks = cell.chars().filter(|c| c.is_whitespace()).count();
    if blanks < 2 && !cell.contains(signs) {
        return cell;
    }
    named(cell).map_or(cell, |(name, _)| name)
}

/// The names of several people in one cell: `Mary Johnson; Susan Miller`, 佐藤 太郎、佐藤 花子. `None` where any of them is no full name.
fn names_of(cell: &str) -> Option<Vec<&str>> {
    several(cell, false)
}

/// The same in a column of names, where half of them need be known; all of those between commas or lines.
pub fn names_among(cell: &str) -> Option<Vec<&str>> {
    several(cell, true)
}

/// Signs between the names of several people, in the order in which they are looked for.
#[rustfmt::skip]
const BETWEEN: [&str; 14] = [
    ";", "；", "\n", "、", "＆", "&", " and ", "・", "，", ",", "／", "|", "｜", "/",
];

/// The sign that parts the names of several people, if one does.
fn sign_between(cell: &str) -> Option<&'static str> {
    // Most names hold none of them: one look at each byte tells so.
    let bytes = cell.as_bytes();
    let holds = bytes.iter().any(|byte| BEGINS_BETWEEN[usize::from(*byte)])
        && (cell.chars().any(is_between) || bytes.windows(5).any(|word| word == b" and "));
    let sign = BETWEEN
        .into_iter()
        .filter(|_| holds)
        .find(|sign| cell.contains(sign));
    sign.or_else(|| between_blanks(cell))
}

/// Whether the sign parts the halves of one name: SMITH/JOHN is one passenger.
fn is_one(cell: &str, sign: &str) -> bool {
    let capital = !cell.bytes().any(|byte| byte.is_ascii_lowercase());
    let may_be = sign == ";" || sign == "/" && capital;
    may_be && plain_name(cell).is_some_and(|name| general(&name).has(Shape::LatinFullName))
}

fn several(cell: &str, of_names: bool) -> Option<Vec<&str>> {
    let sign = sign_between(cell)?;
    if cell.len() > LONGEST * 4 || cell.contains('@') {
        return None;
    }
    if of_names && is_one(cell, sign) {
        return None;
    }
    let pieces = cell.split(sign).map(str::trim);
    let all: Vec<&str> = pieces.filter(|piece| !piece.is_empty()).collect();
    let count = all.len();
    let is_name = |piece: &str| {
        let shapes = general(bare_name(piece));
        shapes.any(NAMES) && !shapes.has(Shape::Organisation)
    };
    let all: Vec<&str> = all
        .into_iter()
        .map(|piece| aside(piece).unwrap_or(piece))
        .collect();
    let in_kanji: Vec<&str> = all
        .iter()
        .copied()
        .filter(|piece| piece.starts_with(is_han) && is_name(piece))
        .collect();
    let readings = all.iter().filter(|piece| is_reading(piece)).count();
    let reads = |piece: &str| {
        let fits = in_kanji.iter().filter_map(|name| may_be_read(name, piece));
        // One reading for each name: of whom no list knows how he is called it may be anyhow.
        let fits = fits.reduce(|one, other| one || other);
        is_reading(piece) && fits.unwrap_or(readings <= in_kanji.len())
    };
    let beside = |piece: &str| is_beside(piece) || !in_kanji.is_empty() && reads(piece);
    let rest = all.iter().copied().filter(|piece| !beside(piece));
    let pieces: Vec<&str> = rest.collect();
    if pieces.len() == 1 && count > 1 {
        return is_name(pieces[0]).then_some(pieces);
    }
    if sign == "," && is_turned(&pieces) {
        return Some(vec![cell.trim()]);
    }
    // Johnson, Mary: one name, the other way round; 佐藤 太郎・花子: a couple.
    let blank = |piece: &str| piece.contains([' ', '\u{3000}']);
    let may_be = |piece: &&str| {
        let chars = piece.chars().count();
        let han = piece.starts_with(is_han) && chars >= 3;
        let long = sign != "," && (sign != "・" || chars >= 3);
        (han || blank(piece) || long) && chars <= 40 && !piece.contains(char::is_numeric)
    };
    let some = (2..=PEOPLE).contains(&pieces.len()) && pieces.iter().all(may_be);
    let is_one = |piece: &&&str| {
        let both = piece.is_ascii() && has_both(piece);
        let named = is_name(piece) && (sign != "," || !piece.is_ascii() || both);
        // John Smith: words that are names as well, where all are names.
        named || of_names && both || !in_kanji.is_empty() && is_reading(piece)
    };
    let known = || pieces.iter().filter(is_one).count();
    // What else a line or a comma parts is seldom a person, but among many names one that no list knows.
    let half = of_names && !matches!(sign, "," | "，" | "、" | "\n" | "／" | "/");
    let enough = |known: usize| {
        let likely = || {
            pieces
                .iter()
                .all(|piece| is_name(piece) || is_likely(piece))
        };
        let most = pieces.len() >= 3 && known * 4 >= pieces.len() * if of_names { 2 } else { 3 };
        known == pieces.len() || half && known * 2 >= pieces.len() || most && likely()
    };
    (some && enough(known())).then_some(pieces)
}

/// The first bytes of what [`is_between`] takes, and one of ` and ` that names in other scripts do not have.
const BEGINS_BETWEEN: [bool; 256] = {
    let (mut table, bytes) = ([false; 256], b";\n&,|/d\xE3\xEF");
    let mut at = 0;
    while at < bytes.len() {
        table[bytes[at] as usize] = true;
        at += 1;
    }
    table
};

/// Whether a character parts the names of several people.
fn is_between(c: char) -> bool {
    matches!(
        c,
        ';' | '；' | '\n' | '、' | '＆' | '&' | '・' | '，' | ',' | '／' | '|' | '｜' | '/'
    )
}

/// The sign between names that blanks alone part: 佐藤太郎　鈴木花子, each a full name without one. 長谷川 慎一郎 are a surname and a given name, though both
/// could be split.
fn between_blanks(cell: &str) -> Option<&'static str> {
    if !cell.starts_with(is_han) {
        return None;
    }
    let (blank, sign) = [('\u{3000}', "\u{3000}"), (' ', " ")]
        .into_iter()
        .find(|(blank, _)| cell.contains(*blank))?;
    let full = |piece: &str| {
        let chars = piece.chars().count();
        piece.starts_with(is_han)
            && (3..=6).contains(&chars)
            && general(piece).has(Shape::JpFullName)
            && !dict::jp(&piece.chars().collect::<Vec<char>>()).any(Lists::SURNAME.or(Lists::GIVEN))
    };
    let pieces = || {
        cell.split(blank)
            .map(str::trim)
            .filter(|piece| !piece.is_empty())
    };
    let all = pieces().all(full) && pieces().count() > 1;
    all.then_some(sign)
}

/// Whether a piece that no list knows in full is made like a name: words in capitals of which one is a name, or a surname and a little more.
fn is_likely(piece: &str) -> bool {
    let piece = bare_name(piece);
    if piece.starts_with(is_han) {
        let chars: Vec<char> = piece.chars().filter(|c| !c.is_whitespace()).collect();
        let surname = |end: usize| dict::jp(&chars[..end]).any(Lists::SURNAME_STRONG);
        let short = (3..=6).contains(&chars.len());
        return short && !is_office(piece) && (1..=3).any(|end| end < chars.len() && surname(end));
    }
    let words: Vec<&str> = piece.split(' ').collect();
    let is_word = |word: &&str| {
        let letters = |c: char| c.is_alphabetic() || matches!(c, '.' | '\'' | '-' | '’');
        word.starts_with(char::is_uppercase) && word.chars().all(letters)
    };
    let is_name = |word: &&str| {
        let (family, given) = latin::name(word);
        family || given
    };
    (2..=4).contains(&words.len()) && words.iter().all(is_word) && words.iter().any(is_name)
}

/// What stands beside a name in a piece of its own: an office, a department, an occupation, a remark in brackets.
fn is_beside(piece: &str) -> bool {
    piece.starts_with(['(', '（', '[', '【', '<', '＜'])
        || is_office(piece)
        || general(piece).has(Shape::Occupation) && !general(piece).any(NAMES)
}

/// The full name of somebody else in a piece with a bracket: `(妻 佐藤 花子)`, `(妻)佐藤 花子`. What somebody was called before is none.
fn aside(piece: &str) -> Option<&str> {
    let inner = piece.strip_prefix(['(', '（'])?;
    let (inner, behind) = inner.split_once([')', '）'])?;
    if ["旧", "元", "本名", "通称", "別名"]
        .iter()
        .any(|word| inner.contains(word))
    {
        return None;
    }
    let name = match behind.trim() {
        "" => inner.trim(),
        behind => behind,
    };
    let blank = |c: char| c.is_whitespace() || matches!(c, ':' | '：');
    let role = name
        .split_once(blank)
        .filter(|(role, _)| role.chars().count() <= 3);
    let is_name = |name: &&str| general(name).any(NAMES) && !general(name).has(Shape::Organisation);
    let rest = role.map(|(_, rest)| rest.trim()).filter(is_name);
    rest.or(Some(name).filter(is_name))
}

/// Whether a name in kanji may be read as a piece in kana or Latin letters says, by its surname; `None` where no list knows how that is read.
fn may_be_read(name: &str, reading: &str) -> Option<bool> {
    let blank = [' ', '\u{3000}'];
    let name = bare_name(name);
    let words = || reading.split(blank).filter(|word| !word.is_empty());
    let fits = |family: &str| {
        let fits = words().filter_map(|word| sounds::may_be_read(family, word));
        fits.reduce(|one, other| one || other)
    };
    if let Some((family, _)) = name.split_once(blank) {
        return fits(family);
    }
    let cuts = name.char_indices().map(|(at, _)| at).skip(1).take(4);
    let fits = cuts.filter_map(|at| fits(&name[..at]));
    fits.reduce(|one, other| one || other)
}

/// The name in kanji beside it, once more in kana or as it is read in Latin letters.
fn is_reading(piece: &str) -> bool {
    let words: Vec<&str> = piece.split([' ', '\u{3000}']).collect();
    let is_foreign = |word: &&str| {
        let folded: Vec<char> = word.chars().map(katakana).collect();
        let lists = dict::kana(&folded);
        lists.any(Lists::FOREIGN) && !lists.any(Lists::SURNAME.or(Lists::GIVEN))
    };
    let kana = general(piece).has(Shape::KanaFullName) && !words.iter().any(is_foreign);
    let is_romaji = |family: &str, given: &str| {
        dict::romaji(family).any(Lists::SURNAME) && dict::romaji(given).any(Lists::GIVEN)
    };
    let romaji = || match words[..] {
        [a, b] => is_romaji(a, b) || is_romaji(b, a),
        _ => false,
    };
    kana || romaji()
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// Whether the first and the last word are a given name and a surname, in either order.
fn has_both(piece: &str) -> bool {
    let words = piece.split(' ');
    let (Some(first), Some(last)) = (words.clone().next(), words.clone().next_back()) else {
        return false;
    };
    let (a, b) = (latin::name(first), latin::name(last));
    a.1 && b.0 || a.0 && b.1
}

/// Whether two pieces are one name, the surnames first: García López, María José.
fn is_turned(pieces: &[&str]) -> bool {
    let [family, given] = pieces else {
        return false;
    };
    let blank = |piece: &str| piece.contains(' ');
    let first = |piece: &str| latin::name(piece.split(' ').next().unwrap_or("")).1;
    let only_given = given
        .split(' ')
        .all(|word| latin::name(word).1 && !dict::latin(word).any(Lists::SURNAME_STRONG));
    let is_latin = |piece: &str| piece.starts_with(|c: char| c < '\u{250}' && c.is_alphabetic());
    is_latin(family)
        && is_latin(given)
        && (blank(family) || blank(given))
        && first(given)
        && (!first(family) || only_given)
}

/// People in one cell at most.
const PEOPLE: usize = 64;

/// What is left of a cell once something was taken off, with its shapes, if that is a full name.
fn named(cell: &str) -> Option<(&str, Shapes)> {
    if !(6..=LONGEST).contains(&cell.len()) {
        return None;
    }
    let mut rest = cell;
    for _ in 0..STEPS {
        rest = without_one(rest)?;
        let shapes = general(rest);
        // Model X (2024): an initial is no name where so little tells of one.
        let long = |word: &str| word.chars().count() > 1;
        let in_full =
            !rest.is_ascii() || rest.split_whitespace().filter(|word| long(word)).count() > 1;
        if shapes.any(NAMES) && !shapes.has(Shape::Organisation) && in_full {
            return Some((rest, shapes));
        }
    }
    None
}

/// The cell without one thing beside what may be a name.
fn without_one(cell: &str) -> Option<&str> {
    let found = of_directory(cell)
        .or_else(|| without_bracket(cell))
        .or_else(|| without_honorific(cell))
        .or_else(|| without_word(cell))
        .or_else(|| before_slash(cell))?;
    let found = found.trim_matches(|c: char| c.is_whitespace() || c == '\u{3000}');
    (found.len() >= 4 && found.len() < cell.len()).then_some(found)
}

/// `CN=Felix Garrison/OU=Sales/O=Example`, `CN=Felix Garrison,OU=Sales,DC=example`.
fn of_directory(cell: &str) -> Option<&str> {
    let head = cell.get(..3)?;
    let rest = head.eq_ignore_ascii_case("cn=").then(|| &cell[3..])?;
    let end = rest.find(['/', ',']).unwrap_or(rest.len());
    Some(&rest[..end])
}

/// A bracket before or behind, but one that holds a legal form, a number of a phone or a mailbox.
fn without_bracket(cell: &str) -> Option<&str> {
    const PAIRS: [(char, char); 8] = [
        ('(', ')'),
        ('（', '）'),
        ('[', ']'),
        ('［', '］'),
        ('<', '>'),
        ('＜', '＞'),
        ('【', '】'),
        ('〔', '〕'),
    ];
    #[rustfmt::skip]
    const FORMS: [&str; 16] = [
        "株", "有", "社", "財", "学", "医", "同", "合", "資", "名", "福", "宗", "独", "カ", "ｶ", "ユ",
    ];
    let is_aside = |inner: &str| {
        let digits = inner.chars().filter(|c| c.is_numeric()).count();
        !inner.trim().is_empty()
            && digits < 9
            && !inner.contains(['@', '＠'])
            && !FORMS.contains(&inner.trim())
    };
    let last = cell.chars().next_back()?;
    let first = cell.chars().next()?;
    if let Some(&(open, close)) = PAIRS.iter().find(|pair| pair.1 == last) {
        let (before, inner) = cell.strip_suffix(close)?.rsplit_once(open)?;
        return is_aside(inner).then_some(before);
    }
    let &(open, close) = PAIRS.iter().find(|pair| pair.0 == first)?;
    let (inner, behind) = cell.strip_prefix(open)?.split_once(close)?;
    is_aside(inner).then_some(behind)
}

/// How people are spoken to and of, behind a name.
#[rustfmt::skip]
const HONORIFICS: [&str; 10] = ["様", "さま", "さん", "殿", "氏", "先生", "君", "くん", "ちゃん", "女史"];

fn without_honorific(cell: &str) -> Option<&str> {
    HONORIFICS.iter().find_map(|word| cell.strip_suffix(word))
}

/// A number, an office or a department as the first or last word.
fn without_word(cell: &str) -> Option<&str> {
    let blank = |c: char| c.is_whitespace() || c == '\u{3000}';
    if let Some((behind, last)) = cell.rsplit_once(blank)
        && (is_office(last) || is_number(last, cell))
    {
        return Some(behind);
    }
    if let Some((first, behind)) = cell.split_once(blank)
        && (is_office(first) || first == "故" || is_number(first, cell) && !is_street(first, cell))
    {
        return Some(behind);
    }
    let (first, behind) = cell.split_once([':', '：'])?;
    is_number(first, cell).then_some(behind)
}

/// Where the number of a house stands before the name of a street.
fn is_street(number: &str, cell: &str) -> bool {
    cell.is_ascii() && number.bytes().filter(u8::is_ascii_digit).count() < 5
}

/// Whether a word is the number of somebody, or an age: digits, a few letters before them; in a cell of Latin letters at least four digits, as rooms
/// and houses have fewer.
fn is_number(word: &str, cell: &str) -> bool {
    let word = word.trim_end_matches(['.', ':', '：', '歳', '才', '番', '号']);
    let word = word
        .trim_start_matches("No.")
        .trim_start_matches(['#', '№']);
    let digits = word.chars().filter(char::is_ascii_digit).count();
    let letters = word.chars().filter(char::is_ascii_alphabetic).count();
    let signs = word.chars().filter(|c| matches!(c, '-' | '_')).count();
    let least = if cell.is_ascii() { 4 } else { 1 };
    digits + letters + signs == word.chars().count()
        && (least..=8).contains(&digits)
        && letters <= 4
        && signs <= 1
}

/// Whether a word is an office (部長) or a department (営業部).
fn is_office(word: &str) -> bool {
    #[rustfmt::skip]
    const OFFICES: [&str; 34] = [
        "部長", "課長", "係長", "次長", "室長", "所長", "店長", "支店長", "工場長", "院長", "園長", "校長", "社長", "会長", "専務", "常務", "取締役", "監査役", "主任",
        "主査", "主幹", "参事", "理事", "代表", "教授", "准教授", "講師", "助教", "医師", "看護師", "班長", "組長", "顧問", "職員",
    ];
    #[rustfmt::skip]
    const DEPARTMENTS: [&str; 12] = ["部", "課", "係", "室", "班", "支店", "本部", "本店", "営業所", "事業所", "グループ", "チーム"];
    let chars = word.chars().count();
    !word.is_ascii()
        && (OFFICES.contains(&word)
            || (3..=10).contains(&chars) && DEPARTMENTS.iter().any(|end| word.ends_with(end)))
}

/// The first of what stands between slashes in Japanese: 荒井 篤/アライ アツシ, 荒井 篤/営業部.
fn before_slash(cell: &str) -> Option<&str> {
    let (first, _) = cell.split_once(['/', '／'])?;
    let digits = cell.chars().filter(|c| c.is_numeric()).count();
    (!first.is_ascii() && digits < 9 && !cell.contains(['@', '＠'])).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// One look at each character finds all signs of one.
    #[test]
    fn signs_between_names_are_known_by_their_characters() {
        for sign in BETWEEN {
            assert!(sign == " and " || sign.chars().all(is_between), "{sign}");
        }
    }
    use crate::classify::shapes;

    #[test]
    fn names_with_something_beside_them() {
        #[track_caller]
        fn check(cell: &str, name: &str) {
            assert_eq!(bare_name(cell), name, "{cell}");
            assert!(shapes(cell).any(NAMES), "{cell}");
        }
        for cell in [
            "佐藤 太郎(20001)",
            "佐藤 太郎 20001",
            "20001:佐藤 太郎",
            "20001 佐藤 太郎",
            "佐藤 太郎 部長",
            "営業部 佐藤 太郎",
            "佐藤 太郎/サトウ タロウ",
            "(代)佐藤 太郎",
            "故 佐藤 太郎",
            "佐藤 太郎 42歳",
            "佐藤 太郎 (男)",
            "佐藤 太郎(旧姓 鈴木)",
            "佐藤 太郎 <10>",
            "営業部 佐藤 太郎 様",
            "CN=佐藤 太郎/OU=営業部/O=example",
            "佐藤 太郎/営業部/example",
        ] {
            check(cell, "佐藤 太郎");
        }
        check("佐藤太郎（営業部）", "佐藤太郎");
        check("Mary Johnson (20001)", "Mary Johnson");
        check("Mary Johnson [C-20001]", "Mary Johnson");
        check("CN=Mary Johnson,OU=Sales,DC=example", "Mary Johnson");
    }

    #[test]
    fn lists_of_many_people_in_one_cell() {
        let check = |cell: &str, people: Option<usize>| {
            let found = names_among(cell).map(|names| names.len());
            assert_eq!(found, people, "{cell}");
        };
        check("佐藤太郎, 鈴木花子, 高橋健一", Some(3));
        check("佐藤太郎,鈴木花子", Some(2));
        check("佐藤太郎／鈴木花子／高橋健一", Some(3));
        check("佐藤太郎　鈴木花子　高橋健一", Some(3));
        check("佐藤太郎 鈴木花子", Some(2));
        check("佐藤 太郎", None);
        check("長谷川 慎一郎", None);
        check("Mary Johnson|Susan Miller|John Smith", Some(3));
        // One whom no list knows, among many.
        check("Mary Johnson, Susan Qzwelter, John Smith", Some(3));
        check("Mary Johnson\nSusan Qzwelter\nJohn Smith", Some(3));
        check("佐藤太郎、鈴木囍子、高橋健一", Some(3));
        check("Mary Johnson, 12 Oak Street, Springfield", None);
        check("佐藤太郎、営業部、課長", Some(1));
        check("SMITH/MARY MS", None);
        check("2024/05/01", None);
    }

    #[test]
    fn several_people_in_one_cell() {
        #[track_caller]
        fn check(cell: &str, expected: Option<&[&str]>) {
            assert_eq!(names_of(cell).as_deref(), expected, "{cell}");
        }
        check(
            "Mary Johnson; Susan Miller",
            Some(&["Mary Johnson", "Susan Miller"]),
        );
        check(
            "Mary Johnson, Susan Miller",
            Some(&["Mary Johnson", "Susan Miller"]),
        );
        check("佐藤 太郎、佐藤 花子", Some(&["佐藤 太郎", "佐藤 花子"]));
        check("佐藤 太郎\n佐藤 花子", Some(&["佐藤 太郎", "佐藤 花子"]));
        let of_names = names_among("佐藤 太郎、John Smith");
        assert_eq!(of_names.unwrap(), ["佐藤 太郎", "John Smith"]);
        let of_names = names_among("John Smith, Mary Johnson");
        assert_eq!(of_names.unwrap(), ["John Smith", "Mary Johnson"]);
        assert_eq!(names_among("佐藤 太郎、港区芝"), None);
        for cell in [
            "García López, María José",
            "De La Cruz, Maria Elena",
            "Van Dyke, Mary Ann",
            "Johnson Jr., Mary Ann",
        ] {
            check(cell, Some(&[cell]));
        }
        for cell in [
            "佐藤 太郎\nサトウ タロウ",
            "サトウ タロウ\n佐藤 太郎",
            "佐藤 太郎\nTaro Sato",
            "佐藤 太郎、部長",
            "佐藤 太郎\n(旧姓 小林)",
            "佐藤 太郎\n(旧姓 小林 太郎)",
            "佐藤 太郎\n(サトウ タロウ)",
        ] {
            check(cell, Some(&["佐藤 太郎"]));
        }
        check(
            "佐藤 太郎\nヤマダ トモコ",
            Some(&["佐藤 太郎", "ヤマダ トモコ"]),
        );
        check(
            "佐藤 太郎、ヤマダ トモコ、ハヤシ モモコ",
            Some(&["佐藤 太郎", "ヤマダ トモコ", "ハヤシ モモコ"]),
        );
        check(
            "佐藤 太郎; Taro Tanaka",
            Some(&["佐藤 太郎", "Taro Tanaka"]),
        );
        for cell in ["佐藤 太郎\n(妻 佐藤 花子)", "佐藤 太郎、(妻)佐藤 花子"] {
            check(cell, Some(&["佐藤 太郎", "佐藤 花子"]));
        }
        check("Mary Johnson, Sales Manager", Some(&["Mary Johnson"]));
        check("佐藤 太郎・花子", None);
        check("Johnson, Mary", None);
        check("佐藤 太郎、他2名", None);
        check("red; green", None);
        check("Mary Johnson", None);
    }

    #[test]
    fn what_is_no_name_stays() {
        #[track_caller]
        fn check(cell: &str) {
            assert_eq!(bare_name(cell), cell);
            assert!(!shapes(cell).any(NAMES), "{cell}");
        }
        for cell in [
            "佐藤商店（東京）",
            "佐藤 太郎：090-1234-5678",
            "佐藤 太郎 (090-1234-5678)",
            "12 Rose Garden",
            "営業部 総務課",
            "大字粟窪 12",
            "コーポ 101",
            "Model X (2024)",
        ] {
            check(cell);
        }
    }
}
