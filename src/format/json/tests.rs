//! JSON documents and JSON Lines read in parts of every size.

use super::*;
use crate::text::unescape;

/// What a document holds: `table: column=value, …` for each record in order, and the codes and offsets of faults.
fn read(raw: &[u8], format: &Format, part_bytes: usize) -> (Vec<String>, Vec<(Code, Option<u64>)>) {
    let bytes = Bytes::owned(raw.to_vec());
    let limits = Limits {
        part_bytes,
        ..Limits::default()
    };
    let context = Context {
        stem: "t".into(),
        encoding: Encoding::Utf8,
        limits,
        ..crate::format::tests::context()
    };
    let reader = (format.open)(&bytes, &context).expect("JSON opens");
    let (mut records, mut faults, mut text) = (Vec::new(), Vec::new(), String::new());
    for part in 0..reader.parts() {
        let result = reader.read(part, &mut |item| {
            match item {
                Item::Batch(batch) => {
                    let origin = batch.origin.expect("cells stand in the source") as usize;
                    assert_eq!(batch.bytes, &raw[origin..origin + batch.bytes.len()]);
                    for row in batch.cells.chunks(batch.table.columns.len()) {
                        let present = batch
                            .table
                            .columns
                            .iter()
                            .zip(row)
                            .filter(|(_, cell)| !cell.is_absent());
                        let shown: Vec<_> = present
                            .map(|(name, cell)| {
                                let decoded = batch.encoding.decode(&batch.bytes[cell.range()]).0;
                                text.clone_from(&decoded.into_owned());
                                if cell.is_escaped() {
                                    unescape(&text.clone(), batch.escape, &mut text);
                                }
                                format!("{}={text}", name.as_deref().unwrap_or("-"))
                            })
                            .collect();
                        records.push(format!("{}: {}", batch.table.name, shown.join(", ")));
                    }
                }
                Item::Fault(fault) => faults.push((fault.code, fault.at)),
                Item::Member(_) => panic!("no members in JSON"),
            }
            ControlFlow::Continue(())
        });
        faults.extend(result.err().map(|fault| (fault.code, fault.at)));
    }
    (records, faults)
}

fn check_lines(text: &str, expected: &[&str], faults: &[(Code, u64)]) {
    for part_bytes in [1 << 20, 64, 9, 1] {
        let (records, found) = read(text.as_bytes(), &LINES, part_bytes);
        // Actions of a `_bulk` file come after the records of their part.
        let sorted = |mut records: Vec<String>| {
            records.sort_by_key(|r| r.starts_with("_bulk"));
            records
        };
        assert_eq!(sorted(records), expected, "{text} in parts of {part_bytes}");
        assert_eq!(
            found,
            faults.iter().map(|f| (f.0, Some(f.1))).collect::<Vec<_>>(),
            "{text}"
        );
    }
}

fn check_document(text: &str, expected: &[&str], faults: &[(Code, u64)]) {
    for part_bytes in [1 << 20, 64, 9, 1] {
        let (records, found) = read(text.as_bytes(), &DOCUMENT, part_bytes);
        assert_eq!(records, expected, "{text} in parts of {part_bytes}");
        assert_eq!(
            found,
            faults.iter().map(|f| (f.0, Some(f.1))).collect::<Vec<_>>(),
            "{text} in parts of {part_bytes}"
        );
    }
}

#[test]
fn lines_are_records() {
    check_lines(
        "{\"a\":1,\"b\":\"x\\\"y\"}\n\n{\"b\":null,\"a\":true}\r\n",
        &["t: a=1, b=x\"y", "t: a=true"],
        &[],
    );
    check_lines(
        "{\"a\":{\"b\":[{\"c\":1},{\"c\":2,\"d\":3}]}}",
        &["t: a.b[].c=1, a.b[].c=2, a.b[].d=3"],
        &[],
    );
    check_lines(
        "{\"tags\":[\"x\",\"y\"],\"_id\":{\"$oid\":\"5f\"}}",
        &["t: tags[]=x, tags[]=y, _id=5f"],
        &[],
    );
    check_lines("{\"\\u540d\":\"\\u592a\\u90ce\"}", &["t: 名=太郎"], &[]);
    check_lines(
        "{}\n{\"a\":[]}\n[1,\"z\"]\n7\n",
        &["t: []=1, []=z", "t: -=7"],
        &[],
    );
}

#[test]
fn a_bad_line_costs_itself_only() {
    check_lines(
        "{\"a\":1}\n{\"a\":2,}\n{\"a\":3}\n",
        &["t: a=1", "t: a=2", "t: a=3"],
        &[(Code::Malformed, 15)],
    );
    check_lines(
        "{\"a\":1} x\n{\"a\":\n",
        &["t: a=1"],
        &[(Code::Malformed, 8), (Code::Truncated, 15)],
    );
}

#[test]
fn bulk_actions_are_a_table_of_their_own() {
    let text = "POST _bulk\n{\"index\":{\"_id\":\"1\"}}\n{\"name\":\"x\"}\n{\"delete\" : {\"_id\":\"2\"}}\n";
    check_lines(
        text,
        &["t: name=x", "_bulk: index._id=1", "_bulk: delete._id=2"],
        &[],
    );
}

#[test]
fn documents_become_tables() {
    check_document("[{\"a\":1},{\"a\":2}]", &["t: a=1", "t: a=2"], &[]);
    check_document(
        "{\"total\":2,\"data\":{\"users\":[{\"a\":1},{\"a\":2}],\"at\":\"x\"},\"tags\":[\"p\",\"q\"]}",
        &[
            "data.users: a=1",
            "data.users: a=2",
            "tags: -=p",
            "tags: -=q",
            "t: total=2, data.at=x",
        ],
        &[],
    );
    check_document("{\"a\":1}\n{\"a\":2}", &["t: a=1", "t: a=2"], &[]);
    check_document(
        "{\"u\":{\"k1\":{\"n\":\"x\"},\"k2\":{\"n\":\"y\"}}}",
        &["u: (key)=k1, n=x", "u: (key)=k2, n=y"],
        &[],
    );
    check_document("\u{FEFF}[]", &[], &[]);
}

#[test]
fn a_document_counts_up_to_its_mistake() {
    check_document(
        "[{\"a\":1},{\"a\":2},{\"a\" 3}]",
        &["t: a=1", "t: a=2"],
        &[(Code::Malformed, 22)],
    );
    check_document(
        "[{\"a\":1},{\"a\":\"x",
        &["t: a=1"],
        &[(Code::Truncated, 16)],
    );
}

#[test]
fn repeats_and_depth_are_bounded_and_said() {
    let many = format!("{{\"a\":[{}1]}}\n", "1,".repeat(19));
    let (records, faults) = read(many.as_bytes(), &LINES, 64);
    assert_eq!(
        records,
        vec!["a: -=1"; 20],
        "a long list is a table of its own"
    );
    assert_eq!(faults, []);
    let deep = format!(
        "{}1{}\n{{\"a\":1}}\n",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let (records, faults) = read(deep.as_bytes(), &LINES, 1 << 20);
    assert_eq!(
        (records.len(), faults),
        (1, vec![(Code::TooDeep, Some(128))])
    );
    let (_, faults) = read("[".repeat(100_000).as_bytes(), &DOCUMENT, 64);
    assert_eq!(faults.last().map(|f| f.0), Some(Code::Truncated));
    let keys: String = (0..200_000).map(|i| format!("\"k{i}\":{i},")).collect();
    let (records, faults) = read(format!("{{{keys}\"z\":1}}").as_bytes(), &DOCUMENT, 64);
    assert_eq!((records.len(), faults.len()), (1, 1));
}

#[test]
fn shift_jis_trail_bytes_are_no_escapes() {
    let raw = encoding_rs::SHIFT_JIS
        .encode("{\"名\":\"表\",\"b\":\"ソ\\\"x\"}")
        .0
        .into_owned();
    let bytes = Bytes::owned(raw);
    let context = Context {
        stem: "t".into(),
        encoding: Encoding::ShiftJis,
        limits: Limits::default(),
        header: |_, _| false,
        ..crate::format::tests::context()
    };
    let reader = (LINES.open)(&bytes, &context).expect("JSON opens");
    let mut cells = Vec::new();
    let read = reader.read(0, &mut |item| {
        if let Item::Batch(batch) = item {
            cells.extend(batch.cells.iter().map(|c| {
                batch
                    .encoding
                    .decode(&batch.bytes[c.range()])
                    .0
                    .into_owned()
            }));
        }
        ControlFlow::Continue(())
    });
    assert_eq!(
        (read, cells),
        (Ok(()), vec!["表".to_owned(), "ソ\\\"x".to_owned()])
    );
}

#[test]
fn json_is_told_from_text() {
    let check = |text: &str, expected| {
        let head = Head {
            bytes: text.as_bytes(),
            len: text.len() as u64,
            encoding: Encoding::Utf8,
            extension: "",
        };
        assert_eq!(kind(&head), expected, "{text}");
    };
    check("{\"a\":1}\n{\"a\":2}\n", Some(Kind::Lines));
    check("{\"a\":1} x\n{\"a\":2}\n{\"a\":2}\n", Some(Kind::Lines));
    check("POST _bulk\n{\"index\":{}}\n{\"a\":2}\n", Some(Kind::Lines));
    check("{\n \"a\":1\n}\n{\"a\":2}", Some(Kind::Document));
    check("[{\"a\":1},\n{\"a\":2}]", Some(Kind::Document));
    check("{\"a\":[1,2", Some(Kind::Document));
    check("[2026-01-02] started\n[2026-01-03] ended\n", None);
    check("[error] x\n", None);
    check("{ block }", None);
    check("a,b\n", None);
}

#[test]
fn every_cut_is_read_without_panic_and_alike_at_every_part_size() {
    let text = "{\"a\":[{\"b\":\"\\u00e9\\\"é\"},-1.5e3,null],\"c\":{\"d\":true}}\n[{\"a\":\"x\"},{\"a\":[1]}]\n";
    for len in 0..text.len() {
        let raw = &text.as_bytes()[..len];
        let whole = read(raw, &LINES, 1 << 20);
        for part_bytes in 1..12 {
            assert_eq!(read(raw, &LINES, part_bytes), whole, "{len}");
        }
    }
}

/// Documents in which tables stand beside, above and inside each other, with values between them.
const DOCUMENTS: [&str; 6] = [
    r#"[{"a":1,"b":[1,2]},{"a":2},{"a":[{"c":3}]}]"#,
    r#"{"n":1,"l":[{"a":1},{"a":2}],"m":{"x":"y","l":[7,8,9],"z":2},"k":[],"o":[[1],[2]],"q":3}"#,
    r#"{"took":1,"hits":{"total":2,"hits":[{"_id":"1","_source":{"m":"a"}},{"_id":"2"}]}} {"a":4} [5,6] 7"#,
    r#"{"u":{"k1":{"n":"x"},"k2":{"n":"y"},"k3":{"n":"z"}},"v":{"k1":{"n":"x"},"k2":{"n":"y"}},"w":0}"#,
    r#"{"a":1}{"a":2,"t":["x"]}{"a":3}{"t":["y","z"]}"#,
    r#"[{"type":"header","comment":"Export to JSON plugin for PHPMyAdmin"},{"type":"table","name":"u","data":[{"i":1},{"i":2}]},{"type":"table","name":"v","data":[{"i":3}]}]"#,
];

#[test]
fn documents_are_alike_at_every_part_size() {
    let check = |raw: &[u8]| {
        let whole = read(raw, &DOCUMENT, 1 << 20);
        for part_bytes in [1, 2, 3, 5, 8, 13, 21, 34] {
            let parts = read(raw, &DOCUMENT, part_bytes);
            let text = String::from_utf8_lossy(raw);
            assert_eq!(parts, whole, "{text} in parts of {part_bytes}");
        }
    };
    for text in DOCUMENTS {
        for len in 0..=text.len() {
            check(&text.as_bytes()[..len]);
        }
        for at in 0..text.len() {
            for byte in *b"{}[],:\"x0 " {
                let mut raw = text.as_bytes().to_vec();
                raw[at] = byte;
                check(&raw);
            }
        }
    }
    let deep = format!("{}1{}", "[".repeat(200), "]".repeat(200));
    let list = mails(40);
    check(format!("[{{\"a\":1}},{deep},{{\"a\":2}}]").as_bytes());
    check(format!("{{\"t\":[{{\"a\":1}},{{\"l\":[{list}]}},{{\"a\":2}}],\"b\":3}}").as_bytes());
}

#[test]
fn lists_by_key_are_not_a_table_each() {
    let lists = |n: usize| -> Vec<String> {
        let one = |i| format!("\"u{i}\":[{{\"mail\":\"a{i}\"}}]");
        (0..n).map(one).collect()
    };
    let text = format!("{{\"by\":{{\"user\":{{{}}}}}}}", lists(12_000).join(","));
    let (records, faults) = read(text.as_bytes(), &DOCUMENT, 1 << 20);
    let table = |at: usize| records[at].split(':').next().unwrap();
    assert_eq!((records.len(), faults.len()), (12_000, 0));
    assert_eq!([table(0), table(999)], ["by.user.u0", "by.user.u999"]);
    assert_eq!([table(1_000), table(9_999)], ["by.user"; 2]);
    assert_eq!([table(10_000), table(11_999)], ["t"; 2]);
    assert_eq!(read(text.as_bytes(), &DOCUMENT, 1_000).0, records);
}

#[test]
fn parts_of_a_document_share_the_work() {
    let text = format!("{{\"n\":1,\"rows\":[{}],\"end\":2}}", mails(1_000));
    let bytes = Bytes::owned(text.into_bytes());
    let limits = Limits {
        part_bytes: 1_000,
        ..Limits::default()
    };
    let context = Context {
        limits,
        ..crate::format::tests::context()
    };
    let reader = (DOCUMENT.open)(&bytes, &context).expect("JSON opens");
    let records = |part: usize| {
        let mut rows = 0;
        let read = reader.read(part, &mut |item| {
            if let Item::Batch(batch) = item {
                rows += batch.rows();
            }
            ControlFlow::Continue(())
        });
        assert_eq!(read, Ok(()));
        rows
    };
    let of_parts: Vec<usize> = (0..reader.parts()).map(records).collect();
    assert!(of_parts.len() > 10, "{of_parts:?}");
    assert!(
        of_parts.iter().all(|rows| (1..100).contains(rows)),
        "{of_parts:?}"
    );
    assert_eq!(of_parts.iter().sum::<usize>(), 1_001);
}

/// A list of `n` objects `{"mail":"aN"}`.
fn mails(n: usize) -> String {
    let one = |i: usize| format!("{{\"mail\":\"a{i}\"}}");
    (0..n).map(one).collect::<Vec<_>>().join(",")
}

fn expect_mails(table: &str, n: usize) -> Vec<String> {
    (0..n).map(|i| format!("{table}: mail=a{i}")).collect()
}

#[test]
fn rows_that_are_lists() {
    let rows = r#"["佐藤 太郎","1985-04-03",null],["鈴木 花子",null,"x"]"#;
    let named = [
        "氏名=佐藤 太郎, 生年月日=1985-04-03",
        "氏名=鈴木 花子, メモ=x",
    ];
    let of = |table: &str| named.map(|row| format!("{table}: {row}"));
    let check = |text: &str, table: &str, others: &[&str]| {
        for part_bytes in [1 << 20, 64, 9, 1] {
            let (records, faults) = read(text.as_bytes(), &DOCUMENT, part_bytes);
            let of_table = records
                .iter()
                .filter(|row| row.starts_with(&format!("{table}: ")));
            let of_table: Vec<String> = of_table.cloned().collect();
            assert_eq!(of_table, of(table), "{text} in parts of {part_bytes}");
            for other in others {
                assert!(records.iter().any(|row| row == other), "{records:?}");
            }
            assert_eq!(faults, [], "{text}");
        }
    };
    let names = r#"["氏名","生年月日","メモ"]"#;
    // Google Sheets, and a list of rows alone.
    check(&format!("[{names},{rows}]"), "t", &[]);
    let sheet = format!(r#"{{"range":"A1","values":[{names},{rows}]}}"#);
    check(&sheet, "values", &["t: range=A1"]);
    // pandas, `orient="split"`; Metabase.
    check(
        &format!(r#"{{"columns":{names},"index":[0,1],"data":[{rows}]}}"#),
        "data",
        &[],
    );
    let objects = r#"[{"id":1,"name":"氏名"},{"name":"生年月日"},{"name":"メモ"}]"#;
    let metabase = format!(r#"{{"data":{{"cols":{objects},"rows":[{rows}]}}}}"#);
    check(&metabase, "data.rows", &[]);
    // BigQuery.
    let cells = r#"{"f":[{"v":"佐藤 太郎"},{"v":"1985-04-03"},{"v":null}]},{"f":[{"v":"鈴木 花子"},{"v":null},{"v":"x"}]}"#;
    let query = format!(r#"{{"schema":{{"fields":{objects}}},"rows":[{cells}]}}"#);
    check(&query, "rows", &[]);
    // As many names as a row has cells, or none.
    let (records, _) = read(
        format!(r#"{{"columns":["a","b"],"rows":[{rows}]}}"#).as_bytes(),
        &DOCUMENT,
        1 << 20,
    );
    assert!(
        records.contains(&"rows: []=佐藤 太郎, []=1985-04-03".to_owned()),
        "{records:?}"
    );
    // A row of many cells is one record.
    let wide: Vec<String> = (0..40).map(|n| n.to_string()).collect();
    let (records, _) = read(
        format!("[[{0}],[{0}]]", wide.join(",")).as_bytes(),
        &DOCUMENT,
        64,
    );
    assert_eq!(records.len(), 2);
    assert!(records[1].ends_with("[]=38, []=39"), "{records:?}");
}

#[test]
fn long_lists_inside_records_are_tables() {
    let list = mails(40);
    let text = format!(
        "[{{\"id\":1,\"tags\":[\"x\"]}},{{\"id\":2,\"hits\":{{\"list\":[{list}]}},\"n\":3}},{{\"id\":4}}]"
    );
    let mut expected = vec!["t: id=1, tags[]=x".to_owned()];
    expected.extend(expect_mails("hits.list", 40));
    expected.push("t: id=2, n=3".to_owned());
    expected.push("t: id=4".to_owned());
    let (records, faults) = read(text.as_bytes(), &DOCUMENT, 64);
    assert_eq!((records, faults), (expected, vec![]));
}

#[test]
fn long_lists_inside_lines_are_tables() {
    let text = format!(
        "{{\"id\":1}}\n{{\"id\":2,\"list\":[{}]}}\n{{\"id\":3}}\n",
        mails(17)
    );
    for part_bytes in [1 << 20, 64, 5] {
        let (records, faults) = read(text.as_bytes(), &LINES, part_bytes);
        let ours: Vec<_> = records.iter().filter(|r| r.starts_with("t:")).collect();
        assert_eq!(ours, ["t: id=1", "t: id=2", "t: id=3"], "{part_bytes}");
        let lists: Vec<_> = records
            .iter()
            .filter(|r| r.starts_with("list:"))
            .cloned()
            .collect();
        assert_eq!(lists, expect_mails("list", 17));
        assert_eq!(faults, []);
    }
}

#[test]
fn lists_in_lists_end() {
    let mut text = mails(20);
    for _ in 0..30 {
        text = format!("{{\"l\":[{text}]}},{{\"x\":1}}");
    }
    let (records, faults) = read(format!("[{text}]").as_bytes(), &DOCUMENT, 64);
    assert!(records.iter().any(|record| record.contains("mail=a0")));
    // So deep no table is made any more: four of twenty are beyond their columns, and that is said.
    assert_eq!(
        faults.iter().map(|f| f.0).collect::<Vec<_>>(),
        [Code::TooManyColumns]
    );
}

#[test]
fn types_of_dynamodb_are_no_columns() {
    let item = |n: usize| {
        format!(
            "{{\"mail\":{{\"S\":\"a{n}\"}},\"age\":{{\"N\":\"3\"}},\"home\":{{\"M\":{{\"zip\":{{\"S\":\"1\"}}}}}},\"l\":{{\"L\":[{{\"S\":\"x\"}}]}}}}"
        )
    };
    let text = format!("{{\"Items\":[{},{}],\"Count\":2}}", item(0), item(1));
    let expected: Vec<_> = (0..2)
        .map(|n| format!("Items: mail=a{n}, age=3, home.zip=1, l[]=x"))
        .chain(["t: Count=2".to_owned()])
        .collect();
    assert_eq!(read(text.as_bytes(), &DOCUMENT, 64).0, expected);
    // Sizes of clothes are no types.
    check_document(r#"[{"S":"1","M":"2","L":"3"}]"#, &["t: S=1, M=2, L=3"], &[]);
}

#[test]
fn tables_of_phpmyadmin_are_tables() {
    let text = r#"[{"type":"header","version":"5.2.1","comment":"Export to JSON plugin for PHPMyAdmin"},
        {"type":"database","name":"shop"},
        {"type":"table","name":"users","database":"shop","data":
        [{"id":"1","mail":"a"},{"id":"2","mail":"b"}]}]"#;
    let (records, faults) = read(text.as_bytes(), &DOCUMENT, 64);
    let users: Vec<_> = records.iter().filter(|r| r.starts_with("users:")).collect();
    assert_eq!(users, ["users: id=1, mail=a", "users: id=2, mail=b"]);
    assert_eq!(faults, []);
}

#[test]
fn people_of_slack_are_named_as_messages_name_them() {
    let text =
        r#"[{"id":"U0A1B2C3D","team_id":"T0A1B2C3D","name":"hanako","profile":{"email":"a"}}]"#;
    let expected = ["t: user=U0A1B2C3D, team_id=T0A1B2C3D, name=hanako, profile.email=a"];
    check_document(text, &expected, &[]);
    let other = r#"[{"id":"1001","team_id":"T0A1B2C3D","profile":{"email":"a"}}]"#;
    check_document(
        other,
        &["t: id=1001, team_id=T0A1B2C3D, profile.email=a"],
        &[],
    );
}

#[test]
fn records_that_name_their_table_are_its_rows() {
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        // Members stand in the order of their batch.
        let sorted = |record: &str| {
            let (table, pairs) = record.split_once(": ").unwrap();
            let mut pairs: Vec<_> = pairs.split(", ").collect();
            pairs.sort_unstable();
            format!("{table}: {}", pairs.join(", "))
        };
        let mut expected: Vec<_> = expected.iter().map(|record| sorted(record)).collect();
        for part_bytes in [1 << 20, 16] {
            let (records, faults) = read(text.as_bytes(), &DOCUMENT, part_bytes);
            let mut records: Vec<_> = records.iter().map(|record| sorted(record)).collect();
            if part_bytes == 16 {
                records.sort();
                expected.sort();
            }
            assert_eq!((&records, faults), (&expected, vec![]), "{text}");
        }
    }
    check(
        r#"[{"model":"auth.user","pk":1,"fields":{"name":"a","groups":[7]}},
            {"pk":9,"model":"shop.item","fields":{"name":"b","model":"c"}},
            {"fields":{"name":"d"},"model":"auth.user","pk":2},
            {"model":"Corolla","pk":3,"fields":{"name":"e"}},
            {"model":"auth.user","year":3,"fields":{"name":"f"}}]"#,
        &[
            "auth.user: model=auth.user, pk=1, name=a, groups[]=7",
            "auth.user: name=d, model=auth.user, pk=2",
            "shop.item: pk=9, model=shop.item, name=b, model=c",
            "t: model=Corolla, pk=3, fields.name=e",
            "t: model=auth.user, fields.name=f, year=3",
        ],
    );
    check(
        r#"{"data":[{"type":"users","id":"1","attributes":{"name":"a"}}],
            "included":[{"type":"posts","id":"2","relationships":{"user":{"data":{"type":"users","id":"1"}}},"attributes":{"name":"b"}}]}"#,
        &[
            "users: type=users, id=1, name=a",
            "posts: type=posts, id=2, user.type=users, user.id=1, name=b",
        ],
    );
    check(
        r#"{"hits":{"hits":[{"_index":"users-1","_id":"1","_source":{"name":"a"}},{"_index":"logs","_id":"1","_source":{"name":"b"}}]}}"#,
        &[
            "users-1: _index=users-1, _id=1, name=a",
            "logs: _index=logs, _id=1, name=b",
        ],
    );
    check(
        r#"[{"__typename":"User","name":"a"},{"id":1,"_type":"Post","name":"b"},{"id":1,"type":"home","name":"c"}]"#,
        &[
            "User: __typename=User, name=a",
            "Post: id=1, _type=Post, name=b",
            "t: id=1, type=home, name=c",
        ],
    );
}

#[test]
fn tables_of_a_list_come_in_the_order_of_their_first_records() {
    let one = |i: usize| {
        format!(
            r#"{{"model":"a.t{}","pk":{i},"fields":{{}}}}"#,
            (i % 7) * (i % 3) % 5
        )
    };
    let text = format!("[{}]", (0..5_000).map(one).collect::<Vec<_>>().join(","));
    let order = |part_bytes: usize| {
        let (records, faults) = read(text.as_bytes(), &DOCUMENT, part_bytes);
        assert_eq!((records.len(), faults), (5_000, vec![]));
        let mut tables: Vec<String> = Vec::new();
        for record in records {
            let table = record.split(':').next().unwrap().to_owned();
            if !tables.contains(&table) {
                tables.push(table);
            }
        }
        tables
    };
    assert_eq!(order(1 << 20), order(64));
    assert_eq!(order(1 << 20), order(10_000));
}
