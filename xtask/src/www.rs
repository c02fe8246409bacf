//! Builds the explorer page.

use crate::npm;
use crate::shell::Result;

/// Fills `www/dist`; the package must have been built.
pub fn build() -> Result {
    npm::ensure("www")?;
    npm::script("www", "build")
}
