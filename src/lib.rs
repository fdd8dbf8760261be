//! leakscope tells which kinds of personal data leaked files hold, where, and of how many people.
//!
//! It is pointed at exported data after a breach: database dumps, CSV, JSON Lines, mail, archives. One run keeps counts and
//! keyed hashes, never values. This page says where things are and what must stay true; how a part works is told in its own
//! code.
//!
//! # The way of the data
//!
//! ```text
//! paths ─walk→ Bytes ─identify→ Format ─open→ Reader ─read→ Batch ──classify→ Shapes → Tally ─judge→ Verdict
//!                ↑                                    └→ Member (a source again) ─┐                    │
//!                └────────────────────────────────────────────────────────────────┘                    │
//! summary, JSON ←report─ Scope ←assemble─ Resolution ←resolve─ Mention ←──────── extract, under the plan ┘
//! ```
//!
//! | stage | room | takes → gives |
//! |---|---|---|
//! | walk, open | [`source`] | paths → bytes, mapped, read or spooled |
//! | identify | [`mod@format`] | first bytes → format; the file name only breaks ties |
//! | read | [`mod@format`] | one part → batches of records (cells over the source's own bytes, decoded only where they are read), and members (files inside the file) |
//! | classify | [`classify`] | a cell → its shapes; a text → matches |
//! | judge | [`mod@column`] | column names and tallies of shapes → verdicts: the column *is* a kind, or not; of whom it speaks |
//! | extract | [`identity`] | a record under its verdicts → mentions: what it says of one person (keys, kinds, role) |
//! | resolve | [`identity`] | all mentions of all sources → people as min / best / max, households, conflicts |
//! | report | [`report`] | [`scope::Scope`] → summary, JSON, findings, subjects |
//!
//! Only [`scan`] knows this order. **Guess, read, check:** the keys of a record need verdicts while it is read, yet verdicts
//! are certain only after the last record. So `scan` samples a few parts, guesses the plan, reads everything under it, then
//! takes the verdicts again, by the same function, from the full tallies; if they differ it reads that source once more. Of
//! the sample nothing is taken but the tallies: what stands in texts, and of whom, is looked for in the full reading alone. A
//! tally is a function of the values alone, so the sample never shows in the result.
//!
//! The files of findings and subjects need values and places, which nothing keeps: the sources are read again under the final
//! verdicts.
//!
//! # Rooms
//!
//! A room may use the rooms above it in this list and no other; `tests/it/tidy.rs` reads the `use crate::` lines and fails on
//! a breach.
//!
//! | room | one sentence |
//! |---|---|
//! | [`text`] | What characters mean: encodings, escapes, width and kana folding, dates and eras, masking. Pure functions. |
//! | [`source`] | Where bytes come from: walking, mapping, spooling, limits; the only `unsafe` (the map and its guard). |
//! | [`mod@format`] | How bytes become records: one file and one table row per format; archives and mail give members. |
//! | [`pattern`] | What is looked for: `patterns/` loaded and compiled; kinds, check digits, dictionaries, column words. |
//! | [`classify`] | What a value is: recognisers and patterns on one cell or text; no files, no columns. |
//! | [`mod@column`] | What a column holds, from its name and counts; sees no value. |
//! | [`identity`] | Who a record is about: normal forms, keyed hashes, linking, bounds, conflicts. |
//! | [`scope`] | The result as plain data with public fields. No logic, no serialisation. |
//! | [`scan`] | The pipeline, its parallelism and its merging. The only room that starts tasks. |
//! | [`report`] | How it is told; own serialisable twins of `scope`, converted by hand. |
//! | `cli.rs`, `main.rs` | The edge (binary only): flags, terminal, progress bar, exit code. The only printing. |
//!
//! Data beside the code: `patterns/kinds/*.toml` (a kind each, with examples and counter-examples) and `patterns/lists/*`.
//!
//! # Words
//!
//! A *source* is a file or a member; its path through containers is written `dump.zip!/users.csv`. A *shape* is a plain fact
//! about one value; a *match* is one hit in one value; a *finding* is a kind in a column. A *mention* is one record speaking of
//! one person; a *subject* is a person found.
//!
//! # Parallelism and determinism
//!
//! One thread pool, three nested levels: sources (largest first), parts of a source (8 MiB, smaller ones of small sources, cut at record ends),
//! members inside a part. A task owns a worker (scratch over the shared immutable patterns) and counts for itself; counts merge
//! by sums and unions, and everything is sorted once at the end by the place where a serial reader would first have met it. So:
//! same bytes in, same report out, at any thread count, part size and sample size.
//!
//! # Errors
//!
//! *Before reading* (flags, patterns): `Err`, exit 2. *While reading*: a reader says [`source::Fault`], the scan makes it a
//! [`scope::Problem`], the rest goes on, and what was read before the fault counts. A panic is a defect of leakscope: caught at
//! the part, reported as code `bug`, without values. What no code can catch (out of memory, out of stack, C code, a loop without end) happens
//! in a process of its own to parsers that are not ours ([`format::apart`]), and is a fault, too. [`source::Limits`] turn hostile input into problems, never into a stop.
//!
//! # One place per change
//!
//! | to add | touch |
//! |---|---|
//! | a kind or a pattern | one file in `patterns/kinds/` |
//! | a check digit | one function and one row of `CHECKS` in `pattern/check.rs`, with published numbers beside it |
//! | a word list | one file in `patterns/lists/` |
//! | a format or archive | one file in `format/` with its row in `FORMATS`; one fixture folder |
//! | a report | one file in `report/` |
//! | a fixture | one folder in `fixtures/` |
//! | a flag | one field in `cli.rs` and its line in [`scan::Options`] |
//!
//! # What is deliberately absent
//!
//! * No raw value in any report, log, error, panic or `Debug`: from [`scope`] on, [`scope::Masked`] and [`scope::SafeName`] are
//!   the only text of a value there is, but for the findings file when the user asks for raw values by name.
//! * Names are values too: headers, JSON keys, table, member and file names are classified before they are shown.
//! * No network. No locale or environment inside the library, and no clock but the one that ends a source which takes too long. No file written but those asked for, and spools.
//! * `format` knows no kinds; `classify` knows no files; `column` sees no values; `report` computes nothing.
//! * No trait but [`format::Reader`], no builder, no plugin interface, no configuration file, no async.

pub mod classify;
pub mod column;
pub mod format;
pub mod identity;
pub mod pattern;
pub mod report;
pub mod scan;
pub mod scope;
pub mod source;
pub mod text;
