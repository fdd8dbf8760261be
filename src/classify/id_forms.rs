//! Identity numbers whose label and form tell them: those without a check digit, or whose rule their state has not published. One row a scheme.
//!
//! Forms: the issuers' own descriptions (SAT for the RFC, SUNAT for the RUC, NADRA for the CNIC, ICP for the Emirates ID, Absher for the
//! Saudi numbers, the Egyptian Civil Status for fourteen digits that begin with the century, ФНС for the ИНН of twelve digits, which people have).

use super::id_table::Id;
use super::text::What::NationalId;

const fn form(shapes: &'static [&'static str], labels: &'static [&'static str]) -> Id {
    Id {
        what: NationalId,
        shapes,
        check: "",
        labels,
        alone: &[],
        sure: &[],
    }
}

/// What is looked for behind the rows of [`super::id_table::IDS`].
pub(super) static FORMS: &[Id] = &[
    // America
    form(
        &[
            "AAAA999999AAA",
            "AAAA999999AA9",
            "AAAA999999A9A",
            "AAAA9999999AA",
            "AAAA999999A99",
            "AAAA9999999A9",
            "AAAA99999999A",
            "AAAA999999999",
        ],
        &["rfc", "registro federal de contribuyentes"],
    ),
    form(
        &["10999999999", "15999999999", "17999999999"],
        &["ruc", "registro único de contribuyentes"],
    ),
    form(&["99999999"], &["dni", "documento nacional de identidad"]),
    form(&["999999999", "9999999999"], &["nit"]),
    form(
        &[
            "9999999",
            "99999999",
            "999999999",
            "9999999999",
            "A9999999",
            "A99999999",
        ],
        &["cédula", "cedula", "c.i."],
    ),
    // Europe
    form(&["999999999"], &["αφμ", "αριθμός φορολογικού", "taj"]),
    form(&["999999999999"], &["инн"]),
    form(&["99999999999"], &["personas kod"]),
    form(
        &["999999999", "999999999999"],
        &["tin", "tax identification"],
    ),
    // Africa, Asia
    form(&["99999999999"], &["nin", "national identification number"]),
    form(&["AAA9999999"], &["voter", "epic", "elector", "vote"]),
    form(
        &["29999999999999", "39999999999999"],
        &["الرقم القومي", "رقم قومي"],
    ),
    form(&["784999999999999"], &["emirates id", "eid", "الهوية"]),
    form(
        &["1999999999", "2999999999"],
        &["الهوية", "الإقامة", "iqama", "saudi id"],
    ),
    form(&["9999999999999"], &["cnic", "nicop", "شناختی"]),
    form(
        &["999999999V", "999999999X", "199999999999", "200999999999"],
        &["nic"],
    ),
    form(
        &["9999999999999", "19999999999999999", "20999999999999999"],
        &["nid", "এনআইডি", "জাতীয় পরিচয়পত্র"],
    ),
];
