//! Summaries of hand-made results.

use super::*;
use crate::pattern::Key;
use crate::scope::{
    Column, Coverage as Source, Finding, Headcount, Hub, Large, Link, Masked, Own, Refusal,
    Refused, Region, SafeName, Status, Subjects, Why,
};
use crate::source::Code;

fn info(name: &str, en: &str, ja: &str) -> KindInfo {
    KindInfo {
        name: name.into(),
        title_en: en.into(),
        title_ja: ja.into(),
        also: Vec::new(),
        sensitivity: "normal".into(),
        key: Key::None,
        normal: String::new(),
        columns: Vec::new(),
        description: String::new(),
        limits: String::new(),
        source: String::new(),
    }
}

fn infos() -> [KindInfo; 3] {
    [
        info("email", "E-mail address", "メールアドレス"),
        info(
            "payment-card",
            "Payment card number",
            "クレジットカード番号",
        ),
        info("person-name", "Name", "氏名"),
    ]
}

fn source(name: &str, status: Status) -> Source {
    Source {
        source: SafeName::new(name, &[]),
        format: "csv",
        encoding: "utf-8",
        bytes: 1_234_567,
        status,
        records: 10,
        persons: Headcount::default(),
        reason: None,
        at: None,
    }
}

fn finding(kind: &str) -> Finding {
    Finding {
        kind: kind.into(),
        part: None,
        matches: 1_234,
        distinct: 1_200,
        networks: Vec::new(),
        confidence: 0.9,
        evidence: Vec::new(),
        samples: Vec::new(),
    }
}

fn found() -> Scope {
    let column = |kind: &str, index| Column {
        name: SafeName::new("メール", &[]),
        index,
        values: 1_234,
        empty: 0,
        role: "self",
        findings: vec![finding(kind)],
    };
    let total = |kind: &str, best| KindTotal {
        kind: kind.into(),
        also: Vec::new(),
        matches: 1_234,
        distinct: 1_200,
        sources: 1,
        persons: Headcount {
            min: best,
            best,
            max: best,
        },
    };
    Scope {
        sources: vec![source("会員/users.csv", Status::Complete)],
        tables: vec![Table {
            source: SafeName::new("会員/users.csv", &[]),
            name: SafeName::new("users", &[]),
            format: "csv",
            encoding: "utf-8",
            records: 1_234,
            columns: vec![column("email", 0), column("person-name", 1)],
        }],
        kinds: vec![total("email", 1_190), total("person-name", 1_195)],
        subjects: Subjects {
            records: 1_234,
            rows: 1_210,
            households: 900,
            organisations: 12,
            parents: 0,
            unweighed: false,
            persons: Headcount {
                min: 1_190,
                best: 1_195,
                max: 1_234,
            },
            conflicts: 0,
            ..Subjects::default()
        },
        problems: Vec::new(),
    }
}

fn problem(source: &str, at: Option<u64>) -> Problem {
    Problem {
        source: SafeName::new(source, &[]),
        stage: "read",
        code: Code::BadEncoding,
        at,
        lost: "12 bytes".into(),
    }
}

#[track_caller]
fn check(scope: &Scope, lang: Lang, expected: &[&str]) {
    let infos = infos();
    let searched: Vec<&KindInfo> = infos.iter().collect();
    let text = summary(
        scope,
        &searched,
        Style {
            lang,
            width: 80,
            colour: false,
        },
    );
    assert_eq!(text.lines().collect::<Vec<_>>(), expected);
    assert!(text.lines().all(|line| line.width() <= 80));
}

#[test]
fn the_answer_comes_first() {
    check(
        &found(),
        Lang::En,
        &[
            "People         1,195  at least 1,190, at most 1,234",
            "Households       900",
            "Organisations     12  not counted as people",
            "Records        1,234  about them, 1,210 of them distinct",
            "",
            "2 kinds of personal data  people  values  distinct",
            "  Name                     1,195   1,234     1,200",
            "  E-mail address           1,190   1,234     1,200",
            "",
            "In 1 table",
            "  会員/users.csv  1,234 records  E-mail address, Name",
            "",
            "Searched for and not found: Payment card number",
            "",
            "Read 1 source (1.2 MB): 1 completely",
            "",
            "Every source was read completely.",
        ],
    );
}

/// Breakdowns are cut at the width, never at the unknown; a part that is everybody says nothing.
#[test]
fn people_are_broken_down() {
    let people = |best| Headcount {
        min: best,
        best,
        max: best + 1,
    };
    let region = |code: &str, best| (Region::named(code).unwrap(), people(best));
    let mut scope = found();
    scope.subjects.by_role = vec![("orderer", people(1_000)), ("recipient", people(300))];
    scope.subjects.by_country = vec![region("JP", 1_100), region("FR", 3)];
    scope.subjects.by_region = ["JP-13", "JP-27", "JP-14", "JP-23", "JP-28", "JP-40"]
        .iter()
        .zip([700, 150, 100, 80, 50, 20])
        .map(|(code, best)| region(code, best))
        .collect();
    scope.subjects.nowhere = people(92);
    scope.subjects.anybody = 7;
    scope.subjects.asked = Some(people(500));
    scope.subjects.own = Some(Own {
        domains: vec!["example.co.jp".into()],
        persons: people(20),
    });
    let lines = |lang| -> Vec<String> {
        let style = Style {
            lang,
            width: 80,
            colour: false,
        };
        let infos = infos();
        let text = summary(&scope, &infos.iter().collect::<Vec<_>>(), style);
        assert!(text.lines().all(|line| line.width() <= 80), "{text}");
        text.lines().map(str::to_owned).collect()
    };
    let english = lines(Lang::En);
    for expected in [
        "  asked for      500  at least 500, at most 501; with the kinds asked for",
        "  own             20  at least 20, at most 21; your own people (example.co.jp)",
        "Anybody            7  records that name too little; in the upper bound only",
        "The people by",
        "  role          orderer 1,000, recipient 300",
        "  place         Tokyo 700, Osaka 150, Kanagawa 100, Aichi 80, 3 more, unknown 92",
    ] {
        assert!(
            english.iter().any(|line| line == expected),
            "{expected}\n{english:#?}"
        );
    }
    let japanese = lines(Lang::Ja);
    for expected in [
        "うち自社         20  人（少なくとも20人、多くとも21人） 自社の従業者等（example…",
        "  立場      注文者1,000、届け先・宛先300",
        "  地域      東京都700、大阪府150、神奈川県100、愛知県80、兵庫県50、ほか2、不明92",
    ] {
        assert!(
            japanese.iter().any(|line| line == expected),
            "{expected}\n{japanese:#?}"
        );
    }
}

#[test]
fn japanese_is_aligned() {
    check(
        &found(),
        Lang::Ja,
        &[
            "本人の数    1,195  人（少なくとも1,190人、多くとも1,234人）",
            "世帯          900  世帯",
            "法人・団体     12  件（本人の数に含まない）",
            "記録        1,234  件（重複を除き1,210件）",
            "",
            "漏えい等が発生し、又は発生したおそれがある個人データの項目（2）",
            "                   本人     値  異なる値",
            "  氏名            1,195  1,234     1,200",
            "  メールアドレス  1,190  1,234     1,200",
            "",
            "個人データがある表（1）",
            "  会員/users.csv  1,234件  メールアドレス、氏名",
            "",
            "調べたが見つからなかった項目: クレジットカード番号",
            "",
            "読み取った対象: 1（1.2 MB） 完全1",
            "",
            "すべての対象を最後まで読み取りました。",
        ],
    );
}

#[test]
fn nothing_found_is_claimed_only_over_complete_coverage() {
    let claim = "No personal data was found";
    let cases: [(&[Status], bool, bool); 6] = [
        (&[Status::Complete], true, true),
        (&[Status::Complete, Status::Excluded], true, true),
        (&[Status::Complete, Status::Partial], false, false),
        (&[Status::Complete, Status::Skipped], false, false),
        (&[Status::Skipped], false, false),
        (&[], false, false),
    ];
    for (statuses, claimed, complete) in cases {
        let sources: Vec<Source> = statuses
            .iter()
            .map(|&status| source("a.csv", status))
            .collect();
        let scope = Scope {
            sources,
            ..Scope::default()
        };
        assert_eq!(Coverage::of(&scope).is_complete(), complete, "{statuses:?}");
        let style = Style {
            lang: Lang::En,
            width: 80,
            colour: false,
        };
        assert_eq!(
            summary(&scope, &[], style).contains(claim),
            claimed,
            "{statuses:?}"
        );
        let japanese = summary(
            &scope,
            &[],
            Style {
                lang: Lang::Ja,
                ..style
            },
        );
        assert_eq!(
            japanese.contains("個人データは見つかりませんでした"),
            claimed,
            "{statuses:?}"
        );
    }
}

#[test]
fn problems_are_counted_and_the_first_are_told() {
    let mut scope = found();
    scope.sources[0].status = Status::Partial;
    scope.problems = (0..7)
        .map(|i| problem("x.csv", (i > 0).then_some(i * 1_000)))
        .collect();
    let text = summary(
        &scope,
        &[],
        Style {
            lang: Lang::En,
            width: 80,
            colour: false,
        },
    );
    let lines: Vec<&str> = text
        .lines()
        .skip_while(|line| *line != "7 problems")
        .collect();
    assert_eq!(
        lines[1],
        "  x.csv  not valid in its encoding (lost: 12 bytes)"
    );
    assert_eq!(
        lines[2],
        "  x.csv  not valid in its encoding at byte 1,000 (lost: 12 bytes)"
    );
    assert_eq!(lines[6], "  and 2 more problems");
    assert_eq!(
        lines[8],
        "Not everything could be read: the numbers are a lower bound."
    );
}

#[test]
fn problems_that_say_the_same_are_told_once() {
    let mut scope = found();
    scope.problems = ["a.png", "b.png", "c.zip"]
        .map(|name| problem(name, None))
        .into();
    scope.problems[0].code = Code::Unsupported;
    scope.problems[1].code = Code::Unsupported;
    let style = Style {
        lang: Lang::En,
        width: 90,
        colour: false,
    };
    let text = summary(&scope, &[], style);
    let told: Vec<&str> = text
        .lines()
        .skip_while(|line| *line != "3 problems")
        .skip(1)
        .take(2)
        .collect();
    let expected = [
        "  c.zip  not valid in its encoding (lost: 12 bytes)",
        "  a.png  a format that cannot be read, 2 times (lost: 12 bytes)",
    ];
    assert_eq!(told, expected);
}

#[test]
fn colour_changes_no_text() {
    let plain = summary(
        &found(),
        &[],
        Style {
            lang: Lang::Ja,
            width: 80,
            colour: false,
        },
    );
    let colour = summary(
        &found(),
        &[],
        Style {
            lang: Lang::Ja,
            width: 80,
            colour: true,
        },
    );
    assert!(!plain.contains('\x1b') && colour.contains('\x1b'));
    let mut stripped = colour;
    for code in ["\x1b[1m", "\x1b[2m", "\x1b[1;33m", "\x1b[0m"] {
        stripped = stripped.replace(code, "");
    }
    assert_eq!(stripped, plain);
}

#[test]
fn lines_fit_any_width() {
    let mut scope = found();
    scope.tables[0].source = SafeName::new(&"長い名前/".repeat(40), &[]);
    scope.problems = vec![problem(&"very-long-name/".repeat(30), Some(7))];
    let infos = infos();
    let searched: Vec<&KindInfo> = infos.iter().collect();
    for width in [1, 40, 57, 80, 300] {
        for lang in [Lang::En, Lang::Ja] {
            let text = summary(
                &scope,
                &searched,
                Style {
                    lang,
                    width,
                    colour: false,
                },
            );
            let widest = text.lines().map(|line| line.width()).max().unwrap_or(0);
            assert!(
                widest <= width.clamp(WIDTHS.0, WIDTHS.1),
                "{widest} > {width}\n{text}"
            );
        }
    }
}

#[test]
fn numbers_are_readable() {
    assert_eq!(
        [0, 999, 1_000, 1_234_567].map(grouped),
        ["0", "999", "1,000", "1,234,567"]
    );
    assert_eq!(
        [0, 999, 1_000, 9_960, 1_234_567, 999_600].map(sized),
        ["0 B", "999 B", "1.0 kB", "10 kB", "1.2 MB", "1.0 MB"]
    );
}

/// A switchboard, somebody of very many records, and a refused pair are told; a family's address and weak pairs are not.
#[test]
fn what_stands_out_is_told() {
    let hub = |persons| Hub {
        what: "phone",
        masked: Masked::new("0312345678"),
        persons,
        records: 80,
    };
    let refused = |bits, subjects| Refused {
        subjects,
        link: Link {
            a: 1,
            b: 2,
            why: Why::Value("e-mail"),
            rules: Err(Refusal::Births),
            bits: Some(bits),
            evidence: Vec::new(),
        },
    };
    let large = |subject, records| Large {
        subject,
        records,
        rows: 3,
    };
    let mut scope = found();
    let told = |scope: &Scope, lang| {
        let infos = infos();
        let searched: Vec<&KindInfo> = infos.iter().collect();
        let style = Style {
            lang,
            width: 80,
            colour: false,
        };
        let text = summary(scope, &searched, style);
        let lines = text.lines().map(str::to_owned);
        let title = ["Worth a second look", "確認をすすめる点"];
        let after = lines.skip_while(move |line| !title.contains(&line.as_str()));
        after
            .skip(1)
            .take_while(|line| !line.is_empty())
            .collect::<Vec<_>>()
    };
    scope.subjects.largest = vec![large(7, 9)];
    scope.subjects.hubs = vec![hub(9)];
    scope.subjects.refused = vec![refused(-3.0, [1, 2]), refused(20.0, [0, 2])];
    assert!(told(&scope, Lang::En).is_empty());
    scope.subjects.largest.insert(0, large(8, 1_200));
    scope.subjects.hubs.insert(0, hub(60));
    scope.subjects.refused.push(refused(12.5, [3, 1_000]));
    assert_eq!(
        told(&scope, Lang::En),
        [
            "  many records   person 8: 1,200 records, 3 of them distinct",
            "  shared values  phone ********78: 60 people",
            "  not joined     persons 3 and 1,000: equal e-mail, but the birth dates differ",
        ]
    );
    assert_eq!(
        told(&scope, Lang::Ja),
        [
            "  記録の多い本人  本人8: 1,200件（異なるもの3件）",
            "  共有された値    電話番号 ********78: 60人",
            "  別人とした組    本人3と本人1,000: メールアドレスが一致。ただし生年月日が異なる",
        ]
    );
}
