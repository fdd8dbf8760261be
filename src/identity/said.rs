//! What full names say, and their readings: read once where rows repeat them.
//!
//! In: a draft. Out: the facts of its name. Whoever stands in a table often stands there in many rows, and few names are anybody's alone. A slot
//! keeps the name itself, so that an answer is never another name's.

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use super::extract::{Draft, names};
use super::fact::Facts;
use super::sound;

/// Slots; a power of two.
const SLOTS: usize = 4096;
/// Bytes of a name and its reading that are kept.
const BYTES: usize = 120;

/// Names that were read lately.
#[derive(Default)]
pub(super) struct Said {
    /// None before the first name.
    slots: Vec<Slot>,
}

#[derive(Clone, Default)]
struct Slot {
    /// The name and its reading, one behind the other.
    text: String,
    form: Form,
    facts: Facts,
}

/// All that the facts of a name depend on beside its text.
#[derive(Clone, Copy, Default, PartialEq)]
struct Form {
    /// Bytes of the name.
    full: usize,
    has_reading: bool,
    eastern: bool,
}

/// Adds the facts of the draft's name.
pub(super) fn add(draft: &mut Draft<'_>, said: Option<&mut Said>, scratch: &mut String) {
    let parts = [
        draft.family,
        draft.given,
        draft.middle,
        draft.romaji,
        draft.family_reading,
        draft.given_reading,
    ];
    let full = draft.full.filter(|_| parts.iter().all(Option::is_none));
    let reading = draft.reading.unwrap_or("");
    let Some((said, full)) = said
        .zip(full)
        .filter(|(_, full)| full.len() + reading.len() <= BYTES)
    else {
        read(draft, scratch);
        return;
    };
    let form = Form {
        full: full.len(),
        has_reading: draft.reading.is_some(),
        eastern: draft.eastern,
    };
    let slot = said.slot(full, reading);
    let known = slot.form == form
        && slot.text.as_bytes()[..form.full] == *full.as_bytes()
        && slot.text.as_bytes()[form.full..] == *reading.as_bytes();
    if !known {
        let empty = std::mem::take(&mut slot.facts).emptied();
        let others = std::mem::replace(&mut draft.facts, empty);
        read(draft, scratch);
        slot.facts = std::mem::replace(&mut draft.facts, others);
        slot.form = form;
        slot.text.clear();
        slot.text.extend([full, reading]);
    }
    draft.facts.append(&slot.facts);
}

fn read(draft: &mut Draft<'_>, scratch: &mut String) {
    names(draft, scratch);
    sound::add(&mut draft.facts, scratch);
}

impl Said {
    /// Where a name stands, or would stand. An empty slot is that of the empty name, which says nothing.
    fn slot(&mut self, full: &str, reading: &str) -> &mut Slot {
        if self.slots.is_empty() {
            self.slots = vec![Slot::default(); SLOTS];
        }
        let hash = FixedState::with_seed(0).hash_one((full, reading));
        &mut self.slots[hash as usize % SLOTS]
    }
}

#[cfg(test)]
mod tests {
    use super::super::fact::Fact;
    use super::*;

    /// A name says the same whether it was read before or not.
    #[test]
    fn names_say_what_they_said() {
        let families = ["佐藤", "髙橋", "長谷川", "Smith", "김", "株式会社"];
        let givens = ["健太", "花子", " 一", "Mary Ann", "민준", "様", ""];
        let readings = [None, Some(""), Some("サトウ"), Some("サトウ ケンタ")];
        let all = families.iter().flat_map(|family| {
            let fulls =
                givens.map(|given| [format!("{family} {given}"), format!("{family}{given}")]);
            fulls.into_iter().flatten()
        });
        let fulls: Vec<String> = all.chain([String::new(), "x".repeat(200)]).collect();
        let mut said = Said::default();
        let of = |facts: &Facts| -> Vec<(Fact, u8, String)> {
            let owned = facts.iter().map(|(a, b, value)| (a, b, value.to_owned()));
            owned.collect()
        };
        for full in fulls.iter().chain(&fulls) {
            for (reading, eastern) in readings.into_iter().flat_map(|r| [(r, false), (r, true)]) {
                let draft = || {
                    let mut facts = Facts::default();
                    facts.push(Fact::Mail, 0, "hanako@example.com");
                    Draft {
                        full: Some(full),
                        reading,
                        eastern,
                        facts,
                        ..Draft::default()
                    }
                };
                let (mut fast, mut slow) = (draft(), draft());
                add(&mut fast, Some(&mut said), &mut String::new());
                add(&mut slow, None, &mut String::new());
                assert_eq!(of(&fast.facts), of(&slow.facts), "{full}, {reading:?}");
            }
        }
        let kept = said.slots.iter().filter(|slot| !slot.text.is_empty());
        assert!(kept.count() > 100);
    }
}
