//! CloudWatch metrics: what is reported comes back as statistics, through the real client.

use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::operation::put_metric_data::PutMetricDataError;
use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{
    Datapoint, Dimension, DimensionFilter, Metric, MetricDataQuery, MetricDatum, MetricStat, RecentlyActive,
    ScanBy, StandardUnit, Statistic, StatisticSet,
};
use patchline::embedded_aws::EmbeddedAws;

use super::{Fixture, Outcome, code_of, open};

pub(super) const NAMESPACE: &str = "Patchline/Checks";
pub(super) const MINUTE: i64 = 60;
const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

pub(super) fn client(aws: &EmbeddedAws) -> Client {
    let config = aws_sdk_cloudwatch::Config::builder()
        .behavior_version(aws_sdk_cloudwatch::config::BehaviorVersion::latest())
        .region(aws_sdk_cloudwatch::config::Region::new("us-east-1"))
        .credentials_provider(aws.credentials())
        .http_client(aws.http_client())
        .endpoint_url("http://embedded-aws.localhost");
    Client::from_conf(config.build())
}

pub(super) async fn fixture() -> Result<(Fixture, Client), Box<dyn std::error::Error>> {
    let fixture = Fixture::new().await?;
    let client = client(&fixture.aws);
    Ok((fixture, client))
}

pub(super) fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("the clock is after 1970");
    i64::try_from(since.as_secs()).expect("the clock is before the year 292 billion")
}

/// A full hour, between two and three hours ago: far enough from now, and the begin of every period.
/// The same for as long as the test runs, also across the end of an hour.
pub(super) fn base() -> i64 {
    static BASE: OnceLock<i64> = OnceLock::new();
    *BASE.get_or_init(|| (now() / HOUR - 2) * HOUR)
}

pub(super) fn at(second: i64) -> DateTime {
    DateTime::from_secs(second)
}

pub(super) fn datum(name: &str, second: i64, value: f64) -> MetricDatum {
    MetricDatum::builder().metric_name(name).timestamp(at(second)).value(value).build()
}

pub(super) fn dimension(name: &str, value: &str) -> Dimension {
    Dimension::builder().name(name).value(value).build()
}

pub(super) async fn put(client: &Client, data: Vec<MetricDatum>) -> Outcome {
    client.put_metric_data().namespace(NAMESPACE).set_metric_data(Some(data)).send().await?;
    Ok(())
}

pub(super) fn query(id: &str, name: &str, statistic: &str) -> MetricDataQuery {
    let metric = Metric::builder().namespace(NAMESPACE).metric_name(name).build();
    let statistic = MetricStat::builder().metric(metric).period(60).stat(statistic).build();
    MetricDataQuery::builder().id(id).metric_stat(statistic).build()
}

/// The values of queries over the hour from the base on, oldest first, by id and second.
pub(super) async fn values(
    client: &Client,
    queries: Vec<MetricDataQuery>,
) -> Result<Vec<(String, Vec<(i64, f64)>)>, Box<dyn std::error::Error>> {
    let answer = client
        .get_metric_data()
        .set_metric_data_queries(Some(queries))
        .start_time(at(base()))
        .end_time(at(base() + HOUR))
        .scan_by(ScanBy::TimestampAscending)
        .send()
        .await?;
    let results = answer.metric_data_results().iter().map(|result| {
        let times = result.timestamps().iter().map(|time| time.secs() - base());
        (result.id().unwrap_or_default().to_owned(), times.zip(result.values().iter().copied()).collect())
    });
    Ok(results.collect())
}

#[tokio::test]
async fn values_are_summed_up_by_aligned_periods() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let data = [(0, 1.0), (59, 2.0), (60, 10.0), (185, 5.0)];
    put(&client, data.map(|(offset, value)| datum("calls", base() + offset, value)).to_vec()).await?;
    let expected = [
        ("SampleCount", [(0, 2.0), (60, 1.0), (180, 1.0)]),
        ("Sum", [(0, 3.0), (60, 10.0), (180, 5.0)]),
        ("Average", [(0, 1.5), (60, 10.0), (180, 5.0)]),
        ("Minimum", [(0, 1.0), (60, 10.0), (180, 5.0)]),
        ("Maximum", [(0, 2.0), (60, 10.0), (180, 5.0)]),
        ("p50", [(0, 1.5), (60, 10.0), (180, 5.0)]),
    ];
    for (statistic, points) in expected {
        let found = values(&client, vec![query("m1", "calls", statistic)]).await?;
        assert_eq!(found, [("m1".to_owned(), points.to_vec())], "{statistic}");
    }
    Ok(())
}

#[tokio::test]
async fn a_start_within_a_period_takes_the_whole_period() -> Outcome {
    let (_fixture, client) = fixture().await?;
    put(&client, vec![datum("calls", base(), 1.0), datum("calls", base() + 240, 2.0)]).await?;
    let metric = Metric::builder().namespace(NAMESPACE).metric_name("calls").build();
    let statistic = MetricStat::builder().metric(metric).period(300).stat("Sum").build();
    let answer = client
        .get_metric_data()
        .metric_data_queries(MetricDataQuery::builder().id("m1").metric_stat(statistic).build())
        .start_time(at(base() + 17))
        .end_time(at(base() + 200))
        .send()
        .await?;
    let result = answer.metric_data_results().first().expect("one result");
    assert_eq!(result.timestamps(), [at(base())]);
    assert_eq!(result.values(), [3.0]);
    assert_eq!(result.label(), Some("calls"));
    Ok(())
}

#[tokio::test]
async fn counts_and_statistic_sets_weigh_in() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let counted = MetricDatum::builder()
        .metric_name("counted")
        .timestamp(at(base()))
        .set_values(Some(vec![1.0, 2.0, 3.0]))
        .set_counts(Some(vec![1.0, 98.0, 1.0]))
        .build();
    let set =
        |low, high| StatisticSet::builder().sample_count(4.0).sum(8.0).minimum(low).maximum(high).build();
    let summed = |name: &str, low, high| {
        MetricDatum::builder()
            .metric_name(name)
            .timestamp(at(base()))
            .statistic_values(set(low, high))
            .build()
    };
    put(&client, vec![counted, summed("summed", 1.0, 3.0), summed("same", 2.0, 2.0)]).await?;
    for (name, statistic, expected) in [
        ("counted", "SampleCount", Some(100.0)),
        ("counted", "Sum", Some(200.0)),
        ("counted", "p50", Some(2.0)),
        ("counted", "p100", Some(3.0)),
        ("summed", "Average", Some(2.0)),
        ("summed", "Maximum", Some(3.0)),
        ("summed", "p50", None),
        ("same", "p99.9", Some(2.0)),
    ] {
        let found = values(&client, vec![query("m1", name, statistic)]).await?;
        let points: Vec<(i64, f64)> = expected.map(|value| (0, value)).into_iter().collect();
        assert_eq!(found, [("m1".to_owned(), points)], "{name} {statistic}");
    }
    Ok(())
}

#[tokio::test]
async fn dimensions_make_a_metric_of_its_own_in_any_order() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let with = |dimensions: &[(&str, &str)], value| {
        let dimensions = dimensions.iter().map(|(name, value)| dimension(name, value)).collect();
        MetricDatum::builder()
            .metric_name("calls")
            .timestamp(at(base()))
            .set_dimensions(Some(dimensions))
            .value(value)
            .build()
    };
    let data =
        vec![with(&[("tool", "a"), ("server", "s3")], 1.0), with(&[("server", "s3"), ("tool", "a")], 2.0)];
    put(&client, data).await?;
    put(&client, vec![with(&[("tool", "b"), ("server", "s3")], 4.0), with(&[], 8.0)]).await?;
    let sum_of = async |dimensions: &[(&str, &str)]| {
        let dimensions = dimensions.iter().map(|(name, value)| dimension(name, value)).collect();
        let answer = client
            .get_metric_statistics()
            .namespace(NAMESPACE)
            .metric_name("calls")
            .set_dimensions(Some(dimensions))
            .start_time(at(base()))
            .end_time(at(base() + HOUR))
            .period(60)
            .statistics(Statistic::Sum)
            .send()
            .await?;
        let sums: Vec<f64> = answer.datapoints().iter().filter_map(Datapoint::sum).collect();
        Ok::<_, Box<dyn std::error::Error>>(sums)
    };
    assert_eq!(sum_of(&[("server", "s3"), ("tool", "a")]).await?, [3.0]);
    assert_eq!(sum_of(&[("tool", "b"), ("server", "s3")]).await?, [4.0]);
    assert_eq!(sum_of(&[]).await?, [8.0]);
    assert_eq!(sum_of(&[("server", "s3")]).await?, [0.0; 0]);
    Ok(())
}

#[tokio::test]
async fn statistics_come_by_unit_and_with_percentiles() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let timed = |value, unit: StandardUnit| {
        MetricDatum::builder().metric_name("time").timestamp(at(base())).value(value).unit(unit).build()
    };
    let data = vec![
        timed(5.0, StandardUnit::Milliseconds),
        timed(15.0, StandardUnit::Milliseconds),
        timed(1.0, StandardUnit::Seconds),
    ];
    put(&client, data).await?;
    let ask = || {
        let request = client.get_metric_statistics().namespace(NAMESPACE).metric_name("time").period(60);
        request.start_time(at(base())).end_time(at(base() + HOUR))
    };
    let both = ask().statistics(Statistic::Average).statistics(Statistic::SampleCount).send().await?;
    let mut found: Vec<_> = both
        .datapoints()
        .iter()
        .map(|point| (point.unit().cloned(), point.average(), point.sample_count()))
        .collect();
    found.sort_by(|left, right| left.1.partial_cmp(&right.1).expect("averages are numbers"));
    let expected = [
        (Some(StandardUnit::Seconds), Some(1.0), Some(1.0)),
        (Some(StandardUnit::Milliseconds), Some(10.0), Some(2.0)),
    ];
    assert_eq!(found, expected);
    let percentiles = ask().unit(StandardUnit::Milliseconds).extended_statistics("p90").send().await?;
    let points = percentiles.datapoints();
    assert_eq!(points.len(), 1);
    let p90 = points.first().and_then(|point| point.extended_statistics()?.get("p90").copied());
    assert_eq!(p90, Some(14.0));
    Ok(())
}

#[tokio::test]
async fn pages_add_up_to_the_whole_in_both_orders() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let minutes: Vec<i64> = (0..25).collect();
    for name in ["one", "two"] {
        let value = |minute: i64| f64::from(i32::try_from(minute).expect("a small number"));
        put(&client, minutes.iter().map(|m| datum(name, base() + m * MINUTE, value(*m))).collect()).await?;
    }
    for order in [ScanBy::TimestampAscending, ScanBy::TimestampDescending] {
        let ask = |most| {
            client
                .get_metric_data()
                .metric_data_queries(query("m1", "one", "Sum"))
                .metric_data_queries(query("m2", "two", "Sum"))
                .start_time(at(base()))
                .end_time(at(base() + HOUR))
                .scan_by(order.clone())
                .max_datapoints(most)
        };
        let mut found = Vec::new();
        let mut token = None;
        let mut pages = 0;
        loop {
            let page = ask(7).set_next_token(token).send().await?;
            let count: usize = page.metric_data_results().iter().map(|result| result.values().len()).sum();
            assert!(count <= 7);
            pages += 1;
            for result in page.metric_data_results() {
                let id = result.id().unwrap_or_default().to_owned();
                found.extend(result.timestamps().iter().map(|time| (id.clone(), time.secs() - base())));
            }
            token = page.next_token().map(str::to_owned);
            if token.is_none() {
                break;
            }
        }
        let mut times: Vec<i64> = minutes.iter().map(|minute| minute * MINUTE).collect();
        if order == ScanBy::TimestampDescending {
            times.reverse();
        }
        let expected: Vec<(String, i64)> =
            ["m1", "m2"].iter().flat_map(|id| times.iter().map(|time| ((*id).to_owned(), *time))).collect();
        assert_eq!(found, expected);
        assert_eq!(pages, 8);

        let first = ask(7).send().await?;
        let other = client
            .get_metric_data()
            .metric_data_queries(query("m1", "one", "Sum"))
            .start_time(at(base()))
            .end_time(at(base() + HOUR))
            .set_next_token(first.next_token().map(str::to_owned));
        assert_eq!(code_of(other.send().await), "InvalidNextToken");
    }
    Ok(())
}

#[tokio::test]
async fn large_bodies_come_compressed() -> Outcome {
    let (_fixture, client) = fixture().await?;
    // The client compresses bodies from 10,240 bytes on.
    let data = (0..900).map(|number| datum("many", base() + number % HOUR, 1.0)).collect();
    put(&client, data).await?;
    let found = values(&client, vec![query("m1", "many", "SampleCount")]).await?;
    let total: f64 = found.iter().flat_map(|(_, points)| points).map(|(_, value)| value).sum();
    assert!((total - 900.0).abs() < 1e-9, "{total}");
    Ok(())
}

#[tokio::test]
async fn metrics_are_listed_by_filter_and_page() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let labelled = |number: i32| {
        MetricDatum::builder()
            .metric_name("calls")
            .dimensions(dimension("tool", &format!("t{number:04}")))
            .timestamp(at(base()))
            .value(1.0)
            .build()
    };
    put(&client, (0..600).map(labelled).collect()).await?;
    put(&client, vec![datum("other", base(), 1.0)]).await?;
    client.put_metric_data().namespace("Elsewhere").metric_data(datum("calls", base(), 1.0)).send().await?;

    let first = client.list_metrics().namespace(NAMESPACE).metric_name("calls").send().await?;
    assert_eq!(first.metrics().len(), 500);
    let token = first.next_token().expect("another page").to_owned();
    let second =
        client.list_metrics().namespace(NAMESPACE).metric_name("calls").next_token(&token).send().await?;
    assert_eq!((second.metrics().len(), second.next_token()), (100, None));
    let mixed = client.list_metrics().namespace("Elsewhere").next_token(token).send().await;
    assert_eq!(code_of(mixed), "InvalidNextToken");

    let count = async |filter: DimensionFilter| {
        let answer = client.list_metrics().dimensions(filter).send().await?;
        Ok::<_, Box<dyn std::error::Error>>(answer.metrics().len())
    };
    assert_eq!(count(DimensionFilter::builder().name("tool").value("t0007").build()).await?, 1);
    assert_eq!(count(DimensionFilter::builder().name("tool").build()).await?, 500);
    assert_eq!(count(DimensionFilter::builder().name("server").build()).await?, 0);
    Ok(())
}

#[tokio::test]
async fn metrics_without_recent_values_are_not_listed() -> Outcome {
    let (_fixture, client) = fixture().await?;
    put(&client, vec![datum("old", now() - 13 * DAY, 1.0), datum("new", now(), 1.0)]).await?;
    let all = client.list_metrics().namespace(NAMESPACE).send().await?;
    assert_eq!(all.metrics().len(), 2);
    let recent = client.list_metrics().recently_active(RecentlyActive::Pt3H).send().await?;
    let names: Vec<_> = recent.metrics().iter().filter_map(Metric::metric_name).collect();
    assert_eq!(names, ["new"]);
    Ok(())
}

#[tokio::test]
async fn what_aws_refuses_is_refused_and_nothing_is_written() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let good = || MetricDatum::builder().metric_name("m").timestamp(at(base()));
    let many_dimensions = (0..31).map(|number| dimension(&format!("d{number}"), "x")).collect();
    let set = StatisticSet::builder().sample_count(1.0).sum(5.0).minimum(9.0).maximum(1.0).build();
    let invalid = "InvalidParameterValue";
    let combination = "InvalidParameterCombination";
    let cases = [
        ("not a number", good().value(f64::NAN).build(), invalid),
        ("infinity", good().value(f64::INFINITY).build(), invalid),
        ("too large", good().value(1e109).build(), invalid),
        ("too old", datum("m", now() - 14 * DAY - 60, 1.0), invalid),
        ("too new", datum("m", now() + 2 * HOUR + 60, 1.0), invalid),
        ("no value", good().build(), "MissingParameter"),
        ("two values", good().value(1.0).values(1.0).build(), combination),
        ("counts without values", good().value(1.0).counts(1.0).build(), combination),
        ("more counts", good().values(1.0).counts(1.0).counts(2.0).build(), invalid),
        ("no count", good().values(1.0).counts(0.0).build(), invalid),
        ("151 values", good().set_values(Some(vec![1.0; 151])).build(), invalid),
        ("wrong set", good().statistic_values(set).build(), invalid),
        ("31 dimensions", good().value(1.0).set_dimensions(Some(many_dimensions)).build(), invalid),
        (
            "twice",
            good().value(1.0).dimensions(dimension("a", "1")).dimensions(dimension("a", "2")).build(),
            invalid,
        ),
        ("resolution", good().value(1.0).storage_resolution(30).build(), invalid),
        ("unit", good().value(1.0).unit(StandardUnit::from("Streams")).build(), invalid),
        ("no name", MetricDatum::builder().metric_name("").value(1.0).build(), "MissingParameter"),
    ];
    for (what, datum, code) in cases {
        let with_good = vec![good().value(1.0).build(), datum];
        let result =
            client.put_metric_data().namespace(NAMESPACE).set_metric_data(Some(with_good)).send().await;
        assert_eq!(code_of(result), code, "{what}");
    }
    let put =
        |namespace: &str, data| client.put_metric_data().namespace(namespace).set_metric_data(Some(data));
    assert_eq!(code_of(put("AWS/S3", vec![good().value(1.0).build()]).send().await), invalid);
    assert_eq!(code_of(put(":x", vec![good().value(1.0).build()]).send().await), invalid);
    assert_eq!(code_of(put(NAMESPACE, vec![datum("m", base(), 1.0); 1001]).send().await), invalid);
    assert_eq!(code_of(put(NAMESPACE, Vec::new()).send().await), "MissingParameter");
    assert!(client.list_metrics().send().await?.metrics().is_empty());
    Ok(())
}

#[tokio::test]
async fn an_error_has_its_type() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let refused = client
        .put_metric_data()
        .namespace(NAMESPACE)
        .metric_data(MetricDatum::builder().metric_name("m").value(f64::NAN).build())
        .send()
        .await;
    assert!(matches!(&refused, Err(error)
        if error.as_service_error().is_some_and(PutMetricDataError::is_invalid_parameter_value_exception)));
    Ok(())
}

#[tokio::test]
async fn questions_that_cannot_be_answered_are_refused() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let ask = || {
        let request = client.get_metric_statistics().namespace(NAMESPACE).metric_name("m");
        request.start_time(at(base())).end_time(at(base() + HOUR)).period(60)
    };
    let sum = || ask().statistics(Statistic::Sum);
    assert_eq!(code_of(sum().send().await), "success");
    assert_eq!(code_of(ask().send().await), "InvalidParameterCombination");
    assert_eq!(code_of(sum().extended_statistics("p9").send().await), "InvalidParameterCombination");
    assert_eq!(code_of(sum().start_time(at(base() - 2 * DAY)).send().await), "InvalidParameterCombination");
    assert_eq!(code_of(sum().end_time(at(base())).send().await), "InvalidParameterValue");
    assert_eq!(code_of(sum().period(90).send().await), "InvalidParameterValue");
    assert_eq!(code_of(ask().extended_statistics("tm90").send().await), "InvalidParameterValue");

    let data = |queries: Vec<MetricDataQuery>| {
        let request = client.get_metric_data().start_time(at(base())).end_time(at(base() + HOUR));
        request.set_metric_data_queries(Some(queries))
    };
    let sum = || query("m1", "m", "Sum");
    assert_eq!(code_of(data(vec![sum()]).send().await), "success");
    for queries in [
        Vec::new(),
        vec![sum(), sum()],
        vec![query("M1", "m", "Sum")],
        vec![query("m1", "m", "TM(10%:90%)")],
        vec![MetricDataQuery::builder().id("m1").build()],
    ] {
        assert_eq!(code_of(data(queries).send().await), "ValidationError");
    }
    assert_eq!(code_of(data(vec![sum()]).end_time(at(base())).send().await), "ValidationError");
    assert_eq!(code_of(data(vec![sum()]).max_datapoints(0).send().await), "ValidationError");
    assert_eq!(code_of(client.list_dashboards().send().await), "UnknownOperationException");
    Ok(())
}

#[tokio::test]
async fn metrics_are_there_after_a_restart() -> Outcome {
    let (fixture, first) = fixture().await?;
    put(&first, vec![datum("calls", base(), 7.0)]).await?;
    let Fixture { directory, aws } = fixture;
    aws.close().await;
    drop(first);

    let aws = open(directory.path()).await?;
    let found = values(&client(&aws), vec![query("m1", "calls", "Sum")]).await?;
    assert_eq!(found, [("m1".to_owned(), vec![(0, 7.0)])]);
    Ok(())
}
