//! A step of a plan: what it is for, how far it is, what went in and what came out.

use super::address;
use super::follow::Live;
use super::state::{RiskBadge, StepBadge};
use super::times;
use crate::components::browser;
use crate::components::format::counted;
use crate::components::permitted::may;
use crate::model::money::MicroDollars;
use crate::model::task::{Argument, PlannedStep, Spent, StepState, StepView};
use crate::model::tool::AwsResource;
use crate::model::written_time::{clock_with_seconds, utc};
use crate::pages::query_string;
use jiff::Timestamp;
use leptos::prelude::*;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The most characters of an input or output that are shown; the export has all.
const SHOWN: usize = 20_000;

/// How often the time of a step that is being done moves on.
const TICK: Duration = Duration::from_millis(500);

/// A step as a line that opens.
#[component]
pub fn Step(
    /// The step as it was planned.
    step: PlannedStep,
    /// The task.
    live: Live,
) -> impl IntoView {
    let PlannedStep { id, title, tool, risk, after, optional, .. } = step.clone();
    let wanted = id.clone();
    let view =
        Memo::new(move |_| live.task.with(|task| task.steps.iter().find(|view| view.id == wanted).cloned()));
    let state =
        Memo::new(move |_| view.with(|view| view.as_ref().map_or(StepState::Waiting, |view| view.state)));
    let ended = live.part(|task| task.state.has_ended());
    let action = address::of_task(&live.task.with_untracked(|task| task.id.clone()));
    let retried = id.clone();
    let retry = move || {
        (live.own && ended.get() && state.get().has_ended()).then(|| {
            view! {
                <form method="post" action=action.clone()>
                    <input type="hidden" name="step" value=retried.0.clone() />
                    <button type="submit" class="button" name="decision" value="retry">
                        {format!("Again from step {retried}")}
                    </button>
                </form>
            }
        })
    };
    let needs = (!after.is_empty()).then(|| {
        let names: Vec<_> = after.iter().map(ToString::to_string).collect();
        fact("After", names.join(", ").into_any())
    });
    let expected = u64::from(step.expected_millis);
    let cost = u64::from(step.expected_micro_dollars);
    // A page that is opened shows at once what failed.
    let has_failed = state.get_untracked() == StepState::Failed;
    view! {
        <li class="task-step">
            <details open=has_failed>
                <summary>
                    <span class="task-step-number">{id.to_string()}</span>
                    <span class="task-step-title">{title}</span>
                    {move || view! { <StepBadge state=state.get() /> }}
                    <span class="task-step-time number">{move || view.get().map(|view| view! { <Took view=view /> })}</span>
                </summary>
                <div class="task-step-inside" id=format!("step-{id}") tabindex="-1">
                    <dl class="task-facts">
                        {fact("Tool", view! { <code>{tool.clone()}</code> }.into_any())}
                        {fact("What it may do", view! { <RiskBadge risk=risk /> }.into_any())}
                        {needs}
                        {optional.then(|| fact("Without it", "The answer can do without it.".into_any()))}
                        {fact("Usually takes", times::in_words(expected).into_any())}
                        {(cost > 0).then(|| fact("Usually costs", MicroDollars(cost).to_string().into_any()))}
                    </dl>
                    {move || view! { <Inside step=step.clone() view=view.get() /> }}
                    {retry}
                </div>
            </details>
        </li>
    }
}

/// What went in, what came out, and what it touched.
#[component]
fn Inside(step: PlannedStep, view: Option<StepView>) -> impl IntoView {
    let arguments = arguments_of(&step, view.as_ref());
    let input = json_panel("Input", &step, &arguments);
    let Some(view) = view else { return input.into_any() };
    let output = view.result.as_ref().map(|result| json_panel("Output", &step, result));
    let facts = view! {
        <dl class="task-facts">
            {(view.attempts > 1).then(|| fact("Begun", format!("{} times", view.attempts).into_any()))}
            {view.began_at.clone().map(|began| fact("Began at", clock(&began).into_any()))}
            {view.ended_at.clone().map(|ended| fact("Ended at", clock(&ended).into_any()))}
            {view.decision.map(|decision| fact("Policy", decision.label().into_any()))}
            {(view.began_at.is_some() && view.state.has_ended()).then(|| fact("Cost of models", cost(view.spent).into_any()))}
            {view.request_id.clone().map(|id| fact("Request", request(id, &step.tool, &view)))}
        </dl>
    };
    view! {
        {view.problem.clone().map(|problem| view! { <p class="task-step-problem">{problem}</p> })}
        {facts}
        {touched(&view.resources)}
        {input}
        {output}
    }
    .into_any()
}

fn fact(name: &'static str, value: AnyView) -> impl IntoView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
}

/// What calls of models have cost, with what they took for it.
fn cost(spent: Option<Spent>) -> String {
    spent.map_or_else(|| "Nothing: no model was asked".to_owned(), Spent::in_words)
}

/// The id of the call. Admins are led to the records of its tool from the time of the call.
fn request(id: String, tool: &str, view: &StepView) -> AnyView {
    let id = view! { <code>{id}</code> };
    if !may("view_audit") {
        return id.into_any();
    }
    let from = view.began_at.as_deref().unwrap_or_default();
    let to = view.ended_at.as_deref().map(a_second_later).unwrap_or_default();
    let fields = [("operation", tool), ("from", from), ("to", to.as_str())];
    view! { <a href=query_string::address("/admin/audit", &fields)>{id}</a> }.into_any()
}

fn a_second_later(moment: &str) -> String {
    let later = moment.parse::<Timestamp>().ok().and_then(|at| at.checked_add(Duration::from_secs(1)).ok());
    later.map_or_else(|| moment.to_owned(), |later| later.to_string())
}

fn touched(resources: &[AwsResource]) -> impl IntoView + use<> {
    let items = resources.iter().map(|resource| {
        let AwsResource { action, name, .. } = resource.clone();
        view! { <li><code>{action}</code>" "{name}</li> }
    });
    let items = items.collect_view();
    let count = u64::try_from(resources.len()).unwrap_or(u64::MAX);
    (count > 0).then(|| {
        view! {
            <p class="task-quiet">{format!("Touched {} of AWS", counted(count, "resource"))}</p>
            <ul class="task-resources">{items}</ul>
        }
    })
}

fn json_panel(what: &'static str, step: &PlannedStep, value: &Value) -> impl IntoView + use<> {
    let (text, is_cut) = pretty(value);
    let label = format!("{what} of step {}", step.id);
    view! {
        <p class="task-json-title">
            {what}
            {is_cut.then_some(" (only the beginning; the export as JSON has all)")}
        </p>
        <pre class="result-json" role="region" tabindex="0" aria-label=label>
            <code>{text}</code>
        </pre>
    }
}

/// JSON as people read it, and whether it is only the beginning.
pub(super) fn pretty(value: &Value) -> (String, bool) {
    let text = format!("{value:#}");
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => (text[..end].to_owned(), true),
        None => (text, false),
    }
}

/// The arguments as they were sent; before that as they are planned.
pub(super) fn arguments_of(step: &PlannedStep, view: Option<&StepView>) -> Value {
    if let Some(sent) = view.and_then(|view| view.arguments.clone()) {
        return sent;
    }
    let planned = step.arguments.iter().map(|(name, argument)| {
        let value = match argument {
            Argument::Value(value) => value.clone(),
            Argument::From(from) => json!(format!("what step {} finds at {}", from.step, from.pointer)),
        };
        (name.clone(), value)
    });
    Value::Object(planned.collect::<Map<_, _>>())
}

/// `09:30:12.250 UTC`.
fn clock(moment: &str) -> String {
    let parsed = moment.parse::<Timestamp>();
    let written = |at: Timestamp| {
        let time = utc(at).time();
        format!("{}.{:03} UTC", clock_with_seconds(time), time.millisecond())
    };
    parsed.map_or_else(|_| moment.to_owned(), written)
}

/// For how long it went on, or goes on by the clock of the browser.
#[component]
fn Took(view: StepView) -> impl IntoView {
    if let Some(took) = times::took(&view) {
        return times::in_words(took).into_any();
    }
    let began = view.began_at.as_deref().filter(|_| view.state == StepState::Running).and_then(times::millis);
    let Some(began) = began else { return ().into_any() };
    let elapsed = RwSignal::new(None);
    // Effects run only in the browser, which alone has the clock.
    Effect::new(move |_| {
        let moves_on = move || elapsed.set(since(began, browser::now_millis()));
        moves_on();
        if let Ok(ticking) = set_interval_with_handle(moves_on, TICK) {
            on_cleanup(move || ticking.clear());
        }
    });
    view! { <span aria-hidden="true">{move || elapsed.get().map(times::in_words)}</span> }.into_any()
}

/// Milliseconds from a moment until now; none where the browser's clock is behind the server's.
#[expect(
    clippy::cast_possible_truncation,
    reason = "clocks of browsers count whole milliseconds, far below 2⁵³"
)]
fn since(began: i64, now: f64) -> Option<u64> {
    u64::try_from((now as i64).saturating_sub(began)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::task::{Reference, Risk, StepId};
    use std::collections::BTreeMap;

    #[test]
    fn what_is_planned_says_what_comes_from_an_earlier_step() {
        let from = Reference { step: StepId::at(1), pointer: "/artistId".to_owned() };
        let arguments = BTreeMap::from([
            ("artistId".to_owned(), Argument::From(from)),
            ("days".to_owned(), Argument::Value(json!(28))),
        ]);
        let step = PlannedStep {
            id: StepId::at(2),
            title: "Look".to_owned(),
            tool: "look".to_owned(),
            arguments,
            after: vec![StepId::at(1)],
            risk: Risk::Low,
            optional: false,
            expected_millis: 10,
            expected_micro_dollars: 0,
        };
        let shown = arguments_of(&step, None);
        assert_eq!(shown, json!({ "artistId": "what step s1 finds at /artistId", "days": 28 }));
    }

    #[test]
    fn long_results_are_cut() {
        let (text, is_cut) = pretty(&json!("x".repeat(SHOWN * 2)));
        assert_eq!((text.chars().count(), is_cut), (SHOWN, true));
        assert!(!pretty(&json!({})).1);
    }

    #[test]
    fn a_clock_that_is_behind_shows_nothing() {
        assert_eq!(since(1_000, 2_500.0), Some(1_500));
        assert_eq!(since(2_000, 1_000.0), None);
    }
}
