//! Values that PostgreSQL packs.
//!
//! In: packed bytes and how long they are unpacked. Out: the value. PostgreSQL's own way (`pg_lzcompress.c`, read 2026-11): a
//! byte of bits, and for each bit a byte as it is, or a distance and a length to copy; or LZ4.

/// The value; `None` where the bytes contradict themselves.
pub(super) fn unpack(raw: &[u8], len: usize, is_lz4: bool) -> Option<Vec<u8>> {
    if is_lz4 {
        lz4(raw, len)
    } else {
        pglz(raw, len)
    }
}

#[cfg(feature = "archives")]
fn lz4(raw: &[u8], len: usize) -> Option<Vec<u8>> {
    // No byte of LZ4 stands for more than 255.
    let fits = len <= raw.len().saturating_mul(256);
    fits.then(|| lz4_flex::block::decompress(raw, len).ok())
        .flatten()
}

#[cfg(not(feature = "archives"))]
fn lz4(_: &[u8], _: usize) -> Option<Vec<u8>> {
    None
}

fn pglz(raw: &[u8], len: usize) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(len.min(raw.len().saturating_mul(100)));
    let mut bytes = raw.iter().copied();
    while out.len() < len {
        let bits = bytes.next()?;
        for nth in 0..8 {
            if out.len() >= len {
                break;
            }
            let first = bytes.next()?;
            if bits >> nth & 1 == 0 {
                out.push(first);
                continue;
            }
            let mut copied = usize::from(first & 15) + 3;
            let distance = usize::from(first & 0xf0) << 4 | usize::from(bytes.next()?);
            if copied == 18 {
                copied += usize::from(bytes.next()?);
            }
            let from = out.len().checked_sub(distance).filter(|_| distance > 0)?;
            for at in from..from + copied.min(len - out.len()) {
                out.push(out[at]);
            }
        }
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn copies_and_bytes() {
        fn check(raw: &[u8], len: usize, expected: Option<&[u8]>) {
            assert_eq!(unpack(raw, len, false).as_deref(), expected);
        }
        check(b"\x04ab\x01\x02", 6, Some(b"ababab"));
        check(b"\x02a\x0f\x01\x02", 21, Some(&[b'a'; 21]));
        check(b"\x01\x01\x02", 6, None);
        check(b"\x00a", 6, None);
        check(b"\x02a\x01\x00", 6, None);
    }
}
