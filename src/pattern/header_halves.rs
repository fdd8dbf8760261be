//! Both halves of a name in one column: `Last Name, First Name`, `LastFirst`, `Student (Last, First)`, `Cognome e nome`.
//!
//! In: a column's name. Out: a full name, in the role of what stands before the halves. Payroll and school systems (BambooHR, PowerSchool) export
//! names so.

use super::header::{Vocabulary, fold, hit, words_of};
use super::{HeaderHit, Role};

/// Words for a family name, alone or before a word for a name.
const FAMILY: [&str; 20] = [
    "last",
    "lastname",
    "family",
    "familyname",
    "surname",
    "nachname",
    "familienname",
    "nom",
    "cognome",
    "apellido",
    "apellidos",
    "sobrenome",
    "achternaam",
    "efternamn",
    "etternavn",
    "efternavn",
    "nazwisko",
    "soyad",
    "soyadı",
    "фамилия",
];

/// Words for a given name.
const GIVEN: [&str; 18] = [
    "first",
    "firstname",
    "given",
    "givenname",
    "forename",
    "forenames",
    "vorname",
    "prenom",
    "prénom",
    "nombre",
    "nombres",
    "voornaam",
    "förnamn",
    "fornavn",
    "imię",
    "adı",
    "имя",
    "nome",
];

/// Words that stand between and behind them.
const BETWEEN: [&str; 15] = [
    "name", "names", "full", "middle", "mi", "initial", "m", "i", "and", "und", "et", "e", "y",
    "ve", "и",
];

impl Vocabulary {
    /// A column in which a family name and a given one stand.
    pub(super) fn both_halves(&self, name: &str) -> Option<HeaderHit> {
        let words = words_of(name);
        let is = |list: &[&str], word: &String| list.contains(&word.as_str());
        let half = |word: &String| is(&FAMILY, word) || is(&GIVEN, word);
        let first = words.iter().position(half)?;
        let (front, halves) = words.split_at(first);
        let family = halves.iter().any(|word| is(&FAMILY, word));
        // Surname, Name
        let name_behind = halves.len() == 2 && halves[0] == "surname" && halves[1] == "name";
        let given = halves.iter().any(|word| is(&GIVEN, word)) || name_behind;
        let whole = halves.iter().all(|word| half(word) || is(&BETWEEN, word));
        if !(family && given && whole) {
            return None;
        }
        let front: String = front.concat();
        let bare = front.strip_suffix("full").unwrap_or(&front);
        let (role, slot) = match bare {
            "" => (Role::Own, 0),
            _ => {
                let named = || self.whole(bare).filter(|hit| hit.sort == "name.full");
                self.role(bare)
                    .or_else(|| named().map(|hit| (hit.role, hit.slot)))?
            }
        };
        Some(HeaderHit {
            role,
            slot,
            ..hit(&fold(name), "name.full", 3)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::{Patterns, Role};

    #[track_caller]
    fn check(name: &str, role: Role) {
        let hit = Patterns::builtin().header(name).expect("a known name");
        assert_eq!((hit.sort.as_str(), hit.role), ("name.full", role), "{name}");
    }

    #[test]
    fn halves_make_a_full_name() {
        for name in [
            "Last Name, First Name",
            "Name (Last, First)",
            "Last, First",
            "LastFirst",
            "Last/First Name",
            "Family Name, Given Name",
            "Surname, Name",
            "Last Name First Name",
            "Full Name (Last Name, First Name)",
            "first_last_name",
            "Cognome e nome",
            "Nom et prénom",
            "Employee Name (Last, First MI)",
        ] {
            check(name, Role::Own);
        }
        check("Emergency Contact (Last, First)", Role::Contact);
        check("Spouse Name: Last, First", Role::Spouse);
    }

    #[test]
    fn one_half_is_none() {
        let sort = |name| {
            let hit = Patterns::builtin().header(name);
            hit.map(|hit| hit.sort).unwrap_or_default()
        };
        assert_eq!(sort("First Name"), "name.given");
        assert_eq!(sort("Last Name"), "name.family");
        assert_eq!(sort("last_name"), "name.family");
        for name in [
            "First Seen, Last Seen",
            "last_order_first_order",
            "First Last Order",
        ] {
            assert_ne!(sort(name), "name.full", "{name}");
        }
    }
}
