//! Verdicts over hand-made tallies.

use super::*;
use crate::classify::Shape::*;

/// A column: its name, and the shapes of its hundred values in percent.
type Made<'a> = (Option<&'a str>, &'a [(Shape, u64)]);

fn tally(shapes: &[(Shape, u64)]) -> Tally {
    let mut tally = Tally {
        values: 100,
        chars: 600,
        different: u64::MAX,
        ..Tally::default()
    };
    for &(shape, count) in shapes {
        tally.shapes[shape as usize] = count;
    }
    tally
}

fn told(table: &str, columns: &[Made<'_>]) -> Vec<String> {
    let patterns = Patterns::builtin();
    let tallies: Vec<Tally> = columns.iter().map(|column| tally(column.1)).collect();
    let columns: Vec<(Option<&str>, &Tally)> = columns
        .iter()
        .map(|column| column.0)
        .zip(&tallies)
        .collect();
    let tell = |verdict: Verdict| {
        let Some(whole) = verdict.whole else {
            return if verdict.organisation {
                "organisation".to_owned()
            } else {
                "-".to_owned()
            };
        };
        assert!((0.0..=1.0).contains(&whole.confidence) && !whole.evidence.is_empty());
        let part = whole
            .part
            .as_str()
            .map(|part| format!(" {part}"))
            .unwrap_or_default();
        format!("{}{part}", patterns.info(whole.kind).name)
    };
    verdicts(patterns, table, &columns, Seen::default())
        .into_iter()
        .map(tell)
        .collect()
}

fn check(table: &str, columns: &[Made<'_>], expected: &[&str]) {
    assert_eq!(told(table, columns), expected, "{table}");
}

const JP_NAME: &[(Shape, u64)] = &[(JpFullName, 90), (HanShort, 100)];
const EN_NAME: &[(Shape, u64)] = &[(LatinFullName, 70), (Capitalised, 100)];
const EN_WORDS: &[(Shape, u64)] = &[(LatinFullName, 15), (Capitalised, 100)];
const EMAIL: &[(Shape, u64)] = &[(Email, 100)];
const PHONE: &[(Shape, u64)] = &[(PhoneJp, 98)];
const DATE: &[(Shape, u64)] = &[(Date, 100)];
const ADDRESS: &[(Shape, u64)] = &[(JpAddress, 95)];
const NUMBER: &[(Shape, u64)] = &[(Integer, 100), (Digits, 100)];

#[test]
fn customers_are_called_by_their_given_names() {
    let given: &[(Shape, u64)] = &[(LatinGiven, 95), (Capitalised, 100), (Word, 100)];
    let words: &[(Shape, u64)] = &[(LatinGiven, 30), (Capitalised, 100), (Word, 100)];
    let with = |number, name| {
        told(
            "bank",
            &[
                (Some(number), NUMBER),
                (Some("Name"), name),
                (Some("Balance"), NUMBER),
            ],
        )
    };
    assert_eq!(with("CustomerNo", given)[1], "person-name");
    assert_eq!(with("cust_id", given)[1], "person-name");
    assert_eq!(with("CustomerNo", words)[1], "organisation");
    assert_eq!(with("no", given)[1], "organisation");
    let numbers = |column, beside| told("bank", &[(Some(column), NUMBER), (Some(beside), NUMBER)]);
    assert_eq!(numbers("Account", "Balance")[0], "bank-account account");
    assert_ne!(numbers("Account", "Points")[0], "bank-account account");
    let asked = told(
        "asked",
        &[
            (Some("Name"), given),
            (Some("Age"), &[(AgeLike, 100), (Integer, 100)]),
            (Some("Job"), &[(Capitalised, 100)]),
        ],
    );
    assert_eq!(asked[0], "person-name");
}

#[test]
fn patients_without_a_word_for_their_numbers() {
    let uuid: &[(Shape, u64)] = &[(Uuid, 100)];
    let words: &[(Shape, u64)] = &[(Capitalised, 60), (Sentence, 40)];
    let told = |values| {
        let columns = [
            (Some("START"), DATE),
            (Some("PATIENT"), values),
            (Some("diagnosis"), words),
        ];
        told("conditions", &columns)
    };
    assert_eq!(told(uuid)[1..], ["medical-id", "special.health"]);
    assert_eq!(told(NUMBER)[1..], ["medical-id", "special.health"]);
    assert_ne!(told(EN_NAME)[1], "medical-id");
}

#[test]
fn states_of_things_are_no_names() {
    let beside = (Some("氏名"), JP_NAME);
    let told = |name| told("x", &[beside, (Some(name), JP_NAME)]);
    for name in ["申請状況", "状態", "処理ステータス"] {
        assert_eq!(told(name)[1], "-", "{name}");
    }
    assert_eq!(told("担当")[1], "person-name");
}

#[test]
fn beside_a_keeper_the_rest_is_the_animals() {
    let columns: &[Made<'_>] = &[
        (Some("カルテ番号"), NUMBER),
        (Some("品種"), &[(Kana, 90)]),
        (Some("性別"), &[(Gender, 100)]),
        (Some("生年月日"), DATE),
        (Some("飼い主氏名"), JP_NAME),
        (Some("電話番号"), PHONE),
    ];
    let expected = ["-", "-", "-", "-", "person-name", "phone"];
    check("vet", columns, &expected);
    let columns: &[Made<'_>] = &[
        (Some("patient_name"), EN_NAME),
        (Some("breed"), EN_WORDS),
        (Some("birth_date"), DATE),
        (Some("owner_name"), EN_NAME),
        (Some("owner_birth_date"), DATE),
    ];
    let expected = ["-", "-", "-", "person-name", "birth-date"];
    check("vet", columns, &expected);
}

#[test]
fn ids_of_messages_are_no_mailboxes() {
    let columns: &[Made<'_>] = &[
        (Some("Message-ID"), EMAIL),
        (Some("References"), EMAIL),
        (Some("From"), EMAIL),
    ];
    check("mails", columns, &["-", "-", "email"]);
    check("x", &[(Some("References"), EMAIL)], &["email"]);
}

#[test]
fn honest_headers() {
    let columns: &[Made<'_>] = &[
        (Some("会員番号"), NUMBER),
        (Some("氏名"), JP_NAME),
        (Some("フリガナ"), &[(Kana, 100), (KanaFullName, 80)]),
        (Some("性別"), &[(Gender, 100)]),
        (Some("生年月日"), DATE),
        (
            Some("年齢"),
            &[(AgeLike, 100), (Integer, 100), (Digits, 100)],
        ),
        (Some("郵便番号"), &[(PostalJp, 100)]),
        (Some("住所"), ADDRESS),
        (Some("電話番号"), PHONE),
        (Some("メールアドレス"), EMAIL),
        (Some("登録日"), &[(DateTime, 100)]),
        (Some("備考"), &[(Sentence, 60)]),
        (Some("会社名"), &[(Organisation, 80)]),
        (
            Some("個人番号"),
            &[(MyNumber, 100), (Digits12, 100), (Digits, 100)],
        ),
        (Some("パスワード"), &[(Hash, 100)]),
    ];
    let expected = [
        "-",
        "person-name",
        "person-name reading",
        "gender",
        "birth-date",
        "age",
        "postal-code",
        "postal-address",
        "phone",
        "email",
        "registration-time",
        "free-answer",
        "employer",
        "jp.my-number",
        "credential password",
    ];
    check("会員", columns, &expected);
}

#[test]
fn values_without_headers() {
    check("x", &[(None, JP_NAME)], &["person-name"]);
    check("x", &[(None, EN_NAME)], &["person-name"]);
    check("x", &[(None, EMAIL)], &["email"]);
    check("x", &[(None, PHONE)], &["phone"]);
    check("x", &[(None, ADDRESS)], &["postal-address"]);
    check("x", &[(None, &[(Card, 100)])], &["payment-card"]);
    check(
        "x",
        &[(None, &[(Card, 3), (CardLike, 20), (Digits, 100)])],
        &["-"],
    );
    check(
        "x",
        &[(None, &[(MyNumber, 100), (Digits12, 100)])],
        &["jp.my-number"],
    );
    check("x", &[(None, &[(MyNumber, 10), (Digits12, 100)])], &["-"]);
    check("x", &[(None, &[(Gender, 100)])], &["-"]);
    check(
        "x",
        &[(None, JP_NAME), (None, &[(Gender, 100)]), (None, PHONE)],
        &["person-name", "gender", "phone"],
    );
    let halves: &[Made<'_>] = &[
        (None, &[(JpSurname, 90), (HanShort, 100)]),
        (None, &[(JpGiven, 80), (HanShort, 100)]),
    ];
    check("x", halves, &["person-name family", "person-name given"]);
    check("x", &[(None, DATE)], &["-"]);
    check("x", &[(None, NUMBER)], &["-"]);
    check(
        "x",
        &[(None, &[(Bool, 100), (Gender, 100), (Integer, 100)])],
        &["-"],
    );
}

#[test]
fn lying_headers() {
    check(
        "Artist",
        &[(Some("ArtistId"), NUMBER), (Some("Name"), EN_WORDS)],
        &["-", "-"],
    );
    check(
        "film",
        &[
            (Some("title"), EN_WORDS),
            (Some("description"), &[(Sentence, 100)]),
        ],
        &["-", "-"],
    );
    check(
        "category",
        &[(Some("name"), &[(Capitalised, 100), (Word, 100)])],
        &["-"],
    );
    check(
        "products",
        &[(Some("name"), EN_WORDS), (Some("price"), &[(Decimal, 100)])],
        &["-", "-"],
    );
    check(
        "users",
        &[(Some("name"), EN_WORDS), (Some("email"), EMAIL)],
        &["person-name", "email"],
    );
    check(
        "accounts",
        &[(Some("email"), &[(Word, 100)])],
        &["username"],
    );
    check("x", &[(Some("氏名"), NUMBER)], &["-"]);
    check("x", &[(Some("address"), EMAIL)], &["email"]);
    check("x", &[(Some("address"), &[(Ip, 100)])], &["ip-address"]);
    check("x", &[(Some("電話番号"), DATE)], &["-"]);
    check("x", &[(Some("性別"), DATE)], &["-"]);
    check("x", &[(Some("生年月日"), EMAIL)], &["email"]);
    check(
        "orders",
        &[(
            Some("order_no"),
            &[(Digits, 100), (MyNumber, 9), (Digits12, 100)],
        )],
        &["-"],
    );
    check(
        "products",
        &[(Some("created_at"), &[(DateTime, 100)])],
        &["-"],
    );
    check(
        "x",
        &[(Some("password_updated_at"), &[(DateTime, 100)])],
        &["-"],
    );
}

#[test]
fn split_columns() {
    let columns: &[Made<'_>] = &[
        (Some("姓"), &[(JpSurname, 90)]),
        (Some("名"), &[(JpGiven, 80)]),
        (
            Some("郵便番号1"),
            &[(Digits, 100), (Integer, 100), (Digits3Or4, 100)],
        ),
        (
            Some("郵便番号2"),
            &[(Digits, 100), (Integer, 100), (Digits3Or4, 100)],
        ),
        (Some("都道府県"), &[(JpPrefecture, 100)]),
        (Some("市区町村"), &[(JpCity, 100)]),
        (Some("番地"), &[(JpStreet, 90)]),
        (Some("建物名"), &[(JpBuilding, 80)]),
        (Some("TEL1"), &[(Digits, 100), (Integer, 100)]),
        (
            Some("TEL2"),
            &[(Digits, 100), (Integer, 100), (Digits3Or4, 100)],
        ),
        (
            Some("TEL3"),
            &[(Digits, 100), (Integer, 100), (Digits3Or4, 100)],
        ),
    ];
    let expected = [
        "person-name family",
        "person-name given",
        "postal-code first",
        "postal-code second",
        "postal-address prefecture",
        "postal-address city",
        "postal-address street",
        "postal-address building",
        "phone first",
        "phone second",
        "phone third",
    ];
    check("x", columns, &expected);
    check("x", &[(Some("名"), JP_NAME)], &["person-name"]);
    let parts: &[Made<'_>] = &[
        (Some("氏名"), JP_NAME),
        (Some("生年"), NUMBER),
        (Some("生月"), NUMBER),
        (Some("カード番号"), &[(Card, 100)]),
        (Some("有効期限(月)"), &[(Integer, 100)]),
        (Some("有効期限(年)"), &[(Integer, 100)]),
        (Some("セキュリティコード"), &[(Digits3Or4, 100)]),
    ];
    let expected = [
        "person-name",
        "birth-date first",
        "birth-date second",
        "payment-card",
        "payment-card-expiry second",
        "payment-card-expiry first",
        "payment-card-security-code",
    ];
    check("x", parts, &expected);
    check("x", &[(Some("有効期限"), &[(MonthYear, 100)])], &["-"]);
}

#[test]
fn blank_headers_inherit_the_address() {
    let columns: &[Made<'_>] = &[
        (Some("住所"), &[(JpPrefecture, 100)]),
        (Some(""), &[(JpCity, 100)]),
        (None, &[(JpStreet, 100)]),
        (None, &[(JpBuilding, 60)]),
        (Some("生年月日"), DATE),
        (None, DATE),
    ];
    let expected = [
        "postal-address prefecture",
        "postal-address city",
        "postal-address street",
        "postal-address building",
        "birth-date",
        "-",
    ];
    check("x", columns, &expected);
}

#[test]
fn masked_and_ruined_columns() {
    check(
        "x",
        &[(Some("カード番号"), &[(CardLike, 100)])],
        &["payment-card"],
    );
    check(
        "x",
        &[(Some("住所"), &[(Masked, 100)])],
        &["postal-address"],
    );
    check("x", &[(Some("氏名"), &[(Masked, 100)])], &["person-name"]);
    check("x", &[(Some("card_no"), NUMBER)], &["-"]);
    let failing: &[(Shape, u64)] = &[(MyNumber, 10), (Digits12, 100), (Digits, 100)];
    check("x", &[(Some("マイナンバー"), failing)], &["jp.my-number"]);
}

#[test]
fn check_digits_are_counted() {
    let made = tally(&[(Card, 97), (CardLike, 3)]);
    let verdicts = verdicts(
        Patterns::builtin(),
        "x",
        &[(Some("card_number"), &made)],
        Seen::default(),
    );
    let whole = verdicts[0].whole.as_ref().expect("found");
    assert!(whole.evidence.contains(&named::check("card", 97, 3)));
    assert!(whole.accept.has(Card) && !whole.accept.has(Digits));
}

#[test]
fn roles_reach_the_verdict() {
    let (name, phone) = (tally(JP_NAME), tally(PHONE));
    let columns = [
        (Some("お届け先氏名"), &name),
        (Some("緊急連絡先電話番号"), &phone),
    ];
    let verdicts = verdicts(Patterns::builtin(), "x", &columns, Seen::default());
    assert_eq!(
        (verdicts[0].role, verdicts[1].role),
        (Role::Recipient, Role::Contact)
    );
}

#[test]
fn empty_columns_and_tables_are_nothing() {
    let empty = Tally {
        empty: 100,
        ..Tally::default()
    };
    assert_eq!(
        verdicts(
            Patterns::builtin(),
            "x",
            &[(Some("氏名"), &empty)],
            Seen::default()
        )[0]
        .whole,
        None
    );
    assert_eq!(verdicts(Patterns::builtin(), "", &[], Seen::default()), []);
}

#[test]
fn tallies_add_up() {
    let mut sum = tally(&[(Email, 3)]);
    sum.add(&tally(&[(Email, 4), (Url, 1)]));
    assert_eq!(
        (
            sum.values,
            sum.shapes[Email as usize],
            sum.shapes[Url as usize]
        ),
        (200, 7, 1)
    );
}

/// Each kind that only its label tells is found among people and refused among things.
#[test]
fn labelled_columns() {
    const CODE: &[(Shape, u64)] = &[(Code, 100)];
    const WORD: &[(Shape, u64)] = &[(HanShort, 100)];
    let rows: &[(&str, &[(Shape, u64)], &str)] = &[
        ("ssn", NUMBER, "us.ssn"),
        ("soc_sec_id", NUMBER, "us.ssn"),
        ("旅券番号", CODE, "passport"),
        ("在留カード番号", CODE, "jp.residence-card"),
        ("運転免許証番号", NUMBER, "jp.driver-licence"),
        ("基礎年金番号", NUMBER, "jp.pension"),
        ("雇用保険番号", NUMBER, "jp.employment-insurance"),
        ("保険証番号", NUMBER, "jp.health-insurance"),
        ("住民票コード", NUMBER, "jp.resident-record"),
        ("national_id", CODE, "national-id"),
        ("国籍", WORD, "nationality"),
        ("出身地", WORD, "birth-place"),
        ("婚姻状況", WORD, "marital-status"),
        ("年収", NUMBER, "financial"),
        ("緯度", &[(Decimal, 100)], "location"),
        ("血液型", &[(BloodType, 100)], "blood-type"),
        ("diagnosis", WORD, "special.health"),
        ("宗教", WORD, "special.belief"),
        ("race_ethnicity", WORD, "special.race"),
        ("前科", WORD, "special.crime"),
        ("障害等級", WORD, "special.disability"),
        ("website", &[(Url, 100)], "url"),
    ];
    for (name, values, kind) in rows {
        let people: &[Made<'_>] = &[
            (Some("氏名"), JP_NAME),
            (Some("生年月日"), DATE),
            (Some(name), values),
        ];
        assert_eq!(told("export", people)[2], *kind, "{name}");
        let things: &[Made<'_>] = &[
            (Some("商品コード"), CODE),
            (Some("価格"), NUMBER),
            (Some(name), values),
        ];
        assert_eq!(told("products", things)[2], "-", "{name}");
        let dates: &[Made<'_>] = &[
            (Some("氏名"), JP_NAME),
            (Some("生年月日"), DATE),
            (Some(name), EMAIL),
        ];
        assert_eq!(told("export", dates)[2], "email", "{name}");
    }
}

#[test]
fn pieces_of_a_birth_date_stand_together() {
    let columns: &[Made<'_>] = &[
        (Some("fname_c1"), &[(Capitalised, 100)]),
        (Some("lname_c1"), &[(Capitalised, 100)]),
        (Some("by"), NUMBER),
        (Some("bm"), NUMBER),
        (Some("bd"), NUMBER),
    ];
    let expected = [
        "person-name given",
        "person-name family",
        "birth-date first",
        "birth-date second",
        "birth-date third",
    ];
    check("registry", columns, &expected);
    let told = told("registry", &[columns[0], columns[1], columns[2]]);
    assert_eq!(told[2], "-");
}

/// A column of few different values.
#[test]
fn few_words_in_many_rows_are_no_half_names() {
    let patterns = Patterns::builtin();
    let told = |different: u64| {
        let mut colours = tally(&[(Word, 100), (LatinSurname, 90)]);
        colours.different = different;
        let given = tally(&[(Word, 100), (LatinGiven, 90)]);
        let columns = [(Some("kind"), &colours), (Some("who"), &given)];
        let found = verdicts(patterns, "source", &columns, Seen::default());
        found[0].whole.as_ref().map(|whole| whole.part)
    };
    assert_eq!(told(u64::MAX), Some(Part::Family));
    assert_eq!(told(0b111), None);
}

#[test]
fn a_family_name_called_fname() {
    let names: &[(Shape, u64)] = &[(Word, 100), (LatinGiven, 40)];
    let columns: &[Made<'_>] = &[
        (Some("gname"), names),
        (Some("fname"), names),
        (Some("phone"), PHONE),
    ];
    check(
        "source",
        columns,
        &["person-name given", "person-name family", "phone"],
    );
}

#[test]
fn what_stands_in_columns_outweighs_what_a_table_is_called() {
    let given: &[(Shape, u64)] = &[(Word, 100), (LatinGiven, 90)];
    let family: &[(Shape, u64)] = &[(HanShort, 100), (JpSurname, 90)];
    let latin: &[(Shape, u64)] = &[(Word, 100), (LatinSurname, 90)];
    let (name, phone) = ("person-name", "phone");
    let check = |table: &str, columns: [Made<'_>; 2], expected: &[&str]| {
        check(table, &columns, expected);
    };
    check(
        "school",
        [(Some("name"), given), (Some("phone"), PHONE)],
        &[name, phone],
    );
    check(
        "施設",
        [(Some("名前"), family), (Some("携帯"), PHONE)],
        &[name, "phone mobile"],
    );
    check(
        "営業部門",
        [(Some("社員"), family), (Some("携帯"), PHONE)],
        &[name, "phone mobile"],
    );
    check(
        "restaurant",
        [(Some("guest"), latin), (Some("phone"), PHONE)],
        &[name, phone],
    );
    let words: &[(Shape, u64)] = &[(Word, 100), (LatinSurname, 10)];
    check(
        "branch",
        [(Some("name"), words), (Some("phone"), PHONE)],
        &["organisation", phone],
    );
    for table in ["department", "office", "school", "hospital"] {
        let columns = [(Some("name"), EN_NAME), (Some("manager.name"), EN_NAME)];
        assert_eq!(told(table, &columns), [name, name], "{table}");
    }
    let columns: &[Made<'_>] = &[(Some("date"), DATE), (Some("schools[].name"), EN_NAME)];
    assert_eq!(told("visits", columns)[1], name);
}

#[test]
fn shifts_are_of_those_who_work_then() {
    let family: &[(Shape, u64)] = &[(HanShort, 100), (JpSurname, 90)];
    let columns: &[Made<'_>] = &[
        (Some("日付"), DATE),
        (Some("早番"), family),
        (Some("夜勤"), family),
    ];
    check("source", columns, &["-", "person-name", "person-name"]);
    check("source", &columns[..2], &["-", "-"]);
}

#[test]
fn names_that_stand_again_are_of_others() {
    let patterns = Patterns::builtin();
    let slots = |made: &[Made<'_>]| {
        let tallies: Vec<Tally> = made.iter().map(|column| tally(column.1)).collect();
        let columns: Vec<_> = made.iter().map(|column| column.0).zip(&tallies).collect();
        let slots = verdicts(patterns, "source", &columns, Seen::default());
        slots
            .iter()
            .map(|verdict| verdict.slot)
            .collect::<Vec<u16>>()
    };
    let (name, date, phone) = (Some("氏名"), Some("生年月日"), Some("電話"));
    let kana: &[(Shape, u64)] = &[(KanaFullName, 90), (Kana, 100)];
    let made = [
        (name, JP_NAME),
        (date, DATE),
        (name, JP_NAME),
        (phone, PHONE),
        (name, JP_NAME),
    ];
    let found = slots(&made);
    assert!(found[0] == 0 && found[1] == 0 && found[2] == found[3]);
    assert!(found[2] > 0 && found[4] > found[2]);
    assert_eq!(
        slots(&[(name, JP_NAME), (date, DATE), (name, kana)]),
        [0, 0, 0]
    );
}
