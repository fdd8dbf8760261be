//! Names of people in Japanese sentences.
//!
//! In: the characters of a line, folded. Out: windows of words that may hold a name, with what speaks for and against each word as features, and
//! the names a model finds in them. A run of kanji is cut into words by the dictionaries, so that the fewest and commonest words win; a run of
//! katakana is one word. A window is a row of such words; hiragana and signs end it and are looked at as neighbours. The trainer shares this file.

use std::ops::Range;

use super::tagger::{self, BEGIN, INSIDE, Model, OTHER, Scores, Sum, THING, feature};
use crate::pattern::dict::{self, Firsts, Heads, Lists};

/// Longest window, in words.
pub(super) const WINDOW: usize = 16;
/// Neighbours on each side of a window.
const BESIDE: usize = 2;
/// Longest run of kanji that is cut at once; a longer one is cut in pieces.
const RUN: usize = 24;
/// Longest word of kanji.
const WORD: usize = 5;

/// A line: its folded characters, and what each was before.
#[derive(Clone, Copy)]
pub(super) struct Chars<'l> {
    /// Folded characters.
    pub(super) chars: &'l [char],
    /// What the character is, and was.
    pub(super) classes: &'l [Class],
}

/// What a character is, told once for all that ask.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Class(u8);

impl Class {
    /// A kanji.
    pub(super) const KANJI: Class = Class(1);
    /// Katakana as it was written, or its long vowel mark.
    pub(super) const KATAKANA: Class = Class(2);
    /// Hiragana, which is katakana when folded.
    pub(super) const HIRAGANA: Class = Class(4);
    /// The last of the name of a prefecture or municipality: 県, 市.
    pub(super) const ADMIN: Class = Class(8);

    /// Of a character as it was written, and folded.
    #[inline]
    pub(super) fn of(written: char, folded: char) -> Self {
        if folded.is_ascii() {
            return Self(0);
        }
        match folded {
            _ if matches!(written, 'ぁ'..='ゖ') => Self::HIRAGANA,
            'ァ'..='ヺ' | 'ー' | 'ヽ' | 'ヾ' => Self::KATAKANA,
            '都' | '道' | '府' | '県' | '市' | '区' | '町' | '村' => {
                Self(Self::KANJI.0 | Self::ADMIN.0)
            }
            c if is_kanji(c) => Self::KANJI,
            _ => Self(0),
        }
    }

    /// Whether it is one of these.
    #[inline]
    pub(super) const fn any(self, of: Class) -> bool {
        self.0 & of.0 != 0
    }

    /// One or the other.
    pub(super) const fn or(self, other: Class) -> Class {
        Class(self.0 | other.0)
    }
}

/// Where the first kanji or katakana stands.
#[inline]
pub(super) fn opening(classes: &[Class]) -> Option<usize> {
    const OPENS: Class = Class::KANJI.or(Class::KATAKANA);
    // Eight at a time: most of what goes before is not Japanese at all.
    let blocks = classes.chunks_exact(8);
    let any = |block: &[Class]| block.iter().fold(false, |any, own| any | own.any(OPENS));
    let skip = 8 * blocks.take_while(|block| !any(block)).count();
    let rest = classes[skip..].iter();
    Some(skip + rest.clone().position(|own| own.any(OPENS))?)
}

/// A word or a sign.
#[derive(Clone, Copy, Default)]
pub(super) struct Token {
    /// First character in the line.
    pub(super) start: usize,
    /// End, exclusive.
    pub(super) end: usize,
    word: u32,
    sort: Sort,
    lists: u8,
    first: u32,
    last: u32,
    /// A blank goes before.
    spaced: bool,
}

/// What a token is made of, or is for.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Sort {
    /// The line ends here.
    #[default]
    Edge,
    Sign,
    Number,
    Latin,
    Hiragana,
    Kanji,
    Katakana,
    /// Hiragana behind a surname that reads like a given name.
    Given,
    /// Words of katakana joined by dots: the first, the last, and what all are.
    Group,
    Honorific,
    Role,
    /// A kanji that makes of the word before it a place, a body or a family.
    Suffix,
}

/// A row of words that may hold a name, two neighbours on each side.
pub(super) struct Window {
    tokens: [Token; WINDOW + 2 * BESIDE],
    n: usize,
}

/// A name.
pub(super) struct Found {
    /// First character in the line.
    pub(super) start: usize,
    /// End, exclusive.
    pub(super) end: usize,
    /// By how much the labels that make it a name are better than those that do not.
    pub(super) margin: i32,
}

/// Calls `give` with each window of the line.
pub(super) fn windows(line: Chars<'_>, mut give: impl FnMut(&Window)) {
    let mut at = 0;
    while let Some(skip) = opening(&line.classes[at..]) {
        at += skip;
        if let Some(n) = line.ordinary(at) {
            at += n;
            continue;
        }
        let mut window = Window::at(line, at);
        at = window
            .words()
            .last()
            .map_or(at + 1, |word| word.end)
            .max(at + 1);
        if window.may_hold_name(line) {
            window.look_around(line);
            if (0..window.n).any(|at| window.allowed(at) >> BEGIN & 1 == 1) {
                give(&window);
            }
        }
    }
}

/// Gives the names that the model finds in the line.
pub(super) fn find(line: Chars<'_>, model: &Model<'_>, mut give: impl FnMut(Found)) {
    windows(line, |window| {
        let mut scores = [Scores::default(); WINDOW];
        for (at, score) in scores.iter_mut().enumerate().take(window.n) {
            let mut sum = Sum::default();
            window.features(at, |feature| model.add(feature, &mut sum));
            *score = sum.scores();
        }
        let scores = &scores[..window.n];
        let steps = model.steps();
        let (labels, sum) = tagger::best::<WINDOW>(scores, &steps, |at| window.allowed(at));
        if !labels.contains(&(BEGIN as u8)) {
            return;
        }
        let (_, without) = tagger::best::<WINDOW>(scores, &steps, |_| 1 << OTHER | 1 << THING);
        for (from, to) in tagger::names(&labels[..window.n]) {
            give(Found {
                start: window.words()[from].start,
                end: window.words()[to - 1].end,
                margin: sum - without,
            });
        }
    });
}

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{F900}'..='\u{FAFF}' | '々' | '〆' | '\u{20000}'..='\u{2FFFF}')
}

/// Honorifics, folded; the first are in hiragana before.
static HONORIFICS: Heads<14> = Heads::of([
    "サン",
    "サマ",
    "クン",
    "チャン",
    "チャマ",
    "ドノ",
    "センセイ",
    "様",
    "氏",
    "殿",
    "君",
    "先生",
    "女史",
    "嬢",
]);

/// What makes of the word before it something else than a person.
#[rustfmt::skip]
const SUFFIXES: [char; 69] = [
    '家', '部', '賞', '線', '県', '州', '館', '号', '系', '派', '城', '寺', '駅', '戦', '村', '町', '市', '区', '郡', '国', '人', '語', '史', '学', '院', '社', '店', '杯', '組', '藩', '港', '湾', '湖', '流', '式', '型', '展', '誌', '紙', '球', '軍', '党', '省', '庁', '署', '局', '課', '科', '室', '隊', '層', '期', '版', '編', '橋', '園', '塔', '碑', '像', '祭', '側', '沿', '内', '外', '発', '着', '製', '産', '風',
];
static MAY_BE_SUFFIX: Firsts = Firsts::each(&SUFFIXES);

/// Words for what somebody is, that go before or behind a name.
#[rustfmt::skip]
static ROLES: Heads<172> = Heads::of([
    "選手", "監督", "社長", "部長", "課長", "係長", "会長", "教授", "准教授", "助教", "講師", "議員", "首相", "総理", "大臣", "知事", "市長", "町長",
    "村長", "区長", "容疑者", "被告", "記者", "投手", "捕手", "代表", "主将", "委員長", "理事長", "院長", "校長", "学長", "所長", "店長", "次長", "専務",
    "常務", "取締役", "総裁", "裁判長", "裁判官", "監査役", "外野手", "内野手", "騎手", "力士", "作家", "画伯", "政調会長", "書記長", "総書記", "主席",
    "副社長", "事務局長", "研究員", "長官", "幹事長", "博士", "医師", "弁護士", "師匠", "親方", "名人", "大統領", "元首相", "外相", "財務相", "防衛相",
    "幹部", "主任", "主査", "巡査", "被告人", "首席", "総統", "皇帝", "国王", "女王", "王妃", "天皇", "皇太子", "皇后", "親王", "内親王", "法王", "教皇",
    "大佐", "中佐", "少佐", "大尉", "中尉", "少尉", "大将", "中将", "少将", "元帥", "提督", "司令官", "参謀長", "書記官", "報道官", "副大統領", "国防長官",
    "国務長官", "党首", "党代表", "共同代表", "副代表", "幹事", "理事", "顧問", "相談役", "参事", "室長", "局長", "本部長", "支店長", "工場長", "編集長", "館長",
    "園長", "駅長", "署長", "警部", "警視", "刑事", "検事", "判事", "牧師", "神父", "住職", "俳優", "女優", "歌手", "声優", "漫画家", "小説家", "画家", "詩人",
    "作曲家", "指揮者", "棋士", "横綱", "大関", "関脇", "小結", "前頭", "先輩", "初段", "二段", "三段", "四段", "五段", "六段", "七段", "八段", "九段", "王将",
    "王座", "竜王", "棋聖", "棋王", "卿", "夫妻", "夫人", "両氏", "姉妹", "兄弟", "親子", "一家", "一族", "自身",
]);

impl Chars<'_> {
    #[inline]
    fn is(&self, at: usize, class: Class) -> bool {
        self.classes.get(at).is_some_and(|own| own.any(class))
    }

    fn kanji(&self, at: usize) -> bool {
        self.is(at, Class::KANJI)
    }

    fn katakana(&self, at: usize) -> bool {
        self.is(at, Class::KATAKANA)
    }

    fn hiragana(&self, at: usize) -> bool {
        self.is(at, Class::HIRAGANA)
    }

    fn opens(&self, at: usize) -> bool {
        self.is(at, Class::KANJI.or(Class::KATAKANA))
    }

    /// Length of the run of characters from a place that are so, of so many that are looked at.
    fn run(&self, at: usize, most: usize, is: impl Fn(usize) -> bool) -> usize {
        (at..self.chars.len().min(at + most))
            .take_while(|&at| is(at))
            .count()
    }

    /// Whether the kanji from a place on are a label: a colon follows.
    fn label(&self, at: usize) -> bool {
        let n = self.run(at, 8, |at| self.opens(at));
        self.chars.get(at + n) == Some(&':')
    }

    /// Length of the run of kanji from a place on when it stands by itself and is an ordinary word, or a single kanji that nobody is called by.
    fn ordinary(&self, at: usize) -> Option<usize> {
        let n = self.run(at, WORD, |at| self.kanji(at));
        let hiragana = self.hiragana(at + n);
        let sign = self
            .chars
            .get(at + n)
            .is_none_or(|c| matches!(c, '、' | '。' | '「' | '」' | ')'));
        if !(1..=4).contains(&n) || !(hiragana || sign) || self.honorific(at + n).is_some() {
            return None;
        }
        if n == 1 {
            return Some(1);
        }
        let lists = dict::jp(&self.chars[at..at + n]);
        let word = lists.any(Lists::WORD) && !lists.any(Lists::SURNAME.or(Lists::GIVEN));
        (word && self.role(at).is_none()).then_some(n)
    }

    /// The words of katakana from a place on, joined by ・ or =, initials among them (ジョン・F・ケネディ), as one token.
    fn group(&self, at: usize) -> Token {
        let joint = |at: usize| matches!(self.chars.get(at), Some('・' | '='));
        let (mut end, mut words, mut every, mut bound) = (at, 0, u8::MAX, false);
        let (mut first, mut last) = (0, 0);
        loop {
            let n = self.run(end, 64, |at| self.katakana(at));
            if n > 0 {
                let lists = dict::kana(&self.chars[end..end + n.min(16)]).bits();
                first = if words == 0 { lists } else { first };
                (last, every) = (lists, every & lists);
                bound |= binds(&self.chars[end..end + n]);
                words += 1;
            } else {
                // An initial.
                end += 1;
                if !(joint(end) && self.katakana(end + 1)) {
                    break;
                }
                end += 1;
                continue;
            }
            end += n;
            let initial = joint(end)
                && self
                    .chars
                    .get(end + 1)
                    .is_some_and(char::is_ascii_uppercase)
                && joint(end + 2)
                && self.katakana(end + 3);
            if !(joint(end) && (self.katakana(end + 1) || initial)) || words == 6 {
                break;
            }
            end += 1;
        }
        if words == 1 {
            return Token::of(*self, at, end, Sort::Katakana, last);
        }
        let foreign = Lists::FOREIGN.bits();
        let things = Lists::WORD.or(Lists::PLACE).or(Lists::PROPER).bits();
        let mut token = Token::of(*self, at, end, Sort::Group, 0);
        token.lists = (first & foreign != 0) as u8
            | ((last & foreign != 0) as u8) << 1
            | ((every & foreign != 0) as u8) << 2
            | ((first & things != 0) as u8) << 3
            | ((last & things != 0) as u8) << 4
            | u8::from(bound) << 5
            | (words.min(3) - 1) << 6;
        token.first = u32::from(first) << 8 | u32::from(last);
        let tail = self.run_back(end);
        token.word = hash(&self.chars[end - tail..end]);
        token.last = hash(&self.chars[at..at + self.run(at, 64, |at| self.katakana(at))]);
        token
    }

    /// Length of the katakana before a place.
    fn run_back(&self, end: usize) -> usize {
        (0..end)
            .rev()
            .take(64)
            .take_while(|&at| self.katakana(at))
            .count()
    }

    /// The honorific that begins here: its length.
    fn honorific(&self, at: usize) -> Option<usize> {
        let rest = self.chars.get(at..)?;
        let word = HONORIFICS.starts(rest).next()?;
        let n = word.chars().count();
        // さん in さんま and サンタ, 様 in 様々, 君 in 君主: what goes on is another word.
        let kana = !is_kanji(rest[0]);
        let goes_on = match word {
            "様" => rest
                .get(1)
                .is_some_and(|&c| matches!(c, '々' | '子' | '式' | '相')),
            "氏" | "君" | "殿" => self.kanji(at + 1) && rest[1] != '方',
            _ => kana && !(at..at + n).all(|at| self.hiragana(at)),
        };
        (!goes_on).then_some(n)
    }

    fn role(&self, at: usize) -> Option<usize> {
        let rest = &self.chars[at..];
        ROLES.starts(rest).map(|word| word.chars().count()).max()
    }
}

/// Whether a word of katakana among others says that they name no person: a link (オブ), or a compound with an ordinary word at its end
/// (スーパーリーグ).
fn binds(word: &[char]) -> bool {
    const LINKS: [&str; 8] = [
        "オブ",
        "アンド",
        "ザ",
        "イン",
        "オン",
        "フォー",
        "エンド",
        "トゥ",
    ];
    let is = |link: &&str| link.chars().eq(word.iter().copied());
    let compound = |at: usize| dict::kana(&word[at..]).any(Lists::WORD);
    LINKS.iter().any(is)
        || word.len() >= 5
            && dict::kana(word).is_empty()
            && (2..=word.len().min(16) - 3).any(compound)
}

/// A number for a word.
fn hash(word: &[char]) -> u32 {
    word.iter().fold(0x811C_9DC5, |hash, &c| {
        (hash ^ c as u32).wrapping_mul(0x0100_0193).rotate_left(5)
    })
}

impl Token {
    fn of(line: Chars<'_>, start: usize, end: usize, sort: Sort, lists: u8) -> Self {
        let word = &line.chars[start..end];
        Self {
            start,
            end,
            word: hash(word),
            sort,
            lists,
            first: word[0] as u32,
            last: word[word.len() - 1] as u32,
            spaced: start > 0 && line.chars[start - 1] == ' ',
        }
    }

    fn len(&self) -> usize {
        self.end - self.start
    }

    fn class(&self) -> u32 {
        u32::from(self.lists) << 8 | (self.sort as u32) << 3 | self.len().min(7) as u32
    }
}

/// What a word of some kanji costs in a row of words, by the lists it is in; 0 when it is no word.
static COSTS: [[u8; 256]; 2] = {
    let common = Lists::SURNAME_STRONG.or(Lists::GIVEN_STRONG).bits();
    let name = Lists::SURNAME.or(Lists::GIVEN).bits();
    let word = Lists::WORD.or(Lists::PLACE).or(Lists::PROPER).bits();
    let (mut costs, mut lists) = ([[0; 256]; 2], 0);
    while lists < 256 {
        costs[0][lists] = match lists as u8 {
            0 => 20,
            own if own & common != 0 => 14,
            _ => 16,
        };
        costs[1][lists] = match lists as u8 {
            0 => 0,
            own if own & (word | common) != 0 => 10,
            own if own & name != 0 => 13,
            _ => 15,
        };
        lists += 1;
    }
    costs
};

/// Cuts a run of kanji into words: gives the tokens in order.
fn cut(line: Chars<'_>, from: usize, n: usize, mut give: impl FnMut(Token)) {
    let mut best = [(u32::MAX, 0usize, 0u8, Sort::Kanji); RUN + 1];
    best[0] = (0, 0, 0, Sort::Kanji);
    let offer = |to: usize,
                 at: usize,
                 sum: u32,
                 lists: u8,
                 sort: Sort,
                 best: &mut [(u32, usize, u8, Sort)]| {
        if sum < best[to].0 {
            best[to] = (sum, at, lists, sort);
        }
    };
    for at in 0..n {
        let sum = best[at].0;
        if sum == u32::MAX {
            continue;
        }
        let rest = &line.chars[from + at..from + n];
        let known: [Lists; WORD] = dict::jp_prefixes(rest);
        for (len, lists) in (1..=rest.len()).zip(known) {
            let cost = COSTS[usize::from(len > 1)][usize::from(lists.bits())];
            if cost > 0 {
                // 正恩氏: who is so called rather than a word.
                let titled = len > 1 && matches!(rest[len - 1], '氏' | '様' | '君' | '殿');
                let cost = u32::from(cost) + if titled { 10 } else { 0 };
                offer(
                    at + len,
                    at,
                    sum + cost,
                    lists.bits(),
                    Sort::Kanji,
                    &mut best,
                );
            }
        }
        let behind = at > 0 || from > 0 && line.katakana(from - 1);
        let c = line.chars[from + at];
        if behind && MAY_BE_SUFFIX.has(c) && SUFFIXES.contains(&c) {
            offer(at + 1, at, sum + 9, 0, Sort::Suffix, &mut best);
        }
        if let Some(len) = line.honorific(from + at).filter(|len| at + len <= n) {
            offer(at + len, at, sum + 3, 0, Sort::Honorific, &mut best);
        }
        if let Some(len) = line.role(from + at).filter(|len| at + len <= n) {
            offer(at + len, at, sum + 8, 0, Sort::Role, &mut best);
        }
    }
    let mut ends = [0usize; RUN + 1];
    let (mut count, mut at) = (0, n);
    while at > 0 {
        ends[count] = at;
        count += 1;
        at = best[at].1;
    }
    for &end in ends[..count].iter().rev() {
        let (_, start, lists, sort) = best[end];
        give(Token::of(line, from + start, from + end, sort, lists));
    }
}

impl Window {
    /// The window that begins at a kanji or katakana.
    fn at(line: Chars<'_>, from: usize) -> Self {
        let mut window = Self {
            tokens: [Token::default(); WINDOW + 2 * BESIDE],
            n: 0,
        };
        let mut at = from;
        while window.n < WINDOW && at < line.chars.len() {
            if line.kanji(at) {
                let n = line.run(at, RUN, |at| line.kanji(at));
                let mut end = at;
                cut(line, at, n, |token| {
                    if window.push(token) {
                        end = token.end;
                    }
                });
                at = end.max(at + 1);
            } else if line.katakana(at) {
                let token = line.group(at);
                at = token.end;
                window.push(token);
            } else if line.chars[at] == ' ' && line.opens(at + 1) && !line.label(at + 1) {
                at += 1;
            } else if let Some(given) = line.given(at, window.words()) {
                let lists = dict::kana(&line.chars[given.clone()]).bits();
                window.push(Token::of(line, given.start, given.end, Sort::Given, lists));
                at = given.end;
            } else {
                break;
            }
        }
        window
    }

    fn push(&mut self, token: Token) -> bool {
        let room = self.n < WINDOW;
        if room {
            self.tokens[BESIDE + self.n] = token;
            self.n += 1;
        }
        room
    }

    /// The words of the window.
    pub(super) fn words(&self) -> &[Token] {
        &self.tokens[BESIDE..BESIDE + self.n]
    }

    /// Whether it is worth asking the model: a word of it may be a name.
    fn may_hold_name(&self, line: Chars<'_>) -> bool {
        let names = Lists::SURNAME.or(Lists::GIVEN).bits();
        let end = self.words().last().map_or(0, |word| word.end);
        self.words().iter().any(|word| match word.sort {
            Sort::Kanji => word.lists & names != 0,
            Sort::Katakana => word.lists != 0,
            Sort::Group | Sort::Honorific | Sort::Role | Sort::Given => true,
            _ => false,
        }) || line.honorific(end).is_some()
            || line.chars.get(end) == Some(&'(')
    }

    fn look_around(&mut self, line: Chars<'_>) {
        let (Some(first), Some(last)) = (self.words().first(), self.words().last()) else {
            return;
        };
        let (at, end) = (first.start, last.end);
        self.tokens[1] = before(line, at);
        if self.tokens[1].sort != Sort::Edge {
            self.tokens[0] = before(line, self.tokens[1].start);
        }
        let n = BESIDE + self.n;
        self.tokens[n] = after(line, end);
        if self.tokens[n].sort != Sort::Edge {
            self.tokens[n + 1] = after(line, self.tokens[n].end);
        }
    }

    /// The labels that a word may have, as bits: titles and suffixes are in no name, one kanji is none alone, and a name that begins in
    /// katakana does not go on in kanji.
    pub(super) fn allowed(&self, at: usize) -> u8 {
        let (before, own, after) = (
            &self.tokens[BESIDE + at - 1],
            &self.tokens[BESIDE + at],
            &self.tokens[BESIDE + at + 1],
        );
        let katakana = |token: &Token| matches!(token.sort, Sort::Katakana | Sort::Group);
        let has = |token: &Token, lists: Lists| token.lists & lists.bits() != 0;
        let begins = match own.sort {
            Sort::Honorific | Sort::Role | Sort::Suffix => return 1 << OTHER | 1 << THING,
            Sort::Kanji if own.len() == 1 => match after.sort {
                Sort::Honorific | Sort::Role | Sort::Given => true,
                Sort::Kanji => at + 1 < self.n && has(after, Lists::GIVEN),
                Sort::Katakana => at + 1 < self.n && after.spaced,
                _ => false,
            },
            _ => true,
        };
        let inside = match own.sort {
            Sort::Group => false,
            Sort::Katakana if !katakana(before) => {
                has(before, Lists::SURNAME) && has(own, Lists::GIVEN)
            }
            Sort::Katakana => own.spaced,
            _ => own.spaced || !katakana(before),
        };
        1 << OTHER | 1 << THING | u8::from(begins) << BEGIN | u8::from(inside) << INSIDE
    }

    /// The features of one of its words.
    pub(super) fn features(&self, at: usize, mut add: impl FnMut(u32)) {
        let t = |offset: usize| &self.tokens[at + offset];
        let (b2, b1, own, a1, a2) = (t(0), t(1), t(2), t(3), t(4));
        let (before, me, after) = (b1.class(), own.class(), a1.class());
        let (left, right) = (&self.tokens[BESIDE - 1], &self.tokens[BESIDE + self.n]);
        let spaced = u32::from(own.spaced) << 1 | u32::from(a1.spaced);
        let place = (at.min(3) * 8 + (self.n - at).min(4)) as u32;
        let lists = u32::from(own.lists);
        add(feature(31, me, 0));
        add(feature(32, lists, own.sort as u32));
        add(feature(33, own.sort as u32, own.len() as u32));
        add(feature(34, own.word, 0));
        add(feature(35, own.last, own.sort as u32));
        add(feature(36, own.first, own.sort as u32));
        add(feature(37, me, before));
        add(feature(38, me, after));
        add(feature(
            39,
            lists << 8 | u32::from(b1.lists),
            own.sort as u32 * 16 + b1.sort as u32,
        ));
        add(feature(
            40,
            lists << 8 | u32::from(a1.lists),
            own.sort as u32 * 16 + a1.sort as u32,
        ));
        add(feature(41, (b1.sort as u32) << 4 | a1.sort as u32, me));
        add(feature(42, a1.word, own.sort as u32));
        add(feature(43, b1.word, own.sort as u32));
        add(feature(44, a1.word, lists));
        add(feature(45, b1.word, lists));
        add(feature(46, a2.word, a1.sort as u32));
        add(feature(47, b2.word, b1.sort as u32));
        add(feature(48, spaced, me));
        add(feature(49, place, me));
        add(feature(50, right.word, own.sort as u32));
        add(feature(51, left.word, own.sort as u32));
        add(feature(
            52,
            (a1.sort as u32) << 4 | a2.sort as u32,
            own.sort as u32,
        ));
        add(feature(
            53,
            (b1.sort as u32) << 4 | b2.sort as u32,
            own.sort as u32,
        ));
        add(feature(54, a1.last, own.sort as u32));
        let reading = right.first == '(' as u32
            && matches!(
                self.tokens[BESIDE + self.n + 1].sort,
                Sort::Hiragana | Sort::Katakana
            );
        add(feature(59, u32::from(reading), me));
        add(feature(
            60,
            u32::from(reading),
            place << 4 | own.sort as u32,
        ));
        add(feature(56, right.first, own.sort as u32));
        add(feature(57, right.first, me));
        add(feature(58, left.last, me));
        add(feature(
            55,
            u32::from(b1.lists) << 8 | u32::from(a1.lists),
            lists,
        ));
    }
}

impl Chars<'_> {
    /// Hiragana behind a surname that reads like a given name, one blank between them or none.
    fn given(&self, at: usize, words: &[Token]) -> Option<Range<usize>> {
        let family = words.last().is_some_and(|word| {
            word.end == at
                && word.sort == Sort::Kanji
                && word.len() >= 2
                && word.lists & Lists::SURNAME.bits() != 0
        });
        let at = at + usize::from(self.chars[at] == ' ');
        if !family || !self.hiragana(at) || self.honorific(at).is_some() {
            return None;
        }
        let n = self.run(at, 4, |at| self.hiragana(at));
        let n = (2..=n).rev().find(|&n| {
            dict::kana(&self.chars[at..at + n]).any(Lists::GIVEN_STRONG)
                && (!self.hiragana(at + n)
                    || self.honorific(at + n).is_some()
                    || particle(self.chars[at + n]))
        })?;
        Some(at..at + n)
    }
}

/// Whether a sentence may go on with it behind a name.
fn particle(c: char) -> bool {
    matches!(
        c,
        'ガ' | 'ハ' | 'ヲ' | 'ニ' | 'ノ' | 'モ' | 'ト' | 'ヘ' | 'デ' | 'ヤ'
    )
}

/// The token that begins at a place, of what ends a window.
fn after(line: Chars<'_>, at: usize) -> Token {
    let at = at + line.run(at, 80, |at| line.chars[at] == ' ');
    let Some(&c) = line.chars.get(at) else {
        return Token::default();
    };
    let (n, sort) = match c {
        _ if line.hiragana(at) => match line.honorific(at) {
            Some(n) => (n, Sort::Honorific),
            None => (line.run(at, 2, |at| line.hiragana(at)), Sort::Hiragana),
        },
        _ if line.kanji(at) => (line.run(at, 2, |at| line.kanji(at)), Sort::Kanji),
        _ if line.katakana(at) => (line.run(at, 8, |at| line.katakana(at)), Sort::Katakana),
        '0'..='9' => (
            line.run(at, 8, |at| line.chars[at].is_ascii_digit()),
            Sort::Number,
        ),
        'A'..='Z' | 'a'..='z' => (
            line.run(at, 16, |at| line.chars[at].is_ascii_alphabetic()),
            Sort::Latin,
        ),
        _ => (1, Sort::Sign),
    };
    let mut token = Token::of(line, at, at + n, sort, 0);
    if sort == Sort::Number {
        token.word = 1;
    }
    token
}

/// The token that ends at a place, of what goes before a window.
fn before(line: Chars<'_>, at: usize) -> Token {
    let back = |at: usize, most: usize, is: &dyn Fn(usize) -> bool| {
        (0..at).rev().take(most).take_while(|&at| is(at)).count()
    };
    let at = at - back(at, 80, &|at| line.chars[at] == ' ');
    let Some(last) = at.checked_sub(1) else {
        return Token::default();
    };
    let (n, sort) = match line.chars[last] {
        _ if line.hiragana(last) => (back(at, 2, &|at| line.hiragana(at)), Sort::Hiragana),
        _ if line.kanji(last) => (back(at, 2, &|at| line.kanji(at)), Sort::Kanji),
        _ if line.katakana(last) => (back(at, 8, &|at| line.katakana(at)), Sort::Katakana),
        '0'..='9' => (
            back(at, 8, &|at| line.chars[at].is_ascii_digit()),
            Sort::Number,
        ),
        'A'..='Z' | 'a'..='z' => (
            back(at, 16, &|at| line.chars[at].is_ascii_alphabetic()),
            Sort::Latin,
        ),
        _ => (1, Sort::Sign),
    };
    let mut token = Token::of(line, at - n, at, sort, 0);
    if sort == Sort::Number {
        token.word = 1;
    }
    token
}
