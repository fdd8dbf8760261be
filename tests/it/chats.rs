//! What people type: chats saved as text, and forms sent to a web server, which its log keeps.

use std::io::Write;

use crate::formats::{essence, population, scan};
use crate::people::{self, Person};
use crate::run::items;
use crate::sheet::encode;

/// A history of LINE: people who ask a shop.
fn history(people: &[Person]) -> String {
    let mut text =
        String::from("\u{feff}[LINE] 直売所のトーク履歴\r\n保存日時：2026/06/30 09:00\r\n");
    for (n, person) in people.iter().enumerate() {
        let (name, hour) = (person.joined(" "), 9 + n % 9);
        text += &format!("\r\n2026/06/{:02}(月)\r\n", n + 1);
        text += &format!("{hour:02}:{n:02}\t{name}\tこんにちは。予約をお願いします\r\n");
        text += &format!(
            "{hour:02}:{:02}\t{name}\t\"電話：{}\r\n住所：〒{} {}\"\r\n",
            n + 1,
            person.mobile,
            person.home.postal_code,
            person.address()
        );
    }
    text
}

#[test]
fn histories_of_line() {
    let people = people::population(81, 24);
    let report = scan("talk.txt", history(&people).as_bytes());
    assert_eq!(items(&report, "sources")[0]["format"], "line");
    let found = essence(&report);
    assert_eq!(found["phone"], (24, 24));
    assert_eq!(found["postal-address"].0, 24);
    // Each sender, who wrote twice; a few names are not known as such where nothing stands beside them.
    let (matches, distinct) = found["person-name"];
    assert!((40..=48).contains(&matches) && distinct >= 20, "{found:?}");
    // A message without a name in it speaks of its sender; at most it speaks of as many others.
    assert_eq!(report["subjects"]["persons"]["best"], 24);
    assert_eq!(report["subjects"]["persons"]["min"], 24);
    assert_eq!(found["persons"].1, 48);
}

/// An export of Slack: the people in one file, in the other what they write, under their numbers.
#[test]
fn exports_of_slack() {
    let people = people::population(83, 24);
    let number = |n: usize| format!("U0{:08X}", 0xA1B2_C300_u32 + n as u32 * 7_919);
    let user = |(n, person): (usize, &Person)| {
        serde_json::json!({
            "id": number(n), "team_id": "T0AAAA111", "name": format!("member{n}"), "real_name": person.joined(" "),
            "profile": {"real_name": person.joined(" "), "email": person.email, "phone": ""},
        })
    };
    let message = |(n, person): (usize, &Person)| {
        serde_json::json!({
            "type": "message", "user": number(n), "ts": format!("{}.000100", 1_780_000_000 + n),
            "text": format!("電話番号は{}、住所は{}です", person.mobile, person.address()),
        })
    };
    let users: Vec<_> = people.iter().enumerate().map(user).collect();
    let messages: Vec<_> = people.iter().enumerate().map(message).collect();
    let text = |values: Vec<serde_json::Value>| serde_json::Value::Array(values).to_string();
    let files = [
        ("users.json", text(users)),
        ("general/2026-06-01.json", text(messages)),
    ];
    let report = scan("slack.zip", &archive(&files));
    let found = essence(&report);
    assert_eq!(found["email"].1, 24);
    assert_eq!(found["phone"], (24, 24));
    assert_eq!(report["subjects"]["persons"]["best"], 24);
}

fn archive(files: &[(&str, String)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        let options = zip::write::SimpleFileOptions::default();
        writer.start_file(*name, options).expect("a member begins");
        writer
            .write_all(text.as_bytes())
            .expect("a member is written");
    }
    writer.finish().expect("the archive ends").into_inner()
}

/// As a browser writes a value into a query.
fn escaped(value: &[u8]) -> String {
    let escape = |&byte: &u8| match byte {
        b' ' => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() || b"-._".contains(&byte) => {
            char::from(byte).to_string()
        }
        byte => format!("%{byte:02X}"),
    };
    value.iter().map(escape).collect()
}

/// Queries say the same escaped, in whatever encoding, as they say in the clear.
#[test]
fn queries_of_web_logs() {
    let sheet = population();
    let log = |write: &dyn Fn(&str) -> String| -> Vec<u8> {
        let line = |(n, (cells, _)): (usize, &(Vec<String>, Vec<Person>))| {
            let pairs = sheet.fields.iter().zip(cells);
            let pairs: Vec<_> = pairs
                .map(|(field, cell)| format!("{}={}", field.name, write(cell)))
                .collect();
            let time = format!("01/Jun/2026:10:{:02}:{:02} +0900", n / 60, n % 60);
            let query = pairs.join("&");
            format!(
                "192.0.2.{} - - [{time}] \"GET /entry?{query} HTTP/1.1\" 200 51\n",
                n % 200 + 1
            )
        };
        sheet
            .rows
            .iter()
            .enumerate()
            .map(line)
            .collect::<String>()
            .into()
    };
    let plain = essence(&scan("access.log", &log(&|cell| cell.to_owned())));
    assert!(
        plain.contains_key("email") && plain.contains_key("person-name"),
        "{plain:?}"
    );
    for label in ["utf-8", "shift_jis"] {
        let log = log(&|cell| escaped(&encode(cell, label)));
        assert_eq!(essence(&scan("access.log", &log)), plain, "{label}");
    }
}

/// Who asked, and under which name, is told by column; a query says the same in either form of a log.
#[test]
fn requests_of_web_logs() {
    let people = people::population(85, 24);
    let query = |person: &Person| {
        let name = person.joined(" ");
        let pairs = [
            ("name", &name),
            ("tel", &person.mobile),
            ("email", &person.email),
        ];
        let pairs = pairs.map(|(key, value)| format!("{key}={}", escaped(value.as_bytes())));
        pairs.join("&")
    };
    let log = |line: &dyn Fn(usize, &str, &str) -> String| -> String {
        let lines = (0..240).map(|n| {
            let user = if n % 3 == 0 {
                format!("member{}", n % 24)
            } else {
                "-".to_owned()
            };
            line(n, &user, &query(&people[n % 24]))
        });
        lines.collect()
    };
    let combined = log(&|n, user, query| {
        format!(
            "192.0.2.{} - {user} [01/Jun/2026:10:00:00 +0900] \"GET /entry?{query} HTTP/1.1\" 200 51 \"-\" \"Mozilla/5.0 (X11)\"\n",
            n % 200
        )
    });
    let extended = "#Software: Microsoft Internet Information Services 10.0\r\n\
        #Fields: date time cs-method cs-uri-stem cs-uri-query cs-username c-ip cs(User-Agent) sc-status\r\n"
        .to_owned()
        + &log(&|n, user, query| {
            format!("2026-06-01 10:00:00 GET /entry {query} {user} 192.0.2.{} Mozilla/5.0+(X11) 200\r\n", n % 200)
        });
    for (name, text) in [("access.log", combined), ("u_ex260601.log", extended)] {
        let report = scan(name, text.as_bytes());
        assert_eq!(items(&report, "sources")[0]["format"], "weblog", "{name}");
        let found = essence(&report);
        for kind in ["email", "phone"] {
            assert_eq!(found[kind], (240, 24), "{name} {kind}");
        }
        assert_eq!(found["ip-address"], (240, 200), "{name}");
        assert_eq!(found["username"], (80, 8), "{name}");
        assert_eq!(report["subjects"]["persons"]["best"], 24, "{name}");
    }
}
