//! A document in parts: it is surveyed once, without looking at its values, and any thread may then begin wherever a record of a table
//! or a document begins.
//!
//! The parts of tables come first, in order, then those of what stands above the tables: so the order in which tables are first met does
//! not depend on the size of the parts. Whatever contradicts the grammar was met by the survey, and is told by the last part.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::document::{Place, Task, Walk};
use super::token::{Stop, Tokens};
use super::{Json, say_deep};
use crate::format::{Item, Reader, Sink};
use crate::source::{Code, Fault};

/// Inside of tables with longer names no part begins: each would keep the name.
const NAME_BYTES: usize = 1 << 10;

/// A document, or some that follow each other, surveyed.
pub(super) struct Document<'a> {
    json: Json<'a>,
    survey: Survey,
}

/// What a survey has found.
pub(super) struct Survey {
    part_bytes: usize,
    /// Where the parts of tables begin; none where there is no table.
    tables: Vec<Cut>,
    has_tables: bool,
    /// Where the parts of what stands above begin.
    above: Vec<usize>,
    /// The tables that are longer than a part: begin and end, ascending.
    long: Vec<(usize, usize)>,
    /// Why the survey ended before the bytes did, and where.
    stop: Option<Stop>,
    end: usize,
    /// Where values nested too deep begin. From there on no part begins: a value that was stepped over may yet be looked into.
    deep: Option<usize>,
}

/// Where a part of tables begins: at a document, or at a record in a table.
struct Cut {
    at: usize,
    inside: Option<(Arc<Place>, bool)>,
}

impl<'a> Document<'a> {
    pub(super) fn new(json: Json<'a>) -> Self {
        let survey = Survey::of(&json);
        Self { json, survey }
    }

    /// Gives the tables of a part.
    fn tables(&self, part: usize, sink: &mut Sink<'_>) {
        let (json, survey) = (&self.json, &self.survey);
        let cut = &survey.tables[part];
        let next = survey.tables.get(part + 1);
        let until = next.map_or(usize::MAX, |next| next.at);
        let mut tokens = json.tokens(json.bytes, cut.at);
        let mut walk = Walk::new(json, sink, Task::Tables(until));
        let mut result = match &cut.inside {
            Some((place, is_array)) => walk.resume(&mut tokens, Place::clone(place), *is_array),
            None => Ok(()),
        };
        while result.is_ok() && !walk.is_over() && tokens.peek().is_ok() && tokens.at < until {
            result = walk.document(&mut tokens, None, "", None);
        }
        // What the survey met, too, the last part tells; inside of what it stepped over there may be more.
        if let (Err(stop), None, false) = (result, survey.stop, walk.broken) {
            let _ = sink(Item::Fault(json.fault(stop)));
        }
    }

    /// Gives what stands above the tables in a part.
    fn above(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let (json, survey) = (&self.json, &self.survey);
        let next = survey.above.get(part + 1).copied();
        let until = next.unwrap_or(usize::MAX);
        let mut tokens = json.tokens(json.bytes, survey.above[part]);
        let mut rows = json.flat_rows(&json.stem);
        let mut walk = Walk::new(json, sink, Task::Above(survey));
        let mut result = Ok(());
        while result.is_ok() && !walk.broken && tokens.peek().is_ok() && tokens.at < until {
            result = walk.document(&mut tokens, Some(&mut rows), "", None);
        }
        if walk.broken || rows.finish(sink).is_break() || next.is_some() {
            return Ok(());
        }
        tokens.deep = survey.deep;
        if say_deep(&tokens, sink).is_break() {
            return Ok(());
        }
        survey.stop.map_or(Ok(()), |stop| Err(json.fault(stop)))
    }
}

impl Reader for Document<'_> {
    fn parts(&self) -> usize {
        self.survey.tables.len() + self.survey.above.len()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        match part.checked_sub(self.survey.tables.len()) {
            None => {
                self.tables(part, sink);
                Ok(())
            }
            Some(part) => self.above(part, sink),
        }
    }
}

impl Json<'_> {
    fn fault(&self, stop: Stop) -> Fault {
        let len = self.bytes.len();
        match stop {
            Stop::End => Fault::at(Code::Truncated, len as u64, "the rest of the document"),
            Stop::Bad(at) => Fault::at(
                Code::Malformed,
                at as u64,
                format!("{} bytes, the rest of the source", len - at),
            ),
        }
    }
}

impl Survey {
    fn of(json: &Json<'_>) -> Self {
        let mut survey = Self {
            part_bytes: json.limits.part_bytes.max(1),
            tables: Vec::new(),
            has_tables: false,
            above: Vec::new(),
            long: Vec::new(),
            stop: None,
            end: usize::MAX,
            deep: None,
        };
        let mut tokens = json.tokens(json.bytes, json.start);
        let mut sink = |_: Item<'_>| ControlFlow::Continue(());
        let mut walk = Walk::new(json, &mut sink, Task::Survey(&mut survey));
        let mut result = Ok(());
        while result.is_ok() && tokens.peek().is_ok() {
            result = walk.document(&mut tokens, None, "", None);
        }
        survey.stop = result.err();
        if let Some(Stop::Bad(at)) = survey.stop {
            survey.end = at;
        }
        survey.deep = tokens.deep;
        if !survey.has_tables {
            survey.tables = Vec::new();
        }
        survey
    }

    /// Notes a document.
    pub(super) fn document(&mut self, at: usize, deep: Option<usize>) {
        if is_due(self.above.last().copied(), at, self.part_bytes, deep) {
            self.above.push(at);
        }
        let last = self.tables.last().map(|cut| cut.at);
        if is_due(last, at, self.part_bytes, deep) {
            self.tables.push(Cut { at, inside: None });
        }
    }

    /// Notes a record in a table.
    pub(super) fn record(&mut self, at: usize, deep: Option<usize>, place: &Place, array: bool) {
        let last = self.tables.last().map(|cut| cut.at);
        if place.name.len() <= NAME_BYTES && is_due(last, at, self.part_bytes, deep) {
            let inside = Some((Arc::new(place.clone()), array));
            self.tables.push(Cut { at, inside });
        }
    }

    /// Notes a table, and whether it was read to its end.
    pub(super) fn table(&mut self, start: usize, end: usize, whole: bool) {
        self.has_tables = true;
        if whole && end - start >= self.part_bytes {
            self.long.push((start, end));
        }
    }

    /// Goes to the end of the table that comes next.
    pub(super) fn pass_over(&self, tokens: &mut Tokens<'_>) -> Result<(), Stop> {
        let known = self.long.binary_search_by_key(&tokens.at, |table| table.0);
        match known {
            Ok(at) => tokens.at = self.long[at].1,
            Err(_) => tokens.step_over()?,
        }
        // Stepping over is lenient: what the survey did not read is not there.
        if tokens.at > self.end {
            Err(Stop::End)
        } else {
            Ok(())
        }
    }
}

/// Whether a part may begin.
fn is_due(last: Option<usize>, at: usize, part_bytes: usize, deep: Option<usize>) -> bool {
    last.is_none_or(|last| at - last >= part_bytes && deep.is_none())
}
