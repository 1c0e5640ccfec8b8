//! The environment variables: defaults, mistakes, and the table in the README.

mod cargo_leptos;

use patchline::engine::config::{
    Audience, BucketRole, Config, OpenIdSettings, SecurityMode, TableRole, VARIABLES, markdown_table,
};
use patchline::engine::gateway::Role;
use patchline::engine::gateway::policy::check_configuration;
use std::process::Command;

fn load(variables: &[(&str, &str)]) -> Result<Config, String> {
    let lookup =
        |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
    Config::load(&lookup, false).map_err(|error| error.to_string())
}

#[test]
fn without_any_variable_it_runs_on_the_embedded_aws_with_the_sample_label() {
    let config = load(&[]).expect("the defaults are valid");
    assert_eq!(config.address.to_string(), "127.0.0.1:3000");
    assert!(config.demo && config.embedded.is_some());
    assert_eq!(config.buckets.default_of(BucketRole::Contracts), "patchline-contracts");
    assert_eq!(config.tables.default_of(TableRole::Analytics), "analytics");
    assert_eq!((config.allowances.per_minute, config.allowances.burst), (60, 10));
    assert_eq!(config.security_mode, SecurityMode::Enforcing);
}

#[test]
fn with_aws_credentials_the_account_is_used_and_no_sample_is_written() {
    let config = Config::load(&|_| None, true).expect("the defaults are valid");
    assert!(config.embedded.is_none() && !config.demo);
}

#[test]
fn a_wrong_value_names_the_variable_the_value_and_what_is_allowed() {
    for (name, value, expected) in [
        ("PATCHLINE_ADDR", "0.0.0.0:3000", "only a loopback address"),
        ("PATCHLINE_ADDR", "3000", "an address with a port"),
        ("MCP_RATE_LIMIT", "0", "a whole number from 1 to 1000000"),
        ("MCP_SECURITY_MODE", "strict", "allowed are enforcing and permissive"),
        ("MCP_ON_VIOLATION", "warn", "allowed are block and log"),
        ("MCP_DENIED_TOOLS", "a,,b", "without empty places"),
        ("MCP_RATE_LIMITS", "artist=30", "is not a limit like"),
        ("MCP_RATE_LIMITS", "artist=30/0", "a whole number from 1 to 100000"),
        ("MCP_RATE_LIMITS", "=30/5", "is not a limit like"),
        ("MCP_MODEL_CALLS_AT_ONCE", "0", "a whole number from 1 to 1000 is allowed, or none"),
        ("MCP_TRANSFERS_AT_ONCE", "0", "a whole number from 1 to 1000 is allowed, or none"),
        ("MCP_SUPERVISOR_MODEL", "a.model", "auto, off or a model of BEDROCK_MODELS"),
        ("MCP_SUPERVISOR_MODEL", "local.extractive-v1", "it only quotes"),
        ("MCP_SUPERVISOR_MODEL_SECONDS", "0", "a whole number from 1 to 60"),
        ("MCP_BUDGET_PERSON", "a lot", "an amount in US dollars"),
        ("MCP_BUDGET_ROLES", "boss=1", "is not a role"),
        ("MCP_MODEL_PRICES", "model=1", "is not a price like"),
        ("MCP_MODEL_PRICE_OTHERS", "none", "is not a price like"),
        ("MCP_AUDIT_RETENTION_DAYS", "0", "a whole number from 1 to 3650"),
        ("MCP_AUDIT_COPY_RECORDS", "true", "it is of use only together with MCP_AUDIT_BUCKET"),
        ("MCP_AUDIT_READS_RETENTION_DAYS", "401", "a whole number from 1 to 400"),
        ("ENABLE_S3", "yes", "allowed are true and false"),
        ("MCP_IP_WHITELIST", "10.0.0.0/33", "not a CIDR block"),
        ("MCP_TIME_RESTRICTIONS", "weekdays", "not a window"),
        ("MCP_TIMEZONE", "Oslo", "an IANA time zone"),
        ("S3_BUCKETS", "patchline-audio", "is missing"),
        ("S3_BUCKETS", "media", "cannot be read from its name"),
        ("DYNAMODB_TABLES", "artists,artists", "is there twice"),
        ("CLOUDWATCH_LOG_GROUPS", "/patchline/my log", "a log group has 1 to 512"),
        ("MCP_METRICS_NAMESPACE", "AWS/EC2", "a namespace has 1 to 255"),
        ("RDS_INSTANCES", "1st", "not the identifier of a database"),
        ("RDS_INSTANCES", "ledger@hunter2", "the ARN of a secret"),
        ("MCP_UPSTREAMS", "/nowhere/upstreams.toml", "the file cannot be read"),
        ("MCP_TOKEN_ISSUERS", "/nowhere/token-issuers.toml", "the file cannot be read"),
        ("PATCHLINE_PUBLIC_URL", "http://patchline.label.example", "an address of a host alone"),
        ("PATCHLINE_PUBLIC_URL", "https://patchline.label.example/mcp", "an address of a host alone"),
        ("PATCHLINE_PUBLIC_URL", "patchline.label.example", "an address of a host alone"),
        ("PATCHLINE_OIDC_ISSUER", "http://login.example", "an https:// address"),
        ("PATCHLINE_OIDC_ISSUER", "https://login.example/?a=b", "an https:// address"),
        ("PATCHLINE_OIDC_ROLES", "admins=admin", "only together with PATCHLINE_OIDC_ISSUER"),
        ("PATCHLINE_EMBEDDED_AWS_ADDR", "10.1.2.3:9000", "only a loopback address"),
        ("PATCHLINE_LLM_URL", "localhost:11434", "begins with http://"),
        ("PATCHLINE_MAIL_FROM", "notices", "an address such as notices@label.example"),
        ("PATCHLINE_WEBHOOK_ADDRESSES", "everywhere", "allowed are public, private and this-machine"),
        ("PATCHLINE_FIGURES_URL", "ftp://figures.example/", "https://figures.example/daily.json"),
        ("PATCHLINE_FIGURES_TOOL", "daily figures", "such as charts_daily_figures"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4317", "begins with http://"),
    ] {
        let message = load(&[(name, value)]).expect_err(name);
        assert!(message.starts_with(&format!("{name} = {value:?}: ")), "{message}");
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn records_of_reads_are_never_kept_for_longer_than_the_others() {
    let kept = |variables: &[(&str, &str)]| {
        let kept = load(variables).expect("a configuration").audit_retention;
        (kept.all, kept.reads)
    };
    assert_eq!(kept(&[]), (400, 90));
    assert_eq!(kept(&[("MCP_AUDIT_RETENTION_DAYS", "30")]), (30, 30));
    assert_eq!(
        kept(&[("MCP_AUDIT_RETENTION_DAYS", "800"), ("MCP_AUDIT_READS_RETENTION_DAYS", "7")]),
        (800, 7)
    );
}

#[test]
fn the_example_of_replicas_and_third_parties_is_valid() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples/upstreams.toml");
    let variables = [
        ("MCP_UPSTREAMS", example),
        ("PATCHLINE_REPLICA_KEY", "key-of-the-other-instance"),
        ("STAGES_SECRET", "secret-of-the-label"),
        ("TICKETS_KEY", "key-of-the-ticket-shop"),
    ];
    let upstreams = load(&variables).expect("the example is valid").upstreams;
    assert_eq!((upstreams.servers.len(), upstreams.replicas.len()), (1, 2));
    assert!(upstreams.third_parties[0].approved.contains_key("list_shows"));
    let prefixes: Vec<_> = upstreams.third_parties.iter().map(|party| party.prefix.as_str()).collect();
    assert_eq!(prefixes, ["tickets", "stages", "radio"]);
    let missing = load(&variables[..3]).expect_err("a key is missing");
    assert!(missing.contains("line 29: the variable TICKETS_KEY"), "{missing}");
}

#[test]
fn the_example_of_authorization_servers_is_valid() {
    let example = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/examples/token-issuers.toml");
    let config = load(&[("MCP_TOKEN_ISSUERS", example)]).expect("the example is valid");
    let issuers: Vec<_> = config.token_issuers.iter().map(|issuer| issuer.issuer.url.as_str()).collect();
    assert_eq!(
        issuers,
        [
            "https://login.label.example",
            "https://keycloak.label.example/realms/label",
            "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Example",
        ]
    );
    assert!(config.token_issuers[2].audience == Audience::LeftOut, "Cognito names no audience");
}

#[test]
fn the_public_address_is_that_of_the_port_unless_another_is_given() {
    for (variables, expected) in [
        (vec![], "http://127.0.0.1:3000"),
        (vec![("PATCHLINE_ADDR", "[::1]:4000")], "http://[::1]:4000"),
        (
            vec![("PATCHLINE_PUBLIC_URL", "HTTPS://Patchline.Label.example:443/")],
            "https://patchline.label.example",
        ),
        (vec![("PATCHLINE_PUBLIC_URL", "http://localhost:3000")], "http://localhost:3000"),
    ] {
        assert_eq!(load(&variables).expect("a configuration").public_url, expected);
    }
}

#[test]
fn a_secret_is_never_in_a_message() {
    let message = load(&[("PATCHLINE_BOOTSTRAP_KEY", "hunter2")]).expect_err("it is too short");
    assert!(!message.contains("hunter2"), "{message}");
    let config = load(&[("PATCHLINE_BOOTSTRAP_KEY", "hunter2-hunter2-hunter2")]).expect("it is long enough");
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn tasks_have_a_language_model_where_there_is_one_and_nobody_wants_none() {
    let model = |variables: &[(&str, &str)]| {
        let config = load(variables).expect("a configuration");
        config.task_model.map(|model| model.id)
    };
    let server = ("PATCHLINE_LLM_URL", "http://127.0.0.1:11434");
    assert_eq!(model(&[]), None, "the built-in model only quotes");
    assert_eq!(model(&[server]).as_deref(), Some("local.extractive-v1"));
    assert_eq!(model(&[server, ("MCP_SUPERVISOR_MODEL", "off")]), None);
    assert_eq!(model(&[server, ("ENABLE_BEDROCK", "false")]), None);
    let account = [("MCP_MOCK_AWS_SERVICES", "false"), ("BEDROCK_MODELS", "a.model,b.model")];
    assert_eq!(model(&account).as_deref(), Some("a.model"));
    assert_eq!(
        model(&[&account[..], &[("MCP_SUPERVISOR_MODEL", "b.model")]].concat()).as_deref(),
        Some("b.model")
    );
}

#[test]
fn the_password_in_the_address_of_a_language_model_is_never_printed() {
    for address in
        ["ftp://me:hunter2@example.org", "me:hunter2@example.org", "ftp://me:hun@hunter2@example.org"]
    {
        let message = load(&[("PATCHLINE_LLM_URL", address)]).expect_err("it is not an address");
        assert!(!message.contains("hunter2") && message.contains("example.org"), "{message}");
    }
    let message = load(&[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://me:hunter2@example.org")]);
    assert!(!message.expect_err("passwords are headers").contains("hunter2"));
    let config = load(&[("PATCHLINE_LLM_URL", "http://me:hunter2@example.org")]).expect("an address");
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[test]
fn what_opens_something_and_stands_in_an_address_is_never_printed() {
    for (name, address) in [
        ("PATCHLINE_PUBLIC_URL", "https://me:hunter2@label.example"),
        ("PATCHLINE_FIGURES_URL", "https://me:hunter2@figures.example/daily.json"),
        ("PATCHLINE_FIGURES_URL", "ftp://figures.example/daily.json?key=hunter2"),
        ("PATCHLINE_FIGURES_URL", "ftp://figures.example/daily.json?key=me@hunter2"),
        ("PATCHLINE_FIGURES_URL", "https://me:hunter2/3@figures.example/daily.json"),
        ("PATCHLINE_FIGURES_URL", "figures.example/daily.json?key=hunter2"),
    ] {
        let message = load(&[(name, address)]).expect_err("it is not taken");
        assert!(message.starts_with(name) && message.contains("(hidden)"), "{message}");
        assert!(!message.contains("hunter2"), "{message}");
    }
    let callback = ("PATCHLINE_OIDC_CALLBACK", "https://me:hunter2@label.example/");
    let message = provider(&[callback]).expect_err("it is not taken");
    assert!(message.starts_with(callback.0) && !message.contains("hunter2"), "{message}");
    let source = "https://figures.example/daily.json?key=hunter2";
    let config = load(&[("PATCHLINE_FIGURES_URL", source)]).expect("an address");
    let given = config.given.iter().find(|given| given.variable.name == "PATCHLINE_FIGURES_URL");
    let shown = given.and_then(|given| given.text.as_deref());
    assert_eq!(shown, Some("https://figures.example/(hidden)"));
    assert!(!format!("{config:?}").contains("hunter2"));
}

const PROVIDER: [(&str, &str); 3] = [
    ("PATCHLINE_OIDC_ISSUER", "https://cognito-idp.eu-north-1.amazonaws.com/eu-north-1_AbCdEf123"),
    ("PATCHLINE_OIDC_CLIENT_ID", "patchline"),
    ("PATCHLINE_OIDC_ROLES", "label-admins=admin,label-staff=label"),
];

/// The settings of the provider, with further variables.
fn provider(others: &[(&str, &str)]) -> Result<OpenIdSettings, String> {
    let variables = [&PROVIDER[..], others].concat();
    load(&variables).map(|config| config.openid.expect("there is a provider"))
}

#[test]
fn a_provider_of_sign_in_needs_a_name_a_client_and_roles() {
    assert!(load(&[]).expect("the defaults are valid").openid.is_none());
    let cognito = provider(&[]).expect("all that is needed");
    assert_eq!(cognito.name, "cognito-idp.eu-north-1.amazonaws.com");
    assert_eq!(cognito.groups_claim, "cognito:groups");
    assert_eq!(cognito.scopes, ["openid", "profile", "email"]);
    assert!(cognito.client_secret.is_none() && !cognito.issuer.private_addresses);
    let other = [("PATCHLINE_OIDC_ISSUER", "https://login.example"), PROVIDER[1], PROVIDER[2]];
    assert_eq!(load(&other).expect("a provider").openid.expect("a provider").groups_claim, "groups");
    for missing in [1, 2] {
        let mut variables = PROVIDER.to_vec();
        let (name, _) = variables.remove(missing);
        let message = load(&variables).expect_err("something is missing");
        assert!(message.starts_with(name) && message.contains("must be set"), "{message}");
    }
    for (name, value, expected) in [
        ("PATCHLINE_OIDC_SCOPES", "profile,email", "openid has to be one"),
        ("PATCHLINE_OIDC_CALLBACK", "https://patchline.example/", "ends in /sign-in/openid/callback"),
        ("PATCHLINE_OIDC_GROUPS_CLAIM", "my groups", "visible ASCII"),
        ("PATCHLINE_OIDC_CLIENT_SECRET_FILE", "/nowhere/secret", "the file cannot be read"),
    ] {
        let message = provider(&[(name, value)]).expect_err(name);
        assert!(message.starts_with(name) && message.contains(expected), "{message}");
    }
}

#[test]
fn the_secret_of_the_client_comes_from_the_variable_or_from_a_file_and_is_never_printed() {
    let secret = ("PATCHLINE_OIDC_CLIENT_SECRET", "hunter2");
    let file = tempfile::NamedTempFile::new().expect("a file");
    std::fs::write(file.path(), "hunter2\n").expect("it is written");
    let path = file.path().to_string_lossy().into_owned();
    let from_file = ("PATCHLINE_OIDC_CLIENT_SECRET_FILE", path.as_str());
    for one in [secret, from_file] {
        let settings = provider(&[one]).expect("a secret");
        let known = settings.client_secret.as_ref().map(secrecy::ExposeSecret::expose_secret);
        assert_eq!(known, Some("hunter2"));
        assert!(!format!("{settings:?}").contains("hunter2"));
    }
    let both = provider(&[secret, from_file]).expect_err("one of them is enough");
    assert!(both.contains("only one is allowed") && !both.contains("hunter2"), "{both}");
    let alone = load(&[secret]).expect_err("there is no provider");
    assert!(alone.contains("only together with") && !alone.contains("hunter2"), "{alone}");
    let issuer = ("PATCHLINE_OIDC_ISSUER", "https://me:hunter2@login.example");
    let astray = load(&[issuer]).expect_err("a name and a password have no business there");
    assert!(!astray.contains("hunter2"), "{astray}");
}

#[test]
fn an_empty_endpoint_is_none() {
    assert!(!load(&[("AWS_ENDPOINT_URL", " ")]).expect("a configuration").s3_by_path);
    assert!(load(&[("AWS_ENDPOINT_URL", "http://127.0.0.1:9000")]).expect("a configuration").s3_by_path);
}

#[cfg(unix)]
#[test]
fn a_value_that_is_not_utf_8_is_a_mistake() {
    use std::os::unix::ffi::OsStrExt;
    let output = Command::new(env!("CARGO_BIN_EXE_patchline"))
        .env("PATCHLINE_ADDR", std::ffi::OsStr::from_bytes(b"127.0.0.1\xff:3000"))
        .output()
        .expect("the program runs");
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert!(message.contains("PATCHLINE_ADDR") && message.contains("UTF-8"), "{message}");
}

#[test]
fn the_demo_and_the_bootstrap_key_are_refused_with_a_real_account() {
    let real = ("MCP_MOCK_AWS_SERVICES", "false");
    assert!(load(&[real, ("MCP_DEMO_MODE", "true")]).is_err());
    let key = ("PATCHLINE_BOOTSTRAP_KEY", "hunter2-hunter2-hunter2");
    assert!(load(&[real, key]).is_err());
    for (name, endpoint) in [
        ("AWS_ENDPOINT_URL", "https://aws.example"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1.example:9000"),
        ("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:9000"),
    ] {
        assert!(load(&[real, key, (name, endpoint)]).is_err(), "{endpoint}");
    }
    let here = ("AWS_ENDPOINT_URL", "http://127.0.0.1:9000");
    for service in [
        "BEDROCK_AGENT",
        "BEDROCK_AGENT_RUNTIME",
        "BEDROCK_RUNTIME",
        "CLOUDWATCH",
        "CLOUDWATCH_LOGS",
        "DYNAMODB",
        "RDS",
        "RDS_DATA",
        "S3",
        "SESV2",
    ] {
        let name = format!("AWS_ENDPOINT_URL_{service}");
        let elsewhere = (name.as_str(), "https://dynamodb.eu-north-1.amazonaws.com");
        assert!(load(&[real, key, here, elsewhere]).is_err(), "{service}");
    }
    assert!(load(&[real, key, here, ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")]).is_err());
}

#[test]
fn the_bootstrap_key_is_taken_where_instances_of_this_machine_share_an_embedded_aws() {
    let config = load(&[
        ("MCP_MOCK_AWS_SERVICES", "false"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9000"),
        ("PATCHLINE_BOOTSTRAP_KEY", "hunter2-hunter2-hunter2"),
    ]);
    assert!(config.expect("no account is meant").bootstrap_key.is_some());
}

#[test]
fn the_key_of_instances_is_sent_to_replicas_without_one_of_their_own_and_never_in_the_clear() {
    let file = tempfile::NamedTempFile::new().expect("a file");
    let replica = |url: &str| format!("[[replica]]\nserver = \"s3\"\nurl = \"{url}\"\n");
    let own = format!("{}key_variable = \"OWN\"\n", replica("https://c.example"));
    let text = [replica("http://127.0.0.1:3001"), replica("http://10.0.0.7:3000"), own].concat();
    std::fs::write(file.path(), text).expect("it is written");
    let config = load(&[
        ("MCP_UPSTREAMS", &file.path().to_string_lossy()),
        ("PATCHLINE_INSTANCE_KEY", "hunter2-hunter2-hunter2"),
        ("OWN", "own-key-of-that-instance"),
    ])
    .expect("a configuration");
    let keys: Vec<_> = config.upstreams.replicas.iter().map(|replica| replica.key.as_ref()).collect();
    let keys: Vec<_> = keys.into_iter().map(|key| key.map(secrecy::ExposeSecret::expose_secret)).collect();
    assert_eq!(keys, [Some("hunter2-hunter2-hunter2"), None, Some("own-key-of-that-instance")]);
    for wrong in ["short", "with a blank in the middle", "näither-ascii-nor-right"] {
        let message = load(&[("PATCHLINE_INSTANCE_KEY", wrong)]).expect_err("it is no key");
        assert!(message.contains("16 visible ASCII") && !message.contains(wrong), "{message}");
    }
}

#[test]
fn a_language_model_has_an_address_and_perhaps_a_name() {
    let model = |text| {
        load(&[("PATCHLINE_LLM_URL", text)]).expect("a configuration").embedded.and_then(|m| m.language_model)
    };
    let named = model("http://127.0.0.1:11434/v1#llama").expect("a model");
    assert_eq!((named.url.as_str(), named.name.as_deref()), ("http://127.0.0.1:11434/v1", Some("llama")));
    assert_eq!(model("https://example.org").expect("a model").name, None);
    let real = ("MCP_MOCK_AWS_SERVICES", "false");
    assert!(load(&[real, ("PATCHLINE_LLM_URL", "https://example.org")]).is_err());
}

#[test]
fn the_readme_has_the_table_of_this_very_program() {
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&markdown_table()), "put the output of `patchline config-table` into README.md");
}

#[test]
fn these_are_the_variables_that_there_are() {
    let names: Vec<_> = VARIABLES.iter().map(|variable| variable.name).collect();
    let expected = [
        "PATCHLINE_ADDR",
        "PATCHLINE_PUBLIC_URL",
        "PATCHLINE_DATA_DIR",
        "MCP_MOCK_AWS_SERVICES",
        "MCP_DEMO_MODE",
        "PATCHLINE_EMBEDDED_AWS_ADDR",
        "PATCHLINE_BOOTSTRAP_KEY",
        "PATCHLINE_INSTANCE_KEY",
        "PATCHLINE_LLM_URL",
        "AWS_REGION",
        "AWS_ACCOUNT_ID",
        "MCP_BEDROCK_ROLE_ARN",
        "MCP_S3_ROLE_ARN",
        "MCP_DYNAMODB_ROLE_ARN",
        "MCP_CLOUDWATCH_ROLE_ARN",
        "MCP_RDS_ROLE_ARN",
        "ENABLE_BEDROCK",
        "ENABLE_S3",
        "ENABLE_DYNAMODB",
        "ENABLE_CLOUDWATCH",
        "ENABLE_RDS",
        "BEDROCK_KNOWLEDGE_BASES",
        "BEDROCK_MODELS",
        "MCP_SUPERVISOR_MODEL",
        "MCP_SUPERVISOR_MODEL_SECONDS",
        "S3_BUCKETS",
        "DYNAMODB_TABLES",
        "CLOUDWATCH_LOG_GROUPS",
        "RDS_INSTANCES",
        "MCP_SECURITY_MODE",
        "MCP_ON_VIOLATION",
        "MCP_ALLOWED_TOOLS",
        "MCP_DENIED_TOOLS",
        "MCP_RATE_LIMIT",
        "MCP_BURST_LIMIT",
        "MCP_RATE_LIMITS",
        "MCP_MODEL_CALLS_AT_ONCE",
        "MCP_TRANSFERS_AT_ONCE",
        "MCP_BUDGET_PERSON",
        "MCP_BUDGET_ROLES",
        "MCP_BUDGET_LABEL",
        "MCP_MODEL_PRICES",
        "MCP_MODEL_PRICE_OTHERS",
        "MCP_TASK_TIME_LIMIT",
        "MCP_TASK_TOKEN_LIMIT",
        "MCP_TASK_DOLLAR_LIMIT",
        "MCP_IP_WHITELIST",
        "MCP_TIME_RESTRICTIONS",
        "MCP_TIMEZONE",
        "MAX_CONCURRENT_OPERATIONS",
        "MCP_SESSION_TIMEOUT",
        "PATCHLINE_CONFIRM_AFTER",
        "PATCHLINE_OIDC_ISSUER",
        "PATCHLINE_OIDC_CLIENT_ID",
        "PATCHLINE_OIDC_CLIENT_SECRET",
        "PATCHLINE_OIDC_CLIENT_SECRET_FILE",
        "PATCHLINE_OIDC_NAME",
        "PATCHLINE_OIDC_SCOPES",
        "PATCHLINE_OIDC_GROUPS_CLAIM",
        "PATCHLINE_OIDC_ROLES",
        "PATCHLINE_OIDC_CALLBACK",
        "PATCHLINE_OIDC_PRIVATE_ADDRESSES",
        "PATCHLINE_STOP_WAIT",
        "MCP_ENABLE_LOAD_BALANCING",
        "MCP_UPSTREAMS",
        "MCP_TOKEN_ISSUERS",
        "ENABLE_MCP_AUDIT_LOGGING",
        "MCP_AUDIT_LOG_GROUP",
        "MCP_AUDIT_BUCKET",
        "MCP_AUDIT_COPY_RECORDS",
        "MCP_AUDIT_RETENTION_DAYS",
        "MCP_AUDIT_READS_RETENTION_DAYS",
        "MCP_METRICS_NAMESPACE",
        "PATCHLINE_MAIL_FROM",
        "PATCHLINE_WEBHOOK_ADDRESSES",
        "PATCHLINE_FIGURES_URL",
        "PATCHLINE_FIGURES_TOKEN",
        "PATCHLINE_FIGURES_TOOL",
        "OTEL_EXPORTER_OTLP_ENDPOINT",
        "MCP_DEBUG",
    ];
    assert_eq!(names, expected);
    // The head of the table, the line below it, and a row for each.
    assert_eq!(markdown_table().lines().count(), expected.len() + 2);
}

#[test]
fn a_tool_that_there_is_not_cannot_be_allowed_or_denied() {
    let limited = load(&[("MCP_RATE_LIMITS", "browse_artist=10/2")]).expect("a limit");
    let error = check_configuration(&limited).expect_err("there is no such tool");
    assert_eq!(error.variable, "MCP_RATE_LIMITS");
    for variable in ["MCP_ALLOWED_TOOLS", "MCP_DENIED_TOOLS"] {
        let config = load(&[(variable, "list_audio_files,browse_artists")]).expect("a list of names");
        let error = check_configuration(&config).expect_err("browse_artists is no tool");
        assert!(error.to_string().starts_with(&format!("{variable} = ")), "{error}");
        assert!(error.allowed.contains("\"browse_artists\""), "{error}");
        let config = load(&[(variable, "list_audio_files")]).expect("a list of names");
        assert!(check_configuration(&config).is_ok());
    }
}

#[test]
fn figures_are_fetched_from_a_tool_of_somebody_else_only() {
    let upstreams = tempfile::NamedTempFile::new().expect("a file");
    let charts = "[[upstream]]\nprefix = \"charts\"\nurl = \"http://127.0.0.1:4000/mcp\"\n";
    std::fs::write(upstreams.path(), charts).expect("it is written");
    let path = upstreams.path().to_str().expect("a path");
    let checked = |tool: &str| {
        let config = load(&[("MCP_UPSTREAMS", path), ("PATCHLINE_FIGURES_TOOL", tool)]);
        check_configuration(&config.expect("a configuration"))
    };
    for (tool, why) in [
        ("scan_analytics_data", "this is a tool of Patchline itself"),
        ("browse_artists", "this is a tool of Patchline itself"),
        ("lists_daily_figures", "no third party has this prefix"),
    ] {
        let error = checked(tool).expect_err("it answers with no figures").to_string();
        assert!(error.starts_with(&format!("PATCHLINE_FIGURES_TOOL = {tool:?}: {why}; ")), "{error}");
        assert!(error.ends_with("such as charts_daily_figures") && error.lines().count() == 1, "{error}");
    }
    assert_eq!(checked("charts_daily_figures"), Ok(()));
}

#[test]
fn limits_know_the_roles_that_there_are() {
    for role in [Role::Artist, Role::Producer, Role::Manager, Role::Label, Role::Admin] {
        let config = load(&[("MCP_RATE_LIMITS", &format!("{}=30/5", role.id()))]).expect("a limit");
        assert_eq!(config.allowances.others[0].role.as_deref(), Some(role.id()));
    }
}

#[test]
fn the_program_ends_with_code_2_and_one_line() {
    let output = Command::new(env!("CARGO_BIN_EXE_patchline"))
        .env("PATCHLINE_ADDR", "0.0.0.0:3000")
        .output()
        .expect("the program runs");
    let message = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{message}");
    assert_eq!(message.lines().count(), 1, "{message}");
    assert!(output.stdout.is_empty());
}
