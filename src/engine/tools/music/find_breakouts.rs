//! `find_breakouts`: which artists grow clearly faster than others like them, and what may be behind it.

use super::counted;
use super::genre_trends::{breakouts_at, nobody_known, nobody_of};
use super::label::Label;
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::analysis::BreakoutArtists;
use crate::model::analytics::Freshness;
use crate::model::artist::Artist;
use crate::model::tool::AwsResource;
use crate::music::analysis::momentum::{EARLIER_DAYS, NEWEST_DAYS};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Among whom.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct BreakoutsInput {
    /// Only artists of this genre, in lower case. Without it, all artists.
    #[schemars(title = "Genre", length(min = 1, max = 60))]
    pub genre: Option<String>,
}

/// Finds the artists who break out.
pub struct FindBreakouts;

impl Operation for FindBreakouts {
    const NAME: &'static str = "find_breakouts";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = BreakoutsInput;
    type Output = BreakoutArtists;

    fn resources(_: &BreakoutsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("Query", catalog.table(TableRole::Analytics)),
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
        ])
    }

    async fn run(input: BreakoutsInput, context: Context) -> Result<BreakoutArtists, ToolError> {
        let (catalog, scope) = (&context.catalog, &context.scope);
        let label = Label::read(catalog).await?;
        let table = catalog.table(TableRole::Analytics);
        let genre = input.genre.as_deref().map(|genre| genre.trim().to_lowercase());
        let of_genre = |artist: &&Artist| genre.as_ref().is_none_or(|genre| artist.genre == *genre);
        let wanted: Vec<&Artist> = label.artists.iter().filter(of_genre).collect();
        let shown: Vec<&Artist> =
            wanted.iter().copied().filter(|artist| scope.covers(&artist.artist_id)).collect();
        let mut answer = BreakoutArtists {
            breakouts: Vec::new(),
            momentum_known: 0,
            looked_at: counted(shown.len()),
            freshness: Freshness {
                as_of: label.as_of,
                source: format!(
                    "table {table}, streams of the newest {NEWEST_DAYS} days against the {EARLIER_DAYS} before, all \
                     artists"
                ),
                sample: label.artists.iter().any(|artist| artist.sample),
            },
            notes: Vec::new(),
        };
        let Some(newest) = label.as_of else {
            answer.notes.push("There are no figures yet.".to_owned());
            return Ok(answer);
        };
        if wanted.is_empty() {
            answer.notes.push(nobody_of(genre.as_deref().unwrap_or_default(), &label, scope));
            return Ok(answer);
        }
        (answer.breakouts, answer.momentum_known) = breakouts_at(&label, &shown, newest);
        if answer.momentum_known == 0 {
            answer.notes.push(nobody_known());
        } else if answer.momentum_known < answer.looked_at {
            let unknown = answer.looked_at - answer.momentum_known;
            answer.notes.push(format!("Of {unknown} artists there are too few figures to tell."));
        }
        answer.notes.push(
            "Growth is compared with artists of this label only, not with others in the world. A sudden rise is \
             also what bought streams look like: ask assess_stream_authenticity before money is spent on it."
                .to_owned(),
        );
        Ok(answer)
    }
}

impl Tool for FindBreakouts {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Find artists who break out";
    const DESCRIPTION: &'static str = "Says which artists of the label, or of one genre, grow clearly faster than \
        their peers of the same stage, by how much, among how many, and what was logged lately that may be behind \
        it.";
}
