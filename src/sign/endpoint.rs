//! Where requests go. The path is signed as it is written, so nothing here repairs it.

use super::encode::is_unreserved;
use super::error::Error;
use alloc::string::String;

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
        let wrong = |why| Error::options(&["\"endpoint\" ", why]);
        let (scheme, rest) = split(text, b':');
        let Some(rest) = rest.strip_prefix("://") else {
            return Err(wrong(
                "must be an absolute address such as https://api.qingcloud.com/iaas/",
            ));
        };
        let is_https = scheme.eq_ignore_ascii_case("https");
        if !is_https && !scheme.eq_ignore_ascii_case("http") {
            return Err(wrong("must start with https:// (or http://)"));
        }
        if rest.bytes().any(|byte| matches!(byte, b'?' | b'#')) {
            return Err(wrong("must have no query and no fragment"));
        }
        let (authority, path) = split(rest, b'/');
        let path = if path.is_empty() { "/" } else { path };
        if authority.bytes().any(|byte| byte == b'@') {
            return Err(wrong("must hold no user name or password"));
        }
        let (host, port) = split_port(authority);
        if !is_host(host) {
            return Err(wrong(
                "must name a host in ASCII (an international name in its xn-- form)",
            ));
        }
        if port.is_some_and(|port| !is_number_up_to(port.as_bytes(), 65_535)) {
            return Err(wrong("has a port that is not a number from 0 to 65535"));
        }
        if !is_stable_path(path) {
            return Err(wrong(
                "has a path that a URL parser would rewrite; use plain segments of A-Z a-z 0-9 - . _ ~",
            ));
        }
        if !is_https && !allow_insecure_http && !is_loopback(host) {
            return Err(wrong(
                "is plain http: to another machine; use https:, or for a private cloud a QingCloudClient with allowInsecureHttp: true",
            ));
        }
        let scheme = if is_https { "https://" } else { "http://" };
        Ok(Endpoint {
            origin: [scheme, authority].concat(),
            path: path.into(),
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
        let mut path = String::new();
        let mut rest = self.path.as_str();
        while let Some(tail) = rest.strip_prefix('/') {
            let (segment, further) = split(tail, b'/');
            path.push('/');
            path.push_str(if segment == "iaas" { "iam" } else { segment });
            rest = further;
        }
        Endpoint {
            origin: self.origin.clone(),
            path,
        }
    }
}

/// `text` up to the first `mark`, and from there on.
fn split(text: &str, mark: u8) -> (&str, &str) {
    let at = text.bytes().position(|byte| byte == mark);
    text.split_at(at.unwrap_or(text.len()))
}

fn split_port(authority: &str) -> (&str, Option<&str>) {
    // An IPv6 address has its own colons, in brackets.
    let bracket = authority.bytes().position(|byte| byte == b']').unwrap_or(0);
    let (host, port) = split(&authority[bracket..], b':');
    (&authority[..bracket + host.len()], port.strip_prefix(':'))
}

fn is_host(host: &str) -> bool {
    let v6 = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    let name = v6.unwrap_or(host);
    !name.is_empty()
        && name.bytes().all(|byte| match v6 {
            Some(_) => byte.is_ascii_hexdigit() || matches!(byte, b':' | b'.'),
            None => byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_'),
        })
}

/// Whether a URL parser leaves `path` alone: no escapes, no spaces, no `.` or `..` segments.
fn is_stable_path(path: &str) -> bool {
    path.bytes().all(|byte| byte == b'/' || is_unreserved(byte))
        && path
            .as_bytes()
            .split(|byte| *byte == b'/')
            .all(|segment| !matches!(segment, b"." | b".."))
}

fn is_loopback(host: &str) -> bool {
    let name = host.as_bytes();
    let is_v4 = || {
        let parts = || name.split(|byte| *byte == b'.');
        parts().count() == 4 && parts().all(|part| is_number_up_to(part, 255))
    };
    name.eq_ignore_ascii_case(b"localhost")
        || name
            .last_chunk::<10>()
            .is_some_and(|end| end.eq_ignore_ascii_case(b".localhost"))
        || name == b"[::1]"
        || (name.starts_with(b"127.") && is_v4())
}

fn is_number_up_to(digits: &[u8], limit: u32) -> bool {
    !digits.is_empty()
        && digits
            .iter()
            .try_fold(0, |number, digit| {
                let number = number * 10 + u32::from(digit.wrapping_sub(b'0'));
                (digit.is_ascii_digit() && number <= limit).then_some(number)
            })
            .is_some()
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
