//! What does the work: the assembled parts behind pages, REST and MCP.

mod activity;
pub mod audit_check;
pub mod automation;
pub mod aws;
pub mod catalog;
pub mod charts;
pub mod config;
pub mod consent;
pub mod content;
pub mod converse;
mod database;
pub mod doctor;
mod exposition;
pub mod gateway;
pub mod iam;
pub mod identity;
pub mod imports;
mod keys;
pub mod knowledge;
pub mod long_calls;
mod mail;
mod monitoring;
pub mod people;
pub mod places;
mod progress;
pub mod sample;
pub mod sealing;
pub mod seed;
mod shared_secret;
pub mod spending;
pub mod supervisor;
pub mod telemetry;
pub mod tools;

use crate::model::recording::WaveformAsked;
use automation::Automations;
use aws::{AwsClients, Embedded};
use catalog::{Catalog, CatalogError};
use config::Config;
use content::Content;
use gateway::{AuditLog, CallError, Gateway};
use identity::{Identity, IdentityError};
use imports::Imports;
use knowledge::Stocking;
use long_calls::LongCalls;
use people::People;
use seed::{Seeding, SeedingState};
use std::ops::{Deref, DerefMut};
use std::sync::Arc;
use std::time::{Duration, Instant};
use supervisor::Supervisor;
use telemetry::Telemetry;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tokio_util::task::task_tracker::TaskTrackerToken;
use tools::music::WaveformInput;

/// How long changes may go on while the program ends.
const CHANGES_END: Duration = Duration::from_secs(20);

/// The assembled parts, shared: each layer that a request passes has the engine for itself.
#[derive(Clone)]
pub struct Engine(Arc<Parts>);

impl Deref for Engine {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// Another part in place of one. Who has the engine already keeps the one that it had.
impl DerefMut for Engine {
    fn deref_mut(&mut self) -> &mut Parts {
        Arc::make_mut(&mut self.0)
    }
}

/// What an [`Engine`] is made of.
#[derive(Clone)]
pub struct Parts {
    /// The configuration.
    pub config: Arc<Config>,
    /// The one door.
    pub gateway: Gateway,
    /// Calls that go on after their client has been answered.
    pub long_calls: LongCalls,
    /// Makes plans of sentences, does them, and answers.
    pub supervisor: Supervisor,
    /// Tasks that run by themselves.
    pub automations: Automations,
    /// Has uploads listened to.
    pub content: Content,
    /// Files that staff bring, and the work on them.
    pub imports: Imports,
    /// Who people are.
    pub identity: Identity,
    audit: AuditLog,
    telemetry: Telemetry,
    catalog: Arc<Catalog>,
    seeding: Arc<Seeding>,
    stocking: Stocking,
    stopping: CancellationToken,
    closing: CancellationToken,
    under_way: TaskTracker,
}

impl Engine {
    /// Whether the model that answers questions writes by itself, which takes its time, or only quotes.
    pub fn writes_answers(&self) -> bool {
        let settings = &self.catalog.knowledge;
        settings.models.first().is_some_and(|model| settings.is_language_model(model))
    }

    /// What people do with their own account, and admins with everybody's.
    pub fn people(&self) -> People {
        People::new(self.gateway.clone(), self.identity.clone(), self.config.address.to_string())
    }

    /// Assembled over an embedded AWS of its own, for tests of rooms that do not know that there is one.
    #[cfg(test)]
    pub(crate) async fn embedded(config: Config) -> (Self, Embedded) {
        let embedded = Embedded::open(&config).await.expect("it opens").expect("it is embedded");
        let engine = Self::start(config, Some(&embedded)).await.expect("the engine starts");
        (engine, embedded)
    }

    /// Assembles the parts. In the embedded AWS the tables and buckets are made where they are missing,
    /// and the knowledge base and the sample label are
    /// written in the background.
    ///
    /// # Errors
    /// When the embedded AWS cannot make its tables and buckets.
    pub async fn start(config: Config, embedded: Option<&Embedded>) -> Result<Self, CatalogError> {
        // Boxed, because it is large, and whoever starts an engine should not become large by that.
        Box::pin(Self::assemble(Arc::new(config), embedded)).await
    }

    async fn assemble(config: Arc<Config>, embedded: Option<&Embedded>) -> Result<Self, CatalogError> {
        let aws = AwsClients::connect(&config, embedded).await;
        aws.calls.keep_to_list();
        let catalog = Arc::new(Catalog::new(aws.clone(), &config));
        if embedded.is_some() {
            catalog.create_missing().await?;
            create_log_groups(&aws, &config).await;
        }
        let stocking = Stocking::default();
        if embedded.is_some() && config.servers.bedrock {
            stocking.begin(Arc::clone(&catalog));
        }
        let audit = AuditLog::start(Arc::clone(&catalog), config.audit);
        let telemetry = Telemetry::start(&aws, &config, audit.instance(), embedded.is_some());
        let gateway = Gateway::new(Arc::clone(&catalog), &config, audit.clone(), telemetry.clone());
        gateway.follow_policy().await;
        gateway.follow_limits().await;
        gateway.watch_fleet();
        if config.servers.bedrock {
            tokio::spawn(knowledge::ingesting::resume(Arc::clone(&catalog)));
        }
        // Where people have made an admin of their own, nobody comes in without a password.
        let has_demo_accounts = config.demo && !catalog.has_first_admin().await?;
        let identity = Identity::new(Arc::clone(&catalog), &config, has_demo_accounts);
        identity.make_demo_accounts().await.map_err(in_the_store)?;
        let seeding = Arc::new(Seeding::new(config.demo));
        if config.demo {
            seeding.begin(Arc::clone(&catalog), embedded.map(Embedded::database));
        }
        let supervisor = Supervisor::new(gateway.clone(), Arc::clone(&catalog), &config);
        supervisor.serve(identity.clone());
        let automations = Automations::new(
            gateway.clone(),
            Arc::clone(&catalog),
            supervisor.clone(),
            identity.clone(),
            &config,
        );
        automations.serve();
        let content = Content::new(Arc::clone(&catalog));
        if config.servers.s3 && config.servers.music() {
            content.serve();
            // The files of the sample label come without an upload.
            let written = Arc::clone(&seeding);
            content.look_once(async move { written.settled().await == SeedingState::Ready });
        }
        let imports = Imports::new(gateway.clone(), Arc::clone(&catalog), &config);
        imports.serve();
        Ok(Self(Arc::new(Parts {
            config,
            gateway,
            supervisor,
            automations,
            content,
            imports,
            long_calls: LongCalls::new(Arc::clone(&catalog)),
            identity,
            audit,
            telemetry,
            catalog,
            seeding,
            stocking,
            stopping: CancellationToken::new(),
            closing: CancellationToken::new(),
            under_way: TaskTracker::new(),
        })))
    }

    /// Only writes the sample label. True when it was written now.
    ///
    /// # Errors
    /// What the stores say.
    pub async fn seed(config: &Config, embedded: &Embedded) -> Result<bool, CatalogError> {
        let catalog = Catalog::new(AwsClients::connect(config, Some(embedded)).await, config);
        catalog.create_missing().await?;
        if config.servers.bedrock {
            knowledge::stock(&catalog).await?;
        }
        seed::seed(&catalog, Some(embedded.database())).await
    }

    /// What draws a part of the waveform of a recording, which is named as in addresses.
    ///
    /// # Errors
    /// `NotFound` where there can be no such recording.
    pub fn waveform_of(&self, asked: &WaveformAsked) -> Result<WaveformInput, CallError> {
        let (bucket, key) = tools::views::located(&asked.id, &self.catalog)?;
        Ok(WaveformInput {
            bucket_name: Some(bucket),
            file_name: key.to_string(),
            samples_per_pixel: Some(WaveformInput::quickly_drawn(asked.samples_per_pixel)),
            from: Some(asked.from),
            to: Some(asked.to),
            channel: asked.channel,
        })
    }

    /// How far the sample label is.
    pub fn sample_label(&self) -> SeedingState {
        self.seeding.state()
    }

    /// Waits until the sample label is written, or cannot be.
    pub async fn sample_label_settled(&self) -> SeedingState {
        self.seeding.settled().await
    }

    /// Waits until the knowledge that comes with Patchline is written, or cannot be.
    pub async fn knowledge_settled(&self) {
        self.stocking.settled().await;
    }

    /// Whether the store behind everything answers: one cheap request to each kind of store.
    ///
    /// # Errors
    /// What AWS says, in words.
    pub async fn probe(&self) -> Result<(), String> {
        let bucket = self.config.buckets.default_of(config::BucketRole::Audio);
        let table = self.catalog.check_audit_log().await;
        let answered = match table {
            Ok(()) => self.catalog.check_bucket(bucket).await,
            Err(failure) => Err(failure),
        };
        answered.map_err(|failure| telemetry::secrets::without_keys(&failure.to_string()))
    }

    /// Says that this instance is about to stop: it is ready for nobody any more. What is called is still
    /// done.
    pub fn begin_stop(&self) {
        self.stopping.cancel();
    }

    /// Counts a request that the end of streams would cut off, as long as this is held.
    pub fn request_under_way(&self) -> TaskTrackerToken {
        self.under_way.token()
    }

    /// Waits until no such request is under way any more, for as long as `patience` at most.
    pub async fn requests_end(&self, patience: Duration) {
        self.under_way.close();
        if tokio::time::timeout(patience, self.under_way.wait()).await.is_err() {
            tracing::warn!(
                requests = self.under_way.len(),
                "requests were still under way; they are cut off"
            );
        }
    }

    /// Ends what would go on for ever, such as streams of events.
    pub fn end_streams(&self) {
        self.closing.cancel();
    }

    /// Whether this instance is about to stop.
    pub fn is_stopping(&self) -> bool {
        self.stopping.is_cancelled()
    }

    /// Is cancelled when streams have to end; cancelling it itself ends no other stream.
    pub fn end_of_streams(&self) -> CancellationToken {
        self.closing.child_token()
    }

    /// Waits until streams have to end.
    pub async fn streams_end(&self) {
        self.closing.cancelled().await;
    }

    /// Writes the logs and metrics that wait to be sent.
    pub async fn flush_telemetry(&self) {
        // Lines of the audit log group go out with the place of their record.
        self.audit.flush().await;
        self.telemetry.flush().await;
    }

    /// Writes down what is still to be recorded. After this nothing more is to be called.
    pub async fn close(&self) {
        self.close_within(CHANGES_END).await;
    }

    /// The same, with another time for the changes that are being made, also by long calls. What takes longer
    /// is cut off.
    pub async fn close_within(&self, patience: Duration) {
        self.settle(patience).await;
        self.audit.close().await;
        self.telemetry.close().await;
    }

    /// Waits for the changes that are being made, and writes down what is to be recorded so far. The audit log
    /// goes on after this.
    pub async fn write_down(&self) {
        self.settle(CHANGES_END).await;
        self.audit.flush().await;
    }

    async fn settle(&self, patience: Duration) {
        self.automations.stop().await;
        self.supervisor.stop().await;
        self.content.stop().await;
        self.imports.stop().await;
        self.gateway.stop_watching().await;
        self.stocking.stop().await;
        self.seeding.stop().await;
        let until = Instant::now() + patience;
        self.long_calls.stop(patience).await;
        self.gateway.settle(until.saturating_duration_since(Instant::now())).await;
        self.long_calls.end().await;
    }
}

/// Accounts of the demo are made of what is known to be right; only the store can refuse them.
fn in_the_store(error: IdentityError) -> CatalogError {
    match error {
        IdentityError::Catalog(error) => error,
        other => {
            CatalogError::Unreadable { what: "account", id: "demo".to_owned(), detail: other.to_string() }
        }
    }
}

/// Makes the log groups that are missing. Without them calls still work; whoever needs one tries again.
async fn create_log_groups(aws: &AwsClients, config: &Config) {
    if !config.servers.cloudwatch {
        return;
    }
    for group in config.monitoring.all_groups(config.audit) {
        if let Err(failure) = monitoring::groups::create(aws, group).await {
            tracing::warn!(%failure, group, "a log group could not be made");
        }
    }
}
