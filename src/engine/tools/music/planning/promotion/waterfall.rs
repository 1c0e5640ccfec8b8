//! The products of a waterfall as callers see them.

use super::super::rules::{Shelf, told};
use crate::engine::tools::ToolError;
use crate::model::day::short_day;
use crate::model::promotion::{ProductView, TrackView, WaterfallView};
use crate::model::release::Release;
use crate::music::release::rules::{Rules, plus};
use crate::music::release::waterfall::{Product, Recording, plan as products};
use jiff::civil::Date;

/// The entries that a waterfall rests on.
pub(in crate::engine::tools::music::planning) const RULES: [&str; 8] = [
    "waterfall-definition",
    "waterfall-identical",
    "waterfall-upc",
    "waterfall-takedown",
    "waterfall-interval",
    "waterfall-download-stores",
    "waterfall-pitch",
    "waterfall-original-date",
];

/// What the notes of every waterfall say.
const TOLD: [&str; 5] = [
    "waterfall-identical",
    "waterfall-upc",
    "waterfall-takedown",
    "waterfall-download-stores",
    "waterfall-original-date",
];

/// Plans the singles before a release. A release that can have none is told at the argument that asked for it.
pub(in crate::engine::tools::music::planning) fn plan(
    argument: &str,
    release: &Release,
    singles: u32,
    now: Date,
    shelf: &Shelf,
    rules: &Rules,
) -> Result<WaterfallView, ToolError> {
    if release.tracks.len() < 2 {
        return Err(ToolError::field(argument, "a waterfall needs a release with two tracks or more"));
    }
    let interval = shelf.waterfall_interval().ok_or_else(|| {
        ToolError::NotAvailable(
            "No rule in force says how far apart the steps of a waterfall are (waterfall-interval), so none can \
             be planned."
                .to_owned(),
        )
    })?;
    let tracks: Vec<Recording> = release.tracks.iter().map(recording).collect();
    let wanted = usize::try_from(singles).unwrap_or(usize::MAX).min(tracks.len() - 1);
    let first = first_possible(now, rules);
    let found = products(&release.title, release.release_date, &tracks, wanted, interval, first, rules);
    let mut notes: Vec<String> = TOLD.iter().filter_map(|id| shelf.entry(id)).map(told).collect();
    let planned = found.len().saturating_sub(1);
    if planned < wanted {
        notes.push(format!(
            "{planned} of {wanted} singles fit: the others would come out before {}, which lead time and \
             pitch do not allow.",
            short_day(first)
        ));
    }
    notes.push(
        "The singles are the first tracks in the order of the release; which songs lead is for you to say."
            .to_owned(),
    );
    Ok(WaterfallView { products: found.iter().map(|product| view(product, &tracks)).collect(), notes })
}

/// The first day that lead time and pitch allow from today on.
fn first_possible(now: Date, rules: &Rules) -> Date {
    let lead = rules.least_lead.map_or(0, |rule| rule.value);
    let pitch = rules.pitch_floor.map_or(0, |rule| rule.value);
    plus(now, lead.max(pitch))
}

fn recording(track: &crate::model::release::Track) -> Recording {
    Recording { track_id: track.track_id.to_string(), title: track.title.clone(), isrc: track.isrc.clone() }
}

fn view(product: &Product, all: &[Recording]) -> ProductView {
    let track = |track: &Recording| TrackView {
        track_id: track.track_id.clone(),
        title: track.title.clone(),
        isrc: track.isrc.clone(),
    };
    ProductView {
        order: product.order,
        date: product.date.to_string(),
        title: product.title.clone(),
        tracks: product.tracks.iter().map(track).collect(),
        pitch_by: product.pitch_by.map(|day| day.to_string()),
        new_track: product.new_track.and_then(|place| Some(all.get(place)?.track_id.clone())),
    }
}
