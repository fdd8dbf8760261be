//! Tables that lie on their side: each row is a field with its label first, each further column somebody.
//!
//! In: the cells of a small table. Out: the rows that have labels, where it lies so.

/// Rows that are looked at; a table with more fields than these stands upright.
const ROWS: usize = 60;
/// Labels that there are at least.
const LABELS: usize = 3;
/// Characters of a label.
const LABEL: usize = 40;

/// Words of types, by which the columns of a database are described: such a list has labels, and nobody beside them.
const TYPES: [&str; 17] = [
    "varchar",
    "nvarchar",
    "char",
    "text",
    "string",
    "int",
    "integer",
    "bigint",
    "number",
    "decimal",
    "date",
    "datetime",
    "timestamp",
    "boolean",
    "文字列",
    "数値",
    "日付",
];

/// Whether a cell is a type as a list of fields has it: `VARCHAR(40)`, 文字列.
pub fn is_type(cell: &str) -> bool {
    let word = cell.trim().split('(').next().unwrap_or("");
    TYPES.contains(
        &&*word
            .trim_end_matches(|c: char| c.is_ascii_digit())
            .to_ascii_lowercase(),
    )
}

/// The rows of a table that begin with a label, if these are the names of its fields: two thirds of them are known as names of columns, no two
/// are the same, at least two columns of values stand beside them, and neither a row nor a column of the values is one of names itself, or one of
/// types.
pub(super) fn labels(
    rows: &[Vec<String>],
    header: fn(&[String], &[Vec<String>]) -> bool,
) -> Option<Vec<usize>> {
    let is_filled = |cell: &&String| !cell.trim().is_empty();
    let is_name = |cell: &String| is_type(cell) || header(std::slice::from_ref(cell), &[]);
    let labelled: Vec<usize> = (0..rows.len().min(ROWS + 1))
        .filter(|&row| rows[row].first().is_some_and(|label| is_filled(&label)))
        .filter(|&row| rows[row][1..].iter().any(|cell| is_filled(&cell)))
        .collect();
    if rows.len() > ROWS || labelled.len() < LABELS || labelled.len() * 2 < rows.len() {
        return None;
    }
    let names: Vec<&str> = labelled.iter().map(|&row| rows[row][0].trim()).collect();
    let is_label = |label: &&str| label.chars().count() <= LABEL;
    let is_twice = |at: usize| names[..at].contains(&names[at]);
    if !names.iter().all(is_label) || (0..names.len()).any(is_twice) {
        return None;
    }
    let known = labelled.iter().filter(|&&row| is_name(&rows[row][0]));
    if known.count() * 3 < names.len() * 2 {
        return None;
    }
    // Counts of cells that hold something, and of those that are known as names.
    let tally = |cells: &mut dyn Iterator<Item = &String>| {
        cells.filter(is_filled).fold((0, 0), |(all, names), cell| {
            (all + 1, names + usize::from(is_name(cell)))
        })
    };
    let width = labelled.iter().map(|&row| rows[row].len()).max()?;
    let columns: Vec<(usize, usize)> = (1..width)
        .map(|at| tally(&mut labelled.iter().filter_map(|&row| rows[row].get(at))))
        .filter(|&(all, _)| all > 0)
        .collect();
    let filled: usize = columns.iter().map(|&(all, _)| all).sum();
    let is_data = |(all, names): (usize, usize)| names * 2 < all;
    let lies = columns.len() >= 2
        && filled * 2 > columns.len() * names.len()
        && columns.into_iter().all(is_data)
        && labelled
            .iter()
            .all(|&row| is_data(tally(&mut rows[row][1..].iter())));
    lies.then_some(labelled)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(first: &[String], _: &[Vec<String>]) -> bool {
        let known = ["氏名", "住所", "電話番号", "備考", "郵便番号", "生年月日"];
        first.iter().any(|cell| known.contains(&cell.as_str()))
    }

    #[track_caller]
    fn check(table: &str, expected: Option<&[usize]>) {
        let row = |line: &str| line.split('|').map(str::to_owned).collect();
        let rows: Vec<Vec<String>> = table.lines().map(row).collect();
        assert_eq!(labels(&rows, header).as_deref(), expected, "{table}");
    }

    #[test]
    fn fields_stand_below_one_another() {
        check(
            "氏名|佐藤|鈴木\n住所|港区|北区\n電話番号|1|2",
            Some(&[0, 1, 2]),
        );
        check(
            "名簿||\n氏名|佐藤|鈴木\n会員種別|A|B\n住所|港区|\n電話番号|1|2",
            Some(&[1, 2, 3, 4]),
        );
    }

    #[test]
    fn tables_that_stand_are_left() {
        // Upright, a form of pairs, one column of values, a dictionary of columns, labels that come again.
        check("氏名|住所|電話番号\n佐藤|港区|1\n鈴木|北区|2", None);
        check(
            "氏名|佐藤|住所|港区\n電話番号|1|備考|x\n郵便番号|2|生年月日|3",
            None,
        );
        check("氏名|佐藤\n住所|港区\n電話番号|1", None);
        check("氏名|生年月日|住所\n住所|港区|北区\n電話番号|1|2", None);
        check("氏名|佐藤|鈴木\n氏名|田中|高橋\n住所|港区|北区", None);
        check("a|1|2\nb|3|4\n氏名|佐藤|鈴木", None);
        check("氏名|VARCHAR(40)|x\n住所|varchar2|y\n電話番号|CHAR|z", None);
    }
}
