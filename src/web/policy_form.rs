//! The forms of `/admin/policy`: `POST` shows what a change would come to, or saves it and leads back.

use super::router::AppState;
use super::sent_fields::{SentFields, unreadable};
use super::{confirm, pages};
use crate::api::error::AppError;
use crate::engine::gateway::{CallError, Origin, Principal, Proposal};
use crate::model::field::FieldError;
use crate::model::policy::PolicyMode;
use crate::model::policy_form::{PolicyChange, PolicyForm};
use crate::pages::policy::{OUTCOME, PATH, PolicyOutcome};
use axum::extract::{Form, Request, State};
use axum::response::{IntoResponse, Redirect, Response};

/// What the audit log calls a form that could not be read.
const FORM: &str = "POST /admin/policy";

/// The most bytes that a form may have: a rule may name many things.
pub(super) const LARGEST_FORM: usize = 64 * 1024;

/// What is to be done with a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Step {
    Preview,
    Save,
}

/// Does it; where it cannot be done, the page says why and keeps what was typed.
pub(super) async fn submit(State(state): State<AppState>, request: Request) -> Response {
    let SentFields { parts, origin, visitor, read } = SentFields::of(request).await;
    let fields = match read {
        Ok(Form(fields)) => fields,
        Err(rejection) => {
            let error = state.engine.gateway.refused(&visitor, &origin, FORM, unreadable(&rejection));
            let outcome = PolicyOutcome { form: None, result: Err(AppError::from(error)) };
            return pages::with(&state, parts, outcome).await;
        }
    };
    let of_mode = fields.iter().any(|(name, value)| name == "what" && value == "mode");
    let gateway = &state.engine.gateway;
    let form = match PolicyForm::read(&fields) {
        Ok(form) => form,
        Err(wrong) => {
            let error = gateway.refuse_proposal(&visitor, &origin, of_mode, vec![wrong]).await;
            if let Some(way) = confirm::of_error(&error, &parts) {
                return way;
            }
            let outcome = PolicyOutcome { form: None, result: Err(AppError::from(error)) };
            return pages::with(&state, parts, outcome).await;
        }
    };
    match answer(&state, &visitor, &origin, &form, step(&fields)).await {
        Ok(Answered::Saved(version)) => {
            let done = form.change.id();
            let address = format!("{PATH}?done={done}&version={version}#{OUTCOME}");
            Redirect::to(&address).into_response()
        }
        Ok(Answered::Shown(outcome)) => pages::with(&state, parts, *outcome).await,
        Err(error) => {
            if let Some(way) = confirm::of_error(&error, &parts) {
                return way;
            }
            let result = Err(AppError::from(in_fields_of(&form, error)));
            pages::with(&state, parts, PolicyOutcome { form: Some(form), result }).await
        }
    }
}

/// What came of a form.
enum Answered {
    /// This version holds now.
    Saved(u32),
    /// The page shows what would come of it.
    Shown(Box<PolicyOutcome>),
}

async fn answer(
    state: &AppState,
    visitor: &Principal,
    origin: &Origin,
    form: &PolicyForm,
    step: Step,
) -> Result<Answered, CallError> {
    let gateway = &state.engine.gateway;
    let proposal = match proposal(&form.change) {
        Ok(proposal) => proposal,
        Err(wrong) => {
            let of_mode = matches!(form.change, PolicyChange::Mode(_));
            return Err(gateway.refuse_proposal(visitor, origin, of_mode, wrong).await);
        }
    };
    if step == Step::Save {
        let saved = gateway.save_proposal(visitor, origin, form.expected, &proposal, &form.note).await?;
        return Ok(Answered::Saved(saved.version));
    }
    let preview = gateway.preview_proposal(visitor, origin, form.expected, &proposal).await?;
    Ok(Answered::Shown(Box::new(PolicyOutcome { form: Some(form.clone()), result: Ok(preview) })))
}

fn step(fields: &[(String, String)]) -> Step {
    let is_save = fields.iter().any(|(name, value)| name == "step" && value == "save");
    if is_save { Step::Save } else { Step::Preview }
}

/// What is proposed.
fn proposal(change: &PolicyChange) -> Result<Proposal, Vec<FieldError>> {
    Ok(match change {
        PolicyChange::Rule(form) => {
            let replaces = Some(form.replaces.clone()).filter(|id| !id.is_empty());
            Proposal::Rule { replaces, rule: form.document()? }
        }
        PolicyChange::Remove(id) => Proposal::Remove(id.clone()),
        PolicyChange::Back(to) => Proposal::Back(*to),
        PolicyChange::Mode(word) if word.is_empty() => Proposal::Mode(None),
        PolicyChange::Mode(word) => {
            let mode = PolicyMode::from_id(word);
            let mode = mode.ok_or_else(|| vec![FieldError::new("mode", "has to be chosen")])?;
            Proposal::Mode(Some(mode))
        }
    })
}

/// What is wrong with rules, at the fields in which they were typed.
fn in_fields_of(form: &PolicyForm, mut error: CallError) -> CallError {
    if let Some(rule) = form.rule() {
        for wrong in &mut error.fields {
            wrong.field = rule.field_of(&wrong.field);
        }
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::gateway::CallErrorKind;
    use crate::model::rule_form::{About, RuleForm};

    #[test]
    fn nothing_is_saved_that_was_not_asked_to_be() {
        let field = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(step(&[]), Step::Preview);
        assert_eq!(step(&[field("step", "preview")]), Step::Preview);
        assert_eq!(step(&[field("step", "save")]), Step::Save);
    }

    #[test]
    fn a_mode_that_there_is_not_is_named() {
        let wrong = proposal(&PolicyChange::Mode("none".to_owned())).expect_err("there is no such mode");
        assert_eq!(wrong[0].field, "mode");
        assert_eq!(proposal(&PolicyChange::Mode(String::new())), Ok(Proposal::Mode(None)));
    }

    #[test]
    fn what_is_wrong_stands_at_the_field_in_which_it_was_typed() {
        let rule = Box::new(RuleForm::about(About::Networks));
        let form = PolicyForm { expected: 0, note: String::new(), change: PolicyChange::Rule(rule) };
        let error = CallError::new(CallErrorKind::Invalid, "Wrong.", "");
        let fields = vec![FieldError::new("rules.0.says", "is no network")];
        assert_eq!(in_fields_of(&form, CallError { fields, ..error }).fields[0].field, "names");
    }
}
