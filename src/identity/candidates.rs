//! Which tuples are compared at all: those that share a typed key, and those whose letters are mostly the same.

use std::ops::Range;

use foldhash::HashMap;
use rayon::prelude::*;

use super::fact::{Token, hash, mix};
use super::keys::repeated;
use super::normal::digits;
use super::profile::Profile;

/// Groups up to this size give every pair, larger ones a sorted neighbourhood.
const GROUP: usize = 60;
/// Neighbours on one side of a sorted group.
const WINDOW: usize = 12;

/// Above so many tuples more letters must be the same.
const MANY: usize = 100_000;
/// Above so many tuples their keys are made in several turns, each of a few sorts of keys: memory holds those of one turn.
const ONE_TURN: usize = 200_000;
/// Sorts of keys in a turn.
const TURN: u64 = 6;

/// Candidate pairs of those that are `likely`, sorted, the first of each in the upper half and less than the second.
pub(super) fn candidates(
    profiles: &[Profile<'_>],
    likely: &(impl Fn(u32, u32) -> bool + Sync),
) -> Vec<u64> {
    let (turn, letters) = match profiles.len() {
        n if n <= MANY => (u64::MAX, Letters::OF_FEW),
        n if n <= ONE_TURN => (u64::MAX, Letters::OF_MANY),
        _ => (TURN, Letters::OF_MANY),
    };
    let groups = Groups::Walked(Orders::of(profiles));
    let mut pairs = found(profiles, (SORTS, turn), &groups, likely, &typed_keys);
    let groups = Groups::UpTo(letters.group);
    let sorts = (letters.sorts(), turn);
    let by_letters = |profile: &Profile<'_>, keys: &mut Keys<'_>| bands(profile, letters, keys);
    pairs.append(&mut found(profiles, sorts, &groups, likely, &by_letters));
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

/// The pairs that so many sorts of keys find, so many of them in a turn.
fn found(
    profiles: &[Profile<'_>],
    (sorts, turn): (u64, u64),
    groups: &Groups,
    likely: &(impl Fn(u32, u32) -> bool + Sync),
    keys_of: &(impl Fn(&Profile<'_>, &mut Keys<'_>) + Sync),
) -> Vec<u64> {
    let mut pairs = Vec::new();
    let turn = turn.min(sorts);
    for from in (0..sorts).step_by(turn as usize) {
        let mut keys = repeated(profiles.len(), |at, out| {
            let mut keys = Keys {
                sort: 0,
                wanted: from..from + turn,
                put: &mut |key| out.push((key, at as u32)),
            };
            keys_of(&profiles[at], &mut keys);
        });
        keys.dedup();
        pairs.append(&mut collect(&keys, groups, likely));
        pairs.par_sort_unstable();
        pairs.dedup();
    }
    pairs
}

/// What becomes of large groups of one key.
enum Groups {
    /// Neighbours are paired, in two orders.
    Walked(Orders),
    /// Those above this size are left out.
    UpTo(usize),
}

/// The place of every tuple in two orders: by family and given name, and by given name and birth date.
struct Orders([Vec<u32>; 2]);

impl Orders {
    fn of(profiles: &[Profile<'_>]) -> Self {
        let families = ranks(profiles, |profile| profile.family);
        let given = ranks(profiles, |profile| profile.given);
        let all = || (0..profiles.len() as u32).into_par_iter();
        let birth = |at: u32| profiles[at as usize].birth;
        let by_family = |at: u32| {
            let names = [families[at as usize], given[at as usize]];
            (names, birth(at), 0, at)
        };
        let by_given = |at: u32| {
            let (family, given) = (families[at as usize], given[at as usize]);
            ([given, 0], birth(at), family, at)
        };
        Self([
            places(all().map(by_family).collect()),
            places(all().map(by_given).collect()),
        ])
    }
}

/// The rank of everybody's value among all values.
fn ranks<'p>(profiles: &[Profile<'p>], value: impl Fn(&Profile<'p>) -> &'p str) -> Vec<u32> {
    let mut known: HashMap<&str, u32> = HashMap::default();
    let numbers = profiles.iter().map(|profile| {
        let next = known.len() as u32;
        *known.entry(value(profile)).or_insert(next)
    });
    let numbers: Vec<u32> = numbers.collect();
    let mut order: Vec<(&str, u32)> = known.into_iter().collect();
    order.par_sort_unstable();
    let mut rank = vec![0; order.len()];
    for (place, (_, number)) in (0u32..).zip(order) {
        rank[number as usize] = place;
    }
    let rank = |number: u32| rank[number as usize];
    numbers.into_iter().map(rank).collect()
}

/// Where each stands in an order by names, birth, name, and the number of who it is.
fn places(mut order: Vec<([u32; 2], u64, u32, u32)>) -> Vec<u32> {
    order.par_sort_unstable();
    let mut places = vec![0; order.len()];
    for (place, (.., at)) in (0u32..).zip(order) {
        places[at as usize] = place;
    }
    places
}

/// Likely pairs of the groups of equal keys, the first of each in the upper half.
fn collect(
    keys: &[(u64, u32)],
    groups: &Groups,
    likely: &(impl Fn(u32, u32) -> bool + Sync),
) -> Vec<u64> {
    let most = match groups {
        Groups::Walked(_) => GROUP,
        Groups::UpTo(most) => *most,
    };
    let found: Vec<Vec<u64>> = keys
        .par_chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
        .fold(Vec::new, |mut pairs, group| {
            let mut add = |a: u32, b: u32| {
                if likely(a, b) {
                    pairs.push(u64::from(a) << 32 | u64::from(b));
                }
            };
            if group.len() <= most {
                for (i, a) in group.iter().enumerate() {
                    group[i + 1..].iter().for_each(|b| add(a.1, b.1));
                }
            } else if let Groups::Walked(Orders(orders)) = groups {
                orders
                    .iter()
                    .for_each(|order| window(group, order, &mut add));
            }
            pairs
        })
        .collect();
    found.concat()
}

/// Pairs of neighbours in an order.
fn window(group: &[(u64, u32)], places: &[u32], add: &mut impl FnMut(u32, u32)) {
    let place = |key: &(u64, u32)| (places[key.1 as usize], key.1);
    let mut members: Vec<(u32, u32)> = group.iter().map(place).collect();
    members.sort_unstable();
    for (i, &(_, a)) in members.iter().enumerate() {
        let neighbours = members[i + 1..].iter().take(WINDOW);
        neighbours.for_each(|&(_, b)| add(a.min(b), a.max(b)));
    }
}

/// Keys being made: each sort of them has a number, and those of one turn are wanted.
struct Keys<'k> {
    sort: u64,
    wanted: Range<u64>,
    put: &'k mut dyn FnMut(u64),
}

impl Keys<'_> {
    /// What is only needed for the next so many sorts, if one of them is wanted.
    fn make<T: Default>(&self, sorts: u64, of: impl FnOnce() -> T) -> T {
        let mut next = self.sort..self.sort + sorts;
        if next.any(|sort| self.wanted.contains(&sort)) {
            of()
        } else {
            T::default()
        }
    }

    /// A combination of facts, if none of them is missing.
    fn add(&mut self, parts: &[&str]) {
        self.any([parts]);
    }

    /// Several combinations of one sort: equal ones meet, whichever place they have.
    fn any<'t>(&mut self, all: impl IntoIterator<Item = impl AsRef<[&'t str]>>) {
        let sort = self.sort;
        self.sort += 1;
        if !self.wanted.contains(&sort) {
            return;
        }
        for parts in all {
            let parts = parts.as_ref();
            if parts.iter().all(|part| !part.is_empty()) {
                let key = |key, part: &&str| mix(key, hash(sort, part));
                (self.put)(parts.iter().fold(sort, key));
            }
        }
    }
}

fn cut(text: &str, n: usize) -> &str {
    text.char_indices()
        .nth(n)
        .map_or(text, |(end, _)| &text[..end])
}

/// Sorts of typed keys.
const SORTS: u64 = 33;

/// The keys under which a tuple is looked for: combinations of two or three facts.
fn typed_keys(p: &Profile<'_>, keys: &mut Keys<'_>) {
    let birth = if p.birth == 0 {
        String::new()
    } else {
        Token(p.birth).birth_class().to_string()
    };
    let birth = birth.as_str();
    let (g1, f1, m1) = (cut(p.given, 1), cut(p.family, 1), cut(p.middle, 1));
    let (year, day) = if birth.len() == 8 {
        birth.split_at(4)
    } else {
        ("", "")
    };
    keys.add(&[p.name]);
    keys.add(&[p.reading]);
    keys.add(&[p.nick, p.family]);
    keys.add(&[p.nick, birth]);
    let romaji = keys.make(1, || p.in_romaji());
    keys.any(romaji.iter().map(|sound| [sound.as_str()]));
    keys.add(&[p.family, birth]);
    keys.add(&[p.given, birth]);
    keys.add(&[f1, g1, birth]);
    keys.add(&[p.middle, birth]);
    keys.add(&[birth, p.zip]);
    keys.add(&[birth, p.city]);
    keys.add(&[birth, p.place]);
    keys.add(&[p.given, p.place]);
    keys.add(&[p.family, p.place]);
    keys.add(&[p.given, p.zip]);
    keys.add(&[p.family, p.zip]);
    let [gs, fs] = keys.make(2, || [p.given, p.family].map(soundex));
    keys.add(&[gs.as_str().min(&fs), gs.as_str().max(&fs), year]);
    keys.add(&[&gs, &fs, p.zip]);
    let sorted = keys.make(1, || sorted_digits(birth));
    keys.add(&[cut(p.given, 3), cut(p.family, 3), &sorted]);
    keys.add(&[p.family, g1, day]);
    keys.add(&[p.given, p.city, year]);
    keys.add(&[p.family, p.city, g1]);
    keys.add(&[p.given, p.middle, cut(p.family, 3)]);
    keys.add(&[p.family, p.middle, g1]);
    keys.add(&[p.family, p.given, m1]);
    keys.add(&[cut(p.given, 3), cut(p.family, 3)]);
    let house = keys.make(1, || {
        let mut house = String::new();
        digits(p.place, &mut house);
        house
    });
    keys.add(&[&house, cut(p.zip, 2), f1]);
    contact_keys(p, keys);
    let half_named = p.given.is_empty() || p.family.is_empty();
    keys.add(&[if half_named { birth } else { "" }]);
}

/// Every contact and number is a key by itself; so are the local part of a mailbox, and the end of a phone number with the initials.
fn contact_keys(p: &Profile<'_>, keys: &mut Keys<'_>) {
    let initials = [cut(p.given, 1), cut(p.family, 1)];
    keys.any(p.phones.map(|phone| [phone]));
    keys.any(p.phones.map(|phone| {
        let last = phone.get(phone.len().saturating_sub(4)..);
        [last.unwrap_or(""), initials[0], initials[1]]
    }));
    keys.any(p.mails.map(|mail| [mail]));
    keys.any(p.mails.map(|mail| {
        let local = mail.split('@').next().unwrap_or("");
        [if local.len() >= 5 { local } else { "" }]
    }));
    keys.any(p.ids.map(|id| [id.1]));
}

fn sorted_digits(text: &str) -> String {
    let mut digits: Vec<char> = text.chars().collect();
    digits.sort_unstable();
    digits.into_iter().collect()
}

/// American Soundex of a Latin word; other scripts give the first two characters.
fn soundex(word: &str) -> String {
    let Some(first) = word.chars().next() else {
        return String::new();
    };
    if !first.is_ascii_alphabetic() {
        return word.chars().take(2).collect();
    }
    let code = |c: char| match c {
        'b' | 'f' | 'p' | 'v' => '1',
        'c' | 'g' | 'j' | 'k' | 'q' | 's' | 'x' | 'z' => '2',
        'd' | 't' => '3',
        'l' => '4',
        'm' | 'n' => '5',
        'r' => '6',
        'h' | 'w' => 'h',
        _ => '0',
    };
    let mut out = String::from(first);
    let mut last = code(first);
    for c in word.chars().skip(1) {
        let now = code(c);
        if now != 'h' {
            if now != '0' && now != last {
                out.push(now);
            }
            last = now;
        }
        if out.len() == 4 {
            break;
        }
    }
    out
}

/// How much of the letters of two tuples must be the same: MinHash signatures over letter pairs.
#[derive(Clone, Copy)]
struct Letters {
    /// Bands over names and contacts, and over names and place; over names and birth there are twice as many.
    bands: u64,
    /// Rows of a band: all must be equal.
    rows: usize,
    /// Larger groups are left out.
    group: usize,
}

impl Letters {
    const OF_FEW: Self = Self {
        bands: 12,
        rows: 3,
        group: GROUP,
    };
    const OF_MANY: Self = Self {
        bands: 12,
        rows: 4,
        group: 24,
    };

    fn sorts(self) -> u64 {
        4 * self.bands
    }
}

/// A key for each band over the letters of a tuple.
fn bands(p: &Profile<'_>, letters: Letters, keys: &mut Keys<'_>) {
    let birth = match p.birth {
        0 => String::new(),
        birth => (birth & 0xffff_ffff).to_string(),
    };
    let contacts = [p.mails[0], p.phones[0], p.ids[0].1];
    let n = letters.bands;
    let bags: [(u64, Range<u64>, [&str; 3]); 3] = [
        (1, 0..2 * n, [&birth, "", ""]),
        (2, 2 * n..3 * n, contacts),
        (3, 3 * n..4 * n, [p.place, p.city, p.zip]),
    ];
    for (bag, bands, extra) in bags {
        let wanted = bands.start.max(keys.wanted.start)..bands.end.min(keys.wanted.end);
        let known = bag == 1 || extra.iter().any(|text| !text.is_empty());
        if wanted.is_empty() || !known {
            continue;
        }
        let names = [(1, p.given), (1, p.family), (2, p.reading)];
        let texts = names.into_iter().chain(extra.map(|text| (3, text)));
        let grams = letter_pairs(texts, bag);
        if grams.len() < 5 {
            continue;
        }
        for band in wanted.clone().step_by(AT_ONCE) {
            let least = signatures(&grams, bag << 16 | band);
            for (band, rows) in (band..wanted.end).zip(least.chunks_exact(ROWS)) {
                let rows = rows[..letters.rows].iter().map(|&row| u64::from(row));
                (keys.put)(rows.fold(band, mix));
            }
        }
    }
}

/// Rows of a signature.
const ROWS: usize = 4;
/// Bands whose signatures are made at once.
const AT_ONCE: usize = 4;
/// Numbers of [`AT_ONCE`] signatures.
type Signatures = [u16; ROWS * AT_ONCE];

/// The MinHash signatures of some bands from `first` on. A row hashes 16 bits of each gram's hash by a multiplication of its own, so that the
/// compiler makes vector code of it.
fn signatures(grams: &[u64], first: u64) -> Signatures {
    let (mut factors, mut terms) = (Signatures::default(), Signatures::default());
    for (lane, (factor, term)) in (0..).zip(factors.iter_mut().zip(&mut terms)) {
        let random = mix(first + lane / ROWS as u64, lane % ROWS as u64);
        (*factor, *term) = (random as u16 | 1, (random >> 16) as u16);
    }
    let mut least = [u16::MAX; ROWS * AT_ONCE];
    for &gram in grams {
        let of_rows: [u16; ROWS] = [
            gram as u16,
            (gram >> 16) as u16,
            (gram >> 32) as u16,
            (gram >> 48) as u16,
        ];
        for lane in 0..ROWS * AT_ONCE {
            let hash = of_rows[lane % ROWS]
                .wrapping_mul(factors[lane])
                .wrapping_add(terms[lane]);
            if hash < least[lane] {
                least[lane] = hash;
            }
        }
    }
    least
}

/// The pairs of neighbouring letters of some texts, each with a seed.
fn letter_pairs<'t>(texts: impl Iterator<Item = (u64, &'t str)>, bag: u64) -> Vec<u64> {
    let mut grams: Vec<u64> = Vec::with_capacity(64);
    for (seed, text) in texts.filter(|text| !text.1.is_empty()) {
        let padded = std::iter::once('^')
            .chain(text.chars().take(40))
            .chain(std::iter::once('$'));
        let mut last = '\0';
        for c in padded {
            grams.push(mix(seed << 42 | (last as u64) << 21 | c as u64, bag));
            last = c;
        }
    }
    grams
}

#[cfg(test)]
mod tests {
    use super::*;

    /// However many sorts of keys are made at a time, the same pairs are found.
    #[test]
    fn turns_do_not_show() {
        let given = ["anna", "ana", "bert", "berta", "carl", "karl", "dora"];
        let family = ["smith", "smyth", "jones", "johns", "miller"];
        let phones: Vec<String> = (0..500)
            .map(|n| format!("31234{:05}", n * 7 % 90))
            .collect();
        let profiles: Vec<Profile<'_>> = (0..500)
            .map(|n| Profile {
                given: given[n % 7],
                family: family[n / 7 % 5],
                birth: [0, 1985_0403, 1985_0304][n / 3 % 3],
                phones: [&phones[n], "", ""],
                ..Profile::default()
            })
            .collect();
        let likely = |a: u32, b: u32| !(a + b).is_multiple_of(5);
        let typed = |turn| {
            let groups = Groups::Walked(Orders::of(&profiles));
            found(&profiles, (SORTS, turn), &groups, &likely, &typed_keys)
        };
        let letters = |turn| {
            let letters = Letters::OF_MANY;
            let of = |p: &Profile<'_>, keys: &mut Keys<'_>| bands(p, letters, keys);
            let groups = Groups::UpTo(letters.group);
            found(&profiles, (letters.sorts(), turn), &groups, &likely, &of)
        };
        for turn in [1, 6, 7] {
            assert_eq!(typed(turn), typed(u64::MAX), "{turn}");
            assert_eq!(letters(turn), letters(u64::MAX), "{turn}");
        }
        assert!(typed(6).len() > 1_000 && !letters(6).is_empty());
    }

    /// The last sort of typed keys is wanted, too: there are as many as [`SORTS`] says.
    #[test]
    fn every_sort_is_made() {
        let profile = Profile::default();
        let mut keys = Keys {
            sort: 0,
            wanted: 0..0,
            put: &mut |_| {},
        };
        typed_keys(&profile, &mut keys);
        assert_eq!(keys.sort, SORTS);
    }
}
