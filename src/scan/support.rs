//! Which matches count in the text of programs, pictures, fonts and films.
//!
//! Machine data hold names, numbers and dates by chance and by trade: `MAX TEMP`, `2132 2132`, constants, units of code tables.
//! In: the matches of a run of text. Out: those that something else beside them bears out.

use crate::classify::Match;
use crate::pattern::{Kind, Patterns};
use crate::text::narrow;

/// Distance, in bytes, at which two facts stand beside one another.
const BESIDE: usize = 200;
/// Matches on either side that are looked at. A table of numbers beside one name is still a table of numbers.
const NEIGHBOURS: usize = 2;

/// The kinds that count for themselves, and those that bear others out.
pub(super) struct Support {
    alone: [Option<Kind>; 2],
    written: [Option<Kind>; 3],
    phone: Option<Kind>,
}

impl Support {
    pub(super) fn new(patterns: &Patterns) -> Self {
        Self {
            alone: ["email", "credential"].map(|name| patterns.kind(name)),
            written: ["email", "person-name", "postal-address"].map(|name| patterns.kind(name)),
            phone: patterns.kind("phone"),
        }
    }

    /// Leaves out numbers of seven digits that nothing calls a telephone's: in bytes that are no text they are as likely a postal code of
    /// Japan, or a number of an article.
    pub(super) fn drop_short(&self, text: &str, matches: &mut Vec<Match>) {
        matches.retain(|one| {
            let value = text.get(one.start..one.end).unwrap_or("");
            let n_digits = value
                .chars()
                .filter(|&c| narrow(c).is_ascii_digit())
                .count();
            Some(one.kind) != self.phone || n_digits > 7 || !one.why.label.is_empty()
        });
    }

    /// Keeps the matches that count for themselves, or beside one of another kind; numbers do not bear out numbers.
    pub(super) fn keep(&self, matches: &mut Vec<Match>) {
        let kept: Vec<bool> = (0..matches.len())
            .map(|nth| self.is_borne_out(matches, nth))
            .collect();
        let mut kept = kept.into_iter();
        matches.retain(|_| kept.next() == Some(true));
    }

    fn is_borne_out(&self, matches: &[Match], nth: usize) -> bool {
        let own = &matches[nth];
        if self.alone.contains(&Some(own.kind)) {
            return true;
        }
        let is_written = |kind| self.written.contains(&Some(kind));
        let bears_out = |other: &Match| {
            let apart = other
                .start
                .saturating_sub(own.end)
                .max(own.start.saturating_sub(other.end));
            other.kind != own.kind
                && apart <= BESIDE
                && (is_written(own.kind) || is_written(other.kind))
        };
        let before = nth.saturating_sub(NEIGHBOURS)..nth;
        let behind = nth + 1..matches.len().min(nth + 1 + NEIGHBOURS);
        matches[before].iter().any(bears_out) || matches[behind].iter().any(bears_out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classify::Scanner;

    #[test]
    fn numbers_are_as_long_in_any_width() {
        let patterns = Patterns::builtin();
        let support = Support::new(patterns);
        let mut found = Vec::new();
        for text in ["090-1357-2468", "０９０－１３５７－２４６８"] {
            found.clear();
            Scanner::new(patterns).text(text, &mut found);
            support.drop_short(text, &mut found);
            assert_eq!(found.len(), 1, "{text}");
        }
    }
}
