//! The changes before which people who have signed in show once more who they are, and how they can.

use serde::{Deserialize, Serialize};

/// A change before which somebody shows once more who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AskedBefore {
    /// The name of the operation at the door.
    pub operation: &'static str,
    /// What it does, as it goes on after "You were about to".
    pub words: &'static str,
}

const fn before(operation: &'static str, words: &'static str) -> AskedBefore {
    AskedBefore { operation, words }
}

/// All of them: what gives rights, takes them away, stops what others rely on, or cannot be taken back.
#[rustfmt::skip]
pub const ASKED_BEFORE: [AskedBefore; 18] = [
    before("change_policy",        "change the policy"),
    before("change_security_mode", "change what violations of rules come to"),
    before("change_limits",        "change limits and budgets"),
    before("create_key",           "make an API key"),
    before("revoke_own_key",       "revoke one of your API keys"),
    before("revoke_key",           "revoke an API key"),
    before("add_user",             "invite somebody"),
    before("set_user_role",        "give somebody another role"),
    before("set_user_artists",     "say which artists are somebody’s own"),
    before("make_password_link",   "make a link for somebody’s password"),
    before("disable_user",         "let somebody sign in no more"),
    before("enable_user",          "let somebody sign in again"),
    before("end_user_session",     "end a session of somebody"),
    before("end_user_sessions",    "sign somebody out everywhere"),
    before("drain_server",         "keep new calls away from a server"),
    before("approve_tool",         "approve a tool of a third party"),
    before("pause_any_automation", "pause an automation of somebody else"),
    before("erase_audit_payloads", "erase what is personal in audit records"),
];

/// The change that an operation is; none where nobody is asked before it.
pub fn asked_before(operation: &str) -> Option<&'static AskedBefore> {
    ASKED_BEFORE.iter().find(|change| change.operation == operation)
}

/// How somebody who has signed in can show once more who they are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WaysToConfirm {
    /// Their e-mail address.
    pub email: String,
    /// Whether they have a password.
    pub password: bool,
    /// What people call the provider at which they sign in, where they do.
    pub provider: Option<String>,
    /// Whether it is an account of the demo, which needs nothing but a click.
    pub shared: bool,
}
