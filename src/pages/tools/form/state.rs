//! The living form: what stands in it and what is wrong with it.

use super::super::address::Address;
use super::super::stream::LargeFile;
use super::entries::{Entries, without_files};
use super::rules::{Field, Kind, PAGES};
use super::values::{self, Reading};
use crate::api::error::FieldError;
use leptos::prelude::*;
use serde_json::{Map, Value};

/// The id of the control of a field, which labels and messages refer to.
pub fn control_id(path: &str) -> String {
    format!("argument-{path}")
}

/// A form at work. Copies share it.
#[derive(Clone, Copy)]
pub struct FormState {
    fields: StoredValue<Vec<Field>>,
    entries: RwSignal<Entries>,
    errors: RwSignal<Vec<FieldError>>,
    streams: bool,
    large_file: RwSignal<Option<LargeFile>>,
}

impl FormState {
    /// A form with these fields, filled in.
    pub fn new(fields: Vec<Field>, entries: Entries) -> Self {
        Self {
            fields: StoredValue::new(fields),
            entries: RwSignal::new(entries),
            errors: RwSignal::new(Vec::new()),
            streams: false,
            large_file: RwSignal::new(None),
        }
    }

    /// The same, with whether a file that is too large for a call can be sent as a stream.
    #[must_use]
    pub fn streaming(self, streams: bool) -> Self {
        Self { streams, ..self }
    }

    /// Whether a file that is too large for a call can be sent as a stream.
    pub fn streams(self) -> bool {
        self.streams
    }

    /// The file that is sent as a stream.
    pub fn large_file(self) -> Option<LargeFile> {
        self.large_file.get_untracked()
    }

    /// Takes a file that is sent as a stream, in place of the argument at its path.
    pub fn set_large_file(self, file: LargeFile) {
        self.set_error(&file.path, None);
        self.large_file.set(Some(file));
    }

    /// The text at a path, tracked.
    pub fn text(self, path: &str) -> String {
        self.entries.with(|entries| entries.text(path).to_owned())
    }

    /// The text at a path, for the first rendering.
    pub fn first_text(self, path: &str) -> String {
        self.entries.with_untracked(|entries| entries.text(path).to_owned())
    }

    /// Whether a file field holds something.
    pub fn holds(self, path: &str) -> bool {
        self.entries.with(|entries| !entries.text(path).is_empty()) || self.holds_large_file(path)
    }

    fn holds_large_file(self, path: &str) -> bool {
        self.large_file.with(|file| file.as_ref().is_some_and(|file| file.path == path))
    }

    /// Takes what was typed. The message at the field goes: it was about the text before.
    pub fn set(self, path: &str, text: String) {
        self.entries.update(|entries| entries.set(path, text));
        if untrack(|| self.holds_large_file(path)) {
            self.large_file.set(None);
        }
        self.set_error(path, None);
    }

    /// Goes back to the first page of a list: what is run anew begins at its beginning.
    pub fn start_over(self) {
        self.entries.update(|entries| {
            for (argument, _) in PAGES {
                entries.set(argument, String::new());
            }
        });
    }

    /// Fills a text field of this name beside another field, if there is one and it is empty.
    pub fn suggest_beside(self, path: &str, name: &str, text: String) {
        let sibling = match path.rsplit_once('.') {
            Some((parent, _)) => format!("{parent}.{name}"),
            None => name.to_owned(),
        };
        let takes_text = self.fields.with_value(|fields| {
            values::field_for(fields, &sibling)
                .is_some_and(|field| field.path == sibling && matches!(field.kind, Kind::Text(_)))
        });
        if takes_text && self.entries.with_untracked(|entries| entries.text(&sibling).is_empty()) {
            self.set(&sibling, text);
        }
    }

    /// What is wrong with the field at a path, tracked.
    pub fn error(self, path: &str) -> Option<String> {
        self.errors
            .with(|errors| errors.iter().find(|error| error.field == path).map(|error| error.message.clone()))
    }

    /// Puts a message at a field, or takes it away.
    pub fn set_error(self, path: &str, message: Option<String>) {
        if message.is_none()
            && self.errors.with_untracked(|errors| errors.iter().all(|error| error.field != path))
        {
            return;
        }
        self.errors.update(|errors| {
            errors.retain(|error| error.field != path);
            errors.extend(message.map(|message| FieldError { field: path.to_owned(), message }));
        });
    }

    /// Checks one field when the person leaves it. An empty one is left in peace until they run the tool.
    pub fn check(self, path: &str) {
        if self.entries.with_untracked(|entries| entries.text(path).is_empty()) {
            return;
        }
        let wrong = self.read().errors.into_iter().find(|error| error.field == path);
        self.set_error(path, wrong.map(|error| error.message));
    }

    /// The arguments as they stand, with what is wrong.
    pub fn read(self) -> Reading {
        let mut reading = self
            .fields
            .with_value(|fields| self.entries.with_untracked(|entries| values::read(fields, entries)));
        // The argument is not missing: the file goes another way.
        if let Some(file) = self.large_file() {
            reading.errors.retain(|error| error.field != file.path);
        }
        reading
    }

    /// The arguments as they stand, tracked, for what shows them while the person types.
    pub fn draft(self) -> Map<String, Value> {
        self.fields.with_value(|fields| self.entries.with(|entries| values::read(fields, entries).arguments))
    }

    /// Shows errors at their fields, those of the server at the nearest one, and gives the id of
    /// the first such field. What fits no field is not shown here.
    pub fn show_errors(self, errors: &[FieldError]) -> Option<String> {
        let placed: Vec<FieldError> = self.fields.with_value(|fields| {
            let place = |error: &FieldError| {
                let field = values::field_for(fields, &error.field)?;
                let message = if field.path == error.field {
                    error.message.clone()
                } else {
                    format!("{}: {}", error.field, error.message)
                };
                Some(FieldError { field: field.path.clone(), message })
            };
            errors.iter().filter_map(place).collect()
        });
        let first = placed.first().map(|error| control_id(&error.field));
        self.errors.set(placed);
        first
    }

    /// Puts arguments into the form in place of what is there.
    pub fn fill(self, arguments: &Map<String, Value>) {
        let entries = self.fields.with_value(|fields| Entries::from_arguments(fields, arguments));
        self.entries.set(entries);
        self.large_file.set(None);
        self.errors.set(Vec::new());
    }

    /// The address that fills a form with these arguments. Files stay out of it.
    pub fn address(self, tool: &str, arguments: &Map<String, Value>) -> String {
        self.fields.with_value(|fields| Address::with_arguments(tool, &without_files(fields, arguments)))
    }

    /// What the call is about, for the question before something is changed: the required texts with their labels.
    pub fn subject(self) -> Vec<(String, String)> {
        self.fields.with_value(|fields| {
            self.entries.with_untracked(|entries| {
                fields
                    .iter()
                    .filter(|field| field.required && matches!(field.kind, Kind::Text(_) | Kind::Choice(_)))
                    .map(|field| (field.label.clone(), entries.text(&field.path).to_owned()))
                    .filter(|(_, text)| !text.is_empty())
                    .collect()
            })
        })
    }

    /// Whether a file can be picked somewhere in the form.
    pub fn takes_files(self) -> bool {
        fn any_file(fields: &[Field]) -> bool {
            fields.iter().any(|field| match &field.kind {
                Kind::File(_) => true,
                Kind::Group(children) => any_file(children),
                _ => false,
            })
        }
        self.fields.with_value(|fields| any_file(fields))
    }
}
