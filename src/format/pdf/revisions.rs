//! Earlier revisions (ISO 32000-1, 7.5.6): a change is written behind what it replaces, which stays.
//!
//! In: what the last revision holds, and what an earlier one does. Out: of the latter what the former does not hold any more,
//! as tables of its own.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hasher};
use std::ops::ControlFlow;

use super::super::{Batch, Cell, Item, Member, Shape, Sink, Table};
use crate::source::Fault;

/// Earlier revisions that are read: the last ones.
pub(super) const REVISIONS: usize = 16;
/// The mark that ends a revision, and how far before it the place of its table of objects is told.
const END: &[u8] = b"%%EOF";
const START: &[u8] = b"startxref";
const TAIL: usize = 64;
/// What the tables of earlier revisions are called behind their own name.
const EARLIER: &str = "(earlier revisions)";

/// Where the earlier revisions end, in their order, and whether that is sure. The first end of a file that is made for the web is none: it
/// tells no place. A document inside this one has ends, too: where the tables of objects tell which one was before them, only theirs
/// count.
pub(super) fn ends(bytes: &[u8]) -> (Vec<usize>, bool) {
    let mut ends: Vec<End> = memchr::memmem::find_iter(bytes, END)
        .filter_map(|at| told(bytes, at))
        .collect();
    // The last one is that of the document.
    let last = ends.pop();
    let known = last.and_then(|last| chain(&bytes[..last.end], last.place));
    if let Some(known) = &known {
        ends.retain(|end| known.places.contains(&end.place) || known.closes.contains(&end.start));
    }
    let ends = ends.into_iter().map(|end| end.end).collect();
    (ends, known.is_some())
}

/// The end of a revision: the place that it tells, and where it begins to.
struct End {
    place: usize,
    start: usize,
    end: usize,
}

/// The end at a mark that tells a place before it.
fn told(bytes: &[u8], at: usize) -> Option<End> {
    let from = at.saturating_sub(TAIL);
    let start = from + memchr::memmem::rfind(&bytes[from..at], START)?;
    let digits = bytes[start + START.len()..at].trim_ascii();
    let place = std::str::from_utf8(digits).ok()?.parse::<usize>().ok()?;
    let end = at + END.len();
    (0 < place && place < at).then_some(End { place, start, end })
}

/// The tables of objects before the last one.
#[derive(Default)]
struct Chain {
    /// Where they are told to be.
    places: HashSet<usize>,
    /// Where the ends behind them begin: an end may tell a wrong place.
    closes: HashSet<usize>,
}

/// The tables before the one at this place (ISO 32000-1, 7.5.5 and 7.5.8.2: `Prev`); `None` where one is not where it is told. Places
/// count from the head of the document.
fn chain(bytes: &[u8], last: usize) -> Option<Chain> {
    let head = memchr::memmem::find(&bytes[..bytes.len().min(1024)], b"%PDF-").unwrap_or(0);
    let (mut chain, mut next) = (Chain::default(), Some(last));
    // Tables do not overlap.
    let mut left = bytes.len();
    while let Some(place) = next {
        let is_table = |at: &usize| bytes.get(*at..).is_some_and(is_table);
        let at = [place, place + head].into_iter().find(is_table)?;
        let table = &bytes[at..bytes.len().min(at + left)];
        let close = memchr::memmem::find(table, START)?;
        left -= close;
        chain.closes.insert(at + close);
        // The dictionary of a table stands behind its lines, that of a stream before its bytes.
        let table = &table[..close];
        let end = memchr::memmem::find(table, b"stream").unwrap_or(close);
        let is_new = |place: &usize| *place != last && chain.places.insert(*place);
        next = previous(&table[..end]).filter(is_new);
    }
    Some(chain)
}

/// Whether a table of objects begins here, or a stream that holds one.
fn is_table(bytes: &[u8]) -> bool {
    let bytes = bytes[..bytes.len().min(TAIL)].trim_ascii_start();
    let is_object = || {
        let mut words = bytes.split(u8::is_ascii_whitespace);
        let mut is_number = || {
            let word = words.next().unwrap_or_default();
            !word.is_empty() && word.iter().all(u8::is_ascii_digit)
        };
        is_number() && is_number() && words.next().is_some_and(|word| word.starts_with(b"obj"))
    };
    bytes.starts_with(b"xref") || is_object()
}

/// The place that a dictionary tells as `Prev`.
fn previous(dictionary: &[u8]) -> Option<usize> {
    let at = memchr::memmem::rfind(dictionary, b"/Prev")?;
    let rest = dictionary[at + 5..].trim_ascii_start();
    let n = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
    std::str::from_utf8(&rest[..n]).ok()?.parse().ok()
}

/// What was given so far: rows, lines, faults and members.
#[derive(Default)]
pub(super) struct Seen {
    rows: HashSet<Vec<u8>>,
    faults: HashSet<(&'static str, String)>,
    members: HashSet<(String, u64, u64)>,
}

impl Seen {
    /// Notes what the last revision holds.
    pub(super) fn note(&mut self, item: &Item<'_>) {
        match item {
            Item::Batch(batch) => rows(batch).for_each(|row| {
                self.rows.insert(row);
            }),
            Item::Fault(fault) => {
                self.is_new_fault(fault);
            }
            Item::Member(member) => {
                self.members.insert(known(member));
            }
        }
    }

    /// Gives what is not noted yet, and notes it.
    pub(super) fn give(&mut self, item: Item<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match item {
            Item::Batch(batch) => self.rows(&batch, sink),
            Item::Fault(fault) if self.is_new_fault(&fault) => sink(Item::Fault(Fault {
                lost: format!("{} of an earlier revision", fault.lost),
                ..fault
            })),
            Item::Member(mut member) if self.members.insert(known(&member)) => {
                member.name = format!("{EARLIER} {}", member.name);
                sink(Item::Member(member))
            }
            Item::Fault(_) | Item::Member(_) => ControlFlow::Continue(()),
        }
    }

    fn is_new_fault(&mut self, fault: &Fault) -> bool {
        self.faults
            .insert((fault.code.as_str(), fault.lost.clone()))
    }

    fn rows(&mut self, batch: &Batch<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let table = Table {
            name: format!("{} {EARLIER}", batch.table.name),
            ..batch.table.clone()
        };
        let fresh: Vec<bool> = rows(batch).map(|row| self.rows.insert(row)).collect();
        if !fresh.contains(&true) {
            return ControlFlow::Continue(());
        }
        if batch.table.shape == Shape::Lines {
            let lines = lines(batch).zip(&fresh).filter(|(_, fresh)| **fresh);
            let text: Vec<&[u8]> = lines.map(|(line, _)| line).collect();
            let text = text.join(&b'\n');
            let cells = [Cell::new(0, text.len(), false)];
            return sink(Item::Batch(Batch::rebuilt(&table, &text, &cells)));
        }
        let rows = batch.cells.chunks_exact(batch.table.columns.len().max(1));
        let fresh = rows.zip(&fresh).filter(|(_, fresh)| **fresh);
        let cells: Vec<Cell> = fresh.flat_map(|(row, _)| row).copied().collect();
        sink(Item::Batch(Batch {
            table: &table,
            cells: &cells,
            ..*batch
        }))
    }
}

/// What tells a file from another: one that was blanked out may have kept its length.
fn known(member: &Member) -> (String, u64, u64) {
    let mut hasher = DefaultHasher::new();
    hasher.write(member.bytes.as_deref().unwrap_or_default());
    (member.name.clone(), member.len, hasher.finish())
}

/// The rows of a batch, each as its values; of running text the lines.
fn rows<'a>(batch: &'a Batch<'_>) -> Box<dyn Iterator<Item = Vec<u8>> + 'a> {
    if batch.table.shape == Shape::Lines {
        return Box::new(lines(batch).map(<[u8]>::to_vec));
    }
    let rows = batch.cells.chunks_exact(batch.table.columns.len().max(1));
    Box::new(rows.map(|row| {
        let values: Vec<&[u8]> = row.iter().map(|cell| &batch.bytes[cell.range()]).collect();
        values.join(&b'\t')
    }))
}

fn lines<'a>(batch: &'a Batch<'_>) -> impl Iterator<Item = &'a [u8]> {
    let blocks = batch.cells.iter().map(|cell| &batch.bytes[cell.range()]);
    blocks.flat_map(|block| {
        block
            .split(|&byte| byte == b'\n')
            .filter(|line| !line.is_empty())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_revisions() {
        let check = |text: &str, expected: &[usize]| {
            assert_eq!(ends(text.as_bytes()).0, expected, "{text}")
        };
        check("", &[]);
        check("%PDF-1.4 x startxref\n9\n%%EOF", &[]);
        check(
            "%PDF-1.4 x startxref\n9\n%%EOF\ny startxref 20 %%EOF\n",
            &[28],
        );
        check(
            "%PDF-1.4 x startxref\n0\n%%EOF\ny startxref 20 %%EOF\n",
            &[],
        );
        check(
            "%PDF-1.4 x startxref\n99\n%%EOF\ny %%EOF startxref 9 %%EOF\n",
            &[],
        );
        // Those of a document inside are no ends of this one.
        let inside = "stream startxref\n5\n%%EOF endstream ";
        let first = "%PDF-1.4 xref x trailer <</Root 1 0 R>> startxref 9 %%EOF ";
        for last in ["xref y trailer <</Prev 9>>", "7 0 obj <</Prev 9>> stream"] {
            let at = first.len() + inside.len();
            let text = format!("{first}{inside}{last} startxref {at} %%EOF");
            check(&text, &[first.len() - 1]);
            // Places count from the head.
            let moved = format!("x\n{text}");
            check(&moved, &[first.len() + 1]);
        }
        // One that tells a wrong place is one where its table is.
        let first = "%PDF-1.4 xref x trailer <</Root 1 0 R>> startxref 8 %%EOF ";
        let text = format!(
            "{first}xref trailer <</Prev 9>> startxref {} %%EOF",
            first.len()
        );
        check(&text, &[first.len() - 1]);
        let alone = format!("%PDF-1.4 {inside}xref y trailer <</Root 1 0 R>> startxref 44 %%EOF");
        check(&alone, &[]);
    }

    #[test]
    fn chains_have_an_end() {
        let check = |text: &str, place: usize, expected: Option<&[usize]>| {
            let found = chain(text.as_bytes(), place);
            let mut found = found.map(|chain| chain.places.into_iter().collect::<Vec<_>>());
            found.iter_mut().for_each(|places| places.sort_unstable());
            assert_eq!(found.as_deref(), expected, "{text}");
        };
        check(
            "xref /Prev 24 startxref xref /Prev 0 startxref",
            0,
            Some(&[24]),
        );
        check("xref startxref", 0, Some(&[]));
        check("xref", 0, None);
        check("xref startxref", 99, None);
        check("xref /Prev 99 startxref", 0, None);
        check(
            "xref /Prev 99999999999999999999999999 startxref",
            0,
            Some(&[]),
        );
        check("x", 0, None);
    }

    #[test]
    fn files_of_one_length_are_told_apart() {
        let member = |text: &str| {
            let bytes = crate::source::Bytes::owned(text.as_bytes().to_vec());
            Item::Member(Member::whole("a.csv".to_owned(), bytes))
        };
        let mut seen = Seen::default();
        seen.note(&member("X"));
        let mut names = Vec::new();
        for text in ["a", "X", "a", "b"] {
            let flow = seen.give(member(text), &mut |item| {
                if let Item::Member(member) = item {
                    names.push(member.bytes.map(|bytes| bytes.to_vec()));
                }
                ControlFlow::Continue(())
            });
            assert!(flow.is_continue());
        }
        assert_eq!(names, [Some(b"a".to_vec()), Some(b"b".to_vec())]);
    }
}
