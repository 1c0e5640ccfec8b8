//! What one task may take: looked at before each step. What does not fit any more is left out, and the answer says
//! which budget it was and what to do.

use crate::engine::config::TaskLimits;
use crate::model::money::MicroDollars;
use crate::model::task::{PlannedStep, Spent};
use std::time::Duration;

/// As how many tokens a step counts while it is done: what it takes is known only afterwards.
const TOKENS_OF_A_STEP: u64 = 4_000;

/// What steps take that are being done and have not told yet what that was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct SetAside {
    micro_dollars: u64,
    tokens: u64,
}

impl SetAside {
    /// Adds what a step that pays a model usually takes.
    pub(super) fn add(&mut self, step: &PlannedStep) {
        self.micro_dollars = self.micro_dollars.saturating_add(step.expected_micro_dollars.into());
        self.tokens = self.tokens.saturating_add(TOKENS_OF_A_STEP);
    }
}

/// Why a step that pays a model is not done any more, where its task has spent too much already.
pub(super) fn exceeded(
    limits: &TaskLimits,
    spent: Spent,
    aside: SetAside,
    step: &PlannedStep,
) -> Option<String> {
    let expected = u64::from(step.expected_micro_dollars);
    let dollars = spent.micro_dollars.saturating_add(aside.micro_dollars);
    if let Some(most) = limits.dollars
        && dollars.saturating_add(expected) > most.0
    {
        return Some(format!(
            "The budget of the task is used up: its model calls may cost {most}, {} is spent or set aside, and this \
             step usually costs {}. Ask for less at once, or have an admin raise MCP_TASK_DOLLAR_LIMIT.",
            MicroDollars(dollars),
            MicroDollars(expected)
        ));
    }
    let tokens = spent.tokens().saturating_add(aside.tokens);
    let most = limits.tokens.filter(|most| tokens >= *most)?;
    Some(format!(
        "The budget of the task is used up: its model calls may take {most} tokens, and {tokens} are used or set \
         aside. Ask for less at once, or have an admin raise MCP_TASK_TOKEN_LIMIT."
    ))
}

/// Whether a task has spent all that it may, so that no model plans for it or writes its answer.
pub(super) fn is_used_up(limits: &TaskLimits, spent: Spent) -> bool {
    limits.dollars.is_some_and(|most| spent.micro_dollars >= most.0)
        || limits.tokens.is_some_and(|most| spent.tokens() >= most)
}

/// What is said of the steps that are left out when the time of the task is over.
pub(super) fn out_of_time(most: Duration) -> String {
    let seconds = most.as_secs();
    let most =
        if seconds.is_multiple_of(60) { format!("{} min", seconds / 60) } else { format!("{seconds} s") };
    format!(
        "The time of the task was over before this was done: it may take {most}. Ask for less at once, or have an \
         admin raise MCP_TASK_TIME_LIMIT."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::task::{Risk, StepId};
    use std::collections::BTreeMap;

    fn step(expected_micro_dollars: u32) -> PlannedStep {
        PlannedStep {
            id: StepId::at(1),
            title: "Asks a model".to_owned(),
            tool: "generate_music_insights".to_owned(),
            arguments: BTreeMap::new(),
            after: Vec::new(),
            risk: Risk::Medium,
            optional: false,
            expected_millis: 1,
            expected_micro_dollars,
        }
    }

    fn limits(dollars: Option<u64>, tokens: Option<u64>) -> TaskLimits {
        TaskLimits { time: Duration::from_mins(15), tokens, dollars: dollars.map(MicroDollars) }
    }

    #[test]
    fn what_is_over_a_budget_names_it_and_what_to_do() {
        let spent = Spent { input_tokens: 900, output_tokens: 100, micro_dollars: 15_000 };
        let mut aside = SetAside::default();
        let told = |limits: TaskLimits, aside| exceeded(&limits, spent, aside, &step(15_000));
        assert_eq!(told(limits(None, None), aside), None);
        assert_eq!(told(limits(Some(30_000), Some(1_001)), aside), None);
        let tokens = told(limits(None, Some(1_000)), aside).expect("too many tokens");
        assert!(tokens.contains("MCP_TASK_TOKEN_LIMIT"), "{tokens}");
        aside.add(&step(15_000));
        let dollars = told(limits(Some(30_000), None), aside).expect("another one is under way");
        assert!(dollars.contains("US$0.03") && dollars.contains("MCP_TASK_DOLLAR_LIMIT"), "{dollars}");
    }

    #[test]
    fn no_model_is_asked_for_a_task_that_has_spent_all() {
        let spent = Spent { input_tokens: 900, output_tokens: 100, micro_dollars: 15_000 };
        for (limits, is_over) in [
            (limits(None, None), false),
            (limits(Some(15_001), Some(1_001)), false),
            (limits(Some(15_000), None), true),
            (limits(None, Some(1_000)), true),
        ] {
            assert_eq!(is_used_up(&limits, spent), is_over, "{limits:?}");
        }
    }

    #[test]
    fn the_time_is_told_as_people_say_it() {
        assert!(out_of_time(Duration::from_mins(15)).contains("15 min"));
        assert!(out_of_time(Duration::from_secs(90)).contains("90 s"));
    }
}
