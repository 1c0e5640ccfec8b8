//! Amounts as callers see them.

pub use crate::model::royalties::{
    AccountStatement, Money, PayeeView, ReserveView, RoyaltiesAnswer, StatementLine, TrackMoney,
    UnconvertedView, Undivided, WhatIfAnswer,
};
use crate::music::royalty::exact::written;

impl Money {
    /// An amount in a currency.
    pub(super) fn new(minor: i64, currency: &str) -> Self {
        Self { minor, currency: currency.to_owned(), text: written(minor, currency) }
    }
}
