//! What a database's own tables tell of its others.
//!
//! In: the files `pg_class`, `pg_attribute`, `pg_type` and `pg_enum` of one database, found by its `pg_filenode.map`. Out: the
//! name and the columns of the table in each file. The columns of `pg_attribute` differ between versions, so they are found by
//! what it says of itself (PostgreSQL 17 documentation, chapter 51; `relmapper.c`, `pg_attribute.h`; read 2026-11).

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use super::page::{PAGE, Row, Transactions, low, rows};
use super::value::TEXT;
use crate::source::Bytes;
use crate::text::Encoding;

/// The first bytes of the map of files, and its entries at most.
const MAP: u64 = 0x59_2717;
const MAPPED: usize = 64;
/// Numbers of the catalogue's tables.
const CLASS: u32 = 1_259;
const ATTRIBUTE: u32 = 1_249;
const TYPE: u32 = 1_247;
const ENUM: u32 = 3_501;
const DATABASE: u32 = 1_262;
/// The first number that is not of the catalogue.
const FIRST_OWN: u32 = 16_384;
/// Columns of all tables of a database that are remembered: 300 MB.
const COLUMNS: usize = 2_000_000;
/// Types built on types.
const DEPTH: usize = 8;
/// Where `pg_attribute` has the length and the number of a column: since PostgreSQL 16, and before.
const PLACES: [(usize, usize); 2] = [(72, 74), (76, 78)];
const NAME: usize = 64;

/// A column of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Column {
    pub(super) name: String,
    /// Number of its type; 0 when it was dropped.
    pub(super) kind: u32,
    /// Bytes of its values; negative for values of varying length.
    pub(super) len: i16,
    pub(super) align: usize,
}

/// The table that stands in a file.
#[derive(Clone, Debug, Default)]
struct Relation {
    name: String,
    columns: Vec<Column>,
    /// File of its long values.
    long: Option<u32>,
}

/// The tables of a database by their files.
pub struct Catalogue {
    tables: BTreeMap<u32, Relation>,
    labels: Arc<BTreeMap<u32, String>>,
    log: Arc<Transactions>,
    encoding: Encoding,
}

/// What tells how a table's file is read.
pub struct Heap {
    pub(super) name: String,
    pub(super) columns: Vec<Column>,
    /// Files of its long values, in order.
    pub(super) long: Vec<Bytes>,
    /// Where the parts of each long value stand: its number, the part's, the file's and the place in it.
    pub(super) parts: OnceLock<Vec<(u32, u32, u32, u64)>>,
    pub(super) labels: Arc<BTreeMap<u32, String>>,
    pub(super) log: Arc<Transactions>,
    pub(super) encoding: Encoding,
}

impl std::fmt::Debug for Heap {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "a table of {} columns", self.columns.len())
    }
}

/// A table of the catalogue: its rows, and where its columns of fixed length stand.
struct Known<'c> {
    bytes: Bytes,
    log: &'c Transactions,
    places: BTreeMap<String, (usize, usize)>,
}

impl Known<'_> {
    /// Calls `take` with every live row.
    fn each(&self, take: &mut dyn FnMut(&Self, Row<'_>)) {
        for page in self.bytes.chunks_exact(PAGE) {
            for row in rows(page).0 {
                if row.is_live(self.log) {
                    take(self, row);
                }
            }
        }
    }

    fn number(&self, row: &Row<'_>, column: &str) -> Option<u64> {
        let &(at, len) = self.places.get(column)?;
        low(row.data(), at, len)
    }

    /// The row's number in the catalogue.
    fn id(&self, row: &Row<'_>) -> Option<u32> {
        row.number()
            .or_else(|| Some(self.number(row, "oid")? as u32))
    }

    fn name(&self, row: &Row<'_>, column: &str) -> String {
        let at = self.places.get(column).map_or(usize::MAX, |(at, _)| *at);
        name(row.data(), at).unwrap_or_default()
    }
}

fn name(data: &[u8], at: usize) -> Option<String> {
    let raw = data.get(at..at.checked_add(NAME)?)?;
    let end = raw.iter().position(|&byte| byte == 0)?;
    Some(String::from_utf8_lossy(&raw[..end]).into_owned())
}

/// The files of the tables that a map tells of.
fn files(map: &[u8]) -> BTreeMap<u32, u32> {
    let count = low(map, 4, 4)
        .filter(|_| low(map, 0, 4) == Some(MAP))
        .unwrap_or(0);
    let pairs = map.get(8..).unwrap_or_default().chunks_exact(8);
    let pairs = pairs.take((count as usize).min(MAPPED));
    let number = |raw: &[u8], at| low(raw, at, 4).unwrap_or(0) as u32;
    pairs
        .map(|pair| (number(pair, 0), number(pair, 4)))
        .collect()
}

/// Places of columns of fixed length, up to the first that is none.
fn places(columns: &[Column]) -> BTreeMap<String, (usize, usize)> {
    let (mut at, mut places) = (0usize, BTreeMap::new());
    for column in columns {
        let Ok(len) = usize::try_from(column.len) else {
            break;
        };
        at = at.next_multiple_of(column.align);
        places.insert(column.name.clone(), (at, len));
        at += len;
    }
    places
}

/// Bytes to whose multiple a value moves, by the letter that tells it.
fn align(letter: Option<u64>, len: i16) -> usize {
    match letter.map(|letter| letter as u8) {
        Some(b'c') => 1,
        Some(b's') => 2,
        Some(b'i') => 4,
        Some(b'd') => 8,
        // Of the catalogue's own columns the length tells.
        _ => match len {
            2 => 2,
            4 => 4,
            8 => 8,
            _ => 1,
        },
    }
}

/// What `pg_attribute` says of itself, told by where the length and the number of a column stand.
fn own_places(bytes: &Bytes, log: &Transactions) -> Option<BTreeMap<String, (usize, usize)>> {
    PLACES.iter().find_map(|&(len_at, number_at)| {
        let mut columns: BTreeMap<i16, Column> = BTreeMap::new();
        let rows = bytes.chunks_exact(PAGE).flat_map(|page| rows(page).0);
        for row in rows.filter(|row| row.is_live(log)) {
            let data = row.data();
            let number = low(data, number_at, 2).unwrap_or(0) as i16;
            if low(data, 0, 4) == Some(u64::from(ATTRIBUTE)) && number > 0 {
                let len = low(data, len_at, 2).unwrap_or(0) as i16;
                let name = name(data, 4).unwrap_or_default();
                columns.insert(
                    number,
                    Column {
                        name,
                        kind: 0,
                        len,
                        align: align(None, len),
                    },
                );
            }
        }
        let is = |nth: i16, name: &str, len: i16| {
            columns
                .get(&nth)
                .is_some_and(|column| column.name == name && column.len == len)
        };
        let right = is(1, "attrelid", 4) && is(2, "attname", 64) && is(3, "atttypid", 4);
        let columns: Vec<Column> = columns.into_values().collect();
        let places = places(&columns);
        let agrees = places.get("attlen").map(|place| place.0) == Some(len_at);
        (right && agrees).then_some(places)
    })
}

impl Catalogue {
    /// Reads the catalogue of a database: its map of files, its files by their numbers, the log of transactions, and the map
    /// and files of the tables that all databases share. `database` is the number of this one.
    pub fn read(
        map: &[u8],
        file: &dyn Fn(u32) -> Option<Bytes>,
        log: Arc<Transactions>,
        shared: Option<Shared<'_>>,
    ) -> Option<Self> {
        let files = files(map);
        let attributes = file(*files.get(&ATTRIBUTE)?)?;
        let own = own_places(&attributes, &log)?;
        let columns = columns(Known {
            bytes: attributes,
            log: &log,
            places: own,
        });
        let open = |file: Option<Bytes>, number: u32| {
            let places = places(columns.get(&number)?);
            Some(Known {
                bytes: file?,
                log: &log,
                places,
            })
        };
        let class = open(file(*files.get(&CLASS)?), CLASS)?;
        let kinds = open(files.get(&TYPE).and_then(|&nth| file(nth)), TYPE);
        let (tables, enums) = relations(&class, &columns, &kinds.map(bases).unwrap_or_default());
        let labels = enums
            .and_then(|nth| open(file(nth), ENUM))
            .map(labels)
            .unwrap_or_default();
        let encoding = shared.and_then(|shared| {
            let nth = super::catalogue::files(shared.map)
                .get(&DATABASE)
                .copied()?;
            encoding(&open((shared.file)(nth), DATABASE)?, shared.database)
        });
        Some(Self {
            tables,
            labels: Arc::new(labels),
            encoding: encoding.unwrap_or(Encoding::Utf8),
            log,
        })
    }

    /// What tells how the file of a number is read, if a table of the database's users stands in it; `file` gives the files
    /// of its long values.
    pub fn table(&self, number: u32, file: &dyn Fn(u32) -> Vec<Bytes>) -> Option<Heap> {
        let table = self.tables.get(&number)?;
        Some(Heap {
            name: table.name.clone(),
            columns: table.columns.clone(),
            long: table.long.map(file).unwrap_or_default(),
            parts: OnceLock::new(),
            labels: Arc::clone(&self.labels),
            log: Arc::clone(&self.log),
            encoding: self.encoding,
        })
    }

    /// The files that hold long values of other files' tables.
    pub fn long_values(&self) -> impl Iterator<Item = u32> + '_ {
        self.tables.values().filter_map(|table| table.long)
    }
}

/// What all databases of a cluster share.
pub struct Shared<'f> {
    /// The map of files.
    pub map: &'f [u8],
    /// A file by its number.
    pub file: &'f dyn Fn(u32) -> Option<Bytes>,
    /// Number of the database in question.
    pub database: u32,
}

/// The columns of every table by its number.
fn columns(attributes: Known<'_>) -> BTreeMap<u32, Vec<Column>> {
    let mut all: BTreeMap<(u32, u16), Column> = BTreeMap::new();
    attributes.each(&mut |known, row| {
        let number = |column: &str| known.number(&row, column);
        let (Some(table), Some(nth)) = (number("attrelid"), number("attnum")) else {
            return;
        };
        // Negative numbers are of what every table has.
        if !(1..0x8000).contains(&nth) || all.len() >= COLUMNS {
            return;
        }
        let len = number("attlen").unwrap_or(0) as i16;
        let column = Column {
            name: known.name(&row, "attname"),
            kind: number("atttypid").unwrap_or(0) as u32,
            len,
            align: align(number("attalign"), len),
        };
        all.insert((table as u32, nth as u16), column);
    });
    let mut tables: BTreeMap<u32, Vec<Column>> = BTreeMap::new();
    for ((table, _), column) in all {
        tables.entry(table).or_default().push(column);
    }
    tables
}

/// The types on which types are built.
fn bases(types: Known<'_>) -> BTreeMap<u32, u32> {
    let mut bases = BTreeMap::new();
    types.each(&mut |known, row| {
        let base = known.number(&row, "typbasetype").unwrap_or(0) as u32;
        if let Some(id) = known.id(&row).filter(|_| base > 0) {
            bases.insert(id, base);
        }
    });
    bases
}

fn labels(enums: Known<'_>) -> BTreeMap<u32, String> {
    let mut labels = BTreeMap::new();
    enums.each(&mut |known, row| {
        if let Some(id) = known.id(&row) {
            labels.insert(id, known.name(&row, "enumlabel"));
        }
    });
    labels
}

/// The tables of users by their files, and the file of `pg_enum`.
fn relations(
    class: &Known<'_>,
    columns: &BTreeMap<u32, Vec<Column>>,
    bases: &BTreeMap<u32, u32>,
) -> (BTreeMap<u32, Relation>, Option<u32>) {
    let (mut found, mut file_of, mut enums) = (Vec::new(), BTreeMap::new(), None);
    class.each(&mut |known, row| {
        let number = |column: &str| known.number(&row, column).unwrap_or(0) as u32;
        let (Some(id), file) = (known.id(&row), number("relfilenode")) else {
            return;
        };
        file_of.insert(id, file);
        if id == ENUM {
            enums = Some(file);
        }
        // Tables and materialised views.
        if matches!(number("relkind") as u8, b'r' | b'm') && id >= FIRST_OWN && file > 0 {
            found.push((
                id,
                file,
                known.name(&row, "relname"),
                number("reltoastrelid"),
            ));
        }
    });
    let base =
        |kind: u32| (0..DEPTH).fold(kind, |kind, _| bases.get(&kind).copied().unwrap_or(kind));
    let table = |(id, file, name, long): (u32, u32, String, u32)| {
        let mut columns = columns.get(&id)?.clone();
        for (nth, column) in columns.iter_mut().enumerate() {
            if column.kind == 0 {
                // A dropped column's values are still in the rows; its name is not.
                column.name = format!("column {} (dropped)", nth + 1);
            }
            column.kind = base(column.kind);
        }
        let long = file_of.get(&long).copied().filter(|&long| long > 0);
        Some((
            file,
            Relation {
                name,
                columns,
                long,
            },
        ))
    };
    (found.into_iter().filter_map(table).collect(), enums)
}

/// The encoding of a database's texts, by PostgreSQL's numbers (`pg_wchar.h`).
fn encoding(databases: &Known<'_>, database: u32) -> Option<Encoding> {
    let mut number = None;
    databases.each(&mut |known, row| {
        if known.id(&row) == Some(database) {
            number = known.number(&row, "encoding");
        }
    });
    Some(match number? {
        1 | 5 => Encoding::EucJp,
        8 | 16 | 24 => Encoding::Windows1252,
        _ => Encoding::Utf8,
    })
}

impl Column {
    /// Whether its values are of a type that nothing is known of but that they may be text.
    pub(super) fn is_unknown(&self) -> bool {
        self.kind == 0 || self.kind >= FIRST_OWN || self.kind == 17
    }

    /// The type by which its values are told.
    pub(super) fn told_as(&self) -> u32 {
        if self.is_unknown() && self.len == -1 {
            TEXT
        } else {
            self.kind
        }
    }
}
