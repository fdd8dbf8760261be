//! Verdicts from the values alone, for columns without a name, with one that says nothing, or with one that lies.

use super::messages::SORT;
use super::named::{FULL_NAMES, check};
use super::named_people::is_called;
use super::table::Table;
use super::{Evidence, MANY, Verdict, View, Whole, others, readings, unnamed};
use crate::classify::Shape::{self, *};
use crate::pattern::{Part, Patterns, Role};

/// What the values say so clearly that no name can contradict it.
pub(super) fn beyond_doubt(patterns: &Patterns, view: &View<'_>, table: &Table) -> Option<Whole> {
    let share = |shape| view.tally.share(shape);
    let sure = |kind, part, shape: Shape| {
        view.found(patterns, kind, part, 0.6 + 0.39 * share(shape), &[shape])
    };
    let other = view.sort().starts_with("secret.") || ["login.id", SORT].contains(&view.sort());
    if share(Email) >= 0.6 && !other {
        // Among addresses, one that is mistyped (example.con) is one, too.
        let confidence = 0.6 + 0.39 * share(Email);
        return view.found(
            patterns,
            "email",
            Part::Whole,
            confidence,
            &[Email, EmailLoose],
        );
    }
    // Data made up for tests has domains that cannot be.
    if table.people && view.sum(&[Email, EmailLoose]) >= 0.95 && view.nameless() {
        return view.found(patterns, "email", Part::Whole, 0.6, &[Email, EmailLoose]);
    }
    if share(Iban) >= 0.6 {
        return sure("bank-account", Part::Whole, Iban);
    }
    if share(Card) >= 0.5 && enough_cards(view, table) {
        let mut whole = sure("payment-card", Part::Whole, Card)?;
        whole.evidence.push(check(
            "card",
            view.tally.shapes[Card as usize],
            view.tally.shapes[CardLike as usize],
        ));
        return Some(whole);
    }
    None
}

/// Chance passes 2.6 % of random numbers of 16 digits: two that pass are one in 1,500.
fn enough_cards(view: &View<'_>, table: &Table) -> bool {
    let passed = view.tally.shapes[Card as usize];
    let code = view.sort() == "neg.code";
    passed >= 5 || passed >= 2 && !code && view.tally.share(Card) >= 0.9 || table.people && !code
}

/// What the values say where the name says nothing against it.
pub(super) fn alone(patterns: &Patterns, view: &View<'_>, table: &Table) -> Option<Whole> {
    let share = |shape| view.tally.share(shape);
    let found = |kind, part, confidence: f64, shapes: &[Shape]| {
        view.found(patterns, kind, part, confidence, shapes)
    };
    // Names under `ID`, phones under `Office`: what else the column should hold is not there.
    let misnamed = view.sort() == "person.key" && view.sum(FULL_NAMES) >= 0.9
        || view.sum(FULL_NAMES) >= 0.75 && is_called(view)
        || view.sort() == "org.name" && view.sum(&[PhoneJp, PhoneIntl, PhoneLoose]) >= 0.9;
    if view.speaks_against() && !misnamed {
        return None;
    }
    if share(Masked) >= 0.8 && share(CardLike) >= 0.8 {
        return found("payment-card", Part::Masked, 0.5, &[CardLike]);
    }
    if share(Mac) >= 0.9 {
        return found("device-id", Part::Whole, 0.5 + 0.3 * share(Mac), &[Mac]);
    }
    if share(DomainLogin) >= 0.8 {
        return found(
            "username",
            Part::Whole,
            0.5 + 0.2 * share(DomainLogin),
            &[DomainLogin],
        );
    }
    if share(Ip) >= 0.8 {
        return found("ip-address", Part::Whole, 0.5 + 0.4 * share(Ip), &[Ip]);
    }
    if let Some(whole) = my_number(patterns, view, table) {
        return Some(whole);
    }
    if let Some(whole) = national_id(patterns, view, table) {
        return Some(whole);
    }
    if view.sum(&[JpAddress, Street]) >= 0.5 && share(Organisation) < 0.3 {
        return found(
            "postal-address",
            Part::Whole,
            0.5 + 0.4 * view.sum(&[JpAddress, Street]),
            &[JpAddress, Street],
        );
    }
    if let Some(whole) = phone(patterns, view, table) {
        return Some(whole);
    }
    let places = view.most(&[JpCity, JpPrefecture, JpAddress, Country, State]);
    let full = view.sum(FULL_NAMES);
    let least = if !view.nameless() || table.things {
        0.75
    } else {
        0.6
    };
    // `npm run lint`: a few words in small letters are no name.
    let small = view.tally.values < 5
        && !table.people
        && !view.nameless()
        && view.most(&[Capitalised, JpFullName, KanaFullName, ScriptFullName]) < 0.5;
    if full >= least
        && !small
        && !is_of_states(view)
        && places < full * 0.5
        && share(Organisation) < 0.2
        && share(Sentence) < 0.3
        && !(table.things && full < 0.9)
    {
        let part = if share(KanaFullName) > full * 0.5 {
            Part::Reading
        } else {
            Part::Whole
        };
        let mut whole = found("person-name", part, 0.4 + 0.45 * full, FULL_NAMES)?;
        let other = [
            Organisation,
            Sentence,
            Code,
            Integer,
            Date,
            Email,
            Url,
            Street,
            JpAddress,
            JpCity,
            Masked,
        ];
        if table.people && view.nameless() && view.sum(&other) < 0.005 {
            whole.accept = Default::default();
        }
        return Some(whole);
    }
    if share(PostalOther) >= 0.9 && table.people && view.nameless() {
        let confidence = 0.3 + 0.3 * share(PostalOther);
        return found("postal-code", Part::Whole, confidence, &[PostalOther]);
    }
    if share(PostalJp) >= 0.8 && (table.people || table.address) {
        return found(
            "postal-code",
            Part::Whole,
            0.4 + 0.4 * share(PostalJp),
            &[PostalJp],
        );
    }
    if share(Gender) >= 0.95
        && table.people
        && view.most(&[Integer, Digits]) < 0.05
        && view.nameless()
    {
        return found("gender", Part::Whole, 0.6, &[Gender]);
    }
    if share(Occupation) >= 0.6
        && (table.people || share(Occupation) >= 0.8 && view.tally.values >= 20)
    {
        return found(
            "occupation",
            Part::Whole,
            0.35 + 0.4 * share(Occupation),
            &[Occupation],
        );
    }
    None
}

/// Whether a column is called after a state of things: 申請状況 (申請済 has the form of a name).
fn is_of_states(view: &View<'_>) -> bool {
    const ENDS: [&str; 7] = [
        "状況",
        "状態",
        "ステータス",
        "区分",
        "種別",
        "可否",
        "status",
    ];
    let name = view.name.unwrap_or_default().trim().to_lowercase();
    ENDS.iter().any(|end| name.ends_with(end))
}

/// Numbers of the Japanese plan or with a country code; other writings only where nearly all values are, or in a table of people.
fn phone(patterns: &Patterns, view: &View<'_>, table: &Table) -> Option<Whole> {
    const PHONES: &[Shape] = &[PhoneJp, PhoneIntl, PhoneLoose];
    let share = |shape| view.tally.share(shape);
    let found = |confidence, shapes: &[Shape]| {
        view.found(patterns, "phone", Part::Whole, confidence, shapes)
    };
    let sure = view.sum(&[PhoneJp, PhoneIntl]);
    let written = share(Digits) < 0.2;
    let least = if written { 0.7 } else { 0.9 };
    if sure >= least && share(Date) < 0.1 {
        return found(0.45 + 0.45 * sure, PHONES);
    }
    // 409-9387-852 under a name that says nothing of phones: in a table that speaks of nobody, or of another number, the form is not enough.
    let called = view.sort().starts_with("phone.") || view.nameless();
    if !called && (!table.people || others::is_other_number(view)) {
        return None;
    }
    let all = view.sum(PHONES);
    let other = view.most(&[
        Date, DateTime, PostalJp, PostalUs, Integer, Decimal, Ip, Card, Digits7,
    ]);
    if all >= 0.9 && other < 0.1 {
        return found(0.5, PHONES);
    }
    if !table.people || !view.nameless() {
        return None;
    }
    // A third are written as phones, the others bare or in a form of their own, and none are anything else: numbers of several persons' hands.
    let other = view.most(&[
        Date,
        DateTime,
        Time,
        Decimal,
        Ip,
        Card,
        Word,
        Capitalised,
        Sentence,
        Street,
        Url,
        Email,
        AgeLike,
        PostalUs,
        Digits3Or4,
    ]);
    let lengths = (7.0..=22.0).contains(&view.length());
    let scheme = view.most(&[NationalId, MyNumber]) >= 0.5;
    let codes = view.sum(&[Code, PostalJp, PostalOther]);
    let bare = share(Digits) > 0.7;
    if all >= 0.3 && other < 0.05 && codes < 0.1 && lengths && !scheme && !bare {
        let mut whole = found(0.45, PHONES)?;
        whole.accept = Default::default();
        return Some(whole);
    }
    // Bare numbers of a plan that nothing else fits.
    (all >= 0.97
        && share(Digits) >= 0.97
        && view.tally.values >= 20
        && !scheme
        && share(Date) < 0.02)
        .then(|| found(0.4, PHONES))?
}

/// One random number of twelve digits in ten passes: a column does when nearly all of at least eight do, or of three in a
/// table of people.
fn my_number(patterns: &Patterns, view: &View<'_>, table: &Table) -> Option<Whole> {
    let (passed, digits) = (
        view.tally.shapes[MyNumber as usize],
        view.tally.shapes[Digits12 as usize].max(1),
    );
    let least = if table.people { 3 } else { 8 };
    if passed < least || view.tally.share(MyNumber) < 0.9 {
        return None;
    }
    let mut whole = view.found(
        patterns,
        "jp.my-number",
        Part::Whole,
        0.5 + 0.4 * view.tally.share(MyNumber),
        &[MyNumber],
    )?;
    whole
        .evidence
        .push(check("jp.my-number", passed, digits.saturating_sub(passed)));
    Some(whole)
}

/// Chance passes one number in eight at most: a column does when nearly all of twenty do, or of eight in a table of people.
fn national_id(patterns: &Patterns, view: &View<'_>, table: &Table) -> Option<Whole> {
    let passed = view.tally.shapes[NationalId as usize];
    // 078-05-1123 alone of all forms looks like the number of a block, too; no other number is written so.
    let (kind, least) = match (view.most(&[JpStreet]) >= 0.9, table.people) {
        (true, _) if table.signals >= 1 => ("us.ssn", 5),
        (true, _) => ("us.ssn", 20),
        (false, true) => ("national-id", 8),
        (false, false) => ("national-id", 20),
    };
    if passed < least || view.tally.share(NationalId) < 0.95 {
        return None;
    }
    let confidence = 0.4 + 0.4 * view.tally.share(NationalId);
    view.found(patterns, kind, Part::Whole, confidence, &[NationalId])
}

/// Columns that only their neighbours explain: 姓 beside 名, kana beside a name, a date beside gender, a postal code beside a
/// street, pieces of an address.
pub(super) fn siblings(
    patterns: &Patterns,
    views: &[View<'_>],
    table: &Table,
    verdicts: &mut [Verdict],
) {
    for i in 0..views.len() {
        if verdicts[i].whole.is_some() || views[i].tally.values == 0 || views[i].speaks_against() {
            continue;
        }
        let near = Near {
            patterns,
            views,
            verdicts,
            i,
        };
        let whole = near
            .half_name()
            .or_else(|| near.reading())
            .or_else(|| near.card_piece())
            .or_else(|| near.place(table))
            .or_else(|| near.zip());
        if whole.is_some() {
            verdicts[i].whole = whole;
            verdicts[i].organisation = false;
        }
    }
    unnamed::birth_beside_gender(patterns, views, verdicts);
    let halves = unnamed::is_of_halves(patterns, views, verdicts);
    if halves {
        unnamed::genders(patterns, views, verdicts);
    }
    if halves || table.people {
        unnamed::long_phones(patterns, views, verdicts);
    }
    super::shifts::note(patterns, views, table, verdicts);
    if (table.people || halves) && !table.things {
        unnamed::births(patterns, views, verdicts);
        names(patterns, views, verdicts);
    }
}

/// Takes back what only looks like names: one text in every row beside a column of names (the event that all came to, the summary of all
/// tickets), and the readings of places and parts, whose own column holds no names.
pub(super) fn not_people(
    patterns: &Patterns,
    views: &[View<'_>],
    table: &Table,
    verdicts: &mut [Verdict],
) {
    let name = patterns.kind("person-name");
    let is_name = |verdict: &Verdict| verdict.whole.as_ref().map(|whole| whole.kind) == name;
    let reading = |verdict: &Verdict| {
        let whole = verdict.whole.as_ref();
        whole.is_some_and(|whole| whole.part == Part::Reading)
    };
    let named = |view: &View<'_>| view.sort().starts_with("name.");
    let varies =
        (0..views.len()).any(|at| is_name(&verdicts[at]) && !views[at].tally.is_constant());
    let kanji = verdicts
        .iter()
        .any(|verdict| is_name(verdict) && !reading(verdict));
    // 北海道 beside ホッカイドウ.
    let places = |view: &View<'_>| view.sum(&[JpPrefecture, JpCity]) >= 0.6;
    let of_things = views.iter().enumerate().any(|(at, view)| {
        let own = view.sort() == "name.full" || view.nameless();
        view.tally.values > 0
            && verdicts[at].role == Role::Own
            && match own {
                true if view.nameless() => view.tally.share(JpPrefecture) >= 0.8,
                true => !is_name(&verdicts[at]) && (places(view) || table.signals <= 1),
                false => false,
            }
    });
    let things = readings::of_things(patterns, views, verdicts);
    for ((view, verdict), of_listed) in views.iter().zip(verdicts).zip(things) {
        let latin = view.most(&[Capitalised, LatinFullName]) >= 0.5;
        let constant = view.tally.is_constant() && varies && latin && !named(view);
        let of_thing = reading(verdict) && !kanji && of_things && !table.people;
        if is_name(verdict) && (constant || of_thing || of_listed) {
            verdict.whole = None;
        }
    }
}

/// Years in which cards that are in use, or were lately, expire.
const CARD_YEARS: [std::ops::RangeInclusive<u64>; 2] = [2000..=2049, 0..=49];

/// A column and its neighbours.
struct Near<'a> {
    patterns: &'a Patterns,
    views: &'a [View<'a>],
    verdicts: &'a [Verdict],
    i: usize,
}

impl Near<'_> {
    fn view(&self) -> &View<'_> {
        &self.views[self.i]
    }

    /// The columns at both sides; over one that is empty in most rows, as that of second given names is.
    fn beside(&self) -> impl Iterator<Item = usize> {
        let sparse = |at: &usize| {
            let tally = self.views[*at].tally;
            self.views[*at].nameless() && tally.values * 4 <= tally.empty
        };
        let left = self.i.checked_sub(1);
        let over_left = left.filter(sparse).and_then(|at| at.checked_sub(1));
        let right = Some(self.i + 1).filter(|&at| at < self.views.len());
        let over_right = right.filter(sparse).map(|at| at + 1);
        [left, right, over_left, over_right]
            .into_iter()
            .flatten()
            .filter(|&at| at < self.views.len())
    }

    fn is(&self, at: usize, kind: &str, parts: &[Part]) -> bool {
        let whole = self.verdicts[at].whole.as_ref();
        whole.is_some_and(|whole| {
            Some(whole.kind) == self.patterns.kind(kind) && parts.contains(&whole.part)
        })
    }

    fn found(
        &self,
        kind: &str,
        part: Part,
        confidence: f64,
        shapes: &[Shape],
        word: &str,
    ) -> Option<Whole> {
        let mut whole = self
            .view()
            .found(self.patterns, kind, part, confidence, shapes)?;
        whole.evidence.push(Evidence::Context {
            word: word.to_owned(),
        });
        Some(whole)
    }

    /// A surname column beside a given-name column, in either order.
    fn half_name(&self) -> Option<Whole> {
        const FAMILY: &[Shape] = &[JpSurname, LatinSurname, KanaSurname];
        const GIVEN: &[Shape] = &[JpGiven, LatinGiven, KanaGiven];
        let view = self.view();
        if view.most(&[JpFullName, LatinFullName, Integer, Organisation]) >= 0.4
            || view.most(&[JpPrefecture, Country, Bool]) >= 0.3
            || self.is_category()
        {
            return None;
        }
        let (family, given) = (view.most(FAMILY), view.most(GIVEN));
        for at in self.beside() {
            let other = &self.views[at];
            if other.speaks_against()
                || other.most(&[JpFullName, LatinFullName, JpCity, JpPrefecture]) >= 0.5
            {
                continue;
            }
            let (their_family, their_given) = (other.most(FAMILY), other.most(GIVEN));
            let known = self.is(at, "person-name", &[Part::Given, Part::GivenReading]);
            // 済 in every row is no given name beside surnames.
            if family >= 0.5
                && !other.tally.is_constant()
                && (their_given >= 0.5 || known)
                && family - given + their_given - their_family > 0.1
            {
                let part = if view.tally.share(KanaSurname) >= 0.5 {
                    Part::FamilyReading
                } else {
                    Part::Family
                };
                return self.found(
                    "person-name",
                    part,
                    0.4 + 0.4 * family,
                    FAMILY,
                    "given name",
                );
            }
            let known = self.is(at, "person-name", &[Part::Family, Part::FamilyReading]);
            if given >= 0.5
                && !view.tally.is_constant()
                && (their_family >= 0.5 || known)
                && given - family + their_family - their_given > 0.1
            {
                let part = if view.tally.share(KanaGiven) >= 0.5 {
                    Part::GivenReading
                } else {
                    Part::Given
                };
                return self.found("person-name", part, 0.4 + 0.4 * given, GIVEN, "family name");
            }
        }
        None
    }

    /// Whether the column's name says another kind, or its values are a few words that come again and again: brown, white and black, or the regions of
    /// the earth, are surnames, too.
    fn is_category(&self) -> bool {
        let view = self.view();
        let kind = view.hit.as_ref().and_then(|hit| hit.kind);
        let other = kind.is_some() && kind != self.patterns.kind("person-name");
        let (few, many) = match view.nameless() {
            true => (0, 40),
            false => (3, 20),
        };
        let values = view.tally.values;
        other || values < few || values >= many && view.tally.different.count_ones() < MANY
    }

    /// Kana beside a name.
    fn reading(&self) -> Option<Whole> {
        let view = self.view();
        let beside = self
            .beside()
            .any(|at| self.is(at, "person-name", &[Part::Whole, Part::Romaji]));
        let kana = view.tally.share(Kana);
        if !beside || kana < 0.9 || view.tally.share(KanaFullName) < 0.4 {
            return None;
        }
        self.found(
            "person-name",
            Part::Reading,
            0.5 + 0.3 * kana,
            &[KanaFullName, Kana],
            "name",
        )
    }

    /// In a table without names: month and year right of a card's number, and the security code right of these.
    fn card_piece(&self) -> Option<Whole> {
        let view = self.view();
        let left = |steps: usize, kind: &str| {
            let at = self.i.checked_sub(steps);
            at.is_some_and(|at| self.is(at, kind, Part::ALL))
        };
        if !view.nameless() {
            return None;
        }
        let expiry = "payment-card-expiry";
        if view.tally.share(MonthYear) >= 0.9
            && (left(1, "payment-card") || left(2, "payment-card"))
        {
            return self.found(expiry, Part::Whole, 0.6, &[MonthYear], "card");
        }
        // Or in a column each: `02|2028`.
        let month = left(1, "payment-card")
            && self.counts(self.i, &[1..=12])
            && self.counts(self.i + 1, &CARD_YEARS);
        let year = left(2, "payment-card") && left(1, expiry) && self.counts(self.i, &CARD_YEARS);
        if month || year {
            let part = if month { Part::First } else { Part::Second };
            return self.found(expiry, part, 0.6, &[], "card");
        }
        let code = view.tally.share(Digits3Or4) >= 0.95 && left(1, "payment-card-expiry");
        let kind = "payment-card-security-code";
        code.then(|| self.found(kind, Part::Whole, 0.5, &[Digits3Or4], "card"))?
    }

    /// Whether a column without a name holds whole numbers of one of these ranges.
    fn counts(&self, at: usize, ranges: &[std::ops::RangeInclusive<u64>]) -> bool {
        self.views.get(at).is_some_and(|view| {
            let (least, most) = view.tally.span;
            let whole =
                view.nameless() && view.tally.values > 0 && view.sum(&[Integer, Digits]) >= 0.95;
            whole
                && ranges
                    .iter()
                    .any(|range| range.contains(&least) && range.contains(&most))
        })
    }

    /// A piece of an address beside another.
    fn place(&self, table: &Table) -> Option<Whole> {
        let view = self.view();
        if view.name.is_some() && view.hit.as_ref().is_some_and(|hit| hit.kind.is_some()) {
            return None;
        }
        if let Some(town) = self.town() {
            return Some(town);
        }
        // 25-34 and 1948-05 are written as blocks of houses are.
        if view.most(&[AgeLike, MonthYear]) >= 0.5 {
            return None;
        }
        let share = |shape| view.tally.share(shape);
        let place = |at: usize| {
            self.views[at].most(&[JpAddress, JpPrefecture, JpCity, JpStreet, Street, PostalJp])
                >= 0.5
        };
        if !table.address && !self.beside().any(place)
            || !self
                .beside()
                .any(|at| place(at) || self.is(at, "postal-address", Part::ALL))
        {
            return None;
        }
        let pieces = [
            (JpPrefecture, Part::Prefecture),
            (JpCity, Part::City),
            (JpStreet, Part::Street),
            (JpBuilding, Part::Building),
        ];
        let piece = pieces.iter().find(|piece| share(piece.0) >= 0.6);
        if let Some(&(shape, part)) = piece {
            return self.found(
                "postal-address",
                part,
                0.4 + 0.4 * share(shape),
                &[shape],
                "address",
            );
        }
        // The state of a Western address: its code left of the postal code.
        let code = self.views.get(self.i + 1);
        let code = code.is_some_and(|view| view.most(&[PostalUs, PostalOther]) >= 0.6);
        if code && share(State) >= 0.9 {
            let confidence = 0.4 + 0.4 * share(State);
            return self.found(
                "postal-address",
                Part::Prefecture,
                confidence,
                &[State],
                "postal code",
            );
        }
        None
    }

    /// A Western town: words in capitals between a street and a postal code.
    fn town(&self) -> Option<Whole> {
        let view = self.view();
        let street = self
            .i
            .checked_sub(1)
            .is_some_and(|at| self.after_street(at));
        let zip = self.views[self.i + 1..]
            .iter()
            .take(2)
            .any(|view| view.most(&[PostalUs, PostalOther]) >= 0.5);
        let town = street
            && zip
            && view.tally.share(Capitalised) >= 0.75
            && view.tally.share(Organisation) < 0.2
            && view.most(&[Integer, Digits, Code, Date]) < 0.05;
        if !town {
            return None;
        }
        // Towns of other languages: Saint-Denis, Villeneuve-d'Ascq.
        let mut whole = self.found("postal-address", Part::City, 0.55, &[Capitalised], "street")?;
        whole.accept = Default::default();
        Some(whole)
    }

    /// Whether a column holds streets, or little and stands right of one.
    fn after_street(&self, at: usize) -> bool {
        let street = |at: usize| self.views[at].tally.share(Street) >= 0.4;
        let sparse = self.views[at].tally.values < self.views[at].tally.empty;
        street(at) || sparse && at.checked_sub(1).is_some_and(street)
    }

    /// Five digits near streets.
    fn zip(&self) -> Option<Whole> {
        let share = self.view().tally.share(PostalUs);
        let from = self.i.saturating_sub(4);
        let street = self.views[from..self.i]
            .iter()
            .any(|view| view.tally.share(Street) >= 0.4);
        let own = self
            .view()
            .hit
            .as_ref()
            .is_none_or(|hit| hit.kind.is_none());
        // The capacity of a restaurant has five digits, too.
        let postal = |view: &View<'_>| view.sort() == "address.postal" && view.tally.values > 0;
        if !self.view().nameless() && self.views.iter().any(postal) {
            return None;
        }
        if !street || share < 0.5 || !own || self.view().most(&[Date, Decimal]) >= 0.1 {
            return None;
        }
        let mut whole = self.found(
            "postal-code",
            Part::Whole,
            0.35 + 0.3 * share,
            &[PostalUs, PostalOther],
            "street",
        )?;
        if self.view().tally.share(Sentence) < 0.01 {
            whole.accept.insert(Code);
        }
        Some(whole)
    }
}

/// In a table of people where no column is told to hold names: the nameless column that holds most of them, where all are written as names and the
/// dictionary knows a third.
fn names(patterns: &Patterns, views: &[View<'_>], verdicts: &mut [Verdict]) {
    if unnamed::told(patterns, verdicts, "person-name") {
        return;
    }
    let full = |i: usize| views[i].sum(FULL_NAMES);
    let likely = |i: &usize| {
        let view = &views[*i];
        let other = [
            Organisation,
            Sentence,
            Occupation,
            Country,
            Street,
            JpCity,
            Code,
        ];
        verdicts[*i].whole.is_none()
            && !verdicts[*i].organisation
            && view.nameless()
            && full(*i) >= 0.3
            && view.most(&other) < 0.1
            && view.most(&[Integer, Date, Email, Url, Bool]) < 0.02
    };
    let best = (0..views.len())
        .filter(likely)
        .max_by(|&a, &b| full(a).total_cmp(&full(b)).then(b.cmp(&a)));
    let Some(i) = best else {
        return;
    };
    let confidence = 0.3 + 0.4 * full(i);
    let whole = views[i].found(patterns, "person-name", Part::Whole, confidence, FULL_NAMES);
    verdicts[i].whole = whole.map(|mut whole| {
        whole.accept = Default::default();
        whole
    });
}
