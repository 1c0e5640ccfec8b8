//! What is known of a master, for every profile: kept from when it was uploaded, or listened to now.

use super::process_audio::examine;
use super::stated::{put_stated, stated_of};
use crate::engine::catalog::ObjectKey;
use crate::engine::tools::{Context, ToolError};
use crate::model::recording::RecordingReport;
use moka::future::Cache;
use std::sync::{Arc, LazyLock};

/// What was heard lately, by place and fingerprint of the file.
static HEARD: LazyLock<Cache<String, Arc<RecordingReport>>> = LazyLock::new(|| Cache::new(2000));

/// The report on a master, with what somebody has stated of its tempo and key.
pub(super) async fn heard(
    bucket: &str,
    key: &ObjectKey,
    context: &Context,
) -> Result<Arc<RecordingReport>, ToolError> {
    let measured = measured(bucket, key, context).await?;
    let said = stated_of(&context.catalog, bucket, key.as_str(), &measured.report.sha256).await?;
    let Some(said) = said else { return Ok(measured) };
    let mut report = RecordingReport::clone(&measured);
    put_stated(&mut report, &said);
    Ok(Arc::new(report))
}

/// What was measured: that which was kept of this content, that which is remembered, or a new report.
async fn measured(
    bucket: &str,
    key: &ObjectKey,
    context: &Context,
) -> Result<Arc<RecordingReport>, ToolError> {
    let catalog = &context.catalog;
    let etag = catalog.object_info(bucket, key).await?.etag;
    let name = format!("{bucket}/{key} {etag}");
    if let Some(known) = HEARD.get(&name).await {
        return Ok(known);
    }
    let report = match catalog.report(bucket, key.as_str(), &etag).await? {
        Some(report) => report,
        None => examine(catalog, bucket, key, context.progress.clone()).await?.report,
    };
    let report = Arc::new(report);
    HEARD.insert(name, Arc::clone(&report)).await;
    Ok(report)
}
