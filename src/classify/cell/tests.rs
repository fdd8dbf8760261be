//! Shapes of single cells.

use super::*;

/// The cell has these shapes, and none of those.
fn check(cell: &str, has: &[Shape], not: &[Shape]) {
    let got = shapes(cell);
    let names: Vec<_> = got.iter().map(Shape::as_str).collect();
    has.iter()
        .for_each(|&s| assert!(got.has(s), "{cell} should be {}: {names:?}", s.as_str()));
    not.iter().for_each(|&s| {
        assert!(
            !got.has(s),
            "{cell} should not be {}: {names:?}",
            s.as_str()
        )
    });
}

#[test]
fn numbers_that_a_program_gave_a_fraction() {
    use Shape::*;
    check("3035550001.0", &[Digits, Integer], &[Decimal]);
    check("19850403.0", &[Date], &[Decimal]);
    check("4242424242424242.0", &[Card], &[Decimal]);
    check("1234567.0", &[Decimal], &[Digits]);
    check("12345678.5", &[Decimal], &[Digits]);
    check("1.0", &[Decimal], &[Digits]);
}

#[test]
fn numbers() {
    use Shape::*;
    for phone in [
        "03-1234-5678",
        "0312345678",
        "(03)1234-5678",
        "０３－１２３４－５６７８",
        "090-1234-5678",
        "+81-3-1234-5678",
        "+81 (0)90 1234 5678",
        "03 1234 5678",
        "03ー1234ー5678",
        "0120-123-456",
        "03-1234-5678 ext. 12",
    ] {
        check(phone, &[PhoneJp], &[Card, Date, Ip]);
    }
    for other in [
        "2012-01-02",
        "192.168.0.1",
        "1234567890123",
        "00-0000-0000",
        "1.2.3",
        "20120102",
        "978-4-10-109205-8",
    ] {
        check(other, &[], &[PhoneJp, PhoneIntl]);
    }
    check("+44 20 7946 0958", &[PhoneIntl], &[PhoneJp]);
    check("(212) 555-0123", &[PhoneLoose], &[PhoneJp]);
    check("5340-01-234-5678", &[], &[PhoneLoose]);
    check("0049-30-234-1037", &[PhoneLoose], &[]);
    check("0.312345678", &[Decimal], &[PhoneJp, PhoneLoose]);
    check("4111 1111 1111 1111", &[Card], &[CardLike]);
    check("4111-1111-1111-1112", &[CardLike], &[Card]);
    check("378282246310005", &[Card, Digits], &[]);
    check("5.54563E+15", &[CardLike], &[]);
    check("************1234", &[Masked], &[Filler]);
    check("1234 5678 9018", &[MyNumber, Digits12], &[]);
    check("123456789012", &[Digits12], &[MyNumber]);
    check("100-0001", &[PostalJp], &[PhoneJp]);
    check("〒100-0001", &[PostalJp], &[]);
    check("90210-1234", &[PostalUs], &[]);
    check("SW1A 1AA", &[PostalOther], &[]);
    check("04/27", &[MonthYear], &[]);
    check("192.168.1.1", &[Ip], &[]);
    check("fe80::1%eth0", &[Ip], &[]);
    check("12:34", &[Time], &[Ip]);
    for age in [
        "35歳",
        "20代",
        "３０代後半",
        "60歳以上",
        "20〜24歳",
        "20-24",
        "65+",
    ] {
        check(age, &[AgeLike], &[]);
    }
    check("24-20", &[], &[AgeLike]);
    check("20代目", &[], &[AgeLike]);
    check("1,234.50", &[Decimal], &[]);
    check("-5", &[Integer], &[]);
}

#[test]
fn dates() {
    use Shape::*;
    check("1985-04-03", &[Date], &[PhoneJp, JpStreet]);
    check("1985-04-03 10:20:30", &[DateTime], &[]);
    check("昭和60年4月3日", &[EraDate], &[]);
    check("S60.4.3", &[EraDate], &[]);
    check("19850403", &[Date, Digits], &[]);
    check("3 April 1985", &[Date], &[]);
}

#[test]
fn words() {
    use Shape::*;
    check("taro@example.com", &[Email], &[EmailLoose]);
    check("taro..sato.@example.ne.jp", &[Email], &[]);
    check("taro@host", &[EmailLoose], &[Email]);
    check("icon@2x.png", &[], &[Email]);
    check("https://example.com/?a=b@c.com", &[Url], &[Email]);
    check("GB82 WEST 1234 5698 7654 32", &[Iban], &[]);
    check("f81d4fae-7dec-11d0-a765-00a0c91e6bf6", &[Uuid], &[PhoneJp]);
    check("d41d8cd98f00b204e9800998ecf8427e", &[Hash], &[]);
    check("Mary Smith", &[LatinFullName, Capitalised], &[]);
    check("SATO Taro", &[LatinFullName], &[]);
    check("SMITH/MARY MS", &[LatinFullName], &[]);
    check("Smith/Mary", &[LatinFullName], &[]);
    check("Male/Female", &[], &[LatinFullName]);
    check("and/or", &[], &[LatinFullName]);
    check("Red Green", &[Capitalised], &[Sentence]);
    check("123 Main Street", &[Street], &[]);
    check("12 Oak Street, Denver, CO 80202-1234", &[Street], &[]);
    check(
        "c/o Oak House, 12 Oak Street, Denver, CO 80202",
        &[Street],
        &[],
    );
    // A record of somebody in one cell.
    check(
        "Mary Johnson, 12 Oak Street, Denver, CO 80202",
        &[],
        &[Street],
    );
    check(
        "12 Oak Street, Denver, CO 80202, 303-555-0142",
        &[],
        &[Street],
    );
    check(
        "12 Oak Street, Denver, CO 80202, mary@example.com",
        &[],
        &[Street],
    );
    check("Acme Widgets Inc.", &[Organisation], &[]);
    check("female", &[Gender], &[BloodType]);
    check("AB+", &[BloodType], &[]);
    check("O", &[BloodType], &[]);
    check("BA", &[], &[BloodType]);
    check("N/A", &[Filler], &[]);
    check("-", &[Filler], &[]);
    check("California", &[State], &[]);
    check("", &[], &[Filler]);
}

#[test]
fn japanese() {
    use Shape::*;
    check("佐藤 太郎", &[JpFullName], &[]);
    check("佐藤太郎", &[JpFullName, HanShort], &[]);
    check("髙﨑　花子", &[JpFullName], &[]);
    check("佐藤", &[JpSurname], &[JpFullName]);
    check("サトウ タロウ", &[KanaFullName, Kana], &[]);
    check("ｻﾄｳ ﾀﾛｳ", &[KanaFullName], &[]);
    check("さとう", &[KanaSurname], &[]);
    check("東京都港区芝公園4-2-8", &[JpAddress], &[JpStreet]);
    check("東京都", &[JpPrefecture], &[JpAddress]);
    check("横浜市西区", &[JpCity], &[JpAddress]);
    check("芝公園4-2-8", &[JpStreet], &[JpAddress]);
    check("サンハイツ101号室", &[JpBuilding], &[]);
    check("株式会社サンプル商事", &[Organisation], &[JpFullName]);
    check("会社員", &[Occupation], &[]);
    check("男性", &[Gender], &[]);
    check("ＡＢ型", &[BloodType], &[]);
    check("B型(Rh-)", &[BloodType], &[]);
    check("不明", &[Filler], &[]);
    check(
        "明日は雨が降るので傘を持って行く。",
        &[Sentence],
        &[JpFullName],
    );
    check("山田●●", &[Masked], &[]);
}

#[test]
fn the_short_way_tells_the_same() {
    let mut numbers: Vec<String> = [
        "0",
        "00",
        "000000",
        "0000000",
        "1",
        "130",
        "131",
        "0123",
        "12345",
        "20120102",
        "20121302",
        "123456789018",
        "4111111111111111",
        "4808640323957",
        "09012345678",
        "819012345678",
        "20170429233445",
        "1985-04-03",
        "1985/04/03",
        "1985-13-03",
        "9999-12-31",
        "1900-01-01",
        "1970-01-01",
        "1970/01/01",
        "0000-00-00",
        "0999-01-01",
        "1985-04-03 10:20:30",
        "1985-04-03 25:20:30",
        "0000-00-00 00:00:00",
        "1985-04/03",
        "1985-04-031",
        "1x",
        "12345678901234567890123",
    ]
    .map(str::to_owned)
    .to_vec();
    for (n, state) in states().take(20_000).enumerate() {
        let digits = (state >> 11).to_string();
        numbers.push(digits[..1 + n % digits.len()].to_owned());
        let (y, m, d) = (1000 + state % 2000, state >> 40 & 15, state >> 30 & 31);
        numbers.push(format!("{y:04}-{m:02}-{d:02}"));
        numbers.push(format!(
            "{y:04}/{m:02}/{d:02} {:02}:{m:02}:{d:02}",
            state >> 20 & 31
        ));
    }
    let short = plain_ones(&numbers);
    assert!(short > 30_000, "{short} of {}", numbers.len());
}

/// How many of the cells are plain: those are like all others.
fn plain_ones(cells: &[String]) -> usize {
    let plain = cells.iter().filter_map(|cell| Some((cell, plain(cell)?)));
    plain
        .map(|(cell, shapes)| assert_eq!(shapes, general(cell), "{cell}"))
        .count()
}

/// Numbers that look drawn, the same in every run.
fn states() -> impl Iterator<Item = u64> {
    let next = |state: &u64| {
        let product = state.wrapping_mul(6_364_136_223_846_793_005);
        Some(product.wrapping_add(1))
    };
    std::iter::successors(next(&7), next)
}

/// Plain postal codes and addresses are like all others.
#[test]
fn plain_codes_and_addresses_are_not_counted() {
    let mut cells: Vec<String> = [
        "000-0000",
        "999-9999",
        "123-45678",
        "12-34567",
        "a@b.jp",
        "A.B@Example.JP",
        "test@example.com",
        "xxxx1@example.com",
        "a+b@b.jp",
        "a@b.png",
        "a@b",
        "a@-b.jp",
        "@b.jp",
        "a@b.jp ",
        "a@b@b.jp",
        "AB-@b.jp",
        "mailto:a@b.jp",
    ]
    .map(str::to_owned)
    .to_vec();
    for (n, state) in states().take(20_000).enumerate() {
        let (first, second) = (state >> 20 & 0x3ff, state >> 9 & 0x1fff);
        cells.push(format!("{first:03}-{second:04}"));
        let local = ["a", "B.", "x", "-"][n % 4];
        let top = ["e", "ex", "jp", "COM"][state as usize >> 40 & 3];
        cells.push(format!("{local}{first}@{second}.{top}"));
    }
    let short = plain_ones(&cells);
    assert!(short > 20_000, "{short} of {}", cells.len());
}

#[test]
fn any_text_is_no_trouble() {
    for cell in [
        "@", "+", "(", "〒", "1-", "ー", "年", "\u{3000}", "E+15", "-E+1", "é", "12:", ":::",
        "Ａ＠", "𠮷野", "㍼", "$$", "x@", "1.E+15", "0",
    ] {
        shapes(cell);
        shapes(&cell.repeat(50));
        shapes(&cell.repeat(2000));
    }
}

/// Phones in three groups are like all others, those that are numbers of a state and those that stand for nothing, too.
#[test]
fn plain_phones_are_not_counted() {
    let mut next = crate::text::random(3);
    let layouts = [
        "0dd-dddd-dddd",
        "0d-dddd-dddd",
        "0dd-ddd-dddd",
        "0ddd-dd-dddd",
        "0dddd-d-dddd",
    ];
    let mut cells: Vec<String> = ["012-345-6789", "000-0000-0000", "00-0000-0000"]
        .map(String::from)
        .into();
    for n in 0..40_000 {
        let mut cell: Vec<u8> = layouts[n % layouts.len()].bytes().collect();
        let few = next(3) == 0;
        for byte in cell.iter_mut().filter(|byte| **byte == b'd') {
            *byte = b'0' + next(if few { 2 } else { 10 }) as u8;
        }
        if next(5) == 0 {
            let at = next(cell.len() as u64) as usize;
            cell[at] = b"-0 .x"[next(5) as usize];
        }
        cells.push(String::from_utf8(cell).expect("ASCII"));
    }
    let plain = plain_ones(&cells);
    assert!((20_000..40_000).contains(&plain), "{plain}");
}

/// Hosts in one pass, and label by label.
#[test]
fn plain_hosts_are_hosts() {
    let pieces = [
        "a", "Example", "x1", "-", "_", ".", "..", "jp", "é", "co", "png", "9",
    ];
    let mut plain = 0;
    for n in 0..pieces.len().pow(5) {
        let mut rest = n;
        let host: String = (0..5)
            .map(|_| {
                let piece = pieces[rest % pieces.len()];
                rest /= pieces.len();
                piece
            })
            .collect();
        // A host that is no plain one for its first sign, and otherwise the same.
        let slow = host_name(&format!("é.{host}"));
        if is_plain_host(host.as_bytes()) {
            plain += 1;
            assert_eq!(host_name(&host), slow, "{host}");
        }
    }
    assert!(plain > 1_000, "{plain}");
}
