//! `plan_promotion`: four phases with tasks, targets from the artist's own past, a pitch, and a waterfall.

mod facts;
pub(super) mod waterfall;

use super::deadlines;
use super::figures::{Figures, came_out, streams, today};
use super::insights::parsed;
use super::measure::{Measure, Past};
use super::rules::{self, Shelf, told};
use crate::engine::catalog::Catalog;
use crate::engine::config::TableRole;
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Subject, Tool, ToolError};
use crate::model::identifier::ReleaseId;
use crate::model::promotion::{PhaseView, PitchView, PromotionPlan, TargetView};
use crate::model::release::Release;
use crate::model::release_dates::TaskView;
use crate::model::release_insights::CurveBasis;
use crate::model::tool::AwsResource;
use crate::music::release::calendar::{Task, backwards};
use crate::music::release::curve::Curve;
use crate::music::release::pitch::pitch;
use crate::music::release::promotion::{Phase, phases, target};
use crate::music::release::rules::{Rules, plus};
use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The longest pitch where no rule in force says one, in characters.
const PITCH_LENGTH: i32 = 500;

/// The most singles of a waterfall.
pub(super) const MOST_SINGLES: u32 = 10;

/// The singles of a waterfall where nobody says how many.
pub(super) const USUAL_SINGLES: u32 = 3;

/// What is to be promoted, and how.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlanPromotionInput {
    /// The release's id.
    #[schemars(title = "Release", length(min = 1, max = 64))]
    pub release_id: String,
    /// `promotion`, or `waterfall` for singles ahead of an EP or album.
    #[schemars(title = "Kind of plan")]
    #[serde(default)]
    pub kind: PlanKind,
    /// How many singles come before it in a waterfall.
    #[schemars(title = "Singles", range(min = 1, max = MOST_SINGLES))]
    pub singles: Option<u32>,
}

/// The kinds of plans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
#[schemars(inline)]
pub enum PlanKind {
    /// Phases, targets and a pitch.
    #[default]
    Promotion,
    /// The same, with singles ahead of the release.
    Waterfall,
}

/// Plans a promotion.
pub struct PlanPromotion;

impl Operation for PlanPromotion {
    const NAME: &'static str = "plan_promotion";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    const SCOPED: bool = true;
    type Input = PlanPromotionInput;
    type Output = PromotionPlan;

    fn resources(_: &PlanPromotionInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(super::what_is_read(catalog).to_vec())
    }

    fn subject(input: &PlanPromotionInput) -> Subject {
        Subject::release(None, Some(&input.release_id))
    }

    async fn run(input: PlanPromotionInput, context: Context) -> Result<PromotionPlan, ToolError> {
        let catalog = &context.catalog;
        let now = today(context.now, catalog);
        let id: ReleaseId = parsed("releaseId", &input.release_id)?;
        let release = catalog.release(catalog.table(TableRole::Releases), &id).await?;
        let artist = catalog.artist(catalog.table(TableRole::Artists), &release.artist_id).await?;
        let history = catalog.history(&release.artist_id).await?;
        let by_track = catalog.by_track(&release.artist_id).await?;
        let all = catalog.releases().await?;
        let figures = Figures::of(&history, &release.artist_id, catalog);
        let shelf = Shelf::of(now)?;
        let rules = shelf.rules(release.kind);
        let day = release.release_date;
        let measure = Measure { figures: &figures, by_track: &by_track };
        let (basis, past) = measure.for_plans(&all, &release);
        let territories = facts::territories(&history, figures.as_of);
        let mut tasks =
            backwards(day, &deadlines::of(&shelf, &rules, None), rules.closed.map(|rule| rule.value));
        tasks.extend(own_tasks(&shelf, &rules, day, &territories));
        let phases: Vec<PhaseView> = phases(now, day, &rules, tasks).into_iter().map(phase).collect();
        let most = shelf.number("pitch-length").map_or(PITCH_LENGTH, |rule| rule.value);
        let facts = facts::of(&release, &artist, &history, figures.as_of, &territories);
        let pitch = pitch(&facts, usize::try_from(most).unwrap_or_default());
        let waterfall = match input.kind {
            PlanKind::Promotion => None,
            PlanKind::Waterfall => {
                let singles = input.singles.unwrap_or(USUAL_SINGLES);
                Some(waterfall::plan("kind", &release, singles, now, &shelf, &rules)?)
            }
        };
        let targets = targets(&past, basis);
        let tasks = phases.iter().flat_map(|phase| &phase.tasks);
        let mut cited: Vec<&str> = tasks.filter_map(|task| task.source.as_deref()).collect();
        cited.extend(rules::ids(&rules));
        cited.push("pitch-length");
        if waterfall.is_some() {
            cited.extend(waterfall::RULES);
        }
        Ok(PromotionPlan {
            rules: shelf.named(&cited),
            notes: notes(&release, &rules, now, &targets, basis),
            phases,
            targets,
            pitch: PitchView { text: pitch.text, characters: pitch.characters, facts: pitch.facts },
            waterfall,
            release_id: release.release_id.to_string(),
            release_date: day.to_string(),
            title: release.title,
            artist_name: artist.name,
            as_of: figures.as_of.map(|day| day.to_string()),
            sample: release.sample || artist.sample || figures.sample,
            source: format!(
                "tables {} and {}; {}",
                catalog.table(TableRole::Releases),
                catalog.table(TableRole::Artists),
                figures.source
            ),
        })
    }
}

fn phase(phase: Phase) -> PhaseView {
    PhaseView {
        name: phase.name.to_owned(),
        from: phase.from.to_string(),
        to: phase.to.to_string(),
        tasks: phase.tasks.into_iter().map(TaskView::from).collect(),
    }
}

/// What belongs to a promotion beside the deadlines of stores.
fn own_tasks(shelf: &Shelf, rules: &Rules, day: Date, territories: &[facts::Territory]) -> Vec<Task> {
    let announce = rules.pitch_advised.map_or(day, |rule| plus(day, -rule.value));
    let mut tasks = Vec::new();
    let mut add = |date: Date, text: &str, reason: String, rule: Option<&'static str>| {
        tasks.push(Task { date, task: text.to_owned(), reason, rule });
    };
    if let Some(entry) = shelf.entry("distributor-lead-ideal") {
        add(announce, "Announce the release and open pre-saves", told(entry), Some(&entry.id));
    }
    if !territories.is_empty() {
        let shares: Vec<String> = territories.iter().map(facts::Territory::in_words).collect();
        let reason = format!("They had most streams in the newest 28 days: {}.", shares.join(", "));
        add(announce, "Brief press and partners in the strongest territories", reason, None);
    }
    if let Some(entry) = shelf.entry("dsp-data-delay") {
        let rule = Some(entry.id.as_str());
        add(plus(day, 7), "Compare the first week with the targets", told(entry), rule);
        add(plus(day, 27), "Compare the first 28 days with the targets", told(entry), rule);
    }
    tasks
}

fn targets(past: &[Past<'_>], basis: CurveBasis) -> Vec<TargetView> {
    type Metric = (&'static str, &'static str, fn(&Curve) -> Option<f64>);
    let metrics: [Metric; 3] = [
        ("day1", "First day", |curve| curve.day1),
        ("week1", "First week", |curve| curve.week1),
        ("day28", "First 28 days", |curve| curve.day28),
    ];
    let counted = match basis {
        CurveBasis::Tracks => "streams of its tracks",
        CurveBasis::Artist => "streams above the usual level",
    };
    let view = |(metric, when, of): Metric| {
        let values: Vec<f64> = past.iter().filter_map(|past| of(&past.curve)).collect();
        let target = target(&values);
        TargetView {
            metric: metric.to_owned(),
            label: format!("{when}, {counted}"),
            median: streams(target.median),
            upper: streams(target.upper),
            releases: target.releases,
        }
    };
    metrics.into_iter().map(view).collect()
}

/// That the day of the release has passed; none where it has not.
pub(super) fn passed(release: &Release, now: Date) -> Option<String> {
    if came_out(release) {
        return Some(
            "The release is out already; days that have passed are shown as they were due.".to_owned(),
        );
    }
    let planned = release.release_date;
    (planned <= now).then(|| format!("The planned day {planned} has passed: give the release a new one."))
}

fn notes(
    release: &Release,
    rules: &Rules,
    now: Date,
    targets: &[TargetView],
    basis: CurveBasis,
) -> Vec<String> {
    let mut notes = rules::missing(rules);
    notes.push(
        match basis {
            CurveBasis::Tracks => {
                "Targets are streams of the release's own tracks, as the artist's earlier ones had them. Median and 75th \
                 percentile follow Hazen."
            }
            CurveBasis::Artist => {
                "Targets are streams of the artist above the level expected without a release, because not enough \
                 earlier releases have figures of their own tracks. Median and 75th percentile follow Hazen."
            }
        }
        .to_owned(),
    );
    if targets.iter().any(|target| target.releases < 2) {
        notes.push(
            "The artist has fewer than two earlier releases with figures, so the targets are weak or missing."
                .to_owned(),
        );
    }
    if let Some(passed) = passed(release, now) {
        notes.push(passed);
    } else if let Some(rule) = rules.pitch_advised.filter(|rule| plus(now, rule.value) > release.release_date)
    {
        notes.push(format!(
            "Fewer than {} days are left, so some of the days in the plan have passed already.",
            rule.value
        ));
    }
    notes.push(
        "The pitch has facts of the catalogue and figures only; how the song sounds, you add.".to_owned(),
    );
    notes
}

impl Tool for PlanPromotion {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Plan a promotion";
    const DESCRIPTION: &'static str = "Plans the promotion of a release in four phases with dates and reasons, sets \
        targets from the artist's own earlier releases, writes a pitch of facts, and lays out a waterfall of \
        singles with the identifiers that must repeat.";
}
