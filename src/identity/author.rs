//! Where the author of a letter speaks of himself: who introduces himself, and who signs.
//!
//! In: the body of a mail. Out: whether a name at a place of it is the author's own. What is quoted or forwarded is somebody else's. It is the name that
//! is asked for, so a signature needs no more than its place: behind a line that parts it or takes leave, or as the last paragraph.

use std::ops::Range;

/// Lines at the end of a letter that are looked at.
const LINES: usize = 18;
/// Bytes of a line that takes leave, or of one that begins what is quoted; and those before and behind a name that are looked at: a line may be as long as
/// the letter, and hold thousands of names.
const SHORT: usize = 120;

/// A letter with what its author wrote.
pub(super) struct Letter<'t> {
    body: &'t str,
    /// Where what is forwarded or quoted as a whole begins.
    end: usize,
    /// Where the signature begins, and where the last paragraph does.
    signature: usize,
    paragraph: usize,
}

impl<'t> Letter<'t> {
    pub(super) fn of(body: &'t str) -> Self {
        let mut end = body.len();
        let mut last: Vec<(usize, &str)> = Vec::new();
        let mut lines = lines(body).peekable();
        while let Some((at, line)) = lines.next() {
            let next = lines.peek().map_or("", |next| next.1);
            if begins_quote(line, next) {
                // Single lines are quoted where each is marked; what stands between or below them is the author's.
                if next.starts_with('>') {
                    continue;
                }
                end = at;
                break;
            }
            if !line.starts_with('>') {
                if last.len() >= 2 * LINES {
                    last.drain(..LINES);
                }
                last.push((at, line));
            }
        }
        while last
            .last()
            .is_some_and(|(_, line)| line.is_empty() || is_rule(line))
        {
            last.pop();
        }
        let last = &last[last.len().saturating_sub(LINES)..];
        let behind = |is: &dyn Fn(&str) -> bool| last.iter().position(|(_, line)| is(line));
        let rule = last.iter().rposition(|(_, line)| is_rule(line));
        let leave = behind(&|line| line == "--" || takes_leave(line));
        let from = |nth: Option<usize>| {
            nth.and_then(|nth| last.get(nth + 1))
                .map_or(end, |line| line.0)
        };
        let empty = last.iter().rposition(|(_, line)| line.is_empty());
        let first = last.first().map_or(end, |line| line.0);
        Self {
            body,
            end,
            signature: from(rule).min(from(leave)),
            paragraph: empty.map_or(first, |nth| from(Some(nth))),
        }
    }

    /// Whether a name that stands there is the author's.
    pub(super) fn is_own(&self, name: Range<usize>) -> bool {
        let from = self
            .body
            .floor_char_boundary(name.start.saturating_sub(SHORT));
        let to = self
            .body
            .floor_char_boundary(name.end.saturating_add(SHORT));
        let around = (self.body.get(from..name.start), self.body.get(name.end..to));
        let (Some(before), Some(behind)) = around else {
            return false;
        };
        let before = before.rsplit('\n').next().unwrap_or("");
        let behind = behind.split('\n').next().unwrap_or("");
        if name.start >= self.end || before.trim_start().starts_with('>') {
            return false;
        }
        let labelled = before.contains([':', '：', '=']);
        let alone =
            before.trim().is_empty() && behind.trim_matches([' ', ',', '.', '　', '\r']).is_empty();
        let opens = self.body[from.max(self.paragraph.min(name.start))..name.start]
            .trim()
            .is_empty();
        let opens = opens && (from..=name.start).contains(&self.paragraph);
        introduces(before, behind) || name.start >= self.signature && !labelled || opens && alone
    }
}

/// The lines of a text without white space around, each with its place.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split_inclusive('\n').map(move |line| {
        let start = at;
        at += line.len();
        (start, line.trim())
    })
}

/// Whether a line parts what stands above it from what follows: five signs of one sort or more, and nothing else.
fn is_rule(line: &str) -> bool {
    let Some(sign) = line.chars().next() else {
        return false;
    };
    let parts = "-=_*~#+.･・ー―─━═＊＝＿〜～★☆◆◇■□●○".contains(sign);
    parts && line.chars().all(|c| c == sign) && line.chars().count() >= 5
}

/// Whether what follows is a letter of somebody else: what is forwarded, or an answer below which all of the other letter stands.
fn begins_quote(line: &str, next: &str) -> bool {
    // Most lines are none by their signs.
    let may_be = line.contains([':', '：']) || !line.starts_with(char::is_alphabetic);
    if line.is_empty() || line.len() > SHORT || !may_be {
        return false;
    }
    const FORWARDED: [&str; 12] = [
        "original message",
        "forwarded message",
        "元のメッセージ",
        "転送メッセージ",
        "転送されたメッセージ",
        "ursprüngliche nachricht",
        "weitergeleitete nachricht",
        "message d'origine",
        "message transféré",
        "mensaje original",
        "mensaje reenviado",
        "messaggio originale",
    ];
    const WROTE: [&str; 9] = [
        "wrote:",
        "schrieb:",
        "a écrit :",
        "a écrit:",
        "escribió:",
        "ha scritto:",
        "escreveu:",
        "schreef:",
        "書きました:",
    ];
    const FROM: [&str; 6] = ["from:", "差出人:", "送信者:", "von:", "de :", "de:"];
    const SENT: [&str; 12] = [
        "sent:",
        "date:",
        "to:",
        "subject:",
        "日時:",
        "送信日時:",
        "宛先:",
        "件名:",
        "gesendet:",
        "envoyé",
        "enviado",
        "datum:",
    ];
    let fold = |text: &str| text.to_lowercase().replace('：', ":");
    let folded = fold(line);
    let begins = |text: &str, words: &[&str]| words.iter().any(|word| text.starts_with(word));
    FORWARDED.iter().any(|word| folded.contains(word)) && !folded.starts_with(char::is_alphabetic)
        || WROTE.iter().any(|word| folded.ends_with(word))
        || begins(&folded, &FROM) && next.len() <= SHORT && begins(&fold(next), &SENT)
        || folded.ends_with(">:") && folded.contains('@')
}

/// Whether a line takes leave of whom the letter is for.
fn takes_leave(line: &str) -> bool {
    const WORDS: [&str; 40] = [
        "regards",
        "best regards",
        "kind regards",
        "warm regards",
        "kindest regards",
        "best",
        "best wishes",
        "all the best",
        "sincerely",
        "yours sincerely",
        "sincerely yours",
        "yours faithfully",
        "yours truly",
        "yours",
        "respectfully",
        "thanks",
        "many thanks",
        "thank you",
        "thanks and regards",
        "cheers",
        "love",
        "mit freundlichen grüßen",
        "freundliche grüße",
        "viele grüße",
        "liebe grüße",
        "beste grüße",
        "schöne grüße",
        "cordialement",
        "bien cordialement",
        "bien à vous",
        "salutations",
        "saludos",
        "un saludo",
        "atentamente",
        "cordiali saluti",
        "distinti saluti",
        "met vriendelijke groet",
        "atenciosamente",
        "敬具",
        "以上",
    ];
    const ENDS: [&str; 6] = [
        "よろしくお願いいたします",
        "よろしくお願い致します",
        "よろしくお願いします",
        "宜しくお願いいたします",
        "失礼いたします",
        "失礼します",
    ];
    if line.len() > SHORT {
        return false;
    }
    let plain = line
        .trim_end_matches([',', '.', '!', '、', '。', '，', '．', ' '])
        .to_lowercase();
    WORDS.contains(&plain.as_str()) || ENDS.iter().any(|end| plain.ends_with(end))
}

/// Whether somebody tells his name: 青空商事の田中です, 田中と申します, `my name is`.
fn introduces(before: &str, behind: &str) -> bool {
    const SAID: [&str; 5] = ["と申し", "と言います", "といいます", "です", "でございます"];
    const SAYS: [&str; 16] = [
        "my name is",
        "i am",
        "i'm",
        "this is",
        "mein name ist",
        "ich heiße",
        "je m'appelle",
        "mon nom est",
        "me llamo",
        "mi nombre es",
        "mi chiamo",
        "il mio nome è",
        "meu nome é",
        "me chamo",
        "mijn naam is",
        "私は",
    ];
    let behind = behind.trim_start();
    let before = before.trim_end();
    let front = before.chars().next_back();
    let opens = front.is_none_or(|c| {
        matches!(
            c,
            'の' | '、' | '。' | '，' | '社' | '店' | '部' | '課' | ')' | '）'
        )
    }) || before.ends_with("私は");
    if SAID[..3].iter().any(|word| behind.starts_with(word))
        || opens && SAID[3..].iter().any(|word| behind.starts_with(word))
    {
        return true;
    }
    let tail = before.char_indices().rev().nth(24).map_or(0, |(at, _)| at);
    let tail = before[tail..].to_lowercase();
    SAYS.iter().any(|says| {
        tail.strip_suffix(says)
            .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric) || *says == "私は")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, name: &str, expected: bool) {
        let letter = Letter::of(body);
        let at = body.rfind(name).expect("the name stands in it");
        assert_eq!(letter.is_own(at..at + name.len()), expected, "{body}");
    }

    #[test]
    fn authors_introduce_themselves_and_sign() {
        check(
            "お世話になっております。営業部の田中太郎です。\n次の件です。",
            "田中太郎",
            true,
        );
        check("はじめまして、佐藤花子と申します。\n", "佐藤花子", true);
        check(
            "Hello,\n\nmy name is Mary Smith and I have a question.\n\nBye\n",
            "Mary Smith",
            true,
        );
        check(
            "Hi,\n\nsee you.\n\nBest regards,\nMary Smith\nSales\n",
            "Mary Smith",
            true,
        );
        check("Hi,\n\nsee you.\n-- \nMary Smith\n", "Mary Smith", true);
        check(
            "次の件です。\n\n==========\n株式会社青空\n田中 太郎\nTEL 03-1234-5678\n==========\n",
            "田中 太郎",
            true,
        );
        check("次の件です。\n\n田中 太郎\n", "田中 太郎", true);
        check(
            "Thanks, all done.\n\nMary Smith\n12 Oak Street\n\nOn Monday Peter Brown wrote:\n> Peter Brown\n",
            "Mary Smith",
            true,
        );
    }

    #[test]
    fn others_are_no_authors() {
        check(
            "担当は田中太郎です。\n以下の通りです。\n",
            "田中太郎",
            false,
        );
        check(
            "Please call Mary Smith today.\n\nBye\n",
            "Mary Smith",
            false,
        );
        check(
            "Dear Mary Smith,\n\nsee you.\n\nBest\nPeter Brown\n",
            "Mary Smith",
            false,
        );
        check(
            "FYI\n\n---------- Forwarded message ---------\nFrom: x\n\nBest regards,\nMary Smith\n",
            "Mary Smith",
            false,
        );
        check(
            "転送します。\n\nFrom: 佐藤\nSent: Monday\n\n佐藤花子です。\n",
            "佐藤花子",
            false,
        );
        check(
            "> Best regards,\n> Mary Smith\n\nOk.\n",
            "Mary Smith",
            false,
        );
        check("ご注文\n----------\nお名前：佐藤花子\n", "佐藤花子", false);
    }
}
