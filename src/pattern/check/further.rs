//! Checks of further identity numbers: shapes with dates and letters beside check digits.
//!
//! In and out as in [`super`]: one value, yes or no. One function a scheme, with its rule and source above it.

use super::*;

/// Nine letters and digits of one shape, say `AA999999A`: `9` a digit, `A` a letter, anything else itself.
fn shaped(bytes: &[u8], shape: &[u8]) -> bool {
    bytes.len() == shape.len()
        && bytes.iter().zip(shape).all(|(b, s)| match s {
            b'9' => b.is_ascii_digit(),
            b'A' => b.is_ascii_uppercase(),
            s => b == s,
        })
}

/// The value a digit or letter has in a sum: 0 to 9, A = 10.
fn value(byte: u8) -> u32 {
    match byte {
        b'0'..=b'9' => u32::from(byte - b'0'),
        _ => u32::from(byte - b'A') + 10,
    }
}

/// Icelandic kennitala of a person: day, month and year of birth; weights 3, 2, 7, 6, 5, 4, 3, 2, 1, divisible by 11; the last digit tells the century.
pub(super) fn is_kt(text: &str) -> bool {
    let Some(d) = digits::<10>(text) else {
        return false;
    };
    let dated = month_and_day(pair(&d, 2), pair(&d, 0));
    dated
        && matches!(d[9], 8 | 9 | 0)
        && weighted(&d, &[3, 2, 7, 6, 5, 4, 3, 2, 1]).is_multiple_of(11)
}

/// Latvian personal code: weights 10, 5, 8, 4, 2, 1, 6, 3, 7, 9 and one, mod 11, mod 10; day and month of birth in front, or 32 since July 2017.
pub(super) fn lv_pk(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let dated = month_and_day(pair(&d, 2), pair(&d, 0)) && d[6] <= 2;
    let sum = weighted(&d, &[10, 5, 8, 4, 2, 1, 6, 3, 7, 9]);
    (dated || pair(&d, 0) == 32) && (sum + 1) % 11 % 10 == d[10]
}

/// JMBG of the states of Yugoslavia, EMŠO in Slovenia: day and month of birth in front; weights 7 to 2 twice, mod 11.
pub(super) fn rs_jmbg(text: &str) -> bool {
    let Some(d) = digits::<13>(text) else {
        return false;
    };
    let sum = weighted(&d, &[7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]);
    month_and_day(pair(&d, 2), pair(&d, 0)) && (11 - sum % 11) % 11 == d[12]
}

/// Ukrainian RNOKPP: weights -1, 5, 7, 9, 4, 6, 10, 5, 7, mod 11, mod 10.
pub(super) fn ua_rnokpp(text: &str) -> bool {
    let Some(d) = digits::<10>(text) else {
        return false;
    };
    // -1 is 10, modulo 11.
    let sum = weighted(&d, &[10, 5, 7, 9, 4, 6, 10, 5, 7]);
    number(&d) != 0 && sum % 11 % 10 == d[9]
}

/// Austrian SVNR: ten digits, the fourth is the check; weights 3, 7, 9, 5, 8, 4, 2, 1, 6, mod 11; day and month of birth behind it.
pub(super) fn at_svnr(text: &str) -> bool {
    let Some(d) = digits::<10>(text) else {
        return false;
    };
    let sum = weighted(&d[..3], &[3, 7, 9]) + weighted(&d[4..], &[5, 8, 4, 2, 1, 6]);
    d[0] != 0 && sum % 11 == d[3] && month_and_day(pair(&d, 6).min(12), pair(&d, 4))
}

/// Bulgarian EGN: weights 2, 4, 8, 5, 10, 9, 7, 3, 6, mod 11, mod 10; the month has 20 or 40 added for other centuries.
pub(super) fn bg_egn(text: &str) -> bool {
    let Some(d) = digits::<10>(text) else {
        return false;
    };
    weighted(&d, &[2, 4, 8, 5, 10, 9, 7, 3, 6]) % 11 % 10 == d[9]
        && month_and_day(pair(&d, 2) % 20, pair(&d, 4))
}

/// Czech and Slovak birth number: divisible by 11; the month has 50 (women), 20 or 70 added.
pub(super) fn cz_rc(text: &str) -> bool {
    let Some(d) = digits::<10>(text) else {
        return false;
    };
    let rest = number(&d[..9]) % 11 % 10;
    rest == u64::from(d[9]) && month_and_day(pair(&d, 2) % 50 % 20, pair(&d, 4))
}

/// German pension insurance number: area, date of birth, letter of the birth name, serial, check. VKVV § 4: digits with weights
/// 2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1, the letter as its number of two digits, sums of digits, mod 10.
pub(super) fn de_rvnr(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let b = chars.get();
    if !shaped(b, b"99999999A999") {
        return false;
    }
    let letter = u32::from(b[8] - b'A') + 1;
    let mut d = [0; 12];
    for (to, from) in d.iter_mut().zip(&b[..8]) {
        *to = value(*from);
    }
    (d[8], d[9], d[10], d[11]) = (letter / 10, letter % 10, value(b[9]), value(b[10]));
    let sum: u32 = d
        .iter()
        .zip([2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1])
        .map(|(digit, weight)| digit * weight)
        .map(|product| product / 10 + product % 10)
        .sum();
    sum % 10 == value(b[11]) && month_and_day(pair(&d, 4), pair(&d, 2) % 50)
}

/// German identity card and passport: letters without vowels and digits; the last is the check with weights 7, 3, 1 (ICAO 9303).
pub(super) fn de_card(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let b = chars.get();
    let known = |c: &u8| c.is_ascii_digit() || b"CFGHJKLMNPRTVWXYZ".contains(c);
    if !matches!(b.len(), 9 | 10) || !b.iter().all(known) || !b"CFGHJKLMNPRTVWXYZ".contains(&b[0]) {
        return false;
    }
    let (body, check) = b.split_at(b.len() - 1);
    let sum: u32 = body
        .iter()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(&byte, weight)| value(byte) * weight)
        .sum();
    check[0].is_ascii_digit() && sum % 10 == value(check[0])
}

/// Estonian and Lithuanian personal code: weights 1 to 9 and 1, mod 11; 10 means the weights 3 to 9 and 1 to 3.
pub(super) fn ee_ik(text: &str) -> bool {
    let Some(d) = digits::<11>(text) else {
        return false;
    };
    let first = weighted(&d, &[1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
    let check = match first {
        10 => weighted(&d, &[3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11 % 10,
        rest => rest,
    };
    (1..=8).contains(&d[0]) && check == d[10] && month_and_day(pair(&d, 3), pair(&d, 5))
}

/// British National Insurance number: two letters, six digits, A to D; HMRC NIM39110 tells which letters are used.
pub(super) fn gb_nino(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let b = chars.get();
    shaped(b, b"AA999999A")
        && !b"DFIQUV".contains(&b[0])
        && !b"DFIQUVO".contains(&b[1])
        && !matches!(
            &b[..2],
            b"BG" | b"GB" | b"NK" | b"KN" | b"TN" | b"NT" | b"ZZ"
        )
        && (b'A'..=b'D').contains(&b[8])
}

/// Greek AMKA: date of birth, and Luhn over eleven digits.
pub(super) fn gr_amka(text: &str) -> bool {
    digits::<11>(text).is_some_and(|d| month_and_day(pair(&d, 2), pair(&d, 0))) && luhn(text)
}

/// Hong Kong identity card: one or two letters, six digits, check mod 11 with weights 9 to 1; brackets round the check allowed.
pub(super) fn hk_id(text: &str) -> bool {
    let Some(chars) = Chars::of(&text.replace(['(', ')'], "")) else {
        return false;
    };
    let b = chars.get();
    let letters = b.iter().take_while(|b| b.is_ascii_uppercase()).count();
    if !(1..=2).contains(&letters)
        || b.len() != letters + 7
        || !b[letters..b.len() - 1].iter().all(u8::is_ascii_digit)
    {
        return false;
    }
    // A single letter has a blank before it, which counts 36.
    let first = if letters == 1 {
        36 * 9
    } else {
        value(b[0]) * 9
    };
    let sum = first
        + b[letters - 1..b.len() - 1]
            .iter()
            .zip([8, 7, 6, 5, 4, 3, 2])
            .map(|(&byte, weight)| value(byte) * weight)
            .sum::<u32>();
    let check = match b[b.len() - 1] {
        b'A' => 10,
        digit if digit.is_ascii_digit() => value(digit),
        _ => return false,
    };
    (sum + check).is_multiple_of(11)
}

/// Irish PPS: seven digits, a letter, perhaps a second; weights 8 to 2, and 9 for the second letter, mod 23.
pub(super) fn ie_pps(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let b = chars.get();
    if !shaped(b, b"9999999A") && !shaped(b, b"9999999AA") {
        return false;
    }
    let second = match b.get(8) {
        None | Some(b'W') => 0,
        Some(letter) => u32::from(letter - b'A') + 1,
    };
    let sum: u32 = b[..7]
        .iter()
        .zip((2..=8).rev())
        .map(|(&byte, weight)| value(byte) * weight)
        .sum();
    b[7] == b"WABCDEFGHIJKLMNOPQRSTUV"[((sum + second * 9) % 23) as usize]
}

/// Indian PAN: five letters, four digits, a letter; the fourth letter tells the holder, P a person (Income Tax Rules 1962, rule 114).
pub(super) fn in_pan(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let b = chars.get();
    shaped(b, b"AAAAA9999A") && b"ABCFGHJLPT".contains(&b[3]) && &b[5..9] != b"0000"
}

/// Mexican CURP: letters of the name, date of birth, sex, state, consonants, and a check mod 10 over 0-9, A-N, Ñ, O-Z with weights 18 to 2.
pub(super) fn mx_curp(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let b = chars.get();
    if b.len() != 18
        || !shaped(&b[..10], b"AAAA999999")
        || !b"HMX".contains(&b[10])
        || !shaped(&b[11..16], b"AAAAA")
        || !b[17].is_ascii_digit()
    {
        return false;
    }
    let letter = |byte: u8| value(byte) + u32::from(byte > b'N');
    let sum: u32 = b[..17]
        .iter()
        .zip((2..=18).rev())
        .map(|(&byte, weight)| letter(byte) * weight)
        .sum();
    let two = |at: usize| value(b[at]) * 10 + value(b[at + 1]);
    (10 - sum % 10) % 10 == value(b[17]) && month_and_day(two(6), two(8))
}

/// New Zealand IRD number: eight or nine digits, weights 3, 2, 7, 6, 5, 4, 3, 2, then 7, 4, 3, 2, 5, 2, 7, 6, mod 11.
pub(super) fn nz_ird(text: &str) -> bool {
    let nine = digits::<9>(text).or_else(|| {
        let mut long = [0; 9];
        long[1..].copy_from_slice(&digits::<8>(text)?);
        Some(long)
    });
    let Some(d) = nine.filter(|d| (10_000_000..150_000_000).contains(&number(d))) else {
        return false;
    };
    let rest = |weights: &[u32]| match weighted(&d, weights) % 11 {
        0 => 0,
        rest => 11 - rest,
    };
    let check = match rest(&[3, 2, 7, 6, 5, 4, 3, 2]) {
        10 => rest(&[7, 4, 3, 2, 5, 2, 7, 6]),
        check => check,
    };
    check == d[8]
}

/// Romanian CNP: sex and century, date of birth, county, serial; weights 2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9, mod 11, 10 counts 1.
pub(super) fn ro_cnp(text: &str) -> bool {
    let Some(d) = digits::<13>(text) else {
        return false;
    };
    let check = match weighted(&d, &[2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 {
        10 => 1,
        rest => rest,
    };
    d[0] != 0 && check == d[12] && month_and_day(pair(&d, 3), pair(&d, 5))
}

/// US ITIN, IRS: nine digits from 900, the group 50 to 65, 70 to 88, 90 to 92 or 94 to 99.
pub(super) fn us_itin(text: &str) -> bool {
    digits::<9>(text)
        .is_some_and(|d| d[0] == 9 && matches!(pair(&d, 3), 50..=65 | 70..=88 | 90..=92 | 94..=99))
}

/// Danish CPR: day, month and year of birth, four digits; since 2007 without a check digit.
pub(super) fn dk_cpr(text: &str) -> bool {
    digits::<10>(text).is_some_and(|d| month_and_day(pair(&d, 2), pair(&d, 0)))
}

/// Malaysian MyKad: date of birth, place of birth (01 to 16, 21 to 59, 60 to 68, 71 to 72, 74 to 79, 82 to 93, 98, 99), four digits.
pub(super) fn my_kad(text: &str) -> bool {
    digits::<12>(text).is_some_and(|d| {
        month_and_day(pair(&d, 2), pair(&d, 4))
            && matches!(pair(&d, 6), 1..=16 | 21..=68 | 71 | 72 | 74..=79 | 82..=93 | 98 | 99)
    })
}

/// British driving licence: five characters of the surname, decade, month (50 more for women), day, year, initials, check characters.
pub(super) fn gb_driver(text: &str) -> bool {
    let Some(chars) = Chars::of(text) else {
        return false;
    };
    let b = chars.get();
    if b.len() != 16 || !shaped(&b[5..11], b"999999") || !b[0].is_ascii_uppercase() {
        return false;
    }
    let letters = b[..5].iter().take_while(|b| b.is_ascii_uppercase()).count();
    let two = |at: usize| value(b[at]) * 10 + value(b[at + 1]);
    b[letters..5].iter().all(|&b| b == b'9')
        && month_and_day(two(6) % 50, two(8))
        && b[11].is_ascii_uppercase()
        && (b[12].is_ascii_uppercase() || b[12] == b'9')
        && b[14].is_ascii_uppercase()
        && b[15].is_ascii_uppercase()
}

/// Routing number of a US bank (ABA): weights 3, 7, 1, mod 10; the first two digits are those of a Federal Reserve district.
pub(super) fn us_aba(text: &str) -> bool {
    let Some(d) = digits::<9>(text) else {
        return false;
    };
    let district = pair(&d, 0);
    matches!(district, 0..=12 | 21..=32 | 61..=72 | 80)
        && d.iter().any(|&digit| digit != 0)
        && weighted(&d, &[3, 7, 1, 3, 7, 1, 3, 7, 1]).is_multiple_of(10)
}
