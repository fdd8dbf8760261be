//! Tables of names and values: one row for each thing that is told of somebody (`user_id`, `meta_key`, `meta_value`).
//!
//! In: the names of a table's columns. Out: which of them holds what each row is about, and which the value.

use super::{Verdict, View};
use crate::pattern::{self, Patterns};

/// Last words of a column of what a row is about.
const KEYS: [&str; 14] = [
    "key",
    "label",
    "displayname",
    "attribute",
    "attr",
    "field",
    "fieldname",
    "property",
    "metakey",
    "question",
    "項目名",
    "項目",
    "属性",
    "キー",
];

/// Last words of a column of values.
const VALUES: [&str; 8] = [
    "value",
    "val",
    "metavalue",
    "answer",
    "値",
    "回答",
    "入力値",
    "内容",
];

/// The columns of what the rows are about and of values, where a table has one of each; both are of few columns beside numbers.
pub fn attributes<'n>(names: impl Iterator<Item = Option<&'n str>>) -> Option<(usize, usize)> {
    let names: Vec<Option<&str>> = names.collect();
    let few = (2..=8).contains(&names.len());
    pair(&names).filter(|_| few)
}

/// The same of a table whose values stand in columns of their own by now, behind those that it had: cells of the column of values are empty.
pub(super) fn of_table(views: &[View<'_>]) -> Option<(usize, usize)> {
    let names: Vec<Option<&str>> = views.iter().map(|view| view.name).collect();
    let values = |at: usize| views[at].tally.values;
    // Values whose key names no column stay where they are.
    let emptied = |key: usize, value: usize| {
        values(value) == 0 || key.max(value) < 8 && values(value) < values(key)
    };
    pair(&names).filter(|&(key, value)| names.len() <= 8 || emptied(key, value))
}

fn pair(names: &[Option<&str>]) -> Option<(usize, usize)> {
    let is = |name: &str, known: &[&str]| {
        let words = pattern::words_of(name);
        let last = words.last().map_or("", String::as_str);
        let first = words.first().map_or("", String::as_str);
        // `attribute_name` and `field_name` say the same as `attribute` and `field`.
        let named = matches!(last, "name" | "名") && words.len() == 2 && known.contains(&first);
        named || words.len() <= 2 && known.contains(&last)
    };
    let only = |known: &[&str]| {
        let mut found =
            (0..names.len()).filter(|&at| names[at].is_some_and(|name| is(name, known)));
        found.next().filter(|_| found.next().is_none())
    };
    let (key, value) = (only(&KEYS)?, only(&VALUES)?);
    (key != value).then_some((key, value))
}

/// The words of a form (お名前, フリガナ) that stand in a column of what the rows are about are nobody's names.
pub(super) fn note(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let Some((key, _)) = of_table(views) else {
        return;
    };
    let whole = verdicts[key].whole.as_ref().map(|whole| whole.kind);
    if whole.is_some() && whole == patterns.kind("person-name") {
        (verdicts[key].whole, verdicts[key].goods) = (None, true);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_values() {
        #[track_caller]
        fn check(names: &[&str], expected: Option<(usize, usize)>) {
            assert_eq!(attributes(names.iter().map(|name| Some(*name))), expected);
        }
        check(
            &["umeta_id", "user_id", "meta_key", "meta_value"],
            Some((2, 3)),
        );
        check(&["entity_id", "attribute", "value"], Some((1, 2)));
        check(&["会員番号", "項目名", "値"], Some((1, 2)));
        check(&["id", "name", "value"], None);
        check(&["id", "primary_key", "foreign_key", "value"], None);
        check(&["key"], None);
    }
}
