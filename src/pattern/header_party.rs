//! Whose a column is by the word that leads its name: お届け先名称１, ご依頼主略称カナ, ギフト送り先氏名.
//!
//! In: a folded name. Out: the role that its leading word has in the list of role words, whatever follows. The names are those of the label exports
//! of Yamato (B2クラウド), Sagawa (e飛伝) and Japan Post (ゆうパックプリント).

use super::header::{LONGEST, Vocabulary, fold, hit};
use super::{HeaderHit, Patterns, Role};

/// Parties of a parcel or an order.
const PARTIES: [Role; 3] = [Role::Orderer, Role::Recipient, Role::Sender];

/// Shorter words begin others (受取, 母校), but for these.
const SHORTEST: usize = 3;
const SHORT: [&str; 2] = ["届先", "宛先"];

/// What names of people are called beside their party: 名称 alone is a thing's.
const NAMES: [&str; 4] = ["名称", "略称", "名略称", "ご名称"];

/// Sorts of what is told of a party.
const TOLD: [&str; 5] = ["name.", "phone.", "address.", "email", "family"];

impl Vocabulary {
    /// The role of the word that a name begins with, the longest, and what follows. Japanese alone: of other names the words are cut apart.
    fn led_by<'a>(&self, folded: &'a str) -> Option<((Role, u16), &'a str)> {
        let ends = folded.char_indices().skip(1).map(|(at, _)| at);
        let ends: Vec<usize> = ends.collect();
        let long = |front: &str| front.chars().count() >= SHORTEST || SHORT.contains(&front);
        let split = |at: usize| {
            let (front, rest) = folded.split_at(at);
            let whole = !rest.starts_with(|c: char| c.is_ascii_digit());
            let role = self.role(front).filter(|_| whole && long(front))?;
            (role.0 != Role::Own).then_some((role, rest))
        };
        let japanese = folded.starts_with(|c: char| !c.is_ascii());
        ends.into_iter().rev().filter(|_| japanese).find_map(split)
    }

    /// The party that a name tells by the word that leads it, else by one within: ギフト送り先氏名.
    fn party<'a>(&self, folded: &'a str) -> Option<((Role, u16), &'a str)> {
        let is = |found: &((Role, u16), &str)| PARTIES.contains(&found.0.0);
        if let Some(found) = self.led_by(folded) {
            return Some(found).filter(is);
        }
        let starts = folded.char_indices().skip(1).map(|(at, _)| at);
        starts
            .filter_map(|at| self.led_by(&folded[at..]).filter(is))
            .last()
    }

    /// A party's name that is called 名称 or 略称, as labels have it.
    pub(super) fn name_of_party(&self, folded: &str) -> Option<HeaderHit> {
        let called = |word: &&str| folded.contains(*word);
        NAMES.iter().copied().find(called)?;
        let (role, rest) = self.party(folded)?;
        let rest = rest.trim_start_matches(['の', '様']);
        let rest = rest.trim_end_matches(|c: char| c.is_ascii_digit());
        let rest = ["カナ", "かな", "フリガナ", "漢字"]
            .iter()
            .find_map(|word| rest.strip_suffix(word))
            .unwrap_or(rest);
        let rest = rest.trim_end_matches(|c: char| c.is_ascii_digit());
        let mut found = NAMES.contains(&rest).then(|| hit("名称", "name.full", 2))?;
        (found.role, found.slot) = role;
        Some(found)
    }

    /// Gives what is told of a party its role, where the name begins with the party's word and the rest is more than a word of fields.
    pub(super) fn follow_party(&self, hit: &mut HeaderHit, name: &str) {
        let own = (hit.role, hit.slot) == (Role::Own, 0);
        if own && TOLD.iter().any(|start| hit.sort.starts_with(start)) {
            let folded = fold(name);
            let party = self.party(&folded);
            (hit.role, hit.slot) = party.map_or((Role::Own, 0), |found| found.0);
        }
    }
}

impl Patterns {
    /// The role of the Japanese word that a column's name begins with, and whether it is that of a party of a parcel or an order.
    pub fn leading_role(&self, name: &str) -> Option<((Role, u16), bool)> {
        let short = name.len() <= LONGEST;
        let folded = fold(name);
        let (role, rest) = self.words.led_by(&folded).filter(|_| short)?;
        (!rest.is_empty()).then_some((role, PARTIES.contains(&role.0)))
    }
}

#[cfg(test)]
mod tests {
    use crate::pattern::{Patterns, Role};

    #[test]
    fn whose_names_of_labels_are() {
        #[track_caller]
        fn check(name: &str, sort: &str, role: Role) {
            let hit = Patterns::builtin().header(name);
            let told = hit.map(|hit| (hit.sort, hit.role));
            assert_eq!(told, Some((sort.to_owned(), role)), "{name}");
        }
        for (front, role) in [
            ("お届け先", Role::Recipient),
            ("送付先", Role::Recipient),
            ("配送先", Role::Recipient),
            ("ギフト送り先", Role::Recipient),
            ("ご依頼主", Role::Sender),
            ("注文者", Role::Orderer),
        ] {
            let check = |end: &str, sort: &str| check(&format!("{front}{end}"), sort, role);
            check("名称", "name.full");
            check("名称１", "name.full");
            check("名称２", "name.full");
            check("名略称(ｶﾅ)", "name.kana.full");
            check("名略称（カナ）", "name.kana.full");
            check("略称カナ", "name.kana.full");
            check("氏名", "name.full");
            check(" 氏名", "name.full");
            check("電話番号", "phone.any");
        }
    }

    #[test]
    fn names_of_no_party() {
        for name in [
            "名称",
            "商品名称",
            "受取人数",
            "母校",
            "施設名称1",
            "依頼品名称",
        ] {
            let hit = Patterns::builtin().header(name);
            let own = hit.is_none_or(|hit| hit.role == Role::Own && hit.kind.is_none());
            assert!(own, "{name}");
        }
    }

    #[test]
    fn the_word_that_leads() {
        let role = |name: &str| Patterns::builtin().leading_role(name);
        assert_eq!(role("お届け先会社"), Some(((Role::Recipient, 0), true)));
        assert_eq!(role("お届け先"), None);
        assert_eq!(role("保護者勤務"), Some(((Role::Guardian, 0), false)));
        assert_eq!(role("母校"), None);
        assert_eq!(role("氏名"), None);
    }
}
