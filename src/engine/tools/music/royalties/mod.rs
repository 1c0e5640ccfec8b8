//! `calculate_royalties`: an artist's statement from the ledger, what another deal would give, and what is
//! owed to writers for copies; and `summarize_earnings`: the statements of all artists side by side.

mod account;
mod agreements;
mod books;
mod earnings;
mod exchange;
mod imported;
mod inputs;
mod ledger;
mod mechanicals;
mod sums;
mod tool;
mod unsettled;
mod views;

pub(in crate::engine::tools) use agreements::check as check_terms;
pub use earnings::{EarningsInput, SummarizeEarnings};
pub use exchange::SetExchangeRate;
pub use inputs::{StatementInputsQuestion, ViewStatementInputs};
pub use mechanicals::{MechanicalLine, MechanicalRates, MechanicalTrack, Mechanicals, MechanicalsInput};
pub use tool::{CalculateRoyalties, RoyaltiesInput, WhatIf};
pub use unsettled::{UnsettledLine, ViewUnsettledLines};
pub use views::{
    AccountStatement, Money, PayeeView, ReserveView, RoyaltiesAnswer, StatementLine, TrackMoney,
    UnconvertedView, Undivided, WhatIfAnswer,
};
