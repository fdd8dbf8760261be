//! Tables of names and values: `(user_id, meta_key, meta_value)`. Each row tells one thing, and all rows of one number are one record.
//!
//! In: clusters before anything is compared. Out: the rows of one number made one, whatever each of them tells, under all rules: given name and
//! surname in rows of their own are not two people. What is told of somebody else there (`shipping_first_name`) is the same person's where the names are the
//! same, and else one person's more.

use std::collections::BTreeSet;

use super::clusters::{Clusters, Level};
use super::fact::{Fact, Token};
use super::keys::{Walk, first};
use super::seen::{self, Roles};
use crate::pattern::Role;

/// Unites the rows of such tables that have one number.
pub(super) fn unite(clusters: &mut Clusters<'_>, walk: Walk<'_>) {
    let is_there = walk.gather(|_, tokens, out| {
        let mut pieces = tokens.iter().filter(|token| token.is_piece());
        out.extend(pieces.next().map(|_| ()));
    });
    if is_there.is_empty() {
        return;
    }
    let mut all = walk.gather(|at, tokens, out| {
        let numbers = tokens.iter().filter(|token| token.fact() == Fact::Member);
        out.extend(numbers.map(|number| (number.sure().0, !number.is_piece(), at)));
    });
    all.sort_unstable();
    for group in all.chunk_by(|a, b| a.0 == b.0) {
        let n_pieces = group.partition_point(|one| !one.1);
        if n_pieces > 0 {
            let at = |one: &(u64, bool, u32)| one.2;
            let pieces: Vec<u32> = group[..n_pieces].iter().map(at).collect();
            let others: Vec<u32> = group[n_pieces..].iter().map(at).collect();
            record(clusters, walk, &pieces, &others);
        }
    }
}

/// The words of names that rows tell, whether as a given name or as a surname.
fn words(clusters: &Clusters<'_>, of: &[u32]) -> BTreeSet<u64> {
    let halves =
        |at: &u32| [Fact::Family, Fact::Given].map(|fact| word(first(clusters.tokens(*at), fact)));
    let mut words: BTreeSet<u64> = of.iter().flat_map(halves).collect();
    words.remove(&0);
    words
}

/// What a token says, whatever fact it is of.
fn word(token: u64) -> u64 {
    token & (u64::MAX >> 5)
}

/// Makes the pieces of one number one person, or two, and him whoever has that number and is called so.
fn record(clusters: &mut Clusters<'_>, walk: Walk<'_>, pieces: &[u32], others: &[u32]) {
    let roles_of = |at: u32| {
        let seen = walk.store.seen_of(walk.nodes[at as usize].tuple as usize);
        seen.fold(0, |all: Roles, (_, roles)| all | roles)
    };
    let owns = [Role::Own, Role::Orderer].map(seen::bit);
    let (own, strangers): (Vec<u32>, Vec<u32>) = pieces
        .iter()
        .partition(|&&at| owns.iter().any(|own| roles_of(at) & own != 0));
    let head = join(clusters, &own);
    let known = words(clusters, &own);
    let mut roles: Vec<Roles> = strangers.iter().map(|&at| roles_of(at)).collect();
    roles.sort_unstable();
    roles.dedup();
    for of in roles {
        let these: Vec<u32> = strangers
            .iter()
            .copied()
            .filter(|&at| roles_of(at) == of)
            .collect();
        let theirs = words(clusters, &these);
        let stranger = join(clusters, &these);
        if let (Some(head), Some(stranger), true) = (head, stranger, theirs.is_subset(&known)) {
            clusters.unite(head, stranger, false, Level::Strict);
        }
    }
    let Some(head) = head.filter(|_| !known.is_empty()) else {
        return;
    };
    for &at in others {
        let theirs = words(clusters, &[at]);
        if !theirs.is_empty() && theirs.is_subset(&known) {
            clusters.unite(head, at, true, Level::Strict);
        }
    }
}

/// Unites rows that do not contradict each other; gives one of them, with its name in full if any has that.
fn join(clusters: &mut Clusters<'_>, rows: &[u32]) -> Option<u32> {
    let named = |at: &&u32| first(clusters.tokens(**at), Fact::Name) != 0;
    let head = *rows.iter().find(named).or(rows.first())?;
    for &at in rows {
        clusters.unite(head, at, false, Level::Strict);
    }
    Some(head)
}

impl Token {
    /// Whether it is the number of a row that is a piece of a record.
    pub(super) fn is_piece(self) -> bool {
        self.fact() == Fact::Member && self.0 & super::fact::PIECE != 0
    }
}
