//! The accounts of a Unix system: `/etc/passwd`, `/etc/shadow`, `/etc/group`, `master.passwd` of the BSDs, and `.htpasswd` of web servers.
//!
//! In: lines of fields with colons. Out: a record for each account of a person; what programs run under is no person, and given only where it
//! has the hash of a password. Who is in a group is a record for each member. Sources: passwd(5), shadow(5) and group(5) of Linux man-pages
//! 6.9 and shadow-utils 4.15; login.defs(5): `UID_MIN` is 1000; the full name, room and telephones of a person stand in the fifth field,
//! with commas between (finger(1), chfn(1)); shadow(4) of Solaris 11.4 for `NP` and `*LK*`; "Password Formats" of Apache httpd 2.4 for `{SHA}` and
//! `$apr1$`; all read 2026-11.

use std::ops::{ControlFlow, Range};

use memchr::memchr;

use super::gather::Gather;
use super::prose::Prose;
use super::{Context, Format, Head, Reader, Shape, Sink, Table};
use crate::source::{Bytes, Fault, Limits};
use crate::text::Encoding;

/// Lists of accounts.
pub(crate) const FORMAT: Format = Format {
    name: "accounts",
    title: "Accounts of Unix systems (passwd, shadow, group, htpasswd)",
    extensions: &["passwd", "shadow", "group", "bak"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Lines by which a list is told.
const SNIFFED: usize = 50;
/// One more than any list has in a line.
const FIELDS: usize = 11;
/// The first number of a person's account, and that of nobody.
const FIRST: u32 = 1_000;
const NOBODY: [u32; 2] = [65_534, 65_535];
/// Where people are at home.
const HOMES: [&[u8]; 4] = [b"/home/", b"/Users/", b"/export/home/", b"/usr/home/"];
/// Accounts of programs that are told by their names alone in lists without numbers.
const PROGRAMS: [&str; 42] = [
    "root",
    "toor",
    "daemon",
    "bin",
    "sys",
    "adm",
    "sync",
    "games",
    "man",
    "lp",
    "mail",
    "news",
    "uucp",
    "proxy",
    "www-data",
    "www",
    "apache",
    "nginx",
    "backup",
    "list",
    "irc",
    "gnats",
    "nobody",
    "sshd",
    "mysql",
    "postgres",
    "redis",
    "mongodb",
    "syslog",
    "messagebus",
    "uuidd",
    "dnsmasq",
    "tcpdump",
    "landscape",
    "pollinate",
    "operator",
    "halt",
    "shutdown",
    "ftp",
    "postfix",
    "dovecot",
    "ntp",
];

/// Which list it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum List {
    Passwd,
    /// With the class of the login and two times before the name.
    Master,
    Shadow,
    Group,
    /// Of a web server: a name and a hash.
    Web,
}

impl List {
    /// Columns of people, and of programs with a password.
    fn columns(self) -> [&'static [&'static str]; 2] {
        const SERVICE: &[&str] = &["service", "password hash"];
        match self {
            List::Passwd | List::Master => [
                &[
                    "login",
                    "password hash",
                    "uid",
                    "full name",
                    "room",
                    "office phone",
                    "home phone",
                    "other",
                ],
                SERVICE,
            ],
            List::Shadow | List::Web => [&["login", "password hash"], SERVICE],
            List::Group => [&["login", "group"], &[]],
        }
    }
}

/// The fields of a line, where it is one of the list.
fn fields(line: &[u8], list: List) -> Option<Vec<&[u8]>> {
    let fields: Vec<&[u8]> = line.splitn(FIELDS, |&byte| byte == b':').collect();
    let is_number = |field: &[u8]| {
        let digits = field.strip_prefix(b"-").unwrap_or(field);
        (1..=10).contains(&digits.len()) && digits.iter().all(u8::is_ascii_digit)
    };
    let is_path = |field: &[u8]| field.is_empty() || field[0] == b'/';
    let of_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"._-$@\\".contains(byte);
    let name = *fields.first()?;
    // Accounts of a domain may have names of two words, in lists whose other fields leave no doubt.
    let spaced = matches!(list, List::Passwd | List::Master) && name.trim_ascii() == name;
    let of_name = |byte: &u8| of_name(byte) || spaced && *byte == b' ';
    let named = !name.is_empty() && name.len() <= 64 && name.iter().all(of_name);
    let fits = match list {
        List::Passwd => {
            fields.len() == 7
                && is_number(fields[2])
                && is_number(fields[3])
                && is_path(fields[5])
                && is_path(fields[6].trim_ascii())
        }
        List::Master => {
            fields.len() == 10
                && is_number(fields[2])
                && is_number(fields[3])
                && is_path(fields[8])
                && is_path(fields[9].trim_ascii())
        }
        List::Shadow => {
            let times = fields.get(2..).unwrap_or_default();
            let hash = fields.get(1).copied().unwrap_or_default();
            fields.len() == 9
                && times
                    .iter()
                    .all(|time| time.trim_ascii().is_empty() || is_number(time.trim_ascii()))
                && (has_hash(hash) || is_locked(hash))
        }
        // Mailboxes with hashes are what was stolen from a shop.
        List::Web => {
            fields.len() == 2 && !name.contains(&b'@') && (has_hash(fields[1]) || is_sha(fields[1]))
        }
        List::Group => {
            fields.len() == 4
                && is_number(fields[2])
                && fields[1].iter().all(|byte| b"*!x".contains(byte))
                && fields[3]
                    .trim_ascii()
                    .iter()
                    .all(|byte| of_name(byte) || *byte == b',')
        }
    };
    (named && fits).then_some(fields)
}

/// Whether it is the hash of a password, locked or not (crypt(5)).
fn has_hash(field: &[u8]) -> bool {
    let hash = field.strip_prefix(b"!").unwrap_or(field);
    let hash = hash.strip_prefix(b"!").unwrap_or(hash);
    let old = hash.len() == 13
        && hash
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || b"./".contains(byte));
    old || matches!(hash, [b'$' | b'_', ..]) && hash.len() >= 13
}

/// Whether nobody can log in by a password: it is locked, stands elsewhere, or there is none.
fn is_locked(field: &[u8]) -> bool {
    field.iter().all(|byte| b"*!x".contains(byte))
        || matches!(field, b"NP" | b"*NP*" | b"LK" | b"*LK*")
}

/// Whether it is a hash as web servers and directories write it: `{SHA}` and some base64.
fn is_sha(field: &[u8]) -> bool {
    let hash = field
        .strip_prefix(b"{SHA}")
        .or_else(|| field.strip_prefix(b"{SSHA}"));
    hash.is_some_and(|hash| {
        hash.len() >= 20
            && hash
                .iter()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+/=".contains(byte))
    })
}

/// Whether a line tells nothing of accounts of this system.
fn is_empty(line: &[u8]) -> bool {
    matches!(line.trim_ascii().first(), None | Some(b'#' | b'+' | b'-'))
}

fn list(head: &[u8], whole: bool) -> Option<List> {
    let mut lines: Vec<&[u8]> = head.split_inclusive(|&byte| byte == b'\n').collect();
    if !whole && lines.len() > 1 {
        lines.pop();
    }
    let lines: Vec<&[u8]> = lines
        .into_iter()
        .map(<[u8]>::trim_ascii_end)
        .filter(|line| !is_empty(line))
        .take(SNIFFED)
        .collect();
    let told = |list: List| {
        let fit = lines.iter().filter(|line| fields(line, list).is_some());
        let fit = fit.count();
        let all = fit == lines.len();
        match list {
            // Several lists under titles, or one odd line: seven fields with two numbers and two paths are no chance.
            List::Passwd | List::Master => {
                all && fit >= 1 || fit >= 3 && fit * 4 >= lines.len() * 3
            }
            List::Shadow => all && fit >= 2 || fit >= 3 && fit * 10 >= lines.len() * 9,
            List::Group => all && fit >= 2,
            List::Web => all && fit >= 1 && lines.iter().all(|line| is_of_web(line)),
        }
    };
    use List::{Group, Master, Passwd, Shadow, Web};
    [Passwd, Master, Shadow, Group, Web]
        .into_iter()
        .find(|&list| told(list))
}

/// Whether what follows the name says by its first sign that it is a hash; thirteen letters may be a password.
fn is_of_web(line: &[u8]) -> bool {
    let hash = line.splitn(2, |&byte| byte == b':').nth(1);
    matches!(hash, Some([b'$' | b'{', ..]))
}

fn sniff(head: &Head<'_>) -> u8 {
    let whole = head.bytes.len() as u64 == head.len;
    if list(head.bytes, whole).is_some() {
        91
    } else {
        0
    }
}

struct Accounts<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    limits: Limits,
    stem: String,
    list: List,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let head = &bytes[..bytes.len().min(64 << 10)];
    Ok(Box::new(Accounts {
        bytes,
        encoding: context.encoding,
        limits: context.limits.clone(),
        stem: context.stem.clone(),
        list: list(head, head.len() == bytes.len()).unwrap_or(List::Passwd),
    }))
}

impl Reader for Accounts<'_> {
    fn parts(&self) -> usize {
        self.bytes.len().div_ceil(self.limits.part_bytes.max(1))
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let size = self.limits.part_bytes.max(1);
        let (from, to) = (part * size, (part + 1).saturating_mul(size));
        let begin = |at: usize| match at {
            0 => 0,
            at if at >= self.bytes.len() => self.bytes.len(),
            at => self.line_end(at - 1),
        };
        let lines = begin(from)..begin(to);
        // Whether the sink wants no more only matters for what would follow.
        if self.give(lines.clone(), false, sink).is_continue()
            && self.give(lines.clone(), true, sink).is_continue()
        {
            let _ = self.others(lines, sink);
        }
        Ok(())
    }
}

impl Accounts<'_> {
    fn line_end(&self, at: usize) -> usize {
        memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |n| at + n + 1)
    }

    /// Gives the accounts of people, or those of programs, that lines tell of.
    fn give(&self, lines: Range<usize>, programs: bool, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let columns = self.list.columns()[usize::from(programs)];
        let name = if programs {
            format!("{} (services)", self.stem)
        } else {
            self.stem.clone()
        };
        let table = Table {
            name,
            columns: columns
                .iter()
                .map(|name| Some((*name).to_owned()))
                .collect(),
            shape: Shape::Rows,
        };
        let mut rows = Gather::new(table, &self.limits, sink);
        let mut at = lines.start;
        while at < lines.end {
            let end = self.line_end(at);
            let line = self.bytes[at..end].trim_ascii_end();
            if let Some(fields) = fields(line, self.list).filter(|_| !is_empty(line)) {
                self.account(at, &fields, programs, &mut rows)?;
            }
            at = end;
        }
        rows.flush()
    }

    /// Gives the lines that are no accounts: remarks.
    fn others(&self, lines: Range<usize>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut others = Prose::new(format!("{} (lines)", self.stem), &self.limits);
        let mut at = lines.start;
        while at < lines.end {
            let end = self.line_end(at);
            let line = &self.bytes[at..end];
            let is_account = fields(line.trim_ascii_end(), self.list).is_some();
            if !is_account && !matches!(line[0], b'+' | b'-') {
                others.line(&self.encoding.decode(line).0, sink)?;
            }
            at = end;
        }
        others.flush(sink)
    }

    fn account(
        &self,
        at: usize,
        fields: &[&[u8]],
        programs: bool,
        rows: &mut Gather<'_, '_>,
    ) -> ControlFlow<()> {
        let mut give = |values: &[&[u8]]| {
            for value in values {
                let text = self.encoding.decode(value).0;
                rows.value(Some(text.trim()).filter(|text| !text.is_empty()));
            }
            rows.end(at as u64)
        };
        let told = String::from_utf8_lossy(fields[0]);
        let hash = if has_hash(fields[1]) || is_sha(fields[1]) {
            fields[1]
        } else {
            b""
        };
        if self.list == List::Group {
            let members = fields[3].split(|&byte| byte == b',');
            for member in members.filter(|_| !programs) {
                let is_program = PROGRAMS.contains(&&*String::from_utf8_lossy(member));
                if !member.is_empty() && !is_program {
                    give(&[member, fields[0]])?;
                }
            }
            return ControlFlow::Continue(());
        }
        let person = match self.list {
            List::Shadow | List::Web => !hash.is_empty() && !PROGRAMS.contains(&&*told),
            List::Master => is_person(fields[2], fields[7], fields[8], fields[9]),
            _ => is_person(fields[2], fields[4], fields[5], fields[6]),
        };
        match (person, programs) {
            (false, true) if !hash.is_empty() => give(&[fields[0], hash]),
            (true, false) if matches!(self.list, List::Shadow | List::Web) => {
                give(&[fields[0], hash])
            }
            (true, false) => {
                let at = if self.list == List::Master { 7 } else { 4 };
                let mut about = fields[at].splitn(5, |&byte| byte == b',');
                let mut next = || about.next().unwrap_or_default();
                // `&` stands for the login name (passwd(5) of the BSDs).
                let name = match next() {
                    b"&" => fields[0],
                    name => name,
                };
                give(&[
                    fields[0],
                    hash,
                    fields[2],
                    name,
                    next(),
                    next(),
                    next(),
                    next(),
                ])
            }
            _ => ControlFlow::Continue(()),
        }
    }
}

/// Whether an account is a person's: by its number and its home, and that it may log in, or has a name of two words all the same.
fn is_person(uid: &[u8], about: &[u8], home: &[u8], shell: &[u8]) -> bool {
    let uid: u32 = std::str::from_utf8(uid)
        .ok()
        .and_then(|uid| uid.parse().ok())
        .unwrap_or(0);
    let at_home = HOMES.iter().any(|homes| home.starts_with(homes));
    let shell = shell.trim_ascii();
    let closed = [&b"nologin"[..], b"false", b"sync", b"shutdown", b"halt"]
        .iter()
        .any(|end| shell.ends_with(end));
    let name = about.split(|&byte| byte == b',').next().unwrap_or_default();
    let numbered = uid >= FIRST || uid >= 500 && at_home;
    numbered && !NOBODY.contains(&uid) && (!closed || at_home && name.contains(&b' '))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{context, show};
    use super::*;

    fn sure(text: &str) -> u8 {
        sniff(&Head {
            bytes: text.as_bytes(),
            len: text.len() as u64,
            encoding: Encoding::Utf8,
            extension: "",
        })
    }

    fn check(text: &str, expected: &[&str]) {
        assert_eq!(sure(text), 91, "{text}");
        for part_bytes in [1 << 20, 30] {
            let limits = Limits {
                part_bytes,
                ..Limits::default()
            };
            let context = Context {
                limits,
                ..context()
            };
            let mut found = show(&FORMAT, text.as_bytes(), &context);
            found.sort_by_key(|record| match record.starts_with("t:") {
                true => (0, String::new()),
                false => (1, record.clone()),
            });
            assert_eq!(found, expected, "{part_bytes}");
        }
    }

    #[test]
    fn accounts_of_people_are_told_from_those_of_programs() {
        check(
            "root:x:0:0:root:/root:/bin/bash\n\
             daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n\
             # locals\n\
             hsato:x:1000:1000:Hanako Sato,12,03-0000-0001,03-0000-0002,x:/home/hsato:/bin/bash\n\
             old:$1$saltsalt$abcdefghijklmnop:0:1::/:\n\
             ken:x:1001:1001:&:/home/ken:/bin/zsh\n\
             mail1:x:1002:1002:Jiro Ito:/home/mail1:/sbin/nologin\n\
             libvirt:x:64055:108:Libvirt Qemu,,,:/var/lib/libvirt:/usr/sbin/nologin\n\
             nobody:x:65534:65534:nobody:/nonexistent:/usr/sbin/nologin\n",
            &[
                "t: login=hsato, uid=1000, full name=Hanako Sato, room=12, office phone=03-0000-0001, home phone=03-0000-0002, other=x",
                "t: login=ken, uid=1001, full name=ken",
                "t: login=mail1, uid=1002, full name=Jiro Ito",
                "t (lines): # locals",
                "t (services): service=old, password hash=$1$saltsalt$abcdefghijklmnop",
            ],
        );
        check(
            "root:$6$salt$abcdefghijklmnopq:0:0::0:0:Charlie &:/root:/bin/csh\nhsato:*:1001:1001:staff:0:0:Hanako Sato:/home/hsato:/bin/sh\n",
            &[
                "t: login=hsato, uid=1001, full name=Hanako Sato",
                "t (services): service=root, password hash=$6$salt$abcdefghijklmnopq",
            ],
        );
        check(
            "root:$6$salt$abcdefghijklmnopq:19000:0:99999:7:::\nbin:*:19000:0:99999:7:::\nhsato:!$6$salt$abcdefghijklmnopq:19000:0:99999:7:::\n",
            &[
                "t: login=hsato, password hash=!$6$salt$abcdefghijklmnopq",
                "t (services): service=root, password hash=$6$salt$abcdefghijklmnopq",
            ],
        );
        check(
            "adm:x:4:syslog,hsato\nsudo:x:27:hsato,ken\nhsato:x:1000:\n",
            &[
                "t: login=hsato, group=adm",
                "t: login=hsato, group=sudo",
                "t: login=ken, group=sudo",
            ],
        );
    }

    #[test]
    fn lists_with_odd_lines() {
        check(
            "=== web1 ===\n\
             root:x:0:0:root:/root:/bin/bash\n\
             daemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n\
             hsato:x:1000:1000:Hanako Sato:/home/hsato:/bin/bash\n\
             jiro ito:x:502:502:Jiro Ito:/home/jito:/bin/bash\n",
            &[
                "t: login=hsato, uid=1000, full name=Hanako Sato",
                "t: login=jiro ito, uid=502, full name=Jiro Ito",
                "t (lines): === web1 ===",
            ],
        );
        check(
            "daemon:NP:6445::::::\nnobody:*LK*:6445::::::\nhsato:$6$salt$abcdefghijklmnopq:6445::::::\n",
            &["t: login=hsato, password hash=$6$salt$abcdefghijklmnopq"],
        );
        check(
            "hsato:$apr1$salt....$abcdefghijklmnopqrst\nken:{SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=\n",
            &[
                "t: login=hsato, password hash=$apr1$salt....$abcdefghijklmnopqrst",
                "t: login=ken, password hash={SHA}VBPuJHI7uixaa6LQGWx4s+5GKNE=",
            ],
        );
    }

    #[test]
    fn other_lists_with_colons_are_none() {
        for text in [
            "name:age:city\nHanako:12:Tokyo\n",
            "10:20:30:40\n",
            "a:b:1:1:c:d:e\n",
            "hsato:secret\n",
            "hsato:secretsecrets\nken:$1$saltsalt$abcdefghijklmnop\n",
            "ken@example.com:$1$saltsalt$abcdefghijklmnop\n",
            "root:x:0:0:root:/root:/bin/bash\na:b\nc:d\n",
            "",
        ] {
            assert_eq!(sure(text), 0, "{text}");
        }
    }
}
