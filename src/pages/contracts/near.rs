//! Contracts whose notice date is near, as a panel of other pages.

use super::list::PATH;
use crate::api::contracts::browse_contracts;
use crate::components::date::{Day, FromToday};
use crate::components::format::counted;
use crate::components::state::FailedBeside;
use crate::model::contract::{ContractQuery, ContractRow, ContractTerms, NOTICE_AHEAD};
use leptos::prelude::*;

/// The most that are shown.
const MOST: usize = 5;

/// The nearest notice dates; nothing where there is none.
#[component]
pub fn NoticeDates() -> impl IntoView {
    let query = ContractQuery { notice_soon: true, page: 1, ..ContractQuery::default() };
    let contracts = Resource::new(move || query.clone(), browse_contracts);
    let again = Callback::new(move |()| contracts.refetch());
    view! {
        <Transition>
            {move || Suspend::new(async move {
                match contracts.await {
                    Ok(list) if list.rows.is_empty() => ().into_any(),
                    Ok(list) => view! { <Panel rows=list.rows notices=list.notices /> }.into_any(),
                    Err(error) => view! { <FailedBeside error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Panel(rows: Vec<ContractRow>, notices: u32) -> impl IntoView {
    let lines = rows.into_iter().take(MOST).map(|row| {
        let notice = row.terms.as_ref().and_then(ContractTerms::notice_on);
        let day = notice.map(|date| {
            view! {
                <Day date=date />
                " "
                <FromToday date=date />
            }
        });
        view! {
            <li>
                <a href=format!("{PATH}/{}", row.id)>{row.file_name}</a>
                " "
                {day}
            </li>
        }
    });
    let all = format!("{} in the next {NOTICE_AHEAD} days", counted(notices.into(), "notice date"));
    view! {
        <section class="panel" aria-labelledby="notice-dates">
            <h2 id="notice-dates">"Contracts: notice until"</h2>
            <ul class="lines">{lines.collect_view()}</ul>
            <p>
                <a href=format!("{PATH}?notice=soon")>{all}</a>
            </p>
        </section>
    }
}
