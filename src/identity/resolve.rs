//! Linking: which tuples speak of one person.
//!
//! Nodes are tuples in the order of their hashes, so that nothing depends on the order in which they came. Candidate links are made
//! from keys of one or two facts, the surest first, in three nested passes; a union is refused where the clusters contradict each other.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;

use super::deep::{Deep, Groups};
use super::fact::{Fact, Token, mix};
use super::store::{Store, tuple_id};
use super::{Headcount, Locus, Mention};
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
    subjects: Vec<(u128, u32)>,
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
    bare: bool,
    /// Has a birth date and nothing else beside the name.
    thin: bool,
    name: u64,
    family: u64,
    given: u64,
    reading: u64,
    birth: u64,
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
    let mut deep =
        (store.is_deep() && nodes.len() > 1).then(|| Deep::new(store, &nodes, &clusters.roots()));
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

/// The passes: strict links are in every count, plain ones in the best and the lowest, lax ones only in the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Strict,
    Plain,
    Lax,
}

/// What must be equal.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Join {
    /// A value that reaches one person: who has it is decided by the names beside it.
    Contact(Fact),
    /// The name and another value: decided.
    Named(Fact),
    /// The reading and another value.
    Read(Fact),
}

const STRICT: &[Join] = &[
    Join::Contact(Fact::Primary),
    Join::Contact(Fact::Id),
    Join::Named(Fact::Birth),
    Join::Contact(Fact::Mail),
    Join::Contact(Fact::Card),
    Join::Contact(Fact::Account),
    Join::Contact(Fact::Phone),
    Join::Named(Fact::Place),
    Join::Read(Fact::Birth),
    Join::Read(Fact::Place),
];
const PLAIN: &[Join] = &[
    Join::Named(Fact::Zip),
    Join::Named(Fact::SharedPhone),
    Join::Read(Fact::Zip),
    Join::Read(Fact::SharedPhone),
    Join::Contact(Fact::User),
];
const LAX: &[Join] = &[
    Join::Contact(Fact::Primary),
    Join::Contact(Fact::Id),
    Join::Contact(Fact::Mail),
    Join::Contact(Fact::Card),
];

/// Behind one contact value at most so many names are people who share it; more, and it is a switchboard or a filler.
const HUB_NAMES: usize = 4;

/// Behind so many names a value says nothing: namesakes meet there by chance.
const CROWD_NAMES: usize = 24;

/// Clusters being built.
struct Clusters<'s> {
    store: &'s Store,
    nodes: &'s [Node],
    parent: Vec<u32>,
    /// Of roots: birth date, name and reading of the cluster, 0 while unknown.
    birth: Vec<u64>,
    name: Vec<u64>,
    reading: Vec<u64>,
    /// Of roots that have any: identity numbers.
    ids: HashMap<u32, Vec<Token>>,
    conflicts: u64,
}

impl<'s> Clusters<'s> {
    fn new(store: &'s Store, nodes: &'s [Node]) -> Self {
        let ids = (0u32..).zip(nodes).filter_map(|(at, node)| {
            let ids: Vec<Token> = store
                .tokens_of(node.tuple as usize)
                .iter()
                .copied()
                .filter(|t| matches!(t.fact(), Fact::Id | Fact::Primary))
                .collect();
            (!ids.is_empty()).then_some((at, ids))
        });
        Self {
            store,
            nodes,
            parent: (0..nodes.len() as u32).collect(),
            birth: nodes.iter().map(|node| node.birth).collect(),
            name: nodes.iter().map(|node| node.name).collect(),
            reading: nodes.iter().map(|node| node.reading).collect(),
            ids: ids.collect(),
            conflicts: 0,
        }
    }

    fn root(&mut self, mut at: u32) -> u32 {
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    fn roots(&mut self) -> Vec<u32> {
        (0..self.nodes.len() as u32)
            .map(|at| self.root(at))
            .collect()
    }

    /// Joins two clusters unless they contradict each other. `named` = their names were found to agree.
    fn unite(&mut self, a: u32, b: u32, named: bool, level: Level) -> bool {
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return true;
        }
        let (a, b) = (a.min(b), a.max(b));
        let (i, j) = (a as usize, b as usize);
        let known = |x: u64, y: u64| x != 0 && y != 0;
        if level != Level::Lax {
            let names_differ = known(self.name[i], self.name[j]) && self.name[i] != self.name[j];
            let readings_agree =
                known(self.reading[i], self.reading[j]) && self.reading[i] == self.reading[j];
            if !named && names_differ && !readings_agree {
                return false;
            }
            let births_differ = known(self.birth[i], self.birth[j])
                && !Token(self.birth[i]).same_birth(Token(self.birth[j]));
            if births_differ || self.ids_differ(a, b, false) {
                return false;
            }
        }
        self.merge(a, b);
        true
    }

    /// Unites along the scored links of a level. They have a guard of their own; only numbers nobody can have two of stand above it.
    fn deepen(&mut self, deep: &mut Option<Deep<'_>>, level: Level) {
        let Some(deep) = deep else { return };
        let mut groups = Groups::new(&self.roots());
        deep.unite(&mut groups, level, |a, b| {
            let sure = level != Level::Strict
                || self.nodes[a as usize].thin == self.nodes[b as usize].thin;
            let (a, b) = (self.root(a), self.root(b));
            let allowed = sure && !self.ids_differ(a, b, true);
            if allowed && a != b {
                self.merge(a.min(b), a.max(b));
            }
            allowed
        });
    }

    fn merge(&mut self, a: u32, b: u32) {
        let (i, j) = (a as usize, b as usize);
        self.parent[j] = a;
        for values in [&mut self.birth, &mut self.name, &mut self.reading] {
            if values[i] == 0 {
                values[i] = values[j];
            }
        }
        if let Some(theirs) = self.ids.remove(&b) {
            let ours = self.ids.entry(a).or_default();
            ours.extend(theirs);
            ours.sort_unstable();
            ours.dedup();
        }
    }

    /// Whether both have a number of one kind and share none of it.
    fn ids_differ(&self, a: u32, b: u32, primary_only: bool) -> bool {
        let (Some(ours), Some(theirs)) = (self.ids.get(&a), self.ids.get(&b)) else {
            return false;
        };
        ours.iter()
            .filter(|id| !primary_only || id.fact() == Fact::Primary)
            .any(|id| {
                let mut same_kind = theirs
                    .iter()
                    .filter(|other| other.kind() == id.kind())
                    .peekable();
                same_kind.peek().is_some() && !same_kind.any(|other| ours.contains(other))
            })
    }

    fn pass(&mut self, join: Join, level: Level) {
        let keys = self.keys(join, level);
        for group in keys
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1)
        {
            match join {
                Join::Contact(fact) => self.contact_group(fact, group, level),
                Join::Named(_) | Join::Read(_) => self.named_group(group, level),
            }
        }
    }

    /// Every node under its keys, sorted.
    fn keys(&self, join: Join, level: Level) -> Vec<(u64, u32)> {
        let of = |(at, node): (u32, &Node)| {
            let (fact, base) = match join {
                Join::Contact(fact) => (fact, Some(0)),
                Join::Named(fact) => (fact, Some(node.name).filter(|&name| name != 0)),
                Join::Read(fact) => (fact, Some(node.reading).filter(|&reading| reading != 0)),
            };
            let tokens = self
                .store
                .tokens_of(node.tuple as usize)
                .iter()
                .filter(move |token| base.is_some() && token.fact() == fact);
            let base = base.unwrap_or(0);
            let thin = node.thin && level == Level::Strict;
            tokens.map(move |token| {
                // Name and birth date and nothing else is not enough to be sure of.
                let thin = u64::from(fact == Fact::Birth && thin);
                let value = if fact == Fact::Birth {
                    token.birth_class() << 1 | thin
                } else {
                    token.0
                };
                (if base == 0 { value } else { mix(base, value) }, at)
            })
        };
        let mut keys: Vec<(u64, u32)> = (0u32..).zip(self.nodes).flat_map(of).collect();
        keys.par_sort_unstable();
        keys
    }

    fn named_group(&mut self, group: &[(u64, u32)], level: Level) {
        // A contradiction inside the group (father and son of one name) must not keep later members from those they agree with.
        let mut heads: Vec<u32> = Vec::new();
        for &(_, at) in group {
            if !heads
                .iter()
                .take(8)
                .any(|&head| self.unite(head, at, true, level))
            {
                heads.push(at);
            }
        }
        if level == Level::Plain && heads.len() > 1 && self.heads_contradict(&heads) {
            self.conflicts += 1;
        }
    }

    fn heads_contradict(&mut self, heads: &[u32]) -> bool {
        let (a, b) = (self.root(heads[0]), self.root(heads[1]));
        a != b && self.ids_differ(a, b, false)
    }

    /// Those who share a contact value: by name, then those without a name.
    fn contact_group(&mut self, fact: Fact, group: &[(u64, u32)], level: Level) {
        let mut named: Vec<(u64, u32)> = Vec::new();
        let mut nameless: Vec<u32> = Vec::new();
        for &(_, at) in group {
            let root = self.root(at) as usize;
            match [
                self.name[root],
                self.reading[root],
                self.nodes[at as usize].family,
                self.nodes[at as usize].given,
            ]
            .into_iter()
            .find(|&name| name != 0)
            {
                Some(name) => named.push((name, at)),
                None => nameless.push(at),
            }
        }
        named.sort_unstable();
        if named.chunk_by(|a, b| a.0 == b.0).count() > CROWD_NAMES {
            return;
        }
        let mut heads: Vec<u32> = Vec::new();
        for same in named.chunk_by(|a, b| a.0 == b.0) {
            heads.push(same[0].1);
            same[1..].iter().for_each(|&(_, at)| {
                self.unite(same[0].1, at, true, level);
            });
        }
        if heads.len() <= HUB_NAMES {
            self.akin(fact, &heads, level);
        }
        heads
            .iter_mut()
            .for_each(|head| *head = self.parent[*head as usize]);
        let mut people: Vec<u32> = heads.iter().map(|&head| self.root(head)).collect();
        people.sort_unstable();
        people.dedup();
        let sure = fact != Fact::Phone && fact != Fact::User || level != Level::Strict;
        match people.len() {
            0 => nameless[1..].iter().for_each(|&at| {
                self.nameless(nameless[0], at, fact, level);
            }),
            1 if sure => nameless.iter().for_each(|&at| {
                self.nameless(people[0], at, fact, level);
            }),
            2..=HUB_NAMES if level != Level::Strict => nameless.iter().for_each(|&at| {
                self.nameless(people[0], at, fact, level);
            }),
            _ => {}
        }
        if fact == Fact::Primary && level == Level::Plain && people.len() > 1 {
            self.conflicts += 1;
        }
    }

    fn nameless(&mut self, head: u32, at: u32, fact: Fact, level: Level) -> bool {
        if fact == Fact::Phone && level != Level::Lax {
            let mail = |at: u32| {
                self.store
                    .tokens_of(self.nodes[at as usize].tuple as usize)
                    .iter()
                    .find(|token| token.fact() == Fact::Mail)
            };
            if let (Some(a), Some(b)) = (mail(head), mail(at))
                && a != b
            {
                return false;
            }
        }
        self.unite(head, at, false, level)
    }

    /// Different writings of a name behind one value: a part of it is missing, or changed with marriage.
    fn akin(&mut self, fact: Fact, heads: &[u32], level: Level) {
        for (i, &a) in heads.iter().enumerate() {
            for &b in &heads[..i] {
                let (x, y) = (self.nodes[a as usize], self.nodes[b as usize]);
                let equal = |p: u64, q: u64| p != 0 && p == q;
                let missing = |p: u64, q: u64| p == 0 || q == 0;
                let same_birth =
                    x.birth != 0 && y.birth != 0 && Token(x.birth).same_birth(Token(y.birth));
                let one_script_each =
                    x.name == 0 && y.reading == 0 || y.name == 0 && x.reading == 0;
                let agree = equal(x.reading, y.reading)
                    || equal(x.family, y.family) && missing(x.given, y.given)
                    || equal(x.given, y.given)
                        && (missing(x.family, y.family) || fact != Fact::Phone || same_birth)
                    || same_birth && matches!(fact, Fact::Id | Fact::Primary);
                if agree || one_script_each && heads.len() == 2 && fact != Fact::Phone {
                    self.unite(a, b, agree, level);
                }
            }
        }
    }

    /// A name and nothing else: the only person of that name, if there is one only.
    fn bare_names(&mut self, level: Level) {
        let mut keys: Vec<(u64, u32)> = Vec::new();
        for (at, node) in (0u32..).zip(self.nodes) {
            keys.extend(
                [node.name, node.reading]
                    .into_iter()
                    .filter(|&name| name != 0)
                    .map(|name| (name, at)),
            );
        }
        keys.par_sort_unstable();
        for group in keys
            .chunk_by(|a, b| a.0 == b.0)
            .filter(|group| group.len() > 1)
        {
            let bare: Vec<u32> = group
                .iter()
                .map(|key| key.1)
                .filter(|&at| self.nodes[at as usize].bare)
                .collect();
            let Some(&head) = bare.first() else { continue };
            bare[1..].iter().for_each(|&at| {
                self.unite(head, at, true, level);
            });
            let mut people: Vec<u32> = group
                .iter()
                .filter(|key| !self.nodes[key.1 as usize].bare)
                .map(|key| key.1)
                .collect();
            people.iter_mut().for_each(|at| *at = self.root(*at));
            people.sort_unstable();
            people.dedup();
            if people.len() == 1 || level == Level::Lax && !people.is_empty() {
                self.unite(people[0], head, true, level);
            }
        }
    }
}

/// Counts clusters. `levels` are the roots of the lax, the plain and the strict pass.
fn count(
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
        records: store.tuples().iter().map(|tuple| tuple.records).sum(),
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
