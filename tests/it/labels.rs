//! Labels of parcels and tables of households: whose the columns beside the names are.

use std::fmt::Write;

use crate::cli::{check_people as check, kinds};

/// People who live together, by families.
const HOMES: [(&str, [&str; 3]); 4] = [
    ("佐藤", ["太郎", "花子", "美咲"]),
    ("鈴木", ["一郎", "陽子", "健太"]),
    ("高橋", ["直樹", "明美", "葵"]),
    ("田中", ["拓也", "由美", "翔太"]),
];

/// A table of one row a family.
fn table(header: &str, row: impl Fn(usize, &str, [&str; 3]) -> String) -> String {
    let mut table = format!("{header}\n");
    for (n, (family, given)) in HOMES.into_iter().enumerate() {
        writeln!(table, "{}", row(n, family, given)).unwrap();
    }
    table
}

/// The column names are those of B2クラウド and e飛伝.
#[test]
fn what_labels_tell_of_a_recipient_is_his() {
    const READINGS: [&str; 4] = ["ｻﾄｳ ﾀﾛｳ", "ｽｽﾞｷ ｲﾁﾛｳ", "ﾀｶﾊｼ ﾅｵｷ", "ﾀﾅｶ ﾀｸﾔ"];
    let tel = |n: usize| format!("090-1357-246{n}");
    let b2 = table(
        "お届け先電話番号,お届け先郵便番号,お届け先名,お届け先名略称(ｶﾅ)",
        |n, family, given| {
            format!(
                "{},100-000{n},{family} {},{}",
                tel(n),
                given[0],
                READINGS[n]
            )
        },
    );
    check("b2.csv", &b2, [4, 4, 4]);
    for name in [
        "お届け先名称１",
        "お届け先名称",
        "ギフト送り先氏名",
        "送付先名称",
    ] {
        let row = |n, family: &str, given: [&str; 3]| format!("{},{family} {}", tel(n), given[0]);
        let labels = table(&format!("お届け先電話番号,{name}"), row);
        check("labels.csv", &labels, [4, 4, 4]);
    }
    let alone = |n: usize, family: &str, given: [&str; 3]| format!("{n},{family} {}", given[0]);
    for name in ["お届け先名称", "送付先名称"] {
        let labels = table(&format!("伝票番号,{name}"), alone);
        check("names.csv", &labels, [4, 4, 4]);
        assert_eq!(kinds("names.csv", &labels), ["person-name"], "{name}");
    }
    // Goods have such names, too.
    check("goods.csv", &table("伝票番号,商品名称", alone), [0, 0, 0]);
}

#[test]
fn what_a_row_tells_beside_its_household_is_the_heads() {
    let row = |n: usize, family: &str, given: [&str; 3]| {
        let [head, other, third] = given;
        format!("{family} {head},{family} {other},{family} {third},090-1357-246{n}")
    };
    for header in [
        "世帯主氏名,世帯員1氏名,世帯員2氏名,電話番号",
        "保護者氏名,お子様1氏名,お子様2氏名,電話番号",
    ] {
        check("homes.csv", &table(header, row), [12, 12, 12]);
    }
    // Somebody has a name of his own.
    let own = table("世帯主氏名,氏名,世帯員1氏名,電話番号", row);
    check("own.csv", &own, [12, 12, 12]);
}

#[test]
fn the_head_of_a_household_has_a_row_of_his_own() {
    let rows = |n: usize, family: &str, given: [&str; 3]| {
        let one = |(at, name): (usize, &&str)| {
            let day = 1 + n * 3 + at;
            let head = given[0];
            format!(
                "{:04},{family} {name},1970-03-{day:02},{family} {head},東京都港区芝1-2-{n}",
                1 + n
            )
        };
        let rows: Vec<String> = given.iter().enumerate().map(one).collect();
        rows.join("\n")
    };
    let register = |number: &str| table(&format!("{number},氏名,生年月日,世帯主氏名,住所"), rows);
    for number in ["世帯番号", "世帯コード", "household_id"] {
        check("register.csv", &register(number), [12, 12, 12]);
    }
    assert!(kinds("register.csv", &register("世帯番号")).contains(&"person-name".to_owned()));
}

/// The number is that of whom they depend on; the date of birth is theirs.
#[test]
fn dates_of_birth_of_dependents() {
    let family = |column: &str| {
        let row = |n: usize, family: &str, given: [&str; 3]| {
            let one = |at: usize| format!("{},{family} {},19{n}5-0{at}-11", 101 + n, given[at]);
            format!("{}\n{}", one(1), one(2))
        };
        table(&format!("顧客番号,{column},生年月日"), row)
    };
    let people = |n, family: &str, given: [&str; 3]| {
        format!("{},{family} {},090-1357-246{n}", 101 + n, given[0])
    };
    let customers = table("顧客番号,氏名,電話番号", people);
    for column in ["家族氏名", "扶養家族氏名", "子供氏名"] {
        let folder = crate::cli::Folder::with(&[
            ("customers.csv", customers.as_bytes()),
            ("family.csv", family(column).as_bytes()),
        ]);
        let report = crate::run::report(&folder.path(""), &["customers.csv", "family.csv"]);
        let persons = &report["subjects"]["persons"];
        let told = ["min", "best", "max"].map(|bound| persons[bound].as_u64().unwrap());
        assert_eq!(told, [12, 12, 12], "{column}");
    }
}
