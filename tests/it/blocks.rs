//! Records in text that is no table: labels on lines, rows pasted into a mail, values stacked one to a line; and what is certain where
//! nothing holds the lines together.

use crate::cli::check_people as check;
use crate::cli::check_people_in as check_in;

/// People, each with a name, a mailbox and a telephone number.
const PEOPLE: [[&str; 3]; 4] = [
    ["佐藤 健太", "kenta@a.example", "090-2345-6701"],
    ["鈴木 葵", "aoi@b.example", "090-2345-6702"],
    ["高橋 美咲", "misaki@c.example", "090-2345-6703"],
    ["田中 翔", "sho@d.example", "090-2345-6704"],
];

/// A text that says of each of them what `of` makes of the number, the name, the mailbox and the telephone.
fn text(of: impl Fn(usize, [&str; 3]) -> String) -> String {
    let people = PEOPLE.into_iter().enumerate();
    people.map(|(n, person)| of(n, person)).collect()
}

#[test]
fn lines_with_labels_are_records() {
    type Layout = fn(usize, [&str; 3]) -> String;
    let layouts: [(&str, Layout); 12] = [
        ("a.properties", |_, [n, m, t]| {
            format!("name={n}\nemail={m}\nphone={t}\n\n")
        }),
        // Nothing but the label says where the next begins, and it has no value that is known.
        ("b.txt", |at, [n, m, t]| {
            format!("id={at}\nphone={t}\nname={n}\nemail={m}\n")
        }),
        ("c.ini", |at, [n, m, t]| {
            format!("[user{at}]\nname = {n}\nemail = {m}\nphone = {t}\n")
        }),
        ("d.toml", |_, [n, m, t]| {
            format!("[[users]]\nname = \"{n}\"\nemail = \"{m}\"\nphone = \"{t}\"\n")
        }),
        ("e.php", |at, [n, m, t]| {
            format!(
                "  {at} =>\n  array (\n    'name' => '{n}',\n    'email' => '{m}',\n    'phone' => '{t}',\n  ),\n"
            )
        }),
        ("f.txt", |at, [n, m, t]| {
            format!(
                "### INSERT INTO `shop`.`users`\n### SET\n###   @1={at}\n###   @2='{n}'\n###   @3='{m}'\n###   @4='{t}'\n"
            )
        }),
        ("g.txt", |at, [n, m, t]| {
            format!(
                "-[ RECORD {} ]---\nname  | {n}\nemail | {m}\nphone | {t}\n",
                at + 1
            )
        }),
        ("h.txt", |_, [n, m, t]| {
            format!("■{n}\n住所：東京都中央区銀座1-1\nTEL：{t}\nE-mail：{m}\n")
        }),
        ("i.properties", |at, [n, m, t]| {
            format!("lead.{at}.phone={t}\nlead.{at}.mail={m}\nlead.{at}.name={n}\n")
        }),
        ("j.txt", |_, [n, m, t]| format!("{n}\n{m}\n{t}\n")),
        ("k.html", |_, [n, m, t]| {
            format!(
                "<html><dl><dt>氏名</dt><dd>{n}</dd><dt>メール<dd>{m}</dd><dt>電話:</dt><dd>{t}</dd></dl>"
            )
        }),
        ("l.html", |_, [n, m, t]| {
            format!("<html><div class=row><div>{n}</div><div>{m}</div><div>{t}</div></div>")
        }),
    ];
    for (name, layout) in layouts {
        check(name, &text(layout), [4, 4, 4]);
    }
}

#[test]
fn rows_in_a_text_are_records() {
    for separator in ["\t", ",", " | ", ";"] {
        let rows = text(|at, [name, mail, phone]| {
            let reading = [
                "サトウ ケンタ",
                "スズキ アオイ",
                "タカハシ ミサキ",
                "タナカ ショウ",
            ][at];
            [name, reading, mail, phone].join(separator) + "\n"
        });
        let mail = format!(
            "From: a@corp.example\nTo: b@corp.example\nSubject: x\nContent-Type: text/plain; charset=utf-8\n\n\
             各位\n名簿を送ります。\n{rows}以上\n"
        );
        check("pasted.eml", &mail, [6, 6, 6]);
        check(
            "pasted.txt",
            &format!("名簿を送ります。\n\n{rows}\n以上\n"),
            [4, 4, 4],
        );
    }
}

#[test]
fn further_phones_of_a_line_are_the_same_persons() {
    let second = |n: usize| format!("080-3311-{:04}", 4521 + n);
    check(
        "plain.txt",
        &text(|at, [n, _, t]| format!("{n} {t} {}\n", second(at))),
        [4, 4, 4],
    );
    let labelled = text(|at, [n, _, t]| format!("{n} TEL:{t} FAX:{}\n", second(at)));
    check("labelled.txt", &labelled, [4, 4, 4]);
    let sentence = text(|at, [n, _, t]| format!("担当は{n}、電話{t}、携帯{}です。\n", second(at)));
    check("sentence.txt", &sentence, [4, 4, 4]);
    // Two people in a line, and numbers of nobody who is named.
    let pairs = text(|at, [n, _, t]| {
        format!(
            "{n} {t}、担当 渡辺 {}子 {}\n",
            ["秋", "夏", "冬", "春"][at],
            second(at)
        )
    });
    check("pairs.txt", &pairs, [8, 8, 8]);
    check(
        "numbers.txt",
        &text(|at, [_, _, t]| format!("{t} {}\n", second(at))),
        [8, 8, 8],
    );
}

#[test]
fn lists_and_logs_are_no_records() {
    // A list of names and one of mailboxes: how they belong together is not known.
    let names = text(|_, [name, ..]| format!("{name}\n"));
    let mails = text(|_, [_, mail, _]| format!("{mail}\n"));
    check("lists.txt", &format!("{names}{mails}"), [4, 8, 8]);
    check("lists.txt", &format!("{names}\n会議\n{mails}"), [4, 8, 8]);
    let keys = text(|_, [_, mail, _]| format!("email={mail}\n"));
    check("keys.txt", &keys, [4, 4, 4]);
    // A line of a log is of its own; whose the mailboxes are is not said.
    let log = text(|at, [name, mail, phone]| match at % 2 {
        0 => format!("level=info user={mail} ip=192.0.2.{at}\n"),
        _ => format!("level=info caller={phone} name=\"{name}\"\n"),
    });
    check("app.log", &log, [2, 4, 4]);
}

#[test]
fn one_kind_of_carved_values_is_certain() {
    let bytes = |text: String| [b"\0\x01\x02\xff\xfe\0\0\x05", text.as_bytes(), b"\0\x01"].concat();
    let apart = |of: usize| text(|at, person| format!("\0\0\x07{at}\0{}\0\0\x01", person[of]));
    let all = [apart(0), apart(1), apart(2)].concat();
    check_in("all.bin", &bytes(all), [4, 4, 12]);
    check_in("names.bin", &bytes(apart(0)), [0, 0, 4]);
    // A name beside a mailbox is somebody.
    let beside = text(|_, [name, mail, _]| format!("\0\0\x07{name} {mail}\0\0\x01"));
    check_in("beside.bin", &bytes(beside + &apart(2)), [4, 4, 8]);
}
