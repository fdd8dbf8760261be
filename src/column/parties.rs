//! Columns of those whom one deals with, companies and people mixed: 名称, 得意先名, `Vendor`; 債務者, `Grantor`; and 宛名 where most are companies.
//!
//! In: the columns of a table and the verdicts on them. Out: verdicts by which a full name in such a column is a person's, and any other value an
//! organisation's, whose rows speak of nobody. The shares of both tell only whether people are there at all, and whose a name is that no list has.

use super::named::FULL_NAMES;
use super::table::Table;
use super::{Unlisted, Verdict, View};
use crate::classify::Shape::{self, *};
use crate::classify::Shapes;
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

/// Parties of contracts, courts, registers, insurances and gifts, without the words for names and digits behind them: people, companies, or both.
#[rustfmt::skip]
const SIDES: [&str; 97] = [
    "appellant", "appellee", "applicant", "assignee", "assignor", "beneficiary", "bidder", "borrower", "buyer", "claimant", "complainant", "consignee",
    "consignor", "contributor", "creditor", "debtor", "defendant", "depositor", "donor", "drawer", "endorser", "filer", "grantee", "grantor", "guarantor",
    "insured", "inventor", "investor", "landlord", "lender", "lessee", "lessor", "licensee", "licensor", "litigant", "mortgagee", "mortgagor", "obligor",
    "owner", "payee", "payer", "payor", "permitholder", "permittee", "petitioner", "plaintiff", "policyholder", "purchaser", "registrant", "remitter",
    "requestor", "requester", "respondent", "seller", "shareholder", "stockholder", "taxpayer", "tenant", "transferee", "transferor", "trustee",
    "lienholder", "holder",
    "契約者", "債務者", "債権者", "申請者", "申請人", "出願人", "被告", "原告", "賃借人", "賃貸人", "貸主", "借主", "株主", "寄附者", "寄付者", "保険契約者",
    "被保険者", "納税者", "納税義務者", "譲渡人", "譲受人", "権利者", "義務者", "届出者", "委託者", "受託者", "依頼者", "依頼人", "荷主", "荷受人", "施主", "買主", "売主", "支払人",
];

/// Words for names behind a party's.
const NAMED: [&str; 8] = [
    "fullname",
    "name",
    "names",
    "氏名又は名称",
    "氏名",
    "名称",
    "様名",
    "名",
];

/// Share of full names from which they are people, and not companies called after their founders.
const PEOPLE: f64 = 0.1;
/// The same in columns that are called after somebody.
const PEOPLE_OF_PEOPLE: f64 = 0.05;
/// The same in columns of companies, or of anything's names.
const PEOPLE_OF_THINGS: f64 = 0.2;

/// Share of organisations from which only known names are taken for people's.
const MIXED: f64 = 0.1;
/// Share of organisations below which a name that no list has is somebody's.
const FEW_FIRMS: f64 = 0.05;

/// Shapes of names that are people's among those of organisations.
const PERSONS: &[Shape] = &[
    JpFullName,
    LatinFullName,
    KanaFullName,
    ScriptFullName,
    LatinGiven,
];

/// What else stands for somebody where the column is one of names: a family name alone, as parcels have it, and what is left of a masked name.
const ALONE: &[Shape] = &[JpSurname, JpGiven, KanaSurname, KanaGiven, Masked];

/// Values by which organisations stand in a column not by chance.
const SOME: u32 = 2;

pub(super) fn note(
    patterns: &Patterns,
    views: &[View<'_>],
    table: &Table,
    verdicts: &mut [Verdict],
) {
    for (view, verdict) in views.iter().zip(&mut *verdicts) {
        tell_apart(patterns, view, verdict);
    }
    let free = |at: &usize| verdicts[*at].whole.is_none() && is_of_parties(&views[*at], table);
    let Some(at) = (0..views.len()).find(free) else {
        return;
    };
    let (view, verdict) = (&views[at], &mut verdicts[at]);
    let confidence = 0.4 + 0.4 * people(view);
    verdict.whole = view.found(patterns, "person-name", Part::Whole, confidence, PERSONS);
    verdict.organisation = verdict.whole.is_some();
    verdict.unlisted = unlisted(view);
    verdict.goods = false;
}

/// Share of the values that are names of people, among them given names of the lists before a surname that no list has.
fn people(view: &View<'_>) -> f64 {
    let several = view.tally.share(Word) < 0.1;
    let half_known = f64::from(u8::from(several)) * view.tally.share(LatinGiven);
    (view.sum(FULL_NAMES) + half_known).min(1.0)
}

/// Whose a name is that no list has.
fn unlisted(view: &View<'_>) -> Unlisted {
    let organisations = view.tally.share(Organisation);
    match people(view) {
        people if people < organisations => Unlisted::Organisation,
        _ if organisations < FEW_FIRMS => Unlisted::Person,
        _ => Unlisted::Undecided,
    }
}

/// Organisations in a column of names are none of its people.
fn tell_apart(patterns: &Patterns, view: &View<'_>, verdict: &mut Verdict) {
    let name = patterns.kind("person-name");
    let Some(whole) = verdict.whole.as_mut() else {
        return;
    };
    let names = Some(whole.kind) == name && whole.part == Part::Whole || whole.part == Part::Holder;
    let organisations = view.tally.share(Organisation);
    let some = view.tally.shapes[Organisation as usize] >= SOME.into() && organisations >= 0.02;
    if !names || !some {
        return;
    }
    verdict.organisation = true;
    verdict.unlisted = unlisted(view);
    if organisations >= MIXED {
        whole.accept = Shapes::of(&[PERSONS, ALONE].concat());
    }
}

/// What the column is called, without words for names and digits behind it.
fn party(view: &View<'_>) -> (String, String) {
    let words = pattern::words_of(view.name.unwrap_or_default()).concat();
    let name = words.trim_end_matches(char::is_numeric);
    let bare = NAMED.iter().find_map(|word| name.strip_suffix(word));
    (bare.unwrap_or(name).to_owned(), name.to_owned())
}

fn is_of_parties(view: &View<'_>, table: &Table) -> bool {
    let (bare, name) = party(view);
    let organisations = view.tally.share(Organisation);
    let side = SIDES.contains(&bare.as_str());
    let (least, is) = match (view.sort(), view.strength()) {
        _ if side => (PEOPLE_OF_PEOPLE, organisations > 0.0),
        ("name.full", 2..) => (PEOPLE_OF_PEOPLE, organisations >= MIXED),
        ("name.full", _) => (PEOPLE_OF_THINGS, organisations >= MIXED),
        ("org.name", _) => (PEOPLE_OF_THINGS, PARTIES.contains(&name.as_str())),
        _ => (PEOPLE, PARTIES.contains(&name.as_str())),
    };
    let people = people(view);
    is && (side || table.signals > 0)
        && people >= least
        && people + organisations >= 0.4
        && view.tally.share(Sentence) < 0.2 + organisations
        && view.most(&[Integer, Digits, Code, Date, Email, Url]) < 0.2
}
