//! Columns whose name says that names of people stand in them.
//!
//! In: a column and its table. Out: a finding of names where the values do not say that they name something else.

use super::named::{Column, FULL_NAMES};
use super::{Evidence, View, Whole};
use crate::classify::Shape::{self, *};
use crate::pattern::{self, Part, Role};

/// Shapes that a name may have, known or not.
const NAMES: &[Shape] = &[
    JpFullName,
    LatinFullName,
    KanaFullName,
    ScriptFullName,
    JpSurname,
    JpGiven,
    LatinSurname,
    LatinGiven,
    KanaSurname,
    KanaGiven,
    HanShort,
    Kana,
    Capitalised,
    Word,
    Masked,
];

/// Shapes of halves of a name.
pub(super) const HALVES: &[Shape] = &[
    JpSurname,
    JpGiven,
    LatinSurname,
    LatinGiven,
    KanaSurname,
    KanaGiven,
];

/// Shapes that a name never has.
const NO_NAMES: &[&[Shape]] = &[
    &[Integer, Decimal, Digits],
    &[Date, DateTime, EraDate, Time],
    &[Email, EmailLoose],
    &[Url],
    &[Uuid, Hash],
    &[Bool],
    &[PhoneJp],
];

impl Column<'_> {
    pub(super) fn name(&self) -> Option<Whole> {
        let view = self.view;
        let (latin, japanese) = (
            view.most(&[Capitalised, Word, LatinFullName]),
            view.most(&[HanShort, JpFullName, JpSurname]),
        );
        let likely = (latin + japanese + view.tally.share(Kana)).min(1.0);
        let against = self.against(NO_NAMES)
            + if likely < view.tally.share(Sentence) {
                view.tally.share(Sentence)
            } else {
                0.0
            };
        if against >= 0.6
            || self.name_of_anything()
            || self.name_of_duty()
            || self.other_name_of_thing()
            || self.is_of_companies()
            || view.tally.share(Code) >= 0.6 && likely < 0.5
            || view.tally.share(Organisation) >= 0.5
        {
            return None;
        }
        let unknown = 1.0 - (likely + against).min(1.0);
        let strong = view.sum(FULL_NAMES);
        // Given names before surnames that no list has; alone in a cell they are given names.
        let several = view.tally.share(Word) < 0.1;
        let half_known = f64::from(u8::from(several)) * view.tally.share(LatinGiven);
        let (given_alone, pair) = self.given_without_family();
        let enough = match view.strength() {
            3 => likely + unknown >= 0.3,
            2 if given_alone => strong >= 0.2 || self.table.people && likely >= 0.5,
            2 => strong >= 0.3 || !self.table.things && likely + unknown >= 0.4,
            _ => {
                strong >= 0.8
                    || !self.table.things
                        && (strong + half_known >= 0.5
                            || self.table.people && likely + unknown >= 0.5)
                    || self.table.signals >= 1 && self.table.is_of_people(view)
            }
        };
        let part = if given_alone { Part::Whole } else { pair };
        if !enough {
            return None;
        }
        let mut whole = self.found("person-name", part, NAMES, against)?;
        // 田村 陽向: an unknown name may look like a place; where nothing else stands in the column, it is one more name.
        let doubt = against + view.most(&[Sentence, Organisation]);
        if view.strength() >= 2 && doubt == 0.0 {
            whole.accept = Default::default();
        }
        Some(whole)
    }

    /// `name`, 名前 and 이름 are what products and places are called, too: where no other column speaks of a person, the values must be known names.
    fn name_of_anything(&self) -> bool {
        const WORDS: [&str; 24] = [
            "name",
            "名前",
            "名称",
            "이름",
            "nom",
            "nombre",
            "nome",
            "navn",
            "namn",
            "naam",
            "nama",
            "nimi",
            "név",
            "nev",
            "имя",
            "ชื่อ",
            "tên",
            "ten",
            "الاسم",
            "नाम",
            "שם",
            "ad",
            "adı",
            "nm",
        ];
        let view = self.view;
        let generic = view
            .hit
            .as_ref()
            .is_some_and(|hit| WORDS.contains(&hit.word.as_str()));
        let known = view.sum(FULL_NAMES).max(view.most(HALVES));
        let unknown = self.table.signals <= 1 && known < 0.3
            || self.table.organisations && !self.table.is_of_people(view);
        generic && (unknown || self.table.listed) && view.tally.share(Masked) < 0.1
    }

    /// Whether companies stand where somebody could: `agency_name`, `payer`. By their legal forms, or because names of the lists stand in the columns
    /// for the row's own names, and none here.
    pub(super) fn is_of_companies(&self) -> bool {
        let view = self.view;
        if holds_companies(view) {
            return true;
        }
        let Some(hit) = view.hit.as_ref().filter(|hit| hit.sort == "name.full") else {
            return false;
        };
        let open = match hit.role {
            Role::Own => hit.strength == 1 || is_open(view),
            Role::Orderer | Role::Recipient | Role::Sender | Role::Other => {
                hit.strength <= 2 || is_open(view)
            }
            _ => false,
        };
        let known = view.sum(FULL_NAMES) + view.most(HALVES);
        let told = self.table.known_names;
        open && told >= 0.6
            && known < told * 0.35
            && view.tally.values >= 10
            && view.length() >= 5.0
            && view.tally.share(Masked) < 0.1
    }

    /// 別名 of a chemical or a plant: where no other column holds names, the values must be known ones.
    fn other_name_of_thing(&self) -> bool {
        let view = self.view;
        let word = view.hit.as_ref().map_or("", |hit| hit.word.as_str());
        let other = ["別名", "alias", "aka", "shortname"].contains(&word);
        other && !self.table.names && view.sum(FULL_NAMES) < 0.5
    }

    /// 担当 is somebody, and what he is there for (レジ, キッチン): some values must be known names.
    fn name_of_duty(&self) -> bool {
        const WORDS: [&str; 4] = ["担当", "スタッフ", "係", "tanto"];
        let view = self.view;
        let hit = view.hit.as_ref();
        let duty = hit.is_some_and(|hit| WORDS.contains(&hit.word.as_str()));
        let known = view.sum(FULL_NAMES).max(view.most(HALVES));
        duty && known < 0.3 && view.tally.share(Masked) < 0.1
    }

    /// 名 and `nome` mean a given name only beside a column for family names of the same person.
    fn given_without_family(&self) -> (bool, Part) {
        let view = self.view;
        let Some(hit) = &view.hit else {
            return (false, Part::Whole);
        };
        let short = matches!(hit.word.as_str(), "名" | "nome" | "nombre")
            || hit.word.ends_with("者名")
            || hit.word.ends_with("先名");
        let beside = self.table.has_family(hit.role, hit.slot);
        match (hit.part, short, beside) {
            (Part::Given, true, false) => (true, Part::Whole),
            (Part::GivenReading, true, false) => (false, Part::Reading),
            (Part::Whole, true, true) => (false, Part::Given),
            (Part::Given, ..) if hit.word == "fname" && self.table.gname => (false, Part::Family),
            (Part::Whole, ..) if hit.word == "realname" && self.table.realname => {
                (false, Part::Family)
            }
            (part, ..) => (false, part),
        }
    }

    /// Whether names stand where places should: 届け先 of those who get parcels; `by`, which is a town in Danish.
    pub(super) fn is_names(&self) -> bool {
        let view = self.view;
        let places = view.most(&[JpAddress, JpStreet, JpCity, JpPrefecture, Street, Country]);
        let called = matches!(view.sort(), "address.full" | "address.city");
        called && view.sum(FULL_NAMES) >= 0.6 && places < 0.2
    }

    pub(super) fn names_there(&self) -> Option<Whole> {
        let names = self.view.sum(FULL_NAMES);
        self.is_names()
            .then(|| self.found("person-name", Part::Whole, FULL_NAMES, 1.0 - names))?
    }
}

/// Names of columns in which companies are called by what they are called, as people are.
const OPEN: [&str; 20] = [
    "accountname",
    "billingname",
    "billname",
    "billtoname",
    "consignee",
    "consigneename",
    "legalname",
    "ownername",
    "receivername",
    "recipientname",
    "shipname",
    "shippingname",
    "shiptoname",
    "お届け先名",
    "届け先名",
    "届先名",
    "発送先名",
    "請求先名",
    "送付先名",
    "配送先名",
];

fn is_open(view: &View<'_>) -> bool {
    let word = view.hit.as_ref().map_or("", |hit| hit.word.as_str());
    OPEN.contains(&word)
}

/// Whether a column that is called after names holds those of companies, by their legal forms and words: some have them, and few of the others are
/// known names of people.
pub(super) fn holds_companies(view: &View<'_>) -> bool {
    let full = view.sum(FULL_NAMES);
    let known = full + view.most(HALVES);
    let companies = view.tally.share(Organisation);
    let few = view.tally.shapes[Organisation as usize] < 2;
    if view.sort() != "name.full" || few || known >= 0.5 || view.tally.share(Masked) >= 0.1 {
        return false;
    }
    let open = view.strength() < 3 || is_open(view);
    let likely = companies >= 0.1 && companies * 2.0 >= full;
    // Of words that people's names do not have: small ones, signs, accents.
    let words = [
        Capitalised,
        Word,
        JpFullName,
        HanShort,
        Kana,
        ScriptFullName,
    ];
    let unlike = companies >= 0.02 && full < 0.2 && view.most(&words) < 0.6;
    companies >= 0.3 && full < 0.15 || open && (likely || unlike)
}

/// Words for those whom a row is about or who did it. Their column holds names where its values are names.
#[rustfmt::skip]
const CALLED: [&str; 78] = [
    "agent", "host", "person", "rep", "representative", "applicant", "approver", "assignee", "attendee", "author", "barber", "candidate", "cashier", "claimant", "cleaner", "clerk", "client", "coach", "coordinator",
    "customer", "doctor", "donor", "driver", "editor", "employee", "engineer", "examiner", "guest", "hairdresser", "inspector", "instructor", "interviewer", "investigator", "judge",
    "manager", "mechanic", "member", "nurse", "operator", "owner", "participant", "passenger", "patient", "player", "requester", "requestor", "reviewer", "rider", "salesman",
    "salesperson", "seller", "staff", "stylist", "student", "supervisor", "teacher", "technician", "tenant", "therapist", "trainer", "tutor", "user", "visitor", "volunteer",
    "worker", "お客様", "会員", "作業員", "作業者", "利用者", "従業員", "患者", "生徒", "社員", "職員", "販売員", "顧客", "店員",
];

/// Whether a column is called after people, and two in three values are names of the lists, given names or surnames alone.
pub(super) fn is_called(view: &View<'_>) -> bool {
    let words = pattern::words_of(view.name.unwrap_or_default());
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let called = match words.as_slice() {
        [.., who, "name"] | [.., who] => CALLED.contains(who),
        [] => false,
    };
    let own = view
        .hit
        .as_ref()
        .is_none_or(|hit| hit.kind.is_none() || hit.sort == "name.full");
    let other = [
        JpCity,
        JpPrefecture,
        Country,
        Occupation,
        Organisation,
        Integer,
        Code,
        Gender,
    ];
    called && own && (view.sum(FULL_NAMES) + view.most(HALVES)) >= 0.66 && view.most(&other) < 0.2
}

impl Column<'_> {
    /// `employee`, 顧客: given names or surnames alone under a word for people.
    pub(super) fn called(&self) -> Option<Whole> {
        let view = self.view;
        let most = view.tally.values >= 5 && is_called(view) && view.sum(FULL_NAMES) < 0.5;
        let shapes: Vec<Shape> = FULL_NAMES.iter().chain(HALVES).copied().collect();
        let mut whole = most.then(|| {
            self.view
                .found(self.patterns, "person-name", Part::Whole, 0.5, &shapes)
        })??;
        whole.evidence.push(Evidence::Context {
            word: "names".to_owned(),
        });
        Some(whole)
    }
}
