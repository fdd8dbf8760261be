//! Given names in kanji that differ in one character: a slip of the keyboard, or two people?
//!
//! Who types a reading and picks the wrong kanji writes one that is read alike: 裕子 for 祐子. 美咲 and 美優 are both names, and nobody writes
//! the one for the other: sisters.

use super::normal::is_organisation;
use crate::pattern::dict::{self, Lists};

/// Kanji that are read alike in given names, a reading a line, or look alike. Compiled for this project from the readings of 人名用漢字 and
/// 常用漢字 in common names.
#[rustfmt::skip]
const ALIKE: &[&str] = &[
    "裕祐優悠雄勇友由侑佑結有夕唯柚", // ユウ, ユ
    "浩弘宏広博裕洋寛大紘尋拓啓", // ヒロ
    "孝隆貴高崇敬喬尚岳天", // タカ
    "明昭秋章彰晃亮顕晶朗暁", // アキ
    "和一数計千", // カズ
    "健賢憲謙研建兼堅剣", // ケン
    "純順淳潤準洵", // ジュン
    "真慎進信伸晋紳心新辰", // シン
    "正昌雅政勝将真優匡", // マサ
    "義良吉善佳芳美好嘉由祥慶喜", // ヨシ
    "典紀憲則徳規範教訓法", // ノリ
    "美実未海三見深心", // ミ
    "香花佳華夏果加歌可嘉薫", // カ
    "奈菜那名南七", // ナ
    "沙紗佐早咲彩桜", // サ
    "里理梨莉利李璃吏", // リ
    "恵絵江英枝衣笑瑛", // エ
    "斗人翔登都十", // ト
    "太汰多大", // タ, ダイ
    "樹希貴輝紀季喜生己来", // キ
    "智知友朋朝伴", // トモ
    "行幸之雪由如", // ユキ
    "彦比古", // ヒコ
    "治春晴陽遥悠", // ハル
    "康靖保泰安", // ヤス
    "秀英栄日出", // ヒデ
    "直尚奈", // ナオ
    "光満充晃", // ミツ
    "輝照晃", // テル
    "誠真信実慎", // マコト
    "聡智悟諭敏哲", // サトシ, トシ
    "俊敏利年寿稔", // トシ
    "修収治理", // オサム
    "茂繁滋", // シゲ
    "志司史士子氏", // シ
    "郎朗良", // ロウ
    "郁育生", // イク
    "綾彩文絢章", // アヤ
    "麻真茉万舞", // マ
    "愛藍逢", // アイ
    "葵碧青", // アオ
    "奈々菜々", // ナナ
    "音乃野能", // ネ, ノ
    "翔祥章昇彰渉尚", // ショウ
    "光幸孝浩弘宏康晃航洸紘公功耕", // コウ
    "敬恵慶圭啓桂佳", // ケイ
    "陽洋葉瑶耀", // ヨウ
    "龍竜隆琉", // リュウ
    "遼亮良涼凌諒", // リョウ
    "蓮恋廉", // レン
    "玲麗怜礼令", // レイ
    "未末", "己巳", "千干", "太大", "裕祐", "晴睛", "輝揮", "萌崩", "栞葉", "莉利", "遥瑶",
];

/// Whether two given names that differ in one kanji are known names and no slip for each other.
pub(super) fn are_two(a: &str, b: &str) -> bool {
    let mut pairs = a.chars().zip(b.chars()).filter(|pair| pair.0 != pair.1);
    let (Some((x, y)), None) = (pairs.next(), pairs.next()) else {
        return false;
    };
    let alike = |group: &str| group.contains(x) && group.contains(y);
    !ALIKE.iter().any(|group| alike(group)) && is_given(a) && is_given(b)
}

/// Whether a word is a given name that the lists know.
pub(super) fn is_given(name: &str) -> bool {
    if name.is_ascii() {
        return name.len() > 1 && dict::latin(name).any(Lists::GIVEN);
    }
    let chars: Vec<char> = name.chars().take(5).collect();
    chars.len() < 5 && dict::jp(&chars).any(Lists::GIVEN)
}

/// Where the surname of a full name without a blank ends, in bytes, if the lists tell: 長谷川淳 has none of two characters. Of several ends one
/// behind which a known given name stands is taken, a surname of two characters first; else the longest common surname.
pub(super) fn surname_end(name: &str) -> Option<usize> {
    let chars: Vec<char> = name.chars().take(9).collect();
    let ends = || [2, 3, 1, 4].into_iter().filter(|&end| end < chars.len());
    let has = |part: &[char], lists| dict::jp(part).any(lists);
    let common = |end: &usize| has(&chars[..*end], Lists::SURNAME_STRONG);
    let given = |end: &usize| has(&chars[*end..], Lists::GIVEN);
    let end = ends()
        .find(|end| common(end) && given(end))
        .or_else(|| ends().find(|end| has(&chars[..*end], Lists::SURNAME) && given(end)))
        .or_else(|| ends().filter(common).max())?;
    Some(chars[..end].iter().map(|c| c.len_utf8()).sum())
}

/// The name of the person in a column of names: all of it, or where it is an organisation's what stands [behind](person_behind) that.
pub(super) fn person_in(full: &str) -> Option<&str> {
    if is_organisation(full) {
        person_behind(full)
    } else {
        Some(full)
    }
}

/// The person behind an organisation in an address: 株式会社青空　営業部　山田太郎 様. Before the name stands more than a legal form, as 株式会社
/// 山田太郎 is a company.
fn person_behind(address: &str) -> Option<&str> {
    const HONORIFICS: [&str; 6] = ["様", "殿", "さま", "さん", "先生", "氏"];
    const FORMS: [&str; 6] = [
        "株式会社",
        "有限会社",
        "合同会社",
        "合資会社",
        "合名会社",
        "社",
    ];
    let bare = address.trim_end();
    let bare = HONORIFICS.iter().find_map(|end| bare.strip_suffix(end));
    let bare = bare.unwrap_or(address).trim_end();
    let has = |part: &str, lists| {
        let chars: Vec<char> = part.chars().take(6).collect();
        chars.len() < 6 && dict::jp(&chars).any(lists)
    };
    let full = |name: &str| {
        surname_end(name)
            .is_some_and(|end| has(&name[..end], Lists::SURNAME) && has(&name[end..], Lists::GIVEN))
    };
    let (before, last) = bare.rsplit_once(char::is_whitespace)?;
    let (start, before) = if full(last) {
        (bare.len() - last.len(), before)
    } else {
        let head = before.trim_end();
        let (before, family) = head.rsplit_once(char::is_whitespace)?;
        let named = has(family, Lists::SURNAME_STRONG) && has(last, Lists::GIVEN);
        named.then_some((head.len() - family.len(), before))?
    };
    let before = before.trim();
    let alone = FORMS
        .iter()
        .any(|form| before.ends_with(form) && before.chars().count() <= 4);
    (!alone).then(|| bare[start..].trim())
}

#[cfg(test)]
mod tests {
    #[test]
    fn people_stand_behind_companies() {
        let check = |address: &str, person: Option<&str>| {
            assert_eq!(super::person_behind(address), person, "{address}");
        };
        check("株式会社青空　営業部　山田太郎 様", Some("山田太郎"));
        check("（株）北斗電機 代表取締役 佐藤 健一殿", Some("佐藤 健一"));
        check("株式会社青空 御中", None);
        check("株式会社 山田太郎", None);
        check("さくら病院　総務課", None);
    }

    #[test]
    fn surnames_end_where_the_lists_say() {
        let check = |name: &str, surname: &str| {
            let end = super::surname_end(name).unwrap_or(0);
            assert_eq!(&name[..end], surname, "{name}");
        };
        check("長谷川淳", "長谷川");
        check("久保田蓮", "久保田");
        check("五十嵐千尋", "五十嵐");
        check("佐藤太郎", "佐藤");
        check("森健太郎", "森");
        check("林美咲", "林");
        // No given name that is known, and nothing at all.
        check("長谷川囍", "長谷川");
        check("囍囍囍囍", "");
    }

    #[test]
    fn slips_and_sisters() {
        let check = |a: &str, b: &str, two: bool| assert_eq!(super::are_two(a, b), two, "{a} {b}");
        check("美咲", "美優", true);
        check("真央", "真子", true);
        check("里美", "里奈", true);
        check("裕子", "祐子", false);
        check("陽菜", "陽奈", false);
        check("健太", "健大", false);
        // No name that is known: a slip.
        check("美咲", "美怱", false);
        check("美咲", "優花", false);
        check("美咲", "美咲", false);
    }
}
