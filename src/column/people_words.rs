//! Words for numbers by which tables point at people, in other languages than English and Japanese: `Kundennummer`, `N° client`, `Код клиента`,
//! 学号, 회원번호.
//!
//! In: the name of a column. Out: of which sort its numbers are, as [`member`](super::member) has them. The words are dictionary words; marks over
//! letters are left out, as exports often do. The list of words for columns knows such names too, but not of whom they are: numbers of customers and of
//! staff must not be compared.

use unicode_normalization::UnicodeNormalization;

use super::member::Words;
use crate::pattern;

/// Those whom a number stands for, as they stand in names of columns.
const PEOPLE: Words = &[
    ("kunde", "customer"),
    ("kunden", "customer"),
    ("kund", "customer"),
    ("kd", "customer"),
    ("mitarbeiter", "employee"),
    ("personal", "employee"),
    ("pers", "employee"),
    ("mitglieds", "member"),
    ("mitglieder", "member"),
    ("mitglied", "member"),
    ("patient", "patient"),
    ("patienten", "patient"),
    ("student", "student"),
    ("schuler", "student"),
    ("studenten", "student"),
    ("matrikel", "student"),
    ("benutzer", "user"),
    ("nutzer", "user"),
    ("teilnehmer", "participant"),
    ("bewerber", "applicant"),
    ("mieter", "resident"),
    ("versicherten", "subscriber"),
    ("client", "customer"),
    ("clients", "customer"),
    ("adherent", "member"),
    ("membre", "member"),
    ("salarie", "employee"),
    ("employe", "employee"),
    ("etudiant", "student"),
    ("eleve", "student"),
    ("utilisateur", "user"),
    ("abonne", "subscriber"),
    ("allocataire", "resident"),
    ("locataire", "resident"),
    ("candidat", "candidate"),
    ("cliente", "customer"),
    ("clientes", "customer"),
    ("empleado", "employee"),
    ("trabajador", "employee"),
    ("socio", "member"),
    ("miembro", "member"),
    ("paciente", "patient"),
    ("alumno", "student"),
    ("estudiante", "student"),
    ("usuario", "user"),
    ("afiliado", "subscriber"),
    ("dipendente", "employee"),
    ("paziente", "patient"),
    ("studente", "student"),
    ("alunno", "student"),
    ("utente", "user"),
    ("funcionario", "employee"),
    ("empregado", "employee"),
    ("colaborador", "employee"),
    ("associado", "member"),
    ("membro", "member"),
    ("aluno", "student"),
    ("estudante", "student"),
    ("utilizador", "user"),
    ("klant", "customer"),
    ("klanten", "customer"),
    ("relatie", "customer"),
    ("medewerker", "employee"),
    ("werknemer", "employee"),
    ("personeels", "employee"),
    ("lid", "member"),
    ("leden", "member"),
    ("leerling", "student"),
    ("gebruiker", "user"),
    ("gebruikers", "user"),
    ("klient", "customer"),
    ("klienta", "customer"),
    ("pracownik", "employee"),
    ("pracownika", "employee"),
    ("członka", "member"),
    ("członkowski", "member"),
    ("pacjenta", "patient"),
    ("studenta", "student"),
    ("ucznia", "student"),
    ("uzytkownika", "user"),
    ("albumu", "student"),
    ("anstallnings", "employee"),
    ("medlems", "member"),
    ("medlem", "member"),
    ("anvandar", "user"),
    ("elev", "student"),
    ("ansatt", "employee"),
    ("medarbejder", "employee"),
    ("bruger", "user"),
    ("bruker", "user"),
    ("asiakas", "customer"),
    ("tyontekija", "employee"),
    ("jasen", "member"),
    ("potilas", "patient"),
    ("opiskelija", "student"),
    ("kayttaja", "user"),
    ("zakaznicke", "customer"),
    ("zakaznika", "customer"),
    ("zamestnance", "employee"),
    ("zamestnanecke", "employee"),
    ("clenske", "member"),
    ("clena", "member"),
    ("pacienta", "patient"),
    ("zaka", "student"),
    ("uzivatele", "user"),
    ("ugyfel", "customer"),
    ("vevo", "customer"),
    ("dolgozoi", "employee"),
    ("dolgozo", "employee"),
    ("felhasznalo", "user"),
    ("angajat", "employee"),
    ("membru", "member"),
    ("utilizator", "user"),
    ("kupca", "customer"),
    ("korisnika", "user"),
    ("clana", "member"),
    ("zaposlenika", "employee"),
    ("musteri", "customer"),
    ("personel", "employee"),
    ("calisan", "employee"),
    ("sicil", "employee"),
    ("uye", "member"),
    ("hasta", "patient"),
    ("ogrenci", "student"),
    ("kullanici", "user"),
    ("khachhang", "customer"),
    ("kh", "customer"),
    ("nhanvien", "employee"),
    ("nv", "employee"),
    ("benhnhan", "patient"),
    ("sinhvien", "student"),
    ("hocsinh", "student"),
    ("thanhvien", "member"),
    ("hoivien", "member"),
    ("nguoidung", "user"),
    ("pelanggan", "customer"),
    ("karyawan", "employee"),
    ("pegawai", "employee"),
    ("anggota", "member"),
    ("pasien", "patient"),
    ("siswa", "student"),
    ("mahasiswa", "student"),
    ("pengguna", "user"),
    ("клиента", "customer"),
    ("клієнта", "customer"),
    ("покупателя", "customer"),
    ("сотрудника", "employee"),
    ("табельный", "employee"),
    ("работника", "employee"),
    ("пациента", "patient"),
    ("студента", "student"),
    ("ученика", "student"),
    ("пользователя", "user"),
    ("πελατη", "customer"),
    ("υπαλληλου", "employee"),
    ("μελους", "member"),
    ("ασθενη", "patient"),
    ("μαθητη", "student"),
    ("χρηστη", "user"),
    ("客户", "customer"),
    ("客戶", "customer"),
    ("顾客", "customer"),
    ("顧客", "customer"),
    ("会员", "member"),
    ("會員", "member"),
    ("员工", "employee"),
    ("員工", "employee"),
    ("职工", "employee"),
    ("工", "employee"),
    ("员", "employee"),
    ("員", "employee"),
    ("患者", "patient"),
    ("病人", "patient"),
    ("病历", "patient"),
    ("病歷", "patient"),
    ("住院", "patient"),
    ("学生", "student"),
    ("學生", "student"),
    ("学", "student"),
    ("學", "student"),
    ("用户", "user"),
    ("用戶", "user"),
    ("회원", "member"),
    ("고객", "customer"),
    ("사원", "employee"),
    ("직원", "employee"),
    ("사", "employee"),
    ("환자", "patient"),
    ("학생", "student"),
    ("학", "student"),
    ("사용자", "user"),
    ("이용자", "user"),
    ("العميل", "customer"),
    ("الموظف", "employee"),
    ("العضو", "member"),
    ("المريض", "patient"),
    ("الطالب", "student"),
    ("المستخدم", "user"),
    ("לקוח", "customer"),
    ("עובד", "employee"),
    ("סטודנט", "student"),
    ("ग्राहक", "customer"),
    ("कर्मचारी", "employee"),
];

/// Words for a number, the longer ones of one beginning first.
const NUMBERS: &[&str] = &[
    "nummer",
    "numero",
    "number",
    "numer",
    "nomor",
    "numarasi",
    "numara",
    "num",
    "nr",
    "no",
    "n",
    "id",
    "codice",
    "codigo",
    "code",
    "cod",
    "kod",
    "kode",
    "kodu",
    "cislo",
    "cisla",
    "broj",
    "numarul",
    "tunnus",
    "szam",
    "szama",
    "azonosito",
    "identifier",
    "maso",
    "ma",
    "номер",
    "код",
    "αριθμος",
    "κωδικος",
    "编号",
    "編號",
    "号码",
    "號碼",
    "代码",
    "代號",
    "号",
    "號",
    "编",
    "編",
    "번호",
    "코드",
    "번",
    "رقم",
    "מספר",
    "संख्या",
];

/// Names of such numbers that have no word for a number.
const ALONE: Words = &[
    ("matricule", "employee"),
    ("legajo", "employee"),
    ("matricola", "employee"),
    ("prontuario", "patient"),
    ("debitor", "customer"),
    ("mrn", "patient"),
    ("uhid", "patient"),
    ("nim", "student"),
];

/// Words between the two.
const BETWEEN: &[&str] = &[
    "de", "del", "di", "do", "da", "des", "du", "la", "le", "el", "der", "van", "della",
];

/// The sort of the numbers in a column of this name.
pub(super) fn sort_of(name: &str) -> Option<&'static str> {
    let words: Vec<String> = pattern::words_of(name)
        .iter()
        .map(|word| bare(word))
        .collect();
    let words: Vec<&str> = words
        .iter()
        .map(String::as_str)
        .filter(|word| !BETWEEN.contains(word))
        .collect();
    let known = |among: Words, word: &str| {
        among
            .iter()
            .find(|known| known.0 == word)
            .map(|known| known.1)
    };
    let whole = words.concat();
    let is_number = |word: &str| NUMBERS.contains(&word);
    match words.as_slice() {
        [] => None,
        [one] => {
            let ends = NUMBERS.iter().filter_map(|number| {
                one.strip_suffix(number)
                    .or_else(|| one.strip_prefix(number))
            });
            let mut found = ends.filter_map(|who| known(PEOPLE, who));
            known(ALONE, one).or_else(|| found.next())
        }
        [number, who @ ..] if is_number(number) => known(PEOPLE, &who.concat()),
        [who @ .., number] if is_number(number) => known(PEOPLE, &who.concat()),
        _ => known(ALONE, &whole),
    }
}

/// A word without the marks over and under its Latin and Greek letters.
fn bare(word: &str) -> String {
    let plain = |c| match c {
        'ø' => 'o',
        'ı' => 'i',
        'đ' => 'd',
        c => c,
    };
    let is_mark = |c: &char| matches!(c, '\u{300}'..='\u{36f}');
    let letter = |c: char| match c {
        '\u{c0}'..='\u{3ff}' | '\u{1e00}'..='\u{1fff}' => std::iter::once(c)
            .nfd()
            .find(|c| !is_mark(c))
            .map_or(c, plain),
        c => c,
    };
    word.nfc().filter(|c| !is_mark(c)).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_point_at_people() {
        let cases = [
            ("Kundennummer", Some("customer")),
            ("Kunden-Nr.", Some("customer")),
            ("KdNr", Some("customer")),
            ("Pers.-Nr.", Some("employee")),
            ("Matrikelnummer", Some("student")),
            ("Benutzer-ID", Some("user")),
            ("N° client", Some("customer")),
            ("N° adhérent", Some("member")),
            ("Matricule", Some("employee")),
            ("Nº empleado", Some("employee")),
            ("número de socio", Some("member")),
            ("código do cliente", Some("customer")),
            ("Codice cliente", Some("customer")),
            ("lidnummer", Some("member")),
            ("patiëntnummer", Some("patient")),
            ("Nr klienta", Some("customer")),
            ("Номер клиента", Some("customer")),
            ("табельный номер", Some("employee")),
            ("Müşteri No", Some("customer")),
            ("Mã khách hàng", Some("customer")),
            ("客户编号", Some("customer")),
            ("工号", Some("employee")),
            ("學號", Some("student")),
            ("회원번호", Some("member")),
            ("사번", Some("employee")),
            ("MRN", Some("patient")),
            ("Nummer", None),
            ("Hausnummer", None),
            ("Telefonnummer", None),
            ("Artikelnummer", None),
            ("code postal", None),
            ("código", None),
            ("电话号码", None),
            ("전화번호", None),
            ("주문번호", None),
            ("订单编号", None),
            ("номер телефона", None),
            ("Personal", None),
        ];
        for (name, expected) in cases {
            assert_eq!(sort_of(name), expected, "{name}");
        }
    }
}
