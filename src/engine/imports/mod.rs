//! Imports: files that staff bring are kept, read, compared with what is there, written and taken back, as work that
//! outlives the process that does it.
//!
//! What people decide goes through the door; the work that follows reads the file where it is kept, part by part, and
//! moves its position on in the transaction of each batch.

mod check;
mod compare;
mod directory;
mod operations;
mod record;
mod run;
mod source;
mod spool;
mod undo;
mod view;
mod worker;

pub use operations::{
    BeginImport, BeginImportInput, ListImports, MapImport, MapImportInput, PreviewImport, ReadImportProblems,
    RunImport, UndoImport, VersionInput, ViewImport,
};

use super::catalog::Catalog;
use super::config::Config;
use super::gateway::{CallError, CallErrorKind, Gateway, Origin, Principal};
use super::tools::Operation;
use operations::{FetchFigures, FetchFiguresInput, Figures};
use serde_json::json;
use source::Source;
use std::collections::HashSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// How long work may take to give its leases back when the process ends.
const LAST_WORDS: Duration = Duration::from_secs(3);

/// Imports, and the work on them in this process. Cloning is cheap.
#[derive(Clone)]
pub struct Imports {
    gateway: Gateway,
    shared: Arc<Shared>,
    source: Option<Source>,
}

/// What all work of this process has in common.
struct Shared {
    catalog: Arc<Catalog>,
    /// Names this process in leases.
    holder: String,
    wake: Notify,
    /// The imports that are being worked on here.
    active: Mutex<HashSet<String>>,
    running: TaskTracker,
    stopping: CancellationToken,
}

impl Shared {
    /// The set is whole at any moment, so a panic elsewhere does no harm to it.
    fn active(&self) -> MutexGuard<'_, HashSet<String>> {
        self.active.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Says of a tool that there is not what it was wanted for.
fn in_vain(tool: &str, error: CallError) -> CallError {
    if error.kind != CallErrorKind::NotFound {
        return error;
    }
    CallError {
        message: format!(
            "Nothing could be fetched: there is no tool {tool}, which PATCHLINE_FIGURES_TOOL names."
        ),
        remedy: "Look on the page Health whether its server answers and which tools it has.".to_owned(),
        ..error
    }
}

impl Imports {
    /// Imports behind a door. Work on them is done from [`Imports::serve`] on.
    pub fn new(gateway: Gateway, catalog: Arc<Catalog>, config: &Config) -> Self {
        let shared = Shared {
            catalog,
            holder: ulid::Ulid::new().to_string().to_lowercase(),
            wake: Notify::new(),
            active: Mutex::default(),
            running: TaskTracker::new(),
            stopping: CancellationToken::new(),
        };
        Self { gateway, shared: Arc::new(shared), source: Source::of(config) }
    }

    /// What the source is called that figures can be fetched from, its host or tool; none where none is set up.
    pub fn source_name(&self) -> Option<String> {
        self.source.as_ref().map(Source::name)
    }

    /// Fetches the figures of the source and has them checked, as the import whose id is told. A tool is called at the
    /// door first, as whoever wants them; not for somebody who may not fetch figures, whom the door tells so.
    ///
    /// # Errors
    /// As [`Gateway::call`], and where the source gives nothing.
    pub async fn fetch(&self, principal: &Principal, origin: &Origin) -> Result<String, CallError> {
        let nothing_yet = FetchFiguresInput::new(self.source_name(), None);
        let may_fetch = self.gateway.may_see::<FetchFigures>(principal, origin, &nothing_yet).await;
        let figures = match &self.source {
            Some(Source::Address(address)) => Some(Figures::At(address.clone())),
            Some(Source::Tool(tool)) if may_fetch => {
                let answer = self.gateway.call_tool(principal, origin, tool, json!({})).await;
                Some(Figures::Told(answer.map_err(|error| in_vain(tool, error))?.output))
            }
            Some(Source::Tool(_)) | None => None,
        };
        let input = FetchFiguresInput::new(self.source_name(), figures);
        self.call::<FetchFigures>(principal, origin, input).await
    }

    /// Begins to do what is open, also what other processes have left.
    pub fn serve(&self) {
        self.shared.running.spawn(worker::keep_working(Arc::clone(&self.shared)));
    }

    /// Does an operation of imports at the door, and looks at once for the work that it has left.
    ///
    /// # Errors
    /// As [`Gateway::call`].
    pub async fn call<O: Operation>(
        &self,
        principal: &Principal,
        origin: &Origin,
        input: O::Input,
    ) -> Result<O::Output, CallError> {
        let answer = self.gateway.call::<O>(principal, origin, input).await?;
        self.shared.wake.notify_one();
        Ok(answer.output)
    }

    /// Gives the leases back, so that others go on at once.
    pub async fn stop(&self) {
        self.shared.stopping.cancel();
        self.shared.running.close();
        if tokio::time::timeout(LAST_WORDS, self.shared.running.wait()).await.is_err() {
            tracing::warn!("some imports are taken up by others only when their leases have lapsed");
        }
    }
}
