//! Rules by which pages of other origins may use a bucket.

use serde::{Deserialize, Serialize};

/// One rule of a bucket's CORS configuration. Names may hold one `*`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CorsRule {
    /// A name for people.
    pub(crate) id: Option<String>,
    /// Origins such as `https://*.example.com`.
    pub(crate) origins: Vec<String>,
    /// HTTP methods.
    pub(crate) methods: Vec<String>,
    /// Request headers that a page may set.
    pub(crate) headers: Vec<String>,
    /// Response headers that a page may read.
    pub(crate) exposed: Vec<String>,
    /// For how many seconds a browser may remember the answer.
    pub(crate) max_age: Option<i32>,
}

impl CorsRule {
    /// Whether the rule lets this origin send this method with these headers.
    pub(crate) fn allows(&self, origin: &str, method: &str, headers: &[String]) -> bool {
        self.origins.iter().any(|pattern| matches(pattern, origin))
            && self.methods.iter().any(|allowed| allowed == method)
            && headers.iter().all(|header| {
                self.headers.iter().any(|pattern| matches(&pattern.to_ascii_lowercase(), header))
            })
    }
}

/// Whether a text is that of a pattern in which one `*` stands for anything.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => {
            text.len() >= start.len() + end.len() && text.starts_with(start) && text.ends_with(end)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_star_stands_for_anything() {
        assert!(matches("https://*.example.com", "https://a.example.com"));
        assert!(!matches("https://*.example.com", "https://example.com"));
        assert!(!matches("aXa*aXa", "aXaXa"));
    }
}
