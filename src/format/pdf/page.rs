//! The text of one page: what its content draws, put into lines by where it stands.

use std::collections::BTreeMap;
use std::rc::Rc;

use lopdf::content::{Content, Operation};
use lopdf::{Dictionary, Document, Object, ObjectId, Stream};

use super::damage;
use super::font::Font;
use super::ruled::{self, Ruling};
use super::stream;

/// Forms inside forms, and forms drawn on one page.
const DEPTH: usize = 6;
const FORMS: usize = 2_000;
/// Marked content inside marked content.
const MARKS: usize = 64;
/// Pieces of text of one page.
const PIECES: usize = 1 << 18;
/// Places of one content behind which it is taken up again.
const DAMAGES: usize = 64;
/// An operator that is put behind a content, to see whether it was read to its end.
const END: &str = "EndOfContent";

/// Fonts by their numbers: pages share them.
pub(super) type Fonts<'a> = BTreeMap<ObjectId, Rc<Font<'a>>>;

/// A piece of text and where it stands.
pub(super) struct Piece {
    pub(super) x: f32,
    pub(super) y: f32,
    /// Where it ends; about, where the font does not tell how wide it is.
    pub(super) end: f32,
    pub(super) size: f32,
    pub(super) text: String,
}

/// A cell of one line: where it stands, and its text.
pub(super) struct Cell {
    pub(super) x: f32,
    pub(super) y: f32,
    pub(super) end: f32,
    pub(super) size: f32,
    pub(super) text: String,
}

/// What was found on a page.
#[derive(Default)]
pub(super) struct Found {
    /// Tables with lines between their cells.
    pub(super) tables: Vec<ruled::Table>,
    /// Lines of cells: what stands apart in one line.
    pub(super) lines: Vec<Vec<Cell>>,
    /// Characters without a meaning.
    pub(super) unknown: usize,
    /// Whether something was drawn that may be a picture of text.
    pub(super) has_images: bool,
    /// Bytes of content that were read.
    pub(super) bytes: usize,
    /// Whether content was left out.
    pub(super) is_cut: bool,
    /// Whether content was lost to damage, and where the first stream begins that lost some.
    pub(super) is_damaged: bool,
    pub(super) damaged_at: Option<u64>,
}

/// Reads a page, with so many bytes of content at most.
pub(super) fn read<'a>(
    document: &'a Document,
    page: ObjectId,
    fonts: &mut Fonts<'a>,
    most: usize,
) -> Found {
    let resources = document.get_page_resources(page);
    let mut stack: Vec<&Dictionary> = Vec::new();
    if let Ok((own, inherited)) = resources {
        stack.extend(
            inherited
                .iter()
                .rev()
                .filter_map(|id| document.get_dictionary(*id).ok()),
        );
        stack.extend(own);
    }
    let mut reader = Reader {
        document,
        fonts,
        resources: stack,
        found: Found::default(),
        pieces: Vec::new(),
        vertical: Vec::new(),
        ruling: Ruling::default(),
        marks: Vec::new(),
        forms: 0,
        most,
    };
    reader.found.is_damaged = document.get_dictionary(page).is_err();
    let content = reader.page(page);
    reader.content(content, IDENTITY, 0);
    reader.finish()
}

type Matrix = [f32; 6];
const IDENTITY: Matrix = [1.0, 0.0, 0.0, 1.0, 0.0, 0.0];

/// First `a`, then `b`.
fn product(a: Matrix, b: Matrix) -> Matrix {
    [
        a[0] * b[0] + a[1] * b[2],
        a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2],
        a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4],
        a[4] * b[1] + a[5] * b[3] + b[5],
    ]
}

/// What `q` keeps and `Q` gives back.
#[derive(Clone)]
struct State<'a> {
    matrix: Matrix,
    font: Option<Rc<Font<'a>>>,
    size: f32,
    leading: f32,
    /// What is added to every character, and how far all are stretched (ISO 32000-1, 9.3).
    spacing: f32,
    stretch: f32,
}

impl State<'_> {
    fn new(matrix: Matrix) -> Self {
        Self {
            matrix,
            font: None,
            size: 1.0,
            leading: 0.0,
            spacing: 0.0,
            stretch: 1.0,
        }
    }

    /// Takes what sets one number of the state.
    fn take(&mut self, operator: &str, n: impl Fn(usize) -> f32) {
        match operator {
            "cm" => self.matrix = product([n(0), n(1), n(2), n(3), n(4), n(5)], self.matrix),
            "Tc" => self.spacing = n(0),
            "Tz" => self.stretch = n(0) / 100.0,
            "TL" => self.leading = n(0),
            _ => {}
        }
    }

    /// Where a point stands on the page.
    fn place(&self, x: f32, y: f32) -> (f32, f32) {
        let place = product([1.0, 0.0, 0.0, 1.0, x, y], self.matrix);
        (place[4], place[5])
    }
}

struct Reader<'a, 'f> {
    document: &'a Document,
    fonts: &'f mut Fonts<'a>,
    /// Resources in force, the innermost last.
    resources: Vec<&'a Dictionary>,
    found: Found,
    pieces: Vec<Piece>,
    vertical: Vec<Piece>,
    ruling: Ruling,
    /// Of marked content that is open: the text that stands for what is shown (ISO 32000-1, 14.9.4), until it was given.
    marks: Vec<Option<String>>,
    forms: usize,
    most: usize,
}

/// What the operators of one content change.
struct Drawing<'a> {
    state: State<'a>,
    states: Vec<State<'a>>,
    line: Matrix,
    text: Matrix,
    depth: usize,
}

impl<'a> Reader<'a, '_> {
    /// The content of a page: its streams one behind the other.
    fn page(&mut self, page: ObjectId) -> Vec<u8> {
        let mut content = Vec::new();
        for id in self.document.get_page_contents(page) {
            let stream = self.document.get_object(id).and_then(Object::as_stream);
            match stream {
                Ok(stream) => self.plain(stream, Some(id), &mut content),
                Err(_) => self.found.is_damaged = true,
            }
            content.push(b'\n');
        }
        content
    }

    /// Adds what a stream holds to a content.
    fn plain(&mut self, stream: &Stream, id: Option<ObjectId>, content: &mut Vec<u8>) {
        let used = self.found.bytes + content.len();
        match stream::plain(stream, self.most.saturating_sub(used)) {
            Ok(plain) => {
                content.extend(plain.bytes);
                if plain.is_damaged {
                    let at = id.and_then(|id| damage::place(self.document, id));
                    self.found.damaged_at = self.found.damaged_at.or(at);
                    self.found.is_damaged = true;
                }
            }
            Err(stream::TooLong) => self.found.is_cut = true,
        }
    }

    /// Does what a content says. Where it cannot be understood it is taken up again at the next text object.
    fn content(&mut self, mut content: Vec<u8>, matrix: Matrix, depth: usize) {
        self.found.bytes += content.len();
        content.push(b'\n');
        content.extend(END.bytes());
        let mut drawing = Drawing {
            state: State::new(matrix),
            states: Vec::new(),
            line: IDENTITY,
            text: IDENTITY,
            depth,
        };
        let mut rest = content.as_slice();
        for _ in 0..DAMAGES {
            let Some(begun) = self.operations(rest, &mut drawing) else {
                return;
            };
            self.found.is_damaged = true;
            match text_objects(rest).nth(begun) {
                Some(at) => rest = &rest[at..],
                None => return,
            }
        }
    }

    /// Does what a content says, and where it does not come to its end, says how many text objects it saw begin.
    fn operations(&mut self, content: &[u8], drawing: &mut Drawing<'a>) -> Option<usize> {
        let (mut begun, mut is_over) = (0, false);
        for operation in Content::decode_iter(content) {
            let Ok(Operation { operator, operands }) = operation else {
                return Some(begun);
            };
            begun += usize::from(operator == "BT");
            is_over = operator == END;
            self.operation(&operator, &operands, drawing);
        }
        (!is_over).then_some(begun)
    }

    fn operation(&mut self, operator: &str, operands: &[Object], drawing: &mut Drawing<'a>) {
        let Drawing {
            state,
            states,
            line,
            text,
            depth,
        } = drawing;
        let n = |nth: usize| {
            operands
                .get(nth)
                .and_then(|o| o.as_float().ok())
                .unwrap_or(0.0)
        };
        match operator {
            "q" if states.len() < 64 => states.push(state.clone()),
            "Q" => *state = states.pop().unwrap_or_else(|| state.clone()),
            "BT" => (*line, *text) = (IDENTITY, IDENTITY),
            "Tf" => {
                state.font = operands
                    .first()
                    .and_then(|o| o.as_name().ok())
                    .and_then(|name| self.font(name));
                state.size = n(1);
            }
            "Tm" => {
                *line = [n(0), n(1), n(2), n(3), n(4), n(5)];
                *text = *line;
            }
            "Td" | "TD" => {
                if operator == "TD" {
                    state.leading = -n(1);
                }
                *line = product([1.0, 0.0, 0.0, 1.0, n(0), n(1)], *line);
                *text = *line;
            }
            "T*" | "'" | "\"" => {
                *line = product([1.0, 0.0, 0.0, 1.0, 0.0, -state.leading], *line);
                *text = *line;
                if let Some(string) = operands.last().filter(|_| operator != "T*") {
                    self.show(std::slice::from_ref(string), state, text);
                }
            }
            "Tj" => self.show(operands, state, text),
            "TJ" => {
                if let Some(Ok(strings)) = operands.first().map(Object::as_array) {
                    self.show(strings, state, text);
                }
            }
            "Do" => {
                if let Some(Ok(name)) = operands.first().map(Object::as_name) {
                    self.object(name, state.matrix, *depth);
                }
            }
            "BMC" | "BDC" | "EMC" => self.mark(operator, operands.last()),
            "BI" => self.found.has_images = true,
            other => {
                state.take(other, n);
                self.ruling.take(other, n, |x, y| state.place(x, y));
            }
        }
    }

    /// Begins or ends marked content.
    fn mark(&mut self, operator: &str, properties: Option<&Object>) {
        if operator == "EMC" {
            self.marks.pop();
        } else if self.marks.len() < MARKS {
            let properties = properties.filter(|_| operator == "BDC");
            let mark = properties.and_then(|properties| self.actual_text(properties));
            self.marks.push(mark);
        }
    }

    /// A resource of these names, the innermost first.
    fn resource(&self, kind: &[u8], name: &[u8]) -> Option<&'a Object> {
        self.resources.iter().rev().find_map(|resources| {
            let of_kind = resources
                .get_deref(kind, self.document)
                .and_then(Object::as_dict)
                .ok()?;
            of_kind.get(name).ok()
        })
    }

    /// The text that stands for marked content, by its properties: a dictionary, or the name of one.
    fn actual_text(&self, properties: &Object) -> Option<String> {
        let text = match properties {
            Object::Dictionary(dict) => dict.get(b"ActualText").ok()?,
            name => {
                let found = self.resource(b"Properties", name.as_name().ok()?)?;
                let (_, found) = self.document.dereference(found).ok()?;
                found.as_dict().ok()?.get(b"ActualText").ok()?
            }
        };
        Some(super::string(text).unwrap_or_default())
    }

    fn font(&mut self, name: &[u8]) -> Option<Rc<Font<'a>>> {
        let object = self.resource(b"Font", name)?;
        let (id, font) = self.document.dereference(object).ok()?;
        let dict = font.as_dict().ok()?;
        match id {
            Some(id) => {
                let document = self.document;
                Some(
                    self.fonts
                        .entry(id)
                        .or_insert_with(|| Rc::new(Font::new(dict, document)))
                        .clone(),
                )
            }
            None => Some(Rc::new(Font::new(dict, self.document))),
        }
    }

    /// Draws a form, or notes that there is an image.
    fn object(&mut self, name: &[u8], matrix: Matrix, depth: usize) {
        let found = self
            .resource(b"XObject", name)
            .and_then(|object| self.document.dereference(object).ok());
        let Some((id, Ok(stream))) = found.map(|(id, object)| (id, object.as_stream())) else {
            return;
        };
        let kind = stream
            .dict
            .get(b"Subtype")
            .and_then(Object::as_name)
            .unwrap_or_default();
        self.found.has_images |= kind == b"Image";
        self.forms += 1;
        if kind != b"Form" || depth >= DEPTH || self.forms > FORMS || self.found.bytes >= self.most
        {
            self.found.is_cut |= kind == b"Form";
            return;
        }
        self.form(stream, id, matrix, depth);
    }

    fn form(&mut self, stream: &'a Stream, id: Option<ObjectId>, matrix: Matrix, depth: usize) {
        let mut content = Vec::new();
        self.plain(stream, id, &mut content);
        let own = stream
            .dict
            .get_deref(b"Matrix", self.document)
            .and_then(Object::as_array);
        let own: Vec<f32> = own.map_or(Vec::new(), |m| {
            m.iter().filter_map(|n| n.as_float().ok()).collect()
        });
        let own: Matrix = own.try_into().unwrap_or(IDENTITY);
        let resources = stream
            .dict
            .get_deref(b"Resources", self.document)
            .and_then(Object::as_dict)
            .ok();
        self.resources.extend(resources);
        self.content(content, product(own, matrix), depth + 1);
        if resources.is_some() {
            self.resources.pop();
        }
    }

    /// Shows strings, and moves on by their width.
    fn show(&mut self, strings: &[Object], state: &State<'a>, at: &mut Matrix) {
        let Some(font) = &state.font else {
            return;
        };
        let (mut text, width) = self.text(strings, font, state);
        if let Some(actual) = self.marks.iter_mut().flatten().next() {
            text = std::mem::take(actual);
        }
        let place = product(*at, state.matrix);
        let scale = (place[0].abs() + place[1].abs()).max(0.01);
        let size = (state.size.abs() * (place[2].abs() + place[3].abs())).max(0.1);
        let pieces = if font.is_vertical {
            &mut self.vertical
        } else {
            &mut self.pieces
        };
        if text.trim().is_empty() {
            // A space that is drawn for itself.
            let behind = |last: &&mut Piece| {
                (last.y - place[5]).abs() < size * 0.1 && (place[4] - last.end).abs() < size
            };
            if let Some(last) = pieces.last_mut().filter(behind)
                && !text.is_empty()
            {
                last.text.push(' ');
                last.end = place[4] + width * scale;
            }
        } else if pieces.len() < PIECES {
            pieces.push(Piece {
                x: place[4],
                y: place[5],
                end: place[4] + width * scale,
                size,
                text,
            });
        }
        let step = if font.is_vertical {
            [0.0, -width]
        } else {
            [width, 0.0]
        };
        *at = product([1.0, 0.0, 0.0, 1.0, step[0], step[1]], *at);
    }

    /// The text of strings, and how far they move on.
    fn text(&mut self, strings: &[Object], font: &Font<'a>, state: &State<'a>) -> (String, f32) {
        let (mut text, mut width) = (String::new(), 0.0);
        for string in strings {
            match string {
                Object::String(bytes, _) => {
                    let before = text.len();
                    let unknown = font.decode(bytes, &mut text);
                    // Not where the document tells what stands there.
                    if self.marks.iter().flatten().next().is_none() {
                        self.found.unknown += unknown;
                    }
                    let shown = &text[before..];
                    let about = || shown.chars().map(width_of).sum();
                    let told = font.widths.as_ref().filter(|_| !font.is_vertical);
                    width += told.map_or_else(about, |widths| widths.of(bytes)) * state.size;
                    width += shown.chars().count() as f32 * state.spacing;
                }
                number => {
                    let shift = number.as_float().unwrap_or(0.0) / 1000.0;
                    // A gap of more than a character stands between cells.
                    if !font.is_vertical && shift < -1.5 {
                        text.push('\t');
                    } else if !font.is_vertical
                        && shift < -0.2
                        && text.ends_with(|c: char| c.is_ascii_graphic())
                    {
                        text.push(' ');
                    }
                    width -= shift * state.size;
                }
            }
        }
        if !font.is_vertical {
            width *= state.stretch;
        }
        (text, width)
    }

    fn finish(mut self) -> Found {
        self.found.tables = ruled::take(std::mem::take(&mut self.ruling), &mut self.pieces);
        self.pieces
            .sort_by(|a, b| b.y.total_cmp(&a.y).then(a.x.total_cmp(&b.x)));
        let mut rest = self.pieces.as_mut_slice();
        while let Some(first) = rest.first() {
            let (y, size) = (first.y, first.size);
            let len = rest
                .iter()
                .take_while(|piece| (piece.y - y).abs() <= size * 0.4)
                .count()
                .max(1);
            let (line, below) = rest.split_at_mut(len);
            line.sort_by(|a, b| a.x.total_cmp(&b.x));
            self.found.lines.push(cells(line));
            rest = below;
        }
        // Lines from the right to the left.
        self.vertical
            .sort_by(|a, b| b.x.total_cmp(&a.x).then(b.y.total_cmp(&a.y)));
        for line in self
            .vertical
            .chunk_by(|a, b| (a.x - b.x).abs() <= a.size * 0.4)
        {
            let text: String = line.iter().map(|piece| piece.text.as_str()).collect();
            self.found.lines.push(vec![Cell {
                x: line[0].x,
                y: line[0].y,
                end: line[0].x,
                size: line[0].size,
                text,
            }]);
        }
        self.found
    }
}

/// Where the text objects of a content begin, as far as its bytes alone tell.
fn text_objects(content: &[u8]) -> impl Iterator<Item = usize> {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'/');
    memchr::memmem::find_iter(content, b"BT").filter(move |&at| {
        !is_word(at.checked_sub(1).and_then(|before| content.get(before)))
            && !is_word(content.get(at + 2).filter(|b| **b != b'/'))
    })
}

/// About how wide a character is, in sizes of its font.
pub(super) fn width_of(c: char) -> f32 {
    if c.is_ascii() || ('\u{ff61}'..='\u{ff9f}').contains(&c) || c < '\u{250}' {
        0.5
    } else {
        1.0
    }
}

/// The cells of a line: pieces that stand close together are one.
fn cells(line: &[Piece]) -> Vec<Cell> {
    let mut cells: Vec<Cell> = Vec::new();
    let mut end = f32::NEG_INFINITY;
    for piece in line {
        for (nth, part) in piece.text.split('\t').enumerate() {
            let gap = piece.x - end;
            match cells.last_mut() {
                Some(Cell {
                    text, end: last, ..
                }) if nth == 0 && gap <= piece.size * 0.9 => {
                    let ascii = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
                    if gap > piece.size * 0.15
                        && ascii(text.chars().last())
                        && ascii(part.chars().next())
                    {
                        text.push(' ');
                    }
                    text.push_str(part);
                    *last = last.max(piece.end);
                }
                _ => cells.push(Cell {
                    x: piece.x,
                    y: piece.y,
                    end: piece.end,
                    size: piece.size,
                    text: part.to_owned(),
                }),
            }
        }
        end = end.max(piece.end);
    }
    cells.retain(|cell| !cell.text.trim().is_empty());
    cells
}
