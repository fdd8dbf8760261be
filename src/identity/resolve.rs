//! Linking: which tuples speak of one person.
//!
//! Nodes are tuples in the order of their hashes, so that nothing depends on the order in which they came. Candidate links are made
//! from keys of one or two facts, the surest first, in three nested passes; a union is refused where the clusters contradict each other.

use rayon::prelude::*;

use super::clusters::{Clusters, LAX, Level, PLAIN, STRICT};
use super::count::count;
use super::deep::Deep;
use super::fact::Fact;
use super::store::{Store, tuple_id};
use super::{Headcount, Mention};
use crate::pattern::{Kind, KindSet, Patterns};

/// The people.
#[derive(Default)]
pub struct Resolution {
    /// Records (record and role) that speak of a person or an organisation.
    pub records: u64,
    /// Distinct ones.
    pub rows: u64,
    /// Households: people who share an address or a home phone, and a family name; a person of unknown address is one alone.
    pub households: u64,
    /// Organisations.
    pub organisations: u64,
    /// People.
    pub persons: Headcount,
    /// Contradictions of strong identifiers that were not merged.
    pub conflicts: u64,
    /// People by kind found of them.
    pub by_kind: Vec<(Kind, Headcount)>,
    /// People by the exact set of kinds found of them.
    pub by_kinds: Vec<(KindSet, Headcount)>,
    /// Tuples in order, with the subject of each; 0 for none.
    pub(super) subjects: Vec<(u128, u32)>,
}

impl Resolution {
    /// The subject of a mention that was in the store: numbers from 1 in order of first appearance; `None` for organisations
    /// and for what names nobody.
    pub fn subject(&self, mention: &Mention) -> Option<u64> {
        let at = self
            .subjects
            .binary_search_by_key(&tuple_id(mention), |entry| entry.0)
            .ok()?;
        Some(u64::from(self.subjects[at].1)).filter(|&subject| subject != 0)
    }
}

/// Links mentions to subjects.
pub fn resolve(_patterns: &Patterns, store: &Store) -> Resolution {
    link(store)
}

/// What linking looks at most often of a tuple.
#[derive(Clone, Copy, Default)]
pub(super) struct Node {
    /// Position in the store.
    pub(super) tuple: u32,
    /// Names enough to be a person by itself.
    pub(super) strong: bool,
    /// Has a full name and nothing else that tells who.
    pub(super) bare: bool,
    /// Has a birth date and nothing else beside the name.
    pub(super) thin: bool,
    pub(super) name: u64,
    pub(super) family: u64,
    pub(super) given: u64,
    pub(super) reading: u64,
    pub(super) birth: u64,
}

pub(super) fn link(store: &Store) -> Resolution {
    let mut order: Vec<u32> = (0..store.tuples().len() as u32).collect();
    order.par_sort_unstable_by_key(|&at| store.tuples()[at as usize].id);
    let all: Vec<Node> = order.par_iter().map(|&at| node(store, at)).collect();
    let (organisations, nodes): (Vec<Node>, Vec<Node>) = all
        .iter()
        .copied()
        .partition(|node| is_organisation(store, node));
    let mut clusters = Clusters::new(store, &nodes);
    for &key in STRICT {
        clusters.pass(key, Level::Strict);
    }
    let person = clusters.roots();
    let likely = |a: u32, b: u32| clusters.likely(a, b, Level::Lax);
    let mut deep =
        (store.is_deep() && nodes.len() > 1).then(|| Deep::new(store, &nodes, &person, likely));
    clusters.deepen(&mut deep, Level::Strict);
    let strict = clusters.roots();
    for &key in STRICT.iter().chain(PLAIN) {
        clusters.pass(key, Level::Plain);
    }
    clusters.deepen(&mut deep, Level::Plain);
    clusters.bare_names(Level::Plain);
    let plain = clusters.roots();
    let conflicts = clusters.conflicts;
    for &key in LAX {
        clusters.pass(key, Level::Lax);
    }
    clusters.deepen(&mut deep, Level::Lax);
    clusters.bare_names(Level::Lax);
    let lax = clusters.roots();
    count(
        store,
        &nodes,
        &organisations,
        [&lax, &plain, &strict],
        conflicts,
    )
}

fn node(store: &Store, at: u32) -> Node {
    let mut node = Node {
        tuple: at,
        ..Node::default()
    };
    let (mut points, mut others) = (0, 0);
    for &token in store.tokens_of(at as usize) {
        match token.fact() {
            Fact::Name => (node.name, points) = (token.0, points + 2),
            Fact::Family => node.family = token.0,
            Fact::Given => node.given = token.0,
            Fact::Reading => (node.reading, points) = (token.0, points + 2),
            Fact::Birth => (node.birth, points, others) = (token.0, points + 1, others + 1),
            Fact::Mail | Fact::Phone | Fact::Card | Fact::Primary | Fact::Id | Fact::Account => {
                (points, others) = (points + 2, others + 1)
            }
            Fact::SharedPhone | Fact::User | Fact::Place => {
                (points, others) = (points + 1, others + 1)
            }
            Fact::Zip | Fact::City => others += 1,
            _ => {}
        }
    }
    points += i32::from(node.name == 0 && (node.family != 0 || node.given != 0));
    node.strong = points >= 2;
    node.thin = others <= 1 && node.birth != 0;
    node.bare = (node.name != 0 || node.reading != 0) && others == 0;
    node
}

/// An organisation: its name or mailbox, and no person's.
fn is_organisation(store: &Store, node: &Node) -> bool {
    let tokens = store.tokens_of(node.tuple as usize);
    let has = |fact| tokens.iter().any(|token| token.fact() == fact);
    let named = node.name != 0 || node.family != 0 || node.given != 0 || node.reading != 0;
    !named
        && (has(Fact::Company) || has(Fact::RoleMail) && !has(Fact::Mail))
        && !has(Fact::Birth)
        && !has(Fact::Id)
        && !has(Fact::Primary)
}
