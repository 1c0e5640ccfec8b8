//! The list of contracts and the page of one.

use super::error::AppError;
use crate::model::contract::{ContractDetail, ContractList, ContractQuery};
use leptos::prelude::*;

/// One page of the list.
///
/// # Errors
/// When the bucket cannot be listed.
#[server(prefix = "/fn", endpoint = "contracts", input = leptos::server_fn::codec::Json)]
pub async fn browse_contracts(query: ContractQuery) -> Result<ContractList, AppError> {
    use crate::engine::tools::views::BrowseContracts;
    super::caller::caller()?.call::<BrowseContracts>(query).await
}

/// All that the page of a contract shows.
///
/// # Errors
/// `NotFound` when there is no such contract.
#[server(prefix = "/fn", endpoint = "contract", input = leptos::server_fn::codec::GetUrl)]
pub async fn view_contract(file_name: String) -> Result<ContractDetail, AppError> {
    use crate::engine::tools::views::{ContractInput, ViewContract};
    super::caller::caller()?.call::<ViewContract>(ContractInput { file_name }).await
}
