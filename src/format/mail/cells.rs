//! Mails that stand as text in the cells of a table: tickets, archives of lists, collections of mail for research (`file,message`).
//!
//! In: the batches of any reader. Out: the same, a mail in a cell as a record of the table `messages`, with its attachments as members, and its cell empty, so that nothing is
//! counted twice.

use std::ops::ControlFlow;

use super::{EML, Head, sniff_eml};
use crate::format::{Batch, Cell, Context, Item, Reader, Reference, Shape, Sink};
use crate::source::{Bytes, Fault};
use crate::text::{Encoding, unescape};

/// The shortest text that is looked at, in bytes: three headers are longer.
const SHORTEST: usize = 80;
/// How sure a text must be a mail: three headers that mail alone has.
const SURE: u8 = 92;
/// Bytes of its beginning that tell.
const HEAD: usize = 16 << 10;

/// Reads the mails in the cells of what a reader gives.
pub(crate) struct InCells<'a> {
    pub(crate) inner: Box<dyn Reader + 'a>,
    pub(crate) context: &'a Context,
}

impl Reader for InCells<'_> {
    fn parts(&self) -> usize {
        self.inner.parts()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        self.inner.read(part, &mut |item| match item {
            Item::Batch(batch) if batch.table.shape == Shape::Rows => self.batch(batch, sink),
            item => sink(item),
        })
    }

    fn encoding(&self) -> Option<&'static str> {
        self.inner.encoding()
    }

    fn faults(&self) -> Vec<Fault> {
        self.inner.faults()
    }

    fn references(&self) -> Vec<Reference> {
        self.inner.references()
    }
}

impl InCells<'_> {
    /// Gives a batch without the mails in it, and then these.
    fn batch(&self, batch: Batch<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let mut mails = Vec::new();
        let mut text = String::new();
        for (at, &cell) in batch.cells.iter().enumerate() {
            let raw = &batch.bytes[cell.range()];
            if raw.len() >= SHORTEST
                && begins(raw)
                && let Some(mail) = mail(&batch, cell, &mut text)
            {
                mails.push((at, mail));
            }
        }
        if mails.is_empty() {
            return sink(Item::Batch(batch));
        }
        let mut cells = batch.cells.to_vec();
        mails.iter().for_each(|(at, _)| cells[*at] = Cell::ABSENT);
        sink(Item::Batch(Batch {
            cells: &cells,
            ..batch
        }))?;
        for (_, mail) in mails {
            self.mail(&mail, sink)?;
        }
        ControlFlow::Continue(())
    }

    /// Gives what a mail holds, and what of it cannot be read: where, is not told of a cell.
    fn mail(&self, bytes: &Bytes, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let lost = |fault: Fault| Item::Fault(Fault { at: None, ..fault });
        let reader = match (EML.open)(bytes, self.context) {
            Ok(reader) => reader,
            Err(fault) => return sink(lost(fault)),
        };
        for part in 0..reader.parts() {
            let mut flow = ControlFlow::Continue(());
            let read = reader.read(part, &mut |item| {
                flow = match item {
                    Item::Batch(batch) => sink(Item::Batch(Batch {
                        origin: None,
                        ..batch
                    })),
                    Item::Fault(fault) => sink(lost(fault)),
                    member @ Item::Member(_) => sink(member),
                };
                flow
            });
            flow?;
            if let Err(fault) = read {
                sink(lost(fault))?;
            }
        }
        ControlFlow::Continue(())
    }
}

/// Whether a text may begin with the name of a header: letters and hyphens up to a colon.
fn begins(raw: &[u8]) -> bool {
    let raw = raw.trim_ascii_start();
    let name = raw
        .iter()
        .take(40)
        .take_while(|byte| byte.is_ascii_alphabetic() || **byte == b'-');
    let n = name.count();
    n >= 2 && raw.get(n) == Some(&b':')
}

/// The mail in a cell.
fn mail(batch: &Batch<'_>, cell: Cell, text: &mut String) -> Option<Bytes> {
    let (decoded, _) = batch.encoding.decode(&batch.bytes[cell.range()]);
    let decoded = match cell.is_escaped() {
        true => {
            unescape(&decoded, batch.escape, text);
            text.trim_start()
        }
        false => decoded.trim_start(),
    };
    // Headers on one line, as some exports write them, are none that could be told apart.
    let head = &decoded.as_bytes()[..decoded.len().min(HEAD)];
    let sure = sniff_eml(&Head {
        bytes: head,
        len: decoded.len() as u64,
        encoding: Encoding::Utf8,
        extension: "",
    });
    (sure >= SURE).then(|| Bytes::owned(decoded.as_bytes().to_vec()))
}

#[cfg(test)]
mod tests {
    use crate::format::tests::{context, show_reader};
    use crate::source::Bytes;

    #[test]
    fn mails_in_cells_are_records_of_their_own() {
        let mail = "Message-ID: <1.2@example.com>\nDate: Mon, 14 May 2001 16:00:00 -0700\nFrom: ann@example.com\nTo: bo@example.com\nSubject: Lunch\n\nSee you, \"\"Ann\"\"\n";
        let note = "From: the desk, which has no more to say of it than what stands in the other note of that day\n";
        let csv = format!("氏名,message\nx,\"{mail}\"\ny,\"{note}\"\n");
        let (bytes, context) = (Bytes::owned(csv.into_bytes()), context());
        let format = crate::format::FORMATS
            .iter()
            .find(|format| format.name == "csv");
        let reader = crate::format::open(format.unwrap(), &bytes, &context).unwrap();
        let shown = show_reader(&*reader);
        assert_eq!(shown.len(), 3, "{shown:?}");
        assert!(shown[0].ends_with("氏名=x"), "{shown:?}");
        assert!(shown[1].contains("message=From: the desk"), "{shown:?}");
        assert!(
            shown[2].contains("from=ann@example.com") && shown[2].contains("See you, \"Ann\""),
            "{shown:?}"
        );
    }
}
