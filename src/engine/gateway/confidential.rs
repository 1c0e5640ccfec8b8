//! What is shown only when it is on record that it is shown: contracts and their terms, shares, and what was earned.

use super::{CallError, Gateway, Record, Visit};
use crate::engine::catalog::schema::{CONTRACT_TERMS_TABLE, IMPORTS_TABLE, SPLITS_TABLE};
use crate::engine::config::BucketRole;
use crate::engine::telemetry::{Outcome, PendingLine};
use crate::model::tool::AwsResource;

/// The tables of what contracts say, of who shares in what, and of imports with the lines of statements.
const TABLES: [&str; 3] = [CONTRACT_TERMS_TABLE, SPLITS_TABLE, IMPORTS_TABLE];

impl Gateway {
    /// Whether any of what a call touches is confidential.
    pub(super) fn is_confidential(&self, resources: &[AwsResource]) -> bool {
        resources.iter().any(|resource| match resource.service.as_str() {
            "s3" => {
                let bucket = resource.name.split('/').next().unwrap_or_default();
                self.catalog.buckets.role_of(bucket) == Some(BucketRole::Contracts)
            }
            "dynamodb" => TABLES.contains(&resource.name.as_str()),
            // The ledger of royalties lies in a database, and nobody knows beforehand which of its tables is read.
            "rds-data" => true,
            _ => false,
        })
    }

    /// Waits until the record of what is to be shown is durable. Where it cannot be written, nothing may be shown, and
    /// the record, which is tried again, stands for what would have been. Only then it is known how the call has ended,
    /// so it is counted here.
    pub(super) async fn write_before_it_is_shown(
        &self,
        visit: &Visit,
        record: Record,
        line: Option<PendingLine>,
    ) -> Result<(), CallError> {
        let mut counted = Counted { gateway: self, visit, outcome: Outcome::Cancelled, error: None };
        let written = self.audit.write(record, line).await;
        let written = written.map_err(|error| CallError::undisclosed(error, &visit.origin));
        counted.outcome = if written.is_ok() { Outcome::Ok } else { Outcome::Error };
        counted.error = written.as_ref().err().cloned();
        written
    }
}

/// Counts a call when it is dropped, also where its caller goes away while the record is being written.
struct Counted<'a> {
    gateway: &'a Gateway,
    visit: &'a Visit,
    outcome: Outcome,
    error: Option<CallError>,
}

impl Drop for Counted<'_> {
    fn drop(&mut self) {
        self.gateway.count(self.visit, self.outcome, self.error.as_ref());
    }
}
