//! Full names in scripts other than Latin and Japanese: Hangul, Chinese characters, Cyrillic, Greek, Arabic, Hebrew, Thai, Armenian, Georgian and those of
//! India.
//!
//! In: a cell. Out: whether it looks like a full name. One cell proves little, since a dictionary of a few thousand words knows half of a people's names
//! and the syllable of a surname begins many other words: a column of them decides.

use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;

use crate::pattern::dict::Lists;
use crate::pattern::scripts;

/// More words than this no name has: names of Arabia count the forefathers.
const MOST_WORDS: usize = 9;

/// Surnames of one character with which nearly all names of China and Taiwan begin, in short and long characters (the surnames that the Ministry of Public
/// Security of China and the Ministry of the Interior of Taiwan count as the commonest).
const CHINESE: &str = "王李张張刘劉陈陳杨楊黄黃赵趙吴吳周徐孙孫马馬朱胡郭何林罗羅高郑鄭梁谢謝宋唐许許韩韓邓鄧冯馮曹彭曾肖蕭萧田董潘袁蔡蒋蔣余于杜叶葉程魏苏蘇吕呂丁任卢盧姚沈钟鐘鍾姜崔谭譚陆陸范汪廖石\
金韦韋贾賈夏付傅方邹鄒熊白孟秦邱江尹薛闫閻阎侯雷龙龍史黎陶贺賀毛郝顾顧龚龔邵万萬覃武钱錢戴严嚴莫孔向汤湯温溫康施文牛樊葛邢安齐齊易乔喬伍庞龐庄莊申倪章鲁魯岳翟殷詹欧歐耿\
关關兰蘭焦俞左柳甘祝包宁寧尚符舒阮柯纪紀梅童凌毕畢单單季裴霍涂成苗谷盛曲翁冉骆駱蓝藍路游辛靳管柴蒙鲍鮑华華喻祁蒲房滕屈饶饒解牟艾尤阳陽时時穆农農司卓古吉缪繆简簡车車项項\
连連芦蘆麦麥褚娄婁窦竇戚岑景党黨宫宮费費卜冷晏席卫衛米柏宗瞿桂全佟应應臧闵閔苟邬鄔边邊卞姬师師和仇栾欒隋商刁沙荣榮巫寇桑郎甄丛叢仲虞敖巩鞏明佘池查麻苑迟遲邝鄺官封谈談匡";

const CHINESE_DOUBLE: [&str; 12] = [
    "欧阳", "歐陽", "上官", "司马", "司馬", "诸葛", "諸葛", "皇甫", "尉迟", "令狐", "慕容", "夏侯",
];

/// Surnames of one syllable in Korea (census of 2015) but for the rarest.
const KOREAN: &str = "김이박최정강조윤장임한오서신권황안송전홍유고문양손배백허남심노하곽성차주우구민류나진지엄채원천방공현함변염여추도소석선설마길연위표명기반라왕금옥육인맹제모탁국어은편용예경봉사";

const KOREAN_DOUBLE: [&str; 7] = ["남궁", "황보", "제갈", "사공", "선우", "독고", "서문"];

/// With what no given name of Korea ends: districts, shops, teams, goods.
const KOREAN_THINGS: &str = "시군읍면점실팀역품";

/// Endings of surnames and of names after the father, in small letters.
const ENDINGS: [&str; 36] = [
    "ов",
    "ова",
    "ев",
    "ева",
    "ин",
    "ина",
    "ский",
    "ская",
    "цкий",
    "цкая",
    "ський",
    "ська",
    "енко",
    "чук",
    "юк",
    "вич",
    "вна",
    "ичч",
    "ић",
    "ски",
    "σ",
    "ου",
    "ακη",
    "ιδη",
    "լյան",
    "յան",
    "շվիլի",
    "შვილი",
    "ძე",
    "ია",
    "ური",
    "יאן",
    "וביץ",
    "ян",
    "дзе",
    "швили",
];

/// Whether two to four Chinese characters begin with a surname of China or Taiwan.
pub(super) fn chinese(cell: &str) -> bool {
    let chars = cell.chars().count();
    let double = |cell: &str| CHINESE_DOUBLE.iter().any(|name| cell.starts_with(name));
    match chars {
        2 | 3 => cell.chars().next().is_some_and(is_surname) || chars == 3 && double(cell),
        4 => double(cell),
        _ => false,
    }
}

/// Whether the character is one of [`CHINESE`].
fn is_surname(c: char) -> bool {
    static BITS: OnceLock<Vec<u64>> = OnceLock::new();
    let at = |c: char| (c as usize).wrapping_sub(0x4E00);
    let bits = BITS.get_or_init(|| {
        let mut bits = vec![0; 0x5200 / 64];
        for at in CHINESE.chars().map(at) {
            bits[at / 64] |= 1 << (at % 64);
        }
        bits
    });
    bits.get(at(c) / 64)
        .is_some_and(|word| word >> (at(c) % 64) & 1 == 1)
}

/// Whether the text is a full name in Hangul or in a script with a dictionary.
pub(super) fn full(cell: &str) -> bool {
    match cell.chars().next() {
        Some('\u{AC00}'..='\u{D7A3}') => korean(cell),
        Some('\u{370}'..='\u{10FF}') => words(cell),
        _ => false,
    }
}

/// Three syllables that begin with a surname, the commonest form by far; four with one of two.
fn korean(cell: &str) -> bool {
    let double = KOREAN_DOUBLE.iter().any(|name| cell.starts_with(name));
    let single = cell.chars().next().is_some_and(|c| KOREAN.contains(c));
    let fits = match cell.chars().count() {
        3 => single,
        4 => double,
        _ => false,
    };
    fits && cell.chars().all(is_hangul) && !cell.ends_with(|c| KOREAN_THINGS.contains(c))
}

/// Where the surname of a full name of Korea or China in one word ends, in characters; `told`: its column is of such names, so that one of two letters
/// is a whole name, too. Without that three syllables of Hangul are one that begin with a surname (or four with one of two), and no Chinese name, since
/// most names in Chinese characters are of Japan.
pub fn surname_end(name: &str, told: bool) -> Option<usize> {
    let double = |names: &[&str]| names.iter().any(|double| name.starts_with(double));
    let n = name.chars().count();
    match name.chars().next()? {
        '\u{AC00}'..='\u{D7A3}' if korean(name) => Some(1 + usize::from(n == 4)),
        c @ '\u{AC00}'..='\u{D7A3}' if told && name.chars().all(is_hangul) => match n {
            4 if double(&KOREAN_DOUBLE) => Some(2),
            2..=4 if KOREAN.contains(c) => Some(1),
            _ => None,
        },
        '\u{3400}'..='\u{9FFF}' if told && chinese(name) => {
            Some(1 + usize::from(n > 2 && double(&CHINESE_DOUBLE)))
        }
        _ => None,
    }
}

/// Whether a word is a surname of Korea: the family name, which stands first.
pub fn is_korean_surname(word: &str) -> bool {
    let mut chars = word.chars();
    let single = chars.next().is_some_and(|c| KOREAN.contains(c)) && chars.next().is_none();
    single || KOREAN_DOUBLE.contains(&word)
}

fn is_hangul(c: char) -> bool {
    matches!(c, '\u{AC00}'..='\u{D7A3}')
}

/// Two words and more, one of them a given name and most of them names or with the ending of one.
fn words(cell: &str) -> bool {
    let (mut all, mut given, mut known) = (0, 0, 0);
    for word in cell.split([' ', '\u{A0}', '-', ',']) {
        let word = word.trim_matches(['.', '\'', '’', 'ʼ', '"', '(', ')', '«', '»']);
        let letters = word.chars().filter(|c| is_letter(*c)).count();
        if letters != word.chars().count() {
            return false;
        }
        if letters < 2 {
            continue;
        }
        let (folded, len) = fold(word);
        let lists = scripts::script_name(&folded[..len]);
        all += 1;
        given += usize::from(lists.any(Lists::GIVEN));
        known += usize::from(!lists.is_empty() || ends_as_surname(&folded[..len]));
    }
    (2..=MOST_WORDS).contains(&all) && given >= 1 && known >= 2 && known * 2 >= all
}

/// Whether a character is a letter, a vowel sign or another mark of a word.
pub(super) fn is_letter(c: char) -> bool {
    c.is_alphabetic()
        || matches!(c, '\u{300}'..='\u{36F}' | '\u{64B}'..='\u{65F}' | '\u{900}'..='\u{DFF}' | '\u{E31}'..='\u{E4E}' | '\'' | '’' | 'ʼ')
}

fn ends_as_surname(word: &[char]) -> bool {
    ENDINGS.iter().any(|ending| {
        let n = ending.chars().count();
        word.len() >= n + 3 && ending.chars().eq(word[word.len() - n..].iter().copied())
    })
}

/// Bytes of a folded word that are told apart.
const LONGEST: usize = 32;

/// The word as the list has it: decomposed, without accents and vowel points, in small letters.
fn fold(word: &str) -> ([char; LONGEST], usize) {
    let (mut folded, mut len) = ([' '; LONGEST], 0);
    for c in word.nfd().flat_map(char::to_lowercase) {
        let point = matches!(c, '\u{300}'..='\u{36F}' | '\u{64B}'..='\u{65F}' | '\u{670}' | '\u{5B0}'..='\u{5C7}');
        if !point && len < LONGEST {
            folded[len] = if c == 'ς' { 'σ' } else { c };
            len += 1;
        }
    }
    (folded, len)
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_many_scripts() {
        let check = |cell: &str, expected: bool| {
            assert_eq!(
                super::full(cell) || super::chinese(cell),
                expected,
                "{cell}"
            );
        };
        check("Козлова Ирина Ефимовна", true);
        check("Г-н Тинчо Кьоров", true);
        check("Анна Иванова", true);
        check("ИВАНОВ ИВАН", true);
        check("Нижний Новгород", false);
        check("Семейный врач", false);
        check("Σοφία Παπαδοπούλου", true);
        check("Γιώργος Παπαδόπουλος", true);
        check("محمد أحمد", true);
        check("김수민", true);
        check("남궁민수", true);
        check("고양시", false);
        check("전화번호", false);
        check("王丹", true);
        check("陈建平", true);
        check("欧阳娜娜", true);
        check("演员", false);
        check("东京都", false);
        check("", false);
    }

    #[test]
    fn where_the_surname_ends() {
        let check = |name: &str, alone, told| {
            let ends = [false, true].map(|told| super::surname_end(name, told));
            assert_eq!(ends, [alone, told], "{name}");
        };
        check("김수민", Some(1), Some(1));
        check("남궁민수", Some(2), Some(2));
        check("이산", None, Some(1));
        check("선우현", Some(1), Some(1));
        check("현실", None, Some(1));
        check("토마토", None, None);
        check("王丹", None, Some(1));
        check("陈建平", None, Some(1));
        check("欧阳娜娜", None, Some(2));
        check("佐藤", None, None);
        check("Smith", None, None);
        check("", None, None);
        assert!(super::is_korean_surname("김") && super::is_korean_surname("남궁"));
        assert!(!super::is_korean_surname("김민") && !super::is_korean_surname("잭슨"));
    }
}
