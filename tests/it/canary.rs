//! No planted value leaves the program: not in stdout, stderr, report, findings or subjects, in any encoding; the same with
//! values as headers, keys, table, file and folder names.

use std::fs;
use std::path::Path;

use super::cli::{Folder, leakscope};

/// Values that are planted, and must not come out. Invented people, reserved domains, published test card numbers.
const PLANTED: &[&str] = &[
    "佐々木 麻衣子",
    "佐々木麻衣子",
    "渡辺 健太郎",
    "渡辺健太郎",
    "小林 由美子",
    "小林由美子",
    "ササキ マイコ",
    "maiko.sasaki@example.com",
    "kentaro.watanabe@example.net",
    "yumiko.kobayashi@example.org",
    "header.canary@example.com",
    "key.canary@example.com",
    "table.canary@example.com",
    "file.canary@example.com",
    "folder.canary@example.com",
    "member.canary@example.com",
    "log.canary@example.com",
    "maiko.sasaki",
    "090-4321-8765",
    "09043218765",
    "080-8765-4321",
    "08087654321",
    "4111111111111111",
    "4111-1111-1111-1111",
    "5555555555554444",
    "hunter2-canary-Pw!",
    "correct.horse.canary",
    "東京都架空区見本町1-2-3",
    "架空区見本町",
    "1984-03-05",
    "123456789018",
];

const CSV: &str = "\
会員番号,氏名,フリガナ,メールアドレス,電話番号,住所,生年月日,カード番号,パスワード,マイナンバー
1,佐々木 麻衣子,ササキ マイコ,maiko.sasaki@example.com,090-4321-8765,東京都架空区見本町1-2-3,1984-03-05,4111111111111111,hunter2-canary-Pw!,123456789018
2,渡辺 健太郎,ワタナベ ケンタロウ,kentaro.watanabe@example.net,080-8765-4321,東京都架空区見本町1-2-3,1984-03-05,5555555555554444,correct.horse.canary,123456789018
3,小林 由美子,コバヤシ ユミコ,yumiko.kobayashi@example.org,090-4321-8765,東京都架空区見本町1-2-3,1984-03-05,4111-1111-1111-1111,hunter2-canary-Pw!,123456789018
";

const WITHOUT_HEADER: &str = "\
佐々木 麻衣子,maiko.sasaki@example.com,090-4321-8765
渡辺 健太郎,kentaro.watanabe@example.net,080-8765-4321
小林 由美子,yumiko.kobayashi@example.org,090-4321-8765
";

const HEADER_OF_VALUES: &str =
    "sku,header.canary@example.com,090-4321-8765\nA-1,12,3\nA-2,9,4\nA-3,7,1\n";

const KEYS: &str = r#"[{"key.canary@example.com": {"4111111111111111": 1}, "name": "佐々木 麻衣子"},
 {"key.canary@example.com": {"4111111111111111": 2}, "name": "渡辺 健太郎"}]"#;

const SQL: &str = "\
CREATE TABLE `table.canary@example.com` (`id` int, `name` varchar(50), `email` varchar(80), `password` varchar(80));
INSERT INTO `table.canary@example.com` VALUES (1,'佐々木 麻衣子','maiko.sasaki@example.com','hunter2-canary-Pw!'),\
(2,'渡辺 健太郎','kentaro.watanabe@example.net','correct.horse.canary');
";

const MAIL: &str = "\
From maiko.sasaki@example.com Mon Jan  5 10:00:00 2026
From: Maiko <maiko.sasaki@example.com>
To: kentaro.watanabe@example.net
Subject: 090-4321-8765
Date: Mon, 5 Jan 2026 10:00:00 +0900
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=\"b\"

--b
Content-Type: text/plain; charset=utf-8

佐々木麻衣子 090-4321-8765 4111-1111-1111-1111
--b
Content-Type: text/csv; name=\"member.canary@example.com.csv\"
Content-Disposition: attachment; filename=\"member.canary@example.com.csv\"

name,email
佐々木 麻衣子,maiko.sasaki@example.com
--b--
";

const LOG: &str = "\
2026-01-05T10:00:00Z login user=log.canary@example.com password=hunter2-canary-Pw! ip=192.0.2.1
2026-01-05T10:00:01Z order name=佐々木麻衣子 card=4111111111111111 tel=09043218765
";

fn encoded(encoding: &'static encoding_rs::Encoding, text: &str) -> Vec<u8> {
    let (bytes, _, lossy) = encoding.encode(text);
    assert!(!lossy);
    bytes.into_owned()
}

fn utf16(text: &str, little: bool) -> Vec<u8> {
    let bytes = |unit: u16| {
        if little {
            unit.to_le_bytes()
        } else {
            unit.to_be_bytes()
        }
    };
    text.encode_utf16().flat_map(bytes).collect()
}

fn with_bom(text: &str) -> Vec<u8> {
    utf16(&format!("\u{feff}{text}"), true)
}

fn planted() -> Folder {
    let (sjis, euc, utf16) = (
        encoded(encoding_rs::SHIFT_JIS, CSV),
        encoded(encoding_rs::EUC_JP, CSV),
        with_bom(CSV),
    );
    Folder::with(&[
        ("in/utf8.csv", CSV.as_bytes()),
        ("in/sjis.csv", &sjis),
        ("in/euc.csv", &euc),
        ("in/utf16.csv", &utf16),
        ("in/without-header.csv", WITHOUT_HEADER.as_bytes()),
        ("in/header-of-values.csv", HEADER_OF_VALUES.as_bytes()),
        ("in/keys.json", KEYS.as_bytes()),
        ("in/dump.sql", SQL.as_bytes()),
        ("in/box.mbox", MAIL.as_bytes()),
        ("in/server.log", LOG.as_bytes()),
        ("in/file.canary@example.com.csv", CSV.as_bytes()),
        ("in/090-4321-8765.csv", CSV.as_bytes()),
        ("in/folder.canary@example.com/broken-file.canary@example.com.gz", b"\x1f\x8b\x08\0cut"),
        ("in/folder.canary@example.com/unclosed.csv", b"name,email\n\"maiko.sasaki@example.com,x\ny,z\n"),
        ("in/bad-encoding.csv", b"name,email\n\xff\xfe\x80,maiko.sasaki@example.com\n\x81,kentaro.watanabe@example.net\n"),
    ])
}

/// A planted value in every writing in which it could come out.
fn writings(value: &str) -> Vec<Vec<u8>> {
    let escaped = value.chars().map(|c| {
        if c.is_ascii() {
            c.to_string()
        } else {
            format!("\\u{:04x}", u32::from(c))
        }
    });
    let mut all = vec![
        value.as_bytes().to_vec(),
        encoded(encoding_rs::SHIFT_JIS, value),
        encoded(encoding_rs::EUC_JP, value),
        utf16(value, true),
        utf16(value, false),
        escaped.collect::<String>().into_bytes(),
        format!("{:?}", value.as_bytes())
            .trim_matches(['[', ']'])
            .as_bytes()
            .to_vec(),
    ];
    all.dedup();
    all
}

fn holds(text: &[u8], part: &[u8]) -> bool {
    memchr::memmem::find(text, part).is_some()
}

#[track_caller]
fn check_clean(what: &str, text: &[u8]) {
    for value in PLANTED {
        for writing in writings(value) {
            assert!(
                !holds(text, &writing),
                "{value} stands in {what}:\n{}",
                String::from_utf8_lossy(text)
            );
        }
    }
}

/// Runs a scan of the folder's `in` and checks all that comes out. Returns the exit code.
#[track_caller]
fn check(folder: &Folder, flags: &[&str]) -> Option<i32> {
    let files = ["report.json", "findings.jsonl", "subjects.csv"];
    let mut command = leakscope();
    command.args([
        "scan",
        "in",
        "-o",
        files[0],
        "--findings",
        files[1],
        "--subjects",
        files[2],
    ]);
    let output = command
        .args(flags)
        .current_dir(folder.path(""))
        .output()
        .unwrap();
    check_clean(&format!("stdout of {flags:?}"), &output.stdout);
    check_clean(&format!("stderr of {flags:?}"), &output.stderr);
    for name in files {
        check_clean(name, &fs::read(folder.path(name)).unwrap());
    }
    output.status.code()
}

#[test]
fn no_planted_value_comes_out() {
    let folder = planted();
    let modes: [&[&str]; 6] = [
        &[],
        &["--lang", "ja", "--color", "always"],
        &["--json", "--progress", "always"],
        &["--kinds", "postal-code,age"],
        &["--encoding", "utf-8"],
        &["--fail-on", "any", "--part-bytes", "64", "-j", "2"],
    ];
    for flags in modes {
        let code = check(&folder, flags);
        assert!(matches!(code, Some(1 | 3)), "{flags:?}: {code:?}");
    }
}

/// The search does find a value that stands there: the findings file under `--reveal` is meant to hold them.
#[test]
fn revealed_values_are_found_by_the_search() {
    let folder = planted();
    let mut command = leakscope();
    command.args([
        "scan",
        "in",
        "--findings",
        "findings.jsonl",
        "--reveal",
        "-o",
        "report.json",
    ]);
    let output = command.current_dir(folder.path("")).output().unwrap();
    check_clean("stdout", &output.stdout);
    check_clean("stderr", &output.stderr);
    check_clean("report", &fs::read(folder.path("report.json")).unwrap());
    let findings = fs::read(folder.path("findings.jsonl")).unwrap();
    for value in [
        "maiko.sasaki@example.com",
        "佐々木 麻衣子",
        "4111111111111111",
        "hunter2-canary-Pw!",
        "log.canary@example.com",
    ] {
        assert!(holds(&findings, value.as_bytes()), "{value}");
    }
}

/// Errors before the scan name flags and files of the user, and nothing of what the files hold.
#[test]
fn errors_hold_no_value() {
    let folder = planted();
    let wrong: [&[&str]; 4] = [
        &["scan", "in", "-o", "in"],
        &["scan", "in", "--kinds", "no-such-kind"],
        &["scan", "in/utf8.csv", "-o", "in/utf8.csv"],
        &["patterns", "check", "in/utf8.csv"],
    ];
    for args in wrong {
        let output = leakscope()
            .args(args)
            .current_dir(folder.path(""))
            .output()
            .unwrap();
        assert_eq!(output.status.code(), Some(2), "{args:?}");
        check_clean("stdout", &output.stdout);
        check_clean("stderr", &output.stderr);
    }
    assert_eq!(
        fs::read(Path::new(&folder.arg("in/utf8.csv"))).unwrap(),
        CSV.as_bytes()
    );
}

#[test]
fn the_search_knows_every_writing() {
    let text = "x 佐々木 麻衣子 y";
    for bytes in [
        text.as_bytes().to_vec(),
        encoded(encoding_rs::SHIFT_JIS, text),
        utf16(text, false),
        utf16(text, true),
    ] {
        assert!(
            writings("佐々木 麻衣子")
                .iter()
                .any(|writing| holds(&bytes, writing))
        );
    }
    assert!(writings("山").contains(&b"\\u5c71".to_vec()));
    assert!(
        !writings("maiko")
            .iter()
            .any(|writing| holds(b"m****", writing))
    );
}
