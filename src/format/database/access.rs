//! Microsoft Access databases (`.mdb`, `.accdb`).
//!
//! In: a Jet 3, Jet 4 or ACE file. Out: the rows of its tables, those of the system left out. A linked table has no rows
//! here: they stand in another file, and that is said.

use std::collections::HashMap;
use std::io::Cursor;
use std::ops::ControlFlow;

use jetdb::{
    CatalogEntry, FileError, ObjectType, PageReader, TableRows, Value, calculated_column_types,
    read_catalog, read_table_def,
};

use crate::format::gather::Gather;
use crate::format::json;
use crate::format::{Context, Format, Head, Reader, Sink, Table};
use crate::source::{Bytes, Code, Fault, Limits};

/// Access databases.
pub(crate) const FORMAT: Format = Format {
    name: "access",
    title: "Microsoft Access databases (.mdb, .accdb)",
    extensions: &["mdb", "accdb", "mde", "accde"],
    raw: true,
    tabular: true,
    sniff,
    open,
};

/// Days from 1899-12-30, where Access begins to count, to 1970-01-01.
const EPOCH_DAYS: f64 = 25_569.0;

fn sniff(head: &Head<'_>) -> u8 {
    let name = head.bytes.get(4..19).unwrap_or_default();
    if matches!(name, b"Standard Jet DB" | b"Standard ACE DB") {
        100
    } else {
        0
    }
}

/// Bytes as the reader of pages wants to own them.
struct Owned(Bytes);

impl AsRef<[u8]> for Owned {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

struct Database<'a> {
    bytes: &'a Bytes,
    limits: Limits,
    tables: Vec<CatalogEntry>,
    faults: Vec<Fault>,
}

fn pages(bytes: &Bytes) -> Result<PageReader, FileError> {
    PageReader::open_reader(Cursor::new(Owned(bytes.clone())))
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let whole = |error: &FileError| match error {
        FileError::PasswordRequired
        | FileError::InvalidPassword
        | FileError::UnsupportedEncryption { .. } => {
            Fault::whole(Code::Encrypted, "the whole source")
        }
        _ => Fault::whole(Code::Malformed, "the whole source"),
    };
    let mut reader = pages(bytes).map_err(|error| whole(&error))?;
    let catalog = read_catalog(&mut reader).map_err(|error| whole(&error))?;
    let is_linked =
        |kind: ObjectType| matches!(kind, ObjectType::LinkedTable | ObjectType::LinkedOdbcTable);
    let n_linked = catalog
        .iter()
        .filter(|entry| is_linked(entry.object_type))
        .count();
    let linked = Fault::whole(
        Code::Unsupported,
        format!("{n_linked} tables that stand in other files"),
    );
    let mut tables: Vec<CatalogEntry> = catalog
        .into_iter()
        .filter(|entry| entry.object_type == ObjectType::Table && !entry.is_system())
        .collect();
    tables.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Box::new(Database {
        bytes,
        limits: context.limits.clone(),
        tables,
        faults: (n_linked > 0).then_some(linked).into_iter().collect(),
    }))
}

impl Reader for Database<'_> {
    fn parts(&self) -> usize {
        self.tables.len()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let lost = |_| Fault::whole(Code::Malformed, "the rest of a table");
        let mut reader = pages(self.bytes).map_err(lost)?;
        let entry = &self.tables[part];
        let definition =
            read_table_def(&mut reader, &entry.name, entry.table_page).map_err(lost)?;
        let calculated: HashMap<_, _> = calculated_column_types(&mut reader, &definition);
        let table = Table {
            name: entry.name.clone(),
            columns: definition
                .columns
                .iter()
                .map(|column| Some(column.name.clone()))
                .collect(),
            ..Table::default()
        };
        let mut rows = Gather::new(table, &self.limits, sink);
        let mut found = TableRows::new(&definition, &calculated);
        let result = loop {
            match found.next_row(&mut reader) {
                Ok(Some(row)) => {
                    for value in &row.values {
                        rows.value(text(value).as_deref());
                    }
                    if rows.end(0).is_break() {
                        return Ok(());
                    }
                }
                Ok(None) => break Ok(()),
                Err(error) => break Err(lost(error)),
            }
        };
        let n = found.skipped_rows();
        let skipped = Fault::whole(Code::Malformed, format!("{n} rows of a table"));
        let flow = if n > 0 {
            rows.fault(skipped)
        } else {
            rows.flush()
        };
        if flow == ControlFlow::Break(()) {
            Ok(())
        } else {
            result
        }
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-16le")
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

/// A value as text.
fn text(value: &Value) -> Option<String> {
    Some(match value {
        Value::Bool(truth) => truth.to_string(),
        Value::Byte(n) => n.to_string(),
        Value::Int(n) => n.to_string(),
        Value::Long(n) => n.to_string(),
        Value::BigInt(n) => n.to_string(),
        Value::Float(n) => n.to_string(),
        Value::Double(n) => n.to_string(),
        Value::Text(text)
        | Value::Money(text)
        | Value::Numeric(text)
        | Value::Guid(text)
        | Value::DateTimeExtended(text) => text.clone(),
        Value::Timestamp(days) => {
            let mut out = Vec::new();
            // Casting saturates, and what is no number is the epoch.
            json::instant(
                ((days - EPOCH_DAYS) * 86_400_000.0).round() as i64,
                &mut out,
            );
            String::from_utf8_lossy(&out).trim_matches('"').to_owned()
        }
        Value::Binary(raw) => return std::str::from_utf8(raw).ok().map(str::to_owned),
        _ => return None,
    })
}
