//! The names that are there by themselves in a crate with the standard library; this crate is `no_std`.

pub use std::borrow::ToOwned;
pub use std::boxed::Box;
pub use std::format;
pub use std::string::{String, ToString};
pub use std::vec::Vec;
