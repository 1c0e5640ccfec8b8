//! Keeping new calls away from a server or one of its replicas, and letting them back: one item in the table
//! of settings, which every instance reads.

use crate::engine::catalog::schema::SETTINGS_TABLE;
use crate::engine::catalog::{Catalog, CatalogError, Counted};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::fleet::Drained;
use crate::model::tool::AwsResource;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The name of the item.
const SETTING: &str = "drainedServers";

/// The servers that are drained.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Drains {
    version: u32,
    /// Who drained each, and since when.
    pub servers: BTreeMap<String, Drained>,
    /// The same of single replicas, by server and by the replica's id.
    #[serde(default)]
    pub replicas: BTreeMap<String, BTreeMap<String, Drained>>,
}

/// What is drained: a server, or one replica of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Drainable {
    /// The server.
    pub server: String,
    /// The id of the replica; none for the server with all its replicas.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replica: Option<String>,
}

impl Counted for Drains {
    const WHAT: &'static str = "list of drained servers";

    fn version(&mut self) -> &mut u32 {
        &mut self.version
    }
}

impl Drains {
    /// What is stored.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn read(catalog: &Catalog) -> Result<Self, CatalogError> {
        Ok(catalog.setting::<Self>(SETTING).await?.unwrap_or_default())
    }

    /// Whether this was read before the other, so that it must not take its place.
    pub fn is_older_than(&self, other: &Self) -> bool {
        self.version < other.version
    }

    async fn change(catalog: &Catalog, change: impl Fn(&mut Self)) -> Result<Self, ToolError> {
        catalog
            .change_setting::<Self, ToolError>(SETTING, |drains| {
                change(drains);
                Ok(())
            })
            .await
    }
}

fn resources() -> Vec<AwsResource> {
    vec![choices::dynamodb("PutItem", SETTINGS_TABLE)]
}

/// Keeps new calls away. What is drained already stays as it is.
pub struct DrainServer;

impl Operation for DrainServer {
    const NAME: &'static str = "drain_server";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = Drainable;
    type Output = Drains;

    fn resources(_: &Drainable, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources())
    }

    async fn run(input: Drainable, context: Context) -> Result<Drains, ToolError> {
        let since = context.now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let drained = Drained { by: context.actor.clone(), since };
        Drains::change(&context.catalog, |drains| {
            let place = match &input.replica {
                None => drains.servers.entry(input.server.clone()),
                Some(replica) => {
                    drains.replicas.entry(input.server.clone()).or_default().entry(replica.clone())
                }
            };
            place.or_insert_with(|| drained.clone());
        })
        .await
    }
}

/// Lets calls back. What is not drained stays as it is.
pub struct EnableServer;

impl Operation for EnableServer {
    const NAME: &'static str = "enable_server";
    const EFFECT: Effect = Effect::Replaces;
    const CLASS: Class = Class::Page;
    type Input = Drainable;
    type Output = Drains;

    fn resources(_: &Drainable, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(resources())
    }

    async fn run(input: Drainable, context: Context) -> Result<Drains, ToolError> {
        Drains::change(&context.catalog, |drains| match &input.replica {
            None => drop(drains.servers.remove(&input.server)),
            Some(replica) => {
                if let Some(replicas) = drains.replicas.get_mut(&input.server) {
                    replicas.remove(replica);
                }
                drains.replicas.retain(|_, replicas| !replicas.is_empty());
            }
        })
        .await
    }
}
