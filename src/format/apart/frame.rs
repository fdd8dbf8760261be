//! What goes through the pipe: a tag, numbers with their low byte first, strings and lists behind their length.

use std::io::{self, Error, ErrorKind, Read, Write};

use crate::format::{Batch, Cell, Reference, Shape, Table};
use crate::source::{Code, Fault};
use crate::text::{Encoding, Escape};

/// Bytes of one list; no reader gives more at a time.
const LONGEST: u32 = 1 << 31;
/// Bytes of a member that are sent at a time.
const CHUNK: usize = 1 << 20;

const ENCODINGS: [Encoding; 7] = [
    Encoding::Utf8,
    Encoding::Utf16Le,
    Encoding::Utf16Be,
    Encoding::ShiftJis,
    Encoding::EucJp,
    Encoding::Iso2022Jp,
    Encoding::Windows1252,
];
const SHAPES: [Shape; 5] = [
    Shape::Rows,
    Shape::Mail,
    Shape::Lines,
    Shape::Carved,
    Shape::Code,
];

/// What a reader says once it has opened its source.
pub(super) struct Hello {
    pub(super) parts: usize,
    pub(super) encoding: Option<&'static str>,
    pub(super) faults: Vec<Fault>,
    pub(super) references: Vec<Reference>,
}

/// A batch that owns its bytes.
pub(super) struct Owned {
    encoding: Encoding,
    escape: Escape,
    origin: Option<u64>,
    bytes: Vec<u8>,
    cells: Vec<Cell>,
}

impl Owned {
    /// Its bytes.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// The batch, if its cells are those of the table and lie in its bytes.
    pub(super) fn of<'a>(&'a self, table: &'a Table) -> Option<Batch<'a>> {
        let inside = |cell: &Cell| cell.is_absent() || cell.range().end <= self.bytes.len();
        let whole =
            !table.columns.is_empty() && self.cells.len().is_multiple_of(table.columns.len());
        (whole && self.cells.iter().all(inside)).then_some(Batch {
            table,
            encoding: self.encoding,
            escape: self.escape,
            bytes: &self.bytes,
            origin: self.origin,
            cells: &self.cells,
        })
    }
}

/// One thing that a reader says.
pub(super) enum Frame {
    Hello(Hello),
    /// The source cannot be opened.
    Refused(Fault),
    /// The table of the batches that follow.
    Table(Table),
    Batch(Owned),
    /// A member: whether it has bytes, which follow in chunks.
    Member {
        name: String,
        len: u64,
        bytes: bool,
    },
    Chunk(Vec<u8>),
    MemberEnd(Option<Fault>),
    Fault(Fault),
    /// The part is read, or could not be; so many bytes were inflated for it.
    End {
        fault: Option<Fault>,
        spent: u64,
    },
}

/// Writes frames.
pub(super) struct Output<W> {
    to: W,
    table: Option<Table>,
}

impl<W: Write> Output<W> {
    pub(super) fn new(to: W) -> Self {
        Self { to, table: None }
    }

    pub(super) fn hello(
        &mut self,
        parts: usize,
        encoding: Option<&str>,
        faults: &[Fault],
        references: &[Reference],
    ) -> io::Result<()> {
        self.byte(1)?;
        self.number(parts as u64)?;
        self.text(encoding.unwrap_or(""))?;
        self.number(faults.len() as u64)?;
        faults.iter().try_for_each(|fault| self.fault(fault))?;
        self.number(references.len() as u64)?;
        for one in references {
            let to = one.to.as_deref().unwrap_or_default();
            for text in [&*one.table, &one.column, &one.of, to] {
                self.text(text)?;
            }
        }
        self.to.flush()
    }

    pub(super) fn refused(&mut self, fault: &Fault) -> io::Result<()> {
        self.byte(2)?;
        self.fault(fault)?;
        self.to.flush()
    }

    pub(super) fn batch(&mut self, batch: &Batch<'_>) -> io::Result<()> {
        if self.table.as_ref() != Some(batch.table) {
            self.table(batch.table)?;
            self.table = Some(batch.table.clone());
        }
        // Only what the cells speak of.
        let present = || batch.cells.iter().filter(|cell| !cell.is_absent());
        let from = present().map(|cell| cell.range().start).min().unwrap_or(0);
        let end = present().map(|cell| cell.range().end).max().unwrap_or(from);
        self.byte(4)?;
        self.byte(place(&ENCODINGS, batch.encoding))?;
        let (escape, quote) = match batch.escape {
            Escape::None => (0, 0),
            Escape::Doubled(quote) => (1, quote),
            Escape::MySql(quote) => (2, quote),
            Escape::PgCopy => (3, 0),
            Escape::PgString => (4, 0),
            Escape::Json => (5, 0),
            Escape::Hex => (6, 0),
        };
        self.byte(escape)?;
        self.byte(quote)?;
        self.byte(u8::from(batch.origin.is_some()))?;
        self.number(batch.origin.unwrap_or(0) + from as u64)?;
        self.bytes(&batch.bytes[from..end])?;
        self.number(batch.cells.len() as u64)?;
        for cell in batch.cells {
            let shift = if cell.is_absent() { 0 } else { from as u32 };
            self.to.write_all(&(cell.start - shift).to_le_bytes())?;
            self.to.write_all(&(cell.end - shift).to_le_bytes())?;
        }
        Ok(())
    }

    fn table(&mut self, table: &Table) -> io::Result<()> {
        self.byte(3)?;
        self.text(&table.name)?;
        self.byte(place(&SHAPES, table.shape))?;
        self.number(table.columns.len() as u64)?;
        for column in &table.columns {
            self.byte(u8::from(column.is_some()))?;
            self.text(column.as_deref().unwrap_or(""))?;
        }
        Ok(())
    }

    pub(super) fn member(&mut self, member: &crate::format::Member) -> io::Result<()> {
        self.byte(5)?;
        self.text(&member.name)?;
        self.number(member.len)?;
        self.byte(u8::from(member.bytes.is_some()))?;
        for chunk in member.bytes.iter().flat_map(|bytes| bytes.chunks(CHUNK)) {
            self.byte(6)?;
            self.bytes(chunk)?;
        }
        self.byte(7)?;
        self.maybe(member.fault.as_ref())
    }

    pub(super) fn say(&mut self, fault: &Fault) -> io::Result<()> {
        self.byte(8)?;
        self.fault(fault)
    }

    pub(super) fn end(&mut self, fault: Option<&Fault>, spent: u64) -> io::Result<()> {
        self.byte(9)?;
        self.maybe(fault)?;
        self.number(spent)?;
        self.to.flush()
    }

    fn maybe(&mut self, fault: Option<&Fault>) -> io::Result<()> {
        self.byte(u8::from(fault.is_some()))?;
        fault.map_or(Ok(()), |fault| self.fault(fault))
    }

    fn fault(&mut self, fault: &Fault) -> io::Result<()> {
        self.byte(place(&Code::ALL, fault.code))?;
        self.byte(u8::from(fault.at.is_some()))?;
        self.number(fault.at.unwrap_or(0))?;
        self.text(&fault.lost)
    }

    fn byte(&mut self, byte: u8) -> io::Result<()> {
        self.to.write_all(&[byte])
    }

    fn number(&mut self, number: u64) -> io::Result<()> {
        self.to.write_all(&number.to_le_bytes())
    }

    fn text(&mut self, text: &str) -> io::Result<()> {
        self.bytes(text.as_bytes())
    }

    fn bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.number(bytes.len() as u64)?;
        self.to.write_all(bytes)
    }
}

/// Where something stands in its list.
fn place<T: PartialEq>(list: &[T], one: T) -> u8 {
    let at = list.iter().position(|other| *other == one);
    at.expect("the list holds all of them") as u8
}

/// Reads frames.
pub(super) struct Input<R> {
    from: R,
}

impl<R: Read> Input<R> {
    pub(super) fn new(from: R) -> Self {
        Self { from }
    }

    /// The next frame. Fails on an early end, and on what no reader says.
    pub(super) fn frame(&mut self) -> io::Result<Frame> {
        Ok(match self.byte()? {
            1 => Frame::Hello(self.hello()?),
            2 => Frame::Refused(self.fault()?),
            3 => Frame::Table(self.table()?),
            4 => Frame::Batch(self.batch()?),
            5 => Frame::Member {
                name: self.text()?,
                len: self.number()?,
                bytes: self.flag()?,
            },
            6 => Frame::Chunk(self.bytes()?),
            7 => Frame::MemberEnd(self.maybe()?),
            8 => Frame::Fault(self.fault()?),
            9 => Frame::End {
                fault: self.maybe()?,
                spent: self.number()?,
            },
            _ => return Err(nonsense()),
        })
    }

    fn hello(&mut self) -> io::Result<Hello> {
        let parts = usize::try_from(self.number()?).map_err(|_| nonsense())?;
        let encoding = Encoding::parse(&self.text()?).map(Encoding::name);
        let faults = self.list(Self::fault)?;
        let references = self.list(|input| {
            Ok(Reference {
                table: input.text()?,
                column: input.text()?,
                of: input.text()?,
                to: Some(input.text()?).filter(|to| !to.is_empty()),
            })
        })?;
        Ok(Hello {
            parts,
            encoding,
            faults,
            references,
        })
    }

    fn table(&mut self) -> io::Result<Table> {
        let name = self.text()?;
        let shape = self.one_of(&SHAPES)?;
        let columns = self.list(|input| {
            let named = input.flag()?;
            let name = input.text()?;
            Ok(named.then_some(name))
        })?;
        Ok(Table {
            name,
            columns,
            shape,
        })
    }

    fn batch(&mut self) -> io::Result<Owned> {
        let encoding = self.one_of(&ENCODINGS)?;
        let (escape, quote) = (self.byte()?, self.byte()?);
        let escape = match escape {
            0 => Escape::None,
            1 => Escape::Doubled(quote),
            2 => Escape::MySql(quote),
            3 => Escape::PgCopy,
            4 => Escape::PgString,
            5 => Escape::Json,
            6 => Escape::Hex,
            _ => return Err(nonsense()),
        };
        let (known, origin) = (self.flag()?, self.number()?);
        let bytes = self.bytes()?;
        let n = self.length()?.checked_mul(8).ok_or_else(nonsense)?;
        let mut raw = Vec::new();
        self.exactly(n, &mut raw)?;
        let (pairs, _) = raw.as_chunks::<8>();
        let cells = pairs.iter().map(|&[a, b, c, d, e, f, g, h]| Cell {
            start: u32::from_le_bytes([a, b, c, d]),
            end: u32::from_le_bytes([e, f, g, h]),
        });
        let cells: Vec<Cell> = cells.collect();
        let ordered = |cell: &Cell| cell.is_absent() || cell.range().start <= cell.range().end;
        if !cells.iter().all(ordered) {
            return Err(nonsense());
        }
        Ok(Owned {
            encoding,
            escape,
            origin: known.then_some(origin),
            bytes,
            cells,
        })
    }

    fn maybe(&mut self) -> io::Result<Option<Fault>> {
        self.flag()?.then(|| self.fault()).transpose()
    }

    fn fault(&mut self) -> io::Result<Fault> {
        let code = self.one_of(&Code::ALL)?;
        let (known, at) = (self.flag()?, self.number()?);
        Ok(Fault {
            code,
            at: known.then_some(at),
            lost: self.text()?,
        })
    }

    fn one_of<T: Copy>(&mut self, list: &[T]) -> io::Result<T> {
        let at = self.byte()?;
        list.get(usize::from(at)).copied().ok_or_else(nonsense)
    }

    fn list<T>(&mut self, mut one: impl FnMut(&mut Self) -> io::Result<T>) -> io::Result<Vec<T>> {
        let n = self.length()?;
        let mut list = Vec::new();
        for _ in 0..n {
            list.push(one(self)?);
        }
        Ok(list)
    }

    fn byte(&mut self) -> io::Result<u8> {
        let mut byte = [0];
        self.from.read_exact(&mut byte)?;
        Ok(byte[0])
    }

    fn flag(&mut self) -> io::Result<bool> {
        Ok(self.byte()? == 1)
    }

    fn number(&mut self) -> io::Result<u64> {
        let mut bytes = [0; 8];
        self.from.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    }

    fn length(&mut self) -> io::Result<u64> {
        let n = self.number()?;
        (n <= u64::from(LONGEST)).then_some(n).ok_or_else(nonsense)
    }

    fn text(&mut self) -> io::Result<String> {
        String::from_utf8(self.bytes()?).map_err(|_| nonsense())
    }

    fn bytes(&mut self) -> io::Result<Vec<u8>> {
        let (n, mut bytes) = (self.length()?, Vec::new());
        self.exactly(n, &mut bytes)?;
        Ok(bytes)
    }

    /// Reads so many bytes; room is made as they come, whatever length was said.
    fn exactly(&mut self, n: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
        let got = self.from.by_ref().take(n).read_to_end(bytes)?;
        if got as u64 == n {
            Ok(())
        } else {
            Err(ErrorKind::UnexpectedEof.into())
        }
    }
}

fn nonsense() -> Error {
    ErrorKind::InvalidData.into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::Member;
    use crate::source::Bytes;

    fn said(write: impl FnOnce(&mut Output<&mut Vec<u8>>) -> io::Result<()>) -> Vec<u8> {
        let mut bytes = Vec::new();
        write(&mut Output::new(&mut bytes)).unwrap();
        bytes
    }

    #[test]
    fn batches_come_as_they_were_given() {
        let table = Table {
            name: "users".into(),
            columns: vec![Some("name".into()), None],
            shape: Shape::Rows,
        };
        let cells = [
            Cell::new(3, 6, false),
            Cell::ABSENT,
            Cell::new(6, 6, false),
            Cell::new(6, 9, true),
        ];
        let batch = Batch {
            table: &table,
            encoding: Encoding::ShiftJis,
            escape: Escape::Doubled(b'"'),
            bytes: b"---abcdef---",
            origin: Some(100),
            cells: &cells,
        };
        let bytes = said(|output| output.batch(&batch).and_then(|()| output.batch(&batch)));
        let mut input = Input::new(&bytes[..]);
        let Frame::Table(got) = input.frame().unwrap() else {
            panic!("the table comes first");
        };
        assert_eq!(got, table);
        for _ in 0..2 {
            let Frame::Batch(owned) = input.frame().unwrap() else {
                panic!("the table comes once");
            };
            let got = owned.of(&table).unwrap();
            assert_eq!((got.encoding, got.escape), (batch.encoding, batch.escape));
            assert_eq!((got.bytes, got.origin), (&b"abcdef"[..], Some(103)));
            let moved = [
                Cell::new(0, 3, false),
                Cell::ABSENT,
                Cell::new(3, 3, false),
                Cell::new(3, 6, true),
            ];
            assert_eq!(got.cells, moved);
        }
        assert!(input.frame().is_err(), "nothing else");
    }

    #[test]
    fn members_and_faults_come_as_they_were_given() {
        let fault = Fault::at(Code::Malformed, 7, "3 bytes");
        let reference = Reference {
            table: "extras".into(),
            column: "owner".into(),
            of: "users".into(),
            to: Some("id".into()),
        };
        let member = Member {
            name: "a.csv".into(),
            bytes: Some(Bytes::owned(vec![b'x'; CHUNK + 1])),
            fault: Some(fault.clone()),
            len: 9,
        };
        let bytes = said(|output| {
            let references = [reference.clone(), Reference::default()];
            output.hello(
                3,
                Some("utf-16le"),
                std::slice::from_ref(&fault),
                &references,
            )?;
            output.member(&member)?;
            output.say(&fault)?;
            output.end(None, 42)
        });
        let mut input = Input::new(&bytes[..]);
        let mut frame = || input.frame().unwrap();
        assert!(matches!(frame(), Frame::Hello(hello)
            if hello.parts == 3 && hello.encoding == Some("utf-16le") && hello.faults == [fault.clone()]
                && hello.references == [reference, Reference::default()]));
        assert!(matches!(frame(), Frame::Member { name, len: 9, bytes: true } if name == "a.csv"));
        assert!(matches!(frame(), Frame::Chunk(chunk) if chunk.len() == CHUNK));
        assert!(matches!(frame(), Frame::Chunk(chunk) if chunk == b"x"));
        assert!(matches!(frame(), Frame::MemberEnd(Some(got)) if got == fault));
        assert!(matches!(frame(), Frame::Fault(got) if got == fault));
        assert!(matches!(
            frame(),
            Frame::End {
                fault: None,
                spent: 42
            }
        ));
    }

    /// Whatever a process says, it is refused or it is sound.
    #[test]
    fn nonsense_is_refused() {
        let table = Table {
            name: "t".into(),
            columns: vec![Some("a".into())],
            shape: Shape::Rows,
        };
        let cells = [Cell::new(0, 3, false)];
        let good = said(|output| {
            output.batch(&Batch {
                table: &table,
                encoding: Encoding::Utf8,
                escape: Escape::None,
                bytes: b"abc",
                origin: None,
                cells: &cells,
            })
        });
        for at in 0..good.len() {
            for flip in [0x01, 0x80, 0xff] {
                let mut bad = good.clone();
                bad[at] ^= flip;
                let mut input = Input::new(&bad[..]);
                let mut of = Table::default();
                while let Ok(frame) = input.frame() {
                    match frame {
                        Frame::Table(table) => of = table,
                        Frame::Batch(owned) => {
                            for cell in owned.of(&of).iter().flat_map(|batch| batch.cells) {
                                assert!(cell.range().end <= owned.bytes.len());
                            }
                        }
                        _ => {}
                    }
                }
            }
            assert!(n_frames(&good[..at]) < n_frames(&good), "cut at {at}");
        }
    }

    fn n_frames(bytes: &[u8]) -> usize {
        let mut input = Input::new(bytes);
        std::iter::from_fn(|| input.frame().ok()).count()
    }

    /// What is new in one of them needs a place in its list, too.
    #[test]
    fn lists_hold_all() {
        for (at, one) in ENCODINGS.into_iter().enumerate() {
            let place = match one {
                Encoding::Utf8 => 0,
                Encoding::Utf16Le => 1,
                Encoding::Utf16Be => 2,
                Encoding::ShiftJis => 3,
                Encoding::EucJp => 4,
                Encoding::Iso2022Jp => 5,
                Encoding::Windows1252 => 6,
            };
            assert_eq!(at, place);
        }
        for (at, one) in SHAPES.into_iter().enumerate() {
            let place = match one {
                Shape::Rows => 0,
                Shape::Mail => 1,
                Shape::Lines => 2,
                Shape::Carved => 3,
                Shape::Code => 4,
            };
            assert_eq!(at, place);
        }
    }
}
