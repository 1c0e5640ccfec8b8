//! The program: wiring only. Configuration → embedded AWS → engine → router → serve.

mod audit;
mod iam_policy;
mod keys;
mod users;

use axum::serve::ListenerExt;
use clap::{Parser, Subcommand};
use patchline::engine::aws::Embedded;
use patchline::engine::config::{Config, ConfigError, markdown_table};
use patchline::engine::consent::{self, ConsentError};
use patchline::engine::gateway::policy::check_configuration;
use patchline::engine::telemetry::{self, Spans};
use patchline::engine::{Engine, doctor};
use patchline::web;
use std::net::SocketAddr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Pages are made of many small texts, for which the allocator of the system is slow.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long requests may go on when no new ones are taken any more.
const GRACE: Duration = Duration::from_secs(20);

/// How long streams are kept for the calls of MCP that are under way.
const REQUESTS_END: Duration = Duration::from_secs(10);

/// The control room of a music label.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve pages and tools (the default)
    Serve,
    /// Check tables, buckets, log groups, databases and knowledge bases, and say what is missing
    Doctor,
    /// Write the sample label into the embedded AWS
    Seed,
    /// Look after the people who may sign in
    Users {
        #[command(subcommand)]
        command: users::UsersCommand,
    },
    /// Look after API keys
    Keys {
        #[command(subcommand)]
        command: keys::KeysCommand,
    },
    /// Check the audit log, or erase what is personal in it
    Audit {
        #[command(subcommand)]
        command: audit::AuditCommand,
    },
    /// Run only the embedded AWS, for several instances to share through `AWS_ENDPOINT_URL`
    EmbeddedAws,
    /// Consent, in a browser, to what Patchline may do at a third party's server
    Consent {
        /// The prefix of the server in the file of `MCP_UPSTREAMS`
        prefix: String,
    },
    /// Print the least-privilege policies of the roles that Patchline uses, for this configuration
    IamPolicy(iam_policy::Wish),
    /// Print the table of environment variables
    ConfigTable,
}

/// Why the program ended.
#[derive(Debug, thiserror::Error)]
enum Failure {
    #[error("{0}")]
    Config(#[from] ConfigError),
    #[error("the embedded AWS cannot start: {0}")]
    Embedded(#[from] patchline::embedded_aws::EmbeddedAwsError),
    #[error("{0}")]
    Catalog(#[from] patchline::engine::catalog::CatalogError),
    #[error("cannot listen on {address}: {error}; choose another address with PATCHLINE_ADDR")]
    Listen { address: SocketAddr, error: std::io::Error },
    #[error("{0}")]
    Identity(#[from] patchline::engine::identity::IdentityError),
    #[error("{0}")]
    Call(patchline::engine::gateway::CallError),
    #[error("{0}")]
    Site(String),
    #[error("{0}")]
    Output(#[from] std::io::Error),
    #[error("{0}")]
    Consent(#[from] ConsentError),
    #[error("{0}")]
    IamPolicy(#[from] patchline::engine::iam::IamError),
    #[error("{0} of the things that Patchline needs are missing")]
    Missing(usize),
    #[error("{0} things in the audit log are not as they were written")]
    Tampered(usize),
    #[error("this command needs the embedded AWS; set MCP_MOCK_AWS_SERVICES=true")]
    NeedsEmbedded,
    #[error(
        "this command needs a port; unset PATCHLINE_EMBEDDED_AWS_ADDR, or give it an address other than off"
    )]
    NeedsPort,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        // Rendering waits on data in several places at once; with fewer threads than that a small
        // machine can stall.
        .worker_threads(std::thread::available_parallelism().map_or(4, usize::from).max(4))
        .enable_all()
        .build();
    let ended = match runtime {
        Ok(runtime) => runtime.block_on(run(arguments.command.unwrap_or(Command::Serve))),
        Err(error) => Err(error.into()),
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            let code = if matches!(failure, Failure::Config(_)) { 2 } else { 1 };
            complain(&failure.to_string());
            ExitCode::from(code)
        }
    }
}

async fn run(command: Command) -> Result<(), Failure> {
    if matches!(command, Command::ConfigTable) {
        return say(&markdown_table());
    }
    let config = Config::from_process()?;
    check_configuration(&config)?;
    if let Command::IamPolicy(wish) = command {
        return iam_policy::run(&config, wish);
    }
    let spans = telemetry::start(config.debug, config.collector.as_ref());
    // Boxed, because a future that holds an engine is larger than a stack should carry.
    match command {
        Command::Serve => Box::pin(serve(config, spans)).await,
        Command::Doctor => Box::pin(examine(config)).await,
        Command::Seed => Box::pin(seed(config)).await,
        Command::Users { command } => Box::pin(users::run(config, command)).await,
        Command::Keys { command } => Box::pin(keys::run(config, command)).await,
        Command::Audit { command } => Box::pin(audit::run(config, command)).await,
        Command::EmbeddedAws => embedded_aws(config).await,
        Command::Consent { prefix } => consent(config, &prefix).await,
        Command::IamPolicy(_) | Command::ConfigTable => Ok(()),
    }
}

async fn serve(config: Config, spans: Spans) -> Result<(), Failure> {
    let options = web::site_options().map_err(Failure::Site)?;
    let address = config.address;
    let listener =
        tokio::net::TcpListener::bind(address).await.map_err(|error| Failure::Listen { address, error })?;
    let address = listener.local_addr()?;
    let listener = listener.tap_io(|connection| {
        // Pages come in pieces and events one by one: none waits until the one before has arrived.
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "small pieces may be sent late over a connection");
        }
    });
    let embedded = Embedded::open(&config).await?;
    let engine = Engine::start(config, embedded.as_ref()).await?;
    say(&format!("Patchline is at http://{address}\n"))?;
    say(&format!("{}\n", engine.config.store_in_words()))?;
    if let Some(port) = embedded.as_ref().and_then(|embedded| embedded.listener.as_ref()) {
        say(&format!("The embedded AWS is at http://{}\n", port.address()))?;
    }
    tokio::spawn(offer_first_admin(engine.clone(), format!("http://{address}")));
    let router = web::router(engine.clone(), options).into_make_service_with_connect_info::<SocketAddr>();
    let stop = tokio_util::sync::CancellationToken::new();
    tokio::spawn(stop_in_order(engine.clone(), stop.clone()));
    let serving = axum::serve(listener, router).with_graceful_shutdown(stop.clone().cancelled_owned());
    tokio::select! {
        ended = serving.into_future() => ended?,
        () = async { stop.cancelled().await; tokio::time::sleep(GRACE).await } => {
            tracing::warn!(seconds = GRACE.as_secs(), "requests were still open; they are cut off");
        }
    }
    engine.close().await;
    // Every call has ended, and with it its span.
    spans.close().await;
    if let Some(embedded) = embedded {
        embedded.close().await;
    }
    Ok(())
}

/// Where nobody may change anything yet, says how somebody becomes the first who may. An account that cannot be
/// reached is asked again until it can.
async fn offer_first_admin(engine: Engine, site: String) {
    const PAUSE: Duration = Duration::from_secs(15);
    let link = loop {
        match engine.identity.link_for_first_admin().await {
            Ok(link) => break link,
            Err(error) => tracing::warn!(%error, "it is not known whether there is an admin"),
        }
        tokio::time::sleep(PAUSE).await;
    };
    if let Some(link) = link {
        let told = say(&format!(
            "There is no admin yet. This link makes the first, once, within a day:\n{}\n",
            link.address(&site)
        ));
        if let Err(error) = told {
            tracing::warn!(%error, "the link for the first admin could not be told");
        }
    }
}

/// Asked to stop: not ready any more → time for a load balancer to look away → no new requests → calls under
/// way end → streams end. Asked twice: at once.
async fn stop_in_order(engine: Engine, stop: tokio_util::sync::CancellationToken) {
    asked_to_stop().await;
    tracing::info!(seconds = engine.config.stop_wait.as_secs(), "asked to stop; not ready any more");
    engine.begin_stop();
    let in_order = async {
        tokio::time::sleep(engine.config.stop_wait).await;
        stop.cancel();
        engine.requests_end(REQUESTS_END).await;
        engine.end_streams();
        std::future::pending::<()>().await;
    };
    tokio::select! {
        () = in_order => {}
        () = asked_to_stop() => {
            complain("stopped at once; records of reads may be missing");
            std::process::exit(1);
        }
    }
}

async fn examine(config: Config) -> Result<(), Failure> {
    let embedded = Embedded::open(&config).await?;
    let findings = doctor::examine(&config, embedded.as_ref()).await?;
    let mut missing = 0;
    for finding in &findings {
        match &finding.problem {
            None => say(&format!("ok       {}\n", finding.what))?,
            Some(problem) => {
                missing += 1;
                say(&format!("missing  {}: {problem}\n", finding.what))?;
            }
        }
    }
    if missing == 0 { Ok(()) } else { Err(Failure::Missing(missing)) }
}

async fn seed(config: Config) -> Result<(), Failure> {
    let Some(embedded) = Embedded::open(&config).await? else { return Err(Failure::NeedsEmbedded) };
    let written = Engine::seed(&config, &embedded).await?;
    embedded.close().await;
    say(if written { "The sample label is written.\n" } else { "The sample label is there already.\n" })
}

async fn consent(config: Config, prefix: &str) -> Result<(), Failure> {
    let embedded = Embedded::open(&config).await?;
    let asked = consent::ask(&config, embedded.as_ref(), prefix, Arc::new(web::Terminal)).await;
    if let Some(embedded) = embedded {
        embedded.close().await;
    }
    let tools = asked?;
    say(&format!("{prefix} lets Patchline in now, and lists {tools} tools. They wait at /health/{prefix}.\n"))
}

async fn embedded_aws(config: Config) -> Result<(), Failure> {
    let Some(embedded) = Embedded::open(&config).await? else { return Err(Failure::NeedsEmbedded) };
    let Some(listener) = &embedded.listener else { return Err(Failure::NeedsPort) };
    let credentials = embedded.services.credentials();
    let access = serde_json::json!({
        "endpoint": format!("http://{}", listener.address()),
        "accessKeyId": credentials.access_key_id(),
        "secretAccessKey": credentials.secret_access_key(),
        "region": config.region,
    });
    say(&format!("{access}\n"))?;
    asked_to_stop().await;
    embedded.close().await;
    Ok(())
}

/// Waits for Ctrl-C or SIGTERM.
async fn asked_to_stop() {
    use tokio::signal::unix::{SignalKind, signal};
    let terminated = async {
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => drop(terminate.recv().await),
            Err(_) => std::future::pending().await,
        }
    };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        () = terminated => {}
    }
}

fn say(text: &str) -> Result<(), Failure> {
    use std::io::Write;
    let mut out = std::io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()?;
    Ok(())
}

fn complain(text: &str) {
    use std::io::Write;
    // Nothing can be done about a closed standard error.
    let _ = writeln!(std::io::stderr().lock(), "patchline: {text}");
}
