//! A place in the result of a step: what every figure is taken from.

use super::Found;
use super::format::Form;
use crate::model::task::{AnswerPart, Figure, Line, Piece, PlannedStep, Reference, StepState, StepView};
use serde_json::Value;

/// A place in the result of a step.
#[derive(Clone)]
pub(super) struct Node<'a> {
    /// The step as it was planned.
    pub(super) planned: &'a PlannedStep,
    /// The step as it was done.
    pub(super) step: &'a StepView,
    /// The whole result.
    pub(super) root: &'a Value,
    /// The value at this place.
    pub(super) value: &'a Value,
    /// The JSON pointer to it.
    pub(super) pointer: String,
}

impl<'a> Node<'a> {
    /// The whole results of the steps that are done, in the order of the plan.
    pub(super) fn results(found: &Found<'a>) -> Vec<Node<'a>> {
        found.plan.steps.iter().filter_map(|planned| Node::of_step(found, planned)).collect()
    }

    fn of_step(found: &Found<'a>, planned: &'a PlannedStep) -> Option<Node<'a>> {
        let step = found.steps.iter().find(|step| step.id == planned.id)?;
        let root = step.result.as_ref().filter(|_| step.state == StepState::Done)?;
        Some(Node { planned, step, root, value: root, pointer: String::new() })
    }

    /// The place that a reference names; none where there is nothing.
    pub(super) fn at(found: &Found<'a>, from: &Reference) -> Option<Node<'a>> {
        let planned = found.plan.steps.iter().find(|planned| planned.id == from.step)?;
        let root = Node::of_step(found, planned)?;
        let value = root.root.pointer(&from.pointer)?;
        Some(Node { value, pointer: from.pointer.clone(), ..root })
    }

    /// The tool that found it.
    pub(super) fn tool(&self) -> &'a str {
        &self.planned.tool
    }

    /// Where it is.
    pub(super) fn reference(&self) -> Reference {
        Reference { step: self.planned.id.clone(), pointer: self.pointer.clone() }
    }

    /// The field of this name; none where it is not there or not known.
    pub(super) fn get(&self, name: &str) -> Option<Node<'a>> {
        self.field(name).filter(|node| !node.value.is_null())
    }

    fn field(&self, name: &str) -> Option<Node<'a>> {
        let value = self.value.as_object()?.get(name)?;
        Some(self.child(name, value))
    }

    fn child(&self, name: &str, value: &'a Value) -> Node<'a> {
        let name = name.replace('~', "~0").replace('/', "~1");
        Node { value, pointer: format!("{}/{name}", self.pointer), ..self.clone() }
    }

    /// The parts of the list of this name; none at all where there is no such list.
    pub(super) fn list(&self, name: &str) -> Vec<Node<'a>> {
        self.get(name).map(|list| list.items()).unwrap_or_default()
    }

    /// The parts of this list.
    pub(super) fn items(&self) -> Vec<Node<'a>> {
        let items = self.value.as_array().map(Vec::as_slice).unwrap_or_default();
        items.iter().enumerate().map(|(index, value)| self.child(&index.to_string(), value)).collect()
    }

    /// The fields of this object that are known, in their order.
    pub(super) fn fields(&self) -> Vec<(&'a str, Node<'a>)> {
        let Some(object) = self.value.as_object() else { return Vec::new() };
        let known = object.iter().filter(|(_, value)| !value.is_null());
        known.map(|(name, value)| (name.as_str(), self.child(name, value))).collect()
    }

    /// The text of the field of this name.
    pub(super) fn text(&self, name: &str) -> Option<&'a str> {
        self.value.get(name)?.as_str().filter(|text| !text.is_empty())
    }

    /// The number of the field of this name.
    pub(super) fn number(&self, name: &str) -> Option<f64> {
        self.value.get(name)?.as_f64()
    }

    /// Whether the field of this name is the word.
    pub(super) fn is(&self, name: &str, word: &str) -> bool {
        self.text(name) == Some(word)
    }

    /// Whether the field of this name is true.
    pub(super) fn holds(&self, name: &str) -> bool {
        self.value.get(name).and_then(Value::as_bool) == Some(true)
    }

    /// The name of the field, or the place in the list.
    pub(super) fn name(&self) -> &str {
        self.pointer.rsplit('/').next().unwrap_or_default()
    }

    /// The unit that the whole result is measured in, where it says one for a field called `value`.
    pub(super) fn unit(&self) -> Option<&'a str> {
        self.root.get("unit")?.as_str().filter(|_| self.name() == "value")
    }

    /// The currency of the nearest thing around this place that names one.
    pub(super) fn currency(&self) -> Option<&'a str> {
        let code = self.nearest("currency")?;
        (code.len() == 3 && code.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(code)
    }

    /// A text of the nearest thing around this place that has it.
    pub(super) fn nearest(&self, name: &str) -> Option<&'a str> {
        let mut pointer = self.pointer.as_str();
        loop {
            if let Some(text) = self.root.pointer(pointer).and_then(|around| around.get(name)?.as_str()) {
                return Some(text);
            }
            pointer = &pointer[..pointer.rfind('/')?];
        }
    }

    /// The figure in a form; its source is numbered when the answer is whole.
    pub(super) fn figure(&self, form: Form) -> Option<Figure> {
        let decimals = || matches!(form, Form::Whole | Form::SignedWhole).then(|| Form::Measured.write(self));
        let text = form.write(self).or_else(|| decimals().flatten())?;
        Some(Figure { text, from: self.reference(), source: 0 })
    }

    /// The figure of a field as a piece of a line.
    pub(super) fn show(&self, name: &str, form: Form) -> Option<Piece> {
        self.get(name)?.figure(form).map(Piece::Figure)
    }

    /// The text of a field as a quotation.
    pub(super) fn quote(&self, name: &str) -> Option<Piece> {
        self.get(name)?.quoted(Form::Text)
    }

    /// The text of a field as a quotation, in the words that people have for it.
    pub(super) fn quote_in_words(&self, name: &str) -> Option<Piece> {
        let node = self.get(name)?;
        node.quoted(Form::of(&node)?)
    }

    /// The longer text of a field as a quotation.
    pub(super) fn passage(&self, name: &str) -> Option<Piece> {
        self.get(name)?.quoted(Form::Passage)
    }

    /// This text as a quotation.
    pub(super) fn quoted(&self, form: Form) -> Option<Piece> {
        self.figure(form).map(Piece::Quoted)
    }

    /// This note of a tool as a line of its own.
    pub(super) fn note(&self) -> Option<Line> {
        self.quoted(Form::Note).map(|piece| Line(vec![piece]))
    }

    /// The territory of a field, by its name where its code is known.
    pub(super) fn territory(&self, name: &str) -> Option<Piece> {
        let node = self.get(name)?;
        node.quoted(Form::Territory).or_else(|| node.quoted(Form::Text))
    }

    /// This text as a line of its own.
    pub(super) fn line(&self) -> Option<Line> {
        self.quoted(Form::Passage).map(|piece| Line(vec![piece]))
    }

    /// The field of this name as a cell.
    pub(super) fn cell(&self, name: &str, form: Form) -> AnswerPart {
        self.cell_or(name, form, "not known")
    }

    /// The field of this name as a cell, with what it means where there is none.
    pub(super) fn cell_or(&self, name: &str, form: Form, why: &str) -> AnswerPart {
        let figure = self.get(name).and_then(|node| node.figure(form));
        figure.map_or_else(|| AnswerPart::Unknown(why.to_owned()), AnswerPart::Found)
    }

    /// The field of this name as a cell, in the form that suits it.
    pub(super) fn suited_cell(&self, name: &str) -> AnswerPart {
        self.get(name).map_or_else(|| AnswerPart::Unknown("not known".to_owned()), |node| node.plain_cell())
    }

    /// This value as a cell, in the form that suits it.
    pub(super) fn plain_cell(&self) -> AnswerPart {
        let figure = Form::of(self).and_then(|form| self.figure(form));
        figure.map_or_else(|| AnswerPart::Unknown("not shown here".to_owned()), AnswerPart::Found)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::model::task::{Risk, StepId};
    use std::collections::BTreeMap;

    /// A place in a result of a step that exists for a test only.
    pub(in crate::engine::supervisor::answer) fn at<'a>(root: &'a Value, pointer: &str) -> Option<Node<'a>> {
        let id = StepId::at(1);
        let planned = PlannedStep {
            id: id.clone(),
            title: String::new(),
            tool: "a_tool".to_owned(),
            arguments: BTreeMap::new(),
            after: Vec::new(),
            risk: Risk::Low,
            optional: false,
            expected_millis: 0,
            expected_micro_dollars: 0,
        };
        let step = StepView {
            id,
            state: StepState::Done,
            attempts: 1,
            began_at: None,
            ended_at: None,
            arguments: None,
            result: None,
            problem: None,
            decision: None,
            request_id: None,
            resources: Vec::new(),
            spent: None,
        };
        let (planned, step) = (Box::leak(Box::new(planned)), Box::leak(Box::new(step)));
        Some(Node { planned, step, root, value: root.pointer(pointer)?, pointer: pointer.to_owned() })
    }
}
