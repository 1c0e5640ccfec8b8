//! The one database instance, and the names by which it and its secrets are called.

use std::path::{Path, PathBuf};

use crate::embedded_aws::account::arn;

/// The identifier of the instance.
pub(crate) const IDENTIFIER: &str = "patchline-ledger";
/// The name of the database in it.
pub(crate) const DATABASE: &str = "ledger";

/// The instance: an SQLite file.
#[derive(Debug, Clone)]
pub(crate) struct Instance {
    region: String,
    file: PathBuf,
}

/// What the holder of a secret may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Read.
    Read,
    /// Read, write, and change tables.
    Write,
}

impl Instance {
    /// The instance in a region, kept in this file.
    pub(crate) fn new(region: &str, file: PathBuf) -> Self {
        Self { region: region.to_owned(), file }
    }

    /// Its file.
    pub(crate) fn file(&self) -> &Path {
        &self.file
    }

    /// The name of the instance.
    pub(crate) fn arn(&self) -> String {
        arn("rds", &self.region, &format!("db:{IDENTIFIER}"))
    }

    /// Whether a name means this database: the instance's, or that of a cluster of the same name, which
    /// the Data API of AWS asks for.
    pub(crate) fn is_meant_by(&self, resource: &str) -> bool {
        resource == self.arn() || resource == arn("rds", &self.region, &format!("cluster:{IDENTIFIER}"))
    }

    /// What the secret of this name opens; none when it is not one of the two there are.
    pub(crate) fn access_by(&self, secret: &str) -> Option<Access> {
        let secrets = [("ledger-reader", Access::Read), ("ledger-writer", Access::Write)];
        let name_of = |name: &str| arn("secretsmanager", &self.region, &format!("secret:{name}"));
        secrets.into_iter().find(|(name, _)| secret == name_of(name)).map(|(_, access)| access)
    }
}
