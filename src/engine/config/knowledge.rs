//! Which knowledge bases and models may be used, and where the embedded AWS keeps their documents.

use super::values::{Environment, number};
use super::{Config, ConfigError, table};
use std::time::Duration;

/// The model of the embedded Bedrock: it quotes and writes nothing itself.
pub const EXTRACTIVE_MODEL: &str = "local.extractive-v1";

/// The bucket with the documents of the first knowledge base, in the embedded AWS.
pub const KNOWLEDGE_BUCKET: &str = "patchline-knowledge";

/// Which knowledge bases and models there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Knowledge {
    /// The allowed knowledge bases, the default first.
    pub bases: Vec<String>,
    /// The allowed models, the default first.
    pub models: Vec<String>,
    /// Whether a language model writes for the embedded Bedrock in place of its extractive model.
    pub has_language_model: bool,
    /// Whether this machine makes embeddings by itself, in the embedded AWS.
    pub embeds_here: bool,
    /// The language model of tasks; none where they are planned and answered by rules alone.
    pub task_model: Option<TaskModel>,
}

/// The language model that plans tasks and writes their answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskModel {
    /// Its id on Bedrock.
    pub id: String,
    /// How long it may take to plan a task, and then to write its answer.
    pub patience: Duration,
}

impl TaskModel {
    /// Reads which of the allowed models it is.
    pub(super) fn read(
        environment: &Environment<'_>,
        models: &[String],
        has_bedrock: bool,
        has_language_model: bool,
    ) -> Result<Option<Self>, ConfigError> {
        let patience =
            environment.required(&table::TASK_MODEL_SECONDS, number(1, 60)).map(Duration::from_secs)?;
        let writes = |model: &str| is_language_model(model, has_language_model);
        let id = environment.required(&table::TASK_MODEL, |text| match text {
            "off" => Ok(None),
            "auto" => Ok(models.first().filter(|model| has_bedrock && writes(model)).cloned()),
            named if !models.iter().any(|model| model == named) => {
                Err("auto, off or a model of BEDROCK_MODELS is allowed".to_owned())
            }
            _ if !has_bedrock => Err("a model is there with ENABLE_BEDROCK=true only".to_owned()),
            named if !writes(named) => {
                Err("it only quotes; set PATCHLINE_LLM_URL, or auto or off".to_owned())
            }
            named => Ok(Some(named.to_owned())),
        })?;
        Ok(id.map(|id| Self { id, patience }))
    }
}

/// Whether a model writes by itself, and does not only quote.
fn is_language_model(model: &str, has_language_model: bool) -> bool {
    model != EXTRACTIVE_MODEL || has_language_model
}

impl Config {
    /// What the catalogue needs to know of knowledge bases and models.
    pub fn knowledge(&self) -> Knowledge {
        Knowledge {
            bases: self.knowledge_bases.clone(),
            models: self.models.clone(),
            has_language_model: self.embedded.as_ref().is_some_and(|mode| mode.language_model.is_some()),
            embeds_here: self.embedded.is_some(),
            task_model: self.task_model.clone(),
        }
    }
}

impl Knowledge {
    /// The buckets in which the embedded AWS keeps the documents of the knowledge bases, in their order.
    pub(crate) fn embedded_buckets(&self) -> impl Iterator<Item = String> {
        (0..self.bases.len()).map(embedded_bucket)
    }

    /// Whether a model writes by itself, and does not only quote.
    pub fn is_language_model(&self, model: &str) -> bool {
        is_language_model(model, self.has_language_model)
    }
}

fn embedded_bucket(place: usize) -> String {
    match place {
        0 => KNOWLEDGE_BUCKET.to_owned(),
        other => format!("{KNOWLEDGE_BUCKET}-{}", other + 1),
    }
}
