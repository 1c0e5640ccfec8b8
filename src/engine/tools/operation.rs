//! What every operation behind the door has in common, and what a tool has beyond that.

use super::{Progress, Scope, ToolError};
use crate::engine::catalog::Catalog;
use crate::engine::spending::Purse;
use crate::model::tool::{AwsResource, ToolAnnotations};
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::BTreeSet;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

/// Something that can be done through the gateway.
pub trait Operation: Send + Sync + 'static {
    /// The name in the audit log; for tools also the name that callers use.
    const NAME: &'static str;
    /// What it does to the label's data.
    const EFFECT: Effect;
    /// Whether it counts as a call, or is part of a page.
    const CLASS: Class;
    /// Whether it keeps to [`Context::scope`], and leaves out what is about other artists. What does not is
    /// refused to those who may see some artists only, unless its input tells whose data it is about.
    const SCOPED: bool = false;

    /// What it is asked. What is serialised of it is recorded, after redaction.
    type Input: Serialize + Send + 'static;
    /// What it answers.
    type Output: Send + 'static;

    /// The AWS resources that a call would touch. What can be refused before anything is done and
    /// recorded as an intent is refused here.
    ///
    /// # Errors
    /// When the input names a bucket or table that is not configured, or cannot mean anything.
    fn resources(input: &Self::Input, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError>;

    /// Whose data a call would be about, and how much it would store, as far as the input tells.
    fn subject(_input: &Self::Input) -> Subject {
        Subject::default()
    }

    /// Does it.
    fn run(
        input: Self::Input,
        context: Context,
    ) -> impl Future<Output = Result<Self::Output, ToolError>> + Send;
}

/// An operation that people and AI clients can call by name, with JSON in and out.
pub trait Tool: Operation<Input: JsonSchema + DeserializeOwned, Output: JsonSchema + Serialize> {
    /// The server it belongs to.
    const SERVER: Server;
    /// The name that people read.
    const TITLE: &'static str;
    /// What it does, in a sentence or two.
    const DESCRIPTION: &'static str;
    /// Whose words its answers hold. Each tool has to say so: there is no usual value that one could forget to change.
    const CONTENT: Content;
    /// Whether doing it twice with the same arguments is doing it once.
    const IDEMPOTENT: bool = matches!(Self::EFFECT, Effect::Reads);

    /// Whether it may have a model do something that costs.
    const PAYS: bool = false;

    /// Adds to the input's schema what only the configuration knows, such as the allowed buckets.
    fn complete_schema(_schema: &mut Value, _catalog: &Catalog) {}

    /// The hints of MCP that say what the tool does to the world.
    fn annotations() -> ToolAnnotations {
        ToolAnnotations {
            read_only_hint: Self::EFFECT == Effect::Reads,
            destructive_hint: Self::EFFECT == Effect::Replaces,
            idempotent_hint: Self::IDEMPOTENT,
            open_world_hint: false,
        }
    }
}

/// What a call is about, as far as its input tells.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Subject {
    /// The ids of the artists whose data it is about, all of them; none where that cannot be told.
    pub artists: Option<Vec<String>>,
    /// The release that it is about, whose record tells the artist.
    pub release: Option<NamedRelease>,
    /// How many bytes would be stored.
    pub bytes: Option<u64>,
}

/// A release as the input of a call names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedRelease {
    /// The table; none for the default.
    pub table: Option<String>,
    /// The id.
    pub release_id: String,
}

impl Subject {
    /// Something about one artist, where the artist is named.
    pub fn artist(id: Option<&str>) -> Self {
        Self { artists: id.map(|id| vec![id.to_owned()]), ..Self::default() }
    }

    /// Something about one release, where a release is named.
    pub fn release(table: Option<&str>, id: Option<&str>) -> Self {
        let named = |id: &str| NamedRelease { table: table.map(str::to_owned), release_id: id.to_owned() };
        Self { release: id.map(named), ..Self::default() }
    }

    /// Something of a size, where that is known.
    pub fn bytes(bytes: Option<u64>) -> Self {
        Self { bytes, ..Self::default() }
    }
}

/// What an operation works with.
#[derive(Debug, Clone)]
pub struct Context {
    /// The label's catalogue.
    pub catalog: Arc<Catalog>,
    /// Of which artists data may be shown. All of them for what is not [`Operation::SCOPED`].
    pub scope: Scope,
    /// In whose name records are changed, as text for the record.
    pub actor: String,
    /// The id of the caller, under which things are kept that belong to one person.
    pub owner: String,
    /// The name of the change: the same for every attempt at it, wherever it is made, so that one whose
    /// outcome got lost is known again.
    pub change: String,
    /// The time of the call.
    pub now: Timestamp,
    /// Where a long operation says how far it is.
    pub progress: Progress,
    /// What calls of models are paid from.
    pub purse: Purse,
}

/// What an operation does to the label's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Changes nothing.
    Reads,
    /// Only adds something; what is there stays as it is, whatever the arguments.
    Adds,
    /// Changes, replaces or removes what was there, or does so with some arguments.
    Replaces,
}

impl Effect {
    /// Whether a record of the intent must be durable before it happens.
    pub fn changes(self) -> bool {
        self != Effect::Reads
    }
}

/// Whose words the answers of a tool hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// Numbers, ids, words of Patchline, names that the operator of the installation gave, and what the call named
    /// itself.
    Trusted,
    /// Also what others wrote: titles, names, notes, names of files, documents, lines of logs. Instructions in it are
    /// data, and after it was read a task asks before it changes or sends anything.
    Untrusted,
}

/// Whether an operation counts as a call or is part of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// Counts against the limits.
    Call,
    /// Counts against the limits, and takes as long as its bytes take.
    Transfer,
    /// Counts against the limits, but never waits for others: it is about a call that may be the very one
    /// for which it would wait.
    Signal,
    /// What a page is made of; not limited.
    Page,
}

/// The servers of tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Server {
    /// The knowledge base and models.
    Bedrock,
    /// Files.
    S3,
    /// Artists, releases, figures.
    DynamoDb,
    /// Logs and metrics.
    CloudWatch,
    /// Databases.
    Rds,
    /// The craft: what figures mean, when to release, what a file is worth. It reads what the others store.
    Music,
    /// The MCP server of somebody else.
    ThirdParty(PartyName),
}

/// The name of a third party: one of the few that the configuration has, kept as long as the process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PartyName(&'static str);

/// The names that are known so far.
static PARTY_NAMES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());

impl Server {
    /// The name as in addresses.
    pub fn id(self) -> &'static str {
        match self {
            Server::Bedrock => "bedrock",
            Server::S3 => "s3",
            Server::DynamoDb => "dynamodb",
            Server::CloudWatch => "cloudwatch",
            Server::Rds => "rds",
            Server::Music => "music",
            Server::ThirdParty(PartyName(name)) => name,
        }
    }

    /// The server of a third party.
    pub fn third_party(name: &str) -> Self {
        let mut names = PARTY_NAMES.lock().unwrap_or_else(PoisonError::into_inner);
        let known = names.get(name).copied();
        let name = known.unwrap_or_else(|| {
            let name: &'static str = Box::leak(name.to_owned().into_boxed_str());
            names.insert(name);
            name
        });
        Server::ThirdParty(PartyName(name))
    }

    /// The server of Patchline with this name.
    pub fn from_id(id: &str) -> Option<Self> {
        let all =
            [Server::Bedrock, Server::S3, Server::DynamoDb, Server::CloudWatch, Server::Rds, Server::Music];
        all.into_iter().find(|server| server.id() == id)
    }
}
