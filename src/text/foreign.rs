//! Encodings of other scripts than Japanese and Western European: Chinese, Korean, Cyrillic, Greek, Arabic, Hebrew, Thai, Turkish and the
//! languages between them; and what MS-DOS and the Macintosh wrote in Western Europe.
//!
//! In: bytes that are no UTF-8, or are UTF-8 twice. Out: the encoding, if the bytes bear it out. Japanese comes first: what has kana in a Japanese encoding, or the
//! kanji of names and addresses, stays Japanese.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{
    BIG5, DecoderResult, EUC_KR, GB18030, GBK, IBM866, ISO_8859_2, ISO_8859_4, ISO_8859_5,
    ISO_8859_6, ISO_8859_7, ISO_8859_8, KOI8_R, KOI8_U, MACINTOSH, UTF_8, WINDOWS_874,
    WINDOWS_1250, WINDOWS_1251, WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255,
    WINDOWS_1256, WINDOWS_1257,
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
    /// Letters with accents as MS-DOS has them, in a code page that WHATWG does not know.
    Dos,
}

/// An encoding that sources are decoded from as a whole, since their bytes cannot be split or searched as they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Foreign {
    encoding: &'static encoding_rs::Encoding,
    /// Its name in the report: a WHATWG label, or that of IANA.
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

/// The upper half of code page 850 (Unicode's CP850.TXT of 1996-04-24), in which Excel saves "CSV (MS-DOS)" in Western Europe. Code page 437 has
/// the same small letters with accents.
#[rustfmt::skip]
static CP850: [char; 128] = [
    'Ç', 'ü', 'é', 'â', 'ä', 'à', 'å', 'ç', 'ê', 'ë', 'è', 'ï', 'î', 'ì', 'Ä', 'Å',
    'É', 'æ', 'Æ', 'ô', 'ö', 'ò', 'û', 'ù', 'ÿ', 'Ö', 'Ü', 'ø', '£', 'Ø', '×', 'ƒ',
    'á', 'í', 'ó', 'ú', 'ñ', 'Ñ', 'ª', 'º', '¿', '®', '¬', '½', '¼', '¡', '«', '»',
    '░', '▒', '▓', '│', '┤', 'Á', 'Â', 'À', '©', '╣', '║', '╗', '╝', '¢', '¥', '┐',
    '└', '┴', '┬', '├', '─', '┼', 'ã', 'Ã', '╚', '╔', '╩', '╦', '╠', '═', '╬', '¤',
    'ð', 'Ð', 'Ê', 'Ë', 'È', 'ı', 'Í', 'Î', 'Ï', '┘', '┌', '█', '▄', '¦', 'Ì', '▀',
    'Ó', 'ß', 'Ô', 'Ò', 'õ', 'Õ', 'µ', 'þ', 'Þ', 'Ú', 'Û', 'Ù', 'ý', 'Ý', '¯', '´',
    '\u{ad}', '±', '‗', '¾', '¶', '§', '÷', '¸', '°', '¨', '·', '¹', '³', '²', '■', '\u{a0}',
];

/// Western Europe before Windows, each with a decoder of the crate, which [`CP850`] stands in for where there is none.
static WESTERN: [Foreign; 2] = [
    foreign(WINDOWS_1252, "ibm850", Script::Dos),
    foreign(MACINTOSH, "macintosh", Script::Latin),
];

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
        let bytes = whole_lines(bytes);
        let japanese = taken != Encoding::Windows1252 && is_japanese(&taken.decode(bytes).0);
        if !japanese && let Some(western) = western(bytes) {
            return Some(western);
        }
        let found = guess(bytes)?;
        if japanese && !found.is_korean(bytes) {
            return None;
        }
        found.fits(bytes).then_some(found)
    }

    /// Whether the letters are those of Korea and hardly anything else. Kanji in EUC-JP would be Hangul too, but for a quarter of them, among others
    /// 美, 木 and 本.
    fn is_korean(self, bytes: &[u8]) -> bool {
        let mut text = String::new();
        if self.script != Script::Hangul || self.decoder().push(bytes, true, &mut text) > 2 {
            return false;
        }
        let letters = || text.chars().filter(|c| !c.is_ascii() && c.is_alphabetic());
        let own = letters().filter(|&c| self.script.has(c)).count();
        own >= 40 && own * 20 >= letters().count() * 19
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
        Decoder(match self.script {
            _ if self == TWICE => Way::Twice(twice::Decoder::default()),
            Script::Dos => Way::Dos,
            _ => Way::Once(self.encoding.new_decoder_without_bom_handling()),
        })
    }

    /// What a byte past ASCII is, in an encoding of single bytes.
    fn letter(self, byte: u8) -> char {
        let mut text = String::new();
        self.decoder().push(&[byte], true, &mut text);
        text.chars().next().unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

/// Small letters with accents inside words of Western Europe.
const ACCENTED: &str = "àáâãäåæçèéêëìíîïñòóôõöøùúûüýßœ";

/// The encoding of before Windows in which letters stand inside words where Windows-1252 has signs or capitals: `Ren‚e`, `MŸller`.
fn western(bytes: &[u8]) -> Option<Foreign> {
    // Quotation marks, dashes and blanks of Windows-1252 stand between letters, too.
    let is_sign = |byte: u8| matches!(byte, 0x85 | 0x91..=0x94 | 0x96 | 0x97 | 0xA0);
    let mut counts = [0usize; 256];
    for window in bytes.windows(3) {
        let inside = window[0].is_ascii_lowercase() && window[2].is_ascii_lowercase();
        if inside && window[1] >= 0x80 && !is_sign(window[1]) {
            counts[usize::from(window[1])] += 1;
        }
    }
    let all: usize = counts.iter().sum();
    let letters = |encoding: Foreign| -> usize {
        let known = (0x80..=0xFF).filter(|&byte| ACCENTED.contains(encoding.letter(byte)));
        known.map(|byte| counts[usize::from(byte)]).sum()
    };
    let windows = foreign(WINDOWS_1252, "windows-1252", Script::Latin);
    if all < 2 || letters(windows) * 3 > all {
        return None;
    }
    let fits = |encoding: &&Foreign| letters(**encoding) * 10 >= all * 9;
    WESTERN.iter().find(fits).copied()
}

/// The lines that are not cut, of many: the detector refuses an encoding in which the last character is half.
fn whole_lines(bytes: &[u8]) -> &[u8] {
    const MANY: usize = 32 << 10;
    let end = memchr::memrchr(b'\n', bytes).filter(|&at| at >= MANY);
    &bytes[..end.map_or(bytes.len(), |at| at + 1)]
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

/// Letters past ASCII from which on the detector, which knows the pairs of letters of each language, is believed where letters stand against letters:
/// `čašić` and `èašiæ`, `Yılmaz` and `Yýlmaz`. Of lists of twenty names in 27 languages it told all rightly, of lists of five four were wrong.
const BELIEVED: usize = 8;

/// Whether letters stand in words where Western Europe has signs (`imię`, not `imiê`; `Łódź`, not `£ódŸ`), or others in as many places as not.
fn is_closer(text: &str, bytes: &[u8]) -> bool {
    let (western, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    let (mut better, mut worse, mut beside) = (0, 0, false);
    let (mut letters, mut others) = (0, 0);
    let mut chars = text.chars().zip(western.chars()).peekable();
    while let Some((own, other)) = chars.next() {
        let next = chars.peek().is_some_and(|(next, _)| next.is_alphabetic());
        match (own.is_alphabetic(), other.is_alphabetic()) {
            (true, false) => better += usize::from(beside || next),
            (false, true) => worse += 1,
            _ => {}
        }
        beside = own.is_alphabetic();
        letters += usize::from(beside && !own.is_ascii());
        others += usize::from(own != other);
    }
    better > worse || better == worse && others > 0 && letters >= BELIEVED
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
            Script::Latin | Script::Dos => matches!(c, '\u{C0}'..='\u{24F}'),
        }
    }
}

/// Decodes a source from its beginning to its end.
pub struct Decoder(Way);

enum Way {
    Once(encoding_rs::Decoder),
    Twice(twice::Decoder),
    /// Code page 850.
    Dos,
}

impl Decoder {
    /// Adds what the next bytes are to `text`; returns the number of bytes that are no character, which become U+FFFD.
    pub fn push(&mut self, mut bytes: &[u8], last: bool, text: &mut String) -> u64 {
        let decoder = match &mut self.0 {
            Way::Once(decoder) => decoder,
            Way::Twice(decoder) => return decoder.push(bytes, last, text),
            Way::Dos => {
                text.extend(bytes.iter().map(|&byte| match byte {
                    0..0x80 => char::from(byte),
                    _ => CP850[usize::from(byte - 0x80)],
                }));
                return 0;
            }
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

    /// Where Windows-1252 has a letter for every letter.
    #[test]
    fn letters_against_letters_are_told_by_their_pairs() {
        let croatian = "ime,grad\nAnđela Babić,Šibenik\nŽeljko Kovačević,Đakovo\nJoško Perić,Osijek\nLovro Đurić,Čakovec\nTomislav Šarić,Požega\n";
        check(WINDOWS_1250, croatian, Some("windows-1250"));
        let turkish = "ad,şehir\nAyşe Yılmaz,İstanbul\nOğuz Şahin,Eskişehir\nÇağrı Öztürk,Diyarbakır\nGülşah Işık,Muğla\n";
        check(WINDOWS_1254, turkish, Some("windows-1254"));
        let latvian = "vārds,pilsēta\nJānis Bērziņš,Jūrmala\nInga Kalniņa,Rēzekne\nĒriks Ozoliņš,Cēsis\nLīga Liepiņa,Kuldīga\n";
        check(WINDOWS_1257, latvian, Some("windows-1257"));
        let icelandic = "nafn,staður\nÞórður Sigurðsson,Reykjavík\nGuðrún Ægisdóttir,Ísafjörður\nBjörk Þorsteinsdóttir,Akureyri\n";
        check(WINDOWS_1252, icelandic, None);
        let danish = "navn,by\nSøren Kjær,Århus\nBirgit Østergård,Næstved\nÅse Bækgaard,Køge\nJørgen Æbelø,Ærøskøbing\n";
        check(WINDOWS_1252, danish, None);
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

    /// Long lists have by chance what looks like another encoding: characters of UTF-8, kana, frequent kanji.
    #[test]
    fn long_lists_are_told_as_well() {
        let many = |lines: &str, names: &[&str], end: fn(usize) -> String| -> String {
            let row = |i: usize| {
                format!(
                    "{}{},{}\n",
                    names[i % names.len()],
                    names[i / 7 % names.len()],
                    end(i)
                )
            };
            lines.to_owned() + &(0..1500).map(row).collect::<String>()
        };
        let phone = |i: usize| format!("{:011}", 13_800_000_000u64 + i as u64 * 7);
        let han = [
            "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "伟", "芳", "娜", "秀英",
            "敏", "静", "丽", "强", "磊", "军", "洋", "勇", "艳", "杰", "娟", "涛", "超", "明",
            "霞", "秀兰", "刚", "平", "燕", "辉", "玲", "桂英", "丹", "萍", "鹏", "华", "红",
            "玉兰", "飞", "桂兰", "英", "梅", "鑫", "波", "斌", "莉",
        ];
        check(GB18030, &many("姓名,电话\n", &han, phone), Some("gb18030"));
        let taiwan = [
            "陳", "林", "黃", "張", "李", "王", "吳", "劉", "蔡", "楊", "淑芬", "志明", "雅婷",
            "俊傑", "怡君", "家豪", "淑惠", "建宏", "美玲", "冠宇", "宗翰", "欣怡", "承翰", "詩涵",
            "彥廷", "佳穎", "柏翰", "鈺婷", "士豪", "靜怡",
        ];
        check(BIG5, &many("姓名,電話\n", &taiwan, phone), Some("big5"));
        let thai = [
            "สมชาย",
            "ใจดี",
            "เพชร",
            "เกษม",
            "แสงทอง",
            "ไพลิน",
            "เอกชัย",
            "โสภา",
            "วิไล",
            "เรืองศรี",
            "แก้วมณี",
            "ไชยวงศ์",
        ];
        check(
            WINDOWS_874,
            &many("ชื่อ,โทร\n", &thai, phone),
            Some("windows-874"),
        );
        let korea = [
            "김", "이", "박", "최", "정", "민준", "서연", "도윤", "지우", "하은", "영숙", "은정",
            "지훈", "미경", "성수", "현우", "예진", "순옥", "정호", "병철", "경희", "상훈", "영자",
            "종수",
        ];
        check(EUC_KR, &many("이름,전화\n", &korea, phone), Some("euc-kr"));
    }

    #[test]
    fn western_europe_before_windows() {
        let text =
            "nom,ville\nFrançois Lefèvre,Orléans\nRenée Gérard,Besançon\nJürgen Größer,Köln\n";
        let (mac, _, lost) = MACINTOSH.encode(text);
        assert!(!lost);
        let of = |bytes: &[u8]| {
            let found = Foreign::of(bytes, detect(bytes).encoding)?;
            let mut decoded = String::new();
            assert_eq!(
                (found.decoder().push(bytes, true, &mut decoded), &*decoded),
                (0, text)
            );
            Some(found.name)
        };
        assert_eq!(of(&mac), Some("macintosh"));
        let byte = |c: char| {
            CP850
                .iter()
                .position(|&known| known == c)
                .map(|at| at as u8 + 0x80)
        };
        let dos: Vec<u8> = text.chars().map(|c| byte(c).unwrap_or(c as u8)).collect();
        assert_eq!(of(&dos), Some("ibm850"));
        assert_eq!(of(&WINDOWS_1252.encode(text).0), None);
        let english = "It’s “quoted”—or not—and so… isn’t it? Don’t";
        assert_eq!(of(&WINDOWS_1252.encode(english).0), None);
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
