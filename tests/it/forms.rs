//! People in the mail of web forms, in logs, records of goods, address books and cells of several words: one person however many lines tell of them.

use crate::cli::Folder;
use crate::cli::{check_people as check, kinds};
use crate::run::report;

#[test]
fn keys_and_paths_are_no_part_of_an_address() {
    let log = "2026-10-01T10:01:00 INFO login user=yoko.sato@example.com OK
2026-10-01T10:02:00 INFO sendmail to=yoko.sato@example.com status=sent
2026-10-01T10:03:00 INFO GET /unsubscribe?mail=yoko.sato@example.com 200
2026-10-01T10:04:00 INFO GET /reset?email=yoko.sato%40example.com&t=1 200
2026-10-01T10:05:00 INFO GET /u/yoko.sato%40example.com/edit 200
2026-10-01T10:06:00 WARN bounce rcpt=yoko.sato@example.com\n";
    check("app.log", log, [1, 1, 1]);
    let table = "ts,url\n2026-10-01,https://x.example/reset?email=yoko.sato@example.com
2026-10-02,https://x.example/u?user=yoko.sato%40example.com&x=1
2026-10-03,mailto:yoko.sato@example.com\n";
    check("urls.csv", table, [1, 1, 1]);
    let bounces = "from bounce+taro=example.jp@lists.example.com to x\n";
    // The mailbox is the list's, and taro no mailbox at its host.
    check("bounce.log", bounces, [0, 0, 0]);
}

#[test]
fn readings_belong_to_the_name_of_their_form() {
    let form = |name: &str, reading: &str, mail: &str| {
        format!("■お名前：{name}\n■フリガナ：{reading}\n■メールアドレス：{mail}\n----------\n\n")
    };
    let forms = form("山崎　千尋", "ヤマザキ　チヒロ", "c@a.example")
        + &form("近藤　美咲", "コンドウ　ミサキ", "m@b.example");
    check("forms.txt", &forms, [2, 2, 2]);
    for (name, reading) in [
        ("氏名：山田 太郎", "氏名(カナ)：ヤマダ タロウ"),
        ("氏名：山田 太郎", "ふりがな：やまだ たろう"),
        ("[ お名前 ] 山田 太郎", "[ フリガナ ] ヤマダ タロウ"),
        ("フリガナ：ヤマダ タロウ", "お名前：山田 太郎"),
        ("姓：山田\n名：太郎", "セイ：ヤマダ\nメイ：タロウ"),
    ] {
        let text = format!("{name}\n{reading}\nメール：taro@a.example\n");
        check("one.txt", &text, [1, 1, 1]);
    }
    let reading = "フリガナ：ヤマダ タロウ\nメール：taro@a.example\n";
    check("reading.txt", reading, [1, 1, 1]);
}

#[test]
fn halves_of_names_in_a_form_are_one_person() {
    let forms = "First name: John\nLast name: Smith\nEmail: j4@a.example\nPhone: (212) 555-0123\n
First name: Mary\nLast name: Jones\nEmail: mj@b.example\nPhone: (212) 555-0188\n";
    check("forms.txt", forms, [2, 2, 2]);
}

#[test]
fn tables_on_their_side_have_a_person_in_each_column() {
    let table = "氏名,佐藤 太郎,鈴木 美咲,高橋 健一
フリガナ,サトウ タロウ,スズキ ミサキ,タカハシ ケンイチ
生年月日,1980/1/2,1991/3/4,1975/5/6
電話番号,090-1234-5671,090-1234-5672,
住所,東京都港区芝1-2-3,大阪府大阪市北区梅田2-3-4,福岡県福岡市博多区博多駅前5-6\n";
    check("people.csv", table, [3, 3, 3]);
    check("titled.csv", &format!("名簿,,,\n{table}"), [3, 3, 3]);
    let cells = |line: &str| {
        line.split(',')
            .map(|cell| format!("<td>{cell}</td>"))
            .collect::<String>()
    };
    let rows: String = table
        .lines()
        .map(|line| format!("<tr>{}</tr>", cells(line)))
        .collect();
    check(
        "people.html",
        &format!("<html><table>{rows}</table></html>"),
        [3, 3, 3],
    );
    let english = "Name,Mary Jones,Peter Miller\nEmail,mary@a.example,peter@b.example\nDate of birth,1980-01-02,1991-03-04\n";
    check("people.tsv", &english.replace(',', "\t"), [2, 2, 2]);
}

#[test]
fn goods_are_nobody() {
    for list in ["items", "lineItems", "products", "subscriptions", "商品"] {
        let goods = ["Wireless Mouse", "Coffee Grinder", "Gold Plan"];
        let names = ["Susan Hill", "Jennifer Clark", "Mary Lee"];
        let orders: Vec<String> = names
            .iter()
            .zip(goods)
            .enumerate()
            .map(|(n, (name, good))| {
                let customer = format!(r#"{{"name": "{name}", "email": "c{n}@a.example"}}"#);
                format!(r#"{{"id": {n}, "customer": {customer}, "{list}": [{{"name": "{good}", "price": 10}}]}}"#)
            })
            .collect();
        check("orders.json", &format!("[{}]", orders.join(",")), [3, 3, 3]);
    }
    // A list of people may be called items, too.
    let people = r#"[{"page": 1, "items": [{"name": "Susan Hill", "email": "s@a.example"}]},
        {"page": 2, "items": [{"name": "Mary Lee", "email": "m@b.example"}]}]"#;
    check("page.json", people, [2, 2, 2]);
    let lines = "Lineitem name,Lineitem quantity\nEmma Wool Scarf - Red,1\nCharlie Backpack,1\n";
    check("lineitem.csv", lines, [0, 0, 0]);
}

#[test]
fn companies_and_programs_are_nobody() {
    let card = "BEGIN:VCARD\nVERSION:3.0\nN:;;;;\nFN:Pizza Palace\nORG:Pizza Palace;\nTEL:(512) 555-0147\nEND:VCARD\n";
    let person = "BEGIN:VCARD\nVERSION:3.0\nN:Hill;Susan;;;\nFN:Susan Hill\nORG:Pizza Palace;\nTEL:(512) 555-0148\nEND:VCARD\n";
    check("company.vcf", card, [0, 0, 0]);
    check("both.vcf", &(card.to_owned() + person), [1, 1, 1]);
    let directory = "dn: CN=svc-backup,DC=a,DC=example\nobjectClass: user\ncn: svc-backup\nsAMAccountName: svc-backup

dn: CN=Anna Lopez,DC=a,DC=example\nobjectClass: user\ncn: Anna Lopez\nsn: Lopez\ngivenName: Anna\nsAMAccountName: alopez\nmail: alopez@a.example

dn: CN=krbtgt,DC=a,DC=example\nobjectClass: user\ncn: krbtgt\nsAMAccountName: krbtgt\n";
    check("ad.ldif", directory, [1, 1, 1]);
}

#[test]
fn patients_have_their_names_birth_dates_and_contacts() {
    let entry = |id: u32, given: &str, contact: &str| {
        let patient = format!(
            r#"{{"resourceType": "Patient", "id": "p{id}", "name": [{{"family": "Lopez", "given": ["{given}"]}}], "birthDate": "198{id}-04-20",
            "telecom": [{{"system": "phone", "value": "(608) 399-491{id}"}}],
            "contact": [{{"name": {{"family": "Lopez", "given": ["{contact}"]}}, "telecom": [{{"system": "phone", "value": "(503) 718-535{id}"}}]}}]}}"#
        );
        format!(r#"{{"resource": {patient}}}"#)
    };
    let bundle = format!(
        r#"{{"resourceType": "Bundle", "entry": [{}, {}]}}"#,
        entry(1, "Kevin", "Amanda"),
        entry(2, "Anthony", "Jessica")
    );
    check("bundle.json", &bundle, [4, 4, 4]);
}

#[test]
fn people_are_found_in_cells_of_several_words() {
    let ledger = "科目,貸方,摘要\n売掛金,1000,佐藤陽子 様 10月分会費\n売掛金,1000,森健太 様 10月分会費\n売掛金,1000,三浦結衣 様 10月分会費\n";
    check("ledger.csv", ledger, [3, 3, 3]);
    let statement = "日付,お預り金額,摘要\n2026/10/01,5000,振込　サトウ ヨウコ\n2026/10/01,5000,振込　ミウラ ユイ\n";
    check("statement.csv", statement, [2, 2, 2]);
    let parcels = "届先名,届先住所,届先TEL
株式会社みどり商事　総務部　佐藤 陽子 様,広島県広島市中区本通2-15-11,080-6049-6256
株式会社みどり商事　総務部　森 翼 様,宮城県仙台市青葉区一番町8-16-18,090-4492-6948\n";
    check("parcels.csv", parcels, [2, 2, 2]);
    let staff = "氏名,緊急連絡先（氏名・続柄）,緊急連絡先（電話）
佐藤　健太,佐藤　陽子（妻）,090-1234-5678\n森　隆,森　明美（母）,080-2222-3333\n";
    check("staff.csv", staff, [4, 4, 4]);
}

#[test]
fn a_list_of_mailboxes_and_words_has_passwords() {
    let list = "anna.l@a.example:neko12\nmichael74@b.example:Pass8260\nbob77@c.example:qwe991\ncarl5@d.example:neko55123\n";
    for sign in [":", ";", ",", "|"] {
        let list = list.replace(':', sign);
        assert!(
            kinds("list.txt", &list).contains(&"credential".to_owned()),
            "{sign}"
        );
    }
    let towns = "anna.l@a.example,Berlin\nbob77@c.example,Hamburg\ncarl5@d.example,Bremen\n";
    assert!(!kinds("towns.txt", towns).contains(&"credential".to_owned()));
}

#[test]
fn phones_in_german_and_french_prose() {
    for text in [
        "Bitte um Rückruf unter 0170 5550199 bis Freitag.\n",
        "Ich bin unter 030 5550 1234 erreichbar oder mobil: 0170 5550199.\n",
        "Vous pouvez me joindre au 06 12 34 56 78 demain.\n",
        "Tél. : 06 12 34 56 78\n",
    ] {
        assert!(
            kinds("note.txt", text).contains(&"phone".to_owned()),
            "{text}"
        );
    }
}

/// Slack's export: the users in one file, in another what each of them wrote, under the number of the first.
#[test]
fn messages_have_the_numbers_of_their_users() {
    let user = |id: &str, name: &str, mail: &str, bot: bool| {
        format!(
            r#"{{"id":"{id}","real_name":"{name}","profile":{{"real_name":"{name}","email":"{mail}"}},"is_bot":{bot}}}"#
        )
    };
    let users = [
        user("U024BE7LH", "田村陽向", "tamura@example.jp", false),
        user("U024BE7LJ", "松田典子", "matsuda@example.jp", false),
        user("U024BE7LK", "Jira Cloud", "", true),
    ];
    let users = format!("[{}]", users.join(","));
    let message = |id: &str, name: &str| {
        format!(
            r#"{{"type":"message","user":"{id}","text":"了解です","user_profile":{{"real_name":"{name}"}}}}"#
        )
    };
    let messages = [
        message("U024BE7LH", "田村 陽向"),
        message("U024BE7LJ", "松田典子"),
    ];
    let messages = format!("[{}]", messages.join(","));
    let folder = Folder::with(&[
        ("users.json", users.as_bytes()),
        ("2026-10-01.json", messages.as_bytes()),
    ]);
    let report = report(&folder.path(""), &["users.json", "2026-10-01.json"]);
    let persons = &report["subjects"]["persons"];
    assert_eq!(persons["best"], 2, "{persons}");
}

/// Cards by the number of an order, orders by that of a user, names in two scripts.
#[test]
fn tables_are_joined_over_a_second_one() {
    let dump = "CREATE TABLE `users` (`id` int, `email` varchar(255));
INSERT INTO `users` VALUES (1,'hiroko@example.jp'),(2,'yuto@example.jp'),(3,'osamu@example.jp');
CREATE TABLE `profiles` (`id` int,`user_id` int,`last_name` text,`first_name` text,`last_kana` text,`first_kana` text);
INSERT INTO `profiles` VALUES (501,1,'高木','裕子','タカギ','ヒロコ'),(502,2,'宮崎','悠斗','ミヤザキ','ユウト'),(503,3,'大野','修','オオノ','オサム');
CREATE TABLE `orders` (`id` int,`user_id` int,`total` int,`gift_to_name` text,`gift_to_tel` text);
INSERT INTO `orders` VALUES (3000,1,7381,'渡辺 大輔','080-1755-6293'),(3001,2,5781,NULL,NULL),(3002,3,5953,NULL,NULL),(3003,1,1,NULL,NULL);
CREATE TABLE `payments` (`id` int,`order_id` int,`card_last4` char(4),`holder` text);
INSERT INTO `payments` VALUES (1,3000,'1630','HIROKO TAKAGI'),(2,3001,'2594','YUTO MIYAZAKI'),(3,3002,'9617','OSAMU ONO'),(4,3003,'0084','HIROKO TAKAGI');\n";
    let folder = Folder::with(&[("shop.sql", dump.as_bytes())]);
    let report = report(&folder.path(""), &["shop.sql"]);
    let persons = &report["subjects"]["persons"];
    assert_eq!([&persons["min"], &persons["best"]], [4, 4], "{persons}");
}

/// The same without a reading: kanji and Latin letters meet by the readings that the kanji have.
#[test]
fn names_in_kanji_are_joined_over_a_second_table() {
    let dump = "CREATE TABLE customers (id int, name varchar(50), email varchar(50));
INSERT INTO customers VALUES (1,'佐藤 花子','a@example.com'),(2,'鈴木 一郎','b@example.com'),(3,'高橋 健太','c@example.com');
CREATE TABLE orders (id int, customer_id int, total int);
INSERT INTO orders VALUES (11,1,100),(12,2,100),(13,3,100);
CREATE TABLE payments (id int, order_id int, card_holder varchar(40), card_number varchar(20));
INSERT INTO payments VALUES (1,11,'HANAKO SATO','4111111111111111'),(2,12,'ICHIRO SUZUKI','5555555555554444'),(3,13,'KENTA TAKAHASHI','378282246310005');\n";
    check("shop.sql", dump, [3, 3, 3]);
}

/// Admissions of a hospital: a patient, the next of kin, the doctor, and what is wrong.
#[test]
fn hospitals_tell_of_patients_and_their_kin() {
    let message = |n: u32, name: &str, kin: &str| {
        format!(
            "MSH|^~\\&|ADT|RGH|LAB|RGH|2026||ADT^A01|M{n}|P|2.5\rPID|1||700{n}^^^RGH^MR||{name}||196909{n}1|F|||868{n} Maple Ave^^Denver^CO^80203||(303) 555-014{n}\r\
             NK1|1|{kin}|SPO|868{n} Maple Ave^^Denver^CO^80203|(614) 555-017{n}\rPV1|1|I|W^101^1||||1234^HOUSE^GREGORY^^^DR\rDG1|1||E11.9^Type 2 diabetes^I10\r"
        )
    };
    let messages =
        message(1, "Davis^Deborah^A", "Davis^Michelle") + &message(2, "Lopez^Bob", "Lopez^Anna");
    check("adt.hl7", &messages, [5, 5, 5]);
    let found = kinds("adt.hl7", &messages);
    for kind in [
        "person-name",
        "birth-date",
        "gender",
        "phone",
        "postal-address",
        "special.health",
    ] {
        assert!(found.iter().any(|known| known == kind), "{kind}: {found:?}");
    }
}
