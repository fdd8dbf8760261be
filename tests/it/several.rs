//! Records that speak of several people: lists inside a record, and columns of somebody beside the row's own person.

use crate::cli::check_people as check;

#[test]
fn every_element_of_a_list_is_somebody() {
    let passengers = r#"[
        {"booking": 1, "passengers": [{"name": "Tamsin Okafor", "email": "t@a.example"}, {"name": "Gideon Marsh", "email": "g@b.example"}]},
        {"booking": 2, "passengers": [{"name": "Rosalind Hart", "email": "r@c.example"}]}]"#;
    check("passengers.json", passengers, [3, 3, 3]);
    let family = r#"[{"id": 1, "parent": {"name": "Peter Webb", "phone": "+1 415-555-0182"},
        "children": [{"name": "Karl Webb", "dob": "2011-02-03"}, {"name": "Anna Webb", "dob": "2013-04-05"}]}]"#;
    check("family.json", family, [3, 3, 3]);
    let staff = r#"{"社員": [{"部署": "営業", "名簿": [{"氏名": "矢部 香", "電話": "090-1357-2468"}, {"氏名": "三浦 麻衣", "電話": "090-1357-2469"}]},
        {"部署": "総務", "名簿": [{"氏名": "千田 ルミ", "電話": "090-1357-2470"}, {"氏名": "柏木 征四郎", "電話": "090-1357-2471"}]}]}"#;
    check("staff.json", staff, [4, 4, 4]);
    let buyer = r#"[{"customer": {"name": "Jane Doyle", "email": "j@a.example"},
        "recipients": [{"name": "Paul Mason", "email": "p@b.example"}, {"name": "Niamh Webb", "email": "n@c.example"}]}]"#;
    check("buyer.json", buyer, [3, 3, 3]);
    let contacts = r#"[{"contacts": [{"name": "Jane Doyle", "emails": ["j@a.example", "jane@b.example"]},
        {"name": "Paul Mason", "emails": ["p@c.example"]}]}]"#;
    check("contacts.json", contacts, [2, 2, 2]);
    let guests = r#"[{"organizer": {"email": "o@a.example"}, "attendees": [{"email": "p@b.example"}, {"email": "q@c.example"}]},
        {"organizer": {"email": "o@a.example"}, "attendees": [{"email": "r@b.example"}, {"email": "s@c.example"}]}]"#;
    check("guests.json", guests, [5, 5, 5]);
    // Two mailboxes of one person are a list, too.
    let mailboxes = r#"[{"name": "Jane Doyle", "emails": [{"value": "j@a.example"}, {"value": "jane@b.example"}]},
        {"name": "Paul Mason", "emails": [{"value": "p@a.example"}]}]"#;
    check("mailboxes.json", mailboxes, [2, 2, 2]);
}

#[test]
fn a_second_column_of_names_is_somebody_else() {
    let companions =
        "予約者,同伴者,電話\n矢部 香,矢部 登,090-1357-2468\n水谷 悠斗,三浦 麻衣,090-1357-2469\n";
    check("companions.csv", companions, [4, 4, 4]);
    let names = ["Peter Snyder", "Karl Webb", "Mary Johnson"];
    let others = ["Monica Snyder", "Anna Webb", "Robert Davis"];
    let table = |column: &str, others: [&str; 3]| {
        let rows = names.iter().zip(others).enumerate();
        let rows = rows.map(|(n, (name, other))| format!("{name},u{n}@a.example,{other}\n"));
        format!("name,email,{column}\n{}", rows.collect::<String>())
    };
    for column in ["companion", "plus_one", "attorney", "doctor"] {
        check("two.csv", &table(column, others), [6, 6, 6]);
    }
    // The same people once more.
    check("same.csv", &table("signed", names), [3, 3, 3]);
    let scripts = "氏名,英字,メール\n佐藤 太郎,Taro Sato,t@a.example\n鈴木 花子,Hanako Suzuki,h@b.example\n田中 美咲,Misaki Tanaka,m@c.example\n";
    check("scripts.csv", scripts, [3, 3, 3]);
}

#[test]
fn columns_of_names_under_numbers_or_nothing() {
    const SURNAMES: [&str; 4] = ["佐藤", "鈴木", "高橋", "田中"];
    const NAMES: [&str; 12] = [
        "太郎",
        "直樹",
        "拓也",
        "明美",
        "学",
        "健太",
        "誠",
        "久美子",
        "修",
        "次郎",
        "美咲",
        "大輔",
    ];
    let name = |n: usize| format!("{} {}", SURNAMES[n % 4], NAMES[n % 12]);
    let row = |row: usize| (0..12).map(|n| name(row + n * 5)).collect::<Vec<_>>();
    // Twelve different names in each row, and the next row has twelve others by their surnames.
    let rows = |width: usize| {
        let rows = (0..4).map(|n| format!("g{n},{}\n", row(n)[..width].join(",")));
        rows.collect::<String>()
    };
    let people = |table: &str| {
        let names = table.lines().flat_map(|line| line.split(',').skip(1));
        names
            .filter(|name| name.contains(' '))
            .collect::<std::collections::BTreeSet<_>>()
            .len() as u64
    };
    for (header, width) in [("参加者", 3), ("メンバー", 11), ("Student ", 3)] {
        let names: Vec<String> = (1..=width).map(|n| format!("{header}{n}")).collect();
        let table = format!("event,{}\n{}", names.join(","), rows(width));
        let n = people(&rows(width));
        check("numbered.csv", &table, [n, n, n]);
    }
    let n = people(&rows(2));
    check("nothing.csv", &rows(2), [n, n, n]);
}

#[test]
fn two_ends_of_a_record_are_two_people() {
    let calls = "calling_number,called_number,seconds\n090-4827-5136,080-6153-2947,10\n090-4827-5136,070-3816-9402,11\n080-5271-6394,070-3816-9402,12\n";
    check("calls.csv", calls, [4, 4, 4]);
    let calls =
        "発信番号,着信番号,秒\n090-4827-5136,080-6153-2947,10\n090-4827-5136,070-3816-9402,11\n";
    check("calls_ja.csv", calls, [3, 3, 3]);
    let mails = "from,to,bytes\na.l@mail.example.com,b.h@mail.example.com,120\na.l@mail.example.com,c.b@mail.example.com,340\n";
    check("mails.csv", mails, [3, 3, 3]);
    let kana = "送金元口座名義,送金先口座名義,金額\nサトウ ヨウコ,モリ ケンタ,5000\nサトウ ヨウコ,ウエダ アヤ,3000\n";
    check("kana.csv", kana, [3, 3, 3]);
    let kana = "依頼人名,受取人名,金額\nミヤザキ トモコ,キムラ テツヤ,5000\nナカガワ タカシ,ワダ タクヤ,5000\n";
    check("clients.csv", kana, [4, 4, 4]);
    // One end alone is the row's own person's.
    check(
        "one.csv",
        "name,from\nPeter Snyder,p@a.example\n",
        [1, 1, 1],
    );
}

#[test]
fn fathers_and_mothers_are_people() {
    let pupils = "児童名,父,母,TEL父,TEL母\n和田 久美子,和田 優,和田 和子,090-4739-9764,090-1110-7339\n森 智也,森 修,森 彩,070-5409-9996,070-2645-9282\n";
    check("pupils.csv", pupils, [6, 6, 6]);
    let names = "Student Name,Mother's Name,Father's Name\nGeorge Roberts,Mary King,Joseph King\nWilliam Roberts,Sandra Young,David Johnson\n";
    check("names.csv", names, [6, 6, 6]);
    // A form of identification asks for them beside a number; they are counted apart.
    let forms = "Full Name,Father's Name,Passport Number,DOB\nGeorge Roberts,Joseph King,AB1234567,1990-02-03\nWilliam Young,David Johnson,CD7654321,1985-04-05\n";
    check("forms.csv", forms, [2, 2, 2]);
}

#[test]
fn names_under_words_of_other_people() {
    let (one, other) = (
        ["Daniel Hill", "Melissa Johnson"],
        ["Ashley Walker", "Jessica Brown"],
    );
    let two = |a: &str, b: &str, others: [&str; 2]| {
        let rows = one.iter().zip(others).enumerate();
        let rows = rows.map(|(n, (name, other))| format!("{name},{other},T{n}\n"));
        format!("{a},{b},Ticket\n{}", rows.collect::<String>())
    };
    for (a, b) in [
        ("Subscriber Name", "Patient Name"),
        ("Policyholder", "Insured Name"),
        ("Reporter", "Assignee"),
        ("Tenant", "Co-Tenant"),
        ("Customer", "Technician"),
    ] {
        check("two.csv", &two(a, b, other), [4, 4, 4]);
    }
    // The same person by another word, or by the same name.
    for b in ["Legal Name", "Display Name", "Maiden name"] {
        check("same.csv", &two("Name", b, other), [2, 2, 2]);
    }
    check("equal.csv", &two("Name", "Signed by", one), [2, 2, 2]);
    check(
        "initials.csv",
        &two("Name", "Signed by", ["D. Hill", "M. Johnson"]),
        [2, 2, 2],
    );
    let pupils = "生徒氏名,担任\n中山 博,武田 和也\n和田 健一,武田 和也\n清水 裕子,渡辺 哲也\n";
    check("pupils.csv", pupils, [5, 5, 5]);
    let maiden = "氏名,旧氏名,メール\n佐藤 陽子,石井 陽子,y@a.example\n森 彩,内田 彩,a@a.example\n";
    check("maiden.csv", maiden, [2, 2, 2]);
    // What stands under the same word is that person's.
    let contacts = "First Name,Last Name,Email,Owner name,Owner email\nAnna,Lopez,a@a.example,Jordan Ellis,j@b.example\nBob,Hill,b@a.example,Jordan Ellis,j@b.example\n";
    check("contacts.csv", contacts, [3, 3, 3]);
    let dependants = "社員番号,姓,名,扶養家族1 姓,扶養家族1 名,扶養家族1 生年月日\n1,佐藤,健太,佐藤,陽子,1980-02-03\n2,森,彩,森,修,1979-03-04\n";
    check("dependants.csv", dependants, [4, 4, 4]);
}

#[test]
fn one_text_in_all_rows_is_nobody() {
    let tickets = "Issue key,Summary,Reporter\nP-0,Login fails on Safari,Melissa Walker\nP-1,Login fails on Safari,Joshua Hill\nP-2,Login fails on Safari,Kenneth Brown\n";
    check("tickets.csv", tickets, [3, 3, 3]);
    let guests = "Event,Name,Email\nSpring Gala Dinner,Andrew White,a@a.example\nSpring Gala Dinner,Michelle Walker,m@a.example\nSpring Gala Dinner,Brian Hill,b@a.example\n";
    check("guests.csv", guests, [3, 3, 3]);
    let prefectures = "id,name,kana\n1,北海道,ホッカイドウ\n2,青森県,アオモリケン\n3,千葉県,チバケン\n4,東京都,トウキョウト\n";
    check("prefectures.csv", prefectures, [0, 0, 0]);
}

#[test]
fn several_people_by_one_name() {
    let joint = "お名前,〒,ご住所\n佐藤　健太・陽子,150-0001,東京都渋谷区神宮前1-2-3\n森　隆・明美,530-0001,大阪府大阪市北区梅田4-5-6\n";
    check("joint.csv", joint, [4, 4, 4]);
    let joint = "Name,Street,City,ZIP\nJohn and Mary Smith,12 Oak Street,Austin,78701\nPaul & Lisa Brown,99 Elm Street,Denver,80203\n";
    check("joint_en.csv", joint, [4, 4, 4]);
    let card = "姓,名,連名1,連名2,自宅〒,自宅住所1\n佐藤,健太,陽子,葵,150-0001,東京都渋谷区神宮前1-2-3\n森,隆,明美,,530-0001,大阪府大阪市北区梅田4-5-6\n";
    check("cards.csv", card, [5, 5, 5]);
}

#[test]
fn initials_and_titles_are_names() {
    let staff = "Name,Dept\nC. Garcia,Sales\nP. Flores,Sales\nM. Lee,Sales\n";
    check("staff.csv", staff, [3, 3, 3]);
    let parents = "Pupil,DOB,Parent/Carer 1,Parent/Carer 2\n\"Smith, Emily\",01/02/2016,Mr J Smith,Mrs K Smith\n\"Brown, Paul\",03/04/2017,Mr D Brown,Mrs L Brown\n";
    check("parents.csv", parents, [6, 6, 6]);
}

#[test]
fn lists_side_by_side_are_read_one_after_the_other() {
    let staff = "氏名,メール,電話,,氏名,メール,電話
高橋 裕美子,takahashi@a.example,090-2033-5179,,村上 翼,murakami@b.example,090-7591-5609
前田 晃,maeda@c.example,090-4439-2537,,渡辺 修平,watanabe@d.example,090-6555-8032\n";
    check("staff.csv", staff, [4, 4, 4]);
    // Two numbers of one person.
    let phones = "氏名,電話,電話\n高橋 裕美子,090-2033-5179,090-7591-5609\n前田 晃,090-4439-2537,090-6555-8032\n";
    check("phones.csv", phones, [2, 2, 2]);
}

/// A shift list, and the doctors of patients: whoever is known by a family name alone is somebody, unless others of that name are known.
#[test]
fn people_of_whom_the_family_name_alone_is_told() {
    let shifts = "スタッフ,担当,10/1,10/2\n佐藤,レジ,早,遅\n鈴木,レジ,遅,休\n高橋さん,厨房,休,早\n佐々木,厨房,早,早\n";
    check("shift.csv", shifts, [4, 4, 4]);
    let patients = "診察券番号,患者名カナ,生年月日,担当医\n100,キムラ ケンイチ,19470519,佐々木医師
101,ナカムラ ショウタ,19950904,佐々木医師\n102,イノウエ トモコ,20070819,工藤医師\n";
    check("patients.csv", patients, [5, 5, 5]);
}

/// The parent of a pupil who has the same initial is not the pupil.
#[test]
fn parents_and_carers_are_people() {
    let pupils = "Pupil,DOB,Parent/Carer 1,Parent/Carer 2,Home address
\"Moore, Kevin\",24/05/2019,Mr K Moore,Mrs D Moore,\"22 Church Lane, Leeds, LS4 4AB\"
\"White, Karen\",21/02/2018,Mr M White,Mrs P White,\"10 Church Lane, Leeds, LS1 1AB\"\n";
    check("pupils.csv", pupils, [6, 6, 6]);
    let cards = "姓,名,連名1,連名2,自宅住所1\n小野,浩二,さくら,,千葉県千葉市中央区中央3-23-17
加藤,陽向,智子,美咲,千葉県千葉市中央区中央1-4-4\n";
    check("cards.csv", cards, [5, 5, 5]);
}

/// Who logs in by a mailbox is known by it, whatever the column is called; a login name is nobody's address.
#[test]
fn logins_that_are_mailboxes_are_people() {
    let list = "login,password\nfelix@example.com,Tiger1moon\nneil@example.org,Blue2river\nida@example.net,Green3hill\n";
    check("logins.csv", list, [3, 3, 3]);
    let chrome = "name,url,username,password\nexample.com,https://example.com/,felix@example.com,Tiger1moon\nexample.org,https://example.org/,neil@example.org,Blue2river\n";
    check("chrome.csv", chrome, [2, 2, 2]);
    let mixed = "ログインID,パスワード\nfelix@example.com,Tiger1moon\nneil@example.org,Blue2river\nida33,Green3hill\nolga@example.net,Red4stone\n";
    check("mixed.csv", mixed, [3, 3, 3]);
}

/// A table of `rows` pairs among `of` people, each value by its number.
fn pairs(header: &str, rows: usize, of: usize, value: impl Fn(usize) -> String) -> String {
    let any = |row: usize, by: usize| (row * by + row * row / 7) % of;
    let rows = (0..rows).map(|row| (any(row, 5), any(row, 11)));
    let rows = rows.map(|(a, b)| {
        format!(
            "{},{}\n",
            value(a),
            value(if a == b { (b + 1) % of } else { b })
        )
    });
    format!("{header}\n{}", rows.collect::<String>())
}

#[test]
fn columns_that_pair_like_people_who_meet_are_two_peoples() {
    let mail = |n: usize| format!("rk{n}x@mail.example.com");
    let phone = |n: usize| format!("090-{:04}-{:04}", 1700 + n * 37, 2400 + n * 53);
    for header in [
        "rider_email,driver_email",
        "依頼元メール,依頼先メール",
        "owner,last_modified_by",
        "user_a,user_b",
    ] {
        let table = pairs(header, 200, 40, mail);
        let n = distinct(&table);
        check("met.csv", &table, [n, n, n]);
    }
    let table = pairs("tenant_phone,landlord_phone", 200, 40, phone);
    let n = distinct(&table);
    check("phones.csv", &table, [n, n, n]);
    let invited = (0..60).map(|n| format!("{},{}\n", mail(n), mail(n / 4)));
    let invited = format!("email,invited_by\n{}", invited.collect::<String>());
    check("invited.csv", &invited, [60, 60, 60]);
    let lists = (0..12).map(|n| {
        format!(
            "{{\"to\": [\"{}\", \"{}\", \"{}\"]}}\n",
            mail(n),
            mail(n + 1),
            mail(n + 2)
        )
    });
    check("lists.jsonl", &lists.collect::<String>(), [14, 14, 14]);
    let kept = (0..60).map(|n| format!("{},{}\n", mail(n), mail(100 + n / 12)));
    let kept = format!("email,keeper\n{}", kept.collect::<String>());
    check("kept.csv", &kept, [65, 65, 65]);
    // Two mailboxes of each, an office that all share, in rows that come again.
    let own = (0..60).map(|n| {
        format!(
            "{},{},{}\n",
            mail(n % 30),
            mail(100 + n % 30),
            phone(n % 30)
        )
    });
    let own = format!("email,email2,phone\n{}", own.collect::<String>());
    check("own.csv", &own, [30, 30, 30]);
    let office = (0..30).map(|n| format!("{},{},{}\n", mail(n), phone(n), phone(100 + n % 3)));
    let office = format!("mail,mobile,tel\n{}", office.collect::<String>());
    check("office.csv", &office, [30, 30, 30]);
}

/// How many different values a table has below its header.
fn distinct(table: &str) -> u64 {
    let cells = table.lines().skip(1).flat_map(|line| line.split(','));
    cells.collect::<std::collections::BTreeSet<_>>().len() as u64
}

#[test]
fn numbers_with_signs_join_tables() {
    for number in [
        |n: usize| format!("S2024-{n:03}"),
        |n: usize| format!("cus_N{n:04}"),
        |n: usize| format!("6f9619ff-8b86-4011-b42d-00cf4fc9{n:04}"),
    ] {
        let users = (0..20).map(|n| {
            format!(
                "{{\"user_id\": \"{}\", \"name\": \"{} Okafor\", \"orders\": null}}\n",
                number(n),
                GIVEN[n]
            )
        });
        let logins = (0..20).map(|n| {
            format!(
                "{{\"user_id\": \"{}\", \"email\": \"u{n}@mail.example.com\"}}\n",
                number(n)
            )
        });
        check(
            "users.jsonl",
            &users.chain(logins).collect::<String>(),
            [20, 20, 20],
        );
    }
}

#[test]
fn an_initial_or_a_short_form_behind_one_mailbox() {
    let table = |short: &dyn Fn(usize) -> String| {
        let both = (0..10).map(|n| {
            let mail = format!("u{n}@mail.example.com");
            format!("{} Marsh,{mail}\n{},{mail}\n", LONG[n], short(n))
        });
        format!("Name,Email\n{}", both.collect::<String>())
    };
    check(
        "initial.csv",
        &table(&|n| format!("{}. Marsh", &LONG[n][..1])),
        [10, 10, 20],
    );
    check(
        "behind.csv",
        &table(&|n| format!("Marsh {}", &LONG[n][..1])),
        [10, 10, 20],
    );
    check(
        "short.csv",
        &table(&|n| format!("{} Marsh", SHORT[n])),
        [10, 10, 20],
    );
    // A couple has one mailbox, too.
    check(
        "couple.csv",
        &table(&|n| format!("{} Marsh", LONG[(n + 1) % 10])),
        [20, 20, 20],
    );
}

const LONG: [&str; 10] = [
    "Robert",
    "William",
    "Elizabeth",
    "Margaret",
    "Richard",
    "Thomas",
    "Edward",
    "Katherine",
    "Michael",
    "James",
];
const SHORT: [&str; 10] = [
    "Bob", "Bill", "Liz", "Peggy", "Dick", "Tom", "Ted", "Kate", "Mike", "Jim",
];
const GIVEN: [&str; 20] = [
    "Mary", "John", "Susan", "Peter", "Karl", "Anna", "Robert", "Monica", "Jane", "Paul", "Niamh",
    "Gideon", "Rosalind", "Tamsin", "William", "Helen", "Oscar", "Laura", "Simon", "Grace",
];
