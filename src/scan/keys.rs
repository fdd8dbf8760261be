//! Values that may be shown as names of columns: `billing_email` under `meta_key`, 緊急連絡先の電話番号 under 質問.
//!
//! In: such a value. Out: whether each word of it is one that names of columns are made of. Anything else could be somebody's, so that the value stays in
//! its cell.

use super::title_words;
use super::titles::{self, Of};
use crate::pattern::Patterns;
use crate::pattern::dict::{self, Lists};

/// Characters of one word in another.
const LONGEST: usize = 12;

/// What joins the words of a field.
const JOINTS: [&str; 24] = [
    "の",
    "を",
    "に",
    "は",
    "が",
    "と",
    "や",
    "お",
    "ご",
    "御",
    "様",
    "名",
    "用",
    "等",
    "欄",
    "者",
    "希望",
    "入力",
    "記入",
    "ください",
    "下さい",
    "教えて",
    "お聞かせ",
    "について",
];

/// Whether a value may be taken for the name of a column: it is made of words of fields, of those whom they are of, and ordinary ones.
pub(super) fn is_of_nobody(patterns: &Patterns, key: &str) -> bool {
    let is_plain = |word: &str| match word.starts_with(title_words::is_latin) {
        true => is_ordinary(word) || is_made_of(patterns, word, 3),
        false => is_made_of(patterns, word, 1),
    };
    let plain = || title_words::words(key).all(|word| is_plain(&key[word]));
    (patterns.is_word(key) || plain()) && titles::ranges(patterns, key, Of::Column).is_empty()
}

/// Whether a word in Latin letters is an ordinary one: `of`, `shipping`; no name that is a word by chance.
fn is_ordinary(word: &str) -> bool {
    let lists = dict::latin(word);
    let known = lists.any(Lists::WORD.or(Lists::COMMON));
    let name = lists.any(Lists::SURNAME_STRONG.or(Lists::GIVEN_STRONG));
    (known || word.len() <= 2) && !name
}

/// Whether a word is made of known words from its beginning to its end, each of so many characters at least, but for joints.
fn is_made_of(patterns: &Patterns, word: &str, least: usize) -> bool {
    let mut cuts: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
    cuts.push(word.len());
    let mut reached = vec![false; cuts.len()];
    reached[0] = true;
    for from in 0..cuts.len() {
        // 子 is somebody's child at the beginning of a word, and the end of a name elsewhere.
        let least = match from {
            0 => least,
            _ => least.max(2),
        };
        if !reached[from] {
            continue;
        }
        for to in from + 1..cuts.len().min(from + 1 + LONGEST) {
            let piece = &word[cuts[from]..cuts[to]];
            let known = || to - from >= least && patterns.is_word(piece);
            let ordinary = || piece.starts_with(is_han) && titles::is_word(piece);
            reached[to] |= JOINTS.contains(&piece) || known() || ordinary();
        }
    }
    reached[cuts.len() - 1] || titles::is_word(word)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_name_nobody() {
        #[track_caller]
        fn check(keys: &[&str], expected: bool) {
            for key in keys {
                assert_eq!(is_of_nobody(Patterns::builtin(), key), expected, "{key}");
            }
        }
        let fields = [
            "first_name",
            "billing_email",
            "_billing_phone",
            "shippingAddress1",
            "wp_user_email",
            "date_of_birth",
            "emergency contact phone",
            "電話番号",
            "生年月日",
            "会員番号",
            "お名前",
            "緊急連絡先の電話番号",
            "緊急連絡先電話番号",
            "保護者メール",
            "ご希望の連絡先電話番号",
            "お名前を教えてください",
            "父の携帯",
            "номер телефона",
            "이름",
        ];
        check(&fields, true);
        let people = [
            "garrison phone",
            "father tanaka name",
            "鷲尾澄江 住所",
            "佐藤の電話番号",
            "担当者山田太郎の住所",
            "鈴木花子方 電話番号",
            "鈴木花子宅 電話番号",
            "担当山田 電話番号",
            "felixgarrison_email",
            "washiosumie email",
            "篤子の携帯",
            "ワシオスミエ 電話",
            "김민준 전화",
        ];
        check(&people, false);
    }
}
