//! The box in which a task is said, with what is known already. A plain form, which is sent by `POST`.

use super::address::{Address, FIELD, PATH, TEMPLATES};
use crate::components::browser;
use crate::components::text_area::as_content;
use crate::model::field::FieldError;
use crate::model::role::Role;
use crate::model::task::LONGEST_TASK;
use crate::model::task_form::{TOKEN, TaskForm};
use leptos::html;
use leptos::prelude::*;

/// What stands below the field.
const HELP: &str = "A sentence is enough. What changes something is shown to you first.";

/// The form.
#[component]
pub fn Prompt(
    /// What the address says; a link may fill the form.
    address: Memo<Address>,
    /// What was typed before, where it was refused.
    typed: Option<TaskForm>,
    /// What was wrong with it.
    wrong: Vec<FieldError>,
    /// What the viewer is to the label.
    role: Role,
    /// The newest task that the page knows of: what is sent twice from one page is one wish.
    newest: String,
) -> impl IntoView {
    let first = typed.unwrap_or_else(|| address.with_untracked(|address| address.form.clone()));
    // What is typed before the page is alive stays: the field is touched only when a link fills it.
    let field = NodeRef::<html::Textarea>::new();
    let asked = Memo::new(move |_| address.with(|address| address.form.task.clone()));
    Effect::watch(
        move || asked.get(),
        move |asked, _, _| {
            if let Some(field) = field.get_untracked() {
                field.set_value(asked);
            }
            browser::focus(FIELD);
        },
        false,
    );
    let send = NodeRef::<html::Button>::new();
    let on_key = move |event: leptos::ev::KeyboardEvent| {
        if event.key() == "Enter"
            && (event.ctrl_key() || event.meta_key())
            && let Some(send) = send.get_untracked()
        {
            event.prevent_default();
            send.click();
        }
    };
    let message = |field: &str| {
        let found = wrong.iter().find(|wrong| wrong.field == field);
        found.map(|wrong| wrong.message.clone())
    };
    let wrong_task = message("task");
    let is_wrong = wrong_task.is_some().then_some("true");
    let class = if wrong_task.is_some() { "field-error" } else { "field-help" };
    let help = wrong_task.unwrap_or_else(|| HELP.to_owned());
    let content = as_content(&first.task);
    view! {
        <form
            class="panel task-prompt"
            method="post"
            action=PATH
            aria-label="New task"
            on:keydown=on_key
        >
            <input type="hidden" name=TOKEN value=newest />
            <div class="field">
                <label for=FIELD>"What do you want to know, or to have done?"</label>
                <textarea
                    id=FIELD
                    name="task"
                    rows="3"
                    required
                    maxlength=LONGEST_TASK.to_string()
                    placeholder="How is … doing this month against last, and is it real?"
                    aria-keyshortcuts="Control+Enter Meta+Enter"
                    aria-describedby="task-help"
                    aria-invalid=is_wrong
                    node_ref=field
                    inner_html=content
                ></textarea>
                <p class=class id="task-help">
                    {help}
                </p>
            </div>
            <Details form=first role=role wrong=wrong />
            <p class="task-actions">
                <button type="submit" class="button is-primary" node_ref=send>
                    "Start"
                </button>
                <button type="submit" class="button" formmethod="get" formaction=TEMPLATES>
                    "Keep as a template"
                </button>
            </p>
        </form>
    }
}

/// What is known already, and the role to work in.
#[component]
pub fn Details(
    /// What is typed.
    form: TaskForm,
    /// What the viewer is to the label.
    role: Role,
    /// What is wrong with it.
    wrong: Vec<FieldError>,
) -> impl IntoView {
    let is_open = form.has_details();
    let TaskForm { role: chosen, artist_id, release_id, from, to, territory, .. } = form;
    let field =
        |id: &'static str, name: &'static str, label: &'static str, kind: &'static str, value: String| {
            let message = wrong.iter().find(|wrong| wrong.field == name).map(|wrong| wrong.message.clone());
            let is_wrong = message.is_some().then_some("true");
            let described_by = message.is_some().then(|| format!("{id}-error"));
            let told = message.map(|message| {
                view! { <p class="field-error" id=format!("{id}-error")>{message}</p> }
            });
            view! {
                <div class="field">
                    <label for=id>{label}</label>
                    <input
                        id=id
                        type=kind
                        name=name
                        value=value
                        autocomplete="off"
                        spellcheck="false"
                        aria-invalid=is_wrong
                        aria-describedby=described_by
                    />
                    {told}
                </div>
            }
        };
    view! {
        <details class="task-details" open=is_open>
            <summary>"Role and details"</summary>
            <p class="task-quiet">
                "Everything here is optional. It decides where the sentence says nothing; where both say something, they have to agree. The ID of an artist or a release stands at the end of the address of its page."
            </p>
            <div class="task-fields">
                <div class="field">
                    <label for="task-role">"Work as"</label>
                    <select id="task-role" name="role">
                        <option value="">"What I am now"</option>
                        {roles(role, &chosen)}
                    </select>
                </div>
                {field("task-artist", "artistId", "Artist ID", "text", artist_id)}
                {field("task-release", "releaseId", "Release ID", "text", release_id)}
                {field("task-from", "from", "From", "date", from)}
                {field("task-to", "to", "To", "date", to)}
                {field("task-territory", "territory", "Country, two letters", "text", territory)}
            </div>
        </details>
    }
}

/// One's own role, and those that may do less.
fn roles(own: Role, chosen: &str) -> impl IntoView + use<> {
    let until = Role::ALL.iter().position(|role| *role == own).unwrap_or_default();
    let options = Role::ALL.into_iter().take(until + 1).map(|role| {
        let selected = role.id() == chosen;
        view! {
            <option value=role.id() selected=selected>
                {role.title()}
            </option>
        }
    });
    options.collect_view()
}
