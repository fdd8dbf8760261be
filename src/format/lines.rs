//! Plain text and logs: every line is a record.
//!
//! In: bytes in an ASCII-compatible encoding. Out: blocks of whole lines, one cell each; query strings in them are decoded. Where blocks end depends on the
//! content only: after the first line break at or after each multiple of 64 KiB of the source.

use std::ops::{ControlFlow, Range};

use super::{Batch, Cell, Context, Format, Head, Item, Reader, Shape, Sink, Table};
use crate::source::{Bytes, Code, Fault};
use crate::text::{Encoding, Escape, decoded_queries};

pub(crate) const FORMAT: Format = Format {
    name: "text",
    title: "Plain text and logs",
    extensions: &["txt", "log", "md", "text"],
    raw: false,
    tabular: false,
    sniff,
    open,
};

/// Distance of the points after which a block ends at the next line break.
const BLOCK: usize = 64 << 10;

struct Lines<'a> {
    bytes: &'a [u8],
    table: Table,
    encoding: Encoding,
    /// Length of the byte order mark.
    start: usize,
    /// Points per part.
    points: usize,
    /// A block is not longer than this.
    limit: usize,
}

fn sniff(_head: &Head<'_>) -> u8 {
    10
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let bytes: &'a [u8] = bytes;
    Ok(Box::new(Lines {
        bytes,
        table: Table {
            name: context.stem.clone(),
            columns: vec![None],
            shape: Shape::Lines,
        },
        encoding: context.encoding,
        start: if bytes.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        },
        points: (context.limits.part_bytes / BLOCK).max(1),
        limit: context.limits.record_bytes.clamp(BLOCK, 1 << 30),
    }))
}

impl Reader for Lines<'_> {
    fn parts(&self) -> usize {
        self.bytes.len().div_ceil(BLOCK).div_ceil(self.points)
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let last = self.bytes.len().div_ceil(BLOCK);
        for point in part * self.points..((part + 1) * self.points).min(last) {
            let Some(range) = self.block(point) else {
                continue;
            };
            let end = range.end.min(range.start + self.limit);
            if end < range.end {
                let lost = format!("bytes of the line beyond {}", self.limit);
                if sink(Item::Fault(Fault::at(
                    Code::RecordTooLong,
                    range.start as u64,
                    lost,
                )))
                .is_break()
                {
                    return Ok(());
                }
            }
            if self.block_of(range.start..end, sink).is_break() {
                return Ok(());
            }
        }
        Ok(())
    }
}

impl Lines<'_> {
    /// Gives a block: as it stands, or, where a web server's log keeps query strings, the lines with queries decoded and apart from
    /// the others, which keep their place in the source.
    fn block_of(&self, range: Range<usize>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let block = &self.bytes[range.clone()];
        // Most text has no percent sign behind an equals sign.
        let first = memchr::memchr(b'=', block).unwrap_or(block.len());
        if memchr::memchr(b'%', &block[first..]).is_none() {
            return self.give(block, Some(range.start), sink);
        }
        let (mut plain, mut decoded) = (range.start, String::new());
        let mut at = range.start;
        for line in block.split_inclusive(|&byte| byte == b'\n') {
            let (start, end) = (at, at + line.len());
            at = end;
            let queries = memchr::memchr(b'%', line)
                .and_then(|_| decoded_queries(&self.encoding.decode(line).0));
            match queries {
                Some(queries) => {
                    if plain < start {
                        self.give(&self.bytes[plain..start], Some(plain), sink)?;
                    }
                    decoded.push_str(&queries);
                    plain = end;
                }
                None if !decoded.is_empty() => {
                    self.give(decoded.as_bytes(), None, sink)?;
                    decoded.clear();
                }
                None => {}
            }
        }
        if !decoded.is_empty() {
            return self.give(decoded.as_bytes(), None, sink);
        }
        self.give(&self.bytes[plain..range.end], Some(plain), sink)
    }

    /// Gives whole lines as one cell: of the source, which begin at an offset, or decoded.
    fn give(&self, lines: &[u8], origin: Option<usize>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        sink(Item::Batch(Batch {
            table: &self.table,
            encoding: origin.map_or(Encoding::Utf8, |_| self.encoding),
            escape: Escape::None,
            bytes: lines,
            origin: origin.map(|at| at as u64),
            cells: &[Cell::new(0, lines.len(), false)],
        }))
    }

    /// The lines that begin between the line break after one point and the one after the next; `None` when none does.
    fn block(&self, point: usize) -> Option<Range<usize>> {
        let (at, next) = (point * BLOCK, (point + 1) * BLOCK);
        let from = if point == 0 {
            self.start
        } else {
            // A line that goes on past the next point belongs to the block that it began in.
            let window = &self.bytes[at..self.bytes.len().min(next)];
            at + memchr::memchr(b'\n', window)? + 1
        };
        let rest = self.bytes.get(next..).unwrap_or_default();
        let to = memchr::memchr(b'\n', rest).map_or(self.bytes.len(), |found| next + found + 1);
        (from < to).then_some(from..to)
    }
}

#[cfg(test)]
mod tests {
    use std::ops::ControlFlow;

    use super::*;

    /// The blocks of a text at a part size: their offsets and bytes.
    fn blocks(text: &[u8], part_bytes: usize) -> Vec<(u64, Vec<u8>)> {
        let bytes = Bytes::owned(text.to_vec());
        let mut context = crate::format::tests::context();
        context.limits.part_bytes = part_bytes;
        let reader = open(&bytes, &context).expect("lines open anything");
        let mut blocks = Vec::new();
        for part in 0..reader.parts() {
            let read = reader.read(part, &mut |item| {
                if let Item::Batch(batch) = item {
                    blocks.push((
                        batch.origin.unwrap_or(0),
                        batch.bytes[batch.cells[0].range()].to_vec(),
                    ));
                }
                ControlFlow::Continue(())
            });
            assert_eq!(read, Ok(()));
        }
        blocks
    }

    #[test]
    fn blocks_are_whole_lines_and_all_of_the_text() {
        let long = "x".repeat(200_000);
        for text in [
            String::new(),
            "a\nb".into(),
            "line\n".repeat(60_000),
            format!("a\n{long}\nb\n{long}"),
            long.clone() + "\n",
        ] {
            let found = blocks(text.as_bytes(), 8 << 20);
            assert_eq!(
                found.iter().flat_map(|b| b.1.clone()).collect::<Vec<_>>(),
                text.as_bytes()
            );
            for (at, block) in &found[..found.len().saturating_sub(1)] {
                assert_eq!(block.last(), Some(&b'\n'), "{at}");
            }
            for part_bytes in [64, 1 << 10, 100_000, 200_000] {
                assert_eq!(blocks(text.as_bytes(), part_bytes), found);
            }
        }
    }

    #[test]
    fn lines_beside_a_decoded_query_keep_their_place() {
        let text = "Taro called.\nGET /?name=%E5%B1%B1 HTTP/1.1\n100% = all\nb\n";
        let line = |at: u64, line: &str| (at, line.as_bytes().to_vec());
        let expected = [
            line(0, "Taro called.\n"),
            line(0, "GET /?name=山 HTTP/1.1\n"),
            line(43, "100% = all\nb\n"),
        ];
        assert_eq!(blocks(text.as_bytes(), 8 << 20), expected);
    }
}
