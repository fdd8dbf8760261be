//! Archives and mail that are cut, changed, lying or bombs: no panic, no hang, limits kept, and a fault that says so.
//!
//! Sizes are chosen so that code which is not linear would take minutes.

#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot be set up has failed"
)]

use std::io::Write;
use std::ops::ControlFlow;

use leakscope::format::{Context, Format, Head, Item, archive, mail};
use leakscope::source::{Budget, Bytes, Code, Fault, Limits};
use leakscope::text::Encoding;

const FORMATS: [Format; 13] = [
    archive::GZIP,
    archive::ZSTD,
    archive::ZIP,
    archive::BZIP2,
    archive::XZ,
    archive::LZ4,
    archive::LZMA,
    archive::LZIP,
    archive::COMPRESS,
    archive::CPIO,
    archive::CABINET,
    mail::MBOX,
    mail::EML,
];

/// What came out of a source and everything inside it.
#[derive(Default)]
struct Outcome {
    records: usize,
    members: usize,
    member_bytes: u64,
    faults: Vec<Fault>,
}

impl Outcome {
    fn has(&self, code: Code) -> bool {
        self.faults.iter().any(|fault| fault.code == code)
    }
}

/// Small bounds, so that they are reached.
fn context(inflated_bytes: u64) -> Context {
    let limits = Limits {
        depth: 4,
        in_memory_bytes: 64 << 10,
        inflated_bytes,
        ..Limits::default()
    };
    Context {
        stem: "x".to_string(),
        encoding: Encoding::Utf8,
        limits,
        budget: Budget::new(inflated_bytes),
        header: |_, _| true,
        columns: None,
        memos: None,
        definition: None,
        heap: None,
        apart: None,
        alone: false,
    }
}

fn scan(bytes: &Bytes, context: &Context) -> Outcome {
    let mut outcome = Outcome::default();
    visit(bytes, context, 0, &mut outcome);
    outcome
}

fn visit(bytes: &Bytes, context: &Context, depth: u32, outcome: &mut Outcome) {
    let head = Head {
        bytes: &bytes[..bytes.len().min(64 << 10)],
        len: bytes.len() as u64,
        encoding: Encoding::Utf8,
        extension: "",
    };
    let Some(format) = FORMATS
        .iter()
        .max_by_key(|format| (format.sniff)(&head))
        .filter(|format| (format.sniff)(&head) > 0)
    else {
        return;
    };
    if depth == context.limits.depth {
        return outcome
            .faults
            .push(Fault::whole(Code::TooDeep, "the whole source"));
    }
    let reader = match (format.open)(bytes, context) {
        Ok(reader) => reader,
        Err(fault) => return outcome.faults.push(fault),
    };
    outcome.faults.extend(reader.faults());
    let mut members = Vec::new();
    for part in 0..reader.parts() {
        let mut sink = |item: Item<'_>| {
            match item {
                Item::Batch(batch) => {
                    assert_eq!(batch.cells.len() % batch.table.columns.len(), 0);
                    batch.cells.iter().for_each(|cell| {
                        assert!(std::str::from_utf8(&batch.bytes[cell.range()]).is_ok())
                    });
                    outcome.records += batch.rows();
                }
                Item::Member(member) => {
                    outcome.faults.extend(member.fault);
                    outcome.members += 1;
                    members.extend(member.bytes);
                }
                Item::Fault(fault) => {
                    assert!(
                        fault.at.is_some_and(|at| at <= bytes.len() as u64),
                        "{fault:?}"
                    );
                    outcome.faults.push(fault);
                }
            }
            ControlFlow::Continue(())
        };
        if let Err(fault) = reader.read(part, &mut sink) {
            outcome.faults.push(fault);
        }
        for member in members.drain(..) {
            outcome.member_bytes += member.len() as u64;
            visit(&member, context, depth + 1, outcome);
        }
    }
}

fn scan_vec(bytes: Vec<u8>) -> Outcome {
    scan(&Bytes::owned(bytes), &context(64 << 20))
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// LZMA alone, with a length in its header or with a mark at its end.
fn lzma(bytes: &[u8], is_told: bool) -> Vec<u8> {
    let options = lzma_rust2::LzmaOptions::with_preset(1);
    let len = is_told.then_some(bytes.len() as u64);
    let mut writer = lzma_rust2::LzmaWriter::new_use_header(Vec::new(), &options, len).unwrap();
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn lzip(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::LzipOptions::with_preset(1);
    let mut writer = lzma_rust2::LzipWriter::new(Vec::new(), options);
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

/// A cabinet with one folder of so many blocks of zeros (MSZIP), each 32 KiB, which so many files name.
fn cabinet(n_blocks: u16, n_files: u16) -> Vec<u8> {
    let mut deflate = flate2::write::DeflateEncoder::new(Vec::new(), flate2::Compression::best());
    deflate.write_all(&[0; 32 << 10]).unwrap();
    let packed = [&b"CK"[..], &deflate.finish().unwrap()].concat();
    let file = [
        &(u32::from(n_blocks) << 15).to_le_bytes()[..],
        &[0; 12],
        b"a\0",
    ]
    .concat();
    let files = file.repeat(usize::from(n_files));
    let block = [
        &[0; 4][..],
        &(packed.len() as u16).to_le_bytes(),
        &[0, 0x80],
        &packed,
    ]
    .concat();
    let start = 44 + files.len() as u32;
    let len = start + block.len() as u32 * u32::from(n_blocks);
    let head = [
        &b"MSCF\0\0\0\0"[..],
        &len.to_le_bytes(),
        &[0; 4],
        &44u32.to_le_bytes(),
        &[0; 4],
        &[3, 1, 1, 0],
    ];
    let tail = [
        &n_files.to_le_bytes()[..],
        &[0; 6],
        &start.to_le_bytes(),
        &n_blocks.to_le_bytes(),
        &[1, 0],
    ];
    [
        head.concat(),
        tail.concat(),
        files,
        block.repeat(usize::from(n_blocks)),
    ]
    .concat()
}

fn zip(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in files {
        writer
            .start_file(*name, zip::write::SimpleFileOptions::default())
            .unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn mailbox() -> Vec<u8> {
    let message = "From - Mon Jan  1 10:00:00 2024\nReceived: from x.example.com\n\tfor <a@example.com>; Mon, 1 Jan 2024\nFrom: \
                   =?ISO-2022-JP?B?GyRCO3NFRBsoQg==?= <a@example.com>\nTo: b@example.com, \"C\" <c@example.com>\nSubject: \
                   =?UTF-8?Q?=E4=BB=B6?=\nContent-Type: multipart/mixed; boundary=\"b b\"\n\n--b b\nContent-Type: text/plain; \
                   charset=iso-2022-jp\n\n\u{1b}$B;3ED\u{1b}(B\n--b b\nContent-Type: text/html; charset=shift_jis\n\
                   Content-Transfer-Encoding: quoted-printable\n\n<p>=8E=52&amp;=\n</p>\n--b b\nContent-Type: application/zip; \
                   name*0*=UTF-8''%E5%90%8D; name*1=.zip\nContent-Transfer-Encoding: base64\n\nUEsDBAo=\n--b b\nContent-Type: \
                   message/rfc822\n\nFrom: d@example.com\nDate: x\n\nnested\n--b b--\n\n";
    message.repeat(3).into_bytes()
}

/// One honest source of each format.
fn honest() -> Vec<(&'static str, Vec<u8>)> {
    let csv: Vec<u8> = (0..400)
        .flat_map(|i| format!("{i},user{}@example.com\n", i * 7919 % 1000).into_bytes())
        .collect();
    vec![
        ("gzip", gzip(&csv)),
        ("zstd", zstd::encode_all(&csv[..], 3).unwrap()),
        ("bzip2", crate::archives::bzip2(&csv)),
        ("xz", crate::archives::xz(&csv)),
        ("lz4", crate::archives::lz4(&csv)),
        ("lzma", lzma(&csv, true)),
        ("lzma with a mark", lzma(&csv, false)),
        ("lzip", lzip(&csv)),
        ("cpio", crate::programs::file("cpio-crc.cpio")),
        ("cab", crate::programs::file("gcab.cab")),
        ("cab of zeros", cabinet(5, 1)),
        (
            "zip",
            zip(&[
                ("a.csv", &csv),
                ("dir/b.gz", &gzip(&csv)),
                ("c.zip", &zip(&[("d.mbox", &mailbox())])),
            ]),
        ),
        ("mbox", mailbox()),
        ("eml", mailbox()[32..].to_vec()),
    ]
}

#[test]
fn honest_sources_have_no_faults() {
    for (name, bytes) in honest() {
        let outcome = scan_vec(bytes);
        // The attached zip of the mailbox is a stump.
        let faults = outcome
            .faults
            .iter()
            .filter(|fault| fault.code != Code::Truncated)
            .count();
        assert!(
            faults == 0 && outcome.records + outcome.members > 0,
            "{name}: {:?}",
            outcome.faults
        );
    }
}

#[test]
fn cut_at_every_16th_byte() {
    for (name, bytes) in honest() {
        let whole = scan_vec(bytes.clone());
        for len in (16..bytes.len()).step_by(16) {
            let outcome = scan_vec(bytes[..len].to_vec());
            // Less than its first header is no cpio and no cabinet, and what fills up the last block says nothing.
            let from = if matches!(name, "cpio" | "cab" | "cab of zeros") {
                128
            } else {
                0
            };
            let to = if name == "cpio" { 1_376 } else { usize::MAX };
            let packed = !matches!(name, "mbox" | "eml") && (from..to).contains(&len);
            assert!(
                !packed || outcome.has(Code::Truncated) || outcome.has(Code::Malformed),
                "{name} cut at {len}: nothing said"
            );
            assert!(outcome.records <= whole.records, "{name} cut at {len}");
        }
    }
}

#[test]
fn bits_flipped_by_seed() {
    let mut state = 0x9e37_79b9_7f4a_7c15_u64;
    let mut random = move |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state % below as u64) as usize
    };
    let rounds = if std::env::var_os("LEAKSCOPE_SLOW").is_some() {
        5_000
    } else {
        300
    };
    for (_, bytes) in honest() {
        for _ in 0..rounds {
            let mut bytes = bytes.clone();
            for _ in 0..=random(4) {
                let at = random(bytes.len());
                bytes[at] ^= 1 << random(8);
            }
            scan_vec(bytes);
        }
    }
}

#[test]
fn zip_of_lies() {
    let bytes = zip(&[("a.csv", &[b'x'; 5_000]), ("b.csv", b"1,2,3")]);
    let entry = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    // Every field of the directory entry, with extreme values.
    for field in (entry..entry + 46).step_by(2) {
        for value in [0, 1, 0x7fff, 0xffff_u16] {
            let mut bytes = bytes.clone();
            bytes[field..field + 2].copy_from_slice(&value.to_le_bytes());
            let outcome = scan_vec(bytes);
            assert!(outcome.member_bytes < 20_000);
        }
    }
}

#[test]
fn a_thousand_entries_over_one_file() {
    let mut bytes = zip(&[("a", &vec![0; 1 << 20])]);
    let entry = memchr::memmem::find(&bytes, b"PK\x01\x02").unwrap();
    let end = memchr::memmem::find(&bytes, b"PK\x05\x06").unwrap();
    let directory = bytes[entry..end].repeat(1_000);
    let mut tail = bytes.split_off(end);
    bytes.truncate(entry);
    tail[8..10].copy_from_slice(&1_000u16.to_le_bytes());
    tail[10..12].copy_from_slice(&1_000u16.to_le_bytes());
    tail[12..16].copy_from_slice(&(directory.len() as u32).to_le_bytes());
    let outcome = scan_vec([bytes, directory, tail].concat());
    assert_eq!(outcome.members, 1_000);
    assert_eq!(outcome.member_bytes, 1 << 20);
    assert_eq!(
        outcome
            .faults
            .iter()
            .filter(|fault| fault.code == Code::Malformed)
            .count(),
        999
    );
}

#[test]
fn bombs_stop_at_the_budget() {
    let zeros = vec![0; 8 << 20];
    let inner = zip(&[("0", &zeros), ("1", &zeros), ("2", &zeros), ("3", &zeros)]);
    let middle = zip(&[("a", &inner), ("b", &inner), ("c", &inner), ("d", &inner)]);
    for bomb in [
        zip(&[("x", &middle), ("y", &middle)]),
        gzip(&gzip(&middle)),
        gzip(&vec![0; 100 << 20]),
        lzma(&vec![0; 100 << 20], true),
        lzma(&vec![0; 100 << 20], false),
        lzip(&vec![0; 100 << 20]),
        crate::archives::lz4(&vec![0; 100 << 20]),
        cabinet(3_000, 1_000),
    ] {
        let outcome = scan(&Bytes::owned(bomb), &context(20 << 20));
        assert!(outcome.has(Code::OverBudget));
        assert!(outcome.member_bytes <= 20 << 20);
    }
}

#[test]
fn nesting_stops_at_the_depth() {
    let nested = (0..20).fold(b"x".to_vec(), |inner, _| gzip(&inner));
    assert!(scan_vec(nested).has(Code::TooDeep));
    let nested =
        "From: a@example.com\nTo: b@example.com\nContent-Type: message/rfc822\n\n".repeat(200_000);
    let outcome = scan_vec(nested.into_bytes());
    assert!(outcome.has(Code::TooDeep));
    assert_eq!(outcome.records, 4);
}

#[test]
fn mail_that_asks_for_much_work() {
    let start = "From: a@example.com\nTo: b@example.com\n";
    let head = format!("{start}Content-Type: multipart/mixed; boundary=b\n\n");
    let cases = [
        // Many parts, each with an inner boundary that never comes.
        format!(
            "{head}{}",
            "--b\nContent-Type: multipart/mixed; boundary=c\n\n".repeat(100_000)
        ),
        // Boundaries that nearly are.
        format!("{head}{}", "--b \u{3000}--bb--b".repeat(300_000)),
        format!("{head}{}", "--b\n".repeat(500_000)),
        // Attachments of one name.
        format!(
            "{head}{}",
            "--b\nContent-Disposition: attachment; filename=x\n\n1\n".repeat(50_000)
        ),
        // A header block without an end, one long field, many fields, many addresses, many encoded words.
        format!("{start}{}", "X: a@example.com\n".repeat(300_000)),
        format!("{start}X: {}", "a@example.com ".repeat(300_000)),
        format!("{start}Cc: {}\n\n", "a@example.com, ".repeat(60_000)),
        format!("{start}Cc: a@example.com,{}\n\n", "\n ".repeat(400_000)),
        format!("{start}Cc: {}\n\n", "(\"<".repeat(300_000)),
        format!("{start}Subject: {}\n\n", "=?utf-8?B?YQ==?= ".repeat(50_000)),
        format!("{start}Subject: {}\n\n", "=?utf-8?Q?".repeat(100_000)),
        format!(
            "{start}Content-Type: text/plain; {}\n\n",
            "name*0*=a; ".repeat(80_000)
        ),
        // HTML without an end.
        format!(
            "{start}Content-Type: text/html\n\n{}",
            "<a href=mailto:".repeat(300_000)
        ),
        format!(
            "{start}Content-Type: text/html\n\n{}",
            "<!--&".repeat(500_000)
        ),
        // Envelopes only.
        "From - Mon Jan  1 10:00:00 2024\nX: y\n\n".repeat(200_000),
        "From a@example.com 10:00\nContent-Length: 99999999\n\n".repeat(100_000),
    ];
    for text in cases {
        let outcome = scan_vec(text.into_bytes());
        assert!(outcome.records > 0);
    }
}
