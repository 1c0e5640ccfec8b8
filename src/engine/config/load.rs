//! Builds the configuration from the environment and checks what depends on several variables.

use super::addresses::{collector, loopback_address, networks, own_url, public_url};
use super::audit::{audit_bucket, audit_copies_records, audit_retention};
use super::enforcement::{OnViolation, SecurityMode, on_violation, security_mode};
use super::given::{given, given_to_process};
use super::monitoring::{LogGroups, Monitoring, log_group, namespace};
use super::notices::{mail_from, webhook_addresses};
use super::roles::{account, role};
use super::store::{
    EmbeddedMode, bootstrap_key, credentials_are_configured, demo_mode, embedded_mode, is_aws_of_this_machine,
};
use super::values::{Environment, boolean, names, number, wrong};
use super::{
    Allowances, Buckets, ConfigError, Databases, EXTRACTIVE_MODEL, FiguresFrom, Given, MailFrom,
    OpenIdSettings, Roles, Schedule, Tables, TaskLimits, TaskModel, TokenIssuer, Upstreams, VARIABLES,
    WebhookAddresses, openid, table, tokens, upstreams,
};
use crate::model::audit::Retention;
use ipnet::IpNet;
use jiff::tz::TimeZone;
use reqwest::Url;
use secrecy::SecretString;
use std::net::SocketAddr;
use std::time::Duration;

/// The configuration of one process.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each is a variable of its own")]
pub struct Config {
    /// Where Patchline listens: loopback, as long as it speaks no TLS.
    pub address: SocketAddr,
    /// Under which address others know it: scheme, host and port, in small letters, with nothing behind.
    pub public_url: String,
    /// The embedded AWS; none with a real account.
    pub embedded: Option<EmbeddedMode>,
    /// Whether the sample label is written.
    pub demo: bool,
    /// The admin key of scripts and tests.
    pub bootstrap_key: Option<SecretString>,
    /// The key by which instances know each other.
    pub instance_key: Option<SecretString>,
    /// The AWS region; none where the AWS SDK is to find it.
    pub region: Option<String>,
    /// The number of the AWS account, where it is known.
    pub account: Option<String>,
    /// The roles that are taken in it.
    pub roles: Roles,
    /// Whether the environment points the AWS SDK at an S3 of the operator's own, which is addressed by
    /// path, since its host has no names for buckets.
    pub s3_by_path: bool,
    /// Which servers exist.
    pub servers: Servers,
    /// The allowed buckets.
    pub buckets: Buckets,
    /// The allowed tables.
    pub tables: Tables,
    /// Allowed knowledge bases.
    pub knowledge_bases: Vec<String>,
    /// Allowed models.
    pub models: Vec<String>,
    /// The language model that plans tasks and writes their answers; none where rules do both.
    pub task_model: Option<TaskModel>,
    /// Log groups, and where metrics go.
    pub monitoring: Monitoring,
    /// Allowed databases.
    pub databases: Databases,
    /// Whether rules deny.
    pub security_mode: SecurityMode,
    /// What a violation comes to when they do.
    pub on_violation: OnViolation,
    /// The only tools that may be used; empty means all.
    pub allowed_tools: Vec<String>,
    /// Tools that may not be used.
    pub denied_tools: Vec<String>,
    /// How much may be done and what it may cost, where admins have not set anything else.
    pub allowances: Allowances,
    /// How much one task may take.
    pub task_limits: TaskLimits,
    /// Tool calls that run at the same time in this process, all principals.
    pub concurrent: u32,
    /// Addresses that may call; empty means all.
    pub ip_whitelist: Vec<IpNet>,
    /// When calls are allowed; none means always.
    pub hours: Option<Schedule>,
    /// The zone of the hours.
    pub time_zone: TimeZone,
    /// After how much silence a session ends.
    pub session_timeout: Duration,
    /// For how long somebody who has shown who they are is not asked again before a dangerous change.
    pub confirm_after: Duration,
    /// Sign-in by OpenID Connect; none where people have passwords only.
    pub openid: Option<OpenIdSettings>,
    /// How long requests are still taken after the program was asked to stop.
    pub stop_wait: Duration,
    /// Whether calls are spread over replicas.
    pub load_balancing: bool,
    /// Further replicas, and MCP servers of third parties.
    pub upstreams: Upstreams,
    /// The authorization servers whose access tokens are taken.
    pub token_issuers: Vec<TokenIssuer>,
    /// Whether each call leaves a record.
    pub audit: bool,
    /// Where checkpoints of the audit log are copied to.
    pub audit_bucket: Option<String>,
    /// Whether the records themselves are copied there, too.
    pub audit_copies_records: bool,
    /// For how long records of the audit log are kept.
    pub audit_retention: Retention,
    /// From whom notices by e-mail come; none where none are sent.
    pub mail_from: Option<MailFrom>,
    /// Where webhooks may lead.
    pub webhook_addresses: WebhookAddresses,
    /// The source that daily figures are fetched from; none where none is set up.
    pub figures: Option<FiguresFrom>,
    /// Detailed logging.
    pub debug: bool,
    /// Where the collector of OpenTelemetry is that takes spans.
    pub collector: Option<Url>,
    /// What the environment says of each variable, as it may be shown.
    pub given: Vec<Given>,
}

/// The region that the embedded AWS says it is in.
const LOCAL_REGION: &str = "us-east-1";

/// Which servers exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "one switch for each server, each its own variable")]
pub struct Servers {
    /// `bedrock`
    pub bedrock: bool,
    /// `s3`
    pub s3: bool,
    /// `dynamodb`
    pub dynamodb: bool,
    /// `cloudwatch`
    pub cloudwatch: bool,
    /// `rds`
    pub rds: bool,
}

impl Servers {
    /// `music`: it reads what the server `dynamodb` stores, and has no switch of its own.
    pub fn music(self) -> bool {
        self.dynamodb
    }
}

impl Config {
    /// Reads the process environment.
    ///
    /// # Errors
    /// The first variable with a value that cannot be used.
    pub fn from_process() -> Result<Self, ConfigError> {
        for variable in VARIABLES {
            if let Err(std::env::VarError::NotUnicode(value)) = std::env::var(variable.name) {
                return Err(wrong(
                    variable,
                    &value.to_string_lossy(),
                    "a text in UTF-8 is allowed".to_owned(),
                ));
            }
        }
        Self::load(&given_to_process, credentials_are_configured())
    }

    /// Reads variables from anywhere. `credentials` says whether AWS credentials are configured.
    ///
    /// # Errors
    /// The first variable with a value that cannot be used.
    pub fn load(lookup: &dyn Fn(&str) -> Option<String>, credentials: bool) -> Result<Self, ConfigError> {
        let environment = &Environment { lookup };
        let embedded = embedded_mode(environment, credentials)?;
        let local = embedded.is_some();
        let writes = embedded.as_ref().is_some_and(|mode| mode.language_model.is_some());
        let bedrock = environment.required(&table::ENABLE_BEDROCK, boolean)?;
        let models = models(environment, local)?;
        let instance_key = environment.parse(&table::INSTANCE_KEY, instance_key)?;
        let roles = roles_to_take(environment)?;
        let address = environment.required(&table::ADDR, loopback_address)?;
        Ok(Self {
            address,
            public_url: environment
                .parse(&table::PUBLIC_URL, public_url)?
                .unwrap_or_else(|| own_url(address)),
            demo: demo_mode(environment, embedded.is_some())?,
            bootstrap_key: bootstrap_key(environment, local)?,
            embedded,
            region: environment
                .parse(&table::REGION, region)?
                .or_else(|| local.then(|| LOCAL_REGION.to_owned())),
            account: environment.parse(&table::ACCOUNT, account)?.or_else(|| roles.account()),
            roles,
            s3_by_path: ["AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3"]
                .iter()
                .any(|name| lookup(name).is_some_and(|endpoint| !endpoint.trim().is_empty())),
            servers: Servers {
                bedrock,
                s3: environment.required(&table::ENABLE_S3, boolean)?,
                dynamodb: environment.required(&table::ENABLE_DYNAMODB, boolean)?,
                cloudwatch: environment.required(&table::ENABLE_CLOUDWATCH, boolean)?,
                rds: environment.required(&table::ENABLE_RDS, boolean)?,
            },
            buckets: environment.required(&table::BUCKETS, |text| Buckets::from_names(names(text)?))?,
            tables: environment.required(&table::TABLES, |text| Tables::from_names(names(text)?))?,
            knowledge_bases: environment.required(&table::KNOWLEDGE_BASES, names)?,
            task_model: TaskModel::read(environment, &models, bedrock, writes)?,
            models,
            monitoring: Monitoring {
                groups: environment
                    .required(&table::LOG_GROUPS, |text| LogGroups::from_names(names(text)?))?,
                audit_group: environment.required(&table::AUDIT_LOG_GROUP, log_group)?,
                namespace: environment.required(&table::METRICS_NAMESPACE, namespace)?,
            },
            databases: databases(environment, local)?,
            security_mode: environment.required(&table::SECURITY_MODE, security_mode)?,
            on_violation: environment.required(&table::ON_VIOLATION, on_violation)?,
            allowed_tools: environment.parse(&table::ALLOWED_TOOLS, names)?.unwrap_or_default(),
            denied_tools: environment.parse(&table::DENIED_TOOLS, names)?.unwrap_or_default(),
            allowances: Allowances::read(environment)?,
            task_limits: TaskLimits::read(environment)?,
            concurrent: environment.required(&table::MAX_CONCURRENT, number(1, 10_000))?,
            ip_whitelist: environment.parse(&table::IP_WHITELIST, networks)?.unwrap_or_default(),
            hours: environment.parse(&table::TIME_RESTRICTIONS, str::parse)?,
            time_zone: environment.required(&table::TIMEZONE, time_zone)?,
            session_timeout: environment
                .required(&table::SESSION_TIMEOUT, number(1_000_u64, 604_800_000))
                .map(Duration::from_millis)?,
            confirm_after: environment
                .required(&table::CONFIRM_AFTER, number(10_u64, 86_400))
                .map(Duration::from_secs)?,
            openid: openid::settings(environment)?,
            stop_wait: stop_wait(environment, local)?,
            load_balancing: environment.required(&table::LOAD_BALANCING, boolean)?,
            upstreams: environment
                .parse(&table::UPSTREAMS, |path| upstreams::read(path, lookup))?
                .unwrap_or_default()
                .with_key_of_instances(instance_key.as_ref()),
            instance_key,
            token_issuers: environment.parse(&table::TOKEN_ISSUERS, tokens::read)?.unwrap_or_default(),
            audit: environment.required(&table::AUDIT_LOGGING, boolean)?,
            audit_bucket: audit_bucket(environment)?,
            audit_copies_records: audit_copies_records(environment)?,
            audit_retention: audit_retention(environment)?,
            mail_from: environment.parse(&table::MAIL_FROM, mail_from)?,
            webhook_addresses: webhooks(environment, local)?,
            figures: FiguresFrom::read(environment)?,
            debug: environment.required(&table::DEBUG, boolean)?,
            collector: environment.parse(&table::COLLECTOR, collector)?,
            given: given(environment),
        })
    }
}

impl Config {
    /// Whether databases are read at all: with the server of databases; and the ledger of the sample label, which
    /// statements are made of, unless somebody has switched that server off.
    pub fn reads_databases(&self) -> bool {
        let is_unset = self.given.iter().any(|one| one.variable.name == "ENABLE_RDS" && one.text.is_none());
        self.servers.rds || (self.demo && is_unset)
    }

    /// Which AWS is used, for people: a shell with credentials in its environment takes the account.
    pub fn store_in_words(&self) -> String {
        match &self.embedded {
            Some(mode) => format!("The data is in {} (embedded AWS).", mode.data_dir.display()),
            None => format!(
                "The data is in the AWS account of the environment, region {}.",
                self.region.as_deref().unwrap_or("as the AWS SDK finds it")
            ),
        }
    }
}

fn roles_to_take(environment: &Environment<'_>) -> Result<Roles, ConfigError> {
    Ok(Roles {
        bedrock: environment.parse(&table::BEDROCK_ROLE, role)?,
        s3: environment.parse(&table::S3_ROLE, role)?,
        dynamodb: environment.parse(&table::DYNAMODB_ROLE, role)?,
        cloudwatch: environment.parse(&table::CLOUDWATCH_ROLE, role)?,
        rds: environment.parse(&table::RDS_ROLE, role)?,
    })
}

/// With the embedded AWS the database that it has, opened with the secret of its reader.
fn databases(environment: &Environment<'_>, local: bool) -> Result<Databases, ConfigError> {
    let read = |text: &str| Databases::from_names(names(text)?);
    if let Some(databases) = environment.parse(&table::RDS_INSTANCES, read)? {
        return Ok(databases);
    }
    let region = environment.text(&table::REGION).unwrap_or_else(|| LOCAL_REGION.to_owned());
    let ledger =
        format!("patchline-ledger@arn:aws:secretsmanager:{region}:000000000000:secret:ledger-reader");
    Ok(if local { read(&ledger).unwrap_or_default() } else { Databases::default() })
}

/// In an account this machine is where other services of the label may listen.
fn webhooks(environment: &Environment<'_>, embedded: bool) -> Result<WebhookAddresses, ConfigError> {
    environment.required(&table::WEBHOOK_ADDRESSES, |text| match webhook_addresses(text)? {
        WebhookAddresses::ThisMachine if !embedded && !is_aws_of_this_machine(environment) => {
            Err("this-machine is not accepted with a real account".to_owned())
        }
        allowed => Ok(allowed),
    })
}

fn instance_key(text: &str) -> Result<SecretString, String> {
    if text.len() < 16 || text.bytes().any(|byte| !byte.is_ascii_graphic()) {
        return Err("at least 16 visible ASCII characters are needed".to_owned());
    }
    Ok(SecretString::from(text))
}

fn stop_wait(environment: &Environment<'_>, local: bool) -> Result<Duration, ConfigError> {
    let given = environment.parse(&table::STOP_WAIT, |text| match text.parse::<u64>() {
        Ok(seconds @ 0..=120) => Ok(Duration::from_secs(seconds)),
        _ => Err("whole seconds from 0 to 120 are allowed".to_owned()),
    })?;
    Ok(given.unwrap_or(Duration::from_secs(if local { 0 } else { 5 })))
}

/// The model that an account is asked for unless it is told another.
const ACCOUNT_MODEL: &str = "anthropic.claude-sonnet-4-5-20250929-v1:0";

fn models(environment: &Environment<'_>, embedded: bool) -> Result<Vec<String>, ConfigError> {
    let default = if embedded { EXTRACTIVE_MODEL } else { ACCOUNT_MODEL };
    Ok(environment.parse(&table::MODELS, names)?.unwrap_or_else(|| vec![default.to_owned()]))
}

fn region(text: &str) -> Result<String, String> {
    let fits = text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if fits { Ok(text.to_owned()) } else { Err("a region such as us-east-1 is allowed".to_owned()) }
}

fn time_zone(text: &str) -> Result<TimeZone, String> {
    TimeZone::get(text).map_err(|_| "an IANA time zone such as Europe/Oslo is allowed".to_owned())
}
