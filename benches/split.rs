//! How fast bytes become cells: the readers alone, nothing looked at.
//!
//! Numbers are compared on one machine only, before and after a change.

use std::ops::ControlFlow;

use divan::Bencher;
use divan::counter::BytesCount;
use leakscope::format::{Context, FORMATS, Item};
use leakscope::source::{Bytes, Limits};
use leakscope::text::Encoding;

/// Bytes of each sample.
const SIZE: usize = 16 << 20;

fn main() {
    divan::main();
}

/// Rows made by `row` up to [`SIZE`] bytes.
fn rows(head: &str, row: impl Fn(usize) -> String) -> Vec<u8> {
    let mut text = head.to_owned();
    let mut number = 0;
    while text.len() < SIZE {
        text.push_str(&row(number));
        number += 1;
    }
    text.into_bytes()
}

/// Reads everything on one thread and counts the cells.
fn read(bencher: Bencher, format: &str, encoding: Encoding, raw: Vec<u8>) {
    let format = FORMATS
        .iter()
        .find(|f| f.name == format)
        .expect("the format is listed");
    let bytes = Bytes::owned(raw);
    let context = Context {
        stem: "bench".into(),
        encoding,
        limits: Limits::default(),
        budget: leakscope::source::Budget::default(),
        header: |_, _| true,
        columns: None,
        memos: None,
        definition: None,
        heap: None,
        apart: None,
        alone: false,
    };
    bencher
        .counter(BytesCount::new(bytes.len()))
        .bench_local(|| {
            let reader = (format.open)(&bytes, &context).expect("the sample opens");
            let mut cells = 0;
            for part in 0..reader.parts() {
                let read = reader.read(part, &mut |item| {
                    if let Item::Batch(batch) = item {
                        cells += batch.cells.len();
                    }
                    ControlFlow::Continue(())
                });
                assert_eq!(read, Ok(()));
            }
            cells
        });
}

fn members(quote: &str) -> Vec<u8> {
    let q = quote;
    rows(
        "id,name,kana,mail,phone,postal,address,born,gender,points,plan,at\n",
        |i| {
            format!(
                "{i},{q}石井 紬{q},{q}イシイ ツムギ{q},{q}user{i}@example.com{q},{q}090-0000-{:04}{q},639-3553,{q}奈良県奈良市登大路町{i}{q},1980-01-02,F,{i},{q}basic{q},2026-01-02 03:04:05\n",
                i % 10_000
            )
        },
    )
}

#[divan::bench]
fn csv_plain(bencher: Bencher) {
    read(bencher, "csv", Encoding::Utf8, members(""));
}

#[divan::bench]
fn csv_quoted(bencher: Bencher) {
    read(bencher, "csv", Encoding::Utf8, members("\""));
}

#[divan::bench]
fn csv_ascii(bencher: Bencher) {
    let row = |i| {
        format!(
            "{i},user{i},user{i}@example.com,090-0000-{:04},639-3553,F,1980-01-02,{i},basic\n",
            i % 10_000
        )
    };
    read(
        bencher,
        "csv",
        Encoding::Utf8,
        rows("id,name,mail,phone,postal,sex,born,points,plan\n", row),
    );
}

#[divan::bench]
fn csv_shift_jis(bencher: Bencher) {
    let text = String::from_utf8(members("")).expect("made as UTF-8");
    let raw = encoding_rs::SHIFT_JIS.encode(&text).0.into_owned();
    read(bencher, "csv", Encoding::ShiftJis, raw);
}

#[divan::bench]
fn json_lines(bencher: Bencher) {
    let row = |i| {
        format!(
            "{{\"id\":{i},\"name\":\"石井 紬\",\"mail\":\"user{i}@example.com\",\"address\":{{\"postal\":\"639-3553\",\"city\":\"奈良市\"}},\"tags\":[\"a\",\"b\"],\"active\":true}}\n"
        )
    };
    read(bencher, "jsonl", Encoding::Utf8, rows("", row));
}

#[divan::bench]
fn lines(bencher: Bencher) {
    let row = |i| {
        format!(
            "2026-01-02T03:04:05 INFO user{i} logged in from 192.0.2.{}\n",
            i % 250
        )
    };
    read(bencher, "text", Encoding::Utf8, rows("", row));
}
