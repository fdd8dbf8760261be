//! Kinds that a column's name tells and its values can only contradict: identity numbers, income, special categories.
//!
//! In: a column whose name says such a kind. Out: a finding where the table is about people and the values are not plainly
//! something else. One row of [`LABELLED`] a kind.

use super::View;
use super::table::{self, Table};
use crate::classify::Shape::{self, *};

/// What the values of a kind may be.
enum Values {
    /// Numbers and codes of some length: no dates, texts, flags or counters.
    Number,
    /// Numbers and codes of any length: counters, too.
    Counter,
    /// Amounts and classes of amounts.
    Amount,
    /// Words or codes.
    Words,
    /// Anything but what has a kind of its own.
    Any,
    /// Only values of one of these shapes.
    Only(&'static [Shape]),
}

/// How sure the table must be about people.
#[derive(PartialEq)]
enum People {
    /// Some column speaks of a person.
    Some,
    /// The table is about people.
    Table,
}

/// Kinds, sorted by name.
const LABELLED: &[(&str, Values, People)] = &[
    ("birth-place", Values::Words, People::Table),
    ("blood-type", Values::Only(&[BloodType]), People::Table),
    ("body", Values::Any, People::Table),
    ("crypto-wallet", Values::Any, People::Some),
    ("device-id", Values::Number, People::Some),
    ("driver-licence", Values::Number, People::Some),
    ("education", Values::Any, People::Table),
    ("employer", Values::Words, People::Table),
    ("employment", Values::Any, People::Table),
    ("family", Values::Any, People::Table),
    ("financial", Values::Amount, People::Table),
    ("jp.driver-licence", Values::Number, People::Some),
    ("jp.employment-insurance", Values::Number, People::Some),
    ("jp.health-insurance", Values::Counter, People::Some),
    ("jp.pension", Values::Number, People::Some),
    ("jp.residence-card", Values::Number, People::Some),
    ("jp.resident-record", Values::Number, People::Some),
    ("location", Values::Only(&[Decimal]), People::Some),
    ("marital-status", Values::Any, People::Table),
    ("medical-id", Values::Counter, People::Some),
    ("national-id", Values::Number, People::Table),
    ("nationality", Values::Words, People::Table),
    ("passport", Values::Number, People::Some),
    ("payment-card-track", Values::Any, People::Some),
    ("social-account", Values::Any, People::Table),
    ("special.belief", Values::Any, People::Table),
    ("special.biometric", Values::Any, People::Table),
    ("special.crime", Values::Any, People::Table),
    ("special.crime-victim", Values::Any, People::Table),
    ("special.disability", Values::Any, People::Table),
    ("special.health", Values::Any, People::Table),
    ("special.race", Values::Any, People::Table),
    ("special.sex-life", Values::Any, People::Table),
    ("special.social-status", Values::Any, People::Table),
    ("special.union", Values::Any, People::Table),
    ("special.welfare", Values::Any, People::Table),
    ("url", Values::Only(&[Url]), People::Some),
    ("us.ssn", Values::Number, People::Some),
    ("vehicle", Values::Any, People::Table),
];

/// Words of organisations that are not where the row's person works: who sells, treats or delivers.
const SELLERS: &[&str] = &[
    "store",
    "storename",
    "shopname",
    "vendor",
    "vendorname",
    "supplier",
    "suppliername",
    "branchoffice",
    "店名",
    "店舗名",
    "施設名",
    "営業所名",
    "医療機関名",
    "病院名",
];

/// Whether a column named after `kind` holds it; `None` for a kind that is not decided here, else the shapes that count
/// (none = every value).
pub(super) fn decide(
    kind: &str,
    view: &View<'_>,
    table: &Table,
) -> Option<Option<&'static [Shape]>> {
    let row = LABELLED.binary_search_by(|row| row.0.cmp(kind)).ok()?;
    let (_, values, people) = &LABELLED[row];
    let about = match people {
        // 氏名 beside 所得税 alone.
        People::Table if kind == "financial" => table.people || table.names,
        People::Table => table.people,
        People::Some => table.people || table.signals >= 1,
    };
    let least = if matches!(values, Values::Only(_)) || kind == "employer" {
        1
    } else {
        2
    };
    if kind == "employer"
        && view
            .hit
            .as_ref()
            .is_some_and(|hit| SELLERS.contains(&hit.word.as_str()))
    {
        return Some(None);
    }
    // What a teacher thinks; the number of a payment card that a payment provider made up.
    let word = view.hit.as_ref().map_or("", |hit| hit.word.as_str());
    let school = table::is_findings(view) && !table.medical;
    if school || word == "fingerprint" && table.card {
        return Some(None);
    }
    // PNR: the number of a person in Sweden, the code of a booking elsewhere.
    let booking = view.hit.as_ref().is_some_and(|hit| hit.word == "pnr") && view.length() < 9.0;
    if booking {
        return Some(None);
    }
    // Trades are licensed, too, and cars are insured.
    let licence = ["licensenumber", "licenceno", "licencenumber", "licenseno"].contains(&word);
    let policy = ["policyno", "policynumber"].contains(&word) && !table.medical;
    if licence && !table.births && table.known_names < 0.3 || policy && !is_of_health(view) {
        return Some(None);
    }
    if has_form(word, view) {
        return Some(Some(&[]));
    }
    if !about || table.things || view.strength() < least {
        return Some(None);
    }
    Some(fits(values, view))
}

/// Whether the values have the form of the numbers that the column's word means and nothing else: ISO 3779 (VIN), 3GPP TS 23.003 (IMEI, IMSI),
/// ITU-T E.118 (ICCID), 45 CFR 162.406 (NPI), ISO 7812 as ORCID uses it. A wrong check digit is a mistake of whoever typed it.
fn has_form(word: &str, view: &View<'_>) -> bool {
    let (length, digits) = (view.length(), view.most(&[Digits, Integer, Card, CardLike]));
    let codes = digits.max(view.most(&[Code, Token, PhoneLoose, Word, JpStreet, NationalId]));
    match word {
        "vin" => (16.5..17.5).contains(&length) && codes >= 0.8,
        "imei" => (14.5..16.5).contains(&length) && digits >= 0.8,
        "imsi" => (13.5..15.5).contains(&length) && digits >= 0.8,
        "iccid" => (17.5..22.5).contains(&length),
        "npi" | "npinumber" => (9.5..10.5).contains(&length) && codes >= 0.8,
        "orcid" => (18.5..19.5).contains(&length),
        "licenceplate" | "licenseplate" | "numberplate" | "platenumber" | "plateno" => {
            (3.0..12.0).contains(&length) && view.most(&[Code, Digits]) >= 0.5
        }
        _ => false,
    }
}

/// Whether a column's name has a word of health beside others.
fn is_of_health(view: &View<'_>) -> bool {
    let name = view.name.unwrap_or_default().to_lowercase();
    let words = ["insur", "health", "medic", "patient", "subscriber"];
    words.iter().any(|word| name.contains(word))
}

fn fits(values: &Values, view: &View<'_>) -> Option<&'static [Shape]> {
    let sum = |groups: &[Shape]| {
        groups
            .iter()
            .map(|&shape| view.tally.share(shape))
            .sum::<f64>()
    };
    let alien = sum(&[Email, Uuid]) + view.most(&[DateTime]);
    let long = view.tally.chars >= view.tally.values.saturating_mul(4);
    let numbers = view.most(&[
        Digits, Integer, Code, PhoneLoose, PhoneJp, PhoneIntl, Masked, Ruined, Digits12, Mac,
        Decimal, NationalId, JpStreet,
    ]);
    let fits = match values {
        Values::Number => long && numbers >= 0.3 && alien + view.most(&[Sentence, Url]) < 0.5,
        // Patients have UUIDs in what Synthea and FHIR servers write.
        Values::Counter => {
            let others = view.most(&[Sentence, Url, Date, Bool, Gender, Email, DateTime]);
            numbers.max(view.tally.share(Uuid)) >= 0.3 && others < 0.5
        }
        // 4,200,000; 500万円; 300万円〜500万円.
        Values::Amount => alien + view.most(&[Date, Bool, Url, Word, Capitalised]) < 0.5,
        Values::Words => {
            alien + view.most(&[Date, Url, PhoneJp, PhoneIntl, PhoneLoose]) + view.most(&[Decimal])
                < 0.5
                && view.most(&[Digits, Integer]) < 0.5
        }
        Values::Any => alien < 0.5,
        Values::Only(shapes) => return (view.sum(shapes) >= 0.5).then_some(shapes),
    };
    fits.then_some(&[])
}

#[cfg(test)]
mod tests {
    #[test]
    fn kinds_are_sorted_and_known() {
        let rows: Vec<&str> = super::LABELLED.iter().map(|row| row.0).collect();
        assert!(rows.is_sorted());
        for kind in rows {
            assert!(
                crate::pattern::Patterns::builtin().kind(kind).is_some(),
                "{kind}"
            );
        }
    }
}
