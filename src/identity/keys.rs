//! Keys under which tuples meet. Only those that more than one tuple has are kept; they are few in clean data.

use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use rayon::prelude::*;

use super::clusters::{Join, Level};
use super::fact::{Fact, Token, mix};
use super::resolve::{NOBODY, Node};
use super::store::Tuples;

/// Tuples that one task looks at.
const CHUNK: usize = 1 << 14;

/// By what a fact is compared: both readings of a birth date are one.
#[inline]
pub(super) fn value_of(token: Token) -> u64 {
    match token.fact() {
        Fact::Birth => token.birth_class(),
        _ => token.0,
    }
}

/// Two bits for each hash: seen, and seen again.
struct Seen {
    once: Vec<AtomicU64>,
    twice: Vec<AtomicU64>,
}

impl Seen {
    fn new(n: usize) -> Self {
        let words = (n / 4).next_power_of_two().max(64);
        let empty = || (0..words).map(|_| AtomicU64::new(0)).collect();
        Self {
            once: empty(),
            twice: empty(),
        }
    }

    fn place(&self, key: u64) -> (usize, u64) {
        let hash = mix(key, 0x5851_f42d_4c95_7f2d);
        (
            (hash >> 6) as usize & (self.once.len() - 1),
            1 << (hash & 63),
        )
    }

    fn mark(&self, key: u64) {
        let (word, bit) = self.place(key);
        if self.once[word].fetch_or(bit, Relaxed) & bit != 0 {
            self.twice[word].fetch_or(bit, Relaxed);
        }
    }

    fn again(&self, key: u64) -> bool {
        let (word, bit) = self.place(key);
        self.twice[word].load(Relaxed) & bit != 0
    }
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
        let seen = Seen::new(self.nodes.len());
        self.rank
            .par_chunks(CHUNK)
            .enumerate()
            .for_each(|(chunk, ranks)| {
                for (&at, tuple) in ranks.iter().zip(chunk * CHUNK..) {
                    if at != NOBODY {
                        of(at, self.store.tokens_of(tuple), &mut |key| seen.mark(key));
                    }
                }
            });
        let mut keys = self.gather(|at, tokens, out| {
            of(at, tokens, &mut |key| {
                if seen.again(key) {
                    out.push((key, at));
                }
            });
        });
        keys.par_sort_unstable();
        keep_repeated(&mut keys);
        keys
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
            for token in tokens.iter().filter(|token| token.fact() == fact) {
                // Name and birth date and nothing else is not enough to be sure of.
                let birth = fact == Fact::Birth;
                let thin = birth && level == Level::Strict && self.nodes[at as usize].thin;
                let value = value_of(*token) << u32::from(birth) | u64::from(thin);
                add(if base == 0 { value } else { mix(base, value) });
            }
        })
    }
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
