//! Japanese names in Latin letters: one spelling for Hepburn, Kunrei and passport writing, comparable with kana.
//!
//! Long vowels are lost, as passports lose them (旅券法施行規則: オオノ and オノ are both `ONO`); so two different names may
//! come out equal. What is equal here is evidence, never proof.

use std::sync::LazyLock;

/// Kana and their usual spelling, two-sign syllables first.
const SYLLABLES: &[(&str, &str)] = &[
    ("キャ", "kya"),
    ("キュ", "kyu"),
    ("キョ", "kyo"),
    ("シャ", "sha"),
    ("シュ", "shu"),
    ("ショ", "sho"),
    ("シェ", "she"),
    ("チャ", "cha"),
    ("チュ", "chu"),
    ("チョ", "cho"),
    ("チェ", "che"),
    ("ニャ", "nya"),
    ("ニュ", "nyu"),
    ("ニョ", "nyo"),
    ("ヒャ", "hya"),
    ("ヒュ", "hyu"),
    ("ヒョ", "hyo"),
    ("ミャ", "mya"),
    ("ミュ", "myu"),
    ("ミョ", "myo"),
    ("リャ", "rya"),
    ("リュ", "ryu"),
    ("リョ", "ryo"),
    ("ギャ", "gya"),
    ("ギュ", "gyu"),
    ("ギョ", "gyo"),
    ("ジャ", "ja"),
    ("ジュ", "ju"),
    ("ジョ", "jo"),
    ("ジェ", "je"),
    ("ビャ", "bya"),
    ("ビュ", "byu"),
    ("ビョ", "byo"),
    ("ピャ", "pya"),
    ("ピュ", "pyu"),
    ("ピョ", "pyo"),
    ("ティ", "ti"),
    ("ディ", "di"),
    ("ファ", "fa"),
    ("フィ", "fi"),
    ("フェ", "fe"),
    ("フォ", "fo"),
    ("ア", "a"),
    ("イ", "i"),
    ("ウ", "u"),
    ("エ", "e"),
    ("オ", "o"),
    ("カ", "ka"),
    ("キ", "ki"),
    ("ク", "ku"),
    ("ケ", "ke"),
    ("コ", "ko"),
    ("サ", "sa"),
    ("シ", "shi"),
    ("ス", "su"),
    ("セ", "se"),
    ("ソ", "so"),
    ("タ", "ta"),
    ("チ", "chi"),
    ("ツ", "tsu"),
    ("テ", "te"),
    ("ト", "to"),
    ("ナ", "na"),
    ("ニ", "ni"),
    ("ヌ", "nu"),
    ("ネ", "ne"),
    ("ノ", "no"),
    ("ハ", "ha"),
    ("ヒ", "hi"),
    ("フ", "fu"),
    ("ヘ", "he"),
    ("ホ", "ho"),
    ("マ", "ma"),
    ("ミ", "mi"),
    ("ム", "mu"),
    ("メ", "me"),
    ("モ", "mo"),
    ("ヤ", "ya"),
    ("ユ", "yu"),
    ("ヨ", "yo"),
    ("ラ", "ra"),
    ("リ", "ri"),
    ("ル", "ru"),
    ("レ", "re"),
    ("ロ", "ro"),
    ("ワ", "wa"),
    ("ヲ", "o"),
    ("ヰ", "i"),
    ("ヱ", "e"),
    ("ン", "n"),
    ("ガ", "ga"),
    ("ギ", "gi"),
    ("グ", "gu"),
    ("ゲ", "ge"),
    ("ゴ", "go"),
    ("ザ", "za"),
    ("ジ", "ji"),
    ("ズ", "zu"),
    ("ゼ", "ze"),
    ("ゾ", "zo"),
    ("ダ", "da"),
    ("ヂ", "ji"),
    ("ヅ", "zu"),
    ("デ", "de"),
    ("ド", "do"),
    ("バ", "ba"),
    ("ビ", "bi"),
    ("ブ", "bu"),
    ("ベ", "be"),
    ("ボ", "bo"),
    ("パ", "pa"),
    ("ピ", "pi"),
    ("プ", "pu"),
    ("ペ", "pe"),
    ("ポ", "po"),
    ("ー", ""),
];

/// Other spellings of a syllable's beginning, and the usual one; longer ones first.
const SPELLINGS: &[(&str, &str)] = &[
    ("sya", "sha"),
    ("syu", "shu"),
    ("syo", "sho"),
    ("tya", "cha"),
    ("tyu", "chu"),
    ("tyo", "cho"),
    ("zya", "ja"),
    ("zyu", "ju"),
    ("zyo", "jo"),
    ("jya", "ja"),
    ("jyu", "ju"),
    ("jyo", "jo"),
    ("dzu", "zu"),
    ("du", "zu"),
    ("di", "ji"),
    ("si", "shi"),
    ("ti", "chi"),
    ("tu", "tsu"),
    ("hu", "fu"),
    ("zi", "ji"),
];

/// Kana in Latin letters; `None` when another sign stands in it.
pub(super) fn of_kana(kana: &str) -> Option<String> {
    let mut out = String::with_capacity(kana.len());
    let (mut rest, mut double) = (kana, false);
    while !rest.is_empty() {
        if let Some(after) = rest.strip_prefix('ッ') {
            (rest, double) = (after, true);
            continue;
        }
        let (sign, latin) = syllable(rest)?;
        if std::mem::take(&mut double) {
            out.push_str(&latin[..latin.len().min(1)]);
        }
        out.push_str(latin);
        rest = &rest[sign.len()..];
    }
    Some(shorten(&out))
}

/// The first syllable of a word in katakana.
fn syllable(kana: &str) -> Option<(&'static str, &'static str)> {
    /// Where in the table the syllable of one sign stands, from U+30A0 on.
    static ONE: LazyLock<[u8; 96]> = LazyLock::new(|| {
        let mut one = [u8::MAX; 96];
        for (at, (sign, _)) in (0..).zip(SYLLABLES) {
            let mut chars = sign.chars();
            if let (Some(c), None) = (chars.next(), chars.next()) {
                one[c as usize - 0x30A0] = at;
            }
        }
        one
    });
    let mut chars = kana.chars();
    let first = chars.next()?;
    if matches!(
        chars.next(),
        Some('ャ' | 'ュ' | 'ョ' | 'ァ' | 'ィ' | 'ェ' | 'ォ')
    ) {
        let two = SYLLABLES
            .iter()
            .find(|(sign, _)| sign.len() == 6 && kana.starts_with(sign));
        if let Some(&two) = two {
            return Some(two);
        }
    }
    let at = (first as usize).checked_sub(0x30A0)?;
    SYLLABLES.get(usize::from(*ONE.get(at)?)).copied()
}

/// A folded word in Latin letters, spelled in the usual way; `None` when it is no sequence of Japanese syllables.
pub(super) fn of_latin(word: &str) -> Option<String> {
    let mut out = String::with_capacity(word.len());
    let mut rest = word;
    'next: while !rest.is_empty() {
        let first = rest.as_bytes()[0];
        // The first letter is looked at before all of them.
        let begins = |latin: &str| latin.as_bytes().first() == Some(&first);
        for (other, usual) in SPELLINGS.iter().filter(|(other, _)| begins(other)) {
            if let Some(after) = rest.strip_prefix(other) {
                out.push_str(usual);
                rest = after;
                continue 'next;
            }
        }
        // `oh` before a consonant or the end is a long vowel; a doubled consonant is one sign more.
        let bytes = rest.as_bytes();
        let next = bytes.get(1).copied().unwrap_or(b' ');
        if bytes[0] == b'h' && out.ends_with('o') && !b"aiueoy".contains(&next) {
            rest = &rest[1..];
            continue;
        }
        let doubled = bytes[0] == next && !b"aiueon".contains(&next) || rest.starts_with("tch");
        let nasal = b"nm".contains(&bytes[0]) && !b"aiueoy".contains(&next);
        if doubled || nasal {
            out.push(if nasal { 'n' } else { char::from(bytes[0]) });
            rest = &rest[1..];
            continue;
        }
        let mut syllables = SYLLABLES.iter().filter(|(_, latin)| begins(latin));
        let longest = |best: &'static str, latin: &'static str| {
            if latin.len() > best.len() {
                latin
            } else {
                best
            }
        };
        let fits = syllables
            .by_ref()
            .map(|(_, latin)| *latin)
            .filter(|latin| rest.starts_with(latin));
        let syllable = fits.fold("", longest);
        if syllable.is_empty() {
            return None;
        }
        out.push_str(syllable);
        rest = &rest[syllable.len()..];
    }
    (out.len() > 1).then(|| shorten(&out))
}

/// Long vowels short: `ou`, `oo` and `uu`; `tch` of doubled `ch` as `cch`.
fn shorten(latin: &str) -> String {
    let mut out = String::with_capacity(latin.len());
    for c in latin.replace("tch", "cch").chars() {
        let long = match c {
            'u' => out.ends_with(['o', 'u']),
            'o' => out.ends_with('o'),
            _ => false,
        };
        if !long {
            out.push(c);
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kana_and_all_spellings_meet() {
        for (kana, spellings) in [
            ("オオノ", &["ono", "ohno", "oono"][..]),
            ("サトウ", &["sato", "satou", "satoh"]),
            ("シンイチ", &["shinichi", "sinichi", "sin'ichi"]),
            ("ジュンコ", &["junko", "zyunko", "jyunko"]),
            ("ナンバ", &["namba", "nanba"]),
            ("ハットリ", &["hattori"]),
            ("ミッチ", &["mitchi", "micchi"]),
            ("ツチヤ", &["tsuchiya", "tutiya"]),
            ("ユウコ", &["yuko", "yuuko"]),
        ] {
            let expected = of_kana(kana);
            assert!(expected.is_some(), "{kana}");
            for spelling in spellings {
                let folded = spelling.replace('\'', "");
                assert_eq!(of_latin(&folded), expected, "{kana} {spelling}");
            }
        }
        for other in ["smith", "jackson", "le", "x", "volker", "太郎"] {
            assert_eq!(of_latin(other), None, "{other}");
        }
        assert_eq!(of_kana("山田"), None);
    }
}
