//! Finds artists and releases by a part of a name or id, while somebody types.

use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::names::folded;
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::tool::AwsResource;
use serde::Serialize;

/// What is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum NameKind {
    /// Artists.
    Artists,
    /// Releases.
    Releases,
}

/// What is typed.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FindNamesInput {
    /// What is looked for.
    pub kind: NameKind,
    /// A part of a name, or the beginning of an id; empty for any.
    pub search: String,
    /// How many at most.
    pub most: u32,
}

/// Something that was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// Its id.
    pub id: String,
    /// Its name or title.
    pub name: String,
}

/// Finds names.
pub struct FindNames;

impl Operation for FindNames {
    const NAME: &'static str = "find_names";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = FindNamesInput;
    type Output = Vec<Named>;

    fn resources(input: &FindNamesInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let role = match input.kind {
            NameKind::Artists => TableRole::Artists,
            NameKind::Releases => TableRole::Releases,
        };
        Ok(vec![choices::dynamodb("Scan", catalog.table(role))])
    }

    async fn run(input: FindNamesInput, context: Context) -> Result<Vec<Named>, ToolError> {
        let catalog = &context.catalog;
        let all: Vec<(String, String)> = match input.kind {
            NameKind::Artists => {
                let artists = catalog.artists().await?;
                let shown = context.scope.of(&artists, |artist| &artist.artist_id);
                shown.iter().map(|artist| (artist.artist_id.to_string(), artist.name.clone())).collect()
            }
            NameKind::Releases => {
                let releases = catalog.releases().await?;
                let shown = context.scope.of(&releases, |release| &release.artist_id);
                shown.iter().map(|release| (release.release_id.to_string(), release.title.clone())).collect()
            }
        };
        let search = folded(input.search.trim());
        let fits = |(id, name): &(String, String)| id.starts_with(&search) || folded(name).contains(&search);
        let most = usize::try_from(input.most).unwrap_or(usize::MAX);
        Ok(all.into_iter().filter(fits).take(most).map(|(id, name)| Named { id, name }).collect())
    }
}
