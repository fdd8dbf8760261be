//! Ids of messages, which have the form of mailboxes and are none (RFC 5322, 3.6.4: `"<" id-left "@" id-right ">"`).
//!
//! In: a text and where something with the form of a mailbox begins. Out: whether what stands before says that it is the id of a message, as logs of
//! mail servers have it: `message-id=<…>` (Postfix), `msgid=<…>` (Sendmail, Dovecot), `<= sender … id=…` (Exim, 52.10 of its specification),
//! `id: <…>` (Rspamd), `In-Reply-To:`, `References:`; and XML streams (`stanza id=`, XEP-0359).

/// Names of the fields, in small letters and without signs.
const FIELDS: [&str; 16] = [
    "contentid",
    "inreplyto",
    "internetmessageid",
    "messageid",
    "messageidheader",
    "mid",
    "msgid",
    "networkmessageid",
    "originalmessageid",
    "references",
    "resentmessageid",
    "rfc822messageid",
    "rfc822msgid",
    "smtpid",
    "stanzaid",
    "メッセージid",
];

/// Bytes before an id that are looked at: a header of references is folded over many lines.
const BEFORE: usize = 4096;

/// Whether a name is that of a field that holds ids of messages: `Message-ID`, `In-Reply-To`, `internetMessageId`; of a path the last step.
pub fn is_of_messages(name: &str) -> bool {
    let last = name.rsplit(['.', '/', ':', '>']).next().unwrap_or(name);
    if last.len() > 40 {
        return false;
    }
    let letters = last.chars().filter(|c| c.is_alphanumeric());
    let folded: String = letters.flat_map(char::to_lowercase).collect();
    let bare = folded.strip_prefix('x').unwrap_or(&folded);
    [folded.as_str(), bare]
        .iter()
        .any(|word| FIELDS.contains(word))
}

/// Whether what begins at `start` is the id of a message by the words before it.
pub(super) fn is_labelled(text: &str, start: usize) -> bool {
    let least = start.saturating_sub(BEFORE);
    let before = &text.as_bytes()[least..start];
    // What has the form of a key belongs to an id in brackets: `<CAB9a8+b=c@example.com>`.
    let inner = before.iter().rev().take(200);
    let inner = inner.take_while(|b| !b.is_ascii_whitespace() && !b"<>".contains(b));
    let open = before.len() - inner.count();
    let before = match before[..open].last() {
        Some(b'<') => &before[..open],
        _ => before,
    };
    let opened = before.last() == Some(&b'<');
    let mut rest = trimmed(before, b"<");
    // Further ids of one field: `References: <…> <…>`.
    while let Some(list) = trimmed(rest, b",").strip_suffix(b">") {
        let Some(open) = memchr::memrchr(b'<', list) else {
            break;
        };
        if !list[open..].contains(&b'@') || list.len() - open > 300 {
            break;
        }
        rest = trimmed(&list[..open], b"");
    }
    let quotes = trimmed(rest, b"\"'\\[");
    let signed = quotes
        .strip_suffix(b"=")
        .or_else(|| quotes.strip_suffix(b":"));
    let words = trimmed(signed.unwrap_or(quotes), b"\"'\\]");
    let word = last_word(words);
    let field = std::str::from_utf8(word).unwrap_or_default();
    match signed {
        Some(_) if field.eq_ignore_ascii_case("id") => {
            opened || is_id_of_line(&words[..words.len() - word.len()])
        }
        Some(_) => is_of_messages(field) && !field.is_empty(),
        // Message-ID '<…>', message <…>
        None => {
            let told = field.eq_ignore_ascii_case("message") || is_of_messages(field);
            let quoted = opened && rest.last().is_some_and(|b| !b.is_ascii_alphanumeric());
            told && (quoted || before.ends_with(b"<"))
        }
    }
}

/// Whether `id=` behind this is that of a message: a line of Exim's log that tells of an arrival, or of an XML stream.
fn is_id_of_line(before: &[u8]) -> bool {
    let line = memchr::memrchr(b'\n', before).map_or(before, |at| &before[at + 1..]);
    let word = last_word(trimmed(line, b""));
    memchr::memmem::find(line, b" <= ").is_some() || word.eq_ignore_ascii_case(b"stanza")
}

/// What is left of white space and signs at the end.
fn trimmed<'a>(mut bytes: &'a [u8], signs: &[u8]) -> &'a [u8] {
    while let [rest @ .., last] = bytes {
        if !last.is_ascii_whitespace() && !signs.contains(last) {
            break;
        }
        bytes = rest;
    }
    bytes
}

/// The letters, digits and hyphens at the end.
fn last_word(bytes: &[u8]) -> &[u8] {
    let is_part = |b: &&u8| b.is_ascii_alphanumeric() || b"-_".contains(b) || !b.is_ascii();
    let n = bytes.iter().rev().take(40).take_while(is_part).count();
    &bytes[bytes.len() - n..]
}

/// Whether a local part is one that only a program makes: a UUID, or sixteen hexadecimal digits in a row with letters and figures among them.
pub fn is_made(mailbox: &str) -> bool {
    let local = mailbox.split('@').next().unwrap_or_default();
    let local = local.trim_start_matches(['<', '"', ' ']);
    if is_uuid(local) {
        return true;
    }
    let mut runs = local.split(|c: char| !c.is_ascii_hexdigit());
    runs.any(|run| {
        let figures = run.bytes().filter(u8::is_ascii_digit).count();
        run.len() >= 16 && figures >= 3 && run.len() > figures
    })
}

/// RFC 9562, 4.
fn is_uuid(text: &str) -> bool {
    let mut groups = text.split('-');
    let fits = [8, 4, 4, 4, 12].iter().all(|&length| {
        let group = groups.next().unwrap_or_default();
        group.len() == length && group.bytes().all(|b| b.is_ascii_hexdigit())
    });
    fits && groups.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_of_messages() {
        for name in [
            "Message-ID",
            "message_id",
            "messageId",
            "internetMessageId",
            "In-Reply-To",
            "References",
            "X-Message-Id",
            "mail.headers.message-id",
            "メッセージID",
        ] {
            assert!(is_of_messages(name), "{name}");
        }
        for name in [
            "", "id", "mail", "Reply-To", "message", "email_id", "user.id", "x",
        ] {
            assert!(!is_of_messages(name), "{name}");
        }
    }

    #[test]
    fn ids_behind_labels() {
        let is = |text: &str| {
            let at = text.rfind("a1b2").unwrap();
            is_labelled(text, at)
        };
        for before in [
            "postfix/cleanup[12]: 4D3C6DA5D7: message-id=<",
            "nrcpts=1, msgid=<",
            "lda(x): msgid=<CAB9+b=",
            "dovecot: lda(x): msgid=<",
            "10:00 1abc-2-3 <= yoko@example.com H=mx [192.0.2.1] P=esmtp S=1200 id=",
            "rspamd_task_write_log: id: <",
            "Info: MID 6 Message-ID '<",
            "spamd: processing message <",
            "spamd: result: . -1 mid=<",
            "Message-ID: <",
            "Message-ID:\r\n <",
            "In-Reply-To: <",
            "References: <x1@example.com> <y2@example.com>\r\n <",
            "References: <x1@example.com>,<",
            "{\"message-id\": \"<",
            "{\\\"message-id\\\":\\\"",
            "{\"References\": [\"<",
            "[info] stanza id=",
            "cid: Content-ID: <",
        ] {
            assert!(is(&format!("{before}a1b2@example.com> x")), "{before}");
        }
        for before in [
            "",
            "<",
            "from=<",
            "to=<",
            "id=",
            "/user?id=",
            "Reply-To: <",
            "Message-ID: <x1@example.com>\nFrom: <",
            "Message-ID: <x1@example.com>, from=<",
            "In-Reply-To: <x1@example.com>\nTo: Yoko <",
            "a message to ",
            "references ",
            "orig_to=<",
        ] {
            assert!(!is(&format!("{before}a1b2@example.com> x")), "{before}");
        }
    }

    #[test]
    fn mailboxes_that_programs_make() {
        for mailbox in [
            "04a7f007-52a3-449f-a525-2725f74c3816@mail.example.com",
            "<b8a1abcd1a6916c7@mail.example.com",
            "CAB.9a8768ae47f10461ab+abc@example.com",
        ] {
            assert!(is_made(mailbox), "{mailbox}");
        }
        for mailbox in [
            "yoko.sato@example.com",
            "user6315146@example.com",
            "1234567890123456@example.com",
            "deadbeef@example.com",
            "",
        ] {
            assert!(!is_made(mailbox), "{mailbox}");
        }
    }
}
