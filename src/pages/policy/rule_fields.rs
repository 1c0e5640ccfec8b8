//! The form of a rule, with the fields that its subject needs.

use super::address::{FORM_ACTION, PATH};
use super::fields::{Wrong, checkbox, radio};
use crate::components::text_area::as_content;
use crate::model::policy::PlaceKind;
use crate::model::role::Role;
use crate::model::rule_form::{About, NONE, ONLY, RuleForm, SUPERVISOR, UNITS, Window};
use leptos::prelude::*;

const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];

/// The fewest lines for hours.
const LINES: usize = 3;

/// What the form has to know of the policy.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// The version that is shown.
    pub version: u32,
    /// The tools that rules may name.
    pub tools: Vec<String>,
    /// The time zone by whose clock hours are meant.
    pub time_zone: String,
    /// The day and the time there.
    pub clock: String,
    /// From where the viewer comes.
    pub viewer_address: Option<String>,
}

/// The form.
#[component]
pub fn RuleFields(
    /// What stands in it.
    form: RuleForm,
    /// What is wrong with it.
    wrong: Wrong,
    /// What it has to know.
    surroundings: Surroundings,
) -> impl IntoView {
    let title = if form.replaces.is_empty() {
        format!("A new rule: {}", form.about.title())
    } else {
        format!("Change the rule {}", form.replaces)
    };
    let says = match form.about {
        About::Tools => tools(&form, &wrong, &surroundings).into_any(),
        About::Places => places(&form, &wrong).into_any(),
        About::Files => files(&form, &wrong).into_any(),
        About::Size => size(&form, &wrong).into_any(),
        About::Networks => networks(&form, &wrong, &surroundings).into_any(),
        About::Hours => hours(&form, &wrong, &surroundings).into_any(),
    };
    view! {
        <section class="panel" id="policy-rule" aria-labelledby="policy-rule-title">
            <h2 id="policy-rule-title">{title}</h2>
            <form class="policy-form" method="post" action=FORM_ACTION aria-label="A rule">
                <input type="hidden" name="what" value="rule" />
                <input type="hidden" name="step" value="preview" />
                <input type="hidden" name="expected" value=surroundings.version.to_string() />
                <input type="hidden" name="replaces" value=form.replaces.clone() />
                <input type="hidden" name="about" value=form.about.id() />
                {name(&form, &wrong)}
                {says}
                {whom(&form, &wrong)}
                {how(&form)}
                <div class="policy-actions">
                    <button type="submit" class="button is-primary">
                        "Show what changes"
                    </button>
                    <a class="button" href=PATH rel="external">
                        "Leave it"
                    </a>
                </div>
            </form>
        </section>
    }
}

fn name(form: &RuleForm, wrong: &Wrong) -> impl IntoView + use<> {
    view! {
        <div class="field">
            <label for="rule-id">"Name"</label>
            <input
                id="rule-id"
                type="text"
                name="id"
                value=form.id.clone()
                maxlength="64"
                autocomplete="off"
                spellcheck="false"
                required
                aria-describedby=wrong.described("id", "rule-id-help")
                aria-invalid=wrong.flag("id")
            />
            <p class="field-help" id="rule-id-help">
                "Small letters, digits and hyphens, such as no-uploads. Records name the rule by it."
            </p>
            {wrong.told("id")}
        </div>
    }
}

/// For whom it holds.
fn whom(form: &RuleForm, wrong: &Wrong) -> impl IntoView + use<> {
    let role = |role: Role| {
        let chosen = form.roles.iter().any(|known| known == role.id());
        checkbox("roles", role.id().to_owned(), role.title().to_owned(), chosen)
    };
    view! {
        <fieldset class="field-group" aria-describedby=wrong.described("roles", "rule-roles-help")>
            <legend>"For whom"</legend>
            <div class="policy-choices">{Role::ALL.into_iter().map(role).collect_view()}</div>
            <p class="field-help" id="rule-roles-help">
                "None chosen: for everybody."
            </p>
            {wrong.told("roles")}
        </fieldset>
    }
}

/// Whether it is in force.
fn how(form: &RuleForm) -> impl IntoView + use<> {
    view! {
        <fieldset class="field-group">
            <legend>"How"</legend>
            {radio("shadow", "0", "In force: it denies, as the mode says", !form.shadow)}
            {radio("shadow", "1", "Tried: it denies nothing, and records say what it would deny", form.shadow)}
        </fieldset>
    }
}

fn effects(
    form: &RuleForm,
    wrong: &Wrong,
    choices: Vec<(&'static str, &'static str)>,
) -> impl IntoView + use<> {
    let chosen = form.effect.clone();
    let choice = move |(value, words): (&'static str, &'static str)| {
        let is_chosen = value == chosen;
        radio("effect", value, words, is_chosen)
    };
    view! {
        <fieldset class="field-group">
            <legend>"What it says"</legend>
            {choices.into_iter().map(choice).collect_view()}
            {wrong.told("effect")}
        </fieldset>
    }
}

fn tools(form: &RuleForm, wrong: &Wrong, surroundings: &Surroundings) -> impl IntoView + use<> {
    let says = effects(
        form,
        wrong,
        vec![
            (NONE, "These tools may not be used"),
            (ONLY, "Only these tools may be used"),
            (SUPERVISOR, "The supervisor may not use these tools for anybody"),
        ],
    );
    let tool = |tool: &String| {
        let words = if tool == "call_third_party_tool" {
            "every tool of third parties".to_owned()
        } else {
            tool.clone()
        };
        checkbox("tools", tool.clone(), words, form.tools.contains(tool))
    };
    let listed = surroundings.tools.iter().map(tool).collect_view();
    let is_other = |tool: &&String| !surroundings.tools.contains(tool);
    let others = form.tools.iter().filter(is_other).cloned().collect::<Vec<_>>();
    let others = [others.join("\n"), form.names.clone()];
    let others = others.into_iter().filter(|text| !text.is_empty()).collect::<Vec<_>>().join("\n");
    view! {
        {says}
        <fieldset class="field-group" aria-describedby=wrong.described("tools", "rule-tools-help")>
            <legend>"Tools"</legend>
            <p class="field-help" id="rule-tools-help">
                "A tool that is denied is in no list of whoever it is denied to, AI clients included."
            </p>
            <div class="policy-choices policy-tools">{listed}</div>
            {wrong.told("tools")}
        </fieldset>
        {lines("Single tools of third parties", "By their names, one a line.", others, wrong)}
    }
}

fn places(form: &RuleForm, wrong: &Wrong) -> impl IntoView + use<> {
    let option = |kind: PlaceKind| {
        let selected = kind.id() == form.place;
        view! {
            <option value=kind.id() selected=selected>
                {kind.title()}
            </option>
        }
    };
    let kinds = PlaceKind::ALL.into_iter().map(option).collect_view();
    let choices = vec![(ONLY, "No others may be used than these"), (NONE, "These may not be used")];
    view! {
        <div class="field">
            <label for="rule-place">"Of which kind"</label>
            <select id="rule-place" name="place" aria-invalid=wrong.flag("place")>
                {kinds}
            </select>
            {wrong.told("place")}
        </div>
        {effects(form, wrong, choices)}
        {lines(
            "Names",
            "One a line, such as patchline-audio; * stands for anything. The lists of the environment hold besides.",
            form.names.clone(),
            wrong,
        )}
    }
}

fn files(form: &RuleForm, wrong: &Wrong) -> impl IntoView + use<> {
    let help = "One a line, such as masters/*; * stands for anything. Files of other names may not be used.";
    view! {
        <input type="hidden" name="effect" value=ONLY />
        {lines("Names of files", help, form.names.clone(), wrong)}
    }
}

fn size(form: &RuleForm, wrong: &Wrong) -> impl IntoView + use<> {
    let option = |(unit, _): (&'static str, u64)| {
        let selected = unit == form.unit;
        view! {
            <option value=unit selected=selected>
                {unit}
            </option>
        }
    };
    let units = UNITS.into_iter().map(option).collect_view();
    view! {
        <input type="hidden" name="effect" value=ONLY />
        <div class="field">
            <label for="rule-amount">"At most"</label>
            <div class="policy-actions">
                <input
                    id="rule-amount"
                    type="number"
                    name="amount"
                    value=form.amount.clone()
                    min="0"
                    required
                    aria-describedby=wrong.described("amount", "rule-amount-help")
                    aria-invalid=wrong.flag("amount")
                />
                <select name="unit" aria-label="Unit">
                    {units}
                </select>
            </div>
            <p class="field-help" id="rule-amount-help">
                "A file whose size is not announced counts as too large."
            </p>
            {wrong.told("amount")}
            {wrong.told("unit")}
        </div>
    }
}

fn networks(form: &RuleForm, wrong: &Wrong, surroundings: &Surroundings) -> impl IntoView + use<> {
    let choices = vec![(ONLY, "Calls come from these only"), (NONE, "No calls come from these")];
    let own = surroundings.viewer_address.as_deref().unwrap_or("not known");
    let help = format!(
        "One a line, such as 10.0.0.0/8 or 192.0.2.7. Your own address is {own}: a rule that shuts you out is refused."
    );
    view! {
        {effects(form, wrong, choices)}
        {lines("Networks", &help, form.names.clone(), wrong)}
    }
}

fn hours(form: &RuleForm, wrong: &Wrong, surroundings: &Surroundings) -> impl IntoView + use<> {
    let Surroundings { time_zone, clock, .. } = surroundings;
    let help = format!(
        "Calls are made within these hours only; administration at any time. By the clock of {time_zone} (MCP_TIMEZONE), where it is {clock} now. 00:00 as the end is midnight; an end before the beginning is on the day after."
    );
    let wanted = LINES.max(form.windows.len() + 1);
    let mut windows = form.windows.clone();
    windows.resize(wanted, Window::default());
    let lines = windows.into_iter().enumerate().map(|(index, window)| line(index + 1, window)).collect_view();
    view! {
        <input type="hidden" name="effect" value=ONLY />
        <fieldset class="field-group" aria-describedby=wrong.described("hours", "rule-hours-help")>
            <legend>"Hours"</legend>
            <p class="field-help" id="rule-hours-help">
                {help}
            </p>
            {lines}
            {wrong.told("hours")}
        </fieldset>
    }
}

fn line(number: usize, window: Window) -> impl IntoView {
    let Window { first, last, from, to } = window;
    let label = move |what: &str| format!("Line {number}: {what}");
    view! {
        <div class="policy-window">
            {day("first", label("first day"), "–", &first)}
            <span>"to"</span>
            {day("last", label("last day"), "the same day", &last)}
            <input type="time" name="from" value=from aria-label=label("from") />
            <span>"until"</span>
            <input type="time" name="to" value=to aria-label=label("until") />
        </div>
    }
}

fn day(name: &'static str, label: String, none: &'static str, chosen: &str) -> impl IntoView + use<> {
    let chosen = chosen.to_owned();
    let option = move |day: &'static str| {
        let selected = day == chosen;
        view! {
            <option value=day selected=selected>
                {day}
            </option>
        }
    };
    view! {
        <select name=name aria-label=label>
            <option value="">{none}</option>
            {DAYS.into_iter().map(option).collect_view()}
        </select>
    }
}

fn lines(label: &'static str, help: &str, text: String, wrong: &Wrong) -> impl IntoView + use<> {
    let help = help.to_owned();
    view! {
        <div class="field">
            <label for="rule-names">{label}</label>
            <textarea
                id="rule-names"
                name="names"
                class="code"
                rows="4"
                autocomplete="off"
                spellcheck="false"
                aria-describedby=wrong.described("names", "rule-names-help")
                aria-invalid=wrong.flag("names")
                inner_html=as_content(&text)
            ></textarea>
            <p class="field-help" id="rule-names-help">
                {help}
            </p>
            {wrong.told("names")}
        </div>
    }
}
