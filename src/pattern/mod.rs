//! What is looked for: kinds of personal data, their patterns, column words, check digits and word lists.
//!
//! In: the files of `patterns/`. Out: [`Patterns`], compiled and immutable. This room does not know where values come
//! from; a pattern sees one value and says yes or no.

mod builtin;
pub mod check;
pub mod dict;
pub mod domains;
mod header;
mod header_halves;
mod header_inside;
mod header_party;
mod header_remarks;
mod lexicon;
mod load;
pub mod phones;
pub mod region;
pub mod relations;
pub mod scripts;
pub mod sounds;
pub mod special;
pub mod streets;

use std::path::Path;
use std::sync::OnceLock;

pub use header_remarks::READINGS;
pub use load::{Matcher, Needs, PatternError, Rule};

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
    /// Fourth part of a split card number.
    Fourth,
    /// Parts of the value are masked out: `****-1234`, `t***@example.com`; also the last digits alone.
    Masked,
    /// Digits of the value are lost: `5.54563E+15`, as spreadsheets make of a long number.
    Ruined,
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
    /// Every part.
    pub const ALL: &'static [Part] = &[
        Part::Whole,
        Part::Family,
        Part::Given,
        Part::Middle,
        Part::Reading,
        Part::FamilyReading,
        Part::GivenReading,
        Part::Romaji,
        Part::Alias,
        Part::Prefecture,
        Part::City,
        Part::Street,
        Part::Building,
        Part::Country,
        Part::AddressReading,
        Part::First,
        Part::Second,
        Part::Third,
        Part::Fourth,
        Part::Masked,
        Part::Ruined,
        Part::Fax,
        Part::Mobile,
        Part::Home,
        Part::Work,
        Part::Bank,
        Part::Branch,
        Part::AccountType,
        Part::Account,
        Part::Holder,
        Part::Brand,
        Part::Password,
        Part::Token,
        Part::SecretAnswer,
    ];

    /// The part of a name in pattern files: its name in the report, or `whole`.
    pub fn named(name: &str) -> Option<Part> {
        Part::ALL
            .iter()
            .copied()
            .find(|part| part.as_str().unwrap_or("whole") == name)
    }

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
            Part::Fourth => "fourth",
            Part::Masked => "masked",
            Part::Ruined => "ruined",
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
    /// Every role.
    pub const ALL: [Role; 9] = [
        Role::Own,
        Role::Orderer,
        Role::Recipient,
        Role::Contact,
        Role::Guardian,
        Role::Child,
        Role::Spouse,
        Role::Sender,
        Role::Other,
    ];

    /// The role of a name.
    pub fn named(name: &str) -> Option<Role> {
        Role::ALL.into_iter().find(|role| role.as_str() == name)
    }

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

impl Key {
    /// The strength of a name in pattern files.
    pub fn named(name: &str) -> Option<Key> {
        Some(match name {
            "none" => Key::None,
            "weak" => Key::Weak,
            "household" => Key::Household,
            "strong" => Key::Strong,
            _ => return None,
        })
    }

    /// Its name in pattern files.
    pub fn as_str(self) -> &'static str {
        match self {
            Key::None => "none",
            Key::Weak => "weak",
            Key::Household => "household",
            Key::Strong => "strong",
        }
    }
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
    /// Its normal form: `digits`, `phone`, `email`, `name`, `address`, `date`, `none`, …
    pub normal: String,
    /// Column words of its own, beside those of the header vocabulary.
    pub columns: Vec<String>,
    /// The law, standard or publication that the rules rest on.
    pub source: String,
    /// How it is found, in words.
    pub description: String,
    /// What finding it cannot know, in words.
    pub limits: String,
}

impl KindInfo {
    /// Whether its values are secrets, of which a mask shows nothing: passwords, tokens, security codes of cards.
    pub fn is_secret(&self) -> bool {
        self.sensitivity == "credential" || self.name == "payment-card-security-code"
    }
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

/// An example that does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The rule: `email/1`.
    pub rule: String,
    /// Whether it is an example (that does not match) or a counter-example (that does).
    pub example: bool,
    /// Its number in the rule, from 1; 0 when the rule has none at all.
    pub number: usize,
}

/// Everything that is looked for, compiled and immutable.
pub struct Patterns {
    kinds: Vec<KindInfo>,
    rules: Vec<Rule>,
    words: header::Vocabulary,
    digest: String,
}

impl Patterns {
    /// The patterns that are built in; read at the first call, their expressions compiled when first used.
    pub fn builtin() -> &'static Patterns {
        static BUILTIN: OnceLock<Patterns> = OnceLock::new();
        BUILTIN.get_or_init(|| Patterns::load(&[]).expect("a test loads the built-in patterns"))
    }

    /// The built-in patterns and those of the user's files; a folder stands for its `*.toml` files. A file is named after its
    /// kind and replaces the built-in kind of that name.
    ///
    /// # Errors
    /// A file that cannot be read or understood, and a rule whose examples do not hold.
    pub fn load(paths: &[&Path]) -> Result<Patterns, PatternError> {
        let mut texts: Vec<Source> = builtin::KINDS
            .iter()
            .map(|&(file, text)| Source::built_in(file, text))
            .collect();
        for path in paths {
            for source in own_files(path)? {
                texts.retain(|other| other.name != source.name);
                texts.push(source);
            }
        }
        texts.sort_by(|a, b| a.name.cmp(&b.name));
        Patterns::assemble(&texts)
    }

    fn assemble(texts: &[Source]) -> Result<Patterns, PatternError> {
        if let Some(extra) = texts.get(128) {
            let reason = "more than 128 kinds".to_owned();
            return Err(PatternError {
                file: extra.file.clone().into(),
                line: None,
                reason,
            });
        }
        let (mut kinds, mut rules, mut sorts, mut columns) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut digest = Digest::default();
        for (i, source) in texts.iter().enumerate() {
            let loaded = load::kind(&source.file, &source.name, &source.text, source.own)?;
            let kind = Kind(i as u8);
            rules.extend(loaded.rules.into_iter().map(|rule| Rule { kind, ..rule }));
            sorts.extend(
                loaded
                    .sorts
                    .into_iter()
                    .map(|(sort, part)| (sort, kind, part)),
            );
            columns.extend(loaded.info.columns.iter().map(|word| (word.clone(), kind)));
            kinds.push(loaded.info);
            digest.add(&source.name);
            digest.add(&source.text);
        }
        digest.add(builtin::HEADER_WORDS);
        digest.add(builtin::HEADER_ROLES);
        let words = header::Vocabulary::new(sorts, columns);
        Ok(Patterns {
            kinds,
            rules,
            words,
            digest: digest.hex(),
        })
    }

    /// All kinds, sorted by name; [`Kind`] is the index.
    pub fn kinds(&self) -> &[KindInfo] {
        &self.kinds
    }

    /// The kind of a name.
    pub fn kind(&self, name: &str) -> Option<Kind> {
        self.kinds
            .binary_search_by(|info| info.name.as_str().cmp(name))
            .ok()
            .map(|i| Kind(i as u8))
    }

    /// What is known of a kind.
    ///
    /// # Panics
    /// If the kind comes from other patterns with more kinds.
    pub fn info(&self, kind: Kind) -> &KindInfo {
        &self.kinds[usize::from(kind.0)]
    }

    /// All rules, in order of kind and file.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// What a column's name says, roles (`shipping_`, 送付先) taken off.
    pub fn header(&self, name: &str) -> Option<HeaderHit> {
        self.words.hit(name)
    }

    /// What a label in a text says of the value behind it: a word of fields, as a whole.
    pub fn label(&self, text: &str) -> Option<HeaderHit> {
        self.words.label(text)
    }

    /// Whether a text as a whole is a word of fields (電話番号, `firstName`), or one for those whom they are of (保護者).
    pub fn is_word(&self, text: &str) -> bool {
        self.words.knows(text)
    }

    /// A digest of all pattern files, for the report.
    pub fn digest(&self) -> String {
        self.digest.clone()
    }

    /// Proves every example and counter-example; `recognise` says whether a value fits a rule that a recogniser decides.
    pub fn check(&self, recognise: &dyn Fn(&Rule, &str) -> bool) -> Vec<Failure> {
        let mut failures = Vec::new();
        for rule in &self.rules {
            for (values, example) in [(&rule.examples, true), (&rule.counter_examples, false)] {
                if values.is_empty() {
                    failures.push(Failure {
                        rule: rule.id.clone(),
                        example,
                        number: 0,
                    });
                }
                for (i, value) in values.iter().enumerate() {
                    let fits = rule
                        .accepts(value)
                        .unwrap_or_else(|| recognise(rule, value));
                    if fits != example {
                        failures.push(Failure {
                            rule: rule.id.clone(),
                            example,
                            number: i + 1,
                        });
                    }
                }
            }
        }
        failures
    }
}

/// The folded words of a name of a table or column: `dtb_customerOrders` is `dtb`, `customer`, `orders`.
pub fn words_of(name: &str) -> Vec<String> {
    header::words_of(name)
}

/// The text of a pattern file.
struct Source {
    name: String,
    file: String,
    text: std::borrow::Cow<'static, str>,
    own: bool,
}

impl Source {
    fn built_in(file: &'static str, text: &'static str) -> Source {
        let name = file.strip_suffix(".toml").unwrap_or(file).to_owned();
        Source {
            name,
            file: file.to_owned(),
            text: text.into(),
            own: false,
        }
    }
}

/// The files of a path of the user's, sorted.
fn own_files(path: &Path) -> Result<Vec<Source>, PatternError> {
    let wrong = |file: &Path, reason: String| PatternError {
        file: file.to_owned(),
        line: None,
        reason,
    };
    let mut files = Vec::new();
    if path.is_dir() {
        for entry in std::fs::read_dir(path).map_err(|error| wrong(path, error.to_string()))? {
            let file = entry
                .map_err(|error| wrong(path, error.to_string()))?
                .path();
            if file
                .extension()
                .is_some_and(|extension| extension == "toml")
            {
                files.push(file);
            }
        }
        files.sort();
    } else {
        files.push(path.to_owned());
    }
    let read = |file: &Path| -> Result<Source, PatternError> {
        let about = std::fs::metadata(file).map_err(|error| wrong(file, error.to_string()))?;
        if !about.is_file() || about.len() > load::FILE_LIMIT {
            return Err(wrong(file, "not a file of at most 1 MiB".to_owned()));
        }
        let text = std::fs::read_to_string(file).map_err(|error| wrong(file, error.to_string()))?;
        let name = file
            .file_stem()
            .and_then(|stem| stem.to_str())
            .unwrap_or_default()
            .to_owned();
        Ok(Source {
            name,
            file: file.display().to_string(),
            text: text.into(),
            own: true,
        })
    };
    files.iter().map(|file| read(file)).collect()
}

/// FNV-1a in 128 bits: stable over builds and machines; tells two pattern sets apart, guards against nobody.
struct Digest(u128);

impl Default for Digest {
    fn default() -> Self {
        Self(0x6c62_272e_07bb_0142_62b8_2175_6295_c58d)
    }
}

impl Digest {
    fn add(&mut self, text: &str) {
        for byte in text.bytes().chain([0]) {
            self.0 =
                (self.0 ^ u128::from(byte)).wrapping_mul(0x0000_0000_0100_0000_0000_0000_0000_013b);
        }
    }

    fn hex(&self) -> String {
        format!("{:016x}", (self.0 >> 64) as u64 ^ self.0 as u64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_an_expression_holds() {
        let patterns = Patterns::builtin();
        for rule in patterns.rules() {
            assert_eq!(load::failures(rule), [], "{}", rule.id);
            assert!(
                !rule.examples.is_empty() && !rule.counter_examples.is_empty(),
                "{}",
                rule.id
            );
            assert_eq!(
                rule.regex().is_some(),
                matches!(rule.matcher, Matcher::Regex { .. }),
                "{}",
                rule.id
            );
        }
    }

    #[test]
    fn every_kind_is_told() {
        let patterns = Patterns::builtin();
        for (i, info) in patterns.kinds().iter().enumerate() {
            assert_eq!(patterns.kind(&info.name), Some(Kind(i as u8)));
            assert!(
                !info.description.is_empty() && !info.limits.is_empty() && !info.source.is_empty(),
                "{}",
                info.name
            );
            assert!(
                patterns
                    .rules()
                    .iter()
                    .any(|rule| rule.kind == Kind(i as u8)),
                "{}",
                info.name
            );
        }
        assert_eq!(patterns.kind("none such"), None);
    }

    #[test]
    fn own_files_join_and_change_the_digest() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("shop.member.toml");
        let text = "title = { en = \"Member\" }\ncolumns = [\"shop member\"]\n[[pattern]]\nregex = '^SM\\d{4}$'\n\
                    examples = ['SM1234']\ncounter_examples = ['SM123']\n";
        std::fs::write(&file, text).expect("written");
        let patterns = Patterns::load(&[folder.path()]).expect("loads");
        let kind = patterns.kind("shop.member").expect("joined");
        assert_eq!(
            patterns.header("Shop-Member").map(|hit| hit.kind),
            Some(Some(kind))
        );
        assert_ne!(patterns.digest(), Patterns::builtin().digest());
        assert_eq!(
            Patterns::load(&[]).expect("loads").digest(),
            Patterns::builtin().digest()
        );
        std::fs::write(&file, "title = 1").expect("written");
        let error = Patterns::load(&[&file]).err().expect("refused");
        assert_eq!((error.file, error.line), (file, Some(1)));
    }
}
