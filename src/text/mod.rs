//! What characters mean: encodings, escapes, width and kana folding, dates and eras, masking. Pure functions.
//!
//! This room knows neither files nor kinds of personal data.

mod binary;
mod date;
mod encoding;
mod escape;
mod fold;
mod foreign;
mod locate;
mod mask;
mod query;
mod transcode;
mod twice;
mod words;

pub(crate) use binary::{is_binary, is_picture};
pub use date::{Date, WrittenDate, parse_date, read_date};
pub(crate) use encoding::is_shift_jis_trail;
pub use encoding::{Encoding, Guess, detect};
pub use escape::{Escape, undoubled, unescape};
pub use fold::{
    fold, fold_header, fold_name, hiragana_to_katakana, is_hyphen, katakana, narrow, new_form,
};
pub(crate) use fold::{is_blank, whole_number};
pub use foreign::Foreign;
pub use locate::Locator;
pub use mask::{Masked, SafeName};
pub use query::decoded_queries;
pub use transcode::{Origins, Transcoder, decode_utf32, utf32};
pub use words::Words;

/// Numbers below a bound from a fixed series, for tests over many made values.
#[cfg(test)]
pub(crate) fn random(mut state: u64) -> impl FnMut(u64) -> u64 {
    move |below| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (state >> 33) % below
    }
}
