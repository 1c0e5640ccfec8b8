//! Reads single values out of the environment, with errors that name the variable and what is allowed.

use super::ConfigError;
use super::table::{self, Variable};
use std::fmt::Display;
use std::str::FromStr;

/// Where variables come from: the process environment, or a map in tests.
pub(super) struct Environment<'a> {
    pub(super) lookup: &'a dyn Fn(&str) -> Option<String>,
}

impl Environment<'_> {
    /// The text of a variable, or its default.
    pub(super) fn text(&self, variable: &Variable) -> Option<String> {
        self.set(variable).or_else(|| variable.default.map(str::to_owned))
    }

    /// The text that a variable was set to. An empty value counts as unset.
    pub(super) fn set(&self, variable: &Variable) -> Option<String> {
        (self.lookup)(variable.name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A value by a parser, or none where the variable is unset and has no default.
    pub(super) fn parse<T>(
        &self,
        variable: &Variable,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<Option<T>, ConfigError> {
        let Some(text) = self.text(variable) else { return Ok(None) };
        parse(&text).map(Some).map_err(|allowed| wrong(variable, &text, allowed))
    }

    /// A value of a variable that has a default.
    pub(super) fn required<T>(
        &self,
        variable: &Variable,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Result<T, ConfigError> {
        self.parse(variable, parse)?.ok_or_else(|| wrong(variable, "", "must be set".to_owned()))
    }
}

/// The error for a variable.
pub(super) fn wrong(variable: &Variable, value: &str, allowed: String) -> ConfigError {
    ConfigError { variable: variable.name, value: shown(variable, value), allowed }
}

/// The variables whose values are addresses, in which somebody may have written a password.
const ADDRESSES: [&str; 5] = [
    table::PUBLIC_URL.name,
    table::LLM_URL.name,
    table::COLLECTOR.name,
    table::OIDC_ISSUER.name,
    table::OIDC_CALLBACK.name,
];

/// The value of a variable as it may be shown.
pub(super) fn shown(variable: &Variable, value: &str) -> String {
    if variable.secret {
        "(hidden)".to_owned()
    } else if variable.name == table::FIGURES_URL.name {
        place_of(value)
    } else if ADDRESSES.contains(&variable.name) {
        without_credentials(value)
    } else {
        value.to_owned()
    }
}

/// Where an address is, without its path and query, which may open something.
fn place_of(address: &str) -> String {
    let (scheme, rest) = address.split_once("://").unwrap_or_default();
    let (host, behind) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    // Where it has no scheme, or a password may have one of these signs in it, nobody knows what its host is.
    if scheme.is_empty() || behind.contains('@') {
        return "(hidden)".to_owned();
    }
    let behind = if behind.len() > 1 { "/(hidden)" } else { behind };
    without_credentials(&format!("{scheme}://{host}")) + behind
}

/// An address without the name and the password that stand before its `@`.
pub(super) fn without_credentials(address: &str) -> String {
    let Some((before, host)) = address.rsplit_once('@') else { return address.to_owned() };
    let scheme = before.split_once("://").map(|(scheme, _)| format!("{scheme}://")).unwrap_or_default();
    format!("{scheme}(hidden)@{host}")
}

/// `true` or `false`.
pub(super) fn boolean(text: &str) -> Result<bool, String> {
    match text {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("allowed are true and false".to_owned()),
    }
}

/// A whole number within bounds.
pub(super) fn number<T>(least: T, most: T) -> impl FnOnce(&str) -> Result<T, String>
where
    T: FromStr + PartialOrd + Display,
{
    move |text| match text.parse::<T>() {
        Ok(value) if value >= least && value <= most => Ok(value),
        _ => Err(format!("a whole number from {least} to {most} is allowed")),
    }
}

/// Comma-separated names without blanks; at least one, none twice.
pub(super) fn names(text: &str) -> Result<Vec<String>, String> {
    let mut names: Vec<String> = Vec::new();
    for name in text.split(',').map(str::trim) {
        if name.is_empty() {
            return Err("a comma-separated list of names is allowed, without empty places".to_owned());
        }
        if names.iter().any(|known| known == name) {
            return Err(format!("{name:?} is there twice"));
        }
        names.push(name.to_owned());
    }
    Ok(names)
}
