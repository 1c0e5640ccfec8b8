//! Who shares in what a release earns: as it was entered, and the form for it.

use crate::api::error::AppError;
use crate::api::releases::view_release_splits;
use crate::components::badge::{Badge, Tone};
use crate::components::date::Moment;
use crate::components::icon::Glyph;
use crate::components::permitted::may;
use crate::components::state::{ErrorState, answer_with_status};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::components::text_area::as_content;
use crate::model::contract::percent;
use crate::model::field::FieldError;
use crate::model::identifier::ReleaseId;
use crate::model::splits::{KnownSplits, SplitShare, SplitsForm, gap, total};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// The fields of the form, and what people call them.
const FIELDS: [(&str, &str); 2] = [
    ("recordings", "Recordings, a line for each who shares: Name: 50.00 %"),
    ("publishing", "Works (publishing), a line for each who shares: Name: 50.00 %"),
];

/// Given by the web layer as context when the form came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedSplits {
    /// Why.
    pub error: AppError,
    /// What was typed.
    pub typed: SplitsForm,
}

/// What the panel is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OpenedSplits {
    known: KnownSplits,
    failed: Option<FailedSplits>,
}

/// Reads the splits, and tells the answer's status where the form came to nothing.
///
/// # Errors
/// When the splits cannot be read.
pub async fn open(release_id: ReleaseId, failed: Option<FailedSplits>) -> Result<OpenedSplits, AppError> {
    let known = match view_release_splits(release_id).await {
        Ok(known) => known,
        // Why the form came to nothing tells more.
        Err(error) => return Err(failed.map_or(error, |failed| failed.error)),
    };
    if let Some(FailedSplits { error, .. }) = &failed {
        answer_with_status(error);
    }
    Ok(OpenedSplits { known, failed })
}

/// The splits.
#[component]
pub fn Splits(
    /// What was read.
    opened: OpenedSplits,
    /// The release.
    release_id: ReleaseId,
) -> impl IntoView {
    let OpenedSplits { known, failed } = opened;
    let (error, typed) = failed.map(|failed| (failed.error, failed.typed)).unzip();
    let form = may("set_release_splits").then(|| {
        let form =
            typed.unwrap_or_else(|| SplitsForm::of(&known.splits.clone().unwrap_or_default(), known.version));
        let wrong = error.as_ref().map(|error| error.fields.clone()).unwrap_or_default();
        let action = format!("/releases/{release_id}");
        view! { <Fields form=form wrong=wrong action=action is_open=error.is_some() /> }
    });
    let content = match known.splits {
        Some(splits) => view! {
            <Shares label="Who shares in the recordings" shares=splits.recordings />
            <Shares label="Who shares in the works (publishing)" shares=splits.publishing />
        }
        .into_any(),
        None => view! { <p>"Nobody has entered yet who shares in what this release earns."</p> }.into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="splits">
            <h2 id="splits">"Splits"</h2>
            {error.map(|error| view! { <ErrorState error=error /> })}
            {content}
            {known
                .changed
                .map(|(by, at)| {
                    view! { <p class="contract-quiet">"Entered by " {by} ", " <Moment rfc3339=at /></p> }
                })}
            {form}
        </section>
    }
}

#[component]
fn Shares(label: &'static str, shares: Vec<SplitShare>) -> impl IntoView {
    let Some(sum) = total(&shares) else {
        return view! {
            <h3>{label}</h3>
            <p>"Not entered."</p>
        }
        .into_any();
    };
    let row = |name: String, basis_points: u32| {
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="number">{percent(basis_points)}</td>
            </tr>
        }
    };
    let rows: Vec<_> = shares.into_iter().map(|share| row(share.payee, share.basis_points)).collect();
    let state = match gap(sum) {
        None => view! { <Badge tone=Tone::Good glyph=Glyph::Check word="Adds up to 100.00 %" /> }.into_any(),
        Some(gap) => view! {
            <Badge tone=Tone::Bad glyph=Glyph::Warning word="Does not add up to 100.00 %" />
            " "
            {gap}
        }
        .into_any(),
    };
    view! {
        <h3>{label}</h3>
        <ScrollingTable label=label columns=vec![words("Who"), numbers("Share")]>
            {rows}
            {row("All together".to_owned(), sum)}
        </ScrollingTable>
        <p>{state}</p>
    }
    .into_any()
}

#[component]
fn Fields(form: SplitsForm, wrong: Vec<FieldError>, action: String, is_open: bool) -> impl IntoView {
    let fields = FIELDS.map(|(name, label)| {
        let text = if name == "recordings" { &form.recordings } else { &form.publishing };
        let content = as_content(text);
        let problem = wrong.iter().find(|wrong| wrong.field == name).map(|wrong| wrong.message.clone());
        let is_wrong = problem.is_some().then_some("true");
        let problem_id = format!("{name}-problem");
        let described = problem.is_some().then(|| problem_id.clone());
        view! {
            <label class="field">
                <span>{label}</span>
                <textarea name=name rows="4" aria-invalid=is_wrong aria-describedby=described inner_html=content></textarea>
                {problem.map(|problem| view! { <span class="field-problem" id=problem_id>{problem}</span> })}
            </label>
        }
    });
    view! {
        <details class="contract-form" open=is_open>
            <summary>"Enter who shares"</summary>
            <form method="post" action=action>
                <input type="hidden" name="change" value="splits" />
                <input type="hidden" name="version" value=form.version.to_string() />
                {fields.collect_view()}
                <button type="submit" class="button">
                    "Keep these splits"
                </button>
            </form>
        </details>
    }
}
