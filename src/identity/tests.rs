//! Counts on small invented populations, and the traps that real exports hold. Long because each trap stands with its rows.

use super::resolve::link;
use super::{
    Beside, Extractor, Field, Headcount, KindIds, Locus, Log, Mention, Resolution, Setting, Store,
};
use crate::classify::Match;
use crate::pattern::region::Region;
use crate::pattern::{Kind, KindSet, Part, Role};

const KINDS: [&str; 17] = [
    "birth-date",
    "email",
    "jp.my-number",
    "payment-card",
    "person-name",
    "phone",
    "postal-address",
    "postal-code",
    "username",
    "us.ssn",
    "dl",
    "passport",
    "jp.driver-licence",
    "jp.pension",
    "jp.residence-card",
    "jp.employment-insurance",
    "national-id",
];

fn kind(name: &str) -> Option<Kind> {
    KINDS
        .iter()
        .zip(0..)
        .find(|(known, _)| **known == name)
        .map(|(_, at)| Kind(at))
}

pub(super) fn extractor() -> Extractor<'static> {
    extractor_behind(0)
}

/// An extractor where so many kinds stand before those that are known here.
fn extractor_behind(others: u8) -> Extractor<'static> {
    let kind = |name: &str| kind(name).map(|Kind(at)| Kind(at + others));
    Extractor::with(KindIds::new(
        kind,
        ["us.ssn", "dl", "passport", "jp.residence-card"]
            .into_iter()
            .filter_map(kind),
    ))
}

/// `姓`, `email` … to a field; unknown headers are no field.
pub(super) fn column(header: &str) -> Option<(Kind, Part, Role)> {
    let (role, header) = match header.split_once('.') {
        Some(("to", rest)) => (Role::Recipient, rest),
        _ => (Role::Own, header),
    };
    let (name, part) = match header {
        "name" => ("person-name", Part::Whole),
        "family" => ("person-name", Part::Family),
        "given" => ("person-name", Part::Given),
        "middle" => ("person-name", Part::Middle),
        "kana" => ("person-name", Part::Reading),
        "mail" => ("email", Part::Whole),
        "tel" => ("phone", Part::Whole),
        "tel1" => ("phone", Part::First),
        "tel2" => ("phone", Part::Second),
        "tel3" => ("phone", Part::Third),
        "home" => ("phone", Part::Home),
        "birth" => ("birth-date", Part::Whole),
        "year" => ("birth-date", Part::First),
        "month" => ("birth-date", Part::Second),
        "day" => ("birth-date", Part::Third),
        "addr" => ("postal-address", Part::Whole),
        "pref" => ("postal-address", Part::Prefecture),
        "city" => ("postal-address", Part::City),
        "street" => ("postal-address", Part::Street),
        "building" => ("postal-address", Part::Building),
        "zip" => ("postal-code", Part::Whole),
        "card" => ("payment-card", Part::Whole),
        "mynumber" => ("jp.my-number", Part::Whole),
        "ssn" => ("us.ssn", Part::Whole),
        "dl" => ("dl", Part::Whole),
        "passport" => ("passport", Part::Whole),
        "licence" => ("jp.driver-licence", Part::Whole),
        "pension" => ("jp.pension", Part::Whole),
        "residence" => ("jp.residence-card", Part::Whole),
        "insurance" => ("jp.employment-insurance", Part::Whole),
        "national" => ("national-id", Part::Whole),
        "user" => ("username", Part::Whole),
        _ => return None,
    };
    Some((kind(name)?, part, role))
}

/// The mentions of a row written `name=山田太郎 | mail=…`; `company` is the company column.
pub(super) fn mentions(row: &str) -> Vec<Mention> {
    mentions_behind(row, 0)
}

fn mentions_behind(row: &str, others: u8) -> Vec<Mention> {
    let cells: Vec<(&str, &str)> = row
        .split('|')
        .filter_map(|cell| cell.trim().split_once('='))
        .collect();
    let company = cells
        .iter()
        .find(|cell| cell.0 == "company")
        .map(|cell| cell.1);
    let fields: Vec<Field<'_>> = cells
        .iter()
        .filter_map(|&(header, value)| {
            let (kind, part, role) = column(header)?;
            Some(Field {
                kind: Kind(kind.0 + others),
                part,
                role,
                slot: 0,
                value,
            })
        })
        .collect();
    let mut out = Vec::new();
    let members: Vec<(&str, &str)> = cells
        .iter()
        .filter_map(|&(header, value)| Some((header.strip_suffix('#')?, value)))
        .collect();
    let beside = Beside {
        eastern: cells.iter().any(|cell| cell.0 == "eastern"),
        organisation: company,
        undecided: false,
        members: &members,
        listed: true,
        household: cells
            .iter()
            .find(|cell| cell.0 == "household")
            .map(|cell| cell.1),
        rest: cells
            .iter()
            .find(|cell| cell.0 == "rest")
            .and_then(|cell| Some((1, cell.1.parse().ok()?))),
    };
    extractor_behind(others).row(&fields, beside, &mut out);
    out
}

pub(super) fn store<'a>(rows: impl IntoIterator<Item = &'a str>) -> Store {
    let mut store = Log::default();
    for (record, row) in (0u64..).zip(rows) {
        mentions(row).iter().for_each(|mention| {
            store.add(
                mention,
                Locus {
                    record,
                    ..Locus::default()
                },
            )
        });
    }
    store.into_store()
}

fn linked(store: Store) -> Resolution {
    link(&store.into_tuples())
}

pub(super) fn resolved(rows: &[&str]) -> Resolution {
    linked(store(rows.iter().copied()))
}

#[track_caller]
fn check(rows: &[&str], min: u64, best: u64, max: u64) {
    assert_eq!(
        resolved(rows).persons,
        Headcount { min, best, max },
        "{rows:?}"
    );
}

#[test]
fn one_person_in_many_writings() {
    let pairs = [
        [
            "name=山田太郎 | mail=Taro@Example.com",
            "name=山田　太郎 | mail=taro+shop@example.com",
        ],
        [
            "family=髙橋 | given=健 | birth=1980-02-03",
            "name=高橋健 | birth=昭和55年2月3日",
        ],
        [
            "name=山田太郎 | tel=+81-90-2345-6701",
            "name=山田太郎 | tel=09023456701",
        ],
        [
            "name=山田太郎 | tel1=03 | tel2=3345 | tel3=9981",
            "name=山田太郎様 | tel=０３－３３４５－９９８１",
        ],
        [
            "name=渡邊 花子 | addr=東京都港区芝公園４丁目２－８",
            "name=渡辺花子 | pref=東京都 | city=港区 | street=芝公園4-2-8 | building=タワー101号室",
        ],
        [
            "name=Anne Jackson | birth=25/12/1986",
            "family=JACKSON | given=Anne | birth=1986-12-25",
        ],
        [
            "name=Jackson, Anne | birth=10/12/1994",
            "name=Anne Jackson | birth=1994-12-10",
        ],
        [
            "name=山田花子 | kana=やまだはなこ | mail=hana@example.net",
            "name=ヤマダ ハナコ | mail=hana@example.net",
        ],
        [
            "name=佐藤一 | mynumber=1234 5678 9018",
            "name=佐藤一 | mynumber=123456789018",
        ],
        [
            "name=佐藤一 | year=1975 | month=4 | day=9",
            "name=佐藤一 | birth=S50.4.9",
        ],
        [
            "name=JACKSON/ANNE MS | mail=anne@example.com",
            "family=Jackson | given=Anne | mail=anne@example.com",
        ],
        [
            "name=佐藤,一郎 | mail=ichiro@example.com",
            "name=佐藤一郎 | mail=ichiro@example.com",
        ],
        [
            "name=佐藤一 | card=4111 1111 1111 1111",
            "name=佐藤 一 | card=4111111111111111",
        ],
    ];
    for pair in pairs {
        check(&pair, 1, 1, 1);
    }
}

#[test]
fn different_people_stay_apart() {
    let groups: [(&[&str], u64); 8] = [
        // A family shares address, phone and e-mail.
        (
            &[
                "name=山田 太郎 | mail=yamada@example.com | home=0312349876 | addr=港区芝1-2-3",
                "name=山田 花子 | mail=yamada@example.com | home=0312349876 | addr=港区芝1-2-3",
            ],
            2,
        ),
        // Namesakes in one town.
        (
            &[
                "name=佐藤 健 | birth=1970-05-06 | zip=1050011",
                "name=佐藤 健 | birth=1991-07-08 | zip=1050011",
            ],
            2,
        ),
        // Father and son of one name at one address.
        (
            &[
                "name=John Doe | birth=1950-05-16 | street=12 Hill Road | city=Leeds",
                "name=John Doe | birth=1980-07-18 | street=12 Hill Road | city=Leeds",
            ],
            2,
        ),
        // Different My Numbers are different people, even with one e-mail.
        (
            &[
                "name=佐藤 健 | mail=a.sato@example.com | mynumber=123456789018",
                "name=佐藤 健 | mail=a.sato@example.com | mynumber=246813579010",
            ],
            2,
        ),
        // Orderer and recipient.
        (
            &[
                "name=山田 太郎 | mail=yamada@example.com | to.name=鈴木 次郎 | to.addr=大阪市北区1-2-3",
            ],
            2,
        ),
        // To oneself at another address.
        (
            &[
                "name=山田 太郎 | mail=yamada@example.com | to.name=山田太郎 | to.addr=大阪市北区1-2-3",
            ],
            1,
        ),
        // Only one role is named: the columns of no role are that person's.
        (
            &["mail=yamada@example.com | tel=090-2345-6701 | to.name=山田太郎"],
            1,
        ),
        // Orderer without a recipient's name.
        (
            &["name=山田 太郎 | mail=yamada@example.com | to.addr=大阪市北区1-2-3"],
            1,
        ),
    ];
    for (rows, people) in groups {
        let persons = resolved(rows).persons;
        assert_eq!((persons.best, persons.max), (people, people), "{rows:?}");
    }
}

/// A thousand people whose contact is a filler, a function's mailbox or a switchboard are a thousand people.
#[test]
fn shared_values_merge_nobody() {
    let given = [
        "太郎", "花子", "健", "美咲", "一郎", "直子", "誠", "恵", "学", "愛",
    ];
    let family = [
        "佐藤", "鈴木", "高橋", "田中", "伊藤", "渡辺", "山本", "中村", "小林", "加藤",
    ];
    let shared = [
        "mail=info@example.co.jp",
        "tel=000-0000-0000",
        "mail=reception1985@example.com",
        "tel=03-3456-1122",
        "birth=1900-01-01",
    ];
    for contact in shared {
        let rows: Vec<String> = (0..1000)
            .map(|i| {
                format!(
                    "family={} | given={}{} | addr=港区芝{}-{}-1 | {contact}",
                    family[i % 10],
                    given[i / 10 % 10],
                    i / 100,
                    i / 10 + 1,
                    i % 10 + 1
                )
            })
            .collect();
        let persons = linked(store(rows.iter().map(String::as_str))).persons;
        assert_eq!(
            persons,
            Headcount {
                min: 1000,
                best: 1000,
                max: 1000
            },
            "{contact}"
        );
    }
}

#[test]
fn organisations_are_no_people() {
    let found = resolved(&[
        "name=株式会社やまだ農園 | tel=03-3456-1122",
        "company=Hill Farm Ltd | mail=info@hill.example",
        "mail=info@hill.example",
        "company=Hill Farm Ltd | name=Anne Jackson | mail=anne@hill.example",
    ]);
    assert_eq!((found.organisations, found.persons.best), (2, 1));
}

#[test]
fn what_names_nobody_is_in_the_upper_bound_only() {
    check(
        &[
            "given=Anne | city=Leeds",
            "name=Anne Jackson | mail=anne@example.com",
        ],
        1,
        1,
        2,
    );
    check(
        &[
            "name=Anne Jackson",
            "name=Anne Jackson | mail=anne@example.com",
        ],
        1,
        1,
        2,
    );
    // A surname alone, however long, beside a full name without a blank.
    check(
        &["name=長谷川", "name=長谷川健太", "name=佐々木様"],
        2,
        2,
        3,
    );
    check(
        &[
            "name=Anne Jackson",
            "name=Anne Jackson | mail=anne@example.com",
            "name=Anne Jackson | mail=bluebird@example.net",
        ],
        2,
        3,
        3,
    );
}

#[test]
fn an_address_or_number_alone_is_somebody() {
    check(&["mail=anne@example.com"], 1, 1, 1);
    check(&["mail=anne@example.com", "tel=090-2345-6701"], 2, 2, 2);
    check(
        &[
            "mail=anne@example.com",
            "mail=anne@example.com | tel=090-2345-6701",
            "name=Anne Jackson | mail=anne@example.com",
        ],
        1,
        1,
        1,
    );
    check(&["zip=105-0011", "addr=港区芝1-2-3"], 0, 0, 2);
}

#[test]
fn contradictions_are_counted_not_merged() {
    let found = resolved(&[
        "name=佐藤健 | mynumber=123456789018 | birth=1970-05-06",
        "name=鈴木愛 | mynumber=123456789018 | birth=1991-07-08",
    ]);
    assert_eq!((found.persons.best, found.conflicts), (2, 1));
}

/// Numbers that nobody has two of: whoever have different ones are two under all rules, and a conflict; equal ones are one person's, and
/// a number that was typed wrong is none.
#[test]
fn different_numbers_on_the_highest_step_are_never_one_person() {
    let numbers = [
        ("mynumber", "123456789018", "983205673214"),
        ("licence", "305012345630", "305012345710"),
        ("pension", "4821-305977", "4821-305913"),
        ("insurance", "4821-305977-1", "4821-305971-7"),
        ("national", "44051401458", "44051401465"),
    ];
    for (column, one, other) in numbers {
        let person = "name=佐藤健 | birth=1970-05-06 | mail=ken@example.com | tel=090-2345-6701";
        let row = |number: &str| format!("{person} | {column}={number} | addr=港区芝1-2-3");
        let (first, second) = (row(one), row(other));
        let found = resolved(&[&first, &second]);
        let Headcount { min, best, max } = found.persons;
        assert_eq!((min, best, max, found.conflicts), (2, 2, 2, 1), "{column}");
        // One number, other contacts.
        let moved = format!("name=佐藤健 | {column}={one} | mail=sato@example.net");
        let found = resolved(&[&first, &moved]);
        assert_eq!((found.persons.best, found.conflicts), (1, 0), "{column}");
    }
    // The last digit of a licence counts how often it was issued.
    let licence = |number: &str| format!("name=佐藤健 | birth=1970-05-06 | licence={number}");
    let found = resolved(&[&licence("305012345630"), &licence("305012345631")]);
    assert_eq!((found.persons.max, found.conflicts), (1, 0));
    // Typed wrong: no number of anybody, so nothing that is certain speaks against one person.
    let person = "name=佐藤健 | birth=1970-05-06 | mail=ken@example.com";
    let row = |number: &str| format!("{person} | mynumber={number}");
    let found = resolved(&[&row("123456789018"), &row("123456789081")]);
    assert_eq!(found.persons.min, 1);
}

/// Who renews a passport or a card has another number: nothing that is certain speaks against one person.
#[test]
fn numbers_of_documents_change() {
    let numbers = [
        ("residence", "AB48213059CD", "AB48213095CD"),
        ("passport", "TK4821305", "TR7733106"),
        ("national", "T220001293", "L01X00T471"),
    ];
    for (column, old, new) in numbers {
        let person = "name=佐藤健 | birth=1970-05-06 | mail=ken@example.com | tel=090-2345-6701";
        let row = |number: &str| format!("{person} | {column}={number}");
        let found = resolved(&[&row(old), &row(new)]);
        assert_eq!(found.persons.min, 1, "{column}");
    }
}

#[test]
fn households() {
    let found = resolved(&[
        "name=山田太郎 | addr=港区芝1-2-3",
        "name=山田花子 | addr=東京都港区芝1-2-3 コーポ201",
        "name=山田次郎 | addr=港区芝1-2-4",
        "name=佐藤健 | addr=港区芝1-2-3",
        "mail=anne@example.com",
    ]);
    // Anne's address is unknown.
    assert_eq!((found.persons.best, found.households), (5, 3));
}

/// Scanned twice, absorbed in any order and in any pieces: the same people with the same numbers.
#[test]
fn order_and_repetition_are_nothing() {
    let rows = [
        "name=山田太郎 | mail=a@example.com | tel=090-2345-6701",
        "mail=a@example.com",
        "name=佐藤健 | mail=ken@example.com",
        "name=山田太郎",
        "name=佐藤健 | tel=090-2345-6701",
    ];
    let whole = resolved(&rows);
    let twice = linked(store(rows.iter().chain(&rows).copied()));
    assert_eq!(
        (twice.rows, twice.records, twice.persons),
        (whole.rows, whole.records * 2, whole.persons)
    );
    for rotation in 0..rows.len() {
        let mut sum = Store::default();
        for at in 0..rows.len() {
            let record = ((at + rotation) % rows.len()) as u64;
            sum.absorb(store([rows[record as usize]]), &|locus| Locus {
                record: locus.record + record,
                ..locus
            });
        }
        let found = linked(sum);
        assert_eq!(
            (found.persons, &found.by_kinds, found.households),
            (whole.persons, &whole.by_kinds, whole.households)
        );
        for row in rows {
            let mention = &mentions(row)[0];
            assert_eq!(found.subject(mention), whole.subject(mention), "{row}");
        }
    }
}

#[test]
fn subjects_are_numbered_as_they_appear() {
    let found = resolved(&[
        "name=佐藤健 | mail=ken@example.com",
        "company=Hill Ltd | mail=info@hill.example",
        "name=鈴木愛 | mail=ai@example.com",
        "mail=ken@example.com",
    ]);
    let subject = |row: &str| found.subject(&mentions(row)[0]);
    assert_eq!(subject("name=佐藤健 | mail=ken@example.com"), Some(1));
    assert_eq!(subject("name=鈴木愛 | mail=ai@example.com"), Some(2));
    assert_eq!(subject("mail=ken@example.com"), Some(1));
    assert_eq!(subject("company=Hill Ltd | mail=info@hill.example"), None);
}

#[test]
fn counts_by_kind() {
    let found = resolved(&[
        "name=佐藤健 | mail=ken@example.com",
        "mail=ken@example.com | card=4111111111111111",
        "mail=ai@example.com",
    ]);
    let set = |names: &[&str]| {
        names
            .iter()
            .filter_map(|name| kind(name))
            .fold(KindSet::default(), KindSet::with)
    };
    assert_eq!(
        found.by_kinds,
        [
            (set(&["email"]), [1; 3]),
            (set(&["email", "payment-card", "person-name"]), [1; 3])
        ]
    );
    assert!(found.by_kind.contains(&(
        kind("email").expect("known"),
        Headcount {
            min: 2,
            best: 2,
            max: 2
        }
    )));
}

/// Matches of a text, found by plain search for these pieces.
fn matches(text: &str, pieces: &[(&str, &str)]) -> Vec<Match> {
    let mut out: Vec<Match> = pieces
        .iter()
        .flat_map(|&(name, piece)| {
            text.match_indices(piece)
                .map(move |(start, _)| (name, start, start + piece.len()))
        })
        .filter_map(|(name, start, end)| {
            Some(Match {
                kind: kind(name)?,
                part: Part::Whole,
                start,
                end,
                confidence: 1.0,
                why: Default::default(),
            })
        })
        .collect();
    out.sort_by_key(|one| one.start);
    out
}

fn people_of(mentions: &[Mention]) -> Headcount {
    let mut log = Log::default();
    mentions
        .iter()
        .for_each(|mention| log.add(mention, Locus::default()));
    linked(log.into_store()).persons
}

#[test]
fn lines_and_labelled_blocks_are_people() {
    let cases: [(&str, &[(&str, &str)], u64); 4] = [
        (
            "login ken@example.com\nlogin ai@example.com\n",
            &[("email", "ken@example.com"), ("email", "ai@example.com")],
            2,
        ),
        (
            "sent to ken@example.com, ai@example.com\n",
            &[("email", "ken@example.com"), ("email", "ai@example.com")],
            2,
        ),
        (
            "氏名：佐藤健\n電話：090-2345-6701\n住所：港区芝1-2-3\n\n氏名：鈴木愛\n電話：090-8765-4301\n",
            &[
                ("person-name", "佐藤健"),
                ("phone", "090-2345-6701"),
                ("postal-address", "港区芝1-2-3"),
                ("person-name", "鈴木愛"),
                ("phone", "090-8765-4301"),
            ],
            2,
        ),
        (
            "氏名：佐藤健\n電話：090-2345-6701\n氏名：鈴木愛\n電話：090-8765-4301\n",
            &[
                ("person-name", "佐藤健"),
                ("phone", "090-2345-6701"),
                ("person-name", "鈴木愛"),
                ("phone", "090-8765-4301"),
            ],
            2,
        ),
    ];
    for (text, pieces, people) in cases {
        let mut out = Vec::new();
        extractor().text((text, Setting::Lines), &matches(text, pieces), &mut out);
        assert_eq!(people_of(&out).best, people, "{text}");
    }
}

#[test]
fn mail_speaks_of_sender_recipients_and_whom_it_names() {
    let body = "鈴木様\n\n佐藤です。\n> On Monday 鈴木愛 wrote:\n\n-- \n佐藤健\nTel: 090-2345-6701\nken@example.com\n";
    let found = matches(
        body,
        &[
            ("person-name", "鈴木愛"),
            ("person-name", "佐藤健"),
            ("phone", "090-2345-6701"),
            ("email", "ken@example.com"),
        ],
    );
    let cells = [
        Some("佐藤 健 <ken@example.com>"),
        Some("\"鈴木 愛\" <ai@example.com>, \"Jackson, Anne\" <anne@example.com>"),
        Some("やまだ農園ショップ <info@farm.example>"),
        None,
        None,
        None,
        None,
        None,
        Some(body),
    ];
    let mut out = Vec::new();
    extractor().mail(&cells, &found, &mut out);
    let roles: Vec<Role> = out.iter().map(|mention| mention.role).collect();
    assert_eq!(
        roles,
        [
            Role::Sender,
            Role::Recipient,
            Role::Recipient,
            Role::Recipient
        ]
    );
    assert_eq!(people_of(&out).best, 3);
}

#[test]
fn debug_shows_no_value() {
    let shown = format!(
        "{:?}",
        mentions("name=佐藤健 | mail=ken@example.com | tel=090-2345-6701")
    );
    assert!(
        !shown.contains("佐藤") && !shown.contains("ken") && !shown.contains("2345"),
        "{shown}"
    );
}

proptest::proptest! {
    /// Whatever stands in the cells: no panic, and the bounds are in order.
    #[test]
    fn any_cells_give_ordered_bounds(rows in proptest::collection::vec(("\\PC{0,12}", "[a-c]{1,2}@[a-c]\\.example", "0[0-9]{9,10}", "[0-9一丁目-]{0,9}"), 0..12)) {
        let rows: Vec<String> = rows.iter().map(|(name, mail, tel, addr)| format!("name={name} | mail={mail} | tel={tel} | addr=港区芝{addr}")).collect();
        let store = store(rows.iter().map(String::as_str));
        let found = linked(store);
        let Headcount { min, best, max } = found.persons;
        proptest::prop_assert!(min <= best && best <= max && max <= found.records);
        proptest::prop_assert!(found.households <= best);
    }
}

/// People by role and by where they live: an address before a postal code before a phone number.
#[test]
fn people_are_broken_down() {
    let found = resolved(&[
        "name=佐藤美咲 | addr=東京都千代田区千代田1-1 | mail=misaki@example.com",
        "name=佐藤美咲 | zip=530-0001 | mail=misaki@example.com",
        "name=鈴木健太 | zip=530-0001 | tel=03-1234-4321",
        "name=高橋由美 | tel=011-222-3456",
        "name=John Smith | addr=1 Main St, Springfield, IL 62701",
        "name=Jane Brown | tel=+44 20 7946 0123",
        "name=田中翔太 | mail=shota@example.com",
        // Two addresses of one person.
        "name=伊藤直樹 | addr=京都府京都市左京区吉田1-2 | mail=naoki@example.com",
        "name=伊藤直樹 | addr=奈良県奈良市登大路町3-4 | mail=naoki@example.com",
    ]);
    let by = |all: &[(Region, Headcount)]| -> Vec<(&'static str, u64)> {
        all.iter()
            .map(|(region, persons)| (region.code(), persons.best))
            .collect()
    };
    assert_eq!(found.persons.best, 7);
    assert_eq!(by(&found.by_country), [("GB", 1), ("JP", 4), ("US", 1)]);
    assert_eq!(
        by(&found.by_region),
        [
            ("JP-01", 1),
            ("JP-13", 1),
            ("JP-26", 1),
            ("JP-27", 1),
            ("JP-29", 1),
            ("US-IL", 1)
        ]
    );
    assert_eq!(found.nowhere.best, 1);
    assert_eq!(found.by_role.len(), 1);
    assert_eq!(found.by_role[0].1.best, 7);
    assert_eq!(found.by_source.len(), 1);
    assert_eq!(found.by_source[0].best, 7);
}

#[test]
fn own_people_are_told_apart() {
    let mut extractor = extractor().with_own_domains(&["example.co.jp".to_owned()]);
    let mut log = Log::default();
    for (record, mail) in (0u64..).zip([
        "a.sato@example.co.jp",
        "k.suzuki@tokyo.example.co.jp",
        "y.takahashi@notexample.co.jp",
        "s.tanaka@example.com",
    ]) {
        let mut out = Vec::new();
        let field = Field {
            kind: kind("email").expect("known"),
            part: Part::Whole,
            role: Role::Own,
            slot: 0,
            value: mail,
        };
        extractor.row(&[field], Beside::default(), &mut out);
        let locus = Locus { source: 0, record };
        out.iter().for_each(|mention| log.add(mention, locus));
    }
    let found = linked(log.into_store());
    assert_eq!((found.persons.best, found.own.best), (4, 2));
}

/// Equal records of which one tells the prefecture: whichever comes first, the person lives there.
#[test]
fn the_order_of_equal_records_does_not_show_in_regions() {
    let rows = [
        "name=佐藤美咲 | addr=東京都中央区銀座1-1 | mail=misaki@example.com",
        "name=佐藤美咲 | addr=中央区銀座1-1 | mail=misaki@example.com",
    ];
    let back: Vec<&str> = rows.iter().rev().copied().collect();
    for rows in [&rows[..], &back] {
        let found = resolved(rows);
        assert_eq!(found.by_region.len(), 1, "{rows:?}");
        assert_eq!(found.by_region[0].0.code(), "JP-13");
    }
}

/// Kinds get other numbers with every new one: that must not show in the order of records, which breaks ties between links.
#[test]
fn the_numbers_of_kinds_do_not_show_in_the_order() {
    let rows: Vec<String> = (0..60)
        .map(|n| {
            let (given, mail) = (n % 7, n % 11);
            format!("name=Ann{given} Lee | mail=m{mail}@example.com | ssn=12345{n:04} | dl=D{n:07}")
        })
        .collect();
    let order = |others: u8| -> Vec<u64> {
        let mut store = Log::default();
        for (record, row) in (0u64..).zip(&rows) {
            let at = Locus { source: 0, record };
            let mentions = mentions_behind(row, others);
            mentions.iter().for_each(|mention| store.add(mention, at));
        }
        let tuples = store.into_store().into_tuples();
        tuples
            .tuples()
            .iter()
            .map(|tuple| tuple.first().record)
            .collect()
    };
    assert_eq!(order(0), order(5));
}
