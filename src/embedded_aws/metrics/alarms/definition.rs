//! What an alarm watches: one statistic of one metric against one threshold.

use serde::{Deserialize, Serialize};

use crate::embedded_aws::metrics::error::MetricsError;
use crate::embedded_aws::metrics::metric::{Dimensions, Metric, Unit};
use crate::embedded_aws::metrics::series::{SeriesQuery, read_period};
use crate::embedded_aws::metrics::statistics::Statistic;
use crate::embedded_aws::metrics::value::{Fields, Value};

/// Periods of less than an hour may be watched for a day, longer ones for a week, in seconds.
const DAY: i64 = 86_400;
const WEEK: i64 = 7 * DAY;
const HOUR: i64 = 3600;

/// The most actions of a kind, and the longest name of one, in characters.
const ACTIONS: usize = 5;
const ACTION_LENGTH: usize = 1024;

/// An alarm as it was put. Kept as JSON.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Definition {
    pub(super) name: String,
    pub(super) description: Option<String>,
    pub(super) actions_enabled: bool,
    #[serde(default)]
    actions: Actions,
    namespace: String,
    metric_name: String,
    /// As [`Dimensions::to_stored`] writes them.
    dimensions: String,
    statistic: String,
    /// In seconds.
    pub(super) period: i64,
    unit: Option<String>,
    pub(super) comparison: Comparison,
    pub(super) threshold: f64,
    /// How many periods are looked at.
    pub(super) evaluation_periods: usize,
    /// How many of them must breach; none for all of them.
    datapoints_to_alarm: Option<usize>,
    /// What a period without a value counts as; none for [`Missing::Unknown`].
    missing: Option<Missing>,
}

/// What an alarm would do in its three states. Nothing here runs them.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
struct Actions {
    ok: Vec<String>,
    alarm: Vec<String>,
    insufficient_data: Vec<String>,
}

/// When a value breaches the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Comparison {
    GreaterOrEqual,
    Greater,
    Less,
    LessOrEqual,
}

/// What a period without a value counts as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum Missing {
    Breaching,
    NotBreaching,
    Ignore,
    Unknown,
}

impl Comparison {
    /// Whether `value` breaches `threshold`.
    pub(super) fn is_breached(self, value: f64, threshold: f64) -> bool {
        match self {
            Self::GreaterOrEqual => value >= threshold,
            Self::Greater => value > threshold,
            Self::Less => value < threshold,
            Self::LessOrEqual => value <= threshold,
        }
    }

    /// In words: the value was … the threshold.
    pub(super) fn in_words(self) -> &'static str {
        match self {
            Self::GreaterOrEqual => "greater than or equal to",
            Self::Greater => "greater than",
            Self::Less => "less than",
            Self::LessOrEqual => "less than or equal to",
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::GreaterOrEqual => "GreaterThanOrEqualToThreshold",
            Self::Greater => "GreaterThanThreshold",
            Self::Less => "LessThanThreshold",
            Self::LessOrEqual => "LessThanOrEqualToThreshold",
        }
    }

    fn read(fields: &mut Fields) -> Result<Self, MetricsError> {
        let name = fields.required_text("ComparisonOperator", 255)?;
        let all = [Self::GreaterOrEqual, Self::Greater, Self::Less, Self::LessOrEqual];
        all.into_iter().find(|known| known.name() == name).ok_or_else(|| {
            MetricsError::Validation(format!(
                "the embedded AWS compares with one threshold; the ComparisonOperator {name} is not implemented"
            ))
        })
    }
}

impl Missing {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Breaching => "breaching",
            Self::NotBreaching => "notBreaching",
            Self::Ignore => "ignore",
            Self::Unknown => "missing",
        }
    }

    fn read(fields: &mut Fields) -> Result<Option<Self>, MetricsError> {
        let Some(name) = fields.text("TreatMissingData")? else { return Ok(None) };
        let all = [Self::Breaching, Self::NotBreaching, Self::Ignore, Self::Unknown];
        let found = all.into_iter().find(|known| known.name() == name);
        found.map(Some).ok_or_else(|| fields.invalid("TreatMissingData", name))
    }
}

impl Actions {
    /// Actions that are to run are refused, as nothing would run them; those of an alarm that is put with
    /// `ActionsEnabled` = false are kept.
    fn read(fields: &mut Fields, are_enabled: bool) -> Result<Self, MetricsError> {
        let mut read = |name: &str| {
            let actions = fields.texts(name)?;
            if actions.len() > ACTIONS {
                return Err(MetricsError::Validation(format!("{name} must have at most {ACTIONS} members")));
            }
            if let Some(wrong) = actions.iter().find(|action| !is_action(action)) {
                return Err(MetricsError::Validation(format!("{name} must be ARNs, unlike {wrong}")));
            }
            if are_enabled && !actions.is_empty() {
                return Err(MetricsError::Validation(format!(
                    "the embedded AWS runs no actions; {name} can only be kept with ActionsEnabled = false"
                )));
            }
            Ok(actions)
        };
        Ok(Self {
            ok: read("OKActions")?,
            alarm: read("AlarmActions")?,
            insufficient_data: read("InsufficientDataActions")?,
        })
    }

    fn all(&self) -> impl Iterator<Item = &String> {
        self.ok.iter().chain(&self.alarm).chain(&self.insufficient_data)
    }
}

fn is_action(name: &str) -> bool {
    name.starts_with("arn:") && name.chars().count() <= ACTION_LENGTH
}

impl Definition {
    /// Reads `PutMetricAlarm`.
    pub(super) fn read(mut fields: Fields) -> Result<Self, MetricsError> {
        let name = fields.required_text("AlarmName", 255)?;
        let actions_enabled = fields.boolean("ActionsEnabled")?.unwrap_or(true);
        let actions = Actions::read(&mut fields, actions_enabled)?;
        let metric = Metric::read(&mut fields)?;
        let period = read_period(&mut fields)?;
        let (evaluation_periods, datapoints_to_alarm) = read_counts(&mut fields, period)?;
        let threshold = fields.number("Threshold")?.ok_or_else(|| fields.missing("Threshold"))?;
        if !threshold.is_finite() {
            return Err(fields.invalid("Threshold", threshold));
        }
        let missing = Missing::read(&mut fields)?;
        let definition = Self {
            name,
            description: fields.text("AlarmDescription")?,
            actions_enabled,
            actions,
            statistic: read_statistic(&mut fields)?.to_string(),
            unit: Unit::read(&mut fields)?.map(|unit| unit.as_str().to_owned()),
            comparison: Comparison::read(&mut fields)?,
            namespace: metric.namespace,
            metric_name: metric.name,
            dimensions: metric.dimensions.to_stored(),
            period,
            threshold,
            evaluation_periods,
            datapoints_to_alarm,
            missing,
        };
        fields.finish()?;
        Ok(definition)
    }

    /// The series that it watches.
    pub(super) fn series(&self) -> Result<SeriesQuery, MetricsError> {
        let damaged = || MetricsError::Damaged(format!("alarm {}", self.name));
        Ok(SeriesQuery {
            metric: Metric {
                namespace: self.namespace.clone(),
                name: self.metric_name.clone(),
                dimensions: Dimensions::from_stored(&self.dimensions)?,
            },
            period: self.period,
            statistic: Statistic::named(&self.statistic).ok_or_else(damaged)?,
            unit: self.unit.as_deref().and_then(Unit::named),
        })
    }

    /// Its part of the answer to `DescribeAlarms`.
    pub(super) fn members(&self) -> Result<Vec<(String, Value)>, MetricsError> {
        let statistic = Value::from(self.statistic.as_str());
        let is_simple = Statistic::simple(&self.statistic).is_some();
        let (simple, extended) = if is_simple { (statistic, Value::Null) } else { (Value::Null, statistic) };
        let count = |count: usize| Value::Integer(i64::try_from(count).unwrap_or(i64::MAX));
        let list = |texts: &[String]| Value::List(texts.iter().map(|text| text.as_str().into()).collect());
        let described = Value::structure([
            ("AlarmName", self.name.as_str().into()),
            ("AlarmDescription", self.description.clone().into()),
            ("ActionsEnabled", self.actions_enabled.into()),
            ("OKActions", list(&self.actions.ok)),
            ("AlarmActions", list(&self.actions.alarm)),
            ("InsufficientDataActions", list(&self.actions.insufficient_data)),
            ("MetricName", self.metric_name.as_str().into()),
            ("Namespace", self.namespace.as_str().into()),
            ("Statistic", simple),
            ("ExtendedStatistic", extended),
            ("Dimensions", Dimensions::from_stored(&self.dimensions)?.to_value()),
            ("Period", self.period.into()),
            ("Unit", self.unit.clone().into()),
            ("EvaluationPeriods", count(self.evaluation_periods)),
            ("DatapointsToAlarm", self.datapoints_to_alarm.map(count).into()),
            ("Threshold", self.threshold.into()),
            ("ComparisonOperator", self.comparison.name().into()),
            ("TreatMissingData", self.missing.map(Missing::name).into()),
        ]);
        match described {
            Value::Map(members) => Ok(members),
            _ => Ok(Vec::new()),
        }
    }

    /// Whether one of its actions begins so.
    pub(super) fn has_action(&self, prefix: &str) -> bool {
        self.actions.all().any(|action| action.starts_with(prefix))
    }

    /// How many of the periods must breach.
    pub(super) fn datapoints_to_alarm(&self) -> usize {
        self.datapoints_to_alarm.unwrap_or(self.evaluation_periods)
    }

    /// What a period without a value counts as.
    pub(super) fn missing(&self) -> Missing {
        self.missing.unwrap_or(Missing::Unknown)
    }

    /// Its statistic as it is written.
    pub(super) fn statistic_name(&self) -> &str {
        &self.statistic
    }
}

fn read_statistic(fields: &mut Fields) -> Result<Statistic, MetricsError> {
    let extended = fields.text("ExtendedStatistic")?;
    match fields.text("EvaluateLowSampleCountPercentile")?.as_deref() {
        None => {}
        Some("evaluate") if extended.is_some() => {}
        Some(other) => {
            let message = format!(
                "the embedded AWS evaluates percentiles of few samples, too; EvaluateLowSampleCountPercentile = \
                 {other} is not implemented"
            );
            return Err(MetricsError::Validation(message));
        }
    }
    match (fields.text("Statistic")?, extended) {
        (Some(name), None) => Statistic::simple(&name).ok_or_else(|| fields.invalid("Statistic", name)),
        (None, Some(name)) => {
            Statistic::percentile(&name).ok_or_else(|| fields.invalid("ExtendedStatistic", name))
        }
        _ => Err(MetricsError::InvalidParameterCombination(
            "Must specify either Statistic or ExtendedStatistic, and not both.".to_owned(),
        )),
    }
}

/// `EvaluationPeriods` and, if given, `DatapointsToAlarm`.
fn read_counts(fields: &mut Fields, period: i64) -> Result<(usize, Option<usize>), MetricsError> {
    let longest = if period < HOUR { DAY } else { WEEK };
    let periods = fields.integer("EvaluationPeriods")?.ok_or_else(|| fields.missing("EvaluationPeriods"))?;
    if periods < 1 || periods.saturating_mul(period) > longest {
        return Err(MetricsError::Validation(format!(
            "Metrics of periods of {period} s cannot be checked across more than {longest} s, and EvaluationPeriods \
             must be at least 1"
        )));
    }
    let datapoints = fields.integer("DatapointsToAlarm")?;
    if let Some(datapoints) = datapoints
        && !(1..=periods).contains(&datapoints)
    {
        return Err(MetricsError::Validation(
            "DatapointsToAlarm must be from 1 to EvaluationPeriods".to_owned(),
        ));
    }
    let size = |count: i64| usize::try_from(count).unwrap_or(usize::MAX);
    Ok((size(periods), datapoints.map(size)))
}
