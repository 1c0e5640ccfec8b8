//! Views of the list of artists that a person keeps: one item for each person in the table of settings.

use super::shelf::{self, Shelf};
use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, Counted};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::saved_view::{MAX_SAVED_VIEWS, MAX_VIEW_NAME, MAX_VIEW_QUERY, SavedView};
use crate::model::tool::AwsResource;
use serde::{Deserialize, Serialize};

/// What a person keeps.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Saved {
    version: u32,
    views: Vec<SavedView>,
}

impl Counted for Saved {
    const WHAT: &'static str = "list of saved views";

    fn version(&mut self) -> &mut u32 {
        &mut self.version
    }
}

impl Shelf for Saved {
    type Thing = SavedView;

    const SETTING: &'static str = "savedArtistViews";

    fn things(&mut self) -> &mut Vec<SavedView> {
        &mut self.views
    }

    fn name(view: &SavedView) -> &str {
        &view.name
    }

    fn check(views: &[SavedView]) -> Result<(), ToolError> {
        if views.len() > MAX_SAVED_VIEWS {
            let message = format!("at most {MAX_SAVED_VIEWS} views are kept; remove some first");
            return Err(ToolError::field("name", message));
        }
        Ok(())
    }
}

/// The views that the caller keeps, by name. The list is as good without them, so it does not fail with them.
pub(super) async fn kept_views(context: &Context) -> Vec<SavedView> {
    shelf::list::<Saved>(context).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "the views that somebody keeps cannot be read");
        Vec::new()
    })
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
        shelf::check_name("name", &view.name, MAX_VIEW_NAME)?;
        // It becomes part of an address of this list and nothing else.
        if view.query.len() > MAX_VIEW_QUERY || view.query.contains(|c: char| c == '#' || c.is_control()) {
            let message = format!("filters as the address says them are needed, {MAX_VIEW_QUERY} characters");
            return Err(ToolError::field("query", message));
        }
        Ok(vec![choices::dynamodb("PutItem", SETTINGS_TABLE)])
    }

    async fn run(view: SavedView, context: Context) -> Result<Vec<SavedView>, ToolError> {
        let view = SavedView { name: view.name.trim().to_owned(), ..view };
        shelf::keep::<Saved>(&context, view).await
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
        shelf::remove::<Saved>(&context, &name).await
    }
}
