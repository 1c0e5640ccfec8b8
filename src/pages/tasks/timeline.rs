//! When each step was done: bars on one line of time.

use super::follow::Live;
use super::state::class;
use super::times::{in_words, millis};
use crate::model::task::{StepState, TaskView};
use leptos::prelude::*;

/// The width of the drawing in its own units.
const WIDTH: i64 = 1_000;

/// The least width of a bar, so that a quick step is seen.
const LEAST: i64 = 6;

/// A step on the line of time.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Bar {
    name: String,
    state: StepState,
    /// Milliseconds after the beginning of the first step.
    after: u64,
    /// Milliseconds; none while it is being done.
    took: Option<u64>,
    /// Where it begins and how wide it is, in the drawing's units.
    x: i64,
    width: i64,
}

/// The steps that were begun, as bars.
#[component]
pub fn Timeline(
    /// The task.
    live: Live,
) -> impl IntoView {
    let bars = live.part(bars);
    move || {
        let bars = bars.get();
        (!bars.is_empty()).then(|| {
            view! {
                <section class="panel" aria-labelledby="timeline">
                    <h2 id="timeline">
                        "Timeline" <span class="panel-period">{whole(&bars)}</span>
                    </h2>
                    <ol class="task-timeline" aria-labelledby="timeline">
                        {bars.into_iter().map(line).collect_view()}
                    </ol>
                </section>
            }
        })
    }
}

/// For how long all of it went on; nothing while a step does.
fn whole(bars: &[Bar]) -> Option<String> {
    let ends: Option<Vec<u64>> = bars.iter().map(|bar| Some(bar.after + bar.took?)).collect();
    let last = ends?.into_iter().max()?;
    Some(format!("{} from the first step to the end of the last", in_words(last)))
}

fn line(bar: Bar) -> impl IntoView {
    let Bar { name, state, after, took, x, width } = bar;
    let took = took.map_or_else(|| "still going on".to_owned(), in_words);
    view! {
        <li>
            <span class="task-timeline-name">{name}</span>
            <svg
                class="task-timeline-bar"
                viewBox=format!("0 0 {WIDTH} 10")
                preserveAspectRatio="none"
                aria-hidden="true"
                focusable="false"
            >
                <rect class=format!("task-bar {}", class(state)) x=x y="0" width=width height="10"></rect>
            </svg>
            <span class="task-timeline-took number">
                {took}
                <span class="visually-hidden">{format!(", {}, after {}", state.label(), in_words(after))}</span>
            </span>
        </li>
    }
}

/// The bars of a task, in the order of its plan. A step that has not ended reaches as far as the last that has.
fn bars(task: &TaskView) -> Vec<Bar> {
    let moment = |text: &Option<String>| text.as_deref().and_then(millis);
    let begun: Vec<_> = task.steps.iter().filter_map(|step| Some((step, moment(&step.began_at)?))).collect();
    let Some(first) = begun.iter().map(|(_, began)| *began).min() else { return Vec::new() };
    let last = begun.iter().map(|(step, began)| moment(&step.ended_at).unwrap_or(*began)).max();
    let span = last.unwrap_or(first).saturating_sub(first).max(1);
    let scale = |time: i64| time.clamp(0, span).saturating_mul(WIDTH) / span;
    let bars = begun.into_iter().map(|(step, began)| {
        let ended = moment(&step.ended_at);
        let x = scale(began - first).min(WIDTH - LEAST);
        let end = ended.map_or(WIDTH, |ended| scale(ended - first));
        let planned = task.plan.iter().flat_map(|plan| &plan.steps).find(|planned| planned.id == step.id);
        Bar {
            name: planned.map_or_else(|| step.id.to_string(), |planned| planned.title.clone()),
            state: step.state,
            after: u64::try_from(began - first).unwrap_or_default(),
            took: ended.map(|ended| u64::try_from(ended - began).unwrap_or_default()),
            x,
            width: (end - x).max(LEAST),
        }
    });
    bars.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::task::{Spent, StepId, StepView, TaskRequest, TaskState};
    use std::collections::BTreeMap;

    fn step(place: usize, began: Option<&str>, ended: Option<&str>) -> StepView {
        StepView {
            id: StepId::at(place),
            state: StepState::Done,
            attempts: 1,
            began_at: began.map(str::to_owned),
            ended_at: ended.map(str::to_owned),
            arguments: None,
            result: None,
            problem: None,
            decision: None,
            request_id: None,
            resources: Vec::new(),
            spent: None,
        }
    }

    fn task(steps: Vec<StepView>) -> TaskView {
        let request =
            TaskRequest { task: "x".to_owned(), parameters: BTreeMap::new(), music_industry_role: None };
        TaskView {
            id: "01J".to_owned(),
            owner: "Ana".to_owned(),
            request,
            state: TaskState::Running,
            created_at: String::new(),
            updated_at: String::new(),
            ended_at: None,
            understood: None,
            question: None,
            plan: None,
            steps,
            approval: None,
            awaiting: Vec::new(),
            answer: None,
            problem: None,
            feedback: None,
            spent: Spent::default(),
            revision: 1,
        }
    }

    #[test]
    fn bars_stand_where_their_steps_were_done() {
        let at = |millis: u32| format!("2026-11-24T09:30:00.{millis:03}Z");
        let steps = vec![
            step(1, Some(&at(0)), Some(&at(500))),
            step(2, Some(&at(500)), Some(&at(1).replace(":00.", ":01."))),
            step(3, None, None),
        ];
        let bars = bars(&task(steps));
        let drawn: Vec<_> = bars.iter().map(|bar| (bar.x, bar.width, bar.took)).collect();
        assert_eq!(drawn, [(0, 499, Some(500)), (499, 501, Some(501))]);
        let told = Some("1.0\u{a0}s from the first step to the end of the last".to_owned());
        assert_eq!(whole(&bars), told);
    }

    #[test]
    fn nothing_is_drawn_before_anything_has_begun() {
        assert!(bars(&task(vec![step(1, None, None)])).is_empty());
        assert!(bars(&task(vec![step(1, Some("soon"), None)])).is_empty());
    }
}
