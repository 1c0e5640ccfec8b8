//! Other limits than the usual ones: for a role, for a tool, for both.

use super::values::{names, number};

/// The words of the roles, as the door knows them.
pub(super) const ROLES: [&str; 5] = ["artist", "producer", "manager", "label", "admin"];

/// Other figures for a role, a tool, or a tool and a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OtherLimit {
    /// The word of the role; none for everybody.
    pub role: Option<String>,
    /// The name of the tool; none for all tools together.
    pub tool: Option<String>,
    /// Calls a minute.
    pub per_minute: u32,
    /// Calls at once.
    pub burst: u32,
}

/// A comma-separated list such as `artist=30/5,generate_music_insights=10/2`.
pub(super) fn others(text: &str) -> Result<Vec<OtherLimit>, String> {
    names(text)?.iter().map(|limit| other(limit)).collect()
}

fn other(text: &str) -> Result<OtherLimit, String> {
    let form = || format!("{text:?} is not a limit like \"artist=30/5\"");
    let (who, figures) = text.split_once('=').ok_or_else(form)?;
    let (per_minute, burst) = figures.split_once('/').ok_or_else(form)?;
    let (role, tool) = match who.split_once('.') {
        Some((role, tool)) if ROLES.contains(&role) => (Some(role), Some(tool)),
        None if ROLES.contains(&who) => (Some(who), None),
        _ => (None, Some(who)),
    };
    if tool.is_some_and(str::is_empty) {
        return Err(form());
    }
    Ok(OtherLimit {
        role: role.map(str::to_owned),
        tool: tool.map(str::to_owned),
        per_minute: number(1, 1_000_000)(per_minute)?,
        burst: number(1, 100_000)(burst)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_for_a_role_a_tool_or_both() {
        let read = others("artist=30/5,query_database=10/2,label.query_database=20/4,tickets_v1.sell=1/1");
        let read = read.expect("limits");
        let named: Vec<_> = read.iter().map(|one| (one.role.as_deref(), one.tool.as_deref())).collect();
        assert_eq!(
            named,
            [
                (Some("artist"), None),
                (None, Some("query_database")),
                (Some("label"), Some("query_database")),
                (None, Some("tickets_v1.sell")),
            ]
        );
        assert_eq!((read[2].per_minute, read[2].burst), (20, 4));
    }
}
