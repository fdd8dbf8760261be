//! The shapes of values of which a part is gone: masked on purpose, or ruined by a spreadsheet.
//!
//! In: an ASCII cell (full width already narrowed). Out: whether it is such a one, and what it was before.

use super::{Shape, Shapes};

/// Digits or letters beside a run of mask signs: `****-1234`, `XXXX1234`.
pub(super) fn masked(bytes: &[u8]) -> bool {
    let first = bytes[0];
    matches!(first, b'X' | b'x' | b'#')
        && bytes.len() >= 6
        && bytes.iter().take(4).all(|&b| b == first)
        && bytes.iter().any(u8::is_ascii_digit)
}

/// What a masked number was: `****-****-****-1234` and `411111******1111` a card's, `080-****-1234` a phone's.
pub(super) fn masked_number(bytes: &[u8], out: &mut Shapes) {
    let (mut digits, mut signs, mut groups) = (0, 0, [0u8; 8]);
    let mut group = 0;
    for &b in bytes {
        match b {
            b'0'..=b'9' => digits += 1,
            b'*' | b'X' | b'x' | b'#' => signs += 1,
            b'-' | b' ' => {
                group += 1;
                continue;
            }
            _ => return,
        }
        match groups.get_mut(group) {
            Some(n) => *n = n.saturating_add(1),
            None => return,
        }
    }
    let groups = &groups[..=group];
    let fours = groups[..groups.len() - 1].iter().all(|&n| n == 4)
        || groups.len() == 3 && groups[0] == 4 && groups[1] == 6;
    if (14..=19).contains(&(digits + signs)) && signs >= 4 && digits >= 2 && fours {
        out.insert(Shape::CardLike);
    } else if bytes[0] == b'0'
        && (10..=11).contains(&(digits + signs))
        && (2..=4).contains(&groups.len())
        && (2..=8).contains(&signs)
    {
        out.insert(Shape::PhoneLoose);
    }
}

/// `5.54563E+15`, `9.01E+09`: a number of nine digits and more that a spreadsheet wrote so, its last digits lost.
pub(super) fn ruined(cell: &str) -> bool {
    let Some((mantissa, exponent)) = cell.split_once("E+") else {
        return false;
    };
    let (whole, rest) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
    whole.len() == 1
        && digits(whole)
        && digits(rest)
        && exponent.len() == 2
        && digits(exponent)
        && (8..=19).contains(&exponent.parse::<usize>().unwrap_or(0))
}

/// Whether such a number has the length and the first digit of a card's.
pub(super) fn ruined_card(cell: &str) -> bool {
    matches!(cell.rsplit_once("E+"), Some((_, "14" | "15" | "18")))
        && (b'2'..=b'6').contains(&cell.as_bytes()[0])
}

/// `EXAMPLE\hanako`: one backslash between the name of a Windows domain and a login name, and no path.
pub(super) fn domain_login(bytes: &[u8]) -> bool {
    let Some(at) = bytes.iter().position(|&b| b == b'\\') else {
        return false;
    };
    let (domain, user) = (&bytes[..at], &bytes[at + 1..]);
    let word = |part: &[u8]| {
        (2..=40).contains(&part.len())
            && part[0].is_ascii_alphanumeric()
            && part
                .iter()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_' | b'.'))
    };
    word(domain) && word(user) && !domain.contains(&b'.')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masked_numbers() {
        let check = |text: &str, expected: &[Shape]| {
            let mut out = Shapes::NONE;
            masked_number(text.as_bytes(), &mut out);
            assert_eq!(out, Shapes::of(expected), "{text}");
        };
        check("****-****-****-1234", &[Shape::CardLike]);
        check("411111******1111", &[Shape::CardLike]);
        check("**** ****** *1234", &[Shape::CardLike]);
        check("080-****-1234", &[Shape::PhoneLoose]);
        check("03-****-**34", &[Shape::PhoneLoose]);
        check("****-1234", &[]);
        check("t***@example.com", &[]);
        check("***", &[]);
        check("- - - - - - - - - - 1", &[]);
    }

    #[test]
    fn ruined_numbers() {
        for text in ["5.54563E+15", "9.01235E+09", "4E+15"] {
            assert!(ruined(text), "{text}");
        }
        for text in [
            "5.5E+02", "E+15", "1.5E+1", "12.5E+15", "5.5E-15", "5.5E+99",
        ] {
            assert!(!ruined(text), "{text}");
        }
        assert!(ruined_card("5.54563E+15") && !ruined_card("9.01235E+09"));
    }

    #[test]
    fn logins_of_a_domain() {
        for text in ["EXAMPLE\\hanako", "example\\ken0", "corp-1\\j.smith"] {
            assert!(domain_login(text.as_bytes()), "{text}");
        }
        for text in ["C:\\Users", "\\\\host\\share", "a\\b\\c", "x\\n", "foo\\"] {
            assert!(!domain_login(text.as_bytes()), "{text}");
        }
    }
}
