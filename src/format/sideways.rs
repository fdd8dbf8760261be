//! Tables that lie on their side: each row is a field with its label first, each further column somebody.
//!
//! In: the cells of a small table. Out: the rows that have labels, where it lies so.

/// Rows that are looked at; a table with more fields than these stands upright.
const ROWS: usize = 60;
/// Labels that there are at least.
const LABELS: usize = 3;
/// Columns that are looked at.
const WIDTH: usize = 400;
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

/// The labels of a table that lies on its side.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Labels {
    /// The rows that have one.
    pub(super) rows: Vec<usize>,
    /// The column they stand in: nothing stands left of it but blanks or numbers of the rows.
    pub(super) column: usize,
}

/// What a cell is, as far as it is told by its signs.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Make {
    Mail,
    Number,
    /// Words and numbers: an address.
    Mixed,
    Words,
}

impl Make {
    fn of(cell: &str) -> Make {
        let digits = cell.chars().filter(|c| c.is_numeric()).count();
        let letters = cell.chars().filter(|c| c.is_alphabetic()).count();
        match (cell.contains(['@', '＠']), digits, letters) {
            (true, ..) => Make::Mail,
            (_, 6.., 0) => Make::Number,
            (_, 1.., _) => Make::Mixed,
            _ => Make::Words,
        }
    }
}

/// Whether a label is a word for somebody: a list of a father, a guardian and a doctor with their names and phones stands upright.
fn is_somebody(label: &str) -> bool {
    #[rustfmt::skip]
    const WORDS: [&str; 36] = [
        "parent", "father", "mother", "guardian", "spouse", "wife", "husband", "son", "daughter", "brother", "sister", "child", "manager", "owner", "contact",
        "doctor", "student", "teacher", "employee", "customer", "orderer", "recipient", "sender", "tenant", "landlord", "agent", "director", "president",
        "secretary", "treasurer", "chair", "member", "patient", "witness", "partner", "supervisor",
    ];
    const ENDINGS: [&str; 28] = [
        "者",
        "人",
        "長",
        "医",
        "任",
        "員",
        "主",
        "父",
        "母",
        "妻",
        "夫",
        "子",
        "男",
        "女",
        "兄",
        "弟",
        "姉",
        "妹",
        "師",
        "生徒",
        "児童",
        "学生",
        "連絡先",
        "担当",
        "届け先",
        "送付先",
        "様",
        "会計",
    ];
    let label = label.trim().to_lowercase();
    let last = label.rsplit(' ').next().unwrap_or("");
    WORDS.contains(&last) || ENDINGS.iter().any(|end| label.ends_with(end))
}

/// Columns left of the labels that hold nothing but numbers of the rows.
fn lead(rows: &[Vec<String>]) -> usize {
    let is_lead = |column: &usize| {
        let cells = rows.iter().filter_map(|row| row.get(*column));
        let filled: Vec<&str> = cells
            .map(|cell| cell.trim())
            .filter(|cell| !cell.is_empty())
            .collect();
        let numbers: Option<Vec<u32>> = filled.iter().map(|cell| cell.parse().ok()).collect();
        numbers.is_some_and(|all| all.is_sorted() && all.iter().all(|&n| n <= ROWS as u32))
    };
    (0..2).take_while(is_lead).count()
}

/// The rows of a table that begin with a label, if these are the names of its fields: two thirds of them are known as names of columns, no two
/// are the same but for one that stands twice in a row, at least two columns of values stand beside them (one where
/// `forms` are asked for), and neither a row nor a column of the values is one of names itself, one of types, or one of phones or mailboxes alone; where all of them are words for people, only names stand beside them.
pub(super) fn labels(
    rows: &[Vec<String>],
    header: fn(&[String], &[Vec<String>]) -> bool,
    forms: bool,
) -> Option<Labels> {
    let is_filled = |cell: &&String| !cell.trim().is_empty();
    // 12 Oak Street is no street as a column is one.
    let begins = |cell: &String| cell.trim_start().starts_with(char::is_numeric);
    let is_name =
        |cell: &String| is_type(cell) || !begins(cell) && header(std::slice::from_ref(cell), &[]);
    if rows.len() > ROWS {
        return None;
    }
    let column = lead(rows);
    let rows: Vec<&[String]> = rows
        .iter()
        .map(|row| row.get(column..).unwrap_or(&[]))
        .collect();
    let labelled: Vec<usize> = (0..rows.len())
        .filter(|&row| rows[row].first().is_some_and(|label| is_filled(&label)))
        .filter(|&row| rows[row][1..].iter().any(|cell| is_filled(&cell)))
        .collect();
    if labelled.len() < LABELS || labelled.len() * 2 < rows.len() {
        return None;
    }
    let names: Vec<&str> = labelled.iter().map(|&row| rows[row][0].trim()).collect();
    if !are_fields(&names) {
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
    let width = labelled
        .iter()
        .map(|&row| rows[row].len())
        .max()?
        .min(WIDTH);
    let columns: Vec<(usize, usize)> = (1..width)
        .map(|at| tally(&mut labelled.iter().filter_map(|&row| rows[row].get(at))))
        .filter(|&column| column.0 > 0 && column != (1, 1))
        .collect();
    let filled: usize = columns.iter().map(|&(all, _)| all).sum();
    let is_data = |(all, names): (usize, usize)| names * 2 < all;
    let is_form = columns.len() == 1 && forms && width == 2;
    let row = |row: &usize| &rows[*row][1..width.min(rows[*row].len())];
    let lies = (columns.len() >= 2 || is_form && columns[0].1 == 0)
        && filled * 2 > columns.len() * names.len()
        && columns.into_iter().all(is_data)
        && (is_form
            || labelled
                .iter()
                .all(|at| is_data(tally(&mut row(at).iter()))));
    let labelled_rows: Vec<&[String]> = labelled.iter().map(row).collect();
    let of_people = names.iter().all(|name| is_somebody(name));
    (lies && !stands(&labelled_rows, width, is_form, of_people)).then_some(Labels {
        rows: labelled,
        column,
    })
}

/// Whether labels may be the names of fields.
fn are_fields(names: &[&str]) -> bool {
    let again = |at: &usize| names[..*at].contains(&names[*at]);
    let twice: Vec<usize> = (0..names.len()).filter(again).collect();
    let once_more = match twice[..] {
        [] => true,
        [at] => names.len() > LABELS && names[at - 1] == names[at],
        _ => false,
    };
    once_more && names.iter().all(|name| name.chars().count() <= LABEL)
}

/// Whether the values show that a table stands upright: a column of phones or of mailboxes alone, where rows are not of one make. In a form of one person
/// values of several makes stand below one another.
fn stands(rows: &[&[String]], width: usize, is_form: bool, of_people: bool) -> bool {
    let makes = |cells: &mut dyn Iterator<Item = &String>| -> Vec<Make> {
        let filled = cells.filter(|cell| !cell.trim().is_empty());
        filled.map(|cell| Make::of(cell)).collect()
    };
    let column = |at: usize| makes(&mut rows.iter().filter_map(move |row| row.get(at)));
    let is_one = |makes: &[Make]| makes.iter().all(|make| *make == makes[0]);
    if is_form {
        return of_people || is_one(&column(0));
    }
    // Under words for people there are names: of fathers, mothers and children.
    if of_people && !(0..width - 1).all(|at| column(at).iter().all(|make| *make == Make::Words)) {
        return true;
    }
    let mixed = rows.iter().any(|row| !is_one(&makes(&mut row.iter())));
    let alone =
        |makes: Vec<Make>| makes.len() >= LABELS && is_one(&makes) && makes[0] != Make::Words;
    mixed && (0..width - 1).any(|at| alone(column(at)))
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
        let found = labels(&rows, header, false).map(|found| found.rows);
        assert_eq!(found.as_deref(), expected, "{table}");
    }

    #[test]
    fn labels_behind_numbers_and_forms() {
        #[track_caller]
        fn check(table: &str, expected: Option<(usize, usize)>) {
            let row = |line: &str| line.split('|').map(str::to_owned).collect();
            let rows: Vec<Vec<String>> = table.lines().map(row).collect();
            let found = labels(&rows, header, true).map(|found| (found.rows.len(), found.column));
            assert_eq!(found, expected, "{table}");
        }
        check(
            "1|氏名|佐藤|鈴木\n2|住所|港区|北区\n3|電話番号|1|2",
            Some((3, 1)),
        );
        check(
            "|氏名|佐藤|鈴木\n|住所|港区|北区\n|電話番号|1|2",
            Some((3, 1)),
        );
        check("氏名|佐藤\n住所|港区\n電話番号|090-0000-0000", Some((3, 0)));
        check("氏名|佐藤\n住所|港区\n備考|", None);
        check("氏名|佐藤\n住所|港区\n備考|なし", None);
        check("氏名|住所\n佐藤|港区\n鈴木|北区", None);
        check(
            "氏名|佐藤|鈴木\n住所|1|2\n電話番号|3|4\n電話番号|5|6",
            Some((4, 0)),
        );
    }

    #[test]
    fn lists_of_people_stand_upright() {
        fn known(first: &[String], _: &[Vec<String>]) -> bool {
            first
                .iter()
                .any(|cell| !cell.contains(' ') && !cell.contains('-'))
        }
        let check = |table: &str| {
            let row = |line: &str| line.split('|').map(str::to_owned).collect();
            let rows: Vec<Vec<String>> = table.lines().map(row).collect();
            assert_eq!(labels(&rows, known, true), None, "{table}");
        };
        check(
            "父|佐藤 太郎|090-1111-2222\n母|佐藤 花子|090-1111-2223\n本人|佐藤 一郎|090-1111-2224",
        );
        check("父|佐藤 太郎|港区1-1\n母|佐藤 花子|港区1-1\n本人|佐藤 一郎|港区1-1");
        check(
            "営業|佐藤 太郎|090-1111-2222\n総務|鈴木 花子|090-1111-2223\n経理|高橋 一郎|090-1111-2224",
        );
        check(
            "Father|John M|a@example.com\nMother|Mary M|b@example.com\nDoctor|Ann W|c@example.com",
        );
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
