//! Outlook stores: `.pst` of all ages, and `.ost`, also with the pages of 4 KiB that Outlook 2013 brought.
//!
//! In: a store ([MS-PST]). Out: for every folder a table of messages (appointments and tasks among them) and a table of
//! contacts; attachments as members named `folder/N/name`, where N counts the folder's items from 0.
//!
//! No folder's own list of items is asked: every item in the tree of nodes counts once, also those that were taken out of
//! their folder and not yet overwritten. The crates that there are read an item whole or not at all, lose those that have
//! nothing hanging on them (which contacts mostly are), and refuse pages of 4 KiB; so this reader is the project's own.

mod cipher;
mod heap;
mod pages;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::ops::{ControlFlow, Range};

use self::heap::{Heap, Value, list};
use self::pages::{Layout, MAGIC, Node, Pages, Work, number};
use super::item::{Item, Rows};
use super::property::{Names, Properties, kind, wide};
use crate::format::{
    Context, Format, Head, Item as Given, Member, Names as Distinct, Reader, Sink,
};
use crate::source::{Bytes, Code, Fault, Spool, fault_of};
use crate::text::detect;

/// Outlook stores.
pub(crate) const FORMAT: Format = Format {
    name: "pst",
    title: "Outlook stores (.pst, .ost)",
    extensions: &["pst", "ost"],
    raw: true,
    tabular: false,
    sniff: |head: &Head<'_>| match head.bytes.get(8..10) {
        // Of a store of messages (SM) or of its offline copy (SO); AB is an address book's index.
        Some(b"SM" | b"SO") if head.bytes.starts_with(MAGIC) => 99,
        _ => 0,
    },
    open,
};

/// Types of nodes ([MS-PST] 2.2.2.1).
const FOLDER: u32 = 0x02;
const MESSAGE: u32 = 0x04;
const ASSOCIATED: u32 = 0x08;
const ATTACHMENT: u32 = 0x05;
const RECIPIENTS: u32 = 0x12;
/// Nodes that every store has.
const STORE: u32 = 0x21;
const NAMES: u32 = 0x61;
const ROOT: u32 = 0x122;
/// The entry of the folder that holds what a person sees, and the name of a folder.
const TOP: u16 = 0x35e0;
const NAME: u16 = 0x3001;
/// What that folder is called in an `.ost`, which has no such entry.
const TOP_NAME: &str = "IPM_SUBTREE";
/// The content of an attachment, and how it is kept: 5 is a message.
const CONTENT: u16 = 0x3701;
const METHOD: u16 = 0x3705;
/// What kind of item it is, and what programs keep in one that nobody sees: of this kind, the people whom Outlook completes.
const CLASS: u16 = 0x001a;
const STREAM: u16 = 0x7c09;
const COMPLETED: &str = "IPM.Configuration.Autocomplete";
/// Items of a part for every MiB that a part may have.
const ITEMS_PER_MIB: usize = 32;
/// Messages attached to messages; deeper ones are left out and said.
const DEPTH: usize = 8;
/// Folders in folders.
const FOLDERS: usize = 64;

struct Store<'a> {
    pages: Pages<'a>,
    work: Work,
    names: Names,
    /// The paths of the folders, by node.
    folders: BTreeMap<u32, String>,
    /// The items by folder, with their number in it.
    items: Vec<(Node, usize)>,
    /// Items that programs keep in folders and nobody sees.
    hidden: Vec<Node>,
    parts: Vec<Range<usize>>,
    context: Context,
    faults: Vec<Fault>,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let pages = Pages::open(bytes)?;
    let work = pages.work();
    let (nodes, mut faults) = pages.nodes();
    let mut items: Vec<(Node, usize)> = nodes
        .iter()
        .filter(|node| node.of() == MESSAGE && node.data != 0)
        .map(|node| (*node, 0))
        .collect();
    if items.is_empty() && !faults.is_empty() {
        return Err(Fault::at(Code::Malformed, 0, "the whole source"));
    }
    let folders = folders(&pages, &nodes, &work, &mut faults);
    items.sort_by_key(|(node, _)| (node.parent, node.id));
    items.dedup_by_key(|(node, _)| node.id);
    let mut before = (0, 0);
    for (node, n) in &mut items {
        before = (
            node.parent,
            if before.0 == node.parent { before.1 } else { 0 },
        );
        *n = before.1;
        before.1 += 1;
    }
    let step = ((context.limits.part_bytes >> 20) * ITEMS_PER_MIB).max(1);
    let parts = (0..items.len().div_ceil(step))
        .map(|n| n * step..((n + 1) * step).min(items.len()))
        .collect();
    let hidden = nodes
        .iter()
        .filter(|node| node.of() == ASSOCIATED && node.data != 0);
    Ok(Box::new(Store {
        hidden: hidden.copied().collect(),
        names: names(&pages, &nodes, &work, &mut faults),
        folders,
        items,
        parts,
        context: context.clone(),
        faults,
        work,
        pages,
    }))
}

/// A few properties of a node, by number.
fn few(pages: &Pages<'_>, node: Node, ids: &[u16], work: &Work) -> Result<Vec<Value>, Fault> {
    let mut heap = Heap::open(pages, node, work)?;
    let found = heap.properties(&|id, _| ids.contains(&id))?;
    heap.fault.map_or(Ok(found), Err)
}

/// The names that the store has for numbers.
fn names(pages: &Pages<'_>, nodes: &[Node], work: &Work, faults: &mut Vec<Fault>) -> Names {
    let Some(node) = nodes.iter().find(|node| node.id == NAMES) else {
        return Names::default();
    };
    match few(pages, *node, &[2, 3, 4], work) {
        Ok(values) => {
            let stream = |id: u16| values.iter().find(|value| value.id == id);
            let [sets, entries, texts] =
                [2, 3, 4].map(|id| stream(id).map_or(&[][..], |value| &value.raw));
            Names::read(sets, entries, texts)
        }
        Err(fault) => {
            let lost = "the names of the store's further fields";
            faults.push(Fault {
                lost: lost.to_owned(),
                ..fault
            });
            Names::default()
        }
    }
}

/// The paths of the folders, below the one that a person sees as the top.
fn folders(
    pages: &Pages<'_>,
    nodes: &[Node],
    work: &Work,
    faults: &mut Vec<Fault>,
) -> BTreeMap<u32, String> {
    let store = nodes.iter().find(|node| node.id == STORE);
    let entry = store.and_then(|node| few(pages, *node, &[TOP], work).ok()?.pop());
    // Flags, the store's own number, the node.
    let top = entry.and_then(|value| number(&value.raw, 20, 4));
    let mut own: BTreeMap<u32, (String, u32)> = BTreeMap::new();
    for node in nodes.iter().filter(|node| node.of() == FOLDER) {
        let name = few(pages, *node, &[NAME], work).map(|mut found| found.pop());
        let name = name.unwrap_or_else(|fault| {
            let lost = "the name of a folder".to_owned();
            faults.push(Fault { lost, ..fault });
            None
        });
        let name = name.map_or_else(String::new, |value| match value.of {
            kind::WIDE => wide(&value.raw),
            _ => detect(&value.raw)
                .encoding
                .decode(&value.raw)
                .0
                .into_owned(),
        });
        own.insert(node.id, (name, node.parent));
    }
    let path = |id: u32| {
        let (mut at, mut names) = (id, Vec::new());
        for _ in 0..FOLDERS {
            let is_top = at == ROOT || Some(at.into()) == top;
            let found = own.get(&at).filter(|(name, _)| !is_top && name != TOP_NAME);
            let Some((name, parent)) = found else { break };
            names.push(if name.trim().is_empty() {
                "-"
            } else {
                name.trim()
            });
            at = *parent;
        }
        names.reverse();
        names.join("/")
    };
    own.keys().map(|&id| (id, path(id))).collect()
}

impl Reader for Store<'_> {
    /// Those of the items, and one for what nobody sees.
    fn parts(&self) -> usize {
        self.parts.len() + usize::from(!self.hidden.is_empty())
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        if part == self.parts.len() {
            let _ = self.completed(sink);
            return Ok(());
        }
        let mut at = self.parts[part].start;
        while at < self.parts[part].end {
            let folder = self.items[at].0.parent;
            let path = self.folders.get(&folder).map(String::as_str);
            let path = path.filter(|path| !path.is_empty()).unwrap_or("-");
            let mut rows = Rows::new(Some(path), &self.context.limits);
            let end = self.parts[part].end;
            for (node, n) in self.items[at..end]
                .iter()
                .take_while(|(node, _)| node.parent == folder)
            {
                at += 1;
                let place = format!("{path}/{n}");
                if self.item(*node, &place, DEPTH, &mut rows, sink).is_break() {
                    return Ok(());
                }
            }
            if rows.flush(sink).is_break() {
                return Ok(());
            }
        }
        Ok(())
    }

    fn encoding(&self) -> Option<&'static str> {
        (self.pages.layout != Layout::Narrow).then_some("utf-16le")
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

impl Store<'_> {
    /// Gives an item, and behind it what hangs on it.
    fn item(
        &self,
        node: Node,
        place: &str,
        depth: usize,
        rows: &mut Rows<'_>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let (mut item, attachments, fault) = match self.read_item(node) {
            Ok(found) => found,
            Err(fault) => {
                rows.flush(sink)?;
                return sink(Given::Fault(fault));
            }
        };
        let rtf = item.settle_rtf(&self.context);
        rows.item(&item, sink)?;
        if fault.is_none() && attachments.is_empty() && rtf.is_none() {
            return ControlFlow::Continue(());
        }
        rows.flush(sink)?;
        if let Some(fault) = fault {
            sink(Given::Fault(fault))?;
        }
        let mut names = Distinct::default();
        if let Some(rtf) = rtf {
            sink(Given::Member(Member {
                name: names.distinct(format!("{place}/body.rtf")),
                len: rtf.len() as u64,
                bytes: Some(Bytes::owned(rtf)),
                fault: None,
            }))?;
        }
        for attachment in attachments {
            self.attachment(attachment, place, depth, &mut names, rows, sink)?;
        }
        ControlFlow::Continue(())
    }

    /// Reads the properties of an item and its recipients; its attachments as nodes.
    fn read_item(&self, node: Node) -> Result<(Item, Vec<Node>, Option<Fault>), Fault> {
        let mut heap = Heap::open(&self.pages, node, &self.work)?;
        let mut fault = None;
        let mut properties = Properties::new(&self.names);
        let values = heap.properties(&|id, of| properties.wants(id, of))?;
        put(&mut properties, &values);
        let page = [0x3ffd, 0x3fde].map(|id| properties.number(id));
        let page = page.into_iter().flatten().next();
        let mut item = properties.item(None);
        let tables = heap.below().filter(|node| node.of() == RECIPIENTS);
        for table in tables.collect::<Vec<_>>() {
            let rows = Heap::open(&self.pages, table, &self.work).and_then(|mut table| {
                let rows = table.rows(&|id, of| Properties::new(&self.names).wants(id, of));
                fault = fault.take().or(table.fault.take());
                rows
            });
            match rows {
                Ok(rows) => item.recipients.extend(rows.iter().map(|row| {
                    let mut properties = Properties::new(&self.names);
                    put(&mut properties, row);
                    properties.recipient(page)
                })),
                Err(lost) => fault = Some(lost),
            }
        }
        let attachments = heap.below().filter(|node| node.of() == ATTACHMENT);
        let attachments = attachments.collect();
        Ok((item, attachments, heap.fault.take().or(fault)))
    }

    /// Gives an attachment: a file as a member, a message as an item of the folder.
    fn attachment(
        &self,
        node: Node,
        place: &str,
        depth: usize,
        names: &mut Distinct,
        rows: &mut Rows<'_>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let heap = Heap::open(&self.pages, node, &self.work);
        let found = heap.and_then(|mut heap| {
            let mut properties = Properties::new(&self.names);
            let values = heap.properties(&|id, of| properties.wants(id, of))?;
            put(&mut properties, &values);
            Ok((properties, heap))
        });
        let (properties, heap) = match found {
            Ok(found) => found,
            Err(fault) => {
                let lost = "an attachment".to_owned();
                return sink(Given::Fault(Fault { lost, ..fault }));
            }
        };
        let method = properties.number(METHOD);
        let name = names.distinct(format!("{place}/{}", properties.item(None).file_name()));
        let inner = heap.object(CONTENT);
        if let (Some(5), Some(inner)) = (method, inner) {
            if depth == 0 {
                let fault = Fault::whole(Code::TooDeep, "an attached message");
                return sink(Given::Fault(fault));
            }
            return self.item(inner, &name, depth - 1, rows, sink);
        }
        let (bytes, fault) = self.content(&heap, inner, CONTENT);
        sink(Given::Member(Member {
            name,
            len: bytes.as_ref().map_or(0, |bytes| bytes.len() as u64),
            bytes,
            fault,
        }))
    }

    /// Gives the lists of people whom Outlook completes.
    fn completed(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut names = Distinct::default();
        for node in &self.hidden {
            let Ok(mut heap) = Heap::open(&self.pages, *node, &self.work) else {
                continue;
            };
            let class = heap.properties(&|id, _| id == CLASS).unwrap_or_default();
            let is_list = |value: &Value| match value.of {
                kind::WIDE => wide(&value.raw) == COMPLETED,
                _ => value.raw.starts_with(COMPLETED.as_bytes()),
            };
            if !class.iter().any(is_list) {
                continue;
            }
            let inner = heap.object(STREAM);
            let (bytes, fault) = self.content(&heap, inner, STREAM);
            sink(Given::Member(Member {
                name: names.distinct("autocomplete.nk2".to_owned()),
                len: bytes.as_ref().map_or(0, |bytes| bytes.len() as u64),
                bytes,
                fault,
            }))?;
        }
        ControlFlow::Continue(())
    }

    /// A property's bytes, however many, or those of the node that it is kept in.
    fn content(
        &self,
        heap: &Heap<'_, '_>,
        inner: Option<Node>,
        id: u16,
    ) -> (Option<Bytes>, Option<Fault>) {
        let mut spool = Spool::new(&self.context.limits);
        let mut take = |bytes: &[u8]| {
            if !self.context.budget.charge(bytes.len() as u64) {
                let lost = "the rest of the member";
                return Err(Fault::at(Code::OverBudget, spool.len(), lost));
            }
            spool
                .write_all(bytes)
                .map_err(|error| fault_of(&error, spool.len()))
        };
        let mut fault = match inner {
            Some(inner) => heap.stream(inner, &mut take),
            None => heap.content(id, &mut take),
        }
        .err();
        let bytes = spool.finish().map_err(|lost| fault = Some(lost)).ok();
        (bytes, fault)
    }
}

/// Takes values, lists as lists.
fn put(properties: &mut Properties<'_>, values: &[Value]) {
    for value in values {
        if value.of & kind::LIST == 0 {
            properties.put(value.id, value.of, &value.raw);
        } else {
            properties.put_list(value.id, value.of, &list(&value.raw));
        }
    }
}
