//! An answer in the words of a language model: it is told what the steps have found, and writes the line, the
//! findings and the advice. Its figures stand only where a step's result says the same; told once what no step
//! supports, and wrong again, it leaves the answer to the rules.

mod prompt;
mod results;
mod sound;

use super::{Found, written};
use crate::engine::converse::{Reply, Turn};
use crate::engine::gateway::{Gateway, Origin, Principal};
use crate::engine::supervisor::asking::{AskedFor, Asker, TURNS, Taken, Useless};
use crate::engine::tools::bedrock::Purpose;
use crate::model::task::{Line, Piece, TaskAnswer, Workflow};

/// How many mistakes a model is told at once.
const MOST_TOLD: usize = 12;

/// Lets the language model of tasks write an answer, where there is one; else, and whatever it does wrong, the
/// answer by rules stays, and says so. Also what the model took.
pub(in crate::engine::supervisor) async fn write_with_model(
    gateway: &Gateway,
    principal: &Principal,
    origin: &Origin,
    found: &Found<'_>,
    fallback: TaskAnswer,
    asked_for: AskedFor<'_>,
) -> (TaskAnswer, Taken) {
    let asker = Asker::new(gateway, principal, origin, Purpose::Answer, asked_for);
    // Where nothing was found there is nothing to write from; what asks the knowledge base has asked a model itself.
    let is_for_model = !fallback.sources.is_empty() && found.plan.workflow != Some(Workflow::Knowledge);
    let Some(mut asker) = asker.filter(|_| is_for_model) else {
        return (fallback, Taken::default());
    };
    match in_words(&mut asker, found, &fallback).await {
        Ok(answer) => (answer, asker.taken()),
        Err(because) => {
            tracing::warn!(?because, "an answer is written by rules");
            (noting(fallback, &because), asker.taken())
        }
    }
}

/// An answer that holds, at the first or at the last try.
async fn in_words(
    asker: &mut Asker<'_>,
    found: &Found<'_>,
    fallback: &TaskAnswer,
) -> Result<TaskAnswer, Useless> {
    let mut conversation = prompt::conversation(found);
    let mut wrong = Vec::new();
    for _ in 0..TURNS {
        let reply = asker.ask(&conversation).await?;
        wrong = match read(&reply, found, fallback) {
            Ok(answer) => return Ok(answer),
            Err(wrong) => wrong,
        };
        if reply.text().trim().is_empty() {
            break;
        }
        conversation.turns.push(Turn::Said(reply.parts));
        conversation.turns.push(Turn::Asked(prompt::correction(&wrong)));
    }
    Err(Useless::Wrong { what: "wrote what no step had found", detail: wrong.join("; ") })
}

/// Reads what a model has written.
///
/// # Errors
/// What is wrong with it, in words for the model.
pub(super) fn read(
    reply: &Reply,
    found: &Found<'_>,
    fallback: &TaskAnswer,
) -> Result<TaskAnswer, Vec<String>> {
    let text = reply.text();
    if text.trim().is_empty() {
        return Err(vec!["nothing was written".to_owned()]);
    }
    let answer = written(&text, &reply.model, found).map_err(|unsupported| {
        unsupported.iter().take(MOST_TOLD).map(ToString::to_string).collect::<Vec<_>>()
    })?;
    sound::check(&answer, fallback).map_err(|error| vec![error.to_string()])?;
    Ok(answer)
}

/// The answer by rules, with why no model has written it.
pub(super) fn noting(mut answer: TaskAnswer, because: &Useless) -> TaskAnswer {
    let words = format!("Patchline wrote this by its own rules, because the language model {because}.");
    answer.unseen.push(Line(vec![Piece::Words(words)]));
    answer
}
