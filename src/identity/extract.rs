//! Mentions of rows: fields grouped by person, split values joined, normal forms taken.

use super::address::{Parts, address};
use super::again;
use super::area::{self, Area};
use super::ends;
use super::fact::{Fact, Facts};
use super::full;
use super::household;
use super::joint;
use super::ladder::cut_issue;
use super::listed;
use super::loose::Setting;
use super::{Beside, Field, KindIds, Mention, Scratch, date, kanji, normal, numbers, said};
use crate::classify;
use crate::column;
use crate::pattern::dict::{self, Lists};
use crate::pattern::{KindSet, Part, Role};
use crate::text::is_blank;

/// What a row says of one person, before its parts are joined.
#[derive(Default)]
pub(super) struct Draft<'a> {
    pub(super) role: Role,
    pub(super) slot: u16,
    pub(super) kinds: KindSet,
    pub(super) full: Option<&'a str>,
    /// Names of Korea or China stand in the column of full names.
    pub(super) eastern: bool,
    pub(super) family: Option<&'a str>,
    pub(super) given: Option<&'a str>,
    pub(super) middle: Option<&'a str>,
    pub(super) reading: Option<&'a str>,
    pub(super) family_reading: Option<&'a str>,
    pub(super) given_reading: Option<&'a str>,
    pub(super) romaji: Option<&'a str>,
    pub(super) address: Parts<'a>,
    pub(super) birth: [Option<&'a str>; 3],
    pub(super) phone: [Option<&'a str>; 3],
    /// Bank, branch and account number.
    pub(super) account: [Option<&'a str>; 3],
    pub(super) zip: [Option<&'a str>; 3],
    pub(super) facts: Facts,
}

/// The mentions of one row.
pub(super) fn row(
    ids: &KindIds,
    fields: &[Field<'_>],
    beside: Beside<'_>,
    mut scratch: Scratch<'_>,
    out: &mut Vec<Mention>,
) {
    let mut drafts: Vec<Draft<'_>> = Vec::with_capacity(2);
    let told = |field: &&Field<'_>| !is_blank(field.value) && field.slot != column::AGAIN;
    for field in fields.iter().filter(told) {
        let at = drafts
            .iter()
            .position(|draft| (draft.role, draft.slot) == (field.role, field.slot))
            .unwrap_or_else(|| {
                drafts.push(Draft {
                    role: field.role,
                    slot: field.slot,
                    eastern: beside.eastern,
                    facts: scratch.facts(),
                    ..Draft::default()
                });
                drafts.len() - 1
            });
        drafts[at].kinds = drafts[at].kinds.with(field.kind);
        take(ids, field, &mut drafts[at], scratch.text);
    }
    joint::part(&mut drafts);
    household::given_names(&mut drafts);
    drafts.sort_by_key(|draft| (draft.role, draft.slot));
    drafts.iter_mut().for_each(|one| join(one, &mut scratch));
    if beside.listed {
        drafts.iter_mut().for_each(listed::note);
    }
    listed::keep_traits(&mut drafts, beside.members);
    ends::name_sender(&mut drafts);
    let is_between = ends::has_ends(&drafts);
    let company = beside.organisation.is_some();
    let has_number = !beside.members.is_empty();
    let one_named = household::only_name(ids.birth_date, &mut drafts, has_number, company);
    let first = out.len();
    for draft in drafts {
        let mut area = area::of(ids, fields, draft.role, draft.slot);
        if one_named && is_named(&draft.facts) {
            let own = area::of(ids, fields, Role::Own, 0);
            area = if own.basis() > area.basis() {
                own
            } else {
                area
            };
        }
        let end = is_between && matches!(draft.role, Role::Sender | Role::Recipient);
        let somebody = is_named(&draft.facts) || end || column::is_met(draft.slot);
        if somebody || draft.role == Role::Own || out.len() == first {
            out.push(Mention {
                role: draft.role,
                kinds: draft.kinds,
                at: 0,
                area,
                own: false,
                setting: Setting::Told,
                facts: draft.facts,
            });
        } else {
            nameless(draft, area, first, out);
        }
    }
    if let Some(company) = beside.organisation {
        company_of(company, &mut out[first..], scratch.text);
    } else if beside.undecided {
        doubt(&mut out[first..]);
    }
    again::unite(&mut out[first..]);
    numbers::note(beside.members, out, first, scratch.text);
    if let Some(number) = beside.household {
        household::note(number, &mut out[first..], scratch.text);
    }
    if let Some(rest) = beside.rest {
        numbers::rest(rest, &mut out[first..]);
    }
    out[first..]
        .iter_mut()
        .for_each(|mention| mention.facts.seal());
    retain_from(out, first, |mention| !mention.facts.is_empty());
}

pub(super) fn is_named(facts: &Facts) -> bool {
    facts.has(Fact::Name) || facts.has(Fact::Family)
}

/// What tells more of somebody than a name.
pub(super) const REACHES: &[Fact] = &[
    Fact::Birth,
    Fact::Mail,
    Fact::Phone,
    Fact::SharedPhone,
    Fact::Card,
    Fact::Primary,
    Fact::Id,
    Fact::Account,
    Fact::User,
    Fact::Place,
];

/// A group of columns without a name (a delivery address) says more of the row's own person, unless it reaches another by e-mail or a
/// number.
fn nameless(draft: Draft<'_>, area: Area, first: usize, out: &mut Vec<Mention>) {
    if [Fact::Mail, Fact::Primary, Fact::Id, Fact::Card]
        .iter()
        .any(|&fact| draft.facts.has(fact))
        && out[first].facts.has(Fact::Mail)
    {
        out.push(Mention {
            role: draft.role,
            kinds: draft.kinds,
            at: 0,
            area,
            own: false,
            setting: Setting::Told,
            facts: draft.facts,
        });
        return;
    }
    let own = &mut out[first];
    own.kinds = own.kinds.union(draft.kinds);
    if area.basis() > own.area.basis() {
        own.area = area;
    }
    own.facts.take(
        &draft.facts,
        &[
            Fact::Mail,
            Fact::Primary,
            Fact::Id,
            Fact::Card,
            Fact::Phone,
            Fact::SharedPhone,
            Fact::Place,
            Fact::Zip,
            Fact::City,
        ],
    );
}

/// The company column: a row that names no person and reaches none speaks of the company.
fn company_of(company: &str, mentions: &mut [Mention], scratch: &mut String) {
    normal::fold(company, scratch);
    let Some(own) = mentions.first_mut() else {
        return;
    };
    let fact = if is_person(own) {
        Fact::Employer
    } else {
        Fact::Company
    };
    own.facts.push(fact, 0, scratch);
}

/// A row whose name may be a company's: it is somebody under the strict rules alone, unless it reaches a person by more than a phone.
fn doubt(mentions: &mut [Mention]) {
    if let Some(own) = mentions.first_mut().filter(|own| !is_person(own)) {
        own.facts.push(Fact::Doubt, 0, "party");
    }
}

/// Whether a mention has what companies have not.
fn is_person(mention: &Mention) -> bool {
    let person = [
        Fact::Name,
        Fact::Family,
        Fact::Given,
        Fact::Mail,
        Fact::Birth,
    ];
    person.iter().any(|&fact| mention.facts.has(fact))
}

/// Takes one field: what stands alone becomes a fact at once, parts wait for the others.
fn take<'a>(ids: &KindIds, field: &Field<'a>, draft: &mut Draft<'a>, scratch: &mut String) {
    let (kind, value) = (Some(field.kind), field.value);
    if matches!(field.part, Part::Masked | Part::Ruined) && kind != ids.name {
        take_gone(ids, field, draft, scratch);
    } else if field.part == Part::Holder {
        // Whose card it is, the row's own name says; who suffered, only this one.
        let told = field.role != Role::Own || !ids.strong.contains(field.kind);
        draft.full = draft.full.or(Some(value).filter(|_| told));
        let name = ids
            .name
            .filter(|_| told && !ids.strong.contains(field.kind));
        draft.kinds = name.map_or(draft.kinds, |name| draft.kinds.with(name));
    } else if kind == ids.name {
        take_named(field, draft, scratch);
    } else if kind == ids.email {
        match normal::mail(value, scratch) {
            normal::Mailbox::Personal if field.part != Part::Home => {
                draft.facts.push(Fact::Mail, 0, scratch);
            }
            normal::Mailbox::Filler => {}
            _ => draft.facts.push(Fact::RoleMail, 0, scratch),
        }
    } else if kind == ids.phone {
        take_phone(field.part, value, draft, scratch);
    } else if kind == ids.address {
        take_address(field.part, value, &mut draft.address);
    } else if kind == ids.postal_code {
        draft.zip[thirds(field.part)].get_or_insert(value);
    } else if kind == ids.birth_date {
        draft.birth[thirds(field.part)].get_or_insert(value);
    } else if kind == ids.card && field.part == Part::Whole {
        normal::digits(value, scratch);
        if scratch.len() >= 12
            && !value.contains('*')
            && scratch.bytes().any(|b| b != scratch.as_bytes()[0])
        {
            draft.facts.push(Fact::Card, 0, scratch);
        }
    } else if kind == ids.gender {
        normal::sex(value, scratch);
        draft.facts.push(Fact::Sex, 0, scratch);
    } else if kind == ids.birth_place {
        normal::fold(value, scratch);
        draft.facts.push(Fact::Origin, 0, scratch);
    } else if kind == ids.user && field.part == Part::Whole {
        normal::user(value, scratch);
        draft.facts.push(Fact::User, 0, scratch);
    } else if let Some(at) = [Part::Bank, Part::Branch, Part::Account]
        .iter()
        .position(|&part| part == field.part)
    {
        draft.account[at].get_or_insert(value);
    } else if ids.strong.contains(field.kind) && field.part == Part::Whole {
        normal::number(value, scratch);
        let fact = if ids.ladder.holds(field.kind, scratch, value) {
            Fact::Primary
        } else {
            Fact::Id
        };
        cut_issue(ids, field.kind, scratch);
        draft.facts.push(fact, field.kind.0, scratch);
    } else if ids.traits.contains(&kind) {
        normal::fold(value, scratch);
        draft.facts.push(Fact::Trait, field.kind.0, scratch);
    }
}

/// A value of which a part is gone names nobody alone, as many have the same: like a mailbox or phone that several share.
fn take_gone(ids: &KindIds, field: &Field<'_>, draft: &mut Draft<'_>, scratch: &mut String) {
    if Some(field.kind) == ids.email
        && matches!(
            normal::mail(field.value, scratch),
            normal::Mailbox::Personal
        )
    {
        draft.facts.push(Fact::RoleMail, 0, scratch);
    } else if Some(field.kind) == ids.phone {
        normal::phone(field.value, scratch);
        draft.facts.push(Fact::SharedPhone, 0, scratch);
    }
}

fn thirds(part: Part) -> usize {
    match part {
        Part::Second => 1,
        Part::Third => 2,
        _ => 0,
    }
}

/// Takes a name, and the mailbox behind it.
fn take_named<'a>(field: &Field<'a>, draft: &mut Draft<'a>, scratch: &mut String) {
    let beside = full::with_mailbox(field.value).filter(|_| field.part == Part::Whole);
    let Some((name, mail)) = beside else {
        return take_name(field.part, field.value, draft);
    };
    take_name(field.part, name, draft);
    if normal::mail(mail, scratch) == normal::Mailbox::Personal {
        draft.facts.push(Fact::Mail, 0, scratch);
    }
}

fn take_name<'a>(part: Part, value: &'a str, draft: &mut Draft<'a>) {
    let value = if part == Part::Whole {
        classify::bare_name(value)
    } else {
        value
    };
    let slot = match part {
        Part::Whole | Part::Masked => &mut draft.full,
        Part::Family => &mut draft.family,
        Part::Given => &mut draft.given,
        Part::Middle => &mut draft.middle,
        Part::Reading => &mut draft.reading,
        Part::FamilyReading => &mut draft.family_reading,
        Part::GivenReading => &mut draft.given_reading,
        Part::Romaji => &mut draft.romaji,
        _ => return,
    };
    if is_of_program(value) {
        return;
    }
    slot.get_or_insert(value);
}

/// Whether a value is the name of a part of a program: `App\\Mail\\Welcome`.
fn is_of_program(value: &str) -> bool {
    let is_step = |step: &str| {
        step.starts_with(|c: char| c.is_ascii_uppercase())
            && step.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
    };
    value.contains('\\')
        && value
            .split('\\')
            .filter(|step| !step.is_empty())
            .all(is_step)
}

fn take_phone<'a>(part: Part, value: &'a str, draft: &mut Draft<'a>, scratch: &mut String) {
    let fact = match part {
        Part::First | Part::Second | Part::Third => {
            draft.phone[thirds(part)].get_or_insert(value);
            return;
        }
        Part::Home | Part::Fax | Part::Work => Fact::SharedPhone,
        _ => Fact::Phone,
    };
    normal::phone(value, scratch);
    if !normal::is_free_of_charge(value, scratch) {
        draft.facts.push(fact, 0, scratch);
    }
}

fn take_address<'a>(part: Part, value: &'a str, parts: &mut Parts<'a>) {
    match part {
        Part::Whole => {
            parts.whole.get_or_insert(value);
        }
        Part::Prefecture => {
            parts.prefecture.get_or_insert(value);
        }
        Part::City => {
            parts.city.get_or_insert(value);
        }
        Part::Building => {
            parts.building.get_or_insert(value);
        }
        Part::Street => {
            if let Some(free) = parts.street.iter_mut().find(|slot| slot.is_none()) {
                *free = Some(value);
            }
        }
        _ => {}
    }
}

/// Joins the parts of names, dates, split numbers and addresses to facts.
fn join(draft: &mut Draft<'_>, scratch: &mut Scratch<'_>) {
    said::add(draft, scratch.said.as_deref_mut(), scratch.text);
    let scratch = &mut *scratch.text;
    match draft.birth {
        [Some(year), Some(month), Some(day)] => date::birth_of_parts(year, month, day, scratch),
        [Some(whole), None, None] => date::birth(whole, scratch),
        _ => scratch.clear(),
    }
    draft.facts.push(Fact::Birth, 0, scratch);
    if draft.phone[0].is_some() {
        let joined: String = draft
            .phone
            .iter()
            .flatten()
            .copied()
            .collect::<Vec<_>>()
            .join("-");
        normal::phone(&joined, scratch);
        draft.facts.push(Fact::Phone, 0, scratch);
    }
    if draft.zip[0].is_some() {
        match draft.zip {
            [Some(whole), None, None] => normal::postal_code(whole, scratch),
            parts => {
                let joined: String = parts.into_iter().flatten().collect();
                normal::postal_code(&joined, scratch);
            }
        }
        draft.facts.push(Fact::Zip, 0, scratch);
    }
    if let Some(account) = draft.account[2] {
        normal::number(account, scratch);
        if !scratch.is_empty() {
            let branch =
                [draft.account[0], draft.account[1]].map(|part| folded(part, &mut String::new()));
            draft.facts.push(
                Fact::Account,
                0,
                &format!("{} {} {scratch}", branch[0], branch[1]),
            );
        }
    }
    let mut city = String::with_capacity(96);
    let code = address(&draft.address, scratch, &mut city);
    draft.facts.push(Fact::Place, 0, scratch);
    draft.facts.push(Fact::City, 0, &city);
    if let Some(code) = code.filter(|_| draft.zip[0].is_none()) {
        normal::postal_code(code, scratch);
        draft.facts.push(Fact::Zip, 0, scratch);
    }
}

/// Joins the parts of names to facts.
pub(super) fn names(draft: &mut Draft<'_>, scratch: &mut String) {
    let parts = [draft.family, draft.given, draft.middle, draft.romaji];
    let readings = [draft.family_reading, draft.given_reading];
    if let Some(full) = draft.full
        && parts.iter().chain(&readings).all(Option::is_none)
        && kanji_name(full, draft.reading, scratch, &mut draft.facts)
    {
        return;
    }
    any_names(draft, scratch);
}

/// Takes a full name of two words in kanji, and its reading, without copies: what [`any_names`] does with it. False, and nothing taken, for
/// all other names.
fn kanji_name(full: &str, reading: Option<&str>, scratch: &mut String, facts: &mut Facts) -> bool {
    let is_kanji = |c: char| matches!(c, '\u{4e00}'..='\u{9fff}' | '々');
    if full.contains(',') {
        return false;
    }
    normal::name(full, scratch);
    let Some((family, given)) = scratch.split_once(' ') else {
        return false;
    };
    if ![family, given]
        .iter()
        .all(|name| !name.is_empty() && name.chars().all(is_kanji))
        || normal::is_organisation(full)
        || full != scratch && normal::is_organisation(scratch)
    {
        return false;
    }
    facts.push(Fact::Family, 0, family);
    facts.push(Fact::Given, 0, given);
    let clan = family.char_indices().nth(2);
    facts.push(
        Fact::Clan,
        0,
        &family[..clan.map_or(family.len(), |(end, _)| end)],
    );
    let blank = family.len();
    scratch.remove(blank);
    facts.push(Fact::Name, 0, scratch);
    normal::name(reading.unwrap_or(""), scratch);
    scratch.retain(|c| c != ' ');
    if scratch.chars().count() > 2 {
        facts.push(Fact::Reading, 0, scratch);
    }
    true
}

fn any_names(draft: &mut Draft<'_>, scratch: &mut String) {
    let mut family = folded(draft.family, scratch);
    let mut given = folded(draft.given, scratch);
    let mut middle = folded(draft.middle, scratch);
    let mut whole = String::new();
    let full = [draft.full, draft.romaji]
        .into_iter()
        .flatten()
        .find(|full| !full.trim().is_empty());
    if let Some(full) = full {
        if !family.is_empty() && !given.is_empty() {
            full::complete(full, scratch, &family, &mut given, &mut middle);
        } else if full::beside_surname(full, scratch, &family, &mut given, &mut middle) {
            // The surname ends where its own column says.
        } else if let Some(person) = kanji::person_in(full) {
            let halves = [&mut family, &mut given, &mut middle];
            whole = split((person, draft.eastern), scratch, halves);
        } else {
            normal::fold(full, scratch);
            draft.facts.push(Fact::Company, 0, scratch);
            return;
        }
    }
    let generations = [&mut family, &mut given, &mut middle].map(normal::generation);
    let generation = generations.into_iter().find(|found| !found.is_empty());
    if [&family, &given]
        .iter()
        .any(|name| normal::is_organisation(name))
    {
        draft
            .facts
            .push(Fact::Company, 0, &format!("{given} {family}"));
        return;
    }
    let mut reading = folded(draft.reading, scratch);
    // A surname's reading alone is none of a full name: 竹内 修様（タケウチ様）.
    if reading.is_empty() && (given.is_empty() || draft.given_reading.is_some()) {
        reading = folded(draft.family_reading, scratch) + &folded(draft.given_reading, scratch);
    }
    reading.retain(|c| c != ' ');
    let mut key = if whole.is_empty() {
        name_key(&family, &given)
    } else {
        whole
    };
    if let Some(generation) = generation {
        draft.facts.push(Fact::Generation, 0, generation);
        // Father and son are not of one name.
        if !key.is_empty() {
            key.push_str(generation);
        }
    }
    draft.facts.push(Fact::Family, 0, &family);
    draft.facts.push(Fact::Given, 0, &given);
    draft.facts.push(Fact::Middle, 0, &middle);
    push_name(&family, key, reading, &mut draft.facts);
}

/// The name as one word and its reading.
fn push_name(family: &str, key: String, mut reading: String, facts: &mut Facts) {
    if normal::is_kana(&key) && (reading.is_empty() || reading == key) {
        // A name in kana alone is a reading: the same person stands elsewhere in kanji.
        facts.retain(|fact| !matches!(fact, Fact::Family | Fact::Given));
        reading = key;
    } else {
        facts.push(Fact::Name, 0, &key);
        if normal::is_cjk(&key) {
            // Members of a family begin alike, wherever the surname ends.
            let surname = if family.is_empty() { &key } else { family };
            let end = surname.char_indices().nth(2).map(|(end, _)| end);
            let clan = &surname[..end.unwrap_or(surname.len())];
            facts.push(Fact::Clan, 0, clan);
        }
    }
    if reading.chars().count() > 2 {
        facts.push(Fact::Reading, 0, &reading);
    }
}

fn folded(value: Option<&str>, scratch: &mut String) -> String {
    value.map_or_else(String::new, |value| {
        normal::name(value, scratch);
        scratch.clone()
    })
}

/// Whether three characters are a surname and no surname of one or two with a given name.
fn is_long_surname(name: &[char]) -> bool {
    let has = |part: &[char], lists| dict::jp(part).any(lists);
    let is_split =
        (1..=2).any(|cut| has(&name[..cut], Lists::SURNAME) && has(&name[cut..], Lists::GIVEN));
    has(name, Lists::SURNAME_STRONG) || has(name, Lists::SURNAME) && !is_split
}

/// Splits a full name, of Korea or China in a column of such; returns its key, or an empty one when the parts make it.
fn split(
    (full, eastern): (&str, bool),
    scratch: &mut String,
    [family, given, middle]: [&mut String; 3],
) -> String {
    // Smith, Mary; and SMITH/MARY MS, as airlines and hotels have it.
    let comma = full
        .split_once([',', '/'])
        .filter(|(last, first)| !is_blank(last) && !is_blank(first) && !normal::is_cjk(full));
    normal::name(full, scratch);
    let mut words: Vec<&str> = scratch.split(' ').filter(|word| !word.is_empty()).collect();
    if let Some((last, _)) = comma {
        let n_last = last
            .split_whitespace()
            .count()
            .min(words.len().saturating_sub(1));
        words.rotate_left(n_last);
    }
    match words.as_slice() {
        [] => String::new(),
        [one]
            if let Some(end) = classify::surname_end(full.trim(), eastern)
                && one.chars().count() > end =>
        {
            let end = one.char_indices().nth(end).map_or(one.len(), |(at, _)| at);
            let (surname, rest) = one.split_at(end);
            family.clear();
            given.clear();
            family.push_str(surname);
            given.push_str(rest);
            String::new()
        }
        [one] if normal::is_cjk(one) => {
            // Without a blank only the whole is known: 林健太. A surname of three characters, 長谷川, is one all the same.
            let chars: Vec<char> = one.chars().take(4).collect();
            if chars.len() > 3 || chars.len() == 3 && !is_long_surname(&chars) {
                (*one).to_owned()
            } else {
                *family = (*one).to_owned();
                String::new()
            }
        }
        [one] => {
            if family.is_empty() && given.is_empty() {
                *family = (*one).to_owned();
            }
            String::new()
        }
        [first, .., last] => {
            let surname_first = normal::is_cjk(first) || classify::is_korean_surname(first);
            let (a, b) = if surname_first {
                (first, last)
            } else {
                (last, first)
            };
            if family.is_empty() {
                *family = (*a).to_owned();
            }
            if given.is_empty() {
                *given = (*b).to_owned();
            }
            if middle.is_empty() {
                *middle = words[1..words.len() - 1].join(" ");
            }
            String::new()
        }
    }
}

/// Family and given name as one word: in the order written for Japanese names, in order of the alphabet for others, so that the order
/// does not matter. Empty when one is missing.
pub(super) fn name_key(family: &str, given: &str) -> String {
    if family.is_empty() || given.is_empty() {
        return String::new();
    }
    let is_letter = |c: &char| *c != ' ';
    let after = family
        .chars()
        .filter(is_letter)
        .gt(given.chars().filter(is_letter));
    let (first, second) = if normal::is_cjk(family) || !after {
        (family, given)
    } else {
        (given, family)
    };
    let mut key = String::with_capacity(first.len() + second.len());
    key.extend(first.chars().chain(second.chars()).filter(is_letter));
    key
}

fn retain_from(out: &mut Vec<Mention>, first: usize, keep: impl Fn(&Mention) -> bool) {
    if !out[first..].iter().all(&keep) {
        let tail: Vec<Mention> = out.drain(first..).filter(|mention| keep(mention)).collect();
        out.extend(tail);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_two_words_in_kanji_are_like_all_names() {
        let fulls = [
            "佐藤 太郎",
            "髙橋　健",
            "渡邊 優子 様",
            "長谷川 一",
            "株式会社 佐藤",
            "佐藤 商店",
            "佐藤太郎",
            "林 健 太",
            "Mary Smith",
            "テスト 太郎",
            "不明 不明",
            "佐藤 ハナコ",
            "佐々木 誠",
            " 山田 花子 ",
            "様 様",
            "佐藤,太郎",
        ];
        let readings = [
            None,
            Some("サトウ タロウ"),
            Some("さとう"),
            Some("リ ン"),
            Some(""),
        ];
        let mut taken = 0;
        for (full, reading) in fulls.iter().flat_map(|full| readings.map(|r| (*full, r))) {
            let (mut scratch, mut fast) = (String::new(), Facts::default());
            let mut draft = Draft {
                full: Some(full),
                reading,
                ..Draft::default()
            };
            if kanji_name(full, reading, &mut scratch, &mut fast) {
                taken += 1;
                any_names(&mut draft, &mut scratch);
                fast.seal();
                draft.facts.seal();
                let of = |facts: &Facts| -> Vec<(Fact, u8, String)> {
                    let owned = facts
                        .iter()
                        .map(|(fact, kind, value)| (fact, kind, value.to_owned()));
                    owned.collect()
                };
                assert_eq!(of(&fast), of(&draft.facts), "{full}, {reading:?}");
            } else {
                assert!(fast.is_empty(), "{full}");
            }
        }
        assert!((20..60).contains(&taken), "{taken}");
    }
}
