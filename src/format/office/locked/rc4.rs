//! Documents of 1997 to 2003 under a password: RC4 with MD5, and RC4 CryptoAPI with SHA-1 ([MS-OFFCRYPTO] 2.3.5, 2.3.6).
//!
//! Workbooks lock the data of their records, documents the streams behind their head, slides each object by its number.

use md5::Md5;
use rc4::cipher::StreamCipher;
use rc4::{KeyInit, Rc4};
use sha1::{Digest, Sha1};

use super::super::super::Context;
use super::super::binary::{four, two};
use super::xor::Pad;
use super::{Lock, locked, passwords};
use crate::source::Fault;

/// Bytes of a workbook, and of a document, that have one key.
const WORKBOOK_BLOCK: usize = 1024;
const TEXT_BLOCK: usize = 512;
/// Bytes of a document's stream that stay open ([MS-DOC] 2.2.6.2).
const HEAD: usize = 0x44;

/// What keys are made of, block by block.
enum Base {
    Md5([u8; 5]),
    Sha1 { hash: [u8; 20], key: usize },
}

impl Base {
    /// What the first password that fits makes, of a lock that begins with its version.
    fn open(bytes: &[u8], context: &Context) -> Option<Self> {
        let rest = bytes.get(4..)?;
        match (two(bytes, 0)?, two(bytes, 2)?) {
            (1, 1) => {
                let (salt, rest) = rest.split_at_checked(16)?;
                let (verifier, rest) = rest.split_at_checked(16)?;
                let hash = rest.get(..16)?;
                passwords(context)
                    .map(|password| Self::md5(salt, &password))
                    .find(|base| base.fits(verifier, hash))
            }
            (2..=4, 2) => {
                let lock = Lock::parse(rest)?;
                let hash = lock.hash.get(..20)?;
                passwords(context)
                    .map(|password| Self::Sha1 {
                        hash: Sha1::new_with_prefix(lock.salt)
                            .chain_update(&password)
                            .finalize()
                            .into(),
                        key: lock.key,
                    })
                    .find(|base| base.fits(lock.verifier, hash))
            }
            _ => None,
        }
    }

    fn md5(salt: &[u8], password: &[u8]) -> Self {
        let first: [u8; 16] = Md5::digest(password).into();
        let mut hash = Md5::new();
        for _ in 0..16 {
            hash.update(&first[..5]);
            hash.update(salt);
        }
        let hash: [u8; 16] = hash.finalize().into();
        Self::Md5(std::array::from_fn(|at| hash[at]))
    }

    /// The cipher of a block.
    fn cipher(&self, block: u32) -> Option<Rc4> {
        let block = block.to_le_bytes();
        match self {
            Self::Md5(base) => {
                let key = Md5::new_with_prefix(base).chain_update(block).finalize();
                Rc4::new_from_slice(&key).ok()
            }
            Self::Sha1 { hash, key } => {
                let hash = Sha1::new_with_prefix(hash).chain_update(block).finalize();
                let mut bytes = hash.get(..*key)?.to_vec();
                // Short keys are filled up.
                if *key == 5 {
                    bytes.resize(16, 0);
                }
                Rc4::new_from_slice(&bytes).ok()
            }
        }
    }

    fn fits(&self, verifier: &[u8], hash: &[u8]) -> bool {
        let Some(mut cipher) = self.cipher(0) else {
            return false;
        };
        let (mut verifier, mut hash) = (verifier.to_vec(), hash.to_vec());
        cipher.apply_keystream(&mut verifier);
        cipher.apply_keystream(&mut hash);
        match self {
            Self::Md5(_) => Md5::digest(&verifier)[..] == hash,
            Self::Sha1 { .. } => Sha1::digest(&verifier)[..] == hash,
        }
    }

    /// Opens bytes whose key changes every `block` bytes.
    fn apply(&self, bytes: &mut [u8], block: usize) -> Option<()> {
        for (number, bytes) in bytes.chunks_mut(block).enumerate() {
            self.cipher(number as u32)?.apply_keystream(bytes);
        }
        Some(())
    }
}

/// Opens the stream of a workbook, whose lock stands in the record `FilePass` ([MS-XLS] 2.4.117). What the record after it
/// says of places stays as it is, as do the heads of records.
pub(in super::super) fn workbook(stream: Vec<u8>, context: &Context) -> Result<Vec<u8>, Fault> {
    const FILE_PASS: u16 = 0x2f;
    const BOUND_SHEET: u16 = 0x85;
    const EOF: u16 = 0x0a;
    // Records that are never locked ([MS-XLS] 2.2.10).
    const OPEN: [u16; 9] = [
        FILE_PASS, 0x809, 0x409, 0x209, 0x194, 0x195, 0xe1, 0x196, 0x138,
    ];
    let lock = records(&stream)
        .take_while(|(kind, _)| *kind != EOF)
        .find(|(kind, _)| *kind == FILE_PASS);
    let Some((_, lock)) = lock else {
        return Ok(stream);
    };
    let lock = &stream[lock];
    let mut plain = stream.clone();
    // One is RC4; zero, or no number at all before Excel 97, is the obfuscation of Excel 95.
    if let Some(lock) = lock.strip_prefix(&[1, 0]).filter(|lock| lock.len() > 4) {
        let base = Base::open(lock, context).ok_or_else(locked)?;
        base.apply(&mut plain, WORKBOOK_BLOCK).ok_or_else(locked)?;
    } else {
        let lock = lock.last_chunk().ok_or_else(locked)?;
        let pad = Pad::open(*lock, context).ok_or_else(locked)?;
        for (_, data) in records(&stream) {
            pad.apply(&mut plain[data.clone()], data.end);
        }
    }
    let mut at = 0;
    for (kind, data) in records(&stream) {
        let mut open = at..data.start;
        at = data.end;
        if OPEN.contains(&kind) {
            open.end = data.end;
        } else if kind == BOUND_SHEET {
            open.end = (data.start + 4).min(data.end);
        }
        plain[open.clone()].copy_from_slice(&stream[open]);
    }
    Ok(plain)
}

/// The records of a workbook: kind, and where its data stand.
fn records(stream: &[u8]) -> impl Iterator<Item = (u16, std::ops::Range<usize>)> {
    let mut at = 0usize;
    std::iter::from_fn(move || {
        let kind = two(stream, at)?;
        let start = at + 4;
        let end = (start + usize::from(two(stream, at + 2)?)).min(stream.len());
        at = end;
        Some((kind, start.min(end)..end))
    })
}

/// Opens the streams of a document: its text and its tables, which begin with the lock.
pub(in super::super) fn text(
    document: &mut [u8],
    table: &mut [u8],
    context: &Context,
) -> Result<(), Fault> {
    let base = Base::open(table, context).ok_or_else(locked)?;
    let head: Vec<u8> = document[..HEAD.min(document.len())].to_vec();
    base.apply(document, TEXT_BLOCK).ok_or_else(locked)?;
    document[..head.len()].copy_from_slice(&head);
    base.apply(table, TEXT_BLOCK).ok_or_else(locked)
}

/// Opens the objects of slides, whose lock is itself an object ([MS-PPT] 2.3.7). `user` is the stream that tells where the
/// last edit stands.
pub(in super::super) fn slides(
    stream: &mut [u8],
    user: &[u8],
    context: &Context,
) -> Result<(), Fault> {
    let (objects, lock) = objects(stream, user).ok_or_else(locked)?;
    let start = lock.checked_add(8).ok_or_else(locked)?;
    let base = Base::open(stream.get(start..).unwrap_or_default(), context);
    let base = base.ok_or_else(locked)?;
    for (number, at) in objects {
        if at == lock {
            continue;
        }
        let Some(rest) = stream.get_mut(at..) else {
            continue;
        };
        let mut head = [0; 8];
        let n = head.len().min(rest.len());
        head[..n].copy_from_slice(&rest[..n]);
        let cipher = |bytes: &mut [u8]| {
            base.cipher(number)
                .map(|mut cipher| cipher.apply_keystream(bytes))
        };
        cipher(&mut head).ok_or_else(locked)?;
        let len = four(&head, 4).map_or(0, |len| len as usize);
        let end = len.saturating_add(8).min(rest.len());
        cipher(&mut rest[..end]).ok_or_else(locked)?;
    }
    Ok(())
}

/// The objects of slides by number, with where they stand, and where the lock does.
fn objects(stream: &[u8], user: &[u8]) -> Option<(Vec<(u32, usize)>, usize)> {
    let edit = four(user, 16)? as usize;
    let directory = four(stream, edit.checked_add(20)?)? as usize;
    let lock = four(stream, edit.checked_add(36)?)?;
    let len = four(stream, directory.checked_add(4)?)? as usize;
    let mut entries = stream.get(directory + 8..)?;
    entries = &entries[..len.min(entries.len())];
    let mut objects = Vec::new();
    while let Some(about) = four(entries, 0) {
        let (first, n) = (about & 0xf_ffff, (about >> 20) as usize);
        entries = &entries[4..];
        for nth in 0..n {
            let at = four(entries, nth * 4)?;
            objects.push((first + nth as u32, at as usize));
        }
        entries = entries.get(n * 4..)?;
    }
    // No two share bytes: each is opened once.
    objects.sort_by_key(|(number, at)| (*at, *number));
    objects.dedup_by_key(|(_, at)| *at);
    let lock = objects.iter().find(|(number, _)| *number == lock)?.1;
    Some((objects, lock))
}
