//! Key figures and changes.

use super::format::signed_percent;
use super::icon::{Glyph, Icon, write_icon};
use super::markup::Markup;
use leptos::prelude::*;

/// A row of key figures, like the strips of a console.
#[component]
pub fn KpiRow(children: Children) -> impl IntoView {
    view! { <dl class="kpis">{children()}</dl> }
}

/// One key figure.
#[component]
pub fn Kpi(
    /// What it counts.
    #[prop(into)]
    label: String,
    /// The figure, formatted.
    #[prop(into)]
    value: String,
    /// The exact figure where `value` is rounded; shown on hover.
    #[prop(optional, into)]
    exact: Option<String>,
    /// What stands below it: a change, a definition.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    view! {
        <div class="kpi">
            <dt>{label}</dt>
            <dd class="kpi-value" title=exact>
                {value}
            </dd>
            {children.map(|children| view! { <dd class="kpi-note">{children()}</dd> })}
        </div>
    }
}

/// Shown where there is nothing to compare with.
const NO_PERIOD_BEFORE: &str = "There is no full period before to compare with";

/// A relative change: arrow, sign, colour. Says so where there is nothing to compare with.
#[component]
pub fn Change(
    /// The change, 0.1 for +10 %.
    change: Option<f64>,
) -> impl IntoView {
    let Some(change) = change else {
        return view! {
            <span class="change tone-quiet" title=NO_PERIOD_BEFORE>
                "–"
                <span class="visually-hidden">"no comparison"</span>
            </span>
        }
        .into_any();
    };
    let (text, glyph, tone) = direction(change);
    view! {
        <span class=format!("change {tone}")>
            <Icon glyph=glyph />
            {text}
        </span>
    }
    .into_any()
}

/// The same as [`Change`], as text.
pub(crate) fn write_change(markup: &mut Markup, change: Option<f64>) {
    let Some(change) = change else {
        markup
            .html(r#"<span class="change tone-quiet" title=""#)
            .html(NO_PERIOD_BEFORE)
            .html(r#"">–<span class="visually-hidden">no comparison</span></span>"#);
        return;
    };
    let (text, glyph, tone) = direction(change);
    markup.html(r#"<span class="change "#).html(tone).html(r#"">"#);
    write_icon(markup, glyph);
    markup.text(&text).html("</span>");
}

fn direction(change: f64) -> (String, Glyph, &'static str) {
    let text = signed_percent(change);
    let (glyph, tone) = match text.chars().next() {
        Some('+') => (Glyph::Rise, "tone-good"),
        Some('\u{2212}') => (Glyph::Fall, "tone-bad"),
        _ => (Glyph::Level, "tone-quiet"),
    };
    (text, glyph, tone)
}
