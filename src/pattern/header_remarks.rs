//! Words that say of what a column's name speaks: of a reading, of a piece in brackets, of an animal.
//!
//! In: a name. Out: what it says, where such a word changes it.

use super::HeaderHit;
use super::header::{Vocabulary, fold, hit, words_of};

/// Words that say that a column is a reading, and nothing of what; none before a longer one that it ends.
#[rustfmt::skip]
pub const READINGS: [&str; 20] = [
    "フリガナ", "ふりがな", "振り仮名", "振仮名", "ヨミガナ", "よみがな", "読み仮名", "読みがな", "カナ名", "カタカナ", "カナ", "かな", "ヨミ", "よみ", "読み", "読",
    "furigana", "kana", "yomi", "reading",
];

/// Words of what an animal has: none of the person who keeps or walks it (`pet_sitter_name`).
#[rustfmt::skip]
const OF_ANIMALS: [&str; 17] = [
    "name", "names", "first", "last", "full", "nickname", "call", "birth", "birthday", "birthdate", "date", "of", "day", "dob", "age", "sex", "gender",
];

/// Ends of words for people, after those for an animal: 愛犬家, 犬の散歩代行者, ペットシッター.
#[rustfmt::skip]
const KEEPERS: [&str; 16] = [
    "者", "家", "人", "主", "員", "師", "士", "担当", "様", "氏名", "シッター", "トレーナー", "トリマー", "ウォーカー", "オーナー", "ブリーダー",
];

/// The name without a remark in brackets at its end.
pub(super) fn without_remark(name: &str) -> &str {
    let trimmed = name.trim_end();
    let pairs = [
        (')', '('),
        ('）', '（'),
        (']', '['),
        ('】', '【'),
        ('］', '［'),
    ];
    let Some(open) = pairs
        .iter()
        .find(|pair| trimmed.ends_with(pair.0))
        .map(|pair| pair.1)
    else {
        return name;
    };
    match trimmed.rfind(open) {
        Some(at) if at > 0 => trimmed[..at].trim_end(),
        _ => name,
    }
}

impl Vocabulary {
    /// dob.date, birthday.year, age.integerValue: what the step above says, or a piece of it, and how it is written (randomuser.me, People API of
    /// Google, Firestore, read 2026-11).
    pub(super) fn of_step_above(&self, name: &str) -> Option<HeaderHit> {
        const TYPED: [&str; 5] = [
            "timestampvalue",
            "integervalue",
            "stringvalue",
            "doublevalue",
            "iso8601",
        ];
        let (before, last) = name.rsplit_once('.')?;
        let above = before.trim_end_matches(['[', ']']);
        let last = fold(last);
        let dated = above.strip_suffix(".date").unwrap_or(above);
        let hit = |path: &str| {
            let step = fold(path.rsplit('.').next().unwrap_or(path));
            let one = || self.exact(step.strip_suffix('s')?);
            self.exact(&step).or_else(one)
        };
        let born = |path: &str| hit(path).filter(|hit| hit.sort == "birth.date");
        match last.as_str() {
            "year" | "month" | "day" => born(dated).and_then(|_| self.exact(&format!("dob{last}"))),
            "date" | "iso" | "value" => born(dated),
            typed if TYPED.contains(&typed) => hit(above),
            _ => None,
        }
    }

    /// 都道府県名カナ, `branch_kana`: the reading of what is no person's name is none either.
    pub(super) fn reading_of_thing(&self, folded: &str) -> Option<HeaderHit> {
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

/// Whether a word before the last one makes a thing's of a word for people's: `contract_address`, `fare_class`.
pub(super) fn is_of_thing(before: &str, last: &str) -> bool {
    const ADDRESSES: [&str; 24] = [
        "base", "block", "bus", "contract", "crypto", "dns", "end", "eth", "ethernet", "hardware",
        "host", "ipv4", "ipv6", "mac", "memory", "net", "network", "register", "server", "start",
        "token", "virtual", "wallet", "web",
    ];
    const SCHOOLS: [&str; 8] = [
        "school", "home", "homeroom", "student", "pupil", "year", "form", "current",
    ];
    match last {
        "address" | "addr" => ADDRESSES.contains(&before),
        "class" => !SCHOOLS.contains(&before),
        // CAP is a postal code in Italy, and a limit.
        "cap" => [
            "debt", "free", "large", "market", "max", "mid", "mkt", "price", "rate", "salary",
            "small",
        ]
        .contains(&before),
        _ => false,
    }
}

/// Whether a name speaks of an animal: 犬の生年月日, `pet_name`.
pub(super) fn of_animal(name: &str) -> bool {
    let owner = ["飼い主", "飼主", "所有者", "owner", "Owner"];
    if owner.iter().any(|word| name.contains(word)) {
        return false;
    }
    let animals = ["犬の", "猫の", "愛犬", "愛猫", "ペット", "動物の"];
    let ends = animals
        .iter()
        .filter_map(|word| Some(name.rfind(word)? + word.len()));
    let behind = ends.max().map(|end| &name[end..]);
    let words = words_of(name);
    let is_animal = |word: &String| ["pet", "dog", "cat", "puppy"].contains(&word.as_str());
    let last = words.iter().rposition(is_animal);
    let is_own = |word: &String| {
        OF_ANIMALS.contains(&word.as_str()) || word.len() < 2 || word.parse::<u32>().is_ok()
    };
    behind.is_some_and(|rest| !KEEPERS.iter().any(|word| rest.contains(word)))
        || last.is_some_and(|last| words[last + 1..].iter().all(is_own))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_one_step_below() {
        let patterns = crate::pattern::Patterns::builtin();
        let sort = |name: &str| patterns.header(name).map(|hit| hit.sort);
        for (name, expected) in [
            ("dob.date", "birth.date"),
            ("birthday.year", "birth.part"),
            ("birthdays[].date.year", "birth.part"),
            ("fields.birth.timestampValue", "birth.date"),
            ("fields.age.integerValue", "age"),
        ] {
            assert_eq!(sort(name).as_deref(), Some(expected), "{name}");
        }
        assert_ne!(sort("order.date").as_deref(), Some("birth.date"));
    }

    #[test]
    fn animals_and_those_who_keep_them() {
        for name in [
            "pet_name",
            "petName",
            "Pet's name",
            "dog_birth_date",
            "cat date of birth",
            "犬の生年月日",
            "愛犬の名前",
            "ペット名（2匹目）",
        ] {
            assert!(of_animal(name), "{name}");
        }
        for name in [
            "pet_sitter_name",
            "dog_walker_name",
            "cat parent birth date",
            "犬の散歩代行者氏名",
            "愛犬家氏名",
            "ペットシッター名",
            "飼い主（犬の）名前",
            "category_name",
            "name",
        ] {
            assert!(!of_animal(name), "{name}");
        }
    }

    #[test]
    fn no_word_of_a_reading_hides_a_longer_one() {
        for (at, word) in READINGS.iter().enumerate() {
            let shorter = READINGS[..at].iter().find(|before| word.ends_with(*before));
            assert_eq!(shorter, None, "{word}");
        }
    }
}
