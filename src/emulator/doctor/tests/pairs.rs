//! Two mistakes of encoding at once, and what is shown of a string to sign that a mistake explains.

use super::*;

/// Percent-encodes with small letters.
fn small(text: &str) -> String {
    let mut parts = text.split('%');
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        out.push('%');
        out.push_str(&part[..2].to_ascii_lowercase());
        out.push_str(&part[2..]);
    }
    out
}

/// What a diagnosis names of a request that was signed otherwise than it was sent, and what it shows
/// as signed.
fn of(pairs: &Pairs, signed: &str) -> (Vec<&'static str>, Option<String>) {
    let diagnosis = look(&url(&query(pairs), &hmac(SECRET, signed)));
    assert!(!diagnosis.right);
    (codes(&diagnosis), diagnosis.signed)
}

fn with(name: &str, value: &str) -> Pairs {
    let mut pairs = request(&mut Ids::new(31));
    pairs.push((name.into(), value.into()));
    pairs.sort();
    pairs
}

#[test]
fn two_ways_to_encode_wrongly_are_both_named_and_what_they_give_is_shown() {
    type Encode = fn(&str) -> String;
    let value = "a b~c/d";
    let same: Encode = |text| encode(text, "");
    let cases: [(&str, Encode, Encode, [&str; 2]); 8] = [
        (
            value,
            |text| small(&encode(text, "")),
            |text| small(&encode(text, "")).replace("%20", "+"),
            ["plus-for-space", "lower-case-hex"],
        ),
        (
            value,
            |text| small(&encode(text, "")).replace('~', "%7e"),
            |text| small(&encode(text, "")).replace('~', "%7e"),
            ["lower-case-hex", "tilde-encoded"],
        ),
        (
            value,
            |text| small(&encode(text, "")),
            |text| encode(&small(&encode(text, "")), ""),
            ["lower-case-hex", "double-encoded"],
        ),
        (
            value,
            |text| small(&encode(text, "")),
            |text| small(&encode(text, "/")),
            ["lower-case-hex", "reserved-left-bare"],
        ),
        (
            value,
            str::to_owned,
            |text| small(&encode(text, "")),
            ["lower-case-hex", "names-not-encoded"],
        ),
        (
            value,
            |text| small(&encode(text, "")),
            str::to_owned,
            ["lower-case-hex", "not-encoded"],
        ),
        (
            "é/",
            |text| small(&encode(text, "")).replace("%c3%a9", "%e9"),
            |text| small(&encode(text, "")).replace("%c3%a9", "%e9"),
            ["lower-case-hex", "not-utf8"],
        ),
        (
            value,
            str::to_owned,
            |text| encode(text, "").replace("%20", "+"),
            ["plus-for-space", "names-not-encoded"],
        ),
    ];
    for (value, encode_name, encode_value, expected) in cases {
        let mut pairs = with("spaced", value);
        // Latin-1 knows none of these.
        pairs.retain(|(name, value)| !format!("{name}{value}").contains(['中', '文']));
        let parts: Vec<String> = pairs
            .iter()
            .map(|(name, value)| format!("{}={}", encode_name(name), encode_value(value)))
            .collect();
        let signed = format!("GET\n/iaas/\n{}", parts.join("&"));
        assert_eq!(
            of(&pairs, &signed),
            (expected.to_vec(), Some(signed)),
            "{value}"
        );
    }
    assert_eq!(same("/"), "%2F");
}

#[test]
fn a_string_to_sign_with_two_mistakes_shows_both_without_a_signature() {
    let text = "GET\n/iaas/\naccess_key_id=K&action=DescribeZones&signature_method=HmacSHA256&signature_version=1&time_stamp=2023-11-14T22%3A13%3A20Z&zone=";
    for (value, expected) in [
        ("a+b*", &["form-encoded"][..]),
        ("a+b*%7E", &["form-encoded"]),
        ("a+b*%2f", &["lower-case-hex", "form-encoded"]),
        ("a%2fb", &["lower-case-hex"]),
    ] {
        // The time stamp has capitals.
        let text = [text, value]
            .concat()
            .replace("%3A", if value.contains("%2f") { "%3a" } else { "%3A" });
        let evidence = Evidence {
            subject: Subject::StringToSign(text.as_bytes()),
            method: None,
            body: None,
            signature: None,
            now_ms: Some(NOW),
        };
        let diagnosis = diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis");
        assert_eq!(codes(&diagnosis), expected, "{value}");
        assert_eq!(diagnosis.signed.as_deref(), Some(&*text));
    }
}

#[test]
fn what_was_signed_is_shown_where_one_or_two_mistakes_explain_it() {
    let pairs = with("spaced", "a b");
    let sent = query(&pairs);
    for (signed, code) in [
        (format!("GET\n/iaas\n{sent}"), "missing-slash"),
        (format!("GET\n/iaas/\r\n{sent}"), ""),
        (format!("POST\n/iaas\n{sent}"), "missing-slash"),
    ] {
        let (codes, shown) = of(&pairs, &signed);
        if code.is_empty() {
            // Nothing explains it: what was sent is shown.
            assert_eq!(codes, [""; 0]);
            assert_eq!(shown, Some(format!("GET\n/iaas/\n{sent}")));
        } else {
            assert_eq!(codes[0], code);
            assert_eq!(shown, Some(signed));
        }
    }
    // Encoded again, it would show what masking does not reach.
    let ampersands = format!("GET&%2Fiaas%2F&{}", encode(&sent, ""));
    assert_eq!(of(&pairs, &ampersands), (["wrong-layout"].to_vec(), None));
}

#[test]
fn which_characters_were_left_bare_is_told_of_each_set() {
    let all: String = (0x21..0x7f_u8).map(char::from).collect();
    let pairs = with("all", &format!("{all}é"));
    let bare = |set: &str| {
        let signed = format!("GET\n/iaas/\n{}", join(&pairs, |text| encode(text, set)));
        // Names have such characters too.
        let signed = signed.replace("names%5Ba%5D", &encode("names[a]", set));
        let signed = signed.replace("names%5B%C3%A9%5D", &encode("names[é]", set));
        let diagnosis = look(&url(&query(&pairs), &hmac(SECRET, &signed)));
        assert_eq!(codes(&diagnosis), ["reserved-left-bare"], "{set}");
        diagnosis.mistakes[0].detail.clone()
    };
    for set in [
        "!'()*",
        "!'()*/",
        "!'()",
        "/:",
        "!#$&'()*+,/:;=?@",
        "!$&'()*+,/:;=?@",
        "!()*",
        "\"",
        "%",
        "!\"$'()*,/:;<>?@[\\]^`{|}",
    ] {
        let shown: Vec<String> = set.chars().map(String::from).collect();
        assert_eq!(bare(set), shown.join(" "));
    }
}

#[test]
fn what_was_sent_bare_is_told_in_order() {
    let query = query(&with("bare", "x"));
    let sent: Vec<u8> = query
        .replace("bare=x", "bare=/x!é")
        .chars()
        .flat_map(|c| {
            if c == 'é' {
                [0xc3, 0xa9].to_vec()
            } else {
                [c as u8].to_vec()
            }
        })
        .collect();
    let mut url = b"/iaas/?".to_vec();
    url.extend_from_slice(&sent);
    url.extend_from_slice(b"&signature=AAAA");
    let evidence = Evidence {
        subject: Subject::Url(&url),
        method: None,
        body: None,
        signature: None,
        now_ms: Some(NOW),
    };
    let diagnosis = diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis");
    assert_eq!(codes(&diagnosis), ["reserved-left-bare"]);
    assert_eq!(diagnosis.mistakes[0].detail, "! / non-ASCII");
}

#[test]
fn another_path_or_verb_and_two_slips_of_encoding_are_all_named() {
    let pairs = with("spaced", "a b/c");
    let wrong = small(&query(&pairs)).replace("%20", "+");
    for (head, code) in [
        ("GET\n/iaas", "missing-slash"),
        ("GET\n/iam/", "iaas-for-iam"),
        ("POST\n/iaas/", "wrong-verb"),
    ] {
        let signed = format!("{head}\n{wrong}");
        let (codes, shown) = of(&pairs, &signed);
        assert_eq!(codes, ["plus-for-space", "lower-case-hex", code]);
        assert_eq!(shown, Some(signed));
    }
}
