//! Counting: clusters to people, households and organisations, by kind and by set of kinds.

use std::collections::BTreeMap;

use foldhash::HashMap;
use rayon::prelude::*;

use super::breakdown::Clustered;
use super::fact::{Fact, mix};
use super::keys::{Walk, first};
use super::loose;
use super::resolve::{NOBODY, Node, Resolution};
use super::tuples::{Tuple, Tuples};
use super::{Headcount, Locus};
use crate::pattern::{Kind, KindSet};

/// Counts clusters. `levels` are the roots of the lax, the plain and the strict pass. The subjects are in the order of the store.
pub(super) fn count(walk: Walk<'_>, levels: [&[u32]; 3], conflicts: u64) -> Resolution {
    let [lax, plain, strict] = levels;
    let Walk { store, nodes, .. } = walk;
    let n = nodes.len();
    // A cluster counts when one of its members names somebody; under the strict rules every tuple may be somebody.
    let mut counts = vec![0u8; n];
    for (at, node) in nodes.iter().enumerate() {
        if node.strong {
            counts[lax[at] as usize] |= 1;
            counts[plain[at] as usize] |= 2;
        }
        if !node.bridge {
            counts[strict[at] as usize] |= 4;
        }
    }
    let all = counts.clone();
    loose::reduce(walk, [lax, plain], &mut counts);
    let total = |bit: u8| counts.par_iter().filter(|&&flags| flags & bit != 0).count() as u64;
    let counts = counts.as_slice();
    let clustered = Clustered {
        walk,
        roots: levels,
        counts,
    };
    let mut told = Resolution {
        persons: Headcount {
            min: total(1).min(total(2)),
            best: total(2),
            max: total(4),
        },
        conflicts,
        ..Resolution::default()
    };
    let by_region = || clustered.by_region(|region| (region.country() != region).then_some(region));
    rayon::scope(|scope| {
        scope.spawn(|_| {
            (told.by_kind, told.by_kinds) = by_kinds(store, nodes, levels, [&all, counts])
        });
        scope.spawn(|_| told.households = households(walk, plain, counts));
        scope.spawn(|_| told.by_source = clustered.by_source());
        scope.spawn(|_| told.by_role = clustered.by_role());
        scope.spawn(|_| {
            (told.by_country, told.nowhere) = clustered.by_region(|region| Some(region.country()))
        });
        scope.spawn(|_| told.by_region = by_region().0);
        scope.spawn(|_| told.own = clustered.own());
        scope.spawn(|_| told.subjects = number(walk, plain, counts));
        scope.spawn(|_| told.organisations = count_organisations(walk));
        scope.spawn(|_| told.parents = count_parents(walk));
    });
    let records = |tuple: &Tuple| u64::from(tuple.records);
    let bridges = || nodes.par_iter().filter(|node| node.bridge);
    let of_bridges = bridges().map(|node| records(&store.tuples()[node.tuple as usize]));
    told.records = store.tuples().par_iter().map(records).sum::<u64>() - of_bridges.sum::<u64>();
    told.rows = (store.tuples().len() - bridges().count()) as u64;
    let nobody = nodes.par_iter().zip(plain).filter(|&(node, &root)| {
        let counted = counts[root as usize] & 2 != 0;
        !counted && !node.bridge
    });
    told.anybody = nobody.count() as u64;
    told
}

/// People by kind, and by set of kinds, under the lax, the plain and the strict rules.
type ByKinds = (Vec<(Kind, Headcount)>, Vec<(KindSet, [u64; 3])>);

/// People by kind, whoever else may be meant by another key, and by set of kinds.
fn by_kinds(
    store: &Tuples,
    nodes: &[Node],
    levels: [&[u32]; 3],
    [all, counts]: [&[u8]; 2],
) -> ByKinds {
    let mut kinds: BTreeMap<Kind, [u64; 3]> = BTreeMap::new();
    let mut sets: HashMap<KindSet, [[u64; 3]; 2]> = HashMap::default();
    for (level, roots) in levels.into_iter().enumerate() {
        let mut found = vec![KindSet::default(); nodes.len()];
        for (node, &root) in nodes.iter().zip(roots) {
            found[root as usize] =
                found[root as usize].union(store.labels()[node.label as usize].kinds);
        }
        let of = found.iter().zip(all).zip(counts);
        for ((set, _), counts) in of.filter(|((_, all), _)| *all & 1 << level != 0) {
            let [of_kind, of_set] = sets.entry(*set).or_default();
            of_kind[level] += 1;
            of_set[level] += u64::from(counts >> level & 1);
        }
    }
    let sets: BTreeMap<KindSet, [[u64; 3]; 2]> = sets.into_iter().collect();
    for (set, [numbers, _]) in &sets {
        for kind in set.iter() {
            let entry = kinds.entry(kind).or_default();
            (0..3).for_each(|level| entry[level] += numbers[level]);
        }
    }
    let kinds = kinds.into_iter();
    let sets = sets.into_iter().map(|(set, [_, numbers])| (set, numbers));
    (
        kinds
            .map(|(kind, numbers)| (kind, Headcount::of(numbers)))
            .collect(),
        sets.filter(|(_, numbers)| *numbers != [0; 3]).collect(),
    )
}

/// Numbers people in order of first appearance.
fn number(walk: Walk<'_>, plain: &[u32], counts: &[u8]) -> Vec<u32> {
    let tuples = walk.store.tuples().par_iter().enumerate();
    let mut order: Vec<(Locus, u32)> = tuples
        .map(|(at, tuple)| (tuple.first(), at as u32))
        .collect();
    order.par_sort_unstable();
    let mut of_root = vec![0u32; walk.nodes.len()];
    let mut subjects = vec![0u32; walk.rank.len()];
    let mut last = 0;
    for (_, tuple) in order {
        let at = walk.rank[tuple as usize];
        let Some(&root) = plain.get(at as usize) else {
            continue;
        };
        let number = &mut of_root[root as usize];
        if *number == 0 && counts[root as usize] & 2 != 0 {
            last += 1;
            *number = last;
        }
        subjects[tuple as usize] = *number;
    }
    subjects
}

/// People with a known address or home phone, those with one of them and a family name in common taken together.
fn households(walk: Walk<'_>, plain: &[u32], counts: &[u8]) -> u64 {
    let settled = |fact| matches!(fact, Fact::Place | Fact::SharedPhone);
    let mut known = vec![false; walk.nodes.len()];
    for at in walk.gather(|at, tokens, out| {
        if tokens.iter().any(|token| settled(token.fact())) {
            out.push(at);
        }
    }) {
        let root = plain[at as usize] as usize;
        known[root] |= counts[root] & 2 != 0;
    }
    let keys = walk.repeated(|at, tokens, add| {
        let clan = match first(tokens, Fact::Clan) {
            0 => first(tokens, Fact::Family),
            clan => clan,
        };
        if clan != 0 && counts[plain[at as usize] as usize] & 2 != 0 {
            let shared = tokens.iter().filter(|token| settled(token.fact()));
            shared.for_each(|token| add(mix(clan, token.0)));
        }
    });
    let mut parent: Vec<u32> = (0..walk.nodes.len() as u32).collect();
    let mut total = known.iter().filter(|&&known| known).count() as u64;
    for group in keys.chunk_by(|a, b| a.0 == b.0) {
        for pair in group.windows(2) {
            let (a, b) = (plain[pair[0].1 as usize], plain[pair[1].1 as usize]);
            total -= u64::from(join(&mut parent, a, b));
        }
    }
    total
}

fn join(parent: &mut [u32], a: u32, b: u32) -> bool {
    let (a, b) = (find(parent, a), find(parent, b));
    parent[a.max(b) as usize] = a.min(b);
    a != b
}

fn find(parent: &mut [u32], mut at: u32) -> u32 {
    while parent[at as usize] != at {
        parent[at as usize] = parent[parent[at as usize] as usize];
        at = parent[at as usize];
    }
    at
}

/// Names of parents of whom nothing else is told.
fn count_parents(walk: Walk<'_>) -> u64 {
    let mut names: Vec<u64> = (0..walk.rank.len())
        .into_par_iter()
        .filter(|&tuple| walk.rank[tuple] == NOBODY)
        .map(|tuple| walk.store.tokens_of(tuple))
        .filter(|tokens| first(tokens, Fact::Descent) != 0)
        .map(|tokens| first(tokens, Fact::Name))
        .filter(|&name| name != 0)
        .collect();
    names.par_sort_unstable();
    names.dedup();
    names.len() as u64
}

/// Organisations that a record names; a function's mailbox alone (`info@`) names none.
fn count_organisations(walk: Walk<'_>) -> u64 {
    let of = [Fact::Company, Fact::RoleMail, Fact::Phone];
    let mut keys: Vec<(u64, u32)> = Vec::new();
    let mut named: Vec<bool> = Vec::new();
    for tuple in (0..walk.rank.len()).filter(|&tuple| walk.rank[tuple] == NOBODY) {
        let tokens = walk.store.tokens_of(tuple);
        let at = named.len() as u32;
        let shared = tokens.iter().filter(|token| of.contains(&token.fact()));
        keys.extend(shared.map(|token| (token.0, at)));
        named.push(first(tokens, Fact::Company) != 0);
    }
    keys.par_sort_unstable();
    let mut parent: Vec<u32> = (0..named.len() as u32).collect();
    for group in keys.chunk_by(|a, b| a.0 == b.0) {
        for pair in group.windows(2) {
            join(&mut parent, pair[0].1, pair[1].1);
        }
    }
    let mut known = vec![false; named.len()];
    for at in (0..named.len()).filter(|&at| named[at]) {
        known[find(&mut parent, at as u32) as usize] = true;
    }
    known.iter().filter(|&&known| known).count() as u64
}
