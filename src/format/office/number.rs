//! What a number in a workbook shows: dates are numbers with a format, and so are postal codes with their zeros.

use std::fmt::Write;

use quick_xml::events::Event;

use super::super::markup::{attribute, local, local_of, reader};

/// How the numbers of a cell's style are shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Format {
    /// As they are.
    Plain,
    /// As days since the workbook's epoch.
    Date,
    /// As a time of day.
    Time,
    /// Digit by digit, `0` standing for one: `000-0000`.
    Digits(String),
}

/// The styles of a workbook's cells, by number.
#[derive(Clone, Debug, Default)]
pub(super) struct Styles(Vec<Format>);

/// More styles than Excel allows in a workbook (65,490) are not told apart.
const STYLES: usize = 65_536;

impl Styles {
    /// The styles of the part `xl/styles.xml`.
    pub(super) fn read(text: &str) -> Self {
        let mut reader = reader(text);
        let mut formats: Vec<(u32, Format)> = Vec::new();
        let mut styles = Vec::new();
        let mut in_cells = false;
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Start(start) | Event::Empty(start) => match local(start) {
                    b"cellXfs" => in_cells = true,
                    b"numFmt" => {
                        let id = attribute(start, "numFmtId").and_then(|id| id.parse().ok());
                        if let (Some(id), Some(code)) = (id, attribute(start, "formatCode")) {
                            formats.push((id, of_code(&code)));
                        }
                    }
                    b"xf" if in_cells && styles.len() < STYLES => {
                        let id = attribute(start, "numFmtId").and_then(|id| id.parse().ok());
                        let id = id.unwrap_or(0);
                        let own = formats.iter().find(|(own, _)| *own == id);
                        styles.push(own.map_or_else(|| built_in(id), |(_, format)| format.clone()));
                    }
                    _ => {}
                },
                Event::End(end) if local_of(end.name().into_inner()) == b"cellXfs" => {
                    in_cells = false
                }
                Event::Eof => break,
                _ => {}
            }
        }
        Self(styles)
    }

    /// Styles by their number's format, and the codes of formats that are not built in.
    pub(super) fn of(styles: &[u16], codes: &[(u16, String)]) -> Self {
        let format = |id: &u16| match codes.iter().find(|(own, _)| own == id) {
            Some((_, code)) => of_code(code),
            None => built_in(u32::from(*id)),
        };
        Self(styles.iter().map(format).collect())
    }

    /// The format of a style.
    pub(super) fn get(&self, style: usize) -> &Format {
        self.0.get(style).unwrap_or(&Format::Plain)
    }
}

/// The formats that have a number of their own (ECMA-376 part 1, 18.8.30, with those of East Asian editions).
pub(super) fn built_in(id: u32) -> Format {
    match id {
        14..=17 | 22 | 27..=31 | 34..=36 | 50..=58 => Format::Date,
        18..=21 | 32..=33 | 45..=47 => Format::Time,
        _ => Format::Plain,
    }
}

/// What a format code shows. Only the first of its sections counts, but for digits, where the last does: `[<=999]000;0000`.
pub(super) fn of_code(code: &str) -> Format {
    let (mut date, mut time) = (false, false);
    let first = sections(code).into_iter().next().unwrap_or_default();
    let shown: String = placeholders(&first).collect();
    if first.is_empty() || shown.trim().eq_ignore_ascii_case("general") {
        return Format::Plain;
    }
    for c in shown.chars() {
        match c.to_ascii_lowercase() {
            'y' | 'd' | 'e' | 'g' => date = true,
            'h' | 's' => time = true,
            'm' => {}
            // `General` and colours have letters, too; a number's own placeholders make it one.
            '#' | '0' | '?' if !time => return digits(code),
            _ => {}
        }
    }
    match (date, time) {
        (true, _) => Format::Date,
        (false, true) => Format::Time,
        // A month alone.
        _ if shown.contains(['m', 'M']) => Format::Date,
        _ => Format::Plain,
    }
}

/// The sections of a code, with quoted text, escapes and brackets kept.
fn sections(code: &str) -> Vec<String> {
    let mut sections = vec![String::new()];
    let (mut quoted, mut escaped) = (false, false);
    for c in code.chars().take(1024) {
        match c {
            _ if escaped => escaped = false,
            '\\' if !quoted => escaped = true,
            '"' => quoted = !quoted,
            ';' if !quoted => {
                sections.push(String::new());
                continue;
            }
            _ => {}
        }
        sections.last_mut().expect("one was put in").push(c);
    }
    sections
}

/// The characters of a section that stand for a value: no quoted text, escapes or brackets.
fn placeholders(section: &str) -> impl Iterator<Item = char> {
    let (mut quoted, mut escaped, mut bracket) = (false, false, false);
    section.chars().filter(move |&c| {
        if escaped {
            escaped = false;
            return false;
        }
        match c {
            '\\' | '_' | '*' if !quoted => {
                escaped = true;
                false
            }
            '"' => {
                quoted = !quoted;
                false
            }
            '[' if !quoted => {
                bracket = true;
                false
            }
            ']' if !quoted => {
                bracket = false;
                false
            }
            _ => !quoted && !bracket,
        }
    })
}

/// A code that is zeros and marks between them, and so shows a number digit by digit.
fn digits(code: &str) -> Format {
    let last = sections(code)
        .into_iter()
        .rfind(|section| !section.contains('@'));
    let mut shown = String::new();
    let (mut quoted, mut escaped, mut bracket) = (false, false, false);
    for c in last.unwrap_or_default().chars() {
        match c {
            _ if escaped => {
                escaped = false;
                shown.push(c);
            }
            ']' if bracket => bracket = false,
            _ if bracket => {}
            '"' => quoted = !quoted,
            _ if quoted => shown.push(c),
            '\\' => escaped = true,
            '[' => bracket = true,
            '0' | '-' | '(' | ')' | ' ' => shown.push(c),
            _ => return Format::Plain,
        }
    }
    let zeros = shown.bytes().filter(|&byte| byte == b'0').count();
    let is_code = zeros >= 4 && shown.chars().all(|c| c == '0' || !c.is_alphanumeric());
    if is_code {
        Format::Digits(shown)
    } else {
        Format::Plain
    }
}

/// Writes a number as its format shows it. `raw` is how the file writes it.
pub(super) fn write(raw: &str, format: &Format, is_1904: bool, out: &mut String) {
    let Ok(number) = raw.trim().parse::<f64>() else {
        return out.push_str(raw);
    };
    let shown = match format {
        Format::Date => write_date(number, is_1904, out),
        Format::Time if (0.0..1.0).contains(&number) => {
            write_time(number, out);
            true
        }
        Format::Time => write_date(number, is_1904, out),
        Format::Digits(shown) => write_digits(number, shown, out),
        Format::Plain => false,
    };
    if !shown {
        write_plain(raw.trim(), number, out);
    }
}

/// A number without exponent, and whole ones without a point.
fn write_plain(raw: &str, number: f64, out: &mut String) {
    let is_plain = raw
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'-');
    if is_plain || number.abs() >= 1e18 || !number.is_finite() {
        out.push_str(raw);
    } else if number.fract() == 0.0 {
        let _ = write!(out, "{}", number as i64);
    } else {
        let _ = write!(out, "{number}");
    }
}

/// Days since 1899-12-30 (with the day 1900-02-29 that never was), or since 1904-01-01. Says whether it is a date.
fn write_date(number: f64, is_1904: bool, out: &mut String) -> bool {
    let days = number.floor();
    if !(0.0..2_958_466.0).contains(&days) {
        return false;
    }
    let mut days = days as i64;
    if is_1904 {
        days += 1_462;
    } else if days < 60 {
        days += 1;
    }
    let (year, month, day) = civil(days - 25_569);
    let _ = write!(out, "{year:04}-{month:02}-{day:02}");
    if number.fract() * 86_400.0 >= 0.5 {
        out.push(' ');
        write_time(number.fract(), out);
    }
    true
}

fn write_time(fraction: f64, out: &mut String) {
    let seconds = ((fraction * 86_400.0).round() as u32).min(86_399);
    let _ = write!(
        out,
        "{:02}:{:02}:{:02}",
        seconds / 3600,
        seconds / 60 % 60,
        seconds % 60
    );
}

/// The date of a number of days since 1970-01-01 in the Gregorian calendar, by eras of 400 years that begin in March.
fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let of_era = days.rem_euclid(146_097);
    let year = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    (year + era * 400 + i64::from(month <= 2), month, day)
}

/// Fills the zeros from the right; what is longer goes before them.
fn write_digits(number: f64, shown: &str, out: &mut String) -> bool {
    if number.fract() != 0.0 || !(0.0..1e15).contains(&number) {
        return false;
    }
    let digits = format!("{number:.0}");
    let zeros = shown.bytes().filter(|&byte| byte == b'0').count();
    let extra = digits.len().saturating_sub(zeros);
    let mut rest =
        std::iter::repeat_n('0', zeros.saturating_sub(digits.len())).chain(digits[extra..].chars());
    let mut is_first = true;
    for c in shown.chars() {
        if c == '0' {
            if std::mem::take(&mut is_first) {
                out.push_str(&digits[..extra]);
            }
            out.extend(rest.next());
        } else {
            out.push(c);
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(raw: &str, code: &str, expected: &str) {
        let mut shown = String::new();
        write(raw, &of_code(code), false, &mut shown);
        assert_eq!(shown, expected, "{raw} as {code}");
    }

    #[test]
    fn numbers_as_they_are_shown() {
        check("9012345678", "General", "9012345678");
        check("9012345678", "0", "9012345678");
        check("9.012345678E9", "General", "9012345678");
        check("1.5", "#,##0.00", "1.5");
        check("31234", "yyyy/m/d", "1985-07-06");
        check(
            "31234.5",
            "yyyy\"年\"m\"月\"d\"日\" h:mm",
            "1985-07-06 12:00:00",
        );
        check("31234", "[$-411]ggge\"年\"m\"月\"d\"日\";@", "1985-07-06");
        check("1", "yyyy-mm-dd", "1900-01-01");
        check("59", "yyyy-mm-dd", "1900-02-28");
        check("61", "yyyy-mm-dd", "1900-03-01");
        check("0.75", "h:mm:ss", "18:00:00");
        check("600001", "0000000", "0600001");
        check("600001", "000-0000", "060-0001");
        check(
            "600001",
            "[<=999]000;[<=9999]000\\-00;000\\-0000",
            "060-0001",
        );
        check("9012345678", "000\"-\"0000\"-\"0000", "090-1234-5678");
        check("12345678", "0000", "12345678");
        check("2.5", "0000", "2.5");
        check("99999999", "yyyy/m/d", "99999999");
        check("abc", "yyyy/m/d", "abc");
        check("5", "[Red]General", "5");
    }

    #[test]
    fn the_epoch_of_1904() {
        let mut shown = String::new();
        write("29772", &Format::Date, true, &mut shown);
        assert_eq!(shown, "1985-07-06");
    }

    #[test]
    fn styles_of_a_workbook() {
        let styles = Styles::read(
            "<styleSheet><numFmts><numFmt numFmtId=\"176\" formatCode=\"000\\-0000\"/></numFmts><cellStyleXfs><xf \
             numFmtId=\"14\"/></cellStyleXfs><cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"176\"/><xf numFmtId=\"14\"/></cellXfs>\
             </styleSheet>",
        );
        assert_eq!(styles.get(0), &Format::Plain);
        assert_eq!(styles.get(1), &Format::Digits("000-0000".into()));
        assert_eq!(styles.get(2), &Format::Date);
        assert_eq!(styles.get(3), &Format::Plain);
    }
}
