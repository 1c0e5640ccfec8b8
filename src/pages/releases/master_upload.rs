//! A master on its way from the form of a release's files: in parts, with its progress, as on the page of recordings.
//! Where it is stored the release names it, and is checked.

use crate::api::error::AppError;
use crate::api::release_files::{name_release_file, plan_release_file};
use crate::model::release_file::{NamedReleaseFile, NewReleaseFile, stored_but_not_named};
use crate::pages::audio::upload::{Items, Picked, Sent};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// The master that is sent from a page: one at a time, because naming it makes a new version of the release, and the page
/// is left then. Copies share it.
#[derive(Clone, Copy)]
pub struct MasterUpload {
    /// The file on its way.
    pub(super) items: Items,
    /// Why it came to nothing.
    pub(super) problem: RwSignal<Option<AppError>>,
    /// The track whose master was sent last.
    subject: RwSignal<String>,
    /// Whether it is being asked where it goes, or being named in the release.
    is_arranged: RwSignal<bool>,
    planned: StoredValue<Option<NamedReleaseFile>>,
}

impl MasterUpload {
    /// Nothing is sent so far. What is sent to `page` of a release is checked there.
    pub(super) fn new(page: String) -> Self {
        let (problem, is_arranged) = (RwSignal::new(None), RwSignal::new(false));
        let planned = StoredValue::new(None::<NamedReleaseFile>);
        let navigate = use_navigate();
        let ended = Callback::new(move |end: Sent| {
            if end != Sent::Stored {
                return;
            }
            is_arranged.set(true);
            let (named, navigate, page) = (planned.get_value(), navigate.clone(), page.clone());
            leptos::task::spawn_local(async move {
                match name(named).await {
                    Ok(()) => {
                        let checks = format!("{page}?checks=distributor#checks");
                        navigate(&checks, NavigateOptions::default());
                    }
                    // The page may have been left in the meantime.
                    Err(error) => {
                        problem.try_set(Some(error));
                        is_arranged.try_set(false);
                    }
                }
            });
        });
        let subject = RwSignal::new(String::new());
        Self { items: Items::new(ended), problem, subject, is_arranged, planned }
    }

    /// Whether one is on its way, so that no other one can be sent.
    pub(super) fn is_busy(self) -> bool {
        self.is_arranged.get() || self.items.is_busy()
    }

    /// Whether the last one is of this track.
    pub(super) fn is_of(self, subject: &str) -> bool {
        self.subject.with(|last| last == subject)
    }

    /// Sends a file, if it may be stored as what it is to be.
    pub(super) fn send(self, new: NewReleaseFile, file: Picked) {
        if untrack(|| self.is_busy()) {
            return;
        }
        self.problem.set(None);
        self.items.forget();
        self.subject.set(new.subject.clone());
        self.is_arranged.set(true);
        leptos::task::spawn_local(async move {
            let planned = plan_release_file(new.clone()).await;
            // The page may have been left in the meantime.
            if !self.items.is_there() {
                return;
            }
            match planned {
                Ok(planned) => {
                    let file_name = planned.file_name.clone();
                    self.planned.set_value(planned.is_renamed.then_some(NamedReleaseFile {
                        release_id: new.release_id,
                        subject: new.subject,
                        expected_version: new.expected_version,
                        file_name: planned.file_name,
                    }));
                    self.items.begin(file, file_name);
                }
                Err(error) => self.problem.set(Some(error)),
            }
            self.is_arranged.set(false);
        });
    }
}

/// Names the file in its release, where that names another one.
async fn name(named: Option<NamedReleaseFile>) -> Result<(), AppError> {
    let Some(named) = named else { return Ok(()) };
    let file_name = named.file_name.clone();
    name_release_file(named).await.map_err(|error| {
        let (message, remedy) = stored_but_not_named(&file_name, &error.message);
        AppError { message, remedy, ..error }
    })
}
