//! Folding: one form for what is written in many.

/// NFKC, lower case, hyphens and dashes to `-`, white space runs to one blank, trimmed.
pub fn fold(_text: &str) -> String {
    todo!()
}

/// A name's normal form: [`fold`], old kanji to new (髙→高, 﨑→崎, 邊→辺), hiragana to katakana, blanks removed.
pub fn fold_name(_text: &str) -> String {
    todo!()
}

/// A column name's normal form: NFKC, lower case, without white space and `_-./:・()[]【】「」*※"'|,、。#`.
pub fn fold_header(_text: &str) -> String {
    todo!()
}

/// Hiragana to katakana, all else as it is.
pub fn hiragana_to_katakana(_text: &str) -> String {
    todo!()
}
