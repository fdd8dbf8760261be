//! Japanese addresses: how far one reaches.
//!
//! In: folded characters that begin with a place. Out: the end of the address: town, streets of Kyoto, block number, building.

use super::japanese::{KANJI_DIGITS, building, is_kana, is_kanji};
use crate::pattern::dict::{self, Lists};

/// How far the address reaches that begins the folded characters: `None` when there is none. `line` must end where the line ends.
pub(super) fn address_end(line: &[char]) -> Option<usize> {
    let place = dict::place(line)?;
    let mut at = place.city;
    let town = town_end(line, at);
    at = town.unwrap_or(at);
    let numbered = number_end(line, at);
    if let Some(end) = numbered {
        return Some(match turn(line, end) {
            Some(end) => number_end(line, end).map_or(end, |end| building_end(line, end)),
            None => building_end(line, end),
        });
    }
    if let Some(end) = turn(line, place.city) {
        return Some(end);
    }
    // Without a number: a prefecture and a municipality, or a municipality and a town of the gazetteer.
    let enough = place.city > place.prefecture && (place.prefecture > 0 || town.is_some());
    (enough && at > place.city).then_some(at)
}

/// The turns of Kyoto's streets: 上ル 下ル 東入 西入. End of the words that follow them, where some stand there.
fn turn(line: &[char], from: usize) -> Option<usize> {
    let run = line[from..]
        .iter()
        .take(40)
        .take_while(|&&c| is_kanji(c) || is_kana(c))
        .count();
    let words = &line[from..from + run];
    let turns = (0..words.len()).any(|at| {
        matches!(
            words[at..],
            ['上' | '下', 'ル', ..] | ['上', 'ガ', 'ル', ..] | ['東' | '西', '入', ..]
        )
    });
    turns.then_some(from + run)
}

/// End of the town after a municipality: the characters before the number, or a town of the gazetteer.
fn town_end(line: &[char], from: usize) -> Option<usize> {
    let rest = &line[from..];
    let limit = rest.len().min(40);
    let stop = (0..limit)
        .find(|&at| {
            let c = rest[at];
            c.is_ascii_digit()
                || KANJI_DIGITS.contains(&c) && number_follows(&rest[at..])
                || !(is_kanji(c)
                    || is_kana(c)
                    || matches!(c, '(' | ')' | ' ') && at > 0 && c != ' ')
        })
        .unwrap_or(limit);
    // 港区の3人: a particle is no town.
    let particle = stop == 1 && is_kana(rest[0]);
    if rest
        .get(stop)
        .is_some_and(|c| c.is_ascii_digit() || KANJI_DIGITS.contains(c))
        && stop > 0
        && !particle
    {
        return Some(from + stop);
    }
    (1..=stop.min(12))
        .rev()
        .find(|&n| dict::jp(&rest[..n]).any(Lists::TOWN))
        .map(|n| from + n)
}

/// Whether kanji numerals here are a block number and not part of a town's name.
fn number_follows(rest: &[char]) -> bool {
    let n = rest.iter().take_while(|c| KANJI_DIGITS.contains(c)).count();
    let digit = |c: &char| c.is_ascii_digit() || KANJI_DIGITS.contains(c);
    match &rest[n..] {
        ['丁', '目', ..] | ['番', ..] | ['号', ..] | ['-', ..] => true,
        // 一ノ井町 and 三条町 are names.
        ['ノ', next, ..] | ['条', next, ..] if digit(next) => true,
        ['条', '東' | '西' | '南' | '北', next, ..] if digit(next) => true,
        ['条', '通', ..] => false,
        after => n >= 3 && !after.first().is_some_and(|&c| is_kanji(c)),
    }
}

/// End of the block number, with 丁目, 番地, 号 and hyphens between digits.
pub(super) fn number_end(line: &[char], from: usize) -> Option<usize> {
    let is_digit = |c: char| c.is_ascii_digit() || KANJI_DIGITS.contains(&c);
    let mut at = from;
    let mut end = None;
    while at < line.len() {
        // 無番地, 番外地
        let none = ["無番地", "番外地"]
            .iter()
            .find(|word| at == from && word.chars().eq(line[at..].iter().copied().take(3)));
        if none.is_some() {
            return Some(at + 3);
        }
        let mut digits = line[at..].iter().take_while(|&&c| is_digit(c)).count();
        // 1-3一番館: the kanji belong to the house; 1一3 is 1-3.
        let ascii = line[at..].iter().take_while(|c| c.is_ascii_digit()).count();
        if ascii > 0
            && ascii < digits
            && !line.get(at + ascii + 1).is_some_and(char::is_ascii_digit)
        {
            digits = ascii;
        }
        if digits == 0 || digits > 8 {
            break;
        }
        at += digits;
        end = Some(at);
        let units = [
            "丁目",
            "番地ノ",
            "番地",
            "番外地",
            "番町",
            "番丁",
            "地割",
            "条東",
            "条西",
            "条南",
            "条北",
            "条通",
            "条",
            "番",
            "号棟",
            "号室",
            "号",
            "線",
            "丁",
            "区",
            "組",
            "階",
            "F",
        ];
        let mut unit = false;
        for word in units {
            let n = word.chars().count();
            // 条 of a name, 三条町, is no unit.
            let street = word.starts_with('条')
                && word != "条通"
                && !line
                    .get(at + n)
                    .is_some_and(|&c| is_digit(c) || matches!(c, '東' | '西' | '南' | '北'));
            if line[at..].len() >= word.chars().count()
                && !street
                && word
                    .chars()
                    .eq(line[at..].iter().copied().take(word.chars().count()))
            {
                at += word.chars().count();
                end = Some(at);
                unit = true;
                break;
            }
        }
        match line.get(at) {
            Some('-' | 'ー' | 'ノ' | '之' | '・' | '−')
                if line.get(at + 1).is_some_and(|&c| is_digit(c)) =>
            {
                at += 1
            }
            Some('東' | '西' | '南' | '北') if line.get(at + 1).is_some_and(|&c| is_digit(c)) => {
                at += 1
            }
            Some(&c) if unit && is_digit(c) => {}
            _ => break,
        }
    }
    end
}

/// End of the building behind the number.
pub(super) fn building_end(line: &[char], from: usize) -> usize {
    let blanks = line[from..].iter().take_while(|&&c| c == ' ').count();
    let rest = &line[from + blanks..];
    let stop = rest
        .iter()
        .position(|&c| {
            matches!(
                c,
                '、' | '。'
                    | '\n'
                    | '\r'
                    | '\t'
                    | ','
                    | ':'
                    | '"'
                    | '\''
                    | '<'
                    | '>'
                    | '「'
                    | '」'
                    | '|'
                    | ';'
                    | '『'
                    | '【'
                    | '※'
            )
        })
        .unwrap_or(rest.len())
        .min(40);
    let mut segment_end = 0;
    let mut at = 0;
    while at < stop {
        let word = at + rest[at..stop].iter().take_while(|&&c| c != ' ').count();
        if building(&rest[at..word])
            || at == 0 && blanks == 0 && word > 0 && tail_word(&rest[..word])
            || segment_end > 0 && room(&rest[at..word])
        {
            segment_end = word;
        } else {
            break;
        }
        at = word + rest[word..stop].iter().take_while(|&&c| c == ' ').count();
    }
    let mut end = if segment_end > 0 {
        from + blanks + segment_end
    } else {
        from
    };
    // 2-8(地番): a remark in brackets that ends the line.
    if end == from && line.get(end) == Some(&'(') {
        let closed = line[end..].iter().take(24).position(|&c| c == ')');
        let rest = closed.map(|n| &line[end + n + 1..]);
        if let (Some(n), Some([] | ['\n' | '\r', ..])) = (closed, rest) {
            return end + n + 1;
        }
    }
    let unsettled: Vec<char> = "以下未定".chars().collect();
    if line[end..].starts_with(&unsettled) {
        return end + unsettled.len();
    }
    // A bracket that was not opened inside is not the address's.
    while end > from && line[end - 1] == ')' && !line[from..end].contains(&'(') {
        end -= 1;
    }
    end
}

fn room(word: &[char]) -> bool {
    !word.is_empty()
        && word.len() <= 6
        && word.iter().any(char::is_ascii_digit)
        && word
            .iter()
            .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '号' | '室' | '階' | '棟'))
        || (1..=3).contains(&word.len()) && word.iter().all(|c| matches!(c, 'Ⅰ'..='Ⅻ'))
}

/// What directly follows a block number and is no building word: a name in kana or Latin letters with a room, as names of houses are.
fn tail_word(word: &[char]) -> bool {
    let kana = word.iter().filter(|&&c| is_kana(c) && c != 'ノ').count();
    let digits = word.iter().filter(|c| c.is_ascii_digit()).count();
    word.len() >= 3
        && (kana >= 3 && digits > 0 || word.ends_with(&['号']) || word.ends_with(&['方']))
}

#[cfg(test)]
mod tests {
    use super::super::japanese::Folded;
    use super::*;

    #[test]
    fn addresses_end_where_they_end() {
        let check = |text: &str, expected: Option<&str>| {
            let folded = Folded::of(text);
            let end = address_end(folded.chars()).map(|n| text.chars().take(n).collect::<String>());
            assert_eq!(end.as_deref(), expected, "{text}");
        };
        check("東京都港区芝公園4-2-8", Some("東京都港区芝公園4-2-8"));
        check(
            "東京都港区芝公園４丁目２番８号 東京タワー です",
            Some("東京都港区芝公園４丁目２番８号 東京タワー"),
        );
        check(
            "大阪市北区梅田1-2-3 グランドビル501号室、電話",
            Some("大阪市北区梅田1-2-3 グランドビル501号室"),
        );
        check("府中市府川町315 に住む", Some("府中市府川町315"));
        check("串本町串本千二百三十四", Some("串本町串本千二百三十四"));
        check(
            "札幌市中央区南２条西１ー５",
            Some("札幌市中央区南２条西１ー５"),
        );
        check("神奈川県に住む", None);
        check("横浜市は大きい", None);
        check("港区の3人", None);
        check(
            "上京区室町通上立売上る室町頭町261",
            Some("上京区室町通上立売上る室町頭町261"),
        );
        check(
            "京都府京都市上京区寺町通今出川上る西入三筋目上る上塔之段町",
            Some("京都府京都市上京区寺町通今出川上る西入三筋目上る上塔之段町"),
        );
        check(
            "京都市右京区常盤一ノ井町３番地１",
            Some("京都市右京区常盤一ノ井町３番地１"),
        );
        check("京都市中京区三条町324-1", Some("京都市中京区三条町324-1"));
        check(
            "札幌市西区二十四軒４条２丁目６－１７",
            Some("札幌市西区二十四軒４条２丁目６－１７"),
        );
        check("神奈川県綾瀬市無番地", Some("神奈川県綾瀬市無番地"));
        check("千代田区紀尾井町1━3", Some("千代田区紀尾井町1━3"));
        check("龍ｹ崎市若柴町3135", Some("龍ｹ崎市若柴町3135"));
    }
}
