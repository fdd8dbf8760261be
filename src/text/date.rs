//! Calendar dates in Western and Japanese writing.

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

/// Reads a date that is all of `text` (a time of day may follow), Western or in an era; day and month in ambiguous order are
/// read as month first unless `day_first`.
pub fn parse_date(_text: &str, _day_first: bool) -> Option<Date> {
    todo!()
}
