//! Documents of office programs.
//!
//! In: bytes. Out: sheets and tables as tables, running text as lines, and what a document hides: hidden sheets, caches,
//! comments, deletions, properties. Embedded files are members.

mod beside;
mod binary;
mod document;
#[cfg(feature = "office")]
mod locked;
mod looks;
mod merged;
mod number;
mod odf;
#[cfg(feature = "office")]
mod ole;
mod package;
mod pivot;
#[cfg(feature = "office")]
mod pivot_xls;
mod record;
mod sheet;
#[cfg(feature = "office")]
mod slides;
mod strings;
#[cfg(feature = "office")]
mod summary;
#[cfg(feature = "office")]
mod word;
#[cfg(feature = "office")]
mod xls;
mod xlsb;
mod xlsx;

pub(crate) use document::{DOCX, PPTX};
pub(crate) use odf::{ODS, ODT};
#[cfg(feature = "office")]
pub(crate) use ole::OLE;
#[cfg(feature = "office")]
pub(crate) use pivot_xls::FORMAT as XLS_CACHE;
pub(crate) use xlsb::XLSB;
pub(crate) use xlsx::XLSX;
