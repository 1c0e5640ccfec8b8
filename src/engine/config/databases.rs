//! Which databases may be asked, and with whose credentials.

/// A database of the configuration: the identifier of an Aurora cluster or of an instance in one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Database {
    /// The identifier.
    pub name: String,
    /// The secret with the credentials of a user who may only read. None: the secret that RDS manages
    /// for the master user.
    pub secret_arn: Option<String>,
}

/// The allowed databases, in the order of the configuration.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Databases(Vec<Database>);

impl Databases {
    /// Reads `name` or `name@secret-arn`, each.
    pub(super) fn from_names(names: Vec<String>) -> Result<Self, String> {
        let mut databases: Vec<Database> = Vec::with_capacity(names.len());
        for name in names {
            let database = database(&name)?;
            if databases.iter().any(|known| known.name == database.name) {
                return Err(format!("{:?} is there twice", database.name));
            }
            databases.push(database);
        }
        Ok(Self(databases))
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &Database> {
        self.0.iter()
    }

    /// The database that an argument names, or the first where none is named.
    pub fn find(&self, name: Option<&str>) -> Option<&Database> {
        match name {
            Some(name) => self.0.iter().find(|database| database.name == name),
            None => self.0.first(),
        }
    }
}

fn database(text: &str) -> Result<Database, String> {
    let (name, secret) = match text.split_once('@') {
        Some((name, secret)) => (name, Some(secret)),
        None => (text, None),
    };
    let named = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
        && (1..=63).contains(&name.len())
        && name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !named {
        return Err(format!(
            "{name:?} is not the identifier of a database: a letter, then letters, digits and hyphens, at \
             most 63"
        ));
    }
    if secret.is_some_and(|secret| !secret.starts_with("arn:") || !secret.contains(":secretsmanager:")) {
        return Err("after the @ comes the ARN of a secret in Secrets Manager".to_owned());
    }
    Ok(Database { name: name.to_owned(), secret_arn: secret.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(names: &[&str]) -> Result<Databases, String> {
        Databases::from_names(names.iter().map(|name| (*name).to_owned()).collect())
    }

    #[test]
    fn a_database_may_bring_the_secret_of_a_reader() {
        let arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:reader-a1b2c3";
        let databases = read(&["ledger", &format!("royalties@{arn}")]).expect("valid names");
        assert_eq!(databases.find(None).map(|database| database.name.as_str()), Some("ledger"));
        let royalties = databases.find(Some("royalties")).expect("it is there");
        assert_eq!(royalties.secret_arn.as_deref(), Some(arn));
        assert_eq!(databases.find(Some("other")), None);
    }

    #[test]
    fn nonsense_is_refused() {
        for name in ["", "1st", "a b", "ledger@password", "ledger@arn:aws:s3:::x"] {
            assert!(read(&[name]).is_err(), "{name:?}");
        }
        assert!(read(&["a", "a"]).is_err());
    }
}
