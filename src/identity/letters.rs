//! MinHash: keys under which tuples meet whose letters are mostly the same, whatever the fields say.

use std::ops::Range;

use super::candidates::{GROUP, Keys};
use super::fact::mix;
use super::profile::Profile;

/// How much of the letters of two tuples must be the same: MinHash signatures over letter pairs.
#[derive(Clone, Copy)]
pub(super) struct Letters {
    /// Bands over names and contacts, and over names and place; over names and birth there are twice as many.
    bands: u64,
    /// Rows of a band: all must be equal.
    rows: usize,
    /// Larger groups are left out.
    pub(super) group: usize,
}

impl Letters {
    pub(super) const OF_FEW: Self = Self {
        bands: 12,
        rows: 3,
        group: GROUP,
    };
    pub(super) const OF_MANY: Self = Self {
        bands: 12,
        rows: 4,
        group: 24,
    };

    /// Sorts of keys: one for each band.
    pub(super) fn sorts(self) -> u64 {
        4 * self.bands
    }
}

/// A key for each band over the letters of a tuple.
pub(super) fn bands(p: &Profile<'_>, letters: Letters, keys: &mut Keys<'_>) {
    let birth = match p.birth {
        0 => String::new(),
        birth => (birth & 0xffff_ffff).to_string(),
    };
    let contacts = [p.mails[0], p.phones[0], p.ids[0].1];
    let n = letters.bands;
    let bags: [(u64, Range<u64>, [&str; 3]); 3] = [
        (1, 0..2 * n, [&birth, "", ""]),
        (2, 2 * n..3 * n, contacts),
        (3, 3 * n..4 * n, [p.place, p.city, p.zip]),
    ];
    for (bag, bands, extra) in bags {
        let wanted = bands.start.max(keys.wanted.start)..bands.end.min(keys.wanted.end);
        let known = bag == 1 || extra.iter().any(|text| !text.is_empty());
        if wanted.is_empty() || !known {
            continue;
        }
        let names = [(1, p.given), (1, p.family), (2, p.reading)];
        let texts = names.into_iter().chain(extra.map(|text| (3, text)));
        let grams = letter_pairs(texts, bag);
        if grams.len() < 5 {
            continue;
        }
        for band in wanted.clone().step_by(AT_ONCE) {
            let least = signatures(&grams, bag << 16 | band);
            for (band, rows) in (band..wanted.end).zip(least.chunks_exact(ROWS)) {
                let rows = rows[..letters.rows].iter().map(|&row| u64::from(row));
                (keys.put)(rows.fold(band, mix));
            }
        }
    }
}

/// Rows of a signature.
const ROWS: usize = 4;
/// Bands whose signatures are made at once.
const AT_ONCE: usize = 4;
/// Numbers of [`AT_ONCE`] signatures.
type Signatures = [u16; ROWS * AT_ONCE];

/// The MinHash signatures of some bands from `first` on. A row hashes 16 bits of each gram's hash by a multiplication of its own, so that the
/// compiler makes vector code of it.
fn signatures(grams: &[u64], first: u64) -> Signatures {
    let (mut factors, mut terms) = (Signatures::default(), Signatures::default());
    for (lane, (factor, term)) in (0..).zip(factors.iter_mut().zip(&mut terms)) {
        let random = mix(first + lane / ROWS as u64, lane % ROWS as u64);
        (*factor, *term) = (random as u16 | 1, (random >> 16) as u16);
    }
    let mut least = [u16::MAX; ROWS * AT_ONCE];
    for &gram in grams {
        let of_rows: [u16; ROWS] = [
            gram as u16,
            (gram >> 16) as u16,
            (gram >> 32) as u16,
            (gram >> 48) as u16,
        ];
        for lane in 0..ROWS * AT_ONCE {
            let hash = of_rows[lane % ROWS]
                .wrapping_mul(factors[lane])
                .wrapping_add(terms[lane]);
            if hash < least[lane] {
                least[lane] = hash;
            }
        }
    }
    least
}

/// The pairs of neighbouring letters of some texts, each with a seed.
fn letter_pairs<'t>(texts: impl Iterator<Item = (u64, &'t str)>, bag: u64) -> Vec<u64> {
    let mut grams: Vec<u64> = Vec::with_capacity(64);
    for (seed, text) in texts.filter(|text| !text.1.is_empty()) {
        let padded = std::iter::once('^')
            .chain(text.chars().take(40))
            .chain(std::iter::once('$'));
        let mut last = '\0';
        for c in padded {
            grams.push(mix(seed << 42 | (last as u64) << 21 | c as u64, bag));
            last = c;
        }
    }
    grams
}
