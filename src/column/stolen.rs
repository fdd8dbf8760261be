//! Lists of accounts without names of columns: mailboxes or logins, and passwords or hashes behind them.
//!
//! In: the columns and the verdicts on them. Out: verdicts on the logins and on what opens their accounts.

use super::{Verdict, View};
use crate::classify::Shape::*;
use crate::pattern::{Part, Patterns};

/// A list of mailboxes and what opens them, without names of columns (`mail:word`): the second column is of passwords where each is one word that is
/// neither a name nor a date, and many have letters and digits.
pub(super) fn combolist(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    crypted(patterns, views, verdicts);
    hashes(patterns, views, verdicts);
    // A login or the address of a site may stand before the mailbox, and a few secrets have a sign in them that parts columns.
    let at = views
        .iter()
        .take(4)
        .position(|view| view.tally.share(Email) >= 0.9);
    let Some((at, (mails, words))) = at.and_then(|at| Some((at, (&views[at], views.get(at + 1)?))))
    else {
        return;
    };
    let seldom = |view: &View<'_>| view.tally.values * 10 <= mails.tally.values;
    if !views[at + 2..].iter().all(seldom) {
        return;
    }
    let unnamed = views.iter().all(|view| view.name.is_none());
    let other = [
        Sentence,
        Url,
        Date,
        DateTime,
        Email,
        PhoneJp,
        PhoneIntl,
        LatinFullName,
        JpFullName,
        KanaFullName,
        Uuid,
        Ip,
        Decimal,
        Organisation,
    ];
    let is_list = unnamed
        && mails.tally.values >= 3
        && mails.tally.share(Email) >= 0.9
        && words.tally.values * 10 >= mails.tally.values * 9;
    let are_secrets = words.tally.share(Code) >= 0.4
        && words.sum(&other) < 0.1
        && (5.0..=24.0).contains(&words.length());
    if !is_list || !are_secrets || verdicts[at + 1].whole.is_some() {
        return;
    }
    verdicts[at + 1].whole = words.found(patterns, "credential", Part::Password, 0.6, &[]);
    let logins = [Word, Code];
    if at == 1
        && verdicts[0].whole.is_none()
        && views[0].most(&logins) >= 0.6
        && views[0].most(&[Integer, Digits]) < 0.2
    {
        verdicts[0].whole = views[0].found(patterns, "username", Part::Whole, 0.5, &logins);
    }
}

/// Columns of what only passwords are turned into, whatever they are called: the forms of crypt (`$2b$10$…`, `$argon2id$…`), of frameworks
/// (`pbkdf2_sha256$…`) and of directories (`{SSHA}…`).
fn crypted(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    for (view, verdict) in views.iter().zip(verdicts) {
        let crypted = view.tally.share(Hash).min(view.tally.share(Token));
        if verdict.whole.is_none() && view.tally.values > 0 && crypted >= 0.6 {
            verdict.whole = view.found(patterns, "credential", Part::Password, 0.8, &[Hash]);
        }
    }
}

/// A list of mailboxes or logins and the hashes of what opens them, without names of columns, as programs write accounts (`passwd`, `shadow`, dumps
/// of a domain's accounts).
fn hashes(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    let Some(first) = views.first() else {
        return;
    };
    let login = first.sum(&[Email, Word, Code, DomainLogin]) >= 0.8
        && first.most(&[Hash, Url, Date, Integer, Sentence]) < 0.2;
    let unnamed = views.iter().all(|view| view.name.is_none());
    // A number may stand before the mailbox: `12:mary@example.com:5f4dcc3b…`.
    let mailed = views.iter().any(|view| view.tally.share(Email) >= 0.8);
    if !unnamed || !(login || mailed) || first.tally.values < 2 {
        return;
    }
    let mut some = false;
    for (view, verdict) in views.iter().zip(verdicts.iter_mut()) {
        if verdict.whole.is_none() && view.tally.values > 0 && view.tally.share(Hash) >= 0.6 {
            verdict.whole = view.found(patterns, "credential", Part::Password, 0.7, &[Hash]);
            some = true;
        }
    }
    if some && login && verdicts[0].whole.is_none() {
        let shapes = [Word, Code, DomainLogin];
        verdicts[0].whole = first.found(patterns, "username", Part::Whole, 0.5, &shapes);
    }
}
