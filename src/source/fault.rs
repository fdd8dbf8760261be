//! What can go wrong while reading, as one closed list.

use std::fmt;

/// Why bytes were not read as they should have been. The strings are part of the report's interface.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// The operating system refused to open or read it.
    Unreadable,
    /// The file became shorter or changed while it was read.
    Changed,
    /// The bytes end inside a structure.
    Truncated,
    /// The structure contradicts its format.
    Malformed,
    /// Bytes that are not valid in the encoding.
    BadEncoding,
    /// A quote is never closed; the rest was read line by line.
    UnclosedQuote,
    /// A record, cell or column count beyond the limit.
    RecordTooLong,
    /// More columns than the limit.
    TooManyColumns,
    /// Locked by a password that was not given.
    Encrypted,
    /// A format or compression method that this build cannot read.
    Unsupported,
    /// Containers nested deeper than the limit.
    TooDeep,
    /// More inflated bytes, members or a higher ratio than the limit: a bomb, or too little room.
    OverBudget,
    /// A source that took longer to read than the limit.
    OverTime,
    /// The process that read it ended: out of memory, out of stack, or aborted.
    Crashed,
    /// No room for a spool file.
    NoSpace,
    /// A device, socket or pipe found in a folder; not read.
    SpecialFile,
    /// A symbolic link in a folder that leads out of what is read, or nowhere; not followed.
    Link,
    /// A defect of leakscope itself, caught; please report it.
    Bug,
}

impl Code {
    /// Every code, in the order of the documentation.
    pub const ALL: [Code; 18] = [
        Code::Unreadable,
        Code::Changed,
        Code::Truncated,
        Code::Malformed,
        Code::BadEncoding,
        Code::UnclosedQuote,
        Code::RecordTooLong,
        Code::TooManyColumns,
        Code::Encrypted,
        Code::Unsupported,
        Code::TooDeep,
        Code::OverBudget,
        Code::OverTime,
        Code::Crashed,
        Code::NoSpace,
        Code::SpecialFile,
        Code::Link,
        Code::Bug,
    ];

    /// The code's name in the report.
    pub fn as_str(self) -> &'static str {
        match self {
            Code::Unreadable => "unreadable",
            Code::Changed => "changed",
            Code::Truncated => "truncated",
            Code::Malformed => "malformed",
            Code::BadEncoding => "bad-encoding",
            Code::UnclosedQuote => "unclosed-quote",
            Code::RecordTooLong => "record-too-long",
            Code::TooManyColumns => "too-many-columns",
            Code::Encrypted => "encrypted",
            Code::Unsupported => "unsupported",
            Code::TooDeep => "too-deep",
            Code::OverBudget => "over-budget",
            Code::OverTime => "over-time",
            Code::Crashed => "crashed",
            Code::NoSpace => "no-space",
            Code::SpecialFile => "special-file",
            Code::Link => "link",
            Code::Bug => "bug",
        }
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One thing that went wrong: what, where, and what it cost.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Fault {
    /// What went wrong.
    pub code: Code,
    /// Byte offset in the (decompressed) source, where one is known.
    pub at: Option<u64>,
    /// What was lost by it, without any value: `12 bytes`, `the rest of the source`.
    pub lost: String,
}

impl Fault {
    /// A fault at an offset.
    pub fn at(code: Code, at: u64, lost: impl Into<String>) -> Self {
        Self {
            code,
            at: Some(at),
            lost: lost.into(),
        }
    }

    /// A fault of a whole source.
    pub fn whole(code: Code, lost: impl Into<String>) -> Self {
        Self {
            code,
            at: None,
            lost: lost.into(),
        }
    }
}
