//! From pattern files to kinds and rules.
//!
//! In: TOML texts, built in or the user's own. Out: [`KindInfo`]s, [`Rule`]s and header words, or a [`PatternError`] that
//! names file, line and reason. Expressions of built-in rules compile at first use; those of the user's files at once.

use std::collections::BTreeMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::OnceLock;

use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use super::check::{self, Check};
use super::{Key, Kind, KindInfo, Part};

/// Bytes of one pattern file at most.
pub(super) const FILE_LIMIT: u64 = 1 << 20;

/// Bytes that one compiled expression may take.
const REGEX_LIMIT: usize = 1 << 20;

/// What a rule asks for beside a value that fits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Needs {
    /// A value that fits is enough.
    #[default]
    Nothing,
    /// A keyword near it in the text.
    Context,
    /// A keyword near it, or a column that holds the kind.
    ColumnOrContext,
    /// A column that holds the kind.
    Column,
}

impl Needs {
    /// Its name in pattern files.
    pub fn as_str(self) -> &'static str {
        match self {
            Needs::Nothing => "nothing",
            Needs::Context => "context",
            Needs::ColumnOrContext => "column-or-context",
            Needs::Column => "column",
        }
    }
}

/// How a rule looks at a value.
#[derive(Debug)]
pub enum Matcher {
    /// By a regular expression.
    Regex {
        /// As written in the file.
        text: String,
        /// Compiled at first use.
        compiled: OnceLock<Option<Regex>>,
    },
    /// By a function of the `classify` room, named here.
    Recogniser(String),
}

/// One `[[pattern]]` of a file.
#[derive(Debug)]
pub struct Rule {
    /// What it finds.
    pub kind: Kind,
    /// Which piece.
    pub part: Part,
    /// `email/1`: the kind's name and the rule's number in its file; its name in evidence.
    pub id: String,
    /// How it looks at a value.
    pub matcher: Matcher,
    /// The check a value must pass, by its name in [`check::CHECKS`].
    pub check: Option<&'static Check>,
    /// What it asks for beside.
    pub needs: Needs,
    /// Words near a value that support it, in lower case.
    pub keywords: Vec<String>,
    /// Values that fit.
    pub examples: Vec<String>,
    /// Values that do not.
    pub counter_examples: Vec<String>,
    /// Whether it comes from a file of the user's.
    pub own: bool,
}

impl Rule {
    /// The compiled expression, if the rule has one.
    pub fn regex(&self) -> Option<&Regex> {
        let Matcher::Regex { text, compiled } = &self.matcher else {
            return None;
        };
        compiled.get_or_init(|| compile(text).ok()).as_ref()
    }

    /// Whether `value` fits expression and check; `None` where a recogniser decides.
    pub fn accepts(&self, value: &str) -> Option<bool> {
        let regex = self.regex()?;
        Some(regex.is_match(value) && self.check.is_none_or(|check| (check.passes)(value)))
    }
}

/// Why pattern files cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternError {
    /// The file.
    pub file: PathBuf,
    /// The line from 1; `None` where the file as a whole is meant.
    pub line: Option<usize>,
    /// What is wrong.
    pub reason: String,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl std::error::Error for PatternError {}

/// A kind's file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KindFile {
    title: Title,
    #[serde(default)]
    also: Vec<String>,
    #[serde(default)]
    sensitivity: Option<String>,
    #[serde(default)]
    key: Option<Spanned<String>>,
    #[serde(default)]
    normal: Option<String>,
    #[serde(default)]
    columns: Vec<String>,
    #[serde(default)]
    source: String,
    #[serde(default)]
    description: String,
    #[serde(default)]
    limits: String,
    #[serde(default)]
    vocabulary: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    pattern: Vec<Spanned<RuleFile>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Title {
    en: String,
    #[serde(default)]
    ja: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleFile {
    #[serde(default)]
    part: Option<Spanned<String>>,
    #[serde(default)]
    regex: Option<Spanned<String>>,
    #[serde(default)]
    recogniser: Option<Spanned<String>>,
    #[serde(default)]
    check: Option<Spanned<String>>,
    #[serde(default)]
    needs: Needs,
    #[serde(default)]
    keywords: Vec<String>,
    #[serde(default)]
    examples: Vec<String>,
    #[serde(default)]
    counter_examples: Vec<String>,
}

/// What one file says.
pub(super) struct Loaded {
    pub(super) info: KindInfo,
    /// Rules whose kind is not numbered yet.
    pub(super) rules: Vec<Rule>,
    /// Sorts of the header vocabulary that name this kind.
    pub(super) sorts: Vec<(String, Part)>,
}

/// A text with the name of its file, for errors that tell the line.
struct Text<'a> {
    file: &'a str,
    text: &'a str,
}

impl Text<'_> {
    fn error(&self, at: Option<usize>, reason: impl Into<String>) -> PatternError {
        let line = at.map(|at| {
            let before = &self.text.as_bytes()[..at.min(self.text.len())];
            1 + before.iter().filter(|&&byte| byte == b'\n').count()
        });
        PatternError {
            file: PathBuf::from(self.file),
            line,
            reason: reason.into(),
        }
    }

    fn part(&self, name: &Spanned<String>) -> Result<Part, PatternError> {
        let unknown = || {
            self.error(
                Some(name.span().start),
                format!("unknown part `{}`", name.get_ref()),
            )
        };
        Part::named(name.get_ref()).ok_or_else(unknown)
    }
}

/// Reads the file of the kind `name`. Files of the user's (`own`) are proved by their examples.
pub(super) fn kind(file: &str, name: &str, text: &str, own: bool) -> Result<Loaded, PatternError> {
    let text = Text { file, text };
    if !valid_name(name) {
        return Err(text.error(
            None,
            "a file is named after its kind: a-z, 0-9, `.` and `-` only",
        ));
    }
    let parsed: KindFile = toml::from_str(text.text).map_err(|error| {
        text.error(
            error.span().map(|span| span.start),
            error.message().to_owned(),
        )
    })?;
    let key = match &parsed.key {
        None => Key::None,
        Some(key) => Key::named(key.get_ref()).ok_or_else(|| {
            text.error(
                Some(key.span().start),
                format!("unknown key strength `{}`", key.get_ref()),
            )
        })?,
    };
    let mut sorts = Vec::new();
    for (sort, part) in &parsed.vocabulary {
        sorts.push((sort.clone(), text.part(part)?));
    }
    let mut rules = Vec::new();
    for (i, pattern) in parsed.pattern.iter().enumerate() {
        rules.push(rule(&text, format!("{name}/{}", i + 1), pattern, own)?);
    }
    let info = KindInfo {
        name: name.to_owned(),
        title_ja: if parsed.title.ja.is_empty() {
            parsed.title.en.clone()
        } else {
            parsed.title.ja
        },
        title_en: parsed.title.en,
        also: parsed.also,
        sensitivity: parsed.sensitivity.unwrap_or_else(|| "normal".to_owned()),
        key,
        normal: parsed.normal.unwrap_or_else(|| "none".to_owned()),
        columns: parsed.columns,
        source: parsed.source,
        description: parsed.description,
        limits: parsed.limits,
    };
    Ok(Loaded { info, rules, sorts })
}

fn valid_name(name: &str) -> bool {
    let ok = |byte: u8| {
        byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'.' | b'-')
    };
    !name.is_empty() && name.len() <= 64 && name.bytes().all(ok)
}

fn rule(
    text: &Text<'_>,
    id: String,
    pattern: &Spanned<RuleFile>,
    own: bool,
) -> Result<Rule, PatternError> {
    let at = Some(pattern.span().start);
    let pattern = pattern.get_ref();
    let matcher = match (&pattern.regex, &pattern.recogniser) {
        (Some(regex), None) => Matcher::Regex {
            text: regex.get_ref().clone(),
            compiled: OnceLock::new(),
        },
        (None, Some(name)) => Matcher::Recogniser(name.get_ref().clone()),
        _ => return Err(text.error(at, "a pattern has either `regex` or `recogniser`")),
    };
    let check = match &pattern.check {
        None => None,
        Some(name) => Some(check::named(name.get_ref()).ok_or_else(|| {
            text.error(
                Some(name.span().start),
                format!("unknown check `{}`", name.get_ref()),
            )
        })?),
    };
    let rule = Rule {
        kind: Kind(0),
        part: pattern
            .part
            .as_ref()
            .map_or(Ok(Part::Whole), |part| text.part(part))?,
        id,
        matcher,
        check,
        needs: pattern.needs,
        keywords: pattern
            .keywords
            .iter()
            .map(|word| word.to_lowercase())
            .collect(),
        examples: pattern.examples.clone(),
        counter_examples: pattern.counter_examples.clone(),
        own,
    };
    if own {
        prove(text, pattern, at, &rule)?;
    }
    Ok(rule)
}

/// Refuses a rule of the user's whose expression does not compile or whose examples do not hold.
fn prove(
    text: &Text<'_>,
    pattern: &RuleFile,
    at: Option<usize>,
    rule: &Rule,
) -> Result<(), PatternError> {
    if let Some(regex) = &pattern.regex
        && let Err(reason) = compile(regex.get_ref())
    {
        return Err(text.error(Some(regex.span().start), reason));
    }
    if rule.examples.is_empty() || rule.counter_examples.is_empty() {
        return Err(text.error(at, "a pattern has `examples` and `counter_examples`"));
    }
    match failures(rule).first() {
        None => Ok(()),
        Some((true, n)) => Err(text.error(at, format!("example {n} does not match"))),
        Some((false, n)) => Err(text.error(at, format!("counter-example {n} matches"))),
    }
}

/// The examples that do not hold: whether it is an example (or a counter-example), and its number from 1. Empty where a
/// recogniser decides.
pub(super) fn failures(rule: &Rule) -> Vec<(bool, usize)> {
    let wrong = |values: &[String], wanted: bool| -> Vec<(bool, usize)> {
        let fails = |value: &String| rule.accepts(value) == Some(!wanted);
        values
            .iter()
            .enumerate()
            .filter(|(_, value)| fails(value))
            .map(|(i, _)| (wanted, i + 1))
            .collect()
    };
    let mut all = wrong(&rule.examples, true);
    all.extend(wrong(&rule.counter_examples, false));
    all
}

fn compile(text: &str) -> Result<Regex, String> {
    let built = regex::RegexBuilder::new(text)
        .size_limit(REGEX_LIMIT)
        .build();
    built.map_err(|error| match error {
        regex::Error::CompiledTooBig(_) => "the regular expression is too large".to_owned(),
        error => {
            let told = error.to_string();
            format!(
                "bad regular expression: {}",
                told.lines().last().unwrap_or_default().trim()
            )
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(text: &str) -> (Option<usize>, String) {
        let error = kind("own.toml", "own", text, true).err().expect("refused");
        (error.line, error.reason)
    }

    #[test]
    fn errors_name_line_and_reason() {
        let check = |text: &str, line: usize, reason: &str| {
            let (at, said) = refused(text);
            assert!(said.contains(reason), "{said}");
            assert_eq!(at, Some(line), "{said}");
        };
        check("title = { en = \"x\" }\nsize = 3\n", 2, "unknown field");
        check(
            "title = { en = \"x\" }\nkey = \"iron\"\n",
            2,
            "unknown key strength",
        );
        check(
            "title = { en = \"x\" }\n[[pattern]]\nneeds = \"nothing\"\n",
            2,
            "either",
        );
        let pattern = |lines: &str| format!("title = {{ en = \"x\" }}\n[[pattern]]\n{lines}\n");
        check(
            &pattern("regex = '('\nexamples = ['a']\ncounter_examples = ['b']"),
            3,
            "bad regular expression",
        );
        check(
            &pattern("regex = 'a'\nexamples = ['b']\ncounter_examples = ['c']"),
            2,
            "example 1 does not match",
        );
        check(
            &pattern("regex = 'a'\nexamples = ['a']\ncounter_examples = ['ca']"),
            2,
            "counter-example 1 matches",
        );
        check(
            &pattern("regex = 'a'\nexamples = ['a']"),
            2,
            "`counter_examples`",
        );
        check(
            &pattern("regex = 'a'\ncheck = 'none such'"),
            4,
            "unknown check",
        );
        check(
            &pattern("regex = 'a'\npart = 'none such'"),
            4,
            "unknown part",
        );
    }

    #[test]
    fn a_whole_file_loads() {
        let text = "title = { en = \"Member number\" }\ncolumns = [\"member_no\"]\n[[pattern]]\n\
                    regex = '^M-\\d{6}$'\nexamples = ['M-123456']\ncounter_examples = ['M-12345']\n";
        let loaded = kind("member.toml", "member", text, true).expect("loads");
        assert_eq!(loaded.info.title_ja, "Member number");
        assert_eq!(loaded.rules[0].accepts("M-000001"), Some(true));
        assert_eq!(loaded.rules[0].id, "member/1");
    }

    #[test]
    fn names_of_kinds_are_plain() {
        for (name, expected) in [
            ("jp.my-number", true),
            ("", false),
            ("a b", false),
            ("É", false),
            ("A", false),
        ] {
            assert_eq!(valid_name(name), expected, "{name}");
        }
    }
}
