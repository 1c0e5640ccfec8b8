//! The one place that makes AWS SDK clients: for the account of the environment, or for the embedded AWS.
//!
//! Whoever uses the clients cannot tell which of the two answers.

mod arrival;
mod assumed_role;
mod calls;
mod failure;
mod noted;
mod on_behalf;
mod operations;

pub use crate::embedded_aws::DatabaseNames;
pub use calls::{Access, Asked, AwsCalls, AwsCount};
pub use failure::{AwsFailure, FailureKind};
pub use noted::{Noted, NotedRequests};
pub use on_behalf::OnBehalf;
pub use operations::{AwsOperation, OPERATIONS};

use super::config::Config;
use crate::embedded_aws::{EmbeddedAws, EmbeddedAwsError, KnowledgeBaseDeclaration, Listener, Options};
use arrival::Arrival;
use assumed_role::ByRole;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig};
use aws_sdk_s3::config::StalledStreamProtectionConfig;
use std::time::Duration;

/// How long S3 may be silent before its answer to a body begins.
const BODY_SILENCE: Duration = Duration::from_mins(1);

/// Clients with their timeouts. Cloning is cheap.
#[derive(Debug, Clone)]
pub struct AwsClients {
    /// DynamoDB: an attempt takes at most 1 s, an operation 3 s.
    pub dynamodb: aws_sdk_dynamodb::Client,
    /// DynamoDB for whole tables and long ranges that a page shows, for which a person waits: an attempt
    /// takes at most 10 s, an operation 20 s.
    pub dynamodb_lists: aws_sdk_dynamodb::Client,
    /// DynamoDB for writing many items at once, when nobody waits: an attempt takes at most 20 s, an
    /// operation 60 s.
    pub dynamodb_bulk: aws_sdk_dynamodb::Client,
    /// CloudWatch metrics: an attempt takes at most 3 s, an operation 10 s.
    pub cloudwatch: aws_sdk_cloudwatch::Client,
    /// RDS: an attempt takes at most 3 s, an operation 10 s.
    pub rds: aws_sdk_rds::Client,
    /// The RDS Data API, which ends a statement after 45 s: an attempt takes at most 50 s, an operation 60 s.
    pub rds_data: aws_sdk_rdsdata::Client,
    /// S3 for small requests: an attempt takes at most 3 s, an operation 10 s.
    pub s3: aws_sdk_s3::Client,
    /// S3 for bodies: no limit as long as bytes flow; an answer begins within 60 s.
    pub s3_bodies: aws_sdk_s3::Client,
    /// S3 as outside clients reach it, for presigning; none while the embedded AWS does not listen.
    pub s3_public: Option<aws_sdk_s3::Client>,
    /// The management of knowledge bases and their ingestion: an attempt takes at most 5 s, an
    /// operation 15 s.
    pub bedrock_agent: aws_sdk_bedrockagent::Client,
    /// Searching knowledge bases: an attempt takes at most 5 s, an operation 15 s.
    pub knowledge: aws_sdk_bedrockagentruntime::Client,
    /// Answers from knowledge bases: an attempt takes at most 60 s, an operation 120 s.
    pub knowledge_answers: aws_sdk_bedrockagentruntime::Client,
    /// Models: an attempt takes at most 60 s, an operation 120 s.
    pub models: aws_sdk_bedrockruntime::Client,
    /// `CloudWatch` Logs: an attempt takes at most 3 s, an operation 10 s.
    pub logs: aws_sdk_cloudwatchlogs::Client,
    /// E-mails: an attempt takes at most 5 s, an operation 15 s.
    pub mail: aws_sdk_sesv2::Client,
    /// Counts what the clients ask.
    pub calls: AwsCalls,
}

/// The vectors of the texts that come with Patchline; `knowledge/README.md` says how they are made.
const SHIPPED_VECTORS: &[u8] = include_bytes!("../../knowledge/vectors.bin");

/// The embedded AWS of this process, with its listener.
pub struct Embedded {
    /// The services.
    pub services: EmbeddedAws,
    /// The loopback port; none when it is switched off.
    pub listener: Option<Listener>,
}

impl Embedded {
    /// Opens the data folder and listens, if the configuration says so.
    ///
    /// # Errors
    /// When the folder cannot be used or the port is taken.
    pub async fn open(config: &Config) -> Result<Option<Self>, EmbeddedAwsError> {
        let Some(mode) = &config.embedded else { return Ok(None) };
        let mut options = Options::new(&mode.data_dir, config.region.clone().unwrap_or_default());
        options.knowledge_bases = knowledge_bases(config);
        options.known_vectors = SHIPPED_VECTORS;
        if let Some(model) = &mode.language_model {
            options.language_model_url = Some(model.url.clone());
            options.language_model_name = model.name.clone();
        }
        let services = EmbeddedAws::open(options).await?;
        let listener = match mode.address {
            Some(address) => Some(services.listen(address).await?),
            None => None,
        };
        Ok(Some(Self { services, listener }))
    }

    /// The names of its one database, for the RDS Data API.
    pub fn database(&self) -> DatabaseNames {
        self.services.database()
    }

    /// Stops listening and closes the stores.
    pub async fn close(self) {
        if let Some(listener) = self.listener {
            listener.shutdown().await;
        }
        self.services.close().await;
    }
}

impl AwsClients {
    /// Makes the clients: in-process ones when there is an embedded AWS, else those of the account.
    pub async fn connect(config: &Config, embedded: Option<&Embedded>) -> Self {
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12());
        if let Some(region) = &config.region {
            loader = loader.region(Region::new(region.clone()));
        }
        let calls = AwsCalls::default();
        // The embedded one waits for this machine's disk and processors, which other programs may keep busy for
        // seconds. There is no other copy to ask meanwhile, so giving up sooner would only turn work away.
        let is_embedded = embedded.is_some();
        let soon = |attempt, all| if is_embedded { timeouts(5, 15) } else { timeouts(attempt, all) };
        let Some(embedded) = embedded else {
            let account = loader.load().await;
            let by_role = ByRole::new(&account, &sts(&account, &calls, soon(3, 10)), &config.roles);
            let bodies = s3_bodies(&by_role.s3, &calls, config.s3_by_path, None);
            return Self {
                dynamodb: dynamodb(&by_role.dynamodb, &calls, soon(1, 3)),
                dynamodb_lists: dynamodb(&by_role.dynamodb, &calls, timeouts(10, 20)),
                dynamodb_bulk: dynamodb(&by_role.dynamodb, &calls, timeouts(20, 60)),
                cloudwatch: cloudwatch(&by_role.cloudwatch, &calls, soon(3, 10)),
                rds: rds(&by_role.rds, &calls, soon(3, 10)),
                rds_data: rds_data(&by_role.rds, &calls),
                s3: s3_control(&by_role.s3, &calls, config.s3_by_path, soon(3, 10)),
                s3_public: Some(bodies.clone()),
                s3_bodies: bodies,
                bedrock_agent: bedrock_agent(&by_role.bedrock, &calls),
                knowledge: knowledge(&by_role.bedrock, &calls, timeouts(5, 15)),
                knowledge_answers: knowledge(&by_role.bedrock, &calls, timeouts(60, 120)),
                models: models(&by_role.bedrock, &calls),
                logs: logs(&by_role.cloudwatch, &calls, soon(3, 10)),
                mail: mail(&account, &calls),
                calls,
            };
        };
        let local = loader
            .credentials_provider(embedded.services.credentials())
            .http_client(embedded.services.http_client())
            .endpoint_url("http://embedded-aws.localhost")
            .load()
            .await;
        let by_role = ByRole::new(&local, &sts(&local, &calls, soon(3, 10)), &config.roles);
        let public = embedded.listener.as_ref().map(|listener| format!("http://{}", listener.address()));
        Self {
            dynamodb: dynamodb(&by_role.dynamodb, &calls, soon(1, 3)),
            dynamodb_lists: dynamodb(&by_role.dynamodb, &calls, timeouts(10, 20)),
            dynamodb_bulk: dynamodb(&by_role.dynamodb, &calls, timeouts(20, 60)),
            cloudwatch: cloudwatch(&by_role.cloudwatch, &calls, soon(3, 10)),
            rds: rds(&by_role.rds, &calls, soon(3, 10)),
            rds_data: rds_data(&by_role.rds, &calls),
            s3: s3_control(&by_role.s3, &calls, true, soon(3, 10)),
            s3_public: public.map(|endpoint| s3_bodies(&by_role.s3, &calls, true, Some(&endpoint))),
            s3_bodies: s3_bodies(&by_role.s3, &calls, true, None),
            bedrock_agent: bedrock_agent(&by_role.bedrock, &calls),
            knowledge: knowledge(&by_role.bedrock, &calls, timeouts(5, 15)),
            knowledge_answers: knowledge(&by_role.bedrock, &calls, timeouts(60, 120)),
            models: models(&by_role.bedrock, &calls),
            logs: logs(&by_role.cloudwatch, &calls, soon(3, 10)),
            mail: mail(&local, &calls),
            calls,
        }
    }
}

fn timeouts(attempt: u64, operation: u64) -> TimeoutConfig {
    TimeoutConfig::builder()
        .operation_attempt_timeout(Duration::from_secs(attempt))
        .operation_timeout(Duration::from_secs(operation))
        .build()
}

fn sts(config: &SdkConfig, calls: &AwsCalls, timeouts: TimeoutConfig) -> aws_sdk_sts::Client {
    let settings =
        aws_sdk_sts::config::Builder::from(config).interceptor(calls.clone()).timeout_config(timeouts);
    aws_sdk_sts::Client::from_conf(settings.build())
}

fn dynamodb(config: &SdkConfig, calls: &AwsCalls, timeouts: TimeoutConfig) -> aws_sdk_dynamodb::Client {
    let settings = aws_sdk_dynamodb::config::Builder::from(config)
        .interceptor(calls.clone())
        .interceptor(Arrival)
        .timeout_config(timeouts);
    aws_sdk_dynamodb::Client::from_conf(settings.build())
}

fn logs(config: &SdkConfig, calls: &AwsCalls, timeouts: TimeoutConfig) -> aws_sdk_cloudwatchlogs::Client {
    let settings = aws_sdk_cloudwatchlogs::config::Builder::from(config)
        .interceptor(calls.clone())
        .timeout_config(timeouts);
    aws_sdk_cloudwatchlogs::Client::from_conf(settings.build())
}

fn mail(config: &SdkConfig, calls: &AwsCalls) -> aws_sdk_sesv2::Client {
    let settings = aws_sdk_sesv2::config::Builder::from(config)
        .interceptor(calls.clone())
        .timeout_config(timeouts(5, 15));
    aws_sdk_sesv2::Client::from_conf(settings.build())
}

fn cloudwatch(config: &SdkConfig, calls: &AwsCalls, timeouts: TimeoutConfig) -> aws_sdk_cloudwatch::Client {
    let settings =
        aws_sdk_cloudwatch::config::Builder::from(config).interceptor(calls.clone()).timeout_config(timeouts);
    aws_sdk_cloudwatch::Client::from_conf(settings.build())
}

fn rds(config: &SdkConfig, calls: &AwsCalls, timeouts: TimeoutConfig) -> aws_sdk_rds::Client {
    let settings =
        aws_sdk_rds::config::Builder::from(config).interceptor(calls.clone()).timeout_config(timeouts);
    aws_sdk_rds::Client::from_conf(settings.build())
}

fn rds_data(config: &SdkConfig, calls: &AwsCalls) -> aws_sdk_rdsdata::Client {
    let settings = aws_sdk_rdsdata::config::Builder::from(config)
        .interceptor(calls.clone())
        .timeout_config(timeouts(50, 60));
    aws_sdk_rdsdata::Client::from_conf(settings.build())
}

fn s3_control(
    config: &SdkConfig,
    calls: &AwsCalls,
    by_path: bool,
    timeouts: TimeoutConfig,
) -> aws_sdk_s3::Client {
    let settings = aws_sdk_s3::config::Builder::from(config)
        .interceptor(calls.clone())
        .interceptor(Arrival)
        .timeout_config(timeouts)
        .force_path_style(by_path);
    aws_sdk_s3::Client::from_conf(settings.build())
}

fn s3_bodies(
    config: &SdkConfig,
    calls: &AwsCalls,
    by_path: bool,
    endpoint: Option<&str>,
) -> aws_sdk_s3::Client {
    let stalled = StalledStreamProtectionConfig::enabled().grace_period(Duration::from_secs(10)).build();
    let mut settings = aws_sdk_s3::config::Builder::from(config)
        .interceptor(calls.clone())
        .interceptor(Arrival)
        .stalled_stream_protection(stalled)
        .timeout_config(TimeoutConfig::builder().read_timeout(BODY_SILENCE).build())
        .force_path_style(by_path);
    if let Some(endpoint) = endpoint {
        settings = settings.endpoint_url(endpoint);
    }
    aws_sdk_s3::Client::from_conf(settings.build())
}

fn bedrock_agent(config: &SdkConfig, calls: &AwsCalls) -> aws_sdk_bedrockagent::Client {
    let settings = aws_sdk_bedrockagent::config::Builder::from(config)
        .interceptor(calls.clone())
        .timeout_config(timeouts(5, 15));
    aws_sdk_bedrockagent::Client::from_conf(settings.build())
}

/// The knowledge bases of the embedded Bedrock: the first holds what comes with Patchline.
fn knowledge_bases(config: &Config) -> Vec<KnowledgeBaseDeclaration> {
    let knowledge = config.knowledge();
    let declare = |(place, (id, bucket)): (usize, (&String, String))| {
        let shipped =
            KnowledgeBaseDeclaration { id: id.clone(), bucket, ..KnowledgeBaseDeclaration::default() };
        if place == 0 {
            shipped
        } else {
            let description = "Documents of the label".to_owned();
            KnowledgeBaseDeclaration { name: id.clone(), description, ..shipped }
        }
    };
    knowledge.bases.iter().zip(knowledge.embedded_buckets()).enumerate().map(declare).collect()
}

fn knowledge(
    config: &SdkConfig,
    calls: &AwsCalls,
    timeouts: TimeoutConfig,
) -> aws_sdk_bedrockagentruntime::Client {
    let settings = aws_sdk_bedrockagentruntime::config::Builder::from(config)
        .interceptor(calls.clone())
        .timeout_config(timeouts);
    aws_sdk_bedrockagentruntime::Client::from_conf(settings.build())
}

fn models(config: &SdkConfig, calls: &AwsCalls) -> aws_sdk_bedrockruntime::Client {
    let settings = aws_sdk_bedrockruntime::config::Builder::from(config)
        .interceptor(calls.clone())
        .timeout_config(timeouts(60, 120));
    aws_sdk_bedrockruntime::Client::from_conf(settings.build())
}
