//! In which language a line is written, as far as it matters for names: English, or another in Latin letters.
//!
//! The model of names learned English, where an ordinary noun is not capitalised and a name is rarely the first word. In: a text and a place.
//! Out: whether the words around it in its line are those of another language. Told by words so common that a line of some length has one;
//! words that English has as well, and particles of names (van, de, la), tell nothing.

use std::ops::Range;

use crate::pattern::dict::{self, Lists};
use crate::text::Words;

/// Bytes on either side that are looked at, within the line.
const AROUND: usize = 240;

#[rustfmt::skip]
static ENGLISH: Words = Words::new(&[
    "the", "of", "and", "to", "for", "with", "were", "is", "are", "be", "been", "that", "this", "these", "those", "it", "its", "you", "your", "we",
    "our", "they", "their", "he", "his", "she", "from", "by", "which", "who", "what", "when", "where", "have", "has", "had", "will", "would", "can",
    "could", "should", "not", "but", "there", "if", "please", "after", "before", "about", "into", "than", "my", "does", "did", "said", "thank",
    "thanks", "how", "just", "any", "some", "only",
]);

/// German, Dutch, French, Spanish, Portuguese, Italian, Romanian, Swedish, Danish, Norwegian, Polish, Czech, Finnish, Hungarian, Turkish,
/// Indonesian, and the Latin of dummy texts.
#[rustfmt::skip]
static OTHERS: Words = Words::new(&[
    "der", "dem", "und", "ist", "nicht", "mit", "ein", "eine", "einen", "einem", "einer", "zu", "auf", "für", "sich", "auch", "wie", "wir", "ich",
    "sie", "bei", "nach", "nur", "oder", "aber", "wenn", "wird", "wurde", "sind", "haben", "kann", "noch", "uns", "ihr", "ihre", "über", "zum",
    "zur", "vom", "durch", "unter", "vor", "aus", "bis", "schon", "mir", "mich", "dann", "keine", "weil", "een", "niet", "voor", "zijn", "aan",
    "ook", "maar", "naar", "wordt", "deze", "werd", "bij", "heeft", "les", "est", "dans", "pour", "pas", "que", "qui", "avec", "cette", "nous",
    "vous", "ils", "elle", "aux", "être", "sont", "je", "une", "leur", "mais", "été", "ses", "ces", "una", "por", "muy", "está", "más", "también",
    "sobre", "cuando", "hasta", "desde", "uma", "não", "ao", "são", "você", "foi", "muito", "che", "gli", "nel", "della", "delle", "dei", "alla",
    "anche", "sono", "questo", "questa", "perché", "più", "è", "și", "este", "pentru", "în", "och", "att", "på", "är", "inte", "för", "har", "till",
    "ett", "jag", "og", "ikke", "som", "jeg", "vil", "się", "nie", "jest", "że", "dla", "przez", "oraz", "jak", "jsem", "jsou", "který", "jako",
    "että", "mutta", "myös", "joka", "és", "hogy", "nem", "egy", "bir", "için", "yang", "untuk", "dengan", "tidak", "et", "aut", "quia", "sunt",
    "quod", "quae", "amet", "ipsum", "dolor", "eius", "illo", "nihil", "autem", "omnis", "enim", "rerum", "quis", "voluptatem", "dolorem",
    "molestiae", "velit", "immer", "mehr", "kein", "keinen", "ganz", "gleich", "sehr", "wieder", "heute", "morgen", "gestern", "zwei", "drei",
    "vier", "fünf", "sechs", "sieben", "acht", "neun", "zehn", "alles", "andere", "weit", "viel", "viele", "wenig", "mein", "unser", "euer", "ihm",
    "ihn", "ihnen", "müssen", "können", "sollen", "wollen", "werden", "machen", "gehen", "kommen", "sehen", "sagen", "geben", "nehmen", "bitte",
    "danke", "schön", "klein", "groß", "kurz", "neu", "gegen", "zwischen", "seit", "während", "doch", "denn", "damit", "dass", "weiter", "etwas",
    "nichts", "jetzt", "einfach", "natürlich", "vielleicht", "leider", "gern", "gerne", "dort", "etwa", "habe", "hatte", "hatten", "waren", "wäre",
    "würde", "soll", "darf", "geht", "kommt", "macht", "sagt", "gibt", "steht", "liegt", "bleibt", "ohne", "oben", "unten", "rechts", "zusammen",
    "beim", "hij", "wij", "jullie", "nog", "geen", "veel", "meer", "goed", "nieuw", "moet", "worden", "waar", "als", "omdat", "tegen", "tussen",
    "zonder", "tijdens", "altijd", "nooit", "vandaag", "gisteren", "graag", "alstublieft", "bedankt", "tous", "toute", "sous", "entre", "très",
    "aussi", "comme", "leurs", "notre", "votre", "cet", "ceux", "celui", "lui", "faire", "aller", "voir", "venir", "avait", "était", "peut", "doit",
    "déjà", "jamais", "toujours", "alors", "donc", "après", "avant", "depuis", "puis", "quand", "où", "bonjour", "merci", "petit", "beaucoup",
    "unos", "para", "como", "sí", "sus", "esta", "estos", "estas", "toda", "todos", "todas", "estar", "tener", "hacer", "decir", "poder", "puede",
    "debe", "tiene", "hoy", "ayer", "mañana", "siempre", "nunca", "donde", "gracias", "degli", "nella", "nelle", "sul", "sulla", "dal", "dalla",
    "suo", "sua", "suoi", "loro", "quello", "tutto", "tutti", "molto", "bene", "ancora", "sempre", "oggi", "ieri", "domani", "quando", "avere",
    "andare", "può", "deve", "hanno", "stato", "grazie", "senza", "já", "sim", "seu", "seus", "suas", "meu", "isso", "isto",
    "fazer", "dizer", "pode", "hoje", "ontem", "amanhã", "também", "onde", "até", "obrigado", "obrigada",
]);

/// Whether it is a common word of another language than English, whatever its case: the first word of a sentence.
pub(super) fn is_word_abroad(word: &str) -> bool {
    OTHERS.has_any_case(word)
}

/// The balance from which on a line is foreign: a common word of another language, or two that English does not know.
const FOREIGN: i32 = 2;

/// How far a verdict on a place holds for those behind it in the line, in bytes.
const HOLDS: usize = 120;

/// What was told of a place in a text; places are asked for in order.
#[derive(Default)]
pub(super) struct Tongue {
    known: Range<usize>,
    is_foreign: bool,
}

impl Tongue {
    /// Whether the line around a place is written in another language than English.
    pub(super) fn is_foreign(&mut self, text: &str, at: Range<usize>) -> bool {
        if !self.known.contains(&at.start) {
            let end = text.len().min(at.start + HOLDS).max(at.end);
            let line = memchr::memchr(b'\n', &text.as_bytes()[at.end..end]);
            let end = line.map_or(end, |line| at.end + line);
            self.known = at.start..end.min(at.start + HOLDS);
            self.is_foreign = balance(text, at) >= FOREIGN;
        }
        self.is_foreign
    }
}

/// By how many the common words of other languages around a place are more than those of English.
fn balance(text: &str, at: Range<usize>) -> i32 {
    let (before, after) = (&text[..at.start], &text[at.end..]);
    let before = &before[before.ceil_char_boundary(before.len().saturating_sub(AROUND))..];
    let after = &after[..after.floor_char_boundary(AROUND.min(after.len()))];
    let before = before.rsplit('\n').next().unwrap_or("");
    let after = after.split('\n').next().unwrap_or("");
    words(before).chain(words(after)).map(tells).sum()
}

/// What a word says against English. Of the rest, the words in lower case of which no list of English knows speak against it, those it knows for
/// it.
fn tells(word: &str) -> i32 {
    if OTHERS.has(word) {
        2
    } else if ENGLISH.has(word) {
        -2
    } else if let Some((before, behind)) = word.split_once(['\'', '’']) {
        // l'homme, d'accord; don't, it's, we'll
        match (before.chars().count(), behind) {
            (_, "s" | "t" | "ll" | "re" | "ve" | "d" | "m") => -1,
            (1, _) => 1,
            _ => 0,
        }
    } else if word.len() < 4 || !word.starts_with(char::is_lowercase) {
        0
    } else if dict::latin(word).any(Lists::COMMON) {
        -1
    } else {
        1
    }
}

/// The words of a text; no names of accounts, paths, hosts or variables.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let is_word = |word: &&str| {
        word.chars()
            .all(|c| c.is_alphabetic() || matches!(c, '\'' | '’'))
    };
    text.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | '"' | ',' | ';' | '!' | '?'))
        .map(|word| {
            word.trim_end_matches(['.', ':', '\'', '’'])
                .trim_start_matches('\'')
        })
        .filter(|word| !word.is_empty())
        .filter(is_word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_tell_their_language() {
        let check = |text: &str, expected: bool| {
            let at = text.find('X').expect("marked");
            let found = Tongue::default().is_foreign(text, at..at + 1);
            assert_eq!(found, expected, "{text}");
        };
        check("Bitte rufen Sie X nach der Lieferung an.", true);
        check("Der Garten von X ist schön", true);
        check(
            "Merci de rappeler X pour la livraison, elle est absente",
            true,
        );
        check("Llamar a X por la tarde, no está en casa", true);
        check("Kontakt med X på mandag", true);
        check("X quia sunt molestiae.", true);
        check("Please call X about the delivery", false);
        check("X said that he was not there", false);
        check("Ludwig van X de la Cruz", false);
        check("X", false);
        check("Besuch bei X zusammen einkaufen", true);
        check("X called again yesterday", false);
        check("X isn't @tonyrobbins on example.test/abcd", false);
        check("X c'est l'heure", true);
        check("the plan of 2019\nX und der\n", true);
        check("und der\nX\nund", false);
    }
}
