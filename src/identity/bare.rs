//! Names and nothing else, as lists of staff, members and voters have them.
//!
//! In: clusters in which all else is linked. Out: a name alone is the only person of that name, if there is one only. First and last word are not all of it:
//! `Maria Laura Silva` and `Maria Helena Silva`, `John A. Smith` and `John B. Smith`, Jr. and Sr. are two, in every count.

use super::clusters::{Clusters, Level};
use super::fact::Fact;
use super::keys::first;
use super::profile::{level, names};
use super::trace::Why;
use super::tuples::Tuples;

/// What stands between first and last word, and the generation; empty where unknown.
#[derive(Clone, Copy)]
struct Between<'s> {
    middle: &'s str,
    generation: &'s str,
}

impl<'s> Between<'s> {
    fn of(store: &'s Tuples, tuple: usize) -> Self {
        let mut between = Self {
            middle: "",
            generation: "",
        };
        for (fact, _, value) in store.facts_of(tuple) {
            match fact {
                Fact::Middle => between.middle = value,
                Fact::Generation => between.generation = value,
                _ => {}
            }
        }
        between
    }

    /// Whether nothing tells whose it is of several.
    fn is_open(&self) -> bool {
        self.middle.is_empty()
    }

    /// Whether the two may stand in one name: where both are known they are equal, an initial of each other or but a slip apart.
    fn fits(&self, other: &Self) -> bool {
        let heirs = [self.generation, other.generation];
        let are_heirs = heirs.iter().all(|word| !word.is_empty()) && heirs[0] != heirs[1];
        let middle = names(self.middle, other.middle);
        !are_heirs && (middle <= level::NEAR || middle == level::INITIAL)
    }
}

impl Clusters<'_> {
    /// A name and nothing else: the only person of that name, if there is one only.
    pub(super) fn bare_names(&mut self, level: Level) {
        self.now = Why::OnlyBearer;
        if !self.nodes.iter().any(|node| node.bare) {
            return;
        }
        let keys = self.walk.repeated(|_, tokens, add| {
            for fact in [Fact::Name, Fact::Reading] {
                Some(first(tokens, fact))
                    .filter(|&name| name != 0)
                    .into_iter()
                    .for_each(&mut *add);
            }
        });
        for group in keys.chunk_by(|a, b| a.0 == b.0) {
            self.bearers_of_one_name(group, level);
        }
    }

    fn bearers_of_one_name(&mut self, group: &[(u64, u32)], level: Level) {
        let (nodes, store) = (self.nodes, self.walk.store);
        let between = |at: u32| Between::of(store, nodes[at as usize].tuple as usize);
        let is_bare = |key: &&(u64, u32)| nodes[key.1 as usize].bare;
        let bare = group
            .iter()
            .filter(is_bare)
            .map(|key| (key.1, between(key.1)));
        let (open, told): (Vec<_>, Vec<_>) = bare.partition(|(_, between)| between.is_open());
        // One of each that may be somebody else.
        let mut heads: Vec<(u32, Between<'_>)> = Vec::new();
        for (at, between) in told.into_iter().chain(open) {
            let mut fitting = heads.iter().filter(|head| head.1.fits(&between));
            let head = fitting.next().map(|head| head.0);
            // Of several that may be meant nobody knows which; at least it is one of them.
            let is_sure = fitting.next().is_none() || level == Level::Lax;
            match head.filter(|_| is_sure) {
                Some(head) => {
                    self.unite(head, at, true, level);
                }
                None => heads.push((at, between)),
            }
        }
        let mut people: Vec<u32> = group
            .iter()
            .filter(|key| !nodes[key.1 as usize].bare)
            .map(|key| key.1)
            .collect();
        people.sort_by_cached_key(|&at| (self.root(at), at));
        people.dedup_by_key(|at| self.root(*at));
        let one = heads.len() == 1;
        for (head, own) in heads {
            let fits = |at: &&u32| {
                let of_person = between(**at);
                // Of several bare names only one that says so is the person.
                let is_said = one || level == Level::Lax || !own.is_open() && !of_person.is_open();
                is_said && own.fits(&of_person)
            };
            let mut fitting = people.iter().filter(fits);
            let first = fitting.next();
            if let Some(&person) = first.filter(|_| people.len() == 1 || level == Level::Lax) {
                self.unite(person, head, true, level);
            }
        }
    }
}
