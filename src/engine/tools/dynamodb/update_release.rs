//! `update_release_data`: changes a release, if nobody else has changed it meanwhile.

use super::canonical::{canonical, in_one_line, named_values, needed, update, year_and_owner};
use super::rows::{self, Rows};
use super::track_order::{TRACK_ORDER, in_order};
use crate::engine::catalog::releases::ChangedRelease;
use crate::engine::catalog::{Catalog, ObjectKey, ownership};
use crate::engine::config::{BucketRole, TableRole};
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::field::FieldError;
use crate::model::identifier::ReleaseId;
use crate::model::release::Release;
use crate::model::tool::AwsResource;
use crate::music::identifier::{Grid, Gtin};
use crate::music::territory::Territories;
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::str::FromStr;

/// What to change.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct UpdateReleaseInput {
    /// The table.
    #[schemars(title = "Table")]
    pub table_name: Option<String>,
    /// The release's id.
    #[schemars(title = "Release", length(min = 1, max = 64))]
    pub release_id: String,
    /// The version that you have seen (`version` of `query_release_data`). If the release has another
    /// one by now, nothing is changed.
    #[schemars(title = "Version you have seen", range(min = 1))]
    pub expected_version: u32,
    /// The new values. What is not named stays as it is.
    #[schemars(title = "New values")]
    pub update_data: ReleaseChange,
}

/// New values of a release.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(inline)]
pub struct ReleaseChange {
    /// The title.
    #[schemars(title = "Title", length(min = 1, max = 200))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Where the release stands.
    #[schemars(title = "Status")]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<Status>,
    /// The day it comes out.
    #[schemars(title = "Release date", extend("format" = "date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_date: Option<String>,
    /// The main genre, in lower case.
    #[schemars(title = "Genre", length(min = 1, max = 60))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub genre: Option<String>,
    /// UPC-A (12 digits) or EAN-13, with its check digit.
    #[schemars(title = "UPC or EAN", regex(pattern = r"^[0-9]{12,13}$"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upc: Option<String>,
    /// The ℗ line without the sign: year and owner.
    #[schemars(title = "℗ line", regex(pattern = r"^[0-9]{4} .{1,120}$"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub p_line: Option<String>,
    /// The © line without the sign: year and owner.
    #[schemars(title = "© line", regex(pattern = r"^[0-9]{4} .{1,120}$"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub c_line: Option<String>,
    /// `GRid`, such as A1-2425G-ABC1234002-M. An empty text takes it away.
    #[schemars(title = "GRid", length(max = 22))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grid: Option<String>,
    /// The day on which it first came out anywhere.
    #[schemars(title = "First release date", extend("format" = "date"))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub original_release_date: Option<String>,
    /// Where it may come out: `world`, `world except Japan`, `Norway and Sweden`, or codes such as `NO, SE`. An empty
    /// text takes it away.
    #[schemars(title = "Territory", length(max = 500))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// Name of the contract that it comes out under, in the artist's folder of the bucket for contracts. An empty text
    /// takes it away.
    #[schemars(title = "Contract", length(max = 1024))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub contract: Option<String>,
    /// Name of the cover in the artwork bucket. An empty text takes it away.
    #[schemars(title = "Cover", length(max = 1024))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artwork: Option<String>,
    /// The ids of all its tracks in a new order (`trackId` of `query_release_data`). They are numbered from 1.
    #[schemars(title = "Order of the tracks", length(max = 500))]
    #[serde(skip_serializing_if = "Option::is_none")]
    pub track_order: Option<Vec<String>>,
}

/// Where a release stands on its way to the public.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
pub enum Status {
    /// Being prepared.
    Draft,
    /// Delivered, with a fixed date.
    Scheduled,
    /// Out.
    Released,
    /// Taken down.
    Withdrawn,
}

impl ReleaseChange {
    /// Checks what the schema cannot say, and what a form of a page says without one, and answers with the attributes
    /// to set. What is to be taken away is null.
    fn check(&self) -> Result<serde_json::Map<String, Value>, ToolError> {
        let mut stored = self.clone();
        let mut wrong = Vec::new();
        canonical::<Grid>("grid", &mut stored.grid, &mut wrong);
        canonical::<Territories>("territory", &mut stored.territory, &mut wrong);
        canonical::<ObjectKey>("contract", &mut stored.contract, &mut wrong);
        canonical::<ObjectKey>("artwork", &mut stored.artwork, &mut wrong);
        needed("title", self.title.as_deref(), 200, &mut wrong);
        needed("genre", self.genre.as_deref(), 60, &mut wrong);
        year_and_owner("pLine", self.p_line.as_deref(), &mut wrong);
        year_and_owner("cLine", self.c_line.as_deref(), &mut wrong);
        for (field, text) in [("title", &self.title), ("genre", &self.genre)] {
            if let Some(text) = text {
                in_one_line(field, text, &mut wrong);
            }
        }
        let first = self.original_release_date.as_deref().filter(|text| !text.is_empty());
        for (field, text) in [("releaseDate", self.release_date.as_deref()), ("originalReleaseDate", first)] {
            if let Some(Err(error)) = text.map(str::parse::<Date>) {
                let message = format!("not a day like 2026-12-04: {error}");
                wrong.push(FieldError::new(format!("updateData.{field}"), message));
            }
        }
        if let Some(text) = &self.upc
            && let Err(error) = text.parse::<Gtin>()
        {
            wrong.push(FieldError::new("updateData.upc", error.to_string()));
        }
        let mut values = named_values(&stored, wrong)?;
        for (_, value) in values.iter_mut().filter(|(_, value)| **value == "") {
            *value = Value::Null;
        }
        Ok(values)
    }
}

/// Changes a release.
pub struct UpdateReleaseData;

impl Operation for UpdateReleaseData {
    const NAME: &'static str = "update_release_data";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Call;
    /// What it tells of another release, it tells of artists in scope only.
    const SCOPED: bool = true;
    type Input = UpdateReleaseInput;
    type Output = Rows;

    fn resources(input: &UpdateReleaseInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let table = choices::table(input.table_name.as_deref(), TableRole::Releases, catalog)?;
        input.update_data.check()?;
        let mut touched = vec![choices::dynamodb("UpdateItem", table)];
        if input.update_data.upc.is_some() || input.update_data.grid.is_some() {
            touched.push(choices::dynamodb("Scan", catalog.table(TableRole::Releases)));
        }
        if input.update_data.contract.is_some() || input.update_data.track_order.is_some() {
            touched.push(choices::dynamodb("GetItem", table));
        }
        Ok(touched)
    }

    fn subject(input: &UpdateReleaseInput) -> Subject {
        Subject::release(input.table_name.as_deref(), Some(&input.release_id))
    }

    async fn run(input: UpdateReleaseInput, context: Context) -> Result<Rows, ToolError> {
        let catalog = &context.catalog;
        let table = choices::table(input.table_name.as_deref(), TableRole::Releases, catalog)?;
        let release_id: ReleaseId = rows::id("releaseId", &input.release_id)?;
        if let Some(upc) = &input.update_data.upc {
            unused::<Gtin>("upc", upc, &release_id, |release| Some(release.upc.as_str()), &context).await?;
        }
        if let Some(grid) = &input.update_data.grid {
            unused::<Grid>("grid", grid, &release_id, |release| release.grid.as_deref(), &context).await?;
        }
        if let Some(contract) = input.update_data.contract.as_deref().filter(|name| !name.is_empty()) {
            let release = catalog.release(table, &release_id).await?;
            of_artist(contract, &release)?;
        }
        let mut values = input.update_data.check()?;
        if let Some(order) = &input.update_data.track_order {
            values.remove(TRACK_ORDER);
            let stored = catalog.stored_release(table, &release_id).await?;
            let stored = stored.items.into_iter().next().unwrap_or_default();
            let tracks = in_order(stored, &release_id, order, input.expected_version)?;
            values.insert("tracks".to_owned(), Value::Array(tracks));
        }
        // Whoever was faster has another version by now, so that the tracks that were read here are not written.
        let update = update(input.expected_version, values, &context);
        let answer = catalog.update_release(table, &release_id, update).await?;
        Ok(told(table, &input.release_id, answer))
    }
}

/// What a change that was made is answered with.
pub(super) fn told(table: &str, id: &str, answer: ChangedRelease) -> Rows {
    match answer {
        ChangedRelease::Record(release) => Rows::changed(table, &release),
        ChangedRelease::Unreadable { version, detail } => {
            let row = json!({ "releaseId": id, "version": version });
            Rows { notice: Some(made_but_unreadable(id, version, &detail)), ..Rows::changed(table, &row) }
        }
    }
}

/// Refuses the number of another release of the catalogue: each product has its own. Two changes at the same moment
/// are not seen here, but by the check before delivery.
async fn unused<T: FromStr + PartialEq>(
    field: &str,
    number: &str,
    own: &ReleaseId,
    of: impl Fn(&Release) -> Option<&str>,
    context: &Context,
) -> Result<(), ToolError> {
    let releases = context.catalog.releases().await?;
    let Ok(wanted) = number.parse::<T>() else { return Ok(()) };
    let has_it = |release: &&Release| {
        release.release_id != *own
            && of(release).and_then(|known| known.parse::<T>().ok()).is_some_and(|known| known == wanted)
    };
    let Some(other) = releases.iter().find(has_it) else { return Ok(()) };
    let message = format!("this is the number of {}; each product has one of its own", whose(other, context));
    Err(ToolError::field(format!("updateData.{field}"), message))
}

/// What another release is called, as far as that may be told.
pub(super) fn whose(other: &Release, context: &Context) -> String {
    if context.scope.covers(&other.artist_id) {
        format!("“{}” ({})", other.title, other.release_id)
    } else {
        "a release of another artist".to_owned()
    }
}

/// Refuses a contract of another artist: whoever may change a release would learn from its check what that says.
fn of_artist(contract: &str, release: &Release) -> Result<(), ToolError> {
    let artist = release.artist_id.as_str();
    if ownership::by_name(Some(BucketRole::Contracts), contract) == Some(artist) {
        return Ok(());
    }
    let message = format!("name a contract in the folder of the artist of this release: {artist}/…");
    Err(ToolError::field("updateData.contract", message))
}

/// That a change is made must not look like a failure, or it is made once more.
fn made_but_unreadable(id: &str, version: u32, detail: &str) -> String {
    format!(
        "The change was made: the release {id:?} now has version {version}. Its record is stored in a form \
         that Patchline cannot read, so it is not shown here: {detail}. Do not repeat the change; tell an \
         admin of the record."
    )
}

impl Tool for UpdateReleaseData {
    const SERVER: Server = Server::DynamoDb;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Update a release";
    const DESCRIPTION: &'static str = "Changes attributes of a release and answers with the new record. \
        Nothing is changed when somebody else has changed the release since the version you name.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        choices::offer_tables(schema, TableRole::Releases, catalog);
    }
}
