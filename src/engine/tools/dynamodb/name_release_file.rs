//! `name_release_file`: names a stored file as the cover of a release or as the master of a track, for whoever may store
//! files without changing anything else that a release says.

use super::canonical::update;
use super::update_track::changed;
use crate::engine::catalog::{Catalog, ObjectKey};
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::views::place_in_release;
use crate::engine::tools::{Class, Context, Effect, Operation, Subject, ToolError, choices};
use crate::model::release_file::{COVER, NamedReleaseFile};
use crate::model::tool::AwsResource;
use serde_json::{Map, Value, json};

/// Names a stored file in a release.
pub struct NameReleaseFile;

/// The bucket and the key of a file, checked.
fn located<'c>(named: &NamedReleaseFile, catalog: &'c Catalog) -> Result<(&'c str, ObjectKey), ToolError> {
    let role = if named.subject == COVER { BucketRole::Artwork } else { BucketRole::Audio };
    let key = named.file_name.parse::<ObjectKey>();
    let key = key.map_err(|error| ToolError::field("fileName", error.to_string()))?;
    Ok((catalog.buckets.default_of(role), key))
}

impl Operation for NameReleaseFile {
    const NAME: &'static str = "name_release_file";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    /// Those who see some artists only replace what lies with these.
    const SCOPED: bool = true;
    type Input = NamedReleaseFile;
    type Output = ();

    fn resources(named: &NamedReleaseFile, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let table = catalog.table(TableRole::Releases);
        let (bucket, key) = located(named, catalog)?;
        Ok(vec![
            choices::dynamodb("UpdateItem", table),
            choices::dynamodb("GetItem", table),
            choices::s3("GetObject", bucket, key.as_str()),
        ])
    }

    fn subject(named: &NamedReleaseFile) -> Subject {
        Subject::release(None, Some(named.release_id.as_str()))
    }

    async fn run(named: NamedReleaseFile, context: Context) -> Result<(), ToolError> {
        let catalog = &context.catalog;
        let table = catalog.table(TableRole::Releases);
        let release = catalog.release(table, &named.release_id).await?;
        let place = place_in_release(&release, &named.subject, &context.scope)?;
        // A file elsewhere may be another artist's: whoever names it in a release of their own could open it.
        if !place.is_own(&named.file_name) {
            return Err(ToolError::field("fileName", "name a file in the folder of this release"));
        }
        let (bucket, key) = located(&named, catalog)?;
        catalog.object_info(bucket, &key).await?;
        let values = match &place.track {
            Some(track) => {
                let stored = catalog.stored_release(table, &named.release_id).await?;
                let stored = stored.items.into_iter().next().unwrap_or_default();
                let master = Map::from_iter([("audio".to_owned(), json!(named.file_name))]);
                Map::from_iter([("tracks".to_owned(), Value::Array(changed(stored, track, master)?))])
            }
            None => Map::from_iter([("artwork".to_owned(), json!(named.file_name))]),
        };
        // Whoever was faster has another version by now, so that the tracks that were read here are not written.
        let update = update(named.expected_version, values, &context);
        catalog.update_release(table, &named.release_id, update).await?;
        Ok(())
    }
}
