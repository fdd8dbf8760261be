//! Names of goods, plans and the like in nested records: `items[].name`, `subscriptions[].plan.name`, 商品.名前.
//!
//! In: the columns of a table. Out: the same, in which a bare `name` right below a step that names things is no name of a person. Where the same step
//! holds somebody's mailbox, phone, birth date or address (`items` of a list of users), it is left alone.

use super::View;
use super::named::FULL_NAMES;
use super::named_people::HALVES;
use crate::pattern::{HeaderHit, words_of};

/// Last words of steps whose `name` is a thing's or an organisation's.
const GOODS: [&str; 63] = [
    "addon",
    "album",
    "app",
    "application",
    "article",
    "artwork",
    "asset",
    "badge",
    "book",
    "brand",
    "bundle",
    "category",
    "channel",
    "collection",
    "company",
    "coupon",
    "course",
    "dataset",
    "department",
    "device",
    "discount",
    "division",
    "event",
    "feature",
    "game",
    "genre",
    "good",
    "goods",
    "group",
    "hospital",
    "item",
    "label",
    "license",
    "lineitem",
    "listing",
    "merchandise",
    "model",
    "module",
    "movie",
    "office",
    "organisation",
    "organization",
    "package",
    "permission",
    "plan",
    "playlist",
    "product",
    "project",
    "repo",
    "repository",
    "role",
    "school",
    "service",
    "shop",
    "sku",
    "song",
    "store",
    "subscription",
    "tag",
    "track",
    "university",
    "variant",
    "workspace",
];

/// The same in Japanese, as endings.
const GOODS_JA: [&str; 12] = [
    "商品",
    "製品",
    "品目",
    "明細",
    "プラン",
    "サービス",
    "コース",
    "講座",
    "プロジェクト",
    "案件",
    "端末",
    "機器",
];

/// Beginnings of the sorts of columns that only somebody has.
const PERSONAL: [&str; 8] = [
    "email",
    "phone",
    "birth",
    "gender",
    "name.family",
    "name.given",
    "name.kana",
    "address",
];

/// Takes the names of goods out of what the columns' names say.
pub(super) fn leave_out(table: &str, views: &mut [View<'_>]) {
    let of_goods: Vec<usize> = (0..views.len())
        .filter(|&at| {
            let view = &views[at];
            let bare = view.sort() == "name.full" && view.strength() <= 2;
            bare && !is_of_people(view)
                && view
                    .name
                    .is_some_and(|name| is_of_goods(table, name, views))
        })
        .collect();
    for at in of_goods {
        views[at].hit = Some(HeaderHit {
            kind: None,
            strength: 2,
            word: "name".to_owned(),
            sort: "neg.listed".to_owned(),
            ..views[at].hit.take().expect("it has a sort")
        });
    }
}

/// Whether names of people stand in a column, whatever it and the table are called; halves of names tell it of the record itself, as a brand or a plan is
/// called after somebody, too.
fn is_of_people(view: &View<'_>) -> bool {
    let nested = view.name.is_some_and(|name| name.contains('.'));
    view.sum(FULL_NAMES) >= 0.5 || !nested && view.most(HALVES) >= 0.5
}

/// Whether a path ends in a bare name right below goods that are nobody.
fn is_of_goods(table: &str, name: &str, views: &[View<'_>]) -> bool {
    let (before, last) = name.rsplit_once('.').unwrap_or(("", name));
    let bare = ["name", "title", "label", "名前", "名称"];
    if !bare.iter().any(|word| last.eq_ignore_ascii_case(word)) {
        return false;
    }
    let step = before
        .trim_end_matches("[]")
        .rsplit('.')
        .next()
        .unwrap_or(before);
    // Of the record itself the table tells what it is of, where the record speaks of people below it.
    let nested = |view: &View<'_>| {
        let below = view.name.is_some_and(|name| name.contains('.'));
        below && view.sort() == "name.full"
    };
    let names_goods = match before {
        "" => views.iter().any(nested) && is_goods(table),
        // DynamoDB's exports: the record itself.
        "Item" if views.iter().all(|view| is_below(view, before)) => false,
        _ => is_goods(step),
    };
    let beside = |view: &View<'_>| {
        let path = view.name.unwrap_or_default();
        let same = path.rsplit_once('.').map_or("", |(before, _)| before) == before;
        same && PERSONAL.iter().any(|sort| view.sort().starts_with(sort))
    };
    names_goods && !views.iter().any(beside)
}

/// Whether a column's path goes on below a step.
fn is_below(view: &View<'_>, step: &str) -> bool {
    let path = view.name.and_then(|name| name.strip_prefix(step));
    path.is_some_and(|rest| rest.starts_with('.'))
}

/// Whether a step of a path or a table is called after goods: `lineItems`, `order_products`, 注文商品.
fn is_goods(step: &str) -> bool {
    let words = words_of(step);
    let last = words.last().map_or("", String::as_str);
    let singular = last.strip_suffix('s').unwrap_or(last);
    let stem = last.strip_suffix("ies");
    let is = |good: &str| {
        good == last
            || good == singular
            || stem.is_some_and(|stem| good.strip_suffix('y') == Some(stem))
    };
    GOODS.iter().any(|good| is(good)) || GOODS_JA.iter().any(|good| step.ends_with(good))
}

#[cfg(test)]
mod tests {
    use super::is_goods;

    #[test]
    fn steps() {
        for step in [
            "items",
            "lineItems",
            "line_items",
            "products",
            "order_product",
            "categories",
            "注文商品",
        ] {
            assert!(is_goods(step), "{step}");
        }
        for step in ["customer", "itemized", "owners", "", "users", "商品担当者"] {
            assert!(!is_goods(step), "{step}");
        }
    }
}
