//! The canonical form of a request that both sides sign.

use std::collections::BTreeMap;

use http::HeaderMap;
use http::request::Parts;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};

/// Everything but the characters that RFC 3986 calls unreserved is encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const ENCODED_IN_PATH: &AsciiSet = &ENCODED.remove(b'/');

/// The canonical request of a service other than S3: the path is encoded once more than it
/// travelled, as S3 alone does not.
pub(super) fn canonical_request(
    parts: &Parts,
    signed_headers: &[String],
    payload_hash: &str,
) -> Option<String> {
    Some(format!(
        "{}\n{}\n{}\n{}\n{}\n{payload_hash}",
        parts.method,
        canonical_path(parts.uri.path()),
        canonical_query(parts.uri.query().unwrap_or_default()),
        canonical_headers(&parts.headers, signed_headers)?,
        signed_headers.join(";"),
    ))
}

fn canonical_path(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            other => segments.push(other),
        }
    }
    let mut normal = format!("/{}", segments.join("/"));
    if path.ends_with('/') && normal != "/" {
        normal.push('/');
    }
    utf8_percent_encode(&normal, ENCODED_IN_PATH).to_string()
}

fn canonical_query(query: &str) -> String {
    let mut pairs: Vec<(String, String)> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (encode_again(name), encode_again(value))
        })
        .collect();
    pairs.sort();
    let pairs: Vec<String> = pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("&")
}

/// Brings different ways of encoding the same text to the strict one.
fn encode_again(text: &str) -> String {
    let decoded: Vec<u8> = percent_decode_str(text).collect();
    percent_encoding::percent_encode(&decoded, ENCODED).to_string()
}

/// One line for each signed header; none when a header that was signed is not there.
fn canonical_headers(headers: &HeaderMap, signed: &[String]) -> Option<String> {
    let mut lines = BTreeMap::new();
    for name in signed {
        let mut values = Vec::new();
        for value in headers.get_all(name.as_str()) {
            let value = std::str::from_utf8(value.as_bytes()).ok()?;
            values.push(value.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
        }
        if values.is_empty() {
            return None;
        }
        lines.insert(name, values.join(","));
    }
    Some(lines.into_iter().fold(String::new(), |text, (name, value)| text + name + ":" + &value + "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_path_is_encoded_once_more() {
        assert_eq!(canonical_path("/model/a%3Ab/converse"), "/model/a%253Ab/converse");
        assert_eq!(canonical_path("/a//b/../c/"), "/a/c/");
        assert_eq!(canonical_path("/"), "/");
    }

    #[test]
    fn query_parameters_are_sorted_and_strictly_encoded() {
        assert_eq!(canonical_query("b=2&a=%7e&a=1&c"), "a=1&a=~&b=2&c=");
    }
}
