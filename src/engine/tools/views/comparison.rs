//! Artists side by side as a page shows them: what the tool says, and their streams on one scale.

use crate::engine::catalog::Catalog;
use crate::engine::tools::music::{CompareArtists, CompareArtistsInput, Label};
use crate::engine::tools::{Class, Context, Effect, Operation, Subject, ToolError};
use crate::model::analysis::ComparedArtists;
use crate::model::identifier::ArtistId;
use crate::model::performance::Line;
use crate::model::tool::AwsResource;
use crate::music::analysis::weekly::{indexed, weekly_means, weeks};

/// So many weeks are drawn: those that are at hand.
const WEEKS: i32 = 14;

/// Artists side by side, and who resembles an artist.
pub struct ViewComparison;

impl Operation for ViewComparison {
    const NAME: &'static str = "view_comparison";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    const SCOPED: bool = CompareArtists::SCOPED;
    type Input = CompareArtistsInput;
    type Output = ComparedArtists;

    fn resources(input: &CompareArtistsInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        CompareArtists::resources(input, catalog)
    }

    fn subject(input: &CompareArtistsInput) -> Subject {
        CompareArtists::subject(input)
    }

    async fn run(input: CompareArtistsInput, context: Context) -> Result<ComparedArtists, ToolError> {
        let label = Label::read(&context.catalog).await?;
        let comparison = CompareArtists::run(input, context).await?;
        let Some(to) = label.as_of else {
            return Ok(ComparedArtists { comparison, weeks: Vec::new(), lines: Vec::new() });
        };
        let weeks = weeks(to, WEEKS);
        let line = |artist: &crate::model::analysis::ComparedArtist| {
            let id = artist.artist_id.parse::<ArtistId>().ok()?;
            let values = indexed(&weekly_means(label.streams(&id)?, &weeks));
            Some(Line { name: artist.name.clone(), values, before: false })
        };
        let lines = comparison.artists.iter().filter_map(line).collect();
        Ok(ComparedArtists { comparison, weeks, lines })
    }
}
