//! The page `/artists/{id}/statement`: what an artist earned, from the opening balance to what is payable, the same
//! with other terms, and the lines of reports that a sum was worked out from. All of it is in the address.

use super::exchange_rates::{Currencies, FailedRate};
use super::statement_tables::{Inputs, Movements, Payees, Recordings};
use super::unsettled::Unsettled;
use crate::api::error::{AppError, ErrorKind};
use crate::api::statements::read_statement;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::date::short_date;
use crate::components::format::counted;
use crate::components::freshness::FreshnessLine;
use crate::components::kpi::{Kpi, KpiRow};
use crate::components::page_heading::PageHeading;
use crate::components::state::{ErrorState, FailedPage, Skeleton};
use crate::components::verdict::Notes;
use crate::model::analytics::Freshness;
use crate::model::identifier::ArtistId;
use crate::model::royalties::{
    AccountStatement, RoyaltiesAnswer, StatementQuestion, StatementSheet, WhatIfAnswer,
};
use crate::pages::query_string;
use crate::pages::releases::dates::Rules;
use jiff::civil::Date;
use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map};
use serde::{Deserialize, Serialize};

/// Where the statement of an artist is.
pub(crate) fn path_of(artist_id: &str) -> String {
    format!("/artists/{artist_id}/statement")
}

/// Reads the address. What is unknown counts as not said.
fn read(artist_id: ArtistId, search: &str) -> StatementQuestion {
    let mut question = StatementQuestion {
        artist_id,
        from: String::new(),
        to: String::new(),
        month: String::new(),
        received: String::new(),
        rate: String::new(),
        advance: String::new(),
    };
    for (name, value) in query_string::fields(search) {
        let value = value.trim().to_owned();
        match name {
            "from" => question.from = value,
            "to" => question.to = value,
            "month" => question.month = value,
            "received" => question.received = value,
            "rate" => question.rate = value,
            "advance" => question.advance = value,
            _ => {}
        }
    }
    question
}

/// The address of a statement with the days and terms that are asked for in a search.
pub fn address_with(artist_id: ArtistId, search: &str) -> String {
    address(&read(artist_id, search), "", "")
}

/// Writes an address with the days and terms of a question, and the lines that are to be shown.
pub(super) fn address(question: &StatementQuestion, month: &str, received: &str) -> String {
    query_string::address(
        &path_of(question.artist_id.as_str()),
        &[
            ("from", &question.from),
            ("to", &question.to),
            ("rate", &question.rate),
            ("advance", &question.advance),
            ("month", month),
            ("received", received),
        ],
    )
}

/// Where a file of the statement is.
fn file(kind: &str, question: &StatementQuestion) -> String {
    let path = format!("/export/{kind}/{}.csv", question.artist_id);
    query_string::address(&path, &[("from", &question.from), ("to", &question.to)])
}

/// A day as people read it, or the text where it is none.
pub(super) fn day(text: &str) -> String {
    text.parse::<Date>().map_or_else(|_| text.to_owned(), short_date)
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    question: StatementQuestion,
    sheet: StatementSheet,
    failed: Option<FailedRate>,
}

async fn fetch(id: String, search: String, failed: Option<FailedRate>) -> Result<Opening, AppError> {
    let artist_id: ArtistId = id.parse().map_err(|reason| {
        AppError::new(
            ErrorKind::NotFound,
            format!("There is no such artist: {reason}."),
            "Look for the name in the list of artists.",
        )
    })?;
    let question = read(artist_id, &search);
    match read_statement(question.clone()).await {
        Ok(sheet) => Ok(Opening { question, sheet, failed }),
        // Why the form came to nothing tells more.
        Err(error) => Err(failed.map_or(error, |failed| failed.error)),
    }
}

/// The page of an artist's statement.
#[component]
pub fn StatementPage() -> impl IntoView {
    let params = use_params_map();
    let search = use_location().search;
    let asked = move || {
        let id = params.with(|params| params.get("id").unwrap_or_default());
        (id, search.get())
    };
    let failed = use_context::<FailedRate>();
    let sheet = Resource::new(asked, move |(id, search)| fetch(id, search, failed.clone()));
    let again = Callback::new(move |()| sheet.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the statement" lines=14 /> }>
            {move || Suspend::new(async move {
                match sheet.await {
                    Ok(opening) => view! { <Sheet opening=opening /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Sheet(opening: Opening) -> impl IntoView {
    let Opening { question, sheet, failed } = opening;
    let StatementSheet { answer, reason, inputs } = sheet;
    let statement = answer.as_ref().and_then(|answer| answer.statement.as_ref());
    let title = statement.map_or_else(
        || "Statement of royalties".to_owned(),
        |statement| format!("Statement of {}", statement.artist_name),
    );
    let artist = format!("/artists/{}", question.artist_id);
    let is_there = statement.is_some();
    let files = is_there.then(|| {
        view! {
            <a class="button" href=file("statements", &question) rel="external" download="">
                "CSV"
            </a>
            <a class="button" href=file("statement-lines", &question) rel="external" download="">
                "All lines as CSV"
            </a>
        }
    });
    let content = match answer {
        Some(answer) => view! { <Answer question=question.clone() answer=answer failed=failed /> }.into_any(),
        None => view! {
            {failed.map(|failed| view! { <ErrorState error=failed.error /> })}
            <section class="panel" aria-label="No statement">
                <p class="panel-empty">"There is no statement to show. " {reason.unwrap_or_default()}</p>
            </section>
        }
        .into_any(),
    };
    let asked = question.clone();
    view! {
        <Breadcrumbs above=vec![("Artists", "/artists")] here=title.clone() />
        <PageHeading title=title>
            <a class="button" href=artist>
                "Artist"
            </a>
            {files}
        </PageHeading>
        {is_there.then(|| view! { <Choice question=question /> })}
        {content}
        {inputs.map(|inputs| view! { <Inputs question=asked inputs=inputs /> })}
    }
}

/// The days, and the terms that are tried.
#[component]
fn Choice(question: StatementQuestion) -> impl IntoView {
    let StatementQuestion { artist_id, from, to, rate, advance, .. } = question;
    view! {
        <form class="list-form" method="get" action=path_of(artist_id.as_str()) aria-label="Choose days and terms">
            <label class="select-field">
                <span>"From"</span>
                <input type="date" name="from" value=from />
            </label>
            <label class="select-field">
                <span>"To"</span>
                <input type="date" name="to" value=to />
            </label>
            <label class="select-field">
                <span>"What if the rate were, %"</span>
                <input type="text" name="rate" inputmode="decimal" size="6" placeholder="18" value=rate />
            </label>
            <label class="select-field">
                <span>"and the advance"</span>
                <input type="text" name="advance" inputmode="decimal" size="10" placeholder="15000.00" value=advance />
            </label>
            <button type="submit" class="button">
                "Show"
            </button>
        </form>
    }
}

#[component]
fn Answer(question: StatementQuestion, answer: RoyaltiesAnswer, failed: Option<FailedRate>) -> impl IntoView {
    let RoyaltiesAnswer { statement, what_if, rules, as_of, source, sample, notes, .. } = answer;
    let freshness = Freshness { as_of: as_of.and_then(|day| day.parse().ok()), source, sample };
    let statement = statement.map(|statement| {
        view! { <Account question=question statement=statement what_if=what_if failed=failed /> }
    });
    view! {
        {statement}
        <section class="panel" aria-labelledby="statement-basis">
            <h2 id="statement-basis">"What it rests on"</h2>
            <Rules rules=rules />
            <Notes notes=notes />
            <FreshnessLine freshness=freshness />
        </section>
    }
}

#[component]
fn Account(
    question: StatementQuestion,
    statement: AccountStatement,
    what_if: Option<WhatIfAnswer>,
    failed: Option<FailedRate>,
) -> impl IntoView {
    let period = format!("{} to {}", day(&statement.from), day(&statement.to));
    let payees = statement.payees.clone();
    let (tracks, undivided) = (statement.tracks.clone(), statement.undivided.clone());
    let differences = statement.differences.clone();
    let held = statement.payable.text.clone();
    let action = address(&question, "", "");
    let unsettled = file("unsettled-lines", &question);
    view! {
        <Balance period=period.clone() statement=statement.clone() />
        <Differences differences=differences />
        <WhatIf answer=what_if held=held />
        <Movements question=question period=period statement=statement.clone() />
        <Unsettled file=unsettled statement=statement.clone() />
        <Currencies action=action statement=statement failed=failed />
        <Payees payees=payees undivided=undivided />
        <Recordings tracks=tracks />
    }
}

/// Where the account stands.
#[component]
fn Balance(period: String, statement: AccountStatement) -> impl IntoView {
    let before = format!("before {}", day(&statement.from));
    let advanced = format!("advanced in all: {}", statement.advance.text);
    let closing = under_payable(&statement);
    let AccountStatement { reserve, .. } = statement.clone();
    let is_held = [&reserve.before, &reserve.held, &reserve.released].iter().any(|money| money.minor != 0);
    let held = is_held.then(|| {
        let sums = format!(
            "{} before, {} held back, {} released",
            reserve.before.text, reserve.held.text, reserve.released.text
        );
        view! {
            <Kpi label="Held in reserve" value=reserve.after.text>
                {sums}
            </Kpi>
        }
    });
    view! {
        <KpiRow>
            <Kpi label="Opening balance" value=statement.opening.text>
                {before}
            </Kpi>
            <Kpi label="Royalties" value=statement.royalties.text>
                {period}
            </Kpi>
            <Kpi label="Paid out" value=statement.paid.text>
                "in the same days"
            </Kpi>
            <Kpi label="Still to be recouped" value=statement.unrecouped.text>
                {advanced}
            </Kpi>
            {held}
            <Kpi label="Payable now" value=statement.payable.text>
                {closing}
            </Kpi>
        </KpiRow>
    }
}

/// What stands under what is payable: the balance, or why nothing of it is paid.
fn under_payable(statement: &AccountStatement) -> String {
    match &statement.least_payment {
        Some(least) if statement.carried_over.minor > 0 => {
            format!(
                "{} carried over, less than the least payment of {}",
                statement.carried_over.text, least.text
            )
        }
        _ => format!("closing balance {}", statement.closing.text),
    }
}

/// Where the ledger has booked something else.
#[component]
fn Differences(differences: Vec<String>) -> impl IntoView {
    (!differences.is_empty()).then(|| {
        let title = counted(differences.len() as u64, "difference");
        view! {
            <section class="notice tone-warning" aria-label="Differences from the ledger">
                <div>
                    <p>
                        <strong>{format!("{title} between the ledger and this statement.")}</strong>
                    </p>
                    <ul>{differences.into_iter().map(|words| view! { <li>{words}</li> }).collect_view()}</ul>
                </div>
            </section>
        }
    })
}

/// The statement with other terms, in a sentence.
#[component]
fn WhatIf(answer: Option<WhatIfAnswer>, held: String) -> impl IntoView {
    answer.map(|other| {
        let sentence = format!(
            "At {} and an advance of {}, royalties would be {}, still to be recouped {}, and payable now {} instead \
             of {held} ({}).",
            percent(other.rate_basis_points),
            other.advance.text,
            other.royalties.text,
            other.unrecouped.text,
            other.payable.text,
            other.payable_change.text
        );
        view! {
            <section class="panel" aria-labelledby="what-if">
                <h2 id="what-if">"What if"</h2>
                <p>{sentence}</p>
                <p class="muted">"Nothing is booked by asking."</p>
            </section>
        }
    })
}

/// Hundredths of a percent in words: `18 %`, `12.5 %`.
pub(super) fn percent(basis_points: u32) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    if rest == 0 {
        return format!("{whole} %");
    }
    let fraction = format!("{rest:02}");
    format!("{whole}.{} %", fraction.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_keeps_the_days_when_the_lines_of_a_month_are_asked_for() {
        let artist: ArtistId = "art_1".parse().expect("an id");
        let question = read(artist, "?from=2026-01-01&rate=12.5&month=2026-08&other=1");
        assert_eq!((question.from.as_str(), question.rate.as_str()), ("2026-01-01", "12.5"));
        assert_eq!(
            address(&question, "2026-09", "2026-11-14"),
            "/artists/art_1/statement?from=2026-01-01&rate=12.5&month=2026-09&received=2026-11-14"
        );
        assert_eq!(file("statements", &question), "/export/statements/art_1.csv?from=2026-01-01");
    }

    #[test]
    fn basis_points_are_read_as_percent() {
        assert_eq!([1_800, 1_250, 5].map(percent), ["18 %", "12.5 %", "0.05 %"]);
    }
}
