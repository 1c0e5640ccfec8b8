//! Ways back that are told in an address or a form: never to another site, and never to something that the
//! page would do by itself.

use super::guard;
use axum::http::request::Parts;
use axum::http::uri::{Authority, PathAndQuery};
use axum::http::{Uri, header};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may stand in a query string as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The parts of an address by which a page says what was done before it was opened.
const TELLING: [&str; 2] = ["done", "saved"];

/// A path of ours, or the first page.
pub(super) fn own_path(text: &str) -> &str {
    let own = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
    if own && !text.chars().any(char::is_control) { text } else { "/" }
}

/// Where somebody goes on who has signed in: the page that they wanted, which does nothing before it is asked
/// to. Whoever wrote the address of the page of sign-in may have been somebody else.
pub(super) fn after_sign_in(next: &str) -> String {
    let path = own_path(next);
    let Ok(address) = path.parse::<Uri>() else { return "/".to_owned() };
    guard::without_doing(&address).unwrap_or_else(|| path.to_owned())
}

/// Where somebody goes on who has shown once more who they are: as after sign-in, and the page does not say again
/// what was done before, as that was not what they have just confirmed.
pub(super) fn after_confirming(next: &str) -> String {
    let path = after_sign_in(next);
    let Ok(address) = path.parse::<Uri>() else { return path };
    guard::without(&address, &TELLING).map_or(path, |quiet| quiet.trim_end_matches('?').to_owned())
}

/// The page where somebody was who sent a form, if the browser tells one of ours: our pages have browsers tell each
/// other in full (`Referrer-Policy`).
pub(super) fn page_before(sent: &Parts) -> Option<String> {
    let told = sent.headers.get(header::REFERER)?.to_str().ok()?.parse::<Uri>().ok()?;
    let is_ours = told.authority()?.as_str().eq_ignore_ascii_case(host(sent)?);
    is_ours.then(|| after_confirming(told.path_and_query().map_or("/", PathAndQuery::as_str)))
}

/// The name and the port by which the browser has found us.
fn host(sent: &Parts) -> Option<&str> {
    let named = sent.headers.get(header::HOST).and_then(|host| host.to_str().ok());
    sent.uri.authority().map(Authority::as_str).or(named)
}

/// The page of sign-in, with the way back to this address.
pub(super) fn sign_in(wanted: &Uri) -> String {
    match wanted.path_and_query().map(PathAndQuery::as_str) {
        None | Some("/") => "/sign-in".to_owned(),
        Some(wanted) => format!("/sign-in?next={}", utf8_percent_encode(wanted, PLAIN)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;
    use axum::http::Request;

    #[test]
    fn the_way_back_never_leads_to_another_site() {
        assert_eq!(own_path("/artists?search=mira"), "/artists?search=mira");
        for text in ["", "https://example.org", "//example.org", "/\\example.org", "/a\r\nb"] {
            assert_eq!(own_path(text), "/");
            assert_eq!(after_sign_in(text), "/");
        }
    }

    #[test]
    fn after_sign_in_nothing_is_run_that_nobody_asked_for() {
        assert_eq!(after_sign_in("/tools?tool=list_audio_files&run=1"), "/tools?tool=list_audio_files");
        assert_eq!(after_sign_in("/artists?search=mira"), "/artists?search=mira");
    }

    #[test]
    fn after_confirming_no_page_says_again_what_was_done_before() {
        for (next, led) in [
            ("/admin/settings?saved=3", "/admin/settings"),
            ("/admin/users?done=disable&user=usr_1", "/admin/users?user=usr_1"),
            ("/admin/users?search=done", "/admin/users?search=done"),
            ("//evil.example/?done=rule", "/"),
        ] {
            assert_eq!(after_confirming(next), led);
        }
    }

    #[test]
    fn the_page_where_somebody_was_is_one_of_ours_or_none() {
        let before = |referer: &str| {
            let request = Request::post("/health").header(header::HOST, "label.example:3000");
            let (sent, ()) = request.header(header::REFERER, referer).body(()).unwrap().into_parts();
            page_before(&sent)
        };
        let ours = before("http://label.example:3000/health/s3?day=2026-11-20");
        assert_eq!(ours.as_deref(), Some("/health/s3?day=2026-11-20"));
        assert_eq!(before("https://Label.example:3000").as_deref(), Some("/"));
        assert_eq!(before("http://label.example:3000//evil.example/a").as_deref(), Some("/"));
        for other in
            ["", "about:blank", "/health", "https://evil.example/health", "http://label.example/health"]
        {
            assert_eq!(before(other), None, "{other}");
        }
        assert_eq!(before("http://label.example:3000@evil.example/health"), None);
    }

    #[test]
    fn the_page_of_sign_in_knows_the_way_back() {
        let address = |text: &str| sign_in(&text.parse().unwrap());
        assert_eq!(address("/"), "/sign-in");
        assert_eq!(
            address("/artists?search=a b&page=2".replace(' ', "+").as_str()),
            "/sign-in?next=/artists%3Fsearch%3Da%2Bb%26page%3D2"
        );
    }

    #[test]
    fn fuzz_way_back() {
        let seeds = [
            "/artists?search=mira&page=2",
            "/tools?tool=list_audio_files&run=1",
            "//evil.example/logs?run=1&a=b",
            "/\\evil.example",
            "https://evil.example/",
            "/logs??%72un=1#top",
        ];
        let words = ["//", "/\\", "?", "&", "run=1", "answer=1", "%72un", "https:", "@", "#", "+"];
        fuzzing::text(500, &seeds, &words, |text| {
            for path in [own_path(text).to_owned(), after_sign_in(text), after_confirming(text)] {
                let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
                assert!(is_ours && !path.chars().any(char::is_control), "{path:?}");
            }
            for path in [after_sign_in(text), after_confirming(text)] {
                let address = path.parse::<Uri>();
                let does_something = address.is_ok_and(|address| guard::without_doing(&address).is_some());
                assert!(!does_something, "{path:?}");
            }
        });
    }
}
