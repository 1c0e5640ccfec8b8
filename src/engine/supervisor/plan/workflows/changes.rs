//! The plan that changes a release: what is there now, then the change, from exactly that version.

use super::{Call, Draft};
use crate::engine::supervisor::understand::Understood;
use crate::model::task::Problem;
use serde_json::{Map, Value};

/// A change of one release. Its version is what the step before has found: where somebody else changes the release
/// meanwhile, nothing is changed.
pub(super) fn release(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let (Some(change), Some(release)) = (&understood.change, understood.releases.first()) else {
        return Err(Problem {
            message: "The task does not say which release is to be changed, and how.".to_owned(),
            remedy: "Name the release, what of it, and what it is to be.".to_owned(),
            nearest: Vec::new(),
        });
    };
    let attribute = change.attribute;
    let title = format!("Change the {} of “{}”", attribute.label(), change.title);
    let now = Call::of("query_release_data", "Look up what is there now");
    let now = draft.need(now.with("releaseId", release.as_str()))?;
    let mut data = Map::new();
    data.insert(attribute.id().to_owned(), Value::String(change.value.clone()));
    let call = Call::of("update_release_data", title)
        .with("releaseId", release.as_str())
        .with_found("expectedVersion", &now, "/rows/0/version")
        .with("updateData", data);
    draft.need(call).map(drop)
}
