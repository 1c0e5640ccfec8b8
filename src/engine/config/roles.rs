//! The roles that Patchline takes in an account, one for each kind of service.

/// The roles that are configured. Without one, what belongs to it is asked for with the credentials of the process.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Roles {
    /// Knowledge bases and models.
    pub bedrock: Option<RoleArn>,
    /// Files.
    pub s3: Option<RoleArn>,
    /// Tables.
    pub dynamodb: Option<RoleArn>,
    /// Logs and metrics.
    pub cloudwatch: Option<RoleArn>,
    /// Databases.
    pub rds: Option<RoleArn>,
}

impl Roles {
    /// The account that they are in; none where there are none.
    pub(super) fn account(&self) -> Option<String> {
        let Self { bedrock, s3, dynamodb, cloudwatch, rds } = self;
        let first = [bedrock, s3, dynamodb, cloudwatch, rds].into_iter().flatten().next();
        first.and_then(|arn| arn.as_str().split(':').nth(4)).map(str::to_owned)
    }
}

/// The ARN of a role.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoleArn(String);

impl RoleArn {
    /// As it is written.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The longest ARN of a role that STS takes.
const LONGEST: usize = 2048;

/// Reads the ARN of a role.
pub(super) fn role(text: &str) -> Result<RoleArn, String> {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    let is_role = match parts.as_slice() {
        ["arn", partition, "iam", "", account, rest] => {
            partition.starts_with("aws")
                && is_account(account)
                && rest.strip_prefix("role/").is_some_and(|name| !name.is_empty())
        }
        _ => false,
    };
    let plain = text.chars().all(|c| c.is_ascii_graphic());
    if is_role && plain && text.len() <= LONGEST {
        Ok(RoleArn(text.to_owned()))
    } else {
        Err("the ARN of a role such as arn:aws:iam::111122223333:role/PatchlineMCPS3Role is allowed"
            .to_owned())
    }
}

/// Reads the number of an account.
pub(super) fn account(text: &str) -> Result<String, String> {
    if is_account(text) {
        Ok(text.to_owned())
    } else {
        Err("the twelve digits of an AWS account are allowed".to_owned())
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_a_role_has_its_account() {
        for text in [
            "arn:aws:iam::111122223333:role/PatchlineMCPS3Role",
            "arn:aws-cn:iam::111122223333:role/a/path/name",
        ] {
            assert_eq!(role(text).as_ref().map(RoleArn::as_str), Ok(text));
        }
        for text in [
            "",
            "PatchlineMCPS3Role",
            "arn:aws:iam::1111:role/x",
            "arn:aws:iam::111122223333:role/",
            "arn:aws:iam::111122223333:user/x",
            "arn:aws:iam:eu-west-1:111122223333:role/x",
            "arn:aws:iam::111122223333:role/a b",
        ] {
            assert!(role(text).is_err_and(|allowed| allowed.contains("arn:aws:iam::")), "{text:?}");
        }
    }

    #[test]
    fn an_account_has_twelve_digits() {
        assert_eq!(account("111122223333"), Ok("111122223333".to_owned()));
        assert!(account("1111-2222-3333").is_err() && account("11112222333").is_err());
    }
}
