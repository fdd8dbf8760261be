//! Learns the weights of the models of person names, and measures them.
//!
//!     cargo run --release --example train-names -- CORPORA latin [--cross] [--errors N]
//!
//! CORPORA holds NAME/{input,truth.jsonl,docs.jsonl}. An averaged perceptron over the windows and features of `src/classify/names_latin.rs`; each
//! word of a window has a label. Only corpora whose licence lets the weights be given away under this project's licence are learned from (see
//! README.md beside this file); the others are only measured. `--cross` learns from four fifths of the documents and measures on the rest, five
//! times, and writes nothing. The same input gives the same weights.

#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    unreachable_pub,
    missing_docs,
    reason = "a tool for the maintainers"
)]

use std::collections::BTreeMap;
use std::path::Path;
use std::{env, fs};

use serde_json::Value;

#[path = "made.rs"]
mod made;
#[path = "../../src/classify/names_japanese.rs"]
#[allow(dead_code, reason = "shared with the crate")]
mod names_japanese;
#[path = "../../src/classify/names_latin.rs"]
#[allow(dead_code, reason = "shared with the crate")]
mod names_latin;
#[path = "../../src/classify/tagger.rs"]
#[allow(dead_code, reason = "shared with the crate")]
mod tagger;

/// What the shared files name so.
mod pattern {
    pub use leakscope::pattern::dict;
}

use tagger::{BEGIN, HEAD, INSIDE, LABELS, Model, OTHER, Scores, Sum, THING};

const LONGEST: usize = 16;
const FOLDS: usize = 5;

/// A corpus: its name, whether it is learned from and how often a round, whether places and organisations are labelled, and a threshold of bytes.
struct Plan {
    name: &'static str,
    times: usize,
    complete: bool,
}

const JAPANESE: &[Plan] = &[
    Plan {
        name: "hironsan",
        times: 5,
        complete: true,
    },
    Plan {
        name: "varied",
        times: 1,
        complete: true,
    },
    Plan {
        name: "made",
        times: 1,
        complete: true,
    },
    Plan {
        name: "ja_legislators_bio",
        times: 1,
        complete: false,
    },
    Plan {
        name: "gsd_ne_dev",
        times: 0,
        complete: true,
    },
    Plan {
        name: "stockmark_dev",
        times: 0,
        complete: true,
    },
];

const LATIN: &[Plan] = &[
    Plan {
        name: "wikigold",
        times: 2,
        complete: true,
    },
    Plan {
        name: "wnut17_train",
        times: 1,
        complete: true,
    },
    Plan {
        name: "btc",
        times: 1,
        complete: true,
    },
    Plan {
        name: "presidio_synth",
        times: 1,
        complete: false,
    },
    Plan {
        name: "sec_filings",
        times: 1,
        complete: false,
    },
    Plan {
        name: "decoy_source",
        times: 1,
        complete: false,
    },
    Plan {
        name: "uner_ewt_dev",
        times: 0,
        complete: true,
    },
    Plan {
        name: "made",
        times: 1,
        complete: true,
    },
];

/// A file of a corpus.
struct Text {
    text: String,
    /// Names of people: start, end, whether they count.
    names: Vec<(usize, usize, bool)>,
    /// Places, organisations and so on.
    things: Vec<(usize, usize)>,
    /// First byte and fold of each document.
    docs: Vec<(usize, usize)>,
}

impl Text {
    fn fold(&self, at: usize) -> usize {
        let next = self.docs.partition_point(|doc| doc.0 <= at);
        next.checked_sub(1).map_or(0, |n| self.docs[n].1)
    }
}

/// A window as the learner sees it.
struct Case {
    corpus: usize,
    file: usize,
    fold: usize,
    features: Vec<Vec<u32>>,
    spans: Vec<(usize, usize)>,
    /// The labels each token may have, by the truth and at all.
    gold: Vec<u8>,
    masks: Vec<u8>,
}

fn load(base: &Path, name: &str) -> Vec<Text> {
    let rows = |file: &str| -> Vec<Value> {
        fs::read_to_string(base.join(name).join(file))
            .unwrap_or_default()
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let (truth, docs) = (rows("truth.jsonl"), rows("docs.jsonl"));
    let mut files = Vec::new();
    walk(&base.join(name).join("input"), &mut files);
    let mut out = Vec::new();
    for path in files {
        let file = path
            .strip_prefix(base.join(name).join("input"))
            .unwrap()
            .to_string_lossy()
            .into_owned();
        let Ok(text) = fs::read_to_string(&path) else {
            continue;
        };
        let of = |row: &&Value| row["file"].as_str() == Some(&file);
        let number = |row: &Value, key: &str| row[key].as_u64().unwrap() as usize;
        // A title is no part of the name.
        let plain = |start: usize, end: usize| match text[start..end].split_once(' ') {
            Some((title, _)) if names_latin::is_title(title) => start + title.len() + 1,
            _ => start,
        };
        let (mut names, mut things) = (Vec::new(), Vec::new());
        for row in truth
            .iter()
            .filter(of)
            .filter(|row| row["byte_start"].is_u64())
        {
            let (start, end) = (number(row, "byte_start"), number(row, "byte_end"));
            match row["type"].as_str() {
                Some("person_name") => names.push((
                    plain(start, end),
                    end,
                    row["optional"].as_bool() != Some(true),
                )),
                Some("location" | "organization" | "facility" | "nationality") => {
                    things.push((start, end))
                }
                _ => {}
            }
        }
        let docs = docs.iter().filter(of).enumerate().map(|(n, row)| {
            // Documents of one template belong together, and neighbours, which may be of one article.
            let id = row["doc"].as_str().unwrap_or("");
            let group = id
                .split_once(":t")
                .map_or(n / 40, |(_, template)| spread(template.as_bytes()));
            (number(row, "byte_start"), group % FOLDS)
        });
        let docs = docs.collect::<Vec<_>>();
        let docs = if docs.is_empty() {
            vec![(0, spread(file.as_bytes()) % FOLDS)]
        } else {
            docs
        };
        out.push(Text {
            docs,
            text,
            names,
            things,
        });
    }
    out
}

fn walk(folder: &Path, out: &mut Vec<std::path::PathBuf>) {
    let mut entries: Vec<_> = fs::read_dir(folder)
        .into_iter()
        .flatten()
        .map(|entry| entry.unwrap().path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            walk(&path, out)
        } else {
            out.push(path)
        }
    }
}

fn spread(bytes: &[u8]) -> usize {
    (bytes.iter().fold(0xcbf2_9ce4_8422_2325_u64, |h, b| {
        (h ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3)
    }) >> 20) as usize
}

/// The labels that the truth lets a token have.
fn allowed(text: &Text, complete: bool, start: usize, end: usize) -> u8 {
    let touches = |from: usize, to: usize| from < end && start < to;
    if let Some(&(from, _, counts)) = text.names.iter().find(|name| touches(name.0, name.1)) {
        return match counts {
            false => 0b1111,
            true if start <= from || text.text[from..start].trim().is_empty() => 1 << BEGIN,
            true => 1 << INSIDE,
        };
    }
    if !complete {
        return 1 << OTHER | 1 << THING;
    }
    if text.things.iter().any(|&(from, to)| touches(from, to)) {
        1 << THING
    } else {
        1 << OTHER
    }
}

/// What the windows of a text are: features of each token, and where it stands in the bytes.
fn look(
    text: &str,
    japanese: bool,
    mut give: impl FnMut(Vec<Vec<u32>>, Vec<(usize, usize)>, Vec<u8>),
) {
    let all = |n: usize, features: &dyn Fn(usize, &mut Vec<u32>)| -> Vec<Vec<u32>> {
        let of = |at| {
            let mut list = Vec::new();
            features(at, &mut list);
            list
        };
        (0..n).map(of).collect()
    };
    if !japanese {
        return names_latin::windows(text, |window| {
            let spans: Vec<_> = window
                .words()
                .iter()
                .map(|word| (word.start, word.end))
                .collect();
            let masks = vec![0b1111; spans.len()];
            give(
                all(spans.len(), &|at, list| {
                    window.features(at, |f| list.push(f))
                }),
                spans,
                masks,
            );
        });
    }
    let mut from = 0;
    for line in text.split_inclusive('\n') {
        let chars: Vec<char> = line.chars().map(fold).collect();
        let classes: Vec<_> = line
            .chars()
            .zip(&chars)
            .map(|(c, &folded)| names_japanese::Class::of(c, folded))
            .collect();
        let mut at: Vec<usize> = line.char_indices().map(|(at, _)| from + at).collect();
        at.push(from + line.len());
        names_japanese::windows(
            names_japanese::Chars {
                chars: &chars,
                classes: &classes,
            },
            |window| {
                let spans: Vec<_> = window
                    .words()
                    .iter()
                    .map(|word| (at[word.start], at[word.end]))
                    .collect();
                let masks = (0..spans.len()).map(|at| window.allowed(at)).collect();
                give(
                    all(spans.len(), &|at, list| {
                        window.features(at, |f| list.push(f))
                    }),
                    spans,
                    masks,
                );
            },
        );
        from += line.len();
    }
}

/// A character as the crate folds it before it looks for names.
fn fold(c: char) -> char {
    use leakscope::text::{is_hyphen, katakana, narrow, new_form};
    if is_hyphen(c) {
        '-'
    } else {
        new_form(katakana(narrow(c)))
    }
}

fn cases(corpus: usize, plan: &Plan, texts: &[Text], japanese: bool) -> Vec<Case> {
    let mut out = Vec::new();
    // Careers hold few names and are much alike: a third of them says as much.
    let (every, mut seen) = (
        if plan.name == "ja_legislators_bio" {
            3
        } else {
            1
        },
        0,
    );
    for (file, text) in texts.iter().enumerate() {
        look(&text.text, japanese, |features, spans, masks| {
            let mut gold: Vec<u8> = spans
                .iter()
                .map(|&(start, end)| allowed(text, plan.complete, start, end))
                .collect();
            // What a name began before the window goes on as one that begins here.
            for at in 0..gold.len() {
                if gold[at] == 1 << INSIDE
                    && (at == 0 || gold[at - 1] & (1 << BEGIN | 1 << INSIDE) == 0)
                {
                    gold[at] = 1 << BEGIN;
                }
            }
            seen += 1;
            if seen % every != 0 {
                return;
            }
            out.push(Case {
                corpus,
                file,
                fold: text.fold(spans[0].0),
                features,
                spans,
                gold: gold
                    .iter()
                    .zip(&masks)
                    .map(|(gold, mask)| match gold & mask {
                        0 => 0b1111,
                        both => both,
                    })
                    .collect(),
                masks,
            });
        });
    }
    out
}

/// Weights while they are learned, and their sums over time.
struct Learner {
    weights: Vec<[f32; LABELS]>,
    sums: Vec<[f64; LABELS]>,
    steps: [[f32; LABELS]; LABELS],
    step_sums: [[f64; LABELS]; LABELS],
    time: f64,
}

impl Learner {
    fn new(bits: u32) -> Self {
        Self {
            weights: vec![[0.0; LABELS]; 1 << bits],
            sums: vec![[0.0; LABELS]; 1 << bits],
            steps: [[0.0; LABELS]; LABELS],
            step_sums: [[0.0; LABELS]; LABELS],
            time: 1.0,
        }
    }

    fn scores(&self, case: &Case, margin: f32) -> Vec<Scores> {
        let mask = self.weights.len() - 1;
        let of = |(features, gold): (&Vec<u32>, &u8)| {
            let mut sum = [0f32; LABELS];
            for &feature in features {
                for (sum, weight) in sum.iter_mut().zip(self.weights[feature as usize & mask]) {
                    *sum += weight;
                }
            }
            // What is wrong must lose by a margin.
            let mut score = Scores::default();
            for label in 0..LABELS {
                let wrong = gold >> label & 1 == 0;
                score[label] = ((sum[label] + if wrong { margin } else { 0.0 }) * 64.0) as i32;
            }
            score
        };
        case.features.iter().zip(&case.gold).map(of).collect()
    }

    fn learn(&mut self, case: &Case, margin: f32) {
        self.time += 1.0;
        if case.gold.iter().all(|&gold| gold == 0b1111) {
            return;
        }
        let scores = self.scores(case, margin);
        let steps = self.steps.map(|row| row.map(|step| (step * 64.0) as i32));
        let (guess, _) = tagger::best::<LONGEST>(&scores, &steps, |_| 0b1111);
        let n = case.features.len();
        if (0..n).all(|at| case.gold[at] >> guess[at] & 1 == 1) {
            return;
        }
        let (gold, _) = tagger::best::<LONGEST>(&scores, &steps, |at| case.gold[at]);
        let mask = self.weights.len() - 1;
        let (mut right, mut wrong) = (OTHER, OTHER);
        for at in 0..n {
            let (good, bad) = (usize::from(gold[at]), usize::from(guess[at]));
            if good != bad {
                for &feature in &case.features[at] {
                    let slot = feature as usize & mask;
                    self.weights[slot][good] += 1.0;
                    self.weights[slot][bad] -= 1.0;
                    self.sums[slot][good] += self.time;
                    self.sums[slot][bad] -= self.time;
                }
            }
            self.steps[right][good] += 1.0;
            self.steps[wrong][bad] -= 1.0;
            self.step_sums[right][good] += self.time;
            self.step_sums[wrong][bad] -= self.time;
            (right, wrong) = (good, bad);
        }
    }

    /// The averaged weights as the crate reads them.
    fn bytes(&self) -> Vec<u8> {
        let average = |weight: f32, sum: f64| f64::from(weight) - sum / self.time;
        let mut sizes: Vec<f64> = Vec::new();
        for (weights, sums) in self.weights.iter().zip(&self.sums) {
            sizes.extend(
                weights
                    .iter()
                    .zip(sums)
                    .map(|(&w, &s)| average(w, s).abs())
                    .filter(|w| *w > 0.0),
            );
        }
        sizes.sort_by(f64::total_cmp);
        let largest = sizes
            .get(sizes.len() * 9995 / 10000)
            .copied()
            .unwrap_or(1.0);
        let scale = 127.0 / largest;
        let mut out = Vec::with_capacity(HEAD + self.weights.len() * LABELS);
        for (steps, sums) in self.steps.iter().zip(&self.step_sums) {
            for (&step, &sum) in steps.iter().zip(sums) {
                let step = (average(step, sum) * scale) as i16;
                out.extend(step.to_le_bytes());
            }
        }
        for (weights, sums) in self.weights.iter().zip(&self.sums) {
            out.extend(
                weights.iter().zip(sums).map(|(&w, &s)| {
                    (average(w, s) * scale).round().clamp(-127.0, 127.0) as i8 as u8
                }),
            );
        }
        out
    }
}

/// How it is learned.
struct How {
    /// Slots of weights, as a power of two.
    bits: u32,
    /// Passes over the sentences.
    rounds: usize,
    /// By how much the truth has to be better than all else.
    margin: f32,
}

fn train(cases: &[Case], times: &[usize], leave: Option<usize>, how: &How) -> Vec<u8> {
    let mut order: Vec<usize> = Vec::new();
    for (at, case) in cases.iter().enumerate() {
        if leave != Some(case.fold) {
            order.extend(std::iter::repeat_n(at, times[case.corpus]));
        }
    }
    let mut learner = Learner::new(how.bits);
    let mut seed = 1u64;
    for _ in 0..how.rounds {
        for at in (1..order.len()).rev() {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            order.swap(at, (seed >> 33) as usize % (at + 1));
        }
        for &at in &order {
            learner.learn(&cases[at], how.margin);
        }
    }
    learner.bytes()
}

/// Right, found and true names.
#[derive(Clone, Copy, Default)]
struct Tally {
    right: usize,
    found: usize,
    truth: usize,
}

/// Names that the model finds, by corpus.
fn judge(
    cases: &[Case],
    texts: &[Vec<Text>],
    bytes: &[u8],
    fold: Option<usize>,
    least: i32,
    tallies: &mut BTreeMap<usize, Tally>,
    mut show: impl FnMut(usize, bool, &Text, usize, usize),
) {
    let model = Model::read(bytes);
    let steps = model.steps();
    let mut hits = std::collections::BTreeSet::new();
    for case in cases
        .iter()
        .filter(|case| fold.is_none_or(|fold| fold == case.fold))
    {
        let mut scores = vec![Scores::default(); case.features.len()];
        for (score, features) in scores.iter_mut().zip(&case.features) {
            let mut sum = Sum::default();
            features
                .iter()
                .for_each(|&feature| model.add(feature, &mut sum));
            *score = sum.scores();
        }
        let (labels, sum) = tagger::best::<LONGEST>(&scores, &steps, |at| case.masks[at]);
        let (_, without) = tagger::best::<LONGEST>(&scores, &steps, |_| 1 << OTHER | 1 << THING);
        if sum - without < least {
            continue;
        }
        let text = &texts[case.corpus][case.file];
        let tally = tallies.entry(case.corpus).or_default();
        for (mut from, to) in tagger::names(&labels[..case.features.len()]) {
            while from < to
                && names_latin::is_title(&text.text[case.spans[from].0..case.spans[from].1])
            {
                from += 1;
            }
            if from == to {
                continue;
            }
            let (start, end) = (case.spans[from].0, case.spans[to - 1].1);
            if text
                .names
                .iter()
                .any(|name| !name.2 && name.0 < end && start < name.1)
            {
                continue;
            }
            tally.found += 1;
            let right = text
                .names
                .iter()
                .any(|name| (name.0, name.1) == (start, end));
            tally.right += usize::from(right);
            if right {
                hits.insert((case.corpus, text.text.as_ptr() as usize, start, end));
            }
            if !right {
                show(case.corpus, false, text, start, end);
            }
        }
    }
    for (corpus, texts) in texts.iter().enumerate() {
        let tally = tallies.entry(corpus).or_default();
        for text in texts {
            for name in text
                .names
                .iter()
                .filter(|name| name.2 && fold.is_none_or(|fold| fold == text.fold(name.0)))
            {
                if !hits.contains(&(corpus, text.text.as_ptr() as usize, name.0, name.1)) {
                    show(corpus, true, text, name.0, name.1);
                }
            }
            let counted = text.names.iter().filter(|name| name.2);
            tally.truth += counted
                .filter(|name| fold.is_none_or(|fold| fold == text.fold(name.0)))
                .count();
        }
    }
}

/// Prints the names that the model finds in a text.
fn attempt(text: &str, japanese: bool, bytes: &[u8]) {
    let model = Model::read(bytes);
    look(text, japanese, |features, spans, masks| {
        let mut scores = vec![Scores::default(); features.len()];
        for (score, features) in scores.iter_mut().zip(&features) {
            let mut sum = Sum::default();
            features
                .iter()
                .for_each(|&feature| model.add(feature, &mut sum));
            *score = sum.scores();
        }
        let (labels, _) = tagger::best::<LONGEST>(&scores, &model.steps(), |at| masks[at]);
        for (from, to) in tagger::names(&labels[..features.len()]) {
            println!("{}", &text[spans[from].0..spans[to - 1].1]);
        }
    });
}

fn print(plans: &[Plan], tallies: &BTreeMap<usize, Tally>) {
    for (&corpus, tally) in tallies {
        let (p, r) = (
            tally.right as f64 / tally.found.max(1) as f64,
            tally.right as f64 / tally.truth.max(1) as f64,
        );
        println!(
            "{:16} truth {:5} found {:5} P {:5.1} R {:5.1} F {:5.1}",
            plans[corpus].name,
            tally.truth,
            tally.found,
            100.0 * p,
            100.0 * r,
            200.0 * p * r / (p + r).max(1e-9)
        );
    }
}

fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let has = |word: &str| arguments.iter().any(|argument| argument == word);
    let value = |word: &str, default: f32| {
        arguments
            .iter()
            .position(|a| a == word)
            .map_or(default, |at| arguments[at + 1].parse().unwrap())
    };
    let base = Path::new(&arguments[0]);
    let japanese = has("japanese");
    let plans = if japanese { JAPANESE } else { LATIN };
    let how = How {
        bits: value("--bits", 17.0) as u32,
        rounds: value("--rounds", if japanese { 4.0 } else { 6.0 }) as usize,
        margin: value("--margin", if japanese { 4.0 } else { 2.0 }),
    };
    let texts: Vec<Vec<Text>> = plans
        .iter()
        .map(|plan| match plan.name {
            "made" if japanese => made::japanese(),
            "made" => made::latin(),
            "varied" => made::varied(load(base, "hironsan")),
            name => load(base, name),
        })
        .collect();
    let cases: Vec<Case> = plans
        .iter()
        .enumerate()
        .flat_map(|(corpus, plan)| cases(corpus, plan, &texts[corpus], japanese))
        .collect();
    println!("{} windows", cases.len());
    let times: Vec<usize> = plans
        .iter()
        .map(|plan| value(&format!("--{}", plan.name), plan.times as f32) as usize)
        .collect();
    let errors = value("--errors", 0.0) as usize;
    let mut shown = BTreeMap::new();
    let mut show = |corpus: usize, missed: bool, text: &Text, start: usize, end: usize| {
        let seen: &mut usize = shown.entry(corpus).or_default();
        *seen += 1;
        if *seen <= errors {
            let floor = |mut at: usize| {
                while !text.text.is_char_boundary(at) {
                    at -= 1
                }
                at
            };
            let (from, to) = (
                floor(start.saturating_sub(40)),
                floor((end + 40).min(text.text.len())),
            );
            println!(
                "  {} {}: {}⟦{}⟧{}",
                if missed { "FN" } else { "FP" },
                plans[corpus].name,
                text.text[from..start].replace('\n', "⏎"),
                &text.text[start..end],
                text.text[end..to].replace('\n', "⏎")
            );
        }
    };
    let least = value("--least", 0.0) as i32;
    if let Some(at) = arguments.iter().position(|a| a == "--try") {
        let bytes = train(&cases, &times, None, &how);
        return attempt(
            &fs::read_to_string(&arguments[at + 1]).unwrap(),
            japanese,
            &bytes,
        );
    }
    if has("--cross") {
        let folds = value("--folds", FOLDS as f32) as usize;
        let mut tallies = BTreeMap::new();
        for fold in 0..folds {
            let bytes = train(&cases, &times, Some(fold), &how);
            judge(
                &cases,
                &texts,
                &bytes,
                Some(fold),
                least,
                &mut tallies,
                &mut show,
            );
        }
        return print(plans, &tallies);
    }
    let bytes = train(&cases, &times, None, &how);
    let mut tallies = BTreeMap::new();
    judge(&cases, &texts, &bytes, None, least, &mut tallies, &mut show);
    print(plans, &tallies);
    fs::write(
        if japanese {
            "patterns/models/names-japanese.bin"
        } else {
            "patterns/models/names-latin.bin"
        },
        bytes,
    )
    .unwrap();
}
