//! Days on which streams jumped: what explains them, and the signs that they are not people.

use super::Seen;
use crate::engine::catalog::analytics::{Listening, Recent};
use crate::engine::tools::music::figures::{ArtistFigures, number};
use crate::engine::tools::music::markets::main_territories;
use crate::model::analysis::{AnomalyRow, Authenticity, EvidenceRow, RiskLevel};
use crate::model::analytics::{DailyAnalytics, Platform};
use crate::model::artist::ArtistEvent;
use crate::model::identifier::ArtistId;
use crate::model::territory::territory_name;
use crate::music::analysis::anomaly::{Anomaly, AnomalyKind, anomalies, explanation};
use crate::music::analysis::authenticity::{self, Evidence, Jump, Risk, Signal};
use crate::music::analysis::daily::{after, days, days_between};
use crate::music::analysis::holidays::national::kept_in;
use crate::music::analysis::statistics::median;
use jiff::civil::Date;
use std::collections::BTreeMap;

/// Fewer known days say nothing about jumps.
const NEEDED_DAYS: usize = 35;
/// So many other artists, those nearest in size, tell what is usual.
const COHORT: usize = 24;
/// Limits of fewer others would tell about single artists.
const LEAST_COHORT: usize = 5;
/// A jump without a sudden end is looked at for so many days.
const LONGEST_LOOK: i32 = 7;
/// The days before a jump that tell where the artist is heard.
const MARKET_DAYS: i32 = 28;
/// The rest of the world.
const REST: &str = "ZZ";

/// The jumps in both periods; none where too few days are known to tell.
fn found(seen: &Seen<'_>) -> Option<Vec<Anomaly>> {
    let others = seen.label.others(&seen.artist.artist_id);
    let mut found = anomalies(&seen.figures.streams(), &others)?;
    found.retain(|anomaly| (seen.first()..=seen.last()).contains(&anomaly.date));
    Some(found)
}

/// The event that explains a jump. Events bring streams; a fall is explained by none.
fn event<'s>(seen: &'s Seen<'_>, anomaly: &Anomaly) -> Option<&'s ArtistEvent> {
    let event = explanation(anomaly.date, &seen.artist.events, |event| event.date)?;
    let on_a_holiday = anomaly.kind == AnomalyKind::Holiday && days_between(event.date, anomaly.date) < 0;
    (anomaly.effect > 0.0 && !on_a_holiday).then_some(event)
}

/// The public holiday of the artist's main territories on which streams fell. A rise is explained by none: that would
/// hide streams that are not people.
fn national_holiday(seen: &Seen<'_>, anomaly: &Anomaly) -> Option<String> {
    if anomaly.effect >= 0.0 {
        return None;
    }
    let weeks_before = after(anomaly.date, -MARKET_DAYS)..anomaly.date;
    let rows = seen.figures.rows().filter(|row| weeks_before.contains(&row.date));
    let territories = main_territories(&seen.artist.country, rows);
    let (name, kept) = kept_in(anomaly.date, &territories).into_iter().next()?;
    let kept: Vec<&str> = kept.into_iter().map(territory_name).collect();
    Some(format!("{name} ({})", kept.join(", ")))
}

/// The jumps as answers have them.
pub(super) fn rows(seen: &Seen<'_>) -> Vec<AnomalyRow> {
    let explained = |anomaly: &Anomaly| match (event(seen, anomaly), anomaly.kind) {
        (Some(event), AnomalyKind::Own | AnomalyKind::Holiday) => Some(event.title.clone()),
        (_, AnomalyKind::Market) => Some("market".to_owned()),
        (_, AnomalyKind::Holiday) => Some("holiday".to_owned()),
        (None, AnomalyKind::Own) => national_holiday(seen, anomaly),
    };
    let row = |anomaly: &Anomaly| AnomalyRow {
        date: anomaly.date,
        effect: anomaly.effect,
        z: anomaly.z,
        explained_by: explained(anomaly),
    };
    found(seen).unwrap_or_default().iter().map(row).collect()
}

/// Nothing is known.
pub(super) fn nothing_known() -> Authenticity {
    Authenticity { risk: RiskLevel::NotEnoughData, evidence: Vec::new() }
}

/// The signs of artificial streams in both periods, and what could not be looked at.
pub(super) fn authenticity(seen: &Seen<'_>) -> (Authenticity, Vec<String>) {
    let is_known = seen.figures.streams().days_with_data() >= NEEDED_DAYS;
    let Some(found) = found(seen).filter(|_| is_known) else {
        let note = format!(
            "Unusual days and signs of artificial streams need {NEEDED_DAYS} known days, most of them one after another."
        );
        return (nothing_known(), vec![note]);
    };
    let mut notes = vec![
        "Streams by playlist and by hour are not in the figures, so signs of artificial streams were looked \
         for by day, platform, territory, listeners, saves and followers only."
            .to_owned(),
    ];
    let unexplained: Vec<Anomaly> = found
        .into_iter()
        .filter(|anomaly| anomaly.kind == AnomalyKind::Own && anomaly.effect > 0.0)
        .filter(|anomaly| event(seen, anomaly).is_none())
        .collect();
    if unexplained.is_empty() {
        return (Authenticity { risk: RiskLevel::Low, evidence: Vec::new() }, notes);
    }
    let cohort = cohort(seen);
    let (mut risk, mut evidence) = (Risk::Low, Vec::new());
    for anomaly in &unexplained {
        let episode = Episode::of(seen, anomaly);
        let signs = authenticity::evidence(&episode.jump(anomaly, &cohort));
        risk = risk.max(authenticity::risk(&signs));
        evidence.extend(signs.into_iter().map(|sign| episode.row(sign, anomaly)));
    }
    notes.push("A risk is no proof: it says what to ask the distributor about.".to_owned());
    notes.push(if cohort.len() < LEAST_COHORT {
        format!(
            "Streams for each listener and saves were compared with nobody: that needs {LEAST_COHORT} other artists."
        )
    } else {
        format!("Limits come from {} other artists.", cohort.len())
    });
    let risk = match risk {
        Risk::Low => RiskLevel::Low,
        Risk::Medium => RiskLevel::Medium,
        Risk::High => RiskLevel::High,
    };
    (Authenticity { risk, evidence }, notes)
}

/// The newest days of the other artists who are nearest in size. Everybody's are there already, as the market needs
/// them.
fn cohort<'s>(seen: &Seen<'s>) -> Vec<&'s Recent> {
    let label = seen.label;
    let size = |id: &ArtistId| {
        let known = label.streams(id).map(|streams| median(&streams.known()).unwrap_or_default());
        known.unwrap_or_default().ln_1p()
    };
    let own = size(&seen.artist.artist_id);
    let others = label.artists.iter().filter(|other| other.artist_id != seen.artist.artist_id);
    let mut others: Vec<(f64, &Recent)> = others
        .filter_map(|other| {
            let days = label.newest_days(&other.artist_id)?;
            Some(((size(&other.artist_id) - own).abs(), days))
        })
        .collect();
    others.sort_by(|(one, _), (other, _)| one.total_cmp(other));
    others.into_iter().take(COHORT).map(|(_, days)| days).collect()
}

/// The days of a jump, and what came beyond the usual on them.
struct Episode<'s> {
    seen: &'s Seen<'s>,
    from: Date,
    to: Date,
    platform: Platform,
    /// The territory abroad with the largest part of the increment.
    abroad: Option<(String, f64)>,
}

/// What a row has of something.
type Reading = fn(&DailyAnalytics) -> Option<f64>;

impl<'s> Episode<'s> {
    fn of(seen: &'s Seen<'s>, anomaly: &Anomaly) -> Self {
        let newest = seen.figures.as_of().unwrap_or(anomaly.date);
        let open = after(anomaly.date, LONGEST_LOOK - 1).min(newest);
        let (from, to) = (anomaly.date, anomaly.until.unwrap_or(open));
        let of_platform = |platform: Platform| {
            increment(seen.figures, (from, to), |row| (row.platform == platform).then(|| number(row.streams)))
        };
        let streams = seen.figures.platforms().map(|platform| (of_platform(platform), platform));
        let (_, platform) =
            streams.max_by(|(one, _), (other, _)| one.total_cmp(other)).unwrap_or((0.0, Platform::Spotify));
        let abroad = abroad(seen, (from, to));
        Self { seen, from, to, platform, abroad }
    }

    /// What came beyond the usual on the platform of the jump.
    fn beyond(&self, reading: Reading) -> f64 {
        let platform = self.platform;
        increment(self.seen.figures, (self.from, self.to), |row| {
            (row.platform == platform).then(|| reading(row)).flatten()
        })
    }

    fn jump(&self, anomaly: &Anomaly, cohort: &[&Recent]) -> Jump {
        let streams = self.beyond(|row| Some(number(row.streams)));
        let listeners = self.beyond(|row| row.listeners.map(number));
        let saves = self.says_saves().then(|| self.beyond(|row| row.saves.map(number)));
        let engaged = self.follows().zip(saves).map(|(follows, saves)| (saves + follows).max(0.0));
        let (cohort_repetition, cohort_engagement) = usual(cohort, self.platform);
        Jump {
            z: anomaly.z,
            foreign_part: self.abroad.as_ref().map(|(_, part)| *part),
            streams_per_listener: (listeners > 0.0).then(|| streams / listeners),
            engagement: engaged.filter(|_| streams > 0.0).map(|engaged| engaged / streams),
            lasted: anomaly.until.map(|until| days_between(anomaly.date, until) + 1),
            cohort_repetition,
            cohort_engagement,
        }
    }

    /// Whether the platform says the saves of all days of the jump that it reported.
    fn says_saves(&self) -> bool {
        let rows = self.seen.figures.rows().filter(|row| row.platform == self.platform);
        rows.filter(|row| (self.from..=self.to).contains(&row.date)).all(|row| row.saves.is_some())
    }

    /// New followers on the platform beyond what the weeks before would make expected; none where the days at both
    /// ends are not known.
    fn follows(&self) -> Option<f64> {
        let rows = self.seen.figures.rows().filter(|row| row.platform == self.platform);
        let by_day: BTreeMap<Date, f64> =
            rows.filter_map(|row| Some((row.date, number(row.followers?)))).collect();
        let gained = |from: Date, to: Date| Some(by_day.get(&to)? - by_day.get(&after(from, -1))?);
        let length = days_between(self.from, self.to) + 1;
        let during = gained(self.from, self.to)?;
        let before = gained(after(self.from, -28), after(self.from, -1)).unwrap_or_default();
        Some(during - before * f64::from(length) / 28.0)
    }

    fn row(&self, sign: Evidence, anomaly: &Anomaly) -> EvidenceRow {
        EvidenceRow {
            signal: sign.signal.id().to_owned(),
            label: sign.signal.label().to_owned(),
            measured: sign.measured,
            limit: sign.limit,
            text: self.sentence(sign, anomaly),
        }
    }

    fn sentence(&self, sign: Evidence, anomaly: &Anomaly) -> String {
        let (from, to, platform) = (self.from, self.to, self.platform.label());
        let (measured, limit) = (sign.measured, sign.limit);
        match sign.signal {
            Signal::UnexplainedJump => format!(
                "On {from} streams rose by {:.0} % beyond weekday and market ({measured:.1} robust deviations, \
                 limit {limit:.0}), and no release, playlist, press, tour or sync is logged near that day.",
                100.0 * anomaly.effect
            ),
            Signal::OneTerritory => format!(
                "{:.0} % of the additional streams from {from} to {to} came from {}; the artist's home is {}, \
                 and the limit is {:.0} %.",
                100.0 * measured,
                self.abroad.as_ref().map_or("abroad", |(code, _)| code.as_str()),
                self.seen.artist.country,
                100.0 * limit
            ),
            Signal::Repetition => format!(
                "The additional streams on {platform} were {measured:.1} for each additional listener; of 100 \
                 days of other artists there 99 are below {limit:.1}."
            ),
            Signal::NoEngagement => format!(
                "For 1,000 additional streams on {platform} there were {:.1} saves and new followers; of 100 \
                 days of other artists there 95 are above {:.1}.",
                1000.0 * measured,
                1000.0 * limit
            ),
            Signal::ShortStay => {
                format!("After {measured:.0} days, on {}, streams went back as suddenly.", after(to, 1))
            }
        }
    }
}

/// What came beyond the usual on some days: for each, the sum less the median of the same weekday in the
/// four weeks before the first.
fn increment(
    figures: &ArtistFigures,
    (from, to): (Date, Date),
    reading: impl Fn(&DailyAnalytics) -> Option<f64>,
) -> f64 {
    let mut sums: BTreeMap<Date, f64> = BTreeMap::new();
    for row in figures.rows() {
        if let Some(value) = reading(row) {
            *sums.entry(row.date).or_default() += value;
        }
    }
    let usual = |day: Date| {
        let weeks_back = days_between(from, day).div_euclid(7);
        let past: Vec<f64> =
            (1..=4).filter_map(|week| sums.get(&after(day, -7 * (week + weeks_back))).copied()).collect();
        median(&past).unwrap_or_default()
    };
    days(from, to).filter_map(|day| Some(sums.get(&day)? - usual(day))).sum()
}

/// The territory abroad with the largest part of the increment of all streams.
fn abroad(seen: &Seen<'_>, period: (Date, Date)) -> Option<(String, f64)> {
    let whole = increment(seen.figures, period, |row| Some(number(row.streams)));
    let (from, to) = period;
    let within = seen.figures.rows().filter(|row| (from..=to).contains(&row.date));
    let mut codes: Vec<&String> = within.flat_map(|row| row.territories.keys()).collect();
    codes.sort();
    codes.dedup();
    codes.retain(|code| **code != seen.artist.country && *code != REST);
    let parts = codes.into_iter().map(|code| {
        let of = |row: &DailyAnalytics| Some(number(row.territories.get(code).copied().unwrap_or_default()));
        (code.clone(), increment(seen.figures, period, of) / whole)
    });
    parts.filter(|_| whole > 0.0).max_by(|(_, one), (_, other)| one.total_cmp(other))
}

/// Streams for each listener, and saves and new followers for each stream, on the newest days of others on a
/// platform; nothing where too few others are there.
fn usual(cohort: &[&Recent], platform: Platform) -> (Vec<f64>, Vec<f64>) {
    let there: Vec<&Listening> = cohort.iter().filter_map(|recent| recent.listening(platform)).collect();
    if there.len() < LEAST_COHORT {
        return (Vec::new(), Vec::new());
    }
    let repetition = there.iter().flat_map(|listening| listening.repetition());
    let engagement = there.iter().flat_map(|listening| listening.engagement());
    (repetition.collect(), engagement.collect())
}
