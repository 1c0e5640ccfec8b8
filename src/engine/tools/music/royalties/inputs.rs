//! The lines that a statement was worked out from, so that each of its sums can be checked by whoever doubts it.

use super::account::received;
use super::ledger::Line;
use super::tool::{CalculateRoyalties, Gathered, RoyaltiesInput};
use super::views::Money;
use crate::engine::catalog::Catalog;
use crate::engine::tools::{Class, Context, Effect, Operation, Subject, ToolError};
use crate::model::identifier::ArtistId;
use crate::model::royalties::{StatementInput, StatementInputs};
use crate::model::tool::AwsResource;
use serde::Serialize;

/// Whose lines, of which days; narrowed to a month of use and a day of receipt where they are named.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StatementInputsQuestion {
    /// The statement whose lines they are.
    pub statement: RoyaltiesInput,
    /// The month of use.
    pub month: Option<String>,
    /// The day on which the report came.
    pub received: Option<String>,
}

/// The lines of a statement.
pub struct ViewStatementInputs;

impl Operation for ViewStatementInputs {
    const NAME: &'static str = "view_statement_inputs";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = StatementInputsQuestion;
    type Output = StatementInputs;

    fn resources(input: &StatementInputsQuestion, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        CalculateRoyalties::resources(&input.statement, catalog)
    }

    fn subject(input: &StatementInputsQuestion) -> Subject {
        CalculateRoyalties::subject(&input.statement)
    }

    async fn run(input: StatementInputsQuestion, context: Context) -> Result<StatementInputs, ToolError> {
        let named = input.statement.artist_id.as_deref().unwrap_or_default();
        let artist: ArtistId =
            named.parse().map_err(|error| ToolError::field("artistId", format!("{error}")))?;
        let gathered = Gathered::of(&artist, &context.catalog).await?;
        let booked = gathered.booked(&input.statement)?;
        let is_asked_for = |line: &&Line| {
            input.month.as_ref().is_none_or(|month| line.period == *month)
                && input.received.as_ref().is_none_or(|day| line.received_on.to_string() == *day)
        };
        // What is released of a month was received on any day up to the last, also before the first.
        let is_of_month = input.month.is_some() && input.received.is_none();
        let lines: Vec<&Line> = if is_of_month {
            booked.lines.iter().filter(|line| line.received_on <= booked.to).collect()
        } else {
            booked.within().collect()
        };
        let mut found: Vec<&Line> = lines.into_iter().filter(is_asked_for).collect();
        found.sort_by(|a, b| (&a.period, &a.report, a.id).cmp(&(&b.period, &b.report, b.id)));
        let first = found.iter().map(|line| line.received_on).fold(booked.from, Ord::min);
        let amounts = found.iter().filter_map(|line| received(line));
        let total = amounts.fold(0_i64, i64::saturating_add);
        let titles = gathered.titles();
        let currency = &gathered.account.currency;
        let line = |line: &Line| StatementInput {
            id: line.id,
            report: line.report.clone(),
            import_id: line.import_id.clone(),
            received_on: line.received_on.to_string(),
            month: line.period.clone(),
            store: line.platform.clone(),
            channel: line.channel.clone(),
            rule: booked.rule(line),
            territory: line.territory.clone(),
            isrc: line.isrc.clone(),
            title: titles.get(line.isrc.as_str()).map(|title| (*title).to_owned()),
            quantity: line.quantity,
            reported: line.amount,
            reported_currency: line.currency.clone(),
            rate_micros: line.rate_micros,
            rate_source: line.rate_source.clone(),
            received: received(line).map(|minor| Money::new(minor, currency)),
        };
        Ok(StatementInputs {
            count: found.len() as u64,
            received: booked.money(total),
            source: gathered.source(first, booked.to),
            lines: found.into_iter().map(line).collect(),
        })
    }
}
