//! What admins see of limits, budgets and the configuration, and how they change the first two; and what is left
//! to somebody.

use super::policy::Rule;
use super::redaction;
use super::{Answer, CallError, CallErrorKind, Gateway, Origin, Principal};
use crate::engine::aws::FailureKind;
use crate::engine::catalog::CatalogError;
use crate::engine::config::{Allowances, Config, ConfigError, Given, Variable};
use crate::engine::tools::Operation;
use crate::engine::tools::views::{
    ChangeLimits, ChangeLimitsInput, ViewOwnLimits, ViewOwnLimitsInput, ViewSettings, ViewSettingsInput,
    stored_limits,
};
use crate::model::field::FieldError;
use crate::model::settings::{
    EffectiveValue, Figure, LimitsForm, LimitsVersion, OwnLimits, SettingsView, ValueSource,
};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

/// The longest reason for a change, in characters.
const LONGEST_NOTE: usize = 500;

/// What admins have set in place of the environment, as this instance knows it.
pub(super) struct Adjustments {
    given: Vec<Given>,
    models: Vec<String>,
    time_zone: String,
    /// How the names of third parties' tools begin.
    third_parties: Vec<String>,
    stored: RwLock<LimitsVersion>,
    /// Whether it has been found out since the process began what is stored.
    is_known: AtomicBool,
    /// Why what is stored cannot be used; empty where it can.
    unusable: RwLock<String>,
}

impl Adjustments {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            given: config.given.clone(),
            models: config.models.clone(),
            time_zone: config.time_zone.iana_name().unwrap_or("UTC").to_owned(),
            third_parties: Rule::third_parties(config),
            stored: RwLock::default(),
            is_known: AtomicBool::new(false),
            unusable: RwLock::default(),
        }
    }

    fn tell(&self, unusable: String) {
        *self.unusable.write().unwrap_or_else(PoisonError::into_inner) = unusable;
    }

    fn stored(&self) -> LimitsVersion {
        self.stored.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The figures of a version.
    fn allowances(&self, set: &BTreeMap<String, String>) -> Result<Allowances, ConfigError> {
        Allowances::with(&self.given, set)
    }

    /// The figures of a form, or what is wrong with it.
    fn check(&self, form: &LimitsForm) -> Result<(), FieldError> {
        if form.note.chars().count() > LONGEST_NOTE {
            let message = format!("at most {LONGEST_NOTE} characters are allowed");
            return Err(FieldError::new(LimitsForm::NOTE, message));
        }
        let wrong = |error: ConfigError| FieldError::new(error.variable, error.allowed);
        let allowances = self.allowances(&form.set).map_err(wrong)?;
        let mut limited = allowances.others.iter().filter_map(|limit| limit.tool.as_deref());
        match limited.find(|tool| !Rule::names_a_tool(tool, &self.third_parties)) {
            None => Ok(()),
            Some(tool) => Err(FieldError::new("MCP_RATE_LIMITS", format!("there is no tool {tool:?}"))),
        }
    }

    /// What this instance knows.
    fn view(&self) -> SettingsView {
        let current = self.stored();
        let allowances = self.allowances(&current.set);
        let has_no_price =
            |model: &&String| allowances.as_ref().is_ok_and(|known| !known.prices.is_listed(model));
        SettingsView {
            figures: self.figures(&current.set),
            configuration: self.given.iter().map(|one| effective(one, &current.set)).collect(),
            without_price: self.models.iter().filter(has_no_price).cloned().collect(),
            time_zone: self.time_zone.clone(),
            unusable: self.unusable.read().unwrap_or_else(PoisonError::into_inner).clone(),
            history: Vec::new(),
            current,
        }
    }

    fn figures(&self, set: &BTreeMap<String, String>) -> Vec<Figure> {
        let figure = |(variable, title, help): (&Variable, &str, &str)| {
            let given = self.given.iter().find(|one| one.variable.name == variable.name);
            let otherwise = given.map(|one| effective(one, &BTreeMap::new()).value).unwrap_or_default();
            Figure {
                name: variable.name.to_owned(),
                title: title.to_owned(),
                help: help.to_owned(),
                set: set.get(variable.name).cloned().unwrap_or_default(),
                otherwise,
            }
        };
        Allowances::adjustable().map(figure).collect()
    }
}

/// The value that holds for a variable.
fn effective(one: &Given, set: &BTreeMap<String, String>) -> EffectiveValue {
    let Given { variable, text } = one;
    let (value, source) = match (set.get(variable.name), text) {
        (Some(set), _) => (set.clone(), ValueSource::Page),
        (None, Some(text)) => (text.clone(), ValueSource::Environment),
        (None, None) => {
            let default = variable.default_in_words.or(variable.default).unwrap_or("unset");
            // The words are written for the README, in Markdown.
            (default.replace('`', ""), ValueSource::Default)
        }
    };
    EffectiveValue { name: variable.name.to_owned(), value, source }
}

impl Gateway {
    /// Reads the figures that admins have set, and follows them from now on. Until they have been read, those of
    /// the environment hold, and models that cost something are not asked.
    pub async fn follow_limits(&self) {
        match stored_limits(&self.catalog).await {
            Ok(Some(stored)) => self.know_limits(stored),
            Ok(None) => self.trust_limits(),
            // Without the table nobody can have stored any.
            Err(CatalogError::Aws(failure)) if failure.kind == FailureKind::NoResource => self.trust_limits(),
            Err(error) => self.doubt_limits(error),
        }
    }

    /// The figures that are followed are those that hold.
    fn trust_limits(&self) {
        self.adjustments.is_known.store(true, Ordering::Relaxed);
        self.adjustments.tell(String::new());
        self.spending.go_on();
    }

    /// The stored figures cannot be used. Where none were known before, they may be tighter than those of the
    /// environment.
    fn doubt_limits(&self, error: CatalogError) {
        tracing::warn!(%error, "the stored limits cannot be used; the former ones stay");
        // AWS repeats what it was sent, and may name the key that it does not know.
        self.adjustments.tell(redaction::without_keys(&error.to_string()));
        if !self.adjustments.is_known.load(Ordering::Relaxed) {
            self.spending.wait(error);
        }
    }

    /// Limits and budgets with their history, and the configuration.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever may not see them.
    pub async fn view_settings(
        &self,
        principal: &Principal,
        origin: &Origin,
    ) -> Result<Answer<SettingsView>, CallError> {
        if self.offers(principal, ViewSettings::NAME) {
            // The form has to show the version that it will be compared with.
            self.follow_limits().await;
        }
        let seen = self.adjustments.view();
        self.call::<ViewSettings>(principal, origin, ViewSettingsInput { seen }).await
    }

    /// Puts other figures in the place of those that hold.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Invalid` for figures that cannot be used; `Conflict` when somebody else was
    /// faster.
    pub async fn change_limits(
        &self,
        principal: &Principal,
        origin: &Origin,
        form: LimitsForm,
    ) -> Result<Answer<LimitsVersion>, CallError> {
        if self.offers(principal, ChangeLimits::NAME) {
            // Whoever may not change them is told that, and not what would be wrong.
            self.adjustments.check(&form).map_err(|wrong| {
                let message = format!("The limits were not changed: {}.", wrong.message);
                let error = CallError::new(CallErrorKind::Invalid, message, "Correct this and save again.");
                self.refused(
                    principal,
                    origin,
                    ChangeLimits::NAME,
                    CallError { fields: vec![wrong], ..error },
                )
            })?;
        }
        let LimitsForm { expected_version, note, set } = form;
        let input = ChangeLimitsInput { expected_version, note, set };
        let answer = self.call::<ChangeLimits>(principal, origin, input).await?;
        self.know_limits(answer.output.clone());
        Ok(answer)
    }

    /// What is left to somebody: calls at this moment, dollars today.
    ///
    /// # Errors
    /// As [`Gateway::call`].
    pub async fn own_limits(
        &self,
        principal: &Principal,
        origin: &Origin,
    ) -> Result<Answer<OwnLimits>, CallError> {
        let calls = self.limiter.whole(principal);
        self.call::<ViewOwnLimits>(principal, origin, ViewOwnLimitsInput { calls }).await
    }

    /// Follows a version, if it is newer than the one that is known. Other instances do with their next look.
    fn know_limits(&self, version: LimitsVersion) {
        // Held until the figures are in place, so that an older version never comes after a newer one.
        let mut stored = self.adjustments.stored.write().unwrap_or_else(PoisonError::into_inner);
        if version.version <= stored.version {
            self.trust_limits();
            return;
        }
        match self.adjustments.allowances(&version.set) {
            Ok(allowances) => {
                self.limiter.follow(&allowances);
                self.spending.follow(allowances);
                *stored = version;
                self.trust_limits();
            }
            Err(error) => self.doubt_limits(CatalogError::Unreadable {
                what: "version of the limits",
                id: version.version.to_string(),
                detail: error.to_string(),
            }),
        }
    }
}
