//! A call at the door, as far as it is known before its arguments are understood.

use super::authorise::Verdict;
use super::left::CallsLeft;
use super::{Origin, Principal};
use crate::engine::aws::NotedRequests;
use crate::engine::spending::Bill;
use crate::engine::tools::{Class, Progress};
use serde_json::Value;
use std::time::Instant;

/// The part of a call that is known before its arguments are understood.
pub(super) struct Visit {
    pub(super) principal: Principal,
    pub(super) origin: Origin,
    pub(super) name: String,
    pub(super) class: Class,
    pub(super) arguments: Value,
    /// Names what it changes, the same for every attempt at it.
    pub(super) change: String,
    pub(super) progress: Progress,
    pub(super) begun: Instant,
    /// Whether it is known to change nothing, and is no administration.
    pub(super) only_reads: bool,
    /// Whether it asks for something by a name that none of Patchline's own operations has.
    pub(super) foreign: bool,
    /// How many bytes it is to store, once that is known.
    pub(super) size: Option<u64>,
    /// What is left of the limits of calls.
    pub(super) calls_left: Vec<CallsLeft>,
    /// What the policies have said of it so far.
    pub(super) verdict: Verdict,
    /// The requests to AWS that it led to.
    pub(super) requests: NotedRequests,
    /// What its calls of models cost.
    pub(super) bill: Bill,
}

impl Visit {
    pub(super) fn new(
        principal: &Principal,
        origin: &Origin,
        name: &str,
        class: Class,
        arguments: Value,
    ) -> Self {
        Self {
            principal: principal.clone(),
            origin: origin.clone(),
            name: name.to_owned(),
            class,
            arguments,
            change: origin.request_id.clone(),
            progress: Progress::ignored(),
            begun: Instant::now(),
            only_reads: false,
            foreign: false,
            size: None,
            calls_left: Vec::new(),
            verdict: Verdict::default(),
            requests: NotedRequests::default(),
            bill: Bill::default(),
        }
    }

    /// Whether it counts against the limits. What another instance has let in, that one has counted.
    pub(super) fn is_limited(&self) -> bool {
        match self.class {
            Class::Call => self.origin.passed_on.is_none(),
            Class::Transfer | Class::Signal => true,
            Class::Page => false,
        }
    }
}
