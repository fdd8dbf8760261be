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
    forms(&html_to_text(&spaced).replace(CELL, "\t"))
}

/// The text with a colon behind the labels of forms: tables of two columns whose values are of several sorts (a name, a number, a mailbox). Of a list
/// the second column is of one sort, below its header.
fn forms(text: &str) -> String {
    let lines: Vec<&str> = text.split('\n').collect();
    let mut out = String::with_capacity(text.len() + 16);
    for run in lines.chunk_by(|a, b| pair(a).is_some() == pair(b).is_some()) {
        let pairs: Vec<(&str, &str)> = run.iter().filter_map(|line| pair(line)).collect();
        let form = is_form(&pairs);
        for line in run {
            match pair(line).filter(|_| form) {
                Some((label, value)) => {
                    out.push_str(label.trim_end_matches([':', '：']));
                    out.push_str(": ");
                    out.push_str(value);
                }
                None => out.push_str(line),
            }
            out.push('\n');
        }
    }
    out.pop();
    out
}

/// The cells of a row of two.
fn pair(line: &str) -> Option<(&str, &str)> {
    let (label, value) = line.strip_suffix('\t')?.split_once('\t')?;
    let (label, value) = (label.trim(), value.trim());
    (!label.is_empty() && !value.is_empty() && !value.contains('\t')).then_some((label, value))
}

fn is_form(pairs: &[(&str, &str)]) -> bool {
    let digits = |cell: &str| cell.bytes().filter(u8::is_ascii_digit).count();
    let is_label =
        |label: &str| label.chars().count() <= 24 && !label.contains('@') && digits(label) < 3;
    let sort = |value: &str| (value.contains('@'), digits(value) >= 6);
    let mut rest = pairs.iter().skip(1).map(|pair| sort(pair.1));
    let first = rest.next();
    pairs.len() >= 3
        && pairs.iter().all(|pair| is_label(pair.0))
        && rest.any(|sort| Some(sort) != first)
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
        check(
            "<table><tr><td>Name</td><td>Ann</td></tr><tr><td>Phone:</td><td>03-3210-0001</td></tr><tr><td>Mail</td><td>ann@example.com</td></tr></table>",
            "Name: Ann\nPhone: 03-3210-0001\nMail: ann@example.com\n\n",
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
