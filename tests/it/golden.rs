//! The report of every fixture is the one that is checked in as `report.json`, apart from the `run` part.
//!
//! `truth.toml` says what is right, `report.json` what is so today. After a change that is meant to show, one line writes
//! all that is expected (reports, floors, tables of the README); the difference is to be reviewed before it is kept:
//!
//! ```sh
//! UPDATE_EXPECT=1 cargo test --test it -- golden truth tidy && git diff --stat fixtures README.md
//! ```

use serde_json::Value;

use crate::run;

#[test]
fn reports_are_as_they_were() {
    let mut changed = Vec::new();
    for (name, folder) in run::folders() {
        let report = run::lasting(run::report(&folder, &["input"]));
        let path = folder.join("report.json");
        let before = std::fs::read_to_string(&path)
            .ok()
            .and_then(|text| serde_json::from_str::<Value>(&text).ok());
        if before.as_ref() == Some(&report) {
            continue;
        }
        if run::updating() {
            let text = serde_json::to_string_pretty(&report).expect("a report is JSON");
            std::fs::write(&path, text + "\n").expect("the report can be written");
        } else {
            changed.push(format!(
                "{name}: {}",
                before.map_or("has no report.json".into(), |before| difference(
                    &before, &report, ""
                ))
            ));
        }
    }
    assert!(
        changed.is_empty(),
        "reports changed (UPDATE_EXPECT=1 accepts):\n{}",
        changed.join("\n")
    );
}

/// The first place at which two reports differ, for a message that fits a screen.
pub(crate) fn difference(before: &Value, now: &Value, at: &str) -> String {
    match (before, now) {
        (Value::Object(a), Value::Object(b)) => {
            let names = a.keys().chain(b.keys());
            let differs = names.into_iter().find(|name| a.get(*name) != b.get(*name));
            let none = Value::Null;
            differs.map_or_else(
                || format!("{at}: no difference"),
                |name| {
                    difference(
                        a.get(name).unwrap_or(&none),
                        b.get(name).unwrap_or(&none),
                        &format!("{at}/{name}"),
                    )
                },
            )
        }
        (Value::Array(a), Value::Array(b)) if a.len() == b.len() => {
            let differs = a.iter().zip(b).position(|(a, b)| a != b);
            differs.map_or_else(
                || format!("{at}: no difference"),
                |i| difference(&a[i], &b[i], &format!("{at}/{i}")),
            )
        }
        (Value::Array(a), Value::Array(b)) => format!("{at}: {} items, now {}", a.len(), b.len()),
        _ => format!("{at}: {before}, now {now}"),
    }
}
