//! cpio archives: `newc` with and without checksums, portable ASCII (`odc`) and the binary of old systems, which GNU cpio writes
//! unless told otherwise.
//!
//! Members are ranges of the archive's own bytes. The layouts are those of cpio(5) of libarchive. An archive ends with a member
//! of a certain name; where that is missing it was cut. Behind it another archive may begin.

use std::ops::Range;

use super::names::{self, RawName};
use super::{REST, give};
use crate::format::{Context, Format, Reader, Sink};
use crate::source::{Bytes, Code, Fault};

/// cpio.
pub const CPIO: Format = Format {
    name: "cpio",
    title: "cpio",
    extensions: &["cpio"],
    raw: true,
    tabular: false,
    sniff: |head| match Header::parse(head.bytes) {
        // The mark of the binary layout is two bytes: the first member is a file or a folder, too.
        Some(header) if header.magic.len() == 2 => match header.mode >> 12 {
            4 | 8 => 80,
            _ => 0,
        },
        Some(_) => 97,
        None => 0,
    },
    open,
};

/// Name of the member that ends an archive.
const END: &[u8] = b"TRAILER!!!";
/// Longest name.
const NAME: usize = 64 << 10;
/// How headers begin.
const NEW: &[u8] = b"070701";
const WITH_SUMS: &[u8] = b"070702";
const PORTABLE: &[u8] = b"070707";
const BINARY: &[u8] = &[0xC7, 0x71];
const BINARY_BIG: &[u8] = &[0x71, 0xC7];

/// A member's header.
struct Header {
    magic: &'static [u8],
    mode: u64,
    /// Bytes of the header, of the name with its zero, and of the file.
    len: usize,
    name: usize,
    file: u64,
    /// Sum of the file's bytes, where it has one.
    sum: Option<u32>,
    /// To what name and file are padded.
    padding: usize,
}

impl Header {
    /// Reads a header, whose name ends with a zero.
    fn parse(bytes: &[u8]) -> Option<Self> {
        let magic = [NEW, WITH_SUMS, PORTABLE, BINARY, BINARY_BIG];
        let magic = magic.into_iter().find(|magic| bytes.starts_with(magic))?;
        let header = match magic.len() {
            2 => Self::binary(magic, bytes)?,
            _ => Self::text(magic, bytes)?,
        };
        let is_name = (1..=NAME).contains(&header.name)
            && bytes.get(header.len + header.name - 1) == Some(&0)
            && !bytes[header.len..header.len + header.name - 1].contains(&0);
        is_name.then_some(header)
    }

    fn text(magic: &'static [u8], bytes: &[u8]) -> Option<Self> {
        let number = |range: Range<usize>, radix: u32| {
            let digits = std::str::from_utf8(bytes.get(range)?).ok()?;
            u64::from_str_radix(digits, radix).ok()
        };
        if magic == PORTABLE {
            let octal = |at: usize, len: usize| number(at..at + len, 8);
            return Some(Self {
                magic,
                mode: octal(18, 6)?,
                len: 76,
                name: usize::try_from(octal(59, 6)?).ok()?,
                file: octal(65, 11)?,
                sum: None,
                padding: 1,
            });
        }
        let hex = |nth: usize| number(6 + 8 * nth..14 + 8 * nth, 16);
        let sum = u32::try_from(hex(12)?).ok()?;
        Some(Self {
            magic,
            mode: hex(1)?,
            len: 110,
            name: usize::try_from(hex(11)?).ok()?,
            file: hex(6)?,
            sum: Some(sum).filter(|_| magic == WITH_SUMS),
            padding: 4,
        })
    }

    fn binary(magic: &'static [u8], bytes: &[u8]) -> Option<Self> {
        let two = |at: usize| {
            let pair = *bytes.get(at..)?.first_chunk()?;
            let two = if magic == BINARY {
                u16::from_le_bytes(pair)
            } else {
                u16::from_be_bytes(pair)
            };
            Some(u64::from(two))
        };
        Some(Self {
            magic,
            mode: two(6)?,
            len: 26,
            name: usize::try_from(two(20)?).ok()?,
            file: two(22)? << 16 | two(24)?,
            sum: None,
            padding: 2,
        })
    }

    /// Whether it is of a file: no folder, link or device.
    fn is_file(&self) -> bool {
        self.mode & 0o170_000 == 0o100_000
    }
}

/// One file of the archive.
struct Entry {
    name: Vec<u8>,
    data: Range<usize>,
    /// Length that the header declares.
    len: u64,
    sum: Option<u32>,
}

struct Cpio<'a> {
    bytes: &'a Bytes,
    entries: Vec<Entry>,
    names: Vec<String>,
    faults: Vec<Fault>,
    /// Where the archive stops being one.
    broken: Option<Fault>,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let (mut entries, mut faults, mut broken) = (Vec::new(), Vec::new(), None);
    let (mut at, mut is_ended) = (0, false);
    while at < bytes.len() {
        let Some(header) = Header::parse(&bytes[at..]) else {
            // Archives are padded to the size of a tape's block, and may follow one another.
            let next = bytes[at..].iter().position(|&byte| byte != 0);
            match next {
                Some(0) => {
                    let lost = "the further members";
                    broken = Some(Fault::at(Code::Malformed, at as u64, lost));
                    break;
                }
                Some(n) if is_ended => {
                    at += n;
                    continue;
                }
                _ => break,
            }
        };
        let start = at + header.len;
        let name = &bytes[start..start + header.name - 1];
        let data = padded(at, start + header.name, header.padding);
        let end = usize::try_from(header.file)
            .ok()
            .and_then(|len| data.checked_add(len));
        let end = end.unwrap_or(usize::MAX);
        let range = data.min(bytes.len())..end.min(bytes.len());
        is_ended = name == END;
        if header.is_file() && !is_ended {
            if entries.len() as u64 >= context.limits.members {
                faults.push(Fault::whole(Code::OverBudget, "the further members"));
                is_ended = true;
                break;
            }
            entries.push(Entry {
                name: name.to_vec(),
                data: range,
                len: header.file,
                sum: header.sum,
            });
        }
        at = padded(at, end, header.padding);
    }
    if !is_ended && broken.is_none() {
        let lost = "the further members";
        faults.push(Fault::at(Code::Truncated, bytes.len() as u64, lost));
    }
    let names = names::decode(entries.iter().map(|entry: &Entry| RawName {
        bytes: &entry.name,
        utf8: false,
    }));
    Ok(Box::new(Cpio {
        bytes,
        entries,
        names,
        faults,
        broken,
    }))
}

/// An offset, padded as one that counts from a header.
fn padded(header: usize, at: usize, padding: usize) -> usize {
    let len = at.saturating_sub(header);
    header.saturating_add(len.div_ceil(padding).saturating_mul(padding))
}

impl Entry {
    /// What is wrong with a file's bytes.
    fn fault(&self, bytes: &[u8]) -> Option<Fault> {
        let found = bytes.len() as u64;
        if found < self.len {
            return Some(Fault::at(Code::Truncated, found, REST));
        }
        let sum = bytes
            .iter()
            .fold(0u32, |sum, &byte| sum.wrapping_add(u32::from(byte)));
        let is_right = self.sum.is_none_or(|told| told == sum);
        (!is_right).then(|| Fault::at(Code::Malformed, found, "nothing; the checksum differs"))
    }
}

impl Reader for Cpio<'_> {
    fn parts(&self) -> usize {
        self.entries.len() + usize::from(self.broken.is_some())
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let Some(entry) = self.entries.get(part) else {
            return self.broken.clone().map_or(Ok(()), Err);
        };
        let bytes = self.bytes.slice(entry.data.clone());
        let fault = entry.fault(&bytes);
        let _ = give(&self.names[part], (Some(bytes), fault), entry.len, sink);
        Ok(())
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{context, members, show};
    use super::*;

    /// A member of each layout.
    fn member(magic: &[u8], name: &str, text: &str, sum: usize) -> Vec<u8> {
        let (name, mode) = ([name.as_bytes(), b"\0"].concat(), 0o100_644);
        let (head, padding) = if magic == NEW || magic == WITH_SUMS {
            let fields = [1, mode, 0, 0, 1, 0, text.len(), 0, 0, 0, 0, name.len(), sum];
            let fields = fields.map(|field| format!("{field:08x}")).concat();
            ([magic, fields.as_bytes()].concat(), 4)
        } else if magic == PORTABLE {
            let head = format!(
                "{:06o}{:06o}{mode:06o}{:024o}{:011o}{:06o}{:011o}",
                0,
                1,
                0,
                0,
                name.len(),
                text.len()
            );
            ([magic, head.as_bytes()].concat(), 1)
        } else {
            let mut fields = [0, 1, mode, 0, 0, 1, 0, 0, 0, name.len(), 0, text.len()];
            fields[10] = text.len() >> 16;
            let is_big = magic == BINARY_BIG;
            let two = |field: usize| {
                let field = field as u16;
                if is_big {
                    field.to_be_bytes()
                } else {
                    field.to_le_bytes()
                }
            };
            ([magic, fields.map(two).as_flattened()].concat(), 2)
        };
        let mut out = [head, name].concat();
        out.resize(padded(0, out.len(), padding), 0);
        out.extend(text.as_bytes());
        out.resize(padded(0, out.len(), padding), 0);
        out
    }

    fn archive(magic: &[u8]) -> Vec<u8> {
        let sum = |text: &str| text.bytes().map(usize::from).sum();
        [
            member(magic, "dir/a.csv", "1,2\n", sum("1,2\n")),
            member(magic, "名簿.csv", "3", sum("3")),
            member(magic, "TRAILER!!!", "", 0),
        ]
        .concat()
    }

    #[test]
    fn members_of_every_layout() {
        for magic in [NEW, WITH_SUMS, PORTABLE, BINARY, BINARY_BIG] {
            let one = archive(magic);
            let expected = ["dir/a.csv: 1,2\n", "名簿.csv: 3"];
            assert_eq!(
                show(&members(&CPIO, &one, &context())),
                expected,
                "{magic:?}"
            );
            // Padded, and with another behind it.
            let all = [&one[..], &[0; 300], &one, &[0; 300]].concat();
            assert_eq!(members(&CPIO, &all, &context()).len(), 4);
            let bytes = Bytes::owned(all);
            let reader = open(&bytes, &context()).unwrap();
            assert_eq!(reader.faults(), []);
            let _ = reader.parts();
        }
    }

    #[test]
    fn cut_and_damaged_archives_are_said() {
        for magic in [NEW, PORTABLE, BINARY] {
            let whole = archive(magic);
            for cut in 30..whole.len() {
                let bytes = Bytes::owned(whole[..cut].to_vec());
                let Some(_) = Header::parse(&bytes) else {
                    continue;
                };
                let reader = open(&bytes, &context()).unwrap();
                let mut broken = !reader.faults().is_empty();
                for part in 0..reader.parts() {
                    broken |= reader
                        .read(part, &mut |_| std::ops::ControlFlow::Continue(()))
                        .is_err();
                }
                // The padding of the last name says nothing.
                assert!(broken || cut + 4 > whole.len(), "{magic:?} {cut}");
            }
        }
        let wrong = [
            member(WITH_SUMS, "a", "12", 5),
            member(WITH_SUMS, "TRAILER!!!", "", 0),
        ];
        let found = members(&CPIO, &wrong.concat(), &context());
        assert_eq!(show(&found), ["a: 12 malformed Some(2)"]);
    }
}
