//! Plans whose steps are done, and answers as plain text.

use super::super::{Found, Unsupported, validate, write};
use crate::model::task::{
    AnswerPart, Line, Piece, Plan, PlannedStep, Planner, Risk, StepId, StepState, StepView, TaskAnswer,
    TaskRequest, Workflow,
};
use serde_json::Value;
use std::collections::BTreeMap;

/// A task whose steps have ended.
pub(super) struct Task {
    pub(super) request: TaskRequest,
    pub(super) plan: Plan,
    pub(super) steps: Vec<StepView>,
}

impl Task {
    /// A task of a workflow with a step for each tool and its result.
    pub(super) fn of(workflow: Option<Workflow>, results: &[(&str, Value)]) -> Self {
        let mut task = Self {
            request: TaskRequest {
                task: "How did it go in 2026?".to_owned(),
                parameters: BTreeMap::new(),
                music_industry_role: None,
            },
            plan: Plan { workflow, planner: Planner::Rules, steps: Vec::new(), left_out: Vec::new() },
            steps: Vec::new(),
        };
        for (tool, result) in results {
            task.add(tool, StepState::Done, Some(result.clone()), None);
        }
        task
    }

    /// Adds a step.
    pub(super) fn add(&mut self, tool: &str, state: StepState, result: Option<Value>, problem: Option<&str>) {
        let id = StepId::at(self.steps.len() + 1);
        self.plan.steps.push(PlannedStep {
            id: id.clone(),
            title: format!("Step with {tool}"),
            tool: tool.to_owned(),
            arguments: BTreeMap::new(),
            after: Vec::new(),
            risk: Risk::Low,
            optional: false,
            expected_millis: 100,
            expected_micro_dollars: 0,
        });
        self.steps.push(StepView {
            id,
            state,
            attempts: 1,
            began_at: Some("2026-11-27T09:00:00.000Z".to_owned()),
            ended_at: Some("2026-11-27T09:00:01.000Z".to_owned()),
            arguments: None,
            result,
            problem: problem.map(str::to_owned),
            decision: None,
            request_id: None,
            resources: Vec::new(),
            spent: None,
        });
    }

    pub(super) fn found(&self) -> Found<'_> {
        Found { request: &self.request, understood_line: None, plan: &self.plan, steps: &self.steps }
    }

    /// The answer, which has passed the check.
    pub(super) fn answer(&self) -> TaskAnswer {
        let answer = write(&self.found());
        assert_eq!(self.check(&answer), Vec::new(), "{answer:#?}");
        answer
    }

    pub(super) fn check(&self, answer: &TaskAnswer) -> Vec<Unsupported> {
        validate(answer, &self.found()).err().unwrap_or_default()
    }
}

/// A line with plain spaces and minus signs.
pub(super) fn plain(Line(pieces): &Line) -> String {
    let texts = pieces.iter().map(|piece| match piece {
        Piece::Words(text) => text.as_str(),
        Piece::Figure(figure) | Piece::Quoted(figure) => figure.text.as_str(),
    });
    texts.collect::<String>().replace(['\u{a0}', '\u{202f}'], " ").replace('\u{2212}', "-")
}

/// All that an answer says, a line for each line and row.
pub(super) fn whole(answer: &TaskAnswer) -> String {
    let mut lines = vec![plain(&answer.headline)];
    for table in &answer.tables {
        lines.push(format!("== {}", table.title));
        for row in &table.rows {
            let cells = row.iter().map(|cell| match cell {
                AnswerPart::Label(text) => text.clone(),
                AnswerPart::Unknown(why) => format!("({why})"),
                AnswerPart::Found(figure) => plain(&Line(vec![Piece::Figure(figure.clone())])),
            });
            lines.push(cells.collect::<Vec<_>>().join(" | "));
        }
    }
    lines.extend(answer.findings.iter().map(plain));
    for advice in &answer.advice {
        let task = advice.task.as_deref().unwrap_or_default();
        lines.push(format!("> {} {} {task}", plain(&advice.action), plain(&advice.reason)));
    }
    lines.extend(answer.unseen.iter().map(|line| format!("? {}", plain(line))));
    lines.join("\n")
}

/// Asserts that an answer says each of these.
pub(super) fn says(answer: &TaskAnswer, parts: &[&str]) {
    let whole = whole(answer);
    for part in parts {
        assert!(whole.contains(part), "{part:?} is not in:\n{whole}");
    }
}
