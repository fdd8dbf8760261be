//! How a name may be said: what it is compared by across scripts.
//!
//! In: the facts of a mention. Out: one more, [`Fact::Sound`]: the reading that the record gives, or those that the kanji of the name have, or
//! what Latin letters say where they are Japanese syllables. A customer list writes 荒井 篤, the bank アライ アツシ, the booking Atsushi Arai.

use super::fact::{Fact, Facts};
use super::romaji::{of_kana, of_latin};
use crate::pattern::sounds::{given_sounds, surname_sounds};

/// Readings of one name beyond which it says nothing.
const MOST: usize = 8;

/// Adds the sound of the name, if it has one.
pub(super) fn add(facts: &mut Facts, scratch: &mut String) {
    scratch.clear();
    let kanji = facts.get(Fact::Name).is_some_and(|name| !name.is_ascii());
    if let Some(reading) = facts.get(Fact::Reading) {
        let Some(sound) = of_kana(reading) else {
            return;
        };
        if kanji {
            scratch.push('*');
        }
        scratch.push_str(&sound);
    } else if let (Some(family), Some(given)) = (facts.get(Fact::Family), facts.get(Fact::Given)) {
        match kanji {
            true => of_kanji(family, given, scratch),
            false => of_romaji(family, given, scratch),
        }
    }
    facts.push(Fact::Sound, 0, scratch);
}

/// Every reading of the surname with every one of the given name.
fn of_kanji(family: &str, given: &str, out: &mut String) {
    let (families, givens) = (surname_sounds(family), given_sounds(given));
    let pairs = families.flat_map(|family| givens.clone().map(move |given| (family, given)));
    if pairs.clone().nth(MOST).is_some() {
        return;
    }
    for (family, given) in pairs {
        out.push(if out.is_empty() { '*' } else { '|' });
        out.push_str(family);
        out.push_str(given);
    }
}

/// The name in either order: records do not agree on which comes first.
fn of_romaji(family: &str, given: &str, out: &mut String) {
    if let (Some(family), Some(given)) = (of_latin(family), of_latin(given)) {
        *out = format!("{family}{given}|{given}{family}");
    }
}

#[cfg(test)]
mod tests {
    use super::super::fact::Token;
    use super::super::tests::resolved;
    use super::*;

    fn sound(facts: &[(Fact, &str)]) -> Token {
        let mut all = Facts::default();
        for (fact, value) in facts {
            all.push(*fact, 0, value);
        }
        add(&mut all, &mut String::new());
        Token::new(Fact::Sound, 0, all.get(Fact::Sound).unwrap_or("-"))
    }

    #[test]
    fn one_name_sounds_alike_in_all_scripts() {
        let kanji = |name, family, given| {
            sound(&[
                (Fact::Name, name),
                (Fact::Family, family),
                (Fact::Given, given),
            ])
        };
        let kana = |reading| sound(&[(Fact::Reading, reading)]);
        let latin = kanji;
        for (name, family, given, reading, romaji) in [
            (
                "佐藤健太",
                "佐藤",
                "健太",
                "サトウケンタ",
                ["sato", "kenta"],
            ),
            ("荒井篤", "荒井", "篤", "アライアツシ", ["arai", "atsushi"]),
            ("大野洋子", "大野", "洋子", "オオノヨウコ", ["ohno", "yoko"]),
        ] {
            let ours = kanji(name, family, given);
            assert!(ours.same_sound(kana(reading)), "{name} {reading}");
            let [last, first] = romaji;
            assert!(
                ours.same_sound(latin("x", last, first)),
                "{name} {romaji:?}"
            );
            assert!(
                ours.same_sound(latin("x", first, last)),
                "{name} {romaji:?}"
            );
            assert!(!ours.same_sound(kana("スズキハナコ")), "{name}");
            assert!(!ours.same_sound(latin("x", "smith", "john")), "{name}");
            // Two names in kanji are compared as they are written.
            assert!(!ours.same_sound(ours), "{name}");
        }
    }

    /// A phone or a mailbox and a name that sounds alike are one person; a family's phone does not make one of all.
    #[test]
    fn scripts_meet_behind_a_contact() {
        #[track_caller]
        fn check(rows: &[&str], expected: [u64; 3]) {
            let persons = resolved(rows).persons;
            let told = [persons.min, persons.best, persons.max];
            assert_eq!(told, expected, "{rows:?}");
        }
        let kanji = "name=佐藤健太 | tel=090-2345-6701";
        check(&[kanji, "kana=サトウケンタ | tel=090-2345-6701"], [1, 1, 1]);
        check(&[kanji, "name=Kenta Sato | tel=090-2345-6701"], [1, 1, 1]);
        check(
            &[
                "name=佐藤健太 | mail=sato@example.com",
                "name=Sato Kenta | mail=sato@example.com",
            ],
            [1, 1, 1],
        );
        check(
            &[
                kanji,
                "name=佐藤花子 | tel=090-2345-6701",
                "kana=サトウハナコ | tel=090-2345-6701",
                "kana=サトウケンタ | tel=090-2345-6701",
            ],
            [2, 2, 2],
        );
        check(&[kanji, "kana=サトウハナコ | tel=090-2345-6701"], [2, 2, 2]);
        // Without a contact a reading is shared by too many.
        check(&["name=佐藤健太", "kana=サトウケンタ"], [2, 2, 2]);
    }
}
