//! Ids of messages in logs, tables and texts: they have the form of mailboxes, and are none. The mailboxes beside them are.

use std::fmt::Write;

use crate::cli::{check_people as check, kinds};

/// Made-up digits, another each time.
fn digits(n: u64) -> String {
    format!(
        "{:016x}",
        (n + 7).wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1b3c_5d7e_9fa1_b2c4
    )
}

/// Twenty lines of a log.
fn log(line: impl Fn(u64) -> String) -> String {
    let mut log = String::new();
    for n in 0..20 {
        writeln!(log, "Mar  1 10:00:{n:02} mx {}", line(n)).unwrap();
    }
    log
}

#[track_caller]
fn none(name: &str, content: &str) {
    check(name, content, [0, 0, 0]);
    assert!(
        !kinds(name, content).contains(&"email".to_owned()),
        "{content}"
    );
}

#[test]
fn ids_in_logs_are_nobody() {
    let made = |n| format!("{}@mail.example.com", digits(n));
    let short = |n| format!("{}@mail.example.com", &digits(n)[..9]);
    none(
        "postfix.log",
        &log(|n| format!("postfix/cleanup[1]: 4D3C6D{n}: message-id=<{}>", made(n))),
    );
    none(
        "sendmail.log",
        &log(|n| {
            format!(
                "sendmail[1]: a{n}: size=1, msgid=<2025{n}.{}>, proto=ESMTP",
                short(n)
            )
        }),
    );
    none(
        "dovecot.log",
        &log(|n| {
            format!(
                "dovecot: lda(x): msgid=<CAB9{}+ab=c{}>: saved",
                digits(n),
                short(n)
            )
        }),
    );
    none(
        "exim.log",
        &log(|n| format!("<= from=<> id={} S=1200", short(n))),
    );
    none(
        "rspamd.log",
        &log(|n| format!("rspamd_task_write_log: id: <{}>, qid: <A{n}>", short(n))),
    );
    none(
        "xmpp.log",
        &log(|n| format!("[info] stanza id={}/room{n} type=groupchat", short(n))),
    );
}

#[test]
fn mailboxes_beside_ids_are_somebody() {
    let line = |n| {
        format!(
            "postfix/qmgr[1]: A{n}: message-id=<{}@mail.example.com>, from=<yoko.sato{n}@example.com>, size=1",
            digits(n)
        )
    };
    check("mail.log", &log(line), [20, 20, 20]);
    let user = |n| format!("GET /user?id=yoko.sato{n}@example.com 200");
    check("web.log", &log(user), [20, 20, 20]);
}

#[test]
fn ids_in_tables_are_nobody() {
    let rows: String = (0..20)
        .map(|n| {
            format!(
                "RECEIVE,{n},<{}@EX01.corp.example.com>,Report\n",
                &digits(n)[..9]
            )
        })
        .collect();
    none(
        "tracking.csv",
        &format!("event-id,internal-message-id,message-id,message-subject\n{rows}"),
    );
    let rows: String = (0..20)
        .map(|n| {
            let id = &digits(n)[..9];
            format!("<{id}@mail.example.com>,<r{id}@mail.example.com>,yoko.sato{n}@example.com\n")
        })
        .collect();
    let table = format!("Message-ID,In-Reply-To,From\n{rows}");
    check("mails.csv", &table, [20, 20, 20]);
    let lines: String = (0..20)
        .map(|n| {
            let id = &digits(n)[..9];
            format!("{{\"event\": \"delivered\", \"message\": {{\"headers\": {{\"message-id\": \"{id}.5@mg.example.com\"}}}}}}\n")
        })
        .collect();
    none("events.jsonl", &lines);
}

#[test]
fn ids_in_texts_are_nobody() {
    let text: String = (0..20)
        .map(|n| {
            let id = &digits(n)[..9];
            format!("In-Reply-To: <{id}@example.com>\nReferences: <a{id}@example.com>\n <b{id}@example.com>\n\nok\n\n")
        })
        .collect();
    none("mails.txt", &text);
    // Whatever a program made may be an id, where nothing says that it is a mailbox.
    check(
        "made.log",
        &log(|n| format!("job {}@example.com done", digits(n))),
        [0, 0, 20],
    );
}
