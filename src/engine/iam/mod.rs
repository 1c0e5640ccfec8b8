//! `patchline iam-policy`: what the roles of Patchline may do in an account, made from the configuration.

mod arn;
mod grants;
mod statement;
mod trust;

use super::config::Config;
use arn::Arns;
use serde_json::{Value, json};
use statement::Statement;
use std::fmt;
use std::str::FromStr;

/// The version of IAM's policy language, which is its newest.
const LANGUAGE: &str = "2012-10-17";

/// A role of IAM that Patchline uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum RoleName {
    /// What the process itself runs as. It takes the others.
    Service,
    /// Knowledge bases and models.
    Bedrock,
    /// Files.
    S3,
    /// The label's tables and Patchline's own.
    Dynamo,
    /// Logs and metrics.
    CloudWatch,
    /// Databases.
    Rds,
}

/// What a policy needs to know beyond the configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Beyond {
    /// The buckets that knowledge bases read. Bedrock knows them, the configuration does not.
    pub knowledge_buckets: Vec<String>,
    /// The keys of KMS, by ARN, with which tables, buckets and log groups are encrypted.
    pub kms_keys: Vec<String>,
}

/// Why there is no policy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IamError {
    /// There is no such role.
    #[error("there is no role {0}; there are {roles}", roles = names(&RoleName::ALL))]
    Unknown(String),
    /// Nothing needs it.
    #[error("nothing needs the role {0} as things are configured; {1} switches its server on")]
    NotNeeded(RoleName, &'static str),
    /// Whom to trust has an account in its name.
    #[error("whom a role trusts has to be named with the account; set AWS_ACCOUNT_ID")]
    NoAccount,
}

impl RoleName {
    /// All of them.
    pub const ALL: [RoleName; 6] = [
        RoleName::Service,
        RoleName::Bedrock,
        RoleName::S3,
        RoleName::Dynamo,
        RoleName::CloudWatch,
        RoleName::Rds,
    ];

    /// The name in IAM.
    pub fn id(self) -> &'static str {
        match self {
            RoleName::Service => "PatchlineServiceRole",
            RoleName::Bedrock => "PatchlineMCPBedrockRole",
            RoleName::S3 => "PatchlineMCPS3Role",
            RoleName::Dynamo => "PatchlineMCPDynamoRole",
            RoleName::CloudWatch => "PatchlineMCPCloudWatchRole",
            RoleName::Rds => "PatchlineMCPRDSRole",
        }
    }

    /// The variable that switches its server on, where something needs the role only then.
    fn switch(self) -> Option<&'static str> {
        match self {
            RoleName::Service | RoleName::S3 | RoleName::Dynamo => None,
            RoleName::Bedrock => Some("ENABLE_BEDROCK=true"),
            RoleName::CloudWatch => Some("ENABLE_CLOUDWATCH=true"),
            RoleName::Rds => Some("ENABLE_RDS=true"),
        }
    }

    fn is_needed(self, config: &Config) -> bool {
        match self {
            // Pages read tables and files, whatever servers of tools there are.
            RoleName::Service | RoleName::S3 | RoleName::Dynamo => true,
            RoleName::Bedrock => config.servers.bedrock,
            RoleName::CloudWatch => config.servers.cloudwatch,
            RoleName::Rds => config.servers.rds,
        }
    }

    /// The roles that something needs.
    pub fn needed(config: &Config) -> impl Iterator<Item = Self> {
        Self::ALL.into_iter().filter(move |role| role.is_needed(config))
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self.id())
    }
}

impl FromStr for RoleName {
    type Err = IamError;

    fn from_str(text: &str) -> Result<Self, IamError> {
        Self::ALL
            .into_iter()
            .find(|role| role.id().eq_ignore_ascii_case(text))
            .ok_or_else(|| IamError::Unknown(text.to_owned()))
    }
}

/// What a role may do, as IAM takes it.
///
/// # Errors
/// `NotNeeded` where its server is switched off.
pub fn permissions(role: RoleName, config: &Config, beyond: &Beyond) -> Result<Value, IamError> {
    needed(role, config)?;
    let statements = grants::of(role, config, &Arns::of(config), beyond);
    Ok(document(&statements))
}

/// Who may take a role, as IAM takes it.
///
/// # Errors
/// `NotNeeded` where its server is switched off; `NoAccount` where the account is not known.
pub fn trust(role: RoleName, config: &Config) -> Result<Value, IamError> {
    needed(role, config)?;
    trust::of(role, config)
}

/// What is not known and stands as `*`, for people.
pub fn unknown(config: &Config, beyond: &Beyond) -> Vec<&'static str> {
    let mut told = Vec::new();
    if config.account.is_none() {
        told.push("The account is not known and stands as * in names: set AWS_ACCOUNT_ID.");
    }
    if config.region.is_none() {
        told.push("The region is not known and stands as * in names: set AWS_REGION.");
    }
    if config.servers.bedrock && beyond.knowledge_buckets.is_empty() {
        told.push(
            "Documents of knowledge bases can be neither listed nor changed with this: name the bucket that a \
             knowledge base reads with --knowledge-bucket.",
        );
    }
    told
}

fn needed(role: RoleName, config: &Config) -> Result<(), IamError> {
    match role.switch() {
        Some(switch) if !role.is_needed(config) => Err(IamError::NotNeeded(role, switch)),
        _ => Ok(()),
    }
}

fn document(statements: &[Statement]) -> Value {
    let statements: Vec<_> = statements.iter().map(Statement::to_json).collect();
    json!({ "Version": LANGUAGE, "Statement": statements })
}

fn names(roles: &[RoleName]) -> String {
    roles.iter().map(|role| role.id()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;
