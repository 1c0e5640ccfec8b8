//! What somebody did in a while: actions, sessions, errors, busy hours, and what of it stands out.

use super::address::{self, ACTIVITY_RANGES, Address, View, activity_id};
use super::table::short_moment;
use crate::api::error::AppError;
use crate::api::logs::explain_user_activity;
use crate::components::badge::{Badge, Tone};
use crate::components::format::{counted, grouped, percent};
use crate::components::icon::{Glyph, Icon};
use crate::components::kpi::{Kpi, KpiRow};
use crate::components::state::{EmptyState, ErrorState, Skeleton};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::activity::{
    ActionKind, ActivityRange, ActivitySession, BusyHour, Comparison, StandsOut, UserActivity,
};
use crate::model::written_time::{clock, day_and_month, short_day, utc};
use jiff::Timestamp;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde::{Deserialize, Serialize};

/// The longest name of a person, in characters.
const LONGEST_NAME: &str = "256";

/// Whose activity is asked for, and how far back; none while nobody is named.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivityKey(Option<(String, ActivityRange)>);

impl ActivityKey {
    pub(super) fn of(address: &Address) -> Self {
        let asked = address.view == View::Activity && !address.user.is_empty();
        Self(asked.then(|| (address.user.clone(), address.activity_range)))
    }
}

/// The activity that an address asks for.
pub(super) async fn fetch(key: ActivityKey) -> Result<Option<UserActivity>, AppError> {
    match key.0 {
        // On the heap: with all its queries it is too large for the stack.
        Some((user, range)) => Box::pin(explain_user_activity(None, user, range)).await.map(Some),
        None => Ok(None),
    }
}

type Activities = Resource<Result<Option<UserActivity>, AppError>>;

/// The question and its answer.
#[component]
pub fn Activity(
    /// What the page is asked for.
    address: Memo<Address>,
    /// The answer.
    activity: Activities,
) -> impl IntoView {
    let again = Callback::new(move |()| activity.refetch());
    let (pending, set_pending) = signal(false);
    view! {
        <PersonForm address=address pending=pending />
        <div class="log-results" aria-busy=move || pending.get().to_string()>
            <Transition fallback=|| view! { <Skeleton what="the activity" lines=6 /> } set_pending=set_pending>
                {move || Suspend::new(async move {
                    match activity.await {
                        Ok(Some(activity)) => view! { <Explained activity=activity /> }.into_any(),
                        Ok(None) => nobody().into_any(),
                        Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

fn nobody() -> impl IntoView {
    view! {
        <EmptyState title="Whose activity?">
            <p>
                "Name somebody as the log does in " <code>"principal"</code>
                ": a person by their id, such as " <code>"usr_demo_admin"</code> ", a key by its name, such as "
                <code>"key:bootstrap"</code> "."
            </p>
            <p class="log-longer">
                <a class="button" href=Address::of_activity("key:bootstrap", ActivityRange::Day)>
                    "Explain the bootstrap key"
                </a>
            </p>
        </EmptyState>
    }
}

/// Person and range. Sent by `GET` where there is no JavaScript.
#[component]
fn PersonForm(address: Memo<Address>, pending: ReadSignal<bool>) -> impl IntoView {
    let first = address.get_untracked();
    let user = RwSignal::new(first.user.clone());
    let range = RwSignal::new(activity_id(first.activity_range).to_owned());
    Effect::new(move |_| {
        address.with(|address| {
            // On the way to the other question this form is about to be cleared away.
            if address.view != View::Activity {
                return;
            }
            user.set(address.user.clone());
            range.set(activity_id(address.activity_range).to_owned());
        });
    });
    let navigate = use_navigate();
    let ask = move || {
        let chosen = range.get_untracked();
        let known = ACTIVITY_RANGES.into_iter().find(|(id, ..)| *id == chosen);
        let range = known.map(|(_, range, _)| range).unwrap_or_default();
        let wanted = Address::of_activity(user.get_untracked().trim(), range);
        navigate(&wanted, NavigateOptions { scroll: false, ..NavigateOptions::default() });
    };
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        ask();
    };
    let initial = activity_id(first.activity_range);
    view! {
        <form class="panel log-form" method="get" action=address::PATH aria-label="Explain activity" on:submit=on_submit>
            <input type="hidden" name="view" value="activity" />
            <div class="log-choices">
                <label class="log-field">
                    <span>"Person"</span>
                    <input
                        type="text"
                        name="user"
                        required
                        maxlength=LONGEST_NAME
                        autocomplete="off"
                        spellcheck="false"
                        placeholder="usr_demo_admin"
                        value=first.user.clone()
                        prop:value=move || user.get()
                        on:input=move |event| user.set(event_target_value(&event))
                    />
                </label>
                <fieldset class="log-range">
                    <legend>"Range"</legend>
                    <div class="segments">
                        {ACTIVITY_RANGES
                            .into_iter()
                            .map(|(id, _, name)| {
                                view! {
                                    <label>
                                        <input
                                            type="radio"
                                            name="range"
                                            value=id
                                            checked=initial == id
                                            prop:checked=move || range.with(|range| range == id)
                                            on:change=move |_| range.set(id.to_owned())
                                        />
                                        {name}
                                    </label>
                                }
                            })
                            .collect_view()}
                    </div>
                </fieldset>
            </div>
            <div class="log-actions">
                <button type="submit" class="button is-primary">
                    "Explain"
                </button>
                <span class="progress log-progress" class:is-hidden=move || !pending.get()>
                    <span class="spinner" aria-hidden="true"></span>
                    <span role="status">{move || if pending.get() { "Reading the log" } else { "" }}</span>
                </span>
            </div>
        </form>
    }
}

#[component]
fn Explained(activity: UserActivity) -> impl IntoView {
    if activity.actions == 0 {
        return view! { <DidNothing activity=activity /> }.into_any();
    }
    let UserActivity {
        kinds,
        sessions,
        busiest_hours,
        time_zone,
        stands_out,
        not_enough_data,
        truncated,
        ..
    } = activity.clone();
    let source = activity.log_group_name.clone();
    view! {
        <div class="list-head log-head">
            <p>
                "What " <strong>{activity.user_id.clone()}</strong> " did from "
                {short_moment(&activity.start_time)} " to " {short_moment(&activity.end_time)} " UTC, from "
                <code>{source}</code> "."
            </p>
        </div>
        {truncated
            .then(|| {
                view! {
                    <section class="notice tone-warning" role="status">
                        <Icon glyph=Glyph::Warning />
                        <p>"There was more than could be read, so these figures are too small. Choose a shorter range."</p>
                    </section>
                }
            })}
        <Figures activity=activity />
        <div class="columns">
            <div class="column">
                <StandingOut stands_out=stands_out not_enough_data=not_enough_data />
                <Kinds kinds=kinds />
            </div>
            <div class="column">
                <Busiest hours=busiest_hours time_zone=time_zone />
                <Sessions sessions=sessions />
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn DidNothing(activity: UserActivity) -> impl IntoView {
    let user = activity.user_id.clone();
    view! {
        <EmptyState title=format!("Nothing from {user}")>
            <p>
                "The log has no action of this name from " {short_moment(&activity.start_time)} " to "
                {short_moment(&activity.end_time)} " UTC. Look further back, or check the name."
            </p>
            <p class="log-longer">
                <a class="button" href=Address::of_activity(&activity.user_id, ActivityRange::Week)>
                    "The last 7 days"
                </a>
                <a class="button" href=who_acted()>
                    "Who acted?"
                </a>
            </p>
        </EmptyState>
    }
}

/// A search for the names that there are.
fn who_acted() -> String {
    let query = "filter ispresent(principal)\n| stats count(*) as actions, max(@timestamp) as last by principal\n| sort actions desc";
    let range = crate::model::log_search::LogRange::Week;
    Address { range, ..Address::default() }.to_search(None, query, true)
}

#[component]
fn Figures(activity: UserActivity) -> impl IntoView {
    let UserActivity { actions, errors, error_rate, sessions, first_seen, last_seen, .. } = activity;
    let seen = |moment: Option<String>| {
        let exact = moment.clone().unwrap_or_default();
        let parsed = moment.and_then(|moment| moment.parse::<Timestamp>().ok());
        let parsed = parsed.map(utc);
        let time = parsed.map_or_else(|| "–".to_owned(), |moment| clock(moment.time()));
        let day = parsed.map_or_else(String::new, |moment| format!("{}, UTC", short_day(moment.date())));
        (time, day, exact)
    };
    let (first_time, first_day, first_exact) = seen(first_seen);
    let (last_time, last_day, last_exact) = seen(last_seen);
    view! {
        <KpiRow>
            <Kpi label="Actions" value=grouped(actions)>
                {format!("in {}", counted(sessions.len() as u64, "session"))}
            </Kpi>
            <Kpi label="Error rate" value=error_rate.map_or_else(|| "–".to_owned(), percent)>
                {format!("{} failed or were refused", grouped(errors))}
            </Kpi>
            <Kpi label="First seen" value=first_time exact=first_exact>
                {first_day}
            </Kpi>
            <Kpi label="Last seen" value=last_time exact=last_exact>
                {last_day}
            </Kpi>
        </KpiRow>
    }
}

#[component]
fn StandingOut(stands_out: Vec<StandsOut>, not_enough_data: Vec<String>) -> impl IntoView {
    let none = stands_out.is_empty();
    view! {
        <section class="panel" aria-labelledby="stands-out">
            <h2 id="stands-out">"What stands out"</h2>
            {none.then(|| view! { <p class="panel-empty">"Nothing, as far as it could be compared."</p> })}
            <ul class="stands-out">
                {stands_out
                    .into_iter()
                    .map(|point| {
                        let against = match point.against {
                            Comparison::OwnPast => "Against their own past",
                            Comparison::Peers => "Against others",
                        };
                        view! {
                            <li>
                                <Badge tone=Tone::Signal glyph=Glyph::Information word=against />
                                <span>{point.statement}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
            {(!not_enough_data.is_empty())
                .then(|| {
                    view! {
                        <h3>"What could not be said"</h3>
                        <ul class="not-said">
                            {not_enough_data.into_iter().map(|reason| view! { <li>{reason}</li> }).collect_view()}
                        </ul>
                    }
                })}
        </section>
    }
}

#[component]
fn Kinds(kinds: Vec<ActionKind>) -> impl IntoView {
    view! {
        <section class="panel is-flush" aria-labelledby="kinds">
            <h2 id="kinds">"Actions"</h2>
            <ScrollingTable
                label="Kinds of actions"
                columns=vec![words("Action"), words("Server"), numbers("Times"), numbers("Failed")]
                short=true
            >
                {kinds
                    .into_iter()
                    .map(|kind| {
                        view! {
                            <tr>
                                <th scope="row">
                                    <code>{kind.tool}</code>
                                </th>
                                <td>{kind.server.unwrap_or_else(|| "pages".to_owned())}</td>
                                <td class="number">{grouped(kind.actions)}</td>
                                <td class="number">{grouped(kind.errors)}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </ScrollingTable>
        </section>
    }
}

#[component]
fn Busiest(hours: Vec<BusyHour>, time_zone: String) -> impl IntoView {
    view! {
        <section class="panel" aria-labelledby="busiest">
            <h2 id="busiest">"Busiest hours" <span class="panel-period">{time_zone}</span></h2>
            <ol class="busiest">
                {hours
                    .into_iter()
                    .map(|busy| {
                        view! {
                            <li>
                                <span>{format!("{:02}:00 to {:02}:00", busy.hour, (busy.hour + 1) % 24)}</span>
                                <span class="number">{counted(busy.actions, "action")}</span>
                            </li>
                        }
                    })
                    .collect_view()}
            </ol>
        </section>
    }
}

#[component]
fn Sessions(sessions: Vec<ActivitySession>) -> impl IntoView {
    view! {
        <section class="panel is-flush" aria-labelledby="sessions">
            <h2 id="sessions">
                "Sessions" <span class="panel-period">"no pause of over 30 minutes"</span>
            </h2>
            <ScrollingTable
                label="Each session"
                columns=vec![words("From, UTC"), words("To"), numbers("Actions")]
                short=true
            >
                {sessions
                    .into_iter()
                    .rev()
                    .map(|session| {
                        let (from, to) = (minute(&session.start_time, true), minute(&session.end_time, false));
                        view! {
                            <tr>
                                <th scope="row">
                                    <time datetime=session.start_time.clone() title=session.start_time>
                                        {from}
                                    </time>
                                </th>
                                <td>
                                    <time datetime=session.end_time.clone() title=session.end_time>
                                        {to}
                                    </time>
                                </td>
                                <td class="number">{grouped(session.actions)}</td>
                            </tr>
                        }
                    })
                    .collect_view()}
            </ScrollingTable>
        </section>
    }
}

/// A moment to the minute, with or without its day. What is no moment stays as it is.
fn minute(rfc3339: &str, with_day: bool) -> String {
    let Ok(moment) = rfc3339.parse::<Timestamp>().map(utc) else { return rfc3339.to_owned() };
    let clock = clock(moment.time());
    if with_day { format!("{}, {clock}", day_and_month(moment.date())) } else { clock }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_asked_about_before_somebody_is_named() {
        let named = Address::from_query("view=activity&user=mira&range=7d");
        assert_eq!(ActivityKey::of(&named), ActivityKey(Some(("mira".to_owned(), ActivityRange::Week))));
        assert_eq!(ActivityKey::of(&Address::from_query("view=activity&user=+")), ActivityKey(None));
        assert_eq!(ActivityKey::of(&Address::from_query("user=mira")), ActivityKey(None));
    }

    #[test]
    fn sessions_are_told_to_the_minute() {
        assert_eq!(minute("2026-11-24T09:30:00Z", true), "24 Nov, 09:30");
        assert_eq!(minute("2026-11-24T09:30:00Z", false), "09:30");
        assert_eq!(minute("soon", true), "soon");
    }
}
