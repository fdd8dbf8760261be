//! Why records are one person: the links that were made, with what speaks for each, and what a record says, masked.

use super::Mention;
use super::clusters::{Join, Level};
use super::fact::Fact;
use super::keys::Walk;
use super::store::tuple_id;
use crate::text::Masked;

/// What made a link.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Why {
    /// An equal value that reaches one person; the names do not speak against it.
    Value(&'static str),
    /// An equal name or reading, and another equal value.
    NameAnd(&'static str),
    /// A name and nothing else: the only person who bears it.
    OnlyBearer,
    /// Similar values, weighed: so many bits for one person against chance.
    Bits(f64),
}

/// Under which rules a link holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rules {
    /// In every number.
    Strict,
    /// In the count and the lower bound, not in the upper one.
    Plain,
    /// In the lower bound alone.
    Lax,
}

/// Two distinct records that were taken for one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// One of them, by the number that [`Mention::tuple`] gives.
    pub a: u64,
    /// The other.
    pub b: u64,
    /// What made the link.
    pub why: Why,
    /// Under which rules it holds.
    pub rules: Rules,
    /// What both say alike.
    pub same: Vec<&'static str>,
    /// What both say, and differently.
    pub differ: Vec<&'static str>,
}

/// The links while they are made, between nodes.
#[derive(Default)]
pub(super) struct Log(Vec<(u32, u32, Why, Level)>);

impl Log {
    pub(super) fn add(&mut self, a: u32, b: u32, why: Why, level: Level) {
        self.0.push((a, b, why, level));
    }

    /// The links with what their records have in common.
    pub(super) fn links(self, walk: Walk<'_>) -> Vec<Link> {
        let id = |at: u32| {
            let tuple = walk.nodes[at as usize].tuple as usize;
            ((walk.store.tuples()[tuple].id >> 64) as u64, tuple)
        };
        let links = self.0.into_iter().map(|(a, b, why, level)| {
            let ((a, ours), (b, theirs)) = (id(a), id(b));
            let (ours, theirs) = (walk.store.tokens_of(ours), walk.store.tokens_of(theirs));
            let (mut same, mut differ) = (Vec::new(), Vec::new());
            for (fact, name) in TOLD {
                let of = |token: &&super::fact::Token| token.fact() == fact;
                let (mut x, mut y) = (ours.iter().filter(of).peekable(), theirs.iter().filter(of));
                if x.peek().is_none() || !theirs.iter().any(|token| token.fact() == fact) {
                    continue;
                }
                let alike = y.any(|token| ours.contains(token));
                let list = if alike { &mut same } else { &mut differ };
                if !list.contains(&name) {
                    list.push(name);
                }
            }
            let rules = match level {
                Level::Strict => Rules::Strict,
                Level::Plain => Rules::Plain,
                Level::Lax => Rules::Lax,
            };
            Link {
                a,
                b,
                why,
                rules,
                same,
                differ,
            }
        });
        links.collect()
    }
}

impl Why {
    /// What a pass links by.
    pub(super) fn of(join: Join) -> Self {
        match join {
            Join::Contact(fact) => Why::Value(name_of(fact)),
            Join::Named(fact) | Join::Read(fact) => Why::NameAnd(name_of(fact)),
        }
    }
}

/// The facts that are told, and how.
const TOLD: [(Fact, &str); 17] = [
    (Fact::Name, "name"),
    (Fact::Family, "family name"),
    (Fact::Given, "given name"),
    (Fact::Middle, "middle name"),
    (Fact::Reading, "reading"),
    (Fact::Birth, "birth date"),
    (Fact::Mail, "e-mail"),
    (Fact::Phone, "phone"),
    (Fact::SharedPhone, "shared phone"),
    (Fact::Card, "card"),
    (Fact::Primary, "personal number"),
    (Fact::Id, "identity number"),
    (Fact::Account, "bank account"),
    (Fact::User, "user name"),
    (Fact::Place, "address"),
    (Fact::City, "city"),
    (Fact::Zip, "postal code"),
];

fn name_of(fact: Fact) -> &'static str {
    let known = TOLD.iter().find(|told| told.0 == fact);
    known.map_or("another value", |told| told.1)
}

impl Mention {
    /// The number of the distinct record that it is; equal mentions have one.
    pub fn tuple(&self) -> u64 {
        (tuple_id(self) >> 64) as u64
    }

    /// What it says, in normal form and masked.
    pub fn told(&self) -> Vec<(&'static str, Masked)> {
        let split = self.facts.has(Fact::Family) && self.facts.has(Fact::Given);
        let facts = self.facts.iter();
        let facts = facts.filter(|fact| !(split && fact.0 == Fact::Name));
        facts
            .filter_map(|(fact, _, value)| {
                let told = TOLD.iter().find(|told| told.0 == fact)?;
                Some((told.1, Masked::new(value.trim_start_matches('~'))))
            })
            .collect()
    }
}
