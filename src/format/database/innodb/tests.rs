//! Tablespaces as MySQL 8 lays them out, made here byte by byte: no file of MySQL 8 itself is at hand. What MariaDB writes is
//! tested with its own files in `tests/programs`.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use serde_json::{Value, json};

use super::space::{INDEX, SDI};
use super::*;
use crate::format::tests::{context, show};

const SIZE: usize = 16 << 10;
const NONE: u32 = u32::MAX;
const TABLE: u64 = 7;

/// A record: what stands before it, read backwards, and its data.
#[derive(Clone, Default)]
struct Row {
    info: u8,
    before: Vec<u8>,
    data: Vec<u8>,
    /// Whether it stands on the list of free room rather than among the page's records.
    garbage: bool,
}

fn put(page: &mut [u8], at: usize, bytes: &[u8]) {
    page[at..at + bytes.len()].copy_from_slice(bytes);
}

fn page(nth: u32, kind: u64) -> Vec<u8> {
    let mut page = vec![0; SIZE];
    put(&mut page, 4, &nth.to_be_bytes());
    put(&mut page, 8, &NONE.to_be_bytes());
    put(&mut page, 12, &NONE.to_be_bytes());
    put(&mut page, 24, &(kind as u16).to_be_bytes());
    put(&mut page, 34, &9u32.to_be_bytes());
    page
}

fn leaf(nth: u32, kind: u64, index: u64, rows: &[Row]) -> Vec<u8> {
    let mut page = page(nth, kind);
    let listed = rows.iter().filter(|row| !row.garbage).count() as u16;
    put(&mut page, 42, &(0x8000 | (listed + 2)).to_be_bytes());
    put(&mut page, 54, &listed.to_be_bytes());
    put(&mut page, 66, &index.to_be_bytes());
    let (mut at, mut last, mut free) = (120, 99, 0);
    for row in rows {
        for byte in row.before.iter().rev() {
            page[at] = *byte;
            at += 1;
        }
        let origin = at + 5;
        page[at] = row.info;
        if row.garbage {
            // The list of free room begins with the record that came last to it.
            let step = if free == 0 {
                0
            } else {
                (free as i16).wrapping_sub(origin as i16)
            };
            put(&mut page, origin - 2, &step.to_be_bytes());
            free = origin;
        } else {
            put(&mut page, last - 2, &((origin - last) as u16).to_be_bytes());
            last = origin;
        }
        put(&mut page, origin, &row.data);
        at = origin + row.data.len();
    }
    put(
        &mut page,
        last - 2,
        &(112i16.wrapping_sub(last as i16)).to_be_bytes(),
    );
    put(&mut page, 44, &(free as u16).to_be_bytes());
    page
}

/// The dictionary's record of a table; a packed one longer than `here` stands on the page `outside`.
fn entry(table: &Value, outside: Option<u32>) -> (Row, Vec<u8>) {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    let json = json!({"dd_object_type": "Table", "dd_object": table}).to_string();
    encoder.write_all(json.as_bytes()).unwrap();
    let packed = encoder.finish().unwrap();
    let len = packed.len() as u32;
    let head = [
        &1u32.to_be_bytes()[..],
        &[0; 21],
        &(json.len() as u32).to_be_bytes(),
        &len.to_be_bytes(),
    ]
    .concat();
    let (high, data) = match outside {
        Some(nth) => (0xc0, reference(nth, 38, len)),
        None => (0x80, packed.clone()),
    };
    let row = Row {
        before: vec![high | (data.len() >> 8) as u8, data.len() as u8],
        data: [head, data].concat(),
        ..Row::default()
    };
    (row, packed)
}

fn reference(nth: u32, offset: u32, len: u32) -> Vec<u8> {
    [9, nth, offset, 0, len]
        .iter()
        .flat_map(|n| n.to_be_bytes())
        .collect()
}

/// A file of pages behind a header that calls the last `n_free` of them given back.
fn space(flags: u32, pages: Vec<Vec<u8>>, n_free: usize) -> Vec<u8> {
    let mut head = page(0, 8);
    put(&mut head, 38, &9u32.to_be_bytes());
    put(&mut head, 54, &flags.to_be_bytes());
    for nth in pages.len() + 1 - n_free..64 {
        head[150 + 24 + nth / 4] |= 1 << (2 * (nth % 4));
    }
    put(&mut head, 150 + 10_240 + 115, &[0, 0, 0, 1, 0, 0, 0, 1]);
    [vec![head], pages].concat().concat()
}

fn column(name: &str, number: u32, len: usize, nullable: bool, private: &str) -> Value {
    json!({"name": name, "type": number, "is_nullable": nullable, "char_length": len, "hidden": 1,
        "collation_id": 255, "column_type_utf8": "enum('x','y')", "se_private_data": private})
}

fn internal(name: &str, len: usize, private: &str) -> Value {
    json!({"name": name, "type": 10, "char_length": len, "hidden": 2, "collation_id": 63, "se_private_data": private})
}

/// A table whose key is its first column.
fn table(columns: Vec<Value>, private: &str) -> Value {
    let n = columns.len();
    let order = [0, n - 2, n - 1].into_iter().chain(1..n - 2);
    let elements: Vec<Value> = order
        .map(|nth| json!({"length": u32::MAX, "column_opx": nth}))
        .collect();
    json!({"name": "users", "columns": columns, "se_private_data": private,
        "indexes": [{"se_private_data": format!("id={TABLE};root=2;"), "elements": elements}]})
}

fn users() -> Value {
    let columns = vec![
        column("id", 4, 11, false, ""),
        column("name", 16, 160, true, ""),
        column("mail", 16, 400, true, ""),
        column("note", 27, 65_535, true, ""),
        column("kind", 22, 4, false, ""),
        column("doc", 31, 0, true, ""),
        internal("DB_TRX_ID", 6, ""),
        internal("DB_ROLL_PTR", 7, ""),
    ];
    table(columns, "")
}

/// A row of `users`: the lengths of what is there come after the map of what is absent.
fn user(id: u8, name: &str, mail: Option<&str>, note: Option<&[u8]>) -> Row {
    let absent = u8::from(mail.is_none()) << 1 | u8::from(note.is_none()) << 2 | 8;
    let mut before = vec![absent, name.len() as u8];
    let mut data = [&[0x80, 0, 0, id][..], &[0; 13], name.as_bytes()].concat();
    if let Some(mail) = mail {
        before.push(mail.len() as u8);
        data.extend_from_slice(mail.as_bytes());
    }
    if let Some(note) = note {
        before.extend([0xc0, note.len() as u8]);
        data.extend_from_slice(note);
    }
    data.push(2);
    Row {
        before,
        data,
        ..Row::default()
    }
}

/// A text on two pages, as MySQL 8 keeps it: the first lists its own part and the other's.
fn long_text() -> [Vec<u8>; 2] {
    let (mut first, mut second) = (page(4, 24), page(5, 23));
    let entry = |page: &mut Vec<u8>, at: usize, next: (u32, u16), on: u32, len: u32| {
        put(page, at + 6, &next.0.to_be_bytes());
        put(page, at + 10, &next.1.to_be_bytes());
        put(page, at + 48, &on.to_be_bytes());
        put(page, at + 52, &len.to_be_bytes());
    };
    put(&mut first, 68, &[0, 0, 0, 4, 0, 96]);
    entry(&mut first, 96, (4, 156), 4, 6);
    entry(&mut first, 156, (NONE, 0), 5, 5);
    put(&mut first, 696, b"a long");
    put(&mut second, 49, b" text");
    [first, second]
}

fn made() -> Vec<u8> {
    let [first, second] = long_text();
    let deleted = |row: Row| Row { info: 0x20, ..row };
    let garbage = |row: Row| Row {
        garbage: true,
        ..row
    };
    let rows = [
        user(1, "山田太郎", Some("taro@example.com"), None),
        user(2, "Anna", None, Some(&reference(4, 1, 11))),
        deleted(user(3, "Berta", Some("berta@example.com"), None)),
        garbage(user(4, "Carla", Some("carla@example.com"), None)),
        garbage(user(1, "山田太郎", Some("taro@example.com"), None)),
    ];
    let before = [
        user(5, "Dora", Some("dora@example.com"), None),
        user(2, "Anna", None, Some(&reference(4, 1, 11))),
        user(4, "Carla", Some("carla@example.com"), None),
    ];
    let (entry, _) = entry(&users(), None);
    let other = leaf(3, INDEX, TABLE + 1, &[user(9, "of a key", None, None)]);
    let pages = vec![
        leaf(1, SDI, 1, &[entry]),
        leaf(2, INDEX, TABLE, &rows),
        other,
        first,
        second,
        leaf(6, INDEX, TABLE, &before),
    ];
    space(1 << 14, pages, 1)
}

#[test]
fn rows_and_what_deleted_ones_left() {
    let expected = [
        "users: id=1, name=山田太郎, mail=taro@example.com, kind=y",
        "users: id=2, name=Anna, note=a long text, kind=y",
        "users (remnants): id=3, name=Berta, mail=berta@example.com, kind=y",
        "users (remnants): id=4, name=Carla, mail=carla@example.com, kind=y",
        "users (remnants): id=5, name=Dora, mail=dora@example.com, kind=y",
    ];
    assert_eq!(show(&FORMAT, &made(), &context()), expected);
}

#[test]
fn a_dictionary_on_other_pages() {
    let (entry, packed) = entry(&users(), Some(3));
    let mut outside = page(3, 18);
    put(&mut outside, 38, &(packed.len() as u32).to_be_bytes());
    put(&mut outside, 42, &NONE.to_be_bytes());
    put(&mut outside, 46, &packed);
    let rows = leaf(2, INDEX, TABLE, &[user(1, "Anna", None, None)]);
    let pages = vec![leaf(1, SDI, 1, &[entry]), rows, outside];
    assert_eq!(
        show(&FORMAT, &space(1 << 14, pages, 0), &context()),
        ["users: id=1, name=Anna, kind=y"]
    );
}

/// A table of a key, a name and what came and went; its rows.
fn changed(columns: [Value; 3], private: &str, rows: &[Row]) -> Vec<String> {
    let [name, b, c] = columns;
    let columns = vec![
        column("id", 4, 11, false, "physical_pos=0;"),
        name,
        b,
        c,
        internal("DB_TRX_ID", 6, "physical_pos=1;"),
        internal("DB_ROLL_PTR", 7, "physical_pos=2;"),
    ];
    let (entry, _) = entry(&table(columns, private), None);
    let pages = vec![leaf(1, SDI, 1, &[entry]), leaf(2, INDEX, TABLE, rows)];
    show(&FORMAT, &space(1 << 14, pages, 0), &context())
}

fn short(id: u8, info: u8, before: &[u8], texts: &str) -> Row {
    Row {
        info,
        before: before.to_vec(),
        data: [&[0x80, 0, 0, id][..], &[0; 13], texts.as_bytes()].concat(),
        garbage: false,
    }
}

#[test]
fn columns_that_came_and_went_instantly() {
    let columns = [
        column("name", 16, 160, true, "physical_pos=3;"),
        column(
            "!hidden!_dropped_v2_p4_old",
            16,
            160,
            true,
            "physical_pos=4;version_dropped=2;",
        ),
        column(
            "new",
            16,
            160,
            true,
            "physical_pos=5;version_added=1;default=616263;",
        ),
    ];
    let rows = [
        short(1, 0, &[0, 4, 2], "Annaqq"),
        short(2, 0x40, &[1, 2, 3, 1], "Benn"),
        short(3, 0x40, &[2, 0, 3, 2], "Cidxy"),
    ];
    let expected = [
        "users: id=1, name=Anna, new=abc, old (dropped)=qq",
        "users: id=2, name=Ben, new=n",
        "users: id=3, name=Cid, new=xy",
    ];
    assert_eq!(changed(columns, "", &rows), expected);
}

#[test]
fn columns_that_came_instantly_before_8_0_29() {
    let columns = [
        column("name", 16, 160, true, ""),
        column("b", 16, 160, true, "default=78;"),
        column("c", 16, 160, true, "default_null=1;"),
    ];
    // Six fields at most: the key, two of InnoDB's own, and the columns.
    let rows = [
        short(1, 0, &[0, 4], "Anna"),
        short(2, 0x80, &[5, 0, 3, 1], "Benn"),
        short(3, 0x80, &[6, 0, 3, 1, 2], "Cidxyz"),
    ];
    let expected = [
        "users: id=1, name=Anna, b=x",
        "users: id=2, name=Ben, b=n",
        "users: id=3, name=Cid, b=x, c=yz",
    ];
    assert_eq!(changed(columns, "instant_col=2;", &rows), expected);
}

#[test]
fn what_cannot_be_read_is_said() {
    let check =
        |raw: &[u8], expected: &[&str]| assert_eq!(show(&FORMAT, raw, &context()), expected);
    let rows = || leaf(1, INDEX, TABLE, &[user(1, "Anna", None, None)]);
    check(&space(0, vec![rows()], 0), &["! unsupported"]);
    check(&space(1 << 13, vec![rows()], 0), &["! encrypted"]);
    check(&space(1 << 3, vec![rows()], 0), &["! unsupported"]);
    let mut packed = rows();
    packed[25] = 14;
    packed[24] = 0;
    check(&space(0, vec![packed], 0), &["! unsupported"]);
    // A record that leads back to itself.
    let mut whole = made();
    let ring = 2 * SIZE + 99 - 2;
    let first = u16::from_be_bytes([whole[ring], whole[ring + 1]]);
    let next = ring + usize::from(first);
    whole[next..next + 2].copy_from_slice(&0i16.to_be_bytes());
    let shown = show(&FORMAT, &whole, &context());
    assert_eq!(
        shown[..3],
        [
            "users: id=1, name=山田太郎, mail=taro@example.com, kind=y",
            "! malformed",
            "[page 2]"
        ]
    );
    // A text whose page is not there any more.
    let mut whole = made();
    whole[4 * SIZE + 25] = 0;
    let shown = show(&FORMAT, &whole, &context());
    assert_eq!(shown[2], "! malformed");
}

/// The same people as MariaDB wrote them; `tests/programs/README.md` tells how.
const ROWS: &[u8] = include_bytes!("../../../../tests/programs/mariadb/members.ibd");
const DEFINITION: &[u8] = include_bytes!("../../../../tests/programs/mariadb/members.frm");

fn beside(definition: &[u8]) -> Context {
    Context {
        definition: Some(Bytes::owned(definition.to_vec())),
        ..context()
    }
}

#[test]
fn a_definition_beside_the_rows() {
    assert_eq!(show(&FORMAT, ROWS, &context()), ["! unsupported"]);
    let shown = show(&FORMAT, ROWS, &beside(DEFINITION));
    assert_eq!(shown.len(), 8);
    let first = "t: 会員番号=1001, 氏名=佐藤 翔太, フリガナ=サトウ ショウタ, 生年月日=1989-05-24, 電話番号=090-6874-8684, \
                 メールアドレス=shota.sato0@example.jp, 住所=東京都千代田区丸の内1-1-1";
    assert_eq!(shown[0], first);
}

#[test]
fn changed_definitions_end() {
    for at in 0..DEFINITION.len() {
        for value in [0, 1, 0x7f, 0xff] {
            let mut changed = DEFINITION.to_vec();
            changed[at] = value;
            show(&FORMAT, ROWS, &beside(&changed));
        }
        show(&FORMAT, ROWS, &beside(&DEFINITION[..at]));
    }
}

#[test]
fn changed_bytes_end() {
    let whole = made();
    let marked = |at: usize| {
        at % SIZE < 400 || (10_500..10_520).contains(&(at % SIZE)) || at % SIZE > SIZE - 20
    };
    for at in (0..whole.len()).filter(|&at| marked(at)) {
        for value in [0, 1, 0x7f, 0xff] {
            let mut changed = whole.clone();
            changed[at] = value;
            show(&FORMAT, &changed, &context());
        }
    }
    for len in (0..whole.len()).step_by(4_093) {
        show(&FORMAT, &whole[..len], &context());
    }
}
