//! Finds out, for every part, whether it begins inside a quoted field: where a record begins cannot be told locally.
//!
//! Only quotes are visited. A part's effect is computed for both ways it may begin, all parts at once, and the effects are
//! composed; a file without quotes costs one search. A quote that is never closed, or not within the length of a record,
//! stands for itself: such a file is read again from there, one part after the other.

use rayon::prelude::*;

use super::split::Dialect;

/// How a part begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Begin {
    /// Inside a quoted field.
    pub(super) inside: bool,
    /// The first byte belongs to an escape or a doubled quote that began before.
    pub(super) skip: bool,
}

/// What was found out.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Quotes {
    /// How each part begins.
    pub(super) begins: Vec<Begin>,
    /// Positions of quotes that are not closed, ascending.
    pub(super) literals: Vec<usize>,
}

/// The effect of a part, begun in one way.
#[derive(Clone, Copy, Debug)]
struct Effect {
    end: Begin,
    /// Where the quoted field that it ends in was opened, if in this part.
    open: Option<usize>,
    /// Where the quoted field that it began in was closed.
    first_close: Option<usize>,
    /// Whether a quoted field that was opened and closed here is longer than the limit; where it was opened.
    too_long: Option<usize>,
}

/// Bytes with the dialect and the limit on quoted fields.
pub(super) struct Text<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) dialect: &'a Dialect,
    /// Where the first record begins.
    pub(super) start: usize,
    pub(super) limit: usize,
}

impl Text<'_> {
    /// Settles how each part begins; part `k` is `cuts[k]..cuts[k + 1]`.
    pub(super) fn quotes(&self, cuts: &[usize]) -> Quotes {
        let parts = cuts.len().saturating_sub(1);
        if self.dialect.quote.is_none() && !self.dialect.backslash {
            return Quotes {
                begins: vec![Begin::default(); parts],
                literals: Vec::new(),
            };
        }
        self.composed(cuts).unwrap_or_else(|| self.serial(cuts))
    }

    /// All parts at once; `None` when some quote is not closed.
    fn composed(&self, cuts: &[usize]) -> Option<Quotes> {
        let both = |from: usize, to: usize| {
            let outside = self.effect(from..to, Begin::default(), &[]);
            let inside = self.effect(
                from..to,
                Begin {
                    inside: true,
                    skip: false,
                },
                &[],
            );
            (outside, inside)
        };
        let effects: Vec<_> = cuts.par_windows(2).map(|w| both(w[0], w[1])).collect();
        let (mut begin, mut open) = (Begin::default(), 0);
        let mut begins = Vec::with_capacity(effects.len());
        for (part, (outside, inside)) in effects.iter().enumerate() {
            begins.push(begin);
            let effect = match begin {
                Begin { skip: true, .. } => &self.effect(cuts[part]..cuts[part + 1], begin, &[]),
                Begin { inside: true, .. } => inside,
                Begin { .. } => outside,
            };
            let closed = effect.first_close.unwrap_or(cuts[part + 1]);
            if effect.too_long.is_some() || begin.inside && closed - open > self.limit {
                return None;
            }
            begin = effect.end;
            open = effect.open.unwrap_or(open);
        }
        (!begin.inside).then_some(Quotes {
            begins,
            literals: Vec::new(),
        })
    }

    /// One part after the other, going back to each quote that turns out not to be closed.
    fn serial(&self, cuts: &[usize]) -> Quotes {
        let parts = cuts.len().saturating_sub(1);
        let mut quotes = Quotes {
            begins: vec![Begin::default(); parts],
            literals: Vec::new(),
        };
        let (mut part, mut from, mut begin, mut open) = (0, self.start, Begin::default(), 0);
        while part < parts {
            let effect = self.effect(from..cuts[part + 1], begin, &quotes.literals);
            let carried =
                begin.inside && effect.first_close.unwrap_or(cuts[part + 1]) - open > self.limit;
            let last = effect.end.inside && part + 1 == parts;
            let opened = effect.open.unwrap_or(open);
            let stray = if carried {
                Some(open)
            } else {
                effect.too_long.or(last.then_some(opened))
            };
            if let Some(at) = stray {
                quotes.literals.push(at);
                part = cuts
                    .partition_point(|c| *c <= at)
                    .saturating_sub(1)
                    .min(parts - 1);
                (from, begin) = (at + 1, Begin::default());
                if from < cuts[part + 1] || part + 1 == parts {
                    continue;
                }
            } else {
                (begin, open) = (effect.end, opened);
            }
            part += 1;
            from = cuts[part];
            if part < parts {
                quotes.begins[part] = begin;
            }
        }
        quotes
    }

    /// What the bytes of `range` do to the quoting that they begin with.
    fn effect(&self, range: std::ops::Range<usize>, begin: Begin, literals: &[usize]) -> Effect {
        let bytes = self.bytes;
        let quote = self.dialect.quote.unwrap_or(b'\\');
        let escape = if self.dialect.backslash { b'\\' } else { quote };
        let mut inside = begin.inside;
        let mut effect = Effect {
            end: begin,
            open: None,
            first_close: None,
            too_long: None,
        };
        // Bytes before `next` are dealt with.
        let mut next = range.start + usize::from(begin.skip);
        for found in memchr::memchr2_iter(quote, escape, &bytes[range.clone()]) {
            let at = range.start + found;
            if at < next {
                continue;
            }
            if bytes[at] == b'\\' && self.dialect.backslash {
                if !self.dialect.is_trail(bytes, at) {
                    next = at + 2;
                }
            } else if !inside {
                if self.begins_field(at)
                    && (literals.is_empty() || literals.binary_search(&at).is_err())
                {
                    (inside, effect.open) = (true, Some(at));
                }
            } else if bytes.get(at + 1) == Some(&quote) {
                next = at + 2;
            } else {
                inside = false;
                match effect.open.take() {
                    Some(open) if at - open > self.limit => {
                        effect.too_long = effect.too_long.or(Some(open))
                    }
                    Some(_) => {}
                    None => effect.first_close = effect.first_close.or(Some(at)),
                }
            }
        }
        if let (true, Some(open)) = (inside, effect.open)
            && range.end - open > self.limit
        {
            effect.too_long = effect.too_long.or(Some(open));
        }
        effect.end = Begin {
            inside,
            skip: next > range.end,
        };
        effect
    }

    /// Whether a field begins at `at`, given that no quoted field is open there.
    fn begins_field(&self, at: usize) -> bool {
        if at == self.start {
            return true;
        }
        let before = self.bytes[at - 1];
        (before == self.dialect.newline
            || before == self.dialect.delimiter && !self.dialect.is_trail(self.bytes, at - 1))
            && !self.dialect.is_escaped(self.bytes, at - 1)
    }
}
