//! JSON in PostgreSQL's binary form (`jsonb`).
//!
//! In: the bytes of a value. Out: the same as JSON text (`jsonb.h`, PostgreSQL 17, read 2026-11). A list of entries tells the
//! kind and the length of each part, or where it ends; the parts follow.

use super::page::low;
use super::value;

/// Lists in lists.
const DEPTH: usize = 200;
/// Bits of a list's head, and of an entry.
const SCALAR: u64 = 1 << 28;
const OBJECT: u64 = 1 << 29;
const COUNT: u64 = (1 << 28) - 1;
const IS_END: u64 = 1 << 31;

/// The document as text; `None` where it is damaged.
pub(super) fn text(raw: &[u8]) -> Option<String> {
    let mut out = String::new();
    list(raw, 0, &mut out)?;
    Some(out)
}

fn list(raw: &[u8], depth: usize, out: &mut String) -> Option<()> {
    let head = low(raw, 0, 4).filter(|_| depth < DEPTH)?;
    let count = usize::try_from(head & COUNT).ok()?;
    let is_object = head & OBJECT != 0;
    let is_scalar = head & SCALAR != 0;
    let n_entries = if is_object { 2 * count } else { count };
    let parts = raw.get(4 + 4 * n_entries..)?;
    // Where each part begins: parts follow each other, so none is read twice.
    let mut places = Vec::with_capacity(n_entries);
    let mut at = 0usize;
    for nth in 0..n_entries {
        let entry = low(raw, 4 + 4 * nth, 4)?;
        let told = usize::try_from(entry & COUNT).ok()?;
        let end = if entry & IS_END == 0 {
            at.checked_add(told)?
        } else {
            told
        };
        parts.get(at..end)?;
        places.push((entry >> 28 & 7, at, end));
        at = end;
    }
    let part = |nth: usize, out: &mut String| {
        let &(kind, start, end) = places.get(nth)?;
        entry(kind, parts, start, end, depth, out)
    };
    let (open, close) = match (is_scalar, is_object) {
        (true, _) => ("", ""),
        (_, true) => ("{", "}"),
        _ => ("[", "]"),
    };
    out.push_str(open);
    for nth in 0..count {
        if nth > 0 {
            out.push(',');
        }
        part(nth, out)?;
        if is_object {
            out.push(':');
            part(count + nth, out)?;
        }
    }
    out.push_str(close);
    Some(())
}

fn entry(
    kind: u64,
    parts: &[u8],
    start: usize,
    end: usize,
    depth: usize,
    out: &mut String,
) -> Option<()> {
    match kind {
        0 => {
            let text = String::from_utf8_lossy(parts.get(start..end)?);
            out.push_str(&serde_json::to_string(&text).ok()?);
        }
        // Numbers and lists begin at a multiple of four; a number has its own length before it.
        1 => {
            let raw = parts.get(start.next_multiple_of(4)..end)?;
            let skip = if raw.first()? & 1 == 1 { 1 } else { 4 };
            out.push_str(&value::text(1_700, raw.get(skip..)?)?);
        }
        2 => out.push_str("false"),
        3 => out.push_str("true"),
        4 => out.push_str("null"),
        5 => list(parts.get(start.next_multiple_of(4)..end)?, depth + 1, out)?,
        _ => return None,
    }
    Some(())
}
