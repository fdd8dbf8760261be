//! HTML: pages saved from the web, reports of administration programs, tables called `.xls`.
//!
//! In: text. Out: its tables, and what stands beside them as running text; the targets of links too. Scripts and styles are
//! text as well: tokens and addresses stand in them. So do comments and attributes that scripts read; JSON in an attribute,
//! and the page of a frame, are members.

mod hidden;

use std::borrow::Cow;
use std::cell::RefCell;
use std::ops::ControlFlow;
use std::rc::Rc;

use lol_html::html_content::EndTag;
use lol_html::{
    EndTagHandler, HtmlRewriter, MemorySettings, Settings, doc_comments, doc_text, element,
};
use mail_parser::decoders::html::add_html_token;

use self::hidden::Held;
use super::flow::Flow;
use super::prose::Prose;
use super::{Context, Format, Head, Item, Member, Reader, Sink, markup};
use crate::source::{Bytes, Code, Fault};

pub(crate) const FORMAT: Format = Format {
    name: "html",
    title: "HTML pages",
    extensions: &["html", "htm", "xhtml"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Bytes given to the parser at once.
const STEP: usize = 64 << 10;
/// Memory that the parser may take: unclosed tags and endless attributes.
const MEMORY: usize = 64 << 20;
/// No entity is longer.
const ENTITY: usize = 32;
/// Files in attributes of one page.
const FILES: usize = 10_000;

struct Html {
    text: Bytes,
    context: Context,
}

fn sniff(head: &Head<'_>) -> u8 {
    let bytes = head
        .bytes
        .strip_prefix(b"\xEF\xBB\xBF")
        .unwrap_or(head.bytes)
        .trim_ascii_start();
    if !bytes.starts_with(b"<") {
        return 0;
    }
    let lower = bytes[..bytes.len().min(2048)].to_ascii_lowercase();
    let has = |word: &str| memchr::memmem::find(&lower, word.as_bytes()).is_some();
    if has("<!doctype html") || has("<html") {
        90
    } else if ["<head", "<body", "<table", "<div", "<meta ", "<p>", "<ul>"]
        .iter()
        .any(|tag| lower.starts_with(tag.as_bytes()))
    {
        70
    } else {
        0
    }
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Html {
        text: markup::decoded(bytes, context.encoding, &context.limits)?,
        context: context.clone(),
    }))
}

impl Reader for Html {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut flow = Flow::new(&self.context.stem, &self.context);
        let mut result = Ok(());
        let tokens = Tokens::default();
        let mut rewriter = HtmlRewriter::new(settings(&tokens), |_: &[u8]| {});
        let (mut page, mut at) = (Page::new(&self.context), 0);
        for chunk in self.text.chunks(STEP) {
            if rewriter.write(chunk).is_err() {
                let lost = format!("{} bytes, the rest of the source", self.text.len() - at);
                result = Err(Fault::at(Code::OverBudget, at as u64, lost));
                break;
            }
            at += chunk.len();
            for token in tokens.take() {
                if page.take(token, &mut flow, sink).is_break() {
                    return Ok(());
                }
            }
        }
        if result.is_ok() && rewriter.end().is_err() {
            result = Err(Fault::at(
                Code::Malformed,
                at as u64,
                "the end of the source",
            ));
        }
        for token in tokens.take() {
            if page.take(token, &mut flow, sink).is_break() {
                return Ok(());
            }
        }
        if flow.finish(sink).is_break() || page.finish(sink).is_break() {
            return Ok(());
        }
        if result.is_ok() && hidden::is_cut(&self.text, page.open_tables, page.is_page) {
            let end = self.text.len() as u64;
            let _ = sink(Item::Fault(Fault::at(
                Code::Truncated,
                end,
                "the end of the page",
            )));
        }
        result
    }
}

/// What the parser tells: its handlers cannot borrow the sink.
enum Token {
    Start(String),
    /// A cell, with the columns and rows that it takes.
    Cell(usize, usize),
    End(String),
    Text(String),
    /// The target of a link, or the value of a form's field.
    Value(String),
    Comment(String),
    /// Attributes of one element that the page does not show, by their names.
    Hidden(Vec<(String, String)>),
}

/// Attributes that are shown, or lead to somebody.
const SHOWN: [&str; 6] = ["href", "value", "content", "title", "alt", "placeholder"];

type Tokens = Rc<RefCell<Vec<Token>>>;

fn settings(tokens: &Tokens) -> Settings<'static, 'static> {
    let (starts, texts, comments) = (tokens.clone(), tokens.clone(), tokens.clone());
    let mut pending = String::new();
    Settings::new()
        .append_element_content_handler(element!("*", move |element| {
            let mut found = starts.borrow_mut();
            let name = element.tag_name();
            found.push(if is_cell(&name) {
                let columns = element.get_attribute("colspan");
                let rows = element.get_attribute("rowspan");
                Token::Cell(span(columns.as_deref()), span(rows.as_deref()))
            } else {
                Token::Start(name)
            });
            for name in SHOWN {
                let value = element
                    .get_attribute(name)
                    .filter(|value| is_telling(name, value));
                found.extend(value.map(Token::Value));
            }
            let others = element.attributes().iter();
            let others = others.map(|attribute| (attribute.name(), attribute.value()));
            let mut others: Vec<_> = others
                .filter(|(name, _)| !SHOWN.contains(&name.as_str()))
                .collect();
            let tells = |beside| {
                move |(name, value): &(String, String)| {
                    hidden::attribute(name, value, beside) != Held::Nothing
                }
            };
            if others.iter().any(tells(false)) {
                others.retain(tells(true));
                found.push(Token::Hidden(others));
            }
            drop(found);
            let name = element.tag_name();
            if let Some(handlers) = element.end_tag_handlers() {
                let ends = starts.clone();
                let end: EndTagHandler<'static> = Box::new(move |_: &mut EndTag<'_>| {
                    ends.borrow_mut().push(Token::End(name));
                    Ok(())
                });
                handlers.push(end);
            }
            Ok(())
        }))
        .append_document_content_handler(doc_text!(move |chunk| {
            pending.push_str(chunk.as_str());
            // An entity may be cut by the parser's steps.
            if chunk.last_in_text_node() || pending.len() >= STEP {
                texts
                    .borrow_mut()
                    .push(Token::Text(std::mem::take(&mut pending)));
            }
            Ok(())
        }))
        .append_document_content_handler(doc_comments!(move |comment| {
            let text = Token::Comment(comment.text());
            comments.borrow_mut().push(text);
            Ok(())
        }))
        .with_memory_settings(MemorySettings::new().with_max_allowed_memory_usage(MEMORY))
        .with_strict(false)
}

fn is_cell(name: &str) -> bool {
    matches!(name, "td" | "th")
}

/// The number in `colspan` or `rowspan`: one where there is none.
fn span(told: Option<&str>) -> usize {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    told.map(str::trim)
        .and_then(|told| told[..digits(told).min(5)].parse().ok())
        .unwrap_or(1)
}

/// Whether an attribute may tell of people: not a link to a page of the site, nor the settings of a viewport.
fn is_telling(name: &str, value: &str) -> bool {
    match name {
        "href" => {
            value.starts_with("mailto:")
                || value.starts_with("tel:")
                || value.contains('@')
                || value.contains('?')
        }
        _ => !value.trim().is_empty(),
    }
}

/// How far a page is.
struct Page<'c> {
    context: &'c Context,
    /// What the line so far ends with: white space is one blank.
    after_space: bool,
    /// Whether the line so far is a term (`dt`), of which the next `dd` tells.
    in_term: bool,
    /// What is not shown: comments and attributes.
    hidden: Prose,
    n_files: usize,
    open_tables: i64,
    /// Whether it says that it is a whole page.
    is_page: bool,
}

impl<'c> Page<'c> {
    fn new(context: &'c Context) -> Self {
        Self {
            context,
            after_space: false,
            in_term: false,
            hidden: Prose::new(
                format!("{} (comments and attributes)", context.stem),
                &context.limits,
            ),
            n_files: 0,
            open_tables: 0,
            is_page: false,
        }
    }

    /// Gives what is not shown.
    fn finish(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.hidden.flush(sink)?;
        if self.n_files > FILES {
            let lost = format!("{} files in attributes", self.n_files - FILES);
            sink(Item::Fault(Fault::whole(Code::OverBudget, lost)))?;
        }
        ControlFlow::Continue(())
    }

    /// Takes the attributes of one element: its lines are one, so that they speak of one person.
    fn attributes(
        &mut self,
        attributes: Vec<(String, String)>,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let mut line = String::new();
        for (name, value) in attributes {
            let value = decoded(&value);
            match hidden::attribute(&name, &value, true) {
                Held::Nothing => {}
                Held::Line(text) => {
                    if !line.is_empty() {
                        line.push_str(", ");
                    }
                    line.push_str(&text);
                }
                Held::File => self.file(&name, value.into_owned(), sink)?,
            }
        }
        self.lines(&line, sink)
    }

    /// Gives the file that an attribute holds.
    fn file(&mut self, name: &str, value: String, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.n_files += 1;
        if self.n_files > FILES {
            return ControlFlow::Continue(());
        }
        let len = value.len() as u64;
        let is_charged = self.context.budget.charge(len);
        sink(Item::Member(Member {
            name: format!("attribute {}", self.n_files)
                + if name == "srcdoc" { ".html" } else { ".json" },
            bytes: is_charged.then(|| Bytes::owned(value.into_bytes())),
            fault: (!is_charged).then(|| Fault::whole(Code::OverBudget, "the whole member")),
            len,
        }))
    }

    fn lines(&mut self, text: &str, sink: &mut Sink<'_>) -> ControlFlow<()> {
        for line in text.lines() {
            self.hidden.line(line.trim(), sink)?;
        }
        ControlFlow::Continue(())
    }

    fn take(&mut self, token: Token, flow: &mut Flow<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        match token {
            Token::Text(text) => self.text(&decoded(&text), flow),
            Token::Value(value) => {
                flow.text(" ");
                flow.text(
                    decoded(&value)
                        .trim_start_matches("mailto:")
                        .trim_start_matches("tel:"),
                );
                flow.text(" ");
            }
            Token::Comment(text) => self.lines(
                &decoded(&markup::untagged(&text, |name| {
                    name == "tr" || is_block(name)
                })),
                sink,
            )?,
            Token::Hidden(attributes) => self.attributes(attributes, sink)?,
            Token::Cell(columns, rows) => {
                // Zero is all rows that are left (HTML, 4.9.11).
                let rows = if rows == 0 { usize::MAX } else { rows };
                flow.begin_spanning(columns, rows, sink)?;
            }
            Token::Start(name) => match name.as_str() {
                "table" => {
                    self.open_tables += 1;
                    flow.begin_table(sink)?;
                }
                "tr" => flow.begin_row(sink)?,
                "dd" if self.in_term => self.end_term(flow),
                name if is_block(name) => {
                    self.is_page |= name == "html";
                    flow.end_paragraph(sink)?;
                    self.in_term = name == "dt";
                }
                _ => {}
            },
            Token::End(name) => match name.as_str() {
                "table" => {
                    self.open_tables -= 1;
                    flow.end_table(sink)?;
                }
                "tr" => flow.end_row(sink)?,
                name if is_cell(name) => flow.end_cell(sink)?,
                "dt" => {}
                name if is_block(name) => flow.end_paragraph(sink)?,
                _ => {}
            },
        }
        ControlFlow::Continue(())
    }

    /// Makes a term the label of what follows.
    fn end_term(&mut self, flow: &mut Flow<'_>) {
        self.in_term = false;
        let line = flow.line();
        line.truncate(line.trim_end().len());
        if !line.is_empty() && !line.ends_with([':', '：']) {
            line.push_str(": ");
        }
    }

    fn text(&mut self, text: &str, flow: &mut Flow<'_>) {
        let line = flow.line();
        if line.is_empty() {
            self.after_space = true;
        }
        for c in text.chars() {
            let is_space = c.is_ascii_whitespace();
            if !is_space {
                line.push(c);
            } else if !self.after_space {
                line.push(' ');
            }
            self.after_space = is_space;
        }
    }
}

/// Elements that begin and end a line.
fn is_block(name: &str) -> bool {
    matches!(
        name,
        "p" | "br"
            | "div"
            | "li"
            | "ul"
            | "ol"
            | "dl"
            | "dt"
            | "dd"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "title"
            | "body"
            | "head"
            | "html"
            | "section"
            | "article"
            | "header"
            | "footer"
            | "form"
            | "option"
            | "pre"
            | "script"
            | "style"
            | "blockquote"
            | "address"
            | "caption"
            | "hr"
            | "meta"
            | "tbody"
            | "thead"
            | "textarea"
    )
}

/// Text with its entities decoded; what is none stays as it is.
fn decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let (mut out, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(start) = rest.find('&') {
        out.push_str(&rest[..start]);
        rest = &rest[start..];
        let end = rest.bytes().take(ENTITY).position(|byte| byte == b';');
        let len = end.map_or(1, |end| end + 1);
        add_html_token(&mut out, &rest.as_bytes()[..len], false);
        rest = &rest[len..];
    }
    out.push_str(rest);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    #[track_caller]
    fn check(page: &str, expected: &[&str]) {
        let context = context();
        assert_eq!(show(&FORMAT, page.as_bytes(), &context), expected, "{page}");
    }

    #[test]
    fn tables_and_text() {
        check(
            "<!DOCTYPE html><html><head><title>会員 &amp; 顧客</title></head><body><p>担当:\n <b>山田</b>太郎<br>x@example.com</p>\
             <table><tr><th>氏名<th>mail<tr><td>佐藤<td><a href='mailto:s@example.com'>&lt;here&gt;</a><tr><td>鈴木</td><td>t@example.com\
             </td></tr></table>end</body></html>",
            &[
                "t table 1: 氏名=佐藤, mail=s@example.com <here>",
                "t table 1: 氏名=鈴木, mail=t@example.com",
                "t: 会員 & 顧客",
                "t: 担当: 山田太郎",
                "t: x@example.com",
                "t: end",
            ],
        );
    }

    #[test]
    fn merged_cells() {
        check(
            "<table><tr><th rowspan=2>時間<th colspan='2'>予約<th rowspan=2>人数<tr><th>氏名<th>電話\
             <tr><td rowspan=2>10:00<td>佐藤<td>1<td>2名<tr><td>鈴木<td>2<td>3名<tr><td>11:00<td>高橋<td>3<td>4名</table>",
            &[
                "t table 1: 時間=10:00, 氏名=佐藤, 電話=1, 人数=2名",
                "t table 1: 時間=10:00, 氏名=鈴木, 電話=2, 人数=3名",
                "t table 1: 時間=11:00, 氏名=高橋, 電話=3, 人数=4名",
                "t table 1 (text): 予約",
            ],
        );
        // To the end; a row of nothing else is none.
        check(
            "<table><tr><th>部<th>氏名<tr><td rowspan=0>営業<td>佐藤<tr><tr><td>鈴木</table>",
            &[
                "t table 1: 部=営業, 氏名=佐藤",
                "t table 1: 部=営業, 氏名=鈴木",
            ],
        );
    }

    #[test]
    fn many_merged_cells() {
        let wide = "<td rowspan=9999>12345678901234567890".repeat(300);
        let rows = "<tr><td>a".repeat(2_000);
        let page = format!("<table><tr><th>氏名<tr>{wide}{rows}</table>");
        let shown = show(&FORMAT, page.as_bytes(), &context());
        assert!(shown.contains(&"! over-budget".to_owned()));
        assert!(shown.iter().map(String::len).sum::<usize>() < 4 << 20);
    }

    #[test]
    fn what_is_not_shown() {
        let hidden = "t (comments and attributes)";
        let line = |text: &str| format!("{hidden}: {text}");
        check(
            "<ul><!-- <li>山田</li><li>x@example.com</li> --><li data-name='&#x5c71;田' data-tel=\"090-1234-5678\" class='a1234567'>a\
             <p onclick='m(&quot;s@example.com&quot;)'>b</ul>",
            &[
                "t: a",
                "t: b",
                &line("山田"),
                &line("x@example.com"),
                &line("name: 山田, tel: 090-1234-5678"),
                &line("onclick: m(\"s@example.com\")"),
            ],
        );
        let json = format!(
            "[{}]",
            "{&quot;mail&quot;:&quot;a@example.com&quot;},".repeat(40)
        );
        check(
            &format!("<div data-page=\"{json}\">a</div>"),
            &["[attribute 1.json]", "t: a"],
        );
        check(
            "<div><iframe srcdoc='<p>a@example.com</p>'></iframe></div>",
            &["[attribute 1.html]"],
        );
    }

    #[test]
    fn broken_pages() {
        check(
            "<table><tr><td>a<table><tr><td>b",
            &["t table 2 (text): b", "t table 1 (text): a", "! truncated"],
        );
        check("<html><body><p>a</p>", &["t: a", "! truncated"]);
        check(
            "<html><body><table><tr><td>a</body></html>",
            &["t table 1 (text): a"],
        );
        check("<p>&unknown; &#x5c71; &</p>", &["t: &unknown; 山 &"]);
        check(
            "<script>var mail = 'x@example.com';</script>",
            &["t: var mail = 'x@example.com';"],
        );
    }
}
