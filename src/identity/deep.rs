//! Linking what is similar but not equal: candidates, scores learned from the data, the strongest link first, and a guard against
//! chains of half-similar people.

use foldhash::HashMap;
use rayon::prelude::*;

use super::candidates::candidates;
use super::clusters::Level;
use super::doubt::outweighed;
use super::fact::mix;
use super::likely::Likely;
use super::profile::{Levels, Profile, compare, field, level};
use super::resolve::Node;
use super::score::{Model, Pair};
use super::trace::Refusal;
use super::tuples::Tuples;

/// Pairs below so many bits are no candidates.
const HOPELESS_BITS: f64 = -14.0;
/// Members of a cluster that the guard looks at.
const WITNESSES: usize = 6;

/// A scored link between two nodes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) bits: f64,
}

/// The score of a pair, and its parts by field.
pub(super) struct Weight {
    pub(super) levels: Levels,
    pub(super) parts: [f64; field::COUNT],
    pub(super) bits: f64,
}

/// Scored candidates, and what is needed to score further pairs.
pub(super) struct Deep<'s> {
    profiles: Vec<Profile<'s>>,
    model: Model,
    links: Vec<Link>,
}

impl<'s> Deep<'s> {
    /// Finds and scores candidates. `person` are the clusters made by exact keys; `likely` says which pairs are worth a look.
    pub(super) fn new(
        store: &'s Tuples,
        nodes: &[Node],
        person: &[u32],
        likely: &Likely<'_, '_>,
    ) -> Self {
        let profiles: Vec<Profile<'s>> = nodes
            .par_iter()
            .map(|node| Profile::of(store, node.tuple as usize))
            .collect();
        let guests = likely.guests(person);
        let mut found = candidates(&profiles, &guests, &|a, b| likely.of(a, b));
        let mut model = Model::new(&profiles, person);
        let copies = copies(store, nodes, &profiles);
        let mut lesson = Lesson::of(&found, &profiles, LESSON);
        if lesson.whole() {
            found = Vec::new();
        }
        let mut deep = Self {
            links: lesson.learn(&mut model, &profiles, &mut found, person, &copies),
            profiles,
            model,
        };
        // Whoever was united now is one person when sharers are counted.
        let mut groups = Groups::new(person);
        deep.unite(&mut groups, Level::Plain, |_, against| against.is_some());
        let before = person;
        let person = groups.roots();
        if person != before {
            deep.model.recount(&deep.profiles, &person);
        }
        let Self {
            profiles, model, ..
        } = &mut deep;
        deep.links = lesson.learn(model, profiles, &mut found, &person, &copies);
        deep
    }

    /// Unites clusters along the links of a level, the strongest first. `refused` hears what speaks against a link, and has the last
    /// word.
    pub(super) fn unite(
        &self,
        groups: &mut Groups,
        level: Level,
        mut refused: impl FnMut(&Link, Option<Refusal>) -> bool,
    ) {
        let guard = Guard::of(level);
        let rarely = self.rarely_differ();
        for link in self
            .links
            .iter()
            .take_while(|link| link.bits >= guard.least)
        {
            let (a, b) = (groups.root(link.a), groups.root(link.b));
            if a == b {
                continue;
            }
            let against = if !guard.unique && !outweighed(&self.levels(link.a, link.b), &rarely) {
                Some(Refusal::Outweighed)
            } else if !self.agree(groups, a, b, guard) {
                Some(Refusal::Others)
            } else {
                None
            };
            if !refused(link, against) {
                groups.join(a, b);
            }
        }
    }

    /// In which fields the values of one person rarely differ.
    pub(super) fn rarely_differ(&self) -> [bool; field::COUNT] {
        self.model.rarely_differ()
    }

    /// What speaks for and against one person behind two nodes.
    pub(super) fn weigh(&self, a: u32, b: u32) -> Weight {
        let (p, q) = (&self.profiles[a as usize], &self.profiles[b as usize]);
        let levels = compare(p, q);
        let (parts, bits) = self.model.weigh(p, q, &levels);
        Weight {
            levels,
            parts,
            bits,
        }
    }

    /// How far two nodes agree.
    pub(super) fn levels(&self, a: u32, b: u32) -> Levels {
        compare(&self.profiles[a as usize], &self.profiles[b as usize])
    }

    /// Whether two clusters do not contradict each other: the mean score of their witnesses, the share of bad pairs, and, but
    /// under the lax rules, the birth dates.
    fn agree(&self, groups: &Groups, a: u32, b: u32, guard: Guard) -> bool {
        let (ours, theirs) = (groups.witnesses(a), groups.witnesses(b));
        if ours.len() * theirs.len() == 1 {
            return true;
        }
        let (mut sum, mut bad, mut n) = (0.0, 0.0, 0.0);
        let mut births = Votes::default();
        for &x in ours {
            for &y in theirs {
                let (p, q) = (&self.profiles[x as usize], &self.profiles[y as usize]);
                let levels = compare(p, q);
                let bits = self.model.score(p, q, &levels, true);
                sum += bits.clamp(-15.0, 15.0);
                bad += f64::from(u8::from(bits < -6.0));
                n += 1.0;
                births.add(levels.of[field::BIRTH]);
            }
        }
        let contradicted = guard.unique && births.against() && self.rarely_differ()[field::BIRTH];
        sum / n >= guard.mean && bad / n <= guard.share && !contradicted
    }
}

/// When two clusters may be one.
#[derive(Clone, Copy)]
struct Guard {
    /// Bits of the link itself.
    least: f64,
    /// Bits of the mean of the witnesses.
    mean: f64,
    /// Share of bad pairs.
    share: f64,
    /// Whether a person has one birth date.
    unique: bool,
}

impl Guard {
    fn of(level: Level) -> Self {
        let (least, mean, share) = match level {
            Level::Strict => (6.0, -2.0, 0.5),
            Level::Plain => (0.0, -3.5, 0.6),
            Level::Lax => (-8.0, -8.0, 0.8),
        };
        let unique = level != Level::Lax;
        Self {
            least,
            mean,
            share,
            unique,
        }
    }
}

/// How often a field agreed and how often it did not.
#[derive(Default)]
struct Votes {
    equal: u32,
    near: u32,
    different: u32,
}

impl Votes {
    fn add(&mut self, level: u8) {
        match level {
            level::MISSING => {}
            level::EXACT => self.equal += 1,
            level::DIFFERENT => self.different += 1,
            _ => self.near += 1,
        }
    }

    fn against(&self) -> bool {
        self.different > self.equal + self.near
    }
}

/// Exact duplicates by field: as often as a tuple was said again, each of its fields agreed.
fn copies(store: &Tuples, nodes: &[Node], profiles: &[Profile<'_>]) -> [f64; field::COUNT] {
    let again = nodes
        .par_iter()
        .zip(profiles)
        .filter_map(|(node, profile)| {
            let again = u64::from(store.tuples()[node.tuple as usize].records) - 1;
            let of = |field| profile.values(field).count() as u64 * again;
            (again > 0).then(|| std::array::from_fn(of))
        });
    let sum =
        |a: [u64; field::COUNT], b: [u64; field::COUNT]| std::array::from_fn(|at| a[at] + b[at]);
    let copies = again.reduce(|| [0; field::COUNT], sum);
    copies.map(|n| n as f64)
}

/// Steps in which the model learns before links are made anew.
const STEPS: usize = 6;

/// Links below so many bits are in no count.
const LEAST_BITS: f64 = -8.0;
/// Pairs from which a model learns at most.
const LESSON: usize = 4 << 20;

/// The pairs that a model learns from: all candidates, or of very many a choice by hash.
struct Lesson {
    pairs: Vec<Pair>,
    /// How many candidates each pair stands for.
    stands_for: f64,
}

impl Lesson {
    fn of(found: &[u64], profiles: &[Profile<'_>], most: usize) -> Self {
        let parts = found.len().div_ceil(most).max(1) as u64;
        let chosen = |pair: &&u64| mix(**pair, 0x9e6c_63d0_876a_68ee).is_multiple_of(parts);
        let chosen = found.par_iter().filter(chosen);
        let pair = |&pair: &u64| {
            let (a, b) = ((pair >> 32) as u32, pair as u32);
            let levels = compare(&profiles[a as usize], &profiles[b as usize]);
            Pair { a, b, levels }
        };
        Self {
            pairs: chosen.map(pair).collect(),
            stands_for: parts as f64,
        }
    }

    /// Whether all candidates are in it.
    fn whole(&self) -> bool {
        self.stands_for == 1.0
    }

    /// Teaches the model and gives the links, the strongest first; `found` are the candidates where the lesson has not all. Hopeless
    /// candidates are dropped.
    fn learn(
        &mut self,
        model: &mut Model,
        profiles: &[Profile<'_>],
        found: &mut Vec<u64>,
        person: &[u32],
        copies: &[f64; field::COUNT],
    ) -> Vec<Link> {
        let alike = model.alike(profiles, &self.pairs, person);
        for _ in 0..STEPS {
            model.learn(
                profiles.len(),
                (&self.pairs, self.stands_for),
                &alike,
                copies,
            );
        }
        let scores = model.scores(&alike);
        let scored = self.pairs.iter().zip(alike.of_pairs(&scores));
        let scored = scored.filter(|(_, bits)| *bits >= LEAST_BITS);
        let mut links: Vec<Link> = if self.whole() {
            scored
                .map(|(&Pair { a, b, .. }, bits)| Link { a, b, bits })
                .collect()
        } else {
            score_all(model, profiles, found, person)
        };
        let mut bits = alike.of_pairs(&scores);
        self.pairs
            .retain(|_| bits.next().is_some_and(|bits| bits > HOPELESS_BITS * 2.0));
        let strength = |x: &Link, y: &Link| y.bits.total_cmp(&x.bits);
        links.par_sort_unstable_by(|x, y| strength(x, y).then((x.a, x.b).cmp(&(y.a, y.b))));
        links
    }
}

/// The links among all candidates; hopeless ones are dropped.
fn score_all(
    model: &Model,
    profiles: &[Profile<'_>],
    found: &mut Vec<u64>,
    person: &[u32],
) -> Vec<Link> {
    const CHUNK: usize = 1 << 14;
    let score = |&pair: &u64| {
        let (a, b) = ((pair >> 32) as u32, pair as u32);
        let (i, j) = (a as usize, b as usize);
        let levels = compare(&profiles[i], &profiles[j]);
        let bits = model.score(&profiles[i], &profiles[j], &levels, person[i] != person[j]);
        Link { a, b, bits }
    };
    let parts: Vec<(Vec<u64>, Vec<Link>)> = found
        .par_chunks(CHUNK)
        .map(|pairs| {
            let (mut kept, mut links) = (Vec::new(), Vec::new());
            for (&pair, link) in pairs.iter().zip(pairs.iter().map(score)) {
                if link.bits > HOPELESS_BITS * 2.0 {
                    kept.push(pair);
                }
                if link.bits >= LEAST_BITS {
                    links.push(link);
                }
            }
            (kept, links)
        })
        .collect();
    found.clear();
    let mut links = Vec::new();
    for (kept, more) in parts {
        found.extend(kept);
        links.extend(more);
    }
    links
}

/// Clusters with a few of their members at hand.
pub(super) struct Groups {
    parent: Vec<u32>,
    /// Of roots that are not alone.
    members: HashMap<u32, Vec<u32>>,
}

impl Groups {
    /// From the root of every node.
    pub(super) fn new(roots: &[u32]) -> Self {
        let mut members: HashMap<u32, Vec<u32>> = HashMap::default();
        for (at, &root) in (0u32..).zip(roots).filter(|&(at, &root)| at != root) {
            // The root, which is the first of its members, comes with the second.
            let of_root = members.entry(root).or_insert_with(|| vec![root]);
            if of_root.len() < WITNESSES {
                of_root.push(at);
            }
        }
        Self {
            parent: roots.to_vec(),
            members,
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
        (0..self.parent.len() as u32)
            .map(|at| self.root(at))
            .collect()
    }

    fn witnesses(&self, root: u32) -> &[u32] {
        // Its own parent, a root is the only member where there are no others.
        let alone = || std::slice::from_ref(&self.parent[root as usize]);
        self.members.get(&root).map_or_else(alone, Vec::as_slice)
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (a.min(b), a.max(b));
        self.parent[b as usize] = a;
        let theirs = self.members.remove(&b).unwrap_or_else(|| vec![b]);
        let ours = self.members.entry(a).or_insert_with(|| vec![a]);
        // Nodes are in order of hash: the smallest ones are a random choice that does not depend on the order of joining.
        ours.extend(theirs);
        ours.sort_unstable();
        ours.truncate(WITNESSES);
    }
}

#[cfg(test)]
mod tests {
    use super::super::guests::Guests;
    use super::*;

    /// A model that learns from every fourth pair gives nearly the links of one that learns from all; and of one model, the links are
    /// the same whether pairs were kept or scored anew.
    #[test]
    fn a_choice_of_the_pairs_teaches_the_same() {
        let given = ["mary", "john", "maria", "jon", "anne", "peter", "paula"];
        let numbers: Vec<String> = (0..900).map(|n| format!("31234{:05}", n / 2)).collect();
        let profiles: Vec<Profile<'_>> = (0..900usize)
            .map(|n| Profile {
                given: given[n / 2 % 7],
                family: given[n / 14 % 7],
                birth: 1950_0101 + (n / 2 * 7919 % 60) as u64 * 10_000,
                phones: [&numbers[n], "", ""],
                ..Profile::default()
            })
            .collect();
        let person: Vec<u32> = (0..900).collect();
        let all = candidates(&profiles, &Guests::none(profiles.len()), &|_, _| true);
        let taught = |most: usize| {
            let mut lesson = Lesson::of(&all, &profiles, most);
            let mut model = Model::new(&profiles, &person);
            let mut found = all.clone();
            let copies = [0.0; field::COUNT];
            let links = lesson.learn(&mut model, &profiles, &mut found, &person, &copies);
            (links, model)
        };
        let ends = |links: &[Link]| -> Vec<(u32, u32)> {
            let sure = links.iter().filter(|link| link.bits >= 6.0);
            let mut ends: Vec<(u32, u32)> = sure.map(|link| (link.a, link.b)).collect();
            ends.sort_unstable();
            ends
        };
        let (links, model) = taught(usize::MAX);
        let (by_part, _) = taught(all.len() / 4);
        assert_eq!(ends(&links), ends(&by_part));
        assert_eq!(ends(&links).len(), 450);
        let mut anew = score_all(&model, &profiles, &mut all.clone(), &person);
        let order = |links: &mut Vec<Link>| links.sort_unstable_by_key(|link| (link.a, link.b));
        let mut kept = links;
        order(&mut anew);
        order(&mut kept);
        let told = |links: &[Link]| -> Vec<(u32, u32, u64)> {
            let told = links
                .iter()
                .map(|link| (link.a, link.b, link.bits.to_bits()));
            told.collect()
        };
        assert_eq!(told(&anew), told(&kept));
    }
}
