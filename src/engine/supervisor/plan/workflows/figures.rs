//! Plans over the label's daily figures.

use super::{Call, Draft, MOST_ARTISTS, Tools};
use crate::engine::supervisor::understand::{Period, Understood};
use crate::model::identifier::ArtistId;
use crate::model::task::Problem;

const ANALYSE: &str = "analyze_artist_performance";
const COMPARE: &str = "compare_artists";
const TRENDS: &str = "identify_genre_trends";
const REPORT: &str = "generate_weekly_report";
const SCAN: &str = "scan_analytics_data";

/// How many artists like one are looked at beside it.
const SIMILAR: u32 = 3;

/// The fewest and the most days of which trends are looked for: fewer prove nothing.
const LEAST_DAYS: i32 = 56;
const MOST_DAYS: i32 = 120;

/// The most rows that one call reads.
const MOST_ROWS: u32 = 1000;

fn dated(call: Call, understood: &Understood) -> Call {
    let day = |period: Option<Period>, last: bool| {
        period.map(|period| if last { period.to.to_string() } else { period.from.to_string() })
    };
    call.with_some("from", day(understood.period, false))
        .with_some("to", day(understood.period, true))
        .with_some("compareFrom", day(understood.before, false))
        .with_some("compareTo", day(understood.before, true))
}

/// The daily rows of an artist: all that can be read where the analysis is not there.
fn rows(artist: &ArtistId, understood: &Understood) -> Call {
    let from = understood.before.or(understood.period).map(|period| period.from);
    let to = understood.period.map(|period| period.to);
    let days = match (from, to) {
        (Some(from), Some(to)) => format!(r#" AND date BETWEEN "{from}" AND "{to}""#),
        _ => String::new(),
    };
    Call::of(SCAN, "Read the daily figures")
        .with("filterExpression", format!(r#"artistId = "{artist}"{days}"#))
        .with("limit", MOST_ROWS)
}

/// The analysis of each artist, or their rows where it is not there. Of a territory that is named it tells the streams.
fn analysed(understood: &Understood, tools: &Tools<'_>, draft: &mut Draft<'_>) -> Result<(), Problem> {
    for artist in understood.artists.iter().take(MOST_ARTISTS) {
        if tools.has(ANALYSE) || !tools.has(SCAN) {
            let call = Call::of(ANALYSE, "Analyse the artist's figures").with("artistId", artist.as_str());
            let call = call.with_some("territory", understood.territory.clone());
            draft.need(dated(call, understood))?;
        } else {
            draft.need(rows(artist, understood))?;
        }
    }
    Ok(())
}

fn who(understood: &Understood, draft: &mut Draft<'_>) {
    for artist in understood.artists.iter().take(MOST_ARTISTS) {
        draft.add(Call::of("query_artist_data", "Look up the artist").with("artistId", artist.as_str()));
    }
}

fn recent_releases(understood: &Understood, draft: &mut Draft<'_>) {
    if let [artist] = understood.artists.as_slice() {
        let call = Call::of("query_release_data", "Look up the artist's releases");
        draft.add(call.with("artistId", artist.as_str()).with("limit", 10));
    }
}

/// Signs are looked for in all territories together; the rows have each of them.
fn by_territory(understood: &Understood, tools: &Tools<'_>, draft: &mut Draft<'_>) {
    if understood.territory.is_some() && tools.has(ANALYSE) {
        for artist in understood.artists.iter().take(MOST_ARTISTS) {
            draft.add(rows(artist, understood));
        }
    }
}

fn beside_others(understood: &Understood, draft: &mut Draft<'_>) {
    if let [artist] = understood.artists.as_slice() {
        let call = Call::of(COMPARE, "Compare with artists like this one");
        draft.add(call.with("artistId", artist.as_str()).with("similar", SIMILAR));
    }
}

/// How an artist does.
pub(super) fn performance(
    understood: &Understood,
    tools: &Tools<'_>,
    draft: &mut Draft<'_>,
) -> Result<(), Problem> {
    analysed(understood, tools, draft)?;
    who(understood, draft);
    recent_releases(understood, draft);
    Ok(())
}

/// Why figures changed.
pub(super) fn change(
    understood: &Understood,
    tools: &Tools<'_>,
    draft: &mut Draft<'_>,
) -> Result<(), Problem> {
    analysed(understood, tools, draft)?;
    beside_others(understood, draft);
    recent_releases(understood, draft);
    Ok(())
}

/// Whether streams are real: rows alone do not tell, so the analysis is needed.
pub(super) fn authenticity(
    understood: &Understood,
    tools: &Tools<'_>,
    draft: &mut Draft<'_>,
) -> Result<(), Problem> {
    for artist in understood.artists.iter().take(MOST_ARTISTS) {
        let call =
            Call::of(ANALYSE, "Look for signs of artificial streams").with("artistId", artist.as_str());
        draft.need(dated(call, understood))?;
    }
    beside_others(understood, draft);
    by_territory(understood, tools, draft);
    draft.add(super::rules("What counts as artificial streaming, and what do stores do about it?"));
    Ok(())
}

/// An artist beside others.
pub(super) fn comparison(
    understood: &Understood,
    tools: &Tools<'_>,
    draft: &mut Draft<'_>,
) -> Result<(), Problem> {
    let artists: Vec<&str> = understood.artists.iter().take(MOST_ARTISTS).map(ArtistId::as_str).collect();
    match artists.as_slice() {
        [one] => {
            let call = Call::of(COMPARE, "Find artists like this one and compare");
            draft.need(call.with("artistId", *one).with("similar", SIMILAR))?;
        }
        // Each alone can still be laid beside the others.
        several if !tools.has(COMPARE) && tools.has(ANALYSE) && !several.is_empty() => {
            analysed(understood, tools, draft)?;
        }
        several => {
            let call = Call::of(COMPARE, "Compare the artists");
            draft.need(call.with("artistIds", several.to_vec()))?;
        }
    }
    who(understood, draft);
    Ok(())
}

/// What genres do, and who breaks out.
pub(super) fn trends(understood: &Understood, draft: &mut Draft<'_>) -> Result<(), Problem> {
    let days = understood.period.map(|period| (period.to - period.from).get_days() + 1);
    if let Some(asked) = days.filter(|days| !(LEAST_DAYS..=MOST_DAYS).contains(days)) {
        let looked_at = asked.clamp(LEAST_DAYS, MOST_DAYS);
        draft.leave_out(format!(
            "{asked} days were asked for, and trends are looked for in {LEAST_DAYS} to {MOST_DAYS}: these are the \
             last {looked_at}."
        ));
    }
    let days = days.map(|days| days.clamp(LEAST_DAYS, MOST_DAYS));
    let call = Call::of(TRENDS, "Look for trends and artists who break out")
        .with_some("genre", understood.genre.clone())
        .with_some("territory", understood.territory.clone())
        .with_some("byTerritory", understood.by_territory.then_some(true))
        .with_some("days", days);
    draft.need(call)?;
    Ok(())
}

/// The label's week: whatever may be seen, side by side.
pub(super) fn week(understood: &Understood, tools: &Tools<'_>, draft: &mut Draft<'_>) {
    let week = understood.period.map(|period| period.to.to_string());
    let report = Call::of(REPORT, "Write the week on one page").with_some("week", week);
    if draft.need(report).is_ok() {
        if tools.has("query_database") {
            super::ledger::balances(draft);
        }
        return;
    }
    let trends = draft.add(Call::of(TRENDS, "Look for trends and artists who break out"));
    let days =
        understood.period.map(|period| format!(r#"date BETWEEN "{}" AND "{}""#, period.from, period.to));
    // Rows of the week only where nothing tells what they mean.
    if let Some(days) = days.filter(|_| trends.is_none()) {
        let call = Call::of(SCAN, "Read the week's daily figures").with("filterExpression", days);
        draft.add(call.with("limit", MOST_ROWS));
    }
    draft.add(Call::of("query_release_data", "Look up the releases").with("limit", 20));
    if tools.has("query_database") {
        super::ledger::balances(draft);
    }
    draft.add(super::records::metric("Errors", "Count what failed"));
}
