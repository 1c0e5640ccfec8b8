//! Views of the list of artists that a person keeps: one item for each person in the table of settings.

use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::saved_view::{MAX_SAVED_VIEWS, MAX_VIEW_NAME, MAX_VIEW_QUERY, SavedView};
use crate::model::tool::AwsResource;
use serde::{Deserialize, Serialize};

/// How often a change is tried when somebody else changes the same item.
const TRIES: u32 = 4;

/// What a person keeps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Saved {
    version: u32,
    views: Vec<SavedView>,
}

impl Saved {
    async fn read(catalog: &Catalog, owner: &str) -> Result<Option<Self>, CatalogError> {
        catalog.setting(&setting(owner)).await
    }

    /// Changes what a person keeps, also when another tab changes it at the same moment.
    async fn change(
        context: &Context,
        change: impl Fn(&mut Vec<SavedView>) -> Result<(), ToolError>,
    ) -> Result<Vec<SavedView>, ToolError> {
        let (catalog, owner) = (&context.catalog, &context.owner);
        let mut tries = 0;
        loop {
            let read = Self::read(catalog, owner).await?;
            let version = read.as_ref().map(|saved| saved.version);
            let mut saved = read.unwrap_or_default();
            change(&mut saved.views)?;
            saved.version += 1;
            tries += 1;
            match catalog.replace_setting("list of saved views", &setting(owner), &saved, version).await {
                Ok(()) => return Ok(saved.views),
                Err(CatalogError::Conflict { .. }) if tries < TRIES => {}
                Err(error) => return Err(error.into()),
            }
        }
    }
}

fn setting(owner: &str) -> String {
    format!("savedArtistViews#{owner}")
}

/// The views of the list of artists that the caller keeps, by name.
pub struct ListArtistViews;

impl Operation for ListArtistViews {
    const NAME: &'static str = "list_artist_views";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ();
    type Output = Vec<SavedView>;

    fn resources((): &(), _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("GetItem", SETTINGS_TABLE)])
    }

    async fn run((): (), context: Context) -> Result<Vec<SavedView>, ToolError> {
        let saved = Saved::read(&context.catalog, &context.owner).await?;
        Ok(saved.unwrap_or_default().views)
    }
}

/// Keeps a view; one of the same name is replaced.
pub struct SaveArtistView;

impl Operation for SaveArtistView {
    const NAME: &'static str = "save_artist_view";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = SavedView;
    type Output = Vec<SavedView>;

    fn resources(view: &SavedView, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let name = view.name.trim();
        if name.is_empty() || name.chars().count() > MAX_VIEW_NAME || name.chars().any(char::is_control) {
            let message = format!("a name of 1 to {MAX_VIEW_NAME} characters is needed");
            return Err(ToolError::field("name", message));
        }
        // It becomes part of an address of this list and nothing else.
        if view.query.len() > MAX_VIEW_QUERY || view.query.contains(|c: char| c == '#' || c.is_control()) {
            let message = format!("filters as the address says them are needed, {MAX_VIEW_QUERY} characters");
            return Err(ToolError::field("query", message));
        }
        Ok(vec![choices::dynamodb("PutItem", SETTINGS_TABLE)])
    }

    async fn run(view: SavedView, context: Context) -> Result<Vec<SavedView>, ToolError> {
        let view = SavedView { name: view.name.trim().to_owned(), ..view };
        Saved::change(&context, |views| {
            views.retain(|kept| kept.name != view.name);
            views.push(view.clone());
            views.sort_by(|a, b| a.name.cmp(&b.name));
            if views.len() > MAX_SAVED_VIEWS {
                let message = format!("at most {MAX_SAVED_VIEWS} views are kept; remove some first");
                return Err(ToolError::field("name", message));
            }
            Ok(())
        })
        .await
    }
}

/// Removes a view that the caller keeps. One that is not there is as good as removed.
pub struct RemoveArtistView;

impl Operation for RemoveArtistView {
    const NAME: &'static str = "remove_artist_view";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = String;
    type Output = Vec<SavedView>;

    fn resources(_: &String, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![choices::dynamodb("PutItem", SETTINGS_TABLE)])
    }

    async fn run(name: String, context: Context) -> Result<Vec<SavedView>, ToolError> {
        Saved::change(&context, |views| {
            views.retain(|kept| kept.name != name);
            Ok(())
        })
        .await
    }
}
