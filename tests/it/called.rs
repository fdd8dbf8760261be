//! Columns that are called people's, phones or licences and hold something else; and those that hold names under a word that does not say so.

use crate::cli::{check_people as check, kinds};
use crate::parties::{FAMILIES, GIVEN};

const COMPANIES: [&str; 10] = [
    "Halcyon Partners",
    "Wonka Industries",
    "Cyberdyne Systems",
    "Compagnie des Gaz Industriels",
    "Smith, Lee and Cole",
    "Silver Creek Advisors",
    "Blue Lantern",
    "Northgate Freight",
    "Ironbridge Holdings",
    "Wagner Ltd",
];

fn rows(row: impl Fn(usize) -> String) -> String {
    (0..20).map(|n| row(n) + "\n").collect()
}

fn of_kind(content: &str, kind: &str) -> bool {
    kinds("list.csv", content).iter().any(|found| found == kind)
}

#[test]
fn companies_under_any_word_are_nobody() {
    for word in [
        "agency_name",
        "broker_name",
        "trading_name",
        "payer_name",
        "shipper",
        "agency",
        "hospital",
    ] {
        let people = rows(|n| {
            let (given, family, company) = (GIVEN[n], FAMILIES[n], COMPANIES[n % 10]);
            format!("{given},{family},{n}{given}@example.com,\"{company}\"")
        });
        check(
            "list.csv",
            &format!("first_name,last_name,email,{word}\n{people}"),
            [20, 20, 20],
        );
    }
    let shops = [
        "ひまわり薬局",
        "さくら整骨院",
        "駅前商店",
        "みどり工務店",
        "あおぞら歯科",
    ];
    let surnames = ["佐藤", "鈴木", "高橋", "田中", "伊藤"];
    let given = ["太郎", "花子", "健太", "陽子"];
    let japanese = rows(|n| {
        let (family, given, shop) = (surnames[n % 5], given[n / 5], shops[n % 5]);
        format!("{family} {given},user{n}@example.jp,{shop}")
    });
    for word in ["届け先名", "請求先名", "納品先"] {
        let table = format!("氏名,メールアドレス,{word}\n{japanese}");
        check("list.csv", &table, [20, 20, 20]);
    }
    let orders = rows(|n| format!("{n},{},\"{}\",{n} Oak Street", n % 3 + 1, COMPANIES[n % 10]));
    check(
        "orders.csv",
        &format!("orderID,shipVia,shipName,shipAddress\n{orders}"),
        [0, 0, 0],
    );
    let agents = rows(|n| format!("{n},{} {}", GIVEN[n], FAMILIES[n]));
    check(
        "list.csv",
        &format!("id,agent_name\n{agents}"),
        [20, 20, 20],
    );
    let surname = |n: usize| match n {
        3 => "Sales",
        7 => "Bank",
        n => FAMILIES[n],
    };
    let sales = rows(|n| format!("{n},{} {}", GIVEN[n], surname(n)));
    check("list.csv", &format!("id,full_name\n{sales}"), [20, 20, 20]);
}

/// Who logs in by his phone has it for a number.
#[test]
fn people_known_by_their_phones() {
    let rows = (0..20).map(|n| format!("090-1234-{:04},{n}\n", 5600 + n * 7));
    let table = format!("user_id,point\n{}", rows.collect::<String>());
    assert!(kinds("t.csv", &table).contains(&"phone".to_owned()));
}

#[test]
fn numbers_under_names_of_their_own_are_no_phones() {
    let form = |n: usize| format!("{}-{}-{}", 409 + n, 9387 - n, 852 - n);
    for word in ["ndc", "lot", "docket", "parcel_number", "po_number", "sku"] {
        let table = rows(|n| format!("{n},{},box", form(n)));
        let table = format!("row,{word},what\n{table}");
        check("list.csv", &table, [0, 0, 0]);
        assert!(!of_kind(&table, "phone"), "{word}");
    }
    let works = rows(|n| format!("{n},10.2037/{}", 19938 + n));
    check("list.csv", &format!("row,doi\n{works}"), [0, 0, 0]);
    let phones = rows(|n| format!("{} {},617-555-01{n:02}", GIVEN[n], FAMILIES[n]));
    assert!(of_kind(&format!("name,contact number\n{phones}"), "phone"));
}

#[test]
fn licences_policies_and_pieces_of_other_things() {
    let trades = rows(|n| format!("{n},{},C1986{n:02},Springfield", COMPANIES[n % 4]));
    let trades = format!("contractor_id,contractor_name,license_number,city\n{trades}");
    check("list.csv", &trades, [0, 0, 0]);
    assert!(!of_kind(&trades, "driver-licence"));
    let drivers = rows(|n| format!("{} {},C1986{n:02}", GIVEN[n], FAMILIES[n]));
    assert!(of_kind(
        &format!("name,license_number\n{drivers}"),
        "driver-licence"
    ));
    let places = rows(|n| format!("{n} Oak Street,Springfield,624{n:02},748{n:02}"));
    let places = format!("address_line1,city,postal_code,capacity\n{places}");
    assert_eq!(
        kinds("list.csv", &places)
            .iter()
            .filter(|kind| *kind == "postal-code")
            .count(),
        1
    );
    let staff = rows(|n| {
        let (given, office) = (GIVEN[n], ["IT", "HR", "Sales"][n % 3]);
        format!("{given} {},{n}{given}@example.com,{office}", FAMILIES[n])
    });
    let staff = format!("Nombre,Correo,Departamento\n{staff}");
    assert!(!of_kind(&staff, "postal-address"));
    let herd = rows(|n| format!("A{n},Angus,2019-03-{:02},F,{},healthy", n + 1, 500 + n));
    let herd = format!("animal_id,breed,birth_date,gender,weight_kg,health_status\n{herd}");
    check("list.csv", &herd, [0, 0, 0]);
    let share = |n: usize| match n % 3 {
        0 => format!("{} {}", GIVEN[n], FAMILIES[n]),
        _ => COMPANIES[n % 10].replace(',', ""),
    };
    let shares = rows(|n| format!("T{n},{},{n}000,Finance", share(n)));
    check(
        "list.csv",
        &format!("Symbol,Name,Market Cap,Sector\n{shares}"),
        [0, 0, 0],
    );
}

#[test]
fn halves_of_names_under_words_for_people() {
    let log = |word: &str, name: &dyn Fn(usize) -> String| {
        let rows = rows(|n| format!("2024-01-{:02},{},8", n + 1, name(n % 8)));
        format!("date,{word},hours\n{rows}")
    };
    for word in ["employee", "patient", "customer", "technician"] {
        let table = log(word, &|n| GIVEN[n].to_owned());
        assert!(of_kind(&table, "person-name"), "{word}");
        check("list.csv", &table, [0, 0, 8]);
    }
    let surnames = [
        "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村",
    ];
    let table = log("従業員", &|n| surnames[n].to_owned());
    assert!(of_kind(&table, "person-name"));
}

#[test]
fn numbers_of_cars_and_devices_by_their_form() {
    let cars = rows(|n| format!("{n},M74AF9P426TFW{:04},ZRU-99{n:02}", 1000 + n));
    assert!(of_kind(
        &format!("row,vin,license_plate\n{cars}"),
        "vehicle"
    ));
    let phones = rows(|n| format!("{n},4901542032375{n:02}"));
    assert!(of_kind(&format!("row,imei\n{phones}"), "device-id"));
    let short = rows(|n| format!("{n},{}", 1000 + n));
    assert!(!of_kind(&format!("row,vin\n{short}"), "vehicle"));
    let homes = rows(|n| format!("{n},Kossuth utca {n}. 3. emelet"));
    assert!(of_kind(&format!("rad,Adresa\n{homes}"), "postal-address"));
}
