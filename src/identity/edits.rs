//! How many edits make one text the other.

/// The number of edits (insert, drop, change, swap neighbours) that make one text the other, if at most `limit`.
pub(super) fn edits(a: &str, b: &str, limit: usize) -> Option<usize> {
    if a.is_ascii() && b.is_ascii() {
        let cut = |text: &str| text.len().min(LONGEST);
        let (x, y) = (&a.as_bytes()[..cut(a)], &b.as_bytes()[..cut(b)]);
        let letters = |text: &[u8]| text.iter().fold(0, |set, &byte| set | 1 << (byte & 63));
        if x.len().abs_diff(y.len()) > limit || apart(letters(x), letters(y), limit) {
            return None;
        }
        return within::<u8, Ascii>(x, y, limit);
    }
    let (mut x, mut y) = (['\0'; LONGEST], ['\0'; LONGEST]);
    let (m, ours) = fill(a, &mut x);
    let (n, theirs) = fill(b, &mut y);
    if apart(ours, theirs, limit) {
        return None;
    }
    within::<char, Hashed>(&x[..m], &y[..n], limit)
}

/// Whether one text has more letters that the other lacks than so many edits can make. Letters are bits, some share one.
fn apart(ours: u64, theirs: u64, edits: usize) -> bool {
    let more = |a: u64, b: u64| (a & !b).count_ones() as usize > edits;
    more(ours, theirs) || more(theirs, ours)
}

/// The first characters of a text: how many, and as a set.
pub(super) fn fill<const N: usize>(text: &str, into: &mut [char; N]) -> (usize, u64) {
    let (mut n, mut set) = (0, 0);
    for (c, slot) in text.chars().zip(into) {
        *slot = c;
        n += 1;
        set |= 1 << (c as u32 & 63);
    }
    (n, set)
}

/// Characters that are compared.
const LONGEST: usize = 48;

/// [`edits`] between at most [`LONGEST`] characters, of which each has a `row` of bits. The columns of the table of costs are words: one bit
/// for each character of `x` tells whether the cost is one more than above it, another whether it is one less (Hyyrö 2003, A Bit-Vector
/// Algorithm for Computing Levenshtein and Damerau Edit Distances).
fn within<T: PartialEq + Copy, R: Rows<T>>(
    mut x: &[T],
    mut y: &[T],
    limit: usize,
) -> Option<usize> {
    if x.len().abs_diff(y.len()) > limit {
        return None;
    }
    // What both begin or end with costs nothing.
    let same = x.iter().zip(y).take_while(|(a, b)| a == b).count();
    (x, y) = (&x[same..], &y[same..]);
    let rev = x.iter().rev().zip(y.iter().rev());
    let same = rev.take_while(|(a, b)| a == b).count();
    (x, y) = (&x[..x.len() - same], &y[..y.len() - same]);
    if x.is_empty() || y.is_empty() {
        return Some(x.len() + y.len()).filter(|&cost| cost <= limit);
    }
    let rows = R::of(x);
    let last = 1u64 << (x.len() - 1);
    let (mut more, mut less, mut diagonal, mut before) = (u64::MAX, 0u64, 0u64, 0u64);
    let mut cost = x.len();
    for (left, &c) in (0..y.len()).rev().zip(y) {
        let equal = rows.row(c);
        let swapped = ((!diagonal & equal) << 1) & before;
        diagonal = ((equal & more).wrapping_add(more) ^ more) | equal | less | swapped;
        let (right, wrong) = (less | !(diagonal | more), diagonal & more);
        cost = cost + usize::from(right & last != 0) - usize::from(wrong & last != 0);
        // Each further character saves one at most.
        if cost > limit + left {
            return None;
        }
        let (right, wrong) = (right << 1 | 1, wrong << 1);
        more = wrong | !(diagonal | right);
        less = right & diagonal;
        before = equal;
    }
    Some(cost)
}

/// At which places of a text a character stands, as bits.
trait Rows<T> {
    fn of(text: &[T]) -> Self;
    fn row(&self, c: T) -> u64;
}

/// The places of ASCII characters.
struct Ascii([u64; 128]);

impl Rows<u8> for Ascii {
    fn of(text: &[u8]) -> Self {
        let mut rows = [0; 128];
        (0..)
            .zip(text)
            .for_each(|(place, &c)| rows[usize::from(c & 127)] |= 1u64 << place);
        Self(rows)
    }

    fn row(&self, c: u8) -> u64 {
        self.0[usize::from(c & 127)]
    }
}

/// The places of any characters: a table with room for twice as many as a text has.
struct Hashed([(char, u64); Hashed::SLOTS]);

impl Hashed {
    const SLOTS: usize = 128;

    /// The slot of a character, or the empty one where it would stand.
    fn slot(&self, c: char) -> usize {
        let mut at = c as usize % Self::SLOTS;
        while self.0[at].1 != 0 && self.0[at].0 != c {
            at = (at + 1) % Self::SLOTS;
        }
        at
    }
}

impl Rows<char> for Hashed {
    fn of(text: &[char]) -> Self {
        let mut rows = Self([('\0', 0); Self::SLOTS]);
        for (place, &c) in (0..).zip(text) {
            let at = rows.slot(c);
            rows.0[at] = (c, rows.0[at].1 | 1u64 << place);
        }
        rows
    }

    fn row(&self, c: char) -> u64 {
        self.0[self.slot(c)].1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The whole table, as the definition has it.
    fn by_definition(x: &[u8], y: &[u8]) -> usize {
        let mut d = vec![vec![0; y.len() + 1]; x.len() + 1];
        for i in 0..=x.len() {
            for j in 0..=y.len() {
                if i == 0 || j == 0 {
                    d[i][j] = i + j;
                    continue;
                }
                d[i][j] = (d[i - 1][j] + 1)
                    .min(d[i][j - 1] + 1)
                    .min(d[i - 1][j - 1] + usize::from(x[i - 1] != y[j - 1]));
                if i > 1 && j > 1 && x[i - 1] == y[j - 2] && x[i - 2] == y[j - 1] {
                    d[i][j] = d[i][j].min(d[i - 2][j - 2] + 1);
                }
            }
        }
        d[x.len()][y.len()]
    }

    #[test]
    fn edits_are_those_of_the_definition() {
        let mut next = crate::text::random(1);
        let mut word = |letters: u64| -> String {
            (0..next(9))
                .map(|_| char::from(b'a' + next(letters) as u8))
                .collect()
        };
        for _ in 0..40_000 {
            let (a, b) = (word(3), word(3));
            let cost = by_definition(a.as_bytes(), b.as_bytes());
            for limit in 0..5 {
                let expected = Some(cost).filter(|&cost| cost <= limit);
                assert_eq!(edits(&a, &b, limit), expected, "{a} {b} {limit}");
                let (wide, other) = (a.replace('a', "亜"), b.replace('a', "亜"));
                assert_eq!(
                    edits(&wide, &other, limit),
                    expected,
                    "{wide} {other} {limit}"
                );
            }
        }
    }
    /// Addresses are long: all [`LONGEST`] characters count, also such as have one slot in the table of places.
    #[test]
    fn long_texts_are_compared_to_their_end() {
        let mut next = crate::text::random(7);
        let mut seen = [0; 14];
        for _ in 0..4_000 {
            let a: Vec<u8> = (0..next(20) + 29).map(|_| b'a' + next(9) as u8).collect();
            let mut b = a.clone();
            for _ in 0..next(13) {
                let at = next(b.len() as u64 - 1) as usize;
                match next(4) {
                    0 => b[at] = b'a' + next(9) as u8,
                    1 => drop(b.remove(at)),
                    2 if b.len() < LONGEST => b.insert(at, b'z'),
                    _ => b.swap(at, at + 1),
                }
            }
            let cost = by_definition(&a, &b);
            seen[cost] += 1;
            let ascii = |text: &[u8]| String::from_utf8(text.to_vec()).expect("letters");
            let collide = |c: &u8| char::from_u32(0x4e00 + u32::from(*c - b'a') * 128);
            let wide = |text: &[u8]| text.iter().filter_map(collide).collect::<String>();
            for limit in [cost.saturating_sub(1), cost, cost + 3, 12] {
                let expected = Some(cost).filter(|&cost| cost <= limit);
                assert_eq!(edits(&ascii(&a), &ascii(&b), limit), expected);
                assert_eq!(edits(&wide(&a), &wide(&b), limit), expected);
            }
        }
        assert!(seen[..10].iter().all(|&n| n > 20), "{seen:?}");
    }
}
