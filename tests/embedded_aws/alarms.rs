//! CloudWatch alarms, through the real client.

use aws_sdk_cloudwatch::Client;
use aws_sdk_cloudwatch::operation::put_metric_alarm::builders::PutMetricAlarmFluentBuilder;
use aws_sdk_cloudwatch::types::{AlarmType, ComparisonOperator, MetricAlarm, StateValue, Statistic};

use super::metrics::{MINUTE, NAMESPACE, client, datum, fixture, now, put};
use super::{Fixture, Outcome, code_of, open};

/// An alarm when a minute of the last two has more than five errors.
fn alarm(client: &Client, name: &str) -> PutMetricAlarmFluentBuilder {
    client
        .put_metric_alarm()
        .alarm_name(name)
        .namespace(NAMESPACE)
        .metric_name("errors")
        .statistic(Statistic::Sum)
        .period(60)
        .evaluation_periods(2)
        .datapoints_to_alarm(1)
        .threshold(5.0)
        .comparison_operator(ComparisonOperator::GreaterThanThreshold)
}

async fn described(client: &Client, name: &str) -> Result<MetricAlarm, Box<dyn std::error::Error>> {
    let answer = client.describe_alarms().alarm_names(name).send().await?;
    Ok(answer.metric_alarms().first().ok_or("no such alarm")?.clone())
}

async fn state(client: &Client, name: &str) -> Result<StateValue, Box<dyn std::error::Error>> {
    Ok(described(client, name).await?.state_value().ok_or("no state")?.clone())
}

/// Values in the last minutes, so that one of them is the latest of which is over.
async fn report(client: &Client, value: f64) -> Outcome {
    let now = now();
    put(client, (1..=3).map(|ago| datum("errors", now - ago * MINUTE, value)).collect()).await
}

#[tokio::test]
async fn an_alarm_that_cannot_be_read_keeps_no_other_from_being_watched() -> Outcome {
    let (fixture, client) = fixture().await?;
    alarm(&client, "a broken one").send().await?;
    alarm(&client, "errors").send().await?;
    let file = rusqlite::Connection::open(fixture.directory.path().join("metrics.sqlite"))?;
    file.execute("UPDATE alarms SET definition = '{' WHERE name = 'a broken one'", [])?;
    report(&client, 9.0).await?;
    assert_eq!(state(&client, "errors").await?, StateValue::Alarm);
    let all = client.describe_alarms().send().await?;
    let names: Vec<_> = all.metric_alarms().iter().filter_map(MetricAlarm::alarm_name).collect();
    assert_eq!(names, ["errors"]);
    Ok(())
}

#[tokio::test]
async fn an_alarm_follows_the_values_it_watches() -> Outcome {
    let (_fixture, client) = fixture().await?;
    alarm(&client, "errors").alarm_description("too many").send().await?;
    let first = described(&client, "errors").await?;
    assert_eq!(first.state_value(), Some(&StateValue::InsufficientData));
    assert_eq!(first.alarm_arn(), Some("arn:aws:cloudwatch:us-east-1:000000000000:alarm:errors"));
    assert_eq!(first.alarm_description(), Some("too many"));
    assert_eq!(
        (first.period(), first.evaluation_periods(), first.datapoints_to_alarm()),
        (Some(60), Some(2), Some(1))
    );

    report(&client, 1.0).await?;
    assert_eq!(state(&client, "errors").await?, StateValue::Ok);
    report(&client, 9.0).await?;
    let ringing = described(&client, "errors").await?;
    assert_eq!(ringing.state_value(), Some(&StateValue::Alarm));
    assert!(ringing.state_reason().is_some_and(|reason| reason.contains("greater than the threshold (5.0)")));
    let data: serde_json::Value = serde_json::from_str(ringing.state_reason_data().unwrap_or_default())?;
    assert_eq!(data["threshold"], 5.0);
    assert_eq!(data["statistic"], "Sum");
    assert!(ringing.state_transitioned_timestamp() > first.state_transitioned_timestamp());
    Ok(())
}

#[tokio::test]
async fn missing_values_are_treated_as_the_alarm_says() -> Outcome {
    let (_fixture, client) = fixture().await?;
    for (treatment, expected) in [
        ("breaching", StateValue::Alarm),
        ("notBreaching", StateValue::Ok),
        ("ignore", StateValue::InsufficientData),
        ("missing", StateValue::InsufficientData),
    ] {
        alarm(&client, treatment).treat_missing_data(treatment).send().await?;
        assert_eq!(state(&client, treatment).await?, expected, "{treatment}");
    }
    Ok(())
}

#[tokio::test]
async fn so_many_of_the_latest_values_must_breach_as_the_alarm_says() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let now = now();
    put(
        &client,
        [(1, 9.0), (2, 1.0), (3, 9.0)]
            .map(|(ago, value)| datum("errors", now - ago * MINUTE, value))
            .to_vec(),
    )
    .await?;
    for (needed, expected) in [(1, StateValue::Alarm), (2, StateValue::Alarm), (3, StateValue::Ok)] {
        let name = format!("{needed}-of-3");
        alarm(&client, &name).evaluation_periods(3).datapoints_to_alarm(needed).send().await?;
        let found = described(&client, &name).await?;
        assert_eq!(found.state_value(), Some(&expected), "{name}");
        let reason = found.state_reason().unwrap_or_default();
        assert!(reason.starts_with("Threshold Crossed: 2 of the last 3 datapoints [9.0 ("), "{reason}");
        assert!(reason.ends_with(&format!("(datapoints to alarm: {needed} of 3).")), "{reason}");
    }
    Ok(())
}

#[tokio::test]
async fn each_comparison_knows_what_the_threshold_itself_is() -> Outcome {
    let (_fixture, client) = fixture().await?;
    report(&client, 5.0).await?;
    for (comparison, expected) in [
        (ComparisonOperator::GreaterThanOrEqualToThreshold, StateValue::Alarm),
        (ComparisonOperator::GreaterThanThreshold, StateValue::Ok),
        (ComparisonOperator::LessThanThreshold, StateValue::Ok),
        (ComparisonOperator::LessThanOrEqualToThreshold, StateValue::Alarm),
    ] {
        let name = comparison.as_str().to_owned();
        alarm(&client, &name).comparison_operator(comparison).send().await?;
        assert_eq!(state(&client, &name).await?, expected, "{name}");
    }
    Ok(())
}

#[tokio::test]
async fn the_times_of_a_state_tell_since_when_it_is_and_when_it_was_last_set() -> Outcome {
    let (_fixture, client) = fixture().await?;
    alarm(&client, "errors").treat_missing_data("breaching").send().await?;
    let first = described(&client, "errors").await?;
    assert_eq!(first.state_value(), Some(&StateValue::Alarm));
    let again = described(&client, "errors").await?;
    assert_eq!(again.state_updated_timestamp(), first.state_updated_timestamp(), "nothing was set");
    let set = client.set_alarm_state().alarm_name("errors").state_value(StateValue::Alarm);
    set.state_reason("a drill").send().await?;
    let set = described(&client, "errors").await?;
    assert!(set.state_updated_timestamp() > first.state_updated_timestamp());
    assert_eq!(set.state_transitioned_timestamp(), first.state_transitioned_timestamp());
    alarm(&client, "errors").threshold(7.0).send().await?;
    let changed = described(&client, "errors").await?;
    assert!(changed.alarm_configuration_updated_timestamp() > first.alarm_configuration_updated_timestamp());
    Ok(())
}

#[tokio::test]
async fn actions_are_kept_where_none_is_to_run() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let (topic, other) =
        ("arn:aws:sns:us-east-1:000000000000:topic", "arn:aws:sns:us-east-1:000000000000:ok");
    let with_actions = |name: &str| alarm(&client, name).alarm_actions(topic).ok_actions(other);
    with_actions("silent").actions_enabled(false).send().await?;
    alarm(&client, "plain").send().await?;
    let kept = described(&client, "silent").await?;
    assert_eq!(
        (kept.actions_enabled(), kept.alarm_actions(), kept.ok_actions()),
        (Some(false), &[topic.to_owned()][..], &[other.to_owned()][..])
    );
    assert!(kept.insufficient_data_actions().is_empty());
    let found = client.describe_alarms().action_prefix("arn:aws:sns").send().await?;
    assert_eq!(
        found.metric_alarms().iter().filter_map(MetricAlarm::alarm_name).collect::<Vec<_>>(),
        ["silent"]
    );

    let refused = with_actions("loud").send().await;
    let message =
        aws_sdk_cloudwatch::error::ProvideErrorMetadata::message(&refused.expect_err("nothing runs them"))
            .unwrap_or_default()
            .to_owned();
    assert!(message.contains("ActionsEnabled = false"), "{message}");
    let wrong = alarm(&client, "wrong").actions_enabled(false).alarm_actions("ring the bell").send().await;
    assert_eq!(code_of(wrong), "ValidationError");
    Ok(())
}

#[tokio::test]
async fn a_percentile_can_be_watched() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let request = alarm(&client, "slow").set_statistic(None).extended_statistic("p90");
    request.comparison_operator(ComparisonOperator::LessThanOrEqualToThreshold).send().await?;
    report(&client, 5.0).await?;
    let found = described(&client, "slow").await?;
    assert_eq!((found.extended_statistic(), found.statistic()), (Some("p90"), None));
    assert_eq!(found.state_value(), Some(&StateValue::Alarm));
    Ok(())
}

#[tokio::test]
async fn a_state_can_be_set_by_hand_until_the_next_period() -> Outcome {
    let (_fixture, client) = fixture().await?;
    // A day is long enough that the test does not see it end, except at midnight; then it starts again.
    for _ in 0..2 {
        let day = now() / 86_400;
        alarm(&client, "errors")
            .period(86_400)
            .evaluation_periods(1)
            .treat_missing_data("notBreaching")
            .send()
            .await?;
        assert_eq!(state(&client, "errors").await?, StateValue::Ok);
        let set = client.set_alarm_state().alarm_name("errors").state_value(StateValue::Alarm);
        set.state_reason("a drill").state_reason_data("{\"drill\": true}").send().await?;
        let found = described(&client, "errors").await?;
        if day == now() / 86_400 {
            assert_eq!(
                (found.state_value(), found.state_reason()),
                (Some(&StateValue::Alarm), Some("a drill"))
            );
            assert_eq!(found.state_reason_data(), Some("{\"drill\": true}"));
            return Ok(());
        }
    }
    Err("two days ended during the test".into())
}

#[tokio::test]
async fn alarms_are_described_by_name_prefix_state_and_page() -> Outcome {
    let (_fixture, client) = fixture().await?;
    for name in ["a1", "a2", "b%1"] {
        alarm(&client, name).treat_missing_data("notBreaching").send().await?;
    }
    alarm(&client, "b2").send().await?;
    let names = |answer: aws_sdk_cloudwatch::operation::describe_alarms::DescribeAlarmsOutput| {
        answer
            .metric_alarms()
            .iter()
            .filter_map(|alarm| alarm.alarm_name().map(str::to_owned))
            .collect::<Vec<_>>()
    };
    let ask = || client.describe_alarms();
    assert_eq!(names(ask().send().await?), ["a1", "a2", "b%1", "b2"]);
    assert_eq!(names(ask().alarm_name_prefix("b%").send().await?), ["b%1"]);
    assert_eq!(names(ask().state_value(StateValue::InsufficientData).send().await?), ["b2"]);
    assert_eq!(names(ask().alarm_names("a2").alarm_names("none").send().await?), ["a2"]);
    let composite = ask().alarm_types(AlarmType::CompositeAlarm).send().await?;
    assert!(composite.metric_alarms().is_empty() && composite.composite_alarms().is_empty());

    let first = ask().max_records(3).send().await?;
    let token = first.next_token().ok_or("no second page")?.to_owned();
    assert_eq!(names(ask().max_records(3).next_token(&token).send().await?), ["b2"]);
    let mixed = ask().alarm_name_prefix("a").next_token(token).send().await;
    assert_eq!(code_of(mixed), "InvalidNextToken");
    Ok(())
}

#[tokio::test]
async fn alarms_are_deleted_all_or_none() -> Outcome {
    let (_fixture, client) = fixture().await?;
    alarm(&client, "a").send().await?;
    let both = client.delete_alarms().alarm_names("a").alarm_names("none").send().await;
    assert_eq!(code_of(both), "ResourceNotFound");
    assert!(described(&client, "a").await.is_ok());
    client.delete_alarms().alarm_names("a").send().await?;
    assert!(described(&client, "a").await.is_err());
    Ok(())
}

#[tokio::test]
async fn what_is_not_implemented_is_refused() -> Outcome {
    let (_fixture, client) = fixture().await?;
    let base = || alarm(&client, "a");
    let refused = "ValidationError";
    assert_eq!(
        code_of(base().alarm_actions("arn:aws:sns:us-east-1:000000000000:topic").send().await),
        refused
    );
    let band = ComparisonOperator::GreaterThanUpperThreshold;
    assert_eq!(code_of(base().comparison_operator(band).threshold_metric_id("t1").send().await), refused);
    assert_eq!(code_of(base().metrics(super::metrics::query("m1", "errors", "Sum")).send().await), refused);
    assert_eq!(code_of(base().datapoints_to_alarm(3).send().await), refused);
    assert_eq!(code_of(base().evaluation_periods(2000).send().await), refused);
    assert_eq!(code_of(base().evaluate_low_sample_count_percentile("ignore").send().await), refused);
    assert_eq!(code_of(base().treat_missing_data("guess").send().await), "InvalidParameterValue");
    assert_eq!(code_of(base().extended_statistic("p90").send().await), "InvalidParameterCombination");
    for (what, code) in [
        ("composite", code_of(client.put_composite_alarm().alarm_name("c").alarm_rule("TRUE").send().await)),
        ("history", code_of(client.describe_alarm_history().send().await)),
        ("enabling", code_of(client.enable_alarm_actions().alarm_names("a").send().await)),
        ("disabling", code_of(client.disable_alarm_actions().alarm_names("a").send().await)),
    ] {
        assert_eq!(code, "UnknownOperationException", "{what}");
    }
    let related = client.describe_alarms().parents_of_alarm_name("a").send().await;
    assert_eq!(code_of(related), refused);
    assert!(client.describe_alarms().send().await?.metric_alarms().is_empty());

    let set =
        |name: &str| client.set_alarm_state().alarm_name(name).state_value(StateValue::Ok).state_reason("x");
    assert_eq!(code_of(set("none").send().await), "ResourceNotFound");
    base().send().await?;
    assert_eq!(code_of(set("a").state_reason_data("no json").send().await), "InvalidFormat");
    Ok(())
}

#[tokio::test]
async fn alarms_are_there_after_a_restart() -> Outcome {
    let (fixture, first) = fixture().await?;
    alarm(&first, "errors").treat_missing_data("breaching").send().await?;
    assert_eq!(state(&first, "errors").await?, StateValue::Alarm);
    let Fixture { directory, aws } = fixture;
    aws.close().await;
    drop(first);

    let aws = open(directory.path()).await?;
    assert_eq!(state(&client(&aws), "errors").await?, StateValue::Alarm);
    Ok(())
}
