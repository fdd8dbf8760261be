//! Numbers that lead to people over a second table: payments have an order's number, and the order that of who ordered.
//!
//! In: the tables of one source with the verdicts on their columns, those of [`member`](super::member) among them. Out: columns of numbers of
//! orders and the like are noted as such, where one table has them beside a person's number and another tells of somebody under them alone.
//! Elsewhere they would part what is one record said again.

use std::collections::BTreeSet;

use super::member::{Words, entity_of_table, sort_of};
use super::{Part, Tally, Verdict};
use crate::pattern::{self, Role};

/// What a number may stand for that is one person's.
const THINGS: Words = &[
    ("order", "order"),
    ("注文", "order"),
    ("受注", "order"),
    ("address", "address"),
    ("addresse", "address"),
    ("addr", "address"),
    ("住所", "address"),
    ("profile", "profile"),
    ("booking", "booking"),
    ("reservation", "booking"),
    ("予約", "booking"),
    ("application", "application"),
    ("申込", "application"),
    ("申込み", "application"),
    ("contract", "contract"),
    ("契約", "contract"),
    ("policy", "policy"),
    ("policie", "policy"),
    ("証券", "policy"),
    ("subscription", "subscription"),
    ("invoice", "invoice"),
    ("請求", "invoice"),
    ("purchase", "purchase"),
    ("購入", "purchase"),
    ("payment", "payment"),
    ("transaction", "transaction"),
    ("ticket", "ticket"),
    ("claim", "claim"),
    ("shipment", "shipment"),
    ("配送", "shipment"),
    ("visit", "visit"),
    ("encounter", "visit"),
    ("admission", "admission"),
    ("appointment", "appointment"),
    ("enrollment", "enrollment"),
    ("registration", "registration"),
    ("loan", "loan"),
];

/// Things that two words name, in tables and before a word for a number: `email_addresses`, `email_address_id` (SugarCRM, SuiteCRM, CiviCRM).
const COMPOUND: Words = &[
    ("emailaddress", "email"),
    ("mailaddress", "email"),
    ("phonenumber", "phone"),
    ("telephonenumber", "phone"),
];

/// What the words of a table or column name together, the word for a number behind them aside.
fn compound(name: &str, is_column: bool) -> Option<&'static str> {
    let words = pattern::words_of(name);
    let words = match (is_column, words.as_slice()) {
        (true, [before @ .., number]) if number == "id" => before,
        (true, _) => return None,
        (false, words) => words,
    };
    let [.., first, second] = words else {
        return None;
    };
    let joined = format!("{first}{second}");
    let one = joined.strip_suffix("es").or(joined.strip_suffix('s'));
    let is = |word: &str| COMPOUND.iter().find(|known| known.0 == word);
    is(&joined).or_else(|| is(one?)).map(|known| known.1)
}

/// A table with the verdicts on its columns.
pub struct Judged<'t> {
    /// Its name.
    pub table: &'t str,
    /// The names of its columns.
    pub columns: Vec<Option<&'t str>>,
    /// Their tallies.
    pub tallies: Vec<&'t Tally>,
    /// The verdicts, in the order of the columns.
    pub verdicts: Vec<Verdict>,
}

impl Judged<'_> {
    /// Whether the rows have a number that points at a person.
    pub(super) fn points(&self) -> bool {
        self.verdicts.iter().any(|verdict| verdict.member.is_some())
    }

    /// Whether the rows tell of somebody.
    pub(super) fn tells(&self) -> bool {
        self.verdicts.iter().any(|verdict| {
            let whole = verdict.whole.as_ref();
            verdict.role == Role::Own && whole.is_some_and(|whole| whole.part != Part::Masked)
        })
    }

    /// The columns that are free to be numbers of things, with the sort.
    fn things(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let of_table = compound(self.table, false).or(entity_of_table(THINGS, self.table));
        let columns = self.columns.iter().zip(&self.verdicts).enumerate();
        columns.filter_map(move |(at, (name, verdict))| {
            let own = verdict.role == Role::Own && verdict.slot == 0;
            let free = verdict.whole.is_none() && verdict.member.is_none();
            let name = name.filter(|_| own && free && !verdict.organisation)?;
            let sort = compound(name, true).or_else(|| sort_of(THINGS, name, of_table));
            Some((at, sort?))
        })
    }
}

/// Whether numbers of a sort lead to people over a second table.
pub fn leads_on(sort: &str) -> bool {
    let mut known = THINGS.iter().chain(COMPOUND);
    sort.starts_with(super::links::OVER) || known.any(|known| known.1 == sort)
}

/// Notes of columns of numbers of things, by which people stand in other tables of the source, of which sort they are.
pub fn bridge(tables: &mut [Judged<'_>]) {
    let sorts = |wanted: &dyn Fn(&Judged<'_>) -> bool| -> BTreeSet<&'static str> {
        let tables = tables.iter().filter(|table| wanted(table));
        tables
            .flat_map(|table| table.things().map(|thing| thing.1))
            .collect()
    };
    let near = sorts(&|table| table.points());
    let far = sorts(&|table| !table.points() && table.tells());
    let both: BTreeSet<&str> = near.intersection(&far).copied().collect();
    if both.is_empty() {
        return;
    }
    for table in tables {
        let things: Vec<_> = table.things().collect();
        for (at, sort) in things.into_iter().filter(|thing| both.contains(thing.1)) {
            table.verdicts[at].member = Some(sort.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_that_lead_to_people_over_another_table() {
        #[track_caller]
        fn check(table: &str, column: &str, expected: Option<&str>) {
            let found = sort_of(THINGS, column, entity_of_table(THINGS, table));
            assert_eq!(found, expected, "{table}.{column}");
        }
        check("orders", "id", Some("order"));
        check("payments", "order_id", Some("order"));
        check("受注明細", "受注番号", Some("order"));
        check("address", "address_id", Some("address"));
        check("addresses", "id", Some("address"));
        check("customer", "address_id", Some("address"));
        check("orders", "billing_address_id", None);
        check("orders", "order_status", None);
        check("products", "id", None);
        assert_eq!(compound("email_addresses", false), Some("email"));
        assert_eq!(compound("email_address_id", true), Some("email"));
        assert_eq!(compound("civicrm.phone_numbers", false), Some("phone"));
        assert_eq!(compound("email_address", true), None);
    }
}
