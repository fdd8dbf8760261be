//! Tables as sample databases, exercises and collections for statistics write them: rows without names of columns, categories, measures, places, goods.

use crate::cli::{check_people as check, kinds};

/// Rows of a script, each a statement of its own without names of columns.
fn script(table: &str, rows: &[&str]) -> String {
    let row = |row: &&str| format!("insert into {table} values ({row});\n");
    rows.iter().map(row).collect()
}

#[test]
fn a_table_called_after_people_says_what_its_names_are() {
    let nurses = [
        "1, 'Tarquin Oslett', 3",
        "2, 'Maria Lopez', 1",
        "3, 'Robert Davis', 2",
        "4, 'Sholto Ambrey', 2",
        "5, 'Susan Clark', 1",
    ];
    check("data.sql", &script("nurse", &nurses), [5, 5, 5]);
    check("data.sql", &script("colour", &nurses[..1]), [0, 0, 0]);
    let students = [
        "'S1', 'F', 'Park View', 'Mary', 'Gonzalez', '2001-03-11'",
        "'S2', 'M', 'River Side', 'Peter', 'Schmidt', '2002-07-02'",
        "'S3', 'F', 'Park View', 'Linda', 'Kowalski', '2001-11-23'",
        "'S4', 'M', 'Hill Top', 'Robert', 'Rossi', '2002-01-30'",
        "'S5', 'F', 'Old Mill', 'Susan', 'Johnson', '2001-09-09'",
    ];
    let content = script("student", &students);
    check("data.sql", &content, [5, 5, 5]);
    let found = kinds("data.sql", &content);
    for kind in ["birth-date", "gender", "person-name"] {
        assert!(found.iter().any(|found| found == kind), "{kind}: {found:?}");
    }
    let pupils = "id,name,score\n1,Alex,90\n2,Alice,71\n3,Jack,75\n4,Ophelia,60\n5,Zack,88\n";
    check("students.csv", pupils, [5, 5, 5]);
    check("colours.csv", pupils, [0, 0, 0]);
}

#[test]
fn categories_are_no_surnames() {
    let eyes: String = (0..24)
        .map(|n| {
            format!(
                "{n},{},{}\n",
                ["Brown", "Green", "Gray"][n % 3],
                ["male", "female"][n % 2]
            )
        })
        .collect();
    let eyes = format!("no,eye,sex\n{eyes}");
    assert_eq!(kinds("eyes.csv", &eyes), ["gender"]);
    let shares: String = (0..9)
        .map(|n| format!("x{n},0.31234567{n},0.45123456{n}\n"))
        .collect();
    let shares = format!("item,phone,delay\n{shares}");
    check("shares.csv", &shares, [0, 0, 0]);
    let stock: String = (0..30)
        .map(|n| format!("5340-01-2{n:02}-5678,{n}\n"))
        .collect();
    check("stock.csv", &format!("nsn,quantity\n{stock}"), [0, 0, 0]);
    let agents = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/125.0.6422.11VERSION Mobile Safari/537.36";
    let agents: String = (1..9)
        .map(|n| format!("{n},\"{}\"\n", agents.replace("VERSION", &n.to_string())))
        .collect();
    check("hits.csv", &format!("id,agent\n{agents}"), [0, 0, 0]);
}

#[test]
fn words_of_addresses_and_ages_that_are_something_else() {
    let plots: String = (0..12)
        .map(|n| format!("{},{},{}\n", n % 4 + 1, n % 3 + 1, 600 + n * 37))
        .collect();
    assert!(kinds("plots.csv", &format!("block,generation,cap\n{plots}")).is_empty());
    let accounts = "nombre,apellido,correo,estado\nMaria,Lopez,maria@example.com,ACTIVO\nCarlos,Sanchez,carlos@example.com,INACTIVO\nAna,Torres,ana@example.com,ACTIVO\n";
    assert_eq!(kinds("cuentas.csv", accounts), ["email", "person-name"]);
}

#[test]
fn airports_films_and_towns_are_nobody() {
    let rows = |name: &str, values: [&str; 4]| {
        let fill = |n: usize| match n % 12 {
            0 => values[n / 12 % 4].to_owned(),
            _ => format!("{} {}", ["Blue", "Northern", "Old", "Silent"][n % 4], n),
        };
        let rows: String = (0..48).map(|n| format!("{n},{}\n", fill(n))).collect();
        format!("id,{name}\n{rows}")
    };
    let airports = [
        "John Wilson Memorial Field",
        "Peter Miller Regional Airport",
        "Fazenda Santa Maria",
        "Robert Davis",
    ];
    check("airports.csv", &rows("name", airports), [0, 0, 0]);
    check("films.csv", &rows("title", airports), [0, 0, 0]);
    check("places.csv", &rows("city", airports), [0, 0, 0]);
}

#[test]
fn branches_and_departments_are_no_people() {
    let branches = [
        "10, 'City', '0312345678'",
        "20, 'West', '0398967453'",
        "30, 'North', '0398967411'",
    ];
    check("data.sql", &script("branch", &branches), [0, 0, 0]);
    let departments = "department_code,department_name,phone,established\nD1,経営企画本部,03-1234-5678,2020-04-01\nD2,開発部,03-1234-5679,2020-04-01\n";
    check("departments.csv", departments, [0, 0, 0]);
    let suppliers =
        "id,name,phone,city\n1,Global Foods,03-1234-5678,Osaka\n2,Orient Trade,03-1234-5679,Kobe\n";
    check("suppliers.csv", suppliers, [0, 0, 0]);
    // Who stands there by name is somebody.
    let contacts = "id,company,contact_name,phone\n1,Global Foods,Peter Miller,03-1234-5678\n2,Orient Trade,Susan Clark,03-1234-5679\n";
    check("suppliers.csv", contacts, [2, 2, 2]);
}

#[test]
fn names_under_login_and_phones_in_no_plan() {
    let users = "ユーザーID,ユーザー名\nm1@example.com,矢部 香\nm2@example.com,水谷 悠斗\nm3@example.com,三浦 麻衣\n";
    assert_eq!(kinds("users.csv", users), ["email", "person-name"]);
    let clients = "name,email,phone\nMary Johnson,mary@example.com,+1234567890\nPeter Miller,peter@example.com,+1234567891\n";
    assert_eq!(
        kinds("clients.csv", clients),
        ["email", "person-name", "phone"]
    );
}

#[test]
fn names_of_people_outweigh_what_a_file_is_called() {
    let names = [
        "Mary Johnson",
        "Peter Miller",
        "Susan Clark",
        "Robert Davis",
        "Linda Turner",
    ];
    let others = [
        "James Scott",
        "Patricia Allen",
        "Thomas Walker",
        "Barbara Lewis",
        "David Green",
    ];
    let nested = |step: &str| {
        let row = |(name, other)| {
            format!(
                "{{\"name\":\"{name}\",\"class\":\"3B\",\"{step}\":{{\"name\":\"{other}\"}}}}\n"
            )
        };
        names.iter().zip(others).map(row).collect::<String>()
    };
    for (file, step) in [
        ("school.jsonl", "guardian"),
        ("department.jsonl", "manager"),
        ("office.jsonl", "boss"),
    ] {
        check(file, &nested(step), [10, 10, 10]);
    }
    let rows = |header: &str, names: [&str; 5], phone: &str| {
        let row = |(nth, name): (usize, &&str)| format!("{name},{phone}{nth}\n");
        let rows: String = names.iter().enumerate().map(row).collect();
        format!("{header}\n{rows}")
    };
    let given = ["Mary", "Peter", "Susan", "Robert", "Linda"];
    let family = ["佐藤", "鈴木", "高橋", "田中", "伊藤"];
    let files = [
        ("school.csv", rows("name,phone", given, "+1 303 555 010")),
        ("agency.csv", rows("Name,Mobile", given, "+1 303 555 010")),
        ("施設.csv", rows("名前,携帯", family, "090-1000-000")),
        ("営業部門.csv", rows("社員,携帯", family, "090-1000-000")),
    ];
    for (file, content) in files {
        check(file, &content, [5, 5, 5]);
        assert_eq!(kinds(file, &content), ["person-name", "phone"], "{file}");
    }
}

#[test]
fn lists_of_contacts_stand_upright_and_forms_on_their_side() {
    let roles = "父,佐藤 太郎,090-1111-2222\n母,佐藤 花子,090-1111-2223\n本人,佐藤 一郎,090-1111-2224\n配偶者,田中 次郎,090-1111-2225\n";
    check("roles.csv", roles, [4, 4, 4]);
    assert_eq!(kinds("roles.csv", roles), ["person-name", "phone"]);
    let names = "Name,Mary Johnson,John Robinson,Susan Clark\nPhone,+1 303 555 0123,+1 303 555 0124,+1 303 555 0125\nEmail,u0@example.com,u1@example.com,u2@example.com\nAddress,12 Oak Street,9 Elm Street,7 Main Street\n";
    check("people.csv", names, [3, 3, 3]);
    let form =
        "氏名,佐藤 太郎\n住所,東京都港区芝1-1-1\n電話番号,090-1000-0000\nメール,u0@example.com\n";
    check("form.csv", form, [1, 1, 1]);
    let lead = "1,氏名,佐藤 太郎,鈴木 直樹\n2,住所,東京都港区芝1-1-1,大阪府大阪市北区梅田2-2-2\n3,電話番号,090-1000-0000,090-1037-7919\n";
    check("lead.csv", lead, [2, 2, 2]);
}

#[test]
fn several_people_under_one_name_of_a_column() {
    let rows = "0,佐藤 太郎,2012-01-10,佐藤 陽子,090-1000-0000,山崎 直樹,090-3100-5700\n1,鈴木 直樹,2012-02-11,鈴木 誠,090-1037-7919,森 拓也,090-3137-3619\n2,高橋 拓也,2012-03-12,高橋 裕子,090-1074-5838,池田 明美,090-3174-1538\n";
    let names = "No,氏名,生年月日,氏名,電話,氏名,電話\n";
    check("thrice.csv", &format!("{names}{rows}"), [9, 9, 9]);
    let groups = ",生徒,,保護者,,緊急連絡先,\n";
    check("two.csv", &format!("{groups}{names}{rows}"), [9, 9, 9]);
    let each = ",生徒,生徒,保護者,保護者,緊急連絡先,緊急連絡先\n";
    check("each.csv", &format!("{each}{names}{rows}"), [9, 9, 9]);
    let cells = "氏名,メール\n\"佐藤 太郎\nヤマダ トモコ\",u0@example.com\n\"鈴木 直樹\n(妻 鈴木 久美子)\",u1@example.com\n\"高橋 拓也\nタカハシ タクヤ\",u2@example.com\n";
    check("cells.csv", cells, [5, 5, 5]);
    let shifts =
        "日付,早番,夜勤\n2024-05-01,佐藤,田中\n2024-05-02,鈴木,伊藤\n2024-05-03,高橋,渡辺\n";
    assert_eq!(kinds("shift.csv", shifts), ["person-name"]);
}
