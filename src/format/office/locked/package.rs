//! Documents that are zips (xlsx, docx, pptx, xlsb) under a password: Agile and Standard Encryption ([MS-OFFCRYPTO] 2.3.4).

use std::io::Write;

use aes::cipher::array::Array;
use aes::cipher::{BlockCipherDecrypt, BlockModeDecrypt, KeyInit, KeyIvInit};
use aes::{Aes128, Aes192, Aes256};
use mail_parser::decoders::base64::base64_decode;
use quick_xml::events::Event;
use sha1::{Digest, Sha1};
use sha2::{Sha256, Sha384, Sha512};

use super::super::super::Context;
use super::super::super::markup::{attributes, local, reader};
use super::super::binary::two;
use super::{Lock, locked, passwords};
use crate::source::{Bytes, Code, Fault, Spool, fault_of};

/// Rounds of key derivation that a document may ask for: ten times what Office writes.
const ROUNDS: u32 = 1_000_000;
/// Rounds of Standard Encryption.
const STANDARD_ROUNDS: u32 = 50_000;
/// Bytes that are locked at once, each under a vector of its own.
const SEGMENT: usize = 4096;
/// What a hash is mixed with to make the key of each thing that is locked ([MS-OFFCRYPTO] 2.3.4.11 to 2.3.4.13).
const VERIFIER_INPUT: [u8; 8] = [0xfe, 0xa7, 0xd2, 0x76, 0x3b, 0x4b, 0x9e, 0x79];
const VERIFIER_HASH: [u8; 8] = [0xd7, 0xaa, 0x0f, 0x6d, 0x30, 0x61, 0x34, 0x4e];
const KEY_VALUE: [u8; 8] = [0x14, 0x6e, 0x0b, 0xe7, 0xab, 0xac, 0xd0, 0xd6];

/// Opens the stream `EncryptedPackage` by what the stream `EncryptionInfo` tells, with the first password that fits.
pub(in super::super) fn open(
    info: &[u8],
    package: &[u8],
    context: &Context,
) -> Result<Bytes, Fault> {
    let (Some(major), Some(minor)) = (two(info, 0), two(info, 2)) else {
        return Err(locked());
    };
    let key = match (major, minor) {
        (4, 4) => Agile::parse(info.get(8..).unwrap_or_default())
            .ok_or_else(locked)?
            .key(context)?,
        (2..=4, 2) => standard(info.get(4..).unwrap_or_default(), context).ok_or_else(locked)?,
        _ => return Err(locked()),
    };
    key.open(package, context)
}

/// What opens the package.
enum Key {
    Agile {
        key: Vec<u8>,
        hash: Hash,
        salt: Vec<u8>,
    },
    Standard(Vec<u8>),
}

impl Key {
    fn open(&self, package: &[u8], context: &Context) -> Result<Bytes, Fault> {
        let Some((len, data)) = package.split_first_chunk() else {
            return Err(Fault::at(Code::Truncated, 0, "the whole document"));
        };
        let len = usize::try_from(u64::from_le_bytes(*len)).unwrap_or(usize::MAX);
        let mut spool = Spool::new(&context.limits);
        let mut left = len;
        for (number, segment) in data.chunks(SEGMENT).enumerate() {
            let mut plain = segment[..segment.len() / 16 * 16].to_vec();
            self.segment(number as u32, &mut plain).ok_or_else(locked)?;
            plain.truncate(left);
            left -= plain.len();
            if !context.budget.charge(plain.len() as u64) {
                return Err(Fault::at(
                    Code::OverBudget,
                    spool.len(),
                    "the rest of the document",
                ));
            }
            spool
                .write_all(&plain)
                .map_err(|error| fault_of(&error, spool.len()))?;
        }
        spool.finish()
    }

    fn segment(&self, number: u32, bytes: &mut [u8]) -> Option<()> {
        match self {
            Key::Agile { key, hash, salt } => {
                let vector = hash.of(&[salt, &number.to_le_bytes()]);
                unchain(key, &vector, bytes)
            }
            Key::Standard(key) => unlock(key, bytes),
        }
    }
}

/// The hashes that Agile Encryption names.
#[derive(Clone, Copy)]
enum Hash {
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "SHA1" | "SHA-1" => Hash::Sha1,
            "SHA256" | "SHA-256" => Hash::Sha256,
            "SHA384" | "SHA-384" => Hash::Sha384,
            "SHA512" | "SHA-512" => Hash::Sha512,
            _ => return None,
        })
    }

    fn of(self, parts: &[&[u8]]) -> Vec<u8> {
        fn hash<D: Digest>(parts: &[&[u8]]) -> Vec<u8> {
            let mut hash = D::new();
            parts.iter().for_each(|part| hash.update(part));
            hash.finalize().to_vec()
        }
        match self {
            Hash::Sha1 => hash::<Sha1>(parts),
            Hash::Sha256 => hash::<Sha256>(parts),
            Hash::Sha384 => hash::<Sha384>(parts),
            Hash::Sha512 => hash::<Sha512>(parts),
        }
    }

    /// A password hashed with a salt, and again and again with the number of the round.
    fn spun(self, salt: &[u8], password: &[u8], rounds: u32) -> Vec<u8> {
        let mut hash = self.of(&[salt, password]);
        for round in 0..rounds {
            hash = self.of(&[&round.to_le_bytes(), &hash]);
        }
        hash
    }
}

/// What Agile Encryption tells in XML, of the lock of a password.
#[derive(Default)]
struct Agile {
    /// Salt of the package, and what hashes it.
    salt: Vec<u8>,
    hash: Option<Hash>,
    rounds: u32,
    key_bytes: usize,
    key_salt: Vec<u8>,
    key_hash: Option<Hash>,
    hash_bytes: usize,
    verifier: Vec<u8>,
    verifier_hash: Vec<u8>,
    key_value: Vec<u8>,
}

impl Agile {
    fn parse(xml: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(xml).ok()?;
        let mut reader = reader(text.trim_end_matches('\0'));
        let mut lock = Self::default();
        loop {
            let event = reader.read_event().ok()?;
            let start = match &event {
                Event::Start(start) | Event::Empty(start) => start,
                Event::Eof => break,
                _ => continue,
            };
            let is_key = local(start) == b"encryptedKey";
            if !is_key && local(start) != b"keyData" {
                continue;
            }
            for (name, value) in attributes(start) {
                match (name, is_key) {
                    (b"cipherAlgorithm", _) if value != "AES" => return None,
                    (b"cipherChaining", _) if value != "ChainingModeCBC" => return None,
                    (b"saltValue", false) => lock.salt = base64_decode(value.as_bytes())?,
                    (b"hashAlgorithm", false) => lock.hash = Hash::named(&value),
                    (b"saltValue", true) => lock.key_salt = base64_decode(value.as_bytes())?,
                    (b"hashAlgorithm", true) => lock.key_hash = Hash::named(&value),
                    (b"spinCount", true) => lock.rounds = value.parse().ok()?,
                    (b"keyBits", true) => lock.key_bytes = value.parse::<usize>().ok()? / 8,
                    (b"hashSize", true) => lock.hash_bytes = value.parse().ok()?,
                    (b"encryptedVerifierHashInput", _) => {
                        lock.verifier = base64_decode(value.as_bytes())?
                    }
                    (b"encryptedVerifierHashValue", _) => {
                        lock.verifier_hash = base64_decode(value.as_bytes())?
                    }
                    (b"encryptedKeyValue", _) => lock.key_value = base64_decode(value.as_bytes())?,
                    _ => {}
                }
            }
        }
        Some(lock)
    }

    /// The key of the package, by the first password that fits.
    fn key(&self, context: &Context) -> Result<Key, Fault> {
        if self.rounds > ROUNDS {
            let lost = "the whole document, whose lock asks for too many rounds";
            return Err(Fault::whole(Code::Encrypted, lost));
        }
        let hash = self.hash.ok_or_else(locked)?;
        let key = passwords(context).find_map(|password| self.try_one(&password));
        let key = key.ok_or_else(locked)?;
        Ok(Key::Agile {
            key,
            hash,
            salt: self.salt.clone(),
        })
    }

    fn try_one(&self, password: &[u8]) -> Option<Vec<u8>> {
        let hash = self.key_hash?;
        let spun = hash.spun(&self.key_salt, password, self.rounds);
        let unlocked = |what: &[u8], bytes: &[u8]| {
            let key = sized(hash.of(&[&spun, what]), self.key_bytes);
            let mut plain = bytes.to_vec();
            unchain(&key, &self.key_salt, &mut plain)?;
            Some(plain)
        };
        let input = unlocked(&VERIFIER_INPUT, &self.verifier)?;
        let expected = unlocked(&VERIFIER_HASH, &self.verifier_hash)?;
        let found = hash.of(&[&input]);
        let fits = !input.is_empty() && expected.get(..self.hash_bytes)? == found;
        let mut key = fits
            .then(|| unlocked(&KEY_VALUE, &self.key_value))
            .flatten()?;
        key.truncate(self.key_bytes);
        Some(key)
    }
}

/// The key of Standard Encryption, by the first password that fits.
fn standard(bytes: &[u8], context: &Context) -> Option<Key> {
    let lock = Lock::parse(bytes)?;
    passwords(context).find_map(|password| {
        let spun = Hash::Sha1.spun(lock.salt, &password, STANDARD_ROUNDS);
        let last = Hash::Sha1.of(&[&spun, &[0; 4]]);
        let half = |byte: u8| {
            let mut block = [byte; 64];
            block
                .iter_mut()
                .zip(&last)
                .for_each(|(to, from)| *to ^= from);
            Hash::Sha1.of(&[&block])
        };
        let key = sized([half(0x36), half(0x5c)].concat(), lock.key);
        let (mut verifier, mut hash) = (lock.verifier.to_vec(), lock.hash.get(..32)?.to_vec());
        unlock(&key, &mut verifier)?;
        unlock(&key, &mut hash)?;
        (Hash::Sha1.of(&[&verifier]) == hash[..20]).then_some(Key::Standard(key))
    })
}

/// Cut or filled up to a length.
fn sized(mut bytes: Vec<u8>, len: usize) -> Vec<u8> {
    bytes.resize(len.min(64), 0x36);
    bytes
}

/// AES in CBC, without padding.
fn unchain(key: &[u8], vector: &[u8], bytes: &mut [u8]) -> Option<()> {
    fn run<C: BlockCipherDecrypt<BlockSize = aes::cipher::consts::U16> + KeyInit>(
        key: &[u8],
        vector: &[u8],
        blocks: &mut [Array<u8, aes::cipher::consts::U16>],
    ) -> Option<()>
    where
        cbc::Decryptor<C>: KeyIvInit + BlockModeDecrypt<BlockSize = aes::cipher::consts::U16>,
    {
        let mut cipher = cbc::Decryptor::<C>::new_from_slices(key, vector).ok()?;
        cipher.decrypt_blocks(blocks);
        Some(())
    }
    let vector = sized(vector.to_vec(), 16);
    let (blocks, rest) = Array::slice_as_chunks_mut(bytes);
    if !rest.is_empty() {
        return None;
    }
    match key.len() {
        16 => run::<Aes128>(key, &vector, blocks),
        24 => run::<Aes192>(key, &vector, blocks),
        32 => run::<Aes256>(key, &vector, blocks),
        _ => None,
    }
}

/// AES block by block.
fn unlock(key: &[u8], bytes: &mut [u8]) -> Option<()> {
    let (blocks, rest) = Array::slice_as_chunks_mut(bytes);
    if !rest.is_empty() {
        return None;
    }
    match key.len() {
        16 => Aes128::new_from_slice(key).ok()?.decrypt_blocks(blocks),
        24 => Aes192::new_from_slice(key).ok()?.decrypt_blocks(blocks),
        32 => Aes256::new_from_slice(key).ok()?.decrypt_blocks(blocks),
        _ => return None,
    }
    Some(())
}
