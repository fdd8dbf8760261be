//! Columns whose names say, alone or with their neighbours, what they hold: readings of things, numbers of things, kinds that their words tell, and
//! secrets that are known by their form.

use crate::cli::{check_people as check, kinds};

#[track_caller]
fn has(name: &str, content: &str, kind: &str, expected: bool) {
    let found = kinds(name, content);
    assert_eq!(
        found.iter().any(|found| found == kind),
        expected,
        "{content}: {found:?}"
    );
}

#[test]
fn readings_of_things_are_nobody() {
    let things = [
        (
            "会社名",
            [
                "みなと商店,ミナトショウテン",
                "ひかり電機,ヒカリデンキ",
                "丸山製作所,マルヤマセイサクショ",
            ],
        ),
        (
            "商品",
            ["りんご,リンゴ", "ぶどう,ブドウ", "さくらんぼ,サクランボ"],
        ),
        ("地名", ["石川,イシカワ", "中野,ナカノ", "高山,タカヤマ"]),
        (
            "勘定科目",
            [
                "売掛金,ウリカケキン",
                "買掛金,カイカケキン",
                "現金,ゲンキン",
            ],
        ),
        (
            "取引先名",
            [
                "青葉物産,アオバブッサン",
                "若竹食品,ワカタケショクヒン",
                "白鳥建設,シラトリケンセツ",
            ],
        ),
    ];
    for (thing, rows) in things {
        for reading in ["フリガナ", "カナ", "読み"] {
            let rows: Vec<String> = (1..)
                .zip(rows)
                .map(|(n, row)| format!("{n},{row}\n"))
                .collect();
            let table = format!("コード,{thing},{reading}\n{}", rows.concat());
            check("master.csv", &table, [0, 0, 0]);
        }
    }
    let codes = "郵便番号,都道府県名カナ,市区町村名カナ,町域名カナ,都道府県名,市区町村名,町域名\n\
        0600000,ホッカイドウ,サッポロシチュウオウク,アサヒガオカ,北海道,札幌市中央区,旭ケ丘\n\
        0300801,アオモリケン,アオモリシ,シンマチ,青森県,青森市,新町\n\
        1640001,トウキョウト,ナカノク,ナカノ,東京都,中野区,中野\n";
    // Places are where somebody may live; nobody is named.
    check("codes.csv", codes, [0, 0, 3]);
    let people = "氏名,フリガナ\n佐藤 花子,サトウ ハナコ\n鈴木 一郎,スズキ イチロウ\n高橋 健太,タカハシ ケンタ\n";
    check("people.csv", people, [3, 3, 3]);
    let readings = "顧客コード,フリガナ,電話\n1,サトウ ハナコ,090-1357-2468\n2,スズキ イチロウ,090-1357-2469\n";
    check("readings.csv", readings, [2, 2, 2]);
    let both = "会社名,担当者名,フリガナ,電話\nみなと商店,佐藤 花子,サトウ ハナコ,03-1357-2468\nひかり電機,鈴木 一郎,スズキ イチロウ,03-1357-2469\n";
    check("both.csv", both, [2, 2, 2]);
}

#[test]
fn companies_in_kana_are_nobody() {
    let transfers = "受取人名,振込金額\nｻﾄｳ ﾊﾅｺ,1000\nｶ)ﾐﾅﾄｼｽﾃﾑｽﾞ,2000\nﾎｸｵｳﾄﾞｳ(ﾕ,1000\nﾄﾞ)ﾋｶﾘ,1000\nｲ)ﾜｶﾊﾞｶｲ,1000\nｽｽﾞｷ ｲﾁﾛｳ,500\n";
    check("transfers.csv", transfers, [2, 2, 2]);
}

#[test]
fn numbers_of_things_are_no_phones() {
    for table in [
        "ISBN,title\n978-4-10-101000-0,a\n978-4-10-101001-7,b\n978-4-10-101002-4,c\n",
        "book,title\n978-0-306-40615-7,a\n978-0-306-40616-4,b\n978-0-306-40617-1,c\n",
        "部品番号,部品名\n090-1357-2468,ボルト\n090-1357-2469,ナット\n090-1357-2470,軸受\n",
        "ロット,数量\n03-1357-2468,5\n03-1357-2469,6\n03-1357-2470,7\n",
    ] {
        check("parts.csv", table, [0, 0, 0]);
        has("parts.csv", table, "phone", false);
    }
}

#[test]
fn words_that_tell_no_kind() {
    let people = "氏名,電話\n佐藤 花子,090-1357-2468\n鈴木 一郎,090-1357-2469\n";
    let with = |column: &str, values: [&str; 2]| {
        let mut lines = people.lines();
        let head = lines.next().unwrap_or_default();
        let rows = lines
            .zip(values)
            .map(|(line, value)| format!("{line},{value}\n"));
        format!("{head},{column}\n{}", rows.collect::<String>())
    };
    let check = |column: &str, values: [&str; 2], kind: &str| {
        has("people.csv", &with(column, values), kind, false);
    };
    check(
        "会員カード番号",
        ["2900000012345", "2900000012352"],
        "payment-card",
    );
    check("宛名番号", ["10000234", "10000311"], "jp.resident-record");
    check("枝番", ["00", "01"], "jp.health-insurance");
    check("従業員番号", ["E10023", "E10024"], "employment");
    check(
        "所見",
        ["提出物の遅れが目立つ", "真面目に取り組んでいる"],
        "special.health",
    );
    check("犬の生年月日", ["2021/04/05", "2022/05/06"], "birth-date");
    let card = |word: &str| {
        with(
            &format!("last4,{word}"),
            ["1234,Xt5EWLLDS7FJjR1c", "4242,Bu8fkqQ2mWcYp0Zr"],
        )
    };
    has(
        "cards.csv",
        &card("fingerprint"),
        "special.biometric",
        false,
    );
    has(
        "trade.csv",
        "業種,社名\n証券業,青葉証券\n製造業,丸山製作所\n小売業,小島屋\n",
        "occupation",
        false,
    );
    has(
        "chem.csv",
        "CAS No.,化学物質名,別名\n64-17-5,エタノール,エチルアルコール\n67-64-1,アセトン,ジメチルケトン\n71-43-2,ベンゼン,ベンゾール\n",
        "person-name",
        false,
    );
}

#[test]
fn words_that_tell_a_kind() {
    let check = |columns: &str, rows: [&str; 2], kind: &str| {
        let table = format!(
            "氏名,{columns}\n佐藤 花子,{}\n鈴木 一郎,{}\n",
            rows[0], rows[1]
        );
        has("people.csv", &table, kind, true);
    };
    check(
        "電話,給与収入",
        ["090-1357-2468,5000000", "090-1357-2469,6000000"],
        "financial",
    );
    check(
        "電話,生命保険料控除額",
        ["090-1357-2468,40000", "090-1357-2469,41000"],
        "financial",
    );
    check(
        "電話,収縮期血圧",
        ["090-1357-2468,120", "090-1357-2469,140"],
        "special.health",
    );
    check(
        "電話,γ-GTP",
        ["090-1357-2468,33", "090-1357-2469,60"],
        "special.health",
    );
    check(
        "電話,高ストレス者",
        ["090-1357-2468,該当", "090-1357-2469,非該当"],
        "special.health",
    );
    check(
        "電話,保護の種類",
        ["090-1357-2468,生活扶助", "090-1357-2469,医療扶助"],
        "special.welfare",
    );
    check(
        "電話,加入組合",
        ["090-1357-2468,例示労組", "090-1357-2469,見本労組"],
        "special.union",
    );
    check(
        "電話,国語,数学,英語",
        ["090-1357-2468,78,88,90", "090-1357-2469,60,55,72"],
        "education",
    );
    check(
        "住所,郵送先住所(郵便番号)",
        [
            "東京都中野区中野1-2-3,164-0001",
            "青森県青森市新町1-2-4,030-0801",
        ],
        "postal-code",
    );
}

#[test]
fn titles_tell_the_gender_and_pan_two_things() {
    has(
        "titles.csv",
        "Salutation,FirstName,LastName,Email\nMr.,Paul,Davis,p@a.example\nMs.,Mary,Jones,m@b.example\n",
        "gender",
        true,
    );
    has(
        "anrede.csv",
        "Anrede;Vorname;Nachname;E-Mail\nHerr;Uwe;Lindner;u@a.example\nFrau;Petra;Fischer;p@b.example\n",
        "gender",
        true,
    );
    has(
        "pan.csv",
        "name,PAN,email\nPaul Davis,ABCPD1234F,p@a.example\nMary Jones,BCDPJ2345G,m@b.example\n",
        "national-id",
        true,
    );
}

#[test]
fn spouses_householders_and_the_other_side() {
    let spouses =
        "氏名,配偶者,電話\n佐藤 花子,佐藤 健,090-1357-2468\n鈴木 一郎,鈴木 葵,090-1357-2469\n";
    check("spouses.csv", spouses, [4, 4, 4]);
    let cases = "世帯主氏名,生年月日,住所,担当CW\n\
        佐藤 花子,昭和50年1月2日,北海道札幌市中央区南一条西1-2-3,高橋 進\n\
        鈴木 一郎,昭和51年1月2日,青森県青森市新町1-2-4,高橋 進\n\
        田中 実,昭和52年1月2日,秋田県秋田市中通3-2-4,高橋 進\n";
    check("cases.csv", cases, [4, 4, 4]);
    for (own, other) in [
        ("msisdn", "b_number"),
        ("電話番号", "通話先番号"),
        ("TEL", "相手先TEL"),
        ("msisdn", "called_number"),
    ] {
        let calls = format!(
            "{own},{other}\n090-1357-2468,090-1357-2471\n090-1357-2469,090-1357-2471\n090-1357-2468,090-1357-2472\n"
        );
        check("calls.csv", &calls, [4, 4, 4]);
    }
}

#[test]
fn comments_tell_what_columns_of_dumps_hold() {
    let mysql = "CREATE TABLE `T1` (`C1` varchar(40) COMMENT '氏名', `C2` varchar(20) COMMENT '病名', `C4` date DEFAULT NULL COMMENT '生年月日');\n\
        INSERT INTO `T1` VALUES ('佐藤 花子','腰痛症','1980-01-02'),('鈴木 一郎','痛風','1981-02-03');\n\
        INSERT INTO `T1` (`C1`, `C2`, `C4`) VALUES ('高橋 健太','喘息','1982-02-03');\n";
    let postgres = "CREATE TABLE t1 (c1 text, c2 text, c4 date);\nCOMMENT ON COLUMN t1.c1 IS '氏名';\nCOMMENT ON COLUMN t1.c2 IS '病名';\n\
        COMMENT ON COLUMN t1.c4 IS '生年月日';\n\
        INSERT INTO t1 VALUES ('佐藤 花子','腰痛症','1980-01-02'),('鈴木 一郎','痛風','1981-02-03');\n";
    for dump in [mysql, postgres] {
        let found = kinds("dump.sql", dump);
        for kind in ["person-name", "special.health", "birth-date"] {
            assert!(found.iter().any(|found| found == kind), "{dump}: {found:?}");
        }
    }
}

#[test]
fn secrets_are_known_by_their_form() {
    let hex = "c4ca4238a0b923820dcc509a6f75849b";
    for secret in [
        format!("felix@a.example:{hex}:1a2b3c4d\nclara@b.example:{hex}:2a2b3c4d\n"),
        format!("felix@a.example:{hex}\nclara@b.example:{hex}\nneil@c.example:{hex}\n"),
        "felix:$apr1$abcd1234$0123456789abcdefghijkl\nneil:$2y$05$abcdefghijklmnopqrstuuABCDEFGHIJKLMNOPQRSTUVWXYZ012345\n".to_owned(),
        "root:*:19000:0:99999:7:::\nfelix:$6$rounds=5000$saltsalt$a4abd4448c49562d828115d13a1fccea927f52b4:19500:0:99999:7:::\n".to_owned(),
        format!("Administrator:500:aad3b435b51404eeaad3b435b51404ee:{hex}:::\ncorp\\felix:1100:aad3b435b51404eeaad3b435b51404ee:{hex}:::\n"),
        format!("username,hash\nfelixg,{hex}\nclaraw,{hex}\n"),
        format!("GITHUB_TOKEN={}_{}\n", "ghp", "abcdefghijklmnopqrstuvwxyz0123456789"),
        "DATABASE_URL=postgres://shop:Tiger1moon@db.example.com/shop\n".to_owned(),
    ] {
        let name = if secret.starts_with("username") { "list.csv" } else { "list.txt" };
        has(name, &secret, "credential", true);
    }
    for (name, text) in [
        (
            "app.env",
            "DATABASE_URL=postgres://shop:Tiger1moon@db.example.com/shop\n".to_owned(),
        ),
        ("sums.txt", format!("sha256:{hex}{hex}\ndigest: {hex}\n")),
    ] {
        check(name, &text, [0, 0, 0]);
        has(name, &text, "email", false);
    }
    has(
        "sums.txt",
        &format!("md5:{hex}\nimage.png:{hex}\n"),
        "credential",
        false,
    );
}

/// Given names of the lists before surnames that no list has.
#[test]
fn names_half_known() {
    let given = [
        "Dawid",
        "Kazimierz",
        "Janina",
        "Agnieszka",
        "Ernest",
        "Artur",
        "Ewa",
        "Marek",
        "Anna",
        "Piotr",
    ];
    let family = [
        "Bajzzak",
        "Pazdzzan",
        "Klamzza",
        "Gronzza",
        "Szatanekk",
        "Misiaszzka",
        "Zdonkka",
        "Ulryychta",
        "Kopyttka",
        "Warzzyk",
    ];
    let names = given.iter().zip(family).enumerate();
    let list: String = names
        .map(|(id, (given, family))| format!("{},{given} {family}\n", id + 1))
        .collect();
    check("people.csv", &format!("id,name\n{list}"), [10, 10, 10]);
    let goods: String = family
        .iter()
        .enumerate()
        .map(|(id, name)| format!("{},Quokka {name}\n", id + 1))
        .collect();
    check("goods.csv", &format!("id,name\n{goods}"), [0, 0, 0]);
}

/// What a letter says behind a label is of the kind that a column of this name would be of.
#[test]
fn labels_in_letters() {
    let letter = "Dear Dr. Miller,\n\nPatient: Mary Johnson\nDate of Birth: March 12, 1985\nSex: F\nDiagnosis: asthma, diabetes\nOccupation: plumber\nAnnual salary: $48,000\n";
    let found = kinds("letter.txt", letter);
    for kind in [
        "birth-date",
        "financial",
        "gender",
        "occupation",
        "person-name",
        "special.health",
    ] {
        assert!(found.iter().any(|found| found == kind), "{kind}: {found:?}");
    }
    let manual = "Condition: used\nSex: select one of the values below\nHeight: 20 px\n";
    assert_eq!(kinds("manual.txt", manual), [""; 0]);
}

/// Made-up people have numbers behind their names (Synthea).
#[test]
fn names_with_numbers_behind_them() {
    let people = "Id,FIRST,LAST,BIRTHDATE\n\
        0a0a0a0a-0000-4000-8000-000000000001,David228,Johnson847,1980-02-03\n\
        0a0a0a0a-0000-4000-8000-000000000002,Mary12,Miller9,1975-06-07\n\
        0a0a0a0a-0000-4000-8000-000000000003,Robert553,Davis201,1990-11-12\n";
    has("patients.csv", people, "person-name", true);
    check("patients.csv", people, [3, 3, 3]);
}

/// Who lets a flat and who sells a car, under names that machines and numbers have as well.
#[test]
fn hosts_and_sales_people() {
    let names = [
        "Patricia Stevenson",
        "Jeffrey Valenzuela",
        "Michael Thompson",
        "Justin Jenkins",
    ];
    for header in ["host_name", "sales_person", "sales_rep", "reviewerName"] {
        let rows: String = names
            .iter()
            .zip(11..)
            .map(|(name, id)| format!("{id},{name}\n"))
            .collect();
        check(
            "listings.csv",
            &format!("listing_id,{header}\n{rows}"),
            [4, 4, 4],
        );
    }
    check(
        "hosts.csv",
        "id,host_name\n1,web01\n2,db-main\n3,mail.example.com\n",
        [0, 0, 0],
    );
}

/// What goods are made for is said of nobody.
#[test]
fn labels_of_goods() {
    let goods = "sku,title,description,price\n\
        A1,Shirt,\"Gender: Male | Size: M | Occupation: Nurse\",12.5\n\
        A2,Coat,\"Gender: Female | Size: L | Nationality: Italian\",22.5\n\
        A3,Hat,\"Sex: F, Religion: Christian\",9.5\n";
    assert_eq!(kinds("goods.csv", goods), [""; 0]);
    let letters = "no,body\n1,\"氏名：佐藤 花子\n性別：女\n病名：糖尿病\"\n2,\"氏名：鈴木 一郎\n性別：男\n病名：喘息\"\n";
    for kind in ["gender", "person-name", "special.health"] {
        has("letters.csv", letters, kind, true);
    }
}

/// Of whom a list tells the name alone is told apart by what stands between first and last word; who has nothing there may be the only one of that name.
#[test]
fn middle_names_part_people() {
    let names = [
        "John A. Smith",
        "John B. Smith",
        "Maria Laura Silva",
        "Maria Helena Silva",
        "Carl Jones Jr",
        "Carl Jones Sr",
        "Ann Miller",
        "Ann C. Miller",
    ];
    let rows: String = names
        .iter()
        .zip(1..)
        .map(|(name, id)| format!("{id},{name}\n"))
        .collect();
    check("staff.csv", &format!("id,name\n{rows}"), [7, 7, 8]);
}
