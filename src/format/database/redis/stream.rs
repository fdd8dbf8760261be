//! Streams in snapshots, which the reader of snapshots walks over.
//!
//! In: the bytes of a snapshot, and where something begins in it. Out: if that is a key which holds a stream, its entries and
//! where it ends. A stream is a radix tree whose leaves are listpacks of up to a hundred entries, behind it stand its
//! groups of readers (Redis 8.6, `rdb.c`: `rdbLoadObject`; `t_stream.c`: the layout of a listpack; `stream.h`; read
//! 2026-11). Listpacks are unpacked by the reader of snapshots, to which each is given as the node of a list.

use std::io::Read;
use std::ops::ControlFlow;

use rdb::{RdbDecoder, RdbValue};

/// What may stand before the type of a key (`rdb.h`): which slot begins, functions, the key's number in the order of last use, how
/// often it was used, when it ends.
const SLOT: u8 = 244;
const FUNCTION: u8 = 245;
const IDLE: u8 = 248;
const FREQUENCY: u8 = 249;
const ENDS_MILLISECONDS: u8 = 252;
const ENDS_SECONDS: u8 = 253;
/// Types of streams: of Redis 5, 7.0, 7.2 and 8.6.
const TYPES: [u8; 4] = [15, 19, 21, 26];
/// A list in nodes, of which one is a listpack; and a string.
const LIST: u8 = 18;
const LISTPACK: u8 = 2;
const STRING: u8 = 0;
/// Bytes of an entry's number, and of a time.
const NUMBER: usize = 16;
const TIME: usize = 8;
/// Flag of an entry whose fields are those of the first.
const SAME: i64 = 2;

/// A key that holds a stream.
pub(super) struct Stream {
    pub(super) key: Vec<u8>,
    /// Its listpacks, each as it stands in the snapshot.
    nodes: Vec<(usize, usize)>,
    /// Where the next key may begin.
    pub(super) end: usize,
}

/// The stream that begins at an offset, if one does.
pub(super) fn at(bytes: &[u8], at: usize) -> Option<Stream> {
    let mut walk = Walk { bytes, at };
    let kind = loop {
        match walk.byte()? {
            SLOT => walk.numbers(3)?,
            FUNCTION => drop(walk.blob()?),
            IDLE => drop(walk.number()?),
            FREQUENCY => walk.skip(1)?,
            ENDS_SECONDS => walk.skip(4)?,
            ENDS_MILLISECONDS => walk.skip(8)?,
            kind => break kind,
        }
    };
    if !TYPES.contains(&kind) {
        return None;
    }
    let key = walk.blob()?;
    let key = text(&bytes[key.0..key.1])?;
    let mut nodes = Vec::new();
    for _ in 0..walk.number()? {
        walk.blob()?;
        nodes.push(walk.blob()?);
    }
    walk.tail(kind)?;
    let end = walk.at;
    Some(Stream { key, nodes, end })
}

impl Stream {
    /// Gives the fields of each entry, in order; deleted ones, whose fields are still there, as well. `false` when some of them
    /// cannot be read.
    pub(super) fn entries<B>(
        &self,
        bytes: &[u8],
        take: &mut dyn FnMut(&[(&[u8], &[u8])]) -> ControlFlow<B>,
    ) -> ControlFlow<B, bool> {
        let mut whole = true;
        for &(start, end) in &self.nodes {
            let values = listpack(&bytes[start..end]).unwrap_or_default();
            let (entries, is_whole) = entries(&values);
            whole &= is_whole;
            for entry in entries {
                take(&entry)?;
            }
        }
        ControlFlow::Continue(whole)
    }
}

/// The entries of a listpack: behind a first entry, which tells how many there are and which fields most of them have, each is
/// flags, two numbers of its own, fields and values, and how many values these were. `false` when it is not as it says.
fn entries(values: &[Vec<u8>]) -> (Vec<Vec<(&[u8], &[u8])>>, bool) {
    let mut found = Vec::new();
    let whole = (|| {
        let mut at = 0;
        let mut next = || {
            at += 1;
            values.get(at - 1).map(Vec::as_slice)
        };
        let n_entries = number(next()?)?.checked_add(number(next()?)?)?;
        let n_names = usize::try_from(number(next()?)?).ok()?;
        let names = (0..n_names).map_while(|_| next()).collect::<Vec<_>>();
        next()?;
        for _ in 0..n_entries {
            let flags = number(next()?)?;
            next()?;
            next()?;
            let mut entry = Vec::new();
            if flags & SAME != 0 {
                for name in &names {
                    entry.push((*name, next()?));
                }
            } else {
                for _ in 0..number(next()?)? {
                    entry.push((next()?, next()?));
                }
            }
            next()?;
            found.push(entry);
        }
        Some(())
    })();
    (found, whole.is_some())
}

fn number(value: &[u8]) -> Option<i64> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// The values of a listpack, which stands as a string in a snapshot.
fn listpack(blob: &[u8]) -> Option<Vec<Vec<u8>>> {
    match decode(&[LIST, 0, 1, LISTPACK], blob)? {
        RdbValue::List { values, .. } => Some(values),
        _ => None,
    }
}

/// The text of a string in a snapshot.
fn text(blob: &[u8]) -> Option<Vec<u8>> {
    match decode(&[STRING, 0], blob)? {
        RdbValue::String { value, .. } => Some(value),
        _ => None,
    }
}

/// The value of a snapshot that holds one key.
fn decode(head: &[u8], blob: &[u8]) -> Option<RdbValue> {
    let snapshot = b"REDIS0011".chain(head).chain(blob);
    let mut decoder = RdbDecoder::new(snapshot, rdb::filter::Simple::new()).ok()?;
    decoder.next()?.ok()
}

/// A walk along a snapshot.
struct Walk<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Walk<'_> {
    fn byte(&mut self) -> Option<u8> {
        let byte = *self.bytes.get(self.at)?;
        self.at += 1;
        Some(byte)
    }

    fn skip(&mut self, n: usize) -> Option<()> {
        self.at = self
            .at
            .checked_add(n)
            .filter(|&at| at <= self.bytes.len())?;
        Some(())
    }

    /// A length: the first two bits tell in how many bytes it stands.
    fn number(&mut self) -> Option<usize> {
        let first = self.byte()?;
        let (n, low) = match first {
            0x80 => (4, 0),
            0x81 => (8, 0),
            _ => match first >> 6 {
                0 => (0, first),
                1 => (1, first & 0x3f),
                _ => return None,
            },
        };
        let mut value = u64::from(low);
        for _ in 0..n {
            value = value << 8 | u64::from(self.byte()?);
        }
        usize::try_from(value).ok()
    }

    fn numbers(&mut self, n: usize) -> Option<()> {
        (0..n).try_for_each(|_| self.number().map(drop))
    }

    /// A string: where it begins, with its length, and ends. It may be a number, or packed by LZF.
    fn blob(&mut self) -> Option<(usize, usize)> {
        let start = self.at;
        let len = match *self.bytes.get(start)? {
            0xc0..=0xc2 => 1 << (self.byte()? & 3),
            0xc3 => {
                self.byte()?;
                let len = self.number()?;
                self.number()?;
                len
            }
            _ => self.number()?,
        };
        self.skip(len)?;
        Some((start, self.at))
    }

    /// What stands behind the entries: the numbers of the first and last, groups of readers with what they have not
    /// confirmed, and since Redis 8.6 who wrote what once.
    fn tail(&mut self, kind: u8) -> Option<()> {
        let since = |nth: usize| kind >= TYPES[nth];
        self.numbers(if since(1) { 8 } else { 3 })?;
        for _ in 0..self.number()? {
            self.blob()?;
            self.numbers(if since(1) { 3 } else { 2 })?;
            for _ in 0..self.number()? {
                self.skip(NUMBER + TIME)?;
                self.number()?;
            }
            for _ in 0..self.number()? {
                self.blob()?;
                self.skip(if since(2) { 2 * TIME } else { TIME })?;
                let n = self.number()?;
                self.skip(n.checked_mul(NUMBER)?)?;
            }
        }
        if since(3) {
            self.numbers(2)?;
            for _ in 0..self.number()? {
                self.blob()?;
                for _ in 0..self.number()? {
                    self.blob()?;
                    self.numbers(2)?;
                }
            }
            self.numbers(2)?;
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use crate::format::database::redis::FORMAT;
    use crate::format::tests::{context, show};

    /// A listpack as a string of a snapshot: a length and a number of values, the values with their lengths before and behind.
    fn listpack(values: &[&str]) -> Vec<u8> {
        let mut body = Vec::new();
        for value in values {
            body.push(0x80 | value.len() as u8);
            body.extend_from_slice(value.as_bytes());
            body.push(value.len() as u8 + 1);
        }
        let len = body.len() as u32 + 7;
        let head = [&len.to_le_bytes()[..], &(values.len() as u16).to_le_bytes()].concat();
        [&[0x80][..], &len.to_be_bytes(), &head, &body, &[0xff]].concat()
    }

    /// A snapshot with a stream between two strings, without what ends the file.
    fn snapshot(kind: u8, tail: &[u8]) -> Vec<u8> {
        let first = ["2", "1", "2", "name", "mail", "0"];
        let same = |name, mail| ["2", "0", "0", name, mail, "5"];
        let ann = same("Ann", "ann@example.com");
        // Deleted, and with other fields.
        let bob = ["1", "1", "0", "1", "phone", "+1 555", "6"];
        let cid = same("Cid", "cid@example.com");
        let pack = listpack(&[&first[..], &ann, &bob, &cid].concat());
        [
            &b"REDIS0011\xfe\x00\xfb\x03\x00\x00\x01a\x01b"[..],
            &[
                0xfc, 1, 2, 3, 4, 5, 6, 7, 8, 0xf8, 5, kind, 2, b's', b'1', 1, 16,
            ],
            &[0; 16],
            &pack,
            tail,
            b"\x00\x01c\x01d",
        ]
        .concat()
    }

    #[test]
    fn streams_of_every_version() {
        let numbers = |n: usize| vec![1; n];
        // A group with a message that is not confirmed, and a reader with the same.
        let group = |n_numbers: usize, n_times: usize| {
            let waiting = [&[1][..], &[7; 24], &[1]].concat();
            let reader = [&[1, 1, b'r'][..], &vec![7; 8 * n_times], &[1], &[7; 16]].concat();
            [&[1, 1, b'g'][..], &numbers(n_numbers), &waiting, &reader].concat()
        };
        let written = [
            &numbers(2)[..],
            &[1, 1, b'p', 1, 1, b'i', 1, 1],
            &numbers(2),
        ]
        .concat();
        let tails = [
            (15, [numbers(3), group(2, 1)].concat()),
            (19, [numbers(8), group(3, 1)].concat()),
            (21, [numbers(8), group(3, 2)].concat()),
            (26, [numbers(8), group(3, 2), written].concat()),
        ];
        for (kind, tail) in tails {
            let whole = snapshot(kind, &tail);
            let ended = [&whole[..], &[0xff; 9]].concat();
            let shown = show(&FORMAT, &ended, &context());
            let expected = [
                "a: (key)=a, value=b",
                "c: (key)=c, value=d",
                "*: (key)=s1, name=Ann, mail=ann@example.com",
                "*: (key)=s1, phone=+1 555",
                "*: (key)=s1, name=Cid, mail=cid@example.com",
            ];
            let mut found = shown.clone();
            found.sort();
            let mut sorted = expected.map(str::to_owned).to_vec();
            sorted.sort();
            assert_eq!(found, sorted, "{kind}");
            for len in 9..whole.len() {
                let shown = show(&FORMAT, &whole[..len], &context());
                assert!(
                    shown.iter().any(|line| line.starts_with('!')),
                    "{kind} {len}"
                );
            }
        }
    }
}
