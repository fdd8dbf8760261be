//! Characters of the collection Adobe-Japan1, by their numbers, for fonts that tell nothing else.
//!
//! Its first numbers follow older standards, so that no table is needed (Adobe Technical Note 5078): ASCII from 1, half-width
//! ASCII from 231 and kana from 327, JIS X 0208 from 633 in the order of its rows, kanji of its first level from 1125 and of
//! its second from 4090.

use std::sync::OnceLock;

/// The first number of JIS X 0208, and of its kanji.
const JIS: u16 = 633;

/// The character of a number; `None` for variants and whatever came with later supplements.
pub(super) fn character(cid: u16) -> Option<char> {
    match cid {
        1..=95 => char::from_u32(0x1f + u32::from(cid)),
        231..=325 => char::from_u32(0x20 + u32::from(cid - 231)),
        327..=389 => char::from_u32(0xff61 + u32::from(cid - 327)),
        JIS.. => jis().get(usize::from(cid - JIS)).copied(),
        _ => None,
    }
}

/// The characters of JIS X 0208 in the order of its rows, without line drawing.
fn jis() -> &'static [char] {
    static CHARACTERS: OnceLock<Vec<char>> = OnceLock::new();
    CHARACTERS.get_or_init(|| {
        let rows = (1..=7).chain(16..=84);
        let places = rows.flat_map(|row: u8| (1..=94).map(move |cell: u8| (row, cell)));
        // The last two of row 84 came later.
        let places = places.filter(|&(row, cell)| row < 84 || cell <= 4);
        places
            .filter_map(|(row, cell)| {
                let bytes = [row + 0xa0, cell + 0xa0];
                let text = encoding_rs::EUC_JP
                    .decode_without_bom_handling_and_without_replacement(&bytes)?;
                text.chars().next()
            })
            .collect()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_collection() {
        for (cid, expected) in [
            (1, ' '),
            (34, 'A'),
            (231, ' '),
            (264, 'A'),
            (327, '｡'),
            (389, 'ﾟ'),
            (633, '　'),
            (780, '０'),
            (842, 'ぁ'),
            (843, 'あ'),
            (925, 'ァ'),
            (1010, 'ヶ'),
            (1125, '亜'),
            (4089, '腕'),
            (4090, '弌'),
            (7477, '瑤'),
        ] {
            assert_eq!(character(cid), Some(expected), "{cid}");
        }
        assert_eq!(character(0), None);
        assert_eq!(character(7_900), None);
    }
}
