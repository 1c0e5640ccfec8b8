//! How far the figures of each platform go that each kind of export has brought.

use super::{SOURCES, resource, text};
use crate::engine::aws::AwsFailure;
use crate::engine::catalog::condition::held;
use crate::engine::catalog::item;
use crate::engine::catalog::records::Records;
use crate::engine::catalog::schema::IMPORTS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// What one is called in messages.
const WHAT: &str = "source of figures";

/// The last day of a platform that a kind of export has brought.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct KeptSource {
    kind: String,
    id: String,
    /// The platform's id.
    pub(crate) platform: String,
    /// What brought it.
    pub(crate) source: String,
    /// The last day.
    pub(crate) last_day: Date,
    /// When it was brought, RFC 3339 in UTC.
    pub(crate) brought_at: String,
    /// The import that brought it; none where that was not kept.
    #[serde(default)]
    import_id: Option<String>,
    /// What was known before it.
    #[serde(default)]
    before: Option<BroughtBefore>,
}

/// What was known of a source before an import: undoing that puts it back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BroughtBefore {
    last_day: Date,
    brought_at: String,
    import_id: Option<String>,
}

impl KeptSource {
    /// What an import has brought.
    pub(crate) fn new(
        platform: &str,
        source: &str,
        last_day: Date,
        brought_at: &str,
        import_id: &str,
    ) -> Self {
        Self {
            kind: SOURCES.to_owned(),
            id: source_id(platform, source),
            platform: platform.to_owned(),
            source: source.to_owned(),
            last_day,
            brought_at: brought_at.to_owned(),
            import_id: Some(import_id.to_owned()),
            before: None,
        }
    }

    /// It after what is known of the source.
    fn after(self, known: &Self) -> Self {
        let before = if known.import_id == self.import_id {
            // The same import has noted it already.
            known.before.clone()
        } else {
            let (brought_at, import_id) = (known.brought_at.clone(), known.import_id.clone());
            Some(BroughtBefore { last_day: known.last_day, brought_at, import_id })
        };
        Self { before, ..self }
    }

    /// It without what an import has brought: what was known before it, or nothing.
    fn without(self, import: &str) -> Option<Self> {
        let before = self.before.filter(|before| before.import_id.as_deref() != Some(import));
        if self.import_id.as_deref() != Some(import) {
            return Some(Self { before, ..self });
        }
        let BroughtBefore { last_day, brought_at, import_id } = before?;
        Some(Self {
            kind: self.kind,
            id: self.id,
            platform: self.platform,
            source: self.source,
            last_day,
            brought_at,
            import_id,
            before: None,
        })
    }
}

fn source_id(platform: &str, source: &str) -> String {
    format!("{platform}#{source}")
}

impl Catalog {
    /// What each kind of export has brought of each platform.
    pub(crate) async fn import_sources(&self) -> Result<Records<KeptSource>, CatalogError> {
        Ok(Records::read(WHAT, "id", self.kind_of_import(SOURCES).await?))
    }

    /// Remembers what an import has brought, unless something newer was brought before.
    pub(crate) async fn note_source(&self, source: KeptSource) -> Result<(), CatalogError> {
        let known = self.import_item(SOURCES, &source.id).await?;
        let known: Option<KeptSource> = known.map(|known| item::read(WHAT, &source.id, known)).transpose()?;
        let source = match &known {
            Some(known) => source.after(known),
            None => source,
        };
        let put = self
            .aws
            .dynamodb
            .put_item()
            .table_name(IMPORTS_TABLE)
            .set_item(Some(item::write(WHAT, &source.id, &source)?))
            .condition_expression("attribute_not_exists(#id) OR #last <= :last")
            .expression_attribute_names("#id", "id")
            .expression_attribute_names("#last", "lastDay")
            .expression_attribute_values(":last", text(&source.last_day.to_string()));
        held(put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error))).map(drop)
    }

    /// Forgets what an import has brought of a source, and knows again what was known before it.
    pub(crate) async fn forget_source(
        &self,
        platform: &str,
        source: &str,
        import: &str,
    ) -> Result<(), CatalogError> {
        let id = source_id(platform, source);
        let Some(known) = self.import_item(SOURCES, &id).await? else { return Ok(()) };
        let known: KeptSource = item::read(WHAT, &id, known)?;
        let brought_at = text(&known.brought_at);
        let is_as_read = "#brought = :brought";
        let Some(left) = known.without(import) else {
            let delete = self
                .aws
                .dynamodb
                .delete_item()
                .table_name(IMPORTS_TABLE)
                .key("kind", text(SOURCES))
                .key("id", text(&id))
                .condition_expression(is_as_read)
                .expression_attribute_names("#brought", "broughtAt")
                .expression_attribute_values(":brought", brought_at);
            let answer = delete.send().await;
            return held(answer.map_err(|error| AwsFailure::from_sdk(resource("DeleteItem"), &error)))
                .map(drop);
        };
        let put = self
            .aws
            .dynamodb
            .put_item()
            .table_name(IMPORTS_TABLE)
            .set_item(Some(item::write(WHAT, &id, &left)?))
            .condition_expression(is_as_read)
            .expression_attribute_names("#brought", "broughtAt")
            .expression_attribute_values(":brought", brought_at);
        held(put.send().await.map_err(|error| AwsFailure::from_sdk(resource("PutItem"), &error))).map(drop)
    }
}
