//! Asking the language model of tasks, for the supervisor: to plan, or to write an answer. No tool, and on no page.

use crate::engine::catalog::Catalog;
use crate::engine::catalog::asked_models::Asking;
use crate::engine::converse::{self, Asked, Conversation};
use crate::engine::knowledge::resource;
use crate::engine::tools::{Class, Context, Effect, Operation, Refusal, RefusalKind, ToolError};
use crate::model::tool::AwsResource;
use serde::Serialize;
use sha2::{Digest, Sha256};
use std::time::Duration;

/// What a model is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// A plan.
    Plan,
    /// An answer.
    Answer,
}

impl Purpose {
    /// The name within what names a question.
    fn id(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Answer => "answer",
        }
    }
}

/// A question for the language model of tasks.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AskModelInput {
    /// What for.
    pub purpose: Purpose,
    /// The task that it is asked for, or the key with which that is begun. For one and the same a question is paid for once.
    pub asked_for: String,
    /// How long the model may take.
    #[serde(skip_serializing)]
    pub patience: Duration,
    /// What is said. It holds what the steps have found, which has records of its own.
    #[serde(skip_serializing)]
    pub conversation: Conversation,
}

/// What came of a question, and what names it: once it was answered, the same question is answered by what was kept.
#[derive(Debug, Clone, PartialEq)]
pub struct AnsweredQuestion {
    /// The question's name: for whom and what it is asked, and a digest of each word of it.
    pub name: String,
    /// What came of it.
    pub asked: Asked,
}

/// Asks the language model of tasks. What was asked before in the same words for the same task is answered by what
/// was kept, and refused where nothing was: then a process has died that may have paid for it.
pub struct AskModelForTask;

impl Operation for AskModelForTask {
    const NAME: &'static str = "ask_model_for_task";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = AskModelInput;
    type Output = AnsweredQuestion;

    fn resources(_: &AskModelInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![resource("InvokeModel", model(catalog)?)])
    }

    async fn run(input: AskModelInput, context: Context) -> Result<AnsweredQuestion, ToolError> {
        let Context { catalog, purse, now, .. } = &context;
        let id = name_of(&context.owner, &input)?;
        match catalog.begin_asking(&id, *now).await? {
            Asking::First => {}
            Asking::Before(kept) => {
                let asked = serde_json::from_str(&kept).map_err(|error| unwritable(&error))?;
                return Ok(AnsweredQuestion { name: id, asked });
            }
            Asking::Unanswered => return Err(asked_before()),
        }
        let model = model(catalog)?;
        let asked = converse::ask(catalog, model, &input.conversation, input.patience, purse, *now).await;
        let kept = match &asked {
            Ok(asked) => {
                let text = serde_json::to_string(asked).map_err(|error| unwritable(&error))?;
                catalog.keep_asked(&id, &text).await
            }
            Err(_) => catalog.forget_asked(&id).await,
        };
        if let Err(error) = kept {
            tracing::warn!(%error, "what became of a question to a model was not kept");
        }
        Ok(AnsweredQuestion { name: id, asked: asked? })
    }
}

/// The language model of tasks.
fn model(catalog: &Catalog) -> Result<&str, ToolError> {
    let none = || ToolError::NotAvailable("There is no language model for tasks.".to_owned());
    catalog.knowledge.task_model.as_ref().map(|model| model.id.as_str()).ok_or_else(none)
}

/// What names a question: for whom and what it is asked, and each word of it.
fn name_of(owner: &str, input: &AskModelInput) -> Result<String, ToolError> {
    let said = serde_json::to_vec(&input.conversation).map_err(|error| unwritable(&error))?;
    let mut digest = Sha256::new();
    for part in [owner.as_bytes(), input.asked_for.as_bytes(), &said] {
        digest.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_be_bytes());
        digest.update(part);
    }
    Ok(format!("model:{}:{}", input.purpose.id(), hex::encode(digest.finalize())))
}

fn unwritable(error: &serde_json::Error) -> ToolError {
    ToolError::Unwritable { tool: AskModelForTask::NAME, detail: error.to_string() }
}

fn asked_before() -> ToolError {
    ToolError::Refused(Box::new(Refusal {
        kind: RefusalKind::Conflict,
        message: "The model was asked this before, and its answer was lost.".to_owned(),
        remedy: "It is not asked, and paid for, twice.".to_owned(),
        fields: Vec::new(),
        retry_after: None,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::converse::Turn;

    #[test]
    fn a_question_is_named_by_each_word_and_by_whom_it_is_for() {
        let input = |asked_for: &str, text: &str| AskModelInput {
            purpose: Purpose::Plan,
            asked_for: asked_for.to_owned(),
            patience: Duration::from_secs(1),
            conversation: Conversation {
                system: "s".to_owned(),
                turns: vec![Turn::Asked(text.to_owned())],
                tools: Vec::new(),
                most_tokens: 1,
            },
        };
        let one = name_of("usr_1", &input("task_1", "a")).expect("a name");
        assert_eq!(one, name_of("usr_1", &input("task_1", "a")).expect("a name"));
        for other in [
            name_of("usr_2", &input("task_1", "a")),
            name_of("usr_1", &input("task_2", "a")),
            name_of("usr_1", &input("task_1", "b")),
            name_of("usr_1", &AskModelInput { purpose: Purpose::Answer, ..input("task_1", "a") }),
        ] {
            assert_ne!(one, other.expect("a name"));
        }
    }
}
