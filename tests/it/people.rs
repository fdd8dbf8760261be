//! Invented people, made from a seed: the same seed gives the same people on every machine.
//!
//! In: a seed and a number. Out: [`Person`]s in households, and companies. Town names are real, house numbers, telephone
//! numbers and persons are invented, mail addresses stand in domains that are reserved for examples (RFC 2606), card
//! numbers are the published test numbers of the networks. This module knows no file format.

/// A small deterministic generator of numbers (SplitMix64: Steele, Lea, Flood, 2014).
#[derive(Clone, Debug)]
pub(crate) struct Rng(u64);

impl Rng {
    /// A generator that always gives the same numbers for one seed.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ 0x5DEE_CE66_D1CE_5EED)
    }

    /// The next 64 bits.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number from 0 to `n - 1`.
    pub(crate) fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }

    /// A number from `low` to `high`, both possible.
    pub(crate) fn range(&mut self, low: u64, high: u64) -> u64 {
        low + self.below(high - low + 1)
    }

    /// One of the items.
    pub(crate) fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len() as u64) as usize]
    }

    /// True in `percent` of a hundred cases.
    pub(crate) fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// Puts the items in another order.
    pub(crate) fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            items.swap(i, self.below(i as u64 + 1) as usize);
        }
    }

    /// `n` decimal digits.
    pub(crate) fn digits(&mut self, n: usize) -> String {
        (0..n)
            .map(|_| char::from(b'0' + self.below(10) as u8))
            .collect()
    }

    /// `n` lower-case hexadecimal digits.
    pub(crate) fn hex(&mut self, n: usize) -> String {
        (0..n)
            .map(|_| char::from(b"0123456789abcdef"[self.below(16) as usize]))
            .collect()
    }
}

/// One invented person, or a company standing where a person is expected.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Person {
    /// Number of the person in its population.
    pub(crate) id: u32,
    /// Number of the household.
    pub(crate) household: u32,
    /// Set when this is no person but a company of this name.
    pub(crate) company: Option<String>,
    /// Whether the name is Western: then kanji and kana are empty.
    pub(crate) western: bool,
    /// Family name in kanji.
    pub(crate) family: String,
    /// Given name in kanji.
    pub(crate) given: String,
    /// Family name in katakana.
    pub(crate) family_kana: String,
    /// Given name in katakana.
    pub(crate) given_kana: String,
    /// Family name in Latin letters, lower case.
    pub(crate) family_romaji: String,
    /// Given name in Latin letters, lower case.
    pub(crate) given_romaji: String,
    /// Whether she is a woman.
    pub(crate) female: bool,
    /// Year, month, day.
    pub(crate) birth: (u16, u8, u8),
    /// Where the household lives.
    pub(crate) home: Home,
    /// Mobile number, `090-1234-5678`.
    pub(crate) mobile: String,
    /// Mail address.
    pub(crate) email: String,
    /// A published test card number.
    pub(crate) card: &'static str,
    /// Occupation.
    pub(crate) occupation: &'static str,
}

/// Where a household lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Home {
    /// Postal code, `150-0042`.
    pub(crate) postal_code: String,
    /// Prefecture.
    pub(crate) prefecture: &'static str,
    /// Municipality.
    pub(crate) city: &'static str,
    /// Town and number.
    pub(crate) street: String,
    /// Building and room, or empty.
    pub(crate) building: String,
    /// Telephone at home, `03-5432-1098`.
    pub(crate) phone: String,
}

impl Person {
    /// Full name, `山田 太郎`; `Emma Wilson` when it is Western; the company's name.
    pub(crate) fn name(&self) -> String {
        self.joined(" ")
    }

    /// Full name with `gap` between family and given name.
    pub(crate) fn joined(&self, gap: &str) -> String {
        if let Some(company) = &self.company {
            company.clone()
        } else if self.western {
            self.romaji()
        } else {
            format!("{}{gap}{}", self.family, self.given)
        }
    }

    /// Reading, `ヤマダ タロウ`.
    pub(crate) fn kana(&self) -> String {
        format!("{} {}", self.family_kana, self.given_kana)
    }

    /// In Latin letters, given name first: `Taro Yamada`.
    pub(crate) fn romaji(&self) -> String {
        format!(
            "{} {}",
            capital(&self.given_romaji),
            capital(&self.family_romaji)
        )
    }

    /// Birth date, `1980-05-04`.
    pub(crate) fn born(&self) -> String {
        let (year, month, day) = self.birth;
        format!("{year:04}-{month:02}-{day:02}")
    }

    /// Birth date, `1980/5/4`.
    pub(crate) fn born_slashed(&self) -> String {
        let (year, month, day) = self.birth;
        format!("{year}/{month}/{day}")
    }

    /// Birth date in the Japanese era, `昭和55年5月4日`.
    pub(crate) fn born_era(&self) -> String {
        let (year, month, day) = self.birth;
        match (year, month, day) {
            (2019.., 5.., _) | (2020.., _, _) => format!("令和{}年{month}月{day}日", year - 2018),
            (1989, 1, ..=7) | (..1989, _, _) => format!("昭和{}年{month}月{day}日", year - 1925),
            _ => format!("平成{}年{month}月{day}日", year - 1988),
        }
    }

    /// `男` or `女`.
    pub(crate) fn gender(&self) -> &'static str {
        if self.female { "女" } else { "男" }
    }

    /// Municipality, town, number and building, without the prefecture.
    pub(crate) fn city_and_street(&self) -> String {
        format!("{}{}", self.home.city, self.home.street)
    }

    /// The whole address on one line.
    pub(crate) fn address(&self) -> String {
        let Home {
            prefecture,
            city,
            street,
            building,
            ..
        } = &self.home;
        let gap = if building.is_empty() { "" } else { " " };
        format!("{prefecture}{city}{street}{gap}{building}")
    }
}

/// `taro` as `Taro`.
pub(crate) fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .map(|first| first.to_ascii_uppercase().to_string() + chars.as_str())
        .unwrap_or_default()
}

/// ASCII in full width, hyphens as `－`.
pub(crate) fn full_width(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            ' ' => '\u{3000}',
            '!'..='~' => char::from_u32(c as u32 + 0xFEE0).expect("ASCII has full-width twins"),
            _ => c,
        })
        .collect()
}

/// Katakana in half width.
pub(crate) fn half_width_kana(text: &str) -> String {
    const FULL: &str = "アイウエオカキクケコサシスセソタチツテトナニヌネノハヒフヘホマミムメモヤユヨラリルレロワヲンァィゥェォャュョッー";
    const HALF: &str = "ｱｲｳｴｵｶｷｸｹｺｻｼｽｾｿﾀﾁﾂﾃﾄﾅﾆﾇﾈﾉﾊﾋﾌﾍﾎﾏﾐﾑﾒﾓﾔﾕﾖﾗﾘﾙﾚﾛﾜｦﾝｧｨｩｪｫｬｭｮｯｰ";
    const VOICED: &str = "ガギグゲゴザジズゼゾダヂヅデドバビブベボ";
    const PLAIN: &str = "カキクケコサシスセソタチツテトハヒフヘホ";
    const P: &str = "パピプペポ";
    let twin = |c: char, from: &str, to: &str| {
        from.chars()
            .position(|f| f == c)
            .and_then(|i| to.chars().nth(i))
    };
    let mut out = String::new();
    for c in text.chars() {
        let (base, mark) = if let Some(plain) = twin(c, VOICED, PLAIN) {
            (plain, "ﾞ")
        } else if let Some(plain) = twin(c, P, "ハヒフヘホ") {
            (plain, "ﾟ")
        } else {
            (c, "")
        };
        out.push(twin(base, FULL, HALF).unwrap_or(base));
        out.push_str(mark);
    }
    out
}

/// Katakana as hiragana.
pub(crate) fn hiragana(text: &str) -> String {
    text.chars()
        .map(|c| {
            if ('ァ'..='ヶ').contains(&c) {
                char::from_u32(c as u32 - 0x60).expect("kana are in step")
            } else {
                c
            }
        })
        .collect()
}

/// New kanji as the old forms that family registers keep.
pub(crate) fn old_kanji(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '高' => '髙',
            '崎' => '﨑',
            '斎' => '齋',
            '沢' => '澤',
            '浜' => '濱',
            '辺' => '邊',
            '桜' => '櫻',
            '広' => '廣',
            other => other,
        })
        .collect()
}

/// `090-1234-5678` as `+81-90-1234-5678`.
pub(crate) fn international(phone: &str) -> String {
    format!("+81-{}", phone.trim_start_matches('0'))
}

/// `090-1234-5678` as `09012345678`.
pub(crate) fn bare(number: &str) -> String {
    number.chars().filter(char::is_ascii_digit).collect()
}

/// A My Number with its check digit (平成26年総務省令第85号 第5条).
pub(crate) fn my_number(rng: &mut Rng) -> String {
    let body = rng.digits(11);
    let sum: u32 = body
        .bytes()
        .rev()
        .zip(1u32..)
        .map(|(digit, n)| u32::from(digit - b'0') * if n <= 6 { n + 1 } else { n - 5 })
        .sum();
    let check = if sum % 11 <= 1 { 0 } else { 11 - sum % 11 };
    format!("{body}{check}")
}

/// `n` people in households of one to four, no two with the same mail address, mobile number, or name and birth date.
///
/// Ids count from `seed * 1_000_000` (seeds up to 79, 900,000 people each), so that populations of different seeds are different people: their telephone numbers
/// and mail addresses cannot meet.
pub(crate) fn population(seed: u64, n: usize) -> Vec<Person> {
    let mut rng = Rng::new(seed);
    let mut people: Vec<Person> = Vec::with_capacity(n);
    let mut household = 0;
    let mut left = 0;
    for i in 0..n {
        let id = (seed * 1_000_000) as u32 + i as u32;
        if left == 0 {
            household = id;
            left = *rng.pick(&[1, 1, 1, 1, 1, 2, 2, 3, 4]);
            people.push(head(&mut rng, id));
        } else {
            let first = people[household as usize - (seed * 1_000_000) as usize].clone();
            people.push(relative(&mut rng, id, &first, &people));
        }
        left -= 1;
    }
    people
}

/// `n` companies, as records that look like a person's.
pub(crate) fn companies(seed: u64, n: usize) -> Vec<Person> {
    let mut rng = Rng::new(seed ^ 0xC0);
    (0..n)
        .map(|i| {
            let id = (seed * 1_000_000) as u32 + 900_000 + i as u32;
            let (word, romaji) = COMPANIES[i % COMPANIES.len()];
            let mut company = head(&mut rng, id);
            company.company = Some(if i % 3 == 2 {
                format!("有限会社{word}")
            } else {
                format!("株式会社{word}")
            });
            company.western = false;
            company.email = format!("info@{romaji}.example");
            company
        })
        .collect()
}

/// The first person of a household.
fn head(rng: &mut Rng, id: u32) -> Person {
    let western = rng.chance(4);
    let (family, family_kana, family_romaji) = if western {
        ("", "", *rng.pick(&WESTERN_FAMILY))
    } else {
        *rng.pick(&FAMILY)
    };
    let home = home(rng, id);
    let mut person = Person {
        id,
        household: id,
        company: None,
        western,
        family: family.into(),
        given: String::new(),
        family_kana: family_kana.into(),
        given_kana: String::new(),
        family_romaji: family_romaji.into(),
        given_romaji: String::new(),
        female: false,
        birth: (
            rng.range(1945, 1999) as u16,
            rng.range(1, 12) as u8,
            rng.range(1, 28) as u8,
        ),
        home,
        mobile: String::new(),
        email: String::new(),
        card: "",
        occupation: OCCUPATIONS[rng.below(10) as usize],
    };
    fill(rng, &mut person, "");
    person
}

/// Another person of the same household.
fn relative(rng: &mut Rng, id: u32, first: &Person, people: &[Person]) -> Person {
    let mut person = Person {
        id,
        ..first.clone()
    };
    person.birth = (
        rng.range(1945, 2012) as u16,
        rng.range(1, 12) as u8,
        rng.range(1, 28) as u8,
    );
    person.occupation = OCCUPATIONS[rng.below(10) as usize];
    let mut avoid = String::new();
    for other in people
        .iter()
        .rev()
        .take_while(|other| other.household == first.household)
    {
        avoid.push_str(&other.given_romaji);
        avoid.push(' ');
    }
    fill(rng, &mut person, &avoid);
    person
}

/// Gives a person what is their own: given name (none of those in `avoid`), mobile number, mail address, card.
fn fill(rng: &mut Rng, person: &mut Person, avoid: &str) {
    person.female = rng.chance(50);
    loop {
        if person.western {
            person.given_romaji = (*rng.pick(if person.female {
                &WESTERN_WOMEN
            } else {
                &WESTERN_MEN
            }))
            .into();
        } else {
            let (given, kana, romaji) = *rng.pick(if person.female { &WOMEN } else { &MEN });
            (person.given, person.given_kana, person.given_romaji) =
                (given.into(), kana.into(), romaji.into());
        }
        if !avoid.split(' ').any(|taken| taken == person.given_romaji) {
            break;
        }
    }
    // The last eight digits are a bijection of the id, so no two people share a number; the first is never 0.
    let scrambled = u64::from(person.id).wrapping_mul(48_271) % 89_999_999 + 10_000_000;
    let prefix = rng.pick(&["090", "090", "080", "070"]);
    person.mobile = format!(
        "{prefix}-{:04}-{:04}",
        scrambled / 10_000,
        scrambled % 10_000
    );
    let (given, family, id) = (
        &person.given_romaji,
        &person.family_romaji,
        person.id % 1_000_000,
    );
    let local = match rng.below(5) {
        0 => format!("{given}.{family}{id}"),
        1 => format!("{family}_{given}{id}"),
        2 => format!("{}{family}{id}", &given[..1]),
        3 => format!("{given}{:02}{:02}.{id}", person.birth.1, person.birth.2),
        _ => format!("{family}-{given}.{id}"),
    };
    // The population's number stands in the domain, so populations cannot meet.
    let domain = rng.pick(&[
        "example.com",
        "example.net",
        "example.org",
        "mail.example",
        "keitai.example",
        "webmail.test",
    ]);
    person.email = format!("{local}@p{}.{domain}", person.id / 1_000_000);
    person.card = rng.pick(&CARDS).1;
}

/// Where a household lives.
fn home(rng: &mut Rng, id: u32) -> Home {
    let (prefecture, city, town, zip, area) = *rng.pick(&TOWNS);
    let (chome, banchi, go) = (rng.range(1, 6), rng.range(1, 40), rng.range(1, 30));
    let street = match rng.below(4) {
        0 => format!("{town}{chome}丁目{banchi}番{go}号"),
        1 => format!("{town}{}", full_width(&format!("{chome}-{banchi}-{go}"))),
        _ => format!("{town}{chome}-{banchi}-{go}"),
    };
    let building = if rng.chance(35) {
        format!(
            "{}{}",
            rng.pick(&BUILDINGS),
            rng.range(1, 9) * 100 + rng.range(1, 12)
        )
    } else {
        String::new()
    };
    // Area code and exchange make six digits, the first of the exchange 2 to 9; the rest is the household's own.
    let exchange = 6 - area.len();
    let middle = format!("{}{}", rng.range(2, 9), rng.digits(exchange - 1));
    let phone = format!(
        "{area}-{middle}-{:04}",
        u64::from(id).wrapping_mul(7_919) % 10_000
    );
    Home {
        postal_code: format!("{zip}-{:04}", rng.range(1, 99)),
        prefecture,
        city,
        street,
        building,
        phone,
    }
}

/// Published test numbers of the card networks (Stripe, Adyen and PayPal test card pages, as of 2026).
pub(crate) const CARDS: [(&str, &str); 14] = [
    ("visa", "4111111111111111"),
    ("visa", "4242424242424242"),
    ("visa", "4012888888881881"),
    ("visa", "4000056655665556"),
    ("mastercard", "5555555555554444"),
    ("mastercard", "5105105105105100"),
    ("mastercard", "2223003122003222"),
    ("american-express", "378282246310005"),
    ("american-express", "371449635398431"),
    ("diners-club", "3056930009020004"),
    ("diners-club", "36227206271667"),
    ("discover", "6011111111111117"),
    ("jcb", "3566002020360505"),
    ("jcb", "3530111333300000"),
];

const OCCUPATIONS: [&str; 10] = [
    "会社員",
    "公務員",
    "自営業",
    "主婦",
    "学生",
    "医師",
    "看護師",
    "教員",
    "農業",
    "無職",
];

const BUILDINGS: [&str; 8] = [
    "コーポ青葉",
    "メゾン桜",
    "グリーンハイツ",
    "サンシャインマンション",
    "ハイツ若草",
    "レジデンス泉",
    "第二みどり荘",
    "パークサイド",
];

/// Words of invented companies, and their domain.
const COMPANIES: [(&str, &str); 9] = [
    ("みどり食品", "midori-foods"),
    ("北斗物産", "hokuto-bussan"),
    ("あおぞら給食", "aozora-kyushoku"),
    ("山彦商店", "yamabiko"),
    ("つばめ運輸", "tsubame-unyu"),
    ("さくら厨房", "sakura-chubo"),
    ("大地フーズ", "daichi-foods"),
    ("ひかり旅館", "hikari-ryokan"),
    ("青葉製菓", "aoba-seika"),
];

const WESTERN_FAMILY: [&str; 10] = [
    "wilson", "miller", "taylor", "anderson", "clark", "walker", "harris", "baker", "cooper",
    "parker",
];
const WESTERN_MEN: [&str; 8] = [
    "james", "robert", "michael", "david", "thomas", "daniel", "paul", "mark",
];
const WESTERN_WOMEN: [&str; 8] = [
    "mary", "patricia", "jennifer", "linda", "emma", "sarah", "karen", "nancy",
];

/// Prefecture, municipality, town, first three digits of its postal codes, area code.
#[rustfmt::skip]
const TOWNS: [(&str, &str, &str, &str, &str); 36] = [
    ("北海道", "札幌市中央区", "南一条西", "060", "011"),
    ("北海道", "旭川市", "神楽岡", "078", "0166"),
    ("青森県", "弘前市", "城東", "036", "0172"),
    ("岩手県", "盛岡市", "中央通", "020", "019"),
    ("宮城県", "仙台市青葉区", "国分町", "980", "022"),
    ("秋田県", "横手市", "前郷", "013", "0182"),
    ("福島県", "郡山市", "朝日", "963", "024"),
    ("茨城県", "つくば市", "吾妻", "305", "029"),
    ("群馬県", "高崎市", "栄町", "370", "027"),
    ("埼玉県", "川越市", "新富町", "350", "049"),
    ("埼玉県", "さいたま市浦和区", "高砂", "330", "048"),
    ("千葉県", "船橋市", "本町", "273", "047"),
    ("千葉県", "千葉市美浜区", "高洲", "261", "043"),
    ("東京都", "渋谷区", "宇田川町", "150", "03"),
    ("東京都", "世田谷区", "三軒茶屋", "154", "03"),
    ("東京都", "杉並区", "高円寺北", "166", "03"),
    ("東京都", "武蔵野市", "吉祥寺本町", "180", "0422"),
    ("東京都", "八王子市", "明神町", "192", "042"),
    ("神奈川県", "横浜市中区", "山下町", "231", "045"),
    ("神奈川県", "川崎市高津区", "溝口", "213", "044"),
    ("新潟県", "長岡市", "坂之上町", "940", "0258"),
    ("石川県", "金沢市", "香林坊", "920", "076"),
    ("長野県", "松本市", "中央", "390", "0263"),
    ("静岡県", "浜松市中央区", "鍛冶町", "430", "053"),
    ("愛知県", "名古屋市千種区", "今池", "464", "052"),
    ("愛知県", "豊田市", "若宮町", "471", "0565"),
    ("京都府", "京都市左京区", "下鴨", "606", "075"),
    ("大阪府", "大阪市北区", "天神橋", "530", "06"),
    ("大阪府", "堺市堺区", "新町", "590", "072"),
    ("兵庫県", "神戸市灘区", "水道筋", "657", "078"),
    ("奈良県", "生駒市", "東生駒", "630", "0743"),
    ("岡山県", "倉敷市", "阿知", "710", "086"),
    ("広島県", "広島市中区", "紙屋町", "730", "082"),
    ("愛媛県", "松山市", "三番町", "790", "089"),
    ("福岡県", "福岡市博多区", "博多駅前", "812", "092"),
    ("沖縄県", "那覇市", "久茂地", "900", "098"),
];

#[rustfmt::skip]
const FAMILY: [(&str, &str, &str); 64] = [
    ("佐藤", "サトウ", "sato"), ("鈴木", "スズキ", "suzuki"), ("高橋", "タカハシ", "takahashi"), ("田中", "タナカ", "tanaka"),
    ("伊藤", "イトウ", "ito"), ("渡辺", "ワタナベ", "watanabe"), ("山本", "ヤマモト", "yamamoto"), ("中村", "ナカムラ", "nakamura"),
    ("小林", "コバヤシ", "kobayashi"), ("加藤", "カトウ", "kato"), ("吉田", "ヨシダ", "yoshida"), ("山田", "ヤマダ", "yamada"),
    ("佐々木", "ササキ", "sasaki"), ("山口", "ヤマグチ", "yamaguchi"), ("松本", "マツモト", "matsumoto"), ("井上", "イノウエ", "inoue"),
    ("木村", "キムラ", "kimura"), ("林", "ハヤシ", "hayashi"), ("斎藤", "サイトウ", "saito"), ("清水", "シミズ", "shimizu"),
    ("山崎", "ヤマザキ", "yamazaki"), ("森", "モリ", "mori"), ("池田", "イケダ", "ikeda"), ("橋本", "ハシモト", "hashimoto"),
    ("阿部", "アベ", "abe"), ("石川", "イシカワ", "ishikawa"), ("前田", "マエダ", "maeda"), ("藤田", "フジタ", "fujita"),
    ("小川", "オガワ", "ogawa"), ("後藤", "ゴトウ", "goto"), ("岡田", "オカダ", "okada"), ("長谷川", "ハセガワ", "hasegawa"),
    ("村上", "ムラカミ", "murakami"), ("近藤", "コンドウ", "kondo"), ("石井", "イシイ", "ishii"), ("坂本", "サカモト", "sakamoto"),
    ("遠藤", "エンドウ", "endo"), ("青木", "アオキ", "aoki"), ("藤井", "フジイ", "fujii"), ("西村", "ニシムラ", "nishimura"),
    ("福田", "フクダ", "fukuda"), ("太田", "オオタ", "ota"), ("三浦", "ミウラ", "miura"), ("岡本", "オカモト", "okamoto"),
    ("松田", "マツダ", "matsuda"), ("中川", "ナカガワ", "nakagawa"), ("中野", "ナカノ", "nakano"), ("原田", "ハラダ", "harada"),
    ("小野", "オノ", "ono"), ("田村", "タムラ", "tamura"), ("竹内", "タケウチ", "takeuchi"), ("金子", "カネコ", "kaneko"),
    ("和田", "ワダ", "wada"), ("中山", "ナカヤマ", "nakayama"), ("石田", "イシダ", "ishida"), ("上田", "ウエダ", "ueda"),
    ("森田", "モリタ", "morita"), ("原", "ハラ", "hara"), ("柴田", "シバタ", "shibata"), ("酒井", "サカイ", "sakai"),
    ("宮崎", "ミヤザキ", "miyazaki"), ("大沢", "オオサワ", "osawa"), ("横浜", "ヨコハマ", "yokohama"), ("能登", "ノト", "noto"),
];

#[rustfmt::skip]
const MEN: [(&str, &str, &str); 32] = [
    ("太郎", "タロウ", "taro"), ("一郎", "イチロウ", "ichiro"), ("健一", "ケンイチ", "kenichi"), ("誠", "マコト", "makoto"),
    ("浩", "ヒロシ", "hiroshi"), ("大輔", "ダイスケ", "daisuke"), ("翔太", "ショウタ", "shota"), ("拓也", "タクヤ", "takuya"),
    ("直樹", "ナオキ", "naoki"), ("哲也", "テツヤ", "tetsuya"), ("隆", "タカシ", "takashi"), ("修", "オサム", "osamu"),
    ("達也", "タツヤ", "tatsuya"), ("和也", "カズヤ", "kazuya"), ("亮", "リョウ", "ryo"), ("学", "マナブ", "manabu"),
    ("智也", "トモヤ", "tomoya"), ("裕介", "ユウスケ", "yusuke"), ("健太", "ケンタ", "kenta"), ("悠斗", "ユウト", "yuto"),
    ("蓮", "レン", "ren"), ("陽向", "ヒナタ", "hinata"), ("大翔", "ヒロト", "hiroto"), ("正雄", "マサオ", "masao"),
    ("茂", "シゲル", "shigeru"), ("勝", "マサル", "masaru"), ("清", "キヨシ", "kiyoshi"), ("進", "ススム", "susumu"),
    ("博之", "ヒロユキ", "hiroyuki"), ("秀樹", "ヒデキ", "hideki"), ("雅人", "マサト", "masato"), ("俊介", "シュンスケ", "shunsuke"),
];

#[rustfmt::skip]
const WOMEN: [(&str, &str, &str); 32] = [
    ("花子", "ハナコ", "hanako"), ("陽子", "ヨウコ", "yoko"), ("恵子", "ケイコ", "keiko"), ("由美子", "ユミコ", "yumiko"),
    ("久美子", "クミコ", "kumiko"), ("真由美", "マユミ", "mayumi"), ("智子", "トモコ", "tomoko"), ("裕子", "ユウコ", "yuko"),
    ("美咲", "ミサキ", "misaki"), ("愛", "アイ", "ai"), ("彩", "アヤ", "aya"), ("麻衣", "マイ", "mai"),
    ("結衣", "ユイ", "yui"), ("葵", "アオイ", "aoi"), ("さくら", "サクラ", "sakura"), ("陽菜", "ヒナ", "hina"),
    ("千代", "チヨ", "chiyo"), ("文", "フミ", "fumi"), ("節子", "セツコ", "setsuko"), ("和子", "カズコ", "kazuko"),
    ("幸子", "サチコ", "sachiko"), ("京子", "キョウコ", "kyoko"), ("直美", "ナオミ", "naomi"), ("香織", "カオリ", "kaori"),
    ("明美", "アケミ", "akemi"), ("理恵", "リエ", "rie"), ("優子", "ユウコ", "yuko"), ("沙織", "サオリ", "saori"),
    ("奈々", "ナナ", "nana"), ("瞳", "ヒトミ", "hitomi"), ("舞", "マイ", "mai"), ("美穂", "ミホ", "miho"),
];

#[test]
fn a_seed_gives_the_same_people_and_no_two_share_what_is_their_own() {
    use std::collections::BTreeSet;
    let people = population(7, 3_000);
    assert_eq!(people, population(7, 3_000));
    let distinct =
        |key: fn(&Person) -> String| people.iter().map(key).collect::<BTreeSet<_>>().len();
    assert_eq!(distinct(|p| p.mobile.clone()), people.len());
    assert_eq!(distinct(|p| p.email.clone()), people.len());
    assert_ne!(people[..10], population(8, 10)[..]);
}

#[test]
fn variants_of_a_name() {
    assert_eq!(half_width_kana("ハセガワ パピー"), "ﾊｾｶﾞﾜ ﾊﾟﾋﾟｰ");
    assert_eq!(hiragana("ハセガワ"), "はせがわ");
    assert_eq!(old_kanji("高崎 渡辺"), "髙﨑 渡邊");
    assert_eq!(full_width("1-2 A"), "１－２　Ａ");
    assert_eq!(international("090-1234-5678"), "+81-90-1234-5678");
}
