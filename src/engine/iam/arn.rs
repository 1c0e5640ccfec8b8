//! The Amazon Resource Names of what Patchline uses. What is not known stands as `*`.

use crate::engine::config::Config;

/// What all names in an account and a region begin with.
pub(super) struct Arns {
    partition: &'static str,
    region: String,
    account: String,
}

/// How the names of inference profiles begin that spread calls of a model over regions.
const PROFILES: [&str; 8] = ["us.", "us-gov.", "eu.", "apac.", "jp.", "au.", "ca.", "global."];

impl Arns {
    pub(super) fn of(config: &Config) -> Self {
        let known = |text: Option<&str>| text.unwrap_or("*").to_owned();
        let region = known(config.region.as_deref());
        Self { partition: partition(&region), account: known(config.account.as_deref()), region }
    }

    pub(super) fn bucket(&self, name: &str) -> String {
        format!("arn:{}:s3:::{name}", self.partition)
    }

    /// The files of a bucket whose names begin with this.
    pub(super) fn files(&self, bucket: &str, prefix: &str) -> String {
        format!("{}/{prefix}*", self.bucket(bucket))
    }

    pub(super) fn table(&self, name: &str) -> String {
        self.here("dynamodb", &format!("table/{name}"))
    }

    pub(super) fn index(&self, table: &str, name: &str) -> String {
        format!("{}/index/{name}", self.table(table))
    }

    /// A log group with its streams.
    pub(super) fn log_group(&self, name: &str) -> String {
        self.here("logs", &format!("log-group:{name}:*"))
    }

    pub(super) fn knowledge_base(&self, id: &str) -> String {
        self.here("bedrock", &format!("knowledge-base/{id}"))
    }

    /// A model by its id; of an inference profile, also the model in all regions to which it leads.
    pub(super) fn model(&self, id: &str) -> Vec<String> {
        if id.starts_with("arn:") {
            return vec![id.to_owned()];
        }
        let model = |region: &str, id: &str| {
            format!("arn:{}:bedrock:{region}::foundation-model/{id}", self.partition)
        };
        match PROFILES.iter().find_map(|prefix| id.strip_prefix(prefix)) {
            Some(within) => {
                vec![self.here("bedrock", &format!("inference-profile/{id}")), model("*", within)]
            }
            None => vec![model(&self.region, id)],
        }
    }

    pub(super) fn database(&self, kind: &str, name: &str) -> String {
        self.here("rds", &format!("{kind}:{name}"))
    }

    /// The secrets that RDS keeps for the master users of clusters and instances.
    pub(super) fn managed_secrets(&self) -> Vec<String> {
        vec![self.here("secretsmanager", "secret:rds!*")]
    }

    /// The addresses and domains from which e-mails may come.
    pub(super) fn mail_identities(&self) -> String {
        self.here("ses", "identity/*")
    }

    pub(super) fn role(&self, name: &str) -> String {
        format!("arn:{}:iam::{}:role/{name}", self.partition, self.account)
    }

    fn here(&self, service: &str, rest: &str) -> String {
        format!("arn:{}:{service}:{}:{}:{rest}", self.partition, self.region, self.account)
    }
}

fn partition(region: &str) -> &'static str {
    if region.starts_with("cn-") {
        "aws-cn"
    } else if region.starts_with("us-gov-") {
        "aws-us-gov"
    } else {
        "aws"
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn arns(region: &str, account: &str) -> Arns {
        Arns { partition: partition(region), region: region.to_owned(), account: account.to_owned() }
    }

    #[test]
    fn names_are_those_of_the_partition_that_the_region_is_in() {
        assert_eq!(arns("cn-north-1", "1").bucket("b"), "arn:aws-cn:s3:::b");
        assert_eq!(arns("us-gov-west-1", "1").table("t"), "arn:aws-us-gov:dynamodb:us-gov-west-1:1:table/t");
        assert_eq!(arns("*", "*").index("t", "i"), "arn:aws:dynamodb:*:*:table/t/index/i");
    }

    #[test]
    fn an_inference_profile_leads_to_its_model_in_several_regions() {
        let arns = arns("eu-west-1", "111122223333");
        assert_eq!(
            arns.model("eu.anthropic.claude-x-v1:0"),
            [
                "arn:aws:bedrock:eu-west-1:111122223333:inference-profile/eu.anthropic.claude-x-v1:0",
                "arn:aws:bedrock:*::foundation-model/anthropic.claude-x-v1:0",
            ]
        );
        assert_eq!(arns.model("a.b"), ["arn:aws:bedrock:eu-west-1::foundation-model/a.b"]);
        assert_eq!(arns.model("arn:aws:bedrock:x"), ["arn:aws:bedrock:x"]);
    }
}
