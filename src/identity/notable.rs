//! What an investigator looks at first: the people with the most records, the values that many people share, and the strongest links that
//! were refused.

use std::cmp::Reverse;

use rayon::prelude::*;

use super::fact::{Fact, Token};
use super::keys::Walk;
use super::trace::{Link, name_of};
use crate::text::Masked;

/// How many of each are told.
const TOLD: usize = 10;
/// A value of fewer people is a family's.
const MANY_PEOPLE: usize = 5;

/// A person with many records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Large {
    /// The number of the subject.
    pub subject: u64,
    /// Records that speak of it.
    pub records: u64,
    /// Distinct ones among them.
    pub rows: u64,
}

/// A value that many people share: a switchboard, a dormitory, a filler.
#[derive(Clone, Debug)]
pub struct Hub {
    /// What it is.
    pub what: &'static str,
    /// The value, masked.
    pub masked: Masked,
    /// People who have it.
    pub persons: u64,
    /// Records that have it.
    pub records: u64,
}

/// A refused link between two people.
#[derive(Clone, Debug)]
pub struct Refused {
    /// The numbers of both subjects; 0 for a record that could be anybody.
    pub subjects: [u64; 2],
    /// What speaks for and against one person.
    pub link: Link,
}

/// The people with the most records, the largest first. `subjects` has the subject of each tuple, 0 for none.
pub(super) fn largest(walk: Walk<'_>, subjects: &[u32]) -> Vec<Large> {
    let last = subjects.iter().max().map_or(0, |&last| last as usize);
    let mut sums = vec![(0u32, 0u32); last + 1];
    for (tuple, &subject) in walk.store.tuples().iter().zip(subjects) {
        let sum = &mut sums[subject as usize];
        sum.0 = sum.0.saturating_add(tuple.records);
        sum.1 += 1;
    }
    let people = sums.into_iter().zip(0u64..).skip(1);
    let mut large: Vec<Large> = people
        .filter(|(sum, _)| sum.0 > 1)
        .map(|((records, rows), subject)| Large {
            subject,
            records: records.into(),
            rows: rows.into(),
        })
        .collect();
    large.sort_unstable_by_key(|person| (Reverse(person.records), person.subject));
    large.truncate(TOLD);
    large
}

/// The values that most people share, the most first; none where normal forms were dropped.
pub(super) fn hubs(walk: Walk<'_>, subjects: &[u32]) -> Vec<Hub> {
    if !walk.store.is_deep() {
        return Vec::new();
    }
    let keys = walk.repeated(|_, tokens, add| {
        let reaching = tokens.iter().filter(|token| reaches(token.fact()));
        reaching.for_each(|token| add(token.0));
    });
    let tuple = |node: u32| walk.nodes[node as usize].tuple as usize;
    let groups: Vec<&[(u64, u32)]> = keys.chunk_by(|a, b| a.0 == b.0).collect();
    let shared = groups.par_iter().filter(|group| group.len() >= MANY_PEOPLE);
    let mut shared: Vec<(u64, u64, u32)> = shared
        .map(|group| {
            let people = group.iter().map(|key| subjects[tuple(key.1)]);
            let mut people: Vec<u32> = people.filter(|&subject| subject != 0).collect();
            people.sort_unstable();
            people.dedup();
            (people.len() as u64, group[0].0, group[0].1)
        })
        .filter(|hub| hub.0 >= MANY_PEOPLE as u64)
        .collect();
    shared.sort_unstable_by_key(|&(persons, key, _)| (Reverse(persons), key));
    shared.truncate(TOLD);
    let hubs = shared.into_iter().filter_map(|(persons, key, node)| {
        let mut facts = walk.store.facts_of(tuple(node));
        let same = |&(fact, kind, value): &(Fact, u8, &str)| Token::new(fact, kind, value).0 == key;
        let (fact, _, value) = facts.find(same)?;
        let of = keys.partition_point(|other| other.0 < key)..;
        let of = keys[of].iter().take_while(|other| other.0 == key);
        let records = of.map(|key| u64::from(walk.store.tuples()[tuple(key.1)].records));
        Some(Hub {
            what: name_of(fact),
            masked: Masked::new(value),
            persons,
            records: records.sum(),
        })
    });
    hubs.collect()
}

/// Whether a fact is a way to reach somebody, or a number.
fn reaches(fact: Fact) -> bool {
    matches!(
        fact,
        Fact::Mail
            | Fact::Phone
            | Fact::SharedPhone
            | Fact::Card
            | Fact::Primary
            | Fact::Id
            | Fact::Account
            | Fact::User
            | Fact::Place
    )
}
