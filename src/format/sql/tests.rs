//! Small dumps of every dialect; each is read at several part sizes, and must give the same records.

use std::ops::ControlFlow;

use super::created_columns;
use super::{declared_encoding, open, sniff};
use crate::format::{Context, Head, Item};
use crate::source::{Bytes, Code, Limits};
use crate::text::{Encoding, unescape};

const SIZES: [usize; 4] = [8 << 20, 1, 64, 1000];

/// Records as `table(a=1,b=NULL)`; an unnamed column is `?`.
fn records(
    dump: &[u8],
    encoding: Encoding,
    limits: &Limits,
) -> (Vec<String>, Vec<(Code, Option<u64>)>) {
    let (mut records, faults) = everything(dump, encoding, limits);
    records.retain(|record| !record.starts_with(TEXT));
    (records, faults)
}

/// How what stands beside the rows begins.
const TEXT: &str = "dump (statements)(?=";

/// Records, and what stands beside them.
fn everything(
    dump: &[u8],
    encoding: Encoding,
    limits: &Limits,
) -> (Vec<String>, Vec<(Code, Option<u64>)>) {
    let bytes = Bytes::owned(dump.to_vec());
    let context = Context {
        stem: "dump".to_owned(),
        encoding,
        limits: limits.clone(),
        header: |_, _| true,
        ..crate::format::tests::context()
    };
    let reader = open(&bytes, &context).expect("a dump always opens");
    let mut records = Vec::new();
    let mut faults: Vec<_> = reader.faults().iter().map(|f| (f.code, f.at)).collect();
    for part in 0..reader.parts() {
        let mut sink = |item: Item<'_>| {
            match item {
                Item::Batch(batch) => {
                    if let Some(origin) = batch.origin {
                        assert_eq!(
                            batch.bytes,
                            &dump[origin as usize..][..batch.bytes.len()],
                            "the origin is right"
                        );
                    }
                    for row in batch.cells.chunks(batch.table.columns.len()) {
                        let cells = row.iter().zip(&batch.table.columns).map(|(cell, name)| {
                            let raw = &batch.bytes[cell.range()];
                            let mut text = batch.encoding.decode(raw).0.into_owned();
                            if cell.is_escaped() {
                                let decoded = std::mem::take(&mut text);
                                unescape(&decoded, batch.escape, &mut text);
                            }
                            let text = if cell.is_absent() {
                                "NULL".to_owned()
                            } else {
                                text
                            };
                            format!("{}={text}", name.as_deref().unwrap_or("?"))
                        });
                        records.push(format!(
                            "{}({})",
                            batch.table.name,
                            cells.collect::<Vec<_>>().join(",")
                        ));
                    }
                }
                Item::Fault(fault) => faults.push((fault.code, fault.at)),
                Item::Member(member) => {
                    let bytes = member.bytes.expect("it stands in the dump");
                    records.push(format!(
                        "[{}] {}",
                        member.name,
                        String::from_utf8_lossy(&bytes)
                    ));
                }
            }
            ControlFlow::Continue(())
        };
        reader.read(part, &mut sink).expect("parts are sound");
    }
    (records, faults)
}

fn check_encoded(
    dump: &[u8],
    encoding: Encoding,
    expected: &[&str],
    faults: &[(Code, Option<u64>)],
) {
    for part_bytes in SIZES {
        let limits = Limits {
            part_bytes,
            ..Limits::default()
        };
        let found = records(dump, encoding, &limits);
        assert_eq!(found.0, expected, "parts of {part_bytes} bytes");
        assert_eq!(found.1, faults, "parts of {part_bytes} bytes");
    }
}

fn check(dump: &str, expected: &[&str]) {
    check_encoded(dump.as_bytes(), Encoding::Utf8, expected, &[]);
}

const MYSQL: &str = r#"/*M!999999\- enable the sandbox mode */
-- MariaDB dump 10.19  Distrib 10.11.6
-- Host: localhost    Database: shop
/*!40101 SET NAMES utf8mb4 */;
DROP TABLE IF EXISTS `users`;
/*!40101 SET @saved_cs_client     = @@character_set_client */;
CREATE TABLE `users` (
  `id` int(11) NOT NULL AUTO_INCREMENT,
  `name` varchar(64) DEFAULT 'it''s, (a) name',
  `mail` varchar(128) /*!50606 STORAGE DISK */ DEFAULT NULL,
  `photo` blob,
  PRIMARY KEY (`id`),
  KEY `mail` (`mail`)
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;
LOCK TABLES `users` WRITE;
/*!40000 ALTER TABLE `users` DISABLE KEYS */;
INSERT INTO `users` VALUES (1,'O\'Hara \\','ohara@example.com',_binary 'ab\0'),(2,'山田; (花子)',NULL,0x616263);
INSERT INTO `users` VALUES (3,'a''b','x\r\ny',X'FF00FF');
/*!40000 ALTER TABLE `users` ENABLE KEYS */;
UNLOCK TABLES;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER `t` AFTER INSERT ON `users` FOR EACH ROW BEGIN
INSERT INTO `log` VALUES (1,'not data');
END */;;
DELIMITER ;
# a comment with 'a quote
INSERT IGNORE INTO `log` (`a`,`b``c`) VALUES (-1.5e3, "it""s \"") , (NOW(), 'x' 'y') ON DUPLICATE KEY UPDATE a = VALUES(a);
REPLACE INTO shop.log VALUES (1,2,3);
INSERT INTO `log` SELECT * FROM `users` WHERE id = 3;
"#;

#[test]
fn mysqldump() {
    check(
        MYSQL,
        &[
            "users(id=1,name=O'Hara \\,mail=ohara@example.com,photo=ab\0)",
            "users(id=2,name=山田; (花子),mail=NULL,photo=abc)",
            "users(id=3,name=a'b,mail=x\r\ny,photo=FF00FF)",
            "log(a=-1.5e3,b`c=it\"s \")",
            "log(a=NOW(),b`c=x' 'y)",
            "shop.log(?=1,?=2,?=3)",
        ],
    );
}

#[test]
fn several_databases_name_the_table() {
    let dump = "-- MySQL dump 10.13\nCREATE DATABASE `a`;\nUSE `a`;\nCREATE TABLE `t` (`x` int);\nINSERT INTO `t` VALUES (1);\n\
                USE `b`;\nCREATE TABLE `t` (`y` int);\nINSERT INTO `t` VALUES (2);\n";
    check(dump, &["a.t(x=1)", "b.t(y=2)"]);
    let dump = "\\connect one\nCOPY public.t (a) FROM stdin;\n1\n\\.\n\\connect two\nCOPY public.t (a) FROM stdin;\n2\n\\.\n";
    check(dump, &["one.public.t(a=1)", "two.public.t(a=2)"]);
}

const POSTGRES: &str = r#"--
-- PostgreSQL database dump
--
\restrict abcDEF
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
CREATE FUNCTION public.f() RETURNS void LANGUAGE sql AS $_$
INSERT INTO public.users VALUES (0, 'not data');
$_$;
CREATE TABLE public.users (
    id integer NOT NULL,
    name text DEFAULT 'x'::text,
    tags text[],
    CONSTRAINT c CHECK ((id > 0))
);
COPY public.users (id, name, tags) FROM stdin;
1	Anna\tB\\C	\N
-- 2	ends with \\	{a,b}
3	\\x616263	

\.
INSERT INTO public.users VALUES (4, E'it\'s\n', ARRAY['a','b']);
INSERT INTO public.users (id, "na me") VALUES (5, 'C:\'), (6, 'a''b'), (7, '2020-01-31'::date), (8, $$raw 'text'$$);
\unrestrict abcDEF
"#;

#[test]
fn pg_dump() {
    check(
        POSTGRES,
        &[
            "public.users(id=1,name=Anna\tB\\C,tags=NULL)",
            "public.users(id=-- 2,name=ends with \\,tags={a,b})",
            "public.users(id=3,name=abc,tags=)",
            "public.users(id=)",
            "public.users(id=4,name=it's\n,tags=a','b)",
            "public.users(id=5,na me=C:\\)",
            "public.users(id=6,na me=a'b)",
            "public.users(id=7,na me=2020-01-31)",
            "public.users(id=8,na me=raw 'text')",
        ],
    );
}

#[test]
fn old_pg_dump() {
    let dump = "SET standard_conforming_strings = off;\nSET search_path = sales, pg_catalog;\n\
                CREATE TABLE t (a integer, b text);\nINSERT INTO t VALUES (1, 'it\\'s');\n\
                SET search_path = public, pg_catalog;\nINSERT INTO t VALUES (2, 'x');\n";
    check(dump, &["sales.t(a=1,b=it's)", "t(a=2,b=x)"]);
}

#[test]
fn sqlite_dump() {
    let dump = r#"PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE users(id INTEGER PRIMARY KEY, name TEXT, key TEXT, "e mail" TEXT, CHECK (id > 0));
INSERT INTO users VALUES(1,'C:\',X'6869','a@example.com');
INSERT INTO "users" VALUES(2,replace(replace('a\nb\\n''c\r','\n',char(10)),'\r',char(13)),NULL,'x');
INSERT INTO users VALUES(3,unistr('\u3042\u000a'),1e3,'');
CREATE TRIGGER t AFTER INSERT ON users BEGIN
INSERT INTO log VALUES(1,'not data');
SELECT CASE WHEN 1 THEN 2 END;
END;
DELETE FROM sqlite_sequence;
INSERT INTO sqlite_sequence VALUES('users',3);
INSERT INTO log VALUES(4);
COMMIT;
"#;
    check(
        dump,
        &[
            "users(id=1,name=C:\\,key=hi,e mail=a@example.com)",
            "users(id=2,name=a\nb\\\nc\r,key=NULL,e mail=x)"
                .replace("\\\nc", "\\\n'c")
                .as_str(),
            "users(id=3,name=あ\n,key=1e3,e mail=)",
            "log(?=4)",
        ],
    );
}

#[test]
fn sql_server_script() {
    let dump = "USE [shop]\r\nGO\r\n/****** Object:  Table [dbo].[users] ******/\r\nSET ANSI_NULLS ON\r\nGO\r\n\
        CREATE TABLE [dbo].[users](\r\n\t[id] [int] IDENTITY(1,1) NOT NULL,\r\n\t[na]]me] [nvarchar](50) NULL,\r\n\t[born] [datetime] NULL,\r\n\
        PRIMARY KEY CLUSTERED\r\n(\r\n\t[id] ASC\r\n)\r\n) ON [PRIMARY]\r\nGO\r\n\
        CREATE PROCEDURE [dbo].[p] AS\r\nINSERT INTO log VALUES (1)\r\nGO\r\n\
        SET IDENTITY_INSERT [dbo].[users] ON \r\n\
        INSERT [dbo].[users] ([id], [na]]me], [born]) VALUES (1, N'O''Brien \\', CAST(N'1980-02-01T00:00:00.000' AS DateTime))\r\n\
        INSERT [dbo].[users] ([id], [na]]me], [born]) VALUES (2, NULL, CAST(12.50 AS Decimal(10, 2)))\r\nGO\r\n\
        INSERT [dbo].[users] VALUES (3, N'x', NULL)\r\n";
    check(
        dump,
        &[
            "dbo.users(id=1,na]me=O'Brien \\,born=1980-02-01T00:00:00.000)",
            "dbo.users(id=2,na]me=NULL,born=12.50)",
            "dbo.users(id=3,na]me=x,born=NULL)",
        ],
    );
}

#[test]
fn oracle_script() {
    let dump = "REM INSERTING into HR.EMP\nSET DEFINE OFF;\n\
        Insert into HR.EMP (ID,NAME,BORN) values (1,'King',to_date('17-JUN-87','DD-MON-RR'));\n\
        Insert into HR.EMP (ID,NAME,BORN) values (2,UNISTR('\\30B3\\30A6')||'x',null);\n\
        Insert into HR.EMP (ID,NAME,BORN) values (3,q'[it's]','a'||CHR(10)||'b');\n\
        INSERT ALL\n INTO t (a) VALUES (1)\n INTO u (b) VALUES ('2')\nSELECT * FROM dual;\n";
    check(
        dump,
        &[
            "HR.EMP(ID=1,NAME=King,BORN=17-JUN-87)",
            "HR.EMP(ID=2,NAME=コウx,BORN=NULL)",
            "HR.EMP(ID=3,NAME=it's,BORN=a'||CHR(10)||'b)",
            "t(a=1)",
            "u(b=2)",
        ],
    );
}

#[test]
fn without_header_each_literal_decides() {
    check(
        "INSERT INTO t VALUES ('C:\\',1);\nINSERT INTO t VALUES ('x',2);\n",
        &["t(?=C:\\,?=1)", "t(?=x,?=2)"],
    );
    check(
        "insert into t values ('it\\'s, ok',1),('C:\\\\',2);\n",
        &["t(?=it's, ok,?=1)", "t(?=C:\\,?=2)"],
    );
    check(
        "INSERT INTO t VALUES (1)\nINSERT INTO t VALUES ((2))",
        &["t(?=1)", "t(?=(2))"],
    );
    check(
        "INSERT INTO t VALUES (\"長井\",\"美南\"),(  'x'  , null ) ;",
        &["t(?=長井,?=美南)", "t(?=x,?=NULL)"],
    );
}

#[test]
fn trail_bytes_of_shift_jis_are_no_backslashes() {
    // 表 (0x95 0x5C), 能 (0x94 0x5C) and ソ (0x83 0x5C) end in the byte of the backslash.
    let mut dump =
        b"-- MySQL dump\nINSERT INTO `t` VALUES ('\x95\x5c',1),('\x94\x5c\\'\x83\x5c',2);\n"
            .to_vec();
    check_encoded(
        &dump,
        Encoding::ShiftJis,
        &["t(?=表,?=1)", "t(?=能'ソ,?=2)"],
        &[],
    );
    dump = b"COPY t (a, b) FROM stdin;\n\x95\x5c\t\x83\x5c\\tx\n\\.\n".to_vec();
    check_encoded(&dump, Encoding::ShiftJis, &["t(a=表,b=ソ\tx)"], &[]);
}

#[test]
fn faults_lose_only_what_they_break() {
    let check = |dump: &str, expected: &[&str], faults: &[(Code, Option<u64>)]| {
        check_encoded(dump.as_bytes(), Encoding::Utf8, expected, faults);
    };
    check(
        "INSERT INTO t VALUES (1),(2),('abc",
        &["t(?=1)", "t(?=2)"],
        &[(Code::Truncated, Some(29))],
    );
    check(
        "INSERT INTO t VALUES (1),(2),",
        &["t(?=1)", "t(?=2)"],
        &[(Code::Truncated, Some(28))],
    );
    check(
        "COPY t (a, b) FROM stdin;\n1\t2\n3",
        &["t(a=1,b=2)"],
        &[(Code::Truncated, Some(30))],
    );
    check(
        "INSERT INTO t VALUES (1),('abc);\nINSERT INTO t VALUES ('x',2);\nINSERT INTO t VALUES (3);\n",
        &["t(?=1)", "t(?=x,?=2)", "t(?=3)"],
        &[(Code::Malformed, Some(56))],
    );
    check(
        "INSERT INTO t VALUES (1),(;\n%%% nonsense\nINSERT INTO t VALUES (3);\n",
        &["t(?=1)", "t(?=3)"],
        &[(Code::Malformed, Some(26)), (Code::Malformed, Some(28))],
    );
    check(
        "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES ('no end\nINSERT INTO t VALUES (3);\n",
        &["t(?=1)", "t(?=3)"],
        &[(Code::Malformed, Some(47))],
    );
}

#[test]
fn long_records_are_left_out() {
    let dump = format!(
        "INSERT INTO t VALUES (1),('{}'),(3);\nINSERT INTO t VALUES (4);\n",
        "x".repeat(200)
    );
    let copy = format!("COPY t (a) FROM stdin;\n1\n{}\n3\n\\.\n", "x".repeat(200));
    for part_bytes in SIZES {
        let limits = Limits {
            part_bytes,
            record_bytes: 100,
            ..Limits::default()
        };
        let found = records(dump.as_bytes(), Encoding::Utf8, &limits);
        assert_eq!(found.0, ["t(?=1)", "t(?=3)", "t(?=4)"]);
        assert_eq!(found.1, [(Code::RecordTooLong, Some(25))]);
        let found = records(copy.as_bytes(), Encoding::Utf8, &limits);
        assert_eq!(found.0, ["t(a=1)", "t(a=3)"]);
        assert_eq!(found.1, [(Code::RecordTooLong, Some(25))]);
    }
}

#[test]
fn dumps_cut_anywhere_give_a_prefix_of_the_records() {
    for dump in [MYSQL, POSTGRES] {
        let (whole, _) = records(dump.as_bytes(), Encoding::Utf8, &Limits::default());
        for len in 0..dump.len() {
            for part_bytes in [1, 8 << 20] {
                let limits = Limits {
                    part_bytes,
                    ..Limits::default()
                };
                let (cut, _) = records(&dump.as_bytes()[..len], Encoding::Utf8, &limits);
                assert!(cut.len() <= whole.len(), "cut at {len}");
                let n_same = cut.iter().zip(&whole).take_while(|(a, b)| a == b).count();
                assert!(
                    n_same + 1 >= cut.len(),
                    "cut at {len}: only the last record may differ"
                );
            }
        }
    }
}

#[test]
fn a_delimiter_that_was_forgotten_loses_no_row() {
    check(
        "SET DATEFORMAT dmy\n\nINSERT INTO t VALUES (1, 'a');\n",
        &["t(?=1,?=a)"],
    );
    check(
        "CREATE TABLE `t` (\n `a` int,\n `b` text\n)\nINSERT INTO `t` (`a`, `b`) VALUES\n(1, 'x');\n",
        &["t(a=1,b=x)"],
    );
    check(
        "CREATE TABLE s (\n a int\n)\nCREATE TABLE t (\n b int\n)\nINSERT INTO t VALUES (1)\n",
        &["t(b=1)"],
    );
    check(
        "INSERT INTO t (\n)\nVALUES\n(NULL, 'a');\n",
        &["t(?=NULL,?=a)"],
    );
    check(
        "MERGE INTO t USING s ON t.a = s.a WHEN NOT MATCHED THEN\nINSERT (a) VALUES (2);\nINSERT INTO t VALUES (1);\n",
        &["t(?=1)"],
    );
}

#[test]
fn scripts_are_known_by_their_rows_whatever_stands_before() {
    let score = |text: &str, extension: &'static str| {
        sniff(&Head {
            bytes: text.as_bytes(),
            len: text.len() as u64,
            encoding: Encoding::Utf8,
            extension,
        })
    };
    let rows = "INSERT INTO\n  t (a)\nVALUES\n  (1);\n";
    for before in [
        "DELETE FROM \"t\" WHERE a = 1;\n",
        "TRUNCATE TABLE [t];\n",
        "DO $$\nBEGIN\n  PERFORM 1;\n  PERFORM 2;\nEND\n$$;\n",
        "/*\nRows for\nthe demo\nof a shop\nin spring\n*/\n",
    ] {
        let text = format!("{before}{rows}");
        assert!(score(&text, "sql") >= 60, "{text}");
    }
    assert_eq!(score("Read me.\n\nThen this.\n", "sql"), 0);
}

#[test]
fn sniffs_statements_and_not_their_mention() {
    let score = |text: &str| {
        sniff(&Head {
            bytes: text.as_bytes(),
            len: text.len() as u64,
            encoding: Encoding::Utf8,
            extension: "txt",
        })
    };
    for dump in [
        MYSQL,
        POSTGRES,
        "INSERT INTO t VALUES (1);",
        "insert [dbo].[t] ([a]) VALUES (1)",
        "COPY t FROM stdin;\n1\n\\.\n",
    ] {
        assert!(score(dump) >= 90, "{dump}");
    }
    assert!(
        score(
            "mysqldump: [Warning] Using a password.\nCREATE TABLE `t` (\n`a` int);\nINSERT INTO `t` VALUES (1);\n"
        ) >= 50
    );
    for text in [
        "",
        "name,mail\nAnna,anna@example.com\n",
        "Insert into the slot (the left one).\n",
        "# Notes\n\nWe use MySQL.\n\nThen run:\n\nthis:\n\nINSERT INTO t VALUES (1);\n",
        "To: a@example.com\nSubject: x\nDate: y\nFrom: z\n\nINSERT INTO t VALUES (1);\nINSERT INTO t VALUES (1);\n",
        "{\"sql\":\"INSERT INTO t VALUES (1)\"}\n",
    ] {
        assert_eq!(score(text), 0, "{text}");
    }
}

#[test]
fn declared_encodings() {
    let check =
        |text: &str, expected| assert_eq!(declared_encoding(text.as_bytes()), expected, "{text}");
    check("/*!40101 SET NAMES cp932 */;", Some(Encoding::ShiftJis));
    check(
        "/*!40101 SET NAMES utf8mb4 */;\n) DEFAULT CHARSET=sjis;",
        Some(Encoding::Utf8),
    );
    check("SET client_encoding = 'EUC_JP';", Some(Encoding::EucJp));
    check("SET client_encoding TO 'SJIS';", Some(Encoding::ShiftJis));
    check(
        ") ENGINE=InnoDB DEFAULT CHARSET=latin1;",
        Some(Encoding::Windows1252),
    );
    check("SELECT 1;", None);
}

#[test]
fn assignments_are_a_record() {
    check(
        "INSERT INTO `users` SET `id` = 1, `name`='O\\'Hara; x', mail = \"a@example.com\", at = NOW(), p = _binary 'q', n=NULL;\n\
         INSERT INTO users SET id=2, name='b' ON DUPLICATE KEY UPDATE name='c';\n\
         INSERT INTO users (id) VALUES (3);\n",
        &[
            "users(id=1,name=O'Hara; x,mail=a@example.com,at=NOW(),p=q,n=NULL)",
            "users(id=2,name=b)",
            "users(id=3)",
        ],
    );
}

/// Statements that change rows hold values, too, and comments do.
#[test]
fn what_stands_beside_rows_is_text() {
    #[track_caller]
    fn check(beside: &str, expected: &[&str]) {
        let row = "INSERT INTO u (a) VALUES ('x');\n";
        let dump = format!("{row}{beside}{row}");
        for part_bytes in [16, 1 << 20] {
            let limits = Limits {
                part_bytes,
                ..Limits::default()
            };
            let (found, faults) = everything(dump.as_bytes(), Encoding::Utf8, &limits);
            let text = found.iter().filter_map(|record| {
                let text = record.strip_prefix(TEXT)?;
                text.strip_suffix("\n)")
            });
            let lines: Vec<&str> = text.collect();
            assert_eq!(lines, expected, "{dump}");
            assert_eq!(found.len(), expected.len() + 2, "{dump}");
            assert_eq!(faults, [], "{dump}");
        }
    }
    check(
        "UPDATE u SET a='y'\nWHERE a='x';\n",
        &["UPDATE u SET a='y' WHERE a='x';"],
    );
    check("CALL add_user('y');\n", &["CALL add_user('y');"]);
    check("-- x@example.com\n-- users\n", &["-- x@example.com"]);
    check(
        "UPDATE u SET n = n + 1;\nINSERT INTO u (a) SELECT a FROM v;\n",
        &[],
    );
    check(
        "SELECT setval('u_seq', 5, true);\nCOMMENT ON TABLE u IS 'people';\n",
        &[],
    );
}

#[test]
fn copies_in_csv_are_members() {
    check(
        "COPY t (a, b) FROM stdin WITH (FORMAT csv);\n1,\"x,y\"\n\\.\nCOPY u (a) FROM stdin WITH CSV HEADER;\na\n1\n\\.\n\
         INSERT INTO v (c) VALUES ('z');\n",
        &[
            "[t.csv] \"a\",\"b\"\n1,\"x,y\"\n",
            "[u.csv] a\n1\n",
            "v(c=z)",
        ],
    );
}

#[test]
fn one_created_table_gives_its_columns() {
    let check = |script: &str, expected: Option<&[&str]>| {
        let found = created_columns(script.as_bytes(), Encoding::Utf8);
        let expected = expected.map(|names| {
            names
                .iter()
                .map(|name| (*name).to_owned())
                .collect::<Vec<_>>()
        });
        assert_eq!(found, expected, "{script}");
    };
    check(
        "-- MySQL dump\nDROP TABLE IF EXISTS `u`;\nCREATE TABLE `u` (\n `id` int,\n `名前` text\n) ENGINE=InnoDB;\n",
        Some(&["id", "名前"]),
    );
    check("CREATE TABLE a (x int); CREATE TABLE b (y int);", None);
    check("SELECT 1;", None);
}
