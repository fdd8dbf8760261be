//! Which tuples are compared at all: those that share a typed key, and those whose letters are mostly the same.

use std::ops::Range;

use foldhash::HashMap;
use rayon::prelude::*;

use super::fact::{Token, hash, mix};
use super::guests::Guests;
use super::letters::{Letters, bands};
use super::meet::meet;
use super::normal::digits;
use super::profile::level::{EXACT, NEAR};
use super::profile::{Profile, births};

/// Groups up to this size give every pair, larger ones a sorted neighbourhood.
pub(super) const GROUP: usize = 60;
/// Neighbours on one side of a sorted group.
const WINDOW: usize = 12;

/// Where those who meet by their letters are more than so many for each tuple, they must meet twice: of many tuples most pairs do so by chance.
const CROWD: usize = 150;
/// Above so many tuples more letters must be the same.
const MANY: usize = 100_000;
/// Above so many tuples their keys are made in several turns, each of a few sorts of keys: memory holds those of one turn.
const ONE_TURN: usize = 200_000;
/// Sorts of keys in a turn.
const TURN: u64 = 8;

/// Candidate pairs of those that are `likely`, sorted, the first of each in the upper half and less than the second.
pub(super) fn candidates(
    profiles: &[Profile<'_>],
    guests: &Guests,
    likely: &(impl Fn(u32, u32) -> bool + Sync),
) -> Vec<u64> {
    let letters = if profiles.len() <= MANY {
        Letters::OF_FEW
    } else {
        Letters::OF_MANY
    };
    let who = guests.callers();
    let turn = if who.len() <= ONE_TURN {
        u64::MAX
    } else {
        TURN
    };
    let search = Search {
        profiles,
        who: &who,
        guests,
        turn,
    };
    let groups = Groups::Walked(Orders::of(profiles, &who));
    let mut pairs = search.found(SORTS, &groups, likely, &typed_keys);
    let groups = Groups::UpTo(letters.group);
    let by_letters = |profile: &Profile<'_>, keys: &mut Keys<'_>| bands(profile, letters, keys);
    pairs.append(&mut search.found(letters.sorts(), &groups, likely, &by_letters));
    let within = guests.within(GROUP, WINDOW).into_iter();
    pairs.extend(within.filter(|&(a, b)| likely(a, b)).map(pair));
    let sharing = guests.sharing().par_iter().copied();
    let akin = |&(a, b): &(u32, u32)| akin(&profiles[a as usize], &profiles[b as usize]);
    pairs.par_extend(sharing.filter(akin).map(pair));
    pairs.par_sort_unstable();
    pairs.dedup();
    pairs
}

/// Whether two who share a value are like those who meet under a key: by a way to reach them, by their birth dates, or by their names.
pub(super) fn akin(a: &Profile<'_>, b: &Profile<'_>) -> bool {
    let common = |ours: &[&str], theirs: &[&str]| {
        let mut known = ours.iter().filter(|value| !value.is_empty());
        known.any(|value| theirs.contains(value))
    };
    let letters = |p: &Profile<'_>| {
        let names = p.given.chars().chain(p.family.chars());
        let letters = names.chain(p.reading.chars());
        letters.fold(0u64, |set, c| set | 1 << (c as u32 & 63))
    };
    let half = || {
        let (ours, theirs) = (letters(a), letters(b));
        2 * (ours & theirs).count_ones() >= ours.count_ones().min(theirs.count_ones())
    };
    common(&[a.given, a.family], &[b.given, b.family])
        || matches!(births(a.birth, b.birth), EXACT | NEAR)
        || common(&a.mails, &b.mails)
        || common(&a.phones, &b.phones)
        || common(&a.ids.map(|id| id.1), &b.ids.map(|id| id.1))
        || common(&[a.rest], &[b.rest])
        || half()
}

/// Two tuples as one number.
fn pair((a, b): (u32, u32)) -> u64 {
    u64::from(a.min(b)) << 32 | u64::from(a.max(b))
}

/// Whose keys are made, and how many sorts of them at a time.
struct Search<'c, 's> {
    profiles: &'c [Profile<'s>],
    who: &'c [u32],
    guests: &'c Guests,
    turn: u64,
}

impl Search<'_, '_> {
    /// The likely pairs that so many sorts of keys find.
    fn found(
        &self,
        sorts: u64,
        groups: &Groups,
        likely: &(impl Fn(u32, u32) -> bool + Sync),
        keys_of: &(impl Fn(&Profile<'_>, &mut Keys<'_>) + Sync),
    ) -> Vec<u64> {
        let mut pairs = Vec::new();
        let turn = self.turn.min(sorts);
        for from in (0..sorts).step_by(turn as usize) {
            let keys_of = |at: u32, put: &mut dyn FnMut(u64)| {
                let mut keys = Keys {
                    sort: 0,
                    wanted: from..from + turn,
                    put,
                };
                keys_of(&self.profiles[at as usize], &mut keys);
            };
            let called = self.guests.called(&keys_of);
            let keys = |at: u32, put: &mut dyn FnMut(u64)| {
                keys_of(at, &mut |key| self.guests.keys(at, key, &called, put));
            };
            let pairs_of = |group: &[u32], pairs: &mut Vec<u64>| {
                groups.pairs(group, &mut |a, b| {
                    if likely(a, b) {
                        pairs.push(pair((a, b)));
                    }
                });
            };
            let mut met = meet(self.profiles.len(), self.who, keys, pairs_of);
            met.par_sort_unstable();
            let times = match groups {
                Groups::UpTo(_) if turn == sorts && distinct(&met) > CROWD * self.who.len() => 2,
                _ => 1,
            };
            let often = met.chunk_by(|a, b| a == b);
            pairs.extend(often.filter(|same| same.len() >= times).map(|same| same[0]));
            pairs.par_sort_unstable();
            pairs.dedup();
        }
        pairs
    }
}

/// How many different pairs there are among sorted ones.
fn distinct(pairs: &[u64]) -> usize {
    let news = pairs.par_windows(2).filter(|pair| pair[0] != pair[1]);
    news.count() + usize::from(!pairs.is_empty())
}

/// What becomes of large groups of one key.
enum Groups {
    /// Neighbours are paired, in two orders.
    Walked(Orders),
    /// Those above this size are left out.
    UpTo(usize),
}

impl Groups {
    /// The pairs of a group that are looked at.
    fn pairs(&self, group: &[u32], add: &mut impl FnMut(u32, u32)) {
        let most = match self {
            Groups::Walked(_) => GROUP,
            Groups::UpTo(most) => *most,
        };
        if group.len() <= most {
            for (i, &a) in group.iter().enumerate() {
                group[i + 1..].iter().for_each(|&b| add(a, b));
            }
        } else if let Groups::Walked(Orders(orders)) = self {
            orders.iter().for_each(|order| window(group, order, add));
        }
    }
}

/// The place of every tuple in two orders: by family and given name, and by given name and birth date.
struct Orders([Vec<u32>; 2]);

impl Orders {
    fn of(profiles: &[Profile<'_>], who: &[u32]) -> Self {
        let families = ranks(profiles, who, |profile| profile.family);
        let given = ranks(profiles, who, |profile| profile.given);
        let all = || who.par_iter().copied();
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
            places(profiles.len(), all().map(by_family).collect()),
            places(profiles.len(), all().map(by_given).collect()),
        ])
    }
}

/// The rank of everybody's value among all values.
fn ranks<'p>(
    profiles: &[Profile<'p>],
    who: &[u32],
    value: impl Fn(&Profile<'p>) -> &'p str,
) -> Vec<u32> {
    let mut known: HashMap<&str, u32> = HashMap::default();
    let numbers = who.iter().map(|&at| {
        let next = known.len() as u32;
        *known.entry(value(&profiles[at as usize])).or_insert(next)
    });
    let numbers: Vec<u32> = numbers.collect();
    let mut order: Vec<(&str, u32)> = known.into_iter().collect();
    order.par_sort_unstable();
    let mut rank = vec![0; order.len()];
    for (place, (_, number)) in (0u32..).zip(order) {
        rank[number as usize] = place;
    }
    let mut ranks = vec![0; profiles.len()];
    for (&at, number) in who.iter().zip(numbers) {
        ranks[at as usize] = rank[number as usize];
    }
    ranks
}

/// Where each stands in an order by names, birth, name, and the number of who it is.
fn places(n: usize, mut order: Vec<([u32; 2], u64, u32, u32)>) -> Vec<u32> {
    order.par_sort_unstable();
    let mut places = vec![0; n];
    for (place, (.., at)) in (0u32..).zip(order) {
        places[at as usize] = place;
    }
    places
}

/// Pairs of neighbours in an order.
fn window(group: &[u32], places: &[u32], add: &mut impl FnMut(u32, u32)) {
    let mut members: Vec<(u32, u32)> = group.iter().map(|&at| (places[at as usize], at)).collect();
    members.sort_unstable();
    for (i, &(_, a)) in members.iter().enumerate() {
        let neighbours = members[i + 1..].iter().take(WINDOW);
        neighbours.for_each(|&(_, b)| add(a, b));
    }
}

/// Keys being made: each sort of them has a number, and those of one turn are wanted.
pub(super) struct Keys<'k> {
    sort: u64,
    pub(super) wanted: Range<u64>,
    pub(super) put: &'k mut dyn FnMut(u64),
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

    /// A combination of facts, each by its [`word`], if none of them is missing.
    fn add(&mut self, parts: &[u64]) {
        self.any([parts]);
    }

    /// Several combinations of one sort: equal ones meet, whichever place they have.
    fn any(&mut self, all: impl IntoIterator<Item = impl AsRef<[u64]>>) {
        let sort = self.sort;
        self.sort += 1;
        if !self.wanted.contains(&sort) {
            return;
        }
        for parts in all {
            let parts = parts.as_ref();
            if parts.iter().all(|&part| part != 0) {
                (self.put)(parts.iter().fold(sort, |key, &part| mix(key, part)));
            }
        }
    }
}

/// A text as keys have it; 0 where there is none.
fn word(text: &str) -> u64 {
    if text.is_empty() {
        0
    } else {
        hash(0, text) | 1
    }
}

fn cut(text: &str, n: usize) -> &str {
    text.char_indices()
        .nth(n)
        .map_or(text, |(end, _)| &text[..end])
}

/// Sorts of typed keys.
const SORTS: u64 = 34;

/// The keys under which a tuple is looked for: combinations of two or three facts.
fn typed_keys(p: &Profile<'_>, keys: &mut Keys<'_>) {
    let digits_of_birth = if p.birth == 0 {
        String::new()
    } else {
        Token(p.birth).birth_class().to_string()
    };
    let (year, day) = if digits_of_birth.len() == 8 {
        digits_of_birth.split_at(4)
    } else {
        ("", "")
    };
    let [birth, year, day] = [&digits_of_birth, year, day].map(word);
    let [name, reading, nick, given, middle, family] =
        [p.name, p.reading, p.nick, p.given, p.middle, p.family].map(word);
    let [place, zip, city] = [p.place, p.zip, p.city].map(word);
    let [g1, m1, f1] = [p.given, p.middle, p.family].map(|name| word(cut(name, 1)));
    let [g3, f3] = [p.given, p.family].map(|name| word(cut(name, 3)));
    keys.add(&[name]);
    keys.add(&[reading]);
    keys.add(&[nick, family]);
    keys.add(&[nick, birth]);
    let romaji = keys.make(1, || p.in_romaji());
    keys.any(romaji.iter().map(|sound| [word(sound)]));
    keys.add(&[family, birth]);
    keys.add(&[given, birth]);
    keys.add(&[f1, g1, birth]);
    keys.add(&[middle, birth]);
    keys.add(&[birth, zip]);
    keys.add(&[birth, city]);
    keys.add(&[birth, place]);
    keys.add(&[given, place]);
    keys.add(&[family, place]);
    keys.add(&[given, zip]);
    keys.add(&[family, zip]);
    let [gs, fs] = keys.make(2, || [p.given, p.family].map(|name| word(&soundex(name))));
    keys.add(&[gs.min(fs), gs.max(fs), year]);
    keys.add(&[gs, fs, zip]);
    let sorted = keys.make(1, || word(&sorted_digits(&digits_of_birth)));
    keys.add(&[g3, f3, sorted]);
    keys.add(&[family, g1, day]);
    keys.add(&[given, city, year]);
    keys.add(&[family, city, g1]);
    keys.add(&[given, middle, f3]);
    keys.add(&[family, middle, g1]);
    keys.add(&[family, given, m1]);
    keys.add(&[g3, f3]);
    let house = keys.make(1, || {
        let mut house = String::new();
        digits(p.place, &mut house);
        word(&house)
    });
    keys.add(&[house, word(cut(p.zip, 2)), f1]);
    contact_keys(p, [g1, f1], keys);
    let half_named = p.given.is_empty() || p.family.is_empty();
    keys.add(&[if half_named { birth } else { 0 }]);
    keys.add(&[word(p.rest)]);
}

/// Every contact and number is a key by itself; so are the local part of a mailbox, and the end of a phone number with the initials.
fn contact_keys(p: &Profile<'_>, initials: [u64; 2], keys: &mut Keys<'_>) {
    keys.any(p.phones.map(|phone| [word(phone)]));
    keys.any(p.phones.map(|phone| {
        let last = phone.get(phone.len().saturating_sub(4)..);
        [word(last.unwrap_or("")), initials[0], initials[1]]
    }));
    keys.any(p.mails.map(|mail| [word(mail)]));
    keys.any(p.mails.map(|mail| {
        let local = mail.split('@').next().unwrap_or("");
        [word(if local.len() >= 5 { local } else { "" })]
    }));
    keys.any(p.ids.map(|id| [word(id.1)]));
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
        let guests = Guests::none(profiles.len());
        let who = guests.callers();
        let search = |turn| Search {
            profiles: &profiles,
            who: &who,
            guests: &guests,
            turn,
        };
        let typed = |turn| {
            let groups = Groups::Walked(Orders::of(&profiles, &who));
            search(turn).found(SORTS, &groups, &likely, &typed_keys)
        };
        let letters = |turn| {
            let letters = Letters::OF_MANY;
            let of = |p: &Profile<'_>, keys: &mut Keys<'_>| bands(p, letters, keys);
            let groups = Groups::UpTo(letters.group);
            search(turn).found(letters.sorts(), &groups, &likely, &of)
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
