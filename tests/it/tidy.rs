//! House rules, read from the sources: layers, printing, lengths, texts of modules, truth of fixtures, size of files.

use std::path::{Path, PathBuf};

use crate::run;

/// The rooms from the bottom up. A room may use those before it; the edge (`cli`, `main`) stands outside the library.
const ROOMS: [&str; 12] = [
    "text", "source", "format", "pattern", "classify", "column", "identity", "scope", "assess",
    "scan", "report", "cli",
];

/// Longest function, in lines.
const FUNCTION: usize = 70;

/// Longest file, in lines, unless its first lines say `Long because`.
const FILE: usize = 800;

fn root() -> PathBuf {
    env!("CARGO_MANIFEST_DIR").into()
}

/// All files below a folder of the project, sorted.
fn below(folder: &str) -> Vec<PathBuf> {
    fn walk(folder: &Path, files: &mut Vec<PathBuf>) {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("the project can be read").path();
            if path.is_dir() {
                walk(&path, files)
            } else {
                files.push(path)
            }
        }
    }
    let mut files = Vec::new();
    walk(&root().join(folder), &mut files);
    files.sort();
    files
}

/// The Rust files of these folders: path from the root, and text.
fn sources(folders: &[&str]) -> Vec<(String, String)> {
    let files = folders
        .iter()
        .flat_map(|folder| below(folder))
        .filter(|path| path.extension().is_some_and(|ending| ending == "rs"));
    let sources: Vec<_> = files
        .map(|path| {
            let name = path
                .strip_prefix(root())
                .expect("it stands below the root")
                .to_string_lossy()
                .into_owned();
            (
                name,
                std::fs::read_to_string(&path).expect("sources are UTF-8"),
            )
        })
        .collect();
    assert!(!sources.is_empty(), "no sources in {folders:?}");
    sources
}

/// Lines of code with their numbers, comments left out.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// The room of `src/format/csv.rs` is `format`.
fn room(path: &str) -> &str {
    let rest = path.strip_prefix("src/").unwrap_or(path);
    rest.split('/')
        .next()
        .unwrap_or(rest)
        .trim_end_matches(".rs")
}

#[test]
fn rooms_use_only_the_rooms_above_them() {
    let rank = |room: &str| ROOMS.iter().position(|&known| known == room);
    let mut faults = Vec::new();
    for (path, text) in sources(&["src"]) {
        let own = room(&path);
        if own == "lib" || own == "main" {
            continue;
        }
        let Some(own) = rank(own) else {
            faults.push(format!("{path}: {own} is no room"));
            continue;
        };
        for (n, line) in code(&text) {
            let uses = line
                .split("crate::")
                .skip(1)
                .chain(line.split("leakscope::").skip(1));
            for used in uses.map(|rest| {
                rest.split(|c: char| !c.is_alphanumeric() && c != '_')
                    .next()
                    .unwrap_or("")
            }) {
                if rank(used).is_some_and(|used| used > own) {
                    faults.push(format!("{path}:{n}: {} uses {used}", ROOMS[own]));
                }
            }
            // `use crate::{a, b}` would hide the rooms from this test.
            if line.contains("crate::{") {
                faults.push(format!("{path}:{n}: name one room in a `use crate::` line"));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn only_the_edge_prints() {
    let mut faults = Vec::new();
    for (path, text) in sources(&["src"]) {
        if matches!(room(&path), "cli" | "main") {
            continue;
        }
        for (n, line) in code(&text) {
            if [
                "println!",
                "print!",
                "eprintln!",
                "eprint!",
                "dbg!",
                "std::process::exit",
            ]
            .iter()
            .any(|word| line.contains(word))
            {
                faults.push(format!("{path}:{n}"));
            }
        }
    }
    assert!(
        faults.is_empty(),
        "printing or ending outside the edge: {faults:?}"
    );
}

#[test]
fn functions_and_files_are_short() {
    let mut faults = Vec::new();
    for (path, text) in sources(&["src", "tests/it", "benches"]) {
        let lines: Vec<_> = text.lines().collect();
        if lines.len() > FILE
            && !lines
                .iter()
                .take(30)
                .any(|line| line.starts_with("//!") && line.contains("Long because"))
        {
            faults.push(format!(
                "{path}: {} lines, and no `//! … Long because …`",
                lines.len()
            ));
        }
        for (start, line) in lines.iter().enumerate() {
            // rustfmt puts the closing bracket under the first word of the function.
            let indent = line.len() - line.trim_start().len();
            let words = line
                .split_whitespace()
                .take_while(|word| !word.contains('(') && !word.starts_with("//"));
            let opens =
                words.clone().any(|word| word == "fn") || line.trim_start().starts_with("fn ");
            let close = format!("{}}}", " ".repeat(indent));
            if !opens || line.trim_end().ends_with([';', '}']) {
                continue;
            }
            let Some(length) = lines[start..].iter().position(|line| *line == close) else {
                continue;
            };
            if length + 1 > FUNCTION {
                faults.push(format!(
                    "{path}:{}: a function of {} lines",
                    start + 1,
                    length + 1
                ));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_module_says_what_it_is() {
    let silent: Vec<_> = sources(&["src", "tests/it", "benches"])
        .into_iter()
        .filter(|(_, text)| !text.starts_with("//! "))
        .map(|(path, _)| path)
        .collect();
    assert!(silent.is_empty(), "no `//!` at the head of {silent:?}");
}

#[test]
fn every_test_module_is_listed() {
    let main = std::fs::read_to_string(root().join("tests/it/main.rs")).expect("main.rs is there");
    for (path, _) in sources(&["tests/it"]) {
        let Some(module) = path
            .strip_prefix("tests/it/")
            .and_then(|rest| rest.strip_suffix(".rs"))
            .filter(|module| !module.contains('/'))
        else {
            continue;
        };
        assert!(
            module == "main" || main.contains(&format!("mod {module};")),
            "tests/it/main.rs forgets {module}"
        );
    }
}

/// What stands in the README between `<!-- NAME: … -->` and `<!-- /NAME -->`.
fn check_block(name: &str, table: &str) {
    let path = root().join("README.md");
    let text = std::fs::read_to_string(&path).expect("README.md is there");
    let (begin, end) = (format!("<!-- {name}: "), format!("<!-- /{name} -->"));
    let begin = text
        .find(&begin)
        .expect("the README marks where the table begins");
    let from = begin + text[begin..].find('\n').expect("the mark is a line") + 1;
    let to = from
        + text[from..]
            .find(&end)
            .expect("the README marks where the table ends");
    if text[from..to] == *table {
        return;
    }
    assert!(
        run::updating(),
        "README.md: the table of {name} is not current (UPDATE_EXPECT=1 writes it)"
    );
    std::fs::write(&path, [&text[..from], table, &text[to..]].concat())
        .expect("README.md can be written");
}

#[test]
fn tables_of_the_readme_are_current() {
    let mut formats = String::from("| format | what it is | usual endings |\n|---|---|---|\n");
    for format in leakscope::format::FORMATS {
        let endings: Vec<_> = format
            .extensions
            .iter()
            .map(|ending| format!("`.{ending}`"))
            .collect();
        formats += &format!(
            "| `{}` | {} | {} |\n",
            format.name,
            format.title,
            endings.join(" ")
        );
    }
    check_block("formats", &formats);
    let mut kinds = String::from("| kind | what it is | | also called |\n|---|---|---|---|\n");
    for kind in leakscope::pattern::Patterns::builtin().kinds() {
        let also: Vec<_> = kind.also.iter().map(|also| format!("`{also}`")).collect();
        kinds += &format!(
            "| `{}` | {} | {} | {} |\n",
            kind.name,
            kind.title_en,
            kind.title_ja,
            also.join(" ")
        );
    }
    check_block("kinds", &kinds);
}

#[test]
fn every_fixture_is_whole() {
    for (name, folder) in run::folders() {
        for part in ["input", "truth.toml", "report.json"] {
            assert!(folder.join(part).exists(), "{name} has no {part}");
        }
    }
}

#[test]
fn no_file_is_large() {
    let folders = ["src", "tests", "benches", "fixtures", "patterns", ".ci"];
    let large: Vec<_> = folders
        .iter()
        .flat_map(|folder| below(folder))
        .filter(|path| {
            path.metadata()
                .is_ok_and(|metadata| metadata.len() > 1 << 20)
        })
        .collect();
    assert!(large.is_empty(), "over 1 MB: {large:?}");
}
