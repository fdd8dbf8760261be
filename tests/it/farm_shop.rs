//! `fixtures/farm-shop`: a whole small incident. An invented shop for farm produce lost its database, the order export, a
//! mailbox, the access log, the newsletter list and a zip of old exports; many people stand in several of them, each system
//! writing them in its own way.

use crate::people::{self, Person, Rng};
use crate::plant::{Folder, GOODS, say_headers};
use crate::sheet::{Field, Mail, Sheet, encode, field, plain, zipped};
use crate::truth::Truth;

const SHOP: &str = "order@hatake-ichiba.example";

/// Who has to do with the shop.
struct Town {
    /// Registered customers come first, then guests who ordered without registering.
    customers: Vec<Person>,
    /// Companies that registered.
    companies: Vec<Person>,
    /// People who only received a gift.
    recipients: Vec<Person>,
    /// People who only read the newsletter.
    readers: Vec<Person>,
    /// People who only asked something.
    askers: Vec<Person>,
}

const REGISTERED: usize = 200;

/// The fixture.
pub(crate) fn folder() -> Folder {
    let town = Town {
        customers: people::population(1, 240),
        companies: people::companies(1, 6),
        recipients: people::population(2, 50),
        readers: people::population(3, 40),
        askers: people::population(4, 20),
    };
    let mut folder = Folder::new("farm-shop");
    database(&mut folder, &town);
    order_export(&mut folder, &town);
    mailbox(&mut folder, &town);
    access_log(&mut folder);
    newsletter(&mut folder, &town);
    old_exports(&mut folder, &town);
    folder
}

fn family(person: &Person) -> String {
    match &person.company {
        Some(company) => company.clone(),
        None if person.western => people::capital(&person.family_romaji),
        None => person.family.clone(),
    }
}

fn given(person: &Person) -> String {
    match &person.company {
        Some(_) => String::new(),
        None if person.western => people::capital(&person.given_romaji),
        None => person.given.clone(),
    }
}

/// The reading, unless it is a company's record.
fn reading(person: &Person, kana: &str) -> String {
    if person.company.is_some() {
        String::new()
    } else {
        kana.into()
    }
}

/// Name, reading and address of the record's person at `of`, as the shop's tables split them.
fn contact_fields() -> Vec<Field> {
    vec![
        field("name01", "person-name", "family", |r| family(r.me())),
        field("name02", "person-name", "given", |r| given(r.me())),
        field("kana01", "person-name", "family-reading", |r| {
            reading(r.me(), &r.me().family_kana)
        }),
        field("kana02", "person-name", "given-reading", |r| {
            reading(r.me(), &r.me().given_kana)
        }),
        field("company_name", "employer", "", |r| {
            r.me().company.clone().unwrap_or_default()
        }),
        field("phone_number", "phone", "", |r| {
            people::bare(&r.me().mobile)
        }),
        field("postal_code", "postal-code", "", |r| {
            people::bare(&r.me().home.postal_code)
        }),
        field("pref", "postal-address", "prefecture", |r| {
            r.me().home.prefecture.into()
        }),
        field("addr01", "postal-address", "city", |r| {
            r.me().home.city.into()
        }),
        field("addr02", "postal-address", "street", |r| {
            format!("{}{}", r.me().home.street, r.me().home.building)
        }),
    ]
}

fn customer_table(town: &Town) -> Sheet {
    let mut fields = vec![plain("id", |r| (r.n + 1).to_string())];
    fields.extend(contact_fields());
    fields.extend([
        field("email", "email", "", |r| r.me().email.clone()),
        field("birth", "birth-date", "", |r| {
            if r.me().company.is_some() {
                String::new()
            } else {
                format!("{} 00:00:00", r.me().born())
            }
        }),
        field("sex_id", "gender", "", |r| {
            if r.me().female {
                "2".into()
            } else {
                "1".into()
            }
        })
        .optional(),
        field("job", "occupation", "", |r| {
            if r.me().company.is_some() {
                String::new()
            } else {
                r.me().occupation.into()
            }
        }),
        field("password", "credential", "password", |r| r.rng(1).hex(64)),
        field("salt", "credential", "", |r| r.rng(2).hex(10)).optional(),
        field("secret_key", "credential", "token", |r| r.rng(3).hex(32)).optional(),
        field("note", "free-answer", "", |r| {
            if r.n % 20 == 3 {
                "卵アレルギーあり。同梱しないこと".into()
            } else {
                String::new()
            }
        })
        .optional(),
        plain("point", |r| r.rng(4).below(2_000).to_string()),
        field("create_date", "registration-time", "", |r| {
            format!(
                "2024-{:02}-{:02} 09:{:02}:11",
                r.n % 12 + 1,
                r.n % 28 + 1,
                r.n % 60
            )
        })
        .optional(),
    ]);
    let records: Vec<Vec<&Person>> = town.customers[..REGISTERED]
        .iter()
        .chain(&town.companies)
        .map(|person| vec![person])
        .collect();
    Sheet::new("dtb_customer", fields, &records)
}

/// Orders and their parcels: every fourth goes to somebody else.
fn order_tables(town: &Town) -> [Sheet; 2] {
    let mut rng = Rng::new(101);
    let orders: Vec<Vec<&Person>> = (0..160)
        .map(|n| {
            let orderer = if n < 6 {
                &town.companies[n]
            } else {
                rng.pick(&town.customers[..REGISTERED])
            };
            vec![
                orderer,
                if n % 4 == 1 {
                    &town.recipients[n / 4]
                } else {
                    orderer
                },
            ]
        })
        .collect();
    let parcels: Vec<Vec<&Person>> = orders.iter().map(|record| vec![record[1]]).collect();
    let mut order = vec![
        plain("id", |r| (r.n + 1).to_string()),
        plain("order_no", |r| {
            format!("{}", 20_260_500_000u64 + r.n as u64)
        }),
    ];
    order.extend(contact_fields());
    order.extend([
        field("email", "email", "", |r| r.me().email.clone()),
        plain("payment_total", |r| {
            (r.rng(5).range(15, 200) * 100).to_string()
        }),
        plain("payment_method", |r| {
            r.rng(6)
                .pick(&["クレジットカード", "代金引換", "銀行振込"])
                .to_string()
        }),
        plain("order_date", |r| {
            format!(
                "2026-05-{:02} 1{}:{:02}:05",
                r.n % 28 + 1,
                r.n % 10,
                r.n % 60
            )
        }),
    ]);
    let mut shipping = vec![
        plain("id", |r| (r.n + 1).to_string()),
        plain("order_id", |r| (r.n + 1).to_string()),
    ];
    shipping.extend(contact_fields());
    shipping.push(plain("tracking_number", |r| r.rng(7).digits(12)));
    [
        Sheet::new("dtb_order", order, &orders),
        Sheet::new("dtb_shipping", shipping, &parcels),
    ]
}

fn database(folder: &mut Folder, town: &Town) {
    let nobody = vec![vec![&town.customers[0]]; GOODS.len()];
    let products = vec![
        plain("id", |r| (r.n + 1).to_string()),
        plain("name", |r| GOODS[r.n].into()),
        plain("product_code", |r| format!("hatake-{:03}", r.n + 1)),
        plain("price02", |r| (r.rng(8).range(5, 60) * 100).to_string()),
    ];
    let [orders, parcels] = order_tables(town);
    let tables = [
        customer_table(town),
        orders,
        parcels,
        Sheet::new("dtb_product", products, &nobody),
    ];
    let mut dump = String::from(
        "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n-- Host: localhost    Database: hatake_ichiba\n--\n\n/*!50503 SET NAMES utf8mb4 */;\n\n",
    );
    for table in &tables {
        dump += &table.mysql();
        folder.truth.sheet("input/hatake_ichiba.sql", table);
    }
    folder.file("hatake_ichiba.sql", dump.into());
}

/// The order export that the office works with: guests too, names in one column, telephone numbers with hyphens or in full
/// width.
fn order_export(folder: &mut Folder, town: &Town) {
    let mut rng = Rng::new(102);
    let records: Vec<Vec<&Person>> = (0..90)
        .map(|n| {
            let orderer = if n < 40 {
                &town.customers[REGISTERED + n]
            } else {
                rng.pick(&town.customers[..REGISTERED])
            };
            vec![
                orderer,
                if n % 6 == 2 {
                    &town.recipients[35 + n / 6]
                } else {
                    orderer
                },
            ]
        })
        .collect();
    let sheet = Sheet::new("注文一覧_202605", order_export_fields(), &records);
    folder.truth.sheet("input/注文一覧_202605.csv", &sheet);
    folder.file("注文一覧_202605.csv", encode(&sheet.csv(), "shift_jis"));
}

/// The columns of the order export.
fn order_export_fields() -> Vec<Field> {
    vec![
        plain("注文番号", |r| {
            format!("{}", 20_260_500_200u64 + r.n as u64)
        }),
        plain("注文日", |r| format!("2026/05/{:02}", r.n % 28 + 1)),
        field("お名前", "person-name", "", |r| {
            r.me().joined("\u{3000}")
        }),
        field("お名前(カナ)", "person-name", "reading", |r| {
            if r.me().western {
                String::new()
            } else {
                r.me().kana()
            }
        }),
        field("郵便番号", "postal-code", "", |r| {
            r.me().home.postal_code.clone()
        }),
        field("都道府県", "postal-address", "prefecture", |r| {
            r.me().home.prefecture.into()
        }),
        field("住所", "postal-address", "street", |r| {
            format!("{}{}", r.me().city_and_street(), r.me().home.building)
        }),
        field("TEL", "phone", "", |r| {
            if r.n % 5 == 0 {
                people::full_width(&people::bare(&r.me().mobile))
            } else {
                r.me().mobile.clone()
            }
        }),
        field("メールアドレス", "email", "", |r| {
            r.me().email.clone()
        }),
        field("配送先お名前", "person-name", "", |r| {
            r.you().joined("\u{3000}")
        })
        .of_second(),
        field("配送先郵便番号", "postal-code", "", |r| {
            r.you().home.postal_code.clone()
        })
        .of_second(),
        field("配送先住所", "postal-address", "", |r| {
            r.you().address()
        })
        .of_second(),
        field("配送先TEL", "phone", "", |r| r.you().mobile.clone()).of_second(),
        plain("商品名", |r| r.rng(9).pick(&GOODS).to_string()),
        plain("数量", |r| r.rng(10).range(1, 5).to_string()),
        field("備考", "free-answer", "", |r| {
            if r.n % 9 == 4 {
                "留守の場合は隣家へ、\r\nお願いします".into()
            } else {
                String::new()
            }
        })
        .optional(),
    ]
}

const MAILBOX: &str = "input/shop.mbox";

fn mailbox(folder: &mut Folder, town: &Town) {
    let mut out = Vec::new();
    for n in 0..50 {
        out.extend(confirmation(&mut folder.truth, n, &town.customers[n * 4]).mbox());
    }
    let askers: Vec<&Person> = town
        .askers
        .iter()
        .chain(town.customers[60..].iter().step_by(12).take(10))
        .collect();
    for (i, asker) in askers.into_iter().enumerate() {
        out.extend(enquiry(&mut folder.truth, 50 + i, asker).mbox());
    }
    for (i, victim) in town.customers[5..].iter().step_by(31).take(5).enumerate() {
        out.extend(chain(&mut folder.truth, 80 + i, victim).mbox());
    }
    folder.file("shop.mbox", out);
}

/// Enters what a body says of a person.
fn say_body(truth: &mut Truth, person: &Person, said: &[(&'static str, String)]) {
    for (kind, value) in said {
        truth.say(MAILBOX, kind, "", value, Some(person));
    }
}

/// The shop's own mail about an order.
fn confirmation(truth: &mut Truth, n: usize, to: &Person) -> Mail {
    let body = format!(
        "{0} 様\n\nこの度はご注文いただき誠にありがとうございます。\n\n************************************************\n　ご注文情報\n\
         ************************************************\nご注文番号：{1}\nお支払い合計：{2} 円\n\n　お届け先情報\n\
         お名前　：{0} 様\n郵便番号：〒{3}\n住所　　：{4}\n電話番号：{5}\n\n--\nはたけ市場\n{SHOP}\n",
        to.name(),
        20_260_500_000u64 + n as u64,
        (n as u64 * 37 % 90 + 10) * 100,
        to.home.postal_code,
        to.address(),
        to.mobile,
    );
    say_body(
        truth,
        to,
        &[
            ("person-name", to.joined(" ")),
            ("email", to.email.clone()),
            ("person-name", to.name()),
            ("person-name", to.name()),
            ("postal-code", to.home.postal_code.clone()),
            ("postal-address", to.address()),
            ("phone", to.mobile.clone()),
        ],
    );
    for _ in ["From", "signature"] {
        truth.say(MAILBOX, "email", "", SHOP, None);
    }
    Mail::new(
        n,
        ("", SHOP),
        (&to.joined(" "), &to.email),
        "ご注文ありがとうございます",
        &body,
    )
}

/// A question to the shop, with a signature.
fn enquiry(truth: &mut Truth, n: usize, from: &Person) -> Mail {
    let body = format!(
        "はたけ市場 ご担当者様\n\nお世話になっております。{0}です。\n先週届いた野菜セットのにんじんが傷んでいました。\n交換をお願いできますでしょうか。\n\n\
         -- \n{1}\n〒{2} {3}\nTEL: {4}\nE-mail: {5}\n",
        from.joined(""),
        from.name(),
        from.home.postal_code,
        from.address(),
        people::international(&from.mobile),
        from.email,
    );
    say_headers(truth, MAILBOX, from, SHOP);
    say_body(
        truth,
        from,
        &[
            ("person-name", from.joined("")),
            ("person-name", from.name()),
            ("postal-code", from.home.postal_code.clone()),
            ("postal-address", from.address()),
            ("phone", from.mobile.clone()),
            ("email", from.email.clone()),
        ],
    );
    Mail::new(
        n,
        (&from.joined(" "), &from.email),
        ("", SHOP),
        "商品について",
        &body,
    )
}

/// A reply as the Emotet gang sends it: the name of a real correspondent over the address of some hacked account, a quoted
/// thread, and a zip. Here the zip holds a harmless text.
fn chain(truth: &mut Truth, n: usize, victim: &Person) -> Mail {
    let hacked = format!("office{n}@hacked.test");
    let body = format!(
        "お世話になっております。\n添付ファイルをご確認ください。\nパスワードは別途お送りします。\n\n{0}\n{1}\n\n\
         > -----Original Message-----\n> From: はたけ市場 <{SHOP}>\n> To: {0} <{1}>\n> Subject: ご注文ありがとうございます\n>\n> {0} 様\n> ご注文の品を発送しました。\n",
        victim.name(),
        victim.email,
    );
    truth.say(
        MAILBOX,
        "person-name",
        "",
        &victim.joined(" "),
        Some(victim),
    );
    truth.say(MAILBOX, "email", "", &hacked, None);
    for _ in ["To", "quoted From"] {
        truth.say(MAILBOX, "email", "", SHOP, None);
    }
    for _ in ["signature", "quoted To"] {
        say_body(
            truth,
            victim,
            &[
                ("person-name", victim.name()),
                ("email", victim.email.clone()),
            ],
        );
    }
    say_body(truth, victim, &[("person-name", victim.name())]);
    let note = "これはテスト用の無害な文書です。\n";
    Mail::new(
        n,
        (&victim.joined(" "), &hacked),
        ("", SHOP),
        "RE: ご注文ありがとうございます",
        &body,
    )
    .attach(
        "請求書.zip",
        "application/zip",
        zipped(&[("note.txt", note.into())]),
    )
}

fn access_log(folder: &mut Folder) {
    let mut rng = Rng::new(103);
    let mut out = String::new();
    for n in 0..500 {
        // RFC 5737: addresses for documentation.
        let address = format!(
            "{}.{}",
            rng.pick(&["192.0.2", "198.51.100", "203.0.113"]),
            rng.range(1, 254)
        );
        let path = rng.pick(&[
            "/",
            "/products/list?category_id=3",
            "/products/detail/7",
            "/cart",
            "/shopping/complete",
            "/user_data/.well.php",
        ]);
        out += &format!(
            "{address} - - [{:02}/Jun/2026:{:02}:{:02}:{:02} +0900] \"GET {path} HTTP/1.1\" 200 {}\n",
            n / 25 + 1,
            n % 24,
            n % 60,
            n * 7 % 60,
            rng.range(200, 90_000)
        );
        folder
            .truth
            .say("input/access_log", "ip-address", "", &address, None);
    }
    folder.file("access_log", out.into());
}

/// Half of the readers are customers; some write their address in capitals.
fn newsletter(folder: &mut Folder, town: &Town) {
    let readers: Vec<Person> = town
        .customers
        .iter()
        .skip(80)
        .step_by(2)
        .take(60)
        .chain(&town.readers)
        .cloned()
        .collect();
    let fields = vec![
        field("email", "email", "", |r| {
            let email = &r.me().email;
            if r.n % 7 == 0 {
                email.to_uppercase()
            } else {
                email.clone()
            }
        }),
        field("nickname", "person-name", "alias", |r| {
            people::capital(&r.me().given_romaji)
        })
        .optional(),
        plain("active", |r| (r.n % 11 != 0).to_string()),
        field("joined", "registration-time", "", |r| {
            format!("2025-{:02}-{:02}T08:00:00Z", r.n % 12 + 1, r.n % 28 + 1)
        })
        .optional(),
    ];
    let sheet = Sheet::of("newsletter", fields, &readers);
    folder.truth.sheet("input/newsletter.jsonl", &sheet);
    folder.file("newsletter.jsonl", sheet.json_lines().into());
}

/// Two exports of the shop's former systems: one in half-width kana, one with old kanji and telephone numbers at home.
fn old_exports(folder: &mut Folder, town: &Town) {
    let kana = vec![
        plain("ｺｰﾄﾞ", |r| format!("{:06}", r.n + 1)),
        field("ｼﾒｲ", "person-name", "reading", |r| {
            if r.me().western {
                String::new()
            } else {
                people::half_width_kana(&r.me().kana())
            }
        }),
        field("ﾃﾞﾝﾜ", "phone", "", |r| {
            people::bare(&r.me().mobile)
        }),
        field("ｾｲﾈﾝｶﾞｯﾋﾟ", "birth-date", "", |r| {
            r.me().born_slashed()
        }),
    ];
    let register = vec![
        field("氏名", "person-name", "", |r| {
            people::old_kanji(&r.me().name())
        }),
        field("生年月日", "birth-date", "", |r| r.me().born_era()),
        field("郵便番号", "postal-code", "", |r| {
            people::full_width(&r.me().home.postal_code)
        }),
        field("住所", "postal-address", "", |r| {
            people::full_width(&r.me().address())
        }),
        field("電話", "phone", "", |r| r.me().home.phone.clone()),
    ];
    let kana = Sheet::of("kokyaku2015", kana, &town.customers[20..70]);
    let register = Sheet::of("haiso2018", register, &town.customers[50..110]);
    folder.truth.sheet("input/old.zip!/kokyaku2015.csv", &kana);
    folder
        .truth
        .sheet("input/old.zip!/2018/haiso2018.csv", &register);
    let files = [
        ("kokyaku2015.csv", encode(&kana.csv(), "shift_jis")),
        ("2018/haiso2018.csv", encode(&register.csv(), "euc-jp")),
    ];
    folder.file("old.zip", zipped(&files));
}
