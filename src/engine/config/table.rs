//! The one table of variables: the parser reads names and defaults from it, the README prints it.

use std::fmt::Write;

/// An environment variable of the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Variable {
    /// The name.
    pub name: &'static str,
    /// The text that is parsed when the variable is unset or empty; none where absence has a meaning.
    pub default: Option<&'static str>,
    /// The default in words, where it depends on other things.
    pub default_in_words: Option<&'static str>,
    /// What it means and what is allowed, in Markdown.
    pub meaning: &'static str,
    /// Whether the value must never be printed.
    pub secret: bool,
}

const fn variable(name: &'static str, default: Option<&'static str>, meaning: &'static str) -> Variable {
    Variable { name, default, default_in_words: None, meaning, secret: false }
}

const fn derived(name: &'static str, in_words: &'static str, meaning: &'static str) -> Variable {
    Variable { name, default: None, default_in_words: Some(in_words), meaning, secret: false }
}

macro_rules! variables {
    ($($constant:ident = $variable:expr;)*) => {
        $(pub(super) const $constant: Variable = $variable;)*
        /// Every variable, in the order of the README's table.
        pub const VARIABLES: &[Variable] = &[$($constant),*];
    };
}

variables! {
    ADDR = variable("PATCHLINE_ADDR", Some("127.0.0.1:3000"),
        "Where Patchline listens. Only a loopback address is accepted, as it speaks no TLS.");
    PUBLIC_URL = derived("PATCHLINE_PUBLIC_URL", "`http://` and `PATCHLINE_ADDR`",
        "Under which address clients know Patchline, scheme and host only. Access tokens name it: those for another address are not taken.");
    DATA_DIR = variable("PATCHLINE_DATA_DIR", Some("./data"),
        "The embedded AWS keeps its files here.");
    MOCK_AWS = derived("MCP_MOCK_AWS_SERVICES", "`true` when no AWS credentials are configured",
        "`true`: the embedded AWS. `false`: the account that the AWS environment names (honours `AWS_ENDPOINT_URL*`).");
    DEMO_MODE = derived("MCP_DEMO_MODE", "`true` with the embedded AWS, else `false`",
        "The sample label, and an account for each role that needs no password. Refused with a real account.");
    EMBEDDED_ADDR = variable("PATCHLINE_EMBEDDED_AWS_ADDR", Some("127.0.0.1:0"),
        "Where the embedded AWS listens for presigned URLs, `aws` and boto3: a loopback address (port 0: a free one, printed at start) or `off`.");
    BOOTSTRAP_KEY = Variable { secret: true, ..variable("PATCHLINE_BOOTSTRAP_KEY", None,
        "An API key with the admin role for scripts and tests, at least 16 characters. Refused with a real account; an AWS that `AWS_ENDPOINT_URL` finds on this machine is none.") };
    INSTANCE_KEY = Variable { secret: true, ..variable("PATCHLINE_INSTANCE_KEY", None,
        "The key with which the instances of one label know each other when they pass calls on, at least 16 visible ASCII characters, the same at all of them. Sent to the replicas of `MCP_UPSTREAMS` that have no `key_variable`.") };
    LLM_URL = variable("PATCHLINE_LLM_URL", None,
        "An OpenAI-compatible server that writes for the embedded Bedrock in place of its own model, which only quotes: `http://127.0.0.1:11434`, and after `#` the name of the model where the server has several. Refused with a real account.");
    REGION = derived("AWS_REGION", "as the AWS SDK finds it; `us-east-1` with the embedded AWS",
        "The AWS region. All other `AWS_*` variables are read by the AWS SDK.");
    ACCOUNT = variable("AWS_ACCOUNT_ID", None,
        "The number of the AWS account, for the policies that `patchline iam-policy` prints. Unset: that of the roles below, where there are any.");
    BEDROCK_ROLE = variable("MCP_BEDROCK_ROLE_ARN", None,
        "The role that is taken for knowledge bases and models, by its ARN; with it CloudTrail shows for whom. Unset: the credentials of the process.");
    S3_ROLE = variable("MCP_S3_ROLE_ARN", None,
        "The same for files.");
    DYNAMODB_ROLE = variable("MCP_DYNAMODB_ROLE_ARN", None,
        "The same for tables, Patchline's own among them.");
    CLOUDWATCH_ROLE = variable("MCP_CLOUDWATCH_ROLE_ARN", None,
        "The same for logs and metrics.");
    RDS_ROLE = variable("MCP_RDS_ROLE_ARN", None,
        "The same for databases.");
    ENABLE_BEDROCK = variable("ENABLE_BEDROCK", Some("true"),
        "Whether the server `bedrock` exists, with the knowledge base and its tools.");
    ENABLE_S3 = variable("ENABLE_S3", Some("true"), "Whether the server `s3` exists, with its tools, uploads and files.");
    ENABLE_DYNAMODB = variable("ENABLE_DYNAMODB", Some("true"), "Whether the server `dynamodb` exists.");
    ENABLE_CLOUDWATCH = variable("ENABLE_CLOUDWATCH", Some("true"),
        "Whether the server `cloudwatch` exists, and whether Patchline writes its own logs and metrics to CloudWatch.");
    ENABLE_RDS = variable("ENABLE_RDS", Some("false"),
        "Whether the server `rds` exists. Unset, statements of the sample label are made of its ledger all the same.");
    KNOWLEDGE_BASES = variable("BEDROCK_KNOWLEDGE_BASES", Some("kb-music-industry"),
        "Allowed knowledge bases, comma-separated, the default first. The embedded Bedrock has them all; the first holds the knowledge that comes with Patchline.");
    MODELS = derived("BEDROCK_MODELS", "`local.extractive-v1` with the embedded AWS, else `anthropic.claude-sonnet-4-5-20250929-v1:0`",
        "Allowed models, comma-separated, the default first. The embedded Bedrock has `local.extractive-v1` only.");
    TASK_MODEL = variable("MCP_SUPERVISOR_MODEL", Some("auto"),
        "Who plans tasks and writes their answers: `auto` takes the first model of `BEDROCK_MODELS` where that is a language model (of the account, or of `PATCHLINE_LLM_URL`) and the server `bedrock` exists; `off` leaves both to Patchline's own rules; else a model of `BEDROCK_MODELS`. Whatever a model does wrong, the rules do instead.");
    TASK_MODEL_SECONDS = variable("MCP_SUPERVISOR_MODEL_SECONDS", Some("30"),
        "How long that model may take to plan a task, and then to write its answer, in seconds, 1 to 60.");
    BUCKETS = variable("S3_BUCKETS", Some("patchline-audio,patchline-artwork,patchline-contracts"),
        "Allowed buckets, comma-separated. What a bucket is for is read from its name: one each must contain `audio`, `artwork` and `contracts`.");
    TABLES = variable("DYNAMODB_TABLES", Some("artists,releases,analytics"),
        "Allowed tables, comma-separated. What a table is for is read from its name: one each must contain `artists`, `releases` and `analytics`.");
    LOG_GROUPS = variable("CLOUDWATCH_LOG_GROUPS", Some("/patchline/application,/patchline/mcp/audit"),
        "Log groups that may be read, comma-separated. Patchline writes its own log to the first whose name contains `application`.");
    RDS_INSTANCES = derived("RDS_INSTANCES", "`patchline-ledger` with the embedded AWS, else unset",
        "Databases that may be read, comma-separated: identifiers of Aurora clusters, or of instances in one, with the Data API switched on. `name@arn:aws:secretsmanager:…` names the secret of a user who may only read; else the secret that RDS manages for the master user is taken.");
    SECURITY_MODE = variable("MCP_SECURITY_MODE", Some("enforcing"),
        "`enforcing`, or `permissive`: rules (tools, places, addresses, hours) never deny, and what they would have denied is on record. What a role may do holds in both.");
    ON_VIOLATION = variable("MCP_ON_VIOLATION", Some("block"),
        "What the violation of a rule comes to when enforcing: `block` refuses the call, `log` does it with a warning in the log.");
    ALLOWED_TOOLS = variable("MCP_ALLOWED_TOOLS", None,
        "The only tools that may be used, comma-separated. Unset: all.");
    DENIED_TOOLS = variable("MCP_DENIED_TOOLS", None,
        "Tools that nobody may use, comma-separated. They are in no list.");
    RATE_LIMIT = variable("MCP_RATE_LIMIT", Some("60"), "Tool calls a minute for each principal, 1 to 1,000,000.");
    BURST_LIMIT = variable("MCP_BURST_LIMIT", Some("10"), "Tool calls at once for each principal, 1 to 100,000.");
    RATE_LIMITS = variable("MCP_RATE_LIMITS", None,
        "Other figures, as calls a minute and at once, comma-separated: for a role (`artist=30/5`), for a tool beside what holds for all of them (`generate_music_insights=10/2`), for a tool and a role (`label.query_database=20/5`).");
    MODEL_CALLS = variable("MCP_MODEL_CALLS_AT_ONCE", Some("10"),
        "Calls of language models that one person may have under way at the same time, at all instances together, 1 to 1,000; `none` for no limit.");
    TRANSFERS = variable("MCP_TRANSFERS_AT_ONCE", Some("8"),
        "Uploads, and readings of whole files, that one person may have under way at the same time, at all instances together, 1 to 1,000; `none` for no limit.");
    BUDGET_PERSON = variable("MCP_BUDGET_PERSON", Some("5"),
        "US dollars that the model calls of each person may cost in a day of `MCP_TIMEZONE`; `none` for no limit.");
    BUDGET_ROLES = variable("MCP_BUDGET_ROLES", None,
        "The same for all people of a role together, comma-separated: `artist=10,producer=20.50`.");
    BUDGET_LABEL = variable("MCP_BUDGET_LABEL", Some("50"),
        "The same for the whole label; `none` for no limit.");
    MODEL_PRICES = variable("MCP_MODEL_PRICES", None,
        "Prices of models in US dollars for a million tokens, read and written, comma-separated: `anthropic.claude-haiku=1/5`. Known without it: `local.extractive-v1=0/0`, `anthropic.claude-sonnet-4-5-20250929-v1:0=3/15`. Embeddings of searches and documents are priced as `embeddings`: `0.10/0` in an account, `0/0` in the embedded AWS.");
    MODEL_PRICE_OTHERS = variable("MCP_MODEL_PRICE_OTHERS", Some("15/75"),
        "The price of every model that has none of its own. None is taken for free.");
    TASK_TIME = variable("MCP_TASK_TIME_LIMIT", Some("900"),
        "Seconds for which the steps of one task may be done, 10 to 86,400; waiting for a person does not count.");
    TASK_TOKENS = variable("MCP_TASK_TOKEN_LIMIT", Some("500000"),
        "Tokens that the model calls of one task may read and write together, 1 to 1,000,000,000; `none` for no limit.");
    TASK_DOLLARS = variable("MCP_TASK_DOLLAR_LIMIT", Some("1"),
        "US dollars that the model calls of one task may cost together; `none` for no limit.");
    IP_WHITELIST = variable("MCP_IP_WHITELIST", None,
        "Addresses that may call, as comma-separated CIDR blocks. Unset: all.");
    TIME_RESTRICTIONS = variable("MCP_TIME_RESTRICTIONS", None,
        "When calls are allowed, for instance `Mon-Fri 09:00-18:30`; several windows separated by `;`. Unset: always.");
    TIMEZONE = variable("MCP_TIMEZONE", Some("UTC"), "The IANA time zone of the hours, of times that are given without a zone, and of busy hours, for instance `Europe/Oslo`.");
    MAX_CONCURRENT = variable("MAX_CONCURRENT_OPERATIONS", Some("10"), "Tool calls that run at the same time, 1 to 10,000.");
    SESSION_TIMEOUT = variable("MCP_SESSION_TIMEOUT", Some("300000"),
        "Milliseconds without a request after which a session ends, 1,000 to 604,800,000: those of people, and of MCP clients of the older era. Those of people end after 8 hours in any case, unless this is longer.");
    CONFIRM_AFTER = variable("PATCHLINE_CONFIRM_AFTER", Some("900"),
        "Seconds after which people who have signed in are asked once more who they are, before they change the policy, limits, keys, or what others may do, 10 to 86,400. Programs are not asked.");
    OIDC_ISSUER = variable("PATCHLINE_OIDC_ISSUER", None,
        "The provider of OpenID Connect at which people sign in, exactly as it writes itself: `https://cognito-idp.eu-north-1.amazonaws.com/eu-north-1_AbCdEf123`. `http://` on this machine only. Unset: passwords only.");
    OIDC_CLIENT_ID = variable("PATCHLINE_OIDC_CLIENT_ID", None,
        "As whom Patchline asks there. Needed with `PATCHLINE_OIDC_ISSUER`.");
    OIDC_CLIENT_SECRET = Variable { secret: true, ..variable("PATCHLINE_OIDC_CLIENT_SECRET", None,
        "The secret of that client. Unset for a public client.") };
    OIDC_CLIENT_SECRET_FILE = variable("PATCHLINE_OIDC_CLIENT_SECRET_FILE", None,
        "A file with that secret, in place of the variable.");
    OIDC_NAME = derived("PATCHLINE_OIDC_NAME", "the host of the provider",
        "What people call the provider: the button says `Sign in with` and this.");
    OIDC_SCOPES = variable("PATCHLINE_OIDC_SCOPES", Some("openid,profile,email"),
        "What is asked for there, comma-separated; some providers tell groups only with a scope of their own.");
    OIDC_GROUPS_CLAIM = derived("PATCHLINE_OIDC_GROUPS_CLAIM", "`cognito:groups` with Cognito, else `groups`",
        "The claim with somebody's groups.");
    OIDC_ROLES = variable("PATCHLINE_OIDC_ROLES", None,
        "What the groups are here, comma-separated, the most important first: `label-admins=admin,label-staff=label`. Looked at at each sign-in; whoever is in none of them is not let in. Needed with `PATCHLINE_OIDC_ISSUER`.");
    OIDC_CALLBACK = derived("PATCHLINE_OIDC_CALLBACK", "`/sign-in/openid/callback` at the host at which somebody asks",
        "Where the provider sends people back, as it is registered there: for a Patchline behind a proxy.");
    OIDC_PRIVATE_ADDRESSES = variable("PATCHLINE_OIDC_PRIVATE_ADDRESSES", Some("false"),
        "Whether the provider may be in a private network. The metadata of a cloud and, unless the provider itself is there, this machine are never asked.");
    STOP_WAIT = derived("PATCHLINE_STOP_WAIT", "`0` with the embedded AWS, else `5`",
        "Seconds between SIGTERM, from which on `/readyz` says no, and the moment when no new requests are taken: time for a load balancer to look away. At most 120.");
    LOAD_BALANCING = variable("MCP_ENABLE_LOAD_BALANCING", Some("true"),
        "Whether calls are spread over replicas. `false`: each server's calls go to its first healthy replica, the others stand by.");
    UPSTREAMS = variable("MCP_UPSTREAMS", None,
        "A TOML file with further replicas and third-party MCP servers, such as `docs/examples/upstreams.toml`.");
    TOKEN_ISSUERS = variable("MCP_TOKEN_ISSUERS", None,
        "A TOML file with the authorization servers whose access tokens are taken at `/mcp` and `/api`, such as `docs/examples/token-issuers.toml`. Unset: keys only.");
    AUDIT_LOGGING = variable("ENABLE_MCP_AUDIT_LOGGING", Some("true"),
        "Whether each call leaves a record in the audit table, and a line in the log group of the audit log.");
    AUDIT_LOG_GROUP = variable("MCP_AUDIT_LOG_GROUP", Some("/patchline/mcp/audit"), "The log group that takes a line for each call, besides the record in the audit table.");
    AUDIT_BUCKET = variable("MCP_AUDIT_BUCKET", None,
        "A bucket with Object Lock, of its own, that takes a copy of the newest checkpoint of the audit log each minute, without anything of its records unless `MCP_AUDIT_COPY_RECORDS` says so. With it `patchline audit verify` finds a log that was taken away, put back or written anew. Unset: no copies.");
    AUDIT_COPIES_RECORDS = variable("MCP_AUDIT_COPY_RECORDS", Some("false"),
        "Whether the records themselves are copied to the bucket of `MCP_AUDIT_BUCKET`, too, a minute later at most: without addresses, arguments and whatever else of them can be erased, since nothing can be erased there. With it `patchline audit verify` names records that were removed from the table.");
    AUDIT_RETENTION = variable("MCP_AUDIT_RETENTION_DAYS", Some("400"),
        "For how many days records of the audit log are kept, from 1 to 3650. It holds for records that are made from then on.");
    AUDIT_READS_RETENTION = derived("MCP_AUDIT_READS_RETENTION_DAYS", "`90`, or as the others where that is less",
        "The same for records of reads that were allowed and succeeded, and are no administration. At most as long as the others.");
    METRICS_NAMESPACE = variable("MCP_METRICS_NAMESPACE", Some("Patchline/MCP"), "The CloudWatch namespace of the metrics of calls.");
    MAIL_FROM = variable("PATCHLINE_MAIL_FROM", None,
        "From whom notices of automations come by e-mail, through SES: `Patchline <notices@label.example>`, an identity that is verified there. The embedded SES keeps them in the data folder. Unset: no e-mails.");
    WEBHOOK_ADDRESSES = variable("PATCHLINE_WEBHOOK_ADDRESSES", Some("public"),
        "Where webhooks of automations and the source of `PATCHLINE_FIGURES_URL` may lead: `public`, or `private` for private networks, too, or `this-machine` for trying them out, which a real account refuses.");
    FIGURES_URL = variable("PATCHLINE_FIGURES_URL", None,
        "A source of daily figures that “Fetch now” on the page of imports asks with GET: `{\"rows\": [{\"artistId\", \"date\", \"platform\", \"territory\", \"isrc\", \"streams\", \"listeners\", \"saves\", \"followers\", \"playlistAdds\", \"playlistReach\", \"skips\", \"likes\", \"comments\", \"posts\", \"views\"}]}`. What it answers becomes an import that is checked first. Unset: files are brought by people only.");
    FIGURES_TOKEN = Variable { secret: true, ..variable("PATCHLINE_FIGURES_TOKEN", None,
        "What is sent to that source as `Authorization: Bearer`.") };
    FIGURES_TOOL = variable("PATCHLINE_FIGURES_TOOL", None,
        "A tool of a third party's MCP server (`MCP_UPSTREAMS`) that “Fetch now” asks instead of such an address, by its name among the tools: `charts_daily_figures`. It is called without arguments, once an admin has approved it, and answers with the same.");
    COLLECTOR = variable("OTEL_EXPORTER_OTLP_ENDPOINT", None,
        "The collector of OpenTelemetry that gets a span for each request of MCP and each call that is passed on, over HTTP with protobuf: `http://127.0.0.1:4318`. Unset: no spans. Other `OTEL_*` variables (`OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_SERVICE_NAME`, `OTEL_TRACES_SAMPLER` …) are read by the OpenTelemetry library.");
    DEBUG = variable("MCP_DEBUG", Some("false"), "Detailed logging.");
}

/// The README's table, in Markdown.
pub fn markdown_table() -> String {
    let mut table = String::from("| variable | default | meaning |\n|---|---|---|\n");
    for variable in VARIABLES {
        let default = match (variable.default_in_words, variable.default) {
            (Some(words), _) => words.to_owned(),
            (None, Some(text)) => format!("`{text}`"),
            (None, None) => "unset".to_owned(),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(table, "| `{}` | {default} | {} |", variable.name, variable.meaning);
    }
    table
}
