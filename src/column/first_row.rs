//! Does the first row of a delimited file name its columns?

use crate::pattern::Patterns;

/// Cells of a row that are looked at.
const CELLS: usize = 400;

/// Rows that are looked at.
const ROWS: usize = 50;

/// Whether the first row of a delimited file names its columns (and holds no data). `rows` are some of the rows after it.
///
/// Words of the header vocabulary speak for it; digits, `@` and dates in the first row speak against it, as does a first row
/// that is written like the rows below. Where nothing speaks, a first row of distinct short words over rows of another make
/// is a header.
pub fn is_header(first: &[String], rows: &[Vec<String>]) -> bool {
    let cells: Vec<&str> = first.iter().take(CELLS).map(|cell| cell.trim()).collect();
    let filled: Vec<&str> = cells
        .iter()
        .copied()
        .filter(|cell| !cell.is_empty())
        .collect();
    if filled.is_empty() {
        return false;
    }
    let data = filled.iter().filter(|cell| is_data(cell)).count();
    let known = filled.iter().map(|cell| words_known(cell)).sum::<f64>();
    let share = known / filled.len() as f64;
    if data > 0 && (data as f64) > known {
        return false;
    }
    if share >= 0.3 || known >= 2.0 && data == 0 && share >= 0.2 {
        return true;
    }
    if data > 0 {
        return false;
    }
    contrast(&cells, rows)
}

/// How surely a cell is a column's name: 1 for a word that decides alone, less for weaker ones, 0 for an unknown one.
fn words_known(cell: &str) -> f64 {
    // A first row of people would be taken for words such as 森 or `May` otherwise: what is long is no name of a column.
    if cell.chars().count() > 60 {
        return 0.0;
    }
    Patterns::builtin().header(cell).map_or(0.0, |hit| {
        [0.0, 0.5, 0.8, 1.0][usize::from(hit.strength.min(3))]
    })
}

/// Whether a cell can only be a value: mostly digits, an e-mail address, a date, a sum.
fn is_data(cell: &str) -> bool {
    let digits = cell.chars().filter(|c| c.is_numeric()).count();
    let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
    let number = digits > 0 && letters == 0;
    let mail = cell.contains('@') && cell.contains('.') && !cell.contains(' ');
    let code = digits >= 5 && digits >= letters;
    number
        || mail
        || code
        || cell.starts_with("http://")
        || cell.starts_with("https://")
        || cell.chars().count() > 120
}

/// Whether some column's values are of another make than its first cell: digits below letters, or values that repeat while
/// the first cell does not return.
fn contrast(cells: &[&str], rows: &[Vec<String>]) -> bool {
    let rows = &rows[..rows.len().min(ROWS)];
    if rows.is_empty() || !distinct(cells) {
        return false;
    }
    let (mut differ, mut alike) = (0u32, 0u32);
    for (i, cell) in cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
    {
        let below = rows
            .iter()
            .filter_map(|row| row.get(i))
            .map(|value| value.trim())
            .filter(|value| !value.is_empty());
        let below: Vec<&str> = below.collect();
        if below.contains(cell) {
            return false;
        }
        let data = below.iter().filter(|value| is_data(value)).count();
        if below.is_empty() {
            continue;
        } else if data * 2 > below.len() {
            differ += 1;
        } else {
            alike += 1;
        }
    }
    differ > 0 && differ * 4 >= alike
}

fn distinct(cells: &[&str]) -> bool {
    let mut sorted: Vec<&&str> = cells.iter().filter(|cell| !cell.is_empty()).collect();
    sorted.sort();
    sorted.windows(2).all(|pair| pair[0] != pair[1])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: bool) {
        let mut rows = text
            .lines()
            .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let first = rows.next().unwrap_or_default();
        assert_eq!(
            is_header(&first, &rows.collect::<Vec<_>>()),
            expected,
            "{text}"
        );
    }

    #[test]
    fn names_of_columns_and_rows_of_data() {
        check(
            "氏名,住所,電話番号\n佐藤花子,東京都港区芝公園4-2-8,03-1234-5678",
            true,
        );
        check(
            "佐藤花子,東京都港区芝公園4-2-8,03-1234-5678\n鈴木一郎,大阪市北区1-1,06-1234-5678",
            false,
        );
        check("id,name,email\n1,Mary,mary@example.com", true);
        check("1,Mary,mary@example.com\n2,John,john@example.com", false);
        check("佐藤 花子\n鈴木 一郎\n高橋 健太", false);
        check("Mary Johnson\nJohn Smith", false);
        check("氏名\n佐藤 花子", true);
        check("foo,bar\n12,34\n56,78", true);
        check("foo,bar\nbaz,qux\nfoo,quux", false);
        check(
            "連番,氏名,住所,,,,生年月日\n1,佐藤花子,東京都,港区,芝公園4-2-8,,1985/04/03",
            true,
        );
        check("tel1,tel2,tel3\n03,1234,5678", true);
        check("会員番号,お名前,ご住所,備考\nA1,佐藤花子,東京都港区,", true);
        check("", false);
        check("2024,2025,2026\n1,2,3", false);
        check("Aroma,Price2024\nx,3", true);
    }
}
