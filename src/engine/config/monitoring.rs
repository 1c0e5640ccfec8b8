//! Which log groups there are and what each is for, and where metrics go.

/// The longest name of a log group (a limit of `CloudWatch` Logs).
const MAX_GROUP_NAME: usize = 512;

/// The word in the name of the log group that takes Patchline's own log.
const APPLICATION: &str = "application";

/// Log groups and the namespace of metrics.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Monitoring {
    /// The allowed log groups.
    pub groups: LogGroups,
    /// The log group that takes a line for each call.
    pub audit_group: String,
    /// The `CloudWatch` namespace of the metrics.
    pub namespace: String,
}

/// The log groups that may be read, in the order of the configuration; at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogGroups(Vec<String>);

impl LogGroups {
    pub(super) fn from_names(names: Vec<String>) -> Result<Self, String> {
        names.into_iter().map(|name| log_group(&name)).collect::<Result<_, _>>().map(Self)
    }

    /// All of them.
    pub fn all(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(String::as_str)
    }

    /// The group that takes Patchline's own log: the first whose name contains `application`.
    pub fn application(&self) -> Option<&str> {
        self.all().find(|name| name.contains(APPLICATION))
    }

    /// The group that an argument names, if it is one of these.
    pub fn find(&self, name: &str) -> Option<&str> {
        self.all().find(|known| *known == name)
    }

    /// The group that is read when none is named: Patchline's own, or else the first.
    pub fn default_group(&self) -> &str {
        self.application().or_else(|| self.all().next()).unwrap_or_default()
    }
}

/// The name of a log group, as `CloudWatch` Logs allows it.
pub(super) fn log_group(name: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-_/#".contains(c);
    if !name.is_empty() && name.len() <= MAX_GROUP_NAME && name.chars().all(fits) {
        Ok(name.to_owned())
    } else {
        Err(format!("a log group has 1 to {MAX_GROUP_NAME} letters, digits and the characters . - _ / #"))
    }
}

/// A namespace of metrics, as `CloudWatch` allows it for the metrics of programs.
pub(super) fn namespace(name: &str) -> Result<String, String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || ".-_/#:".contains(c);
    if name.len() <= 255 && name.chars().all(fits) && !name.starts_with(':') && !name.starts_with("AWS/") {
        Ok(name.to_owned())
    } else {
        Err("a namespace has 1 to 255 letters, digits and the characters . - _ / # :, and begins neither \
             with a colon nor with AWS/"
            .to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_own_log_goes_to_the_first_group_with_the_word() {
        let groups = |names: &[&str]| {
            LogGroups::from_names(names.iter().map(|name| (*name).to_owned()).collect()).expect("valid names")
        };
        assert_eq!(
            groups(&["/other", "/a/application", "/b/application"]).application(),
            Some("/a/application")
        );
        let without = groups(&["/other"]);
        assert_eq!((without.application(), without.default_group()), (None, "/other"));
    }

    #[test]
    fn names_that_cloudwatch_would_refuse_are_refused_here() {
        assert!(log_group("/patchline/mcp audit").is_err());
        assert!(namespace("AWS/EC2").is_err() && namespace(":x").is_err());
        assert_eq!(namespace("Patchline/MCP"), Ok("Patchline/MCP".to_owned()));
    }
}
