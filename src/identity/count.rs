//! Counting: clusters to people, households and organisations, by kind and by set of kinds.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::fact::{Fact, mix};
use super::resolve::{Node, Resolution};
use super::store::Store;
use super::{Headcount, Locus};
use crate::pattern::{Kind, KindSet};

/// Counts clusters. `levels` are the roots of the lax, the plain and the strict pass.
pub(super) fn count(
    store: &Store,
    nodes: &[Node],
    organisations: &[Node],
    levels: [&[u32]; 3],
    conflicts: u64,
) -> Resolution {
    let [lax, plain, strict] = levels;
    let n = nodes.len();
    // A cluster counts when one of its members names somebody; under the strict rules every tuple may be somebody.
    let mut counts = vec![0u8; n];
    for (at, node) in nodes.iter().enumerate() {
        if node.strong {
            counts[lax[at] as usize] |= 1;
            counts[plain[at] as usize] |= 2;
        }
        counts[strict[at] as usize] |= 4;
    }
    let total = |bit: u8| counts.iter().filter(|&&flags| flags & bit != 0).count() as u64;
    let mut resolution = Resolution {
        records: store
            .tuples()
            .iter()
            .map(|tuple| u64::from(tuple.records))
            .sum(),
        rows: store.tuples().len() as u64,
        households: households(store, nodes, plain, &counts),
        organisations: count_organisations(store, organisations),
        persons: Headcount {
            min: total(1),
            best: total(2),
            max: total(4),
        },
        conflicts,
        ..Resolution::default()
    };
    by_kinds(store, nodes, levels, &counts, &mut resolution);
    resolution.subjects = number(store, nodes, organisations, plain, &counts);
    resolution
}

fn by_kinds(
    store: &Store,
    nodes: &[Node],
    levels: [&[u32]; 3],
    counts: &[u8],
    resolution: &mut Resolution,
) {
    let mut kinds: BTreeMap<Kind, [u64; 3]> = BTreeMap::new();
    let mut sets: BTreeMap<KindSet, [u64; 3]> = BTreeMap::new();
    for (level, roots) in levels.into_iter().enumerate() {
        let mut found = vec![KindSet::default(); nodes.len()];
        for (node, &root) in nodes.iter().zip(roots) {
            found[root as usize] = found[root as usize].union(store.kinds_of(node.tuple as usize));
        }
        for (set, _) in found
            .iter()
            .zip(counts)
            .filter(|(_, flags)| *flags & 1 << level != 0)
        {
            sets.entry(*set).or_default()[level] += 1;
        }
    }
    for (set, numbers) in &sets {
        for kind in set.iter() {
            let entry = kinds.entry(kind).or_default();
            (0..3).for_each(|level| entry[level] += numbers[level]);
        }
    }
    resolution.by_kind = kinds
        .into_iter()
        .map(|(kind, numbers)| (kind, bounds(numbers)))
        .collect();
    resolution.by_kinds = sets
        .into_iter()
        .map(|(set, numbers)| (set, bounds(numbers)))
        .collect();
}

/// Of a part of the people the passes are not nested (a link moves somebody from one set of kinds to another).
fn bounds([lax, plain, strict]: [u64; 3]) -> Headcount {
    Headcount {
        min: lax.min(plain).min(strict),
        best: plain,
        max: lax.max(plain).max(strict),
    }
}

fn number(
    store: &Store,
    nodes: &[Node],
    organisations: &[Node],
    plain: &[u32],
    counts: &[u8],
) -> Vec<(u128, u32)> {
    let mut firsts = vec![None::<Locus>; nodes.len()];
    for (node, &root) in nodes.iter().zip(plain) {
        let first = store.tuples()[node.tuple as usize].first;
        let known = &mut firsts[root as usize];
        *known = Some(known.map_or(first, |known| known.min(first)));
    }
    let mut roots: Vec<(Locus, u32)> = (0u32..)
        .zip(&firsts)
        .filter_map(|(root, first)| Some(((*first)?, root)))
        .collect();
    roots.retain(|&(_, root)| counts[root as usize] & 2 != 0);
    roots.par_sort_unstable();
    let mut subject = vec![0u32; nodes.len()];
    for (number, (_, root)) in (1u32..).zip(roots) {
        subject[root as usize] = number;
    }
    let id = |node: &Node| store.tuples()[node.tuple as usize].id;
    let mut subjects: Vec<(u128, u32)> = nodes
        .iter()
        .zip(plain)
        .map(|(node, &root)| (id(node), subject[root as usize]))
        .collect();
    subjects.extend(organisations.iter().map(|node| (id(node), 0)));
    subjects.par_sort_unstable();
    subjects
}

fn households(store: &Store, nodes: &[Node], plain: &[u32], counts: &[u8]) -> u64 {
    let mut keys: Vec<(u64, u32)> = Vec::new();
    for (node, &root) in nodes.iter().zip(plain) {
        let tokens = store.tokens_of(node.tuple as usize);
        let clan = tokens
            .iter()
            .find(|token| token.fact() == Fact::Clan)
            .map_or(node.family, |token| token.0);
        if clan == 0 || counts[root as usize] & 2 == 0 {
            continue;
        }
        let shared = tokens
            .iter()
            .filter(|token| matches!(token.fact(), Fact::Place | Fact::SharedPhone));
        keys.extend(shared.map(|token| (mix(clan, token.0), root)));
    }
    keys.par_sort_unstable();
    let mut parent: Vec<u32> = (0..nodes.len() as u32).collect();
    let mut total = counts.iter().filter(|&&flags| flags & 2 != 0).count() as u64;
    for group in keys.chunk_by(|a, b| a.0 == b.0) {
        for pair in group.windows(2) {
            total -= u64::from(join(&mut parent, pair[0].1, pair[1].1));
        }
    }
    total
}

fn join(parent: &mut [u32], a: u32, b: u32) -> bool {
    let mut find = |mut at: u32| {
        while parent[at as usize] != at {
            parent[at as usize] = parent[parent[at as usize] as usize];
            at = parent[at as usize];
        }
        at
    };
    let (a, b) = (find(a), find(b));
    parent[a.max(b) as usize] = a.min(b);
    a != b
}

fn count_organisations(store: &Store, nodes: &[Node]) -> u64 {
    let of = [Fact::Company, Fact::RoleMail, Fact::Phone];
    let mut keys: Vec<(u64, u32)> = Vec::new();
    for (at, node) in (0u32..).zip(nodes) {
        keys.extend(
            store
                .tokens_of(node.tuple as usize)
                .iter()
                .filter(|token| of.contains(&token.fact()))
                .map(|token| (token.0, at)),
        );
    }
    keys.par_sort_unstable();
    let mut parent: Vec<u32> = (0..nodes.len() as u32).collect();
    let mut total = nodes.len() as u64;
    for group in keys.chunk_by(|a, b| a.0 == b.0) {
        for pair in group.windows(2) {
            total -= u64::from(join(&mut parent, pair[0].1, pair[1].1));
        }
    }
    total
}
