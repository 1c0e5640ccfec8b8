//! The form of an automation: what, when, and who is told. A plain form; the style sheet shows the fields that belong
//! to the choice of when.

use crate::components::text_area::as_content;
use crate::model::automation::{AutomationForm, AutomationOffer, DayOfWeek};
use crate::model::field::FieldError;
use crate::model::release::ReleaseStatus;
use crate::model::task::LONGEST_TASK;
use leptos::prelude::*;

/// When an automation may run: the value in the form, and the words.
const SCHEDULES: [(&str, &str); 6] = [
    ("day", "Every day"),
    ("weekday", "Every weekday"),
    ("week", "Every week"),
    ("month", "Every month"),
    ("monthEnd", "On the last day of the month"),
    ("cron", "By an expression of cron"),
];

const TRIGGERS: [(&str, &str); 5] = [
    ("releaseStatus", "A release enters a status"),
    ("upload", "An upload has landed"),
    ("uploadProblems", "An upload has landed that something stands against"),
    ("anomaly", "A day stands out in an artist's figures"),
    ("noticeDate", "The notice date of a contract is near"),
];

/// The fields of the form; the buttons are whose it is.
#[component]
pub fn Fields(
    /// What stands in it.
    form: AutomationForm,
    /// What was wrong with it.
    wrong: Vec<FieldError>,
    /// What there is to choose from.
    offer: AutomationOffer,
) -> impl IntoView {
    let field = Field { wrong };
    let AutomationForm { name, task, when, at, on, day, cron, time_zone, .. } = form.clone();
    let AutomationForm { status, watched_artist, notice_days, alarm, .. } = form.clone();
    let when = if when.is_empty() { "week".to_owned() } else { when };
    let at = if at.is_empty() { "07:00".to_owned() } else { at };
    let time_zone = if time_zone.is_empty() { offer.time_zone.clone() } else { time_zone };
    let day = if day.is_empty() { "1".to_owned() } else { day };
    let notice_days = if notice_days.is_empty() { "30".to_owned() } else { notice_days };
    let alarms = offer.alarms.then_some(("alarm", "An alarm fires"));
    let triggers = TRIGGERS.into_iter().chain(alarms);
    let days = DayOfWeek::ALL.map(|day| (day.id(), day.label().to_owned()));
    let statuses = ReleaseStatus::ALL.map(|status| (status.id().to_owned(), status.to_string()));
    let content = as_content(&task.task);
    let is_wrong = field.is_wrong("task");
    view! {
        <div class="field">
            <label for="automation-task">"What is to be done?"</label>
            <textarea
                id="automation-task"
                name="task"
                rows="2"
                required
                maxlength=LONGEST_TASK.to_string()
                aria-describedby="automation-task-help"
                aria-invalid=is_wrong
                inner_html=content
            ></textarea>
            <p class="field-help" id="automation-task-help">
                {field.help("task", "A sentence, as in a task. What a trigger is about need not be said in it.")}
            </p>
        </div>
        <div class="task-fields">
            {field.input("name", "Name", "text", name, "Empty: the beginning of the sentence.")}
            {field.input("artistId", "Artist ID, if needed", "text", task.artist_id, "")}
            {field.input("releaseId", "Release ID, if needed", "text", task.release_id, "")}
            {field.input("territory", "Country, two letters, if needed", "text", task.territory, "")}
        </div>
        <input type="hidden" name="role" value=task.role />
        <fieldset class="field-group automation-when">
            <legend>"When"</legend>
            <div class="field">
                <label for="automation-when">"It runs"</label>
                <select id="automation-when" name="when" aria-invalid=field.is_wrong("when")>
                    <optgroup label="At its time">{options(SCHEDULES.into_iter(), &when)}</optgroup>
                    <optgroup label="When something happens">{options(triggers, &when)}</optgroup>
                </select>
                <p class="field-help">{field.help("when", "")}</p>
            </div>
            <div class="for-time">{field.input("at", "At", "time", at, "")}</div>
            <div class="for-week">{field.select("on", "On", &days, &on)}</div>
            <div class="for-month">
                {field.input("day", "On day", "number", day, "From 1 to 28, which every month has.")}
            </div>
            <div class="for-cron">
                {field
                    .input(
                        "cron",
                        "Expression",
                        "text",
                        cron,
                        "Minute, hour, day of the month, month, day of the week: 0 7 * * 1-5. Every 15 minutes at most.",
                    )}
            </div>
            <div class="for-zone">
                {field.input("timeZone", "Time zone", "text", time_zone, "Such as Europe/Oslo.")}
            </div>
            <div class="for-status">{field.select("status", "The status", &statuses, &status)}</div>
            <div class="for-anomaly">
                {field.input("watchedArtist", "ID of the artist", "text", watched_artist, "")}
            </div>
            <div class="for-notice">
                {field.input("noticeDays", "Days before", "number", notice_days, "From 1 to 60.")}
            </div>
            <div class="for-alarm">
                {field.input("alarm", "Name of the alarm", "text", alarm, "Empty: any.")}
            </div>
        </fieldset>
        <Told form=form field=field offer=offer />
    }
}

/// Who is told.
#[component]
fn Told(form: AutomationForm, field: Field, offer: AutomationOffer) -> impl IntoView {
    let AutomationOffer { mail_to, no_mail, .. } = offer;
    let can_mail = mail_to.is_some();
    let (is_checked, is_off) = (form.mail && can_mail, !can_mail);
    let words = match mail_to {
        Some(address) => format!("E-mail to {address}"),
        None => "E-mail".to_owned(),
    };
    let help = if can_mail { field.help("mail", "") } else { no_mail };
    view! {
        <fieldset class="field-group">
            <legend>"Who is told, beside this page"</legend>
            <label class="keys-choice">
                <input
                    type="checkbox"
                    name="mail"
                    value="yes"
                    checked=is_checked
                    disabled=is_off
                    aria-describedby="automation-mail-help"
                />
                <span>{words}</span>
            </label>
            <p class="field-help" id="automation-mail-help">
                {help}
            </p>
            {field
                .input(
                    "webhook",
                    "Webhook",
                    "url",
                    form.webhook,
                    "An https:// address that is called with what a run came to, signed. The secret for that is shown once.",
                )}
        </fieldset>
    }
}

/// Makes fields that say what was wrong with them.
#[derive(Debug, Clone)]
struct Field {
    wrong: Vec<FieldError>,
}

impl Field {
    fn message(&self, name: &str) -> Option<String> {
        self.wrong.iter().find(|wrong| wrong.field == name).map(|wrong| wrong.message.clone())
    }

    fn is_wrong(&self, name: &str) -> Option<&'static str> {
        self.message(name).is_some().then_some("true")
    }

    /// What was wrong, or else the help.
    fn help(&self, name: &str, help: &str) -> String {
        self.message(name).unwrap_or_else(|| help.to_owned())
    }

    fn input(
        &self,
        name: &'static str,
        label: &'static str,
        kind: &'static str,
        value: String,
        help: &'static str,
    ) -> impl IntoView + use<> {
        let id = format!("automation-{name}");
        let help = self.help(name, help);
        let described = (!help.is_empty()).then(|| format!("{id}-help"));
        let is_wrong = self.is_wrong(name);
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <input
                    id=id
                    type=kind
                    name=name
                    value=value
                    autocomplete="off"
                    spellcheck="false"
                    aria-describedby=described.clone()
                    aria-invalid=is_wrong
                />
                {described.map(|id| view! { <p class="field-help" id=id>{help}</p> })}
            </div>
        }
    }

    fn select(
        &self,
        name: &'static str,
        label: &'static str,
        choices: &[(String, String)],
        chosen: &str,
    ) -> impl IntoView + use<> {
        let id = format!("automation-{name}");
        let is_wrong = self.is_wrong(name);
        let choices = choices.iter().map(|(value, words)| {
            let selected = value == chosen;
            view! {
                <option value=value.clone() selected=selected>
                    {words.clone()}
                </option>
            }
        });
        let choices = choices.collect_view();
        view! {
            <div class="field">
                <label for=id.clone()>{label}</label>
                <select id=id name=name aria-invalid=is_wrong>
                    {choices}
                </select>
            </div>
        }
    }
}

fn options<C>(choices: C, chosen: &str) -> impl IntoView + use<C>
where
    C: Iterator<Item = (&'static str, &'static str)>,
{
    let choices = choices.map(|(value, words)| {
        let selected = value == chosen;
        view! {
            <option value=value selected=selected>
                {words}
            </option>
        }
    });
    choices.collect_view()
}
