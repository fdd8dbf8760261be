//! Folding: one form for what is written in many.
//!
//! In: a text. Out: the same text without the differences that do not change what it says (width, case, old forms of kanji,
//! hiragana or katakana). Everything here is idempotent, and blind to the width of characters.

use unicode_normalization::UnicodeNormalization;

/// NFKC, lower case, hyphens and dashes to `-`, white space runs to one blank, trimmed.
pub fn fold(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    each_folded(text, |c| {
        if c.is_whitespace() {
            blank = true;
            return;
        }
        if blank && !out.is_empty() {
            out.push(' ');
        }
        blank = false;
        out.push(c);
    });
    out
}

/// A name's normal form: [`fold`], old kanji to new (髙→高, 﨑→崎, 邊→辺), hiragana to katakana, blanks removed.
pub fn fold_name(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    each_folded(text, |c| {
        if !c.is_whitespace() {
            out.push(new_form(katakana(c)));
        }
    });
    out
}

/// A column name's normal form: NFKC, lower case, without white space and `_-./:・()[]【】「」*※"'|,、。#`.
pub fn fold_header(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    each_folded(text, |c| {
        if !c.is_whitespace() && !"_-./:・()[]【】「」*※\"'|,、。#".contains(c) {
            out.push(c);
        }
    });
    out
}

/// Hiragana to katakana, all else as it is.
pub fn hiragana_to_katakana(text: &str) -> String {
    text.chars().map(katakana).collect()
}

/// One hiragana as katakana, any other character as it is.
pub fn katakana(c: char) -> char {
    match c {
        'ぁ'..='ゖ' | 'ゝ' | 'ゞ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        _ => c,
    }
}

/// The usual form of a kanji that names and places also write in an old or variant form (髙→高); any other character as it is.
pub fn new_form(c: char) -> char {
    // Below U+4E00 there is no pair; most characters of a text are decided by this line.
    let at = (c as u32).wrapping_sub(0x4E00) as usize;
    if at >= OLD_BITS.len() * 64 || OLD_BITS[at / 64] >> (at % 64) & 1 == 0 {
        return c;
    }
    match OLD_FORMS.binary_search_by_key(&c, |&(old, _)| old) {
        Ok(at) => OLD_FORMS[at].1,
        Err(_) => c,
    }
}

/// Whether the character is a hyphen, dash or minus in any of its forms. The long vowel mark ー is none: it is a letter.
pub fn is_hyphen(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{00AD}' | '\u{058A}' | '\u{2010}'
            ..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' | '\u{FF0D}'
    )
}

/// The ASCII form of one full-width character (digits, letters, signs, blank), any other character as it is.
pub fn narrow(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{00A0}' => ' ',
        _ => c,
    }
}

/// Calls `put` with each character in NFKC and lower case, hyphens as `-`.
fn each_folded(text: &str, mut put: impl FnMut(char)) {
    if text.is_ascii() {
        for c in text.bytes() {
            put(char::from(c.to_ascii_lowercase()));
        }
        return;
    }
    if text.chars().all(|c| usual(c).is_some()) {
        text.chars().filter_map(usual).for_each(put);
        return;
    }
    // Lower case first and last: some capitals appear only through NFKC (℡ → TEL), and lower case may leave what NFKC composes.
    for c in text.nfkc().flat_map(char::to_lowercase).nfkc() {
        put(if is_hyphen(c) { '-' } else { c });
    }
}

/// The folded form of a character that stands for itself wherever it stands (kana, kanji, ASCII in either width); `None` for all that NFKC may
/// compose or take apart.
fn usual(c: char) -> Option<char> {
    Some(match c {
        '\0'..='\x7F' => c.to_ascii_lowercase(),
        'ぁ'..='ゖ' | 'ァ'..='ヾ' | '\u{4E00}'..='\u{9FFF}' | '々' | '、' | '。' => c,
        '\u{3000}' => ' ',
        '\u{FF01}'..='\u{FF5E}' => narrow(c).to_ascii_lowercase(),
        _ => return None,
    })
}

/// One bit for each character from U+4E00 to U+FAFF: whether it is an old form.
const OLD_BITS: [u64; 692] = {
    let (mut bits, mut i) = ([0; 692], 0);
    while i < OLD_FORMS.len() {
        let at = OLD_FORMS[i].0 as usize - 0x4E00;
        bits[at / 64] |= 1 << (at % 64);
        i += 1;
    }
    bits
};

/// Old, variant and simplified-away forms of kanji in names and places, sorted by the old form. The pairs are those of the list of standard characters
/// (常用漢字表, notice no. 2 of the Cabinet of 2010, forms in brackets) that occur in names, and the variants in use in family registers.
#[rustfmt::skip]
const OLD_FORMS: &[(char, char)] = &[
    ('亞', '亜'), ('亰', '京'), ('來', '来'), ('傳', '伝'), ('兒', '児'), ('冨', '富'), ('凉', '涼'), ('凜', '凛'), ('剱', '剣'), ('劍', '剣'),
    ('勳', '勲'), ('區', '区'), ('卷', '巻'), ('吳', '呉'), ('嚴', '厳'), ('圀', '国'), ('國', '国'), ('圓', '円'), ('團', '団'), ('埜', '野'),
    ('壯', '壮'), ('壽', '寿'), ('姬', '姫'), ('學', '学'), ('實', '実'), ('寬', '寛'), ('寳', '宝'), ('寶', '宝'), ('將', '将'), ('對', '対'),
    ('嶋', '島'), ('嶌', '島'), ('嶽', '岳'), ('巖', '巌'), ('巿', '市'), ('帶', '帯'), ('廣', '広'), ('彌', '弥'), ('德', '徳'), ('惠', '恵'),
    ('惡', '悪'), ('應', '応'), ('懷', '懐'), ('戶', '戸'), ('數', '数'), ('晝', '昼'), ('曉', '暁'), ('曾', '曽'), ('會', '会'), ('條', '条'),
    ('榮', '栄'), ('槇', '槙'), ('樂', '楽'), ('橫', '横'), ('檜', '桧'), ('櫻', '桜'), ('權', '権'), ('步', '歩'), ('歸', '帰'), ('每', '毎'),
    ('氣', '気'), ('淨', '浄'), ('淵', '渕'), ('淸', '清'), ('淺', '浅'), ('溪', '渓'), ('滿', '満'), ('澁', '渋'), ('澤', '沢'), ('濱', '浜'),
    ('濵', '浜'), ('瀧', '滝'), ('瀨', '瀬'), ('燈', '灯'), ('獨', '独'), ('瑤', '瑶'), ('當', '当'), ('眞', '真'), ('禮', '礼'), ('稻', '稲'),
    ('穗', '穂'), ('籠', '篭'), ('絲', '糸'), ('緖', '緒'), ('縣', '県'), ('繩', '縄'), ('聰', '聡'), ('聲', '声'), ('與', '与'), ('舘', '館'),
    ('舩', '船'), ('莊', '荘'), ('萬', '万'), ('蔣', '蒋'), ('薰', '薫'), ('藏', '蔵'), ('藝', '芸'), ('藪', '薮'), ('蘆', '芦'), ('號', '号'),
    ('螢', '蛍'), ('豐', '豊'), ('賴', '頼'), ('辯', '弁'), ('邉', '辺'), ('邊', '辺'), ('郞', '郎'), ('鄕', '郷'), ('鈆', '鉛'), ('銳', '鋭'),
    ('錄', '録'), ('鎭', '鎮'), ('鐵', '鉄'), ('關', '関'), ('隝', '島'), ('靜', '静'), ('顯', '顕'), ('飮', '飲'), ('髙', '高'), ('鬪', '闘'),
    ('鷗', '鴎'), ('麥', '麦'), ('黃', '黄'), ('黑', '黒'), ('齊', '斉'), ('齋', '斎'), ('齡', '齢'), ('龍', '竜'), ('龜', '亀'), ('﨑', '崎'),
];

/// The digits of a number that a program took for one with a fraction: `3035550001` of `3035550001.0`, as data frames write columns with gaps.
pub(crate) fn whole_number(text: &str) -> Option<&str> {
    let whole = text.strip_suffix(".0")?;
    (!whole.is_empty() && whole.bytes().all(|byte| byte.is_ascii_digit())).then_some(whole)
}

/// Whether there is nothing but white space.
pub(crate) fn is_blank(text: &str) -> bool {
    match text.as_bytes().first() {
        Some(first) if first.is_ascii_graphic() => false,
        _ => text.chars().all(char::is_whitespace),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_forms_are_sorted_and_final() {
        assert!(OLD_FORMS.windows(2).all(|w| w[0].0 < w[1].0), "sorted");
        for &(old, new) in OLD_FORMS {
            assert_ne!(old, new, "{old} is its own new form");
            assert_eq!(new_form(new), new, "{old} → {new}");
        }
    }

    #[test]
    fn folding() {
        let check = |f: fn(&str) -> String, input: &str, expected: &str| {
            assert_eq!(f(input), expected, "{input}");
            assert_eq!(f(expected), expected, "idempotent: {input}");
        };
        check(fold, "  ＡＢＣ　ｱﾊﾞ \t x ", "abc アバ x");
        check(fold, "03－1234‐5678", "03-1234-5678");
        check(fold, "", "");
        check(fold, "　", "");
        check(fold, "℡", "tel");
        check(fold_name, "髙﨑 德", "高崎徳");
        check(fold_name, "渡邊　さくら", "渡辺サクラ");
        check(fold_name, "ｻﾄｳ ﾀﾛｳ", "サトウタロウ");
        check(fold_name, "SATO Taro", "satotaro");
        check(fold_header, "お名前（フリガナ・姓）", "お名前フリガナ姓");
        check(fold_header, "E-Mail Address", "emailaddress");
        check(
            fold_header,
            "user.profile[last_name]",
            "userprofilelastname",
        );
        check(hiragana_to_katakana, "さとう太郎ゔ", "サトウ太郎ヴ");
    }
}
