//! HTML bodies as text.

use mail_parser::decoders::html::html_to_text;

/// Stands for a blank between cells while blanks are made one.
const CELL: char = '\u{e000}';

/// Elements that end a line where they end.
const LINES: [&[u8]; 15] = [
    b"tr",
    b"div",
    b"li",
    b"dt",
    b"dd",
    b"table",
    b"blockquote",
    b"section",
    b"pre",
    b"h1",
    b"h2",
    b"h3",
    b"h4",
    b"h5",
    b"h6",
];

/// The text of an HTML body. Cells of a row stand apart, and rows, blocks and items of lists on lines of their own, though nothing but their
/// tags parts them.
pub(super) fn text_of_html(html: &str) -> String {
    let mut spaced = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    while let Some(open) = rest.find("</") {
        let (before, tag) = rest.split_at(open);
        spaced.push_str(before);
        let name = &tag.as_bytes()[2..];
        let end = name.iter().position(|byte| !byte.is_ascii_alphanumeric());
        let name = &name[..end.unwrap_or(name.len())];
        if [b"td", b"th"]
            .iter()
            .any(|cell| name.eq_ignore_ascii_case(*cell))
        {
            spaced.push(CELL);
        } else if LINES.iter().any(|line| name.eq_ignore_ascii_case(line)) {
            spaced.push_str("<br>");
        } else if html_glues(before, &tag[2 + name.len()..]) {
            spaced.push(' ');
        }
        spaced.push_str("</");
        rest = &tag[2..];
    }
    spaced.push_str(rest);
    html_to_text(&spaced).replace(CELL, "\t")
}

/// Whether an inline element ends where another begins, with text in both: nothing but style parts them.
fn html_glues(before: &str, after: &str) -> bool {
    let begins = after
        .strip_prefix('>')
        .and_then(|rest| rest.strip_prefix('<'));
    let begins = begins.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    begins && before.ends_with(|c: char| !c.is_whitespace() && c != '>')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_tags_part_stands_apart() {
        #[track_caller]
        fn check(html: &str, expected: &str) {
            assert_eq!(text_of_html(html), expected, "{html}");
        }
        check(
            "<table><tr><th>Name</th><th>Mail</th></tr><tr><TD>Ann</TD><td>ann@example.com</td></tr></table>",
            "Name\tMail\t\nAnn\tann@example.com\t\n\n",
        );
        check("<div>Ann</div><div>Bob</div>", "Ann\nBob\n");
        check(
            "Ann<span>a@example.com</span><b>03-1234</b>",
            "Anna@example.com 03-1234",
        );
        check(
            "<p>A <b>bold</b> word, <i>B</i>old.</p>",
            "A bold word, Bold.\n",
        );
    }
}
