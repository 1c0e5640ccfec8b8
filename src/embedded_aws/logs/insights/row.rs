//! A row on its way through a query: the event it came from, and what was computed.

use std::cell::{Cell, OnceCell};
use std::sync::Arc;

use super::super::pointer;
use super::json_fields::WantedFields;
use super::memory::size_of_values;
use super::patterns::TooHard;
use super::value::Value;

/// A log event, as far as the query needs it.
#[derive(Debug, Clone)]
pub(crate) struct Event {
    /// When it happened, in milliseconds since 1970.
    pub(crate) timestamp: i64,
    /// When it arrived, likewise.
    pub(crate) ingestion_time: i64,
    /// The name of its stream.
    pub(crate) stream: Arc<str>,
    /// Account and name of its group, as `@log` shows them.
    pub(crate) log: Arc<str>,
    /// The number of the event in the store.
    pub(crate) number: i64,
    /// Its text.
    pub(crate) message: String,
}

/// What a row of the query refers to.
#[derive(Debug, Clone)]
pub(super) struct Row {
    /// The event; of a row that stands for a group only a shell.
    pub(super) event: Event,
    /// What was computed, by the number of the slot.
    pub(super) slots: Vec<Value>,
    /// How many events the row stands for that are all the same to the query.
    pub(super) weight: u64,
    wanted: Arc<WantedFields>,
    fields: OnceCell<Vec<Value>>,
    /// Whether something about it could not be found out, so that the query has to end.
    is_given_up: Cell<bool>,
}

/// Where a value is found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Source {
    /// Computed before.
    Slot(usize),
    Timestamp,
    IngestionTime,
    Message,
    Stream,
    Log,
    Pointer,
    /// A field of a message that is JSON.
    Field(usize),
}

impl Row {
    /// An empty row with so many slots.
    pub(super) fn new(slots: usize, wanted: Arc<WantedFields>) -> Self {
        let event = Event {
            timestamp: 0,
            ingestion_time: 0,
            stream: Arc::from(""),
            log: Arc::from(""),
            number: 0,
            message: String::new(),
        };
        Self {
            event,
            slots: vec![Value::Missing; slots],
            weight: 1,
            wanted,
            fields: OnceCell::new(),
            is_given_up: Cell::new(false),
        }
    }

    /// Says that a pattern is too hard for it. The query ends, so whether it matches does not matter.
    pub(super) fn give_up(&self, TooHard: TooHard) -> bool {
        self.is_given_up.set(true);
        false
    }

    /// Whether a pattern was too hard for it.
    pub(super) fn is_given_up(&self) -> bool {
        self.is_given_up.get()
    }

    /// Forgets what was computed, for the next event in the same place.
    pub(super) fn reset(&mut self) {
        self.slots.fill(Value::Missing);
        self.weight = 1;
        self.fields.take();
    }

    /// How many bytes of text and values it holds. What is found in its message is no larger than that,
    /// and found only when it is asked for.
    pub(super) fn size(&self) -> usize {
        self.event.message.len() + size_of_values(&self.slots)
    }

    /// The value that is found there.
    pub(super) fn value(&self, source: Source) -> Value {
        match source {
            Source::Slot(slot) => self.slots.get(slot).cloned().unwrap_or(Value::Missing),
            Source::Timestamp => Value::Time(self.event.timestamp),
            Source::IngestionTime => Value::Time(self.event.ingestion_time),
            Source::Message => Value::Text(self.event.message.clone()),
            Source::Stream => Value::Text(self.event.stream.to_string()),
            Source::Log => Value::Text(self.event.log.to_string()),
            Source::Pointer => Value::Text(pointer::written(self.event.number)),
            Source::Field(field) => self.field(field).cloned().unwrap_or(Value::Missing),
        }
    }

    /// The value without a copy of it, where that is possible.
    pub(super) fn borrowed_text(&self, source: Source) -> Option<&str> {
        match source {
            Source::Message => Some(&self.event.message),
            Source::Stream => Some(&self.event.stream),
            Source::Field(field) => match self.field(field) {
                Some(Value::Text(text)) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }

    fn field(&self, field: usize) -> Option<&Value> {
        self.fields.get_or_init(|| self.wanted.find(&self.event.message)).get(field)
    }

    /// Puts a value into a slot.
    pub(super) fn set(&mut self, slot: usize, value: Value) {
        if let Some(place) = self.slots.get_mut(slot) {
            *place = value;
        }
    }
}
