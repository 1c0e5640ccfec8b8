//! What can go wrong when the embedded AWS is opened or made to listen.

use std::net::SocketAddr;
use std::path::PathBuf;

/// Why the embedded AWS could not be opened or reached. Errors of single requests are AWS errors
/// and travel over the wire.
#[derive(Debug, thiserror::Error)]
pub enum EmbeddedAwsError {
    /// The data directory cannot be made or used.
    #[error("the data directory {} cannot be used: {source}; check that it exists and is writable", path.display())]
    DataDirectory {
        /// The file or directory the operating system refused.
        path: PathBuf,
        /// Its reason.
        source: std::io::Error,
    },
    /// Another process, or another handle of this one, has the directory open.
    #[error("the data directory {} is in use by another process; stop that one or choose another directory", path.display())]
    InUse {
        /// The data directory.
        path: PathBuf,
    },
    /// The file with the local credentials is there, but not readable as such.
    #[error("the credentials file {} is damaged: {reason}; delete it to have new credentials made", path.display())]
    Credentials {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A database file cannot be opened.
    #[error("the database {} cannot be opened: {reason}", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// What the database said.
        reason: String,
    },
    /// The address to listen on is reachable from other machines.
    #[error("the embedded AWS listens on loopback addresses only, not on {address}; use 127.0.0.1 or ::1")]
    NotLoopback {
        /// The refused address.
        address: SocketAddr,
    },
    /// The address cannot be bound.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// The operating system's reason.
        source: std::io::Error,
    },
    /// The address of the language model cannot be used.
    #[error("the language model's address {address} cannot be used: {reason}")]
    LanguageModel {
        /// The address as configured.
        address: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The runtime was shut down while the embedded AWS was being opened.
    #[error("the runtime was shut down while the embedded AWS was being opened")]
    Interrupted,
}
