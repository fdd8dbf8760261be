//! Files written into the text of a message (uuencode, POSIX 1003.1): `begin 644 list.csv`, lines of up to 45 bytes, `end`.
//!
//! In: the body of a text part. Out: the files, decoded; the text keeps their lines.

use memchr::memmem::Finder;

/// One file: its name, its bytes, and whether its end is there.
pub(super) struct File {
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
    pub(super) is_whole: bool,
}

/// The files in a body.
pub(super) fn files(body: &[u8]) -> Vec<File> {
    let finder = Finder::new(b"begin ");
    let (mut found, mut from) = (Vec::new(), 0);
    while let Some(n) = body.get(from..).and_then(|rest| finder.find(rest)) {
        let at = from + n;
        from = at + 6;
        let begins_line = at == 0 || body[at - 1] == b'\n';
        if let Some((file, end)) = begins_line.then(|| file(body, at)).flatten() {
            from = end;
            found.push(file);
        }
    }
    found
}

/// The file that begins at an offset, and where it ends. Its first line must be one.
fn file(body: &[u8], at: usize) -> Option<(File, usize)> {
    let mut lines = body[at..].split_inclusive(|&byte| byte == b'\n');
    let first = lines.next()?;
    let mut end = at + first.len();
    let words = first.strip_prefix(b"begin ")?.trim_ascii_end();
    let (mode, name) = words.split_at_checked(4)?;
    let is_mode = mode[3] == b' ' && mode[..3].iter().all(|byte| (b'0'..=b'7').contains(byte));
    let name = is_mode.then(|| super::message::unlabelled(name))?;
    let mut file = File {
        name: name.trim().to_owned(),
        bytes: Vec::new(),
        is_whole: false,
    };
    for line in lines {
        let text = line.trim_ascii_end();
        if text == b"end" {
            file.is_whole = true;
            return Some((file, end + line.len()));
        }
        if !push_line(text, &mut file.bytes) {
            break;
        }
        end += line.len();
    }
    (!file.bytes.is_empty()).then_some((file, end))
}

/// Decodes a line: how many bytes it has, then four characters for three of them. Tells whether it is one.
fn push_line(line: &[u8], out: &mut Vec<u8>) -> bool {
    let value = |byte: u8| (0x20..=0x60).contains(&byte).then(|| (byte - 0x20) & 0x3f);
    let Some((&first, text)) = line.split_first() else {
        // A count of nothing, whose blank was cut off.
        return true;
    };
    let Some(len) = value(first).map(usize::from) else {
        return false;
    };
    let n_chars = len.div_ceil(3) * 4;
    // Blanks at the end of a line get lost on the way, and some writers leave the filling out.
    if text.len() > n_chars + 1 || text.len() + 4 < n_chars && len > 0 {
        return false;
    }
    let start = out.len();
    for n in (0..n_chars).step_by(4) {
        let mut word = 0_u32;
        for i in n..n + 4 {
            let Some(bits) = value(text.get(i).copied().unwrap_or(b' ')) else {
                out.truncate(start);
                return false;
            };
            word = word << 6 | u32::from(bits);
        }
        out.extend_from_slice(&word.to_be_bytes()[1..]);
    }
    out.truncate(start + len);
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_in_texts() {
        let check = |body: &str, expected: &[(&str, &str, bool)]| {
            let found = files(body.as_bytes());
            let found: Vec<_> = found
                .iter()
                .map(|file| {
                    (
                        &file.name[..],
                        String::from_utf8_lossy(&file.bytes),
                        file.is_whole,
                    )
                })
                .collect();
            let expected: Vec<_> = expected
                .iter()
                .map(|(name, text, whole)| (*name, std::borrow::Cow::Borrowed(*text), *whole))
                .collect();
            assert_eq!(found, expected, "{body:?}");
        };
        // "Cat" is the example of everybody.
        check(
            "hello\n\nbegin 644 cat.txt\n#0V%T\n`\nend\nbye",
            &[("cat.txt", "Cat", true)],
        );
        check(
            "begin 644 a b.txt\r\n#0V%T\r\n#0V%T\r\n \r\nend\r\n",
            &[("a b.txt", "CatCat", true)],
        );
        check("begin 644 cat.txt\n#0V%T\n", &[("cat.txt", "Cat", false)]);
        check("begin 644 with a plan\nand go on", &[]);
        check("we begin 644 x\n#0V%T\nend", &[]);
        check("begin", &[]);
    }
}
