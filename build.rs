//! Makes the large tables of words of the dictionaries from `patterns/lists/`, so that no run has to.

#![allow(clippy::print_stdout, reason = "build scripts speak to cargo so")]

use std::path::Path;
use std::{env, fs, io};

#[path = "src/pattern/lexicon.rs"]
#[allow(
    dead_code,
    unreachable_pub,
    reason = "the tables are made here and read in the crate"
)]
mod lexicon;

use lexicon::{Beginnings, Lexicon, Lists, entries, pairs, shorten};

fn main() -> io::Result<()> {
    for path in ["build.rs", "src/pattern/lexicon.rs", "patterns/lists"] {
        println!("cargo:rerun-if-changed={path}");
    }
    let out = env::var_os("OUT_DIR").expect("cargo sets it for build scripts");
    let (words, beginnings) = jp()?;
    fs::write(Path::new(&out).join("jp.beginnings"), beginnings.bytes)?;
    let single: Vec<u8> = ('\u{4E00}'..='\u{9FFF}')
        .map(|c| words.lists(std::iter::once(c)).bits())
        .collect();
    fs::write(Path::new(&out).join("jp.single"), single)?;
    for (name, table) in [
        ("jp.lexicon", words),
        ("kana.lexicon", kana()?),
        ("latin.lexicon", latin()?),
        ("romaji.lexicon", romaji()?),
    ] {
        fs::write(Path::new(&out).join(name), table.slots)?;
    }
    Ok(())
}

fn list(name: &str) -> io::Result<String> {
    fs::read_to_string(Path::new("patterns/lists").join(name))
}

/// Words of which those ending in `+` are also `strong`.
fn tiered(text: &str, lists: Lists, strong: Lists) -> impl Iterator<Item = (&str, Lists)> {
    entries(text).map(move |line| {
        line.strip_suffix('+')
            .map_or((line, lists), |word| (word, lists.or(strong)))
    })
}

/// The lists that the letters of a word's classes stand for.
fn classed(classes: &str) -> Lists {
    classes.bytes().fold(Lists(0), |lists, class| {
        lists.or(match class {
            b'P' => Lists::PLACE,
            b'O' => Lists::PROPER,
            b's' => Lists::SURNAME_STRONG,
            b'g' => Lists::GIVEN_STRONG,
            _ => Lists::WORD,
        })
    })
}

/// Words with a kanji in them, and how they begin.
fn jp() -> io::Result<(Lexicon<Vec<u8>>, Beginnings<Vec<u8>>)> {
    let (mut new, mut beginnings) = (Lexicon::new(340_000), Beginnings::new());
    for (text, lists) in [
        (&list("jp-surnames.txt")?, Lists::SURNAME),
        (&list("jp-given.txt")?, Lists::GIVEN),
        (&list("jp-towns.txt")?, Lists::TOWN),
    ] {
        entries(text).for_each(|word| {
            new.insert(word.chars(), lists);
            beginnings.insert(word);
        });
    }
    for text in [&list("jp-not-names.tsv")?, &list("jp-words.tsv")?] {
        for (word, classes) in pairs(text) {
            new.insert(word.chars(), classed(classes));
            beginnings.insert(word);
        }
    }
    Ok((new, beginnings))
}

/// Readings in katakana, and names of foreigners.
fn kana() -> io::Result<Lexicon<Vec<u8>>> {
    let mut new = Lexicon::new(110_000);
    for (text, lists, strong) in [
        (
            &list("jp-surname-readings.txt")?,
            Lists::SURNAME,
            Lists::SURNAME_STRONG,
        ),
        (
            &list("jp-given-readings.txt")?,
            Lists::GIVEN,
            Lists::GIVEN_STRONG,
        ),
    ] {
        tiered(text, lists, strong).for_each(|(word, lists)| new.insert(word.chars(), lists));
    }
    entries(&list("jp-foreign-names.txt")?)
        .for_each(|word| new.insert(word.chars(), Lists::FOREIGN));
    for (word, classes) in pairs(&list("kana-words.tsv")?) {
        new.insert(word.chars(), classed(classes));
    }
    Ok(new)
}

/// Names and words in Latin letters.
fn latin() -> io::Result<Lexicon<Vec<u8>>> {
    let mut new = Lexicon::new(174_000);
    for (text, lists, strong) in [
        (
            &list("latin-surnames.txt")?,
            Lists::SURNAME,
            Lists::SURNAME_STRONG,
        ),
        (&list("latin-given.txt")?, Lists::GIVEN, Lists::GIVEN_STRONG),
    ] {
        tiered(text, lists, strong).for_each(|(word, lists)| new.insert(word.chars(), lists));
    }
    for (text, lists) in [
        (&list("en-words.txt")?, Lists::WORD),
        (&list("en-common.txt")?, Lists::COMMON),
        (&list("en-things.txt")?, Lists::COMMON),
        (&list("latin-places.txt")?, Lists::PLACE),
    ] {
        entries(text).for_each(|word| new.insert(word.chars(), lists));
    }
    Ok(new)
}

/// Readings as romanisation leaves them.
fn romaji() -> io::Result<Lexicon<Vec<u8>>> {
    let mut new = Lexicon::new(80_000);
    for (text, lists, strong) in [
        (
            &list("jp-surname-readings.txt")?,
            Lists::SURNAME,
            Lists::SURNAME_STRONG,
        ),
        (
            &list("jp-given-readings.txt")?,
            Lists::GIVEN,
            Lists::GIVEN_STRONG,
        ),
    ] {
        for (word, tier) in tiered(text, lists, strong) {
            let (mut kana, mut n) = ([' '; 16], 0);
            word.chars().take(16).for_each(|c| {
                kana[n] = c;
                n += 1;
            });
            let n = shorten(&mut kana, n);
            new.insert(kana[..n].iter().copied(), tier);
        }
    }
    Ok(new)
}
