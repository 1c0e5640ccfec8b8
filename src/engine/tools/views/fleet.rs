//! The fleet with its history, for the page of health.

use super::{Approvals, fleet_history};
use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::fleet::{FleetView, Standing};
use crate::model::tool::AwsResource;
use futures::future::join_all;
use serde::Serialize;

/// What is asked for.
#[derive(Debug, Clone, Serialize)]
pub struct ViewFleetInput {
    /// Only this server.
    pub server: Option<String>,
    /// What this instance knows already: everything but the history.
    #[serde(skip)]
    pub seen: FleetView,
}

/// The fleet, or one server of it, with the history of the last days. A history that cannot be read is
/// said, and the rest is shown: this page is needed most when a table is away.
pub struct ViewFleet;

impl Operation for ViewFleet {
    const NAME: &'static str = "view_fleet";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ViewFleetInput;
    type Output = FleetView;

    fn resources(input: &ViewFleetInput, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        if let Some(id) = &input.server
            && !input.seen.servers.iter().any(|server| server.id == *id)
        {
            return Err(CatalogError::NotFound { what: "server", id: id.clone() }.into());
        }
        Ok(vec![choices::dynamodb("GetItem", SETTINGS_TABLE)])
    }

    async fn run(input: ViewFleetInput, context: Context) -> Result<FleetView, ToolError> {
        let mut view = input.seen;
        if let Some(id) = input.server {
            view.servers.retain(|server| server.id == id);
        }
        let catalog = &context.catalog;
        let read = view.servers.iter().map(|server| fleet_history::read(catalog, &server.id));
        let read = join_all(read).await;
        for (server, history) in view.servers.iter_mut().zip(read) {
            match history {
                Ok(days) => server.history = days,
                Err(error) => view.history_trouble = Some(error.to_string()),
            }
        }
        for server in &mut view.servers {
            for review in server.reviews.iter_mut().filter(|review| review.standing == Standing::Changed) {
                review.before = Approvals::definition(catalog, &server.id, &review.tool).await?;
            }
        }
        Ok(view)
    }
}
