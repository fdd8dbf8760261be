//! Who meets under equal keys, where there are many keys of many and most are somebody's alone: keys are put into partitions, and each
//! is looked through by itself, so that what is asked of a key touches near memory only. A key and whom it is of are one word there.

use rayon::prelude::*;

use super::fact::mix;
use super::keys::Seen;

/// Those whose keys one task makes.
const CHUNK: usize = 1 << 14;
/// Partitions of keys, by the uppermost bits of the mixed key.
const PARTITIONS: usize = 256;

/// Keys of one chunk, ordered by partition.
struct Scattered {
    words: Vec<u64>,
    starts: Vec<u32>,
}

/// What `of_group` makes of those who share a key, in ascending order and each once. `keys` makes the keys of one of `who`; all are
/// less than `n`. Some who share no key may be taken for such, at a chance of one in thousands for all of them together.
pub(super) fn meet(
    n: usize,
    who: &[u32],
    keys: impl Fn(u32, &mut dyn FnMut(u64)) + Sync,
    of_group: impl Fn(&[u32], &mut Vec<u64>) + Sync,
) -> Vec<u64> {
    let shift = u64::BITS - (n as u64).leading_zeros();
    let chunks: Vec<Scattered> = who
        .par_chunks(CHUNK)
        .map_init(Vec::new, |mixed, who| {
            mixed.clear();
            for &at in who {
                keys(at, &mut |key| mixed.push((mix(key, MIXER), at)));
            }
            Scattered::new(mixed, shift)
        })
        .collect();
    let found = (0..PARTITIONS).into_par_iter().map(|partition| {
        let parts = || chunks.iter().map(|chunk| chunk.part(partition));
        let mut seen = Seen::new(parts().map(<[_]>::len).sum());
        let words = || parts().flatten().copied();
        words().for_each(|word| seen.mark(word >> shift));
        let mut words: Vec<u64> = words().filter(|word| seen.again(word >> shift)).collect();
        words.sort_unstable();
        words.dedup();
        let (mut found, mut group) = (Vec::new(), Vec::new());
        for of_key in words.chunk_by(|a, b| a >> shift == b >> shift) {
            if of_key.len() > 1 {
                group.clear();
                group.extend(of_key.iter().map(|word| (word & ((1 << shift) - 1)) as u32));
                of_group(&group, &mut found);
            }
        }
        found
    });
    let found: Vec<Vec<u64>> = found.collect();
    found.concat()
}

const MIXER: u64 = 0x5851_f42d_4c95_7f2d;

impl Scattered {
    /// Counts, then places.
    fn new(mixed: &[(u64, u32)], shift: u32) -> Self {
        let partition = |mixed: u64| (mixed >> 56) as usize;
        let mut starts = vec![0u32; PARTITIONS + 1];
        for key in mixed {
            starts[partition(key.0) + 1] += 1;
        }
        for at in 0..PARTITIONS {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut words = vec![0; mixed.len()];
        for &(mixed, at) in mixed {
            let to = &mut next[partition(mixed)];
            words[*to as usize] = mixed << shift | u64::from(at);
            *to += 1;
        }
        Self { words, starts }
    }

    fn part(&self, partition: usize) -> &[u64] {
        &self.words[self.starts[partition] as usize..self.starts[partition + 1] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Everybody of every key, and nobody under another's.
    #[test]
    fn those_of_equal_keys_meet() {
        let keys = |at: u32| [u64::from(at / 3), u64::from(at % 1000) << 32, u64::MAX];
        let who: Vec<u32> = (0..70_000).filter(|at| at % 5 != 0).collect();
        let numbers = |group: &[u32], found: &mut Vec<u64>| {
            // The key of all of them is a group of its own.
            let sum = group.iter().map(|&at| u64::from(at)).sum::<u64>();
            found.push(u64::from(group[0]) << 48 | sum);
        };
        let make = |at: u32, put: &mut dyn FnMut(u64)| {
            keys(at).into_iter().chain([keys(at)[0]]).for_each(put);
        };
        let mut found = meet(70_000, &who, make, numbers);
        found.sort_unstable();
        let mut by_key: std::collections::BTreeMap<u64, Vec<u32>> = Default::default();
        for &at in &who {
            keys(at).into_iter().for_each(|key| {
                by_key.entry(key).or_default().push(at);
            });
        }
        let mut expected = Vec::new();
        for group in by_key.values_mut() {
            group.dedup();
            if group.len() > 1 {
                numbers(group, &mut expected);
            }
        }
        expected.sort_unstable();
        assert_eq!(found, expected);
        assert!(found.len() > 20_000);
    }
}
