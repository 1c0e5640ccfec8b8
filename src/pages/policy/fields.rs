//! Parts of the forms of the policy: fields with their help and with what is wrong with them.

use super::address::FORM_ACTION;
use crate::model::field::FieldError;
use crate::model::policy_form::PolicyForm;
use leptos::prelude::*;

/// What is wrong with the fields of a form.
#[derive(Debug, Clone, Default)]
pub struct Wrong(Vec<FieldError>);

impl Wrong {
    /// Of these.
    pub fn of(fields: Vec<FieldError>) -> Self {
        Self(fields)
    }

    fn message(&self, field: &str) -> Option<String> {
        self.0.iter().find(|wrong| wrong.field == field).map(|wrong| wrong.message.clone())
    }

    /// For the attribute `aria-invalid` of a field.
    pub fn flag(&self, field: &str) -> Option<&'static str> {
        self.message(field).map(|_| "true")
    }

    /// For the attribute `aria-describedby` of a field: its help, and what is wrong with it.
    pub fn described(&self, field: &str, help: &str) -> String {
        match self.message(field) {
            Some(_) => format!("{help} {}", id_of(field)),
            None => help.to_owned(),
        }
    }

    /// What is wrong with a field, below it.
    pub fn told(&self, field: &str) -> impl IntoView + use<> {
        let id = id_of(field);
        self.message(field).map(|message| {
            view! {
                <p class="field-error" id=id>
                    {message}
                </p>
            }
        })
    }
}

fn id_of(field: &str) -> String {
    format!("policy-wrong-{field}")
}

/// A choice of one of several, as buttons of which one is pressed in.
pub fn radio(
    name: &'static str,
    value: &'static str,
    words: &'static str,
    chosen: bool,
) -> impl IntoView + use<> {
    view! {
        <label class="policy-check">
            <input type="radio" name=name value=value checked=chosen />
            <span>{words}</span>
        </label>
    }
}

/// One of several that may be chosen together.
pub fn checkbox(name: &'static str, value: String, words: String, chosen: bool) -> impl IntoView + use<> {
    view! {
        <label class="policy-check">
            <input type="checkbox" name=name value=value checked=chosen />
            <span>{words}</span>
        </label>
    }
}

/// A button that has a change looked at before it is made, in a form of its own.
pub fn preview_button(form: &PolicyForm, words: &'static str, label: String) -> impl IntoView + use<> {
    view! {
        <form method="post" action=FORM_ACTION>
            {hidden(form)}
            <input type="hidden" name="step" value="preview" />
            <button type="submit" class="button" aria-label=label>
                {words}
            </button>
        </form>
    }
}

/// A form's fields, for what people do not type again.
pub fn hidden(form: &PolicyForm) -> impl IntoView + use<> {
    let field =
        |(name, value): (&'static str, String)| view! { <input type="hidden" name=name value=value /> };
    form.fields().into_iter().map(field).collect_view()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_that_is_wrong_is_described_by_what_is_wrong_with_it() {
        let wrong = Wrong::of(vec![FieldError::new("names", "is no network")]);
        assert_eq!((wrong.flag("names"), wrong.flag("id")), (Some("true"), None));
        assert_eq!(wrong.described("names", "names-help"), "names-help policy-wrong-names");
        assert_eq!(wrong.described("id", "id-help"), "id-help");
    }
}
