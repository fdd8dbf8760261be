//! Words that say of what a column's name speaks: of a reading, of a piece in brackets, of an animal.
//!
//! In: a name. Out: what it says, where such a word changes it.

use super::HeaderHit;
use super::header::{Vocabulary, fold, hit, words_of};

impl Vocabulary {
    /// 都道府県名カナ, `branch_kana`: the reading of what is no person's name is none either.
    pub(super) fn reading_of_thing(&self, folded: &str) -> Option<HeaderHit> {
        const READINGS: [&str; 13] = [
            "フリガナ",
            "ふりがな",
            "ヨミガナ",
            "よみがな",
            "読み仮名",
            "読みがな",
            "カナ",
            "かな",
            "ヨミ",
            "よみ",
            "読み",
            "kana",
            "yomi",
        ];
        let stem = READINGS.iter().find_map(|word| folded.strip_suffix(word))?;
        let word = self
            .word(stem)
            .or_else(|| self.word(stem.strip_suffix('名')?))?;
        let is = |start: &&str| word.sort.starts_with(start);
        if word.sort.starts_with("address.") {
            Some(hit(word.word, "address.kana", word.strength))
        } else if ["org.", "neg.", "bank.name", "bank.branch"].iter().any(is) {
            Some(hit(word.word, "neg.listed", 2))
        } else {
            None
        }
    }

    /// C2（病名）: a name that says nothing, and what a comment says of it.
    pub(super) fn remark_of_opaque(&self, bare: &str, name: &str) -> Option<HeaderHit> {
        let remark = name.get(bare.len()..)?;
        let remark = remark.trim_matches(|c: char| "()（）[]【】［］ \t".contains(c));
        let number = bare.is_ascii() && bare.bytes().any(|b| b.is_ascii_digit());
        if remark.is_empty() || !number || bare.len() > 20 {
            return None;
        }
        // c1: a letter is the word of directories only where it stands alone.
        if self.whole(bare).is_some_and(|hit| hit.word.len() > 1) {
            return None;
        }
        let first = remark
            .split([':', '：', ',', '、', ' ', '\u{3000}', '('])
            .next();
        self.whole(remark)
            .or_else(|| self.whole(first.unwrap_or_default()))
    }

    /// 郵送先住所(郵便番号): the remark says which piece of the address.
    pub(super) fn piece_in_remark(&self, bare: &str, name: &str) -> Option<HeaderHit> {
        let remark = name.get(bare.len()..).filter(|remark| !remark.is_empty())?;
        let piece = self.word(&fold(remark))?;
        let of_address = piece.sort.starts_with("address.") && piece.sort != "address.full";
        let front = of_address.then(|| self.whole(bare))??;
        (front.sort == "address.full").then(|| HeaderHit {
            sort: piece.sort.to_owned(),
            word: piece.word.to_owned(),
            ..front
        })
    }
}

/// Whether a name speaks of an animal: 犬の生年月日, `pet_name`.
pub(super) fn of_animal(name: &str) -> bool {
    let said = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let owner = said(&["飼い主", "飼主", "所有者", "owner", "Owner"]);
    let animal = said(&["犬の", "猫の", "愛犬", "愛猫", "ペット", "動物の"]);
    let word = |word: &String| ["pet", "dog", "cat", "puppy"].contains(&word.as_str());
    !owner && (animal || words_of(name).iter().any(word))
}
