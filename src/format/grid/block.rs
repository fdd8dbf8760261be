//! What a block of rows is: a table under its header, a form, rows without a header, or text.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::Range;

use super::super::{groups, sideways};
use super::Row;

/// Rows above the header that may be titles.
const TITLES: usize = 8;
/// Columns and rows that are looked at.
const COLUMNS: usize = 400;
const ROWS: usize = 50;
/// Cells longer than this on the average are prose, not values.
const PROSE: usize = 120;

/// Whether a row names the columns of the rows after it.
type Header = fn(&[String], &[Vec<String>]) -> bool;

/// What a block is.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Make {
    /// A header in these rows, the table's rows after it.
    Table {
        rows: Range<usize>,
        first: usize,
        columns: Vec<Option<String>>,
    },
    /// Rows of a table whose columns have no names.
    Rows { first: usize, width: usize },
    /// A table that lies on its side: these rows begin with a label, in the first column; each column behind it, up to the last, is a record.
    Sideways {
        labels: Vec<usize>,
        first: usize,
        last: usize,
    },
    /// Labels with their values on the right: for each label the row, and the number of the value's cell in it.
    Form(Vec<(String, (usize, usize))>),
    /// None of these.
    Text,
}

/// Tells what a block is.
pub(super) fn make(rows: &[Row], header: Header) -> Make {
    let first = rows
        .iter()
        .flat_map(Row::filled)
        .map(|(column, _)| column)
        .min()
        .unwrap_or(0);
    let last = rows
        .iter()
        .flat_map(Row::filled)
        .map(|(column, _)| column)
        .max()
        .unwrap_or(0);
    let dense = |row: &Row| dense(row, first, (last - first + 1).min(COLUMNS));
    if let Some(made) = sideways(rows, last, header) {
        return made;
    }
    if let Some(labels) = form(rows, header) {
        return Make::Form(labels);
    }
    let usual = usual(rows);
    for (i, row) in rows.iter().enumerate().take(TITLES) {
        let filled = row.filled().count();
        if filled * 2 >= usual && (filled > 1 || usual <= 1) {
            let names = dense(row);
            let below: Vec<Vec<String>> = rows[i + 1..].iter().take(ROWS).map(dense).collect();
            let over = over(&names, &below, header);
            if header(&names, &below) || over == Some(Over::Names) {
                let above = i.checked_sub(1).map(|above| dense(&rows[above]));
                if let Some(above) = above.filter(|above| groups::are_over(above, &names, header)) {
                    let below = [vec![names], below].concat();
                    return table(rows, i - 1, first, above, header, &below);
                }
                return table(rows, i, first, names, header, &below);
            }
            if over == Some(Over::Title) {
                continue;
            }
        }
        // A row of values is no title: the header cannot stand below it.
        if filled * 2 > usual && filled > 1 {
            break;
        }
    }
    if usual >= 2 && rows.len() >= 2 || usual == 1 && rows.len() >= 3 && is_list(rows) {
        let width = rows
            .iter()
            .flat_map(Row::filled)
            .map(|(column, _)| column)
            .max()
            .map_or(1, |last| (last - first + 1).min(COLUMNS));
        Make::Rows { first, width }
    } else {
        Make::Text
    }
}

/// The table that lies on its side. Its title may begin further to the left.
fn sideways(rows: &[Row], last: usize, header: Header) -> Option<Make> {
    let wide = rows.iter().filter(|row| row.own().nth(1).is_some());
    let first = wide
        .filter_map(|row| row.own().next())
        .map(|(column, _)| column)
        .min()?;
    if rows.len() > ROWS || last - first >= COLUMNS {
        return None;
    }
    let width = last - first + 1;
    let cells: Vec<Vec<String>> = rows.iter().map(|row| dense(row, first, width)).collect();
    let labels = sideways::labels(&cells, header, false)?;
    Some(Make::Sideways {
        labels: labels.rows,
        first: first + labels.column,
        last,
    })
}

/// What stands over a row of names.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Over {
    Names,
    Title,
}

/// Whether a row is the upper one of two that name the columns: the lower one fills its gaps, and leaves gaps where it is. Where what
/// stands there is no usual name, and nothing stands below it, it names no columns: a date beside a title.
fn over(names: &[String], below: &[Vec<String>], header: Header) -> Option<Over> {
    let (lower, below) = below.split_first()?;
    let mut left = names
        .iter()
        .zip(lower)
        .enumerate()
        .filter(|(_, (above, name))| !above.is_empty() && name.is_empty())
        .peekable();
    if !fills(names, lower) || left.peek().is_none() || !header(lower, below) {
        return None;
    }
    let is_used = |column: usize| {
        let mut values = below.iter().filter_map(|row| row.get(column));
        below.is_empty() || values.any(|value| !value.is_empty())
    };
    let is_name = |above: &String| header(std::slice::from_ref(above), &[]);
    let is_names = left.any(|(column, (above, _))| is_used(column) || is_name(above));
    Some(if is_names { Over::Names } else { Over::Title })
}

/// Whether a row has names where the one above it has none.
fn fills(upper: &[String], lower: &[String]) -> bool {
    let mut pairs = upper.iter().zip(lower);
    pairs.any(|(above, name)| above.is_empty() && !name.is_empty())
}

/// The table under the header in row `i`, whose names may go on in the row below: groups of columns stand above.
fn table(
    rows: &[Row],
    i: usize,
    first: usize,
    mut names: Vec<String>,
    header: Header,
    below: &[Vec<String>],
) -> Make {
    let mut end = i + 1;
    if let Some(second) = below.first()
        && (fills(&names, second) || groups::are_over(&names, second, header))
        && header(second, &below[1..])
    {
        end += 1;
        names = groups::joined(&names, second);
    }
    let used = rows[i..]
        .iter()
        .flat_map(Row::filled)
        .map(|(column, _)| column - first + 1)
        .max()
        .unwrap_or(1);
    names.truncate(used);
    let columns = names
        .into_iter()
        .map(|name| Some(name).filter(|name| !name.is_empty()));
    Make::Table {
        rows: i..end,
        first,
        columns: columns.collect(),
    }
}

/// The labels of a form, each with its value on the right: `氏名 | 山田太郎`, also several pairs in a row.
fn form(rows: &[Row], header: Header) -> Option<Vec<(String, (usize, usize))>> {
    if rows.len() > ROWS {
        return None;
    }
    let mut labels = Vec::new();
    let mut values: Vec<String> = Vec::new();
    let mut first_values = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        // A label that stands beside several rows is a heading of theirs.
        let cells: Vec<&str> = row.own().map(|(_, text)| text).collect();
        if !cells.len().is_multiple_of(2) {
            continue;
        }
        for (nth, pair) in cells.chunks_exact(2).enumerate() {
            labels.push((name_of(pair[0]).into_owned(), (index, nth * 2 + 1)));
            values.push(pair[1].to_owned());
        }
        if first_values.is_empty() {
            first_values.clone_from(&values);
        }
    }
    // A table's header is a row of names: then the values of the first row are names too.
    let names: Vec<String> = labels.iter().map(|(label, _)| label.clone()).collect();
    let is_form = names.len() >= 3
        && labels.last()?.1.0 > labels[0].1.0
        && header(&names[1..], &[])
        && header(&names, &[])
        && !header(&first_values, &[])
        && !header(&values, &[]);
    is_form.then_some(labels)
}

/// How many cells most rows fill; of equally common numbers the largest.
fn usual(rows: &[Row]) -> usize {
    let mut counts = BTreeMap::<usize, usize>::new();
    for row in rows {
        *counts.entry(row.filled().count()).or_default() += 1;
    }
    let most = counts
        .into_iter()
        .max_by_key(|(width, count)| (*count, *width));
    most.map_or(0, |(width, _)| width)
}

/// Whether rows of one cell each are a list of values, and no prose.
fn is_list(rows: &[Row]) -> bool {
    let mut columns = rows.iter().flat_map(Row::filled).map(|(column, _)| column);
    let first = columns.next();
    let len: usize = rows.iter().map(|row| row.text.len()).sum();
    columns.all(|column| Some(column) == first) && len / rows.len() <= PROSE
}

fn dense(row: &Row, first: usize, width: usize) -> Vec<String> {
    let mut cells = vec![String::new(); width];
    // A name that is told again would be a value below itself.
    for (column, text) in row.own() {
        if let Some(cell) = column.checked_sub(first).and_then(|at| cells.get_mut(at)) {
            *cell = name_of(text).into_owned();
        }
    }
    cells
}

/// Whether a line in a list sums it up or ends it: `合計 3名`, `以上`, `※…`, `Total: 3`.
pub(super) fn is_closing(text: &str) -> bool {
    const BEGIN: [&str; 7] = ["合計", "小計", "総計", "累計", "以上", "※", "*"];
    const WORDS: [&str; 7] = [
        "計",
        "注",
        "total",
        "subtotal",
        "grand total",
        "sum",
        "note",
    ];
    let text = text.trim().to_lowercase();
    let is_word = |word: &&str| {
        let rest = text.strip_prefix(word);
        rest.is_some_and(|rest| !rest.starts_with(char::is_alphabetic))
    };
    BEGIN.iter().any(|begin| text.starts_with(begin)) || WORDS.iter().any(is_word)
}

/// A cell as the name of a column: in one line.
pub(super) fn name_of(text: &str) -> Cow<'_, str> {
    let text = text.trim();
    if text.contains(['\n', '\r', '\t']) {
        let is_break = |c: char| matches!(c, '\n' | '\r' | '\t');
        let pieces: Vec<&str> = text.split(is_break).map(str::trim).collect();
        let name: Vec<&str> = pieces
            .into_iter()
            .filter(|piece| !piece.is_empty())
            .collect();
        Cow::Owned(name.join(" "))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows written as `a|b||d`.
    fn rows(text: &str) -> Vec<Row> {
        let row = |line: &str| {
            let mut row = Row::default();
            for (column, cell) in line.split('|').enumerate() {
                let start = row.text.len();
                row.text.push_str(cell);
                row.cells.push(super::super::Value {
                    column,
                    text: start..row.text.len(),
                    reading: None,
                    again: false,
                    rows: 1,
                });
            }
            row
        };
        text.lines().map(row).collect()
    }

    /// Names of columns, for these tests: most cells are of the short list.
    fn header(first: &[String], _: &[Vec<String>]) -> bool {
        let known = ["氏名", "住所", "電話番号", "備考", "郵便番号", "生年月日"];
        let filled: Vec<_> = first.iter().filter(|cell| !cell.is_empty()).collect();
        let n = filled
            .iter()
            .filter(|cell| known.contains(&cell.as_str()))
            .count();
        n > 0 && n * 3 >= filled.len()
    }

    #[track_caller]
    fn check(text: &str, expected: Make) {
        assert_eq!(make(&rows(text), header), expected, "{text}");
    }

    fn table(rows: Range<usize>, first: usize, columns: &str) -> Make {
        let name = |name: &str| Some(name.to_owned()).filter(|name| !name.is_empty());
        Make::Table {
            rows,
            first,
            columns: columns.split('|').map(name).collect(),
        }
    }

    #[test]
    fn tables_have_their_header_where_it_is() {
        check(
            "氏名|住所\n佐藤花子|港区1\n鈴木一郎|北区2",
            table(0..1, 0, "氏名|住所"),
        );
        check(
            "会員名簿\n2024年|作成\n氏名|住所|x|y\n佐藤花子|港区1|1|2\n鈴木|北区|3|4",
            table(2..3, 0, "氏名|住所|x|y"),
        );
        check(
            "|氏名|住所||備考\n|佐藤|港区|1-1|x",
            table(0..1, 1, "氏名|住所||備考"),
        );
        check(
            "氏名|連絡先|\n|電話番号|住所\n佐藤|090|港区\n鈴木|080|北区",
            table(0..2, 0, "氏名|電話番号|住所"),
        );
        check(
            "日時|連絡先||人数\n|氏名|電話番号|\n10:00|佐藤|090|2\n11:00|鈴木|080|3",
            table(0..2, 0, "日時|氏名|電話番号|人数"),
        );
        check(
            "No|注文者||送付先|\n|氏名|住所|氏名|住所\n1|佐藤|港区|鈴木|北区\n2|高橋|中区|田中|西区",
            table(
                0..2,
                0,
                "No|注文者 氏名|注文者 住所|送付先 氏名|送付先 住所",
            ),
        );
        check(
            "|氏名||備考|\nNo|住所|生年月日|住所|電話番号\n1|港区|1980|北区|090\n2|中区|1981|西区|080",
            table(
                0..2,
                0,
                "No|氏名 住所|氏名 生年月日|備考 住所|備考 電話番号",
            ),
        );
        // A column that is empty so far has a name, a date beside a title names none.
        check(
            "連絡先|||備考\n氏名|電話番号|住所|\n佐藤|090|港区|\n鈴木|080|北区|",
            table(0..2, 0, "氏名|電話番号|住所|備考"),
        );
        check(
            "名簿|||2024年\n氏名|電話番号|住所|\n佐藤|090|港区|\n鈴木|080|北区|",
            table(1..2, 0, "氏名|電話番号|住所"),
        );
        check("氏名\n佐藤花子\n鈴木一郎", table(0..1, 0, "氏名"));
        check("氏名|電話番号\n佐藤|090", table(0..1, 0, "氏名|電話番号"));
    }

    #[test]
    fn lines_that_end_lists() {
        let ends = [
            "合計 3名",
            "計3名",
            "以上",
            "※電話不可",
            "Total: 3",
            "Grand total 7",
            "注：仮",
        ];
        assert!(ends.iter().all(|text| is_closing(text)));
        let others = [
            "計良 太郎",
            "Totally",
            "Summer Smith",
            "090-0000-0000",
            "注連 葵",
            "",
        ];
        assert!(!others.iter().any(|text| is_closing(text)));
    }

    #[test]
    fn rows_without_names() {
        check(
            "佐藤花子|港区\n鈴木一郎|北区",
            Make::Rows { first: 0, width: 2 },
        );
        check(
            "|佐藤花子\n|鈴木一郎\n|高橋",
            Make::Rows { first: 1, width: 1 },
        );
        check("お知らせ", Make::Text);
        check("佐藤花子|港区", Make::Text);
    }

    #[test]
    fn tables_on_their_side() {
        let labels = vec![1, 2, 3];
        check(
            "名簿\n|氏名|佐藤花子|鈴木\n|住所|港区1|\n|電話番号|090|080",
            Make::Sideways {
                labels,
                first: 1,
                last: 3,
            },
        );
    }

    #[test]
    fn forms_have_labels_on_the_left() {
        let label = |name: &str, row, cell| (name.to_owned(), (row, cell));
        check(
            "申込書\n氏名|佐藤花子\n住所|港区1\n電話番号|090",
            Make::Form(vec![
                label("氏名", 1, 1),
                label("住所", 2, 1),
                label("電話番号", 3, 1),
            ]),
        );
        check(
            "氏名|佐藤花子|生年月日|1980\n住所|港区1|電話番号|090",
            Make::Form(vec![
                label("氏名", 0, 1),
                label("生年月日", 0, 3),
                label("住所", 1, 1),
                label("電話番号", 1, 3),
            ]),
        );
    }
}
