//! Check digits and number plans: does a number obey the rule of its issuer?
//!
//! In: one value, folded to ASCII; blanks, hyphens, dots and slashes between its characters do not matter. Out: yes or no.
//! This file does not know whether the number was ever issued. To add a check: one function and one row of [`CHECKS`], and
//! published valid and invalid numbers in the tests.

mod further;
mod national;
#[cfg(test)]
mod tests;

use further::*;
use national::*;

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
        name: "at.svnr",
        passes: at_svnr,
        chance: 0.078,
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
        name: "bg.egn",
        passes: bg_egn,
        chance: 0.103,
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
        name: "cz.rc",
        passes: cz_rc,
        chance: 0.092,
    },
    Check {
        name: "de.card",
        passes: de_card,
        chance: 0.1,
    },
    Check {
        name: "de.rvnr",
        passes: de_rvnr,
        chance: 0.1,
    },
    Check {
        name: "de.steuerid",
        passes: de_steuerid,
        chance: 0.0037,
    },
    Check {
        name: "dk.cpr",
        passes: dk_cpr,
        chance: 0.04,
    },
    Check {
        name: "ee.ik",
        passes: ee_ik,
        chance: 0.099,
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
        name: "gb.driver",
        passes: gb_driver,
        chance: 0.05,
    },
    Check {
        name: "gb.nhs",
        passes: gb_nhs,
        chance: 0.0847,
    },
    Check {
        name: "gb.nino",
        passes: gb_nino,
        chance: 0.1,
    },
    Check {
        name: "gr.amka",
        passes: gr_amka,
        chance: 0.09,
    },
    Check {
        name: "hk.id",
        passes: hk_id,
        chance: 0.09,
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
        name: "ie.pps",
        passes: ie_pps,
        chance: 0.034,
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
        name: "in.pan",
        passes: in_pan,
        chance: 0.4,
    },
    Check {
        name: "is.kt",
        passes: is_kt,
        chance: 0.0007,
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
        name: "kr.driver-form",
        passes: kr_driver_form,
        chance: 0.17,
    },
    Check {
        name: "kr.rrn",
        passes: kr_rrn,
        chance: 0.0947,
    },
    Check {
        name: "kr.rrn-form",
        passes: kr_rrn_form,
        chance: 0.0284,
    },
    Check {
        name: "luhn",
        passes: luhn,
        chance: 0.1,
    },
    Check {
        name: "lv.pk",
        passes: lv_pk,
        chance: 0.0047,
    },
    Check {
        name: "mx.curp",
        passes: mx_curp,
        chance: 0.1,
    },
    Check {
        name: "my.kad",
        passes: my_kad,
        chance: 0.03,
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
        name: "nz.ird",
        passes: nz_ird,
        chance: 0.07,
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
        name: "ro.cnp",
        passes: ro_cnp,
        chance: 0.1,
    },
    Check {
        name: "rs.jmbg",
        passes: rs_jmbg,
        chance: 0.0036,
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
        name: "ua.rnokpp",
        passes: ua_rnokpp,
        chance: 0.1,
    },
    Check {
        name: "us.aba",
        passes: us_aba,
        chance: 0.041,
    },
    Check {
        name: "us.itin",
        passes: us_itin,
        chance: 0.04,
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
pub fn jp_driver(text: &str) -> bool {
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
