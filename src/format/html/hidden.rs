//! What a page holds and does not show: comments, attributes that scripts read.

/// An attribute this long that looks like JSON is a file of its own.
const DOCUMENT: usize = 512;

/// What an attribute holds.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Held {
    /// Nothing of anybody: how it looks, where it goes.
    Nothing,
    /// A line of text.
    Line(String),
    /// A file: JSON, or a page in a frame.
    File,
}

/// What an attribute that a page does not show holds, its value decoded; `beside` where another of its element tells of somebody, so that
/// `data-name` beside `data-email` is that one's.
pub(super) fn attribute(name: &str, value: &str, beside: bool) -> Held {
    let is_data = name.starts_with("data-");
    let told = is_telling(value) || is_data && (is_written(value) || beside && has_words(value));
    if is_look(name) || !told {
        return Held::Nothing;
    }
    let trimmed = value.trim();
    let ends = [trimmed.as_bytes().first(), trimmed.as_bytes().last()];
    let is_json = matches!(ends, [Some(b'{'), Some(b'}')] | [Some(b'['), Some(b']')]);
    if name == "srcdoc" || is_json && trimmed.len() >= DOCUMENT {
        return Held::File;
    }
    let name = name.trim_start_matches("data-");
    Held::Line(format!("{name}: {trimmed}"))
}

/// Attributes that tell how an element looks and which it is.
fn is_look(name: &str) -> bool {
    const LOOKS: &[&str] = &[
        "class",
        "style",
        "id",
        "src",
        "srcset",
        "d",
        "points",
        "viewbox",
        "transform",
        "integrity",
        "nonce",
        "path",
        "fill",
        "stroke",
        "sizes",
        "media",
        "rel",
        "type",
        "lang",
        "role",
        "width",
        "height",
        "clip-path",
        "values",
        "data-src",
        "data-srcset",
        "poster",
        "background",
        "coords",
        "pattern",
        "charset",
        "accept",
    ];
    LOOKS.contains(&name) || name.starts_with("xmlns")
}

/// Whether a value may tell of people: an address, a number as long as a phone's, letters that no identifier has.
fn is_telling(value: &str) -> bool {
    value.contains('@')
        || !value.is_ascii()
        || value.contains("&#")
        || value.bytes().filter(u8::is_ascii_digit).take(7).count() == 7
}

/// Whether a value is two words or more with a capital letter each, as names are.
fn is_written(value: &str) -> bool {
    let is_word = |word: &str| {
        let first = word.chars().next().is_some_and(char::is_uppercase);
        let letter = |c: char| c.is_alphabetic() || matches!(c, '.' | ',' | '-' | '\'');
        first && word.chars().all(letter)
    };
    let mut words = value.split_whitespace();
    (2..=5).contains(&words.clone().count()) && words.all(is_word)
}

/// Whether a value holds something to read.
fn has_words(value: &str) -> bool {
    value.contains(char::is_alphanumeric)
}

/// Whether a page was cut: nothing ends it, and something that must have an end is open.
pub(super) fn is_cut(bytes: &[u8], open_tables: i64, is_page: bool) -> bool {
    let tail = bytes[bytes.len() - bytes.len().min(64 << 10)..].to_ascii_lowercase();
    let has = |end: &[u8]| memchr::memmem::rfind(&tail, end).is_some();
    !has(b"</html") && !has(b"</body") && (open_tables > 0 || is_page)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_that_tell() {
        let check = |name: &str, value: &str, expected: Held| {
            assert_eq!(attribute(name, value, false), expected, "{name}={value}");
        };
        let line = |text: &str| Held::Line(text.to_owned());
        check("class", "col-12345678", Held::Nothing);
        check("data-id", "123456", Held::Nothing);
        check("data-toggle", "modal", Held::Nothing);
        check("data-name", "山田 太郎", line("name: 山田 太郎"));
        check("data-tel", "090-1234-5678", line("tel: 090-1234-5678"));
        check(
            "onclick",
            "mail('a@example.com')",
            line("onclick: mail('a@example.com')"),
        );
        check(
            "data-user",
            "{\"mail\":\"a@example.com\"}",
            line("user: {\"mail\":\"a@example.com\"}"),
        );
        let long = format!("[{}]", "{\"mail\":\"a@example.com\"},".repeat(40));
        check("data-page", &long, Held::File);
        check("srcdoc", "<p>a@example.com", Held::File);
        check("data-name", "Paul Davis", line("name: Paul Davis"));
        check("data-owner", "paul", Held::Nothing);
        check("aria-label", "Paul Davis", Held::Nothing);
        assert_eq!(attribute("data-owner", "paul", true), line("owner: paul"));
        assert_eq!(attribute("data-x", "--", true), Held::Nothing);
        assert_eq!(attribute("data-src", "a.png", true), Held::Nothing);
        assert_eq!(attribute("onclick", "go()", true), Held::Nothing);
    }
}
