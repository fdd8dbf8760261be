//! The highest step of the ladder of identifiers: numbers of which nobody has two and no two have one. Whoever have different ones are
//! never taken for one person, whatever else they share; that stands in the list of conflicts. So much weighs a number only where its form
//! leaves little doubt that it was read and typed right: by a check digit, or by letters and digits in fixed places. All other numbers
//! (an American SSN) have neither, and a slip makes another number of them: they are weighed. So are numbers of documents: who renews a
//! passport, a residence card or an identity card has another number.
//!
//! 健康保険の記号・番号 are those of a household without the branch number; 住民票コード stand in one kind with the town's own numbers of
//! households. Both are no such numbers here.

use super::KindIds;
use crate::classify::is_lifelong_number;
use crate::pattern::Kind;
use crate::pattern::check::{jp_driver, jp_my_number};

/// A kind, and whether one of its numbers, in normal form or as written, is such a number.
type Step = (&'static str, fn(&str, &str) -> bool);

const STEPS: &[Step] = &[
    ("jp.my-number", |number, _| jp_my_number(number)),
    ("jp.driver-licence", |number, _| jp_driver(number)),
    // 国民年金法施行規則: four digits and six.
    ("jp.pension", |number, _| is_digits(number, 10)),
    // 雇用保険: four digits, six, and a check digit whose rule is not published.
    ("jp.employment-insurance", |number, _| is_digits(number, 11)),
    ("national-id", |_, written| is_lifelong_number(written)),
];

/// The kinds of numbers on the highest step.
#[derive(Clone, Debug, Default)]
pub(super) struct Ladder(Vec<(Kind, usize)>);

impl Ladder {
    /// From the numbers of kinds by name.
    pub(super) fn new(kind: impl Fn(&str) -> Option<Kind>) -> Self {
        let steps = STEPS.iter().zip(0..);
        Self(
            steps
                .filter_map(|((name, _), at)| Some((kind(name)?, at)))
                .collect(),
        )
    }

    /// The kinds.
    pub(super) fn kinds(&self) -> impl Iterator<Item = Kind> {
        self.0.iter().map(|step| step.0)
    }

    /// Whether a number is one that nobody has two of.
    pub(super) fn holds(&self, kind: Kind, number: &str, written: &str) -> bool {
        let step = self.0.iter().find(|step| step.0 == kind);
        step.is_some_and(|&(_, at)| STEPS[at].1(number, written))
    }
}

/// Of a licence the last digit counts how often it was issued anew: the number of the person is what stands before it.
pub(super) fn cut_issue(ids: &KindIds, kind: Kind, number: &mut String) {
    if Some(kind) == ids.jp_driver && jp_driver(number) {
        number.truncate(11);
    }
}

/// Whether a number is so many digits.
fn is_digits(number: &str, n: usize) -> bool {
    number.len() == n && number.bytes().all(|b| b.is_ascii_digit())
}
