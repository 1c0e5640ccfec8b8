//! RDS: the one database instance, through the real client.

use aws_sdk_rds::Client;
use aws_sdk_rds::operation::describe_db_instances::DescribeDBInstancesError;
use aws_sdk_rds::types::Filter;
use patchline::embedded_aws::EmbeddedAws;

use super::{Fixture, Outcome, code_of};

fn client(aws: &EmbeddedAws) -> Client {
    let config = aws_sdk_rds::Config::builder()
        .behavior_version(aws_sdk_rds::config::BehaviorVersion::latest())
        .region(aws_sdk_rds::config::Region::new("us-east-1"))
        .credentials_provider(aws.credentials())
        .http_client(aws.http_client())
        .endpoint_url("http://embedded-aws.localhost");
    Client::from_conf(config.build())
}

fn filter(name: &str, value: &str) -> Filter {
    Filter::builder().name(name).values(value).build()
}

#[tokio::test]
async fn there_is_one_instance_and_it_says_what_it_is() -> Outcome {
    let fixture = Fixture::new().await?;
    let answer = client(&fixture.aws).describe_db_instances().send().await?;
    assert_eq!(answer.marker(), None);
    let [instance] = answer.db_instances() else { return Err("not one instance".into()) };
    assert_eq!(instance.db_instance_identifier(), Some("patchline-ledger"));
    assert_eq!(instance.db_instance_arn(), Some("arn:aws:rds:us-east-1:000000000000:db:patchline-ledger"));
    assert_eq!((instance.engine(), instance.db_instance_status()), (Some("sqlite"), Some("available")));
    assert!(instance.engine_version().is_some_and(|version| version.starts_with("3.")));
    assert_eq!((instance.allocated_storage(), instance.publicly_accessible()), (Some(1), Some(false)));
    assert!(instance.endpoint().is_none(), "it is reached through the Data API only");
    assert!(instance.instance_create_time().is_some());
    Ok(())
}

#[tokio::test]
async fn filters_are_honoured_or_refused() -> Outcome {
    let fixture = Fixture::new().await?;
    let client = client(&fixture.aws);
    for (name, value, count) in [
        ("db-instance-id", "patchline-ledger", 1),
        ("db-instance-id", "arn:aws:rds:us-east-1:000000000000:db:patchline-ledger", 1),
        ("db-instance-id", "other", 0),
        ("engine", "sqlite", 1),
        ("engine", "postgres", 0),
    ] {
        let answer = client.describe_db_instances().filters(filter(name, value)).send().await?;
        assert_eq!(answer.db_instances().len(), count, "{name} {value}");
    }
    let both = client.describe_db_instances().filters(filter("engine", "sqlite"));
    let both = both.filters(filter("db-instance-id", "other")).send().await?;
    assert!(both.db_instances().is_empty());
    let other = client.describe_db_instances().filters(filter("domain", "x")).send().await;
    assert_eq!(code_of(other), "InvalidParameterValue");
    Ok(())
}

#[tokio::test]
async fn an_instance_is_found_by_name_or_not_at_all() -> Outcome {
    let fixture = Fixture::new().await?;
    let client = client(&fixture.aws);
    let named = |name: &str| client.describe_db_instances().db_instance_identifier(name);
    assert_eq!(named("patchline-ledger").send().await?.db_instances().len(), 1);
    let unknown = named("other").send().await;
    assert!(matches!(&unknown, Err(error)
        if error.as_service_error().is_some_and(DescribeDBInstancesError::is_db_instance_not_found_fault)));
    Ok(())
}

#[tokio::test]
async fn pages_have_aws_sizes_and_markers_are_checked() -> Outcome {
    let fixture = Fixture::new().await?;
    let client = client(&fixture.aws);
    assert_eq!(client.describe_db_instances().max_records(20).send().await?.db_instances().len(), 1);
    for size in [19, 101] {
        let refused = client.describe_db_instances().max_records(size).send().await;
        assert_eq!(code_of(refused), "InvalidParameterValue", "{size}");
    }
    let marker = client.describe_db_instances().marker("x").send().await;
    assert_eq!(code_of(marker), "InvalidParameterValue");
    Ok(())
}

#[tokio::test]
async fn everything_else_is_refused() -> Outcome {
    let fixture = Fixture::new().await?;
    let client = client(&fixture.aws);
    assert_eq!(code_of(client.describe_db_clusters().send().await), "InvalidAction");
    let deletion = client.delete_db_instance().db_instance_identifier("patchline-ledger").send().await;
    assert_eq!(code_of(deletion), "InvalidAction");
    Ok(())
}
