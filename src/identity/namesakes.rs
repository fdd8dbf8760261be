//! Two of one name, of whom one thing more is known, and that differs: an old and a new phone, or two people. Under the lax rules they are one
//! where chance does not explain so many namesakes.
//!
//! In: the clusters of the lax pass. Out: links between namesakes. Family and given names are taken to be drawn each by itself, so that of all pairs of
//! people a share have both in common that is the product of the shares that have either. Names are put into classes by how many bear each half:
//! a list in which nobody stands twice has about as many namesakes as expected in each, and none of them is linked. Those of two sources are linked
//! where chance makes far fewer within a source ([`lists`]).

use foldhash::{HashMap, HashSet};
use rayon::prelude::*;

use super::clusters::{Clusters, Level};
use super::fact::{Fact, Token};
use super::keys::{Walk, first};
use super::lists::{self, Between};

/// Classes of family or given names: by the binary logarithm of their bearers.
const CLASSES: usize = 32;

/// More people of one name bear a common one.
const MOST: usize = 4;

/// The share of chance in the namesakes of a class up to which they are linked.
const DOUBT: f64 = 0.2;

/// Ways to reach somebody who moved that differ, at most: the address and the phone.
const MOVED: u32 = 2;

/// Unites namesakes under the lax rules.
pub(super) fn unite(clusters: &mut Clusters<'_>, walk: Walk<'_>) {
    let names = walk.repeated(|_, tokens, add| {
        let halves = [Fact::Name, Fact::Family, Fact::Given].map(|fact| first(tokens, fact));
        let sure = tokens.iter().all(|token| token.fact() != Fact::Doubt);
        if sure && halves.iter().all(|&half| half != 0) {
            add(halves[0]);
        }
    });
    let mut groups: Vec<Vec<u32>> = names
        .par_chunk_by(|a, b| a.0 == b.0)
        .map(|group| people(clusters, group))
        .filter(|people| people.len() > 1)
        .collect();
    let is_open = |group: &Vec<u32>| {
        group.len() <= MOST
            && group[1..]
                .iter()
                .any(|&at| may_be_one(clusters, group[0], at, MOVED))
    };
    if !groups.par_iter().any(is_open) {
        return;
    }
    let halves = [Fact::Family, Fact::Given].map(|fact| Half::count(clusters, walk, fact));
    let class = |at: u32| {
        let tokens = clusters.tokens(at);
        [(&halves[0], Fact::Family), (&halves[1], Fact::Given)]
            .map(|(half, fact)| half.class(first(tokens, fact)))
    };
    let mut seen = vec![[0u64; CLASSES]; CLASSES];
    for group in &groups {
        let [family, given] = class(group[0]);
        seen[family][given] += pairs(group.len() as u64);
    }
    let all = pairs(halves[0].people).max(1) as f64;
    let chance = |[family, given]: [usize; 2]| {
        let expected = halves[0].pairs[family] as f64 * halves[1].pairs[given] as f64 / all;
        expected / seen[family][given].max(1) as f64
    };
    let moved = moved(clusters, walk, &groups);
    // How many ways to reach namesakes may differ.
    let ways = |group: &Vec<u32>| match () {
        () if moved.contains(&group[0]) => Some(MOVED),
        () => (chance(class(group[0])) <= DOUBT).then_some(1),
    };
    groups.retain(|group| group.len() <= MOST);
    let sure: Vec<(u32, Vec<u32>)> = groups
        .into_iter()
        .filter_map(|group| Some((ways(&group)?, group)))
        .collect();
    clusters.by_name();
    for (ways, group) in sure {
        for &at in &group[1..] {
            if may_be_one(clusters, group[0], at, ways) {
                clusters.unite(group[0], at, true, Level::Lax);
            }
        }
    }
}

/// The first of each two namesakes of different sources, where chance hardly makes such.
fn moved(clusters: &Clusters<'_>, walk: Walk<'_>, groups: &[Vec<u32>]) -> HashSet<u32> {
    let none = HashSet::default;
    let mut of_person: HashMap<u32, u64> = HashMap::default();
    for at in 0..clusters.len() as u32 {
        let named = first(clusters.tokens(at), Fact::Name) != 0;
        if named {
            let Some(sources) = lists::sources(walk, at) else {
                return none();
            };
            *of_person.entry(clusters.top(at)).or_default() |= sources;
        }
    }
    let sets = |group: &Vec<u32>| -> Vec<u64> {
        let people = group.iter().map(|&at| clusters.top(at));
        people
            .filter_map(|person| of_person.get(&person).copied())
            .collect()
    };
    let of_groups: Vec<Vec<u64>> = groups.iter().map(sets).collect();
    let Some(between) = Between::new(
        of_person.values().copied(),
        of_groups.iter().map(Vec::as_slice),
    ) else {
        return none();
    };
    if between.chance() > DOUBT {
        return none();
    }
    let of_two = groups
        .iter()
        .zip(&of_groups)
        .filter(|(_, sets)| matches!(sets[..], [a, b] if a & b == 0));
    of_two.map(|(group, _)| group[0]).collect()
}

/// One node of each person in a group.
fn people(clusters: &Clusters<'_>, group: &[(u64, u32)]) -> Vec<u32> {
    let mut people: Vec<(u32, u32)> = group
        .iter()
        .map(|&(_, at)| (clusters.top(at), at))
        .collect();
    people.sort_unstable();
    people.dedup_by_key(|person| person.0);
    people.into_iter().map(|person| person.1).collect()
}

/// Whether nothing tells that two namesakes are two: so many ways at most to reach somebody are known of both.
fn may_be_one(clusters: &Clusters<'_>, a: u32, b: u32, ways: u32) -> bool {
    let [ours, theirs] = [a, b].map(|at| clusters.tokens(at));
    let differ = |fact: Fact| {
        let [x, y] = [ours, theirs].map(|tokens| first(tokens, fact));
        x != 0 && y != 0 && x != y
    };
    let births = [ours, theirs].map(|tokens| Token(first(tokens, Fact::Birth)));
    let same_birth = births[0].same_birth(births[1]);
    let apart = [Fact::Sex, Fact::Member, Fact::Middle, Fact::Origin]
        .into_iter()
        .any(differ);
    !apart
        && (same_birth || !differ(Fact::Birth))
        && clusters.contacts(a, b, Fact::Birth).0 <= ways
        && !clusters.numbers_differ(a, b)
}

/// How many people bear each family or given name.
struct Half {
    bearers: HashMap<u64, u32>,
    /// Pairs of people who bear the same, by class.
    pairs: [u64; CLASSES],
    /// People of whom it is known.
    people: u64,
}

impl Half {
    fn count(clusters: &Clusters<'_>, walk: Walk<'_>, fact: Fact) -> Self {
        let mut found = walk.gather(|at, tokens, out| {
            let half = first(tokens, fact);
            if half != 0 {
                out.push((half, clusters.top(at)));
            }
        });
        found.par_sort_unstable();
        found.dedup();
        let mut half = Self {
            bearers: HashMap::default(),
            pairs: [0; CLASSES],
            people: found.len() as u64,
        };
        for group in found
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1)
        {
            half.bearers.insert(group[0].0, group.len() as u32);
            half.pairs[group.len().ilog2() as usize] += pairs(group.len() as u64);
        }
        half
    }

    fn class(&self, half: u64) -> usize {
        self.bearers
            .get(&half)
            .map_or(0, |bearers| bearers.ilog2() as usize)
    }
}

fn pairs(n: u64) -> u64 {
    n * n.saturating_sub(1) / 2
}
