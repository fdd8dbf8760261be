//! How zip entries are encrypted: the traditional cipher (APPNOTE 6.1) and AES as WinZip writes it (AE-1 and AE-2, "AES
//! Encryption Information", <https://www.winzip.com/en/support/aes-encryption/>, read 2026-11).
//!
//! In: an entry's data and a password. Out: a stream of the packed bytes, where the password's check bytes fit; one in 256
//! (65,536 for AES) wrong passwords fits too, so what comes out is to be checked.

use std::io::{self, Read};

use aes::cipher::{Block, BlockCipherEncrypt, KeyInit};
use aes::{Aes128, Aes192, Aes256};
use hmac::{Hmac, Mac};
use pbkdf2::pbkdf2_hmac;
use sha1::Sha1;

/// What an entry is locked by.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Lock {
    /// The traditional cipher, with the byte that the last byte of its header must be.
    Traditional(u8),
    /// AES with keys of 128, 192 or 256 bits: strength 1, 2 or 3.
    Aes(u8),
}

/// Bytes of the traditional header.
const HEADER: usize = 12;
/// Bytes that check the password of AES, and that sign its data.
const VERIFIER: usize = 2;
const SIGNATURE: usize = 10;
/// Rounds of the derivation of AES keys.
const ROUNDS: u32 = 1_000;

/// The strength and the method of packing that the extra field of an AES entry tells (header 0x9901).
pub(super) fn aes_extra(extra: &[u8]) -> Option<(u8, u16)> {
    let mut rest = extra;
    while let [a, b, c, d, tail @ ..] = rest {
        let len = usize::from(u16::from_le_bytes([*c, *d]));
        let field = tail.get(..len)?;
        if let (0x9901, [_, _, b'A', b'E', strength @ 1..=3, low, high]) =
            (u16::from_le_bytes([*a, *b]), field)
        {
            return Some((*strength, u16::from_le_bytes([*low, *high])));
        }
        rest = &tail[len..];
    }
    None
}

impl Lock {
    /// The packed bytes and their number, where the password may be the right one.
    pub(super) fn open<'a>(
        self,
        data: &'a [u8],
        password: &[u8],
    ) -> Option<(Box<dyn Read + 'a>, usize)> {
        match self {
            Lock::Traditional(check) => {
                let mut keys = Keys::new(password);
                let header = data.get(..HEADER)?;
                let last = header.iter().fold(0, |_, &byte| keys.decrypt(byte));
                let rest = &data[HEADER..];
                (last == check).then(|| (Box::new(Traditional { keys, rest }) as _, rest.len()))
            }
            Lock::Aes(strength) => {
                let (keys, packed, _) = aes_keys(strength, data, password)?;
                let cipher = Cipher::new(&keys.cipher)?;
                let stream = Counter {
                    cipher,
                    block: [0; 16],
                    used: 16,
                    number: 0,
                    rest: packed,
                };
                Some((Box::new(stream), packed.len()))
            }
        }
    }
}

/// The state of the traditional cipher.
struct Keys([u32; 3]);

impl Keys {
    fn new(password: &[u8]) -> Self {
        let mut keys = Self([0x1234_5678, 0x2345_6789, 0x3456_7890]);
        password.iter().for_each(|&byte| keys.update(byte));
        keys
    }

    fn update(&mut self, byte: u8) {
        let [a, b, c] = &mut self.0;
        *a = crc(*a, byte);
        *b = b
            .wrapping_add(*a & 0xFF)
            .wrapping_mul(134_775_813)
            .wrapping_add(1);
        *c = crc(*c, (*b >> 24) as u8);
    }

    fn decrypt(&mut self, byte: u8) -> u8 {
        let word = (self.0[2] | 2) & 0xFFFF;
        let plain = byte ^ (word.wrapping_mul(word ^ 1) >> 8) as u8;
        self.update(plain);
        plain
    }
}

/// One step of CRC-32.
fn crc(crc: u32, byte: u8) -> u32 {
    static TABLE: std::sync::LazyLock<[u32; 256]> = std::sync::LazyLock::new(|| {
        std::array::from_fn(|byte| {
            (0..8).fold(byte as u32, |crc, _| {
                if crc & 1 == 1 {
                    crc >> 1 ^ 0xEDB8_8320
                } else {
                    crc >> 1
                }
            })
        })
    });
    TABLE[usize::from(crc as u8 ^ byte)] ^ crc >> 8
}

struct Traditional<'a> {
    keys: Keys,
    rest: &'a [u8],
}

impl Read for Traditional<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = buffer.len().min(self.rest.len());
        let (now, rest) = self.rest.split_at(n);
        for (out, &byte) in buffer.iter_mut().zip(now) {
            *out = self.keys.decrypt(byte);
        }
        self.rest = rest;
        Ok(n)
    }
}

/// Keys that an AES entry's salt and a password make.
struct AesKeys {
    cipher: Vec<u8>,
    signing: Vec<u8>,
}

/// The keys, the packed bytes and their signature, where the password's check bytes fit.
fn aes_keys<'a>(
    strength: u8,
    data: &'a [u8],
    password: &[u8],
) -> Option<(AesKeys, &'a [u8], &'a [u8])> {
    let key = 8 + 8 * usize::from(strength);
    let (salt, rest) = data.split_at_checked(key / 2)?;
    let (verifier, rest) = rest.split_at_checked(VERIFIER)?;
    let (packed, signature) = rest.split_at_checked(rest.len().checked_sub(SIGNATURE)?)?;
    let mut derived = vec![0; 2 * key + VERIFIER];
    pbkdf2_hmac::<Sha1>(password, salt, ROUNDS, &mut derived);
    let told = derived.split_off(2 * key);
    let signing = derived.split_off(key);
    let cipher = derived;
    (told == verifier).then_some((AesKeys { cipher, signing }, packed, signature))
}

/// Whether the data of an AES entry were signed with this password.
pub(super) fn is_signed(strength: u8, data: &[u8], password: &[u8]) -> bool {
    aes_keys(strength, data, password).is_some_and(|(keys, packed, signature)| {
        let Ok(mut hmac) = Hmac::<Sha1>::new_from_slice(&keys.signing) else {
            return false;
        };
        hmac.update(packed);
        hmac.finalize().into_bytes().starts_with(signature)
    })
}

enum Cipher {
    Small(Box<Aes128>),
    Middle(Box<Aes192>),
    Large(Box<Aes256>),
}

impl Cipher {
    fn new(key: &[u8]) -> Option<Self> {
        Some(match key.len() {
            16 => Cipher::Small(Box::new(Aes128::new_from_slice(key).ok()?)),
            24 => Cipher::Middle(Box::new(Aes192::new_from_slice(key).ok()?)),
            _ => Cipher::Large(Box::new(Aes256::new_from_slice(key).ok()?)),
        })
    }

    fn encrypt(&self, block: &mut [u8; 16]) {
        let mut whole = Block::<Aes128>::from(*block);
        match self {
            Cipher::Small(cipher) => cipher.encrypt_block(&mut whole),
            Cipher::Middle(cipher) => cipher.encrypt_block(&mut whole),
            Cipher::Large(cipher) => cipher.encrypt_block(&mut whole),
        }
        *block = whole.into();
    }
}

/// AES in counter mode; the counter begins with 1, low byte first.
struct Counter<'a> {
    cipher: Cipher,
    block: [u8; 16],
    used: usize,
    number: u128,
    rest: &'a [u8],
}

impl Read for Counter<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = buffer.len().min(self.rest.len());
        let (now, rest) = self.rest.split_at(n);
        for (out, &byte) in buffer.iter_mut().zip(now) {
            if self.used == self.block.len() {
                self.number += 1;
                self.block = self.number.to_le_bytes();
                self.cipher.encrypt(&mut self.block);
                self.used = 0;
            }
            *out = byte ^ self.block[self.used];
            self.used += 1;
        }
        self.rest = rest;
        Ok(n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flate2::Crc;

    #[test]
    fn the_checksum_is_that_of_zip() {
        let mut sum = Crc::new();
        sum.update(b"a");
        assert_eq!(crc(0xFFFF_FFFF, b'a') ^ 0xFFFF_FFFF, sum.sum());
    }
}
