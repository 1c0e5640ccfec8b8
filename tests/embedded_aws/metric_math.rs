//! Expressions over metrics, through the real client.

use aws_sdk_cloudwatch::types::MetricDataQuery;

use super::metrics::{MINUTE, at, base, datum, fixture, now, put, query, values};
use super::{Outcome, code_of};

fn expression(id: &str, text: &str) -> MetricDataQuery {
    MetricDataQuery::builder().id(id).expression(text).build()
}

fn hidden(query: MetricDataQuery) -> MetricDataQuery {
    let MetricDataQuery { id, metric_stat, .. } = query;
    MetricDataQuery::builder().set_id(id).set_metric_stat(metric_stat).return_data(false).build()
}

#[tokio::test]
async fn expressions_calculate_over_other_queries() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let base = base();
    let calls = [(0, 10.0), (1, 20.0), (2, 0.0)].map(|(m, value)| datum("calls", base + m * MINUTE, value));
    let errors = [(0, 1.0), (2, 3.0)].map(|(m, value)| datum("errors", base + m * MINUTE, value));
    put(&client, calls.into_iter().chain(errors).collect()).await?;
    for (text, expected) in [
        ("100 * errors / calls", vec![(0, 10.0)]),
        ("calls - errors", vec![(0, 9.0), (120, -3.0)]),
        ("SUM([calls, errors])", vec![(0, 11.0), (60, 20.0), (120, 3.0)]),
        ("AVG(METRICS())", vec![(0, 5.5), (60, 20.0), (120, 1.5)]),
        ("calls / SUM(calls)", vec![(0, 1.0 / 3.0), (60, 2.0 / 3.0), (120, 0.0)]),
        ("twice + 1", vec![(0, 21.0), (60, 41.0), (120, 1.0)]),
    ] {
        let queries = vec![
            expression("e1", text),
            hidden(query("calls", "calls", "Sum")),
            hidden(query("errors", "errors", "Sum")),
            MetricDataQuery::builder().id("twice").expression("2 * calls").return_data(false).build(),
        ];
        assert_eq!(values(&client, queries).await?, [("e1".to_owned(), expected)], "{text}");
    }
    let many = vec![
        expression("all", "METRICS() * 2"),
        hidden(query("calls", "calls", "Sum")),
        hidden(query("errors", "errors", "Sum")),
    ];
    let found = values(&client, many).await?;
    assert_eq!(found.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["all", "all"]);
    Ok(())
}

#[tokio::test]
async fn what_is_not_implemented_is_refused_by_name() -> Outcome {
    let (_fixture, client) = fixture().await?;
    for (text, part) in [
        ("SEARCH('{a} b', 'Sum', 60)", "SEARCH"),
        ("ANOMALY_DETECTION_BAND(m1, 2)", "ANOMALY_DETECTION_BAND"),
        ("m1 ^ 2", "'^'"),
        ("IF(m1, 1, 0)", "IF"),
        ("m1 +", "at the end"),
        ("m9 + 1", "m9"),
        ("e1 + 1", "circle"),
        ("SUM(m1)", "time series"),
        ("SELECT AVG(x) FROM y", "position 8"),
    ] {
        let request = client
            .get_metric_data()
            .start_time(at(now() - 3600))
            .end_time(at(now()))
            .metric_data_queries(query("m1", "m", "Sum"))
            .metric_data_queries(expression("e1", text));
        let error = request.send().await.expect_err("an expression that is refused");
        let message =
            aws_sdk_cloudwatch::error::ProvideErrorMetadata::message(&error).unwrap_or_default().to_owned();
        assert!(message.contains(part), "{text}: {message}");
        assert_eq!(code_of(Err::<(), _>(error)), "ValidationError", "{text}");
    }
    Ok(())
}
