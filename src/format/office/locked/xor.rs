//! Workbooks under a password as Excel 95 locks them, and later versions where they are told to: bytes laid over the data of their
//! records ([MS-OFFCRYPTO] 2.3.7, method 1). Which half of a byte is turned first is as programs do it, not as that text says.

use super::super::super::Context;

/// Bytes that are laid over, in turn.
const LEN: usize = 16;
/// What a shorter password is filled up with, and what keys of a length begin with.
const FILL: [u8; LEN - 1] = [
    0xBB, 0xFF, 0xFF, 0xBA, 0xFF, 0xFF, 0xB9, 0x80, 0x00, 0xBE, 0x0F, 0x00, 0xBF, 0x0F, 0x00,
];
/// Bits that a register of the key changes with (the table of [MS-OFFCRYPTO] 2.3.7.2 is made so).
const TAPS: u16 = 0x1020;

/// The bytes laid over a workbook.
pub(super) struct Pad([u8; LEN]);

impl Pad {
    /// Those of the first password that fits a lock: a key, and what tells a wrong password.
    pub(super) fn open(lock: [u8; 4], context: &Context) -> Option<Self> {
        let [key, check] = [[lock[0], lock[1]], [lock[2], lock[3]]].map(u16::from_le_bytes);
        let passwords = super::DEFAULTS
            .into_iter()
            .chain(context.limits.passwords.iter());
        let narrow = passwords.map(|password| -> Vec<u8> {
            let bytes = encoding_rs::WINDOWS_1252.encode(password).0;
            // The default is longer than what Excel 95 takes.
            bytes[..bytes.len().min(LEN - 1)].to_vec()
        });
        let mut fitting =
            narrow.filter(|password| (self::key(password), self::check(password)) == (key, check));
        fitting.next().map(|password| Self::new(&password))
    }

    fn new(password: &[u8]) -> Self {
        let mut pad = [0; LEN];
        let filled = password.iter().chain(&FILL);
        let key = key(password).to_le_bytes();
        for (nth, (to, byte)) in pad.iter_mut().zip(filled).enumerate() {
            *to = (byte ^ key[nth % 2]).rotate_left(2);
        }
        Self(pad)
    }

    /// Opens the data of a record that ends at an offset of the stream.
    pub(super) fn apply(&self, data: &mut [u8], end: usize) {
        // Counted from the end of the record ([MS-OFFCRYPTO] 2.3.7.2).
        for (nth, byte) in data.iter_mut().enumerate() {
            *byte = byte.rotate_left(3) ^ self.0[(end + nth) % LEN];
        }
    }
}

/// The key of a password.
fn key(password: &[u8]) -> u16 {
    let turned = |register: u16| {
        let register = register.rotate_left(1);
        register ^ if register & 1 == 1 { TAPS } else { 0 }
    };
    let (mut key, mut base, mut end) = (0, 0x8000, 0xFFFF);
    for byte in password.iter().rev() {
        for bit in 0..8 {
            base = turned(base);
            end = turned(end);
            // The highest bit of a character does not count.
            if byte & 0x7F & 1 << bit != 0 {
                key ^= base;
            }
        }
    }
    if password.is_empty() { 0 } else { key ^ end }
}

/// What tells a wrong password ([MS-OFFCRYPTO] 2.3.7.1): its characters, each turned further within fifteen bits, and its length.
fn check(password: &[u8]) -> u16 {
    let turn = |bits: u16| (bits << 1 | bits >> 14) & 0x7FFF;
    let sum = password
        .iter()
        .rev()
        .fold(0, |sum, &byte| turn(sum ^ u16::from(byte)));
    sum ^ password.len() as u16 ^ 0xCE4B
}
