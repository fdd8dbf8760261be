//! Columns that name things, places or organisations, by what their table is of and what else stands in them.
//!
//! In: the columns of a table with their verdicts. Out: the same verdicts, which say so. What looks like a person's name inside such a value (John F.
//! Kennedy International Airport, San Salvador, Austin Powers in Goldmember) is a part of the thing's.

use super::table::Table;
use super::{Verdict, View};
use crate::classify::Shape::{self, *};
use crate::pattern::{self, Patterns};

/// So few values tell nothing of what a column is of.
const FEW: u64 = 20;

pub(super) fn note(
    patterns: &Patterns,
    views: &[View<'_>],
    table: &Table,
    verdicts: &mut [Verdict],
) {
    if table.organisations {
        organisation(patterns, views, table, verdicts);
    }
    for (view, verdict) in views.iter().zip(verdicts) {
        verdict.goods |= verdict.whole.is_none() && names_things(view, table);
    }
}

/// Takes what only animals have out of what columns' names say: beside `breed` or `animal_id`, in a table that says nothing of a keeper or names him in
/// a column that says so: what else tells of somebody living is then the animal's (its number at the veterinarian's, its name, sex, birth and illness).
pub(super) fn of_animals(views: &mut [View<'_>]) {
    const ANIMALS: [&str; 15] = [
        "animal",
        "bovine",
        "breed",
        "cattle",
        "cow",
        "eartag",
        "herd",
        "horse",
        "livestock",
        "microchip",
        "sire",
        "dam",
        "品種",
        "馬名",
        "個体識別番号",
    ];
    const LIVING: [&str; 6] = ["birth.", "age", "gender", "body", "special.health", "blood"];
    const KEEPERS: [&str; 6] = ["email", "phone.", "name.", "login.", "id.", "address.full"];
    let holds = |view: &View<'_>, sorts: &[&str]| {
        view.tally.values > 0 && sorts.iter().any(|start| view.sort().starts_with(start))
    };
    let animal = |view: &View<'_>| {
        let words = pattern::words_of(view.name.unwrap_or_default());
        view.tally.values > 0 && words.iter().any(|word| ANIMALS.contains(&word.as_str()))
    };
    let kept = |view: &View<'_>| view.strength() >= 2 && holds(view, &KEEPERS);
    let named = |view: &View<'_>| is_of_keeper(view) && holds(view, &["name."]);
    let keeper = views.iter().any(named);
    if !views.iter().any(animal) || views.iter().any(kept) && !keeper {
        return;
    }
    for view in views.iter_mut().filter(|view| !is_of_keeper(view)) {
        let name = keeper && holds(view, &["name."]) && is_of_pet(view);
        let told = holds(view, &LIVING) || keeper && holds(view, &["id.patient"]);
        if let Some(hit) = view.hit.as_mut().filter(|_| name || told) {
            // What looks like somebody's name there is the animal's.
            let (sort, strength) = if name {
                ("neg.product", 3)
            } else {
                ("neg.listed", 2)
            };
            (hit.kind, hit.strength) = (None, strength);
            hit.sort = sort.to_owned();
        }
    }
}

/// Whether a column speaks of who keeps an animal: `owner_name`, 飼い主氏名.
fn is_of_keeper(view: &View<'_>) -> bool {
    const KEEPERS: [&str; 4] = ["owner", "owners", "keeper", "client"];
    const KEEPERS_JA: [&str; 4] = ["飼い主", "飼主", "飼育者", "オーナー"];
    let words = pattern::words_of(view.name.unwrap_or_default());
    let folded = words.concat();
    words.iter().any(|word| KEEPERS.contains(&word.as_str()))
        || KEEPERS_JA.iter().any(|word| folded.starts_with(word))
}

/// Whether names in a column beside those of keepers are the animals': a veterinarian has a word of his own.
fn is_of_pet(view: &View<'_>) -> bool {
    const PETS: [&str; 10] = [
        "patient",
        "pet",
        "animal",
        "dog",
        "cat",
        "horse",
        "患者",
        "患畜",
        "動物",
        "ペット",
    ];
    let words = pattern::words_of(view.name.unwrap_or_default());
    let folded = words.concat();
    ["name", "名前", "お名前", "氏名"].contains(&folded.as_str())
        || PETS.iter().any(|word| folded.starts_with(word))
}

/// Whether a column called name, title or town is of things: nobody else is in the table, the values are short, and few of them as a whole are names.
fn names_things(view: &View<'_>, table: &Table) -> bool {
    let sort = view.sort();
    let word = view.hit.as_ref().map_or("", |hit| hit.word.as_str());
    let called = sort == "name.full" && view.strength() <= 2
        || word == "title"
        || matches!(sort, "address.city" | "address.pref" | "address.country");
    called
        && !table.people
        && view.tally.values >= FEW
        && view.length() <= 48.0
        && view.sum(super::named::FULL_NAMES) < 0.1
        && view.most(&[Sentence, Email, Masked]) < 0.2
}

/// In a table of branches, shops or suppliers that names no person, the first column of words is what they are called.
fn organisation(patterns: &Patterns, views: &[View<'_>], table: &Table, verdicts: &mut [Verdict]) {
    let personal = ["person-name", "birth-date", "gender", "age"].map(|kind| patterns.kind(kind));
    let of_somebody = |verdict: &Verdict| {
        let kind = verdict.whole.as_ref().map(|whole| whole.kind);
        kind.is_some() && personal.contains(&kind)
    };
    if verdicts
        .iter()
        .any(|verdict| verdict.organisation || of_somebody(verdict))
        || views.iter().any(|view| table.is_of_people(view))
    {
        return;
    }
    const WORDS: &[Shape] = &[
        Capitalised,
        Word,
        HanShort,
        Kana,
        Organisation,
        LatinFullName,
    ];
    let named = |view: &View<'_>| {
        view.tally.values > 0
            && view.most(WORDS) >= 0.5
            && view.most(&[Integer, Digits, Code, Date, Email, Url, Uuid]) < 0.2
    };
    let first = views
        .iter()
        .zip(verdicts)
        .find(|(view, verdict)| verdict.whole.is_none() && named(view));
    if let Some((_, verdict)) = first {
        verdict.organisation = true;
    }
}
