//! Where and as whom a tuple was seen: sources and roles, as sets that many tuples share.

use foldhash::HashMap;

use crate::pattern::Role;

/// Some roles, as bits in the order of [`Role::ALL`].
pub(super) type Roles = u16;

/// The bit of a role.
pub(super) fn bit(role: Role) -> Roles {
    1 << role as u16
}

/// One source in a set, and the set of those before it.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
struct Link {
    before: u32,
    source: u32,
    roles: Roles,
}

/// Sets of sources with roles. A set is a chain of sources in ascending order, shared by all sets that begin alike; 0 is the empty
/// one. Adding the next source costs one link, however long the chain is.
#[derive(Clone, Default)]
pub(super) struct Seen {
    links: Vec<Link>,
    index: HashMap<Link, u32>,
}

impl Seen {
    /// The set with roles in a source added.
    pub(super) fn with(&mut self, set: u32, source: u32, roles: Roles) -> u32 {
        let (mut at, mut later) = (set, Vec::new());
        while let Some(link) = self.link(at).filter(|link| link.source > source) {
            later.push(link);
            at = link.before;
        }
        let mut new = match self.link(at).filter(|link| link.source == source) {
            Some(link) if link.roles | roles == link.roles => return set,
            Some(link) => self.push(link.before, source, link.roles | roles),
            None => self.push(at, source, roles),
        };
        for link in later.into_iter().rev() {
            new = self.push(new, link.source, link.roles);
        }
        new
    }

    /// Moves sources; those of a set stay in ascending order.
    pub(super) fn shift(&mut self, source: impl Fn(u32) -> u32) {
        if self
            .links
            .iter()
            .all(|link| source(link.source) == link.source)
        {
            return;
        }
        for link in &mut self.links {
            link.source = source(link.source);
        }
        self.index = self.links.iter().copied().zip(1..).collect();
    }

    /// The sources of a set with their roles, the last first.
    pub(super) fn of(&self, set: u32) -> impl Iterator<Item = (u32, Roles)> {
        std::iter::successors(self.link(set), |link| self.link(link.before))
            .map(|link| (link.source, link.roles))
    }

    fn link(&self, set: u32) -> Option<Link> {
        let at = (set as usize).checked_sub(1)?;
        self.links.get(at).copied()
    }

    fn push(&mut self, before: u32, source: u32, roles: Roles) -> u32 {
        let link = Link {
            before,
            source,
            roles,
        };
        *self.index.entry(link).or_insert_with(|| {
            self.links.push(link);
            self.links.len() as u32
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_adding_does_not_show() {
        let mut seen = Seen::default();
        let pieces = [(3, 1), (1, 2), (3, 4), (2, 1), (1, 2)];
        let forth = pieces
            .iter()
            .fold(0, |set, &(source, roles)| seen.with(set, source, roles));
        let back = pieces
            .iter()
            .rev()
            .fold(0, |set, &(source, roles)| seen.with(set, source, roles));
        assert_eq!(forth, back);
        let all: Vec<_> = seen.of(forth).collect();
        assert_eq!(all, [(3, 5), (2, 1), (1, 2)]);
    }

    #[test]
    fn sets_that_begin_alike_share_what_they_have() {
        let mut seen = Seen::default();
        let common = (0..1_000).fold(0, |set, source| seen.with(set, source, 1));
        let (a, b) = (seen.with(common, 1_000, 1), seen.with(common, 1_000, 2));
        assert_ne!(a, b);
        assert_eq!(seen.links.len(), 1_002);
    }
}
