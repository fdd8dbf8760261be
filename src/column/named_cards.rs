//! Payment cards in columns that are named so: numbers, whole or in pieces, the last four digits, expiry and security code.
//!
//! In: a column whose name says one of these. Out: a finding where the values do not contradict it.

use super::Whole;
use super::named::{Column, DATES, check};
use crate::classify::Shape::*;
use crate::pattern::Part;

impl Column<'_> {
    pub(super) fn card(&self) -> Option<Whole> {
        match self.view.sort() {
            "card.pan" => self
                .card_piece()
                .or_else(|| self.card_number())
                .or_else(|| self.tax_number()),
            "card.last4" if self.view.most(&[Digits3Or4, Masked]) >= 0.5 => {
                self.found("payment-card", Part::Masked, &[Digits3Or4, Masked], 0.0)
            }
            "card.last4" => None,
            _ if !self.table.card => None,
            _ if self.against(&[DATES, &[Email], &[Integer, Decimal], &[Bool]]) >= 0.5 => None,
            _ => self.found("payment-card", self.view.part(), &[], 0.0),
        }
    }

    /// Four digits each in columns that count from 1 to 4.
    fn card_piece(&self) -> Option<Whole> {
        let parts = [Part::First, Part::Second, Part::Third, Part::Fourth];
        let part = *parts.get(self.view.ordinal()?.checked_sub(1)? as usize)?;
        let fours = self.view.most(&[Digits3Or4, Masked]) >= 0.6;
        fours.then(|| self.found("payment-card", part, &[Digits3Or4, Masked], 0.0))?
    }

    /// `PAN` is India's permanent account number, too: five letters, four digits, a letter.
    fn tax_number(&self) -> Option<Whole> {
        let view = self.view;
        let pan = view
            .hit
            .as_ref()
            .is_some_and(|hit| hit.word.starts_with("pan"));
        let codes = view.tally.share(Code) >= 0.8 && (9.5..=10.5).contains(&view.length());
        (pan && codes && self.table.people)
            .then(|| self.found("national-id", Part::Whole, &[Code], 0.0))?
    }

    /// Valid numbers; else numbers that fail, are masked or were ruined, which is said.
    fn card_number(&self) -> Option<Whole> {
        let view = self.view;
        let like = view.tally.share(CardLike).max(view.most(&[Masked, Ruined]));
        let valid = view.tally.share(Card);
        // Made-up numbers fail every rule; the name and the length say what they stand for.
        let made_up = view.strength() == 3
            && view.tally.share(Digits) >= 0.9
            && (12.0..=19.0).contains(&view.length());
        if valid < 0.2 && like < 0.3 && !made_up {
            return None;
        }
        let mut whole = view.found(
            self.patterns,
            "payment-card",
            Part::Whole,
            0.5,
            if valid < 0.2 && like < 0.3 {
                &[Card, CardLike, Digits]
            } else {
                &[Card, CardLike, Masked, Ruined]
            },
        )?;
        whole.confidence = if valid >= 0.2 {
            self.certainty(valid)
        } else {
            0.3 + 0.1 * f64::from(view.strength())
        } as f32;
        whole.evidence.push(check(
            "card",
            view.tally.shapes[Card as usize],
            view.tally.shapes[CardLike as usize],
        ));
        Some(whole)
    }

    pub(super) fn card_expiry(&self) -> Option<Whole> {
        let view = self.view;
        let fits = [MonthYear, Date, Digits3Or4, Integer, Digits, Masked];
        let sure = self.table.card || view.strength() == 3;
        let against = self.against(&[&[Email], &[Sentence], &[Bool], &[DateTime]]);
        let enough = view.most(&fits) >= 0.5 || self.table.card && view.strength() >= 2;
        if sure && enough && against < 0.3 {
            self.found("payment-card-expiry", view.part(), &fits, against)
        } else {
            None
        }
    }

    pub(super) fn security_code(&self) -> Option<Whole> {
        if !self.table.card && self.view.strength() < 3 {
            return None;
        }
        self.some("payment-card-security-code", &[Digits3Or4, Masked], 0.5)
    }
}
