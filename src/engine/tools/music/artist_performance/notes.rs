//! What could not be seen, and the limits of the methods, by the part of the answer that it is about. Full sentences.

use super::Seen;
use super::changes::Compared;
use crate::engine::catalog::analytics::RECENT_DAYS;
use crate::model::analysis::ArtistPerformance;
use crate::music::analysis::daily::{after, days_between};
use crate::music::analysis::trend::TREND_DAYS;

/// The notes of an analysis.
#[derive(Debug, Default)]
pub(super) struct Notes {
    /// What is missing in the figures, and what the comparison rests on.
    figures: Vec<String>,
    /// What is known of the territory that was asked for, and what is not.
    pub(super) territory: Vec<String>,
    trend: Option<String>,
    market: Option<String>,
    forecast: Option<String>,
    listeners: Option<String>,
    /// What the signs of artificial streams rest on.
    pub(super) authenticity: Vec<String>,
}

impl Notes {
    /// Those of an analysis, but for authenticity.
    pub(super) fn of(seen: &Seen<'_>, compared: &Compared, answer: &ArtistPerformance) -> Self {
        let listeners = "Daily listeners of different platforms and days are added up, so one person may count several \
             times.";
        Self {
            figures: figures(seen, compared),
            territory: Vec::new(),
            trend: trend(seen, answer),
            market: market(seen),
            forecast: forecast(seen, answer),
            listeners: Some(listeners.to_owned()),
            authenticity: Vec::new(),
        }
    }

    /// All that there is to say of an artist without figures.
    pub(super) fn without_figures(name: &str) -> Self {
        Self { figures: vec![format!("There are no figures of {name} yet.")], ..Self::default() }
    }

    /// All of them.
    pub(super) fn all(self) -> Vec<String> {
        let single = [self.trend, self.market, self.forecast, self.listeners];
        let figures = self.figures.into_iter().chain(self.territory);
        figures.chain(single.into_iter().flatten()).chain(self.authenticity).collect()
    }

    /// Those that matter for why figures changed.
    pub(super) fn of_change(self) -> Vec<String> {
        Self { forecast: None, ..self }.all()
    }

    /// Those that matter for whether streams look real.
    pub(super) fn of_authenticity(self) -> Vec<String> {
        Self { trend: None, market: None, forecast: None, listeners: None, ..self }.all()
    }
}

fn figures(seen: &Seen<'_>, compared: &Compared) -> Vec<String> {
    let mut notes = Vec::new();
    let (first, last) = (seen.first(), seen.last());
    if let Some(begin) = seen.figures.first().filter(|begin| *begin > first) {
        let days = seen.figures.as_of().map_or(0, |end| days_between(begin, end) + 1);
        notes.push(format!("There are figures for {days} days only, from {begin} on."));
        notes.extend(seen.figures.gaps(begin, last));
    } else {
        notes.extend(seen.figures.gaps(first, last));
    }
    notes.push(compared.note());
    notes
}

fn trend(seen: &Seen<'_>, answer: &ArtistPerformance) -> Option<String> {
    answer.trend.percent_per_day?;
    let days = after(seen.now.to, 1 - TREND_DAYS)..=seen.now.to;
    let event = seen.artist.events.iter().rev().find(|event| days.contains(&event.date))?;
    Some(format!(
        "The days of the trend include {} ({}); part of the trend is how its effect comes and fades.",
        event.title, event.date
    ))
}

fn market(seen: &Seen<'_>) -> Option<String> {
    let known = after(seen.label.as_of?, 1 - i32::try_from(RECENT_DAYS).unwrap_or(0));
    (seen.first() <= known).then(|| {
        format!(
            "Other artists' figures are compared from {known} on; before that the market is not taken off."
        )
    })
}

fn forecast(seen: &Seen<'_>, answer: &ArtistPerformance) -> Option<String> {
    if answer.forecast.is_none() {
        return Some("There are too few days without a long gap to try a forecast on the past.".to_owned());
    }
    let newest = seen.figures.newest_known()?;
    Some(format!(
        "The forecast begins after {newest} and knows nothing of releases, campaigns or holidays to come."
    ))
}
