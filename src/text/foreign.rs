//! Encodings of other scripts than Japanese and Western European: Chinese, Korean, Cyrillic, Greek, Arabic, Hebrew, Thai, Turkish and the
//! languages between them.
//!
//! In: bytes that are no UTF-8, or are UTF-8 twice. Out: the encoding, if the bytes bear it out. Japanese comes first: what has kana in a Japanese encoding, or the
//! kanji of names and addresses, stays Japanese.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, DecoderResult, EUC_KR, GB18030, GBK, IBM866, ISO_8859_2, ISO_8859_4, ISO_8859_5,
    ISO_8859_6, ISO_8859_7, ISO_8859_8, KOI8_R, KOI8_U, UTF_8, WINDOWS_874, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256,
    WINDOWS_1257,
};

use super::{Encoding, twice};

/// The letters by which an encoding is verified.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Script {
    Han,
    Hangul,
    Cyrillic,
    Greek,
    Hebrew,
    Arabic,
    Thai,
    Latin,
}

/// An encoding that sources are decoded from as a whole, since their bytes cannot be split or searched as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    encoding: &'static encoding_rs::Encoding,
    /// Its name in the report: a WHATWG label.
    pub name: &'static str,
    script: Script,
}

const fn foreign(
    encoding: &'static encoding_rs::Encoding,
    name: &'static str,
    script: Script,
) -> Foreign {
    Foreign {
        encoding,
        name,
        script,
    }
}

/// What the detector may find. GBK is read as GB18030, which holds it.
static ALL: [(&encoding_rs::Encoding, Foreign); 21] = [
    (GBK, foreign(GB18030, "gb18030", Script::Han)),
    (GB18030, foreign(GB18030, "gb18030", Script::Han)),
    (BIG5, foreign(BIG5, "big5", Script::Han)),
    (EUC_KR, foreign(EUC_KR, "euc-kr", Script::Hangul)),
    (
        WINDOWS_1251,
        foreign(WINDOWS_1251, "windows-1251", Script::Cyrillic),
    ),
    (KOI8_U, foreign(KOI8_U, "koi8-u", Script::Cyrillic)),
    (KOI8_R, foreign(KOI8_R, "koi8-r", Script::Cyrillic)),
    (
        ISO_8859_5,
        foreign(ISO_8859_5, "iso-8859-5", Script::Cyrillic),
    ),
    (IBM866, foreign(IBM866, "ibm866", Script::Cyrillic)),
    (
        WINDOWS_1253,
        foreign(WINDOWS_1253, "windows-1253", Script::Greek),
    ),
    (ISO_8859_7, foreign(ISO_8859_7, "iso-8859-7", Script::Greek)),
    (
        WINDOWS_1255,
        foreign(WINDOWS_1255, "windows-1255", Script::Hebrew),
    ),
    (
        ISO_8859_8,
        foreign(ISO_8859_8, "iso-8859-8", Script::Hebrew),
    ),
    (
        WINDOWS_1256,
        foreign(WINDOWS_1256, "windows-1256", Script::Arabic),
    ),
    (
        ISO_8859_6,
        foreign(ISO_8859_6, "iso-8859-6", Script::Arabic),
    ),
    (
        WINDOWS_874,
        foreign(WINDOWS_874, "windows-874", Script::Thai),
    ),
    (
        WINDOWS_1250,
        foreign(WINDOWS_1250, "windows-1250", Script::Latin),
    ),
    (ISO_8859_2, foreign(ISO_8859_2, "iso-8859-2", Script::Latin)),
    (
        WINDOWS_1254,
        foreign(WINDOWS_1254, "windows-1254", Script::Latin),
    ),
    (
        WINDOWS_1257,
        foreign(WINDOWS_1257, "windows-1257", Script::Latin),
    ),
    (ISO_8859_4, foreign(ISO_8859_4, "iso-8859-4", Script::Latin)),
];

/// UTF-8 that was taken for another encoding, and written as UTF-8 once more.
static TWICE: Foreign = foreign(UTF_8, "utf-8 twice", Script::Latin);

impl Foreign {
    /// The encoding of bytes that were taken for `taken`, one of the old ones, if it is one of another script. `bytes` may begin and end in
    /// the middle of a character.
    pub fn of(bytes: &[u8], taken: Encoding) -> Option<Self> {
        if taken == Encoding::Utf8 {
            return twice::is_twice(bytes).then_some(TWICE);
        }
        if !matches!(
            taken,
            Encoding::Windows1252 | Encoding::ShiftJis | Encoding::EucJp
        ) {
            return None;
        }
        let found = guess(bytes)?;
        if taken != Encoding::Windows1252 && is_japanese(&taken.decode(bytes).0) {
            return None;
        }
        found.fits(bytes).then_some(found)
    }

    /// Whether the bytes are letters of the encoding's script.
    fn fits(self, bytes: &[u8]) -> bool {
        let (text, bad) = {
            let mut text = String::new();
            let bad = self.decoder().push(bytes, true, &mut text);
            (text, bad)
        };
        let letters = || text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic());
        let own = letters().filter(|&c| self.script.has(c)).count();
        let all = letters().count();
        // The ends of the bytes may cut a character each.
        bad <= 2
            && own > 0
            && own * 10 >= all * 9
            && (self.script != Script::Latin || is_closer(&text, bytes))
    }

    /// A decoder for a source in this encoding.
    pub fn decoder(self) -> Decoder {
        Decoder(match self == TWICE {
            true => Way::Twice(twice::Decoder::default()),
            false => Way::Once(self.encoding.new_decoder_without_bom_handling()),
        })
    }
}

/// What the detector says of the bytes.
fn guess(bytes: &[u8]) -> Option<Foreign> {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let found = detector.guess(None, Utf8Detection::Deny);
    let (_, foreign) = ALL.iter().find(|(encoding, _)| *encoding == found)?;
    Some(*foreign)
}

/// The characters that lists of people and texts in Japanese are full of.
const FREQUENT: &str = "田山川本野村中小大木井藤原上下高島口松市区町県都府道東京北南西男女子美郎一二三年月日名前住所電話番号会社店様人生";

/// Whether a text that was decoded as Japanese is: it has kana (one in fifty, since other encodings may fall there by chance), or one in
/// twelve of its kanji is a frequent one. One in forty is by chance.
fn is_japanese(text: &str) -> bool {
    let wide = text.chars().filter(|c| !c.is_ascii());
    let kana = wide
        .clone()
        .filter(|c| matches!(c, '\u{3041}'..='\u{30FA}'));
    let han = wide.clone().filter(|&c| is_han(c));
    let frequent = han.clone().filter(|&c| FREQUENT.contains(c));
    kana.count() * 50 > wide.count() || frequent.count() * 12 >= han.count()
}

/// Whether letters stand in words where Western Europe has signs (`imię`, not `imiê`; `Łódź`, not `£ódŸ`).
fn is_closer(text: &str, bytes: &[u8]) -> bool {
    let (western, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let (mut better, mut worse, mut beside) = (0, 0, false);
    let mut chars = text.chars().zip(western.chars()).peekable();
    while let Some((own, other)) = chars.next() {
        let next = chars.peek().is_some_and(|(next, _)| next.is_alphabetic());
        match (own.is_alphabetic(), other.is_alphabetic()) {
            (true, false) => better += usize::from(beside || next),
            (false, true) => worse += 1,
            _ => {}
        }
        beside = own.is_alphabetic();
    }
    better > worse
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3134F}')
}

impl Script {
    fn has(self, c: char) -> bool {
        match self {
            Script::Han => is_han(c),
            Script::Hangul => matches!(c, '\u{AC00}'..='\u{D7A3}'),
            Script::Cyrillic => matches!(c, '\u{400}'..='\u{4FF}'),
            Script::Greek => matches!(c, '\u{370}'..='\u{3FF}'),
            Script::Hebrew => matches!(c, '\u{590}'..='\u{5FF}'),
            Script::Arabic => matches!(c, '\u{600}'..='\u{6FF}'),
            Script::Thai => matches!(c, '\u{E00}'..='\u{E7F}'),
            Script::Latin => matches!(c, '\u{C0}'..='\u{24F}'),
        }
    }
}

/// Decodes a source from its beginning to its end.
pub struct Decoder(Way);

enum Way {
    Once(encoding_rs::Decoder),
    Twice(twice::Decoder),
}

impl Decoder {
    /// Adds what the next bytes are to `text`; returns the number of bytes that are no character, which become U+FFFD.
    pub fn push(&mut self, mut bytes: &[u8], last: bool, text: &mut String) -> u64 {
        let decoder = match &mut self.0 {
            Way::Once(decoder) => decoder,
            Way::Twice(decoder) => return decoder.push(bytes, last, text),
        };
        let mut bad = 0;
        loop {
            let most = decoder.max_utf8_buffer_length_without_replacement(bytes.len());
            text.reserve(most.unwrap_or(bytes.len()));
            let (result, read) = decoder.decode_to_string_without_replacement(bytes, text, last);
            bytes = &bytes[read..];
            match result {
                DecoderResult::InputEmpty => return bad,
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(n, _) => {
                    bad += u64::from(n);
                    text.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::detect;
    use super::*;

    /// The text in an encoding is told as that, whatever Japanese or Western encoding it was taken for.
    #[track_caller]
    fn check(encoding: &'static encoding_rs::Encoding, text: &str, expected: Option<&str>) {
        let (bytes, _, lost) = encoding.encode(text);
        assert!(!lost, "{} has all of {text}", encoding.name());
        let found = Foreign::of(&bytes, detect(&bytes).encoding);
        assert_eq!(found.map(|found| found.name), expected, "{text}");
        if let Some(found) = found {
            let mut decoded = String::new();
            assert_eq!(found.decoder().push(&bytes, true, &mut decoded), 0);
            assert_eq!(decoded, text);
        }
    }

    const CHINESE: &str = "姓名,手机号,收货地址\n张伟,13800138000,北京市朝阳区建国路八十八号\n王秀英,13900139000,上海市浦东新区世纪大道一百号\n";
    const TAIWAN: &str = "姓名,電話,地址\n陳淑芬,0912345678,臺北市信義區市府路四十五號\n林志明,0922333444,高雄市前金區中正四路二百號\n";
    const KOREA: &str = "이름,전화번호,주소\n김민준,010-1234-5678,서울특별시 강남구 테헤란로 152\n이서연,010-2345-6789,부산광역시 해운대구 우동\n";
    const RUSSIA: &str = "Фамилия,Имя,Адрес\nИванова,Мария,\"г. Москва, ул. Тверская, д. 7\"\nПетров,Алексей,\"г. Казань, ул. Баумана, д. 12\"\n";
    const POLAND: &str = "Imię,Nazwisko,Adres\nMałgorzata,Wiśniewska,\"ul. Świętokrzyska 14, Łódź\"\nŁukasz,Dąbrowski,\"ul. Żeromskiego 3, Kraków\"\n";

    #[test]
    fn other_scripts_are_told() {
        check(GB18030, CHINESE, Some("gb18030"));
        check(BIG5, TAIWAN, Some("big5"));
        check(EUC_KR, KOREA, Some("euc-kr"));
        check(WINDOWS_1251, RUSSIA, Some("windows-1251"));
        check(KOI8_U, RUSSIA, Some("koi8-u"));
        check(WINDOWS_1250, POLAND, Some("windows-1250"));
        check(ISO_8859_2, POLAND, Some("iso-8859-2"));
        let greek = "Όνομα,Διεύθυνση\nΓεώργιος Παπαδόπουλος,\"Ερμού 10, Αθήνα\"\nΜαρία Νικολάου,\"Τσιμισκή 5, Θεσσαλονίκη\"\n";
        check(WINDOWS_1253, greek, Some("windows-1253"));
        let arabic = "الاسم,العنوان\nمحمد أحمد,شارع الملك فهد الرياض\nفاطمة علي,شارع التحلية جدة\n";
        check(WINDOWS_1256, arabic, Some("windows-1256"));
        let thai = "ชื่อ,ที่อยู่\nสมชาย ใจดี,ถนนสุขุมวิท กรุงเทพมหานคร\nสมหญิง รักไทย,ถนนนิมมานเหมินท์ เชียงใหม่\n";
        check(WINDOWS_874, thai, Some("windows-874"));
    }

    #[test]
    fn japanese_and_western_texts_stay() {
        use encoding_rs::{EUC_JP, SHIFT_JIS};
        for text in [
            "氏名,フリガナ,住所\n佐藤 太郎,サトウ タロウ,東京都港区芝公園4-2-8\n",
            "氏名,住所\n佐藤太郎,東京都港区芝公園\n鈴木花子,大阪府大阪市北区梅田\n高橋健,北海道札幌市中央区\n",
            "佐藤\n",
            "会員番号,氏名,性別,電話番号\n1,山田太郎,男,03-1234-5678\n2,伊藤花子,女,06-1234-5678\n",
            "ｻﾄｳ ﾀﾛｳ\nｽｽﾞｷ ﾊﾅｺ\n",
            "東京都千代田区丸の内\n",
        ] {
            check(SHIFT_JIS, text, None);
            check(EUC_JP, text, None);
        }
        for text in [
            "Name,Ort\nMüller,Köln\nJürgen Groß,Düsseldorf\n",
            "nom,ville\nFrançois Lefèvre,Orléans\n",
            "naïve café – “quoted” … 5 €\n",
            "José Peña,Málaga\nMaría Ibáñez,A Coruña\n",
            "Åse Bjørnstad,Tromsø\n",
            "price: 5\u{a3} ½ ±3° ©2026\n",
        ] {
            check(WINDOWS_1252, text, None);
        }
    }

    /// Pieces of a stream may end inside a character.
    #[test]
    fn pieces_decode_as_the_whole() {
        let (bytes, _, _) = GB18030.encode(CHINESE);
        for size in 1..20 {
            let mut decoder = Foreign::of(&bytes, Encoding::EucJp).unwrap().decoder();
            let mut text = String::new();
            let mut bad = 0;
            let pieces = bytes.chunks(size);
            let n = pieces.len();
            for (at, piece) in pieces.enumerate() {
                bad += decoder.push(piece, at + 1 == n, &mut text);
            }
            assert_eq!((text.as_str(), bad), (CHINESE, 0));
        }
    }
}
