//! Given names in kanji that differ in one character: a slip of the keyboard, or two people?
//!
//! Who types a reading and picks the wrong kanji writes one that is read alike: 裕子 for 祐子. 美咲 and 美優 are both names, and nobody writes
//! the one for the other: sisters.

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
    let known = |name: &str| {
        let chars: Vec<char> = name.chars().take(5).collect();
        chars.len() < 5 && dict::jp(&chars).any(Lists::GIVEN)
    };
    !ALIKE.iter().any(|group| alike(group)) && known(a) && known(b)
}

#[cfg(test)]
mod tests {
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
