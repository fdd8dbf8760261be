//! The people whom Outlook completes while somebody types: in a file of their own, and in stores.
#![cfg(feature = "mail-stores")]

use crate::formats::{essence, scan};
use crate::outlook::{Layout, Store};
use crate::people::{self, Person};

/// People as Outlook keeps those whom it completes.
fn completed(people: &[Person]) -> Vec<u8> {
    let text = |id: u16, text: &str| {
        let units = text.encode_utf16().chain([0]);
        let raw: Vec<u8> = units.flat_map(u16::to_le_bytes).collect();
        let len = (raw.len() as u32).to_le_bytes();
        [
            &0x1f_u16.to_le_bytes()[..],
            &id.to_le_bytes(),
            &[0; 12],
            &len,
            &raw,
        ]
        .concat()
    };
    let row = |person: &Person| {
        let name = text(0x3001, &person.joined(" "));
        [
            &2_u32.to_le_bytes()[..],
            &name,
            &text(0x39fe, &person.email),
        ]
        .concat()
    };
    let rows: Vec<u8> = people.iter().flat_map(row).collect();
    let head = [0xbaad_f00d_u32, 12, 0, people.len() as u32].map(u32::to_le_bytes);
    [&head.concat()[..], &rows, &[0; 12]].concat()
}

/// A few of them.
pub(crate) fn some() -> Vec<u8> {
    completed(&people::population(3, 3))
}

#[test]
fn people_whom_outlook_completes() {
    let people = people::population(92, 30);
    let stream = completed(&people);
    let stores = [Layout::Wide, Layout::Narrow, Layout::Large].map(|layout| {
        let mut store = Store::new(layout);
        store.folder(0x8082, 0x8022, "Inbox");
        store.completed(0x8082, stream.clone());
        ("a.pst", store.finish())
    });
    for (name, bytes) in stores.into_iter().chain([("Outlook.NK2", stream)]) {
        let report = scan(name, &bytes);
        assert_eq!(essence(&report)["email"].1, 30, "{name}");
        assert_eq!(report["subjects"]["persons"]["best"], 30, "{name}");
        assert_eq!(report["problems"], serde_json::json!([]), "{name}");
    }
}
