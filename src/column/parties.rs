//! Columns of those whom one deals with, companies and people mixed: 名称, 得意先名, `Vendor`; and 宛名 where most are companies.
//!
//! In: the columns of a table and the verdicts on them. Out: verdicts by which a full name in such a column is a person's, and any other value an
//! organisation's, whose rows speak of nobody.

use super::named::FULL_NAMES;
use super::table::Table;
use super::{Verdict, View};
use crate::classify::Shape::*;
use crate::pattern::{self, Part, Patterns};

/// What such columns are called, digits behind it left out.
const PARTIES: [&str; 54] = [
    "名称",
    "得意先",
    "得意先名",
    "得意先名称",
    "取引先",
    "取引先名",
    "取引先名称",
    "仕入先",
    "仕入先名",
    "仕入先名称",
    "支払先",
    "支払先名",
    "請求先",
    "請求先名",
    "送付先",
    "送付先名",
    "納品先",
    "納品先名",
    "納入先",
    "納入先名",
    "発注先",
    "外注先",
    "相手先",
    "相手先名",
    "契約先",
    "届出先",
    "顧客名称",
    "顧客",
    "顧客名",
    "お客様",
    "お客様名",
    "customer",
    "customername",
    "client",
    "clientname",
    "vendor",
    "vendorname",
    "supplier",
    "suppliername",
    "payee",
    "payeename",
    "party",
    "partyname",
    "counterparty",
    "account",
    "accountname",
    "billto",
    "soldto",
    "owner",
    "ownername",
    "所有者",
    "所有者名",
    "使用者",
    "名義人",
];

/// Share of full names from which they are people, and not companies called after their founders: in columns that companies have of their own more.
const PEOPLE: [f64; 2] = [0.1, 0.3];

pub(super) fn note(
    patterns: &Patterns,
    views: &[View<'_>],
    table: &Table,
    verdicts: &mut [Verdict],
) {
    if table.signals == 0 {
        return;
    }
    let free = |at: &usize| verdicts[*at].whole.is_none() && is_of_parties(&views[*at]);
    let Some(at) = (0..views.len()).find(free) else {
        return;
    };
    let (view, verdict) = (&views[at], &mut verdicts[at]);
    let confidence = 0.4 + 0.4 * view.sum(FULL_NAMES);
    verdict.whole = view.found(patterns, "person-name", Part::Whole, confidence, FULL_NAMES);
    verdict.organisation = verdict.whole.is_some();
    verdict.goods = false;
}

fn is_of_parties(view: &View<'_>) -> bool {
    let name = pattern::words_of(view.name.unwrap_or_default()).concat();
    let name = name.trim_end_matches(|c: char| c.is_numeric());
    let least = PEOPLE[usize::from(view.sort() == "org.name")];
    let people = view.sum(FULL_NAMES);
    let organisations = view.tally.share(Organisation);
    let letters = view.sort() == "name.full" && view.strength() >= 2 && organisations >= 0.5;
    (PARTIES.contains(&name) || letters)
        && people >= least
        && people + organisations >= 0.4
        && view.most(&[Integer, Digits, Code, Date, Email, Url, Sentence]) < 0.2
}
