//! Pairs of records that the user decides on: their ids, which tell nothing of what the records say, and the answers.
//!
//! A record's pseudonym is a hash of its identity, keyed with a hash of *all* records read: whoever has not got the data cannot try
//! values against it. So ids are the same for the same records, in any order of files, and mean nothing for other data.

use std::collections::{BTreeMap, VecDeque};
use std::fmt;
use std::str::FromStr;

use rayon::prelude::*;
use sha1::{Digest, Sha1};

use super::keys::Walk;
use super::resolve::NOBODY;
use super::tuples::{Tuples, tuple_number};

/// Bits of a pseudonym: twelve letters.
const RECORD_BITS: u32 = 60;
/// Bits that tell the data: six letters.
const DATA_BITS: u32 = 30;
/// Digits and letters that are not taken for each other.
const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// Two records, under pseudonyms: `DATA-RECORD-RECORD`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PairId {
    data: u64,
    /// The smaller pseudonym first.
    records: [u64; 2],
}

impl fmt::Display for PairId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b] = self.records.map(|record| letters(record, RECORD_BITS));
        write!(f, "{}-{a}-{b}", letters(self.data, DATA_BITS))
    }
}

impl FromStr for PairId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let parts: Vec<&str> = text.trim().split('-').collect();
        let [data, a, b] = parts[..] else {
            return Err(());
        };
        let (a, b) = (number(a, RECORD_BITS)?, number(b, RECORD_BITS)?);
        if a == b {
            return Err(());
        }
        Ok(Self {
            data: number(data, DATA_BITS)?,
            records: [a.min(b), a.max(b)],
        })
    }
}

fn letters(number: u64, bits: u32) -> String {
    let places = (0..bits / 5).rev();
    let letter = |place| ALPHABET[(number >> (5 * place) & 31) as usize];
    places.map(|place| char::from(letter(place))).collect()
}

fn number(text: &str, bits: u32) -> Result<u64, ()> {
    if text.len() != bits as usize / 5 {
        return Err(());
    }
    text.bytes().try_fold(0, |number, byte| {
        let letter = byte.to_ascii_lowercase();
        let digit = ALPHABET.iter().position(|&known| known == letter);
        Ok(number << 5 | digit.ok_or(())? as u64)
    })
}

/// What the user says of two records.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// They are one person.
    Yes,
    /// They are two.
    No,
    /// Nobody knows.
    Unknown,
}

impl Answer {
    /// The word in the files.
    pub fn as_str(self) -> &'static str {
        match self {
            Answer::Yes => "yes",
            Answer::No => "no",
            Answer::Unknown => "unknown",
        }
    }
}

/// The user's answers to doubtful pairs, with the lines of their file.
#[derive(Clone, Debug, Default)]
pub struct Answers(BTreeMap<PairId, (Answer, u64)>);

/// Why answers cannot be used. Lines count from 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rejected {
    /// The pair is of other data, or of the same data read in another way.
    OtherData {
        /// Where it stands.
        line: u64,
    },
    /// The data hold no such records.
    NoSuchPair {
        /// Where it stands.
        line: u64,
    },
    /// A `no` on what a chain of `yes` makes one person.
    Contradiction {
        /// Where the `no` stands.
        no: u64,
        /// Where the `yes` stand.
        yes: Vec<u64>,
    },
}

impl Answers {
    /// Adds an answer. A later `unknown` takes nothing back; `yes` and `no` to one pair contradict each other.
    ///
    /// # Errors
    ///
    /// When the pair has the opposite answer already.
    pub fn add(&mut self, pair: PairId, answer: Answer, line: u64) -> Result<(), Rejected> {
        let known = self.0.entry(pair).or_insert((answer, line));
        match (known.0, answer) {
            (Answer::Yes, Answer::No) => Err(Rejected::Contradiction {
                no: line,
                yes: vec![known.1],
            }),
            (Answer::No, Answer::Yes) => Err(Rejected::Contradiction {
                no: known.1,
                yes: vec![line],
            }),
            (Answer::Unknown, _) => {
                *known = (answer, line);
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many there are.
    pub fn count(&self, answer: Answer) -> u64 {
        let alike = self.0.values().filter(|(given, _)| *given == answer);
        alike.count() as u64
    }

    /// The answer to a pair.
    pub fn of(&self, pair: &PairId) -> Option<Answer> {
        self.0.get(pair).map(|(answer, _)| *answer)
    }

    /// The `no`s that contradict a chain of `yes`.
    pub fn contradictions(&self) -> Vec<Rejected> {
        let mut known: BTreeMap<u64, Vec<(u64, u64)>> = BTreeMap::new();
        for (pair, &(_, line)) in self.0.iter().filter(|entry| entry.1.0 == Answer::Yes) {
            let [a, b] = pair.records;
            known.entry(a).or_default().push((b, line));
            known.entry(b).or_default().push((a, line));
        }
        let refused = self.0.iter().filter(|entry| entry.1.0 == Answer::No);
        let mut found: Vec<(u64, Vec<u64>)> = refused
            .filter_map(|(pair, &(_, no))| Some((no, chain(&known, pair.records)?)))
            .collect();
        found.sort_unstable();
        let found = found.into_iter();
        found
            .map(|(no, yes)| Rejected::Contradiction { no, yes })
            .collect()
    }

    /// The nodes that are meant: pairs that are one person, and pairs that are two; and what means none.
    pub(super) fn among(&self, walk: Walk<'_>, seal: &Seal) -> Applied {
        let mut applied = Applied::default();
        let mut records: Vec<u64> = Vec::new();
        for (pair, &(_, line)) in &self.0 {
            if pair.data == seal.data {
                records.extend(pair.records);
            } else {
                applied.rejected.push(Rejected::OtherData { line });
            }
        }
        records.sort_unstable();
        let ids = walk.store.tuples().par_iter().enumerate();
        let found: BTreeMap<u64, u32> = ids
            .filter(|&(at, _)| walk.rank[at] != NOBODY)
            .map(|(at, tuple)| (seal.record(tuple_number(tuple.id)), walk.rank[at]))
            .filter(|(record, _)| records.binary_search(record).is_ok())
            .collect();
        for (pair, &(answer, line)) in self.0.iter().filter(|entry| entry.0.data == seal.data) {
            let [a, b] = pair.records.map(|record| found.get(&record).copied());
            let (Some(a), Some(b)) = (a, b) else {
                applied.rejected.push(Rejected::NoSuchPair { line });
                continue;
            };
            match answer {
                Answer::Yes => applied.one.push((a.min(b), a.max(b))),
                Answer::No => applied.two.push((a.min(b), a.max(b))),
                Answer::Unknown => {}
            }
        }
        applied.rejected.sort_by_key(Rejected::line);
        applied
    }
}

impl Rejected {
    /// The line it is about.
    pub fn line(&self) -> u64 {
        match self {
            Rejected::OtherData { line } | Rejected::NoSuchPair { line } => *line,
            Rejected::Contradiction { no, .. } => *no,
        }
    }
}

/// The lines of the shortest way from one record to another.
fn chain(known: &BTreeMap<u64, Vec<(u64, u64)>>, [from, to]: [u64; 2]) -> Option<Vec<u64>> {
    let mut came: BTreeMap<u64, (u64, u64)> = BTreeMap::new();
    let mut queue = VecDeque::from([from]);
    while let Some(at) = queue.pop_front() {
        if at == to {
            let mut lines = Vec::new();
            let mut at = to;
            while at != from {
                let (before, line) = came[&at];
                lines.push(line);
                at = before;
            }
            lines.sort_unstable();
            return Some(lines);
        }
        for &(next, line) in known.get(&at).into_iter().flatten() {
            if next != from && !came.contains_key(&next) {
                came.insert(next, (at, line));
                queue.push_back(next);
            }
        }
    }
    None
}

/// Answers as they are about nodes.
#[derive(Default)]
pub(super) struct Applied {
    pub(super) one: Vec<(u32, u32)>,
    pub(super) two: Vec<(u32, u32)>,
    pub(super) rejected: Vec<Rejected>,
}

/// What makes pseudonyms.
pub(super) struct Seal {
    key: [u8; 20],
    data: u64,
}

impl Seal {
    /// The seal of all that was read.
    pub(super) fn of(store: &Tuples) -> Self {
        let mut all = Sha1::new_with_prefix("leakscope records");
        for tuple in store.tuples() {
            all.update(tuple.id.to_le_bytes());
        }
        let key: [u8; 20] = all.finalize().into();
        let told = first_bytes(Sha1::new_with_prefix("leakscope data").chain_update(key));
        Self {
            key,
            data: told >> (u64::BITS - DATA_BITS),
        }
    }

    fn record(&self, id: u64) -> u64 {
        let told = Sha1::new_with_prefix(self.key).chain_update(id.to_le_bytes());
        first_bytes(told) >> (u64::BITS - RECORD_BITS)
    }

    /// The id of two records, by their numbers.
    pub(super) fn pair(&self, a: u64, b: u64) -> PairId {
        let (a, b) = (self.record(a), self.record(b));
        PairId {
            data: self.data,
            records: [a.min(b), a.max(b)],
        }
    }
}

fn first_bytes(hash: Sha1) -> u64 {
    let hash: [u8; 20] = hash.finalize().into();
    let first = hash
        .first_chunk()
        .expect("twenty bytes are more than eight");
    u64::from_be_bytes(*first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(a: u64, b: u64) -> PairId {
        PairId {
            data: 77,
            records: [a.min(b), a.max(b)],
        }
    }

    #[test]
    fn ids_are_read_as_they_are_written() {
        for id in [pair(0, (1 << 60) - 1), pair(12_345, 99), pair(31, 32)] {
            assert_eq!(id.to_string().parse(), Ok(id));
            assert_eq!(
                format!(" {} ", id.to_string().to_uppercase()).parse(),
                Ok(id)
            );
        }
        for bad in ["", "a-b-c", "000000-000000000001-000000000001", "1-2"] {
            assert_eq!(bad.parse::<PairId>(), Err(()), "{bad}");
        }
    }

    #[test]
    fn a_no_against_a_chain_of_yes_is_told_with_its_lines() {
        let mut answers = Answers::default();
        for (a, b, answer, line) in [
            (1, 2, Answer::Yes, 2),
            (2, 3, Answer::Yes, 3),
            (5, 6, Answer::Yes, 4),
            (1, 3, Answer::No, 5),
            (3, 5, Answer::No, 6),
            (1, 6, Answer::Unknown, 7),
        ] {
            answers.add(pair(a, b), answer, line).unwrap();
        }
        let expected = Rejected::Contradiction {
            no: 5,
            yes: vec![2, 3],
        };
        assert_eq!(answers.contradictions(), [expected]);
        let twice = answers.add(pair(5, 6), Answer::No, 8);
        let expected = Rejected::Contradiction {
            no: 8,
            yes: vec![4],
        };
        assert_eq!(twice, Err(expected));
    }
}
