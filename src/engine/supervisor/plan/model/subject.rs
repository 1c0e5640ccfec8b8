//! Whether a plan is about those whom the task is about: never a wrong artist, whoever has planned.

use crate::engine::supervisor::understand::Understood;
use crate::model::task::{Argument, Plan, StepId};
use serde_json::Value;

/// A step that is about somebody or something else.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "step {step} takes {argument} {value:?}; the task is about the ids of its data only, and about no names"
)]
pub(super) struct OtherSubject {
    step: StepId,
    argument: String,
    value: String,
}

/// The arguments that name artists or releases, in any of the tools.
const OF_ARTISTS: [&str; 2] = ["artistId", "artistIds"];
const OF_RELEASES: [&str; 2] = ["releaseId", "releaseIds"];

/// The tools that also find by a name, which others may have, too.
const BY_NAME: [(&str, &str); 1] = [("query_artist_data", "name")];

/// Compares the artists and releases that steps name with those of the task. A task that is about nobody in
/// particular may look at anybody whom an earlier step finds, and at nobody by name.
pub(super) fn check(plan: &Plan, understood: &Understood) -> Result<(), OtherSubject> {
    let is_artist = |id: &str| understood.artists.iter().any(|artist| artist.as_str() == id);
    let is_release = |id: &str| understood.releases.iter().any(|release| release.as_str() == id);
    for step in &plan.steps {
        for (name, argument) in &step.arguments {
            let Argument::Value(value) = argument else { continue };
            let other = match name.as_str() {
                name if OF_ARTISTS.contains(&name) => ids(value).find(|id| !is_artist(id)),
                name if OF_RELEASES.contains(&name) => ids(value).find(|id| !is_release(id)),
                name if BY_NAME.contains(&(step.tool.as_str(), name)) => value.as_str(),
                _ => None,
            };
            if let Some(value) = other {
                let (argument, value) = (name.clone(), value.to_owned());
                return Err(OtherSubject { step: step.id.clone(), argument, value });
            }
        }
    }
    Ok(())
}

/// The ids of an argument: one, or a list.
fn ids(value: &Value) -> impl Iterator<Item = &str> {
    let list = value.as_array().map(Vec::as_slice).unwrap_or_default();
    value.as_str().into_iter().chain(list.iter().filter_map(Value::as_str))
}
