//! What of a document is lost: pages whose streams are damaged, and objects that its table of objects names and that are
//! not there.

use std::ops::ControlFlow;

use lopdf::xref::{XrefEntry, XrefRecovery};
use lopdf::{Document, ObjectId};

use super::super::{Item, Member, Sink};
use crate::source::{Bytes, Code, Fault};

/// Pages that are called by their numbers.
const NUMBERS: usize = 8;
/// Objects that are searched for text, one by one.
const OBJECTS: usize = 64;

/// Where an object begins.
pub(super) fn place(document: &Document, id: ObjectId) -> Option<u64> {
    match document.reference_table.get(id.0) {
        Some(XrefEntry::Normal { offset, .. }) => Some(u64::from(*offset)),
        _ => None,
    }
}

/// Pages of which some is lost.
#[derive(Default)]
pub(super) struct Pages {
    numbers: Vec<usize>,
    more: usize,
    /// Where the first stream begins that is damaged.
    at: Option<u64>,
}

impl Pages {
    /// Adds a page by its number, from 1.
    pub(super) fn add(&mut self, number: usize, at: Option<u64>) {
        self.at = self.at.or(at);
        if self.numbers.len() < NUMBERS {
            self.numbers.push(number);
        } else {
            self.more += 1;
        }
    }

    /// What is to be said of them.
    pub(super) fn fault(&self) -> Option<Fault> {
        let numbers: Vec<String> = self.numbers.iter().map(usize::to_string).collect();
        let pages = match (numbers.len(), self.more) {
            (0, _) => return None,
            (1, _) => format!("some of page {}", numbers[0]),
            (_, 0) => format!("some of pages {}", numbers.join(", ")),
            (_, more) => format!("some of pages {} and {more} more", numbers.join(", ")),
        };
        Some(Fault {
            code: Code::Malformed,
            at: self.at,
            lost: pages,
        })
    }
}

/// Says which objects could not be read, and gives the bytes where they should stand as members.
pub(super) fn give(document: &Document, bytes: &Bytes, sink: &mut Sink<'_>) -> ControlFlow<()> {
    if document.xref_recovery == Some(XrefRecovery::Reconstructed) {
        let lost = "the table of objects; they were searched for";
        sink(Item::Fault(Fault::whole(Code::Malformed, lost)))?;
    }
    let (places, packed) = lost(document, bytes.len() as u64);
    if let Some((first, _)) = places.first() {
        let lost = format!("{} objects", places.len());
        sink(Item::Fault(Fault::at(Code::Malformed, *first, lost)))?;
    }
    if packed > 0 {
        let lost = format!("{packed} objects of damaged streams");
        sink(Item::Fault(Fault::whole(Code::Malformed, lost)))?;
    }
    // What is still locked tells nothing.
    let n_shown = if document.encryption_state.is_some() {
        0
    } else {
        OBJECTS
    };
    for (start, end) in places.into_iter().take(n_shown) {
        sink(Item::Member(Member {
            name: format!("object at {start}"),
            len: end - start,
            bytes: Some(bytes.slice(start as usize..end as usize)),
            fault: None,
        }))?;
    }
    ControlFlow::Continue(())
}

/// The places, sorted, of objects that could not be read, and how many are lost that stand in streams of objects.
fn lost(document: &Document, len: u64) -> (Vec<(u64, u64)>, usize) {
    let entries = &document.reference_table.entries;
    let is_there = |number: u32| {
        let mut found = document.objects.range((number, 0)..=(number, u16::MAX));
        found.next().is_some()
    };
    let mut starts: Vec<u64> = entries
        .values()
        .filter_map(|entry| match entry {
            XrefEntry::Normal { offset, .. } => Some(u64::from(*offset)),
            _ => None,
        })
        .collect();
    starts.sort_unstable();
    let end = |start: u64| {
        let next = starts.partition_point(|at| *at <= start);
        starts.get(next).copied().unwrap_or(len).min(len)
    };
    // The dictionary of a document that was opened by a password is taken out of it.
    let mut is_opened = document.encryption_state.is_some();
    let (mut places, mut packed) = (Vec::new(), 0);
    for (_, entry) in entries.iter().filter(|(number, _)| !is_there(**number)) {
        match *entry {
            XrefEntry::Normal { .. } if is_opened => is_opened = false,
            XrefEntry::Normal { offset, .. } if (1..len).contains(&u64::from(offset)) => {
                places.push((u64::from(offset), end(u64::from(offset))));
            }
            XrefEntry::Compressed { .. } => packed += 1,
            _ => {}
        }
    }
    places.sort_unstable();
    places.dedup();
    (places, packed)
}
