//! Archives made by hand and by the crates that pack them.

use super::super::tests::{context, members, show};
use super::*;

/// Writes local headers, directory and end record; `packed` entries are deflated.
fn archive(files: &[(&[u8], &str, u16)]) -> Vec<u8> {
    let (mut out, mut directory) = (Vec::new(), Vec::new());
    for (name, text, flags) in files {
        let crc = sum(text.as_bytes());
        let at = out.len() as u32;
        let mut about = Vec::new();
        for field in [20, *flags, 0, 0, 0] {
            about.extend_from_slice(&u16::to_le_bytes(field));
        }
        for field in [crc, text.len() as u32, text.len() as u32] {
            about.extend_from_slice(&field.to_le_bytes());
        }
        about.extend_from_slice(&(name.len() as u16).to_le_bytes());
        about.extend_from_slice(&[0, 0]);
        out.extend([LOCAL, &about, name, text.as_bytes()].concat());
        directory.extend(
            [
                &b"PK\x01\x02\x14\x00"[..],
                &about,
                &[0; 10],
                &at.to_le_bytes(),
                name,
            ]
            .concat(),
        );
    }
    let n = (files.len() as u16).to_le_bytes();
    let sizes = [
        (directory.len() as u32).to_le_bytes(),
        (out.len() as u32).to_le_bytes(),
    ]
    .concat();
    out.extend(
        [
            &directory[..],
            b"PK\x05\x06\0\0\0\0",
            &n,
            &n,
            &sizes,
            &[0, 0],
        ]
        .concat(),
    );
    out
}

fn check(files: &[(&[u8], &str, u16)], expected: &[&str]) {
    assert_eq!(show(&members(&ZIP, &archive(files), &context())), expected);
}

#[test]
fn entries_are_members() {
    check(
        &[
            (b"a/", "", 0),
            (b"a/x.csv", "1,2", 0),
            (b"__MACOSX/._x", "m", 0),
        ],
        &["a/x.csv: 1,2", "__MACOSX/._x: m"],
    );
    check(
        &[
            (b"x", "1", 0),
            (b"x", "2", 0),
            (b"x#2", "3", 0),
            (b"x", "4", 0),
        ],
        &["x: 1", "x#2: 2", "x#2#2: 3", "x#3: 4"],
    );
    check(
        &[(b"../../etc/passwd", "1", 0), (b"locked", "1", ENCRYPTED)],
        &["../../etc/passwd: 1", "locked: - encrypted None"],
    );
    check(&[], &[]);
}

#[test]
fn members_that_the_directory_does_not_list() {
    let read = |bytes: &[u8]| show(&members(&ZIP, bytes, &context()));
    let one = archive(&[(b"a", "1", 0)]);
    // An archive behind another: the directory of the last one counts from its own beginning or from the first.
    let both = [&one[..], &archive(&[(b"b", "2", 0)])].concat();
    let found = read(&both);
    assert!(
        found.iter().any(|member| member == "a: 1") && found.iter().any(|member| member == "b: 2"),
        "{found:?}"
    );
    // A member that was struck from the directory.
    let two = archive(&[(b"a", "1", 0), (b"b", "2", 0)]);
    let local = memmem::rfind(&two, LOCAL).expect("there are two");
    let data = &two[local..memmem::find(&two, b"PK\x01\x02").expect("it has a directory")];
    let first = memmem::find(&one, b"PK\x01\x02").expect("it has a directory");
    let mut struck = [&one[..first], data, &one[first..]].concat();
    let end = struck.len() - 6;
    let start = (first + data.len()) as u32;
    struck[end..end + 4].copy_from_slice(&start.to_le_bytes());
    assert_eq!(read(&struck), ["a: 1", "b: 2"]);
    // A comment.
    let mut comment = one.clone();
    let len = comment.len();
    comment[len - 2] = 3;
    comment.extend(b"x,y");
    assert_eq!(read(&comment), ["a: 1", "(behind the directory): x,y"]);
    // Members behind the directory, without one of their own: a file that is read as such, and nothing is lost here.
    let found = read(&[&one[..], data].concat());
    assert_eq!(found[0], "a: 1");
    assert!(
        found.len() == 2 && found[1].starts_with("(behind the directory): PK"),
        "{found:?}"
    );
}

#[test]
fn what_stands_before_the_first_member() {
    let read = |bytes: &[u8]| show(&members(&ZIP, bytes, &context()));
    let one = archive(&[(b"a", "1", 0)]);
    let behind = [b"x,y\n", &one[..]].concat();
    assert_eq!(read(&behind), ["a: 1", "(before the archive): x,y\n"]);
    assert!(is_behind(&behind) && is_behind(&one));
    // Blanks, and the mark of an archive that was meant to be split, are nothing.
    assert_eq!(read(&[&[0; 9][..], &one].concat()), ["a: 1"]);
    assert_eq!(read(&[&b"PK\x07\x08"[..], &one].concat()), ["a: 1"]);
    let empty = [b"x,y\n", &archive(&[])[..]].concat();
    assert_eq!(read(&empty), ["(before the archive): x,y\n"]);
    assert!(!is_behind(&empty) && !is_behind(b"PK\x05\x06") && !is_behind(b""));
}

#[test]
fn names_are_decoded_together() {
    let sjis = |text: &str| encoding_rs::SHIFT_JIS.encode(text).0.into_owned();
    check(
        &[(&sjis("顧客/名簿.csv"), "", 0), (&sjis("ﾒﾓ"), "", 0)],
        &["顧客/名簿.csv: ", "ﾒﾓ: "],
    );
    check(&[("名簿".as_bytes(), "", 0)], &["名簿: "]);
    check(
        &[("名簿".as_bytes(), "", UTF_8), (b"r\x82sum\x82.txt", "", 0)],
        &["名簿: ", "résumé.txt: "],
    );
}

#[test]
fn every_way_to_pack() {
    use std::io::Write;
    let text = "一二三,456\n".repeat(1_000);
    let mut writer = zip::ZipWriter::new_stream(Vec::new());
    for (name, method) in [
        ("d", CompressionMethod::DEFLATE),
        ("s", CompressionMethod::STORE),
    ] {
        let options = zip::write::SimpleFileOptions::default().compression_method(method);
        writer.start_file(name, options).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    let bytes = writer.finish().unwrap().into_inner();
    assert_eq!(
        show(&members(&ZIP, &bytes, &context())),
        [format!("d: {text}"), format!("s: {text}")]
    );
    // Without the directory, lengths are known only from the data.
    let cut = memmem::find(&bytes, b"PK\x01\x02").unwrap();
    let found = members(&ZIP, &bytes[..cut], &context());
    assert_eq!(show(&found[..1]), [format!("d: {text}")]);
    assert!(
        found[1]
            .bytes
            .as_ref()
            .unwrap()
            .starts_with(text.as_bytes())
    );
}

#[test]
fn overlapping_entries_are_refused() {
    let mut bytes = archive(&[(b"a", "0123456789", 0), (b"b", "x", 0)]);
    // The second directory entry points at the first file.
    let second = memmem::rfind(&bytes, b"PK\x01\x02").unwrap();
    bytes[second + 42..second + 46].fill(0);
    let found = show(&members(&ZIP, &bytes, &context()));
    // What stands where no entry points is read as well.
    assert_eq!(found, ["a: 0123456789", "b: - malformed None", "b#2: x"]);
}

#[test]
fn lying_lengths_are_said() {
    let mut bytes = archive(&[(b"a", "0123456789", 0)]);
    let entry = memmem::rfind(&bytes, b"PK\x01\x02").unwrap();
    bytes[entry + 24] = 200;
    assert_eq!(
        show(&members(&ZIP, &bytes, &context())),
        ["a: 0123456789 truncated Some(10)"]
    );
    bytes[entry + 24] = 5;
    assert_eq!(
        show(&members(&ZIP, &bytes, &context())),
        ["a: 0123456789 malformed Some(10)"]
    );
    bytes[entry + 20..entry + 24].fill(0xfe);
    let found = members(&ZIP, &bytes, &context());
    assert_eq!(found[0].fault.as_ref().unwrap().code, Code::Truncated);
}

#[test]
fn members_are_limited() {
    let mut context = context();
    context.limits.members = 1;
    let bytes = Bytes::owned(archive(&[(b"a", "1", 0), (b"b", "2", 0)]));
    let reader = open(&bytes, &context).ok().unwrap();
    assert_eq!(
        (reader.parts(), reader.faults()[0].code),
        (1, Code::OverBudget)
    );
}

#[cfg(feature = "archives")]
#[test]
fn rarer_ways_to_pack() {
    use std::io::Write;
    let text = "一二三,456\n".repeat(300);
    let options = lzma_rust2::LzmaOptions::with_preset(6);
    let lzma = |with_end: bool| {
        let mut out = vec![9, 20, 5, 0, options.get_props()];
        out.extend(options.dict_size.to_le_bytes());
        let mut writer =
            lzma_rust2::LzmaWriter::new_no_header(&mut out, &options, with_end).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
        writer.finish().unwrap();
        out
    };
    let mut xz = lzma_rust2::XzWriter::new(Vec::new(), Default::default()).unwrap();
    xz.write_all(text.as_bytes()).unwrap();
    let xz = xz.finish().unwrap();
    let packed = [
        (lzma(false), 14, 0),
        (lzma(true), 14, END_MARK),
        (xz, 95, 0),
    ];
    for (packed, method, flags) in packed {
        let mut bytes = LOCAL.to_vec();
        for field in [63u16, flags, method, 0, 0] {
            bytes.extend(field.to_le_bytes());
        }
        for field in [sum(text.as_bytes()), packed.len() as u32, text.len() as u32] {
            bytes.extend(field.to_le_bytes());
        }
        bytes.extend([&[1u8, 0, 0, 0][..], b"a", &packed].concat());
        // Found by its local header: there is no directory.
        let found = show(&members(&ZIP, &bytes, &context()));
        assert_eq!(found, [format!("a: {text}")], "method {method}");
    }
}
