//! Masking: the only forms in which a value, or a name from the data, may leave the program.

use std::fmt;
use std::ops::Range;

/// Characters of a value that a mask shows at most; a longer value ends with `…`.
const VALUE_CHARS: usize = 40;
/// Characters of a name that are shown at most; a longer name keeps its two ends.
const NAME_CHARS: usize = 240;
/// Digits from which on a number keeps its last two.
const LONG_NUMBER: usize = 10;
/// Letters of a top-level domain that is kept: a longer one could be a word of the value.
const TOP_LEVEL_CHARS: usize = 3;
/// What stands for a character that must not reach a terminal or a log.
const REPLACEMENT: char = '\u{FFFD}';

/// A value of which only the shape is left.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Masked(String);

/// A name from the data (column, table, member, path) without personal data in it, unless the user asked for that by name; without
/// characters that act on a terminal in any case.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct SafeName(String);

impl Masked {
    /// Masks a value: an e-mail address keeps its first letter and top-level domain (`t***@e******.jp`), digits keep their
    /// last two of ten and more, other values their first character; the rest is `*`, separators stay.
    ///
    /// What is left depends on the value's shape and on the kept characters only. A value of one letter or digit keeps
    /// nothing; a top-level domain is kept up to three letters; separators stay beside letters and digits only, so that a
    /// password of punctuation is masked whole; a value of more than 40 characters is cut and ends with `…`. Masking a mask
    /// shows nothing that it did not.
    pub fn new(value: &str) -> Self {
        let mut chars: Vec<char> = value.chars().take(VALUE_CHARS + 1).collect();
        let cut = chars.len() > VALUE_CHARS;
        chars.truncate(VALUE_CHARS);
        let keep = kept(&chars, cut);
        let mut masked: String = chars
            .iter()
            .enumerate()
            .map(|(i, &c)| if keep[i] || stays(&chars, i) { c } else { '*' })
            .collect();
        if cut {
            masked.push('…');
        }
        Self(masked)
    }

    /// The mask of a secret, of which neither a letter nor the length is shown: a password, a security code.
    pub fn secret() -> Self {
        Self("***".to_owned())
    }

    /// The masked text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl SafeName {
    /// A name of which the given byte ranges are personal data and are masked.
    ///
    /// Characters that would act on a terminal or a log, or hide in it (controls, escapes, line breaks, bidirectional and
    /// zero-width marks), become U+FFFD. A name of more than 240 characters loses its middle. Ranges may overlap, stand in
    /// any order and cut characters: whatever they touch is masked.
    pub fn new(name: &str, personal: &[Range<usize>]) -> Self {
        let masked = mask_ranges(name, personal);
        let chars = masked.chars().count();
        let safe = masked
            .chars()
            .map(|c| if is_unsafe(c) { REPLACEMENT } else { c });
        if chars <= NAME_CHARS {
            return Self(safe.collect());
        }
        let tail = NAME_CHARS / 2;
        let head = NAME_CHARS - tail - 1;
        let mut short: String = safe.clone().take(head).collect();
        short.push('…');
        short.extend(safe.skip(chars - tail));
        Self(short)
    }

    /// The safe text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Which characters of a value are kept, separators aside.
fn kept(chars: &[char], cut: bool) -> Vec<bool> {
    let mut keep = vec![false; chars.len()];
    if let Some(at) = email_at(chars) {
        keep[at] = true;
        keep_first(chars, &mut keep, 0..at);
        let top = chars
            .iter()
            .rposition(|&c| c == '.')
            .map_or(chars.len(), |dot| dot + 1);
        let first_label_ends = chars[at + 1..]
            .iter()
            .position(|&c| c == '.')
            .map_or(chars.len(), |dot| at + 1 + dot);
        keep_first(chars, &mut keep, at + 1..first_label_ends);
        let letters = chars[top..].iter().all(char::is_ascii_alphabetic);
        if !cut && top > at && letters && chars.len() - top <= TOP_LEVEL_CHARS {
            keep[top..].fill(true);
        }
    } else if is_long_number(chars) {
        let last = (0..chars.len())
            .rev()
            .filter(|&i| is_digit(chars[i]) || chars[i] == '*')
            .take(2);
        last.for_each(|i| keep[i] = true);
    } else {
        keep_first(chars, &mut keep, 0..chars.len());
    }
    keep
}

/// Where the `@` of a value stands that is an e-mail address by its shape: one `@`, text on both sides, no white space
/// (of that which the mask leaves, so that a mask has the shape of its value).
fn email_at(chars: &[char]) -> Option<usize> {
    let at = chars.iter().position(|&c| c == '@')?;
    let once = !chars[at + 1..].contains(&'@');
    let blank = (0..chars.len()).any(|i| chars[i].is_whitespace() && stays(chars, i));
    (once && !blank && at > 0 && at + 1 < chars.len()).then_some(at)
}

/// Keeps the first character of a range (separators that stay are skipped) if it is a letter or digit and not the only one.
fn keep_first(chars: &[char], keep: &mut [bool], range: Range<usize>) {
    let mut rest = range.skip_while(|&i| is_separator(chars[i]) && stays(chars, i));
    let Some(first) = rest.next() else { return };
    // A word of one letter would be shown whole: the surname of 李 娜.
    let ends = chars.get(first + 1);
    let longer = ends.is_some_and(|&c| !(is_separator(c) && stays(chars, first + 1)));
    keep[first] = chars[first].is_alphanumeric()
        && longer
        && rest.any(|i| chars[i].is_alphanumeric() || chars[i] == '*');
}

/// Whether a value is a number of ten digits or more, or the mask of one (which begins with `*`).
fn is_long_number(chars: &[char]) -> bool {
    let digits = chars.iter().filter(|&&c| is_digit(c) || c == '*').count();
    let masked = chars.contains(&'*');
    let begins_masked = chars.iter().find(|&&c| !is_separator(c)) == Some(&'*');
    digits >= LONG_NUMBER
        && masked == begins_masked
        && chars
            .iter()
            .all(|&c| is_digit(c) || c == '*' || is_separator(c))
}

fn is_digit(c: char) -> bool {
    c.is_ascii_digit() || ('０'..='９').contains(&c)
}

/// Whether the character at `i` is a separator that stays: one beside a letter, a digit or a masked one of them.
fn stays(chars: &[char], i: usize) -> bool {
    let beside = |c: Option<&char>| c.is_some_and(|&c| c.is_alphanumeric() || c == '*');
    let before = i.checked_sub(1).and_then(|i| chars.get(i));
    let somewhere = chars.iter().any(|&c| c.is_alphanumeric() || c == '*');
    is_separator(chars[i]) && somewhere && (beside(before) || beside(chars.get(i + 1)))
}

fn is_separator(c: char) -> bool {
    matches!(
        c,
        ' ' | '-'
            | '.'
            | '/'
            | ':'
            | ','
            | '('
            | ')'
            | '+'
            | '@'
            | '\u{3000}'
            | '－'
            | '（'
            | '）'
            | '．'
            | '＠'
            | '・'
    )
}

/// The name with every touched range replaced by its mask.
fn mask_ranges(name: &str, personal: &[Range<usize>]) -> String {
    let mut ranges: Vec<(usize, usize)> = personal
        .iter()
        .filter(|r| r.start < r.end && r.start < name.len())
        .map(|r| {
            (
                name.floor_char_boundary(r.start),
                name.ceil_char_boundary(r.end.min(name.len())),
            )
        })
        .collect();
    ranges.sort_unstable();
    let mut out = String::with_capacity(name.len());
    let mut done = 0;
    let mut rest = ranges.into_iter().peekable();
    while let Some((start, mut end)) = rest.next() {
        while let Some((_, next_end)) = rest.next_if(|next| next.0 < end) {
            end = end.max(next_end);
        }
        out.push_str(&name[done..start]);
        out.push_str(Masked::new(&name[start..end]).as_str());
        done = end;
    }
    out.push_str(&name[done..]);
    out
}

/// Whether a character would act on a terminal or a log, or be invisible there.
fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}'
            | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

impl fmt::Debug for Masked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for SafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for SafeName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(value: &str, expected: &str) {
        assert_eq!(Masked::new(value).as_str(), expected);
    }

    #[test]
    fn masks_by_shape() {
        check("taro@example.jp", "t***@e******.jp");
        check("a@b.jp", "*@*.jp");
        check("taro@mail.example.co.jp", "t***@m***.*******.**.jp");
        check("taro@shop.example", "t***@s***.*******");
        check("taro@localhost", "t***@l********");
        check("090-1234-5678", "***-****-**78");
        check("０９０１２３４５６７８", "*********７８");
        check("4111 1111 1111 1111", "**** **** **** **11");
        check("123456789018", "**********18");
        check("100-0001", "1**-****");
        check("1980-01-02", "1***-**-**");
        check("山田 太郎", "山* **");
        check("林", "*");
        check("7", "*");
        check("", "");
        check("東京都千代田区丸の内1-1-1", "東**********-*-*");
        check("(03) 1234-5678", "(**) ****-**78");
        check("!-!-!-!-", "********");
        check("--------", "********");
        check("a\u{1b}[31m\nb", "a*******");
        check("a@〡\u{b}", "*@**");
        check("連絡は taro@example.com", "連** ****@*******.***");
        check(&"あ".repeat(60), &format!("あ{}…", "*".repeat(39)));
    }

    #[track_caller]
    fn check_name(name: &str, personal: &[(usize, usize)], expected: &str) {
        let personal: Vec<Range<usize>> = personal.iter().map(|&(start, end)| start..end).collect();
        assert_eq!(SafeName::new(name, &personal).as_str(), expected);
    }

    #[test]
    fn names_are_safe() {
        check_name("users", &[], "users");
        check_name("メール", &[], "メール");
        check_name("backup/山田太郎.csv", &[(7, 19)], "backup/山***.csv");
        check_name(
            "backup/山田太郎.csv",
            &[(8, 18), (9, 15)],
            "backup/山***.csv",
        );
        check_name(
            "a\nb\u{1b}[2Jc\u{202e}d\u{200b}",
            &[],
            "a\u{fffd}b\u{fffd}[2Jc\u{fffd}d\u{fffd}",
        );
        check_name("taro@example.jp", &[(0, 999)], "t***@e******.jp");
        check_name("x", &[(3, 1), (5, 9)], "x");
        let long = format!("{}{}", "a".repeat(300), "b".repeat(300));
        check_name(
            &long,
            &[],
            &format!("{}…{}", "a".repeat(119), "b".repeat(120)),
        );
    }

    /// Letters and digits of other values of the same shape, in the masked places.
    fn sibling(value: &str, masked: &str) -> String {
        value
            .chars()
            .zip(masked.chars())
            .map(|(v, m)| match (v, m) {
                ('0'..='9', '*') => '5',
                ('a'..='z' | 'A'..='Z', '*') => 'q',
                _ => v,
            })
            .collect()
    }

    proptest! {
        #[test]
        fn a_mask_shows_no_more_when_masked(value in ".{0,60}") {
            let once = Masked::new(&value);
            let twice = Masked::new(once.as_str());
            prop_assert_eq!(once.as_str().chars().count(), twice.as_str().chars().count());
            for (shown, again) in once.as_str().chars().zip(twice.as_str().chars()) {
                prop_assert!(again == shown || again == '*', "{once:?} {twice:?}");
            }
        }

        #[test]
        fn no_run_of_four_survives(value in "[a-zA-Z0-9山田@. _\\-]{4,50}") {
            let masked = Masked::new(&value);
            let chars: Vec<char> = value.chars().collect();
            for run in chars.windows(4).filter(|run| run.iter().all(|c| c.is_alphanumeric())) {
                let run: String = run.iter().collect();
                prop_assert!(!masked.as_str().contains(&run), "{run} in {masked:?}");
            }
        }

        #[test]
        fn values_of_one_shape_look_the_same(value in "[a-z0-9]{1,12}([@. \\-][a-z0-9]{1,9}){0,3}") {
            let masked = Masked::new(&value);
            prop_assert_eq!(Masked::new(&sibling(&value, masked.as_str())), masked);
        }

        #[test]
        fn names_carry_no_controls(name in "\\PC{0,80}|.{0,300}", start in 0usize..400, len in 0usize..400) {
            let safe = SafeName::new(&name, &std::array::from_fn::<_, 1, _>(|_| start..start + len));
            prop_assert!(!safe.as_str().chars().any(is_unsafe));
            prop_assert!(safe.as_str().chars().count() <= NAME_CHARS);
            prop_assert_eq!(SafeName::new(safe.as_str(), &[]), safe);
        }
    }
}
