//! Lists a page at a time. A token says where to go on, and of which request.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest, Sha256};

use super::faults::invalid;
use crate::embedded_aws::fault::Fault;

/// A page of a list.
pub(super) struct Page<T> {
    /// What is on it.
    pub(super) items: Vec<T>,
    /// The token for the next; none on the last.
    pub(super) next_token: Option<String>,
}

/// Cuts a page out of the whole list. `request` is what the list depends on; a token of another
/// request is refused.
pub(super) fn page<T>(
    all: Vec<T>,
    limit: usize,
    token: Option<&str>,
    request: &[&str],
) -> Result<Page<T>, Fault> {
    let mark = hex::encode(Sha256::digest(request.join("\n").as_bytes()));
    let mark = mark.get(..16).unwrap_or_default();
    let start = match token {
        Some(token) => {
            place_in(token, mark).ok_or_else(|| invalid("nextToken is not valid for this request"))?
        }
        None => 0,
    };
    let more = all.len() > start.saturating_add(limit);
    let next_token = more.then(|| URL_SAFE_NO_PAD.encode(format!("{}:{mark}", start + limit)));
    Ok(Page { items: all.into_iter().skip(start).take(limit).collect(), next_token })
}

fn place_in(token: &str, mark: &str) -> Option<usize> {
    let text = String::from_utf8(URL_SAFE_NO_PAD.decode(token).ok()?).ok()?;
    let (place, of) = text.split_once(':')?;
    (of == mark).then(|| place.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_each_other_to_the_end() {
        let first = page(vec![1, 2, 3], 2, None, &["q"]).unwrap();
        assert_eq!(first.items, [1, 2]);
        let token = first.next_token.unwrap();
        let second = page(vec![1, 2, 3], 2, Some(&token), &["q"]).unwrap();
        assert_eq!((second.items, second.next_token), (vec![3], None));
        assert!(page(vec![1, 2, 3], 2, Some(&token), &["other"]).is_err());
        assert!(page(vec![1], 2, Some("nonsense"), &["q"]).is_err());
    }
}
