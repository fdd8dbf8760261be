//! The same people as databases, directories, columnar files and bank files hold them: the writers, and the proof that all
//! give what the plain CSV gives.

use crate::formats::{check, population};
use crate::people;
use crate::plant::{Folder, user_fields};
#[cfg(feature = "databases")]
use crate::sheet::gzip;
use crate::sheet::{Sheet, base64, field, plain};

/// Rows as `(column, value)`, empty values left out.
fn rows(sheet: &Sheet) -> impl Iterator<Item = Vec<(&str, &str)>> {
    sheet.rows.iter().map(|(cells, _)| {
        let pairs = sheet.fields.iter().zip(cells);
        pairs
            .filter(|(_, cell)| !cell.is_empty())
            .map(|(field, cell)| (field.name, &cell[..]))
            .collect()
    })
}

fn quoted(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

/// As `mongodump` writes a collection.
pub(crate) fn bson(sheet: &Sheet) -> Vec<u8> {
    rows(sheet).flat_map(|row| document(&row)).collect()
}

/// One document of strings.
fn document(row: &[(&str, &str)]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, value) in row {
        body.push(2);
        body.extend(name.bytes().chain([0]));
        body.extend((value.len() as i32 + 1).to_le_bytes());
        body.extend(value.bytes().chain([0]));
    }
    let len = body.len() as i32 + 5;
    [&len.to_le_bytes()[..], &body, &[0]].concat()
}

/// As `mongodump --archive` writes a collection, in slices of 30 documents.
pub(crate) fn mongo_archive(sheet: &Sheet) -> Vec<u8> {
    const END: [u8; 4] = [0xff; 4];
    let mut out = 0x8199_e26d_u32.to_le_bytes().to_vec();
    out.extend(document(&[("version", "0.1"), ("tool_version", "100.9.4")]));
    out.extend(document(&[
        ("db", "shop"),
        ("collection", "users"),
        ("metadata", "{}"),
    ]));
    out.extend(END);
    let documents: Vec<_> = rows(sheet).collect();
    for slice in documents.chunks(30) {
        out.extend(document(&[("db", "shop"), ("collection", "users")]));
        slice.iter().for_each(|row| out.extend(document(row)));
        out.extend(END);
    }
    out
}

/// As dBase III writes a table, in Shift_JIS, with the driver's byte as Japanese programs leave it.
pub(crate) fn dbase(sheet: &Sheet) -> Vec<u8> {
    let width = 120_u8;
    let start = 32 + 32 * sheet.fields.len() as u16 + 1;
    let record = 1 + u16::from(width) * sheet.fields.len() as u16;
    let mut out = vec![3, 126, 6, 1];
    out.extend((sheet.rows.len() as u32).to_le_bytes());
    out.extend(start.to_le_bytes());
    out.extend(record.to_le_bytes());
    out.resize(32, 0);
    let sjis = |text: &str, len: usize, fill: u8| {
        let mut raw = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
        raw.resize(len, fill);
        raw
    };
    for field in &sheet.fields {
        out.extend(sjis(field.name, 11, 0));
        out.extend([b'C', 0, 0, 0, 0, width]);
        out.resize(out.len() + 15, 0);
    }
    out.push(0x0d);
    for (cells, _) in &sheet.rows {
        out.push(b' ');
        cells
            .iter()
            .for_each(|cell| out.extend(sjis(cell, usize::from(width), b' ')));
    }
    out.push(0x1a);
    out
}

/// As the command line of DynamoDB prints a scan.
pub(crate) fn dynamodb(sheet: &Sheet) -> String {
    let item = |row: Vec<(&str, &str)>| {
        let members: Vec<_> = row
            .iter()
            .map(|(name, value)| format!("{}: {{\"S\": {}}}", quoted(name), quoted(value)))
            .collect();
        format!("{{{}}}", members.join(", "))
    };
    let items: Vec<_> = rows(sheet).map(item).collect();
    format!(
        "{{\n  \"Items\": [\n    {}\n  ],\n  \"Count\": {}\n}}\n",
        items.join(",\n    "),
        items.len()
    )
}

/// As phpMyAdmin exports a table as JSON.
pub(crate) fn phpmyadmin(sheet: &Sheet) -> String {
    let data: Vec<_> = sheet.json_lines().lines().map(str::to_owned).collect();
    format!(
        "[\n{{\"type\":\"header\",\"version\":\"5.2.1\",\"comment\":\"Export to JSON plugin for PHPMyAdmin\"}},\n\
         {{\"type\":\"database\",\"name\":\"shop\"}},\n\
         {{\"type\":\"table\",\"name\":\"{}\",\"database\":\"shop\",\"data\":\n[\n{}\n]\n}}\n]\n",
        sheet.name,
        data.join(",\n")
    )
}

/// As a directory server exports entries: folded, what is not ASCII in base64.
pub(crate) fn ldif(sheet: &Sheet) -> String {
    let mut out = String::from("version: 1\n\n");
    for (n, row) in rows(sheet).enumerate() {
        out += &format!("dn: cn=entry{n},ou=people,dc=example,dc=com\n");
        for (name, value) in row {
            let line = if value.is_ascii() {
                format!("{name}: {value}")
            } else {
                format!("{name}:: {}", base64(value.as_bytes(), 0))
            };
            let bytes: Vec<char> = line.chars().collect();
            out += &bytes
                .chunks(76)
                .map(|piece| piece.iter().collect::<String>())
                .collect::<Vec<_>>()
                .join("\n ");
            out.push('\n');
        }
        out.push('\n');
    }
    out
}

/// As `mysql` prints rows behind `\G`: keys to the right.
pub(crate) fn upright(sheet: &Sheet) -> String {
    let width = sheet.fields.iter().map(|field| field.name.chars().count());
    let width = width.max().unwrap_or(0);
    let mut out = String::new();
    for (n, row) in rows(sheet).enumerate() {
        out += &format!("{0} {1}. row {0}\n", "*".repeat(27), n + 1);
        for (name, value) in row {
            out += &format!("{name:>width$}: {value}\n");
        }
    }
    out
}

/// As `sqlcmd` and reports print tables, full-width characters in two places: names, a rule of dashes, and the rows below.
pub(crate) fn ruled(sheet: &Sheet) -> String {
    let names: Vec<&str> = sheet.fields.iter().map(|field| field.name).collect();
    let cells = sheet.rows.iter();
    let cells = cells.map(|(cells, _)| cells.iter().map(|cell| &cell[..]).collect());
    let rows: Vec<Vec<&str>> = std::iter::once(names).chain(cells).collect();
    let places = |text: &str| -> usize {
        let wide = |c: char| c >= '\u{1100}' && !('\u{ff61}'..='\u{ff9f}').contains(&c);
        text.chars().map(|c| 1 + usize::from(wide(c))).sum()
    };
    let width = |at: usize| rows.iter().map(|row| places(row[at])).max().unwrap_or(0);
    let widths: Vec<usize> = (0..sheet.fields.len()).map(width).collect();
    let mut out = String::new();
    for (n, row) in rows.iter().enumerate() {
        let cells = row.iter().zip(&widths);
        let line: Vec<String> = cells
            .map(|(cell, &width)| format!("{cell}{}", " ".repeat(width - places(cell))))
            .collect();
        out += &(line.join(" ") + "\n");
        if n == 0 {
            let rule: Vec<String> = widths.iter().map(|&width| "-".repeat(width)).collect();
            out += &(rule.join(" ") + "\n");
        }
    }
    out + &format!("\n({} rows affected)\n", sheet.rows.len())
}

/// As `psql` prints rows after `\x`.
fn expanded(sheet: &Sheet) -> String {
    let width = sheet.fields.iter().map(|field| field.name.chars().count());
    let width = width.max().unwrap_or(0);
    let mut out = String::new();
    for (n, row) in rows(sheet).enumerate() {
        out += &format!("-[ RECORD {} ]{}\n", n + 1, "-".repeat(20));
        for (name, value) in row {
            out += &format!("{name:width$} | {value}\n");
        }
    }
    out
}

/// As a form that was filled in again and again.
fn forms(sheet: &Sheet, between: &str) -> String {
    let mut out = String::from("Answers to our form\n\n");
    for row in rows(sheet) {
        row.into_iter()
            .for_each(|(name, value)| out += &format!("{name}{between}{value}\n"));
        out.push('\n');
    }
    out
}

/// As a list in YAML, under a name.
fn yaml(sheet: &Sheet) -> String {
    let mut out = String::from("users:\n");
    for row in rows(sheet) {
        for (n, (name, value)) in row.into_iter().enumerate() {
            let start = if n == 0 { "  - " } else { "    " };
            out += &format!("{start}{name}: {}\n", quoted(value));
        }
    }
    out
}

/// As Redis appends the writing of hashes.
pub(crate) fn append_only(sheet: &Sheet) -> Vec<u8> {
    let mut out = b"*2\r\n$6\r\nSELECT\r\n$1\r\n0\r\n".to_vec();
    for (n, row) in rows(sheet).enumerate() {
        let key = format!("user:{}", 1_000 + n);
        let words: Vec<&str> = ["HSET", &key]
            .into_iter()
            .chain(row.iter().flat_map(|(name, value)| [*name, *value]))
            .collect();
        out.extend(format!("*{}\r\n", words.len()).bytes());
        for word in words {
            out.extend(format!("${}\r\n{word}\r\n", word.len()).bytes());
        }
    }
    out
}

/// As a lake keeps a table, all columns texts.
#[cfg(feature = "columnar")]
pub(crate) fn parquet(sheet: &Sheet) -> Vec<u8> {
    use parquet::data_type::{ByteArray, ByteArrayType};
    use parquet::file::properties::WriterProperties;
    use parquet::file::writer::SerializedFileWriter;
    let columns: Vec<_> = sheet
        .fields
        .iter()
        .map(|field| format!("optional binary {} (UTF8);", field.name))
        .collect();
    let schema = format!("message users {{ {} }}", columns.join(" "));
    let schema = parquet::schema::parser::parse_message_type(&schema).expect("the schema is one");
    let mut writer = SerializedFileWriter::new(
        Vec::new(),
        schema.into(),
        WriterProperties::builder().build().into(),
    )
    .expect("memory takes it");
    for rows in sheet.rows.chunks(30) {
        let mut group = writer.next_row_group().expect("a group can be begun");
        let mut column = 0;
        while let Some(mut found) = group.next_column().expect("a column can be begun") {
            let cells = rows.iter().map(|(cells, _)| &cells[column]);
            let levels: Vec<i16> = cells
                .clone()
                .map(|cell| i16::from(!cell.is_empty()))
                .collect();
            let values: Vec<ByteArray> = cells
                .filter(|cell| !cell.is_empty())
                .map(|cell| cell.as_bytes().to_vec().into())
                .collect();
            let typed = found.typed::<ByteArrayType>();
            typed
                .write_batch(&values, Some(&levels), None)
                .expect("the values fit");
            found.close().expect("the column can be ended");
            column += 1;
        }
        group.close().expect("the group can be ended");
    }
    writer.into_inner().expect("the file can be ended")
}

/// As a stream of events is kept, empty values null.
#[cfg(feature = "columnar")]
pub(crate) fn avro(sheet: &Sheet) -> Vec<u8> {
    use apache_avro::types::Value;
    let fields: Vec<_> = sheet
        .fields
        .iter()
        .map(|field| {
            format!(
                "{{\"name\":\"{}\",\"type\":[\"null\",\"string\"]}}",
                field.name
            )
        })
        .collect();
    let schema = format!(
        "{{\"type\":\"record\",\"name\":\"users\",\"fields\":[{}]}}",
        fields.join(",")
    );
    let schema = apache_avro::Schema::parse_str(&schema).expect("the schema is one");
    let mut writer = apache_avro::Writer::new(&schema, Vec::new()).expect("memory takes it");
    for (cells, _) in &sheet.rows {
        let value = |cell: &String| match cell.is_empty() {
            true => Value::Union(0, Box::new(Value::Null)),
            false => Value::Union(1, Box::new(Value::String(cell.clone()))),
        };
        let pairs = sheet
            .fields
            .iter()
            .zip(cells)
            .map(|(field, cell)| (field.name.to_owned(), value(cell)));
        writer
            .append_value(Value::Record(pairs.collect()))
            .expect("the record fits");
    }
    writer.into_inner().expect("the file can be ended")
}

#[test]
fn databases() {
    let sheet = population();
    check(&[("users.dbf", dbase(&sheet))]);
    #[cfg(feature = "databases")]
    check(&[
        ("users.bson", bson(&sheet)),
        ("users.bson.gz", gzip(&bson(&sheet), 6)),
        ("dump.archive", mongo_archive(&sheet)),
        ("appendonly.aof", append_only(&sheet)),
    ]);
}

#[test]
fn shapes_of_json() {
    let sheet = population();
    check(&[
        ("scan.json", dynamodb(&sheet).into()),
        ("users-pma.json", phpmyadmin(&sheet).into()),
    ]);
}

#[test]
fn directories() {
    check(&[("users.ldif", ldif(&population()).into())]);
}

#[test]
fn records_of_one_field_a_line() {
    let sheet = population();
    let in_japanese = |text: String| encoding_rs::SHIFT_JIS.encode(&text).0.into_owned();
    check(&[
        ("users-g.txt", upright(&sheet).into()),
        ("users-x.txt", expanded(&sheet).into()),
        ("users.yaml", yaml(&sheet).into()),
        ("users-form.txt", forms(&sheet, ": ").into()),
        ("users-sjis.txt", in_japanese(forms(&sheet, "："))),
    ]);
}

#[test]
fn tables_in_columns_of_blanks() {
    let sheet = population();
    let in_japanese = encoding_rs::SHIFT_JIS.encode(&ruled(&sheet)).0.into_owned();
    check(&[
        ("users.rpt", ruled(&sheet).into()),
        ("users-sjis.rpt", in_japanese),
    ]);
}

#[test]
#[cfg(feature = "columnar")]
fn columnar_files() {
    let sheet = population();
    check(&[
        ("users.parquet", parquet(&sheet)),
        ("users.avro", avro(&sheet)),
    ]);
}

/// Every cut and many changed bytes of each store: an end, no panic, and never more people than there are.
#[test]
fn damaged_stores_end() {
    let sheet = population();
    #[allow(unused_mut, reason = "features add to it")]
    let mut files = vec![
        ("dbf", dbase(&sheet)),
        ("ldif", ldif(&sheet).into()),
        ("txt", upright(&sheet).into()),
    ];
    #[cfg(feature = "databases")]
    files.extend([
        ("bson", bson(&sheet)),
        ("archive", mongo_archive(&sheet)),
        ("aof", append_only(&sheet)),
    ]);
    #[cfg(feature = "columnar")]
    files.extend([("parquet", parquet(&sheet)), ("avro", avro(&sheet))]);
    for (ending, bytes) in files {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let mut rng = crate::people::Rng::new(7);
        let mut names = Vec::new();
        for n in 0..24 {
            let mut changed = bytes.clone();
            if n % 3 == 0 {
                changed.truncate(rng.below(bytes.len() as u64) as usize);
            }
            for _ in 0..n {
                let at = rng.below(changed.len().max(1) as u64) as usize;
                if let Some(byte) = changed.get_mut(at) {
                    *byte = rng.below(256) as u8;
                }
            }
            let name = format!("{n}.{ending}");
            std::fs::write(folder.path().join(&name), changed).expect("the file can be written");
            names.push(name);
        }
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let report = crate::run::report(folder.path(), &names);
        let bugs = crate::run::items(&report, "problems")
            .iter()
            .filter(|p| p["code"] == "bug")
            .count();
        assert_eq!(bugs, 0, "{ending}: {}", report["problems"]);
    }
}

/// A transfer of salaries in the format of the Zengin system: 120 bytes a record.
pub(crate) fn zengin(sheet: &Sheet) -> Vec<u8> {
    let record = |fields: &[(&str, usize)]| {
        let mut out = Vec::new();
        for (text, len) in fields {
            let mut raw = encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
            raw.resize(*len, b' ');
            out.extend(raw);
        }
        out.resize(120, b' ');
        out.extend(b"\r\n");
        out
    };
    let mut out = record(&[
        ("1", 1),
        ("21", 2),
        ("0", 1),
        ("0000012345", 10),
        ("ﾊﾀｹ ﾉｳｴﾝ", 40),
        ("0625", 4),
        ("0001", 4),
    ]);
    for (cells, _) in &sheet.rows {
        let [name, branch, account, amount] = [0, 1, 2, 3].map(|n| &cells[n][..]);
        let fields = [
            ("2", 1),
            ("0005", 4),
            ("ﾐﾅﾄ", 15),
            (branch, 3),
            ("ｴｷﾏｴ", 15),
            ("0000", 4),
            ("1", 1),
            (account, 7),
            (name, 30),
            (amount, 10),
        ];
        out.extend(record(&fields));
    }
    out.extend(record(&[
        ("8", 1),
        (&format!("{:06}", sheet.rows.len()), 6),
    ]));
    out.extend(record(&[("9", 1)]));
    out
}

fn transfers() -> Folder {
    let crowd: Vec<_> = people::population(56, 80)
        .into_iter()
        .filter(|person| !person.western)
        .collect();
    let fields = vec![
        field("受取人名", "person-name", "reading", |r| {
            people::half_width_kana(&r.me().kana())
        }),
        field("支店番号", "bank-account", "branch", |r| {
            format!("{:03}", r.n % 90 + 1)
        }),
        field("口座番号", "bank-account", "account", |r| {
            r.rng(14).range(1_000_000, 9_999_999).to_string()
        }),
        plain("振込金額", |r| {
            format!("{:010}", r.rng(15).range(190, 420) * 1_000)
        }),
        // The same in every record.
        field("銀行番号", "bank-account", "bank", |_| "0005".into()),
        field("銀行名", "bank-account", "bank", |_| "ﾐﾅﾄ".into()),
        field("支店名", "bank-account", "branch", |_| "ｴｷﾏｴ".into()),
        field("預金種目", "bank-account", "account-type", |_| {
            "1".into()
        }),
    ];
    let sheet = Sheet::of("kyuyo", fields, &crowd);
    Folder::new("zengin-transfers").sheet("kyuyo.txt", &sheet, zengin(&sheet))
}

/// The fixtures of this page.
pub(crate) fn folders() -> Vec<Folder> {
    let users = |name, seed| Sheet::of(name, user_fields(), &people::population(seed, 50));
    let dbf = users("users", 51);
    let scan = users("Items", 52);
    let exported = users("users", 53);
    let entries = users("users", 54);
    let printed = users("users", 59);
    let ruled_off = users("users", 60);
    vec![
        Folder::new("aligned-sqlcmd").sheet("users.rpt", &ruled_off, ruled(&ruled_off).into()),
        Folder::new("dbase-shift-jis").sheet("users.dbf", &dbf, dbase(&dbf)),
        Folder::new("json-dynamodb").sheet("scan.json", &scan, dynamodb(&scan).into()),
        Folder::new("json-phpmyadmin").sheet(
            "export.json",
            &exported,
            phpmyadmin(&exported).into(),
        ),
        Folder::new("ldif-directory").sheet("users.ldif", &entries, ldif(&entries).into()),
        Folder::new("records-mysql-g").sheet("users.txt", &printed, upright(&printed).into()),
        transfers(),
    ]
}

/// The fixtures that only a build with all features reads.
#[cfg(feature = "databases")]
pub(crate) fn more_folders() -> Vec<Folder> {
    let users = |name, seed| Sheet::of(name, user_fields(), &people::population(seed, 50));
    let dumped = users("users", 57);
    let hashes = users("user:*", 58);
    vec![
        Folder::new("bson-users").sheet("users.bson", &dumped, bson(&dumped)),
        Folder::new("redis-append-only").sheet("appendonly.aof", &hashes, append_only(&hashes)),
    ]
}
