//! The controls of the form, one for each kind of field.
//!
//! Each control has a label, its help and its message; the control refers to both by
//! `aria-describedby`. Names of controls are paths of arguments, so that the form works as a plain
//! form, too.

use super::base64::readable_size;
use super::file::FileField;
use super::rules::{Bound, Choice, Field, Kind, NumberRules, TextRules};
use super::state::{FormState, control_id};
use crate::components::prose::prose;
use crate::components::text_area::as_content;
use leptos::prelude::*;

/// From how many allowed characters on a text gets several lines. Keys of S3 objects, at most 1024
/// bytes, still have one.
const ONE_LINE: usize = 1024;

/// The controls of some fields. `enforced`: the browser's own check, which forms without JavaScript rely
/// on, may insist on the required ones; not so within an object that may be left out.
#[component]
pub fn Fields(
    /// The fields.
    fields: Vec<Field>,
    /// The form that they belong to.
    form: FormState,
    /// Whether the required ones are required whatever else is filled in.
    enforced: bool,
) -> AnyView {
    fields
        .into_iter()
        .filter(|field| !field.is_cursor())
        .map(|field| view! { <FieldView field=field form=form enforced=enforced /> })
        .collect_view()
        .into_any()
}

#[component]
fn FieldView(field: Field, form: FormState, enforced: bool) -> AnyView {
    let needed = enforced && field.required;
    match field.kind.clone() {
        Kind::Group(children) => view! {
            <fieldset class="field-group">
                <legend>{field.label} <RequiredMark required=field.required /></legend>
                {(!field.help.is_empty()).then(|| view! { <p class="field-help">{prose(&field.help)}</p> })}
                <Fields fields=children form=form enforced=needed />
            </fieldset>
        }
        .into_any(),
        Kind::Switch => switch(field, form),
        Kind::Choice(choices) => {
            let control = choice_control(&field, &choices, form, needed);
            labelled(field, form, control)
        }
        Kind::File(rules) => {
            let control = view! { <FileField path=field.path.clone() label=field.label.clone() rules=rules form=form /> };
            labelled(field, form, control.into_any())
        }
        Kind::Text(rules) if rules.max_length.is_none_or(|most| most <= ONE_LINE) => {
            let control = text_input(&field, &rules, form, needed);
            labelled(field, form, control)
        }
        Kind::Number(rules) => {
            let control = number_input(&field, &rules, form, needed);
            labelled(field, form, control)
        }
        Kind::Date => {
            let control = plain_input(&field, "date", form, needed);
            labelled(field, form, control)
        }
        Kind::DateTime => {
            let control = plain_input(&field, "datetime-local", form, needed);
            labelled(field, form, control)
        }
        Kind::Text(_) | Kind::Lines(_) | Kind::Pairs | Kind::Json(_) | Kind::Further => {
            let class = match field.kind {
                Kind::Json(_) | Kind::Further => "code",
                _ => "",
            };
            let needed = needed && !matches!(field.kind, Kind::Lines(_) | Kind::Pairs);
            let control = text_area(&field.path, class, form, needed);
            labelled(field, form, control)
        }
    }
}

/// The mark of a field that has to be filled in. Screen readers learn it from the control.
#[component]
fn RequiredMark(required: bool) -> impl IntoView {
    required.then(|| view! { <span class="field-required" aria-hidden="true" title="Needed">"*"</span> })
}

/// The ids that a control names in `aria-describedby`: its help, then its message.
pub fn described_by(path: &str) -> String {
    let id = control_id(path);
    format!("{id}-help {id}-error")
}

/// A control with its label above, its help and its message below.
fn labelled(field: Field, form: FormState, control: AnyView) -> AnyView {
    let id = control_id(&field.path);
    view! {
        <div class="field">
            <label for=id>{field.label.clone()} <RequiredMark required=field.required /></label>
            {control}
            <Help field=field.clone() />
            <Message path=field.path form=form />
        </div>
    }
    .into_any()
}

#[component]
fn Help(field: Field) -> impl IntoView {
    let sentences = [Some(field.help.clone()), limits(&field.kind)];
    let words = sentences.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" ");
    view! {
        <p class="field-help" id=format!("{}-help", control_id(&field.path))>
            {prose(&words)}
        </p>
    }
}

#[component]
fn Message(path: String, form: FormState) -> impl IntoView {
    let id = format!("{}-error", control_id(&path));
    view! {
        <p class="field-error" id=id>
            {move || form.error(&path)}
        </p>
    }
}

/// What the schema demands, said before somebody gets it wrong.
fn limits(kind: &Kind) -> Option<String> {
    match kind {
        Kind::Number(rules) => number_limits(rules),
        Kind::DateTime => Some("In UTC.".to_owned()),
        Kind::File(rules) => rules.max_bytes().map(|most| format!("At most {}.", readable_size(most))),
        Kind::Lines(_) => Some("One a line.".to_owned()),
        Kind::Pairs => Some("One a line, as name: text.".to_owned()),
        Kind::Json(_) => Some("As JSON.".to_owned()),
        Kind::Text(_) | Kind::Switch | Kind::Choice(_) | Kind::Date | Kind::Group(_) | Kind::Further => None,
    }
}

fn number_limits(rules: &NumberRules) -> Option<String> {
    let lower =
        rules.minimum.map(
            |Bound { value, exclusive }| {
                if exclusive { format!("more than {value}") } else { format!("{value} or more") }
            },
        );
    let upper =
        rules.maximum.map(
            |Bound { value, exclusive }| {
                if exclusive { format!("less than {value}") } else { format!("{value} at most") }
            },
        );
    let limits: Vec<String> = lower.into_iter().chain(upper).collect();
    (!limits.is_empty()).then(|| format!("Allowed: {}.", limits.join(", ")))
}

fn text_input(field: &Field, rules: &TextRules, form: FormState, needed: bool) -> AnyView {
    let path = StoredValue::new(field.path.clone());
    view! {
        <input
            type="text"
            id=control_id(&field.path)
            name=field.path.clone()
            value=form.first_text(&field.path)
            prop:value=move || form.text(&path.get_value())
            on:input=move |event| form.set(&path.get_value(), event_target_value(&event))
            on:change=move |_| form.check(&path.get_value())
            minlength=rules.min_length.map(|length| length.to_string())
            maxlength=rules.max_length.map(|length| length.to_string())
            required=needed
            aria-describedby=described_by(&field.path)
            aria-invalid=move || form.error(&path.get_value()).map(|_| "true")
            autocomplete="off"
            spellcheck="false"
        />
    }
    .into_any()
}

fn number_input(field: &Field, rules: &NumberRules, form: FormState, needed: bool) -> AnyView {
    let path = StoredValue::new(field.path.clone());
    // HTML knows no exclusive limits; those are left to our own check.
    let attribute =
        |bound: Option<Bound>| bound.filter(|bound| !bound.exclusive).map(|bound| bound.value.to_string());
    let step = match (rules.multiple_of, rules.integer) {
        (Some(step), _) => step.to_string(),
        (None, true) => "1".to_owned(),
        (None, false) => "any".to_owned(),
    };
    view! {
        <input
            type="number"
            class="number"
            id=control_id(&field.path)
            name=field.path.clone()
            value=form.first_text(&field.path)
            prop:value=move || form.text(&path.get_value())
            on:input=move |event| form.set(&path.get_value(), event_target_value(&event))
            on:change=move |_| form.check(&path.get_value())
            min=attribute(rules.minimum)
            max=attribute(rules.maximum)
            step=step
            inputmode=if rules.integer { "numeric" } else { "decimal" }
            required=needed
            aria-describedby=described_by(&field.path)
            aria-invalid=move || form.error(&path.get_value()).map(|_| "true")
        />
    }
    .into_any()
}

fn plain_input(field: &Field, kind: &'static str, form: FormState, needed: bool) -> AnyView {
    let path = StoredValue::new(field.path.clone());
    view! {
        <input
            type=kind
            id=control_id(&field.path)
            name=field.path.clone()
            value=form.first_text(&field.path)
            prop:value=move || form.text(&path.get_value())
            on:input=move |event| form.set(&path.get_value(), event_target_value(&event))
            on:change=move |_| form.check(&path.get_value())
            step=(kind == "datetime-local").then_some("1")
            required=needed
            aria-describedby=described_by(&field.path)
            aria-invalid=move || form.error(&path.get_value()).map(|_| "true")
        />
    }
    .into_any()
}

fn text_area(field_path: &str, class: &'static str, form: FormState, needed: bool) -> AnyView {
    let path = StoredValue::new(field_path.to_owned());
    view! {
        <textarea
            class=class
            rows="4"
            id=control_id(field_path)
            name=field_path.to_owned()
            prop:value=move || form.text(&path.get_value())
            on:input=move |event| form.set(&path.get_value(), event_target_value(&event))
            on:change=move |_| form.check(&path.get_value())
            required=needed
            aria-describedby=described_by(field_path)
            aria-invalid=move || form.error(&path.get_value()).map(|_| "true")
            spellcheck="false"
            inner_html=as_content(&form.first_text(field_path))
        ></textarea>
    }
    .into_any()
}

fn choice_control(field: &Field, choices: &[Choice], form: FormState, needed: bool) -> AnyView {
    let path = StoredValue::new(field.path.clone());
    let first = form.first_text(&field.path);
    let options = std::iter::once((String::new(), "–".to_owned()))
        .chain(choices.iter().map(|choice| (choice.text(), choice.label.clone())))
        .map(|(value, label)| {
            let own = value.clone();
            view! {
                <option
                    value=value.clone()
                    selected=value == first
                    prop:selected=move || form.text(&path.get_value()) == own
                >
                    {label}
                </option>
            }
        })
        .collect_view();
    view! {
        <select
            id=control_id(&field.path)
            name=field.path.clone()
            on:change=move |event| {
                form.set(&path.get_value(), event_target_value(&event));
                form.check(&path.get_value());
            }
            required=needed
            aria-describedby=described_by(&field.path)
            aria-invalid=move || form.error(&path.get_value()).map(|_| "true")
        >
            {options}
        </select>
    }
    .into_any()
}

/// A checkbox beside its label. Before it goes a hidden `false`, because a form sends nothing for a
/// checkbox that is off.
fn switch(field: Field, form: FormState) -> AnyView {
    let path = StoredValue::new(field.path.clone());
    let id = control_id(&field.path);
    view! {
        <div class="field field-switch">
            <input type="hidden" name=field.path.clone() value="false" />
            <input
                type="checkbox"
                id=id.clone()
                name=field.path.clone()
                value="true"
                checked=form.first_text(&field.path) == "true"
                prop:checked=move || form.text(&path.get_value()) == "true"
                on:change=move |event| form.set(&path.get_value(), event_target_checked(&event).to_string())
                aria-describedby=described_by(&field.path)
            />
            <label for=id>{field.label.clone()}</label>
            <Help field=field.clone() />
            <Message path=field.path form=form />
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_of_numbers_are_said_beforehand() {
        let bound = |value, exclusive| Some(Bound { value, exclusive });
        let rules = |minimum, maximum| NumberRules { integer: true, minimum, maximum, multiple_of: None };
        assert_eq!(
            number_limits(&rules(bound(1.0, false), bound(100.0, false))),
            Some("Allowed: 1 or more, 100 at most.".to_owned())
        );
        assert_eq!(number_limits(&rules(bound(0.0, true), None)), Some("Allowed: more than 0.".to_owned()));
        assert_eq!(number_limits(&rules(None, None)), None);
    }
}
