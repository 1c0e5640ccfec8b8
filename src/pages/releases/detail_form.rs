//! The form of what an artist, a release or a track says, and that somebody else has changed it meanwhile.

use super::detail_field::Field;
use super::release::LastChange;
use crate::api::error::AppError;
use crate::components::icon::{Glyph, Icon};
use crate::model::details_form::{DetailField, DetailsForm};
use crate::model::field::FieldError;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Given by the web layer as context when the form came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedDetails {
    /// Why.
    pub error: AppError,
    /// What was typed, where that could be read.
    pub typed: Option<DetailsForm>,
}

/// What the form shows: what was typed, else what is stored. Whoever was overtaken sees both, and may send it again.
pub fn shown(typed: Option<DetailsForm>, stored: &DetailsForm, is_overtaken: bool) -> DetailsForm {
    let Some(mut form) = typed.filter(|typed| typed.track == stored.track) else { return stored.clone() };
    for (name, value) in &stored.values {
        form.values.entry(name.clone()).or_insert_with(|| value.clone());
    }
    if is_overtaken {
        form.version = stored.version;
    }
    form
}

/// Says that somebody else was faster.
#[component]
pub fn Overtaken(
    /// What the answer says.
    error: AppError,
    /// What both have changed: `release`, `artist`.
    what: &'static str,
    /// Who was faster, where the record says so.
    by: Option<String>,
    /// When, RFC 3339 in UTC.
    at: Option<String>,
) -> impl IntoView {
    let is_known = by.is_some() || at.is_some();
    view! {
        <section class="state state-failed" role="alert">
            <Icon glyph=Glyph::Warning />
            <h2>"Somebody else was faster"</h2>
            <p class="state-message">{error.message} " Nothing of yours was kept."</p>
            <p>
                {is_known.then(|| view! { {format!("The {what} was ")} <LastChange by=by at=at /> ". " })}
                {format!(
                    "Where the {what} says something else than you, it stands below your text. Correct your text and keep it again, or leave the page.",
                )}
            </p>
            {error.request_id.map(|id| view! { <p class="state-request">"Request " <code>{id}</code></p> })}
        </section>
    }
}

/// The form.
#[component]
pub fn DetailForm(
    /// The fields that it has.
    fields: &'static [DetailField],
    /// What stands in them.
    form: DetailsForm,
    /// What is wrong with that.
    wrong: Vec<FieldError>,
    /// What is stored, where somebody else was faster.
    now: Option<DetailsForm>,
    /// Where it is sent.
    action: String,
) -> impl IntoView {
    let fields = fields.iter().map(|field| {
        let name = field.name;
        let is_meant = |wrong: &&FieldError| wrong.field.split('.').next() == Some(name);
        let problem = wrong.iter().find(is_meant).map(|wrong| wrong.message.clone());
        let other = now.as_ref().filter(|now| form.differs(now, name));
        let other = other.map(|now| now.value(name).to_owned());
        view! { <Field field=field value=form.value(name).to_owned() problem=problem other=other /> }
    });
    view! {
        <form class="details-form" method="post" action=action>
            <input type="hidden" name="track" value=form.track.clone() />
            <input type="hidden" name="version" value=form.version.to_string() />
            {fields.collect_view()}
            <button type="submit" class="button is-primary">
                "Keep these details"
            </button>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(version: u32, values: &[(&str, &str)]) -> DetailsForm {
        let values = values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        DetailsForm { track: String::new(), version, values: values.collect() }
    }

    #[test]
    fn whoever_was_overtaken_sends_with_the_version_that_they_see_now() {
        let stored = form(4, &[("title", "Dawn"), ("genre", "folk")]);
        let typed = form(3, &[("title", "Night")]);
        let both = form(4, &[("title", "Night"), ("genre", "folk")]);
        assert_eq!(shown(Some(typed.clone()), &stored, true), both);
        assert_eq!(shown(Some(typed), &stored, false).version, 3, "what is wrong is no licence to overwrite");
        assert_eq!(shown(None, &stored, false), stored);
    }
}
