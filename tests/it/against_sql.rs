//! A dump read by us against the same dump loaded into SQLite and read there.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use leakscope::format::{Context, Item, Reader, sql, sqlite};
use leakscope::source::{Budget, Bytes, Limits};
use leakscope::text::{Encoding, unescape};

/// Records by table, sorted; `None` is NULL.
type Tables = BTreeMap<String, Vec<Vec<Option<String>>>>;

fn read(reader: &dyn Reader) -> Tables {
    let mut tables = Tables::new();
    for part in 0..reader.parts() {
        let mut sink = |item: Item<'_>| {
            let batch = match item {
                Item::Batch(batch) => batch,
                // Blobs that are no text, which dumps do not give.
                Item::Member(_) => return ControlFlow::Continue(()),
                Item::Fault(fault) => panic!("no faults: {}", fault.code),
            };
            let rows = tables.entry(batch.table.name.clone()).or_default();
            for row in batch.cells.chunks(batch.table.columns.len()) {
                let cells = row.iter().map(|cell| {
                    let text = batch
                        .encoding
                        .decode(&batch.bytes[cell.range()])
                        .0
                        .into_owned();
                    let mut plain = String::new();
                    if cell.is_escaped() {
                        unescape(&text, batch.escape, &mut plain);
                    } else {
                        plain = text;
                    }
                    (!cell.is_absent()).then_some(plain)
                });
                rows.push(cells.collect());
            }
            ControlFlow::Continue(())
        };
        reader.read(part, &mut sink).expect("the part is sound");
    }
    assert_eq!(reader.faults(), []);
    tables.values_mut().for_each(|rows| rows.sort());
    tables
}

/// Awkward texts, by a fixed sequence.
fn text(seed: u32) -> String {
    const PIECES: [&str; 16] = [
        "O'Brien",
        "''",
        "\\",
        "\\'",
        "\"",
        ";\n",
        "-- ",
        "/*",
        "*/",
        "山田 太郎",
        "),(",
        "a@example.com",
        "\t",
        "%_",
        "INSERT INTO t VALUES ('",
        "\r\n",
    ];
    let mut state = seed.wrapping_mul(2_654_435_761) | 1;
    let mut text = String::new();
    for _ in 0..seed % 6 {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        text.push_str(PIECES[(state >> 28) as usize]);
    }
    text
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// A dump as `sqlite3 .dump` and Python's `iterdump` write it: a statement per row, or many rows in one.
fn dump(rows_per_statement: u32) -> String {
    let mut dump = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n\
        CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, \"no te\" TEXT, blob BLOB);\nCREATE TABLE log(at TEXT, what TEXT);\n"
        .to_owned();
    for row in 0..600_u32 {
        let values = format!(
            "({row},{},{},{})",
            literal(&text(row)),
            if row % 7 == 0 {
                "NULL".to_owned()
            } else {
                literal(&text(row + 1_000))
            },
            if row % 5 == 0 { "X'e5b1b1'" } else { "-1" },
        );
        let begins = row % rows_per_statement == 0;
        let ends = row % rows_per_statement == rows_per_statement - 1 || row == 599;
        dump += if begins {
            "INSERT INTO users VALUES"
        } else {
            ","
        };
        dump += &values;
        dump += if ends { ";\n" } else { "" };
        if ends && row % 3 == 0 {
            dump += &format!(
                "INSERT INTO log(what,at) VALUES({},'2026-01-01');\n",
                literal(&text(row + 5_000))
            );
        }
    }
    dump + "COMMIT;\n"
}

#[test]
fn dumps_read_as_sqlite_reads_them() {
    for rows_per_statement in [1, 4, 1_000] {
        let dump = dump(rows_per_statement);
        let file = tempfile::NamedTempFile::new().expect("a temporary file");
        let connection = rusqlite::Connection::open(file.path()).expect("a new database");
        connection
            .execute_batch(&dump)
            .expect("SQLite reads the dump");
        // Our order of columns is the statement's.
        connection.execute_batch("CREATE TABLE l(what, at); INSERT INTO l SELECT what, at FROM log; DROP TABLE log; ALTER TABLE l RENAME TO log")
            .expect("the table is there");
        drop(connection);
        let database = Bytes::owned(std::fs::read(file.path()).expect("the database"));
        let dump = Bytes::owned(dump.into_bytes());
        for part_bytes in [64, 1_000, 8 << 20] {
            let limits = Limits {
                part_bytes,
                ..Limits::default()
            };
            let context = Context {
                stem: String::new(),
                encoding: Encoding::Utf8,
                limits,
                budget: Budget::default(),
                header: |_, _| true,
                columns: None,
                memos: None,
                definition: None,
                heap: None,
                apart: None,
                alone: false,
            };
            let ours = read(&*sql::open(&dump, &context).expect("a dump opens"));
            let mut theirs = read(&*sqlite::open(&database, &context).expect("a database opens"));
            // What a dropped table left behind is no part of the dump.
            theirs.retain(|table, _| !table.ends_with("(remnants)"));
            assert!(ours["users"].len() == 600);
            assert_eq!(ours, theirs, "parts of {part_bytes} bytes");
        }
    }
}
