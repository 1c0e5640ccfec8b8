//! What the environment says of each variable, for those who look after the configuration.

use super::table::{VARIABLES, Variable};
use super::values::{Environment, shown};

/// A variable with what the environment says of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The variable.
    pub variable: &'static Variable,
    /// What it was set to, as it may be shown; none where it is unset.
    pub text: Option<String>,
}

/// Every variable.
pub(super) fn given(environment: &Environment<'_>) -> Vec<Given> {
    let given = |variable: &'static Variable| Given {
        variable,
        text: environment.set(variable).map(|text| shown(variable, &text)),
    };
    VARIABLES.iter().map(given).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_not_kept_nor_what_stands_in_an_address() {
        let lookup = |name: &str| match name {
            "PATCHLINE_BOOTSTRAP_KEY" => Some("a-key-that-nobody-may-see".to_owned()),
            "PATCHLINE_LLM_URL" => Some("http://me:word@127.0.0.1:11434".to_owned()),
            "MCP_RATE_LIMIT" => Some(" 30 ".to_owned()),
            _ => None,
        };
        let given = given(&Environment { lookup: &lookup });
        let of =
            |name: &str| given.iter().find(|one| one.variable.name == name).and_then(|one| one.text.clone());
        assert_eq!(of("PATCHLINE_BOOTSTRAP_KEY").as_deref(), Some("(hidden)"));
        assert_eq!(of("PATCHLINE_LLM_URL").as_deref(), Some("http://(hidden)@127.0.0.1:11434"));
        assert_eq!(of("MCP_RATE_LIMIT").as_deref(), Some("30"));
        assert_eq!(of("MCP_BURST_LIMIT"), None);
    }
}
