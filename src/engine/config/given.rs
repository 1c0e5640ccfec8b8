//! What the environment says of each variable, for those who look after the configuration.

use super::table::{self, VARIABLES, Variable};
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

/// A variable of the process environment. Where nothing else is said, the server listens where `cargo leptos` expects
/// it, which it says in a variable of its own (`site-addr`).
pub(super) fn given_to_process(name: &str) -> Option<String> {
    said(name, |name| std::env::var(name).ok())
}

fn said(name: &str, variable: impl Fn(&str) -> Option<String>) -> Option<String> {
    let given = variable(name);
    let is_said = given.as_ref().is_some_and(|value| !value.trim().is_empty());
    if is_said || name != table::ADDR.name { given } else { variable("LEPTOS_SITE_ADDR") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_server_listens_where_cargo_leptos_says_unless_it_is_told_otherwise() {
        let of = |name: &str, own: Option<&str>| {
            said(name, |asked| match asked {
                "LEPTOS_SITE_ADDR" => Some("127.0.0.1:3007".to_owned()),
                _ => own.map(str::to_owned),
            })
        };
        for own in [None, Some(""), Some(" ")] {
            assert_eq!(of("PATCHLINE_ADDR", own).as_deref(), Some("127.0.0.1:3007"), "{own:?}");
        }
        assert_eq!(of("PATCHLINE_ADDR", Some("[::1]:4000")).as_deref(), Some("[::1]:4000"));
        assert_eq!(of("PATCHLINE_PUBLIC_URL", None), None);
    }

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
