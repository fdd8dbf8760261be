//! The pattern files that are built in: one `include_str!` row a kind.

/// File name and text of every file of `patterns/kinds/`, sorted by name.
pub(super) const KINDS: &[(&str, &str)] = &[
    ("age.toml", include_str!("../../patterns/kinds/age.toml")),
    (
        "bank-account.toml",
        include_str!("../../patterns/kinds/bank-account.toml"),
    ),
    (
        "birth-date.toml",
        include_str!("../../patterns/kinds/birth-date.toml"),
    ),
    (
        "credential.toml",
        include_str!("../../patterns/kinds/credential.toml"),
    ),
    (
        "email.toml",
        include_str!("../../patterns/kinds/email.toml"),
    ),
    (
        "free-answer.toml",
        include_str!("../../patterns/kinds/free-answer.toml"),
    ),
    (
        "gender.toml",
        include_str!("../../patterns/kinds/gender.toml"),
    ),
    (
        "ip-address.toml",
        include_str!("../../patterns/kinds/ip-address.toml"),
    ),
    (
        "jp.my-number.toml",
        include_str!("../../patterns/kinds/jp.my-number.toml"),
    ),
    (
        "occupation.toml",
        include_str!("../../patterns/kinds/occupation.toml"),
    ),
    (
        "payment-card-expiry.toml",
        include_str!("../../patterns/kinds/payment-card-expiry.toml"),
    ),
    (
        "payment-card-security-code.toml",
        include_str!("../../patterns/kinds/payment-card-security-code.toml"),
    ),
    (
        "payment-card.toml",
        include_str!("../../patterns/kinds/payment-card.toml"),
    ),
    (
        "person-name.toml",
        include_str!("../../patterns/kinds/person-name.toml"),
    ),
    (
        "phone.toml",
        include_str!("../../patterns/kinds/phone.toml"),
    ),
    (
        "postal-address.toml",
        include_str!("../../patterns/kinds/postal-address.toml"),
    ),
    (
        "postal-code.toml",
        include_str!("../../patterns/kinds/postal-code.toml"),
    ),
    (
        "registration-time.toml",
        include_str!("../../patterns/kinds/registration-time.toml"),
    ),
    (
        "username.toml",
        include_str!("../../patterns/kinds/username.toml"),
    ),
];

/// Column words and what they name.
pub(super) const HEADER_WORDS: &str = include_str!("../../patterns/lists/header-words.tsv");

/// Words that say of whom a column speaks.
pub(super) const HEADER_ROLES: &str = include_str!("../../patterns/lists/header-roles.tsv");

#[cfg(test)]
mod tests {
    #[test]
    fn no_file_is_forgotten() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/patterns/kinds");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .expect("patterns/kinds is there")
            .map(|entry| {
                entry
                    .expect("readable")
                    .file_name()
                    .into_string()
                    .expect("UTF-8")
            })
            .collect();
        files.sort();
        let built_in: Vec<&str> = super::KINDS.iter().map(|row| row.0).collect();
        assert_eq!(built_in, files);
    }
}
