//! Two forms of one text: a mail says it once as plain text and again as HTML.
//!
//! Each value counts once, but what only one form says must not be lost: newsletters write "see the HTML part" in the plain
//! one. So of the second form only the lines are kept whose words do not stand one after the other in the first.

use memchr::memmem;

/// Bytes between two words of a line that may stand there in the other form only: brackets, colons, marks of a list.
const GAP: usize = 6;
/// Places at which the first word of a line is tried.
const TRIES: usize = 8;
/// Bytes searched for each byte of the two forms; past that lines are kept.
const WORK: usize = 64;

/// A text without its white space.
pub(super) struct Said(String);

impl Said {
    /// What a text says.
    pub(super) fn of(text: &str) -> Self {
        Self(text.split_whitespace().collect())
    }

    /// Writes the lines of another form that say something else.
    pub(super) fn push_rest(&self, form: &str, out: &mut String) {
        let mut work = (self.0.len() + form.len()).saturating_mul(WORK);
        // Both forms go the same way: a line is mostly found behind the one before it.
        let mut near = 0;
        for line in form.lines() {
            let words: Vec<&str> = line.split_whitespace().collect();
            if words.is_empty() {
                continue;
            }
            let found = self
                .find(&words, near, &mut work)
                .or_else(|| self.find(&words, 0, &mut work));
            match found {
                Some(end) => near = end,
                None => {
                    out.push_str(line);
                    out.push('\n');
                }
            }
        }
    }

    /// The end of the words, if they stand one after the other behind `from`.
    fn find(&self, words: &[&str], from: usize, work: &mut usize) -> Option<usize> {
        let said = self.0.as_bytes();
        let mut at = from;
        for _ in 0..TRIES {
            let found = memmem::find(said.get(at..)?, words[0].as_bytes());
            let passed = found.map_or(said.len() - at, |found| found + words[0].len());
            *work = work.checked_sub(passed)?;
            let start = at + found?;
            let mut end = start + words[0].len();
            let follow = words[1..].iter().all(|word| {
                let window = &said[end..said.len().min(end + GAP + word.len())];
                let found = memmem::find(window, word.as_bytes());
                end += found.map_or(0, |found| found + word.len());
                found.is_some()
            });
            if follow {
                return Some(end);
            }
            at = start + 1;
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_new_is_kept() {
        let check = |plain: &str, form: &str, expected: &str| {
            let mut out = String::new();
            Said::of(plain).push_rest(form, &mut out);
            assert_eq!(out, expected, "{plain:?} {form:?}");
        };
        check("Dear A,\nyours, B\n", "Dear A,\n\nyours, B", "");
        check(
            "a long line that was\nwrapped here",
            "a long line that was wrapped here",
            "",
        );
        check("氏名: 山田太郎\nTel: 090", "氏名 山田太郎\nTel 090", "");
        check(
            "see the HTML part",
            "山田太郎 様\nsee the HTML part",
            "山田太郎 様\n",
        );
        check(
            "山田 太郎、鈴木 花子とほかの人々と猫たち",
            "山田 花子",
            "山田 花子\n",
        );
        check("", "x", "x\n");
    }

    #[test]
    fn work_is_bounded() {
        let plain = "a".repeat(100_000);
        let form = "a b\n".repeat(20_000);
        let mut out = String::new();
        Said::of(&plain).push_rest(&form, &mut out);
        assert_eq!(out.len(), form.len());
    }
}
