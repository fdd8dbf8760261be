//! What a column holds: from its name and the tally of its values' shapes to a verdict. Sees counts, never values.
//!
//! In: the columns of one table, each with its name and [`Tally`]. Out: a [`Verdict`] for each. Header words and the shapes of
//! the whole column decide together (`named`); either alone suffices where it is strong (`shaped`); the other columns and the
//! table's name say whether the rows are about people (`table`); one record may speak of several people (`several`, `pairing`), and point at one of
//! another table (`member`), also over rows of numbers alone (`bridge`) or as the source declares (`links`), beside those who look after him (`staff`), and the rows of one household name its head (`led`); lists of stolen accounts have no names of columns (`stolen`), nor have other lists of people (`unnamed`); names of goods, places and organisations are nobody's (`goods`, `things`), nor are the numbers of things phones (`others`) and the ids of messages mailboxes (`messages`), but where they stand among people's (`parties`), nor are readings of things (`readings`). Rows may be copies of one record (`copies`).

mod attributes;
mod bridge;
mod copies;
mod fields;
mod first_row;
mod goods;
mod labelled;
mod led;
mod links;
mod member;
mod messages;
mod named;
mod named_cards;
mod named_people;
mod others;
mod own_names;
mod pairing;
mod parties;
mod people_words;
mod readings;
mod several;
mod shaped;
mod shifts;
mod staff;
mod stolen;
mod table;
#[cfg(test)]
mod tests;
mod things;
mod unnamed;

pub use attributes::attributes;
pub use bridge::{Judged, bridge, leads_on};
pub use copies::{Copies, Side, side};
pub use first_row::is_header;
pub use links::{PERHAPS, PIECE_OF, link};
pub use member::{Sort, is_thing, stem_of_table};
pub use own_names::{AGAIN, common_name};
pub use pairing::{Pairing, is_met};

use std::hash::BuildHasher;

use foldhash::fast::FixedState;

use crate::classify::{Shape, Shapes};
use crate::pattern::{HeaderHit, Kind, Part, Patterns, Role};

/// Counts over a column's values; tallies of parts add up.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Values that are neither absent, empty nor fillers.
    pub values: u64,
    /// Absent, empty and filler values.
    pub empty: u64,
    /// Characters of all values.
    pub chars: u64,
    /// Values that have each [`Shape`].
    pub shapes: [u64; 64],
    /// A bit of 64 for each different value, chosen by its hash; all of them from a few on, so that it does not hang on the order.
    pub different: u64,
    /// The least and the greatest of the values that are whole numbers; the first is greater while there is none.
    pub span: (u64, u64),
}

/// The span of no numbers.
const NO_SPAN: (u64, u64) = (u64::MAX, 0);

/// Shapes of whole numbers, and how long the longest is.
const WHOLE: Shapes = Shapes::of(&[Shape::Integer, Shape::Digits, Shape::Code]);
const LONGEST_WHOLE: usize = 18;

/// So many different values are many: no more are told apart.
const MANY: u32 = 8;

impl Default for Tally {
    fn default() -> Self {
        Self {
            values: 0,
            empty: 0,
            chars: 0,
            shapes: [0; 64],
            different: 0,
            span: NO_SPAN,
        }
    }
}

impl Tally {
    /// Adds another part's tally.
    pub fn add(&mut self, other: &Tally) {
        self.values += other.values;
        self.empty += other.empty;
        self.chars += other.chars;
        for (mine, other) in self.shapes.iter_mut().zip(other.shapes) {
            *mine += other;
        }
        self.differ(other.different);
        self.span.0 = self.span.0.min(other.span.0);
        self.span.1 = self.span.1.max(other.span.1);
    }

    /// Adds bits of different values.
    fn differ(&mut self, bits: u64) {
        self.different |= bits;
        if self.different.count_ones() >= MANY {
            self.different = u64::MAX;
        }
    }

    /// Whether the same value stands in every row, of three and more.
    fn is_constant(&self) -> bool {
        self.values >= 3 && self.different.count_ones() == 1
    }

    /// Counts one value that is not blank: its characters and shapes.
    pub fn count(&mut self, value: &str, chars: u64, shapes: Shapes) {
        if shapes.has(Shape::Filler) {
            self.empty += 1;
            return;
        }
        self.values += 1;
        self.chars += chars;
        if self.different != u64::MAX {
            let hash = FixedState::with_seed(0).hash_one(value.as_bytes());
            self.differ(1 << (hash % 64));
        }
        if shapes.any(WHOLE)
            && value.len() <= LONGEST_WHOLE
            && let Ok(number) = value.trim_ascii().parse()
        {
            self.span = (self.span.0.min(number), self.span.1.max(number));
        }
        let mut bits = shapes.0;
        while bits != 0 {
            self.shapes[bits.trailing_zeros() as usize] += 1;
            bits &= bits - 1;
        }
    }

    /// Share of the values that have a shape, 0 to 1.
    pub fn share(&self, shape: Shape) -> f64 {
        if self.values == 0 {
            0.0
        } else {
            self.shapes[shape as usize] as f64 / self.values as f64
        }
    }
}

/// Characters of a text.
pub fn chars(text: &str) -> u64 {
    // All bytes but those that go on with a character; a chunk's number fits a byte, so that the compiler counts many at once.
    let starts = |chunk: &[u8]| {
        let ones = chunk.iter().map(|&byte| u8::from(byte as i8 >= -0x40));
        u64::from(ones.fold(0u8, u8::wrapping_add))
    };
    text.as_bytes().chunks(192).map(starts).sum()
}

/// What a column holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// What the whole value is, if it is one thing.
    pub whole: Option<Whole>,
    /// Of whom the column speaks.
    pub role: Role,
    /// Second and further person of one role.
    pub slot: u16,
    /// The column says which organisation (a company name): its rows may be about companies.
    pub organisation: bool,
    /// The column names goods: what looks like a name in it is a part of theirs.
    pub goods: bool,
    /// The column holds numbers of things: a value of it is no phone, however it is written.
    pub numbers: bool,
    /// The column is called after something else, and seldom holds what looks like somebody's name: a whole value that does is like one by chance.
    pub seldom: bool,
    /// Where people and organisations stand in the column: whose a name is that no list has.
    pub unlisted: Unlisted,
    /// The column points at people by numbers of this sort (`user`, `customer`): who has an equal one in any table is one person.
    pub member: Option<Sort>,
    /// The numbers may be those of this sort, too: nothing says so but what the column is called.
    pub perhaps: Option<Sort>,
    /// The rows are pieces of records: the table is one of names and values.
    pub piece: bool,
    /// The column tells of rows that a program, not a person, is behind them.
    pub machine: bool,
    /// The values are full names of other scripts than Latin and Japanese: one word of Chinese characters or Hangul is a whole name.
    pub scripts: bool,
    /// Copies of a record agree in the column, and strangers do not in all such columns.
    pub copied: bool,
    /// The column holds ids of messages, which have the form of mailboxes (RFC 5322, 3.6.4): a value of it is none.
    pub messages: bool,
    /// The column holds numbers of households, whose head the rows name.
    pub household: bool,
    /// The rows are about people, so that words of illness, creed or crime in the column are said of somebody.
    pub people: bool,
}

/// A column whose values are one kind.
#[derive(Clone, Debug, PartialEq)]
pub struct Whole {
    /// The kind.
    pub kind: Kind,
    /// Which piece of it.
    pub part: Part,
    /// 0 to 1.
    pub confidence: f32,
    /// Why.
    pub evidence: Vec<Evidence>,
    /// Values with none of these shapes are not counted as matches (but scanned as text); empty = every value counts.
    pub accept: Shapes,
    /// Masked values and ruined numbers are told apart from full ones; not in addresses, whose readable half still says where.
    pub tells_masked: bool,
}

impl Whole {
    /// Whether a value of these shapes counts as a match.
    pub fn accepts(&self, shapes: Shapes) -> bool {
        self.accept == Shapes::NONE || shapes.any(self.accept)
    }

    /// Which piece a value of these shapes is: the column's, unless it is masked or its digits are lost.
    pub fn part_of(&self, shapes: Shapes) -> Part {
        if !self.tells_masked {
            self.part
        } else if shapes.has(Shape::Masked) {
            Part::Masked
        } else if shapes.has(Shape::Ruined) {
            Part::Ruined
        } else {
            self.part
        }
    }
}

/// Why; the report's `evidence` in this room's words.
#[derive(Clone, Debug, PartialEq)]
pub enum Evidence {
    /// A shape fits this share of the values.
    Pattern {
        /// Name of the shape or pattern.
        id: String,
        /// 0 to 1.
        share: f64,
    },
    /// A check digit was computed.
    Check {
        /// Its name.
        name: String,
        /// Values that pass.
        passed: u64,
        /// Values that fail.
        failed: u64,
    },
    /// The column's name.
    Header {
        /// The vocabulary's word.
        word: String,
    },
    /// This share of the values is in a list.
    List {
        /// Its name.
        name: String,
        /// 0 to 1.
        share: f64,
    },
    /// A neighbouring column or the words around.
    Context {
        /// The word or column.
        word: String,
    },
}

/// What was seen of whole rows.
#[derive(Clone, Copy, Debug, Default)]
pub struct Seen<'s> {
    /// Columns of mailboxes or phones, by their places, and what stands beside what in them.
    pub pairings: &'s [(usize, usize, &'s Pairing)],
    /// Rows that may be copies of one record, and the hashes of the columns' keys.
    pub copies: Option<(&'s Copies, &'s [u64])>,
}

/// Whose a name is that no list has, in a column of people and organisations.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unlisted {
    /// An organisation's.
    #[default]
    Organisation,
    /// Perhaps somebody's: its row could be anybody's.
    Undecided,
    /// Somebody's.
    Person,
}

/// Decides every column of a table together: siblings (姓 beside 名) support each other.
pub fn verdicts(
    patterns: &Patterns,
    name: &str,
    columns: &[(Option<&str>, &Tally)],
    seen: Seen<'_>,
) -> Vec<Verdict> {
    let mut views: Vec<View<'_>> = views(patterns, columns);
    messages::note(&mut views);
    things::of_animals(&mut views);
    goods::leave_out(name, &mut views);
    let table = table::Table::of(name, &views);
    let mut verdicts: Vec<Verdict> = views
        .iter()
        .map(|view| decide(patterns, view, &table))
        .collect();
    shaped::siblings(patterns, &views, &table, &mut verdicts);
    stolen::combolist(patterns, &views, &mut verdicts);
    shaped::not_people(patterns, &views, &table, &mut verdicts);
    parties::note(patterns, &views, &table, &mut verdicts);
    things::note(patterns, &views, &table, &mut verdicts);
    readings::follow(patterns, &views, &mut verdicts);
    led::follow(patterns, &views, &mut verdicts);
    several::parents(patterns, &mut verdicts);
    several::householder(patterns, &views, &mut verdicts);
    several::ends(patterns, &views, &mut verdicts);
    several::other_side(patterns, &views, &mut verdicts);
    several::strangers(patterns, &views, &mut verdicts);
    several::tell_apart(patterns, columns, &mut verdicts);
    several::side_by_side(patterns, &views, &mut verdicts);
    pairing::apart(patterns, &views, seen.pairings, &mut verdicts);
    attributes::note(patterns, &views, &mut verdicts);
    own_names::note(patterns, &views, &mut verdicts);
    member::note(patterns, name, &views, &mut verdicts);
    staff::note(patterns, name, &views, &mut verdicts);
    led::households(patterns, &views, &mut verdicts);
    if let Some(copies) = seen.copies {
        copies::note(patterns, copies, &mut verdicts);
    }
    verdicts
}

/// One column, as this room looks at it.
struct View<'a> {
    name: Option<&'a str>,
    tally: &'a Tally,
    hit: Option<HeaderHit>,
}

impl View<'_> {
    /// Share of the values that have the commonest of these shapes: a lower bound of those that have one.
    fn most(&self, shapes: &[Shape]) -> f64 {
        shapes
            .iter()
            .map(|&shape| self.tally.share(shape))
            .fold(0.0, f64::max)
    }

    /// Share of the values that have one of these shapes, where few values have two of them.
    fn sum(&self, shapes: &[Shape]) -> f64 {
        shapes
            .iter()
            .map(|&shape| self.tally.share(shape))
            .sum::<f64>()
            .min(1.0)
    }

    fn sort(&self) -> &str {
        self.hit.as_ref().map_or("", |hit| hit.sort.as_str())
    }

    fn strength(&self) -> u8 {
        self.hit.as_ref().map_or(0, |hit| hit.strength)
    }

    fn part(&self) -> Part {
        self.hit.as_ref().map_or(Part::Whole, |hit| hit.part)
    }

    /// Whether the column has no name, or one that a program gave it: `c3`, `Column 3`, `_c3`, `Unnamed: 3`, `列3`.
    fn nameless(&self) -> bool {
        const GIVEN: [&str; 14] = [
            "c",
            "_c",
            "col",
            "column",
            "f",
            "field",
            "v",
            "x",
            "var",
            "unnamed",
            "spalte",
            "列",
            "カラム",
            "フィールド",
        ];
        let Some(name) = self.name.map(str::trim) else {
            return true;
        };
        let front = name.trim_end_matches(|c: char| c.is_ascii_digit());
        let front = front.trim_end_matches(['_', ' ', ':', '-']);
        front.len() < name.len() && GIVEN.iter().any(|word| front.eq_ignore_ascii_case(word))
    }

    /// Characters of a value on average.
    fn length(&self) -> f64 {
        self.tally.chars as f64 / self.tally.values.max(1) as f64
    }

    /// Whether the name says that the column holds something else: a product, an organisation, a code.
    fn speaks_against(&self) -> bool {
        self.hit.as_ref().is_some_and(|hit| {
            hit.strength >= 2 && (hit.kind.is_none() || hit.sort.starts_with("org."))
        })
    }

    /// The number at the end of the name: 2 of `tel2`; or the piece that its words tell: 下4桁.
    fn ordinal(&self) -> Option<u32> {
        const WORDS: [(&str, u32); 13] = [
            ("市外局番", 1),
            ("市内局番", 2),
            ("局番", 2),
            ("加入者番号", 3),
            ("上3桁", 1),
            ("上３桁", 1),
            ("前3桁", 1),
            ("下4桁", 2),
            ("下４桁", 2),
            ("後4桁", 2),
            ("後ろ4桁", 2),
            ("親番", 1),
            ("子番", 2),
        ];
        let name = self.name?.trim_end_matches([')', '）', ']']);
        if let Some(&(_, number)) = WORDS.iter().find(|word| name.ends_with(word.0)) {
            return Some(number);
        }
        let digits = name.len() - name.trim_end_matches(|c: char| c.is_ascii_digit()).len();
        if !(1..=2).contains(&digits) {
            return None;
        }
        name[name.len() - digits..].parse().ok()
    }

    /// A finding in this column, with the evidence of its name and of the commonest of `shapes`, which are also what counts as
    /// a match; no shapes = every value.
    fn found(
        &self,
        patterns: &Patterns,
        kind: &str,
        part: Part,
        confidence: f64,
        shapes: &[Shape],
    ) -> Option<Whole> {
        let mut evidence = Vec::new();
        if let Some(hit) = self.hit.as_ref().filter(|hit| hit.kind.is_some()) {
            evidence.push(Evidence::Header {
                word: hit.word.clone(),
            });
        }
        let top = shapes
            .iter()
            .copied()
            .max_by(|&a, &b| self.tally.share(a).total_cmp(&self.tally.share(b)));
        if let Some(shape) = top.filter(|&shape| self.tally.share(shape) > 0.0) {
            let (id, share) = (shape.as_str().to_owned(), self.tally.share(shape));
            let listed = matches!(
                shape,
                Shape::JpFullName
                    | Shape::JpSurname
                    | Shape::JpGiven
                    | Shape::LatinFullName
                    | Shape::ScriptFullName
                    | Shape::LatinSurname
                    | Shape::LatinGiven
                    | Shape::Occupation
                    | Shape::Gender
                    | Shape::JpPrefecture
                    | Shape::Country
            );
            evidence.push(if listed {
                Evidence::List { name: id, share }
            } else {
                Evidence::Pattern { id, share }
            });
        }
        let confidence = confidence.clamp(0.05, 0.99) as f32;
        Some(Whole {
            kind: patterns.kind(kind)?,
            part,
            confidence,
            evidence,
            accept: Shapes::of(shapes),
            tells_masked: !matches!(kind, "postal-address" | "free-answer"),
        })
    }
}

/// What a column of this name is called in full where numbers stand in it: the `patient` of a table of diagnoses.
fn numbered<'n>(name: &'n str, tally: &Tally) -> &'n str {
    let coded = || {
        member::CODES
            .iter()
            .map(|&shape| tally.share(shape))
            .sum::<f64>()
            >= 0.9
    };
    let bare = name.trim();
    match bare.eq_ignore_ascii_case("patient") || bare == "患者" {
        true if coded() => "patient_id",
        _ => name,
    }
}

/// The columns with what their names say. A column without a name to the right of 住所 inherits it (four blank cells follow 住所
/// in what a common Japanese generator writes).
fn views<'a>(patterns: &Patterns, columns: &[(Option<&'a str>, &'a Tally)]) -> Vec<View<'a>> {
    let mut views: Vec<View<'a>> = Vec::with_capacity(columns.len());
    // DynamoDB's exports: the record itself, and no `Item.name` of goods.
    let is_item = |column: &(Option<&str>, _)| {
        let name = column.0.unwrap_or_default();
        name.starts_with("Item.")
    };
    let items = columns.iter().all(is_item);
    let fields = ["bundle", "delta"]
        .iter()
        .all(|of| columns.iter().any(|column| column.0 == Some(*of)));
    let inner = |name: &'a str| {
        let item = name.strip_prefix("Item.").filter(|_| items);
        item.or_else(|| fields::bare(name).filter(|_| fields))
    };
    for &(name, tally) in columns {
        // The values of a list without a header are at `[]`.
        let name = name.filter(|name| !matches!(name.trim(), "" | "[]"));
        let hit = match name {
            // c1, l2, o3: a letter is the word of directories only where it stands alone.
            Some(name) => patterns
                .header(numbered(inner(name).unwrap_or(name), tally))
                .filter(|hit| hit.word.len() > 1 || name.trim().len() == 1),
            None => views
                .last()
                .and_then(|left| left.hit.clone())
                .filter(|hit| hit.sort == "address.full"),
        };
        views.push(View { name, tally, hit });
    }
    views
}

/// The slot of a relative whom a column names without saying which.
const RELATIVE: u16 = 29;

fn decide(patterns: &Patterns, view: &View<'_>, table: &table::Table) -> Verdict {
    let column = named::Column {
        patterns,
        view,
        table,
    };
    let whole = match view.tally.values {
        0 => None,
        _ => shaped::beyond_doubt(patterns, view, table)
            .or_else(|| named::decide(patterns, view, table))
            .or_else(|| shaped::alone(patterns, view, table))
            .or_else(|| column.called()),
    };
    let (mut role, mut slot) = view
        .hit
        .as_ref()
        .map_or((Role::Own, 0), |hit| (hit.role, hit.slot));
    let named = |kind: &str| {
        let is = |whole: &Whole| Some(whole.kind) == patterns.kind(kind);
        whole.as_ref().is_some_and(is)
    };
    // The names of a relative are not those of the row's own person.
    if view.sort() == "family" && role == Role::Own && named("person-name") {
        (role, slot) = (Role::Other, RELATIVE);
    }
    let company = view.sort() == "org.name"
        && view.tally.values > 0
        && view.most(&[Shape::Integer, Shape::Date]) < 0.5;
    let told = whole.is_some() && !named("employer");
    let organisation = !told
        && (company || view.tally.share(Shape::Organisation) >= 0.5 || column.is_of_companies());
    let seldom = whole.is_none() && others::is_seldom_named(view);
    let whole_is_none = whole.is_none();
    let scripts = named("person-name") && view.tally.share(Shape::ScriptFullName) >= 0.5;
    Verdict {
        whole,
        role,
        slot,
        scripts,
        organisation,
        goods: view.sort() == "neg.product" && view.strength() == 3,
        numbers: view.sort() == "neg.code" && view.strength() >= 2
            || whole_is_none && others::is_other_number(view),
        seldom,
        unlisted: Unlisted::Organisation,
        member: None,
        perhaps: None,
        piece: false,
        copied: false,
        messages: view.sort() == messages::SORT,
        household: false,
        machine: view.name.is_some_and(member::is_machine),
        people: table.people && !table.things && !view.speaks_against(),
    }
}
