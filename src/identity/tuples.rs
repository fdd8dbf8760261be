//! Distinct mentions as they are stored: hashes and numbers, in the order of identities once all is read.
//!
//! In: what a [`super::store::Store`] has collapsed. Out: [`Tuples`], in memory or in files, which nothing changes any more.

use super::area::Area;
use super::away::{self, Labels, Run};
use super::fact::{Fact, Token, hash, mix};
use super::loose::Setting;
use super::sample::Sieve;
use super::seen::{Roles, Seen};
use super::{Locus, Mention};
use crate::pattern::KindSet;
use crate::source::{Slab, SlabWriter};

/// Bits of an identity that tell its shard.
pub(super) const SHARD_BITS: u32 = 5;

/// The shard of an identity.
pub(super) fn shard_of(id: u128) -> usize {
    (id >> (u128::BITS - SHARD_BITS)) as usize
}

/// One distinct mention.
#[derive(Clone, Copy, Debug, bytemuck::Pod, bytemuck::Zeroable)]
#[repr(C)]
pub(super) struct Tuple {
    /// Hash of the normal forms and kinds.
    pub(super) id: u128,
    /// Record and source where it stood first.
    pub(super) record: u64,
    pub(super) source: u32,
    /// Where and as whom it was seen, as its shard numbers such sets.
    pub(super) seen: u32,
    /// Records that say the same.
    pub(super) records: u32,
    /// Index into [`Tuples::labels`].
    pub(super) label: u32,
    /// End of its tokens; they begin where those of the tuple before end.
    pub(super) tokens_end: u32,
    /// End of its text.
    pub(super) text_end: u32,
}

/// What a tuple is counted under.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Label {
    /// The kinds of data it holds.
    pub(super) kinds: KindSet,
    /// Where the person lives.
    pub(super) area: Area,
    /// Has a mailbox of the user's own organisation.
    pub(super) own: bool,
    /// What says it: of several, what tells most.
    pub(super) setting: Setting,
}

impl Label {
    /// Of one tuple, seen under two: the surest area, and what tells most.
    pub(super) fn and(self, other: Self) -> Self {
        Self {
            area: self.area.max(other.area),
            setting: self.setting.min(other.setting),
            ..self
        }
    }
}

/// Some tuples with their tokens and normal forms.
#[derive(Default)]
pub(super) struct Rows {
    pub(super) tuples: Vec<Tuple>,
    pub(super) tokens: Vec<Token>,
    /// Normal forms in the order of the tokens, a length before each; none of tuples of which they were dropped.
    pub(super) text: Vec<u8>,
}

/// [`Rows`], wherever they lie.
#[derive(Clone, Copy)]
pub(super) struct View<'r> {
    pub(super) tuples: &'r [Tuple],
    pub(super) tokens: &'r [Token],
    pub(super) text: &'r [u8],
}

impl<'r> View<'r> {
    #[inline]
    pub(super) fn tokens_of(self, at: usize) -> &'r [Token] {
        let start = match at {
            0 => 0,
            _ => self.tuples[at - 1].tokens_end,
        };
        &self.tokens[start as usize..self.tuples[at].tokens_end as usize]
    }

    /// The normal forms of a tuple as they are kept.
    pub(super) fn text_of(self, at: usize) -> &'r [u8] {
        let start = match at {
            0 => 0,
            _ => self.tuples[at - 1].text_end,
        };
        &self.text[start as usize..self.tuples[at].text_end as usize]
    }

    /// The facts of a tuple with their normal forms; none once they were dropped.
    pub(super) fn facts_of(self, at: usize) -> impl Iterator<Item = (Fact, u8, &'r str)> {
        let mut text = self.text_of(at);
        self.tokens_of(at).iter().map_while(move |token| {
            let (len, rest) = text.split_at_checked(4)?;
            let len = u32::from_le_bytes(len.try_into().ok()?) as usize;
            let (value, rest) = rest.split_at_checked(len)?;
            text = rest;
            Some((token.fact(), token.kind(), std::str::from_utf8(value).ok()?))
        })
    }
}

impl Rows {
    pub(super) fn view(&self) -> View<'_> {
        View {
            tuples: &self.tuples,
            tokens: &self.tokens,
            text: &self.text,
        }
    }

    #[inline]
    pub(super) fn tokens_of(&self, at: usize) -> &[Token] {
        self.view().tokens_of(at)
    }

    pub(super) fn text_of(&self, at: usize) -> &[u8] {
        self.view().text_of(at)
    }

    pub(super) fn facts_of(&self, at: usize) -> impl Iterator<Item = (Fact, u8, &str)> {
        self.view().facts_of(at)
    }

    /// Appends a tuple of others.
    pub(super) fn copy(&mut self, from: View<'_>, at: usize) {
        self.push(from.tuples[at], from.tokens_of(at), from.text_of(at));
    }

    /// Drops the normal forms of all tuples that a sieve does not keep.
    pub(super) fn drop_text(&mut self, sieve: Sieve) {
        let mut text = Vec::new();
        let ends: Vec<u32> = (0..self.tuples.len())
            .map(|at| {
                if sieve.keeps(self.facts_of(at)) {
                    text.extend_from_slice(self.text_of(at));
                }
                text.len() as u32
            })
            .collect();
        for (tuple, end) in self.tuples.iter_mut().zip(ends) {
            tuple.text_end = end;
        }
        self.text = text;
    }

    pub(super) fn push(&mut self, tuple: Tuple, tokens: &[Token], text: &[u8]) {
        self.tokens.extend_from_slice(tokens);
        self.text.extend_from_slice(text);
        self.tuples.push(Tuple {
            tokens_end: self.tokens.len() as u32,
            text_end: self.text.len() as u32,
            ..tuple
        });
    }

    pub(super) fn clear(&mut self) {
        self.tuples.clear();
        self.tokens.clear();
        self.text.clear();
    }

    /// The places of the tuples in the order of their identities.
    pub(super) fn order(&self) -> Vec<u32> {
        let ids = self.tuples.iter().map(|tuple| tuple.id);
        let mut order: Vec<(u128, u32)> = ids.zip(0..).collect();
        order.sort_unstable();
        order.into_iter().map(|(_, at)| at).collect()
    }

    /// Bytes of tuples and tokens, with what finds them.
    pub(super) fn bytes(&self) -> usize {
        self.tuples.len() * (size_of::<Tuple>() + 2 * size_of::<u64>()) + size_of_val(&*self.tokens)
    }
}

/// The tuples of all shards, as they are put in order.
pub(super) struct Ordered {
    tuples: SlabWriter<Tuple>,
    tokens: SlabWriter<Token>,
    text: Vec<u8>,
    labels: Labels,
    /// Tokens, and bytes of text, that have room: their places are numbers of 32 bits.
    most: usize,
    left_out: u64,
}

impl Ordered {
    /// With so many bytes in memory.
    pub(super) fn new(room: usize) -> Self {
        Self {
            tuples: SlabWriter::new(room / 2),
            tokens: SlabWriter::new(room / 2),
            text: Vec::new(),
            labels: Labels::default(),
            most: u32::MAX as usize,
            left_out: 0,
        }
    }

    /// Appends the tuples of a shard, which are in order, and those of its runs. Ends are counted from the first tuple of all. `seen` are the
    /// shard's sets of sources.
    pub(super) fn add(&mut self, stayed: (View<'_>, &[Label]), runs: &[Run], seen: &mut Seen) {
        let Self {
            tuples,
            tokens: all,
            text: forms,
            labels,
            most,
            left_out,
        } = self;
        let give = |tuple: Tuple, tokens: &[Token], text: &[u8]| {
            if all.len() + tokens.len() > *most || forms.len() + text.len() > *most {
                *left_out += 1;
                return;
            }
            all.extend_from_slice(tokens);
            forms.extend_from_slice(text);
            tuples.extend_from_slice(&[Tuple {
                tokens_end: all.len() as u32,
                text_end: forms.len() as u32,
                ..tuple
            }]);
        };
        away::merge(stayed, runs, seen, labels, give);
    }

    /// All of them; `seen` are the sets of sources of each shard.
    pub(super) fn finish(self, sieve: Option<Sieve>, seen: Vec<Seen>) -> Tuples {
        Tuples {
            tuples: self.tuples.finish(),
            tokens: self.tokens.finish(),
            text: self.text,
            sieve,
            labels: self.labels.all,
            seen,
            left_out: self.left_out,
        }
    }
}

/// Whether the tuples of all shards are to be in memory, with places of 32 bits for their tokens and bytes of text.
pub(super) fn fits<'r>(all: impl Iterator<Item = &'r Rows>, room: usize) -> bool {
    let [tuples, tokens, text] = lengths(all);
    let bytes = |n: usize, size: usize| n.saturating_mul(size);
    bytes(tuples, size_of::<Tuple>()) <= room / 2
        && bytes(tokens, size_of::<Token>()) <= room / 2
        && tokens.max(text) <= u32::MAX as usize
}

/// How many tuples, tokens and bytes of text there are.
fn lengths<'r>(all: impl Iterator<Item = &'r Rows>) -> [usize; 3] {
    all.fold([0; 3], |[tuples, tokens, text], rows| {
        let Rows {
            tuples: a,
            tokens: b,
            text: c,
        } = rows;
        [tuples + a.len(), tokens + b.len(), text + c.len()]
    })
}

/// Room for the tuples of all shards, which are put to their places at the same time.
pub(super) struct Laid {
    tuples: Vec<Tuple>,
    tokens: Vec<Token>,
    text: Vec<u8>,
}

impl Laid {
    /// Room for these.
    pub(super) fn of<'r>(all: impl Iterator<Item = &'r Rows>) -> Self {
        let [tuples, tokens, text] = lengths(all);
        Self {
            tuples: bytemuck::zeroed_vec(tuples),
            tokens: bytemuck::zeroed_vec(tokens),
            text: vec![0; text],
        }
    }

    /// The places of one shard after the other.
    pub(super) fn places(&mut self) -> Places<'_> {
        Places {
            tuples: &mut self.tuples,
            tokens: &mut self.tokens,
            text: &mut self.text,
            before: [0; 2],
        }
    }

    /// All of them, once each is in its place.
    pub(super) fn finish(self, sieve: Option<Sieve>, labels: Labels, seen: Vec<Seen>) -> Tuples {
        Tuples {
            tuples: self.tuples.into(),
            tokens: self.tokens.into(),
            text: self.text,
            sieve,
            labels: labels.all,
            seen,
            left_out: 0,
        }
    }
}

/// The places of some tuples, their tokens and their normal forms.
pub(super) struct Places<'l> {
    tuples: &'l mut [Tuple],
    tokens: &'l mut [Token],
    text: &'l mut [u8],
    /// Tokens and bytes of text that stand before them.
    before: [usize; 2],
}

impl<'l> Places<'l> {
    /// Splits off as many as these need.
    pub(super) fn next(&mut self, rows: &Rows) -> Self {
        fn cut<'l, T>(rest: &mut &'l mut [T], n: usize) -> &'l mut [T] {
            let (head, tail) = std::mem::take(rest).split_at_mut(n);
            *rest = tail;
            head
        }
        let [tokens, text] = self.before;
        self.before = [tokens + rows.tokens.len(), text + rows.text.len()];
        Self {
            tuples: cut(&mut self.tuples, rows.tuples.len()),
            tokens: cut(&mut self.tokens, rows.tokens.len()),
            text: cut(&mut self.text, rows.text.len()),
            before: [tokens, text],
        }
    }

    /// Copies tuples to them in this order. `numbers` are those of their labels.
    pub(super) fn fill(self, from: View<'_>, order: &[u32], numbers: &[u32]) {
        let [tokens_before, text_before] = self.before;
        let (mut tokens_end, mut text_end) = (0, 0);
        for (place, &at) in self.tuples.iter_mut().zip(order) {
            let (tuple, at) = (from.tuples[at as usize], at as usize);
            let (tokens, text) = (from.tokens_of(at), from.text_of(at));
            self.tokens[tokens_end..tokens_end + tokens.len()].copy_from_slice(tokens);
            self.text[text_end..text_end + text.len()].copy_from_slice(text);
            tokens_end += tokens.len();
            text_end += text.len();
            *place = Tuple {
                label: numbers[tuple.label as usize],
                tokens_end: (tokens_before + tokens_end) as u32,
                text_end: (text_before + text_end) as u32,
                ..tuple
            };
        }
    }
}

/// All distinct mentions, in the order of their identities.
pub(super) struct Tuples {
    tuples: Slab<Tuple>,
    tokens: Slab<Token>,
    text: Vec<u8>,
    /// The tuples whose normal forms are there; `None` for all.
    sieve: Option<Sieve>,
    labels: Vec<Label>,
    /// Where and as whom tuples were seen, for each shard.
    seen: Vec<Seen>,
    /// Tuples that had no room.
    left_out: u64,
}

impl Tuples {
    #[inline]
    pub(super) fn tuples(&self) -> &[Tuple] {
        &self.tuples
    }

    pub(super) fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The sources in which a tuple was seen, with the roles, the last first; nothing where that is not known.
    pub(super) fn seen_of(&self, at: usize) -> impl Iterator<Item = (u32, Roles)> {
        let tuple = &self.tuples[at];
        let seen = self.seen.get(shard_of(tuple.id)).into_iter();
        seen.flat_map(|seen| seen.of(tuple.seen))
    }

    /// All of them, wherever they lie.
    #[inline]
    pub(super) fn view(&self) -> View<'_> {
        View {
            tuples: &self.tuples,
            tokens: &self.tokens,
            text: &self.text,
        }
    }

    /// The tokens of a tuple, in order of type.
    #[inline]
    pub(super) fn tokens_of(&self, at: usize) -> &[Token] {
        self.view().tokens_of(at)
    }

    /// Whether the normal forms are still there.
    pub(super) fn is_deep(&self) -> bool {
        self.sieve.is_none()
    }

    /// The tuples whose normal forms are still there, where others were dropped.
    pub(super) fn sieve(&self) -> Option<Sieve> {
        self.sieve
    }

    /// Some of these tuples. Where they were seen is not known of them.
    pub(super) fn some(&self, rows: Rows) -> Tuples {
        Tuples {
            tuples: rows.tuples.into(),
            tokens: rows.tokens.into(),
            text: rows.text,
            sieve: None,
            labels: self.labels.clone(),
            seen: Vec::new(),
            left_out: 0,
        }
    }

    /// Tuples that are not among them, as there are more than places have numbers.
    pub(super) fn left_out(&self) -> u64 {
        self.left_out
    }

    /// The facts of a tuple with their normal forms; none once they were dropped.
    pub(super) fn facts_of(&self, at: usize) -> impl Iterator<Item = (Fact, u8, &str)> {
        self.view().facts_of(at)
    }
}

impl Tuple {
    /// Where it stood first.
    pub(super) fn first(&self) -> Locus {
        Locus {
            source: self.source,
            record: self.record,
        }
    }

    /// The tuple under another label and another set of sources, which are others, too.
    pub(super) fn relabelled(self, label: u32, seen: u32, source: impl Fn(u32) -> u32) -> Self {
        Self {
            label,
            seen,
            source: source(self.source),
            ..self
        }
    }

    /// What two pieces of one store say of the same tuple. Labels are numbers of the store, sets of sources those of the shard.
    pub(super) fn and(self, other: Self, labels: &mut Labels, seen: &mut Seen) -> Self {
        let [mine, its] = [self, other].map(|tuple| labels.all[tuple.label as usize]);
        let sources: Vec<(u32, Roles)> = seen.of(other.seen).collect();
        let set = sources.into_iter().fold(self.seen, |set, (source, roles)| {
            seen.with(set, source, roles)
        });
        let both = Self {
            records: self.records.saturating_add(other.records),
            label: labels.number(mine.and(its)),
            seen: set,
            ..self
        };
        both.at(self.first().min(other.first()))
    }

    /// The tuple, first seen at a place.
    pub(super) fn at(self, Locus { source, record }: Locus) -> Self {
        Self {
            record,
            source,
            ..self
        }
    }
}

/// The identity of a mention: what it says, not where or in which role.
pub(super) fn tuple_id(mention: &Mention) -> u128 {
    read(mention, |_| {})
}

/// The identity of a mention and its tokens: each value is hashed once. The upper half, by which tuples are ordered, is of the values
/// alone: which numbers the kinds have does not show in any order. The lower half is of all.
pub(super) fn read(mention: &Mention, mut put: impl FnMut(Token)) -> u128 {
    let kinds = mention.kinds.0;
    let mut high = 0x5851_f42d_4c95_7f2d;
    let mut low = (kinds as u64) ^ ((kinds >> 64) as u64).rotate_left(32);
    for (fact, kind, value) in mention.facts.iter() {
        let tag = (fact as u64) << 8;
        let of_value = hash(0, value);
        put(Token::with(fact, kind, value, of_value));
        high = mix(high ^ tag, of_value);
        low = mix(
            low.rotate_left(23) ^ tag ^ u64::from(kind),
            of_value.rotate_left(32) ^ 0x5851_f42d_4c95_7f2d,
        );
    }
    u128::from(high) << 64 | u128::from(low)
}

/// The number of a tuple by which others know it: the lower half of its identity.
pub(super) fn tuple_number(id: u128) -> u64 {
    id as u64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_no_place_is_left_out() {
        let mut rows = Rows::default();
        let token = Token::with(Fact::Id, 0, "1", 1);
        for id in 0..5 {
            let mut tuple: Tuple = bytemuck::Zeroable::zeroed();
            tuple.id = id;
            rows.push(tuple, &[token; 2], b"abc");
        }
        let left_out = |most: usize| {
            let mut ordered = Ordered {
                most,
                ..Ordered::new(1 << 20)
            };
            let labels = [Label::default()];
            ordered.add((rows.view(), &labels), &[], &mut Seen::default());
            let tuples = ordered.finish(None, Vec::new());
            assert!((0..tuples.tuples().len()).all(|at| tuples.tokens_of(at).len() == 2));
            (tuples.tuples().len(), tuples.left_out())
        };
        assert_eq!(left_out(15), (5, 0));
        assert_eq!(left_out(14), (4, 1));
        assert_eq!(left_out(6), (2, 3));
    }
}
