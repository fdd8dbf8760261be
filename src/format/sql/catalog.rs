//! What the statements of a dump say of its tables: their columns, and which of them hold the numbers of other tables.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::comments::{MOST_COMMENTED, REMARK, commented};
use super::references::Declared;
use super::statement::Target;
use crate::format::{REFERENCES, Reference};

/// Columns of the tables that were created, by name; a table created again counts from there on.
#[derive(Default)]
pub(super) struct Catalog {
    tables: BTreeMap<String, Vec<(usize, Arc<[String]>)>>,
    /// What statements say of columns with the numbers of other tables.
    declared: Vec<Declared>,
}

impl Catalog {
    pub(super) fn add(&mut self, target: &Target, columns: Vec<String>) {
        let columns: Arc<[String]> = columns.into();
        for key in target.keys() {
            self.tables
                .entry(key)
                .or_default()
                .push((target.at, Arc::clone(&columns)));
        }
    }

    /// Adds what a statement says of columns with the numbers of other tables.
    pub(super) fn declare(&mut self, one: Declared) {
        if self.declared.len() < REFERENCES {
            self.declared.push(one);
        }
    }

    /// The columns of the only table, if there is only one.
    pub(super) fn only(&self) -> Option<Vec<String>> {
        let mut versions = self.tables.values().flatten();
        let (at, columns) = versions.next()?;
        versions
            .all(|(other, _)| other == at)
            .then(|| columns.to_vec())
    }

    /// Adds what a comment says of a column whose name says nothing.
    pub(super) fn comment(&mut self, target: &Target, column: &str, comment: &str) {
        for key in target.keys() {
            let Some((_, columns)) = self
                .tables
                .get_mut(&key)
                .and_then(|versions| versions.last_mut())
            else {
                continue;
            };
            let at = columns
                .iter()
                .take(MOST_COMMENTED)
                .position(|name| name == column);
            if let Some(at) = at.filter(|_| columns.len() <= MOST_COMMENTED) {
                let mut told = columns.to_vec();
                told[at] = commented(column, comment);
                *columns = told.into();
            }
        }
    }

    /// The names of a statement's own list of columns, with what comments say of them.
    pub(super) fn told(&self, target: &Target) -> Vec<String> {
        let known = self.columns(target).unwrap_or_default();
        let Some(own) = target.columns.as_deref() else {
            return known.to_vec();
        };
        if !known.iter().any(|name| name.ends_with(REMARK.1)) || known.len() > MOST_COMMENTED {
            return own.to_vec();
        }
        let of = |known: &String, name: &str| {
            let rest = known.strip_prefix(name);
            rest.is_some_and(|rest| rest.starts_with(REMARK.0))
        };
        let told = |(at, name): (usize, &String)| {
            let here = known.get(at).filter(|known| of(known, name));
            let found = here.or_else(|| known.iter().find(|known| of(known, name)));
            found.unwrap_or(name).clone()
        };
        own.iter().enumerate().map(told).collect()
    }

    /// The columns with the numbers of other tables, by the names that the report has for tables; `several` when the file holds more than
    /// one database.
    pub(super) fn references(&self, several: bool) -> Vec<Reference> {
        let all = self.declared.iter();
        all.map(|one| Reference {
            table: one.table.table_name(several),
            column: one.column.clone(),
            of: one.of.table_name(several),
            to: one.to.clone(),
        })
        .collect()
    }

    /// The columns of a statement's table: of the last `CREATE TABLE` before it, else of the first after it.
    pub(super) fn columns(&self, target: &Target) -> Option<&[String]> {
        let versions = target
            .keys()
            .into_iter()
            .find_map(|key| self.tables.get(&key))?;
        let n_before = versions.partition_point(|(at, _)| *at < target.at);
        versions
            .get(n_before.saturating_sub(1))
            .map(|(_, columns)| &**columns)
    }
}
