//! Running the tool of a form: one call at a time, what came of it, and how far it is.

use super::browser;
use super::form::state::FormState;
use super::run::{Finished, run, run_with_stream};
use super::stream::{LargeFile, Transfer};
use crate::components::under_way::UnderWay;
use crate::model::tool::ToolDescription;
use leptos::prelude::*;
use leptos::reactive::actions::ActionAbortHandle;
use send_wrapper::SendWrapper;
use serde_json::{Map, Value};

/// What is known of a change whose end nobody waited for.
const GIVEN_UP_CHANGE: &str = "You stopped waiting. The change may have been made all the same: look at the record before you run \
     the tool again.";
/// The same of a file that was on its way.
const GIVEN_UP_UPLOAD: &str = "You stopped the upload. If all of the file had arrived, it is stored all the same: look for it before \
     you send it again.";

/// Runs one tool, one call at a time. Copies share it.
#[derive(Clone, Copy)]
pub struct Runner {
    tool: StoredValue<String>,
    changes: bool,
    form: FormState,
    action: Action<Map<String, Value>, Finished>,
    abort: StoredValue<Option<ActionAbortHandle>>,
    transfer: RwSignal<Option<Transfer>>,
    given_up: RwSignal<Option<&'static str>>,
}

impl Runner {
    pub(super) fn new(tool: &ToolDescription, form: FormState, finished: Option<Finished>) -> Self {
        let description = tool.clone();
        if let Some(Err(error)) = finished.as_ref().map(|finished| &finished.answer) {
            form.show_errors(&error.fields);
        }
        let transfer = RwSignal::new(None);
        let action = Action::new_with_value(finished, move |arguments: &Map<String, Value>| {
            let (description, arguments) = (description.clone(), arguments.clone());
            let large_file = form.large_file();
            // In the browser there is one thread only.
            SendWrapper::new(async move {
                match large_file {
                    Some(file) => run_with_stream(file, arguments, move |now| transfer.set(Some(now))).await,
                    None => run(description, arguments).await,
                }
            })
        });
        Effect::new(move |ran_before: Option<bool>| {
            let error = action.value().with(|finished| finished.as_ref()?.answer.as_ref().err().cloned());
            if let (Some(true), Some(error)) = (ran_before, error) {
                form.show_errors(&error.fields);
            }
            true
        });
        Self {
            tool: StoredValue::new(tool.name.clone()),
            changes: !tool.annotations.read_only_hint,
            form,
            action,
            abort: StoredValue::new(None),
            transfer,
            given_up: RwSignal::new(None),
        }
    }

    /// Starts a run, in place of one that is under way.
    pub(super) fn start(self, arguments: Map<String, Value>) {
        self.abandon();
        self.given_up.set(None);
        let begun = |file: LargeFile| Transfer { sent: 0, total: file.bytes, millis: 0.0 };
        self.transfer.set(self.form.large_file().map(begun));
        browser::replace_address(&self.tool.with_value(|tool| self.form.address(tool, &arguments)));
        self.abort.set_value(Some(self.action.dispatch(arguments)));
    }

    /// Ends the waiting. A tool that changes something may have done so already, and goes on to its end.
    fn cancel(self) {
        let words = if self.form.large_file().is_some() { GIVEN_UP_UPLOAD } else { GIVEN_UP_CHANGE };
        self.given_up.set(self.changes.then_some(words));
        self.abandon();
    }

    fn abandon(self) {
        let handle = self.abort.try_update_value(Option::take).flatten();
        if let Some(handle) = handle {
            handle.abort();
        }
    }

    /// What is known of the last run, when the person did not wait for its end.
    pub(super) fn given_up(self) -> Option<&'static str> {
        self.given_up.get()
    }

    pub(super) fn is_running(self) -> bool {
        self.action.pending().get()
    }

    /// What came of the last run; stays while the next is under way.
    pub(super) fn finished(self) -> Option<Finished> {
        self.action.value().get()
    }
}

/// Shows that a run is under way, for how long, how much of a file is sent, and ends it.
#[component]
pub fn Progress(
    /// The run.
    runner: Runner,
) -> impl IntoView {
    let cancel = Callback::new(move |()| runner.cancel());
    view! {
        <UnderWay words="Running" announced=true cancel=cancel>
            {move || runner.transfer.get().map(|transfer| view! { <Sent transfer=transfer /> })}
        </UnderWay>
    }
}

/// How much of a file is sent. Not announced: it changes all the time.
#[component]
fn Sent(transfer: Transfer) -> impl IntoView {
    view! {
        <progress max="1" value=transfer.share().to_string() aria-label="Sent"></progress>
        <span class="progress-sent">{transfer.words()}</span>
    }
}
