//! Who is signed in, as pages show it, and what a link of welcome says of itself.

use super::role::Role;
use serde::{Deserialize, Serialize};

/// Who looks at a page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Viewer {
    /// The name that people read.
    pub name: String,
    /// What they are to the label.
    pub role: Role,
    /// The operations that they may use, of those that menus and pages ask about.
    pub may: Vec<String>,
    /// Whether they are asked once more who they are, before some changes.
    pub confirm_due: bool,
}

/// How somebody can come in, besides with a password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct WaysIn {
    /// The demo accounts that can be chosen with one click; none where the demo is off.
    pub demo: Vec<Role>,
    /// What people call the provider at which they can sign in, where there is one.
    pub provider: Option<String>,
}

/// How the text of the link begins that makes the first admin: its page asks for more than a password.
pub const FIRST_ADMIN_LINK: &str = "first-";
