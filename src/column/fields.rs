//! Numbers of people in the tables of programs that keep each thing that is told of somebody in a table or a row of its own.
//!
//! In: the names of a table and its columns. Out: of which sort its numbers are.

use super::View;
use super::member::entity_of_word;
use crate::pattern;

/// The column of numbers and their sort in Drupal's tables of one field each: `user__field_phone (bundle, deleted, entity_id, revision_id, langcode,
/// delta, field_phone_value)`, after its `DefaultTableMapping` (<https://api.drupal.org>, read 2026-11).
pub(super) fn of_table(table: &str, views: &[View<'_>]) -> Option<(usize, &'static str)> {
    let at = |name: &str| views.iter().position(|view| view.name == Some(name));
    let id = at("entity_id").filter(|_| at("bundle").is_some() && at("delta").is_some())?;
    let words = pattern::words_of(table.rsplit('.').next().unwrap_or(table));
    // A prefix may stand before all tables.
    let sort = words.iter().take(2).find_map(|word| entity_of_word(word))?;
    Some((id, sort))
}

/// The name of a field in such a table: `phone` of `field_phone_value`.
pub(super) fn bare(name: &str) -> Option<&str> {
    name.strip_prefix("field_")?.strip_suffix("_value")
}

/// The sort of the numbers of an account under a key of a table of names and values: `_customer_user` of WooCommerce.
pub(super) fn account(name: &str) -> Option<&'static str> {
    let words = pattern::words_of(name);
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    matches!(
        words.as_slice(),
        ["customer", "user"] | ["customer", "user", "id"]
    )
    .then_some("user")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_fields_and_accounts() {
        assert_eq!(bare("field_first_name_value"), Some("first_name"));
        assert_eq!(bare("field_value"), None);
        assert_eq!(bare("first_name"), None);
        assert_eq!(account("_customer_user"), Some("user"));
        assert_eq!(account("customer_note"), None);
    }
}
