//! The tools by name: their descriptions, the check of arguments, and the way from JSON to their types.

use super::informed::Informed;
use super::owners::Matter;
use super::redaction;
use super::upstream::PartyTool;
use super::work::{Call, Foreign};
use super::{Answer, CallError, Gateway, Visit};
use crate::engine::catalog::Catalog;
use crate::engine::config::Servers;
use crate::engine::tools::bedrock::{
    AddKnowledgeDocument, GenerateMusicInsights, ListKnowledgeBases, ListKnowledgeDocuments,
    MusicKnowledgeSearch, RemoveKnowledgeDocument, StreamKnowledgeDocument,
};
use crate::engine::tools::cloudwatch::{AnalyzeUserActivity, GetPerformanceMetrics, QueryPerformanceLogs};
use crate::engine::tools::dynamodb::{
    QueryArtistData, QueryReleaseData, RecordAnalytics, ScanAnalyticsData, UpdateArtistData,
    UpdateReleaseData, UpdateTrackData,
};
use crate::engine::tools::music::planning::{
    CheckRelease, GenerateReleaseInsights, PlanPromotion, PlanWaterfall, RecommendReleaseDate,
};
use crate::engine::tools::music::royalties::{CalculateRoyalties, SummarizeEarnings};
use crate::engine::tools::music::{
    AnalyzeArtistPerformance, AssessStreamAuthenticity, CompareArtists, ExplainChange, FindBreakouts,
    IdentifyGenreTrends,
};
use crate::engine::tools::music::{CheckArtwork, GetWaveform, ProcessAudio};
use crate::engine::tools::rds::{ListDatabaseInstances, QueryDatabase};
use crate::engine::tools::reports::{
    CheckSystemHealth, FindAssetAccess, GenerateWeeklyReport, SummarizeContract,
};
use crate::engine::tools::s3::{
    BeginUpload, CreateUploadUrl, FinishUpload, GetArtwork, GetAudioFile, GetContract, ListAudioFiles,
    ListContracts, StoreContract, StreamAudio, UploadArtwork, UploadAudioFile, UploadPart,
};
use crate::engine::tools::{Content, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::field::FieldError;
use crate::model::tool::{AwsResource, ToolDescription};
use futures::FutureExt;
use futures::future::BoxFuture;
use jsonschema::Validator;
use schemars::generate::SchemaSettings;
use schemars::transform::RestrictFormats;
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// The most mistakes that are reported at once.
const MAX_MISTAKES: usize = 20;

/// The largest arguments that another instance takes, with room for what is around them. Larger ones, which
/// are files, stay where they are.
const LARGEST_PASSED_ON: usize = 3 * 1024 * 1024;

/// All tools of the servers that exist.
pub struct Registry {
    tools: Vec<Registered>,
}

type Perform = for<'a> fn(&'a Gateway, Visit, Value) -> BoxFuture<'a, Result<Answer<Value>, CallError>>;

/// What a call with these arguments would touch, and what it would be about.
type Regards = fn(&Value, &Catalog) -> Result<(Vec<AwsResource>, Matter), ToolError>;

/// A tool without its types.
pub(super) struct Registered {
    description: Arc<ToolDescription>,
    /// The SHA-256 of the description.
    sha256: String,
    server: Server,
    pays: bool,
    content: Content,
    validator: Option<Validator>,
    perform: Perform,
    regards: Regards,
}

impl Registry {
    pub(super) fn new(catalog: &Catalog, servers: Servers) -> Self {
        let mut tools = Vec::new();
        if servers.bedrock {
            tools.extend([
                register::<MusicKnowledgeSearch>(catalog),
                register::<GenerateMusicInsights>(catalog),
                register::<ListKnowledgeBases>(catalog),
                register::<AddKnowledgeDocument>(catalog),
                register::<ListKnowledgeDocuments>(catalog),
                register::<RemoveKnowledgeDocument>(catalog),
            ]);
        }
        if servers.s3 {
            tools.extend([
                register::<UploadAudioFile>(catalog),
                register::<GetAudioFile>(catalog),
                register::<ListAudioFiles>(catalog),
                register::<CreateUploadUrl>(catalog),
                register::<UploadArtwork>(catalog),
                register::<GetArtwork>(catalog),
                register::<StoreContract>(catalog),
                register::<GetContract>(catalog),
                register::<ListContracts>(catalog),
            ]);
        }
        if servers.dynamodb {
            tools.extend([
                register::<QueryArtistData>(catalog),
                register::<QueryReleaseData>(catalog),
                register::<UpdateArtistData>(catalog),
                register::<UpdateReleaseData>(catalog),
                register::<UpdateTrackData>(catalog),
                register::<ScanAnalyticsData>(catalog),
                register::<RecordAnalytics>(catalog),
            ]);
        }
        if servers.cloudwatch {
            tools.extend([
                register::<QueryPerformanceLogs>(catalog),
                register::<AnalyzeUserActivity>(catalog),
                register::<GetPerformanceMetrics>(catalog),
            ]);
        }
        if servers.rds {
            tools.extend([register::<ListDatabaseInstances>(catalog), register::<QueryDatabase>(catalog)]);
        }
        if servers.music() {
            tools.extend([
                register::<AnalyzeArtistPerformance>(catalog),
                register::<CompareArtists>(catalog),
                register::<IdentifyGenreTrends>(catalog),
                register::<FindBreakouts>(catalog),
                register::<ExplainChange>(catalog),
                register::<AssessStreamAuthenticity>(catalog),
                register::<GenerateReleaseInsights>(catalog),
                register::<RecommendReleaseDate>(catalog),
                register::<PlanPromotion>(catalog),
                register::<PlanWaterfall>(catalog),
                register::<CalculateRoyalties>(catalog),
                register::<SummarizeEarnings>(catalog),
                register::<GenerateWeeklyReport>(catalog),
                register_informed::<CheckSystemHealth>(catalog),
            ]);
            if servers.s3 {
                tools.extend([
                    register::<ProcessAudio>(catalog),
                    register::<GetWaveform>(catalog),
                    register::<CheckArtwork>(catalog),
                    register::<CheckRelease>(catalog),
                    register::<SummarizeContract>(catalog),
                    register::<FindAssetAccess>(catalog),
                ]);
            }
        }
        Self { tools }
    }

    pub(super) fn descriptions(&self) -> impl Iterator<Item = &Arc<ToolDescription>> {
        self.tools.iter().map(|tool| &tool.description)
    }

    /// The servers that have tools.
    pub(super) fn servers(&self) -> BTreeSet<Server> {
        self.tools.iter().map(|tool| tool.server).collect()
    }

    /// The server that a tool belongs to; none where the name is not a tool's.
    pub(super) fn server_of(&self, name: &str) -> Option<Server> {
        self.find(name).map(|tool| tool.server)
    }

    /// The server behind an operation: that of a tool, or that of a transfer, which is a tool in all but
    /// its form.
    pub(super) fn serving(&self, operation: &str) -> Option<Server> {
        match operation {
            StreamAudio::NAME | BeginUpload::NAME | UploadPart::NAME | FinishUpload::NAME => Some(Server::S3),
            StreamKnowledgeDocument::NAME => Some(Server::Bedrock),
            name => self.server_of(name),
        }
    }

    pub(super) fn find(&self, name: &str) -> Option<&Registered> {
        self.tools.iter().find(|tool| tool.description.name == name)
    }

    /// The tool whose name looks most like a name that does not exist, if any does.
    pub(super) fn nearest(&self, name: &str) -> Option<&str> {
        const ALIKE: f64 = 0.75;
        self.descriptions()
            .map(|tool| (strsim::jaro_winkler(name, &tool.name), tool))
            .filter(|(likeness, _)| *likeness >= ALIKE)
            .max_by(|(a, _), (b, _)| a.total_cmp(b))
            .map(|(_, tool)| tool.name.as_str())
    }
}

impl Registered {
    pub(super) fn description(&self) -> &Arc<ToolDescription> {
        &self.description
    }

    /// The digest of its description.
    pub(super) fn sha256(&self) -> &str {
        &self.sha256
    }

    /// Whether it changes the label's data.
    pub(super) fn changes(&self) -> bool {
        !self.description.annotations.read_only_hint
    }

    /// Whether it pays a model.
    pub(super) fn pays(&self) -> bool {
        self.pays
    }

    /// Whose words its answers hold.
    pub(super) fn content(&self) -> Content {
        self.content
    }

    /// Compares arguments with the schema.
    pub(super) fn check(&self, arguments: &Value) -> Result<(), Vec<FieldError>> {
        let Some(validator) = &self.validator else { return Ok(()) };
        let wrong: Vec<_> = validator
            .iter_errors(arguments)
            .filter(|error| !self.is_file_too_large(error) && !is_place_not_allowed(error))
            .take(MAX_MISTAKES)
            .map(|error| mistake(&error))
            .collect();
        if wrong.is_empty() { Ok(()) } else { Err(wrong) }
    }

    /// A file that is too large is left to the tool, which says what to do instead.
    fn is_file_too_large(&self, error: &jsonschema::ValidationError<'_>) -> bool {
        use jsonschema::error::ValidationErrorKind;
        let name = error.instance_path().as_str().trim_start_matches('/');
        let field = self.description.input_schema.get("properties").and_then(|fields| fields.get(name));
        matches!(error.kind(), ValidationErrorKind::MaxLength { .. })
            && field.is_some_and(|field| field.get("contentEncoding").is_some())
    }

    pub(super) fn perform<'a>(
        &self,
        gateway: &'a Gateway,
        visit: Visit,
        arguments: Value,
    ) -> BoxFuture<'a, Result<Answer<Value>, CallError>> {
        (self.perform)(gateway, visit, arguments)
    }

    /// What a call with these arguments would touch, and what it would be about.
    pub(super) fn regards(
        &self,
        arguments: &Value,
        catalog: &Catalog,
    ) -> Result<(Vec<AwsResource>, Matter), ToolError> {
        (self.regards)(arguments, catalog)
    }
}

/// A place that is not on its allow list is left to the tool, which refuses it as forbidden.
fn is_place_not_allowed(error: &jsonschema::ValidationError<'_>) -> bool {
    let argument = error.instance_path().as_str().trim_start_matches('/').to_owned();
    matches!(error.kind(), jsonschema::error::ValidationErrorKind::Enum { .. })
        && error.instance().is_string()
        && choices::names_a_place(&argument)
}

/// A tool that can be called by its name.
pub(super) enum Callable<'r> {
    /// One of Patchline's own.
    Own(&'r Registered),
    /// One of a third party.
    Foreign(Arc<PartyTool>),
}

impl Callable<'_> {
    /// Whether it belongs to a third party.
    pub(super) fn is_foreign(&self) -> bool {
        matches!(self, Callable::Foreign(_))
    }

    /// Whether it changes something.
    pub(super) fn changes(&self) -> bool {
        match self {
            Callable::Own(tool) => tool.changes(),
            Callable::Foreign(tool) => !tool.reads_only(),
        }
    }

    /// Whether it pays a model.
    pub(super) fn pays(&self) -> bool {
        match self {
            Callable::Own(tool) => tool.pays(),
            Callable::Foreign(_) => false,
        }
    }

    /// Whether it is done once for each idempotency key: what changes something, and what costs something.
    pub(super) fn is_done_once(&self) -> bool {
        self.changes() || self.pays()
    }

    /// Compares arguments with the schema.
    pub(super) fn check(&self, arguments: &Value) -> Result<(), Vec<FieldError>> {
        match self {
            Callable::Own(tool) => tool.check(arguments),
            Callable::Foreign(tool) => tool.check(arguments),
        }
    }

    pub(super) fn perform<'a>(
        &self,
        gateway: &'a Gateway,
        visit: Visit,
        arguments: Value,
    ) -> BoxFuture<'a, Result<Answer<Value>, CallError>> {
        match self {
            Callable::Own(tool) => tool.perform(gateway, visit, arguments),
            Callable::Foreign(tool) => {
                gateway.perform(visit, Foreign::new(Arc::clone(tool), arguments)).boxed()
            }
        }
    }
}

/// A mistake at the argument where it was made: a missing or unknown argument is named itself, not the
/// object around it.
fn mistake(error: &jsonschema::ValidationError<'_>) -> FieldError {
    use jsonschema::error::ValidationErrorKind;
    let path: Vec<_> = error.instance_path().as_str().split('/').skip(1).collect();
    let below = |name: &str| path.iter().copied().chain([name]).collect::<Vec<_>>().join(".");
    match error.kind() {
        ValidationErrorKind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            FieldError::new(below(name), "this argument is missing")
        }
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            let name = unexpected.first().map_or("", String::as_str);
            FieldError::new(below(name), "there is no argument of this name")
        }
        _ => FieldError::new(path.join("."), shortened(&error.masked_with("the value").to_string())),
    }
}

/// The validator repeats the value; a whole file would drown the message.
fn shortened(message: &str) -> String {
    const LONGEST: usize = 200;
    match message.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{} …", &message[..end]),
        None => message.to_owned(),
    }
}

fn register<T: Tool>(catalog: &Catalog) -> Registered {
    let settings = || {
        SchemaSettings::draft2020_12()
            .with(|settings| settings.inline_subschemas = true)
            // The formats of Rust's numbers are unknown to JSON Schema, and clients complain of each.
            .with_transform(RestrictFormats::default())
    };
    let mut input_schema = settings().into_generator().into_root_schema_for::<T::Input>().to_value();
    T::complete_schema(&mut input_schema, catalog);
    let output_schema =
        settings().for_serialize().into_generator().into_root_schema_for::<T::Output>().to_value();
    let validator = jsonschema::options().should_validate_formats(true).build(&input_schema);
    if let Err(error) = &validator {
        tracing::error!(tool = T::NAME, %error, "the schema of a tool is wrong; its arguments are checked by type only");
    }
    let description = ToolDescription {
        name: T::NAME.to_owned(),
        server: T::SERVER.id().to_owned(),
        title: T::TITLE.to_owned(),
        description: T::DESCRIPTION.to_owned(),
        input_schema,
        output_schema,
        annotations: T::annotations(),
    };
    // Texts and JSON always become JSON.
    let text = serde_json::to_vec(&description).unwrap_or_default();
    Registered {
        description: Arc::new(description),
        sha256: redaction::digest(&text),
        server: T::SERVER,
        pays: T::PAYS,
        content: T::CONTENT,
        validator: validator.ok(),
        perform: |gateway, visit, arguments| perform::<T>(gateway, visit, arguments).boxed(),
        regards: regards::<T>,
    }
}

/// A tool that is told something which only the door knows. It is done by this process, whose knowledge that is.
fn register_informed<T: Informed>(catalog: &Catalog) -> Registered {
    Registered {
        perform: |gateway, visit, arguments| perform_informed::<T>(gateway, visit, arguments).boxed(),
        ..register::<T>(catalog)
    }
}

fn regards<T: Tool>(arguments: &Value, catalog: &Catalog) -> Result<(Vec<AwsResource>, Matter), ToolError> {
    let input = serde_json::from_value::<T::Input>(arguments.clone());
    let input = input.map_err(|error| ToolError::field("", error.to_string()))?;
    let matter =
        Matter { subject: T::subject(&input), is_scoped: T::SCOPED, reads_only: T::EFFECT == Effect::Reads };
    Ok((T::resources(&input, catalog)?, matter))
}

/// About how many bytes a value has as JSON.
fn length(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len() + 2,
        Value::Array(items) => items.iter().map(|item| length(item) + 1).sum(),
        Value::Object(fields) => fields.iter().map(|(name, value)| name.len() + length(value) + 4).sum(),
        _ => 8,
    }
}

async fn perform<T: Tool>(
    gateway: &Gateway,
    visit: Visit,
    arguments: Value,
) -> Result<Answer<Value>, CallError> {
    let movable = gateway.fleet.has_others(T::SERVER) && length(&arguments) <= LARGEST_PASSED_ON;
    let spare = movable.then(|| arguments.clone());
    match read::<T>(arguments) {
        Ok(input) => gateway.perform(visit, Call::<T>::new(input, spare)).await,
        Err(wrong) => Err(gateway.refuse(&visit, wrong.into())),
    }
}

async fn perform_informed<T: Informed>(
    gateway: &Gateway,
    visit: Visit,
    arguments: Value,
) -> Result<Answer<Value>, CallError> {
    match read::<T>(arguments) {
        Ok(mut input) => {
            T::inform(&mut input, gateway);
            gateway.perform(visit, Call::<T>::new(input, None)).await
        }
        Err(wrong) => Err(gateway.refuse(&visit, wrong.into())),
    }
}

/// The arguments with their types.
fn read<T: Tool>(arguments: Value) -> Result<T::Input, ToolError> {
    serde_path_to_error::deserialize::<_, T::Input>(arguments)
        .map_err(|error| ToolError::field(error.path().to_string(), error.into_inner().to_string()))
}
