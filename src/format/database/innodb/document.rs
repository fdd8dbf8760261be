//! JSON in MySQL's binary form.
//!
//! In: the bytes of a value of type `JSON`. Out: the same as JSON text (MySQL source documentation, "JSON binary format",
//! `json_binary.h`, read 2026-11). Objects and lists are tables of offsets; a damaged one that points to itself ends at a
//! bound on its depth and on the number of its values.

/// Lists in lists (MySQL allows as many).
const DEPTH: usize = 100;
/// Types of values that stand in the table itself: literals and short numbers.
const LITERAL: u8 = 4;

/// Writes a document out.
struct Writer {
    out: String,
    /// Values that may still come: a true document has no more of them than bytes.
    left: usize,
}

/// The document as text; `None` where it is damaged.
pub(super) fn text(raw: &[u8]) -> Option<String> {
    let (&kind, body) = raw.split_first()?;
    let mut writer = Writer {
        out: String::new(),
        left: raw.len(),
    };
    writer.value(kind, body, 0)?;
    Some(writer.out)
}

/// A number of so many bytes, the lowest first.
fn low(bytes: &[u8], at: usize, len: usize) -> Option<u64> {
    let raw = bytes.get(at..at.checked_add(len)?)?;
    Some(
        raw.iter()
            .rev()
            .fold(0, |n, &byte| n << 8 | u64::from(byte)),
    )
}

impl Writer {
    fn value(&mut self, kind: u8, body: &[u8], depth: usize) -> Option<()> {
        self.left = self.left.checked_sub(1)?;
        let signed = |len: usize| {
            let bits = 64 - 8 * len;
            low(body, 0, len).map(|n| (n << bits) as i64 >> bits)
        };
        match kind {
            0..=3 if depth < DEPTH => self.list(kind, body, depth)?,
            LITERAL => self.out.push_str(match body.first()? {
                0 => "null",
                1 => "true",
                2 => "false",
                _ => return None,
            }),
            5 => self.out.push_str(&signed(2)?.to_string()),
            6 => self.out.push_str(&low(body, 0, 2)?.to_string()),
            7 => self.out.push_str(&signed(4)?.to_string()),
            8 => self.out.push_str(&low(body, 0, 4)?.to_string()),
            9 => self.out.push_str(&signed(8)?.to_string()),
            10 => self.out.push_str(&low(body, 0, 8)?.to_string()),
            11 => self
                .out
                .push_str(&f64::from_bits(low(body, 0, 8)?).to_string()),
            12 => {
                let (len, at) = length(body)?;
                self.string(body.get(at..at.checked_add(len)?)?)?;
            }
            // Dates, decimals and bytes, each with the number of its type.
            15 => self.opaque(body)?,
            _ => return None,
        }
        Some(())
    }

    /// An object (0 and 1) or a list (2 and 3); the odd ones have longer offsets.
    fn list(&mut self, kind: u8, body: &[u8], depth: usize) -> Option<()> {
        let size = if kind.is_multiple_of(2) { 2 } else { 4 };
        let is_object = kind < 2;
        let count = usize::try_from(low(body, 0, size)?).ok()?;
        let keys = if is_object {
            count.checked_mul(size + 2)?
        } else {
            0
        };
        self.out.push(if is_object { '{' } else { '[' });
        for nth in 0..count {
            if nth > 0 {
                self.out.push(',');
            }
            if is_object {
                let entry = 2 * size + nth * (size + 2);
                let at = usize::try_from(low(body, entry, size)?).ok()?;
                let len = usize::try_from(low(body, entry + size, 2)?).ok()?;
                self.string(body.get(at..at.checked_add(len)?)?)?;
                self.out.push(':');
            }
            let entry = 2 * size + keys + nth * (size + 1);
            let kind = *body.get(entry)?;
            let is_here = matches!(kind, LITERAL..=6) || size == 4 && matches!(kind, 7 | 8);
            let at = if is_here {
                entry + 1
            } else {
                usize::try_from(low(body, entry + 1, size)?).ok()?
            };
            self.value(kind, body.get(at..)?, depth + 1)?;
        }
        self.out.push(if is_object { '}' } else { ']' });
        Some(())
    }

    fn string(&mut self, raw: &[u8]) -> Option<()> {
        // Overlapping strings may not add up to more than the document.
        self.left = self.left.checked_sub(raw.len() / 2)?;
        let text = serde_json::to_string(&String::from_utf8_lossy(raw)).ok()?;
        self.out.push_str(&text);
        Some(())
    }

    fn opaque(&mut self, body: &[u8]) -> Option<()> {
        let (&kind, rest) = body.split_first()?;
        let (len, at) = length(rest)?;
        let raw = rest.get(at..at.checked_add(len)?)?;
        match kind {
            // DATE, TIMESTAMP, DATETIME: the packed number with microseconds below.
            7 | 10 | 12 if len == 8 => {
                let n = low(raw, 0, 8)? >> 24;
                let (date, time) = (n >> 17, n & 0x1_ffff);
                let (months, day) = (date >> 5, date & 31);
                let (hour, minute, second) = (time >> 12, time >> 6 & 63, time & 63);
                let (year, month) = (months / 13, months % 13);
                let date = format!("{year:04}-{month:02}-{day:02}");
                let time = format!("{hour:02}:{minute:02}:{second:02}");
                let text = if kind == 10 {
                    date
                } else {
                    format!("{date} {time}")
                };
                self.string(text.as_bytes())
            }
            _ => match std::str::from_utf8(raw) {
                Ok(text) if !text.contains(char::is_control) => self.string(raw),
                _ => {
                    self.out.push_str("null");
                    Some(())
                }
            },
        }
    }
}

/// A length of one to five bytes with seven bits each, and its bytes.
fn length(body: &[u8]) -> Option<(usize, usize)> {
    let mut len = 0u64;
    for (nth, &byte) in body.iter().take(5).enumerate() {
        len |= u64::from(byte & 0x7f) << (7 * nth);
        if byte & 0x80 == 0 {
            return Some((usize::try_from(len).ok()?, nth + 1));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_written_out() {
        fn check(raw: &[u8], expected: Option<&str>) {
            assert_eq!(text(raw).as_deref(), expected);
        }
        check(b"\x0c\x05hello", Some("\"hello\""));
        check(b"\x04\x01", Some("true"));
        check(b"\x05\xff\xff", Some("-1"));
        // {"a":1,"mail":"x@y"}
        let object = [
            &b"\0\x02\0\x1b\0"[..],
            &[18, 0, 1, 0, 19, 0, 4, 0],
            &[5, 1, 0, 12, 23, 0],
            b"amail\x03x@y",
        ]
        .concat();
        check(&object, Some("{\"a\":1,\"mail\":\"x@y\"}"));
        // [null,[7]]
        check(
            b"\x02\x02\0\x11\0\x04\0\0\x02\x0a\0\x01\0\x07\0\x05\x07\0",
            Some("[null,[7]]"),
        );
        // A list that holds itself.
        check(b"\x02\x01\0\x07\0\x02\0\0", None);
        check(b"", None);
        check(b"\x0c\xff\xff\xff\xff\x7f", None);
    }
}
