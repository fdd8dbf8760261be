//! A table of invented people, and its writers: one population can be put out in every format and encoding.
//!
//! In: people and a list of [`Field`]s, each of which says what it holds. Out: a [`Sheet`], and its bytes as CSV, JSON,
//! SQL dump, SQLite file or mailbox, in any encoding and container. What stands in a sheet is entered into the truth by
//! [`crate::truth::Truth::sheet`], so that data and truth come from one declaration.

use std::io::Write;

use crate::people::{Person, Rng};

/// One column: its name, what it holds, and how it is filled.
#[derive(Clone)]
pub(crate) struct Field {
    /// Name of the column.
    pub(crate) name: &'static str,
    /// Kind of personal data it holds; empty for none.
    pub(crate) kind: &'static str,
    /// Piece of the kind; empty for the whole.
    pub(crate) part: &'static str,
    /// Of which of the record's people it speaks.
    pub(crate) who: usize,
    /// Whether a scanner may find it or not: codes like `1` and `2` for a gender.
    pub(crate) optional: bool,
    /// The value of a record; empty for none.
    pub(crate) value: fn(&Record<'_>) -> String,
}

/// What a column is filled from.
pub(crate) struct Record<'a> {
    /// Number of the record from 0.
    pub(crate) n: usize,
    /// The people of the record: orderer, recipient, ….
    pub(crate) who: &'a [&'a Person],
}

impl Record<'_> {
    /// The record's first person.
    pub(crate) fn me(&self) -> &Person {
        self.who[0]
    }

    /// The record's second person.
    pub(crate) fn you(&self) -> &Person {
        self.who[1]
    }

    /// Random numbers that belong to this record and purpose.
    pub(crate) fn rng(&self, purpose: u64) -> Rng {
        Rng::new(self.n as u64 * 1_000 + purpose)
    }
}

/// A column that holds a kind.
pub(crate) fn field(
    name: &'static str,
    kind: &'static str,
    part: &'static str,
    value: fn(&Record<'_>) -> String,
) -> Field {
    Field {
        name,
        kind,
        part,
        who: 0,
        optional: false,
        value,
    }
}

/// A column that holds no personal data.
pub(crate) fn plain(name: &'static str, value: fn(&Record<'_>) -> String) -> Field {
    field(name, "", "", value)
}

impl Field {
    /// The same, of the record's second person.
    pub(crate) fn of_second(mut self) -> Self {
        self.who = 1;
        self
    }

    /// The same, which a scanner may find or not.
    pub(crate) fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// A table with its people.
pub(crate) struct Sheet {
    /// Name of the table.
    pub(crate) name: String,
    /// Its columns.
    pub(crate) fields: Vec<Field>,
    /// Its rows: a cell for each field, and the people it speaks of.
    pub(crate) rows: Vec<(Vec<String>, Vec<Person>)>,
}

impl Sheet {
    /// A row for each record of people.
    pub(crate) fn new(name: &str, fields: Vec<Field>, records: &[Vec<&Person>]) -> Self {
        let rows = records
            .iter()
            .enumerate()
            .map(|(n, who)| {
                let record = Record { n, who };
                let cells = fields.iter().map(|field| (field.value)(&record)).collect();
                (cells, who.iter().map(|&person| person.clone()).collect())
            })
            .collect();
        Self {
            name: name.into(),
            fields,
            rows,
        }
    }

    /// A row for each person.
    pub(crate) fn of(name: &str, fields: Vec<Field>, people: &[Person]) -> Self {
        Self::new(
            name,
            fields,
            &people.iter().map(|person| vec![person]).collect::<Vec<_>>(),
        )
    }

    /// The names of the columns.
    fn names(&self) -> Vec<&str> {
        self.fields.iter().map(|field| field.name).collect()
    }

    /// Delimited text, cells quoted where they must be.
    pub(crate) fn delimited(&self, separator: char, header: bool, line_end: &str) -> String {
        let separator = separator.to_string();
        let quote = |cell: &str| {
            if cell.contains(
                &[separator.as_str(), "\"", "\n", "\r"]
                    .concat()
                    .chars()
                    .collect::<Vec<_>>()[..],
            ) {
                format!("\"{}\"", cell.replace('"', "\"\""))
            } else {
                cell.to_string()
            }
        };
        let mut out = String::new();
        if header {
            out += &self
                .names()
                .iter()
                .map(|name| quote(name))
                .collect::<Vec<_>>()
                .join(&separator);
            out += line_end;
        }
        for (cells, _) in &self.rows {
            out += &cells
                .iter()
                .map(|cell| quote(cell))
                .collect::<Vec<_>>()
                .join(&separator);
            out += line_end;
        }
        out
    }

    /// Comma-separated with a header.
    pub(crate) fn csv(&self) -> String {
        self.delimited(',', true, "\r\n")
    }

    /// The rows as JSON objects, empty cells as `null`.
    fn objects(&self) -> impl Iterator<Item = String> {
        self.rows.iter().map(|(cells, _)| {
            let members: Vec<_> = cells
                .iter()
                .zip(&self.fields)
                .map(|(cell, field)| {
                    let value = if cell.is_empty() {
                        "null".into()
                    } else {
                        serde_json::Value::from(cell.as_str()).to_string()
                    };
                    format!("{}:{value}", serde_json::Value::from(field.name))
                })
                .collect();
            format!("{{{}}}", members.join(","))
        })
    }

    /// One JSON object a line.
    pub(crate) fn json_lines(&self) -> String {
        self.objects().map(|object| object + "\n").collect()
    }

    /// One JSON array of objects.
    pub(crate) fn json(&self) -> String {
        format!("[\n{}\n]\n", self.objects().collect::<Vec<_>>().join(",\n"))
    }

    /// The rows as SQL tuples.
    fn tuples(&self, literal: impl Fn(&str) -> String) -> Vec<String> {
        let tuple = |cells: &Vec<String>| {
            cells
                .iter()
                .map(|cell| literal(cell))
                .collect::<Vec<_>>()
                .join(",")
        };
        self.rows
            .iter()
            .map(|(cells, _)| format!("({})", tuple(cells)))
            .collect()
    }

    /// As `mysqldump` writes it, 50 rows to a statement.
    pub(crate) fn mysql(&self) -> String {
        let columns: Vec<_> = self
            .fields
            .iter()
            .map(|f| format!("  `{}` varchar(255) DEFAULT NULL", f.name))
            .collect();
        let mut out = format!(
            "--\n-- Table structure for table `{0}`\n--\n\nDROP TABLE IF EXISTS `{0}`;\nCREATE TABLE `{0}` (\n{1}\n) ENGINE=InnoDB DEFAULT \
             CHARSET=utf8mb4;\n\nLOCK TABLES `{0}` WRITE;\n/*!40000 ALTER TABLE `{0}` DISABLE KEYS */;\n",
            self.name,
            columns.join(",\n")
        );
        let escaped = |cell: &str| {
            cell.replace('\\', "\\\\")
                .replace('\'', "\\'")
                .replace('\n', "\\n")
                .replace('\r', "\\r")
        };
        let tuples = self.tuples(|cell| {
            if cell.is_empty() {
                "NULL".into()
            } else {
                format!("'{}'", escaped(cell))
            }
        });
        for chunk in tuples.chunks(50) {
            out += &format!("INSERT INTO `{}` VALUES {};\n", self.name, chunk.join(","));
        }
        out + &format!(
            "/*!40000 ALTER TABLE `{}` ENABLE KEYS */;\nUNLOCK TABLES;\n\n",
            self.name
        )
    }

    /// As `pg_dump` writes it, with `COPY`.
    pub(crate) fn postgres(&self) -> String {
        let quoted = |name: &str| {
            if name.is_ascii() {
                name.to_string()
            } else {
                format!("\"{name}\"")
            }
        };
        let names: Vec<_> = self.names().into_iter().map(quoted).collect();
        let columns: Vec<_> = names
            .iter()
            .map(|name| format!("    {name} text"))
            .collect();
        let mut out = format!(
            "SET client_encoding = 'UTF8';\nSET standard_conforming_strings = on;\n\nCREATE TABLE public.{0} (\n{1}\n);\n\nCOPY public.{0} ({2}) FROM \
             stdin;\n",
            self.name,
            columns.join(",\n"),
            names.join(", ")
        );
        let escaped = |cell: &String| match cell.as_str() {
            "" => "\\N".into(),
            _ => cell
                .replace('\\', "\\\\")
                .replace('\t', "\\t")
                .replace('\n', "\\n")
                .replace('\r', "\\r"),
        };
        for (cells, _) in &self.rows {
            out += &(cells.iter().map(escaped).collect::<Vec<_>>().join("\t") + "\n");
        }
        out + "\\.\n\n"
    }

    /// As the `sqlite3` shell's `.dump` writes it.
    pub(crate) fn sqlite_dump(&self) -> String {
        let tuples = self.tuples(|cell| {
            if cell.is_empty() {
                "NULL".into()
            } else {
                format!("'{}'", cell.replace('\'', "''"))
            }
        });
        let rows: String = tuples
            .iter()
            .map(|tuple| format!("INSERT INTO {} VALUES{tuple};\n", self.name))
            .collect();
        format!(
            "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n{}\n{rows}COMMIT;\n",
            self.create()
        )
    }

    /// As SQL Server's management studio scripts a table.
    pub(crate) fn sql_server(&self) -> String {
        let columns: Vec<_> = self
            .fields
            .iter()
            .map(|f| format!("\t[{}] [nvarchar](255) NULL", f.name))
            .collect();
        let names: Vec<_> = self
            .fields
            .iter()
            .map(|f| format!("[{}]", f.name))
            .collect();
        let mut out = format!(
            "USE [HR]\r\nGO\r\nSET ANSI_NULLS ON\r\nGO\r\nCREATE TABLE [dbo].[{}](\r\n{}\r\n) ON [PRIMARY]\r\nGO\r\n",
            self.name,
            columns.join(",\r\n")
        );
        for tuple in self.tuples(|cell| {
            if cell.is_empty() {
                "NULL".into()
            } else {
                format!("N'{}'", cell.replace('\'', "''"))
            }
        }) {
            out += &format!(
                "INSERT [dbo].[{}] ({}) VALUES {tuple}\r\n",
                self.name,
                names.join(", ")
            );
        }
        out + "GO\r\n"
    }

    /// The `CREATE TABLE` that SQLite understands.
    fn create(&self) -> String {
        let columns: Vec<_> = self
            .fields
            .iter()
            .map(|f| format!("\"{}\" TEXT", f.name))
            .collect();
        format!("CREATE TABLE {} ({});", self.name, columns.join(", "))
    }

    /// A SQLite file.
    pub(crate) fn sqlite(&self) -> Vec<u8> {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("made.sqlite");
        let mut db = rusqlite::Connection::open(&path).expect("SQLite opens a new file");
        db.execute_batch(&self.create())
            .expect("the table is valid SQL");
        let all = db.transaction().expect("a transaction begins");
        let marks = vec!["?"; self.fields.len()].join(",");
        for (cells, _) in &self.rows {
            let values = cells.iter().map(|cell| (!cell.is_empty()).then_some(cell));
            all.execute(
                &format!("INSERT INTO {} VALUES ({marks})", self.name),
                rusqlite::params_from_iter(values),
            )
            .expect("the row fits the table");
        }
        all.commit().expect("the rows are written");
        drop(db);
        std::fs::read(&path).expect("SQLite wrote the file")
    }

    /// A mailbox: every row is a message whose body has a labelled line for each cell. The first person of the row is its
    /// sender.
    pub(crate) fn mbox(&self) -> Vec<u8> {
        let mut out = Vec::new();
        for (n, (cells, who)) in self.rows.iter().enumerate() {
            let lines: String = cells
                .iter()
                .zip(&self.fields)
                .map(|(cell, f)| format!("{}：{cell}\n", f.name))
                .collect();
            out.extend(
                Mail::new(
                    n,
                    (&who[0].joined(" "), &who[0].email),
                    ("", "shop@example.jp"),
                    "お問い合わせ",
                    &lines,
                )
                .mbox(),
            );
        }
        out
    }
}

/// One mail message to be written.
pub(crate) struct Mail {
    /// `From`, `To`, `Subject` and the other headers in order, decoded.
    pub(crate) headers: Vec<(String, String)>,
    /// The text.
    pub(crate) body: String,
    /// Attachments: file name, media type, content.
    pub(crate) attachments: Vec<(String, &'static str, Vec<u8>)>,
    /// Number of the message; tells dates and boundaries apart.
    pub(crate) n: usize,
}

impl Mail {
    /// A message without attachments; people are `(name, address)`.
    pub(crate) fn new(
        n: usize,
        from: (&str, &str),
        to: (&str, &str),
        subject: &str,
        body: &str,
    ) -> Self {
        let person = |(name, address): (&str, &str)| {
            if name.is_empty() {
                address.to_string()
            } else {
                format!("{} <{address}>", encoded_word(name))
            }
        };
        let headers = vec![
            ("From".into(), person(from)),
            ("To".into(), person(to)),
            ("Subject".into(), encoded_word(subject)),
            (
                "Date".into(),
                format!(
                    "{}, {:02} Jun 2026 {:02}:{:02}:00 +0900",
                    WEEKDAYS[n % 28 % 7],
                    n % 28 + 1,
                    8 + n / 28 % 12,
                    n % 60
                ),
            ),
            ("Message-ID".into(), format!("<{n}.made@mx.example>")),
            ("MIME-Version".into(), "1.0".into()),
        ];
        Self {
            headers,
            body: body.into(),
            attachments: Vec::new(),
            n,
        }
    }

    /// Adds an attachment.
    pub(crate) fn attach(mut self, name: &str, media: &'static str, content: Vec<u8>) -> Self {
        self.attachments.push((name.into(), media, content));
        self
    }

    /// The message as RFC 5322 says, the text in ISO-2022-JP.
    pub(crate) fn eml(&self) -> Vec<u8> {
        let mut out: Vec<u8> = Vec::new();
        for (name, value) in &self.headers {
            out.extend(format!("{name}: {value}\n").bytes());
        }
        const TEXT: &str =
            "Content-Type: text/plain; charset=ISO-2022-JP\nContent-Transfer-Encoding: 7bit\n\n";
        let body = encode(&self.body, "iso-2022-jp");
        if self.attachments.is_empty() {
            out.extend(TEXT.bytes());
            out.extend(body);
            return out;
        }
        let boundary = format!("=_part_{:06}", self.n);
        out.extend(
            format!(
                "Content-Type: multipart/mixed; boundary=\"{boundary}\"\n\n--{boundary}\n{TEXT}"
            )
            .bytes(),
        );
        out.extend(body);
        for (name, media, content) in &self.attachments {
            let head = format!(
                "\n--{boundary}\nContent-Type: {media}; name=\"{0}\"\nContent-Transfer-Encoding: base64\nContent-Disposition: attachment; \
                 filename=\"{0}\"\n\n",
                encoded_word(name)
            );
            out.extend(head.bytes());
            out.extend(base64(content, 76).bytes());
        }
        out.extend(format!("\n--{boundary}--\n").bytes());
        out
    }

    /// The message in a mailbox of the mboxrd kind.
    pub(crate) fn mbox(&self) -> Vec<u8> {
        let mut out = format!(
            "From MAILER-DAEMON {} Jun {:2} 08:00:00 2026\n",
            WEEKDAYS[self.n % 28 % 7],
            self.n % 28 + 1
        )
        .into_bytes();
        for line in self.eml().split_inclusive(|&byte| byte == b'\n') {
            if line.trim_ascii_start().starts_with(b"From ") || line.starts_with(b">From ") {
                out.push(b'>');
            }
            out.extend(line);
        }
        out.extend(b"\n");
        out
    }
}

/// 1 June 2026 is a Monday.
const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// A header's text as RFC 2047 writes it, if it is not ASCII.
fn encoded_word(text: &str) -> String {
    if text.is_ascii() {
        return text.into();
    }
    let pieces: Vec<char> = text.chars().collect();
    let word = |piece: &[char]| {
        format!(
            "=?ISO-2022-JP?B?{}?=",
            base64(&encode(&piece.iter().collect::<String>(), "iso-2022-jp"), 0)
        )
    };
    pieces.chunks(12).map(word).collect::<Vec<_>>().join("\n ")
}

/// Base64, in lines of `width` characters; 0 for one line without an end.
pub(crate) fn base64(bytes: &[u8], width: usize) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for chunk in bytes.chunks(3) {
        let word = chunk
            .iter()
            .chain([0, 0].iter())
            .take(3)
            .fold(0u32, |word, &byte| word << 8 | u32::from(byte));
        for i in 0..4 {
            out.push(if i <= chunk.len() {
                char::from(DIGITS[(word >> (18 - 6 * i) & 63) as usize])
            } else {
                '='
            });
        }
        if width > 0 && out.len() % (width + 1) >= width {
            out.push('\n');
        }
    }
    if width > 0 && !out.ends_with('\n') {
        out.push('\n');
    }
    out
}

/// Text in an encoding, by the report's name of it; `utf-16le-bom`, `utf-16be-bom` and `utf-8-bom` begin with a mark.
pub(crate) fn encode(text: &str, encoding: &str) -> Vec<u8> {
    match encoding {
        "utf-8" => text.into(),
        "utf-8-bom" => [b"\xEF\xBB\xBF", text.as_bytes()].concat(),
        "utf-16le-bom" => std::iter::once(0xFEFF)
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect(),
        "utf-16be-bom" => std::iter::once(0xFEFF)
            .chain(text.encode_utf16())
            .flat_map(u16::to_be_bytes)
            .collect(),
        "utf-16le" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
        _ => {
            let encoder =
                encoding_rs::Encoding::for_label(encoding.as_bytes()).expect("a WHATWG label");
            let (bytes, _, lost) = encoder.encode(text);
            assert!(!lost, "{encoding} has not all characters of the fixture");
            bytes.into_owned()
        }
    }
}

/// The bytes as gzip.
pub(crate) fn gzip(bytes: &[u8], level: u32) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(level));
    encoder
        .write_all(bytes)
        .and_then(|()| encoder.finish())
        .expect("a Vec takes all bytes")
}

/// The bytes as zstd.
pub(crate) fn zstandard(bytes: &[u8]) -> Vec<u8> {
    zstd::encode_all(bytes, 3).expect("a Vec takes all bytes")
}

/// A zip archive of these files.
pub(crate) fn zipped(files: &[(&str, Vec<u8>)]) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default()
        .compression_method(zip::CompressionMethod::Deflated);
    for (name, bytes) in files {
        archive.start_file(*name, options).expect("the name fits");
        archive.write_all(bytes).expect("a Vec takes all bytes");
    }
    archive
        .finish()
        .expect("a Vec takes all bytes")
        .into_inner()
}

/// A zip archive whose only file says that it is encrypted; its bytes are not.
pub(crate) fn locked_zip(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut archive = zipped(&[(name, bytes.to_vec())]);
    archive[6] |= 1;
    let central = archive
        .windows(4)
        .rposition(|bytes| bytes == b"PK\x01\x02")
        .expect("an archive has a directory");
    archive[central + 8] |= 1;
    archive
}

#[test]
fn base64_has_lines_and_padding() {
    assert_eq!(base64(b"Man", 0), "TWFu");
    assert_eq!(base64(b"Ma", 0), "TWE=");
    assert_eq!(base64(b"M", 0), "TQ==");
    assert!(base64(&[7; 200], 76).lines().all(|line| line.len() <= 76));
}
