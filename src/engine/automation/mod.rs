//! Automations: tasks that run by themselves, at their time or when something happens, in the name of whoever set
//! them and with what they may by then.

mod check;
mod due;
mod kept;
mod letter;
mod notices;
mod operations;
mod rights;
mod runs;
mod schedules;
mod send;
mod triggers;
mod webhook;
mod worker;

use super::catalog::Catalog;
use super::config::{Config, MailFrom};
use super::gateway::{CallError, CallErrorKind, Gateway, Origin, Principal};
use super::identity::Identity;
use super::supervisor::Supervisor;
use super::tools::Operation;
use super::tools::views::ListAlarms;
use crate::model::automation::{
    AutomationList, AutomationOffer, AutomationView, AutomationWish, MadeAutomation, Trigger, When,
};
use check::Check;
use jiff::Timestamp;
use kept::{Automation, Secret, Setter, answer};
use operations::{
    ChangeAutomation, ChangeAutomationInput, CreateAutomation, CreateAutomationInput, DeleteAutomation,
    ListAllAutomations, ListAutomations, PauseAnyAutomation, PauseAnyAutomationInput, PauseAutomation,
    PauseAutomationInput, RunAutomationNow, ViewAutomation,
};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use webhook::Webhooks;

/// How long work may take to come to a rest when the process ends.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Why no e-mail can be sent.
const NO_MAIL: &str = "No e-mails are sent here: an admin has to set PATCHLINE_MAIL_FROM.";
const NO_ADDRESS: &str = "Your account has no e-mail address.";

/// Keeps automations, and runs them. Cloning is cheap.
#[derive(Clone)]
pub struct Automations {
    shared: Arc<Shared>,
}

/// What all work of this process has in common.
struct Shared {
    gateway: Gateway,
    catalog: Arc<Catalog>,
    supervisor: Supervisor,
    identity: Identity,
    webhooks: Webhooks,
    mail_from: Option<MailFrom>,
    has_alarms: bool,
    /// Where people find Patchline.
    site: String,
    /// The time zone of the label.
    time_zone: String,
    wake: Notify,
    /// The runs that are gone on with here.
    hands: runs::Hands,
    running: TaskTracker,
    stopping: CancellationToken,
}

impl Automations {
    /// Automations over these parts. They run from [`Automations::serve`] on.
    pub fn new(
        gateway: Gateway,
        catalog: Arc<Catalog>,
        supervisor: Supervisor,
        identity: Identity,
        config: &Config,
    ) -> Self {
        let shared = Shared {
            gateway,
            catalog,
            supervisor,
            identity,
            webhooks: Webhooks::new(config.webhook_addresses),
            mail_from: config.mail_from.clone(),
            has_alarms: config.servers.cloudwatch,
            site: config.public_url.clone(),
            time_zone: config.time_zone.iana_name().unwrap_or("UTC").to_owned(),
            wake: Notify::new(),
            hands: runs::Hands::default(),
            running: TaskTracker::new(),
            stopping: CancellationToken::new(),
        };
        Self { shared: Arc::new(shared) }
    }

    /// Begins to run what is due.
    pub fn serve(&self) {
        self.shared.running.spawn(worker::keep_looking(Arc::clone(&self.shared)));
    }

    /// Ends the work. What is not done is gone on with by others, or at the next start.
    pub async fn stop(&self) {
        self.shared.stopping.cancel();
        self.shared.running.close();
        if tokio::time::timeout(LAST_WORDS, self.shared.running.wait()).await.is_err() {
            tracing::warn!("work on automations was cut off");
        }
    }

    /// Looks at everything that is due or has happened by a moment, as the work in the background does, and waits
    /// until that is done.
    pub async fn look(&self, now: Timestamp) {
        worker::schedules_that_are_due(&self.shared, now).await;
        if let Err(error) = runs::go_on(&self.shared, now).await {
            tracing::warn!(%error, "it was not found out which runs of automations are open");
        }
        triggers::look(&self.shared, now).await;
    }

    /// One's own automations, and what there is to choose from for another.
    ///
    /// # Errors
    /// As [`Gateway::call`].
    pub async fn list(&self, who: &Principal, origin: &Origin) -> Result<AutomationList, CallError> {
        let automations = self.call::<ListAutomations>(who, origin, ()).await?;
        Ok(AutomationList {
            automations,
            offer: self.offer(who).await?,
            unread: self.unread(who).await?,
            sees_all: self.shared.gateway.offers(who, ListAllAutomations::NAME),
        })
    }

    /// The automations of everybody.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever is no admin.
    pub async fn list_all(&self, who: &Principal, origin: &Origin) -> Result<Vec<AutomationView>, CallError> {
        self.call::<ListAllAutomations>(who, origin, ()).await
    }

    /// An automation of one's own with what it ran, whose answers count as looked at from now on.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `NotFound` where there is none, or it is somebody else's.
    pub async fn view(
        &self,
        who: &Principal,
        origin: &Origin,
        id: &str,
    ) -> Result<AutomationView, CallError> {
        let catalog = &self.shared.catalog;
        // Read before: what comes while it is looked at stays new. Also those count as looked at that are too old to
        // be shown.
        let of_it = answer(id, "");
        let mut unread = catalog.inbox(&who.id).await?;
        unread.retain(|answer| answer.starts_with(&of_it));
        let view = self.call::<ViewAutomation>(who, origin, id.to_owned()).await?;
        catalog.take_from_inbox(&who.id, &unread).await?;
        Ok(view)
    }

    /// What there is to choose from for an automation.
    ///
    /// # Errors
    /// When the account of whoever asks cannot be read.
    pub async fn offer(&self, who: &Principal) -> Result<AutomationOffer, CallError> {
        let shared = &self.shared;
        let address = shared.mail_to(who).await?;
        let no_mail = match (&shared.mail_from, &address) {
            (None, _) => NO_MAIL,
            (Some(_), None) => NO_ADDRESS,
            (Some(_), Some(_)) => "",
        };
        Ok(AutomationOffer {
            mail_to: address.filter(|_| no_mail.is_empty()),
            no_mail: no_mail.to_owned(),
            alarms: shared.has_alarms && shared.gateway.offers(who, ListAlarms::NAME),
            time_zone: shared.time_zone.clone(),
        })
    }

    /// How many answers somebody has not looked at yet.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn unread(&self, who: &Principal) -> Result<u32, CallError> {
        let unread = self.shared.catalog.inbox(&who.id).await?.len();
        Ok(u32::try_from(unread).unwrap_or(u32::MAX))
    }

    /// Keeps a new automation.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Invalid` with the fields that are wrong.
    pub async fn create(
        &self,
        who: &Principal,
        origin: &Origin,
        wish: AutomationWish,
    ) -> Result<MadeAutomation, CallError> {
        let now = Timestamp::now();
        self.check(who, origin, CreateAutomation::NAME, &wish, now).await?;
        let secret = wish.notice.webhook.is_some().then(new_secret).transpose()?;
        if matches!(wish.when, When::Trigger { trigger: Trigger::ReleaseStatus { .. } }) {
            triggers::releases::begin(&self.shared, now).await?;
        }
        let mut automation = Automation {
            owner: who.id.clone(),
            id: format!("auto_{}", ulid::Ulid::new().to_string().to_lowercase()),
            version: 1,
            due: now,
            wish: wish.clone(),
            setter: setter(who, origin),
            paused: None,
            created_at: now,
            since: now,
            position: None,
            secret: secret.clone(),
        };
        automation.begin_anew(now);
        let input = CreateAutomationInput { wish, automation: Box::new(automation) };
        let automation = self.call::<CreateAutomation>(who, origin, input).await?;
        Ok(MadeAutomation { automation, secret: secret.map(|secret| secret.0) })
    }

    /// Changes an automation of one's own, from a version of it.
    ///
    /// # Errors
    /// As [`Automations::create`]; `Conflict` where it was changed meanwhile.
    pub async fn change(
        &self,
        who: &Principal,
        origin: &Origin,
        id: &str,
        version: u32,
        wish: AutomationWish,
    ) -> Result<MadeAutomation, CallError> {
        let now = Timestamp::now();
        self.check(who, origin, ChangeAutomation::NAME, &wish, now).await?;
        if matches!(wish.when, When::Trigger { trigger: Trigger::ReleaseStatus { .. } }) {
            triggers::releases::begin(&self.shared, now).await?;
        }
        let secret = new_secret()?;
        let input = ChangeAutomationInput {
            id: id.to_owned(),
            wish,
            version,
            secret: secret.clone(),
            setter: setter(who, origin),
        };
        let changed = self.call::<ChangeAutomation>(who, origin, input).await?;
        let secret = changed.has_new_secret.then_some(secret.0);
        Ok(MadeAutomation { automation: changed.view, secret })
    }

    /// Pauses an automation of one's own, or lets it run again.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `NotFound` where there is none, or it is somebody else's.
    pub async fn pause(
        &self,
        who: &Principal,
        origin: &Origin,
        id: &str,
        paused: bool,
    ) -> Result<(), CallError> {
        if !paused {
            // It may be one that waits for a release: what changed while it rested does not count.
            triggers::releases::begin(&self.shared, Timestamp::now()).await?;
        }
        let reason = "You paused it.".to_owned();
        let input = PauseAutomationInput { id: id.to_owned(), paused, reason };
        self.call::<PauseAutomation>(who, origin, input).await
    }

    /// Pauses an automation of somebody else.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `Forbidden` for whoever is no admin.
    pub async fn pause_any(
        &self,
        who: &Principal,
        origin: &Origin,
        owner: &str,
        id: &str,
    ) -> Result<(), CallError> {
        let reason = format!("{} paused it.", who.name);
        let pause = PauseAutomationInput { id: id.to_owned(), paused: true, reason };
        let input = PauseAnyAutomationInput { owner: owner.to_owned(), pause };
        self.call::<PauseAnyAutomation>(who, origin, input).await
    }

    /// Deletes an automation of one's own.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `NotFound` where there is none, or it is somebody else's.
    pub async fn delete(&self, who: &Principal, origin: &Origin, id: &str) -> Result<(), CallError> {
        self.call::<DeleteAutomation>(who, origin, id.to_owned()).await
    }

    /// Runs an automation of one's own now.
    ///
    /// # Errors
    /// As [`Gateway::call`]; `NotFound` where there is none, or it is somebody else's.
    pub async fn run_now(&self, who: &Principal, origin: &Origin, id: &str) -> Result<(), CallError> {
        self.call::<RunAutomationNow>(who, origin, id.to_owned()).await?;
        self.shared.wake.notify_one();
        Ok(())
    }

    async fn check(
        &self,
        who: &Principal,
        origin: &Origin,
        operation: &str,
        wish: &AutomationWish,
        now: Timestamp,
    ) -> Result<(), CallError> {
        let shared = &self.shared;
        let mail_to = if wish.notice.mail { shared.mail_to(who).await? } else { None };
        let check = Check {
            gateway: &shared.gateway,
            principal: who,
            webhooks: &shared.webhooks,
            mail_from: shared.mail_from.as_ref(),
            mail_to: mail_to.as_deref(),
            has_alarms: shared.has_alarms,
            now,
        };
        check.check(wish).map_err(|error| shared.gateway.refused(who, origin, operation, error))
    }

    async fn call<O: Operation>(
        &self,
        who: &Principal,
        origin: &Origin,
        input: O::Input,
    ) -> Result<O::Output, CallError> {
        self.shared.gateway.call::<O>(who, origin, input).await.map(|answer| answer.output)
    }
}

fn setter(who: &Principal, origin: &Origin) -> Setter {
    Setter { principal: who.clone(), address: origin.address }
}

fn new_secret() -> Result<Secret, CallError> {
    webhook::new_secret().map(Secret).map_err(|error| {
        let message = format!("There is no randomness for the secret of the webhook: {error}.");
        CallError::new(CallErrorKind::Internal, message, "Try again; tell an admin if it stays so.")
    })
}
