//! Currencies on a statement: the entered rates that lines were converted with, lines that nobody has entered a rate for,
//! and the form for it.

use super::statement::day;
use crate::api::error::AppError;
use crate::components::format::grouped;
use crate::components::permitted::may;
use crate::components::state::ErrorState;
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::exchange_rate::{ExchangeRate, ExchangeRateForm};
use crate::model::royalties::{AccountStatement, UnconvertedView};
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

/// Given by the web layer as context when the form came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedRate {
    /// Why.
    pub error: AppError,
    /// What was typed.
    pub typed: ExchangeRateForm,
}

/// The fields of the form: name, what people call it, its kind, and an example.
const FIELDS: [(&str, &str, &str, &str); 6] = [
    ("from", "Currency of the report", "text", "EUR"),
    ("to", "Currency of the account", "text", "USD"),
    ("month", "Month of use", "text", "2026-09"),
    ("rate", "What a unit was worth", "text", "1.085"),
    ("source", "Where the rate was read", "text", "European Central Bank, monthly average"),
    ("asOf", "Day of the source", "date", ""),
];

fn value<'a>(form: &'a ExchangeRateForm, field: &str) -> &'a str {
    match field {
        "from" => &form.from,
        "to" => &form.to,
        "month" => &form.month,
        "rate" => &form.rate,
        "source" => &form.source,
        _ => &form.as_of,
    }
}

/// What the currencies of a statement rest on. Nothing is shown where all is in the account's own.
#[component]
pub fn Currencies(
    /// Where the form leads, with the days and terms of the statement.
    action: String,
    /// The statement.
    statement: AccountStatement,
    /// Why the form came to nothing, if it did.
    failed: Option<FailedRate>,
) -> impl IntoView {
    let may_enter = may("set_exchange_rate");
    let AccountStatement { closing, unconverted, exchange_rates, .. } = statement;
    if unconverted.is_empty() && exchange_rates.is_empty() && failed.is_none() {
        return ().into_any();
    }
    let form = may_enter.then(|| {
        let first = unconverted.first();
        let proposed = || ExchangeRateForm {
            from: first.map(|left| left.currency.clone()).unwrap_or_default(),
            to: closing.currency.clone(),
            month: first.map(|left| left.month.clone()).unwrap_or_default(),
            ..ExchangeRateForm::default()
        };
        let typed = failed.as_ref().map_or_else(proposed, |failed| failed.typed.clone());
        let error = failed.as_ref().map(|failed| failed.error.clone());
        view! { <RateForm action=action form=typed error=error /> }
    });
    view! {
        <section class="panel" aria-labelledby="currencies">
            <h2 id="currencies">"Other currencies"</h2>
            <p class="muted">
                "Lines of imported statements in another currency are converted with the rate that was entered for their month of use. Without one they are in no sum."
            </p>
            <NotConverted lines=unconverted />
            <Rates rates=exchange_rates />
            {form}
        </section>
    }
    .into_any()
}

#[component]
fn NotConverted(lines: Vec<UnconvertedView>) -> impl IntoView {
    let row = |left: UnconvertedView| {
        let amount = left.amount.map_or_else(|| "Too large to write down".to_owned(), |money| money.text);
        view! {
            <tr>
                <th scope="row">{left.month}</th>
                <td>{left.text}</td>
                <td>{day(&left.received_on)}</td>
                <td class="number">{grouped(left.lines)}</td>
                <td class="number">{amount}</td>
            </tr>
        }
    };
    (!lines.is_empty()).then(|| {
        view! {
            <h3>"In no sum"</h3>
            <ScrollingTable
                label="Lines that are not converted"
                columns=vec![words("Month of use"), words("Why"), words("Reported"), numbers("Lines"), numbers("Amount")]
            >
                {lines.into_iter().map(row).collect_view()}
            </ScrollingTable>
        }
    })
}

#[component]
fn Rates(rates: Vec<ExchangeRate>) -> impl IntoView {
    let row = |rate: ExchangeRate| {
        let worth = format!("{} {}", rate.to, rate.text());
        view! {
            <tr>
                <th scope="row">{format!("{} in {}", rate.from, rate.month)}</th>
                <td class="number">{worth}</td>
                <td>{rate.source}</td>
                <td>{day(&rate.as_of.to_string())}</td>
                <td>{rate.entered_by}</td>
            </tr>
        }
    };
    (!rates.is_empty()).then(|| {
        view! {
            <h3>"Converted with"</h3>
            <ScrollingTable
                label="Exchange rates of the statement"
                columns=vec![words("Currency"), numbers("A unit was worth"), words("Source"), words("Of"), words("Entered by")]
            >
                {rates.into_iter().map(row).collect_view()}
            </ScrollingTable>
        }
    })
}

#[component]
fn RateForm(action: String, form: ExchangeRateForm, error: Option<AppError>) -> impl IntoView {
    let wrong = error.as_ref().map(|error| error.fields.clone()).unwrap_or_default();
    let fields = FIELDS.map(|(name, label, kind, example)| {
        let text = value(&form, name).to_owned();
        let problem = wrong.iter().find(|wrong| wrong.field == name).map(|wrong| wrong.message.clone());
        let is_wrong = problem.is_some().then_some("true");
        let problem_id = format!("rate-{name}-problem");
        let described = problem.is_some().then(|| problem_id.clone());
        view! {
            <label class="select-field">
                <span>{label}</span>
                <input
                    type=kind
                    name=name
                    value=text
                    placeholder=example
                    required
                    aria-invalid=is_wrong
                    aria-describedby=described
                />
                {problem.map(|problem| view! { <span class="field-problem" id=problem_id>{problem}</span> })}
            </label>
        }
    });
    view! {
        <h3>"Enter a rate"</h3>
        {error.map(|error| view! { <ErrorState error=error /> })}
        <form class="list-form" method="post" action=action aria-label="Enter an exchange rate">
            {fields.collect_view()}
            <button type="submit" class="button">
                "Keep this rate"
            </button>
        </form>
    }
}
