//! Makes the API reference from the package's typings.

use crate::catalogue;
use crate::npm;
use crate::shell::{self, Result};

/// Fills `target/reference`. Of `pkg/dist` it needs only what comes from the catalogue, which is written here.
pub fn build() -> Result {
    npm::ensure("docs/reference")?;
    catalogue::write(&shell::root().join("pkg/dist"))?;
    npm::script("docs/reference", "build")
}
