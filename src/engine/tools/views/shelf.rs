//! Shelves: named things that a person keeps, one item for each person and kind in the table of settings.

use crate::engine::catalog::Counted;
use crate::engine::tools::{Context, ToolError};

/// What a person keeps of one kind, as it is stored.
pub(super) trait Shelf: Counted {
    /// One of the things.
    type Thing: Clone;

    /// How the names of its items begin.
    const SETTING: &'static str;

    /// The things that are kept.
    fn things(&mut self) -> &mut Vec<Self::Thing>;

    /// The name of one, unique on the shelf.
    fn name(thing: &Self::Thing) -> &str;

    /// Refuses more than a person may keep.
    fn check(things: &[Self::Thing]) -> Result<(), ToolError>;
}

/// What the caller keeps, by name.
pub(super) async fn list<S: Shelf>(context: &Context) -> Result<Vec<S::Thing>, ToolError> {
    let mut shelf = context.catalog.shown_setting::<S>(&setting::<S>(context)).await?.unwrap_or_default();
    Ok(std::mem::take(shelf.things()))
}

/// Keeps a thing; one of the same name is replaced.
pub(super) async fn keep<S: Shelf>(context: &Context, thing: S::Thing) -> Result<Vec<S::Thing>, ToolError> {
    change::<S>(context, |things| {
        things.retain(|kept| S::name(kept) != S::name(&thing));
        things.push(thing.clone());
        S::check(things)
    })
    .await
}

/// Removes a thing. One that is not there is as good as removed.
pub(super) async fn remove<S: Shelf>(context: &Context, name: &str) -> Result<Vec<S::Thing>, ToolError> {
    change::<S>(context, |things| {
        things.retain(|kept| S::name(kept) != name);
        Ok(())
    })
    .await
}

/// Changes what the caller keeps, also when another tab changes it at the same moment.
pub(super) async fn change<S: Shelf>(
    context: &Context,
    change: impl Fn(&mut Vec<S::Thing>) -> Result<(), ToolError>,
) -> Result<Vec<S::Thing>, ToolError> {
    let name = setting::<S>(context);
    let mut shelf = context
        .catalog
        .change_setting::<S, ToolError>(&name, |shelf| {
            let things = shelf.things();
            change(things)?;
            things.sort_by(|a, b| S::name(a).cmp(S::name(b)));
            Ok(())
        })
        .await?;
    Ok(std::mem::take(shelf.things()))
}

/// Refuses what cannot be the name of a thing, of which it is the argument `field`.
pub(super) fn check_name(field: &str, name: &str, longest: usize) -> Result<(), ToolError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > longest || name.chars().any(char::is_control) {
        return Err(ToolError::field(field, format!("a name of 1 to {longest} characters is needed")));
    }
    Ok(())
}

fn setting<S: Shelf>(context: &Context) -> String {
    format!("{}#{}", S::SETTING, context.owner)
}
