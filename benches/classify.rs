//! Values a second that are classified, by kind: what one cell costs.

#[expect(dead_code, reason = "shared with the tests, which use all of it")]
#[path = "../tests/it/people.rs"]
mod people;

use divan::counter::ItemsCount;
use leakscope::classify::{Shapes, shapes};
use people::Person;

fn main() {
    divan::main();
}

/// The kinds, and how a value of each is made.
const KINDS: [(&str, fn(&Person) -> String); 12] = [
    ("person-name", |p| p.name()),
    ("person-name.reading", |p| p.kana()),
    ("person-name.romaji", |p| p.romaji()),
    ("postal-address", |p| p.address()),
    ("postal-code", |p| p.home.postal_code.clone()),
    ("phone", |p| p.mobile.clone()),
    ("email", |p| p.email.clone()),
    ("payment-card", |p| p.card.into()),
    ("birth-date", |p| p.born()),
    ("birth-date.era", |p| p.born_era()),
    ("number", |p| p.id.to_string()),
    ("product", |p| format!("有機にんじん {}kg", p.id % 9)),
];

#[divan::bench(args = KINDS.map(|(kind, _)| kind))]
fn one_cell(bencher: divan::Bencher<'_, '_>, kind: &str) {
    let make = KINDS
        .iter()
        .find(|(name, _)| *name == kind)
        .expect("the argument is one of the kinds")
        .1;
    let values: Vec<String> = people::population(79, 2_000).iter().map(make).collect();
    bencher.counter(ItemsCount::new(values.len())).bench(|| {
        values
            .iter()
            .filter(|value| divan::black_box(shapes(value)) != Shapes::NONE)
            .count()
    });
}
