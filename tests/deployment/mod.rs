//! What `deploy/` makes in an account is what the program asks for there.

mod template;

use crate::support::Patchline;
use axum::body::Body;
use axum::http::{Request, StatusCode};
use patchline::engine::catalog::Catalog;
use patchline::engine::catalog::schema::{Key, TableDefinition};
use patchline::engine::config::{Config, VARIABLES};
use patchline::engine::iam::{self, Beyond, RoleName};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use template::{ACCOUNT, REGION, Template};

const FRONT: &str = include_str!("../../deploy/front.conf");

const GIVEN: [(&str, &str); 6] = [
    ("HostName", "patchline.label.example"),
    ("AudioBucket", "label-audio"),
    ("ArtworkBucket", "label-artwork"),
    ("ContractsBucket", "label-contracts"),
    ("KnowledgeBase", "KB12345678"),
    ("KnowledgeBucket", "label-knowledge"),
];

fn label() -> Template {
    Template::with(&GIVEN)
}

/// One whose model is offered through an inference profile.
fn label_with_profile() -> Template {
    Template::with(&[&GIVEN[..], &[("ModelProfile", "eu.")]].concat())
}

/// A container of the task.
fn container(template: &Template, name: &str) -> Value {
    let tasks = template.properties("AWS::ECS::TaskDefinition");
    let [task] = &tasks[..] else { panic!("one task") };
    let mut containers = task["ContainerDefinitions"].as_array().expect("containers").iter();
    containers.find(|container| container["Name"] == name).expect("the container").clone()
}

fn environment(template: &Template, name: &str) -> BTreeMap<String, String> {
    let container = container(template, name);
    let variables = container["Environment"].as_array().expect("variables").iter();
    let text = |value: &Value| value.as_str().expect("a text").to_owned();
    variables.map(|variable| (text(&variable["Name"]), text(&variable["Value"]))).collect()
}

/// The configuration that the program reads in the task.
fn config(template: &Template) -> Config {
    let variables = environment(template, "patchline");
    Config::load(&|name| variables.get(name).cloned(), false).expect("a configuration")
}

/// A file that says something else than the program is mended with what the program says.
fn same(what: &str, there: Option<&Value>, wanted: &Value) {
    assert!(there == Some(wanted), "{what} in deploy/patchline.template.json has to be: {wanted:#}");
}

#[test]
fn the_program_gets_only_variables_that_it_knows_and_works_with_the_account() {
    let template = label();
    for name in environment(&template, "patchline").keys() {
        assert!(
            VARIABLES.iter().any(|variable| variable.name == name),
            "{name} is no variable of the program"
        );
    }
    let config = config(&template);
    assert!(config.embedded.is_none() && !config.demo);
    assert_eq!((config.account.as_deref(), config.region.as_deref()), (Some(ACCOUNT), Some(REGION)));
    assert_eq!(config.public_url, "https://patchline.label.example");
}

#[test]
fn each_role_may_do_what_iam_policy_prints_and_is_taken_by_whom_it_says() {
    let beyond = Beyond { knowledge_buckets: vec!["label-knowledge".to_owned()], kms_keys: Vec::new() };
    for template in [label(), label_with_profile()] {
        let config = config(&template);
        let roles = template.properties("AWS::IAM::Role");
        let roles: BTreeMap<_, _> =
            roles.iter().filter_map(|role| Some((role["RoleName"].as_str()?, role))).collect();
        let needed: Vec<_> = RoleName::needed(&config).collect();
        let names: BTreeSet<_> = needed.iter().map(|role| role.id()).collect();
        assert_eq!(roles.keys().copied().collect::<BTreeSet<_>>(), names);
        for role in needed {
            let made = roles[role.id()];
            let permissions = iam::permissions(role, &config, &beyond).expect("a policy");
            same(&format!("what {role} may do"), made["Policies"][0].get("PolicyDocument"), &permissions);
            let trust = iam::trust(role, &config).expect("a policy");
            same(&format!("who takes {role}"), made.get("AssumeRolePolicyDocument"), &trust);
        }
    }
}

/// A table as the template makes it, from the program's own definition.
fn as_made(table: &TableDefinition) -> Value {
    let keys = |key: Key| -> Value {
        let hash = json!({ "AttributeName": key.partition, "KeyType": "HASH" });
        let range = key.sort.map(|sort| json!({ "AttributeName": sort, "KeyType": "RANGE" }));
        std::iter::once(hash).chain(range).collect()
    };
    let all = std::iter::once(table.key).chain(table.indexes.iter().map(|(_, key)| *key));
    let attributes: BTreeSet<_> = all.flat_map(|key| [Some(key.partition), key.sort]).flatten().collect();
    let attributes =
        attributes.into_iter().map(|name| json!({ "AttributeName": name, "AttributeType": "S" }));
    let mut made = json!({
        "TableName": table.name,
        "BillingMode": "PAY_PER_REQUEST",
        "AttributeDefinitions": attributes.collect::<Value>(),
        "KeySchema": keys(table.key),
        "PointInTimeRecoverySpecification": { "PointInTimeRecoveryEnabled": true },
        "DeletionProtectionEnabled": true,
    });
    if !table.indexes.is_empty() {
        let index = |(name, key): &(&str, Key)| {
            let projection = json!({ "ProjectionType": "ALL" });
            json!({ "IndexName": name, "KeySchema": keys(*key), "Projection": projection })
        };
        made["GlobalSecondaryIndexes"] = table.indexes.iter().map(index).collect();
    }
    if let Some(attribute) = table.expiry {
        made["TimeToLiveSpecification"] = json!({ "AttributeName": attribute, "Enabled": true });
    }
    made
}

#[test]
fn every_table_is_made_with_its_keys_its_indexes_and_its_time_of_expiry() {
    let template = label();
    let wanted = Catalog::definitions_for(&config(&template).tables);
    let made = template.properties("AWS::DynamoDB::Table");
    for table in &wanted {
        let there = made.iter().find(|made| made["TableName"] == table.name);
        same(&format!("the table {}", table.name), there, &as_made(table));
    }
    assert_eq!(made.len(), wanted.len(), "there are tables that the program does not know");
}

#[test]
fn every_bucket_keeps_versions_is_encrypted_and_closed_to_the_public() {
    let template = label();
    let config = config(&template);
    let made = template.properties("AWS::S3::Bucket");
    let names: BTreeSet<_> = made.iter().filter_map(|bucket| bucket["BucketName"].as_str()).collect();
    assert_eq!(names, config.buckets.all().collect::<BTreeSet<_>>());
    for bucket in made {
        assert_eq!(bucket["VersioningConfiguration"]["Status"], "Enabled");
        let rule = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
        assert_eq!(rule["ServerSideEncryptionByDefault"]["SSEAlgorithm"], "AES256");
        for kind in ["BlockPublicAcls", "BlockPublicPolicy", "IgnorePublicAcls", "RestrictPublicBuckets"] {
            assert_eq!(bucket["PublicAccessBlockConfiguration"][kind], true, "{kind}");
        }
        let cors = &bucket["CorsConfiguration"]["CorsRules"][0];
        assert_eq!(cors["AllowedOrigins"], json!([config.public_url]));
        let parts = &bucket["LifecycleConfiguration"]["Rules"][0]["AbortIncompleteMultipartUpload"];
        assert_eq!(parts["DaysAfterInitiation"], 8, "a day longer than an upload can be taken up again");
    }
}

#[test]
fn the_log_groups_are_there_and_nothing_of_the_label_goes_with_the_stack() {
    let template = label();
    let config = config(&template);
    let groups = template.properties("AWS::Logs::LogGroup");
    for name in config.monitoring.all_groups(config.audit) {
        assert!(groups.iter().any(|group| group["LogGroupName"] == name), "{name}");
    }
    for kind in ["AWS::DynamoDB::Table", "AWS::S3::Bucket", "AWS::Logs::LogGroup"] {
        for kept in template.written(kind) {
            assert_eq!(
                (&kept["DeletionPolicy"], &kept["UpdateReplacePolicy"]),
                (&json!("Retain"), &json!("Retain"))
            );
        }
    }
}

#[test]
fn alarms_look_at_metrics_that_the_program_writes() {
    let template = label();
    let namespace = config(&template).monitoring.namespace;
    let publisher = include_str!("../../src/engine/telemetry/publisher.rs");
    let alarms = template.properties("AWS::CloudWatch::Alarm");
    let own = alarms.iter().filter(|alarm| alarm["Namespace"] == *namespace);
    let names: Vec<_> = own.filter_map(|alarm| alarm["MetricName"].as_str()).collect();
    assert_eq!(names, ["Duration", "LostLogLines"]);
    for name in names {
        assert!(publisher.contains(&format!("\"{name}\"")), "{name}");
    }
    let query = alarms.iter().find_map(|alarm| alarm["Metrics"][0]["Expression"].as_str());
    assert!(query.is_some_and(|query| query.contains(&format!("SCHEMA(\"{namespace}\""))), "{query:?}");
}

#[tokio::test]
async fn what_the_front_passes_on_reaches_the_program_and_changes_come_from_its_own_pages_only() {
    let template = label();
    let address = config(&template).address;
    assert_eq!(environment(&template, "front")["FRONT_CONF"], FRONT);
    assert!(FRONT.contains(&format!("proxy_pass http://{address};")), "{address}");
    assert!(FRONT.contains(&format!("proxy_set_header Host {address};")), "{address}");

    let public = "https://patchline.label.example";
    let patchline = Patchline::with(&[("PATCHLINE_PUBLIC_URL", public)]).await;
    for (origin, site, expected) in [
        (public, "same-origin", StatusCode::SEE_OTHER),
        ("https://evil.example", "cross-site", StatusCode::FORBIDDEN),
    ] {
        let form = Request::post("/theme")
            .header("host", address.to_string())
            .header("origin", origin)
            .header("sec-fetch-site", site)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from("theme=dark&return=%2Fartists"));
        let answer = patchline.send(form.expect("a request")).await;
        assert_eq!(answer.status, expected, "{}", answer.text());
    }
}
