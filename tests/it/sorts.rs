//! Files whose records are of several sorts: each sort is a table, and what several of them say of one person is one person.

use crate::cli::check_people;

const FAMILIES: [&str; 6] = ["佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺"];
const GIVEN: [&str; 6] = ["太郎", "花子", "一郎", "美咲", "健太", "陽子"];

/// A file of a line or some for each of six.
fn of_six(one: impl Fn(usize) -> String) -> String {
    (0..6).map(one).collect()
}

fn name(n: usize, blank: &str) -> String {
    format!("{}{blank}{}", FAMILIES[n], GIVEN[n])
}

#[test]
fn profiles_join_their_users_and_goods_are_nobody() {
    let users = of_six(|n| {
        format!(
            r#"{{"model":"auth.user","pk":{},"fields":{{"first_name":"{}","last_name":"{}","email":"u{n}@example.com"}}}},"#,
            n + 1,
            GIVEN[n],
            FAMILIES[n]
        )
    });
    let profiles = of_six(|n| {
        format!(
            r#"{{"model":"accounts.profile","pk":{},"fields":{{"user":{},"phone":"090-0000-000{n}","birth_date":"198{n}-02-03"}}}},"#,
            n + 40,
            n + 1
        )
    });
    let goods = [
        "Green Tea",
        "Royal Milk",
        "Black Cat",
        "Golden Apple",
        "Rose Garden",
    ];
    let goods: Vec<String> = goods
        .iter()
        .map(|name| format!(r#"{{"model":"shop.product","pk":1,"fields":{{"name":"{name}"}}}}"#))
        .collect();
    let text = format!("[{users}{profiles}{}]", goods.join(","));
    check_people("fixture.json", &text, [6, 6, 6]);
}

#[test]
fn claims_and_prescriptions_are_of_their_patients() {
    let claim = |n: usize| {
        format!(
            "RE,{n},1112,50604,{},{},35{n}0101,,,,,,,1{n}\r\nHO,06139992,1{n},30{n},1,100\r\nSY,8830417,5060401,1,,,01\r\nSI,11,1,111000110,,282,1\r\n",
            name(n, "　"),
            n % 2 + 1
        )
    };
    let claims = of_six(|n| claim(n) + &claim(n));
    let text =
        format!("IR,1,13,1,1234567,,青空医院,50604,00,03-0000-0000\r\n{claims}GO,12,99,99\r\n");
    check_people("RECEIPTC.UKE", &text, [6, 6, 6]);
    let notebook = of_six(|n| {
        format!(
            "JAHISTC08,1\r\n1,{},1,S3{n}0303,100000{n},東京都千代田区丸の内{n}-1,03-0000-000{n},,,,\r\n5,R020410,1\r\n201,1,テスト錠5mg,6,C,2,620004992\r\n",
            name(n, " ")
        )
    });
    check_people("okusuri.csv", &notebook, [6, 6, 6]);
}

#[test]
fn accounts_of_programs_are_nobody() {
    let people = of_six(|n| {
        let name = [
            "Mary Smith",
            "John Brown",
            "Linda Jones",
            "James Miller",
            "Susan Davis",
            "Peter Wilson",
        ][n];
        format!("u{n}:x:{0}:{0}:{name},,,:/home/u{n}:/bin/bash\n", 1_000 + n)
    });
    let text = format!(
        "root:x:0:0:root:/root:/bin/bash\nbackup:x:34:34:Mark Backup:/var/backups:/usr/sbin/nologin\n{people}nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n"
    );
    check_people("passwd", &text, [6, 6, 6]);
}

#[test]
fn lists_of_fields_are_nobody() {
    let text = "氏名,VARCHAR(40),NOT NULL\nフリガナ,VARCHAR(40),NOT NULL\n生年月日,DATE,\n住所,VARCHAR(200),\n電話番号,VARCHAR(15),\n";
    check_people("fields.csv", text, [0, 0, 0]);
}

#[test]
fn places_of_earthquakes_are_nobody() {
    let row = |n: usize| format!("{n},{n}km NE of Anza, CA\n");
    let rows: String = (2..40).map(row).collect();
    check_people("quakes.txt", &rows.replace(",", "\t"), [0, 0, 0]);
}

#[test]
fn what_answers_by_itself_is_nobody() {
    let text = "アカウント名,青空ショップ\nタイムゾーン,+09:00\n送信者タイプ,送信者名,送信日,送信時刻,内容\n\
        User,山田 花子,2024/01/02,10:00:00,こんにちは\nAccount,応答メッセージ,2024/01/02,10:00:01,ありがとうございます\n\
        User,佐藤 次郎,2024/01/02,10:06:00,よろしくお願いします\nUser,田中 一郎,2024/01/02,10:07:00,はい\n";
    check_people("chat.csv", text, [3, 3, 3]);
}
