//! Plans around a release.

use super::{Call, Draft};
use crate::engine::supervisor::understand::Understood;
use crate::model::identifier::{ArtistId, ReleaseId};
use crate::model::task::Problem;

const PROMOTE: &str = "plan_promotion";
const RECOMMEND: &str = "recommend_release_date";

fn release(understood: &Understood) -> Option<&str> {
    understood.releases.first().map(ReleaseId::as_str)
}

fn record(understood: &Understood, draft: &mut Draft<'_>) {
    if let Some(release) = release(understood) {
        draft.add(Call::of("query_release_data", "Look up the release").with("releaseId", release));
    }
}

/// How a release does.
pub(super) fn insights(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let call = Call::of("generate_release_insights", "Compare the release with the artist's own past");
    draft.need(call.with_some("releaseId", release(understood)))?;
    record(understood, draft);
    if let Some(artist) = understood.artists.first() {
        let call = Call::of("analyze_artist_performance", "Analyse the artist's figures");
        draft.add(call.with("artistId", artist.as_str()));
    }
    Ok(())
}

/// The best day for a release.
pub(super) fn date(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let call = Call::of(RECOMMEND, "Weigh the days");
    // The release tells the artist, and only one of both is asked for.
    let call = match (release(understood), understood.artists.first().map(ArtistId::as_str)) {
        (Some(release), _) => call.with("releaseId", release),
        (None, artist) => call.with_some("artistId", artist),
    };
    let call = call
        .with_some("earliest", understood.period.map(|period| period.from.to_string()))
        .with_some("latest", understood.period.map(|period| period.to.to_string()));
    draft.need(call)?;
    record(understood, draft);
    draft.add(super::rules("How long before the release day must a release be delivered and pitched?"));
    Ok(())
}

/// How many singles the words ask for: `4 singles`, `three singles`.
fn singles(topic: &str) -> Option<u32> {
    const NUMBERS: [&str; 10] =
        ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"];
    let lower = topic.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.windows(2).filter(|pair| pair[1] == "singles").find_map(|pair| {
        let said = NUMBERS.iter().position(|name| *name == pair[0]).and_then(|at| u32::try_from(at + 1).ok());
        said.or_else(|| pair[0].parse().ok()).filter(|count| (1..=10).contains(count))
    })
}

/// Which songs to release before an album.
pub(super) fn waterfall(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let call = Call::of(PROMOTE, "Plan the singles before the album");
    draft.need(
        call.with_some("releaseId", release(understood))
            .with("kind", "waterfall")
            .with_some("singles", singles(&understood.topic)),
    )?;
    record(understood, draft);
    let call = Call::of(RECOMMEND, "Weigh the days for the album");
    draft.add(call.with_some("releaseId", release(understood)));
    draft.add(super::rules(
        "What are the rules for waterfall releases and the ISRC of a track that is released again?",
    ));
    Ok(())
}

/// How to promote a release.
pub(super) fn promotion(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let call = Call::of(PROMOTE, "Plan the promotion and write the pitch");
    draft.need(call.with_some("releaseId", release(understood)).with("kind", "promotion"))?;
    record(understood, draft);
    draft.add(super::rules("When and how is a release pitched to the editors of playlists?"));
    Ok(())
}
