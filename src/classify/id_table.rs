//! The identity numbers that are looked for in text: one row a scheme. Long because it is one table.
//!
//! The rules of the check digits and their sources stand in `pattern/check`; shapes and labels are those that the issuers print.

use super::text::What;

/// An identity number of some state.
pub(super) struct Id {
    pub(super) what: What,
    /// Without separators: `9` is a digit, `A` a letter, anything else itself.
    pub(super) shapes: &'static [&'static str],
    /// Its row in the table of checks; empty where there is none.
    pub(super) check: &'static str,
    /// Words near it, in lower case.
    pub(super) labels: &'static [&'static str],
    /// Forms, separators with them, that count when they are alone on a line.
    pub(super) alone: &'static [&'static str],
    /// Forms that count anywhere.
    pub(super) sure: &'static [&'static str],
}

const fn id(
    what: What,
    shapes: &'static [&'static str],
    check: &'static str,
    labels: &'static [&'static str],
) -> Id {
    Id {
        what,
        shapes,
        check,
        labels,
        alone: &[],
        sure: &[],
    }
}

const fn alone(mut id: Id, forms: &'static [&'static str]) -> Id {
    id.alone = forms;
    id
}

const fn sure(mut id: Id, forms: &'static [&'static str]) -> Id {
    id.sure = forms;
    id
}

use What::{
    BankAccount, DriverLicence, JpDriver, JpEmployment, JpHealth, JpPension, JpResidence,
    MedicalId, NationalId, Passport, Ssn,
};

/// What Korea's resident registration numbers are called, those of foreigners too.
const KOREAN: &[&str] = &[
    "주민등록번호",
    "주민번호",
    "외국인등록번호",
    "rrn",
    "frn",
    "resident registration",
];

/// What is looked for. The rules and the sources of the checks stand in `pattern/check`.
pub(super) static IDS: &[Id] = &[
    // America
    sure(
        alone(
            id(
                Ssn,
                &["999999999"],
                "us.ssn",
                &["ssn", "social security", "soc sec", "social-security"],
            ),
            &["999-99-9999", "999 99 9999", "999.99.9999"],
        ),
        &["999-99-9999"],
    ),
    alone(
        id(
            Ssn,
            &["999999999"],
            "us.itin",
            &["itin", "tax id", "taxpayer"],
        ),
        &["999-99-9999"],
    ),
    id(
        NationalId,
        &["999999999"],
        "ca.sin",
        &["sin", "nas", "social insurance", "assurance sociale"],
    ),
    sure(
        id(
            NationalId,
            &["99999999999"],
            "br.cpf",
            &["cpf", "cadastro de pessoa"],
        ),
        &["999.999.999-99"],
    ),
    sure(
        alone(
            id(
                NationalId,
                &["AAAA999999AAAAAA99", "AAAA999999AAAAAAA9"],
                "mx.curp",
                &["curp"],
            ),
            &[],
        ),
        &["AAAA999999AAAAAA99", "AAAA999999AAAAAAA9"],
    ),
    alone(
        id(NationalId, &["99999999999"], "ar.cuit", &["cuit", "cuil"]),
        &["99-99999999-9"],
    ),
    sure(
        alone(
            id(
                NationalId,
                &["99999999", "999999999", "9999999A", "99999999A"],
                "cl.rut",
                &["rut", "run"],
            ),
            &["99.999.999-9", "9.999.999-9", "99.999.999-A", "9.999.999-A"],
        ),
        &["99.999.999-9", "9.999.999-9", "99.999.999-A", "9.999.999-A"],
    ),
    // Europe
    sure(
        alone(
            id(
                NationalId,
                &["AA999999A"],
                "gb.nino",
                &["national insurance", "nino", "ni number", "ni no"],
            ),
            &["AA999999A", "AA 99 99 99 A"],
        ),
        &["AA 99 99 99 A"],
    ),
    id(MedicalId, &["9999999999"], "gb.nhs", &["nhs"]),
    alone(
        id(
            NationalId,
            &["99999999999"],
            "de.steuerid",
            &[
                "steuer-id",
                "steuerid",
                "steueridentifikation",
                "identifikationsnummer",
                "idnr",
                "tax id",
            ],
        ),
        &["99999999999", "99 999 999 999"],
    ),
    alone(
        id(
            NationalId,
            &["99999999A999"],
            "de.rvnr",
            &[
                "rvnr",
                "sozialversicherung",
                "rentenversicherung",
                "versicherungsnummer",
            ],
        ),
        &["99999999A999", "99 999999 A 999"],
    ),
    sure(
        alone(
            id(
                NationalId,
                &["999999999999999", "9999999A9999999"],
                "fr.nir",
                &[
                    "sécurité sociale",
                    "securite sociale",
                    "nir",
                    "insee",
                    "numéro de sécu",
                ],
            ),
            &["999999999999999", "9 99 99 99 999 999 99"],
        ),
        &["9 99 99 99 999 999 99"],
    ),
    alone(
        id(
            NationalId,
            &["99999999A", "9999999A"],
            "es.dni",
            &["dni", "nif", "identidad"],
        ),
        &["99999999A", "99999999-A", "9999999-A"],
    ),
    alone(
        id(
            NationalId,
            &["X9999999A", "Y9999999A", "Z9999999A"],
            "es.nie",
            &["nie", "extranjero"],
        ),
        &["A9999999A", "A9999999-A"],
    ),
    sure(
        id(
            NationalId,
            &["AAAAAA99A99A999A"],
            "it.cf",
            &["codice fiscale", "c.f.", "cod. fisc"],
        ),
        &["AAAAAA99A99A999A"],
    ),
    id(
        NationalId,
        &["AA99999AA", "AA9999999", "9999999AA"],
        "",
        &[
            "carta d'identità",
            "carta di identità",
            "carta d'identita",
            "carta identit",
        ],
    ),
    id(
        NationalId,
        &["999999999", "99999999"],
        "nl.bsn",
        &["bsn", "burgerservice", "sofinummer", "sofi"],
    ),
    sure(
        alone(
            id(
                NationalId,
                &["99999999999"],
                "be.nn",
                &[
                    "rijksregister",
                    "registre national",
                    "numéro national",
                    "insz",
                    "niss",
                    "nationaalnummer",
                ],
            ),
            &["99.99.99-999.99"],
        ),
        &["99.99.99-999.99"],
    ),
    id(
        NationalId,
        &["999999999"],
        "pt.nif",
        &["nif", "contribuinte"],
    ),
    alone(
        id(NationalId, &["99999999999"], "pl.pesel", &["pesel"]),
        &["99999999999"],
    ),
    alone(
        id(
            NationalId,
            &["9999999999", "199999999999", "209999999999", "189999999999"],
            "se.personnummer",
            &[
                "pers.nr",
                "persnr",
                "pers nr",
                "pers. nr",
                "personnummer",
                "pnr",
                "samordningsnummer",
                "swedish id",
                "personal identity",
                "personnr",
            ],
        ),
        &[
            "999999-9999",
            "999999+9999",
            "99999999-9999",
            "199999999999",
            "209999999999",
            "189999999999",
        ],
    ),
    alone(
        id(
            NationalId,
            &["99999999999"],
            "no.fnr",
            &[
                "fødselsnummer",
                "fodselsnummer",
                "fnr",
                "personnummer",
                "d-nummer",
            ],
        ),
        &["99999999999", "999999 99999"],
    ),
    id(
        NationalId,
        &["9999999999"],
        "dk.cpr",
        &["personnummer", "cpr"],
    ),
    sure(
        id(
            NationalId,
            &["999999999A", "9999999999", "999999A999A", "999999A9999"],
            "fi.hetu",
            &[
                "hetu",
                "henkilötunnus",
                "personbeteckning",
                "personal identity",
            ],
        ),
        &[
            "999999-999A",
            "999999A999A",
            "999999-9999",
            "999999A9999",
            "999999+999A",
            "999999+9999",
        ],
    ),
    sure(
        id(NationalId, &["7569999999999"], "ch.ahv", &["ahv", "avs"]),
        &["756.9999.9999.99", "7569999999999"],
    ),
    id(
        NationalId,
        &["9999999999"],
        "at.svnr",
        &[
            "svnr",
            "sv-nummer",
            "sozialversicherung",
            "versicherungsnummer",
        ],
    ),
    alone(
        id(
            NationalId,
            &["9999999A", "9999999AA"],
            "ie.pps",
            &["pps", "ppsn", "personal public service"],
        ),
        &["9999999AA"],
    ),
    alone(
        id(
            NationalId,
            &["9999999999"],
            "cz.rc",
            &[
                "rod. č",
                "r. č",
                "rodného",
                "rodne c",
                "rodné číslo",
                "rodne cislo",
                "rodné",
                "r.č.",
                "rč",
            ],
        ),
        &["999999/9999"],
    ),
    alone(
        id(
            NationalId,
            &["9999999999999"],
            "ro.cnp",
            &["cnp", "cod numeric"],
        ),
        &[],
    ),
    sure(
        id(
            NationalId,
            &["99999999999"],
            "lv.pk",
            &["personas kods", "personas kodu"],
        ),
        &["999999-99999"],
    ),
    id(
        NationalId,
        &["9999999999999"],
        "rs.jmbg",
        &["jmbg", "јмбг", "emšo", "emso", "matični broj"],
    ),
    alone(
        id(NationalId, &["9999999999"], "is.kt", &["kennitala", "kt."]),
        &["999999-9999"],
    ),
    id(
        NationalId,
        &["9999999999"],
        "ua.rnokpp",
        &["рнокпп", "іпн", "ідентифікаційний"],
    ),
    id(NationalId, &["9999999999"], "bg.egn", &["егн", "egn"]),
    id(NationalId, &["99999999999"], "gr.amka", &["amka", "αμκα"]),
    id(
        NationalId,
        &["99999999999"],
        "hr.oib",
        &["osobni identifikacijski", "oib"],
    ),
    alone(
        id(
            NationalId,
            &["99999999999"],
            "ee.ik",
            &["a.k.", "asmens kodo", "isikukood", "asmens kodas"],
        ),
        &[],
    ),
    alone(
        id(
            NationalId,
            &["99999999999"],
            "tr.tckn",
            &["kimlik", "tckn", "tc no", "turkish id"],
        ),
        &["99999999999"],
    ),
    sure(
        id(
            NationalId,
            &["99999999999"],
            "ru.snils",
            &["снилс", "snils"],
        ),
        &["999-999-999 99"],
    ),
    // Asia and the Pacific
    alone(
        id(
            NationalId,
            &["999999999999"],
            "in.aadhaar",
            &["aadhaar", "aadhar", "uidai", "आधार"],
        ),
        &["9999 9999 9999", "9999-9999-9999"],
    ),
    alone(
        id(
            NationalId,
            &["AAAAA9999A"],
            "in.pan",
            &["pan", "permanent account"],
        ),
        &["AAAAA9999A"],
    ),
    sure(
        id(
            NationalId,
            &["999999999999999999", "99999999999999999A"],
            "cn.ric",
            &["身份证", "身分證", "resident id"],
        ),
        &["999999999999999999", "99999999999999999A"],
    ),
    sure(
        alone(
            id(NationalId, &["9999999999999"], "kr.rrn", KOREAN),
            &["999999-9999999", "9999999999999"],
        ),
        &["999999-9999999"],
    ),
    // Numbers given out since October 2020 have no check digit.
    alone(
        id(NationalId, &["9999999999999"], "kr.rrn-form", KOREAN),
        &["999999-9999999"],
    ),
    alone(
        id(
            DriverLicence,
            &["999999999999"],
            "kr.driver-form",
            &["운전면허"],
        ),
        &["99-99-999999-99"],
    ),
    alone(
        id(
            NationalId,
            &["A999999999"],
            "tw.id",
            &[
                "統一證號",
                "居留證",
                "身分證",
                "身份證",
                "national id",
                "arc no",
            ],
        ),
        &["A999999999"],
    ),
    sure(
        alone(
            id(
                NationalId,
                &["A9999999", "AA9999999", "A999999A", "AA999999A"],
                "hk.id",
                &["hkid", "身份證", "身份证", "hong kong id"],
            ),
            &["A999999(9)", "AA999999(9)", "A999999(A)"],
        ),
        &["A999999(9)", "AA999999(9)", "A999999(A)"],
    ),
    sure(
        id(
            NationalId,
            &[
                "S9999999A",
                "T9999999A",
                "F9999999A",
                "G9999999A",
                "M9999999A",
            ],
            "sg.nric",
            &["nric", "fin"],
        ),
        &["A9999999A"],
    ),
    sure(
        alone(
            id(
                NationalId,
                &["9999999999999"],
                "th.id",
                &[
                    "เลขประจำตัวประชาชน",
                    "เลขบัตรประชาชน",
                    "บัตรประชาชน",
                    "thai id",
                    "tnin",
                    "thai national",
                ],
            ),
            &["9-9999-99999-99-9"],
        ),
        &["9-9999-99999-99-9"],
    ),
    sure(
        alone(
            id(
                NationalId,
                &["999999999999"],
                "my.kad",
                &["mykad", "nric", "kad pengenalan"],
            ),
            &["999999-99-9999"],
        ),
        &["999999-99-9999"],
    ),
    id(NationalId, &["999999999"], "au.tfn", &["tfn", "tax file"]),
    id(
        NationalId,
        &["999999999", "99999999"],
        "nz.ird",
        &["inland revenue", "ird"],
    ),
    id(
        NationalId,
        &["999999999"],
        "il.id",
        &[
            "מספר זהות",
            "ת״ז",
            "ת\"ז",
            "teudat",
            "תעודת זהות",
            "ת.ז",
            "israeli id",
        ],
    ),
    // Africa
    alone(
        id(
            NationalId,
            &["9999999999999"],
            "za.id",
            &[
                "id no",
                "south african id",
                "rsa id",
                "sa id",
                "id number",
                "identity number",
                "resident number",
                "refugee id",
            ],
        ),
        &["9999999999999"],
    ),
    // Driving licences, passports
    alone(
        id(
            DriverLicence,
            &[
                "AAAAA999999AA9AA",
                "AA999999999AA9AA",
                "AAA99999999AA9AA",
                "AAAA9999999AA9AA",
                "AAAAA999999A99AA",
            ],
            "gb.driver",
            DRIVER,
        ),
        &[
            "AAAAA999999AA9AA",
            "AA999999999AA9AA",
            "AAA99999999AA9AA",
            "AAAA9999999AA9AA",
            "AAAAA999999A99AA",
        ],
    ),
    id(
        DriverLicence,
        &["999999999999"],
        "",
        &["운전면허", "license", "licence"],
    ),
    id(DriverLicence, &["*"], "", DRIVER),
    id(
        NationalId,
        &["A99A99A99", "AAAAAAAAA", "*"],
        "de.card",
        &["personalausweis", "ausweis", "ausweisnr", "perso-nr"],
    ),
    // The nine characters that are printed without their check digit.
    id(
        NationalId,
        &["A99999999", "A9AAA9A99", "AAAA9A999"],
        "",
        &["personalausweis", "ausweis", "ausweisnr", "perso-nr"],
    ),
    id(
        Passport,
        &["*"],
        "",
        &[
            "passport",
            "reisepass",
            "pass-nr",
            "passnummer",
            "pasaporte",
            "passaporto",
            "passeport",
            "paspoort",
            "旅券番号",
            "パスポート",
            "여권",
            "护照",
            "護照",
            "travel document",
        ],
    ),
    // Japan
    id(
        JpDriver,
        &["999999999999"],
        "",
        &["運転免許", "免許証番号", "免許番号"],
    ),
    sure(
        id(JpResidence, &["AA99999999AA"], "", &["在留カード"]),
        &["AA99999999AA"],
    ),
    id(
        JpPension,
        &["9999999999"],
        "",
        &["基礎年金番号", "年金番号", "年金手帳"],
    ),
    id(JpEmployment, &["99999999999"], "", &["雇用保険"]),
    id(
        JpHealth,
        &["99999999", "999999", "9999999", "9999999999"],
        "",
        &[
            "保険者番号",
            "被保険者証",
            "被保険者番号",
            "保険証",
            "記号番号",
            "記号・番号",
        ],
    ),
    // ゆうちょ銀行: symbol and number; other banks: seven digits.
    id(
        BankAccount,
        &[
            "1999099999999",
            "19990999999991",
            "1999099999991",
            "99999999",
        ],
        "",
        &["ゆうちょ", "郵便貯金"],
    ),
    id(
        BankAccount,
        &["9999999", "1999099999999", "1999099999991"],
        "",
        &[
            "口座番号",
            "普通預金",
            "当座預金",
            "普通口座",
            "（普）",
            "(普)",
            "振込先",
        ],
    ),
    id(
        BankAccount,
        &["999999999"],
        "us.aba",
        &["routing", "aba", "rtn"],
    ),
    id(
        BankAccount,
        &[
            "99999999",
            "999999999",
            "9999999999",
            "99999999999",
            "999999999999",
        ],
        "",
        &[
            "bank account",
            "bank acct",
            "checking account",
            "savings account",
            "direct deposit",
        ],
    ),
];

const DRIVER: &[&str] = &[
    "driver's license",
    "driver license",
    "drivers license",
    "driver's licence",
    "driving licence",
    "driving license",
    "driver licence",
    "dl number",
    "dl no",
    "führerschein",
    "patente",
    "licence",
    "license",
    "permis de conduire",
];

/// Words that stand before identity numbers of any state.
pub(super) const ANY: &[&str] = &[
    "national id",
    "identity number",
    "identity code",
    "id number",
    "identification number",
    "identity card",
    "tax id",
    "taxpayer",
    "personal id",
    "id card",
    "身分証",
    "国民番号",
];
