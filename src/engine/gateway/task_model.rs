//! The language model of tasks, for those who plan and write: whether there is one, and what it costs.

use super::Gateway;
use crate::engine::config::{TaskModel, Tokens};
use crate::model::money::MicroDollars;

impl Gateway {
    /// The language model of tasks; none where rules plan and write alone.
    pub fn task_model(&self) -> Option<&TaskModel> {
        self.catalog.knowledge.task_model.as_ref()
    }

    /// What so many tokens of a model cost by the prices that hold.
    pub fn cost(&self, model: &str, tokens: Tokens) -> MicroDollars {
        self.spending.allowances().prices.of(model).of(tokens)
    }
}
