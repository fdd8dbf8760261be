//! Two scripts behind one number of a customer: 高木 裕子, read タカギ ヒロコ, in the list of members, and `HIROKO TAKAGI` on the card.

use foldhash::HashMap;

use super::clusters::{Clusters, Join, Level};
use super::fact::Fact;
use super::keys::{Walk, first};
use super::profile::{Profile, sound_alike};
use super::writings::Names;

/// Behind a number of more people no names are compared.
const MOST: usize = 4;

/// Unites those behind one number whose names are one by their sound, that of a reading or one that the kanji have; under the strict rules, to
/// the letter.
pub(super) fn unite(clusters: &mut Clusters<'_>, walk: Walk<'_>, level: Level) {
    if !walk.nodes.iter().any(|node| node.numbered) {
        return;
    }
    let keys = walk.keys(Join::Contact(Fact::Member), level);
    let groups = keys.chunk_by(|a, b| a.0 == b.0);
    let roots = groups.map(|group| {
        let mut roots: Vec<u32> = group.iter().map(|key| clusters.root(key.1)).collect();
        roots.sort_unstable();
        roots.dedup();
        roots
    });
    let groups: Vec<Vec<u32>> = roots
        .filter(|roots| (2..=MOST).contains(&roots.len()))
        .collect();
    // Of each cluster one who has a name, if possible with its reading.
    let mut named: HashMap<u32, Option<u32>> =
        groups.iter().flatten().map(|&root| (root, None)).collect();
    if named.is_empty() {
        return;
    }
    let is_read = |at: u32| first(clusters.tokens(at), Fact::Reading) != 0;
    for at in 0..walk.nodes.len() as u32 {
        let tokens = clusters.tokens(at);
        if first(tokens, Fact::Name) == 0 {
            continue;
        }
        let known = named.get_mut(&clusters.top(at));
        if let Some(known) = known
            && known.is_none_or(|known| !is_read(known) && is_read(at))
        {
            *known = Some(at);
        }
    }
    clusters.by(Join::Contact(Fact::Member));
    let profile = |at: u32| Profile::of(walk.store, walk.nodes[at as usize].tuple as usize);
    for group in groups {
        let people: Vec<u32> = group.iter().filter_map(|root| named[root]).collect();
        for (n, &a) in people.iter().enumerate() {
            for &b in &people[..n] {
                let exact = level == Level::Strict;
                let alike = sound_alike(&profile(a), &profile(b), exact)
                    || Names::of(clusters.tokens(a)).sounds_like(&Names::of(clusters.tokens(b)));
                if alike {
                    clusters.unite(a, b, true, level);
                }
            }
        }
    }
}
