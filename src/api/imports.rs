//! Imports of exports and statements. They are brought and decided about by forms, which work without JavaScript, too.

use super::error::AppError;
use crate::model::import::{ImportList, ImportView};
use leptos::prelude::*;

/// The newest imports, the exports that are known, and how fresh each source is.
///
/// # Errors
/// `Forbidden` for whoever may import nothing.
#[server(prefix = "/fn", endpoint = "imports", input = leptos::server_fn::codec::GetUrl)]
pub async fn all_imports() -> Result<ImportList, AppError> {
    use crate::engine::imports::ListImports;
    let caller = super::caller::caller()?;
    let source = caller.engine.imports.source_name();
    let list = caller.call::<ListImports>(()).await?;
    Ok(ImportList { source, ..list })
}

/// An import, as it is now.
///
/// # Errors
/// `NotFound` where there is none of this id.
#[server(prefix = "/fn", endpoint = "import", input = leptos::server_fn::codec::GetUrl)]
pub async fn one_import(id: String) -> Result<ImportView, AppError> {
    use crate::engine::imports::ViewImport;
    super::caller::caller()?.call::<ViewImport>(id).await
}
