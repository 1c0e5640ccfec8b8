//! Statements of royalties.

use super::error::AppError;
use crate::model::royalties::{StatementQuestion, StatementSheet};
use leptos::prelude::*;

/// How many lines of reports a page shows. The file has all.
#[cfg(feature = "ssr")]
const SHOWN: usize = 500;

/// The statement of an artist, the same with other terms, and the lines of a month where they are asked for.
///
/// # Errors
/// `NotFound` when there is no such artist, `Invalid` when a day, rate or advance cannot be read.
#[server(prefix = "/fn", endpoint = "statement", input = leptos::server_fn::codec::Json)]
pub async fn read_statement(question: StatementQuestion) -> Result<StatementSheet, AppError> {
    use crate::engine::tools::music::royalties::{StatementInputsQuestion, ViewStatementInputs};
    use crate::engine::tools::views::{ViewArtist, ViewRoyalties};
    super::caller::caller()?.call::<ViewArtist>(question.artist_id.clone()).await?;
    let asked = asked(&question, None);
    let mut answer = match super::caller::caller()?.call_if_there::<ViewRoyalties>(asked.clone()).await? {
        Ok(answer) => answer,
        Err(reason) => return Ok(StatementSheet { answer: None, reason: Some(reason), inputs: None }),
    };
    let currency = answer.statement.as_ref().map_or("", |statement| statement.closing.currency.as_str());
    let other = terms(&question, currency)?;
    if other.rate.is_some() || other.advance.is_some() {
        let asked = self::asked(&question, Some(other));
        answer = super::caller::caller()?.call::<ViewRoyalties>(asked).await?;
    }
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    let inputs = match given(&question.month) {
        None => None,
        Some(month) => {
            let lines = StatementInputsQuestion {
                statement: asked,
                month: Some(month),
                received: given(&question.received),
            };
            let mut found = super::caller::caller()?.call::<ViewStatementInputs>(lines).await?;
            found.lines.truncate(SHOWN);
            Some(found)
        }
    };
    Ok(StatementSheet { answer: Some(answer), reason: None, inputs })
}

#[cfg(feature = "ssr")]
fn asked(
    question: &StatementQuestion,
    what_if: Option<crate::engine::tools::music::royalties::WhatIf>,
) -> crate::engine::tools::music::royalties::RoyaltiesInput {
    let given = |text: &String| (!text.is_empty()).then(|| text.clone());
    crate::engine::tools::music::royalties::RoyaltiesInput {
        artist_id: Some(question.artist_id.to_string()),
        from: given(&question.from),
        to: given(&question.to),
        what_if,
        mechanicals: None,
    }
}

/// The terms that are tried: percent as basis points, an advance in minor units of the account's currency. Neither
/// is ever a floating-point number.
#[cfg(feature = "ssr")]
fn terms(
    question: &StatementQuestion,
    currency: &str,
) -> Result<crate::engine::tools::music::royalties::WhatIf, AppError> {
    use super::error::{ErrorKind, FieldError};
    use crate::engine::tools::music::royalties::WhatIf;
    use crate::music::import::number::{Decimal, Mark};
    use crate::music::royalty::exact::{WHOLE_BASIS_POINTS, minor_digits};
    let refused = |field: &str, reason: &str| {
        let message = format!("{field} {reason}.");
        let error = AppError::new(ErrorKind::Invalid, message, "Correct it, then show the statement again.");
        AppError { fields: vec![FieldError::new(field.to_lowercase(), reason)], ..error }
    };
    let read = |text: &str, digits: u32| -> Option<i64> {
        let amount = Decimal::read(text.trim(), Some(Mark::Point)).ok()?;
        (amount.scale <= digits).then(|| amount.in_minor_units(digits)).flatten()
    };
    let rate = match question.rate.as_str() {
        "" => None,
        text => {
            // A hundredth of a percent is a basis point.
            let points = read(text, 2).and_then(|points| u32::try_from(points).ok());
            let points = points.filter(|points| *points <= WHOLE_BASIS_POINTS);
            Some(points.ok_or_else(|| refused("Rate", "is a percentage from 0 to 100, such as 12.5"))?)
        }
    };
    let advance = match question.advance.as_str() {
        "" => None,
        text => {
            const MOST: i64 = 1_000_000_000_000;
            let minor = read(text, minor_digits(currency)).filter(|minor| (0..=MOST).contains(minor));
            Some(minor.ok_or_else(|| refused("Advance", "is an amount of zero or more, such as 15000.00"))?)
        }
    };
    Ok(WhatIf { rate, advance })
}
