//! Stating the tempo and the key of a recording, where listening got them wrong, and taking that back.

use super::recordings::{known, located};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::recordings::KeptRecording;
use crate::engine::catalog::recordings::stated::KeptStatement;
use crate::engine::tools::{Class, Context, Effect, Operation, Refusal, RefusalKind, ToolError, choices};
use crate::model::tempo_and_key::{Entered, StatedKey, StatedTempo, TempoAndKey, TempoAndKeyForm};
use crate::model::tool::AwsResource;
use serde::Serialize;

/// A recording, and what is stated of it.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StateTempoAndKeyInput {
    /// Names it, as addresses do.
    pub id: String,
    /// What was entered.
    pub form: TempoAndKeyForm,
}

/// Keeps what somebody states of tempo and key. What is left empty is measured again.
pub struct StateTempoAndKey;

impl Operation for StateTempoAndKey {
    const NAME: &'static str = "state_tempo_and_key";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    type Input = StateTempoAndKeyInput;
    type Output = ();

    /// Asked for as if the file were stored anew: whoever may replace a recording may say what it is.
    fn resources(input: &StateTempoAndKeyInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let (bucket, key) = located(&input.id, catalog)?;
        input.form.read().map_err(ToolError::Invalid)?;
        Ok(vec![choices::s3("PutObject", &bucket, key.as_str())])
    }

    async fn run(input: StateTempoAndKeyInput, context: Context) -> Result<(), ToolError> {
        let catalog = &context.catalog;
        let entered = input.form.read().map_err(ToolError::Invalid)?;
        loop {
            let kept = known(catalog, &input.id).await?;
            let new = Statement { form: &input.form, entered, context: &context };
            let Some(stated) = new.after(&kept)? else { return Ok(()) };
            let changed = KeptRecording { stated: Some(stated), ..kept.clone() };
            // Where the record has been changed meanwhile, it is looked at anew: by whom decides what comes of it.
            if catalog.change_recording(changed, Some(&kept)).await?.is_some() {
                return Ok(());
            }
        }
    }
}

/// What is to be stated, by whom and when.
struct Statement<'a> {
    form: &'a TempoAndKeyForm,
    entered: Entered,
    context: &'a Context,
}

impl Statement<'_> {
    /// What is kept then; none where it is kept already, also because the form was sent twice. Nothing is stated about
    /// bytes that were not shown, nor over what was stated since.
    fn after(&self, kept: &KeptRecording) -> Result<Option<KeptStatement>, ToolError> {
        let before = kept.stated.as_ref();
        if before.is_some_and(|before| before.change == self.context.change) {
            return Ok(None);
        }
        if kept.state.is_open() {
            let message = "The recording is still being checked. Nothing was stated.";
            return Err(overtaken(
                message,
                "Wait until that is done, look at the report, and state tempo and key then.",
            ));
        }
        let heard = kept.line.sha256.as_deref().filter(|_| kept.state.is_released());
        let Some(content) = heard else {
            let message = "This is no recording that has a tempo or a key.";
            return Err(overtaken(
                message,
                "Upload the recording, wait until it is checked, and state tempo and key then.",
            ));
        };
        if content != self.form.content {
            let message = "The file has been replaced since you opened this page. Nothing was stated.";
            return Err(overtaken(
                message,
                "Listen to the one that is there now, and state tempo and key once more.",
            ));
        }
        let now = before.filter(|before| before.content == content).map(|before| &before.said);
        let said = self.said(now);
        if said == now.cloned().unwrap_or_default() {
            return Ok(None);
        }
        if before.map_or(0, |before| before.revision) != self.form.revision {
            let message = "What is stated of tempo and key has changed since you opened this page. Nothing of yours was \
                           kept.";
            return Err(overtaken(
                message,
                "Look at what is stated now, and keep yours once more if it is right.",
            ));
        }
        Ok(Some(KeptStatement {
            revision: self.form.revision.saturating_add(1),
            content: content.to_owned(),
            said,
            change: self.context.change.clone(),
        }))
    }

    /// What is stated then. Whoever leaves one of both as it is has not stated that one.
    fn said(&self, now: Option<&TempoAndKey>) -> TempoAndKey {
        let (tempo, key) = self.entered;
        let (by, at) = (&self.context.actor, self.context.now.to_string());
        let tempo = tempo.map(|bpm| {
            let new = StatedTempo { bpm, by: by.clone(), at: at.clone() };
            let same = now.and_then(|now| now.tempo.clone()).filter(|same| same.text() == new.text());
            same.unwrap_or(new)
        });
        let key = key.map(|name| {
            let same = now.and_then(|now| now.key.clone()).filter(|same| same.name == name);
            same.unwrap_or_else(|| StatedKey { name: name.to_owned(), by: by.clone(), at: at.clone() })
        });
        TempoAndKey { tempo, key }
    }
}

fn overtaken(message: &str, remedy: &str) -> ToolError {
    ToolError::Refused(Box::new(Refusal {
        kind: RefusalKind::Conflict,
        message: message.to_owned(),
        remedy: remedy.to_owned(),
        fields: Vec::new(),
        retry_after: None,
    }))
}
