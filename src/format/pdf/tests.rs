//! Documents that are damaged, and what is said of them.

use std::io::Write;

use super::super::tests::{context, show};
use super::FORMAT;

/// A page's content that shows one line.
fn line(text: &str) -> Vec<u8> {
    format!("BT /F1 10 Tf 40 700 Td ({text}) Tj ET\n").into_bytes()
}

fn packed(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(content).expect("a vector takes all");
    encoder.finish().expect("a vector takes all")
}

/// A font of the fourteen that every reader has.
const FONT: &str = "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>";

/// A document with these contents of pages, under a filter.
fn document(contents: &[Vec<u8>], filter: &str) -> Vec<u8> {
    in_font(FONT, &[], contents, filter)
}

/// A document in a font, with further objects that the font names: the first of them has the number behind the last page's.
fn in_font(font: &str, further: &[Vec<u8>], contents: &[Vec<u8>], filter: &str) -> Vec<u8> {
    let n = contents.len();
    let kids: String = (0..n)
        .map(|page| format!("{} 0 R ", 4 + page * 2))
        .collect();
    let mut objects = vec![
        b"<</Type/Catalog/Pages 2 0 R>>".to_vec(),
        format!("<</Type/Pages/Count {n}/Kids[{kids}]/Resources<</Font<</F1 3 0 R>>>>>>")
            .into_bytes(),
        font.as_bytes().to_vec(),
    ];
    for (page, content) in contents.iter().enumerate() {
        let at = 5 + page * 2;
        objects.push(format!("<</Type/Page/Parent 2 0 R/Contents {at} 0 R>>").into_bytes());
        let head = format!("<</Length {}{filter}>>stream\n", content.len());
        objects.push([head.as_bytes(), content, b"\nendstream"].concat());
    }
    objects.extend_from_slice(further);
    let mut out = b"%PDF-1.5\n".to_vec();
    let mut places = String::new();
    for (number, object) in objects.iter().enumerate() {
        places.push_str(&format!("{:010} 00000 n \n", out.len()));
        out.extend(format!("{} 0 obj\n", number + 1).bytes());
        out.extend([object.as_slice(), b"\nendobj\n"].concat());
    }
    let (start, size) = (out.len(), objects.len() + 1);
    let tail = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{places}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    );
    out.extend(tail.bytes());
    out
}

fn check(pdf: &[u8], expected: &[&str]) {
    assert_eq!(show(&FORMAT, pdf, &context()), expected);
}

const FLATE: &str = "/Filter/FlateDecode";

#[test]
fn a_whole_document_has_no_faults() {
    let pages = [line("Hanako Yamada"), line("Taro Suzuki")];
    let expected = ["t (pages): Hanako Yamada", "t (pages): Taro Suzuki"];
    check(&document(&pages, ""), &expected);
    let pages = pages.map(|page| packed(&page));
    check(&document(&pages, FLATE), &expected);
}

/// pdfTeX maps the ligatures alone, and tells the rest by the encoding.
#[test]
fn codes_that_the_map_leaves_out_are_those_of_the_encoding() {
    let map =
        "1 begincodespacerange <00> <FF> endcodespacerange 1 beginbfchar <01> <00660069> endbfchar";
    let map = format!("<</Length {}>>stream\n{map}\nendstream", map.len()).into_bytes();
    let pages = [line("Hanako Yamada, o\\001ce")];
    let font = FONT.replace("/Encoding", "/ToUnicode 6 0 R/Encoding");
    let expected = ["t (pages): Hanako Yamada, ofice"];
    check(
        &in_font(&font, std::slice::from_ref(&map), &pages, ""),
        &expected,
    );
    // Glyphs with names of their own mean nothing to anybody.
    let own = "<</Type/Encoding/Differences[72/g1/g2]>>";
    let font = font.replace("/WinAnsiEncoding", own);
    let expected = ["t (pages): fi", "! bad-encoding"];
    check(&in_font(&font, &[map], &pages, ""), &expected);
}

#[test]
fn fonts_that_do_not_say_that_they_are_fonts() {
    let pages = [line("Hanako Yamada")];
    let font = FONT.replace("/Type/Font", "");
    check(
        &in_font(&font, &[], &pages, ""),
        &["t (pages): Hanako Yamada"],
    );
}

#[test]
fn a_damaged_stream_is_said_and_the_pages_behind_it_are_read() {
    let mut long = line("Hanako Yamada");
    for n in 0..500u32 {
        long.extend(format!("{} {} m\n", n * n % 997, n * 31 % 613).bytes());
    }
    long.extend(line("Jiro Sato"));
    let whole = packed(&long);
    // Its second half is no stream at all any more.
    let mut cut = whole.clone();
    let half = cut.len() / 2;
    cut[half..].fill(0xff);
    let pages = [cut, packed(&line("Taro Suzuki"))];
    let expected = [
        "t (pages): Hanako Yamada",
        "t (pages): Taro Suzuki",
        "! malformed",
    ];
    check(&document(&pages, FLATE), &expected);
}

#[test]
fn content_is_taken_up_again_behind_what_is_none() {
    let content = [
        line("Hanako Yamada"),
        b"BT ) >> ( ET\n".to_vec(),
        line("Taro Suzuki"),
    ];
    let expected = [
        "t (pages): Hanako Yamada",
        "t (pages): Taro Suzuki",
        "! malformed",
    ];
    let content = String::from_utf8(content.concat()).expect("it is ASCII");
    // One line below the other.
    let content = content.replacen("40 700 Td (Taro", "40 600 Td (Taro", 1);
    check(&document(&[content.into_bytes()], ""), &expected);
}

#[test]
fn objects_that_cannot_be_read_are_said_and_given() {
    let whole = document(&[line("Hanako Yamada"), line("Taro Suzuki")], "");
    let at = whole
        .windows(8)
        .position(|w| w == b"\n5 0 obj")
        .expect("it is there")
        + 5;
    let mut broken = whole.clone();
    broken[at] = b'x';
    let shown = show(&FORMAT, &broken, &context());
    let member = format!("[object at {}]", at - 4);
    assert_eq!(
        shown,
        [
            "t (pages): Taro Suzuki",
            "! malformed",
            "! malformed",
            &member
        ]
    );
    // A page that is none any more.
    let text = String::from_utf8(whole).expect("it is ASCII");
    let other = text.replacen("/Type/Page/", "/Type/Pale/", 1);
    check(other.as_bytes(), &["t (pages): Taro Suzuki", "! malformed"]);
}

/// A document, changed: its object of this number is another one.
fn changed(mut pdf: Vec<u8>, number: usize, object: &[u8]) -> Vec<u8> {
    let text = String::from_utf8_lossy(&pdf).into_owned();
    let before: usize = text
        .rsplit("startxref\n")
        .next()
        .and_then(|rest| rest.lines().next()?.parse().ok())
        .expect("it tells its place");
    let place = pdf.len();
    pdf.extend(
        [
            format!("{number} 0 obj\n").as_bytes(),
            object,
            b"\nendobj\n",
        ]
        .concat(),
    );
    let start = pdf.len();
    let tail = format!(
        "xref\n{number} 1\n{place:010} 00000 n \ntrailer<</Size 99/Root 1 0 R/Prev {before}>>\nstartxref\n{start}\n%%EOF\n"
    );
    pdf.extend(tail.bytes());
    pdf
}

#[test]
fn what_earlier_revisions_held_is_told_apart() {
    let content = |text: &str| {
        let line = line(text);
        let head = format!("<</Length {}>>stream\n", line.len());
        [head.as_bytes(), &line, b"\nendstream"].concat()
    };
    let first = document(&[line("Hanako Yamada"), line("Taro Suzuki")], "");
    check(
        &first,
        &["t (pages): Hanako Yamada", "t (pages): Taro Suzuki"],
    );
    let second = changed(first, 5, &content("removed"));
    check(
        &second,
        &[
            "t (pages): removed",
            "t (pages): Taro Suzuki",
            "t (pages) (earlier revisions): Hanako Yamada",
        ],
    );
    let third = changed(second, 7, &content("removed"));
    check(
        &third,
        &[
            "t (pages): removed",
            "t (pages): removed",
            "t (pages) (earlier revisions): Taro Suzuki",
            "t (pages) (earlier revisions): Hanako Yamada",
        ],
    );
}
