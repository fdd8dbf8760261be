//! What people print, keep and pass on by hand: registers in columns of blanks, dockets, statements of banks, tickets, lists of parents and children.

use crate::leaks::{FAMILY, GIVEN, kinds, lines, persons, scan};
use crate::run::{self, items, text};

#[track_caller]
fn check(name: &str, content: &str, expected: [u64; 3], told: &[&str]) {
    let report = scan(name, content);
    let found = kinds(&report, 1);
    assert_eq!(persons(&report), expected, "{found:?}\n{content:.600}");
    for kind in told {
        assert!(found.contains(kind), "{kind}: {found:?}");
    }
}

fn born(n: usize) -> String {
    format!("{:02}/{:02}/{}", n % 12 + 1, n % 28 + 1, 1950 + n)
}

#[test]
fn columns_of_blanks_are_a_table() {
    let kinds = &["birth-date", "person-name", "postal-address"];
    let row = |n: usize, given: &str, family: &str| {
        let street = format!("{} Maple Street", n + 100);
        format!("{family:<15} {given:<13} {}  {street:<22} Boston", born(n))
    };
    let head = "LAST NAME       FIRST NAME    DOB         ADDRESS                CITY\n";
    let rule = "--------------- ------------- ----------- ---------------------- ----------\n";
    let ruled = format!(
        "County register\n\n{head}{rule}{}\n(60 rows affected)\n",
        lines(&row)
    );
    check("register.rpt", &ruled, [60; 3], kinds);
    check(
        "plain.txt",
        &format!("{head}{}", lines(&row)),
        [60; 3],
        kinds,
    );
}

#[test]
fn lists_kept_by_hand_have_columns_too() {
    let list = lines(&|n, given, family| format!("{family}, {given}   {}", born(n)));
    check("roster.txt", &list, [60; 3], &["person-name"]);
    let list = lines(&|n, given, family| format!("{family}, {given}   DOB {}", born(n)));
    check("docket.txt", &list, [60; 3], &["birth-date", "person-name"]);
}

#[test]
fn both_halves_of_a_name_are_the_rows_own() {
    for header in [
        "\"Last Name, First Name\"",
        "LastFirst",
        "\"Name (Last, First)\"",
    ] {
        let list = lines(&|n, given, family| {
            let other = FAMILY[(n / 6 + 3) % 10];
            format!(
                "\"{family}, {given}\",{},{} {other}",
                born(n),
                GIVEN[(n + 1) % 6]
            )
        });
        let content = format!("{header},Birth Date,Emergency Contact Name\n{list}");
        let report = scan("staff.csv", &content);
        // Every contact is another of the sixty, by name.
        assert_eq!(persons(&report)[2], 120, "{header}");
        assert!(persons(&report)[0] >= 60, "{header}");
    }
}

#[test]
fn statements_of_banks_tell_who_paid() {
    let movement = lines(&|n, given, family| {
        let check =
            98 - (u128::from(500_105_170_000_000_000_u64 + n as u64) * 1_000_000 + 131_400) % 97;
        let iban = format!("DE{check:02}50010517{n:010}");
        format!(
            ":61:2605040504CR{},00N062NONREF\n:86:166?00GUTSCHRIFT?20SVWZ+RE {n}?30DEUTDEFFXXX?31{iban}?32{given} {family}",
            n + 10
        )
    });
    let content =
        format!(":20:START\n:25:12030000/0000202051\n:28C:1/1\n{movement}:62F:C260504EUR1,00\n-\n");
    check("u.sta", &content, [60; 3], &["bank-account", "person-name"]);
}

#[test]
fn ids_of_addresses_lead_to_people_over_a_table_of_both() {
    let id = |of: u8, n: usize| format!("{of:08x}-1111-4111-8111-{n:012x}");
    let mut sql = String::new();
    let insert = |table: &str, columns: &str, row: &dyn Fn(usize) -> String| {
        let rows: Vec<String> = (0..60).map(|n| format!("({})", row(n))).collect();
        format!(
            "INSERT INTO `{table}` ({columns}) VALUES {};\n",
            rows.join(",")
        )
    };
    sql += &insert("contacts", "`id`,`first_name`,`last_name`", &|n| {
        format!("'{}','{}','{}'", id(1, n), GIVEN[n % 6], FAMILY[n / 6])
    });
    sql += &insert("email_addresses", "`id`,`email_address`", &|n| {
        format!("'{}','box{n}@example.com'", id(2, n))
    });
    sql += &insert(
        "email_addr_bean_rel",
        "`id`,`email_address_id`,`bean_id`,`bean_module`",
        &|n| format!("'{}','{}','{}','Contacts'", id(3, n), id(2, n), id(1, n)),
    );
    check("crm.sql", &sql, [60; 3], &["email", "person-name"]);
}

#[test]
fn children_are_people_of_their_own() {
    let list = lines(&|n, given, family| {
        format!(
            "{given} {family},202-555-01{n:02},{}",
            ["Emma", "Noah", "Olivia"][n % 3]
        )
    });
    let report = scan(
        "school.csv",
        &format!("Parent Name,Phone,Child First Name\n{list}"),
    );
    let [min, best, max] = persons(&report);
    // Three given names go by families of six parents each.
    assert!(min >= 60 && best > 80 && max >= best, "{min} {best} {max}");
    let parents = [
        "小川 明美",
        "宮崎 哲也",
        "佐藤 花子",
        "高橋 健一",
        "石井 直美",
    ];
    let children = ["健太", "雄太", "美咲", "翔太", "大輔"];
    let mut list = String::from("保護者氏名,電話番号,お子様のお名前\n");
    for (n, (parent, child)) in parents.iter().zip(children).enumerate() {
        list += &format!("{parent},080-0000-000{n},{child}\n");
    }
    check("名簿.csv", &list, [10; 3], &["person-name"]);
}

#[test]
fn what_was_done_to_people_names_them() {
    let list = lines(&|n, given, family| format!("{n},{given} {family}"));
    let kinds = &["person-name", "special.crime-victim"];
    check("cases.csv", &format!("case,victim\n{list}"), [60; 3], kinds);
    let list = lines(&|n, given, family| {
        format!(
            "{given} {family},Diabetes type 2. Call (202) 555-01{n:02} or mail kin{n}@example.com"
        )
    });
    let content = format!("name,diagnosis\n{list}");
    check(
        "ward.csv",
        &content,
        [60; 3],
        &["email", "phone", "special.health"],
    );
}

#[test]
fn who_is_named_in_a_call_is_who_called() {
    let names = [
        ("山田 花子", "ヤマダ"),
        ("山田 太郎", "ヤマダ"),
        ("鈴木 美咲", "スズキ"),
        ("高橋 大輔", "タカハシ"),
        ("田中 直美", "タナカ"),
    ];
    for note in ["お客様：{}様 折返し希望", "{}様（[]様）。配送の件で入電"] {
        let mut list = String::from("受付日時,発信者番号,顧客番号,対応内容\n");
        for (n, (name, reading)) in names.iter().enumerate() {
            let told = note.replace("{}", name).replace("[]", reading);
            list += &format!("2026/05/0{} 10:00,0900000000{n},C00000{n},{told}\n", n + 1);
        }
        check("calls.csv", &list, [5; 3], &["person-name", "phone"]);
    }
}

#[test]
fn clerks_who_are_named_in_a_call_are_themselves() {
    let mut list = String::from("通話番号,顧客番号,発信者番号,オペレーター,対応内容\n");
    for n in 0..60 {
        let clerk = ["三浦 恵子", "佐々木 健", "堀 明美"][n % 3];
        list += &format!(
            "K{n:05},C{:05},090-3903-16{n:02},{clerk},{clerk}さんが折り返し電話した\n",
            7_000 + n * 31
        );
    }
    check("calls.csv", &list, [63; 3], &["person-name", "phone"]);
}

#[test]
fn names_of_files_tell_where() {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    for name in ["kyoto-schools.csv", "felix-garrison.csv"] {
        let content = "氏名\n山田 太郎\n";
        std::fs::write(folder.path().join(name), content).expect("the file can be written");
    }
    let report = run::report(folder.path(), &["."]);
    let sources: Vec<&str> = items(&report, "sources")
        .iter()
        .map(|one| text(one, "source"))
        .collect();
    assert!(
        sources
            .iter()
            .any(|name| name.ends_with("kyoto-schools.csv")),
        "{sources:?}"
    );
    assert!(
        !sources.iter().any(|name| name.contains("garrison")),
        "{sources:?}"
    );
}
