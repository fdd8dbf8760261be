//! Names in running text in Latin letters.
//!
//! In: a text. Out: hits. Names are what a model finds among capitalised words; where a line is not English, which the model learned, those
//! that the lists know.

use super::names_latin::{Token, WINDOW, Window, is_title, windows};
use super::tagger::{self, BEGIN, Model, OTHER, Scores, Sum, THING};
use super::text::{Hit, What};
use super::text_stated;
use super::tongue::{Tongue, is_word_abroad};

/// The weights that `patterns/models/train.rs` learned.
static NAMES: Model<'static> = Model::read(include_bytes!("../../patterns/models/names-latin.bin"));

/// How sure a name is that only the lists know.
const LISTED: f32 = 0.75;
/// How sure a name is that only what stands around it tells.
const STATED: f32 = 0.6;
/// How sure a name of several words is at most of which no list knows one.
const UNKNOWN: f32 = 0.55;

/// Titles of other languages than English.
#[rustfmt::skip]
const FOREIGN_TITLES: [&str; 27] = [
    "Herr", "Herrn", "Frau", "Hr", "Fr", "Monsieur", "Madame", "Mademoiselle", "Mme", "Mlle", "Señor", "Señora", "Sr", "Sra", "Don", "Doña",
    "Senhor", "Senhora", "Signor", "Signora", "Sig", "Dott", "Pan", "Pani", "Dhr", "Mevr", "Mevrouw",
];

/// Adds the hits of a text.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let steps = NAMES.steps();
    let mut tongue = Tongue::default();
    windows(text, |window| {
        let words = window.words();
        let mut scores = [Scores::default(); WINDOW];
        for (at, score) in scores.iter_mut().enumerate().take(words.len()) {
            let mut sum = Sum::default();
            window.features(at, |feature| NAMES.add(feature, &mut sum));
            *score = sum.scores();
        }
        let scores = &scores[..words.len()];
        let (labels, sum) = tagger::best::<WINDOW>(scores, &steps, |_| 0b1111);
        let is_named = labels.contains(&(BEGIN as u8));
        if !is_named && !window.is_listed() {
            let stated = text_stated::find(text, words);
            hits.extend(stated.map(|at| Hit::new(What::Name, at, STATED)));
            return;
        }
        if tongue.is_foreign(text, words[0].start..words[words.len() - 1].end) {
            listed(text, window, hits);
        } else if is_named {
            let (_, without) = tagger::best::<WINDOW>(scores, &steps, |_| 1 << OTHER | 1 << THING);
            for (from, to) in tagger::names(&labels[..words.len()]) {
                let is_title = |word: &&_| is_title(text_of(text, word));
                let from = from + words[from..to].iter().take_while(is_title).count();
                let abroad = |word: &Token| !word.is_name() && is_word_abroad(text_of(text, word));
                if from < to && !abroad(&words[from]) {
                    let at = words[from].start..words[to - 1].end;
                    let sure = confidence(sum - without);
                    let is_known = words[from..to].iter().any(Token::is_name);
                    let most = if is_known || to - from == 1 {
                        1.0
                    } else {
                        UNKNOWN
                    };
                    hits.push(Hit::new(What::Name, at, sure.min(most)));
                }
            }
        }
    });
}

/// Adds the names that the lists know: a common given name with the names behind it, and the names behind a title.
fn listed(text: &str, window: &Window, hits: &mut Vec<Hit>) {
    let words = window.words();
    let mut at = 0;
    while at < words.len() {
        let title = text_of(text, &words[at]).trim_end_matches('.');
        let titled = FOREIGN_TITLES.contains(&title);
        let from = at + usize::from(titled);
        let names = words[from..].iter();
        let mut to = from
            + names
                .take_while(|word| word.is_name() || word.is_between())
                .count();
        while to > from && !words[to - 1].is_name() {
            to -= 1;
        }
        let is_name = if titled {
            to > from
        } else {
            let abroad = is_word_abroad(text_of(text, &words[from]));
            to > from + 1 && window.begins_name(from) && !abroad
        };
        if is_name {
            let at = words[from].start..words[to - 1].end;
            hits.push(Hit::new(What::Name, at, LISTED));
        }
        at = if is_name { to } else { at + 1 };
    }
}

fn text_of<'t>(text: &'t str, word: &Token) -> &'t str {
    &text[word.start..word.end]
}

/// How sure a name is that is better than none by so much.
fn confidence(margin: i32) -> f32 {
    (0.5 + margin as f32 / 1000.0).clamp(0.5, 0.95)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_other_languages_are_in_lists() {
        let check = |text: &str, expected: &[&str]| {
            let mut hits = Vec::new();
            find(text, &mut hits);
            let found: Vec<&str> = hits.iter().map(|hit| &text[hit.start..hit.end]).collect();
            assert_eq!(found, expected, "{text}");
        };
        check("Die Mutter hat das Kind nicht im Garten gesehen.", &[]);
        check("Zeit Blume und der Stein Wasser mit Fahrrad.", &[]);
        check("Corrupti quis molestiae quod minus.", &[]);
        check("Grande es la casa para una familia.", &[]);
        check(
            "Bitte rufen Sie Peter Müller nach der Lieferung an.",
            &["Peter Müller"],
        );
        check(
            "Merci de rappeler Marie Dupont pour la livraison.",
            &["Marie Dupont"],
        );
        check(
            "Please call Peter Miller about the delivery.",
            &["Peter Miller"],
        );
    }
}
