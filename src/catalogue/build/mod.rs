//! What build.rs makes of the catalogue's files. It runs on the host; nothing of it is shipped.

pub mod exceptions;
pub mod facts;
pub mod source;
pub mod table;

mod blob;
mod fields;
mod model;
mod records;
