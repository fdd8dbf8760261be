//! The folders of `fixtures/`, made by the generator: data and truth from one declaration.
//!
//! [`crate::planted`] compares them with what is checked in. Long because it is one list, a function for each folder.

use std::collections::BTreeMap;

use crate::office;
use crate::people::{self, Person};
use crate::sheet::{Field, Mail, Sheet, encode, field, gzip, locked_zip, plain, zipped, zstandard};
use crate::truth::Truth;

/// One fixture: its files, and the truth about them.
pub(crate) struct Folder {
    pub(crate) name: &'static str,
    pub(crate) files: BTreeMap<String, Vec<u8>>,
    pub(crate) truth: Truth,
}

impl Folder {
    /// An empty folder.
    pub(crate) fn new(name: &'static str) -> Self {
        Self {
            name,
            files: BTreeMap::new(),
            truth: Truth::default(),
        }
    }

    /// Adds a file to `input/`.
    pub(crate) fn file(&mut self, name: &str, bytes: Vec<u8>) {
        self.files.insert(name.into(), bytes);
    }

    /// Adds a sheet as a file, and its truth.
    pub(crate) fn sheet(mut self, file: &str, sheet: &Sheet, bytes: Vec<u8>) -> Self {
        self.truth.sheet(&format!("input/{file}"), sheet);
        self.file(file, bytes);
        self
    }
}

/// Every fixture.
pub(crate) fn folders() -> Vec<Folder> {
    let mut folders = vec![crate::farm_shop::folder()];
    folders.extend(delimited());
    folders.extend(dumps());
    folders.extend(documents());
    folders.extend(containers());
    folders.extend(office_documents());
    folders.extend(crate::stores::folders());
    #[cfg(feature = "mail-stores")]
    folders.push(crate::outlook::folder());
    #[cfg(feature = "databases")]
    folders.extend(crate::stores::more_folders());
    folders.extend([shared_mailbox(), log_access(), decoys(), problems()]);
    folders
}

/// The columns of a member list, as Japanese shops keep it.
pub(crate) fn member_fields() -> Vec<Field> {
    vec![
        plain("会員番号", |r| format!("M{:05}", r.n + 1)),
        field("氏名", "person-name", "", |r| r.me().name()),
        field("フリガナ", "person-name", "reading", |r| {
            if r.me().western {
                String::new()
            } else {
                r.me().kana()
            }
        }),
        field("性別", "gender", "", |r| r.me().gender().into()),
        field("生年月日", "birth-date", "", |r| r.me().born_slashed()),
        field("郵便番号", "postal-code", "", |r| {
            r.me().home.postal_code.clone()
        }),
        field("住所", "postal-address", "", |r| r.me().address()),
        field("電話番号", "phone", "", |r| r.me().mobile.clone()),
        field("メールアドレス", "email", "", |r| {
            r.me().email.clone()
        }),
        field("職業", "occupation", "", |r| r.me().occupation.into()),
        plain("購入回数", |r| r.rng(1).below(40).to_string()),
    ]
}

/// The columns that schemas in English have.
pub(crate) fn user_fields() -> Vec<Field> {
    vec![
        plain("id", |r| (r.n + 1).to_string()),
        field("last_name", "person-name", "family", |r| {
            if r.me().western {
                people::capital(&r.me().family_romaji)
            } else {
                r.me().family.clone()
            }
        }),
        field("first_name", "person-name", "given", |r| {
            if r.me().western {
                people::capital(&r.me().given_romaji)
            } else {
                r.me().given.clone()
            }
        }),
        field("email", "email", "", |r| r.me().email.clone()),
        field("password", "credential", "password", |r| {
            format!("$2y$10${}", r.rng(2).hex(53))
        }),
        field("phone", "phone", "", |r| r.me().mobile.clone()),
        field("zip", "postal-code", "", |r| {
            r.me().home.postal_code.clone()
        }),
        field("prefecture", "postal-address", "prefecture", |r| {
            r.me().home.prefecture.into()
        }),
        field("city", "postal-address", "city", |r| {
            r.me().home.city.into()
        }),
        field("street", "postal-address", "street", |r| {
            r.me().home.street.clone()
        }),
        field("building", "postal-address", "building", |r| {
            r.me().home.building.clone()
        }),
        field("birthday", "birth-date", "", |r| r.me().born()),
        plain("point", |r| (r.rng(1).below(300) * 10).to_string()),
    ]
}

fn delimited() -> Vec<Folder> {
    let members = |seed, n| Sheet::of("members", member_fields(), &people::population(seed, n));
    let shift_jis = members(11, 120);
    let euc = members(12, 60);
    let wide = members(13, 60);
    let families = Sheet::of("families", member_fields(), &people::population(17, 150));
    let headless = Sheet::of("list", member_fields(), &people::population(14, 80));
    let mut without_header = Folder::new("csv-without-header");
    without_header.truth.headless("input/list.csv", &headless);
    without_header.file("list.csv", headless.delimited(',', false, "\n").into());
    vec![
        Folder::new("csv-shift-jis-members").sheet(
            "members.csv",
            &shift_jis,
            encode(&shift_jis.csv(), "shift_jis"),
        ),
        Folder::new("csv-euc-jp").sheet("members.csv", &euc, encode(&euc.csv(), "euc-jp")),
        Folder::new("tsv-utf16").sheet(
            "members.txt",
            &wide,
            encode(&wide.delimited('\t', true, "\r\n"), "utf-16le-bom"),
        ),
        Folder::new("csv-families").sheet("families.csv", &families, families.csv().into()),
        without_header,
        gift_orders(),
        ragged_quotes(),
        no_personal_data(),
        payment_cards(),
    ]
}

/// A payment page's log: the published test numbers, each of another person, written plain and in groups.
fn payment_cards() -> Folder {
    let fields = vec![
        plain("payment_id", |r| format!("pay_{}", r.rng(20).hex(24))),
        field("username", "username", "", |r| {
            format!("{}_{}", r.me().given_romaji, r.n + 10)
        }),
        field("age", "age", "", |r| (2026 - r.me().birth.0).to_string()),
        field("card_holder", "person-name", "romaji", |r| {
            r.me().romaji().to_uppercase()
        }),
        field("card_number", "payment-card", "", |r| {
            let number = people::CARDS[r.n].1;
            let group = |digits: &[char]| digits.iter().collect::<String>();
            let digits: Vec<char> = number.chars().collect();
            if r.n % 3 == 1 && number.len() == 16 {
                digits.chunks(4).map(group).collect::<Vec<_>>().join(" ")
            } else {
                number.into()
            }
        }),
        field("card_expiry", "payment-card-expiry", "", |r| {
            format!("{:02}/{}", r.n % 12 + 1, 27 + r.n % 4)
        }),
        field("cvv", "payment-card-security-code", "", |r| {
            r.rng(21).digits(3)
        }),
        field("email", "email", "", |r| r.me().email.clone()),
        field("ip", "ip-address", "", |r| {
            format!("203.0.113.{}", r.n + 20)
        }),
        plain("amount", |r| (r.rng(22).range(10, 300) * 100).to_string()),
    ];
    let people: Vec<Person> = people::population(19, 40)
        .into_iter()
        .filter(|person| !person.western)
        .take(people::CARDS.len())
        .collect();
    let sheet = Sheet::of("payments", fields, &people);
    Folder::new("csv-payment-cards").sheet("payments.csv", &sheet, sheet.csv().into())
}

/// Orders of which every second is sent to somebody else.
fn gift_orders() -> Folder {
    let crowd = people::population(15, 120);
    let records: Vec<Vec<&Person>> = (0..60)
        .map(|i| {
            vec![
                &crowd[i],
                if i % 2 == 0 {
                    &crowd[i]
                } else {
                    &crowd[60 + i]
                },
            ]
        })
        .collect();
    let fields = vec![
        plain("注文番号", |r| format!("2026{:06}", r.n * 37 + 1)),
        plain("注文日時", |r| {
            format!(
                "2026/05/{:02} {:02}:{:02}",
                r.n % 28 + 1,
                r.n % 24,
                r.n % 60
            )
        }),
        field("注文者氏名", "person-name", "", |r| r.me().name()),
        field("注文者郵便番号", "postal-code", "", |r| {
            r.me().home.postal_code.clone()
        }),
        field("注文者住所", "postal-address", "", |r| {
            r.me().address()
        }),
        field("注文者電話番号", "phone", "", |r| {
            r.me().mobile.clone()
        }),
        field("注文者メールアドレス", "email", "", |r| {
            r.me().email.clone()
        }),
        field("送付先氏名", "person-name", "", |r| r.you().name()).of_second(),
        field("送付先郵便番号", "postal-code", "", |r| {
            r.you().home.postal_code.clone()
        })
        .of_second(),
        field("送付先住所", "postal-address", "", |r| {
            r.you().address()
        })
        .of_second(),
        field("送付先電話番号", "phone", "", |r| {
            people::bare(&r.you().mobile)
        })
        .of_second(),
        plain("商品名", |r| r.rng(3).pick(&GOODS).to_string()),
        plain("合計金額", |r| {
            (r.rng(4).range(10, 120) * 100).to_string()
        }),
        field("のし名入れ", "free-answer", "", |_| String::new()).optional(),
    ];
    let sheet = Sheet::new("orders", fields, &records);
    Folder::new("csv-gift-orders").sheet("orders.csv", &sheet, encode(&sheet.csv(), "utf-8-bom"))
}

/// Products of an invented farm shop.
pub(crate) const GOODS: [&str; 8] = [
    "有機にんじん 3kg",
    "朝採れトマト 箱",
    "新米コシヒカリ 10kg",
    "季節の野菜セット L",
    "りんご ふじ 5kg",
    "平飼い卵 30個",
    "生しいたけ 1kg",
    "さつまいも 紅はるか 5kg",
];

/// Quoted line breaks and quotes, rows with too few and too many cells.
fn ragged_quotes() -> Folder {
    let mut fields = member_fields();
    fields.push(field("備考", "free-answer", "", |r| match r.n % 3 {
        0 => "玄関前に置いてください。\n不在のときは\"宅配ボックス\"へ、お願いします".into(),
        1 => "午前中, できれば10時".into(),
        _ => String::new(),
    }));
    let sheet = Sheet::of("ragged", fields, &people::population(16, 50));
    let text = sheet.csv();
    let mut out = String::new();
    for (n, line) in text.split_inclusive("\r\n").enumerate() {
        // Rows without remark end early, and now and then a row has cells too many.
        match line.strip_suffix(",\r\n") {
            Some(short) if n % 2 == 0 => out += &format!("{short}\r\n"),
            Some(whole) if n % 7 == 0 => out += &format!("{whole},,,\r\n"),
            _ => out += line,
        }
    }
    Folder::new("csv-ragged-quotes").sheet("ragged.csv", &sheet, out.into())
}

/// Products, readings of a weather station, stores' takings: many numbers, nobody's.
fn no_personal_data() -> Folder {
    let nobody = people::population(18, 1);
    let records = vec![vec![&nobody[0]]; 80];
    let products = vec![
        plain("product_id", |r| format!("P-{:06}", r.n * 13 + 7)),
        plain("jan", |r| jan(r.n as u64)),
        plain("product_name", |r| r.rng(5).pick(&GOODS).to_string()),
        plain("price", |r| (r.rng(6).range(2, 90) * 100).to_string()),
        plain("stock", |r| r.rng(7).below(500).to_string()),
        plain("updated_at", |r| {
            format!("2026-04-{:02} 12:{:02}:00", r.n % 28 + 1, r.n % 60)
        }),
    ];
    let weather = vec![
        plain("観測日時", |r| {
            format!("2026-01-{:02}T{:02}:00:00+09:00", r.n / 24 + 1, r.n % 24)
        }),
        plain("気温", |r| {
            format!("{:.1}", r.rng(8).below(300) as f64 / 10.0 - 5.0)
        }),
        plain("湿度", |r| r.rng(9).range(20, 99).to_string()),
        plain("気圧", |r| {
            format!("{:.1}", 990.0 + r.rng(10).below(400) as f64 / 10.0)
        }),
    ];
    let products = Sheet::new("products", products, &records);
    let weather = Sheet::new("weather", weather, &records);
    Folder::new("csv-no-personal-data")
        .sheet("products.csv", &products, products.csv().into())
        .sheet("weather.csv", &weather, weather.csv().into())
}

/// A JAN code of the range for use inside a company, with its check digit.
fn jan(n: u64) -> String {
    let body = format!("20{:010}", n * 7_901 + 13);
    let sum: u32 = body
        .bytes()
        .zip([1, 3].iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

fn dumps() -> Vec<Folder> {
    let users = |name, seed, n| Sheet::of(name, user_fields(), &people::population(seed, n));
    let mysql = users("users", 21, 130);
    let postgres = users("accounts", 22, 70);
    let sqlite_dump = users("users", 23, 50);
    let sqlite = users("users", 24, 60);
    let staff = Sheet::of("employees", staff_fields(), &people::population(25, 60));
    let postgres_dump = format!(
        "--\n-- PostgreSQL database dump\n--\n\n{}--\n-- PostgreSQL database dump complete\n--\n",
        postgres.postgres()
    );
    let mut with_copy = Folder::new("sql-postgres-copy");
    let names: Vec<String> = postgres
        .fields
        .iter()
        .map(|field| field.name.into())
        .collect();
    let table = Sheet {
        name: "public.accounts".into(),
        fields: postgres.fields.clone(),
        rows: postgres.rows.clone(),
    };
    with_copy.truth.named("input/dump.sql", &table, &names);
    with_copy.file("dump.sql", postgres_dump.into());
    let mut server = Folder::new("sql-sqlserver-script");
    let table = Sheet {
        name: "dbo.employees".into(),
        fields: staff.fields.clone(),
        rows: staff.rows.clone(),
    };
    server.truth.sheet("input/employees.sql", &table);
    server.file("employees.sql", encode(&staff.sql_server(), "utf-16le-bom"));
    vec![
        Folder::new("sql-mysql-extended-insert").sheet(
            "dump.sql",
            &mysql,
            format!("-- MySQL dump 10.13\n\n{}", mysql.mysql()).into(),
        ),
        with_copy,
        server,
        Folder::new("sql-sqlite-dump").sheet(
            "dump.sql",
            &sqlite_dump,
            sqlite_dump.sqlite_dump().into(),
        ),
        Folder::new("sqlite-members").sheet("members.sqlite", &sqlite, sqlite.sqlite()),
    ]
}

/// The columns of a pay office.
fn staff_fields() -> Vec<Field> {
    vec![
        plain("employee_no", |r| format!("E{:04}", r.n + 100)),
        field("氏名", "person-name", "", |r| r.me().name()),
        field("生年月日", "birth-date", "", |r| r.me().born()),
        field("個人番号", "jp.my-number", "", |r| {
            people::my_number(&mut r.rng(11))
        }),
        field("銀行名", "bank-account", "bank", |r| {
            r.rng(12)
                .pick(&["あおば銀行", "みなと信用金庫", "北斗銀行"])
                .to_string()
        }),
        field("支店名", "bank-account", "branch", |r| {
            r.rng(13)
                .pick(&["本店", "中央支店", "駅前支店"])
                .to_string()
        }),
        field("預金種目", "bank-account", "account-type", |_| {
            "普通".into()
        }),
        field("口座番号", "bank-account", "account", |r| {
            r.rng(14).range(1_000_000, 9_999_999).to_string()
        }),
        field("携帯電話", "phone", "mobile", |r| r.me().mobile.clone()),
        field("基本給", "financial", "", |r| {
            (r.rng(15).range(190, 420) * 1_000).to_string()
        }),
    ]
}

fn documents() -> Vec<Folder> {
    let letter = vec![
        field("email", "email", "", |r| r.me().email.clone()),
        field("name", "person-name", "", |r| r.me().joined("")),
        plain("subscribed", |r| (r.n % 5 != 0).to_string()),
        field("registered_at", "registration-time", "", |r| {
            format!(
                "2025-{:02}-{:02}T10:20:30+09:00",
                r.n % 12 + 1,
                r.n % 28 + 1
            )
        })
        .optional(),
        field("interests", "free-answer", "", |r| {
            r.rng(16).pick(&["野菜", "果物", "お米"]).to_string()
        })
        .optional(),
    ];
    let letter = Sheet::of("newsletter", letter, &people::population(31, 90));
    vec![
        Folder::new("jsonl-newsletter").sheet(
            "newsletter.jsonl",
            &letter,
            letter.json_lines().into(),
        ),
        json_nested(),
        mbox(),
        eml_attachments(),
    ]
}

/// Orders with objects and arrays inside.
fn json_nested() -> Folder {
    let crowd = people::population(32, 40);
    let source = "input/orders.json";
    let mut folder = Folder::new("json-nested");
    let mut orders = Vec::new();
    for (n, person) in crowd.iter().enumerate() {
        orders.push(serde_json::json!({
            "order_id": format!("A{:07}", n * 91),
            "customer": {"name": person.name(), "email": person.email, "birth_date": person.born()},
            "contacts": [{"type": "mobile", "phone": person.mobile}, {"type": "home", "phone": person.home.phone}],
            "lines": [{"sku": format!("SKU-{n:04}"), "amount": n % 5 + 1}],
        }));
        for (kind, value) in [
            ("person-name", person.name()),
            ("email", person.email.clone()),
            ("birth-date", person.born()),
        ] {
            folder.truth.say(source, kind, "", &value, Some(person));
        }
        folder
            .truth
            .say(source, "phone", "", &person.mobile, Some(person));
        folder
            .truth
            .say(source, "phone", "", &person.home.phone, Some(person));
    }
    let columns = [
        ("order_id", ""),
        ("customer.name", "person-name"),
        ("customer.email", "email"),
        ("customer.birth_date", "birth-date"),
        ("contacts[].type", ""),
        ("contacts[].phone", "phone"),
        ("lines[].sku", ""),
        ("lines[].amount", ""),
    ];
    for (column, kind) in columns {
        folder
            .truth
            .column(source, "orders", column, kind, "", false);
    }
    folder.file(
        "orders.json",
        serde_json::to_string_pretty(&orders)
            .expect("values are JSON")
            .into(),
    );
    folder
}

/// Enters what the headers of a message say.
pub(crate) fn say_headers(truth: &mut Truth, source: &str, from: &Person, to: &str) {
    truth.say(source, "person-name", "", &from.joined(" "), Some(from));
    truth.say(source, "email", "", &from.email, Some(from));
    truth.say(source, "email", "", to, None);
}

fn mbox() -> Folder {
    let source = "input/inbox.mbox";
    let mut folder = Folder::new("mbox-iso-2022-jp");
    let mut bytes = Vec::new();
    for (n, person) in people::population(33, 40).iter().enumerate() {
        let body = format!(
            "お世話になっております。\n{}と申します。\n先日の注文についてお尋ねします。\n\n氏名：{}\n電話：{}\n住所：〒{} {}\n",
            person.joined(""),
            person.name(),
            person.mobile,
            person.home.postal_code,
            person.address()
        );
        say_headers(&mut folder.truth, source, person, "toiawase@hatake.example");
        let said = [
            ("person-name", person.joined("")),
            ("person-name", person.name()),
            ("phone", person.mobile.clone()),
            ("postal-code", person.home.postal_code.clone()),
            ("postal-address", person.address()),
        ];
        for (kind, value) in &said {
            folder.truth.say(source, kind, "", value, Some(person));
        }
        bytes.extend(
            Mail::new(
                n,
                (&person.joined(" "), &person.email),
                ("", "toiawase@hatake.example"),
                "注文の件",
                &body,
            )
            .mbox(),
        );
    }
    folder.file("inbox.mbox", bytes);
    folder
}

/// A message that carries a list as CSV, and another inside a zip.
fn eml_attachments() -> Folder {
    let sender = &people::population(34, 1)[0];
    let members = |name, seed| Sheet::of(name, member_fields(), &people::population(seed, 30));
    let (plain_list, packed) = (members("名簿", 35), members("list", 36));
    let mail = Mail::new(
        1,
        (&sender.joined(" "), &sender.email),
        ("", "soumu@hatake.example"),
        "名簿送付",
        "添付のとおりお送りします。\n",
    )
    .attach(
        "名簿.csv",
        "text/csv",
        encode(&plain_list.csv(), "shift_jis"),
    )
    .attach(
        "list.zip",
        "application/zip",
        zipped(&[("list.csv", packed.csv().into())]),
    );
    let mut folder = Folder::new("eml-attachments");
    say_headers(
        &mut folder.truth,
        "input/send.eml",
        sender,
        "soumu@hatake.example",
    );
    folder
        .truth
        .sheet("input/send.eml!/0/名簿.csv", &plain_list);
    folder
        .truth
        .sheet("input/send.eml!/0/list.zip!/list.csv", &packed);
    folder.file("send.eml", mail.eml());
    folder
}

/// Documents of office programs with lists in them.
fn office_documents() -> Vec<Folder> {
    let cells = |sheet: &Sheet| -> Vec<Vec<String>> {
        let names = sheet.fields.iter().map(|field| field.name.to_string());
        let rows = sheet.rows.iter().map(|(cells, _)| cells.clone());
        std::iter::once(names.collect()).chain(rows).collect()
    };
    let members =
        |name: &str, seed| Sheet::of(name, member_fields(), &people::population(seed, 40));
    let hidden = members("会員 (hidden)", 61);
    let mut rows = cells(&hidden);
    for row in &mut rows[1..] {
        row[4] = office::days_1904(&row[4]);
    }
    let total = vec![vec!["会員数".to_string(), "40".into()]];
    let book = office::xlsx(&[("集計", "visible", total), ("会員", "hidden", rows)]);
    let mut tables = Folder::new("documents-with-tables");
    let (docx, ods) = (members("members table 1", 62), members("members", 63));
    let (rtf, html, xml) = (
        members("memo table 1", 64),
        members("list table 1", 65),
        members("users", 66),
    );
    tables = tables.sheet("members.docx", &docx, office::docx(&cells(&docx)));
    tables = tables.sheet("members.ods", &ods, office::ods("members", &cells(&ods)));
    tables = tables.sheet("memo.rtf", &rtf, office::rtf(&cells(&rtf)).into());
    tables = tables.sheet(
        "list.html",
        &html,
        encode(&office::html(&cells(&html)), "shift_jis"),
    );
    tables = tables.sheet("dump.xml", &xml, office::mysqldump_xml(&xml).into());
    vec![
        Folder::new("xlsx-hidden-1904").sheet("summary.xlsx", &hidden, book),
        tables,
    ]
}

fn containers() -> Vec<Folder> {
    let deep = Sheet::of("deep", member_fields(), &people::population(41, 30));
    let mut bytes: Vec<u8> = deep.csv().into();
    let mut source = "input/outer.zip".to_string();
    for name in ["deep.csv", "inner.zip", "middle.zip"] {
        bytes = zipped(&[(name, bytes)]);
    }
    for name in ["middle.zip", "inner.zip", "deep.csv"] {
        source = format!("{source}!/{name}");
    }
    let mut three_deep = Folder::new("zip-three-deep");
    three_deep.truth.sheet(&source, &deep);
    three_deep.file("outer.zip", bytes);

    let packed = |seed| Sheet::of("users", user_fields(), &people::population(seed, 40));
    let (gz, zst) = (packed(42), packed(43));
    let mut both = Folder::new("gz-and-zstd");
    both.truth.sheet("input/users.csv.gz!/users.csv", &gz);
    both.truth.sheet("input/users.jsonl.zst!/users.jsonl", &zst);
    both.file("users.csv.gz", gzip(gz.csv().as_bytes(), 6));
    both.file("users.jsonl.zst", zstandard(zst.json_lines().as_bytes()));
    vec![three_deep, both]
}

/// A thousand people of whom the shop knows no contact but its own: they must stay a thousand.
fn shared_mailbox() -> Folder {
    let people = people::population(51, 1_000);
    let source = "input/counter.txt";
    let mut folder = Folder::new("text-shared-mailbox");
    let mut out = String::new();
    for (n, person) in people.iter().enumerate() {
        out += &format!(
            "2026-06-{:02} 店頭受付 氏名：{} 生年月日：{} 連絡先：info@hatake.example 電話：000-0000-0000\n",
            n % 28 + 1,
            person.name(),
            person.born()
        );
        folder
            .truth
            .say(source, "person-name", "", &person.name(), Some(person));
        folder
            .truth
            .say(source, "birth-date", "", &person.born(), Some(person));
        folder
            .truth
            .say(source, "email", "", "info@hatake.example", None);
    }
    folder.file("counter.txt", out.into());
    folder
}

/// An access log: addresses of visitors, and now and then who was logged in.
fn log_access() -> Folder {
    let source = "input/access.log";
    let mut folder = Folder::new("log-access");
    let mut rng = people::Rng::new(61);
    let mut out = String::new();
    for n in 0..400 {
        // RFC 5737: addresses for documentation.
        let address = format!(
            "{}.{}",
            rng.pick(&["192.0.2", "198.51.100", "203.0.113"]),
            rng.range(1, 254)
        );
        let path = rng.pick(&[
            "/",
            "/products/list",
            "/products/detail/12",
            "/cart",
            "/css/style.css?v=4.2.1",
        ]);
        out += &format!(
            "{address} - - [{:02}/Jun/2026:{:02}:{:02}:{:02} +0900] \"GET {path} HTTP/1.1\" 200 {} \"-\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64)\"\n",
            n / 20 + 1,
            n % 24,
            n % 60,
            n * 7 % 60,
            rng.range(200, 90_000)
        );
        folder.truth.say(source, "ip-address", "", &address, None);
    }
    folder.file("access.log", out.into());
    folder
}

/// What looks like personal data and is none.
fn decoys() -> Folder {
    let mut folder = Folder::new("decoys");
    let mut rng = people::Rng::new(62);
    let code = "//! Parses version strings.\n\nuse std::collections::HashMap;\n\n/// 1.2.3 is three numbers.\npub fn parse(text: &str) -> Vec<u32> {\n    \
                text.split('.').filter_map(|part| part.parse().ok()).collect()\n}\n\n#[test]\nfn parses() {\n    assert_eq!(parse(\"4.18.0\"), [4, 18, \
                0]);\n    let _table: HashMap<&str, u64> = [(\"max\", 18446744073709551615), (\"mid\", 4294967295)].into();\n}\n";
    folder.file("version.rs", code.into());
    let hashes: String = (0..60)
        .map(|n| format!("{}  build/object-{n:03}.o\n", rng.hex(64)))
        .collect();
    folder.file("SHA256SUMS", hashes.into());
    let books: String = (0..50)
        .map(|n| {
            format!(
                "{},{},{}\n",
                isbn(n),
                rng.pick(&["入門", "実践", "図説"]),
                rng.range(800, 4_000)
            )
        })
        .collect();
    folder.file("books.csv", format!("isbn,series,price\n{books}").into());
    let orders: String = (0..60)
        .map(|n| {
            format!(
                "{},{},{},{}\n",
                1_700_000_000 + n * 977,
                rng.hex(8) + "-" + &rng.hex(4) + "-4" + &rng.hex(3),
                20_260_000_000u64 + n * 31,
                rng.digits(16)
            )
        })
        .collect();
    folder.file(
        "events.csv",
        format!("timestamp,trace_id,order_no,sequence\n{orders}").into(),
    );
    let build: String = (0..60)
        .map(|n| {
            format!(
                "[{:>9.3}] INFO worker-{} finished job {} in {} ms (v2.{}.{})\n",
                n as f64 * 1.37,
                n % 4,
                rng.digits(10),
                rng.below(900),
                n % 9,
                n % 5
            )
        })
        .collect();
    folder.file("build.log", build.into());
    for (file, columns) in [
        ("books", vec!["isbn", "series", "price"]),
        (
            "events",
            vec!["timestamp", "trace_id", "order_no", "sequence"],
        ),
    ] {
        for column in columns {
            folder
                .truth
                .column(&format!("input/{file}.csv"), file, column, "", "", false);
        }
    }
    folder
}

/// An ISBN-13 with its check digit.
fn isbn(n: u64) -> String {
    let body = format!("9784{:08}", n * 61_403 + 11);
    let sum: u32 = body
        .bytes()
        .zip([1, 3].iter().cycle())
        .map(|(digit, weight)| u32::from(digit - b'0') * weight)
        .sum();
    format!("{body}{}", (10 - sum % 10) % 10)
}

/// Files that cannot be read to their end, beside one that can.
fn problems() -> Folder {
    let mut folder = Folder::new("problems-truncated");
    let users = |name, seed| Sheet::of(name, user_fields(), &people::population(seed, 40));

    let good = users("good", 71);
    folder.truth.sheet("input/good.csv", &good);
    folder.file("good.csv", good.csv().into());

    // Stored, not deflated, so that every version of the library gives the same bytes before the cut.
    let cut = users("cut", 72);
    let whole = gzip(cut.csv().as_bytes(), 0);
    let keep = whole.len() * 6 / 10;
    let complete = String::from_utf8_lossy(&cut.csv().as_bytes()[..keep - 15])
        .matches("\r\n")
        .count()
        - 1;
    let (kept, doubtful) = (complete.saturating_sub(1), complete + 1);
    enter_first(
        &mut folder.truth,
        "input/cut.csv.gz!/cut.csv",
        &cut,
        kept,
        doubtful,
    );
    folder
        .truth
        .problem("input/cut.csv.gz!/cut.csv", "truncated");
    folder.file("cut.csv.gz", whole[..keep].to_vec());

    let quoted = users("quote", 73);
    folder.truth.sheet("input/quote.csv", &quoted);
    folder.truth.problem("input/quote.csv", "unclosed-quote");
    let open = quoted.csv().replacen(
        &quoted.rows[30].0[10],
        &format!("\"{}", quoted.rows[30].0[10]),
        1,
    );
    folder.file("quote.csv", open.into());

    let lines = users("line", 74);
    enter_first(&mut folder.truth, "input/line.jsonl", &lines, 40, 40);
    // The line ends inside its object.
    folder.truth.problem("input/line.jsonl", "truncated");
    let text = lines.json_lines();
    let half = text
        .match_indices('\n')
        .nth(19)
        .expect("there are forty lines")
        .0
        + 1;
    folder.file(
        "line.jsonl",
        format!(
            "{}{{\"id\": 7, \"last_name\": \n{}",
            &text[..half],
            &text[half..]
        )
        .into(),
    );

    let locked = users("locked", 75);
    folder
        .truth
        .problem("input/locked.zip!/locked.csv", "encrypted");
    folder.file(
        "locked.zip",
        locked_zip("locked.csv", locked.csv().as_bytes()),
    );
    folder
}

/// Enters the first rows of a sheet: `kept` of them for certain, up to `doubtful` perhaps.
fn enter_first(truth: &mut Truth, source: &str, sheet: &Sheet, kept: usize, doubtful: usize) {
    let rows = sheet.rows[..doubtful].to_vec();
    let people: Vec<Person> = rows[kept..]
        .iter()
        .flat_map(|(_, who)| who.clone())
        .collect();
    truth.sheet(
        source,
        &Sheet {
            name: sheet.name.clone(),
            fields: sheet.fields.clone(),
            rows,
        },
    );
    truth.doubt(&people);
}
