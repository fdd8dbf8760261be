//! Names in running text in Latin letters.
//!
//! In: a text. Out: hits. Names are what a model finds among capitalised words.

use super::names_latin;
use super::tagger::Model;
use super::text::{Hit, What};

/// The weights that `patterns/models/train.rs` learned.
static NAMES: Model<'static> = Model::read(include_bytes!("../../patterns/models/names-latin.bin"));

/// Adds the hits of a text.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    names_latin::find(text, &NAMES, |name| {
        hits.push(Hit::new(
            What::Name,
            name.start..name.end,
            confidence(name.margin),
        ));
    });
}

/// How sure a name is that is better than none by so much.
fn confidence(margin: i32) -> f32 {
    (0.5 + margin as f32 / 1000.0).clamp(0.5, 0.95)
}
