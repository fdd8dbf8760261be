//! What comments say of columns: `COMMENT '…'` in a `CREATE TABLE` of MySQL, `COMMENT ON COLUMN` of PostgreSQL and Oracle.
//!
//! In: the text of a comment. Out: the column's name with it, where the name alone says nothing (`C2`).

use super::catalog::Catalog;
use super::lexer::{Lexer, Stop};

/// Columns of tables that comments are kept of.
pub(super) const MOST_COMMENTED: usize = 500;

/// Characters of a comment that are kept.
const LONGEST_COMMENT: usize = 60;

/// What a comment stands between behind a column's name.
pub(super) const REMARK: (char, char) = ('（', '）');

/// A column's name and what a comment says of it, where the name alone says nothing: `C2（病名）`.
pub(super) fn commented(name: &str, comment: &str) -> String {
    let comment: String = comment.trim().chars().take(LONGEST_COMMENT).collect();
    let plain = !comment.is_empty() && !comment.contains(['\n', '\r', REMARK.0, REMARK.1]);
    match is_opaque(name) && plain {
        true => format!("{name}{}{comment}{}", REMARK.0, REMARK.1),
        false => name.to_owned(),
    }
}

/// Whether a name is a letter or two and a number, as systems name columns that they tell of in comments: `C001`, `item_12`.
fn is_opaque(name: &str) -> bool {
    const WORDS: [&str; 9] = [
        "attr", "char", "column", "data", "field", "item", "koumoku", "text", "value",
    ];
    let mut words = name.split(|c: char| !c.is_ascii_alphabetic());
    let says_nothing =
        |word: &str| word.len() <= 3 || WORDS.iter().any(|known| known.eq_ignore_ascii_case(word));
    name.is_ascii() && name.bytes().any(|b| b.is_ascii_digit()) && words.all(says_nothing)
}

impl Lexer<'_> {
    /// `COMMENT ON COLUMN t.c IS '…'` of PostgreSQL and Oracle, up to the text.
    pub(super) fn comment_on(
        &mut self,
        start: usize,
        catalog: Option<&mut Catalog>,
    ) -> Result<(), Stop> {
        let Some(catalog) = catalog else {
            return Ok(());
        };
        self.take_word("COMMENT")?;
        if !self.take_word("ON")? || !self.take_word("COLUMN")? {
            return Ok(());
        }
        let Some(mut name) = self.name()? else {
            return Ok(());
        };
        let Some(column) = name.pop().filter(|_| !name.is_empty()) else {
            return Ok(());
        };
        if self.take_word("IS")? && self.peek() == Some(b'\'') {
            let comment = self.comment_text()?;
            catalog.comment(&self.target(start, name), &column, &comment);
        }
        Ok(())
    }

    /// The text of a comment; the position is at its quote, and behind it afterwards.
    pub(super) fn comment_text(&mut self) -> Result<String, Stop> {
        let literal = self.string(self.session.slash())?;
        let text = &self.bytes[literal.start..literal.end];
        // What is longer explains, and names nothing.
        Ok(match text.len() <= 6 * LONGEST_COMMENT {
            true => self.decode(text),
            false => String::new(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::commented;

    #[test]
    fn names_that_say_nothing_take_a_comment() {
        let check = |name: &str, comment: &str, expected: &str| {
            assert_eq!(commented(name, comment), expected)
        };
        check("C2", "病名", "C2（病名）");
        check("item_12", " 氏名 ", "item_12（氏名）");
        check("name", "氏名", "name");
        check("user_id", "1", "user_id");
        check("address1", "住所", "address1");
        check("C2", "", "C2");
        check("C2", "a\nb", "C2");
    }
}
