//! What the codes of a font's strings mean.

use std::collections::BTreeMap;

use encoding_rs::Encoding as Codec;
use lopdf::{Dictionary, Document, Encoding, Object};

use super::glyphs::Glyphs;
use super::japan1;
use super::stream;
use super::widths::Widths;

/// Bytes of a map to Unicode that are looked at, and its entries.
const MAP_BYTES: usize = 4 << 20;
const ENTRIES: usize = 1 << 17;

/// A font, as far as its text goes.
pub(super) struct Font<'a> {
    decode: Decode<'a>,
    /// How wide its characters are, where it tells.
    pub(super) widths: Option<Widths>,
    /// Whether lines go from top to bottom.
    pub(super) is_vertical: bool,
    /// Whether some of what tells the meaning of its codes is lost.
    pub(super) is_damaged: bool,
}

/// How codes become characters.
enum Decode<'a> {
    /// The font's own map, and its encoding for what the map leaves out.
    Map(Map, Option<Encoding<'a>>),
    /// A legacy encoding.
    Codec(&'static Codec),
    /// Pairs of bytes of JIS X 0208.
    Jis,
    /// Numbers of Adobe-Japan1.
    Japan1,
    /// Numbers of glyphs of a font that comes with the document.
    Glyphs(Glyphs),
    /// One byte a character.
    Simple(Encoding<'a>),
    /// Codes of glyphs that nothing tells the meaning of: their length in bytes.
    Unknown(usize),
}

impl<'a> Font<'a> {
    /// The font of a dictionary.
    pub(super) fn new(dict: &'a Dictionary, document: &'a Document) -> Self {
        let encoding = dict
            .get_deref(b"Encoding", document)
            .and_then(Object::as_name)
            .unwrap_or_default();
        let is_vertical = encoding == b"V" || encoding.ends_with(b"-V");
        let (map, is_damaged) = Map::read(dict, document);
        let decode = map
            .map(|map| Decode::Map(map, told(dict, document)))
            .or_else(|| of_name(encoding))
            .unwrap_or_else(|| Self::composite_or_simple(dict, document));
        Self {
            decode,
            widths: Widths::read(dict, document),
            is_vertical,
            is_damaged,
        }
    }

    fn composite_or_simple(dict: &'a Dictionary, document: &'a Document) -> Decode<'a> {
        if !is_composite(dict) {
            let encoding = dict.get_font_encoding_with_limit(document, MAP_BYTES);
            return encoding.map_or(Decode::Unknown(1), Decode::Simple);
        }
        if is_japan1(dict, document).unwrap_or(false) {
            return Decode::Japan1;
        }
        Glyphs::read(dict, document).map_or(Decode::Unknown(2), Decode::Glyphs)
    }

    /// Adds the characters of a string to a text, and says how many have no meaning. Ligatures are the letters that they join.
    pub(super) fn decode(&self, bytes: &[u8], out: &mut String) -> usize {
        let start = out.len();
        let unknown = self.decode_as_drawn(bytes, out);
        if out[start..].contains(is_ligature) {
            let drawn = out.split_off(start);
            out.extend(drawn.chars().flat_map(letters));
        }
        unknown
    }

    fn decode_as_drawn(&self, bytes: &[u8], out: &mut String) -> usize {
        match &self.decode {
            Decode::Map(map, encoding) => map.decode(bytes, encoding.as_ref(), out),
            Decode::Codec(codec) => {
                out.push_str(&codec.decode_without_bom_handling(bytes).0);
                0
            }
            Decode::Jis => {
                let shifted: Vec<u8> = bytes.iter().map(|byte| byte | 0x80).collect();
                out.push_str(&encoding_rs::EUC_JP.decode_without_bom_handling(&shifted).0);
                0
            }
            Decode::Japan1 => {
                let mut unknown = 0;
                for pair in bytes.chunks_exact(2) {
                    match japan1::character(u16::from_be_bytes([pair[0], pair[1]])) {
                        Some(c) => out.push(c),
                        None => unknown += 1,
                    }
                }
                unknown
            }
            Decode::Glyphs(glyphs) => {
                let mut unknown = 0;
                for pair in bytes.chunks_exact(2) {
                    match glyphs.character(u16::from_be_bytes([pair[0], pair[1]])) {
                        Some(c) => out.push(c),
                        None => unknown += 1,
                    }
                }
                unknown
            }
            Decode::Simple(encoding) => match Document::decode_text(encoding, bytes) {
                Ok(text) => {
                    out.push_str(&text);
                    0
                }
                Err(_) => bytes.len(),
            },
            Decode::Unknown(size) => bytes.len() / size,
        }
    }
}

/// Latin ligatures (Unicode, "Alphabetic Presentation Forms").
fn is_ligature(c: char) -> bool {
    ('\u{FB00}'..='\u{FB06}').contains(&c)
}

/// The letters that a ligature joins; any other character alone.
fn letters(c: char) -> impl Iterator<Item = char> {
    let joined = match c {
        '\u{FB00}' => "ff",
        '\u{FB01}' => "fi",
        '\u{FB02}' => "fl",
        '\u{FB03}' => "ffi",
        '\u{FB04}' => "ffl",
        '\u{FB05}' | '\u{FB06}' => "st",
        _ => "",
    };
    joined.chars().chain(Some(c).filter(|_| joined.is_empty()))
}

fn is_composite(dict: &Dictionary) -> bool {
    let subtype = dict.get(b"Subtype").and_then(Object::as_name);
    subtype.is_ok_and(|name| name == b"Type0")
}

/// The encoding that a font of one byte a character tells by its name, or by names of glyphs that are known.
fn told<'a>(dict: &'a Dictionary, document: &'a Document) -> Option<Encoding<'a>> {
    let encoding = dict.get_deref(b"Encoding", document).ok()?;
    if is_composite(dict) {
        return None;
    }
    match dict
        .get_font_encoding_with_limit(document, MAP_BYTES)
        .ok()?
    {
        found @ Encoding::Differences(_) => Some(found),
        found @ Encoding::OneByteEncoding(_) if encoding.as_name().is_ok() => Some(found),
        _ => None,
    }
}

/// Says of the fonts of a document that they are fonts, where they leave it out: it is required (ISO 32000-1, 9.6.2.1), and readers do without.
pub(super) fn say_what_they_are(document: &mut Document) {
    let named = |object: &mut Object| {
        let Ok(dict) = object.as_dict_mut() else {
            return;
        };
        let subtype = dict.get(b"Subtype").and_then(Object::as_name);
        let is_font = matches!(subtype, Ok(b"Type1" | b"MMType1" | b"TrueType" | b"Type0"));
        if is_font && dict.has(b"BaseFont") && !dict.has(b"Type") {
            dict.set("Type", Object::Name(b"Font".to_vec()));
        }
    };
    for object in document.objects.values_mut() {
        named(object);
        let Ok(dict) = object.as_dict_mut() else {
            continue;
        };
        // Resources may be written out in their page, and fonts in their resources.
        if let Ok(resources) = dict.get_mut(b"Resources").and_then(Object::as_dict_mut) {
            each_font(resources, named);
        }
        each_font(dict, named);
    }
}

fn each_font(resources: &mut Dictionary, named: impl Fn(&mut Object)) {
    if let Ok(fonts) = resources.get_mut(b"Font").and_then(Object::as_dict_mut) {
        fonts.iter_mut().for_each(|(_, font)| named(font));
    }
}

/// The encodings of CJK fonts by their names (ISO 32000-1, 9.7.5.2).
fn of_name(name: &[u8]) -> Option<Decode<'static>> {
    let name = std::str::from_utf8(name).ok()?;
    let base = name
        .strip_suffix("-H")
        .or_else(|| name.strip_suffix("-V"))
        .unwrap_or(name);
    Some(match base {
        "H" | "V" | "Ext" | "Add" => Decode::Jis,
        "EUC" => Decode::Codec(encoding_rs::EUC_JP),
        "GBK-EUC" | "GBKp-EUC" | "GBK2K" | "GB-EUC" | "GBpc-EUC" => Decode::Codec(encoding_rs::GBK),
        "KSC-EUC" | "KSCms-UHC" | "KSCms-UHC-HW" | "KSCpc-EUC" => {
            Decode::Codec(encoding_rs::EUC_KR)
        }
        "B5pc" | "ETen-B5" | "ETenms-B5" | "HKscs-B5" => Decode::Codec(encoding_rs::BIG5),
        base if base.contains("RKSJ") => Decode::Codec(encoding_rs::SHIFT_JIS),
        base if base.contains("UTF16") || base.contains("UCS2") => {
            Decode::Codec(encoding_rs::UTF_16BE)
        }
        base if base.contains("UTF8") => Decode::Codec(encoding_rs::UTF_8),
        _ => return None,
    })
}

/// Whether a composite font's glyphs are those of Adobe-Japan1.
fn is_japan1(dict: &Dictionary, document: &Document) -> Option<bool> {
    let info = descendant(dict, document)?
        .get_deref(b"CIDSystemInfo", document)
        .and_then(Object::as_dict)
        .ok()?;
    let ordering = info
        .get_deref(b"Ordering", document)
        .and_then(Object::as_str)
        .ok()?;
    Some(ordering == b"Japan1")
}

/// The font of glyphs that a composite font draws with.
pub(super) fn descendant<'a>(
    dict: &'a Dictionary,
    document: &'a Document,
) -> Option<&'a Dictionary> {
    let descendants = dict
        .get_deref(b"DescendantFonts", document)
        .and_then(Object::as_array)
        .ok()?;
    let (_, font) = document.dereference(descendants.first()?).ok()?;
    font.as_dict().ok()
}

/// A map from codes to characters (ISO 32000-1, 9.10.3).
#[derive(Default)]
struct Map {
    /// Length of a code in bytes.
    size: usize,
    /// By the first code of a range: its last, and the first character or all of them.
    ranges: BTreeMap<u32, (u32, Vec<u16>)>,
}

impl Map {
    /// The map of a font, and whether some of it is lost.
    fn read(dict: &Dictionary, document: &Document) -> (Option<Self>, bool) {
        let stream = dict.get_deref(b"ToUnicode", document);
        let Ok(stream) = stream.and_then(Object::as_stream) else {
            return (None, false);
        };
        let Ok(plain) = stream::plain(stream, MAP_BYTES) else {
            return (None, true);
        };
        let map = Self::parse(&plain.bytes);
        ((!map.ranges.is_empty()).then_some(map), plain.is_damaged)
    }

    fn parse(bytes: &[u8]) -> Self {
        let mut map = Self::default();
        let mut hex: Vec<Vec<u8>> = Vec::new();
        let (mut inside, mut list) = (Section::None, None::<usize>);
        for token in tokens(bytes) {
            match token {
                Token::Word(b"beginbfchar") => (inside, hex) = (Section::Chars, Vec::new()),
                Token::Word(b"beginbfrange") => (inside, hex) = (Section::Ranges, Vec::new()),
                Token::Word(word) if word.starts_with(b"end") => inside = Section::None,
                Token::Word(_) => {}
                Token::Begin => list = Some(0),
                Token::End => {
                    list = None;
                    hex.clear();
                }
                Token::Hex(value) => {
                    hex.push(value);
                    match (inside, list.as_mut(), hex.as_slice()) {
                        (Section::Chars, _, [code, to]) => {
                            map.add(code, code, to);
                            hex.clear();
                        }
                        (Section::Ranges, None, [from, last, to]) => {
                            map.add(from, last, to);
                            hex.clear();
                        }
                        (Section::Ranges, Some(nth), [from, _, to]) => {
                            let code = number(from).saturating_add(*nth as u32);
                            map.insert(code, code, to, from.len());
                            *nth += 1;
                            hex.pop();
                        }
                        (Section::None, ..) => hex.clear(),
                        _ => {}
                    }
                }
            }
        }
        map
    }

    fn add(&mut self, from: &[u8], last: &[u8], to: &[u8]) {
        self.insert(number(from), number(last), to, from.len());
    }

    fn insert(&mut self, from: u32, last: u32, to: &[u8], size: usize) {
        if self.ranges.len() < ENTRIES && (1..=4).contains(&size) && to.len() <= 64 {
            self.size = self.size.max(size);
            let units = to
                .chunks_exact(2)
                .map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            self.ranges.insert(from, (last.max(from), units.collect()));
        }
    }

    fn decode(&self, bytes: &[u8], encoding: Option<&Encoding<'_>>, out: &mut String) -> usize {
        let mut unknown = 0;
        let encoding = encoding.filter(|_| self.size == 1);
        for raw in bytes.chunks(self.size) {
            let code = number(raw);
            let found = self
                .ranges
                .range(..=code)
                .next_back()
                .filter(|(_, (last, _))| code <= *last);
            match found {
                Some((from, (_, units))) => {
                    let mut units = units.clone();
                    if let Some(unit) = units.last_mut() {
                        *unit = unit.wrapping_add((code - from) as u16);
                    }
                    out.push_str(&String::from_utf16_lossy(&units));
                }
                None => match encoding.map(|encoding| Document::decode_text(encoding, raw)) {
                    Some(Ok(text)) if !text.is_empty() => out.push_str(&text),
                    _ => unknown += 1,
                },
            }
        }
        unknown
    }
}

#[derive(Clone, Copy)]
enum Section {
    None,
    Chars,
    Ranges,
}

/// A piece of a map.
enum Token<'a> {
    Word(&'a [u8]),
    Hex(Vec<u8>),
    Begin,
    End,
}

fn tokens(bytes: &[u8]) -> impl Iterator<Item = Token<'_>> {
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let first = *bytes.get(at)?;
            at += 1;
            let rest = &bytes[at..];
            match first {
                b'<' if rest.first() != Some(&b'<') => {
                    let len = memchr::memchr(b'>', rest)?;
                    at += len + 1;
                    return Some(Token::Hex(unhex(&rest[..len])));
                }
                b'<' => at += 1,
                b'[' => return Some(Token::Begin),
                b']' => return Some(Token::End),
                b if b.is_ascii_alphabetic() => {
                    let len = rest
                        .iter()
                        .take_while(|b| b.is_ascii_alphanumeric())
                        .count();
                    at += len;
                    return Some(Token::Word(&bytes[at - len - 1..at]));
                }
                _ => {}
            }
        }
    })
}

fn unhex(digits: &[u8]) -> Vec<u8> {
    let values = digits
        .iter()
        .filter_map(|&digit| char::from(digit).to_digit(16));
    let values: Vec<u8> = values.map(|value| value as u8).collect();
    values
        .chunks(2)
        .map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0))
        .collect()
}

fn number(code: &[u8]) -> u32 {
    code.iter()
        .take(4)
        .fold(0, |number, &byte| number << 8 | u32::from(byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ligatures_are_their_letters() {
        let font = Font {
            decode: Decode::Codec(encoding_rs::UTF_16BE),
            widths: None,
            is_vertical: false,
            is_damaged: false,
        };
        let mut text = String::from("\u{FB01} ");
        let units = "o\u{FB03}ce\u{FB06}".encode_utf16();
        let bytes: Vec<u8> = units.flat_map(u16::to_be_bytes).collect();
        font.decode(&bytes, &mut text);
        assert_eq!(text, "\u{FB01} officest");
    }

    #[test]
    fn maps_to_unicode() {
        let map = Map::parse(
            b"/CIDInit /ProcSet findresource begin 1 begincodespacerange <0000> <FFFF> endcodespacerange\n2 beginbfchar <0001> \
              <5C71> <0002> <7530> endbfchar 2 beginbfrange <0010> <0012> <0041> <0020> <0021> [<592A> <00660069>] endbfrange",
        );
        let mut text = String::new();
        let unknown = map.decode(
            &[0, 1, 0, 2, 0, 0x11, 0, 0x12, 0, 0x20, 0, 0x21, 0, 0x30],
            None,
            &mut text,
        );
        assert_eq!((text.as_str(), unknown), ("山田BC太fi", 1));
    }
}
