//! Policies as Cedar reads them, for people to read.

use crate::model::policy::CedarPolicy;
use leptos::prelude::*;

/// Some policies.
#[component]
pub fn CedarTexts(
    /// Each with its name.
    policies: Vec<CedarPolicy>,
    /// Which of the page's texts they are, as part of each one's label.
    standing: &'static str,
) -> impl IntoView {
    let policy = |policy: CedarPolicy| {
        let label = format!("The policy {} in Cedar, {standing}", policy.name);
        view! {
            <h3>
                <code>{policy.name}</code>
            </h3>
            <pre class="policy-cedar" tabindex="0" role="region" aria-label=label>{policy.text}</pre>
        }
    };
    policies.into_iter().map(policy).collect_view()
}

/// All that hold, folded away.
#[component]
pub fn Cedar(
    /// Each with its name.
    policies: Vec<CedarPolicy>,
) -> impl IntoView {
    view! {
        <details class="panel">
            <summary>"The policies in Cedar"</summary>
            <CedarTexts policies=policies standing="as it holds" />
        </details>
    }
}
