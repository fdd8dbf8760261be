//! Columns that are called after something else than people and their phones: what their values look like, they look like by chance.
//!
//! In: a column. Out: whether its name says that other numbers stand in it, or other names.

use super::View;
use super::named::FULL_NAMES;
use crate::classify::Shape::*;
use crate::pattern;

/// Words of numbers that are written in groups of digits as phones are: of articles, works, land, companies, accounts of a ledger.
#[rustfmt::skip]
const NUMBERS: [&str; 62] = [
    "accession", "apn", "asin", "awb", "barcode", "batch", "bin", "cas", "catalog", "catalogue", "claim", "costcenter", "costcentre", "coupon", "dewey", "docket", "doi",
    "duns", "ean", "glaccount", "gtin", "hs", "hts", "htsus", "incident", "invoice", "isbn", "isin", "ismn", "issn", "item", "jan", "lccn", "lcsh", "lot", "mpn", "naics",
    "ndc", "nsn", "oclc", "order", "orcid", "parcel", "part", "patent", "permit", "pin", "pmid", "po", "receipt", "ref", "reference", "revision", "sedol", "serial", "sic",
    "sku", "ticket", "tracking", "unspsc", "upc", "version",
];

/// Last words that say that a number, and no name, stands in a column.
const ENDS: [&str; 12] = [
    "number",
    "no",
    "num",
    "nbr",
    "nr",
    "code",
    "id",
    "key",
    "ref",
    "番号",
    "コード",
    "品番",
];

/// Words before [`ENDS`] that make a phone's of it, or anything at all.
const OF_PHONES: [&str; 22] = [
    "call",
    "callback",
    "cell",
    "contact",
    "contacts",
    "customer",
    "direct",
    "emergency",
    "fax",
    "home",
    "hotline",
    "line",
    "mob",
    "mobile",
    "office",
    "personal",
    "phone",
    "primary",
    "secondary",
    "tel",
    "whatsapp",
    "work",
];

/// Whether a column's name says that another number than a phone's stands in it: `doi`, `parcel_number`. Where all have the trunk prefix and the groups of
/// Japan's plan, people are known by their phones: `user_id`.
pub(super) fn is_other_number(view: &View<'_>) -> bool {
    if view.nameless() || view.sort().starts_with("phone.") || view.tally.share(PhoneJp) >= 0.9 {
        return false;
    }
    let words = pattern::words_of(view.name.unwrap_or_default());
    let is_of_phones = |word: &String| OF_PHONES.contains(&word.as_str());
    if words.iter().any(is_of_phones) {
        return false;
    }
    let ends = words
        .last()
        .is_some_and(|word| ENDS.contains(&word.as_str()));
    let known = |word: &String| NUMBERS.contains(&word.as_str());
    words.iter().any(known)
        || NUMBERS.contains(&words.concat().as_str())
        || words.len() >= 2 && ends
}

/// Words for what may hold anything: the value of a key, the content of a field.
const ANYTHING: [&str; 16] = [
    "answer", "content", "contents", "data", "field", "new", "object", "old", "response", "text",
    "to", "val", "value", "values", "内容", "値",
];

/// Fewer values tell nothing of a column.
const FEW: u64 = 20;

/// Whether a column is called after something else than people, and seldom holds what looks like a name: one agency in a hundred is called so.
pub(super) fn is_seldom_named(view: &View<'_>) -> bool {
    if view.nameless() || view.tally.values < FEW {
        return false;
    }
    let words = pattern::words_of(view.name.unwrap_or_default());
    let anything = |word: &String| ANYTHING.contains(&word.as_str());
    let generic = view.sort() == "name.full" && view.strength() == 1;
    let unknown = view.hit.is_none() || view.speaks_against() || generic;
    unknown
        && !words.is_empty()
        && !words.iter().any(anything)
        && view.sum(FULL_NAMES) < 0.25
        && view.most(super::named_people::HALVES) < 0.5
        && view.most(&[Masked, Sentence]) < 0.5
}
