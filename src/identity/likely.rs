//! Which pairs are worth a look, asked of millions of pairs: what decides it is kept of each node in half a cache line, and the values
//! themselves are compared only where that leaves it open.

use rayon::prelude::*;

use super::clusters::{Clusters, Level, WAYS, tells};
use super::fact::{Fact, Token};

/// Words of a filter; 192 bits for the five or six values of a usual record.
const WORDS: usize = 3;

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
        let sketches = nodes.clone().into_par_iter().map(sketch).collect();
        let (mut told, mut starts) = (Vec::new(), Vec::with_capacity(clusters.len() + 1));
        for at in nodes {
            starts.push(told.len() as u32);
            let values = clusters.tokens(at).iter();
            told.extend(values.filter(|token| tells(token.fact(), Fact::Birth)));
        }
        starts.push(told.len() as u32);
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

#[cfg(test)]
mod tests {
    use super::super::clusters::{Join, STRICT};
    use super::super::keys::Walk;
    use super::super::resolve::ranked;
    use super::super::tests::store;
    use super::*;

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
            joins
                .iter()
                .for_each(|&join| clusters.pass(join, Level::Strict));
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
