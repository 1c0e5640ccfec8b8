//! The panel in which tempo and key of a recording are stated, where listening got them wrong, and taken back.

use super::address;
use super::report::{measured_key, measured_tempo};
use crate::api::error::{AppError, ErrorKind};
use crate::components::date::Moment;
use crate::components::state::ErrorState;
use crate::components::wrong_fields::{WrongField, WrongFields};
use crate::model::audio::AudioReport;
use crate::model::tempo_and_key::{KEYS, StatementStanding, TempoAndKey, TempoAndKeyForm};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The field with what is done: one of the two below.
pub const CHANGE: &str = "change";
/// What was entered is stated.
pub const STATE: &str = "state";
/// Nothing is stated any more.
pub const TAKE_BACK: &str = "takeBack";
/// The id of the panel.
pub const PANEL: &str = "tempo-and-key";

/// The fields, and what people call them in a sentence.
const FIELDS: [(&str, &str); 2] = [("tempo", "the tempo"), ("key", "the key")];

/// A statement that came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedStatement {
    /// Why.
    pub error: AppError,
    /// What was entered.
    pub typed: TempoAndKeyForm,
}

/// What the form shows: what was entered, else what is stated. Whoever was overtaken sees what is there now beside what
/// they entered, and may send it again; what is wrong is no licence to overwrite.
fn shown(failed: Option<&FailedStatement>, stored: TempoAndKeyForm) -> TempoAndKeyForm {
    match failed {
        None => stored,
        Some(FailedStatement { error, typed }) if error.kind == ErrorKind::Conflict => {
            TempoAndKeyForm { content: stored.content, revision: stored.revision, ..typed.clone() }
        }
        Some(FailedStatement { typed, .. }) => typed.clone(),
    }
}

fn id_of(field: &str) -> String {
    format!("field-{field}")
}

/// The panel, for whoever may state something.
#[component]
pub fn TempoAndKeyPanel(
    /// The recording.
    id: String,
    /// The report that is shown.
    report: AudioReport,
    /// How things stand with what was stated.
    standing: StatementStanding,
    /// Why a statement came to nothing.
    failed: Option<FailedStatement>,
) -> impl IntoView {
    let action = address::of_recording(&id);
    let said = TempoAndKey { tempo: report.stated_tempo.clone(), key: report.stated_key.clone() };
    let is_stated = !said.is_empty();
    let stored = TempoAndKeyForm::of(&said, &report.sha256, standing.revision);
    let before = standing.of_before.map(|of_before| {
        let form = TempoAndKeyForm::of(&of_before, &report.sha256, standing.revision);
        view! { <OfBefore said=of_before form=form action=action.clone() /> }
    });
    let form = shown(failed.as_ref(), stored);
    view! {
        <section class="panel audio-statement" id=PANEL aria-labelledby="tempo-and-key-heading">
            <h2 id="tempo-and-key-heading">"Tempo and key"</h2>
            <p class="audio-quiet">
                "Listening can get them wrong. What you state counts before what was measured: here, in the report and in the answers of tools. It holds for this version of the file only: a new one begins without it."
            </p>
            {before}
            {failed.clone().map(|failed| view! { <Problem error=failed.error /> })}
            <Fields report=report form=form failed=failed is_stated=is_stated action=action />
        </section>
    }
}

/// Why a statement came to nothing: what is wrong with a field stands there.
#[component]
fn Problem(error: AppError) -> impl IntoView {
    let wrong = FIELDS.iter().filter(|(field, _)| error.fields.iter().any(|wrong| wrong.field == *field));
    let fields: Vec<WrongField> =
        wrong.map(|(field, name)| WrongField { id: id_of(field), name: (*name).to_owned() }).collect();
    if fields.is_empty() {
        view! { <ErrorState error=error /> }.into_any()
    } else {
        view! { <WrongFields message="Nothing was stated." fields=fields /> }.into_any()
    }
}

/// What was stated of the file before this one, to be taken over.
#[component]
fn OfBefore(said: TempoAndKey, form: TempoAndKeyForm, action: String) -> impl IntoView {
    let tempo = said.tempo.map(|tempo| (format!("{} beats a minute", tempo.text()), tempo.by, tempo.at));
    let key = said.key.map(|key| (key.name, key.by, key.at));
    let lines = tempo.into_iter().chain(key).map(|(value, by, at)| {
        view! {
            <li>
                {value} ", stated by " {by} ", " <Moment rfc3339=at />
            </li>
        }
    });
    view! {
        <form class="notice tone-quiet" method="post" action=action>
            <div>
                <p>"The file has been replaced since this was stated:"</p>
                <ul>{lines.collect_view()}</ul>
                <input type="hidden" name="tempo" value=form.tempo />
                <input type="hidden" name="key" value=form.key />
                <Seen content=form.content revision=form.revision />
                <button type="submit" class="button" name=CHANGE value=STATE>
                    "State the same of the new one"
                </button>
            </div>
        </form>
    }
}

/// What the page showed, so that nobody overwrites unseen what somebody else has stated, or speaks of other bytes.
#[component]
fn Seen(content: String, revision: u32) -> impl IntoView {
    view! {
        <input type="hidden" name="content" value=content />
        <input type="hidden" name="revision" value=revision.to_string() />
    }
}

#[component]
fn Fields(
    report: AudioReport,
    form: TempoAndKeyForm,
    failed: Option<FailedStatement>,
    is_stated: bool,
    action: String,
) -> impl IntoView {
    let wrong = failed.map(|failed| failed.error.fields).unwrap_or_default();
    let problem = |name: &str| {
        let found = wrong.iter().find(|wrong| wrong.field == name);
        found.map(|wrong| (format!("{}-error", id_of(name)), wrong.message.clone()))
    };
    let (tempo_problem, key_problem) = (problem("tempo"), problem("key"));
    let described = |name: &str, problem: Option<&(String, String)>| {
        let help = format!("{}-help", id_of(name));
        problem.map_or_else(|| help.clone(), |(id, _)| format!("{help} {id}"))
    };
    let tempo_described = described("tempo", tempo_problem.as_ref());
    let key_described = described("key", key_problem.as_ref());
    let tempo_is_wrong = tempo_problem.is_some().then_some("true");
    let key_is_wrong = key_problem.is_some().then_some("true");
    let told = |problem: Option<(String, String)>| {
        problem.map(|(id, message)| {
            view! {
                <p class="field-error" id=id>
                    {message}
                </p>
            }
        })
    };
    let measured = |found: Option<String>| match found {
        Some(found) => format!("Measured: {found}."),
        None => "Nothing was found by listening.".to_owned(),
    };
    let tempo_help = format!(
        "{} Two decimals at most. Leave it empty for what was measured.",
        measured(measured_tempo(&report))
    );
    let key_help = measured(measured_key(&report));
    let keys = KEYS.map(|key| {
        let selected = form.key == key;
        view! {
            <option value=key selected=selected>
                {key}
            </option>
        }
    });
    view! {
        <form class="details-form" method="post" action=action>
            <Seen content=form.content revision=form.revision />
            <div class="field">
                <label for=id_of("tempo")>"Tempo, in beats a minute"</label>
                <input
                    type="text"
                    inputmode="decimal"
                    id=id_of("tempo")
                    name="tempo"
                    value=form.tempo
                    autocomplete="off"
                    aria-describedby=tempo_described
                    aria-invalid=tempo_is_wrong
                />
                <p class="field-help" id=format!("{}-help", id_of("tempo"))>
                    {tempo_help}
                </p>
                {told(tempo_problem)}
            </div>
            <div class="field">
                <label for=id_of("key")>"Key"</label>
                <select id=id_of("key") name="key" aria-describedby=key_described aria-invalid=key_is_wrong>
                    <option value="">"As measured"</option>
                    {keys.collect_view()}
                </select>
                <p class="field-help" id=format!("{}-help", id_of("key"))>
                    {key_help}
                </p>
                {told(key_problem)}
            </div>
            <div class="audio-statement-buttons">
                <button type="submit" class="button is-primary" name=CHANGE value=STATE>
                    "Keep tempo and key"
                </button>
                {is_stated
                    .then(|| {
                        view! {
                            <button type="submit" class="button" name=CHANGE value=TAKE_BACK>
                                "Take the statement back"
                            </button>
                        }
                    })}
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_was_overtaken_may_send_theirs_again_and_whoever_mistyped_overwrites_nothing() {
        let form = |tempo: &str, revision| TempoAndKeyForm {
            tempo: tempo.to_owned(),
            key: String::new(),
            content: format!("content {revision}"),
            revision,
        };
        let failed = |kind, typed| FailedStatement { error: AppError::new(kind, "", ""), typed };
        let stored = || form("90", 4);
        assert_eq!(shown(None, stored()), stored());
        let overtaken = shown(Some(&failed(ErrorKind::Conflict, form("128", 3))), stored());
        assert_eq!(overtaken, TempoAndKeyForm { tempo: "128".to_owned(), ..stored() });
        let mistyped = shown(Some(&failed(ErrorKind::Invalid, form("fast", 3))), stored());
        assert_eq!(mistyped, form("fast", 3));
    }
}
