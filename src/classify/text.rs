//! Matches in running text.
//!
//! In: a text, of any length. Out: what stands in it, in order of start. Each recogniser looks only where its anchor stands (an `@`, a run of
//! digits, a line with Japanese in it, a capital letter), so that text without anchors costs one pass over its bytes.
//!
//! Spans: surname and given name are one, the honorific is outside, a reading in brackets is a span of its own; an address runs from the
//! prefecture (or the municipality) to the building.

use std::ops::Range;

use super::cell::shapes;
use super::mail_names;
use super::memo::Memo;
use super::text_japanese::Line;
use super::text_mail::{emails, escaped_emails, has_escaped_at};
use super::text_tokens::{credentials, ipv6};
use super::{Match, Shape, Shapes, Why, latin};
use super::{
    text_address, text_cards, text_devices, text_digits, text_forms, text_ids, text_labelled,
    text_latin, text_links, text_records, text_special,
};
use crate::pattern::{Failure, Kind, Matcher, Needs, Part, Patterns};

/// What the recognisers of this room find; the kinds' names are those of `patterns/kinds`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum What {
    Email,
    Phone,
    Card,
    BankAccount,
    Ip,
    MyNumber,
    PostalCode,
    Name,
    Address,
    BirthDate,
    Age,
    Credential,
    NationalId,
    Ssn,
    Passport,
    DriverLicence,
    MedicalId,
    JpDriver,
    JpResidence,
    JpPension,
    JpHealth,
    JpEmployment,
    SecurityCode,
    Expiry,
    Track,
    Device,
    Wallet,
    Page,
}

const KINDS: [(What, &str); 28] = [
    (What::Email, "email"),
    (What::Phone, "phone"),
    (What::Card, "payment-card"),
    (What::BankAccount, "bank-account"),
    (What::Ip, "ip-address"),
    (What::MyNumber, "jp.my-number"),
    (What::PostalCode, "postal-code"),
    (What::Name, "person-name"),
    (What::Address, "postal-address"),
    (What::BirthDate, "birth-date"),
    (What::Age, "age"),
    (What::Credential, "credential"),
    (What::NationalId, "national-id"),
    (What::Ssn, "us.ssn"),
    (What::Passport, "passport"),
    (What::DriverLicence, "driver-licence"),
    (What::MedicalId, "medical-id"),
    (What::JpDriver, "jp.driver-licence"),
    (What::JpResidence, "jp.residence-card"),
    (What::JpPension, "jp.pension"),
    (What::JpHealth, "jp.health-insurance"),
    (What::JpEmployment, "jp.employment-insurance"),
    (What::SecurityCode, "payment-card-security-code"),
    (What::Expiry, "payment-card-expiry"),
    (What::Track, "payment-card-track"),
    (What::Device, "device-id"),
    (What::Wallet, "crypto-wallet"),
    (What::Page, "url"),
];

/// A find before its kind is looked up.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    pub(super) what: What,
    pub(super) part: Part,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) confidence: f32,
    /// The check digit that was computed; empty where there is none.
    pub(super) check: &'static str,
    /// The word beside it; empty where there is none.
    pub(super) label: &'static str,
}

impl Hit {
    pub(super) fn new(what: What, range: Range<usize>, confidence: f32) -> Self {
        Self {
            what,
            part: Part::Whole,
            start: range.start,
            end: range.end,
            confidence,
            check: "",
            label: "",
        }
    }

    /// The same hit with the check digit and the word that it rests on.
    pub(super) fn because(mut self, check: &'static str, label: Option<&'static str>) -> Self {
        self.check = check;
        self.label = label.unwrap_or_default();
        self
    }

    /// What it rests on, in full.
    fn why(&self) -> Why {
        let (form, list) = match self.what {
            What::Name => ("", "names"),
            What::Address => ("", "places"),
            What::Email => ("email", ""),
            What::Ip => ("ip", ""),
            What::Phone => ("number-plan", ""),
            What::Credential => ("secret", ""),
            What::Page => ("url", ""),
            What::BirthDate => ("date", ""),
            What::Age => ("age", ""),
            _ => ("number", ""),
        };
        Why {
            form,
            list,
            check: self.check,
            label: self.label,
            rule: None,
        }
    }
}

/// Finds personal data in text. One per thread; keeps its scratch.
pub struct Scanner<'p> {
    kinds: [Option<Kind>; KINDS.len()],
    hits: Vec<Hit>,
    line: Line,
    memo: Memo,
    special: text_special::Finder,
    labelled: text_labelled::Finder<'p>,
    patterns: &'p Patterns,
    /// Whether there are rules of the user's own, which run on every word.
    own: bool,
}

impl<'p> Scanner<'p> {
    /// A scanner for the kinds of these patterns; a kind they do not have is not reported.
    pub fn new(patterns: &'p Patterns) -> Self {
        Self {
            kinds: KINDS.map(|(_, name)| patterns.kind(name)),
            hits: Vec::new(),
            line: Line::default(),
            memo: Memo::new(),
            special: text_special::Finder::new(patterns),
            labelled: text_labelled::Finder::new(patterns),
            patterns,
            own: patterns.rules().iter().any(|rule| rule.own),
        }
    }

    /// Adds all matches in a running text to `out`, in order of start; matches of one kind do not overlap.
    pub fn text(&mut self, text: &str, out: &mut Vec<Match>) {
        self.read(text, false, out);
    }

    /// Reads a running text, or a cell that is no single thing.
    fn read(&mut self, text: &str, cell: bool, out: &mut Vec<Match>) {
        let from = out.len();
        find(text, cell, &mut self.line, &mut self.hits);
        self.deliver(out);
        self.labelled.find(text, cell, from, out);
        self.special.find(text, cell, from, out);
        if self.own {
            self.own_rules(text, out);
        }
    }

    /// The rules of the user's own, on every word; a rule that needs a context needs one of its keywords before the word.
    fn own_rules(&self, text: &str, out: &mut Vec<Match>) {
        let from = out.len();
        let inside =
            |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | '/' | '@' | '+');
        for word in text.split(|c: char| !inside(c)) {
            let word = word.trim_matches(['.', '-', '/']);
            if word.is_empty() || word.len() > 256 {
                continue;
            }
            let start = word.as_ptr() as usize - text.as_ptr() as usize;
            let rules = self.patterns.rules().iter().enumerate();
            for (number, rule) in rules.filter(|(_, rule)| rule.own) {
                let before = &text[floor(text, start.saturating_sub(48))..start];
                let supported = match rule.needs {
                    Needs::Nothing => true,
                    Needs::Context | Needs::ColumnOrContext => rule
                        .keywords
                        .iter()
                        .any(|word| before.to_lowercase().contains(word.as_str())),
                    Needs::Column => false,
                };
                if supported && rule.accepts(word) == Some(true) {
                    out.push(Match {
                        kind: rule.kind,
                        part: rule.part,
                        start,
                        end: start + word.len(),
                        confidence: 0.8,
                        why: Why {
                            rule: u16::try_from(number).ok(),
                            ..Why::default()
                        },
                    });
                    break;
                }
            }
        }
        out[from..].sort_by_key(|hit| (hit.start, hit.kind));
    }

    /// The shapes of a cell; those of cells that may repeat soon are remembered.
    pub fn shapes(&mut self, cell: &str) -> Shapes {
        let slot = self.memo.slot(cell);
        if let Some(shapes) = slot.and_then(|slot| self.memo.get(slot, cell)) {
            return shapes;
        }
        let shapes = shapes(cell);
        if let Some(slot) = slot {
            self.memo.put(slot, cell, shapes);
        }
        shapes
    }

    /// Adds what stands in a cell of these shapes to `out`; nothing when the cell is a single thing.
    pub fn inside(&mut self, cell: &str, shapes: Shapes, out: &mut Vec<Match>) {
        if embeds(cell, shapes) {
            self.read(cell, true, out);
        } else {
            if shapes.0 & !BRIEF.0 == 0 {
                self.special.find(cell, true, out.len(), out);
            }
            if self.own && !shapes.has(Shape::Filler) {
                self.own_rules(cell, out);
            }
        }
    }

    /// Adds the names and addresses of a mail header (`Name <a@b>, "C, D" <c@d>`).
    pub fn mailboxes(&mut self, header: &str, out: &mut Vec<Match>) {
        self.hits.clear();
        emails(header, &mut self.hits);
        let mut from = 0;
        for at in 0..self.hits.len() {
            let (start, end) = (self.hits[at].start, self.hits[at].end);
            // Somebody without an address may stand before, who is told apart by a comma.
            let comma = header[from..start]
                .rfind([',', ';'])
                .map_or(from, |n| from + n);
            match display_name(header, from, start) {
                Some(name) => self.hits.push(Hit::new(What::Name, name, 0.8)),
                None => {
                    let name = display_name(header, comma, start)
                        .or_else(|| mail_names::display(header, from, start..end));
                    let own = name.map(|name| Hit::new(What::Name, name, 0.8));
                    self.hits.extend(own);
                    self.hits.extend(lone_names(header, from..comma));
                }
            }
            from = end;
        }
        self.hits.extend(lone_names(header, from..header.len()));
        self.deliver(out);
    }

    /// The personal data inside the name of a column, file or table: only what is sure (addresses, numbers, full names).
    pub fn name_ranges(&mut self, name: &str) -> Vec<Range<usize>> {
        find(name, false, &mut self.line, &mut self.hits);
        let mut ranges: Vec<_> = self
            .hits
            .iter()
            .filter(|h| h.what != What::Name && h.what != What::Age || h.confidence >= 0.7)
            .map(|h| h.start..h.end)
            .collect();
        let trimmed = name.trim();
        let whole = shapes(trimmed);
        if whole.any(Shapes::of(&[
            Shape::Email,
            Shape::Card,
            Shape::MyNumber,
            Shape::Iban,
            Shape::PhoneJp,
            Shape::PhoneIntl,
        ])) {
            let start = name.len() - name.trim_start().len();
            ranges.push(start..start + trimmed.len());
        }
        ranges.sort_by_key(|r| (r.start, r.end));
        let mut merged: Vec<Range<usize>> = Vec::new();
        for r in ranges {
            match merged.last_mut().filter(|last| last.end >= r.start) {
                Some(last) => last.end = last.end.max(r.end),
                None => merged.push(r),
            }
        }
        merged
    }

    fn deliver(&mut self, out: &mut Vec<Match>) {
        settle(&mut self.hits);
        for hit in &self.hits {
            if let Some(kind) = self.kinds[hit.what as usize] {
                out.push(Match {
                    kind,
                    part: hit.part,
                    start: hit.start,
                    end: hit.end,
                    confidence: hit.confidence,
                    why: hit.why(),
                });
            }
        }
    }
}

/// Shapes of words and phrases that are nothing else: what such a cell says may be an illness.
const BRIEF: Shapes = Shapes::of(&[
    Shape::HanShort,
    Shape::Kana,
    Shape::Word,
    Shape::Capitalised,
    Shape::Code,
]);

/// Numbers that are told by their check digits or their plan.
const STRICT: Shapes = Shapes::of(&[Shape::Iban, Shape::Card, Shape::PhoneJp, Shape::PhoneIntl]);

/// Whether a number of a strict shape is also written as such numbers are: an IBAN, whose check leaves nothing to chance, in any way; a phone with `+`
/// or in three groups, a card in four. Bare digits are left to the column.
fn grouped(cell: &str, shapes: Shapes) -> bool {
    let signs = cell
        .bytes()
        .filter(|b| matches!(b, b'-' | b' ' | b'(' | b')'));
    let phone = shapes.any(Shapes::of(&[Shape::PhoneJp, Shape::PhoneIntl]));
    shapes.has(Shape::Iban)
        || phone && (cell.trim_start().starts_with('+') || signs.clone().count() >= 2)
        || shapes.has(Shape::Card) && signs.count() >= 2
}

/// Whether something may stand inside the cell that is not the whole of it.
fn embeds(cell: &str, shapes: Shapes) -> bool {
    const SINGLE: Shapes = Shapes::of(&[
        Shape::Filler,
        Shape::Email,
        Shape::Url,
        Shape::Ip,
        Shape::Mac,
        Shape::Uuid,
        Shape::PhoneJp,
        Shape::PhoneIntl,
        Shape::Card,
        Shape::Digits,
        Shape::Integer,
        Shape::Decimal,
        Shape::Date,
        Shape::EraDate,
        Shape::DateTime,
        Shape::Time,
        Shape::Hash,
        Shape::JpFullName,
        Shape::KanaFullName,
        Shape::LatinFullName,
        Shape::Iban,
        Shape::PostalJp,
        Shape::Word,
        Shape::HanShort,
    ]);
    if cell.len() > 1024 || shapes.has(Shape::Sentence) {
        return true;
    }
    if shapes.any(SINGLE) {
        // An address of mail is one wherever it stands: a stray one among prices is found, too. So are numbers in a form that nothing else has.
        return shapes.has(Shape::Email)
            || shapes.has(Shape::Url) && (cell.contains('@') || has_escaped_at(cell))
            || shapes.any(STRICT) && grouped(cell, shapes);
    }
    let digits = cell.bytes().filter(u8::is_ascii_digit).count();
    // DOB 08/17/1996
    let dated = || digits == 8 && cell.contains(' ') && cell.contains(['/', '-', '.']);
    cell.len() >= 12 && (digits >= 9 || dated() || cell.contains('@') || has_escaped_at(cell))
        || cell.contains(['：', '\n', '様'])
        || cell.contains("振込")
        || cell.len() >= 12 && cell.contains('^') && cell.contains('[')
        || cell.contains(": ")
}

/// Every recogniser over the text; the hits may overlap.
pub(super) fn find(text: &str, cell: bool, line: &mut Line, hits: &mut Vec<Hit>) {
    hits.clear();
    emails(text, hits);
    escaped_emails(text, hits);
    text_digits::find(text, hits);
    text_cards::tracks(text, hits);
    text_cards::beside_cards(text, hits);
    text_ids::find(text, cell, hits);
    ipv6(text, hits);
    text_devices::macs(text, hits);
    credentials(text, hits);
    text_address::find(text, hits);
    mail_names::find(text, hits);
    text_latin::find(text, hits);
    if !text.is_ascii() {
        line.find(text, hits);
    }
    text_forms::find(text, hits);
    text_records::find(text, hits);
    text_links::find(text, hits);
}

/// Sorts the hits; of two that overlap in one kind, or where one explains the other away, the surer stays.
pub(super) fn settle(hits: &mut Vec<Hit>) {
    let rank = |w: What| match w {
        What::Email => 0,
        What::Card | What::BankAccount | What::Credential => 1,
        What::Ip | What::MyNumber => 2,
        What::NationalId | What::Ssn | What::Passport | What::DriverLicence => 2,
        What::MedicalId | What::JpDriver | What::JpResidence | What::JpPension => 2,
        What::JpHealth | What::JpEmployment | What::Device | What::Wallet => 2,
        What::SecurityCode | What::Expiry | What::Track => 1,
        What::BirthDate => 3,
        What::Address => 4,
        What::Phone => 5,
        What::PostalCode => 6,
        What::Name => 7,
        What::Age | What::Page => 8,
    };
    hits.sort_by(|a, b| {
        (a.start, rank(a.what))
            .cmp(&(b.start, rank(b.what)))
            .then(b.end.cmp(&a.end))
            .then(b.confidence.total_cmp(&a.confidence))
    });
    let mut kept: Vec<Hit> = Vec::with_capacity(hits.len());
    for &hit in hits.iter() {
        match kept.last_mut().filter(|last| last.end > hit.start) {
            None => kept.push(hit),
            Some(last)
                if rank(hit.what) < rank(last.what)
                    || hit.what == last.what
                        && hit.confidence > last.confidence
                        && hit.end >= last.end =>
            {
                *last = hit
            }
            Some(_) => {}
        }
    }
    *hits = kept;
}

/// A word that is looked for in every text: its finder takes longer to make than most cells to read.
pub(super) type Fixed = std::sync::LazyLock<memchr::memmem::Finder<'static>>;

/// Where the first digit stands.
#[inline]
pub(super) fn next_digit(bytes: &[u8]) -> Option<usize> {
    // Eight bytes at a time: those from `0` to `9` leave their highest bit set in the mask.
    const LOW: u64 = 0x7F7F_7F7F_7F7F_7F7F;
    const HIGH: u64 = !LOW;
    let all = |b: u8| u64::from_ne_bytes([b; 8]);
    let mut at = 0;
    while let Some(eight) = bytes[at..].first_chunk::<8>() {
        let word = u64::from_le_bytes(*eight);
        let low = word & LOW;
        let digits = (low + all(0x80 - b'0')) & !(low + all(0x7F - b'9')) & !word & HIGH;
        if digits != 0 {
            return Some(at + digits.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let rest = bytes[at..].iter().position(u8::is_ascii_digit)?;
    Some(at + rest)
}

/// The last character boundary at or before a byte.
pub(super) fn floor(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// The display name before an address in a mail header.
fn display_name(header: &str, from: usize, at: usize) -> Option<Range<usize>> {
    let span = &header[from..at];
    let name = span.strip_suffix('<')?.trim_end();
    mailbox_name(header, name)
}

/// The names in a part of a mail header that have no address: of people in the same house, and in chats.
fn lone_names(header: &str, part: Range<usize>) -> impl Iterator<Item = Hit> + use<'_> {
    let pieces = header[part].split([',', ';']);
    let names = pieces.filter_map(move |piece| mailbox_name(header, piece));
    names.map(|name| Hit::new(What::Name, name, 0.7))
}

/// Where the name is in a piece of a header, if it is a person's.
fn mailbox_name(header: &str, piece: &str) -> Option<Range<usize>> {
    let name =
        piece.trim_start_matches([' ', ',', ';', '>', '\t', '\r', '\n', '"', '\'', '\u{3000}']);
    let name = name.trim_end_matches(['"', '\'', ' ', '\t', '\r', '\n', '\u{3000}']);
    let start = name.as_ptr() as usize - header.as_ptr() as usize;
    let bare = name.trim_end_matches(['様', 'さ', 'ん']);
    let found = shapes(bare);
    let is = found.any(Shapes::of(&[
        Shape::JpFullName,
        Shape::KanaFullName,
        Shape::LatinFullName,
        Shape::ScriptFullName,
        Shape::JpSurname,
        Shape::JpGiven,
    ])) || found.has(Shape::Capitalised) && latin::all_names(bare);
    (is && !found.any(Shapes::of(&[Shape::Organisation, Shape::Email])))
        .then_some(start..start + bare.len())
}

/// The recogniser of a pattern file's name: whether a value, seen alone, is of that sort.
pub fn recogniser(name: &str) -> Option<fn(&str) -> bool> {
    macro_rules! has {
        ($($shape:ident),+) => {
            |value| shapes(value).any(Shapes::of(&[$(Shape::$shape),+]))
        };
    }
    Some(match name {
        "email" => has!(Email),
        "phone" => has!(PhoneJp, PhoneIntl),
        "card" => has!(Card),
        "iban" => has!(Iban),
        "ip" => has!(Ip),
        "my-number" => has!(MyNumber),
        "date" => has!(Date, EraDate, DateTime),
        "jp-name" => has!(JpFullName),
        "kana-name" => has!(KanaFullName),
        "latin-name" => has!(LatinFullName),
        "jp-address" => has!(JpAddress),
        "street" => has!(Street, JpStreet),
        "occupation" => has!(Occupation),
        "postal-code" => has!(PostalJp, PostalUs, PostalOther),
        "gender" => has!(Gender),
        "age" => |value| {
            let found = shapes(value);
            found.has(Shape::AgeLike) && !found.any(Shapes::of(&[Shape::Date, Shape::EraDate]))
        },
        "hash" => has!(Hash),
        "token" => has!(Token),
        "blood-type" => has!(BloodType),
        _ => return None,
    })
}

/// Proves the examples and counter-examples of all rules: alone, and in full width where the rule has a recogniser. A rule that needs nothing
/// beside must find its examples in a sentence too.
pub fn check_patterns(patterns: &Patterns) -> Vec<Failure> {
    let fits = |rule: &crate::pattern::Rule, value: &str| match &rule.matcher {
        Matcher::Recogniser(name) => recogniser(name).is_some_and(|fits| fits(value)),
        _ => rule.accepts(value) == Some(true),
    };
    let mut failures = patterns.check(&fits);
    let mut scanner = Scanner::new(patterns);
    let mut found = Vec::new();
    for rule in patterns
        .rules()
        .iter()
        .filter(|rule| matches!(rule.matcher, Matcher::Recogniser(_)))
    {
        for (number, value) in rule.examples.iter().enumerate() {
            let wide: String = value.chars().map(widen).collect();
            found.clear();
            scanner.text(&format!("(see {value} )"), &mut found);
            let in_text =
                rule.needs != Needs::Nothing || found.iter().any(|hit| hit.kind == rule.kind);
            if !in_text || !value.contains(['.', '@', ':']) && !fits(rule, &wide) {
                failures.push(Failure {
                    rule: rule.id.clone(),
                    example: true,
                    number: number + 1,
                });
            }
        }
    }
    failures
}

/// The full-width form of an ASCII character.
fn widen(c: char) -> char {
    match c {
        ' ' => '\u{3000}',
        '!'..='~' => char::from_u32(c as u32 + 0xFEE0).unwrap_or(c),
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hits(text: &str) -> Vec<(What, &str)> {
        let (mut line, mut hits) = (Line::default(), Vec::new());
        find(text, false, &mut line, &mut hits);
        settle(&mut hits);
        hits.iter()
            .map(|h| (h.what, &text[h.start..h.end]))
            .collect()
    }

    /// The text holds exactly this.
    fn check(text: &str, expected: &[(What, &str)]) {
        assert_eq!(hits(text), expected, "{text}");
    }

    #[test]
    fn numbers_and_addresses_in_sentences() {
        use What::*;
        check(
            "Mail taro@example.com, please.",
            &[(Email, "taro@example.com")],
        );
        check(
            "<a href='mailto:taro@example.com'>",
            &[(Email, "taro@example.com")],
        );
        check("電話：03-1234-5678 まで", &[(Phone, "03-1234-5678")]);
        check("Chrome/125.0.6422.112 Mobile Safari/537.36", &[]);
        check(
            "TEL ０３－１２３４－５６７８",
            &[(Phone, "０３－１２３４－５６７８")],
        );
        check(
            "Call +81 90-1234-5678 or (212) 555-0123.",
            &[(Phone, "+81 90-1234-5678"), (Phone, "(212) 555-0123")],
        );
        check(
            "card 4111 1111 1111 1111 was used",
            &[(Card, "4111 1111 1111 1111")],
        );
        // An article's number that passes as a card's, and what is no article's or called a card's.
        check("商品コード：4900000000023", &[]);
        check("card 4900000000023", &[(Card, "4900000000023")]);
        check("paid by 4222222222222 today", &[(Card, "4222222222222")]);
        check(
            "IBAN DE89 3704 0044 0532 0130 00 today",
            &[(BankAccount, "DE89 3704 0044 0532 0130 00")],
        );
        check(
            "マイナンバー：1234 5678 9018 です",
            &[(MyNumber, "1234 5678 9018")],
        );
        check(
            "from 192.0.2.17 and 2001:db8::1 it came",
            &[(Ip, "192.0.2.17"), (Ip, "2001:db8::1")],
        );
        check(
            "〒105-0011 東京都港区芝公園4-2-8",
            &[(PostalCode, "105-0011"), (Address, "東京都港区芝公園4-2-8")],
        );
        check("生年月日：1985年4月3日", &[(BirthDate, "1985年4月3日")]);
        check("password: hunter2!x", &[(Credential, "hunter2!x")]);
        check(
            "Send it to 123 Main Street, Springfield, IL 62704 today",
            &[(Address, "123 Main Street, Springfield, IL 62704")],
        );
    }

    #[test]
    fn names_in_sentences() {
        use What::*;
        check("佐藤太郎様からのご注文", &[(Name, "佐藤太郎")]);
        check("氏名：鈴木 花子", &[(Name, "鈴木 花子")]);
        check(
            "高橋健太（たかはしけんた）さん",
            &[(Name, "高橋健太"), (Name, "たかはしけんた")],
        );
        check("Dear Mr. Smith, thank you.", &[(Name, "Smith")]);
        check("I met Mary Johnson yesterday.", &[(Name, "Mary Johnson")]);
    }

    #[test]
    fn built_in_examples_hold() {
        assert_eq!(check_patterns(Patterns::builtin()), []);
    }

    #[test]
    fn mail_headers_and_names() {
        let patterns = Patterns::builtin();
        let mut scanner = Scanner::new(patterns);
        let mut found = Vec::new();
        let header =
            "佐藤 太郎 <taro@example.com>, \"Johnson, Mary\" <mary@example.com>, info@example.com";
        scanner.mailboxes(header, &mut found);
        let got: Vec<_> = found
            .iter()
            .map(|m| {
                (
                    patterns.kinds()[m.kind.0 as usize].name.as_str(),
                    &header[m.start..m.end],
                )
            })
            .collect();
        let expected = [
            ("person-name", "佐藤 太郎"),
            ("email", "taro@example.com"),
            ("person-name", "Johnson, Mary"),
            ("email", "mary@example.com"),
            ("email", "info@example.com"),
        ];
        assert_eq!(got, expected);
        let mut check = |name: &str, expected: &[&str]| {
            let got: Vec<_> = scanner
                .name_ranges(name)
                .into_iter()
                .map(|r| &name[r])
                .collect();
            assert_eq!(got, expected, "{name}");
        };
        check("customer_name", &[]);
        check("taro@example.com", &["taro@example.com"]);
        check("090-1234-5678", &["090-1234-5678"]);
        check("お名前", &[]);
    }

    #[test]
    fn decoys_stay_quiet() {
        for text in [
            "2024-01-02 12:34:56.789 INFO worker-12 started in 1234567 ms",
            "block blk_-1608999687919862906 of size 67108864 from /10.0.0",
            "ISBN 978-4-10-109205-8",
            "std::cout << x::y;",
            "version 1.2.3.4567",
            "order 140000050039, item 123456789018",
            "お客様各位、皆様へ",
            "株式会社佐藤商店",
            "icon@2x.png and user@host",
            "let password = config.get(\"password\");",
        ] {
            check(text, &[]);
        }
    }

    #[test]
    fn hostile_text_is_no_trouble() {
        let sample = "氏名：佐藤 太郎様 〒105-0011 東京都港区芝公園4-2-8 TEL +81(0)3-1234-5678 Dear Mr. O'Neil's <a@b.example.com> 63-7.\n12 Main St.\nX IL 62704 S60.4.3生 ㍼";
        let bounds: Vec<usize> = sample.char_indices().map(|(at, _)| at).collect();
        for &from in &bounds {
            hits(&sample[from..]);
            hits(&sample[..from]);
        }
        // A fixed generator: pieces of the sample in any order.
        let mut seed = 1u32;
        let mut next = |n: usize| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) as usize % n
        };
        for _ in 0..3000 {
            let mut text = String::new();
            for _ in 0..12 {
                let (a, b) = (next(bounds.len()), next(6));
                text.push_str(&sample[bounds[a]..bounds[(a + b).min(bounds.len() - 1)]]);
            }
            hits(&text);
            shapes(&text);
        }
    }
}
