//! How wide the characters of a font are (ISO 32000-1, 9.2.4, 9.7.4.3).
//!
//! In: a font's dictionary. Out: how far a string moves on; nothing where the file does not tell.

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object};

/// Widths that are looked at of one font.
const MOST: usize = 1 << 17;

/// The widths of a font, in thousandths of its size.
pub(super) enum Widths {
    /// By codes of one byte: the first, and what others have.
    Simple {
        first: usize,
        widths: Vec<f32>,
        other: f32,
    },
    /// By codes of two bytes that are numbers of glyphs.
    Numbers {
        widths: BTreeMap<u16, f32>,
        other: f32,
    },
}

impl Widths {
    /// The widths that a font tells; `None` where it tells none, or not by its codes.
    pub(super) fn read(dict: &Dictionary, document: &Document) -> Option<Self> {
        let name = |dict: &Dictionary, key: &[u8]| {
            let name = dict.get_deref(key, document).and_then(Object::as_name);
            name.map(<[u8]>::to_vec).unwrap_or_default()
        };
        let number =
            |dict: &Dictionary, key: &[u8]| dict.get_deref(key, document).ok()?.as_float().ok();
        match &name(dict, b"Subtype")[..] {
            b"Type0" => {
                if !name(dict, b"Encoding").starts_with(b"Identity") {
                    return None;
                }
                let fonts = dict.get_deref(b"DescendantFonts", document).ok()?;
                let (_, font) = document.dereference(fonts.as_array().ok()?.first()?).ok()?;
                let font = font.as_dict().ok()?;
                let list = font.get_deref(b"W", document).and_then(Object::as_array);
                Some(Widths::Numbers {
                    widths: list.map_or_else(|_| BTreeMap::new(), |list| numbers(list, document)),
                    other: number(font, b"DW").unwrap_or(1000.0),
                })
            }
            // Glyphs that are drawn have a measure of their own.
            b"Type3" => None,
            _ => {
                let widths = dict.get_deref(b"Widths", document).ok()?.as_array().ok()?;
                let width = |object| {
                    let (_, object) = document.dereference(object).ok()?;
                    object.as_float().ok()
                };
                let widths = widths.iter().take(256).map(|w| width(w).unwrap_or(0.0));
                let about = dict.get_deref(b"FontDescriptor", document);
                let about = about.and_then(Object::as_dict).ok();
                Some(Widths::Simple {
                    first: number(dict, b"FirstChar").unwrap_or(0.0).max(0.0) as usize,
                    widths: widths.collect(),
                    other: about
                        .and_then(|about| number(about, b"MissingWidth"))
                        .unwrap_or(0.0),
                })
            }
        }
    }

    /// The width of a string, in sizes of its font.
    pub(super) fn of(&self, bytes: &[u8]) -> f32 {
        let sum: f32 = match self {
            Widths::Simple {
                first,
                widths,
                other,
            } => {
                let width = |&byte: &u8| {
                    usize::from(byte)
                        .checked_sub(*first)
                        .and_then(|nth| widths.get(nth))
                };
                bytes.iter().map(|byte| width(byte).unwrap_or(other)).sum()
            }
            Widths::Numbers { widths, other } => {
                let codes = bytes
                    .chunks_exact(2)
                    .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
                codes.map(|code| widths.get(&code).unwrap_or(other)).sum()
            }
        };
        sum / 1000.0
    }
}

/// Widths by number: `first [w w …]` and `first last w`.
fn numbers(list: &[Object], document: &Document) -> BTreeMap<u16, f32> {
    let number = |object: &Object| object.as_float().ok();
    let mut widths = BTreeMap::new();
    let mut list = list
        .iter()
        .map_while(|object| Some(document.dereference(object).ok()?.1));
    while let (Some(first), Some(second)) = (list.next().and_then(number), list.next()) {
        if widths.len() > MOST {
            break;
        }
        let first = first as u16;
        if let Ok(each) = second.as_array() {
            let codes = first..=u16::MAX;
            widths.extend(codes.zip(each.iter().map(|width| number(width).unwrap_or(0.0))));
        } else if let (Some(last), Some(width)) = (number(second), list.next().and_then(number)) {
            widths.extend((first..=last as u16).map(|code| (code, width)));
        }
    }
    widths
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::dictionary;

    #[test]
    fn widths_of_strings() {
        let document = Document::new();
        let check = |dict: &Dictionary, bytes: &[u8], expected: Option<f32>| {
            let found = Widths::read(dict, &document).map(|widths| widths.of(bytes));
            assert_eq!(found, expected, "{bytes:?}");
        };
        let simple = dictionary! {
            "Subtype" => "TrueType",
            "FirstChar" => 65,
            "Widths" => vec![500.into(), 250.into()],
        };
        check(&simple, b"AAB", Some(1.25));
        check(&simple, b"\x00Z", Some(0.0));
        let glyphs = dictionary! {
            "DW" => 1000,
            "W" => vec![1.into(), Object::Array(vec![500.into(), 600.into()]), 7.into(), 9.into(), 250.into()],
        };
        let composite = dictionary! {
            "Subtype" => "Type0",
            "Encoding" => "Identity-H",
            "DescendantFonts" => vec![Object::Dictionary(glyphs)],
        };
        check(&composite, &[0, 1, 0, 2, 0, 8, 0, 200], Some(2.35));
        check(&dictionary! { "Subtype" => "Type1" }, b"A", None);
    }
}
