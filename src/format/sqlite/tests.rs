//! Databases as SQLite writes them, whole and broken.

use super::*;

const SCHEMA: &str = "CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, score REAL, raw BLOB);
    INSERT INTO users VALUES (-5,'Anna',1.5,x'6869'),(7,'山田',NULL,x'ff00ff'),(9000000000,'',2.0,'text');
    CREATE TABLE codes(code TEXT PRIMARY KEY, rowid TEXT) WITHOUT ROWID;
    INSERT INTO codes VALUES ('a','1'),('b','2');
    CREATE VIEW v AS SELECT * FROM users;
    CREATE VIRTUAL TABLE notes USING fts5(body);
    INSERT INTO notes VALUES ('call Anna');";

fn database(schema: &str) -> Vec<u8> {
    let file = tempfile::NamedTempFile::new().unwrap();
    Connection::open(file.path())
        .unwrap()
        .execute_batch(schema)
        .unwrap();
    std::fs::read(file.path()).unwrap()
}

fn records(bytes: Vec<u8>, limits: &Limits) -> (Vec<String>, Vec<Code>) {
    let bytes = Bytes::owned(bytes);
    let context = Context {
        stem: String::new(),
        encoding: crate::text::Encoding::Utf8,
        limits: limits.clone(),
        header: |_, _| true,
        ..crate::format::tests::context()
    };
    let (mut records, mut faults) = (Vec::new(), Vec::new());
    let reader = match open(&bytes, &context) {
        Ok(reader) => reader,
        Err(fault) => return (records, vec![fault.code]),
    };
    faults.extend(reader.faults().iter().map(|fault| fault.code));
    for part in 0..reader.parts() {
        let mut said = Vec::new();
        let mut sink = |item: Item<'_>| {
            let batch = match item {
                Item::Batch(batch) => batch,
                Item::Member(member) => {
                    let bytes = member.bytes.expect("it is small").to_vec();
                    let shown = String::from_utf8_lossy(&bytes).replace('\0', "|");
                    records.push(format!("[{}: {}]", member.name, shown.trim_matches('|')));
                    return ControlFlow::Continue(());
                }
                Item::Fault(fault) => {
                    said.push(fault.code);
                    return ControlFlow::Continue(());
                }
            };
            for row in batch.cells.chunks(batch.table.columns.len()) {
                let cells = row.iter().zip(&batch.table.columns).map(|(cell, name)| {
                    let text = String::from_utf8_lossy(&batch.bytes[cell.range()]).into_owned();
                    format!(
                        "{}={}",
                        name.as_deref().unwrap_or("#"),
                        if cell.is_absent() {
                            "NULL".to_owned()
                        } else {
                            text
                        }
                    )
                });
                records.push(format!(
                    "{}({})",
                    batch.table.name,
                    cells.collect::<Vec<_>>().join(",")
                ));
            }
            ControlFlow::Continue(())
        };
        let last = reader.read(part, &mut sink).err();
        faults.extend(said);
        faults.extend(last.map(|fault| fault.code));
    }
    (records, faults)
}

#[test]
fn rows_of_every_table_in_any_parts() {
    let expected = [
        "codes(code=a,rowid=1)",
        "codes(code=b,rowid=2)",
        "notes_content(id=1,c0=call Anna)",
        "users(id=-5,name=Anna,score=1.5,raw=hi)",
        "users(id=7,name=山田,score=NULL,raw=NULL)",
        "users(id=9000000000,name=,score=2.0,raw=text)",
    ];
    let bytes = database(SCHEMA);
    for part_bytes in [1, 64, 8 << 20] {
        for in_memory_bytes in [0, 32 << 20] {
            let limits = Limits {
                part_bytes,
                in_memory_bytes,
                ..Limits::default()
            };
            let (found, faults) = records(bytes.clone(), &limits);
            assert_eq!(found, expected, "parts of {part_bytes} bytes");
            assert_eq!(faults, []);
        }
    }
}

#[test]
fn blobs_are_texts_files_or_gathered() {
    // UTF-16, a zip, a picture, a packed message.
    let bytes = database(
        "CREATE TABLE t(a, b); INSERT INTO t VALUES (1, x'610040006200630064002e00'), (x'504b0304ff', x'ffd8ff41'), (2, x'08ff614062632e6465');
         INSERT INTO t VALUES (3, x'08ff614062632e6466');",
    );
    for part_bytes in [1, 8 << 20] {
        let limits = Limits {
            part_bytes,
            ..Limits::default()
        };
        let expected = [
            "t(a=1,b=a@bcd.)",
            "t(a=NULL,b=NULL)",
            "t(a=2,b=NULL)",
            "t(a=3,b=NULL)",
            "[t (blob 1): PK\u{3}\u{4}\u{fffd}]",
            "[t (blobs): \u{8}\u{fffd}a@bc.de||||||||||||||||\u{8}\u{fffd}a@bc.df]",
            "[t (pictures and sound): \u{fffd}\u{fffd}\u{fffd}A]",
        ];
        assert_eq!(
            records(bytes.clone(), &limits),
            (expected.map(String::from).to_vec(), vec![])
        );
    }
}

#[test]
fn wal_mode_and_utf16_are_read() {
    let bytes = database(
        "PRAGMA encoding='UTF-16le'; PRAGMA journal_mode=wal; CREATE TABLE t(a); INSERT INTO t VALUES ('山田');",
    );
    assert_eq!(bytes[18], 2, "the header says WAL");
    for in_memory_bytes in [0, 32 << 20] {
        let limits = Limits {
            in_memory_bytes,
            ..Limits::default()
        };
        assert_eq!(
            records(bytes.clone(), &limits),
            (vec!["t(a=山田)".to_owned()], vec![])
        );
    }
}

#[test]
fn broken_databases_are_malformed() {
    let bytes = database(SCHEMA);
    for len in (0..bytes.len()).step_by(509) {
        let (found, faults) = records(bytes[..len].to_vec(), &Limits::default());
        assert!(found.len() <= 12);
        assert!(len == 0 || !faults.is_empty(), "cut at {len}");
    }
    for at in (100..bytes.len()).step_by(97) {
        let mut bytes = bytes.clone();
        bytes[at] ^= 0xff;
        // It may read differently, but it ends.
        let _ = records(bytes, &Limits::default());
    }
    assert_eq!(
        records(
            b"SQLite format 3\0 and no more".to_vec(),
            &Limits::default()
        )
        .1,
        [Code::Malformed]
    );
}
