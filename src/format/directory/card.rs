//! vCard and iCalendar.
//!
//! In: cards (RFC 6350, 2426, vCard 2.1) or calendars (RFC 5545). Out: a record per card, per event or task, and per person
//! invited to one.

use std::ops::ControlFlow;

use memchr::{memchr2, memrchr2};

use super::Parts;
use super::content::Line;
use crate::format::json::{Written, string};
use crate::format::prose::Prose;
use crate::format::{Context, Format, Head, Reader, Sink};
use crate::source::{Bytes, Code, Fault, Limits};
use crate::text::Encoding;

/// vCard.
pub(crate) const CARD: Format = Format {
    name: "vcard",
    title: "vCard",
    extensions: &["vcf", "vcard"],
    raw: false,
    tabular: true,
    sniff: |head| if begins(head, b"BEGIN:VCARD") { 97 } else { 0 },
    open: |bytes, context| Ok(open(bytes, context, Kind::Card)),
};

/// iCalendar.
pub(crate) const CALENDAR: Format = Format {
    name: "ical",
    title: "iCalendar",
    extensions: &["ics", "ical"],
    raw: false,
    tabular: true,
    // Some programs keep events one by one, without a calendar around them.
    sniff: |head| {
        let mut inner = PIECES.iter().map(|piece| [b"BEGIN:", *piece].concat());
        if begins(head, b"BEGIN:VCALENDAR") || inner.any(|mark| begins(head, &mark)) {
            97
        } else {
            0
        }
    },
    open: |bytes, context| Ok(open(bytes, context, Kind::Calendar)),
};

/// Pieces of a calendar (RFC 5545 3.6); alarms stand in events and tasks.
const PIECES: [&[u8]; 5] = [b"VEVENT", b"VTODO", b"VJOURNAL", b"VFREEBUSY", b"VTIMEZONE"];

fn begins(head: &Head<'_>, mark: &[u8]) -> bool {
    let text = head
        .bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head.bytes)
        .trim_ascii_start();
    text.get(..mark.len())
        .is_some_and(|start| start.eq_ignore_ascii_case(mark))
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Card,
    Calendar,
}

struct Objects<'a> {
    bytes: &'a [u8],
    kind: Kind,
    name: String,
    encoding: Encoding,
    limits: Limits,
    parts: Parts,
    /// Where the last object begins, if it does not end.
    cut: Option<u64>,
}

fn open<'a>(bytes: &'a Bytes, context: &Context, kind: Kind) -> Box<dyn Reader + 'a> {
    Box::new(Objects {
        bytes,
        kind,
        name: context.stem.clone(),
        encoding: context.encoding,
        limits: context.limits.clone(),
        parts: Parts::new(bytes, context.limits.part_bytes),
        cut: cut(bytes),
    })
}

/// Where the last card or calendar begins, if it does not end.
fn cut(bytes: &[u8]) -> Option<u64> {
    // The outermost object is the one that the text begins with.
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let begin = start.trim_ascii_start();
    let line = &begin[..memchr2(b'\n', b'\r', begin).unwrap_or(begin.len())];
    let name = line.get(b"BEGIN:".len()..)?.trim_ascii_end();
    let is = |line: &[u8], mark: &[u8]| {
        let (mark_found, found) = line.split_at(mark.len().min(line.len()));
        mark_found.eq_ignore_ascii_case(mark) && found.trim_ascii_end().eq_ignore_ascii_case(name)
    };
    let mut end = bytes.len();
    loop {
        let start = memrchr2(b'\n', b'\r', &bytes[..end]).map_or(0, |at| at + 1);
        let line = &bytes[start..end];
        if is(line, b"END:") {
            return None;
        }
        if is(line, b"BEGIN:") || start == 0 {
            return Some(start as u64);
        }
        end = start - 1;
    }
}

/// Objects that are records. Those of a calendar that say nothing of people (time zones) are none; alarms belong to theirs.
fn is_record(at: &[u8]) -> bool {
    let is = |at: &[u8], known: &[u8]| {
        at.get(..known.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(known))
    };
    let name = at.get(b"BEGIN:".len()..).unwrap_or_default();
    let known = [
        &b"VCARD"[..],
        b"VEVENT",
        b"VTODO",
        b"VJOURNAL",
        b"VFREEBUSY",
    ];
    is(at, b"BEGIN:") && known.iter().any(|known| is(name, known))
}

impl Reader for Objects<'_> {
    fn parts(&self) -> usize {
        self.parts.len()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut rows = Written::new(&self.name, &self.limits);
        let mut invited = Written::new("attendees", &self.limits);
        for range in self.parts.records(self.bytes, part, is_record) {
            let at = range.start as u64;
            let raw =
                &self.bytes[range.start..range.end.min(range.start + self.limits.record_bytes)];
            let lines: Vec<Line> = quoted_joined(super::unfolded(raw))
                .iter()
                .filter_map(|line| Line::read(line, self.encoding))
                .filter(|line| !line.value.trim().is_empty() && !line.is_binary())
                .collect();
            let members = match self.kind {
                Kind::Card if is_company(&lines) => company(&lines),
                Kind::Card => card(&lines),
                Kind::Calendar => event(&lines),
            };
            if give(&members, at, &mut rows, sink).is_break() {
                return Ok(());
            }
            for line in lines
                .iter()
                .filter(|line| matches!(&line.name[..], "ATTENDEE" | "ORGANIZER"))
                .filter(|line| is_somebody(line))
            {
                for members in [person(line), sender(line)] {
                    if give(&members, at, &mut invited, sink).is_break() {
                        return Ok(());
                    }
                }
            }
        }
        if rows.flush(sink).is_continue() && invited.flush(sink).is_continue() && part == 0 {
            let _ = self.head(sink);
        }
        Ok(())
    }

    fn faults(&self) -> Vec<Fault> {
        let lost = "the end of the last object";
        let fault = self.cut.map(|at| Fault::at(Code::Truncated, at, lost));
        fault.into_iter().collect()
    }
}

impl Objects<'_> {
    /// Gives what a calendar says of itself before its first event (`X-WR-CALNAME`), as text.
    fn head(&self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let first = self.parts.first(self.bytes, is_record);
        let head = &self.bytes[..first.min(self.limits.record_bytes)];
        let mut prose = Prose::new(format!("{} (head)", self.name), &self.limits);
        for line in super::unfolded(head) {
            let line = Line::read(&line, self.encoding);
            if let Some(line) = line.filter(|line| is_told(&line.name, line)) {
                prose.line(&line.plain(), sink)?;
            }
        }
        prose.flush(sink)
    }
}

/// Joins the lines of vCard 2.1 that a `=` at the end continues.
fn quoted_joined(lines: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    let mut out: Vec<Vec<u8>> = Vec::new();
    let mut goes_on = false;
    for line in lines {
        match out.last_mut().filter(|_| goes_on) {
            Some(last) => {
                last.pop();
                last.extend_from_slice(&line);
            }
            None => out.push(line),
        }
        goes_on = out.last().is_some_and(|last| {
            let head = &last[..last.len().min(200)];
            last.ends_with(b"=")
                && head
                    .to_ascii_uppercase()
                    .windows(16)
                    .any(|w| w == b"QUOTED-PRINTABLE")
        });
    }
    out
}

type Members = Vec<(&'static str, String)>;

fn give(
    members: &Members,
    at: u64,
    rows: &mut Written<'_>,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let mut members = members
        .iter()
        .filter(|(_, value)| !value.trim().is_empty())
        .peekable();
    if members.peek().is_none() {
        return ControlFlow::Continue(());
    }
    let out = rows.out();
    for (n, (name, value)) in members.enumerate() {
        out.push(if n == 0 { b'{' } else { b',' });
        string(name, out);
        out.push(b':');
        string(value.trim(), out);
    }
    out.push(b'}');
    rows.end(at, sink)
}

/// Whether a card is a company's: it says so (RFC 6350 6.1.4 and 6.1.5, Apple's own line), or its name is the organisation's and nobody's besides.
fn is_company(lines: &[Line]) -> bool {
    let says = |line: &Line| match &line.name[..] {
        "X-ABSHOWAS" => line.value.trim().eq_ignore_ascii_case("company"),
        "KIND" => line.value.trim().eq_ignore_ascii_case("org"),
        _ => false,
    };
    let value = |name: &str| {
        let line = lines.iter().find(|line| line.name == name);
        line.map(|line| line.pieces().join(" ").trim().to_owned())
    };
    let is_named = value("N").is_some_and(|name| !name.is_empty());
    let organisation = value("ORG").filter(|name| !name.is_empty());
    lines.iter().any(says) || !is_named && organisation.is_some() && value("FN") == organisation
}

/// The members of a company's card: its name is the organisation's.
fn company(lines: &[Line]) -> Members {
    let of_person = |name: &str| name.ends_with("name") || name.ends_with("name kana");
    let mut members = card(lines);
    let organisation = ["organization", "full name"]
        .iter()
        .find_map(|name| {
            members
                .iter()
                .find(|member| member.0 == *name && !member.1.trim().is_empty())
        })
        .map(|member| member.1.clone());
    members.retain(|(name, _)| !of_person(name) && *name != "organization");
    members.extend(organisation.map(|name| ("organization", name)));
    members
}

/// The members of a card, under names that tell what they are.
fn card(lines: &[Line]) -> Members {
    let mut out = Members::new();
    for line in lines {
        let pieces = line.pieces();
        let piece = |n: usize| pieces.get(n).cloned().unwrap_or_default();
        match &line.name[..] {
            "N" => out.extend([
                ("family name", piece(0)),
                ("given name", piece(1)),
                ("middle name", piece(2)),
            ]),
            "FN" => out.push(("full name", line.plain())),
            "NICKNAME" => out.push(("nickname", line.plain())),
            "SORT-STRING" | "X-PHONETIC-NAME" => out.push(("name kana", line.plain())),
            "SOUND" => out.push(("name kana", pieces.join(" "))),
            "X-PHONETIC-LAST-NAME" => out.push(("family name kana", line.plain())),
            "X-PHONETIC-FIRST-NAME" => out.push(("given name kana", line.plain())),
            "TEL" if line.has("FAX") => out.push(("fax", line.plain())),
            "TEL" => out.push(("phone", line.plain().trim_start_matches("tel:").to_owned())),
            "EMAIL" => out.push((
                "email",
                line.plain().trim_start_matches("mailto:").to_owned(),
            )),
            "ADR" => {
                let parts: Vec<String> = [3, 4, 2, 1, 0]
                    .map(piece)
                    .into_iter()
                    .filter(|p| !p.trim().is_empty())
                    .collect();
                let [region, city, street, more, hut] = [4, 3, 2, 1, 0].map(piece);
                out.push(("postal code", piece(5)));
                // Japanese addresses go from large to small, without blanks between.
                let wide = parts.iter().any(|part| !part.is_ascii());
                out.push((
                    "address",
                    if wide {
                        [region, city, street, more, hut].concat()
                    } else {
                        parts.join(", ")
                    },
                ));
            }
            "BDAY" => out.push(("birthday", line.plain())),
            "ANNIVERSARY" => out.push(("anniversary", line.plain())),
            "GENDER" | "X-GENDER" => out.push(("gender", piece(0))),
            "ORG" => out.push(("organization", pieces.join(" "))),
            "TITLE" | "ROLE" => out.push(("job title", line.plain())),
            "NOTE" => out.push(("note", line.plain())),
            "IMPP" | "X-SKYPE" | "X-LINE" => out.push(("messenger", line.plain())),
            "URL" => out.push(("url", line.plain())),
            "RELATED" | "X-SPOUSE" => out.push(("related name", line.plain())),
            name if is_told(name, line) => out.push(("other", line.plain())),
            _ => {}
        }
    }
    out
}

/// Whether a line that has no column of its own may tell of people: neither the structure nor the settings of a program.
fn is_told(name: &str, line: &Line) -> bool {
    const SETTINGS: [&str; 28] = [
        "BEGIN",
        "END",
        "VERSION",
        "PRODID",
        "REV",
        "UID",
        "PHOTO",
        "LOGO",
        "KEY",
        "TZ",
        "GEO",
        "CLASS",
        "DTSTAMP",
        "DTEND",
        "DUE",
        "CREATED",
        "LAST-MODIFIED",
        "SEQUENCE",
        "STATUS",
        "TRANSP",
        "PRIORITY",
        "RRULE",
        "EXDATE",
        "RECURRENCE-ID",
        "ATTENDEE",
        "ORGANIZER",
        "CALSCALE",
        "METHOD",
    ];
    const PROGRAMS: [&str; 5] = ["X-AB", "X-MICROSOFT-", "X-APPLE-", "X-LIC-", "X-MOZ-"];
    let telling = |c: char| c == '@' || c == ' ' || !c.is_ascii();
    let n_digits = line.value.bytes().filter(u8::is_ascii_digit).count();
    !SETTINGS.contains(&name)
        && !PROGRAMS.iter().any(|program| name.starts_with(program))
        && !name.starts_with("TZ")
        && (line.value.contains(telling) || n_digits >= 9)
}

/// The members of an event or a task.
fn event(lines: &[Line]) -> Members {
    let mut out = Members::new();
    for line in lines {
        let name = match &line.name[..] {
            "SUMMARY" => "summary",
            "DESCRIPTION" => "description",
            "LOCATION" => "location",
            "DTSTART" => "start",
            "COMMENT" => "comment",
            "CONTACT" => "contact",
            name if is_told(name, line) => "other",
            _ => continue,
        };
        out.push((name, line.plain()));
    }
    out
}

/// Whether an invitation is one of a person, and not of a room, a beamer or a list (CUTYPE, RFC 5545, 3.2.3).
fn is_somebody(line: &Line) -> bool {
    let sort = line.param("CUTYPE").unwrap_or_default();
    let things = ["ROOM", "RESOURCE", "GROUP"];
    !things.iter().any(|thing| sort.eq_ignore_ascii_case(thing))
}

/// Somebody invited: `ATTENDEE;CN=…:mailto:…`.
fn person(line: &Line) -> Members {
    let value = line.plain();
    let address = value
        .get(..7)
        .filter(|scheme| scheme.eq_ignore_ascii_case("mailto:"))
        .map_or("", |_| &value[7..]);
    let name = line.param("CN").unwrap_or_default().to_owned();
    let name = if name.contains('@') {
        String::new()
    } else {
        name
    };
    vec![("name", name), ("email", address.to_owned())]
}

/// Who sent the answer of somebody invited: `SENT-BY="mailto:…"`.
fn sender(line: &Line) -> Members {
    let address = line.param("SENT-BY").unwrap_or_default();
    let address = address.get(7..).filter(|_| address.is_char_boundary(7));
    vec![("email", address.unwrap_or_default().to_owned())]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    #[test]
    fn marks_in_any_case() {
        let card = "BEGIN:vCard\r\nVERSION:3.0\r\nFN:山田太郎\r\nNOTE:BEGIN:VCARD\r\nEND:vCard\r\n";
        let records = ["t: full name=山田太郎, note=BEGIN:VCARD"; 2];
        assert_eq!(show(&CARD, card.repeat(2).as_bytes(), &context()), records);
        let cut = format!("{card}Begin:vcard\nFN:鈴木花子\n");
        let found = show(&CARD, cut.as_bytes(), &context());
        assert_eq!(found.len(), 3, "{found:?}");
        assert_eq!(found[0], "! truncated");
    }

    #[test]
    fn mailboxes_of_all_pieces() {
        let busy = "BEGIN:VCALENDAR\nBEGIN:VFREEBUSY\nORGANIZER:MAILTO:jo@example.com\nEND:VFREEBUSY\n\
                    BEGIN:VEVENT\nSUMMARY:x\nBEGIN:VALARM\nACTION:EMAIL\nATTENDEE:mailto:al@example.com\n\
                    END:VALARM\nEND:VEVENT\nEND:VCALENDAR\n";
        let found = show(&CALENDAR, busy.as_bytes(), &context()).join("|");
        assert!(
            found.contains("jo@example.com") && found.contains("al@example.com"),
            "{found}"
        );
        assert!(!found.contains('!'), "{found}");
        let bare = "BEGIN:VEVENT\r\nATTENDEE;CN=Jo Doe:mailto:jo@example.com\r\nEND:VEVENT\r\n";
        let head = Head {
            bytes: bare.as_bytes(),
            len: bare.len() as u64,
            encoding: Encoding::Utf8,
            extension: "",
        };
        assert_eq!((CALENDAR.sniff)(&head), 97);
        let found = show(&CALENDAR, bare.as_bytes(), &context());
        assert_eq!(found, ["attendees: name=Jo Doe, email=jo@example.com"]);
        let cut = &bare[..bare.len() - 12];
        assert!(show(&CALENDAR, cut.as_bytes(), &context()).contains(&"! truncated".into()));
    }
}
