//! Numbers by which tables point at one person: `users.id` and `orders.user_id`, 会員番号 here and there.
//!
//! They are no kind of personal data by themselves. Records that have one are of one person, whatever else they tell: a normalised
//! database says the name in one table, the address in a second, the illness in a third. In: the name of a table, those of its columns, and the
//! verdicts on them. Out: of which sort the numbers of a column are. Numbers of one sort are compared, those of two are not.

use std::sync::Arc;

use super::{Verdict, View, fields, people_words};
use crate::classify::Shape;
use crate::pattern::{self, Patterns, Role};

/// Shapes of numbers by which tables point at people.
pub(super) const CODES: &[Shape] = &[Shape::Code, Shape::Digits, Shape::Integer, Shape::Uuid];

/// Of which sort numbers are by which tables point at people. Numbers of one sort are compared.
pub type Sort = Arc<str>;

/// Words with the sort that they stand for.
pub(super) type Words = &'static [(&'static str, &'static str)];

/// Words for those whom such a number stands for.
const PEOPLE: Words = &[
    ("user", "user"),
    ("usr", "user"),
    ("ユーザー", "user"),
    ("ユーザ", "user"),
    ("利用者", "user"),
    ("member", "member"),
    ("mbr", "member"),
    ("会員", "member"),
    ("kaiin", "member"),
    ("組合員", "member"),
    ("customer", "customer"),
    ("cust", "customer"),
    ("client", "customer"),
    ("顧客", "customer"),
    ("お客様", "customer"),
    ("お客さま", "customer"),
    ("kokyaku", "customer"),
    ("employee", "employee"),
    ("emp", "employee"),
    ("staff", "employee"),
    ("社員", "employee"),
    ("従業員", "employee"),
    ("職員", "employee"),
    ("shain", "employee"),
    ("patient", "patient"),
    ("患者", "patient"),
    ("student", "student"),
    ("pupil", "student"),
    ("学籍", "student"),
    ("学生", "student"),
    ("生徒", "student"),
    ("児童", "student"),
    ("person", "person"),
    ("people", "person"),
    ("individual", "person"),
    ("subject", "person"),
    ("contact", "contact"),
    // What SugarCRM and SuiteCRM call a record of any of their tables.
    ("bean", "contact"),
    ("subscriber", "subscriber"),
    ("applicant", "applicant"),
    ("応募者", "applicant"),
    ("申込者", "applicant"),
    ("candidate", "candidate"),
    ("guest", "guest"),
    ("donor", "donor"),
    ("寄付者", "donor"),
    ("resident", "resident"),
    ("入居者", "resident"),
    ("宛名", "resident"),
    ("participant", "participant"),
    ("respondent", "participant"),
    ("受講者", "participant"),
    ("passenger", "passenger"),
    ("契約者", "contractor"),
    ("受験", "examinee"),
    ("受験者", "examinee"),
    ("診察券", "patient"),
    ("カルテ", "patient"),
    ("加入者", "subscriber"),
    ("membership", "member"),
    ("personnel", "employee"),
    ("payroll", "employee"),
    ("badge", "employee"),
    ("learner", "student"),
    ("roll", "student"),
    ("cif", "customer"),
    ("borrower", "customer"),
    ("得意先", "customer"),
    ("traveler", "passenger"),
    ("traveller", "passenger"),
    ("attendee", "participant"),
    ("volunteer", "participant"),
    ("athlete", "participant"),
    ("player", "participant"),
    ("被保険者", "subscriber"),
    ("ログイン", "user"),
    ("login", "user"),
    ("voter", "voter"),
    ("registrant", "voter"),
    ("elector", "voter"),
    ("pat", "patient"),
    ("nhs", "patient"),
    ("matric", "student"),
    ("enrollee", "subscriber"),
    ("園児", "student"),
    ("claimant", "subscriber"),
    ("beneficiary", "subscriber"),
    ("insured", "subscriber"),
    ("policyholder", "subscriber"),
    ("citizen", "resident"),
    ("inmate", "inmate"),
    ("offender", "inmate"),
    ("defendant", "inmate"),
    ("pax", "passenger"),
    ("driver", "employee"),
    ("ドライバー", "employee"),
    ("associate", "employee"),
    ("スタッフ", "employee"),
    ("loyalty", "member"),
    ("メンバー", "member"),
    ("友の会", "member"),
    ("選手", "participant"),
    ("contributor", "donor"),
    ("寄附者", "donor"),
    ("購読者", "subscriber"),
    ("crm", "customer"),
    ("個人", "person"),
];

/// Words for what a table of names and values tells of.
const THINGS: Words = &[
    ("entity", "entity"),
    ("object", "entity"),
    ("record", "entity"),
    ("row", "entity"),
    ("item", "entity"),
    ("post", "post"),
    ("entry", "entry"),
    ("lead", "entry"),
    ("submission", "entry"),
    ("response", "entry"),
    ("respondent", "entry"),
    ("order", "order"),
    ("回答", "entry"),
    ("レコード", "entity"),
];

/// Whether a sort is one of things whose numbers are those of one table, and no other has the same. The numbers of orders are the same in all.
pub fn is_thing(sort: &str) -> bool {
    sort != "order" && THINGS.iter().any(|known| known.1 == sort)
}

/// What tables of one thing have in common in their names: `customer_entity` of `customer_entity_text` and `customer_entity_varchar`.
pub fn stem_of_table(table: &str) -> String {
    let words = pattern::words_of(table);
    match words.as_slice() {
        [before @ .., _] if !before.is_empty() => before.join("_"),
        words => words.join("_"),
    }
}

/// Words for a number, at the end of a column's name.
const NUMBERS: &[&str] = &[
    "id",
    "no",
    "nr",
    "num",
    "number",
    "code",
    "cd",
    "uuid",
    "guid",
    "番号",
    "ナンバー",
    "コード",
];

/// Words for a number that may stand alone in the table of those whom it stands for.
pub(super) const ALONE: &[&str] = &["id", "uuid", "guid", "コード", "code", "pk", "uid"];

/// Words of a table's name that do not say what is in it.
const EMPTY: &[&str] = &[
    "tbl", "table", "mst", "master", "list", "data", "dump", "export", "backup", "csv", "all",
    "full",
];

/// Notes of each column of which sort its numbers are. One that is a kind of data by itself is compared as that.
pub(super) fn note(patterns: &Patterns, table: &str, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let login = patterns.kind("username");
    // A number at work, at school or of a patient is a kind of data, and points at somebody all the same.
    let numbers = ["employment", "education", "medical-id"].map(|kind| patterns.kind(kind));
    let of_table = entity_of_table(PEOPLE, table);
    let of_pairs = super::attributes::of_table(views).is_some();
    let drupal = fields::of_table(table, views);
    // TYPO3 calls the number of any record `uid`, and that of the page it stands on `pid`.
    let pages = views
        .iter()
        .any(|view| view.name.is_some_and(|name| name.trim() == "pid"));
    let mut sorts: Vec<Option<&'static str>> = views
        .iter()
        .zip(verdicts.iter())
        .map(|(view, verdict)| {
            // The user of a message is told by a number that looks like a login name: U024BE7LH.
            let coded = view.sum(CODES) >= 0.9;
            let whole = verdict.whole.as_ref().map(|whole| whole.kind);
            let number = coded && whole.is_some() && numbers.contains(&whole);
            let free = whole.is_none() || number || coded && whole == login;
            let free = free && !verdict.organisation && view.tally.values > 0;
            let own = verdict.role == Role::Own && verdict.slot == 0;
            let name = view.name.filter(|_| free && own)?;
            let login = || (view.sort().starts_with("login.") && whole.is_none()).then_some("user");
            let alone = || alone(name).filter(|_| !(pages && name.trim() == "uid"));
            let alone = || alone().or_else(login).filter(|_| coded);
            let numbered = sort_of(
                PEOPLE,
                without_table(name, table).as_deref().unwrap_or(name),
                of_table,
            );
            let told = || sort_of(THINGS, name, None).filter(|_| of_pairs && coded);
            let numbered = numbered.or_else(told);
            let foreign = || people_words::sort_of(name).filter(|_| coded);
            let numbered = numbered.or_else(foreign);
            let account = || fields::account(name).filter(|_| of_pairs && coded);
            let numbered = numbered.or_else(account);
            let numbered = numbered.filter(|_| whole.is_none() || number);
            numbered.or_else(alone)
        })
        .collect();
    if let Some((at, sort)) = drupal {
        sorts = vec![None; views.len()];
        sorts[at] = Some(sort);
    }
    // The `id` of a table of names and values is that of whom the rows tell of.
    if of_pairs && sorts.iter().all(Option::is_none) {
        let is_id = |view: &View<'_>| {
            let name = view.name.map(|name| name.trim().to_lowercase());
            name.is_some_and(|name| ALONE.contains(&name.as_str())) && view.sum(CODES) >= 0.9
        };
        let id = views.iter().position(is_id);
        let id = id.filter(|&at| verdicts[at].whole.is_none());
        id.into_iter().for_each(|at| sorts[at] = Some("entity"));
    }
    // Of a table that points at several sorts of people it is not known which of them a record speaks of, unless it is their own table.
    let pieces = of_pairs || drupal.is_some();
    let mut found: Vec<&str> = sorts.iter().copied().flatten().collect();
    found.sort_unstable();
    found.dedup();
    for (verdict, sort) in verdicts.iter_mut().zip(sorts) {
        // A piece of a record has one number beside that of the record.
        let told = |sort: &&str| found.len() == 1 || Some(*sort) == of_table || of_pairs;
        let sort = sort.filter(told);
        verdict.piece = pieces;
        verdict.member = sort.map(Sort::from);
    }
}

/// Whether a table of this name is the own one of those whom numbers of a sort stand for.
pub(super) fn is_own_table(table: &str, sort: &str) -> bool {
    entity_of_table(PEOPLE, table) == Some(sort)
}

/// Whether a column of this name says of an account that a program has it: `is_bot`.
pub(super) fn is_machine(name: &str) -> bool {
    const WORDS: [&[&str]; 4] = [
        &["is", "bot"],
        &["isbot"],
        &["is", "service", "account"],
        &["is", "system", "user"],
    ];
    let last = name.rsplit('.').next().unwrap_or(name);
    let words = pattern::words_of(last);
    WORDS.iter().any(|known| words == *known)
}

/// The sort of the numbers in a column that is named by those whom they stand for and nothing else: the `user` of a message.
fn alone(name: &str) -> Option<&'static str> {
    let words = pattern::words_of(name);
    let [word] = words.as_slice() else {
        return None;
    };
    let mut known = PEOPLE.iter().chain(&[("owner", "user"), ("uid", "user")]);
    known.find(|known| known.0 == word).map(|known| known.1)
}

/// The name of a column without the table's own word before it: `user_id` of `profile_user_id` in `profiles`.
fn without_table(name: &str, table: &str) -> Option<String> {
    let words = pattern::words_of(name);
    let table = pattern::words_of(table);
    let [first, rest @ ..] = words.as_slice() else {
        return None;
    };
    let last = table.last()?;
    let own = last == first || last.strip_suffix('s') == Some(first);
    (own && rest.len() == 2).then(|| rest.join("_"))
}

/// The sort of the numbers in a column of this name, in a table of those whom they stand for.
pub(super) fn sort_of(
    among: Words,
    name: &str,
    of_table: Option<&'static str>,
) -> Option<&'static str> {
    let steps: Vec<&str> = name.split('.').filter(|step| !step.is_empty()).collect();
    let (last, before) = steps.split_last()?;
    let words = pattern::words_of(last);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match (words.as_slice(), before) {
        ([number], []) if ALONE.contains(number) => of_table,
        ([number], [.., step]) if ALONE.contains(number) => {
            let of_step = pattern::words_of(step);
            match of_step.as_slice() {
                [word] => known(among, word),
                _ => None,
            }
        }
        ([one], _) => NUMBERS
            .iter()
            .find_map(|number| known(among, one.strip_suffix(number)?)),
        ([who, number], _) if NUMBERS.contains(number) => known(among, who),
        (["id", who], _) => known(among, who),
        _ => None,
    }
}

/// Of whom or of what a table of this name is: the last of its words that says anything.
pub(super) fn entity_of_table(among: Words, name: &str) -> Option<&'static str> {
    let words = pattern::words_of(name);
    let says = |word: &&String| {
        !EMPTY.contains(&word.as_str()) && !word.chars().all(|c| c.is_ascii_digit())
    };
    let last = words.iter().rev().find(says)?;
    let japanese = [
        "マスタ",
        "マスター",
        "一覧",
        "名簿",
        "情報",
        "テーブル",
        "リスト",
        "データ",
    ];
    let front = japanese.iter().find_map(|end| last.strip_suffix(end));
    let last = front.unwrap_or(last);
    known(among, last).or_else(|| known(among, ending(among, last)?))
}

/// The word of those a table is of at the end of one written without a sign between: `customuser`, as Django names tables.
fn ending(among: Words, word: &str) -> Option<&'static str> {
    let one = word.strip_suffix('s').unwrap_or(word);
    let ends = |known: &&(&'static str, &str)| {
        known.0.is_ascii()
            && known.0.len() >= 4
            && one.len() >= known.0.len() + 3
            && one.ends_with(known.0)
    };
    among.iter().filter(ends).map(|known| known.0).next()
}

/// Of whom a word of a table's name says that it is.
pub(super) fn entity_of_word(word: &str) -> Option<&'static str> {
    known(PEOPLE, word)
}

fn known(among: Words, word: &str) -> Option<&'static str> {
    let one = word.strip_suffix('s').unwrap_or(word);
    among
        .iter()
        .find(|known| known.0 == word || known.0 == one)
        .map(|known| known.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_of_the_table_is_left_out() {
        let check = |table: &str, column: &str, expected: Option<&str>| {
            assert_eq!(without_table(column, table).as_deref(), expected);
        };
        check("profiles", "profile_user_id", Some("user_id"));
        check("orders", "manager_user_id", None);
        check("orders", "order_id", None);
    }

    #[test]
    fn columns_that_point_at_people() {
        #[track_caller]
        fn check(table: &str, column: &str, expected: Option<&str>) {
            let found = sort_of(PEOPLE, column, entity_of_table(PEOPLE, table));
            assert_eq!(found, expected, "{table}.{column}");
        }
        check("users", "id", Some("user"));
        check("public.users", "ID", Some("user"));
        check("orders", "user_id", Some("user"));
        check("orders", "userId", Some("user"));
        check("orders", "UserID", Some("user"));
        check("orders", "id", None);
        check("user_addresses", "id", None);
        check("dtb_customer", "customer_id", Some("customer"));
        check("customers_2024", "id", Some("customer"));
        check("顧客マスタ", "ID", Some("customer"));
        check("会員一覧", "会員番号", Some("member"));
        check("病歴", "会員番号", Some("member"));
        check("課税", "宛名番号", Some("resident"));
        check("病歴", "会員ＩＤ", Some("member"));
        check("給与", "社員コード", Some("employee"));
        check("orders", "customer.id", Some("customer"));
        check("orders", "manager_user_id", None);
        check("orders", "product_id", None);
        check("orders", "id_customer", Some("customer"));
        check("users", "pk", Some("user"));
        check("accounts.customuser", "pk", Some("user"));
        check("shop.orderitem", "pk", None);
        check("users", "user_name", None);
        check("users", "country_code", None);
        check("会員一覧", "No", None);
    }

    #[test]
    fn stems_of_tables() {
        assert_eq!(stem_of_table("newsletter_meta"), "newsletter");
        assert_eq!(stem_of_table("product_reviews_meta"), "product_reviews");
        assert_eq!(
            stem_of_table("customer_entity_text"),
            stem_of_table("customer_entity_varchar")
        );
    }
}
