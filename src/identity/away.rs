//! Tuples that memory has no room for: in unlinked files, in runs each in the order of identities.
//!
//! In: tuples of a shard, as they are put away. Out: all of a shard's tuples in order, those of its runs and those that stayed in memory merged;
//! equal ones are one, as if all had been in memory throughout.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;
use std::sync::Arc;

use foldhash::HashMap;

use super::fact::Token;
use super::seen::Seen;
use super::tuples::{Label, Tuple, View};
use crate::source::{Slab, SlabWriter};

/// What the numbers in a tuple stand for: labels, and sets of sources.
pub(super) type Tables = Arc<(Vec<Label>, Seen)>;

/// Takes tuples of the shards of a store.
pub(super) struct Writer {
    tuples: SlabWriter<Tuple>,
    tokens: SlabWriter<Token>,
    runs: Vec<Written>,
}

struct Written {
    shard: usize,
    tuples: Range<usize>,
    tokens: Range<usize>,
    tables: Tables,
}

/// Some tuples of a shard.
pub(super) struct Run {
    pub(super) shard: usize,
    tuples: Range<usize>,
    tokens: Range<usize>,
    tables: Tables,
    files: Arc<(Slab<Tuple>, Slab<Token>)>,
    /// The source of all, where it is not the one that is written.
    source: Option<u32>,
}

impl Default for Writer {
    fn default() -> Self {
        Self {
            tuples: SlabWriter::new(0),
            tokens: SlabWriter::new(0),
            runs: Vec::new(),
        }
    }
}

impl Writer {
    /// Puts away some tuples of a shard, which come in the order of identities.
    pub(super) fn put(
        &mut self,
        shard: usize,
        from: View<'_>,
        order: impl Iterator<Item = usize>,
        tables: Tables,
    ) {
        let (first, first_token) = (self.tuples.len(), self.tokens.len());
        let mut tokens_end = 0;
        for at in order {
            let tokens = from.tokens_of(at);
            tokens_end += tokens.len() as u32;
            self.tokens.extend_from_slice(tokens);
            self.tuples.extend_from_slice(&[Tuple {
                tokens_end,
                text_end: 0,
                ..from.tuples[at]
            }]);
        }
        self.runs.push(Written {
            shard,
            tuples: first..self.tuples.len(),
            tokens: first_token..self.tokens.len(),
            tables,
        });
    }

    /// What was put away.
    pub(super) fn finish(self) -> Vec<Run> {
        if self.runs.is_empty() {
            return Vec::new();
        }
        let files = Arc::new((self.tuples.finish(), self.tokens.finish()));
        let run = |written: Written| Run {
            shard: written.shard,
            tuples: written.tuples,
            tokens: written.tokens,
            tables: written.tables,
            files: Arc::clone(&files),
            source: None,
        };
        self.runs.into_iter().map(run).collect()
    }
}

impl Run {
    fn view(&self) -> View<'_> {
        View {
            tuples: &self.files.0[self.tuples.clone()],
            tokens: &self.files.1[self.tokens.clone()],
            text: &[],
        }
    }

    /// Says that all are of one source.
    pub(super) fn of_source(&mut self, source: u32) {
        self.source = Some(source);
    }
}

/// Numbers of labels, throughout a store.
#[derive(Default)]
pub(super) struct Labels {
    pub(super) all: Vec<Label>,
    index: HashMap<Label, u32>,
}

impl Labels {
    /// The number of a label, a new one where it is not known.
    pub(super) fn number(&mut self, label: Label) -> u32 {
        *self.index.entry(label).or_insert_with(|| {
            self.all.push(label);
            self.all.len() as u32 - 1
        })
    }
}

/// Tuples of one shard, in the order of identities.
struct Piece<'r> {
    view: View<'r>,
    labels: &'r [Label],
    /// The run, `None` for what stayed in memory.
    run: Option<&'r Run>,
    /// The sets of sources of the run, as the shard numbers them.
    sets: HashMap<u32, u32>,
}

impl Piece<'_> {
    /// A tuple, its label as the store numbers it, its set of sources as the shard does.
    fn tuple(&mut self, at: usize, labels: &mut Labels, seen: &mut Seen) -> Tuple {
        let tuple = self.view.tuples[at];
        let label = labels.number(self.labels[tuple.label as usize]);
        let Some(run) = self.run else {
            return Tuple { label, ..tuple };
        };
        let of = |source| run.source.unwrap_or(source);
        let set = *self.sets.entry(tuple.seen).or_insert_with(|| {
            let sources = run.tables.1.of(tuple.seen);
            sources.fold(0, |set, (source, roles)| seen.with(set, of(source), roles))
        });
        tuple.relabelled(label, set, of)
    }
}

/// Gives each tuple of a shard once, in order, with its tokens and normal forms: those that `stayed`, in order, with their labels, and those
/// of its runs. `seen` are the shard's sets of sources.
pub(super) fn merge(
    stayed: (View<'_>, &[Label]),
    runs: &[Run],
    seen: &mut Seen,
    labels: &mut Labels,
    mut give: impl FnMut(Tuple, &[Token], &[u8]),
) {
    let (view, own) = stayed;
    if runs.is_empty() {
        let numbers: Vec<u32> = own.iter().map(|&label| labels.number(label)).collect();
        for (at, tuple) in view.tuples.iter().enumerate() {
            let label = numbers[tuple.label as usize];
            give(
                Tuple { label, ..*tuple },
                view.tokens_of(at),
                view.text_of(at),
            );
        }
        return;
    }
    let stayed = Piece {
        view,
        labels: own,
        run: None,
        sets: HashMap::default(),
    };
    let of_run = |run| Piece {
        view: Run::view(run),
        labels: &run.tables.0,
        run: Some(run),
        sets: HashMap::default(),
    };
    let mut pieces: Vec<Piece<'_>> = std::iter::once(stayed)
        .chain(runs.iter().map(of_run))
        .collect();
    // The next of each piece, the lowest identity on top; of equal ones that which stayed.
    let mut heads: BinaryHeap<Reverse<(u128, usize, usize)>> = BinaryHeap::new();
    for (piece, of) in pieces.iter().enumerate() {
        heads.extend(
            of.view
                .tuples
                .first()
                .map(|tuple| Reverse((tuple.id, piece, 0))),
        );
    }
    let mut last: Option<(Tuple, View<'_>, usize)> = None;
    while let Some(Reverse((id, piece, at))) = heads.pop() {
        let of = &mut pieces[piece];
        let following = of.view.tuples.get(at + 1);
        heads.extend(following.map(|tuple| Reverse((tuple.id, piece, at + 1))));
        let tuple = of.tuple(at, labels, seen);
        let view = of.view;
        last = Some(match last {
            Some((known, view, at)) if known.id == id => (known.and(tuple, labels, seen), view, at),
            before => {
                if let Some((known, view, at)) = before {
                    give(known, view.tokens_of(at), view.text_of(at));
                }
                (tuple, view, at)
            }
        });
    }
    if let Some((known, view, at)) = last {
        give(known, view.tokens_of(at), view.text_of(at));
    }
}

#[cfg(test)]
mod tests {
    use super::super::Locus;
    use super::super::resolve::link;
    use super::super::store::{Log, Most, SharedStore, Store};
    use super::super::tests::mentions;
    use super::super::tuples::Tuples;

    const MANY: Most = Most {
        tuples: 800,
        bytes: usize::MAX,
        sample: 20,
        room: usize::MAX,
    };

    /// Records of some people, half of whom come again, word for word or under another number.
    fn row(n: usize) -> String {
        let person = n % 900;
        let again = if n % 7 == 4 { 7 } else { 3 };
        format!(
            "given=g{} | family=f{}n | birth=19{:02}-{:02}-{:02} | tel=090-{again}000-{person:04} | zip=104-00{:02}",
            person % 37,
            person % 83,
            person * 31 % 80 + 10,
            person % 12 + 1,
            person * 7 % 28 + 1,
            person % 60,
        )
    }

    /// Two sources, read in steps, under these limits.
    fn stored(most: Most, step: usize) -> Tuples {
        let mut all = Store::of(most);
        for (source, rows) in [(0, 0..1_500), (5, 1_000..2_000)] {
            let shared = SharedStore::of(most);
            for first in rows.clone().step_by(step) {
                let mut log = Log::default();
                for n in first..rows.end.min(first + step) {
                    let record = (n * 7919 % 10_007) as u64;
                    let at = Locus { source: 0, record };
                    let mentions = mentions(&row(n));
                    mentions.iter().for_each(|mention| log.add(mention, at));
                }
                shared.take(&mut log, true);
            }
            all.absorb(shared.into_store(), &|at| Locus { source, ..at });
        }
        all.into_tuples()
    }

    #[test]
    fn what_was_put_away_is_as_if_it_had_stayed() {
        let told = |tuples: &Tuples| -> Vec<String> {
            let one = |at: usize| {
                let tuple = tuples.tuples()[at];
                let label = tuples.labels()[tuple.label as usize];
                let seen: Vec<_> = tuples.seen_of(at).collect();
                let (first, tokens) = (tuple.first(), tuples.tokens_of(at));
                let (id, records) = (tuple.id, tuple.records);
                format!("{id:x} {records} {first:?} {label:?} {seen:?} {tokens:?}")
            };
            (0..tuples.tuples().len()).map(one).collect()
        };
        let stayed = stored(MANY, 2_000);
        let (expected, persons) = (told(&stayed), link(&stayed).persons);
        assert!(expected.len() > 900, "{}", expected.len());
        for step in [50, 333, 2_000] {
            let away = stored(Most { room: 0, ..MANY }, step);
            assert_eq!(told(&away), expected, "{step}");
            assert_eq!(away.sieve(), stayed.sieve(), "{step}");
            assert_eq!(link(&away).persons, persons, "{step}");
        }
    }
}
