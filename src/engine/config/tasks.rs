//! How much one task may take: time, tokens and dollars.

use super::ConfigError;
use super::prices;
use super::table;
use super::values::{Environment, number};
use crate::model::money::MicroDollars;
use std::time::Duration;

/// How much one task may take. How many steps it may have is the same for all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TaskLimits {
    /// For how long its steps may be done; waiting for a person does not count.
    pub time: Duration,
    /// How many tokens its calls of models may read and write together; none where that is not limited.
    pub tokens: Option<u64>,
    /// What they may cost together; none where that is not limited.
    pub dollars: Option<MicroDollars>,
}

impl TaskLimits {
    pub(super) fn read(environment: &Environment<'_>) -> Result<Self, ConfigError> {
        Ok(Self {
            time: environment.required(&table::TASK_TIME, number(10_u64, 86_400)).map(Duration::from_secs)?,
            tokens: environment.required(&table::TASK_TOKENS, tokens)?,
            dollars: environment.required(&table::TASK_DOLLARS, prices::budget)?,
        })
    }
}

fn tokens(text: &str) -> Result<Option<u64>, String> {
    if text == "none" {
        return Ok(None);
    }
    number(1_u64, 1_000_000_000)(text).map(Some).map_err(|allowed| format!("{allowed}, or none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<TaskLimits, ConfigError> {
        let lookup = |name: &str| {
            let found = set.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        };
        TaskLimits::read(&Environment { lookup: &lookup })
    }

    #[test]
    fn a_task_has_limits_unless_somebody_lifts_them() {
        let usual = read(&[]).expect("the defaults");
        assert_eq!(usual.time, Duration::from_mins(15));
        assert!(usual.tokens.is_some() && usual.dollars.is_some());
        let lifted = read(&[("MCP_TASK_TOKEN_LIMIT", "none"), ("MCP_TASK_DOLLAR_LIMIT", "none")]);
        let lifted = lifted.expect("no limits");
        assert_eq!((lifted.tokens, lifted.dollars), (None, None));
        let wrong = read(&[("MCP_TASK_TIME_LIMIT", "9")]).expect_err("too short");
        assert_eq!(wrong.variable, "MCP_TASK_TIME_LIMIT");
    }
}
