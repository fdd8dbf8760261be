//! Names of members: bytes in an encoding that most archives do not tell.

use crate::format::Names;
use crate::text::{Encoding, detect};

/// A member's name as the archive has it.
pub(super) struct RawName<'a> {
    pub(super) bytes: &'a [u8],
    /// Whether the archive says that it is UTF-8.
    pub(super) utf8: bool,
}

/// The names of all members, told apart where two are the same: what is not said to be UTF-8 is read in the encoding that all
/// of them look like together, for a name alone says too little.
pub(super) fn decode<'a>(names: impl Iterator<Item = RawName<'a>> + Clone) -> Vec<String> {
    let all: Vec<u8> = names
        .clone()
        .filter(|name| !name.utf8)
        .flat_map(|name| name.bytes.iter().copied().chain([b'\n']))
        .collect();
    let legacy = charset(&all);
    let mut taken = Names::default();
    let one = |name: RawName<'_>| {
        let name = if name.utf8 {
            String::from_utf8_lossy(name.bytes).into_owned()
        } else {
            legacy(name.bytes)
        };
        let name = if name.is_empty() {
            "data".to_string()
        } else {
            name
        };
        taken.distinct(name)
    };
    names.map(one).collect()
}

/// How names without a flag are written: UTF-8, Shift_JIS or another legacy encoding where that is plausible, else code
/// page 437, which the specification says (APPNOTE appendix D).
fn charset(names: &[u8]) -> fn(&[u8]) -> String {
    if std::str::from_utf8(names).is_ok() {
        return |name| String::from_utf8_lossy(name).into_owned();
    }
    let (text, errors) = Encoding::ShiftJis.decode(names);
    let foreign = text.chars().filter(|c| !c.is_ascii());
    let (n, half) = foreign.fold((0, 0), |(n, half), c| {
        (
            n + 1,
            half + usize::from(('\u{ff61}'..='\u{ff9f}').contains(&c)),
        )
    });
    // Cyrillic and accented names of DOS are valid Shift_JIS, but as half-width kana.
    if errors == 0 && half * 2 < n {
        return |name| Encoding::ShiftJis.decode(name).0.into_owned();
    }
    match detect(&names[..names.len().min(64 << 10)]).encoding {
        Encoding::EucJp => |name| Encoding::EucJp.decode(name).0.into_owned(),
        _ => |name| name.iter().map(|&byte| cp437(byte)).collect(),
    }
}

fn cp437(byte: u8) -> char {
    #[rustfmt::skip]
    const UPPER: [char; 128] = [
        'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å',
        'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', '¢', '£', '¥', '₧', 'ƒ',
        'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '⌐', '¬', '½', '¼', '¡', '«', '»',
        '░', '▒', '▓', '│', '┤', '╡', '╢', '╖', '╕', '╣', '║', '╗', '╝', '╜', '╛', '┐',
        '└', '┴', '┬', '├', '─', '┼', '╞', '╟', '╚', '╔', '╩', '╦', '╠', '═', '╬', '╧',
        '╨', '╤', '╥', '╙', '╘', '╒', '╓', '╫', '╪', '┘', '┌', '█', '▄', '▌', '▐', '▀',
        'α', 'ß', 'Γ', 'π', 'Σ', 'σ', 'µ', 'τ', 'Φ', 'Θ', 'Ω', 'δ', '∞', 'φ', 'ε', '∩',
        '≡', '±', '≥', '≤', '⌠', '⌡', '÷', '≈', '°', '∙', '·', '√', 'ⁿ', '²', '■', '\u{a0}',
    ];
    if byte.is_ascii() {
        byte as char
    } else {
        UPPER[usize::from(byte) - 128]
    }
}
