//! Whether a cell is written as some state's identity number: what one cell never proves, and a column of them does.
//!
//! In: a cell of ASCII. Out: yes or no. Only the schemes of `id_table` whose shape and check leave chance one number in eight at most count; bare
//! digits only where they leave less, since most of them are numbers of something else.

use std::cell::RefCell;
use std::sync::OnceLock;

use super::id_table::{IDS, Id};
use super::text::What;
use super::text_ids::{Classes, fits};
use crate::pattern::check::{self, Check};

/// More characters than this, separators left out, no scheme has.
const LONGEST: usize = 18;

/// Share of random numbers that may pass a check.
const CHANCE: f64 = 0.12;

/// Checks that leave next to no chance to bare digits: two check digits, or a date as well.
const BARE: &[&str] = &[
    "br.cpf",
    "cn.ric",
    "de.steuerid",
    "fr.nir",
    "kr.rrn",
    "lv.pk",
    "no.fnr",
    "pl.pesel",
    "ro.cnp",
    "rs.jmbg",
    "ru.snils",
    "tr.tckn",
    "za.id",
];

/// A scheme, and its check where numbers are checked.
struct Row {
    id: &'static Id,
    check: &'static Check,
    /// Of each of its shapes of that length.
    classes: Vec<Classes>,
}

impl Row {
    /// Whether a number with these places of digits may have one of the shapes.
    fn may_be(&self, digits: u32) -> bool {
        self.classes.iter().any(|classes| classes.fit(digits))
    }
}

/// The schemes by the length of their numbers without separators.
fn schemes() -> &'static [Vec<Row>; LONGEST + 1] {
    static SCHEMES: OnceLock<[Vec<Row>; LONGEST + 1]> = OnceLock::new();
    SCHEMES.get_or_init(|| {
        let mut rows: [Vec<Row>; LONGEST + 1] = Default::default();
        for id in IDS
            .iter()
            .filter(|id| id.what == What::NationalId || id.check == "us.ssn")
        {
            let Some(check) = check::named(id.check) else {
                continue;
            };
            let mut lengths: Vec<usize> = id.shapes.iter().map(|shape| shape.len()).collect();
            lengths.sort_unstable();
            lengths.dedup();
            if check.chance <= CHANCE || id.check == "us.ssn" {
                for len in lengths.into_iter().filter(|&len| len <= LONGEST) {
                    let shapes = id.shapes.iter().filter(|shape| shape.len() == len);
                    let classes = shapes.map(|shape| Classes::of(shape)).collect();
                    rows[len].push(Row { id, check, classes });
                }
            }
        }
        rows
    })
}

/// Whether a value is a number that some state gives a person for life, by itself: by its form, and by a check that leaves chance one in
/// eight at most. What may be the number of a document as well is none (the German card's, which each new card changes), nor is an American
/// one, which has no check digit.
pub fn is_lifelong_number(value: &str) -> bool {
    let value = value.trim();
    let compact: String = value.chars().filter(char::is_ascii_alphanumeric).collect();
    let is_card = check::named("de.card").is_some_and(|card| (card.passes)(&compact));
    if is_card || fits(value, "999-99-9999") {
        return false;
    }
    if value.bytes().all(|b| b.is_ascii_digit()) {
        bare(value.as_bytes())
    } else {
        written(value)
    }
}

/// Whether bare digits are a number of a scheme whose check leaves next to no chance.
pub(super) fn bare(digits: &[u8]) -> bool {
    if digits.first().is_none_or(|&b| b == b'0') || digits.len() > LONGEST {
        return false;
    }
    let Ok(text) = std::str::from_utf8(digits) else {
        return false;
    };
    let mut rows = schemes()[digits.len()].iter();
    let all = (1 << digits.len()) - 1;
    rows.any(|row| {
        row.may_be(all)
            && BARE.contains(&row.id.check)
            && shaped(row.id, text)
            && (row.check.passes)(text)
    })
}

/// Whether letters and digits, separators among them or not, are a number of a scheme in a form of its own.
pub(super) fn written(cell: &str) -> bool {
    let (mut compact, mut len, mut letters) = ([0u8; LONGEST], 0, false);
    let mut digits = 0;
    for b in cell.bytes() {
        if b.is_ascii_alphanumeric() {
            if len == LONGEST {
                return false;
            }
            compact[len] = b;
            letters |= b.is_ascii_alphabetic();
            digits |= u32::from(b.is_ascii_digit()) << len;
            len += 1;
        } else if !matches!(b, b' ' | b'-' | b'.' | b'/') {
            return false;
        }
    }
    let Ok(text) = std::str::from_utf8(&compact[..len]) else {
        return false;
    };
    let separated = len < cell.len();
    let form = |id: &Id| {
        let mut forms = id.sure.iter().chain(id.alone);
        forms.any(|form| form.len() == cell.len() && fits(cell, form))
    };
    let is = |row: &Row| {
        // In threes as well, as Canada, Australia and the Netherlands write: one in ten phones passes, nearly no column of them.
        row.may_be(digits)
            && (letters && !separated || separated && (form(row.id) || threes(cell)))
            && shaped(row.id, text)
            && (row.check.passes)(text)
    };
    let rows = &schemes()[len];
    match layout(cell).filter(|_| !letters && separated) {
        Some(key) => LAYOUTS.with_borrow_mut(|known| known.of(key, cell, rows).any(is)),
        None => rows.iter().any(is),
    }
}

thread_local! {
    static LAYOUTS: RefCell<Layouts> = const { RefCell::new(Layouts(Vec::new())) };
}

/// Which schemes numbers may be of, by where they have digits and where which separators: columns of phones or parcels have few layouts, and most
/// of these no scheme has. A pure function of the layout, so that no answer hangs on what was asked before.
struct Layouts(Vec<Layout>);

/// A layout, 0 for none, and the places of the rows that may have it.
#[derive(Clone, Default)]
struct Layout {
    key: u64,
    rows: Vec<u8>,
}

impl Layouts {
    /// Slots; a power of two.
    const SLOTS: usize = 64;

    /// Those of the rows, which are of the length of the cell's number, that a cell of the layout may be of.
    fn of<'r>(
        &mut self,
        key: u64,
        cell: &str,
        rows: &'r [Row],
    ) -> impl Iterator<Item = &'r Row> + use<'_, 'r> {
        if self.0.is_empty() {
            self.0 = vec![Layout::default(); Self::SLOTS];
        }
        let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 32;
        let slot = &mut self.0[hash as usize % Self::SLOTS];
        if slot.key != key {
            slot.key = key;
            slot.rows.clear();
            let may_be = rows
                .iter()
                .zip(0..)
                .filter(|(row, _)| may_have(row.id, cell));
            slot.rows.extend(may_be.map(|(_, at)| at));
        }
        slot.rows.iter().map(|&at| &rows[usize::from(at)])
    }
}

/// Where a cell has digits and where which separators, as a number that is not 0; `None` for long cells and those with other signs.
fn layout(cell: &str) -> Option<u64> {
    const MOST: usize = 20;
    if cell.len() > MOST {
        return None;
    }
    cell.bytes().try_fold(1, |key: u64, byte| {
        let class = match byte {
            b'0'..=b'9' => 0,
            b' ' => 1,
            b'-' => 2,
            b'.' => 3,
            b'/' => 4,
            _ => return None,
        };
        Some(key << 3 | class)
    })
}

/// Whether a number of a scheme may be written with digits and separators where the cell has them.
fn may_have(id: &Id, cell: &str) -> bool {
    let fits = |(form, byte): (u8, u8)| match form {
        b'0'..=b'9' => byte.is_ascii_digit(),
        form => form == byte,
    };
    let mut forms = id.sure.iter().chain(id.alone);
    cell.len() == THREES
        || forms.any(|form| form.len() == cell.len() && form.bytes().zip(cell.bytes()).all(fits))
}

/// Characters of three groups of three digits.
const THREES: usize = 11;

/// Whether it is three groups of three digits.
fn threes(cell: &str) -> bool {
    let mut groups = cell.split([' ', '-', '.']);
    cell.len() == THREES
        && groups.all(|group| group.len() == 3 && group.bytes().all(|b| b.is_ascii_digit()))
}

fn shaped(id: &Id, compact: &str) -> bool {
    id.shapes
        .iter()
        .any(|shape| *shape != "*" && fits(compact, shape))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_for_life() {
        let check = |value: &str, expected: bool| {
            assert_eq!(super::is_lifelong_number(value), expected, "{value}");
        };
        check("44051401458", true); // Polish
        check("RSSMRA85T10A562S", true); // Italian
        check("12345678Z", true); // Spanish
        check("130 692 544", true); // Canadian
        check("T220001293", false); // a German card
        check("078-05-1123", false);
        check("", false);
    }

    #[test]
    fn numbers_in_cells() {
        let check = |cell: &str, expected: bool| {
            let digits = !cell.is_empty() && cell.bytes().all(|b| b.is_ascii_digit());
            let found = if digits {
                super::bare(cell.as_bytes())
            } else {
                super::written(cell)
            };
            assert_eq!(found, expected, "{cell}");
        };
        check("078-05-1123", true);
        check("000-05-1123", false);
        check("130 692 544", true); // chance passes one in ten: the column decides
        check("529.982.247-25", true);
        check("52998224725", true);
        check("52998224726", false);
        check("44051401458", true);
        check("RSSMRA85T10A562S", true);
        check("12345678Z", true);
        check("12345678A", false);
        check("09012345678", false);
        check("1234-5678-9012", false);
        check("", false);
        check("AB-1234-S", false);
    }

    /// A layout that is known tells the same of every number as the rows themselves.
    #[test]
    fn layouts_leave_out_nothing() {
        let mut next = crate::text::random(5);
        let forms = IDS.iter().flat_map(|id| id.sure.iter().chain(id.alone));
        let mut forms: Vec<String> = forms.map(|form| (*form).to_owned()).collect();
        forms.extend(
            ["999-9999-9999", "999 999 999", "99-9999-9999", "+99", "9.9"].map(String::from),
        );
        let mut found = 0;
        for n in 0..60_000 {
            let form = &forms[n % forms.len()];
            let mut cell: Vec<u8> = form
                .bytes()
                .map(|sign| match sign {
                    b'9' => b'0' + next(10) as u8,
                    b'A' => b'A' + next(26) as u8,
                    sign => sign,
                })
                .collect();
            if next(4) == 0 {
                let at = next(cell.len() as u64) as usize;
                cell[at] = b"-. /7"[next(5) as usize];
            }
            let cell = String::from_utf8(cell).expect("ASCII");
            let digits = cell.bytes().filter(u8::is_ascii_digit).count();
            let Some(rows) = layout(&cell).and(schemes().get(digits)) else {
                continue;
            };
            let one_by_one = rows.iter().any(|row| {
                let mut forms = row.id.sure.iter().chain(row.id.alone);
                let compact: String = cell.chars().filter(char::is_ascii_digit).collect();
                (forms.any(|form| fits(&cell, form)) || threes(&cell))
                    && shaped(row.id, &compact)
                    && (row.check.passes)(&compact)
            });
            if digits < cell.len() {
                assert_eq!(written(&cell), one_by_one, "{cell}");
                found += usize::from(one_by_one);
            }
        }
        assert!(found > 1_000, "{found}");
    }
}
