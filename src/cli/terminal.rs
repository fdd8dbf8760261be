//! What the edge knows of its surroundings: terminal, locale, clock, sizes.

use std::env;
use std::io::IsTerminal;
use std::time::{SystemTime, UNIX_EPOCH};

use leakscope::report::summary::Lang;

use super::When;

/// Columns of a line where there is no terminal.
const WIDTH: usize = 80;

/// The language of the locale.
pub(super) fn locale() -> Lang {
    let set = |name: &&str| env::var(name).is_ok_and(|value| !value.is_empty());
    let name = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find(set);
    match name.and_then(|name| env::var(name).ok()) {
        Some(locale) if is_japanese(&locale) => Lang::Ja,
        _ => Lang::En,
    }
}

fn is_japanese(locale: &str) -> bool {
    let language = locale.split(['_', '.', '@', '-']).next().unwrap_or("");
    language.eq_ignore_ascii_case("ja") || language.eq_ignore_ascii_case("japanese")
}

/// Whether to colour what goes to a stream.
pub(super) fn colour(when: When, stream: &impl IsTerminal) -> bool {
    let unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
    let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
    match when {
        When::Always => true,
        When::Never => false,
        When::Auto => stream.is_terminal() && !unwanted && !dumb,
    }
}

/// Columns of the terminal a stream goes to.
pub(super) fn width(stream: &impl IsTerminal) -> usize {
    if !stream.is_terminal() {
        return WIDTH;
    }
    terminal_size::terminal_size().map_or(WIDTH, |(terminal_size::Width(columns), _)| {
        usize::from(columns)
    })
}

/// The time, as RFC 3339 in UTC.
pub(super) fn timestamp() -> String {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    rfc3339(seconds)
}

/// Seconds since 1970 as RFC 3339. The date is found in years that begin in March, so that a leap day is a year's last.
fn rfc3339(seconds: u64) -> String {
    let (days, second) = (seconds / 86_400, seconds % 86_400);
    let days = days + 719_468; // from 0000-03-01
    let (era, day_of_era) = (days / 146_097, days % 146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 {
        month_from_march + 3
    } else {
        month_from_march - 9
    };
    let year = era * 400 + year_of_era + u64::from(month <= 2);
    let (hour, minute, second) = (second / 3_600, second / 60 % 60, second % 60);
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
}

/// Reads a size in bytes: digits, and k, M, G or T for powers of 1024.
pub(super) fn parse_size(text: &str) -> Result<u64, String> {
    let (number, shift) = match text.char_indices().next_back() {
        Some((at, 'k' | 'K')) => (&text[..at], 10),
        Some((at, 'm' | 'M')) => (&text[..at], 20),
        Some((at, 'g' | 'G')) => (&text[..at], 30),
        Some((at, 't' | 'T')) => (&text[..at], 40),
        _ => (text, 0),
    };
    let bytes = number
        .parse::<u64>()
        .ok()
        .and_then(|number| number.checked_mul(1 << shift));
    bytes
        .filter(|&bytes| bytes > 0)
        .ok_or_else(|| "a number of bytes is needed, as 4096, 64k, 8M, 2G or 1T".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn timestamps() {
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00Z");
        assert_eq!(rfc3339(951_782_400), "2000-02-29T00:00:00Z");
        assert_eq!(rfc3339(1_709_251_199), "2024-02-29T23:59:59Z");
        assert_eq!(rfc3339(1_767_225_600), "2026-01-01T00:00:00Z");
        assert_eq!(rfc3339(4_107_542_400), "2100-03-01T00:00:00Z");
    }

    #[test]
    fn locales() {
        for japanese in ["ja", "ja_JP.UTF-8", "ja_JP.eucJP", "JA"] {
            assert!(is_japanese(japanese), "{japanese}");
        }
        for other in ["", "C", "en_US.UTF-8", "C.UTF-8", "jam", "POSIX"] {
            assert!(!is_japanese(other), "{other}");
        }
    }

    #[test]
    fn sizes() {
        assert_eq!(parse_size("4096"), Ok(4096));
        assert_eq!(parse_size("64k"), Ok(65_536));
        assert_eq!(parse_size("1T"), Ok(1 << 40));
        for wrong in ["", "k", "0", "-1", "1.5G", "99999999T", "1GB", "１"] {
            assert!(parse_size(wrong).is_err(), "{wrong}");
        }
    }
}
