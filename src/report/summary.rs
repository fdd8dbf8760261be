//! The summary for people: one screen, the answer first.
//!
//! How many people, which kinds of data, where, what could not be read, and what may be concluded from it. Japanese uses the
//! words of the regulator's breach form where it has them (個人情報の保護に関する法律施行規則 第8条第1項: 「漏えい等が発生し、
//! 又は発生したおそれがある個人データの項目」, 「本人の数」).

mod notable;
mod parts;
mod words;

use std::cmp::Reverse;
use std::collections::HashMap;
use std::fmt::Write as _;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use super::Coverage;
use crate::pattern::KindInfo;
use crate::scope::{KindTotal, Problem, Scope, Table};
use crate::source::Code;

/// Lines of each list at most; what is cut is counted.
/// More than any leak so far has held: which kinds there are is what decides whom to tell.
const MAX_KINDS: usize = 40;
const MAX_TABLES: usize = 8;
const MAX_PROBLEMS: usize = 5;
/// Columns of a heading that may stand in one line with the names of its table's columns.
const HEADING_BESIDE: usize = 30;
/// Narrowest and widest line, in columns.
const WIDTHS: (usize, usize) = (40, 120);

/// The language of the summary.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

/// How to write it.
#[derive(Clone, Copy, Debug)]
pub struct Style {
    /// In which language.
    pub lang: Lang,
    /// Columns of a line.
    pub width: usize,
    /// Whether to colour it.
    pub colour: bool,
}

/// Kinds that were not found and are named; the report names all that were searched for.
const MAX_ABSENT: usize = 8;

/// What is asked first after an incident: "were card numbers in it?"
const ASKED_FIRST: [&str; 8] = [
    "payment-card",
    "payment-card-security-code",
    "jp.my-number",
    "bank-account",
    "credential",
    "special.health",
    "passport",
    "jp.driver-licence",
];

/// The summary of a scan that looked for the kinds of `searched`.
pub fn summary(scope: &Scope, searched: &[&KindInfo], style: Style) -> String {
    let coverage = Coverage::of(scope);
    let width = style.width.clamp(WIDTHS.0, WIDTHS.1);
    let mut page = Page {
        style: Style { width, ..style },
        text: String::new(),
    };
    if scope.kinds.is_empty() {
        page.line(
            Paint::Bold,
            words::nothing_found(style.lang, &coverage, searched.len()),
        );
    } else {
        page.people(scope);
        page.kinds(&scope.kinds, searched);
        page.parts(&scope.subjects, &scope.kinds, searched);
        page.tables(&scope.tables, searched);
        page.notable(&scope.subjects);
        page.absent(&scope.kinds, searched, &coverage);
    }
    page.coverage(&coverage);
    page.problems(&scope.problems);
    if !scope.kinds.is_empty() {
        page.line(Paint::Plain, "");
        let paint = if coverage.is_complete() {
            Paint::Plain
        } else {
            Paint::Warning
        };
        page.line(paint, words::conclusion(style.lang, &coverage));
    }
    page.text
}

/// How a piece of text looks on a terminal.
#[derive(Clone, Copy, PartialEq)]
enum Paint {
    Plain,
    Bold,
    Dim,
    Warning,
}

/// The text so far.
struct Page {
    style: Style,
    text: String,
}

impl Page {
    fn lang(&self) -> Lang {
        self.style.lang
    }

    /// A line, broken at the width where it is longer.
    fn line(&mut self, paint: Paint, text: impl AsRef<str>) {
        for line in wrap(text.as_ref(), self.style.width) {
            let line = self.paint(paint, line.trim_end());
            self.text.push_str(&line);
            self.text.push('\n');
        }
    }

    /// A line of a list, cut at the width.
    fn cut_line(&mut self, text: &str) {
        self.text.push_str(fit(text, self.style.width).trim_end());
        self.text.push('\n');
    }

    fn paint(&self, paint: Paint, text: &str) -> String {
        let code = match paint {
            _ if !self.style.colour || text.is_empty() => return text.to_owned(),
            Paint::Plain => return text.to_owned(),
            Paint::Bold => "1",
            Paint::Dim => "2",
            Paint::Warning => "1;33",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }

    fn heading(&mut self, title: &str) {
        self.text.push('\n');
        self.line(Paint::Bold, title);
    }

    fn people(&mut self, scope: &Scope) {
        let subjects = &scope.subjects;
        let rows = words::people(self.lang(), subjects);
        let label = rows.iter().map(|row| row.label.width()).max().unwrap_or(0);
        let number = rows.iter().map(|row| row.number.len()).max().unwrap_or(0);
        for (i, row) in rows.iter().enumerate() {
            let head = format!("{}  {:>number$}", pad(row.label, label), row.number);
            let note = fit(&row.note, self.style.width.saturating_sub(head.width() + 2));
            let head = self.paint(if i == 0 { Paint::Bold } else { Paint::Plain }, &head);
            let line = format!("{head}  {note}");
            self.text.push_str(line.trim_end());
            self.text.push('\n');
        }
    }

    fn kinds(&mut self, kinds: &[KindTotal], searched: &[&KindInfo]) {
        let mut order: Vec<&KindTotal> = kinds.iter().collect();
        order.sort_by_key(|total| Reverse((total.persons.best, total.distinct, total.matches)));
        let hidden = order.len().saturating_sub(MAX_KINDS);
        order.truncate(MAX_KINDS);

        let names = words::kind_columns(self.lang());
        let mut widths = names.map(UnicodeWidthStr::width);
        let mut rows = Vec::new();
        for total in order {
            let title = format!("  {}", self.title(&total.kind, searched));
            let numbers = [total.persons.best, total.matches, total.distinct].map(grouped);
            for (width, cell) in widths.iter_mut().zip(&numbers) {
                *width = (*width).max(cell.len());
            }
            rows.push((title, numbers));
        }
        let longest = rows.iter().map(|(title, _)| title.width()).max();
        let first = self.kinds_head(kinds.len(), longest.unwrap_or(0), &names, &widths);
        for (title, numbers) in &rows {
            let cells = numbers.iter().zip(widths);
            let cells: String = cells
                .map(|(cell, width)| format!("  {cell:>width$}"))
                .collect();
            self.cut_line(&format!("{}{cells}", pad(&fit(title, first), first)));
        }
        self.more(hidden, words::more_kinds);
    }

    /// The heading and the names of the columns, in one line where they fit. Gives the width of the titles.
    fn kinds_head(
        &mut self,
        kinds: usize,
        longest: usize,
        names: &[&str; 3],
        widths: &[usize; 3],
    ) -> usize {
        let heading = words::kinds_heading(self.lang(), kinds);
        let numbers: usize = widths.iter().map(|width| width + 2).sum();
        let room = self.style.width.saturating_sub(numbers);
        let beside = heading.width() <= HEADING_BESIDE.min(room);
        let first = if beside {
            longest.max(heading.width())
        } else {
            longest
        };
        let first = first.min(room);
        self.text.push('\n');
        if !beside {
            self.line(Paint::Bold, &heading);
        }
        let heading = pad(if beside { &heading } else { "" }, first);
        let names = names.iter().zip(widths);
        let names: String = names
            .map(|(name, &width)| format!("  {}", pad_left(name, width)))
            .collect();
        let line = self.paint(Paint::Bold, &heading) + &self.paint(Paint::Dim, &names);
        self.text.push_str(&line);
        self.text.push('\n');
        first
    }

    fn tables(&mut self, tables: &[Table], searched: &[&KindInfo]) {
        let mut order: Vec<&Table> = tables.iter().filter(|table| distinct(table) > 0).collect();
        order.sort_by_key(|table| Reverse(distinct(table)));
        self.heading(&words::where_heading(self.lang(), order.len()));
        let shown = order.len().min(MAX_TABLES);
        let number = order[..shown]
            .iter()
            .map(|table| grouped(table.records).len())
            .max()
            .unwrap_or(0);
        let unit = words::records(self.lang());
        let room = self.style.width.saturating_sub(number + unit.width() + 6);
        let names: Vec<String> = order[..shown]
            .iter()
            .map(|table| fit_end(&place(table), room * 3 / 5))
            .collect();
        let first = names.iter().map(|name| name.width()).max().unwrap_or(0);
        for (table, name) in order.iter().zip(&names) {
            let records = grouped(table.records);
            let kinds = self.kinds_of(table, searched);
            self.cut_line(&format!(
                "  {}  {records:>number$}{unit}  {kinds}",
                pad(name, first)
            ));
        }
        self.more(order.len() - shown, words::more_tables);
    }

    /// Titles of the kinds in a table, in the order of its columns.
    fn kinds_of(&self, table: &Table, searched: &[&KindInfo]) -> String {
        let mut kinds: Vec<&str> = Vec::new();
        for finding in table.columns.iter().flat_map(|column| &column.findings) {
            if !kinds.contains(&finding.kind.as_str()) {
                kinds.push(&finding.kind);
            }
        }
        let titles: Vec<String> = kinds
            .iter()
            .map(|kind| self.title(kind, searched))
            .collect();
        titles.join(words::comma(self.lang()))
    }

    /// What was looked for and is not there: a statement of its own in a notice, and only as good as the coverage.
    fn absent(&mut self, kinds: &[KindTotal], searched: &[&KindInfo], coverage: &Coverage) {
        let found = |info: &KindInfo| kinds.iter().any(|total| total.kind == info.name);
        let mut absent: Vec<&&KindInfo> = searched.iter().filter(|info| !found(info)).collect();
        if absent.is_empty() {
            return;
        }
        let asked = |info: &KindInfo| ASKED_FIRST.iter().position(|name| *name == info.name);
        absent.sort_by_key(|info| asked(info).unwrap_or(ASKED_FIRST.len()));
        let titles = absent.iter().take(MAX_ABSENT);
        let titles: Vec<String> = titles
            .map(|info| self.title(&info.name, searched))
            .collect();
        let list = titles.join(words::comma(self.lang()));
        self.text.push('\n');
        self.line(Paint::Plain, words::not_found(self.lang(), coverage, &list));
        self.more(absent.len().saturating_sub(MAX_ABSENT), words::more_kinds);
    }

    fn coverage(&mut self, coverage: &Coverage) {
        self.text.push('\n');
        self.line(Paint::Plain, words::coverage(self.lang(), coverage));
    }

    fn problems(&mut self, problems: &[Problem]) {
        if problems.is_empty() {
            return;
        }
        let heading = words::problems_heading(self.lang(), problems.len());
        self.text.push('\n');
        self.line(Paint::Warning, heading);
        let groups = alike(problems);
        let told = groups.iter().take(MAX_PROBLEMS);
        let n_told: usize = told.clone().map(|(_, times)| times).sum();
        for &(problem, times) in told {
            let text = words::problem(self.lang(), problem, times);
            let room = self
                .style
                .width
                .saturating_sub(text.width() + 4)
                .max(self.style.width / 3);
            let source = fit_end(problem.source.as_str(), room);
            self.cut_line(&format!("  {source}  {text}"));
        }
        self.more(problems.len() - n_told, words::more_problems);
    }

    fn more(&mut self, hidden: usize, say: fn(Lang, usize) -> String) {
        if hidden > 0 {
            let text = format!("  {}", say(self.lang(), hidden));
            self.line(Paint::Dim, text);
        }
    }

    fn title(&self, kind: &str, searched: &[&KindInfo]) -> String {
        let info = searched.iter().find(|info| info.name == kind);
        let title = info.map_or(kind, |info| match self.lang() {
            Lang::En => info.title_en.as_str(),
            Lang::Ja => info.title_ja.as_str(),
        });
        title.to_owned()
    }
}

/// Problems that say the same of several sources, told with the first of them and how many there are. Pictures and programs, of which
/// only the text was read, come last: they are many and seldom matter.
fn alike(problems: &[Problem]) -> Vec<(&Problem, usize)> {
    let mut groups: Vec<(&Problem, usize)> = Vec::new();
    let mut known = HashMap::new();
    for problem in problems {
        let place = (problem.at.is_none()).then_some((problem.code, problem.lost.as_str()));
        let at = match place {
            Some(place) => *known.entry(place).or_insert(groups.len()),
            None => groups.len(),
        };
        match groups.get_mut(at) {
            Some((_, times)) => *times += 1,
            None => groups.push((problem, 1)),
        }
    }
    groups.sort_by_key(|(problem, _)| problem.code == Code::Unsupported && problem.at.is_none());
    groups
}

/// How much personal data a table holds: the distinct values of all its findings.
fn distinct(table: &Table) -> u64 {
    let findings = table.columns.iter().flat_map(|column| &column.findings);
    findings.fold(0, |sum, finding| {
        sum.saturating_add(finding.distinct.max(1))
    })
}

/// The source, and the table where its name says more.
fn place(table: &Table) -> String {
    let (source, name) = (table.source.as_str(), table.name.as_str());
    let file = source.rsplit('/').next().unwrap_or(source);
    let stem = file.split_once('.').map_or(file, |(stem, _)| stem);
    if name.is_empty() || name == stem || name == file {
        source.to_owned()
    } else {
        format!("{source}: {name}")
    }
}

/// A number with its thousands separated.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A length in bytes, in the largest unit that keeps three digits.
fn sized(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1_000 {
        return format!("{bytes} B");
    }
    let mut size = bytes as f64 / 1e3;
    let mut unit = 0;
    while size >= 999.5 && unit + 1 < UNITS.len() {
        size /= 1e3;
        unit += 1;
    }
    let decimals = if size < 9.95 { 1 } else { 0 };
    format!("{size:.decimals$} {}", UNITS[unit])
}

fn pad(text: &str, width: usize) -> String {
    format!("{text}{}", " ".repeat(width.saturating_sub(text.width())))
}

fn pad_left(text: &str, width: usize) -> String {
    format!("{}{text}", " ".repeat(width.saturating_sub(text.width())))
}

/// The beginning of a text that fits the width.
fn fit(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let taken = text.chars().take_while(|c| take(c, &mut left));
    let mut out: String = taken.collect();
    out.push('…');
    out
}

/// The end of a text that fits the width: the end of a path says most.
fn fit_end(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut left = width.saturating_sub(1);
    let taken: Vec<char> = text
        .chars()
        .rev()
        .take_while(|c| take(c, &mut left))
        .collect();
    std::iter::once('…')
        .chain(taken.into_iter().rev())
        .collect()
}

/// Takes the width of a character off what is left; false when there is not enough.
fn take(c: &char, left: &mut usize) -> bool {
    let width = c.width().unwrap_or(0);
    let fits = width <= *left;
    *left = left.saturating_sub(width);
    fits
}

/// Breaks a text into lines of the width: at spaces, after Japanese commas and full stops, and in need anywhere.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in text.split_inclusive([' ', '、', '。']) {
        let line = lines
            .last_mut()
            .expect("lines begin with one and are only added to");
        if line.width() + piece.trim_end().width() <= width {
            line.push_str(piece);
        } else if piece.trim_end().width() <= width {
            lines.push(piece.to_owned());
        } else {
            wrap_anywhere(piece, width, &mut lines);
        }
    }
    lines
}

fn wrap_anywhere(piece: &str, width: usize, lines: &mut Vec<String>) {
    for c in piece.chars() {
        let full = lines
            .last()
            .is_none_or(|line| line.width() + c.width().unwrap_or(0) > width);
        if full {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            line.push(c);
        }
    }
}

/// A row of the first block.
struct PeopleRow {
    label: &'static str,
    number: String,
    note: String,
}

impl PeopleRow {
    fn new(label: &'static str, number: u64, note: impl Into<String>) -> Self {
        Self {
            label,
            number: grouped(number),
            note: note.into(),
        }
    }
}

/// Joins the parts of a sentence that are there.
fn join(parts: &[(u64, String)], comma: &str) -> String {
    let mut out = String::new();
    for (_, text) in parts.iter().filter(|(number, _)| *number > 0) {
        let _ = write!(out, "{}{text}", if out.is_empty() { "" } else { comma });
    }
    out
}

#[cfg(test)]
mod tests;
