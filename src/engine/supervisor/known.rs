//! What there is to be understood by name: artists and releases that somebody may see, and no others.

use super::Shared;
use super::understand::{Known, KnownArtist, KnownRelease};
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::tool::AwsResource;
use serde::Serialize;

/// Nothing is asked.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct ListKnownNamesInput {}

/// Lists the names that a task may mean.
pub(super) struct ListKnownNames;

impl Operation for ListKnownNames {
    const NAME: &'static str = "list_known_names";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = true;
    type Input = ListKnownNamesInput;
    type Output = Known;

    fn resources(_: &ListKnownNamesInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let tables = [TableRole::Artists, TableRole::Releases].map(|role| catalog.table(role));
        Ok(tables.into_iter().map(|table| super::operations::dynamodb("Scan", table)).collect())
    }

    async fn run(_: ListKnownNamesInput, context: Context) -> Result<Known, ToolError> {
        let catalog = &context.catalog;
        let (artists, releases) = (catalog.artists().await?, catalog.releases().await?);
        let artists = artists.iter().filter(|artist| context.scope.covers(&artist.artist_id));
        let artists: Vec<_> = artists
            .map(|artist| KnownArtist {
                artist_id: artist.artist_id.clone(),
                name: artist.name.clone(),
                told_apart: artist
                    .disambiguation
                    .clone()
                    .unwrap_or_else(|| format!("{}, {}", artist.genre, artist.country)),
                genre: artist.genre.clone(),
            })
            .collect();
        let releases = releases.iter().filter(|release| context.scope.covers(&release.artist_id));
        let releases = releases.map(|release| KnownRelease {
            release_id: release.release_id.clone(),
            title: release.title.clone(),
            artist_id: release.artist_id.clone(),
            release_date: Some(release.release_date),
        });
        let mut genres: Vec<_> = artists.iter().map(|artist| artist.genre.clone()).collect();
        genres.sort_unstable();
        genres.dedup();
        let today = context.now.to_zoned(catalog.time_zone.clone()).date();
        Ok(Known { artists, releases: releases.collect(), genres, today })
    }
}

impl Shared {
    /// What somebody's words may mean. Whoever may see no names has none.
    pub(super) async fn known(&self, who: &Principal, origin: &Origin) -> Result<Known, CallError> {
        let own = Origin { session: origin.session.clone(), ..Origin::new(origin.channel, origin.address) };
        match self.gateway.call::<ListKnownNames>(who, &own, ListKnownNamesInput {}).await {
            Ok(answer) => Ok(answer.output),
            Err(error) if error.kind == CallErrorKind::Forbidden => Ok(Known {
                artists: Vec::new(),
                releases: Vec::new(),
                genres: Vec::new(),
                today: jiff::Timestamp::now().to_zoned(self.catalog.time_zone.clone()).date(),
            }),
            Err(error) => Err(error),
        }
    }
}
