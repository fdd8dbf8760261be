//! The files of questions and answers about doubtful pairs: CSV, one line a pair.
//!
//! The questions have these columns: `pair` (its id), `answer` (empty: `yes`, `no` or `unknown` goes there), `counted`, `bits`, `why`,
//! `same`, `similar`, `differ` (names of what agrees so far, with the bits of each, never a value), and of both records `source`,
//! `table`, `record` (from 0) and `role`. The answers are the same file with its second column filled; `pair` and `answer` are
//! enough, in any order, separated by commas, semicolons or tabs, as spreadsheets save them.
//!
//! `counted` says how the numbers stand without an answer: `joined` is one person, two in the upper bound; `split` is two, one in the
//! lower bound; `refused` is two throughout; `answered` is as the user said.

use std::io::{self, Write};

use super::explain::{evidence, why};
use super::subjects::no_formula;
use super::summary::Lang;
use crate::identity::{Answer, Answers, PairId, Rejected};
use crate::scope::{Agreement, Link, Refusal, ReviewRow, Rules, Why};
use crate::text::Encoding;

const HEADING: [&str; 16] = [
    "pair", "answer", "counted", "bits", "why", "same", "similar", "differ", "source_1", "table_1",
    "record_1", "role_1", "source_2", "table_2", "record_2", "role_2",
];

/// Writes the questions.
pub fn write(out: impl Write, rows: &[ReviewRow]) -> io::Result<()> {
    let mut csv = csv::Writer::from_writer(out);
    csv.write_record(HEADING)?;
    for row in rows {
        let link = &row.doubt.link;
        let mut cells = vec![
            row.doubt.pair.to_string(),
            row.doubt.answer.map_or("", Answer::as_str).to_owned(),
            counted(link).to_owned(),
            link.bits.map_or(String::new(), |bits| format!("{bits:.1}")),
            reason(link, Lang::En),
        ];
        for agreement in [Agreement::Same, Agreement::Similar, Agreement::Differ] {
            cells.push(evidence(link, agreement, Lang::En));
        }
        for record in &row.records {
            cells.push(no_formula(record.source.as_str()).into_owned());
            cells.push(no_formula(record.table.as_str()).into_owned());
            cells.push(record.record.to_string());
            cells.push(record.role.to_owned());
        }
        csv.write_record(&cells)?;
    }
    csv.flush()
}

/// How a pair is counted.
pub(super) fn counted(link: &Link) -> &'static str {
    match link.rules {
        _ if link.why == Why::Answered => "answered",
        Ok(Rules::Lax) => "split",
        Ok(_) => "joined",
        Err(_) => "refused",
    }
}

/// What would make them one, and why it does not.
pub(super) fn reason(link: &Link, lang: Lang) -> String {
    let mut reason = match (link.why, lang) {
        // The bits have a column of their own.
        (Why::Bits(_), Lang::En) => "similar".to_owned(),
        (Why::Bits(_), Lang::Ja) => "類似".to_owned(),
        (other, _) => why(other, lang),
    };
    if let Err(refusal) = link.rules {
        reason.push_str(match lang {
            Lang::En => ", but ",
            Lang::Ja => "。ただし",
        });
        reason.push_str(against(refusal, lang));
    }
    reason
}

/// Why a link was refused.
fn against(refusal: Refusal, lang: Lang) -> &'static str {
    let (en, ja) = match refusal {
        Refusal::Numbers => (
            "numbers that one person has one of differ",
            "一人に一つの番号が異なる",
        ),
        Refusal::Births => ("the birth dates differ", "生年月日が異なる"),
        Refusal::Others => (
            "other records of the two disagree",
            "両者のほかの記録が食い違う",
        ),
        Refusal::Namesakes => ("they may be namesakes", "同姓同名の可能性がある"),
        Refusal::Outweighed => ("more differs than agrees", "一致より相違が多い"),
    };
    match lang {
        Lang::En => en,
        Lang::Ja => ja,
    }
}

/// Reads the answers.
///
/// # Errors
///
/// A sentence for each line that cannot be used, without the values in it.
pub fn read(bytes: &[u8]) -> Result<Answers, Vec<String>> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    let encoding = if std::str::from_utf8(bytes).is_ok() {
        Encoding::Utf8
    } else {
        Encoding::ShiftJis
    };
    let text = encoding.decode(bytes).0;
    let first = text.lines().next().unwrap_or_default();
    let delimiter = [b';', b'\t']
        .into_iter()
        .find(|&sign| first.bytes().any(|byte| byte == sign))
        .unwrap_or(b',');
    let mut csv = csv::ReaderBuilder::new()
        .delimiter(delimiter)
        .flexible(true)
        .from_reader(text.as_bytes());
    let header = csv.headers().map_err(|_| vec![NO_HEADING.to_owned()])?;
    let column = |name: &str| {
        let mut names = header.iter();
        names.position(|head| head.trim().eq_ignore_ascii_case(name))
    };
    let (Some(pair), Some(answer)) = (column("pair"), column("answer")) else {
        return Err(vec![NO_HEADING.to_owned()]);
    };
    let (mut answers, mut faults) = (Answers::default(), Vec::new());
    let (mut line, mut counted) = (1, 0);
    for record in csv.records() {
        let Ok(record) = record else {
            faults.push("the file is no CSV".to_owned());
            break;
        };
        // Counted here: behind CR LF the parser's own number is one too low.
        let at = record.position().map_or(0, |place| place.byte() as usize);
        let begun = text.len() - text[at..].trim_start_matches(['\r', '\n']).len();
        line += memchr::memchr_iter(b'\n', &text.as_bytes()[counted..begun]).count() as u64;
        counted = begun;
        let cell = |at: usize| record.get(at).unwrap_or_default().trim();
        match answer_of(cell(answer)) {
            Ok(None) => {}
            Ok(Some(given)) => match cell(pair).parse::<PairId>() {
                Ok(id) => {
                    let added = answers.add(id, given, line);
                    faults.extend(added.err().map(|rejected| told(&rejected)));
                }
                Err(()) => faults.push(format!(
                    "line {line}: the first column is no id of a pair as --review writes them"
                )),
            },
            Err(()) => faults.push(format!("line {line}: the answer is not yes, no or unknown")),
        }
    }
    faults.extend(answers.contradictions().iter().map(told));
    if faults.is_empty() {
        Ok(answers)
    } else {
        Err(faults)
    }
}

const NO_HEADING: &str = "line 1: no columns `pair` and `answer`";

/// `None` for a cell without an answer.
fn answer_of(cell: &str) -> Result<Option<Answer>, ()> {
    Ok(Some(match cell.to_lowercase().as_str() {
        "" => return Ok(None),
        "yes" | "y" | "はい" => Answer::Yes,
        "no" | "n" | "いいえ" => Answer::No,
        "unknown" | "?" | "不明" => Answer::Unknown,
        _ => return Err(()),
    }))
}

/// Why an answer cannot be used.
pub fn told(rejected: &Rejected) -> String {
    match rejected {
        Rejected::OtherData { line } => {
            format!("line {line}: the pair is of other data, or of these data read in another way")
        }
        Rejected::NoSuchPair { line } => format!("line {line}: the data hold no such pair"),
        Rejected::Contradiction { no, yes } => {
            let lines: Vec<String> = yes.iter().map(u64::to_string).collect();
            let (s, lines) = (if yes.len() == 1 { "" } else { "s" }, lines.join(", "));
            format!("line {no}: `no` contradicts the `yes` of line{s} {lines}")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(file: &[u8], expected: Result<[u64; 3], &[&str]>) {
        let counts = read(file).map(|answers| {
            [Answer::Yes, Answer::No, Answer::Unknown].map(|answer| answers.count(answer))
        });
        let expected = expected.map_err(|faults| faults.iter().map(|f| (*f).to_owned()).collect());
        assert_eq!(counts, expected);
    }

    const A: &str = "000001-000000000001-000000000002";
    const B: &str = "000001-000000000002-000000000003";
    const C: &str = "000001-000000000001-000000000003";

    #[test]
    fn answers_are_read_as_spreadsheets_save_them() {
        check(
            format!("pair,answer\n{A},yes\n{B},No\n{C},\n").as_bytes(),
            Ok([1, 1, 0]),
        );
        check(
            format!("\u{feff}bits;Answer;Pair\r\n1;はい;{A}\r\n2;不明;{B}\r\n").as_bytes(),
            Ok([1, 0, 1]),
        );
        let shift_jis = [
            format!("pair\tanswer\n{A}\t").as_bytes(),
            b"\x82\xA2\x82\xA2\x82\xA6\n",
        ]
        .concat();
        check(&shift_jis, Ok([0, 1, 0]));
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_line() {
        check(b"a,b\n1,2\n", Err(&[NO_HEADING]));
        check(b"", Err(&[NO_HEADING]));
        for end in ["\n", "\r\n"] {
            let file = ["pair,answer", &format!("{A},maybe"), "nonsense,yes", ""].join(end);
            check(
                file.as_bytes(),
                Err(&[
                    "line 2: the answer is not yes, no or unknown",
                    "line 3: the first column is no id of a pair as --review writes them",
                ]),
            );
        }
        let file = format!("pair,answer\n{A},yes\n{C},no\n{B},yes\n");
        check(
            file.as_bytes(),
            Err(&["line 3: `no` contradicts the `yes` of lines 2, 4"]),
        );
    }
}
