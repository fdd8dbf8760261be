//! Names cut in two ways: `Evi van der Sloot` in one column, `Evi` and `van der Sloot` in two.
//!
//! In: clusters. Out: those of whom a full name is all that is known are one with the only person whose names are the same words, wherever his surname begins.

use foldhash::HashSet;

use super::clusters::{Clusters, Level};
use super::fact::{Fact, hash};
use super::keys::Walk;
use super::normal;

/// Words of a name that can be cut in two ways.
const LEAST: usize = 3;

/// Unites those of whom only a name is known with the one person whose names are the same words.
pub(super) fn unite(clusters: &mut Clusters<'_>, walk: Walk<'_>, level: Level) {
    let is_bare = |at: u32| walk.nodes[at as usize].bare;
    let wanted =
        walk.gather(|at, _, out| out.extend(is_bare(at).then(|| words(walk, at)).flatten()));
    if wanted.is_empty() {
        return;
    }
    let wanted: HashSet<u64> = wanted.into_iter().collect();
    let mut found = walk.gather(|at, _, out| {
        let key = words(walk, at).filter(|key| wanted.contains(key));
        out.extend(key.map(|key| (key, is_bare(at), at)));
    });
    found.sort_unstable();
    clusters.by_name();
    for group in found.chunk_by(|a, b| a.0 == b.0) {
        let n_people = group.partition_point(|one| !one.1);
        let (people, bare) = group.split_at(n_people);
        let mut roots: Vec<u32> = people.iter().map(|one| clusters.root(one.2)).collect();
        roots.sort_unstable();
        roots.dedup();
        let [only] = roots.as_slice() else { continue };
        for one in bare {
            clusters.unite(*only, one.2, true, level);
        }
    }
}

/// The words of somebody's name, as a number; `None` of names that can be cut in one way only.
fn words(walk: Walk<'_>, at: u32) -> Option<u64> {
    let facts = walk.store.facts_of(walk.nodes[at as usize].tuple as usize);
    let names = facts.filter(|fact| matches!(fact.0, Fact::Family | Fact::Given | Fact::Middle));
    let names: Vec<&str> = names.map(|fact| fact.2).collect();
    let mut words: Vec<&str> = names.iter().flat_map(|name| name.split(' ')).collect();
    if words.len() < LEAST || words.iter().any(|word| normal::is_cjk(word)) {
        return None;
    }
    words.sort_unstable();
    Some(hash(5, &words.join(" ")))
}
