//! Names of files, tables and columns that are somebody's name, or a secret: `診断書（NAME）.txt`, `felix-garrison.txt`, `sk_live_…`.
//!
//! In: a name from the data. Out: the ranges of it that must not be shown, beside those that stand in it as they would in a text. A mask too many hides
//! where something was found, in the name of a column also what it is: two words are a name only where both are known as names.

use std::ops::Range;

use super::title_words::{
    OF_PLACES, is_known_pair, is_latin, is_letter, is_romaji, may_be_somebodys, title,
    without_extensions, words,
};
use crate::classify::{self, Scanner, Shape, Shapes};
use crate::pattern::Patterns;
use crate::pattern::dict::{self, Lists};
use crate::text::{katakana, new_form};

/// Shapes of full names.
const NAMES: Shapes = Shapes::of(&[
    Shape::JpFullName,
    Shape::LatinFullName,
    Shape::KanaFullName,
    Shape::ScriptFullName,
]);

/// Shapes of what is a place, though its words may be names.
const PLACES: Shapes = Shapes::of(&[Shape::State, Shape::JpPrefecture, Shape::Country]);

/// Shapes of full names that are people's without a doubt of the letters.
const PEOPLE: Shapes = Shapes::of(&[
    Shape::JpFullName,
    Shape::LatinFullName,
    Shape::ScriptFullName,
]);

/// What stands behind a name.
const HONORIFICS: [&str; 8] = ["様", "さま", "さん", "氏", "殿", "君", "くん", "先生"];

/// Characters from which on letters and digits in turn are a token of access.
const TOKEN: usize = 20;
/// Times that letters and digits change in one.
const TURNS: usize = 5;
/// Bytes of a word that may be a name.
const WORD: usize = 200;
/// Characters of a name in letters without capitals.
const LONGEST: usize = 14;
/// People whom the name of one file is about.
const MOST: usize = 64;
/// Characters at each end of a name that are looked at: more than [`SafeName`](crate::scope::SafeName) shows of a long one.
const SHOWN: usize = 240;

/// What a name is of.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    /// A file, a member or a table.
    File,
    /// A column.
    Column,
}

/// The ranges of a name that are somebody's name, a number of a known shape, or a token.
pub(super) fn ranges(patterns: &Patterns, name: &str, of: Of) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = tokens(name, of).collect();
    found.extend(numbers(name));
    found.extend(era_dates(name));
    let words: Vec<Range<usize>> = shown_words(name).collect();
    found.extend(titled(patterns, name, &words));
    match of {
        Of::File => {
            let stems: Vec<Range<usize>> = without_extensions(name, &words).collect();
            names(name, &stems, &is_somebody, &mut found);
            found.retain(|range| may_be_somebodys(&name[range.clone()]));
            found.extend(words.iter().filter_map(|word| {
                let text = &name[word.clone()];
                let person = inside(patterns, text, of, &is_in_full)?;
                Some(word.start + person.start..word.start + person.end)
            }));
        }
        Of::Column => {
            found.extend(quoted_value(name));
            found.extend(logins(patterns, name, &words));
            for step in words.chunk_by(|a, b| !name[a.end..b.start].contains('.')) {
                let start = name[..step[0].start].rfind('.').map_or(0, |dot| dot + 1);
                let last = step[step.len() - 1].end;
                let end = name[last..].find('.').map_or(name.len(), |dot| last + dot);
                let is_field = patterns.header(&name[start..end]).is_some();
                column(patterns, name, step, is_field, &mut found);
            }
        }
    }
    found
}

/// Surnames that stand alone in the name of a column beside what is somebody's: `090-1234-5678 鷲尾`.
pub(super) fn beside(
    patterns: &Patterns,
    name: &str,
    of: Of,
    personal: &[Range<usize>],
) -> Vec<Range<usize>> {
    let is_surname = |word: &Range<usize>| is_family(patterns, &name[word.clone()]);
    match of {
        Of::Column if !personal.is_empty() => shown_words(name).filter(is_surname).collect(),
        _ => Vec::new(),
    }
}

/// The value behind a quoted key, in a row of a program's text that was taken for names of columns: `'address': '3126 Lake Road'`.
fn quoted_value(name: &str) -> Option<Range<usize>> {
    let signs = [":", "=>"];
    let ends = name.match_indices(['\'', '"']).map(|(at, _)| at + 1);
    let mut values = ends.filter_map(|at| {
        let rest = name[at..].trim_start();
        signs.iter().find_map(|sign| rest.strip_prefix(sign))
    });
    let value = values.next().filter(|value| !value.trim().is_empty())?;
    Some(name.len() - value.len()..name.len())
}

/// Names with a dot between them: `felix.garrison`, which looks like two steps of a path.
fn logins<'n>(
    patterns: &'n Patterns,
    name: &'n str,
    words: &'n [Range<usize>],
) -> impl Iterator<Item = Range<usize>> + 'n {
    let is_rare = |word: &Range<usize>| patterns.header(&name[word.clone()]).is_none();
    let pairs = words.array_windows::<2>();
    pairs.filter_map(move |[first, second]| {
        let joined = &name[first.end..second.start] == ".";
        (joined && is_rare(first) && is_rare(second) && is_pair_in(name, first, second))
            .then_some(first.start..second.end)
    })
}

/// People in one step of a column's name: all of it, or before and behind the words of a field (荒井篤の電話番号, `felix_garrison_email`).
fn column(
    patterns: &Patterns,
    name: &str,
    words: &[Range<usize>],
    is_field: bool,
    found: &mut Vec<Range<usize>>,
) {
    let is_one = |word: &str| is_name(word) && patterns.header(word).is_none();
    let mut people = Vec::new();
    names(name, words, &is_one, &mut people);
    if is_field {
        // Two words of a field may be names together by chance: a grant date.
        let is_word = |word: &&Range<usize>| patterns.header(&name[(*word).clone()]).is_some();
        let fields: Vec<&Range<usize>> = words.iter().filter(is_word).collect();
        let holds = |range: &Range<usize>| fields.iter().any(|word| range.contains(&word.start));
        people.retain(|range| !holds(range) || is_somebodys(patterns, &name[range.clone()]));
    }
    found.extend(people);
    for (nth, word) in words.iter().enumerate() {
        let text = &name[word.clone()];
        if text.starts_with(is_latin) || is_field_word(patterns, text) {
            continue;
        }
        if let Some(before) = nth.checked_sub(1).map(|nth| &words[nth]) {
            let cuts = text.char_indices().map(|(at, _)| at);
            found.extend(cuts.skip(1).take(LONGEST).find_map(|cut| {
                let head = word.start..word.start + cut;
                let is_person = is_behind(patterns, &text[cut..], Of::Column)
                    && is_pair_in(name, before, &head);
                is_person.then_some(before.start..head.end)
            }));
        }
        if let Some(person) = inside(patterns, text, Of::Column, &is_one) {
            found.push(word.start + person.start..word.start + person.end);
        }
    }
}

/// Whether two words begin with a given name that is nothing else, whatever the surname means: `Mary Day`, `lukas_price`.
fn is_somebodys(patterns: &Patterns, pair: &str) -> bool {
    let given = pair
        .split(|c: char| !c.is_alphabetic())
        .next()
        .unwrap_or("");
    let lists = dict::latin(given);
    lists.any(Lists::GIVEN) && !lists.any(Lists::WORD) && patterns.header(given).is_none()
}

/// Whether a word as a whole is one that fields are called by.
fn is_field_word(patterns: &Patterns, word: &str) -> bool {
    let hit = patterns.header(word);
    hit.is_some_and(|hit| hit.word.chars().count() >= word.chars().count())
}

/// The person in one word of other letters than Latin ones: behind the word of a field or of somebody (担当者), before such a word, a particle, a title or
/// a document (の, 様, 宅, 請求書). Of those that fit, the one that begins first, and of these the longest.
fn inside(
    patterns: &Patterns,
    word: &str,
    of: Of,
    is_one: &dyn Fn(&str) -> bool,
) -> Option<Range<usize>> {
    let cuts = || word.char_indices().map(|(at, _)| at).chain([word.len()]);
    let is_front = |front: &str| match of {
        _ if front.is_empty() || patterns.header(front).is_some() => true,
        Of::File => BEFORE.contains(&front) || is_word(front),
        Of::Column => false,
    };
    let first = cuts().take(LONGEST).filter(|&at| is_front(&word[..at]));
    // The end of a long word is one of its own, and so is its beginning.
    let mut behind = cuts().rev().take(LONGEST + 1).skip(1).collect::<Vec<_>>();
    behind.retain(|&at| at > 0 && is_one(&word[at..]) && is_front(&word[..at]));
    for start in first {
        let mut ends: Vec<usize> = cuts().filter(|&at| at > start).take(LONGEST).collect();
        ends.reverse();
        for end in ends {
            let (text, back) = (&word[start..end], &word[end..]);
            if back.is_empty() && start == 0 {
                continue;
            }
            let in_kanji = || start == 0 || classify::shapes(text).has(Shape::JpFullName);
            let is_person = || is_one(text) && in_kanji();
            if is_person() && (back.is_empty() || is_behind(patterns, back, of))
                || is_of_family(patterns, back, of) && is_family(patterns, text)
            {
                return Some(start..end);
            }
        }
    }
    let at = behind.into_iter().min()?;
    let in_kanji = classify::shapes(&word[at..]).has(Shape::JpFullName);
    in_kanji.then_some(at..word.len())
}

/// What may stand before a name in that of a file.
const BEFORE: [&str; 8] = ["故", "新", "旧", "母", "父", "妻", "夫", "元"];

/// What stands behind a name for somebody's house, or for what is his.
const HOUSES: [&str; 5] = ["方", "宅", "邸", "家", "宛"];

/// Whether a text goes on as it does behind somebody's name: with a particle, a title, a house, or the word of a field; in the name of a file with that of a
/// document, too.
fn is_behind(patterns: &Patterns, text: &str, of: Of) -> bool {
    if text.starts_with('の') || HONORIFICS.iter().any(|title| text.starts_with(title)) {
        return true;
    }
    let of_house = |house: &&str| {
        let rest = text.strip_prefix(*house);
        rest.is_some_and(|rest| rest == "て" || ends_there(patterns, rest))
    };
    let begins = |n: usize| {
        let end = text.char_indices().nth(n).map_or(text.len(), |(at, _)| at);
        is_word(&text[..end])
    };
    let is_document = || (2..=4).any(begins);
    HOUSES.iter().any(of_house)
        || patterns.header(text).is_some()
        || of == Of::File && is_document()
}

/// Whether nothing more stands there than a particle, a title or the word of a field.
fn ends_there(patterns: &Patterns, rest: &str) -> bool {
    rest.is_empty()
        || rest.starts_with('の')
        || HONORIFICS.iter().any(|title| rest.starts_with(title))
        || patterns.header(rest).is_some()
}

/// Whether a text goes on as it does behind the name of a family: 鷲尾家住所, 荒井様. A shop is called so, too, where nothing follows.
fn is_of_family(patterns: &Patterns, text: &str, of: Of) -> bool {
    const TITLES: [&str; 5] = ["様", "さま", "さん", "氏", "殿"];
    let house = ["家", "宅", "邸"].iter().find_map(|w| text.strip_prefix(w));
    let title = TITLES.iter().find_map(|w| text.strip_prefix(w));
    let house = house.filter(|rest| of == Of::File || !rest.is_empty());
    let rest = house.or(title);
    rest.is_some_and(|rest| ends_there(patterns, rest))
}

/// Whether a text is a surname, and no word of everyday.
fn is_family(patterns: &Patterns, text: &str) -> bool {
    let lists = dict::jp(&folded(text));
    let surname =
        lists.any(Lists::SURNAME_STRONG) || lists.any(Lists::SURNAME) && !lists.any(Lists::WORD);
    text.starts_with(is_han)
        && text.chars().nth(1).is_some()
        && surname
        && patterns.header(text).is_none()
}

/// Whether a text is an ordinary word and no name.
pub(super) fn is_word(text: &str) -> bool {
    let chars = folded(text);
    let is_kana = chars.iter().all(|c| matches!(c, '\u{30A1}'..='\u{30FF}'));
    let lists = match is_kana {
        true => dict::kana(&chars),
        false => dict::jp(&chars),
    };
    chars.len() >= 2 && lists.any(Lists::WORD) && !lists.any(Lists::SURNAME.or(Lists::GIVEN))
}

/// Whether a text is a full name in kanji, or one of China.
fn is_in_full(text: &str) -> bool {
    if !text.starts_with(is_han) || text.len() > WORD {
        return false;
    }
    let chars = folded(text);
    let shapes = classify::shapes(text);
    let known = match shapes.has(Shape::JpFullName) {
        true => is_japanese(&chars),
        false => chars.len() >= 3 && shapes.has(Shape::ScriptFullName) && is_chinese(text),
    };
    let is_year = ["平成", "令和", "昭和", "大正", "明治"];
    let is_year = is_year.iter().any(|era| text.starts_with(era));
    known && !shapes.any(PLACES) && !is_year
}

/// Names in Latin letters behind a title: `mr_garrison`, `letter to Mrs Garrison`.
fn titled<'n>(
    patterns: &'n Patterns,
    name: &'n str,
    words: &'n [Range<usize>],
) -> impl Iterator<Item = Range<usize>> + 'n {
    const TITLES: [&str; 9] = [
        "mr", "mrs", "ms", "miss", "dr", "prof", "mme", "herr", "frau",
    ];
    let pairs = words.array_windows::<2>();
    pairs.filter_map(move |[title, word]| {
        let is_title = |known: &&str| name[title.clone()].eq_ignore_ascii_case(known);
        let text = &name[word.clone()];
        let known = Lists::SURNAME.or(Lists::GIVEN);
        let is_name = TITLES.iter().any(is_title)
            && name[title.end..word.start].chars().count() <= 2
            && text.len() >= 3
            && dict::latin(text).any(known)
            && patterns.header(text).is_none();
        is_name.then_some(word.clone())
    })
}

/// Words of other letters than Latin ones that are somebody, and pairs of neighbouring words that are a name.
fn names(
    name: &str,
    words: &[Range<usize>],
    is_somebody: &dyn Fn(&str) -> bool,
    found: &mut Vec<Range<usize>>,
) {
    let alone = words.iter().filter(|word| {
        let word = &name[(*word).clone()];
        !word.starts_with(is_latin) && is_somebody(word)
    });
    found.extend(alone.cloned());
    for pair in words.windows(2) {
        if is_pair_in(name, &pair[0], &pair[1]) {
            found.push(pair[0].start..pair[1].end);
        }
    }
}

/// Whether two neighbouring words are a name.
fn is_pair_in(name: &str, first: &Range<usize>, second: &Range<usize>) -> bool {
    let gap = &name[first.end..second.start];
    first.len().max(second.len()) <= WORD
        && gap.len() <= 8
        && gap.chars().count() <= 2
        && !gap.contains(['/', '\\'])
        && is_pair(&name[first.clone()], &name[second.clone()])
}

/// The people whom a file of this name is about: a piece of it that is a full name in kanji or another script, or all of it in Latin letters.
pub(super) fn people(patterns: &Patterns, scanner: &mut Scanner, stem: &str) -> Vec<String> {
    let cut = |c: char| !(is_letter(c) || matches!(c, ' ' | '\u{3000}' | '々'));
    let pieces = stem.split(cut).map(|piece| {
        let piece = piece.trim();
        let titles = HONORIFICS.iter();
        let bare = titles.filter_map(|title| piece.strip_suffix(title)).next();
        let bare = bare.unwrap_or(piece).trim();
        let part = inside(patterns, bare, Of::File, &is_in_full).filter(|_| !is_in_full(bare));
        part.map_or(bare, |part| &bare[part])
    });
    let mut found: Vec<String> = pieces
        .filter(|piece| !piece.is_ascii() && is_person(scanner, piece))
        .take(MOST)
        .map(str::to_owned)
        .collect();
    if let [first, last] = stem.split(' ').collect::<Vec<_>>()[..]
        && stem.is_ascii()
        && [first, last].iter().all(|word| title(word) == **word)
        && is_person(scanner, stem)
    {
        found.push(stem.to_owned());
    }
    found
}

/// Whether the name of a column or file is a person's beyond its shape, which places, brands and everyday words have as well: in Latin letters
/// the tagger of texts says so, too, or both words are names of Japan; in kanji it is no surname as a whole, nor ends in an ordinary word.
pub(super) fn is_person(scanner: &mut Scanner, text: &str) -> bool {
    let shapes = classify::shapes(text);
    if shapes.any(PLACES) || !shapes.any(PEOPLE) && !text.is_ascii() {
        return false;
    }
    if text.starts_with(is_han) {
        let chars = folded(text);
        return match shapes.has(Shape::JpFullName) {
            true => is_japanese(&chars),
            false => chars.len() >= 3 && is_chinese(text),
        };
    }
    if !text.is_ascii() {
        return true;
    }
    let Some((first, last)) = text.split_once(' ') else {
        return false;
    };
    let is_common = |word: &str| dict::latin(word).any(Lists::COMMON);
    if OF_PLACES.contains(&first) || is_common(first) && is_common(last) {
        return false;
    }
    let told = scanner.name_ranges(text).contains(&(0..text.len()));
    told && shapes.any(PEOPLE) || is_romaji(first, last) || is_romaji(last, first)
}

/// Whether folded characters are a surname and a given name that is no ordinary word before all: 山形花笠 is none, nor is 東海林, a surname.
fn is_japanese(chars: &[char]) -> bool {
    let other = Lists::WORD.or(Lists::PLACE).or(Lists::PROPER);
    if dict::jp(chars).any(other.or(Lists::SURNAME)) {
        return false;
    }
    let is_kana = |c: &char| matches!(c, '\u{3041}'..='\u{30FF}');
    let lists = |chars: &[char]| match chars.iter().all(is_kana) {
        true => dict::kana(chars),
        false => dict::jp(chars),
    };
    (1..chars.len()).any(|at| {
        let blanks = chars[at..].iter().take_while(|c| c.is_whitespace()).count();
        let (family, given) = (lists(&chars[..at]), lists(&chars[at + blanks..]));
        let is_word = given.any(Lists::WORD) && !given.any(Lists::GIVEN_STRONG);
        let is_foreign = given.any(Lists::FOREIGN) && chars[at + blanks..].iter().all(is_kana);
        family.any(Lists::SURNAME) && given.any(Lists::GIVEN) && !is_word && !is_foreign
    })
}

pub(super) fn folded(text: &str) -> Vec<char> {
    text.chars().map(|c| new_form(katakana(c))).collect()
}

fn is_name(text: &str) -> bool {
    if text.len() > WORD {
        return false;
    }
    let shapes = classify::shapes(text);
    let han = shapes.has(Shape::ScriptFullName) && text.starts_with(is_han);
    let is_script = ["カタカナ", "ひらがな", "フリガナ", "ふりがな"].contains(&text);
    shapes.any(NAMES)
        && !is_script
        && !shapes.any(PLACES)
        && (!han || shapes.has(Shape::JpFullName) || is_chinese(text))
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{9FFF}')
}

/// Whether what begins with a surname of China is no word of Japanese: 顧客, 時間割 and 管理費 do, too.
fn is_chinese(text: &str) -> bool {
    let chars = folded(text);
    let other = Lists::WORD.or(Lists::PLACE).or(Lists::PROPER);
    let is_other = |word: &[char]| dict::jp(word).any(other);
    let begins = |word: &[char]| dict::jp(word).any(other.or(Lists::SURNAME).or(Lists::TOWN));
    !is_other(&chars) && (chars.len() < 3 || !begins(&chars[..2]) && !is_other(&chars[1..]))
}

/// Whether a word is a full name, or a surname and nothing else.
fn is_somebody(word: &str) -> bool {
    let bare = HONORIFICS.iter().find_map(|title| word.strip_suffix(title));
    let bare = bare.unwrap_or(word);
    let lists = dict::jp(&folded(bare));
    let other = Lists::WORD.or(Lists::PLACE).or(Lists::PROPER);
    is_name(bare) || lists.any(Lists::SURNAME_STRONG) && !lists.any(other)
}

/// Whether two words are a given and a family name, in either order.
fn is_pair(first: &str, second: &str) -> bool {
    let is_common = |word: &str| dict::latin(word).any(Lists::COMMON);
    // An initial may be any letter: `hidden.7z`.
    let is_initial = |word: &str| word.len() == 1;
    if first.starts_with(is_latin) && is_common(first) && is_common(second)
        || is_initial(first)
        || is_initial(second)
    {
        return false;
    }
    if first.starts_with(is_latin) && !is_known_pair(first, second) {
        return false;
    }
    let (first, second) = (title(first), title(second));
    let orders = [format!("{first} {second}"), format!("{second} {first}")];
    let is_place = |text: &String| classify::shapes(text).any(PLACES);
    orders.iter().any(|text| is_name(text)) && !orders.iter().any(is_place)
}

/// The words at both ends of a name.
fn shown_words(name: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = |at: Option<(usize, char)>, all| at.map_or(all, |(at, _)| at);
    let head = ends(name.char_indices().nth(SHOWN), name.len());
    let tail = ends(name.char_indices().nth_back(SHOWN), 0);
    words(name).filter(move |word| word.start < head || word.end > tail)
}

/// Numbers that are somebody's and nothing else: `123-45-6789`, a date in full-width digits.
fn numbers(name: &str) -> impl Iterator<Item = Range<usize>> {
    let steps = name.split(['/', '\\', '.', ' ', '_']);
    steps.filter_map(|step| {
        let start = step.as_ptr() as usize - name.as_ptr() as usize;
        let groups: Vec<usize> = step.split('-').map(str::len).collect();
        let digits = step
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'-');
        let wide = step.chars().filter(|c| matches!(c, '０'..='９')).count();
        (digits && groups == [3, 2, 4] || wide >= 6).then_some(start..start + step.len())
    })
}

/// Days of eras in which those who are grown up were born: 昭和60年3月4日. What is told by days has younger ones.
fn era_dates(name: &str) -> impl Iterator<Item = Range<usize>> {
    let eras = ["明治", "大正", "昭和"];
    let begins = eras.into_iter().flat_map(|era| name.match_indices(era));
    begins.take(MOST).filter_map(|(start, era)| {
        let is_date = |c: &char| c.is_ascii_digit() || "元年月日０１２３４５６７８９".contains(*c);
        let date = name[start + era.len()..].chars().take_while(is_date);
        let (signs, bytes) = date.fold((0, 0), |(signs, bytes), c| {
            (
                signs + usize::from("年月日".contains(c)),
                bytes + c.len_utf8(),
            )
        });
        (signs >= 2).then_some(start..start + era.len() + bytes)
    })
}

/// Runs of letters and digits in turn, as tokens of access have them.
fn tokens(name: &str, of: Of) -> impl Iterator<Item = Range<usize>> {
    let runs = name
        .as_bytes()
        .chunk_by(|a, b| a.is_ascii_alphanumeric() == b.is_ascii_alphanumeric());
    let mut at = 0;
    runs.filter_map(move |run| {
        let range = at..at + run.len();
        at = range.end;
        let turns = run
            .array_windows::<2>()
            .filter(|[a, b]| a.is_ascii_digit() != b.is_ascii_digit());
        // What is named by a digest of its content has digits and the first six letters.
        let is_digest = of == Of::File && run.iter().all(u8::is_ascii_hexdigit);
        let is_token = run.is_ascii() && run.len() >= TOKEN && turns.count() >= TURNS && !is_digest;
        is_token.then_some(range)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scope::SafeName;

    #[track_caller]
    fn check(of: Of, name: &str, shown: bool) {
        let found = ranges(Patterns::builtin(), name, of);
        let safe = SafeName::new(name, &found);
        assert_eq!(safe.as_str() == name, shown, "{name}: {}", safe.as_str());
    }

    #[test]
    fn files_that_are_named_like_people_are_masked() {
        for name in [
            "診断書（荒井篤）.txt",
            "荒井篤_履歴書.txt",
            "【浅野薫】面談記録.txt",
            "20261001荒井篤.txt",
            "001_浅野薫.txt",
            "浅野薫・荒井篤.txt",
            "荒井篤様.txt",
            "アサノカオル.txt",
            "felix-garrison.txt",
            "FelixGarrison.txt",
            "leak/Felix_Garrison.txt",
            "garrison, felix.txt",
            "김민준.txt",
            "Иванова Мария.txt",
            "123-45-6789.txt",
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc",
            "１９８０年１月１日.txt",
            "鷲尾澄江のカルテ.txt",
            "鷲尾澄江請求書.txt",
            "鷲尾澄江履歴書2.txt",
            "鷲尾澄江宛て.txt",
            "鷲尾澄江殿宛.txt",
            "担当者山田太郎.txt",
            "故鷲尾澄江.txt",
            "王小明の住所.txt",
            "鈴木花子方.txt",
            "鈴木花子宅_電話.txt",
            "鷲尾家.txt",
            "Mr Garrison.txt",
            "letter to Mrs Garrison.txt",
            "tanaka_taro.xlsx",
            "priya.sharma.eml",
            "CV_Maria_Rossi.pdf",
            "Jürgen Müller.txt",
            "Jane-Li.txt",
        ] {
            check(Of::File, name, false);
        }
    }

    #[test]
    fn files_of_everyday_are_shown() {
        for name in [
            "",
            "dumps/customers.csv",
            "members.sqlite",
            "2026-10-01.json",
            "orders_2026-10.csv",
            "会員名簿.csv",
            "売上一覧_東京.xlsx",
            "access_log",
            "backup.tar.gz!/db/dump.sql",
            "mail/inbox/1.eml",
            "page-2 (copy).html",
            "hidden.7z",
            "顧客一覧.csv",
            "felix.csv",
            "平成二年度.csv",
            "三重県の人口.csv",
            "山田町役場.csv",
            "東京支店の売上.csv",
            "時間割の変更.txt",
            "請求書一覧.xlsx",
            "ms_access.mdb",
            "昭和の歌.csv",
            "森林管理簿.csv",
            "平和記念式典.txt",
            "kyoto-schools.txt",
            "South_Georgia",
            "start.js",
            "number.lang",
            "test_meta_path.pyc",
            "gcloud_beta_app_create.1.gz",
            "pam_entitlements.1",
            "DejaVuSans.ttf",
            "meta.py",
            "101ab9e2d406460c5b71b7d1c5bb94592e3a68a8.debug",
        ] {
            check(Of::File, name, true);
        }
    }

    #[test]
    fn accents_part_no_words() {
        let name = "Jürgen-Müller荒井";
        let found: Vec<&str> = words(name).map(|word| &name[word]).collect();
        assert_eq!(found, ["Jürgen", "Müller", "荒井"]);
    }

    #[test]
    fn names_stand_anywhere() {
        for depth in [10, 100, 1000] {
            for name in ["診断書（荒井篤）.txt", "felix-garrison.txt"] {
                let path = (0..depth).map(|n| format!("a{n}/")).collect::<String>();
                let found = ranges(Patterns::builtin(), &format!("{path}{name}"), Of::File);
                assert!(
                    found.iter().any(|range| range.start >= path.len()),
                    "{name} {depth}"
                );
                let path = format!("{name}/{path}");
                let found = ranges(Patterns::builtin(), &path, Of::File);
                assert!(found.iter().any(|range| range.end <= name.len()), "{path}");
            }
        }
    }

    #[test]
    fn long_names_take_no_longer_than_they_are() {
        for head in ["", "a_", "荒井 "] {
            let name = format!("{head}{}", "荒井篤の電話番号".repeat(20_000));
            let started = std::time::Instant::now();
            ranges(Patterns::builtin(), &name, Of::Column);
            ranges(Patterns::builtin(), &name, Of::File);
            assert!(started.elapsed().as_secs() < 5, "{head}");
        }
    }

    #[test]
    fn columns_that_are_people_are_masked() {
        for name in [
            "荒井篤",
            "評価.荒井篤",
            "評価.浅野薫.点",
            "（荒井篤）",
            "鷲尾澄江",
            "１９８０年１月１日",
            "felix_garrison",
            "rows.FelixGarrison.score",
            "Felix Garrison",
            "荒井篤 電話番号",
            "荒井篤の住所",
            "荒井 篤の住所",
            "荒井篤携帯",
            "電話番号荒井篤",
            "電話番号（荒井篤）",
            "浅野薫 生年月日",
            "アサノカオルの電話番号",
            "王小明の住所",
            "felix_garrison_email",
            "email_felix_garrison",
            "FELIX GARRISON PHONE",
            "garrison felix home phone",
            "felix.garrison",
            "김민준 email",
            "Иванова Мария email",
            "鈴木花子方",
            "鈴木花子方 電話番号",
            "担当者山田太郎の住所",
            "鷲尾家住所",
            "荒井様電話",
            "mr_garrison_phone",
            "昭和60年3月4日",
            "Mary Day",
            "lukas_price",
            "'address': '3126 Lake Road",
            "\"tel\" => \"090-1234-5678\"",
        ] {
            check(Of::Column, name, false);
        }
    }

    #[test]
    fn columns_of_everyday_are_shown() {
        for name in [
            "First Name",
            "Bill Date",
            "Rose Price",
            "'address'",
            "お名前",
            "氏名",
            "created_at",
            "mark_price",
            "grant date",
            "東京本社",
            "備考",
            "金額",
            "カタログ",
            "customer.name",
            "平均点",
            "住所",
            "顧客",
            "顧客住所",
            "項目",
            "時間",
            "時刻",
            "時間割",
            "管理費",
            "管理者",
            "方角",
            "高島屋",
            "North Carolina",
            "電話番号フリガナ",
            "氏名（カタカナ）",
            "Grant Date",
            "都道府県",
            "東京都",
            "山形県",
            "高島方面",
            "吉野家",
            "令和6年4月1日",
            "昭和",
            "winter address",
            "担当者の住所",
            "勤務先の電話番号",
            "お客様電話番号",
        ] {
            check(Of::Column, name, true);
        }
    }
}
