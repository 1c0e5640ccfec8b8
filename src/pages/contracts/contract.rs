//! The page of one contract: what it says, its versions, and its text by pages.

use super::terms::{Proposals, Terms, TermsFields};
use crate::api::contracts::view_contract;
use crate::api::error::{AppError, ErrorKind};
use crate::components::badge::SampleBadge;
use crate::components::breadcrumbs::Breadcrumbs;
use crate::components::date::Moment;
use crate::components::format::grouped;
use crate::components::page_heading::PageHeading;
use crate::components::permitted::may;
use crate::components::state::{ErrorState, FailedPage, Skeleton, answer_with_status};
use crate::model::contract::{ContractDetail, ContractPage, ContractVersion, TermsForm, file_of};
use leptos::prelude::*;
use leptos_router::hooks::use_params_map;
use serde::{Deserialize, Serialize};

/// Given by the web layer as context when the form came to nothing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FailedTerms {
    /// Why.
    pub error: AppError,
    /// What was typed, where that could be read.
    pub typed: Option<TermsForm>,
}

/// What the page is opened with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Opening {
    contract: ContractDetail,
    failed: Option<FailedTerms>,
}

async fn open(id: String, failed: Option<FailedTerms>) -> Result<Opening, AppError> {
    let Some(file_name) = file_of(&id) else {
        let remedy = "Look for it in the list of contracts.";
        return Err(AppError::new(ErrorKind::NotFound, "There is no such contract.", remedy));
    };
    let contract = match view_contract(file_name).await {
        Ok(contract) => contract,
        // Why the form came to nothing tells more.
        Err(error) => return Err(failed.map_or(error, |failed| failed.error)),
    };
    if let Some(FailedTerms { error, .. }) = &failed {
        answer_with_status(error);
    }
    Ok(Opening { contract, failed })
}

/// One contract.
#[component]
pub fn ContractPageView() -> impl IntoView {
    let params = use_params_map();
    let id = Memo::new(move |_| params.with(|params| params.get("id").unwrap_or_default()));
    let failed = use_context::<FailedTerms>();
    let contract = Resource::new(move || id.get(), move |id| open(id, failed.clone()));
    let again = Callback::new(move |()| contract.refetch());
    view! {
        <Transition fallback=|| view! { <Skeleton what="the contract" lines=12 /> }>
            {move || Suspend::new(async move {
                match contract.await {
                    Ok(opening) => view! { <Detail opening=opening /> }.into_any(),
                    Err(error) => view! { <FailedPage error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Detail(opening: Opening) -> impl IntoView {
    let Opening { contract, failed } = opening;
    let may_enter = may("set_contract_terms");
    let title = contract.file_name.rsplit('/').next().unwrap_or_default().to_owned();
    let (error, typed) = failed.map(|failed| (failed.error, failed.typed)).unzip();
    let form = may_enter.then(|| {
        let form = typed
            .flatten()
            .unwrap_or_else(|| TermsForm::of(&contract.terms.clone().unwrap_or_default(), contract.version));
        let wrong = error.as_ref().map(|error| error.fields.clone()).unwrap_or_default();
        let action = format!("/contracts/{}", contract.id);
        view! { <TermsFields form=form wrong=wrong action=action is_open=error.is_some() /> }
    });
    let proposals = may_enter.then(|| view! { <Proposals proposals=contract.proposals.clone() /> });
    view! {
        <Breadcrumbs above=vec![("Contracts", "/contracts")] here=title.clone() />
        <PageHeading title=title>
            {contract.sample.then(|| view! { <SampleBadge /> })}
            <a class="button" href=contract.url.clone() rel="external">
                "Open the document"
            </a>
        </PageHeading>
        {error.clone().map(|error| view! { <ErrorState error=error /> })}
        <section class="panel" aria-labelledby="terms">
            <h2 id="terms">"What it says"</h2>
            <Terms
                terms=contract.terms.clone()
                artist=contract.artist.clone()
                changed=contract.changed.clone()
                as_of=contract.as_of
            />
            {form}
            {proposals}
        </section>
        <Versions versions=contract.versions />
        <Text pages=contract.pages unread=contract.unread />
    }
}

#[component]
fn Versions(versions: Vec<ContractVersion>) -> impl IntoView {
    let rows = versions.into_iter().map(|version| {
        view! {
            <tr>
                <th scope="row">
                    <a href=version.url rel="external">
                        {version.stored_at.map(|at| view! { <Moment rfc3339=at /> })}
                    </a>
                </th>
                <td class="number">{grouped(version.size_bytes)} " bytes"</td>
                <td>{version.is_newest.then_some("Newest")}</td>
            </tr>
        }
    });
    view! {
        <section class="panel is-flush" aria-labelledby="versions">
            <h2 id="versions">"Versions"</h2>
            <div class="table-scroll" tabindex="0" role="region" aria-label="Versions of the contract">
                <table class="list">
                    <thead>
                        <tr>
                            <th scope="col">"Stored"</th>
                            <th scope="col" class="number">
                                "Size"
                            </th>
                            <th scope="col">"State"</th>
                        </tr>
                    </thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        </section>
    }
}

#[component]
fn Text(pages: Vec<ContractPage>, unread: Option<String>) -> impl IntoView {
    let pages = pages.into_iter().map(|page| {
        let heading = page
            .number
            .map(|number| view! { <h3 id=format!("page-{number}")>{format!("Page {number}")}</h3> });
        view! {
            {heading}
            <div class="contract-text">{page.text}</div>
        }
    });
    view! {
        <section class="panel" aria-labelledby="text">
            <h2 id="text">"Text"</h2>
            {unread.map(|why| view! { <p>{format!("The text cannot be shown: {why}.")}</p> })}
            {pages.collect_view()}
        </section>
    }
}
