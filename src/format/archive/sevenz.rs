//! 7z archives, read by the `sevenz-rust2` crate block by block, so that one locked member does not hide the others.

use std::io::Cursor;
use std::ops::Range;

use sevenz_rust2::{Archive, BlockDecoder, Error, Password};

use super::names::{self, RawName};
use super::{give, inflate};
use crate::format::{Context, Format, Reader, Sink};
use crate::source::{Bytes, Code, Fault};

/// 7z.
pub const SEVENZ: Format = Format {
    name: "7z",
    title: "7z",
    extensions: &["7z"],
    raw: true,
    tabular: false,
    sniff: |head| {
        if head.bytes.starts_with(b"7z\xBC\xAF\x27\x1C") {
            98
        } else {
            0
        }
    },
    open,
};

/// The coder that encrypts: AES-256 and SHA-256 (7-Zip, `DOC/Methods.txt`).
const AES: &[u8] = &[0x06, 0xF1, 0x07, 0x01];
const WHOLE: &str = "the whole member";

struct SevenZ<'a> {
    bytes: &'a Bytes,
    archive: Archive,
    /// The password that opened the list of members.
    password: Option<Password>,
    names: Vec<String>,
    faults: Vec<Fault>,
    context: Context,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    let (archive, password) = list(bytes, context)?;
    let names = names::decode(archive.files.iter().map(|file| RawName {
        bytes: file.name.as_bytes(),
        utf8: true,
    }));
    let mut faults = Vec::new();
    if archive.files.len() as u64 > context.limits.members {
        faults.push(Fault::whole(Code::OverBudget, "the further members"));
    }
    Ok(Box::new(SevenZ {
        bytes,
        archive,
        password,
        names,
        faults,
        context: context.clone(),
    }))
}

/// Reads the list of members, with the first password that opens it where it is encrypted too.
fn list(bytes: &[u8], context: &Context) -> Result<(Archive, Option<Password>), Fault> {
    let read = |password: &Password| Archive::read(&mut Cursor::new(bytes), password);
    let error = match read(&Password::empty()) {
        Ok(archive) => return Ok((archive, None)),
        Err(error) => error,
    };
    if !is_locked(&error) {
        return Err(fault(&error, bytes.len()));
    }
    for password in context.limits.passwords.iter().map(Password::new) {
        if let Ok(archive) = read(&password) {
            return Ok((archive, Some(password)));
        }
    }
    Err(Fault::whole(
        Code::Encrypted,
        "the whole archive, names included",
    ))
}

fn is_locked(error: &Error) -> bool {
    matches!(error, Error::PasswordRequired | Error::MaybeBadPassword(_))
}

fn fault(error: &Error, len: usize) -> Fault {
    match error {
        Error::Unsupported(_)
        | Error::UnsupportedCompressionMethod(_)
        | Error::UnsupportedVersion { .. } => Fault::whole(Code::Unsupported, "the whole archive"),
        Error::Io(error, _) if error.kind() == std::io::ErrorKind::UnexpectedEof => {
            Fault::at(Code::Truncated, len as u64, "the list of members")
        }
        _ => Fault::whole(Code::Malformed, "the list of members"),
    }
}

impl SevenZ<'_> {
    /// The files of a part: those of a block, or, in the last part, those without contents.
    fn files(&self, part: usize) -> Range<usize> {
        let map = &self.archive.stream_map;
        match map.block_first_file_index.get(part) {
            Some(&first) => {
                let in_block =
                    |index: &usize| map.file_block_index.get(*index) == Some(&Some(part));
                let end = (first..self.archive.files.len())
                    .take_while(in_block)
                    .last();
                first..end.map_or(first, |end| end + 1)
            }
            None => 0..0,
        }
    }

    fn is_encrypted(&self, block: usize) -> bool {
        self.archive.blocks[block]
            .coders
            .iter()
            .any(|coder| coder.encoder_method_id() == AES)
    }

    /// Decodes a block and gives its members as they come, or, with a password that may be wrong, only when all fit.
    fn block(&self, block: usize, password: &Password, trial: bool, sink: &mut Sink<'_>) -> bool {
        let mut source = Cursor::new(&self.bytes[..]);
        let decoder = BlockDecoder::new(1, block, &self.archive, password, &mut source);
        let first = self.archive.stream_map.block_first_file_index[block];
        let (mut next, mut held, mut wrong, mut stopped) = (first, Vec::new(), false, false);
        let decoded = decoder.for_each_entries(&mut |file, stream| {
            let nth = next;
            next += 1;
            if file.is_directory || nth as u64 >= self.context.limits.members {
                return Ok(true);
            }
            let mut found = inflate(stream, self.bytes.len() as u64, &self.context);
            // LZMA2 ends at a zero byte, which another password makes of one stream in 256.
            let len = found.0.as_ref().map_or(0, |bytes| bytes.len() as u64);
            if found.1.is_none() && len < file.size {
                let lost = format!("{} bytes", file.size - len);
                found.1 = Some(Fault::at(Code::Truncated, len, lost));
            }
            let damaged = found
                .1
                .as_ref()
                .is_some_and(|fault| fault.code != Code::OverBudget);
            if trial {
                wrong |= damaged;
                held.push((nth, found, file.size));
                return Ok(!wrong);
            }
            let over = found.1.is_some();
            stopped = give(&self.names[nth], found, file.size, sink).is_break();
            // What follows in the block cannot be decoded without this member.
            Ok(!over && !stopped)
        });
        if trial && (wrong || decoded.is_err()) {
            return false;
        }
        for (nth, found, size) in held {
            if give(&self.names[nth], found, size, sink).is_break() {
                return true;
            }
        }
        if !stopped {
            let code = if decoded.is_err_and(|error| {
                matches!(
                    error,
                    Error::Unsupported(_) | Error::UnsupportedCompressionMethod(_)
                )
            }) {
                Code::Unsupported
            } else {
                Code::Malformed
            };
            self.refuse(next..self.files(block).end, code, sink);
        }
        true
    }

    /// Gives the files that have no contents.
    fn empty(&self, sink: &mut Sink<'_>) {
        let blocks = &self.archive.stream_map.file_block_index;
        for (nth, file) in self.archive.files.iter().enumerate() {
            if file.is_directory || blocks.get(nth).is_some_and(Option::is_some) {
                continue;
            }
            let found = (Some(Bytes::owned(Vec::new())), None);
            if give(&self.names[nth], found, 0, sink).is_break() {
                return;
            }
        }
    }

    /// Gives members without their contents.
    fn refuse(&self, files: Range<usize>, code: Code, sink: &mut Sink<'_>) {
        for nth in files {
            let file = &self.archive.files[nth];
            if file.is_directory {
                continue;
            }
            let fault = Fault::whole(code, WHOLE);
            if give(&self.names[nth], (None, Some(fault)), file.size, sink).is_break() {
                return;
            }
        }
    }
}

impl Reader for SevenZ<'_> {
    /// A part for each block, and one for what has no contents.
    fn parts(&self) -> usize {
        self.archive.blocks.len() + 1
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        if part == self.archive.blocks.len() {
            self.empty(sink);
            return Ok(());
        }
        if !self.is_encrypted(part) {
            self.block(part, &Password::empty(), false, sink);
            return Ok(());
        }
        let given = self.context.limits.passwords.iter().map(Password::new);
        for password in self.password.iter().cloned().chain(given) {
            if self.block(part, &password, true, sink) {
                return Ok(());
            }
        }
        self.refuse(self.files(part), Code::Encrypted, sink);
        Ok(())
    }

    fn faults(&self) -> Vec<Fault> {
        self.faults.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{context, members, show};
    use super::*;
    use crate::source::Passwords;
    use sevenz_rust2::{
        ArchiveEntry, ArchiveWriter, EncoderMethod, encoder_options::AesEncoderOptions,
    };

    fn archive(files: &[(&str, &str)], password: Option<&str>) -> Vec<u8> {
        let mut writer = ArchiveWriter::new(Cursor::new(Vec::new())).unwrap();
        if let Some(password) = password {
            let aes = AesEncoderOptions::new(Password::new(password));
            writer.set_content_methods(vec![aes.into(), EncoderMethod::LZMA2.into()]);
            writer.set_encrypt_header(false);
        }
        for (name, text) in files {
            writer
                .push_archive_entry(ArchiveEntry::new_file(name), Some(text.as_bytes()))
                .unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    #[test]
    fn deflated_members_are_read() {
        let mut writer = ArchiveWriter::new(Cursor::new(Vec::new())).unwrap();
        writer.set_content_methods(vec![EncoderMethod::DEFLATE.into()]);
        let text = "1,2\n".repeat(100);
        let entry = ArchiveEntry::new_file("a.csv");
        writer
            .push_archive_entry(entry, Some(text.as_bytes()))
            .unwrap();
        let bytes = writer.finish().unwrap().into_inner();
        let found = show(&members(&SEVENZ, &bytes, &context()));
        assert_eq!(found, [format!("a.csv: {text}")]);
    }

    #[test]
    fn members_are_read_or_said_to_be_locked() {
        let files = [("名簿/a.csv", "1,2\n"), ("b.csv", "3,4\n")];
        let mut context = context();
        assert_eq!(
            show(&members(&SEVENZ, &archive(&files, None), &context)),
            ["名簿/a.csv: 1,2\n", "b.csv: 3,4\n"]
        );
        let locked = archive(&files, Some("himitsu"));
        assert_eq!(
            show(&members(&SEVENZ, &locked, &context)),
            ["名簿/a.csv: - encrypted None", "b.csv: - encrypted None"]
        );
        // One wrong password in 256 makes an empty stream of it.
        let wrong = (0..8).map(|n| format!("wrong {n}"));
        context.limits.passwords = Passwords::new(wrong.chain(["himitsu".to_owned()]));
        assert_eq!(
            show(&members(&SEVENZ, &locked, &context)),
            ["名簿/a.csv: 1,2\n", "b.csv: 3,4\n"]
        );
    }
}
