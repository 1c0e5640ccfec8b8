//! Ways back that are told in an address or a form: never to another site, and never to something that the
//! page would do by itself.

use super::guard;
use axum::http::Uri;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What may stand in a query string as it is.
const PLAIN: &AsciiSet = &NON_ALPHANUMERIC.remove(b'/').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

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

/// The page of sign-in, with the way back to this address.
pub(super) fn sign_in(wanted: &Uri) -> String {
    match wanted.path_and_query().map(axum::http::uri::PathAndQuery::as_str) {
        None | Some("/") => "/sign-in".to_owned(),
        Some(wanted) => format!("/sign-in?next={}", utf8_percent_encode(wanted, PLAIN)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

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
            for path in [own_path(text).to_owned(), after_sign_in(text)] {
                let is_ours = path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
                assert!(is_ours && !path.chars().any(char::is_control), "{path:?}");
            }
            let address = after_sign_in(text).parse::<Uri>();
            let does_something = address.is_ok_and(|address| guard::without_doing(&address).is_some());
            assert!(!does_something, "{:?}", after_sign_in(text));
        });
    }
}
