//! How a name may be said: what it is compared by across scripts.
//!
//! In: the facts of a mention. Out: one more, [`Fact::Sound`]: the reading that the record gives, or those that the kanji of the name have, or
//! what Latin letters say where they are Japanese syllables. A customer list writes 荒井 篤, the bank アライ アツシ, the booking Atsushi Arai.

use super::fact::{Fact, Facts};
use super::romaji::{of_kana, of_latin};
use crate::pattern::sounds::{given_sounds, surname_sounds};

/// Readings of one name beyond which it says nothing.
const MOST: usize = 8;
/// Readings of one fact: with more of them, others fit it by chance.
const EACH: usize = 4;
/// Places at which a name in one word is cut: surnames of five characters are rare.
const LONGEST: usize = 5;

/// Adds the sound of the name, if it has one; two of a name in Latin letters, since records do not agree on which half comes first.
pub(super) fn add(facts: &mut Facts, scratch: &mut String) {
    scratch.clear();
    let name = facts.get(Fact::Name).filter(|name| !name.is_ascii());
    let halves = facts.get(Fact::Family).zip(facts.get(Fact::Given));
    if let Some(reading) = facts.get(Fact::Reading) {
        let sound = of_kana(reading);
        if let Some(sound) = sound {
            scratch.push_str(if name.is_some() { "*" } else { "" });
            scratch.push_str(&sound);
        }
    } else if let Some(name) = name {
        let sounds = match halves {
            Some((family, given)) => of_kanji(family, given, scratch),
            None => cuts(name).try_for_each(|(family, given)| of_kanji(family, given, scratch)),
        };
        if sounds.is_none() {
            scratch.clear();
        }
    } else if let Some((family, given)) = halves
        && let Some((family, given)) = of_latin(family).zip(of_latin(given))
    {
        scratch.push_str(&given);
        scratch.push_str(&family);
        facts.push(Fact::Sound, 0, scratch);
        scratch.clear();
        scratch.push_str(&family);
        scratch.push_str(&given);
    }
    match scratch.match_indices('|').nth(EACH - 1) {
        Some((at, _)) => {
            facts.push(Fact::Sound, 0, &scratch[..at]);
            scratch.replace_range(..=at, "*");
            facts.push(Fact::Sound, 0, scratch);
        }
        None => facts.push(Fact::Sound, 0, scratch),
    }
}

/// A name in one word, cut in two at every place.
fn cuts(name: &str) -> impl Iterator<Item = (&str, &str)> {
    let places = name.char_indices().skip(1).take(LONGEST);
    places.map(|(at, _)| name.split_at(at))
}

/// Every reading of the surname with every one of the given name; `None` when they are too many.
fn of_kanji(family: &str, given: &str, out: &mut String) -> Option<()> {
    let (families, givens) = (surname_sounds(family), given_sounds(given));
    for (family, given) in
        families.flat_map(|family| givens.clone().map(move |given| (family, given)))
    {
        out.push(if out.is_empty() { '*' } else { '|' });
        out.push_str(family);
        out.push_str(given);
    }
    (out.bytes().filter(|&b| b == b'|').count() < MOST).then_some(())
}

#[cfg(test)]
mod tests {
    use super::super::fact::Token;
    use super::super::tests::resolved;
    use super::*;

    fn sound(facts: &[(Fact, &str)]) -> Vec<Token> {
        let mut all = Facts::default();
        for (fact, value) in facts {
            all.push(*fact, 0, value);
        }
        add(&mut all, &mut String::new());
        let sounds = all.iter().filter(|fact| fact.0 == Fact::Sound);
        sounds
            .map(|(_, _, value)| Token::new(Fact::Sound, 0, value))
            .collect()
    }

    fn alike(a: &[Token], b: &[Token]) -> bool {
        a.iter().any(|a| b.iter().any(|b| a.same_sound(*b)))
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
            let [last, first] = romaji;
            for ours in [kanji(name, family, given), sound(&[(Fact::Name, name)])] {
                assert!(alike(&ours, &kana(reading)), "{name} {reading}");
                assert!(alike(&ours, &latin("x", last, first)), "{name} {romaji:?}");
                assert!(alike(&ours, &latin("x", first, last)), "{name} {romaji:?}");
                assert!(!alike(&ours, &kana("スズキハナコ")), "{name}");
                assert!(!alike(&ours, &latin("x", "smith", "john")), "{name}");
                // Two names in kanji are compared as they are written.
                assert!(!alike(&ours, &ours), "{name}");
            }
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
