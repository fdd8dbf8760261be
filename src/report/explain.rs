//! Why records are one person, in words: the records with what they say, masked, and the evidence that links them.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use super::summary::Lang;
use crate::scope::{Agreement, Explained, Link, Rules, Why};

/// The explanation of a subject. Records that say the same have one number; a link names the records by it.
pub fn explain(subject: u64, explained: &Explained, lang: Lang) -> String {
    let mut numbers: BTreeMap<u64, usize> = BTreeMap::new();
    for record in &explained.told {
        let next = numbers.len() + 1;
        numbers.entry(record.tuple).or_insert(next);
    }
    let (records, distinct) = (explained.records, numbers.len());
    let mut out = match lang {
        Lang::En => format!("Subject {subject}: {records} records, {distinct} of them distinct\n"),
        Lang::Ja => format!("本人 {subject}: 記録{records}件（異なるもの{distinct}件）\n"),
    };
    let mut last = None;
    for record in &explained.told {
        let number = numbers[&record.tuple];
        let (source, table) = (record.source.as_str(), record.table.as_str());
        let place = match lang {
            Lang::En => format!("record {} from 0, {}", record.record, record.role),
            Lang::Ja => format!("{}件目（0から）、{}", record.record, record.role),
        };
        let _ = write!(out, "\n  [{number}] {source}: {table}, {place}\n");
        if last != Some(number) {
            for (what, masked) in &record.facts {
                let _ = writeln!(out, "        {}  {}", term(what, lang), masked.as_str());
            }
        }
        last = Some(number);
    }
    let hidden = explained.records - explained.told.len() as u64;
    if hidden > 0 {
        out.push_str(&match lang {
            Lang::En => format!("\n  and {hidden} more records\n"),
            Lang::Ja => format!("\n  ほか{hidden}件\n"),
        });
    }
    out.push_str(match lang {
        Lang::En => "\nWhy they are one person\n",
        Lang::Ja => "\n同一人とした根拠\n",
    });
    let known = |link: &&Link| numbers.contains_key(&link.a) && numbers.contains_key(&link.b);
    let mut links = explained.links.iter().filter(known).peekable();
    if links.peek().is_none() {
        out.push_str(match (lang, records) {
            (Lang::En, ..=1) => "  There is one record only.\n",
            (Lang::Ja, ..=1) => "  記録は1件だけです。\n",
            (Lang::En, _) => "  They say the same.\n",
            (Lang::Ja, _) => "  同じ内容の記録です。\n",
        });
    }
    for link in links {
        let line = line_of(link, lang);
        let _ = writeln!(
            out,
            "  [{}] = [{}]  {line}",
            numbers[&link.a], numbers[&link.b]
        );
    }
    out
}

fn line_of(link: &Link, lang: Lang) -> String {
    let mut line = why(link.why, lang);
    if let (Some(bits), false) = (link.bits, matches!(link.why, Why::Bits(_))) {
        let _ = match lang {
            Lang::En => write!(line, ", {bits:+.1} bits"),
            Lang::Ja => write!(line, "（{bits:+.1}ビット）"),
        };
    }
    for (agreement, en, ja) in [
        (Agreement::Same, "same: ", "一致: "),
        (Agreement::Similar, "similar: ", "類似: "),
        (Agreement::Differ, "differ: ", "相違: "),
    ] {
        let names = evidence(link, agreement, lang);
        let _ = match lang {
            _ if names.is_empty() => Ok(()),
            Lang::En => write!(line, "; {en}{names}"),
            Lang::Ja => write!(line, "。{ja}{names}"),
        };
    }
    line.push_str(match (link.rules, lang) {
        (Ok(Rules::Strict), Lang::En) => " (sure)",
        (Ok(Rules::Strict), Lang::Ja) => "（確実）",
        (_, Lang::En) => " (not in the upper bound)",
        (_, Lang::Ja) => "（上限では別人として数える）",
    });
    line
}

/// What made a link.
pub(super) fn why(why: Why, lang: Lang) -> String {
    match (why, lang) {
        (Why::Value(what), Lang::En) => format!("equal {what}"),
        (Why::Value(what), Lang::Ja) => format!("{}が一致", term(what, lang)),
        (Why::NameAnd(what), Lang::En) => format!("equal name and {what}"),
        (Why::NameAnd(what), Lang::Ja) => format!("氏名と{}が一致", term(what, lang)),
        (Why::OnlyBearer, Lang::En) => "the only person of that name".to_owned(),
        (Why::OnlyBearer, Lang::Ja) => "同名の本人はほかにいない".to_owned(),
        (Why::Bits(bits), Lang::En) => format!("similar, {bits:+.1} bits"),
        (Why::Bits(bits), Lang::Ja) => format!("類似（{bits:+.1}ビット）"),
        (Why::Answered, Lang::En) => "your answer".to_owned(),
        (Why::Answered, Lang::Ja) => "回答による".to_owned(),
    }
}

/// In what two records agree so far, with the bits of each.
pub(super) fn evidence(link: &Link, agreement: Agreement, lang: Lang) -> String {
    let alike = link
        .evidence
        .iter()
        .filter(|part| part.agreement == agreement);
    let names: Vec<String> = alike
        .map(|part| match part.bits {
            // What another value says already counts nothing.
            Some(bits) if bits.abs() >= 0.05 => format!("{} {bits:+.1}", term(part.what, lang)),
            _ => term(part.what, lang).to_owned(),
        })
        .collect();
    names.join(if lang == Lang::Ja { "、" } else { ", " })
}

/// What a fact is called.
pub(super) fn term(what: &'static str, lang: Lang) -> &'static str {
    if lang == Lang::En {
        return what;
    }
    match what {
        "name" => "氏名",
        "family name" => "姓",
        "given name" => "名",
        "middle name" => "ミドルネーム",
        "reading" => "読み",
        "birth date" => "生年月日",
        "e-mail" => "メールアドレス",
        "phone" => "電話番号",
        "shared phone" => "固定電話等",
        "card" => "カード番号",
        "personal number" => "個人番号",
        "identity number" => "識別番号",
        "bank account" => "口座番号",
        "user name" => "ユーザー名",
        "address" => "住所",
        "city" => "市区町村",
        "postal code" => "郵便番号",
        "sex" => "性別",
        "birth place" => "出生地",
        "employer" => "勤務先",
        _ => "その他の値",
    }
}
