//! Which steps of a run begin, which have to be approved first, and which wait.

use super::{Run, Stopped, is_lost};
use crate::engine::gateway::Principal;
use crate::engine::supervisor::agent::{agent_of, origin_of_step};
use crate::engine::supervisor::approval::Kind;
use crate::engine::supervisor::arguments::{digest, known, resolve};
use crate::engine::supervisor::budget::{self, SetAside};
use crate::engine::supervisor::hold::{Hold, holds};
use crate::engine::supervisor::journal::moment;
use crate::engine::supervisor::step::Doing;
use crate::model::task::{Argument, PlannedStep, StepDecision, StepId, StepState};
use jiff::Timestamp;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// What is said first of a step that the policy forbids.
const DENIED: &str = "The access policy forbids it, so it was not begun:";

impl Run {
    /// Begins every step whose turn it is, after it is on record that it begins.
    pub(super) async fn start_what_can_be(&mut self) -> Result<(), Stopped> {
        let mut begun = Vec::new();
        let before = self.entry.clone();
        if !std::mem::replace(&mut self.is_looked_over, true) {
            self.deny_what_may_not_be().await;
        }
        loop {
            let ended = self.ended();
            self.entry.run.pending.clear();
            begun.extend(self.begin_what_can_be().await?);
            // What ended at once, for lack of an argument or of a budget, holds back others no more.
            if self.ended() == ended {
                break;
            }
        }
        if self.entry != before {
            self.save().await?;
        }
        for doing in begun {
            self.doing.push(Box::pin(doing.until_ended()));
        }
        Ok(())
    }

    fn ended(&self) -> usize {
        self.entry.view.steps.iter().filter(|step| step.state.has_ended()).count()
    }

    async fn begin_what_can_be(&mut self) -> Result<Vec<Doing>, Stopped> {
        self.skip_what_is_lost();
        let open = self.open();
        let holds = holds(&open, |id| self.entry.run.approved.contains_key(id));
        let can_be = |(step, _): &&(PlannedStep, Kind)| {
            let is_held = holds.get(&step.id) == Some(&Hold::Waits);
            !is_held && step.after.iter().all(|id| self.state_of(id) == StepState::Done)
        };
        let can_be: Vec<_> = open.iter().filter(can_be).map(|(step, _)| step).collect();
        let mut begun = Vec::new();
        for step in can_be {
            let found = self.found_for(step).await?;
            let arguments = match resolve(step, &found) {
                Ok(arguments) => arguments,
                Err(error) => {
                    self.entry.end_step(&step.id, StepState::Failed, error.to_string());
                    continue;
                }
            };
            // What was known when the run began, the policy was asked about then.
            if known(step).is_none()
                && let Some(agent) = self.agent_now().await
                && self.end_if_denied(&agent, step, &arguments).await
            {
                continue;
            }
            let asks = holds.get(&step.id) == Some(&Hold::Asks);
            begun.extend(self.begin_step(step, arguments, asks));
        }
        Ok(begun)
    }

    /// Asks the policy about every step that was not begun and of which it is known what it would do, before any of
    /// them is done.
    async fn deny_what_may_not_be(&mut self) {
        let Some(agent) = self.agent_now().await else { return };
        for step in self.planned() {
            if self.state_of(&step.id) == StepState::Waiting
                && let Some(arguments) = known(&step)
            {
                self.end_if_denied(&agent, &step, &arguments).await;
            }
        }
    }

    /// In whose name steps are done, with what they may now; none where the door has to say why there is nobody.
    async fn agent_now(&mut self) -> Option<Principal> {
        let role = self.entry.view.request.music_industry_role;
        // Large, and once in a run.
        Box::pin(self.shared.agent(&self.entry.run, role)).await.ok()
    }

    /// Ends a step that the policy forbids, on record as denied: it is not tried, and nobody is asked to approve it.
    async fn end_if_denied(&mut self, agent: &Principal, step: &PlannedStep, arguments: &Value) -> bool {
        let origin = origin_of_step(&self.entry.run, &self.entry.view.id, &step.id);
        let denial = self.shared.gateway.denial_of_tool(agent, &origin, &step.tool, arguments);
        let Some(error) = Box::pin(denial).await else { return false };
        let words = format!("{DENIED} {} {}", error.message, error.remedy);
        self.entry.end_step(&step.id, StepState::Failed, words.trim());
        if let Some(view) = self.entry.step_mut(&step.id) {
            view.arguments = Some(arguments.clone());
            view.decision = Some(StepDecision::Denied);
            view.request_id = Some(error.request_id);
        }
        true
    }

    /// The steps that have not been begun, with what is known of their tools.
    fn open(&self) -> Vec<(PlannedStep, Kind)> {
        let agent = self.agent();
        let waiting = self.planned().into_iter().filter(|step| self.state_of(&step.id) == StepState::Waiting);
        let kind = |step: PlannedStep| {
            let kind = Kind::of(&self.shared.gateway, &agent, &step);
            (step, kind)
        };
        waiting.map(kind).collect()
    }

    pub(super) fn agent(&self) -> Principal {
        let role = self.entry.view.request.music_industry_role;
        agent_of(&self.entry.run.principal, role)
    }

    /// Leaves out what needs a step that has found nothing, also by way of others.
    fn skip_what_is_lost(&mut self) {
        for step in self.planned() {
            let lost = step.after.iter().find(|id| is_lost(self.state_of(id)));
            if let Some(failed) = lost.filter(|_| self.state_of(&step.id) == StepState::Waiting) {
                let words = format!("It needs what step {failed} should have found.");
                self.entry.end_step(&step.id, StepState::Skipped, words);
            }
        }
    }

    /// What the steps have found from which this one takes its arguments.
    async fn found_for(&mut self, step: &PlannedStep) -> Result<BTreeMap<StepId, Value>, Stopped> {
        let from: BTreeSet<_> = step
            .arguments
            .values()
            .filter_map(|argument| match argument {
                Argument::From(reference) => Some(reference.step.clone()),
                Argument::Value(_) => None,
            })
            .collect();
        let bytes: usize = from.iter().filter_map(|id| self.sizes.get(id)).sum();
        let _room = self.shared.room.take(bytes).await;
        let mut found = BTreeMap::new();
        for id in from {
            if let Some(result) = self.read(&id).await? {
                found.insert(id, result);
            }
        }
        Ok(found)
    }

    /// What the steps take that are being done and pay a model.
    fn set_aside(&self) -> SetAside {
        let mut aside = SetAside::default();
        for step in self.planned() {
            if self.state_of(&step.id) == StepState::Running && self.entry.run.paid.contains(&step.id) {
                aside.add(&step);
            }
        }
        aside
    }

    /// Begins a step, or notes that it has to be approved first, or that there is no budget left for it. `asks`: it
    /// has to be approved because its plan has a step of high risk that nobody has seen.
    fn begin_step(&mut self, step: &PlannedStep, arguments: Value, asks: bool) -> Option<Doing> {
        let role = self.entry.view.request.music_industry_role;
        let kind = Kind::of(&self.shared.gateway, &self.agent(), step);
        let task = self.entry.view.id.clone();
        let call = digest(&task, step, self.entry.run.generation(&step.id), &arguments);
        if kind.pays {
            let spent = self.entry.view.spent.since(self.entry.run.spent_before);
            let over = budget::exceeded(&self.shared.limits, spent, self.set_aside(), step);
            if let Some(words) = over {
                self.entry.end_step(&step.id, StepState::Failed, words);
                return None;
            }
        }
        let is_approved = self.entry.run.approved.get(&step.id) == Some(&call);
        let needs_approval = asks || kind.needs_approval(self.entry.run.read_untrusted);
        let view = self.entry.step_mut(&step.id)?;
        view.arguments = Some(arguments.clone());
        if needs_approval && !is_approved {
            self.entry.run.pending.insert(step.id.clone(), call);
            return None;
        }
        if kind.pays {
            self.entry.run.paid.insert(step.id.clone());
        }
        let view = self.entry.step_mut(&step.id)?;
        view.state = StepState::Running;
        view.attempts += 1;
        view.began_at.get_or_insert_with(|| moment(Timestamp::now()));
        let (shared, run) = (Arc::clone(&self.shared), self.entry.run.clone());
        Some(Doing { shared, task, step: step.clone(), kind, arguments, run, role })
    }
}
