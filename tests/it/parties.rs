//! Companies among people, families behind one mailbox, and lists of names in one cell: whom such rows speak of.

use crate::cli::check_people as check;

/// Surnames of the people in these lists.
pub(crate) const FAMILIES: [&str; 20] = [
    "Garrison",
    "Holloway",
    "Whitaker",
    "Pemberton",
    "Lockwood",
    "Ashworth",
    "Kendrick",
    "Marlowe",
    "Thornton",
    "Winslow",
    "Henderson",
    "Sullivan",
    "Bennett",
    "Crawford",
    "Fletcher",
    "Gallagher",
    "Harrington",
    "Jennings",
    "Lancaster",
    "Montgomery",
];
/// Given names of theirs.
pub(crate) const GIVEN: [&str; 20] = [
    "Susan", "Peter", "Laura", "George", "Nancy", "Victor", "Helen", "Walter", "Diana", "Philip",
    "Karen", "Oscar", "Martha", "Leonard", "Irene", "Trevor", "Beatrice", "Howard", "Yvonne",
    "Edgar",
];

/// A list in which nobody stands twice teaches nothing of how records of one person differ: colleagues of one surname with like mailboxes, and
/// namesakes, are no one person.
#[test]
fn staff_with_mailboxes_made_of_their_names() {
    let people = || {
        FAMILIES
            .iter()
            .flat_map(|family| GIVEN.map(|given| (family, given)))
    };
    let mailbox = |family: &str, given: &str, n: usize| {
        let (initial, family) = (given[..1].to_lowercase(), family.to_lowercase());
        format!("{initial}{family}{n}@corp.example.com")
    };
    let staff = (0..)
        .zip(people())
        .map(|(n, (family, given))| format!("{given} {family},{}\n", mailbox(family, given, n)));
    let table = format!("name,email\n{}", staff.collect::<String>());
    check("staff.csv", &table, [400, 400, 400]);
    let full = (0..).zip(people()).map(|(n, (family, given))| {
        let mail = mailbox(family, given, n);
        let birth = format!(
            "{}-{:02}-{:02}",
            1950 + n * 7 % 55,
            1 + n % 12,
            1 + n * 5 % 28
        );
        format!(
            "{},{given},{family},{birth},{mail},+1 415-555-{:04}\n",
            7000 + n,
            1000 + n
        )
    });
    let header = "employee_id,first_name,last_name,dob,email,phone\n";
    let table = format!("{header}{}", full.collect::<String>());
    check("staff_full.csv", &table, [400, 400, 400]);
}

/// Surnames made of two halves: a hundred of them.
fn surnames() -> impl Iterator<Item = String> {
    const FRONT: [&str; 10] = [
        "Gar", "Hol", "Whit", "Pem", "Lock", "Ash", "Ken", "Mar", "Thorn", "Win",
    ];
    const BACK: [&str; 10] = [
        "rison", "loway", "aker", "berton", "wood", "worth", "drick", "lowe", "ton", "slow",
    ];
    FRONT
        .iter()
        .flat_map(|front| BACK.map(|back| format!("{front}{back}")))
}

fn phone(n: usize) -> String {
    format!(
        "+1 415-{:03}-{:04}",
        200 + n * 37 % 700,
        1000 + n * 7919 % 9000
    )
}

/// Given names of two words are shared by many: with another surname and another phone they are somebody else's.
#[test]
fn given_names_of_two_words() {
    const GIVEN: [&str; 14] = [
        "Maria Luisa",
        "Maria Alice",
        "Maria Clara",
        "Ana Clara",
        "Ana Luisa",
        "Davi Luca",
        "Peter",
        "Laura",
        "Victor",
        "Helen",
        "Walter",
        "Diana",
        "Oscar",
        "Irene",
    ];
    let names = surnames().flat_map(|family| GIVEN.map(|given| format!("{given} {family}")));
    let rows = (1usize..)
        .zip(names)
        .filter(|(n, _)| !((n * 7919) >> 3).is_multiple_of(3))
        .map(|(n, name)| format!("{name},{}\n", phone(n)));
    let table = format!("name,phone\n{}", rows.collect::<String>());
    check("customers.csv", &table, [936, 936, 936]);
}

/// Namesakes have like mailboxes, as these are made of their names: where all else differs they are two.
#[test]
fn namesakes_with_mailboxes_made_of_their_names() {
    const GIVEN: [&str; 8] = [
        "Peter", "Laura", "Victor", "Helen", "Walter", "Diana", "Oscar", "Irene",
    ];
    const HOSTS: [&str; 4] = [
        "example.com",
        "example.net",
        "example.org",
        "mail.example.com",
    ];
    let people = || surnames().flat_map(|family| GIVEN.map(|given| (given, family.clone())));
    let all = (0..4).flat_map(|turn| people().map(move |person| (turn, person)));
    let rows = (1..)
        .zip(all)
        .filter(|(n, (turn, _))| *turn == 0 || n % 40 == 0);
    let rows = rows.map(|(n, (turn, (given, family)))| {
        let mail = format!("{given}.{family}@{}", HOSTS[(n + turn) % 4]).to_lowercase();
        let [year, month, day] = [1945 + n * 7 % 58, 1 + n * 5 % 12, 1 + n * 11 % 28];
        let phone = phone(n);
        let street = ["Oak", "Elm", "Lake", "Hill", "Mill", "Park", "Pine"][n % 7];
        let birth = format!("{year}-{month:02}-{day:02}");
        format!("{given},{family},{mail},{birth},{phone},{n} {street} Street\n")
    });
    let header = "first_name,last_name,email,dob,phone,address\n";
    let table = format!("{header}{}", rows.collect::<String>());
    check("members.csv", &table, [859, 860, 860]);
}

/// A mailbox, a phone and an address that all of a family share do not make them one person, however many such families there are.
#[test]
fn families_behind_one_mailbox() {
    let rows = (0..240usize).map(|n| {
        let (family, member) = (n / 3, n % 3);
        let name = (
            FAMILIES[family % 10],
            GIVEN[family / 10 % 3 * 3 % 9 + (member + family) % 3],
        );
        let birth = format!(
            "{}-{:02}-{:02}",
            1950 + n * 7 % 60,
            1 + n % 12,
            1 + n * 5 % 28
        );
        format!(
            "{n},{},{},{birth},{} Oak Street,+1 415-555-{:04},family{family}@example.com\n",
            name.0,
            name.1,
            family + 10,
            family + 100,
        )
    });
    let header = "member_id,last_name,first_name,dob,address,phone,email\n";
    let table = format!("{header}{}", rows.collect::<String>());
    check("families.csv", &table, [240, 240, 240]);
}

/// 名称 holds those whom one deals with: a company's row is about nobody but the person whom it names.
#[test]
fn companies_and_people_in_one_column() {
    let people = ["佐藤 太郎", "鈴木 花子", "高橋 健一", "田中 美咲"];
    let companies = [
        "株式会社青空商事",
        "㈲北斗電機",
        "山吹建設株式会社",
        "若葉薬局",
    ];
    let rows = (0..8).map(|n| {
        let (name, contact) = match n % 2 {
            0 => (people[n / 2], ""),
            _ => (companies[n / 2], ["小林 直樹", "加藤 由美", "", ""][n / 2]),
        };
        format!("{n:04},{name},{contact},東京都世田谷区桜丘1-2-{n},03-3210-000{n}\n")
    });
    let rows: String = rows.collect();
    for header in [
        "コード,名称,担当者,住所,電話",
        "コード,取引先名,担当者,住所,電話",
    ] {
        check("parties.csv", &format!("{header}\n{rows}"), [6, 6, 6]);
    }
}

/// Parties of contracts, courts and registers: whatever share of them are people, those are counted, and no company is.
#[test]
fn parties_are_told_apart_one_by_one() {
    let companies = [
        "Bluewater Holdings Inc",
        "Evergreen Properties LLC",
        "Oakmont Partners LP",
        "Lakeshore Realty Trust",
        "Redstone Ventures LLC",
    ];
    let of_japan = ["株式会社青空商事", "山吹建設株式会社", "有限会社若葉運輸"];
    for (header, n_people) in [
        ("grantor", 6),
        ("Defendant Name", 12),
        ("payee", 24),
        ("shareholder", 34),
        ("Recipient Name", 12),
        ("name", 12),
        ("債務者", 6),
        ("契約者名", 24),
    ] {
        let japanese = !header.is_ascii();
        let rows = (0..40).map(|n| {
            let person = n * 7 % 40 < n_people;
            let name = match (person, japanese) {
                (true, false) => format!("{} {}", GIVEN[n % 20], FAMILIES[(n * 3 + n / 20) % 20]),
                (true, true) => format!(
                    "{} {}",
                    ["佐藤", "鈴木", "高橋", "田中"][n % 4],
                    ["太郎", "花子", "健一", "美咲", "直樹"][n % 5]
                ),
                (false, false) => companies[n % 5].to_owned(),
                (false, true) => of_japan[n % 3].to_owned(),
            };
            let street = match japanese {
                true => format!("東京都世田谷区桜丘1-2-{n}"),
                false => format!("{} Oak Street", 100 + n),
            };
            format!("{n},{name},{street}\n")
        });
        let rows: String = rows.collect();
        check(
            "register.csv",
            &format!("id,{header},address\n{rows}"),
            [n_people as u64; 3],
        );
    }
}

/// A name that no list has, among as many companies as people, could be either's: it counts as somebody in the upper bound alone.
#[test]
fn parties_that_no_list_knows() {
    let rows = (0..40).map(|n| {
        let name = match n % 10 {
            0..=5 => format!("{} {}", GIVEN[n % 20], FAMILIES[(n * 3 + n / 20) % 20]),
            6..=8 => format!("Bluewater {} LLC", FAMILIES[n % 20]),
            _ => format!(
                "Quorvix {}",
                ["Zentara", "Mulbrek", "Oxidane", "Trevola"][n / 10]
            ),
        };
        format!(
            "{n},{name},{} Oak Street,555-010-{:04}\n",
            100 + n,
            2000 + n
        )
    });
    let rows: String = rows.collect();
    check(
        "register.csv",
        &format!("id,lessee,address,phone\n{rows}"),
        [24, 24, 28],
    );
}

/// Family names alone, and masked ones, are people's among companies, too.
#[test]
fn parcels_to_family_names_and_to_companies() {
    let names = [
        "佐藤",
        "鈴木 花子",
        "高橋 健一",
        "株式会社青空商事",
        "田中 ***",
    ];
    let rows = (0..20).map(|n| {
        let name = names[n % 5];
        format!(
            "{n},{name},東京都世田谷区桜丘1-2-{n},03-3210-{:04}\n",
            1000 + n
        )
    });
    let rows: String = rows.collect();
    check(
        "parcels.csv",
        &format!("No,お届け先氏名,お届け先住所,お届け先電話\n{rows}"),
        [16, 16, 16],
    );
}

/// 宛名 of letters: who stands behind his company is somebody, and 御中 nobody.
#[test]
fn people_behind_their_companies() {
    let letters = "宛名,住所,TEL\n\
        株式会社青空商事　営業部　山田太郎 様,東京都世田谷区桜丘1-2-3,03-3210-0001\n\
        （株）北斗電機 総務課 佐藤 健一 様,東京都世田谷区桜丘1-2-4,03-3210-0002\n\
        若葉薬局 御中,東京都世田谷区桜丘1-2-5,03-3210-0003\n\
        鈴木 花子 様,東京都世田谷区桜丘1-2-6,03-3210-0004\n";
    check("letters.csv", letters, [3, 3, 3]);
}

/// Surnames of three characters and given names of one, written without a blank, are alike by chance.
#[test]
fn long_surnames_without_a_blank() {
    let given = ["淳", "実", "勝", "学", "隆", "蓮", "翼", "剛"];
    let names = ["長谷川", "久保田", "喜屋武"];
    let rows = names
        .iter()
        .flat_map(|name| given.iter().map(move |given| format!("{name}{given}")));
    let rows = rows
        .enumerate()
        .map(|(n, name)| format!("{name},090-1234-{:04}\n", n * 379 + 1000));
    check(
        "names.csv",
        &format!("氏名,携帯\n{}", rows.collect::<String>()),
        [24, 24, 24],
    );
}

/// A second mailbox that couples share, or a log of changed ones, is of the same people.
#[test]
fn second_mailboxes_of_the_same_people() {
    let names = [
        "佐藤 太郎",
        "鈴木 花子",
        "高橋 健一",
        "田中 美咲",
        "小林 直樹",
        "加藤 由美",
    ];
    let rows = |row: &dyn Fn(usize) -> String| (0..12).map(row).collect::<String>();
    let couples = rows(&|n| {
        let name = names[n % 6].replace(' ', if n < 6 { " " } else { " 長" });
        format!("{name},u{n}@example.com,home{}@example.org\n", n / 2)
    });
    check(
        "couples.csv",
        &format!("氏名,メールアドレス,携帯メール\n{couples}"),
        [12, 12, 12],
    );
    let changes = rows(&|n| {
        let (user, step) = (n / 3, n % 3);
        format!(
            "{user},u{user}-{step}@example.com,u{user}-{}@example.com\n",
            step + 1
        )
    });
    check(
        "changes.csv",
        &format!("user_id,old_email,new_email\n{changes}"),
        [4, 4, 4],
    );
}

/// Sums and withdrawn accounts are nobody.
#[test]
fn sums_and_withdrawn_accounts() {
    let list = "氏名,電話番号,メール\n佐藤 太郎,090-1234-5601,t@example.com\n鈴木 花子,090-1234-5602,h@example.com\n小計,2名,\n高橋 健一,090-1234-5603,k@example.com\n\
        総計,3名,\n退会済みユーザー,,\n";
    check("list.csv", list, [3, 3, 3]);
    let users = "id,name,email\n1,Mary Johnson,mary@example.com\n2,Deleted User,\n3,Robert Davis,robert@example.com\n4,Deleted User,\n";
    check("users.csv", users, [2, 2, 2]);
}

/// DynamoDB's exports hold records, and no goods, under `Item`.
#[test]
fn records_one_step_below() {
    let items = r#"{"Item": {"id": {"S": "0"}, "name": {"S": "Mary Johnson"}, "status": {"S": "active"}}}
{"Item": {"id": {"S": "1"}, "name": {"S": "Robert Davis"}, "status": {"S": "active"}}}
{"Item": {"id": {"S": "2"}, "name": {"S": "Susan Miller"}, "status": {"S": "active"}}}
"#;
    check("items.jsonl", items, [3, 3, 3]);
}

/// Tables of names and values: the words of a form are nobody, and the rows of one entry are of one person.
#[test]
fn entries_of_forms() {
    let people = [
        "佐藤 太郎",
        "鈴木 花子",
        "高橋 健一",
        "田中 美咲",
        "小林 直樹",
        "加藤 由美",
    ];
    let kana = [
        "サトウ タロウ",
        "スズキ ハナコ",
        "タカハシ ケンイチ",
        "タナカ ミサキ",
        "コバヤシ ナオキ",
        "カトウ ユミ",
    ];
    let rows = (0..6).map(|n| {
        let (id, name, kana) = (n + 1, people[n], kana[n]);
        format!("{id},お名前,{name}\n{id},フリガナ,{kana}\n{id},電話番号,090-1234-560{n}\n{id},メールアドレス,u{n}@example.com\n\
            {id},ご住所,東京都世田谷区桜丘1-2-{n}\n{id},会社名,青空商事\n{id},お問い合わせ内容,資料をください\n")
    });
    let rows: String = rows.collect();
    for header in [
        "entry_id,field_name,field_value",
        "id,key,value",
        "id,項目,値",
    ] {
        check("entries.csv", &format!("{header}\n{rows}"), [6, 6, 6]);
    }
}

/// Mails of forms, whose labels and values stand in a table of two columns.
#[test]
fn mails_of_forms() {
    let people = ["小林 直樹", "田中 健一", "青木 智子"];
    let mails = people.iter().enumerate().map(|(n, name)| {
        format!(
            "From - Wed May  1 10:00:00 2024\nFrom: noreply@shop.example.com\nTo: info@shop.example.com\nSubject: Booking\n\
            Content-Type: text/html; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n\n<html><body><table><tr><td>お名前</td><td>{name}</td></tr>\
            <tr><td>電話番号</td><td>090-6233-984{n}</td></tr><tr><td>メールアドレス</td><td>u{n}@example.net</td></tr></table></body></html>\n\n"
        )
    });
    check("forms.mbox", &mails.collect::<String>(), [3, 3, 3]);
}

/// What a ticket tells of its customer, of whom it has the number, is not the clerk's.
#[test]
fn tickets_with_phones_in_their_text() {
    let people = [
        "Mary Johnson",
        "Robert Davis",
        "Susan Miller",
        "John Smith",
        "Linda Brown",
        "Peter Webb",
    ];
    let mut customers = "customer_id,name,email\n".to_owned();
    let mut tickets = "ticket_id,customer_id,body,assigned_to\n".to_owned();
    for (n, name) in people.iter().enumerate() {
        let clerk = ["Nancy Holloway", "Victor Marlowe"][n % 2];
        customers += &format!("{n}1,{name},u{n}@example.com\n");
        tickets += &format!("{n},{n}1,Please call me back at 303-555-010{n},{clerk}\n");
    }
    let files = [
        ("customers.csv", customers.as_bytes()),
        ("tickets.csv", tickets.as_bytes()),
    ];
    let folder = crate::cli::Folder::with(&files);
    let report = crate::run::report(&folder.path(""), &["customers.csv", "tickets.csv"]);
    let persons = &report["subjects"]["persons"];
    assert_eq!(
        [&persons["min"], &persons["best"], &persons["max"]],
        [8, 8, 8]
    );
}

/// A column of full names that is called so tells by itself that the rows are of people: what stands beside it is theirs.
#[test]
fn names_and_one_thing_beside_them() {
    let people = [
        "佐藤 太郎",
        "鈴木 花子",
        "高橋 健一",
        "田中 美咲",
        "小林 直樹",
        "加藤 由美",
    ];
    let kinds = |header: &str, values: [&str; 3]| {
        let rows = people.iter().enumerate();
        let rows = rows.map(|(n, name)| format!("{name},{}\n", values[n % 3]));
        crate::cli::kinds(
            "list.csv",
            &format!("{header}\n{}", rows.collect::<String>()),
        )
    };
    for (header, values, kind) in [
        ("氏名,血液型", ["A", "O", "AB"], "blood-type"),
        ("氏名,国籍", ["日本", "韓国", "ブラジル"], "nationality"),
        ("氏名,身長", ["170.5", "158.2", "181.0"], "body"),
        ("お名前,婚姻", ["既婚", "未婚", "離婚"], "marital-status"),
    ] {
        let found = kinds(header, values);
        assert!(
            found.iter().any(|found| found == kind),
            "{header}: {found:?}"
        );
    }
}

/// A new surname under the number of a member, whose given name is the same.
#[test]
fn a_new_surname_under_a_members_number() {
    let people = ["佐藤 美咲", "鈴木 花子", "高橋 由美", "田中 智子"];
    let list = |surname: &dyn Fn(usize, &str) -> String| {
        let rows = people.iter().enumerate();
        let rows = rows.map(|(n, name)| {
            let (family, given) = name.split_once(' ').expect("two halves");
            format!("K00{n},{} {given},090-1234-560{n}\n", surname(n, family))
        });
        format!("会員番号,氏名,電話番号\n{}", rows.collect::<String>())
    };
    let before = list(&|_, family| family.to_owned());
    let after = list(&|n, family| match n {
        0 | 2 => "小林".to_owned(),
        _ => family.to_owned(),
    });
    let files = [
        ("2022.csv", before.as_bytes()),
        ("2023.csv", after.as_bytes()),
    ];
    let folder = crate::cli::Folder::with(&files);
    let report = crate::run::report(&folder.path(""), &["2022.csv", "2023.csv"]);
    let persons = &report["subjects"]["persons"];
    assert_eq!(
        [&persons["min"], &persons["best"], &persons["max"]],
        [4, 4, 6]
    );
}

/// Lists of mailboxes or of names are of as many people as they have elements.
#[test]
fn lists_of_plain_values() {
    let courses = (0..6).map(|n| {
        format!("{{\"course\": \"c{n}\", \"attendees\": [\"a{n}@example.com\", \"b{n}@example.com\", \"c{n}@example.com\"]}}\n")
    });
    check("courses.jsonl", &courses.collect::<String>(), [18, 18, 18]);
    let meetings = "{\"会議\": \"定例\", \"参加者\": [\"佐藤 太郎\", \"鈴木 花子\", \"高橋 健一\"]}\n{\"会議\": \"臨時\", \"参加者\": [\"田中 美咲\", \"小林 直樹\"]}\n";
    check("meetings.jsonl", meetings, [5, 5, 5]);
}

/// Who introduces himself in a mail, or signs it, is the sender, in whatever letters; whom it names besides is not.
#[test]
fn authors_of_mails_are_their_senders() {
    let mail = |from: &str, body: &str| {
        format!(
            "From: {from}\nTo: hr@example.co.jp\nSubject: x\nDate: Mon, 2 Mar 2026 10:00:00 +0900\n\
             Content-Type: text/plain; charset=utf-8\n\n{body}"
        )
    };
    for (from, body, people) in [
        (
            "Taro Tanaka <taro@example.com>",
            "お世話になっております。営業部の田中太郎です。\n",
            [1; 3],
        ),
        (
            "taro@example.com",
            "お世話になっております。株式会社青空の田中太郎と申します。\n",
            [1; 3],
        ),
        (
            "田中 <t.tanaka@example.com>",
            "佐藤 花子 様\n\n見積を送ります。\n\n--\n田中 太郎\nTEL 03-1234-5678\n",
            [2; 3],
        ),
        (
            "mary@example.com",
            "Hello,\n\nmy name is Mary Johnson.\n\nMary Johnson\n12 Oak Street\nDenver, CO 80202\n",
            [1; 3],
        ),
        (
            "Mary Johnson <mary@example.com>",
            "Dear Mr. Peter Brown,\n\nsee you.\n\nKind regards\nM. Johnson\n",
            [2; 3],
        ),
        (
            "taro@example.com",
            "お世話になります。担当は佐藤花子です。\n",
            [2; 3],
        ),
        (
            "mary@example.com",
            "FYI\n\n---------- Forwarded message ---------\nFrom: Peter Brown <peter@example.org>\n\nSee you.\n\nPeter Brown\n",
            [2, 2, 3],
        ),
    ] {
        check("mail.eml", &mail(from, body), people);
    }
}

#[test]
fn a_company_s_contact_is_reached_whoever_looks_after_them() {
    let contacts = [
        "矢部 香",
        "水谷 悠斗",
        "三浦 麻衣",
        "千田 留美",
        "柏木 征四郎",
        "高木 裕子",
    ];
    for column in ["自社担当者", "作成者", "弊社担当"] {
        let rows = contacts.iter().enumerate().map(|(n, name)| {
            let staff = ["宮本 武", "東 直子"][n % 2];
            format!("株式会社青空{n},{name},{n}@a.example,{staff}\n")
        });
        let table = format!(
            "会社名,担当者名,メールアドレス,{column}\n{}",
            rows.collect::<String>()
        );
        check("contacts.csv", &table, [8, 8, 8]);
    }
}

#[test]
fn a_name_with_a_mailbox_behind_it_is_somebody() {
    let contacts = [
        "Tamsin,Okafor",
        "Gideon,Marsh",
        "Rosalind,Hart",
        "Peter,Snyder",
    ];
    for mailbox in ["(kevin@b.example)", "<kevin@b.example>"] {
        let rows = contacts.iter().enumerate();
        let rows = rows.map(|(n, name)| format!("{name},u{n}@a.example,Kevin Webb {mailbox}\n"));
        let table = format!(
            "First Name,Last Name,Email,Sales Rep\n{}",
            rows.collect::<String>()
        );
        check("owners.csv", &table, [5, 5, 5]);
    }
}

/// One system keeps an address in one field, another street, town and postal code each in its own.
#[test]
fn addresses_in_one_field_and_in_three() {
    let given = [
        "Mary", "James", "Linda", "Robert", "Susan", "David", "Karen", "Paul",
    ];
    let family = ["Johnson", "Miller", "Davis", "Wilson", "Moore", "Taylor"];
    let (mut one, mut three) = (String::from("name,address\n"), String::new());
    three.push_str("first_name,last_name,street,city,state,zip\n");
    for (number, (given, family)) in given
        .iter()
        .flat_map(|g| family.map(|f| (g, f)))
        .enumerate()
    {
        let street = format!(
            "{} {} Street",
            11 + number * 7,
            ["Oak", "Mill", "Lake", "Hill"][number % 4]
        );
        let zip = 62701 + number * 3;
        one.push_str(&format!(
            "{given} {family},\"{street}, Springfield, IL {zip}\"\n"
        ));
        three.push_str(&format!("{given},{family},{street},Springfield,IL,{zip}\n"));
    }
    let files: [(&str, &[u8]); 2] = [("one.csv", one.as_bytes()), ("three.csv", three.as_bytes())];
    let folder = crate::cli::Folder::with(&files);
    let report = crate::run::report(&folder.path(""), &["one.csv", "three.csv"]);
    assert_eq!(report["subjects"]["persons"]["best"], 48);
    assert_eq!(report["subjects"]["persons"]["min"], 48);
}
