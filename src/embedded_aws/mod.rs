//! AWS in a box: the wire protocols of the services the product uses, served from one directory.
//!
//! One router answers for every service and tells them apart by the credential scope of the
//! request's signature, as one address cannot tell them apart by host name. The SDK's own clients
//! reach it through [`EmbeddedAws::http_client`] without a socket; everybody else (a browser with a
//! presigned URL, the `aws` command line, boto3) through [`EmbeddedAws::listen`].
//!
//! What is not implemented answers with an AWS error that says so, never with an empty success.

mod account;
mod bedrock;
mod credentials;
mod data_directory;
mod dynamodb;
mod error;
mod fault;
mod form;
mod http_client;
mod keys;
mod listener;
mod logs;
mod metrics;
mod options;
mod periodic;
mod protocol;
mod rds;
mod rds_data;
mod router;
mod s3;
mod service;
mod ses;
mod signature;
mod sqlite;
mod sts;

use std::net::SocketAddr;
use std::sync::Arc;

use aws_credential_types::Credentials;
use aws_smithy_runtime_api::client::http::{SharedHttpClient, http_client_fn};

use self::bedrock::Bedrock;
use self::data_directory::DataDirectory;
use self::dynamodb::DynamoDb;
use self::http_client::InProcessConnector;
use self::keys::Keys;
use self::logs::Logs;
use self::metrics::Metrics;
use self::rds::{Instance, Rds};
use self::rds_data::RdsData;
use self::router::Gateway;
use self::s3::S3;
use self::service::Services;
use self::ses::Ses;
use self::sts::Sts;

pub use self::error::EmbeddedAwsError;
pub use self::listener::Listener;
pub use self::options::{KnowledgeBaseDeclaration, Options};
pub use self::rds::DatabaseNames;
pub use self::sts::TakenRole;

/// A running embedded AWS. Cloning gives another handle to the same one.
#[derive(Clone)]
pub struct EmbeddedAws {
    parts: Arc<Parts>,
}

struct Parts {
    router: axum::Router,
    credentials: Credentials,
    dynamodb: DynamoDb,
    metrics: Metrics,
    rds_data: RdsData,
    logs: Logs,
    s3: S3,
    database: DatabaseNames,
    bedrock: Bedrock,
    sts: Sts,
}

impl EmbeddedAws {
    /// Opens the data directory, and makes credentials and databases where there are none yet.
    ///
    /// # Errors
    /// When the directory cannot be used, another process has it open, or a file in it is damaged.
    pub async fn open(options: Options) -> Result<Self, EmbeddedAwsError> {
        let Options { data_dir, region, .. } = options.clone();
        let (directory, credentials) = tokio::task::spawn_blocking(move || {
            let directory = DataDirectory::open(&data_dir)?;
            let credentials = credentials::load_or_create(&directory)?;
            Ok::<_, EmbeddedAwsError>((directory, credentials))
        })
        .await
        .map_err(|_| EmbeddedAwsError::Interrupted)??;
        let directory = Arc::new(directory);

        let dynamodb = DynamoDb::open(&directory).await?;
        let keys = Keys::new(credentials.clone());
        let s3 = S3::open(&directory, &region, keys.clone()).await?;
        let logs = Logs::open(&directory, &region).await?;
        let metrics = Metrics::open(&directory, &region).await?;
        let instance = Instance::new(&region, directory.join("rds.sqlite"));
        let database = instance.names();
        let rds_data = RdsData::open(&instance).await?;
        let bedrock = Bedrock::open(&options, s3.contents(), &directory).await?;
        let sts = Sts::new(keys.clone());
        let services = Services::new()
            .with("dynamodb", dynamodb.clone())
            .with("logs", logs.clone())
            .with("monitoring", metrics.clone())
            .with("rds", Rds::new(instance))
            .with("rds-data", rds_data.clone())
            .with("bedrock", bedrock.clone())
            .with("ses", Ses::new(&directory))
            .with("sts", sts.clone());
        let gateway = Gateway::new(services, s3.clone(), keys, directory);
        let router = router::router(gateway);
        let parts =
            Parts { router, credentials, dynamodb, metrics, rds_data, logs, s3, database, bedrock, sts };
        Ok(Self { parts: Arc::new(parts) })
    }

    /// An HTTP client for the SDK's configuration that calls the router directly, without a socket.
    ///
    /// Connect and read timeouts do not apply to it; attempt and operation timeouts do.
    #[must_use]
    pub fn http_client(&self) -> SharedHttpClient {
        let connector = InProcessConnector::new(self.router());
        http_client_fn(move |_, _| connector.clone().into_shared())
    }

    /// The credentials of the one user: random, made at the first opening, and kept in the data directory in a
    /// file that only its owner can read. Roles that are taken with them have credentials of their own.
    #[must_use]
    pub fn credentials(&self) -> Credentials {
        self.parts.credentials.clone()
    }

    /// The roles that were taken since the start, as CloudTrail would show them: the newest last, a thousand at
    /// most.
    #[must_use]
    pub fn taken_roles(&self) -> Vec<TakenRole> {
        self.parts.sts.taken()
    }

    /// Waits until every knowledge base is in step with its bucket, as it is now, or cannot be read. Searches wait
    /// for that, too, but not for long.
    pub async fn knowledge_bases_settled(&self) {
        self.parts.bedrock.settled().await;
    }

    /// The names of the one database, for the Data API.
    #[must_use]
    pub fn database(&self) -> DatabaseNames {
        self.parts.database.clone()
    }

    /// Serves the router over HTTP/1.1 on a loopback address; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is not a loopback address, or cannot be bound.
    pub async fn listen(&self, address: SocketAddr) -> Result<Listener, EmbeddedAwsError> {
        Listener::bind(address, self.router()).await
    }

    /// The router itself.
    pub fn router(&self) -> axum::Router {
        self.parts.router.clone()
    }

    /// Stops the background work and folds the write-ahead logs into the databases.
    ///
    /// What was acknowledged is on disk without this, too. The data directory can be opened again as
    /// soon as the last handle, client and listener made from this one is gone.
    pub async fn close(self) {
        self.parts.bedrock.close().await;
        self.parts.dynamodb.close().await;
        self.parts.metrics.close().await;
        self.parts.rds_data.close().await;
        self.parts.logs.close().await;
        self.parts.s3.close().await;
    }
}

impl std::fmt::Debug for EmbeddedAws {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("EmbeddedAws").finish_non_exhaustive()
    }
}
