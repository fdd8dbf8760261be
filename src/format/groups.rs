//! Two rows that name the columns of a table: the upper one groups of them (生徒, 保護者), the lower one what each column is (氏名, 電話).
//!
//! In: the cells of both rows. Out: one name for each column.

use std::collections::BTreeMap;

/// Characters of the name of a group.
const LONGEST: usize = 30;

/// Whether a row names groups of the columns that the row below it names: that one says a name twice, the groups tell them apart, and half of what stands
/// above, and more, is known as names.
pub(super) fn are_over(
    upper: &[String],
    lower: &[String],
    header: fn(&[String], &[Vec<String>]) -> bool,
) -> bool {
    let is_twice = |names: &[String]| times(names).values().any(|&times| times > 1);
    let groups: Vec<&String> = upper
        .iter()
        .filter(|above| !above.trim().is_empty())
        .collect();
    let known = groups
        .iter()
        .filter(|above| header(std::slice::from_ref(**above), &[]));
    let is_short = |above: &&String| above.chars().count() <= LONGEST;
    let is_data = |above: &&String| above.chars().filter(|c| c.is_numeric()).count() >= 4;
    is_twice(lower)
        && groups.len() >= 2
        && groups.iter().all(is_short)
        && !groups.iter().any(is_data)
        && known.count() * 2 >= groups.len()
        && !is_twice(&joined(upper, lower))
}

/// How often each name stands in a row.
fn times(names: &[String]) -> BTreeMap<&str, usize> {
    let mut times = BTreeMap::new();
    let names = names.iter().map(|name| name.trim());
    for name in names.filter(|name| !name.is_empty()) {
        *times.entry(name).or_default() += 1;
    }
    times
}

/// The names of two rows as one: those of the lower row, where it has any. Where it says one twice, what stands above tells
/// them apart (`注文者 氏名`, `送付先 氏名`), and whose the other columns of these groups are.
pub(super) fn joined(upper: &[String], lower: &[String]) -> Vec<String> {
    let times = times(lower);
    let mut group = "";
    let none = String::new();
    let over = upper.iter().chain(std::iter::repeat(&none));
    let columns: Vec<(&str, &str, &str)> = lower
        .iter()
        .zip(over)
        .map(|(name, above)| (name.trim(), above.trim()))
        .map(|(name, above)| {
            if !above.is_empty() {
                // A name of one row is no group.
                group = if name.is_empty() { "" } else { above };
            }
            (name, above, group)
        })
        .collect();
    let is_told = |(name, _, group): &&(&str, &str, &str)| {
        !group.is_empty() && times.get(name).is_some_and(|&times| times > 1)
    };
    let told: Vec<&str> = columns
        .iter()
        .filter(is_told)
        .map(|column| column.2)
        .collect();
    let name_of = |&(name, above, group): &(&str, &str, &str)| match name {
        "" => above.to_owned(),
        _ if told.contains(&group) => format!("{group} {name}"),
        _ => name.to_owned(),
    };
    columns.iter().map(name_of).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(first: &[String], _: &[Vec<String>]) -> bool {
        let known = ["氏名", "電話", "注文者", "送付先", "No", "住所"];
        first.iter().any(|cell| known.contains(&cell.as_str()))
    }

    #[test]
    fn groups_stand_over_names() {
        #[track_caller]
        fn check(upper: &str, lower: &str, expected: Option<&str>) {
            let row = |line: &str| line.split('|').map(str::to_owned).collect::<Vec<_>>();
            let (upper, lower) = (row(upper), row(lower));
            let over = are_over(&upper, &lower, header);
            let names = over.then(|| joined(&upper, &lower).join("|"));
            assert_eq!(names.as_deref(), expected, "{upper:?}");
        }
        check(
            "|注文者||送付先|",
            "No|氏名|電話|氏名|住所",
            Some("No|注文者 氏名|注文者 電話|送付先 氏名|送付先 住所"),
        );
        check(
            "No|注文者|注文者|送付先|送付先",
            "|氏名|電話|氏名|電話",
            Some("No|注文者 氏名|注文者 電話|送付先 氏名|送付先 電話"),
        );
        check("No|注文者|送付先", "No|氏名|電話", None);
        check("名簿||担当 佐藤|", "氏名|電話|氏名|電話", None);
        check("注文者||2024/1/1|", "氏名|電話|氏名|電話", None);
        check("注文者|||", "氏名|電話|氏名|電話", None);
    }
}
