//! The form of a search: log group, range, query, and what is wrong with them.

use super::address::{self, Address, OWN, RANGES};
use super::runner::Runner;
use crate::api::error::AppError;
use crate::components::format::grouped;
use crate::components::text_area::as_content;
use crate::model::log_search::LogRange;
use crate::model::logs::{LogGroupList, MAX_QUERY_LENGTH};
use leptos::ev::KeyboardEvent;
use leptos::prelude::*;

/// What stands in the form. Copies share it.
#[derive(Clone, Copy)]
pub struct QueryState {
    pub(super) group: RwSignal<String>,
    pub(super) query: RwSignal<String>,
    range: RwSignal<String>,
    from: RwSignal<String>,
    to: RwSignal<String>,
    default_group: StoredValue<String>,
}

impl QueryState {
    pub(super) fn new(asked: &Address, default_group: &str) -> Self {
        let state = Self {
            group: RwSignal::new(String::new()),
            query: RwSignal::new(String::new()),
            range: RwSignal::new(String::new()),
            from: RwSignal::new(String::new()),
            to: RwSignal::new(String::new()),
            default_group: StoredValue::new(default_group.to_owned()),
        };
        state.fill(asked);
        state
    }

    /// Puts into the form what an address says.
    pub(super) fn fill(self, asked: &Address) {
        let (from, to) = address::own_ends(&asked.range);
        self.group.set(asked.group.clone().unwrap_or_else(|| self.default_group.get_value()));
        self.query.set(asked.query.clone());
        self.range.set(address::range_id(&asked.range).to_owned());
        self.from.set(address::without_zone(from));
        self.to.set(address::without_zone(to));
    }

    /// The address that searches for what stands in the form.
    pub(super) fn address(self) -> Address {
        let range = self.range.get_untracked();
        let range = if range == OWN {
            let end = |text: RwSignal<String>| text.with_untracked(|text| address::in_utc(text));
            LogRange::Between(end(self.from), end(self.to))
        } else {
            let known = RANGES.into_iter().find(|(id, ..)| *id == range);
            known.map(|(_, range, _)| range).unwrap_or_default()
        };
        Address {
            group: Some(self.group.get_untracked()).filter(|group| !group.is_empty()),
            query: self.query.with_untracked(|query| query.trim().to_owned()),
            range,
            run: true,
            ..Address::default()
        }
    }
}

/// Whether the form itself shows an error, at the field that is wrong.
pub(super) fn belongs_to_the_form(error: &AppError) -> bool {
    let shown = ["query", "startTime", "endTime"];
    !error.fields.is_empty() && error.fields.iter().all(|wrong| shown.contains(&wrong.field.as_str()))
}

/// What is wrong with an argument.
fn message(error: Option<&AppError>, fields: &[&str]) -> Option<String> {
    let wrong = error?.fields.iter().find(|wrong| fields.contains(&wrong.field.as_str()))?;
    Some(wrong.message.clone())
}

/// The form. Sent by `GET` where there is no JavaScript.
#[component]
pub fn QueryForm(
    /// The log groups to choose from.
    groups: LogGroupList,
    /// What stands in the form.
    state: QueryState,
    /// Does the search.
    runner: Runner,
    /// Searches for what stands in the form.
    run: Callback<()>,
) -> impl IntoView {
    let on_submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        run.run(());
    };
    let on_key = move |event: KeyboardEvent| {
        if event.key() == "Enter" && (event.ctrl_key() || event.meta_key()) {
            event.prevent_default();
            run.run(());
        }
    };
    let wrong = move |fields: &'static [&'static str]| message(runner.failure().as_ref(), fields);
    let query_error = Memo::new(move |_| wrong(&["query"]));
    let range_error = Memo::new(move |_| wrong(&["startTime", "endTime"]));
    let first_query = state.query.get_untracked();
    view! {
        <form
            class="panel log-form"
            method="get"
            action=address::PATH
            aria-label="Search the log"
            on:submit=on_submit
            on:keydown=on_key
        >
            <input type="hidden" name="run" value="1" />
            <div class="log-choices">
                <GroupChoice groups=groups group=state.group />
                <RangeChoice state=state error=range_error />
            </div>
            <div class="log-query">
                <label for="log-query">"Query"</label>
                <textarea
                    id="log-query"
                    name="query"
                    class="code"
                    rows="5"
                    required
                    spellcheck="false"
                    autocomplete="off"
                    maxlength=MAX_QUERY_LENGTH.to_string()
                    placeholder="filter level = \"ERROR\"\n| stats count(*) by tool, bin(5m)"
                    aria-keyshortcuts="Control+Enter Meta+Enter"
                    aria-describedby="log-query-error"
                    aria-invalid=move || query_error.with(Option::is_some).then_some("true")
                    prop:value=move || state.query.get()
                    on:input=move |event| state.query.set(event_target_value(&event))
                    inner_html=as_content(&first_query)
                ></textarea>
                <div id="log-query-error" role="alert">
                    {move || query_error.get().map(|message| view! { <QueryError message=message /> })}
                </div>
            </div>
            <div class="log-actions">
                <button type="submit" class="button is-primary">
                    "Run"
                </button>
                <Progress runner=runner />
            </div>
        </form>
    }
}

#[component]
fn GroupChoice(groups: LogGroupList, group: RwSignal<String>) -> impl IntoView {
    let chosen = group.get_untracked();
    let mut names: Vec<(String, String)> = groups
        .groups
        .into_iter()
        .map(|group| {
            let words =
                if group.exists { group.name.clone() } else { format!("{} (nothing yet)", group.name) };
            (group.name, words)
        })
        .collect();
    if !names.iter().any(|(name, _)| *name == chosen) {
        // The form says what was asked, though it will be refused.
        names.push((chosen.clone(), chosen.clone()));
    }
    view! {
        <label class="log-field">
            <span>"Log group"</span>
            <select
                name="group"
                prop:value=move || group.get()
                on:change=move |event| group.set(event_target_value(&event))
            >
                {names
                    .into_iter()
                    .map(|(name, words)| {
                        let selected = name == chosen;
                        view! {
                            <option value=name selected=selected>
                                {words}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}

#[component]
fn RangeChoice(state: QueryState, error: Memo<Option<String>>) -> impl IntoView {
    let first = state.range.get_untracked();
    let choice = |id: &'static str, name: &'static str| {
        view! {
            <label>
                <input
                    type="radio"
                    name="range"
                    value=id
                    checked=first == id
                    prop:checked=move || state.range.with(|range| range == id)
                    on:change=move |_| state.range.set(id.to_owned())
                />
                {name}
            </label>
        }
    };
    let end = |name: &'static str, label: &'static str, value: RwSignal<String>| {
        view! {
            <label class="log-field">
                <span>{label}</span>
                <input
                    type="datetime-local"
                    name=name
                    step="1"
                    value=value.get_untracked()
                    prop:value=move || value.get()
                    on:input=move |event| value.set(event_target_value(&event))
                    aria-invalid=move || error.with(Option::is_some).then_some("true")
                    aria-describedby="log-range-error"
                />
            </label>
        }
    };
    view! {
        <fieldset class="log-range">
            <legend>"Range"</legend>
            <div class="segments">
                {RANGES.into_iter().map(|(id, _, name)| choice(id, name)).collect_view()}
                {choice(OWN, "From – to")}
            </div>
            <div class="log-own-range">
                {end("from", "From, UTC", state.from)}
                {end("to", "To, UTC", state.to)}
            </div>
            <p id="log-range-error" class="field-error" role="alert">
                {move || error.get()}
            </p>
        </fieldset>
    }
}

/// What is wrong with the query, and the line with a mark below the place.
#[component]
fn QueryError(message: String) -> impl IntoView {
    let (words, place) = match message.split_once('\n') {
        Some((words, place)) => (words.to_owned(), Some(place.to_owned())),
        None => (message, None),
    };
    let sentence = capitalised(words.trim_end_matches(':'));
    view! {
        <p class="field-error">{sentence} "."</p>
        {place.map(|place| view! { <pre class="query-place" tabindex="0" role="region" aria-label="The place in the query"><code>{place}</code></pre> })}
    }
}

fn capitalised(text: &str) -> String {
    let mut text = text.to_owned();
    if let Some(first) = text.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    text
}

/// How far the search is, with the way to end it. Its place is kept while there is none.
#[component]
fn Progress(runner: Runner) -> impl IntoView {
    let counts = move || {
        let read = runner.progress().unwrap_or_default();
        if read.records_scanned == 0 {
            return String::new();
        }
        format!("{} records read, {} match", grouped(read.records_scanned), grouped(read.records_matched))
    };
    view! {
        <span class="log-shortcut needs-script" class:is-hidden=move || runner.is_running()>
            <kbd>"Ctrl"</kbd>
            " or "
            <kbd>"⌘"</kbd>
            " + "
            <kbd>"Enter"</kbd>
        </span>
        <span class="progress log-progress" class:is-hidden=move || !runner.is_running()>
            <span class="spinner" aria-hidden="true"></span>
            <span role="status">{move || if runner.is_running() { "Searching" } else { "" }}</span>
            <span class="progress-counts">{counts}</span>
            <button type="button" class="button needs-script" on:click=move |_| runner.cancel()>
                "Cancel"
            </button>
        </span>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::error::{ErrorKind, FieldError};

    #[test]
    fn an_error_is_shown_at_the_field_that_is_wrong() {
        let mut error = AppError::new(ErrorKind::Invalid, "Wrong.", "");
        error.fields = vec![FieldError::new("endTime", "too early")];
        assert_eq!(message(Some(&error), &["startTime", "endTime"]).as_deref(), Some("too early"));
        assert_eq!(message(Some(&error), &["query"]), None);
        assert_eq!(message(None, &["query"]), None);
    }

    #[test]
    fn a_message_begins_like_a_sentence() {
        assert_eq!(capitalised("unexpected \"==\""), "Unexpected \"==\"");
        assert_eq!(capitalised(""), "");
    }
}
