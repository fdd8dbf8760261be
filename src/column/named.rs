//! Verdicts that a column's name leads to, if the values do not contradict it.

use super::table::Table;
use super::{Evidence, View, Whole, labelled};
use crate::classify::Shape::{self, *};
use crate::pattern::{self, Part, Patterns, Role};

/// Shapes of full names.
pub(super) const FULL_NAMES: &[Shape] = &[JpFullName, LatinFullName, KanaFullName, ScriptFullName];

pub(super) const DATES: &[Shape] = &[Date, EraDate, DateTime];
const PHONES: &[Shape] = &[PhoneJp, PhoneIntl, PhoneLoose];
const POSTAL: &[Shape] = &[PostalJp, PostalUs, PostalOther, Digits7];
const PLACES: &[Shape] = &[
    JpAddress,
    JpStreet,
    JpCity,
    JpPrefecture,
    JpBuilding,
    Street,
    State,
    Country,
    Masked,
];

/// What the name and the values say together; `None` when they contradict each other or the name says nothing.
pub(super) fn decide(patterns: &Patterns, view: &View<'_>, table: &Table) -> Option<Whole> {
    let column = Column {
        patterns,
        view,
        table,
    };
    if let Some(whole) = column
        .birth_piece()
        .or_else(|| column.insurance_piece())
        .or_else(|| column.account())
        .or_else(|| column.relative())
        .or_else(|| column.job_title())
        .or_else(|| column.honorific())
        .or_else(|| column.mark())
        .or_else(|| column.directory_login())
    {
        return Some(whole);
    }
    let kind = view.hit.as_ref()?.kind?;
    let name = patterns.info(kind).name.as_str();
    if let Some(fits) = labelled::decide(name, view, table) {
        return column.found(name, view.part(), fits?, 0.0);
    }
    match name {
        _ if view.sort() == "own" && kind_is_own(patterns, view) => column.own(),
        "person-name" => column.name(),
        "postal-address" => column
            .address()
            .filter(|_| !column.is_names())
            .or_else(|| column.names_there()),
        "postal-code" => column.postal_code(),
        "phone" => column.phone(),
        "email" => column.email(),
        "payment-card" => column.card(),
        "payment-card-expiry" => column.card_expiry(),
        "payment-card-security-code" => column.security_code(),
        "birth-date" => column.birth_date(),
        "age" => column.age(),
        "gender" => column.gender(),
        "occupation" => column.occupation(),
        "jp.my-number" => column.my_number(),
        "bank-account" => column.bank(),
        "ip-address" => column.some("ip-address", &[Ip], 0.3),
        "username" => column.username(),
        "credential" => column.credential(),
        "registration-time" => column.registration(),
        "free-answer" => column.free_answer(),
        _ => column.own(),
    }
}

/// Whether the word is one of a kind that is decided by its word alone.
fn kind_is_own(patterns: &Patterns, view: &View<'_>) -> bool {
    let name = view
        .hit
        .as_ref()
        .and_then(|hit| hit.kind)
        .map(|kind| patterns.info(kind).name.as_str());
    name != Some("jp.my-number")
}

pub(super) struct Column<'a> {
    pub(super) patterns: &'a Patterns,
    pub(super) view: &'a View<'a>,
    pub(super) table: &'a Table,
}

impl Column<'_> {
    /// Certainty by the strength of the name and the share of values that fit.
    pub(super) fn certainty(&self, share: f64) -> f64 {
        let base = [0.4, 0.55, 0.7, 0.84][usize::from(self.view.strength().min(3))];
        base + 0.15 * share.clamp(0.0, 1.0)
    }

    /// A finding whose matches are the values that fit; every value when none speaks against and the shapes do not cover all.
    pub(super) fn found(
        &self,
        kind: &str,
        part: Part,
        fits: &[Shape],
        against: f64,
    ) -> Option<Whole> {
        let share = self.view.sum(fits);
        let mut whole = self
            .view
            .found(self.patterns, kind, part, self.certainty(share), fits)?;
        if self.view.most(fits) < 0.98 && against < 0.01 {
            whole.accept = Default::default();
        }
        Some(whole)
    }

    /// A finding if a share of the values fits.
    pub(super) fn some(&self, kind: &str, fits: &[Shape], least: f64) -> Option<Whole> {
        let share = self.view.sum(fits);
        if share < least {
            return None;
        }
        self.view.found(
            self.patterns,
            kind,
            self.view.part(),
            self.certainty(share),
            fits,
        )
    }

    /// Sum over groups of shapes that exclude each other, of the commonest in each.
    pub(super) fn against(&self, groups: &[&[Shape]]) -> f64 {
        groups
            .iter()
            .map(|group| self.view.most(group))
            .sum::<f64>()
            .min(1.0)
    }

    /// A kind that its word alone decides.
    fn own(&self) -> Option<Whole> {
        let hit = self.view.hit.as_ref()?;
        let kind = self.patterns.info(hit.kind?).name.clone();
        (hit.strength >= 2).then(|| {
            self.view
                .found(self.patterns, &kind, hit.part, self.certainty(0.5), &[])
        })?
    }

    fn address(&self) -> Option<Whole> {
        let view = self.view;
        let fits = view.sum(PLACES);
        let groups: [&[Shape]; 5] = [
            &[Email, EmailLoose],
            DATES,
            &[Url, Ip, Mac],
            &[Decimal, Hash, Uuid],
            &[Bool],
        ];
        let against = self.against(&groups);
        let codes = view.most(&[Digits, Integer, Code]);
        let text = view.most(&[Sentence, Capitalised, Word, HanShort, Kana]);
        // Words of scripts without capitals under a name that says what they are.
        let words = match view.strength() {
            0 | 1 => view.tally.share(Capitalised),
            _ => view.most(&[Capitalised, Word, HanShort]),
        };
        let enough = match view.part() {
            Part::Whole | Part::AddressReading => {
                let likely = text >= 0.5 && view.strength() >= 2
                    || self.table.people
                    || self.is_foreign_address();
                fits >= 0.2 || likely && codes < 0.5
            }
            Part::Street | Part::Building => {
                // House numbers are short; lots and parcels have long ones.
                let number = codes < 0.5 || view.length() <= 5.0;
                let strong = view.strength() >= 2;
                fits >= 0.2 || self.table.address && number && (strong || codes < 0.5)
            }
            Part::Country => {
                // `c` is the country of directories, and any column of a table without names.
                let abbreviated = view.hit.as_ref().is_some_and(|hit| hit.word.len() <= 2);
                let likely = if abbreviated {
                    self.short()
                } else {
                    codes < 0.3
                };
                self.about_addresses() && (view.tally.share(Country) >= 0.3 || likely)
            }
            _ => {
                self.about_addresses()
                    && (fits >= 0.3
                        || codes < 0.3 && (self.short() || words >= 0.6)
                        || codes < 0.2 && view.part() == Part::City && view.strength() >= 2)
            }
        };
        let part = if view.part() == Part::Whole {
            self.piece_of_address()
        } else {
            view.part()
        };
        let unnamed = view.name.is_none() && fits < 0.3;
        let refused = against >= 0.5 || !enough || unnamed || self.is_no_place(fits, codes);
        // Codes of countries and states are flags by chance: NO, N; so are house numbers: 1.
        let pieces = part != Part::Whole && part != Part::AddressReading;
        let code = part == Part::Country && self.short();
        let against = if pieces && (view.strength() >= 2 || code) {
            0.0
        } else {
            against
        };
        if refused {
            None
        } else {
            self.found("postal-address", part, PLACES, against)
        }
    }

    /// Whether addresses of a country of which no word of streets is known stand under the one word that means an address and nothing else there; beside
    /// a word of delivery, somebody's name stands in the cell, too.
    fn is_foreign_address(&self) -> bool {
        let view = self.view;
        let words = pattern::words_of(view.name.unwrap_or_default());
        view.strength() == 3
            && words.len() == 1
            && !words.contains(&"住所".to_owned())
            && view.tally.values >= 5
            && view.length() >= 10.0
            && !view.tally.is_constant()
    }

    /// A place alone speaks of a person only in a table of people or of addresses.
    fn about_addresses(&self) -> bool {
        !self.table.things && (self.table.people || self.table.address)
    }

    /// The word of the vocabulary that the column's name is or holds.
    fn word(&self) -> &str {
        self.view.hit.as_ref().map_or("", |hit| hit.word.as_str())
    }

    /// Whether a word of addresses that is also one of other things has no address beside it: the block of an experiment, the numbers of streets, the
    /// state that an account is in.
    fn is_no_place(&self, fits: f64, codes: f64) -> bool {
        let others = self.table.address && self.view.part() != Part::Street;
        match self.word() {
            "block" => fits < 0.2 && !self.table.people && !others,
            "street" => codes >= 0.9,
            // `ShipVia` is the number of a carrier.
            "via" => codes >= 0.9 && self.short(),
            // `Departamento` is a part of a country, and of a company.
            "state" | "estado" | "departamento" => {
                let few = self.view.tally.different.count_ones() <= 5;
                fits < 0.2 && !self.table.towns && !self.table.address && few
            }
            _ => false,
        }
    }

    fn short(&self) -> bool {
        self.view.tally.chars <= self.view.tally.values.saturating_mul(3)
    }

    /// Which piece the values of a column 住所 are, when they are pieces.
    fn piece_of_address(&self) -> Part {
        let share = |shape| self.view.tally.share(shape);
        if share(JpPrefecture) >= 0.8 {
            Part::Prefecture
        } else if share(JpAddress) + share(Street) >= 0.3 {
            Part::Whole
        } else if share(JpCity) >= 0.6 {
            Part::City
        } else if share(JpBuilding) >= 0.5 {
            Part::Building
        } else if share(JpStreet) >= 0.5 {
            Part::Street
        } else {
            Part::Whole
        }
    }

    fn postal_code(&self) -> Option<Whole> {
        let view = self.view;
        let digits = view.most(&[Digits, Integer]);
        let mut against = self.against(&[DATES, &[Email], &[Sentence], &[Uuid]]);
        // A spreadsheet makes 29385.0 of 29385.
        let ruined = view.tally.share(Decimal);
        if view.strength() < 3 {
            against += ruined;
        }
        let digits = digits.max(ruined);
        let (fits, split) = (
            view.sum(POSTAL),
            view.sum(&[PostalJp, Digits7]) < 0.3 && digits >= 0.7,
        );
        let part = match view.ordinal() {
            Some(1) if split => Part::First,
            Some(2) if split => Part::Second,
            _ => Part::Whole,
        };
        let shapes = [
            PostalJp,
            PostalUs,
            PostalOther,
            Digits7,
            Digits,
            Code,
            Decimal,
        ];
        // Half a code, or one in small letters, under a name that leaves no doubt.
        let brief = view.strength() >= 3
            && view.tally.chars <= view.tally.values.saturating_mul(10)
            && view.most(&[Word, Capitalised, Bool]) < 0.3;
        // CAP and CP are much else: a capacity, a kind of pain.
        let short = ["cap", "cp"].contains(&self.word());
        let enough = fits >= 0.3
            || !short
                && (part != Part::Whole
                    || against < 0.3 && (brief || (digits + view.tally.share(Code)) >= 0.3));
        if enough {
            self.found("postal-code", part, &shapes, against)
        } else {
            None
        }
    }

    fn phone(&self) -> Option<Whole> {
        let view = self.view;
        // +1234567890, as examples have it, is in no plan.
        let (fits, digits) = (view.sum(PHONES), view.most(&[Digits, Integer]));
        let against = self.against(&[
            DATES,
            &[Email],
            &[Sentence],
            &[Bool],
            &[Decimal],
            &[Word, Capitalised],
        ]);
        let part = match view.ordinal() {
            Some(n @ 1..=3) if fits < 0.4 && digits >= 0.6 => {
                [Part::First, Part::Second, Part::Third][n as usize - 1]
            }
            _ => view.part(),
        };
        // Short numbers of other countries (99 09 16 99), of which no plan is known.
        let others = view.most(&[
            Sentence,
            Word,
            Capitalised,
            Code,
            Organisation,
            Url,
            DateTime,
        ]);
        let plain = view.strength() >= 2 && against + others < 0.02;
        // Grammes of paper are GSM, too.
        let piece = matches!(part, Part::First | Part::Second | Part::Third);
        let long = view.length() >= 6.0 || piece || view.ordinal().is_some();
        let enough = fits >= 0.3
            || digits >= 0.6 && view.strength() >= 2 && long
            || plain && fits + digits >= 0.3 && (long || fits >= 0.1)
            || view.most(&[Masked, Ruined]) >= 0.3;
        let extension = view
            .hit
            .as_ref()
            .is_some_and(|hit| hit.word.contains("ext"))
            && fits < 0.3;
        if !enough || extension || against >= 0.6 {
            return None;
        }
        let shapes: &[Shape] = if fits >= 0.95 {
            PHONES
        } else {
            &[PhoneJp, PhoneIntl, PhoneLoose, Masked, Ruined, Digits]
        };
        let mut whole = self.found("phone", part, shapes, against)?;
        if plain && fits < 0.95 {
            whole.accept = Default::default();
        }
        Some(whole)
    }

    /// An e-mail column; one of login names is named for what it is.
    fn email(&self) -> Option<Whole> {
        if let Some(whole) = self.some("email", &[Email, EmailLoose, Masked], 0.1) {
            return Some(whole);
        }
        let logins = self.view.most(&[Word, Code]);
        if logins < 0.7 || self.view.most(&[Integer, Bool]) >= 0.3 {
            return None;
        }
        self.view.found(
            self.patterns,
            "username",
            Part::Whole,
            0.4 + 0.1 * logins,
            &[Word, Code],
        )
    }

    fn birth_date(&self) -> Option<Whole> {
        let view = self.view;
        let part = view.part();
        if part != Part::Whole && view.sum(DATES) < 0.5 {
            let pieces = [Integer, Digits, AgeLike, Digits3Or4, EraDate];
            return if view.most(&pieces) >= 0.5 {
                self.found("birth-date", part, &[], 0.0)
            } else {
                None
            };
        }
        let fits = [Date, EraDate, DateTime, Masked];
        let least = if view.strength() >= 3 { 0.2 } else { 0.5 };
        let against = self.against(&[&[Email], &[Sentence], &[Bool], &[Url], &[Uuid, Hash]]);
        let whole = match self.some("birth-date", &fits, least) {
            None if view.strength() >= 3 && against < 0.3 && view.most(&[Word, Decimal]) < 0.3 => {
                self.found("birth-date", Part::Whole, &[], 0.0)
            }
            whole => whole,
        };
        whole.map(|whole| Whole {
            part: Part::Whole,
            ..whole
        })
    }

    /// `by`, `bm`, `bd`: alone they say nothing, together year, month and day of birth.
    fn birth_piece(&self) -> Option<Whole> {
        let name = self.view.name.filter(|_| self.table.birth_pieces)?.trim();
        let part = [
            ("by", Part::First),
            ("bm", Part::Second),
            ("bd", Part::Third),
        ]
        .into_iter()
        .find(|piece| name.eq_ignore_ascii_case(piece.0))?
        .1;
        let mut whole = self
            .view
            .found(self.patterns, "birth-date", part, 0.7, &[])?;
        whole.evidence = vec![Evidence::Context {
            word: "by, bm, bd".to_owned(),
        }];
        Some(whole)
    }

    /// 記号, 番号 and 枝番 say nothing alone; beside 保険者番号 they are the insured person's.
    fn insurance_piece(&self) -> Option<Whole> {
        let name = self.view.name.filter(|_| self.table.insurance)?.trim();
        let piece = ["記号", "番号", "枝番", "枝番号"].contains(&name);
        let numbers = self.view.most(&[Digits, Integer, Code, Masked, HanShort]) >= 0.5;
        if !piece || !numbers {
            return None;
        }
        let mut whole =
            self.view
                .found(self.patterns, "jp.health-insurance", Part::Whole, 0.7, &[])?;
        whole.evidence = vec![Evidence::Context {
            word: "保険者番号".to_owned(),
        }];
        Some(whole)
    }

    /// `Account` is a login, and beside a balance the number of what the balance is of.
    fn account(&self) -> Option<Whole> {
        let numbers = self.view.most(&[Digits, Integer]) >= 0.9;
        let long = (6.0..=14.0).contains(&self.view.length());
        let is_account = ["account", "acct"].contains(&self.word());
        if !self.table.balance || !is_account || !numbers || !long {
            return None;
        }
        let mut whole = self
            .view
            .found(self.patterns, "bank-account", Part::Account, 0.7, &[])?;
        whole.evidence = vec![Evidence::Context {
            word: "balance".to_owned(),
        }];
        Some(whole)
    }

    /// 世帯主, 配偶者, `Next of kin`: where names stand below, they are those of people of their own.
    fn relative(&self) -> Option<Whole> {
        let names = self.view.sum(FULL_NAMES);
        let spouse = self.view.sort() == "marital"
            && self
                .view
                .hit
                .as_ref()
                .is_some_and(|hit| hit.role == Role::Spouse);
        let family = self.view.sort() == "family" || spouse;
        (family && names >= 0.5 && self.table.people)
            .then(|| self.found("person-name", Part::Whole, FULL_NAMES, 1.0 - names))?
    }

    /// A column `title` is a work's, but in a table of people where the values are jobs.
    fn job_title(&self) -> Option<Whole> {
        let title = self
            .view
            .hit
            .as_ref()
            .is_some_and(|hit| hit.word == "title");
        let jobs = self.view.tally.share(Occupation) >= 0.3;
        (title && jobs && self.table.people && !self.table.things).then(|| {
            self.found(
                "occupation",
                Part::Whole,
                &[Occupation, Capitalised, Word],
                0.0,
            )
        })?
    }

    /// `Salutation`, Anrede, Civilité: Mr and Mrs say the gender.
    fn honorific(&self) -> Option<Whole> {
        let people = self.table.people || self.table.names && !self.table.things;
        let title = self.view.sort() == "name.title" && people;
        title.then(|| self.some("gender", &[Gender], 0.5))?
    }

    /// `uid` of a directory is a login name where it is a word, and a number or code of somebody elsewhere.
    fn directory_login(&self) -> Option<Whole> {
        let view = self.view;
        let uid = view.hit.as_ref().is_some_and(|hit| hit.word == "uid");
        let words = view.most(&[Word, LatinSurname]) >= 0.5 && view.most(&[Integer, Uuid]) < 0.1;
        (uid && words && self.table.people && view.length() <= 20.0)
            .then(|| view.found(self.patterns, "username", Part::Whole, 0.6, &[Word, Code]))?
    }

    /// 国語, 数学, 英語: marks by subject in a table of people.
    fn mark(&self) -> Option<Whole> {
        let people = self.table.people || self.table.names && !self.table.things;
        let marks = self.table.marks && people && super::table::is_mark(self.view);
        let mut whole = marks.then(|| {
            self.view
                .found(self.patterns, "education", Part::Whole, 0.7, &[])
        })??;
        whole.evidence = vec![Evidence::Context {
            word: "subjects".to_owned(),
        }];
        Some(whole)
    }

    fn age(&self) -> Option<Whole> {
        let view = self.view;
        // 20-24, 30代, 65+: bands, some of which could be a month and a year.
        let brief = view.tally.chars <= view.tally.values.saturating_mul(6);
        let dates: &[Shape] = if brief { &[] } else { DATES };
        let against = self.against(&[dates, &[Sentence], &[Email], &[Decimal], &[Bool]]);
        // Dates of birth are no ages.
        let fits = (view.tally.share(AgeLike) - view.sum(DATES)).max(0.0);
        let sure = view.strength() == 3 || self.table.people && brief;
        let bands = sure && view.most(&[Integer, Digits, Word]) < 0.3 && against < 0.3;
        // The first to the ninth generation of something.
        let counted = self.word() == "generation" && view.length() < 1.5;
        if (fits >= 0.6 || bands) && !counted {
            self.found(
                "age",
                Part::Whole,
                &[AgeLike],
                against.max(1.0 - fits - 0.4),
            )
        } else {
            None
        }
    }

    /// The words of a language that the list of values does not know count under a name that leaves no doubt.
    fn gender(&self) -> Option<Whole> {
        let view = self.view;
        let known = view.tally.share(Gender);
        let against = self.against(&[
            DATES,
            &[Email],
            &[Sentence],
            &[Decimal],
            &[Url],
            PHONES,
            &[Digits3Or4, Digits7, PostalUs],
        ]);
        let words = view.length() <= 14.0
            && against < 0.01
            && view.most(&[Digits]) <= known
            && self.table.people;
        match view.strength() {
            3 if known >= 0.3 || words => self.found("gender", Part::Whole, &[Gender], against),
            3 => None,
            _ => self.some("gender", &[Gender], 0.6),
        }
    }

    fn occupation(&self) -> Option<Whole> {
        let view = self.view;
        let against = self.against(&[
            &[Integer, Digits, Decimal],
            DATES,
            &[Email],
            &[Bool],
            &[Code],
            &[Url],
        ]);
        // The trade of a company is nobody's.
        let trade = ["業種", "業界", "業態", "industry"];
        let trade = view
            .hit
            .as_ref()
            .is_some_and(|hit| trade.contains(&hit.word.as_str()));
        if trade && !(self.table.names && self.table.people) {
            return None;
        }
        let enough = match view.strength() {
            3 => against < 0.5,
            2 => view.tally.share(Occupation) >= 0.2 || self.table.people && against < 0.3,
            _ => view.tally.share(Occupation) >= 0.4 && !self.table.things,
        };
        if enough {
            self.found(
                "occupation",
                Part::Whole,
                &[Occupation, Capitalised, HanShort, Word],
                against,
            )
        } else {
            None
        }
    }

    /// The name decides even where the check digits fail (the evidence says so): what is called My Number and looks like it
    /// must not be overlooked.
    fn my_number(&self) -> Option<Whole> {
        let view = self.view;
        let (valid, digits) = (view.tally.share(MyNumber), view.tally.share(Digits12));
        if digits.max(valid) < 0.3 && view.most(&[Masked, Ruined]) < 0.3 {
            return None;
        }
        let mut whole = view.found(
            self.patterns,
            "jp.my-number",
            Part::Whole,
            0.5,
            &[MyNumber, Digits12, Masked, Ruined],
        )?;
        whole.confidence = if valid >= 0.5 {
            self.certainty(valid)
        } else {
            0.5
        } as f32;
        let (passed, all) = (
            view.tally.shapes[MyNumber as usize],
            view.tally.shapes[Digits12 as usize],
        );
        whole
            .evidence
            .push(check("jp.my-number", passed, all.saturating_sub(passed)));
        Some(whole)
    }

    fn bank(&self) -> Option<Whole> {
        let view = self.view;
        if view.tally.share(Iban) >= 0.1 {
            return self.some("bank-account", &[Iban], 0.1).map(|whole| Whole {
                part: Part::Whole,
                ..whole
            });
        }
        let against = self.against(&[DATES, &[Email], &[Url], &[Decimal]])
            + if view.strength() == 3 {
                0.0
            } else {
                view.tally.share(Sentence)
            };
        let number = view.most(&[Digits, Digits7, Masked, Ruined, Integer, Code]);
        let part = view.part();
        // 普通 1234567, みずほ銀行 新宿支店 普通 1234567, 10140-12345671.
        let words = view.most(&[Word, HanShort, Kana, Capitalised, JpFullName, Bool]);
        let written =
            view.strength() == 3 && words < 0.3 && view.tally.chars < view.tally.values * 60;
        let enough = match part {
            Part::Whole => false,
            // The accounts of a ledger have four to six digits.
            Part::Account => {
                let own = view.strength() == 3 || self.table.people || view.length() >= 7.0;
                number >= 0.5 && own || written
            }
            Part::Holder => view.most(&[Integer, Digits]) < 0.5,
            _ => self.table.bank || view.strength() == 3 && self.table.people,
        };
        if enough && against < 0.5 {
            self.found("bank-account", part, &[], against)
        } else {
            None
        }
    }

    fn username(&self) -> Option<Whole> {
        let view = self.view;
        // Nobody logs in by 山田 花子, whatever the column is called.
        let least = if view.strength() < 3 {
            FULL_NAMES
        } else {
            &[JpFullName, ScriptFullName]
        };
        if view.sum(least) >= 0.5 {
            if view.most(&[Code, Email, Digits, Integer]) < 0.05 {
                return view.found(self.patterns, "person-name", Part::Whole, 0.6, &[]);
            }
            return view.found(self.patterns, "person-name", Part::Whole, 0.6, FULL_NAMES);
        }
        // Who logs in by a mailbox is known by it; a bare login beside them is nobody's address.
        if view.most(&[Email, EmailLoose]) >= 0.5 {
            return self.some("email", &[Email, EmailLoose, Masked], 0.1);
        }
        let against = self.against(&[
            DATES,
            &[Sentence],
            &[Bool],
            &[Decimal],
            &[Integer, Digits],
            &[Url],
            &[Uuid],
        ]);
        let enough = view.strength() == 3
            || view.most(&[Code, Word, Email, Capitalised, LatinGiven, DomainLogin]) >= 0.3;
        if enough && against < 0.5 {
            self.found(
                "username",
                Part::Whole,
                &[Code, Word, Capitalised, DomainLogin],
                against + view.most(&[Email, EmailLoose]),
            )
        } else {
            None
        }
    }

    fn credential(&self) -> Option<Whole> {
        let view = self.view;
        let against = self.against(&[DATES, &[Bool], &[Email], &[Decimal], &[Time]]);
        let secret = view.sum(&[Hash, Token, Code]);
        let enough = match view.strength() {
            3 => against < 0.4,
            2 => against < 0.4 && (secret >= 0.2 || self.table.people),
            _ => (self.table.people || self.table.login) && view.sum(&[Hash, Token]) >= 0.5,
        };
        if enough {
            self.found("credential", view.part(), &[], against)
        } else {
            None
        }
    }

    fn registration(&self) -> Option<Whole> {
        if !self.table.people || self.table.things {
            return None;
        }
        self.some("registration-time", &[Date, DateTime, EraDate, Time], 0.5)
    }

    fn free_answer(&self) -> Option<Whole> {
        let view = self.view;
        if !self.table.people || self.table.things || self.table.signals < 2 && view.strength() < 2
        {
            return None;
        }
        let against = self.against(&[DATES, &[Email], &[Uuid, Hash], &[Url], &[Decimal]]);
        let text = view.most(&[Sentence, Word, Capitalised, HanShort, Kana]);
        let answer = view.sort() == "survey.interest";
        let enough = view.strength() >= 2
            || answer && text + view.most(&[Integer, Bool]) >= 0.3
            || view.tally.share(Sentence) >= 0.1;
        if enough && against < 0.5 {
            self.found("free-answer", Part::Whole, &[], against)
        } else {
            None
        }
    }
}

/// The evidence of a check digit.
pub(super) fn check(name: &str, passed: u64, failed: u64) -> Evidence {
    Evidence::Check {
        name: name.to_owned(),
        passed,
        failed,
    }
}
