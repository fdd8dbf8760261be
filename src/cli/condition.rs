//! The conditions of `--fail-on`.

use leakscope::scope::Scope;

/// One condition on a result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Condition {
    /// Any kind was found.
    Any,
    /// More distinct values of a kind than this.
    Kind(String, u64),
    /// More people are possible than this.
    Persons(u64),
}

impl Condition {
    /// Reads a condition over the kinds that are looked for.
    pub(super) fn parse(text: &str, kinds: &[&str]) -> Result<Self, String> {
        let (what, limit) = match text.split_once('>') {
            None => (text.trim(), None),
            Some((what, limit)) => {
                let number = limit.trim().replace([',', '_'], "").parse();
                let number = number
                    .map_err(|_| format!("--fail-on {text}: `{}` is not a number", limit.trim()))?;
                (what.trim(), Some(number))
            }
        };
        match (what, limit) {
            ("any", None) => Ok(Self::Any),
            ("persons", limit) => Ok(Self::Persons(limit.unwrap_or(0))),
            (kind, limit) if kinds.contains(&kind) => {
                Ok(Self::Kind(kind.to_owned(), limit.unwrap_or(0)))
            }
            (other, _) => Err(format!(
                "--fail-on {text}: `{other}` is not a kind that is looked for; `leakscope patterns list` names them"
            )),
        }
    }

    /// Whether the result fulfils it.
    pub(super) fn holds(&self, scope: &Scope) -> bool {
        match self {
            Self::Any => !scope.kinds.is_empty(),
            Self::Persons(limit) => scope.subjects.persons.max > *limit,
            Self::Kind(kind, limit) => scope.kinds.iter().any(|total| {
                total.kind == *kind && total.distinct.max(u64::from(total.matches > 0)) > *limit
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use leakscope::scope::{Headcount, KindTotal};

    fn parse(text: &str) -> Option<Condition> {
        Condition::parse(text, &["email", "payment-card"]).ok()
    }

    #[test]
    fn conditions_are_read() {
        assert_eq!(parse("any"), Some(Condition::Any));
        assert_eq!(parse("email"), Some(Condition::Kind("email".into(), 0)));
        assert_eq!(
            parse("payment-card > 1,000"),
            Some(Condition::Kind("payment-card".into(), 1_000))
        );
        assert_eq!(parse("persons>1000"), Some(Condition::Persons(1_000)));
        assert_eq!(parse("persons"), Some(Condition::Persons(0)));
        for wrong in [
            "",
            "e-mail",
            "any>3",
            "email>",
            "email>x",
            "persons>-1",
            ">3",
            "email>=3",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn limits_are_exceeded_not_reached() {
        let mut scope = Scope::default();
        let persons = Headcount {
            min: 3,
            best: 4,
            max: 5,
        };
        assert!(!Condition::Any.holds(&scope));
        scope.subjects.persons = persons;
        scope.kinds = vec![KindTotal {
            kind: "email".into(),
            also: Vec::new(),
            matches: 9,
            distinct: 4,
            sources: 1,
            persons,
        }];
        let holds = |text: &str| parse(text).is_some_and(|condition| condition.holds(&scope));
        assert!(holds("any") && holds("email") && holds("email>3") && holds("persons>4"));
        assert!(!holds("email>4") && !holds("persons>5") && !holds("payment-card"));
    }
}
