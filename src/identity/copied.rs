//! Copies of a record under one number of a customer, whatever became of the names.
//!
//! In: nodes that have such a number and what stands beside their person ([`crate::column::Copies`]) in common. Out: links between them, but where the
//! given names are those of two: a family may have one number.

use super::clusters::{Clusters, Join, Level};
use super::deep::Deep;
use super::fact::{Fact, mix};
use super::keys::Walk;
use super::profile::field::REST;
use super::profile::level;

/// More records that have both in common are those of a household, a class or a firm.
const MOST: usize = 16;

/// Unites copies.
pub(super) fn unite(
    clusters: &mut Clusters<'_>,
    walk: Walk<'_>,
    deep: Option<&Deep<'_>>,
    level: Level,
) {
    let Some(deep) = deep else { return };
    let keys = walk.repeated(|_, tokens, add| {
        let of = |fact: Fact| tokens.iter().filter(move |token| token.fact() == fact);
        for rest in of(Fact::Rest) {
            of(Fact::Member).for_each(|member| add(mix(member.0, rest.0)));
        }
    });
    clusters.by(Join::Contact(Fact::Member));
    for group in keys.chunk_by(|a, b| a.0 == b.0) {
        for (at, &(_, a)) in group.iter().enumerate().take(MOST) {
            for &(_, b) in &group[..at] {
                if deep.levels(a, b).of[REST] == level::EXACT {
                    clusters.unite(a, b, true, level);
                }
            }
        }
    }
}
