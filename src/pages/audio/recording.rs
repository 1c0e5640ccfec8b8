//! The page of a recording: the player, what each store says, and everything that was found out.

use super::AudioOutcome;
use super::address::{self, USUAL_PROFILE};
use super::findings::Findings;
use super::report::{Gains, Loudness, Properties, Tags};
use super::state::{RecordingBadge, VerdictBadge};
use super::tempo_and_key::{FailedStatement, TempoAndKeyPanel};
use crate::api::audio::view_recording;
use crate::api::error::AppError;
use crate::components::badge::SampleBadge;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::browser;
use crate::components::date::Moment;
use crate::components::icon::{Glyph, Icon};
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::player::{Mark, Other, Player};
use crate::components::state::{ErrorState, FailedPage, Skeleton};
use crate::model::audio::{AudioFinding, FindingSeverity};
use crate::model::recording::{
    AlikeRecording, NamedRecording, RecordingAsked, RecordingDetail, RecordingReport, RecordingState,
    RecordingVersion,
};
use crate::model::release_file;
use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// How often the page is read again while the recording is being checked.
const INTERVAL: Duration = Duration::from_secs(2);

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    detail: RecordingDetail,
    failed: Failed,
}

/// Why a form came to nothing whose answer the page is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
struct Failed {
    /// To state tempo and key.
    statement: Option<FailedStatement>,
    /// Any other.
    other: Option<AppError>,
}

impl Failed {
    fn of(outcome: Option<AudioOutcome>) -> Self {
        match outcome {
            Some(AudioOutcome { error: Some(error), stated: Some(typed), .. }) => {
                Self { statement: Some(FailedStatement { error, typed }), other: None }
            }
            Some(outcome) => Self { statement: None, other: outcome.error },
            None => Self::default(),
        }
    }

    /// What stands above everything: also why nothing was stated, where there is no panel for that.
    fn above(&mut self, has_panel: bool) -> Option<AppError> {
        let statement = if has_panel { None } else { self.statement.take() };
        self.other.take().or(statement.map(|failed| failed.error))
    }
}

async fn open(asked: RecordingAsked, failed: Failed) -> Result<Opening, AppError> {
    Ok(Opening { detail: view_recording(asked).await?, failed })
}

/// One recording.
#[component]
pub fn RecordingPage() -> impl IntoView {
    let failed = Failed::of(AudioOutcome::of_request());
    let (params, query) = (use_params_map(), use_query_map());
    let asked = Memo::new(move |_| {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        RecordingAsked::beside(id, query.with(|query| query.get("compare")))
    });
    let profile = Memo::new(move |_| {
        query.with(|query| query.get("profile")).unwrap_or_else(|| USUAL_PROFILE.to_owned())
    });
    let opening = Resource::new(move || asked.get(), move |asked| open(asked, failed.clone()));
    let again = Callback::new(move |()| opening.refetch());
    let is_open = RwSignal::new(false);
    Effect::new(move |_| {
        if !is_open.get() {
            return;
        }
        let tick = move || {
            if !browser::is_hidden() {
                opening.refetch();
            }
        };
        if let Ok(timer) = set_interval_with_handle(tick, INTERVAL) {
            on_cleanup(move || timer.clear());
        }
    });
    view! {
        <Transition fallback=|| view! { <Skeleton what="the recording" lines=12 /> }>
            {move || Suspend::new(async move {
                match opening.await {
                    Ok(Opening { detail, failed }) => {
                        let open = detail.row.state.is_open();
                        if is_open.get_untracked() != open {
                            is_open.set(open);
                        }
                        view! { <Detail detail=detail failed=failed profile=profile /> }.into_any()
                    }
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Detail(detail: RecordingDetail, failed: Failed, profile: Memo<String>) -> impl IntoView {
    let RecordingDetail {
        row,
        report,
        processed_at,
        statement,
        is_in_reach,
        media_url,
        same_as,
        sounds_like,
        others,
        versions,
        compared,
    } = detail;
    let name = row.name().to_owned();
    let id = row.id.clone();
    let compare = compared.as_ref().map(|other| other.recording.id.clone());
    let reported = report.as_ref().map(|_| id.clone());
    let may_state = is_in_reach && may("state_tempo_and_key");
    // What is being checked may be another recording in a moment.
    let heard = report.as_ref().filter(|_| row.state.is_released() && may_state);
    let mut failed = failed;
    let above = failed.above(heard.is_some());
    let stating = heard.map(|heard| {
        let (id, report) = (id.clone(), heard.report.clone());
        view! { <TempoAndKeyPanel id=id report=report standing=statement failed=failed.statement /> }
    });
    // Where a new master takes its place: with another name it would not be the one that the release names.
    let replaced = row
        .release
        .as_ref()
        .filter(|_| may("upload_audio_stream"))
        .map(|release| release_file::address(&release.release_id, &release.track_id));
    view! {
        <Breadcrumbs above=vec![("Audio", address::PATH)] here=name.clone() />
        <PageHeading title=name.clone()>
            {row.sample.then(|| view! { <SampleBadge /> })}
            <RecordingBadge state=row.state progress=row.progress />
            {replaced
                .map(|address| {
                    // Loaded as a page of its own, so that the browser goes to the file.
                    view! {
                        <a class="button" href=address rel="external">
                            "Replace the master"
                        </a>
                    }
                })}
            {reported.map(|id| view! { <Actions id=id /> })}
        </PageHeading>
        {above.map(|error| view! { <ErrorState error=error /> })}
        <p class="audio-file">
            <code>{row.file_name.clone()}</code>
            {row.uploaded_at.clone().map(|at| view! { ", uploaded " <Moment rfc3339=at /> })}
            {row.uploaded_by.clone().map(|by| view! { " by " {by} })}
            {row
                .release
                .clone()
                .map(|release| {
                    view! {
                        ", master of a track of "
                        <a href=format!("/releases/{}", release.release_id)>{release.title}</a>
                    }
                })}
        </p>
        <Standing state=row.state why=row.why.clone() progress=row.progress />
        {same_as
            .map(|same| {
                view! {
                    <p class="notice tone-warning" role="status">
                        <span>
                            <strong>"The same recording is already there as "</strong>
                            <a href=address::of_recording(&same.id)>{same.name}</a>
                            ". One of the two can go, unless both are meant."
                        </span>
                    </p>
                }
            })}
        <SoundsLike alike=sounds_like />
        {match report {
            Some(report) => {
                let other = compared.map(|other| Other {
                    name: other.recording.name,
                    url: other.media_url,
                    integrated: other.integrated,
                });
                view! {
                    <Sound id=id.clone() name=name url=media_url report=report.clone() other=other />
                    <Compare id=id.clone() versions=versions others=others chosen=compare profile=profile />
                    <Report id=id report=report profile=profile processed_at=processed_at />
                    {stating}
                }
                    .into_any()
            }
            None => ().into_any(),
        }}
    }
}

/// Recordings that sound the same: another mix of it has an ISRC of its own, another copy of it has none.
#[component]
fn SoundsLike(alike: Vec<AlikeRecording>) -> impl IntoView {
    (!alike.is_empty()).then(|| {
        view! {
            <section class="notice tone-quiet audio-alike" aria-label="Recordings that sound the same">
                <div>
                    <p>
                        <strong>"It sounds like"</strong>
                    </p>
                    <ul>
                        {alike
                            .into_iter()
                            .map(|other| {
                                view! {
                                    <li>
                                        <a href=address::of_recording(&other.recording.id)>{other.recording.name}</a>
                                        {format!(", {} % of the acoustic print", other.percent)}
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                    <p class="audio-quiet">
                        "Probably the same recording in another coding or at another level. A materially different mix or \
                         edit needs an ISRC of its own; the same recording keeps its one."
                    </p>
                </div>
            </section>
        }
    })
}

/// What can be done with the report.
#[component]
fn Actions(id: String) -> impl IntoView {
    let again = may("process_recording");
    view! {
        <a class="button" href=address::of_export(&id) rel="external" download="">
            "Report as JSON"
        </a>
        <button type="button" class="button needs-script" on:click=move |_| browser::print()>
            "Print the report"
        </button>
        {again
            .then(|| {
                view! {
                    <form method="post" action=address::of_recording(&id)>
                        <button type="submit" class="button">
                            <Icon glyph=Glyph::Again />
                            "Check again"
                        </button>
                    </form>
                }
            })}
    }
}

/// Says how far it is, where there is no report yet or something is wrong.
#[component]
fn Standing(state: RecordingState, why: Option<String>, progress: u32) -> impl IntoView {
    let (tone, words) = match state {
        RecordingState::Announced => {
            ("tone-quiet", "An address was made for this file, and nothing has come yet.")
        }
        RecordingState::Waiting => {
            ("tone-quiet", "It waits to be checked. Until then only those who may upload can open it.")
        }
        RecordingState::Processing => {
            ("tone-quiet", "It is being listened to, from the first to the last sample.")
        }
        RecordingState::Unreadable => {
            ("tone-bad", "This is no recording that can be delivered, and it is held back.")
        }
        RecordingState::Deleted => ("tone-warning", "The file is gone."),
        RecordingState::Passed | RecordingState::Warned | RecordingState::Failed => return ().into_any(),
    };
    let why = why.map(|why| format!(" Reason: {why}.").replace("..", "."));
    view! {
        <p class=format!("notice {tone}") role="status">
            <span>
                <strong>{words}</strong>
                {why}
            </span>
            {(state == RecordingState::Processing)
                .then(|| {
                    view! { <progress max="100" value=progress.to_string() aria-label="How much is checked"></progress> }
                })}
        </p>
    }
    .into_any()
}

/// The player, where the recording may be heard.
#[component]
fn Sound(
    id: String,
    name: String,
    url: Option<String>,
    report: RecordingReport,
    other: Option<Other>,
) -> impl IntoView {
    let marks = marks(&report.report.findings);
    url.map(|url| {
        view! {
            <Player
                id=id
                name=name
                url=url
                seconds=report.report.seconds.unwrap_or_default()
                waveform=report.waveform
                sides=report.sides
                curve=report.curve
                integrated=report.report.loudness.integrated
                marks=marks
                other=other
                finer=super::finer::draw()
            />
        }
    })
}

/// Where findings are, for the waveform.
fn marks(findings: &[AudioFinding]) -> Vec<Mark> {
    let with_places = findings.iter().filter(|finding| finding.severity != FindingSeverity::Information);
    let marks = with_places.flat_map(|finding| {
        let is_error = finding.severity == FindingSeverity::Error;
        finding.at.iter().map(move |place| Mark { from: place.from, to: place.to, is_error })
    });
    marks.collect()
}

/// Choosing a version before, or another recording, to compare with.
#[component]
fn Compare(
    id: String,
    versions: Vec<RecordingVersion>,
    others: Vec<NamedRecording>,
    chosen: Option<String>,
    profile: Memo<String>,
) -> impl IntoView {
    let kept = move || {
        let profile = profile.get();
        (profile != USUAL_PROFILE).then(|| view! { <input type="hidden" name="profile" value=profile /> })
    };
    // What nobody has listened to is held back from those who could not have that done.
    let may_hear_all = may("process_recording");
    let versions = versions.into_iter().filter(|version| version.was_heard || may_hear_all);
    let versions = versions.map(|version| NamedRecording { id: version.choice(), name: version.name() });
    let choices: Vec<NamedRecording> = versions.chain(others).collect();
    (!choices.is_empty()).then(|| {
        view! {
            <form class="list-form audio-compare" method="get" action=address::of_recording(&id)>
                {kept}
                <label class="select-field">
                    <span>"Compare with"</span>
                    <select name="compare">
                        <option value="">"Nothing"</option>
                        {choices
                            .into_iter()
                            .map(|other| {
                                let selected = chosen.as_ref() == Some(&other.id);
                                view! {
                                    <option value=other.id selected=selected>
                                        {other.name}
                                    </option>
                                }
                            })
                            .collect_view()}
                    </select>
                </label>
                <button type="submit" class="button">
                    "Compare"
                </button>
            </form>
        }
    })
}

/// The report: what each store says, and what was measured.
#[component]
fn Report(
    id: String,
    report: RecordingReport,
    profile: Memo<String>,
    processed_at: Option<String>,
) -> impl IntoView {
    let RecordingReport { report, profiles, .. } = report;
    let shown = profiles.clone();
    let chosen = move || {
        let wanted = profile.get();
        let found = shown.iter().find(|known| known.id == wanted).or(shown.first()).cloned();
        found.map(|profile| view! { <Findings profile=profile /> })
    };
    let tabs = profiles.into_iter().map(|known| {
        let address = address::of_report(&id, &known.id, None);
        let own = known.id.clone();
        let current = move || (profile.get() == own).then_some("true");
        view! {
            <li>
                <a href=address aria-current=current data-noscroll="">
                    <span>{known.name}</span>
                    <VerdictBadge verdict=known.verdict />
                </a>
            </li>
        }
    });
    let tabs = tabs.collect_view();
    let notes = report.notes.clone();
    view! {
        <section class="panel" aria-labelledby="stores">
            <h2 id="stores">"What stores would say"</h2>
            <ul class="audio-profiles">{tabs}</ul>
            {chosen}
        </section>
        <div class="audio-facts">
            <Properties report=report.clone() />
            <Loudness report=report.clone() />
            <Gains report=report.clone() />
            <Tags report=report.clone() />
        </div>
        <footer class="audio-source">
            <p>
                "Source: " {report.source.clone()} ". "
                {processed_at.map(|at| view! { "Checked " <Moment rfc3339=at /> ". " })}
                "SHA-256 " <code>{report.sha256.clone()}</code>
            </p>
            <ul>{notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}</ul>
        </footer>
    }
}
