//! Signed mail: `smime.p7m` (RFC 8551, RFC 5652).
//!
//! In: a CMS message in BER. Out: what was signed, as a member; certificates and signatures behind it as another. What is
//! encrypted is said to be so. A signature that stands beside its text (`smime.p7s`) holds none and is not read here.

use std::ops::{ControlFlow, Range};

use crate::format::Sink;
use crate::format::{Format, Head, Item, Member, Reader};
use crate::source::{Bytes, Code, Fault};

/// Signed and encrypted messages.
pub(crate) const FORMAT: Format = Format {
    name: "smime",
    title: "Signed mail (S/MIME, .p7m)",
    extensions: &["p7m"],
    raw: true,
    tabular: false,
    sniff,
    open: |bytes, _| Ok(Box::new(Cms { bytes })),
};

/// Object identifiers, encoded: `id-signedData`, `id-envelopedData`, `id-ct-authEnvelopedData`, `id-encryptedData`.
const SIGNED: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];
const LOCKED: [&[u8]; 3] = [
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 3],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 16, 1, 23],
    &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 6],
];
/// Tags.
const OBJECT: u8 = 0x06;
const OCTETS: u8 = 0x04;
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const INTEGER: u8 = 0x02;
const EXPLICIT: u8 = 0xa0;
/// Set in the tag of what consists of elements.
const CONSTRUCTED: u8 = 0x20;
/// Strings in pieces of pieces.
const DEPTH: usize = 8;

struct Cms<'a> {
    bytes: &'a Bytes,
}

/// One element: its tag and its content; `end` is where the next one begins, if that is known.
struct Element {
    tag: u8,
    content: Range<usize>,
    end: Option<usize>,
}

/// Reads the element at an offset. One without a length goes on to the end of what holds it.
fn element(bytes: &[u8], at: usize, end: usize) -> Option<Element> {
    let (&tag, &first) = (bytes.get(at)?, bytes.get(at + 1)?);
    let (len, start) = match first {
        0x80 => (None, at + 2),
        0..0x80 => (Some(usize::from(first)), at + 2),
        _ => {
            let n = usize::from(first & 0x7f);
            let raw = bytes.get(at + 2..at + 2 + n).filter(|_| n <= 8)?;
            let len = raw
                .iter()
                .fold(0_usize, |len, &byte| len << 8 | usize::from(byte));
            (Some(len), at + 2 + n)
        }
    };
    let stop = len.map(|len| start.saturating_add(len).min(end));
    Some(Element {
        tag,
        content: start..stop.unwrap_or(end).max(start),
        end: stop,
    })
}

/// The element at an offset, if it has the tag.
fn tagged(bytes: &[u8], at: usize, end: usize, tag: u8) -> Option<Element> {
    element(bytes, at, end).filter(|found| found.tag == tag)
}

/// What a message is: the identifier of its type, and where its content begins and ends.
fn message(bytes: &[u8]) -> Option<(&[u8], Range<usize>)> {
    let whole = tagged(bytes, 0, bytes.len(), SEQUENCE)?.content;
    let of = tagged(bytes, whole.start, whole.end, OBJECT)?;
    let id = bytes.get(of.content.clone())?;
    let content = tagged(bytes, of.end?, whole.end, EXPLICIT)?.content;
    Some((id, content))
}

/// Where the signed content begins: version, algorithms, then the type and the octets in a sequence.
fn signed(bytes: &[u8], content: Range<usize>) -> Option<Element> {
    let data = tagged(bytes, content.start, content.end, SEQUENCE)?.content;
    let version = tagged(bytes, data.start, data.end, INTEGER)?;
    let algorithms = tagged(bytes, version.end?, data.end, SET)?;
    let after = match algorithms.end {
        Some(end) => end,
        None => end_of(bytes, algorithms.content, DEPTH)?,
    };
    let inner = tagged(bytes, after, data.end, SEQUENCE)?.content;
    let of = tagged(bytes, inner.start, inner.end, OBJECT)?;
    let held = tagged(bytes, of.end?, inner.end, EXPLICIT)?.content;
    element(bytes, held.start, held.end).filter(|found| found.tag & !CONSTRUCTED == OCTETS)
}

/// Where an element without a length ends: behind two zeros.
fn end_of(bytes: &[u8], content: Range<usize>, depth: usize) -> Option<usize> {
    let mut at = content.start;
    while bytes.get(at..at + 2)? != [0, 0] {
        let found = element(bytes, at, content.end)?;
        at = match found.end {
            Some(end) => end,
            None => end_of(bytes, found.content, depth.checked_sub(1)?)?,
        };
    }
    Some(at + 2)
}

/// The octets of a string, piece by piece, and where it ends. `None` when it is cut.
fn octets(
    bytes: &[u8],
    string: &Element,
    depth: usize,
    out: &mut Vec<Range<usize>>,
) -> Option<usize> {
    if string.tag & CONSTRUCTED == 0 {
        out.push(string.content.clone());
        return string.end;
    }
    let mut at = string.content.start;
    loop {
        if Some(at) == string.end {
            return Some(at);
        }
        if string.end.is_none() && bytes.get(at..at + 2)? == [0, 0] {
            return Some(at + 2);
        }
        let piece = element(bytes, at, string.content.end)?;
        if piece.tag & !CONSTRUCTED != OCTETS || at >= string.content.end {
            return None;
        }
        at = octets(bytes, &piece, depth.checked_sub(1)?, out)?;
    }
}

fn sniff(head: &Head<'_>) -> u8 {
    match message(head.bytes) {
        Some((SIGNED, content)) if signed(head.bytes, content.clone()).is_some() => 96,
        Some((id, _)) if LOCKED.contains(&id) => 96,
        _ => 0,
    }
}

impl Reader for Cms<'_> {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let Some((id, content)) = message(self.bytes) else {
            return Err(Fault::at(Code::Malformed, 0, "the whole source"));
        };
        if LOCKED.contains(&id) {
            let fault = Fault::whole(Code::Encrypted, "the whole source");
            let _ = sink(Item::Fault(fault));
            return Ok(());
        }
        let Some(string) = signed(self.bytes, content) else {
            return Err(Fault::at(Code::Malformed, 0, "the whole source"));
        };
        let mut pieces = Vec::new();
        let end = octets(self.bytes, &string, DEPTH, &mut pieces);
        // Longer than the source is no declared length.
        let len: usize = pieces.iter().map(|piece| piece.len()).sum();
        let bytes = match &pieces[..] {
            [one] => self.bytes.slice(one.clone()),
            all => {
                let mut out = Vec::with_capacity(len.min(self.bytes.len()));
                all.iter()
                    .for_each(|piece| out.extend_from_slice(&self.bytes[piece.clone()]));
                Bytes::owned(out)
            }
        };
        let is_cut = end.is_none_or(|end| end >= self.bytes.len());
        let fault =
            is_cut.then(|| Fault::at(Code::Truncated, len as u64, "the rest of the member"));
        let member = |name: &str, bytes: Bytes, fault| {
            Item::Member(Member {
                fault,
                ..Member::whole(name, bytes)
            })
        };
        if sink(member("content.eml", bytes, fault)) == ControlFlow::Break(()) {
            return Ok(());
        }
        if let Some(end) = end.filter(|_| !is_cut) {
            let rest = self.bytes.slice(end..self.bytes.len());
            let _ = sink(member("certificates.der", rest, None));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    fn der(tag: u8, content: &[u8]) -> Vec<u8> {
        let len = content.len();
        let head = match len {
            0..0x80 => vec![tag, len as u8],
            _ => vec![tag, 0x82, (len >> 8) as u8, len as u8],
        };
        [&head, content].concat()
    }

    /// Without lengths, as it is written while it is made.
    fn ber(tag: u8, content: &[u8]) -> Vec<u8> {
        [&[tag, 0x80], content, &[0, 0]].concat()
    }

    fn mail() -> &'static [u8] {
        b"From: taro@example.com\r\nTo: hanako@example.com\r\nSubject: x\r\n\r\nbody\r\n"
    }

    fn cms(wrap: fn(u8, &[u8]) -> Vec<u8>, id: &[u8], string: &[u8]) -> Vec<u8> {
        let held = wrap(EXPLICIT, string);
        let data = der(OBJECT, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1]);
        let parts = [
            der(INTEGER, &[1]),
            wrap(SET, &der(SEQUENCE, &[5, 0])),
            wrap(SEQUENCE, &[data, held].concat()),
            der(EXPLICIT, &[0; 200]),
        ];
        let inner = wrap(EXPLICIT, &wrap(SEQUENCE, &parts.concat()));
        wrap(SEQUENCE, &[der(OBJECT, id), inner].concat())
    }

    #[test]
    fn what_was_signed_is_given() {
        let pieces: Vec<u8> = mail()
            .chunks(20)
            .flat_map(|piece| der(OCTETS, piece))
            .collect();
        let all = [
            cms(der, SIGNED, &der(OCTETS, mail())),
            cms(ber, SIGNED, &ber(OCTETS | CONSTRUCTED, &pieces)),
            cms(der, SIGNED, &der(OCTETS | CONSTRUCTED, &pieces)),
        ];
        for raw in all {
            let head = Head {
                bytes: &raw,
                len: raw.len() as u64,
                encoding: crate::text::Encoding::Utf8,
                extension: "",
            };
            assert_eq!(sniff(&head), 96);
            let bytes = Bytes::owned(raw.clone());
            let mut found = Vec::new();
            let read = Cms { bytes: &bytes }.read(0, &mut |item| {
                if let Item::Member(member) = item {
                    found.push(member.bytes.map(|bytes| bytes.to_vec()).unwrap_or_default());
                }
                ControlFlow::Continue(())
            });
            assert_eq!((read, &found[0][..], found.len()), (Ok(()), mail(), 2));
            for len in 0..raw.len() {
                show(&FORMAT, &raw[..len], &context());
            }
        }
        let locked = cms(der, LOCKED[0], &[]);
        assert_eq!(show(&FORMAT, &locked, &context()), ["! encrypted"]);
    }
}
