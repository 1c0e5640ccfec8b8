//! Who may take a role.

use super::arn::Arns;
use super::{IamError, LANGUAGE, RoleName};
use crate::engine::config::Config;
use crate::engine::gateway::TAG_KEYS;
use serde_json::{Value, json};

/// Where a process of AWS runs that has a role: a task of ECS, or a machine of EC2.
const HOSTS: [&str; 2] = ["ecs-tasks.amazonaws.com", "ec2.amazonaws.com"];

pub(super) fn of(role: RoleName, config: &Config) -> Result<Value, IamError> {
    let statement = if role == RoleName::Service {
        json!({
            "Sid": "RunsInAws",
            "Effect": "Allow",
            "Principal": { "Service": HOSTS },
            "Action": "sts:AssumeRole",
        })
    } else {
        if config.account.is_none() {
            return Err(IamError::NoAccount);
        }
        json!({
            "Sid": "TakenByPatchline",
            "Effect": "Allow",
            "Principal": { "AWS": Arns::of(config).role(RoleName::Service.id()) },
            "Action": ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"],
            // Nobody takes it without saying for whom, or with tags that mean something to other policies.
            "Condition": {
                "StringLike": { "sts:SourceIdentity": "*" },
                "ForAllValues:StringEquals": { "aws:TagKeys": TAG_KEYS },
            },
        })
    };
    Ok(json!({ "Version": LANGUAGE, "Statement": [statement] }))
}
