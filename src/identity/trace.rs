//! Why records are one person, or may be: the links that were made or refused, with what speaks for and against each, and what a
//! record says, masked.

use std::collections::HashSet;

use super::Mention;
use super::clusters::{Join, Level};
use super::deep::Deep;
use super::fact::{Fact, Token};
use super::keys::Walk;
use super::profile::{field, level};
use super::review::{Answer, Answers, PairId, Seal};
use super::tuples::{tuple_id, tuple_number};
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
    /// The user says so.
    Answered,
}

/// Why a link that much speaks for was not made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Numbers that one person has one of are different.
    Numbers,
    /// The birth dates are different.
    Births,
    /// Other records of the two disagree.
    Others,
    /// They are reached in different ways, and chance explains their names.
    Namesakes,
    /// Too much differs that rarely does.
    Outweighed,
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

/// How far two records agree in something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Agreement {
    /// They say the same.
    Same,
    /// They say nearly the same.
    Similar,
    /// They say different things.
    Differ,
}

/// What two records say of one thing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Evidence {
    /// Of what.
    pub what: &'static str,
    /// How far they agree.
    pub agreement: Agreement,
    /// Bits for one person against chance; `None` where nothing was weighed.
    pub bits: Option<f64>,
}

/// Two distinct records, and what speaks for and against one person.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// One of them, by the number that [`Mention::tuple`] gives.
    pub a: u64,
    /// The other.
    pub b: u64,
    /// What made the link, or would have made it.
    pub why: Why,
    /// Under which rules it holds; `Err` tells why it was refused.
    pub rules: Result<Rules, Refusal>,
    /// The sum of all evidence, and of how rare one person's records are among all pairs; `None` where nothing was weighed.
    pub bits: Option<f64>,
    /// What both say.
    pub evidence: Vec<Evidence>,
}

/// A pair on which the numbers hang, or on which the user has answered.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// Its name in the files of questions and answers.
    pub pair: PairId,
    /// The two records.
    pub link: Link,
    /// What the user says.
    pub answer: Option<Answer>,
}

/// A link between nodes while links are made.
#[derive(Clone, Copy)]
struct Made {
    a: u32,
    b: u32,
    why: Why,
    how: Result<Level, Refusal>,
}

/// The links while they are made, between nodes.
#[derive(Default)]
pub(super) struct Log {
    made: Vec<Made>,
    /// Whether all are kept, or only refused ones, and of these a few.
    pub(super) whole: bool,
    refused: usize,
}

/// Refused links that are kept in any case.
const REFUSED: usize = 1_000;
/// Refused links that are kept at most.
const MOST_REFUSED: usize = 200_000;
/// Refused links that a resolution tells.
const TOLD_REFUSED: usize = 10;

impl Log {
    /// A log of all links.
    pub(super) fn whole() -> Self {
        Self {
            whole: true,
            ..Self::default()
        }
    }

    pub(super) fn add(&mut self, a: u32, b: u32, why: Why, level: Level) {
        if self.whole {
            let how = Ok(level);
            self.made.push(Made { a, b, why, how });
        }
    }

    pub(super) fn refuse(&mut self, a: u32, b: u32, why: Why, refusal: Refusal) {
        if self.refused < if self.whole { MOST_REFUSED } else { REFUSED } {
            self.refused += 1;
            let how = Err(refusal);
            self.made.push(Made { a, b, why, how });
        }
    }

    /// The links that were made, in that order.
    pub(super) fn links(&self, told: &Told<'_>) -> Vec<Link> {
        let made = self.made.iter().filter(|made| made.how.is_ok());
        made.map(|made| told.link(made)).collect()
    }

    /// The strongest refused links between people who are two under all rules.
    pub(super) fn refused(&self, told: &Told<'_>) -> Vec<Link> {
        let refused: Vec<&Made> = self.made.iter().filter(|made| made.how.is_err()).collect();
        let mut refused = told.once(refused);
        refused.truncate(TOLD_REFUSED);
        refused.into_iter().map(|made| told.link(made)).collect()
    }

    /// The pairs on which the numbers hang, the strongest first, and those that the user has answered.
    pub(super) fn doubts(&self, told: &Told<'_>, seal: &Seal, answers: &Answers) -> Vec<Doubt> {
        let (made, refused): (Vec<&Made>, Vec<&Made>) =
            self.made.iter().partition(|made| made.how.is_ok());
        let mut pairs: Vec<&Made> = made
            .into_iter()
            .filter(|made| told.rules(made) != Ok(Rules::Strict) || made.why == Why::Answered)
            .collect();
        pairs.extend(told.once(refused));
        let doubts = pairs.into_iter().map(|made| {
            let link = told.link(made);
            let pair = seal.pair(link.a, link.b);
            Doubt {
                pair,
                answer: answers.of(&pair),
                link,
            }
        });
        let mut doubts: Vec<Doubt> = doubts.collect();
        let strength = |doubt: &Doubt| doubt.link.bits.unwrap_or(f64::NEG_INFINITY);
        doubts.sort_by(|x, y| {
            strength(y)
                .total_cmp(&strength(x))
                .then(x.link.rules.is_err().cmp(&y.link.rules.is_err()))
                .then_with(|| x.pair.cmp(&y.pair))
        });
        let mut seen = HashSet::new();
        doubts.retain(|doubt| seen.insert(doubt.pair.to_string()));
        doubts
    }
}

/// What is needed to tell a link.
pub(super) struct Told<'a> {
    pub(super) walk: Walk<'a>,
    pub(super) deep: Option<&'a Deep<'a>>,
    /// The root of every node in the lax, the plain and the strict pass.
    pub(super) roots: [&'a [u32]; 3],
}

impl Told<'_> {
    /// Under which rules a link holds: clusters of the strict pass may have fallen apart since.
    fn rules(&self, made: &Made) -> Result<Rules, Refusal> {
        let (a, b) = (made.a as usize, made.b as usize);
        Ok(match made.how? {
            Level::Strict if self.roots[2][a] == self.roots[2][b] => Rules::Strict,
            Level::Strict | Level::Plain => Rules::Plain,
            Level::Lax => Rules::Lax,
        })
    }

    /// Of refused links between the same two people the strongest, without those between people who became one; the strongest first.
    fn once<'m>(&self, refused: Vec<&'m Made>) -> Vec<&'m Made> {
        let [lax, plain, _] = self.roots;
        let mut apart: Vec<(Option<f64>, &Made)> = refused
            .into_iter()
            .filter(|made| lax[made.a as usize] != lax[made.b as usize])
            .map(|made| (self.deep.map(|deep| deep.weigh(made.a, made.b).bits), made))
            .collect();
        let nodes = |made: &Made| (made.a.min(made.b), made.a.max(made.b));
        apart.sort_by(|(x, p), (y, q)| {
            let strength = |bits: &Option<f64>| bits.unwrap_or(f64::NEG_INFINITY);
            strength(y)
                .total_cmp(&strength(x))
                .then_with(|| nodes(p).cmp(&nodes(q)))
        });
        let mut seen = HashSet::new();
        apart.retain(|(_, made)| {
            let (a, b) = (plain[made.a as usize], plain[made.b as usize]);
            seen.insert((a.min(b), a.max(b)))
        });
        apart.into_iter().map(|(_, made)| made).collect()
    }

    fn link(&self, made: &Made) -> Link {
        let id = |at: u32| {
            let tuple = self.walk.nodes[at as usize].tuple as usize;
            (tuple_number(self.walk.store.tuples()[tuple].id), tuple)
        };
        let ((a, ours), (b, theirs)) = (id(made.a), id(made.b));
        let (ours, theirs) = (
            self.walk.store.tokens_of(ours),
            self.walk.store.tokens_of(theirs),
        );
        let (bits, evidence) = match self.deep {
            None => (None, compared(ours, theirs, |_| true)),
            Some(deep) => {
                let mut weighed = weighed(deep, made.a, made.b);
                // Numbers of all kinds are weighed as one.
                weighed
                    .1
                    .extend(compared(ours, theirs, |fact| fact == Fact::User));
                (Some(weighed.0), weighed.1)
            }
        };
        Link {
            a,
            b,
            why: made.why,
            rules: self.rules(made),
            bits,
            evidence,
        }
    }
}

/// What two records say of the same things, by equality alone.
fn compared(ours: &[Token], theirs: &[Token], wanted: impl Fn(Fact) -> bool) -> Vec<Evidence> {
    let mut evidence: Vec<Evidence> = Vec::new();
    for (fact, what) in TOLD.into_iter().filter(|told| wanted(told.0)) {
        let of = |token: &&Token| token.fact() == fact;
        if !ours.iter().any(|token| of(&token)) || !theirs.iter().any(|token| of(&token)) {
            continue;
        }
        let alike = theirs.iter().filter(of).any(|token| ours.contains(token));
        evidence.push(Evidence {
            what,
            agreement: if alike {
                Agreement::Same
            } else {
                Agreement::Differ
            },
            bits: None,
        });
    }
    evidence
}

/// The sum of the evidence on two nodes, and its parts.
fn weighed(deep: &Deep<'_>, a: u32, b: u32) -> (f64, Vec<Evidence>) {
    let weight = deep.weigh(a, b);
    let mut evidence: Vec<Evidence> = Vec::new();
    let mut of = weight.levels.of;
    let mut parts = weight.parts;
    let (given, family) = (of[field::GIVEN], of[field::FAMILY]);
    if given == level::EXACT && family == level::EXACT {
        evidence.push(Evidence {
            what: "name",
            agreement: Agreement::Same,
            bits: Some(parts[field::GIVEN] + parts[field::FAMILY]),
        });
        (of[field::GIVEN], of[field::FAMILY]) = (level::MISSING, level::MISSING);
        parts[field::GIVEN] = 0.0;
    }
    for (at, what) in WEIGHED.into_iter().enumerate() {
        let agreement = match of[at] {
            level::MISSING => continue,
            level::EXACT => Agreement::Same,
            level::DIFFERENT => Agreement::Differ,
            _ => Agreement::Similar,
        };
        evidence.push(Evidence {
            what,
            agreement,
            bits: Some(parts[at]),
        });
    }
    evidence.sort_by_key(|evidence| evidence.agreement);
    (weight.bits, evidence)
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

/// What the weighed fields are called, in their order.
const WEIGHED: [&str; field::COUNT] = [
    "given name",
    "family name",
    "middle name",
    "reading",
    "birth date",
    "identity number",
    "e-mail",
    "phone",
    "address",
    "postal code",
    "city",
    "sex",
    "birth place",
    "employer",
    "rest of the row",
];

/// The facts that are told, and how.
const TOLD: [(Fact, &str); 18] = [
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
    (Fact::Member, "customer or member number"),
];

/// What a fact is called.
pub(super) fn name_of(fact: Fact) -> &'static str {
    let known = TOLD.iter().find(|told| told.0 == fact);
    known.map_or("another value", |told| told.1)
}

impl Mention {
    /// The number of the distinct record that it is; equal mentions have one.
    pub fn tuple(&self) -> u64 {
        tuple_number(tuple_id(self))
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
