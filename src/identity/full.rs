//! Full names beside pieces of the same name, or beside a mailbox: what the one says beyond the others.

use super::normal;

/// A name and the mailbox behind it: `Mary Smith (mary@example.com)`, `Mary Smith <mary@example.com>`.
pub(super) fn with_mailbox(value: &str) -> Option<(&str, &str)> {
    let value = value.trim();
    let inner = value.strip_suffix(')').map(|rest| rest.rsplit_once('('));
    let inner = inner.or_else(|| value.strip_suffix('>').map(|rest| rest.rsplit_once('<')));
    let (name, mail) = inner.flatten()?;
    let (name, mail) = (name.trim(), mail.trim());
    let is_mail = mail.contains('@') && !mail.contains(char::is_whitespace);
    (is_mail && !name.is_empty()).then_some((name, mail))
}

/// What a full name says beyond its family and given name: middle names; the given name where a title stands for it.
pub(super) fn complete(
    full: &str,
    scratch: &mut String,
    family: &str,
    given: &mut String,
    middle: &mut String,
) {
    normal::name(full, scratch);
    let surname = family.rsplit(' ').next().unwrap_or(family);
    let words: Vec<&str> = scratch.split(' ').collect();
    let known = |word: &str| word == given.as_str() || family.split(' ').any(|part| part == word);
    if normal::is_cjk(scratch) || !words.contains(&surname) {
        return;
    }
    let mut rest: Vec<&str> = words.into_iter().filter(|word| !known(word)).collect();
    if normal::is_title(given) {
        rest.retain(|word| !normal::is_title(word));
        if rest.is_empty() {
            return;
        }
        *given = rest.remove(0).to_owned();
    }
    if middle.is_empty() {
        *middle = rest.join(" ");
    }
}

/// The given names of a full name whose surname is known: `Ana` of `Ana de la Cruz` beside `de la Cruz`, and `Smith, Mary` beside `Smith`. Whether it has
/// any.
pub(super) fn beside_surname(
    full: &str,
    scratch: &mut String,
    family: &str,
    given: &mut String,
    middle: &mut String,
) -> bool {
    normal::name(full, scratch);
    if family.is_empty() || !given.is_empty() || normal::is_cjk(scratch) {
        return false;
    }
    let words: Vec<&str> = scratch.split(' ').collect();
    let surname: Vec<&str> = family.split(' ').collect();
    let rest = words
        .strip_suffix(&*surname)
        .or_else(|| words.strip_prefix(&*surname));
    let Some([first, more @ ..]) = rest else {
        return false;
    };
    *given = (*first).to_owned();
    if middle.is_empty() {
        *middle = more.join(" ");
    }
    true
}

#[cfg(test)]
mod tests {
    use super::{beside_surname, with_mailbox};

    #[test]
    fn names_with_a_mailbox() {
        let expected = Some(("Mary Smith", "mary@example.com"));
        assert_eq!(with_mailbox("Mary Smith (mary@example.com)"), expected);
        assert_eq!(with_mailbox("Mary Smith <mary@example.com>"), expected);
        assert_eq!(with_mailbox("Mary Smith (Sales)"), None);
        assert_eq!(with_mailbox("(mary@example.com)"), None);
    }

    #[test]
    fn given_names_beside_a_known_surname() {
        #[track_caller]
        fn check(full: &str, family: &str, expected: Option<(&str, &str)>) {
            let (mut given, mut middle) = (String::new(), String::new());
            let found = beside_surname(full, &mut String::new(), family, &mut given, &mut middle);
            assert_eq!(found.then_some((&*given, &*middle)), expected, "{full}");
        }
        check("Ana de la Cruz", "de la cruz", Some(("ana", "")));
        check("Anna Maria Rossi", "rossi", Some(("anna", "maria")));
        check("Smith, Mary", "smith", Some(("mary", "")));
        check("Mary Smith", "jones", None);
        check("Smith", "smith", None);
        check("佐藤 健", "佐藤", None);
    }
}
