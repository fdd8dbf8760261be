//! Definitions of tables as MariaDB, and MySQL up to 5.7, keep them beside the rows (`.frm`).
//!
//! In: the bytes of such a file. Out: the table's columns and the fields of its rows in InnoDB (MariaDB source, `table.cc`,
//! `unireg.h`, `field.h`; MySQL Internals Manual, "MySQL .frm File Format"; read 2026-11). Not every table can be told from
//! it: generated columns of MySQL 5.7 and MariaDB 10.1 and most types of plugins are given up.

use super::Definition;
use super::record::{Field, Layout};
use super::value::{Kind, Size, Told, Type};

/// Bytes of the file's header, and of the description of the form behind it.
const HEADER: usize = 64;
const FORM: usize = 288;
/// Bytes of a column and of a part of a key.
const COLUMN: usize = 17;
const PART: usize = 9;
const KEY: usize = 8;
/// Flags of a column: it may be absent, its number has a sign, or zeros before it.
const MAYBE_NULL: usize = 0x8000;
const SIGNED: usize = 1;
const ZEROFILL: usize = 4;
/// Flag of a key that may hold a value twice.
const NOT_UNIQUE: usize = 1;
/// Column numbers in parts of keys.
const NUMBER_BITS: usize = 0x3fff;
/// Type number of generated columns in MariaDB to 10.1, and of JSON in MySQL 5.7; the first version of MariaDB that has a number
/// of its own; and how MySQL 5.7 marks generated columns.
const GENERATED: u8 = 245;
const MARIADB: usize = 100_000;
const GENERATED_HERE: u8 = 128;
/// The first form of the file in which MariaDB tells of expressions, and bytes before all and before each of them.
const EXPRESSIONS: u8 = 11;
const EXPRESSIONS_HEAD: usize = 16;
const EXPRESSION: usize = 6;

/// The entry behind the header that names types of plugins.
const TYPES: u8 = 130;

/// Number of MyISAM where the engine is told.
const MYISAM: u8 = 9;

/// Whether bytes are the first of a definition of an InnoDB table.
pub(super) fn is_definition(bytes: &[u8]) -> bool {
    // 12 is InnoDB; a partitioned table has 20 and tells its engine elsewhere.
    engine(bytes).is_some_and(|engine| matches!(engine, 12 | 20))
}

/// Whether bytes are the first of a definition of a MyISAM table.
pub(in crate::format::database) fn is_myisam(bytes: &[u8]) -> bool {
    engine(bytes) == Some(MYISAM)
}

fn engine(bytes: &[u8]) -> Option<u8> {
    match bytes {
        [0xfe, 1, version, engine, ..] if (9..=12).contains(version) => Some(*engine),
        _ => None,
    }
}

/// Bytes with the lowest first.
struct Low<'a>(&'a [u8]);

impl<'a> Low<'a> {
    fn number(&self, at: usize, len: usize) -> Option<usize> {
        let raw = self.0.get(at..at.checked_add(len)?)?;
        Some(
            raw.iter()
                .rev()
                .fold(0, |n, &byte| n << 8 | usize::from(byte)),
        )
    }

    fn byte(&self, at: usize) -> Option<u8> {
        self.0.get(at).copied()
    }

    fn slice(&self, at: usize, len: usize) -> Option<&'a [u8]> {
        self.0.get(at..at.checked_add(len)?)
    }
}

/// What a definition tells of a table whatever its engine.
pub(in crate::format::database) struct Form {
    pub(in crate::format::database) names: Vec<String>,
    pub(in crate::format::database) columns: Vec<Column>,
    /// The columns that no row holds.
    pub(in crate::format::database) is_virtual: Vec<usize>,
    /// Bytes of a row in memory, and options of the table (`HA_OPTION_…`).
    pub(in crate::format::database) row_bytes: usize,
    pub(in crate::format::database) options: usize,
}

/// The table that a definition tells of; `None` for what is not understood.
pub(super) fn table(bytes: &[u8], name: &str) -> Option<Definition> {
    is_definition(bytes).then_some(())?;
    let form = form(bytes)?;
    let key = key(&Low(bytes), &form.columns)?;
    let fields = in_order(form.columns, &key, &form.is_virtual)?;
    Some(Definition {
        name: name.to_owned(),
        columns: form.names,
        layout: Layout {
            fields,
            n_before: None,
        },
        indexes: Vec::new(),
    })
}

/// The columns that a definition tells of; `None` for what is not understood.
pub(in crate::format::database) fn form(bytes: &[u8]) -> Option<Form> {
    let file = Low(bytes);
    let form = file.number(HEADER + file.number(4, 2)?, 4)?;
    let head = Low(file.slice(form, FORM)?);
    let n_columns = head.number(258, 2)?;
    let columns = form + FORM + head.number(260, 2)?;
    let lists = columns.checked_add(n_columns * COLUMN)?;
    let names = strings(file.slice(lists, head.number(268, 2)?)?, 0xff)
        .into_iter()
        .next()?;
    (names.len() == n_columns && n_columns > 0).then_some(())?;
    let intervals = intervals(&file, lists + head.number(268, 2)?, &head)?;
    let texts = head.number(268, 2)? + head.number(274, 2)? + head.number(284, 2)?;
    let expressions = Low(file.slice(lists + texts, head.number(286, 2)?)?);
    let is_virtual = virtual_columns(&expressions, file.byte(2)?);
    let plugins = plugins(&Low(file.slice(HEADER, file.number(4, 2)?)?));
    let is_maria = file.number(51, 4)? >= MARIADB;
    let mut columns_of = Vec::with_capacity(n_columns);
    for nth in 0..n_columns {
        let raw = Low(file.slice(columns + nth * COLUMN, COLUMN)?);
        let mut column = column(&raw, nth, &intervals, is_maria)?;
        if let Some((_, name)) = plugins.iter().find(|(of, _)| *of == nth) {
            column.field.of = Type::of_plugin(name)?;
            column.is_plugin = true;
        }
        columns_of.push(column);
    }
    Some(Form {
        names,
        columns: columns_of,
        is_virtual,
        row_bytes: file.number(16, 2)?,
        options: file.number(30, 2)?,
    })
}

/// The columns that are computed when they are read, so that no row holds them.
fn virtual_columns(raw: &Low<'_>, version: u8) -> Vec<usize> {
    let (mut at, mut found) = (EXPRESSIONS_HEAD, Vec::new());
    while version >= EXPRESSIONS
        && let (Some(kind), Some(column)) = (raw.byte(at), raw.number(at + 1, 2))
        && let (Some(len), Some(name)) = (raw.number(at + 3, 2), raw.number(at + 5, 1))
    {
        if kind == 0 {
            found.push(column);
        }
        at += EXPRESSION + name + len;
    }
    found
}

/// Lists of names: each name behind a separator, each list ended by a zero.
fn strings(raw: &[u8], separator: u8) -> Vec<Vec<String>> {
    let lists = raw.split(|&byte| byte == 0).filter(|list| !list.is_empty());
    let names = |list: &[u8]| -> Vec<String> {
        let list = list.strip_prefix(&[separator]).unwrap_or(list);
        let list = list.strip_suffix(&[separator]).unwrap_or(list);
        let names = list.split(|&byte| byte == separator);
        names
            .map(|name| String::from_utf8_lossy(name).into_owned())
            .collect()
    };
    lists.map(names).collect()
}

/// The lists of values of `ENUM` and `SET` columns.
fn intervals(file: &Low<'_>, at: usize, head: &Low<'_>) -> Option<Vec<Vec<String>>> {
    let len = head.number(274, 2)?;
    if head.number(270, 2)? == 0 {
        return Some(Vec::new());
    }
    // A value that holds the usual separator is kept apart by another, which then begins the list.
    let raw = file.slice(at, len)?;
    let lists = raw.split_inclusive(|&byte| byte == 0);
    let read = |list: &[u8]| strings(list, *list.first()?).into_iter().next();
    Some(lists.filter_map(read).collect())
}

/// Columns whose types plugins bring, with the types' names: one of the entries that MariaDB writes behind the header.
fn plugins(raw: &Low<'_>) -> Vec<(usize, String)> {
    let (mut at, mut found) = (0, Vec::new());
    while let (Some(kind), Some(short)) = (raw.byte(at), raw.number(at + 1, 1)) {
        let (len, head) = match short {
            0 => (raw.number(at + 2, 2).unwrap_or(0), 4),
            len => (len, 2),
        };
        let entry = Low(raw.slice(at + head, len).unwrap_or_default());
        let mut from = 0;
        while kind == TYPES
            && let (Some(column), Some(len)) = (entry.number(from, 1), entry.number(from + 1, 1))
            && let Some(name) = entry.slice(from + 2, len)
        {
            found.push((column, String::from_utf8_lossy(name).into_owned()));
            from += 2 + len;
        }
        at += head + len;
    }
    found
}

/// A column, as the field that it is in a row.
pub(in crate::format::database) struct Column {
    pub(in crate::format::database) field: Field,
    /// Longest value in bytes.
    pub(in crate::format::database) len: usize,
    /// Number of its type, and whether a plugin brings it.
    pub(in crate::format::database) number: u8,
    pub(in crate::format::database) is_plugin: bool,
    /// Where it stands in a row in memory, from 1; columns without a place of their own share that of the next.
    pub(in crate::format::database) at: usize,
    pub(in crate::format::database) zerofill: bool,
}

fn column(raw: &Low<'_>, nth: usize, intervals: &[Vec<String>], is_maria: bool) -> Option<Column> {
    let (flags, number, len) = (raw.number(8, 2)?, raw.byte(13)?, raw.number(3, 2)?);
    if number == GENERATED && is_maria || raw.byte(10)? == GENERATED_HERE {
        return None;
    }
    let is_list = matches!(number, 247 | 248);
    let interval = usize::from(raw.byte(12)?).wrapping_sub(1);
    let elements = intervals.get(interval).filter(|_| is_list);
    if is_list && elements.is_none() {
        return None;
    }
    let is_number = matches!(number, 1..=5 | 8 | 9 | 246);
    let of = Type::of(Told {
        number: u32::from(number),
        len,
        scale: if number == 246 { flags >> 8 & 31 } else { 0 },
        unsigned: is_number && flags & SIGNED == 0,
        collation: u32::from(raw.byte(14)?) | u32::from(raw.byte(11)?) << 8,
        elements: elements.cloned().unwrap_or_default(),
    })?;
    // The key holds but the beginning of a long text.
    let len = if matches!(number, 249..=252) {
        usize::MAX
    } else {
        len
    };
    let field = Field {
        column: Some(nth),
        of,
        nullable: flags & MAYBE_NULL != 0,
        added: 0,
        dropped: 0,
        default: None,
    };
    Some(Column {
        field,
        len,
        number,
        is_plugin: false,
        at: raw.number(5, 3)?,
        zerofill: is_number && flags & ZEROFILL != 0,
    })
}

/// The columns of the key by which the rows stand, each with the bytes of it that belong to the key: the first that holds no
/// value twice and none that is absent. Empty where there is none.
fn key(file: &Low<'_>, columns: &[Column]) -> Option<Vec<(usize, usize)>> {
    let start = file.number(6, 2)?;
    let (first, second) = (
        usize::from(file.byte(start)?),
        usize::from(file.byte(start + 1)?),
    );
    let n = if first & 0x80 == 0 {
        first
    } else {
        second << 7 | first & 0x7f
    };
    let mut at = start + 6;
    for _ in 0..n {
        let (flags, n_parts) = (file.number(at, 2)?, usize::from(file.byte(at + 4)?));
        let parts = (0..n_parts).map(|part| {
            let at = at + KEY + part * PART;
            let column = (file.number(at, 2)? & NUMBER_BITS).checked_sub(1)?;
            Some((column, file.number(at + 7, 2)?))
        });
        let parts: Vec<(usize, usize)> = parts.collect::<Option<_>>()?;
        // The flag is kept turned.
        let unique = flags & NOT_UNIQUE == 0;
        let whole = parts.iter().all(|(column, _)| {
            columns
                .get(*column)
                .is_some_and(|column| !column.field.nullable)
        });
        if unique && whole && n_parts > 0 {
            return Some(parts);
        }
        at += KEY + n_parts * PART;
    }
    Some(Vec::new())
}

/// The fields as they stand in a row: the key, what InnoDB adds, and the other columns in order.
fn in_order(
    columns: Vec<Column>,
    key: &[(usize, usize)],
    is_virtual: &[usize],
) -> Option<Vec<Field>> {
    let hidden = |len| Field {
        column: None,
        of: Type::hidden(len),
        nullable: false,
        added: 0,
        dropped: 0,
        default: None,
    };
    let (mut row, mut in_key) = (Vec::new(), vec![false; columns.len()]);
    for &(nth, len) in key {
        let column = columns.get(nth)?;
        let mut field = column.field.clone();
        let is_text = matches!(field.of.kind, Kind::Text { .. } | Kind::Bytes);
        if is_text && len < column.len {
            field.column = None;
            if let Size::Fixed(whole) = &mut field.of.size {
                *whole = len.min(*whole);
            }
        } else {
            in_key[nth] = true;
        }
        row.push(field);
    }
    if key.is_empty() {
        row.push(hidden(6));
    }
    row.extend([hidden(6), hidden(7)]);
    for (nth, column) in columns.into_iter().enumerate() {
        if !in_key[nth] && !is_virtual.contains(&nth) {
            row.push(column.field);
        }
    }
    Some(row)
}
