//! Names of log groups and streams, and the ARNs they have.

use super::error::LogsError;

/// The account that everything here belongs to.
pub(crate) const ACCOUNT: &str = "000000000000";

const LONGEST: usize = 512;

/// A name that a log group can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GroupName(String);

/// A name that a log stream can have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct StreamName(String);

impl GroupName {
    /// 1 to 512 letters, digits and `_ - / . #`.
    pub(crate) fn parse(name: &str) -> Result<Self, LogsError> {
        let is_allowed = |character: char| character.is_ascii_alphanumeric() || "_-/.#".contains(character);
        if !name.is_empty() && name.len() <= LONGEST && name.chars().all(is_allowed) {
            return Ok(Self(name.to_owned()));
        }
        Err(LogsError::invalid(format!(
            "the name of a log group has 1 to {LONGEST} letters, digits and the characters _ - / . #, unlike {name:?}"
        )))
    }

    /// A name, or the ARN of a group in this region and account.
    pub(crate) fn parse_identifier(identifier: &str, region: &str) -> Result<Self, LogsError> {
        let Some(rest) = identifier.strip_prefix("arn:") else { return Self::parse(identifier) };
        let prefix = format!("aws:logs:{region}:{ACCOUNT}:log-group:");
        match rest.strip_prefix(&prefix) {
            Some(name) => Self::parse(name.strip_suffix(":*").unwrap_or(name)),
            None => Err(LogsError::invalid(format!(
                "the ARN {identifier} is not of a log group of this region and account, as arn:{prefix}… is"
            ))),
        }
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl StreamName {
    /// 1 to 512 characters without `:` and `*`.
    pub(crate) fn parse(name: &str) -> Result<Self, LogsError> {
        if !name.is_empty() && name.chars().count() <= LONGEST && !name.contains([':', '*']) {
            return Ok(Self(name.to_owned()));
        }
        Err(LogsError::invalid(format!(
            "the name of a log stream has 1 to {LONGEST} characters without : and *, unlike {name:?}"
        )))
    }

    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The ARN of a log group.
pub(crate) fn group_arn(region: &str, group: &str) -> String {
    format!("arn:aws:logs:{region}:{ACCOUNT}:log-group:{group}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_allowed_characters() {
        assert!(GroupName::parse("/patchline/mcp/audit#1.a_b-c").is_ok());
        for wrong in ["", "a b", "a:b", "ä", &"x".repeat(513)] {
            assert!(GroupName::parse(wrong).is_err(), "{wrong}");
        }
        assert!(StreamName::parse("2026/11/24 [a] ä").is_ok());
        for wrong in ["", "a:b", "a*"] {
            assert!(StreamName::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_identifier_is_a_name_or_an_arn_of_this_account() {
        let name =
            |identifier: &str| GroupName::parse_identifier(identifier, "eu-north-1").map(|name| name.0).ok();
        assert_eq!(name("/a").as_deref(), Some("/a"));
        assert_eq!(name(&format!("{}:*", group_arn("eu-north-1", "/a"))).as_deref(), Some("/a"));
        assert_eq!(name(&group_arn("us-east-1", "/a")), None);
    }
}
