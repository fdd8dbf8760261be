//! Leaks as they are passed on: lists with colons, values behind their names, rows without their statement, replies of consoles, mails in cells.

use serde_json::Value;

use crate::run::{self, items, number, text};

/// The report on one file.
pub(crate) fn scan(name: &str, content: &str) -> Value {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    std::fs::write(folder.path().join(name), content).expect("the file can be written");
    run::report(folder.path(), &["."])
}

pub(crate) fn persons(report: &Value) -> [u64; 3] {
    ["min", "best", "max"].map(|end| number(report, &["subjects", "persons", end]))
}

/// The kinds that were found, of so many values at least.
pub(crate) fn kinds(report: &Value, least: u64) -> Vec<&str> {
    let found = items(report, "kinds").iter();
    let found = found.filter(|found| number(found, &["matches"]) >= least);
    let mut kinds: Vec<&str> = found.map(|found| text(found, "kind")).collect();
    kinds.sort_unstable();
    kinds
}

pub(crate) const GIVEN: [&str; 6] = ["Mary", "John", "Linda", "Kevin", "Susan", "Brian"];
pub(crate) const FAMILY: [&str; 10] = [
    "Johnson", "Miller", "Thompson", "Jenkins", "Edwards", "Peterson", "Carter", "Nguyen",
    "Garcia", "Murphy",
];

/// Sixty lines, of sixty people.
pub(crate) fn lines(line: &dyn Fn(usize, &str, &str) -> String) -> String {
    let line = |n: usize| line(n, GIVEN[n % 6], FAMILY[n / 6]) + "\n";
    (0..60).map(line).collect()
}

/// A word that looks like a password, another for each number.
fn secret(n: usize) -> String {
    format!("{}x{}Q", ["neko", "tiger", "Rain"][n % 3], n * 7919 % 9973)
}

#[test]
fn colons_part_the_fields_of_lists() {
    let profile = lines(&|n, given, family| {
        let sex = if n % 2 == 0 { "female" } else { "male" };
        let moved = if n % 3 == 0 {
            format!("5/{}/2018 12:00:00 AM", n % 28 + 1)
        } else {
            String::new()
        };
        format!(
            "1{}:1000{n:05}:{given}:{family}:{sex}:Salem, Oregon:Boston, Ohio:Single:{moved}::",
            2_025_550_000_u64 + n as u64 * 7_919_311
        )
    });
    let report = scan("profiles.txt", &profile);
    assert_eq!(persons(&report), [60; 3], "{:?}", kinds(&report, 1));
    for kind in ["gender", "person-name", "phone"] {
        assert!(kinds(&report, 60).contains(&kind), "{kind}");
    }
    let logins = lines(&|n, given, _| format!("{}{n}:{}", given.to_lowercase(), secret(n)));
    assert_eq!(
        kinds(&scan("logins.txt", &logins), 60),
        ["credential", "username"]
    );
    let decoys: [&dyn Fn(usize, &str, &str) -> String; 5] = [
        &|n, _, _| format!("lib{n}:amd64"),
        &|n, _, _| format!("src/a{n}.rs:{n}:5: warning: unused variable `x`"),
        &|n, _, _| format!("server{n}.example.com:80{n:02}"),
        &|n, _, _| format!("org.example{n}:artifact{n}:1.{n}.2"),
        &|n, _, _| format!("  key{n}: value{n}"),
    ];
    for decoy in decoys {
        let report = scan("decoy.txt", &lines(decoy));
        assert_eq!(
            kinds(&report, 1),
            [""; 0],
            "{}",
            lines(decoy).lines().next().unwrap()
        );
        assert_eq!(persons(&report), [0; 3]);
    }
}

#[test]
fn lines_of_values_behind_their_names_are_a_table() {
    let profile = lines(&|n, given, family| {
        format!(
            "Email: u{n}@example.com - Name: {given} {family} - Followers: {n} - Created At: Thu Mar 12 03:{n:02}:12 +0000 2009"
        )
    });
    let report = scan("profiles.txt", &profile);
    assert_eq!(persons(&report), [60; 3]);
    assert_eq!(
        kinds(&report, 60),
        ["email", "person-name", "registration-time"]
    );
    let rows = lines(&|n, given, family| {
        format!(
            "    {{'name': '{given} {family}', 'dob': '1948-12-{:02}'}},",
            n % 28 + 1
        )
    });
    let report = scan("users.py", &format!("USERS = [\n{rows}]\n"));
    assert_eq!(persons(&report), [60; 3]);
    assert_eq!(kinds(&report, 60), ["birth-date", "person-name"]);
}

#[test]
fn cards_are_sold_with_what_pays_with_them() {
    let valid = [
        "4111111111111111",
        "5555555555554444",
        "4012888888881881",
        "378282246310005",
    ];
    let cards = lines(&|n, given, family| {
        format!(
            "{}|{:02}|{}|{}|{given} {family}|u{n}@example.com",
            valid[n % 4],
            n % 12 + 1,
            2027 + n % 5,
            100 + n * 13
        )
    });
    assert_eq!(
        kinds(&scan("cards.txt", &cards), 60),
        [
            "email",
            "payment-card",
            "payment-card-expiry",
            "payment-card-security-code",
            "person-name"
        ]
    );
}

#[test]
fn rows_without_their_statement_keep_their_hashes() {
    let rows = lines(&|n, given, _| {
        let hash = format!(
            "{:032x}",
            u128::from_le_bytes([n as u8 + 17; 16]).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C)
        );
        format!(
            "({n}, 2, '', '{}_{n}', '{hash}', 'u{n}@example.com', 'O\\'Neil, x', NULL),",
            given.to_lowercase()
        )
    });
    let report = scan("users.txt", &rows);
    assert_eq!(persons(&report), [60; 3]);
    assert_eq!(kinds(&report, 60), ["credential", "email"]);
    let salted = lines(&|n, _, _| {
        format!(
            "{n}:u{n}@example.com:{:032x}:x{n}!",
            u128::from_le_bytes([n as u8 + 3; 16]).wrapping_mul(0x9E37_79B9_7F4A_7C15_F39D)
        )
    });
    assert!(kinds(&scan("salted.txt", &salted), 60).contains(&"credential"));
}

#[test]
fn replies_and_logs_of_databases_are_records() {
    let hashes = lines(&|n, given, family| {
        format!(
            "127.0.0.1:6379> HGETALL user:{n}\n 1) \"name\"\n 2) \"{given} {family}\"\n 3) \"email\"\n 4) \"u{n}@example.com\""
        )
    });
    assert_eq!(persons(&scan("redis.txt", &hashes)), [60; 3]);
    let rows = lines(&|n, given, family| {
        format!(
            "# at {n}\n### INSERT INTO `shop`.`people`\n### SET\n###   @1={n} /* INT meta=0 nullable=0 is_null=0 */\n###   @2='{given} {family}'\n###   @3='u{n}@example.com'"
        )
    });
    assert_eq!(persons(&scan("binlog.sql", &rows)), [60; 3]);
}

#[test]
fn lists_of_names_and_values_are_columns() {
    let user = |n: usize, given: &str, family: &str| {
        format!(
            "{{\"Username\": \"{n:08x}\", \"Attributes\": [{{\"Name\": \"email\", \"Value\": \"u{n}@example.com\"}}, {{\"Name\": \"given_name\", \"Value\": \"{given}\"}}, \
             {{\"Name\": \"family_name\", \"Value\": \"{family}\"}}, {{\"Name\": \"birthdate\", \"Value\": \"1948-12-{:02}\"}}]}}",
            n % 28 + 1
        )
    };
    let report = scan("users.jsonl", &lines(&user));
    assert_eq!(persons(&report), [60; 3]);
    assert_eq!(kinds(&report, 60), ["birth-date", "email", "person-name"]);
    let event = |n: usize, _: &str, _: &str| {
        format!(
            "{{\"mail\": {{\"headers\": [{{\"name\": \"Message-ID\", \"value\": \"<{n:015x}.{n}@mail.example.com>\"}}]}}}}"
        )
    };
    assert_eq!(persons(&scan("events.jsonl", &lines(&event))), [0; 3]);
}

#[test]
fn mails_in_cells_are_mails() {
    let mail = |n: usize, given: &str, family: &str| {
        let body = if n.is_multiple_of(2) {
            "See you there."
        } else {
            "Thanks a lot."
        };
        format!(
            "sent/{n}.,\"Message-ID: <{n}.1@mail.example.com>\nDate: Mon, 14 May 2001 16:00:00 -0700 (PDT)\nFrom: {given}.{family}@example.com\nTo: desk@example.org\nSubject: Lunch {n}\n\n{body}\n\"",
        )
    };
    let report = scan("emails.csv", &format!("file,message\n{}", lines(&mail)));
    let [min, best, _] = persons(&report);
    assert_eq!((min, best), (60, 60));
}

#[test]
fn names_and_mailboxes_in_other_lines_of_a_log_may_be_the_same_people() {
    let log = lines(&|n, given, family| match n % 2 {
        0 => format!(
            "192.0.2.{n} - - [01/Mar/2025:10:00:00 +0000] \"GET /checkout?name={given}%20{family}&phone=555-243-{:04}&zip=69555 HTTP/1.1\" 200 7 \"-\" \"x\"",
            1000 + n * 13
        ),
        _ => format!(
            "192.0.2.{n} - - [01/Mar/2025:10:00:00 +0000] \"GET /in?email=u{n}%40example.com HTTP/1.1\" 200 7 \"-\" \"x\""
        ),
    });
    let [min, best, _] = persons(&scan("access.log", &log));
    assert!(min <= 31 && best >= 55, "{min} {best}");
}
