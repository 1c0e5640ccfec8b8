//! How fast, how busy and how expensive the tools are over time, as the page shows it.

use serde::{Deserialize, Serialize};

/// Which time is looked at.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PerformanceRange {
    /// The last hour.
    Hour,
    /// The last six hours.
    QuarterDay,
    /// The last 24 hours.
    #[default]
    Day,
    /// The last seven days.
    Week,
    /// The last 30 days.
    Month,
    /// Between two times, RFC 3339.
    Between(String, String),
}

impl PerformanceRange {
    /// How long it is, in seconds, where it ends now.
    pub fn seconds_until_now(&self) -> Option<i64> {
        match self {
            PerformanceRange::Hour => Some(3600),
            PerformanceRange::QuarterDay => Some(6 * 3600),
            PerformanceRange::Day => Some(86_400),
            PerformanceRange::Week => Some(7 * 86_400),
            PerformanceRange::Month => Some(30 * 86_400),
            PerformanceRange::Between(..) => None,
        }
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PerformanceRequest {
    /// Which time.
    pub range: PerformanceRange,
    /// Only this server, tool by tool.
    pub server: Option<String>,
    /// Whether the time before is looked at, too.
    pub compare: bool,
}

/// The figures of a range.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PerformanceView {
    /// Where each period begins, epoch seconds, oldest first.
    pub starts: Vec<i64>,
    /// How long a period is, in seconds.
    pub period_seconds: u32,
    /// The whole range.
    pub now: Totals,
    /// The range of the same length before it, where it was asked for.
    pub before: Option<Totals>,
    /// Response times in milliseconds: a line for each percentile.
    pub latency: Vec<Line>,
    /// Calls: a line for each server, or for each tool of one.
    pub calls: Vec<Line>,
    /// Calls that failed or were refused, the same way.
    pub errors: Vec<Line>,
    /// The greatest share of its places that a server had in use, in percent.
    pub saturation: Vec<Line>,
    /// Requests to AWS by service.
    pub aws_calls: Vec<Line>,
    /// Requests that the SDK tried again, by service.
    pub aws_retries: Vec<Line>,
    /// Every tool that was called, the most called first.
    pub tools: Vec<ToolFigures>,
    /// What AWS would charge for the requests.
    pub cost: CostEstimate,
    /// The servers that have figures, for the choice of one.
    pub servers: Vec<String>,
    /// Whether there are more series than were read.
    pub truncated: bool,
}

/// A row of figures over time.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Line {
    /// What it is of.
    pub name: String,
    /// A figure for each period; none where there is none.
    pub values: Vec<Option<f64>>,
    /// Whether it is of the time before, laid over this one.
    pub before: bool,
}

impl Line {
    /// All of it together.
    pub fn sum(&self) -> f64 {
        self.values.iter().flatten().sum()
    }
}

/// A whole range in a few figures.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Totals {
    /// Calls.
    pub calls: f64,
    /// Calls that failed or were refused.
    pub errors: f64,
    /// The median over the periods of the time within which half of the calls ended, in milliseconds.
    pub p50: Option<f64>,
    /// The same for 95 of 100 calls.
    pub p95: Option<f64>,
    /// The same for 99 of 100 calls.
    pub p99: Option<f64>,
}

impl Totals {
    /// The share of calls that failed or were refused; none without calls.
    pub fn error_rate(&self) -> Option<f64> {
        (self.calls > 0.0).then(|| self.errors / self.calls)
    }
}

/// A tool in a range.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ToolFigures {
    /// Its server.
    pub server: String,
    /// Its name.
    pub tool: String,
    /// Calls.
    pub calls: f64,
    /// Calls that failed or were refused.
    pub errors: f64,
}

/// What AWS would charge for the requests of a range.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct CostEstimate {
    /// By service.
    pub services: Vec<ServiceCost>,
    /// Where the prices are from.
    pub source: String,
    /// Of when they are.
    pub as_of: String,
    /// What is not in it.
    pub without: String,
}

/// The requests of one service.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ServiceCost {
    /// The service.
    pub service: String,
    /// Requests.
    pub calls: f64,
    /// Their price in US dollars; none where it does not follow from the number of requests.
    pub dollars: Option<f64>,
}

/// A chart as the browser draws it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PerformanceChart {
    /// Which one: `latency`, `calls`, `errors`, `saturation`, `aws-calls`, `aws-retries`.
    pub id: String,
    /// The option tree of ECharts as JSON.
    pub option: String,
}

/// The figures of a range with their charts.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PerformancePicture {
    /// The figures.
    pub view: PerformanceView,
    /// Their charts.
    pub charts: Vec<PerformanceChart>,
    /// When they were read, RFC 3339 in UTC.
    pub read_at: String,
}

impl PerformancePicture {
    /// The option tree of a chart; empty where there is none.
    pub fn chart(&self, id: &str) -> String {
        self.charts.iter().find(|chart| chart.id == id).map(|chart| chart.option.clone()).unwrap_or_default()
    }
}
