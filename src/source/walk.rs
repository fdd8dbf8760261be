//! Finds the files of a run: the paths that were named, and everything below the folders among them.

use std::collections::HashSet;
use std::fs::{self, Metadata};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{FileTypeExt, MetadataExt};
use std::path::{Path, PathBuf};

use super::{Code, Fault, SourcePath};

/// A path found, and what is to be done with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The path to open; `-` for standard input.
    pub path: PathBuf,
    /// Its name in the report. Bytes that are not UTF-8 are written `\xHH`; no two paths share a name.
    pub source: SourcePath,
    /// Length in bytes, 0 where it is not known.
    pub len: u64,
    /// What is to be done with it.
    pub state: State,
}

/// What is to be done with a path found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// A file to be read.
    File,
    /// Standard input, to be read with [`super::Bytes::stream`].
    Stdin,
    /// Left out, with everything below it, because a pattern of the user says so.
    Excluded,
    /// Cannot or must not be read.
    Fault(Fault),
}

/// Finds all files at and below `inputs`, sorted by the bytes of their paths.
///
/// Hidden files are included. Links are followed where the user named them, not inside folders: one that leads to what is
/// read anyway is left out, any other is a fault. A file that can be reached by two paths is given once, under the first.
/// `exclude` holds patterns of paths with `*`, `**` and `?`.
pub fn walk(inputs: &[PathBuf], exclude: &[String]) -> Vec<Found> {
    let mut way = Way {
        globs: exclude.iter().map(|pattern| Glob::new(pattern)).collect(),
        ..Way::default()
    };
    for input in inputs {
        if input.as_os_str() == "-" {
            way.seen.push(Seen {
                path: input.clone(),
                inode: None,
                len: 0,
                state: State::Stdin,
            });
            continue;
        }
        match fs::metadata(input) {
            Ok(meta) => {
                let full = fs::canonicalize(input).ok();
                way.roots.extend(full.map(|full| (input.clone(), full)));
                way.visit(input, &meta);
            }
            Err(_) => way.seen.push(unreadable(input)),
        }
    }
    let mut seen = way.end();
    seen.sort_by(|a, b| {
        a.path
            .as_os_str()
            .as_bytes()
            .cmp(b.path.as_os_str().as_bytes())
    });
    name(once(seen))
}

/// A path found, before it is known whether it was found twice.
struct Seen {
    path: PathBuf,
    inode: Option<(u64, u64)>,
    len: u64,
    state: State,
}

/// What was found on the way.
#[derive(Default)]
struct Way {
    globs: Vec<Glob>,
    /// The paths that the user named, and what they are called in full.
    roots: Vec<(PathBuf, PathBuf)>,
    seen: Vec<Seen>,
    /// Links in folders, and the folders that were entered.
    links: Vec<PathBuf>,
    entered: HashSet<(u64, u64)>,
}

impl Way {
    /// Adds a path that the user named, and everything below it.
    fn visit(&mut self, path: &Path, meta: &Metadata) {
        let mut folders = Vec::new();
        self.sort_in(path, meta, true, &mut folders);
        while let Some(folder) = folders.pop() {
            let Ok(entries) = fs::read_dir(&folder) else {
                self.seen.push(unreadable(&folder));
                continue;
            };
            for entry in entries {
                match entry.map(|entry| (entry.path(), entry.metadata())) {
                    Ok((path, Ok(meta))) => self.sort_in(&path, &meta, false, &mut folders),
                    Ok((path, Err(_))) => self.seen.push(unreadable(&path)),
                    Err(_) => self.seen.push(unreadable(&folder)),
                }
            }
        }
    }

    /// Puts one path where it belongs: among the files, or the folders to be read. `named` is whether the user named it.
    fn sort_in(&mut self, path: &Path, meta: &Metadata, named: bool, folders: &mut Vec<PathBuf>) {
        let kind = meta.file_type();
        let special =
            kind.is_fifo() || kind.is_socket() || kind.is_block_device() || kind.is_char_device();
        let (state, inode, len) = if self.is_excluded(path) {
            let len = if kind.is_file() { meta.len() } else { 0 };
            (State::Excluded, None, len)
        } else if kind.is_symlink() {
            self.links.push(path.to_path_buf());
            return;
        } else if kind.is_dir() {
            self.entered.insert(inode(meta));
            folders.push(path.to_path_buf());
            return;
        } else if special && !named {
            let fault = Fault::whole(Code::SpecialFile, "the whole source");
            (State::Fault(fault), None, 0)
        } else {
            (State::File, Some(inode(meta)), meta.len())
        };
        self.seen.push(Seen {
            path: path.to_path_buf(),
            inode,
            len,
            state,
        });
    }

    fn is_excluded(&self, path: &Path) -> bool {
        !self.globs.is_empty() && self.globs.iter().any(|glob| glob.matches(&display(path)))
    }

    /// Whether the walk passed this path because of a pattern: itself, or a folder between it and a path that the user named, as the walk
    /// writes them. Elsewhere only a pattern that is bound to the root tells of it.
    fn is_left_out(&self, full: &Path) -> bool {
        let below = self.roots.iter().any(|(root, full_root)| {
            let Ok(rest) = full.strip_prefix(full_root) else {
                return false;
            };
            let mut written = root.clone();
            rest.components().any(|component| {
                written.push(component);
                self.is_excluded(&written)
            })
        });
        let mut bound = self.globs.iter().filter(|glob| glob.is_bound());
        below || bound.any(|glob| full.ancestors().any(|above| glob.matches(&display(above))))
    }

    /// Everything found; of the links those that lead elsewhere.
    fn end(mut self) -> Vec<Seen> {
        let read: HashSet<_> = self.seen.iter().filter_map(|seen| seen.inode).collect();
        for link in std::mem::take(&mut self.links) {
            let leads = fs::metadata(&link).map(|meta| inode(&meta));
            let is_read = leads.is_ok_and(|to| read.contains(&to) || self.entered.contains(&to));
            let left_out = || fs::canonicalize(&link).is_ok_and(|to| self.is_left_out(&to));
            if !is_read && !left_out() {
                self.seen.push(Seen {
                    path: link,
                    inode: None,
                    len: 0,
                    state: State::Fault(Fault::whole(Code::Link, "what it leads to")),
                });
            }
        }
        self.seen
    }
}

/// What tells one file from another, whatever its paths.
fn inode(meta: &Metadata) -> (u64, u64) {
    (meta.dev(), meta.ino())
}

fn unreadable(path: &Path) -> Seen {
    let fault = Fault::whole(Code::Unreadable, "the whole source");
    Seen {
        path: path.to_path_buf(),
        inode: None,
        len: 0,
        state: State::Fault(fault),
    }
}

/// Keeps the first of several paths to one file.
fn once(mut seen: Vec<Seen>) -> Vec<Seen> {
    seen.dedup_by(|a, b| a.path == b.path);
    let mut inodes = HashSet::new();
    seen.retain(|found| found.inode.is_none_or(|inode| inodes.insert(inode)));
    seen
}

/// Gives every path a name of its own.
fn name(seen: Vec<Seen>) -> Vec<Found> {
    let mut names = HashSet::new();
    let found = |Seen {
                     path, len, state, ..
                 }: Seen| {
        let mut source = display(&path);
        // Two paths with one name need a file called `\xHH` beside one whose name holds that byte.
        while !names.insert(source.clone()) {
            source.push('\'');
        }
        Found {
            path,
            source: SourcePath::new(source),
            len,
            state,
        }
    };
    seen.into_iter().map(found).collect()
}

/// A path as text; bytes that are not UTF-8 as `\xHH`.
fn display(path: &Path) -> String {
    use std::fmt::Write;
    let mut text = String::new();
    for chunk in path.as_os_str().as_bytes().utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02x}").expect("a String takes every text");
        }
    }
    text
}

/// A pattern of paths: `*` stands for any characters but `/`, `**` for any, `?` for one that is not `/`.
///
/// It must match the path from the start of one of its components to the path's end: `*.bak` matches `a/b.bak`, `b/*.csv`
/// matches `a/b/c.csv`, a leading `/` binds it to the root. Matching is linear in the path: all ways are followed at once.
struct Glob(Vec<Token>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Token {
    Char(char),
    One,
    Many,
    Any,
}

impl Glob {
    fn new(pattern: &str) -> Self {
        let mut tokens = Vec::new();
        for c in pattern.trim_end_matches('/').chars() {
            match (c, tokens.last()) {
                ('*', Some(Token::Many | Token::Any)) => {
                    tokens.pop();
                    tokens.push(Token::Any);
                }
                ('*', _) => tokens.push(Token::Many),
                // `**/` also stands for no folder at all.
                ('/', Some(Token::Any)) => {}
                ('?', _) => tokens.push(Token::One),
                _ => tokens.push(Token::Char(c)),
            }
        }
        Self(tokens)
    }

    /// Whether it begins at the root.
    fn is_bound(&self) -> bool {
        self.0.first() == Some(&Token::Char('/'))
    }

    fn matches(&self, path: &str) -> bool {
        let mut states = vec![false; self.0.len() + 1];
        let mut next = states.clone();
        let mut at_start = true;
        for c in path.chars() {
            states[0] |= at_start;
            self.skip_empty(&mut states);
            next.fill(false);
            for (i, token) in self.0.iter().enumerate().filter(|(i, _)| states[*i]) {
                match token {
                    Token::Char(expected) => next[i + 1] |= *expected == c,
                    Token::One => next[i + 1] |= c != '/',
                    Token::Many => next[i] |= c != '/',
                    Token::Any => next[i] = true,
                }
            }
            std::mem::swap(&mut states, &mut next);
            at_start = c == '/';
        }
        self.skip_empty(&mut states);
        states[self.0.len()]
    }

    /// `*` and `**` may stand for nothing.
    fn skip_empty(&self, states: &mut [bool]) {
        for (i, token) in self.0.iter().enumerate() {
            if states[i] && matches!(token, Token::Many | Token::Any) {
                states[i + 1] = true;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsStr;

    #[test]
    fn globs() {
        let check = |pattern: &str, path: &str, expected: bool| {
            assert_eq!(
                Glob::new(pattern).matches(path),
                expected,
                "{pattern} on {path}"
            );
        };
        check("*.bak", "a/b.bak", true);
        check("*.bak", "a/b.bak/c", false);
        check("*.bak", "a/b.csv", false);
        check("b", "a/b", true);
        check("b", "a/xb", false);
        check("b/", "a/b", true);
        check("b/*.csv", "a/b/c.csv", true);
        check("a/*.csv", "a/b/c.csv", false);
        check("a/**/*.csv", "a/b/c.csv", true);
        check("a/**/c.csv", "a/c.csv", true);
        check("**", "a/b", true);
        check("?.csv", "a/b.csv", true);
        check("?.csv", "a/bb.csv", false);
        check("顧客?.csv", "a/顧客簿.csv", true);
        check("/a/b", "/a/b", true);
        check("/a/b", "x/a/b", false);
        check("", "a", false);
        check(&"*a".repeat(2_000), &"a".repeat(4_000), true);
    }

    fn names(found: &[Found], root: &Path) -> Vec<String> {
        let root = format!("{}/", root.display());
        let kind = |found: &Found| match &found.state {
            State::File => found.len.to_string(),
            State::Stdin => "stdin".into(),
            State::Excluded => "excluded".into(),
            State::Fault(fault) => fault.code.to_string(),
        };
        found
            .iter()
            .map(|found| {
                format!(
                    "{} {}",
                    found.source.as_str().replace(&root, ""),
                    kind(found)
                )
            })
            .collect()
    }

    #[test]
    fn folders_are_walked_in_order() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::create_dir_all(at("b/deep")).unwrap();
        fs::create_dir_all(at("skip")).unwrap();
        for (name, text) in [
            ("b/deep/1", "1"),
            ("b/.hidden", "22"),
            ("a.csv", "333"),
            ("z.bak", "4"),
            ("skip/x", "5"),
        ] {
            fs::write(at(name), text).unwrap();
        }
        fs::hard_link(at("a.csv"), at("b/same")).unwrap();
        std::os::unix::fs::symlink(at("a.csv"), at("link")).unwrap();
        std::os::unix::fs::symlink(root.path(), at("b/loop")).unwrap();
        std::os::unix::fs::symlink(at("skip/x"), at("b/to-excluded")).unwrap();
        std::os::unix::fs::symlink(at("nowhere"), at("b/to-nowhere")).unwrap();
        std::os::unix::fs::symlink("/", at("b/to-outside")).unwrap();
        std::os::unix::fs::symlink("/", at("b/to-outside.bak")).unwrap();
        let _socket = std::os::unix::net::UnixListener::bind(at("b/socket")).unwrap();
        fs::write(root.path().join(OsStr::from_bytes(b"\x8c\xda.csv")), "6").unwrap();

        let inputs = [
            root.path().to_path_buf(),
            at("a.csv"),
            at("link"),
            at("missing"),
            "-".into(),
        ];
        let exclude = ["*.bak".to_string(), "skip".to_string()];
        let expected = [
            "- stdin",
            "a.csv 3",
            "b/.hidden 2",
            "b/deep/1 1",
            "b/socket special-file",
            "b/to-nowhere link",
            "b/to-outside link",
            "b/to-outside.bak excluded",
            "missing unreadable",
            "skip excluded",
            "z.bak excluded",
            "\\x8c\\xda.csv 1",
        ];
        assert_eq!(names(&walk(&inputs, &exclude), root.path()), expected);
        let reversed: Vec<PathBuf> = inputs.iter().rev().cloned().collect();
        assert_eq!(walk(&reversed, &exclude), walk(&inputs, &exclude));
    }

    #[test]
    fn links_are_followed_where_named() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("real")).unwrap();
        fs::write(root.path().join("real/x"), "1").unwrap();
        std::os::unix::fs::symlink(root.path().join("real"), root.path().join("link")).unwrap();
        let found = walk(&[root.path().join("link")], &[]);
        assert_eq!(names(&found, root.path()), ["link/x 1"]);
    }

    #[test]
    fn patterns_are_of_paths_as_written() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        fs::create_dir_all(at("tmp/in/tmp")).unwrap();
        fs::write(at("tmp/other"), "1").unwrap();
        fs::write(at("tmp/in/tmp/x"), "1").unwrap();
        // The folder above is called as the pattern says, and yet nothing there was left out.
        std::os::unix::fs::symlink(at("tmp/other"), at("tmp/in/out")).unwrap();
        std::os::unix::fs::symlink(at("tmp/in/tmp/x"), at("tmp/in/inside")).unwrap();
        let walked =
            |exclude: &str| names(&walk(&[at("tmp/in")], &[exclude.to_owned()]), &at("tmp/in"));
        assert_eq!(walked("in/tmp"), ["out link", "tmp excluded"]);
        let bound = display(&fs::canonicalize(at("tmp/other")).unwrap());
        assert_eq!(walked(&bound), ["tmp/x 1"]);
    }

    #[test]
    fn names_stay_distinct() {
        let seen = |path: &[u8]| Seen {
            path: OsStr::from_bytes(path).into(),
            inode: None,
            len: 0,
            state: State::File,
        };
        let found = name(vec![seen(b"\\x8c"), seen(b"\x8c")]);
        assert_eq!(found[0].source.as_str(), "\\x8c");
        assert_eq!(found[1].source.as_str(), "\\x8c'");
    }
}
