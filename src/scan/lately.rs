//! Values of one column that were seen lately in this pass.
//!
//! In: a value. Out: what was found out about the same value when it stood in this column before. Names, cities, plans and the phrases of notes
//! repeat; a value that repeats is neither classified nor counted as distinct again. A slot keeps the bytes of its value, so that an
//! answer is never another value's. A column whose values do not repeat soon costs nothing.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use crate::classify::Shapes;

/// Bytes of a value that is kept.
const VALUE_BYTES: usize = 111;
/// Slots of a column at first; a power of two.
const SLOTS: usize = 512;
/// Slots of a column whose values repeat, and which has more of them than slots; a power of two.
const MANY_SLOTS: usize = 4096;
/// Values of a column before any is kept: small tables need no memory.
const WARM_UP: u32 = 128;
/// Values after which it is decided whether keeping pays.
const TRIAL: u32 = 2048;
/// One in so many values must be found for it to pay.
const WORTH: u32 = 8;

/// What is known of a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Known {
    pub(super) shapes: Shapes,
    /// Its characters.
    pub(super) chars: u32,
}

#[derive(Clone)]
struct Slot {
    known: Known,
    /// 0: an empty slot.
    len: u8,
    bytes: [u8; VALUE_BYTES],
}

/// The values of one column that were seen lately.
#[derive(Clone, Default)]
pub(super) struct Lately {
    slots: Vec<Slot>,
    asked: u32,
    found: u32,
    /// Values that took the slot of another.
    moved: usize,
    /// Slots that the column may have.
    most: usize,
    /// Where the value that was asked for last would stand.
    at: Option<usize>,
}

impl Lately {
    /// No values, and room for so many.
    pub(super) fn within(most: usize) -> Self {
        Self {
            most,
            ..Self::default()
        }
    }

    /// What is known of the value.
    #[inline]
    pub(super) fn find(&mut self, value: &str) -> Option<Known> {
        self.at = None;
        if self.asked >= TRIAL && self.found < self.asked / WORTH || value.len() > VALUE_BYTES {
            return None;
        }
        self.asked += 1;
        if self.asked < WARM_UP {
            return None;
        }
        if self.asked >= TRIAL * 16 {
            // What was long ago counts less.
            (self.asked, self.found) = (self.asked / 2, self.found / 2);
        }
        let hash = FixedState::with_seed(0).hash_one(value.as_bytes()) as usize;
        let at = hash & self.slots.len().max(SLOTS).wrapping_sub(1);
        self.at = Some(at);
        let slot = self.slots.get(at)?;
        let same = slot.bytes[..usize::from(slot.len)] == *value.as_bytes();
        self.found += u32::from(same);
        same.then_some(slot.known)
    }

    /// Whether values repeat, there are more of them than slots, and room for more.
    fn is_crowded(&self) -> bool {
        self.slots.len() < MANY_SLOTS && MANY_SLOTS <= self.most && self.found >= self.asked / WORTH
    }

    /// Whether enough values were seen to know whether this column repeats.
    #[inline]
    pub(super) fn is_warm(&self) -> bool {
        self.asked >= WARM_UP
    }

    /// Whether the value that was asked for last is one to keep.
    #[inline]
    pub(super) fn keeps(&self) -> bool {
        self.at.is_some()
    }

    /// Keeps what was found out about the value that was asked for last.
    #[inline]
    pub(super) fn keep(&mut self, value: &str, known: Known) {
        let Some(at) = self.at else { return };
        let empty = Slot {
            known,
            len: 0,
            bytes: [0; VALUE_BYTES],
        };
        if self.slots.is_empty() {
            self.slots = vec![empty; SLOTS];
        } else if self.moved > 4 * SLOTS && self.is_crowded() {
            // What stood here is asked for once more.
            self.slots = vec![empty; MANY_SLOTS];
            return;
        }
        let slot = &mut self.slots[at];
        self.moved += usize::from(slot.len > 0);
        slot.bytes[..value.len()].copy_from_slice(value.as_bytes());
        slot.len = value.len() as u8;
        slot.known = known;
    }
}

impl std::fmt::Debug for Lately {
    /// Numbers only: values are nobody's business.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {}", self.found, self.asked)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(n: u64) -> Known {
        Known {
            shapes: Shapes(n),
            chars: n as u32,
        }
    }

    #[test]
    fn answers_are_those_of_the_value() {
        let mut lately = Lately::default();
        let values: Vec<String> = (0..300).map(|n| format!("value {n}")).collect();
        let mut found = 0;
        for round in 0..20 {
            for (n, value) in values.iter().enumerate() {
                match lately.find(value) {
                    Some(answer) => {
                        assert_eq!(answer, known(n as u64), "{value}");
                        found += 1;
                    }
                    None => lately.keep(value, known(n as u64)),
                }
                assert!(round > 0 || found == 0, "nothing repeats yet");
            }
        }
        assert!(found > 2000, "{found}");
        assert_eq!(lately.find(&"x".repeat(200)), None);
        lately.keep("must not be kept: nobody asked for it", known(1));
        assert_eq!(lately.find(""), None);
    }

    /// A column of more values than slots gets more of them, where there is room.
    #[test]
    fn many_values_that_repeat_are_kept() {
        let values: Vec<String> = (0..800).map(|n| format!("value {n}")).collect();
        let found = |most: usize| {
            let mut lately = Lately::within(most);
            let mut found = 0;
            for n in 0..200_000 {
                // In no order that favours the lately seen.
                let n = (n * 7 + n / 800 * 13) % 800;
                match lately.find(&values[n]) {
                    Some(answer) => {
                        assert_eq!(answer, known(n as u64));
                        found += 1;
                    }
                    None => lately.keep(&values[n], known(n as u64)),
                }
            }
            assert!(lately.slots.len() <= most.max(SLOTS));
            found
        };
        assert!(found(MANY_SLOTS) > 150_000);
        assert!(found(SLOTS) < 100_000);
    }

    #[test]
    fn values_that_do_not_repeat_are_soon_let_be() {
        let mut lately = Lately::default();
        for n in 0..10_000 {
            let value = n.to_string();
            assert_eq!(lately.find(&value), None);
            lately.keep(&value, known(n));
        }
        assert_eq!(lately.asked, TRIAL);
    }
}
