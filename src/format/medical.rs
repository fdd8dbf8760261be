//! Japanese claims and prescriptions: lines whose first cell tells what they are, several of which tell of one patient.
//!
//! In: lines of cells with commas, in Shift_JIS as a rule. Out: a record for each patient of a claim, a prescription or a notebook, with what
//! its lines say of them; and one for each institution. Numbers of treatments and of points are left out. Sources: 厚生労働省「オンライン又は
//! 光ディスク等による請求に係る記録条件仕様」(医科用, 歯科用, 調剤用, 訪問看護用; UKE files); JAHIS「院外処方箋2次元シンボル記録条件規約
//! Ver.1.10」 and 「電子版お薬手帳データフォーマット仕様書 Ver.2.6」 (layouts read 2026-11).

use std::borrow::Cow;
use std::ops::{ControlFlow, Range};

use memchr::memchr;

use super::gather::Gather;
use super::prose::Prose;
use super::{Context, Format, Head, Reader, Shape, Sink, Table};
use crate::source::{Bytes, Fault, Limits};
use crate::text::Encoding;

/// Claims and prescriptions.
pub(crate) const FORMAT: Format = Format {
    name: "medical",
    title: "Japanese medical claims (UKE), prescriptions and medicine notebooks (JAHIS)",
    extensions: &["uke", "csv", "txt", "hen", "sah"],
    raw: false,
    tabular: true,
    sniff,
    open,
};

/// Lines by which a file is told.
const SNIFFED: usize = 60;
/// Cells before the one that tells what a line is: numbers of lines and of histories in what insurers are given.
const BEFORE: usize = 4;

/// Bytes of the longest line that is looked at.
const LINE: usize = 1 << 20;

/// A value of a line: what the line is, the cell's place, and the column.
type Field = (&'static str, usize, usize);

/// What a sort of files holds.
struct Layout {
    /// The line that begins a patient.
    begins: &'static [&'static str],
    /// Lines that begin an institution.
    institutions: &'static [&'static str],
    /// Lines that belong to no patient any more.
    ends: &'static [&'static str],
    columns: &'static [&'static str],
    fields: &'static [Field],
    /// Columns of institutions.
    places: &'static [&'static str],
    place_fields: &'static [Field],
}

/// Columns that both sorts of patients have, by their places in the lists below.
const NAME: usize = 0;
const KANA: usize = 1;
const SEX: usize = 2;
const BIRTH: usize = 3;
const NUMBER: usize = 4;
const REMARKS: usize = 5;

/// Columns of institutions.
const PLACES: [&str; 5] = [
    "医療機関コード",
    "医療機関名称",
    "医療機関電話番号",
    "医療機関郵便番号",
    "医療機関所在地",
];

/// Claims. The cells of `RE` lie elsewhere in each sort of claims: see [`Patients::claim`].
static CLAIMS: Layout = Layout {
    begins: &["RE"],
    institutions: &["IR", "YK"],
    ends: &["IR", "YK", "HI", "GO"],
    columns: &[
        "氏名",
        "氏名カナ",
        "男女区分",
        "生年月日",
        "カルテ番号",
        "備考",
        "保険者番号",
        "被保険者記号",
        "被保険者番号",
        "公費負担者番号",
        "公費受給者番号",
        "傷病名コード",
        "傷病名",
    ],
    fields: &[
        ("HO", 1, 6),
        ("HO", 2, 7),
        ("HO", 3, 8),
        ("KO", 1, 9),
        ("KO", 2, 10),
        ("SY", 1, 11),
        ("SY", 5, 12),
        ("SY", 7, REMARKS),
        ("HS", 6, 12),
        ("CO", 4, REMARKS),
        ("SJ", 2, REMARKS),
        ("MT", 2, REMARKS),
        ("SI", 8, REMARKS),
        ("SI", 10, REMARKS),
        ("SI", 12, REMARKS),
        ("IY", 8, REMARKS),
        ("IY", 10, REMARKS),
        ("IY", 12, REMARKS),
        ("TO", 12, REMARKS),
        ("TO", 14, REMARKS),
        ("TO", 16, REMARKS),
    ],
    places: &["医療機関コード", "医療機関名称", "医療機関電話番号"],
    place_fields: &[
        ("IR", 4, 0),
        ("IR", 6, 1),
        ("IR", 9, 2),
        ("YK", 4, 0),
        ("YK", 6, 1),
        ("YK", 8, 2),
    ],
};

/// Notebooks of medicines.
static NOTEBOOKS: Layout = Layout {
    begins: &["1"],
    institutions: &["11", "51"],
    ends: &[],
    columns: &[
        "氏名",
        "氏名カナ",
        "性別",
        "生年月日",
        "患者番号",
        "備考",
        "郵便番号",
        "住所",
        "電話番号",
        "緊急連絡先",
        "血液型",
        "体重",
        "既往歴",
        "薬品名",
        "医師氏名",
        "薬剤師氏名",
    ],
    fields: &[
        ("1", 1, NAME),
        ("1", 2, SEX),
        ("1", 3, BIRTH),
        ("1", 4, 6),
        ("1", 5, 7),
        ("1", 6, 8),
        ("1", 7, 9),
        ("1", 8, 10),
        ("1", 9, 11),
        ("1", 10, KANA),
        ("2", 2, 12),
        ("3", 1, 13),
        ("4", 1, REMARKS),
        ("15", 1, 15),
        ("55", 1, 14),
        ("201", 2, 13),
        ("411", 1, REMARKS),
        ("421", 1, REMARKS),
        ("501", 1, REMARKS),
        ("601", 1, REMARKS),
        ("701", 1, 15),
    ],
    places: &PLACES,
    place_fields: &[
        ("11", 4, 0),
        ("11", 1, 1),
        ("11", 7, 2),
        ("11", 5, 3),
        ("11", 6, 4),
        ("51", 4, 0),
        ("51", 1, 1),
    ],
};

/// Prescriptions, as they stand in the code printed on them.
static PRESCRIPTIONS: Layout = Layout {
    begins: &["1"],
    institutions: &["1"],
    ends: &[],
    columns: &[
        "氏名",
        "氏名カナ",
        "性別",
        "生年月日",
        "患者番号",
        "備考",
        "保険者番号",
        "被保険者記号",
        "被保険者番号",
        "公費負担者番号",
        "公費受給者番号",
        "薬品名",
        "医師氏名",
        "医師氏名カナ",
    ],
    fields: &[
        ("11", 1, NUMBER),
        ("11", 2, NAME),
        ("11", 3, KANA),
        ("12", 1, SEX),
        ("13", 1, BIRTH),
        ("22", 1, 6),
        ("23", 1, 7),
        ("23", 2, 8),
        ("27", 1, 9),
        ("27", 2, 10),
        ("28", 1, 9),
        ("28", 2, 10),
        ("29", 1, 9),
        ("29", 2, 10),
        ("30", 1, 9),
        ("30", 2, 10),
        ("5", 2, 13),
        ("5", 3, 12),
        ("81", 2, REMARKS),
        ("201", 6, 11),
    ],
    places: &PLACES,
    place_fields: &[
        ("1", 2, 0),
        ("1", 4, 1),
        ("3", 1, 2),
        ("2", 1, 3),
        ("2", 2, 4),
    ],
};

/// Values of one column and one patient that get a column each; the others stand in the last.
const REPEATS: usize = 16;
/// Columns that have several values, by their names.
const SEVERAL: [&str; 9] = [
    "備考",
    "公費負担者番号",
    "公費受給者番号",
    "傷病名コード",
    "傷病名",
    "既往歴",
    "薬品名",
    "薬剤師氏名",
    "医師氏名",
];

/// The cells of a line, from that on which tells what it is.
fn cells<'a>(line: &'a [u8], layout: &Layout) -> Option<Vec<&'a [u8]>> {
    if line.len() > LINE {
        return None;
    }
    let strip = |cell: &'a [u8]| {
        let cell = cell.trim_ascii();
        let inner = cell
            .strip_prefix(b"\"")
            .and_then(|cell| cell.strip_suffix(b"\""));
        inner.unwrap_or(cell)
    };
    let mut found: Vec<&[u8]> = line.split(|&byte| byte == b',').map(strip).collect();
    let is_number = |cell: &&[u8]| cell.iter().all(u8::is_ascii_digit);
    let before = match layout.begins {
        ["1"] => 0,
        _ => found
            .iter()
            .take(BEFORE)
            .take_while(|cell| is_number(cell))
            .count(),
    };
    found.drain(..before);
    let told = found.first()?;
    let fits = match layout.begins {
        ["1"] => (1..=3).contains(&told.len()) && is_number(told),
        _ => told.len() == 2 && told[0].is_ascii_uppercase() && told[1].is_ascii_alphanumeric(),
    };
    fits.then_some(found)
}

/// Whether a line is a patient's in a claim: a sex and a day of birth stand behind the name.
fn is_claim(cells: &[&[u8]]) -> bool {
    let is_sex = |cell: &[u8]| matches!(cell, b"1" | b"2");
    let is_day = |cell: &[u8]| matches!(cell.len(), 7 | 8) && cell.iter().all(u8::is_ascii_digit);
    cells.first() == Some(&&b"RE"[..])
        && cells
            .windows(2)
            .skip(5)
            .take(2)
            .any(|pair| is_sex(pair[0]) && is_day(pair[1]))
}

/// What a file is, by its beginning.
fn layout(head: &[u8]) -> Option<&'static Layout> {
    let head = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let version = head.strip_prefix(b"JAHIS");
    if let Some(version) = version {
        let (layout, rest) = match version.strip_prefix(b"TC") {
            Some(rest) => (&NOTEBOOKS, rest),
            None => (&PRESCRIPTIONS, version),
        };
        let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
        let ends = matches!(rest.get(digits), None | Some(b',' | b'\r' | b'\n'));
        return ((1..=3).contains(&digits) && ends).then_some(layout);
    }
    let lines = head.split_inclusive(|&byte| byte == b'\n').take(SNIFFED);
    let lines: Vec<_> = lines
        .map(<[u8]>::trim_ascii)
        .filter(|line| !line.is_empty())
        .collect();
    let found: Vec<_> = lines
        .iter()
        .filter_map(|line| cells(line, &CLAIMS))
        .collect();
    let claims = found.iter().filter(|cells| is_claim(cells)).count();
    (claims > 0 && found.len() + 1 >= lines.len()).then_some(&CLAIMS)
}

fn sniff(head: &Head<'_>) -> u8 {
    if layout(head.bytes).is_some() { 93 } else { 0 }
}

struct Patients<'a> {
    bytes: &'a [u8],
    encoding: Encoding,
    limits: Limits,
    stem: String,
    layout: &'static Layout,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Patients {
        bytes,
        encoding: context.encoding,
        limits: context.limits.clone(),
        stem: context.stem.clone(),
        layout: layout(bytes).unwrap_or(&CLAIMS),
    }))
}

/// The values of records, column by column.
struct Values {
    columns: &'static [&'static str],
    /// Those of the record that is read.
    values: Vec<Vec<String>>,
    /// The records before it, and where they stand.
    records: Vec<(usize, Vec<Vec<String>>)>,
}

impl Values {
    fn new(columns: &'static [&'static str]) -> Self {
        Self {
            columns,
            values: vec![Vec::new(); columns.len()],
            records: Vec::new(),
        }
    }

    fn add(&mut self, column: usize, value: &str) {
        let name = self.columns[column];
        let value = match name {
            "生年月日" => in_era(value.trim()),
            _ => Cow::Borrowed(value.trim()),
        };
        let values = &mut self.values[column];
        if value.is_empty() || values.iter().any(|known| *known == value) {
            return;
        }
        let most = if SEVERAL.contains(&name) { REPEATS } else { 1 };
        let full = values.len() >= most;
        match values.last_mut().filter(|_| full) {
            Some(last) => {
                last.push(' ');
                last.push_str(&value);
            }
            None => values.push(value.into_owned()),
        }
    }

    /// Ends the record, if there is one.
    fn end(&mut self, at: usize) {
        if self.values.iter().any(|values| !values.is_empty()) {
            let next = vec![Vec::new(); self.columns.len()];
            self.records
                .push((at, std::mem::replace(&mut self.values, next)));
        }
    }

    /// Gives the records away, with as many columns as have values.
    fn give(&self, name: String, limits: &Limits, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let widths: Vec<usize> = (0..self.columns.len())
            .map(|column| {
                let lengths = self.records.iter().map(|record| record.1[column].len());
                lengths.max().unwrap_or(0)
            })
            .collect();
        let named = self.columns.iter().zip(&widths);
        let table = Table {
            name,
            columns: named
                .flat_map(|(name, &width)| vec![Some((*name).to_owned()); width])
                .collect(),
            shape: Shape::Rows,
        };
        let mut rows = Gather::new(table, limits, sink);
        for (at, record) in &self.records {
            for (values, &width) in record.iter().zip(&widths) {
                for nth in 0..width {
                    rows.value(values.get(nth).map(String::as_str));
                }
            }
            rows.end(*at as u64)?;
        }
        rows.flush()
    }
}

impl Reader for Patients<'_> {
    fn parts(&self) -> usize {
        self.bytes.len().div_ceil(self.limits.part_bytes.max(1))
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let size = self.limits.part_bytes.max(1);
        let (from, to) = (part * size, (part + 1).saturating_mul(size));
        let lines = self.lines(from, to);
        // Whether the sink wants no more only matters for what would follow.
        if self.records(&lines, false, sink).is_continue()
            && self.records(&lines, true, sink).is_continue()
        {
            let _ = self.others(&lines, sink);
        }
        Ok(())
    }
}

impl Patients<'_> {
    /// The lines of the patients that begin in a range, and where they stand; before the first patient of all there are others.
    fn lines(&self, from: usize, to: usize) -> Range<usize> {
        let next = |at: usize| {
            let mut at = match at {
                0 => return 0,
                at if at >= self.bytes.len() => return self.bytes.len(),
                at => self.line_end(at - 1),
            };
            while at < self.bytes.len() {
                let end = self.line_end(at);
                if self.is_first(&self.bytes[at..end]) {
                    break;
                }
                at = end;
            }
            at
        };
        next(from)..next(to)
    }

    fn line_end(&self, at: usize) -> usize {
        memchr(b'\n', &self.bytes[at..]).map_or(self.bytes.len(), |n| at + n + 1)
    }

    /// Whether a line is the first of a patient, or of what stands between patients.
    fn is_first(&self, line: &[u8]) -> bool {
        let told = cells(line, self.layout);
        told.is_some_and(|cells| {
            is_one_of(cells[0], self.layout.begins) || is_one_of(cells[0], self.layout.ends)
        })
    }

    /// Gives the patients or the institutions that lines tell of.
    fn records(&self, lines: &Range<usize>, places: bool, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let layout = self.layout;
        let (columns, fields, begins) = if places {
            (layout.places, layout.place_fields, layout.institutions)
        } else {
            (layout.columns, layout.fields, layout.begins)
        };
        let name = if places {
            format!("{} (医療機関)", self.stem)
        } else {
            self.stem.clone()
        };
        let mut record = Values::new(columns);
        let (mut at, mut begin) = (lines.start, lines.start);
        while at < lines.end {
            let end = self.line_end(at);
            if let Some(cells) = cells(&self.bytes[at..end], layout) {
                if is_one_of(cells[0], begins) || is_one_of(cells[0], layout.ends) {
                    record.end(begin);
                    begin = at;
                }
                if !places && cells[0] == b"RE" {
                    self.claim(&cells, &mut record);
                }
                for &(told, place, column) in fields {
                    if cells[0] == told.as_bytes()
                        && let Some(cell) = cells.get(place)
                    {
                        let text = self.encoding.decode(cell).0;
                        record.add(column, &text);
                    }
                }
            }
            at = end;
        }
        record.end(begin);
        record.give(name, &self.limits, sink)
    }

    /// Takes what the line `RE` tells. Medical claims have 38 cells, dental ones 27, with the reading of the name in the last but one; those
    /// of visiting nurses have it behind the name. What else is no number is a remark: names of doctors in claims of pharmacies.
    fn claim(&self, cells: &[&[u8]], record: &mut Values) {
        let is_sex = |at: usize| matches!(cells.get(at), Some(&(b"1" | b"2")));
        let nurse = !is_sex(5) && is_sex(6);
        let (sex, kana) = match cells.len() {
            _ if nurse => (6, 5),
            31.. => (5, 36),
            _ => (5, 25),
        };
        let number = match cells.len() {
            31.. => 13,
            26 | 27 => 15,
            _ => usize::MAX,
        };
        let known = [
            (4, NAME),
            (kana, KANA),
            (sex, SEX),
            (sex + 1, BIRTH),
            (number, NUMBER),
        ];
        for (place, cell) in cells.iter().enumerate().skip(4) {
            let column = known.iter().find(|known| known.0 == place);
            if column.is_some() || !cell.is_ascii() {
                let text = self.encoding.decode(cell).0;
                record.add(column.map_or(REMARKS, |known| known.1), &text);
            }
        }
    }

    /// Gives the lines that are none of the sort.
    fn others(&self, lines: &Range<usize>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut others = Prose::new(format!("{} (lines)", self.stem), &self.limits);
        let mut at = lines.start;
        while at < lines.end {
            let end = self.line_end(at);
            let line = &self.bytes[at..end];
            if cells(line, self.layout).is_none() && !line.starts_with(b"JAHIS") {
                others.line(&self.encoding.decode(line).0, sink)?;
            }
            at = end;
        }
        others.flush(sink)
    }
}

fn is_one_of(told: &[u8], lines: &[&str]) -> bool {
    lines.iter().any(|line| line.as_bytes() == told)
}

/// A day as claims wrote it until 2020, with the era as a digit before it (別表 年号区分コード), with the era's letter; other values as they are.
fn in_era(text: &str) -> Cow<'_, str> {
    let era = match text.as_bytes() {
        [era @ b'1'..=b'5', day @ ..] if day.len() == 6 && day.iter().all(u8::is_ascii_digit) => {
            era
        }
        _ => return Cow::Borrowed(text),
    };
    let letter = ["M", "T", "S", "H", "R"][usize::from(era - b'1')];
    Cow::Owned(format!("{letter}{}", &text[1..]))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{context, show};
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let head = Head {
            bytes: text.as_bytes(),
            len: text.len() as u64,
            encoding: Encoding::Utf8,
            extension: "",
        };
        assert_eq!(sniff(&head), 93, "{text}");
        for part_bytes in [1 << 20, 20] {
            let limits = Limits {
                part_bytes,
                ..Limits::default()
            };
            let context = Context {
                limits,
                ..context()
            };
            let mut found = show(&FORMAT, text.as_bytes(), &context);
            // Institutions stand behind the patients of each part.
            found.sort_by_key(|record| !record.starts_with("t:"));
            assert_eq!(found, expected, "{part_bytes}");
        }
    }

    #[test]
    fn claims_are_read_by_patient() {
        let medical = format!(
            "RE,1,1112,50604,山田　太郎,1,3550101,,,,,,,K-12{},ヤマダタロウ,",
            ",".repeat(22)
        );
        let dental = format!(
            "RE,2,3112,202404,佐藤　花子,2,19900203,,,,,,,,,77{},サトウハナコ,",
            ",".repeat(9)
        );
        let text = [
            "IR,1,13,1,1234567,,青空医院,50604,00,03-0000-0000",
            &medical,
            "HO,06139992,12,345,1,100",
            "SY,8830417,5060401,1,,,01",
            "SY,0000999,5060401,1,,腰痛症,",
            "SI,11,1,111000110,,282,1",
            "CO,99,1,810000001,通院中",
            &dental,
            "KO,21130007,1234567,,1,10",
            "not one of them",
            "GO,2,382,99",
        ];
        check(
            &text.join("\r\n"),
            &[
                "t: 氏名=山田　太郎, 氏名カナ=ヤマダタロウ, 男女区分=1, 生年月日=S550101, カルテ番号=K-12, 備考=通院中, 保険者番号=06139992, 被保険者記号=12, 被保険者番号=345, 傷病名コード=8830417, 傷病名コード=0000999, 傷病名=腰痛症",
                "t: 氏名=佐藤　花子, 氏名カナ=サトウハナコ, 男女区分=2, 生年月日=19900203, カルテ番号=77, 公費負担者番号=21130007, 公費受給者番号=1234567",
                "t (医療機関): 医療機関コード=1234567, 医療機関名称=青空医院, 医療機関電話番号=03-0000-0000",
                "t (lines): not one of them",
            ],
        );
        // Of a visiting nurse, and with the numbers that insurers are given before each line.
        check(
            "1,RE,1,6112,202404,山田 太郎,ヤマダタロウ,1,19800101\n2,HO,06139992,1,2\n",
            &[
                "t: 氏名=山田 太郎, 氏名カナ=ヤマダタロウ, 男女区分=1, 生年月日=19800101, 保険者番号=06139992, 被保険者記号=1, 被保険者番号=2",
            ],
        );
    }

    #[test]
    fn prescriptions_and_notebooks_are_read_by_patient() {
        check(
            "JAHISTC08,1\n1,鈴木 太郎,1,S330303,1000001,東京都千代田区1-1,03-0000-0001,,,,ｽｽﾞｷ ﾀﾛｳ\n2,3,高血圧,1\n5,R020410,1\n11,工業会薬局,13,4,1234567,,,03-0000-0002\n201,1,テスト錠5mg,6,C,2,620004992\n55,佐藤 一郎,内科\n",
            &[
                "t: 氏名=鈴木 太郎, 氏名カナ=ｽｽﾞｷ ﾀﾛｳ, 性別=1, 生年月日=S330303, 郵便番号=1000001, 住所=東京都千代田区1-1, 電話番号=03-0000-0001, 既往歴=高血圧, 薬品名=テスト錠5mg, 医師氏名=佐藤 一郎",
                "t (医療機関): 医療機関コード=1234567, 医療機関名称=工業会薬局, 医療機関電話番号=03-0000-0002",
            ],
        );
        let one = |name: &str| {
            format!(
                "JAHIS10\r\n1,1,1234567,13,青空医院\r\n5,,,佐藤 一郎\r\n11,9,{name},ﾃｽﾄ\r\n12,2\r\n13,3550101\r\n22,06139992\r\n23,12,345,1,01\r\n201,1,1,1,1,,テスト錠,4,1,錠\r\n"
            )
        };
        let record = |name: &str| {
            format!(
                "t: 氏名={name}, 氏名カナ=ﾃｽﾄ, 性別=2, 生年月日=S550101, 患者番号=9, 保険者番号=06139992, 被保険者記号=12, 被保険者番号=345, 薬品名=テスト錠, 医師氏名=佐藤 一郎"
            )
        };
        let place = "t (医療機関): 医療機関コード=1234567, 医療機関名称=青空医院";
        check(
            &[one("山田 花子"), one("田中 次郎")].concat(),
            &[&record("山田 花子"), &record("田中 次郎"), place, place],
        );
    }

    #[test]
    fn other_files_are_none_of_them() {
        for text in [
            "JAHIS is an association\n",
            "RE,IR,SY\n1,2,3\n",
            "id,name\nRE,1\n",
            "",
        ] {
            let head = Head {
                bytes: text.as_bytes(),
                len: text.len() as u64,
                encoding: Encoding::Utf8,
                extension: "uke",
            };
            assert_eq!(sniff(&head), 0, "{text}");
        }
    }
}
