//! Records that speak of several people: lists inside a record, and columns of somebody beside the row's own person.

use crate::cli::Folder;
use crate::run::report;

/// Scans a file and checks how many people it has: at least, best, at most.
fn check(name: &str, content: &str, expected: [u64; 3]) {
    let folder = Folder::with(&[(name, content.as_bytes())]);
    let report = report(&folder.path(""), &[name]);
    let persons = &report["subjects"]["persons"];
    let told = ["min", "best", "max"].map(|bound| persons[bound].as_u64().expect("a number"));
    assert_eq!(told, expected, "{content}");
}

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
