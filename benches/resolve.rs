//! Mentions per second: taking them from rows, collapsing them, and linking them to people.

use leakscope::identity::{Beside, Extractor, Field, Locus, Log, Mention, Store, resolve};
use leakscope::pattern::{Kind, Part, Patterns, Role};

fn main() {
    divan::main();
}

const FAMILY: [&str; 16] = [
    "佐藤",
    "鈴木",
    "高橋",
    "田中",
    "伊藤",
    "渡辺",
    "山本",
    "中村",
    "小林",
    "加藤",
    "吉田",
    "山田",
    "佐々木",
    "山口",
    "松本",
    "井上",
];
const GIVEN: [&str; 16] = [
    "太郎", "花子", "健", "美咲", "一郎", "直子", "誠", "恵", "学", "愛", "翔", "陽菜", "大輔",
    "由美", "隆", "香織",
];

/// Cells of an invented person: name, e-mail, phone, address, card. Every fourth record repeats an earlier person's e-mail.
fn cells(record: usize) -> [String; 5] {
    let person = if record % 4 == 3 { record / 2 } else { record };
    let mixed = (person as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 20;
    [
        format!(
            "{} {}",
            FAMILY[mixed as usize % 16],
            GIVEN[mixed as usize / 16 % 16]
        ),
        format!("user{person}@example.com"),
        format!("090-{:04}-{:04}", mixed / 10_000 % 10_000, mixed % 10_000),
        format!(
            "東京都港区芝公園{}-{}-{}",
            mixed % 9 + 1,
            mixed / 9 % 40 + 1,
            mixed / 360 % 30 + 1
        ),
        format!("4{:015}", mixed % 1_000_000_000_000_000),
    ]
}

fn extract(
    extractor: &mut Extractor<'_>,
    kinds: &[Kind; 5],
    record: usize,
    out: &mut Vec<Mention>,
) {
    let cells = cells(record);
    let field = |at: usize| Field {
        kind: kinds[at],
        part: Part::Whole,
        role: Role::Own,
        slot: 0,
        value: &cells[at],
    };
    extractor.row(
        &[field(0), field(1), field(2), field(3), field(4)],
        Beside::default(),
        out,
    );
}

fn kinds(patterns: &Patterns) -> [Kind; 5] {
    [
        "person-name",
        "email",
        "phone",
        "postal-address",
        "payment-card",
    ]
    .map(|name| patterns.kind(name).expect("built in"))
}

fn filled(records: usize) -> Store {
    let patterns = Patterns::builtin();
    let (mut extractor, kinds) = (Extractor::new(patterns), kinds(patterns));
    let (mut log, mut out) = (Log::default(), Vec::new());
    for record in 0..records {
        extract(&mut extractor, &kinds, record, &mut out);
        out.drain(..).for_each(|mention| {
            log.add(
                &mention,
                Locus {
                    record: record as u64,
                    ..Locus::default()
                },
            )
        });
    }
    log.into_store()
}

/// Rows to mentions in the store.
#[divan::bench(args = [10_000], sample_count = 5)]
fn collect(records: usize) -> Store {
    filled(records)
}

/// Linking. Similar rows are compared as well, above 100,000 distinct ones by more letters.
#[divan::bench(args = [10_000, 100_000, 500_000], sample_count = 2)]
fn link(bencher: divan::Bencher<'_, '_>, records: usize) {
    bencher
        .counter(divan::counter::ItemsCount::new(records))
        .with_inputs(|| filled(records))
        .bench_local_values(|store| resolve(Patterns::builtin(), store).persons.best);
}
