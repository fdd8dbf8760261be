//! Texts made from sentences with places for names, and the word lists.

use std::cell::Cell;
use std::fs;

use crate::{FOLDS, Text};

/// A number below `n`, the next of a fixed row.
fn chance(seed: &Cell<u64>, n: usize) -> usize {
    let next = seed
        .get()
        .wrapping_mul(6_364_136_223_846_793_005)
        .wrapping_add(1_442_695_040_888_963_407);
    seed.set(next);
    (next >> 33) as usize % n
}

/// Texts made of the sentences in `templates-en.txt` and the word lists, as a corpus.
pub fn latin() -> Vec<Text> {
    let list = |name: &str| -> Vec<String> {
        let text = fs::read_to_string(format!("patterns/lists/{name}.txt")).unwrap();
        text.lines()
            .filter(|line| !line.starts_with('#'))
            .map(str::to_owned)
            .collect()
    };
    let strong = |words: &[String]| -> Vec<String> {
        words
            .iter()
            .filter_map(|word| word.strip_suffix('+').map(str::to_owned))
            .collect()
    };
    let bare = |words: &[String]| -> Vec<String> {
        words
            .iter()
            .map(|word| word.trim_end_matches('+').to_owned())
            .collect()
    };
    let (given, family) = (list("latin-given"), list("latin-surnames"));
    let pools = [
        (strong(&given), bare(&given)),
        (strong(&family), bare(&family)),
    ];
    let (places, words) = (list("latin-places"), list("en-common"));
    let templates = fs::read_to_string("patterns/models/templates-en.txt").unwrap();
    let seed = Cell::new(7);
    let next = |n: usize| chance(&seed, n);
    let capital = |word: &str| word[..1].to_uppercase() + &word[1..];
    let mut text = Text {
        text: String::new(),
        names: Vec::new(),
        things: Vec::new(),
        docs: Vec::new(),
    };
    for round in 0..12 {
        for (n, line) in templates
            .lines()
            .filter(|line| !line.starts_with('#'))
            .enumerate()
        {
            text.docs.push((text.text.len(), n % FOLDS));
            let mut rest = line;
            while let Some(at) = rest.find('{') {
                text.text += &rest[..at].replace('|', "\n");
                let to = at + rest[at..].find('}').unwrap();
                let slot = &rest[at + 1..to];
                rest = &rest[to + 1..];
                let start = text.text.len();
                let half = |which: usize| {
                    let (strong, all) = &pools[which];
                    let pool = if next(3) > 0 { strong } else { all };
                    capital(&pool[next(pool.len())])
                };
                let turned =
                    slot == "family" && rest.starts_with(", {given}") && line.contains(['<', '"']);
                let value = match slot {
                    "given" => half(0),
                    "family" => half(1),
                    "name" => {
                        let (given, family) = (half(0), half(1));
                        match next(8) {
                            0 => format!("{given} {}. {family}", char::from(b'A' + next(26) as u8)),
                            1 if round > 8 => format!("{} {family}", half(0) + "-" + &half(0)),
                            _ => format!("{given} {family}"),
                        }
                    }
                    "city" => capital(&places[next(places.len())]),
                    _ => {
                        let name = if next(2) == 0 {
                            half(1)
                        } else {
                            capital(&words[next(words.len())])
                        };
                        name + [" Inc", " Ltd", " Group", " Bank", " Systems", ""][next(6)]
                    }
                };
                text.text += &value;
                let end = text.text.len();
                if turned {
                    rest = &rest[", {given}".len()..];
                    text.text += ", ";
                    text.text += &half(0);
                    text.names.push((start, text.text.len(), true));
                } else if matches!(slot, "city" | "company") {
                    text.things.push((start, end));
                } else {
                    text.names.push((start, end, true));
                }
            }
            text.text += &rest.replace('|', "\n");
            text.text += "\n\n";
        }
    }
    vec![text]
}

/// Words of a list of the crate.
fn list(name: &str) -> Vec<String> {
    read(&format!("patterns/lists/{name}"))
}

/// Lines of a file but for comments.
fn read(path: &str) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(str::to_owned)
        .collect()
}

/// Japanese names: common ones two times of three.
struct Names {
    family: [Vec<String>; 2],
    given: [Vec<String>; 2],
    kana: [Vec<String>; 2],
}

impl Names {
    fn read() -> Self {
        let classed: Vec<(String, String)> = list("jp-words.tsv")
            .iter()
            .filter_map(|line| {
                line.split_once('\t')
                    .map(|(a, b)| (a.to_owned(), b.to_owned()))
            })
            .collect();
        let of = |class: char| {
            classed
                .iter()
                .filter(|(_, classes)| classes.contains(class))
                .map(|(word, _)| word.clone())
                .collect::<Vec<_>>()
        };
        let readings = |name: &str| {
            list(name)
                .iter()
                .filter_map(|line| line.strip_suffix('+').map(str::to_owned))
                .collect::<Vec<_>>()
        };
        Self {
            family: [of('s'), list("jp-surnames.txt")],
            given: [of('g'), list("jp-given.txt")],
            kana: [
                readings("jp-surname-readings.txt"),
                readings("jp-given-readings.txt"),
            ],
        }
    }

    fn one<'n>(pools: &'n [Vec<String>; 2], next: &dyn Fn(usize) -> usize) -> &'n str {
        let pool = &pools[usize::from(next(3) == 0)];
        &pool[next(pool.len())]
    }
}

fn hiragana(word: &str) -> String {
    word.chars()
        .map(|c| {
            if matches!(c, 'ァ'..='ヶ') {
                char::from_u32(c as u32 - 0x60).unwrap()
            } else {
                c
            }
        })
        .collect()
}

/// What makes of the surname before it a place, a body or a thing.
#[rustfmt::skip]
const OF_THINGS: [&str; 54] = [
    "商店", "製作所", "産業", "工務店", "病院", "銀行", "川", "駅", "町", "市役所", "神社", "山", "大学", "線", "城", "寺", "村", "島", "藩", "高校", "中学校",
    "小学校", "杯", "事件", "インター", "ダム", "バス", "温泉", "の戦い", "派", "楼", "家の", "{noun}", "{kword}", "組", "工業", "宮", "公園", "工場", "政権",
    "港", "橋", "研究室", "製鉄", "建設", "電鉄", "社", "賞", "財団", "空港", "級", "教",
    "主義", "通り",
];

/// Texts made of the sentences in `templates-ja.txt`.
pub fn japanese() -> Vec<Text> {
    let names = Names::read();
    let cities: Vec<String> = list("jp-municipalities.tsv")
        .iter()
        .map(|line| line.split('\t').nth(1).unwrap().to_owned())
        .collect();
    let foreign = list("jp-foreign-names.txt");
    let classed = |name: &str| -> Vec<(String, String)> {
        list(name)
            .iter()
            .filter_map(|line| line.split_once('\t'))
            .map(|(word, classes)| (word.to_owned(), classes.to_owned()))
            .collect()
    };
    let of = |words: &[(String, String)], class: char| -> Vec<String> {
        words
            .iter()
            .filter(|(_, classes)| classes.contains(class))
            .map(|(word, _)| word.clone())
            .collect()
    };
    let (kana, mut kanji) = (classed("kana-words.tsv"), classed("jp-words.tsv"));
    kanji.extend(classed("jp-not-names.tsv"));
    let verbs = read("patterns/models/okurigana.txt");
    let places = of(&kanji, 'P');
    let kana = [of(&kana, 'N'), of(&kana, 'P')];
    let kanji = [of(&kanji, 'N'), of(&kanji, 'O')];
    let templates = fs::read_to_string("patterns/models/templates-ja.txt").unwrap();
    let seed = Cell::new(11);
    let next = |n: usize| chance(&seed, n);
    let pick = |pools: &[Vec<String>; 2], class: char| -> String {
        let pool = &pools[usize::from(class != 'N')];
        pool[next(pool.len())].clone()
    };
    let family = || Names::one(&names.family, &next).to_owned();
    let given = || match next(10) {
        0 => hiragana(&names.kana[1][next(names.kana[1].len())]),
        _ => Names::one(&names.given, &next).to_owned(),
    };
    // One of ten is in no list: the beginning of one and the end of another.
    let abroad = || -> String {
        let one = &foreign[next(foreign.len())];
        if next(10) > 0 {
            return one.clone();
        }
        let other: Vec<char> = foreign[next(foreign.len())].chars().collect();
        let half = one.chars().count().div_ceil(2);
        one.chars()
            .take(half)
            .chain(other[other.len() / 2..].iter().copied())
            .collect()
    };
    let mut text = Text {
        text: String::new(),
        names: Vec::new(),
        things: Vec::new(),
        docs: Vec::new(),
    };
    for _ in 0..8 {
        for (n, line) in templates
            .lines()
            .filter(|line| !line.starts_with('#'))
            .enumerate()
        {
            text.docs.push((text.text.len(), n % FOLDS));
            let mut rest = line;
            while let Some(at) = rest.find('{') {
                text.text += &rest[..at].replace('|', "\n");
                let to = at + rest[at..].find('}').unwrap();
                let slot = &rest[at + 1..to];
                rest = &rest[to + 1..];
                // A surname before such a word is that of a thing.
                let thing = matches!(slot, "family" | "foreign" | "single")
                    && (line.starts_with("株式会社")
                        || OF_THINGS.iter().any(|word| rest.starts_with(word)));
                let value = match slot {
                    "family" => family(),
                    "given" => given(),
                    "kana" => hiragana(&format!(
                        "{}{}",
                        names.kana[0][next(names.kana[0].len())],
                        names.kana[1][next(names.kana[1].len())]
                    )),
                    "spaced" => format!("{}{}{}", family(), ["　", " "][next(2)], given()),
                    "foreign" => {
                        let middle = match next(8) {
                            0 => format!("・{}", abroad()),
                            1 => format!("・{}", char::from(b'A' + next(26) as u8)),
                            _ => String::new(),
                        };
                        format!("{}{middle}・{}", abroad(), abroad())
                    }
                    "kspaced" => {
                        let half =
                            |which: usize| names.kana[which][next(names.kana[which].len())].clone();
                        format!("{}{}{}", half(0), ["　", " "][next(2)], half(1))
                    }
                    "kthing" => {
                        let (word, more) = (pick(&kana, 'N'), pick(&kana, 'N'));
                        let (place, name) = (pick(&kana, 'P'), &foreign[next(foreign.len())]);
                        match next(9) {
                            0 => format!("{place}・{word}"),
                            1 => format!("{word}・{more}"),
                            2 => format!("{name}・{word}"),
                            3 => format!("{place}・{word}{more}"),
                            4 => format!("{word}・オブ・{place}"),
                            5 => format!("{name}・アンド・{}", foreign[next(foreign.len())]),
                            6 => format!("{word}・{word}・{more}"),
                            7 => format!("ザ・{word}"),
                            _ => format!("{word}・アンド・{more}"),
                        }
                    }
                    "single" => foreign[next(foreign.len())].clone(),
                    "hira" => hiragana(&pick(&kana, 'N')),
                    "kword" => pick(&kana, 'N'),
                    "kplace" => pick(&kana, 'P'),
                    "verb" => verbs[next(verbs.len())].clone(),
                    "place" => places[next(places.len())].clone(),
                    "number" => {
                        let digits = [
                            "一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "百", "千",
                            "万",
                        ];
                        let counters = [
                            "人", "日", "年", "月", "回", "位", "部", "台", "社", "番", "号", "名",
                            "代", "世紀", "年間", "日後", "時間", "連勝", "丁目", "度目",
                        ];
                        format!("{}{}", digits[next(13)], counters[next(20)])
                    }
                    "work" => pick(&kanji, 'O'),
                    "noun" => pick(&kanji, 'N'),
                    "name" if next(8) == 0 => format!("{}・{}", abroad(), abroad()),
                    "name" => family() + &given(),
                    "city" => cities[next(cities.len())].clone(),
                    _ => {
                        let own = match next(3) {
                            0 => family(),
                            1 => pick(&kanji, 'N'),
                            _ => cities[next(cities.len())]
                                .trim_end_matches(['市', '町', '村', '区'])
                                .to_owned(),
                        };
                        match next(6) {
                            0 => format!("株式会社{own}"),
                            1 => format!("{own}株式会社"),
                            2 => format!("{own}工業"),
                            3 => format!("{own}商事"),
                            4 => format!("{own}銀行"),
                            _ => format!("{own}大学"),
                        }
                    }
                };
                let start = text.text.len();
                text.text += &value;
                let span = (start, text.text.len());
                match slot {
                    _ if thing => text.things.push(span),
                    "city" | "company" | "kplace" | "kthing" | "place" | "work" => {
                        text.things.push(span)
                    }
                    "hira" | "kword" | "noun" | "verb" | "number" => {}
                    // A reading is found by other means.
                    "kana" => text.names.push((span.0, span.1, false)),
                    _ => text.names.push((span.0, span.1, true)),
                }
            }
            text.text += &rest.replace('|', "\n");
            text.text += "\n\n";
        }
    }
    vec![text]
}

/// The sentences with a name in them, with other names in their place.
pub fn varied(texts: Vec<Text>) -> Vec<Text> {
    let names = Names::read();
    let seed = Cell::new(13);
    let next = |n: usize| chance(&seed, n);
    let mut out = Text {
        text: String::new(),
        names: Vec::new(),
        things: Vec::new(),
        docs: Vec::new(),
    };
    for text in &texts {
        for (n, doc) in text.docs.iter().enumerate() {
            let end = text.docs.get(n + 1).map_or(text.text.len(), |next| next.0);
            let inside: Vec<_> = text
                .names
                .iter()
                .filter(|name| name.0 >= doc.0 && name.1 <= end)
                .collect();
            let kanji = |c: char| ('一'..='鿿').contains(&c) || c == '々';
            if !inside
                .iter()
                .any(|name| text.text[name.0..name.1].chars().all(kanji))
            {
                continue;
            }
            for _ in 0..6 {
                out.docs.push((out.text.len(), doc.1));
                let mut at = doc.0;
                let mut spans: Vec<(usize, usize, bool)> =
                    inside.iter().map(|name| (name.0, name.1, true)).collect();
                spans.extend(
                    text.things
                        .iter()
                        .filter(|thing| thing.0 >= doc.0 && thing.1 <= end)
                        .map(|thing| (thing.0, thing.1, false)),
                );
                spans.sort_unstable();
                for (from, to, person) in spans {
                    if from < at {
                        continue;
                    }
                    out.text += &text.text[at..from];
                    let value = &text.text[from..to];
                    let n = value.chars().count();
                    let new = match person && value.chars().all(kanji) {
                        false => value.to_owned(),
                        true if n <= 2 => Names::one(&names.family, &next).to_owned(),
                        true => format!(
                            "{}{}",
                            Names::one(&names.family, &next),
                            Names::one(&names.given, &next)
                        ),
                    };
                    let start = out.text.len();
                    out.text += &new;
                    if person {
                        out.names.push((start, out.text.len(), true))
                    } else {
                        out.things.push((start, out.text.len()))
                    }
                    at = to;
                }
                out.text += &text.text[at..end];
                if !out.text.ends_with('\n') {
                    out.text.push('\n');
                }
            }
        }
    }
    vec![out]
}
