//! How much the agreement of two tuples speaks for one person, in bits (Fellegi and Sunter 1969), where the chance of an equal value is
//! the number of *other people* who have it.

use foldhash::{HashMap, HashMapExt};
use rayon::prelude::*;

use super::doubt::RARELY;
use super::fact::mix;
use super::keys::repeated_of;
use super::profile::field::*;
use super::profile::level::{self, DIFFERENT, EXACT, MISSING, NEAR, SIMILAR};
use super::profile::{Levels, Profile, compare};

/// Expected further sharers of a value that two tuples have in common, whatever the data say: an e-mail address is rarely shared, a
/// city always.
const FLOOR: [f64; COUNT] = [
    3.0, 0.7, 2.0, 1.0, 0.3, 0.05, 0.15, 0.7, 2.0, 10.0, 20.0, 20.0, 20.0, 10.0, 0.7,
];

/// How the levels of one person's values are spread before anything is learned: exact, near, similar, initial, different.
const PRIOR_M: [[f64; 5]; COUNT] = [
    [0.78, 0.09, 0.05, 0.03, 0.05],
    [0.82, 0.08, 0.03, 0.01, 0.06],
    [0.70, 0.06, 0.03, 0.15, 0.06],
    [0.90, 0.04, 0.02, 0.01, 0.03],
    [0.88, 0.07, 0.02, 0.01, 0.02],
    [0.88, 0.07, 0.02, 0.01, 0.02],
    [0.70, 0.10, 0.02, 0.01, 0.17],
    [0.70, 0.08, 0.02, 0.01, 0.19],
    [0.65, 0.10, 0.05, 0.01, 0.19],
    [0.75, 0.06, 0.01, 0.01, 0.17],
    [0.75, 0.07, 0.02, 0.01, 0.15],
    [0.97, 0.00, 0.00, 0.00, 0.03],
    [0.75, 0.07, 0.02, 0.01, 0.15],
    [0.70, 0.08, 0.02, 0.01, 0.19],
    [0.90, 0.00, 0.00, 0.00, 0.10],
];
/// Weight of [`PRIOR_M`] in pairs.
const PRIOR_PAIRS: f64 = 40.0;
/// The same for each record, where that is more and exact duplicates are fewer: a list in which nobody stands twice has no pair of one person,
/// and colleagues with like mailboxes, or namesakes, would be taken for the matches to learn from.
const PRIOR_SHARE: f64 = 0.03;
/// Among fewer people a pair is judged as if there were so many: a handful of records teaches nothing.
const FEWEST: f64 = 512.0;
/// Pairs that have nothing in common but names and the like teach as much, for each pair that has more in common. A list in which nobody stands
/// twice has only such pairs, and from them a model would learn that phones and surnames of one person differ.
const MOST_UNMET: f64 = 1.0;
/// Their share at least.
const LEAST_UNMET: f64 = 0.001;
const RANDOM_PAIRS: u64 = 100_000;
/// Pairs whose chances are summed together.
const PAIRS: usize = 1 << 14;

type Table = [[f64; level::COUNT]; COUNT];

/// The learned chances, and how many people share each value.
pub(super) struct Model {
    m: Table,
    u: Table,
    /// Bits of each level that is no exact agreement.
    logs: Table,
    /// People, as far as known.
    people: f64,
    /// Expected further tuples of one person.
    matches: f64,
    /// The share of what pairs say that have nothing in common but names and the like.
    unmet: f64,
    /// Values that more than one person has.
    sharers: HashMap<(u8, u64), u32>,
}

impl Model {
    /// A model before learning. Sharers are counted by `person`, any number that tells the present clusters apart.
    pub(super) fn new(profiles: &[Profile<'_>], person: &[u32]) -> Self {
        let mut model = Self {
            m: [[0.0; level::COUNT]; COUNT],
            u: chance(profiles),
            logs: [[0.0; level::COUNT]; COUNT],
            people: 1.0,
            matches: 0.5,
            unmet: 1.0,
            sharers: HashMap::new(),
        };
        for (field, row) in PRIOR_M.iter().enumerate() {
            model.m[field][1..].copy_from_slice(row);
        }
        model.logs = logs(&model.m, &model.u);
        model.recount(profiles, person);
        model
    }

    /// Counts the sharers of every value anew.
    pub(super) fn recount(&mut self, profiles: &[Profile<'_>], person: &[u32]) {
        self.sharers.clear();
        for field in 0..COUNT {
            // Field by field: memory holds the values of one.
            let values = |at: usize, out: &mut Vec<(u64, u32)>| {
                let values = profiles[at].values(field);
                out.extend(values.map(|value| (value, person[at])));
            };
            let shared = repeated_of(profiles.len(), values, |mut seen| {
                seen.dedup();
                let groups = seen.chunk_by(|a, b| a.0 == b.0);
                let shared = groups.filter(|group| group.len() > 1);
                let of_value = |group: &[(u64, u32)]| (group[0].0, group.len() as u32);
                shared.map(of_value).collect::<Vec<_>>()
            });
            let shared = shared.into_iter().flatten();
            self.sharers
                .extend(shared.map(|(value, n)| ((field as u8, value), n)));
        }
        let mut people = person.to_vec();
        people.par_sort_unstable();
        people.dedup();
        self.people = people.len() as f64;
    }

    /// The score of a pair in bits. `apart` = they are in different clusters at present.
    pub(super) fn score(
        &self,
        a: &Profile<'_>,
        b: &Profile<'_>,
        levels: &Levels,
        apart: bool,
    ) -> f64 {
        self.scored(levels, |field| self.gain(a, b, field, apart))
    }

    /// The parts of the score of a pair of clusters that stand apart, by field, and the score.
    pub(super) fn weigh(
        &self,
        a: &Profile<'_>,
        b: &Profile<'_>,
        levels: &Levels,
    ) -> ([f64; COUNT], f64) {
        self.weighed(levels, |field| self.gain(a, b, field, true))
    }

    /// How much rarer than one in all people the value is that two tuples share in a field.
    fn gain(&self, a: &Profile<'_>, b: &Profile<'_>, field: usize, apart: bool) -> f64 {
        let (field, value) = a.shared(b, field);
        let known = self
            .sharers
            .get(&(field as u8, value))
            .copied()
            .unwrap_or(1);
        let others = f64::from(known.saturating_sub(1 + u32::from(apart))).max(FLOOR[field]);
        (self.people / others).max(1.0)
    }

    /// Sorts the pairs by what the model sees of them, which stays while sharers and clusters stay.
    pub(super) fn alike(&self, profiles: &[Profile<'_>], pairs: &[Pair], person: &[u32]) -> Alike {
        const CHUNK: usize = 1 << 14;
        let chunks = pairs.par_chunks(CHUNK).map(|pairs| {
            let (mut sorts, mut of, mut gains) = (Sorts::default(), Vec::new(), Vec::new());
            for pair in pairs {
                let (i, j) = (pair.a as usize, pair.b as usize);
                let apart = person[i] != person[j];
                let exact = (0..COUNT).filter(|&field| pair.levels.of[field] == EXACT);
                gains.clear();
                gains
                    .extend(exact.map(|field| self.gain(&profiles[i], &profiles[j], field, apart)));
                of.push(sorts.number(&pair.levels, &gains));
            }
            (sorts, of)
        });
        let chunks: Vec<(Sorts, Vec<u32>)> = chunks.collect();
        let mut all = Sorts::default();
        let numbers = |(sorts, _): &(Sorts, Vec<u32>)| -> Vec<u32> {
            let each = (0..sorts.levels.len()).map(|at| (&sorts.levels[at], sorts.gains_of(at)));
            each.map(|(levels, gains)| all.number(levels, gains))
                .collect()
        };
        let numbers: Vec<Vec<u32>> = chunks.iter().map(numbers).collect();
        let of = chunks.par_iter().zip(&numbers);
        let of = of.flat_map_iter(|((_, of), numbers)| of.iter().map(|&at| numbers[at as usize]));
        Alike {
            of: of.collect(),
            sorts: all,
        }
    }

    /// The score of each sort of pairs.
    pub(super) fn scores(&self, alike: &Alike) -> Vec<f64> {
        let sorts = (0..alike.sorts.levels.len()).into_par_iter();
        let score = |sort: usize| {
            let mut gains = alike.sorts.gains_of(sort).iter();
            self.scored(&alike.sorts.levels[sort], |_| {
                gains.next().copied().unwrap_or(1.0)
            })
        };
        sorts.map(score).collect()
    }

    /// The score of a pair whose gain in each field that agrees exactly is told by `gain`, called in the order of fields.
    fn scored(&self, levels: &Levels, gain: impl FnMut(usize) -> f64) -> f64 {
        self.weighed(levels, gain).1
    }

    /// The parts of the score, by field, and the score: their sum, and how rare one person's records are among all pairs.
    fn weighed(&self, levels: &Levels, mut gain: impl FnMut(usize) -> f64) -> ([f64; COUNT], f64) {
        let mut bits = [0.0; COUNT];
        for (field, bits) in bits.iter_mut().enumerate() {
            *bits = match levels.of[field] {
                MISSING => 0.0,
                EXACT => (self.m[field][1] * gain(field)).log2(),
                level => self.logs[field][level as usize],
            };
        }
        if levels.apart {
            return ([0.0; COUNT], HOPELESS);
        }
        if levels.sisters {
            bits[GIVEN] = bits[GIVEN].min(SISTERS);
        }
        repeats_name(&levels.of, &mut bits);
        let kin = household(&levels.of, &mut bits);
        best_of(&mut bits, &[&[PLACE], &[ZIP], &[CITY]]);
        // A reading says what the name says.
        best_of(&mut bits, &[&[GIVEN, FAMILY], &[READING]]);
        let apart = levels.of[GIVEN] > NEAR && levels.of[READING] != EXACT;
        contacts(&mut bits, kin && apart);
        if kin && levels.two && levels.of[ID] != EXACT {
            if levels.of[BIRTH] == DIFFERENT {
                return ([0.0; COUNT], HOPELESS);
            }
            let most = if levels.sisters { SISTERS } else { RELATIVES };
            bits[GIVEN] = bits[GIVEN].min(most);
        }
        let sum = (self.matches / self.people.max(FEWEST)).log2() + bits.iter().sum::<f64>()
            - f64::from(u8::from(levels.swapped));
        let doubt = if is_unmet(&levels.of) {
            self.unmet.log2()
        } else {
            0.0
        };
        (bits, sum + doubt)
    }

    /// In which fields the values of one person rarely differ in these data.
    pub(super) fn rarely_differ(&self) -> [bool; COUNT] {
        std::array::from_fn(|field| self.m[field][DIFFERENT as usize] < RARELY)
    }

    /// One step of expectation and maximisation over the candidate pairs of so many `tuples`. `copies` are the exact duplicates, by
    /// field: pairs that agree in all they have. Without that anchor the matches drift. Each pair stands for so many.
    pub(super) fn learn(
        &mut self,
        tuples: usize,
        (pairs, stands_for): (&[Pair], f64),
        alike: &Alike,
        copies: &[f64; COUNT],
    ) {
        let share = |bits: f64| 1.0 / (1.0 + (-bits).exp2());
        let shares: Vec<f64> = self.scores(alike).into_iter().map(share).collect();
        // The order of sums of such numbers shows in them: always the same pairs together, and their sums in order.
        let sums = pairs.par_chunks(PAIRS).zip(alike.of.par_chunks(PAIRS));
        let sums: Vec<[Lessons; 2]> = sums
            .map(|(pairs, sorts)| {
                let mut sums = <[Lessons; 2]>::default();
                for (pair, &sort) in pairs.iter().zip(sorts) {
                    let unmet = usize::from(is_unmet(&pair.levels.of));
                    sums[unmet].add(shares[sort as usize] * stands_for, &pair.levels.of);
                }
                sums
            })
            .collect();
        let [mut met, mut unmet] = <[Lessons; 2]>::default();
        for [of_met, of_unmet] in sums {
            unmet.take(&of_unmet, 1.0);
            met.take(&of_met, 1.0);
        }
        let anchor = copies.iter().copied().fold(0.0, f64::max);
        // As many as there were if they were not held back already.
        let before = self.unmet;
        let free = (unmet.total / before).max(1.0);
        self.unmet = (MOST_UNMET * (met.total + anchor) / free).clamp(LEAST_UNMET, 1.0);
        met.take(&unmet, (self.unmet / before).min(1.0));
        let Lessons { total, mut weight } = met;
        let prior = PRIOR_PAIRS.max(PRIOR_SHARE * tuples as f64 - anchor);
        for field in 0..COUNT {
            weight[field][EXACT as usize] += copies[field];
            let sum: f64 = weight[field][1..].iter().sum::<f64>() + prior;
            for level in 1..level::COUNT {
                self.m[field][level] =
                    (weight[field][level] + prior * PRIOR_M[field][level - 1]) / sum;
            }
        }
        self.matches = (2.0 * total / tuples as f64).clamp(0.02, 50.0);
        self.logs = logs(&self.m, &self.u);
    }
}

/// What pairs teach: how many of them are one person's, as far as known, and at which levels these agree.
#[derive(Clone, Default)]
struct Lessons {
    total: f64,
    weight: Table,
}

impl Lessons {
    /// Adds a pair that is one person's with so much certainty.
    fn add(&mut self, certainty: f64, levels: &[u8; COUNT]) {
        self.total += certainty;
        for (row, &level) in self.weight.iter_mut().zip(levels) {
            row[level as usize] += certainty;
        }
    }

    /// Adds what others teach, each counted for so much.
    fn take(&mut self, others: &Self, share: f64) {
        self.total += others.total * share;
        let cells = self
            .weight
            .iter_mut()
            .flatten()
            .zip(others.weight.iter().flatten());
        cells.for_each(|(sum, of_others)| *sum += of_others * share);
    }
}

/// Bits at most that like names of two sisters add, who may share all else: birth date, address, phone and mailbox.
const SISTERS: f64 = -8.0;

/// Bits at most that given names of their own add between those who share a way to reach them. This is not learned: in a list of families that
/// share mailbox, phone and address most such pairs are no one person, and a model that took them for one would learn that given names
/// and birth dates differ.
const RELATIVES: f64 = -14.0;

/// Bits of a pair that cannot be one person.
const HOPELESS: f64 = -60.0;

/// Whether both of a pair tell what few people share, a birth date or a way to reach somebody, and none of it is the same; of values with slips
/// two are. Names and towns are shared by many, and mailboxes are made of names. What stands beside them is shared by copies of a record, but not
/// if both the number and the birth date are another's.
pub(super) fn is_unmet(of: &[u8; COUNT]) -> bool {
    let tells = [BIRTH, ID, MAIL, PHONE, PLACE];
    let n = |level: u8| tells.iter().filter(|&&field| of[field] == level).count();
    let is_copy = of[REST] == EXACT && !(of[ID] == DIFFERENT && of[BIRTH] == DIFFERENT);
    let is_met = n(EXACT) > 0 || n(NEAR) >= 2 || is_copy;
    n(MISSING) < tells.len() && !is_met
}

/// Bits of like mailboxes where the names are not the same.
const LIKE_MAILBOX: f64 = 4.0;

/// Mailboxes that are only like each other say no more than the names that they are made of: `t.sato@` and `k.sato@` are colleagues.
fn repeats_name(of: &[u8; COUNT], bits: &mut [f64; COUNT]) {
    let near = |fields: &[usize]| {
        let mut levels = fields.iter().map(|&field| of[field]);
        levels.any(|level| matches!(level, EXACT | NEAR))
    };
    let is_known = near(&[BIRTH, PHONE, ID]);
    // A slip in both, where the same town or address stands.
    let is_slip = is_known || near(&[PLACE, ZIP, CITY]);
    let differs = of[GIVEN] == DIFFERENT && !is_known || of[GIVEN] == SIMILAR && !is_slip;
    let is_like = matches!(of[MAIL], NEAR | SIMILAR) && of[READING] != EXACT;
    if is_like && differs {
        bits[MAIL] = bits[MAIL].min(0.0);
    } else if is_like
        && (!is_slip
            || [GIVEN, FAMILY]
                .iter()
                .any(|&name| matches!(of[name], SIMILAR | DIFFERENT)))
    {
        bits[MAIL] = bits[MAIL].min(LIKE_MAILBOX);
    }
}

/// What members of one household have in common by being a family says little of one person: a shared address, phone, mailbox, or
/// number caps the evidence of the names, and of the birth date, as twins share it. Whether anything is shared.
fn household(of: &[u8; COUNT], bits: &mut [f64; COUNT]) -> bool {
    let roof = of[PLACE] == EXACT || of[PHONE] == EXACT;
    if !roof && of[MAIL] != EXACT && of[ID] != EXACT {
        return false;
    }
    let mut cap = |field: usize, most: f64| bits[field] = bits[field].min(most);
    cap(FAMILY, 0.7);
    cap(GIVEN, 6.0);
    cap(MIDDLE, 4.0);
    if roof {
        cap(BIRTH, 5.5);
    }
    // A son is named after his father.
    let known = of[ID] == EXACT || of[MAIL] == EXACT;
    if roof && of[BIRTH] == DIFFERENT && !known {
        cap(GIVEN, 3.0);
        cap(MIDDLE, 0.5);
        cap(BIRTH, -6.0);
    }
    // Sisters have like names, not equal ones.
    if of[GIVEN] == SIMILAR {
        cap(GIVEN, 1.0);
    }
    true
}

/// Ways to reach somebody: phone and address go together; and of what those share who may be kin, the best counts in full and
/// each further one says little more.
fn contacts(bits: &mut [f64; COUNT], kin: bool) {
    let place = bits[PLACE] + bits[ZIP] + bits[CITY];
    if place > 0.0 {
        bits[PHONE] = bits[PHONE].min(2.0);
    }
    if !kin {
        return;
    }
    let ways: [&[usize]; 4] = [&[PLACE, ZIP, CITY], &[PHONE], &[MAIL], &[ID]];
    let sums = ways.map(|way| way.iter().map(|&field| bits[field]).sum::<f64>());
    let best = (1..ways.len()).fold(
        0,
        |best, way| if sums[way] > sums[best] { way } else { best },
    );
    for (way, _) in ways.iter().enumerate().filter(|&(way, _)| way != best) {
        // Of a place that speaks for a pair one part counts.
        for &field in ways[way] {
            bits[field] = bits[field].min(MORE_WAYS);
        }
    }
}

/// Bits of each further way to reach a family that two tuples share.
const MORE_WAYS: f64 = 3.0;

/// Several values that say one thing count once: the best agreement, or all disagreement if there is none.
fn best_of(bits: &mut [f64; COUNT], groups: &[&[usize]]) {
    let sum = |bits: &[f64; COUNT], group: &[usize]| group.iter().map(|&at| bits[at]).sum::<f64>();
    let mut best = None;
    let mut most = 0.0;
    for (at, group) in groups.iter().enumerate() {
        let sum = sum(bits, group);
        if sum > most {
            (best, most) = (Some(at), sum);
        }
    }
    let Some(best) = best else { return };
    for (_, group) in groups.iter().enumerate().filter(|&(at, _)| at != best) {
        group.iter().for_each(|&field| bits[field] = 0.0);
    }
}

/// The bits that each level speaks for one person.
fn logs(m: &Table, u: &Table) -> Table {
    std::array::from_fn(|field| {
        std::array::from_fn(|level| (m[field][level] / u[field][level]).log2())
    })
}

/// Pairs sorted by what the model sees of them. There are far fewer sorts than pairs.
pub(super) struct Alike {
    /// The sort of each pair.
    of: Vec<u32>,
    sorts: Sorts,
}

impl Alike {
    /// For each pair what is known of its sort.
    pub(super) fn of_pairs<'a>(&'a self, of_sorts: &'a [f64]) -> impl Iterator<Item = f64> + 'a {
        self.of.iter().map(|&sort| of_sorts[sort as usize])
    }
}

/// What the model sees of pairs: their levels, and what each exact agreement is worth.
#[derive(Default)]
struct Sorts {
    /// The levels of each sort.
    levels: Vec<Levels>,
    /// Where the gains of each sort end.
    ends: Vec<usize>,
    gains: Vec<f64>,
    /// Sorts by their hashes.
    known: HashMap<u64, u32>,
}

impl Sorts {
    /// The number of a sort, a new one where it is not known: they are in the order of first appearance.
    fn number(&mut self, levels: &Levels, gains: &[f64]) -> u32 {
        let print = print(levels, gains);
        let known = self.known.get(&print).map(|&sort| sort as usize);
        let same = |&sort: &usize| self.levels[sort] == *levels && self.gains_of(sort) == gains;
        known.filter(same).unwrap_or_else(|| {
            let sort = self.levels.len();
            self.levels.push(*levels);
            self.gains.extend_from_slice(gains);
            self.ends.push(self.gains.len());
            self.known.entry(print).or_insert(sort as u32);
            sort
        }) as u32
    }

    fn gains_of(&self, sort: usize) -> &[f64] {
        let start = sort.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.gains[start..self.ends[sort]]
    }
}

/// A hash of what the model sees of a pair.
fn print(levels: &Levels, gains: &[f64]) -> u64 {
    let mut bytes = [0; 16];
    bytes[..COUNT].copy_from_slice(&levels.of);
    let flags = [levels.swapped, levels.apart, levels.sisters, levels.two];
    bytes[COUNT] = (0..)
        .zip(flags)
        .map(|(bit, flag)| u8::from(flag) << bit)
        .sum();
    let [low, high] = [0, 8].map(|at| {
        bytes[at..at + 8]
            .iter()
            .fold(0, |word, &byte| word << 8 | u64::from(byte))
    });
    let gains = gains.iter().map(|gain| gain.to_bits());
    gains.fold(mix(low, high), mix)
}

/// A candidate pair.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pair {
    pub(super) a: u32,
    pub(super) b: u32,
    pub(super) levels: Levels,
}

/// The chance of each level between people who have nothing to do with each other, from a fixed series of pairs.
fn chance(profiles: &[Profile<'_>]) -> Table {
    let n = profiles.len() as u64;
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        ((state >> 11) % n.max(1)) as usize
    };
    let drawn: Vec<(usize, usize)> = (0..RANDOM_PAIRS.min(n * 20))
        .map(|_| (draw(), draw()))
        .collect();
    let counted = drawn.par_chunks(1 << 12).map(|pairs| {
        let mut seen = [[0u64; level::COUNT]; COUNT];
        for &(i, j) in pairs.iter().filter(|(i, j)| i != j) {
            let levels = compare(&profiles[i], &profiles[j]);
            let all = seen.iter_mut().zip(levels.of);
            all.for_each(|(row, level)| row[level as usize] += 1);
        }
        seen
    });
    let none = || [[0u64; level::COUNT]; COUNT];
    let seen = counted.reduce(none, |a, b| {
        std::array::from_fn(|field| std::array::from_fn(|level| a[field][level] + b[field][level]))
    });
    let mut seen = seen.map(|row| row.map(|n| n as f64));
    let base = [0.01, 0.002, 0.004, 0.004, 0.98];
    for row in &mut seen {
        let sum: f64 = row[1..].iter().sum::<f64>() + 50.0;
        for level in [EXACT, NEAR, SIMILAR, level::INITIAL, DIFFERENT] {
            row[level as usize] = (row[level as usize] + 50.0 * base[level as usize - 1]) / sum;
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What stands beside a record is shared by its copies, whatever became of their contacts, but not under another number and birth date.
    #[test]
    fn copies_of_a_record_meet_in_the_rest() {
        let levels = |given: &[(usize, u8)]| {
            let mut of = [MISSING; COUNT];
            given.iter().for_each(|&(field, level)| of[field] = level);
            of
        };
        for (given, expected) in [
            (&[][..], false),
            (&[(MAIL, DIFFERENT)], true),
            (&[(MAIL, DIFFERENT), (PHONE, EXACT)], false),
            (&[(MAIL, DIFFERENT), (REST, EXACT)], false),
            (&[(BIRTH, DIFFERENT), (REST, EXACT)], false),
            (&[(BIRTH, DIFFERENT), (ID, DIFFERENT), (REST, EXACT)], true),
        ] {
            assert_eq!(is_unmet(&levels(given)), expected, "{given:?}");
        }
    }

    /// Pairs of one sort are scored once, and no otherwise than each by itself.
    #[test]
    fn pairs_of_one_sort_have_one_score() {
        let names = ["mary", "john", "maria", "jon", "anne"];
        let cities = ["springfield", "salem", ""];
        let profiles: Vec<Profile<'_>> = (0..600usize)
            .map(|at| Profile {
                given: names[at % 5],
                family: names[at / 5 % 5],
                city: cities[at / 7 % 3],
                birth: [0, 1985_0403, 1985_0304][at / 11 % 3],
                ..Profile::default()
            })
            .collect();
        let person: Vec<u32> = (0..600).map(|at| at - at % 3).collect();
        let mut model = Model::new(&profiles, &person);
        let pairs: Vec<Pair> = (0..600u32)
            .flat_map(|a| (a + 1..600).step_by(7).map(move |b| (a, b)))
            .map(|(a, b)| Pair {
                a,
                b,
                levels: compare(&profiles[a as usize], &profiles[b as usize]),
            })
            .collect();
        let alike = model.alike(&profiles, &pairs, &person);
        assert!(
            alike.sorts.levels.len() * 10 < pairs.len(),
            "{}",
            alike.sorts.levels.len()
        );
        for _ in 0..2 {
            let scores = model.scores(&alike);
            for (pair, score) in pairs.iter().zip(alike.of_pairs(&scores)) {
                let (i, j) = (pair.a as usize, pair.b as usize);
                let apart = person[i] != person[j];
                let expected = model.score(&profiles[i], &profiles[j], &pair.levels, apart);
                assert_eq!(score.to_bits(), expected.to_bits(), "{pair:?}");
            }
            model.learn(600, (&pairs, 1.0), &alike, &[3.0; COUNT]);
        }
    }
}
