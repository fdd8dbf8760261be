//! People whom texts name by keys that nothing holds together: a mailbox here, a telephone number there, which may be one person's.
//!
//! In: clusters, and which of them count. Out: of those that texts alone name, as many as are certain. All that stand in one text, or
//! in texts that share some, may be the same people by another key each. So there are as many, at least, as have one kind of key,
//! of the kind of which there are most, and as many as texts name by several.

use std::collections::BTreeMap;

use super::fact::{Fact, Facts};
use super::keys::Walk;

/// What a mention stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Setting {
    /// A row, a mail, or a note in one of them: what it says is somebody's whom the row or the mail names.
    #[default]
    Told,
    /// Running text, whose lines are records.
    Lines,
    /// Text found in bytes that are none: order and neighbourhood mean little.
    Carved,
}

/// Kinds of keys, and names, which may be a key.
const CLASSES: [&[Fact]; 8] = [
    &[Fact::Mail],
    &[Fact::Phone, Fact::SharedPhone],
    &[Fact::Name, Fact::Reading, Fact::Family, Fact::Given],
    &[Fact::Primary, Fact::Id],
    &[Fact::Card],
    &[Fact::Account],
    &[Fact::User],
    &[Fact::Place, Fact::Birth],
];
/// The class of mailboxes.
const MAILS: u8 = 1;
/// The class of names.
const NAMES: u8 = 1 << 2;

/// The classes of a fact, a bit each.
fn class(fact: Fact) -> u8 {
    let at = CLASSES.iter().position(|facts| facts.contains(&fact));
    at.map_or(0, |at| 1 << at)
}

/// Whether a row says itself of whom it speaks, by a name or a key.
pub(super) fn is_told(facts: &Facts) -> bool {
    facts.iter().any(|(fact, ..)| class(fact) != 0)
}

/// Doubts names that were carved, where no key stands beside them: words in tables of strings, readings and labels cannot be told from
/// names there.
pub(super) fn doubt(facts: &mut Facts) {
    if facts.iter().fold(0, |all, (fact, ..)| all | class(fact)) == NAMES {
        facts.push(Fact::Doubt, 0, "name");
        facts.seal();
    }
}

/// Doubts a mailbox that a program made where nothing stands beside it: it may be the id of a message, of a session or of an event.
pub(super) fn doubt_made(facts: &mut Facts) {
    if facts.iter().fold(0, |all, (fact, ..)| all | class(fact)) == MAILS {
        facts.push(Fact::Doubt, 0, "mail");
        facts.seal();
    }
}

/// A cluster so far.
#[derive(Clone, Copy, Default)]
struct Group {
    /// The classes of its keys.
    classes: u8,
    /// What it stands in that tells most.
    setting: Option<Setting>,
    /// The first record and source that it stands in.
    first: Option<(u32, u64)>,
}

/// Those of one text, or of texts that share some, whom texts alone name.
#[derive(Default)]
struct Text {
    /// How many have several kinds of keys, or are told by rows.
    n_bound: usize,
    /// How many have each kind of key.
    n_of: [usize; CLASSES.len()],
    /// Those who have one, by the kind: where they stand, and their roots.
    lone: [Vec<((u32, u64), usize)>; CLASSES.len()],
}

/// Takes back the count, under the lax (1) and the plain (2) rules, of those who may be others by another key: of running text in
/// `min` alone, of carved text in `best`, too.
pub(super) fn reduce(walk: Walk<'_>, levels: [&[u32]; 2], counts: &mut [u8]) {
    let labels = walk.store.labels();
    if labels.iter().all(|label| label.setting == Setting::Told) {
        return;
    }
    let least = [(1, Setting::Lines), (2, Setting::Carved)];
    for ((bit, least), roots) in least.into_iter().zip(levels) {
        let asked = |root: usize, setting| counts[root] & bit != 0 && setting >= least;
        // In the log that names one person in a line, rows may tell of the same one by a mailbox.
        let told = |root: usize| counts[root] & bit != 0 && least == Setting::Lines;
        let uncertain = texts(walk, roots, asked, told).flat_map(Text::uncertain);
        for root in uncertain.collect::<Vec<usize>>() {
            counts[root] &= !bit;
        }
    }
}

/// The clusters that are `asked` for, text by text.
fn texts(
    walk: Walk<'_>,
    roots: &[u32],
    asked: impl Fn(usize, Setting) -> bool,
    told: impl Fn(usize) -> bool,
) -> impl Iterator<Item = Text> {
    let labels = walk.store.labels();
    let mut groups = vec![Group::default(); roots.len()];
    let mut sources = Sources::default();
    for (node, &root) in walk.nodes.iter().zip(roots) {
        let group = &mut groups[root as usize];
        let setting = labels[node.label as usize].setting;
        group.setting = Some(group.setting.map_or(setting, |known| known.min(setting)));
        let first = walk.store.tuples()[node.tuple as usize].first();
        let first = (first.source, first.record);
        group.first = Some(group.first.map_or(first, |known| known.min(first)));
        let tokens = walk.store.tokens_of(node.tuple as usize);
        group.classes |= tokens
            .iter()
            .fold(0, |all, token| all | class(token.fact()));
    }
    // Rows of a table hold no texts together.
    let is_asked = |root: usize, group: &Group| group.setting.is_some_and(|of| asked(root, of));
    for (node, &root) in walk.nodes.iter().zip(roots) {
        let group = &groups[root as usize];
        if let Some((first, _)) = group.first.filter(|_| is_asked(root as usize, group)) {
            for (source, _) in walk.store.seen_of(node.tuple as usize) {
                sources.join(first, source);
            }
        }
    }
    let mut texts: BTreeMap<u32, Text> = BTreeMap::new();
    for (root, group) in groups.iter().enumerate() {
        if let Some(first) = group.first.filter(|_| is_asked(root, group)) {
            let text = texts.entry(sources.first(first.0)).or_default();
            text.add(root, group.classes, first);
        }
    }
    for (root, group) in groups.iter().enumerate() {
        // Of whom a row tells several things a line would tell one of them, too; and names are counted as they stand.
        let one = group.classes.count_ones() == 1 && group.classes != NAMES;
        let first = group
            .first
            .filter(|_| one && !is_asked(root, group) && told(root));
        if let Some(text) = first.and_then(|first| texts.get_mut(&sources.first(first.0))) {
            text.add_told(group.classes);
        }
    }
    texts.into_values()
}

impl Text {
    fn add(&mut self, root: usize, classes: u8, first: (u32, u64)) {
        self.n_bound += usize::from(classes.count_ones() > 1);
        for at in (0..CLASSES.len()).filter(|at| classes >> at & 1 != 0) {
            self.n_of[at] += 1;
            if classes.count_ones() == 1 {
                self.lone[at].push((first, root));
            }
        }
    }

    /// Adds somebody whom a row of the same source tells: he is one for certain.
    fn add_told(&mut self, classes: u8) {
        self.n_bound += 1;
        for at in (0..CLASSES.len()).filter(|at| classes >> at & 1 != 0) {
            self.n_of[at] += 1;
        }
    }

    /// Who may be somebody else by another key; those who stand first are kept.
    fn uncertain(mut self) -> impl Iterator<Item = usize> {
        let most = self.n_of.iter().copied().max().unwrap_or(0);
        let of = self.n_of.iter().position(|&n| n == most).unwrap_or(0);
        let n_kept = most.saturating_sub(self.n_bound);
        self.lone[of].sort_unstable();
        let kept = n_kept.min(self.lone[of].len());
        self.lone[of].drain(..kept);
        self.lone.into_iter().flatten().map(|(_, root)| root)
    }
}

/// Sources that share somebody.
#[derive(Default)]
struct Sources(BTreeMap<u32, u32>);

impl Sources {
    /// The first of those that a source is joined with.
    fn first(&mut self, mut source: u32) -> u32 {
        while let Some(&before) = self.0.get(&source) {
            // What is before the one before is as near, the next time.
            let further = self.0.get(&before).copied().unwrap_or(before);
            self.0.insert(source, further);
            source = before;
        }
        source
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.first(a), self.first(b));
        if a != b {
            self.0.insert(a.max(b), a.min(b));
        }
    }
}
