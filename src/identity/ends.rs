//! Who sends and who receives, in a row.

use super::extract::{Draft, is_named};
use super::fact::Fact;
use crate::pattern::Role;

/// Gives the one sender's mailbox to the row's own person, who is named and has none (PayPal's `Name`, `From Email Address`, `To Email Address`): where
/// somebody else receives, he is who sends.
pub(super) fn name_sender(drafts: &mut Vec<Draft<'_>>) {
    let has_mail = |draft: &Draft<'_>| draft.facts.has(Fact::Mail);
    let receives = |draft: &Draft<'_>| {
        draft.role == Role::Recipient && (has_mail(draft) || draft.facts.has(Fact::RoleMail))
    };
    let own = drafts.first().filter(|draft| draft.role == Role::Own);
    let is_own = own.is_some_and(|own| is_named(&own.facts) && !has_mail(own));
    let mut senders = (0..drafts.len()).filter(|&at| drafts[at].role == Role::Sender);
    let (Some(sender), None) = (senders.next(), senders.next()) else {
        return;
    };
    if is_own
        && drafts.iter().any(receives)
        && has_mail(&drafts[sender])
        && !is_named(&drafts[sender].facts)
    {
        let sender = drafts.remove(sender);
        drafts[0].kinds = drafts[0].kinds.union(sender.kinds);
        drafts[0].facts.take(&sender.facts, &Fact::ALL);
    }
}

/// Whether a row tells of who sends and of who receives, neither by name in full: they are two all the same, also where one is an office's mailbox.
pub(super) fn has_ends(drafts: &[Draft<'_>]) -> bool {
    let reached = [
        Fact::Mail,
        Fact::RoleMail,
        Fact::Phone,
        Fact::SharedPhone,
        Fact::Reading,
    ];
    [Role::Sender, Role::Recipient].into_iter().all(|end| {
        drafts.iter().any(|draft| {
            let reaches = reached.iter().any(|&fact| draft.facts.has(fact));
            draft.role == end && !is_named(&draft.facts) && reaches
        })
    })
}
