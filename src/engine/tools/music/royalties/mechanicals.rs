//! What is owed to writers for copies (CD, vinyl, download) in the US, by the dated rates of the knowledge base.

use super::views::Money;
use crate::engine::catalog::Catalog;
use crate::engine::knowledge::entry::{Confidence, Entry};
use crate::engine::tools::ToolError;
use crate::engine::tools::music::planning::rules::Shelf;
use crate::model::release::Track;
pub use crate::model::royalties::{MechanicalLine, MechanicalRates, Mechanicals};
use crate::music::royalty::mechanical::{HundredthsOfCent, Rates, owed};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The series of rates for a work and for a minute.
const WORK: &str = "us-mechanical-work";
const MINUTE: &str = "us-mechanical-minute";

/// The most tracks that are asked about.
const MOST_TRACKS: usize = 200;

/// The most copies.
const MOST_UNITS: u64 = 1_000_000_000;

/// The longest track, in seconds: a day.
const LONGEST: u32 = 86_400;

/// Copies that are made or sold.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(inline)]
pub struct MechanicalsInput {
    /// How many copies.
    #[schemars(title = "Copies", range(min = 1, max = MOST_UNITS))]
    pub units: u64,
    /// The tracks on each copy.
    #[schemars(title = "Tracks", length(min = 1, max = MOST_TRACKS))]
    pub tracks: Vec<MechanicalTrack>,
    /// The year in which they are made and distributed.
    #[schemars(title = "Year", range(min = 1900, max = 2100))]
    pub year: i16,
}

/// A track: by its ISRC in the catalogue, or by its length.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(inline)]
pub struct MechanicalTrack {
    /// The ISRC of a track in the catalogue.
    #[schemars(title = "ISRC", length(min = 12, max = 15))]
    pub isrc: Option<String>,
    /// Its length in seconds, where it is not in the catalogue.
    #[schemars(title = "Seconds", range(min = 1, max = LONGEST))]
    pub seconds: Option<u32>,
}

/// Works it out.
pub(super) async fn mechanicals(
    input: &MechanicalsInput,
    catalog: &Catalog,
) -> Result<(Mechanicals, Vec<&'static str>), ToolError> {
    let first = Date::new(input.year, 1, 1)
        .map_err(|error| ToolError::field("mechanicals.year", format!("this is no year: {error}")))?;
    let shelf = Shelf::of(first)?;
    let (work, minute) = (shelf.row(WORK), shelf.row(MINUTE));
    let rates = rates(work, minute);
    let tracks = tracks(input, catalog).await?;
    let lines: Vec<MechanicalLine> = tracks.iter().map(|track| line(track, rates)).collect();
    let per_copy: Option<u64> = rates.map(|rates| {
        tracks.iter().map(|track| owed(rates, track.seconds).amount.0).fold(0, u64::saturating_add)
    });
    let total = per_copy.map(|hundredths| total(hundredths, input.units)).transpose()?;
    let cited = [work, minute].into_iter().flatten().map(|entry| entry.id.as_str());
    let found = Mechanicals {
        year: input.year,
        units: input.units,
        rates: rates.zip(work.zip(minute)).map(|(rates, (work, minute))| MechanicalRates {
            work_cents: rates.work.cents(),
            minute_cents: rates.minute.cents(),
            work_source: work.id.clone(),
            minute_source: minute.id.clone(),
        }),
        lines,
        per_copy_cents: per_copy.map(|hundredths| HundredthsOfCent(hundredths).cents()),
        total,
        reason: reason(input.year, work, minute),
    };
    Ok((found, cited.chain(["mechanical-larger-of"]).collect()))
}

/// Both rates; none where a row or its value is missing.
fn rates(work: Option<&Entry>, minute: Option<&Entry>) -> Option<Rates> {
    let cents = |row: Option<&Entry>| HundredthsOfCent::from_cents(row?.amount.as_ref()?.value);
    Some(Rates { work: cents(work)?, minute: cents(minute)? })
}

fn reason(year: i16, work: Option<&Entry>, minute: Option<&Entry>) -> String {
    let (Some(work), Some(minute)) = (work, minute) else {
        return format!("The knowledge base has no rates for {year}: they are not known.");
    };
    let Some(row) = [work, minute].into_iter().find(|row| row.amount.is_none()) else {
        let unsettled = [work, minute].iter().any(|row| row.confidence == Confidence::Unsettled);
        let warning = if unsettled { " One of the rates is unsettled: see its entry." } else { "" };
        return format!("Rates of {year}: {} and {}.{warning}", work.id, minute.id);
    };
    format!("Not yet known: {}", row.statement)
}

/// A track with its length.
struct Timed {
    isrc: Option<String>,
    title: Option<String>,
    seconds: u32,
}

async fn tracks(input: &MechanicalsInput, catalog: &Catalog) -> Result<Vec<Timed>, ToolError> {
    let named = input.tracks.iter().any(|track| track.isrc.is_some());
    let releases = if named { Some(catalog.releases().await?) } else { None };
    let find = |isrc: &str| -> Option<&Track> {
        let wanted = isrc.replace('-', "");
        let mut all = releases.iter().flat_map(|all| all.iter()).flat_map(|release| &release.tracks);
        all.find(|track| track.isrc.eq_ignore_ascii_case(&wanted))
    };
    let read = |(place, track): (usize, &MechanicalTrack)| {
        let field = |name: &str| format!("mechanicals.tracks.{place}.{name}");
        match (&track.isrc, track.seconds) {
            (Some(isrc), None) => {
                let found = find(isrc).ok_or_else(|| {
                    let message =
                        "no track of the catalogue has this ISRC; give its length in seconds instead";
                    ToolError::field(field("isrc"), message)
                })?;
                Ok(Timed {
                    isrc: Some(found.isrc.clone()),
                    title: Some(found.title.clone()),
                    seconds: found.duration_seconds,
                })
            }
            (isrc, Some(seconds)) => Ok(Timed {
                isrc: isrc.clone(),
                title: isrc.as_deref().and_then(find).map(|track| track.title.clone()),
                seconds,
            }),
            (None, None) => Err(ToolError::field(field("seconds"), "give the ISRC or the length in seconds")),
        }
    };
    input.tracks.iter().enumerate().map(read).collect()
}

fn line(track: &Timed, rates: Option<Rates>) -> MechanicalLine {
    let time = format!("{}:{:02}", track.seconds / 60, track.seconds % 60);
    let (isrc, title) = (track.isrc.clone(), track.title.clone());
    let minutes = track.seconds.div_ceil(60);
    let Some(rates) = rates else {
        let text = format!("{time}: the rates are not known.");
        return MechanicalLine { isrc, title, seconds: track.seconds, minutes, cents: None, by: None, text };
    };
    let owed = owed(rates, track.seconds);
    let product =
        format!("{minutes} started minutes × {} = {} cents", rates.minute.cents(), owed.by_minutes.cents());
    let text = format!("{time}: the larger of {} cents and {product}.", rates.work.cents());
    MechanicalLine {
        isrc,
        title,
        seconds: track.seconds,
        minutes,
        cents: Some(owed.amount.cents()),
        by: Some(if owed.is_by_minutes() { "minute" } else { "work" }.to_owned()),
        text,
    }
}

/// The amount for all copies, rounded half up to the cent.
fn total(hundredths: u64, units: u64) -> Result<Money, ToolError> {
    let cents = (u128::from(hundredths) * u128::from(units) + 50) / 100;
    let cents = i64::try_from(cents).map_err(|_| {
        ToolError::field("mechanicals.units", "the amount is larger than can be written down")
    })?;
    Ok(Money::new(cents, "USD"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(year: i16) -> (Option<Rates>, String) {
        let shelf = Shelf::of(Date::new(year, 1, 1).expect("a year")).expect("the entries are right");
        let (work, minute) = (shelf.row(WORK), shelf.row(MINUTE));
        (rates(work, minute), reason(year, work, minute))
    }

    fn track(seconds: u32) -> Timed {
        Timed { isrc: None, title: None, seconds }
    }

    #[test]
    fn ten_tracks_cost_a_dollar_31_in_2026_and_1_27_in_2025() {
        for (year, cents) in [(2026, 131), (2025, 127)] {
            let rates = of(year).0.expect("rates");
            let copy = (0..10).map(|_| owed(rates, 180).amount.0).sum();
            assert_eq!(total(copy, 1).expect("fits").minor, cents);
            assert_eq!(total(copy, 1_000).expect("fits").minor, 1_000 * cents);
        }
        let long = line(&track(370), of(2026).0);
        assert_eq!((long.minutes, long.by.as_deref()), (7, Some("minute")));
        assert!(long.cents.is_some_and(|cents| (cents - 17.64).abs() < 1e-9));
    }

    #[test]
    fn a_rate_that_is_to_come_is_not_yet_known() {
        let (rates, reason) = of(2027);
        assert_eq!(rates, None);
        assert!(reason.starts_with("Not yet known") && reason.contains("1 December 2026"), "{reason}");
        assert_eq!(line(&track(180), None).cents, None);
        assert!(of(1999).1.contains("not known"));
    }
}
