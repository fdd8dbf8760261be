//! Who need not be looked for among all: in large clean data nearly everybody. Somebody of a common name, of whom two ways to reach him
//! or more are known, is likely one with nobody who shares no value with him ([`Likely`](super::likely::Likely)); so he is a *guest* of
//! the search: the few with whom he shares a value are looked at one by one, and where many share it, not his keys count but his keys
//! together with that value. All others are hosts. The pairs found are those that would be found if everybody were a host; where groups
//! of a key are cut because they are large, a few more.

use rayon::prelude::*;

use super::fact::mix;
use super::keys::Seen;

/// Values of one tuple under which it is looked for, those that the fewest share.
const VALUES: usize = 3;
/// Among so many who share a value each is compared with each: more would cost more than their keys.
const FEW: usize = 16;

/// Who is a guest, and under which values each is looked for.
pub(super) struct Guests {
    /// Nobody, or by tuple.
    is: Vec<bool>,
    n: u32,
    /// Hosts who may be one with a guest whom they share nothing with.
    open: Vec<u32>,
    /// The shared values of each, and where they begin.
    values: Vec<u64>,
    starts: Vec<u32>,
    /// The clusters of two and more with a guest.
    clusters: Vec<Vec<u32>>,
    /// Pairs of different clusters, at least one of them a guest, who have a value that few share.
    sharing: Vec<(u32, u32)>,
}

/// The keys of hosts that guests hear of.
pub(super) struct Called(Option<Seen>);

impl Guests {
    /// Everybody is a host.
    pub(super) fn none(n: usize) -> Self {
        Self {
            is: Vec::new(),
            n: n as u32,
            open: Vec::new(),
            values: Vec::new(),
            starts: Vec::new(),
            clusters: Vec::new(),
            sharing: Vec::new(),
        }
    }

    /// From who is one, the hosts who may be one with any of them, the values that more than one tuple has, each with who has it, in
    /// order, and the clusters.
    pub(super) fn new(
        is: Vec<bool>,
        open: Vec<u32>,
        shared: &[(u64, u32)],
        person: &[u32],
    ) -> Self {
        // How many share a value, who, and the value: only where it tells a guest from another cluster's.
        let mut of: Vec<(u32, u32, u64)> = Vec::new();
        let mut sharing = Vec::new();
        for group in shared.chunk_by(|a, b| a.0 == b.0) {
            let cluster = |entry: &(u64, u32)| person[entry.1 as usize];
            let one = group
                .iter()
                .all(|entry| cluster(entry) == cluster(&group[0]));
            if one || !group.iter().any(|entry| is[entry.1 as usize]) {
                continue;
            }
            if group.len() > FEW {
                of.extend(
                    group
                        .iter()
                        .map(|&(value, at)| (at, group.len() as u32, value)),
                );
                continue;
            }
            for (i, a) in group.iter().enumerate() {
                let others = group[i + 1..].iter();
                let others = others.filter(|b| cluster(a) != cluster(b));
                let others = others.filter(|b| is[a.1 as usize] || is[b.1 as usize]);
                sharing.extend(others.map(|b| (a.1, b.1)));
            }
        }
        of.par_sort_unstable();
        let (mut values, mut starts) = (Vec::new(), Vec::with_capacity(is.len() + 1));
        let mut rest = of.as_slice();
        for at in 0..is.len() as u32 {
            starts.push(values.len() as u32);
            let mine = rest.iter().take_while(|entry| entry.0 == at).count();
            values.extend(rest[..mine].iter().take(VALUES).map(|entry| entry.2));
            rest = &rest[mine..];
        }
        starts.push(values.len() as u32);
        let clusters = clusters(&is, person);
        Self {
            n: is.len() as u32,
            is,
            open,
            values,
            starts,
            clusters,
            sharing,
        }
    }

    /// How many guests there are.
    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.is.iter().filter(|&&is| is).count()
    }

    fn is(&self, at: u32) -> bool {
        !self.is.is_empty() && self.is[at as usize]
    }

    fn values(&self, at: u32) -> &[u64] {
        match self.starts.get(at as usize..at as usize + 2) {
            Some(ends) => &self.values[ends[0] as usize..ends[1] as usize],
            None => &[],
        }
    }

    /// Those who have any keys.
    pub(super) fn callers(&self) -> Vec<u32> {
        let calls =
            |at: &u32| !self.is(*at) || !self.open.is_empty() || !self.values(*at).is_empty();
        (0..self.n).filter(calls).collect()
    }

    /// The keys that guests have in common with hosts who are open to them.
    pub(super) fn called(&self, keys_of: &impl Fn(u32, &mut dyn FnMut(u64))) -> Called {
        if self.open.is_empty() {
            return Called(None);
        }
        let mut keys = Vec::new();
        for &at in &self.open {
            keys_of(at, &mut |key| keys.push(key));
        }
        let mut seen = Seen::new(keys.len() * 2);
        // Twice is seen again.
        keys.iter().for_each(|&key| seen.mark(key));
        keys.iter().for_each(|&key| seen.mark(key));
        Called(Some(seen))
    }

    /// What becomes of a key of somebody.
    #[inline]
    pub(super) fn keys(&self, at: u32, key: u64, called: &Called, put: &mut dyn FnMut(u64)) {
        let open = !self.is(at) || called.0.as_ref().is_some_and(|called| called.again(key));
        if open {
            put(key);
        }
        for &value in self.values(at) {
            put(mix(key, value));
        }
    }

    /// Pairs of different clusters, at least one of them a guest, who have a value that few share; some of them twice.
    pub(super) fn sharing(&self) -> &[(u32, u32)] {
        &self.sharing
    }

    /// Pairs of guests with others of their clusters, all of them up to so many members, of larger ones so many neighbours.
    pub(super) fn within(&self, most: usize, neighbours: usize) -> Vec<(u32, u32)> {
        let mut pairs = Vec::new();
        for cluster in &self.clusters {
            let reach = if cluster.len() <= most {
                cluster.len()
            } else {
                neighbours
            };
            for (i, &a) in cluster.iter().enumerate() {
                let others = cluster[i + 1..].iter().take(reach);
                let others = others.filter(|&&b| self.is(a) || self.is(b));
                pairs.extend(others.map(|&b| (a, b)));
            }
        }
        pairs
    }
}

/// The clusters of two and more that have a guest.
fn clusters(is: &[bool], person: &[u32]) -> Vec<Vec<u32>> {
    let mut members: Vec<(u32, u32)> = (0u32..)
        .zip(person)
        .filter(|&(at, &root)| at != root)
        .flat_map(|(at, &root)| [(root, root), (root, at)])
        .collect();
    members.par_sort_unstable();
    members.dedup();
    let groups = members.chunk_by(|a, b| a.0 == b.0);
    let clusters = groups.map(|group| group.iter().map(|member| member.1).collect::<Vec<u32>>());
    clusters
        .filter(|cluster| cluster.iter().any(|&at| is[at as usize]))
        .collect()
}
