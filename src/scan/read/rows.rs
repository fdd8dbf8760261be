//! Rows of tables, some at a time: first column by column, so that values of one kind run through the same code one after the other, then
//! row by row, for what a row says of its people.

use super::{Given, Row, Sum, Text, Worker, is_blank, trimmed};
use crate::classify::{self, Match, Shape, Shapes, Why};
use crate::column::{self, Side, Tally, Unlisted, Verdict, Whole, chars};
use crate::format::{Batch, Cell};
use crate::identity::{self, Beside, Field};
use crate::pattern::{Kind, KindSet, Part, Patterns};
use crate::scan::lately::Known;
use crate::scan::table::{ColumnKey, Plan};

/// Rows that are read at a time.
const ROWS: usize = 64;

/// Bytes of decoded cells above which fewer rows are read at a time.
const ARENA: usize = 1 << 18;

/// Columns of mailboxes or phones in one row that are paired.
const PAIRED: usize = 4;
const MAILBOXES: Shapes = Shapes::of(&[Shape::Email]);
/// Of names of things and organisations, of which those of people are a part: Compagnie des Machines Gaston Petit.
const TITLED: Shapes = Shapes::of(&[Shape::Capitalised, Shape::Organisation]);
const PHONES: Shapes = Shapes::of(&[Shape::PhoneJp, Shape::PhoneIntl]);

/// A column of a batch under its verdict.
#[derive(Clone, Copy)]
pub(super) struct Lane<'v> {
    /// A hash of the column's key.
    pub(super) key: u64,
    /// What it tells of the row's person, as far as copies are told by it.
    pub(super) side: Option<Side>,
    verdict: Option<&'v Verdict>,
    /// The sort of the numbers by which the column points at people.
    member: Option<&'v str>,
    /// The sort that they may be of, too.
    perhaps: Option<&'v str>,
    whole: Option<&'v Whole>,
    /// Values are texts of their own, of which each is a match.
    is_free: bool,
    /// Values say what is the matter with somebody (a diagnosis, what he suffered): a word or a text, in which there may be more.
    is_said: bool,
    /// What it says was done to somebody, who is named first.
    is_of_victims: bool,
}

/// Bytes from which on what is said of somebody is looked at as a text.
const TEXT: usize = 40;
/// Certainty of a name in such a text: diseases are called after people.
const SURE: f32 = 0.85;

impl<'v> Lane<'v> {
    fn new(
        key: u64,
        verdict: Option<&'v Verdict>,
        patterns: &Patterns,
        (free_answer, said): (Option<Kind>, KindSet),
    ) -> Self {
        let whole = verdict.and_then(|verdict| verdict.whole.as_ref());
        Self {
            key,
            side: verdict.and_then(|verdict| column::side(patterns, verdict)),
            verdict,
            member: verdict.and_then(|verdict| verdict.member.as_deref()),
            perhaps: verdict.and_then(|verdict| verdict.perhaps.as_deref()),
            whole,
            is_free: whole.is_some_and(|whole| Some(whole.kind) == free_answer),
            is_said: whole.is_some_and(|whole| said.contains(whole.kind)),
            is_of_victims: whole
                .is_some_and(|whole| Some(whole.kind) == patterns.kind("special.crime-victim")),
        }
    }

    /// The sorts of the numbers by which the column points at people.
    fn sorts(&self) -> impl Iterator<Item = &'v str> + use<'v> {
        self.member.into_iter().chain(self.perhaps)
    }

    /// Whether it points at people.
    fn points(&self) -> bool {
        self.member.is_some() || self.perhaps.is_some()
    }

    /// Whether a value is a text in which more may stand than its column is for.
    fn is_open(&self, value: &str, shapes: Shapes) -> bool {
        let text = shapes.has(Shape::Sentence) || value.len() >= TEXT;
        self.is_free || self.is_said && (text || self.is_of_sufferers())
    }

    /// Whether full names stand in it, of those who suffered what the column is for: 被害者, `victim`.
    fn is_of_sufferers(&self) -> bool {
        self.is_of_victims && self.whole.is_some_and(|whole| whole.part == Part::Holder)
    }

    fn is_organisation(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.organisation)
    }

    /// Names of people and of organisations stand in it; those of people are accepted.
    fn is_of_parties(&self, name: Option<Kind>) -> bool {
        let names = |whole: &Whole| Some(whole.kind) == name || whole.part == Part::Holder;
        self.is_organisation() && self.whole.is_some_and(names)
    }

    /// Whose a name is in a column of organisations that was not accepted as a person's.
    fn party(&self, shapes: Shapes) -> Unlisted {
        let unlisted = self.verdict.map(|verdict| verdict.unlisted);
        let unlisted = unlisted.filter(|_| !shapes.has(Shape::Organisation));
        unlisted.unwrap_or_default()
    }

    fn is_of_scripts(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.scripts)
    }

    fn is_of_goods(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.goods)
    }

    /// Whether the row's own person is told of elsewhere in the row.
    fn is_again(&self) -> bool {
        self.verdict
            .is_some_and(|verdict| verdict.slot == column::AGAIN)
    }

    fn is_of_numbers(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.numbers)
    }

    fn is_of_messages(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.messages)
    }

    fn is_of_households(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.household)
    }

    /// Whether a name that is the whole of a value is one by chance.
    fn is_seldom_named(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.seldom)
    }

    /// Whether a value of the column says that a program is behind the row.
    fn is_machine(&self, value: &str) -> bool {
        self.verdict.is_some_and(|verdict| verdict.machine)
            && ["true", "t", "yes", "1"]
                .iter()
                .any(|word| value.trim().eq_ignore_ascii_case(word))
    }

    /// Whether nobody asks for the values themselves, only for what stands in them.
    fn is_silent(&self) -> bool {
        let machine = self.verdict.is_some_and(|verdict| verdict.machine);
        let told = self.is_organisation() || self.points() || self.is_of_households() || machine;
        self.whole.is_none() && !told
    }

    /// Whether copies of a record agree in it.
    pub(super) fn is_copied(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.copied)
    }

    fn is_of_people(&self) -> bool {
        self.verdict.is_some_and(|verdict| verdict.people)
    }
}

/// What is known of the cells of some rows.
#[derive(Default)]
pub(super) struct Chunk {
    /// Decoded, one row after the other.
    row: Row,
    /// As the cells of `row`.
    seen: Vec<Seen>,
    /// What stands in cells, column by column.
    found: Vec<Match>,
}

/// What is known of a cell.
#[derive(Clone, Copy, Default)]
struct Seen {
    shapes: Shapes,
    /// Its place in [`Chunk::found`].
    found: (u32, u32),
    /// Whether it holds anything at all.
    speaks: bool,
    /// Whether it is of its column's kind as a whole.
    accepted: bool,
    /// Whether the same value was given before in this column and pass.
    again: bool,
}

/// What the columns of a row say of it that is nobody's data.
#[derive(Default)]
struct About<'v> {
    organisation: Option<&'v str>,
    /// A name is as well an organisation's as somebody's.
    undecided: bool,
    /// A program is behind it.
    machine: bool,
    household: Option<&'v str>,
}

impl<'v> About<'v> {
    fn take(&mut self, lane: &Lane<'_>, seen: Seen, value: &'v str, name: Option<Kind>) {
        if lane.is_organisation() && !(seen.accepted && lane.is_of_parties(name)) {
            match lane.party(seen.shapes) {
                Unlisted::Organisation => self.organisation = Some(value.trim()),
                Unlisted::Undecided => self.undecided = true,
                Unlisted::Person => {}
            }
        }
        self.machine |= lane.is_machine(value);
        if self.household.is_none() && lane.is_of_households() {
            self.household = Some(value);
        }
    }
}

impl Seen {
    fn found<'m>(&self, chunk: &'m [Match]) -> &'m [Match] {
        &chunk[self.found.0 as usize..self.found.1 as usize]
    }
}

impl Worker<'_> {
    /// Classifies the rows of a table under the plan.
    pub(super) fn rows(
        &mut self,
        batch: &Batch<'_>,
        plan: &Plan,
        tallies: &mut [&mut Tally],
        give: &mut dyn FnMut(Given<'_>),
    ) -> Sum {
        let keys = self.keys(batch.table).to_vec();
        let width = keys.len();
        if width == 0 {
            return Sum::default();
        }
        let kinds = (self.free_answer, self.special);
        let patterns = self.patterns;
        let lane = |key: &ColumnKey| {
            let verdict = plan.column(&batch.table.name, key);
            let verdict = verdict.map(|(_, verdict)| verdict);
            Lane::new(key.hash(), verdict, patterns, kinds)
        };
        let mut lanes: Vec<Lane<'_>> = keys.iter().map(lane).collect();
        // The numbers of a table's own rows are no other table's, but for those of the same beginning.
        let thing = lanes
            .iter()
            .find_map(|lane| lane.member.filter(|sort| column::is_thing(sort)));
        let own = thing.map(|sort| format!("{sort} {}", column::stem_of_table(&batch.table.name)));
        for lane in &mut lanes {
            lane.member = match lane.member {
                Some(sort) if column::is_thing(sort) => own.as_deref(),
                sort => sort,
            };
        }
        // Rows that are pieces of a record say so beside their numbers.
        let piece = lanes
            .iter()
            .any(|lane| lane.verdict.is_some_and(|verdict| verdict.piece));
        let signed = |lane: &Lane<'_>| {
            Some(format!("{}{}", column::PIECE_OF, lane.member?)).filter(|_| piece)
        };
        let signed: Vec<Option<String>> = lanes.iter().map(signed).collect();
        for (lane, signed) in lanes.iter_mut().zip(&signed) {
            lane.member = signed.as_deref().or(lane.member);
        }
        let text = Text::of(batch);
        let mut sum = Sum::default();
        let mut chunk = std::mem::take(&mut self.chunk);
        let mut rest = batch.cells;
        while rest.len() >= width {
            let n = chunk.decode(batch, text, rest, width, &mut sum);
            let (cells, after) = rest.split_at(n * width);
            rest = after;
            self.columns(&mut chunk, text, &lanes, tallies);
            if self.sampling {
                self.pairs(&chunk, text, width);
            } else {
                self.people(&mut chunk, text, cells, &lanes, sum.records, give);
            }
            sum.records += n as u64;
        }
        self.chunk = chunk;
        sum
    }

    /// Looks at the cells column by column.
    fn columns(
        &mut self,
        chunk: &mut Chunk,
        text: Option<Text<'_>>,
        lanes: &[Lane<'_>],
        tallies: &mut [&mut Tally],
    ) {
        let Chunk { row, seen, found } = chunk;
        found.clear();
        seen.clear();
        seen.resize(row.cells.len(), Seen::default());
        for (column, lane) in lanes.iter().enumerate() {
            let tally = &mut *tallies[column];
            let cells = row.cells[column..].iter().step_by(lanes.len());
            let seen = seen[column..].iter_mut().step_by(lanes.len());
            for (cell, seen) in cells.zip(seen) {
                match row.get(cell, text).filter(|value| !is_blank(value)) {
                    Some(value) => *seen = self.cell(value, column, lane, tally, found),
                    None => tally.empty += 1,
                }
            }
        }
    }

    /// Looks at one value; what stands in it is added to `found`.
    fn cell(
        &mut self,
        value: &str,
        column: usize,
        lane: &Lane<'_>,
        tally: &mut Tally,
        found: &mut Vec<Match>,
    ) -> Seen {
        let (shapes, again) = self.shapes(value, column, tally);
        // Silver Creek Advisors is no person among companies.
        let company = shapes.has(Shape::Organisation) && lane.is_of_parties(self.name);
        let accepted = !company && lane.whole.is_some_and(|whole| whole.accepts(shapes));
        // What stands in a value that is one thing as a whole is asked by nobody.
        let open = !accepted || lane.is_open(value, shapes);
        self.matches.clear();
        if !again {
            self.look_inside(value, column, shapes, (open || self.slow) && !self.sampling);
        }
        if shapes.has(Shape::Filler) {
            return Seen::default();
        }
        let first = found.len() as u32;
        found.extend(self.sufferer(lane, value).filter(|_| accepted));
        if open && !self.matches.is_empty() {
            let (name, special) = (self.name, self.special);
            // A company's name is full of people's names, and so are those of goods; somebody there is addressed as such.
            let things = lane.is_organisation() || lane.is_of_goods();
            let addressed = |of: &Match| value.get(of.end..).is_some_and(is_addressed);
            let titled = shapes.any(TITLED);
            // The number of a part is no phone.
            let phone = self.phone.filter(|_| lane.is_of_numbers());
            // Nor is the id of a message a mailbox.
            let mail = self.email.filter(|_| lane.is_of_messages());
            let somebody = self.matches.iter().any(|of| Some(of.kind) == name);
            let is_told = |of: &Match| {
                let whole = of.start == 0 && of.end == value.len();
                let number = Some(of.kind) == phone && whole;
                let things = things || (whole || titled) && lane.is_seldom_named();
                let named = things && Some(of.kind) == name && !addressed(of);
                let special = !(lane.is_of_people() || somebody) && special.contains(of.kind);
                let message = Some(of.kind) == mail;
                let disease = lane.is_said
                    && accepted
                    && Some(of.kind) == name
                    && of.confidence < SURE
                    && !lane.is_of_victims;
                // The text as a whole is one already.
                let same = |whole: &Whole| whole.kind == of.kind;
                let twice = lane.is_said && accepted && lane.whole.is_some_and(same);
                !(number || named || special || message || disease || twice)
            };
            found.extend(self.matches.drain(..).filter(is_told));
        }
        Seen {
            shapes,
            found: (first, found.len() as u32),
            speaks: true,
            accepted,
            again,
        }
    }

    /// Whom it was done to, where the value is a name, too.
    fn sufferer(&self, lane: &Lane<'_>, value: &str) -> Option<Match> {
        let kind = self
            .name
            .filter(|_| lane.is_of_sufferers() && !self.sampling)?;
        Some(Match {
            kind,
            part: Part::Whole,
            start: 0,
            end: value.len(),
            confidence: SURE,
            why: Why::default(),
        })
    }

    /// The shapes of a value, and whether they are known from a row before.
    fn shapes(&mut self, value: &str, column: usize, tally: &mut Tally) -> (Shapes, bool) {
        let Some(lately) = self.lately.get_mut(column) else {
            let shapes = classify::shapes(value);
            tally.count(value, chars(value), shapes);
            return (shapes, false);
        };
        if let Some(known) = lately.find(value) {
            tally.count(value, u64::from(known.chars), known.shapes);
            return (known.shapes, true);
        }
        let shapes = if lately.is_warm() {
            classify::shapes(value)
        } else {
            self.scanner.shapes(value)
        };
        tally.count(value, chars(value), shapes);
        (shapes, false)
    }

    /// Adds what stands in a new value to the matches if it is `open`. A value in which nothing was found is kept.
    fn look_inside(&mut self, value: &str, column: usize, shapes: Shapes, open: bool) {
        if open {
            self.scanner.inside(value, shapes, &mut self.matches);
        }
        let lately = self.lately.get_mut(column).filter(|lately| lately.keeps());
        if let Some(lately) = lately.filter(|_| self.matches.is_empty()) {
            let chars = chars(value) as u32;
            lately.keep(value, Known { shapes, chars });
        }
    }

    /// Gives what the rows hold, row by row, and of whom they speak.
    fn people(
        &mut self,
        chunk: &mut Chunk,
        text: Option<Text<'_>>,
        cells: &[Cell],
        lanes: &[Lane<'_>],
        first: u64,
        give: &mut dyn FnMut(Given<'_>),
    ) {
        let Chunk { row, seen, found } = chunk;
        let mut fields: Vec<Field<'_>> = Vec::with_capacity(lanes.len());
        let mut values: Vec<Option<&str>> = Vec::with_capacity(lanes.len());
        let mut members: Vec<(&str, &str)> = Vec::new();
        let eastern = lanes.iter().any(|lane| lane.is_of_scripts());
        let rows = row.cells.chunks_exact(lanes.len());
        let rows = rows.zip(seen.chunks_exact(lanes.len()));
        let rows = rows.zip(cells.chunks_exact(lanes.len()));
        for (record, ((decoded, seen), cells)) in (first..).zip(rows) {
            values.clear();
            values.extend(decoded.iter().map(|cell| row.get(cell, text)));
            self.pair(seen, |column| values[column]);
            let rest = self.copies(lanes, |column| values[column]);
            fields.clear();
            members.clear();
            let mut about = About::default();
            for (column, (lane, seen)) in lanes.iter().zip(seen).enumerate() {
                let found = seen.found(found);
                let tells = seen.speaks && !(lane.is_silent() && found.is_empty());
                let Some(value) = values[column].filter(|_| tells) else {
                    continue;
                };
                let bare = trimmed(value);
                about.take(lane, *seen, value, self.name);
                members.extend(lane.sorts().map(|sort| (sort, value)));
                if let Some(whole) = lane.whole.filter(|_| seen.accepted) {
                    let place = (record, column, seen.again);
                    let whole = (whole, whole.part_of(seen.shapes));
                    self.give_whole(place, whole, (value, bare.clone()), cells[column], give);
                }
                let speaks = seen.accepted || !lane.is_free;
                let people = seen.accepted || !lane.is_of_parties(self.name);
                if speaks && !(people && self.several(lane, value, &mut fields)) {
                    let value = (value, &value[bare]);
                    own_fields(lane, self.name, (seen, found), value, &mut fields);
                }
            }
            let beside = Beside {
                organisation: about.organisation,
                undecided: about.undecided,
                members: &members,
                listed: true,
                eastern,
                household: about.household,
                rest,
            };
            self.mention(&fields, beside, about.machine);
            for (column, (lane, seen)) in lanes.iter().zip(seen).enumerate() {
                let found = seen.found(found);
                if let Some(value) = values[column].filter(|_| !found.is_empty()) {
                    let place = (record, column, cells[column]);
                    self.give_found(place, (lane, &members), (value, found), give);
                }
            }
            self.give_mentions(record, give);
        }
    }

    /// Takes the mentions of a row, of which there are none where a program is behind it.
    fn mention(&mut self, fields: &[Field<'_>], beside: Beside<'_>, machine: bool) {
        self.extractor.recycle(&mut self.mentions);
        if !machine {
            self.extractor.row(fields, beside, &mut self.mentions);
        }
    }

    /// Gives what stands in a value, and what that says of the row's people or of others.
    fn give_found(
        &mut self,
        (record, column, cell): (u64, usize, Cell),
        (lane, members): (&Lane<'_>, &[(&str, &str)]),
        (value, found): (&str, &[Match]),
        give: &mut dyn FnMut(Given<'_>),
    ) {
        self.give_matches(found, value, column, cell, &mut |_| record, give);
        let open = lane.is_free || lane.is_said && !lane.is_of_sufferers();
        if (lane.whole.is_none() || open) && !lane.is_again() {
            let mentions = &mut self.mentions;
            self.extractor.note(value, found, members, mentions);
        }
    }
}

impl Worker<'_> {
    /// Of rows that are read for a guess at the plan: what stands beside what. What they say of people is asked by nobody.
    fn pairs(&mut self, chunk: &Chunk, text: Option<Text<'_>>, width: usize) {
        let Chunk { row, seen, .. } = chunk;
        let rows = row.cells.chunks_exact(width);
        for (cells, seen) in rows.zip(seen.chunks_exact(width)) {
            self.pair(seen, |column| row.get(&cells[column], text));
        }
    }

    /// Notes which mailboxes, and which phones, stand beside one another in a row.
    fn pair<'v>(&mut self, seen: &[Seen], value: impl Fn(usize) -> Option<&'v str>) {
        for (shapes, kind) in [(MAILBOXES, self.email), (PHONES, self.phone)] {
            let Some(kind) = kind else { continue };
            let is = |seen: &Seen| seen.speaks && seen.shapes.any(shapes);
            if seen.iter().map(|seen| usize::from(is(seen))).sum::<usize>() < 2 {
                continue;
            }
            let columns = seen.iter().enumerate().filter(|(_, seen)| is(seen));
            let columns = columns.take(PAIRED);
            let mut hashes = [(0, 0); PAIRED];
            let mut n = 0;
            for (column, _) in columns {
                let value = value(column).unwrap_or_default();
                hashes[n] = (
                    column,
                    identity::distinct_hash(kind, Part::Whole, value, &mut self.scratch),
                );
                n += 1;
            }
            for (at, (b, second)) in hashes[..n].iter().enumerate() {
                for (a, first) in &hashes[..at] {
                    self.pairings
                        .entry([*a, *b])
                        .or_default()
                        .count(*first, *second);
                }
            }
        }
    }

    /// Adds the people whom a cell of names lists, each in a slot of his own; whether it lists several.
    fn several<'v>(&self, lane: &Lane<'_>, value: &'v str, fields: &mut Vec<Field<'v>>) -> bool {
        let Some((verdict, whole)) = lane.verdict.zip(lane.whole) else {
            return false;
        };
        if Some(whole.kind) != self.name || whole.part != Part::Whole {
            return false;
        }
        let Some(names) = classify::names_among(value) else {
            return false;
        };
        fields.extend(names.into_iter().zip(0u16..).map(|(value, nth)| Field {
            kind: whole.kind,
            part: whole.part,
            role: verdict.role,
            slot: slot_of(verdict.slot, nth),
            value,
        }));
        true
    }
}

/// Slots of the second and further people in one cell.
const IN_CELL: u16 = (1 << 12) + (1 << 11) + (1 << 9);

/// The slot of the n-th person in a cell.
fn slot_of(slot: u16, nth: u16) -> u16 {
    match nth {
        0 => slot,
        nth => slot.saturating_add(IN_CELL).saturating_add(nth),
    }
}

/// Whether what follows a name says that it is somebody's: `株式会社みどり商事 佐藤 陽子 様`.
fn is_addressed(behind: &str) -> bool {
    let behind = behind.trim_start_matches([' ', '\u{3000}']);
    ["様", "さま", "さん", "殿"]
        .iter()
        .any(|word| behind.starts_with(word))
}

/// What a cell under a verdict says of the row's own people: its value, well written or not, or what it holds instead. `bare` is the value as
/// [`trimmed`] has it.
fn own_fields<'v>(
    lane: &Lane<'_>,
    name: Option<Kind>,
    (seen, found): (&Seen, &[Match]),
    (value, bare): (&'v str, &'v str),
    fields: &mut Vec<Field<'v>>,
) {
    let Some((verdict, whole)) = lane.verdict.zip(lane.whole) else {
        return;
    };
    let field = |kind, part, value: &'v str| Field {
        kind,
        part,
        role: verdict.role,
        slot: verdict.slot,
        value,
    };
    // One garbled value without blanks is more than what could be made out in it.
    let garbled = || {
        found.is_empty()
            || found.len() == 1
                && found[0].kind == whole.kind
                && !value.trim().contains(char::is_whitespace)
    };
    if Some(whole.kind) == name
        && let Some(entry) = column::common_name(value)
    {
        fields.push(field(whole.kind, Part::Whole, &entry[trimmed(entry)]));
        return;
    }
    let is_text = seen.shapes.has(Shape::Sentence) || seen.shapes.has(Shape::Url);
    if seen.accepted || !is_text && garbled() && !lane.is_of_parties(name) {
        fields.push(field(whole.kind, whole.part_of(seen.shapes), bare));
    } else {
        let mut names = 0;
        let found = found.iter().filter_map(|found| {
            let value = value.get(found.start..found.end)?;
            let value = &value[trimmed(value)];
            let mut field = field(found.kind, found.part, value);
            let of_names = Some(whole.kind) == name && whole.part == Part::Whole;
            if of_names && Some(found.kind) == name && found.part == Part::Whole {
                // Further names in a cell of names are other people's.
                names += 1;
                field.slot = slot_of(field.slot, names - 1);
            }
            Some(field)
        });
        fields.extend(found);
    }
}

impl Chunk {
    /// Decodes some of the rows that are left; returns their number.
    fn decode(
        &mut self,
        batch: &Batch<'_>,
        text: Option<Text<'_>>,
        cells: &[Cell],
        width: usize,
        sum: &mut Sum,
    ) -> usize {
        self.row.clear();
        let rows = cells.chunks_exact(width).take(ROWS);
        for (n, cells) in rows.enumerate() {
            if n > 0 && self.row.arena.len() >= ARENA {
                return n;
            }
            self.row.decode(batch, text, cells, sum);
        }
        self.row.cells.len() / width
    }
}
