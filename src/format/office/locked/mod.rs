//! How documents of office programs are locked ([MS-OFFCRYPTO] 2.3).
//!
//! In: what a document tells of its lock, and the passwords. Out: the plain bytes, where a password's verifier fits. Rounds
//! of key derivation are bounded, as the document tells their number.

mod package;
mod rc4;
mod xor;

pub(super) use package::open as open_package;
pub(super) use rc4::{slides, text, workbook};

use super::super::Context;
use crate::source::{Code, Fault};

/// Passwords that Excel and PowerPoint lock with when a document is to be opened without one ([MS-XLS] 2.2.10, [MS-PPT]
/// 2.3.7).
const DEFAULTS: [&str; 2] = ["VelvetSweatshop", "/01Hannes Ruescher/01"];

/// The passwords to try, in UTF-16, the defaults first.
fn passwords(context: &Context) -> impl Iterator<Item = Vec<u8>> {
    let given = context.limits.passwords.iter();
    let all = DEFAULTS.into_iter().chain(given);
    all.map(|password| password.encode_utf16().flat_map(u16::to_le_bytes).collect())
}

fn locked() -> Fault {
    Fault::whole(Code::Encrypted, "the whole document")
}

/// What a document of the binary formats, and one of the first that were zips, tells of its lock: the header and verifier of
/// [MS-OFFCRYPTO] 2.3.2 and 2.3.3.
struct Lock<'a> {
    /// Bytes of a key.
    key: usize,
    salt: &'a [u8],
    verifier: &'a [u8],
    hash: &'a [u8],
}

impl<'a> Lock<'a> {
    /// Parses what follows the version.
    fn parse(bytes: &'a [u8]) -> Option<Self> {
        let len = usize::try_from(super::binary::four(bytes, 4)?).ok()?;
        let header = bytes.get(8..)?.get(..len)?;
        let bits = super::binary::four(header, 16)?;
        let rest = bytes.get(8 + len..)?;
        let salt_len = usize::try_from(super::binary::four(rest, 0)?).ok()?;
        let (salt, rest) = rest.get(4..)?.split_at_checked(salt_len)?;
        let (verifier, rest) = rest.split_at_checked(16)?;
        Some(Self {
            // None is told where 40 bits are meant.
            key: usize::try_from(if bits == 0 { 40 } else { bits }).ok()? / 8,
            salt,
            verifier,
            hash: rest.get(4..)?,
        })
    }
}
