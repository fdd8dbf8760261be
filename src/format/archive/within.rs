//! Archives behind something else: a program that unpacks them, a picture under which they are hidden.
//!
//! In: a program or picture. Out: what stands before each archive, the archives, and what stands behind them, each a member. Only the
//! beginning of a 7z, rar or cabinet tells what it is, and any program that reads such holds that as well: the header must be whole.
//! A zip is known by its end ([`super::zip::is_behind`]), whatever stands before it.

use std::ops::Range;
use std::sync::LazyLock;

use aho_corasick::AhoCorasick;

use super::{BEFORE, is_some, sum, volumes};
use crate::format::carve::is_code_or_media;
use crate::format::{Format, Item, Member, Names, Reader, Sink};
use crate::source::{Bytes, Fault};

/// Programs that hold archives.
pub const SELF_EXTRACTING: Format = Format {
    name: "self-extracting",
    title: "7z, rar and cabinets behind a program or a picture",
    extensions: &["exe", "sfx"],
    raw: true,
    tabular: false,
    sniff: |head| if is_within(head.bytes) { 20 } else { 0 },
    open: |bytes, context| {
        Ok(Box::new(SelfExtracting {
            bytes,
            pieces: pieces(bytes, context.limits.members),
        }))
    },
};

/// What is looked for: how an archive begins, how it is called, and what tells where it ends.
const KINDS: [(&[u8], &str, fn(&[u8]) -> Option<usize>); 3] = [
    (b"7z\xBC\xAF\x27\x1C\0", "archive.7z", sevenz),
    (b"Rar!\x1A\x07", "archive.rar", rar),
    (b"MSCF\0\0\0\0", "archive.cab", cabinet),
];

static BEGINNINGS: LazyLock<AhoCorasick> = LazyLock::new(|| {
    AhoCorasick::new(KINDS.map(|(magic, _, _)| magic))
        .expect("three short patterns make an automaton")
});

/// Whether a program or picture holds an archive.
pub(in crate::format) fn is_within(bytes: &[u8]) -> bool {
    is_code_or_media(bytes) && archives(bytes).next().is_some()
}

/// The archives in some bytes, one behind the other.
fn archives(bytes: &[u8]) -> impl Iterator<Item = (&'static str, Range<usize>)> {
    let mut end = 0;
    BEGINNINGS.find_iter(bytes).filter_map(move |found| {
        let (_, name, len) = KINDS[found.pattern().as_usize()];
        let start = Some(found.start()).filter(|&start| start >= end)?;
        end = start + len(&bytes[start..])?.min(bytes.len() - start);
        Some((name, start..end))
    })
}

fn pieces(bytes: &[u8], most: u64) -> Vec<(String, Range<usize>)> {
    let (mut names, mut pieces, mut at) = (Names::default(), Vec::new(), 0);
    let mut add = |name: &str, range: Range<usize>| {
        if is_some(&bytes[range.clone()]) {
            pieces.push((names.distinct(name.to_owned()), range));
        }
    };
    let most = usize::try_from(most).unwrap_or(usize::MAX) / 2;
    for (name, range) in archives(bytes).take(most) {
        add(if at == 0 { BEFORE } else { BEHIND }, at..range.start);
        at = range.end;
        add(name, range);
    }
    add(if at == 0 { BEFORE } else { BEHIND }, at..bytes.len());
    pieces
}

const BEHIND: &str = "(behind the archive)";

/// A source of several pieces.
struct SelfExtracting<'a> {
    bytes: &'a Bytes,
    pieces: Vec<(String, Range<usize>)>,
}

impl Reader for SelfExtracting<'_> {
    fn parts(&self) -> usize {
        self.pieces.len()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let (name, range) = &self.pieces[part];
        let bytes = self.bytes.slice(range.clone());
        let _ = sink(Item::Member(Member::whole(name.clone(), bytes)));
        Ok(())
    }
}

fn four(bytes: &[u8], at: usize) -> Option<u32> {
    let four = bytes.get(at..)?.first_chunk()?;
    Some(u32::from_le_bytes(*four))
}

/// The length of a 7z: its header has a checksum, and says where the list of members stands (7-Zip, `DOC/7zFormat.txt`).
fn sevenz(bytes: &[u8]) -> Option<usize> {
    let header = bytes.get(..32)?;
    let eight =
        |at: usize| Some(u64::from(four(header, at)?) | u64::from(four(header, at + 4)?) << 32);
    let end = eight(12)?.checked_add(eight(20)?)?.checked_add(32)?;
    (four(header, 8)? == sum(&header[12..])).then_some(usize::try_from(end).unwrap_or(usize::MAX))
}

/// The length of a rar with its volumes: its first block has a checksum.
fn rar(bytes: &[u8]) -> Option<usize> {
    volumes::is_begun(bytes).then(|| volumes::len(bytes))
}

/// The length of a cabinet ([MS-CAB] 2.1): it stands in the header, whose reserved fields are zero.
fn cabinet(bytes: &[u8]) -> Option<usize> {
    let is_whole = four(bytes, 12)? == 0 && four(bytes, 20)? == 0 && bytes.get(25) == Some(&1);
    let len = four(bytes, 8)? as usize;
    (is_whole && (36..=bytes.len()).contains(&len)).then_some(len)
}
