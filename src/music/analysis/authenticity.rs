//! Signs of artificial streams: a risk with its evidence, never a verdict about anybody.

use super::statistics::quantile;

/// A territory abroad with more than this part of the increment is a sign.
pub const TERRITORY_LIMIT: f64 = 0.6;
/// Back to the usual level within this many days is a sign.
pub const SHORTEST_STAY: i32 = 3;
/// The cohort's percentile of streams for each listener above which there is a sign.
const REPETITION_PERCENTILE: f64 = 0.99;
/// The cohort's percentile of saves and follows for each stream below which there is a sign.
const ENGAGEMENT_PERCENTILE: f64 = 0.05;
/// A percentile of fewer days of the cohort says nothing.
pub const NEEDED_COHORT_DAYS: usize = 100;

/// A sign that was looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signal {
    /// A jump beyond weekday and market without a logged event.
    UnexplainedJump,
    /// One territory abroad has most of the increment.
    OneTerritory,
    /// Many streams for each listener.
    Repetition,
    /// Few saves and follows for each stream.
    NoEngagement,
    /// Back to the usual level within days.
    ShortStay,
}

impl Signal {
    /// The name in answers.
    pub fn id(self) -> &'static str {
        match self {
            Self::UnexplainedJump => "unexplainedJump",
            Self::OneTerritory => "oneTerritory",
            Self::Repetition => "repetition",
            Self::NoEngagement => "noEngagement",
            Self::ShortStay => "shortStay",
        }
    }

    /// What people read.
    pub fn label(self) -> &'static str {
        match self {
            Self::UnexplainedJump => "Jump without a logged event",
            Self::OneTerritory => "Most of the increment from one territory abroad",
            Self::Repetition => "Many streams for each listener",
            Self::NoEngagement => "Few saves and follows",
            Self::ShortStay => "Back to the usual level within days",
        }
    }
}

/// A sign that was found.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Evidence {
    /// The sign.
    pub signal: Signal,
    /// What was measured.
    pub measured: f64,
    /// The limit that it is beyond.
    pub limit: f64,
}

/// What is known of a jump for which no event is logged.
#[derive(Debug, Clone, PartialEq)]
pub struct Jump {
    /// Robust deviations, beyond weekday and market.
    pub z: f64,
    /// The largest part of the increment from one territory that is not the home; none where unknown.
    pub foreign_part: Option<f64>,
    /// Streams for each listener of the increment; none where listeners are not known.
    pub streams_per_listener: Option<f64>,
    /// Saves and new followers for each stream of the increment.
    pub engagement: Option<f64>,
    /// For how many days it lasted, if it ended as suddenly as it began.
    pub lasted: Option<i32>,
    /// Streams for each listener on the days of other artists.
    pub cohort_repetition: Vec<f64>,
    /// Saves and new followers for each stream on the days of other artists.
    pub cohort_engagement: Vec<f64>,
}

/// How likely it is that something is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Risk {
    /// No sign.
    Low,
    /// A jump that nothing explains, with at most one other sign.
    Medium,
    /// A jump that nothing explains, with two other signs or more.
    High,
}

/// The signs of a jump.
pub fn evidence(jump: &Jump) -> Vec<Evidence> {
    let found = |signal, measured, limit| Evidence { signal, measured, limit };
    let limit_of = |cohort: &[f64], percentile: f64| {
        quantile(cohort, percentile).filter(|_| cohort.len() >= NEEDED_COHORT_DAYS)
    };
    let mut evidence = vec![found(Signal::UnexplainedJump, jump.z, super::anomaly::LEAST_Z)];
    evidence.extend(
        jump.foreign_part
            .filter(|part| *part > TERRITORY_LIMIT)
            .map(|part| found(Signal::OneTerritory, part, TERRITORY_LIMIT)),
    );
    if let (Some(measured), Some(limit)) =
        (jump.streams_per_listener, limit_of(&jump.cohort_repetition, REPETITION_PERCENTILE))
    {
        evidence.extend((measured > limit).then(|| found(Signal::Repetition, measured, limit)));
    }
    if let (Some(measured), Some(limit)) =
        (jump.engagement, limit_of(&jump.cohort_engagement, ENGAGEMENT_PERCENTILE))
    {
        evidence.extend((measured < limit).then(|| found(Signal::NoEngagement, measured, limit)));
    }
    evidence.extend(
        jump.lasted
            .filter(|days| *days <= SHORTEST_STAY)
            .map(|days| found(Signal::ShortStay, f64::from(days), f64::from(SHORTEST_STAY))),
    );
    evidence
}

/// The risk that goes with the signs of one jump.
pub fn risk(evidence: &[Evidence]) -> Risk {
    match evidence.len() {
        0 => Risk::Low,
        1 | 2 => Risk::Medium,
        _ => Risk::High,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jump() -> Jump {
        Jump {
            z: 20.0,
            foreign_part: Some(0.85),
            streams_per_listener: Some(24.0),
            engagement: Some(0.0),
            lasted: Some(3),
            cohort_repetition: (0..200_u32).map(|day| 1.5 + f64::from(day) / 250.0).collect(),
            cohort_engagement: (0..200_u32).map(|day| 0.01 + f64::from(day) / 20_000.0).collect(),
        }
    }

    #[test]
    fn every_sign_is_shown_with_its_limit() {
        let found = evidence(&jump());
        assert_eq!(found.len(), 5);
        assert_eq!(risk(&found), Risk::High);
        assert!(found[2].limit < 2.3 && found[2].measured > found[2].limit);
    }

    #[test]
    fn a_jump_alone_is_a_medium_risk() {
        let ordinary = Jump {
            foreign_part: Some(0.2),
            streams_per_listener: Some(2.0),
            engagement: Some(0.015),
            lasted: None,
            ..jump()
        };
        let found = evidence(&ordinary);
        assert_eq!((found.len(), risk(&found)), (1, Risk::Medium));
        assert_eq!(risk(&[]), Risk::Low);
    }

    #[test]
    fn without_a_cohort_there_is_no_limit() {
        let alone = Jump { cohort_repetition: vec![2.0; 9], cohort_engagement: Vec::new(), ..jump() };
        assert_eq!(evidence(&alone).len(), 3);
    }
}
