//! The check of a release before delivery, on its page: what it comes to for each store, what was found, and who
//! has waived it.
//!
//! It listens to every master, so it begins when somebody asks for it: the address says for which store.

use crate::api::checks::ask_release_check;
use crate::api::error::AppError;
use crate::components::browser;
use crate::components::date::Moment;
use crate::components::format::{duration, with_minus_signs};
use crate::components::permitted::may;
use crate::components::player::seek_address;
use crate::components::state::{ErrorState, Skeleton, answer_with_status};
use crate::model::audio::{AudioPlace, FindingSeverity, STORES, store_name};
use crate::model::checks::{CheckFinding, CheckGroup, CheckQuestion, ReleaseCheck, WaiverForm};
use crate::model::day::with_short_days;
use crate::model::identifier::ReleaseId;
use crate::pages::audio;
use crate::pages::audio::state::{SeverityBadge, VerdictBadge};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;
use serde::{Deserialize, Serialize};

/// The most places of a finding that are shown.
const MOST_PLACES: usize = 5;

/// Given by the web layer as context when a form about a finding came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedWaiver {
    /// Why.
    pub error: AppError,
    /// What was asked for, as far as it could be read.
    pub form: WaiverForm,
}

/// What the panel is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    check: ReleaseCheck,
    failed: Option<FailedWaiver>,
}

async fn open(
    release_id: ReleaseId,
    profile: Option<String>,
    failed: Option<FailedWaiver>,
) -> Result<Option<Opening>, AppError> {
    let asked = profile.or_else(|| failed.as_ref().map(|failed| failed.form.profile.clone()));
    let Some(profile) = asked else { return Ok(None) };
    let check = match ask_release_check(CheckQuestion { release_id, profile }).await {
        Ok(check) => check,
        // Why the form came to nothing tells more.
        Err(error) => return Err(failed.map_or(error, |failed| failed.error)),
    };
    if let Some(FailedWaiver { error, .. }) = &failed {
        answer_with_status(error);
    }
    Ok(Some(Opening { check, failed }))
}

/// The panel.
#[component]
pub fn Checks(
    /// The release.
    release_id: ReleaseId,
) -> impl IntoView {
    let query = use_query_map();
    let profile = Memo::new(move |_| query.with(|query| query.get("checks")));
    let failed = use_context::<FailedWaiver>();
    let path = format!("/releases/{release_id}");
    let opening = Resource::new(
        move || profile.get(),
        move |profile| open(release_id.clone(), profile, failed.clone()),
    );
    let again = Callback::new(move |()| opening.refetch());
    let stores = STORES.map(|(id, name)| {
        let current = move || profile.with(|profile| profile.as_deref() == Some(id)).then_some("true");
        view! {
            <a class="button" href=format!("{path}?checks={id}#checks") aria-current=current>
                {name}
            </a>
        }
    });
    view! {
        <section class="panel checks" aria-labelledby="checks">
            <h2 id="checks">"Check before delivery"</h2>
            <nav class="checks-stores" aria-label="Store">
                {stores.collect_view()}
            </nav>
            <Transition fallback=|| view! { <Skeleton what="the check" lines=6 /> }>
                {move || Suspend::new(async move {
                    match opening.await {
                        Ok(Some(opening)) => view! { <Found opening=opening /> }.into_any(),
                        Ok(None) => {
                            view! {
                                <p>"Choose a store: its rules are applied to the data, the cover and every master."</p>
                            }
                                .into_any()
                        }
                        Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn Found(opening: Opening) -> impl IntoView {
    let Opening { check, failed } = opening;
    let may_waive = may("waive_finding");
    let verdicts = check.verdicts.clone().into_iter().map(|verdict| {
        let name = store_name(&verdict.profile);
        view! {
            <div>
                <dt>{name}</dt>
                <dd>
                    <VerdictBadge verdict=verdict.verdict />
                </dd>
            </div>
        }
    });
    let verdicts = verdicts.collect_view();
    let groups = check.groups.iter().filter(|group| !group.findings.is_empty()).cloned();
    let groups: Vec<CheckGroup> = groups.collect();
    let is_clean = groups.is_empty();
    let path = format!("/releases/{}", check.release_id);
    let profile = check.profile.clone();
    let export = format!("/export/releases/{}/checks.json?profile={profile}", check.release_id);
    let store = store_name(&check.profile).unwrap_or_default();
    let sheet = format!("{} by {}: findings by the rules of {store}.", check.title, check.artist_name);
    let print = |_| browser::print();
    let shown = groups.into_iter().map(|group| {
        let (path, profile, failed) = (path.clone(), profile.clone(), failed.clone());
        view! { <Group group=group path=path profile=profile failed=failed may_waive=may_waive /> }
    });
    view! {
        <p class="checks-sheet">{sheet}</p>
        <dl class="facts-list checks-verdicts">{verdicts}</dl>
        {is_clean.then(|| view! { <p>"Nothing was found."</p> })}
        {shown.collect_view()}
        <ul class="checks-notes">
            {check.notes.into_iter().map(|note| view! { <li>{note}</li> }).collect_view()}
        </ul>
        <p class="checks-source">{format!("{}, as of {}.", check.source, check.as_of)}</p>
        <p class="checks-actions">
            <a class="button" href=export rel="external" download="">
                "Download as JSON"
            </a>
            <button type="button" class="button needs-script" on:click=print>
                "Print"
            </button>
        </p>
    }
}

#[component]
fn Group(
    group: CheckGroup,
    path: String,
    profile: String,
    failed: Option<FailedWaiver>,
    may_waive: bool,
) -> impl IntoView {
    let CheckGroup { subject, name, address, findings } = group;
    let recording = address.clone().filter(|address| address.starts_with(audio::address::PATH));
    let rows = findings.into_iter().map(|found| {
        let about = WaiverForm {
            subject: subject.clone(),
            code: found.finding.code.clone(),
            fingerprint: found.fingerprint.clone(),
            profile: profile.clone(),
            ..WaiverForm::default()
        };
        let is_meant = |failed: &FailedWaiver| {
            failed.form.subject == about.subject
                && failed.form.code == about.code
                && failed.form.fingerprint == about.fingerprint
        };
        let failed = failed.clone().filter(is_meant);
        let (path, heard) = (path.clone(), recording.clone());
        view! { <Row found=found about=about path=path heard=heard failed=failed may_waive=may_waive /> }
    });
    view! {
        <section class="checks-group">
            <h3>
                {match address {
                    Some(address) => view! { <a href=address>{name}</a> }.into_any(),
                    None => name.into_any(),
                }}
            </h3>
            <ul class="checks-findings">{rows.collect_view()}</ul>
        </section>
    }
}

#[component]
fn Row(
    found: CheckFinding,
    about: WaiverForm,
    path: String,
    heard: Option<String>,
    failed: Option<FailedWaiver>,
    may_waive: bool,
) -> impl IntoView {
    let CheckFinding { finding, waiver, address, .. } = found;
    let mended = address.filter(|address| may_mend(address)).map(|address| {
        let name = format!("Mend it: {} {}", finding.code, finding.measured);
        // Loaded as a page of its own, so that the browser goes to the field.
        view! {
            <p class="checks-way">
                <a href=address rel="external" aria-label=name>
                    "Mend it"
                </a>
            </p>
        }
    });
    let is_information = finding.severity == FindingSeverity::Information;
    let places = places(&finding.at);
    let first = finding.at.first().map(|place| place.from);
    let source = finding.source.unwrap_or_else(|| "rule of experience".to_owned());
    // At its first place it is heard, on the page of the recording.
    let heard = heard.zip(first).map(|(address, from)| {
        let name = format!("Hear it: {} at {}", finding.code, duration(whole(from)));
        view! {
            <p class="checks-way">
                <a href=format!("{address}{}", seek_address(from)) rel="external" aria-label=name>
                    "Hear it"
                </a>
            </p>
        }
    });
    let class = if waiver.is_some() { "checks-finding is-waived" } else { "checks-finding" };
    let waivable = may_waive && !is_information;
    let waived = waiver.map(|waiver| {
        let form = waivable.then(|| {
            let (about, path) = (about.clone(), path.clone());
            view! { <TakeBack about=about path=path /> }
        });
        view! {
            <div class="checks-waiver">
                <p>"Waived by " {waiver.by} ", " <Moment rfc3339=waiver.at /> ": " {waiver.reason}</p>
                {form}
            </div>
        }
        .into_any()
    });
    let answer = waived
        .or_else(|| waivable.then(|| view! { <Waive about=about path=path failed=failed /> }.into_any()));
    view! {
        <li class=class>
            <p class="checks-title">
                <SeverityBadge severity=finding.severity />
                <code>{finding.code}</code>
                <strong>{finding.title}</strong>
            </p>
            <p>
                {with_minus_signs(&with_short_days(&finding.measured))}
                {(!places.is_empty()).then(|| format!(", at {places}"))}
            </p>
            {finding.limit.map(|limit| view! { <p class="checks-limit">"Allowed: " {with_minus_signs(&limit)}</p> })}
            <p>{finding.remedy}</p>
            {mended}
            {heard}
            <p class="checks-limit">"Source: " {source}</p>
            {answer}
        </li>
    }
}

/// Whether the viewer may change something at a place where findings are mended.
fn may_mend(address: &str) -> bool {
    let page = address.split(['#', '?']).next().unwrap_or_default();
    let needed: &[&str] = if page.ends_with("/files") {
        &["upload_audio_stream", "upload_artwork", "update_release_data"]
    } else if page.starts_with("/artists/") {
        &["update_artist_data"]
    } else if page.starts_with("/contracts/") {
        &["set_contract_terms", "browse_contracts"]
    } else if address.contains("#splits") {
        &["set_release_splits"]
    } else {
        &["update_release_data"]
    };
    needed.iter().any(|operation| may(operation))
}

#[component]
fn About(about: WaiverForm, change: &'static str) -> impl IntoView {
    view! {
        <input type="hidden" name="change" value=change />
        <input type="hidden" name="subject" value=about.subject />
        <input type="hidden" name="code" value=about.code />
        <input type="hidden" name="fingerprint" value=about.fingerprint />
        <input type="hidden" name="profile" value=about.profile />
    }
}

#[component]
fn Waive(about: WaiverForm, path: String, failed: Option<FailedWaiver>) -> impl IntoView {
    let is_open = failed.is_some();
    let typed = failed.as_ref().map(|failed| failed.form.reason.clone()).unwrap_or_default();
    let problem = failed.map(|failed| view! { <ErrorState error=failed.error /> });
    let label = format!("Why {} may stay as it is", about.code);
    view! {
        <details class="checks-waive" open=is_open>
            <summary>"Waive"</summary>
            {problem}
            <form method="post" action=path>
                <About about=about change="waive" />
                <label class="field">
                    <span>{label}</span>
                    <input type="text" name="reason" maxlength="500" required value=typed />
                </label>
                <button type="submit" class="button">
                    "Waive with this reason"
                </button>
            </form>
        </details>
    }
}

#[component]
fn TakeBack(about: WaiverForm, path: String) -> impl IntoView {
    view! {
        <form method="post" action=path>
            <About about=about change="takeBack" />
            <button type="submit" class="button">
                "Take back"
            </button>
        </form>
    }
}

/// The first places of a finding as minutes and seconds.
fn places(at: &[AudioPlace]) -> String {
    let shown: Vec<String> = at.iter().take(MOST_PLACES).map(|place| duration(whole(place.from))).collect();
    let more = at.len().saturating_sub(MOST_PLACES);
    let more = if more > 0 { format!(" and {more} more places") } else { String::new() };
    format!("{}{more}", shown.join(", "))
}

/// Whole seconds.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "at most three hours, by the clamp"
)]
fn whole(seconds: f64) -> u32 {
    seconds.clamp(0.0, 86_400.0) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_places_are_told_and_the_others_counted() {
        let place = |from: f64| AudioPlace { from, to: from };
        assert_eq!(places(&[place(61.9)]), "1:01");
        let many: Vec<AudioPlace> = (0..7_u8).map(|at| place(f64::from(at))).collect();
        assert!(places(&many).ends_with("0:04 and 2 more places"));
        assert_eq!(places(&[]), "");
    }
}
