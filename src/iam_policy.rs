//! `patchline iam-policy`: prints what the roles of Patchline may do, for this configuration.

use super::{Failure, complain, say};
use clap::Args;
use patchline::engine::config::Config;
use patchline::engine::iam::{self, Beyond, IamError, RoleName};
use serde_json::{Map, Value};

/// What is printed.
#[derive(Debug, Args)]
pub(crate) struct Wish {
    /// The role, for instance `PatchlineMCPS3Role`; without it, all that are needed, each under its name
    #[arg(value_parser = role)]
    role: Option<RoleName>,
    /// Who may take the role, in place of what it may do
    #[arg(long)]
    trust: bool,
    /// A bucket that a knowledge base reads; may be given several times
    #[arg(long, value_name = "BUCKET")]
    knowledge_bucket: Vec<String>,
    /// A key of KMS with which tables, buckets or log groups are encrypted, by its ARN; may be given several times
    #[arg(long, value_name = "ARN")]
    kms_key: Vec<String>,
}

fn role(text: &str) -> Result<RoleName, IamError> {
    text.parse()
}

/// Prints it. What is not known is told beside it.
pub(crate) fn run(config: &Config, wish: Wish) -> Result<(), Failure> {
    let Wish { role, trust, knowledge_bucket, kms_key } = wish;
    let beyond = Beyond { knowledge_buckets: knowledge_bucket, kms_keys: kms_key };
    let document = |role: RoleName| {
        if trust { iam::trust(role, config) } else { iam::permissions(role, config, &beyond) }
    };
    let printed = if let Some(role) = role {
        document(role)?
    } else {
        let named = |role: RoleName| document(role).map(|document| (role.id().to_owned(), document));
        Value::Object(RoleName::needed(config).map(named).collect::<Result<Map<_, _>, _>>()?)
    };
    if !trust {
        for told in iam::unknown(config, &beyond) {
            complain(told);
        }
    }
    say(&format!("{printed:#}\n"))
}
