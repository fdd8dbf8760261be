//! Columns of ids of messages, which have the form of mailboxes: `message-id` of Exchange's message tracking, `headers.message-id` of Mailgun.
//!
//! In: the columns of a table. Out: those are called after something else than personal data.

use super::member::CODES;
use super::{Part, Role, View};
use crate::classify;
use crate::pattern::HeaderHit;

/// The sort of such a column's name.
pub(super) const SORT: &str = "neg.message";

/// Gives the columns of ids that are no plain numbers this sort. `references` are it beside another one alone: who applies for work names
/// references, too.
pub(super) fn note(views: &mut [View<'_>]) {
    let name = |view: &View<'_>| view.name.unwrap_or_default().to_owned();
    let is_of = |view: &View<'_>| classify::is_of_messages(&name(view)) && view.sum(CODES) < 0.5;
    let is_vague = |view: &View<'_>| name(view).to_lowercase().ends_with("references");
    let sure = views.iter().any(|view| is_of(view) && !is_vague(view));
    for view in views.iter_mut() {
        if view.tally.values > 0 && is_of(view) && (sure || !is_vague(view)) {
            view.hit = Some(HeaderHit {
                kind: None,
                part: Part::Whole,
                strength: 3,
                role: Role::Own,
                slot: 0,
                word: "messageid".to_owned(),
                sort: SORT.to_owned(),
            });
        }
    }
}
