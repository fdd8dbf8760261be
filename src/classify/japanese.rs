//! Japanese values: names, readings, addresses.
//!
//! In: characters. Out: the shapes they have, or how far a name or an address reaches. The dictionaries are asked here; where in a running text to
//! ask is decided in `text`.

use unicode_normalization::UnicodeNormalization;

use super::japanese_words::{HONORIFICS, ROLES};
use super::number::{self, Written};
use super::{Shape, Shapes};
use crate::pattern::dict::{self, Firsts, Heads, Lists};
use crate::pattern::relations;
use crate::text::{is_hyphen, katakana, narrow, new_form};

/// Characters of a cell that are looked at.
const CELL_CHARS: usize = 80;

/// A text as folded characters: full width narrowed, hiragana as katakana, old kanji as new, hyphens as `-`.
pub(super) struct Folded {
    chars: [char; CELL_CHARS],
    len: usize,
    /// There was more.
    cut: bool,
    hiragana: usize,
    kanji: usize,
    kana: usize,
    digits: usize,
    blanks: usize,
    stars: usize,
    /// What else the caller asks about all of the text.
    seen: Seen,
}

/// What stands in a cell.
#[derive(Clone, Copy, Default)]
pub(super) struct Seen {
    /// Nothing but kanji and kana.
    pub(super) japanese: bool,
    /// An `@` in either width.
    pub(super) at: bool,
    /// A digit or the 元 of a first year.
    pub(super) number: bool,
}

impl Folded {
    pub(super) fn of(text: &str) -> Self {
        let mut f = Self {
            chars: [' '; CELL_CHARS],
            len: 0,
            cut: false,
            hiragana: 0,
            kanji: 0,
            kana: 0,
            digits: 0,
            blanks: 0,
            stars: 0,
            seen: Seen::default(),
        };
        // The first byte of half-width kana, which few texts have.
        let half = memchr::memchr(0xEF, text.as_bytes()).is_some()
            && text.chars().any(|c| matches!(c, '\u{FF61}'..='\u{FF9F}'));
        if half {
            text.nfkc().for_each(|c| f.push(c));
        } else {
            text.chars().for_each(|c| f.push(c));
        }
        f.seen.japanese = f.kanji + f.kana == f.len && !f.cut;
        f
    }

    fn push(&mut self, c: char) {
        if self.len == CELL_CHARS {
            self.cut = true;
            self.seen.at |= matches!(c, '@' | '＠');
            self.seen.number = true;
            return;
        }
        if matches!(c, 'ァ'..='ヺ' | 'ー') {
            // Folded already, as most kana are.
            self.kana += 1;
            self.chars[self.len] = c;
            self.len += 1;
            return;
        }
        self.hiragana += usize::from(matches!(c, 'ぁ'..='ゖ'));
        let c = fold_char(c);
        match c {
            _ if is_kanji(c) => {
                self.kanji += 1;
                self.seen.number |= c == '元' || is_kanji_digit(c);
            }
            _ if is_kana(c) => self.kana += 1,
            '0'..='9' => self.digits += 1,
            ' ' => self.blanks += 1,
            '*' | '●' | '○' | '■' | '※' | '×' => self.stars += 1,
            '@' => self.seen.at = true,
            _ => {}
        }
        self.seen.number |= c.is_ascii_digit();
        self.chars[self.len] = c;
        self.len += 1;
    }

    pub(super) fn chars(&self) -> &[char] {
        &self.chars[..self.len]
    }
}

/// One character folded for look-up.
#[inline]
pub(super) fn fold_char(c: char) -> char {
    match c {
        // Most characters are one of these.
        '\0'..='\x7F' | 'ァ'..='ー' => c,
        'ぁ'..='ゖ' => katakana(c),
        '\u{4E00}'..='\u{9FFF}' => new_form(c),
        // Rules of boxes stand for hyphens at times.
        '\u{2500}' | '\u{2501}' => '-',
        '\u{FF66}'..='\u{FF9D}' => std::iter::once(c).nfkc().next().unwrap_or(c),
        c if is_hyphen(c) => '-',
        c => new_form(katakana(narrow(c))),
    }
}

pub(super) fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' | '々' | '〆' | '\u{20000}'..='\u{2FFFF}')
}

/// Katakana (hiragana is folded to it), with the long vowel mark.
pub(super) fn is_kana(c: char) -> bool {
    matches!(c, 'ァ'..='ヺ' | 'ー' | 'ヽ' | 'ヾ' | 'ぁ'..='ゖ')
}

/// Shapes of a cell that is not ASCII even when narrowed, and what stands in it.
pub(super) fn shapes(cell: &str) -> (Shapes, Seen) {
    let folded = Folded::of(relations::without_relation(cell));
    (shapes_of(&folded), folded.seen)
}

fn shapes_of(folded: &Folded) -> Shapes {
    let mut out = Shapes::NONE;
    let chars = folded.chars();
    let (kanji, kana, digits, blanks) = (folded.kanji, folded.kana, folded.digits, folded.blanks);
    if kanji + kana == 0 {
        signs(chars, digits, &mut out);
        return out;
    }
    if filler(chars) {
        out.insert(Shape::Filler);
        return out;
    }
    if folded.stars >= 2 {
        out.insert(Shape::Masked);
    }
    let n = chars.len();
    let others = n - kanji - kana - digits - blanks;
    if digits == 0 && others <= 1 && n <= 12 {
        names(chars, kanji, &mut out);
        closed_sets(chars, &mut out);
    } else if others > 0
        && kanji == 0
        && digits == 0
        && chars
            .iter()
            .all(|&c| is_kana(c) || matches!(c, ' ' | '・' | '-' | '.'))
    {
        out.insert(Shape::Kana);
    }
    if digits > 0 {
        if age(chars) {
            out.insert(Shape::AgeLike);
        }
        signs(chars, digits, &mut out);
    }
    address_shapes(chars, kanji, &mut out);
    if organisation(chars) {
        out.insert(Shape::Organisation);
    }
    let particles = folded.hiragana >= 3 && n >= 12
        || chars
            .iter()
            .any(|c| matches!(c, '。' | '、' | '!' | '?' | '\n'));
    if folded.cut || particles || n >= 12 && folded.hiragana * 4 >= n {
        out.insert(Shape::Sentence);
    }
    out
}

/// Postal codes and phones behind a sign or a word: `〒100-0001`, `電話 03-1234-5678`.
fn signs(chars: &[char], digits: usize, out: &mut Shapes) {
    let start = chars
        .iter()
        .position(|c| c.is_ascii_digit() || matches!(c, '+' | '('))
        .unwrap_or(chars.len());
    let mut bytes = [0u8; 32];
    let mut len = 0;
    for &c in &chars[start..] {
        let c = if c == 'ー' { '-' } else { c };
        if !c.is_ascii() || len == bytes.len() {
            return;
        }
        bytes[len] = c as u8;
        len += 1;
    }
    let head: String = if start <= 6 {
        chars[..start]
            .iter()
            .filter(|c| !matches!(c, ' ' | ':'))
            .collect()
    } else {
        return;
    };
    let Some(written) = Written::read(&bytes[..len]) else {
        return;
    };
    if head == "〒" && digits == 7 && written.groups <= 2 {
        out.insert(Shape::PostalJp);
    } else if matches!(head.as_str(), "電話" | "☎" | "℡" | "携帯" | "ファックス")
        && number::jp_line(written.digits()).is_some()
    {
        out.insert(Shape::PhoneJp);
    }
}

fn filler(chars: &[char]) -> bool {
    const WORDS: [&str; 34] = [
        "合計",
        "小計",
        "総計",
        "累計",
        "総合計",
        "退会済ミ",
        "退会済",
        "退会者",
        "削除済ミ",
        "削除済",
        "不明",
        "ナシ",
        "無シ",
        "該当ナシ",
        "未入力",
        "未登録",
        "未設定",
        "同上",
        "同左",
        "同右",
        "特ニナシ",
        "ダミー",
        "サンプル",
        "テスト",
        "アアアア",
        "アアア",
        "ホゲ",
        "ゲスト",
        "匿名",
        "匿名希望",
        "名無シ",
        "空",
        "ー",
        "ナシ。",
    ];
    const FIRST: Firsts = Firsts::of(&WORDS);
    chars.len() <= 5 && FIRST.has(chars[0]) && is_one(chars, &WORDS)
}

/// 35歳, and the bands that surveys ask for: 20代, 20歳代前半, 60歳以上, 20-24歳.
fn age(chars: &[char]) -> bool {
    let digits = |chars: &[char]| chars.iter().take_while(|c| c.is_ascii_digit()).count();
    let years = |chars: &[char]| (1..=3).contains(&digits(chars)).then(|| digits(chars));
    let Some(first) = years(chars) else {
        return false;
    };
    let mut rest = &chars[first..];
    if let [hyphen, upper @ ..] = rest
        && (is_hyphen(*hyphen) || matches!(hyphen, '~' | '〜' | 'ー'))
        && let Some(second) = years(upper)
    {
        rest = &upper[second..];
    }
    matches!(
        rest,
        ['歳' | '才' | '代']
            | ['歳' | '才', '代']
            | ['歳' | '才', '以', '上' | '下']
            | ['歳' | '才', '未', '満']
            | ['代', '以', '上' | '下']
            | ['代', '前' | '後', '半']
            | ['歳' | '才', '代', '前' | '後', '半']
    )
}

fn closed_sets(chars: &[char], out: &mut Shapes) {
    const GENDER: [&str; 12] = [
        "男",
        "女",
        "男性",
        "女性",
        "男子",
        "女子",
        "オトコ",
        "オンナ",
        "オス",
        "メス",
        "回答シナイ",
        "無回答",
    ];
    const TRUTH: [&str; 10] = [
        "ハイ",
        "イイエ",
        "有",
        "無",
        "アリ",
        "ナシ",
        "可",
        "不可",
        "是",
        "否",
    ];
    const FIRST: [Firsts; 2] = [Firsts::of(&GENDER), Firsts::of(&TRUTH)];
    if FIRST[0].has(chars[0]) && is_one(chars, &GENDER) {
        out.insert(Shape::Gender);
    }
    if FIRST[1].has(chars[0]) && is_one(chars, &TRUTH) {
        out.insert(Shape::Bool);
    }
    let value = dict::value(chars.iter().copied());
    if value.occupation {
        out.insert(Shape::Occupation);
    }
    if value.country {
        out.insert(Shape::Country);
    }
    if dict::prefecture(chars) {
        out.insert(Shape::JpPrefecture);
    }
}

/// Whether the folded characters are one of the words.
pub(super) fn is_one(chars: &[char], words: &[&str]) -> bool {
    words.iter().any(|w| w.chars().eq(chars.iter().copied()))
}

/// Shapes of names: of the whole, and of its two halves.
fn names(chars: &[char], kanji: usize, out: &mut Shapes) {
    let blank = chars.iter().position(|&c| c == ' ' || c == '・');
    if kanji == 0 {
        out.insert(Shape::Kana);
        kana_names(chars, blank, out);
        return;
    }
    if chars.len() <= 6 && blank.is_none() {
        out.insert(Shape::HanShort);
    }
    if let Some(at) = blank {
        // 佐　藤　花　子, spread over the width of a field.
        let is_spread = |(at, &c): (usize, &char)| (at % 2 == 1) == (c == ' ');
        if at == 1 && chars.len() >= 5 && chars.iter().enumerate().all(is_spread) {
            let joined: Vec<char> = chars.iter().copied().step_by(2).collect();
            return names(&joined, joined.len(), out);
        }
        let (family, given) = (&chars[..at], trim(&chars[at + 1..]));
        if is_surname(family) && is_given(given) {
            out.insert(Shape::JpFullName);
        }
        return;
    }
    let lists = dict::jp(chars);
    if lists.any(Lists::SURNAME) || has_title(chars) {
        out.insert(Shape::JpSurname);
    }
    if lists.any(Lists::GIVEN) {
        out.insert(Shape::JpGiven);
    }
    if !lists.any(Lists::WORD.or(Lists::PLACE).or(Lists::PROPER)) && split_name(chars).is_some() {
        out.insert(Shape::JpFullName);
    }
}

/// Whether it is a surname and how its bearer is spoken to: 佐藤様, 山本部長, 渡辺医師.
fn has_title(chars: &[char]) -> bool {
    chars.len() <= 6
        && (1..chars.len().min(4)).any(|at| {
            let (family, title) = chars.split_at(at);
            let mut titles = HONORIFICS.starts(title).chain(ROLES.starts(title));
            let whole = |word: &str| word.chars().count() == title.len();
            (titles.any(whole) || is_one(title, &["医師", "看護師", "主任"]))
                && dict::jp(family).any(Lists::SURNAME)
        })
}

fn kana_names(chars: &[char], blank: Option<usize>, out: &mut Shapes) {
    if let Some(at) = blank {
        let (a, b) = (dict::kana(&chars[..at]), dict::kana(trim(&chars[at + 1..])));
        let names = Lists::SURNAME.or(Lists::FOREIGN);
        if a.any(names) && b.any(Lists::GIVEN.or(Lists::FOREIGN))
            || a.any(Lists::GIVEN) && b.any(names)
        {
            out.insert(Shape::KanaFullName);
        }
        return;
    }
    let lists = dict::kana(chars);
    if lists.any(Lists::SURNAME) && chars.len() <= 8 {
        out.insert(Shape::KanaSurname);
    }
    if lists.any(Lists::GIVEN) {
        out.insert(Shape::KanaGiven);
    }
    let splits = (2..chars.len().saturating_sub(1)).any(|at| {
        dict::kana(&chars[..at]).any(Lists::SURNAME_STRONG)
            && dict::kana(&chars[at..]).any(Lists::GIVEN_STRONG)
    });
    if splits && chars.len() >= 4 {
        out.insert(Shape::KanaFullName);
    }
}

fn trim(chars: &[char]) -> &[char] {
    let skip = chars.iter().take_while(|&&c| c == ' ').count();
    &chars[skip..]
}

pub(super) fn is_surname(chars: &[char]) -> bool {
    let lists = if chars.iter().all(|&c| is_kana(c)) {
        dict::kana(chars)
    } else {
        dict::jp(chars)
    };
    lists.any(Lists::SURNAME)
}

pub(super) fn is_given(chars: &[char]) -> bool {
    let lists = if chars.iter().all(|&c| is_kana(c)) {
        dict::kana(chars)
    } else {
        dict::jp(chars)
    };
    lists.any(Lists::GIVEN)
}

/// Where folded characters split into surname and given name, a surname of two characters preferred.
pub(super) fn split_name(chars: &[char]) -> Option<usize> {
    let n = chars.len();
    if !(2..=9).contains(&n) || !is_kanji(chars[0]) {
        return None;
    }
    [2, 3, 1, 4, 5]
        .into_iter()
        .find(|&at| at < n && is_surname(&chars[..at]) && is_given(&chars[at..]))
}

/// Shapes of addresses and their parts.
fn address_shapes(chars: &[char], kanji: usize, out: &mut Shapes) {
    if kanji == 0 {
        if building(chars) {
            out.insert(Shape::JpBuilding);
        }
        return;
    }
    if let Some(place) = dict::place(chars) {
        match place {
            p if p.city == chars.len() && p.city > p.prefecture => out.insert(Shape::JpCity),
            p if p.city == chars.len() => out.insert(Shape::JpPrefecture),
            p if p.city > p.prefecture => {
                out.insert(Shape::JpAddress);
                return;
            }
            _ => out.insert(Shape::JpAddress),
        }
        return;
    }
    if has_number(chars)
        || chars.len() >= 2
            && chars.len() <= 12
            && dict::jp(chars).any(Lists::TOWN)
            && !dict::jp(chars).any(Lists::SURNAME.or(Lists::GIVEN))
    {
        out.insert(Shape::JpStreet);
    }
    if building(chars) {
        out.insert(Shape::JpBuilding);
    }
}

/// Whether a block number stands in it: digits or kanji numerals with 丁目, 番, 号, or joined by hyphens.
fn has_number(chars: &[char]) -> bool {
    let is_digit = |c: &char| c.is_ascii_digit() || is_kanji_digit(*c);
    (0..chars.len()).any(|at| {
        if !is_digit(&chars[at]) || at > 0 && is_digit(&chars[at - 1]) {
            return false;
        }
        let end = at + chars[at..].iter().take_while(|c| is_digit(c)).count();
        let ascii = chars[at].is_ascii_digit();
        match &chars[end..] {
            ['丁', '目', ..]
            | ['番', '地', ..]
            | ['番', '町', ..]
            | ['地', '割', ..]
            | ['条', '東' | '西' | '通' | '南' | '北', ..] => true,
            ['番', ..] | ['号'] => ascii,
            ['-' | 'ー' | 'ノ', next, ..] => {
                ascii && next.is_ascii_digit() && at > 0 && at + 12 > end
            }
            [] => ascii && at >= 2 && end - at <= 5 && dict::jp(&chars[..at]).any(Lists::TOWN),
            _ => false,
        }
    })
}

pub(super) const KANJI_DIGITS: [char; 13] = [
    '〇', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '百', '千',
];

/// Whether it is one of [`KANJI_DIGITS`].
pub(super) fn is_kanji_digit(c: char) -> bool {
    const DIGITS: Firsts = Firsts::each(&KANJI_DIGITS);
    DIGITS.has(c) && KANJI_DIGITS.contains(&c)
}

static BUILDINGS: Heads<42> = Heads::of([
    "マンション",
    "アパート",
    "ハイツ",
    "コーポ",
    "レジデンス",
    "ヴィラ",
    "メゾン",
    "パレス",
    "タワー",
    "ビル",
    "荘",
    "寮",
    "団地",
    "ハウス",
    "コート",
    "プラザ",
    "プレイス",
    "テラス",
    "ヒルズ",
    "シャトー",
    "エステート",
    "グラン",
    "レオパレス",
    "コーポラス",
    "カーサ",
    "ドミール",
    "スクエア",
    "号室",
    "号棟",
    "棟",
    "階",
    "住宅",
    "ホームズ",
    "サンハイツ",
    "グリーン",
    "ガーデン",
    "シティ",
    "会館",
    "番館",
    "小学校",
    "ハイム",
    "ロイヤル",
]);

/// Whether a word of buildings or a room stands in it.
pub(super) fn building(chars: &[char]) -> bool {
    if chars.len() < 2 {
        return false;
    }
    let room = chars.last() == Some(&'F')
        && chars[..chars.len() - 1]
            .last()
            .is_some_and(char::is_ascii_digit);
    room || find_one(chars, &BUILDINGS)
}

/// Whether the folded characters hold one of the words.
fn find_one<const N: usize>(chars: &[char], words: &Heads<N>) -> bool {
    (0..chars.len()).any(|at| words.starts(&chars[at..]).next().is_some())
}

/// Whether the folded characters hold the word.
pub(super) fn find(chars: &[char], word: &str) -> bool {
    let n = word.chars().count();
    n <= chars.len()
        && (0..=chars.len() - n).any(|at| word.chars().eq(chars[at..at + n].iter().copied()))
}

static LEGAL: Heads<28> = Heads::of([
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "財団法人",
    "社団法人",
    "医療法人",
    "学校法人",
    "宗教法人",
    "NPO法人",
    "(株)",
    "(有)",
    "㈱",
    "㈲",
    "協同組合",
    "農協",
    "市役所",
    "区役所",
    "町役場",
    "大学",
    "小学校",
    "中学校",
    "高等学校",
    "病院",
    "銀行",
    "事務所",
    "商店",
]);

/// Whether a legal form or a word of organisations stands in it.
fn organisation(chars: &[char]) -> bool {
    chars.len() >= 4 && find_one(chars, &LEGAL) && !chars.ends_with(&['大', '学', '生'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_split() {
        let check = |text: &str, expected: Option<usize>| {
            assert_eq!(split_name(Folded::of(text).chars()), expected, "{text}")
        };
        check("佐藤太郎", Some(2));
        check("髙﨑花子", Some(2));
        check("森鷗外", Some(1));
        check("高橋さくら", Some(2));
        check("株式会社", None);
    }
}
