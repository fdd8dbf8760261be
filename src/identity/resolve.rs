//! Linking: which tuples speak of one person.
//!
//! Nodes are tuples in the order of the store, which is that of their hashes, so that nothing depends on the order in which they came. Candidate links are made
//! from keys of one or two facts, the surest first, in three nested passes; a union is refused where the clusters contradict each other.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::clusters::{Clusters, LAX, Level, PLAIN, STRICT};
use super::copied;
use super::count::count;
use super::deep::Deep;
use super::doubt::fall_apart;
use super::fact::{Fact, Token};
use super::keys::Walk;
use super::likely::Likely;
use super::listed;
use super::namesakes;
use super::notable::{Hub, Large, Refused, hubs, largest};
use super::pieces;
use super::review::{Answers, Applied, Rejected, Seal};
use super::sample::{self, Sampled};
use super::spoken;
use super::store::Store;
use super::trace::{Doubt, Link, Log, Told};
use super::tuples::{Tuples, tuple_number};
use super::whole;
use super::{Headcount, Mention};
use crate::pattern::region::Region;
use crate::pattern::{Kind, KindSet, Patterns, Role};

/// The people.
#[derive(Default)]
pub struct Resolution {
    /// Records (record and role) that speak of a person or an organisation.
    pub records: u64,
    /// Distinct ones.
    pub rows: u64,
    /// Distinct ones that are in no number: more than there is room for.
    pub left_out: u64,
    /// Households among the people whose address or home phone is known: those who share it, and a family name, are one.
    pub households: u64,
    /// Organisations.
    pub organisations: u64,
    /// Names of fathers and mothers that a form of identification asks for, of whom nothing else is told; they are not counted as people.
    pub parents: u64,
    /// Whether all similar records were weighed; too many, and only equal values link.
    pub weighed: bool,
    /// Where they were not: what weighing samples took off `min` and `best`.
    pub sampled: Option<Sampled>,
    /// People.
    pub persons: Headcount,
    /// Contradictions of strong identifiers that were not merged.
    pub conflicts: u64,
    /// Distinct records that name too little to be anybody in particular: they count in the upper bound alone.
    pub anybody: u64,
    /// People of the user's own organisation, by their mailboxes.
    pub own: Headcount,
    /// People by the ordinal of the source; whoever is in several counts in each. Later sources have nobody.
    pub by_source: Vec<Headcount>,
    /// People by role; whoever plays several counts in each.
    pub by_role: Vec<(Role, Headcount)>,
    /// People by the country they live in, in order of code.
    pub by_country: Vec<(Region, Headcount)>,
    /// People by prefecture or state, in order of code.
    pub by_region: Vec<(Region, Headcount)>,
    /// People of whom nothing says where they live.
    pub nowhere: Headcount,
    /// People by kind found of them.
    pub by_kind: Vec<(Kind, Headcount)>,
    /// People by the exact set of kinds found of them, under the lax, the plain and the strict rules.
    pub by_kinds: Vec<(KindSet, [u64; 3])>,
    /// The links that were made, in that order; empty unless they were asked for.
    pub links: Vec<Link>,
    /// The pairs on which the numbers hang, the strongest first, with those that the user has answered; empty unless they were asked for.
    pub doubts: Vec<Doubt>,
    /// The strongest links that were refused, a few.
    pub refused: Vec<Refused>,
    /// The people with the most records, a few.
    pub largest: Vec<Large>,
    /// The values that most people share, a few.
    pub hubs: Vec<Hub>,
    /// Answers that could not be used.
    pub rejected: Vec<Rejected>,
    /// The numbers of tuples, in order.
    pub(super) tuples: Vec<u64>,
    /// The subject of each; 0 for none.
    pub(super) subjects: Vec<u32>,
}

impl Resolution {
    /// The subject of a mention that was in the store: numbers from 1 in order of first appearance; `None` for organisations
    /// and for what names nobody.
    pub fn subject(&self, mention: &Mention) -> Option<u64> {
        self.subject_of(mention.tuple())
    }

    /// The subject of a distinct record, by the number that [`Mention::tuple`] gives.
    pub fn subject_of(&self, id: u64) -> Option<u64> {
        let at = self.tuples.binary_search(&id).ok()?;
        Some(u64::from(self.subjects[at])).filter(|&subject| subject != 0)
    }

    /// Lowers `min` and `best` of every part of the people to these shares.
    pub(super) fn scale(&mut self, min: f64, best: f64) {
        let to = |n: u64, share: f64| (n as f64 * share).round() as u64;
        let scaled = |of: &mut Headcount| {
            of.best = to(of.best, best).min(of.best);
            of.min = to(of.min, min).min(of.min).min(of.best);
        };
        let of_sources = self.by_source.iter_mut();
        let of_roles = self.by_role.iter_mut().map(|part| &mut part.1);
        let of_countries = self.by_country.iter_mut().map(|part| &mut part.1);
        let of_regions = self.by_region.iter_mut().map(|part| &mut part.1);
        let of_kinds = self.by_kind.iter_mut().map(|part| &mut part.1);
        of_sources
            .chain(of_roles)
            .chain(of_countries)
            .chain(of_regions)
            .chain(of_kinds)
            .chain([&mut self.nowhere, &mut self.own])
            .for_each(scaled);
        for (_, [lax, plain, _]) in &mut self.by_kinds {
            (*lax, *plain) = (to(*lax, min), to(*plain, best));
        }
    }
}

/// Links mentions to subjects.
pub fn resolve(_patterns: &Patterns, store: Store) -> Resolution {
    link(&store.into_tuples())
}

/// Links mentions to subjects as the user's answers have it; `traced` keeps the links that were made and the doubtful pairs.
pub fn resolve_with(
    _patterns: &Patterns,
    store: Store,
    answers: &Answers,
    traced: bool,
) -> Resolution {
    link_with(&store.into_tuples(), answers, traced)
}

/// The rank of a tuple that is no node: it speaks of an organisation.
pub(super) const NOBODY: u32 = u32::MAX;

/// A tuple that speaks of a person.
#[derive(Clone, Copy, Default)]
pub(super) struct Node {
    /// Position in the store.
    pub(super) tuple: u32,
    /// What it is counted under, as the store numbers it.
    pub(super) label: u32,
    /// Names enough to be a person by itself.
    pub(super) strong: bool,
    /// Has a full name and nothing else that tells who.
    pub(super) bare: bool,
    /// Has a number by which tables point at people.
    pub(super) numbered: bool,
    /// Has a birth date and nothing else beside the name.
    pub(super) thin: bool,
    /// Known by a family name alone, in a column of names.
    pub(super) listed: bool,
    /// Has numbers and nothing else, and is nobody: it leads from the one number to the other, or may be whose number it has.
    pub(super) bridge: bool,
}

pub(super) fn link(store: &Tuples) -> Resolution {
    link_with(store, &Answers::default(), false)
}

fn link_with(store: &Tuples, answers: &Answers, traced: bool) -> Resolution {
    let (nodes, rank) = ranked(store);
    let walk = Walk {
        store,
        nodes: &nodes,
        rank: &rank,
    };
    let seal = (traced || !answers.is_empty()).then(|| Seal::of(store));
    let applied = seal
        .as_ref()
        .map(|seal| answers.among(walk, seal))
        .unwrap_or_default();
    let Linked {
        roots,
        conflicts,
        log,
        deep,
    } = linked(walk, &applied, traced);
    let roots = roots.each_ref().map(Vec::as_slice);
    let told = Told {
        walk,
        deep: deep.as_ref(),
        roots,
    };
    let (mut links, mut doubts) = (Vec::new(), Vec::new());
    if let Some(seal) = seal.filter(|_| traced) {
        links = log.links(&told);
        doubts = log.doubts(&told, &seal, answers);
    }
    let refused = log.refused(&told);
    let mut resolution = count(walk, roots, conflicts);
    resolution.weighed = store.is_deep();
    resolution.left_out = store.left_out();
    resolution.rejected = applied.rejected;
    (resolution.links, resolution.doubts) = (links, doubts);
    let subjects = &resolution.subjects;
    (resolution.largest, resolution.hubs) =
        rayon::join(|| largest(walk, subjects), || hubs(walk, subjects));
    if let Some(sieve) = store.sieve() {
        let [lax, plain, _] = roots;
        sample::estimate(walk, [lax, plain], sieve, &mut resolution);
    }
    index(&mut resolution, store);
    note(&mut resolution, refused);
    resolution
}

/// Nodes linked under all rules.
pub(super) struct Linked<'s> {
    /// The root of each node under the lax, the plain and the strict rules.
    pub(super) roots: [Vec<u32>; 3],
    conflicts: u64,
    log: Log,
    deep: Option<Deep<'s>>,
}

/// Links nodes as the user's answers have it; `traced` keeps the links that were made.
pub(super) fn linked<'s>(walk: Walk<'s>, applied: &Applied, traced: bool) -> Linked<'s> {
    let Walk { store, nodes, .. } = walk;
    let mut clusters = Clusters::new(walk);
    if traced {
        clusters.log = Log::whole();
    }
    clusters.answer(&applied.one, &applied.two);
    pieces::unite(&mut clusters, walk);
    clusters.passes(STRICT, Level::Strict);
    spoken::unite(&mut clusters, walk, Level::Strict);
    let person = clusters.roots();
    let deep = (store.is_deep() && nodes.len() > 1).then(|| {
        let likely = Likely::new(&clusters, Level::Lax);
        Deep::new(store, nodes, &person, &likely)
    });
    clusters.deepen(deep.as_ref(), Level::Strict);
    copied::unite(&mut clusters, walk, deep.as_ref(), Level::Strict);
    let mut strict = clusters.roots();
    if let Some(deep) = &deep {
        fall_apart(deep, &mut strict);
        reunite(&mut strict, &applied.one);
    }
    clusters.passes(STRICT.iter().chain(PLAIN), Level::Plain);
    spoken::unite(&mut clusters, walk, Level::Plain);
    clusters.deepen(deep.as_ref(), Level::Plain);
    whole::unite(&mut clusters, walk, Level::Plain);
    clusters.bare_names(Level::Plain);
    listed::unite(&mut clusters, nodes, Level::Plain);
    let plain = clusters.roots();
    let conflicts = clusters.conflicts;
    clusters.deep = deep.as_ref();
    clusters.passes(LAX, Level::Lax);
    clusters.deepen(deep.as_ref(), Level::Lax);
    if deep.is_some() {
        namesakes::unite(&mut clusters, walk);
    }
    clusters.bare_names(Level::Lax);
    listed::unite(&mut clusters, nodes, Level::Lax);
    let lax = clusters.roots();
    let log = std::mem::take(&mut clusters.log);
    drop(clusters);
    Linked {
        roots: [lax, plain, strict],
        conflicts,
        log,
        deep,
    }
}

/// Notes the refused links with their subjects.
fn note(resolution: &mut Resolution, refused: Vec<Link>) {
    let of = |id| resolution.subject_of(id).unwrap_or(0);
    let refused = refused.into_iter().map(|link| Refused {
        subjects: [of(link.a), of(link.b)],
        link,
    });
    resolution.refused = refused.collect();
}

/// Orders tuples by their numbers, by which they are looked for.
fn index(resolution: &mut Resolution, store: &Tuples) {
    let numbers = store
        .tuples()
        .par_iter()
        .map(|tuple| tuple_number(tuple.id));
    let subjects = resolution.subjects.par_iter().copied();
    let mut known: Vec<(u64, u32)> = numbers.zip(subjects).collect();
    known.par_sort_unstable();
    (resolution.tuples, resolution.subjects) = known.into_iter().unzip();
}

/// The tuples that speak of a person, and the rank of each tuple among them.
pub(super) fn ranked(store: &Tuples) -> (Vec<Node>, Vec<u32>) {
    let seen: Vec<Option<Node>> = (0..store.tuples().len() as u32)
        .into_par_iter()
        .map(|at| node(store, at))
        .collect();
    let mut rank = vec![NOBODY; seen.len()];
    let mut nodes = Vec::with_capacity(seen.len());
    for (rank, node) in rank.iter_mut().zip(&seen) {
        if let Some(node) = node {
            *rank = nodes.len() as u32;
            nodes.push(*node);
        }
    }
    if nodes.iter().all(|node| node.numbered || !node.strong) {
        bare_numbers(store, &mut nodes);
    }
    listed::settle(store, &mut nodes);
    (nodes, rank)
}

/// A number of a customer and no more is somebody by itself, unless there are people of whom no number of that sort is known: it may be theirs.
/// The customers of a shop that logs them in have the numbers of its users.
fn bare_numbers(store: &Tuples, nodes: &mut [Node]) {
    let sorts = |node: &Node| {
        let tokens = store.tokens_of(node.tuple as usize).iter();
        let members = tokens.filter(|token| token.fact() == Fact::Member && !token.is_unsure());
        members.fold([0u64; 4], |mut sorts, token| {
            sorts[usize::from(token.kind() / 64)] |= 1 << (token.kind() % 64);
            sorts
        })
    };
    let both = |a: [u64; 4], b: [u64; 4]| std::array::from_fn(|at| a[at] | b[at]);
    let people = nodes.par_iter().filter(|node| node.strong);
    let known = people.map(sorts).reduce_with(both);
    let numbered = nodes.par_iter_mut().filter(|node| node.numbered);
    numbered.filter(|node| !node.bridge).for_each(|node| {
        let is_known = |known: [u64; 4]| sorts(node).iter().zip(known).any(|(a, b)| a & b != 0);
        node.strong |= known.is_none_or(is_known);
    });
}

/// Takes pairs together again that the user says are one person.
fn reunite(roots: &mut [u32], pairs: &[(u32, u32)]) {
    if pairs.is_empty() {
        return;
    }
    let mut parent: BTreeMap<u32, u32> = BTreeMap::new();
    fn top(parent: &BTreeMap<u32, u32>, mut at: u32) -> u32 {
        while let Some(&above) = parent.get(&at) {
            at = above;
        }
        at
    }
    for &(a, b) in pairs {
        let (a, b) = (
            top(&parent, roots[a as usize]),
            top(&parent, roots[b as usize]),
        );
        if a != b {
            parent.insert(a.max(b), a.min(b));
        }
    }
    roots
        .iter_mut()
        .for_each(|root| *root = top(&parent, *root));
}

/// The node of a tuple, `None` if it speaks of an organisation, or of a parent by name only.
fn node(store: &Tuples, at: u32) -> Option<Node> {
    let tokens = store.tokens_of(at as usize);
    let (mut points, mut others) = (0, 0);
    let mut facts = 0u32;
    let sure = |token: &Token| token.fact() == Fact::Member && !token.is_unsure();
    for &token in tokens {
        let fact = token.fact();
        facts |= 1 << fact as u32;
        match fact {
            Fact::Name | Fact::Reading => points += 2,
            Fact::Birth => (points, others) = (points + 1, others + 1),
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
    let has = |fact: Fact| facts >> fact as u32 & 1 != 0;
    let part = has(Fact::Family) || has(Fact::Given);
    let named = has(Fact::Name) || has(Fact::Reading) || part;
    let organisation = has(Fact::Company) || has(Fact::RoleMail) && !has(Fact::Mail);
    // Companies have numbers, too, also of their taxes.
    let numbered = [Fact::Id, Fact::Primary].into_iter().any(has) && !has(Fact::Company);
    let personal = has(Fact::Birth) || numbered;
    if organisation && !named && !personal || has(Fact::Descent) {
        return None;
    }
    points += i32::from(!has(Fact::Name) && part);
    if has(Fact::Doubt) {
        let names = [Fact::Name, Fact::Reading]
            .into_iter()
            .filter(|&fact| has(fact));
        points = match names.count() as i32 {
            0 => 0,
            names => points - 2 * names,
        };
    }
    let label = store.tuples()[at as usize].label;
    let kinds = store.labels()[label as usize].kinds;
    Some(Node {
        tuple: at,
        label,
        strong: points >= 2,
        thin: others <= 1 && has(Fact::Birth),
        bare: (has(Fact::Name) || has(Fact::Reading)) && others == 0,
        numbered: has(Fact::Member) && (named || !has(Fact::Doubt)),
        bridge: facts == 1 << Fact::Member as u32
            && (kinds == KindSet::default() || !tokens.iter().any(sure)),
        listed: has(Fact::Listed) && points < 2,
    })
}

#[cfg(test)]
mod tests {
    use super::super::tests::resolved;

    #[track_caller]
    fn check(rows: &[&str], expected: [u64; 3]) {
        let persons = resolved(rows).persons;
        assert_eq!(
            [persons.min, persons.best, persons.max],
            expected,
            "{rows:?}"
        );
    }
    /// A normalised database says the name in one table and all else in others; `user#` is a column of numbers of users.
    #[test]
    fn numbers_of_customers_join_tables() {
        let users = ["user#=1 | name=佐藤健", "user#=2 | name=鈴木葵"];
        let and = |more: &[&'static str]| [&users[..], more].concat();
        check(
            &and(&[
                "user#=1 | tel=090-2345-6701",
                "user#=02 | addr=東京都中央区銀座1-1",
            ]),
            [2, 2, 2],
        );
        // Numbers of another sort, of another system, and no number at all.
        check(&and(&["member#=1 | tel=090-2345-6701"]), [3, 3, 3]);
        check(
            &and(&["user#=1 | name=高橋翔 | tel=090-2345-6701"]),
            [3, 3, 3],
        );
        check(&and(&["user#=0 | tel=090-2345-6701"]), [3, 3, 3]);
        // Kanji in one system, kana in the other: for sure only where the kanji are read so.
        check(
            &["employee#=7 | name=佐藤健", "employee#=7 | kana=サトウケン"],
            [1, 1, 1],
        );
        check(
            &[
                "employee#=7 | name=佐藤健",
                "employee#=7 | kana=サトウミノル",
            ],
            [1, 1, 2],
        );
        // A salesperson's number stands at all their customers.
        let phones: Vec<String> = (0..6)
            .map(|n| format!("user#=1 | tel=090-2345-670{n}"))
            .collect();
        let phones: Vec<&str> = phones.iter().map(String::as_str).collect();
        check(&phones, [6, 6, 6]);
        // Without a name, a number is somebody only where nobody else may be meant.
        check(
            &[
                "user#=1 | zip=104-0061",
                "user#=2 | zip=104-0061",
                "user#=1 | zip=150-0001",
            ],
            [2, 2, 2],
        );
        check(
            &[
                "user#=1 | zip=104-0061",
                "name=佐藤健 | mail=ken@example.com",
            ],
            [1, 1, 2],
        );
    }

    /// A bare number is somebody where those of its sort are known people, or nobody is known at all.
    #[test]
    fn bare_numbers_of_another_sort() {
        let customers = ["customer#=1 | name=佐藤健", "customer#=2 | name=鈴木葵"];
        let and = |more: &[&'static str]| [&customers[..], more].concat();
        let zips = ["user#=1 | zip=104-0061", "user#=2 | zip=150-0001"];
        check(&and(&zips), [2, 2, 4]);
        check(&zips, [2, 2, 2]);
        check(&and(&["customer#=3 | zip=104-0061"]), [3, 3, 3]);
    }

    #[test]
    fn numbers_lead_over_a_second_table() {
        // The card of an order, whose own table says who ordered; the name on it in Latin letters.
        check(
            &[
                "user#=1 | mail=ken@example.com",
                "user#=1 | name=佐藤健 | kana=サトウケン",
                "user#=2 | name=鈴木葵 | kana=スズキアオイ",
                "user#=1 | order#=31",
                "user#=2 | order#=32",
                "user#=2 | order#=33",
                "user#=9 | order#=34",
                "order#=31 | name=KEN SATO",
                "order#=33 | card=4111-1111-1111-1111",
            ],
            [2, 2, 2],
        );
        // An office's phone stands at the addresses of all who work there.
        check(
            &[
                "user#=1 | name=佐藤健",
                "user#=2 | name=鈴木葵",
                "user#=1 | tel=03-3345-6701 | zip=100-0001",
                "user#=2 | tel=03-3345-6701 | zip=100-0001",
                "user#=1 | mail=ken@example.com",
                "user#=2 | mail=aoi@example.com",
            ],
            [2, 2, 2],
        );
    }
}
