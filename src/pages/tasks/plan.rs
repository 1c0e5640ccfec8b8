//! The plan: as a drawing, and as the list of its steps.

use super::follow::Live;
use super::graph::draw;
use super::step::Step;
use crate::components::format::counted;
use crate::model::task::{Plan, Planner, StepState};
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
    let steps = plan.steps.iter().cloned();
    let steps = steps.map(|step| view! { <Step step=step live=live /> }).collect_view();
    view! {
        <section class="panel task-plan" aria-labelledby="plan">
            <h2 id="plan">
                "Plan" <span class="panel-period">{workflow}{planned_by}</span>
            </h2>
            <Graph plan=plan live=live />
            <ol class="task-steps" aria-labelledby="plan">
                {steps}
            </ol>
        </section>
    }
    .into_any()
}

/// The drawing. A plan of one step needs none.
#[component]
fn Graph(plan: Plan, live: Live) -> impl IntoView {
    let states = Memo::new(move |_| {
        live.task.with(|task| {
            let of = |step: &crate::model::task::PlannedStep| {
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
