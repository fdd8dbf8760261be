//! Text that is damaged or of two kinds: what can be read of it is, and what cannot is said.

use crate::cli::{Folder, check_people, check_people_in};
use crate::run::report;

/// Rows of so many people, each under one line end.
fn rows(from: usize, to: usize, end: &str) -> String {
    let row = |n| format!("a{n}@example.com,09{n:02}-23-45{n:02}{end}");
    (from..to).map(row).collect()
}

/// The problems that a file is told with: code, place, loss.
fn problems(name: &str, content: &[u8]) -> Vec<(String, u64, String)> {
    let folder = Folder::with(&[(name, content)]);
    let report = report(&folder.path(""), &[name]);
    let told = report["problems"].as_array().expect("a list").iter();
    told.map(|problem| {
        let text = |key: &str| problem[key].as_str().unwrap_or_default().to_owned();
        (
            text("code"),
            problem["at"].as_u64().unwrap_or(0),
            text("lost"),
        )
    })
    .collect()
}

#[test]
fn a_file_goes_on_under_other_line_ends() {
    for (one, other) in [("\n", "\r"), ("\r\n", "\r"), ("\r", "\n"), ("\r", "\r\n")] {
        let table = format!(
            "mail,phone{one}{}{}",
            rows(10, 20, one),
            rows(20, 30, other)
        );
        check_people("t.csv", &table, [20, 20, 20]);
    }
    // A value of several lines is one value.
    let table = format!(
        "mail,note\r{}a@example.com,\"x\ny\nz\"\r",
        rows(10, 20, "\r")
    );
    check_people("t.csv", &table, [11, 11, 11]);
}

#[test]
fn holes_are_said() {
    let hole = [0; 512];
    let (before, after) = (
        format!("mail,phone\n{}", rows(10, 20, "\n")),
        rows(20, 30, "\n"),
    );
    let table = [before.as_bytes(), &hole, after.as_bytes()].concat();
    let lost = "512 bytes, which are zeros".to_owned();
    let said = ("malformed".to_owned(), before.len() as u64, lost);
    assert_eq!(problems("t.csv", &table), [said]);
    let padded = [before.as_bytes(), &hole].concat();
    check_people_in("padded.csv", &padded, [10, 10, 10]);
    let page = |inner: &[u8]| {
        [
            b"<html><p>a@example.com</p>",
            inner,
            b"<p>b@example.com</p></html>",
        ]
        .concat()
    };
    assert_eq!(problems("t.html", &page(&hole)).len(), 1);
    assert_eq!(problems("t.html", &page(b"")), []);
}

#[test]
fn cards_and_calendars_are_read_to_their_end() {
    let card = |n: u32, more: &str| {
        format!(
            "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Taro Yamada\r\nEMAIL:a{n}@example.com\r\n{more}END:VCARD\r\n"
        )
    };
    let whole = card(1, "") + &card(2, "");
    assert_eq!(problems("t.vcf", whole.as_bytes()), []);
    let cut = &whole[..whole.len() - 20];
    let lost = "the end of the last object".to_owned();
    let said = ("truncated".to_owned(), card(1, "").len() as u64, lost);
    assert_eq!(problems("t.vcf", cut.as_bytes()), [said]);
    check_people(
        "t.vcf",
        &card(
            1,
            "X-CONTACT:b@example.org\r\nX-ABLABEL:_$!<Home Page>!$_\r\n",
        ),
        [1, 1, 1],
    );
    let event = "BEGIN:VEVENT\r\nSUMMARY:x\r\nUID:1@host.example\r\nX-ALT-DESC:<p>from c@example.org</p>\r\n\
                 ORGANIZER;SENT-BY=\"mailto:d@example.com\":mailto:e@example.com\r\nEND:VEVENT\r\n";
    let calendar = |end: &str| {
        format!("BEGIN:VCALENDAR\r\nPRODID:x\r\nX-WR-CALNAME:f@example.net\r\n{event}{end}")
    };
    check_people("t.ics", &calendar("END:VCALENDAR\r\n"), [4, 4, 4]);
    assert_eq!(problems("t.ics", calendar("").as_bytes()).len(), 1);
}

#[test]
fn statements_and_comments_of_a_dump_name_people() {
    let dump = "-- MySQL dump 10.13\n-- Host: 192.0.2.10    Database: shop\n\
        INSERT INTO users (name,email) VALUES ('佐藤 健太','kenta@example.com');\n\
        UPDATE users SET email='kenta@example.com' WHERE id=1;\n\
        -- 鈴木 葵 aoi@example.com\n\
        CALL add_user('高橋 美咲','misaki@example.com');\n\
        INSERT INTO users (name,email)\nSELECT '田中 翔','sho@example.com' UNION ALL\nSELECT '伊藤 陽菜','hina@example.com';\n\
        DO $$ BEGIN\n  INSERT INTO users (name,email) VALUES ('渡辺 蓮','ren@example.com');\nEND $$;\n";
    check_people("dump.sql", dump, [6, 6, 6]);
    assert_eq!(problems("dump.sql", dump.as_bytes()), []);
}

#[test]
fn merged_cells_stand_in_each_row_that_they_reach() {
    let page = |header: &str, rows: &str| {
        format!("<html><body><table>{header}{rows}</table></body></html>")
    };
    let header = "<tr><th rowspan=2>時間<th colspan=2>予約<th rowspan=2>人数<tr><th>氏名<th>電話";
    let row = |n: u32| {
        format!(
            "<tr><td>{n}:00<td>荒井 篤{}<td>090-0000-00{n}<td>{n}名",
            '子'
        )
    };
    let two = row(10) + &row(11).replace("荒井 篤子", "浅野 薫");
    check_people("header.html", &page(header, &two), [2, 2, 2]);
    // The phone in the second row is that of the mailbox in the first.
    let header = "<tr><th>氏名<th>メール<th>電話";
    let mail = |n: u32| {
        format!(
            "<tr><td rowspan=2>荒井 篤<td rowspan=2>a{n}@example.com<td>090-0000-00{n}<tr><td>03-0000-00{n}"
        )
    };
    check_people(
        "rows.html",
        &page(header, &(mail(10) + &mail(11))),
        [2, 2, 2],
    );
}

#[test]
fn lists_end_and_begin_with_lines_of_their_own() {
    let page = |rows: &str| format!("<html><body><table>{rows}</table></body></html>");
    let header = "<tr><th>部署<th>氏名<th>電話番号";
    let rows = "<tr><td rowspan=4>営業部<td>荒井 篤<td>03-0000-0010<tr><td>浅野 薫<td>03-0000-0011<tr><td>小暮 澄江<td>03-0000-0012";
    let total = "<tr><td>合計 3名";
    check_people(
        "total.html",
        &page(&format!("{header}{rows}{total}")),
        [3, 3, 3],
    );
    let title = "<tr><td>担当 kobayashi@example.com<td><td><td>2024-01-01";
    let header = "<tr><th>氏名<th>部署<th>電話番号<th>";
    let row = |name: &str, n: u32| format!("<tr><td>{name}<td>営業部<td>03-0000-00{n}<td>");
    let rows = row("荒井 篤", 10) + &row("浅野 薫", 11) + &row("小暮 澄江", 12);
    check_people(
        "title.html",
        &page(&format!("{title}{header}{rows}")),
        [4, 4, 4],
    );
}

#[test]
fn what_a_message_says_of_its_patient_is_the_patient_s() {
    let patient = |n: u32, name: &str, more: &str| {
        format!(
            "MSH|^~\\&|ADT|RGH|LAB|RGH|2026||ADT^A01|M{n}|P|2.5\rPID|1||70{n}^^^RGH^MR||Davis^{name}||1969-09-{n}|F|||||{more}\r"
        )
    };
    let all = |more: &dyn Fn(u32) -> String| -> String {
        ["Deborah", "Mary", "Susan", "Linda"]
            .iter()
            .zip(10..)
            .map(|(name, n)| patient(n, name, &more(n)))
            .collect()
    };
    let mails = |n: u32| {
        format!("(303) 555-01{n}^PRN^PH~(303) 555-02{n}^PRN^CP~^NET^Internet^a{n}@example.com")
    };
    check_people("mail.hl7", &all(&mails), [4, 4, 4]);
    let fifth = |n: u32| mails(n).replace("^NET", "~~^NET");
    check_people("fifth.hl7", &all(&fifth), [4, 4, 4]);
    let work = |n: u32| format!("(303) 555-01{n}|^NET^Internet^a{n}@example.com");
    check_people("work.hl7", &all(&work), [4, 4, 4]);
    let alias = all(&|_| String::new()).replace("||1969", "~Jones^Ann||1969");
    check_people("alias.hl7", &alias, [4, 4, 4]);
    // The whole day, however it is written.
    let same: String = (10..14)
        .map(|n| patient(n, "Mary", "").replace(&format!("70{n}^^^RGH^MR"), ""))
        .collect();
    check_people("days.hl7", &same, [4, 4, 4]);
}

#[test]
fn links_that_lead_elsewhere_are_said() {
    use std::os::unix::fs::symlink;
    let outside = Folder::with(&[("b.csv", b"mail\nb@example.com\n")]);
    let folder = Folder::with(&[("a.csv", b"mail\na@example.com\n")]);
    let codes = |folder: &Folder| -> Vec<String> {
        let report = report(&folder.path(""), &["."]);
        assert_eq!(report["subjects"]["persons"]["best"], 1);
        let told = report["problems"].as_array().expect("a list").iter();
        told.map(|problem| problem["code"].as_str().unwrap_or_default().to_owned())
            .collect()
    };
    symlink(folder.path("a.csv"), folder.path("same.csv")).unwrap();
    symlink(folder.path(""), folder.path("loop")).unwrap();
    assert_eq!(codes(&folder), [""; 0]);
    symlink(outside.path("b.csv"), folder.path("other.csv")).unwrap();
    symlink(folder.path("nowhere"), folder.path("gone.csv")).unwrap();
    assert_eq!(codes(&folder), ["link", "link"]);
}
