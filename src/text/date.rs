//! Calendar dates in Western and Japanese writing.
//!
//! In: a text that is, or begins with, a date. Out: the date, how it was written and where it ends. Nothing is searched for.
//! The eras and their first days are those of the era name notices (政令): 明治 1868-01-25 to 令和 2019-05-01.

use super::fold::{is_hyphen, narrow};

/// A calendar date, proleptic Gregorian.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    /// Year, 1 to 9999.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, valid in that month.
    pub day: u8,
}

/// A date and how it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WrittenDate {
    /// The date.
    pub date: Date,
    /// Whether the year is one of a Japanese era.
    pub era: bool,
    /// Whether a time of day follows.
    pub time: bool,
    /// Where the date, with its time of day, ends: a byte offset.
    pub end: usize,
}

/// Reads a date that is all of `text` (a time of day may follow), Western or in an era; day and month in ambiguous order are
/// read as month first unless `day_first`.
pub fn parse_date(text: &str, day_first: bool) -> Option<Date> {
    let text = text.trim();
    let read = read_date(text, day_first)?;
    (read.end == text.len()).then_some(read.date)
}

/// Reads the date that `text` begins with.
pub fn read_date(text: &str, day_first: bool) -> Option<WrittenDate> {
    if text.chars().next().is_none_or(|c| !may_begin(c)) {
        return None;
    }
    read_any(text, day_first)
}

/// Whether a date may begin so. Of kana and kanji only the eras and the numbers do: most cells of Japanese are told by one look.
fn may_begin(c: char) -> bool {
    !matches!(c, '\u{3041}'..='\u{9FFF}')
        || matches!(
            c,
            '明' | '大'
                | '昭'
                | '平'
                | '令'
                | '㍾'
                | '㍽'
                | '㍼'
                | '㍻'
                | '㋿'
                | '一'
                | '二'
                | '三'
                | '四'
                | '五'
                | '六'
                | '七'
                | '八'
                | '九'
                | '十'
                | '百'
                | '千'
                | '元'
        )
}

fn read_any(text: &str, day_first: bool) -> Option<WrittenDate> {
    let mut cursor = Cursor { text, at: 0 };
    cursor.weekday_before();
    let start = cursor.at;
    if start > 0 {
        if let Some(date) = cursor.unix_date() {
            return Some(WrittenDate {
                date,
                era: false,
                time: true,
                end: cursor.at,
            });
        }
        cursor.at = start;
    }
    let (date, era) = match cursor.era_date() {
        Some(date) => (date, true),
        None => {
            cursor.at = start;
            (cursor.western_date(day_first)?, false)
        }
    };
    // 1985年4月3日 and 1985-04-03 end here; a digit right after would make it another number.
    if cursor.peek().is_some_and(|c| c.is_ascii_digit()) {
        return None;
    }
    cursor.weekday_after();
    let time = cursor.time();
    Some(WrittenDate {
        date,
        era,
        time,
        end: cursor.at,
    })
}

impl Date {
    /// The date, if there is such a day.
    pub fn new(year: u32, month: u32, day: u32) -> Option<Self> {
        let leap =
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
        let days = match month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 => 28 + u32::from(leap),
            _ => return None,
        };
        if !(1..=9999).contains(&year) || !(1..=days).contains(&day) {
            return None;
        }
        Some(Self {
            year: year as u16,
            month: month as u8,
            day: day as u8,
        })
    }
}

/// Name, one-character forms, letter, first year and last year of each era. A last year past the era's end (平成31年5月, 昭和64年
/// 2月) does occur in real data and is accepted for the year in which the era ended.
const ERAS: [(&str, [char; 3], u32, u32); 5] = [
    ("明治", ['㍾', '明', 'M'], 1868, 45),
    ("大正", ['㍽', '大', 'T'], 1912, 15),
    ("昭和", ['㍼', '昭', 'S'], 1926, 64),
    ("平成", ['㍻', '平', 'H'], 1989, 31),
    ("令和", ['㋿', '令', 'R'], 2019, 99),
];

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];
const MONTHS_LONG: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];
/// Months in other languages, as they stand in dates, with their numbers; those that are written as in English are left out.
#[rustfmt::skip]
const MONTHS_ABROAD: [(&str, u32); 113] = [
    // German
    ("januar", 1), ("jänner", 1), ("februar", 2), ("märz", 3), ("maerz", 3), ("mai", 5), ("juni", 6), ("juli", 7), ("oktober", 10), ("dezember", 12),
    // French
    ("janvier", 1), ("février", 2), ("fevrier", 2), ("mars", 3), ("avril", 4), ("juin", 6), ("juillet", 7), ("août", 8), ("aout", 8), ("septembre", 9),
    ("octobre", 10), ("novembre", 11), ("décembre", 12), ("decembre", 12),
    // Spanish
    ("enero", 1), ("febrero", 2), ("marzo", 3), ("abril", 4), ("mayo", 5), ("junio", 6), ("julio", 7), ("agosto", 8), ("septiembre", 9), ("setiembre", 9),
    ("octubre", 10), ("noviembre", 11), ("diciembre", 12),
    // Italian
    ("gennaio", 1), ("febbraio", 2), ("aprile", 4), ("maggio", 5), ("giugno", 6), ("luglio", 7), ("settembre", 9), ("ottobre", 10), ("dicembre", 12),
    // Portuguese
    ("janeiro", 1), ("fevereiro", 2), ("março", 3), ("maio", 5), ("junho", 6), ("julho", 7), ("setembro", 9), ("outubro", 10), ("novembro", 11), ("dezembro", 12),
    // Dutch
    ("januari", 1), ("februari", 2), ("maart", 3), ("mei", 5), ("augustus", 8),
    // Swedish, Danish, Norwegian
    ("marts", 3), ("maj", 5), ("augusti", 8), ("desember", 12),
    // Polish
    ("stycznia", 1), ("lutego", 2), ("marca", 3), ("kwietnia", 4), ("maja", 5), ("czerwca", 6), ("lipca", 7), ("sierpnia", 8), ("września", 9),
    ("października", 10), ("listopada", 11), ("grudnia", 12),
    // Russian, Ukrainian
    ("января", 1), ("февраля", 2), ("марта", 3), ("апреля", 4), ("мая", 5), ("июня", 6), ("июля", 7), ("августа", 8), ("сентября", 9), ("октября", 10),
    ("ноября", 11), ("декабря", 12),
    ("січня", 1), ("лютого", 2), ("березня", 3), ("квітня", 4), ("травня", 5), ("червня", 6), ("липня", 7), ("серпня", 8), ("вересня", 9), ("жовтня", 10),
    ("листопада", 11), ("грудня", 12),
    // Turkish
    ("ocak", 1), ("şubat", 2), ("mart", 3), ("nisan", 4), ("mayıs", 5), ("haziran", 6), ("temmuz", 7), ("ağustos", 8), ("eylül", 9), ("ekim", 10), ("kasım", 11),
    ("aralık", 12),
];
const WEEKDAYS: [&str; 14] = [
    "monday",
    "tuesday",
    "wednesday",
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "mon",
    "tue",
    "wed",
    "thu",
    "fri",
    "sat",
    "sun",
];

/// A number as it was written.
#[derive(Clone, Copy)]
struct Number {
    value: u32,
    digits: u32,
}

struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl Cursor<'_> {
    fn raw(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    /// The next character, full-width forms as ASCII and every hyphen as `-`.
    fn peek(&self) -> Option<char> {
        self.raw()
            .map(|c| if is_hyphen(c) { '-' } else { narrow(c) })
    }

    fn eat(&mut self, wanted: impl FnOnce(char) -> bool) -> Option<char> {
        let c = self.peek()?;
        if !wanted(c) {
            return None;
        }
        self.at += self.raw().map_or(0, char::len_utf8);
        Some(c)
    }

    fn blanks(&mut self) {
        while self.eat(|c| c == ' ').is_some() {}
    }

    /// A number of at most eight digits in ASCII or full width, or in kanji (positional or with 十 and 百).
    fn number(&mut self) -> Option<Number> {
        let (mut value, mut digits) = (0u32, 0);
        while let Some(c) = self.peek().filter(char::is_ascii_digit) {
            if digits == 8 {
                return None;
            }
            value = value * 10 + (c as u32 - '0' as u32);
            digits += 1;
            self.eat(|_| true);
        }
        if digits > 0 {
            Some(Number { value, digits })
        } else {
            self.kanji_number()
        }
    }

    fn kanji_number(&mut self) -> Option<Number> {
        let (mut total, mut current, mut digits) = (0u32, 0u32, 0);
        while digits < 6 {
            let Some(c) = self.peek() else { break };
            match c {
                '元' if digits == 0 => {
                    self.eat(|_| true);
                    return Some(Number {
                        value: 1,
                        digits: 1,
                    });
                }
                '十' | '百' | '千' => {
                    let unit = match c {
                        '十' => 10,
                        '百' => 100,
                        _ => 1000,
                    };
                    total += current.max(1) * unit;
                    current = 0;
                }
                _ => match "〇一二三四五六七八九".chars().position(|k| k == c) {
                    Some(k) => current = current * 10 + k as u32,
                    None => break,
                },
            }
            digits += 1;
            self.eat(|_| true);
        }
        (digits > 0).then_some(Number {
            value: total + current,
            digits,
        })
    }

    /// The name of a month, in English, long or short, or in another language.
    fn month_name(&mut self) -> Option<u32> {
        let rest = &self.text.as_bytes()[self.at..];
        let letters = rest
            .iter()
            .take(10)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        let word = &rest[..letters];
        // mar is no month in março.
        let is_whole = !self.text[self.at + letters..].starts_with(char::is_alphabetic);
        let is = |name: &str| is_whole && word.eq_ignore_ascii_case(name.as_bytes());
        let month = MONTHS
            .iter()
            .position(|m| is(m))
            .or_else(|| MONTHS_LONG.iter().position(|m| is(m)));
        let month = month.or_else(|| word.eq_ignore_ascii_case(b"sept").then_some(8));
        let Some(month) = month else {
            return self.month_abroad();
        };
        self.at += letters;
        self.eat(|c| c == '.');
        Some(month as u32 + 1)
    }

    fn month_abroad(&mut self) -> Option<u32> {
        const LONGEST: usize = 12;
        let rest = &self.text[self.at..];
        let letters = rest.chars().take(LONGEST + 1);
        let bytes: usize = letters
            .take_while(|c| c.is_alphabetic())
            .map(char::len_utf8)
            .sum();
        let behind = rest[bytes..].trim_start_matches([' ', '.', ',', '-', '/']);
        let behind = ["de ", "del "]
            .iter()
            .find_map(|of| behind.strip_prefix(of));
        let behind = behind.unwrap_or(&rest[bytes..]);
        // A day or a year follows a month; most words are followed by another.
        let follows = behind.bytes().take(3).any(|b| b.is_ascii_digit());
        if bytes < 3 || !follows {
            return None;
        }
        let word = &rest[..bytes];
        let is = |name: &str| word.chars().flat_map(char::to_lowercase).eq(name.chars());
        let found = MONTHS_ABROAD.iter().find(|(name, _)| is(name))?;
        self.at += bytes;
        self.eat(|c| c == '.');
        Some(found.1)
    }

    /// `3 de marzo de 1957`.
    fn of(&mut self) {
        let rest = &self.text[self.at..];
        let word = ["de ", "del "].iter().find(|of| rest.starts_with(**of));
        self.at += word.map_or(0, |of| of.len());
    }

    fn weekday_before(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        let letters = rest
            .iter()
            .take(10)
            .take_while(|b| b.is_ascii_alphabetic())
            .count();
        if letters >= 3
            && WEEKDAYS
                .iter()
                .any(|w| rest[..letters].eq_ignore_ascii_case(w.as_bytes()))
        {
            self.at += letters;
            self.eat(|c| c == ',' || c == '.');
            self.blanks();
        }
    }

    /// `(水)`, `（水曜日）` after a date.
    fn weekday_after(&mut self) {
        let start = self.at;
        self.blanks();
        let read = self.eat(|c| c == '(').is_some()
            && self.eat(|c| "月火水木金土日祝".contains(c)).is_some()
            && {
                let _ = self.eat(|c| c == '曜').is_some() && self.eat(|c| c == '日').is_some();
                self.eat(|c| c == ')').is_some()
            };
        if !read {
            self.at = start;
        }
    }

    fn era_date(&mut self) -> Option<Date> {
        let rest = &self.text[self.at..];
        let first = narrow(rest.chars().next()?);
        let (mut long, mut letter) = (false, false);
        let &(name, _, base, last) = ERAS.iter().find(|(name, short, ..)| {
            long = rest.starts_with(name);
            letter = first.to_ascii_uppercase() == short[2];
            long || letter || short[0] == first || short[1] == first
        })?;
        if long {
            self.at += name.len();
        } else {
            self.eat(|_| true);
            self.eat(|c| c == '.' && letter);
        }
        self.blanks();
        let year = self.number()?;
        let (year, month, day) = if year.digits == 6 && self.peek() != Some('年') {
            (
                year.value / 10_000,
                year.value / 100 % 100,
                year.value % 100,
            )
        } else {
            let (month, day) = self.month_and_day()?;
            (year.value, month, day)
        };
        if !(1..=last).contains(&year) {
            return None;
        }
        Date::new(base + year - 1, month, day)
    }

    /// The month and the day after a year.
    fn month_and_day(&mut self) -> Option<(u32, u32)> {
        self.blanks();
        let sign = self.eat(|c| matches!(c, '年' | '-' | '/' | '.'))?;
        self.blanks();
        // 1974年(昭和49年)2月24日
        if sign == '年' && self.peek() == Some('(') {
            let close = self.text[self.at..]
                .char_indices()
                .take(16)
                .find(|&(_, c)| narrow(c) == ')')?;
            self.at += close.0 + close.1.len_utf8();
        }
        let month = self.number().filter(|n| n.digits <= 2)?;
        self.blanks();
        self.eat(|c| c == if sign == '年' { '月' } else { sign })?;
        self.blanks();
        let day = self.number().filter(|n| n.digits <= 3 && n.value <= 31)?;
        let before = self.at;
        self.blanks();
        let ended = self.eat(|c| c == '日').is_some();
        if !ended {
            self.at = before;
        }
        (ended || sign != '年').then_some((month.value, day.value))
    }

    fn western_date(&mut self, day_first: bool) -> Option<Date> {
        if let Some(month) = self.month_name() {
            self.blanks();
            let day = self.day()?;
            self.eat(|c| c == ',');
            self.blanks();
            let year = self.number().filter(|n| n.digits == 4)?;
            return Date::new(year.value, month, day);
        }
        let first = self.number()?;
        match first.digits {
            8 => Date::new(
                first.value / 10_000,
                first.value / 100 % 100,
                first.value % 100,
            )
            .filter(|d| (1800..2200).contains(&d.year)),
            4 => {
                let (month, day) = self.month_and_day()?;
                Date::new(first.value, month, day)
            }
            // 一九八五年 has four digits, 千九百八十五年 six.
            6 if self.peek() == Some('年') => {
                let (month, day) = self.month_and_day()?;
                Date::new(first.value, month, day)
            }
            1 | 2 => self.day_or_month_first(first.value, day_first),
            _ => None,
        }
    }

    /// `Apr 3 00:00:00 +0000 1985` behind a weekday: as C's `asctime`, `date` and Ruby write it, and with them the interfaces of Twitter.
    fn unix_date(&mut self) -> Option<Date> {
        let month = self.month_name()?;
        self.blanks();
        let day = self.number().filter(|n| n.digits <= 2)?;
        self.time().then_some(())?;
        self.blanks();
        let rest = &self.text.as_bytes()[self.at..];
        let zone = rest
            .iter()
            .take(6)
            .take_while(|b| b.is_ascii_uppercase())
            .count();
        self.at += zone;
        self.blanks();
        let year = self.number().filter(|n| n.digits == 4)?;
        Date::new(year.value, month, day.value)
    }

    /// A day of a month, `3`, `3rd`.
    fn day(&mut self) -> Option<u32> {
        let day = self.number().filter(|n| n.digits <= 2)?;
        self.ordinal();
        Some(day.value)
    }

    fn ordinal(&mut self) {
        let rest = &self.text.as_bytes()[self.at..];
        if rest.len() >= 2
            && [b"st", b"nd", b"rd", b"th", b"er"]
                .iter()
                .any(|o| rest[..2].eq_ignore_ascii_case(*o))
        {
            self.at += 2;
        }
    }

    fn day_or_month_first(&mut self, first: u32, day_first: bool) -> Option<Date> {
        self.ordinal();
        let sign = self.eat(|c| matches!(c, '/' | '.' | '-' | ' '))?;
        self.blanks();
        self.of();
        if let Some(month) = self.month_name() {
            self.eat(|c| matches!(c, '-' | ' ' | ','));
            self.blanks();
            self.of();
            let year = self.number().filter(|n| n.digits == 4)?;
            return Date::new(year.value, month, first);
        }
        let second = self.number().filter(|n| n.digits <= 2)?;
        self.eat(|c| c == sign && c != ' ')?;
        self.blanks();
        let year = self.number().filter(|n| n.digits == 4)?;
        let (month, day) = if first > 12 || (second.value <= 12 && (day_first || sign == '.')) {
            (second.value, first)
        } else {
            (first, second.value)
        };
        Date::new(year.value, month, day)
    }

    /// A time of day after the date; leaves the cursor where it was when there is none.
    fn time(&mut self) -> bool {
        let start = self.at;
        if self.eat(|c| matches!(c, ' ' | 'T' | 't')).is_none() {
            return false;
        }
        self.blanks();
        let found = self.clock().is_some();
        if !found {
            self.at = start;
        }
        found
    }

    fn clock(&mut self) -> Option<()> {
        for half in ["午前", "午後"] {
            if self.text[self.at..].starts_with(half) {
                self.at += half.len();
            }
        }
        self.number().filter(|n| n.digits <= 2 && n.value <= 24)?;
        let sign = self.eat(|c| matches!(c, ':' | '時'))?;
        if let Some(minute) = self.number() {
            (minute.digits <= 2 && minute.value < 60).then_some(())?;
            if self
                .eat(|c| if sign == ':' { c == ':' } else { c == '分' })
                .is_some()
            {
                if let Some(second) = self.number() {
                    (second.digits <= 2 && second.value <= 60).then_some(())?;
                    self.eat(|c| c == '秒');
                }
                if self.eat(|c| matches!(c, '.' | ',')).is_some() {
                    while self.eat(|c| c.is_ascii_digit()).is_some() {}
                }
            }
        } else if sign == ':' {
            return None;
        }
        self.zone();
        Some(())
    }

    /// ` AM`, `Z`, `+09:00`, ` UTC`, ` JST` after a time.
    fn zone(&mut self) {
        let start = self.at;
        self.blanks();
        let rest = &self.text[self.at..];
        for word in [
            "AM", "PM", "am", "pm", "a.m.", "p.m.", "Z", "UTC", "GMT", "JST",
        ] {
            if rest.starts_with(word) {
                self.at += word.len();
                return self.zone();
            }
        }
        if self.eat(|c| c == '+' || c == '-').is_some()
            && let Some(hours) = self.number().filter(|n| n.digits == 2 || n.digits == 4)
        {
            if hours.digits == 2 && self.eat(|c| c == ':').is_some() {
                self.number();
            }
            return;
        }
        self.at = start;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(input: &str, expected: Option<(u16, u8, u8)>) {
        let got = parse_date(input, false).map(|d| (d.year, d.month, d.day));
        assert_eq!(got, expected, "{input}");
    }

    #[test]
    fn one_day_in_every_writing() {
        for text in [
            "1985-04-03",
            "1985/4/3",
            "19850403",
            "4/3/1985",
            "3.4.1985",
            "1985年4月3日",
            "昭和60年4月3日",
            "S60.4.3",
            "S600403",
            "㍼60年4月3日",
            "１９８５年４月３日",
            "１９８５－０４－０３",
            "一九八五年四月三日",
            "昭和六十年四月三日",
            "1985-04-03 00:00:00",
            "1985-04-03T00:00:00Z",
            "1985-04-03T00:00:00.123+09:00",
            "Apr 3, 1985",
            "3 April 1985",
            "April 3rd, 1985",
            "3-Apr-1985",
            "Wed, 3 Apr 1985 00:00:00 +0000",
            "Wed Apr 03 00:00:00 +0000 1985",
            "Wed Apr  3 00:00:00 1985",
            "Wed Apr  3 00:00:00 PST 1985",
            "1985年（昭和60年）4月3日",
            "昭60.4.3",
            "S.60.4.3",
            "s60/04/03",
            "Ｓ６０．４．３",
            "1985年4月3日(水)",
            "1985.04.03",
            "1985年04月03日 12時30分",
            "1985/4/3 午後3時",
            " 1985-4-3 ",
            "4/3/1985 12:30 PM",
        ] {
            check(text, Some((1985, 4, 3)));
        }
    }

    #[test]
    fn order_and_eras() {
        check("3/29/1982", Some((1982, 3, 29)));
        check("29/3/1982", Some((1982, 3, 29)));
        check("29.3.1982", Some((1982, 3, 29)));
        assert_eq!(parse_date("4/3/1985", true), Date::new(1985, 3, 4));
        check("平成元年1月8日", Some((1989, 1, 8)));
        check("令和元年5月1日", Some((2019, 5, 1)));
        check("大正15.12.24", Some((1926, 12, 24)));
        check("M45.7.29", Some((1912, 7, 29)));
        check("2000-02-29", Some((2000, 2, 29)));
    }

    #[test]
    fn what_is_no_date() {
        for text in [
            "",
            "1985-02-29",
            "1985-13-01",
            "19851301",
            "99999999",
            "1985",
            "1985-04",
            "昭和65年1月1日",
            "3.4",
            "1.2.3",
            "S60",
            "H",
            "平成",
            "S6004031",
            "1985-04-031",
            "1985-04-03 x",
            "1985-04/03",
            "12345678901",
            "0000-00-00",
            "1985年4月",
            "四月一日",
            "明",
            "Apr 3",
            "1985-04-03 25:00",
            "１",
        ] {
            check(text, None);
        }
    }

    /// What is told by its first character to be no date is none.
    #[test]
    fn dates_begin_as_dates_do() {
        let tails = [
            "",
            "1年1月1日",
            "和5年1月2日",
            "成元年3月4日",
            "五年六月七日",
            "-1-2",
            " 3",
        ];
        let mut n = 0;
        for c in ('\0'..='\u{ffff}').filter(|&c| !may_begin(c)) {
            for tail in tails {
                let text = format!("{c}{tail}");
                assert!(read_any(&text, n % 2 == 0).is_none(), "{text}");
                n += 1;
            }
        }
        assert!(n > 150_000, "{n}");
        let begun = [
            "明治1年1月1日",
            "㍻5年6月7日",
            "二〇二一年四月三日",
            "1/2/1990",
        ];
        assert!(begun.iter().all(|text| read_date(text, false).is_some()));
    }
}
