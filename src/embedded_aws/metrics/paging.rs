//! Tokens that say where the next page begins, and to which question they belong.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::error::MetricsError;
use super::value::Value;

/// Members that may change from page to page.
const OF_THE_PAGE: [&str; 3] = ["NextToken", "MaxDatapoints", "MaxRecords"];

/// What a question is about, apart from pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Question(String);

impl Question {
    /// The question that a request to `operation` asks.
    pub(super) fn of(operation: &str, request: &Value) -> Self {
        let mut members: Vec<String> = match request {
            Value::Map(members) => members
                .iter()
                .filter(|(name, _)| !OF_THE_PAGE.contains(&name.as_str()))
                .map(|(name, value)| format!("{name:?}: {value:?}"))
                .collect(),
            _ => Vec::new(),
        };
        members.sort();
        Self(hex::encode(Sha256::digest(format!("{operation} {members:?}"))))
    }

    /// The token of the page that begins behind `position`.
    pub(super) fn token(&self, position: &impl Serialize) -> Result<String, MetricsError> {
        let json = serde_json::to_vec(&(self, position));
        Ok(URL_SAFE_NO_PAD.encode(json.map_err(|error| MetricsError::Damaged(error.to_string()))?))
    }

    /// The position in a token, which must be one of this question.
    pub(super) fn position<T: DeserializeOwned>(
        &self,
        token: Option<String>,
    ) -> Result<Option<T>, MetricsError> {
        let Some(token) = token else { return Ok(None) };
        let json = URL_SAFE_NO_PAD.decode(token).map_err(|_| MetricsError::InvalidNextToken)?;
        let (question, position): (Question, T) =
            serde_json::from_slice(&json).map_err(|_| MetricsError::InvalidNextToken)?;
        if question == *self { Ok(Some(position)) } else { Err(MetricsError::InvalidNextToken) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_belongs_to_its_question_alone() {
        let question = |name: &str, token: &str| {
            Question::of(
                "List",
                &Value::structure([("MetricName", name.into()), ("NextToken", token.into())]),
            )
        };
        let token = question("a", "").token(&7_i64).unwrap();
        assert_eq!(question("a", "other").position::<i64>(Some(token.clone())).unwrap(), Some(7));
        assert!(question("b", "").position::<i64>(Some(token)).is_err());
        assert!(question("a", "").position::<i64>(Some("nonsense".to_owned())).is_err());
        assert_eq!(question("a", "").position::<i64>(None).unwrap(), None);
    }
}
