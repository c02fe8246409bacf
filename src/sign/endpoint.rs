//! Where requests go. The path is signed as it is written, so nothing here repairs it.

use super::error::Error;
use alloc::format;
use alloc::string::{String, ToString};

/// The service's own endpoint (API guide, overview page).
pub const DEFAULT_ENDPOINT: &str = "https://api.qingcloud.com/iaas/";

/// An absolute address in two parts: `https://api.qingcloud.com` and `/iaas/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    origin: String,
    path: String,
}

impl Endpoint {
    /// Reads an address whose bytes can be sent just as they are signed.
    ///
    /// The slash at the end of the path matters. Plain `http:` is for loop-back addresses, or
    /// wherever `allow_insecure_http` says so: whoever sees a request may replay it for a minute.
    pub fn parse(text: &str, allow_insecure_http: bool) -> Result<Endpoint, Error> {
        let wrong = |why: &str| Error::options(format!("\"endpoint\" {why}"));
        let (scheme, rest) = text.split_once("://").ok_or_else(|| {
            wrong("must be an absolute address such as https://api.qingcloud.com/iaas/")
        })?;
        let is_https = scheme.eq_ignore_ascii_case("https");
        if !is_https && !scheme.eq_ignore_ascii_case("http") {
            return Err(wrong("must start with https:// (or http://)"));
        }
        if rest.contains(['?', '#']) {
            return Err(wrong("must have no query and no fragment"));
        }
        let (authority, path) = match rest.find('/') {
            Some(at) => rest.split_at(at),
            None => (rest, "/"),
        };
        if authority.contains('@') {
            return Err(wrong("must hold no user name or password"));
        }
        let (host, port) = split_port(authority);
        if !is_host(host) {
            return Err(wrong(
                "must name a host in ASCII (an international name in its xn-- form)",
            ));
        }
        if port.is_some_and(|port| port.parse::<u16>().is_err()) {
            return Err(wrong("has a port that is not a number from 0 to 65535"));
        }
        if !is_stable_path(path) {
            return Err(wrong(
                "has a path that a URL parser would rewrite; use plain segments of A-Z a-z 0-9 - . _ ~",
            ));
        }
        if !is_https && !allow_insecure_http && !is_loopback(host) {
            return Err(wrong(
                "is plain http: to another machine; use https:, or set allowInsecureHttp: true for a private cloud",
            ));
        }
        Ok(Endpoint {
            origin: format!("{}://{authority}", if is_https { "https" } else { "http" }),
            path: path.to_string(),
        })
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Host and port.
    pub fn host(&self) -> &str {
        self.origin.split_once("://").map_or("", |(_, host)| host)
    }

    /// The path, from its first slash on.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `[::1]`.
    pub fn is_loopback(&self) -> bool {
        is_loopback(split_port(self.host()).0)
    }

    /// The same with `iaas` turned into `iam`, where requests that carry a token go
    /// (official Python SDK).
    pub fn for_token(&self) -> Endpoint {
        let path: alloc::vec::Vec<&str> = self
            .path
            .split('/')
            .map(|segment| if segment == "iaas" { "iam" } else { segment })
            .collect();
        Endpoint {
            origin: self.origin.clone(),
            path: path.join("/"),
        }
    }
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    match authority.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, Some(port)),
        _ => (authority, None),
    }
}

fn is_host(host: &str) -> bool {
    let name = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match name {
        Some(v6) => {
            !v6.is_empty()
                && v6
                    .bytes()
                    .all(|b| b.is_ascii_hexdigit() || b == b':' || b == b'.')
        }
        None => {
            !host.is_empty()
                && host
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'-' | b'_'))
        }
    }
}

/// Whether a URL parser leaves `path` alone: no escapes, no spaces, no `.` or `..` segments.
fn is_stable_path(path: &str) -> bool {
    path.split('/').all(|segment| {
        !matches!(segment, "." | "..")
            && segment
                .bytes()
                .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~'))
    })
}

fn is_loopback(host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let octets: Option<alloc::vec::Vec<u8>> =
        host.split('.').map(|part| part.parse().ok()).collect();
    host == "localhost"
        || host.ends_with(".localhost")
        || host == "[::1]"
        || octets.is_some_and(|octets| octets.len() == 4 && octets[0] == 127)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoint(text: &str) -> Endpoint {
        Endpoint::parse(text, false).unwrap()
    }

    #[test]
    fn the_path_is_kept_as_written() {
        for (text, origin, path) in [
            (DEFAULT_ENDPOINT, "https://api.qingcloud.com", "/iaas/"),
            (
                "https://api.qingcloud.com/iaas",
                "https://api.qingcloud.com",
                "/iaas",
            ),
            (
                "https://api.private.example:8443/iaas/",
                "https://api.private.example:8443",
                "/iaas/",
            ),
            (
                "https://api.qingcloud.com",
                "https://api.qingcloud.com",
                "/",
            ),
            (
                "HTTPS://api.qingcloud.com//a",
                "https://api.qingcloud.com",
                "//a",
            ),
        ] {
            let read = endpoint(text);
            assert_eq!((read.origin(), read.path()), (origin, path));
        }
    }

    #[test]
    fn a_token_goes_to_iam() {
        assert_eq!(endpoint(DEFAULT_ENDPOINT).for_token().path(), "/iam/");
        assert_eq!(
            endpoint("https://a.example/iaas").for_token().path(),
            "/iam"
        );
        assert_eq!(
            endpoint("https://a.example/x-iaas/").for_token().path(),
            "/x-iaas/"
        );
    }

    #[test]
    fn plain_http_is_for_this_machine_unless_allowed() {
        for host in [
            "localhost:1",
            "127.0.0.1",
            "127.9.9.9:80",
            "[::1]:8080",
            "a.localhost",
        ] {
            assert!(
                endpoint(&format!("http://{host}/iaas/")).is_loopback(),
                "{host}"
            );
        }
        for host in [
            "api.qingcloud.com",
            "127.0.0.1.example",
            "10.0.0.1",
            "1270.0.0.1",
        ] {
            let text = format!("http://{host}/iaas/");
            let error = Endpoint::parse(&text, false).unwrap_err();
            assert!(error.message.contains("allowInsecureHttp"), "{host}");
            assert!(Endpoint::parse(&text, true).is_ok());
        }
    }

    #[test]
    fn addresses_that_would_be_sent_otherwise_are_refused() {
        for text in [
            "",
            "api.qingcloud.com/iaas/",
            "ftp://api.qingcloud.com/",
            "https:///iaas/",
            "https://user:pw@api.qingcloud.com/iaas/",
            "https://api.qingcloud.com/iaas/?a=1",
            "https://api.qingcloud.com/iaas/#a",
            "https://api.qingcloud.com/a b",
            "https://api.qingcloud.com/../iaas/",
            "https://api.qingcloud.com/%69aas/",
            "https://api.qingcloud.com/\\iaas/",
            "https://青云.example/iaas/",
            "https://api.qingcloud.com:99999/iaas/",
            "https://api.qingcloud.com:/iaas/",
            "https://[::1/iaas/",
            "https://a b/iaas/",
        ] {
            assert!(Endpoint::parse(text, false).is_err(), "{text:?}");
        }
    }
}
