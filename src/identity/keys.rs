//! Keys under which tuples meet. Only those that more than one tuple has are kept; they are few in clean data. Keys are first put into
//! partitions, so that what is asked of each touches near memory only.

use rayon::prelude::*;

use super::clusters::{Join, Level};
use super::fact::{Fact, Token, mix};
use super::resolve::{NOBODY, Node};
use super::tuples::Tuples;

/// Tuples that one task looks at.
const CHUNK: usize = 1 << 16;

/// By what a fact is compared: both readings of a birth date are one.
#[inline]
pub(super) fn value_of(token: Token) -> u64 {
    match token.fact() {
        Fact::Birth => token.birth_class(),
        Fact::Member => token.sure().0,
        _ => token.0,
    }
}

/// Partitions of keys: so many that the keys of one stay near the processor, for tables up to some ten million nodes.
const PARTITIONS: usize = 256;

/// Keys of one chunk of tuples, ordered by partition.
struct Scattered {
    keys: Vec<(u64, u32)>,
    /// Where each partition begins.
    starts: Vec<u32>,
}

fn partition(key: u64) -> usize {
    (mix(key, 0x5851_f42d_4c95_7f2d) >> 56) as usize % PARTITIONS
}

impl Scattered {
    /// Counts, then places: two walks in order over memory that was just written.
    fn new(keys: &[(u64, u32)]) -> Self {
        let mut starts = vec![0u32; PARTITIONS + 1];
        for key in keys {
            starts[partition(key.0) + 1] += 1;
        }
        for at in 0..PARTITIONS {
            starts[at + 1] += starts[at];
        }
        let mut next = starts.clone();
        let mut sorted = vec![(0, 0); keys.len()];
        for &key in keys {
            let to = &mut next[partition(key.0)];
            sorted[*to as usize] = key;
            *to += 1;
        }
        Self {
            keys: sorted,
            starts,
        }
    }

    fn part(&self, partition: usize) -> &[(u64, u32)] {
        &self.keys[self.starts[partition] as usize..self.starts[partition + 1] as usize]
    }
}

/// Two bits for each hash: seen, and seen again.
pub(super) struct Seen {
    words: Vec<[u64; 2]>,
}

impl Seen {
    /// For so many.
    pub(super) fn new(n: usize) -> Self {
        Self {
            words: vec![[0; 2]; (n / 8).next_power_of_two().max(64)],
        }
    }

    fn place(&self, key: u64) -> (usize, u64) {
        let hash = mix(key, 0x2545_f491_4f6c_dd1d);
        (
            (hash >> 6) as usize & (self.words.len() - 1),
            1 << (hash & 63),
        )
    }

    /// Notes a key.
    pub(super) fn mark(&mut self, key: u64) {
        let (word, bit) = self.place(key);
        let [once, twice] = &mut self.words[word];
        *twice |= *once & bit;
        *once |= bit;
    }

    /// Whether a key was seen twice; sometimes so of others.
    pub(super) fn again(&self, key: u64) -> bool {
        let (word, bit) = self.place(key);
        self.words[word][1] & bit != 0
    }
}

/// The keys of a partition that more than one node has, sorted.
fn repeated_in(scattered: &[Scattered], partition: usize) -> Vec<(u64, u32)> {
    let mut keys = seen_again(scattered, partition);
    keys.sort_unstable();
    keep_repeated(&mut keys);
    keys
}

/// So few have keys that the table of those that were seen stays near the processor without partitions.
const FEW: usize = 1 << 19;

/// The keys that more than one node has, sorted.
fn repeated_among(mut keys: Vec<(u64, u32)>) -> Vec<(u64, u32)> {
    let mut seen = Seen::new(keys.len());
    keys.iter().for_each(|key| seen.mark(key.0));
    keys.retain(|key| seen.again(key.0));
    keys.sort_unstable();
    keep_repeated(&mut keys);
    keys
}

/// The keys of a partition that more than one node seems to have: all that have, and a few others.
fn seen_again(scattered: &[Scattered], partition: usize) -> Vec<(u64, u32)> {
    let parts = || scattered.iter().map(|chunk| chunk.part(partition));
    let mut seen = Seen::new(parts().map(<[_]>::len).sum());
    parts().flatten().for_each(|key| seen.mark(key.0));
    let again = parts().flatten().filter(|key| seen.again(key.0));
    again.copied().collect()
}

/// The nodes as keys see them: in the order of the store, so that memory is walked in order.
#[derive(Clone, Copy)]
pub(super) struct Walk<'s> {
    pub(super) store: &'s Tuples,
    pub(super) nodes: &'s [Node],
    /// The node of each tuple; [`NOBODY`] for organisations.
    pub(super) rank: &'s [u32],
}

impl Walk<'_> {
    /// What `of` makes of each node and its tokens.
    pub(super) fn gather<T: Send>(self, of: impl Fn(u32, &[Token], &mut Vec<T>) + Sync) -> Vec<T> {
        let parts: Vec<Vec<T>> = self
            .rank
            .par_chunks(CHUNK)
            .enumerate()
            .map(|(chunk, ranks)| {
                let mut out = Vec::new();
                for (&at, tuple) in ranks.iter().zip(chunk * CHUNK..) {
                    if at != NOBODY {
                        of(at, self.store.tokens_of(tuple), &mut out);
                    }
                }
                out
            })
            .collect();
        let mut all = Vec::with_capacity(parts.iter().map(Vec::len).sum());
        parts.into_iter().for_each(|part| all.extend(part));
        all
    }

    /// Keys and nodes, sorted, without those keys that only one node has.
    pub(super) fn repeated(
        self,
        of: impl Fn(u32, &[Token], &mut dyn FnMut(u64)) + Sync,
    ) -> Vec<(u64, u32)> {
        repeated(self.rank.len(), |tuple, keys| {
            let at = self.rank[tuple];
            if at != NOBODY {
                let tokens = self.store.tokens_of(tuple);
                of(at, tokens, &mut |key| keys.push((key, at)));
            }
        })
    }

    /// The keys of a pass.
    pub(super) fn keys(self, join: Join, level: Level) -> Vec<(u64, u32)> {
        let (fact, base) = match join {
            Join::Contact(fact) => (fact, None),
            Join::Named(fact) => (fact, Some(Fact::Name)),
            Join::Read(fact) => (fact, Some(Fact::Reading)),
        };
        self.repeated(|at, tokens, add| {
            let base = match base {
                None => 0,
                Some(base) => match first(tokens, base) {
                    0 => return,
                    name => name,
                },
            };
            let counts = |token: &&Token| {
                token.fact() == fact && !(level == Level::Strict && token.is_unsure())
            };
            for token in tokens.iter().filter(counts) {
                // Name and birth date and nothing else is not enough to be sure of.
                let birth = fact == Fact::Birth;
                let thin = birth && level == Level::Strict && self.nodes[at as usize].thin;
                let value = value_of(*token) << u32::from(birth) | u64::from(thin);
                add(if base == 0 { value } else { mix(base, value) });
            }
        })
    }
}

/// The keys that `of` makes of each number below `n`, with who has them, sorted, without those that only one has.
pub(super) fn repeated(
    n: usize,
    of: impl Fn(usize, &mut Vec<(u64, u32)>) + Sync,
) -> Vec<(u64, u32)> {
    let mut keys = repeated_of(n, of, |keys| keys).concat();
    keys.par_sort_unstable();
    keys
}

/// What `each` makes of the keys of each partition: those that more than one number below `n` has, with who has them, sorted.
pub(super) fn repeated_of<T: Send>(
    n: usize,
    of: impl Fn(usize, &mut Vec<(u64, u32)>) + Sync,
    each: impl Fn(Vec<(u64, u32)>) -> T + Sync,
) -> Vec<T> {
    if n <= FEW {
        let mut keys = Vec::new();
        (0..n).for_each(|at| of(at, &mut keys));
        return vec![each(repeated_among(keys))];
    }
    let scattered: Vec<Scattered> = (0..n.div_ceil(CHUNK))
        .into_par_iter()
        .map_init(Vec::new, |keys, chunk| {
            keys.clear();
            let all = chunk * CHUNK..n.min((chunk + 1) * CHUNK);
            all.for_each(|at| of(at, keys));
            Scattered::new(keys)
        })
        .collect();
    (0..PARTITIONS)
        .into_par_iter()
        .map(|partition| each(repeated_in(&scattered, partition)))
        .collect()
}

/// The first token of a type, 0 if there is none.
#[inline]
pub(super) fn first(tokens: &[Token], fact: Fact) -> u64 {
    tokens
        .iter()
        .find(|token| token.fact() == fact)
        .map_or(0, |token| token.0)
}

/// Drops the keys that only one node has.
fn keep_repeated(keys: &mut Vec<(u64, u32)>) {
    let mut kept = 0;
    for at in 0..keys.len() {
        let key = keys[at].0;
        let before = kept > 0 && keys[kept - 1].0 == key;
        if before || keys.get(at + 1).is_some_and(|next| next.0 == key) {
            keys[kept] = keys[at];
            kept += 1;
        }
    }
    keys.truncate(kept);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_one_node_only_are_left_out() {
        let keys: Vec<(u64, u32)> = (0..50_000u32)
            .map(|at| {
                (
                    u64::from(if at % 7 == 0 { at / 14 } else { at + 100_000 }),
                    at,
                )
            })
            .collect();
        let chunks: Vec<Scattered> = keys.chunks(1000).map(Scattered::new).collect();
        let mut found: Vec<(u64, u32)> = (0..PARTITIONS)
            .flat_map(|partition| repeated_in(&chunks, partition))
            .collect();
        found.sort_unstable();
        let expected = keys.iter().filter(|key| key.1 % 7 == 0 && key.1 < 49_994);
        let mut expected: Vec<(u64, u32)> = expected.copied().collect();
        expected.sort_unstable();
        keep_repeated(&mut expected);
        assert_eq!(found, expected);
        assert_eq!(repeated_among(keys), expected);
        assert!(found.len() > 7_000);
    }
}
