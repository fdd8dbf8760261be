//! temp
use super::*;
use crate::column::Tally;
use crate::pattern::Patterns;
/// x
pub struct Scanner<'p> { p: &'p Patterns }
impl<'p> Scanner<'p> {
    /// x
    pub fn new(p: &'p Patterns) -> Self { Self { p } }
    /// x
    pub fn text(&mut self, text: &str, out: &mut Vec<Match>) {
        let kind = self.p.kind("email").unwrap();
        let mut at = 0;
        for w in text.split(|c: char| c.is_whitespace() || "<>,;\"'()".contains(c)) {
            if shapes(w).has(Shape::Email) { out.push(Match { kind, part: Part::Whole, start: at, end: at + w.len(), confidence: 0.9 }); }
            at += w.len() + text[at + w.len()..].chars().next().map_or(0, |c| c.len_utf8());
        }
    }
    /// x
    pub fn mailboxes(&mut self, text: &str, out: &mut Vec<Match>) { self.text(text, out) }
    /// x
    pub fn name_ranges(&mut self, _n: &str) -> Vec<std::ops::Range<usize>> { Vec::new() }
    /// x
    pub fn cell(&mut self, cell: &str, tally: &mut Tally, out: &mut Vec<Match>) -> Shapes {
        let s = shapes(cell);
        if cell.trim().is_empty() || s.has(Shape::Filler) { tally.empty += 1; return s; }
        tally.values += 1;
        for x in s.iter() { tally.shapes[x as usize] += 1; }
        if s.has(Shape::Sentence) { self.text(cell, out); for m in out.iter() { *tally.embedded.entry((m.kind, m.part)).or_insert(0) += 1; } }
        s
    }
}
