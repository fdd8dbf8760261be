//! Names and addresses in Japanese running text.
//!
//! In: a text, line by line. Out: hits. A name has a reason beside the dictionary (a label before it, an honorific, role or reading in brackets
//! behind it), or a model finds it among words of kanji and katakana.

use std::ops::Range;

use super::japanese::{KANJI_DIGITS, fold_char, is_kana, is_kanji, is_one, split_name};
use super::japanese_address::address_end;
use super::japanese_words::{
    HONORIFICS, LABEL_ENDS, LABELS, NOBODY, NOT_BEFORE, NOT_GIVEN, OKURIGANA, PARTICLES, ROLES,
};
use super::names_japanese::{self, Chars, Class};
use super::tagger::Model;
use super::text::{Hit, What};
use crate::pattern::Part;
use crate::pattern::dict::{self, Firsts, Lists};

/// The weights that `patterns/models/train.rs` learned.
static NAMES: Model<'static> =
    Model::read(include_bytes!("../../patterns/models/names-japanese.bin"));

/// What follows a given name in hiragana in a sentence, folded: 鈴木 さくらです.
const AFTER_KANA: [&str; 8] = ["デス", "ト申", "トモウ", "ヨリ", "デゴ", "デア", "ガ", "ハ"];

/// Common characters that are written in China or Taiwan and not in Japan.
#[rustfmt::skip]
const CHINESE_ONLY: [&str; 84] = [
    "们", "这", "为", "说", "时", "对", "发", "语", "请", "无", "从", "过", "还", "进", "动", "样", "关", "开", "问", "间", "长", "门", "见", "车",
    "马", "书", "读", "买", "卖", "张", "陈", "刘", "杨", "赵", "吴", "订", "单", "应", "该", "认", "让", "给", "经", "网", "红", "级", "纪", "约",
    "线", "组", "细", "终", "结", "绝", "统", "继", "续", "维", "编", "规", "视", "觉", "计", "记", "设", "证", "评", "识", "试", "话", "诉", "谁",
    "账", "费", "资", "质", "购", "贵", "么", "們", "嗎", "您", "她", "你",
];
static CHINESE: Firsts = Firsts::of(&CHINESE_ONLY);

/// How sure a name is that tells of a surname elsewhere in the text, and how sure that is then.
const SURE: f32 = 0.8;
const AGAIN: f32 = 0.65;

/// One line, folded, with the byte offset of each character. Kept between lines for its memory.
#[derive(Default)]
pub(super) struct Line {
    chars: Vec<char>,
    classes: Vec<Class>,
    at: Vec<u32>,
    /// Where surnames stand by themselves with nothing beside them that says so.
    bare: Vec<Range<usize>>,
}

impl Line {
    /// Adds the hits of every line that has Japanese in it.
    pub(super) fn find(&mut self, text: &str, hits: &mut Vec<Hit>) {
        let (mut from, first) = (0, hits.len());
        self.bare.clear();
        for line in text.split_inclusive('\n') {
            if !line.is_ascii() {
                self.load(line, from);
                self.addresses(hits);
                let names = hits.len();
                self.names(hits);
                match self.is_chinese() {
                    true => hits
                        .extract_if(names.., |hit| hit.confidence < SURE)
                        .for_each(drop),
                    false => self.learned_names(hits),
                }
            }
            from += line.len();
        }
        self.repeats(text, first, hits);
    }

    /// A second look: a bare surname is a name where the same text has it with an honorific, a label or a given name.
    fn repeats(&mut self, text: &str, first: usize, hits: &mut Vec<Hit>) {
        if self.bare.is_empty() {
            return;
        }
        let sure = |hit: &&Hit| hit.what == What::Name && hit.confidence >= SURE;
        let names = hits[first..].iter().filter(sure);
        let mut known: Vec<&str> = names
            .filter_map(|hit| surname(&text[hit.start..hit.end]))
            .collect();
        known.sort_unstable();
        let bare = self.bare.drain(..);
        let again = bare.filter(|range| known.binary_search(&&text[range.clone()]).is_ok());
        hits.extend(again.map(|range| Hit::new(What::Name, range, AGAIN)));
    }

    fn load(&mut self, line: &str, from: usize) {
        // As many as there are bytes, to write without asking for room, and then as many as there are characters.
        self.chars.resize(line.len(), ' ');
        self.classes.resize(line.len(), Class::default());
        self.at.resize(line.len(), 0);
        let slots = self.chars.iter_mut().zip(&mut self.classes);
        let slots = slots.zip(&mut self.at);
        let mut n = 0;
        for ((offset, c), ((char, class), at)) in line.char_indices().zip(slots) {
            // Most characters of logs and mail headers are these, which nothing folds.
            (*char, *class) = match c.is_ascii() {
                true => (c, Class::default()),
                false => {
                    let folded = fold_char(c);
                    (folded, Class::of(c, folded))
                }
            };
            *at = (from + offset) as u32;
            n += 1;
        }
        self.chars.truncate(n);
        self.classes.truncate(n);
        self.at.truncate(n);
        self.at.push((from + line.len()) as u32);
    }

    /// Whether the line is Chinese, which the model did not learn: characters that Japanese does not have, and no kana.
    fn is_chinese(&self) -> bool {
        let kana = Class::HIRAGANA.or(Class::KATAKANA);
        !self.classes.iter().any(|class| class.any(kana))
            && self
                .chars
                .iter()
                .any(|&c| CHINESE.has(c) && is_one(&[c], &CHINESE_ONLY))
    }

    fn hit(&self, what: What, from: usize, to: usize, confidence: f32) -> Hit {
        Hit::new(
            what,
            self.at[from] as usize..self.at[to] as usize,
            confidence,
        )
    }

    fn is_kanji(&self, at: usize) -> bool {
        self.is(at, Class::KANJI)
    }

    /// Whether the character is katakana as it was written.
    fn is_katakana(&self, at: usize) -> bool {
        self.is(at, Class::KATAKANA)
    }

    fn is_hiragana(&self, at: usize) -> bool {
        self.is(at, Class::HIRAGANA)
    }

    #[inline]
    fn is(&self, at: usize, class: Class) -> bool {
        self.classes.get(at).is_some_and(|own| own.any(class))
    }

    /// How many characters from a place on are so.
    fn run(&self, at: usize, class: Class) -> usize {
        let rest = self.classes[at..].iter();
        rest.take_while(|own| own.any(class)).count()
    }

    /// The next kanji or katakana from a place on.
    #[inline]
    fn next_word(&self, at: usize) -> Option<usize> {
        Some(at + names_japanese::opening(self.classes.get(at..)?)?)
    }

    fn follows(&self, at: usize, word: &str) -> bool {
        let mut n = at;
        word.chars().all(|c| {
            n += 1;
            self.chars.get(n - 1) == Some(&c)
        })
    }

    fn ends_before(&self, at: usize, word: &str) -> bool {
        let n = word.chars().count();
        at >= n && self.follows(at - n, word)
    }

    /// Addresses: from each prefecture or municipality, or a town with a block number at the beginning of a line or word.
    fn addresses(&self, hits: &mut Vec<Hit>) {
        let mut at = 0;
        // The next character that may end the name of a municipality.
        let mut admin = 0;
        while let Some(word) = self.next_word(at) {
            at = word;
            if admin <= at {
                let rest = &self.classes[at..];
                let next = rest.iter().position(|class| class.any(Class::ADMIN));
                admin = at + next.unwrap_or(rest.len());
            }
            // Most places of a text are decided here.
            if admin >= at + 12 && !self.opens(at) {
                at += 1;
                continue;
            }
            at = match self.address_at(at) {
                Some((end, confidence)) => {
                    hits.push(self.hit(What::Address, at, end, confidence));
                    end
                }
                None => at + 1,
            };
        }
    }

    /// The address that begins here, if one does.
    fn address_at(&self, at: usize) -> Option<(usize, f32)> {
        let window = &self.chars[at..self.chars.len().min(at + 90)];
        let near = &self.classes[at..self.chars.len().min(at + 12)];
        let admin = near.iter().any(|class| class.any(Class::ADMIN));
        if admin && let Some(place) = dict::place(window) {
            if let Some(end) = address_end(window).filter(|&end| end > place.city) {
                let digits = window[place.city..end]
                    .iter()
                    .any(|c| c.is_ascii_digit() || KANJI_DIGITS.contains(c));
                if digits || place.prefecture > 0 {
                    return Some((
                        at + end,
                        if place.prefecture > 0 && digits {
                            0.95
                        } else {
                            0.8
                        },
                    ));
                }
            }
            // 下京区…町: a bare municipality in a sentence is a place, not an address.
            return None;
        }
        self.town_with_number(at)
    }

    /// Whether a line, a word or a field begins here.
    fn opens(&self, at: usize) -> bool {
        at == 0
            || matches!(
                self.chars[at - 1],
                ' ' | ':' | '\t' | ',' | '、' | '「' | '(' | '"'
            )
    }

    /// `芝公園4-2-8` at the beginning of a line, or after a blank, a colon or a postal code.
    fn town_with_number(&self, at: usize) -> Option<(usize, f32)> {
        if !self.opens(at) {
            return None;
        }
        let rest = &self.chars[at..self.chars.len().min(at + 60)];
        let town = rest
            .iter()
            .take(14)
            .take_while(|&&c| is_kanji(c) && !KANJI_DIGITS.contains(&c) || is_kana(c))
            .count();
        let digit = rest
            .get(town)
            .is_some_and(|c| c.is_ascii_digit() || KANJI_DIGITS.contains(c));
        if town < 2
            || !digit
            || !(2..=town)
                .rev()
                .any(|n| dict::jp(&rest[..n]).any(Lists::TOWN) && n + 3 >= town)
        {
            return None;
        }
        let end = super::japanese_address::number_end(rest, town)?;
        let body = &rest[town..end];
        let block = body.contains(&'-') && body.len() <= 14
            || ["丁目", "番地", "番"]
                .iter()
                .any(|w| super::japanese::find(body, w));
        block.then(|| (at + super::japanese_address::building_end(rest, end), 0.6))
    }

    /// Names that the model finds, and the readings in brackets behind them.
    fn learned_names(&self, hits: &mut Vec<Hit>) {
        let line = Chars {
            chars: &self.chars,
            classes: &self.classes,
        };
        names_japanese::find(line, &NAMES, |name| {
            let confidence = (0.5 + name.margin as f32 / 1000.0).clamp(0.5, 0.95);
            let lone = self.run(name.start, Class::KATAKANA) >= name.end - name.start;
            let is_name = match lone {
                true => self.lone_katakana(name.start, name.end),
                false => self.is_plain_given(name.start, name.end),
            };
            if is_name {
                hits.push(self.hit(What::Name, name.start, name.end, confidence));
                self.reading(name.end, hits);
            }
        });
    }

    /// Whether one word of katakana may be somebody, which a model says: an honorific, a role or a label beside it, or a word that is a name and
    /// nothing else. Most such words are things, and many a thing is a name somewhere (カレッジ, タワー).
    fn lone_katakana(&self, from: usize, end: usize) -> bool {
        let word = &self.chars[from..end];
        let lists = dict::kana(word);
        let is_thing = lists.any(Lists::WORD.or(Lists::PLACE).or(Lists::PROPER));
        let is_name = lists.any(Lists::FOREIGN.or(Lists::GIVEN_STRONG));
        if is_one(word, &NOBODY) {
            return false;
        }
        match self.title_at(end) {
            Some((_, true)) => true,
            // クーパー選手, but not アジアクラブ選手権.
            Some((n, false)) if !self.is_kanji(end + n) => is_name || !is_compound(word),
            _ if self.labelled(from) || self.regnal(end).is_some() => true,
            _ => is_name && !is_thing,
        }
    }

    /// Whether a name is no month, and what follows leaves its last kanji alone: 行き, 送り and 込み go on in hiragana.
    fn is_plain_given(&self, from: usize, end: usize) -> bool {
        if let [number, '月'] = self.chars[from..end]
            && (KANJI_DIGITS.contains(&number) || number == '十')
        {
            return false;
        }
        let goes_on = self.is_hiragana(end)
            && matches!(
                self.chars[end],
                'キ' | 'ク' | 'ケ' | 'ミ' | 'ム' | 'メ' | 'リ' | 'ル' | 'レ' | 'シ' | 'ッ'
            );
        !(goes_on && end - from >= 2 && OKURIGANA.contains(&self.chars[end - 1]))
    }

    fn names(&mut self, hits: &mut Vec<Hit>) {
        let mut at = 0;
        while let Some(word) = self.next_word(at) {
            at = word;
            if self.is_kanji(at) {
                let end = at + self.run(at, Class::KANJI);
                self.kanji_run(at, end, hits);
                at = end;
            } else {
                let end = at
                    + (at..self.chars.len())
                        .take_while(|&n| {
                            self.is_katakana(n)
                                || self.chars[n] == '・'
                                || self.chars[n] == '='
                                || self.initial(n)
                        })
                        .count();
                self.katakana_run(at, end, hits);
                at = end;
            }
        }
    }

    /// The initial of a middle name: マーク・E・スミス.
    fn initial(&self, at: usize) -> bool {
        self.chars[at].is_ascii_uppercase()
            && self.chars.get(at + 1) == Some(&'・')
            && at > 0
            && self.chars[at - 1] == '・'
    }

    /// An honorific or a role that begins here: its length, and whether it is one that only people have.
    fn title_at(&self, at: usize) -> Option<(usize, bool)> {
        let rest = self.chars.get(at..)?;
        if let Some(word) = HONORIFICS.starts(rest).next() {
            let n = word.chars().count();
            // さん in さんま, 様 in 様々, 君 in 君主: what goes on is another word.
            let goes_on = match word {
                "様" => {
                    self.follows(at + 1, "々")
                        || self.follows(at + 1, "子")
                        || self.follows(at + 1, "式")
                        || self.follows(at + 1, "相")
                }
                "氏" | "君" | "殿" => self.is_kanji(at + 1) && !self.follows(at + 1, "方"),
                _ => !self.is_hiragana(at) && word.starts_with(['サ', 'ク', 'チ']),
            };
            return (!goes_on).then_some((n, true));
        }
        let role = ROLES.starts(rest).next()?;
        Some((role.chars().count(), false))
    }

    fn labelled(&self, at: usize) -> bool {
        let mut before = at;
        while before > 0
            && matches!(
                self.chars[before - 1],
                ' ' | ':' | '】' | ']' | '「' | '　' | '\t'
            )
        {
            before -= 1;
        }
        before < at
            && before > 0
            && LABEL_ENDS.has(self.chars[before - 1])
            && LABELS.iter().any(|label| self.ends_before(before, label))
    }

    /// Names in a run of kanji.
    fn kanji_run(&mut self, from: usize, end: usize, hits: &mut Vec<Hit>) {
        // The run up to an honorific or role inside it.
        let inner = (from + 1..end).find(|&at| {
            self.title_at(at)
                .is_some_and(|(n, _)| at + n >= end || at - from >= 2)
        });
        let stop = inner.unwrap_or(end);
        let title = self.title_at(stop);
        if let Some((to, confidence)) = self.in_two_parts(from, stop, end) {
            hits.push(self.hit(What::Name, from, to, confidence));
            self.reading(to, hits);
            return;
        }
        let label = self.labelled(from);
        let reason =
            title.is_some() || label || self.reading_follows(stop) || self.introduces(from, stop);
        let n = stop - from;
        let run = &self.chars[from..stop];
        let lists = dict::jp(run);
        let other = lists.any(Lists::WORD.or(Lists::PLACE).or(Lists::PROPER));
        let glued = self.is_katakana(stop)
            || from > 0 && self.is_katakana(from - 1) && !title.is_some_and(|t| t.1);
        if (2..=6).contains(&n)
            && (reason || n >= 3 && !other && self.given_is_plain(from, stop))
            && split_name(run).is_some()
            && !glued
            && !self.refused(from, stop)
            && self.is_plain_given(from, stop)
        {
            let confidence = if reason { 0.9 } else { 0.6 };
            hits.push(self.hit(What::Name, from, stop, confidence));
            self.reading(stop, hits);
            return;
        }
        if let Some((_, personal)) = title
            && let Some(start) = self.name_before(from, stop, personal)
        {
            hits.push(self.hit(What::Name, start, stop, if personal { 0.8 } else { 0.6 }));
            return;
        }
        if label && (1..=4).contains(&n) && (lists.any(Lists::SURNAME.or(Lists::GIVEN)) && n >= 2) {
            hits.push(self.hit(What::Name, from, stop, 0.7));
            return;
        }
        if title.is_none() && n >= 6 {
            self.name_at_the_ends(from, stop, hits);
        }
        let alone = stop == end && (2..=3).contains(&n) && !glued && !self.is_katakana_before(from);
        if alone && lists.any(Lists::SURNAME) && !other && !self.refused(from, stop) {
            let bytes = self.at[from] as usize..self.at[stop] as usize;
            self.bare.push(bytes);
        }
    }

    /// End of a full name whose surname is the run of kanji from `from` to `stop`, and how sure it is: the given name behind a blank, or in
    /// kana. The run of kanji goes on to `end`.
    fn in_two_parts(&self, from: usize, stop: usize, end: usize) -> Option<(usize, f32)> {
        if let Some(to) = self.spaced_name(from, stop) {
            return Some((to, 0.85));
        }
        if stop < end {
            return None;
        }
        self.with_kana(from, end)
            .map(|to| (to, 0.7))
            .or_else(|| self.labelled_pair(from, end).map(|to| (to, 0.85)))
            .or_else(|| self.with_katakana(from, end).map(|to| (to, 0.65)))
    }

    /// 氏名：横浜 清: behind a label one known half makes a name of two words of kanji.
    fn labelled_pair(&self, from: usize, end: usize) -> Option<usize> {
        if self.chars.get(end) != Some(&' ') || end - from > 4 || !self.labelled(from) {
            return None;
        }
        let given = end + 1;
        let to = given
            + self.chars[given..]
                .iter()
                .take(4)
                .take_while(|&&c| is_kanji(c))
                .count();
        let closed = (1..=3).contains(&(to - given))
            && !self
                .chars
                .get(to)
                .is_some_and(|&c| is_kanji(c) || is_kana(c));
        let known = dict::jp(&self.chars[from..end]).any(Lists::SURNAME)
            || dict::jp(&self.chars[given..to]).any(Lists::GIVEN);
        (closed && known && !self.refused(given, to)).then_some(to)
    }

    /// Where a name that ends at `stop` begins, an honorific or role behind it.
    fn name_before(&self, from: usize, stop: usize, personal: bool) -> Option<usize> {
        let n = stop - from;
        for len in [4, 5, 3, 6, 2] {
            if len < n && split_name(&self.chars[stop - len..stop]).is_some() && len >= 3 {
                let before = dict::jp(&self.chars[from..stop - len]);
                if !before.is_empty() || n - len >= 2 {
                    return Some(stop - len);
                }
            }
        }
        let run = &self.chars[from..stop];
        let lists = dict::jp(run);
        let word = lists.any(Lists::WORD.or(Lists::PROPER));
        let is = lists.any(Lists::SURNAME) && (!word || personal && n >= 2)
            || personal && lists.any(Lists::GIVEN) && n >= 2 && !word;
        let barred = matches!(
            run,
            ['皆']
                | ['客']
                | ['神']
                | ['王']
                | ['父']
                | ['母']
                | ['兄']
                | ['姉']
                | ['奥']
                | ['仏']
                | ['何']
                | ['彼']
                | ['貴']
                | ['同']
                | ['諸']
                | ['両']
                | ['若']
                | ['殿']
                | ['姫']
                | ['患', '者']
        );
        (is && !barred && n <= 4 && !self.is_katakana_before(from)).then_some(from)
    }

    fn is_katakana_before(&self, from: usize) -> bool {
        from > 0
            && (self.is_katakana(from - 1)
                || self.is_hiragana(from - 1)
                    && matches!(self.chars[from - 1], 'オ' | 'ゴ')
                    && (from < 2 || !self.is_hiragana(from - 2)))
    }

    /// A place, organisation or such follows or goes before.
    fn refused(&self, from: usize, stop: usize) -> bool {
        NOT_BEFORE.starts(&self.chars[stop..]).next().is_some()
            || self.ends_before(from, "株式会社")
            || self.ends_before(from, "(株)")
    }

    /// `佐藤 太郎`: a surname, one blank, a given name.
    fn spaced_name(&self, from: usize, end: usize) -> Option<usize> {
        if self.chars.get(end) != Some(&' ')
            || end - from > 4
            || !dict::jp(&self.chars[from..end]).any(Lists::SURNAME)
        {
            return None;
        }
        let start = end + 1;
        let kanji = self.chars[start..]
            .iter()
            .take(6)
            .take_while(|&&c| is_kanji(c))
            .count();
        let all = kanji
            + self.chars[start + kanji..]
                .iter()
                .take(5)
                .take_while(|&&c| is_kana(c))
                .count();
        (1..=all.min(5)).rev().map(|n| start + n).find(|&to| {
            let given = &self.chars[start..to];
            let is = if given.iter().all(|&c| is_kana(c)) {
                dict::kana(given).any(Lists::GIVEN) && given.len() >= 2
            } else {
                dict::jp(given).any(Lists::GIVEN)
            };
            let whole = to == start + all
                || self.title_at(to).is_some()
                || to == start + kanji && self.is_hiragana(to)
                || given.len() >= 2 && AFTER_KANA.iter().any(|word| self.follows(to, word));
            is && whole
        })
    }

    /// A surname and a given name in hiragana: 高橋さくら.
    fn with_kana(&self, from: usize, end: usize) -> Option<usize> {
        if !(2..=3).contains(&(end - from))
            || !dict::jp(&self.chars[from..end]).any(Lists::SURNAME)
            || dict::jp(&self.chars[from..end]).any(Lists::WORD)
        {
            return None;
        }
        let kana = self.run(end, Class::HIRAGANA).min(8);
        let place = dict::jp(&self.chars[from..end]).any(Lists::PLACE);
        (2..=kana.min(4)).rev().map(|n| end + n).find(|&to| {
            let given = dict::kana(&self.chars[end..to]);
            given.any(Lists::GIVEN_STRONG)
                // 青森りんご is none.
                && !(place && given.any(Lists::WORD))
                && (to == end + kana || self.title_at(to).is_some())
                && HONORIFICS.starts(&self.chars[end..]).next().is_none()
                && !PARTICLES
                    .iter()
                    .any(|p| self.chars[end..to].iter().copied().eq(p.chars()))
                && !self.is_kanji(to)
        })
    }

    /// A full name at the beginning of a long run of kanji with a place or role behind it: 石原慎太郎東京都知事.
    fn name_at_the_ends(&self, from: usize, stop: usize, hits: &mut Vec<Hit>) {
        for len in [5, 4] {
            let to = from + len;
            if to + 2 <= stop
                && split_name(&self.chars[from..to]).is_some()
                && (dict::place(&self.chars[to..stop]).is_some() || self.title_at(to).is_some())
            {
                hits.push(self.hit(What::Name, from, to, 0.6));
                return;
            }
        }
    }

    /// A surname and a given name in katakana: 田中リタ.
    fn with_katakana(&self, from: usize, end: usize) -> Option<usize> {
        let kana = (end..self.chars.len())
            .take_while(|&n| self.is_katakana(n))
            .count();
        let family = dict::jp(&self.chars[from..end]);
        let is = (2..=3).contains(&(end - from))
            && family.any(Lists::SURNAME)
            && !family.any(Lists::WORD.or(Lists::PLACE).or(Lists::PROPER))
            && (2..=4).contains(&kana);
        (is && dict::kana(&self.chars[end..end + kana]).any(Lists::GIVEN_STRONG)
            && !self.is_kanji(end + kana))
        .then_some(end + kana)
    }

    /// Whether the second half of a name that nothing else speaks for is not a word that makes compounds: 江戸風, 浅海生, 江戸時代.
    fn given_is_plain(&self, from: usize, stop: usize) -> bool {
        let run = &self.chars[from..stop];
        let Some(at) = split_name(run) else {
            return false;
        };
        let given = &run[at..];
        !(is_one(given, &NOT_GIVEN) || at == 1 && given.len() == 1)
    }

    /// Whether somebody tells their name: 森愛と申します, or 森愛です at the beginning of a sentence.
    fn introduces(&self, from: usize, stop: usize) -> bool {
        let opens = from == 0 || self.chars[from - 1] == '。';
        self.follows(stop, "ト申シ") || opens && self.follows(stop, "デス。")
    }

    fn reading_follows(&self, at: usize) -> bool {
        self.chars.get(at) == Some(&'(') && self.reading_end(at).is_some()
    }

    /// End of a reading in brackets that open at `at`.
    fn reading_end(&self, at: usize) -> Option<usize> {
        let kana = self.chars[at + 1..]
            .iter()
            .take(20)
            .take_while(|&&c| is_kana(c) || matches!(c, ' ' | '・'))
            .count();
        // (タケウチ様)
        let end = at + 1 + kana;
        let behind = end + self.title_at(end).map_or(0, |title| title.0);
        let closed = self
            .chars
            .get(behind)
            .is_some_and(|&c| matches!(c, ')' | '、' | ',' | ' '));
        (kana >= 3 && closed).then_some(end)
    }

    /// The reading in brackets after a name, and its honorific, is a hit of its own: of the surname alone, where the honorific is said again.
    fn reading(&self, at: usize, hits: &mut Vec<Hit>) {
        let at = at + self.title_at(at).map_or(0, |title| title.0);
        if self.chars.get(at) != Some(&'(') {
            return;
        }
        if let Some(end) = self.reading_end(at) {
            let end = if self.chars[end - 1] == ' ' {
                end - 1
            } else {
                end
            };
            let kana = &self.chars[at + 1..end];
            let titled = self.title_at(end).is_some() && !kana.contains(&' ');
            let (part, confidence) = match titled {
                true => (Part::FamilyReading, 0.99),
                false => (Part::Reading, 0.8),
            };
            let mut hit = self.hit(What::Name, at + 1, end, confidence);
            hit.part = part;
            hits.push(hit);
        }
    }

    /// End of a king's number that stands at a place: 8世, 十四世.
    fn regnal(&self, at: usize) -> Option<usize> {
        let n = self.chars[at..]
            .iter()
            .take(3)
            .take_while(|c| c.is_ascii_digit() || KANJI_DIGITS.contains(c) || **c == '十')
            .count();
        let to = at + n + 1;
        let closed = !matches!(
            self.chars.get(to),
            Some('紀' | '代' | '帯' | '界' | '襲' | '論')
        );
        ((1..=2).contains(&n) && self.chars.get(at + n) == Some(&'世') && closed).then_some(to)
    }

    /// Names in katakana: a foreigner's with ・, or one with an honorific.
    fn katakana_run(&self, from: usize, end: usize, hits: &mut Vec<Hit>) {
        let end = end
            - self.chars[from..end]
                .iter()
                .rev()
                .take_while(|&&c| matches!(c, '・' | '='))
                .count();
        let run = &self.chars[from..end];
        let dots = run.iter().filter(|&&c| c == '・' || c == '=').count();
        let kanji_before = from > 0 && self.is_kanji(from - 1);
        if (1..=3).contains(&dots) && run.len() >= 5 {
            // Without a title the model judges: テネシー・タイタンズ is a team, 「ベスト・テン」 a work.
            if self.title_at(end).is_some() {
                hits.push(self.hit(What::Name, from, end, 0.6));
            }
            return;
        }
        if dots > 0 || run.len() < 2 || kanji_before {
            return;
        }
        let lists = dict::kana(run);
        // エリザベス1世, but not 世紀 and 世代.
        if lists.any(Lists::FOREIGN)
            && let Some(to) = self.regnal(end)
        {
            hits.push(self.hit(What::Name, from, to, 0.96));
            return;
        }
        let named = lists.any(
            Lists::FOREIGN
                .or(Lists::SURNAME_STRONG)
                .or(Lists::GIVEN_STRONG),
        );
        if named && self.title_at(end).is_some_and(|t| t.1) {
            if !is_one(run, &NOBODY) {
                hits.push(self.hit(What::Name, from, end, 0.6));
            }
        } else if self.labelled(from)
            && lists.any(Lists::FOREIGN.or(Lists::SURNAME).or(Lists::GIVEN))
        {
            let second = if self.chars.get(end) == Some(&' ') {
                (end + 1..self.chars.len())
                    .take_while(|&n| self.is_katakana(n))
                    .count()
            } else {
                0
            };
            let to = if second >= 2 { end + 1 + second } else { end };
            hits.push(self.hit(What::Name, from, to, 0.75));
        }
    }
}

/// Whether a word of katakana ends in an ordinary one: アジアクラブ, コンサートホール.
fn is_compound(word: &[char]) -> bool {
    (0..word.len().saturating_sub(1)).any(|at| dict::kana(&word[at..]).any(Lists::WORD))
}

/// The surname of a name in kanji: of a full one, or one by itself.
fn surname(name: &str) -> Option<&str> {
    let chars: Vec<char> = name.chars().map(fold_char).collect();
    let blank = chars.iter().position(|&c| c == ' ');
    let n = match blank.or_else(|| split_name(&chars)) {
        Some(at) => at,
        None if dict::jp(&chars).any(Lists::SURNAME) => chars.len(),
        None => return None,
    };
    let end = name
        .char_indices()
        .nth(n)
        .map_or(name.len(), |(end, _)| end);
    (n >= 2).then(|| &name[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ends_of_labels() {
        for label in LABELS {
            let last = label.chars().next_back();
            assert!(last.is_some_and(|c| LABEL_ENDS.has(c)), "{label}");
        }
    }
}
