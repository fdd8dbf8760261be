//! Sparse files in pax archives, as GNU tar writes them with `--sparse --format=posix`.
//!
//! In: the attributes of a file and its bytes in the archive. Out: where its data stand in the file itself. In the first version
//! (0.0 and 0.1) the attributes tell that, in the later one (1.0) a list in front of the data does, one number a line, filled up
//! to a block (GNU tar manual, "Storing Sparse Files").

use std::io::{self, Read};

use tar::PaxExtensions;

use super::BLOCK;

/// Pieces of data of a file.
const PIECES: usize = 1 << 20;

/// Where the data of a sparse file stand.
pub(super) struct Holes {
    /// Offset and length of each piece.
    pieces: Vec<(u64, u64)>,
    /// Length of the file with its holes.
    len: u64,
    /// Where the first piece begins in the archive's bytes of it.
    start: usize,
}

/// The name and the holes of a sparse file; `None` for any other.
pub(super) fn read(
    attributes: PaxExtensions<'_>,
    bytes: &[u8],
) -> Option<(Option<Vec<u8>>, Holes)> {
    let (mut name, mut len, mut is_in_front) = (None, None, false);
    let mut numbers: Vec<u64> = Vec::new();
    for attribute in attributes.flatten() {
        let Some(key) = attribute.key_bytes().strip_prefix(b"GNU.sparse.") else {
            continue;
        };
        let value = attribute.value_bytes();
        match key {
            b"name" => name = Some(value.to_vec()),
            b"size" | b"realsize" => len = number(value),
            b"major" => is_in_front = value == b"1",
            b"map" => {
                numbers = value
                    .split(|&byte| byte == b',')
                    .map_while(number)
                    .collect()
            }
            b"offset" | b"numbytes" if numbers.len() < 2 * PIECES => numbers.extend(number(value)),
            _ => {}
        }
    }
    let mut start = 0;
    if is_in_front {
        (numbers, start) = in_front(bytes)?;
    }
    let pieces = numbers
        .as_chunks::<2>()
        .0
        .iter()
        .map(|&[at, len]| (at, len))
        .collect();
    let holes = Holes {
        pieces,
        len: len?,
        start,
    };
    (is_in_front || !holes.pieces.is_empty()).then_some((name, holes))
}

fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// The list in front of the data, and where the data begin.
fn in_front(bytes: &[u8]) -> Option<(Vec<u64>, usize)> {
    let mut at = 0;
    let mut next = || {
        let rest = bytes.get(at..)?;
        let end = memchr::memchr(b'\n', &rest[..rest.len().min(32)])?;
        at += end + 1;
        number(&rest[..end])
    };
    let n = usize::try_from(next()?).ok().filter(|&n| n <= PIECES)?;
    let numbers = (0..2 * n).map(|_| next()).collect::<Option<Vec<u64>>>()?;
    Some((numbers, at.next_multiple_of(BLOCK)))
}

impl Holes {
    /// The file with its holes filled.
    pub(super) fn filled<'a>(&'a self, bytes: &'a [u8]) -> impl Read + 'a {
        Filled {
            pieces: &self.pieces,
            data: bytes.get(self.start..).unwrap_or_default(),
            len: self.len,
            at: 0,
        }
    }
}

struct Filled<'a> {
    pieces: &'a [(u64, u64)],
    data: &'a [u8],
    len: u64,
    /// Bytes given.
    at: u64,
}

impl Read for Filled<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        // Pieces that were given, and those that stand before what was given.
        while let Some((start, len)) = self.pieces.first()
            && start.saturating_add(*len) <= self.at
        {
            self.pieces = &self.pieces[1..];
        }
        let most = |until: u64| {
            usize::try_from(until)
                .unwrap_or(usize::MAX)
                .min(buffer.len())
        };
        let n = match self.pieces.first() {
            Some(&(start, len)) if start <= self.at => {
                let n = most(start.saturating_add(len) - self.at).min(self.data.len());
                if n == 0 && !buffer.is_empty() {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
                buffer[..n].copy_from_slice(&self.data[..n]);
                self.data = &self.data[n..];
                n
            }
            next => {
                let end = next.map_or(self.len, |(start, _)| *start);
                let n = most(end.saturating_sub(self.at));
                // Behind the last piece there is padding at most.
                let left = n == 0 && !buffer.is_empty() && self.data.iter().any(|&byte| byte != 0);
                if left {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                buffer[..n].fill(0);
                n
            }
        };
        self.at += n as u64;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_filled() {
        let list = [&b"2\n3\n4\n10\n2\n"[..], &[0; 501], b"abcdef"].concat();
        let (numbers, start) = in_front(&list).unwrap();
        assert_eq!((&numbers[..], start), (&[3, 4, 10, 2][..], BLOCK));
        let holes = Holes {
            pieces: vec![(3, 4), (10, 2)],
            len: 13,
            start,
        };
        let mut out = Vec::new();
        holes.filled(&list).read_to_end(&mut out).unwrap();
        assert_eq!(out, b"\0\0\0abcd\0\0\0ef\0");
        out.clear();
        let cut = holes.filled(&list[..BLOCK + 5]).read_to_end(&mut out);
        assert_eq!(cut.unwrap_err().kind(), io::ErrorKind::UnexpectedEof);
        assert_eq!(out, b"\0\0\0abcd\0\0\0e");
        assert!(in_front(b"2\n3\n").is_none() && in_front(b"a\n").is_none());
    }
}
