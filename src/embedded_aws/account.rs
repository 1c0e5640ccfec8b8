//! The one account of the embedded AWS, and the names of what is in it.

/// The account number. AWS gives it to nobody.
pub(crate) const ACCOUNT: &str = "000000000000";

/// The Amazon Resource Name of something in a region of the account.
pub(crate) fn arn(service: &str, region: &str, resource: &str) -> String {
    format!("arn:aws:{service}:{region}:{ACCOUNT}:{resource}")
}
