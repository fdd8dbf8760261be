//! What a value is: runs the patterns of [`crate::pattern`] and the recognisers that no regular expression can express
//! (Japanese names, addresses).
//!
//! In: one cell, or a text. Out: the shapes a cell has, or the matches in a text. This room knows no files and no columns.

mod address_anchor;
mod address_parse;
pub(crate) mod address_split;
mod address_tokens;
mod annotated;
mod cell;
mod cell_digits;
mod cell_masked;
mod cell_words;
mod full_name;
mod id_forms;
mod id_table;
mod identity_cells;
mod japanese;
mod japanese_address;
mod japanese_words;
mod latin;
mod mail_names;
mod memo;
mod message_ids;
mod names_japanese;
mod names_latin;
mod names_scripts;
mod number;
mod shape;
mod tagger;
mod text;
mod text_address;
mod text_cards;
mod text_devices;
mod text_digits;
mod text_forms;
mod text_ids;
mod text_japanese;
mod text_labelled;
mod text_labels;
mod text_latin;
mod text_links;
mod text_mail;
mod text_records;
mod text_special;
mod text_stated;
mod text_tokens;
mod tongue;
mod written_names;

pub use annotated::{bare_name, names_among};
pub use cell::{long_number, shapes};
pub use identity_cells::is_lifelong_number;
pub use message_ids::{is_made, is_of_messages};
pub use names_scripts::{is_korean_surname, surname_end};
pub use shape::{Shape, Shapes};
pub use text::{Scanner, check_patterns, recogniser};
pub use text_labelled::is_said_of_somebody;
pub use written_names::plain_name;

use crate::pattern::{Kind, Part};

/// One hit in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Match {
    /// What it is.
    pub kind: Kind,
    /// Which piece of it.
    pub part: Part,
    /// First byte in the text that was scanned.
    pub start: usize,
    /// End, exclusive.
    pub end: usize,
    /// 0 to 1.
    pub confidence: f32,
    /// Why.
    pub why: Why,
}

/// Why a match in a text is one: what of these holds; empty where it does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Why {
    /// The form that it has: `email`, `number-plan`.
    pub form: &'static str,
    /// The check digit that was computed.
    pub check: &'static str,
    /// The list that its words are in: `names`, `places`.
    pub list: &'static str,
    /// The word beside it.
    pub label: &'static str,
    /// The rule of the user's own, by its number in [`crate::pattern::Patterns::rules`].
    pub rule: Option<u16>,
}
