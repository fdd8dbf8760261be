//! Web pages of people in running text.
//!
//! In: a text, and what else was found in it. Out: hits. A link alone is nobody's: its words must say that it is the writer's own (`my website is`), or
//! it stands labelled (`Website:`) beside a name, an address or a number, as in a signature or a form.

use memchr::memmem::Finder;

use super::text::{Fixed, Hit, What, floor};

/// Words before a link that say whose it is; folded to lower case.
const OWN: [&str; 16] = [
    "my website",
    "my web site",
    "my site",
    "my homepage",
    "my home page",
    "my blog",
    "my page",
    "my web page",
    "my portfolio",
    "my profile",
    "personal website",
    "私のホームページ",
    "私のサイト",
    "私のブログ",
    "個人サイト",
    "個人ブログ",
];

/// Labels of a link in a block of contacts.
const LABELS: [&str; 12] = [
    "website",
    "web site",
    "web",
    "url",
    "homepage",
    "home page",
    "blog",
    "hp",
    "ホームページ",
    "サイト",
    "ブログ",
    "webサイト",
];

/// Bytes before a link in which its words stand.
const BEFORE: usize = 48;
/// Bytes on either side in which somebody must stand.
const BESIDE: usize = 200;
/// Bytes of a link behind its scheme; what is longer counts up to here.
const LONGEST: usize = 2_048;

static SCHEME_END: Fixed = Fixed::new(|| Finder::new("://"));

/// Adds the pages of a text; the hits of the text so far are those of its people.
pub(super) fn find(text: &str, hits: &mut Vec<Hit>) {
    let n = hits.len();
    let (mut behind, mut people) = (0, None);
    for sign in SCHEME_END.find_iter(text.as_bytes()) {
        let head = &text[..sign];
        let Some(scheme) = ["https", "http"]
            .iter()
            .find(|scheme| head.ends_with(**scheme))
        else {
            continue;
        };
        let start = sign - scheme.len();
        if start < behind {
            continue;
        }
        let before = text[floor(text, start.saturating_sub(BEFORE))..start].to_lowercase();
        let is_own = OWN.iter().any(|words| before.contains(words));
        let mut near = || {
            let people = people.get_or_insert_with(|| People::new(&hits[..n]));
            people.stand_within(start.saturating_sub(BESIDE), sign + BESIDE)
        };
        if is_own || is_labelled(&before) && near() {
            let end = sign + 3 + length(&text[sign + 3..]);
            if text[sign + 3..end].contains('.') {
                hits.push(Hit::new(What::Page, start..end, 0.8));
                behind = end;
            }
        }
    }
}

/// Where people stand: the starts of their hits, in order, each with the furthest end up to there.
struct People(Vec<(usize, usize)>);

impl People {
    fn new(hits: &[Hit]) -> Self {
        let somebody = hits.iter().filter(|hit| of_somebody(hit));
        let mut places: Vec<_> = somebody.map(|hit| (hit.start, hit.end)).collect();
        places.sort_unstable();
        let mut furthest = 0;
        for (_, end) in &mut places {
            furthest = furthest.max(*end);
            *end = furthest;
        }
        Self(places)
    }

    /// Whether any of them ends at the first place or behind it, and begins at the last or before it.
    fn stand_within(&self, first: usize, last: usize) -> bool {
        let n = self.0.partition_point(|place| place.0 <= last);
        n > 0 && self.0[n - 1].1 >= first
    }
}

fn of_somebody(hit: &Hit) -> bool {
    matches!(
        hit.what,
        What::Name | What::Email | What::Phone | What::Address
    )
}

/// Whether a label and a colon end the text, blanks and a line break behind them.
fn is_labelled(before: &str) -> bool {
    let label = before
        .trim_end()
        .strip_suffix([':', '：'])
        .map(str::trim_end);
    label.is_some_and(|head| {
        let ends = |label: &&str| {
            let rest = head.strip_suffix(*label);
            rest.is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
        };
        LABELS.iter().any(ends)
    })
}

/// Bytes of a link behind its scheme, without the sign that ends the sentence.
fn length(rest: &str) -> usize {
    let ends = |c: char| {
        !c.is_ascii()
            || c.is_ascii_whitespace()
            || matches!(
                c,
                '<' | '>' | '"' | '\'' | '`' | '{' | '}' | '|' | '\\' | '^'
            )
    };
    let rest = &rest[..floor(rest, LONGEST.min(rest.len()))];
    let end = rest.find(ends).unwrap_or(rest.len());
    rest[..end]
        .trim_end_matches(['.', ',', ';', ':', '!', '?', ')', ']'])
        .len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_of_people() {
        let check = |text: &str, expected: &[&str]| {
            let mut hits = Vec::new();
            if let Some(at) = text.find("Jane") {
                hits.push(Hit::new(What::Name, at..at + 4, 0.9));
            }
            let n = hits.len();
            find(text, &mut hits);
            let found: Vec<&str> = hits[n..]
                .iter()
                .map(|hit| &text[hit.start..hit.end])
                .collect();
            assert_eq!(found, expected, "{text}");
        };
        check(
            "My website is https://www.jane.example/.",
            &["https://www.jane.example/"],
        );
        check(
            "see my blog (http://blog.example.com/jane)",
            &["http://blog.example.com/jane"],
        );
        check(
            "Jane\nWebsite:\nhttps://www.jane.example/\n\nAddress:",
            &["https://www.jane.example/"],
        );
        check(
            "私のブログ：https://blog.example.jp/をどうぞ",
            &["https://blog.example.jp/"],
        );
        check("Homepage: https://project.example/", &[]);
        check("Jane sent https://project.example/", &[]);
        check("Jane\nwebsite: http://localhost", &[]);
        check("my website https://", &[]);
        let long = format!("my blog http://a.example/{}", "x".repeat(3_000));
        check(&long, &[&long[8..8 + 7 + LONGEST]]);
        let page = "http://a.example/?web:http://b.example/";
        check(&format!("Jane web: {page}"), &[page]);
        let far = format!("Jane {}\nweb: https://www.jane.example/", "x".repeat(300));
        check(&far, &[]);
        check("://", &[]);
    }
}
