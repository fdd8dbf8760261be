//! People by source, by role and by region, under each of the three rules.

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Headcount;
use super::area::Area;
use super::keys::Walk;
use super::resolve::Node;
use super::seen::{Roles, bit};
use crate::pattern::Role;
use crate::pattern::region::Region;

/// Labels that are counted as bits; more are counted as pairs.
const BITS: usize = 64;

/// The clusters under the three rules.
#[derive(Clone, Copy)]
pub(super) struct Clustered<'a> {
    pub(super) walk: Walk<'a>,
    /// The root of every node in the lax, the plain and the strict pass.
    pub(super) roots: [&'a [u32]; 3],
    /// Which roots count, a bit for each pass.
    pub(super) counts: &'a [u8],
}

impl Clustered<'_> {
    fn counts(&self, root: usize, level: usize) -> bool {
        self.counts[root] & 1 << level != 0
    }

    /// People by label; a person who has several counts for each. `of` gives the labels of a node, all below `n_labels`.
    fn spread(&self, n_labels: usize, of: impl Fn(&Node, &mut dyn FnMut(usize))) -> Vec<Headcount> {
        let mut sums = vec![[0u64; 3]; n_labels];
        for (level, roots) in self.roots.into_iter().enumerate() {
            if n_labels <= BITS {
                let mut found = vec![0u64; roots.len()];
                for (node, &root) in self.walk.nodes.iter().zip(roots) {
                    of(node, &mut |label| found[root as usize] |= 1 << label);
                }
                for (root, mut bits) in found.into_iter().enumerate() {
                    while bits != 0 && self.counts(root, level) {
                        sums[bits.trailing_zeros() as usize][level] += 1;
                        bits &= bits - 1;
                    }
                }
            } else {
                let mut pairs: Vec<(u32, u32)> = Vec::new();
                for (node, &root) in self.walk.nodes.iter().zip(roots) {
                    if self.counts(root as usize, level) {
                        of(node, &mut |label| pairs.push((root, label as u32)));
                    }
                }
                pairs.par_sort_unstable();
                pairs.dedup();
                for (_, label) in pairs {
                    sums[label as usize][level] += 1;
                }
            }
        }
        sums.into_iter().map(Headcount::of).collect()
    }

    /// People by source.
    pub(super) fn by_source(&self) -> Vec<Headcount> {
        let store = self.walk.store;
        let sources = |node: &Node| store.seen_of(node.tuple as usize).map(|(source, _)| source);
        let last = self.walk.nodes.iter().flat_map(sources).max();
        let n_sources = last.map_or(0, |last| last as usize + 1);
        self.spread(n_sources, |node, add| {
            sources(node).for_each(|source| add(source as usize));
        })
    }

    /// People by role, roles without anybody left out.
    pub(super) fn by_role(&self) -> Vec<(Role, Headcount)> {
        let store = self.walk.store;
        let roles = |node: &Node| {
            let seen = store.seen_of(node.tuple as usize);
            seen.fold(0, |all: Roles, (_, roles)| all | roles)
        };
        let counts = self.spread(Role::ALL.len(), |node, add| {
            let all = roles(node);
            let played = (0..Role::ALL.len()).filter(|&at| all & bit(Role::ALL[at]) != 0);
            played.for_each(add);
        });
        let all = Role::ALL.into_iter().zip(counts);
        all.filter(|(_, people)| people.max > 0).collect()
    }

    /// People with a mailbox of the user's own organisation.
    pub(super) fn own(&self) -> Headcount {
        let labels = self.walk.store.labels();
        let own = self.spread(1, |node, add| {
            if labels[node.label as usize].own {
                add(0);
            }
        });
        own[0]
    }

    /// People by region, and those of whom nothing says where they live. What says it best decides: an address before a postal
    /// code before a phone number. Who has addresses in two regions counts in both. `of` is what a region counts as.
    pub(super) fn by_region(
        &self,
        of: impl Fn(Region) -> Option<Region>,
    ) -> (Vec<(Region, Headcount)>, Headcount) {
        let labels = self.walk.store.labels();
        let areas: Vec<Area> = labels.iter().map(|label| label.area.within(&of)).collect();
        let mut sums: BTreeMap<Option<Region>, [u64; 3]> = BTreeMap::new();
        for (level, roots) in self.roots.into_iter().enumerate() {
            let mut main = vec![Area::default(); roots.len()];
            let all = || {
                let nodes = self.walk.nodes.iter().zip(roots);
                nodes.map(|(node, &root)| (root as usize, areas[node.label as usize]))
            };
            for (root, area) in all() {
                main[root] = main[root].max(area);
            }
            let mut more: Vec<(usize, Area)> = all()
                .filter(|&(root, area)| area != main[root] && area.basis() == main[root].basis())
                .collect();
            more.sort_unstable();
            more.dedup();
            let all = main.iter().copied().enumerate().chain(more);
            for (_, area) in all.filter(|&(root, _)| self.counts(root, level)) {
                sums.entry(area.region()).or_default()[level] += 1;
            }
        }
        let nowhere = Headcount::of(sums.remove(&None).unwrap_or_default());
        let known = sums.into_iter();
        let known = known.filter_map(|(region, numbers)| Some((region?, Headcount::of(numbers))));
        (known.collect(), nowhere)
    }
}
