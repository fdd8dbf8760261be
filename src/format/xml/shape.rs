//! Which elements of a document are records: learned from the whole document before it is read.

use std::collections::HashMap;

use quick_xml::events::Event;

use super::super::markup::{attributes, local, reader};

/// Number of a path.
pub(super) type At = u32;
/// The document itself.
pub(super) const ROOT: At = 0;
/// What stands beyond the paths that are told apart.
const OTHER: At = 1;
/// Paths told apart.
const PATHS: usize = 1 << 16;

/// One path: the element of a name inside another path.
#[derive(Default)]
struct Path {
    /// Whether one element has several of it.
    repeats: bool,
    /// Attributes other than `name`, or text.
    has_values: bool,
    has_text: bool,
    has_children: bool,
    /// Whether it always has an attribute `name`, no child, and stands several times: a field.
    named: u32,
    count: u32,
    parent: At,
}

/// The shape of a document.
pub(super) struct Shape {
    children: HashMap<(At, String), At>,
    paths: Vec<Path>,
    records: Vec<bool>,
}

impl Shape {
    /// Learns the shape of a document, as far as it can be read.
    pub(super) fn learn(text: &str) -> Self {
        let mut shape = Self {
            children: HashMap::new(),
            paths: vec![Path::default(), Path::default()],
            records: Vec::new(),
        };
        let mut reader = reader(text);
        // Paths of the open elements, with the children that each has had.
        let mut open: Vec<(At, HashMap<At, u32>)> = vec![(ROOT, HashMap::new())];
        let mut deeper = 0u64;
        while let Ok(event) = reader.read_event() {
            match &event {
                Event::Start(start) | Event::Empty(start) => {
                    let is_empty = matches!(event, Event::Empty(_));
                    if open.len() > super::DEPTH {
                        deeper += u64::from(!is_empty);
                        continue;
                    }
                    let name = String::from_utf8_lossy(local(start)).into_owned();
                    let path = shape.enter(open.last_mut(), name);
                    let found = &mut shape.paths[path as usize];
                    found.count = found.count.saturating_add(1);
                    for (key, _) in attributes(start) {
                        if key == b"name" {
                            found.named = found.named.saturating_add(1);
                        } else if key != b"nil" && key != b"space" {
                            found.has_values = true;
                        }
                    }
                    if !is_empty {
                        open.push((path, HashMap::new()));
                    }
                }
                Event::End(_) if deeper > 0 => deeper -= 1,
                Event::End(_) if open.len() > 1 => drop(open.pop()),
                Event::Text(text) if text.trim().is_empty() => {}
                Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => {
                    let path = open.last().map_or(ROOT, |(path, _)| *path);
                    shape.paths[path as usize].has_text = true;
                }
                Event::Eof => break,
                _ => {}
            }
        }
        shape.settle();
        shape
    }

    /// The path of a child, made if it is new, and counted for the element around it.
    fn enter(&mut self, parent: Option<&mut (At, HashMap<At, u32>)>, name: String) -> At {
        let Some((parent, had)) = parent else {
            return OTHER;
        };
        let next = self.paths.len();
        let path = if next >= PATHS {
            self.child(*parent, &name)
        } else {
            *self.children.entry((*parent, name)).or_insert(next as At)
        };
        if path as usize == next {
            self.paths.push(Path {
                parent: *parent,
                ..Path::default()
            });
        }
        self.paths[*parent as usize].has_children = true;
        let times = had.entry(path).or_default();
        *times += 1;
        self.paths[path as usize].repeats |= *times > 1 && *parent != ROOT;
        path
    }

    /// Which paths hold values in elements of which they have one each, and nothing that repeats and holds some, too: a transfer with its creditor and
    /// his account (ISO 20022).
    fn whole(&self, holds: &[bool]) -> Vec<bool> {
        let mut deep = vec![false; self.paths.len()];
        let mut blocked = vec![false; self.paths.len()];
        // Parents have smaller numbers than their children.
        for path in (2..self.paths.len()).rev() {
            let found = &self.paths[path];
            let parent = found.parent as usize;
            let has = holds[path] || deep[path];
            deep[parent] |= !found.repeats && has;
            blocked[parent] |= blocked[path] || found.repeats && found.has_children && has;
        }
        let whole = deep.into_iter().zip(blocked);
        whole.map(|(deep, blocked)| deep && !blocked).collect()
    }

    /// Settles which paths are records: the outermost that repeat and hold values themselves, or in elements of which they have one each.
    fn settle(&mut self) {
        let mut holds = vec![false; self.paths.len()];
        for path in 2..self.paths.len() {
            let found = &self.paths[path];
            // A leaf, or an element with attributes, gives its parent a value.
            let is_leaf = !found.has_children
                && (found.has_text || found.has_values || found.named > 0 && found.repeats);
            holds[path] |= found.has_values || is_leaf;
            if is_leaf {
                holds[found.parent as usize] = true;
            }
        }
        let whole = self.whole(&holds);
        self.records = vec![false; self.paths.len()];
        let mut inside = vec![false; self.paths.len()];
        for path in 2..self.paths.len() {
            let parent = self.paths[path].parent as usize;
            inside[path] = inside[parent] || self.records[parent];
            let found = &self.paths[path];
            let held = holds[path] || whole[path];
            self.records[path] =
                !inside[path] && found.repeats && held && !self.is_keyed(path as At);
        }
        // The rows of a second table may stand alone in it, as may those of a dump of one row.
        let with_fields: Vec<usize> = (2..self.paths.len())
            .filter(|&path| self.is_keyed(path as At) && !self.paths[path].has_values)
            .map(|path| self.paths[path].parent as usize)
            .collect();
        for path in with_fields {
            self.records[path] |= !inside[path];
        }
    }

    /// The path of a child.
    pub(super) fn child(&self, parent: At, name: &str) -> At {
        self.children
            .get(&(parent, name.to_owned()))
            .copied()
            .unwrap_or(OTHER)
    }

    /// Whether elements of a path are records.
    pub(super) fn is_record(&self, path: At) -> bool {
        self.records.get(path as usize).is_some_and(|is| *is)
    }

    /// Whether elements of a path are fields named by their attribute `name`.
    pub(super) fn is_keyed(&self, path: At) -> bool {
        let Some(path) = self.paths.get(path as usize) else {
            return false;
        };
        path.named == path.count
            && path.has_text
            && !path.has_children
            && !path.has_values
            && path.count > 1
    }
}
