//! Whether rules deny, and what a violation comes to.

/// Whether rules deny. What a role may do holds in both modes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SecurityMode {
    /// They do.
    Enforcing,
    /// They never do; what they would have denied is on record.
    Permissive,
}

/// What the violation of a rule comes to, when rules deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnViolation {
    /// The call is refused.
    Block,
    /// The call is done, with a warning in the log and a record that says so.
    Log,
}

pub(super) fn security_mode(text: &str) -> Result<SecurityMode, String> {
    match text {
        "enforcing" => Ok(SecurityMode::Enforcing),
        "permissive" => Ok(SecurityMode::Permissive),
        _ => Err("allowed are enforcing and permissive".to_owned()),
    }
}

pub(super) fn on_violation(text: &str) -> Result<OnViolation, String> {
    match text {
        "block" => Ok(OnViolation::Block),
        "log" => Ok(OnViolation::Log),
        _ => Err("allowed are block and log".to_owned()),
    }
}
