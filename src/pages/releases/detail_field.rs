//! A field of the form of details: its control, how it is written, and what is wrong with it.

use crate::components::date::short_date;
use crate::components::text_area::as_content;
use crate::model::detail_entry::Entry;
use crate::model::details_form::DetailField;
use jiff::civil::Date;
use leptos::prelude::*;

/// A field with its label.
#[component]
pub fn Field(
    /// The field.
    field: &'static DetailField,
    /// What stands in it.
    value: String,
    /// What is wrong with that.
    problem: Option<String>,
    /// What somebody else has stored there meanwhile, where that is something else.
    other: Option<String>,
) -> impl IntoView {
    let id = format!("field-{}", field.name);
    let help = (!field.help.is_empty()).then(|| (format!("{id}-help"), field.help.to_owned()));
    let problem = problem.map(|problem| (format!("{id}-error"), problem));
    let other = other.map(|other| (format!("{id}-stored"), in_words(field.entry, &other)));
    let notes = [&help, &problem, &other].into_iter().flatten();
    let described = notes.map(|(id, _)| id.as_str()).collect::<Vec<_>>().join(" ");
    let described = Some(described).filter(|ids| !ids.is_empty());
    let control = control(field, id.clone(), value, described, problem.is_some());
    let note = |class: &'static str, note: Option<(String, String)>| {
        note.map(|(id, text)| {
            view! {
                <p class=class id=id>
                    {text}
                </p>
            }
        })
    };
    view! {
        <div class="field">
            <label for=id>{field.label}</label>
            {control}
            {note("field-help", help)}
            {note("field-error", problem)}
            {note("field-other", other)}
        </div>
    }
}

/// What somebody else has stored, as people read it.
fn in_words(entry: Entry, stored: &str) -> String {
    let choice = entry.choices().unwrap_or_default().iter().find(|(name, _)| *name == stored);
    let choice = choice.map(|(_, words)| (*words).to_owned());
    let day = stored.parse::<Date>().ok().filter(|_| entry == Entry::Day).map(short_date);
    let told = choice.or(day).unwrap_or_else(|| stored.lines().collect::<Vec<_>>().join(" / "));
    if told.is_empty() { "Stored now: nothing".to_owned() } else { format!("Stored now: {told}") }
}

fn control(
    field: &'static DetailField,
    id: String,
    value: String,
    described: Option<String>,
    is_wrong: bool,
) -> AnyView {
    let is_wrong = is_wrong.then_some("true");
    if let Some(choices) = field.entry.choices() {
        let is_answered = choices.iter().any(|(name, _)| *name == value);
        let options = choices.iter().copied().map(|(name, words)| {
            let selected = name == value;
            view! {
                <option value=name selected=selected>
                    {words}
                </option>
            }
        });
        return view! {
            <select id=id name=field.name aria-describedby=described aria-invalid=is_wrong>
                {(!is_answered)
                    .then(|| {
                        view! {
                            <option value="" selected=true>
                                "Not answered"
                            </option>
                        }
                    })}
                {options.collect_view()}
            </select>
        }
        .into_any();
    }
    if field.entry.has_lines() {
        let content = as_content(&value);
        return view! {
            <textarea
                id=id
                name=field.name
                rows="3"
                aria-describedby=described
                aria-invalid=is_wrong
                inner_html=content
            ></textarea>
        }
        .into_any();
    }
    let kind = if field.entry == Entry::Day { "date" } else { "text" };
    view! {
        <input
            type=kind
            id=id
            name=field.name
            value=value
            autocomplete="off"
            aria-describedby=described
            aria-invalid=is_wrong
        />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stored_is_told_in_words() {
        assert_eq!(in_words(Entry::Text, ""), "Stored now: nothing");
        assert_eq!(in_words(Entry::Names, "Mira\nIda"), "Stored now: Mira / Ida");
        assert_eq!(in_words(Entry::YesOrNo, "yes"), "Stored now: Yes");
        assert_eq!(in_words(Entry::Day, "2026-11-20"), "Stored now: 20 Nov 2026");
    }
}
