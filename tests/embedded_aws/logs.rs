//! CloudWatch Logs: groups, streams, events and filters through the real client.

use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::types::{
    Entity, FilteredLogEvent, InputLogEvent, LogGroup, LogGroupClass, OrderBy, RejectedLogEventsInfo,
};

use super::{Fixture, Outcome, code_of};

pub(super) const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

pub(super) fn logs_client(aws: &patchline::embedded_aws::EmbeddedAws) -> Client {
    let config = aws_sdk_cloudwatchlogs::Config::builder()
        .behavior_version(aws_sdk_cloudwatchlogs::config::BehaviorVersion::latest())
        .region(aws_sdk_cloudwatchlogs::config::Region::new("us-east-1"))
        .credentials_provider(aws.credentials())
        .http_client(aws.http_client())
        .endpoint_url("http://embedded-aws.localhost");
    Client::from_conf(config.build())
}

/// A group `/app` with the streams `one` and `two`.
pub(super) async fn fixture() -> Result<(Fixture, Client), Box<dyn std::error::Error>> {
    let fixture = Fixture::new().await?;
    let client = logs_client(&fixture.aws);
    client.create_log_group().log_group_name("/app").send().await?;
    for stream in ["one", "two"] {
        client.create_log_stream().log_group_name("/app").log_stream_name(stream).send().await?;
    }
    Ok((fixture, client))
}

/// The time now, in milliseconds since 1970.
pub(super) fn now() -> i64 {
    jiff::Timestamp::now().as_millisecond()
}

fn event(timestamp: i64, message: &str) -> Result<InputLogEvent, aws_sdk_cloudwatchlogs::error::BuildError> {
    InputLogEvent::builder().timestamp(timestamp).message(message).build()
}

/// Puts events into a stream of `/app`.
pub(super) async fn put(
    client: &Client,
    stream: &str,
    events: &[(i64, &str)],
) -> Result<Option<RejectedLogEventsInfo>, Box<dyn std::error::Error>> {
    let events = events.iter().map(|(time, message)| event(*time, message)).collect::<Result<Vec<_>, _>>()?;
    let put =
        client.put_log_events().log_group_name("/app").log_stream_name(stream).set_log_events(Some(events));
    Ok(put.send().await?.rejected_log_events_info().cloned())
}

#[tokio::test]
async fn groups_are_made_listed_page_by_page_and_removed() -> Outcome {
    let fixture = Fixture::new().await?;
    let client = logs_client(&fixture.aws);
    for name in ["/b/1", "/a/2", "/a/1", "/a/3"] {
        client.create_log_group().log_group_name(name).send().await?;
    }
    let again = client.create_log_group().log_group_name("/a/1").send().await;
    assert_eq!(code_of(again), "ResourceAlreadyExistsException");

    let page = client.describe_log_groups().log_group_name_prefix("/a").limit(2).send().await?;
    let names = |page: &aws_sdk_cloudwatchlogs::operation::describe_log_groups::DescribeLogGroupsOutput| {
        page.log_groups()
            .iter()
            .filter_map(|group| group.log_group_name().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&page), ["/a/1", "/a/2"]);
    let group = page.log_groups().first().ok_or("no group")?;
    assert_eq!(group.arn(), Some("arn:aws:logs:us-east-1:000000000000:log-group:/a/1:*"));
    assert_eq!(group.log_group_arn(), Some("arn:aws:logs:us-east-1:000000000000:log-group:/a/1"));
    assert_eq!((group.stored_bytes(), group.retention_in_days()), (Some(0), None));
    let rest = client
        .describe_log_groups()
        .log_group_name_prefix("/a")
        .limit(2)
        .set_next_token(page.next_token().map(str::to_owned));
    let rest = rest.send().await?;
    assert_eq!((names(&rest), rest.next_token()), (vec!["/a/3".to_owned()], None));
    let found = client.describe_log_groups().log_group_name_pattern("/1").send().await?;
    assert_eq!(names(&found), ["/a/1", "/b/1"]);

    client.delete_log_group().log_group_name("/a/1").send().await?;
    let again = client.delete_log_group().log_group_name("/a/1").send().await;
    assert_eq!(code_of(again), "ResourceNotFoundException");
    Ok(())
}

#[tokio::test]
async fn options_that_are_not_there_are_refused_by_name() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let create = || client.create_log_group().log_group_name("/x");
    for (refused, option) in [
        (create().kms_key_id("key").send().await, "kmsKeyId"),
        (create().tags("a", "b").send().await, "tags"),
        (create().log_group_class(LogGroupClass::InfrequentAccess).send().await, "logGroupClass"),
        (create().deletion_protection_enabled(true).send().await, "deletionProtectionEnabled"),
    ] {
        let error = refused.err().ok_or("not refused")?.into_service_error();
        assert!(error.is_invalid_parameter_exception() && error.to_string().len() < 200, "{error}");
        assert!(error.meta().message().is_some_and(|message| message.contains(option)), "{error:?}");
    }
    create().log_group_class(LogGroupClass::Standard).send().await?;
    let entity = Entity::builder().key_attributes("Type", "Service").build();
    let put = client.put_log_events().log_group_name("/app").log_stream_name("one").entity(entity);
    assert_eq!(code_of(put.log_events(event(now(), "a")?).send().await), "InvalidParameterException");
    let read = client.get_log_events().log_group_name("/app").log_stream_name("one");
    assert_eq!(code_of(read.unmask(true).send().await), "InvalidParameterException");
    let list = client.describe_log_groups().include_linked_accounts(true);
    assert_eq!(code_of(list.send().await), "InvalidParameterException");
    Ok(())
}

#[tokio::test]
async fn operations_that_are_not_there_are_unknown() -> Outcome {
    let (_fixture, client) = fixture().await?;
    assert_eq!(code_of(client.describe_destinations().send().await), "UnknownOperationException");
    assert_eq!(code_of(client.list_log_groups().send().await), "UnknownOperationException");
    let tags =
        client.list_tags_for_resource().resource_arn("arn:aws:logs:us-east-1:000000000000:log-group:/app");
    assert_eq!(code_of(tags.send().await), "UnknownOperationException");
    Ok(())
}

#[tokio::test]
async fn names_and_numbers_are_checked() -> Outcome {
    let (_fixture, client) = fixture().await?;
    for name in ["a b", "a:b", &"x".repeat(513)] {
        let made = client.create_log_group().log_group_name(name).send().await;
        assert_eq!(code_of(made), "InvalidParameterException", "{name}");
    }
    let stream = client.create_log_stream().log_group_name("/app");
    assert_eq!(code_of(stream.clone().log_stream_name("a:b").send().await), "InvalidParameterException");
    assert_eq!(code_of(stream.log_stream_name("one").send().await), "ResourceAlreadyExistsException");
    let missing = client.create_log_stream().log_group_name("/none").log_stream_name("s").send().await;
    assert_eq!(code_of(missing), "ResourceNotFoundException");
    assert_eq!(code_of(client.describe_log_groups().limit(51).send().await), "InvalidParameterException");
    assert_eq!(
        code_of(client.describe_log_groups().next_token("zz").send().await),
        "InvalidParameterException"
    );
    let retention = client.put_retention_policy().log_group_name("/app");
    assert_eq!(code_of(retention.clone().retention_in_days(2).send().await), "InvalidParameterException");
    retention.retention_in_days(7).send().await?;
    let group = client.describe_log_groups().send().await?;
    assert_eq!(group.log_groups().first().and_then(LogGroup::retention_in_days), Some(7));
    client.delete_retention_policy().log_group_name("/app").send().await?;
    let none = client.delete_retention_policy().log_group_name("/none").send().await;
    assert_eq!(code_of(none), "ResourceNotFoundException");
    Ok(())
}

#[tokio::test]
async fn streams_are_ordered_by_name_or_by_their_last_event() -> Outcome {
    let (_fixture, client) = fixture().await?;
    client.create_log_stream().log_group_name("/app").log_stream_name("three").send().await?;
    let now = now();
    put(&client, "two", &[(now - 5000, "older"), (now - 2000, "newer")]).await?;
    put(&client, "one", &[(now - 1000, "latest")]).await?;
    let names = |order: OrderBy, descending, token: Option<String>| {
        let list =
            client.describe_log_streams().log_group_name("/app").order_by(order).descending(descending);
        let list = list.limit(2).set_next_token(token);
        async move {
            let page = list.send().await?;
            let names: Vec<_> = page
                .log_streams()
                .iter()
                .filter_map(|stream| stream.log_stream_name().map(str::to_owned))
                .collect();
            Ok::<_, Box<dyn std::error::Error>>((names, page.next_token().map(str::to_owned)))
        }
    };
    let (first, token) = names(OrderBy::LastEventTime, true, None).await?;
    assert_eq!(first, ["one", "two"]);
    assert_eq!(names(OrderBy::LastEventTime, true, token).await?, (vec!["three".to_owned()], None));
    let (first, token) = names(OrderBy::LogStreamName, false, None).await?;
    assert_eq!(first, ["one", "three"]);
    assert_eq!(names(OrderBy::LogStreamName, false, token).await?, (vec!["two".to_owned()], None));

    let list = client
        .describe_log_streams()
        .log_group_identifier("arn:aws:logs:us-east-1:000000000000:log-group:/app");
    let page = list.log_stream_name_prefix("tw").send().await?;
    let stream = page.log_streams().first().ok_or("no stream")?;
    assert_eq!(
        (stream.first_event_timestamp(), stream.last_event_timestamp(), page.log_streams().len()),
        (Some(now - 5000), Some(now - 2000), 1)
    );
    assert!(stream.last_ingestion_time().is_some_and(|time| time >= now));
    let both = client.describe_log_streams().log_group_name("/app").log_stream_name_prefix("t");
    assert_eq!(code_of(both.order_by(OrderBy::LastEventTime).send().await), "InvalidParameterException");
    client.delete_log_stream().log_group_name("/app").log_stream_name("two").send().await?;
    let gone = client.get_log_events().log_group_name("/app").log_stream_name("two").send().await;
    assert_eq!(code_of(gone), "ResourceNotFoundException");
    let bytes =
        client.describe_log_groups().send().await?.log_groups().first().and_then(LogGroup::stored_bytes);
    assert_eq!(bytes, Some(6));
    Ok(())
}

#[tokio::test]
async fn batches_follow_the_rules() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let now = now();
    let refused = |events: Vec<(i64, String)>| {
        let client = client.clone();
        async move {
            let events =
                events.iter().map(|(time, message)| event(*time, message)).collect::<Result<Vec<_>, _>>()?;
            let put = client.put_log_events().log_group_name("/app").log_stream_name("one");
            Ok::<_, Box<dyn std::error::Error>>(code_of(put.set_log_events(Some(events)).send().await))
        }
    };
    let small = |time| (time, "x".to_owned());
    for events in [
        vec![],
        vec![small(now), small(now - 1)],
        vec![small(now - DAY - HOUR), small(now)],
        vec![small(now); 10_001],
        vec![(now, "x".repeat(1_048_551))],
        vec![(now, String::new())],
    ] {
        assert_eq!(refused(events).await?, "InvalidParameterException");
    }
    assert_eq!(refused(vec![(now, "x".repeat(1_048_550))]).await?, "success");
    assert_eq!(refused(vec![small(now); 10_000]).await?, "success");

    client.put_retention_policy().log_group_name("/app").retention_in_days(3).send().await?;
    let events = [
        (now - 15 * DAY, "too old"),
        (now - 5 * DAY, "expired"),
        (now - HOUR, "fine"),
        (now + 3 * HOUR, "too new"),
    ];
    let rejected = put(&client, "two", &events).await?.ok_or("nothing rejected")?;
    assert_eq!(rejected.too_old_log_event_end_index(), Some(1));
    assert_eq!(rejected.expired_log_event_end_index(), Some(2));
    assert_eq!(rejected.too_new_log_event_start_index(), Some(3));
    let kept = client.get_log_events().log_group_name("/app").log_stream_name("two").send().await?;
    let kept: Vec<_> = kept.events().iter().filter_map(|event| event.message()).collect();
    assert_eq!(kept, ["fine"]);
    assert!(put(&client, "two", &[(now, "fine, too")]).await?.is_none());
    Ok(())
}

#[tokio::test]
async fn a_stream_is_read_in_both_directions() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let start = now() - HOUR;
    let events: Vec<_> = (0..)
        .zip(["a", "b", "c", "d", "e"])
        .map(|(number, message)| (start + number * 1000, message))
        .collect();
    put(&client, "one", &events).await?;
    let read = |head: bool, token: Option<&str>| {
        let read = client.get_log_events().log_group_name("/app").log_stream_name("one").limit(2);
        let read = read.start_from_head(head).set_next_token(token.map(str::to_owned));
        async move {
            let page = read.send().await?;
            let messages: String = page.events().iter().filter_map(|event| event.message()).collect();
            let tokens =
                (page.next_backward_token().map(str::to_owned), page.next_forward_token().map(str::to_owned));
            Ok::<_, Box<dyn std::error::Error>>((messages, tokens.0, tokens.1))
        }
    };
    let (latest, back, forward) = read(false, None).await?;
    assert_eq!(latest, "de");
    let (before, further_back, _) = read(false, back.as_deref()).await?;
    assert_eq!(before, "bc");
    let (first, back, _) = read(false, further_back.as_deref()).await?;
    assert_eq!(first, "a");
    assert_eq!(read(false, back.as_deref()).await?.1, back, "the end is where it was");
    let (none, _, end) = read(true, forward.as_deref()).await?;
    assert_eq!((none.as_str(), &end), ("", &forward));
    put(&client, "one", &[(start + 9000, "f")]).await?;
    assert_eq!(read(true, end.as_deref()).await?.0, "f");

    let mut all = String::new();
    let mut pages =
        client.get_log_events().log_group_name("/app").log_stream_name("one").start_from_head(true);
    pages = pages.limit(4).start_time(start + 1000).end_time(start + 4000);
    let mut pages = pages.into_paginator().send();
    while let Some(page) = pages.next().await {
        all.extend(page?.events().iter().filter_map(|event| event.message()));
    }
    assert_eq!(all, "bcd", "the start is included and the end is not");
    let backwards = client.get_log_events().log_group_name("/app").log_stream_name("one");
    let backwards = backwards.start_time(start + 4000).end_time(start + 1000).send().await;
    assert_eq!(code_of(backwards), "InvalidParameterException");
    let backwards = client.filter_log_events().log_group_name("/app");
    let backwards = backwards.start_time(start + 4000).end_time(start + 1000).send().await;
    assert_eq!(code_of(backwards), "InvalidParameterException");
    let wrong =
        client.get_log_events().log_group_name("/app").log_stream_name("one").next_token("x").send().await;
    assert_eq!(code_of(wrong), "InvalidParameterException");
    let both =
        client.get_log_events().log_group_name("/app").log_group_identifier("/app").log_stream_name("one");
    assert_eq!(code_of(both.send().await), "InvalidParameterException");
    Ok(())
}

#[tokio::test]
async fn events_are_filtered_by_terms_and_by_json() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let start = now() - HOUR;
    put(
        &client,
        "one",
        &[(start, r#"{"level":"ERROR","ms":120,"tool":"archive"}"#), (start + 2000, "ERROR not found")],
    )
    .await?;
    put(
        &client,
        "two",
        &[(start + 1000, r#"{"level":"ERROR","ms":20,"tool":"search"}"#), (start + 3000, "WARN slow")],
    )
    .await?;
    let filter = |pattern: &str| {
        let filter = client.filter_log_events().log_group_name("/app").filter_pattern(pattern);
        async move {
            let page = filter.send().await?;
            let times: Vec<_> = page
                .events()
                .iter()
                .filter_map(FilteredLogEvent::timestamp)
                .map(|time| (time - start) / 1000)
                .collect();
            Ok::<_, Box<dyn std::error::Error>>(times)
        }
    };
    assert_eq!(filter("").await?, [0, 1, 2, 3]);
    assert_eq!(filter("ERROR").await?, [0, 1, 2]);
    assert_eq!(filter("ERROR -search").await?, [0, 2]);
    assert_eq!(filter("?WARN ?\"not found\"").await?, [2, 3]);
    assert_eq!(filter(r#"{ $.level = "ERROR" && ($.ms > 100 || $.tool = "s*") }"#).await?, [0, 1]);
    assert_eq!(filter("{ $.user NOT EXISTS && $.ms < 100 }").await?, [1]);
    let wrong = client.filter_log_events().log_group_name("/app").filter_pattern("{ $.level }").send().await;
    assert_eq!(code_of(wrong), "InvalidParameterException");

    let page =
        client.filter_log_events().log_group_name("/app").log_stream_names("two").limit(1).send().await?;
    assert_eq!(page.events().first().and_then(|event| event.log_stream_name()), Some("two"));
    assert!(page.events().iter().all(|event| event.event_id().is_some() && event.ingestion_time().is_some()));
    let next = client.filter_log_events().log_group_name("/app").log_stream_names("two");
    let next = next.set_next_token(page.next_token().map(str::to_owned)).send().await?;
    assert_eq!(next.events().iter().filter_map(|event| event.message()).collect::<Vec<_>>(), ["WARN slow"]);
    assert_eq!(next.next_token(), None);
    let latest =
        client.filter_log_events().log_group_name("/app").start_from_head(false).limit(1).send().await?;
    assert_eq!(latest.events().first().and_then(|event| event.message()), Some("WARN slow"));
    let range =
        client.filter_log_events().log_group_name("/app").start_time(start + 1000).end_time(start + 2000);
    assert_eq!(range.send().await?.events().len(), 2, "both ends are included");
    let both =
        client.filter_log_events().log_group_name("/app").log_stream_names("one").log_stream_name_prefix("t");
    assert_eq!(code_of(both.send().await), "InvalidParameterException");
    let missing = client.filter_log_events().log_group_name("/app").log_stream_names("none").send().await;
    assert_eq!(code_of(missing), "ResourceNotFoundException");
    Ok(())
}

/// What was answered to one who writes while another removes what is written to.
#[derive(Default)]
struct Answers {
    taken: usize,
    not_found: usize,
}

impl Answers {
    /// Whether enough was seen of both.
    fn are_enough(&self) -> bool {
        self.taken >= 20 && self.not_found >= 20
    }

    fn count(&mut self, code: &str) {
        match code {
            "success" => self.taken += 1,
            "ResourceNotFoundException" => self.not_found += 1,
            // Another writer was there first.
            "ResourceAlreadyExistsException" => {}
            other => panic!("{other}"),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn whoever_writes_while_stream_and_group_are_deleted_writes_or_finds_nothing() -> Outcome {
    let fixture = Fixture::new().await?;
    // Without repeats, which would hide an error of the service.
    let once = aws_sdk_cloudwatchlogs::config::retry::RetryConfig::disabled();
    let config = logs_client(&fixture.aws).config().to_builder().retry_config(once);
    let client = Client::from_conf(config.build());
    let mut writers = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let client = client.clone();
        writers.spawn(async move {
            let (mut events, mut streams) = (Answers::default(), Answers::default());
            while !(events.are_enough() && streams.are_enough()) {
                let put = client.put_log_events().log_group_name("/gone").log_stream_name("s");
                events.count(&code_of(put.log_events(event(now(), "x").expect("an event")).send().await));
                let create = client.create_log_stream().log_group_name("/gone");
                streams.count(&code_of(create.log_stream_name(ulid::Ulid::new().to_string()).send().await));
            }
        });
    }
    let removing = async {
        for round in 0_u32.. {
            client.create_log_group().log_group_name("/gone").send().await.expect("a group");
            client
                .create_log_stream()
                .log_group_name("/gone")
                .log_stream_name("s")
                .send()
                .await
                .expect("a stream");
            if round % 2 == 0 {
                let gone = client.delete_log_stream().log_group_name("/gone").log_stream_name("s");
                gone.send().await.expect("it is deleted");
            }
            client.delete_log_group().log_group_name("/gone").send().await.expect("it is deleted");
        }
    };
    let written = async {
        while let Some(writer) = writers.join_next().await {
            writer.expect("no writer saw another answer");
        }
    };
    // A limit for a stuck test, not a measurement.
    tokio::time::timeout(std::time::Duration::from_mins(2), async {
        tokio::select! {
            () = written => {}
            () = removing => {}
        }
    })
    .await?;
    Ok(())
}

#[tokio::test]
async fn everything_is_there_after_a_restart() -> Outcome {
    let (fixture, client) = fixture().await?;
    put(&client, "one", &[(now(), "kept")]).await?;
    client.put_retention_policy().log_group_name("/app").retention_in_days(30).send().await?;
    let Fixture { directory, aws } = fixture;
    aws.close().await;
    drop(client);
    let aws = super::open(directory.path()).await?;
    let client = logs_client(&aws);
    let group = client.describe_log_groups().send().await?;
    assert_eq!(group.log_groups().first().and_then(LogGroup::retention_in_days), Some(30));
    let events = client.filter_log_events().log_group_name("/app").send().await?;
    assert_eq!(events.events().first().and_then(|event| event.message()), Some("kept"));
    Ok(())
}
