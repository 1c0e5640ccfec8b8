//! `DescribeDBInstances`: what is asked for, and the description as XML.

use std::path::Path;
use std::time::SystemTime;

use http::StatusCode;
use jiff::Timestamp;

use crate::embedded_aws::fault::Fault;
use crate::embedded_aws::form::{Form, element};

use super::Instance;
use super::instance::{DATABASE, IDENTIFIER};

/// AWS's limits of a page.
const PAGE: std::ops::RangeInclusive<u32> = 20..=100;
const GIBIBYTE: u64 = 1024 * 1024 * 1024;
const ENGINE: &str = "sqlite";

/// Which instances are wanted.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Wanted {
    /// One by its identifier or resource name.
    identifier: Option<String>,
    /// Names and allowed values.
    filters: Vec<(Filter, Vec<String>)>,
}

/// What may be filtered by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Filter {
    Identifier,
    Engine,
}

impl Wanted {
    /// Reads the parameters of a request.
    pub(super) fn read(mut form: Form) -> Result<Self, Fault> {
        let identifier = form.take("DBInstanceIdentifier").filter(|name| !name.is_empty());
        if let Some(size) = form.take("MaxRecords")
            && !size.parse().is_ok_and(|size| PAGE.contains(&size))
        {
            return Err(invalid(format!("MaxRecords must be from 20 to 100, not {size}")));
        }
        // One instance never fills a page, so no marker was ever given.
        if form.take("Marker").is_some_and(|marker| !marker.is_empty()) {
            return Err(invalid("the marker is not one of this request".to_owned()));
        }
        let mut filters = Vec::new();
        for number in 1.. {
            let Some(name) = form.take(&format!("Filters.Filter.{number}.Name")) else { break };
            let values =
                (1..).map_while(|value| form.take(&format!("Filters.Filter.{number}.Values.Value.{value}")));
            let values: Vec<String> = values.collect();
            filters.push((Filter::named(&name)?, values));
        }
        form.finish()?;
        Ok(Self { identifier, filters })
    }
}

impl Filter {
    fn named(name: &str) -> Result<Self, Fault> {
        match name {
            "db-instance-id" => Ok(Self::Identifier),
            "engine" => Ok(Self::Engine),
            _ => Err(invalid(format!(
                "the embedded AWS filters by db-instance-id and engine, and not by {name}"
            ))),
        }
    }

    fn accepts(self, instance: &Instance, values: &[String]) -> bool {
        values.iter().any(|value| match self {
            Self::Identifier => is_named(instance, value),
            Self::Engine => value == ENGINE,
        })
    }
}

fn invalid(message: String) -> Fault {
    Fault::sender("InvalidParameterValue", message)
}

/// Identifiers are not told apart by case.
fn is_named(instance: &Instance, name: &str) -> bool {
    name.eq_ignore_ascii_case(IDENTIFIER) || name == instance.arn()
}

/// The result as XML. Blocks on the file system.
pub(super) fn describe(instance: &Instance, wanted: &Wanted) -> Result<String, Fault> {
    if let Some(name) = &wanted.identifier
        && !is_named(instance, name)
    {
        let message = format!("DBInstance {name} not found.");
        return Err(Fault::new(StatusCode::NOT_FOUND, "DBInstanceNotFound", message));
    }
    let is_shown = wanted.filters.iter().all(|(filter, values)| filter.accepts(instance, values));
    let shown = if is_shown { one(instance) } else { String::new() };
    Ok(format!("<DBInstances>{shown}</DBInstances>"))
}

/// No endpoint: the database is reached through the Data API only.
fn one(instance: &Instance) -> String {
    let members = [
        ("DBInstanceIdentifier", IDENTIFIER.to_owned()),
        ("DBInstanceArn", instance.arn()),
        ("DBInstanceClass", "db.embedded".to_owned()),
        ("Engine", ENGINE.to_owned()),
        ("EngineVersion", rusqlite::version().to_owned()),
        ("DBInstanceStatus", "available".to_owned()),
        ("DBName", DATABASE.to_owned()),
        ("AllocatedStorage", gibibytes(instance.file()).to_string()),
        ("MultiAZ", "false".to_owned()),
        ("PubliclyAccessible", "false".to_owned()),
        ("StorageEncrypted", "false".to_owned()),
        ("DeletionProtection", "false".to_owned()),
    ];
    let made = made_at(instance.file()).map(|time| element("InstanceCreateTime", &time.to_string()));
    let members = members.map(|(name, text)| element(name, &text)).concat();
    format!("<DBInstance>{members}{}</DBInstance>", made.unwrap_or_default())
}

/// The size of the file in whole gibibytes, at least one.
fn gibibytes(file: &Path) -> u64 {
    std::fs::metadata(file).map_or(1, |known| known.len().div_ceil(GIBIBYTE).max(1))
}

/// When the file was made, where the file system knows it.
fn made_at(file: &Path) -> Option<Timestamp> {
    let known = std::fs::metadata(file).ok()?;
    let made = known.created().or_else(|_| known.modified()).ok()?;
    let since = made.duration_since(SystemTime::UNIX_EPOCH).ok()?;
    Timestamp::from_millisecond(i64::try_from(since.as_millis()).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn described(form: &str) -> Result<bool, Fault> {
        let instance = Instance::new("us-east-1", "none.sqlite".into());
        let wanted = Wanted::read(Form::read(form.as_bytes())?)?;
        Ok(describe(&instance, &wanted)?.contains("<Engine>sqlite</Engine>"))
    }

    #[test]
    fn filters_are_honoured_or_refused() {
        let filter = |name: &str, value: &str| {
            described(&format!("Filters.Filter.1.Name={name}&Filters.Filter.1.Values.Value.1={value}"))
        };
        assert_eq!(filter("engine", "sqlite"), Ok(true));
        assert_eq!(filter("engine", "postgres"), Ok(false));
        assert_eq!(filter("db-instance-id", "Patchline-Ledger"), Ok(true));
        assert_eq!(filter("db-instance-id", "other"), Ok(false));
        assert!(filter("domain", "x").is_err());
    }

    #[test]
    fn pages_have_aws_sizes() {
        assert_eq!(described("MaxRecords=20"), Ok(true));
        assert!(described("MaxRecords=19").is_err());
        assert!(described("MaxRecords=many").is_err());
        assert!(described("Marker=x").is_err());
    }

    #[test]
    fn an_unknown_instance_is_not_found() {
        let refused = described("DBInstanceIdentifier=other").map_err(|fault| fault.code);
        assert_eq!(refused, Err("DBInstanceNotFound".to_owned()));
        assert_eq!(described("DBInstanceIdentifier=patchline-ledger"), Ok(true));
    }
}
