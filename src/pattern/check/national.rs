//! Check digits of national identity and tax numbers outside Japan.
//!
//! In and out as in [`super`]: one value, yes or no. One function a scheme, with its rule and source above it.

use super::*;

/// US SSA: area not 000, 666, 9xx; group not 00; serial not 0000; numbers known from advertisements refused.
pub(super) fn us_ssn(text: &str) -> bool {
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
pub(super) fn us_npi(text: &str) -> bool {
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
pub(super) fn ca_sin(text: &str) -> bool {
    digits::<9>(text).is_some_and(|d| !matches!(d[0], 0 | 8)) && luhn(text)
}

/// UK NHS number: weights 10 to 2, mod 11.
pub(super) fn gb_nhs(text: &str) -> bool {
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
pub(super) fn de_steuerid(text: &str) -> bool {
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
pub(super) fn hr_oib(text: &str) -> bool {
    digits::<11>(text).is_some_and(|d| mod_11_10(&d))
}

/// French NIR: 97 - (13 characters mod 97), Corsica 2A = 19, 2B = 18.
pub(super) fn fr_nir(text: &str) -> bool {
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
pub(super) fn es_dni(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let bytes = chars.get();
    bytes.len() == 9
        && bytes[..8].iter().all(u8::is_ascii_digit)
        && dni_letter(&bytes[..8]) == bytes[8]
}

/// Spanish NIE: X, Y, Z stand for 0, 1, 2.
pub(super) fn es_nie(text: &str) -> bool {
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
pub(super) fn it_cf(text: &str) -> bool {
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
pub(super) fn nl_bsn(text: &str) -> bool {
    let Some(d) = digits::<9>(text) else {
        return false;
    };
    weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11 == d[8] && number(&d) != 0
}

/// Belgian national number: 97 - (nine digits mod 97), a 2 in front for births since 2000.
pub(super) fn be_nn(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let (payload, check) = (number(&d[..9]), number(&d[9..]));
    let dated = month_and_day(pair(&d, 2) % 20, pair(&d, 4));
    dated && (check == 97 - payload % 97 || check == 97 - (payload + 2_000_000_000) % 97)
}

/// Portuguese NIF: weights 9 to 2, mod 11.
pub(super) fn pt_nif(text: &str) -> bool {
    let Some(d) = digits::<9>(text) else {
        return false;
    };
    let check = 11 - weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2]) % 11;
    d[0] != 0 && d[8] == if check >= 10 { 0 } else { check }
}

/// Polish PESEL: weights 1, 3, 7, 9; the month tells the century.
pub(super) fn pl_pesel(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    weighted(&d, &[1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]).is_multiple_of(10)
        && month_and_day(pair(&d, 2) % 20, pair(&d, 4))
}

/// Swedish personnummer: a date and Luhn over ten digits; the form of twelve has the century in front.
pub(super) fn se_personnummer(text: &str) -> bool {
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
pub(super) fn fi_hetu(text: &str) -> bool {
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
pub(super) fn no_fnr(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    weighted(&d, &[3, 7, 6, 1, 8, 9, 4, 5, 2, 1]).is_multiple_of(11)
        && weighted(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
        && number(&d) != 0
}

/// Swiss AHV number: 756, then the check digit of EAN-13.
pub(super) fn ch_ahv(text: &str) -> bool {
    let Some(d) = digits::<13>(text) else {
        return false;
    };
    number(&d[..3]) == 756
        && weighted(&d, &[1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]).is_multiple_of(10)
}

/// Turkish identity number: two check digits.
pub(super) fn tr_tckn(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let (odd, even) = (d[0] + d[2] + d[4] + d[6] + d[8], d[1] + d[3] + d[5] + d[7]);
    d[0] != 0 && d[9] == (odd * 7 + 40 - even) % 10 && d[10] == d[..10].iter().sum::<u32>() % 10
}

/// Russian SNILS: weights 9 to 1, mod 101.
pub(super) fn ru_snils(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let check = weighted(&d, &[9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101 % 100;
    number(&d) != 0 && pair(&d, 9) == check
}

/// Israeli identity number: weights 1, 2 in turn, digit sums.
pub(super) fn il_id(text: &str) -> bool {
    digits::<9>(text).is_some_and(|d| number(&d) != 0) && luhn(text)
}

/// South African identity number: a date, citizenship, Luhn.
pub(super) fn za_id(text: &str) -> bool {
    digits::<13>(text).is_some_and(|d| month_and_day(pair(&d, 2), pair(&d, 4)) && d[10] <= 2)
        && luhn(text)
}

/// Brazilian CPF: two sums mod 11.
pub(super) fn br_cpf(text: &str) -> bool {
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
pub(super) fn cl_rut(text: &str) -> bool {
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
pub(super) fn ar_cuit(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let check = 11 - weighted(&d, &[5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    matches!(pair(&d, 0), 20 | 23 | 24 | 27)
        && d[10] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 0][check as usize]
}

/// Chinese resident identity number, GB 11643-1999: mod 11, 10 = X; a date inside.
pub(super) fn cn_ric(text: &str) -> bool {
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
pub(super) fn kr_rrn(text: &str) -> bool {
    let Some(d) = digits::<13>(text) else {
        return false;
    };
    let sum = weighted(&d, &[2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5]);
    d[12] == (11 - sum % 11) % 10
        && month_and_day(pair(&d, 2), pair(&d, 4))
        && (1..=8).contains(&d[6])
}

/// Form of a Korean driver's licence number: twelve digits, the first two the region of issue, 11 to 28 but 27.
pub(super) fn kr_driver_form(text: &str) -> bool {
    digits::<12>(text).is_some_and(|d| matches!(pair(&d, 0), 11..=26 | 28))
}

/// Form of a Korean resident registration number: a date of birth, and a digit from 1 to 8 for century, sex and origin.
pub(super) fn kr_rrn_form(text: &str) -> bool {
    let Some(d) = digits::<13>(text) else {
        return false;
    };
    month_and_day(pair(&d, 2), pair(&d, 4)) && (1..=8).contains(&d[6])
}

/// Taiwanese identity number: the letter as two digits, weights 1, 9, 8 … 1, 1, mod 10.
pub(super) fn tw_id(text: &str) -> bool {
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
pub(super) fn sg_nric(text: &str) -> bool {
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
pub(super) fn th_id(text: &str) -> bool {
    let Some(d) = digits::<13>(text) else {
        return false;
    };
    d[0] != 0 && d[12] == (11 - weighted(&d, &[13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11) % 10
}

/// Australian TFN: weights 1, 4, 3, 7, 5, 8, 6, 9, 10, mod 11.
pub(super) fn au_tfn(text: &str) -> bool {
    digits::<9>(text).is_some_and(|d| {
        number(&d) != 0 && weighted(&d, &[1, 4, 3, 7, 5, 8, 6, 9, 10]).is_multiple_of(11)
    })
}

/// Indian Aadhaar: Verhoeff, first digit 2 to 9.
pub(super) fn in_aadhaar(text: &str) -> bool {
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
