//! The shapes one value can have, seen alone.
//!
//! A shape is a plain fact about the characters ("is a valid Japanese phone number", "splits into surname and given name");
//! what a column holds is decided elsewhere from how many of its values have which shapes. A value may have several shapes.

macro_rules! shapes {
    ($($(#[$doc:meta])* $name:ident = $id:literal),+ $(,)?) => {
        /// One shape of a value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[repr(u8)]
        pub enum Shape { $($(#[$doc])* $name),+ }

        impl Shape {
            /// Every shape, in order.
            pub const ALL: &'static [Shape] = &[$(Shape::$name),+];

            /// The shape's name in evidence.
            pub fn as_str(self) -> &'static str {
                match self { $(Shape::$name => $id),+ }
            }
        }
    };
}

shapes! {
    /// Stands for "nothing": `-`, `n/a`, `none`, `unknown`, 不明, なし, `000-0000-0000`, `test@example.com`. Not counted as a value of any kind.
    Filler = "filler",
    /// Parts are masked out: `****-1234`, `粟窪***`, `山田●●`.
    Masked = "masked",
    /// E-mail address.
    Email = "email",
    /// `local@host` without a known top-level domain.
    EmailLoose = "email-loose",
    /// URL.
    Url = "url",
    /// IPv4 or IPv6 address.
    Ip = "ip",
    /// MAC address.
    Mac = "mac",
    /// UUID.
    Uuid = "uuid",
    /// A valid number of the Japanese plan, written with its 0 or +81.
    PhoneJp = "phone-jp",
    /// `+` country code and a plausible number.
    PhoneIntl = "phone-intl",
    /// 7 to 15 digits written as phones are (separators, brackets, extension), or a bare Japanese number without its 0, North American number or Chinese
    /// mobile one.
    PhoneLoose = "phone-loose",
    /// Card number: issuer range, length and Luhn.
    Card = "card",
    /// 12 to 19 digits of an issuer range that fail Luhn, a masked card number, or one ruined by a spreadsheet (`5.54563E+15`).
    CardLike = "card-like",
    /// 12 digits with the check digit of My Number.
    MyNumber = "my-number",
    /// 12 digits.
    Digits12 = "digits-12",
    /// A full name in Hangul, Chinese characters, Cyrillic, Greek, Arabic, Hebrew, Thai, Armenian, Georgian or a script of India.
    ScriptFullName = "script-full-name",
    /// 7 digits.
    Digits7 = "digits-7",
    /// `NNN-NNNN`, with or without 〒.
    PostalJp = "postal-jp",
    /// `NNNNN` or `NNNNN-NNNN`.
    PostalUs = "postal-us",
    /// A postal code of another country that has letters (UK, CA, NL, IE) or a shape of its own (BR, PL, PT).
    PostalOther = "postal-other",
    /// IBAN with a valid check.
    Iban = "iban",
    /// Digits only.
    Digits = "digits",
    /// An integer, sign and thousands separators allowed.
    Integer = "integer",
    /// A decimal number.
    Decimal = "decimal",
    /// An integer from 0 to 130, as ages are, 歳 allowed; or a date at which a grown-up who lives was born (1916 to 2009).
    AgeLike = "age-like",
    /// A calendar date, Western, in any usual writing.
    Date = "date",
    /// A date in a Japanese era.
    EraDate = "era-date",
    /// A date and a time of day.
    DateTime = "date-time",
    /// A time of day.
    Time = "time",
    /// Month and year as on a card: `04/27`, `2027-04`.
    MonthYear = "month-year",
    /// Three or four digits.
    Digits3Or4 = "digits-3-4",
    /// A word or code of a gender value set (`valuesets`): 男, 女性, female, `M`, `1`.
    Gender = "gender",
    /// Kanji that split into surname and given name of the dictionary, with or without a blank.
    JpFullName = "jp-full-name",
    /// A Japanese surname of the dictionary.
    JpSurname = "jp-surname",
    /// A Japanese given name of the dictionary.
    JpGiven = "jp-given",
    /// Kana of two tokens that are readings of a surname and a given name, or one token that splits so.
    KanaFullName = "kana-full-name",
    /// Kana only, 1 to 8 characters, the reading of a surname.
    KanaSurname = "kana-surname",
    /// Kana only, the reading of a given name.
    KanaGiven = "kana-given",
    /// Kana only (blanks and ー ・ allowed), any.
    Kana = "kana",
    /// 1 to 6 Japanese characters with a kanji among them, no digit.
    HanShort = "han-short",
    /// Two to four Latin tokens with a known given name and a known surname (English or romanised), any order.
    LatinFullName = "latin-full-name",
    /// One Latin token that is a known surname, also with a number behind it.
    LatinSurname = "latin-surname",
    /// One Latin token that is a known given name, also with a number behind it; or a given name before one that no list has, or that is a word as well.
    LatinGiven = "latin-given",
    /// One to five capitalised Latin tokens without digits, as names are written.
    Capitalised = "capitalised",
    /// Japanese address: a municipality of the gazetteer and more.
    JpAddress = "jp-address",
    /// A prefecture alone.
    JpPrefecture = "jp-prefecture",
    /// A municipality alone, its prefecture allowed.
    JpCity = "jp-city",
    /// Town or block with a number (`芝公園4-2-8`, `大字粟窪12番地`, `1-2-3`).
    JpStreet = "jp-street",
    /// Building or room (マンション, ビル, 101号室).
    JpBuilding = "jp-building",
    /// Number and street of a Western address.
    Street = "street",
    /// US state or Canadian province, by name or code.
    State = "state",
    /// Name of a country.
    Country = "country",
    /// Holds a legal form or a word of organisations: 株式会社, 有限会社, Inc., GmbH, 市役所, 大学.
    Organisation = "organisation",
    /// A job title or occupation of the word list: 会社員, 主婦, engineer.
    Occupation = "occupation",
    /// A password hash: bcrypt, crypt, argon2, or hex of 32, 40, 64, 128 digits.
    Hash = "hash",
    /// A token with high entropy: JWT, API key, base64 of 20 characters and more.
    Token = "token",
    /// Letters and digits mixed without blank: product codes, login names.
    Code = "code",
    /// One Latin word of letters only.
    Word = "word",
    /// Running text: several words, or Japanese of 12 characters and more, with particles or punctuation.
    Sentence = "sentence",
    /// A truth value: 0, 1, true, false, yes, no, はい, いいえ.
    Bool = "bool",
    /// A long number in scientific notation, its last digits lost: `5.54563E+15`.
    Ruined = "ruined",
    /// A login name with its Windows domain: `EXAMPLE\\hanako`.
    DomainLogin = "domain-login",
    /// A blood type of the AB0 system, with or without the Rh factor: A, `AB型`, `O+`, `B型Rh-`.
    BloodType = "blood-type",
    /// In the form of a state's identity number that passes its check: no proof of one in one cell, but in a column of them.
    NationalId = "national-id",
}

/// A set of shapes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Shapes(pub u64);

impl Shapes {
    /// No shape.
    pub const NONE: Shapes = Shapes(0);

    /// The set of these.
    pub const fn of(shapes: &[Shape]) -> Self {
        let (mut bits, mut i) = (0, 0);
        while i < shapes.len() {
            bits |= 1 << shapes[i] as u8;
            i += 1;
        }
        Self(bits)
    }

    /// Adds a shape.
    pub fn insert(&mut self, shape: Shape) {
        self.0 |= 1 << shape as u8;
    }

    /// Adds the shapes of another set.
    pub fn add(&mut self, other: Shapes) {
        self.0 |= other.0;
    }

    /// Whether it has the shape.
    pub fn has(self, shape: Shape) -> bool {
        self.0 >> shape as u8 & 1 == 1
    }

    /// Whether it has one of these.
    pub fn any(self, of: Shapes) -> bool {
        self.0 & of.0 != 0
    }

    /// Its shapes in order.
    pub fn iter(self) -> impl Iterator<Item = Shape> {
        Shape::ALL.iter().copied().filter(move |&s| self.has(s))
    }
}

const _: () = assert!(Shape::ALL.len() <= 64);
