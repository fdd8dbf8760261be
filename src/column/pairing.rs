//! Two columns of mailboxes or phones: whether what stands in one row is one person's or two people's.
//!
//! In: from every row that has both, a hash of each value. Out: whether the values pair like people who have to do with each other (an actor and a
//! target, a driver and a rider, who invites and who is invited), whatever the columns are called. A person's second mailbox stands beside his
//! first one; people meet many others.

use std::hash::BuildHasher;
use std::ops::Range;

use foldhash::fast::FixedState;

use super::several::UNKNOWN;
use super::{Verdict, View};
use crate::pattern::{self, Part, Patterns, Role};

/// Hashes kept of a set: its size is known to some 4 % where it has more.
const KEPT: usize = 512;

/// Fewer pairs say nothing.
const FEWEST: f64 = 6.0;

/// The smallest hashes of a set, by which its size is estimated (k minimum values, Bar-Yossef and others 2002). Sets of parts add up to that of
/// the whole.
#[derive(Clone, Debug, Default, PartialEq)]
struct Smallest(Vec<u64>);

impl Smallest {
    fn insert(&mut self, hash: u64) {
        if self.0.len() == KEPT && self.0.last().is_some_and(|&last| hash >= last) {
            return;
        }
        if let Err(at) = self.0.binary_search(&hash) {
            self.0.insert(at, hash);
            self.0.truncate(KEPT);
        }
    }

    fn add(&mut self, other: &Self) {
        other.0.iter().for_each(|&hash| self.insert(hash));
    }

    /// The share of the smaller set that is in the other, too: of the hashes up to which both are whole.
    fn shared(&self, other: &Self) -> f64 {
        let whole = |set: &Self| match set.0.last() {
            Some(&last) if set.0.len() == KEPT => last,
            _ => u64::MAX,
        };
        let end = whole(self).min(whole(other));
        let [ours, theirs] =
            [self, other].map(|set| &set.0[..set.0.partition_point(|&hash| hash <= end)]);
        let both = ours
            .iter()
            .filter(|hash| theirs.binary_search(hash).is_ok());
        both.count() as f64 / ours.len().min(theirs.len()).max(1) as f64
    }

    /// How many different values there are.
    fn len(&self) -> f64 {
        match self.0.last() {
            Some(&last) if self.0.len() == KEPT => {
                (KEPT - 1) as f64 / (last as f64 / u64::MAX as f64)
            }
            _ => self.0.len() as f64,
        }
    }
}

/// What stands beside what in two columns.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pairing {
    first: Smallest,
    second: Smallest,
    /// Pairs of different values, whichever is first.
    pairs: Smallest,
}

impl Pairing {
    /// Counts a row by the hashes of its two values; equal ones say nothing.
    pub fn count(&mut self, a: u64, b: u64) {
        if a != b {
            let hash = |value: (u64, u64)| FixedState::with_seed(7).hash_one(value);
            self.first.insert(hash((a, 0)));
            self.second.insert(hash((b, 0)));
            self.pairs.insert(hash((a.min(b), a.max(b))));
        }
    }

    /// Adds what another part counted.
    pub fn add(&mut self, other: &Self) {
        self.first.add(&other.first);
        self.second.add(&other.second);
        self.pairs.add(&other.pairs);
    }

    /// Whether the two values of a row are of two people: each stands beside many others; or both columns are of the same people, and hardly anybody
    /// keeps to one partner. Where nothing else tells people apart (`alone`), what several share is somebody else's, too: the mailbox of
    /// those who look after them.
    fn is_of_two(&self, alone: bool) -> bool {
        let [first, second, pairs] = [&self.first, &self.second, &self.pairs].map(Smallest::len);
        let mut both = self.first.clone();
        both.add(&self.second);
        let all = both.len();
        let (fewer, more) = (first.min(second), first.max(second));
        let shared = self.first.shared(&self.second);
        let many = pairs >= 1.25 * more;
        let same = shared >= 0.5 && pairs >= 0.75 * all;
        let one = alone && more >= 1.5 * fewer;
        pairs >= FEWEST && (many || same || one)
    }

    /// Whether values of one column stand beside several of the other, and not the other way round.
    fn is_shared(&self) -> bool {
        let [first, second, pairs] = [&self.first, &self.second, &self.pairs].map(Smallest::len);
        let (fewer, more) = (first.min(second), first.max(second));
        more >= 1.5 * fewer && pairs < 1.25 * more
    }

    /// Whether the first column has fewer values than the second.
    fn first_is_shared(&self) -> bool {
        self.first.len() < self.second.len()
    }
}

/// Gives the second of two columns that pair like two people a person of its own, and with it what stands under the same words. `pairings`
/// has places in `views`.
pub(super) fn apart(
    patterns: &Patterns,
    views: &[View<'_>],
    pairings: &[(usize, usize, &Pairing)],
    verdicts: &mut [Verdict],
) {
    let kinds = ["phone", "email"].map(|kind| patterns.kind(kind));
    let kind = |verdict: &Verdict| {
        let kind = verdict.whole.as_ref().map(|whole| whole.kind);
        kind.filter(|&kind| kinds.contains(&Some(kind)))
    };
    let stems: Vec<String> = views.iter().map(stem).collect();
    let has = |kind: &str, verdicts: &[Verdict]| {
        let kind = patterns.kind(kind);
        let wholes = verdicts.iter().filter_map(|verdict| verdict.whole.as_ref());
        kind.is_some_and(|kind| wholes.clone().any(|whole| whole.kind == kind))
    };
    let apart = has("person-name", verdicts) || has("email", verdicts);
    let named = |at: usize, verdicts: &[Verdict]| {
        (0..views.len()).any(|other| {
            let whole = verdicts[other].whole.as_ref();
            let is_name =
                whole.is_some_and(|whole| patterns.kind("person-name") == Some(whole.kind));
            is_name && verdicts[other].role == Role::Own && stems[other] == stems[at]
        })
    };
    for (n, &(a, b, pairing)) in pairings.iter().enumerate() {
        let mine = (verdicts[a].role, verdicts[a].slot);
        let same = kind(&verdicts[a]).is_some() && kind(&verdicts[a]) == kind(&verdicts[b]);
        let alone = kind(&verdicts[a]) == kinds[1] || !apart;
        let again = is_again(&stems[a]) && is_again(&stems[b]);
        let alike = mine == (verdicts[b].role, verdicts[b].slot);
        // Where nothing else tells people apart, those who share a second mailbox would be one: it is like the phone of a home.
        if same && again && alike && alone && pairing.is_shared() && !has("person-name", verdicts) {
            let shared = if pairing.first_is_shared() { a } else { b };
            let whole = verdicts[shared].whole.as_mut();
            let whole =
                whole.filter(|whole| !stems[shared].is_empty() && whole.part == Part::Whole);
            whole.into_iter().for_each(|whole| whole.part = Part::Home);
        }
        if !same || again || !alike || !pairing.is_of_two(alone) {
            continue;
        }
        let is_own = |at: usize| stems[at].is_empty() || named(at, verdicts);
        let theirs = match (is_own(a), is_own(b)) {
            (true, false) => b,
            (false, true) => a,
            _ if pairing.first_is_shared() => a,
            _ => b,
        };
        let role = match mine.0 {
            Role::Own => Role::Other,
            role => role,
        };
        let slot = MET.start + (n as u16).min(MET.end - MET.start - 1);
        let ours = if theirs == a { b } else { a };
        for at in 0..views.len() {
            let stem = &stems[theirs];
            let goes_on = !stem.is_empty() && *stem != stems[ours] && *stem == stems[at];
            if (at == theirs || goes_on) && (verdicts[at].role, verdicts[at].slot) == mine {
                (verdicts[at].role, verdicts[at].slot) = (role, slot);
            }
        }
    }
}

/// These slots: further columns of names have those before.
const MET: Range<u16> = UNKNOWN + (1 << 8)..2 * UNKNOWN;

/// Whether a slot is of somebody who is told apart by the values alone: a mailbox or a phone is all that is known of him.
pub fn is_met(slot: u16) -> bool {
    MET.contains(&slot)
}

/// What stands before the word for mailboxes, phones or names in a column's name: `driver` of `driver_email`, 依頼元 of 依頼元メール; the whole of
/// a name that has no such word.
pub(super) fn stem(view: &View<'_>) -> String {
    #[rustfmt::skip]
    const WORDS: [&str; 27] = [
        "mailaddress", "emailaddress", "phonenumber", "telephonenumber", "mobilenumber", "telno", "address", "email", "mail", "phone", "telephone", "tel",
        "mobile", "cell", "number", "name", "メールアドレス", "eメール", "メール", "アドレス", "電話番号", "携帯番号", "携帯電話", "電話", "携帯", "氏名", "名前",
    ];
    let folded = pattern::words_of(view.name.unwrap_or_default()).concat();
    let mut stem = folded.as_str();
    while let Some(rest) = WORDS.iter().find_map(|word| stem.strip_suffix(word)) {
        stem = rest;
    }
    stem.to_owned()
}

/// Whether a [`stem`] says which of the same person's mailboxes or phones it is, and nobody else: whatever their values pair like, 旧 and 新 in a log of
/// changes, or a second mailbox that a couple shares, are his.
fn is_again(stem: &str) -> bool {
    #[rustfmt::skip]
    const AGAIN: [&str; 54] = [
        "", "old", "new", "previous", "prev", "current", "former", "before", "after", "backup", "recovery", "rescue", "primary", "secondary", "first",
        "second", "main", "sub", "alt", "alternate", "alternative", "additional", "pc", "work", "office", "business", "company", "home", "private",
        "personal", "login", "contact", "billing", "notification", "account", "users", "旧", "新", "変更前", "変更後", "現", "現在", "予備", "第二", "サブ",
        "メイン", "勤務先", "会社", "自宅", "個人", "連絡先", "連絡用", "日中", "pc用",
    ];
    let bare = stem.trim_end_matches(|c: char| c.is_numeric());
    let bare = bare
        .strip_prefix("user")
        .filter(|rest| !rest.is_empty())
        .unwrap_or(bare);
    // `email2`: the word stands before its number.
    let bare = [
        "email",
        "mail",
        "phone",
        "tel",
        "メールアドレス",
        "メール",
        "電話番号",
        "電話",
    ]
    .iter()
    .find_map(|word| bare.strip_suffix(word))
    .unwrap_or(bare);
    AGAIN.contains(&bare)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_same_persons_second_mailbox() {
        let view = |name: &'static str| {
            let tally = Box::leak(Box::new(super::super::Tally::default()));
            View {
                name: Some(name),
                tally,
                hit: None,
            }
        };
        let check = |names: &[&'static str], again: bool| {
            for &name in names {
                assert_eq!(is_again(&stem(&view(name))), again, "{name}");
            }
        };
        check(
            &[
                "email",
                "email2",
                "email_2",
                "携帯メール",
                "旧電話番号",
                "新電話番号",
                "new_email",
                "recovery_email",
            ],
            true,
        );
        check(
            &[
                "PCメール",
                "backup_email",
                "login_email",
                "勤務先電話番号",
                "tel1",
                "メールアドレス2",
            ],
            true,
        );
        check(
            &[
                "driver_email",
                "invited_by",
                "依頼元メール",
                "landlord_phone",
                "friend_email",
                "user_a",
            ],
            false,
        );
    }

    /// Whether so many rows are of two people, counted as a whole and in parts.
    fn of_two(row: impl Fn(u64) -> (u64, u64), n: u64, alone: bool) -> bool {
        let (mut all, mut parts) = (Pairing::default(), Pairing::default());
        for part in (0..n).collect::<Vec<_>>().chunks(97) {
            let mut pairing = Pairing::default();
            for (a, b) in part.iter().map(|&at| row(at)) {
                pairing.count(a, b);
                all.count(a, b);
            }
            parts.add(&pairing);
        }
        assert_eq!(all, parts, "parts add up");
        all.is_of_two(alone)
    }

    #[test]
    fn values_of_one_person() {
        for n in [60, 3_000, 50_000] {
            let half = n / 2;
            let check = |what: &str, row: &dyn Fn(u64) -> (u64, u64)| {
                assert!(!of_two(row, n, false), "{what}, {n} rows");
            };
            check("two numbers of each", &|row| (row, row + n));
            check("in every row again", &|row| (row % half, row % half + n));
            check("an office that all share", &|row| (row, row % 7 + n));
            check("the telephone of a family", &|row| (row / 4 + n, row));
            check("in either order", &|row| match row % 2 {
                0 => (row / 2, row / 2 + n),
                _ => (row / 2 + n, row / 2),
            });
            check("the same twice", &|row| (row, row));
        }
        assert!(!of_two(|row| (row, row + 1), 5, false), "a handful");
        assert!(!of_two(|row| (row, row + 90), 60, true), "two of each");
    }

    #[test]
    fn values_of_two_people() {
        let any = |row: u64, of: u64| (row.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20) % of;
        for n in [60, 3_000, 50_000] {
            let half = n / 2;
            let check = |what: &str, row: &dyn Fn(u64) -> (u64, u64)| {
                assert!(of_two(row, n, false), "{what}, {n} rows");
            };
            check("many meet many", &|row| (row % half, row * 7 % (half - 1)));
            check("two sorts of people", &|row| {
                (any(row, half), any(row + n, half) + n)
            });
            check("a ring", &|row| (row, (row + 1) % n));
            check("who invited whom", &|row| (row, row / 3));
        }
        let keeper = |row: u64| (row, row % 7 + 90);
        assert!(of_two(keeper, 60, true) && !of_two(keeper, 60, false));
    }
}
