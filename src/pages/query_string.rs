//! Addresses of lists: what is asked for, as a query string.

use leptos_router::params::ParamsMap;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// All but the characters that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A text as a value in a query string.
pub(crate) fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A path with those fields that have a value.
pub(crate) fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = fields
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| format!("{name}={}", encode(value)))
        .collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}

/// The page of a list that an address asks for: the first, unless it says a number.
pub(crate) fn page(params: &ParamsMap) -> u32 {
    params.get_str("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1)
}

/// The fields of a query as it stands in an address, with or without its question mark, in their order.
/// For texts in which a percent sign may stand: the router's own map decodes each value twice.
pub(crate) fn fields(query: &str) -> impl Iterator<Item = (&str, String)> {
    let pairs = query.trim_start_matches('?').split('&').filter(|pair| !pair.is_empty());
    pairs.map(|pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        // Forms write a space as a plus.
        (name, percent_decode_str(&value.replace('+', " ")).decode_utf8_lossy().into_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_out_empty_fields() {
        assert_eq!(address("/artists", &[("search", ""), ("page", "2")]), "/artists?page=2");
        assert_eq!(address("/artists", &[("search", "")]), "/artists");
    }

    #[test]
    fn begins_at_the_first_page_unless_a_later_one_is_named() {
        for (said, meant) in [("3", 3), ("0", 1), ("-1", 1), ("last", 1), ("", 1)] {
            let mut params = ParamsMap::new();
            params.insert("page", said.to_owned());
            assert_eq!(page(&params), meant, "{said:?}");
        }
        assert_eq!(page(&ParamsMap::new()), 1);
    }

    #[test]
    fn encodes_what_has_a_meaning_in_an_address() {
        assert_eq!(address("/x", &[("q", "a&b=c #1")]), "/x?q=a%26b%3Dc%20%231");
    }

    #[test]
    fn reads_what_forms_and_links_write() {
        let read: Vec<_> = fields("?q=a+b%2Bc&empty=&flag&p=100%2525").collect();
        let expected = [("q", "a b+c"), ("empty", ""), ("flag", ""), ("p", "100%25")];
        assert_eq!(read, expected.map(|(name, value)| (name, value.to_owned())));
    }
}
