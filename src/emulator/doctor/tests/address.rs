//! Mistakes around the query: path, verb, the string they are put together in.

use super::*;

#[test]
fn a_slash_missing_or_too_many_is_named() {
    for (code, path) in [(Code::MissingSlash, "/iaas"), (Code::ExtraSlash, "/iaas//")] {
        named(code, |pairs| {
            let query = query(pairs);
            Some(url(&query, &hmac(SECRET, &format!("GET\n{path}\n{query}"))))
        });
    }
}

#[test]
fn another_path_is_named() {
    for (code, path) in [
        (Code::WrongPath, "/"),
        (Code::WrongPath, ""),
        (Code::WrongPath, "api.qingcloud.com/iaas/"),
        (Code::IaasForIam, "/iam/"),
    ] {
        named(code, |pairs| {
            let query = query(pairs);
            Some(url(&query, &hmac(SECRET, &format!("GET\n{path}\n{query}"))))
        });
    }
}

#[test]
fn a_token_sent_to_iaas_is_named() {
    named(Code::IaasForIam, |pairs| {
        let mut pairs = pairs.clone();
        pairs.push(("token".into(), "t".into()));
        pairs.sort();
        let query = query(&pairs);
        Some(url(&query, &hmac(SECRET, &format!("GET\n/iaas/\n{query}"))))
    });
}

#[test]
fn a_token_sent_to_iam_is_right() {
    let mut pairs = request(&mut Ids::new(34));
    pairs.push(("token".into(), "t".into()));
    pairs.sort();
    let query = query(&pairs);
    for path in ["/iam/", "/iam"] {
        let signature = hmac(SECRET, &format!("GET\n{path}\n{query}"));
        let url = url(&query, &signature).replace("/iaas/", path);
        assert_eq!(codes(&look(&url)), [""; 0], "{path}");
    }
}

#[test]
fn another_verb_is_named() {
    for verb in ["POST", "get", "PUT"] {
        named(Code::WrongVerb, |pairs| {
            let query = query(pairs);
            Some(url(
                &query,
                &hmac(SECRET, &format!("{verb}\n/iaas/\n{query}")),
            ))
        });
    }
}

#[test]
fn a_string_put_together_wrongly_is_named() {
    for layout in [
        "GET\r\n/iaas/\r\n{}",
        "GET\n/iaas/\n{}\n",
        "GET\n/iaas/?{}",
        "/iaas/\n{}",
        "{}",
        "GET/iaas/{}",
    ] {
        named(Code::WrongLayout, |pairs| {
            let query = query(pairs);
            Some(url(&query, &hmac(SECRET, &layout.replace("{}", &query))))
        });
    }
    named(Code::WrongLayout, |pairs| {
        let query = query(pairs);
        Some(url(
            &query,
            &hmac(SECRET, &format!("GET&%2Fiaas%2F&{}", encode(&query, ""))),
        ))
    });
}

#[test]
fn a_method_given_in_small_letters_is_sent_in_capitals_and_signed_so() {
    let query = query(&request(&mut Ids::new(41)));
    let look = |method: &str, signed: &str| {
        let signature = hmac(SECRET, &format!("{signed}\n/iaas/\n{query}"));
        let text = format!("{query}&signature={}", encode(&signature, ""));
        let is_post = method.eq_ignore_ascii_case("POST");
        let url = format!("/iaas/?{text}");
        let evidence = Evidence {
            subject: Subject::Url(if is_post { b"/iaas/" } else { url.as_bytes() }),
            method: Some(method),
            body: is_post.then_some(text.as_bytes()),
            signature: None,
            now_ms: Some(NOW),
        };
        let diagnosis = diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis");
        (diagnosis.right, codes(&diagnosis))
    };
    for (method, signed) in [
        ("get", "GET"),
        ("Get", "GET"),
        ("post", "POST"),
        ("PoST", "POST"),
    ] {
        assert_eq!(look(method, signed), (true, [].to_vec()), "{method}");
        let small = signed.to_ascii_lowercase();
        assert_eq!(
            look(method, &small),
            (false, ["wrong-verb"].to_vec()),
            "{method}"
        );
    }
}

#[test]
fn a_string_to_sign_with_its_method_in_small_letters_is_wrong() {
    let text = format!("get\n/iaas/\n{}", query(&request(&mut Ids::new(42))));
    for signature in [None, Some(hmac(SECRET, &text))] {
        let evidence = Evidence {
            subject: Subject::StringToSign(text.as_bytes()),
            method: None,
            body: None,
            signature: signature.as_deref().map(str::as_bytes),
            now_ms: Some(NOW),
        };
        let diagnosis = diagnose(&evidence, SECRET.as_bytes()).expect("a diagnosis");
        assert_eq!(codes(&diagnosis), ["wrong-verb"]);
        assert!(!diagnosis.right);
    }
}
