//! Readers in a process of their own: whatever becomes of that process, the run goes on and says so.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flate2::Compression;
use flate2::write::ZlibEncoder;
use leakscope::format::apart::Program;
use leakscope::pattern::Patterns;
use leakscope::scan::{Options, Progress, scan};
use leakscope::scope::Status;
use leakscope::source::Code;

use crate::cli::{Folder, leakscope};
use crate::run;

const LIST: &str = "name,email\nTaro Sato,taro@example.com\nHanako Suzuki,hanako@example.com\n";

/// Scans a folder; each source with its status and the codes of its problems, and the people in `list.csv` beside them.
fn scanned(folder: &Path, program: Program) -> Vec<(String, Status, Vec<Code>)> {
    fs::write(folder.join("list.csv"), LIST).unwrap();
    let options = Options {
        apart: Some(Arc::new(program)),
        threads: 2,
        ..Options::default()
    };
    let progress = Progress::default();
    let scan = scan(&[folder.into()], Patterns::builtin(), &options, &progress);
    let scope = &scan.scope;
    let sources = scope.sources.iter().map(|source| {
        let problems = scope.problems.iter();
        let own = problems.filter(|problem| problem.source == source.source);
        let path = source
            .source
            .as_str()
            .rsplit('/')
            .next()
            .unwrap_or_default();
        let codes = own.map(|problem| problem.code).collect();
        (path.to_owned(), source.status, codes)
    });
    let sources = sources.collect();
    assert!(scope.subjects.persons.min >= 2, "those of list.csv");
    sources
}

fn complete(name: &str) -> (String, Status, Vec<Code>) {
    (name.to_owned(), Status::Complete, Vec::new())
}

#[test]
fn a_reader_that_breaks_down_ends_nothing_else() {
    let folder = tempfile::tempdir().unwrap();
    let database = run::fixtures().join("sqlite-members/input/members.sqlite");
    let broken = ["aborts", "hangs", "killed", "nonsense", "overflows"];
    for name in broken {
        fs::copy(&database, folder.path().join(format!("{name}.sqlite"))).unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/apart/breaks.sh");
    let found = scanned(folder.path(), Program::new(script));
    let expected = broken.map(|name| {
        let code = if name == "hangs" {
            Code::OverTime
        } else {
            Code::Crashed
        };
        (format!("{name}.sqlite"), Status::Carved, vec![code])
    });
    let (list, rest): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|(name, ..)| name == "list.csv");
    assert_eq!(list, [complete("list.csv")]);
    assert_eq!(rest, expected);
}

/// A page whose content unpacks to more than the process may hold.
fn bomb(bytes: usize) -> Vec<u8> {
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::best());
    packed
        .write_all(b"BT /F1 12 Tf (mail taro@example.com) Tj ET\n")
        .unwrap();
    packed.write_all(&vec![b' '; bytes]).unwrap();
    let packed = packed.finish().unwrap();
    let mut pdf = b"%PDF-1.4\n".to_vec();
    let mut places = Vec::new();
    let mut object = |pdf: &mut Vec<u8>, body: &[u8]| {
        places.push(pdf.len());
        let head = format!("{} 0 obj\n", places.len());
        pdf.extend([head.as_bytes(), body, b"\nendobj\n"].concat());
    };
    object(&mut pdf, b"<< /Type /Catalog /Pages 2 0 R >>");
    object(&mut pdf, b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>");
    object(
        &mut pdf,
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
    );
    let head = format!(
        "<< /Length {} /Filter /FlateDecode >>\nstream\n",
        packed.len()
    );
    let stream = [head.as_bytes(), &packed, b"\nendstream"].concat();
    object(&mut pdf, &stream);
    object(
        &mut pdf,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    );
    let start = pdf.len();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
    for place in &places {
        table += &format!("{place:010} 00000 n \n");
    }
    table += &format!(
        "trailer << /Size {} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n",
        places.len() + 1
    );
    pdf.extend(table.as_bytes());
    pdf
}

/// The bound of memory is the operating system's: a reader that asks for more aborts, in its own process.
#[test]
fn a_reader_that_asks_for_too_much_memory_breaks_down_alone() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("bomb.pdf"), bomb(60 << 20)).unwrap();
    fs::write(folder.path().join("small.pdf"), bomb(1 << 10)).unwrap();
    let program = Program {
        path: PathBuf::from(env!("CARGO_BIN_EXE_leakscope")),
        memory: 150 << 20,
    };
    let found = scanned(folder.path(), program);
    let of = |name: &str, status, code| (name.to_owned(), status, vec![code]);
    let expected = [
        of("bomb.pdf", Status::Partial, Code::Crashed),
        of("(rest)", Status::Carved, Code::OverBudget),
        complete("list.csv"),
        complete("small.pdf"),
    ];
    assert_eq!(found, expected);
}

/// Where no process can be had, the reader reads here.
#[test]
fn without_a_program_nothing_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("small.pdf"), bomb(1 << 10)).unwrap();
    let found = scanned(folder.path(), Program::new(folder.path().join("missing")));
    assert_eq!(found, [complete("list.csv"), complete("small.pdf")]);
}

/// SQLite opens files by name. A copy of the data under a name would outlive a process that is killed.
#[test]
fn large_databases_leave_nothing_behind() {
    let folder = Folder::with(&[]);
    let path = folder.path("shop.sqlite");
    let database = rusqlite::Connection::open(&path).unwrap();
    let sql = "CREATE TABLE buyers(name, email); CREATE TABLE pad(bytes);
        INSERT INTO buyers VALUES('Taro Sato', 'taro@example.com'), ('Hanako Suzuki', 'hanako@example.com');
        WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 9) INSERT INTO pad SELECT zeroblob(4000000) FROM n;";
    database.execute_batch(sql).unwrap();
    drop(database);
    let bytes = fs::read(&path).unwrap();
    assert!(bytes.len() > 32 << 20);
    // Packed it is inflated to a spool, in a tar it is a part of a file.
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(&bytes).unwrap();
    fs::write(folder.path("shop.sqlite.gz"), packed.finish().unwrap()).unwrap();
    let mut tar = tar::Builder::new(fs::File::create(folder.path("shop.tar")).unwrap());
    tar.append_path_with_name(&path, "shop.sqlite").unwrap();
    tar.finish().unwrap();
    let temporary = Folder::with(&[]);
    let report = |name: &str, more: &[&str]| {
        let mut command = leakscope();
        let run = command.arg("scan").arg(folder.path(name)).args(more);
        let run = run.arg("--json").env("TMPDIR", temporary.path(""));
        let output = run.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{name}");
        let left = fs::read_dir(temporary.path("")).unwrap().count();
        assert_eq!(left, 0, "{name} {more:?}");
        run::lasting(serde_json::from_slice(&output.stdout).unwrap())
    };
    for name in ["shop.sqlite", "shop.sqlite.gz", "shop.tar"] {
        let apart = report(name, &[]);
        assert_eq!(apart["subjects"]["persons"]["best"], 2, "{name}");
        assert_eq!(apart, report(name, &["--slow"]), "{name}");
    }
}
