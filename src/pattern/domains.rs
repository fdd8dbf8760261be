//! Top-level domains: whether the last label of a host's name can be one.
//!
//! In: a label of ASCII letters. Out: yes or no. The domains stand in `patterns/lists/top-level-domains.txt`.

use std::sync::OnceLock;

const LIST: &str = include_str!("../../patterns/lists/top-level-domains.txt");

/// Domains of two letters as one bit each, longer ones sorted.
struct Domains {
    short: [u32; 26],
    long: Vec<&'static str>,
}

/// Whether the label is a top-level domain, in small letters, in capitals, or with a capital first: nobody writes one in another case.
pub fn is_top_level(label: &str) -> bool {
    let bytes = label.as_bytes();
    let Some((&first, rest)) = bytes.split_first() else {
        return false;
    };
    let (lower, upper) = (u8::is_ascii_lowercase, u8::is_ascii_uppercase);
    let one_case = rest.iter().all(lower) || first.is_ascii_uppercase() && rest.iter().all(upper);
    if !one_case || bytes.len() > LONGEST {
        return false;
    }
    if let [a @ (b'a'..=b'z' | b'A'..=b'Z'), b] = bytes {
        let row = usize::from(a.to_ascii_lowercase() - b'a');
        return domains().short[row] >> (b.to_ascii_lowercase() - b'a') & 1 == 1;
    }
    let mut folded = [0; LONGEST];
    let folded = &mut folded[..bytes.len()];
    folded.copy_from_slice(bytes);
    folded.make_ascii_lowercase();
    let known = |known: &&'static str| known.as_bytes().cmp(&*folded);
    matches!(&*folded, b"com" | b"net") || domains().long.binary_search_by(known).is_ok()
}

/// Letters of the longest domain.
const LONGEST: usize = 18;

fn domains() -> &'static Domains {
    static READ: OnceLock<Domains> = OnceLock::new();
    READ.get_or_init(|| {
        let mut read = Domains {
            short: [0; 26],
            long: Vec::new(),
        };
        for word in LIST.lines().filter(|line| !line.starts_with('#')) {
            match word.as_bytes() {
                &[a, b] => read.short[usize::from(a - b'a')] |= 1 << (b - b'a'),
                _ => read.long.push(word),
            }
        }
        read.long.sort_unstable();
        read
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        let check =
            |label: &str, expected: bool| assert_eq!(is_top_level(label), expected, "{label}");
        for label in [
            "jp", "JP", "Jp", "com", "COM", "net", "info", "museum", "example", "yu",
        ] {
            check(label, true);
        }
        for label in [
            "aIg", "jP", "rint", "plt", "png", "js", "html", "local", "a", "1", "", "zz",
        ] {
            check(label, false);
        }
        check(&"a".repeat(100), false);
    }

    #[test]
    fn every_row_is_read() {
        let rows: Vec<&str> = LIST.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(rows.len() > 1_200);
        for row in rows {
            let plain = row.bytes().all(|b| b.is_ascii_lowercase());
            assert!(
                plain && (2..=LONGEST).contains(&row.len()) && is_top_level(row),
                "{row}"
            );
        }
    }
}
