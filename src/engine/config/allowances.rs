//! How much may be done and what it may cost: the part of the configuration that admins change while Patchline
//! runs.

use super::ConfigError;
use super::given::Given;
use super::limits::{self, OtherLimit};
use super::prices::{self, Budgets, Prices};
use super::table::{self, Variable};
use super::values::{Environment, number};
use std::collections::BTreeMap;

/// How much may be done, and what it may cost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Allowances {
    /// Tool calls of a principal a minute.
    pub per_minute: u32,
    /// Tool calls of a principal at once.
    pub burst: u32,
    /// Other figures, for roles and tools.
    pub others: Vec<OtherLimit>,
    /// Calls of models that one person may have under way at the same time, at all instances together; none
    /// where that is not limited.
    pub model_calls_at_once: Option<u32>,
    /// Transfers that one person may have under way at the same time, at all instances together; none where that
    /// is not limited.
    pub transfers_at_once: Option<u32>,
    /// What models cost.
    pub prices: Prices,
    /// How much calls of models may cost in a day.
    pub budgets: Budgets,
}

/// What admins may set, in the order of the page's form: the variable, what people call it, and what is allowed.
const ADJUSTABLE: [(&Variable, &str, &str); 10] = [
    (&table::RATE_LIMIT, "Calls a minute", "Tool calls of each person, with all their programs."),
    (&table::BURST_LIMIT, "Calls at once", "How many of them may come in one moment."),
    (
        &table::RATE_LIMITS,
        "Other figures for roles and tools",
        "Calls a minute and at once: artist=30/5, generate_music_insights=10/2, label.query_database=20/5; or none.",
    ),
    (
        &table::MODEL_CALLS,
        "Model calls at the same time",
        "Of each person, wherever they come in; or none for no limit.",
    ),
    (
        &table::TRANSFERS,
        "Uploads at the same time",
        "Of each person, wherever they come in, with readings of whole files; or none for no limit.",
    ),
    (&table::BUDGET_PERSON, "US dollars a day for each person", "Such as 5 or 0.25; or none for no limit."),
    (
        &table::BUDGET_ROLES,
        "US dollars a day for all of a role together",
        "Such as artist=10, producer=20.50; or none.",
    ),
    (&table::BUDGET_LABEL, "US dollars a day for the whole label", "Such as 50; or none for no limit."),
    (
        &table::MODEL_PRICES,
        "Prices of models",
        "US dollars a million tokens, read and written: anthropic.claude-haiku=1/5; or none.",
    ),
    (
        &table::MODEL_PRICE_OTHERS,
        "Price of every other model",
        "US dollars a million tokens, read and written, of a model whose price nobody has set: 15/75.",
    ),
];

impl Allowances {
    /// What admins may set.
    pub fn adjustable() -> impl Iterator<Item = (&'static Variable, &'static str, &'static str)> {
        ADJUSTABLE.into_iter()
    }

    pub(super) fn read(environment: &Environment<'_>) -> Result<Self, ConfigError> {
        let listed = environment.parse(&table::MODEL_PRICES, or_none(prices::prices))?;
        let others = environment.required(&table::MODEL_PRICE_OTHERS, prices::price)?;
        Ok(Self {
            per_minute: environment.required(&table::RATE_LIMIT, number(1, 1_000_000))?,
            burst: environment.required(&table::BURST_LIMIT, number(1, 100_000))?,
            others: environment.parse(&table::RATE_LIMITS, or_none(limits::others))?.unwrap_or_default(),
            model_calls_at_once: environment.required(&table::MODEL_CALLS, at_once)?,
            transfers_at_once: environment.required(&table::TRANSFERS, at_once)?,
            prices: Prices::new(listed.unwrap_or_default(), others),
            budgets: Budgets {
                person: environment.required(&table::BUDGET_PERSON, prices::budget)?,
                roles: environment
                    .parse(&table::BUDGET_ROLES, or_none(prices::budgets_of_roles))?
                    .unwrap_or_default(),
                label: environment.required(&table::BUDGET_LABEL, prices::budget)?,
            },
        })
    }

    /// What holds where admins have set something in the place of what the environment says.
    ///
    /// # Errors
    /// The first figure with a value that cannot be used, or that there is none of.
    pub fn with(given: &[Given], set: &BTreeMap<String, String>) -> Result<Self, ConfigError> {
        let known = |name: &str| Self::adjustable().any(|(variable, ..)| variable.name == name);
        if let Some((name, value)) = set.iter().find(|(name, _)| !known(name)) {
            let allowed = format!("{name} cannot be set here");
            return Err(ConfigError { variable: "settings", value: value.clone(), allowed });
        }
        let of_environment = |name: &str| given.iter().find(|one| one.variable.name == name)?.text.clone();
        let lookup = |name: &str| set.get(name).cloned().or_else(|| of_environment(name));
        Self::read(&Environment { lookup: &lookup })
    }
}

/// A list, or `none` for an empty one: on the page an empty field leaves it to the environment.
fn or_none<T>(
    read: impl FnOnce(&str) -> Result<Vec<T>, String>,
) -> impl FnOnce(&str) -> Result<Vec<T>, String> {
    move |text| if text == "none" { Ok(Vec::new()) } else { read(text) }
}

/// A number of calls, or `none`.
fn at_once(text: &str) -> Result<Option<u32>, String> {
    if text == "none" {
        return Ok(None);
    }
    number(1, 1_000)(text).map(Some).map_err(|allowed| format!("{allowed}, or none"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::config::Config;
    use crate::model::money::MicroDollars;

    fn given() -> Vec<Given> {
        let variables = |name: &str| match name {
            "MCP_MOCK_AWS_SERVICES" => Some("true".to_owned()),
            "MCP_RATE_LIMITS" => Some("artist=30/5".to_owned()),
            "MCP_BUDGET_PERSON" => Some("2".to_owned()),
            _ => None,
        };
        Config::load(&variables, false).expect("a configuration").given
    }

    fn with(set: &[(&str, &str)]) -> Result<Allowances, ConfigError> {
        let set = set.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Allowances::with(&given(), &set)
    }

    #[test]
    fn what_is_set_holds_before_the_environment_and_that_before_the_default() {
        let of_environment = with(&[]).expect("allowances");
        assert_eq!((of_environment.per_minute, of_environment.others.len()), (60, 1));
        assert_eq!(of_environment.budgets.person, Some(MicroDollars(2_000_000)));
        let set = [("MCP_RATE_LIMIT", "90"), ("MCP_RATE_LIMITS", "none"), ("MCP_BUDGET_PERSON", "none")];
        let of_page = with(&set).expect("allowances");
        assert_eq!((of_page.per_minute, of_page.others.len(), of_page.budgets.person), (90, 0, None));
    }

    #[test]
    fn what_cannot_be_used_is_told_with_its_name() {
        let wrong = |name: &'static str, text: &str| with(&[(name, text)]).expect_err(name).variable;
        assert_eq!(wrong("MCP_RATE_LIMIT", "0"), "MCP_RATE_LIMIT");
        assert_eq!(wrong("MCP_MODEL_PRICE_OTHERS", "none"), "MCP_MODEL_PRICE_OTHERS");
        assert_eq!(wrong("MCP_MODEL_CALLS_AT_ONCE", "0"), "MCP_MODEL_CALLS_AT_ONCE");
        assert_eq!(wrong("PATCHLINE_ADDR", "0.0.0.0:1"), "settings");
    }
}
