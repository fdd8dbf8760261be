//! Two people by one name: 佐藤　健太・陽子, `John and Mary Smith`.
//!
//! In: the drafts of a row. Out: a draft more for each further person of such a name, who lives with the first.

use super::extract::Draft;
use super::normal;
use crate::pattern::Role;
use crate::pattern::dict::{self, Lists};

/// Slots from which those of no role are members of the row's own person's household.
pub(super) const HOUSEHOLD: u16 = 1 << 13;

/// More people no name is joint of.
const MOST: usize = 6;

/// Parts the joint names of the drafts.
pub(super) fn part(drafts: &mut Vec<Draft<'_>>) {
    beside(drafts);
    for at in 0..drafts.len() {
        let draft = &mut drafts[at];
        let alone = draft.family.is_none() && draft.given.is_none();
        let Some((family, givens)) = draft.full.filter(|_| alone).and_then(joint) else {
            continue;
        };
        let (kinds, own) = (draft.kinds, draft.role == Role::Own);
        let mut givens = givens.into_iter().flatten();
        (draft.full, draft.family, draft.given) = (None, Some(family), givens.next());
        let role = if own { Role::Other } else { draft.role };
        let first = HOUSEHOLD.saturating_add(draft.slot);
        for (given, slot) in givens.zip(first..) {
            drafts.push(Draft {
                role,
                slot,
                kinds,
                family: Some(family),
                given: Some(given),
                ..Draft::default()
            });
        }
    }
}

/// 連名: of whoever stands beside somebody whose family name is told, one word is the given name.
fn beside(drafts: &mut [Draft<'_>]) {
    let of_household = |draft: &Draft<'_>| draft.role == Role::Other && draft.slot >= HOUSEHOLD;
    if !drafts.iter().any(of_household) {
        return;
    }
    let mut own = drafts.iter().filter(|draft| draft.role == Role::Own);
    let family = own.find_map(|draft| match (draft.family, draft.full) {
        (None, Some(full)) => full.trim().split_once([' ', '\u{3000}']).map(|name| name.0),
        (family, _) => family.map(str::trim),
    });
    let Some(family) = family.filter(|family| normal::is_cjk(family)) else {
        return;
    };
    for draft in drafts.iter_mut().filter(|draft| of_household(draft)) {
        let alone = draft.family.is_none() && draft.given.is_none();
        let word = draft.full.filter(|full| {
            let full = full.trim();
            let one = !full.contains(char::is_whitespace) && full.chars().count() <= 3;
            alone && one && normal::is_cjk(full) && !full.starts_with(family)
        });
        if word.is_some() {
            (draft.given, draft.full) = (word, None);
        }
    }
}

/// The family name and the given names of several people.
fn joint(name: &str) -> Option<(&str, [Option<&str>; MOST])> {
    if name.len() > 120 {
        return None;
    }
    japanese(name).or_else(|| latin(name))
}

fn japanese(name: &str) -> Option<(&str, [Option<&str>; MOST])> {
    const BETWEEN: [char; 4] = ['・', '･', '、', '＆'];
    name.contains(BETWEEN).then_some(())?;
    let (family, givens) = name.trim().split_once([' ', '\u{3000}'])?;
    let is_kanji = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | '々' | 'ヶ' | 'ケ');
    let part = |given: &str| {
        let n = given.chars().count();
        let katakana = given.chars().any(|c| matches!(c, 'ァ'..='ヺ'));
        (1..=4).contains(&n) && normal::is_cjk(given) && !katakana
    };
    let givens: Vec<&str> = givens.split(BETWEEN).map(str::trim).collect();
    let good = family.chars().all(is_kanji)
        && (2..=MOST).contains(&givens.len())
        && givens.iter().all(|given| part(given));
    good.then(|| (family, array(&givens)))
}

fn latin(name: &str) -> Option<(&str, [Option<&str>; MOST])> {
    const BETWEEN: [&str; 7] = ["&", "and", "und", "et", "y", "e", "og"];
    let is_sign = |word: &str| {
        let mut signs = BETWEEN.iter();
        signs.any(|sign| word.eq_ignore_ascii_case(sign))
    };
    // John and Mary Smith; nothing longer, of which it is not clear what belongs to whom.
    let mut words = name.split_whitespace();
    let (one, sign) = (words.next()?, words.next()?);
    let (other, family) = (words.next()?, words.next()?);
    if words.next().is_some() || is_sign(one) || !is_sign(sign) {
        return None;
    }
    let given =
        |word: &str| word.starts_with(char::is_uppercase) && dict::latin(word).any(Lists::GIVEN);
    let good = given(one) && given(other) && family.starts_with(char::is_uppercase);
    (good && !normal::is_organisation(name)).then(|| (family, array(&[one, other])))
}

fn array<'a>(givens: &[&'a str]) -> [Option<&'a str>; MOST] {
    std::array::from_fn(|at| givens.get(at).copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_of_one_name() {
        let check = |name: &str, expected: Option<(&str, &[&str])>| {
            let told = joint(name);
            let told =
                told.map(|(family, givens)| (family, givens.into_iter().flatten().collect()));
            let expected = expected.map(|(family, givens)| (family, givens.to_vec()));
            assert_eq!(told, expected, "{name}");
        };
        check("佐藤　健太・陽子", Some(("佐藤", &["健太", "陽子"])));
        check("森 隆、明美、葵", Some(("森", &["隆", "明美", "葵"])));
        check("John and Mary Smith", Some(("Smith", &["John", "Mary"])));
        check("Paul & Lisa Brown", Some(("Brown", &["Paul", "Lisa"])));
        check("ジョン・スミス", None);
        check("佐藤 ジョン・ポール", None);
        check("佐藤 健太", None);
        check("Smith & Wesson", None);
        check("Johnson and Johnson Ltd", None);
        check("Mary Smith", None);
        check("&", None);
        check("and Mary Smith", None);
        check("", None);
    }
}
