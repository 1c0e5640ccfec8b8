//! Publishes the counts of calls as metrics, once a minute.

use super::sums::{self, Together};
use super::tally::{Counted, Dimensions, Minutes, Tally};
use crate::engine::aws::{AwsClients, AwsFailure, FailureKind};
use crate::model::tool::AwsResource;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Dimension, MetricDatum, StandardUnit};
use jiff::Timestamp;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};

/// Different values that one datum may carry (a limit of `CloudWatch`).
const VALUES_OF_A_DATUM: usize = 150;

/// Data that go into one request. CloudWatch takes 1000, and a mebibyte, of which one datum with all its
/// values needs less than three thousandths.
const DATA_OF_A_REQUEST: usize = 300;

/// The way to the task that publishes.
pub(super) struct Publisher {
    orders: mpsc::Sender<Order>,
}

enum Order {
    Flush(oneshot::Sender<()>),
    Close(oneshot::Sender<()>),
}

impl Publisher {
    /// Starts the task. It ends with [`Publisher::close`] or when this is dropped.
    pub(super) fn start(aws: AwsClients, namespace: String, tally: Arc<Tally>) -> Self {
        let (orders, ordered) = mpsc::channel(4);
        let task = Task { aws, namespace, tally, ordered, away: false };
        tokio::spawn(task.run());
        Self { orders }
    }

    /// Publishes all counts, those of the running minute, too.
    pub(super) async fn flush(&self) {
        self.order(Order::Flush).await;
    }

    /// The same, and ends the task.
    pub(super) async fn close(&self) {
        self.order(Order::Close).await;
    }

    async fn order(&self, order: impl FnOnce(oneshot::Sender<()>) -> Order) {
        let (done, answer) = oneshot::channel();
        if self.orders.send(order(done)).await.is_ok() {
            // The task answers, or has ended, which is as good.
            let _ = answer.await;
        }
    }
}

struct Task {
    aws: AwsClients,
    namespace: String,
    tally: Arc<Tally>,
    ordered: mpsc::Receiver<Order>,
    away: bool,
}

impl Task {
    async fn run(mut self) {
        loop {
            let now = Timestamp::now();
            tokio::select! {
                biased;
                order = self.ordered.recv() => {
                    self.publish(i64::MAX).await;
                    match order {
                        // Whoever waited may have gone away meanwhile.
                        Some(Order::Flush(done)) => {
                            let _ = done.send(());
                        }
                        Some(Order::Close(done)) => {
                            // What it holds is let go of before anybody is told.
                            drop(self);
                            let _ = done.send(());
                            return;
                        }
                        None => return,
                    }
                }
                () = tokio::time::sleep(until_next_minute(now)) => {
                    self.publish(Timestamp::now().as_second().div_euclid(60)).await;
                }
            }
        }
    }

    /// Publishes what was counted before a minute. What cannot be published waits for the next time.
    async fn publish(&mut self, before: i64) {
        let counts: Vec<_> = flat(self.tally.take_before(before)).collect();
        let mut rest = counts.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(fitting(rest));
            let together = sums::of_servers(now);
            let data = now.iter().flat_map(data).chain(together.iter().flat_map(durations));
            match self.put(data.collect()).await {
                Ok(()) => {}
                Err(failure) if is_final(&failure) => {
                    // They would be refused again and keep all others from being published.
                    tracing::warn!(%failure, counts = now.len(), "metrics were refused and are lost");
                }
                Err(failure) => {
                    self.tally.put_back(minutes(rest));
                    self.report(&failure);
                    return;
                }
            }
            rest = later;
        }
        if let Err(failure) = self.publish_sums(before).await {
            self.report(&failure);
            return;
        }
        let lost = self.tally.take_lost();
        if lost > 0
            && let Err(failure) = self.put(vec![lost_lines(lost)]).await
            && !is_final(&failure)
        {
            self.tally.count_lost(lost);
            self.report(&failure);
            return;
        }
        self.away &= counts.is_empty();
    }

    /// Publishes what is not about single calls: how busy servers were, and what was asked of AWS. After
    /// hours without `CloudWatch` this is more than one request can carry.
    async fn publish_sums(&self, before: i64) -> Result<(), AwsFailure> {
        let peaks: Vec<_> = self.tally.take_peaks_before(before).into_iter().collect();
        let mut rest = peaks.as_slice();
        while !rest.is_empty() {
            let (now, later) = rest.split_at(rest.len().min(DATA_OF_A_REQUEST));
            let data = now.iter().map(|(place, share)| sums::saturation((place, share))).collect();
            if let Err(failure) = self.put_or_lose(data).await {
                for ((minute, server), share) in rest {
                    self.tally.note_peak(*minute, server, *share);
                }
                return Err(failure);
            }
            rest = later;
        }
        let calls = self.aws.calls.take();
        let data = sums::aws(&calls, Timestamp::now().as_second());
        // There are far fewer services than a request carries data, so they go together or not at all.
        if !data.is_empty()
            && let Err(failure) = self.put_or_lose(data).await
        {
            self.aws.calls.put_back(calls);
            return Err(failure);
        }
        Ok(())
    }

    /// The same as [`Task::put`], but what would be refused again and again is lost.
    async fn put_or_lose(&self, data: Vec<MetricDatum>) -> Result<(), AwsFailure> {
        let metrics = data.len();
        match self.put(data).await {
            Err(failure) if is_final(&failure) => {
                tracing::warn!(%failure, metrics, "metrics were refused and are lost");
                Ok(())
            }
            published => published,
        }
    }

    async fn put(&self, data: Vec<MetricDatum>) -> Result<(), AwsFailure> {
        let request = self.aws.cloudwatch.put_metric_data().namespace(&self.namespace);
        let resource = || AwsResource {
            service: "cloudwatch".to_owned(),
            action: "cloudwatch:PutMetricData".to_owned(),
            name: self.namespace.clone(),
        };
        let sent = request.set_metric_data(Some(data)).send().await;
        sent.map(drop).map_err(|e| AwsFailure::from_sdk(resource(), &e))
    }

    /// Says it once for each time that `CloudWatch` goes away.
    fn report(&mut self, failure: &AwsFailure) {
        if !self.away {
            tracing::warn!(%failure, "metrics cannot be written to CloudWatch; they wait");
        }
        self.away = true;
    }
}

/// Whether the same request would fail again whenever it is sent.
fn is_final(failure: &AwsFailure) -> bool {
    matches!(failure.kind, FailureKind::Invalid | FailureKind::TooLarge)
}

fn until_next_minute(now: Timestamp) -> Duration {
    let into = u64::try_from(now.as_millisecond().rem_euclid(60_000)).unwrap_or_default();
    // A little later, so that calls of the last moment are counted already.
    Duration::from_millis(60_000 - into + 500)
}

pub(super) type Count = (i64, Dimensions, Counted);

fn flat(minutes: Minutes) -> impl Iterator<Item = Count> {
    minutes.into_iter().flat_map(|(minute, counts)| {
        counts.into_iter().map(move |(dimensions, counted)| (minute, dimensions, counted))
    })
}

fn minutes(counts: &[Count]) -> Minutes {
    let mut minutes = Minutes::new();
    for (minute, dimensions, counted) in counts {
        minutes.entry(*minute).or_default().insert(dimensions.clone(), counted.clone());
    }
    minutes
}

/// How many of these counts one request can carry; at least one.
fn fitting(counts: &[Count]) -> usize {
    let mut data = 0;
    let fit = counts.iter().take_while(|(_, _, counted)| {
        data += 2 + counted.durations().count().div_ceil(VALUES_OF_A_DATUM);
        data <= DATA_OF_A_REQUEST
    });
    fit.count().max(1).min(counts.len())
}

/// Calls, errors and durations of one minute.
#[expect(clippy::cast_precision_loss, reason = "counts of a minute are small")]
fn data((minute, dimensions, counted): &Count) -> Vec<MetricDatum> {
    let named = |name: &str, value: &str| Dimension::builder().name(name).value(value).build();
    let dimensions_of = vec![
        named("server", dimensions.server),
        named("tool", &dimensions.tool),
        named("outcome", dimensions.outcome.id()),
    ];
    let datum = |name: &str, unit: StandardUnit| {
        MetricDatum::builder()
            .metric_name(name)
            .timestamp(DateTime::from_secs(minute * 60))
            .set_dimensions(Some(dimensions_of.clone()))
            .unit(unit)
    };
    let calls = counted.calls as f64;
    let failed = if dimensions.outcome.is_error() { 1.0 } else { 0.0 };
    let mut data = vec![
        datum("Calls", StandardUnit::Count).values(1.0).counts(calls).build(),
        datum("Errors", StandardUnit::Count).values(failed).counts(calls).build(),
    ];
    data.extend(distribution(*minute, &dimensions_of, counted));
    data
}

/// The durations of all calls of a server, or of all servers, whose percentiles do not follow from those
/// of their tools.
fn durations(together: &Together) -> Vec<MetricDatum> {
    let server = together.server.map(|server| Dimension::builder().name("server").value(server).build());
    distribution(together.minute, &Vec::from_iter(server), &together.counted)
}

fn distribution(minute: i64, dimensions: &[Dimension], counted: &Counted) -> Vec<MetricDatum> {
    let (values, counts): (Vec<_>, Vec<_>) = counted.durations().unzip();
    let chunks = values.chunks(VALUES_OF_A_DATUM).zip(counts.chunks(VALUES_OF_A_DATUM));
    let data = chunks.map(|(values, counts)| {
        MetricDatum::builder()
            .metric_name("Duration")
            .timestamp(DateTime::from_secs(minute * 60))
            .set_dimensions(Some(dimensions.to_vec()))
            .unit(StandardUnit::Milliseconds)
            .set_values(Some(values.to_vec()))
            .set_counts(Some(counts.to_vec()))
            .build()
    });
    data.collect()
}

#[expect(clippy::cast_precision_loss, reason = "an exact count beyond 2^53 lines does not matter")]
fn lost_lines(lost: u64) -> MetricDatum {
    MetricDatum::builder()
        .metric_name("LostLogLines")
        .timestamp(DateTime::from_secs(Timestamp::now().as_second()))
        .unit(StandardUnit::Count)
        .value(lost as f64)
        .build()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::aws::Embedded;
    use crate::engine::config::Config;
    use crate::engine::telemetry::call::{Call, CallEvent, Outcome};

    /// Counts of some tools, each with so many calls that all took another time.
    fn counts(tools: usize, calls: u32) -> Vec<Count> {
        let tally = Tally::default();
        for tool in 0..tools {
            for number in 0..calls {
                tally.count(&Call {
                    time: "2026-11-24T09:30:10Z".parse().expect("a time"),
                    event: CallEvent::ToolCall,
                    request_id: "req_1",
                    principal: "somebody",
                    role: "admin",
                    server: Some("s3"),
                    tool: &format!("tool{tool}"),
                    outcome: Outcome::Ok,
                    error_kind: None,
                    error: None,
                    // Three digits are kept, so these are all different.
                    duration: Duration::from_micros(
                        (100 + u64::from(number % 900)) * 10_u64.pow(number / 900),
                    ),
                    source: "rest",
                    session: None,
                });
            }
        }
        flat(tally.take_before(i64::MAX)).collect()
    }

    #[tokio::test]
    async fn all_that_waited_for_hours_is_published_in_parts() {
        const SERVERS: [&str; 6] = ["bedrock", "cloudwatch", "dynamodb", "fleet", "rds", "s3"];
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().to_string_lossy().into_owned();
        let variable = |name: &str| match name {
            "MCP_MOCK_AWS_SERVICES" => Some("true".to_owned()),
            "PATCHLINE_DATA_DIR" => Some(path.clone()),
            _ => None,
        };
        let config = Config::load(&variable, false).expect("a configuration");
        let embedded = Embedded::open(&config).await.expect("it opens").expect("it is embedded");
        let aws = AwsClients::connect(&config, Some(&embedded)).await;
        let tally = Arc::new(Tally::default());
        let now = Timestamp::now().as_second().div_euclid(60);
        for minute in now - 180..now {
            for server in SERVERS {
                tally.note_peak(minute, server, 0.5);
            }
        }
        let (_orders, ordered) = mpsc::channel(1);
        let mut task = Task {
            aws: aws.clone(),
            namespace: "Waiting".to_owned(),
            tally: Arc::clone(&tally),
            ordered,
            away: false,
        };
        task.publish(i64::MAX).await;
        assert!(tally.take_peaks_before(i64::MAX).is_empty(), "nothing waits any more");
        let published = aws
            .cloudwatch
            .get_metric_statistics()
            .namespace("Waiting")
            .metric_name("Saturation")
            .dimensions(Dimension::builder().name("server").value("s3").build())
            .start_time(DateTime::from_secs((now - 181) * 60))
            .end_time(DateTime::from_secs((now + 1) * 60))
            .period(86_400)
            .statistics(aws_sdk_cloudwatch::types::Statistic::SampleCount);
        let published = published.send().await.expect("an answer");
        let samples: f64 = published
            .datapoints()
            .iter()
            .filter_map(aws_sdk_cloudwatch::types::Datapoint::sample_count)
            .sum();
        assert!((samples - 180.0).abs() < 1e-9, "{published:?}");
        drop((task, aws));
        embedded.close().await;
    }

    #[test]
    fn a_request_carries_no_more_than_cloudwatch_takes() {
        for counts in [counts(400, 1), counts(20, 4500), counts(1, 1), Vec::new()] {
            let mut rest = counts.as_slice();
            let mut published = 0;
            while !rest.is_empty() {
                let (now, later) = rest.split_at(fitting(rest));
                let data: Vec<MetricDatum> = now.iter().flat_map(data).collect();
                assert!((1..=DATA_OF_A_REQUEST).contains(&data.len()), "{}", data.len());
                assert!(data.iter().all(|datum| datum.values().len() <= VALUES_OF_A_DATUM));
                published += now.len();
                rest = later;
            }
            assert_eq!(published, counts.len());
        }
    }
}
