//! Tablespaces of InnoDB, the engine of MySQL and MariaDB (`.ibd`).
//!
//! In: the pages of a tablespace, and the definition of its table: MySQL 8 keeps one in the tablespace, older MySQL and MariaDB
//! in a `.frm` beside it. Out: the rows of its tables, out of the leaf pages of the indexes in which they stand; what deleted
//! rows left, as tables of their own, `NAME (remnants)`, each once and none that is a live row; a page that contradicts itself
//! as a member, to be carved. Other indexes only repeat values. Without a definition nothing tells where a value ends, so the
//! file is carved.

mod charset;
mod document;
pub(super) mod frm;
mod record;
mod sdi;
mod space;
#[cfg(test)]
mod tests;
pub(super) mod value;

use std::collections::{BTreeMap, HashSet};
use std::hash::{BuildHasher, Hasher};
use std::ops::{ControlFlow, Range};

use self::record::{Layout, Stored, is_deleted, is_note};
use self::space::{INDEX, INSTANT, Node, Space};
use self::value::Kind;
use crate::format::gather::Gather;
use crate::format::{Context, Format, Item, Member, Reader, Sink, Table};
use crate::source::{Bytes, Code, Fault};

/// Tablespaces.
pub(crate) const FORMAT: Format = Format {
    name: "innodb",
    title: "MySQL and MariaDB data files (InnoDB `.ibd`; with the `.frm` beside it where there is one)",
    extensions: &["ibd"],
    raw: true,
    tabular: true,
    sniff: |head| if space::is_space(head.bytes) { 97 } else { 0 },
    open,
};

/// Whether the first bytes of two files are those of a tablespace and of the definition of its table.
pub fn is_pair(tablespace: &[u8], definition: &[u8]) -> bool {
    space::is_space(tablespace) && frm::is_definition(definition)
}

/// A table, as its dictionary tells it.
struct Definition {
    name: String,
    columns: Vec<String>,
    layout: Layout,
    /// Numbers of the indexes in which its rows stand: one, or one for each partition.
    indexes: Vec<u64>,
}

/// The page on which the index of the rows begins, where no dictionary tells it.
const ROOT: usize = 3;
/// Characters that a deleted row must still hold to be one.
const LETTERS: usize = 4;
/// Name of the tables of what deleted rows left.
const REMNANTS: &str = " (remnants)";
/// Deleted rows that are remembered, to give each once.
const REMEMBERED: usize = 20_000_000;

struct Tables<'a> {
    space: Space<'a>,
    tables: Vec<Definition>,
    /// Places in `tables` by the numbers of their indexes.
    by_index: BTreeMap<u64, usize>,
    faults: Vec<Fault>,
    context: Context,
    /// Pages of a part.
    n_part: usize,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let malformed = || Fault::whole(Code::Malformed, "the tablespace");
    let space = Space::new(bytes).ok_or_else(malformed)?;
    if let Some(fault) = space.is_closed() {
        return Err(fault);
    }
    let unknown = |what: &str| {
        Fault::whole(
            Code::Unsupported,
            format!("the columns of the rows: {what}"),
        )
    };
    let mut faults = Vec::new();
    let tables = match (sdi::tables(&space), &context.definition) {
        (Some((tables, n_bad)), _) => {
            if n_bad > 0 {
                let lost = format!("the rows of {n_bad} tables whose definition is not understood");
                faults.push(Fault::whole(Code::Malformed, lost));
            }
            tables
        }
        (None, Some(definition)) => {
            let table = frm::table(definition, &context.stem);
            let table = table.ok_or_else(|| unknown("their definition is not understood"))?;
            vec![
                rooted(&space, table)
                    .ok_or_else(|| unknown("dropped or moved without a rewrite"))?,
            ]
        }
        (None, None) => return Err(unknown("no definition in the file or beside it")),
    };
    if tables.is_empty() {
        return Err(unknown("none that is understood"));
    }
    let part = bytes.len() % space.size;
    if part > 0 {
        let at = bytes.len() - part;
        faults.push(Fault::at(Code::Truncated, at as u64, "the rest of a page"));
    }
    let of = |(nth, table): (usize, &Definition)| {
        let pairs = table.indexes.iter().map(move |&index| (index, nth));
        pairs.collect::<Vec<_>>()
    };
    Ok(Box::new(Tables {
        by_index: tables.iter().enumerate().flat_map(of).collect(),
        n_part: (context.limits.part_bytes / space.size).max(1),
        context: context.clone(),
        space,
        tables,
        faults,
    }))
}

/// The table of a definition that tells no index: the first index of the file. Columns that MariaDB added without writing the
/// rows anew are told by the first record; `None` where columns were also dropped or moved so.
fn rooted(space: &Space<'_>, mut table: Definition) -> Option<Definition> {
    let root = space.node(ROOT)?;
    table.indexes = vec![root.index()];
    if root.kind != INSTANT {
        return Some(table);
    }
    let n = table.layout.fields.len();
    table.layout.n_before = Some(root.n_core()).filter(|&before| before <= n && before > 0);
    table.layout.n_before?;
    let is_leftmost =
        |node: &Node<'_>| node.index() == root.index() && node.level() == 0 && node.is_first();
    let node = (ROOT..space.n_pages())
        .filter_map(|nth| space.node(nth))
        .find(is_leftmost)?;
    let note = *node.records().0.first()?;
    if !is_note(&node, note) || is_deleted(&node, note) {
        return None;
    }
    let stored = table.layout.read(&node, note)?;
    let defaults = table
        .layout
        .fields
        .iter_mut()
        .zip(stored)
        .skip(root.n_core());
    for (field, stored) in defaults {
        if let Stored::Here(raw) = stored {
            field.default = Some(raw.to_vec());
        }
    }
    Some(table)
}

impl Reader for Tables<'_> {
    /// The parts of the file, and one for what deleted rows left.
    fn parts(&self) -> usize {
        self.space.n_pages().div_ceil(self.n_part) + 1
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let pages = part * self.n_part..((part + 1) * self.n_part).min(self.space.n_pages());
        if pages.is_empty() {
            let _ = self.remnants(sink);
        } else {
            let _ = self.live(pages, sink);
        }
        Ok(())
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

impl<'a> Tables<'a> {
    /// A leaf page of rows, and its table.
    fn leaf(&self, nth: usize) -> Option<(Node<'a>, usize)> {
        let node = self.space.node(nth)?;
        let of_rows = matches!(node.kind, INDEX | INSTANT) && node.level() == 0;
        let table = self.by_index.get(&node.index())?;
        of_rows.then_some((node, *table))
    }

    fn table(&self, nth: usize, suffix: &str) -> Table {
        let definition = &self.tables[nth];
        Table {
            name: format!("{}{suffix}", definition.name),
            columns: definition.columns.iter().cloned().map(Some).collect(),
            ..Table::default()
        }
    }

    /// Gives the rows of some pages.
    fn live(&self, pages: Range<usize>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let used = pages.filter(|&nth| !self.space.is_free(nth));
        let leaves: Vec<_> = used
            .filter_map(|nth| Some((nth, self.leaf(nth)?)))
            .collect();
        // What stands on other pages is never longer than the file.
        let mut most = self.space.bytes.len();
        for leaves in leaves.chunk_by(|a, b| a.1.1 == b.1.1) {
            let table = leaves[0].1.1;
            let mut bad = Vec::new();
            let mut rows = Gather::new(self.table(table, ""), &self.context.limits, sink);
            for (nth, (node, _)) in leaves {
                let at = (nth * self.space.size) as u64;
                let (origins, mut whole) = node.records();
                let rowlike =
                    |origin: &usize| !is_deleted(node, *origin) && !is_note(node, *origin);
                let mut n_lost = 0;
                for origin in origins.into_iter().filter(rowlike) {
                    match self.tables[table].layout.read(node, origin) {
                        Some(stored) => {
                            n_lost += self.row(table, &stored, Some(&mut most), &mut rows);
                            rows.end(at + origin as u64)?;
                        }
                        None => whole = false,
                    }
                }
                if n_lost > 0 {
                    let lost = format!("{n_lost} long values that stand on other pages");
                    rows.fault(Fault::at(Code::Malformed, at, lost))?;
                }
                if !whole {
                    bad.push(*nth);
                    rows.fault(Fault::at(Code::Malformed, at, "some rows of a page"))?;
                }
            }
            rows.flush()?;
            for nth in bad {
                self.carve(nth, sink)?;
            }
        }
        ControlFlow::Continue(())
    }

    /// Gives a page as it is.
    fn carve(&self, nth: usize, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let start = nth * self.space.size;
        sink(Item::Member(Member {
            name: format!("page {nth}"),
            bytes: Some(self.space.bytes.slice(start..start + self.space.size)),
            fault: None,
            len: self.space.size as u64,
        }))
    }

    /// Adds the values of a row; gives the number of those that stand on other pages and could not be read. Of at most so many
    /// bytes there, or none.
    fn row(
        &self,
        table: usize,
        stored: &[Stored<'_>],
        mut outside: Option<&mut usize>,
        rows: &mut Gather<'_, '_>,
    ) -> usize {
        let definition = &self.tables[table];
        let mut places = vec![None; definition.columns.len()];
        for (field, stored) in definition.layout.fields.iter().zip(stored) {
            if let Some(column) = field.column {
                places[column] = Some((field, stored));
            }
        }
        let mut n_lost = 0;
        for place in places {
            let Some((field, stored)) = place else {
                rows.value(None);
                continue;
            };
            let kind = &field.of.kind;
            match stored {
                Stored::Null => rows.value(None),
                Stored::Missing => {
                    let value = field.default.as_deref().and_then(|raw| kind.text(raw));
                    rows.value(value.as_deref());
                }
                Stored::Here(raw) => rows.value(kind.text(raw).as_deref()),
                Stored::Outside(raw) => {
                    let (here, reference) = raw.split_at(raw.len().saturating_sub(20));
                    let whole = outside.as_mut().and_then(|most| {
                        let limit = self.context.limits.record_bytes.min(**most);
                        let rest = self.space.outside(reference, limit)?;
                        **most -= rest.len();
                        Some([here, &rest].concat())
                    });
                    n_lost += usize::from(whole.is_none());
                    rows.value(kind.text(whole.as_deref().unwrap_or(here)).as_deref());
                }
            }
        }
        n_lost
    }

    /// Gives the deleted rows whose bytes are still there, and that no live row equals.
    fn remnants(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut left = HashSet::<u64, foldhash::fast::FixedState>::default();
        for nth in 0..self.space.n_pages() {
            self.deleted(nth, &mut |table, stored| {
                if left.len() < REMEMBERED {
                    left.insert(self.hash(table, stored));
                }
            });
        }
        if left.is_empty() {
            return ControlFlow::Continue(());
        }
        for nth in (0..self.space.n_pages()).filter(|&nth| !self.space.is_free(nth)) {
            let Some((node, table)) = self.leaf(nth) else {
                continue;
            };
            let live = node
                .records()
                .0
                .into_iter()
                .filter(|&origin| !is_deleted(&node, origin));
            for stored in live.filter_map(|origin| self.tables[table].layout.read(&node, origin)) {
                left.remove(&self.hash(table, &stored));
            }
        }
        let mut flow = ControlFlow::Continue(());
        for nth in 0..self.space.n_pages() {
            if flow.is_break() || left.is_empty() {
                break;
            }
            let Some((_, table)) = self.leaf(nth) else {
                continue;
            };
            let mut rows = Gather::new(self.table(table, REMNANTS), &self.context.limits, sink);
            self.deleted(nth, &mut |_, stored| {
                if flow.is_continue() && left.remove(&self.hash(table, stored)) {
                    self.row(table, stored, None, &mut rows);
                    flow = rows.end((nth * self.space.size) as u64);
                }
            });
            if flow.is_continue() {
                flow = rows.flush();
            }
        }
        flow
    }

    /// Calls `give` with the deleted rows of a page: those marked so, those on its list of free room, and all of a page that was
    /// given back.
    fn deleted(&self, nth: usize, give: &mut dyn FnMut(usize, &[Stored<'_>])) {
        let Some((node, table)) = self.leaf(nth) else {
            return;
        };
        let is_free = self.space.is_free(nth);
        let listed = node.records().0.into_iter();
        let listed = listed.filter(|&origin| is_free || is_deleted(&node, origin));
        for origin in listed.chain(node.garbage()) {
            let layout = &self.tables[table].layout;
            let stored = layout
                .read(&node, origin)
                .filter(|_| !is_note(&node, origin));
            if let Some(stored) = stored.filter(|stored| self.is_row(table, stored)) {
                give(table, &stored);
            }
        }
    }

    /// Whether what was found could be a row: it holds some text, and all of its text is text.
    fn is_row(&self, table: usize, stored: &[Stored<'_>]) -> bool {
        let fields = &self.tables[table].layout.fields;
        let mut letters = 0;
        for (field, stored) in fields.iter().zip(stored) {
            let (Stored::Here(raw), Kind::Text { .. }) = (stored, &field.of.kind) else {
                continue;
            };
            let text = field.of.kind.text(raw).unwrap_or_default();
            let bad =
                |c: char| c == char::REPLACEMENT_CHARACTER || c.is_control() && !c.is_whitespace();
            if text.contains(bad) {
                return false;
            }
            letters += text.trim().len();
        }
        letters >= LETTERS
    }

    /// A hash of a row's own values.
    fn hash(&self, table: usize, stored: &[Stored<'_>]) -> u64 {
        let mut hasher = foldhash::quality::FixedState::with_seed(11).build_hasher();
        hasher.write_usize(table);
        for (field, stored) in self.tables[table].layout.fields.iter().zip(stored) {
            if field.column.is_none() {
                continue;
            }
            match stored {
                Stored::Null => hasher.write_u8(0),
                Stored::Missing => hasher.write_u8(1),
                Stored::Here(raw) | Stored::Outside(raw) => {
                    hasher.write_usize(raw.len());
                    hasher.write(raw);
                }
            }
        }
        hasher.finish()
    }
}
