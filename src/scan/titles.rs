//! Names of files, tables and columns that are somebody's name, or a secret: `診断書（NAME）.txt`, `felix-garrison.txt`, `sk_live_…`.
//!
//! In: a name from the data. Out: the ranges of it that must not be shown, beside those that stand in it as they would in a text. In the name
//! of a file a mask too many costs nothing; in that of a column it hides what the column is, so there only a whole name is one.

use std::ops::Range;

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
    let mut found: Vec<Range<usize>> = tokens(name).collect();
    found.extend(numbers(name));
    let words: Vec<Range<usize>> = shown_words(name).collect();
    match of {
        Of::File => names(name, &words, &is_somebody, &mut found),
        Of::Column => {
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

/// Whether a value may be taken for the name of a column: nothing in it is anybody's name, not even a surname alone.
pub(super) fn is_of_nobody(patterns: &Patterns, key: &str) -> bool {
    let is_somebody = |word: Range<usize>| {
        let word = &key[word];
        let hit = patterns.header(word);
        let is_whole = |field: &str| field.chars().count() >= word.chars().count();
        if hit.is_some_and(|hit| is_whole(&hit.word)) {
            return false;
        }
        if word.starts_with(is_latin) {
            let shapes = classify::shapes(&title(word));
            let known = Shapes::of(&[Shape::LatinSurname, Shape::LatinGiven]);
            let lists = dict::latin(word);
            let strong = lists.any(Lists::SURNAME_STRONG.or(Lists::GIVEN_STRONG));
            return shapes.any(known) && (strong || !lists.any(Lists::WORD.or(Lists::COMMON)));
        }
        let cuts = word.char_indices().map(|(at, _)| at).skip(1).take(LONGEST);
        cuts.chain([word.len()]).any(|cut| {
            let (front, back) = word.split_at(cut);
            let lists = dict::jp(&folded(front));
            lists.any(Lists::SURNAME)
                && !lists.any(Lists::WORD)
                && patterns.header(front).is_none()
                && (back.is_empty() || is_behind(patterns, back))
        })
    };
    ranges(patterns, key, Of::Column).is_empty() && !words(key).any(is_somebody)
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
        people.retain(|range| !holds(range));
    }
    found.extend(people);
    for (nth, word) in words.iter().enumerate() {
        let text = &name[word.clone()];
        let hit = patterns.header(text);
        let is_known = hit.is_some_and(|hit| hit.word.chars().count() >= text.chars().count());
        if text.starts_with(is_latin) || is_known {
            continue;
        }
        let before = nth.checked_sub(1).map(|nth| &words[nth]);
        for (cut, _) in text.char_indices().skip(1) {
            let (front, back) = text.split_at(cut);
            let head = word.start..word.start + cut;
            let first = before.filter(|first| is_pair_in(name, first, &head));
            let short = |text: &str| text.chars().count() <= LONGEST;
            if short(front) && (first.is_some() || is_one(front)) && is_behind(patterns, back) {
                found.push(first.unwrap_or(word).start..head.end);
            }
            let is_kanji = classify::shapes(back).has(Shape::JpFullName);
            if short(back) && is_kanji && is_one(back) && patterns.header(front).is_some() {
                found.push(head.end..word.end);
            }
        }
    }
}

/// Whether a text goes on as it does behind somebody's name: with a particle, a title, or the word of a field.
fn is_behind(patterns: &Patterns, text: &str) -> bool {
    text.starts_with('の')
        || HONORIFICS.iter().any(|title| text.starts_with(title))
        || patterns.header(text).is_some()
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
    gap.chars().count() <= 2
        && !gap.contains(['/', '\\'])
        && is_pair(&name[first.clone()], &name[second.clone()])
}

/// The people whom a file of this name is about: a piece of it that is a full name in kanji or another script, or all of it in Latin letters.
pub(super) fn people(scanner: &mut Scanner, stem: &str) -> Vec<String> {
    let cut = |c: char| !(is_letter(c) || matches!(c, ' ' | '\u{3000}' | '々'));
    let pieces = stem.split(cut).map(|piece| {
        let piece = piece.trim();
        let titles = HONORIFICS.iter();
        let bare = titles.filter_map(|title| piece.strip_suffix(title)).next();
        bare.unwrap_or(piece).trim()
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
    const OF_PLACES: [&str; 10] = [
        "San", "Santa", "Saint", "St", "Los", "Las", "El", "New", "Fort", "Mount",
    ];
    let is_common = |word: &str| dict::latin(word).any(Lists::COMMON);
    if OF_PLACES.contains(&first) || is_common(first) && is_common(last) {
        return false;
    }
    let is_romaji = |family: &str, given: &str| {
        let plain = |word| !dict::latin(word).any(Lists::COMMON.or(Lists::GIVEN));
        let known = dict::romaji(family).any(Lists::SURNAME);
        known && dict::romaji(given).any(Lists::GIVEN) && plain(family) && plain(given)
    };
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

fn folded(text: &str) -> Vec<char> {
    text.chars().map(|c| new_form(katakana(c))).collect()
}

fn is_name(text: &str) -> bool {
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
    let (first, second) = (title(first), title(second));
    let orders = [format!("{first} {second}"), format!("{second} {first}")];
    let is_place = |text: &String| classify::shapes(text).any(PLACES);
    orders.iter().any(|text| is_name(text)) && !orders.iter().any(is_place)
}

/// A word in small letters after a capital one.
fn title(word: &str) -> String {
    let mut letters = word.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters.flat_map(char::to_lowercase)).collect()
}

/// The words at both ends of a name.
fn shown_words(name: &str) -> impl Iterator<Item = Range<usize>> {
    let ends = |at: Option<(usize, char)>, all| at.map_or(all, |(at, _)| at);
    let head = ends(name.char_indices().nth(SHOWN), name.len());
    let tail = ends(name.char_indices().nth_back(SHOWN), 0);
    words(name).filter(move |word| word.start < head || word.end > tail)
}

/// The words of a name: runs of letters; a capital letter behind a small one begins another (`FelixGarrison`).
fn words(name: &str) -> impl Iterator<Item = Range<usize>> {
    let mut chars = name.char_indices().peekable();
    std::iter::from_fn(move || {
        while chars.next_if(|(_, c)| !is_letter(*c)).is_some() {}
        let &(start, first) = chars.peek()?;
        let (mut end, mut before) = (start, first);
        while let Some((at, c)) = chars.next_if(|&(_, c)| {
            is_letter(c)
                && is_latin(c) == is_latin(first)
                && !(before.is_lowercase() && c.is_uppercase())
        }) {
            (end, before) = (at + c.len_utf8(), c);
        }
        Some(start..end)
    })
}

/// Whether a letter is a Latin one, with an accent too.
fn is_latin(c: char) -> bool {
    matches!(c, '\0'..='\u{24f}' | '\u{1e00}'..='\u{1eff}')
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && c != '・' || matches!(c, '々' | 'ー' | '\'')
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

/// Runs of letters and digits in turn, as tokens of access have them.
fn tokens(name: &str) -> impl Iterator<Item = Range<usize>> {
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
        let is_token = run.is_ascii() && run.len() >= TOKEN && turns.count() >= TURNS;
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
        ] {
            check(Of::File, name, false);
        }
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
        ] {
            check(Of::Column, name, false);
        }
        for name in [
            "First Name",
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
        ] {
            check(Of::Column, name, true);
        }
    }

    #[test]
    fn keys_that_name_nobody() {
        for (key, expected) in [
            ("first_name", true),
            ("billing_email", true),
            ("電話番号", true),
            ("生年月日", true),
            ("会員番号", true),
            ("garrison phone", false),
            ("father tanaka name", false),
            ("鷲尾澄江 住所", false),
            ("佐藤の電話番号", false),
        ] {
            assert_eq!(is_of_nobody(Patterns::builtin(), key), expected, "{key}");
        }
    }
}
