//! Files of an archive that belong to another one of it: the definition of a table of MySQL, the long texts of a table of dBase.
//!
//! In: the names. Out: which file is read with which; on disk it is `scan` that finds them.

use std::collections::HashMap;

use crate::format::{Member, has_memos};
use crate::source::Bytes;

/// Files that belong together, by their numbers.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Pairs {
    /// The file that belongs to each that has one.
    beside: HashMap<usize, usize>,
    /// The file to which each belongs that is another's.
    owners: HashMap<usize, usize>,
}

impl Pairs {
    /// The file that belongs to this one.
    pub(super) fn beside(&self, nth: usize) -> Option<usize> {
        self.beside.get(&nth).copied()
    }

    /// The file as a member that is read with another, if it is one. A name alone is not enough: what is no definition, or stands beside a table
    /// without long texts, is read by itself. `bytes` are its own, `of` gives those of another file.
    pub(super) fn part(
        &self,
        nth: usize,
        name: &str,
        bytes: &[u8],
        of: impl FnOnce(usize) -> Option<Bytes>,
    ) -> Option<Member> {
        let owner = *self.owners.get(&nth)?;
        let is_part = match name.to_ascii_lowercase().ends_with(".frm") {
            true => bytes.starts_with(&[0xfe, 1]),
            false => of(owner).is_some_and(|table| has_memos(&table)),
        };
        is_part.then(|| Member {
            name: name.to_owned(),
            bytes: None,
            fault: None,
            len: bytes.len() as u64,
        })
    }
}

/// Which files belong to which.
pub(super) fn of(names: &[String]) -> Pairs {
    let rows: Vec<(usize, Vec<String>)> = names
        .iter()
        .enumerate()
        .filter_map(|(nth, name)| Some((nth, wanted(name)?)))
        .collect();
    if rows.is_empty() {
        return Pairs::default();
    }
    let places: HashMap<String, usize> = names
        .iter()
        .enumerate()
        .map(|(nth, name)| (name.to_ascii_lowercase(), nth))
        .collect();
    let found = rows.into_iter().filter_map(|(nth, wanted)| {
        let place = wanted.iter().find_map(|name| places.get(name));
        Some((nth, *place?))
    });
    let beside: HashMap<usize, usize> = found.collect();
    Pairs {
        owners: beside.iter().map(|(&owner, &part)| (part, owner)).collect(),
        beside,
    }
}

/// How the file that belongs to one is called, in lower case.
fn wanted(name: &str) -> Option<Vec<String>> {
    let (stem, ending) = name.rsplit_once('.')?;
    let stem = stem.to_ascii_lowercase();
    let with = |endings: &[&str], stem: &str| {
        Some(endings.iter().map(|end| format!("{stem}.{end}")).collect())
    };
    match ending {
        // `TABLE#P#PART.ibd` is a part of a table.
        _ if ["ibd", "myd"]
            .iter()
            .any(|rows| ending.eq_ignore_ascii_case(rows)) =>
        {
            let file = stem.rsplit('/').next().unwrap_or_default();
            let table = file.split("#p#").next().unwrap_or(file);
            let whole = stem.strip_suffix(file);
            with(&["frm"], &format!("{}{table}", whole.unwrap_or_default()))
        }
        _ if ending.eq_ignore_ascii_case("dbf") => with(&["fpt", "dbt"], &stem),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_belongs_to_what() {
        let names = [
            "d/t.frm",
            "d/t.ibd",
            "d/u#P#p0.ibd",
            "e/t.ibd",
            "d/u.frm",
            "/x.MYD",
            "/X.frm",
            "a.DBF",
            "A.fpt",
            "b.dbf",
        ];
        let mut found: Vec<_> = of(&names.map(str::to_owned)).beside.into_iter().collect();
        found.sort_unstable();
        assert_eq!(found, [(1, 0), (2, 4), (5, 6), (7, 8)]);
        assert_eq!(of(&["a.csv".to_owned()]), Pairs::default());
    }
}
