//! Our readers against those of others: the same text must give the same records, however it is cut into parts.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use leakscope::format::{Context, FORMATS, Item, Shape};
use leakscope::source::{Bytes, Fault, Limits};
use leakscope::text::{Encoding, unescape};
use proptest::prelude::*;

/// Part sizes under which every case is read.
const PARTS: [usize; 6] = [1, 3, 64, 100, 1 << 10, 8 << 20];

/// A record: its values, and the names of their columns.
type Record = Vec<(Option<String>, String)>;

/// Reads text in a format; values are unescaped, cells without a value left out.
fn records(text: &str, format: &str, part_bytes: usize) -> (Vec<Record>, Vec<Fault>) {
    let format = FORMATS
        .iter()
        .find(|f| f.name == format)
        .expect("the format is listed");
    let bytes = Bytes::owned(text.as_bytes().to_vec());
    let limits = Limits {
        part_bytes,
        ..Limits::default()
    };
    let context = Context {
        stem: "t".into(),
        encoding: Encoding::Utf8,
        limits,
        budget: leakscope::source::Budget::default(),
        header: |_, _| false,
        columns: None,
        memos: None,
        definition: None,
        heap: None,
        apart: None,
        alone: false,
    };
    let reader = (format.open)(&bytes, &context).expect("text opens");
    let (mut records, mut faults, mut value) = (Vec::new(), reader.faults(), String::new());
    for part in 0..reader.parts() {
        let read = reader.read(part, &mut |item| {
            match item {
                Item::Batch(batch) => {
                    assert_eq!(batch.table.shape, Shape::Rows);
                    for row in batch.cells.chunks(batch.table.columns.len()) {
                        let named = batch
                            .table
                            .columns
                            .iter()
                            .zip(row)
                            .filter(|(_, cell)| !cell.is_absent());
                        let read = named.map(|(name, cell)| {
                            let decoded = batch.encoding.decode(&batch.bytes[cell.range()]).0;
                            if !cell.is_escaped() {
                                return (name.clone(), decoded.into_owned());
                            }
                            unescape(&decoded, batch.escape, &mut value);
                            (name.clone(), value.clone())
                        });
                        records.push(read.collect());
                    }
                }
                Item::Fault(fault) => faults.push(fault),
                Item::Member(_) => panic!("no members in text"),
            }
            ControlFlow::Continue(())
        });
        faults.extend(read.err());
    }
    (records, faults)
}

/// The rows of the `csv` crate's reader.
fn rows_of_csv(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(text.as_bytes());
    reader
        .records()
        .map(|row| {
            row.expect("flexible rows of UTF-8")
                .iter()
                .map(str::to_owned)
                .collect()
        })
        .collect()
}

fn check_delimited(text: &str) {
    let expected = rows_of_csv(text);
    for part_bytes in PARTS {
        let (found, faults) = records(text, "csv", part_bytes);
        let found: Vec<Vec<String>> = found
            .into_iter()
            .map(|row| row.into_iter().map(|cell| cell.1).collect())
            .collect();
        // A quote that is never closed is read otherwise on purpose: the rest of the file is no single value.
        if faults.is_empty() {
            assert_eq!(found, expected, "parts of {part_bytes}: {text:?}");
        }
    }
}

/// Fields as files have them: plain, quoted, and with quotes where none belong.
fn field() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[a-z0-9 .@山田]{0,8}",
        2 => "\"([a-z,\n山]|\r\n|\"\"){0,8}\"",
        1 => "[a-z]{1,3}\"[a-z\"]{0,4}",
        1 => "\"[a-z]{0,3}\"[a-z\"]{1,4}",
    ]
}

fn table() -> impl Strategy<Value = String> {
    let row = prop::collection::vec(field(), 3..6).prop_map(|fields| fields.join(","));
    (
        prop::collection::vec(row, 1..30),
        prop::bool::ANY,
        prop::bool::ANY,
    )
        .prop_map(|(rows, crlf, last)| {
            let end = if crlf { "\r\n" } else { "\n" };
            // The first rows make the dialect plain.
            let head = format!("a,b,c,d{end}a,b,c,d{end}");
            head + &rows.join(end) + if last { end } else { "" }
        })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn delimited_reads_as_the_csv_crate_does(text in table()) {
        check_delimited(&text);
    }

    #[test]
    fn delimited_soup_reads_alike_in_all_parts(text in "[a\",;\n\\\\]{0,60}") {
        let whole = records(&text, "csv", 8 << 20);
        for part_bytes in PARTS {
            prop_assert_eq!(&records(&text, "csv", part_bytes), &whole);
        }
    }

    #[test]
    fn json_lines_read_as_serde_json_does(values in prop::collection::vec(object(), 1..20)) {
        let text: String = values.iter().map(|v| format!("{v}\n")).collect();
        let expected: Vec<_> = values.iter().map(|value| {
            let mut leaves = BTreeMap::new();
            flatten(value, String::new(), &mut leaves);
            leaves
        }).filter(|leaves| !leaves.is_empty()).collect();
        for part_bytes in PARTS {
            let (found, faults) = records(&text, "jsonl", part_bytes);
            prop_assert!(faults.is_empty());
            let found: Vec<_> = found.into_iter().map(|record| {
                let mut leaves = BTreeMap::<String, Vec<String>>::new();
                for (name, value) in record {
                    leaves.entry(name.unwrap_or_default()).or_default().push(value);
                }
                leaves
            }).collect();
            prop_assert_eq!(&found, &expected);
        }
    }

    #[test]
    fn json_lines_of_any_bytes_read_alike_in_all_parts(text in "[{}\\[\\]\":,a1\n\\\\]{0,60}") {
        let sorted = |(mut records, mut faults): (Vec<Record>, Vec<Fault>)| {
            records.sort();
            faults.sort();
            (records, faults)
        };
        let whole = sorted(records(&text, "jsonl", 8 << 20));
        for part_bytes in PARTS {
            prop_assert_eq!(&sorted(records(&text, "jsonl", part_bytes)), &whole);
        }
        records(&text, "json", 8 << 20);
    }
}

/// An object of a few levels.
fn object() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        any::<bool>().prop_map(serde_json::Value::from),
        any::<i64>().prop_map(serde_json::Value::from),
        "[a-z\"\\\\/\n\t山😀\u{1}]{0,8}".prop_map(serde_json::Value::from),
    ];
    let value = leaf.prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(serde_json::Value::from),
            prop::collection::btree_map("[a-c名\"]{1,2}", inner, 0..4).prop_map(from_map),
        ]
    });
    prop::collection::btree_map("[a-e\\\\]{1,2}", value, 1..5).prop_map(from_map)
}

fn from_map(members: BTreeMap<String, serde_json::Value>) -> serde_json::Value {
    serde_json::Value::Object(members.into_iter().collect())
}

/// The scalars of a value by path, at most sixteen each.
fn flatten(value: &serde_json::Value, path: String, leaves: &mut BTreeMap<String, Vec<String>>) {
    match value {
        serde_json::Value::Object(members) => {
            for (key, value) in members {
                let path = if path.is_empty() {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                flatten(value, path, leaves);
            }
        }
        serde_json::Value::Array(values) => values
            .iter()
            .for_each(|v| flatten(v, format!("{path}[]"), leaves)),
        serde_json::Value::String(text) => add(leaves, path, text.clone()),
        serde_json::Value::Null => {}
        other => add(leaves, path, other.to_string()),
    }
}

fn add(leaves: &mut BTreeMap<String, Vec<String>>, path: String, value: String) {
    let values = leaves.entry(path).or_default();
    if values.len() < 16 {
        values.push(value);
    }
}

#[test]
fn quotes_in_every_position() {
    for first in [
        "",
        "a",
        "\"",
        "\"\"",
        "\"a",
        "a\"",
        "\"a\"",
        "\"\"\"",
        "\"\n\"",
        "a\"b",
        "\"a\"b",
        "\"a,\"\"\"",
    ] {
        for second in ["", "b", "\"", "\"b\"", "b\"b", "\"\"b", "\",\"", "\"\"\"\""] {
            check_delimited(&format!(
                "k,l,m\nk,l,m\n{first},{second},x\n1,2,3\n\"4\",5,\"6\"\n"
            ));
        }
    }
}
