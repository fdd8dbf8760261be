//! Every dependency's licence lets leakscope be given away under MIT or Apache-2.0, and none comes from elsewhere than the
//! package registry. Asks cargo alone.

use std::process::Command;

use serde_json::Value;

use crate::run::{items, text};

/// Licences that ask for no more than their notice.
const FREE: [&str; 14] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "Unicode-3.0",
    "CC0-1.0",
    "Unlicense",
    "BSL-1.0",
    "0BSD",
    "bzip2-1.0.6",
];

/// Crates looked at one by one. All but the last come with the reader of HTML: the Mozilla Public License asks that changes to
/// their own files stay open, and they are used unchanged. The last carries the text of the MIT licence, only not its name.
const LOOKED_AT: [&str; 5] = [
    "cssparser",
    "cssparser-macros",
    "dtoa-short",
    "selectors",
    "ovba",
];

#[test]
fn every_dependency_is_free() {
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--all-features",
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    // Crates of other platforms need not be there: they are not fetched by a build for this one.
    let output = if output.status.success() {
        output
    } else {
        fetched()
    };
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("cargo prints JSON");
    let packages = items(&metadata, "packages");
    assert!(
        packages.len() > 50,
        "cargo knows only {} packages",
        packages.len()
    );
    let mut faults = Vec::new();
    for package in packages {
        let name = text(package, "name");
        let licence = package["license"].as_str().unwrap_or("none told");
        if !is_free(licence) && !LOOKED_AT.contains(&name) {
            faults.push(format!("{name}: {licence}"));
        }
        if name != "leakscope"
            && !package["source"]
                .as_str()
                .is_some_and(|source| source.starts_with("registry+"))
        {
            faults.push(format!("{name}: comes from {}", package["source"]));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// The same, for this platform's dependencies only.
fn fetched() -> std::process::Output {
    let version = Command::new("rustc")
        .arg("-vV")
        .output()
        .expect("rustc starts");
    let version = String::from_utf8_lossy(&version.stdout).into_owned();
    let host = version
        .lines()
        .find_map(|line| line.strip_prefix("host: "))
        .expect("rustc names its host");
    let output = Command::new(env!("CARGO"))
        .args([
            "metadata",
            "--format-version",
            "1",
            "--locked",
            "--offline",
            "--all-features",
            "--filter-platform",
            host,
        ])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    output
}

/// Whether an SPDX expression allows a choice of free licences: one of each `OR`, all of each `AND`.
fn is_free(expression: &str) -> bool {
    let expression = expression.trim();
    if let Some(inner) = expression
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        && !inner.contains(['(', ')'])
    {
        return is_free(inner);
    }
    // `AND` binds closer than `OR`; the slash of old manifests means `OR`. Cut outside brackets only.
    for (operators, all) in [(&[" OR ", "/"][..], false), (&[" AND "][..], true)] {
        let parts = split(expression, operators);
        if parts.len() > 1 {
            return if all {
                parts.iter().all(|part| is_free(part))
            } else {
                parts.iter().any(|part| is_free(part))
            };
        }
    }
    FREE.contains(&expression)
}

/// Cuts at these operators where no bracket is open.
fn split<'a>(expression: &'a str, operators: &[&str]) -> Vec<&'a str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0);
    for (at, c) in expression.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if at >= from
            && depth == 0
            && let Some(operator) = operators
                .iter()
                .find(|operator| expression[at..].starts_with(**operator))
        {
            parts.push(&expression[from..at]);
            from = at + operator.len();
        }
    }
    parts.push(&expression[from..]);
    parts
}

#[test]
fn licence_expressions() {
    for (expression, free) in [
        ("MIT", true),
        ("MIT OR Apache-2.0", true),
        ("MIT/Apache-2.0", true),
        ("GPL-3.0", false),
        ("GPL-3.0 OR MIT", true),
        ("MIT AND GPL-3.0", false),
        ("(MIT OR Apache-2.0) AND Unicode-3.0", true),
        ("(MIT OR Apache-2.0) AND (GPL-2.0)", false),
        ("Apache-2.0 WITH LLVM-exception OR Apache-2.0 OR MIT", true),
        ("none told", false),
    ] {
        assert_eq!(is_free(expression), free, "{expression}");
    }
}
