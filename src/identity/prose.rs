//! Mentions of running text and of mail: who is spoken of in a line, a labelled block, a header, a signature.

use std::cell::LazyCell;
use std::collections::HashMap;

use super::author::Letter;
use super::blocks::{self, How};
use super::fact::{Fact, Facts};
use super::loose::{self, Setting};
use super::{Beside, Field, KindIds, Mention, Scratch, again, extract, normal, numbers};
use crate::classify::{self, Match};
use crate::pattern::dict::{self, Lists};
use crate::pattern::{Part, Role};
use crate::text::katakana;

/// What stands in one line, or in one labelled block, is one mention.
pub(super) fn text(
    ids: &KindIds,
    (text, setting): (&str, Setting),
    matches: &[Match],
    scratch: &mut String,
    out: &mut Vec<Mention>,
) {
    let first = out.len();
    blocks(ids, text, matches, How::Labelled, scratch, out);
    for mention in &mut out[first..] {
        mention.setting = setting;
        if setting == Setting::Carved {
            loose::doubt(&mut mention.facts);
        }
    }
}

/// A note beside a row's own people.
pub(super) fn note(
    ids: &KindIds,
    (note, matches, members): (&str, &[Match], &[(&str, &str)]),
    scratch: &mut String,
    mentions: &mut Vec<Mention>,
) {
    let own = mentions.len();
    // A row that speaks of nobody itself is a line of a log: a name in one and a mailbox in another may be one person's.
    let says = |one: &Mention| one.setting == Setting::Told && loose::is_told(&one.facts);
    let told = !members.is_empty() || mentions.iter().any(says);
    let setting = if told { Setting::Told } else { Setting::Lines };
    text(ids, (note, setting), matches, scratch, mentions);
    let found = mentions.split_off(own);
    // Illness, welfare and the like are nobody's but the row's own person's where nobody else is named.
    let names = |mention: &Mention| NAMES.iter().any(|&fact| mention.facts.has(fact));
    if let [first, ..] = &mut mentions[..]
        && !found.iter().any(names)
    {
        first.kinds = matches
            .iter()
            .fold(first.kinds, |kinds, found| kinds.with(found.kind));
    }
    let adopted = found.iter().filter(|mention| names(mention)).count() == 1
        && is_addressed(ids, note, matches)
        && mentions.first().is_some_and(|own| {
            let is_nameless = own.role == Role::Own && !names(own);
            is_nameless && (!members.is_empty() || says(own))
        })
        && found.iter().filter(|found| names(found)).all(|found| {
            // オペレーター and 保護者 of the row are themselves.
            mentions[1..]
                .iter()
                .all(|other| match found.facts.get(Fact::Name) {
                    Some(name) => other.facts.get(Fact::Name) != Some(name),
                    None => !has_half(&other.facts, &found.facts),
                })
        });
    for mut mention in found {
        if adopted && names(&mention) {
            let own = &mut mentions[0];
            own.kinds = own.kinds.union(mention.kinds);
            own.facts.take(&mention.facts, &Fact::ALL);
            own.facts.seal();
            continue;
        }
        let facts = &mention.facts;
        let name = facts.get(Fact::Name);
        let bears = |other: &&mut Mention| match name {
            Some(_) => other.facts.get(Fact::Name) == name,
            None => !names(&mention) || has_half(&other.facts, facts),
        };
        // What is told in a ticket without a name is not the clerk's, but the customer's of whom the row has the number.
        let nameless = name.is_none() && !names(&mention) && !members.is_empty();
        let staff = |other: &Mention| nameless && numbers::is_staff(other.role, members);
        if nameless && mentions[..own].iter().all(staff) {
            let mut customer = numbers::own(members, scratch);
            customer.kinds = mention.kinds;
            customer.facts.take(facts, CONTACTS);
            customer.facts.seal();
            mentions.push(customer);
            continue;
        }
        let bears = |other: &&mut Mention| !staff(other) && bears(other);
        let bearer = mentions[..own]
            .iter_mut()
            .position(|mut other| bears(&mut other));
        match bearer.map(|at| &mut mentions[at]) {
            Some(bearer) => {
                bearer.kinds = bearer.kinds.union(mention.kinds);
                bearer.facts.take(facts, CONTACTS);
                bearer.facts.seal();
                bearer.setting = setting;
            }
            None => {
                let is_writer = |one: &&mut Mention| matches!(one.role, Role::Own | Role::Sender);
                let writer = mentions[..own].iter_mut().find(is_writer);
                if !writer.is_some_and(|one| signs_note(ids, (note, matches), &mut mention, one)) {
                    mentions.push(mention);
                }
            }
        }
    }
}

/// Whether somebody is named in a note as one speaks of customers. Who is the only one in a note beside a number or a phone without a name is whose they are.
fn is_addressed(ids: &KindIds, note: &str, matches: &[Match]) -> bool {
    const TITLES: [&str; 4] = ["様", "さま", "さん", "殿"];
    let names = matches.iter().filter(|found| Some(found.kind) == ids.name);
    let mut behind = names.filter_map(|found| note.get(found.end..));
    behind.any(|rest| {
        // 竹内 修（タケウチ オサム）様
        let rest = rest.trim_start_matches([' ', '\u{3000}', ')', '）']);
        TITLES.iter().any(|title| rest.starts_with(title))
    })
}

/// Whether the only half of a name that is known is one of a known name: 山田様 and 太郎さん beside 山田 太郎, Mr. Smith beside John Smith.
fn has_half(known: &Facts, facts: &Facts) -> bool {
    if facts.has(Fact::Name) || facts.has(Fact::Reading) || facts.has(Fact::Company) {
        return false;
    }
    let half = facts.get(Fact::Family).or(facts.get(Fact::Given));
    let Some(half) = half else { return false };
    let is = |fact| known.get(fact) == Some(half);
    // A name in kanji without a blank: the halves are not told apart.
    let is_end = |name: &str| {
        normal::is_cjk(half)
            && half.chars().count() >= 2
            && name.len() > half.len()
            && (name.starts_with(half) || name.ends_with(half))
    };
    is(Fact::Family) || is(Fact::Given) || known.get(Fact::Name).is_some_and(is_end)
}

/// What names somebody, if only an organisation.
const NAMES: &[Fact] = &[
    Fact::Name,
    Fact::Family,
    Fact::Given,
    Fact::Reading,
    Fact::Company,
    Fact::RoleMail,
];

/// Sender, recipients, and whom the body speaks of.
pub(super) fn mail(
    ids: &KindIds,
    cells: &[Option<&str>],
    matches: &[Match],
    scratch: &mut String,
    out: &mut Vec<Mention>,
) {
    let cell = |at: usize| cells.get(at).copied().flatten().unwrap_or("");
    let first = out.len();
    for (name, address) in mailboxes(cell(0)) {
        mailbox(ids, Role::Sender, name, address, scratch, out);
    }
    for header in 1..4 {
        for (name, address) in mailboxes(cell(header)) {
            mailbox(ids, Role::Recipient, name, address, scratch, out);
        }
    }
    for sender in &mut out[first..] {
        chats(sender, scratch);
    }
    let n_headers = out.len();
    blocks(ids, cell(8), matches, How::Neighbours, scratch, out);
    // A name without any contact that a header bears is that person, and a bare surname is an address ("田中様") or a greeting.
    let body: Vec<Mention> = out.drain(n_headers..).collect();
    let headers = &mut out[first..];
    let mut named = Named::of(headers);
    let letter = LazyCell::new(|| Letter::of(cell(8)));
    let mut others = Vec::new();
    for mut mention in body {
        if author(ids, &letter, matches, &mut mention, headers, &mut named) {
            continue;
        }
        if let Some(at) = bearer(&mention, headers, &named) {
            let header = &mut headers[at];
            header.kinds = header.kinds.union(mention.kinds);
            if mention.area.basis() > header.area.basis() {
                header.area = mention.area;
            }
            header.facts.take(&mention.facts, CONTACTS);
            header.facts.seal();
        } else if !is_known(&mention, &named) {
            others.push(mention);
        }
    }
    out.append(&mut others);
}

/// Gives to the sender what the author of a letter says of himself, where nothing tells that they are two: to a mailbox without a name, to half a name,
/// and to the same name with an initial. Of a name in another script only the mailbox is noted: who it is, is seen by that. Whether the mention is used
/// up.
fn author(
    ids: &KindIds,
    letter: &Letter<'_>,
    matches: &[Match],
    mention: &mut Mention,
    headers: &mut [Mention],
    named: &mut Named,
) -> bool {
    let behind = &matches[matches.partition_point(|one| one.start < mention.at)..];
    let name = behind.iter().find(|one| Some(one.kind) == ids.name);
    let sender = named.sender.filter(|&at| headers[at].facts.has(Fact::Mail));
    let (Some(name), Some(at)) = (name, sender) else {
        return false;
    };
    if !letter.is_own(name.start..name.end) {
        return false;
    }
    let is_new = !headers[at].facts.has(Fact::Name);
    let signs = sign(mention, &mut headers[at]);
    if let Some(name) = mention.facts.get(Fact::Name).filter(|_| signs && is_new) {
        named.whole.entry(name.to_owned()).or_default().push(at);
    }
    signs
}

/// Gives to the writer of a text what it says of its author. Whether the mention is used up.
fn sign(mention: &mut Mention, writer: &mut Mention) -> bool {
    let facts = &mention.facts;
    let (ours, theirs) = (facts.get(Fact::Mail), writer.facts.get(Fact::Mail));
    let is_whole = |facts: &Facts| facts.get(Fact::Name).map(normal::is_cjk);
    let is_named = PARTS.iter().any(|&fact| facts.has(fact));
    if !is_named || ours.is_some() && theirs.is_some() && ours != theirs {
        return false;
    }
    let known = &writer.facts;
    let unnamed = !PARTS.iter().any(|&fact| known.has(fact));
    if unnamed || has_half(facts, known) {
        writer.facts.take(facts, PARTS);
    } else if is_whole(facts).is_some_and(|ours| is_whole(known) == Some(!ours)) {
        let mail = theirs.unwrap_or_default().to_owned();
        mention.facts.push(Fact::Mail, 0, &mail);
        mention.facts.seal();
        return false;
    } else if !again::is_initial(known, facts) {
        return false;
    }
    writer.kinds = writer.kinds.union(mention.kinds);
    writer.facts.take(&mention.facts, CONTACTS);
    writer.facts.seal();
    true
}

/// Whether the author of a text in a row is the row's own person or who sent it, who is reached by what stands beside and has no full name there: a question sent
/// by a form, a ticket. A text that is a name and no more has no author.
fn signs_note(
    ids: &KindIds,
    (note, matches): (&str, &[Match]),
    mention: &mut Mention,
    own: &mut Mention,
) -> bool {
    let behind = &matches[matches.partition_point(|one| one.start < mention.at)..];
    let name = behind.iter().find(|one| Some(one.kind) == ids.name);
    let ways = [Fact::Mail, Fact::Phone, Fact::Member];
    let is_reached = ways.iter().any(|&way| own.facts.has(way));
    name.filter(|name| is_reached && note.trim().len() > 2 * (name.end - name.start))
        .is_some_and(|name| {
            !own.facts.has(Fact::Name)
                && Letter::of(note).is_own(name.start..name.end)
                && sign(mention, own)
        })
}

/// What a name says.
const PARTS: &[Fact] = &[
    Fact::Name,
    Fact::Family,
    Fact::Given,
    Fact::Middle,
    Fact::Reading,
    Fact::Clan,
    Fact::Generation,
    Fact::Sound,
];

/// Notes that who writes in a chat, under a name without an address, is the same in all its messages. At most, what they tell
/// is of others.
fn chats(sender: &mut Mention, scratch: &mut String) {
    let facts = &sender.facts;
    let name = facts.get(Fact::Name).or(facts.get(Fact::Reading));
    if let (Role::Sender, false, Some(name)) = (sender.role, facts.has(Fact::Mail), name) {
        scratch.clear();
        scratch.push_str("chat ");
        scratch.push_str(name);
        sender.facts.push(Fact::User, 0, scratch);
        sender.facts.seal();
    }
}

/// Whom the headers of a mail name, by name and by half a name: a mail may have tens of thousands of recipients.
struct Named {
    whole: HashMap<String, Vec<usize>>,
    half: HashMap<String, Vec<usize>>,
    sender: Option<usize>,
}

impl Named {
    fn of(headers: &[Mention]) -> Self {
        let mut named = Self {
            whole: HashMap::new(),
            half: HashMap::new(),
            sender: headers
                .iter()
                .position(|header| header.role == Role::Sender),
        };
        for (at, header) in headers.iter().enumerate() {
            let facts = &header.facts;
            for half in [Fact::Family, Fact::Given]
                .into_iter()
                .filter_map(|fact| facts.get(fact))
            {
                named.half.entry(half.to_owned()).or_default().push(at);
            }
            let Some(name) = facts.get(Fact::Name) else {
                continue;
            };
            named.whole.entry(name.to_owned()).or_default().push(at);
            // Halves of a name in kanji without a blank are not told apart; see `has_half`.
            let cuts = name
                .char_indices()
                .map(|(cut, _)| cut)
                .skip(1)
                .take(LONGEST_NAME);
            for half in cuts.flat_map(|cut| [&name[..cut], &name[cut..]]) {
                if normal::is_cjk(half) && half.chars().count() >= 2 {
                    named.half.entry(half.to_owned()).or_default().push(at);
                }
            }
        }
        named.half.values_mut().for_each(|of| of.dedup());
        named
    }
}

/// Characters of a name whose halves are looked at.
const LONGEST_NAME: usize = 16;

/// What a body adds to somebody whom a header names.
const CONTACTS: &[Fact] = &[
    Fact::Mail,
    Fact::Phone,
    Fact::SharedPhone,
    Fact::Card,
    Fact::Primary,
    Fact::Id,
    Fact::Account,
    Fact::Birth,
    Fact::Place,
    Fact::City,
    Fact::Zip,
];

/// Whom of the headers a part of the body speaks of: the one of that name; without a name, the sender, who signs with phone and address.
fn bearer(mention: &Mention, headers: &[Mention], named: &Named) -> Option<usize> {
    let facts = &mention.facts;
    let agrees = |header: &Mention| match (facts.get(Fact::Mail), header.facts.get(Fact::Mail)) {
        (Some(ours), Some(theirs)) => ours == theirs,
        _ => true,
    };
    if let Some(name) = facts.get(Fact::Name) {
        let bearers = named.whole.get(name)?;
        return bearers.iter().copied().find(|&at| agrees(&headers[at]));
    }
    let half = facts.get(Fact::Family).or(facts.get(Fact::Given));
    let halves = half.and_then(|half| named.half.get(half));
    let mut halves = halves.into_iter().flatten().copied().filter(|&at| {
        let header = &headers[at];
        has_half(&header.facts, facts) && agrees(header)
    });
    if let (Some(at), None) = (halves.next(), halves.next()) {
        return Some(at);
    }
    let speaks = |fact| facts.has(fact);
    let of_person = [Fact::Phone, Fact::Place, Fact::Zip, Fact::SharedPhone];
    let contact = of_person.into_iter().any(speaks);
    let elsewhere = [Fact::Family, Fact::Reading, Fact::Company, Fact::RoleMail];
    let elsewhere = elsewhere.into_iter().any(speaks);
    let at = named.sender?;
    let sender = &headers[at];
    // In a chat the sender is a name without an address.
    let personal = sender.facts.has(Fact::Mail) || sender.facts.has(Fact::Name);
    (contact && !elsewhere && personal && agrees(sender)).then_some(at)
}

fn is_known(mention: &Mention, named: &Named) -> bool {
    let reachable = [
        Fact::Mail,
        Fact::Phone,
        Fact::Card,
        Fact::Primary,
        Fact::Id,
        Fact::Place,
        Fact::Birth,
    ]
    .iter()
    .any(|&fact| mention.facts.has(fact));
    if reachable {
        return false;
    }
    let Some(name) = mention.facts.get(Fact::Name) else {
        return !mention.facts.has(Fact::Company);
    };
    named.whole.contains_key(name)
}

/// The mailboxes of an address header: `Name <local@domain>, "Last, First" <…>`.
fn mailboxes(header: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = header;
    std::iter::from_fn(move || {
        while !rest.is_empty() {
            let end = mailbox_end(rest);
            let one = rest[..end].trim();
            rest = rest.get(end + 1..).unwrap_or("");
            if one.is_empty() {
                continue;
            }
            let found = match one.rfind('<') {
                Some(open) => (one[..open].trim(), one[open + 1..].trim_end_matches('>')),
                None if one.contains('@') => ("", one),
                None => (one, ""),
            };
            return Some(found);
        }
        None
    })
}

fn mailbox_end(text: &str) -> usize {
    let (mut quoted, mut angle) = (false, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '<' => angle = true,
            '>' => angle = false,
            ',' | ';' if !quoted && !angle => return at,
            _ => {}
        }
    }
    text.len()
}

fn mailbox(
    ids: &KindIds,
    role: Role,
    name: &str,
    address: &str,
    scratch: &mut String,
    out: &mut Vec<Mention>,
) {
    let name = name.trim_matches(|c: char| matches!(c, '"' | '\'' | ' '));
    let name = if name.contains('@') { "" } else { name };
    let (Some(name_kind), Some(email)) = (ids.name, ids.email) else {
        return;
    };
    let field = |kind, value| Field {
        kind,
        part: Part::Whole,
        role,
        slot: 0,
        value,
    };
    let first = out.len();
    extract::row(
        ids,
        &[field(name_kind, name), field(email, address)],
        Beside::default(),
        Scratch {
            text: scratch,
            pool: &mut Vec::new(),
            said: None,
        },
        out,
    );
    // Behind a function's mailbox stands an organisation, under whatever name.
    for mention in &mut out[first..] {
        if mention.facts.has(Fact::RoleMail) && !mention.facts.has(Fact::Company) {
            mention
                .facts
                .retain(|fact| matches!(fact, Fact::RoleMail | Fact::Mail));
            if normal::is_organisation(name) {
                normal::fold(name, scratch);
                mention.facts.push(Fact::Company, 0, scratch);
            }
        }
    }
}

/// What the blocks of a text say.
fn blocks(
    ids: &KindIds,
    text: &str,
    matches: &[Match],
    how: How,
    scratch: &mut String,
    out: &mut Vec<Mention>,
) {
    blocks::each(ids, text, matches, how, &mut |block| {
        flush(ids, text, block, scratch, out);
    });
}

fn flush(
    ids: &KindIds,
    text: &str,
    matches: &[Match],
    scratch: &mut String,
    out: &mut Vec<Mention>,
) {
    let Some(first) = matches.first() else { return };
    if !matches.iter().any(|one| ids.tells(one.kind)) {
        return;
    }
    let at = first.start;
    let is_name = |one: &Match| Some(one.kind) == ids.name;
    let is_read = |one: &Match| one.part == Part::Reading;
    // A reading of which nothing says how the name is written is the name.
    let is_only_read = matches.iter().filter(|one| is_name(one)).all(is_read);
    let fields: Vec<Field<'_>> = matches
        .iter()
        .filter_map(|one| {
            let value = text.get(one.start..one.end)?;
            let part = match one.part {
                Part::Reading if is_only_read => Part::Whole,
                part => part,
            };
            let is_half = is_name(one) && part == Part::Whole && is_half(value);
            Some(Field {
                kind: one.kind,
                part: if is_half { Part::Family } else { part },
                role: Role::Own,
                slot: 0,
                value,
            })
        })
        .collect();
    let mut names = matches.iter().filter(|one| is_name(one));
    let in_doubt = names.all(|name| name.confidence < SURE);
    let is_made = |one: &Match| {
        let value = text.get(one.start..one.end).unwrap_or_default();
        Some(one.kind) == ids.email && classify::is_made(value)
    };
    let made = matches.iter().any(is_made);
    let before = out.len();
    extract::row(
        ids,
        &fields,
        Beside::default(),
        Scratch {
            text: scratch,
            pool: &mut Vec::new(),
            said: None,
        },
        out,
    );
    for mention in &mut out[before..] {
        mention.at = at;
        if made {
            loose::doubt_made(&mut mention.facts);
        }
        let is_named = mention.facts.has(Fact::Name) || mention.facts.has(Fact::Reading);
        if in_doubt && is_named {
            mention.facts.push(Fact::Doubt, 0, "name");
            mention.facts.seal();
        }
    }
}

/// How sure the name of somebody must be of whom a running text says nothing else: of those below, about half are no names.
const SURE: f32 = 0.6;

/// Whether a name is one word of kana, and not a surname and a given name without a blank: half a name, like a surname in kanji.
fn is_half(name: &str) -> bool {
    let chars: Vec<char> = name.chars().map(katakana).collect();
    let kana = |&c: &char| matches!(c, 'ァ'..='ヺ' | 'ー');
    let splits = |at: usize| {
        dict::kana(&chars[..at]).any(Lists::SURNAME_STRONG)
            && dict::kana(&chars[at..]).any(Lists::GIVEN_STRONG)
    };
    chars.iter().all(kana) && !(2..chars.len().saturating_sub(1)).any(splits)
}
