//! Mutants of the fixtures for every reader: none panics, hangs, or gives a cell that is not there. `tests/fuzz/README.md`
//! tells how to let it run for longer.

use std::collections::BTreeMap;
use std::io::{Cursor, Write};
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use leakscope::format::{CARVE, Context, FORMATS, Format, Head, Item, TEXT, identify};
use leakscope::source::{Budget, Bytes, Limits, Passwords};
use leakscope::text::detect;

use crate::people::Rng;
use crate::run;

/// Longest time that one mutant may take.
const PATIENCE: Duration = Duration::from_secs(10);
/// Largest seed; larger ones are cut.
const SEED_BYTES: usize = 64 << 10;
/// Mutants of a format in a plain test run.
const MUTANTS: u64 = 60;

/// Seeds of formats that no fixture is of.
const TEXTS: [&str; 10] = [
    "[LINE] 山田 太郎とのトーク履歴\r\n保存日時：2026/06/01 10:00\r\n\r\n2026/05/31(日)\r\n10:00\t山田 太郎\t\"住所は\r\n東京都です\"\r\n",
    "31/12/2024, 10:00 - Messages are end-to-end encrypted.\n31/12/2024, 10:01 - Ann: a\nb\n[31.12.24, 10:02:00] Bob: c\n",
    "BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=SHIFT_JIS;ENCODING=QUOTED-PRINTABLE:=8E=52=93=63;=91=BE\r\nTEL;CELL:090-0000-0000\r\nEND:VCARD\r\n",
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:a\r\n b\r\nATTENDEE;CN=Ann:mailto:a@example.com\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
    "#Fields: time c-ip cs-uri-query\r\n10:00 192.0.2.3 mail=a%40b.example\r\n#Fields: c-ip\r\n192.0.2.1\r\n",
    "75\nFrom: a@example.com\nDate: Mon, 1 Jan 2024 10:00:00 +0900\nSubject: a\n\nbody text\n<?xml version=\"1.0\"?><plist/>\n",
    "MSH|^~\\&|A|B|C|D|20260601||ADT^A01|1|P|2.5\rPID|1||7000^^^A^MR||Davis^Ann^B||19690921|F|||1 Oak St^^X||(303)555-0142\rNK1|1|Davis^Bob|SPO\r",
    "IR,1,13,1,1234567,,x,50604,00,03-0000-0000\r\nRE,1,1112,50604,山田 太郎,1,3550101,,,,,,,K-12,,,,,,,,,,,,,,,,,,,,,,,,ヤマダタロウ,\r\nHO,06139992,12,345,1,100\r\nSY,8830417,5060401,1,,,01\r\nGO,1,3,99\r\n",
    "JAHISTC08,1\n1,鈴木 太郎,1,S330303,1000001,東京都千代田区1-1,03-0000-0001,,,,ｽｽﾞｷ ﾀﾛｳ\n2,3,高血圧,1\n11,x,13,4,1234567\n201,1,y,6,C,2,6\n55,佐藤 一郎,内科\n",
    "root:x:0:0:root:/root:/bin/bash\nann:x:1000:1000:Ann Lee,,,:/home/ann:/bin/bash\nbob:x:1001:1001:Bob Marsh:/home/bob:/bin/sh\n",
];

/// A presentation of one slide, a BACPAC of one table and a message of Outlook, for formats that no fixture is of.
fn made() -> [Vec<u8>; 3] {
    let zip = |files: &[(&str, &[u8])]| {
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            let options = zip::write::SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Stored);
            zip.start_file(*name, options).expect("a file begins");
            zip.write_all(bytes).expect("bytes are written");
        }
        zip.finish().expect("the archive ends").into_inner()
    };
    let slide = b"<p:sld><p:sp><a:p><a:r><a:t>Ann</a:t></a:r></a:p></p:sp><a:tbl><a:tr><a:tc><a:p><a:r><a:t>name</a:t></a:r></a:p></a:tc></a:tr></a:tbl></p:sld>";
    let model = br#"<Model><Element Type="SqlTable" Name="[d].[t]"><Element Type="SqlSimpleColumn" Name="[d].[t].[n]"><Property Name="IsNullable" Value="False"/><Element Type="SqlTypeSpecifier"><References Name="[int]"/></Element></Element><Element Type="SqlSimpleColumn" Name="[d].[t].[m]"><Element Type="SqlTypeSpecifier"><References Name="[nvarchar]"/></Element></Element><Element Type="SqlSimpleColumn" Name="[d].[t].[x]"><Element Type="SqlTypeSpecifier"><References Name="[decimal]"/></Element></Element></Element></Model>"#;
    let row = [
        &7u32.to_le_bytes()[..],
        b"\x04\0a\0b\0",
        b"\x13\x0a\x02\x01",
        &[9; 16],
    ]
    .concat();
    let mut message = cfb::CompoundFile::create(Cursor::new(Vec::new())).expect("a file begins");
    let streams: [(&str, &[u8]); 3] = [
        ("/__properties_version1.0", &[0; 48]),
        ("/__substg1.0_0037001E", b"subject"),
        (
            "/__attach_version1.0_#00000000/__substg1.0_3701000D/WordDocument",
            b"x",
        ),
    ];
    for (path, bytes) in streams {
        let folder = Path::new(path).parent().expect("every path has one");
        message
            .create_storage_all(folder)
            .expect("a folder is made");
        let mut stream = message.create_stream(path).expect("a stream begins");
        stream.write_all(bytes).expect("bytes are written");
    }
    message.flush().expect("the file ends");
    [
        zip(&[
            ("[Content_Types].xml", b"<a/>"),
            ("ppt/slides/slide1.xml", slide),
        ]),
        zip(&[
            ("model.xml", model),
            ("Data/d.t/TableData.BCP", &[&row[..], &row].concat()),
        ]),
        message.into_inner().into_inner(),
    ]
}

/// A cache of a pivot table of two fields and one record, as xls workbooks keep it.
fn cache() -> Vec<u8> {
    let put = |kind: u16, data: &[u8]| {
        let len = (data.len() as u16).to_le_bytes();
        [&kind.to_le_bytes()[..], &len, data].concat()
    };
    let text = |text: &str| [&[text.len() as u8, 0, 0][..], text.as_bytes()].concat();
    let field =
        |name: &str, flags: u8| put(0xc7, &[&[flags, 0][..], &[0; 12], &text(name)].concat());
    [
        put(
            0xc6,
            &[&[0; 10][..], &[2, 0, 2, 0, 0, 0, 1, 0], &text("Ann")].concat(),
        ),
        field("name", 1),
        put(0xcd, &text("Ann Lee")),
        field("amount", 2),
        put(0xc8, &[0]),
        put(0xc9, &12.5_f64.to_le_bytes()),
        put(0x0a, &[]),
    ]
    .concat()
}

/// People whom Outlook completes, where such files are read.
fn completed() -> Option<Vec<u8>> {
    #[cfg(feature = "mail-stores")]
    return Some(crate::completed::some());
    #[cfg(not(feature = "mail-stores"))]
    None
}

fn context() -> Context {
    let limits = Limits {
        inflated_bytes: 64 << 20,
        ratio_free_bytes: 16 << 20,
        members: 10_000,
        part_bytes: 64 << 10,
        in_memory_bytes: 8 << 20,
        passwords: Passwords::new(["Kuma-2026".to_owned()]),
        ..Limits::default()
    };
    Context {
        stem: "fuzz".into(),
        encoding: leakscope::text::Encoding::Utf8,
        budget: Budget::new(limits.inflated_bytes),
        limits,
        header: |_, _| true,
        columns: None,
        memos: None,
        definition: Some(Bytes::owned(crate::programs::definition())),
        heap: Some(crate::programs::heap()),
        apart: None,
        alone: false,
    }
}

fn head(bytes: &[u8]) -> Head<'_> {
    let head = &bytes[..bytes.len().min(64 << 10)];
    Head {
        bytes: head,
        len: bytes.len() as u64,
        encoding: detect(head).encoding,
        extension: "",
    }
}

/// Reads all of a source; gives the members that came out of it.
fn exercise(format: &Format, bytes: &Bytes) -> Vec<Bytes> {
    let mut members = Vec::new();
    let mut context = context();
    if format.name == "myisam" {
        context.definition = Some(Bytes::owned(crate::programs::of_myisam().1));
    }
    if !format.raw {
        context.encoding = head(bytes).encoding;
    }
    let Ok(reader) = (format.open)(bytes, &context) else {
        return members;
    };
    let _ = (reader.faults(), reader.encoding());
    for part in 0..reader.parts() {
        let mut sink = |item: Item<'_>| {
            match item {
                Item::Batch(batch) => {
                    assert_eq!(batch.cells.len() % batch.table.columns.len().max(1), 0);
                    for cell in batch.cells {
                        let raw = batch
                            .bytes
                            .get(cell.range())
                            .expect("a cell stands in its batch");
                        let _ = batch.encoding.decode(raw);
                    }
                }
                Item::Member(member) => members.extend(member.bytes.filter(|_| members.len() < 20)),
                Item::Fault(_) => {}
            }
            ControlFlow::Continue(())
        };
        let _ = reader.read(part, &mut sink);
    }
    members
}

/// The fixtures and what is inside them, by the format that reads them.
fn seeds() -> BTreeMap<&'static str, Vec<Vec<u8>>> {
    fn add(bytes: &Bytes, depth: usize, seeds: &mut BTreeMap<&'static str, Vec<Vec<u8>>>) {
        let format = identify(&head(bytes));
        let of_format = seeds.entry(format.name).or_default();
        if of_format.len() < 8 {
            of_format.push(bytes[..bytes.len().min(SEED_BYTES)].to_vec());
        }
        if depth < 3 {
            let members = exercise(format, bytes);
            members
                .iter()
                .for_each(|member| add(member, depth + 1, seeds));
        }
    }
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
            match entry.path() {
                path if path.is_dir() => walk(&path, files),
                path => files.push(path),
            }
        }
    }
    let mut files = Vec::new();
    run::folders()
        .iter()
        .for_each(|(_, folder)| walk(&folder.join("input"), &mut files));
    files.sort();
    let mut seeds = BTreeMap::new();
    for (name, bytes) in crate::archives::samples() {
        assert!(!bytes.is_empty(), "{name}");
        add(&Bytes::owned(bytes), 0, &mut seeds);
    }
    let row = ["山田太郎", "taro@example.com"].map(str::to_owned).to_vec();
    let pdf = crate::office::pdf(&vec![row; 3]);
    add(&Bytes::owned(pdf), 0, &mut seeds);
    for bytes in made().into_iter().chain([cache()]).chain(completed()) {
        add(&Bytes::owned(bytes), 0, &mut seeds);
    }
    let sheet = crate::formats::population();
    let written = [
        crate::stores::parquet(&sheet),
        crate::stores::avro(&sheet),
        crate::stores::mongo_archive(&sheet),
    ];
    for bytes in written
        .into_iter()
        .chain(TEXTS.map(|text| text.as_bytes().to_vec()))
        .chain(crate::programs::samples())
        .chain([crate::programs::tablespace(), crate::programs::table()])
    {
        add(&Bytes::owned(bytes), 0, &mut seeds);
    }
    for path in files {
        add(
            &Bytes::owned(std::fs::read(path).expect("a fixture can be read")),
            0,
            &mut seeds,
        );
    }
    // Anything can be text, and anything can be carved.
    let any: Vec<Vec<u8>> = seeds
        .values()
        .filter_map(|all| all.first().cloned())
        .collect();
    seeds.insert(CARVE.name, any.clone());
    seeds.insert(TEXT.name, any);
    // Nothing but its name tells what it is.
    seeds.insert("myisam", vec![crate::programs::of_myisam().0]);
    seeds
}

/// A mutant of a seed, with pieces of another.
fn mutant(rng: &mut Rng, seed: &[u8], other: &[u8]) -> Vec<u8> {
    const EDGES: [u64; 10] = [
        0,
        1,
        0x7F,
        0x80,
        0xFF,
        0x7FFF,
        0xFFFF,
        0x7FFF_FFFF,
        0xFFFF_FFFF,
        u64::MAX,
    ];
    let mut bytes = seed.to_vec();
    for _ in 0..rng.range(1, 5) {
        if bytes.len() < 2 {
            break;
        }
        // Half of the changes fall into the head, where structures are dense.
        let span = if rng.chance(50) {
            bytes.len().min(512)
        } else {
            bytes.len()
        };
        let at = rng.below(span as u64) as usize;
        let len = 1 + rng.below((bytes.len() - at).min(300) as u64) as usize;
        let len = len.min(bytes.len() - at);
        match rng.below(9) {
            0 => bytes.truncate(at),
            1 => bytes[at] ^= 1 << rng.below(8),
            2 => bytes[at] = rng.next() as u8,
            3 => {
                let edge = rng.pick(&EDGES).to_le_bytes();
                let size = (1 << rng.below(4)).min(bytes.len() - at);
                bytes[at..at + size].copy_from_slice(&edge[..size]);
                if rng.chance(50) {
                    bytes[at..at + size].reverse();
                }
            }
            4 => drop(bytes.drain(at..at + len)),
            5 => {
                let block = bytes[at..at + len].to_vec();
                bytes.splice(at..at, block);
            }
            6 => bytes[at..at + len].fill(if rng.chance(50) { 0 } else { 0xFF }),
            7 => {
                let to = rng.below(bytes.len() as u64) as usize;
                let n = len.min(bytes.len() - to);
                bytes.copy_within(at..at + n, to);
            }
            _ => {
                let from = rng.below(other.len().max(1) as u64) as usize;
                let piece = &other[from.min(other.len())..other.len().min(from + len)];
                bytes.splice(at..at + len, piece.iter().copied());
            }
        }
    }
    bytes
}

/// Reads an input in a thread of its own; tells what went wrong.
fn try_one(format: &'static Format, bytes: Vec<u8>) -> Option<String> {
    let (done, wait) = channel();
    std::thread::Builder::new()
        .stack_size(16 << 20)
        .spawn(move || {
            let bytes = Bytes::owned(bytes);
            let read = catch_unwind(AssertUnwindSafe(|| exercise(format, &bytes).len()));
            let _ = done.send(read.is_ok());
        })
        .expect("a thread can be started");
    match wait.recv_timeout(PATIENCE) {
        Ok(true) => None,
        Ok(false) => Some("panics".into()),
        Err(RecvTimeoutError::Timeout) => Some("hangs".into()),
        Err(RecvTimeoutError::Disconnected) => Some("dies".into()),
    }
}

fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

fn findings() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/findings")
}

#[test]
fn mutants_of_every_format() {
    let seconds =
        setting("LEAKSCOPE_FUZZ_SECONDS").map(|value| value.parse().expect("seconds are a number"));
    let first = setting("LEAKSCOPE_FUZZ_SEED")
        .map_or(1, |value| value.parse().expect("a seed is a number"));
    let only = setting("LEAKSCOPE_FUZZ");
    let seeds = seeds();
    let mut failures = Vec::new();
    for format in FORMATS
        .iter()
        .filter(|format| only.as_deref().is_none_or(|only| only == format.name))
    {
        let Some(own) = seeds.get(format.name) else {
            println!("fuzz: {} has no seed", format.name);
            continue;
        };
        let (mut rng, clock, mut tried) = (Rng::new(first), Instant::now(), 0);
        let goes_on = |tried: u64| match seconds {
            Some(seconds) => clock.elapsed() < Duration::from_secs(seconds),
            None => tried < MUTANTS,
        };
        while goes_on(tried) && failures.len() < 20 {
            tried += 1;
            let (seed, other) = (rng.pick(own).clone(), rng.pick(own).clone());
            let bytes = mutant(&mut rng, &seed, &other);
            if let Some(how) = try_one(format, bytes.clone()) {
                let name = format!("{}-{first}-{tried}", format.name);
                std::fs::write(findings().join(&name), &bytes).expect("a finding can be written");
                failures.push(format!("{name} {how}"));
            }
        }
        println!(
            "fuzz: {} {tried} mutants in {} s",
            format.name,
            clock.elapsed().as_secs()
        );
    }
    assert!(failures.is_empty(), "{failures:?}");
}

#[test]
fn what_was_found_once_stays_mended() {
    for entry in std::fs::read_dir(findings())
        .into_iter()
        .flatten()
        .flatten()
    {
        let name = entry.file_name().to_string_lossy().into_owned();
        let format = FORMATS
            .iter()
            .find(|format| name.starts_with(&format!("{}-", format.name)));
        let bytes = std::fs::read(entry.path()).expect("a finding can be read");
        if let Some(format) = format {
            assert_eq!(try_one(format, bytes), None, "{name}");
        }
    }
}
