//! Mail: single messages (`.eml`, the files of a Maildir) and mailboxes (mbox in its dialects, Thunderbird, Takeout).
//!
//! In: bytes. Out: one record per message in the table `messages`, with the columns of [`MAIL_COLUMNS`], and its
//! attachments and nested messages as members named `N/name`, where N counts messages from 0.

mod body;
mod cells;
mod cms;
#[cfg(feature = "mail-stores")]
mod compressed;
mod forms;
#[cfg(feature = "mail-stores")]
mod item;
mod mbox;
mod message;
mod mime;
#[cfg(feature = "mail-stores")]
mod msg;
#[cfg(feature = "mail-stores")]
mod nk2;
#[cfg(feature = "mail-stores")]
mod property;
#[cfg(feature = "mail-stores")]
mod pst;
#[cfg(feature = "mail-stores")]
mod tnef;
mod uuencode;

use std::borrow::Cow;
use std::ops::ControlFlow;

pub(super) use self::cells::InCells;
pub(super) use self::cms::FORMAT as SMIME;
#[cfg(feature = "mail-stores")]
pub(super) use self::msg::FORMAT as MSG;
#[cfg(feature = "mail-stores")]
pub(super) use self::nk2::FORMAT as NK2;
#[cfg(feature = "mail-stores")]
pub(super) use self::pst::FORMAT as PST;
#[cfg(feature = "mail-stores")]
pub(super) use self::tnef::FORMAT as TNEF;
use super::{Batch, Cell, Context, Format, Head, Item, MAIL_COLUMNS, Reader, Shape, Sink, Table};
use crate::source::{Bytes, Code, Fault};
use crate::text::{Encoding, Escape};

/// Several messages in one file.
pub const MBOX: Format = Format {
    name: "mbox",
    title: "Mailbox (mbox, Thunderbird, Takeout)",
    extensions: &["mbox", "mbx"],
    raw: true,
    tabular: false,
    sniff: sniff_mbox,
    open: open_mbox,
};

/// One message.
pub const EML: Format = Format {
    name: "eml",
    title: "Mail message (.eml, Maildir)",
    extensions: &["eml", "mht", "mhtml"],
    raw: true,
    tabular: false,
    sniff: sniff_eml,
    open: open_eml,
};

/// One message of Apple Mail.
pub const EMLX: Format = Format {
    name: "emlx",
    title: "Apple Mail message (.emlx)",
    extensions: &["emlx"],
    raw: true,
    tabular: false,
    sniff: |head| match emlx(head.bytes) {
        Some((start, _)) => sniff_eml(&Head {
            bytes: &head.bytes[start..],
            ..*head
        }),
        None => 0,
    },
    open: open_emlx,
};

/// Every format of this folder that stands in text.
pub const ALL: [Format; 3] = [MBOX, EML, EMLX];

/// Decoded messages are given once they fill so many bytes.
const BATCH_BYTES: usize = 1 << 20;
/// A message may be so many times as long as a record.
const RECORDS_PER_MESSAGE: usize = 4;
/// No message is longer, so that cells stay below 2 GiB however they are decoded.
const MESSAGE_BYTES: usize = 256 << 20;
/// Lines looked at to tell a header block.
const SNIFF_LINES: usize = 200;
/// Header names that only mail has, or has with others of this list.
const KNOWN: [&str; 15] = [
    "from",
    "to",
    "cc",
    "subject",
    "date",
    "message-id",
    "received",
    "return-path",
    "delivered-to",
    "reply-to",
    "mime-version",
    "sender",
    "x-original-to",
    "x-mozilla-status",
    "x-gm-thrid",
];

/// Headers of a part of a message (RFC 2045).
const OF_PART: [&str; 4] = [
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
    "mime-version",
];

fn sniff_mbox(head: &Head<'_>) -> u8 {
    let bytes = &head.bytes[mbox::first(head.bytes)..];
    if mbox::envelope(bytes) { 95 } else { 0 }
}

fn sniff_eml(head: &Head<'_>) -> u8 {
    let bytes = transcoded(head.bytes);
    let bytes = without_bom(&bytes);
    let (mut known, mut of_part, mut any) = (0u32, 0u32, false);
    for line in bytes.split(|&byte| byte == b'\n').take(SNIFF_LINES) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match mbox::header_name(line) {
            Some(name) => {
                any = true;
                let name = name.to_ascii_lowercase();
                // Each name counts once: a log of `From: …` lines is no message.
                let bit = KNOWN.iter().position(|known| known.as_bytes() == name);
                known |= bit.map_or(0, |bit| 1 << bit);
                let bit = OF_PART.iter().position(|known| known.as_bytes() == name);
                of_part |= bit.map_or(0, |bit| 1 << bit);
            }
            None if any && line.is_empty() => break,
            None if any && line.starts_with(b" ") || line.starts_with(b"\t") => {}
            None => return 0,
        }
    }
    // What is signed has no other headers than those of a part; its own name is ours then.
    let parts = of_part.count_ones() + u32::from(head.extension == "eml");
    match known.count_ones() {
        0 | 1 if of_part > 0 && parts >= 2 => 80,
        0 | 1 => 0,
        2 => 80,
        _ => 92,
    }
}

/// Where the message of Apple Mail begins and ends: its length stands on the first line, a property list behind it.
fn emlx(bytes: &[u8]) -> Option<(usize, usize)> {
    let line = memchr::memchr(b'\n', &bytes[..bytes.len().min(24)])?;
    let number = bytes[..line].trim_ascii();
    let digits = !number.is_empty() && number.iter().all(u8::is_ascii_digit);
    let len: usize = std::str::from_utf8(number)
        .ok()
        .filter(|_| digits)?
        .parse()
        .ok()?;
    Some((line + 1, (line + 1).checked_add(len)?))
}

/// The table of messages.
fn messages() -> Table {
    let columns = MAIL_COLUMNS
        .iter()
        .map(|name| Some((*name).to_string()))
        .collect();
    Table {
        name: "messages".to_string(),
        columns,
        shape: Shape::Mail,
    }
}

fn without_bom(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// UTF-16 with a byte order mark as UTF-8; everything else as it is.
fn transcoded(bytes: &[u8]) -> Cow<'_, [u8]> {
    let encoding = match bytes {
        [0xff, 0xfe, ..] => encoding_rs::UTF_16LE,
        [0xfe, 0xff, ..] => encoding_rs::UTF_16BE,
        _ => return Cow::Borrowed(bytes),
    };
    Cow::Owned(
        encoding
            .decode_with_bom_removal(bytes)
            .0
            .into_owned()
            .into_bytes(),
    )
}

fn open_mbox<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let starts = mbox::split(bytes);
    Ok(Box::new(Mail::new(
        Cow::Borrowed(bytes),
        starts,
        true,
        None,
        context,
    )))
}

fn open_eml<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let text = transcoded(bytes);
    let text = match text {
        // Attachments share the source's bytes where they stand in it; transcoded ones have an owner of their own.
        Cow::Owned(text) => Cow::Owned(Bytes::owned(text)),
        Cow::Borrowed(_) => Cow::Borrowed(bytes),
    };
    let starts = if text.is_empty() {
        vec![]
    } else {
        vec![text.len() - without_bom(&text).len()]
    };
    Ok(Box::new(Mail::new(text, starts, false, None, context)))
}

fn open_emlx<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let (start, end) = emlx(bytes).unwrap_or((0, bytes.len()));
    let end = end.min(bytes.len());
    Ok(Box::new(Mail::new(
        Cow::Borrowed(bytes),
        vec![start.min(end)],
        false,
        Some(end),
        context,
    )))
}

/// Messages of one file.
struct Mail<'a> {
    source: Cow<'a, Bytes>,
    /// Where each message starts, and the end of the last.
    starts: Vec<usize>,
    /// The messages of each part.
    parts: Vec<std::ops::Range<usize>>,
    mailbox: bool,
    message_bytes: usize,
    table: Table,
}

impl<'a> Mail<'a> {
    fn new(
        source: Cow<'a, Bytes>,
        mut starts: Vec<usize>,
        mailbox: bool,
        end: Option<usize>,
        context: &Context,
    ) -> Self {
        let mut parts: Vec<std::ops::Range<usize>> = Vec::new();
        for (i, start) in starts.iter().enumerate() {
            match parts.last_mut() {
                Some(part) if start - starts[part.start] < context.limits.part_bytes => {
                    part.end = i + 1
                }
                _ => parts.push(i..i + 1),
            }
        }
        starts.push(end.unwrap_or(source.len()));
        let table = messages();
        let message_bytes = context
            .limits
            .record_bytes
            .saturating_mul(RECORDS_PER_MESSAGE)
            .min(MESSAGE_BYTES);
        Self {
            source,
            starts,
            parts,
            mailbox,
            message_bytes,
            table,
        }
    }

    /// Reads one message: its record into `rows`, unless it stands in the source, and its members and faults into `rest`.
    fn message(
        &self,
        index: usize,
        rows: &mut message::Rows,
        rest: &mut Vec<Item<'static>>,
    ) -> Option<message::Standing<'_>> {
        let (start, end) = (self.starts[index], self.starts[index + 1]);
        let cut = end.min(start.saturating_add(self.message_bytes));
        let mut raw = &self.source[start..cut];
        if cut < end {
            let lost = format!("{} bytes", end - cut);
            rest.push(Item::Fault(Fault::at(
                Code::RecordTooLong,
                cut as u64,
                lost,
            )));
        }
        if self.mailbox {
            raw = mbox::without_envelope(raw);
        }
        let stands = matches!(self.source, Cow::Borrowed(_));
        let origin = message::Origin {
            source: &self.source,
            index,
            mailbox: self.mailbox,
            stands,
        };
        message::read(raw, &origin, rows, rest)
    }

    fn batch<'b>(&'b self, bytes: &'b [u8], origin: Option<u64>, cells: &'b [Cell]) -> Batch<'b> {
        Batch {
            table: &self.table,
            encoding: Encoding::Utf8,
            escape: Escape::None,
            bytes,
            origin,
            cells,
        }
    }

    fn flush(&self, rows: &mut message::Rows, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if rows.cells.is_empty() {
            return ControlFlow::Continue(());
        }
        let flow = sink(Item::Batch(self.batch(
            rows.text.as_bytes(),
            None,
            &rows.cells,
        )));
        rows.text.clear();
        rows.cells.clear();
        flow
    }
}

impl Reader for Mail<'_> {
    fn parts(&self) -> usize {
        self.parts.len()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut rows = message::Rows {
            text: String::new(),
            cells: Vec::<Cell>::new(),
        };
        let mut rest = Vec::new();
        for index in self.parts[part].clone() {
            let standing = self.message(index, &mut rows, &mut rest);
            // The record goes before its members, so that both come in the order of the source.
            let full = standing.is_some() || !rest.is_empty() || rows.text.len() >= BATCH_BYTES;
            if full && self.flush(&mut rows, sink).is_break() {
                return Ok(());
            }
            if let Some(found) = standing
                && sink(Item::Batch(self.batch(
                    found.bytes,
                    Some(found.at),
                    &found.cells,
                )))
                .is_break()
            {
                return Ok(());
            }
            for item in rest.drain(..) {
                if sink(item).is_break() {
                    return Ok(());
                }
            }
        }
        let _ = self.flush(&mut rows, sink);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::source::Limits;
    use std::fmt::Write;

    fn context(part_bytes: usize) -> Context {
        let limits = Limits {
            part_bytes,
            record_bytes: 16 << 10,
            ..Limits::default()
        };
        Context {
            stem: String::new(),
            encoding: Encoding::Utf8,
            limits,
            header: |_, _| true,
            ..crate::format::tests::context()
        }
    }

    /// Everything that a reader gives, as lines.
    fn show(format: &Format, text: &[u8], part_bytes: usize) -> String {
        let bytes = Bytes::owned(text.to_vec());
        let reader = (format.open)(&bytes, &context(part_bytes)).ok().unwrap();
        let mut out = String::new();
        for part in 0..reader.parts() {
            let mut sink = |item: Item<'_>| {
                match item {
                    Item::Batch(batch) => {
                        if let Some(at) = batch.origin {
                            writeln!(out, "standing").unwrap();
                            assert!(
                                text[at as usize..].starts_with(batch.bytes),
                                "the origin is right"
                            );
                        }
                        for row in batch.cells.chunks(MAIL_COLUMNS.len()) {
                            for (cell, column) in row
                                .iter()
                                .zip(MAIL_COLUMNS)
                                .filter(|(cell, _)| !cell.is_absent())
                            {
                                let text = std::str::from_utf8(&batch.bytes[cell.range()])
                                    .unwrap()
                                    .trim_end();
                                if !text.is_empty() {
                                    writeln!(out, "{column}: {text}").unwrap();
                                }
                            }
                        }
                    }
                    Item::Member(member) => {
                        let bytes = member.bytes.unwrap();
                        writeln!(
                            out,
                            "[{}] {}",
                            member.name,
                            String::from_utf8_lossy(&bytes).trim_end()
                        )
                        .unwrap();
                    }
                    Item::Fault(fault) => {
                        writeln!(out, "{} at {:?}", fault.code, fault.at).unwrap()
                    }
                }
                ControlFlow::Continue(())
            };
            reader.read(part, &mut sink).unwrap();
        }
        out
    }

    fn check(format: &Format, text: &[u8], expected: &str) {
        for part_bytes in [1, 200, 8 << 20] {
            assert_eq!(show(format, text, part_bytes), expected);
        }
    }

    #[test]
    fn plain_message() {
        let text = "Return-Path: <bounce@example.com>\nDelivered-To: taro@example.jp\nReceived: from mx.example.com\n\tby \
                    mail.example.jp for <taro@example.jp>; Mon, 1 Jan 2024 10:00:00 +0900\nMessage-ID: <1@example.com>\n\
                    From: Hanako Sato <hanako@example.com>\nTo: =?UTF-8?B?5bGx55Sw5aSq6YOO?= <taro@example.jp>,\n \
                    \"Doe, John\" <john@example.org>\nSubject: =?ISO-2022-JP?B?GyRCQ21KOCRON28bKEI=?=\nDate: Mon, 1 Jan 2024 \
                    10:00:00 +0900\n\n\u{3053}\u{3093}\n>From the\n";
        let expected = "from: Hanako Sato <hanako@example.com>\n\
                        to: 山田太郎 <taro@example.jp>, \"Doe, John\" <john@example.org>\n\
                        subject: 注文の件\n\
                        date: Mon, 1 Jan 2024 10:00:00 +0900\n\
                        headers: Return-Path: <bounce@example.com>\nDelivered-To: taro@example.jp\n\
                        Received: from mx.example.com by mail.example.jp for <taro@example.jp>; Mon, 1 Jan 2024 10:00:00 +0900\n\
                        body: こん\n>From the\n";
        check(&EML, text.as_bytes(), expected);
    }

    #[test]
    fn mailbox_with_attachments() {
        let text = "From - Mon Jan  1 10:00:00 2024\nFrom: a@example.com\nContent-Type: multipart/mixed; boundary=b\n\n\
                    --b\nContent-Type: text/plain; charset=ISO-2022-JP\n\n\u{1b}$B;3ED\u{1b}(B\n>From x\n--b\n\
                    Content-Type: text/csv; name=\"=?UTF-8?B?5ZCN57C/?=.csv\"\nContent-Transfer-Encoding: base64\n\nYSxiCg==\n--b\n\
                    Content-Disposition: attachment; filename*=UTF-8''%E5%90%8D.csv\n\nc,d\n--b\n\
                    Content-Type: message/rfc822\n\nSubject: in\n\nx\n--b--\n\n\
                    From b@example.com Tue Jan  2 10:00:00 2024\nTo: c@example.com\nContent-Type: text/html\n\n\
                    <p>Taro &amp; <a href=\"mailto:d@example.com\">mail</a>";
        let expected = "from: a@example.com\nbody: 山田\nFrom x\n[0/名簿.csv] a,b\n[0/名.csv] c,d\n\
                        [0/message.eml] Subject: in\n\nx\nto: c@example.com\nbody: Taro & mail\nd@example.com\n";
        check(&MBOX, text.as_bytes(), expected);
    }

    #[test]
    fn unencoded_messages_stand_in_the_source() {
        let text = "From - Mon Jan  1 10:00:00 2024\nReturn-Path: <a@example.com>\nReceived: for b@example.com\nFrom: A B \
                    <a@example.com>\nTo: b@example.com,\n c@example.com\nSubject: 件名\n\n本文\n\n\
                    From - Mon Jan  1 10:00:00 2024\nFrom: d@example.com\nSubject: =?us-ascii?Q?x?=\n\ny\n";
        let expected = "standing\nfrom: A B <a@example.com>\nto: b@example.com,\n c@example.com\nsubject: 件名\n\
                        headers: Return-Path: <a@example.com>\nReceived: for b@example.com\nbody: 本文\n\
                        from: d@example.com\nsubject: x\nbody: y\n";
        check(&MBOX, text.as_bytes(), expected);
    }

    #[test]
    fn utf_16_message() {
        let text = "From: a@example.com\r\nSubject: 件名\r\n\r\n本文\r\n";
        let utf_16: Vec<u8> = "\u{feff}"
            .encode_utf16()
            .chain(text.encode_utf16())
            .flat_map(u16::to_le_bytes)
            .collect();
        check(
            &EML,
            &utf_16,
            "from: a@example.com\nsubject: 件名\nbody: 本文\n",
        );
    }

    #[test]
    fn long_messages_are_cut_and_said() {
        let text = format!(
            "From - 10:00\nTo: a@example.com\n\n{}\nFrom - 10:00\nTo: b@example.com\n\nx\n",
            "y\n".repeat(50_000)
        );
        let shown = show(&MBOX, text.as_bytes(), 1 << 20);
        assert!(shown.contains("record-too-long at Some(65536)"));
        assert!(shown.contains("to: b@example.com\nbody: x\n"));
    }

    #[test]
    fn cut_and_changed_messages_end() {
        let text = "From: a@example.com\nContent-Type: multipart/alternative; boundary=\"b\"\n\n--b\nContent-Type: \
                    text/plain; charset=shift_jis\nContent-Transfer-Encoding: quoted-printable\n\n=8E=52=\n\n--b--\n"
            .as_bytes();
        for len in 0..text.len() {
            show(&EML, &text[..len], 1 << 20);
            show(&MBOX, &text[..len], 1 << 20);
            for flip in [0x01, 0x20, 0x80] {
                let mut text = text.to_vec();
                text[len] ^= flip;
                show(&EML, &text, 1 << 20);
            }
        }
    }

    #[test]
    fn apple_mail() {
        let text =
            "45\nFrom: a@example.com\nSubject: x\nTo: b\n\nHello.\n<?xml version=\"1.0\"?><plist/>";
        check(
            &EMLX,
            text.as_bytes(),
            "from: a@example.com\nto: b\nsubject: x\nbody: Hello.\n"
                .replace("from", "standing\nfrom")
                .as_str(),
        );
        let head = |text: &'static str| Head {
            bytes: text.as_bytes(),
            len: text.len() as u64,
            encoding: Encoding::Utf8,
            extension: "",
        };
        assert!((EMLX.sniff)(&head("12   \nFrom: a\nTo: b\nDate: c\n\n")) > 0);
        assert_eq!((EMLX.sniff)(&head("12,5\nFrom: a\nTo: b\nDate: c\n\n")), 0);
        for text in [
            "9\n",
            "99999999999999999999\nFrom: a\n",
            "5\nFrom: a@example.com\n",
        ] {
            show(&EMLX, text.as_bytes(), 1 << 20);
        }
    }

    #[test]
    fn sniffing() {
        let check = |text: &str, mbox: bool, eml: bool| {
            let head = Head {
                bytes: text.as_bytes(),
                len: text.len() as u64,
                encoding: Encoding::Utf8,
                extension: "",
            };
            assert_eq!(
                (sniff_mbox(&head) > 0, sniff_eml(&head) > 0),
                (mbox, eml),
                "{text:?}"
            );
        };
        check("From: a@example.com\nDate: x\n\nbody", false, true);
        check("Received: x\n\ty\r\nDelivered-To: z\r\n\r\n", false, true);
        check("From - Mon Jan  1 10:00:00 2024\nFrom: x\n", true, false);
        check("From: a\nFrom: b\nFrom: c\n", false, false);
        check(
            "Content-Type: text/csv\nContent-Transfer-Encoding: base64\n\nYQ==",
            false,
            true,
        );
        check("Content-Type: text/html\n\n<p>", false, false);
        check("From: a@example.com\nbody\nDate: x", false, false);
        check("name,mail\nFrom: a\nDate: b", false, false);
        check("HTTP/1.1 200 OK\nDate: x\nFrom: y\n\n", false, false);
        check("{\"from\": 1}\n", false, false);
        check("From the beginning\nit was", false, false);
        check("", false, false);
    }
}
