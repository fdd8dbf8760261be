//! Parts of documents that tell how they look, not what they say.

/// Stems of such parts, without the number at their end, lower case (ECMA-376 part 1, annex A, [MS-XLSX], [MS-DOCX], [MS-PPTX]).
const STEMS: &[&str] = &[
    "[content_types]",
    "activex",
    "binaryindex",
    "calcchain",
    "colors",
    "commentsdrawing",
    "commentsextended",
    "commentsextensible",
    "commentsids",
    "customizations",
    "customproperty",
    "fonttable",
    "itemprops",
    "layout",
    "metadata",
    "numbering",
    "origin.sigs",
    "pivottable",
    "presentation",
    "presprops",
    "printersettings",
    "quickstyle",
    "settings",
    "sheetmetadata",
    "style",
    "styles",
    "styleswitheffects",
    "table",
    "tablesinglecells",
    "tablestyles",
    "theme",
    "themeoverride",
    "thumbnail",
    "vbadata",
    "viewprops",
    "vmldrawing",
    "volatiledependencies",
    "websettings",
    "workbook",
    "xmlmaps",
];

/// Folders of such parts: of Apple's archives, of signatures (which are numbers), of OpenDocument.
const FOLDERS: &[&str] = &[
    "__macosx/",
    "_xmlsignatures/",
    "configurations2/",
    "thumbnails/",
    "objectreplacements/",
];

/// Single parts of OpenDocument.
const NAMES: &[&str] = &[
    "mimetype",
    "layout-cache",
    "manifest.rdf",
    "meta-inf/documentsignatures.xml",
    "meta-inf/manifest.xml",
];

/// Whether a part, by its name in lower case, is known to hold nothing that somebody wrote.
pub(super) fn is_known(name: &str) -> bool {
    let (folder, file) = name.rsplit_once('/').unwrap_or(("", name));
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let stem = stem.trim_end_matches(|c: char| c.is_ascii_digit());
    file.is_empty()
        || file.ends_with(".rels")
        || NAMES.contains(&name)
        || FOLDERS.iter().any(|folder| name.starts_with(folder))
        // The drawing of a diagram shows the texts of its data once more.
        || folder.ends_with("diagrams") && stem == "drawing"
        // LibreOffice draws the tables of presentations once more, for programs that do not know them.
        || name.starts_with("pictures/tablepreview") && name.ends_with(".svm")
        || STEMS.contains(&stem) || STEMS.contains(&file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_shows_and_what_says() {
        for (name, expected) in [
            ("[content_types].xml", true),
            ("word/_rels/document.xml.rels", true),
            ("xl/printersettings/printersettings12.bin", true),
            ("ppt/diagrams/drawing1.xml", true),
            ("xl/", true),
            ("word/afchunk.htm", false),
            ("word/data.csv", false),
            ("[trash]/0000.dat", false),
            ("xl/drawings/drawing1.xml", false),
            ("content.xml~", false),
        ] {
            assert_eq!(is_known(name), expected, "{name}");
        }
    }
}
