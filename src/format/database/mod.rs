//! Files of databases and of what dumps them in a form of its own.

#[cfg(feature = "databases")]
pub(super) mod access;
#[cfg(feature = "databases")]
pub(super) mod bacpac;
#[cfg(feature = "databases")]
mod bcp;
#[cfg(feature = "databases")]
pub(super) mod bson;
pub(super) mod dbase;
pub(super) mod innodb;
pub(super) mod myisam;
#[cfg(feature = "databases")]
pub(super) mod pg_dump;
#[cfg(all(feature = "databases", feature = "archives"))]
pub(super) mod pg_files;
#[cfg(all(feature = "databases", feature = "archives"))]
mod pg_toc;
pub(super) mod postgres;
#[cfg(feature = "databases")]
pub(super) mod redis;
