//! People of whom a list tells the family name alone: a shift list of 佐藤, 鈴木 and 高橋, the doctor of each patient.
//!
//! Such a name is somebody where nobody else in all that was read bears it: then there is at least one person more, whoever it is. In: the
//! drafts of a row, and the nodes of all. Out: the fact [`Fact::Listed`], and nodes that count.

use foldhash::{HashMap, HashSet};

use super::clusters::{Clusters, Level};
use super::extract::{Draft, REACHES};
use super::fact::Fact;
use super::keys::first;
use super::normal;
use super::resolve::Node;
use super::seen::Roles;
use super::tuples::Tuples;
use crate::pattern::dict::{self, Lists};

/// Notes of somebody who stands in a column of names by a known Japanese surname alone that it is so.
pub(super) fn note(draft: &mut Draft<'_>) {
    let facts = &mut draft.facts;
    let more = [Fact::Name, Fact::Given, Fact::Reading, Fact::Company];
    if draft.full.is_none() || draft.family.is_some() || more.iter().any(|&fact| facts.has(fact)) {
        return;
    }
    let is_surname = facts.get(Fact::Family).is_some_and(|family| {
        let chars: Vec<char> = family.chars().take(5).collect();
        normal::is_cjk(family) && chars.len() < 5 && dict::jp(&chars).any(Lists::SURNAME)
    });
    if is_surname {
        facts.push(Fact::Listed, 0, "1");
        let clan: Option<String> = facts
            .get(Fact::Family)
            .map(|family| family.chars().take(2).collect());
        facts.push(Fact::Clan, 0, &clan.unwrap_or_default());
    }
}

/// Drops the age and the job of whom more is known than a name.
pub(super) fn keep_traits(drafts: &mut [Draft<'_>], members: &[(&str, &str)]) {
    for draft in drafts {
        let facts = &mut draft.facts;
        let more = [Fact::City, Fact::Zip].iter().chain(REACHES);
        if facts.has(Fact::Trait)
            && (!members.is_empty()
                || !facts.has(Fact::Name)
                || more.copied().any(|fact| facts.has(fact)))
        {
            facts.retain(|fact| fact != Fact::Trait);
        }
    }
}

/// The roles in which a name's bearers were seen, by source.
type Bearers = HashMap<u32, Roles>;

/// Makes those count of whose name nobody else is known: nobody in another source, and in their own only people of other roles, who are not
/// them.
pub(super) fn settle(store: &Tuples, nodes: &mut [Node]) {
    let of = |node: &Node, fact| first(store.tokens_of(node.tuple as usize), fact);
    // Of 佐藤健, written as one word, it is not known where the family name ends: its first two characters are compared.
    let name = |node: &Node| match of(node, Fact::Family) {
        0 => of(node, Fact::Clan),
        family => family,
    };
    let listed = nodes.iter().filter(|node| node.listed);
    let mut bearers: HashMap<u64, Bearers> = listed
        .flat_map(|node| [Fact::Family, Fact::Clan].map(|fact| of(node, fact)))
        .map(|name| (name, Bearers::default()))
        .collect();
    if bearers.is_empty() {
        return;
    }
    for node in nodes.iter().filter(|node| node.strong) {
        if let Some(known) = bearers.get_mut(&name(node)) {
            for (source, roles) in store.seen_of(node.tuple as usize) {
                *known.entry(source).or_default() |= roles;
            }
        }
    }
    for node in nodes.iter_mut().filter(|node| node.listed) {
        let names = [Fact::Family, Fact::Clan].map(|fact| of(node, fact));
        let mine: Bearers = store.seen_of(node.tuple as usize).collect();
        let mut others = names.iter().filter_map(|name| bearers.get(name)).flatten();
        node.strong |= others.all(|(source, roles)| {
            let ours = mine.get(source);
            ours.is_some_and(|ours| ours & roles == 0)
        });
    }
}

/// Those of one family name who are known by it alone are one person; under the lax rules they are anybody of that name.
pub(super) fn unite(clusters: &mut Clusters<'_>, nodes: &[Node], level: Level) {
    if !nodes.iter().any(|node| node.listed) {
        return;
    }
    let family =
        |at: usize, clusters: &Clusters<'_>| first(clusters.tokens(at as u32), Fact::Family);
    let listed = (0..nodes.len()).filter(|&at| nodes[at].listed);
    let names: HashSet<u64> = listed.map(|at| family(at, clusters)).collect();
    let mut heads: HashMap<u64, u32> = HashMap::default();
    let lax = level == Level::Lax;
    // Whoever is known better stands before those who are not.
    let better = (0..nodes.len()).filter(|&at| lax && nodes[at].strong && !nodes[at].listed);
    let listed = (0..nodes.len()).filter(|&at| nodes[at].listed);
    for at in better.chain(listed) {
        let name = family(at, clusters);
        if !names.contains(&name) {
            continue;
        }
        let head = *heads.entry(name).or_insert(at as u32);
        if nodes[at].listed {
            clusters.unite(head, at as u32, true, level);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::resolved;

    #[test]
    fn family_names_alone() {
        #[track_caller]
        fn check(rows: &[&str], expected: [u64; 3]) {
            let persons = resolved(rows).persons;
            assert_eq!(
                [persons.min, persons.best, persons.max],
                expected,
                "{rows:?}"
            );
        }
        check(
            &["name=佐藤", "name=鈴木様", "name=佐藤", "name=高橋"],
            [3, 3, 3],
        );
        // The same name with more beside it is not known to be somebody else.
        check(&["name=佐藤", "name=佐藤 | zip=104-0061"], [1, 1, 2]);
        // Somebody of that name is known.
        check(&["name=佐藤", "name=佐藤 健"], [1, 1, 2]);
        check(&["name=佐藤", "name=佐藤健太"], [1, 1, 2]);
        check(&["name=佐藤", "name=鈴木 健"], [2, 2, 2]);
        // In another role of the same list it is somebody else, though not for sure.
        check(&["name=佐藤 健 | to.name=佐藤"], [1, 2, 2]);
        check(
            &[
                "name=佐藤 | tel=03-3345-9981",
                "name=佐藤 | tel=03-3345-9982",
            ],
            [2, 2, 2],
        );
        check(&["name=Smith", "name=レジ", "name=厨房"], [0, 0, 3]);
    }

    #[test]
    fn names_of_korea_and_china_in_one_word() {
        #[track_caller]
        fn check(rows: &[&str], expected: [u64; 2]) {
            let persons = resolved(rows).persons;
            assert_eq!([persons.min, persons.best], expected, "{rows:?}");
        }
        check(&["name=이예은", "name=손지우", "name=남궁민수"], [3, 3]);
        check(&["name=이예은", "family=이 | given=예은"], [1, 1]);
        check(&["name=이예은", "name=이 예은"], [1, 1]);
        let chinese = ["name=王伟 | eastern=1", "name=张娜 | eastern=1"];
        check(&chinese, [2, 2]);
        // Of two letters outside a column of such names nothing is known.
        check(&["name=王伟"], [0, 0]);
        check(&["name=지우"], [0, 0]);
    }
}
