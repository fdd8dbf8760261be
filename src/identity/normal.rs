//! Normal forms: one writing for what is written in many, and nothing for fillers. Pure functions.
//! Long because its tables are.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::classify;
use crate::pattern::dict::{self, Lists};
use crate::pattern::relations;
use crate::text::{Words, whole_number};

/// Old and variant kanji and small kana that stand for the same in names and addresses: variant, usual form.
const VARIANTS: &[(char, char)] = &[
    ('亙', '亘'),
    ('亞', '亜'),
    ('佛', '仏'),
    ('來', '来'),
    ('儉', '倹'),
    ('兒', '児'),
    ('冨', '富'),
    ('凜', '凛'),
    ('劍', '剣'),
    ('勳', '勲'),
    ('勸', '勧'),
    ('吳', '呉'),
    ('嚴', '厳'),
    ('國', '国'),
    ('圍', '囲'),
    ('圓', '円'),
    ('圖', '図'),
    ('團', '団'),
    ('埜', '野'),
    ('堯', '尭'),
    ('增', '増'),
    ('壓', '圧'),
    ('壯', '壮'),
    ('壹', '壱'),
    ('壽', '寿'),
    ('奧', '奥'),
    ('孃', '嬢'),
    ('學', '学'),
    ('實', '実'),
    ('寶', '宝'),
    ('將', '将'),
    ('專', '専'),
    ('屬', '属'),
    ('峯', '峰'),
    ('峽', '峡'),
    ('嵜', '崎'),
    ('嶋', '島'),
    ('嶌', '島'),
    ('嶽', '岳'),
    ('巖', '巌'),
    ('巿', '市'),
    ('廣', '広'),
    ('廳', '庁'),
    ('彌', '弥'),
    ('彥', '彦'),
    ('從', '従'),
    ('德', '徳'),
    ('惠', '恵'),
    ('惡', '悪'),
    ('愼', '慎'),
    ('應', '応'),
    ('戶', '戸'),
    ('拂', '払'),
    ('攝', '摂'),
    ('收', '収'),
    ('數', '数'),
    ('曉', '暁'),
    ('曻', '昇'),
    ('曾', '曽'),
    ('會', '会'),
    ('栁', '柳'),
    ('桒', '桑'),
    ('桺', '柳'),
    ('條', '条'),
    ('榮', '栄'),
    ('槇', '槙'),
    ('槗', '橋'),
    ('樂', '楽'),
    ('樓', '楼'),
    ('樣', '様'),
    ('檜', '桧'),
    ('檢', '検'),
    ('檮', '梼'),
    ('櫻', '桜'),
    ('權', '権'),
    ('歡', '歓'),
    ('殘', '残'),
    ('氣', '気'),
    ('淨', '浄'),
    ('淸', '清'),
    ('淺', '浅'),
    ('渊', '淵'),
    ('渕', '淵'),
    ('溪', '渓'),
    ('澁', '渋'),
    ('澤', '沢'),
    ('濕', '湿'),
    ('濟', '済'),
    ('濱', '浜'),
    ('濵', '浜'),
    ('瀧', '滝'),
    ('瀨', '瀬'),
    ('煇', '輝'),
    ('燈', '灯'),
    ('燒', '焼'),
    ('營', '営'),
    ('爐', '炉'),
    ('爲', '為'),
    ('犧', '犠'),
    ('狹', '狭'),
    ('獨', '独'),
    ('獻', '献'),
    ('瑤', '瑶'),
    ('瓣', '弁'),
    ('畫', '画'),
    ('當', '当'),
    ('瘦', '痩'),
    ('盡', '尽'),
    ('眞', '真'),
    ('硏', '研'),
    ('祕', '秘'),
    ('祿', '禄'),
    ('禪', '禅'),
    ('禮', '礼'),
    ('稱', '称'),
    ('稻', '稲'),
    ('穗', '穂'),
    ('穰', '穣'),
    ('竈', '竃'),
    ('籠', '篭'),
    ('絲', '糸'),
    ('經', '経'),
    ('緖', '緒'),
    ('緣', '縁'),
    ('縣', '県'),
    ('縱', '縦'),
    ('總', '総'),
    ('繩', '縄'),
    ('繼', '継'),
    ('續', '続'),
    ('纖', '繊'),
    ('缺', '欠'),
    ('羣', '群'),
    ('聰', '聡'),
    ('聲', '声'),
    ('聽', '聴'),
    ('肅', '粛'),
    ('脫', '脱'),
    ('膽', '胆'),
    ('臺', '台'),
    ('與', '与'),
    ('舊', '旧'),
    ('舍', '舎'),
    ('舘', '館'),
    ('艷', '艶'),
    ('莊', '荘'),
    ('莖', '茎'),
    ('萠', '萌'),
    ('萬', '万'),
    ('薰', '薫'),
    ('藏', '蔵'),
    ('藝', '芸'),
    ('藥', '薬'),
    ('藪', '薮'),
    ('蘆', '芦'),
    ('處', '処'),
    ('號', '号'),
    ('螢', '蛍'),
    ('蠶', '蚕'),
    ('蠻', '蛮'),
    ('衞', '衛'),
    ('裝', '装'),
    ('襃', '褒'),
    ('覺', '覚'),
    ('覽', '覧'),
    ('觀', '観'),
    ('謠', '謡'),
    ('證', '証'),
    ('譽', '誉'),
    ('讀', '読'),
    ('讓', '譲'),
    ('豐', '豊'),
    ('豫', '予'),
    ('賣', '売'),
    ('賴', '頼'),
    ('贊', '賛'),
    ('躰', '体'),
    ('輕', '軽'),
    ('輛', '両'),
    ('轉', '転'),
    ('辭', '辞'),
    ('辯', '弁'),
    ('遙', '遥'),
    ('遞', '逓'),
    ('遲', '遅'),
    ('邉', '辺'),
    ('邊', '辺'),
    ('鄕', '郷'),
    ('鄰', '隣'),
    ('釋', '釈'),
    ('釼', '剣'),
    ('鎭', '鎮'),
    ('鐵', '鉄'),
    ('鑄', '鋳'),
    ('鑛', '鉱'),
    ('閒', '間'),
    ('關', '関'),
    ('陷', '陥'),
    ('隨', '随'),
    ('險', '険'),
    ('隱', '隠'),
    ('雙', '双'),
    ('雜', '雑'),
    ('雞', '鶏'),
    ('霸', '覇'),
    ('靈', '霊'),
    ('靑', '青'),
    ('靜', '静'),
    ('頰', '頬'),
    ('顏', '顔'),
    ('顯', '顕'),
    ('飜', '翻'),
    ('飮', '飲'),
    ('餠', '餅'),
    ('騷', '騒'),
    ('驗', '験'),
    ('驛', '駅'),
    ('髙', '高'),
    ('髮', '髪'),
    ('鬪', '闘'),
    ('鯵', '鰺'),
    ('鷄', '鶏'),
    ('鷗', '鴎'),
    ('鹼', '鹸'),
    ('鹽', '塩'),
    ('麥', '麦'),
    ('麴', '麹'),
    ('黃', '黄'),
    ('黑', '黒'),
    ('默', '黙'),
    ('點', '点'),
    ('齊', '斉'),
    ('齋', '斎'),
    ('齡', '齢'),
    ('龍', '竜'),
    ('龜', '亀'),
    ('﨑', '崎'),
    ('﨟', '臈'),
    ('𠮷', '吉'),
];

/// What becomes of a character that NFKC neither composes nor takes apart, whatever stands beside it.
enum Plain {
    /// It stays.
    Same,
    /// Another stands for it.
    Other(char),
    /// No letter or digit.
    Sign,
}

/// How ASCII is folded.
#[inline(always)]
fn plain_ascii(c: char) -> Plain {
    match c {
        'a'..='z' | '0'..='9' => Plain::Same,
        'A'..='Z' => Plain::Other(c.to_ascii_lowercase()),
        _ => Plain::Sign,
    }
}

/// How ASCII in either width, kana and kanji are folded; `None` for all else.
#[inline(always)]
fn plain(c: char) -> Option<Plain> {
    Some(match c {
        '\0'..='\x7f' => plain_ascii(c),
        '\u{3400}'..='\u{9fff}' => match usual(c) {
            same if same == c => Plain::Same,
            other => Plain::Other(other),
        },
        'ァ'..='ヺ' | 'ー' | '々' => Plain::Same,
        'ぁ'..='ゖ' => Plain::Other(usual(c)),
        '\u{3000}' | '、' | '。' | '・' => Plain::Sign,
        '！'..='～' => match plain_ascii(narrow(c)) {
            Plain::Same => Plain::Other(narrow(c)),
            folded => folded,
        },
        _ => return None,
    })
}

/// NFKC, lower case, marks of Latin letters removed, hiragana to katakana, variant kanji to the usual ones; everything that is no
/// letter or digit becomes one blank. Kana marks and the long-vowel mark stay.
pub(super) fn fold(text: &str, out: &mut String) {
    out.clear();
    if fold_plain(text, out) {
        return;
    }
    out.clear();
    let mut gap = false;
    for c in text.nfkc() {
        if c.is_alphabetic() && (c as u32) < 0x250 {
            c.nfd()
                .filter(|&mark| !is_combining_mark(mark))
                .flat_map(char::to_lowercase)
                .for_each(|c| push(c, &mut gap, out));
        } else {
            c.to_lowercase().for_each(|c| push(usual(c), &mut gap, out));
        }
    }
}

/// [`fold`] for plain characters, those that stay copied in runs; false when there are others.
fn fold_plain(text: &str, out: &mut String) -> bool {
    let (mut run, mut gap) = (0, false);
    for (at, c) in text.char_indices() {
        let Some(folded) = plain(c) else { return false };
        if matches!(folded, Plain::Same) && !gap {
            continue;
        }
        out.push_str(&text[run..at]);
        run = at;
        if matches!(folded, Plain::Sign) {
            run += c.len_utf8();
            gap |= narrow(c) != '\'';
            continue;
        }
        if gap && !out.is_empty() {
            out.push(' ');
        }
        gap = false;
        if let Plain::Other(other) = folded {
            out.push(other);
            run += c.len_utf8();
        }
    }
    out.push_str(&text[run..]);
    true
}

/// Adds [`fold`] of a text of plain characters without blanks, `mark` for each of the dashes, which folding drops; false when there are
/// other characters.
pub(super) fn fold_marked(
    text: &str,
    is_dash: impl Fn(char) -> bool,
    mark: char,
    out: &mut String,
) -> bool {
    let mut run = 0;
    for (at, c) in text.char_indices() {
        let other = match plain(c) {
            // No dash is among the characters that stay.
            Some(Plain::Same) => continue,
            _ if is_dash(c) => Some(mark),
            Some(Plain::Other(other)) => Some(other),
            Some(Plain::Sign) => None,
            None => return false,
        };
        out.push_str(&text[run..at]);
        run = at + c.len_utf8();
        out.extend(other);
    }
    out.push_str(&text[run..]);
    true
}

fn push(c: char, gap: &mut bool, out: &mut String) {
    if c == '\'' || c == '’' {
        return;
    }
    let ideograph = matches!(c, '\u{3400}'..='\u{9fff}');
    if !ideograph && !c.is_alphanumeric() && !is_combining_mark(c) {
        *gap = true;
        return;
    }
    if *gap && !out.is_empty() {
        out.push(' ');
    }
    *gap = false;
    out.push(c);
}

/// One bit for each character from U+3400 to U+9FFF: whether it is a variant.
const VARIANT_BITS: [u64; 432] = {
    let (mut bits, mut i) = ([0; 432], 0);
    while i < VARIANTS.len() {
        let at = (VARIANTS[i].0 as usize).wrapping_sub(0x3400);
        if at < 432 * 64 {
            bits[at / 64] |= 1 << (at % 64);
        }
        i += 1;
    }
    bits
};

fn usual(c: char) -> char {
    match c {
        'ぁ'..='ゖ' => char::from_u32(c as u32 + 0x60).unwrap_or(c),
        '\u{3400}'..='\u{9fff}' => {
            let at = c as usize - 0x3400;
            if VARIANT_BITS[at / 64] >> (at % 64) & 1 == 0 {
                c
            } else {
                variant(c)
            }
        }
        '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ffff}' => variant(c),
        _ => c,
    }
}

fn variant(c: char) -> char {
    VARIANTS
        .binary_search_by_key(&c, |pair| pair.0)
        .map_or(c, |at| VARIANTS[at].1)
}

/// Whether the text is written in Chinese characters or kana.
pub(super) fn is_cjk(text: &str) -> bool {
    !text.is_ascii() && text.chars().any(|c| matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{2ffff}'))
}

/// Whether a folded text is kana only.
pub(super) fn is_kana(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| matches!(c, '\u{3040}'..='\u{30ff}' | ' '))
}

/// Words that stand in a name field for no name.
static NO_NAMES: Words = Words::new(&[
    "unknown",
    "test",
    "baby",
    "woman",
    "man",
    "respondent",
    "none",
    "null",
    "na",
    "n a",
    "nan",
    "anonymous",
    "dummy",
    "sample",
    "guest",
    "no name",
    "noname",
    "not available",
    "not provided",
    "xxx",
    "aaa",
    "asdf",
    "user",
    "customer",
    "first",
    "last",
    "first last",
    "admin",
    "administrator",
    "名無シ",
    "名無",
    "匿名",
    "不明",
    "ナシ",
    "無シ",
    "無",
    "テスト",
    "テスト太郎",
    "サンプル",
    "ダミー",
    "退会済",
    "退会者",
    "退会済ミ",
    "退会済ユーザー",
    "退会済ミユーザー",
    "退会ユーザー",
    "削除済ユーザー",
    "削除済ミユーザー",
    "削除サレタユーザー",
    "退会会員",
    "deleted user",
    "deleted account",
    "removed user",
    "former user",
    "withdrawn user",
    "合計",
    "小計",
    "総計",
    "累計",
    "総合計",
    "計",
    "total",
    "subtotal",
    "sub total",
    "grand total",
    "削除済",
    "削除済ミ",
    "未入力",
    "未設定",
    "ゲスト",
    "同上",
    "同左",
    "同右",
    "本人",
    "氏名",
    "名前",
    // What writes by itself in the chats of a shop (LINE Official Account Manager, saved chats, read 2026-11).
    "応答メッセージ",
    "ai応答メッセージ",
    "自動応答",
    "自動応答メッセージ",
    "自動返信",
    "アイサツメッセージ",
    "メッセージ配信",
    "一斉配信",
    "ステップ配信",
    "公式アカウント",
    "チャットボット",
    "chatbot",
    "system",
    // The words of a form or of a list of fields.
    "フリガナ",
    "氏名カナ",
    "カナ氏名",
    "氏名フリガナ",
    "姓",
    "名",
    "姓名",
    "性別",
    "年齢",
    "生年月日",
    "誕生日",
    "住所",
    "現住所",
    "郵便番号",
    "電話番号",
    "携帯番号",
    "携帯電話",
    "メールアドレス",
    "会員番号",
    "顧客番号",
    "社員番号",
    "会社名",
    "勤務先",
    "職業",
    "備考",
    "name",
    "full name",
    "first name",
    "last name",
    "given name",
    "family name",
    "surname",
    "e mail",
    "email",
    "phone",
    "address",
    "ナナシ",
    "該当ナシ",
    "テストテスト",
    "テスト テスト",
    "公開",
    "非公開",
    "test test",
    "test user",
    "testuser",
    "slackbot",
    "foo",
    "bar",
    "hoge",
    "ホゲ",
    "アアア",
    "ああ",
    "未登録",
]);

static TITLES: Words = Words::new(&[
    "mr", "mrs", "ms", "miss", "dr", "prof", "sir", "lady", "様", "殿", "サン", "氏", "先生",
    "御中", "サマ", "herr", "herrn", "frau", "hallo", "monsieur", "madame", "mme", "senor",
    "senora", "signor", "signora",
]);

/// A name in words, titles removed, blank where several; empty for fillers and masks.
pub(super) fn name(text: &str, out: &mut String) {
    let plain = classify::plain_name(text);
    let text = plain.as_deref().unwrap_or(text);
    fold(relations::without_relation(text), out);
    const SUFFIXES: [&str; 17] = [
        "様",
        "殿",
        "サマ",
        "先生",
        "医師",
        "看護師",
        "部長",
        "課長",
        "係長",
        "社長",
        "専務",
        "所長",
        "店長",
        "院長",
        "教授",
        "主任",
        "氏",
    ];
    for suffix in SUFFIXES {
        let rest = out.strip_suffix(suffix).map(|rest| rest.trim_end().len());
        if let Some(len) = rest.filter(|&len| len > 0) {
            out.truncate(len);
        }
    }
    if out.contains(' ') && out.split(' ').any(|word| TITLES.has(word)) {
        let kept: Vec<&str> = out.split(' ').filter(|word| !TITLES.has(word)).collect();
        if !kept.is_empty() {
            *out = kept.join(" ");
        }
    }
    let digits = out.bytes().filter(u8::is_ascii_digit).count();
    // The first bytes of all signs of masks; few names hold any.
    let masked = memchr::memchr3(b'*', 0xE2, 0xEF, text.as_bytes()).is_some()
        && text.contains(['*', '●', '○', '■', '＊', '□']);
    // Support Bot writes to customers; Abbot and Talbot are surnames.
    let program = out.ends_with(" bot") || out.ends_with("ボット");
    if masked || program || NO_NAMES.has(out) || digits > 0 && digits * 2 > out.chars().count() {
        out.clear();
    }
}

/// Words by which a name is known to be an organisation's.
static ORGANISATION_MARKS: Words = Words::new(&[
    "株式会社",
    "有限会社",
    "合同会社",
    "合資会社",
    "合名会社",
    "社団法人",
    "財団法人",
    "学校法人",
    "医療法人",
    "社会福祉法人",
    "宗教法人",
    "独立行政法人",
    "協同組合",
    "労働組合",
    "事務局",
    "市役所",
    "区役所",
    "町役場",
    "村役場",
    "営業所",
    "出張所",
    "工場",
    "商店",
    "商会",
    "製作所",
    "センター",
    "サポート",
    "ショップ",
    "カスタマー",
    "窓口",
    "受付",
    "ストア",
    "クラブ",
    "研究所",
    "(株)",
    "（株）",
    "㈱",
    "(有)",
    "（有）",
    "㈲",
    "大学",
    "病院",
    "医院",
    "クリニック",
    "歯科",
    "薬局",
    "保育園",
    "幼稚園",
    "こども園",
    "小学校",
    "中学校",
    "高等学校",
    "自治会",
    "町内会",
    "工務店",
    "事務所",
    "支店",
    "協会",
    "組合",
    "銀行",
    "新聞",
    "通信",
    "ニュース",
    "御中",
    "お客様係",
    "編集部",
    "広報",
    "総務",
    "人事部",
    "営業部",
]);
static ORGANISATION_WORDS: Words = Words::new(&[
    "inc",
    "ltd",
    "llc",
    "llp",
    "corp",
    "corporation",
    "company",
    "gmbh",
    "ag",
    "kg",
    "ohg",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "plc",
    "pty",
    "kk",
    "co",
    "foundation",
    "association",
    "university",
    "hospital",
    "bank",
    "holdings",
    "industries",
    "partners",
    "shop",
    "store",
    "support",
    "team",
    "service",
    "services",
    "newsletter",
    "news",
    "customer",
    "sales",
    "info",
    "admin",
    "noreply",
    "mailer",
    "daemon",
    "notification",
    "notifications",
    "exports",
    "enterprises",
    "trading",
    "group",
    "agency",
    "consulting",
    "solutions",
    "technologies",
    "systems",
    "limited",
    "clinic",
    "dental",
    "plumbing",
    "construction",
    "restaurant",
    "hotel",
    "pharmacy",
    "supply",
    "sons",
    "school",
    "council",
    "institute",
    "department",
]);

/// Legal forms as banks abbreviate them in kana (the closed list of the Japanese Bankers Association for transfers between banks).
const KANA_FORMS: [&str; 24] = [
    "カ",
    "ユ",
    "メ",
    "シ",
    "ド",
    "イ",
    "ソ",
    "ザイ",
    "シヤ",
    "シユウ",
    "ガク",
    "フク",
    "ホゴ",
    "トクヒ",
    "ドク",
    "チドク",
    "ベン",
    "チユウ",
    "ギヨ",
    "シホウ",
    "ゼイ",
    "ダイ",
    "ノウ",
    "ロウム",
];

/// Whether a name in kana has a legal form as banks write it: ｶ)ﾐﾅﾄ before it, ﾐﾅﾄ(ｶ behind, ﾐﾅﾄ(ｶ)ﾎﾝﾃﾝ inside.
fn has_kana_form(text: &str) -> bool {
    if !text.contains(['(', ')', '（', '）']) {
        return false;
    }
    let folded: String = text.nfkc().map(large_kana).collect();
    let is = |form: &str| KANA_FORMS.contains(&form.trim());
    let before = folded
        .split_once(')')
        .is_some_and(|(form, name)| is(form) && !name.is_empty());
    let behind = folded.rsplit_once('(').is_some_and(|(name, form)| {
        let form = form.split_once(')').map_or(form, |(form, _)| form);
        is(form) && !name.is_empty()
    });
    before || behind
}

/// A small kana's large twin: banks write ｼﾔ for シャ.
fn large_kana(c: char) -> char {
    match c {
        'ャ' => 'ヤ',
        'ュ' => 'ユ',
        'ョ' => 'ヨ',
        c => c,
    }
}

/// Whether a name is an organisation's: it holds a legal form or a word of organisations.
pub(super) fn is_organisation(text: &str) -> bool {
    if !text.is_ascii() && (ORGANISATION_MARKS.stands_in(text) || has_kana_form(text)) {
        return true;
    }
    if !text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return false;
    }
    const OF_PLACES: [&str; 4] = ["city of ", "town of ", "county of ", "bank of "];
    let of_place = |start: &&str| {
        let head = text.as_bytes().get(..start.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
    };
    if OF_PLACES.iter().any(of_place) {
        return true;
    }
    // A single such word is a surname (Bank, Shop); beside another it is a company.
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .skip(1)
        .any(|word| ORGANISATION_WORDS.has_any_case(word))
        && !is_of_surname(text)
}

/// Whether the word of organisations is the surname behind given names: Luiz Sales, Adam Bank.
fn is_of_surname(text: &str) -> bool {
    const SURNAMES: [&str; 2] = ["bank", "sales"];
    let Some((given, family)) = text.trim().rsplit_once(' ') else {
        return false;
    };
    let named = |word: &str| {
        let lists = dict::latin(word);
        lists.any(Lists::GIVEN_STRONG) && !lists.any(Lists::WORD)
    };
    let is = |word: &&str| family.eq_ignore_ascii_case(word);
    SURNAMES.iter().any(is) && given.split(' ').count() <= 2 && given.split(' ').all(named)
}

/// Local parts that name no person: functions (RFC 2142 and usage, with Japanese ones) and dummies.
static ROLE_LOCALS: Words = Words::new(&[
    "abuse",
    "accounting",
    "accounts",
    "accueil",
    "admin",
    "administrator",
    "affiliate",
    "alert",
    "alerts",
    "all",
    "ap",
    "api",
    "ar",
    "ask",
    "auto",
    "autoreply",
    "ayuda",
    "backup",
    "billing",
    "board",
    "booking",
    "bookings",
    "bot",
    "bounce",
    "bounces",
    "buero",
    "career",
    "careers",
    "compliance",
    "contact",
    "contact-us",
    "contacto",
    "contactus",
    "contato",
    "copyright",
    "cron",
    "cs",
    "customercare",
    "customerservice",
    "daemon",
    "daihyo",
    "demo",
    "desk",
    "dev",
    "devops",
    "dns",
    "do-not-reply",
    "do_not_reply",
    "donotreply",
    "eigyo",
    "email",
    "enquiries",
    "enquiry",
    "event",
    "events",
    "everyone",
    "feedback",
    "finance",
    "form",
    "frontdesk",
    "ftp",
    "general",
    "goiken",
    "guest",
    "hanbai",
    "hello",
    "help",
    "helpdesk",
    "honsha",
    "honsya",
    "honten",
    "hostmaster",
    "hr",
    "impressum",
    "info",
    "information",
    "inquiries",
    "inquiry",
    "invoice",
    "invoices",
    "it",
    "jimu",
    "jimukyoku",
    "jinji",
    "job",
    "jobs",
    "joho",
    "kaikei",
    "kanri",
    "keiri",
    "kikaku",
    "koho",
    "kontakt",
    "kouhou",
    "legal",
    "list",
    "logistics",
    "madoguchi",
    "mail",
    "mailer",
    "mailer-daemon",
    "mailform",
    "majordomo",
    "marketing",
    "media",
    "members",
    "mkt",
    "monitor",
    "monitoring",
    "news",
    "newsletter",
    "no-reply",
    "no.reply",
    "no_reply",
    "noc",
    "noreply",
    "notification",
    "notifications",
    "notify",
    "office",
    "ops",
    "order",
    "orders",
    "osaka",
    "otoiawase",
    "partner",
    "payables",
    "payroll",
    "postmaster",
    "pr",
    "press",
    "privacy",
    "purchase",
    "purchasing",
    "receivables",
    "reception",
    "recruit",
    "recruiting",
    "recruitment",
    "registrar",
    "reservation",
    "reservations",
    "returns",
    "robot",
    "root",
    "saiyo",
    "sale",
    "sales",
    "secretariat",
    "secretary",
    "security",
    "segreteria",
    "seikyu",
    "service",
    "services",
    "shipping",
    "shop",
    "soc",
    "sodan",
    "soporte",
    "soumu",
    "spam",
    "staff",
    "store",
    "subscribe",
    "support",
    "survey",
    "sysadmin",
    "system",
    "team",
    "tech",
    "tencho",
    "toiawase",
    "tokyo",
    "uketsuke",
    "unsubscribe",
    "usenet",
    "vendite",
    "ventas",
    "warehouse",
    "web",
    "webform",
    "webmaster",
    "welcome",
    "www",
    "yoyaku",
]);
static DUMMY_LOCALS: Words = Words::new(&[
    "test",
    "test1",
    "test123",
    "testuser",
    "slackbot",
    "tester",
    "testing",
    "user",
    "user1",
    "username",
    "foo",
    "bar",
    "foobar",
    "hoge",
    "fuga",
    "piyo",
    "hogehoge",
    "sample",
    "dummy",
    "example",
    "abc",
    "aaa",
    "xxx",
    "none",
    "null",
    "na",
    "n/a",
    "no",
    "unknown",
    "noemail",
    "nomail",
    "no_email",
    "no-email",
    "nobody",
    "anonymous",
    "asdf",
    "qwerty",
    "your.name",
    "yourname",
    "name",
    "customer",
]);

/// What an e-mail address is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Mailbox {
    /// It may name a person.
    Personal,
    /// A function's.
    Role,
    /// A dummy, or no address.
    Filler,
}

/// An e-mail address in lower case without `+tag`.
pub(super) fn mail(text: &str, out: &mut String) -> Mailbox {
    out.clear();
    if let Some(at) = plain_mail(text, out) {
        return mailbox(&out[..at]);
    }
    let text = text
        .trim()
        .trim_matches(|c: char| matches!(c, '<' | '>' | '"' | '\'' | ',' | ';' | '.'));
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let decoded;
    let text = match unescaped_mail(text).or_else(|| unhidden_mail(text)) {
        Some(text) => {
            decoded = text;
            decoded.as_str()
        }
        None => text,
    };
    if text.is_ascii() {
        out.push_str(text);
        if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
            out.retain(|c| !c.is_ascii_whitespace());
        }
        out.make_ascii_lowercase();
    } else {
        let lower = text.nfkc().flat_map(char::to_lowercase);
        out.extend(lower.filter(|c| !c.is_whitespace()));
    }
    let Some((local, domain)) = out.rsplit_once('@') else {
        return Mailbox::Filler;
    };
    let bare = local.split('+').next().unwrap_or(local);
    if bare.is_empty()
        || !domain.contains('.')
        || domain.contains('*')
        || local.contains('*')
        || local.contains('@')
    {
        return Mailbox::Filler;
    }
    let tag = bare.len()..local.len();
    let found = mailbox(bare);
    if found != Mailbox::Filler {
        out.drain(tag);
    }
    found
}

/// An address whose `@` is hidden from robots in a bracket: `mary[at]example.com`; `None` for all that is not one.
fn unhidden_mail(text: &str) -> Option<String> {
    let sign = ["[at]", "(at)"]
        .into_iter()
        .find(|sign| text.contains(sign))?;
    Some(text.replacen(sign, "@", 1))
}

/// An address as it stands in queries and paths (`yoko%2Ba%40example.com`) without its escapes; `None` for all that is not one.
pub(super) fn unescaped_mail(text: &str) -> Option<String> {
    if text.contains('@') || !text.contains("%40") || !text.is_ascii() {
        return None;
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, escape)) = rest.split_once('%') {
        out.push_str(before);
        let sign = escape
            .get(..2)
            .and_then(|two| u8::from_str_radix(two, 16).ok());
        let sign = sign.filter(u8::is_ascii_graphic)?;
        out.push(char::from(sign));
        rest = &escape[2..];
    }
    out.push_str(rest);
    Some(out)
}

/// Writes an address of letters, digits, dots, hyphens and underscores in lower case, and tells where its `@` is; `None`, and nothing
/// written, for all others. One pass, for what [`mail`] does with it.
fn plain_mail(text: &str, out: &mut String) -> Option<usize> {
    let mut lower = [0; 64];
    let bytes = text.as_bytes();
    let ends = [bytes.first()?, bytes.last()?];
    if bytes.len() > lower.len() || !ends.iter().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    let (mut at, mut dot) = (None, 0);
    for (place, &byte) in bytes.iter().enumerate() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' => {}
            b'.' => dot = place,
            b'@' if at.is_none() => at = Some(place),
            _ => return None,
        }
        lower[place] = byte.to_ascii_lowercase();
    }
    let at = at.filter(|&at| dot > at)?;
    out.push_str(std::str::from_utf8(&lower[..bytes.len()]).ok()?);
    Some(at)
}

/// What a mailbox of this local part in lower case, without a tag, is good for.
fn mailbox(local: &str) -> Mailbox {
    let bytes = local.as_bytes();
    if DUMMY_LOCALS.has(local) || bytes.len() > 2 && bytes.iter().all(|byte| *byte == bytes[0]) {
        return Mailbox::Filler;
    }
    let digits = bytes.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let stem = &local[..bytes.len() - digits.count()];
    if ROLE_LOCALS.has(local) || ROLE_LOCALS.has(stem) {
        Mailbox::Role
    } else {
        Mailbox::Personal
    }
}

/// The digit or sign of usual width that a wide one stands for.
fn narrow(c: char) -> char {
    match c {
        '\u{ff01}'..='\u{ff5e}' => char::from_u32(c as u32 - 0xfee0).unwrap_or(c),
        '\u{3000}' => ' ',
        _ => c,
    }
}

/// Digits of a text, whatever their width.
pub(super) fn digits(text: &str, out: &mut String) {
    out.clear();
    if !text.is_ascii() {
        out.extend(text.chars().map(narrow).filter(char::is_ascii_digit));
        return;
    }
    let mut kept = [0; 32];
    for chunk in text.as_bytes().chunks(kept.len()) {
        let mut len = 0;
        for &byte in chunk {
            kept[len] = byte;
            len += usize::from(byte.is_ascii_digit());
        }
        out.push_str(std::str::from_utf8(&kept[..len]).unwrap_or_default());
    }
}

/// A phone number: digits without country and trunk prefix or extension; empty for fillers.
pub(super) fn phone(text: &str, out: &mut String) {
    let wide = !text.is_ascii();
    let folded: String;
    let text = if wide {
        folded = text.chars().map(narrow).collect();
        folded.as_str()
    } else {
        text
    };
    let text = text.get(..extension(text)).unwrap_or(text);
    digits(text, out);
    let plus =
        text.trim_start().starts_with(['+', '＋']) || out.starts_with("00") && out.len() > 10;
    if plus {
        let bare = out.trim_start_matches('0');
        let national = match () {
            () if bare.starts_with("81") => &bare[2..],
            () if bare.starts_with('1') && bare.len() == 11 => &bare[1..],
            () => bare,
        };
        let kept = national.trim_start_matches('0').len();
        out.drain(..out.len() - kept);
    } else {
        let national = out.trim_start_matches('0').len();
        out.drain(..out.len() - national);
        if out.len() == 12 && out.starts_with("81") {
            out.drain(..2);
        }
    }
    if out.len() < 6 || out.len() > 15 || dull(out, 80) {
        out.clear();
    }
}

/// Whether a number of Japan, written so, is one that a company pays for or all call alike, and reaches nobody in particular: 0120, 0800, 0570, 0990
/// (総務省 電気通信番号計画, 2024). `phone` is its normal form.
pub(super) fn is_free_of_charge(text: &str, phone: &str) -> bool {
    let starts = |start: &&str| phone.starts_with(*start);
    let known = (phone.len() == 9 && ["120", "570", "990"].iter().any(starts))
        || phone.len() == 10 && phone.starts_with("800");
    let trimmed = text.trim_start();
    known && (trimmed.starts_with('0') || trimmed.starts_with('０') || trimmed.starts_with("+81"))
}

/// Where the extension of a phone number begins (`内線12`, `ext. 12`, `x12`), or the end of the text.
fn extension(text: &str) -> usize {
    let is_sign = |b: &u8| {
        matches!(
            b,
            b'0'..=b'9' | b'+' | b'-' | b'(' | b')' | b' ' | b'.' | b'/'
        )
    };
    if text.as_bytes().iter().all(is_sign) {
        return text.len();
    }
    let ext = || {
        let mut windows = text.as_bytes().windows(3);
        windows.position(|word| word.eq_ignore_ascii_case(b"ext"))
    };
    let short = || {
        text.rfind(['x', 'X', ';'])
            .filter(|&at| at > 6 && text[at + 1..].trim().bytes().all(|b| b.is_ascii_digit()))
    };
    let start = text.find("内線").or_else(ext).or_else(short);
    start.unwrap_or(text.len())
}

/// Whether digits were typed to fill a field: one digit nearly throughout, a long run of it, or a count up or
/// down over so many per cent of them.
fn dull(digits: &str, percent: usize) -> bool {
    let bytes = digits.as_bytes();
    let mut counts = [0usize; 10];
    // The longest runs of one digit, upwards and downwards: by the step from digit to digit.
    let (mut run, mut step, mut longest) = (1, 0, [1usize; 10]);
    for (at, byte) in bytes.iter().enumerate() {
        let digit = usize::from(byte - b'0') % 10;
        counts[digit] += 1;
        if at > 0 {
            let now = (digit + 10 - usize::from(bytes[at - 1] - b'0') % 10) % 10;
            run = if now == step { run + 1 } else { 2 };
            step = now;
            longest[step] = longest[step].max(run);
        }
    }
    let most = counts.into_iter().max().unwrap_or(0);
    let nearly_all = |run: usize| run * 100 >= bytes.len() * percent;
    most * 10 >= bytes.len() * 9
        || longest[0] >= 6
        || nearly_all(longest[1])
        || nearly_all(longest[9])
}

/// An identity number: letters and digits, upper case; empty for fillers and masks.
pub(super) fn number(text: &str, out: &mut String) {
    out.clear();
    if text.contains(['*', '●', '＊']) {
        return;
    }
    out.extend(
        text.nfkc()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_uppercase),
    );
    if out.len() > 2 && out.ends_with('0') && text.trim_end().ends_with(".0") {
        out.pop();
    }
    let same = out
        .chars()
        .next()
        .is_some_and(|first| out.chars().all(|c| c == first));
    let digits = out.chars().filter(char::is_ascii_digit).count();
    let filler = out.len() < 4
        || digits < 2
        || same
        || out.bytes().all(|b| b.is_ascii_digit()) && dull(out, 100);
    if filler {
        out.clear();
    }
}

/// A postal code: letters and digits; empty for fillers. `29385.0` is a number that a spreadsheet made of a code.
pub(super) fn postal_code(text: &str, out: &mut String) {
    if text.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
        digits(text, out);
    } else {
        fold(
            text.trim().trim_start_matches('〒').trim_end_matches(".0"),
            out,
        );
        out.retain(|c| c != ' ');
    }
    let same = out
        .chars()
        .next()
        .is_some_and(|first| out.chars().all(|c| c == first));
    let digit = out.bytes().any(|b| b.is_ascii_digit());
    if !digit || out.len() < 3 || out.len() > 10 || same && out.starts_with(['0', '9']) {
        out.clear();
    }
}

/// `m` or `f`, empty when neither is said. 1 and 2 are those of ISO/IEC 5218.
pub(super) fn sex(text: &str, out: &mut String) {
    fold(text, out);
    let sex = match out.as_str() {
        "m" | "male" | "man" | "boy" | "1" | "男" | "男性" | "男子" | "masculin" | "h" => "m",
        "f" | "female" | "woman" | "girl" | "2" | "女" | "女性" | "女子" | "w" | "feminin" => {
            "f"
        }
        _ => "",
    };
    out.clear();
    out.push_str(sex);
}

/// Words after a name that tell generations apart, and one writing for each.
const GENERATIONS: &[(&str, &str)] = &[
    ("jr", "jr"),
    ("junior", "jr"),
    ("sr", "sr"),
    ("senior", "sr"),
    ("ii", "ii"),
    ("iii", "iii"),
    ("iv", "iv"),
];

/// Takes the word that tells the generation from a folded name of several words; empty when there is none.
pub(super) fn generation(name: &mut String) -> &'static str {
    let found = name.rsplit_once(' ').and_then(|(_, last)| {
        let known = GENERATIONS.iter().find(|pair| pair.0 == last)?;
        Some((last.len(), known.1))
    });
    let Some((len, generation)) = found else {
        return "";
    };
    name.truncate(name.len() - len - 1);
    generation
}

/// Whether a folded word is a title that stands where a given name is expected.
pub(super) fn is_title(word: &str) -> bool {
    const RANKS: [&str; 24] = [
        "lord", "baron", "baroness", "count", "countess", "prince", "princess", "king", "queen",
        "duke", "duchess", "earl", "viscount", "marquess", "rev", "reverend", "hon", "captain",
        "major", "colonel", "general", "admiral", "saint", "the",
    ];
    TITLES.has(word) || RANKS.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit())
}

/// A login name.
pub(super) fn user(text: &str, out: &mut String) {
    out.clear();
    out.extend(text.trim().nfkc().flat_map(char::to_lowercase));
    if out.chars().count() < 3 || ROLE_LOCALS.has(out) || DUMMY_LOCALS.has(out) {
        out.clear();
    }
}

/// NFKC, lower case, hiragana to katakana, variant kanji to the usual, without blanks, hyphens, brackets and slashes.
pub(super) fn fold_closed(text: &str, out: &mut String) {
    out.clear();
    if closed_plain(text, out) {
        return;
    }
    out.clear();
    let kept = |c: &char| {
        !c.is_whitespace()
            && !matches!(c, '-' | '(' | ')' | '/' | '‐' | '‑' | '–' | '—' | '―' | '−')
    };
    let lower = text.nfkc().filter(kept).flat_map(char::to_lowercase);
    out.extend(lower.map(usual));
}

/// [`fold_closed`] for plain characters, those that stay copied in runs; false when there are others.
fn closed_plain(text: &str, out: &mut String) -> bool {
    let mut run = 0;
    for (at, c) in text.char_indices() {
        let Some(folded) = plain(c) else { return false };
        let other = match folded {
            Plain::Same => continue,
            Plain::Other(other) => Some(other),
            Plain::Sign => match narrow(c) {
                '-' | '(' | ')' | '/' => None,
                sign if sign.is_whitespace() => None,
                sign if sign == c => continue,
                sign => Some(sign),
            },
        };
        out.push_str(&text[run..at]);
        run = at + c.len_utf8();
        out.extend(other);
    }
    out.push_str(&text[run..]);
    true
}

/// Longest number that points at a person, in bytes.
const LONGEST_MEMBER: usize = 48;

/// A number that points at a person, with its sort; false for what is none: nothing, zero, words. Signs in it are all alike, as in `S2024-001`,
/// `cus_N1` and UUIDs; `12.0` is what a program made of 12.
pub(super) fn member(sort: &str, number: &str, out: &mut String) -> bool {
    let number = number.trim();
    fold(whole_number(number).unwrap_or(number), out);
    let digits = out.bytes().filter(u8::is_ascii_digit).count();
    let is_number = |c: char| c.is_ascii_alphanumeric() || c == ' ';
    let is_one = !number.contains(char::is_whitespace) && out.chars().all(is_number);
    if out.len() > LONGEST_MEMBER || digits == 0 || !is_one {
        return false;
    }
    let bare = if digits == out.len() {
        out.trim_start_matches('0')
    } else {
        out.trim()
    };
    if bare.is_empty() {
        return false;
    }
    *out = format!("{sort} {}", bare.replace(' ', "-"));
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_point_at_people() {
        let check = |number: &str, expected: Option<&str>| {
            let mut out = String::new();
            let is = member("user", number, &mut out);
            assert_eq!(
                is.then_some(out.as_str()),
                expected.map(|n| format!("user {n}")).as_deref(),
                "{number}"
            );
        };
        check("0042", Some("42"));
        check(" 42.0", Some("42"));
        check("10.001", Some("10-001"));
        check("S2024-001", Some("s2024-001"));
        check("S2024_001", Some("s2024-001"));
        check("cus_N0001", Some("cus-n0001"));
        check("auth0|5f7", Some("auth0-5f7"));
        check(
            "{6F9619FF-8B86-D011-B42D-00CF4FC964FF}",
            Some("6f9619ff-8b86-d011-b42d-00cf4fc964ff"),
        );
        check("１２", Some("12"));
        for none in ["", "0", "000", "n/a", "S 12", "山田12", "-", "0.0"] {
            check(none, None);
        }
    }

    #[test]
    fn words_of_forms_are_no_names() {
        let empty = |text: &str| {
            let mut out = String::new();
            name(text, &mut out);
            out.is_empty()
        };
        for word in [
            "氏名",
            "フリガナ",
            "ふりがな",
            "メールアドレス",
            "住所",
            "Full Name",
            "First name",
            "応答メッセージ",
            "あいさつメッセージ",
        ] {
            assert!(empty(word), "{word}");
        }
        for name in ["カナ", "佐藤 花子", "Name Surname Jr", "Mary"] {
            assert!(!empty(name), "{name}");
        }
    }

    /// Plain characters fold as NFKC and what follows it fold them, between others that are plain or not.
    #[test]
    fn plain_characters_fold_as_all_do() {
        let mut n = 0;
        for c in ('\0'..='\u{ffff}').filter(|&c| plain(c).is_some()) {
            let (mut fast, mut slow) = (String::new(), String::new());
            let after = |text: &str, from: &str| text.strip_prefix(from).map(str::to_owned);
            fold(&format!("x{c}y{c}"), &mut fast);
            fold(&format!("é{c}y{c}"), &mut slow);
            assert_eq!(after(&fast, "x"), after(&slow, "e"), "{c:?}");
            fold_closed(&format!("x{c}y{c}"), &mut fast);
            fold_closed(&format!("é{c}y{c}"), &mut slow);
            assert_eq!(after(&fast, "x"), after(&slow, "é"), "{c:?}");
            let mut marked = String::new();
            if fold_marked(&format!("x{c}y-"), |c| c == '-', '丁', &mut marked) {
                let text = format!("x{c}y-").replace('-', "丁");
                fold(&text, &mut slow);
                slow.retain(|c| c != ' ');
                assert_eq!(marked, slow, "{c:?}");
            }
            n += 1;
        }
        assert!(n > 20_000, "{n}");
    }

    /// Addresses of plain characters in one pass, and in brackets, which takes the long way.
    #[test]
    fn plain_addresses_are_like_all_addresses() {
        let pieces = ["a", "B", "7", ".", "-", "_", "@", "+", "test", "info", "JP"];
        let (mut fast, mut slow, mut plain) = (String::new(), String::new(), 0);
        for n in 0..pieces.len().pow(5) {
            let places = (0..5).map(|place| n / pieces.len().pow(place) % pieces.len());
            let text: String = places.map(|at| pieces[at]).collect();
            fast.clear();
            plain += usize::from(plain_mail(&text, &mut fast).is_some());
            let found = mail(&text, &mut fast);
            assert_eq!(found, mail(&format!("<{text}>"), &mut slow), "{text}");
            assert!(found == Mailbox::Filler || fast == slow, "{text}");
        }
        assert!(plain > 900, "{plain}");
    }

    #[test]
    fn dull_digits() {
        let check =
            |digits: &str, expected: bool| assert_eq!(dull(digits, 80), expected, "{digits}");
        check("1111111111", true);
        check("1111111112", true);
        check("9012345678", true);
        check("8765432109", true);
        check("12345670", true);
        check("9000000123", true);
        check("9012003978", false);
        check("312345678", true);
        check("7030011989", false);
        check("4321987", false);
    }
}
