//! What admins see of the policy, what they ask of it, and how they change it.

use super::authorise::Rules;
use super::policy::{
    Access, Actor, ActorKind, Circumstances, Kind, PERMISSIONS, Place, Policy, PolicyError, Question, Rule,
    is_for_own_artists, nameable_tools,
};
use super::{Answer, CallError, CallErrorKind, Gateway, Origin, Principal, Role, Visit};
use crate::engine::aws::FailureKind;
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::users::User;
use crate::engine::tools::views::{
    ChangeModeInput, ChangePolicy, ChangePolicyInput, ChangeSecurityMode, TryPolicy, TryPolicyInput,
    ViewPolicy, ViewPolicyInput, former_policy, stored_policy,
};
use crate::engine::tools::{Class, Operation};
use crate::model::field::FieldError;
use crate::model::policy::{
    CedarPolicy, PermissionView, PolicyAnswer, PolicyMode, PolicyQuestion, PolicyVersion, PolicyView,
    ROLES as ROLE_WORDS, RuleDocument, RuleView,
};
use jiff::Timestamp;
use jiff::civil::Time;
use serde_json::Value;
use std::net::IpAddr;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// What an admin needs to take back a change of the policy.
const TAKING_BACK: [&str; 3] = [ChangePolicy::NAME, ChangeSecurityMode::NAME, ViewPolicy::NAME];

/// The artist of somebody who is asked about, where the place does not tell whose it is.
const SOME_ARTIST: &str = "an-artist-of-their-own";

impl Gateway {
    /// Reads the rules that are stored, and follows them from now on. Until they have been read, nothing is
    /// permitted.
    pub async fn follow_policy(&self) {
        self.rules.wait_for_stored();
        self.read_policy().await;
    }

    /// Reads the rules that are stored.
    pub(super) async fn read_policy(&self) {
        match stored_policy(&self.catalog).await {
            Ok(stored) => match self.rules.apply(stored.unwrap_or_default()) {
                Ok(true) => self.parties.tell(),
                Ok(false) => {}
                Err(error) => tracing::error!(%error, "the stored rules are wrong; the former ones stay"),
            },
            // Without the table nobody can have stored any.
            Err(CatalogError::Aws(failure)) if failure.kind == FailureKind::NoResource => {
                // What has never been changed is no news.
                let _ = self.rules.apply(PolicyVersion::default());
            }
            Err(error) => tracing::warn!(%error, "the stored rules could not be read; the former ones stay"),
        }
    }

    /// The policy as it holds, with its history.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever may not see it.
    pub async fn view_policy(
        &self,
        principal: &Principal,
        origin: &Origin,
    ) -> Result<Answer<PolicyView>, CallError> {
        let seen = PolicyView {
            viewer_address: origin.address.map(|address| address.to_canonical().to_string()),
            may_change: self.offers(principal, ChangePolicy::NAME),
            may_change_mode: self.offers(principal, ChangeSecurityMode::NAME),
            ..self.rules.view()
        };
        self.call::<ViewPolicy>(principal, origin, ViewPolicyInput { seen }).await
    }

    /// Whether somebody may do something under some circumstances. Nothing is done.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Invalid` for a question that cannot be asked.
    pub async fn try_policy(
        &self,
        principal: &Principal,
        origin: &Origin,
        question: PolicyQuestion,
    ) -> Result<Answer<PolicyAnswer>, CallError> {
        let mut visit = Visit::new(principal, origin, TryPolicy::NAME, Class::Page, Value::Null);
        self.admit(&mut visit).await?;
        let wrong = |wrong: FieldError| {
            let error = CallError::new(CallErrorKind::Invalid, "This cannot be asked.", "Correct it.");
            self.refused(principal, origin, TryPolicy::NAME, CallError { fields: vec![wrong], ..error })
        };
        let named = question.person.trim();
        let somebody = if named.is_empty() {
            None
        } else {
            let users = self.catalog.users().await;
            let users = users
                .map_err(|error| self.refused(principal, origin, TryPolicy::NAME, CallError::from(error)))?;
            let is_meant = |user: &User| user.id == named || user.email.eq_ignore_ascii_case(named);
            let found = users.into_iter().find(is_meant);
            Some(
                found.ok_or_else(|| {
                    wrong(FieldError::new("person", "there is nobody of this id or address"))
                })?,
            )
        };
        let answer = self.rules.answer(&question, somebody.as_ref(), origin).map_err(wrong)?;
        self.call::<TryPolicy>(principal, origin, TryPolicyInput { question, answer }).await
    }

    /// Puts other rules in the place of those that are stored. `expected` is the version that was read.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Invalid` for rules that are wrong, or that would shut out whoever sets them;
    /// `Conflict` when somebody else was faster.
    pub async fn change_policy(
        &self,
        principal: &Principal,
        origin: &Origin,
        expected: u32,
        rules: Vec<RuleDocument>,
        note: String,
    ) -> Result<Answer<PolicyVersion>, CallError> {
        // What the change leaves as it is must be as it was when it was read.
        let held = self.held_policy(expected).await;
        let next = PolicyVersion { note, rules, ..held };
        self.put_in_place(principal, origin, expected, next).await
    }

    /// Puts the rules of a former version in the place of those that are stored: as a new version, so that
    /// this can be taken back, too.
    ///
    /// # Errors
    /// As [`Gateway::change_policy`]; `NotFound` when there is no such version.
    pub async fn roll_back_policy(
        &self,
        principal: &Principal,
        origin: &Origin,
        expected: u32,
        to: u32,
    ) -> Result<Answer<PolicyVersion>, CallError> {
        let refused = |error: CatalogError| self.refused(principal, origin, ChangePolicy::NAME, error.into());
        if !self.offers(principal, ChangePolicy::NAME) {
            // Whoever may not change it is not told which versions there are.
            return self.put_in_place(principal, origin, expected, PolicyVersion::default()).await;
        }
        let former = match to {
            0 => Some(PolicyVersion::default()),
            number => former_policy(&self.catalog, number).await.map_err(refused)?,
        };
        let Some(former) = former else {
            return Err(refused(CatalogError::NotFound {
                what: "version of the policy",
                id: to.to_string(),
            }));
        };
        let note = format!("Back to version {to}");
        let next = PolicyVersion { note, mode: self.held_policy(expected).await.mode, ..former };
        self.put_in_place(principal, origin, expected, next).await
    }

    /// Sets what violations of rules come to; none for what the environment says.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Invalid` for a mode in which the rules would shut out whoever sets it; `Conflict`
    /// when somebody else changed the policy meanwhile.
    pub async fn change_security_mode(
        &self,
        principal: &Principal,
        origin: &Origin,
        expected: u32,
        mode: Option<PolicyMode>,
        note: String,
    ) -> Result<Answer<PolicyVersion>, CallError> {
        self.held_policy(expected).await;
        self.rules
            .check_mode(mode, principal, origin)
            .map_err(|wrong| self.not_changed(principal, origin, ChangeSecurityMode::NAME, wrong))?;
        let input = ChangeModeInput { expected_version: expected, mode, note };
        let answer = self.call::<ChangeSecurityMode>(principal, origin, input).await?;
        self.know_policy(&answer.output);
        Ok(answer)
    }

    /// What is stored, as far as this instance knows: read again where it does not know the version that
    /// somebody else has seen.
    pub(super) async fn held_policy(&self, expected: u32) -> PolicyVersion {
        if self.rules.stored().version != expected {
            self.read_policy().await;
        }
        self.rules.stored()
    }

    pub(super) async fn put_in_place(
        &self,
        principal: &Principal,
        origin: &Origin,
        expected: u32,
        next: PolicyVersion,
    ) -> Result<Answer<PolicyVersion>, CallError> {
        self.rules
            .check_version(&next, principal, origin)
            .map_err(|wrong| self.not_changed(principal, origin, ChangePolicy::NAME, wrong))?;
        let input = ChangePolicyInput { expected_version: expected, next };
        let answer = self.call::<ChangePolicy>(principal, origin, input).await?;
        self.know_policy(&answer.output);
        Ok(answer)
    }

    /// Says what was wrong with a change of the policy.
    pub(super) fn not_changed(
        &self,
        principal: &Principal,
        origin: &Origin,
        operation: &str,
        wrong: Vec<FieldError>,
    ) -> CallError {
        let reasons: Vec<_> = wrong.iter().map(|wrong| wrong.message.as_str()).collect();
        let message = format!("The policy was not changed: {}.", reasons.join("; "));
        let error = CallError::new(CallErrorKind::Invalid, message, "Correct this and save again.");
        self.refused(principal, origin, operation, CallError { fields: wrong, ..error })
    }

    /// What an admin decides is known here at once, and by the other instances with their next look.
    fn know_policy(&self, policy: &PolicyVersion) {
        match self.rules.apply(policy.clone()) {
            Ok(_) => self.parties.tell(),
            Err(error) => tracing::error!(%error, "the rules were stored, and cannot be used"),
        }
    }
}

impl Rules {
    /// What this instance knows of the policy.
    fn view(&self) -> PolicyView {
        let policy = self.policy();
        let violations = policy.map(Policy::violations).unwrap_or_default();
        let rule = |rule: &Rule, from_environment: bool| RuleView {
            id: rule.id().to_string(),
            words: rule.in_words(),
            shadow: rule.shadow,
            from_environment,
            violations: violations
                .iter()
                .find(|(name, _)| name == rule.id().as_str())
                .map_or(0, |(_, count)| *count),
        };
        let stored = self.stored();
        let of_environment = self.environment().iter().map(|one| rule(one, true));
        let of_admins = Rule::read(&stored.rules).unwrap_or_default();
        let of_admins = of_admins.iter().map(|one| rule(one, false));
        let word = |access: Access| match access {
            Access::Yes => "yes",
            Access::Own => "own",
            Access::No => "no",
        };
        let roles = [Role::Artist, Role::Producer, Role::Manager, Role::Label, Role::Admin];
        let permissions = PERMISSIONS.iter().map(|row| PermissionView {
            operation: row.operation.to_owned(),
            access: roles.map(|role| word(row.access(role)).to_owned()).to_vec(),
        });
        let cedar = policy.map(Policy::in_cedar).unwrap_or_default();
        let zone = self.time_zone();
        let clock = Timestamp::now().to_zoned(zone.clone()).strftime("%a %H:%M").to_string();
        PolicyView {
            mode: self.enforcement(&stored).into(),
            rules: of_environment.chain(of_admins).collect(),
            permissions: permissions.collect(),
            cedar: cedar.into_iter().map(|(name, text)| CedarPolicy { name, text }).collect(),
            history: Vec::new(),
            current: stored,
            tools: nameable_tools().map(str::to_owned).collect(),
            time_zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            clock,
            viewer_address: None,
            may_change: false,
            may_change_mode: false,
        }
    }

    /// The rules of the environment, and those of a version.
    pub(super) fn all_rules(&self, version: &PolicyVersion) -> Result<Vec<Rule>, Vec<FieldError>> {
        let rules = Rule::read(&version.rules)?;
        Ok(self.environment().iter().cloned().chain(rules).collect())
    }

    /// The policies as they would be with a version. They are not those that hold.
    pub(super) fn candidate(&self, version: &PolicyVersion) -> Result<Policy, Vec<FieldError>> {
        let candidate = Policy::with(self.all_rules(version)?, self.enforcement(version));
        candidate.map_err(|error: PolicyError| vec![FieldError::new("rules", error.to_string())])
    }

    /// What is wrong with a version before it is stored.
    pub(super) fn check_version(
        &self,
        next: &PolicyVersion,
        principal: &Principal,
        origin: &Origin,
    ) -> Result<(), Vec<FieldError>> {
        let rules = Rule::read(&next.rules)?;
        let taken = |rule: &Rule| self.environment().iter().any(|known| known.id() == rule.id());
        if let Some((index, rule)) = rules.iter().enumerate().find(|(_, rule)| taken(rule)) {
            let message = format!("a rule of the environment is named {} already", rule.id());
            return Err(vec![FieldError::new(format!("rules.{index}.id"), message)]);
        }
        if let Some(tool) = rules.iter().find_map(|rule| rule.unknown_tool(self.third_parties())) {
            return Err(vec![FieldError::new("rules", format!("there is no tool {tool:?}"))]);
        }
        if self.would_shut_out(next, principal, origin)? {
            let message = "the rules would shut you out: you could not take them back";
            return Err(vec![FieldError::new("rules", message)]);
        }
        Ok(())
    }

    /// What is wrong with a mode before it is stored.
    pub(super) fn check_mode(
        &self,
        mode: Option<PolicyMode>,
        principal: &Principal,
        origin: &Origin,
    ) -> Result<(), Vec<FieldError>> {
        let next = PolicyVersion { mode, ..self.stored() };
        if self.would_shut_out(&next, principal, origin)? {
            let message = "the rules would shut you out in this mode: you could not take it back";
            return Err(vec![FieldError::new("mode", message)]);
        }
        Ok(())
    }

    /// Whether somebody could do less of what takes a version back than they can now. Whoever may not change
    /// the policy now is told so by the door.
    fn would_shut_out(
        &self,
        next: &PolicyVersion,
        principal: &Principal,
        origin: &Origin,
    ) -> Result<bool, Vec<FieldError>> {
        let candidate = self.candidate(next)?;
        let Some(held) = self.policy() else { return Ok(false) };
        let circumstances = &self.circumstances(origin);
        let actor = &Actor::of(principal);
        Ok(TAKING_BACK.into_iter().any(|operation| {
            [Place::Operation(operation), Place::Other(Kind::Table, SETTINGS_TABLE)].into_iter().any(
                |place| {
                    let question = Question { actor, operation, foreign: false, place, circumstances };
                    held.decide(&question).allowed() && !candidate.decide(&question).allowed()
                },
            )
        }))
    }

    /// The answer to a question, by the policies that hold.
    fn answer(
        &self,
        question: &PolicyQuestion,
        somebody: Option<&User>,
        origin: &Origin,
    ) -> Result<PolicyAnswer, FieldError> {
        let unknown = || FieldError::new("role", format!("the roles are {}", ROLE_WORDS.join(", ")));
        let role = match somebody {
            Some(user) => user.role,
            None => Role::from_id(&question.role).ok_or_else(unknown)?,
        };
        let row = PERMISSIONS.iter().find(|row| row.operation == question.operation);
        let row = row.ok_or_else(|| FieldError::new("operation", "there is no operation of this name"))?;
        let kind = if question.by_supervisor {
            ActorKind::Agent { on_behalf_of: "somebody".to_owned() }
        } else {
            ActorKind::Person
        };
        let mut circumstances = self.circumstances(origin);
        circumstances.size = question.bytes;
        if !question.address.trim().is_empty() {
            let read = question.address.trim().parse::<IpAddr>();
            let read =
                read.map_err(|_| FieldError::new("address", "an address such as 10.1.2.3 is needed"))?;
            circumstances.address = Some(read);
        }
        if !question.day.trim().is_empty() {
            let day = WEEKDAYS.iter().position(|day| *day == question.day.trim());
            let day = day.and_then(|day| i64::try_from(day).ok());
            let day =
                day.ok_or_else(|| FieldError::new("day", format!("days are {}", WEEKDAYS.join(", "))))?;
            circumstances.weekday = day + 1;
        }
        if !question.time.trim().is_empty() {
            let time = Time::strptime("%H:%M", question.time.trim());
            let time = time.map_err(|_| FieldError::new("time", "a time such as 22:00 is needed"))?;
            circumstances.minute = i64::from(time.hour()) * 60 + i64::from(time.minute());
        }
        let Some(policy) = self.policy() else {
            return Err(FieldError::new("", "the policies are wrong, so nothing is permitted"));
        };
        let name = question.place.trim();
        let place = row.places().next().filter(|_| !name.is_empty()).map(|kind| match kind {
            Kind::Bucket => self.bucket(name, question.file.trim()),
            kind => Place::Other(kind, name),
        });
        let of_own = is_for_own_artists(row.operation, role);
        let owner = place.and_then(Place::owner);
        let artists: Vec<String> = match somebody {
            Some(user) => user.artists.iter().map(ToString::to_string).collect(),
            // Whoever may use it for artists of their own is asked about as somebody whose artist it is.
            None if of_own => vec![owner.clone().unwrap_or_else(|| SOME_ARTIST.to_owned())],
            None => Vec::new(),
        };
        // What the place does not tell is taken for theirs.
        let owners = of_own.then(|| owner.map_or_else(|| artists.clone(), |owner| vec![owner]));
        let id = somebody.map_or("somebody-else", |user| user.id.as_str()).to_owned();
        let actor = Actor { id, role, artists, kind };
        let ask = |place: Place<'_>, circumstances: &Circumstances| {
            let operation = row.operation;
            policy.decide(&Question { actor: &actor, operation, foreign: false, place, circumstances })
        };
        let at_all = ask(Place::Operation(row.operation), &circumstances);
        let decision = match place {
            Some(place) if at_all.allowed() => {
                let there = Circumstances { owners, ..circumstances };
                at_all.joined(ask(place, &there))
            }
            _ => at_all,
        };
        let limit = if of_own && decision.allowed() { ", for artists of their own" } else { "" };
        let texts = |names: &[std::sync::Arc<str>]| names.iter().map(ToString::to_string).collect();
        Ok(PolicyAnswer {
            allowed: decision.allowed(),
            reason: format!("{}{limit}", decision.reason()),
            policies: texts(&decision.policies),
            would_deny: texts(&decision.would_deny),
        })
    }
}
