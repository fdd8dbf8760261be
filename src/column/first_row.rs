//! Does the first row of a delimited file name its columns?

use crate::classify::{self, Shape, Shapes};
use crate::format::is_type;
use crate::pattern::Patterns;
use crate::pattern::dict::{self, Lists};

/// Cells of a row that are looked at.
const CELLS: usize = 400;

/// Rows that are looked at.
const ROWS: usize = 50;

/// Bytes of a name that stands before the value in a cell.
const LABEL: usize = 40;

/// Whether the first row of a delimited file names its columns (and holds no data). `rows` are some of the rows after it.
///
/// Words of the header vocabulary speak for it; digits, `@` and dates in the first row speak against it, as does a first row
/// that is written like the rows below. Where nothing speaks, a first row of distinct short words over rows of another make
/// is a header: words over numbers, words that name nobody over names of people, days of a calendar over anything but days.
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
    if lists_fields(&cells, rows) || is_like_below(&cells, rows) {
        return false;
    }
    let data = filled.iter().filter(|cell| is_data(cell)).count();
    let known = filled.iter().map(|cell| words_known(cell)).sum::<f64>();
    let share = known / filled.len() as f64;
    // A password that begins like a word for it beside the mailbox that it opens is no name of a column.
    if known < 2.0 && filled.iter().any(|cell| is_mail(cell)) {
        return false;
    }
    if begins_people(&cells, rows) {
        return false;
    }
    if over_names(&cells, rows) && (data == 0 || known >= 0.8) || over_shifts(&cells, rows) {
        return true;
    }
    if data > 0 && (data as f64 > known || among_names(&cells, rows)) {
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

/// Whether the rows are the fields of something, one a row, and the first row is the first of them: a type stands in one place of it and of
/// nearly all others (`氏名,VARCHAR(40),NOT NULL`).
fn lists_fields(cells: &[&str], rows: &[Vec<String>]) -> bool {
    let is_typed = |column: usize| {
        let types = below(rows, column).filter(|cell| is_type(cell)).count();
        types > 0 && types * 5 >= below(rows, column).count() * 4
    };
    (0..cells.len()).any(|column| is_type(cells[column]) && is_typed(column))
}

/// Whether the first row is written like those below it: of its cells that begin with a name and a colon or an equals sign (`'email': '…'`, `s:4:"…`), most
/// begin as nearly all below them.
fn is_like_below(cells: &[&str], rows: &[Vec<String>]) -> bool {
    let (mut told, mut alike) = (0, 0);
    for (column, cell) in cells.iter().enumerate() {
        let Some(at) = cell
            .find([':', '='])
            .filter(|at| (1..=LABEL).contains(at) && at + 1 < cell.len())
        else {
            continue;
        };
        let (mut n, mut same) = (0, 0);
        for value in below(rows, column) {
            n += 1;
            same += usize::from(value.starts_with(&cell[..=at]));
        }
        told += 1;
        alike += usize::from(n >= 2 && same * 10 >= n * 8);
    }
    told > 0 && alike * 2 > told
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

fn is_mail(cell: &str) -> bool {
    cell.contains('@') && cell.contains('.') && !cell.contains(' ')
}

/// Whether a cell can only be a value: mostly digits, an e-mail address, a date, a sum.
fn is_data(cell: &str) -> bool {
    let digits = cell.chars().filter(|c| c.is_numeric()).count();
    let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
    let number = digits > 0 && letters == 0;
    let code = digits >= 5 && digits >= letters;
    number
        || is_mail(cell)
        || code
        || cell.starts_with("http://")
        || cell.starts_with("https://")
        || cell.chars().count() > 120
        || digits > 0 && letters > 0 && classify::shapes(cell).has(Shape::Street)
        || digits >= 10 && cell.contains(", ")
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

/// The values below a cell.
fn below(rows: &[Vec<String>], column: usize) -> impl Iterator<Item = &str> {
    let values = rows
        .iter()
        .take(ROWS)
        .filter_map(move |row| row.get(column));
    values
        .map(|value| value.trim())
        .filter(|value| !value.is_empty())
}

const NAMES: Shapes = Shapes::of(&[
    Shape::JpFullName,
    Shape::LatinFullName,
    Shape::ScriptFullName,
]);

fn is_name(value: &str) -> bool {
    classify::shapes(value).any(NAMES)
}

/// Whether a full name stands over full names, and no word for a column is a part of it: a first row of data, as those below it.
fn among_names(cells: &[&str], rows: &[Vec<String>]) -> bool {
    (0..cells.len()).any(|column| {
        let cell = cells[column];
        let is_first = !cell.is_empty() && words_known(cell) == 0.0 && is_name(cell);
        let below: Vec<&str> = below(rows, column)
            .take(if is_first { ROWS } else { 0 })
            .collect();
        let names = below.iter().filter(|value| is_name(value)).count();
        below.len() >= 2 && names * 10 >= below.len() * 7
    })
}

/// Whether somebody with a known given name stands over full names though the surname is a word for a column: `Mary Day`, `Lukas Price`.
fn begins_people(cells: &[&str], rows: &[Vec<String>]) -> bool {
    let is_somebody = |cell: &str| {
        let mut words = cell.split_whitespace();
        let given = words.next().filter(|_| words.clone().count() >= 1);
        given.is_some_and(is_given) && words.all(|word| word.starts_with(char::is_uppercase))
    };
    (0..cells.len())
        .filter(|&column| is_somebody(cells[column]))
        .any(|column| {
            let below: Vec<&str> = below(rows, column).collect();
            let names = below.iter().filter(|value| is_name(value)).count();
            below.len() >= 2 && names * 2 >= below.len()
        })
}

/// Whether a word in Latin letters is a given name and neither a word of everyday nor of columns.
fn is_given(word: &str) -> bool {
    let lists = dict::latin(word);
    lists.any(Lists::GIVEN) && !lists.any(Lists::WORD) && Patterns::builtin().header(word).is_none()
}

/// Whether words that name nobody stand over full names of people, and no cell of the row returns below.
fn over_names(cells: &[&str], rows: &[Vec<String>]) -> bool {
    let mut over = 0;
    for (column, cell) in cells
        .iter()
        .enumerate()
        .filter(|(_, cell)| !cell.is_empty())
    {
        let (mut n, mut names) = (0, 0);
        for value in below(rows, column) {
            if value == *cell {
                return false;
            }
            n += 1;
            names += usize::from(is_name(value));
        }
        if n < 2 || names * 10 < n * 7 || is_data(cell) {
            continue;
        }
        if is_name(cell) || !names_nobody(cell) {
            return false;
        }
        over += 1;
    }
    over > 0
}

/// Whether a text can hardly be somebody's name: one word of Latin letters, ordinary words, or how somebody is called who does something (被評価者).
fn names_nobody(cell: &str) -> bool {
    // 参加者1, Student 1
    if cell.ends_with(char::is_numeric) {
        return true;
    }
    if cell.is_ascii() {
        let mut words = cell.split_whitespace();
        let (first, more) = (words.next().unwrap_or_default(), words.next().is_some());
        let ordinary = |word: &str| dict::latin(word).any(Lists::WORD);
        let known = |word: &str| {
            let lists = dict::latin(word);
            lists.any(Lists::SURNAME_STRONG) || lists.any(Lists::GIVEN_STRONG)
        };
        // Signed by
        let small = cell
            .split_whitespace()
            .any(|word| ["by", "of", "to", "for", "at", "in"].contains(&word));
        return if more {
            small || cell.split_whitespace().any(ordinary) && !cell.split_whitespace().any(known)
        } else {
            ordinary(first) || !known(first)
        };
    }
    let chars: Vec<char> = cell.chars().collect();
    let endings = [
        '者', '人', '名', '員', '方', '主', '師', '先', '元', '長', '告', '役', '係', '側',
    ];
    let called = chars.last().is_some_and(|last| endings.contains(last)) && chars.len() >= 2;
    chars.len() == 1
        || called && !classify::shapes(cell).any(Shapes::of(&[Shape::JpSurname]))
        || dict::jp(&chars).any(Lists::WORD)
        || words_known(cell) >= 0.5 && !cell.contains([' ', '\u{3000}'])
}

/// Whether at least two days stand in the row, and below them hardly any: sheets of shifts and attendance.
fn over_shifts(cells: &[&str], rows: &[Vec<String>]) -> bool {
    let mut days = 0;
    for (column, cell) in cells.iter().enumerate() {
        if !is_day(cell) {
            continue;
        }
        let (mut n, mut again) = (0, 0);
        for value in below(rows, column) {
            n += 1;
            again += usize::from(is_day(value));
        }
        if again * 5 > n {
            return false;
        }
        days += usize::from(n > 0);
    }
    days >= 2 && distinct(cells)
}

/// Whether a cell is a day: `10/1`, 10月1日, 1日, `2026-10-01`.
fn is_day(cell: &str) -> bool {
    let signs = |c: char| matches!(c, '/' | '-' | '.' | '月' | '年');
    let bare = cell.split(['(', '（']).next().unwrap_or_default().trim();
    let (bare, day) = match bare.strip_suffix('日') {
        Some(front) => (front, true),
        None => (bare, false),
    };
    let mut parts = bare.split(signs);
    let n = parts.clone().count();
    let number =
        |part: &str| (1..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    let last = parts.clone().next_back().unwrap_or_default();
    (2..=3).contains(&n) && parts.all(number) && last.len() <= 2 || day && n == 1 && number(bare)
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
    fn lists_of_fields_have_no_names_of_columns() {
        check(
            "氏名,VARCHAR(40),NOT NULL\nフリガナ,VARCHAR(40),NOT NULL\n生年月日,DATE,",
            false,
        );
        check("name,varchar(40)\nemail,varchar(255)", false);
        check("氏名,文字列\n年齢,数値", false);
        check("項目名,型\n氏名,VARCHAR(40)\n年齢,INT", true);
        check("氏名,date\n佐藤花子,2024-01-01", true);
    }

    #[test]
    fn a_row_written_like_those_below_is_data() {
        check(
            "{'name': 'Mary Hill','email': 'mary@example.com'\n{'name': 'Ann Lee','email': 'ann@example.com'\n{'name': 'Jo Day','email': 'jo@example.com'",
            false,
        );
        check(
            "s:4:name,s:9:Mary Hill\ns:4:name,s:7:Ann Lee\ns:4:name,s:6:Jo Day",
            false,
        );
        check(
            "name: full,email: work\nMary Hill,mary@example.com\nAnn Lee,ann@example.com",
            true,
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
        check("mary@example.com,Pass8260\njohn@example.com,neko12", false);
        check("佐藤 花子\n鈴木 一郎\n高橋 健太", false);
        check("Mary Johnson\nJohn Smith", false);
        check(
            "Mary Day,Denver\nAdrianna Day,Boston\nBrett Price,Denver",
            false,
        );
        check(
            "Contact Person,City\nAdrianna Day,Boston\nBrett Price,Denver",
            true,
        );
        check("Grant Date,Amount\n2024-01-01,5\n2024-02-01,6", true);
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
        check(
            "Mary Johnson,12 Oak Street,Denver,CO 80202 303-555-0142\nJohn Miller,7 Pine Street,Austin,TX 78701 512-555-0111",
            false,
        );
        check(
            "name,street,city,state and phone\nJohn Miller,7 Pine Street,Austin,TX 78701 512-555-0111",
            true,
        );
        check("Aroma,Price2024\nx,3", true);
    }

    #[test]
    fn names_of_columns_over_names_and_shifts() {
        check(
            "Customer,Technician,Ticket\nKenneth King,Donna Moore,C0\nJoseph Adams,Barbara Lopez,C1",
            true,
        );
        check(
            "Lead,Rep\nPaul Davis,William Jones\nJoshua King,Michael Gonzalez",
            true,
        );
        check(
            "事件番号,原告,被告\n令和8年（ワ）第0号,福田 智也,山田 優子\n令和8年（ワ）第1号,森田 愛,原田 健太",
            true,
        );
        check(
            "投票者,推薦人\n阿部 陽子,山口 直美\n森 智子,岡田 慎一",
            true,
        );
        check(
            "氏名,10/1,10/2,10/3\n佐藤 陽子,早,遅,休\n鈴木 健太,A,早,B",
            true,
        );
        check(
            "スタッフ,担当,10月1日,10月2日\n佐藤,ホール,早,遅\n鈴木,レジ,A,早",
            true,
        );
        check(
            "イベント,参加者1,参加者2\ng0,佐藤 太郎,鈴木 直樹\ng1,田中 明美,伊藤 学",
            true,
        );
        check(
            "room,Student 1,Student 2\ng0,Mary Johnson,John Robinson\ng1,Robert Adams,Linda Turner",
            true,
        );
        check(
            "Kenneth King,Donna Moore,C0\nJoseph Adams,Barbara Lopez,C1\nMary Hill,Ann Lee,C2",
            false,
        );
        check(
            "緊急連絡先,佐藤 太郎,090-1111-2222\n保護者,鈴木 花子,090-1111-2223\n担当医,高橋 一郎,090-1111-2224",
            false,
        );
        check("五百旗頭 某,営業\n阿部 陽子,総務\n森 智子,営業", false);
        check(
            "Quentyn Zweibrucken,Boston\nPaul Davis,Boston\nMary Jones,Salem",
            false,
        );
        check(
            "佐藤 陽子,2026/10/1,2026/10/2\n鈴木 健太,2026/11/1,2026/11/2",
            false,
        );
    }
}
