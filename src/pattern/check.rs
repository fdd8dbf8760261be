//! Check digits and number plans: does a number obey the rule of its issuer?
//!
//! In: one value, folded to ASCII; blanks, hyphens, dots and slashes between its characters do not matter. Out: yes or no.
//! This file does not know whether the number was ever issued. To add a check: one function and one row of [`CHECKS`], and
//! published valid and invalid numbers in the tests.

/// A named check.
#[derive(Debug)]
pub struct Check {
    /// Its name in pattern files and evidence.
    pub name: &'static str,
    /// Whether a value passes.
    pub passes: fn(&str) -> bool,
    /// The share of random numbers of the same shape that pass.
    pub chance: f64,
}

/// Every check, sorted by name.
pub const CHECKS: &[Check] = &[
    Check {
        name: "ar.cuit",
        passes: ar_cuit,
        chance: 0.1045,
    },
    Check {
        name: "au.tfn",
        passes: au_tfn,
        chance: 0.096,
    },
    Check {
        name: "be.nn",
        passes: be_nn,
        chance: 0.0233,
    },
    Check {
        name: "br.cpf",
        passes: br_cpf,
        chance: 0.0083,
    },
    Check {
        name: "ca.sin",
        passes: ca_sin,
        chance: 0.085,
    },
    Check {
        name: "card",
        passes: |text| card(text).is_some(),
        chance: 0.026,
    },
    Check {
        name: "ch.ahv",
        passes: ch_ahv,
        chance: 0.0003,
    },
    Check {
        name: "cl.rut",
        passes: cl_rut,
        chance: 0.0837,
    },
    Check {
        name: "cn.ric",
        passes: cn_ric,
        chance: 0.0863,
    },
    Check {
        name: "de.steuerid",
        passes: de_steuerid,
        chance: 0.0037,
    },
    Check {
        name: "es.dni",
        passes: es_dni,
        chance: 0.04,
    },
    Check {
        name: "es.nie",
        passes: es_nie,
        chance: 0.0037,
    },
    Check {
        name: "fi.hetu",
        passes: fi_hetu,
        chance: 0.0253,
    },
    Check {
        name: "fr.nir",
        passes: fr_nir,
        chance: 0.0123,
    },
    Check {
        name: "gb.nhs",
        passes: gb_nhs,
        chance: 0.0847,
    },
    Check {
        name: "hr.oib",
        passes: hr_oib,
        chance: 0.0903,
    },
    Check {
        name: "iban",
        passes: iban,
        chance: 0.0103,
    },
    Check {
        name: "il.id",
        passes: il_id,
        chance: 0.1033,
    },
    Check {
        name: "in.aadhaar",
        passes: in_aadhaar,
        chance: 0.0793,
    },
    Check {
        name: "it.cf",
        passes: it_cf,
        chance: 0.0173,
    },
    Check {
        name: "jp.corporate",
        passes: jp_corporate,
        chance: 0.1027,
    },
    Check {
        name: "jp.driver",
        passes: jp_driver,
        chance: 0.1017,
    },
    Check {
        name: "jp.insurer",
        passes: jp_insurer,
        chance: 0.1073,
    },
    Check {
        name: "jp.my-number",
        passes: jp_my_number,
        chance: 0.1007,
    },
    Check {
        name: "kr.rrn",
        passes: kr_rrn,
        chance: 0.0947,
    },
    Check {
        name: "luhn",
        passes: luhn,
        chance: 0.1,
    },
    Check {
        name: "nl.bsn",
        passes: nl_bsn,
        chance: 0.0913,
    },
    Check {
        name: "no.fnr",
        passes: no_fnr,
        chance: 0.012,
    },
    Check {
        name: "pl.pesel",
        passes: pl_pesel,
        chance: 0.0987,
    },
    Check {
        name: "pt.nif",
        passes: pt_nif,
        chance: 0.0877,
    },
    Check {
        name: "ru.snils",
        passes: ru_snils,
        chance: 0.0097,
    },
    Check {
        name: "se.personnummer",
        passes: se_personnummer,
        chance: 0.098,
    },
    Check {
        name: "sg.nric",
        passes: sg_nric,
        chance: 0.005,
    },
    Check {
        name: "th.id",
        passes: th_id,
        chance: 0.0843,
    },
    Check {
        name: "tr.tckn",
        passes: tr_tckn,
        chance: 0.0087,
    },
    Check {
        name: "tw.id",
        passes: tw_id,
        chance: 0.0403,
    },
    Check {
        name: "us.npi",
        passes: us_npi,
        chance: 0.0237,
    },
    Check {
        name: "us.ssn",
        passes: us_ssn,
        chance: 0.8767,
    },
    Check {
        name: "za.id",
        passes: za_id,
        chance: 0.0947,
    },
];

/// The check of a name.
pub fn named(name: &str) -> Option<&'static Check> {
    CHECKS
        .binary_search_by(|check| check.name.cmp(name))
        .ok()
        .map(|i| &CHECKS[i])
}

/// Longest number that any check reads: an IBAN.
const LONGEST: usize = 34;

/// The characters of a value without separators, upper case, on the stack.
struct Chars {
    bytes: [u8; LONGEST],
    len: usize,
}

impl Chars {
    /// `None` for anything but letters, digits and separators, and for what is too long.
    fn of(text: &str) -> Option<Chars> {
        let mut chars = Chars {
            bytes: [0; LONGEST],
            len: 0,
        };
        for byte in text.bytes() {
            match byte {
                b' ' | b'-' | b'.' | b'/' => continue,
                byte if byte.is_ascii_alphanumeric() && chars.len < LONGEST => {
                    chars.bytes[chars.len] = byte.to_ascii_uppercase();
                    chars.len += 1;
                }
                _ => return None,
            }
        }
        Some(chars)
    }

    fn get(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

/// `N` decimal digits, or nothing.
fn digits<const N: usize>(text: &str) -> Option<[u32; N]> {
    let chars = Chars::of(text)?;
    let bytes: &[u8; N] = chars.get().try_into().ok()?;
    bytes
        .iter()
        .all(u8::is_ascii_digit)
        .then(|| bytes.map(|byte| u32::from(byte - b'0')))
}

/// Sum of digit times weight.
fn weighted(digits: &[u32], weights: &[u32]) -> u32 {
    digits
        .iter()
        .zip(weights)
        .map(|(digit, weight)| digit * weight)
        .sum()
}

/// The number that digits write.
fn number(digits: &[u32]) -> u64 {
    digits
        .iter()
        .fold(0, |sum, &digit| sum * 10 + u64::from(digit))
}

fn month_and_day(month: u32, day: u32) -> bool {
    (1..=12).contains(&month) && (1..=31).contains(&day)
}

fn pair(digits: &[u32], at: usize) -> u32 {
    digits[at] * 10 + digits[at + 1]
}

/// ISO/IEC 7812-1 annex B, over two digits or more.
pub fn luhn(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    luhn_bytes(chars.get())
}

fn luhn_bytes(bytes: &[u8]) -> bool {
    if bytes.len() < 2 || !bytes.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let double = |digit: u32| if digit > 4 { digit * 2 - 9 } else { digit * 2 };
    let value = |(i, byte): (usize, &u8)| {
        let digit = u32::from(byte - b'0');
        if i % 2 == 1 { double(digit) } else { digit }
    };
    bytes.iter().rev().enumerate().map(value).sum::<u32>() % 10 == 0
}

/// The network that issued a card number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Network {
    /// Visa.
    Visa,
    /// Mastercard, the 2-series too.
    Mastercard,
    /// American Express.
    Amex,
    /// JCB.
    Jcb,
    /// Diners Club.
    Diners,
    /// Discover.
    Discover,
    /// UnionPay 銀聯.
    UnionPay,
    /// Maestro.
    Maestro,
    /// RuPay, India.
    RuPay,
    /// Mir, Russia.
    Mir,
    /// Troy, Türkiye.
    Troy,
    /// Verve, Nigeria.
    Verve,
    /// Dankort, Denmark.
    Dankort,
    /// Hipercard, Brazil.
    Hipercard,
}

impl Network {
    /// Its name.
    pub fn as_str(self) -> &'static str {
        match self {
            Network::Visa => "visa",
            Network::Mastercard => "mastercard",
            Network::Amex => "amex",
            Network::Jcb => "jcb",
            Network::Diners => "diners",
            Network::Discover => "discover",
            Network::UnionPay => "unionpay",
            Network::Maestro => "maestro",
            Network::RuPay => "rupay",
            Network::Mir => "mir",
            Network::Troy => "troy",
            Network::Verve => "verve",
            Network::Dankort => "dankort",
            Network::Hipercard => "hipercard",
        }
    }
}

/// Issuer ranges as six digits, from and to, with the lengths that go with them; the first row that holds a number decides.
/// ISO/IEC 7812 and the networks' published ranges, as of 2026.
const ISSUERS: &[(u32, u32, &[usize], Network)] = &[
    (622_126, 622_925, &[16, 17, 18, 19], Network::Discover),
    (606_282, 606_282, &[16], Network::Hipercard),
    (506_099, 506_198, &[16, 18, 19], Network::Verve),
    (222_100, 272_099, &[16], Network::Mastercard),
    (352_800, 358_999, &[16, 17, 18, 19], Network::Jcb),
    // 15 digits: no longer issued, yet in old data.
    (213_100, 213_199, &[15], Network::Jcb),
    (180_000, 180_099, &[15], Network::Jcb),
    (220_000, 220_499, &[16, 17, 18, 19], Network::Mir),
    (309_500, 309_599, &[14, 16, 19], Network::Diners),
    (501_900, 501_999, &[16], Network::Dankort),
    (
        501_800,
        501_899,
        &[12, 13, 14, 15, 16, 17, 18, 19],
        Network::Maestro,
    ),
    (
        502_000,
        502_099,
        &[12, 13, 14, 15, 16, 17, 18, 19],
        Network::Maestro,
    ),
    (
        503_800,
        503_899,
        &[12, 13, 14, 15, 16, 17, 18, 19],
        Network::Maestro,
    ),
    (
        589_300,
        589_399,
        &[12, 13, 14, 15, 16, 17, 18, 19],
        Network::Maestro,
    ),
    (
        630_400,
        630_499,
        &[12, 13, 14, 15, 16, 17, 18, 19],
        Network::Maestro,
    ),
    (
        675_900,
        675_999,
        &[12, 13, 14, 15, 16, 17, 18, 19],
        Network::Maestro,
    ),
    (
        676_100,
        676_399,
        &[12, 13, 14, 15, 16, 17, 18, 19],
        Network::Maestro,
    ),
    (979_200, 979_299, &[16], Network::Troy),
    (601_100, 601_199, &[16, 17, 18, 19], Network::Discover),
    (508_000, 508_999, &[16], Network::RuPay),
    (644_000, 659_999, &[16, 17, 18, 19], Network::Discover),
    (300_000, 305_999, &[14, 16, 19], Network::Diners),
    (340_000, 349_999, &[15], Network::Amex),
    (370_000, 379_999, &[15], Network::Amex),
    (360_000, 369_999, &[14, 16, 19], Network::Diners),
    (380_000, 399_999, &[14, 16, 19], Network::Diners),
    (510_000, 559_999, &[16], Network::Mastercard),
    (600_000, 609_999, &[16], Network::RuPay),
    (620_000, 629_999, &[16, 17, 18, 19], Network::UnionPay),
    (810_000, 817_199, &[16, 17, 18, 19], Network::UnionPay),
    (817_200, 829_999, &[16], Network::RuPay),
    (400_000, 499_999, &[13, 16, 19], Network::Visa),
];

/// The network of a card number: issuer range and length, without the check digit.
pub fn issuer(text: &str) -> Option<Network> {
    let chars = Chars::of(text)?;
    issuer_of(chars.get())
}

fn issuer_of(bytes: &[u8]) -> Option<Network> {
    if !(12..=19).contains(&bytes.len()) || !bytes.iter().all(u8::is_ascii_digit) {
        return None;
    }
    let prefix = bytes[..6]
        .iter()
        .fold(0, |sum, byte| sum * 10 + u32::from(byte - b'0'));
    let row = ISSUERS
        .iter()
        .find(|row| (row.0..=row.1).contains(&prefix) && row.2.contains(&bytes.len()));
    row.map(|row| row.3)
}

/// The network of a valid card number: issuer range, length and Luhn, and no number that is all but one digit.
pub fn card(text: &str) -> Option<Network> {
    let chars = Chars::of(text)?;
    let bytes = chars.get();
    let network = issuer_of(bytes)?;
    let seen = bytes
        .iter()
        .fold(0u16, |seen, byte| seen | 1 << (byte - b'0'));
    (luhn_bytes(bytes) && seen.count_ones() >= 2).then_some(network)
}

/// 個人番号: 平成26年総務省令第85号 第5条. With P(n) the n-th digit from the right of the first eleven, Q(n) = n+1 for n ≤ 6 and
/// n-5 above: 11 - (ΣP·Q mod 11), and 0 where that remainder is 0 or 1.
pub fn jp_my_number(text: &str) -> bool {
    let Some(d) = digits::<12>(text) else {
        return false;
    };
    let rest = weighted(&d, &[6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    d[11] == if rest <= 1 { 0 } else { 11 - rest } && d.iter().any(|&digit| digit != d[0])
}

/// 法人番号: 平成26年財務省令第70号 第2条. The first digit is 9 - (ΣP·Q mod 9), Q = 1, 2 in turn from the right.
pub fn jp_corporate(text: &str) -> bool {
    let Some(d) = digits::<13>(text) else {
        return false;
    };
    d[0] == 9 - weighted(&d[1..], &[2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]) % 9
}

/// 運転免許証番号: the eleventh digit, mod 11; widely documented, not published officially.
fn jp_driver(text: &str) -> bool {
    let Some(d) = digits::<12>(text) else {
        return false;
    };
    let rest = weighted(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    (10..=99).contains(&pair(&d, 0)) && d[10] == if rest <= 1 { 0 } else { 11 - rest }
}

/// 保険者番号, eight digits: weights 2, 1 in turn from the right of the payload, as Luhn. 厚生労働省 保険者番号等の設定について.
fn jp_insurer(text: &str) -> bool {
    digits::<8>(text).is_some() && luhn(text)
}

/// Length of the IBAN of each country. SWIFT IBAN registry, 2026.
const IBAN_LENGTHS: &[(&[u8; 2], usize)] = &[
    (b"AD", 24),
    (b"AE", 23),
    (b"AL", 28),
    (b"AT", 20),
    (b"AX", 18),
    (b"AZ", 28),
    (b"BA", 20),
    (b"BE", 16),
    (b"BG", 22),
    (b"BH", 22),
    (b"BI", 27),
    (b"BL", 27),
    (b"BR", 29),
    (b"BY", 28),
    (b"CH", 21),
    (b"CR", 22),
    (b"CY", 28),
    (b"CZ", 24),
    (b"DE", 22),
    (b"DJ", 27),
    (b"DK", 18),
    (b"DO", 28),
    (b"EE", 20),
    (b"EG", 29),
    (b"ES", 24),
    (b"FI", 18),
    (b"FK", 18),
    (b"FO", 18),
    (b"FR", 27),
    (b"GB", 22),
    (b"GE", 22),
    (b"GF", 27),
    (b"GG", 22),
    (b"GI", 23),
    (b"GL", 18),
    (b"GP", 27),
    (b"GR", 27),
    (b"GT", 28),
    (b"HN", 28),
    (b"HR", 21),
    (b"HU", 28),
    (b"IE", 22),
    (b"IL", 23),
    (b"IM", 22),
    (b"IQ", 23),
    (b"IS", 26),
    (b"IT", 27),
    (b"JE", 22),
    (b"JO", 30),
    (b"KW", 30),
    (b"KZ", 20),
    (b"LB", 28),
    (b"LC", 32),
    (b"LI", 21),
    (b"LT", 20),
    (b"LU", 20),
    (b"LV", 21),
    (b"LY", 25),
    (b"MC", 27),
    (b"MD", 24),
    (b"ME", 22),
    (b"MF", 27),
    (b"MK", 19),
    (b"MN", 20),
    (b"MQ", 27),
    (b"MR", 27),
    (b"MT", 31),
    (b"MU", 30),
    (b"NC", 27),
    (b"NI", 28),
    (b"NL", 18),
    (b"NO", 15),
    (b"OM", 23),
    (b"PF", 27),
    (b"PK", 24),
    (b"PL", 28),
    (b"PM", 27),
    (b"PS", 29),
    (b"PT", 25),
    (b"QA", 29),
    (b"RE", 27),
    (b"RO", 24),
    (b"RS", 22),
    (b"RU", 33),
    (b"SA", 24),
    (b"SC", 31),
    (b"SD", 18),
    (b"SE", 24),
    (b"SI", 19),
    (b"SK", 24),
    (b"SM", 27),
    (b"SO", 23),
    (b"ST", 25),
    (b"SV", 28),
    (b"TF", 27),
    (b"TL", 23),
    (b"TN", 24),
    (b"TR", 26),
    (b"UA", 29),
    (b"VA", 22),
    (b"VG", 24),
    (b"WF", 27),
    (b"XK", 20),
    (b"YE", 30),
    (b"YT", 27),
];

/// IBAN, ISO 13616: known country, its length, and the number mod 97 is 1.
pub fn iban(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let bytes = chars.get();
    if bytes.len() < 5 || !bytes[2..4].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let Ok(row) = IBAN_LENGTHS.binary_search_by(|row| row.0.as_slice().cmp(&bytes[..2])) else {
        return false;
    };
    if IBAN_LENGTHS[row].1 != bytes.len() {
        return false;
    }
    let rest = bytes[4..]
        .iter()
        .chain(&bytes[..4])
        .fold(0u32, |rest, &byte| match byte {
            b'0'..=b'9' => (rest * 10 + u32::from(byte - b'0')) % 97,
            _ => (rest * 100 + u32::from(byte - b'A') + 10) % 97,
        });
    rest == 1
}

/// US SSA: area not 000, 666, 9xx; group not 00; serial not 0000; numbers known from advertisements refused.
fn us_ssn(text: &str) -> bool {
    let Some(d) = digits::<9>(text) else {
        return false;
    };
    let (area, group, serial) = (number(&d[..3]), number(&d[3..5]), number(&d[5..]));
    let advertised = [78_051_120, 219_099_999, 457_555_462, 123_456_789].contains(&number(&d));
    area != 0
        && area != 666
        && area < 900
        && group != 0
        && serial != 0
        && !advertised
        && d.iter().any(|x| *x != d[0])
}

/// US NPI, 45 CFR 162.406: Luhn over 80840 and the number.
fn us_npi(text: &str) -> bool {
    let Some(d) = digits::<10>(text) else {
        return false;
    };
    let mut bytes = *b"808400000000000";
    for (byte, digit) in bytes[5..].iter_mut().zip(d) {
        *byte = b'0' + digit as u8;
    }
    matches!(d[0], 1 | 2) && luhn_bytes(&bytes)
}

/// Canadian SIN: Luhn, not beginning with 0 or 8.
fn ca_sin(text: &str) -> bool {
    digits::<9>(text).is_some_and(|d| !matches!(d[0], 0 | 8)) && luhn(text)
}

/// UK NHS number: weights 10 to 2, mod 11.
fn gb_nhs(text: &str) -> bool {
    let Some(d) = digits::<10>(text) else {
        return false;
    };
    let check = 11 - weighted(&d, &[10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    d[9] == check % 11 && check != 10 && d.iter().any(|&digit| digit != d[0])
}

/// ISO 7064 MOD 11,10 over all digits, the last being the check digit.
fn mod_11_10(digits: &[u32]) -> bool {
    let (check, payload) = digits.split_last().expect("callers give eleven digits");
    let product = payload.iter().fold(10, |product, digit| {
        let sum = (product + digit) % 10;
        (if sum == 0 { 10 } else { sum }) * 2 % 11
    });
    (product + check) % 10 == 1
}

/// German Steuer-ID, § 139b AO: one digit of the first ten twice or three times, ISO 7064 MOD 11,10.
fn de_steuerid(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let mut counts = [0; 10];
    d[..10]
        .iter()
        .for_each(|&digit| counts[digit as usize] += 1);
    let repeated = counts.iter().filter(|&&n| n > 1).count() == 1 && counts.iter().all(|&n| n <= 3);
    d[0] != 0 && repeated && mod_11_10(&d)
}

/// Croatian OIB: ISO 7064 MOD 11,10.
fn hr_oib(text: &str) -> bool {
    digits::<11>(text).is_some_and(|d| mod_11_10(&d))
}

/// French NIR: 97 - (13 characters mod 97), Corsica 2A = 19, 2B = 18.
fn fr_nir(text: &str) -> bool {
    let Some(mut chars) = Chars::of(text) else {
        return false;
    };
    if chars.len != 15 {
        return false;
    }
    match &chars.bytes[5..7] {
        b"2A" => chars.bytes[5..7].copy_from_slice(b"19"),
        b"2B" => chars.bytes[5..7].copy_from_slice(b"18"),
        _ => {}
    }
    let Ok(text) = std::str::from_utf8(chars.get()) else {
        return false;
    };
    let Some(d) = digits::<15>(text) else {
        return false;
    };
    let month = pair(&d, 3);
    let dated = (1..=12).contains(&month) || (20..=42).contains(&month) || month >= 50;
    matches!(d[0], 1 | 2 | 7 | 8) && dated && number(&d[13..]) == 97 - number(&d[..13]) % 97
}

const DNI_LETTERS: &[u8; 23] = b"TRWAGMYFPDXBNJZSQVHLCKE";

/// Spanish DNI: eight digits mod 23 give the letter.
fn es_dni(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let bytes = chars.get();
    bytes.len() == 9
        && bytes[..8].iter().all(u8::is_ascii_digit)
        && dni_letter(&bytes[..8]) == bytes[8]
}

/// Spanish NIE: X, Y, Z stand for 0, 1, 2.
fn es_nie(text: &str) -> bool {
    let Some(mut chars) = Chars::of(text) else {
        return false;
    };
    if chars.len != 9 || !matches!(chars.bytes[0], b'X'..=b'Z') {
        return false;
    }
    chars.bytes[0] = chars.bytes[0] - b'X' + b'0';
    let bytes = chars.get();
    bytes[..8].iter().all(u8::is_ascii_digit) && dni_letter(&bytes[..8]) == bytes[8]
}

fn dni_letter(digits: &[u8]) -> u8 {
    let number = digits
        .iter()
        .fold(0, |sum, byte| sum * 10 + usize::from(byte - b'0'));
    DNI_LETTERS[number % 23]
}

/// Italian codice fiscale: values of odd and even places, mod 26; digits may be replaced by letters (omocodia).
fn it_cf(text: &str) -> bool {
    const ODD: [u32; 26] = [
        1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24,
        23,
    ];
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let bytes = chars.get();
    if bytes.len() != 16 {
        return false;
    }
    let digit = |i: usize| bytes[i].is_ascii_digit() || b"LMNPQRSTUV".contains(&bytes[i]);
    let shape = (0..16).all(|i| match i {
        6 | 7 | 9 | 10 | 12 | 13 | 14 => digit(i),
        8 => b"ABCDEHLMPRST".contains(&bytes[i]),
        _ => bytes[i].is_ascii_uppercase(),
    });
    let value = |byte: u8| {
        u32::from(if byte.is_ascii_digit() {
            byte - b'0'
        } else {
            byte.wrapping_sub(b'A')
        })
    };
    let sum: u32 = bytes[..15]
        .iter()
        .enumerate()
        .map(|(i, &byte)| {
            if i % 2 == 0 {
                ODD[value(byte) as usize % 26]
            } else {
                value(byte)
            }
        })
        .sum();
    shape && value(bytes[15]) == sum % 26
}

/// Dutch BSN: weights 9 to 2 and -1, mod 11.
fn nl_bsn(text: &str) -> bool {
    let Some(d) = digits::<9>(text) else {
        return false;
    };
    weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == d[8] && number(&d) != 0
}

/// Belgian national number: 97 - (nine digits mod 97), a 2 in front for births since 2000.
fn be_nn(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let (payload, check) = (number(&d[..9]), number(&d[9..]));
    let dated = month_and_day(pair(&d, 2) % 20, pair(&d, 4));
    dated && (check == 97 - payload % 97 || check == 97 - (payload + 2_000_000_000) % 97)
}

/// Portuguese NIF: weights 9 to 2, mod 11.
fn pt_nif(text: &str) -> bool {
    let Some(d) = digits::<9>(text) else {
        return false;
    };
    let check = 11 - weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    d[0] != 0 && d[8] == if check >= 10 { 0 } else { check }
}

/// Polish PESEL: weights 1, 3, 7, 9; the month tells the century.
fn pl_pesel(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    weighted(&d, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
        && month_and_day(pair(&d, 2) % 20, pair(&d, 4))
}

/// Swedish personnummer: a date and Luhn over ten digits; the form of twelve has the century in front.
fn se_personnummer(text: &str) -> bool {
    let Some(chars) = Chars::of(&text.replace('+', "-")) else {
        return false;
    };
    let bytes = match chars.len {
        12 => &chars.get()[2..],
        _ => chars.get(),
    };
    if bytes.len() != 10 || !luhn_bytes(bytes) {
        return false;
    }
    let two = |at: usize| u32::from(bytes[at] - b'0') * 10 + u32::from(bytes[at + 1] - b'0');
    month_and_day(two(2), if two(4) > 60 { two(4) - 60 } else { two(4) })
}

/// Finnish henkilötunnus: nine digits mod 31 give the last character.
fn fi_hetu(text: &str) -> bool {
    let bytes = text.trim().as_bytes();
    if bytes.len() != 11 || !b"+-ABCDEFYXWVU".contains(&bytes[6]) {
        return false;
    }
    let figures = bytes[..6].iter().chain(&bytes[7..10]);
    if !figures.clone().all(u8::is_ascii_digit) {
        return false;
    }
    let number = figures.fold(0, |sum, byte| sum * 10 + usize::from(byte - b'0'));
    let (day, month) = (number / 10_000_000, number / 100_000 % 100);
    month_and_day(month as u32, day as u32)
        && bytes[10].to_ascii_uppercase() == b"0123456789ABCDEFHJKLMNPRSTUVWXY"[number % 31]
}

/// Norwegian fødselsnummer: two sums mod 11.
fn no_fnr(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    weighted(&d, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
        && number(&d) != 0
}

/// Swiss AHV number: 756, then the check digit of EAN-13.
fn ch_ahv(text: &str) -> bool {
    let Some(d) = digits::<13>(text) else {
        return false;
    };
    number(&d[..3]) == 756
        && weighted(&d, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

/// Turkish identity number: two check digits.
fn tr_tckn(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let (odd, even) = (d[0] + d[2] + d[4] + d[6] + d[8], d[1] + d[3] + d[5] + d[7]);
    d[0] != 0 && d[9] == (odd * 7 + 40 - even) % 10 && d[10] == d[..10].iter().sum::<u32>() % 10
}

/// Russian SNILS: weights 9 to 1, mod 101.
fn ru_snils(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let check = weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
    number(&d) != 0 && pair(&d, 9) == check
}

/// Israeli identity number: weights 1, 2 in turn, digit sums.
fn il_id(text: &str) -> bool {
    digits::<9>(text).is_some_and(|d| number(&d) != 0) && luhn(text)
}

/// South African identity number: a date, citizenship, Luhn.
fn za_id(text: &str) -> bool {
    digits::<13>(text).is_some_and(|d| month_and_day(pair(&d, 2), pair(&d, 4)) && d[10] <= 2)
        && luhn(text)
}

/// Brazilian CPF: two sums mod 11.
fn br_cpf(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let check = |sum: u32| sum * 10 % 11 % 10;
    let weights = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2];
    d.iter().any(|&digit| digit != d[0])
        && d[9] == check(weighted(&d[..9], &weights[1..]))
        && d[10] == check(weighted(&d[..10], &weights))
}

/// Chilean RUT: weights 2 to 7 from the right, mod 11, 10 = K.
fn cl_rut(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let Some((&check, payload)) = chars.get().split_last() else {
        return false;
    };
    if !(7..=8).contains(&payload.len()) || !payload.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let weights = [2, 3, 4, 5, 6, 7].into_iter().cycle();
    let sum: u32 = payload
        .iter()
        .rev()
        .zip(weights)
        .map(|(byte, weight)| u32::from(byte - b'0') * weight)
        .sum();
    check == b"0123456789K0"[(11 - sum % 11) as usize]
}

/// Argentine CUIT of a person: prefix 20, 23, 24 or 27; weights 5, 4, 3, 2, 7, 6, 5, 4, 3, 2, mod 11, 10 = 9.
fn ar_cuit(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let check = 11 - weighted(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    matches!(pair(&d, 0), 20 | 23 | 24 | 27)
        && d[10] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 0][check as usize]
}

/// Chinese resident identity number, GB 11643-1999: mod 11, 10 = X; a date inside.
fn cn_ric(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let Some((&check, payload)) = chars.get().split_last() else {
        return false;
    };
    if payload.len() != 17 || !payload.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let d: Vec<u32> = payload.iter().map(|byte| u32::from(byte - b'0')).collect();
    let sum = weighted(&d, &[7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]);
    check == b"10X98765432"[(sum % 11) as usize] && month_and_day(pair(&d, 10), pair(&d, 12))
}

/// Korean resident registration number: weights 2 to 9 and 2 to 5, mod 11; numbers issued since October 2020 have none.
fn kr_rrn(text: &str) -> bool {
    let Some(d) = digits::<13>(text) else {
        return false;
    };
    let sum = weighted(&d, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    d[12] == (11 - sum % 11) % 10 && month_and_day(pair(&d, 2), pair(&d, 4))
}

/// Taiwanese identity number: the letter as two digits, weights 1, 9, 8 … 1, 1, mod 10.
fn tw_id(text: &str) -> bool {
    const LETTERS: &[u8; 26] = b"ABCDEFGHJKLMNPQRSTUVXYWZIO";
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let bytes = chars.get();
    if bytes.len() != 10
        || !bytes[1..].iter().all(u8::is_ascii_digit)
        || !matches!(bytes[1], b'1' | b'2' | b'8' | b'9')
    {
        return false;
    }
    let Some(letter) = LETTERS.iter().position(|&letter| letter == bytes[0]) else {
        return false;
    };
    let letter = letter as u32 + 10;
    let d: Vec<u32> = bytes[1..]
        .iter()
        .map(|byte| u32::from(byte - b'0'))
        .collect();
    (letter / 10 + letter % 10 * 9 + weighted(&d, &[8, 7, 6, 5, 4, 3, 2, 1, 1])).is_multiple_of(10)
}

/// Singaporean NRIC and FIN: weights 2, 7, 6, 5, 4, 3, 2; the table depends on the first letter.
fn sg_nric(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let bytes = chars.get();
    if bytes.len() != 9 || !bytes[1..8].iter().all(u8::is_ascii_digit) {
        return false;
    }
    let d: Vec<u32> = bytes[1..8]
        .iter()
        .map(|byte| u32::from(byte - b'0'))
        .collect();
    let sum = weighted(&d, &[2, 7, 6, 5, 4, 3, 2]);
    let letter = match bytes[0] {
        b'S' => b"JZIHGFEDCBA"[(sum % 11) as usize],
        b'T' => b"JZIHGFEDCBA"[((sum + 4) % 11) as usize],
        b'F' => b"XWUTRQPNMLK"[(sum % 11) as usize],
        b'G' => b"XWUTRQPNMLK"[((sum + 4) % 11) as usize],
        b'M' => b"KLJNPQRTUWX"[10 - ((sum + 3) % 11) as usize],
        _ => return false,
    };
    bytes[8] == letter
}

/// Thai identity number: weights 13 to 2, mod 11.
fn th_id(text: &str) -> bool {
    let Some(d) = digits::<13>(text) else {
        return false;
    };
    d[0] != 0 && d[12] == (11 - weighted(&d, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10
}

/// Australian TFN: weights 1, 4, 3, 7, 5, 8, 6, 9, 10, mod 11.
fn au_tfn(text: &str) -> bool {
    digits::<9>(text).is_some_and(|d| {
        number(&d) != 0 && weighted(&d, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11)
    })
}

/// Indian Aadhaar: Verhoeff, first digit 2 to 9.
fn in_aadhaar(text: &str) -> bool {
    const PERMUTE: [[usize; 10]; 8] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 5, 7, 6, 2, 8, 3, 0, 9, 4],
        [5, 8, 0, 3, 7, 9, 6, 1, 4, 2],
        [8, 9, 1, 6, 0, 4, 3, 5, 2, 7],
        [9, 4, 5, 3, 1, 2, 6, 8, 7, 0],
        [4, 2, 8, 6, 5, 7, 3, 9, 0, 1],
        [2, 7, 9, 3, 8, 0, 6, 4, 1, 5],
        [7, 0, 4, 6, 9, 1, 3, 2, 5, 8],
    ];
    let Some(d) = digits::<12>(text) else {
        return false;
    };
    let check = d.iter().rev().enumerate().fold(0, |sum, (i, &digit)| {
        dihedral(sum, PERMUTE[i % 8][digit as usize])
    });
    d[0] >= 2 && check == 0 && !d.iter().eq(d.iter().rev())
}

/// Product in the dihedral group of the pentagon, Verhoeff's d(a, b).
fn dihedral(a: usize, b: usize) -> usize {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => (a + b - 5) % 5 + 5,
        (false, true) => (a - 5 + 5 - b) % 5 + 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Name, numbers that pass, numbers that fail. Random digits with a computed check digit, compared with python-stdnum 2.2
    /// where it knows the scheme; cards and IBANs are published test numbers.
    const VECTORS: &[(&str, &str, &str)] = &[
        (
            "jp.my-number",
            "787789328790 217421809673 929081003393 075793834705 174681453847 019161461000",
            "828915699300 608249804355 545290227195",
        ),
        (
            "jp.corporate",
            "4808640323957 5992905090029 3812322468685 2418628660636 6609245614280 5758512679202",
            "6306937465783 6475636269660 4770903681463",
        ),
        (
            "us.npi",
            "2909574487 2071937306 2265537417 1130423027 1095314989 1775014487",
            "9248402001 7973273198 1679679001",
        ),
        (
            "us.ssn",
            "848734722 023075630 419704686 597446327 083533517 293107050",
            "125001860 000867706 950714208",
        ),
        (
            "gb.nhs",
            "4170168402 6135501887 5901157028 7229899419 7355190938 5849329358",
            "5772587670 6966805312 6425034465",
        ),
        (
            "de.steuerid",
            "63920584166 82430946745 70717849233 25568317450 91118526404 54317816105",
            "18739724643 39501006225 30680267430",
        ),
        (
            "fr.nir",
            "174103232076695 255049381756346 277047777044159 175065981960066 184075282624275 139098944677456",
            "064505227834446 794665856816790 316867797328961",
        ),
        (
            "es.dni",
            "17539281X 51441046M 27104727D 23236624T 51787326C 81536783N",
            "67183197E 84091027G 29189571N",
        ),
        (
            "es.nie",
            "Y9900272M Y4854047A Y6028277Z Y1501365P Y2315538G X9139565D",
            "W5199101G Q2256752G O8005883J",
        ),
        (
            "nl.bsn",
            "711004973 128122614 774590439 368480835 633876975 196344785",
            "447585805 668698757 215613782",
        ),
        (
            "be.nn",
            "91061787682 80032903718 81062283554 70121407094 01042408648 66072982135",
            "14580450974 16579802143 89696302554",
        ),
        (
            "br.cpf",
            "47525513309 11601918089 80183944313 30883858606 32434009700 79877632411",
            "30073260637 31154419352 86078836393",
        ),
        (
            "in.aadhaar",
            "425661650679 688848914589 879196695841 995280109765 501510676630 878232101968",
            "173159285252 907567009437 568416187037",
        ),
        (
            "it.cf",
            "BDGLSC99D11G224Z GDNSSP61H67G487X TNNMPL51M42C675V LRLRFS88D61F464M MTPFMG53C04I042N TMPDGD25S12E148B",
            "ZBCVNU65E46K908M HFIOON25G38A539H RFJWIB66K73N435G",
        ),
        (
            "kr.rrn",
            "8111011105411 0306063607925 0611054236033 4302182958321 6003061892071 6902052653136",
            "1924745526978 1871791847079 2816495392800",
        ),
        (
            "cn.ric",
            "110101196303088922 11010119431117176X 110101199005057398 110101197602247895 110101195510236997 110101200708153154",
            "045419650998097021 772399127787203366 369028427175607243",
        ),
        (
            "ca.sin",
            "440144392 307894584 161745161 719798167 483864013 182806372",
            "088360246 562262716 390878608",
        ),
        (
            "au.tfn",
            "548705542 956832751 325565645 479325782 255844246 388700853",
            "325176540 947922888 371141639",
        ),
        (
            "pl.pesel",
            "78050123604 93120662856 95081849093 08210430277 96052596592 78032119764",
            "38678996579 02115257997 79415174487",
        ),
        (
            "se.personnummer",
            "400727-9872 771115-5882 400903-6015 810505-9920 481011-3979 401212-9641",
            "438317-0629 309481-1679 880993-2029",
        ),
        (
            "fi.hetu",
            "121298-8150 290150-437H 140959-876S 120707A163E 030941-280T 160368-226K",
            "163060-0098 846572-5877 992664-4821",
        ),
        (
            "no.fnr",
            "19044206989 27014711487 15107637165 18089106172 04060803272 08114249883",
            "84933762967 97454544302 10001467524",
        ),
        (
            "ch.ahv",
            "7566819932183 7569528874942 7561647580216 7563886625697 7566409482166 7560800316228",
            "6875026869914 0137791452022 4838887248141",
        ),
        (
            "tr.tckn",
            "50761391800 55966800638 46719527742 25263163682 47926855826 65856361392",
            "02548383549 53102822632 21474979223",
        ),
        (
            "il.id",
            "449421999 694722943 976620559 545215253 415714153 452089386",
            "128334743 405810071 675799947",
        ),
        (
            "za.id",
            "0106184624083 5910109634084 6011293914181 5910213164184 6605279059182 8506160631089",
            "5351381255148 8848707952466 2583727057192",
        ),
        (
            "th.id",
            "2580752528922 6915246051898 1964382660025 6676667140742 8655704741754 1834309268251",
            "9622197841482 1075597805390 3727377741068",
        ),
        (
            "tw.id",
            "A276756532 N100999737 R126936126 B297314204 U155963050 S253357394",
            "U164679870 G662700820 M370666323",
        ),
        (
            "sg.nric",
            "T8451118D S6738108D T2188205J T7255672G G4378969X F9794508W",
            "T4080710B Y8786496G Q9496893Q",
        ),
        (
            "ar.cuit",
            "27508203638 23025711874 23497414849 20770290139 23603686527 23792418686",
            "56355867087 11849433724 29854928576",
        ),
        (
            "cl.rut",
            "984089864 394341932 232873663 453340635 278761673 746611889",
            "190616719 978688455 263003239",
        ),
        (
            "pt.nif",
            "623023318 993868045 284682446 649481852 810805642 216796245",
            "666199464 053177980 715052090",
        ),
        (
            "ru.snils",
            "50157485470 53917088314 17794210906 35201231812 40491968800 02287278259",
            "57879711162 23717527907 37548864512",
        ),
        (
            "hr.oib",
            "15373967764 91140357825 23874390737 68235245441 16697890114 41108865056",
            "66681264437 36397731647 56747488700",
        ),
        (
            "jp.insurer",
            "39320833 06105027 33317728 01339183 33301938 01190115",
            "08693977 37896551 91254039",
        ),
        (
            "jp.driver",
            "452949491040 444932435830 109467541240 404072300960 404763093890 904833778260",
            "115282722620 141389993704 611631114993",
        ),
        (
            "card",
            "4111111111111111 5555555555554444 378282246310005 3566002020360505 6011000990139424",
            "4111111111111112 1234567890123452",
        ),
        ("luhn", "79927398713 18", "79927398710 19"),
        (
            "iban",
            "DE89370400440532013000 GB29NWBK60161331926819 FR1420041010050500013M02606 NO9386011117947",
            "DE89370400440532013001 GB29NWBK6016133192681 JP89370400440532013000",
        ),
    ];

    #[test]
    fn published_numbers() {
        for check in CHECKS {
            let rows: Vec<_> = VECTORS.iter().filter(|row| row.0 == check.name).collect();
            assert!(!rows.is_empty(), "{} has no numbers", check.name);
            for row in rows {
                row.1
                    .split(' ')
                    .for_each(|n| assert!((check.passes)(n), "{}: {n} should pass", check.name));
                row.2
                    .split(' ')
                    .for_each(|n| assert!(!(check.passes)(n), "{}: {n} should fail", check.name));
            }
        }
    }

    #[test]
    fn the_tables_are_sorted() {
        assert!(CHECKS.is_sorted_by_key(|check| check.name));
        assert!(IBAN_LENGTHS.is_sorted_by_key(|row| row.0));
        assert_eq!(named("luhn").map(|check| check.name), Some("luhn"));
        assert!(named("none such").is_none());
    }

    #[test]
    fn networks_by_range_and_length() {
        let check =
            |text: &str, expected: Option<Network>| assert_eq!(card(text), expected, "{text}");
        check("4111 1111 1111 1111", Some(Network::Visa));
        check("4222222222222", Some(Network::Visa));
        check("5555-5555-5555-4444", Some(Network::Mastercard));
        check("2223003122003222", Some(Network::Mastercard));
        check("2720990000000007", Some(Network::Mastercard));
        check("378282246310005", Some(Network::Amex));
        check("30569309025904", Some(Network::Diners));
        check("3530111333300000", Some(Network::Jcb));
        check("6011111111111117", Some(Network::Discover));
        check("6200000000000005", Some(Network::UnionPay));
        check("5019717010103742", Some(Network::Dankort));
        check("4111111111111112", None);
        check("411111111111111", None);
        check("0000000000000000", None);
        check("4111x11111111111", None);
    }

    #[test]
    fn one_check_digit_in_ten_passes() {
        for (name, payload) in [
            ("jp.my-number", "12345678901"),
            ("luhn", "799273987"),
            ("pl.pesel", "9007131035"),
        ] {
            let check = named(name).expect("known");
            let passing = (0..10)
                .filter(|digit| (check.passes)(&format!("{payload}{digit}")))
                .count();
            assert_eq!(passing, 1, "{name}");
        }
    }

    #[test]
    fn hostile_text_is_no_number() {
        for text in [
            "",
            "-",
            "あ",
            "１２３",
            "\u{0}",
            &"9".repeat(1000),
            "++++++++++++",
            "12345678901é",
        ] {
            for check in CHECKS {
                assert!(!(check.passes)(text), "{}", check.name);
            }
        }
    }
}
