//! Where requests go. The path is signed as it is written, so nothing here repairs it.

use super::encode::is_unreserved;
use super::error::Error;
use super::tree::whole_number;
use alloc::string::String;

/// The service's own endpoint (API guide, overview page).
pub const DEFAULT_ENDPOINT: &str = "https://api.qingcloud.com/iaas/";

/// An absolute address: `https://api.qingcloud.com` and `/iaas/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Endpoint {
    url: String,
    /// Where the path starts.
    path: usize,
}

impl Endpoint {
    /// Reads an address whose bytes can be sent just as they are signed.
    ///
    /// The slash at the end of the path matters. Plain `http:` is for loop-back addresses, or
    /// wherever `allow_insecure_http` says so: whoever sees a request may replay it for a minute.
    pub fn parse(text: &str, allow_insecure_http: bool) -> Result<Endpoint, Error> {
        read(text, allow_insecure_http).map_err(|why| Error::options(&["\"endpoint\" ", why]))
    }

    /// The whole address.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Scheme, host and port.
    pub fn origin(&self) -> &str {
        &self.url[..self.path]
    }

    /// Host and port.
    pub fn host(&self) -> &str {
        let (_, rest) = split(self.origin(), b':');
        rest.strip_prefix(MARK).unwrap_or_default()
    }

    /// The path, from its first slash on.
    pub fn path(&self) -> &str {
        &self.url[self.path..]
    }

    /// Whether the host is this machine: `localhost`, `127.0.0.0/8` or `[::1]`.
    pub fn is_loopback(&self) -> bool {
        is_loopback(split_port(self.host()).0.as_bytes())
    }

    /// The same with `iaas` turned into `iam`, where requests that carry a token go
    /// (official Python SDK).
    pub fn for_token(&self) -> Endpoint {
        let mut url = String::from(self.origin());
        let mut rest = self.path();
        while let Some(tail) = rest.strip_prefix('/') {
            let (segment, further) = split(tail, b'/');
            url.push('/');
            url.push_str(if segment == "iaas" { "iam" } else { segment });
            rest = further;
        }
        Endpoint {
            url,
            path: self.path,
        }
    }
}

/// What stands between the scheme and the host.
const MARK: &str = "://";

/// The address in `text`, or what is wrong with it.
fn read(text: &str, allow_insecure_http: bool) -> Result<Endpoint, &'static str> {
    let (scheme, after) = split(text, b':');
    let rest = after
        .strip_prefix(MARK)
        .ok_or("must be an absolute address such as https://api.qingcloud.com/iaas/")?;
    let is_https = scheme.eq_ignore_ascii_case("https");
    if !is_https && !scheme.eq_ignore_ascii_case("http") {
        return Err("must start with https:// (or http://)");
    }
    if has(rest, b'?') || has(rest, b'#') {
        return Err("must have no query and no fragment");
    }
    let (authority, path) = split(rest, b'/');
    if has(authority, b'@') {
        return Err("must hold no user name or password");
    }
    let (host, port) = split_port(authority);
    if !is_host(host.as_bytes()) {
        return Err("must name a host in ASCII (an international name in its xn-- form)");
    }
    let is_port = |port: &str| is_number_up_to(port.as_bytes(), 65_535);
    if port.strip_prefix(':').is_some_and(|port| !is_port(port)) {
        return Err("has a port that is not a number from 0 to 65535");
    }
    if !is_stable_path(path.as_bytes()) {
        return Err(
            "has a path that a URL parser would rewrite; use plain segments of A-Z a-z 0-9 - . _ ~",
        );
    }
    if !is_https && !allow_insecure_http && !is_loopback(host.as_bytes()) {
        return Err(
            "is plain http: to another machine; use https:, or for a private cloud a QingCloudClient with allowInsecureHttp: true",
        );
    }
    let mut url = String::from(if is_https { "https" } else { "http" });
    url.push_str(after);
    let end = url.len() - path.len();
    if path.is_empty() {
        url.push('/');
    }
    Ok(Endpoint { url, path: end })
}

fn has(text: &str, mark: u8) -> bool {
    text.bytes().any(|byte| byte == mark)
}

/// `text` up to the first `mark`, and from there on.
fn split(text: &str, mark: u8) -> (&str, &str) {
    let at = text.bytes().position(|byte| byte == mark);
    text.split_at(at.unwrap_or(text.len()))
}

/// The host, and the port with its colon.
fn split_port(authority: &str) -> (&str, &str) {
    // An IPv6 address has its own colons, in brackets.
    let bracket = authority.bytes().position(|byte| byte == b']').unwrap_or(0);
    let (host, _) = split(&authority[bracket..], b':');
    authority.split_at(bracket + host.len())
}

fn is_host(host: &[u8]) -> bool {
    match host {
        [b'[', name @ .., b']'] => {
            !name.is_empty()
                && name
                    .iter()
                    .all(|byte| byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'))
        }
        name => {
            !name.is_empty()
                && name
                    .iter()
                    .all(|byte| is_unreserved(*byte) && *byte != b'~')
        }
    }
}

/// Whether a URL parser leaves `path` alone: no escapes, no spaces, no `.` or `..` segments.
fn is_stable_path(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/').all(|segment| {
        !matches!(segment, b"." | b"..") && segment.iter().all(|byte| is_unreserved(*byte))
    })
}

fn is_loopback(host: &[u8]) -> bool {
    let is_v4 = || {
        let parts = || host.split(|byte| *byte == b'.');
        parts().count() == 4 && parts().all(|part| is_number_up_to(part, 255))
    };
    let is_local = |(before, end): (&[u8], &[u8; 9])| {
        end.eq_ignore_ascii_case(b"localhost") && matches!(before, [] | [.., b'.'])
    };
    host.split_last_chunk().is_some_and(is_local)
        || host == b"[::1]"
        || (host.starts_with(b"127.") && is_v4())
}

fn is_number_up_to(digits: &[u8], limit: u32) -> bool {
    whole_number(digits).is_some_and(|number| number <= limit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;

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
            "127.0.0.example",
            "127.0.1",
        ] {
            let text = format!("http://{host}/iaas/");
            let error = Endpoint::parse(&text, false).unwrap_err();
            assert!(error.message.contains("allowInsecureHttp"), "{host}");
            assert!(alloc::string::ToString::to_string(&error).contains("allowInsecureHttp"));
            assert!(!Endpoint::parse(&text, true).unwrap().is_loopback());
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
