//! Several people in one record: the elements of a list (`passengers[].name`), and a second column of names.
//!
//! In: the columns of a table and the verdicts on them. Out: verdicts whose roles and slots tell the people apart. The n-th value of a path stands
//! in the n-th column of that name.

use std::collections::{BTreeMap, HashMap};

use super::named::FULL_NAMES;
use super::{Tally, Verdict, View};
use crate::classify::Shape;
use crate::pattern::{self, Part, Patterns, Role};

/// Slots of the people in lists who have no role of their own, where the record speaks of somebody outside the list, too.
const LISTED: u16 = 1 << 10;

/// Slots of those who have no role of their own, but a column of names or an end of a record.
pub(super) const UNKNOWN: u16 = 1 << 9;

/// Columns of names that are compared: more no table has whose columns somebody named.
const MOST: usize = 200;

/// Words of the one end of a record and of the other: who calls and who is called, who pays and who is paid.
const ENDS: &[(&str, &str)] = &[
    ("a", "b"),
    ("calling", "called"),
    ("caller", "called"),
    ("caller", "callee"),
    ("creditor", "debtor"),
    ("from", "to"),
    ("origin", "destination"),
    ("originating", "terminating"),
    ("payer", "payee"),
    ("remitter", "beneficiary"),
    ("sender", "receiver"),
    ("sender", "recipient"),
    ("source", "destination"),
    ("source", "target"),
    ("src", "dest"),
    ("src", "dst"),
    ("依頼人", "受取人"),
    ("支払人", "受取人"),
    ("振込人", "受取人"),
    ("振込元", "振込先"),
    ("送金人", "受取人"),
    ("送金元", "送金先"),
    ("送信元", "送信先"),
    ("送信者", "受信者"),
    ("発信", "着信"),
    ("発信元", "発信先"),
    ("発信元", "着信先"),
    ("発信者", "着信者"),
    ("発信者", "受信者"),
];

/// Slots of fathers and mothers who are people like others; as the list of role words has them, they are a part of somebody's descent.
const FATHER: u16 = 11;
const MOTHER: u16 = 12;
const KIN: u16 = 1 << 12;

/// Fathers and mothers are people of their own, unless the table asks for what forms of identification ask for: then their names are a part of
/// the descent of those who are identified.
pub(super) fn parents(patterns: &Patterns, verdicts: &mut [Verdict]) {
    const IDENTIFY: [&str; 12] = [
        "bank-account",
        "birth-place",
        "driver-licence",
        "jp.driver-licence",
        "jp.my-number",
        "jp.pension",
        "jp.residence-card",
        "jp.resident-record",
        "national-id",
        "nationality",
        "passport",
        "us.ssn",
    ];
    let identifies = IDENTIFY.map(|kind| patterns.kind(kind));
    let identified = verdicts.iter().any(|verdict| {
        let whole = verdict.whole.as_ref();
        verdict.role == Role::Own
            && whole.is_some_and(|whole| identifies.contains(&Some(whole.kind)))
    });
    for verdict in verdicts.iter_mut().filter(|_| !identified) {
        if verdict.role == Role::Guardian && [FATHER, MOTHER].contains(&verdict.slot) {
            verdict.slot += KIN;
        }
    }
}

/// Two columns of mailboxes, phones or names under the words of two ends (`calling_number` and `called_number`, `from` and `to`, 依頼人 and
/// 受取人) speak of two people, and so does what else stands under these words.
pub(super) fn ends(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let kinds = ["phone", "email", "person-name"].map(|kind| patterns.kind(kind));
    let words: Vec<(Vec<String>, String)> = views.iter().map(words).collect();
    let under = |at: usize, word: &str| match words[at].0.as_slice() {
        _ if !word.is_ascii() => words[at].1.starts_with(word),
        [first, ..] if first == word => true,
        [.., last] => last == word && words[at].0.len() > 1 && word.len() > 1,
        [] => false,
    };
    let told = |verdicts: &[Verdict], word: &str| {
        let at = (0..views.len()).find(|&at| {
            let whole = verdicts[at].whole.as_ref();
            under(at, word) && whole.is_some_and(|whole| kinds.contains(&Some(whole.kind)))
        })?;
        verdicts[at].whole.as_ref().map(|whole| (at, whole.kind))
    };
    for &(one, other) in ENDS {
        let (Some(a), Some(b)) = (told(verdicts, one), told(verdicts, other)) else {
            continue;
        };
        if a.0 == b.0 || a.1 != b.1 {
            continue;
        }
        for (at, verdict) in verdicts.iter_mut().enumerate() {
            let end = [(one, Role::Sender), (other, Role::Recipient)]
                .into_iter()
                .find(|&(word, _)| under(at, word));
            if let Some((_, role)) = end {
                (verdict.role, verdict.slot) = (role, UNKNOWN);
            }
        }
        return;
    }
}

/// A householder is somebody else only where the row has another person of its own, with a name: 世帯主氏名 beside 氏名. The other members of the household
/// (世帯員1氏名) are none such: what else stands in the row is the head's. Nor is a column of names whose words are unknown (担当CW).
pub(super) fn householder(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    const HOUSEHOLDER: (Role, u16) = (Role::Other, 25);
    let of = |verdict: &Verdict| (verdict.role, verdict.slot);
    let named = |at: usize| piece(patterns, &verdicts[at]).is_some();
    let labelled = |at: usize| {
        let told = views[at].sort().starts_with("name.") && views[at].strength() >= 2;
        told && named(at) && verdicts[at].role == Role::Own
    };
    let head = (0..views.len()).any(|at| named(at) && of(&verdicts[at]) == HOUSEHOLDER);
    if !head || (0..views.len()).any(labelled) {
        return;
    }
    for verdict in verdicts
        .iter_mut()
        .filter(|verdict| of(verdict) == HOUSEHOLDER)
    {
        (verdict.role, verdict.slot) = (Role::Own, 0);
    }
}

/// One phone under a word of the other side (`b_number`, `called_number`, 通話先) beside exactly one other: whom the row's person called.
pub(super) fn other_side(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let phone = patterns.kind("phone");
    let is = |at: usize| {
        let whole = verdicts[at].whole.as_ref();
        whole.is_some_and(|whole| Some(whole.kind) == phone)
    };
    let phones: Vec<usize> = (0..views.len()).filter(|&at| is(at)).collect();
    let named = verdicts
        .iter()
        .any(|verdict| piece(patterns, verdict).is_some());
    let other = |at: usize| is_other_side(&words(&views[at]), named);
    let [one, two] = phones.as_slice() else {
        return;
    };
    let theirs = match (other(*one), other(*two)) {
        (true, false) => *one,
        (false, true) => *two,
        _ => return,
    };
    let same =
        (verdicts[*one].role, verdicts[*one].slot) == (verdicts[*two].role, verdicts[*two].slot);
    if !same {
        return;
    }
    let mine = (verdicts[theirs].role, verdicts[theirs].slot);
    for (at, verdict) in verdicts.iter_mut().enumerate() {
        if at == theirs {
            (verdict.role, verdict.slot) = (Role::Recipient, UNKNOWN);
        } else if (verdict.role, verdict.slot) == mine && !named {
            (verdict.role, verdict.slot) = (Role::Sender, UNKNOWN);
        }
    }
}

/// Whether a phone's name says that it is the other side's.
fn is_other_side((words, folded): &(Vec<String>, String), named: bool) -> bool {
    const SIDES: [&str; 5] = ["b", "called", "callee", "peer", "counterparty"];
    const SIDES_JA: [&str; 7] = [
        "通話先",
        "通話相手",
        "相手",
        "先方",
        "着信",
        "着番号",
        "被呼",
    ];
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        [first, _, ..] if SIDES.contains(first) => true,
        [.., last] if SIDES[1..].contains(last) => true,
        [.., "b"] if words.len() > 1 => true,
        ["other", "party" | "msisdn" | "side" | "end", ..] => true,
        // Of a customer with a name it is his own.
        ["contact", ..] => !named,
        _ => SIDES_JA.iter().any(|word| folded.starts_with(word)),
    }
}

/// Which piece of a name a column holds, if it holds names.
pub(super) fn piece(patterns: &Patterns, verdict: &Verdict) -> Option<Part> {
    let whole = verdict.whole.as_ref()?;
    (Some(whole.kind) == patterns.kind("person-name")).then_some(whole.part)
}

/// A column of full names beside one that speaks of the same person names somebody else, unless its words say that it is the same person's
/// (`Display name`, 旧姓): `plus_one` beside `name`, 担任 beside 生徒氏名, `Assignee` beside `Reporter`. Where it is the same person all the same, the
/// names are equal; and a name in another script is another writing.
pub(super) fn strangers(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let is = |verdict: &Verdict, part: Part| piece(patterns, verdict) == Some(part);
    let script = |view: &View<'_>| {
        let shapes = [
            Shape::JpFullName,
            Shape::LatinFullName,
            Shape::ScriptFullName,
            Shape::KanaFullName,
        ];
        let known = shapes
            .into_iter()
            .find(|&shape| view.tally.share(shape) >= 0.5);
        let (words, surnames) = (
            view.tally.share(Shape::Capitalised),
            view.tally.share(Shape::JpSurname),
        );
        known
            .or((words >= 0.8 && view.length() >= 8.0).then_some(Shape::LatinFullName))
            .or((surnames >= 0.5).then_some(Shape::JpFullName))
    };
    // Of a column that nobody named the values must say that it is one of names.
    let told = |view: &View<'_>| !view.nameless() || view.most(FULL_NAMES) >= 0.8;
    let full: Vec<usize> = (0..views.len())
        .filter(|&at| told(&views[at]))
        .filter(|&at| !views[at].name.is_some_and(|name| name.contains("[]")))
        .filter(|&at| {
            is(&verdicts[at], Part::Whole) || is_holder(patterns, &views[at], &mut verdicts[at])
        })
        .filter(|&at| script(&views[at]).is_some())
        .take(MOST)
        .collect();
    if full.is_empty() {
        return;
    }
    let words: Vec<(Vec<String>, String)> = views.iter().map(words).collect();
    let whose = full.iter().map(|&at| match views[at].nameless() {
        true => Whose::Of(format!("#{at}")),
        false => Whose::of(&views[at], &words[at]),
    });
    let whose: Vec<Whose> = whose.collect();
    for n in 0..full.len() {
        let person = |at: usize| (verdicts[at].role, verdicts[at].slot);
        let mine = person(full[n]);
        let same: Vec<usize> = (0..full.len())
            .filter(|&other| person(full[other]) == mine)
            .filter(|&other| script(&views[full[other]]) == script(&views[full[n]]))
            .collect();
        let pieces = [Part::Family, Part::Given].into_iter().all(|part| {
            let mut verdicts = verdicts.iter();
            verdicts.any(|verdict| is(verdict, part) && (verdict.role, verdict.slot) == mine)
        });
        // The row's own person stands under a word for names alone, else in the first column.
        let main = same
            .iter()
            .copied()
            .find(|&other| whose[other] == Whose::Own);
        let labelled = |&other: &usize| views[full[other]].sort().starts_with("name.");
        let first = || {
            same.iter()
                .copied()
                .find(labelled)
                .or(same.first().copied())
        };
        let main = main.or_else(|| first().filter(|_| !pieces));
        let Whose::Of(stem) = &whose[n] else {
            continue;
        };
        let of_main = main.is_some_and(|main| main == n || whose[main] == whose[n]);
        if of_main || main.is_none() && !pieces {
            continue;
        }
        let role = match mine.0 {
            Role::Own => Role::Other,
            role => role,
        };
        let slot = UNKNOWN + 1 + n as u16;
        for at in 0..views.len() {
            // 参加者10 does not go on with 参加者1.
            let numbered =
                |rest: &str| stem.ends_with(char::is_numeric) && rest.starts_with(char::is_numeric);
            let rest = words[at].1.strip_prefix(stem.as_str());
            let goes_on = rest.is_some_and(|rest| !rest.is_empty() && !numbered(rest));
            let theirs = at == full[n] || goes_on;
            if theirs && (verdicts[at].role, verdicts[at].slot) == mine {
                (verdicts[at].role, verdicts[at].slot) = (role, slot);
            }
        }
    }
}

/// Whether the full names in a column stand there for what was done to somebody, or whose an account is (被害者, `account_holder`): its kind is another, and they
/// are people all the same. They are marked as such.
fn is_holder(patterns: &Patterns, view: &View<'_>, verdict: &mut Verdict) -> bool {
    let victim = patterns.kind("special.crime-victim");
    let full = [
        Shape::JpFullName,
        Shape::LatinFullName,
        Shape::ScriptFullName,
    ];
    let known = view.sum(&full) >= 0.5 && view.name.is_some();
    let Some(whole) = verdict.whole.as_mut().filter(|_| known) else {
        return false;
    };
    if victim == Some(whole.kind) {
        whole.part = Part::Holder;
    }
    whole.part == Part::Holder
}

/// Whose names a column holds, by the words of its header.
#[derive(PartialEq)]
enum Whose {
    /// A word for names and nothing else: the row's own person.
    Own,
    /// Another name of the same person: `Display name`, 旧姓.
    Same,
    /// What stands before the word for names: `patient` of `Patient Name`, 担任.
    Of(String),
}

impl Whose {
    fn of(view: &View<'_>, (words, folded): &(Vec<String>, String)) -> Whose {
        /// Words for names.
        #[rustfmt::skip]
        const NAMES: [&str; 24] = [
            "氏名", "名前", "姓名", "お名前", "ご氏名", "御氏名", "漢字", "fullname", "name", "names", "shimei", "namae", "nombre", "nom", "nome", "navn",
            "namn", "naam", "имя", "фио", "이름", "성명", "名", "の",
        ];
        /// Words of the same person's other names, wherever they stand.
        #[rustfmt::skip]
        const SAME: [&str; 26] = [
            "alias", "aka", "birth", "card", "display", "english", "former", "formerly", "full", "known", "legal", "maiden", "native", "nick", "nickname",
            "official", "passport", "preferred", "previous", "print", "profile", "public", "real", "screen", "stage", "username",
        ];
        const SAME_JA: [&str; 11] = [
            "旧",
            "別",
            "本名",
            "正式",
            "戸籍",
            "表示",
            "通称",
            "ニックネーム",
            "ハンドル",
            "ペンネーム",
            "口座",
        ];
        /// Words for whose something is, or was: his own or another's, as the names in a row say.
        const HOLDERS: [&str; 4] = ["holder", "owner", "cardholder", "accountholder"];
        const HOLDERS_JA: [&str; 2] = ["名義", "所有者"];
        let mut stem = folded.as_str();
        while let Some(rest) = NAMES.iter().find_map(|word| stem.strip_suffix(word)) {
            stem = rest;
        }
        let same = SAME.contains(&stem)
            || ["account", "complete", "other", "pen", "user"].contains(&stem)
            || words.iter().any(|word| SAME.contains(&word.as_str()))
            || SAME_JA.iter().any(|word| folded.contains(word));
        let holder = words.iter().any(|word| HOLDERS.contains(&word.as_str()))
            || HOLDERS_JA.iter().any(|word| folded.contains(word));
        if stem.is_empty() {
            Whose::Own
        } else if same && !holder || view.sort().starts_with("login") {
            Whose::Same
        } else {
            Whose::Of(stem.to_owned())
        }
    }
}

/// The folded words of a column's name, and all of them as one.
fn words(view: &View<'_>) -> (Vec<String>, String) {
    let words = pattern::words_of(view.name.unwrap_or_default());
    let folded = words.concat();
    (words, folded)
}

/// Slots of those who stand beside the first in one row under the same names again.
const BESIDE: u16 = 1 << 8;

/// Two lists side by side on one sheet (氏名, メール, 電話, blank, 氏名, メール, 電話): the second time the same names stand in a row, they are somebody
/// else's.
pub(super) fn side_by_side(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let mut times: HashMap<&str, u16> = HashMap::new();
    let mut nth: Vec<u16> = Vec::with_capacity(views.len());
    for view in views {
        // A blank column between them may have inherited a name.
        let name = view.name.filter(|_| view.tally.values > 0);
        let seen = match name.filter(|name| !name.contains("[]")) {
            Some(name) => times.entry(name).or_default(),
            None => &mut 0,
        };
        nth.push(*seen);
        *seen += 1;
    }
    let names: Vec<usize> = (0..views.len())
        .filter(|&at| piece(patterns, &verdicts[at]) == Some(Part::Whole))
        .filter(|&at| views[at].most(FULL_NAMES) >= 0.5)
        .collect();
    let people = names.iter().map(|&at| nth[at] + 1).max().unwrap_or(0);
    let of_all = times.values().filter(|&&times| times == people).count();
    let apart = names.len() == usize::from(people);
    if people < 2 || !apart {
        return;
    }
    if of_all < 2 {
        return beside_again(views, &names, verdicts);
    }
    for (verdict, nth) in verdicts.iter_mut().zip(nth) {
        if nth > 0 {
            verdict.role = Role::Own;
            verdict.slot = BESIDE + nth;
        }
    }
}

/// The same where these lists have not the same columns (氏名, 生年月日, 氏名, 電話): what stands behind the second column of names, and has no other role, is of
/// whom that names. Names in another script are another writing.
fn beside_again(views: &[View<'_>], names: &[usize], verdicts: &mut [Verdict]) {
    let script = |at: usize| {
        let shares = FULL_NAMES.iter().map(|&shape| views[at].tally.share(shape));
        shares
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(&b.1))
            .map(|share| share.0)
    };
    if !names.iter().all(|&at| script(at) == script(names[0])) {
        return;
    }
    for (at, verdict) in verdicts.iter_mut().enumerate() {
        let nth = names.iter().filter(|&&name| name <= at).count();
        if nth > 1 && (verdict.role, verdict.slot) == (Role::Own, 0) {
            verdict.slot = BESIDE + nth as u16 - 1;
        }
    }
}

/// Gives the columns of every list of people the slot of their element.
pub(super) fn tell_apart(
    patterns: &Patterns,
    columns: &[(Option<&str>, &Tally)],
    verdicts: &mut [Verdict],
) {
    let names_somebody = |verdict: &Verdict| {
        let piece = piece(patterns, verdict);
        matches!(piece, Some(Part::Whole | Part::Family | Part::Given))
    };
    let mail = patterns.kind("email");
    let reaches = |verdict: &Verdict| {
        let kind = verdict.whole.as_ref().map(|whole| whole.kind);
        kind.is_some() && kind == mail
    };
    let lists: Vec<Option<&str>> = columns.iter().map(|column| list_of(column.0?)).collect();
    // Of each list of people, whether its people have no role: the row's own person may be one of them.
    let mut of_people: BTreeMap<&str, bool> = BTreeMap::new();
    let mut outside = false;
    for (list, verdict) in lists.iter().zip(verdicts.iter()) {
        let somebody = match list {
            Some(list) => names_somebody(verdict) || reaches(verdict) && is_of_people(list),
            None => names_somebody(verdict) || reaches(verdict),
        };
        if somebody {
            match list {
                Some(list) => *of_people.entry(list).or_default() |= verdict.role == Role::Own,
                None => outside |= verdict.role == Role::Own,
            }
        }
    }
    let several = of_people.values().filter(|&&own| own).count() > 1;
    let numbers: HashMap<&str, u16> = of_people.keys().copied().zip(1..).collect();
    let mut seen: HashMap<&str, u16> = HashMap::new();
    for ((list, column), verdict) in lists.iter().zip(columns).zip(verdicts) {
        let (Some(list), Some(path)) = (*list, column.0) else {
            continue;
        };
        // Of contact[].telecom[].value the people are one list above.
        let mut above = std::iter::successors(Some(list), |list| list_of(&list[..list.len() - 2]));
        let Some(list) = above.find(|list| numbers.contains_key(list)) else {
            continue;
        };
        let number = numbers[list];
        // Of `contacts[].emails[]` nobody can tell whose the n-th is: they are left with the first.
        let mut first = 0;
        let nth = if path[list.len()..].contains("[]") {
            &mut first
        } else {
            seen.entry(path).or_default()
        };
        let base = if verdict.role == Role::Own && (outside || several) {
            number.saturating_mul(LISTED)
        } else {
            0
        };
        verdict.slot = verdict.slot.saturating_add(base).saturating_add(*nth);
        *nth = nth.saturating_add(1);
    }
}

/// The list whose elements a path leads into: `order.passengers[]` of `order.passengers[].name`. The names of one person may be a list themselves
/// (`patient.name[].family`, as in FHIR), which is none of people.
fn list_of(path: &str) -> Option<&str> {
    // The elements themselves may be mailboxes or names: `attendees[]`.
    if path.ends_with("[]") && is_of_people(path) {
        return Some(path);
    }
    let end = path.rfind("[].")?;
    let before = &path[..end];
    if before == "name" || before.ends_with(".name") {
        return list_of(before);
    }
    Some(&path[..end + 2])
}

/// Whether a list is one of people by its name, whatever is told of them: `attendees[]`, not `emails[]`.
fn is_of_people(list: &str) -> bool {
    #[rustfmt::skip]
    const PEOPLE: [&str; 38] = [
        "admins", "assignees", "attendees", "bcc", "cc", "children", "collaborators", "contributors", "employees", "followers", "friends", "guests", "invitees",
        "learners", "members", "organizers", "owners", "parents", "participants", "passengers", "patients", "people", "persons", "players", "recipients",
        "residents", "reviewers", "signers", "staff", "students", "subscribers", "to", "users", "watchers", "viewers", "editors", "commenters", "invited",
    ];
    #[rustfmt::skip]
    const ENDS: [&str; 14] = [
        "参加者", "出席者", "受講者", "利用者", "同席者", "同行者", "申込者", "社員", "会員", "職員", "メンバー", "宛先", "世帯員", "家族",
    ];
    let last = list.trim_end_matches("[]").rsplit('.').next();
    let is = |last: &str| PEOPLE.iter().any(|word| last.eq_ignore_ascii_case(word));
    last.is_some_and(|last| is(last) || ENDS.iter().any(|end| last.ends_with(end)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_people() {
        for (list, expected) in [
            ("attendees[]", true),
            ("event.Guests[]", true),
            ("emails[]", false),
            ("contact.phones[]", false),
        ] {
            assert_eq!(is_of_people(list), expected, "{list}");
        }
    }

    #[test]
    fn paths_of_lists() {
        let check = |path: &str, list: Option<&str>| assert_eq!(list_of(path), list, "{path}");
        check("passengers[].name", Some("passengers[]"));
        check("a[].b[].c.name", Some("a[].b[]"));
        check("tags[]", None);
        check("event.attendees[]", Some("event.attendees[]"));
        check("参加者[]", Some("参加者[]"));
        check("resource.name[].family", None);
        check("a[].name[].family", Some("a[]"));
        check("name", None);
    }
}
