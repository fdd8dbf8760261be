//! RTF (Rich Text Format specification 1.9.1).
//!
//! In: bytes. Out: paragraphs as running text, rows of tables as tables. Text is in the code page of its font
//! (`\fcharset128` is Shift_JIS) or of the document (`\ansicpg932`), or Unicode (`\u23665?`).

use std::ops::ControlFlow;

use encoding_rs::Encoding as Codec;

use super::codepage::codec;
use super::flow::Flow;
use super::{Context, Format, Reader, Sink};
use crate::source::{Bytes, Code, Fault};

pub(crate) const FORMAT: Format = Format {
    name: "rtf",
    title: "RTF documents",
    extensions: &["rtf", "doc"],
    raw: true,
    tabular: true,
    sniff: |head| {
        if head.bytes.trim_ascii_start().starts_with(b"{\\rtf") {
            97
        } else {
            0
        }
    },
    open,
};

/// Groups inside one another; deeper ones share the settings of the deepest.
const DEPTH: usize = 256;
/// Fonts whose character set is remembered.
const FONTS: usize = 4096;

struct Rtf {
    bytes: Bytes,
    context: Context,
}

fn open<'a>(bytes: &'a Bytes, context: &Context) -> Result<Box<dyn Reader + 'a>, Fault> {
    Ok(Box::new(Rtf {
        bytes: bytes.clone(),
        context: context.clone(),
    }))
}

impl Reader for Rtf {
    fn parts(&self) -> usize {
        1
    }

    fn read(&self, _part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let mut document = Document::new(&self.context);
        for token in Tokens::new(&self.bytes) {
            if document.token(token, sink).is_break() {
                return Ok(());
            }
        }
        let is_cut = !document.groups.is_empty() && !document.ended;
        if document.finish(sink).is_continue() && is_cut {
            let at = self.bytes.len() as u64;
            return Err(Fault::at(
                Code::Truncated,
                at,
                "what follows the end of the source",
            ));
        }
        Ok(())
    }
}

/// The text of a document that has no tables: the body of a message. `None` for what is to be read as a source of its own.
#[cfg(feature = "mail-stores")]
pub(super) fn text(raw: &[u8], context: &Context) -> Option<String> {
    if memchr::memmem::find(raw, b"\\trowd").is_some() {
        return None;
    }
    let mut text = String::new();
    let mut sink = |item: super::Item<'_>| {
        if let super::Item::Batch(batch) = item {
            for cell in batch.cells {
                text.push_str(&batch.encoding.decode(&batch.bytes[cell.range()]).0);
            }
        }
        ControlFlow::Continue(())
    };
    let mut document = Document::new(context);
    for token in Tokens::new(raw) {
        let _ = document.token(token, &mut sink);
    }
    let _ = document.finish(&mut sink);
    Some(text)
}

/// A piece of RTF.
#[derive(Debug, PartialEq, Eq)]
enum Token<'a> {
    Open,
    Close,
    /// A control word or symbol with its number.
    Word(&'a [u8], Option<i32>),
    /// A byte written as `\'82`.
    Byte(u8),
    Text(&'a [u8]),
}

struct Tokens<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Tokens<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    fn word(&mut self) -> Option<Token<'a>> {
        let bytes = self.bytes;
        let start = self.at;
        let letter = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_alphabetic);
        while letter(self.at) && self.at - start < 32 {
            self.at += 1;
        }
        if self.at == start {
            let symbol = bytes.get(self.at..self.at + 1)?;
            self.at += 1;
            if symbol == b"'" {
                let hex = bytes.get(self.at..self.at + 2)?;
                let byte = std::str::from_utf8(hex)
                    .ok()
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok());
                self.at += if byte.is_some() { 2 } else { 0 };
                return Some(Token::Byte(byte.unwrap_or(b'?')));
            }
            return Some(Token::Word(symbol, None));
        }
        let name = &bytes[start..self.at];
        let digits = self.at;
        if bytes.get(self.at) == Some(&b'-') {
            self.at += 1;
        }
        while bytes.get(self.at).is_some_and(u8::is_ascii_digit) && self.at - digits < 11 {
            self.at += 1;
        }
        let number = std::str::from_utf8(&bytes[digits..self.at])
            .ok()
            .and_then(|n| n.parse().ok());
        if bytes.get(self.at) == Some(&b' ') {
            self.at += 1;
        }
        if let (b"bin", Some(len)) = (name, number) {
            self.at = self
                .at
                .saturating_add(usize::try_from(len).unwrap_or(0))
                .min(bytes.len());
        }
        Some(Token::Word(name, number))
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        let start = self.at;
        let first = *self.bytes.get(start)?;
        self.at += 1;
        match first {
            b'{' => Some(Token::Open),
            b'}' => Some(Token::Close),
            b'\\' => self.word(),
            _ => {
                let rest = &self.bytes[start..];
                let len = memchr::memchr3(b'{', b'}', b'\\', rest).unwrap_or(rest.len());
                self.at = start + len;
                Some(Token::Text(&rest[..len]))
            }
        }
    }
}

/// Settings of a group.
#[derive(Clone, Copy, Default)]
struct Group {
    /// Its text is not that of the document.
    skip: bool,
    /// Its text stands beside that of the document: a note, a header, a property.
    beside: bool,
    in_fonts: bool,
    font: i32,
    /// Characters that stand after `\u` for readers without Unicode.
    substitutes: u32,
}

struct Document<'c> {
    flow: Flow<'c>,
    group: Group,
    groups: Vec<Group>,
    deeper: usize,
    ended: bool,
    /// Whether the group has just begun: its first word may be its destination.
    begun: bool,
    page: &'static Codec,
    fonts: Vec<(i32, &'static Codec)>,
    /// Bytes in a code page that are not decoded yet.
    raw: Vec<u8>,
    surrogate: Option<u16>,
    to_skip: u32,
    cells: Vec<String>,
    in_table: bool,
    open_table: bool,
}

impl<'c> Document<'c> {
    fn new(context: &'c Context) -> Self {
        Self {
            flow: Flow::new(&context.stem, context),
            group: Group {
                substitutes: 1,
                ..Group::default()
            },
            groups: Vec::new(),
            deeper: 0,
            ended: false,
            begun: false,
            page: encoding_rs::WINDOWS_1252,
            fonts: Vec::new(),
            raw: Vec::new(),
            surrogate: None,
            to_skip: 0,
            cells: Vec::new(),
            in_table: false,
            open_table: false,
        }
    }

    fn token(&mut self, token: Token<'_>, sink: &mut Sink<'_>) -> ControlFlow<()> {
        let begun = std::mem::take(&mut self.begun);
        match token {
            Token::Open => {
                self.decode();
                self.begun = true;
                self.to_skip = 0;
                if self.groups.len() < DEPTH {
                    self.groups.push(self.group);
                } else {
                    self.deeper += 1;
                }
            }
            Token::Close => {
                self.decode();
                self.to_skip = 0;
                if self.deeper > 0 {
                    self.deeper -= 1;
                } else if let Some(group) = self.groups.pop() {
                    if self.group.beside && !group.beside {
                        self.flow.text("\n");
                    }
                    self.group = group;
                    self.ended = self.groups.is_empty();
                }
            }
            Token::Byte(byte) => self.byte(byte),
            Token::Text(text) => {
                for &byte in text
                    .iter()
                    .filter(|byte| !matches!(byte, b'\r' | b'\n' | 0))
                {
                    self.byte(byte);
                }
            }
            Token::Word(name, number) => return self.word(name, number, begun, sink),
        }
        ControlFlow::Continue(())
    }

    fn byte(&mut self, byte: u8) {
        if self.to_skip > 0 {
            self.to_skip -= 1;
        } else if !self.group.skip {
            self.raw.push(byte);
        }
    }

    /// Decodes the bytes so far, in the code page of their font.
    fn decode(&mut self) {
        if !self.raw.is_empty() {
            let font = self
                .fonts
                .iter()
                .find(|(number, _)| *number == self.group.font);
            let codec = font.map_or(self.page, |(_, codec)| *codec);
            let text = codec.decode_without_bom_handling(&self.raw).0;
            self.flow.text(&text);
            self.raw.clear();
        }
    }

    fn word(
        &mut self,
        name: &[u8],
        number: Option<i32>,
        begun: bool,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        self.decode();
        // What follows is the name of a destination that older readers may leave out.
        if name == b"*" {
            self.begun = begun;
            return ControlFlow::Continue(());
        }
        if begun && is_apart(name) {
            self.group.skip = true;
            self.group.in_fonts = name == b"fonttbl";
        }
        if begun && is_beside(name) {
            self.flow.text("\n");
            self.group.beside = true;
        }
        match name {
            b"ansicpg" => self.page = codec(number.unwrap_or(1252)),
            b"f" => self.group.font = number.unwrap_or(0),
            b"fcharset" if self.group.in_fonts => {
                if let (Some(codec), true) = (
                    codec_of_charset(number.unwrap_or(0)),
                    self.fonts.len() < FONTS,
                ) {
                    self.fonts.push((self.group.font, codec));
                }
            }
            b"uc" => self.group.substitutes = number.unwrap_or(1).clamp(0, 16) as u32,
            b"u" => self.unicode(number.unwrap_or(0)),
            _ if self.group.skip => {}
            b"par" | b"sect" | b"page" => self.end_paragraph(sink)?,
            b"line" | b"softline" => self.flow.text("\n"),
            b"tab" => self.flow.text("\t"),
            b"~" => self.flow.text(" "),
            b"_" => self.flow.text("-"),
            b"{" | b"}" | b"\\" => self.raw.extend_from_slice(name),
            b"emdash" => self.flow.text("—"),
            b"endash" => self.flow.text("–"),
            b"pard" => self.in_table = false,
            b"intbl" => self.in_table = true,
            b"cell" | b"nestcell" => {
                let cell = std::mem::take(self.flow.line());
                self.cells.push(cell);
            }
            b"row" | b"nestrow" => self.row(sink)?,
            _ => {}
        }
        ControlFlow::Continue(())
    }

    fn unicode(&mut self, number: i32) {
        self.to_skip = self.group.substitutes;
        if self.group.skip {
            return;
        }
        // Numbers above 32,767 are written as negative ones.
        let unit = number as u16;
        let units: Vec<u16> = self.surrogate.take().into_iter().chain([unit]).collect();
        if units.len() == 1 && (0xd800..0xdc00).contains(&unit) {
            self.surrogate = Some(unit);
            return;
        }
        self.flow.text(&String::from_utf16_lossy(&units));
    }

    fn end_paragraph(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if self.in_table {
            self.flow.text("\n");
            return ControlFlow::Continue(());
        }
        if std::mem::take(&mut self.open_table) {
            let line = std::mem::take(self.flow.line());
            self.flow.end_table(sink)?;
            *self.flow.line() = line;
        }
        self.flow.end_paragraph(sink)
    }

    fn row(&mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        if !std::mem::replace(&mut self.open_table, true) {
            self.flow.begin_table(sink)?;
        }
        self.flow.begin_row(sink)?;
        for cell in std::mem::take(&mut self.cells) {
            self.flow.begin_cell(1, sink)?;
            self.flow.text(cell.trim());
            self.flow.end_cell(sink)?;
        }
        self.flow.end_row(sink)
    }

    fn finish(mut self, sink: &mut Sink<'_>) -> ControlFlow<()> {
        self.decode();
        if !self.cells.is_empty() {
            self.row(sink)?;
        }
        self.flow.finish(sink)
    }
}

/// Destinations whose text stands apart from what is around them, in lines of its own.
fn is_beside(name: &[u8]) -> bool {
    matches!(
        name,
        b"author"
            | b"title"
            | b"subject"
            | b"keywords"
            | b"doccomm"
            | b"comment"
            | b"operator"
            | b"manager"
            | b"company"
            | b"category"
            | b"hlinkbase"
            | b"footnote"
            | b"annotation"
            | b"atnauthor"
            | b"atnid"
            | b"header"
            | b"headerl"
            | b"headerr"
            | b"headerf"
            | b"footer"
            | b"footerl"
            | b"footerr"
            | b"footerf"
            | b"shptxt"
    )
}

/// Destinations whose text is none of the document. Properties, notes, headers and fields are.
fn is_apart(name: &[u8]) -> bool {
    matches!(
        name,
        b"fonttbl"
            | b"colortbl"
            | b"stylesheet"
            | b"pict"
            | b"objdata"
            | b"themedata"
            | b"colorschememapping"
            | b"datastore"
            | b"latentstyles"
            | b"listtable"
            | b"listoverridetable"
            | b"rsidtbl"
            | b"generator"
            | b"xmlnstbl"
            | b"wgrffmtfilter"
            | b"filetbl"
            | b"revtbl"
            | b"blipuid"
            | b"mmathPr"
            | b"pnseclvl"
            | b"fchars"
            | b"lchars"
            // The marks of HTML that was made into RTF ([MS-OXRTFEX]).
            | b"htmltag"
            | b"mhtmltag"
    )
}

/// Character sets of fonts; the others are those of the document.
fn codec_of_charset(charset: i32) -> Option<&'static Codec> {
    Some(match charset {
        128 => encoding_rs::SHIFT_JIS,
        129 => encoding_rs::EUC_KR,
        134 => encoding_rs::GBK,
        136 => encoding_rs::BIG5,
        161 => encoding_rs::WINDOWS_1253,
        162 => encoding_rs::WINDOWS_1254,
        204 => encoding_rs::WINDOWS_1251,
        238 => encoding_rs::WINDOWS_1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::format::tests::{context, show};

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        assert_eq!(
            show(&FORMAT, text.as_bytes(), &context()),
            expected,
            "{text}"
        );
    }

    #[test]
    fn paragraphs_in_code_pages() {
        check(
            r"{\rtf1\ansi\ansicpg932{\fonttbl{\f0\fcharset128 Mincho;}{\f1 Arial;}}{\info{\author x}}\f0 \'8e\'52\'93\'63 taro\par a\{b\}\tab c}",
            &["t: x", "t: 山田 taro", "t: a{b}\tc"],
        );
        check(
            r"{\rtf1\ansi\ansicpg1252 caf\'e9 {\f0\u23665?\u30000?}\uc0\u26085 x\par\u-10179 \u-8704 }",
            &["t: café 山田日x", "t: 😀"],
        );
        check(
            r"{\rtf1\fromhtml1{\*\generator Writer;}{\*\htmltag84 <b>}\htmlrtf \htmlrtf0 taro{\*\htmltag92 </b>}\par{\*\bkmkstart x}}",
            &["t: taro", "t: x"],
        );
        check(
            "{\\rtf1{\\fonttbl{\\f2\\fcharset128 M;}}\\f2 \\'95\\'5c\\'8e\\'a6\\par}",
            &["t: 表示"],
        );
    }

    #[test]
    fn properties_and_notes_stand_apart() {
        check(
            r"{\rtf1{\info{\author a@example.com}{\title b@example.com}}Body{\footnote c@example.com}, end}",
            &[
                "t: a@example.com",
                "t: ",
                "t: b@example.com",
                "t: Body",
                "t: c@example.com",
                "t: , end",
            ],
        );
    }

    #[test]
    fn tables() {
        check(
            r"{\rtf1\ansicpg65001 before\par\trowd\intbl 氏名\cell mail\cell\row\trowd\intbl A\cell a@example.com\cell\row\pard after\par}",
            &[
                "t table 1: 氏名=A, mail=a@example.com",
                "t: before",
                "t: after",
            ],
        );
    }

    #[test]
    fn broken_documents() {
        check(r"{\rtf1 abc", &["t: abc", "! truncated"]);
        check(r"{\rtf1 {\pict 00ff\bin2 a}}}c\'9", &["t: c"]);
        let deep = "{\\rtf1 ".to_owned() + &"{".repeat(100_000);
        assert_eq!(show(&FORMAT, deep.as_bytes(), &context()), ["! truncated"]);
    }
}
