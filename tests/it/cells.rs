//! What stands in cells beside plain values: names with something beside them, several names, records in JSON or base64, names and values; and
//! people in names of columns and files.

use crate::cli::{Folder, check_people as check};
use crate::run::report;

#[test]
fn names_with_something_beside_them() {
    for cell in [
        "NAME(20001)",
        "NAME 20001",
        "NAME 部長",
        "営業部 NAME",
        "NAME/営業部/example",
        "(代)NAME",
        "NAME 42歳",
        "NAME 様",
        "CN=NAME/OU=営業部/O=example",
    ] {
        let rows = ["矢部 香", "水谷 悠斗", "三浦 麻衣"];
        let rows = rows
            .map(|name| format!("1,{}\n", cell.replace("NAME", name)))
            .concat();
        check("a.csv", &format!("区分,対象\n{rows}"), [3, 3, 3]);
    }
    let towns = "対象\n佐藤商店（東京）\n山田工業（大阪）\n鈴木建設（名古屋）\n";
    check("b.csv", towns, [0, 0, 0]);
}

#[test]
fn several_people_in_a_cell() {
    let guests = "予約者,宿泊者氏名,電話\n矢部 香,矢部 香、矢部 登、三浦 麻衣,090-1357-2468\n水谷 悠斗,水谷 悠斗,090-1357-2469\n";
    check("guests.csv", guests, [4, 4, 4]);
    let guests = "Booked by,Guest name(s),Phone\nPeter Snyder,Peter Snyder; Monica Snyder,(512) 555-0101\nKarl Webb,Karl Webb,(512) 555-0102\n";
    check("guests.csv", guests, [3, 3, 3]);
}

#[test]
fn records_inside_cells() {
    let json = "id,customer\n1,\"{\"\"name\"\": \"\"矢部 香\"\", \"\"tel\"\": \"\"090-1357-2468\"\"}\"\n2,\"{\"\"name\"\": \"\"水谷 悠斗\"\", \"\"tel\"\": \"\"090-1357-2469\"\"}\"\n";
    check("orders.csv", json, [2, 2, 2]);
    // {"to": "mary@example.com"} and {"to": "john@example.org"}
    let base64 = "id,payload\n1,eyJ0byI6ICJtYXJ5QGV4YW1wbGUuY29tIn0=\n2,eyJ0byI6ICJqb2huQGV4YW1wbGUub3JnIn0=\n";
    check("queue.csv", base64, [2, 2, 2]);
    let pairs = "entity_id,attribute,value\n1,name,矢部 香\n1,tel,090-1357-2468\n2,name,水谷 悠斗\n2,tel,090-1357-2469\n";
    check("pairs.csv", pairs, [2, 2, 2]);
}

#[test]
fn findings_inside_cells_have_no_place_of_their_own() {
    let csv = "id,customer,mail\n1,\"{\"\"name\"\": \"\"矢部 香\"\"}\",kaori@example.com\n2,\"{\"\"name\"\": \"\"水谷 悠斗\"\"}\",yuto@example.com\n";
    let folder = Folder::with(&[("a.csv", csv.as_bytes())]);
    let findings = folder.arg("findings.jsonl");
    report(&folder.path(""), &["a.csv", "--findings", &findings]);
    let text = std::fs::read_to_string(findings).unwrap();
    let rows = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .filter(|row: &serde_json::Value| row["kind"].is_string());
    for row in rows {
        let place = row["start"].as_u64().zip(row["end"].as_u64());
        let value = place.map(|(start, end)| &csv[start as usize..end as usize]);
        match row["kind"].as_str().unwrap() {
            "email" => assert!(value.is_some_and(|value| value.contains("@example.com"))),
            _ => assert_eq!(value, None, "{row}"),
        }
    }
}

#[test]
fn text_that_was_encoded_twice() {
    let friends = r#"{"friends": [{"name": "\u00e7\u009f\u00a2\u00e9\u0083\u00a8 \u00e9\u00a6\u0099"}, {"name": "\u00e4\u00b8\u0089\u00e6\u00b5\u00a6 \u00e9\u00ba\u00bb\u00e8\u00a1\u00a3"}]}"#;
    check("friends.json", friends, [2, 2, 2]);
}

#[test]
fn people_in_names_of_columns_and_files() {
    check(
        "shifts.csv",
        "日付,矢部 香,水谷 悠斗\n10/1,早,遅\n10/2,遅,早\n",
        [2, 2, 2],
    );
    check(
        "scores.json",
        r#"{"scores": {"mary@example.com": 5, "john@example.org": 3}}"#,
        [2, 2, 2],
    );
    check(
        "診断書（矢部香）.txt",
        "診断の結果は別紙のとおりです。\n",
        [1, 1, 1],
    );
    check("shifts.csv", "日付,早番,遅番\n10/1,a,b\n", [0, 0, 0]);
}

/// A record that is taken for names of columns is somebody's as a whole, also where no finder knows a part of it.
#[test]
fn records_in_the_place_of_names_of_columns() {
    let record = |sign: &str, name: &str, mail: &str, birth: &str| {
        format!(
            "a:3:{{{sign}:4:\"name\";{sign}:11:\"{name}\";{sign}:5:\"email\";{sign}:16:\"{mail}\";{sign}:8:\"birthday\";{sign}:10:\"{birth}\";}}\n"
        )
    };
    // Written unlike those below it.
    let text = record("s", "Mary Miller", "mary@example.com", "1936-02-29")
        + &record("S", "Carl Jones", "carl@example.org", "1974-12-02")
        + &record("S", "Anna Davis", "anna@example.net", "1973-11-03");
    let folder = crate::cli::Folder::with(&[("users.txt", text.as_bytes())]);
    let report = crate::run::report(&folder.path(""), &["users.txt"]).to_string();
    assert!(report.contains("birthday"), "{report}");
    assert!(
        !report.contains("1936") && !report.contains("Miller"),
        "{report}"
    );
}

#[test]
fn cards_and_signatures() {
    let card = "矢部 香\nTEL 011-222-3344 / FAX 011-222-3345\nkaori@example.com\n\n水谷 悠斗\n〒064-0801 北海道札幌市中央区南一条西1-2-3\n携帯 090-1357-2468\n";
    check("cards.txt", card, [2, 2, 2]);
    let form = "申込書\n氏名\n矢部 香\n電話番号\n090-1357-2468\n";
    check("form.txt", form, [1, 1, 1]);
    let owners = "Registrant Name: Peter Snyder\nRegistrant Phone: +1 512-555-0101\nAdmin Name: Karl Webb\nAdmin Phone: +1 512-555-0102\n";
    check("whois.txt", owners, [2, 2, 2]);
}

#[test]
fn numbers_of_patients_join_tables() {
    let folder = Folder::with(&[
        (
            "patients.csv",
            "患者番号,氏名,電話\n10011,矢部 香,090-1357-2468\n10012,水谷 悠斗,090-1357-2469\n"
                .as_bytes(),
        ),
        (
            "visits.csv",
            "患者番号,病名,担当医\n10011,胃潰瘍,堀口\n10012,糖尿病,堀口\n".as_bytes(),
        ),
    ]);
    let report = report(&folder.path(""), &["patients.csv", "visits.csv"]);
    let persons = &report["subjects"]["persons"];
    let told = ["min", "best", "max"].map(|bound| persons[bound].as_u64().unwrap());
    assert_eq!(told, [3, 3, 3]);
    let kinds = report["kinds"].as_array().unwrap();
    let health = kinds
        .iter()
        .find(|kind| kind["kind"] == "special.health")
        .unwrap();
    assert_eq!(health["persons"]["best"], 2);
}

#[test]
fn names_in_the_forms_of_records() {
    let manifest = "SEQ NAME                      SEAT PNR\n001 SNYDER/PETER MR           10A  X00Q7P\n002 WEBB/MARY MRS              11A  X01Q7P\n";
    check("manifest.txt", manifest, [2, 2, 2]);
    let claim = "ISA*00*~NM1*IL*1*SNYDER*PETER****34*1~PER*IP**TE*6085550167*EM*peter@example.com~N4*AUSTIN*TX*78701~NM1*IL*1*WEBB*MARY****34*2~";
    check("claim.edi", claim, [2, 2, 2]);
    check(
        "hidden.txt",
        "Write to mary[at]example.com or peter(at)example.org.\n",
        [2, 2, 2],
    );
}
