//! Which matches of a running text speak of one person: those of a line, of a labelled block, of a row of a pasted table, of
//! values stacked one to a line.
//!
//! In: a text and its matches in order of start. Out: the matches block by block. What a block's matches say is not known here.

use std::ops::Range;

use super::KindIds;
use crate::classify::Match;
use crate::pattern::{Kind, KindSet, Part};
use crate::text::katakana;

/// How lines belong together.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum How {
    /// Lines with a label (`氏名：`, `name=`) go on from one to the next, and values stacked one to a line; no others: logs, lists.
    Labelled,
    /// Neighbouring lines go on until one repeats what the block already has: letters, signatures.
    Neighbours,
}

/// Labels of a block that are remembered.
const LABELS: usize = 64;
/// Characters of a label in words, with what ends it; characters of one that is an identifier.
const WORDS: usize = 14;
const IDENTIFIER: usize = 48;
/// Lines of a business card or a signature, and bytes of one.
const CARD_LINES: usize = 14;
const CARD_BYTES: usize = 160;
/// How sure the name on a card must be.
const SURE: f32 = 0.6;
/// Lines before and after one that say what it is.
const BESIDE: usize = 2;
/// Lines that are kept: a text may have one for every byte.
const WINDOW: usize = 1024;

/// Gives the matches of a text, block by block.
pub(super) fn each(
    ids: &KindIds,
    text: &str,
    matches: &[Match],
    how: How,
    give: &mut dyn FnMut(&[Match]),
) {
    if matches.is_empty() {
        return;
    }
    let mut lines = Lines::of(ids, text, matches);
    let mut block = Block::default();
    let mut at = 0;
    loop {
        if at >= WINDOW {
            lines.all.drain(..at - BESIDE);
            at = BESIDE;
        }
        lines.read_to(at + CARD_LINES + BESIDE);
        if at >= lines.all.len() {
            break;
        }
        if lines.is_row(at) {
            block.end(give);
            block.take(ids, &lines.read(at), give);
            block.end(give);
            at += 1;
            continue;
        }
        if how == How::Labelled {
            if let Some((card, end)) = lines.card(at) {
                block.end(give);
                give(&card);
                at = end;
                continue;
            }
            lines.read_values(at);
            let stacked = lines.stacked(at);
            if !stacked.is_empty() {
                for record in stacked {
                    block.end(give);
                    for line in record.clone() {
                        block.take(ids, lines.found(line), give);
                    }
                    at = record.end;
                }
                block.open = lines.goes_on(at - 1, at);
                continue;
            }
        }
        let line = &lines.all[at];
        let goes_on = match how {
            How::Labelled => line.label.is_some() || lines.is_heading(at),
            How::Neighbours => !line.text.is_empty(),
        };
        if !block.open || !goes_on || how == How::Labelled && line.label.is_none() {
            block.end(give);
        }
        if let Some(label) = &line.label {
            if block.repeats(label) {
                block.end(give);
            }
            block.add_label(label);
        }
        block.take(ids, &lines.read(at), give);
        block.open = goes_on;
        at += 1;
    }
    block.end(give);
}

/// Phones of one person at most.
const PHONES: usize = 3;

/// A block being collected.
#[derive(Default)]
struct Block<'t> {
    matches: Vec<Match>,
    /// The kinds it has of those a person has one of.
    seen: KindSet,
    labels: Vec<&'t str>,
    group: Option<u32>,
    open: bool,
}

impl<'t> Block<'t> {
    /// Adds the matches of a line; one that nobody has two of begins the next block.
    fn take(&mut self, ids: &KindIds, found: &[Match], give: &mut dyn FnMut(&[Match])) {
        for (nth, one) in found.iter().enumerate() {
            let half = Some(one.kind) == ids.name && one.part != Part::Whole;
            let again = match half {
                true => self.has(one),
                false if self.is_further(ids, found, nth) => false,
                false => is_single(ids, one) && self.seen.contains(one.kind),
            };
            if again {
                self.give(give);
            }
            if !half {
                self.seen = self.seen.with(one.kind);
            }
            self.matches.push(one.clone());
        }
    }

    /// Whether a match of a line is a further phone of whom the block names: right behind another one, 電話 and 携帯 or `Tel` and `Fax`.
    fn is_further(&self, ids: &KindIds, found: &[Match], nth: usize) -> bool {
        let is = |one: &Match, kind| Some(one.kind) == kind;
        let behind = nth.checked_sub(1).map(|before| &found[before]);
        let phones = self.matches.iter().filter(|one| is(one, ids.phone));
        is(&found[nth], ids.phone)
            && behind.is_some_and(|before| is(before, ids.phone))
            && phones.count() < PHONES
            && self.matches.iter().any(|one| is(one, ids.name))
    }

    /// Whether a match of the same kind and part is there.
    fn has(&self, one: &Match) -> bool {
        let mut known = self.matches.iter();
        known.any(|known| (known.kind, known.part) == (one.kind, one.part))
    }

    /// Whether a line with this label begins the next record. `Tel:` twice in a row are two numbers of one person.
    fn repeats(&self, label: &Label<'_>) -> bool {
        let groups = self.group.zip(label.group);
        let again = self.labels.contains(&label.name);
        groups.is_some_and(|(ours, theirs)| ours != theirs)
            || again && (label.is_sign || self.labels.last() != Some(&label.name))
    }

    fn add_label(&mut self, label: &Label<'t>) {
        self.group = self.group.or(label.group);
        if self.labels.len() < LABELS {
            self.labels.push(label.name);
        }
    }

    /// Gives what was collected; labels go on counting.
    fn give(&mut self, give: &mut dyn FnMut(&[Match])) {
        if !self.matches.is_empty() {
            give(&self.matches);
        }
        self.matches.clear();
        self.seen = KindSet::default();
    }

    fn end(&mut self, give: &mut dyn FnMut(&[Match])) {
        self.give(give);
        self.labels.clear();
        self.group = None;
        self.open = false;
    }
}

/// Whether nobody has two of what a match is.
fn is_single(ids: &KindIds, one: &Match) -> bool {
    [ids.name, ids.email, ids.card].contains(&Some(one.kind)) && one.part == Part::Whole
        || ids.strong.contains(one.kind)
}

/// A line of the text.
struct Line<'t> {
    /// Without white space at its ends.
    text: &'t str,
    /// Where that begins.
    start: usize,
    /// Its matches.
    found: Range<usize>,
    label: Option<Label<'t>>,
}

/// What stands before a value and says what it is.
struct Label<'t> {
    name: &'t str,
    /// A number in it that tells records apart: `user.2.name`, `users[2][name]`.
    group: Option<u32>,
    /// Whether `=`, `=>` or `|` follows: a program wrote it.
    is_sign: bool,
}

struct Lines<'t> {
    ids: &'t KindIds,
    name: Option<Kind>,
    text: &'t str,
    matches: &'t [Match],
    /// Those that were read and not dropped.
    all: Vec<Line<'t>>,
    rest: std::str::SplitInclusive<'t, char>,
    /// Where the rest begins in the text, and its matches.
    from: (usize, usize),
}

impl<'t> Lines<'t> {
    fn of(ids: &'t KindIds, text: &'t str, matches: &'t [Match]) -> Self {
        let ends = matches.partition_point(|one| one.start < text.len());
        let matches = &matches[..ends];
        Self {
            ids,
            name: ids.name,
            text,
            matches,
            all: Vec::new(),
            rest: text.split_inclusive('\n'),
            from: (0, 0),
        }
    }

    /// Reads on until a line is there, or the text ends.
    fn read_to(&mut self, at: usize) {
        while self.all.len() <= at
            && let Some(line) = self.rest.next()
        {
            let (from, first) = self.from;
            let end = from + line.len();
            let found = self.matches[first..].partition_point(|one| one.start < end);
            let found = first..first + found;
            let trimmed = line.trim();
            let start = from + (line.len() - line.trim_start().len());
            let value = self.matches[found.clone()].first();
            self.from = (end, found.end);
            self.all.push(Line {
                text: trimmed,
                start,
                found,
                label: label(trimmed, value.map(|one| one.start.saturating_sub(start))),
            });
        }
    }

    /// Reads on behind the lines of nothing but values from this one on.
    fn read_values(&mut self, mut at: usize) {
        while at < self.all.len() && self.is_value(at) {
            at += 1;
            self.read_to(at + BESIDE);
        }
    }

    fn found(&self, at: usize) -> &'t [Match] {
        &self.matches[self.all[at].found.clone()]
    }

    /// The matches of a line; a name in kana right beside one that is not, with a separator between, is how it is read.
    fn read(&self, at: usize) -> Vec<Match> {
        let mut found = self.found(at).to_vec();
        let is_whole = |one: &Match| Some(one.kind) == self.name && one.part == Part::Whole;
        let is_row = self.is_row(at);
        for at in 1..found.len() {
            let (before, after) = (&found[at - 1], &found[at]);
            if !is_whole(before) || !is_whole(after) || !self.is_parted(before, after, is_row) {
                continue;
            }
            match (self.is_kana(before), self.is_kana(after)) {
                (false, true) => found[at].part = Part::Reading,
                (true, false) => found[at - 1].part = Part::Reading,
                _ => {}
            }
        }
        found
    }

    /// The matches of a paragraph in which one person introduces himself, and its end: a business card, a signature, a form whose labels stand on lines
    /// of their own. Its lines are few and short, it has one name in full (once more in kana or Latin letters, if at all), one mailbox and address at
    /// most, and a way to reach somebody.
    fn card(&self, at: usize) -> Option<(Vec<Match>, usize)> {
        let begins = at == 0 || self.all[at - 1].text.is_empty();
        if !begins || self.all[at].text.is_empty() {
            return None;
        }
        let rest = &self.all[at..self.all.len().min(at + CARD_LINES + 1)];
        let n_lines = rest.iter().take_while(|line| !line.text.is_empty()).count();
        let is_short = |line: &Line<'_>| line.text.len() <= CARD_BYTES;
        if !(2..=CARD_LINES).contains(&n_lines) || !rest[..n_lines].iter().all(is_short) {
            return None;
        }
        let end = at + n_lines;
        let found = rest[0].found.start..rest[n_lines - 1].found.end;
        let mut card: Vec<Match> = (at..end).flat_map(|at| self.read(at)).collect();
        let lines = rest[..n_lines].iter().filter(|line| !line.found.is_empty());
        if card.len() != found.len() || lines.count() < 2 {
            return None;
        }
        self.one_name(&mut card)?;
        let n = |kind: Option<Kind>| {
            let whole = |one: &&Match| Some(one.kind) == kind && one.part == Part::Whole;
            card.iter().filter(whole).count()
        };
        let [mails, phones, addresses] = [self.ids.email, self.ids.phone, self.ids.address].map(n);
        let reach = [self.ids.email, self.ids.phone];
        let single = card
            .iter()
            .filter(|one| self.ids.strong.contains(one.kind) && !reach.contains(&Some(one.kind)));
        let fits = mails <= 1 && addresses <= 1 && phones <= PHONES && single.count() <= 1;
        (fits && mails + phones + addresses > 0).then_some((card, end))
    }

    /// Makes of further names of a card the reading of the first or its Latin writing; `None` where they are somebody else's, or none is in full.
    fn one_name(&self, card: &mut [Match]) -> Option<()> {
        let is_ascii = |one: &Match| self.text.get(one.start..one.end).is_some_and(str::is_ascii);
        let is_whole = |one: &Match| Some(one.kind) == self.name && one.part == Part::Whole;
        let plain = |one: &Match| is_whole(one) && !self.is_kana(one) && !is_ascii(one);
        let in_kanji = card.iter().any(plain);
        let mut others = [Part::Reading, Part::Romaji].map(|part| {
            usize::from(
                card.iter()
                    .any(|one| Some(one.kind) == self.name && one.part == part),
            )
        });
        let mut names = 0;
        for one in card.iter_mut() {
            if Some(one.kind) != self.name || matches!(one.part, Part::Reading | Part::Romaji) {
                continue;
            }
            if !is_whole(one) || one.confidence < SURE {
                return None;
            }
            match (in_kanji, self.is_kana(one), is_ascii(one)) {
                (true, true, _) => (one.part, others[0]) = (Part::Reading, others[0] + 1),
                (true, _, true) => (one.part, others[1]) = (Part::Romaji, others[1] + 1),
                _ => names += 1,
            }
        }
        (names == 1 && others.iter().all(|&n| n <= 1)).then_some(())
    }

    /// Whether nothing but the end of a cell stands between two matches, or a bracket, or the word for readings.
    fn is_parted(&self, before: &Match, after: &Match, is_row: bool) -> bool {
        let between = self.text.get(before.end..after.start).unwrap_or("x");
        if is_word_of_readings(between) {
            return true;
        }
        let comma = |c| is_row && c == ',';
        let parts = |c: char| matches!(c, '\t' | '|' | ';' | '(' | '（') || comma(c);
        let mut rest = between.chars().filter(|&c| !parts(c));
        between.contains(parts) && rest.all(|c| matches!(c, ' ' | '\u{3000}' | '"' | '\''))
    }

    fn is_kana(&self, one: &Match) -> bool {
        let name = self.text.get(one.start..one.end).unwrap_or("");
        let mut chars = name.chars().map(katakana);
        chars.all(|c| matches!(c, 'ァ'..='ヺ' | 'ー' | '・' | ' ' | '\u{3000}' | '･'..='ﾟ'))
    }

    /// Whether the line is a row of a table that was pasted into the text: its neighbours have as many separators.
    fn is_row(&self, at: usize) -> bool {
        let line = &self.all[at];
        if line.found.is_empty() || line.label.is_some() {
            return false;
        }
        let all = |at: usize| self.all.get(at).map(|line| line.text).unwrap_or("");
        let before = |n: usize| at.checked_sub(n).map_or("", all);
        [(b'\t', 1), (b'|', 2), (b';', 2), (b',', 2)]
            .into_iter()
            .any(|(separator, least)| {
                let n = separators(line.text, separator);
                let same = |line: &str| separators(line, separator) == n;
                let near = || {
                    let (up, down) = (same(before(1)), same(all(at + 1)));
                    // Commas and semicolons stand in sentences, too.
                    let far = || match (up, down) {
                        (true, false) => same(before(2)),
                        (false, true) => same(all(at + 2)),
                        (both, _) => both,
                    };
                    match separator {
                        b'\t' | b'|' => up || down,
                        _ => far(),
                    }
                };
                n >= least && near()
            })
    }

    /// Whether the line is a name and nothing else, and the next one says more under a label: `■佐藤 健`, `住所：…`.
    fn is_heading(&self, at: usize) -> bool {
        let [one] = self.found(at) else { return false };
        let next = self.all.get(at + 1);
        Some(one.kind) == self.name
            && one.part == Part::Whole
            && self.is_value(at)
            && next.is_some_and(|next| next.label.is_some())
            && !self.names(at + 1)
    }

    /// Whether a line holds somebody's whole name.
    fn names(&self, at: usize) -> bool {
        let is_name = |one: &Match| Some(one.kind) == self.name && one.part == Part::Whole;
        self.found(at).iter().any(is_name)
    }

    /// Whether the lines after stacked ones still say something of the last: `山田 太郎`, `taro@example.com`, `電話：…`.
    fn goes_on(&self, last: usize, next: usize) -> bool {
        let next = self.all.get(next);
        !self.all[last].text.is_empty() && next.is_some_and(|next| next.label.is_some())
    }

    /// Whether a line without a label is nothing but values.
    fn is_value(&self, at: usize) -> bool {
        let line = &self.all[at];
        let found = self.found(at);
        if found.is_empty() || line.label.is_some() {
            return false;
        }
        let mut rest = line.start;
        let plain = |from: usize, to: usize| {
            let between = self.text.get(from..to.max(from)).unwrap_or("x");
            let signs = between.chars().all(|c| !c.is_alphanumeric());
            signs || matches!(between.trim(), "様" | "さん" | "殿" | "氏" | "先生" | "〒")
        };
        let covered = found.iter().all(|one| {
            let fits = plain(rest, one.start);
            rest = rest.max(one.end);
            fits
        });
        covered && plain(rest, line.start + line.text.len())
    }

    /// Records of values stacked one to a line, from this line on: lines of other kinds each, again and again, or one such
    /// record by itself. None where lines of one kind follow one another: a list.
    fn stacked(&self, at: usize) -> Vec<Range<usize>> {
        let end = (at..self.all.len())
            .find(|&at| !self.is_value(at))
            .unwrap_or(self.all.len());
        if end < at + 2 {
            return Vec::new();
        }
        let kind = |at: usize| self.found(at)[0].kind;
        let mut records: Vec<Range<usize>> = Vec::new();
        for line in at..end {
            match records.last_mut() {
                Some(last) if !last.clone().any(|known| kind(known) == kind(line)) => {
                    last.end = line + 1;
                }
                _ => records.push(line..line + 1),
            }
        }
        let whole = |record: &&Range<usize>| record.len() >= 2 && kind(record.start) == kind(at);
        let n_whole = records.iter().filter(whole).count();
        if n_whole * 5 < records.len() * 4 {
            // As many lines as there are, each for itself; looked at once.
            return (at..end).map(|line| line..line + 1).collect();
        }
        records
    }
}

/// How many of a separator stand in a line.
fn separators(line: &str, separator: u8) -> usize {
    memchr::memchr_iter(separator, line.as_bytes()).count()
}

/// The label of a line: `氏名：`, `- name:`, `"name" =>`, `email=`, `name  |`. `value` is where its first value begins.
fn label(line: &str, value: Option<usize>) -> Option<Label<'_>> {
    let bare = line
        .trim_start_matches(|c: char| c.is_whitespace() || "■□●○◆◇・*【＊#-–•>\"'`".contains(c));
    let bare = without_number(bare);
    if bare.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let identifier = |c: char| c.is_ascii_alphanumeric() || "_.-@[]\"'`".contains(c);
    let (mut is_identifier, mut is_parted) = (true, false);
    for (n, (at, c)) in bare.char_indices().enumerate() {
        let bracket = c == ']' && !bare[..at].is_ascii();
        let ends = matches!(c, ':' | '：' | '】' | '=' | '|') || bracket;
        if ends && at > 0 {
            let name = bare[..at].trim_end_matches([' ', '\t', '"', '\'', '`']);
            let is_sign = matches!(c, '=' | '|');
            // A value before a sign is no label, and several on a line are a line of a log.
            let offset = line.len() - bare.len();
            let is_written = !is_sign
                || !name.is_empty()
                    && (c == '|' || !name.contains(' '))
                    && value.is_none_or(|value| value >= offset + at)
                    && is_alone(&bare[at..], c);
            let group = group(name);
            let is_short = n < WORDS || is_identifier || !is_sign && is_of_words(name);
            return (is_written && is_short).then_some(Label {
                name,
                group,
                is_sign,
            });
        }
        match c {
            ',' | ';' => return None,
            ' ' | '\t' => is_parted = true,
            _ => is_identifier &= identifier(c) && !is_parted,
        }
        if n >= IDENTIFIER || n >= WORDS && !is_identifier && !c.is_ascii() {
            return None;
        }
    }
    None
}

/// A line without the number that a form gives it: `1. 氏名：`, `(2) 電話：`.
fn without_number(line: &str) -> &str {
    let open = line.trim_start_matches(['(', '（']);
    let digits = open.bytes().take_while(u8::is_ascii_digit).count();
    let rest = open[digits..].trim_start_matches(['.', ')', '．', '）', '、']);
    let parted = digits > 0 && digits <= 2 && rest.len() < open.len() - digits;
    let rest = rest.trim_start();
    match parted && rest.starts_with(char::is_alphabetic) {
        true => rest,
        false => line,
    }
}

/// Whether the last of some words is one of labels: `Registrant Phone`, `Applicant date of birth`.
fn is_of_words(label: &str) -> bool {
    #[rustfmt::skip]
    const LABELS: [&str; 22] = [
        "name", "phone", "telephone", "tel", "mobile", "cell", "fax", "email", "e-mail", "mail", "address", "street", "city", "birth", "dob", "number", "contact",
        "country", "code", "gender", "state", "organization",
    ];
    let mut words = label.split([' ', '/']).filter(|word| !word.is_empty());
    let n_words = words.clone().count();
    let last = words.next_back().unwrap_or("");
    (2..=5).contains(&n_words) && LABELS.iter().any(|word| last.eq_ignore_ascii_case(word))
}

/// Whether what stands between two names says that the second is how the first is read: `&kana=`, `","furigana":"`, ` フリガナ：`.
fn is_word_of_readings(between: &str) -> bool {
    const WORDS: [&str; 9] = [
        "kana",
        "furigana",
        "yomi",
        "カナ",
        "フリガナ",
        "ふりがな",
        "かな",
        "よみ",
        "読み",
    ];
    let signs = [
        '&', '=', ':', '：', '"', '\t', ',', ' ', '\u{3000}', '|', '/',
    ];
    between.len() <= 48
        && between.contains(signs)
        && between
            .split(|c: char| signs.contains(&c) || c == '_')
            .any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)))
}

/// Whether no second label follows in the line: `name=a mail=b` is a line of a log, `a | b | c` one of a table.
fn is_alone(rest: &str, sign: char) -> bool {
    let value = rest.trim_start_matches(['=', '>', '|', ' ']);
    match sign {
        '|' => !value.contains('|'),
        // One look at what is before the last sign tells of all of them.
        _ => !value
            .rfind('=')
            .is_some_and(|at| value[..at].contains([' ', '&', ',', ';', '\t'])),
    }
}

/// The first number in a label before other words of it.
fn group(name: &str) -> Option<u32> {
    let start = name.find(|c: char| c.is_ascii_digit())?;
    let rest = &name[start..];
    let len = rest
        .find(|c: char| !c.is_ascii_digit())
        .filter(|&len| rest[len..].contains(char::is_alphabetic))?;
    let parted = rest[len..].starts_with(['.', '_', '-', ']', '[']);
    rest[..len].parse().ok().filter(|_| parted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels() {
        #[track_caller]
        fn check(line: &str, expected: Option<&str>) {
            assert_eq!(
                label(line, None).map(|label| label.name),
                expected,
                "{line}"
            );
        }
        check("氏名：佐藤 健", Some("氏名"));
        check("■TEL：090", Some("TEL"));
        check("- name: x", Some("name"));
        check("name=x", Some("name"));
        check("  'e-mail' => 'x',", Some("e-mail"));
        check("\"name\": \"x\"", Some("name"));
        check("###   @2='x'", Some("@2"));
        check(
            "customer_telephone_number = x",
            Some("customer_telephone_number"),
        );
        check("1. 氏名：佐藤 健", Some("氏名"));
        check("Registrant Phone: x", Some("Registrant Phone"));
        check("name  | x", Some("name"));
        check("name | mail | tel", None);
        check("x,12:30,y", None);
        check("Name:\tx", Some("Name"));
        check("level=info user=x ip=y", None);
        check("x=a=b=c", Some("x"));
        check("x=a=b c=d", None);
        // Quadratic work would take minutes.
        let signs = "a=".repeat(1 << 20);
        check(&format!("x={signs}"), Some("x"));
        check("2024-01-01 12:00", None);
        check("The customer whom you asked for: x", None);
        check("", None);
        check("a", None);
        assert!(label("x@example.com=secret", Some(0)).is_none());
    }

    /// No more lines are kept than say what one of them is.
    #[test]
    fn lines_are_read_as_they_are_needed() {
        let patterns = crate::pattern::Patterns::builtin();
        let ids = KindIds::new(|name| patterns.kind(name), std::iter::empty());
        let breaks = "\n".repeat(10 * WINDOW);
        let form = "お名前：山田 太郎\nメール：taro@example.com\n";
        let text = format!("{breaks}{form}{breaks}{form}");
        let mut matches = Vec::new();
        crate::classify::Scanner::new(patterns).text(&text, &mut matches);
        let mut blocks = Vec::new();
        each(&ids, &text, &matches, How::Labelled, &mut |block| {
            blocks.push(block.len());
        });
        assert_eq!(blocks, [2, 2]);
        let mut lines = Lines::of(&ids, &text, &matches);
        lines.read_to(BESIDE);
        assert_eq!(lines.all.len(), BESIDE + 1);
    }

    #[test]
    fn numbers_tell_records_apart() {
        for (name, expected) in [
            ("user.2.name", Some(2)),
            ("users[12][mail]", Some(12)),
            ("lead_1_name", Some(1)),
            ("address1", None),
            ("@2", None),
            ("name", None),
        ] {
            assert_eq!(group(name), expected, "{name}");
        }
    }
}
