//! Values of a fixed size that are written once, in order, and then read: in memory while they are few, then in an unlinked file.

use std::fmt;
use std::io::Write;
use std::mem;
use std::ops::Deref;

use bytemuck::Pod;

use super::Limits;
use super::bytes::{Bytes, Spool};

/// Bytes written to a file at a time.
const BLOCK: usize = 1 << 20;

/// Values in order, wherever they lie.
pub struct Slab<T>(Held<T>);

enum Held<T> {
    Memory(Vec<T>),
    File(Bytes),
}

impl<T: Pod> fmt::Debug for Slab<T> {
    /// Their number.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} values", self.len())
    }
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Self(Held::Memory(Vec::new()))
    }
}

impl<T> From<Vec<T>> for Slab<T> {
    fn from(values: Vec<T>) -> Self {
        Self(Held::Memory(values))
    }
}

impl<T: Pod> Deref for Slab<T> {
    type Target = [T];

    #[inline]
    fn deref(&self) -> &[T] {
        match &self.0 {
            Held::Memory(values) => values,
            Held::File(bytes) => bytemuck::cast_slice(bytes),
        }
    }
}

/// Writes a [`Slab`].
pub struct SlabWriter<T> {
    /// What is in no file yet.
    tail: Vec<T>,
    /// Bytes from which on they are put into the file.
    room: usize,
    file: Option<Spool>,
    /// Values in the file.
    filed: usize,
}

impl<T: Pod> SlabWriter<T> {
    /// Keeps so many bytes in memory.
    pub fn new(room: usize) -> Self {
        Self {
            tail: Vec::new(),
            room,
            file: None,
            filed: 0,
        }
    }

    /// Values written so far.
    pub fn len(&self) -> usize {
        self.filed + self.tail.len()
    }

    /// Whether none was written.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Appends values. Where the file system has no room for them all stay in memory.
    pub fn extend_from_slice(&mut self, values: &[T]) {
        self.tail.extend_from_slice(values);
        if mem::size_of_val(&*self.tail) > self.room {
            self.put();
        }
    }

    /// Puts what is in memory into the file.
    fn put(&mut self) {
        let spool = self.file.get_or_insert_with(|| {
            Spool::new(&Limits {
                in_memory_bytes: 0,
                ..Limits::default()
            })
        });
        if spool.write_all(bytemuck::cast_slice(&self.tail)).is_err() {
            return self.take_back();
        }
        self.filed += self.tail.len();
        if self.room > BLOCK {
            self.tail = Vec::new();
        }
        self.room = BLOCK;
        self.tail.clear();
    }

    /// Reads the file back, and goes on in memory.
    fn take_back(&mut self) {
        let mut all = Vec::with_capacity(self.len());
        if let Some(spool) = self.file.take().filter(|_| self.filed > 0) {
            let bytes = spool
                .finish()
                .expect("what this process has just written is there");
            all.extend_from_slice(bytemuck::cast_slice(&bytes[..self.filed * size_of::<T>()]));
        }
        all.append(&mut self.tail);
        self.tail = all;
        (self.room, self.filed) = (usize::MAX, 0);
    }

    /// The values written.
    pub fn finish(mut self) -> Slab<T> {
        if self.file.is_some() && !self.tail.is_empty() {
            self.put();
        }
        let Some(spool) = self.file.take() else {
            return Slab::from(self.tail);
        };
        let bytes = spool
            .finish()
            .expect("what this process has just written is there");
        Slab(Held::File(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_the_same_wherever_they_lie() {
        let all: Vec<u64> = (0..400_000).map(|n: u64| n.wrapping_mul(0x9e37)).collect();
        for room in [0, 100, BLOCK, 2 * BLOCK, usize::MAX] {
            for step in [1_000, 333_333] {
                let mut writer = SlabWriter::new(room);
                all.chunks(step)
                    .for_each(|some| writer.extend_from_slice(some));
                assert_eq!(writer.len(), all.len());
                let slab = writer.finish();
                assert_eq!(matches!(slab.0, Held::File(_)), room < 3 * BLOCK);
                assert_eq!(*slab, all, "{room} {step}");
            }
        }
        assert!(SlabWriter::<u64>::new(0).finish().is_empty());
    }

    #[test]
    fn a_full_disk_loses_nothing() {
        let mut writer = SlabWriter::new(0);
        writer.extend_from_slice(&[1u64, 2, 3]);
        writer.take_back();
        writer.extend_from_slice(&[4, 5]);
        assert_eq!(*writer.finish(), [1, 2, 3, 4, 5]);
    }
}
