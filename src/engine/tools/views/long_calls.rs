//! What the owner of a long call can do: see how far it is, answer what it asks, and want it to stop.

use crate::engine::catalog::Catalog;
use crate::engine::catalog::long_calls::{LongCall, LongCallState};
use crate::engine::catalog::schema::LONG_CALLS_TABLE;
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::tool::AwsResource;
use serde::Serialize;
use serde_json::{Map, Value};

/// How far a long call is.
pub struct ViewLongCall;

impl Operation for ViewLongCall {
    const NAME: &'static str = "view_long_call";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = String;
    type Output = LongCall;

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        // Whoever sees that the process of a call is gone writes that down.
        Ok(Vec::from(["GetItem", "PutItem"].map(|action| choices::dynamodb(action, LONG_CALLS_TABLE))))
    }

    async fn run(id: String, context: Context) -> Result<LongCall, ToolError> {
        let seen = context.catalog.long_call(&context.owner, &id).await?;
        let now = context.now.as_millisecond();
        if seen.state.has_ended() || seen.alive_until >= now {
            return Ok(seen);
        }
        // Written down, so that a process that was only slow cannot end it in another way.
        let interrupt = |call: &mut LongCall| {
            if call.alive_until < now {
                call.state = LongCallState::Interrupted;
            }
        };
        Ok(context.catalog.change_long_call(&context.owner, &id, interrupt).await?)
    }
}

/// Answers for a long call.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AnswerLongCallInput {
    /// The call.
    pub id: String,
    /// The answers, by the names of their questions.
    pub answers: Map<String, Value>,
    /// Who answers, as JSON: the call goes on with what they may. The record of the call says it anyway.
    #[serde(skip_serializing)]
    pub answered_by: String,
}

/// Answers questions of a long call. Answers to what it does not ask are left out.
pub struct AnswerLongCall;

impl Operation for AnswerLongCall {
    const NAME: &'static str = "answer_long_call";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Signal;
    type Input = AnswerLongCallInput;
    type Output = ();

    fn resources(_: &AnswerLongCallInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("PutItem", LONG_CALLS_TABLE)])
    }

    async fn run(input: AnswerLongCallInput, context: Context) -> Result<(), ToolError> {
        let take = |call: &mut LongCall| {
            if call.state != LongCallState::Asking {
                return;
            }
            let kept = (object(call.questions.as_deref()), object(call.answers.as_deref()));
            // What cannot be read is left as it is; whoever looks at the call is told.
            let (Some(mut open), Some(mut given)) = kept else { return };
            for (name, answer) in &input.answers {
                if open.remove(name).is_some() {
                    given.insert(name.clone(), answer.clone());
                    call.answered_by = Some(input.answered_by.clone());
                }
            }
            call.questions = Some(Value::Object(open).to_string());
            call.answers = Some(Value::Object(given).to_string());
        };
        context.catalog.change_long_call(&context.owner, &input.id, take).await?;
        Ok(())
    }
}

/// What was kept as a JSON object; none if it cannot be read.
fn object(text: Option<&str>) -> Option<Map<String, Value>> {
    serde_json::from_str(text.unwrap_or("{}")).ok()
}

/// Wants a long call to stop. One that has ended stays as it is, and so does a change that is being made.
pub struct StopLongCall;

impl Operation for StopLongCall {
    const NAME: &'static str = "stop_long_call";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Signal;
    type Input = String;
    type Output = ();

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("PutItem", LONG_CALLS_TABLE)])
    }

    async fn run(id: String, context: Context) -> Result<(), ToolError> {
        context.catalog.change_long_call(&context.owner, &id, |call| call.stop_wanted = true).await?;
        Ok(())
    }
}
