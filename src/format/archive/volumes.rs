//! The volumes of a rar archive, joined one behind the other: where each begins.
//!
//! In: bytes. Out: ranges. A volume ends with a block that says so; behind it the next one begins (RAR 4 and 5 technical notes,
//! rarlab.com, read 2026-11).

use std::ops::Range;

use memchr::memmem;

use super::sum;

/// The first bytes of a volume, by its version.
const RAR4: &[u8] = b"Rar!\x1a\x07\x00";
const RAR5: &[u8] = b"Rar!\x1a\x07\x01\x00";
/// Volumes of an archive, and blocks of a volume.
const MOST: usize = 10_000;
const BLOCKS: usize = 1 << 20;

/// What the walk along a volume's blocks comes to.
enum End {
    /// The block that ends it, up to here.
    At(usize),
    /// Blocks that cannot be read without a password.
    Locked,
    /// None.
    Missing,
}

/// The volumes; one of all bytes where there is but one.
pub(super) fn ranges(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut ranges = Vec::new();
    let mut start = 0;
    while ranges.len() < MOST {
        let next = match end(bytes, start) {
            // Volumes are filled up with zeros to their size.
            End::At(end) => {
                let filled = bytes[end..].iter().position(|&byte| byte != 0);
                filled
                    .map(|n| end + n)
                    .filter(|&next| bytes[next..].starts_with(&RAR4[..6]))
            }
            // What is locked looks like noise: no volume seems to begin in it.
            End::Locked => memmem::find(&bytes[start + RAR4.len()..], &RAR4[..6])
                .map(|at| start + RAR4.len() + at),
            End::Missing => None,
        };
        let Some(next) = next else { break };
        ranges.push(start..next);
        start = next;
    }
    ranges.push(start..bytes.len());
    ranges
}

/// How long an archive with its volumes is; all bytes where that cannot be told.
pub(super) fn len(bytes: &[u8]) -> usize {
    let last = ranges(bytes).pop().map_or(0, |range| range.start);
    match end(bytes, last) {
        End::At(end) => end,
        End::Locked | End::Missing => bytes.len(),
    }
}

/// Whether bytes begin as a volume does whose first block has the right checksum.
pub(super) fn is_begun(bytes: &[u8]) -> bool {
    if let Some(block) = bytes.strip_prefix(RAR5) {
        let mut at = 4;
        let size = number(block, &mut at);
        let end = size.and_then(|size| at.checked_add(size));
        let header = end.and_then(|end| block.get(4..end));
        // The main block, or the one that locks those behind it.
        let kind = block.get(at).copied();
        return header.is_some_and(|header| block[..4] == sum(header).to_le_bytes())
            && matches!(kind, Some(1 | 4));
    }
    let block = bytes.strip_prefix(RAR4).unwrap_or_default();
    let [a, b, 0x73, _, _, low, high, ..] = *block else {
        return false;
    };
    let header = block.get(2..usize::from(u16::from_le_bytes([low, high])));
    header.is_some_and(|header| sum(header).to_le_bytes()[..2] == [a, b])
}

fn end(bytes: &[u8], start: usize) -> End {
    for block in blocks(&bytes[start..]) {
        if block.is_locked {
            return End::Locked;
        }
        if block.is_last {
            return End::At(start + block.end);
        }
    }
    End::Missing
}

/// Where the blocks of a volume end that are whole; up to the first that locks those behind it.
pub(super) fn ends(volume: &[u8]) -> Vec<usize> {
    let whole = blocks(volume).take_while(|block| !block.is_locked);
    whole.map(|block| block.end).collect()
}

/// The blocks of a volume that are whole.
fn blocks(volume: &[u8]) -> impl Iterator<Item = Block> {
    let first: Option<(usize, Step)> = if volume.starts_with(RAR5) {
        Some((RAR5.len(), block5))
    } else if volume.starts_with(RAR4) {
        Some((RAR4.len(), block4))
    } else {
        None
    };
    let (mut at, step) = first.unzip();
    let next = move || {
        let block = step?(volume, at?).filter(|block| block.end <= volume.len())?;
        at = Some(block.end);
        Some(block)
    };
    std::iter::from_fn(next).take(BLOCKS)
}

/// Reads a block of a volume.
type Step = fn(&[u8], usize) -> Option<Block>;

/// A block: where it ends with its data, whether those behind it are locked, and whether it is the last.
struct Block {
    end: usize,
    is_locked: bool,
    is_last: bool,
}

fn block4(volume: &[u8], at: usize) -> Option<Block> {
    let head: &[u8; 7] = volume.get(at..)?.first_chunk()?;
    let two = |at: usize| usize::from(u16::from_le_bytes([head[at], head[at + 1]]));
    let four = |at: usize| Some(u32::from_le_bytes(*volume.get(at..)?.first_chunk()?) as usize);
    let (kind, flags, size) = (head[2], two(3), two(5));
    // The size must lead on; data follow where a flag says so, of files with the high half of their length.
    let mut data = 0;
    if flags & 0x8000 != 0 {
        data = four(at + 7)?;
    }
    if matches!(kind, 0x74 | 0x7a) && flags & 0x100 != 0 {
        data = data.checked_add(four(at + 32)?.checked_shl(32)?)?;
    }
    Some(Block {
        end: at.checked_add(size.max(7))?.checked_add(data)?,
        is_locked: kind == 0x73 && flags & 0x80 != 0,
        is_last: kind == 0x7b,
    })
}

fn block5(volume: &[u8], at: usize) -> Option<Block> {
    // A checksum, then numbers of as many bytes as they need.
    let mut at = at.checked_add(4)?;
    let size = number(volume, &mut at)?;
    let header = at;
    let kind = number(volume, &mut at)?;
    let flags = number(volume, &mut at)?;
    if flags & 1 != 0 {
        number(volume, &mut at)?;
    }
    let data = if flags & 2 != 0 {
        number(volume, &mut at)?
    } else {
        0
    };
    let end = header.checked_add(size.max(1))?.checked_add(data)?;
    Some(Block {
        end,
        is_locked: kind == 4,
        is_last: kind == 5,
    })
}

/// A number: seven bits a byte, the low ones first.
fn number(bytes: &[u8], at: &mut usize) -> Option<usize> {
    let mut value = 0u64;
    for shift in 0..9 {
        let byte = *bytes.get(*at)?;
        *at += 1;
        value |= u64::from(byte & 0x7f) << (7 * shift);
        if byte & 0x80 == 0 {
            return usize::try_from(value).ok();
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn where_volumes_begin() {
        // A main block, a file of three bytes, the end.
        let five = [
            RAR5,
            b"crc!\x03\x01\x00\x00",
            b"crc!\x03\x02\x02\x03Rar",
            b"crc!\x03\x05\x00\x01",
        ]
        .concat();
        let four = [
            RAR4,
            b"cc\x73\0\0\x07\0",
            b"cc\x74\0\x80\x0b\0\x03\0\0\0Rar",
            b"cc\x7b\0\x40\x07\0",
        ]
        .concat();
        for volume in [five, four] {
            // Filled up with zeros.
            let n = volume.len() + 3;
            let all = [&volume[..], &[0; 3], &volume, &[0; 3], &volume, &[0; 3]].concat();
            assert_eq!(ranges(&all), [0..n, n..2 * n, 2 * n..3 * n]);
            assert_eq!(ranges(&volume).len(), 1);
            assert_eq!((len(&all), len(&volume)), (3 * n - 3, n - 3));
            assert!(!is_begun(&volume), "the checksum is none");
            // Cut at any place there is an end all the same.
            for cut in 0..all.len() {
                assert_eq!(ranges(&all[..cut]).last().map(|range| range.end), Some(cut));
            }
        }
    }
}
