//! The browsers that the tests drive.

use crate::debian;
use crate::shell::{self, Result};

struct Browser {
    name: &'static str,
    /// Programs that will do, best first; `js-tests/browser.js` looks for the same.
    programs: &'static [&'static str],
    /// Names another place.
    variable: &'static str,
    package: &'static str,
}

const BROWSERS: [Browser; 2] = [
    Browser {
        name: "Chromium",
        programs: &[
            "chromium",
            "chromium-browser",
            "google-chrome",
            "google-chrome-stable",
        ],
        variable: "CHROMIUM_PATH",
        package: "chromium",
    },
    Browser {
        name: "Firefox",
        programs: &["firefox-esr", "firefox"],
        variable: "FIREFOX_PATH",
        package: "firefox-esr",
    },
];

/// Installs the browsers that are missing, or says how.
pub fn ensure() -> Result {
    let missing: Vec<&Browser> = BROWSERS
        .iter()
        .filter(|browser| !browser.is_there())
        .collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|browser| browser.package).collect();
    if debian::is_root_here() {
        return debian::install(&packages);
    }
    let sentences: Vec<String> = missing
        .iter()
        .map(|browser| {
            format!(
                "{} is missing: install it, or set {} to where it is",
                browser.name, browser.variable
            )
        })
        .collect();
    Err(format!(
        "{} (on Debian: `apt-get install {}`).",
        sentences.join("; "),
        packages.join(" ")
    ))
}

impl Browser {
    fn is_there(&self) -> bool {
        std::env::var_os(self.variable).is_some()
            || self
                .programs
                .iter()
                .any(|program| shell::which(program).is_some())
    }
}
