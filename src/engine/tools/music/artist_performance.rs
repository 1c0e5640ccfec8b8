//! `analyze_artist_performance`: what happened to an artist's figures, whether it is real, what explains it,
//! and what may come.

mod changes;
mod jumps;
mod notes;
mod outlook;
mod territory;

use super::aside;
use super::figures::ArtistFigures;
use super::label::Label;
use super::periods::{self, Asked};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::analytics::{HISTORY_DAYS, RECENT_DAYS};
use crate::engine::config::TableRole;
use crate::engine::tools::{
    Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError, choices,
};
use crate::model::analysis::{
    ArtistPerformance, ArtistPeriods, ChangeExplanation, EventRow, LevelShift, StreamAuthenticity,
};
use crate::model::analytics::Freshness;
use crate::model::artist::Artist;
use crate::model::tool::AwsResource;
use crate::music::analysis::comparison::Period;
use crate::music::analysis::level::level;
use crate::music::analysis::trend::TREND_DAYS;
use changes::Compared;
use jiff::civil::Date;
use notes::Notes;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Whose figures, and which days.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PerformanceInput {
    /// The artist's id. A name is not enough: artists may share one.
    #[schemars(title = "Artist", length(min = 1, max = 64))]
    pub artist_id: String,
    /// The first day of the period, for instance `2026-11-01`. Without days, the newest 28.
    #[schemars(title = "From", length(min = 10, max = 10))]
    pub from: Option<String>,
    /// Its last day; the newest day that is known unless given.
    #[schemars(title = "To", length(min = 10, max = 10))]
    pub to: Option<String>,
    /// The first day of the period that it is compared with. Without days, as many directly before.
    #[schemars(title = "Compare from", length(min = 10, max = 10))]
    pub compare_from: Option<String>,
    /// Its last day.
    #[schemars(title = "Compare to", length(min = 10, max = 10))]
    pub compare_to: Option<String>,
    /// Also how the streams did in this territory, ISO 3166-1 alpha-2. Listeners, saves and followers are known of all
    /// territories together only.
    #[schemars(title = "Territory", length(min = 2, max = 2))]
    pub territory: Option<String>,
}

impl PerformanceInput {
    /// The code of the territory that is asked for.
    fn place(&self) -> Result<Option<String>, ToolError> {
        self.territory.as_deref().map(territory::code).transpose()
    }

    fn asked(&self) -> Result<Asked, ToolError> {
        Ok(Asked {
            from: periods::day("from", self.from.as_ref())?,
            to: periods::day("to", self.to.as_ref())?,
            compare_from: periods::day("compareFrom", self.compare_from.as_ref())?,
            compare_to: periods::day("compareTo", self.compare_to.as_ref())?,
        })
    }
}

/// Analyses an artist's figures.
pub struct AnalyzeArtistPerformance;

impl Operation for AnalyzeArtistPerformance {
    const NAME: &'static str = "analyze_artist_performance";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = PerformanceInput;
    type Output = ArtistPerformance;

    fn resources(input: &PerformanceInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        periods::artist("artistId", &input.artist_id)?;
        input.asked()?;
        input.place()?;
        Ok(vec![
            choices::dynamodb("Query", catalog.table(TableRole::Analytics)),
            choices::dynamodb("Scan", catalog.table(TableRole::Artists)),
        ])
    }

    fn subject(input: &PerformanceInput) -> Subject {
        Subject::artist(Some(&input.artist_id))
    }

    async fn run(input: PerformanceInput, context: Context) -> Result<ArtistPerformance, ToolError> {
        Ok(analyse(&input, &context).await?.whole())
    }
}

/// Finds out all that there is to say about an artist's figures. The tools that answer one question of it tell a part.
///
/// # Errors
/// When days cannot be read or compared, there is no such artist, or the catalogue cannot be read.
pub(super) async fn analyse(input: &PerformanceInput, context: &Context) -> Result<Analysis, ToolError> {
    let (catalog, asked, place) = (&context.catalog, input.asked()?, input.place()?);
    let id = periods::artist("artistId", &input.artist_id)?;
    let label = Label::read(catalog).await?;
    let artist = label.artist(&id)?.clone();
    let figures = ArtistFigures::read(catalog, &id, TREND_DAYS).await?;
    let table = catalog.table(TableRole::Analytics);
    let source = format!(
        "table {table}, artistId = {id}, newest {HISTORY_DAYS} days; other artists as medians, newest \
         {RECENT_DAYS} days"
    );
    let mut answer = without_figures(&artist, &label, source);
    let Some(newest) = figures.newest_known() else {
        let notes = Notes::without_figures(&artist.name);
        return Ok(Analysis { answer, notes });
    };
    let (now, before) = asked.periods(newest)?;
    let worked_out = aside(move || {
        let seen = Seen { artist: &artist, label: &label, figures: &figures, now, before };
        let mut notes = seen.describe(&mut answer);
        if let Some(code) = place {
            let (found, told) = territory::described(&seen, &code);
            answer.in_territory = Some(found);
            notes.territory = told;
        }
        Analysis { answer, notes }
    });
    worked_out.await
}

/// What was found out about an artist's figures.
pub(super) struct Analysis {
    /// All of it, yet without notes.
    answer: ArtistPerformance,
    notes: Notes,
}

impl Analysis {
    /// All of it.
    pub(super) fn whole(self) -> ArtistPerformance {
        ArtistPerformance { notes: self.notes.all(), ..self.answer }
    }

    /// Why the figures changed.
    pub(super) fn change(self) -> ChangeExplanation {
        let Self { answer, notes } = self;
        ChangeExplanation {
            about: answer.about,
            metrics: answer.metrics,
            in_territory: answer.in_territory,
            market: answer.market,
            drivers: answer.drivers,
            events: answer.events,
            anomalies: answer.anomalies,
            level: answer.level,
            trend: answer.trend,
            authenticity: answer.authenticity,
            freshness: answer.freshness,
            notes: notes.of_change(),
        }
    }

    /// Whether the streams look real.
    pub(super) fn authenticity(self) -> StreamAuthenticity {
        let Self { answer, notes } = self;
        StreamAuthenticity {
            about: answer.about,
            authenticity: answer.authenticity,
            anomalies: answer.anomalies,
            events: answer.events,
            drivers: answer.drivers,
            freshness: answer.freshness,
            notes: notes.of_authenticity(),
        }
    }
}

/// What is looked at.
struct Seen<'a> {
    artist: &'a Artist,
    label: &'a Label,
    figures: &'a ArtistFigures,
    now: Period,
    before: Period,
}

impl Seen<'_> {
    /// Everything that there is to say of the artist and both periods.
    fn describe(&self, answer: &mut ArtistPerformance) -> Notes {
        let (now, before) = (self.now, self.before);
        let streams = self.figures.streams();
        let compared = Compared::of(self.figures, now, before);
        answer.about.from = Some(now.from);
        answer.about.to = Some(now.to);
        answer.about.before_from = Some(before.from);
        answer.about.before_to = Some(before.to);
        answer.freshness.as_of = self.figures.as_of();
        answer.freshness.sample = self.figures.is_sample();
        answer.left_out = self.figures.left_out().map(|platform| platform.label().to_owned()).collect();
        answer.metrics = compared.metrics(self.figures);
        answer.drivers = compared.drivers(self.figures);
        answer.market = compared.market(self.figures, &self.label.others(&self.artist.artist_id));
        answer.trend = outlook::trend(&streams, now.to);
        answer.level =
            level(&streams, now.to).map(|found| LevelShift { date: found.date, change: found.change });
        answer.anomalies = jumps::rows(self);
        answer.forecast = outlook::forecast(&streams);
        answer.momentum = self.label.momentum(self.artist, now.to);
        answer.events = self.events();
        let mut notes = Notes::of(self, &compared, answer);
        (answer.authenticity, notes.authenticity) = jumps::authenticity(self);
        notes
    }

    /// The first day that is looked at.
    fn first(&self) -> Date {
        self.before.from.min(self.now.from)
    }

    /// The last day that is looked at.
    fn last(&self) -> Date {
        self.before.to.max(self.now.to)
    }

    fn events(&self) -> Vec<EventRow> {
        let within = self.artist.events.iter().filter(|event| {
            (self.now.from..=self.now.to).contains(&event.date)
                || (self.before.from..=self.before.to).contains(&event.date)
        });
        within
            .map(|event| EventRow { date: event.date, kind: event.kind, title: event.title.clone() })
            .collect()
    }
}

/// What there is to say without any figures.
fn without_figures(artist: &Artist, label: &Label, source: String) -> ArtistPerformance {
    let to = label.as_of.unwrap_or(artist.signed_on);
    ArtistPerformance {
        about: ArtistPeriods {
            artist_id: artist.artist_id.to_string(),
            artist_name: artist.name.clone(),
            from: None,
            to: None,
            before_from: None,
            before_to: None,
        },
        metrics: Vec::new(),
        in_territory: None,
        trend: outlook::no_trend(),
        anomalies: Vec::new(),
        level: None,
        drivers: Vec::new(),
        market: changes::no_market(),
        events: Vec::new(),
        authenticity: jumps::nothing_known(),
        forecast: None,
        momentum: label.momentum(artist, to),
        freshness: Freshness { as_of: None, source, sample: artist.sample },
        left_out: Vec::new(),
        notes: Vec::new(),
    }
}

impl Tool for AnalyzeArtistPerformance {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Analyse an artist's performance";
    const DESCRIPTION: &'static str = "Compares two periods of an artist by like weekdays and says what is \
        proven: metrics with intervals, trend, unusual days and what explains them, platforms, territories \
        and market behind the change, signs of artificial streams, momentum and a forecast. With a territory also its \
        streams alone.";
}
