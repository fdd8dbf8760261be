//! Which tuples are compared at all: those that share a typed key, and those whose letters are mostly the same.

use rayon::prelude::*;

use super::fact::{Token, hash, mix};
use super::profile::Profile;

/// Groups up to this size give every pair, larger ones a sorted neighbourhood.
const GROUP: usize = 60;
/// Neighbours on one side of a sorted group.
const WINDOW: usize = 12;

/// Candidate pairs `(a, b)` with `a < b`, sorted, of those that are `likely`. `deep` adds those found by MinHash over letters.
pub(super) fn candidates(
    profiles: &[Profile<'_>],
    deep: bool,
    likely: &(impl Fn(u32, u32) -> bool + Sync),
) -> Vec<(u32, u32)> {
    let keyed: Vec<Vec<u64>> = profiles.par_iter().map(typed_keys).collect();
    let mut pairs = collect(&flatten(&keyed), Some(&Orders::of(profiles)), likely);
    drop(keyed);
    if deep {
        let bands: Vec<Vec<u64>> = profiles.par_iter().map(bands).collect();
        pairs.append(&mut collect(&flatten(&bands), None, likely));
    }
    pairs.par_sort_unstable();
    pairs.dedup();
    let unpacked = pairs
        .into_iter()
        .map(|pair| ((pair >> 32) as u32, pair as u32));
    unpacked.collect()
}

/// The place of every tuple in two orders: by family and given name, and by given name and birth date.
struct Orders([Vec<u32>; 2]);

impl Orders {
    fn of(profiles: &[Profile<'_>]) -> Self {
        let profile = |at: u32| &profiles[at as usize];
        let by_family = |at: &u32| {
            let p = profile(*at);
            (p.family, p.given, p.birth, *at)
        };
        let by_given = |at: &u32| {
            let p = profile(*at);
            (p.given, p.birth, p.family, *at)
        };
        let mut order: Vec<u32> = (0..profiles.len() as u32).collect();
        order.par_sort_unstable_by(|a, b| by_family(a).cmp(&by_family(b)));
        let first = places(&order);
        order.par_sort_unstable_by(|a, b| by_given(a).cmp(&by_given(b)));
        Self([first, places(&order)])
    }
}

/// Where each stands in an order.
fn places(order: &[u32]) -> Vec<u32> {
    let mut places = vec![0; order.len()];
    for (place, &at) in (0u32..).zip(order) {
        places[at as usize] = place;
    }
    places
}

fn flatten(keyed: &[Vec<u64>]) -> Vec<(u64, u32)> {
    let mut keys: Vec<(u64, u32)> = keyed
        .iter()
        .zip(0u32..)
        .flat_map(|(keys, at)| keys.iter().map(move |&key| (key, at)))
        .collect();
    keys.par_sort_unstable();
    keys.dedup();
    keys
}

/// Likely pairs of the groups of equal keys, the first of each in the upper half. Larger groups are walked along the orders, and left out
/// where there are none.
fn collect(
    keys: &[(u64, u32)],
    orders: Option<&Orders>,
    likely: &(impl Fn(u32, u32) -> bool + Sync),
) -> Vec<u64> {
    let found: Vec<Vec<u64>> = keys
        .par_chunk_by(|a, b| a.0 == b.0)
        .filter(|group| group.len() > 1)
        .fold(Vec::new, |mut pairs, group| {
            let mut add = |a: u32, b: u32| {
                if likely(a, b) {
                    pairs.push(u64::from(a) << 32 | u64::from(b));
                }
            };
            if group.len() <= GROUP {
                for (i, a) in group.iter().enumerate() {
                    group[i + 1..].iter().for_each(|b| add(a.1, b.1));
                }
            } else if let Some(Orders(orders)) = orders {
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

/// Keys being made, each kind of them with a number of its own.
struct Keys {
    tag: u64,
    keys: Vec<u64>,
}

impl Keys {
    /// A combination of facts, if none of them is missing.
    fn add(&mut self, parts: &[&str]) {
        self.tag += 1;
        let tag = self.tag;
        if parts.iter().all(|part| !part.is_empty()) {
            let key = parts.iter();
            self.keys
                .push(key.fold(tag, |key, part| mix(key, hash(tag, part))));
        }
    }
}

impl Keys {
    /// Several values under one number: equal ones meet.
    fn same(&mut self, values: &[String]) {
        self.tag += 1;
        let tag = self.tag;
        let known = values.iter().filter(|value| !value.is_empty());
        self.keys
            .extend(known.map(|value| mix(tag, hash(tag, value))));
    }
}

fn cut(text: &str, n: usize) -> &str {
    text.char_indices()
        .nth(n)
        .map_or(text, |(end, _)| &text[..end])
}

/// The keys under which a tuple is looked for: combinations of two or three facts.
fn typed_keys(p: &Profile<'_>) -> Vec<u64> {
    let mut keys = Keys {
        tag: 0,
        keys: Vec::with_capacity(32),
    };
    let birth = if p.birth == 0 {
        String::new()
    } else {
        Token(p.birth).birth_class().to_string()
    };
    let birth = birth.as_str();
    let (g1, f1, m1) = (cut(p.given, 1), cut(p.family, 1), cut(p.middle, 1));
    let (gs, fs) = (soundex(p.given), soundex(p.family));
    let (year, day) = if birth.len() == 8 {
        birth.split_at(4)
    } else {
        ("", "")
    };
    keys.add(&[p.name]);
    keys.add(&[p.reading]);
    keys.add(&[p.nick, p.family]);
    keys.add(&[p.nick, birth]);
    keys.same(&p.roman);
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
    keys.add(&[gs.as_str().min(&fs), gs.as_str().max(&fs), year]);
    keys.add(&[&gs, &fs, p.zip]);
    keys.add(&[cut(p.given, 3), cut(p.family, 3), &sorted_digits(birth)]);
    keys.add(&[p.family, g1, day]);
    keys.add(&[p.given, p.city, year]);
    keys.add(&[p.family, p.city, g1]);
    keys.add(&[p.given, p.middle, cut(p.family, 3)]);
    keys.add(&[p.family, p.middle, g1]);
    keys.add(&[p.family, p.given, m1]);
    keys.add(&[cut(p.given, 3), cut(p.family, 3)]);
    contact_keys(p, &mut keys);
    if p.birth != 0 && (p.given.is_empty() || p.family.is_empty()) {
        keys.add(&[birth]);
    }
    keys.keys
}

/// Every contact and number is a key by itself, and so is the local part of a mailbox.
fn contact_keys(p: &Profile<'_>, keys: &mut Keys) {
    for phone in p.phones {
        keys.add(&[phone]);
    }
    for mail in p.mails {
        let local = mail.split('@').next().unwrap_or("");
        keys.add(&[mail]);
        keys.add(&[if local.len() >= 5 { local } else { "" }]);
    }
    for (_, id) in p.ids {
        keys.add(&[id]);
    }
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

/// Bands of MinHash signatures over letter pairs, three rows each: 20 over names and birth, 10 over names and contacts, 10 over names
/// and place.
fn bands(p: &Profile<'_>) -> Vec<u64> {
    let mut out = Vec::with_capacity(40);
    let birth = if p.birth == 0 {
        String::new()
    } else {
        (p.birth & 0xffff_ffff).to_string()
    };
    let contacts = [p.mails[0], p.phones[0], p.ids[0].1];
    for (bag, n_bands, extra) in [
        (1u64, 20, vec![birth.as_str()]),
        (2, 10, contacts.to_vec()),
        (3, 10, vec![p.place, p.city, p.zip]),
    ] {
        if extra.iter().all(|text| text.is_empty()) && bag > 1 {
            continue;
        }
        let mut grams: Vec<u64> = Vec::with_capacity(64);
        for (seed, text) in [p.given, p.family, p.reading]
            .into_iter()
            .zip([1, 1, 2])
            .map(|(t, s)| (s, t))
            .chain(extra.iter().map(|&t| (3, t)))
        {
            let padded = std::iter::once('^')
                .chain(text.chars().take(40))
                .chain(std::iter::once('$'));
            let mut last = '\0';
            for c in padded.filter(|_| !text.is_empty()) {
                grams.push(mix(seed << 42 | (last as u64) << 21 | c as u64, bag));
                last = c;
            }
        }
        if grams.len() < 5 {
            continue;
        }
        for band in 0..n_bands {
            let row = |row: u64| {
                grams
                    .iter()
                    .map(|&gram| mix(gram, bag << 16 | band << 4 | row))
                    .min()
                    .unwrap_or(0)
            };
            out.push(mix(mix(row(0), row(1)), mix(row(2), bag << 8 | band)));
        }
    }
    out
}
