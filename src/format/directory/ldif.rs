//! LDIF: entries of a directory as text (RFC 2849).
//!
//! In: entries, each from its `dn:` on. Out: a record per entry, an attribute's values under one name. Records that change
//! entries are read for what they add.

use mail_parser::decoders::base64::base64_decode;
use memchr::memchr;

use super::Parts;
use crate::format::json::{Written, bytes as text_of, string};
use crate::format::{Context, Format, Head, Reader, Sink};
use crate::source::{Bytes, Code, Fault, Limits};
use crate::text::{Encoding, detect};

/// LDIF.
pub(crate) const LDIF: Format = Format {
    name: "ldif",
    title: "LDIF (exports of directories)",
    extensions: &["ldif", "ldf"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

fn sniff(head: &Head<'_>) -> u8 {
    let text = head
        .bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head.bytes);
    let mut lines = text
        .split(|&byte| byte == b'\n')
        .take(200)
        .map(<[u8]>::trim_ascii_end)
        .filter(|line| !line.is_empty() && !line.starts_with(b"#") && !line.starts_with(b" "));
    let Some(first) = lines.next() else { return 0 };
    let entry = if first.starts_with(b"version:") {
        lines.next()
    } else {
        Some(first)
    };
    // A name of an entry is made of attributes: `dn: uid=taro,dc=example`.
    let is_entry = entry.is_some_and(|line| {
        is_record(line) && (line.starts_with(b"dn::") || memchr(b'=', line).is_some())
    });
    let has_attribute = lines
        .next()
        .is_none_or(|line| memchr(b':', &line[..line.len().min(100)]).is_some());
    if is_entry && has_attribute { 94 } else { 0 }
}

fn is_record(line: &[u8]) -> bool {
    line.get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case(b"dn:"))
}

struct Entries<'a> {
    bytes: &'a [u8],
    name: String,
    encoding: Encoding,
    limits: Limits,
    parts: Parts,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Entries {
        bytes,
        name: context.stem.clone(),
        encoding: context.encoding,
        limits: context.limits.clone(),
        parts: Parts::new(bytes, context.limits.part_bytes),
    }))
}

impl Reader for Entries<'_> {
    fn parts(&self) -> usize {
        self.parts.len()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut rows = Written::new(&self.name, &self.limits);
        for range in self.parts.records(self.bytes, part, is_record) {
            let at = range.start as u64;
            let end = range.end.min(range.start + self.limits.record_bytes);
            self.entry(&self.bytes[range.start..end], rows.out());
            if rows.end(at, sink).is_break() {
                return Ok(());
            }
            if end < range.end {
                let lost = format!("{} bytes of the entry", range.end - end);
                let fault = Fault::at(Code::RecordTooLong, at, lost);
                if rows.flush(sink).is_break() || sink(crate::format::Item::Fault(fault)).is_break()
                {
                    return Ok(());
                }
            }
        }
        let _ = rows.flush(sink);
        Ok(())
    }
}

impl Entries<'_> {
    fn entry(&self, raw: &[u8], out: &mut Vec<u8>) {
        let mut first = true;
        out.push(b'{');
        let lines = super::unfolded(raw);
        let is_service = is_service(&lines);
        for line in lines {
            let Some(colon) = memchr(b':', &line).filter(|_| !line.starts_with(b"#")) else {
                continue;
            };
            // Options of an attribute (`sn;lang-ja;phonetic`) tell columns apart, but for the language's script.
            let name = self
                .encoding
                .decode(&line[..colon])
                .0
                .trim()
                .replace(";binary", "");
            let value = &line[colon + 1..];
            let value = match value.strip_prefix(b":") {
                Some(encoded) => base64_decode(encoded.trim_ascii()).unwrap_or_default(),
                // `:<` names a file.
                None => value
                    .strip_prefix(b"<")
                    .unwrap_or(value)
                    .trim_ascii()
                    .to_vec(),
            };
            let directive = matches!(
                &name.to_ascii_lowercase()[..],
                "changetype" | "add" | "replace" | "delete" | "version"
            );
            if value.is_empty() || name.is_empty() || directive {
                continue;
            }
            if !std::mem::take(&mut first) {
                out.push(b',');
            }
            let is_name = NAMES.iter().any(|known| name.eq_ignore_ascii_case(known));
            string(
                if is_service && is_name {
                    "service"
                } else {
                    &name
                },
                out,
            );
            out.push(b':');
            match std::str::from_utf8(&value) {
                Ok(_) => text_of(&value, out),
                Err(_) if self.encoding != Encoding::Utf8 => {
                    string(&self.encoding.decode(&value).0, out)
                }
                // A picture, or text of an old server.
                Err(_) => match detect(&value) {
                    guess if guess.text && value.len() < 10_000 => {
                        string(&guess.encoding.decode(&value).0, out)
                    }
                    _ => out.extend_from_slice(b"null"),
                },
            }
        }
        out.push(b'}');
    }
}

/// Attributes that name an account.
const NAMES: [&str; 5] = [
    "cn",
    "name",
    "sAMAccountName",
    "displayName",
    "userPrincipalName",
];

/// Whether an entry is of an account of Active Directory that a program uses (krbtgt, svc-backup): it has a name of one word to log in with, and
/// nothing that only people have.
fn is_service(lines: &[Vec<u8>]) -> bool {
    const OF_PEOPLE: [&[u8]; 8] = [
        b"sn",
        b"givenname",
        b"mail",
        b"telephonenumber",
        b"mobile",
        b"employeeid",
        b"title",
        b"department",
    ];
    let attribute = |line: &[u8]| {
        let colon = memchr(b':', line)?;
        let name = line[..colon].split(|&byte| byte == b';').next()?;
        Some((
            name.to_ascii_lowercase(),
            line[colon + 1..].trim_ascii().to_vec(),
        ))
    };
    let attributes: Vec<_> = lines.iter().filter_map(|line| attribute(line)).collect();
    let values = |wanted: &[u8]| {
        let wanted = wanted.to_vec();
        attributes
            .iter()
            .filter(move |(name, _)| *name == wanted)
            .map(|(_, value)| &value[..])
    };
    let one_word = |value: &[u8]| {
        let sign = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_$.".contains(byte);
        !value.is_empty() && value.iter().all(sign)
    };
    values(b"samaccountname").next().is_some()
        && values(b"cn").all(one_word)
        && !OF_PEOPLE.iter().any(|name| values(name).next().is_some())
}

#[cfg(test)]
mod tests {
    use super::is_service;

    #[test]
    fn accounts_of_programs() {
        let check = |entry: &str, expected: bool| {
            let lines: Vec<Vec<u8>> = entry.lines().map(|line| line.as_bytes().to_vec()).collect();
            assert_eq!(is_service(&lines), expected, "{entry}");
        };
        check("dn: CN=krbtgt\ncn: krbtgt\nsAMAccountName: krbtgt", true);
        check("cn: Anna Lopez\nsAMAccountName: alopez", false);
        check("cn: alopez\nsAMAccountName: alopez\nsn: Lopez", false);
        check("cn:: 5L2Q6Jek\nsAMAccountName: sato", false);
        check("cn: taro\nuid: taro", false);
    }
}
