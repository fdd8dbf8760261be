//! Files of the `compress` program (`.Z`): LZW with codes of 9 to 16 bits.
//!
//! The layout is that of ncompress 5.0 (`compress.c`, `compress.1`): two magic bytes, one of flags, then codes, the low bits of
//! each first. Codes of one width come in groups of eight, and what is left of a group is skipped when the width changes.
//! Nothing marks the end: a file that was cut at the end of a code cannot be told from a whole one.

use std::io::{self, Read};

use super::stream::open_with;
use crate::format::Format;

/// compress.
pub const COMPRESS: Format = Format {
    name: "compress",
    title: "compress (LZW; it has no checksums: damage may not show)",
    extensions: &["z", "taz"],
    raw: true,
    tabular: false,
    // The reserved bits are zero.
    sniff: |head| match head.bytes {
        [0x1F, 0x9D, flags, ..] if flags & 0x60 == 0 && matches!(flags & 0x1F, 9..=16) => 95,
        _ => 0,
    },
    open: |bytes, context| open_with(bytes, context, lzw),
};

/// Bits of the first codes.
const NARROWEST: u32 = 9;
/// Flag of files in which a code empties the table.
const BLOCKS: u8 = 0x80;
/// That code.
const CLEAR: u16 = 256;

fn lzw(bytes: &[u8]) -> io::Result<Box<dyn Read + '_>> {
    let [_, _, flags, codes @ ..] = bytes else {
        return Err(io::ErrorKind::UnexpectedEof.into());
    };
    let is_blocks = flags & BLOCKS != 0;
    Ok(Box::new(Lzw {
        codes,
        at: 0,
        group: 0,
        width: NARROWEST,
        widest: u32::from(flags & 0x1F),
        is_blocks,
        prefix: vec![0; 1 << 16],
        last: (0..=u16::MAX).map(|code| code as u8).collect(),
        next: u32::from(CLEAR) + u32::from(is_blocks),
        before: None,
        first: 0,
        out: Vec::new(),
        fault: None,
    }))
}

struct Lzw<'a> {
    codes: &'a [u8],
    /// Bits read, and those before the first code of this width.
    at: usize,
    group: usize,
    width: u32,
    widest: u32,
    is_blocks: bool,
    /// Of each code the one that it goes on from, and the byte that it adds.
    prefix: Vec<u16>,
    last: Vec<u8>,
    /// The code that is defined next.
    next: u32,
    before: Option<u16>,
    /// First byte of what the code before stands for.
    first: u8,
    /// What is to be given, the last byte first.
    out: Vec<u8>,
    /// What keeps the rest from being read.
    fault: Option<io::ErrorKind>,
}

impl Lzw<'_> {
    /// Skips what is left of a group of eight codes.
    fn end_group(&mut self) {
        let group = self.width as usize * 8;
        self.at = self.group + (self.at - self.group).div_ceil(group) * group;
        self.group = self.at;
    }

    /// The next code, or the end: less than a byte of zeros may be left.
    fn code(&mut self) -> io::Result<Option<u16>> {
        if self.next > (1 << self.width) - 1 && self.width < self.widest {
            self.end_group();
            self.width += 1;
        }
        let byte = |at: usize| self.codes.get(at).copied().map_or(0, u32::from);
        let (byte_at, shift) = (self.at / 8, self.at % 8);
        let bits = (byte(byte_at) | byte(byte_at + 1) << 8 | byte(byte_at + 2) << 16) >> shift;
        let left = (self.codes.len() * 8).saturating_sub(self.at);
        if left < self.width as usize {
            return match bits {
                0 if left < 8 => Ok(None),
                _ => Err(io::ErrorKind::UnexpectedEof.into()),
            };
        }
        self.at += self.width as usize;
        Ok(Some((bits & ((1 << self.width) - 1)) as u16))
    }

    /// Reads codes until there is something to give; `false` at the end.
    fn fill(&mut self) -> io::Result<bool> {
        while self.out.is_empty() {
            let Some(mut code) = self.code()? else {
                return Ok(false);
            };
            if code == CLEAR && self.is_blocks {
                self.end_group();
                self.width = NARROWEST;
                // The code behind it defines nothing that is ever used.
                self.next = u32::from(CLEAR);
                continue;
            }
            let whole = code;
            let Some(before) = self.before else {
                // The first code is a byte.
                self.first = u8::try_from(code).map_err(|_| io::ErrorKind::InvalidData)?;
                self.out.push(self.first);
                self.before = Some(code);
                continue;
            };
            if u32::from(code) >= self.next {
                // What is about to be defined: the text before, and its first byte once more.
                if u32::from(code) > self.next {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                self.out.push(self.first);
                code = before;
            }
            while code > 0xFF {
                self.out.push(self.last[usize::from(code)]);
                // A code goes on from one that was defined before it, but for what was left by an emptied table.
                let prefix = self.prefix[usize::from(code)];
                if prefix >= code {
                    return Err(io::ErrorKind::InvalidData.into());
                }
                code = prefix;
            }
            self.first = code as u8;
            self.out.push(self.first);
            if self.next < 1 << self.widest {
                self.prefix[self.next as usize] = before;
                self.last[self.next as usize] = self.first;
                self.next += 1;
            }
            self.before = Some(whole);
        }
        Ok(true)
    }
}

impl Read for Lzw<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut n = 0;
        while n < buffer.len() && self.fault.is_none() {
            match self.fill() {
                Ok(true) => {}
                Ok(false) => break,
                Err(error) => {
                    self.fault = Some(error.kind());
                    break;
                }
            }
            let kept = self.out.len().saturating_sub(buffer.len() - n);
            for (to, from) in buffer[n..].iter_mut().zip(self.out[kept..].iter().rev()) {
                *to = *from;
            }
            n += self.out.len() - kept;
            self.out.truncate(kept);
        }
        // What came out before the fault is given first.
        match self.fault {
            Some(fault) if n == 0 && !buffer.is_empty() => Err(fault.into()),
            _ => Ok(n),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{context, members, show};
    use super::*;

    /// Codes of one width each, packed as the program does: what is left of a group is skipped where the width changes.
    fn packed(flags: u8, groups: &[(u32, &[u16])]) -> Vec<u8> {
        let mut bits: Vec<bool> = Vec::new();
        for (nth, (width, codes)) in groups.iter().enumerate() {
            let start = bits.len();
            for code in *codes {
                bits.extend((0..*width).map(|bit| code >> bit & 1 == 1));
            }
            let group = *width as usize * 8;
            if nth + 1 < groups.len() {
                bits.resize(start + (bits.len() - start).div_ceil(group) * group, false);
            }
        }
        let byte = |bits: &[bool]| {
            let bits = bits.iter().enumerate();
            bits.fold(0, |byte, (at, &bit)| byte | u8::from(bit) << at)
        };
        let codes: Vec<u8> = bits.chunks(8).map(byte).collect();
        [&[0x1F, 0x9D, flags][..], &codes].concat()
    }

    fn check(bytes: &[u8], expected: &str) {
        let found = members(&COMPRESS, bytes, &context());
        assert_eq!(show(&found), [expected]);
    }

    #[test]
    fn codes_stand_for_what_came_before() {
        let [a, b] = [u16::from(b'a'), u16::from(b'b')];
        // 257 is `ab`; 259 is used while it is being defined; the table is emptied, and 257 is `ba` then.
        let codes = [a, b, 257, 259, CLEAR];
        let bytes = packed(BLOCKS | 16, &[(9, &codes), (9, &[b, a, 257])]);
        check(&bytes, "stem: abababababa");
        // Without blocks 256 is the first that is defined.
        check(&packed(16, &[(9, &[a, b, 256])]), "stem: abab");
        check(&packed(BLOCKS | 16, &[]), "stem: ");
    }

    #[test]
    fn what_is_cut_or_damaged_is_said() {
        let letters: Vec<u16> = (b'a'..=b'p').map(u16::from).collect();
        let bytes = packed(BLOCKS | 16, &[(9, &letters)]);
        check(&bytes, "stem: abcdefghijklmnop");
        check(
            &bytes[..bytes.len() - 2],
            "stem: abcdefghijklmn truncated Some(14)",
        );
        let wrong = packed(
            BLOCKS | 16,
            &[(9, &[u16::from(b'a'), 300, u16::from(b'b')])],
        );
        check(&wrong, "stem: a malformed Some(1)");
        check(
            &packed(BLOCKS | 16, &[(9, &[300])]),
            "stem:  malformed Some(0)",
        );
    }

    #[test]
    fn a_bomb_is_bounded() {
        // Every code is the one that is being defined: each is longer by one byte.
        let mut groups: Vec<(u32, Vec<u16>)> = Vec::new();
        let mut codes = vec![u16::from(b'a')];
        codes.extend(257..=u16::MAX);
        for width in 9..=16 {
            // The table grows by one code behind the reader.
            let most = if width == 9 { 256 } else { 1 << (width - 1) };
            let rest = codes.split_off(most.min(codes.len()));
            groups.push((width, std::mem::replace(&mut codes, rest)));
        }
        let groups: Vec<(u32, &[u16])> = groups
            .iter()
            .map(|(width, codes)| (*width, &codes[..]))
            .collect();
        let bytes = packed(BLOCKS | 16, &groups);
        let mut context = context();
        context.limits.ratio_free_bytes = 1 << 20;
        context.limits.ratio = 100;
        let found = members(&COMPRESS, &bytes, &context);
        let fault = found[0].fault.as_ref().expect("the bomb is stopped");
        assert_eq!(fault.code, crate::source::Code::OverBudget);
        assert!(
            found[0]
                .bytes
                .as_ref()
                .is_some_and(|bytes| bytes.len() > 1 << 20)
        );
    }
}
