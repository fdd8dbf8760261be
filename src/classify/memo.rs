//! Shapes of cells that were seen lately.
//!
//! In: a short cell. Out: its shapes, if the same cell was looked at before. Columns repeat: names, plans, cities, prices. A slot keeps the bytes
//! of the cell, so that an answer is never another cell's.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::Shapes;

/// Bytes of a cell that is kept.
const CELL_BYTES: usize = 47;
/// Slots; a power of two.
const SLOTS: usize = 2048;

#[derive(Clone, Copy)]
struct Slot {
    bytes: [u8; CELL_BYTES],
    /// 0: an empty slot.
    len: u8,
    shapes: Shapes,
}

/// A direct-mapped table of cells.
pub(super) struct Memo {
    slots: Box<[Slot]>,
}

impl Memo {
    pub(super) fn new() -> Self {
        let empty = Slot {
            bytes: [0; CELL_BYTES],
            len: 0,
            shapes: Shapes::NONE,
        };
        Self {
            slots: vec![empty; SLOTS].into_boxed_slice(),
        }
    }

    /// Where a cell would stand; `None` for those that are not kept: long ones, and numbers, which rarely repeat and are cheap.
    pub(super) fn slot(&self, cell: &str) -> Option<usize> {
        let bytes = cell.as_bytes();
        if bytes.len() > CELL_BYTES || bytes.first().is_none_or(u8::is_ascii_digit) {
            return None;
        }
        let hash = FixedState::with_seed(0).hash_one(bytes);
        Some(hash as usize % SLOTS)
    }

    /// The shapes of the cell, if it stands in the slot.
    pub(super) fn get(&self, slot: usize, cell: &str) -> Option<Shapes> {
        let kept = &self.slots[slot];
        (kept.bytes[..usize::from(kept.len)] == *cell.as_bytes()).then_some(kept.shapes)
    }

    /// Keeps a cell in its slot, which [`Memo::slot`] told.
    pub(super) fn put(&mut self, slot: usize, cell: &str, shapes: Shapes) {
        let kept = &mut self.slots[slot];
        kept.bytes[..cell.len()].copy_from_slice(cell.as_bytes());
        kept.len = cell.len() as u8;
        kept.shapes = shapes;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Shape;

    #[test]
    fn answers_are_those_of_the_cell() {
        let mut memo = Memo::new();
        let names: Vec<String> = (0..10_000).map(|n| format!("cell {n}")).collect();
        for (n, name) in names.iter().enumerate() {
            let slot = memo.slot(name).expect("a short cell");
            assert_eq!(memo.get(slot, name), None, "{name}");
            memo.put(slot, name, Shapes(n as u64));
            assert_eq!(memo.get(slot, name), Some(Shapes(n as u64)), "{name}");
        }
        let kept = names.iter().enumerate().filter(|(n, name)| {
            let found = memo.get(memo.slot(name).expect("a short cell"), name);
            assert!(
                found.is_none_or(|shapes| shapes == Shapes(*n as u64)),
                "{name}"
            );
            found.is_some()
        });
        assert!(kept.count() > SLOTS / 2);
        assert_eq!(memo.slot(&"x".repeat(48)), None);
        assert_eq!(memo.slot(""), None);
        assert!(Shapes::of(&[Shape::Word]) != Shapes::NONE);
    }
}
