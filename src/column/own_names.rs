//! Exports of directories (LDIF, csvde): an entry names itself again and again, in `dn`, `cn`, `displayName` and `name`, and none of them is somebody else.
//!
//! In: the columns of a table and the verdicts on them. Out: those columns speak of the entry's own person; where his names stand in columns of their
//! own, the others tell nothing more. The names of attributes are those of RFC 4519 and of Active Directory's schema
//! (<https://learn.microsoft.com/windows/win32/adschema/attributes-all>, read 2026-11).

use super::several::piece;
use super::{Part, Verdict, View};
use crate::pattern::{Patterns, Role};

/// The slot of what is told of the row's own person elsewhere in the row.
pub const AGAIN: u16 = u16::MAX;

/// Attributes that are called so nowhere else.
const SURE: [&str; 8] = [
    "dn",
    "distinguishedname",
    "samaccountname",
    "userprincipalname",
    "objectclass",
    "objectguid",
    "objectsid",
    "cn",
];
/// Attributes of directories.
const MORE: [&str; 8] = [
    "givenname",
    "sn",
    "displayname",
    "telephonenumber",
    "mailnickname",
    "proxyaddresses",
    "memberof",
    "useraccountcontrol",
];
/// Those that name the entry with its place in the directory.
const PATHS: [&str; 2] = ["dn", "distinguishedname"];
/// Those that name it.
const NAMES: [&str; 5] = ["dn", "distinguishedname", "cn", "displayname", "name"];

pub(super) fn note(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let names: Vec<String> = views
        .iter()
        .map(|view| view.name.unwrap_or_default().trim().to_lowercase())
        .collect();
    let has = |known: &[&str]| {
        names
            .iter()
            .filter(|name| known.contains(&name.as_str()))
            .count()
    };
    let sure = has(&SURE);
    if sure == 0 || sure + has(&MORE) < 2 {
        return;
    }
    let part = |at: usize, verdicts: &[Verdict]| piece(patterns, &verdicts[at]);
    let most = |wanted: Part, verdicts: &[Verdict]| {
        let own = (0..views.len())
            .filter(|&at| part(at, verdicts) == Some(wanted) && verdicts[at].role == Role::Own);
        own.map(|at| views[at].tally.values).max()
    };
    let halves = [Part::Family, Part::Given].map(|wanted| most(wanted, verdicts));
    let named = |at: &usize| NAMES.contains(&names[*at].as_str());
    let is_path = |at: usize| PATHS.contains(&names[at].as_str());
    let plain =
        (0..views.len()).any(|at| named(&at) && !is_path(at) && part(at, verdicts).is_some());
    for at in (0..views.len()).filter(named) {
        let values = views[at].tally.values;
        let known = halves
            .iter()
            .all(|half| half.is_some_and(|half| half >= values));
        let whole = part(at, verdicts);
        if is_path(at) || whole.is_some() {
            let again = known || is_path(at) && (plain || halves[0].is_some());
            (verdicts[at].role, verdicts[at].slot) = (Role::Own, if again { AGAIN } else { 0 });
        }
    }
}

/// The name of the entry that a path in a directory leads to: `Mary Smith` of `CN=Mary Smith,OU=Users,DC=example,DC=com`.
pub fn common_name(value: &str) -> Option<&str> {
    let value = value.trim();
    let rest = value
        .get(3..)
        .filter(|_| value[..3].eq_ignore_ascii_case("cn="))?;
    let mut escaped = false;
    let end = rest.find(|c: char| {
        let ends = c == ',' && !escaped;
        escaped = c == '\\' && !escaped;
        ends
    });
    let (name, path) = rest.split_at(end?);
    let is_path = path[1..].split_once('=').is_some_and(|(key, _)| {
        let key = key.trim();
        (1..=12).contains(&key.len()) && key.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    is_path
        .then_some(name.trim())
        .filter(|name| !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::common_name;

    #[test]
    fn names_of_entries() {
        let check = |value: &str, expected: Option<&str>| {
            assert_eq!(common_name(value), expected, "{value}")
        };
        check(
            "CN=Mary Smith,OU=Users,DC=example,DC=com",
            Some("Mary Smith"),
        );
        check(
            "cn=Smith\\, Mary,ou=people,dc=example,dc=com",
            Some("Smith\\, Mary"),
        );
        check("Mary Smith", None);
        check("CN=Mary Smith", None);
        check("CN=Mary, her sister", None);
        check("uid=mary,ou=people", None);
        check("日", None);
    }
}
