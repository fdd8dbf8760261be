//! Megabytes a second of the whole pipeline, by format; and the maker of large files for measurements by hand.
//!
//! `cargo bench --bench scan` measures. `cargo bench --bench scan -- --generate FILE BYTES` writes a CSV file of about that many
//! bytes with twelve columns, half of them personal, and measures nothing.

#![expect(clippy::print_stderr, reason = "the maker says what it wrote")]

#[expect(dead_code, reason = "shared with the tests, which use all of it")]
#[path = "../tests/it/people.rs"]
mod people;
#[expect(dead_code, reason = "shared with the tests, which use all of it")]
#[path = "../tests/it/sheet.rs"]
mod sheet;

use std::io::{self, BufWriter, Write};
use std::path::PathBuf;

use divan::counter::BytesCount;
use leakscope::pattern::Patterns;
use leakscope::scan::{Options, Progress, scan};
use sheet::{Field, Sheet, encode, field, plain};

fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let Some(at) = arguments
        .iter()
        .position(|argument| argument == "--generate")
    else {
        return divan::main();
    };
    let (Some(file), Some(bytes)) = (
        arguments.get(at + 1),
        arguments.get(at + 2).and_then(|bytes| bytes.parse().ok()),
    ) else {
        eprintln!("usage: --generate FILE BYTES");
        std::process::exit(2);
    };
    match generate(&PathBuf::from(file), bytes) {
        Ok(rows) => eprintln!("{file}: {rows} rows, each of another person"),
        Err(error) => {
            eprintln!("{file}: {error}");
            std::process::exit(2);
        }
    }
}

/// Twelve columns: six of a person, six of nobody.
fn fields() -> Vec<Field> {
    vec![
        plain("id", |r| (r.n + 1).to_string()),
        field("name", "person-name", "", |r| r.me().name()),
        field("email", "email", "", |r| r.me().email.clone()),
        field("phone", "phone", "", |r| r.me().mobile.clone()),
        field("address", "postal-address", "", |r| r.me().address()),
        field("postal_code", "postal-code", "", |r| {
            r.me().home.postal_code.clone()
        }),
        field("birth_date", "birth-date", "", |r| r.me().born()),
        plain("product_code", |r| {
            format!("SKU-{:06}", r.rng(1).below(5_000))
        }),
        plain("quantity", |r| r.rng(2).range(1, 9).to_string()),
        plain("total", |r| (r.rng(3).range(5, 400) * 100).to_string()),
        plain("status", |r| {
            r.rng(4).pick(&["paid", "sent", "returned"]).to_string()
        }),
        plain("updated_at", |r| {
            format!(
                "2026-0{}-{:02} 12:{:02}:{:02}",
                r.n % 9 + 1,
                r.n % 28 + 1,
                r.n % 60,
                r.n / 60 % 60
            )
        }),
    ]
}

/// Writes rows until the file has the bytes wished for; gives their number.
fn generate(path: &PathBuf, bytes: u64) -> io::Result<u64> {
    /// People of one seed; ids of seeds lie a million apart.
    const BLOCK: usize = 250_000;
    let mut out = BufWriter::with_capacity(1 << 20, std::fs::File::create(path)?);
    let (mut written, mut rows) = (0, 0);
    for seed in 1..80 {
        for people in people::population(seed, BLOCK).chunks(10_000) {
            let text = Sheet::of("people", fields(), people).delimited(',', written == 0, "\n");
            out.write_all(text.as_bytes())?;
            written += text.len() as u64;
            rows += people.len() as u64;
            if written >= bytes {
                return out.flush().map(|()| rows);
            }
        }
    }
    Err(io::Error::other(
        "no more than about 20 million people can be made",
    ))
}

/// Scans these bytes as a file of this name.
fn bench(bencher: divan::Bencher<'_, '_>, name: &str, bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).expect("the file can be written");
    let (patterns, options) = (Patterns::builtin(), Options::default());
    bencher.counter(BytesCount::new(bytes.len())).bench(|| {
        let progress = Progress::default();
        scan(std::slice::from_ref(&path), patterns, &options, &progress)
            .scope
            .subjects
            .persons
            .best
    });
}

/// The population of all benchmarks: enough for several parts when optimised, few in a test build.
fn people() -> Sheet {
    Sheet::of(
        "people",
        fields(),
        &people::population(78, if cfg!(debug_assertions) { 500 } else { 20_000 }),
    )
}

#[divan::bench]
fn csv(bencher: divan::Bencher<'_, '_>) {
    bench(bencher, "people.csv", people().csv().as_bytes());
}

#[divan::bench]
fn csv_shift_jis(bencher: divan::Bencher<'_, '_>) {
    bench(bencher, "people.csv", &encode(&people().csv(), "shift_jis"));
}

#[divan::bench]
fn json_lines(bencher: divan::Bencher<'_, '_>) {
    bench(bencher, "people.jsonl", people().json_lines().as_bytes());
}

#[divan::bench]
fn mysql_dump(bencher: divan::Bencher<'_, '_>) {
    bench(bencher, "people.sql", people().mysql().as_bytes());
}

#[divan::bench]
fn postgres_dump(bencher: divan::Bencher<'_, '_>) {
    bench(bencher, "people.sql", people().postgres().as_bytes());
}

#[divan::bench]
fn sqlite(bencher: divan::Bencher<'_, '_>) {
    bench(bencher, "people.sqlite", &people().sqlite());
}

#[divan::bench]
fn mbox(bencher: divan::Bencher<'_, '_>) {
    bench(bencher, "people.mbox", &people().mbox());
}

#[divan::bench]
fn gzip(bencher: divan::Bencher<'_, '_>) {
    bench(
        bencher,
        "people.csv.gz",
        &sheet::gzip(people().csv().as_bytes(), 6),
    );
}
