//! Counts the requests to AWS: how many, how many were tried again by the SDK, how many failed. Refuses those that
//! no policy names.

use super::{noted, operations};
use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::{
    BeforeSerializationInterceptorContextRef, BeforeTransmitInterceptorContextRef,
    FinalizerInterceptorContextRef,
};
use aws_smithy_runtime_api::client::orchestrator::Metadata;
use aws_smithy_runtime_api::client::retries::RequestAttempts;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// What a request does to the account's data, which decides its price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    /// It only reads.
    Reads,
    /// It changes something, or makes a model write.
    Writes,
}

impl Access {
    /// The word in dimensions.
    pub fn id(self) -> &'static str {
        match self {
            Access::Reads => "read",
            Access::Writes => "write",
        }
    }

    fn of(operation: &str) -> Self {
        const READING: [&str; 9] =
            ["Get", "List", "Describe", "Head", "Query", "Scan", "BatchGet", "Retrieve", "FilterLogEvents"];
        let reads = READING.iter().any(|word| operation.starts_with(word));
        if reads && operation != "RetrieveAndGenerate" { Access::Reads } else { Access::Writes }
    }
}

/// The service as the SDK calls it, and the access.
pub type Asked = (String, Access);

/// Requests of one service and access.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct AwsCount {
    /// Requests, each with all its attempts.
    pub calls: u64,
    /// Attempts after the first.
    pub retries: u64,
    /// Requests that had no good answer: also for reasons that are no fault, such as a missing object.
    pub failures: u64,
}

impl AwsCount {
    fn add(&mut self, other: AwsCount) {
        self.calls += other.calls;
        self.retries += other.retries;
        self.failures += other.failures;
    }
}

/// The counts of this process, shared by all its clients. Cloning is cheap.
#[derive(Debug, Clone, Default)]
pub struct AwsCalls(Arc<Calls>);

#[derive(Debug, Default)]
struct Calls {
    counts: Mutex<Counts>,
    keeps_to_list: AtomicBool,
}

/// An operation that is not on the list of those that policies name.
#[derive(Debug, thiserror::Error)]
#[error("{name} of {service} is not in OPERATIONS (src/engine/aws/operations.rs), so no policy allows it")]
struct NotListed {
    service: String,
    name: String,
}

#[derive(Debug, Default)]
struct Counts {
    since_start: BTreeMap<Asked, AwsCount>,
    waiting: BTreeMap<Asked, AwsCount>,
}

impl AwsCalls {
    /// From now on nothing is asked for that is not listed with the permissions it takes.
    pub fn keep_to_list(&self) {
        self.0.keeps_to_list.store(true, Ordering::Relaxed);
    }

    /// All requests since the start of the process.
    pub fn since_start(&self) -> BTreeMap<Asked, AwsCount> {
        self.counts().since_start.clone()
    }

    /// Takes what was counted since the last time.
    pub fn take(&self) -> BTreeMap<Asked, AwsCount> {
        std::mem::take(&mut self.counts().waiting)
    }

    /// Puts back what could not be reported.
    pub fn put_back(&self, returned: BTreeMap<Asked, AwsCount>) {
        let mut counts = self.counts();
        for (asked, count) in returned {
            counts.waiting.entry(asked).or_default().add(count);
        }
    }

    fn count(&self, service: &str, operation: &str, count: AwsCount) {
        let asked = (service.to_owned(), Access::of(operation));
        let mut counts = self.counts();
        counts.since_start.entry(asked.clone()).or_default().add(count);
        counts.waiting.entry(asked).or_default().add(count);
    }

    /// A panic elsewhere leaves counts that are still right.
    fn counts(&self) -> MutexGuard<'_, Counts> {
        self.0.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Intercept for AwsCalls {
    fn name(&self) -> &'static str {
        "AwsCalls"
    }

    fn read_before_serialization(
        &self,
        _: &BeforeSerializationInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        if !self.0.keeps_to_list.load(Ordering::Relaxed) {
            return Ok(());
        }
        let Some(called) = settings.load::<Metadata>() else { return Ok(()) };
        let (service, name) = (called.service(), called.name());
        if operations::is_listed(service, name) {
            return Ok(());
        }
        Err(NotListed { service: service.to_owned(), name: name.to_owned() }.into())
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        noted::note_sent(context.request());
        Ok(())
    }

    fn read_after_execution(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        settings: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let called = settings.load::<Metadata>();
        if let Some(answer) = context.response() {
            noted::note_answer(answer, called.map(Metadata::name).unwrap_or_default());
        }
        let Some(called) = called else { return Ok(()) };
        let attempts = settings.load::<RequestAttempts>().map_or(1, RequestAttempts::attempts);
        let failed = context.output_or_error().is_some_and(|result| result.is_err());
        let count = AwsCount {
            calls: 1,
            retries: u64::from(attempts.saturating_sub(1)),
            failures: u64::from(failed),
        };
        self.count(called.service(), called.name(), count);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tells_reading_from_changing() {
        for operation in ["GetItem", "ListMetrics", "HeadBucket", "Retrieve", "BatchGetItem"] {
            assert_eq!(Access::of(operation), Access::Reads, "{operation}");
        }
        for operation in
            ["PutItem", "PutMetricData", "RetrieveAndGenerate", "InvokeModel", "ExecuteStatement"]
        {
            assert_eq!(Access::of(operation), Access::Writes, "{operation}");
        }
    }

    #[test]
    fn what_could_not_be_reported_waits() {
        let calls = AwsCalls::default();
        let one = AwsCount { calls: 1, retries: 2, failures: 0 };
        calls.count("S3", "GetObject", one);
        let taken = calls.take();
        assert!(calls.take().is_empty());
        calls.put_back(taken);
        calls.count("S3", "HeadObject", one);
        let waiting = calls.take();
        assert_eq!(
            waiting[&("S3".to_owned(), Access::Reads)],
            AwsCount { calls: 2, retries: 4, failures: 0 }
        );
        assert_eq!(calls.since_start().len(), 1);
    }
}
