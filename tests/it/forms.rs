//! People in the mail of web forms, in logs and in addresses of pages: one person however many lines or keys tell of them.

use crate::cli::Folder;
use crate::run::report;

/// Scans a file and checks how many people it has: at least, best, at most.
fn check(name: &str, content: &str, expected: [u64; 3]) {
    let folder = Folder::with(&[(name, content.as_bytes())]);
    let report = report(&folder.path(""), &[name]);
    let persons = &report["subjects"]["persons"];
    let told = ["min", "best", "max"].map(|bound| persons[bound].as_u64().expect("a number"));
    assert_eq!(told, expected, "{content}");
}

#[test]
fn keys_and_paths_are_no_part_of_an_address() {
    let log = "2026-10-01T10:01:00 INFO login user=yoko.sato@example.com OK
2026-10-01T10:02:00 INFO sendmail to=yoko.sato@example.com status=sent
2026-10-01T10:03:00 INFO GET /unsubscribe?mail=yoko.sato@example.com 200
2026-10-01T10:04:00 INFO GET /reset?email=yoko.sato%40example.com&t=1 200
2026-10-01T10:05:00 INFO GET /u/yoko.sato%40example.com/edit 200
2026-10-01T10:06:00 WARN bounce rcpt=yoko.sato@example.com\n";
    check("app.log", log, [1, 1, 1]);
    let table = "ts,url\n2026-10-01,https://x.example/reset?email=yoko.sato@example.com
2026-10-02,https://x.example/u?user=yoko.sato%40example.com&x=1
2026-10-03,mailto:yoko.sato@example.com\n";
    check("urls.csv", table, [1, 1, 1]);
    let bounces = "from bounce+taro=example.jp@lists.example.com to x\n";
    check("bounce.log", bounces, [1, 1, 1]);
}

#[test]
fn readings_belong_to_the_name_of_their_form() {
    let form = |name: &str, reading: &str, mail: &str| {
        format!("■お名前：{name}\n■フリガナ：{reading}\n■メールアドレス：{mail}\n----------\n\n")
    };
    let forms = form("山崎　千尋", "ヤマザキ　チヒロ", "c@a.example")
        + &form("近藤　美咲", "コンドウ　ミサキ", "m@b.example");
    check("forms.txt", &forms, [2, 2, 2]);
    for (name, reading) in [
        ("氏名：山田 太郎", "氏名(カナ)：ヤマダ タロウ"),
        ("氏名：山田 太郎", "ふりがな：やまだ たろう"),
        ("[ お名前 ] 山田 太郎", "[ フリガナ ] ヤマダ タロウ"),
        ("フリガナ：ヤマダ タロウ", "お名前：山田 太郎"),
        ("姓：山田\n名：太郎", "セイ：ヤマダ\nメイ：タロウ"),
    ] {
        let text = format!("{name}\n{reading}\nメール：taro@a.example\n");
        check("one.txt", &text, [1, 1, 1]);
    }
    let reading = "フリガナ：ヤマダ タロウ\nメール：taro@a.example\n";
    check("reading.txt", reading, [1, 1, 1]);
}

#[test]
fn halves_of_names_in_a_form_are_one_person() {
    let forms = "First name: John\nLast name: Smith\nEmail: j4@a.example\nPhone: (212) 555-0123\n
First name: Mary\nLast name: Jones\nEmail: mj@b.example\nPhone: (212) 555-0188\n";
    check("forms.txt", forms, [2, 2, 2]);
}
