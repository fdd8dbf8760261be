//! Several tables in one file, rows that are no data, and tables that tell of customers beside those who look after them.

use crate::cli::{Folder, check_people as check};
use crate::parties::{FAMILIES, GIVEN};
use crate::run::report;

/// The tables of a report, each with its number of records.
fn records(table: &str) -> Vec<(String, u64)> {
    let folder = Folder::with(&[("a.csv", table.as_bytes())]);
    let report = report(&folder.path(""), &["a.csv"]);
    let tables = report["tables"].as_array().expect("tables").iter();
    let told = tables.map(|table| {
        let name = table["name"].as_str().unwrap_or_default();
        (name.to_owned(), table["records"].as_u64().unwrap_or(0))
    });
    told.filter(|table| !table.0.ends_with("(above the header)"))
        .collect()
}

#[test]
fn further_tables_under_headers_of_their_own() {
    let check = |raw: &str, expected: &[u64]| {
        let found: Vec<u64> = records(raw).into_iter().map(|table| table.1).collect();
        assert_eq!(found, expected, "{raw}");
    };
    let customers =
        "■顧客\n顧客番号,氏名,電話番号\n1,佐藤 太郎,090-1234-5601\n2,鈴木 花子,090-1234-5602\n";
    let staff = "\n■従業員\n社員番号,氏名,生年月日\n7,高橋 健一,1980-02-03\n";
    let mails = "\nname,email\nMary Johnson,mary@example.com\n";
    check(&format!("{customers}{staff}"), &[2, 1]);
    check(&format!("{customers}{staff}{mails}"), &[2, 1, 1]);
    // Gaps between rows, the same header again, a sum, a row of words.
    check(
        "id,name,email\n1,Mary,a@example.com\n\n2,John,b@example.com\n\n3,Ann,c@example.com\n",
        &[3],
    );
    check(
        "氏名,電話番号\n佐藤 太郎,090-1234-5601\n\n氏名,電話番号\n鈴木 花子,090-1234-5602\n",
        &[2],
    );
    check(
        "氏名,電話番号\n佐藤 太郎,090-1234-5601\n\n小計,1名\n鈴木 花子,090-1234-5602\n",
        &[3],
    );
    check(
        "氏名,住所\n佐藤 太郎,東京都\n\n鈴木 花子,大阪府\n高橋 健一,京都府\n",
        &[3],
    );
    // Inside a quoted cell nothing begins.
    check(
        "id,note\n1,\"x\n\n氏名,電話番号\n佐藤 太郎,090-1234-5601\n\"\n2,y\n",
        &[2],
    );
}

#[test]
fn names_of_columns_in_two_languages() {
    check(
        "a.csv",
        "No,Name,Phone\n番号,氏名,電話番号\n1,吉田 明美,080-1234-5678\n2,小林 直樹,080-1234-5679\n",
        [2, 2, 2],
    );
    assert_eq!(
        records("No,Name,Phone\n番号,氏名,電話番号\n1,吉田 明美,080-1234-5678\n")[0].1,
        1
    );
    assert_eq!(
        records("単語,読み\n氏名,しめい\n住所,じゅうしょ\n電話番号,でんわ\n")[0].1,
        3
    );
}

/// Whoever stands beside an address in one cell is found in it.
#[test]
fn people_and_their_addresses_in_one_cell() {
    let people = [
        ("Mary Johnson", "Denver, CO 80202"),
        ("John Miller", "Austin, TX 78701"),
        ("Susan Thompson", "Boston, MA 02108"),
    ];
    let rows = |row: &dyn Fn(usize, &str, &str) -> String| {
        let rows = people.iter().enumerate();
        rows.map(|(n, (name, town))| row(n, name, town))
            .collect::<String>()
    };
    let quoted =
        rows(&|n, name, town| format!("\"{name}, 1{n} Oak Street, {town}, 303-555-014{n}\"\n"));
    check("a.csv", &format!("contact\n{quoted}"), [3, 3, 3]);
    check("b.csv", &quoted, [3, 3, 3]);
    let bare = rows(&|n, name, town| format!("{name}, 1{n} Oak Street, {town} 303-555-014{n}\n"));
    check("c.txt", &bare, [3, 3, 3]);
    let address = rows(&|n, name, town| format!("{name},\"1{n} Oak Street, {town}\"\n"));
    check("d.csv", &format!("name,address\n{address}"), [3, 3, 3]);
}

/// A few names over and over beside the numbers of many customers are of those who look after them; a customer who comes again has his name.
#[test]
fn those_who_look_after_customers() {
    let agents = ["Nancy Holloway", "Victor Marlowe", "Betty Perez"];
    let rows = |n: usize, customer: &dyn Fn(usize) -> usize| {
        let rows = (0..n).map(|n| format!("{n},{},Question,{}\n", customer(n) + 1, agents[n % 3]));
        rows.collect::<String>()
    };
    let customers = (0..20)
        .map(|n| format!("{},u{n}@example.com,+1 303-555-01{n:02}\n", n + 1))
        .collect::<String>();
    let check = |header: &str, tickets: String, expected: [u64; 3]| {
        let (customers, tickets) = (
            format!("customer_id,email,phone\n{customers}"),
            format!("{header}\n{tickets}"),
        );
        let folder = Folder::with(&[
            ("customers.csv", customers.as_bytes()),
            ("tickets.csv", tickets.as_bytes()),
        ]);
        let report = report(&folder.path(""), &["customers.csv", "tickets.csv"]);
        let persons = &report["subjects"]["persons"];
        assert_eq!(
            [&persons["min"], &persons["best"], &persons["max"]],
            expected,
            "{header}"
        );
    };
    for header in [
        "ticket_id,customer_id,subject,agent",
        "ticket_id,customer_id,subject,desk",
    ] {
        check(header, rows(20, &|n| n), [23, 23, 23]);
    }
    check(
        "order_id,customer_id,subject,agent",
        rows(20, &|n| n % 3),
        [20, 20, 20],
    );
}

/// One rare name with an old and a new phone may be one person, and namesakes of different ages two.
#[test]
fn namesakes_of_whom_one_thing_more_is_known() {
    let table = |header: &str, value: &dyn Fn(usize) -> String| {
        let rows =
            (0..20).map(|n| format!("{} {},{}\n", GIVEN[n % 10], FAMILIES[n % 10], value(n)));
        format!("{header}\n{}", rows.collect::<String>())
    };
    check(
        "phones.csv",
        &table("name,phone", &|n| format!("+1 303-555-01{:02}", n * 3)),
        [10, 20, 20],
    );
    check(
        "ages.csv",
        &table("name,age", &|n| (20 + n * 3).to_string()),
        [10, 10, 20],
    );
    check(
        "again.csv",
        &table("name,age", &|n| (20 + n % 10 * 3).to_string()),
        [10, 10, 10],
    );
    let births = table("name,dob", &|n| {
        format!(
            "19{}-{:02}-{:02}",
            50 + n * 2,
            1 + n * 7 % 12,
            1 + n * 5 % 28
        )
    });
    check("births.csv", &births, [20, 20, 20]);
    // Of a list in which nobody stands twice some are namesakes all the same.
    let common = (0..400).map(|n: usize| {
        let (family, given) = (FAMILIES[n * n % 97 % 10], GIVEN[n * 7 % 89 % 10]);
        format!("{given} {family},+1 303-555-{:04}\n", 1000 + n)
    });
    check(
        "common.csv",
        &format!("name,phone\n{}", common.collect::<String>()),
        [400, 400, 400],
    );
}

/// An initial behind one mailbox is one of those whom it may stand for.
#[test]
fn initials_that_fit_several() {
    let families = ["Garrison", "Holloway", "Whitaker", "Pemberton"];
    let rows = |names: [&str; 3]| {
        let rows = families.iter().flat_map(|family| {
            names.map(|given| format!("{given} {family},{family}@example.com\n"))
        });
        format!("name,email\n{}", rows.collect::<String>())
    };
    check("initials.csv", &rows(["John", "Jane", "J."]), [8, 8, 12]);
    check("forms.csv", &rows(["Robert", "Bob", "Roberta"]), [8, 8, 12]);
    check("others.csv", &rows(["John", "Jane", "M."]), [12, 12, 12]);
}

/// A second mailbox that several share is nobody by itself, and makes them no one; of one person's history the first mailbox tells.
#[test]
fn second_mailboxes_beside_no_names() {
    let rows = |row: &dyn Fn(usize) -> String| (0..24).map(row).collect::<String>();
    let shared = rows(&|n| format!("{n},u{n}@example.com,home{}@example.org\n", n / 2));
    check(
        "shared.csv",
        &format!("id,email,recovery_email\n{shared}"),
        [24, 24, 24],
    );
    let history = rows(&|n| format!("{},u{}@example.com,b{n}@example.org\n", n / 3, n / 3));
    check(
        "history.csv",
        &format!("customer_id,email,backup_email\n{history}"),
        [8, 8, 8],
    );
    let drivers = rows(&|n| format!("{n},u{n}@example.com,d{}@example.org\n", n / 4));
    check(
        "drivers.csv",
        &format!("id,email,driver_email\n{drivers}"),
        [30, 30, 30],
    );
}

/// Whose an account was, and whom something was done to: the row's own person where the names are equal, else somebody more.
#[test]
fn holders_and_victims() {
    const NAMES: [&str; 12] = [
        "Susan Garrison",
        "Peter Holloway",
        "Laura Whitaker",
        "George Pemberton",
        "Nancy Lockwood",
        "Victor Ashworth",
        "Helen Kendrick",
        "Walter Marlowe",
        "Diana Thornton",
        "Philip Winslow",
        "Karen Henderson",
        "Oscar Sullivan",
    ];
    let table = |header: &str, other: &dyn Fn(usize) -> &'static str| {
        let rows = (0..6).map(|n| {
            format!(
                "{n},{},198{n}-02-03,+1 303-555-010{n},{}\n",
                NAMES[n],
                other(n)
            )
        });
        format!("id,name,dob,phone,{header}\n{}", rows.collect::<String>())
    };
    for header in [
        "account_holder",
        "previous_owner",
        "victim",
        "beneficiary_name",
    ] {
        check(
            "others.csv",
            &table(header, &|n| NAMES[n + 6]),
            [12, 12, 12],
        );
    }
    check(
        "own.csv",
        &table("account_holder", &|n| NAMES[n]),
        [6, 6, 6],
    );
    check(
        "alias.csv",
        &table("previous_name", &|n| NAMES[n + 6]),
        [6, 6, 6],
    );
}

/// Full names under a word for other names are the names where nothing else is one; beside names they are other writings.
#[test]
fn names_under_words_for_nicknames() {
    let line = |n: usize, more: &str| {
        let name = ["Mary Johnson", "Robert Davis", "Susan Miller"][n];
        format!(
            "{{\"id\": {n}, \"author\": {{\"name\": \"user{n}\", \"nickname\": \"{name}\"}}{more}}}\n"
        )
    };
    let chat = (0..3).map(|n| line(n, "")).collect::<String>();
    check("chat.jsonl", &chat, [3, 3, 3]);
    let handles = "nickname\nstarlight\nblue_fox\nkenken\n";
    check("handles.csv", handles, [0, 0, 0]);
    let both = "name,nickname,email\nMary Johnson,Molly Hill,a@example.com\nRobert Davis,Bob Hope,b@example.com\n";
    check("both.csv", both, [2, 2, 2]);
}

/// Who wrote it down and who checked it, by surnames alone; 業者 are companies.
#[test]
fn those_who_signed() {
    let (writers, checkers) = (
        ["佐藤", "鈴木", "高橋", "田中", "伊藤"],
        ["渡辺", "山本", "中村"],
    );
    let rows = |header: &str| {
        let rows = (0..15).map(|n| {
            format!(
                "2024/05/{:02},{},{},済\n",
                n + 1,
                writers[n % 5],
                checkers[n % 3]
            )
        });
        format!("{header}\n{}", rows.collect::<String>())
    };
    check("sheet.csv", &rows("日付,記入者,確認者,承認"), [8, 8, 8]);
    check("sheet.csv", &rows("日付,納入業者,施工業者,承認"), [0, 0, 0]);
}

/// A program that answers customers, numbers that companies pay for, and rooms are nobody.
#[test]
fn programs_rooms_and_hotlines() {
    let chat = "session_id,sender_name,message\n0,Mary Johnson,hello\n0,Support Bot,thanks\n1,John Abbot,hi\n1,Support Bot,thanks\n";
    check("chat.csv", chat, [2, 2, 2]);
    let calls = |other: &str| {
        let rows = (0..6).map(|n| format!("2024/05/01 10:0{n},090-8339-580{n},{other}{n}\n"));
        format!("日時,発信番号,着信番号\n{}", rows.collect::<String>())
    };
    check("calls.csv", &calls("0120-000-67"), [6, 6, 6]);
    check("calls.csv", &calls("080-7346-670"), [12, 12, 12]);
    let event = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:Review\nATTENDEE;CN=Mary Johnson:mailto:mary@example.com\n\
        ATTENDEE;CUTYPE=ROOM;CN=Oak Room:mailto:oak@example.com\nATTENDEE;CUTYPE=INDIVIDUAL;CN=John Miller:mailto:john@example.com\nEND:VEVENT\nEND:VCALENDAR\n";
    check("calendar.ics", event, [2, 2, 2]);
}

/// Logins, mailboxes and what opens their accounts, between colons.
#[test]
fn lists_of_stolen_accounts() {
    let kinds = |line: &dyn Fn(usize) -> String| {
        crate::cli::kinds("list.txt", &(0..12).map(line).collect::<String>())
    };
    let mail = |n: usize| format!("mary{n}7@example.com");
    let secret = |n: usize| format!("Hunter{}x", 1500 + n * 37);
    for found in [
        kinds(&|n| format!("{}:{}\n", mail(n), secret(n))),
        kinds(&|n| format!("mary{n}7:{}:{}\n", mail(n), secret(n))),
        kinds(&|n| format!("https://shop.example.com/login:{}:{}\n", mail(n), secret(n))),
    ] {
        assert!(found.iter().any(|kind| kind == "credential"), "{found:?}");
    }
    let none = kinds(&|n| format!("10:0{}: sent to {}: done\n", n % 10, mail(n)));
    assert!(!none.iter().any(|kind| kind == "credential"), "{none:?}");
}

/// UTF-8 that was taken for Latin-1 and written as UTF-8 again.
#[test]
fn texts_that_were_encoded_twice() {
    let table =
        "name,city\nJosÃ© GarcÃ\u{ad}a,Denver\nMarÃ\u{ad}a MuÃ±oz,Boston\nZoÃ« MÃ¼ller,Austin\n";
    check("names.csv", table, [3, 3, 3]);
    let folder = Folder::with(&[("names.csv", table.as_bytes())]);
    let report = report(&folder.path(""), &["names.csv"]);
    assert_eq!(report["sources"][0]["encoding"], "utf-8 twice");
}

/// Owners are people and companies; who changed a record is somebody else than it is of.
#[test]
fn owners_and_those_who_changed_records() {
    let cars = "車両番号,使用者,所有者\n1,佐藤 太郎,高橋 健一\n2,鈴木 花子,見本リース株式会社\n3,田中 美咲,小林 直樹\n4,加藤 由美,見本リース株式会社\n";
    check("cars.csv", cars, [6, 6, 6]);
    let names = ["Mary Johnson", "Robert Davis", "Susan Miller"];
    let rows = (0..3).map(|n| {
        format!(
            "{n},{},198{n}-02-03,{}\n",
            names[n],
            ["Nancy Holloway", "Victor Marlowe", "Helen Kendrick"][n]
        )
    });
    let header = "id,name,dob,modified_by_name";
    check(
        "records.csv",
        &format!("{header}\n{}", rows.collect::<String>()),
        [6, 6, 6],
    );
}

/// Whoever is named in a list of payments, beside who sends and who receives, is the sender.
#[test]
fn payments_of_customers() {
    let rows = FAMILIES.iter().zip(GIVEN).zip(0..);
    let rows = rows.map(|((family, given), n)| {
        format!("2026-01-05,{given} {family},blue.sky{n}@example.com,support@shop.example,25.00\n")
    });
    let header = "Date,Name,From Email Address,To Email Address,Gross\n";
    let payments = format!("{header}{}", rows.collect::<String>());
    check("payments.csv", &payments, [20, 20, 20]);
}

/// Who asks by a form signs his question: he is whom the mailbox or phone beside it reaches. Whom the question names is somebody else.
#[test]
fn questions_that_are_signed() {
    let people = || FAMILIES.iter().zip(GIVEN).zip(0..);
    let rows = |row: &dyn Fn(&str, &str, usize) -> String| {
        let rows = people().map(|((family, given), n)| row(given, family, n));
        rows.collect::<String>()
    };
    let mail = |n: usize| format!("blue.sky{n}@example.com");
    let by_mail = rows(&|given, family, n| {
        let signed = format!("Please call me back.\n\nBest regards,\n{given} {family}\n");
        format!("{n},{},\"Hello,\nmy order is late. {signed}\"\n", mail(n))
    });
    check(
        "t.csv",
        &format!("id,email,message\n{by_mail}"),
        [20, 20, 20],
    );
    let by_phone = rows(&|given, family, n| {
        format!("{n},(303) 555-01{n:02},\"Where is my parcel?\n\nThanks,\n{given} {family}\"\n")
    });
    check("t.csv", &format!("id,phone,body\n{by_phone}"), [20, 20, 20]);
    let given_alone = rows(&|given, family, n| {
        let signed = format!("Kind regards,\n{given} {family}");
        format!("{given},{},\"It does not work.\n\n{signed}\"\n", mail(n))
    });
    let header = "first_name,email,message\n";
    check("t.csv", &format!("{header}{given_alone}"), [20, 20, 20]);
    let thanks = rows(&|given, family, n| {
        let name = format!("{given} {family}");
        format!("{n},{name},{},\"Thanks, {name}\"\n", mail(n))
    });
    let header = "id,name,email,body\n";
    check("t.csv", &format!("{header}{thanks}"), [20, 20, 20]);
    // An office that receives all is an organisation.
    let mailbox = rows(&|given, family, n| {
        let signed = format!("\n\nBest regards,\n{given} {family}\n");
        format!(
            "2026-01-05,{},support@shop.example,\"Hello,\nwhere is it? {signed}\"\n",
            mail(n)
        )
    });
    let header = "date,from,to,body\n";
    check("t.csv", &format!("{header}{mailbox}"), [20, 20, 20]);
    let of_others = rows(&|given, family, n| {
        format!(
            "{n},{},\"I spoke to {given} {family} about it. Thanks\"\n",
            mail(n)
        )
    });
    check(
        "t.csv",
        &format!("id,email,message\n{of_others}"),
        [40, 40, 40],
    );
}
