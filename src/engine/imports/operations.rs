//! What the door lets people do with imports: bring a file, look at it, say how it is meant, write it, take it back.

use super::record::{ImportRecord, ids, unreadable};
use super::source::{self, FigureAddress, SourceError};
use super::undo;
use super::view;
use crate::engine::catalog::imports::{Job, OpenWork};
use crate::engine::catalog::schema::IMPORTS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError, NewObject};
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::{Class, Context, Effect, Operation, Subject, ToolError};
use crate::model::import::{ImportList, ImportProblem, ImportState, ImportView, MappingForm};
use crate::model::tool::AwsResource;
use bytes::Bytes;
use futures::StreamExt;
use futures::stream::BoxStream;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What a form may have around its file.
const FORM_BYTES: u64 = 64 * 1024;

/// The longest name of a file that is kept.
const LONGEST_NAME: usize = 200;

fn table(action: &str, name: &str) -> AwsResource {
    let action = format!("dynamodb:{action}");
    AwsResource { service: "dynamodb".to_owned(), action, name: name.to_owned() }
}

/// A place below the imports of the bucket in which what is confidential is kept.
fn place(action: &str, catalog: &Catalog) -> AwsResource {
    let bucket = catalog.buckets.default_of(BucketRole::Contracts);
    AwsResource {
        service: "s3".to_owned(),
        action: format!("s3:{action}"),
        name: format!("{bucket}/imports/"),
    }
}

/// A file that is brought, as a stream. The stream itself is not recorded.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct BeginImportInput {
    /// Its name.
    pub file_name: String,
    /// The size that the sender announced, with the form around it.
    pub announced_bytes: Option<u64>,
    /// The bytes.
    #[serde(skip)]
    pub content: BoxStream<'static, Result<Bytes, String>>,
}

/// Keeps a file, and has it checked.
pub struct BeginImport;

impl Operation for BeginImport {
    const NAME: &'static str = "begin_import";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Transfer;
    const SCOPED: bool = true;
    type Input = BeginImportInput;
    /// The id of the import.
    type Output = String;

    fn resources(input: &BeginImportInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        if input.file_name.trim().is_empty() {
            return Err(ToolError::field("file", "no file was picked"));
        }
        // What is announced to be too large is not read first.
        let most_bytes = catalog.largest_import;
        if input.announced_bytes.is_some_and(|bytes| bytes > most_bytes.saturating_add(FORM_BYTES)) {
            return Err(CatalogError::TooLarge { most_bytes }.into());
        }
        Ok(vec![place("PutObject", catalog), table("PutItem", IMPORTS_TABLE)])
    }

    fn subject(input: &BeginImportInput) -> Subject {
        Subject::bytes(input.announced_bytes)
    }

    async fn run(input: BeginImportInput, context: Context) -> Result<String, ToolError> {
        keep(&context, &input.file_name, None, input.content).await
    }
}

/// Keeps a file as an import that waits to be checked, and tells its id.
async fn keep(
    context: &Context,
    file_name: &str,
    fetched_from: Option<String>,
    file: BoxStream<'static, Result<Bytes, String>>,
) -> Result<String, ToolError> {
    let catalog = &context.catalog;
    let mut record = ImportRecord {
        id: ulid::Ulid::new().to_string().to_lowercase(),
        version: 0,
        file_name: file_name.trim().chars().take(LONGEST_NAME).collect(),
        fetched_from,
        bucket: catalog.buckets.default_of(BucketRole::Contracts).to_owned(),
        bytes: 0,
        sha256: String::new(),
        by: context.actor.clone(),
        owner: context.owner.clone(),
        artists: ids(&context.scope),
        at: context.now.to_string(),
        state: ImportState::Checking,
        mapping: None,
        head: None,
        sample: Vec::new(),
        check: None,
        run: 0,
        written: None,
        undone: None,
        failure: None,
    };
    let new = NewObject {
        bucket: record.bucket.clone(),
        key: record.key()?,
        content_type: "application/octet-stream".to_owned(),
        metadata: BTreeMap::new(),
        overwrite: false,
        change: context.change.clone(),
    };
    let digest = Arc::new(Mutex::new(Sha256::new()));
    let taken = Arc::clone(&digest);
    let file = file.inspect(move |piece| {
        if let Ok(piece) = piece {
            taken.lock().unwrap_or_else(PoisonError::into_inner).update(piece);
        }
    });
    let stored = catalog.store_stream(&new, catalog.largest_import, Box::pin(file)).await?;
    record.bytes = stored.bytes;
    record.sha256 = hex::encode(digest.lock().unwrap_or_else(PoisonError::into_inner).clone().finalize());
    let open = OpenWork::waiting(&record.id, Job::Check);
    if !record.keep(catalog, Some(&open)).await? {
        return Err(changed(&record.id));
    }
    Ok(record.id)
}

/// Figures of the source of the configuration. The record has what it is called and no more.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct FetchFiguresInput {
    source: Option<String>,
    #[serde(skip_serializing)]
    figures: Option<Figures>,
}

/// Where figures are, or what was answered already.
pub(super) enum Figures {
    /// They are to be fetched from an address.
    At(FigureAddress),
    /// A tool has answered this.
    Told(Value),
}

impl FetchFiguresInput {
    /// Figures of a source of that name.
    pub(super) fn new(source: Option<String>, figures: Option<Figures>) -> Self {
        Self { source, figures }
    }
}

/// Fetches the figures of the source, keeps them as a file, and has them checked. Nothing is written before somebody
/// says so.
pub(super) struct FetchFigures;

impl Operation for FetchFigures {
    const NAME: &'static str = "fetch_figures";
    const EFFECT: Effect = Effect::Adds;
    const CLASS: Class = Class::Transfer;
    type Input = FetchFiguresInput;
    /// The id of the import.
    type Output = String;

    fn resources(_: &FetchFiguresInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![place("PutObject", catalog), table("PutItem", IMPORTS_TABLE)])
    }

    async fn run(input: FetchFiguresInput, context: Context) -> Result<String, ToolError> {
        let (Some(name), Some(figures)) = (input.source, input.figures) else {
            return Err(ToolError::NotAvailable(
                "No source of figures is set up. Set PATCHLINE_FIGURES_URL or PATCHLINE_FIGURES_TOOL, or bring a file."
                    .to_owned(),
            ));
        };
        let figures = match figures {
            Figures::At(address) => address.fetch().await,
            Figures::Told(answer) => source::table(&answer).map_err(SourceError::from),
        };
        let figures = figures.map_err(|error| {
            ToolError::NotAvailable(format!("Nothing could be fetched from {name}: {error}."))
        })?;
        let day = context.catalog.time_zone.to_datetime(context.now).date();
        let file = futures::stream::once(async move { Ok(Bytes::from(figures)) }).boxed();
        keep(&context, &format!("{name} {day}.csv"), Some(name), file).await
    }
}

/// All imports.
pub struct ListImports;

impl Operation for ListImports {
    const NAME: &'static str = "list_imports";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = ();
    type Output = ImportList;

    fn resources((): &(), catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let figures = table("Query", catalog.table(TableRole::Analytics));
        Ok(vec![table("Query", IMPORTS_TABLE), figures])
    }

    async fn run((): (), context: Context) -> Result<ImportList, ToolError> {
        Ok(view::list(&context).await?)
    }
}

/// An import.
pub struct ViewImport;

impl Operation for ViewImport {
    const NAME: &'static str = "view_import";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = String;
    type Output = ImportView;

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("GetItem", IMPORTS_TABLE)])
    }

    async fn run(id: String, context: Context) -> Result<ImportView, ToolError> {
        Ok(view::of(&context, &id).await?)
    }
}

/// The lines of an import that cannot be used, as many as are kept.
pub struct ReadImportProblems;

impl Operation for ReadImportProblems {
    const NAME: &'static str = "read_import_problems";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = String;
    type Output = Vec<ImportProblem>;

    fn resources(_: &String, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("GetItem", IMPORTS_TABLE), place("GetObject", catalog)])
    }

    async fn run(id: String, context: Context) -> Result<Vec<ImportProblem>, ToolError> {
        Ok(view::problems(&context, &id).await?)
    }
}

/// An import as somebody has seen it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VersionInput {
    /// The import.
    pub id: String,
    /// The version that was seen.
    pub version: u32,
}

/// How a file is meant.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct MapImportInput {
    /// The import.
    pub id: String,
    /// The version that was seen.
    pub version: u32,
    /// What is chosen.
    pub form: MappingForm,
}

/// Says how a file is meant, and has it checked again.
pub struct MapImport;

impl Operation for MapImport {
    const NAME: &'static str = "map_import";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Signal;
    const SCOPED: bool = true;
    type Input = MapImportInput;
    type Output = ();

    fn resources(_: &MapImportInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("PutItem", IMPORTS_TABLE)])
    }

    async fn run(input: MapImportInput, context: Context) -> Result<(), ToolError> {
        let catalog = &context.catalog;
        let mut record = read(&context, &input.id, input.version).await?;
        if record.state != ImportState::Ready {
            return Err(not_now(&record, "What is chosen for it can be changed once it was checked."));
        }
        record.keep_to(&context);
        record.mapping = Some(view::mapping(catalog, &record, &input.form).await?);
        begin(catalog, record, ImportState::Checking, Job::Check).await
    }
}

/// Has a file checked again, because what is there may have changed.
pub struct PreviewImport;

impl Operation for PreviewImport {
    const NAME: &'static str = "preview_import";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Signal;
    const SCOPED: bool = true;
    type Input = VersionInput;
    type Output = ();

    fn resources(_: &VersionInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("PutItem", IMPORTS_TABLE)])
    }

    async fn run(input: VersionInput, context: Context) -> Result<(), ToolError> {
        let record = read(&context, &input.id, input.version).await?;
        let again = matches!(record.state, ImportState::Ready | ImportState::Undone)
            || (record.state == ImportState::Failed && !record.has_written());
        if !again {
            return Err(not_now(&record, "It can be checked again as long as nothing of it is written."));
        }
        let mut record = ImportRecord { written: None, undone: None, ..record };
        record.keep_to(&context);
        begin(&context.catalog, record, ImportState::Checking, Job::Check).await
    }
}

/// Writes an import.
pub struct RunImport;

impl Operation for RunImport {
    const NAME: &'static str = "run_import";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Signal;
    const SCOPED: bool = true;
    type Input = VersionInput;
    type Output = ();

    fn resources(_: &VersionInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let figures = table("PutItem", catalog.table(TableRole::Analytics));
        Ok(vec![table("PutItem", IMPORTS_TABLE), figures, place("PutObject", catalog)])
    }

    async fn run(input: VersionInput, context: Context) -> Result<(), ToolError> {
        let mut record = read(&context, &input.id, input.version).await?;
        if !record.can_run() {
            return Err(not_now(
                &record,
                "It can be run once it was checked and every question is answered.",
            ));
        }
        // Where the artists are others by now, nothing is written and it is checked again.
        record.keep_to(&context);
        record.run = record.run.saturating_add(1);
        begin(&context.catalog, record, ImportState::Running, Job::Run).await
    }
}

/// Takes an import back.
pub struct UndoImport;

impl Operation for UndoImport {
    const NAME: &'static str = "undo_import";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Signal;
    const SCOPED: bool = true;
    type Input = VersionInput;
    type Output = ();

    fn resources(_: &VersionInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let figures = table("PutItem", catalog.table(TableRole::Analytics));
        Ok(vec![table("PutItem", IMPORTS_TABLE), figures, place("GetObject", catalog)])
    }

    async fn run(input: VersionInput, context: Context) -> Result<(), ToolError> {
        let record = read(&context, &input.id, input.version).await?;
        if !record.can_undo() {
            return Err(not_now(&record, "What it has written can be taken back once, after it has ended."));
        }
        if !record.lies_within(&context.scope) {
            let remedy = "It has written figures of artists who are not yours any more. Ask somebody of the label to undo it.";
            return Err(not_now(&record, remedy));
        }
        if let Some(later) = undo::later(&context.catalog, &record).await? {
            let remedy = if later.is_shown(&context.scope, &context.owner) {
                format!(
                    "A later import, {}, says something about the same figures or sales. Undo that one first; then \
                     this one can be undone.",
                    later.file_name
                )
            } else {
                "A later import of somebody else says something about the same figures or sales. Ask somebody of the \
                 label to undo that one first; then this one can be undone."
                    .to_owned()
            };
            return Err(not_now(&record, &remedy));
        }
        begin(&context.catalog, record, ImportState::Undoing, Job::Undo).await
    }
}

/// An import of which somebody may know. Any other is as if there were none.
pub(super) async fn shown(context: &Context, id: &str) -> Result<ImportRecord, CatalogError> {
    let record = ImportRecord::read(&context.catalog.import(id).await?)?;
    if record.is_shown(&context.scope, &context.owner) {
        return Ok(record);
    }
    Err(CatalogError::NotFound { what: "import", id: id.to_owned() })
}

/// An import, if it still is what somebody has seen.
async fn read(context: &Context, id: &str, version: u32) -> Result<ImportRecord, ToolError> {
    let record = shown(context, id).await?;
    if record.version == version {
        return Ok(record);
    }
    let current = Some(record.version);
    Err(CatalogError::Conflict { what: "import", id: id.to_owned(), current }.into())
}

/// Keeps the state with the work that follows from it.
async fn begin(
    catalog: &Catalog,
    mut record: ImportRecord,
    state: ImportState,
    job: Job,
) -> Result<(), ToolError> {
    record.state = state;
    record.failure = None;
    let open = OpenWork::waiting(&record.id, job);
    if record.keep(catalog, Some(&open)).await? { Ok(()) } else { Err(changed(&record.id)) }
}

fn changed(id: &str) -> ToolError {
    CatalogError::Conflict { what: "import", id: id.to_owned(), current: None }.into()
}

fn not_now(record: &ImportRecord, remedy: &str) -> ToolError {
    use crate::engine::tools::{Refusal, RefusalKind};
    ToolError::Refused(Box::new(Refusal {
        kind: RefusalKind::Conflict,
        message: format!(
            "The import of {} is: {}.",
            record.file_name,
            record.state.in_words().to_lowercase()
        ),
        remedy: remedy.to_owned(),
        fields: Vec::new(),
        retry_after: None,
    }))
}

/// What is kept of a problem as people see it.
pub(super) fn problem(problem: crate::music::import::reading::Problem) -> ImportProblem {
    ImportProblem { line: problem.line, column: problem.column, value: problem.value, reason: problem.reason }
}

/// Lines that are kept as JSON.
pub(super) fn problems_of(id: &str, text: &[u8]) -> Result<Vec<ImportProblem>, CatalogError> {
    let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let read = |line: &[u8]| {
        serde_json::from_slice(line).map(problem).map_err(|error| unreadable(id, error.to_string()))
    };
    lines.map(read).collect()
}
