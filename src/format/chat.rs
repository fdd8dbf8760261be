//! Chats as their programs write them out as text: LINE (`[LINE] …のトーク履歴`) and WhatsApp.
//!
//! In: text. Out: a record per message in the shape of mail, whose sender is a name without an address. Lines that begin no
//! message go on with the one before. Exports as JSON (Slack, Google Chat, Telegram) are read as JSON.
//!
//! Neither layout is published; what is taken for one is what the programs' exports look like in 2026. Times stand in the
//! form of the phone they come from and are given as they are.

use std::ops::{ControlFlow, Range};

use memchr::memchr;

use super::gather::Gather;
use super::{Context, Format, Head, MAIL_COLUMNS, Reader, Shape, Sink, Table};
use crate::source::{Bytes, Fault, Limits};
use crate::text::Encoding;

/// Histories of LINE.
pub(crate) const LINE: Format = Format {
    name: "line",
    title: "Chats of LINE, saved as text",
    extensions: &["txt"],
    raw: false,
    tabular: false,
    sniff: |head| {
        if body(head.bytes).starts_with(b"[LINE] ") {
            97
        } else {
            0
        }
    },
    open: |bytes, context| Ok(open(bytes, context, Program::Line)),
};

/// Histories of WhatsApp.
pub(crate) const WHATSAPP: Format = Format {
    name: "whatsapp",
    title: "Chats of WhatsApp, saved as text",
    extensions: &["txt"],
    raw: false,
    tabular: false,
    sniff: sniff_whatsapp,
    open: |bytes, context| Ok(open(bytes, context, Program::WhatsApp)),
};

/// What every history of WhatsApp says at its beginning, in some of its languages.
const NOTICE: [&str; 6] = [
    "end-to-end encrypted",
    "エンドツーエンド",
    "extremo a extremo",
    "Ende-zu-Ende",
    "bout en bout",
    "端到端加密",
];
/// Bytes in which that must stand, or three messages.
const BEGINNING: usize = 4 << 10;
/// Longest time, and longest name of a sender, in bytes.
const TIME: usize = 48;
const NAME: usize = 200;

#[derive(Clone, Copy)]
enum Program {
    Line,
    WhatsApp,
}

/// One message's first line, in pieces.
struct First<'a> {
    time: &'a [u8],
    /// Who wrote it; empty for what the program itself says.
    name: &'a [u8],
    text: &'a [u8],
}

fn body(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes)
}

fn sniff_whatsapp(head: &Head<'_>) -> u8 {
    let beginning = &head.bytes[..head.bytes.len().min(BEGINNING)];
    let mut lines = beginning.split(|&byte| byte == b'\n');
    let first = lines.next().and_then(|line| whatsapp(body(line)));
    if first.is_none() {
        return 0;
    }
    let text = head.encoding.decode(beginning).0;
    if NOTICE.iter().any(|notice| text.contains(notice)) {
        97
    } else {
        0
    }
}

/// A line of LINE: time, name and text between tabs.
fn line(line: &[u8]) -> Option<First<'_>> {
    let mut pieces = line.splitn(3, |&byte| byte == b'\t');
    let time = pieces.next()?.trim_ascii();
    let colon = memchr(b':', time).filter(|_| time.len() <= TIME)?;
    // 10:00, 10:00 AM, 午前10:00.
    let digits = time.get(colon + 1..colon + 3)?;
    let before = colon.checked_sub(1).map(|n| time[n])?;
    if !before.is_ascii_digit() || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let second = pieces.next()?;
    Some(match pieces.next() {
        Some(text) => First {
            time,
            name: second,
            text,
        },
        None => First {
            time,
            name: b"",
            text: second,
        },
    })
}

/// A line of WhatsApp: `[31.12.24, 10:00:00] Name: text` or `31/12/2024, 10:00 - Name: text`.
fn whatsapp(line: &[u8]) -> Option<First<'_>> {
    // A mark of direction goes before what holds a file.
    let line = line.strip_prefix("\u{200e}".as_bytes()).unwrap_or(line);
    let (time, rest) = match line.strip_prefix(b"[") {
        Some(line) => {
            let end = memchr(b']', &line[..line.len().min(TIME)])?;
            (&line[..end], line[end + 1..].strip_prefix(b" ")?)
        }
        None => {
            let end = memchr::memmem::find(&line[..line.len().min(TIME)], b" - ")?;
            (&line[..end], &line[end + 3..])
        }
    };
    let n_digits = time.iter().filter(|byte| byte.is_ascii_digit()).count();
    let date = time.split(|byte| matches!(byte, b' ' | b',')).next()?;
    let is_date = date.len() >= 6
        && date[0].is_ascii_digit()
        && date
            .iter()
            .all(|byte| byte.is_ascii_digit() || b"/.-".contains(byte));
    if !is_date || n_digits < 6 || memchr(b':', time).is_none() {
        return None;
    }
    let end = memchr::memmem::find(&rest[..rest.len().min(NAME)], b": ");
    Some(match end {
        Some(end) => First {
            time,
            name: &rest[..end],
            text: &rest[end + 2..],
        },
        None => First {
            time,
            name: b"",
            text: rest,
        },
    })
}

struct Chat<'a> {
    bytes: &'a [u8],
    first: fn(&[u8]) -> Option<First<'_>>,
    encoding: Encoding,
    limits: Limits,
}

fn open<'a>(bytes: &'a Bytes, context: &Context, program: Program) -> Box<dyn Reader + 'a> {
    Box::new(Chat {
        bytes,
        first: match program {
            Program::Line => line,
            Program::WhatsApp => whatsapp,
        },
        encoding: context.encoding,
        limits: context.limits.clone(),
    })
}

impl Reader for Chat<'_> {
    fn parts(&self) -> usize {
        self.bytes.len().div_ceil(self.limits.part_bytes.max(1))
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let columns = MAIL_COLUMNS.iter().map(|name| Some((*name).to_owned()));
        let table = Table {
            name: "messages".to_owned(),
            columns: columns.collect(),
            shape: Shape::Mail,
        };
        let size = self.limits.part_bytes.max(1);
        let (from, to) = (part * size, (part + 1) * size);
        let mut rows = Gather::new(table, &self.limits, sink);
        // What stands above the first message: whose chat it is.
        let mut message = (from == 0).then_some(0..0);
        let mut at = self.line_from(from);
        while at < self.bytes.len() {
            let end = memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |n| at + n + 1);
            if (self.first)(&self.bytes[at..end]).is_some() {
                if self.give(message.take(), &mut rows).is_break() {
                    return Ok(());
                }
                // It belongs to the part that it begins in.
                if at >= to {
                    break;
                }
                message = Some(at..end);
            } else if let Some(message) = &mut message {
                message.end = end;
            } else if at >= to {
                break;
            }
            at = end;
        }
        if self.give(message, &mut rows).is_continue() {
            let _ = rows.flush();
        }
        Ok(())
    }
}

impl Chat<'_> {
    /// Where the first line begins that begins at or after an offset.
    fn line_from(&self, from: usize) -> usize {
        match from {
            0 => self.bytes.len() - body(self.bytes).len(),
            from => memchr(b'\n', &self.bytes[from - 1..]).map_or(self.bytes.len(), |n| from + n),
        }
    }

    /// Gives a message: its first line in pieces, the others as they are but for the lines that only tell the day.
    fn give(&self, message: Option<Range<usize>>, rows: &mut Gather<'_, '_>) -> ControlFlow<()> {
        let Some(range) = message.filter(|range| !range.is_empty()) else {
            return ControlFlow::Continue(());
        };
        let raw = &self.bytes[range.clone()];
        let line_end = memchr(b'\n', raw).map_or(raw.len(), |n| n + 1);
        let (first, rest) = match (self.first)(&raw[..line_end]) {
            Some(first) => (first, &raw[line_end..]),
            None => (
                First {
                    time: b"",
                    name: b"",
                    text: b"",
                },
                raw,
            ),
        };
        let decode = |raw: &[u8]| self.encoding.decode(raw).0.trim().to_owned();
        let mut text = decode(first.text);
        for line in rest
            .split(|&byte| byte == b'\n')
            .filter(|line| !is_day(line))
        {
            text.push('\n');
            text.push_str(self.encoding.decode(line).0.trim_end());
        }
        // Texts of several lines stand in quotes in the newer histories of LINE.
        let text = text.trim();
        let text = text
            .strip_prefix('"')
            .and_then(|text| text.strip_suffix('"'))
            .unwrap_or(text);
        let (name, time) = (decode(first.name), decode(first.time));
        for column in MAIL_COLUMNS {
            let value = match column {
                "from" => &name[..],
                "date" => &time,
                "body" => text,
                _ => "",
            };
            rows.value((!value.is_empty()).then_some(value));
        }
        rows.end(range.start as u64)
    }
}

/// Whether a line only tells the day of the messages below it: `2024/12/31(火)`, `Tue, 12/31/2024`, `2024.12.31 火曜日`.
fn is_day(line: &[u8]) -> bool {
    let line = line.trim_ascii();
    let n_digits = line.iter().filter(|byte| byte.is_ascii_digit()).count();
    let n_marks = line.iter().filter(|byte| b"/.".contains(byte)).count();
    line.len() <= 24 && (6..=8).contains(&n_digits) && n_marks == 2
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    const HISTORY: &str = "[LINE] 山田 太郎とのトーク履歴\r\n保存日時：2026/06/01 10:00\r\n\r\n2026/05/31(日)\r\n\
        10:00\t山田 太郎\t電話は090-0000-0000です\r\n10:01\t佐藤\t\"住所は\r\n東京都です\"\r\n10:02\t佐藤が退出しました。\r\n\r\n\
        2026/06/01(月)\r\n午後1:05\t山田 太郎\t[写真]\r\n";

    #[test]
    fn line_histories() {
        let expected = [
            "messages: from=山田 太郎, date=10:00, body=電話は090-0000-0000です",
            "messages: from=佐藤, date=10:01, body=住所は\n東京都です",
            "messages: date=10:02, body=佐藤が退出しました。",
            "messages: from=山田 太郎, date=午後1:05, body=[写真]",
        ];
        let title = "messages: body=[LINE] 山田 太郎とのトーク履歴\n保存日時：2026/06/01 10:00";
        for part_bytes in [1, 60, 8 << 20] {
            let mut context = context();
            context.limits.part_bytes = part_bytes;
            let shown = show(&LINE, HISTORY.as_bytes(), &context);
            assert_eq!(shown[1..], expected, "{part_bytes}");
            assert_eq!(shown[0], title);
        }
    }

    #[test]
    fn whatsapp_histories() {
        let check = |line: &str, expected: Option<(&str, &str)>| {
            let found = whatsapp(line.as_bytes());
            let text = |raw: &[u8]| String::from_utf8_lossy(raw).into_owned();
            let found = found.map(|first| (text(first.name), text(first.text)));
            let expected = expected.map(|(name, text)| (name.to_owned(), text.to_owned()));
            assert_eq!(found, expected, "{line}");
        };
        check(
            "[31.12.24, 10:00:00] Ann Lee: hi: x",
            Some(("Ann Lee", "hi: x")),
        );
        check("31/12/2024, 10:00 - Ann: hi", Some(("Ann", "hi")));
        check(
            "2024/12/31 10:00 - 山田: こんにちは",
            Some(("山田", "こんにちは")),
        );
        check(
            "12/31/24, 1:00\u{202f}PM - Ann left",
            Some(("", "Ann left")),
        );
        check("[INFO] 10:00 Ann: hi", None);
        check("10:00 - 11:00 lunch: soup", None);
        let text = "31/12/2024, 10:00 - Messages are end-to-end encrypted.\n31/12/2024, 10:01 - Ann: a\nb\n";
        let head = Head {
            bytes: text.as_bytes(),
            len: text.len() as u64,
            encoding: Encoding::Utf8,
            extension: "txt",
        };
        assert_eq!(sniff_whatsapp(&head), 97);
        let expected = [
            "messages: date=31/12/2024, 10:00, body=Messages are end-to-end encrypted.",
            "messages: from=Ann, date=31/12/2024, 10:01, body=a\nb",
        ];
        assert_eq!(show(&WHATSAPP, text.as_bytes(), &context()), expected);
    }
}
