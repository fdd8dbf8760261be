//! Reads JSON tokens from bytes, without recursion and without a tree.

use super::shape::{At, Rows};
use crate::text::is_shift_jis_trail;

/// Values nested deeper than this are stepped over.
const DEPTH: usize = 128;

/// Why the bytes are not JSON, and where.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stop {
    /// They end inside a value.
    End,
    /// They contradict the grammar at this offset.
    Bad(usize),
}

/// A position in JSON text.
#[derive(Clone)]
pub(super) struct Tokens<'a> {
    pub(super) bytes: &'a [u8],
    pub(super) at: usize,
    /// Whether a backslash may be the second byte of a character (Shift_JIS).
    pub(super) trails: bool,
    /// Where values nested too deep begin, if there were any.
    pub(super) deep: Option<usize>,
}

/// A string or a number, `true`, `false`, `null`: where it is, and whether it holds a backslash.
#[derive(Clone, Copy)]
pub(super) struct Scalar {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) escaped: bool,
    pub(super) null: bool,
}

/// An object or array that is being read.
struct Open {
    path: At,
    object: bool,
    hint: usize,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8], at: usize, trails: bool) -> Self {
        Self {
            bytes,
            at,
            trails,
            deep: None,
        }
    }

    /// The next byte that is no white space.
    #[inline]
    pub(super) fn peek(&mut self) -> Result<u8, Stop> {
        loop {
            match self.bytes.get(self.at) {
                Some(b' ' | b'\t' | b'\n' | b'\r') => self.at += 1,
                Some(byte) => return Ok(*byte),
                None => return Err(Stop::End),
            }
        }
    }

    /// Takes a byte if it comes next.
    #[inline]
    pub(super) fn take(&mut self, byte: u8) -> Result<bool, Stop> {
        let found = self.peek()? == byte;
        self.at += usize::from(found);
        Ok(found)
    }

    pub(super) fn expect(&mut self, byte: u8) -> Result<(), Stop> {
        if self.take(byte)? {
            Ok(())
        } else {
            Err(Stop::Bad(self.at))
        }
    }

    /// Takes a key and its colon.
    #[inline]
    pub(super) fn key(&mut self) -> Result<&'a [u8], Stop> {
        self.expect(b'"')?;
        let key = self.string()?;
        self.expect(b':')?;
        Ok(&self.bytes[key.start..key.end])
    }

    /// Reads on to the closing quote.
    #[inline]
    fn string(&mut self) -> Result<Scalar, Stop> {
        let start = self.at;
        let mut escaped = false;
        loop {
            let rest = self.bytes.get(self.at..).ok_or(Stop::End)?;
            let found = memchr::memchr2(b'"', b'\\', rest).ok_or(Stop::End)?;
            let at = self.at + found;
            if self.bytes[at] == b'"' {
                self.at = at + 1;
                return Ok(Scalar {
                    start,
                    end: at,
                    escaped,
                    null: false,
                });
            }
            if self.trails && is_shift_jis_trail(self.bytes, at) {
                self.at = at + 1;
            } else {
                escaped = true;
                self.at = at + 2;
            }
        }
    }

    /// Takes a string, a number or a literal.
    #[inline]
    pub(super) fn scalar(&mut self) -> Result<Scalar, Stop> {
        if self.take(b'"')? {
            return self.string();
        }
        let start = self.at;
        let rest = &self.bytes[start..];
        let ends = |b: &u8| {
            matches!(
                b,
                b',' | b']' | b'}' | b':' | b' ' | b'\t' | b'\n' | b'\r' | b'"' | b'[' | b'{'
            )
        };
        let len = rest.iter().position(ends).unwrap_or(rest.len());
        let word = &rest[..len];
        let number = |w: &[u8]| {
            let digits = w.strip_prefix(b"-").unwrap_or(w);
            digits.first().is_some_and(u8::is_ascii_digit)
                && digits
                    .iter()
                    .all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
        };
        if !number(word)
            && !matches!(
                word,
                b"true" | b"false" | b"null" | b"NaN" | b"Infinity" | b"-Infinity"
            )
        {
            let cut = len == rest.len()
                && [&b"true"[..], b"false", b"null", b"-"]
                    .iter()
                    .any(|w| w.starts_with(word));
            return Err(if cut { Stop::End } else { Stop::Bad(start) });
        }
        self.at += len;
        Ok(Scalar {
            start,
            end: start + len,
            escaped: false,
            null: word == b"null",
        })
    }

    /// Reads a value and gives its scalars to `rows`, under `path`; without them it is only looked whether it is one.
    pub(super) fn value(&mut self, path: At, mut rows: Option<&mut Rows<'_>>) -> Result<(), Stop> {
        let mut open: Vec<Open> = Vec::new();
        let mut path = path;
        loop {
            // A value begins here.
            let byte = self.peek()?;
            let opens = matches!(byte, b'{' | b'[');
            if opens && open.len() >= DEPTH {
                self.deep = self.deep.or(Some(self.at));
                self.step_over()?;
            } else if opens {
                self.at += 1;
                let object = byte == b'{';
                if !self.take(if object { b'}' } else { b']' })? {
                    let below = match rows.as_deref_mut().filter(|_| !object) {
                        Some(rows) => rows.elements(path),
                        None => path,
                    };
                    open.push(Open {
                        path: below,
                        object,
                        hint: 0,
                    });
                    path = self.enter(&mut open, rows.as_deref_mut())?;
                    continue;
                }
            } else {
                let scalar = self.scalar()?;
                if let Some(rows) = rows.as_deref_mut() {
                    let range = (!scalar.null).then_some((scalar.start, scalar.end));
                    rows.value(path, range, scalar.escaped);
                }
            }
            // A value has ended: go on in what is open.
            loop {
                let Some(top) = open.last() else {
                    return Ok(());
                };
                if self.take(b',')? {
                    path = self.enter(&mut open, rows.as_deref_mut())?;
                    break;
                }
                self.expect(if top.object { b'}' } else { b']' })?;
                open.pop();
            }
        }
    }

    /// Reads up to the next value in the innermost open one: its key, if it is an object.
    #[inline]
    fn enter(&mut self, open: &mut [Open], rows: Option<&mut Rows<'_>>) -> Result<At, Stop> {
        let top = open.last_mut().expect("called only with an open value");
        if !top.object {
            return Ok(top.path);
        }
        let key = self.key()?;
        Ok(match rows {
            Some(rows) => rows.member(top.path, key, &mut top.hint),
            None => top.path,
        })
    }

    /// Steps over an object or array of any depth, looking at brackets and strings only.
    pub(super) fn step_over(&mut self) -> Result<(), Stop> {
        let mut depth = 0usize;
        loop {
            match self.bytes.get(self.at).ok_or(Stop::End)? {
                b'"' => {
                    self.at += 1;
                    self.string()?;
                    continue;
                }
                b'{' | b'[' => depth += 1,
                b'}' | b']' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.at += 1;
            if depth == 0 {
                return Ok(());
            }
        }
    }
}
