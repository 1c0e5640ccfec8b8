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

    /// The names that the Data API is called with.
    pub(crate) fn names(&self) -> DatabaseNames {
        let secret = |name: &str| arn("secretsmanager", &self.region, &format!("secret:{name}"));
        DatabaseNames {
            resource: self.cluster_arn(),
            reader_secret: secret("ledger-reader"),
            writer_secret: secret("ledger-writer"),
        }
    }

    /// Whether a name means this database: the instance's, or that of a cluster of the same name, which
    /// the Data API of AWS asks for.
    pub(crate) fn is_meant_by(&self, resource: &str) -> bool {
        resource == self.arn() || resource == self.cluster_arn()
    }

    /// What the secret of this name opens; none when it is not one of the two there are.
    pub(crate) fn access_by(&self, secret: &str) -> Option<Access> {
        let names = self.names();
        if secret == names.reader_secret {
            Some(Access::Read)
        } else {
            (secret == names.writer_secret).then_some(Access::Write)
        }
    }

    fn cluster_arn(&self) -> String {
        arn("rds", &self.region, &format!("cluster:{IDENTIFIER}"))
    }
}

/// The ARNs that the Data API is called with to reach the one database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DatabaseNames {
    /// The database itself.
    pub resource: String,
    /// The secret of those who may only read.
    pub reader_secret: String,
    /// The secret of those who may also write.
    pub writer_secret: String,
}
