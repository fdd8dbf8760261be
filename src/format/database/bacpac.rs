//! BACPAC: what SQL Server and Azure export of a database, a zip of its model and its rows.
//!
//! In: the members of the zip. Out: a record per row of `Data/SCHEMA.TABLE/*.BCP` under the columns that `model.xml` tells
//! (as DacFx writes it); every other member as it is. What is no row by its table's types is a member too, from there on, and
//! said; so are the rows of a table that the model does not name.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

use quick_xml::events::{BytesStart, Event};

use super::bcp::{self, Column, Kind, Size};
use crate::format::gather::Gather;
use crate::format::markup::{attribute, local, local_of, reader, utf8};
use crate::format::{Context, Item, Member, Reader, Sink, Table};
use crate::source::{Bytes, Code, Fault};

/// The part that tells the tables.
const MODEL: &str = "model.xml";
/// Columns of all tables together.
const COLUMNS: usize = 1_000_000;
/// What a model costs that breaks off.
const LOST: &str = "the further tables of the model";

/// Whether these are the names of the members of a BACPAC.
pub(crate) fn is_bacpac(names: &[String]) -> bool {
    names.iter().any(|name| name == MODEL) && names.iter().any(|name| table_of(name).is_some())
}

/// The folder of the table whose rows a member holds: `Data/dbo.Users/TableData-000-00000.BCP`.
fn table_of(name: &str) -> Option<&str> {
    let (folders, file) = name.rsplit_once('/')?;
    let is_data = file.len() > 4 && file.as_bytes()[file.len() - 4..].eq_ignore_ascii_case(b".bcp");
    folders.strip_prefix("Data/").filter(|_| is_data)
}

/// The name of a part of a package with its `%20` as they are meant (ECMA-376 part 2, names of parts).
fn decoded(name: &str) -> Cow<'_, str> {
    let mut pieces = name.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let digits = piece
            .get(..2)
            .filter(|two| two.bytes().all(|b| b.is_ascii_hexdigit()));
        match digits.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) => bytes.push(byte),
            None => return name.into(),
        }
        bytes.extend_from_slice(&piece.as_bytes()[2..]);
    }
    String::from_utf8(bytes).map_or(name.into(), Cow::Owned)
}

struct Bacpac<'a> {
    zip: Box<dyn Reader + 'a>,
    names: Vec<String>,
    tables: BTreeMap<String, Vec<Column>>,
    /// Code page of texts of eight bits.
    page: i32,
    /// What went wrong with the model.
    fault: Option<Fault>,
    context: Context,
}

/// Opens the members of a zip as those of a BACPAC.
pub(crate) fn open<'a>(
    zip: Box<dyn Reader + 'a>,
    names: Vec<String>,
    context: &Context,
) -> Box<dyn Reader + 'a> {
    let mut model = Model::default();
    for part in (0..names.len()).filter(|&part| names[part] == MODEL) {
        let mut faults = Vec::new();
        let read = zip.read(part, &mut |item| {
            match item {
                Item::Member(Member { bytes, fault, .. }) => {
                    faults.extend(fault);
                    match bytes.map(|bytes| utf8(&bytes, &context.limits)) {
                        Some(Ok(text)) => {
                            model.read(std::str::from_utf8(&text).unwrap_or_default())
                        }
                        Some(Err(fault)) => faults.push(fault),
                        None => {}
                    }
                }
                Item::Fault(fault) => faults.push(fault),
                Item::Batch(_) => {}
            }
            ControlFlow::Continue(())
        });
        // What stopped the reading of the zip says more than how its text ends.
        let first = faults.into_iter().next().or(read.err());
        model.fault = first.or(model.fault);
    }
    Box::new(Bacpac {
        zip,
        names,
        // A model without tables is read as a member, which tells its own faults.
        fault: model.fault.filter(|_| !model.tables.is_empty()),
        tables: model.tables,
        page: model.page.unwrap_or(1252),
        context: context.clone(),
    })
}

impl Reader for Bacpac<'_> {
    fn parts(&self) -> usize {
        self.zip.parts()
    }

    fn read(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        let name = self.names.get(part).map_or("", String::as_str);
        // Its statements hold no rows.
        if name == MODEL && !self.tables.is_empty() {
            return Ok(());
        }
        let Some(folder) = table_of(name) else {
            return self.zip.read(part, sink);
        };
        let known = |name: &str| self.tables.get_key_value(name);
        let Some((table, columns)) = known(&decoded(folder)).or_else(|| known(folder)) else {
            return self.unknown(part, sink);
        };
        self.zip.read(part, &mut |item| match item {
            Item::Member(Member {
                name,
                bytes: Some(bytes),
                fault,
                ..
            }) => {
                self.rows(table, columns, (name, bytes), sink)?;
                fault.map_or(ControlFlow::Continue(()), |fault| sink(Item::Fault(fault)))
            }
            item => sink(item),
        })
    }

    fn encoding(&self) -> Option<&'static str> {
        Some("utf-16le")
    }

    fn faults(&self) -> Vec<Fault> {
        let mut faults = self.zip.faults();
        faults.extend(self.fault.clone());
        faults
    }
}

impl Bacpac<'_> {
    /// Gives a member with rows of a table that the model does not name.
    fn unknown(&self, part: usize, sink: &mut Sink<'_>) -> Result<(), Fault> {
        self.zip.read(part, &mut |item| match item {
            Item::Member(mut member) => {
                let lost = "the rows of a table that the model does not name; what text stands there is read";
                let fault = || Fault::whole(Code::Malformed, lost);
                member.fault = member.fault.or_else(|| Some(fault()));
                sink(Item::Member(member))
            }
            item => sink(item),
        })
    }

    /// Gives the rows of a table, and what is left behind them as a member.
    fn rows(
        &self,
        table: &str,
        columns: &[Column],
        (name, bytes): (String, Bytes),
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let shown = |column: &&Column| !matches!(column.kind, Kind::Binary(_));
        let shown: Vec<Option<String>> = columns
            .iter()
            .filter(shown)
            .map(|column| Some(column.name.clone()))
            .collect();
        let table = Table {
            name: table.to_owned(),
            columns: shown,
            ..Table::default()
        };
        let (mut at, mut cells) = (0, Vec::new());
        if let Some(way) = bcp::way(columns, &bytes) {
            let mut rows = Gather::new(table, &self.context.limits, sink);
            while at < bytes.len() {
                cells.clear();
                let Some(end) =
                    bcp::row(columns, way, &bytes, at, &mut cells).filter(|&end| end > at)
                else {
                    break;
                };
                for (column, cell) in columns.iter().zip(&cells) {
                    if !matches!(column.kind, Kind::Binary(_)) {
                        let value = cell.and_then(|(from, to)| {
                            let page = column.page.unwrap_or(self.page);
                            bcp::text(column.kind, &bytes[from..to], page)
                        });
                        rows.value(value.as_deref());
                    }
                }
                rows.end(0)?;
                at = end;
            }
            rows.flush()?;
        }
        if at == bytes.len() {
            return ControlFlow::Continue(());
        }
        let lost = format!("the rows from byte {at} of a table on; what text stands there is read");
        sink(Item::Member(Member {
            name,
            len: (bytes.len() - at) as u64,
            bytes: Some(bytes.slice(at..bytes.len())),
            fault: Some(Fault::whole(Code::Malformed, lost)),
        }))
    }
}

/// What the model tells.
#[derive(Default)]
struct Model {
    tables: BTreeMap<String, Vec<Column>>,
    page: Option<i32>,
    /// Types that the database gives names of its own.
    named: BTreeMap<String, Kind>,
    n_columns: usize,
    fault: Option<Fault>,
}

/// What is told of a column or of a type with a name.
#[derive(Default)]
struct Told {
    name: String,
    kind: String,
    is_max: bool,
    scale: Option<u8>,
    nullable: bool,
    page: Option<i32>,
}

impl Model {
    /// Reads the model; types with names may stand behind the tables that use them.
    fn read(&mut self, text: &str) {
        self.pass(text, true);
        self.pass(text, false);
    }

    fn pass(&mut self, text: &str, only_types: bool) {
        let mut reader = reader(text);
        // Types of the elements that are open.
        let mut open: Vec<String> = Vec::new();
        let (mut table, mut columns) = (String::new(), Vec::new());
        let mut told = Told::default();
        loop {
            let Ok(event) = reader.read_event() else {
                self.fault = Some(Fault::whole(Code::Malformed, LOST));
                break;
            };
            match &event {
                Event::Start(start) | Event::Empty(start) => {
                    let is_open = matches!(event, Event::Start(_));
                    if local(start) == b"Element" {
                        let kind = attribute(start, "Type").unwrap_or_default().into_owned();
                        let name = attribute(start, "Name").map(|name| plain(&name));
                        match kind.as_str() {
                            "SqlTable" => table = name.unwrap_or_default(),
                            "SqlSimpleColumn" | "SqlComputedColumn" | "SqlUserDefinedDataType" => {
                                told = Told {
                                    name: name.unwrap_or_default(),
                                    nullable: true,
                                    ..Told::default()
                                };
                            }
                            "SqlXmlTypeSpecifier" => told.kind = "xml".into(),
                            _ => {}
                        }
                        if is_open && open.len() < 64 {
                            open.push(kind);
                        }
                    } else {
                        self.detail(start, &open, &mut told);
                    }
                }
                Event::End(end) if local_of(end.name().into_inner()) == b"Element" => {
                    match open.pop().as_deref() {
                        Some("SqlUserDefinedDataType") if only_types => {
                            let kind = self.kind(&told);
                            self.named.insert(told.name.clone(), kind);
                        }
                        Some("SqlSimpleColumn") if !only_types => self.column(&told, &mut columns),
                        Some("SqlTable") if !only_types => {
                            self.tables
                                .insert(std::mem::take(&mut table), std::mem::take(&mut columns));
                        }
                        _ => {}
                    }
                }
                Event::Eof => {
                    if !open.is_empty() {
                        self.fault = Some(Fault::whole(Code::Truncated, LOST));
                    }
                    break;
                }
                _ => {}
            }
        }
    }

    /// Adds a column of the table that is open, while there are not too many.
    fn column(&mut self, told: &Told, columns: &mut Vec<Column>) {
        if self.n_columns == COLUMNS {
            let lost = "the further columns of the model";
            self.fault = Some(Fault::whole(Code::TooManyColumns, lost));
            return;
        }
        self.n_columns += 1;
        let name = told.name.rsplit('.').next().unwrap_or_default();
        columns.push(Column {
            name: name.to_owned(),
            kind: self.kind(told),
            nullable: told.nullable,
            page: told.page,
        });
    }

    /// A property or a reference inside the elements that are open.
    fn detail(&mut self, start: &BytesStart<'_>, open: &[String], told: &mut Told) {
        let inner = open.last().map_or("", String::as_str);
        let name = attribute(start, "Name").unwrap_or_default();
        let value = attribute(start, "Value").unwrap_or_default();
        let is_type = inner.ends_with("TypeSpecifier") || inner == "SqlUserDefinedDataType";
        match (local(start), &*name) {
            (b"Property", "IsNullable") if inner == "SqlSimpleColumn" => {
                told.nullable = value != "False"
            }
            (b"Property", "IsMax") if is_type => told.is_max = value == "True",
            (b"Property", "Scale") if is_type => told.scale = value.parse().ok(),
            (b"Property", "Collation") if inner == "SqlDatabaseOptions" => {
                self.page = Some(page_of(&value))
            }
            (b"Property", "Collation") if inner == "SqlSimpleColumn" => {
                told.page = Some(page_of(&value))
            }
            (b"References", name) if is_type && told.kind.is_empty() => told.kind = plain(name),
            _ => {}
        }
    }

    /// The type that is told.
    fn kind(&self, told: &Told) -> Kind {
        let size = |short| if told.is_max { Size::Eight } else { short };
        let text = |wide, size| Kind::Text { wide, size };
        let time = |date, offset| Kind::Time {
            places: told.scale.unwrap_or(7).min(7),
            date,
            offset,
        };
        match told.kind.trim_start_matches("sys.") {
            "bigint" => Kind::Int(8),
            "int" => Kind::Int(4),
            "smallint" => Kind::Int(2),
            "tinyint" => Kind::Int(1),
            "bit" => Kind::Bit,
            "float" => Kind::Float(8),
            "real" => Kind::Float(4),
            "money" => Kind::Money(8),
            "smallmoney" => Kind::Money(4),
            "datetime" => Kind::DateTime(8),
            "smalldatetime" => Kind::DateTime(4),
            "date" => Kind::Date,
            "time" => time(false, false),
            "datetime2" => time(true, false),
            "datetimeoffset" => time(true, true),
            "decimal" | "numeric" => Kind::Decimal,
            "uniqueidentifier" => Kind::Uuid,
            "nvarchar" | "nchar" => text(true, size(Size::Two)),
            "varchar" | "char" => text(false, size(Size::Two)),
            "sysname" => text(true, Size::Two),
            "ntext" => text(true, Size::Four),
            "text" => text(false, Size::Four),
            "xml" => text(true, Size::Eight),
            "binary" | "varbinary" => Kind::Binary(size(Size::Two)),
            "image" | "sql_variant" => Kind::Binary(Size::Four),
            "timestamp" | "rowversion" => Kind::Binary(Size::One),
            named => self
                .named
                .get(named)
                .copied()
                .unwrap_or(Kind::Binary(Size::Eight)),
        }
    }
}

/// `[dbo].[Users]` as `dbo.Users`.
fn plain(name: &str) -> String {
    let inner = name
        .strip_prefix('[')
        .and_then(|name| name.strip_suffix(']'));
    inner.map_or(name.to_owned(), |inner| {
        inner.replace("].[", ".").replace("]]", "]")
    })
}

/// The code page of a collation (SQL Server, "Windows collation name" and "SQL Server collation name"): UTF-8 by its ending, else the number
/// behind `_CP`, else by its language. Pages 437 and 850 have no table here; of them the ASCII is right.
fn page_of(collation: &str) -> i32 {
    let words = || collation.split('_');
    if words().any(|word| word == "UTF8") {
        return 65_001;
    }
    let told = words().find_map(|word| word.strip_prefix("CP")?.parse().ok());
    if let Some(page) = told.filter(|_| collation.starts_with("SQL_")) {
        return if page == 1 { 1252 } else { page };
    }
    let second = words().nth(1).unwrap_or_default();
    match words().next().unwrap_or_default() {
        "Japanese" => 932,
        "Korean" => 949,
        "Chinese" if matches!(second, "Taiwan" | "Hong" | "Traditional") => 950,
        "Chinese" => 936,
        "Azeri" | "Bosnian" | "Serbian" if second == "Cyrillic" => 1251,
        "Cyrillic" | "Ukrainian" | "Macedonian" | "Kazakh" | "Tatar" | "Bashkir" | "Yakut" => 1251,
        "Polish" | "Czech" | "Hungarian" | "Slovak" | "Slovenian" | "Croatian" | "Romanian"
        | "Albanian" | "Bosnian" | "Serbian" | "Turkmen" => 1250,
        "Greek" => 1253,
        "Turkish" | "Azeri" | "Uzbek" => 1254,
        "Hebrew" => 1255,
        "Arabic" | "Persian" | "Urdu" | "Dari" | "Uighur" => 1256,
        "Estonian" | "Latvian" | "Lithuanian" => 1257,
        "Vietnamese" => 1258,
        "Thai" => 874,
        _ => 1252,
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Write};
    use std::ops::ControlFlow;

    use crate::format::Item;
    use crate::format::archive::ZIP;
    use crate::format::tests::{context, show};

    const MODEL_TEXT: &str = r#"<?xml version="1.0" encoding="utf-8"?><DataSchemaModel><Model>
<Element Type="SqlDatabaseOptions"><Property Name="Collation" Value="Japanese_CI_AS" /></Element>
<Element Type="SqlTable" Name="[dbo].[Users]"><Relationship Name="Columns">
<Entry><Element Type="SqlSimpleColumn" Name="[dbo].[Users].[Id]"><Property Name="IsNullable" Value="False" /><Relationship
Name="TypeSpecifier"><Entry><Element Type="SqlTypeSpecifier"><Relationship Name="Type"><Entry><References
ExternalSource="BuiltIns" Name="[int]" /></Entry></Relationship></Element></Entry></Relationship></Element></Entry>
<Entry><Element Type="SqlSimpleColumn" Name="[dbo].[Users].[氏名]"><Relationship Name="TypeSpecifier"><Entry><Element
Type="SqlTypeSpecifier"><Property Name="Length" Value="50" /><Relationship Name="Type"><Entry><References
Name="[dbo].[Name]" /></Entry></Relationship></Element></Entry></Relationship></Element></Entry>
<Entry><Element Type="SqlComputedColumn" Name="[dbo].[Users].[Twice]"></Element></Entry>
<Entry><Element Type="SqlSimpleColumn" Name="[dbo].[Users].[Memo]"><Relationship Name="TypeSpecifier"><Entry><Element
Type="SqlTypeSpecifier"><Property Name="IsMax" Value="True" /><Relationship Name="Type"><Entry><References
ExternalSource="BuiltIns" Name="[varchar]" /></Entry></Relationship></Element></Entry></Relationship></Element></Entry>
</Relationship></Element>
<Element Type="SqlUserDefinedDataType" Name="[dbo].[Name]"><Property Name="Length" Value="50" /><Relationship
Name="Type"><Entry><References ExternalSource="BuiltIns" Name="[nvarchar]" /></Entry></Relationship></Element>
</Model></DataSchemaModel>"#;

    fn wide(text: &str) -> Vec<u8> {
        let units: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        [&(units.len() as u16).to_le_bytes()[..], &units].concat()
    }

    fn bacpac(data: &[u8]) -> Vec<u8> {
        package(MODEL_TEXT, "dbo.Users", data)
    }

    fn package(model: &str, folder: &str, data: &[u8]) -> Vec<u8> {
        let data_name = format!("Data/{folder}/TableData-000-00000.BCP");
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let options = zip::write::SimpleFileOptions::default();
        let files = [
            ("model.xml", model.as_bytes()),
            (data_name.as_str(), data),
            ("Origin.xml", b"<a/>"),
        ];
        for (name, bytes) in files {
            zip.start_file(name, options).unwrap();
            zip.write_all(bytes).unwrap();
        }
        zip.finish().unwrap().into_inner()
    }

    #[test]
    fn code_pages_of_collations() {
        let check = |collation, page| assert_eq!(super::page_of(collation), page, "{collation}");
        check("SQL_Latin1_General_CP1_CI_AS", 1252);
        check("SQL_Latin1_General_CP1251_CI_AS", 1251);
        check("SQL_Latin1_General_CP850_CI_AS", 850);
        check("Latin1_General_100_CI_AS_SC_UTF8", 65_001);
        check("Latin1_General_CI_AS", 1252);
        check("Japanese_XJIS_140_CI_AS", 932);
        check("Chinese_Hong_Kong_Stroke_90_CI_AS", 950);
        check("Chinese_PRC_CI_AS", 936);
        check("Serbian_Cyrillic_100_CI_AS", 1251);
        check("Serbian_Latin_100_CI_AS", 1250);
        check("Turkish_CI_AS", 1254);
        check("Vietnamese_CI_AS", 1258);
        check("", 1252);
    }

    #[test]
    fn names_of_parts() {
        let check = |name, expected: &str| assert_eq!(super::decoded(name), expected, "{name}");
        check("dbo.Order%20Details", "dbo.Order Details");
        check("dbo.%E6%B0%8F%E5%90%8D", "dbo.氏名");
        check("dbo.100%", "dbo.100%");
        check("dbo.%zz", "dbo.%zz");
        check("dbo.%FF", "dbo.%FF");
        check("dbo.%表", "dbo.%表");
    }

    #[test]
    fn folders_and_tables() {
        let row = [&7i32.to_le_bytes()[..], &wide("山田"), &[0xff; 8]].concat();
        let model = MODEL_TEXT.replace("[Users]", "[Our Users]");
        let shown = show(&ZIP, &package(&model, "dbo.Our%20Users", &row), &context());
        assert_eq!(shown, ["dbo.Our Users: Id=7, 氏名=山田", "[Origin.xml]"]);
        // The table of the rows is not in the model: they are a member with a fault.
        let bytes = crate::source::Bytes::owned(package(&model, "dbo.Users", &row));
        let reader = (ZIP.open)(&bytes, &context()).unwrap();
        let mut faults = Vec::new();
        for part in 0..reader.parts() {
            let read = reader.read(part, &mut |item| {
                if let Item::Member(member) = item {
                    faults.extend(member.fault);
                }
                ControlFlow::Continue(())
            });
            read.unwrap();
        }
        assert_eq!(faults.len(), 1);
        assert!(faults[0].lost.starts_with("the rows of a table"));
        // A model that breaks off says so, and its tables count.
        let cut = MODEL_TEXT.replace("</Model>", "<Element Type=\"SqlTable\">");
        let shown = show(&ZIP, &package(&cut, "dbo.Users", &row), &context());
        assert_eq!(shown[..2], ["! truncated", "dbo.Users: Id=7, 氏名=山田"]);
        // A column of another collation than the database's.
        let memo = encoding_rs::WINDOWS_1251.encode("Анна").0;
        let model = MODEL_TEXT.replace(
            "Name=\"[dbo].[Users].[Memo]\">",
            "Name=\"[dbo].[Users].[Memo]\"><Property Name=\"Collation\" Value=\"Cyrillic_General_CI_AS\" />",
        );
        let len = (memo.len() as u64).to_le_bytes();
        let row = [&7i32.to_le_bytes()[..], &[0xff, 0xff], &len, &memo].concat();
        let shown = show(&ZIP, &package(&model, "dbo.Users", &row), &context());
        assert_eq!(shown[0], "dbo.Users: Id=7, Memo=Анна");
    }

    #[test]
    fn rows_under_the_columns_of_the_model() {
        let memo = encoding_rs::SHIFT_JIS.encode("表の備考").0;
        let rows = [
            &7i32.to_le_bytes()[..],
            &wide("山田"),
            &(memo.len() as u64).to_le_bytes(),
            &memo,
            &8i32.to_le_bytes(),
            &[0xff, 0xff],
            &[0xff; 8],
        ]
        .concat();
        let expected = [
            "dbo.Users: Id=7, 氏名=山田, Memo=表の備考",
            "dbo.Users: Id=8",
            "[Origin.xml]",
        ];
        assert_eq!(show(&ZIP, &bacpac(&rows), &context()), expected);
        // What is no row any more is a member.
        let cut = show(&ZIP, &bacpac(&rows[..rows.len() - 3]), &context());
        assert_eq!(cut[1], "[Data/dbo.Users/TableData-000-00000.BCP]");
        for at in 0..rows.len() {
            let mut changed = rows.clone();
            changed[at] ^= 0xff;
            show(&ZIP, &bacpac(&changed), &context());
        }
    }
}
