//! The embedded AWS in the process of the measurement, for what is to be put into it or called directly.

use crate::problem::{Because, Problem};
use patchline::engine::aws::{AwsClients, Embedded};
use patchline::engine::config::Config;
use std::path::Path;

/// An embedded AWS over a data folder, with clients.
pub(crate) struct InProcess {
    /// The configuration that it was opened with.
    pub(crate) config: Config,
    /// Clients of it.
    pub(crate) clients: AwsClients,
    /// The services.
    pub(crate) embedded: Embedded,
}

impl InProcess {
    /// Opens the data folder, which no other process may have open.
    pub(crate) async fn open(data: &Path) -> Result<Self, Problem> {
        let data = data.to_str().because("write the data folder as text")?;
        let variables = |name: &str| {
            let value = match name {
                "PATCHLINE_DATA_DIR" => data,
                "PATCHLINE_EMBEDDED_AWS_ADDR" => "off",
                "MCP_MOCK_AWS_SERVICES" => "true",
                "MCP_DEMO_MODE" => "false",
                "MCP_RATE_LIMIT" => "1000000",
                "MCP_BURST_LIMIT" => "100000",
                _ => return None,
            };
            Some(value.to_owned())
        };
        let config = Config::load(&variables, false).because("make a configuration")?;
        let embedded = Embedded::open(&config).await.because("open the embedded AWS")?;
        let embedded = embedded.because("open the embedded AWS")?;
        let clients = AwsClients::connect(&config, Some(&embedded)).await;
        Ok(Self { config, clients, embedded })
    }

    /// Closes the data folder, so that a server can open it.
    pub(crate) async fn close(self) {
        drop(self.clients);
        self.embedded.close().await;
    }
}
