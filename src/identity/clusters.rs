//! Clusters being built: unions along equal keys, refused where two clusters contradict each other.

use super::chance::{Bearers, Chance};
use super::deep::{Deep, Groups};
use super::fact::{Fact, Token};
use super::keys::{Walk, first, value_of};
use super::resolve::Node;
use super::trace::{Log, Refusal, Why};
use super::writings::{self, Names};
use foldhash::{HashMap, HashSet};
use rayon::prelude::*;

/// The passes: strict links are in every count, plain ones in the best and the lowest, lax ones only in the lowest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    Strict,
    Plain,
    Lax,
}

/// What must be equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Join {
    /// A value that reaches one person: who has it is decided by the names beside it.
    Contact(Fact),
    /// The name and another value: decided.
    Named(Fact),
    /// The reading and another value.
    Read(Fact),
}

impl Join {
    /// The value that must be equal.
    fn fact(self) -> Fact {
        match self {
            Join::Contact(fact) | Join::Named(fact) | Join::Read(fact) => fact,
        }
    }
}

pub(super) const STRICT: &[Join] = &[
    Join::Contact(Fact::Primary),
    Join::Contact(Fact::Id),
    Join::Contact(Fact::Mail),
    Join::Contact(Fact::Card),
    Join::Contact(Fact::Account),
    // Before phones: the address of an office stands in a table of addresses for everybody who works there.
    Join::Contact(Fact::Member),
    Join::Contact(Fact::Phone),
    Join::Named(Fact::Birth),
    Join::Named(Fact::Place),
    Join::Read(Fact::Birth),
    Join::Read(Fact::Place),
];
pub(super) const PLAIN: &[Join] = &[
    Join::Named(Fact::Zip),
    Join::Named(Fact::SharedPhone),
    Join::Read(Fact::Zip),
    Join::Read(Fact::SharedPhone),
    Join::Contact(Fact::User),
];
pub(super) const LAX: &[Join] = &[
    Join::Contact(Fact::Primary),
    Join::Contact(Fact::Id),
    Join::Contact(Fact::Mail),
    Join::Contact(Fact::Card),
];

/// Behind one contact value at most so many names are people who share it; more, and it is a switchboard or a filler.
const HUB_NAMES: usize = 4;

/// Where no birth date helps, a name with more bearers does not link two who are reached in different ways.
const FEW_BEARERS: u32 = 3;

/// Ways to reach somebody.
pub(super) const WAYS: [Fact; 4] = [Fact::Mail, Fact::Phone, Fact::Place, Fact::Card];

/// Whether an equal value of this type tells that two are one, in doubt about those who have `beside` in common.
pub(super) fn tells(fact: Fact, beside: Fact) -> bool {
    let near = |fact| matches!(fact, Fact::Place | Fact::Zip);
    let tells = match fact {
        Fact::Birth | Fact::Mail | Fact::Phone | Fact::SharedPhone | Fact::Card => true,
        Fact::Primary | Fact::Id | Fact::Account | Fact::User | Fact::Member => true,
        Fact::Rest => true,
        Fact::Place | Fact::Zip => !near(beside),
        _ => false,
    };
    tells && fact != beside
}

/// Behind one number of a customer at most so many are reached in different ways; more, and it is somebody who looks after them.
const MOST_REACHED: usize = 3;

/// Those of a group who could not be linked with each other, with so many of whom the next is compared.
const HEADS: usize = 8;

/// The share of chance in pairs of namesakes up to which they are linked.
fn doubt(level: Level) -> f64 {
    match level {
        Level::Strict => 0.02,
        Level::Plain => 0.1,
        Level::Lax => 0.3,
    }
}

/// Whatever value two clusters share: where the rest speaks so much against one person, they are not even under the lax rules.
const EXCLUDED_BITS: f64 = -50.0;

/// Behind so many names a value says nothing: namesakes meet there by chance.
const CROWD_NAMES: usize = 24;

/// Where a node stands in its cluster, and of roots what is known of all of it: together, as they are asked for together.
#[derive(Clone, Copy)]
struct Known {
    parent: u32,
    /// Birth date, name and reading of a root's cluster, 0 while unknown.
    birth: u64,
    name: u64,
    reading: u64,
}

/// Clusters being built.
pub(super) struct Clusters<'s> {
    pub(super) walk: Walk<'s>,
    pub(super) nodes: &'s [Node],
    /// The types of facts there are, as bits.
    present: u32,
    /// By node.
    known: Vec<Known>,
    /// Of roots that have any: identity numbers.
    ids: HashMap<u32, Vec<Token>>,
    /// Contradictions of strong identifiers that were not merged.
    pub(super) conflicts: u64,
    /// The clusters they are between, as they stood.
    contradicting: HashSet<(u32, u32)>,
    /// People by name and by reading, as clusters stood when names were first looked at in this pass.
    bearers: [Bearers; 2],
    /// Keys of the strict pass, which hold for the others, too.
    keys: HashMap<Join, Vec<(u64, u32)>>,
    /// What namesakes of one birth date are worth; `None` before that is known.
    twins: Option<Chance>,
    /// Of nodes that the user says are not one person with others: those others, by root.
    apart: HashMap<u32, Vec<u32>>,
    /// What weighs the links of the lax pass by equal values.
    pub(super) deep: Option<&'s Deep<'s>>,
    /// The links made, where they are asked for, the refused ones, and what makes them now.
    pub(super) log: Log,
    pub(super) now: Why,
}

impl Known {
    /// A node that is a cluster by itself.
    fn of(at: u32, tokens: &[Token]) -> Self {
        let last = |fact| {
            let found = tokens.iter().rfind(|token| token.fact() == fact);
            found.map_or(0, |token| token.0)
        };
        Self {
            parent: at,
            birth: last(Fact::Birth),
            name: last(Fact::Name),
            reading: last(Fact::Reading),
        }
    }
}

/// Whether a value numbers people.
fn is_number(fact: Fact) -> bool {
    matches!(fact, Fact::Id | Fact::Primary)
}

impl<'s> Clusters<'s> {
    pub(super) fn new(walk: Walk<'s>) -> Self {
        let nodes = walk.nodes;
        let tokens_of = |at: u32| walk.store.tokens_of(nodes[at as usize].tuple as usize);
        let all = || (0..nodes.len() as u32).into_par_iter();
        let bits = |tokens: &[Token]| {
            let types = tokens.iter().map(|token| token.bit());
            types.fold(0u32, |all, bit| all | bit)
        };
        let mut ids: HashMap<u32, Vec<Token>> = HashMap::default();
        for (at, id) in walk.gather(|at, tokens, out| {
            let of_one = tokens.iter().filter(|token| is_number(token.fact()));
            out.extend(of_one.map(|&token| (at, token)));
        }) {
            ids.entry(at).or_default().push(id);
        }
        Self {
            walk,
            nodes,
            present: all()
                .map(|at| bits(tokens_of(at)))
                .reduce(|| 0, |a, b| a | b),
            known: all().map(|at| Known::of(at, tokens_of(at))).collect(),
            ids,
            conflicts: 0,
            contradicting: HashSet::default(),
            bearers: Default::default(),
            keys: HashMap::default(),
            twins: None,
            apart: HashMap::default(),
            deep: None,
            log: Log::default(),
            now: Why::OnlyBearer,
        }
    }

    /// Notes what makes the links from now on.
    pub(super) fn by(&mut self, join: Join) {
        self.now = Why::of(join);
    }

    /// Notes that the names alone make the links from now on.
    pub(super) fn by_name(&mut self) {
        self.now = Why::OnlyBearer;
    }

    /// Whether two nodes' people have numbers that are not one person's.
    pub(super) fn numbers_differ(&self, a: u32, b: u32) -> bool {
        self.ids_differ(self.top(a), self.top(b), false)
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.nodes.len()
    }

    pub(super) fn tokens(&self, at: u32) -> &'s [Token] {
        let walk = self.walk;
        walk.store.tokens_of(walk.nodes[at as usize].tuple as usize)
    }

    pub(super) fn root(&mut self, mut at: u32) -> u32 {
        loop {
            let parent = self.known[at as usize].parent;
            if parent == at {
                return at;
            }
            let above = self.known[parent as usize].parent;
            self.known[at as usize].parent = above;
            at = above;
        }
    }

    pub(super) fn roots(&mut self) -> Vec<u32> {
        (0..self.nodes.len() as u32)
            .map(|at| self.root(at))
            .collect()
    }

    /// Joins two clusters unless they contradict each other. `named` = their names were found to agree.
    pub(super) fn unite(&mut self, a: u32, b: u32, named: bool, level: Level) -> bool {
        let pair = (a, b);
        let (a, b) = (self.root(a), self.root(b));
        if a == b {
            return true;
        }
        let (a, b) = (a.min(b), a.max(b));
        if self.barred(a, b) {
            return false;
        }
        let [ours, theirs] = [a, b].map(|at| self.known[at as usize]);
        let known = |x: u64, y: u64| x != 0 && y != 0;
        if level != Level::Lax {
            let names_differ = known(ours.name, theirs.name) && ours.name != theirs.name;
            let readings_agree =
                known(ours.reading, theirs.reading) && ours.reading == theirs.reading;
            if !named && names_differ && !readings_agree {
                return false;
            }
            let births_differ = known(ours.birth, theirs.birth)
                && !Token(ours.birth).same_birth(Token(theirs.birth));
            let numbers_differ = self.ids_differ(a, b, false);
            if births_differ || numbers_differ {
                if named && level == Level::Plain {
                    let refusal = if numbers_differ {
                        Refusal::Numbers
                    } else {
                        Refusal::Births
                    };
                    self.log.refuse(pair.0, pair.1, self.now, refusal);
                }
                return false;
            }
        } else if self.ids_differ(a, b, true)
            || self
                .deep
                .is_some_and(|deep| deep.weigh(pair.0, pair.1).bits < EXCLUDED_BITS)
        {
            return false;
        }
        self.merge(a, b);
        self.log.add(pair.0, pair.1, self.now, level);
        true
    }

    /// Takes over what the user says of pairs: those that are one person are, whatever else they say, and those that are two are never
    /// united.
    pub(super) fn answer(&mut self, one: &[(u32, u32)], two: &[(u32, u32)]) {
        for &(a, b) in one {
            let (x, y) = (self.root(a), self.root(b));
            if x != y {
                self.merge(x.min(y), x.max(y));
            }
            self.log.add(a, b, Why::Answered, Level::Strict);
        }
        for &(a, b) in two {
            let (x, y) = (self.root(a), self.root(b));
            self.apart.entry(x).or_default().push(b);
            self.apart.entry(y).or_default().push(a);
        }
    }

    /// Whether the user says that two clusters are not one person.
    fn barred(&self, a: u32, b: u32) -> bool {
        let (Some(ours), Some(theirs)) = (self.apart.get(&a), self.apart.get(&b)) else {
            return false;
        };
        let (partners, other) = if ours.len() <= theirs.len() {
            (ours, b)
        } else {
            (theirs, a)
        };
        partners.iter().any(|&at| self.top(at) == other)
    }

    /// The root of a node, its way left as it is.
    pub(super) fn top(&self, mut at: u32) -> u32 {
        while self.known[at as usize].parent != at {
            at = self.known[at as usize].parent;
        }
        at
    }

    /// Unites along the scored links of a level. They have a guard of their own; only numbers nobody can have two of stand above it.
    pub(super) fn deepen(&mut self, deep: Option<&Deep<'_>>, level: Level) {
        let Some(deep) = deep else { return };
        let mut groups = Groups::new(&self.roots());
        deep.unite(&mut groups, level, |link, against| {
            let (x, y) = (self.root(link.a), self.root(link.b));
            if self.barred(x, y) {
                return true;
            }
            let why = Why::Bits(link.bits);
            let against = against.or_else(|| self.against(link.a, link.b, level));
            match against {
                None if x != y => {
                    self.merge(x.min(y), x.max(y));
                    self.log.add(link.a, link.b, why, level);
                }
                Some(refusal) if x != y && level == Level::Plain => {
                    self.log.refuse(link.a, link.b, why, refusal);
                    if self.ids_differ(x, y, true) {
                        self.conflict(x, y);
                    }
                }
                _ => {}
            }
            against.is_some()
        });
    }

    /// What speaks against a scored link.
    fn against(&mut self, a: u32, b: u32, level: Level) -> Option<Refusal> {
        let thin = |at: u32| self.nodes[at as usize].thin;
        if level == Level::Strict && thin(a) != thin(b) || !self.likely(a, b, level) {
            return Some(Refusal::Namesakes);
        }
        let (x, y) = (self.root(a), self.root(b));
        self.ids_differ(x, y, true).then_some(Refusal::Numbers)
    }

    fn merge(&mut self, a: u32, b: u32) {
        self.known[b as usize].parent = a;
        let theirs = self.known[b as usize];
        let ours = &mut self.known[a as usize];
        for (ours, theirs) in [
            (&mut ours.birth, theirs.birth),
            (&mut ours.name, theirs.name),
            (&mut ours.reading, theirs.reading),
        ] {
            if *ours == 0 {
                *ours = theirs;
            }
        }
        if let Some(theirs) = self.ids.remove(&b) {
            let ours = self.ids.entry(a).or_default();
            ours.extend(theirs);
            ours.sort_unstable();
            ours.dedup();
        }
        if let Some(theirs) = self.apart.remove(&b) {
            self.apart.entry(a).or_default().extend(theirs);
        }
    }

    /// Whether both have a number of one kind and share none of it; of those only that nobody has two of, if so wanted.
    fn ids_differ(&self, a: u32, b: u32, primary_only: bool) -> bool {
        let (Some(ours), Some(theirs)) = (self.ids.get(&a), self.ids.get(&b)) else {
            return false;
        };
        let counts = |id: &&Token| !primary_only || id.fact() == Fact::Primary;
        ours.iter().filter(counts).any(|id| {
            let mut same_kind = theirs
                .iter()
                .filter(counts)
                .filter(|other| other.kind() == id.kind())
                .peekable();
            same_kind.peek().is_some() && !same_kind.any(|other| ours.contains(other))
        })
    }

    /// Makes these passes one after the other; the keys of the next are gathered meanwhile.
    pub(super) fn passes<'j>(&mut self, joins: impl IntoIterator<Item = &'j Join>, level: Level) {
        let mut ahead: Option<Vec<(u64, u32)>> = None;
        let mut joins = joins.into_iter().copied().peekable();
        while let Some(join) = joins.next() {
            let keys = ahead.take().or_else(|| self.keys.remove(&join));
            let walk = self.walk;
            let next = joins.peek().copied();
            let next = next.filter(|next| self.is_there(*next) && !self.keys.contains_key(next));
            let gather = || next.map(|next| walk.keys(next, level));
            ((), ahead) = rayon::join(|| self.pass(join, keys, level), gather);
        }
    }

    /// Whether anybody has what a pass compares.
    fn is_there(&self, join: Join) -> bool {
        self.present >> join.fact() as u32 & 1 != 0
    }

    /// One pass; `keys` are those that were gathered before, or are left of a pass under stricter rules.
    fn pass(&mut self, join: Join, keys: Option<Vec<(u64, u32)>>, level: Level) {
        let fact = join.fact();
        self.now = Why::of(join);
        // Names are looked at first with birth dates: whether there are any or not, their bearers are counted then.
        if join == Join::Named(Fact::Birth) {
            self.count_bearers();
        }
        if !self.is_there(join) {
            return;
        }
        let keys = keys.unwrap_or_else(|| self.walk.keys(join, level));
        let keys = self.open(&keys);
        match join {
            Join::Contact(_) => {
                for group in keys.chunk_by(|a, b| a.0 == b.0) {
                    self.contact_group(fact, group, level);
                }
            }
            Join::Named(_) => self.namesakes(join, fact, 0, &keys, level),
            Join::Read(_) => self.namesakes(join, fact, 1, &keys, level),
        }
        // Whoever is thin stands apart in the strict pass, and so does whose number is not sure; and what has no further pass is not kept.
        let last = match level {
            Level::Strict => fact == Fact::Birth || fact == Fact::Member && self.present >> 31 != 0,
            Level::Plain => !LAX.contains(&join),
            Level::Lax => true,
        };
        if !last {
            self.keys.insert(join, keys);
        }
    }

    /// The keys whose nodes are not all of one cluster: of the others nothing can come any more, whatever links are made.
    fn open(&self, keys: &[(u64, u32)]) -> Vec<(u64, u32)> {
        let is_open = |group: &&[(u64, u32)]| {
            let head = self.top(group[0].1);
            group[1..].iter().any(|key| self.top(key.1) != head)
        };
        groups_that(keys, is_open)
    }

    /// Links tuples of one name (0) or reading (1) that share a fact.
    fn namesakes(&mut self, join: Join, fact: Fact, by: usize, keys: &[(u64, u32)], level: Level) {
        let chance = self.chance(fact, by, keys);
        // Where numbers may contradict each other, those who are not linked are counted, too.
        let counts_all = level == Level::Plain && !self.ids.is_empty();
        let may_link = |group: &&[(u64, u32)]| {
            let pairs = group.iter().enumerate();
            let mut pairs = pairs.flat_map(|(n, a)| group[..n].iter().map(|b| (b.1, a.1)));
            counts_all
                || group.len() > HEADS
                || pairs.any(|(a, b)| self.plausible(a, b, fact, &chance, level))
        };
        let keys = groups_that(keys, may_link);
        for group in keys.chunk_by(|a, b| a.0 == b.0) {
            self.named_group(fact, group, level, &chance);
        }
        if join == Join::Named(Fact::Birth) {
            self.twins = Some(chance);
        }
    }

    /// Counts the people of every name anew.
    fn count_bearers(&mut self) {
        let roots = self.known.iter().zip(0..);
        let roots = roots.filter(|(known, at)| known.parent == *at);
        let (names, readings) = roots.map(|(root, _)| (root.name, root.reading)).unzip();
        self.bearers = [Bearers::count(names), Bearers::count(readings)];
    }

    /// What chance makes of namesakes (0) or of equal readings (1) that share this fact.
    fn chance(&self, fact: Fact, by: usize, keys: &[(u64, u32)]) -> Chance {
        let strangers = |group: &[(u64, u32)]| {
            let mut people: Vec<u32> = group.iter().map(|key| self.top(key.1)).collect();
            people.sort_unstable();
            people.dedup();
            let n = people.len() as u64;
            let name = || first(self.tokens(group[0].1), [Fact::Name, Fact::Reading][by]);
            (n > 1).then(|| (name(), n * (n - 1) / 2))
        };
        let groups = keys.par_chunk_by(|a, b| a.0 == b.0);
        let found: Vec<(u64, u64)> = groups.filter_map(strangers).collect();
        if found.is_empty() && fact != Fact::Birth {
            return Chance::default();
        }
        let values = self.walk.gather(|at, tokens, out| {
            let token = tokens.iter().find(|token| token.fact() == fact);
            if self.known[at as usize].parent == at {
                out.extend(token.map(|&token| value_of(token)));
            }
        });
        Chance::new(&self.bearers[by], values, &found)
    }

    /// Whether two tuples of one name, who share this fact, may be one person: not when they are reached in different ways throughout
    /// and the name is so common that chance explains them.
    fn plausible(&self, a: u32, b: u32, fact: Fact, chance: &Chance, level: Level) -> bool {
        let (x, y) = (Names::of(self.tokens(a)), Names::of(self.tokens(b)));
        let bearers = if x.name != 0 && x.name == y.name {
            self.bearers[0].of(x.name)
        } else if x.reading == y.reading {
            self.bearers[1].of(x.reading)
        } else {
            1
        };
        if chance.of(bearers) <= doubt(level) {
            return true;
        }
        let (compared, shared) = self.contacts(a, b, fact);
        compared == 0 || shared
    }

    /// How many ways to reach somebody are known of both, and whether any fact beside the name and `beside` is equal.
    pub(super) fn contacts(&self, a: u32, b: u32, beside: Fact) -> (u32, bool) {
        let (ours, theirs) = (self.tokens(a), self.tokens(b));
        let shared = ours
            .iter()
            .filter(|token| tells(token.fact(), beside))
            .any(|token| theirs.contains(token));
        let has = |tokens: &[Token], fact| tokens.iter().any(|token| token.fact() == fact);
        let compared = WAYS
            .into_iter()
            .filter(|&way| way != beside && has(ours, way) && has(theirs, way));
        (compared.count() as u32, shared)
    }

    /// Whether two similar tuples may be one person though two or three ways to reach them differ.
    pub(super) fn likely(&self, a: u32, b: u32, level: Level) -> bool {
        let (compared, shared) = self.contacts(a, b, Fact::Birth);
        if compared < 2 || shared {
            return true;
        }
        let has_birth = |at| first(self.tokens(at), Fact::Birth) != 0;
        let bearers = self.bearers_of(a).max(self.bearers_of(b));
        self.is_rare(bearers, has_birth(a) && has_birth(b), level)
    }

    /// The most people of a node's name or reading.
    pub(super) fn bearers_of(&self, at: u32) -> u32 {
        let names = Names::of(self.tokens(at));
        let [by_name, by_reading] = &self.bearers;
        by_name.of(names.name).max(by_reading.of(names.reading))
    }

    /// Whether a name with so many bearers is rare enough to link two who are reached in different ways; `births` = both birth dates
    /// are known.
    pub(super) fn is_rare(&self, bearers: u32, births: bool, level: Level) -> bool {
        match &self.twins {
            Some(chance) if births => chance.of(bearers) <= doubt(level),
            _ => bearers <= FEW_BEARERS,
        }
    }

    fn named_group(&mut self, fact: Fact, group: &[(u64, u32)], level: Level, chance: &Chance) {
        // A contradiction inside the group (father and son of one name) must not keep later members from those they agree with.
        let mut heads: Vec<u32> = Vec::new();
        for &(_, at) in group {
            if !heads.iter().take(HEADS).any(|&head| {
                self.plausible(head, at, fact, chance, level) && self.unite(head, at, true, level)
            }) {
                heads.push(at);
            }
        }
        if level == Level::Plain && heads.len() > 1 {
            let (a, b) = (self.root(heads[0]), self.root(heads[1]));
            if a != b && self.ids_differ(a, b, false) {
                self.conflict(a, b);
            }
        }
    }

    /// Counts a contradiction between two clusters, once.
    fn conflict(&mut self, a: u32, b: u32) {
        self.conflicts += u64::from(self.contradicting.insert((a.min(b), a.max(b))));
    }

    /// Those who share a contact value: by name, then those without a name.
    fn contact_group(&mut self, fact: Fact, group: &[(u64, u32)], level: Level) {
        let mut named: Vec<(u64, u32)> = Vec::new();
        let mut nameless: Vec<u32> = Vec::new();
        for &(_, at) in group {
            let root = self.root(at) as usize;
            let of_cluster = [self.known[root].name, self.known[root].reading];
            let known = of_cluster.into_iter().find(|&name| name != 0);
            let part = || {
                let names = Names::of(self.tokens(at));
                [names.family, names.given]
                    .into_iter()
                    .find(|&name| name != 0)
            };
            match known.or_else(part) {
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
            heads.push(self.full_name(same));
            same[1..].iter().for_each(|&(_, at)| {
                self.unite(same[0].1, at, true, level);
            });
        }
        if heads.len() <= HUB_NAMES {
            self.akin(fact, &heads, level);
        }
        let mut people: Vec<(u32, u32)> =
            heads.iter().map(|&head| (self.root(head), head)).collect();
        people.sort_unstable();
        people.dedup_by_key(|person| person.0);
        let people: Vec<u32> = people.into_iter().map(|person| person.1).collect();
        if fact == Fact::Member && self.reached(&nameless) > MOST_REACHED {
            return;
        }
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
            let (a, b) = (self.root(people[0]), self.root(people[1]));
            self.conflict(a, b);
        }
    }

    /// One of those of a name: the first whose given name is more than an initial.
    fn full_name(&self, same: &[(u64, u32)]) -> u32 {
        let is_full = |&&(_, at): &&(u64, u32)| {
            let names = writings::names(self.walk.store, self.nodes[at as usize].tuple as usize);
            names[1].len() > 1
        };
        let full = || same.iter().find(is_full);
        let found = if same.len() > 1 { full() } else { None };
        found.unwrap_or(&same[0]).1
    }

    /// In how many ways some are reached: the most different e-mail addresses or phone numbers among them.
    fn reached(&self, of: &[u32]) -> usize {
        let different = |fact| {
            let values = of.iter().map(|&at| first(self.tokens(at), fact));
            let mut values: Vec<u64> = values.filter(|&value| value != 0).collect();
            values.sort_unstable();
            values.dedup();
            values.len()
        };
        different(Fact::Mail).max(different(Fact::Phone))
    }

    fn nameless(&mut self, head: u32, at: u32, fact: Fact, level: Level) -> bool {
        if matches!(fact, Fact::Phone | Fact::Member) && level != Level::Lax {
            let mail = |at: u32| first(self.tokens(at), Fact::Mail);
            let (a, b) = (mail(head), mail(at));
            if a != 0 && b != 0 && a != b {
                return false;
            }
        }
        self.unite(head, at, false, level)
    }

    /// Different writings of a name behind one value: a part of it is missing, or changed with marriage.
    fn akin(&mut self, fact: Fact, heads: &[u32], level: Level) {
        let personal = !matches!(fact, Fact::Phone | Fact::Member);
        let writings = if personal && level != Level::Strict {
            let names = |&at: &u32| {
                writings::names(self.walk.store, self.nodes[at as usize].tuple as usize)
            };
            writings::of_one(&heads.iter().map(names).collect::<Vec<_>>())
        } else {
            Vec::new()
        };
        for (i, &a) in heads.iter().enumerate() {
            for (j, &b) in heads[..i].iter().enumerate() {
                let (x, y) = (Names::of(self.tokens(a)), Names::of(self.tokens(b)));
                let equal = |p: u64, q: u64| p != 0 && p == q;
                let missing = |p: u64, q: u64| p == 0 || q == 0;
                let same_birth =
                    x.birth != 0 && y.birth != 0 && Token(x.birth).same_birth(Token(y.birth));
                let one_script_each =
                    x.name == 0 && y.reading == 0 || y.name == 0 && x.reading == 0;
                // A customer's new surname; in two systems others may have the number.
                let renamed = fact == Fact::Member && level != Level::Strict && heads.len() == 2;
                let agree = equal(x.reading, y.reading)
                    || x.sounds_like(&y)
                    || equal(x.family, y.family) && missing(x.given, y.given)
                    || equal(x.given, y.given)
                        && (missing(x.family, y.family) || personal || same_birth || renamed)
                    || same_birth && matches!(fact, Fact::Id | Fact::Primary);
                // A given name or an alias by itself, beside the full name of whom the mailbox is.
                let alias = level != Level::Strict
                    && fact == Fact::Mail
                    && (x.name == 0) != (y.name == 0)
                    && heads.len() == 2;
                let agree = agree || alias || writings.contains(&(i, j));
                // Two systems may number their people alike: such a number alone is not enough for every count.
                let sure = personal || fact == Fact::Member && level != Level::Strict;
                if agree || one_script_each && heads.len() == 2 && sure {
                    self.unite(a, b, agree, level);
                }
            }
        }
    }
}

/// The keys of those groups, several at a time.
fn groups_that(
    keys: &[(u64, u32)],
    keep: impl Fn(&&[(u64, u32)]) -> bool + Send + Sync,
) -> Vec<(u64, u32)> {
    let groups = keys.par_chunk_by(|a, b| a.0 == b.0).filter(keep);
    let kept = groups.fold(Vec::new, |mut kept, group| {
        kept.extend_from_slice(group);
        kept
    });
    kept.reduce(Vec::new, |mut kept, more| {
        kept.extend(more);
        kept
    })
}
