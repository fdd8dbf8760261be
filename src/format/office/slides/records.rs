//! The records of a presentation of 1997 to 2003, one after the other ([MS-PPT] 2.3.1).
//!
//! In: the stream of a presentation. Out: its records, each container before what is in it. A length that is wrong costs what
//! stands in its container and no more: a record ends where its container does.

use super::super::binary::{four, two};

/// How slides are locked: a container by its head, and none by what is in it ([MS-PPT] 2.3.7).
const LOCK: u16 = 0x2f14;
/// Containers inside containers that are told apart.
const DEPTH: usize = 64;
/// Length of a record's head.
const HEAD: usize = 8;

/// A record.
pub(super) struct Record<'a> {
    /// Where it begins.
    pub(super) at: usize,
    /// Its first two bytes: version and instance.
    pub(super) head: u16,
    pub(super) kind: u16,
    /// Whether records follow in it.
    pub(super) is_container: bool,
    /// What is in it.
    pub(super) bytes: &'a [u8],
    /// Where it ends.
    pub(super) end: usize,
}

/// Goes through the records.
pub(super) struct Records<'a> {
    stream: &'a [u8],
    at: usize,
    /// Where the containers end that are open, the innermost last.
    ends: Vec<usize>,
    /// Records whose length is wrong.
    pub(super) damaged: usize,
}

impl<'a> Records<'a> {
    pub(super) fn new(stream: &'a [u8]) -> Self {
        Self {
            stream,
            at: 0,
            ends: Vec::new(),
            damaged: 0,
        }
    }

    /// Where the container ends in which so many are open.
    fn limit(&self, n_open: usize) -> usize {
        let end = n_open.checked_sub(1).map(|last| self.ends[last]);
        end.unwrap_or(self.stream.len())
    }

    /// Where a record ends that says it ends there: behind its container only where that one's length is the wrong one.
    fn settle(&mut self, end: usize) -> usize {
        let limit = self.limit(self.ends.len());
        if end <= limit {
            return end;
        }
        self.damaged += 1;
        let outer = (0..self.ends.len())
            .rev()
            .find(|&n| self.may_begin(end, self.limit(n)));
        match outer {
            Some(n) => {
                self.ends.truncate(n);
                end
            }
            None => limit,
        }
    }

    /// Skips zeros that stand between what one saving wrote and the next.
    fn skip_padding(&mut self, limit: usize) {
        let zeros = self.stream[self.at..limit]
            .iter()
            .take_while(|byte| **byte == 0);
        let last = self.at + zeros.count();
        let next = (self.at..last).find(|&at| self.may_begin(at, limit));
        self.at = next.unwrap_or(last);
    }

    /// Whether a record may begin here, or the container ends.
    fn may_begin(&self, at: usize, limit: usize) -> bool {
        if at >= limit {
            return at == limit;
        }
        match (two(self.stream, at + 2), four(self.stream, at + 4)) {
            (Some(kind), Some(len)) => {
                let is_known = (0x03e8..0x3000).contains(&kind) || (0xf000..0xf200).contains(&kind);
                is_known && (at + HEAD).saturating_add(len as usize) <= limit
            }
            _ => false,
        }
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    fn next(&mut self) -> Option<Record<'a>> {
        let (head, kind, len, at) = loop {
            while self.ends.last().is_some_and(|end| *end <= self.at) {
                self.ends.pop();
            }
            let limit = self.limit(self.ends.len());
            if self.ends.is_empty() {
                self.skip_padding(limit);
            }
            let at = self.at;
            if limit - at >= HEAD {
                let head = two(self.stream, at)?;
                break (
                    head,
                    two(self.stream, at + 2)?,
                    four(self.stream, at + 4)?,
                    at,
                );
            }
            // Too short for a record.
            self.damaged += usize::from(self.stream[at..limit].iter().any(|byte| *byte != 0));
            self.at = limit;
            if self.ends.is_empty() {
                return None;
            }
        };
        let end = (at + HEAD).saturating_add(len as usize);
        let end = self.settle(end);
        // Themes of later versions are written as containers, and are zip archives.
        let bytes = &self.stream[at + HEAD..end];
        let is_packed = bytes.starts_with(b"PK\x03\x04");
        let is_container = head & 0x0f == 0x0f && kind != LOCK && !is_packed;
        if is_container {
            self.at = at + HEAD;
            if self.ends.len() < DEPTH {
                self.ends.push(end);
            }
        } else {
            self.at = end;
        }
        Some(Record {
            at,
            head,
            kind,
            is_container,
            bytes,
            end,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(head: u16, kind: u16, len: u32, inner: &[u8]) -> Vec<u8> {
        let (head, kind, len) = (head.to_le_bytes(), kind.to_le_bytes(), len.to_le_bytes());
        [&head[..], &kind, &len, inner].concat()
    }

    fn atom(text: &str) -> Vec<u8> {
        record(0, 0x0fa8, text.len() as u32, text.as_bytes())
    }

    fn container(inner: &[u8]) -> Vec<u8> {
        record(0x0f, 0xf00d, inner.len() as u32, inner)
    }

    /// The texts of atoms, and how many records are damaged.
    fn check(stream: &[u8], expected: &[&str], damaged: usize) {
        let mut records = Records::new(stream);
        let mut texts = Vec::new();
        for record in records.by_ref() {
            if record.kind == 0x0fa8 {
                texts.push(String::from_utf8_lossy(record.bytes).into_owned());
            }
        }
        assert_eq!(
            (texts, records.damaged),
            (expected.iter().map(ToString::to_string).collect(), damaged)
        );
    }

    #[test]
    fn a_wrong_length_costs_its_container_only() {
        let three = [atom("a"), atom("bb"), atom("c")].map(|atom| container(&atom));
        check(&container(&three.concat()), &["a", "bb", "c"], 0);
        // An atom that is said to be longer than its container, and one said to be longer than all.
        for len in [9, 0x4000_0000] {
            let long = container(&record(0, 0x0fa8, len, b"bb"));
            let all = [three[0].clone(), long, three[2].clone()].concat();
            check(&container(&all), &["a", "bb", "c"], 1);
        }
        // A container that is said to be longer, and one that is said to be shorter than what is in it.
        for len in [0x4000_0000, 9] {
            let other = record(0x0f, 0xf00d, len, &atom("bb"));
            let all = [three[0].clone(), other, three[2].clone()].concat();
            check(&container(&all), &["a", "bb", "c"], 1);
        }
        // Nothing but zeros behind the last record.
        check(&[container(&atom("a")), vec![0; 5]].concat(), &["a"], 0);
        check(&[container(&atom("a")), vec![7; 5]].concat(), &["a"], 1);
        check(&[], &[], 0);
        // What one saving wrote and the next; a theme, which is none of its container's records.
        let saved = [container(&atom("a")), vec![0; 9], container(&atom("b"))];
        check(&saved.concat(), &["a", "b"], 0);
        let theme = record(0x0f, 0x040e, 21, b"PK\x03\x04 and what follows");
        check(&container(&[theme, atom("a")].concat()), &["a"], 0);
        // How it is locked.
        let lock = record(0x0f, 0x2f14, 6, b"\x02\0\x02\0\x04\0");
        check(&[lock, container(&atom("a"))].concat(), &["a"], 0);
    }
}
