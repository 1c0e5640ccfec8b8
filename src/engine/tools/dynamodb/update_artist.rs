//! `update_artist_data`: changes what tells an artist from others, if nobody else has changed the artist meanwhile.

use super::canonical::{canonical, in_one_line, named_values, needed, update};
use super::rows::{self, Rows};
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::artist::Artist;
use crate::model::identifier::ArtistId;
use crate::model::tool::AwsResource;
use crate::music::identifier::{IpiName, Isni};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// The longest text that tells artists apart, in characters.
const LONGEST_WORDS: usize = 200;

/// What to change.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateArtistInput {
    /// The table.
    #[schemars(title = "Table")]
    pub table_name: Option<String>,
    /// The artist's id.
    #[schemars(title = "Artist", length(min = 1, max = 64))]
    pub artist_id: String,
    /// The version that you have seen (`version` of `query_artist_data`). If the artist has another one by now,
    /// nothing is changed.
    #[schemars(title = "Version you have seen", range(min = 1))]
    pub expected_version: u32,
    /// The new values. What is not named stays as it is.
    #[schemars(title = "New values")]
    pub update_data: ArtistChange,
}

/// New values of an artist.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(inline)]
pub struct ArtistChange {
    /// ISNI, such as 0000 0001 2103 2683. An empty text takes it away.
    #[schemars(title = "ISNI", length(max = 19))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub isni: Option<String>,
    /// IPI name number, such as 00014107338. An empty text takes it away.
    #[schemars(title = "IPI", length(max = 15))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipi: Option<String>,
    /// What tells artists of the same name apart, for instance `folk singer, Oslo`. An empty text takes it away.
    #[schemars(title = "Told apart by", length(max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disambiguation: Option<String>,
}

impl ArtistChange {
    /// Checks what the schema cannot say, and what a form of a page says without one, and answers with the attributes
    /// to set. What is to be taken away is null.
    fn check(&self) -> Result<Map<String, Value>, ToolError> {
        let mut stored = self.clone();
        let mut wrong = Vec::new();
        canonical::<Isni>("isni", &mut stored.isni, &mut wrong);
        canonical::<IpiName>("ipi", &mut stored.ipi, &mut wrong);
        let words = self.disambiguation.as_deref().filter(|text| !text.is_empty());
        needed("disambiguation", words, LONGEST_WORDS, &mut wrong);
        in_one_line("disambiguation", words.unwrap_or_default(), &mut wrong);
        let mut values = named_values(&stored, wrong)?;
        for (_, value) in values.iter_mut().filter(|(_, value)| **value == "") {
            *value = Value::Null;
        }
        Ok(values)
    }
}

/// Changes an artist.
pub struct UpdateArtistData;

impl Operation for UpdateArtistData {
    const NAME: &'static str = "update_artist_data";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    /// What it tells of another artist, it tells of artists in scope only.
    const SCOPED: bool = true;
    type Input = UpdateArtistInput;
    type Output = Rows;

    fn resources(input: &UpdateArtistInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let table = choices::table(input.table_name.as_deref(), TableRole::Artists, catalog)?;
        input.update_data.check()?;
        let mut touched = vec![choices::dynamodb("UpdateItem", table)];
        if input.update_data.isni.is_some() {
            touched.push(choices::dynamodb("Scan", catalog.table(TableRole::Artists)));
        }
        Ok(touched)
    }

    fn subject(input: &UpdateArtistInput) -> Subject {
        Subject::artist(Some(&input.artist_id))
    }

    async fn run(input: UpdateArtistInput, context: Context) -> Result<Rows, ToolError> {
        let catalog = &context.catalog;
        let table = choices::table(input.table_name.as_deref(), TableRole::Artists, catalog)?;
        let artist_id: ArtistId = rows::id("artistId", &input.artist_id)?;
        if let Some(isni) = &input.update_data.isni {
            unused(isni, &artist_id, &context).await?;
        }
        let update = update(input.expected_version, input.update_data.check()?, &context);
        let page = catalog.update_artist(table, &artist_id, update).await?;
        Ok(Rows::changed(table, &page.items.into_iter().next().unwrap_or_default()))
    }
}

/// Refuses the ISNI of another artist. Two changes at the same moment are not seen here, but by the check of a release.
async fn unused(isni: &str, own: &ArtistId, context: &Context) -> Result<(), ToolError> {
    let artists = context.catalog.artists().await?;
    let Ok(wanted) = isni.parse::<Isni>() else { return Ok(()) };
    let has_it = |artist: &&Artist| {
        let known = artist.isni.as_deref().and_then(|known| known.parse::<Isni>().ok());
        artist.artist_id != *own && known.is_some_and(|known| known == wanted)
    };
    let Some(other) = artists.iter().find(has_it) else { return Ok(()) };
    let whose = if context.scope.covers(&other.artist_id) {
        format!("{} ({})", other.name, other.artist_id)
    } else {
        "another artist".to_owned()
    };
    Err(ToolError::field(
        "updateData.isni",
        format!("this is the ISNI of {whose}; each artist has one of their own"),
    ))
}

impl Tool for UpdateArtistData {
    const SERVER: Server = Server::DynamoDb;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Update an artist";
    const DESCRIPTION: &'static str = "Changes what tells an artist from others, the ISNI, the IPI and the words for people, and \
        answers with the new record. Nothing is changed when somebody else has changed the artist since the version \
        you name.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_tables(schema, TableRole::Artists, catalog);
    }
}
