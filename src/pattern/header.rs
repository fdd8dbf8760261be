//! What a column's name says: from `注文者_電話番号` or `customer.contact.phoneNumber` to a kind, a piece and a role.
//!
//! In: one name as the source writes it. Out: a [`HeaderHit`]. The order of attempts: the whole name; the name without a
//! remark in brackets; without role words; without trailing digits; its last words (the last word decides, and what stands
//! before may turn a name into the name of a thing); a word inside it; a numbered question. This file does not know values.

use unicode_normalization::UnicodeNormalization;

use super::header_inside::{inside, question};
use super::header_remarks::{self, of_animal, without_remark};
use super::{HeaderHit, Kind, Part, Role, builtin};

/// Names longer than this many bytes are texts, not names.
pub(super) const LONGEST: usize = 300;

/// What is known of a word.
#[derive(Clone, Copy)]
pub(super) struct Word {
    pub(super) word: &'static str,
    pub(super) sort: &'static str,
    pub(super) strength: u8,
}

/// The column words and roles, with what they mean for the kinds that are loaded.
pub(super) struct Vocabulary {
    /// Sorted by word, as the file is.
    words: Vec<Word>,
    /// Folded, sorted by word.
    roles: Vec<(String, Role, u16)>,
    /// Sorts that name a kind, sorted.
    sorts: Vec<(String, Kind, Part)>,
    /// Folded words of the kinds' own, sorted.
    own: Vec<(String, Kind)>,
}

impl Vocabulary {
    pub(super) fn new(mut sorts: Vec<(String, Kind, Part)>, columns: Vec<(String, Kind)>) -> Self {
        sorts.sort();
        let mut own: Vec<(String, Kind)> = columns
            .into_iter()
            .map(|(word, kind)| (fold(&word), kind))
            .collect();
        own.sort();
        Self {
            words: words(builtin::HEADER_WORDS),
            roles: roles(builtin::HEADER_ROLES),
            sorts,
            own,
        }
    }

    pub(super) fn hit(&self, name: &str) -> Option<HeaderHit> {
        if name.len() > LONGEST {
            return None;
        }
        let whole = || self.whole(name).or_else(|| self.path(name));
        let mut hit = self.of_step_above(name).or_else(whole)?;
        refine(&mut hit, name);
        self.follow_party(&mut hit, name);
        let living = ["birth.", "age", "gender", "name."];
        if living.iter().any(|start| hit.sort.starts_with(start)) && of_animal(name) {
            (hit.sort, hit.strength) = ("neg.listed".to_owned(), 2);
        }
        // order_no, 注文日: the number and the date of the order, not of the orderer.
        if hit.sort.starts_with("neg.") {
            (hit.role, hit.slot) = (Role::Own, 0);
        }
        self.set_kind(&mut hit);
        Some(hit)
    }

    /// What a word says as a whole, without roles or parts of other words: the label of a line in a text.
    pub(super) fn label(&self, text: &str) -> Option<HeaderHit> {
        let mut hit = self.exact(&fold(text))?;
        self.set_kind(&mut hit);
        Some(hit)
    }

    fn set_kind(&self, hit: &mut HeaderHit) {
        hit.kind = self.own_kind(hit);
        if hit.kind.is_none() {
            let found = self
                .sorts
                .binary_search_by(|row| row.0.as_str().cmp(&hit.sort))
                .ok();
            if let Some(row) = found.map(|i| &self.sorts[i]) {
                hit.kind = Some(row.1);
                hit.part = if hit.part == Part::Whole {
                    row.2
                } else {
                    hit.part
                };
            }
        }
    }

    /// The whole name, tried in every way.
    pub(super) fn whole(&self, name: &str) -> Option<HeaderHit> {
        let folded = fold(name);
        if let Some(mut hit) = self.exact(&folded) {
            (hit.role, hit.slot) = self.role_before(name, &folded);
            return Some(hit);
        }
        let found = self.both_halves(name);
        let found = found.or_else(|| self.name_of_party(&folded));
        let found = found.or_else(|| self.role_alone(&folded));
        if let Some(hit) = found.or_else(|| self.reading_of_thing(&folded)) {
            return Some(hit);
        }
        let bare = without_remark(name);
        if let Some(hit) = self.remark_of_opaque(bare, name) {
            return Some(hit);
        }
        if let Some(hit) = self.piece_in_remark(bare, name) {
            return Some(hit);
        }
        // 緊急連絡先(続柄): the remark is the field's word, the front a role.
        if bare.len() < name.len()
            && let Some(hit) = self.without_role(name, &folded)
        {
            return Some(hit);
        }
        if bare.len() < name.len()
            && let Some(hit) = self.whole(bare)
        {
            return Some(hit);
        }
        self.with_number(name, &folded)
            .or_else(|| self.without_role(name, &folded))
            .or_else(|| self.without_digits(&folded))
            .or_else(|| self.pieces_of_address(name))
            .or_else(|| self.without_component(name))
            .or_else(|| self.last_words(name))
            .or_else(|| inside(&folded))
            .or_else(|| question(&folded))
    }

    /// The last step of a path `a.b[].c` decides; earlier steps may give the role.
    fn path(&self, name: &str) -> Option<HeaderHit> {
        let (before, last) = name
            .trim_end_matches(['[', ']'])
            .rsplit_once(['.', '/', ':', '>'])?;
        // maritalStatus.text, name[0].value: what the value of something is called says nothing; the step before does.
        const VALUES: [&str; 8] = [
            "text", "value", "display", "code", "coding", "string", "str", "keyword",
        ];
        if let Some(hit) = clinical(before, last) {
            return Some(hit);
        }
        // passengers[].identityDocument.number
        let number = ["number", "no", "番号"].contains(&fold(last).as_str());
        let of_step = || self.exact(&fold(&format!("{}{last}", last_step(before))));
        let of_step = if number { of_step() } else { None };
        let mut hit = match VALUES.contains(&fold(last).as_str()) {
            true => self.path(before).or_else(|| {
                self.whole(before.rsplit(['.', '/', ':', '>']).next().unwrap_or(before))
            })?,
            false => of_step
                .or_else(|| self.whole(last))
                .or_else(|| self.container(before))?,
        };
        // contact[].name.family, contact[].telecom[].value: FHIR's groups of fields are of whom the step before is.
        let group = |step: &str| matches!(fold(step).as_str(), "name" | "telecom");
        let above = match before.trim_end_matches(['[', ']']).rsplit_once('.') {
            Some((above, step)) if group(step) => above,
            _ => before,
        };
        if (hit.role, hit.slot) == (Role::Own, 0)
            && let Some((role, slot)) = self.role(&fold(last_step(above)))
        {
            (hit.role, hit.slot) = (role, slot);
            hit.strength = hit.strength.max(2);
        }
        Some(hit)
    }

    /// What a step of a path holds, whatever its parts are called: `salary.base`, `diagnosis[].note`.
    fn container(&self, before: &str) -> Option<HeaderHit> {
        let hit = self.exact(&fold(last_step(before)))?;
        let holds = ["finance.other", "employment"].contains(&hit.sort.as_str());
        (holds || hit.sort.starts_with("special.")).then_some(hit)
    }

    pub(super) fn exact(&self, folded: &str) -> Option<HeaderHit> {
        if self
            .own
            .binary_search_by(|row| row.0.as_str().cmp(folded))
            .is_ok()
        {
            return Some(hit(folded, "own", 3));
        }
        self.word(folded)
            .map(|word| hit(word.word, word.sort, word.strength))
    }

    pub(super) fn word(&self, folded: &str) -> Option<Word> {
        self.words
            .binary_search_by(|word| word.word.cmp(folded))
            .ok()
            .map(|i| self.words[i])
    }

    fn own_kind(&self, hit: &HeaderHit) -> Option<Kind> {
        let row = self
            .own
            .binary_search_by(|row| row.0.as_str().cmp(&hit.word))
            .ok()?;
        (hit.sort == "own").then(|| self.own[row].1)
    }

    pub(super) fn role(&self, folded: &str) -> Option<(Role, u16)> {
        let row = |word: &str| {
            let i = self
                .roles
                .binary_search_by(|row| row.0.as_str().cmp(word))
                .ok()?;
            Some((self.roles[i].1, self.roles[i].2))
        };
        let one = || row(folded.strip_suffix('s')?);
        row(folded).or_else(one).or_else(|| {
            let bare = folded.trim_end_matches(|c: char| c.is_ascii_digit());
            let number = folded[bare.len()..].parse::<u16>().ok()?;
            row(bare).map(|(role, slot)| (role, slot.saturating_add(number)))
        })
    }

    /// The role that a known word begins with: `shippingname`, お届け先氏名.
    fn role_before(&self, name: &str, folded: &str) -> (Role, u16) {
        let first = tokens(name)
            .first()
            .map(|token| fold(token))
            .unwrap_or_default();
        if let Some(role) = self.role(&first) {
            return role;
        }
        self.front(folded)
            .next()
            .map_or((Role::Own, 0), |(role, _)| role)
    }

    /// Every split of a folded name into a role word and a rest that means something alone, longest role first.
    fn front<'a>(&'a self, folded: &'a str) -> impl Iterator<Item = ((Role, u16), &'a str)> {
        let cuts = folded
            .char_indices()
            .map(|(at, _)| at)
            .skip(1)
            .collect::<Vec<_>>();
        cuts.into_iter().rev().filter_map(move |at| {
            let (front, rest) = folded.split_at(at);
            let rest = rest.trim_start_matches(['の', '様']);
            let role = self.role(front)?;
            let number = rest.starts_with(|c: char| c.is_ascii_digit());
            (!number && self.word(rest).is_some()).then_some((role, rest))
        })
    }

    /// A role word before or after the field's word: 保護者メール, `father_name`, 電話番号(お届け先).
    fn without_role(&self, name: &str, folded: &str) -> Option<HeaderHit> {
        let tokens = tokens(name);
        let cuts = (1..tokens.len()).rev().map(|cut| {
            let (front, rest) = tokens.split_at(cut);
            (fold(&front.concat()), fold(&rest.concat()))
        });
        // Where the name is cut, its words are: `guarantor_ssn` is no `sn` of guarantors.
        for (front, rest) in cuts.clone() {
            if let (Some(role), Some(hit)) = (self.role(&front), self.exact(&rest)) {
                return self.in_role(hit, role);
            }
        }
        if let Some((role, rest)) = self.front(folded).next() {
            return self.in_role(self.exact(rest)?, role);
        }
        for (front, rest) in cuts {
            if let (Some(hit), Some(role)) = (self.exact(&front), self.role(&rest)) {
                return self.in_role(hit, role);
            }
        }
        // TEL父
        let ascii = folded.bytes().take_while(u8::is_ascii_alphabetic).count();
        let (front, rest) = folded.split_at(ascii);
        self.in_role(self.exact(front)?, self.role(rest)?)
    }

    /// A role and nothing else, which only supports what the values say: 同伴者, `companion`.
    fn role_alone(&self, folded: &str) -> Option<HeaderHit> {
        // A ship alone is a vessel.
        let role = self
            .role(folded)
            .filter(|_| !matches!(folded, "ship" | "ships"));
        let role = role.filter(|role| role.0 != Role::Own)?;
        // 連名1 is a word for names, too.
        let bare = folded.trim_end_matches(|c: char| c.is_ascii_digit());
        if let Some(hit) = self.exact(bare).filter(|_| bare.len() < folded.len()) {
            return self.in_role(hit, role);
        }
        self.in_role(hit(folded, "name.full", 1), role)
            .map(|hit| HeaderHit { strength: 1, ..hit })
    }

    /// The same name with another word for a number: 患者No., `NHS No`, `Routing #`.
    fn with_number(&self, name: &str, folded: &str) -> Option<HeaderHit> {
        const WORDS: [&str; 7] = ["number", "no", "num", "nbr", "番号", "ナンバー", "bango"];
        let sign = name.trim_end().ends_with(['#', '＃']);
        let ending = WORDS.iter().find_map(|word| folded.strip_suffix(word));
        let stem = if sign { folded } else { ending? };
        if stem.chars().count() < 2 {
            return None;
        }
        let mut hit = WORDS
            .iter()
            .find_map(|word| self.exact(&format!("{stem}{word}")))?;
        (hit.role, hit.slot) = self.role_before(name, folded);
        Some(hit)
    }

    /// Several pieces of an address in one column: `City, State Zip`.
    fn pieces_of_address(&self, name: &str) -> Option<HeaderHit> {
        let tokens = tokens(name);
        let piece = |token: &String| {
            let word = self.word(&fold(token));
            word.is_some_and(|word| {
                word.sort.starts_with("address.") && word.sort != "address.full"
            })
        };
        let several = name.contains([',', '/', '&', '、', '・']) && tokens.len() >= 2;
        let sort = |token: &String| self.word(&fold(token)).map(|word| word.sort);
        // Town/City are two words for one.
        let other = tokens.iter().any(|token| sort(token) != sort(&tokens[0]));
        (several && other && tokens.iter().all(piece)).then(|| hit("address", "address.full", 2))
    }

    fn in_role(&self, mut hit: HeaderHit, role: (Role, u16)) -> Option<HeaderHit> {
        (hit.role, hit.slot) = role;
        // A bare `name` becomes a person's by the role before it.
        if hit.sort.starts_with("name.") {
            hit.strength = hit.strength.max(2);
        }
        Some(hit)
    }

    fn without_digits(&self, folded: &str) -> Option<HeaderHit> {
        let bare = folded.trim_end_matches(|c: char| c.is_ascii_digit());
        if bare.len() == folded.len() || bare.is_empty() {
            return None;
        }
        let mut hit = self.exact(bare)?;
        (hit.role, hit.slot) = self.role_before(bare, bare);
        Some(hit)
    }

    /// `fname_c1`: the first component of a name, as German registries cut them.
    fn without_component(&self, name: &str) -> Option<HeaderHit> {
        let (front, last) = name.trim_end().rsplit_once('_')?;
        let digits = last.strip_prefix(['c', 'C'])?;
        let component = digits.len() == 1 && digits.starts_with(|c: char| c.is_ascii_digit());
        component.then(|| self.exact(&fold(front)))?
    }

    /// The longest run of last words that is known: `user_home_phone_number` → `homephonenumber`.
    fn last_words(&self, name: &str) -> Option<HeaderHit> {
        let tokens = tokens(name);
        let tokens = &tokens[tokens.len().saturating_sub(8)..];
        for cut in 1..tokens.len() {
            let rest = fold(&tokens[cut..].concat());
            // By is a town in Denmark, and in `referred_by` it is not.
            if ["by", "to", "of", "at", "in"].contains(&rest.as_str()) {
                continue;
            }
            if header_remarks::is_of_thing(&fold(&tokens[cut - 1]), &rest) {
                return None;
            }
            let Some(mut hit) = self.exact(&rest).or_else(|| self.without_digits(&rest)) else {
                continue;
            };
            let mut thing = None;
            for (at, token) in tokens[..cut].iter().enumerate() {
                let token = fold(token);
                if let Some((role, slot)) = self.role(&token) {
                    (hit.role, hit.slot) = (role, slot);
                    continue;
                }
                let word = self.word(&token);
                thing = word
                    .filter(|word| {
                        // department_name is a department's; department_head_name somebody's, and so is team[].name, of each of a team.
                        let unit = word.sort == "org.dept" && at + 1 == cut && !name.contains("[]");
                        unit || word.sort.starts_with("neg.") || word.sort == "org.name"
                    })
                    .or(thing);
            }
            let named = hit.sort.starts_with("name.");
            match thing {
                Some(word) if named => {
                    let strength = if word.sort == "org.dept" { 1 } else { 2 };
                    return Some(self::hit(word.word, word.sort, strength));
                }
                _ if named && hit.role == Role::Own => hit.strength = 1,
                _ => hit.strength = hit.strength.min(2),
            }
            return Some(hit);
        }
        None
    }
}

/// What FHIR's resources say of a patient: the code of a condition, a medication or a vaccine in words, and identifiers.
fn clinical(before: &str, last: &str) -> Option<HeaderHit> {
    const CODES: [&str; 5] = [
        "code.coding[]",
        "medicationCodeableConcept.coding[]",
        "vaccineCode.coding[]",
        "reasonCode[].coding[]",
        "valueCodeableConcept.coding[]",
    ];
    let ends = |path: &str| {
        let front = before.strip_suffix(path);
        front.is_some_and(|front| front.is_empty() || front.ends_with('.'))
    };
    match last {
        "display" if CODES.iter().any(|path| ends(path)) => {
            Some(hit("coding", "special.health", 3))
        }
        "value" if ends("identifier[]") => Some(hit("identifier", "id.patient", 1)),
        _ => None,
    }
}

/// The last step of a path.
fn last_step(path: &str) -> &str {
    let path = path.trim_end_matches(['[', ']']);
    path.rsplit(['.', '/', ':', '>']).next().unwrap_or(path)
}

pub(super) fn hit(word: &str, sort: &str, strength: u8) -> HeaderHit {
    let (word, sort) = (word.to_owned(), sort.to_owned());
    HeaderHit {
        kind: None,
        part: Part::Whole,
        strength,
        role: Role::Own,
        slot: 0,
        word,
        sort,
    }
}

/// Pieces and writings that the name tells beside its word: 氏名（カタカナ）, 生年月日(年), カード有効期限(月).
fn refine(hit: &mut HeaderHit, name: &str) {
    let folded = fold(name);
    let has = |words: &[&str]| words.iter().any(|word| folded.contains(word));
    if has(&[
        "カナ",
        "かな",
        "フリガナ",
        "ふりがな",
        "ヨミ",
        "よみ",
        "kana",
        "furigana",
        "yomi",
        "phonetic",
    ]) {
        let sort = match hit.sort.as_str() {
            "name.full" => "name.kana.full",
            "name.family" => "name.kana.family",
            "name.given" => "name.kana.given",
            "address.full" | "address.pref" | "address.city" | "address.street"
            | "address.building" => "address.kana",
            sort => sort,
        };
        hit.sort = sort.to_owned();
    } else if hit.sort == "name.full" && has(&["ローマ字", "英字", "romaji", "アルファベット"])
    {
        hit.sort = "name.romaji".to_owned();
    }
    if hit.sort == "card.pan" && has(&["下4桁", "下四桁", "末尾4桁", "last4", "lastfour"]) {
        hit.sort = "card.last4".to_owned();
    }
    if matches!(
        hit.sort.as_str(),
        "birth.part" | "birth.date" | "card.expiry"
    ) {
        hit.part = piece_of_date(hit, &folded);
    }
}

/// Year, month or day, where the name tells one of them alone.
fn piece_of_date(hit: &HeaderHit, folded: &str) -> Part {
    let rest = folded
        .replace("生年月日", "")
        .replace("誕生日", "")
        .replace("birthday", "")
        .replace("birthdate", "");
    let rest = if hit.sort == "birth.date" {
        rest
    } else {
        folded.replace("生年月日", "").replace("birthday", "")
    };
    let has = |words: &[&str]| words.iter().any(|word| rest.contains(word));
    // birth_y, dob_m
    let letter = |letter: &str| {
        let mut before = ["birth", "birthdate", "dob"].into_iter();
        before.any(|word| rest.strip_prefix(word) == Some(letter))
    };
    let year = has(&["年", "year", "yyyy", "yob"]) || rest.ends_with("yy") || letter("y");
    let month = has(&["月", "month"]) || rest.ends_with("mm") || letter("m");
    let day =
        has(&["日", "day"]) && hit.sort != "card.expiry" || rest.ends_with("dd") || letter("d");
    match (year, month, day) {
        (true, false, false) => Part::First,
        (false, true, false) => Part::Second,
        (false, false, true) => Part::Third,
        _ => Part::Whole,
    }
}

/// A column name's normal form: NFKC, lower case, without white space and the marks that layouts put into names.
pub(super) fn fold(text: &str) -> String {
    const MARKS: &str = "_-./:・()[]{}<>【】「」*※\"'|,、。#$@?!　";
    text.nfkc()
        .flat_map(char::to_lowercase)
        .filter(|&c| !c.is_whitespace() && !c.is_control() && !MARKS.contains(c))
        .collect()
}

/// The words of a name: cut at what is no letter or digit, and where camel case begins a word. At most 32.
fn tokens(name: &str) -> Vec<String> {
    let mut tokens = vec![String::new()];
    let (mut before, mut chars) = (' ', name.nfkc().peekable());
    while let Some(c) = chars.next() {
        let next_lower = chars.peek().is_some_and(|next| next.is_lowercase());
        let camel =
            c.is_uppercase() && (before.is_lowercase() || before.is_uppercase() && next_lower);
        if !c.is_alphanumeric() || camel {
            tokens.push(String::new());
        }
        if c.is_alphanumeric()
            && let Some(last) = tokens.last_mut()
        {
            last.push(c);
        }
        before = c;
    }
    tokens.retain(|token| !token.is_empty());
    tokens.truncate(32);
    tokens
}

/// The folded words of a name.
pub(super) fn words_of(name: &str) -> Vec<String> {
    if name.len() > LONGEST {
        Vec::new()
    } else {
        tokens(name).iter().map(|token| fold(token)).collect()
    }
}

fn lines(text: &'static str) -> impl Iterator<Item = [&'static str; 3]> {
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .filter_map(|line| {
            let mut cells = line.split('\t');
            Some([cells.next()?, cells.next()?, cells.next()?])
        })
}

fn words(text: &'static str) -> Vec<Word> {
    lines(text)
        .map(|[word, sort, strength]| Word {
            word,
            sort,
            strength: strength.parse().unwrap_or(1),
        })
        .collect()
}

fn roles(text: &'static str) -> Vec<(String, Role, u16)> {
    let row = |[word, role, slot]: [&str; 3]| {
        (
            fold(word),
            Role::named(role).unwrap_or(Role::Other),
            slot.parse().unwrap_or_default(),
        )
    };
    let mut roles: Vec<_> = lines(text).map(row).collect();
    roles.sort();
    roles.dedup_by(|a, b| a.0 == b.0);
    roles
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pattern::Patterns;

    #[test]
    fn the_lists_are_sorted_and_whole() {
        let words = words(builtin::HEADER_WORDS);
        assert!(words.len() > 4_000);
        for pair in words.windows(2) {
            assert!(pair[0].word < pair[1].word, "{}", pair[1].word);
        }
        for word in &words {
            assert!((1..=3).contains(&word.strength), "{}", word.word);
        }
        for [word, role, slot] in lines(builtin::HEADER_ROLES) {
            assert!(
                Role::named(role).is_some() && slot.parse::<u16>().is_ok(),
                "{word}"
            );
        }
    }

    #[test]
    fn every_sort_of_a_kind_has_words() {
        let words = words(builtin::HEADER_WORDS);
        for (sort, ..) in &Patterns::builtin().words.sorts {
            assert!(words.iter().any(|word| word.sort == sort), "{sort}");
        }
    }

    fn told(name: &str) -> String {
        let patterns = Patterns::builtin();
        let Some(hit) = patterns.header(name) else {
            return "-".to_owned();
        };
        let kind = hit
            .kind
            .map_or(hit.sort.as_str(), |kind| &patterns.info(kind).name);
        let part = hit
            .part
            .as_str()
            .map(|part| format!(" {part}"))
            .unwrap_or_default();
        let role = if hit.role == Role::Own {
            String::new()
        } else {
            format!(" @{}", hit.role.as_str())
        };
        let slot = if hit.slot == 0 {
            String::new()
        } else {
            format!("#{}", hit.slot)
        };
        format!("{kind}{part}{role}{slot}")
    }

    #[test]
    fn names_of_columns() {
        let check = |name: &str, expected: &str| assert_eq!(told(name), expected, "{name}");
        check("氏名", "person-name");
        check("dependents[].name", "person-name @child");
        check("guardians[].phone", "phone @guardian");
        check("salary.base", "financial");
        check("bank.number", "bank-account account");
        check("主治医", "person-name @other#32");
        check("同伴者", "person-name @other#37");
        check("同行者2", "person-name @other#40");
        check("co_applicant", "person-name @other#49");
        check("invited_by", "-");
        check("氏名（カタカナ）", "person-name reading");
        check("姓", "person-name family");
        check("お名前(フリガナ・姓)", "person-name family-reading");
        check("セイ", "person-name family-reading");
        check("ﾌﾘｶﾞﾅ", "person-name reading");
        check("first_name", "person-name given");
        check("fname_c1", "person-name given");
        check("lname_c2", "person-name family");
        check("LastName", "person-name family");
        check("メールアドレス", "email");
        check("E-mail", "email");
        check("users.email", "email");
        check("customer.contact.phone_number", "phone");
        check("携帯電話番号", "phone mobile");
        check("郵便番号1", "postal-code");
        check("〒", "postal-code");
        check("都道府県", "postal-address prefecture");
        check("住所", "postal-address");
        check("生年月日", "birth-date");
        check("生年", "birth-date first");
        check("郵送先住所(郵便番号)", "postal-code");
        check(
            "お届け先住所（都道府県）",
            "postal-address prefecture @recipient",
        );
        check("birth_month", "birth-date second");
        check("birthday", "birth-date");
        check("マイナンバー(12桁)", "jp.my-number");
        check("個人番号", "jp.my-number");
        check("カード番号", "payment-card");
        check("cvv2", "payment-card-security-code");
        check("exp_month", "payment-card-expiry second");
        check("口座番号", "bank-account account");
        check("支店名", "bank-account branch");
        check("password_hash", "credential password");
        check("created_at", "registration-time");
        check("備考", "free-answer");
        check("Q12", "free-answer");
        check("ユーザー名", "username");
        check("ip_address", "ip-address");
        check("職業", "occupation");
        check("ｾｲﾈﾝｶﾞｯﾋﾟ", "birth-date");
        check("card_holder", "person-name romaji");
        check("診察券No.", "medical-id");
        check("患者ID", "medical-id");
        check("NHS No", "medical-id");
        check("Passport #", "passport");
        check("City, State Zip", "postal-address");
        check("address_city", "postal-address city");
        check("カード番号（下4桁）", "payment-card masked");
        check("birth_y", "birth-date first");
        check("市外局番", "phone first");
        check("username:string", "username");
        check("department_name", "employer");
        check("department_head_name", "person-name");
        check("team[].name", "person-name");
        check("cellularphone_no", "phone mobile");
    }

    #[test]
    fn readings_remarks_and_comments() {
        let check = |name: &str, expected: &str| assert_eq!(told(name), expected, "{name}");
        check("C2（病名）", "special.health");
        check("COL_003（性別 1:男 2:女）", "gender");
        check("都道府県名カナ", "postal-address address-reading");
        check("prefecture_kana", "postal-address address-reading");
        check("受取人カナ", "person-name reading @recipient");
        check("a.identityDocument.number", "passport");
    }

    #[test]
    fn roles_and_slots() {
        let check = |name: &str, expected: &str| assert_eq!(told(name), expected, "{name}");
        check("注文者電話番号", "phone @orderer");
        check("お届け先氏名", "person-name @recipient");
        check("shipping_first_name", "person-name given @recipient");
        check("father_name", "person-name @guardian#11");
        check("guarantor_ssn", "us.ssn @other#52");
        check("child2_name", "person-name @child#2");
        check("子供1の氏名", "person-name @child#1");
        check("保護者メールアドレス", "email @guardian");
        check("緊急連絡先電話番号", "phone @contact");
        check("shipping.phone", "phone @recipient");
        check("billing_address", "postal-address");
    }

    #[test]
    fn names_of_things_are_none() {
        let none = |name: &str| {
            let hit = Patterns::builtin().header(name);
            assert!(
                hit.as_ref().is_none_or(|hit| hit.kind.is_none()),
                "{name}: {hit:?}"
            );
        };
        [
            "customer_id",
            "address_id",
            "product_name",
            "商品名",
            "category_major_name",
            "email_type",
            "価格",
            "注文番号",
            "branch_kana",
            "犬の生年月日",
            "ship",
            "会員カード番号",
            "ロット番号",
        ]
        .into_iter()
        .for_each(none);
        [
            "メールアドレス認証フラグ",
            "電話番号公開",
            "hotel",
            "",
            "   ",
            "title",
            "更新日時",
            "order_date",
            "password_count_id",
        ]
        .into_iter()
        .for_each(none);
        assert_eq!(Patterns::builtin().header(&"名".repeat(1000)), None);
    }
}
