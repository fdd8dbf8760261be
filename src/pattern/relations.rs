//! Whose relative somebody is, as forms have it in brackets behind a name: `佐藤 陽子（妻）`.

/// Words of relation.
const RELATIONS: [&str; 36] = [
    "妻",
    "夫",
    "父",
    "母",
    "子",
    "兄",
    "弟",
    "姉",
    "妹",
    "祖父",
    "祖母",
    "長男",
    "長女",
    "次男",
    "次女",
    "二男",
    "二女",
    "三男",
    "三女",
    "配偶者",
    "本人",
    "義父",
    "義母",
    "実父",
    "実母",
    "父親",
    "母親",
    "息子",
    "娘",
    "孫",
    "叔父",
    "叔母",
    "伯父",
    "伯母",
    "知人",
    "友人",
];

/// A name without the relation in brackets behind it; the text itself where none stands there.
pub fn without_relation(text: &str) -> &str {
    let bare = text.trim_end();
    let inner = bare
        .strip_suffix(['）', ')'])
        .and_then(|text| text.rsplit_once(['（', '(']));
    match inner {
        Some((name, word)) if !name.trim().is_empty() && RELATIONS.contains(&word.trim()) => name,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::without_relation;

    #[test]
    fn relations_behind_names() {
        let check = |text: &str, expected: &str| assert_eq!(without_relation(text), expected);
        check("佐藤　陽子（妻）", "佐藤　陽子");
        check("佐藤 陽子 (長女) ", "佐藤 陽子 ");
        check("佐藤 陽子（営業）", "佐藤 陽子（営業）");
        check("（妻）", "（妻）");
        check("Yoko Sato", "Yoko Sato");
    }
}
