//! What a row says beside its person: counted, and given to the person where the table has copies of records.

use super::rows::Lane;
use super::{LATELY_COLUMNS, Worker};
use crate::column::Side;
use crate::identity::hash_of;
use crate::text::is_blank;

impl Worker<'_> {
    /// Compares a row with those that reach the same person. Hashes of the columns in which copies agree, and of what it says there.
    pub(super) fn copies<'v>(
        &mut self,
        lanes: &[Lane<'_>],
        value: impl Fn(usize) -> Option<&'v str>,
    ) -> Option<(u64, u64)> {
        if lanes.len() > LATELY_COLUMNS {
            return None;
        }
        let hash = |(column, lane): (usize, &Lane<'_>)| {
            let value = value(column).filter(|value| !is_blank(value))?;
            Some((lane.key, hash_of(lane.key, value.trim_ascii())))
        };
        let of = |side: Side| {
            let lanes = lanes.iter().enumerate();
            lanes.filter(move |(_, lane)| lane.side == Some(side))
        };
        for (_, way) in of(Side::Way).filter_map(hash) {
            if self.copies.wants(way) {
                let of_person = of(Side::Way).chain(of(Side::Who)).filter_map(hash);
                let who = of_person.fold(0u64, |who, (_, value)| who.wrapping_add(value));
                let rest: Vec<(u64, u64)> = of(Side::Rest).filter_map(hash).collect();
                self.copies.row(way, who, &rest);
            }
        }
        let copied = || of(Side::Rest).filter(|(_, lane)| lane.is_copied());
        let columns = copied()
            .map(|(_, lane)| lane.key)
            .reduce(u64::wrapping_add)?;
        let values = copied().filter_map(hash).map(|(_, value)| value);
        Some((columns, values.fold(0, u64::wrapping_add)))
    }
}
