//! Pages made here byte by byte; a cluster that PostgreSQL itself wrote is read in `tests/it/programs.rs`.

use std::sync::OnceLock;

use super::*;
use crate::format::tests::{context, show};
use crate::text::Encoding;

/// A row: who wrote it and who deleted it, its bits, and what is there of its values.
struct Made {
    by: u32,
    deleted_by: u32,
    bits: u16,
    absent: u8,
    data: Vec<u8>,
}

const WRITTEN: u16 = 0x0100;
const NEVER_DELETED: u16 = 0x0800;

fn live(data: &[u8]) -> Made {
    Made {
        by: 700,
        deleted_by: 0,
        bits: WRITTEN | NEVER_DELETED,
        absent: 0,
        data: data.to_vec(),
    }
}

fn page(rows: &[Made]) -> Vec<u8> {
    let mut page = vec![0; PAGE];
    let mut upper = PAGE;
    for (nth, row) in rows.iter().enumerate() {
        let mut raw = [row.by.to_le_bytes(), row.deleted_by.to_le_bytes()].concat();
        raw.resize(18, 0);
        raw.extend(3u16.to_le_bytes());
        raw.extend((row.bits | u16::from(row.absent > 0)).to_le_bytes());
        raw.extend([24, !row.absent]);
        raw.extend(&row.data);
        let len = raw.len();
        upper = (upper - len) / 8 * 8;
        page[upper..upper + len].copy_from_slice(&raw);
        let pointer = upper as u32 | 1 << 15 | (len as u32) << 17;
        page[24 + 4 * nth..28 + 4 * nth].copy_from_slice(&pointer.to_le_bytes());
    }
    let bounds = [
        (24 + 4 * rows.len()) as u16,
        upper as u16,
        PAGE as u16,
        PAGE as u16 | 4,
    ];
    for (nth, bound) in bounds.iter().enumerate() {
        page[12 + 2 * nth..14 + 2 * nth].copy_from_slice(&bound.to_le_bytes());
    }
    page
}

fn text(text: &str) -> Vec<u8> {
    [&[(text.len() as u8 + 1) << 1 | 1], text.as_bytes()].concat()
}

fn member(id: i32, name: &str, mail: &str) -> Vec<u8> {
    [id.to_le_bytes().to_vec(), text(name), text(mail)].concat()
}

/// Beside a table of a number and two texts: a file of long values with one in two parts, and a log in which transaction 700 and 702
/// held and 701 did not.
fn beside() -> Context {
    let column = |name: &str, kind, len, align| Column {
        name: name.into(),
        kind,
        len,
        align,
    };
    let part = |nth: u32, part: &str| {
        let numbers = [9u32.to_le_bytes(), nth.to_le_bytes()].concat();
        live(&[numbers, text(part)].concat())
    };
    let heap = Heap {
        name: "members".into(),
        columns: vec![
            column("id", 23, 4, 4),
            column("name", 1_043, -1, 4),
            column("mail", 25, -1, 4),
        ],
        long: vec![Bytes::owned(page(&[
            part(1, "@example.com"),
            part(0, "long"),
        ]))],
        parts: OnceLock::new(),
        labels: Arc::default(),
        log: Arc::new(Transactions::new(vec![(
            0,
            Bytes::owned([vec![0; 175], vec![0b01_10_01]].concat()),
        )])),
        encoding: Encoding::Utf8,
    };
    Context {
        heap: Some(Arc::new(heap)),
        ..context()
    }
}

fn made() -> Vec<u8> {
    let by = |by, deleted_by, bits, data: &[u8]| Made {
        by,
        deleted_by,
        bits,
        absent: 0,
        data: data.to_vec(),
    };
    let reference = [
        &[1, 18][..],
        &20u32.to_le_bytes(),
        &16u32.to_le_bytes(),
        &9u32.to_le_bytes(),
        &[0; 4],
    ]
    .concat();
    let elsewhere = [3i32.to_le_bytes().to_vec(), text("Cid"), reference].concat();
    // `abababab` packed: two bytes as they are, and six copied.
    let packed = [
        &(13u32 << 2 | 2).to_le_bytes()[..],
        &8u32.to_le_bytes(),
        b"\x04ab\x03\x02",
    ]
    .concat();
    let packed_at = [4i32.to_le_bytes().to_vec(), text("Dan"), packed].concat();
    page(&[
        live(&member(1, "山田", "a@example.com")),
        Made {
            absent: 0b100,
            ..live(&member(2, "Ben", "")[..8])
        },
        live(&elsewhere),
        live(&packed_at),
        by(700, 702, WRITTEN, &member(5, "Eve", "e@example.com")),
        by(701, 0, NEVER_DELETED, &member(6, "Fay", "f@example.com")),
        by(700, 701, WRITTEN, &member(7, "Gus", "g@example.com")),
        by(700, 702, WRITTEN, &member(1, "山田", "a@example.com")),
        by(702, 0, NEVER_DELETED, &member(8, "Hal", "h@example.com")),
    ])
}

#[test]
fn rows_live_and_deleted() {
    let expected = [
        "members: id=1, name=山田, mail=a@example.com",
        "members: id=2, name=Ben",
        "members: id=3, name=Cid, mail=long@example.com",
        "members: id=4, name=Dan, mail=abababab",
        "members: id=7, name=Gus, mail=g@example.com",
        "members: id=8, name=Hal, mail=h@example.com",
        "members (remnants): id=5, name=Eve, mail=e@example.com",
        "members (remnants): id=6, name=Fay, mail=f@example.com",
    ];
    let whole = made();
    assert!(page::is_table(&whole));
    assert_eq!(show(&FORMAT, &whole, &beside()), expected);
}

#[test]
fn what_cannot_be_read_is_said() {
    assert_eq!(show(&FORMAT, &made(), &context()), ["! unsupported"]);
    let mut damaged = made();
    // The first row's text is longer than the row.
    damaged[PAGE - 56 + 28] = 0xff;
    let shown = show(&FORMAT, &damaged, &beside());
    assert!(shown.contains(&"! malformed".to_owned()), "{shown:?}");
    assert!(shown.contains(&"[page 0]".to_owned()), "{shown:?}");
    let cut = show(&FORMAT, &[made(), vec![0; 100]].concat(), &beside());
    assert_eq!(cut[0], "! truncated");
    assert_eq!(cut.len(), 9);
}

#[test]
fn changed_bytes_end() {
    let whole = made();
    for at in (0..100).chain(PAGE - 700..PAGE) {
        for value in [0, 1, 0x7f, 0xff] {
            let mut changed = whole.clone();
            changed[at] = value;
            show(&FORMAT, &changed, &beside());
        }
    }
}
