//! What is looked for: kinds of personal data, their patterns, column words, check digits and word lists.
//!
//! In: the files of `patterns/`. Out: [`Patterns`], compiled and immutable. This room does not know where values come
//! from; a pattern sees one value and says yes or no.


/// A kind of personal data, as an index into [`Patterns::kinds`]; kinds are sorted by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Kind(pub u8);

/// A set of kinds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KindSet(pub u128);

/// Which piece of a kind a column or match holds, when it is not the whole.
///
/// The name is the finding's `part` member.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The whole thing.
    #[default]
    Whole,
    /// Family name. 姓
    Family,
    /// Given name. 名
    Given,
    /// Middle name.
    Middle,
    /// Reading of the full name in kana. ふりがな
    Reading,
    /// Reading of the family name. セイ
    FamilyReading,
    /// Reading of the given name. メイ
    GivenReading,
    /// Name in Latin letters. ローマ字
    Romaji,
    /// Nickname or alias.
    Alias,
    /// Prefecture, state or province. 都道府県
    Prefecture,
    /// Municipality. 市区町村
    City,
    /// Street, town and number. 町名・番地
    Street,
    /// Building and room. 建物名
    Building,
    /// Country.
    Country,
    /// The address in kana.
    AddressReading,
    /// First, second or third part of a split number (postal code 1/2, tel 1/2/3), or year, month, day of a split date.
    First,
    /// Second part of a split number or date.
    Second,
    /// Third part of a split number or date.
    Third,
    /// Telefax number.
    Fax,
    /// Mobile phone number.
    Mobile,
    /// Phone number of the home, shared by a household.
    Home,
    /// Phone number at work.
    Work,
    /// Bank name or code.
    Bank,
    /// Branch name or code.
    Branch,
    /// Account type. 預金種目
    AccountType,
    /// Account number.
    Account,
    /// Account or card holder's name.
    Holder,
    /// Card network.
    Brand,
    /// Password or password hash.
    Password,
    /// Token, API key, session id.
    Token,
    /// Secret question or answer.
    SecretAnswer,
}

impl Part {
    /// The part's name in the report; `None` for the whole.
    pub fn as_str(self) -> Option<&'static str> {
        Some(match self {
            Part::Whole => return None,
            Part::Family => "family",
            Part::Given => "given",
            Part::Middle => "middle",
            Part::Reading => "reading",
            Part::FamilyReading => "family-reading",
            Part::GivenReading => "given-reading",
            Part::Romaji => "romaji",
            Part::Alias => "alias",
            Part::Prefecture => "prefecture",
            Part::City => "city",
            Part::Street => "street",
            Part::Building => "building",
            Part::Country => "country",
            Part::AddressReading => "address-reading",
            Part::First => "first",
            Part::Second => "second",
            Part::Third => "third",
            Part::Fax => "fax",
            Part::Mobile => "mobile",
            Part::Home => "home",
            Part::Work => "work",
            Part::Bank => "bank",
            Part::Branch => "branch",
            Part::AccountType => "account-type",
            Part::Account => "account",
            Part::Holder => "holder",
            Part::Brand => "brand",
            Part::Password => "password",
            Part::Token => "token",
            Part::SecretAnswer => "secret-answer",
        })
    }
}

/// Of whom a column speaks.
///
/// The names are the report's `role`. A second person of the same role in one record (`child2_name`) has a `slot` of its own
/// in the [`HeaderHit`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The record's own person: the customer, the member, the employee.
    #[default]
    Own,
    /// Who ordered or paid. 注文者
    Orderer,
    /// To whom it is sent. 送付先
    Recipient,
    /// A contact person, an emergency contact.
    Contact,
    /// Guardian or parent. 保護者
    Guardian,
    /// Child or other dependent. 扶養家族
    Child,
    /// Spouse. 配偶者
    Spouse,
    /// Sender of a message, or of a parcel.
    Sender,
    /// Another person, of no role known here.
    Other,
}

impl Role {
    /// The role's name in the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Own => "self",
            Role::Orderer => "orderer",
            Role::Recipient => "recipient",
            Role::Contact => "contact",
            Role::Guardian => "guardian",
            Role::Child => "child",
            Role::Spouse => "spouse",
            Role::Sender => "sender",
            Role::Other => "other",
        }
    }
}

impl KindSet {
    /// The set with `kind` added.
    pub fn with(self, kind: Kind) -> Self {
        Self(self.0 | 1 << kind.0)
    }
    /// Whether `kind` is in it.
    pub fn contains(self, kind: Kind) -> bool {
        self.0 >> kind.0 & 1 == 1
    }
    /// Both sets together.
    pub fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
    /// Whether nothing is in it.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
    /// Its kinds in order of name.
    pub fn iter(self) -> impl Iterator<Item = Kind> {
        (0..128u8).filter(move |&k| self.0 >> k & 1 == 1).map(Kind)
    }
}

/// May a value of this kind name a person?
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// No.
    #[default]
    None,
    /// Only together with other values.
    Weak,
    /// It names a household.
    Household,
    /// Alone.
    Strong,
}

/// What is known of a kind.
#[derive(Clone, Debug)]
pub struct KindInfo {
    /// Stable name: `email`, `jp.my-number`.
    pub name: String,
    /// Title in English.
    pub title_en: String,
    /// Title in Japanese.
    pub title_ja: String,
    /// Names of the same thing elsewhere (Google Cloud, Presidio, Purview).
    pub also: Vec<String>,
    /// `normal`, `financial`, `credential`, `special`, …
    pub sensitivity: String,
    /// May it name a person?
    pub key: Key,
    /// What it is and how it is found, in a few sentences; may be empty.
    pub description: String,
    /// What is missed, and what is found wrongly; may be empty.
    pub limits: String,
    /// Where its rules come from: law, standard, issuer's documentation; may be empty.
    pub source: String,
}

/// What a column's name says.
#[derive(Clone, Debug, PartialEq)]
pub struct HeaderHit {
    /// The kind it names; `None` for a word that speaks against personal data, or of something that is no kind here.
    pub kind: Option<Kind>,
    /// Which piece.
    pub part: Part,
    /// 3 = decides alone, 2 = with weak evidence of the values, 1 = only supports them.
    pub strength: u8,
    /// Of whom.
    pub role: Role,
    /// Second and further person of one role in a record.
    pub slot: u16,
    /// The vocabulary's word.
    pub word: String,
    /// The vocabulary's type (`name.full`, `neg.product`, `org.name`).
    pub sort: String,
}

/// Everything that is looked for, compiled and immutable.
pub struct Patterns {
    kinds: Vec<KindInfo>,
}

impl Patterns {
    /// The patterns that are built in; compiled at the first call.
    pub fn builtin() -> &'static Patterns {
        todo!()
    }
    /// All kinds, sorted by name; [`Kind`] is the index.
    pub fn kinds(&self) -> &[KindInfo] {
        &self.kinds
    }
    /// The kind of a name.
    pub fn kind(&self, _name: &str) -> Option<Kind> {
        todo!()
    }
    /// What a column's name says, roles (`shipping_`, 送付先) taken off.
    pub fn header(&self, _name: &str) -> Option<HeaderHit> {
        todo!()
    }
    /// A digest of all pattern files, for the report.
    pub fn digest(&self) -> String {
        todo!()
    }
}
