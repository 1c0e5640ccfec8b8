//! Logs Insights through the real client.

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudwatchlogs::operation::start_query::StartQueryError;
use aws_sdk_cloudwatchlogs::types::{QueryLanguage, QueryStatistics, QueryStatus};

use super::logs::{HOUR, fixture, now, put};
use super::{Outcome, code_of};

type Failure = Box<dyn std::error::Error>;

async fn start(client: &Client, query: &str) -> Result<String, Failure> {
    let seconds = now() / 1000;
    let query = client
        .start_query()
        .log_group_name("/app")
        .start_time(seconds - 3 * 3600)
        .end_time(seconds)
        .query_string(query);
    Ok(query.send().await?.query_id().ok_or("no id")?.to_owned())
}

/// The results once the query is over.
async fn results(client: &Client, id: &str) -> Result<GetQueryResultsOutput, Failure> {
    let over = async {
        loop {
            let results = client.get_query_results().query_id(id).send().await?;
            if results.status() != Some(&QueryStatus::Running) {
                return Ok::<_, Failure>(results);
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_mins(1), over).await?
}

/// The rows of a query, each as `name=value` pairs without the pointer.
async fn rows(client: &Client, query: &str) -> Result<Vec<String>, Failure> {
    let results = results(client, &start(client, query).await?).await?;
    assert_eq!(results.status(), Some(&QueryStatus::Complete));
    let rows = results.results().iter().map(|row| {
        let cells = row.iter().filter(|cell| cell.field() != Some("@ptr"));
        let cells = cells
            .map(|cell| format!("{}={}", cell.field().unwrap_or_default(), cell.value().unwrap_or_default()));
        cells.collect::<Vec<_>>().join(" ")
    });
    Ok(rows.collect())
}

/// Four calls in two streams, in the hour before the last.
async fn calls(client: &Client) -> Result<i64, Failure> {
    let begin = now() / HOUR * HOUR - HOUR;
    put(
        client,
        "one",
        &[
            (begin, r#"{"level":"INFO","tool":"search","ms":10}"#),
            (begin + 60_000, r#"{"level":"ERROR","tool":"search","ms":300}"#),
        ],
    )
    .await?;
    put(
        client,
        "two",
        &[(begin + 30_000, r#"{"level":"ERROR","tool":"upload","ms":40}"#), (begin + 360_000, "plain text")],
    )
    .await?;
    Ok(begin)
}

#[tokio::test]
async fn a_query_counts_groups_over_time() -> Outcome {
    let (_fixture, client) = fixture().await?;
    calls(&client).await?;
    let found =
        rows(&client, r#"filter level = "ERROR" | stats count(*) as n, max(ms) by tool | sort tool"#).await?;
    assert_eq!(found, ["tool=search n=1 max(ms)=300", "tool=upload n=1 max(ms)=40"]);
    let bins = rows(&client, "stats count(*) by bin(5m)").await?;
    let counts: Vec<_> = bins.iter().filter_map(|row| row.rsplit_once('=').map(|(_, count)| count)).collect();
    assert_eq!(counts, ["1", "3"], "{bins:?}");
    let streams = rows(&client, "stats count(*) as n by @logStream, @log | sort @logStream").await?;
    assert_eq!(
        streams,
        ["@logStream=one @log=000000000000:/app n=2", "@logStream=two @log=000000000000:/app n=2"]
    );
    Ok(())
}

#[tokio::test]
async fn a_row_leads_to_its_record() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let begin = calls(&client).await?;
    let results = results(&client, &start(&client, "fields tool | filter ms = 40").await?).await?;
    let statistics = results.statistics().ok_or("no statistics")?;
    let counts = (statistics.records_scanned(), statistics.records_matched(), statistics.result_count());
    assert_eq!(counts, (4.0, 1.0, 1.0));
    assert!(statistics.bytes_scanned() > 100.0);
    let row = results.results().first().ok_or("no row")?;
    let pointer = row.iter().find(|cell| cell.field() == Some("@ptr")).and_then(|cell| cell.value());
    let record = client.get_log_record().log_record_pointer(pointer.ok_or("no pointer")?).send().await?;
    let record = record.log_record().ok_or("no record")?;
    assert_eq!(record.get("tool").map(String::as_str), Some("upload"));
    assert_eq!(record.get("@logStream").map(String::as_str), Some("two"));
    assert_eq!(record.get("@timestamp"), Some(&(begin + 30_000).to_string()));
    assert_eq!(
        code_of(client.get_log_record().log_record_pointer("x").send().await),
        "InvalidParameterException"
    );
    let gone = client.get_log_record().log_record_pointer("0".repeat(32)).send().await;
    assert_eq!(code_of(gone), "ResourceNotFoundException");
    Ok(())
}

#[tokio::test]
async fn long_results_come_page_by_page() -> Outcome {
    let (_fixture, client) = fixture().await?;
    calls(&client).await?;
    let id = start(&client, "fields @timestamp | sort @timestamp").await?;
    results(&client, &id).await?;
    let first = client.get_query_results().query_id(&id).max_items(3).send().await?;
    assert_eq!(first.results().len(), 3);
    let rest = client
        .get_query_results()
        .query_id(&id)
        .max_items(3)
        .set_next_token(first.next_token().map(str::to_owned));
    let rest = rest.send().await?;
    assert_eq!((rest.results().len(), rest.next_token()), (1, None));
    let seconds = now() / 1000;
    let limited = client.start_query().log_group_name("/app").start_time(0).end_time(seconds).limit(2);
    let limited = limited.query_string("fields @message").send().await?;
    assert_eq!(results(&client, limited.query_id().unwrap_or_default()).await?.results().len(), 2);
    Ok(())
}

#[tokio::test]
async fn a_query_that_is_wrong_is_refused_with_its_place() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let query = client
        .start_query()
        .log_group_name("/app")
        .start_time(0)
        .end_time(1)
        .query_string("fields ä | blend b");
    let Err(error) = query.send().await else { return Err("accepted".into()) };
    let StartQueryError::MalformedQueryException(error) = error.into_service_error() else {
        return Err("another error".into());
    };
    let details = error.query_compile_error().ok_or("no details")?;
    assert!(details.message().is_some_and(|message| message.contains("expected a command")), "{details:?}");
    let place = details.location().ok_or("no place")?;
    assert_eq!((place.start_char_offset(), place.end_char_offset()), (Some(11), Some(16)));
    Ok(())
}

#[tokio::test]
async fn requests_that_make_no_sense_are_refused() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let query = || client.start_query().query_string("fields @message").start_time(5).end_time(10);
    for (refused, code) in [
        (query().send().await, "InvalidParameterException"),
        (query().log_group_name("/app").log_group_names("/app").send().await, "InvalidParameterException"),
        (query().log_group_name("/app").end_time(4).send().await, "InvalidParameterException"),
        (query().log_group_name("/app").limit(100_001).send().await, "InvalidParameterException"),
        (
            query().log_group_name("/app").query_language(QueryLanguage::Sql).send().await,
            "InvalidParameterException",
        ),
        (
            query().log_group_name("/app").query_string("x".repeat(10_001)).send().await,
            "InvalidParameterException",
        ),
        (query().log_group_name("/none").send().await, "ResourceNotFoundException"),
        (
            query().log_group_name("/app").query_string("pattern @message").send().await,
            "MalformedQueryException",
        ),
    ] {
        assert_eq!(code_of(refused), code);
    }
    let missing = client.get_query_results().query_id("none").send().await;
    assert_eq!(code_of(missing), "ResourceNotFoundException");
    Ok(())
}

#[tokio::test]
async fn several_groups_are_asked_together() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let begin = calls(&client).await?;
    client.create_log_group().log_group_name("/other").send().await?;
    client.create_log_stream().log_group_name("/other").log_stream_name("s").send().await?;
    let event =
        aws_sdk_cloudwatchlogs::types::InputLogEvent::builder().timestamp(begin + 45_000).message("between");
    client
        .put_log_events()
        .log_group_name("/other")
        .log_stream_name("s")
        .log_events(event.build()?)
        .send()
        .await?;
    let query = client
        .start_query()
        .log_group_identifiers("/app")
        .start_time(begin / 1000)
        .end_time(begin / 1000 + 60);
    let query = query.log_group_identifiers("arn:aws:logs:us-east-1:000000000000:log-group:/other");
    let id = query.query_string("fields @timestamp, @log | filter @message like 'e'").send().await?;
    let results = results(&client, id.query_id().unwrap_or_default()).await?;
    let logs: Vec<_> =
        results.results().iter().filter_map(|row| row.get(1).and_then(|cell| cell.value())).collect();
    assert_eq!(logs, ["000000000000:/app", "000000000000:/other", "000000000000:/app", "000000000000:/app"]);
    assert_eq!(results.statistics().map(QueryStatistics::log_groups_scanned), Some(2.0));
    Ok(())
}

#[tokio::test]
async fn queries_that_began_together_are_all_listed() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let started = futures::future::try_join_all((0..60).map(|_| start(&client, "stats count(*)"))).await?;
    let mut listed = Vec::new();
    let mut next = None;
    loop {
        let page = client.describe_queries().max_results(1).set_next_token(next).send().await?;
        listed.extend(page.queries().iter().filter_map(|query| query.query_id().map(str::to_owned)));
        next = page.next_token().map(str::to_owned);
        if next.is_none() {
            break;
        }
    }
    let latest_first = listed.is_sorted_by(|one, other| one > other);
    assert!(latest_first, "{listed:?}");
    let missing: Vec<_> = started.iter().filter(|id| !listed.contains(id)).collect();
    assert!(missing.is_empty(), "{missing:?} of {listed:?}");
    Ok(())
}

#[tokio::test]
async fn queries_are_listed_and_stopped() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let first = start(&client, "fields @message").await?;
    results(&client, &first).await?;
    let second = start(&client, "stats count(*)").await?;
    results(&client, &second).await?;
    let page = client.describe_queries().log_group_name("/app").max_results(1).send().await?;
    assert_eq!(page.queries().first().and_then(|query| query.query_id()), Some(second.as_str()));
    let rest = client.describe_queries().set_next_token(page.next_token().map(str::to_owned)).send().await?;
    let query = rest.queries().first().ok_or("no query")?;
    assert_eq!(
        (query.query_string(), query.status()),
        (Some("fields @message"), Some(&QueryStatus::Complete))
    );
    let running = client.describe_queries().status(QueryStatus::Running).send().await?;
    assert!(running.queries().is_empty());
    assert_eq!(code_of(client.stop_query().query_id(&first).send().await), "InvalidParameterException");
    assert_eq!(code_of(client.stop_query().query_id("none").send().await), "ResourceNotFoundException");
    Ok(())
}
