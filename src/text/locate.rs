//! Where the places in a decoded cell are in the bytes that it was decoded from.
//!
//! In: cells of a batch, one after the other, and places in each, mostly one behind the other. Out: their offsets in the raw cell. A cell may be a
//! line of megabytes with thousands of places, so it is gone through once.

use std::ops::Range;

use super::Encoding;
use super::escape::{Escape, locate};
use super::transcode::Steps;

/// Finds places in the cells of one batch.
#[derive(Debug, Default)]
pub struct Locator {
    /// The cell that was asked for last.
    cell: Range<usize>,
    way: Way,
}

/// How a decoded cell lies in its bytes.
#[derive(Clone, Copy, Debug, Default)]
enum Way {
    /// Byte for byte.
    #[default]
    Same,
    /// Character for character.
    Stepwise(Encoding, Steps),
    /// With escapes, or with shifts between characters.
    Otherwise,
}

impl Way {
    fn of(raw: &[u8], encoding: Encoding, escaped: bool) -> Self {
        match encoding.settle(raw) {
            _ if escaped => Way::Otherwise,
            _ if raw.is_ascii() => Way::Same,
            Encoding::Utf8 if std::str::from_utf8(raw).is_ok() => Way::Same,
            Encoding::Iso2022Jp => Way::Otherwise,
            settled => Way::Stepwise(settled, Steps::default()),
        }
    }
}

impl Locator {
    /// The offset, in the cell that stands in `bytes` at `cell`, at which byte `at` of its decoded and unescaped form stands. Past the end it is the
    /// cell's length, so an exclusive end may be located too.
    pub fn locate(
        &mut self,
        bytes: &[u8],
        cell: Range<usize>,
        (encoding, escape, escaped): (Encoding, Escape, bool),
        at: usize,
    ) -> usize {
        let raw = &bytes[cell.clone()];
        if self.cell != cell {
            self.way = Way::of(raw, encoding, escaped);
            self.cell = cell;
        }
        match &mut self.way {
            Way::Same => at.min(raw.len()),
            Way::Stepwise(settled, steps) => steps.to(raw, *settled, at),
            Way::Otherwise => locate(raw, encoding, escape, escaped, at),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_found_one_by_one() {
        let text = "a表能b ｶﾅ é\n12 \"\" 末";
        let cells = [
            (Encoding::ShiftJis, encoding_rs::SHIFT_JIS.encode(text).0),
            (Encoding::EucJp, encoding_rs::EUC_JP.encode(text).0),
            (
                Encoding::Windows1252,
                encoding_rs::WINDOWS_1252.encode("Zoë Ærø").0,
            ),
            (
                Encoding::Iso2022Jp,
                encoding_rs::ISO_2022_JP.encode("a表能b").0,
            ),
            (Encoding::Utf8, text.as_bytes().into()),
            (Encoding::Utf8, b"a\xFFb\xE8\xA1\xA8".as_slice().into()),
            (Encoding::Utf8, b"plain".as_slice().into()),
        ];
        for (encoding, raw) in &cells {
            let bytes = [b"12".as_slice(), raw, b"34"].concat();
            let cell = 2..2 + raw.len();
            for escaped in [false, true] {
                let escape = Escape::Doubled(b'"');
                let mut locator = Locator::default();
                // Forwards, and back again.
                for at in (0..text.len() + 4).chain((0..9).rev()) {
                    let of = (*encoding, escape, escaped);
                    let found = locator.locate(&bytes, cell.clone(), of, at);
                    let alone = locate(raw, *encoding, escape, escaped, at);
                    assert_eq!(found, alone, "{encoding:?} {escaped} {at}");
                }
            }
        }
    }
}
