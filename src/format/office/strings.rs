//! The texts of a workbook: rich text with its readings, and the table of shared strings.

use std::collections::BTreeMap;
use std::io::Write;

use quick_xml::events::Event;

use super::super::markup::{attribute, local, local_of, push_text, reader};
use crate::source::{Bytes, Code, Fault, Limits, Spool, fault_of};

/// Shared strings of one workbook that are kept.
const STRINGS: usize = 1 << 24;

/// Bytes of shared strings that the cells of one sheet may name, besides so many for each byte of the sheet; short ones always.
const NAMED: u64 = 64 << 20;
const NAMED_EACH: u64 = 16;
const SHORT: usize = 1 << 10;

/// Bounds what cells make of a few long strings that many of them name.
pub(super) struct Named {
    left: u64,
    n_over: u64,
}

impl Named {
    /// For a sheet of so many bytes.
    pub(super) fn by(sheet: usize) -> Self {
        Self {
            left: NAMED + NAMED_EACH * sheet as u64,
            n_over: 0,
        }
    }

    /// Whether a cell may give this text.
    pub(super) fn takes(&mut self, text: &str) -> bool {
        let left = self.left.checked_sub(text.len() as u64);
        self.left = left.unwrap_or(self.left);
        let takes = left.is_some() || text.len() <= SHORT;
        self.n_over += u64::from(!takes);
        takes
    }

    /// What is said of the cells that gave none.
    pub(super) fn fault(&self) -> Option<Fault> {
        let lost = || {
            format!(
                "the long texts of {} cells, which others have too",
                self.n_over
            )
        };
        (self.n_over > 0).then(|| Fault::whole(Code::OverBudget, lost()))
    }
}

/// A text in runs (`si`, `is`), with how pieces of it are read (`rPh`: furigana).
#[derive(Default)]
pub(super) struct Rich {
    pub(super) text: String,
    /// First and last character (as UTF-16 units) that are read so.
    phonetic: Vec<(usize, usize, String)>,
    in_phonetic: bool,
    in_text: bool,
}

impl Rich {
    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.phonetic.clear();
        (self.in_phonetic, self.in_text) = (false, false);
    }

    /// Takes an event inside the text.
    pub(super) fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(start) => match local(start) {
                b"t" => self.in_text = true,
                b"rPh" => {
                    let number = |name| attribute(start, name).and_then(|n| n.parse().ok());
                    self.in_phonetic = true;
                    self.phonetic.push((
                        number("sb").unwrap_or(0),
                        number("eb").unwrap_or(0),
                        String::new(),
                    ));
                }
                _ => {}
            },
            Event::End(end) => match local_of(end.name().into_inner()) {
                b"t" => self.in_text = false,
                b"rPh" => self.in_phonetic = false,
                _ => {}
            },
            event if self.in_text => match self.phonetic.last_mut().filter(|_| self.in_phonetic) {
                Some((_, _, reading)) => push_text(event, reading),
                None => push_text(event, &mut self.text),
            },
            _ => {}
        }
    }

    /// Adds how a piece of the text is read.
    pub(super) fn add_reading(&mut self, from: usize, to: usize, reading: String) {
        self.phonetic.push((from, to, reading));
    }

    /// How the whole text is read: its pieces in place of what they read.
    pub(super) fn reading(&self) -> Option<String> {
        if self.phonetic.is_empty() {
            return None;
        }
        let units: Vec<u16> = self.text.encode_utf16().collect();
        let (mut reading, mut at) = (String::new(), 0);
        for (from, to, piece) in &self.phonetic {
            let (from, to) = ((*from).min(units.len()), (*to).min(units.len()));
            if from < at {
                continue;
            }
            reading.push_str(&String::from_utf16_lossy(&units[at..from]));
            reading.push_str(piece);
            at = to.max(from);
        }
        reading.push_str(&String::from_utf16_lossy(&units[at..]));
        Some(reading)
    }
}

/// The shared strings, by number.
#[derive(Default)]
pub(super) struct Strings {
    text: Option<Bytes>,
    ends: Vec<u32>,
    readings: BTreeMap<u32, String>,
}

impl Strings {
    /// The strings of the part `xl/sharedStrings.xml`, and what was lost of them.
    pub(super) fn read(text: &str, limits: &Limits) -> (Self, Option<Fault>) {
        let mut reader = reader(text);
        let mut strings = Self::default();
        let mut spool = Spool::new(limits);
        let mut rich = Rich::default();
        let mut inside = false;
        let lost = loop {
            let event = match reader.read_event() {
                Ok(Event::Eof) => break None,
                Ok(event) => event,
                Err(_) => {
                    break Some(Fault::whole(
                        Code::Malformed,
                        "the rest of the shared strings",
                    ));
                }
            };
            match &event {
                Event::Start(start) if local(start) == b"si" => {
                    rich.clear();
                    inside = true;
                }
                Event::Empty(start) if local(start) == b"si" => {
                    strings.ends.push(strings.ends.last().copied().unwrap_or(0));
                }
                Event::End(end) if local_of(end.name().into_inner()) == b"si" => {
                    inside = false;
                    if let Err(fault) = strings.push(&rich, &mut spool) {
                        break Some(fault);
                    }
                }
                event if inside => rich.event(event),
                _ => {}
            }
            if strings.ends.len() >= STRINGS {
                break Some(Fault::whole(Code::OverBudget, "the further shared strings"));
            }
        };
        strings.finish(spool, lost)
    }

    /// The strings whose texts are in a spool, and what was lost of them.
    pub(super) fn finish(mut self, spool: Spool, lost: Option<Fault>) -> (Self, Option<Fault>) {
        match spool.finish() {
            Ok(text) => {
                self.text = Some(text);
                (self, lost)
            }
            Err(fault) => (Self::default(), Some(fault)),
        }
    }

    /// Adds a string, its text to a spool.
    pub(super) fn push(&mut self, rich: &Rich, spool: &mut Spool) -> Result<(), Fault> {
        if self.ends.len() >= STRINGS {
            return Err(Fault::whole(Code::OverBudget, "the further shared strings"));
        }
        let number = self.ends.len() as u32;
        if let Some(reading) = rich.reading() {
            self.readings.insert(number, reading);
        }
        spool
            .write_all(rich.text.as_bytes())
            .map_err(|error| fault_of(&error, spool.len()))?;
        let end = u32::try_from(spool.len())
            .map_err(|_| Fault::whole(Code::OverBudget, "the further shared strings"))?;
        self.ends.push(end);
        Ok(())
    }

    /// A string and its reading; `None` for a number that is none.
    pub(super) fn get(&self, number: usize) -> Option<(&str, Option<&str>)> {
        let end = *self.ends.get(number)? as usize;
        let start = match number {
            0 => 0,
            n => self.ends[n - 1] as usize,
        };
        let text = self.text.as_deref()?.get(start..end)?;
        let reading = self.readings.get(&(number as u32)).map(String::as_str);
        Some((std::str::from_utf8(text).ok()?, reading))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_strings_are_not_named_without_end() {
        let (long, short) = ("x".repeat(1 << 20), "x".repeat(SHORT));
        let mut named = Named::by(1 << 20);
        let n_taken = (0..100).filter(|_| named.takes(&long)).count();
        assert_eq!(n_taken, 64 + 16);
        assert_eq!(
            named.fault().map(|fault| fault.code),
            Some(Code::OverBudget)
        );
        assert!(named.takes(&short));
        assert_eq!(Named::by(0).fault(), None);
    }

    #[test]
    fn strings_with_their_readings() {
        let text = "<sst><si><t>a&amp;b</t></si><si/><si><r><t>山</t></r><r><rPr/><t xml:space=\"preserve\">田 太郎</t></r>\
                    <rPh sb=\"0\" eb=\"2\"><t>ヤマダ</t></rPh><rPh sb=\"3\" eb=\"5\"><t>タロウ</t></rPh><phoneticPr \
                    fontId=\"1\"/></si><si><t>end</t></si></sst>";
        let (strings, fault) = Strings::read(text, &Limits::default());
        assert_eq!(fault, None);
        assert_eq!(strings.get(0), Some(("a&b", None)));
        assert_eq!(strings.get(1), Some(("", None)));
        assert_eq!(strings.get(2), Some(("山田 太郎", Some("ヤマダ タロウ"))));
        assert_eq!(strings.get(3), Some(("end", None)));
        assert_eq!(strings.get(4), None);
    }
}
