//! Exports of directories: an entry names itself again and again.

use crate::cli::check_people as check;

/// Given names and surnames of one word and of several.
const PEOPLE: [(&str, &str); 6] = [
    ("José Luis", "García López"),
    ("Ana", "de la Cruz"),
    ("Jan", "van der Berg"),
    ("Anna Maria", "Rossi"),
    ("Peter", "Snyder"),
    ("Niamh", "Doyle"),
];

/// A row for each, of what `of` makes of his place, given name and surname.
fn rows(of: impl Fn(usize, &str, &str) -> String) -> String {
    let people = PEOPLE.iter().enumerate();
    people
        .map(|(n, (given, family))| of(n, given, family))
        .collect()
}

#[test]
fn an_entry_s_names_are_its_own() {
    type Name = fn(&str, &str) -> String;
    let writings: [Name; 3] = [
        |given, family| format!("{given} {family}"),
        |given, family| format!("{family}, {given}"),
        |given, family| format!("{}. {family}", &given[..1]),
    ];
    for name in writings {
        let csv = rows(|n, given, family| {
            format!(
                "\"{}\",{given},{family},u{n}@a.example\n",
                name(given, family)
            )
        });
        check(
            "users.csv",
            &format!("cn,givenName,sn,mail\n{csv}"),
            [6, 6, 6],
        );
        let ldif = rows(|n, given, family| {
            let name = name(given, family);
            let path = name.replace(',', "\\,");
            format!(
                "dn: CN={path},OU=Users,DC=example,DC=com\nobjectClass: user\ncn: {name}\nsn: {family}\ngivenName: {given}\n\
                 distinguishedName: CN={path},OU=Users,DC=example,DC=com\ndisplayName: {name}\nname: {name}\nmail: u{n}@a.example\n\n"
            )
        });
        check("users.ldif", &ldif, [6, 6, 6]);
    }
    // The surname alone stands in a column of its own.
    let surnames = rows(|n, given, family| {
        format!(
            "dn: cn={given} {family},ou=people,dc=example,dc=com\nobjectClass: person\ncn: {given} {family}\nsn: {family}\nmail: u{n}@a.example\n\n"
        )
    });
    check("surnames.ldif", &surnames, [6, 6, 6]);
    // `cn` alone names people, and so does a path.
    let alone = rows(|n, given, family| format!("{given} {family},u{n},u{n}@a.example\n"));
    check(
        "alone.csv",
        &format!("cn,sAMAccountName,mail\n{alone}"),
        [6, 6, 6],
    );
}

#[test]
fn managers_are_entries_of_their_own() {
    let manager = |n: usize| {
        let (given, family) = PEOPLE[n / 3];
        format!("\"CN={given} {family},OU=Users,DC=example,DC=com\"")
    };
    let csv = rows(|n, given, family| {
        format!(
            "{given} {family},{given},{family},u{n},u{n}@a.example,{}\n",
            manager(n)
        )
    });
    let csv = format!("Name,GivenName,Surname,SamAccountName,EmailAddress,Manager\n{csv}");
    check("managers.csv", &csv, [6, 6, 8]);
}

#[test]
fn names_cut_in_two_ways_are_one() {
    let whole = rows(|_, given, family| format!("{given} {family}\n"));
    let halves = rows(|n, given, family| format!("{given},{family},u{n}@a.example\n"));
    let folder = crate::cli::Folder::with(&[
        ("whole.csv", format!("full_name\n{whole}").as_bytes()),
        (
            "halves.csv",
            format!("first_name,last_name,email\n{halves}").as_bytes(),
        ),
    ]);
    let report = crate::run::report(&folder.path(""), &["."]);
    assert_eq!(report["subjects"]["persons"]["best"], 6);
}
