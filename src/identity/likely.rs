//! Which pairs are worth a look, asked of millions of pairs: what decides it is kept of each node in half a cache line, and the values
//! themselves are compared only where that leaves it open.

use rayon::prelude::*;

use super::clusters::{Clusters, Level, WAYS, tells};
use super::fact::{Fact, Token};
use super::guests::Guests;
use super::keys::repeated;

/// Words of a filter; 192 bits for the five or six values of a usual record.
const WORDS: usize = 3;

/// Nodes that one task looks at.
const CHUNK: usize = 1 << 14;

/// What of a node decides whether a pair is likely.
#[derive(Clone, Copy, Default)]
struct Sketch {
    /// A bit for each value that tells who somebody is: two nodes without a common bit have no such value in common.
    values: [u64; WORDS],
    /// The most people of its name or reading.
    bearers: u32,
    /// Which ways to reach somebody it knows, as bits.
    ways: u8,
    has_birth: bool,
}

impl Sketch {
    fn of(tokens: &[Token], bearers: u32) -> Self {
        let mut sketch = Self {
            bearers,
            ..Self::default()
        };
        for token in tokens {
            let fact = token.fact();
            sketch.has_birth |= fact == Fact::Birth;
            if let Some(way) = WAYS.iter().position(|&way| way == fact) {
                sketch.ways |= 1 << way;
            }
            if tells(fact, Fact::Birth) {
                let mixed = u128::from(token.0.wrapping_mul(0x9e37_79b9_7f4a_7c15));
                let bit = ((mixed * (WORDS as u128 * 64)) >> 64) as usize;
                sketch.values[bit / 64] |= 1 << (bit % 64);
            }
        }
        sketch
    }

    fn may_share(&self, other: &Self) -> bool {
        let mut pairs = self.values.iter().zip(other.values);
        pairs.any(|(ours, theirs)| ours & theirs != 0)
    }
}

/// Tells which pairs are worth a look, as [`Clusters::likely`] does.
pub(super) struct Likely<'c, 's> {
    clusters: &'c Clusters<'s>,
    level: Level,
    sketches: Vec<Sketch>,
    /// The values of each node that tell who somebody is, and where they begin.
    told: Vec<Token>,
    starts: Vec<u32>,
}

impl<'c, 's> Likely<'c, 's> {
    /// As the clusters stand.
    pub(super) fn new(clusters: &'c Clusters<'s>, level: Level) -> Self {
        let nodes = 0..clusters.len() as u32;
        let sketch = |at| Sketch::of(clusters.tokens(at), clusters.bearers_of(at));
        let sketches = nodes.into_par_iter().map(sketch).collect();
        let values_of = |chunk: usize| {
            let (mut told, mut ends) = (Vec::new(), Vec::new());
            for at in chunk * CHUNK..clusters.len().min((chunk + 1) * CHUNK) {
                let values = clusters.tokens(at as u32).iter();
                told.extend(values.filter(|token| tells(token.fact(), Fact::Birth)));
                ends.push(told.len() as u32);
            }
            (told, ends)
        };
        let chunks = (0..clusters.len().div_ceil(CHUNK)).into_par_iter();
        let chunks: Vec<(Vec<Token>, Vec<u32>)> = chunks.map(values_of).collect();
        let mut told = Vec::with_capacity(chunks.iter().map(|(told, _)| told.len()).sum());
        let mut starts = Vec::with_capacity(clusters.len() + 1);
        starts.push(0);
        for (values, ends) in chunks {
            let before = told.len() as u32;
            starts.extend(ends.into_iter().map(|end| before + end));
            told.extend(values);
        }
        Self {
            clusters,
            level,
            sketches,
            told,
            starts,
        }
    }

    fn told(&self, at: u32) -> &[Token] {
        &self.told[self.starts[at as usize] as usize..self.starts[at as usize + 1] as usize]
    }

    /// Who is likely one with nobody but those who share a value with him, if that holds of most. `person` are the clusters.
    pub(super) fn guests(&self, person: &[u32]) -> Guests {
        let common = self.common();
        let mut by_ways = [0u32; 1 << WAYS.len()];
        let of_common = self.sketches.iter().filter(|sketch| common(sketch));
        of_common.for_each(|sketch| by_ways[usize::from(sketch.ways)] += 1);
        let family = two_in_common(&by_ways);
        let is = |sketch: &Sketch| common(sketch) && family.contains(&sketch.ways);
        let is: Vec<bool> = self.sketches.iter().map(is).collect();
        if is.iter().filter(|&&is| is).count() * 2 < is.len() {
            return Guests::none(is.len());
        }
        let open = |at: &u32| {
            let ways = self.sketches[*at as usize].ways;
            let few = |other: &u8| (ways & other).count_ones() < 2;
            !is[*at as usize] && family.iter().any(few)
        };
        let open = (0..is.len() as u32).filter(open).collect();
        let shared = repeated(is.len(), |at, out| {
            let values = self.told(at as u32).iter();
            out.extend(values.map(|token| (token.0, at as u32)));
        });
        Guests::new(is, open, &shared, person)
    }

    /// Tells whose name is so common that it is rare beside nobody's.
    fn common(&self) -> impl Fn(&Sketch) -> bool + use<> {
        let class = |bearers: u32| bearers.max(1).ilog2() as usize;
        let mut known = [false; u32::BITS as usize];
        let bearers = self.sketches.iter().map(|sketch| sketch.bearers);
        bearers.for_each(|bearers| known[class(bearers)] = true);
        // The most people of a name decide, and of a class it is the least of them that is rare.
        let rare = |class: usize| {
            let rare = |births| self.clusters.is_rare(1 << class, births, self.level);
            rare(true) || rare(false)
        };
        let rarest = (0..known.len())
            .rev()
            .find(|&class| known[class] && rare(class));
        move |sketch| rarest.is_none_or(|rarest| class(sketch.bearers) > rarest)
    }

    /// Whether two nodes may be one person though two or three ways to reach them differ.
    #[inline]
    pub(super) fn of(&self, a: u32, b: u32) -> bool {
        let (x, y) = (&self.sketches[a as usize], &self.sketches[b as usize]);
        if (x.ways & y.ways).count_ones() < 2 {
            return true;
        }
        let (bearers, births) = (x.bearers.max(y.bearers), x.has_birth && y.has_birth);
        self.clusters.is_rare(bearers, births, self.level)
            || x.may_share(y) && {
                let theirs = self.told(b);
                self.told(a).iter().any(|value| theirs.contains(value))
            }
    }
}

/// Sets of ways of which any two have two ways in common: the most frequent ones.
fn two_in_common(counts: &[u32]) -> Vec<u8> {
    let mut order: Vec<u8> = (0..counts.len() as u8).collect();
    order.sort_by_key(|&ways| (std::cmp::Reverse(counts[usize::from(ways)]), ways));
    let mut family: Vec<u8> = Vec::new();
    for ways in order {
        let with = |other: &u8| (ways & other).count_ones() >= 2;
        if counts[usize::from(ways)] > 0 && with(&ways) && family.iter().all(with) {
            family.push(ways);
        }
    }
    family
}

#[cfg(test)]
mod tests {
    use foldhash::HashSet;

    use super::super::candidates::{akin, candidates};
    use super::super::clusters::{Join, STRICT};
    use super::super::keys::Walk;
    use super::super::profile::Profile;
    use super::super::resolve::{Node, ranked};
    use super::super::tests::store;
    use super::*;

    /// Most are guests, and what is found is what would be found if nobody were.
    #[test]
    fn guests_are_found_as_hosts_are() {
        let families = ["佐藤", "鈴木", "高橋", "田中"];
        let row = |n: usize| {
            // Everybody of the second half is one of the first, once more with a slip.
            let (person, again) = (n % 1000, n >= 1000);
            let day = person / 40 % 4 * 7 + 1 + usize::from(again && person % 3 == 0);
            let rare = char::from_u32(0x5000 + person as u32).unwrap_or('一');
            let name = match person {
                p if p % 50 == 7 => format!("珍{} {rare}", ["原", "山", "川"][p % 3]),
                p => format!("{} {}", families[p % 4], ["太郎", "花子"][p / 4 % 2]),
            };
            let mut row = format!("name={name} | birth={}-04-{day:02}", 1950 + person / 8 % 5);
            let mail = if again && person % 3 == 1 { "x" } else { "u" };
            row += &format!(
                " | mail={mail}{person}@example.com | zip=105-{:04}",
                person % 25
            );
            // Of a few one way is known, and they may be anybody of their name.
            if person % 100 != 3 {
                let slip = usize::from(again && person % 3 == 2);
                row += &format!(" | addr=東京都港区芝公園{}-2-8", person % 300 + 1);
                row += &format!(" | tel=090-{:04}-{person:04}", 1000 + person + slip);
            }
            row
        };
        let rows: Vec<String> = (0..1300).map(row).collect();
        let tuples = store(rows.iter().map(String::as_str)).into_tuples();
        let (nodes, rank) = ranked(&tuples);
        let walk = Walk {
            store: &tuples,
            nodes: &nodes,
            rank: &rank,
        };
        let mut clusters = Clusters::new(walk);
        clusters.passes(STRICT, Level::Strict);
        let person = clusters.roots();
        let likely = Likely::new(&clusters, Level::Lax);
        let profile = |node: &Node| Profile::of(&tuples, node.tuple as usize);
        let profiles: Vec<Profile<'_>> = nodes.iter().map(profile).collect();
        let of = |a, b| likely.of(a, b);
        let found = |guests: &Guests| candidates(&profiles, guests, &of);
        let guests = likely.guests(&person);
        assert!((1000..1290).contains(&guests.len()), "{}", guests.len());
        let (before, now) = (found(&Guests::none(nodes.len())), found(&guests));
        let known: HashSet<u64> = now.iter().copied().collect();
        let is_akin = |pair: &u64| {
            let [a, b] = [pair >> 32, pair & 0xffff_ffff].map(|at| &profiles[at as usize]);
            akin(a, b)
        };
        let lost = before.iter().filter(|pair| !known.contains(pair));
        assert_eq!(lost.filter(|pair| is_akin(pair)).count(), 0);
        assert!(before.len() > 1000, "{}", before.len());
    }

    #[test]
    fn sketches_tell_what_tuples_tell() {
        let families = ["佐藤", "鈴木", "高橋", "田中"];
        let rows: Vec<String> = (0..1500usize)
            .map(|n| {
                let row = format!("name={} {}", families[n % 4], ["太郎", "花子"][n / 4 % 2]);
                let contacts = [
                    format!("mail=u{}@example.com", n % 700),
                    format!("tel=090-1234-{:04}", n * 7 % 900),
                    format!("birth={}-04-{:02}", 1950 + n % 40, n % 28 + 1),
                    format!("zip=105-{:04}", n % 60),
                    format!("addr=東京都港区芝公園{}-2-8", n % 90),
                ];
                // Not every record knows everything.
                let known = contacts
                    .iter()
                    .zip(0..)
                    .filter(|(_, bit)| ((n % 31) >> bit) & 1 == 0);
                known.fold(row, |row, (contact, _)| row + " | " + contact)
            })
            .collect();
        let tuples = store(rows.iter().map(String::as_str)).into_tuples();
        let (nodes, rank) = ranked(&tuples);
        let walk = Walk {
            store: &tuples,
            nodes: &nodes,
            rank: &rank,
        };
        let mut clusters = Clusters::new(walk);
        let before: [&[Join]; 2] = [&[], STRICT];
        let mut seen = [0; 2];
        for joins in before {
            clusters.passes(joins, Level::Strict);
            for level in [Level::Strict, Level::Plain, Level::Lax] {
                let likely = Likely::new(&clusters, level);
                let n = nodes.len() as u32;
                for (a, b) in (0..n).flat_map(|a| (0..n).step_by(97).map(move |b| (a, b))) {
                    let expected = clusters.likely(a, b, level);
                    assert_eq!(likely.of(a, b), expected, "{a} and {b}");
                    seen[usize::from(expected)] += 1;
                }
            }
        }
        assert!(seen.iter().all(|&n| n > 1000), "{seen:?}");
    }
}
