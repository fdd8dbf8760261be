//! Mentions collapsed: equal ones are one tuple with a count.

use super::fact::{Fact, Token, hash, mix};
use super::{Locus, Mention};
use crate::pattern::KindSet;

/// Above so many distinct tuples their normal forms are dropped, and with them the comparison of what is similar but not equal.
const DEEP_TUPLES: usize = 200_000;

/// One distinct mention.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tuple {
    /// Hash of the normal forms and kinds.
    pub(super) id: u128,
    /// Where it stood first.
    pub(super) first: Locus,
    /// Records that say the same.
    pub(super) records: u32,
    /// Index into [`Store::kind_sets`].
    pub(super) kinds: u32,
    /// End of its tokens; they begin where those of the tuple before end.
    tokens_end: u32,
    /// End of its text.
    text_end: u32,
}

/// Mentions, equal ones collapsed. Stores of parts and sources are absorbed into one; the order does not matter.
#[derive(Default)]
pub struct Store {
    tuples: Vec<Tuple>,
    tokens: Vec<Token>,
    /// Normal forms in the order of the tokens, a length before each; empty once `shallow`.
    text: Vec<u8>,
    shallow: bool,
    kind_sets: Vec<KindSet>,
    /// Open addressing: position of a tuple plus one, 0 where free.
    slots: Vec<u32>,
    /// Tokens of the mention that is being added.
    added: Vec<Token>,
}

impl Store {
    /// Adds a mention of a record.
    pub fn add(&mut self, mention: &Mention, at: Locus) {
        self.added.clear();
        let id = read(mention, |token| self.added.push(token));
        if let Some(found) = self.find(id) {
            self.tuples[found].merge(1, at);
            return;
        }
        self.tokens.extend_from_slice(&self.added);
        if !self.shallow {
            for (_, _, value) in mention.facts.iter() {
                self.text
                    .extend_from_slice(&(value.len() as u32).to_le_bytes());
                self.text.extend_from_slice(value.as_bytes());
            }
        }
        let kinds = self.intern(mention.kinds);
        self.push(Tuple {
            id,
            first: at,
            records: 1,
            kinds,
            tokens_end: 0,
            text_end: 0,
        });
    }

    /// Takes in another store, its places shifted.
    pub fn absorb(&mut self, other: Store, shift: &dyn Fn(Locus) -> Locus) {
        for at in 0..other.tuples.len() {
            let tuple = other.tuples[at];
            let first = shift(tuple.first);
            if let Some(found) = self.find(tuple.id) {
                self.tuples[found].merge(tuple.records, first);
                continue;
            }
            self.tokens.extend_from_slice(other.tokens_of(at));
            if !self.shallow && !other.shallow {
                self.text.extend_from_slice(other.text_of(at));
            }
            let kinds = self.intern(other.kind_sets[tuple.kinds as usize]);
            self.push(Tuple {
                first,
                kinds,
                ..tuple
            });
        }
        if other.shallow {
            self.drop_text();
        }
    }

    pub(super) fn tuples(&self) -> &[Tuple] {
        &self.tuples
    }

    pub(super) fn kind_sets(&self) -> &[KindSet] {
        &self.kind_sets
    }

    /// The tokens of a tuple, in order of type.
    #[inline]
    pub(super) fn tokens_of(&self, at: usize) -> &[Token] {
        let start = if at == 0 {
            0
        } else {
            self.tuples[at - 1].tokens_end
        };
        &self.tokens[start as usize..self.tuples[at].tokens_end as usize]
    }

    /// Whether the normal forms are still there.
    pub(super) fn is_deep(&self) -> bool {
        !self.shallow
    }

    /// The facts of a tuple with their normal forms; none once the store is not deep.
    pub(super) fn facts_of(&self, at: usize) -> impl Iterator<Item = (Fact, u8, &str)> {
        let mut text = if self.shallow {
            &[][..]
        } else {
            self.text_of(at)
        };
        self.tokens_of(at).iter().map_while(move |token| {
            let (len, rest) = text.split_at_checked(4)?;
            let len = u32::from_le_bytes(len.try_into().ok()?) as usize;
            let (value, rest) = rest.split_at_checked(len)?;
            text = rest;
            Some((token.fact(), token.kind(), std::str::from_utf8(value).ok()?))
        })
    }

    fn text_of(&self, at: usize) -> &[u8] {
        let start = if at == 0 {
            0
        } else {
            self.tuples[at - 1].text_end
        };
        &self.text[start as usize..self.tuples[at].text_end as usize]
    }

    fn push(&mut self, tuple: Tuple) {
        if self.text.len() > u32::MAX as usize {
            self.drop_text();
        }
        let ends = (self.tokens.len() as u32, self.text.len() as u32);
        self.tuples.push(Tuple {
            tokens_end: ends.0,
            text_end: ends.1,
            ..tuple
        });
        if self.tuples.len() * 4 > self.slots.len() * 3 {
            self.grow();
        } else {
            let slot = self.slot(tuple.id);
            self.slots[slot] = self.tuples.len() as u32;
        }
        if self.tuples.len() > DEEP_TUPLES {
            self.drop_text();
        }
    }

    fn drop_text(&mut self) {
        if !self.shallow {
            self.shallow = true;
            self.text = Vec::new();
        }
    }

    fn intern(&mut self, kinds: KindSet) -> u32 {
        if let Some(at) = self.kind_sets.iter().position(|&known| known == kinds) {
            return at as u32;
        }
        self.kind_sets.push(kinds);
        self.kind_sets.len() as u32 - 1
    }

    /// The slot in which a tuple is, or would be.
    fn slot(&self, id: u128) -> usize {
        let mask = self.slots.len() - 1;
        let mut slot = id as usize & mask;
        while self.slots[slot] != 0 && self.tuples[self.slots[slot] as usize - 1].id != id {
            slot = (slot + 1) & mask;
        }
        slot
    }

    fn find(&self, id: u128) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        (self.slots[self.slot(id)] as usize).checked_sub(1)
    }

    fn grow(&mut self) {
        self.slots = vec![0; (self.tuples.len() * 2).next_power_of_two().max(64)];
        for at in 0..self.tuples.len() {
            let slot = self.slot(self.tuples[at].id);
            self.slots[slot] = at as u32 + 1;
        }
    }
}

impl Tuple {
    fn merge(&mut self, records: u32, at: Locus) {
        self.records = self.records.saturating_add(records);
        self.first = self.first.min(at);
    }
}

/// The identity of a mention: what it says, not where or in which role.
pub(super) fn tuple_id(mention: &Mention) -> u128 {
    read(mention, |_| {})
}

/// The identity of a mention and its tokens: each value is hashed once.
fn read(mention: &Mention, mut put: impl FnMut(Token)) -> u128 {
    let kinds = mention.kinds.0;
    let mut high = (kinds as u64) ^ ((kinds >> 64) as u64).rotate_left(32);
    let mut low = high ^ 0x5851_f42d_4c95_7f2d;
    for (fact, kind, value) in mention.facts.iter() {
        let tag = (fact as u64) << 8 | u64::from(kind);
        let of_value = hash(0, value);
        put(Token::with(fact, kind, value, of_value));
        high = mix(high ^ tag, of_value);
        low = mix(
            low.rotate_left(23) ^ tag,
            of_value.rotate_left(32) ^ 0x5851_f42d_4c95_7f2d,
        );
    }
    u128::from(high) << 64 | u128::from(low)
}
