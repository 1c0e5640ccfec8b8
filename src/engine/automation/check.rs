//! Whether a wish can be kept: its schedule, where its notices would go, and whether its owner may watch what it
//! waits for.

use super::due::{Timetable, TimetableError};
use super::webhook::Webhooks;
use crate::engine::config::MailFrom;
use crate::engine::gateway::{CallError, CallErrorKind, Gateway, Principal};
use crate::engine::tools::Operation;
use crate::engine::tools::music::AnalyzeArtistPerformance;
use crate::engine::tools::s3::ListContracts;
use crate::engine::tools::views::ListAlarms;
use crate::model::automation::{AutomationWish, Trigger, When};
use crate::model::field::FieldError;
use jiff::Timestamp;

/// What a wish is held against.
pub(super) struct Check<'a> {
    pub(super) gateway: &'a Gateway,
    pub(super) principal: &'a Principal,
    pub(super) webhooks: &'a Webhooks,
    pub(super) mail_from: Option<&'a MailFrom>,
    /// Where an e-mail would go.
    pub(super) mail_to: Option<&'a str>,
    pub(super) has_alarms: bool,
    pub(super) now: Timestamp,
}

impl Check<'_> {
    /// Whether it can be kept.
    ///
    /// # Errors
    /// `Invalid` with the fields that are wrong.
    pub(super) fn check(&self, wish: &AutomationWish) -> Result<(), CallError> {
        let found = [self.when(&wish.when), self.mail(wish), self.webhook(wish)];
        let fields: Vec<_> = found.into_iter().filter_map(Result::err).collect();
        if fields.is_empty() {
            return Ok(());
        }
        let message = "The automation cannot be kept as it is.";
        let error = CallError::new(CallErrorKind::Invalid, message, "Correct it and send it again.");
        Err(CallError { fields, ..error })
    }

    fn when(&self, when: &When) -> Result<(), FieldError> {
        let may = |operation: &str| self.gateway.offers(self.principal, operation);
        match when {
            When::Schedule { schedule, time_zone } => {
                let timetable = Timetable::new(&schedule.cron(), time_zone);
                let checked = timetable.and_then(|timetable| timetable.checked(self.now));
                checked.map(drop).map_err(|error| {
                    let field = if matches!(error, TimetableError::Zone(_)) { "timeZone" } else { "cron" };
                    FieldError::new(field, error.to_string())
                })
            }
            When::Trigger { trigger: Trigger::Alarm { .. } } if !self.has_alarms => Err(FieldError::new(
                "when",
                "there are no alarms here: the server cloudwatch is switched off",
            )),
            When::Trigger { trigger: Trigger::Alarm { .. } } if !may(ListAlarms::NAME) => {
                Err(FieldError::new("when", "alarms are not for your role"))
            }
            When::Trigger { trigger: Trigger::Anomaly { .. } } if !may(AnalyzeArtistPerformance::NAME) => {
                Err(FieldError::new("when", "figures of artists are not for your role"))
            }
            When::Trigger { trigger: Trigger::NoticeDate { .. } } if !may(ListContracts::NAME) => {
                Err(FieldError::new("when", "contracts are not for your role"))
            }
            When::Trigger { .. } => Ok(()),
        }
    }

    fn mail(&self, wish: &AutomationWish) -> Result<(), FieldError> {
        if !wish.notice.mail {
            return Ok(());
        }
        if self.mail_from.is_none() {
            return Err(FieldError::new("mail", super::NO_MAIL));
        }
        match self.mail_to {
            Some(_) => Ok(()),
            None => Err(FieldError::new("mail", super::NO_ADDRESS)),
        }
    }

    fn webhook(&self, wish: &AutomationWish) -> Result<(), FieldError> {
        let Some(address) = &wish.notice.webhook else { return Ok(()) };
        self.webhooks.check(address).map(drop).map_err(|reason| FieldError::new("webhook", reason))
    }
}
