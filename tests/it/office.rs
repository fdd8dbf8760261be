//! Documents of office programs: the same people in every one of them, and what sheets hide.
//!
//! The writers make files as small as the formats allow, by their specifications.

use std::fmt::Write as _;
use std::io::Write as _;

use serde_json::Value;

use crate::formats::check;
use crate::people;
use crate::plant::user_fields;
use crate::run::{self, items, number, text};
use crate::sheet::{Sheet, encode, zipped};

/// Header and rows of a sheet as texts.
fn rows(sheet: &Sheet) -> Vec<Vec<String>> {
    let names = sheet
        .fields
        .iter()
        .map(|field| field.name.to_string())
        .collect();
    std::iter::once(names)
        .chain(sheet.rows.iter().map(|(cells, _)| cells.clone()))
        .collect()
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('"', "&quot;")
}

/// The letters of a column: `A`, …, `AA`.
fn letters(column: usize) -> String {
    let last = char::from(b'A' + (column % 26) as u8).to_string();
    if column < 26 {
        last
    } else {
        letters(column / 26 - 1) + &last
    }
}

/// One sheet of a workbook: name, state, rows.
pub(crate) type Tab<'a> = (&'a str, &'a str, Vec<Vec<String>>);

/// A workbook whose days are counted from 1904: texts are shared, whole numbers after `date:` are days.
pub(crate) fn xlsx(tabs: &[Tab<'_>]) -> Vec<u8> {
    let mut strings: Vec<&str> = Vec::new();
    let mut book = String::from("<workbook><workbookPr date1904=\"1\"/><sheets>");
    let mut relations = String::from("<Relationships>");
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for (n, (name, state, rows)) in tabs.iter().enumerate() {
        write!(
            book,
            "<sheet name=\"{}\" sheetId=\"{n}\" state=\"{state}\" r:id=\"r{n}\"/>",
            escaped(name)
        )
        .unwrap();
        write!(
            relations,
            "<Relationship Id=\"r{n}\" Target=\"worksheets/sheet{n}.xml\"/>"
        )
        .unwrap();
        let mut sheet = String::from("<worksheet><sheetData>");
        for (row, cells) in rows
            .iter()
            .enumerate()
            .filter(|(_, cells)| !cells.is_empty())
        {
            write!(sheet, "<row r=\"{}\">", row + 1).unwrap();
            for (column, cell) in cells
                .iter()
                .enumerate()
                .filter(|(_, cell)| !cell.is_empty())
            {
                let place = format!("{}{}", letters(column), row + 1);
                if let Some(days) = cell.strip_prefix("date:") {
                    write!(sheet, "<c r=\"{place}\" s=\"1\"><v>{days}</v></c>").unwrap();
                } else {
                    write!(
                        sheet,
                        "<c r=\"{place}\" t=\"s\"><v>{}</v></c>",
                        strings.len()
                    )
                    .unwrap();
                    strings.push(cell);
                }
            }
            sheet += "</row>";
        }
        files.push((
            format!("xl/worksheets/sheet{n}.xml"),
            (sheet + "</sheetData></worksheet>").into(),
        ));
    }
    let texts: String = strings
        .iter()
        .map(|text| format!("<si><t>{}</t></si>", escaped(text)))
        .collect();
    let styles =
        "<styleSheet><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/></cellXfs></styleSheet>";
    let mut all: Vec<(&str, Vec<u8>)> = vec![
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("xl/workbook.xml", (book + "</sheets></workbook>").into()),
        (
            "xl/_rels/workbook.xml.rels",
            (relations + "</Relationships>").into(),
        ),
        ("xl/sharedStrings.xml", format!("<sst>{texts}</sst>").into()),
        ("xl/styles.xml", styles.into()),
    ];
    all.extend(
        files
            .iter()
            .map(|(name, bytes)| (name.as_str(), bytes.clone())),
    );
    zipped(&all)
}

/// Days from 1904-01-01 to a date written `1985/04/03`, as `xlsx` takes them.
pub(crate) fn days_1904(date: &str) -> String {
    let mut parts = date.split('/').map(|part| part.parse::<i64>().unwrap());
    let (year, month, day) = (
        parts.next().unwrap(),
        parts.next().unwrap(),
        parts.next().unwrap(),
    );
    let is_leap = |year: i64| year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let lengths = [
        31,
        28 + i64::from(is_leap(year)),
        31,
        30,
        31,
        30,
        31,
        31,
        30,
        31,
        30,
        31,
    ];
    let years: i64 = (1904..year)
        .map(|year| 365 + i64::from(is_leap(year)))
        .sum();
    let months: i64 = lengths.iter().take(month as usize - 1).sum();
    format!("date:{}", years + months + day - 1)
}

/// A spreadsheet of OpenDocument; its rows are followed by a million empty ones, as programs write them.
pub(crate) fn ods(name: &str, rows: &[Vec<String>]) -> Vec<u8> {
    let mut content = format!(
        "<office:document-content><office:body><office:spreadsheet><table:table table:name=\"{name}\">"
    );
    for cells in rows {
        content += "<table:table-row>";
        for cell in cells {
            write!(content, "<table:table-cell office:value-type=\"string\"><text:p>{}</text:p></table:table-cell>", escaped(cell)).unwrap();
        }
        content += "<table:table-cell table:number-columns-repeated=\"16000\"/></table:table-row>";
    }
    content += "<table:table-row table:number-rows-repeated=\"1048000\"><table:table-cell/></table:table-row></table:table>\
                </office:spreadsheet></office:body></office:document-content>";
    open_document("spreadsheet", content)
}

/// A package of OpenDocument: its type is its first part, stored.
fn open_document(kind: &str, content: String) -> Vec<u8> {
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    let stored = options.compression_method(zip::CompressionMethod::Stored);
    archive.start_file("mimetype", stored).unwrap();
    write!(archive, "application/vnd.oasis.opendocument.{kind}").unwrap();
    archive.start_file("content.xml", options).unwrap();
    archive.write_all(content.as_bytes()).unwrap();
    archive.finish().unwrap().into_inner()
}

/// A Word document with a table; every cell's text is cut into runs.
pub(crate) fn docx(rows: &[Vec<String>]) -> Vec<u8> {
    let mut body = String::from("<w:document><w:body><w:p><w:r><w:t>List</w:t></w:r></w:p><w:tbl>");
    for cells in rows {
        body += "<w:tr>";
        for cell in cells {
            let cut = cell.char_indices().nth(3).map_or(cell.len(), |(at, _)| at);
            let run = |text: &str| {
                format!(
                    "<w:r><w:t xml:space=\"preserve\">{}</w:t></w:r>",
                    escaped(text)
                )
            };
            write!(
                body,
                "<w:tc><w:p>{}{}</w:p></w:tc>",
                run(&cell[..cut]),
                run(&cell[cut..])
            )
            .unwrap();
        }
        body += "</w:tr>";
    }
    body += "</w:tbl></w:body></w:document>";
    zipped(&[
        ("[Content_Types].xml", b"<Types/>".to_vec()),
        ("word/document.xml", body.into()),
    ])
}

/// A page with a table whose cells and rows are not closed.
pub(crate) fn html(rows: &[Vec<String>]) -> String {
    let mut page = String::from(
        "<!DOCTYPE html>\n<html><head><title>List</title></head><body><table border=1>\n",
    );
    for (n, cells) in rows.iter().enumerate() {
        let tag = if n == 0 { "th" } else { "td" };
        let cells: Vec<_> = cells
            .iter()
            .map(|cell| format!("<{tag}>{}", escaped(cell)))
            .collect();
        writeln!(page, "<tr>{}", cells.concat()).unwrap();
    }
    page + "</table></body></html>\n"
}

/// What `mysqldump --xml` writes.
pub(crate) fn mysqldump_xml(sheet: &Sheet) -> String {
    let mut out = format!(
        "<?xml version=\"1.0\"?>\n<mysqldump xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\">\n<database name=\"shop\">\n\
         \t<table_data name=\"{}\">\n",
        sheet.name
    );
    for (cells, _) in &sheet.rows {
        out += "\t<row>\n";
        for (cell, field) in cells.iter().zip(&sheet.fields) {
            if cell.is_empty() {
                writeln!(
                    out,
                    "\t\t<field name=\"{}\" xsi:nil=\"true\" />",
                    field.name
                )
                .unwrap();
            } else {
                writeln!(
                    out,
                    "\t\t<field name=\"{}\">{}</field>",
                    field.name,
                    escaped(cell)
                )
                .unwrap();
            }
        }
        out += "\t</row>\n";
    }
    out + "\t</table_data>\n</database>\n</mysqldump>\n"
}

/// A document with a table in Shift_JIS, as Japanese Word writes it.
pub(crate) fn rtf(rows: &[Vec<String>]) -> String {
    let mut out = String::from(
        "{\\rtf1\\ansi\\ansicpg932{\\fonttbl{\\f0\\fnil\\fcharset128 MS Mincho;}}\\f0\\pard List\\par\n",
    );
    for cells in rows {
        out += "\\trowd\\intbl ";
        for cell in cells {
            for byte in encode(cell, "shift_jis") {
                if byte.is_ascii_alphanumeric()
                    || matches!(byte, b' ' | b'@' | b'.' | b'-' | b'/' | b'$' | b'_')
                {
                    out.push(char::from(byte));
                } else {
                    write!(out, "\\'{byte:02x}").unwrap();
                }
            }
            out += "\\cell ";
        }
        out += "\\row\n";
    }
    out + "\\pard\\par}\n"
}

/// A workbook of Excel 97 ([MS-XLS]); its shared strings go on over several records.
pub(crate) fn xls(name: &str, rows: &[Vec<String>]) -> Vec<u8> {
    fn record(kind: u16, data: &[u8], out: &mut Vec<u8>) {
        out.extend(kind.to_le_bytes());
        out.extend((data.len() as u16).to_le_bytes());
        out.extend(data);
    }
    let begin = [0, 6, 5, 0];
    let cells: Vec<&String> = rows.iter().flatten().collect();
    let mut shared = Vec::new();
    let mut chunk: Vec<u8> = [cells.len() as u32; 2]
        .iter()
        .flat_map(|n| n.to_le_bytes())
        .collect();
    let mut kind = 0xfc;
    for cell in &cells {
        let units: Vec<u16> = cell.encode_utf16().collect();
        chunk.extend((units.len() as u16).to_le_bytes());
        chunk.push(1);
        for unit in units {
            if chunk.len() > 200 {
                record(kind, &chunk, &mut shared);
                (kind, chunk) = (0x3c, vec![1]);
            }
            chunk.extend(unit.to_le_bytes());
        }
    }
    record(kind, &chunk, &mut shared);
    let mut name_data = vec![0, 0, name.len() as u8, 0];
    name_data.extend(name.bytes());
    let globals_len = 8 + (4 + 4 + name_data.len()) + shared.len() + 4;
    let mut stream = Vec::new();
    record(0x809, &begin, &mut stream);
    let bound = [&(globals_len as u32).to_le_bytes(), &name_data[..]].concat();
    record(0x85, &bound, &mut stream);
    stream.extend(shared);
    record(0x0a, &[], &mut stream);
    record(0x809, &begin, &mut stream);
    let mut number = 0u32;
    for (row, cells) in rows.iter().enumerate() {
        for column in 0..cells.len() {
            let place = [row as u16, column as u16, 0]
                .map(u16::to_le_bytes)
                .concat();
            record(
                0xfd,
                &[place, number.to_le_bytes().to_vec()].concat(),
                &mut stream,
            );
            number += 1;
        }
    }
    record(0x0a, &[], &mut stream);
    compound("/Workbook", &stream)
}

/// A document with a page for every forty rows, in a font that is not embedded, as Japanese programs write it.
pub(crate) fn pdf(rows: &[Vec<String>]) -> Vec<u8> {
    let pages: Vec<String> = rows
        .chunks(40)
        .map(|rows| {
            let mut content = String::new();
            for (row, cells) in rows.iter().enumerate() {
                for (column, cell) in cells
                    .iter()
                    .enumerate()
                    .filter(|(_, cell)| !cell.is_empty())
                {
                    let hex: String = cell
                        .encode_utf16()
                        .map(|unit| format!("{unit:04X}"))
                        .collect();
                    let (x, y) = (40 + column * 900, 800 - row * 14);
                    writeln!(content, "BT /F1 10 Tf {x} {y} Td <{hex}> Tj ET").unwrap();
                }
            }
            content
        })
        .collect();
    let n = pages.len();
    let kids: String = (0..n)
        .map(|page| format!("{} 0 R ", 4 + page * 2))
        .collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_string(),
        format!("<</Type/Pages/Count {n}/Kids[{kids}]/Resources<</Font<</F1 3 0 R>>>>/MediaBox[0 0 9999 842]>>"),
        "<</Type/Font/Subtype/Type0/BaseFont/HeiseiMin-W3/Encoding/UniJIS-UTF16-H/DescendantFonts[<</Type/Font/Subtype\
         /CIDFontType0/BaseFont/HeiseiMin-W3/CIDSystemInfo<</Registry(Adobe)/Ordering(Japan1)/Supplement 4>>>>]>>"
            .to_string(),
    ];
    for (page, content) in pages.iter().enumerate() {
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/Contents {} 0 R>>",
            5 + page * 2
        ));
        objects.push(format!(
            "<</Length {}>>stream\n{content}\nendstream",
            content.len()
        ));
    }
    let mut out = String::from("%PDF-1.5\n");
    let mut places = String::new();
    for (number, object) in objects.iter().enumerate() {
        writeln!(places, "{:010} 00000 n ", out.len()).unwrap();
        write!(out, "{} 0 obj\n{object}\nendobj\n", number + 1).unwrap();
    }
    let (start, size) = (out.len(), objects.len() + 1);
    write!(out, "xref\n0 {size}\n0000000000 65535 f \n{places}trailer<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n").unwrap();
    out.into()
}

/// A compound file with one stream.
fn compound(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut file = cfb::CompoundFile::create(std::io::Cursor::new(Vec::new())).unwrap();
    file.create_stream(name).unwrap().write_all(bytes).unwrap();
    file.into_inner().into_inner()
}

fn scan(name: &str, bytes: &[u8]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(name), bytes).unwrap();
    run::report(folder.path(), &[name])
}

fn users(seed: u64) -> Sheet {
    Sheet::of("users", user_fields(), &people::population(seed, 80))
}

#[test]
fn documents_hold_the_same_people() {
    let sheet = users(40);
    let rows = rows(&sheet);
    let xlsx = xlsx(&[("users", "visible", rows.clone())]);
    check(&[
        ("users.xlsx", xlsx.clone()),
        ("users", xlsx.clone()),
        ("users.zip", zipped(&[("users.xlsx", xlsx)])),
        ("users.xls", xls("users", &rows)),
        ("users.ods", ods("users", &rows)),
        ("users.docx", docx(&rows)),
        ("users.html", html(&rows).into()),
        ("sjis.html", encode(&html(&rows), "shift_jis")),
        ("page-as.xls", html(&rows).into()),
        ("users.xml", mysqldump_xml(&sheet).into()),
        ("utf16.xml", encode(&mysqldump_xml(&sheet), "utf-16le-bom")),
        ("users.rtf", rtf(&rows).into()),
        ("users.pdf", pdf(&rows)),
    ]);
}

#[test]
fn titles_and_gaps_are_no_rows() {
    let sheet = users(40);
    let mut all = vec![vec![String::new(), "List of users, 2026".into()], vec![]];
    all.extend(
        rows(&sheet)
            .into_iter()
            .map(|row| [vec![String::new()], row].concat()),
    );
    all.extend([vec![], vec![String::new(), "as of today".into()]]);
    check(&[("users.xlsx", xlsx(&[("users", "visible", all)]))]);
}

#[test]
fn hidden_sheets_are_read_and_said() {
    let empty = || vec![vec!["Total".to_string(), "12".into()]];
    let book = xlsx(&[
        ("Summary", "visible", empty()),
        ("old", "veryHidden", rows(&users(41))),
        ("new", "hidden", rows(&users(42))),
    ]);
    let report = scan("book.xlsx", &book);
    let names: Vec<_> = items(&report, "tables")
        .iter()
        .map(|table| text(table, "name"))
        .collect();
    assert!(
        names.contains(&"old (very hidden)") && names.contains(&"new (hidden)"),
        "{names:?}"
    );
    assert_eq!(number(&report["subjects"]["persons"], &["best"]), 160);
}

#[test]
fn locked_documents_are_said() {
    for (name, bytes) in [
        ("new.xlsx", compound("/EncryptedPackage", &[0; 5000])),
        ("old.xls", {
            let stream = [0x809u16, 0]
                .iter()
                .chain(&[0x2f, 0])
                .flat_map(|n| n.to_le_bytes())
                .collect::<Vec<_>>();
            compound("/Workbook", &stream)
        }),
    ] {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join(name), bytes).unwrap();
        std::fs::write(folder.path().join("good.csv"), users(40).csv()).unwrap();
        let report = run::report(folder.path(), &["."]);
        let codes: Vec<_> = items(&report, "problems")
            .iter()
            .map(|problem| text(problem, "code"))
            .collect();
        assert_eq!(codes, ["encrypted"], "{name}");
    }
}

#[test]
fn far_cells_and_endless_sheets_cost_little() {
    let mut far = rows(&users(40));
    far.push(
        vec![String::new(); 16_383]
            .into_iter()
            .chain(["x".into()])
            .collect(),
    );
    let report = scan("far.xlsx", &xlsx(&[("users", "visible", far)]));
    assert_eq!(number(&report["subjects"]["persons"], &["best"]), 80);
    let mut sheet = String::from("<worksheet><sheetData>");
    for n in 0..2_000u64 {
        write!(
            sheet,
            "<row r=\"{}\"><c r=\"XFD1\" t=\"inlineStr\"><is><t>{n}</t></is></c></row>",
            n * 500 + 1
        )
        .unwrap();
    }
    let parts = [
        ("xl/workbook.xml", b"<workbook/>".to_vec()),
        ("xl/worksheets/sheet1.xml", sheet.into()),
    ];
    let report = scan("gaps.xlsx", &zipped(&parts));
    assert!(number(&items(&report, "sources")[0], &["bytes"]) > 0);
}

#[test]
fn parts_that_no_reader_takes_are_members() {
    let sheet = users(40);
    let page = html(&rows(&sheet)).into_bytes();
    let body = "<w:document><w:body><w:altChunk r:id=\"a\"/></w:body></w:document>";
    let document = |name: &str, part: Vec<u8>| {
        zipped(&[
            ("[Content_Types].xml", b"<Types/>".to_vec()),
            ("word/document.xml", body.into()),
            (
                "word/styles.xml",
                b"<w:styles><w:style w:name=\"Hanako Yamada\"/></w:styles>".to_vec(),
            ),
            (name, part),
        ])
    };
    for (name, part) in [
        ("word/afchunk.htm", page),
        ("word/data.csv", sheet.csv().into_bytes()),
    ] {
        let report = scan("users.docx", &document(name, part));
        assert_eq!(
            number(&report["subjects"]["persons"], &["best"]),
            80,
            "{name}"
        );
        assert_eq!(items(&report, "sources").len(), 2, "{name}");
    }
}

#[test]
fn documents_that_end_early_are_said() {
    let table = rows(&users(40));
    let flat = |rows: &[Vec<String>]| {
        let mut archive = zip::ZipArchive::new(std::io::Cursor::new(ods("users", rows))).unwrap();
        let mut text = String::new();
        std::io::Read::read_to_string(&mut archive.by_name("content.xml").unwrap(), &mut text)
            .unwrap();
        text
    };
    let content = flat(&table);
    // Behind an end of a row, so that no tag is cut.
    let end = "</table:table-row>";
    let at = content[..content.len() / 2].rfind(end).unwrap() + end.len();
    for (text, complete) in [(&content[..], true), (&content[..at], false)] {
        let parts = [
            (
                "mimetype",
                b"application/vnd.oasis.opendocument.spreadsheet".to_vec(),
            ),
            ("content.xml", text.into()),
        ];
        let report = scan("users.ods", &zipped(&parts));
        let codes: Vec<_> = items(&report, "problems")
            .iter()
            .map(|problem| self::text(problem, "code"))
            .collect();
        assert_eq!(codes.is_empty(), complete, "{codes:?}");
        assert!(complete || codes == ["truncated"], "{codes:?}");
    }
}
