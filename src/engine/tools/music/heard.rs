//! What is known of a master, for every profile: listened to once, and remembered as long as the file is the same.

use super::audio_report;
use super::spool::Spooled;
use crate::engine::catalog::ObjectKey;
use crate::engine::tools::{Context, ToolError};
use crate::model::audio::{AudioFinding, AudioReport};
use crate::music::audio::{AudioError, analyze, tags};
use crate::music::quality::PROFILES;
use moka::future::Cache;
use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

/// What was heard lately, by place and fingerprint of the file.
static HEARD: LazyLock<Cache<String, Arc<Heard>>> = LazyLock::new(|| Cache::new(2000));

/// What is known of a master.
pub(super) struct Heard {
    /// The report for usual distributors.
    pub(super) report: AudioReport,
    /// What was found for each profile.
    pub(super) findings: BTreeMap<&'static str, Vec<AudioFinding>>,
}

/// Listens to a master, or remembers it.
pub(super) async fn heard(bucket: &str, key: &ObjectKey, context: &Context) -> Result<Arc<Heard>, ToolError> {
    let catalog = &context.catalog;
    let etag = catalog.object_info(bucket, key).await?.etag;
    let name = format!("{bucket}/{key} {etag}");
    if let Some(known) = HEARD.get(&name).await {
        return Ok(known);
    }
    let spooled = Spooled::fetch(catalog, bucket, key, context.progress.clone()).await?;
    let (info, sha256) = (spooled.info.clone(), spooled.sha256.clone());
    let found = spooled.with::<Result<_, AudioError>, _>(|file, watch| {
        let analysis = analyze(file, watch)?;
        Ok((analysis, tags::read(file)?))
    });
    let report_for: Box<dyn Fn(&str) -> AudioReport + Send> = match found.await? {
        Ok((analysis, tags)) => {
            Box::new(move |profile| audio_report::full(&info, sha256.clone(), profile, &analysis, &tags))
        }
        Err(AudioError::Read(error)) => {
            let why = format!("The recording could not be read: {error}. Try again.");
            return Err(ToolError::NotAvailable(why));
        }
        Err(error) => Box::new(move |_| audio_report::unreadable(&info, sha256.clone(), &error)),
    };
    let findings = PROFILES.iter().map(|profile| (profile.id, report_for(profile.id).findings)).collect();
    let heard = Arc::new(Heard { report: report_for(PROFILES[0].id), findings });
    HEARD.insert(name, Arc::clone(&heard)).await;
    Ok(heard)
}
