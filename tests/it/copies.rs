//! Copies of a record whose names and contacts were typed anew or spoilt, and families who have much in common: whom such rows speak of.

use crate::cli::{Folder, check_people as check};
use crate::parties::{FAMILIES, GIVEN};
use crate::run;

/// A number's place in a mixed order, so that copies do not stand together.
fn mixed(rows: Vec<String>) -> String {
    let n = rows.len();
    (0..n).map(|at| rows[at * 37 % n].clone() + "\n").collect()
}

/// Where rows with one mailbox always agree in the time of entry and the like, what is left of a name does not make somebody else of who was
/// entered then.
#[test]
fn spoilt_copies_of_a_record() {
    let mut rows = Vec::new();
    for n in 0..80 {
        let (given, family) = (GIVEN[n % 20], FAMILIES[(n * 7 + n / 20) % 20]);
        let mail = format!("u{}@example.com", n * 37 % 1000);
        let phone = format!("(303) 555-{:04}", 100 + n);
        let job = ["Accountant", "Engineer", "Analyst"][n % 3];
        let source = ["web", "event", "partner"][n * 5 % 3];
        let (month, day, second) = (1 + n % 12, 1 + n * 11 % 28, n * 13 % 60);
        let rest = format!("{job},{source},2024-{month:02}-{day:02} 08:15:{second:02}");
        rows.push(format!("{given},{family},{mail},{phone},{rest}"));
        let (g, f) = (&given[..1], &family[..1]);
        match n % 8 {
            0 => rows.push(format!("{g}q{}xk,{f}.,{mail},,{rest}", &given[2..4])),
            2 => rows.push(format!(",{f}.,,{phone},{rest}")),
            4 => rows.push(format!("{given},{family},typed{n}@example.org,,{rest}")),
            6 => rows.push(format!("{g}.,{f}{}w,{mail},{phone},{rest}", &family[3..4])),
            _ => {}
        }
    }
    let header = "first_name,last_name,email,phone,job_title,lead_source,created_at\n";
    check(
        "leads.csv",
        &format!("{header}{}", mixed(rows)),
        [80, 80, 110],
    );
}

/// Where copies agree in all the rest, somebody of the same name and company of whom little is known, or who is reached otherwise, may be somebody
/// else.
#[test]
fn namesakes_of_one_company() {
    let mut rows = Vec::new();
    for n in 0..80 {
        let name = format!("{},{}", GIVEN[n % 20], FAMILIES[(n * 7 + n / 20) % 20]);
        let company = format!("Northgate {} Ltd", FAMILIES[n * 3 % 20]);
        let mail = format!("u{}@example.com", n * 37 % 1000);
        let phone = format!("(303) 555-{:04}", 100 + n);
        let job = ["Accountant", "Engineer", "Analyst"][n % 3];
        let (month, day, second) = (1 + n % 12, 1 + n * 11 % 28, n * 13 % 60);
        let rest = format!("{job},2024-{month:02}-{day:02} 08:15:{second:02}");
        rows.push(format!("{name},{company},{mail},{phone},{rest}"));
        match n % 8 {
            0 => rows.push(format!("{},{company},{mail},,{rest}", name.to_uppercase())),
            4 => rows.push(format!("{name},{company},,{phone},{rest}")),
            _ => {}
        }
        if n % 16 == 2 {
            rows.push(format!("{name},{company},typed{n}@example.org,{phone},,"));
            rows.push(format!("{name},{company},,,,"));
        }
    }
    let header = "first_name,last_name,company,email,phone,job_title,created_at\n";
    check(
        "leads.csv",
        &format!("{header}{}", mixed(rows)),
        [80, 80, 90],
    );
}

/// Brothers and sisters have mailbox, phone, class and time of application in common, and names of their own, whether any list knows them or not.
#[test]
fn families_who_apply_together() {
    let rare = [
        "Shrutika",
        "Nkosi",
        "Zaylee",
        "Oluwaseun",
        "Thandeka",
        "Keahilani",
    ];
    let rows = |given: &dyn Fn(usize, usize) -> String| {
        let row = |n: usize, of: usize| {
            let family = FAMILIES[n % 20];
            let contact = format!("parent{n}@example.com,(303) 555-{:04}", 100 + n);
            let class = ["A", "B", "C"][n % 3];
            let (given, day) = (given(n, of), 1 + n % 28);
            format!("{given},{family},{contact},{class},2024-04-{day:02} 10:{n:02}:00")
        };
        let rows = (0..40).flat_map(|n| [row(n, 0), row(n, 1)]);
        let header = "first_name,last_name,email,phone,class,applied_at\n";
        format!("{header}{}", mixed(rows.collect()))
    };
    let known = rows(&|n, of| GIVEN[(n * 3 + of * 5) % 20].to_owned());
    check("applications.csv", &known, [80, 80, 80]);
    let unknown = rows(&|n, of| rare[(n + of * 3) % 6].to_owned());
    check("applications.csv", &unknown, [80, 80, 80]);
}

/// Orders repeat what is known of a customer, and differ in all that is theirs: nothing is linked or parted by it.
#[test]
fn orders_of_one_customer() {
    let row = |n: usize| {
        let of = n % 100;
        let (given, family) = (GIVEN[of % 20], FAMILIES[(of * 3 + of / 20) % 20]);
        let contact = format!("c{of}@example.com,(303) 555-{:04}", 100 + of);
        let tier = ["gold", "silver", "bronze", "basic"][of % 4];
        let since = format!("20{}-0{}-1{}", 10 + of % 14, 1 + of % 9, of % 10);
        format!(
            "{n},{given} {family},{contact},{tier},{since},{}.50\n",
            n * 17 % 90
        )
    };
    let rows: String = (0..300).map(row).collect();
    let table = format!("order_id,customer_name,email,phone,tier,customer_since,total\n{rows}");
    check("orders.csv", &table, [100, 100, 100]);
}

/// Copies with one customer number and what stands beside are one person whatever became of the names; a family under one number is not.
#[test]
fn copies_under_one_number() {
    let letter = |n: usize| ["b", "d", "g", "h", "l", "m", "p", "r", "s", "t"][n % 10];
    let mut rows = Vec::new();
    for n in 0..80 {
        let (given, family) = (GIVEN[n % 20], FAMILIES[(n * 7 + n / 20) % 20]);
        let number = n * 37 % 1000;
        let skill = ["First aid", "Cooking", "Driving", "Teaching"][n % 4];
        let rest = format!("C-{number:04},{skill},{}", 4000 + n * 613 % 5000);
        let (g, f) = (&given[..1], &family[..1]);
        rows.push(format!("{given},{family},{rest}"));
        match n % 8 {
            0 => rows.push(format!("q{}x{},{f}qw,{rest}", letter(n / 10), letter(n))),
            2 => rows.push(format!("{}k{},{g},{rest}", letter(n / 10), letter(n))),
            4 => rows.push(format!("{g}.,{family},{rest}")),
            6 => rows.push(format!("{},{family},{rest}", GIVEN[(n + 7) % 20])),
            _ => {}
        }
    }
    let header = "first_name,last_name,customer_id,skill,hours\n";
    let expected = [90, 90, 90];
    check(
        "volunteers.csv",
        &format!("{header}{}", mixed(rows)),
        expected,
    );
}

/// In neither of two exports anybody has a namesake: of those in both, who live elsewhere now have moved, in the lower bound.
#[test]
fn people_who_moved_between_two_exports() {
    let row = |n: usize, house: usize| {
        let (given, family) = (GIVEN[n % 20], FAMILIES[(n * 7 + n / 20) % 20]);
        format!(
            "{given},{family},{} Alder Street,{:05}\n",
            100 + house,
            10_000 + house * 7
        )
    };
    let header = "first_name,last_name,street,zip\n";
    let before: String = (0..100).map(|n| row(n, n)).collect();
    // Sixty of the hundred, twenty of whom have moved, and thirty new ones.
    let after: String = (40..130)
        .map(|n| row(n, if n % 3 == 0 && n < 100 { n + 500 } else { n }))
        .collect();
    let (before, after) = (format!("{header}{before}"), format!("{header}{after}"));
    let folder = Folder::with(&[
        ("2023.csv", before.as_bytes()),
        ("2024.csv", after.as_bytes()),
    ]);
    let report = run::report(&folder.path(""), &["2023.csv", "2024.csv"]);
    let persons = &report["subjects"]["persons"];
    let told = ["min", "best", "max"].map(|bound| persons[bound].as_u64().unwrap());
    assert_eq!(told, [130, 150, 150]);
}
