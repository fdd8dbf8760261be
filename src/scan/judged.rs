//! The verdicts on the tables of a source, taken together: what one table is about says whom another one's numbers stand for.

use super::Run;
use super::table::{Plan, TableCount};
use crate::column::{self, Judged, Verdict};
use crate::format::{Reference, Shape};

/// The verdicts on all columns of all tables.
pub(super) fn judge(run: &Run<'_>, tables: &[TableCount], references: &[Reference]) -> Plan {
    let mut plan = Plan::default();
    let rows = || tables.iter().filter(|table| table.shape == Shape::Rows);
    let judged = rows().map(|table| {
        let columns = table.names();
        let verdicts = table.verdicts(run.patterns, &columns);
        let (columns, tallies) = columns.into_iter().unzip();
        Judged {
            table: &table.name,
            columns,
            tallies,
            verdicts,
        }
    });
    let mut judged: Vec<Judged<'_>> = judged.collect();
    column::link(run.patterns, &mut judged, references);
    column::bridge(&mut judged);
    let verdicts = judged.into_iter().map(|judged| judged.verdicts);
    let verdicts: Vec<Vec<Verdict>> = verdicts.collect();
    for (table, verdicts) in rows().zip(verdicts) {
        let keys = table.columns.iter().map(|column| column.key.clone());
        let columns = keys.zip(verdicts.into_iter().enumerate()).collect();
        plan.tables.insert(table.name.clone(), columns);
    }
    plan
}
