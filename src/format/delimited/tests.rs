//! Delimited text read in parts of every size.

use super::*;
use crate::source::Limits;

/// All rows with the offset of each present cell's bytes, and the faults. A cell without a value is `None`.
type Rows = Vec<Vec<Option<String>>>;

fn context(part_bytes: usize, encoding: Encoding) -> Context {
    let header = |names: &[String], _: &[Vec<String>]| {
        names.iter().any(|n| !n.is_empty())
            && names
                .iter()
                .all(|n| n.chars().all(|c| !c.is_ascii_digit() && c != '@'))
    };
    Context {
        stem: "t".into(),
        encoding,
        limits: Limits {
            part_bytes,
            ..Limits::default()
        },
        header,
        ..crate::format::tests::context()
    }
}

fn read(raw: &[u8], context: &Context) -> (Vec<Option<String>>, Rows, Vec<Fault>) {
    let bytes = Bytes::owned(raw.to_vec());
    let reader = open(&bytes, context).expect("delimited text always opens");
    let (mut names, mut rows, mut faults) = (Vec::new(), Vec::new(), reader.faults());
    let mut text = String::new();
    for part in 0..reader.parts() {
        reader
            .read(part, &mut |item| {
                match item {
                    Item::Batch(batch) if batch.table.shape == Shape::Lines => {}
                    Item::Batch(batch) => {
                        let origin = batch.origin.expect("cells stand in the source") as usize;
                        assert_eq!(batch.bytes, &raw[origin..origin + batch.bytes.len()]);
                        if batch.table.columns.len() > names.len() {
                            names.clone_from(&batch.table.columns);
                        }
                        for row in batch.cells.chunks(batch.table.columns.len()) {
                            let decode = |cell: &Cell| {
                                let decoded = batch.encoding.decode(&batch.bytes[cell.range()]).0;
                                text.clear();
                                text.push_str(&decoded);
                                if cell.is_escaped() {
                                    unescape(&decoded, batch.escape, &mut text);
                                }
                                (!cell.is_absent()).then(|| text.clone())
                            };
                            let mut row: Vec<_> = row.iter().map(decode).collect();
                            while row.last() == Some(&None) {
                                row.pop();
                            }
                            rows.push(row);
                        }
                    }
                    Item::Fault(fault) => faults.push(fault),
                    Item::Member(_) => panic!("no members in delimited text"),
                }
                ControlFlow::Continue(())
            })
            .expect("reading goes to the end");
    }
    (names, rows, faults)
}

/// Checks the rows, written with `~` between fields and `-` for no value, at every part size.
fn check(raw: &str, expected: &[&str]) {
    check_raw(raw.as_bytes(), Encoding::Utf8, expected);
}

fn check_raw(raw: &[u8], encoding: Encoding, expected: &[&str]) {
    for part_bytes in [1 << 20, 64, 7, 3, 2, 1] {
        let (_, rows, _) = read(raw, &context(part_bytes, encoding));
        let shown = |cell: &Option<String>| cell.clone().unwrap_or_else(|| "-".into());
        let rows: Vec<_> = rows
            .iter()
            .map(|row| row.iter().map(shown).collect::<Vec<_>>().join("~"))
            .collect();
        assert_eq!(
            rows,
            expected,
            "parts of {part_bytes}: {}",
            String::from_utf8_lossy(raw)
        );
    }
}

#[test]
fn fields_and_quotes() {
    check("a,b\n1,2\n", &["1~2"]);
    check("a,b\r\n1,2\r\n3,4", &["1~2", "3~4"]);
    check("a,b\r1,2\r3,4\r", &["1~2", "3~4"]);
    check("a,b\n1,\n,\n", &["1~", "~"]);
    check("a,b\n\n1,2\n\n", &["1~2"]);
    check("a,b\n\"1\",\"2,\n3\"\n", &["1~2,\n3"]);
    check("a,b\r\n\"1\",\"x\"\"y\"\r\n", &["1~x\"y"]);
    check("a,b\n\"\",\"\"\"\"\n", &["~\""]);
    check("a,b\n5\" disk,it\"s\n", &["5\" disk~it\"s"]);
    check("a,b\n\"x\"y,\"x\"y\"z\n", &["xy~xy\"z"]);
    check("a,b\n1,\"2\"", &["1~2"]);
}

#[test]
fn ragged_rows_and_headers() {
    check(
        "a,b,c\n1,2,3\n4\n5,6,7,8\n9,9,9\n",
        &["1~2~3", "4", "5~6~7~8", "9~9~9"],
    );
    check("1,2\n3,4\n", &["1~2", "3~4"]);
    check("a,b\n1,2\na,b\n3,4\n", &["1~2", "3~4"]);
    check(
        "Staff list,,\n,,\nname,mail,fax\n1,2,3\n4,5,6\n",
        &["1~2~3", "4~5~6"],
    );
    check("sep=;\nname;mail\n1,0;2\n", &["1,0~2"]);
    check("\u{FEFF}name,mail\n1,2\n", &["1~2"]);
    let (names, ..) = read(
        "住所,,,生年月日\nx,y,z,1\n".as_bytes(),
        &context(64, Encoding::Utf8),
    );
    assert_eq!(
        names,
        ["住所", "住所", "住所", "生年月日"].map(|name| Some(name.to_owned()))
    );
}

#[test]
fn separators() {
    check("name\tmail\n1\t2\n", &["1~2"]);
    check("name|mail\n1|2,5\n", &["1~2,5"]);
    check("name;mail\n1;2,5\n", &["1~2,5"]);
    check("1+|a|b+|x&|\n2+|c\nd+|y&|\n", &["1~a|b~x", "2~c\nd~y"]);
    check("1\tx\\ty\t\\N\n2\t\\N\ta\\\nb\n", &["1~x\ty", "2~-~a\nb"]);
    check(
        "\"1\",\"a\\\"b\\\\\"\n\"2\",\"c,\\\"\n\"\n",
        &["1~a\"b\\", "2~c,\"\n"],
    );
}

#[test]
fn separators_inside_values() {
    // What stands in every value of a list, but in no name of a column.
    check(
        "day,name,which\n1,Mary,\"Mon;Tue;Wed;Thu\"\n2,John,\"Mon;Tue;Wed;Thu\"\n",
        &["1~Mary~Mon;Tue;Wed;Thu", "2~John~Mon;Tue;Wed;Thu"],
    );
    check(
        "name,hobby\nx,a|b|c|d\ny,a|b|c|d\n",
        &["x~a|b|c|d", "y~a|b|c|d"],
    );
    check(
        "name;address\nx;\"1 Oak, Denver, CO, 8\"\ny;\"2 Elm, Denver, CO, 8\"\n",
        &["x~1 Oak, Denver, CO, 8", "y~2 Elm, Denver, CO, 8"],
    );
    // And in quoted texts of which it parts the halves.
    check(
        "a,b,\"c;d;e;f\"\n1,x,\"c;d;e;f\"\n2,y,\"c;d;e;f\"\n",
        &["1~x~c;d;e;f", "2~y~c;d;e;f"],
    );
    // A title has words behind its comma.
    check(
        "List, all\nname;mail;fax\nDoe, John;2;3\nRoe, Jane;4;5\n",
        &["Doe, John~2~3", "Roe, Jane~4~5"],
    );
}

#[test]
fn shift_jis_trail_bytes_are_no_separators() {
    // The second byte of ポ is `|`, of 表 and ソ a backslash.
    let raw = encoding_rs::SHIFT_JIS
        .encode("name|note\n1|ポスト\n2|表\n3|ソ\n")
        .0
        .into_owned();
    check_raw(&raw, Encoding::ShiftJis, &["1~ポスト", "2~表", "3~ソ"]);
    let raw = encoding_rs::SHIFT_JIS
        .encode("1\t表\t\\N\n2\tソ\tx\n")
        .0
        .into_owned();
    check_raw(&raw, Encoding::ShiftJis, &["1~表", "2~ソ~x"]);
}

#[test]
fn an_unclosed_quote_stands_for_itself() {
    let raw = "a,b\n1,\"x\n2,y\n3,\"\"\n";
    check(raw, &["1~\"x", "2~y", "3~"]);
    let (.., faults) = read(raw.as_bytes(), &context(5, Encoding::Utf8));
    assert_eq!(
        faults.iter().map(|f| (f.code, f.at)).collect::<Vec<_>>(),
        [(Code::UnclosedQuote, Some(6))]
    );
}

#[test]
fn a_quoted_field_longer_than_a_record_may_be_is_read_as_it_stands() {
    let raw = format!("a,b\n1,\"{}\n2,\"z\"\n3,w\n", "y\n".repeat(60));
    for part_bytes in [1 << 20, 64, 5, 1] {
        let mut context = context(part_bytes, Encoding::Utf8);
        context.limits.record_bytes = 50;
        let (_, rows, faults) = read(raw.as_bytes(), &context);
        assert_eq!(rows.len(), 1 + 59 + 2, "{part_bytes}");
        assert_eq!(
            faults.iter().map(|f| (f.code, f.at)).collect::<Vec<_>>(),
            [(Code::UnclosedQuote, Some(6))]
        );
    }
}

#[test]
fn long_and_wide_records_are_cut_and_said() {
    let raw = format!("a,b\n1,{}\n2,x\n{}\n", "y".repeat(200), ",".repeat(40));
    for part_bytes in [1 << 20, 64, 5] {
        let mut context = context(part_bytes, Encoding::Utf8);
        context.limits.record_bytes = 50;
        context.limits.columns = 10;
        let (_, rows, faults) = read(raw.as_bytes(), &context);
        assert_eq!(rows.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 10]);
        assert_eq!(rows[0][1], Some("y".repeat(48)));
        let codes: Vec<_> = faults.iter().map(|f| (f.code, f.at)).collect();
        assert_eq!(
            codes,
            [
                (Code::RecordTooLong, Some(4)),
                (Code::TooManyColumns, Some(211))
            ]
        );
    }
}

#[test]
fn bad_bytes_are_given_as_they_are() {
    // Who decodes the cells counts them.
    let (_, rows, faults) = read(b"a,b\n1,x\xFFy\n2,z\n", &context(1 << 20, Encoding::Utf8));
    assert_eq!(rows.len(), 2);
    assert_eq!(faults, []);
}

#[test]
fn every_cut_is_read_alike_at_every_part_size() {
    let raw = "a,b\r\n\"1\"\"\n\",\"x\"y\r\n5\",\"\n\"\n\"\",\"é\"\n1,\\N\n\"\\\"\",2\n";
    for len in (0..raw.len()).filter(|len| raw.is_char_boundary(*len)) {
        let whole = read(&raw.as_bytes()[..len], &context(1 << 20, Encoding::Utf8));
        for part_bytes in 1..20 {
            assert_eq!(
                read(&raw.as_bytes()[..len], &context(part_bytes, Encoding::Utf8)),
                whole,
                "{len} {part_bytes}"
            );
        }
    }
}

#[test]
fn delimited_text_is_told_from_lines() {
    let check = |text: &str, extension: &str, expected: bool| {
        let head = Head {
            bytes: text.as_bytes(),
            len: text.len() as u64,
            encoding: Encoding::Utf8,
            extension,
        };
        assert_eq!(sniff(&head) > 10, expected, "{text}");
    };
    check(
        "id,name,mail\n1,a,x@example.com\n2,b,y@example.com\n",
        "",
        true,
    );
    check(
        "x@example.com:secret\ny@example.com:hidden\nz@example.com:word\n",
        "txt",
        true,
    );
    check("mail\nx@example.com\n", "csv", true);
    check(
        "Dear all, here it is.\nIt rains, it pours, it ends.\nBye\n",
        "txt",
        false,
    );
    check(
        "2024-01-02 03:04:05,123 INFO a\n2024-01-02 03:04:06,124 INFO b\n2024-01-02 03:04:07,125 WARN c\n",
        "log",
        false,
    );
    check("[a] x: y\n[b] x: z\n[c] x: w\n", "log", false);
    check("one line, no more", "", false);
}

#[test]
fn headers_stand_below_titles_and_again() {
    check(
        "名簿,,,,\n作成日,令和六年,,,\nname,mail,fax,zip,city\n1,2,3,4,5\n",
        &["1~2~3~4~5"],
    );
    // Joined files, the second with its byte order mark.
    check("a,b\n1,2\n\u{FEFF}a,b\n3,4\n", &["1~2", "3~4"]);
}

#[test]
fn outfiles_escape_breaks_without_a_null() {
    check(
        "1\tx\\\ty\tz\n2\ta\\\nb\tc\n3\td\te\n",
        &["1~x\ty~z", "2~a\nb~c", "3~d~e"],
    );
}

#[test]
fn columns_may_be_told_from_beside() {
    let mut context = context(1 << 20, Encoding::Utf8);
    context.columns = Some(vec!["id".into(), "mail".into()]);
    let (names, rows, _) = read(b"1\t2\n3\t\\N\n", &context);
    assert_eq!(names, ["id", "mail"].map(|name| Some(name.to_owned())));
    assert_eq!(rows.len(), 2, "the first row is data");
    context.columns = Some(vec!["one too few".into()]);
    assert_eq!(read(b"1\t2\n3\t4\n", &context).0, [None, None]);
}

#[test]
fn counts_of_rows_are_no_rows() {
    check("a|b\n1|x\n2|y\n(2 rows)\n", &["1~x", "2~y"]);
    check("a|b\n1|x\n(2 persons)\n", &["1~x", "(2 persons)"]);
}

#[test]
fn a_last_row_with_other_line_ends_in_it_stays_whole() {
    let memo = "name,memo,mail\nTaro,x,t@example.com\nHanako,\"first\nsecond\rthird\rfourth\",h@example.com";
    let rows = [
        "Taro~x~t@example.com",
        "Hanako~first\nsecond\rthird\rfourth~h@example.com",
    ];
    check(memo, &rows);
    check(&format!("{memo}\n"), &rows);
    // A file of other line ends behind it is one of its own.
    let other = |text: &str| dialect::other_lines(text.as_bytes(), b'\n');
    assert_eq!(other("a,b\n1,2\nc,d\r3,4\r5,\"6\"\r"), Some(8));
    assert_eq!(other(memo), None);
}

#[test]
fn types_of_columns_below_their_names() {
    check(
        "id,name,phone\nint,varchar(40),text\n1,吉田 明美,080-1234-5678\n",
        &["1~吉田 明美~080-1234-5678"],
    );
    check("name,type\nage,int\nmail,text\n", &["age~int", "mail~text"]);
}
