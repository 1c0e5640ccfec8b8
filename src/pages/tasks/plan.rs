//! The plan: as a drawing, and as the list of its steps.

use super::follow::Live;
use super::graph::draw;
use super::step::Step;
use super::times::in_words;
use crate::components::format::counted;
use crate::model::money::MicroDollars;
use crate::model::task::{Plan, PlannedStep, Planner, StepState};
use leptos::prelude::*;

/// The plan, once there is one.
#[component]
pub fn PlanPanel(
    /// The task.
    live: Live,
) -> impl IntoView {
    let plan = live.part(|task| task.plan.clone().filter(|plan| !plan.steps.is_empty()));
    move || plan.get().map(|plan| panel(plan, live))
}

fn panel(plan: Plan, live: Live) -> AnyView {
    let planned_by = match &plan.planner {
        Planner::Rules => "by Patchline’s own rules".to_owned(),
        Planner::Model { model_id } => format!("by {model_id}"),
    };
    let workflow = plan.workflow.map(|workflow| format!("{}, ", workflow.label()));
    let usually = usually(&plan.steps);
    let steps = plan.steps.iter().cloned();
    let steps = steps.map(|step| view! { <Step step=step live=live /> }).collect_view();
    view! {
        <section class="panel task-plan" aria-labelledby="plan">
            <h2 id="plan">
                "Plan" <span class="panel-period">{workflow}{planned_by}</span>
            </h2>
            <p class="task-quiet">{usually}</p>
            <Graph plan=plan live=live />
            <ol class="task-steps" aria-labelledby="plan">
                {steps}
            </ol>
        </section>
    }
    .into_any()
}

/// What all of it usually takes. Steps that do not need each other are done side by side.
fn usually(steps: &[PlannedStep]) -> String {
    let mut ends: Vec<u64> = Vec::with_capacity(steps.len());
    for step in steps {
        let needed = step.after.iter().filter_map(|id| steps.iter().position(|other| other.id == *id));
        let begins = needed.filter_map(|place| ends.get(place).copied()).max().unwrap_or_default();
        ends.push(begins.saturating_add(u64::from(step.expected_millis)));
    }
    let takes = in_words(ends.into_iter().max().unwrap_or_default());
    let cost: u64 = steps.iter().map(|step| u64::from(step.expected_micro_dollars)).sum();
    if cost == 0 {
        format!("Usually takes {takes} and costs nothing.")
    } else {
        format!("Usually takes {takes} and costs {}.", MicroDollars(cost))
    }
}

/// The drawing. A plan of one step needs none.
#[component]
fn Graph(plan: Plan, live: Live) -> impl IntoView {
    let states = Memo::new(move |_| {
        live.task.with(|task| {
            let of = |step: &PlannedStep| {
                let view = task.steps.iter().find(|view| view.id == step.id);
                view.map_or(StepState::Waiting, |view| view.state)
            };
            let planned = task.plan.iter().flat_map(|plan| &plan.steps);
            planned.map(of).collect::<Vec<_>>()
        })
    });
    (plan.steps.len() > 1).then(|| {
        let count = counted(u64::try_from(plan.steps.len()).unwrap_or(u64::MAX), "step");
        let drawing = move || {
            let drawing = draw(&plan.steps, &states.get());
            let layers = u64::try_from(drawing.layers).unwrap_or(u64::MAX);
            let label = format!("{count} in {}; the list below says the same", counted(layers, "layer"));
            view! {
                <svg
                    class="task-graph"
                    viewBox=format!("0 0 {} {}", drawing.width, drawing.height)
                    width=drawing.width
                    height=drawing.height
                    role="img"
                    aria-label=label
                    inner_html=drawing.content
                ></svg>
            }
        };
        view! {
            <div class="task-graph-frame" tabindex="0" role="region" aria-label="Plan as a drawing">
                {drawing}
            </div>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::task::{Risk, StepId};
    use std::collections::BTreeMap;

    fn step(place: usize, after: &[usize], expected_micro_dollars: u32) -> PlannedStep {
        PlannedStep {
            id: StepId::at(place),
            title: String::new(),
            tool: String::new(),
            arguments: BTreeMap::new(),
            after: after.iter().map(|place| StepId::at(*place)).collect(),
            risk: Risk::Low,
            optional: false,
            expected_millis: 400,
            expected_micro_dollars,
        }
    }

    #[test]
    fn what_is_done_side_by_side_takes_no_longer_and_all_that_is_paid_is_added() {
        let free = [step(1, &[], 0), step(2, &[], 0), step(3, &[1, 2], 0)];
        assert_eq!(usually(&free), "Usually takes 800\u{a0}ms and costs nothing.");
        let paid = [step(1, &[], 12_000), step(2, &[1], 300)];
        assert_eq!(usually(&paid), "Usually takes 800\u{a0}ms and costs US$0.0123.");
    }
}
