//! Files of databases and of what dumps them in a form of its own.

#[cfg(feature = "databases")]
pub(super) mod access;
#[cfg(feature = "databases")]
pub(super) mod bson;
pub(super) mod dbase;
#[cfg(feature = "databases")]
pub(super) mod pg_dump;
#[cfg(feature = "databases")]
pub(super) mod redis;
