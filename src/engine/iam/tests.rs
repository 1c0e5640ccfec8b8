//! The policies against what the program asks for, and against what IAM takes.

use super::*;
use crate::engine::aws::OPERATIONS;
use crate::engine::catalog::Catalog;
use std::collections::BTreeSet;

const ACCOUNT: &str = "111122223333";

fn config(variables: &[(&str, &str)]) -> Config {
    let lookup = |name: &str| {
        let found = variables.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| (*value).to_owned())
    };
    Config::load(&lookup, true).expect("a configuration")
}

fn whole() -> Config {
    config(&[
        ("AWS_REGION", "eu-west-1"),
        ("AWS_ACCOUNT_ID", ACCOUNT),
        ("ENABLE_RDS", "true"),
        ("RDS_INSTANCES", "ledger"),
        ("BEDROCK_MODELS", "eu.anthropic.claude-x-v1:0"),
        ("MCP_AUDIT_BUCKET", "label-audit"),
        ("PATCHLINE_MAIL_FROM", "notices@label.example"),
    ])
}

fn beyond() -> Beyond {
    Beyond { knowledge_buckets: vec!["label-knowledge".to_owned()], kms_keys: Vec::new() }
}

/// The statements of all roles that allow something.
fn allowed(config: &Config) -> Vec<Value> {
    let documents =
        RoleName::needed(config).map(|role| permissions(role, config, &beyond()).expect("a policy"));
    let statements =
        documents.flat_map(|document| document["Statement"].as_array().cloned().unwrap_or_default());
    statements.filter(|statement| statement["Effect"] == "Allow").collect()
}

fn texts<'v>(statement: &'v Value, field: &str) -> impl Iterator<Item = &'v str> {
    statement[field].as_array().into_iter().flatten().filter_map(Value::as_str)
}

#[test]
fn the_policies_allow_what_the_program_asks_for_and_nothing_else() {
    let statements = allowed(&whole());
    let granted: BTreeSet<_> = statements.iter().flat_map(|statement| texts(statement, "Action")).collect();
    let asked: BTreeSet<_> = OPERATIONS.iter().flat_map(|listed| listed.actions.iter().copied()).collect();
    let missing: Vec<_> = asked.difference(&granted).collect();
    let superfluous: Vec<_> = granted.difference(&asked).collect();
    assert!(missing.is_empty() && superfluous.is_empty(), "missing {missing:?}, superfluous {superfluous:?}");
}

#[test]
fn every_table_has_its_permissions() {
    let config = whole();
    let statements = allowed(&config);
    for definition in Catalog::definitions_for(&config.tables) {
        let arn = format!("arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/{}", definition.name);
        let of_table = |arn: &str| {
            let about = statements.iter().filter(|statement| texts(statement, "Resource").any(|r| r == arn));
            about.flat_map(|statement| texts(statement, "Action")).collect::<BTreeSet<_>>()
        };
        assert!(of_table(&arn).len() > 1, "{arn} can be described and no more");
        for (index, _) in definition.indexes {
            let arn = format!("{arn}/index/{index}");
            assert_eq!(of_table(&arn), BTreeSet::from(["dynamodb:Query"]), "{arn}");
        }
    }
}

#[test]
fn no_request_that_changes_or_removes_a_single_record_of_the_audit_log_is_allowed() {
    let arn = format!("arn:aws:dynamodb:eu-west-1:{ACCOUNT}:table/patchline-audit");
    for statement in allowed(&whole()) {
        if texts(&statement, "Resource").any(|resource| resource == arn || resource == "*") {
            for action in texts(&statement, "Action") {
                let single = ["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"];
                assert!(!single.contains(&action), "{statement}");
            }
        }
    }
}

#[test]
fn the_bucket_for_copies_of_checkpoints_may_lie_in_another_account() {
    let statements = allowed(&whole());
    for name in ["ListCheckpoints", "CopyCheckpoints"] {
        let about_it = statements.iter().find(|statement| statement["Sid"] == name);
        assert!(about_it.expect("it is there")["Condition"].is_null(), "{name}");
    }
}

#[test]
fn a_policy_is_one_that_iam_takes() {
    let config = whole();
    for role in RoleName::needed(&config) {
        let mut wish = beyond();
        wish.kms_keys.push(format!("arn:aws:kms:eu-west-1:{ACCOUNT}:key/1"));
        let policy = permissions(role, &config, &wish).expect("a policy");
        assert_eq!(policy["Version"], LANGUAGE);
        // The limit for a managed policy, in which blanks do not count.
        assert!(policy.to_string().len() <= 6_144, "{role}: {} characters", policy.to_string().len());
        let mut names = BTreeSet::new();
        for statement in policy["Statement"].as_array().expect("statements") {
            let name = statement["Sid"].as_str().expect("a name");
            assert!(
                name.chars().all(|c| c.is_ascii_alphanumeric()) && names.insert(name.to_owned()),
                "{name}"
            );
            for field in ["Action", "Resource"] {
                assert!(texts(statement, field).next().is_some(), "{role} {name} has no {field}");
            }
            let everything = texts(statement, "Resource").any(|resource| resource == "*");
            let known = [
                "AskForAnswers",
                "ReadSearches",
                "ReadMetrics",
                "WriteMetrics",
                "LookAtMail",
                "OnlyEncrypted",
            ];
            assert!(!everything || known.contains(&name), "{role} {name} is about everything");
        }
        assert!(names.contains("OnlyEncrypted"), "{role}");
    }
}

#[test]
fn documents_of_a_knowledge_base_are_changed_in_their_folder_only() {
    let statements = allowed(&whole());
    let change =
        statements.iter().find(|statement| statement["Sid"] == "ChangeDocuments").expect("it is there");
    assert_eq!(change["Resource"], json!(["arn:aws:s3:::label-knowledge/documents/*"]));
    assert_eq!(change["Condition"], json!({ "StringEquals": { "aws:ResourceAccount": ACCOUNT } }));
}

#[test]
fn a_role_is_taken_by_patchline_only_and_says_for_whom() {
    let config = whole();
    let policy = trust(RoleName::S3, &config).expect("a policy");
    let statement = &policy["Statement"][0];
    assert_eq!(statement["Principal"]["AWS"], format!("arn:aws:iam::{ACCOUNT}:role/PatchlineServiceRole"));
    assert_eq!(statement["Condition"]["StringLike"], json!({ "sts:SourceIdentity": "*" }));
    let without = config_without_account();
    assert_eq!(trust(RoleName::S3, &without), Err(IamError::NoAccount));
    assert!(trust(RoleName::Service, &without).is_ok());
    assert!(!unknown(&without, &beyond()).is_empty() && unknown(&config, &beyond()).is_empty());
}

fn config_without_account() -> Config {
    config(&[("AWS_REGION", "eu-west-1")])
}

#[test]
fn what_is_switched_off_needs_no_role() {
    let config = config_without_account();
    let refused = permissions(RoleName::Rds, &config, &beyond());
    assert!(refused.is_err_and(|error| error.to_string().contains("ENABLE_RDS=true")));
    assert!(
        "PatchlineMCPRoyaltyRole".parse::<RoleName>().is_err_and(|e| e.to_string().contains("MCPS3Role"))
    );
    assert_eq!("patchlinemcps3role".parse(), Ok(RoleName::S3));
}
