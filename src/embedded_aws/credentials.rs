//! The local credentials: random, made once, and readable by their owner only.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use aws_credential_types::Credentials;
use serde::{Deserialize, Serialize};

use super::EmbeddedAwsError;
use super::data_directory::DataDirectory;

#[derive(Serialize, Deserialize)]
struct StoredCredentials {
    access_key_id: String,
    secret_access_key: String,
}

/// Reads the credentials of the data directory, or makes them. Blocks on the file system.
pub(crate) fn load_or_create(directory: &DataDirectory) -> Result<Credentials, EmbeddedAwsError> {
    let path = directory.join("credentials.json");
    let refused = |source| EmbeddedAwsError::DataDirectory { path: path.clone(), source };
    let stored = match std::fs::read(&path) {
        Ok(bytes) => serde_json::from_slice(&bytes).map_err(|error| EmbeddedAwsError::Credentials {
            path: path.clone(),
            reason: error.to_string(),
        })?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let made = random_credentials().map_err(refused)?;
            write_private(&path, &made).map_err(refused)?;
            made
        }
        Err(error) => return Err(refused(error)),
    };
    Ok(Credentials::new(stored.access_key_id, stored.secret_access_key, None, None, "embedded-aws"))
}

/// An access key of AWS's form (20 characters) and a secret of 40 characters, 160 bits of it random.
fn random_credentials() -> io::Result<StoredCredentials> {
    let mut key = [0; 8];
    let mut secret = [0; 20];
    getrandom::fill(&mut key).map_err(io::Error::other)?;
    getrandom::fill(&mut secret).map_err(io::Error::other)?;
    Ok(StoredCredentials {
        access_key_id: format!("AKIA{}", hex::encode_upper(key)),
        secret_access_key: hex::encode(secret),
    })
}

/// Writes beside the final name first, so that a crash leaves no half-written file behind.
fn write_private(path: &Path, credentials: &StoredCredentials) -> io::Result<()> {
    let unfinished = path.with_extension("json.new");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(&unfinished)?;
    file.write_all(&serde_json::to_vec_pretty(credentials)?)?;
    file.sync_all()?;
    std::fs::rename(&unfinished, path)
}
