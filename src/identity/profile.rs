//! What two tuples have in common: their facts side by side, each with a level of agreement.

use super::edits::{edits, fill};
use super::fact::{Fact, Token};
use super::kanji::{are_two, is_given, surname_end};
use super::normal::is_cjk;
use super::tuples::Tuples;
use super::{nicknames, romaji};

/// The fields that are compared, as indices.
pub(super) mod field {
    pub(in super::super) const GIVEN: usize = 0;
    pub(in super::super) const FAMILY: usize = 1;
    pub(in super::super) const MIDDLE: usize = 2;
    pub(in super::super) const READING: usize = 3;
    pub(in super::super) const BIRTH: usize = 4;
    pub(in super::super) const ID: usize = 5;
    pub(in super::super) const MAIL: usize = 6;
    pub(in super::super) const PHONE: usize = 7;
    pub(in super::super) const PLACE: usize = 8;
    pub(in super::super) const ZIP: usize = 9;
    pub(in super::super) const CITY: usize = 10;
    pub(in super::super) const SEX: usize = 11;
    pub(in super::super) const ORIGIN: usize = 12;
    pub(in super::super) const EMPLOYER: usize = 13;
    pub(in super::super) const REST: usize = 14;
    pub(in super::super) const COUNT: usize = 15;
}
use field::*;

/// How far two values agree. The order is from nothing known to disagreement.
pub(super) mod level {
    pub(in super::super) const MISSING: u8 = 0;
    pub(in super::super) const EXACT: u8 = 1;
    pub(in super::super) const NEAR: u8 = 2;
    pub(in super::super) const SIMILAR: u8 = 3;
    pub(in super::super) const INITIAL: u8 = 4;
    pub(in super::super) const DIFFERENT: u8 = 5;
    pub(in super::super) const COUNT: usize = 6;
}
use level::{DIFFERENT, EXACT, INITIAL, MISSING, NEAR, SIMILAR};

/// The facts of a tuple that are compared.
#[derive(Clone, Default)]
pub(super) struct Profile<'s> {
    pub(super) name: &'s str,
    pub(super) given: &'s str,
    pub(super) family: &'s str,
    pub(super) middle: &'s str,
    /// The full form of the given name, where this is a short one.
    pub(super) nick: &'s str,
    /// The lists know the given name.
    pub(super) known: bool,
    pub(super) generation: &'s str,
    pub(super) reading: &'s str,
    pub(super) birth: u64,
    pub(super) ids: [(u8, &'s str); 3],
    pub(super) mails: [&'s str; 2],
    pub(super) phones: [&'s str; 3],
    pub(super) place: &'s str,
    pub(super) zip: &'s str,
    pub(super) city: &'s str,
    pub(super) sex: &'s str,
    pub(super) origin: &'s str,
    pub(super) employer: &'s str,
    /// What the record says beside its person.
    pub(super) rest: &'s str,
}

impl<'s> Profile<'s> {
    pub(super) fn of(store: &'s Tuples, at: usize) -> Self {
        let mut profile = Self::default();
        let mut clan = "";
        for (fact, kind, value) in store.facts_of(at) {
            match fact {
                Fact::Name => profile.name = value,
                Fact::Family => profile.family = value,
                Fact::Given => profile.given = value,
                Fact::Middle => profile.middle = value,
                Fact::Reading => profile.reading = value,
                Fact::Birth => profile.birth = Token::new(Fact::Birth, 0, value).0,
                // One kind of number, whether it was typed right or not.
                Fact::Id | Fact::Primary => free(&mut profile.ids, (kind, value)),
                Fact::Card | Fact::Account => free(&mut profile.ids, (fact as u8 + 128, value)),
                Fact::Mail => free(&mut profile.mails, value),
                Fact::Phone | Fact::SharedPhone => free(&mut profile.phones, value),
                Fact::Place => profile.place = value,
                Fact::Zip => profile.zip = value,
                Fact::City => profile.city = value,
                Fact::Clan => clan = value,
                Fact::Generation => profile.generation = value,
                Fact::Sex => profile.sex = value,
                Fact::Origin => profile.origin = value,
                Fact::Employer => profile.employer = value,
                Fact::Rest => profile.rest = value,
                Fact::User
                | Fact::Company
                | Fact::RoleMail
                | Fact::Descent
                | Fact::Doubt
                | Fact::Member
                | Fact::Listed
                | Fact::Sound
                | Fact::Trait => {}
            }
        }
        if profile.family.is_empty() && profile.given.is_empty() && !clan.is_empty() {
            let end = surname_end(profile.name).unwrap_or(clan.len());
            (profile.family, profile.given) = profile.name.split_at(end);
        }
        let first = profile.given.split(' ').next().unwrap_or("");
        profile.nick = nicknames::full(first);
        profile.known = is_given(first);
        profile
    }

    /// The name in Japanese syllables of Latin letters, in one order or, where that is not known, in both.
    pub(super) fn in_romaji(&self) -> [String; 2] {
        if !self.reading.is_empty() {
            return [
                romaji::of_kana(self.reading).unwrap_or_default(),
                String::new(),
            ];
        }
        let latin = |word: &str| romaji::of_latin(word).filter(|_| word.is_ascii());
        match latin(self.family).map(|family| (family, latin(self.given))) {
            Some((family, Some(given))) => [format!("{family}{given}"), format!("{given}{family}")],
            _ => Default::default(),
        }
    }

    /// The value whose sharers tell how much an exact agreement of a field is worth.
    pub(super) fn shared(&self, other: &Self, field: usize) -> (usize, u64) {
        let of = |value: &str| (field, super::fact::hash(field as u64, value));
        fn common<'a>(ours: &[&'a str], theirs: &[&str]) -> &'a str {
            ours.iter()
                .find(|value| !value.is_empty() && theirs.contains(value))
                .map_or("", |value| *value)
        }
        match field {
            GIVEN => of(if self.given == other.family {
                other.family
            } else {
                self.given
            }),
            FAMILY => of(self.family),
            MIDDLE => of(self.middle),
            READING => of(self.reading),
            BIRTH => (field, Token(self.birth).birth_class()),
            ID => of(self
                .ids
                .iter()
                .find(|id| !id.1.is_empty() && other.ids.contains(id))
                .map_or("", |id| id.1)),
            MAIL => of(common(&self.mails, &other.mails)),
            PHONE => of(common(&self.phones, &other.phones)),
            PLACE => of(self.place),
            ZIP => of(self.zip),
            SEX => of(self.sex),
            ORIGIN => of(self.origin),
            EMPLOYER => of(self.employer),
            REST => of(self.rest),
            _ => of(self.city),
        }
    }

    /// Every value of a field, as [`Profile::shared`] names them.
    pub(super) fn values(&self, field: usize) -> impl Iterator<Item = u64> {
        let list: [&str; 3] = match field {
            GIVEN => [self.given, "", ""],
            FAMILY => [self.family, "", ""],
            MIDDLE => [self.middle, "", ""],
            READING => [self.reading, "", ""],
            ID => self.ids.map(|id| id.1),
            MAIL => [self.mails[0], self.mails[1], ""],
            PHONE => self.phones,
            PLACE => [self.place, "", ""],
            ZIP => [self.zip, "", ""],
            CITY => [self.city, "", ""],
            SEX => [self.sex, "", ""],
            ORIGIN => [self.origin, "", ""],
            EMPLOYER => [self.employer, "", ""],
            REST => [self.rest, "", ""],
            _ => [""; 3],
        };
        let birth = field == BIRTH && self.birth != 0;
        let birth = birth.then(|| Token(self.birth).birth_class());
        let values = list.into_iter().filter(|value| !value.is_empty());
        values
            .map(move |value| super::fact::hash(field as u64, value))
            .chain(birth)
    }
}

/// Whether a word of Latin letters may be a name: it has vowels, and no more than three consonants stand together. What is left of a spoilt one often
/// is none.
fn can_be_said(word: &str) -> bool {
    let is_vowel = |byte: &u8| b"aeiouy".contains(byte);
    let mut consonants = word.as_bytes().split(is_vowel).map(<[u8]>::len);
    let letters = word.bytes().all(|byte| byte.is_ascii_lowercase());
    letters
        && word.len() > 2
        && word.bytes().any(|byte| is_vowel(&byte))
        && consonants.all(|n| n <= 3)
}

/// Whether two words may be given names of two people: both can be said, and neither is what is left of the other.
fn are_said(a: &str, b: &str) -> bool {
    can_be_said(a)
        && can_be_said(b)
        && 2 * in_order(a.as_bytes(), b.as_bytes()) < a.len().min(b.len()).min(LONGEST)
}

/// The letters that two words have in common in one order: the longest common subsequence.
fn in_order(a: &[u8], b: &[u8]) -> usize {
    let mut row = [0; LONGEST + 1];
    for x in a.iter().take(LONGEST) {
        let mut above = 0;
        for (at, y) in b.iter().take(LONGEST).enumerate() {
            let here = if x == y {
                above + 1
            } else {
                row[at].max(row[at + 1])
            };
            above = std::mem::replace(&mut row[at + 1], here);
        }
    }
    row[b.len().min(LONGEST)]
}

/// Letters of a given name that are compared with those of another.
const LONGEST: usize = 16;

fn free<T: Default + PartialEq>(slots: &mut [T], value: T) {
    if let Some(slot) = slots.iter_mut().find(|slot| **slot == T::default()) {
        *slot = value;
    }
}

/// The levels of agreement of two tuples; `swapped` = family and given name stand the other way round.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Levels {
    pub(super) of: [u8; COUNT],
    pub(super) swapped: bool,
    /// Names of different generations: Jr. and Sr.
    pub(super) apart: bool,
    /// Two known given names that are alike, and no slip for each other.
    pub(super) sisters: bool,
    /// Two given names, no other spelling, reading, short form or slip of one: the lists know both, or where records meet they can be said and have
    /// few letters in common.
    pub(super) two: bool,
}

/// Compares two tuples field by field.
pub(super) fn compare(a: &Profile<'_>, b: &Profile<'_>) -> Levels {
    let mut levels = Levels::default();
    compare_names(a, b, &mut levels);
    let of = &mut levels.of;
    of[BIRTH] = births(a.birth, b.birth);
    of[ID] = ids(&a.ids, &b.ids);
    of[MAIL] = best(&a.mails, &b.mails, mails);
    of[PHONE] = best(&a.phones, &b.phones, |x, y| text(x, y, 1, 2));
    of[PLACE] = places(a.place, b.place);
    of[ZIP] = text(a.zip, b.zip, 1, 1);
    of[CITY] = text(a.city, b.city, 2, 3);
    of[SEX] = text(a.sex, b.sex, 0, 0);
    of[ORIGIN] = text(a.origin, b.origin, 2, 3);
    of[EMPLOYER] = text(a.employer, b.employer, 2, a.employer.len() / 4);
    let rest_alike = !a.rest.is_empty() && a.rest == b.rest;
    let meet = rest_alike || [ID, MAIL, PHONE, PLACE].iter().any(|&way| of[way] == EXACT);
    levels.two &= a.known && b.known || meet && are_said(a.given, b.given);
    of[REST] = rests(a, b, levels.two);
    levels
}

/// Copies of a record agree in all the rest: in the same columns of the same values. It says nothing of two who have given names of their own, a
/// family or a class, nor of two of whom nothing stands there.
fn rests(a: &Profile<'_>, b: &Profile<'_>, are_two: bool) -> u8 {
    let columns = |p: &Profile<'_>| p.rest.len() / 2;
    let is_nothing = |values: &str| values.bytes().all(|digit| digit == b'0');
    let is_of_one_sort = !a.rest.is_empty() && a.rest[..columns(a)] == b.rest[..columns(b)];
    match a.rest == b.rest {
        _ if !is_of_one_sort => MISSING,
        true if are_two || is_nothing(&a.rest[columns(a)..]) => MISSING,
        true => EXACT,
        false => DIFFERENT,
    }
}

fn compare_names(a: &Profile<'_>, b: &Profile<'_>, levels: &mut Levels) {
    let of = &mut levels.of;
    let cjk = |p: &Profile<'_>| is_cjk(if p.name.is_empty() { p.family } else { p.name });
    let (ours, theirs) = (cjk(a), cjk(b));
    let latin = |p: &Profile<'_>, cjk: bool| {
        !cjk && [&p.given, &p.family].iter().any(|part| !part.is_empty())
    };
    if ours && latin(b, theirs) || theirs && latin(a, ours) {
        // Two scripts: what is said in both is the sound.
        of[READING] = sounds(a, b);
        return;
    }
    of[GIVEN] = given_names(a, b);
    if of[GIVEN] == SIMILAR && a.known && b.known && are_two(a.given, b.given) {
        (of[GIVEN], levels.sisters) = (DIFFERENT, true);
    }
    of[FAMILY] = names(a.family, b.family);
    if of[GIVEN] >= SIMILAR && of[FAMILY] >= SIMILAR && !a.given.is_empty() {
        let crossed = (names(a.given, b.family), names(a.family, b.given));
        if crossed.0 <= NEAR && crossed.1 <= NEAR && crossed.0 != MISSING && crossed.1 != MISSING {
            (of[GIVEN], of[FAMILY]) = crossed;
            levels.swapped = true;
        }
    }
    if !a.name.is_empty() && a.name == b.name {
        (of[GIVEN], of[FAMILY]) = (EXACT, EXACT);
    }
    of[MIDDLE] = names(a.middle, b.middle);
    let heir = !a.generation.is_empty() && !b.generation.is_empty();
    levels.apart = heir && a.generation != b.generation;
    let unwritten = |p: &Profile<'_>| p.name.is_empty();
    if unwritten(a) || unwritten(b) || ours {
        of[READING] = match (unwritten(a), unwritten(b)) {
            // Kana here, Latin letters there.
            (true, false) | (false, true) if !(ours || theirs) => sounds(a, b),
            _ => names(a.reading, b.reading),
        };
    }
    let read_alike = (EXACT..=NEAR).contains(&of[READING]);
    levels.two = of[GIVEN] == DIFFERENT && !read_alike;
}

/// The levels of given names, short forms resolved; a middle name may be used as the first.
fn given_names(a: &Profile<'_>, b: &Profile<'_>) -> u8 {
    let level = names(a.given, b.given);
    if level <= NEAR || level == INITIAL {
        return level;
    }
    let used =
        |given: &str, middle: &str| given.len() > 2 && middle.split(' ').any(|name| name == given);
    if a.nick == b.nick {
        NEAR
    } else if level == DIFFERENT && (used(a.given, b.middle) || used(b.given, a.middle)) {
        SIMILAR
    } else {
        level
    }
}

/// The level of two names by their sound, in Latin letters.
fn sounds(a: &Profile<'_>, b: &Profile<'_>) -> u8 {
    let ours = a.in_romaji();
    if ours.iter().all(String::is_empty) {
        return MISSING;
    }
    let theirs = b.in_romaji();
    let pairs = ours.iter().flat_map(|x| theirs.iter().map(move |y| (x, y)));
    pairs
        .map(|(x, y)| text(x, y, 1, 1))
        .filter(|&level| level != MISSING)
        .min()
        .unwrap_or(MISSING)
}

/// Whether names in two scripts are one by their sound, the kanji's reading and Latin letters: exactly so, or nearly.
pub(super) fn sound_alike(a: &Profile<'_>, b: &Profile<'_>, exact: bool) -> bool {
    let cjk = |p: &Profile<'_>| is_cjk(p.name);
    let most = if exact { EXACT } else { NEAR };
    cjk(a) != cjk(b) && (EXACT..=most).contains(&sounds(a, b))
}

/// The best level of any of ours and theirs; free slots come last.
fn best(ours: &[&str], theirs: &[&str], compare: impl Fn(&str, &str) -> u8) -> u8 {
    let mut best = MISSING;
    for x in ours.iter().take_while(|x| !x.is_empty()) {
        for y in theirs.iter().take_while(|y| !y.is_empty()) {
            best = better(best, compare(x, y));
        }
    }
    best
}

fn ids(ours: &[(u8, &str)], theirs: &[(u8, &str)]) -> u8 {
    let mut best = MISSING;
    for x in ours.iter().take_while(|x| !x.1.is_empty()) {
        for y in theirs.iter().filter(|y| y.0 == x.0) {
            best = better(best, text(x.1, y.1, 1, 2));
        }
    }
    best
}

/// The better of two levels, either of which may be missing.
fn better(a: u8, b: u8) -> u8 {
    if a == MISSING || b != MISSING && b < a {
        b
    } else {
        a
    }
}

fn text(a: &str, b: &str, near: usize, similar: usize) -> u8 {
    if a.is_empty() || b.is_empty() {
        return MISSING;
    }
    if a == b {
        return EXACT;
    }
    match edits(a, b, near.max(similar)) {
        Some(n) if n <= near => NEAR,
        Some(_) => SIMILAR,
        None => DIFFERENT,
    }
}

/// The level of two addresses. Where one goes on behind the other, with the flat or the town, they are the same house.
fn places(a: &str, b: &str) -> u8 {
    let (short, long) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let goes_on = || {
        let more = long
            .strip_prefix(short)
            .is_some_and(|more| more.starts_with(' '));
        more && short.bytes().any(|byte| byte.is_ascii_digit())
    };
    if !short.is_empty() && goes_on() {
        EXACT
    } else {
        text(a, b, 2, a.len() / 4)
    }
}

fn mails(a: &str, b: &str) -> u8 {
    if a == b {
        return EXACT;
    }
    let local = |mail: &str| mail.bytes().position(|byte| byte == b'@');
    let (ours, theirs) = (local(a).unwrap_or(a.len()), local(b).unwrap_or(b.len()));
    if ours >= 4 && a[..ours] == b[..theirs] || edits(a, b, 2).is_some() {
        NEAR
    } else {
        DIFFERENT
    }
}

/// The level of two parts of names.
pub(super) fn names(a: &str, b: &str) -> u8 {
    if a.is_empty() || b.is_empty() {
        return MISSING;
    }
    if a == b {
        return EXACT;
    }
    if is_cjk(a) || is_cjk(b) {
        return if differ_in_one(a, b) {
            SIMILAR
        } else {
            DIFFERENT
        };
    }
    let (m, n) = (a.chars().count(), b.chars().count());
    let (short, long) = if m < n { (a, b) } else { (b, a) };
    if m.min(n) == 1 {
        return if long.starts_with(short) {
            INITIAL
        } else {
            DIFFERENT
        };
    }
    let one = edits(a, b, 1).is_some();
    let likeness = jaro_winkler(a, b, SIMILAR_NAMES);
    match () {
        () if one && m.min(n) >= 4 || likeness >= 0.92 => NEAR,
        () if likeness >= SIMILAR_NAMES && are_said_alike(a, b) => NEAR,
        () if one && m.max(n) >= 3 || likeness >= SIMILAR_NAMES => SIMILAR,
        () if long.starts_with(short) || long.split(' ').any(|word| word == short) => INITIAL,
        () => DIFFERENT,
    }
}

/// Whether two words of Latin letters are one by their sound: `sarah` and `sahra`, `meyer` and `maier`.
fn are_said_alike(a: &str, b: &str) -> bool {
    let sound = |word: &str, out: &mut [u8; LONGEST]| {
        let letters = word.as_bytes();
        let mut n = 0;
        for (at, &letter) in letters.iter().enumerate().take(LONGEST) {
            let letter = match letter {
                b'a' | b'e' | b'i' | b'o' | b'u' | b'y' => b'a',
                b'p' if letters.get(at + 1) == Some(&b'h') => b'f',
                b'v' => b'f',
                b'c' | b'q' => b'k',
                b'z' => b's',
                b'h' if at > 0 => continue,
                letter => letter,
            };
            if n == 0 || out[n - 1] != letter {
                (out[n], n) = (letter, n + 1);
            }
        }
        n
    };
    let (mut x, mut y) = ([0; LONGEST], [0; LONGEST]);
    let (m, n) = (sound(a, &mut x), sound(b, &mut y));
    m >= 3 && x[..m] == y[..n] && a.is_ascii() && b.is_ascii()
}

/// Whether one edit makes one of two names of two and more characters the other, which is as long: a character is another, or two neighbours
/// stand the other way round.
fn differ_in_one(a: &str, b: &str) -> bool {
    let (mut x, mut y) = (a.chars(), b.chars());
    let mut n = 0;
    let (left, right) = loop {
        match (x.next(), y.next()) {
            (Some(left), Some(right)) if left == right => n += 1,
            (Some(left), Some(right)) => break (left, right),
            _ => return false,
        }
    };
    let rest = x.as_str();
    if rest == y.as_str() {
        return n > 0 || !rest.is_empty();
    }
    x.next() == Some(right) && y.next() == Some(left) && x.as_str() == y.as_str()
}

/// Jaro-Winkler likeness from which names are similar.
const SIMILAR_NAMES: f64 = 0.82;

/// The level of two birth dates.
pub(super) fn births(a: u64, b: u64) -> u8 {
    if a == 0 || b == 0 {
        return MISSING;
    }
    let (x, y) = (Token(a), Token(b));
    if x.same_birth(y) {
        return EXACT;
    }
    let (p, q) = (a & 0xffff_ffff, b & 0xffff_ffff);
    let parts = |date: u64| [date / 10_000, date / 100 % 100, date % 100];
    let (s, t) = (parts(p), parts(q));
    let equal = (0..3).filter(|&i| s[i] == t[i]).count();
    let swapped = s[0] == t[0] && s[1] == t[2] && s[2] == t[1];
    let digits = |mut date: u64| {
        std::array::from_fn::<u64, 8, _>(|_| {
            let digit = date % 10;
            date /= 10;
            digit
        })
    };
    let differing = digits(p)
        .iter()
        .zip(digits(q))
        .filter(|pair| *pair.0 != pair.1)
        .count();
    let days = |part: [u64; 3]| (part[0] * 372 + part[1] * 31 + part[2]) as i64;
    let gap = (days(s) - days(t)).abs();
    match () {
        () if equal == 2 || swapped || differing == 1 => NEAR,
        () if gap <= 32 => SIMILAR,
        () if gap <= 372 || differing == 2 => INITIAL,
        () => DIFFERENT,
    }
}

/// Jaro-Winkler likeness of two words, 0 to 1, over their first 32 characters; 0 where it is less than `least`.
fn jaro_winkler(a: &str, b: &str, least: f64) -> f64 {
    let (mut x, mut y) = (['\0'; 32], ['\0'; 32]);
    let (m, ours) = fill(a, &mut x);
    let (n, theirs) = fill(b, &mut y);
    let prefix = (0..4.min(m).min(n)).take_while(|&i| x[i] == y[i]).count() as f64;
    let in_common = |text: &[char], set: u64| {
        let found = text.iter().filter(|&&c| set >> (c as u32 & 63) & 1 == 1);
        found.count()
    };
    let most = in_common(&x[..m], theirs).min(in_common(&y[..n], ours)) as f64;
    let jaro = (most / m as f64 + most / n as f64 + 1.0) / 3.0;
    if jaro + prefix * 0.1 * (1.0 - jaro) < least {
        return 0.0;
    }
    let window = (m.max(n) / 2).saturating_sub(1);
    let (mut taken, mut matched) = (0u32, 0u32);
    for (i, letter) in x.iter().enumerate().take(m) {
        let range = i.saturating_sub(window)..(i + window + 1).min(n);
        if let Some(j) = range
            .into_iter()
            .find(|&j| taken >> j & 1 == 0 && *letter == y[j])
        {
            taken |= 1 << j;
            matched |= 1 << i;
        }
    }
    let count = f64::from(taken.count_ones());
    if count == 0.0 {
        return 0.0;
    }
    let ours = (0..m).filter(|i| matched >> i & 1 == 1).map(|i| x[i]);
    let theirs = (0..n).filter(|j| taken >> j & 1 == 1).map(|j| y[j]);
    let moved = ours.zip(theirs).filter(|pair| pair.0 != pair.1).count() as f64 / 2.0;
    let jaro = (count / m as f64 + count / n as f64 + (count - moved) / count) / 3.0;
    jaro + prefix * 0.1 * (1.0 - jaro)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_sound() {
        for (a, b, expected) in [
            ("sarah", "sahra", NEAR),
            ("stephen", "steven", NEAR),
            ("philippe", "filip", DIFFERENT),
            ("maria", "marcia", NEAR),
            ("mary", "mark", NEAR),
            ("karl", "carla", DIFFERENT),
            ("anna", "ian", DIFFERENT),
        ] {
            assert_eq!(names(a, b), expected, "{a} {b}");
            assert_eq!(names(b, a), expected, "{b} {a}");
        }
    }

    /// Addresses that go on with the flat or the town are of one house.
    #[test]
    fn the_same_house() {
        for (a, b, expected) in [
            ("173 john ln", "173 john ln camden nj 08030", EXACT),
            ("12 main st", "12 main st apt 4", EXACT),
            ("12 main st", "12 main street", DIFFERENT),
            ("12 main st apt 4", "12 main st apt 5", NEAR),
            ("main st", "main st 12", DIFFERENT),
            ("", "12 main st", MISSING),
        ] {
            assert_eq!(places(a, b), expected, "{a} {b}");
            assert_eq!(places(b, a), expected, "{b} {a}");
        }
    }

    /// Names of one length are compared as all texts are.
    #[test]
    fn names_that_differ_in_one_character() {
        let letters = ["佐", "藤", "健", "太", "ア", "é"];
        let words: Vec<String> = (0..6usize.pow(4))
            .map(|n| {
                let at = |place: u32| letters[n / 6usize.pow(place) % 6];
                let chars = [at(0), at(1), at(2), at(3)];
                chars[..1 + n % 4].concat()
            })
            .collect();
        let mut seen = [0; 2];
        for (a, b) in words.iter().flat_map(|a| words.iter().map(move |b| (a, b))) {
            let (m, n) = (a.chars().count(), b.chars().count());
            let expected = m == n && m > 1 && edits(a, b, 1).is_some();
            if a != b {
                assert_eq!(differ_in_one(a, b), expected, "{a} {b}");
                seen[usize::from(expected)] += 1;
            }
        }
        assert!(seen.iter().all(|&n| n > 10_000), "{seen:?}");
    }

    /// What cannot reach a likeness is told early; nothing else is.
    #[test]
    fn a_bound_does_not_show_in_a_likeness() {
        let syllables = [
            "an", "na", "ma", "ri", "a", "jo", "hn", "b", "ゆう", "き", "é",
        ];
        let words: Vec<String> = (0..400usize)
            .map(|n| {
                let at = |place: usize| syllables[n / syllables.len().pow(place as u32) % 11];
                format!("{}{}{}", at(0), at(1), at(2))
            })
            .collect();
        let mut seen = [0; 2];
        for (a, b) in words.iter().flat_map(|a| words.iter().map(move |b| (a, b))) {
            let (bound, free) = (jaro_winkler(a, b, SIMILAR_NAMES), jaro_winkler(a, b, 0.0));
            if free >= SIMILAR_NAMES {
                assert_eq!(bound, free, "{a} {b}");
            } else {
                assert!(bound < SIMILAR_NAMES, "{a} {b}");
            }
            seen[usize::from(bound == free)] += 1;
        }
        assert!(seen.iter().all(|&n| n > 10_000), "{seen:?}");
    }

    /// Rests are compared where they are of the same columns; nothing in both of them says nothing.
    #[test]
    fn what_stands_beside_two_people() {
        let of = |rest: &'static str| Profile {
            rest,
            ..Profile::default()
        };
        let check = |a: &'static str, b: &'static str, expected: u8| {
            assert_eq!(rests(&of(a), &of(b), false), expected, "{a} and {b}");
            assert_eq!(rests(&of(b), &of(a), false), expected, "{b} and {a}");
        };
        check("1a2b", "1a2b", EXACT);
        check("1a2b", "1a3c", DIFFERENT);
        check("1a2b", "1a00", DIFFERENT);
        check("1a00", "1a00", MISSING);
        check("1a2b", "1c2b", MISSING);
        check("1a2b", "", MISSING);
        check("", "", MISSING);
        assert_eq!(rests(&of("1a2b"), &of("1a2b"), true), MISSING);
    }

    /// Two names that no list knows are two people's; what is left of a spoilt one is nobody's.
    #[test]
    fn names_that_can_be_said() {
        let check = |a: &str, b: &str, expected: bool| {
            assert_eq!(are_said(a, b), expected, "{a} and {b}");
            assert_eq!(are_said(b, a), expected, "{b} and {a}");
        };
        check("shrutika", "oluwaseun", true);
        check("zaylee", "nkosi", true);
        check("calvin", "ebe", true);
        // Letters changed, lost or put in; no vowel, too many consonants, a digit, an initial.
        check("calvin", "lca", false);
        check("theresa", "bneresa", false);
        check("willis", "wvlii", false);
        check("jamaal", "fmmgmakqal", false);
        check("calvin", "cr", false);
        check("melissa", "0pgk5sa", false);
        check("melissa", "", false);
        check(&"ab".repeat(40), &"ba".repeat(40), false);
        assert_eq!(in_order(b"theresa", b"bneresa"), 5);
        assert_eq!(in_order(b"john", b""), 0);
    }
}
