//! The dictionary that MySQL 8 keeps in each tablespace (SDI).
//!
//! In: a tablespace. Out: its tables: their columns, the fields of their rows, and the numbers of the indexes in which the rows
//! stand. Each object is JSON, packed, in a record of an index of its own (MySQL 8.4 Reference Manual, "Serialized Dictionary
//! Information"; `dict0sdi.h`, `dd/types/column.h`; read 2026-11).

use std::collections::BTreeSet;
use std::io::Read;

use flate2::read::ZlibDecoder;
use serde::Deserialize;

use super::Definition;
use super::record::{Field, Layout, Stored, is_deleted};
use super::space::{SDI, Space};
use super::value::{Kind, Size, Told, Type, number};

/// Bytes of one object, packed and not: a table of a thousand columns has 2 MB.
const PACKED: usize = 4 << 20;
const UNPACKED: u64 = 32 << 20;
/// Objects of one tablespace at most.
const OBJECTS: usize = 100_000;
/// The kind of object that is a table.
const TABLE: u64 = 1;
/// Names of dropped columns begin so: `!hidden!_dropped_v1_p3_NAME`.
const DROPPED: &str = "!hidden!_dropped_v";

#[derive(Deserialize)]
struct Object {
    dd_object: Table,
}

#[derive(Deserialize)]
struct Table {
    name: String,
    columns: Vec<Column>,
    indexes: Vec<Index>,
    #[serde(default)]
    partitions: Vec<Partition>,
    #[serde(default)]
    se_private_data: String,
}

#[derive(Deserialize)]
struct Column {
    name: String,
    /// One more than the number in `enum_field_types`, where that is small.
    #[serde(rename = "type")]
    number: u32,
    #[serde(default)]
    is_nullable: bool,
    #[serde(default)]
    is_unsigned: bool,
    #[serde(default)]
    is_virtual: bool,
    /// 2 for InnoDB's own.
    #[serde(default)]
    hidden: u8,
    #[serde(default)]
    char_length: usize,
    #[serde(default)]
    numeric_scale: usize,
    #[serde(default)]
    collation_id: u32,
    #[serde(default)]
    column_type_utf8: String,
    #[serde(default)]
    se_private_data: String,
}

#[derive(Deserialize)]
struct Index {
    #[serde(default)]
    se_private_data: String,
    #[serde(default)]
    elements: Vec<Element>,
}

#[derive(Deserialize)]
struct Element {
    length: u64,
    column_opx: usize,
}

#[derive(Deserialize)]
struct Partition {
    #[serde(default)]
    indexes: Vec<Index>,
    #[serde(default)]
    subpartitions: Vec<Partition>,
    #[serde(default)]
    se_private_data: String,
}

/// The tables of a tablespace that has a dictionary, and how many could not be understood; `None` where there is none.
pub(super) fn tables(space: &Space<'_>) -> Option<(Vec<Definition>, usize)> {
    let root = space.dictionary()?;
    let (mut tables, mut n_bad) = (Vec::new(), 0);
    for packed in objects(space, root) {
        let json = packed.and_then(|packed| unpacked(&packed));
        let object = json.and_then(|json| serde_json::from_slice::<Object>(&json).ok());
        match object.and_then(|object| definition(&object.dd_object)) {
            Some(table) => tables.push(table),
            None => n_bad += 1,
        }
    }
    Some((tables, n_bad))
}

fn unpacked(packed: &[u8]) -> Option<Vec<u8>> {
    let mut json = Vec::new();
    let mut decoder = ZlibDecoder::new(packed).take(UNPACKED);
    decoder.read_to_end(&mut json).ok()?;
    Some(json)
}

/// The packed tables, in the order of the dictionary; `None` for one that is not whole.
fn objects(space: &Space<'_>, root: usize) -> Vec<Option<Vec<u8>>> {
    let fixed = |len| (Type::hidden(len), false);
    let data = Type {
        kind: Kind::Bytes,
        size: Size::Long,
    };
    // Kind and number of the object, InnoDB's own fields, lengths of the object as it is and packed, and the object.
    let kinds = [
        fixed(4),
        fixed(8),
        fixed(6),
        fixed(7),
        fixed(4),
        fixed(4),
        (data, false),
    ];
    let field = |(of, nullable)| Field {
        column: None,
        of,
        nullable,
        added: 0,
        dropped: 0,
        default: None,
    };
    let layout = Layout {
        fields: kinds.into_iter().map(field).collect(),
        n_before: None,
    };
    let (mut nth, mut seen, mut objects) = (Some(root), BTreeSet::new(), Vec::new());
    while let Some(node) = nth
        .filter(|&nth| seen.insert(nth))
        .and_then(|nth| space.node(nth))
    {
        let (origins, _) = node.records();
        if node.kind != SDI || objects.len() > OBJECTS {
            break;
        }
        if node.level() > 0 {
            let first = origins
                .first()
                .and_then(|&at| node.page.get(at + 12..at + 16));
            nth = first.map(|raw| number(raw) as usize);
            continue;
        }
        let live = origins
            .into_iter()
            .filter(|&origin| !is_deleted(&node, origin));
        for stored in live.map(|origin| layout.read(&node, origin)) {
            let Some(stored) = stored else {
                objects.push(None);
                continue;
            };
            if !matches!(stored[0], Stored::Here(kind) if number(kind) == TABLE) {
                continue;
            }
            objects.push(match stored[6] {
                Stored::Here(raw) => Some(raw.to_vec()),
                Stored::Outside(raw) => raw.len().checked_sub(20).and_then(|at| {
                    Some([&raw[..at], &space.outside(&raw[at..], PACKED)?].concat())
                }),
                _ => None,
            });
        }
        nth = node.next();
    }
    objects
}

/// The value of a key in `key=value;…`.
fn told<'t>(data: &'t str, key: &str) -> Option<&'t str> {
    let of_key = |pair: &'t str| pair.strip_prefix(key)?.strip_prefix('=');
    data.split(';').find_map(of_key)
}

fn count(data: &str, key: &str) -> Option<usize> {
    told(data, key)?.parse().ok()
}

/// A table as its dictionary tells it; `None` for one that cannot be understood.
fn definition(table: &Table) -> Option<Definition> {
    let is_trx = |element: &Element| {
        let column = table.columns.get(element.column_opx);
        column.is_some_and(|column| column.name == "DB_TRX_ID" && is_internal(column))
    };
    // The rows stand in the index that holds what InnoDB adds to them.
    let nth = table
        .indexes
        .iter()
        .position(|index| index.elements.iter().any(is_trx))?;
    let index = &table.indexes[nth];
    let mut indexes: Vec<u64> = id(index).into_iter().collect();
    parts(&table.partitions, nth, &mut indexes);
    let (names, places) = names(table);
    let fields = fields(table, index, &places)?;
    let instant = table
        .partitions
        .iter()
        .find_map(|part| count(&part.se_private_data, "instant_col"));
    let instant = count(&table.se_private_data, "instant_col").or(instant);
    let own = table.columns.iter().filter(|column| !is_internal(column));
    let n_now = own.filter(|column| version(column, "version_dropped") == 0);
    let n_old = n_now
        .filter(|column| version(column, "version_added") == 0 && !column.is_virtual)
        .count();
    let n_fields = fields.iter().filter(|field| field.added == 0).count();
    // So many columns there were before; the fields of those that came after stand last.
    let n_before = instant.map(|n| n_fields.saturating_sub(n_old.saturating_sub(n)));
    Some(Definition {
        name: table.name.clone(),
        columns: names,
        layout: Layout { fields, n_before },
        indexes,
    })
}

fn id(index: &Index) -> Option<u64> {
    told(&index.se_private_data, "id")?.parse().ok()
}

fn parts(partitions: &[Partition], nth: usize, indexes: &mut Vec<u64>) {
    for partition in partitions {
        indexes.extend(partition.indexes.get(nth).and_then(id));
        // Partitions have one level of parts.
        let below = partition.subpartitions.iter();
        indexes.extend(below.filter_map(|part| part.indexes.get(nth).and_then(id)));
    }
}

fn version(column: &Column, key: &str) -> u8 {
    told(&column.se_private_data, key)
        .and_then(|version| version.parse().ok())
        .unwrap_or(0)
}

/// Names of the columns that have values, and which of them each of the dictionary's is. Those that were dropped stand last:
/// older rows still have their values.
fn names(table: &Table) -> (Vec<String>, Vec<Option<usize>>) {
    let (mut names, mut places) = (Vec::new(), vec![None; table.columns.len()]);
    for dropped in [false, true] {
        for (place, column) in places.iter_mut().zip(&table.columns) {
            let old = column.name.strip_prefix(DROPPED);
            if old.is_some() != dropped || column.is_virtual || column.hidden == 2 && !dropped {
                continue;
            }
            *place = Some(names.len());
            let old = old.map(|rest| rest.splitn(3, '_').nth(2).unwrap_or(rest));
            names.push(old.map_or_else(|| column.name.clone(), |name| format!("{name} (dropped)")));
        }
    }
    (names, places)
}

/// Whether a column is one that InnoDB adds to every table.
fn is_internal(column: &Column) -> bool {
    column.hidden == 2 && matches!(&*column.name, "DB_TRX_ID" | "DB_ROLL_PTR" | "DB_ROW_ID")
}

fn kind(column: &Column) -> Option<Type> {
    if is_internal(column) {
        return Some(Type::hidden(column.char_length.min(8)));
    }
    Type::of(Told {
        number: match column.number {
            number @ 1..=20 => number - 1,
            number @ 21..=30 => number + 225,
            31 => 245,
            32 => 242,
            _ => return None,
        },
        len: column.char_length,
        scale: column.numeric_scale,
        unsigned: column.is_unsigned,
        collation: column.collation_id,
        elements: elements(&column.column_type_utf8),
    })
}

/// The values of `enum('a','b')`.
fn elements(told: &str) -> Vec<String> {
    if !told.starts_with("enum(") && !told.starts_with("set(") {
        return Vec::new();
    }
    let (mut elements, mut now) = (Vec::new(), None::<String>);
    let mut chars = told.chars().peekable();
    while let Some(c) = chars.next() {
        match &mut now {
            Some(text) if c == '\'' && chars.peek() == Some(&'\'') => text.extend(chars.next()),
            Some(_) if c == '\'' => elements.extend(now.take()),
            Some(text) => text.push(c),
            None if c == '\'' => now = Some(String::new()),
            None => {}
        }
    }
    elements
}

fn unhex(hex: &str) -> Option<Vec<u8>> {
    let pair = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
    (0..hex.len()).step_by(2).map(pair).collect()
}

fn field(column: &Column, place: Option<usize>) -> Option<Field> {
    Some(Field {
        column: place,
        of: kind(column)?,
        nullable: column.is_nullable,
        added: version(column, "version_added"),
        dropped: version(column, "version_dropped"),
        default: told(&column.se_private_data, "default").and_then(unhex),
    })
}

/// The fields of the rows: as the index lists them, or, once columns came or went instantly, by the places that they keep.
fn fields(table: &Table, index: &Index, places: &[Option<usize>]) -> Option<Vec<Field>> {
    let mut listed = Vec::new();
    for element in &index.elements {
        let column = table.columns.get(element.column_opx)?;
        let mut field = field(column, places[element.column_opx])?;
        let is_text = matches!(field.of.kind, Kind::Text { .. } | Kind::Bytes);
        let is_part = is_text && element.length < column.char_length as u64;
        if is_part {
            field.column = None;
            if let Size::Fixed(len) = &mut field.of.size {
                *len = (*len).min(element.length as usize);
            }
        }
        listed.push((field, is_part));
    }
    let is_versioned = |column: &Column| {
        version(column, "version_added") > 0 || version(column, "version_dropped") > 0
    };
    if !table.columns.iter().any(is_versioned) {
        return Some(listed.into_iter().map(|(field, _)| field).collect());
    }
    let placed = table.columns.iter().zip(places);
    let placed = placed.filter_map(|(column, place)| {
        let at = count(&column.se_private_data, "physical_pos")?;
        Some((at, column, *place))
    });
    let mut fields: Vec<Option<Field>> = Vec::new();
    for (at, column, place) in placed {
        if at > 2 * table.columns.len() + index.elements.len() {
            return None;
        }
        fields.resize(fields.len().max(at + 1), None);
        fields[at] = Some(field(column, place)?);
    }
    // Parts of columns in the key have no place of their own.
    let mut keys = listed
        .into_iter()
        .filter(|(_, is_part)| *is_part)
        .map(|(field, _)| field);
    fields
        .into_iter()
        .map(|field| field.or_else(|| keys.next()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_enums() {
        assert_eq!(elements("enum('a','it''s','東京')"), ["a", "it's", "東京"]);
        assert_eq!(elements("varchar(10)"), [""; 0]);
    }

    #[test]
    fn keys_and_hex() {
        let data = "default=616263;physical_pos=4;version_added=2;";
        assert_eq!(told(data, "version_added"), Some("2"));
        assert_eq!(told(data, "pos"), None);
        assert_eq!(unhex("616263").as_deref(), Some(&b"abc"[..]));
        assert_eq!(unhex("6é"), None);
        assert_eq!(unhex("616"), None);
    }
}
