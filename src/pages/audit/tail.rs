//! Follows the log live, where the address says so: new records come to the top of the list.

use super::address::Address;
use crate::components::browser;
use crate::model::audit::{AUDIT_PAGE, AuditRecord};
use leptos::prelude::*;

/// The most new records that are shown.
const MOST: usize = 4 * AUDIT_PAGE;

/// The records that come while the page is open, the newest first. None where it is not followed, and on the
/// server.
pub(super) fn follow(asked: &Address, shown: &[AuditRecord]) -> RwSignal<Vec<AuditRecord>> {
    let fresh = RwSignal::new(Vec::new());
    if !asked.follows() {
        return fresh;
    }
    let (address, shown) = (asked.events(), ids(shown));
    Effect::new(move |_| {
        let shown = shown.clone();
        let heard = move |text: String| {
            // An instance of another version may tell in another form: then the list stays as it is.
            let Ok(told) = serde_json::from_str::<Vec<AuditRecord>>(&text) else { return };
            fresh.update(|fresh| take_over(fresh, told, &shown));
        };
        // The browser connects again by itself.
        browser::listen(&address, "audit", heard, || {});
    });
    fresh
}

fn ids(records: &[AuditRecord]) -> Vec<String> {
    records.iter().map(|record| record.id.clone()).collect()
}

/// Puts what was told before the others, apart from what is shown already.
fn take_over(fresh: &mut Vec<AuditRecord>, told: Vec<AuditRecord>, shown: &[String]) {
    for record in told {
        let is_known = shown.contains(&record.id) || fresh.iter().any(|known| known.id == record.id);
        if !is_known {
            fresh.insert(0, record);
        }
    }
    fresh.truncate(MOST);
}
