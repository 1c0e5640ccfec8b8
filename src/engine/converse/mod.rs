//! Asks a language model of Bedrock: a conversation with the tools that the model may name, once and within a time.
//!
//! A question is never repeated by itself, since each may be paid for. Knows who pays, not why it is asked.

mod bedrock;

use super::aws::{AwsFailure, FailureKind};
use super::catalog::{Catalog, CatalogError};
use super::config::Tokens;
use super::spending::{ModelError, Purse};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::time::Duration;

/// How many bytes of text make a token at least. English has four, so this counts rather too much.
const BYTES_OF_A_TOKEN: u64 = 3;

/// How many tokens a model's provider puts around a conversation with tools, about.
const AROUND: u64 = 1_000;

/// What is said to a model, and which tools it may name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Conversation {
    /// What holds for all that follows, in Patchline's own words.
    pub system: String,
    /// What was said so far; the first and the last are for the model.
    pub turns: Vec<Turn>,
    /// The tools. With any, the model has to name one; none of them is called by this.
    pub tools: Vec<OfferedTool>,
    /// The most tokens that it may write.
    pub most_tokens: u16,
}

/// One turn of a conversation.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub enum Turn {
    /// Text for the model.
    Asked(String),
    /// What the model has said.
    Said(Vec<Part>),
    /// Why what it has said cannot be used; with each of the tools that it named.
    Refused {
        /// The ids of the tools that it named in the turn before.
        calls: Vec<String>,
        /// Why.
        why: String,
    },
}

/// A part of what a model has said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Part {
    /// Words.
    Text(String),
    /// That a tool is to be called.
    Call(NamedTool),
}

/// A tool that a model wants to be called.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct NamedTool {
    /// Names the call.
    pub id: String,
    /// The tool.
    pub name: String,
    /// The arguments.
    pub input: Value,
}

/// A tool that a model may name.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OfferedTool {
    /// Its name: letters, digits, `_` and `-`, at most 64.
    pub name: String,
    /// What it does.
    pub description: String,
    /// JSON Schema of its arguments, an object.
    pub schema: Value,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// What the model has said.
    pub outcome: Outcome,
    /// The tokens that it has read.
    pub read: u64,
    /// The tokens that it has written.
    pub written: u64,
}

/// What a model has said, or that it has said nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub enum Outcome {
    /// It has answered.
    Reply(Reply),
    /// It did not answer in time. Nobody knows what it did, so that it counts as paid to the last token.
    TooSlow,
    /// It broke off, or failed; the same holds.
    Failed,
}

/// What a model has said.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reply {
    /// The parts, in their order.
    pub parts: Vec<Part>,
    /// The model that wrote it: with the embedded Bedrock that of the server behind it.
    pub model: String,
}

impl Reply {
    /// Its words, without the tools that it named.
    pub fn text(&self) -> String {
        let texts = self.parts.iter().filter_map(|part| match part {
            Part::Text(text) => Some(text.as_str()),
            Part::Call(_) => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    }

    /// The tools that it named.
    pub fn calls(&self) -> impl Iterator<Item = &NamedTool> {
        self.parts.iter().filter_map(|part| match part {
            Part::Call(call) => Some(call),
            Part::Text(_) => None,
        })
    }
}

impl Conversation {
    /// What asking it takes at most.
    fn most(&self) -> Tokens {
        let turns = self.turns.iter().map(|turn| match turn {
            Turn::Asked(text) => text.len(),
            Turn::Said(parts) => parts.iter().map(Part::bytes).sum(),
            Turn::Refused { calls, why } => why.len() * calls.len().max(1),
        });
        let tool =
            |tool: &OfferedTool| tool.name.len() + tool.description.len() + tool.schema.to_string().len();
        let bytes = self.system.len() + turns.sum::<usize>() + self.tools.iter().map(tool).sum::<usize>();
        Tokens { input: AROUND.saturating_add(tokens(bytes)), output: self.most_tokens.into() }
    }
}

impl Part {
    fn bytes(&self) -> usize {
        match self {
            Part::Text(text) => text.len(),
            Part::Call(call) => call.name.len() + call.input.to_string().len(),
        }
    }
}

/// How many tokens a text of this length has at most.
fn tokens(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX).div_ceil(BYTES_OF_A_TOKEN)
}

/// Asks a model once.
///
/// # Errors
/// When the purse has not enough left for it, or AWS says that the model was not asked; then nothing is paid.
pub async fn ask(
    catalog: &Catalog,
    model: &str,
    conversation: &Conversation,
    patience: Duration,
    purse: &Purse,
    now: Timestamp,
) -> Result<Asked, ModelError> {
    let most = conversation.most();
    let request = bedrock::request(&catalog.aws, model, conversation)?;
    let call = purse.begin(model, most, now).await?;
    let nothing = |outcome: Outcome| Asked { outcome, read: most.input, written: most.output };
    match tokio::time::timeout(patience, Box::pin(bedrock::send(request, model))).await {
        Ok(Ok(answer)) => {
            let (reply, used) = bedrock::read(answer, model);
            let used = used.unwrap_or_else(|| Tokens {
                input: most.input,
                output: tokens(reply.parts.iter().map(Part::bytes).sum()).min(most.output),
            });
            call.settle(used).await;
            Ok(Asked { outcome: Outcome::Reply(reply), read: used.input, written: used.output })
        }
        Ok(Err(failure)) => {
            if was_not_asked(&failure) {
                call.give_back().await;
                return Err(CatalogError::from(failure).into());
            }
            tracing::warn!(%failure, "a model was asked and did not answer");
            drop(call);
            Ok(nothing(Outcome::Failed))
        }
        Err(_) => {
            drop(call);
            Ok(nothing(Outcome::TooSlow))
        }
    }
}

/// Whether a failure says that no model did anything.
fn was_not_asked(failure: &AwsFailure) -> bool {
    matches!(
        failure.kind,
        FailureKind::NotFound
            | FailureKind::NoResource
            | FailureKind::Denied
            | FailureKind::Invalid
            | FailureKind::Throttled
    ) || !failure.may_have_arrived()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_a_question_may_take_counts_all_that_is_sent() {
        let empty =
            Conversation { system: String::new(), turns: Vec::new(), tools: Vec::new(), most_tokens: 100 };
        assert_eq!(empty.most(), Tokens { input: AROUND, output: 100 });
        let call = NamedTool { id: "c1".to_owned(), name: "abc".to_owned(), input: json!({}) };
        let full = Conversation {
            system: "abc".to_owned(),
            turns: vec![
                Turn::Asked("abc".to_owned()),
                Turn::Said(vec![Part::Text("abc".to_owned()), Part::Call(call)]),
                Turn::Refused { calls: vec!["c1".to_owned()], why: "abc".to_owned() },
            ],
            ..empty
        };
        assert_eq!(full.most().input, AROUND + 6, "of seventeen bytes");
    }
}
