//! Why a model was not asked, or did not answer.

use super::payer::{Day, Payer};
use super::slot::NoSlot;
use crate::engine::catalog::CatalogError;
use crate::model::money::MicroDollars;
use jiff::Timestamp;
use std::time::Duration;

/// Why a model was not asked, or did not answer.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ModelError {
    /// A budget has not enough left.
    #[error("{}", .0.message())]
    OverBudget(Box<OverBudget>),
    /// As many calls are under way as one person may have.
    #[error("{0} calls of models are under way in your name already, which is as many as there may be.")]
    TooManyAtOnce(u32),
    /// The stores or the model could not do it.
    #[error(transparent)]
    Catalog(#[from] CatalogError),
}

/// A budget that has not enough left for a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OverBudget {
    pub(super) payer: Payer,
    pub(super) used: MicroDollars,
    /// What the call may cost.
    pub(super) wanted: MicroDollars,
    pub(super) day: Day,
    pub(super) now: Timestamp,
}

impl From<NoSlot> for ModelError {
    fn from(none: NoSlot) -> Self {
        match none {
            NoSlot::AllTaken(most) => ModelError::TooManyAtOnce(most),
            NoSlot::Catalog(error) => ModelError::Catalog(error),
        }
    }
}

impl From<OverBudget> for ModelError {
    fn from(over: OverBudget) -> Self {
        ModelError::OverBudget(Box::new(over))
    }
}

impl OverBudget {
    /// Whose budget it is, how much of it is used, and why that is not enough.
    pub fn message(&self) -> String {
        let Self { payer, used, wanted, .. } = self;
        format!(
            "{} for models has not enough left today: {used} of {} are used, or set aside for calls under way, and \
             this call may cost up to {wanted}.",
            payer.whose.in_words(),
            payer.budget
        )
    }

    /// When it begins anew.
    pub fn remedy(&self) -> String {
        format!("It begins anew on {}. An admin can raise it on the page Settings.", self.day.ends_in_words)
    }

    /// How long that is from now.
    pub fn retry_after(&self) -> Duration {
        Duration::try_from(self.day.ends.duration_since(self.now)).unwrap_or_default()
    }

    /// How much the budget is, and how much of it is left.
    pub fn figures(&self) -> (MicroDollars, MicroDollars) {
        (self.payer.budget, self.payer.budget.less(self.used))
    }
}
