//! The summary's sentences in its languages.

use super::{Lang, PeopleRow, grouped, join, sized};
use crate::report::Coverage;
use crate::scope::{Answers, Headcount, Problem, Sampled, Subjects};
use crate::source::Code;

/// What to say when nothing was found; a clean result is claimed over complete coverage only.
pub(super) fn nothing_found(lang: Lang, coverage: &Coverage, kinds: usize) -> String {
    let excluded = coverage.excluded > 0;
    match lang {
        _ if !coverage.is_readable() => match lang {
            Lang::En => "Nothing could be read: this says nothing about personal data.".into(),
            Lang::Ja => "読み取れたものがありません。個人データの有無は分かりません。".into(),
        },
        Lang::En if coverage.is_complete() => {
            let outside = if excluded { " outside of what was excluded" } else { "" };
            format!(
                "No personal data was found{outside}: every source was read completely, for {kinds} {}.",
                plural(kinds as u64, "kind", "kinds")
            )
        }
        Lang::Ja if coverage.is_complete() => {
            let outside = if excluded { "（除外したものを除く）" } else { "" };
            format!("すべての対象{outside}を最後まで読み取り、{kinds}種類を調べましたが、個人データは見つかりませんでした。")
        }
        Lang::En => "Nothing was found in what could be read, but not everything was read: personal data may still be there.".into(),
        Lang::Ja => "読み取れた範囲では見つかりませんでしたが、読み取れなかったものがあるため、個人データがないとはいえません。".into(),
    }
}

/// The bounds of a number of people, empty where they are equal.
fn bounds(lang: Lang, persons: Headcount) -> String {
    let (min, max) = (grouped(persons.min), grouped(persons.max));
    match lang {
        _ if persons.min == persons.max => String::new(),
        Lang::En => format!("at least {min}, at most {max}"),
        Lang::Ja => format!("（少なくとも{min}人、多くとも{max}人）"),
    }
}

/// The first block: people, households, organisations, records.
pub(super) fn people(lang: Lang, subjects: &Subjects) -> Vec<PeopleRow> {
    let persons = subjects.persons;
    let rows = grouped(subjects.rows);
    let mut out = match lang {
        Lang::En => vec![
            PeopleRow::new("People", persons.best, bounds(lang, persons)),
            PeopleRow::new("Households", subjects.households, ""),
            PeopleRow::new(
                "Organisations",
                subjects.organisations,
                "not counted as people",
            ),
            PeopleRow::new(
                "Records",
                subjects.records,
                format!(
                    "about them, {rows} of them distinct{}",
                    if subjects.unweighed {
                        "; too many to weigh all similar ones"
                    } else {
                        ""
                    }
                ),
            ),
            PeopleRow::new(
                "Conflicts",
                subjects.conflicts,
                "records whose identifiers contradict each other; not merged",
            ),
        ],
        Lang::Ja => vec![
            PeopleRow::new(
                "本人の数",
                persons.best,
                format!("人{}", bounds(lang, persons)),
            ),
            PeopleRow::new("世帯", subjects.households, "世帯"),
            PeopleRow::new(
                "法人・団体",
                subjects.organisations,
                "件（本人の数に含まない）",
            ),
            PeopleRow::new(
                "記録",
                subjects.records,
                if subjects.unweighed {
                    format!("件（重複を除き{rows}件。多いため類似の名寄せは標本による）")
                } else {
                    format!("件（重複を除き{rows}件）")
                },
            ),
            PeopleRow::new(
                "矛盾",
                subjects.conflicts,
                "件（識別子が食い違うため同一人としなかった記録）",
            ),
        ],
    };
    if subjects.conflicts == 0 {
        out.pop();
    }
    if subjects.anybody > 0 {
        out.push(anybody(lang, subjects.anybody));
    }
    out.extend(subjects.sampled.map(|found| sampled(lang, found)));
    out.extend(subjects.answers.map(|answers| answered(lang, answers)));
    if subjects.organisations == 0 {
        out.remove(2);
    }
    if subjects.parents > 0 {
        let (name, remark) = match lang {
            Lang::En => ("Parents", "known by name only; not counted as people"),
            Lang::Ja => ("父母", "人（氏名のみ。本人の数に含まない）"),
        };
        out.push(PeopleRow::new(name, subjects.parents, remark));
    }
    out.splice(1..1, of_them(lang, subjects));
    out
}

fn anybody(lang: Lang, rows: u64) -> PeopleRow {
    match lang {
        Lang::En => PeopleRow::new(
            "Anybody",
            rows,
            "records that name too little; in the upper bound only",
        ),
        Lang::Ja => PeopleRow::new(
            "特定不能",
            rows,
            "件（誰の記録か分からない。上限にのみ含む）",
        ),
    }
}

/// Doubtful pairs that the user has answered.
fn answered(lang: Lang, Answers { yes, no, unknown }: Answers) -> PeopleRow {
    let total = yes + no + unknown;
    match lang {
        Lang::En => PeopleRow::new(
            "Answered",
            total,
            format!("doubtful pairs: {yes} one person, {no} two, {unknown} unknown"),
        ),
        Lang::Ja => PeopleRow::new(
            "確認済み",
            total,
            format!("件（同一人か疑わしい組のうち、同一人{yes}、別人{no}、不明{unknown}）"),
        ),
    }
}

/// What the similar records of the samples say of all.
fn sampled(lang: Lang, found: Sampled) -> PeopleRow {
    let [records, error] = [found.records, found.error].map(grouped);
    match lang {
        Lang::En => PeopleRow::new(
            "Similar",
            found.merged,
            format!(
                "people taken off, estimated (standard error {error}) from {records} distinct records"
            ),
        ),
        Lang::Ja => PeopleRow::new(
            "類似",
            found.merged,
            format!("人を同一人とみて除外（{records}件の標本からの推定、標準誤差{error}人）"),
        ),
    }
}

/// Some of the people: those of whom the kinds asked for were found, and the user's own.
fn of_them(lang: Lang, subjects: &Subjects) -> Vec<PeopleRow> {
    let mut out = Vec::new();
    let mut add = |en: &'static str, ja: &'static str, persons: Headcount, note: String| {
        let bounds = bounds(lang, persons);
        out.push(match lang {
            Lang::En if bounds.is_empty() => PeopleRow::new(en, persons.best, note),
            Lang::En => PeopleRow::new(en, persons.best, format!("{bounds}; {note}")),
            Lang::Ja => PeopleRow::new(ja, persons.best, format!("人{bounds} {note}")),
        });
    };
    if let Some(asked) = subjects.asked {
        let note = match lang {
            Lang::En => "with the kinds asked for",
            Lang::Ja => "指定した項目がある本人",
        };
        add("  asked for", "うち指定項目", asked, note.to_owned());
    }
    if let Some(own) = &subjects.own {
        let domains = own.domains.join(comma(lang));
        let note = match lang {
            Lang::En => format!("your own people ({domains})"),
            Lang::Ja => format!("自社の従業者等（{domains}）"),
        };
        add("  own", "うち自社", own.persons, note);
    }
    out
}

pub(super) fn parts_heading(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "The people by",
        Lang::Ja => "本人の内訳",
    }
}

pub(super) fn notable_heading(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "Worth a second look",
        Lang::Ja => "確認をすすめる点",
    }
}

/// People of many records, values of many people, links that were refused.
pub(super) fn notable_labels(lang: Lang) -> [&'static str; 3] {
    match lang {
        Lang::En => ["many records", "shared values", "not joined"],
        Lang::Ja => ["記録の多い本人", "共有された値", "別人とした組"],
    }
}

/// Role, region, kinds known together.
pub(super) fn part_labels(lang: Lang) -> [&'static str; 3] {
    match lang {
        Lang::En => ["role", "place", "set of kinds"],
        Lang::Ja => ["立場", "地域", "項目の組"],
    }
}

pub(super) fn part(lang: Lang, name: &str, number: &str) -> String {
    match lang {
        Lang::En => format!("{name} {number}"),
        Lang::Ja => format!("{name}{number}"),
    }
}

pub(super) fn more_parts(lang: Lang, hidden: usize) -> String {
    match lang {
        Lang::En => format!("{hidden} more"),
        Lang::Ja => format!("ほか{hidden}"),
    }
}

pub(super) fn nowhere(lang: Lang) -> &'static str {
    match lang {
        Lang::En => "unknown",
        Lang::Ja => "不明",
    }
}

/// Between kinds that are known together.
pub(super) fn plus(lang: Lang) -> &'static str {
    match lang {
        Lang::En => " + ",
        Lang::Ja => "＋",
    }
}

/// The report's word for a role in the reader's language.
pub(super) fn role(lang: Lang, role: &'static str) -> &'static str {
    match (lang, role) {
        (Lang::En, "self") => "the record's own",
        (Lang::Ja, "self") => "記録の本人",
        (Lang::Ja, "orderer") => "注文者",
        (Lang::Ja, "recipient") => "届け先・宛先",
        (Lang::Ja, "contact") => "連絡先",
        (Lang::Ja, "guardian") => "保護者",
        (Lang::Ja, "child") => "子・扶養家族",
        (Lang::Ja, "spouse") => "配偶者",
        (Lang::Ja, "sender") => "差出人",
        (Lang::Ja, "other") => "その他",
        (_, role) => role,
    }
}

pub(super) fn kinds_heading(lang: Lang, kinds: usize) -> String {
    match lang {
        Lang::En => format!(
            "{kinds} {} of personal data",
            plural(kinds as u64, "kind", "kinds")
        ),
        Lang::Ja => {
            format!("漏えい等が発生し、又は発生したおそれがある個人データの項目（{kinds}）")
        }
    }
}

/// People, values, distinct values.
pub(super) fn kind_columns(lang: Lang) -> [&'static str; 3] {
    match lang {
        Lang::En => ["people", "values", "distinct"],
        Lang::Ja => ["本人", "値", "異なる値"],
    }
}

pub(super) fn where_heading(lang: Lang, tables: usize) -> String {
    match lang {
        Lang::En => format!("In {tables} {}", plural(tables as u64, "table", "tables")),
        Lang::Ja => format!("個人データがある表（{tables}）"),
    }
}

pub(super) fn records(lang: Lang) -> &'static str {
    match lang {
        Lang::En => " records",
        Lang::Ja => "件",
    }
}

pub(super) fn comma(lang: Lang) -> &'static str {
    match lang {
        Lang::En => ", ",
        Lang::Ja => "、",
    }
}

/// Kinds that were looked for and not found.
pub(super) fn not_found(lang: Lang, coverage: &Coverage, list: &str) -> String {
    match (lang, coverage.is_complete()) {
        (Lang::En, true) => format!("Searched for and not found: {list}"),
        (Lang::En, false) => format!("Not found in what could be read: {list}"),
        (Lang::Ja, true) => format!("調べたが見つからなかった項目: {list}"),
        (Lang::Ja, false) => format!("読み取れた範囲では見つからなかった項目: {list}"),
    }
}

pub(super) fn coverage(lang: Lang, sum: &Coverage) -> String {
    let (n, bytes) = (grouped(sum.sources), sized(sum.bytes));
    let part = |number: u64, text: &str| (number, format!("{}{text}", grouped(number)));
    match lang {
        Lang::En => {
            let parts = [
                part(sum.complete, " completely"),
                part(sum.carved, " for text only"),
                part(sum.partial, " in part"),
                part(sum.encrypted, " locked"),
                part(sum.skipped, " not"),
                part(sum.excluded, " excluded"),
            ];
            let sources = plural(sum.sources, "source", "sources");
            format!("Read {n} {sources} ({bytes}): {}", join(&parts, ", "))
        }
        Lang::Ja => {
            let parts = [
                (sum.complete, format!("完全{}", grouped(sum.complete))),
                (sum.carved, format!("文字列のみ{}", grouped(sum.carved))),
                (sum.partial, format!("一部{}", grouped(sum.partial))),
                (sum.encrypted, format!("暗号化{}", grouped(sum.encrypted))),
                (sum.skipped, format!("未読{}", grouped(sum.skipped))),
                (sum.excluded, format!("除外{}", grouped(sum.excluded))),
            ];
            format!("読み取った対象: {n}（{bytes}） {}", join(&parts, "、"))
        }
    }
}

pub(super) fn problems_heading(lang: Lang, problems: usize) -> String {
    match lang {
        Lang::En => format!(
            "{problems} {}",
            plural(problems as u64, "problem", "problems")
        ),
        Lang::Ja => format!("読み取れなかったもの（{problems}）"),
    }
}

/// Why, where and what it cost.
pub(super) fn problem(lang: Lang, problem: &Problem, times: usize) -> String {
    let why = code(lang, problem.code);
    let at = problem.at.map(grouped);
    let lost = match (problem.lost.as_str(), lang) {
        ("", _) => String::new(),
        (lost, Lang::En) => format!(" (lost: {lost})"),
        (lost, Lang::Ja) => format!("（{lost}）"),
    };
    let times = match (times, lang) {
        (..=1, _) => String::new(),
        (times, Lang::En) => format!(", {} times", grouped(times as u64)),
        (times, Lang::Ja) => format!("、{}件", grouped(times as u64)),
    };
    match (lang, at) {
        (_, None) => format!("{why}{times}{lost}"),
        (Lang::En, Some(at)) => format!("{why} at byte {at}{lost}"),
        (Lang::Ja, Some(at)) => format!("{why} {at}バイト目{lost}"),
    }
}

fn code(lang: Lang, code: Code) -> &'static str {
    let (en, ja) = match code {
        Code::Unreadable => ("cannot be opened or read", "開けない、又は読めない"),
        Code::Changed => ("changed while it was read", "読取中に変わった"),
        Code::Truncated => ("ends too early", "途中で切れている"),
        Code::Malformed => ("contradicts its format", "形式に合わない"),
        Code::BadEncoding => ("not valid in its encoding", "文字コードとして正しくない"),
        Code::UnclosedQuote => ("a quote is never closed", "引用符が閉じていない"),
        Code::RecordTooLong => ("a record is too long", "記録が長すぎる"),
        Code::TooManyColumns => ("too many columns", "列が多すぎる"),
        Code::Encrypted => ("locked by a password", "パスワードで保護されている"),
        Code::Unsupported => ("a format that cannot be read", "対応していない形式"),
        Code::TooDeep => ("nested too deep", "入れ子が深すぎる"),
        Code::OverBudget => (
            "unpacks to more than the limit",
            "展開後の大きさが上限を超える",
        ),
        Code::OverTime => (
            "takes longer to read than the limit",
            "読取に時間の上限を超えた",
        ),
        Code::Crashed => (
            "made the process that read it break down",
            "読み取っていたプロセスが異常終了した",
        ),
        Code::NoSpace => ("no room for a temporary file", "一時ファイルの空きがない"),
        Code::SpecialFile => ("not a regular file", "通常のファイルでない"),
        Code::Link => ("a link out of what was read", "読取対象の外を指すリンク"),
        Code::Bug => (
            "a defect of leakscope, please report it",
            "leakscope の不具合（報告をお願いします）",
        ),
    };
    match lang {
        Lang::En => en,
        Lang::Ja => ja,
    }
}

pub(super) fn more_kinds(lang: Lang, hidden: usize) -> String {
    more(lang, hidden, "kind", "kinds", "項目")
}

pub(super) fn more_tables(lang: Lang, hidden: usize) -> String {
    more(lang, hidden, "table", "tables", "表")
}

pub(super) fn more_problems(lang: Lang, hidden: usize) -> String {
    more(lang, hidden, "problem", "problems", "件")
}

fn more(lang: Lang, hidden: usize, one: &str, many: &str, ja: &str) -> String {
    let number = grouped(hidden as u64);
    match lang {
        Lang::En => format!("and {number} more {}", plural(hidden as u64, one, many)),
        Lang::Ja => format!("ほか{number}{ja}"),
    }
}

/// What the numbers are worth.
pub(super) fn conclusion(lang: Lang, coverage: &Coverage) -> &'static str {
    match (lang, coverage.is_complete(), coverage.excluded > 0) {
        (Lang::En, true, false) => "Every source was read completely.",
        (Lang::En, true, true) => "Every source that was not excluded was read completely.",
        (Lang::En, false, _) => "Not everything could be read: the numbers are a lower bound.",
        (Lang::Ja, true, false) => "すべての対象を最後まで読み取りました。",
        (Lang::Ja, true, true) => "除外したものを除き、すべての対象を最後まで読み取りました。",
        (Lang::Ja, false, _) => "読み取れなかったものがあるため、数は下限です。",
    }
}

fn plural<'a>(number: u64, one: &'a str, many: &'a str) -> &'a str {
    if number == 1 { one } else { many }
}
