//! Hardware addresses and wallets of cryptocurrencies in running text.
//!
//! In: a text. Out: hits. A MAC address is known by its form; one of digits alone, or written with hyphens or dots, needs a word beside it. A
//! wallet of Bitcoin is known by its check; one of Ethereum, whose check is in the case of its letters, beside a word.

use sha2::{Digest, Sha256};

use super::text::{Hit, What, floor};

const MAC_LABELS: [&str; 5] = [
    "mac",
    "hardware addr",
    "physical addr",
    "ethernet",
    "物理アドレス",
];
const WALLET_LABELS: [&str; 8] = [
    "wallet",
    "bitcoin",
    "btc",
    "crypto",
    "ethereum",
    "eth ",
    "ウォレット",
    "仮想通貨",
];

/// Adds the MAC addresses of a text.
pub(super) fn macs(text: &str, hits: &mut Vec<Hit>) {
    let bytes = text.as_bytes();
    let mut from = 0;
    while let Some(skip) = memchr::memchr3(b':', b'-', b'.', &bytes[from..]) {
        let at = from + skip;
        from = at + 1;
        let sign = bytes[at];
        // Pairs with `:` or `-`, or groups of four with `.`.
        let (group, len) = if sign == b'.' { (4, 14) } else { (2, 17) };
        if at < group || bytes.get(at + group + 1) != Some(&sign) {
            continue;
        }
        let start = at - group;
        let Some(body) = bytes.get(start..start + len) else {
            continue;
        };
        let formed = body
            .iter()
            .enumerate()
            .all(|(i, b)| match i % (group + 1) == group {
                true => *b == sign,
                false => b.is_ascii_hexdigit(),
            });
        let word = |b: Option<&u8>| b.is_some_and(u8::is_ascii_alphanumeric);
        let (before, end) = (start.checked_sub(1).map(|n| &bytes[n]), start + len);
        let runs_on = before.is_some_and(|b| *b == sign || b.is_ascii_alphanumeric())
            || word(bytes.get(end))
            || bytes.get(end) == Some(&sign) && word(bytes.get(end + 1));
        let distinct = body.iter().any(|b| *b != sign && *b != body[0]);
        if !formed || !distinct || runs_on {
            continue;
        }
        let label = label(text, start, &MAC_LABELS);
        let letters = body.iter().filter(|b| b.is_ascii_alphabetic()).count();
        if label.is_some() || sign == b':' && letters >= 2 {
            let confidence = if label.is_some() { 0.95 } else { 0.8 };
            hits.push(Hit::new(What::Device, start..start + len, confidence).because("", label));
        }
        from = start + len;
    }
}

/// The wallet whose first digit stands at `at`, if one begins there.
pub(super) fn wallet(text: &str, at: usize) -> Option<Hit> {
    let bytes = text.as_bytes();
    let start = match bytes[at] {
        b'1' if bytes[..at].ends_with(b"bc") => at - 2,
        b'1' | b'3' => at,
        b'0' if bytes.get(at + 1) == Some(&b'x') => at,
        _ => return None,
    };
    if start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] >= 0x80) {
        return None;
    }
    let len = bytes[start..]
        .iter()
        .take(91)
        .take_while(|b| b.is_ascii_alphanumeric())
        .count();
    let word = &text[start..start + len];
    if !(26..=90).contains(&len) {
        return None;
    }
    let hit = |confidence| Hit::new(What::Wallet, start..start + len, confidence);
    if word.starts_with("bc1") {
        return bech32(word).then(|| hit(0.95).because("bech32", None));
    }
    let label = label(text, start, &WALLET_LABELS);
    if let Some(hex) = word.strip_prefix("0x") {
        let formed = hex.len() == 40 && hex.bytes().all(|b| b.is_ascii_hexdigit());
        return (formed && label.is_some()).then(|| hit(0.85).because("", label));
    }
    base58_check(word).then(|| hit(0.95).because("base58check", label))
}

/// Whether the word is 25 bytes in Base58 that end with the beginning of the double SHA-256 of the others, as Bitcoin's first kinds of addresses do
/// (Bitcoin Core, `src/base58.cpp`).
fn base58_check(word: &str) -> bool {
    const LETTERS: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
    if word.len() > 35 {
        return false;
    }
    let mut bytes = [0u8; 25];
    for letter in word.bytes() {
        let Some(value) = LETTERS.iter().position(|known| *known == letter) else {
            return false;
        };
        let mut carry = value as u32;
        for byte in bytes.iter_mut().rev() {
            carry += u32::from(*byte) * 58;
            *byte = carry as u8;
            carry >>= 8;
        }
        if carry != 0 {
            return false;
        }
    }
    let (payload, check) = bytes.split_at(21);
    let sum = Sha256::digest(Sha256::digest(payload));
    matches!(payload[0], 0 | 5) && sum[..4] == *check
}

/// The first of the words that stands on the line before a value.
fn label(text: &str, start: usize, words: &[&'static str]) -> Option<&'static str> {
    let before = &text[floor(text, start.saturating_sub(40))..start];
    let line = before.rsplit('\n').next()?.to_lowercase();
    words.iter().find(|word| line.contains(**word)).copied()
}

/// Whether the word has the checksum of Bech32 or Bech32m (BIP 173, BIP 350).
fn bech32(word: &str) -> bool {
    const LETTERS: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const STEPS: [u32; 5] = [
        0x3b6a_57b2,
        0x2650_8e6d,
        0x1ea1_19fa,
        0x3d42_33dd,
        0x2a14_62b3,
    ];
    let Some((human, data)) = word.split_once('1') else {
        return false;
    };
    let mut sum = 1u32;
    let mut step = |value: u32| {
        let top = sum >> 25;
        sum = (sum & 0x1ff_ffff) << 5 ^ value;
        for (i, constant) in STEPS.iter().enumerate() {
            if top >> i & 1 == 1 {
                sum ^= constant;
            }
        }
    };
    human.bytes().for_each(|b| step(u32::from(b) >> 5));
    step(0);
    human.bytes().for_each(|b| step(u32::from(b) & 31));
    for b in data.bytes() {
        match LETTERS.iter().position(|letter| *letter == b) {
            Some(value) => step(value as u32),
            None => return false,
        }
    }
    matches!(sum, 1 | 0x2bc8_30a3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hardware_addresses() {
        let check = |text: &str, expected: &[&str]| {
            let mut hits = Vec::new();
            macs(text, &mut hits);
            let got: Vec<&str> = hits.iter().map(|hit| &text[hit.start..hit.end]).collect();
            assert_eq!(got, expected, "{text}");
        };
        check("seen 00:1a:2b:3c:4d:5e today", &["00:1a:2b:3c:4d:5e"]);
        check("MAC: 00-1A-2B-3C-4D-5E", &["00-1A-2B-3C-4D-5E"]);
        check("my mac is 0012.3456.789a.", &["0012.3456.789a"]);
        check("id 00-1A-2B-3C-4D-5E", &[]);
        check("at 10:20:30:40:50:60", &[]);
        check("ff:ff:ff:ff:ff:ff and 00:00:00:00:00:00", &[]);
        check("key 00:1a:2b:3c:4d:5e:6f:70", &[]);
        check("2001:db8::1 1.2.3.4 a-b-c", &[]);
    }

    #[test]
    fn wallets() {
        let check = |text: &str, expected: Option<&str>| {
            let at = text.find(|c: char| c.is_ascii_digit()).expect("a digit");
            let got = wallet(text, at).map(|hit| &text[hit.start..hit.end]);
            assert_eq!(got, expected, "{text}");
        };
        // Published examples of BIP 173 and BIP 350.
        let p2wpkh = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4";
        check(p2wpkh, Some(p2wpkh));
        let p2tr = "bc1p0xlxvlhemja6c4dqv22uapctqupfhlxm9h8z3k2e72q4k9hcz7vqzk5jj0";
        check(p2tr, Some(p2tr));
        check("bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t5", None);
        check(
            "my wallet: 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
            Some("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
        );
        check(
            "token 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2",
            Some("1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN2"),
        );
        check("wallet 1BvBMSEYstWetqTFn5Au4m4GFg7xJaNVN3", None);
        check("wallet 1zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz", None);
        check("sum 12345678901234567890123456789", None);
    }
}
