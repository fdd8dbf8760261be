//! What the glyphs of an embedded font stand for, by the font's own table of characters: for composite fonts whose codes are numbers
//! of glyphs (`Identity-H`) and that tell nothing else.
//!
//! In: a font of TrueType or OpenType. Out: a character for each glyph that has one. Fonts may be cut down to the glyphs that are
//! drawn, and without the table then (OpenType 1.9, "cmap"; ISO 32000-1, 9.7.4.2).

use std::collections::BTreeMap;

use lopdf::{Dictionary, Document, Object};

use super::font::descendant;
use super::stream;

/// Bytes of a font that are looked at, of a table of numbers, and of tables of characters in a font.
const FONT_BYTES: usize = 64 << 20;
const NUMBERS_BYTES: usize = 1 << 17;
const TABLES: u16 = 32;
/// Characters of a table: fonts have no more than 65,536 glyphs.
const MOST: usize = 1 << 17;

/// Characters by glyphs.
pub(super) struct Glyphs {
    characters: BTreeMap<u16, char>,
    /// The glyphs of codes, where they are not the codes themselves: two bytes each.
    glyphs: Option<Vec<u8>>,
}

impl Glyphs {
    /// Those of a composite font whose codes are numbers of two bytes.
    pub(super) fn read(dict: &Dictionary, document: &Document) -> Option<Self> {
        let encoding = dict
            .get_deref(b"Encoding", document)
            .and_then(Object::as_name);
        if !matches!(encoding, Ok(b"Identity-H" | b"Identity-V")) {
            return None;
        }
        let font = descendant(dict, document)?;
        let about = font.get_deref(b"FontDescriptor", document);
        let about = about.and_then(Object::as_dict).ok()?;
        let file = [&b"FontFile2"[..], b"FontFile3"]
            .into_iter()
            .find_map(|key| {
                let file = about
                    .get_deref(key, document)
                    .and_then(Object::as_stream)
                    .ok()?;
                stream::plain(file, FONT_BYTES).ok()
            })?;
        let numbers = font
            .get_deref(b"CIDToGIDMap", document)
            .and_then(Object::as_stream);
        let numbers = numbers
            .ok()
            .map(|numbers| stream::plain(numbers, NUMBERS_BYTES));
        let glyphs = match numbers {
            Some(Ok(plain)) => Some(plain.bytes),
            Some(Err(_)) => return None,
            None => None,
        };
        let characters = characters(&file.bytes)?;
        (!characters.is_empty()).then_some(Self { characters, glyphs })
    }

    /// The character of a code.
    pub(super) fn character(&self, code: u16) -> Option<char> {
        let glyph = match &self.glyphs {
            Some(glyphs) => two(glyphs, usize::from(code) * 2)?,
            None => code,
        };
        self.characters.get(&glyph).copied()
    }
}

fn two(bytes: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(*bytes.get(at..)?.first_chunk()?))
}

/// The characters of a font's glyphs: of several the first.
fn characters(font: &[u8]) -> Option<BTreeMap<u16, char>> {
    let n = usize::from(two(font, 4)?);
    let mut records = (0..n).map_while(|nth| font.get(12 + nth * 16..28 + nth * 16));
    let record = records.find(|record| record.starts_with(b"cmap"))?;
    let cmap = font.get(four(record, 8)? as usize..)?;
    let mut found = BTreeMap::new();
    for nth in 0..two(cmap, 2)?.min(TABLES) {
        let at = 4 + usize::from(nth) * 8;
        // Unicode, by its own number and by that of Windows.
        let is_unicode = matches!((two(cmap, at)?, two(cmap, at + 2)?), (0, _) | (3, 1 | 10));
        let table = cmap
            .get(four(cmap, at + 4)? as usize..)
            .filter(|_| is_unicode);
        if let Some(table) = table {
            let mut add = |c: u32, glyph: u16| {
                let c = char::from_u32(c).filter(|&c| glyph != 0 && !is_private(c));
                // Radicals and compatibility forms come first, and have the glyphs of characters.
                if let Some(c) = c {
                    let kept = found.entry(glyph).or_insert(c);
                    if is_form(*kept) && !is_form(c) {
                        *kept = c;
                    }
                }
            };
            match two(table, 0) {
                Some(4) => segments(table, &mut add),
                Some(12) => groups(table, &mut add),
                _ => None,
            };
        }
    }
    Some(found)
}

/// Characters that mean what a font wants them to.
fn is_private(c: char) -> bool {
    matches!(c, '\u{E000}'..='\u{F8FF}' | '\u{F0000}'..)
}

/// Radicals, and ideographs that are there for the sake of other character sets.
fn is_form(c: char) -> bool {
    matches!(c, '\u{2E80}'..='\u{2FDF}' | '\u{F900}'..='\u{FAFF}')
}

/// Format 4: segments of characters, whose glyphs are so many numbers on, or stand in a list.
fn segments(table: &[u8], add: &mut dyn FnMut(u32, u16)) -> Option<()> {
    let double = usize::from(two(table, 6)?) & !1;
    let mut left = MOST;
    for at in (14..14 + double).step_by(2) {
        let last = two(table, at)?;
        let first = two(table, at + double + 2)?;
        let delta = two(table, at + 2 * double + 2)?;
        let place = at + 3 * double + 2;
        let offset = usize::from(two(table, place)?);
        for c in first..=last {
            let glyph = match offset {
                0 => c.wrapping_add(delta),
                _ => match two(table, place + offset + usize::from(c - first) * 2) {
                    Some(0) => 0,
                    Some(glyph) => glyph.wrapping_add(delta),
                    None => break,
                },
            };
            left = left.checked_sub(1)?;
            add(u32::from(c), glyph);
        }
    }
    Some(())
}

/// Format 12: groups of characters whose glyphs follow one another.
fn groups(table: &[u8], add: &mut dyn FnMut(u32, u16)) -> Option<()> {
    let mut left = MOST;
    for nth in 0..four(table, 12)? as usize {
        let group = table.get(16 + nth * 12..28 + nth * 12)?;
        let [first, last, glyph] = [four(group, 0)?, four(group, 4)?, four(group, 8)?];
        for (c, glyph) in (first..=last).zip(glyph..=u32::from(u16::MAX)) {
            left = left.checked_sub(1)?;
            add(c, u16::try_from(glyph).ok()?);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A font that is nothing but a table of characters.
    fn font(platform: u16, encoding: u16, table: &[u8]) -> Vec<u8> {
        let head = [
            &[0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0][..],
            b"cmap",
            &[0; 4],
            &28u32.to_be_bytes(),
            &[0; 4],
        ];
        let at = [0, 1, platform, encoding, 0, 12].map(u16::to_be_bytes);
        [&head.concat(), at.as_flattened(), table].concat()
    }

    #[test]
    fn glyphs_have_the_characters_of_the_table() {
        // Segments `A` to `C` from glyph 5 on, `山` by a list, and the one that ends them.
        let numbers: Vec<u16> = vec![
            4,
            0,
            0,
            6,
            0,
            0,
            0, // Format, and how many.
            0x43,
            0x5C71,
            0xFFFF,
            0, // The last ones.
            0x41,
            0x5C71,
            0xFFFF, // The first ones.
            5u16.wrapping_sub(0x41),
            0,
            1, // So many on.
            0,
            4,
            0, // Places in the list.
            9, // The list.
        ];
        let table = numbers.into_iter().flat_map(u16::to_be_bytes);
        let found = characters(&font(3, 1, &table.collect::<Vec<u8>>())).unwrap();
        assert_eq!(
            found,
            BTreeMap::from([(5, 'A'), (6, 'B'), (7, 'C'), (9, '山')])
        );
        let group = [0x1F600, 0x1F601, 3].map(u32::to_be_bytes);
        let head = [&[0, 12][..], &[0; 10], &1u32.to_be_bytes()].concat();
        let table = [&head[..], group.as_flattened()].concat();
        let found = characters(&font(0, 4, &table)).unwrap();
        assert_eq!(found, BTreeMap::from([(3, '😀'), (4, '😁')]));
        // Tables of the Macintosh are of other numbers; those without end are bounded.
        assert_eq!(characters(&font(1, 0, &table)), Some(BTreeMap::new()));
        let endless = [
            &head[..],
            [0, u32::MAX, 0].map(u32::to_be_bytes).as_flattened(),
        ]
        .concat();
        assert!(characters(&font(0, 4, &endless)).unwrap().len() <= 1 << 16);
        for cut in 0..60 {
            let _ = characters(&font(0, 4, &table)[..cut]);
        }
    }
}
