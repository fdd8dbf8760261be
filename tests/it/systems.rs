//! Three systems of one company, and the people in them: members, orders with gifts, and an app that knows kana only.
//!
//! No public Japanese data with contacts and known duplicates exist; these are invented here, from a seed, and the figures below are about
//! them alone. What differs between systems: kanji here and kana there, old kanji, moved house, married name, mobile against home
//! phone, era dates; families share an address and a mailbox, namesakes live in one town, somebody else receives the gift, and
//! some values are fillers. Three levels of dirt: none, some, much.

use std::collections::BTreeSet;

use super::cli::{Folder, leakscope};
use super::people::{Home, Person, Rng, bare, old_kanji, population};
use super::run::number;

/// How often something differs, in a hundred.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Dirt(u64);

impl Dirt {
    const CLEAN: Self = Self(0);
    const LIGHT: Self = Self(8);
    const HEAVY: Self = Self(30);

    /// True in `tenths` tenths of the share.
    fn strikes(self, rng: &mut Rng, tenths: u64) -> bool {
        rng.below(1_000) < self.0 * tenths
    }
}

/// A person as one system knows her.
struct View {
    family: String,
    family_kana: String,
    mobile: String,
    email: String,
    birth: Option<(u16, u8, u8)>,
    home: Home,
}

/// Two letters of a mailbox exchanged.
fn garbled(email: &str) -> String {
    let mut letters: Vec<char> = email.chars().collect();
    letters.swap(1, 2);
    letters.into_iter().collect()
}

fn view(rng: &mut Rng, person: &Person, all: &[Person], dirt: Dirt) -> View {
    let mut view = View {
        family: person.family.clone(),
        family_kana: person.family_kana.clone(),
        mobile: person.mobile.clone(),
        email: person.email.clone(),
        birth: Some(person.birth),
        home: person.home.clone(),
    };
    if dirt.strikes(rng, 4) {
        view.home = rng.pick(all).home.clone();
        view.home.street = format!("本町{}-{}", rng.range(1, 9), rng.range(1, 99));
        view.home.building.clear();
    }
    if person.female && dirt.strikes(rng, 2) {
        let husband = rng.pick(all);
        view.family.clone_from(&husband.family);
        view.family_kana.clone_from(&husband.family_kana);
    }
    if dirt.strikes(rng, 10) {
        view.family = old_kanji(&view.family);
    }
    if dirt.strikes(rng, 4) {
        view.birth = None;
    }
    if dirt.strikes(rng, 6) {
        view.mobile = rng.pick(&["", view.home.phone.as_str()]).to_string();
    } else if dirt.strikes(rng, 3) {
        view.mobile = (*rng.pick(&["090-0000-0000", "000-0000-0000", "0120-000-000"])).to_owned();
    }
    if dirt.strikes(rng, 3) {
        view.email = format!("x{}@example.org", rng.digits(7));
    } else if dirt.strikes(rng, 4) {
        view.email = garbled(&view.email);
    } else if dirt.strikes(rng, 5) {
        let fillers = [
            "",
            "test@example.com",
            "none@example.com",
            "info@shop.example",
        ];
        view.email = (*rng.pick(&fillers)).to_owned();
    }
    view
}

/// The date as a system writes it, empty when unknown.
fn dated(person: &Person, view: &View, write: fn(&Person) -> String) -> String {
    view.birth.map_or(String::new(), |_| write(person))
}

/// The files of three systems, and how many people are in them.
fn company(seed: u64, n: usize, dirt: Dirt) -> ([String; 3], u64) {
    let mut rng = Rng::new(seed ^ 0x5157);
    let mut all: Vec<Person> = population(seed, n);
    all.retain(|person| person.company.is_none() && !person.western);
    relate(&mut rng, &mut all, dirt);
    let mut known = BTreeSet::new();
    let (mut members, mut orders, mut app) = (Vec::new(), Vec::new(), Vec::new());
    for (at, person) in all.iter().enumerate() {
        let mut in_systems = [60, 50, 40].map(|percent| rng.chance(percent));
        if in_systems == [false; 3] {
            in_systems[rng.below(3) as usize] = true;
        }
        known.insert(at);
        let times = |system: usize, rng: &mut Rng| match in_systems[system] {
            true => 1 + u64::from(dirt != Dirt::CLEAN && rng.chance(5)),
            false => 0,
        };
        for _ in 0..times(0, &mut rng) {
            members.push(member(&mut rng, person, &all, dirt));
        }
        for _ in 0..times(1, &mut rng) {
            // Of whom only a name in kanji and a phone number are told cannot be matched surely with a name in kana.
            let other = (dirt != Dirt::CLEAN && rng.chance(10))
                .then(|| rng.below(all.len() as u64) as usize);
            known.extend(other);
            let gift = other.map_or(person, |other| &all[other]);
            orders.push(order(&mut rng, person, gift, &all, dirt));
        }
        for _ in 0..times(2, &mut rng) {
            let view = view(&mut rng, person, &all, dirt);
            app.push(format!(
                "{} {},{},{},{}",
                view.family_kana,
                person.given_kana,
                view.mobile,
                view.email,
                dated(person, &view, Person::born_slashed),
            ));
        }
    }
    let file = |rng: &mut Rng, heading: &str, mut rows: Vec<String>| {
        rng.shuffle(&mut rows);
        format!("{heading}\n{}\n", rows.join("\n"))
    };
    let files = [
        file(
            &mut rng,
            "姓,名,セイ,メイ,性別,生年月日,郵便番号,都道府県,市区町村,番地,建物名,携帯電話,自宅電話,メールアドレス",
            members,
        ),
        file(
            &mut rng,
            "注文者氏名,注文者メール,注文者電話番号,注文者郵便番号,注文者住所,注文者生年月日,お届け先氏名,お届け先郵便番号,お届け先住所,お届け先電話番号",
            orders,
        ),
        file(&mut rng, "氏名カナ,電話,Email,birthday", app),
    ];
    (files, known.len() as u64)
}

/// Families that share a mailbox, and namesakes in one town.
fn relate(rng: &mut Rng, all: &mut [Person], dirt: Dirt) {
    for at in 1..all.len() {
        let (before, rest) = all.split_at_mut(at);
        let (person, last) = (&mut rest[0], &before[at - 1]);
        if dirt != Dirt::CLEAN && person.household == last.household && rng.chance(15) {
            person.email.clone_from(&last.email);
        }
        if person.household != last.household && rng.chance(2) {
            let namesake = rng.pick(before);
            person.family.clone_from(&namesake.family);
            person.family_kana.clone_from(&namesake.family_kana);
            if person.female == namesake.female {
                person.given.clone_from(&namesake.given);
                person.given_kana.clone_from(&namesake.given_kana);
            }
            person.home.prefecture = namesake.home.prefecture;
            person.home.city = namesake.home.city;
        }
    }
}

fn member(rng: &mut Rng, person: &Person, all: &[Person], dirt: Dirt) -> String {
    let view = view(rng, person, all, dirt);
    let home = &view.home;
    [
        &view.family,
        &person.given,
        &view.family_kana,
        &person.given_kana,
        person.gender(),
        &dated(person, &view, Person::born),
        &home.postal_code,
        home.prefecture,
        home.city,
        &home.street,
        &home.building,
        &view.mobile,
        &home.phone,
        &view.email,
    ]
    .join(",")
}

fn order(rng: &mut Rng, person: &Person, gift: &Person, all: &[Person], dirt: Dirt) -> String {
    let (from, to) = (view(rng, person, all, dirt), view(rng, gift, all, dirt));
    let gap = if dirt == Dirt::CLEAN || rng.chance(50) {
        " "
    } else {
        ""
    };
    let address = |home: &Home| {
        let Home {
            prefecture,
            city,
            street,
            building,
            ..
        } = home;
        format!("{prefecture}{city}{street} {building}")
    };
    [
        format!("{}{gap}{}", from.family, person.given),
        from.email.to_uppercase(),
        bare(&from.mobile),
        from.home.postal_code.clone(),
        address(&from.home),
        dated(person, &from, Person::born_era),
        format!("{} {}", to.family, gift.given),
        to.home.postal_code.clone(),
        address(&to.home),
        to.mobile,
    ]
    .join(",")
}

/// The error of the count in a hundred, and whether the truth is within the bounds.
fn check(seed: u64, dirt: Dirt, most: f64) {
    let (files, truth) = company(seed, 800, dirt);
    let names = ["members.csv", "orders.csv", "app.csv"];
    let files: Vec<(&str, &[u8])> = names
        .into_iter()
        .zip(files.iter().map(String::as_bytes))
        .collect();
    let folder = Folder::with(&files);
    let mut command = leakscope();
    command.current_dir(folder.path(""));
    let output = command
        .args(["scan", ".", "--json", "-q"])
        .output()
        .unwrap();
    let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let [min, best, max] =
        ["min", "best", "max"].map(|name| number(&report, &["subjects", "persons", name]));
    let error = (best as f64 / truth as f64 - 1.0) * 100.0;
    println!(
        "seed {seed}, dirt {}: {truth} people, {best} [{min}, {max}], {error:+.2} %",
        dirt.0
    );
    assert!(
        error.abs() <= most,
        "seed {seed}: {best} for {truth} people"
    );
    assert!(
        min <= truth && truth <= max,
        "seed {seed}: {truth} people, [{min}, {max}]"
    );
    if dirt == Dirt::CLEAN {
        assert_eq!([min, best, max], [truth; 3], "seed {seed}");
    }
}

#[test]
fn clean_systems_are_counted_exactly() {
    (1..=3).for_each(|seed| check(seed, Dirt::CLEAN, 0.0));
}

#[test]
fn systems_with_some_dirt_are_counted_within_one_percent() {
    (1..=3).for_each(|seed| check(seed, Dirt::LIGHT, 1.0));
}

#[test]
fn systems_with_much_dirt_are_counted_within_four_percent() {
    (1..=3).for_each(|seed| check(seed, Dirt::HEAVY, 4.0));
}
