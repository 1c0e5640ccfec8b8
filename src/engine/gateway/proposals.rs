//! A change of the policy that an admin proposes: looked at before, with what it would have done to real calls,
//! then saved.

use super::policy::{Policy, Rule, findings};
use super::review;
use super::{CallError, CallErrorKind, Gateway, Origin, Principal, Visit};
use crate::engine::catalog::CatalogError;
use crate::engine::tools::views::{
    ChangePolicy, ChangeSecurityMode, RecordedCalls, ReviewPolicy, ReviewPolicyInput, former_policy,
};
use crate::engine::tools::{Class, Operation};
use crate::model::field::FieldError;
use crate::model::policy::{CedarPolicy, PolicyMode, PolicyVersion, RuleDocument};
use crate::model::policy_review::{PolicyPreview, PolicyReview};
use serde_json::Value;
use std::sync::Arc;

/// What holds of every change that is shown: what it is not true of is refused before that.
const PROVEN: [&str; 3] = [
    "Rules only forbid: nobody gets more by them than the table of roles gives.",
    "No rule can fail while a call is judged by it: all were checked against the schema.",
    "You, and every other admin who comes from where you do, can take it back at any hour.",
];

/// What is to be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Proposal {
    /// A rule is added, or takes the place of another.
    Rule {
        /// The name of the other; none for a new rule.
        replaces: Option<String>,
        /// The rule.
        rule: RuleDocument,
    },
    /// The rule of this name is removed.
    Remove(String),
    /// The rules of this version hold again.
    Back(u32),
    /// Violations come to this, or to what the environment says.
    Mode(Option<PolicyMode>),
}

impl Proposal {
    /// The operation that does it.
    fn operation(&self) -> &'static str {
        match self {
            Proposal::Rule { .. } | Proposal::Remove(_) | Proposal::Back(_) => ChangePolicy::NAME,
            Proposal::Mode(_) => ChangeSecurityMode::NAME,
        }
    }

    /// The rules that people are to read before they save it.
    fn concerned<'v>(&self, next: &'v PolicyVersion) -> Vec<&'v RuleDocument> {
        match self {
            Proposal::Rule { rule, .. } => next.rules.iter().filter(|known| known.id == rule.id).collect(),
            Proposal::Back(_) => next.rules.iter().collect(),
            Proposal::Remove(_) | Proposal::Mode(_) => Vec::new(),
        }
    }
}

/// The version that holds, and the one that would.
struct Change {
    held: PolicyVersion,
    next: PolicyVersion,
}

impl Gateway {
    /// What a change would come to, also for the calls of the last days. Nothing is changed. `expected` is the
    /// version that was read.
    ///
    /// # Errors
    /// As [`Gateway::save_proposal`].
    pub async fn preview_proposal(
        &self,
        principal: &Principal,
        origin: &Origin,
        expected: u32,
        proposal: &Proposal,
    ) -> Result<PolicyPreview, CallError> {
        let Change { held, next } = self.change(principal, origin, expected, proposal, "").await?;
        let wrong = |wrong: Vec<FieldError>| self.not_changed(principal, origin, proposal.operation(), wrong);
        let checked = match proposal {
            Proposal::Mode(mode) => self.rules.check_mode(*mode, principal, origin),
            _ => self.rules.check_version(&next, principal, origin),
        };
        checked.map_err(wrong)?;
        let now = self.rules.candidate(&held).map_err(wrong)?;
        let then = self.rules.candidate(&next).map_err(wrong)?;
        let changes = next.changes_since(&held);
        let mode = self.rules.enforcement(&next).into();
        let about = proposal.concerned(&next);
        let documents: Vec<RuleDocument> = about.into_iter().cloned().collect();
        let rules = Rule::read(&documents).map_err(wrong)?;
        let is_about = |name: &str| documents.iter().any(|rule| rule.id == name);
        let cedar = then.in_cedar().into_iter().filter(|(name, _)| is_about(name));
        let cedar = cedar.map(|(name, text)| CedarPolicy { name, text }).collect();
        let findings = self.new_findings((&held, &now), (&next, &then)).map_err(wrong)?;
        let (review, unknown) = match self.recorded_calls(principal, origin, changes.join("; ")).await {
            Err(error) => (None, format!("{} {}", error.message, error.remedy)),
            Ok(read) => {
                let rules = Arc::clone(&self.rules);
                // Some thousand decisions take longer than others should wait for this thread.
                let judged = move || review::difference(&rules, (&held, &now), (&next, &then), &read);
                match tokio::task::spawn_blocking(judged).await {
                    Ok(review) => (Some(review), String::new()),
                    Err(error) => {
                        tracing::error!(%error, "the calls of the last days could not be judged");
                        (None, "The calls could not be judged; the log says why.".to_owned())
                    }
                }
            }
        };
        let words = rules.iter().map(Rule::in_words).collect();
        let proven = PROVEN.map(str::to_owned).to_vec();
        Ok(PolicyPreview { changes, words, cedar, findings, proven, mode, review, unknown })
    }

    /// What does not fit together in a version, and does in the one that holds.
    fn new_findings(
        &self,
        (held, now): (&PolicyVersion, &Policy),
        (next, then): (&PolicyVersion, &Policy),
    ) -> Result<Vec<String>, Vec<FieldError>> {
        let before = findings(&self.rules.all_rules(held)?);
        let mut after = findings(&self.rules.all_rules(next)?);
        after.retain(|finding| !before.contains(finding));
        let known = now.never_apply();
        let never = then.never_apply().into_iter().filter(|rule| !known.contains(rule));
        after.extend(never.map(|rule| format!("{rule} can never apply to a call: it says nothing.")));
        Ok(after)
    }

    /// Makes a change. `expected` is the version that was read.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Invalid` for rules that are wrong or that would shut out whoever sets them;
    /// `NotFound` for a rule or a version that there is not; `Conflict` when somebody else was faster.
    pub async fn save_proposal(
        &self,
        principal: &Principal,
        origin: &Origin,
        expected: u32,
        proposal: &Proposal,
        note: &str,
    ) -> Result<PolicyVersion, CallError> {
        let Change { next, .. } = self.change(principal, origin, expected, proposal, note).await?;
        let saved = match proposal {
            Proposal::Mode(mode) => {
                self.change_security_mode(principal, origin, expected, *mode, next.note).await
            }
            _ => self.put_in_place(principal, origin, expected, next).await,
        };
        saved.map(|answer| answer.output)
    }

    /// The error for a form of the policy that was filled in wrongly. Whoever may not make such a change is told
    /// that, and nothing of the form.
    pub async fn refuse_proposal(
        &self,
        principal: &Principal,
        origin: &Origin,
        of_mode: bool,
        wrong: Vec<FieldError>,
    ) -> CallError {
        let operation = if of_mode { ChangeSecurityMode::NAME } else { ChangePolicy::NAME };
        let mut visit = Visit::new(principal, origin, operation, Class::Page, Value::Null);
        match self.admit(&mut visit).await {
            Ok(()) => self.not_changed(principal, origin, operation, wrong),
            Err(error) => error,
        }
    }

    /// The calls of the last days that were done although a rule would have denied them.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever may not see them.
    pub async fn policy_report(
        &self,
        principal: &Principal,
        origin: &Origin,
    ) -> Result<PolicyReview, CallError> {
        let read = self.recorded_calls(principal, origin, String::new()).await?;
        Ok(review::report(&read))
    }

    async fn recorded_calls(
        &self,
        principal: &Principal,
        origin: &Origin,
        proposed: String,
    ) -> Result<RecordedCalls, CallError> {
        let input = ReviewPolicyInput { proposed };
        self.call::<ReviewPolicy>(principal, origin, input).await.map(|answer| answer.output)
    }

    /// What a proposal means for the version that was read. Whoever may not make it learns nothing of it.
    async fn change(
        &self,
        principal: &Principal,
        origin: &Origin,
        expected: u32,
        proposal: &Proposal,
        note: &str,
    ) -> Result<Change, CallError> {
        let operation = proposal.operation();
        let mut visit = Visit::new(principal, origin, operation, Class::Page, Value::Null);
        self.admit(&mut visit).await?;
        let refused = |error: CallError| self.refused(principal, origin, operation, error);
        let held = self.held_policy(expected).await;
        if held.version != expected {
            return Err(refused(meanwhile(&held, expected)));
        }
        let next = self.next_version(&held, proposal, note).await.map_err(refused)?;
        Ok(Change { held, next })
    }

    async fn next_version(
        &self,
        held: &PolicyVersion,
        proposal: &Proposal,
        note: &str,
    ) -> Result<PolicyVersion, CallError> {
        let mut next = PolicyVersion { note: note.to_owned(), ..held.clone() };
        match proposal {
            Proposal::Rule { replaces: None, rule } => next.rules.push(rule.clone()),
            Proposal::Rule { replaces: Some(id), rule } => {
                let known = next.rules.iter_mut().find(|known| known.id == *id);
                let known = known.ok_or_else(|| not_found("rule", id))?;
                *known = rule.clone();
            }
            Proposal::Remove(id) => {
                let known = next.rules.iter().position(|known| known.id == *id);
                let known = known.ok_or_else(|| not_found("rule", id))?;
                next.rules.remove(known);
            }
            Proposal::Back(to) => {
                let former = match to {
                    0 => Some(PolicyVersion::default()),
                    number if *number == held.version => Some(held.clone()),
                    number => former_policy(&self.catalog, *number).await?,
                };
                let former = former.ok_or_else(|| not_found("version of the policy", &to.to_string()))?;
                next.rules = former.rules;
                let because = if note.is_empty() { String::new() } else { format!(": {note}") };
                next.note = format!("Back to version {to}{because}");
            }
            Proposal::Mode(mode) => next.mode = *mode,
        }
        if next.rules == held.rules && next.mode == held.mode {
            let message = "This changes nothing: what holds now says the same.";
            let error = CallError::new(CallErrorKind::Invalid, message, "Change something first.");
            return Err(CallError {
                fields: vec![FieldError::new("rules", "says the same as before")],
                ..error
            });
        }
        Ok(next)
    }
}

/// The error for a change of a version that is not the newest.
fn meanwhile(held: &PolicyVersion, expected: u32) -> CallError {
    let by = if held.by.is_empty() { "Somebody" } else { held.by.as_str() };
    let note = if held.note.is_empty() { String::new() } else { format!(" (“{}”)", held.note) };
    CallError::new(
        CallErrorKind::Conflict,
        format!(
            "{by} has saved version {}{note} meanwhile. What you sent was made from version {expected}, and nothing was changed.",
            held.version
        ),
        "Look at what holds now. What you typed is still here: have it compared with that, then save it.",
    )
}

fn not_found(what: &'static str, id: &str) -> CallError {
    CatalogError::NotFound { what, id: id.to_owned() }.into()
}
