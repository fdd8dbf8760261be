//! Numbers that are those of another table's people by what the source itself says: `FOREIGN KEY (owner_id) REFERENCES users (id)`, or a column that is
//! called as a table of people is: `kunden_id` and `kunden`. What neither says may be so where there is only one table of people: `owner_id`,
//! `created_by`.
//!
//! In: the tables of one source with the verdicts on their columns, and the references it declares. Out: of which sort the numbers of such columns are, and
//! those that they point at.

use std::collections::{BTreeMap, BTreeSet};

use super::bridge::Judged;
use super::member::{ALONE, CODES, Sort};
use super::{Part, Verdict};
use crate::format::Reference;
use crate::pattern::{self, Kind, Patterns, Role};

/// What a sort begins with whose numbers lead on to people over a second table, who have numbers of their own.
pub(super) const OVER: &str = "over ";

/// What a sort begins with that a column's numbers may be of, and nothing but its name says so.
pub const PERHAPS: char = '?';

/// What a sort begins with in rows that are pieces of a record.
pub const PIECE_OF: char = '+';

/// Last words of columns, before their word for a number, which name somebody of one's own table of people, if there is no other.
const HOLDERS: [&str; 14] = [
    "account",
    "acct",
    "owner",
    "holder",
    "profile",
    "member",
    "customer",
    "client",
    "user",
    "person",
    "contact",
    "subscriber",
    "login",
    "uid",
];

/// Words for who wrote a row or works on it, who need not be whom it tells of.
const AUTHORS: [&str; 15] = [
    "author",
    "poster",
    "uploader",
    "commenter",
    "creator",
    "editor",
    "agent",
    "manager",
    "supervisor",
    "assignee",
    "approver",
    "operator",
    "handler",
    "reviewer",
    "referrer",
];

/// A place of a column: the table and the column.
type At = (usize, usize);

/// A column that points at another.
#[derive(Clone, Copy)]
struct Link {
    from: At,
    to: At,
}

/// What a table is about, as far as numbers of people hang on it.
struct About {
    /// It names people of its own.
    named: bool,
    /// Its rows are people: they are named, or reached, and are no organisations.
    people: bool,
    /// The column of its rows' own numbers.
    key: Option<usize>,
}

impl About {
    fn of(name: Option<Kind>, reached: &[Option<Kind>], table: &Judged<'_>) -> Self {
        let own = |verdict: &&Verdict| (verdict.role, verdict.slot) == (Role::Own, 0);
        let has = |kinds: &[Option<Kind>]| {
            let mut whole = table
                .verdicts
                .iter()
                .filter(own)
                .filter_map(|verdict| verdict.whole.as_ref());
            whole.any(|whole| whole.part != Part::Masked && kinds.contains(&Some(whole.kind)))
        };
        let named = has(&[name]);
        let companies = table.verdicts.iter().any(|verdict| verdict.organisation);
        Self {
            named,
            people: named || has(reached) && !companies,
            key: own_key(table),
        }
    }
}

/// The column of the rows' own numbers: `id`, or `X_id` in a table of X.
fn own_key(table: &Judged<'_>) -> Option<usize> {
    let free = |at: &usize| is_number(table, *at);
    let is_id = |at: &usize| {
        let name = table.columns[*at].unwrap_or_default().trim().to_lowercase();
        ALONE.contains(&name.as_str())
    };
    let of_table = |at: &usize| {
        let whose = table.columns[*at].and_then(whose);
        whose.is_some_and(|whose| stem(&whose) == stem(&last_of(table.table)))
    };
    let columns = || 0..table.columns.len();
    let found = columns().filter(free).find(is_id);
    found.or_else(|| columns().filter(free).find(of_table))
}

/// Whether a column holds numbers or codes, and is nothing else.
fn is_number(table: &Judged<'_>, at: usize) -> bool {
    let (tally, verdict) = (table.tallies[at], &table.verdicts[at]);
    let coded: f64 = CODES.iter().map(|&shape| tally.share(shape)).sum();
    let plain = verdict.whole.is_none() || verdict.member.is_some();
    tally.values > 0 && coded >= 0.9 && plain && !verdict.organisation
}

/// Whose number a column of this name holds: `owner` of `owner_id`, `id_owner` and `ownerId`, `created_by` of itself.
fn whose(name: &str) -> Option<String> {
    let last = name.rsplit('.').next().unwrap_or(name);
    let words = pattern::words_of(last);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    const NUMBERS: [&str; 7] = ["id", "no", "nr", "num", "number", "uuid", "guid"];
    match words.as_slice() {
        ["id" | "fk", who @ ..] if !who.is_empty() => Some(who.join("_")),
        [who @ .., number] if !who.is_empty() && NUMBERS.contains(number) => Some(who.join("_")),
        [_, .., "by" | "to"] => Some(words.join("_")),
        [one] if HOLDERS.contains(one) || AUTHORS.contains(one) => Some((*one).to_owned()),
        _ => None,
    }
}

/// The last step of a table's name, its words joined by `_`.
fn last_of(table: &str) -> String {
    pattern::words_of(table.rsplit('.').next().unwrap_or(table)).join("_")
}

/// A word without the ending by which its language tells one from many: `cliente` and `clienti`, `kunden` and `kunde`, `klant` and `klanten`.
fn stem(word: &str) -> &str {
    let bare = word.trim_end_matches(['s', 'n']);
    let bare = bare.trim_end_matches(['e', 'i', 'o', 'a']);
    if bare.len() < 4 {
        word.trim_end_matches('s')
    } else {
        bare
    }
}

/// Notes of which sort numbers are that point at people of another table of the source.
pub fn link(patterns: &Patterns, tables: &mut [Judged<'_>], declared: &[Reference]) {
    if tables.len() < 2 {
        return;
    }
    let reached = ["email", "birth-date"].map(|kind| patterns.kind(kind));
    let about = |table: &Judged<'_>| About::of(patterns.kind("person-name"), &reached, table);
    let abouts: Vec<About> = tables.iter().map(about).collect();
    let mut links = said(tables, &abouts, declared);
    by_name(tables, &abouts, &mut links);
    let kept = settled(tables, &abouts, &links);
    note(tables, &abouts, &kept);
    perhaps(tables, &abouts);
}

/// The declared references to tables of people.
fn said(tables: &[Judged<'_>], abouts: &[About], declared: &[Reference]) -> Vec<Link> {
    let lower = |name: &str| name.to_lowercase();
    let whole: BTreeMap<String, usize> = tables
        .iter()
        .map(|table| lower(table.table))
        .zip(0..)
        .collect();
    let last = |name: &str| lower(name.rsplit('.').next().unwrap_or(name));
    let mut steps: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (at, table) in tables.iter().enumerate() {
        steps.entry(last(table.table)).or_default().push(at);
    }
    let of = |name: &str| {
        let only = || match steps.get(&last(name)).map(Vec::as_slice) {
            Some(&[one]) => Some(one),
            _ => None,
        };
        whole.get(&lower(name)).copied().or_else(only)
    };
    let column = |table: usize, name: &str| {
        let is =
            |column: &Option<&str>| column.is_some_and(|column| column.eq_ignore_ascii_case(name));
        tables[table].columns.iter().position(is)
    };
    let mut links: Vec<Link> = Vec::new();
    for one in declared {
        let (Some(from), Some(to)) = (of(&one.table), of(&one.of)) else {
            continue;
        };
        let key = match &one.to {
            Some(name) => column(to, name),
            None => abouts[to].key,
        };
        if let (Some(at), Some(key), true) = (
            column(from, &one.column),
            key,
            from != to && abouts[to].people,
        ) {
            let (from, to) = ((from, at), (to, key));
            let free = is_number(&tables[from.0], from.1) && is_number(&tables[to.0], to.1);
            if free && links.iter().all(|link| link.from != from) {
                links.push(Link { from, to });
            }
        }
    }
    links
}

/// Adds columns that are called as another table of people: `kunden_id` and `kunden`.
fn by_name(tables: &[Judged<'_>], abouts: &[About], links: &mut Vec<Link>) {
    let mut keys: BTreeMap<String, Vec<At>> = BTreeMap::new();
    for (at, (table, about)) in tables.iter().zip(abouts).enumerate() {
        if let Some(key) = about.key.filter(|_| about.people) {
            let name = last_of(table.table);
            keys.entry(stem(&name).to_owned())
                .or_default()
                .push((at, key));
        }
    }
    for (table, judged) in tables.iter().enumerate() {
        for (column, name) in judged.columns.iter().enumerate() {
            let Some(whose) = name.and_then(whose) else {
                continue;
            };
            let Some(&[to]) = keys.get(stem(&whose)).map(Vec::as_slice) else {
                continue;
            };
            let from = (table, column);
            let known = links.iter().any(|link| link.from == from);
            if table != to.0 && !known && is_number(judged, column) {
                links.push(Link { from, to });
            }
        }
    }
}

/// Whether a column says who wrote a row or works on it.
fn is_author(table: &Judged<'_>, at: usize) -> bool {
    let verdict = &table.verdicts[at];
    let whose = table.columns[at].and_then(whose).unwrap_or_default();
    let last = whose.rsplit('_').next().unwrap_or_default();
    (verdict.role, verdict.slot) != (Role::Own, 0)
        || matches!(last, "by" | "to")
        || AUTHORS.contains(&last)
}

/// Whether the rows of a table are people, by its name or as another table points at them.
fn is_own(tables: &[Judged<'_>], links: &[Link], (at, about): (usize, &About)) -> bool {
    let key = about.key.filter(|_| about.named);
    key.is_some_and(|key| {
        sort_at(tables, (at, key)).is_some() || links.iter().any(|link| link.to == (at, key))
    })
}

/// The links that tell whom the rows of a table speak of, at most one of each.
fn settled(tables: &[Judged<'_>], abouts: &[About], links: &[Link]) -> Vec<Link> {
    let mut kept = Vec::new();
    for (at, (table, about)) in tables.iter().zip(abouts).enumerate() {
        let here = || links.iter().filter(|link| link.from.0 == at);
        let own = is_own(tables, links, (at, about));
        // The rows are people with names: other people's numbers are those of whom they know.
        let is_key = |link: &&Link| about.key == Some(link.from.1);
        let apart = |link: &&Link| own && abouts[link.to.0].named && !is_key(link);
        let told = |link: &&Link| !is_author(table, link.from.1);
        let mut found: Vec<Link> = here()
            .filter(told)
            .filter(|link| !apart(link))
            .copied()
            .collect();
        let is_staff = |link: &Link| sort_at(tables, link.to) == Some("employee");
        if found.len() > 1 && !found.iter().all(is_staff) {
            found.retain(|link| !is_staff(link));
        }
        let points = |link: &Link| table.verdicts[link.from.1].member.is_some();
        if found.len() > 1 && found.iter().any(points) {
            found.retain(points);
        }
        // Nobody else is told of, and nobody else pointed at.
        let pointed = (0..table.columns.len()).any(|column| {
            let member = table.verdicts[column].member.is_some();
            member && about.key != Some(column) && here().all(|link| link.from.1 != column)
        });
        if found.is_empty() && !about.named && !pointed && here().count() == 1 {
            found.extend(here());
        }
        let holder = |link: &Link| {
            let whose = table.columns[link.from.1]
                .and_then(whose)
                .unwrap_or_default();
            whose
                .rsplit('_')
                .next()
                .is_some_and(|last| HOLDERS.contains(&last))
        };
        if found.len() > 1 {
            found.retain(holder);
        }
        let same: BTreeSet<At> = found.iter().map(|link| link.to).collect();
        if found.len() == 1 || found.len() > 1 && same.len() == 1 && found.iter().all(points) {
            kept.extend(found);
        }
    }
    kept
}

fn sort_at<'t>(tables: &'t [Judged<'_>], (table, column): At) -> Option<&'t str> {
    tables[table].verdicts[column].member.as_deref()
}

/// Gives both ends of each link one sort.
fn note(tables: &mut [Judged<'_>], abouts: &[About], links: &[Link]) {
    for link in links {
        let known = sort_at(tables, link.to).or_else(|| sort_at(tables, link.from));
        let sort: Sort = known.map_or_else(
            || {
                let beside = &tables[link.from.0];
                let numbered = (0..beside.columns.len())
                    .any(|at| at != link.from.1 && beside.verdicts[at].member.is_some());
                let over =
                    numbered || abouts[link.from.0].people && abouts[link.from.0].key.is_some();
                let begins = if over { OVER } else { "of " };
                format!("{begins}{}", last_of(tables[link.to.0].table)).into()
            },
            Sort::from,
        );
        for (table, column) in [link.to, link.from] {
            tables[table].verdicts[column].member = Some(sort.clone());
        }
    }
}

/// Notes numbers that may be those of the only table of people there is, as nothing else is told that they could be of.
fn perhaps(tables: &mut [Judged<'_>], abouts: &[About]) {
    let pointing = |table: &Judged<'_>, about: &About| {
        let other = |at: usize| Some(at) != about.key && candidate(table, about, at).is_some();
        (0..table.columns.len()).any(other)
    };
    let mut people = (0..tables.len()).filter(|&at| {
        let (table, about) = (&tables[at], &abouts[at]);
        about.people && about.key.is_some() && !pointing(table, about)
    });
    let (Some(only), None) = (people.next(), people.next()) else {
        return;
    };
    let Some(key) = abouts[only].key else { return };
    let sort: Sort = sort_at(tables, (only, key)).map_or_else(
        || format!("of {}", last_of(tables[only].table)).into(),
        Sort::from,
    );
    let span = tables[only].tallies[key].span;
    let mut found = Vec::new();
    for (at, (table, about)) in tables.iter().zip(abouts).enumerate() {
        let columns = 0..table.columns.len();
        let mut columns =
            columns.filter_map(|column| Some((column, candidate(table, about, column)?)));
        let inside = |at: usize| {
            let of = table.tallies[at].span;
            span.0 <= of.0 && of.1 <= span.1 || of.0 > of.1
        };
        let (Some((column, of)), None) = (columns.next(), columns.next()) else {
            continue;
        };
        let other = of.is_none_or(|of| *of != *sort);
        if at != only && table.tells() && other && inside(column) {
            found.push((at, column));
        }
    }
    if !found.is_empty() {
        tables[only].verdicts[key].member = Some(sort.clone());
    }
    for (table, column) in found {
        tables[table].verdicts[column].perhaps = Some(format!("{PERHAPS}{sort}").into());
    }
}

/// Of a column that may point at somebody of another table by what it is called: the sort that its numbers have by now.
fn candidate<'t>(table: &'t Judged<'_>, about: &About, at: usize) -> Option<Option<&'t str>> {
    let whose = table.columns[at].and_then(whose)?;
    let last = whose.rsplit('_').next()?;
    let holds = HOLDERS.contains(&last)
        && (table.verdicts[at].role, table.verdicts[at].slot) == (Role::Own, 0);
    let wrote = !about.named && is_author(table, at) && (AUTHORS.contains(&last) || last == "by");
    let named = whose == last || last == "by" || wrote;
    let free = is_number(table, at) && Some(at) != about.key;
    ((holds || wrote) && named && free).then(|| table.verdicts[at].member.as_deref())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whose_numbers_columns_hold() {
        #[track_caller]
        fn check(name: &str, expected: Option<&str>) {
            assert_eq!(whose(name).as_deref(), expected, "{name}");
        }
        check("owner_id", Some("owner"));
        check("ownerId", Some("owner"));
        check("id_owner", Some("owner"));
        check("created_by", Some("created_by"));
        check("account", Some("account"));
        check("assigned_user_id", Some("assigned_user"));
        check("id", None);
        check("status", None);
        check("phone", None);
    }

    #[test]
    fn tables_and_their_columns_are_called_alike() {
        for (table, column) in [
            ("clientes", "cliente_id"),
            ("kunden", "kunden_id"),
            ("clients", "id_client"),
            ("clienti", "cliente_id"),
            ("klanten", "klant_id"),
            ("public.tenants", "tenant_id"),
            ("Accounts", "AccountId"),
        ] {
            let whose = whose(column).expect("a number of somebody");
            assert_eq!(stem(&last_of(table)), stem(&whose), "{table}.{column}");
        }
        assert_ne!(stem("order"), stem("orders_old"));
        assert_ne!(stem("users"), stem("uses"));
    }
}
