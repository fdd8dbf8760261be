//! What the table as a whole is about: people, or things.

use super::View;
use super::messages::SORT;
use crate::classify::Shape;
use crate::pattern::{self, Role};

/// Words of a table's name that speak of people.
const PEOPLE: &[&str] = &[
    "user",
    "customer",
    "member",
    "employee",
    "staff",
    "person",
    "people",
    "patient",
    "student",
    "client",
    "contact",
    "subscriber",
    "newsletter",
    "applicant",
    "candidate",
    "guest",
    "passenger",
    "donor",
    "owner",
    "actor",
    "teacher",
    "attendee",
    "visitor",
    "registrant",
    "respondent",
    "legislator",
    "politician",
    "giin",
    "kaiin",
    "kokyaku",
    "shain",
    "meibo",
    "recipient",
    "lead",
    "profile",
    "addressbook",
    "survey",
    "enquete",
    "athlete",
    "author",
    "borrower",
    "doctor",
    "guardian",
    "instructor",
    "lawyer",
    "nurse",
    "parent",
    "physician",
    "professor",
    "tutor",
    "worker",
];

/// Words of a table's name that speak of things.
const THINGS: &[&str] = &[
    "product",
    "item",
    "category",
    "genre",
    "film",
    "movie",
    "track",
    "album",
    "artist",
    "playlist",
    "language",
    "country",
    "city",
    "state",
    "store",
    "shop",
    "inventory",
    "media",
    "book",
    "brand",
    "color",
    "tag",
    "vendor",
    "supplier",
    "department",
    "role",
    "permission",
    "setting",
    "config",
    "currency",
    "region",
    "catalog",
    "catalogue",
    "stock",
    "sku",
    "gazetteer",
];

/// The same in Japanese, looked for anywhere in the name.
const PEOPLE_JA: &[&str] = &[
    "会員",
    "顧客",
    "社員",
    "従業員",
    "職員",
    "患者",
    "名簿",
    "生徒",
    "学生",
    "児童",
    "応募",
    "参加者",
    "お客様",
    "利用者",
    "個人",
    "申込者",
    "購入者",
    "アンケート",
    "メルマガ",
    "住所録",
];
const THINGS_JA: &[&str] = &[
    "商品",
    "製品",
    "カテゴリ",
    "店舗",
    "在庫",
    "ジャンル",
    "部品",
    "施設",
    "拠点",
];

/// Last words of a table's name whose rows are organisations and their places.
const ORGANISATIONS: &[&str] = &[
    "agency",
    "bank",
    "branch",
    "clinic",
    "company",
    "dealer",
    "department",
    "dept",
    "division",
    "establishment",
    "facility",
    "hospital",
    "hotel",
    "manufacturer",
    "office",
    "organisation",
    "organization",
    "publisher",
    "restaurant",
    "school",
    "shop",
    "store",
    "supplier",
    "university",
    "vendor",
    "warehouse",
];
const ORGANISATIONS_JA: &[&str] = &[
    "支店",
    "店舗",
    "営業所",
    "事業所",
    "施設",
    "拠点",
    "部署",
    "部門",
    "仕入先",
    "メーカー",
];

/// Beginnings of the sorts of columns that only people have.
const SECRET: &[&str] = &[
    "secret.password",
    "id.jp.",
    "id.us.",
    "id.passport",
    "id.driver",
    "special.",
    "age",
    "login.id",
];

/// What the columns together say.
#[derive(Debug, Default)]
pub(super) struct Table {
    /// The rows are about people.
    pub(super) people: bool,
    /// Kinds of columns that speak of a person.
    pub(super) signals: u32,
    /// The rows are about products, places, words.
    pub(super) things: bool,
    /// The rows are organisations and their places, by the table's name.
    pub(super) organisations: bool,
    /// The rows are companies whose shares are dealt in.
    pub(super) listed: bool,
    /// There is a column of mobile phones.
    mobile: bool,
    /// There is a column of towns or postal codes.
    pub(super) towns: bool,
    /// There is a column of card numbers.
    pub(super) card: bool,
    /// There is a column of a health insurance's numbers.
    pub(super) insurance: bool,
    /// There is a column of bank accounts.
    pub(super) bank: bool,
    /// There is a column of what is in an account, or of where a bank has it (`Routing`).
    pub(super) balance: bool,
    /// There is a column of addresses, streets or postal codes.
    pub(super) address: bool,
    /// Roles and slots that have a column for family names.
    families: Vec<(Role, u16)>,
    /// Beside `fname` stands `gname`: the one is the family's name, not the first.
    pub(super) gname: bool,
    /// Beside `realname` stands `firstname`: the one is the family's name (GLPI).
    pub(super) realname: bool,
    /// There is a column of names of people.
    pub(super) names: bool,
    /// How many of the values in columns for the row's own names are in the lists of names, 0 to 1: of the column that holds most.
    pub(super) known_names: f64,
    /// There is a column of birth dates.
    pub(super) births: bool,
    /// There is a column of login names.
    pub(super) login: bool,
    /// The rows are about somebody's health.
    pub(super) medical: bool,
    /// There are columns of marks by subject.
    pub(super) marks: bool,
    /// Columns `by`, `bm` and `bd`: the birth date in pieces.
    pub(super) birth_pieces: bool,
}

impl Table {
    pub(super) fn of(name: &str, views: &[View<'_>]) -> Table {
        let (people, things) = speaks(name);
        let any = |test: &dyn Fn(&View<'_>) -> bool| {
            views.iter().any(|view| view.tally.values > 0 && test(view))
        };
        let sort = |wanted: &'static [&'static str], strength: u8| {
            any(&move |view| {
                view.strength() >= strength
                    && wanted.iter().any(|start| view.sort().starts_with(start))
            })
        };
        let full = super::named::FULL_NAMES;
        let dates = [Shape::Date, Shape::EraDate, Shape::DateTime, Shape::Integer];
        let birth = any(&|view| view.sort().starts_with("birth.") && view.sum(&dates) >= 0.3);
        let gender =
            any(&|view| view.sort().starts_with("gender") && view.most(&[Shape::Gender]) >= 0.3);
        let email = any(&|view| view.most(&[Shape::Email]) >= 0.5 && view.sort() != SORT);
        let phones = [Shape::PhoneJp, Shape::PhoneIntl];
        let phone =
            sort(&["phone."], 2) || any(&|view| view.sum(&phones) >= 0.7 && !view.speaks_against());
        let street = any(&|view| view.sum(&[Shape::JpAddress, Shape::Street]) >= 0.4);
        let address = street
            || any(&|view| {
                view.sort() == "address.full" && view.sum(&[Shape::Email, Shape::Ip]) < 0.5
            });
        // `name` alone may be a thing's; beside e-mail addresses or birth dates, or in a table called after people, it is a person's.
        let least = if email || birth || people { 1 } else { 2 };
        let key = any(&|view| {
            let known = view.hit.as_ref().is_none_or(|hit| hit.word.len() > 4);
            // 従業員番号, 学生番号
            let numbered = matches!(view.sort(), "employment" | "education")
                && view.hit.as_ref().is_some_and(|hit| {
                    let endings = ["番号", "コード", "id", "no", "number", "code"];
                    endings.iter().any(|ending| hit.word.ends_with(ending))
                });
            view.sort() == "person.key" && known || view.sort() == "id.patient" || numbered
        });
        // Customers of a bank, people who were asked: those with a number or an age and a job may be called by their given names alone.
        let asked = sort(&["age"], 2) && sort(&["occupation", "marital"], 2);
        let called = |view: &View<'_>| view.sort() == "name.full" && is_half(view);
        let by_given = (key || asked) && any(&called);
        let named = sort(&["name.family", "name.given", "name.kana"], 2)
            || any(&move |view| {
                let full = view.sort().starts_with("name.full") && view.strength() >= least;
                full && !super::named_people::holds_companies(view)
            })
            || by_given;
        // Where no column has a name, the table's says what the words in it are.
        let called = people && views.iter().all(View::nameless);
        let halves = |view: &View<'_>| called && view.most(super::named_people::HALVES) >= 0.5;
        let known = if called { 0.3 } else { 0.5 };
        let shaped =
            any(&|view| (view.sum(full) >= known || halves(view)) && !view.speaks_against());
        let secret = sort(SECRET, 3);
        let life = sort(&["marital", "job."], 3);
        let signals = [
            birth,
            gender,
            email,
            phone,
            address,
            named || shaped,
            key,
            secret,
            life,
        ];
        let signals = signals.into_iter().filter(|&signal| signal).count() as u32;
        // An order has goods, and somebody who gets them.
        let buyer = named && (address || phone) && !sort(&["org.name"], 3);
        let personal = birth || gender || email || buyer;
        let goods = any(&|view| view.sort() == "neg.product");
        Table {
            // Without a name of any column, mailboxes are what tells that rows are of people.
            people: signals >= 2
                || by_given
                || any(&is_of_full_names) && !things
                || people && signals >= 1
                || email && views.iter().all(|view| view.name.is_none()),
            signals,
            things: (things || goods) && !people && !personal,
            organisations: (is_of_organisations(name) || listed(views)) && !people && !by_given,
            listed: listed(views) && !birth && !email,
            mobile: sort(&["phone.mobile"], 2),
            towns: sort(&["address.postal", "address.city"], 2),
            card: any(&|view| card_column(view)),
            insurance: sort(&["id.jp.health_insurance"], 3),
            bank: sort(&["bank.account", "bank.iban", "bank.yucho"], 2),
            balance: any(&|view| {
                let word = view.hit.as_ref().map_or("", |hit| hit.word.as_str());
                word.contains("balance") || word.contains("残高") || word.contains("routing")
            }),
            address: address || sort(&["address.postal", "address.street"], 2),
            families: views
                .iter()
                .filter(|view| family(view))
                .filter_map(|view| view.hit.as_ref())
                .map(|hit| (hit.role, hit.slot))
                .collect(),
            gname: any(&|view| headed(view, "gname")),
            realname: any(&|view| headed(view, "realname"))
                && any(&|view| headed(view, "firstname")),
            names: named || shaped,
            known_names: known_names(views),
            births: birth,
            login: sort(&["login."], 2),
            medical: medical(name, views),
            marks: views.iter().filter(|view| is_mark(view)).count() >= 2,
            birth_pieces: birth_pieces(views),
        }
    }

    /// Whether names of people stand in a column that is called so, whatever the table is called: full names or given ones, and surnames where the column's
    /// name speaks of people (社員, `guest`) or mobile phones stand beside them.
    pub(super) fn is_of_people(&self, view: &View<'_>) -> bool {
        let most = |shapes: &[Shape]| view.most(shapes) >= 0.5;
        let places = [
            Shape::JpPrefecture,
            Shape::JpCity,
            Shape::Country,
            Shape::State,
        ];
        let given = [Shape::JpGiven, Shape::LatinGiven, Shape::KanaGiven];
        let halves = || most(super::named_people::HALVES);
        let called = is_called_after_people(view);
        (called || view.sort().starts_with("name."))
            && view.sum(&places) < 0.3
            && (view.sum(super::named::FULL_NAMES) >= 0.5
                || self.signals >= 1 && (most(&given) || halves() && (self.mobile || called)))
    }

    /// Whether a role has a column for family names.
    pub(super) fn has_family(&self, role: Role, slot: u16) -> bool {
        self.families.contains(&(role, slot))
    }
}

/// Whether a column is called so.
fn headed(view: &View<'_>, word: &str) -> bool {
    view.hit.as_ref().is_some_and(|hit| hit.word == word)
}

/// Whether the rows are companies whose shares are dealt in.
fn listed(views: &[View<'_>]) -> bool {
    const WORDS: [&str; 6] = [
        "marketcap",
        "marketcapitalization",
        "marketcapitalisation",
        "ticker",
        "tickersymbol",
        "銘柄コード",
    ];
    let called = |view: &View<'_>| pattern::words_of(view.name.unwrap_or_default()).concat();
    views
        .iter()
        .any(|view| WORDS.contains(&called(view).as_str()))
}

/// The greatest share of known names in a column for the row's own names.
fn known_names(views: &[View<'_>]) -> f64 {
    let own = |view: &&View<'_>| {
        let sorts = ["name.full", "name.family", "name.given"];
        let role = view.hit.as_ref().map(|hit| hit.role);
        sorts.contains(&view.sort()) && role == Some(Role::Own)
    };
    let known = |view: &View<'_>| {
        let halves = view.most(super::named_people::HALVES);
        (view.sum(super::named::FULL_NAMES) + halves).min(1.0)
    };
    views.iter().filter(own).map(known).fold(0.0, f64::max)
}

/// Whether small numbers stand under `by`, `bm` and `bd`.
fn birth_pieces(views: &[View<'_>]) -> bool {
    ["by", "bm", "bd"].iter().all(|&piece| {
        views.iter().any(|view| {
            let named = view
                .name
                .is_some_and(|name| name.trim().eq_ignore_ascii_case(piece));
            named && view.most(&[Shape::Integer, Shape::Digits]) >= 0.8
        })
    })
}

/// Whether the rows are about somebody's health: by the name of the table, or a column of illnesses, treatments or patients' numbers.
fn medical(name: &str, views: &[View<'_>]) -> bool {
    const WORDS: [&str; 8] = [
        "健診",
        "検診",
        "診療",
        "患者",
        "カルテ",
        "patient",
        "medical",
        "health",
    ];
    let name = name.to_lowercase();
    let sorts = ["special.health", "id.patient", "id.jp.health_insurance"];
    let told = |view: &View<'_>| {
        let sort = sorts.contains(&view.sort());
        sort && view.strength() >= 2 && !is_findings(view)
    };
    WORDS.iter().any(|word| name.contains(word)) || views.iter().any(told)
}

/// 所見: what a doctor found, or what a teacher thinks.
pub(super) fn is_findings(view: &View<'_>) -> bool {
    view.hit.as_ref().is_some_and(|hit| hit.word == "所見")
}

/// Whether numbers stand under the name of a school's subject.
pub(super) fn is_mark(view: &View<'_>) -> bool {
    #[rustfmt::skip]
    const SUBJECTS: [&str; 44] = [
        "国語", "数学", "英語", "理科", "社会", "算数", "音楽", "図工", "図画工作", "美術", "体育", "保健体育", "技術", "家庭", "技術家庭", "現代文", "古典", "古文",
        "漢文", "物理", "化学", "生物", "地学", "世界史", "日本史", "歴史", "地理", "公民", "政治経済", "倫理", "math", "maths", "mathematics", "english", "science",
        "history", "geography", "physics", "chemistry", "biology", "deutsch", "mathematik", "mathématiques", "matemáticas",
    ];
    let name = pattern::words_of(view.name.unwrap_or_default()).concat();
    let name = name.trim_end_matches(|c: char| c.is_ascii_digit());
    let name = name
        .strip_suffix("の評定")
        .or_else(|| name.strip_suffix('点'))
        .unwrap_or(name);
    let numbers = [Shape::Integer, Shape::Digits, Shape::Decimal];
    SUBJECTS.contains(&name) && view.most(&numbers) >= 0.5 && view.length() <= 5.0
}

/// Whether a column is called after full names, and holds them: its name and its values tell that the rows are of people, whatever else is known of them.
fn is_of_full_names(view: &View<'_>) -> bool {
    let known = view.sum(super::named::FULL_NAMES);
    let least = [1.1, 0.8, 0.6, 0.5][usize::from(view.strength().min(3))];
    let own = view.hit.as_ref().is_some_and(|hit| hit.role == Role::Own);
    view.sort() == "name.full" && own && known >= least
}

/// Whether nearly all values are halves of names.
fn is_half(view: &View<'_>) -> bool {
    view.most(super::named_people::HALVES) >= 0.8
}

fn family(view: &View<'_>) -> bool {
    matches!(view.sort(), "name.family" | "name.kana.family")
}

fn card_column(view: &View<'_>) -> bool {
    let header = matches!(view.sort(), "card.pan" | "card.last4")
        && view.strength() >= 2
        && view.most(&[Shape::Date, Shape::Sentence]) < 0.5;
    header || view.most(&[Shape::Card]) >= 0.5
}

/// Whether a column is called after people and nothing else: `guest`, 社員.
pub(super) fn is_called_after_people(view: &View<'_>) -> bool {
    let name = view.name.unwrap_or_default().trim();
    match pattern::words_of(name).as_slice() {
        [word] => PEOPLE.iter().any(|known| same_word(word, known)) || PEOPLE_JA.contains(&name),
        _ => false,
    }
}

/// Whether a table's name speaks of people, and of things.
fn speaks(name: &str) -> (bool, bool) {
    let last = name.rsplit(['.', '/']).next().unwrap_or(name);
    let words = pattern::words_of(last);
    let has = |list: &[&str]| {
        words
            .iter()
            .any(|word| list.iter().any(|&known| same_word(word, known)))
    };
    let inside = |list: &[&str]| list.iter().any(|known| last.contains(known));
    (
        has(PEOPLE) || inside(PEOPLE_JA),
        has(THINGS) || inside(THINGS_JA),
    )
}

/// Whether a table's name ends in a word for organisations.
fn is_of_organisations(name: &str) -> bool {
    let last = name.rsplit(['.', '/']).next().unwrap_or(name);
    let words = pattern::words_of(last);
    let word = words.last().map_or("", String::as_str);
    let named = |&known: &&str| {
        same_word(word, known) || word.strip_suffix("es").is_some_and(|stem| stem == known)
    };
    ORGANISATIONS.iter().any(named) || ORGANISATIONS_JA.iter().any(|known| last.ends_with(known))
}

/// Whether a word is a known one or its plural.
fn same_word(word: &str, known: &str) -> bool {
    let singular = word.strip_suffix('s').unwrap_or(word);
    word == known
        || singular == known
        || word
            .strip_suffix("ies")
            .is_some_and(|stem| known.strip_suffix('y') == Some(stem))
}

#[cfg(test)]
mod tests {
    #[test]
    fn names_of_tables() {
        let check = |name: &str, expected: (bool, bool)| {
            assert_eq!(super::speaks(name), expected, "{name}")
        };
        check("users", (true, false));
        check("public.customer", (true, false));
        check("dtb_customer", (true, false));
        check("Categories", (false, true));
        check("Artist", (false, true));
        check("会員一覧", (true, false));
        check("商品マスタ", (false, true));
        check("misuse", (false, false));
        check("", (false, false));
    }

    #[test]
    fn names_of_tables_of_organisations() {
        for name in [
            "branch",
            "Branches",
            "public.companies",
            "MST_Department",
            "事業所",
        ] {
            assert!(super::is_of_organisations(name), "{name}");
        }
        for name in [
            "bank_customers",
            "company_contacts",
            "branched",
            "",
            "支店長",
        ] {
            assert!(!super::is_of_organisations(name), "{name}");
        }
    }
}
