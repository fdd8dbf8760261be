//! Words inside a column's name, where the whole name is unknown: ご記入者のお名前をお書きください, and the numbered questions of a survey.
//!
//! In: a folded name. Out: what a word in it says.

use super::HeaderHit;
use super::header::{LONGEST, Vocabulary, fold, hit};

/// Words that tell the sort wherever they stand in a name, longest first, and what they must not be followed by at its end.
const INSIDE: &[(&str, &str, u8)] = &[
    ("メールアドレス", "email", 3),
    ("郵便番号", "address.postal", 3),
    ("生年月日", "birth.date", 3),
    ("電話番号", "phone.any", 3),
    ("誕生日", "birth.date", 3),
    ("メアド", "email", 3),
    ("お名前", "name.full", 2),
    ("住所", "address.full", 2),
    ("氏名", "name.full", 2),
    ("姓名", "name.full", 2),
    ("電話", "phone.any", 2),
    ("〒", "address.postal", 3),
    ("紹介ページ", "url.personal", 1),
    ("お問い合わせ", "freetext", 2),
    ("お問合せ", "freetext", 2),
    ("ご質問", "freetext", 2),
    ("ご意見", "freetext", 2),
    ("ご感想", "freetext", 2),
    ("自由に", "freetext", 2),
    ("ご所属", "org.name", 2),
];

/// Endings that make a name speak *about* the thing: 電話番号確認フラグ is no phone number.
const ABOUT: &[&str] = &[
    "フラグ",
    "区分",
    "可否",
    "有無",
    "件数",
    "回数",
    "日時",
    "種別",
    "種類",
    "コード",
    "認証",
    "確認",
    "ステータス",
    "希望",
    "履歴",
    "状況",
    "状態",
    "変更日",
    "更新日",
    "登録日",
    "表示",
    "不明",
    "公開",
    "flg",
    "flag",
    "id",
];

impl Vocabulary {
    /// Whether a text as a whole is a word or a role.
    pub(super) fn knows(&self, text: &str) -> bool {
        let folded = match text.len() {
            ..=LONGEST => fold(text),
            _ => return false,
        };
        self.exact(&folded).is_some() || self.role(&folded).is_some()
    }
}

/// A word of [`INSIDE`] in a name that does not speak about it.
pub(super) fn inside(folded: &str) -> Option<HeaderHit> {
    let (word, sort, strength) = INSIDE.iter().find(|row| folded.contains(row.0))?;
    let end = folded.rfind(word).unwrap_or_default() + word.len();
    let about = ABOUT.iter().any(|ending| folded.ends_with(ending)) && end < folded.len();
    (!about).then(|| hit(word, sort, *strength))
}

/// A numbered question of a survey: `Q12`, 問3, `answer_2`.
pub(super) fn question(folded: &str) -> Option<HeaderHit> {
    const WORDS: [&str; 10] = [
        "question",
        "answer",
        "resp",
        "ans",
        "q",
        "アンケート",
        "設問",
        "質問",
        "回答",
        "問",
    ];
    let word = WORDS.iter().find(|word| {
        let rest = folded.strip_prefix(**word).unwrap_or_default();
        rest.starts_with(|c: char| c.is_ascii_digit())
    })?;
    Some(hit(word, "survey.interest", 1))
}
