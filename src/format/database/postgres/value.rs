//! Values of PostgreSQL's types.
//!
//! In: a type's number in the catalogue (`pg_type.dat` of PostgreSQL 17, read 2026-11), and a value's bytes. Out: its text.

use super::document;
use super::page::low;
use crate::format::json::instant;

/// Days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts, and microseconds of a day.
const EPOCH_DAYS: i64 = 10_957;
const DAY: i64 = 86_400_000_000;
/// Types of text.
pub(super) const TEXT: u32 = 25;
/// Lists of texts and of numbers, by the types of their elements.
const LISTS: [(u32, u32, i16); 12] = [
    (1_000, 16, 1),
    (1_002, 18, 1),
    (1_003, 19, 64),
    (1_005, 21, 2),
    (1_007, 23, 4),
    (1_016, 20, 8),
    (1_009, 25, -1),
    (1_014, 1_042, -1),
    (1_015, 1_043, -1),
    (1_182, 1_082, 4),
    (1_115, 1_114, 8),
    (2_951, 2_950, 16),
];
/// Groups of digits before the point of a number, and places behind it, that are written.
const GROUPS: i64 = 250;
const PLACES: u64 = 1_000;
/// Elements of a list that are written.
const ELEMENTS: usize = 10_000;

/// Whether a type is of text in the database's encoding.
pub(super) fn is_text(kind: u32) -> bool {
    matches!(kind, 18 | 19 | 25 | 114 | 142 | 1_042 | 1_043)
}

/// The text of a value that is none itself; `None` for what has none.
pub(super) fn text(kind: u32, raw: &[u8]) -> Option<String> {
    let int = |len: usize| {
        let bits = 64 - 8 * len;
        low(raw, 0, len).map(|n| (n << bits) as i64 >> bits)
    };
    Some(match kind {
        16 => if *raw.first()? == 0 { "f" } else { "t" }.to_owned(),
        20 => int(8)?.to_string(),
        21 => int(2)?.to_string(),
        23 => int(4)?.to_string(),
        26 => low(raw, 0, 4)?.to_string(),
        700 => f32::from_bits(low(raw, 0, 4)? as u32).to_string(),
        701 => f64::from_bits(low(raw, 0, 8)?).to_string(),
        790 => {
            let n = int(8)?;
            let sign = if n < 0 { "-" } else { "" };
            format!(
                "{sign}{}.{:02}",
                n.unsigned_abs() / 100,
                n.unsigned_abs() % 100
            )
        }
        1_082 => date(int(4)?)?,
        1_083 | 1_266 => time(int(8)?),
        1_114 | 1_184 => {
            let n = int(8)?;
            let zone = if kind == 1_184 { "+00" } else { "" };
            format!(
                "{} {}{zone}",
                date(n.div_euclid(DAY))?,
                time(n.rem_euclid(DAY))
            )
        }
        1_700 => number(raw)?,
        2_950 => {
            let hex: Vec<String> = raw
                .get(..16)?
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            let parts = [0..4, 4..6, 6..8, 8..10, 10..16].map(|range| hex[range].concat());
            parts.join("-")
        }
        829 | 774 => {
            let hex: Vec<String> = raw
                .iter()
                .take(8)
                .map(|byte| format!("{byte:02x}"))
                .collect();
            hex.join(":")
        }
        650 | 869 => address(raw)?,
        3_802 => document::text(raw)?,
        _ => {
            let (_, of, len) = LISTS.iter().find(|(list, _, _)| *list == kind)?;
            list(*of, *len, raw)?
        }
    })
}

fn date(days: i64) -> Option<String> {
    let mut out = Vec::new();
    instant((days + EPOCH_DAYS).checked_mul(86_400_000)?, &mut out);
    let text = String::from_utf8_lossy(&out).trim_matches('"').to_owned();
    text.get(..10).map(str::to_owned)
}

fn time(micros: i64) -> String {
    let (seconds, part) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
    let (hour, minute) = (seconds / 3_600, seconds / 60 % 60);
    let part = format!(".{part:06}");
    let part = part.trim_end_matches('0').trim_end_matches('.');
    format!("{hour:02}:{minute:02}:{:02}{part}", seconds % 60)
}

/// Family (2 and 3), bits of the network, and the address.
fn address(raw: &[u8]) -> Option<String> {
    let (&bits, rest) = raw.get(1..)?.split_first()?;
    let (text, all) = match raw[0] {
        2 => (
            std::net::Ipv4Addr::from(*rest.first_chunk()?).to_string(),
            32,
        ),
        3 => (
            std::net::Ipv6Addr::from(*rest.first_chunk()?).to_string(),
            128,
        ),
        _ => return None,
    };
    Some(if bits == all {
        text
    } else {
        format!("{text}/{bits}")
    })
}

/// A number of groups of four digits: sign, places and the first group's weight, in one pair of bytes or two.
fn number(raw: &[u8]) -> Option<String> {
    let head = low(raw, 0, 2)?;
    let (negative, places, weight, digits) = match head >> 14 {
        3 => {
            return Some(
                if head & 0x2000 == 0 {
                    "NaN"
                } else {
                    "Infinity"
                }
                .to_owned(),
            );
        }
        2 => {
            let low_bits = (head & 0x3f) as i64;
            let weight = if head & 0x40 == 0 {
                low_bits
            } else {
                low_bits - 0x40
            };
            (head & 0x2000 != 0, head >> 7 & 0x3f, weight, &raw[2..])
        }
        sign => (
            sign == 1,
            head & 0x3fff,
            i64::from(low(raw, 2, 2)? as i16),
            &raw[4..],
        ),
    };
    if weight > GROUPS {
        return None;
    }
    let places = places.min(PLACES);
    let group = |nth: i64| {
        let at = usize::try_from(nth).ok().and_then(|nth| nth.checked_mul(2));
        at.and_then(|at| low(digits, at, 2)).unwrap_or(0)
    };
    let mut text = String::from(if negative { "-" } else { "" });
    if weight < 0 {
        text.push('0');
    }
    for nth in 0..=weight {
        text += &if nth == 0 {
            group(0).to_string()
        } else {
            format!("{:04}", group(nth))
        };
    }
    if places > 0 {
        let places = places as usize;
        let from = weight + 1;
        let groups = places.div_ceil(4) as i64;
        let after: String = (from..from + groups)
            .map(|nth| format!("{:04}", group(nth)))
            .collect();
        text.push('.');
        text += &after[..places.min(after.len())];
    }
    Some(text)
}

/// A list of one or more dimensions, as `a, b`: their number, whether there is a map of what is absent, the type, and for each
/// dimension a length and a lower bound.
fn list(of: u32, len: i16, raw: &[u8]) -> Option<String> {
    let dimensions = usize::try_from(low(raw, 0, 4)?).ok().filter(|&n| n <= 6)?;
    let map = low(raw, 4, 4)? as usize;
    let mut count = usize::from(dimensions > 0);
    for nth in 0..dimensions {
        count = count.checked_mul(usize::try_from(low(raw, 12 + 4 * nth, 4)?).ok()?)?;
    }
    let head = 12 + 8 * dimensions;
    // The offset counts from before the value's length.
    let mut at = if map == 0 { head } else { map.checked_sub(4)? };
    let mut texts = Vec::new();
    for nth in 0..count.min(ELEMENTS) {
        if map > 0 && raw.get(head + nth / 8)? >> (nth % 8) & 1 == 0 {
            continue;
        }
        let value = match usize::try_from(len) {
            Ok(len) => {
                at = at.next_multiple_of(len.clamp(1, 4));
                let value = raw.get(at..at.checked_add(len)?)?;
                at += len;
                value
            }
            // A text, behind its length.
            Err(_) => {
                let (value, end) = inline(raw, at)?;
                at = end;
                value
            }
        };
        let value = if is_text(of) {
            let end = value
                .iter()
                .position(|&byte| byte == 0)
                .unwrap_or(value.len());
            String::from_utf8_lossy(&value[..end]).into_owned()
        } else {
            text(of, value)?
        };
        texts.push(value);
    }
    Some(texts.join(", "))
}

/// A value of varying length that stands as it is at a place, and where it ends.
fn inline(raw: &[u8], at: usize) -> Option<(&[u8], usize)> {
    let first = *raw.get(at)?;
    let (start, len) = if first & 1 == 1 {
        (at + 1, usize::from(first >> 1).checked_sub(1)?)
    } else {
        let at = at.next_multiple_of(4);
        (at + 4, (low(raw, at, 4)? as usize >> 2).checked_sub(4)?)
    };
    let end = start.checked_add(len)?;
    Some((raw.get(start..end)?, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_told() {
        fn check(kind: u32, raw: &[u8], expected: Option<&str>) {
            assert_eq!(text(kind, raw).as_deref(), expected, "type {kind}");
        }
        check(16, &[1], Some("t"));
        check(21, &(-5i16).to_le_bytes(), Some("-5"));
        check(790, &(-1i64).to_le_bytes(), Some("-0.01"));
        check(1_082, &(-7_275i32).to_le_bytes(), Some("1980-01-31"));
        check(
            1_083,
            &45_296_789_000i64.to_le_bytes(),
            Some("12:34:56.789"),
        );
        check(
            1_700,
            b"\x81\x81\x01\x00\x29\x09\x88\x13",
            Some("12345.500"),
        );
        check(869, b"\x02\x20\xc0\x00\x02\x07", Some("192.0.2.7"));
        let list = b"\x01\0\0\0\0\0\0\0\x19\0\0\0\x02\0\0\0\x01\0\0\0\x05a\x05b";
        check(1_009, list, Some("a, b"));
        check(1_009, &list[..list.len() - 1], None);
    }

    #[test]
    fn any_bytes_end() {
        for kind in 0..4_000 {
            for len in 0..32 {
                for byte in [0, 1, 0x7f, 0x80, 0xff] {
                    let _ = text(kind, &vec![byte; len]);
                }
            }
        }
    }
}
