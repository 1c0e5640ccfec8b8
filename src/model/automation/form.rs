//! The form of an automation: what is typed into it, and the wish that it means.

use super::{AutomationWish, DayOfWeek, LONGEST_ADDRESS, LONGEST_NAME, Notice, Schedule, Trigger, When};
use crate::model::field::FieldError;
use crate::model::release::ReleaseStatus;
use crate::model::role::Role;
use crate::model::task::TaskRequest;
use crate::model::task_form::TaskForm;
use crate::model::written_time::clock;
use jiff::civil::Time;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// The last day that every month has.
const LAST_DAY: u8 = 28;

/// The longest alarm, artist or expression of cron, in characters.
const LONGEST_FIELD: usize = 200;

/// The most days before a notice date: what was told is kept for longer, so that nothing is told twice.
const MOST_NOTICE_DAYS: u32 = 60;

/// What is typed, as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct AutomationForm {
    /// What it is called; empty for the beginning of the task.
    pub name: String,
    /// The task.
    pub task: TaskForm,
    /// When it runs: `day`, `weekday`, `week`, `month`, `monthEnd`, `cron`, `releaseStatus`, `upload`,
    /// `uploadProblems`, `anomaly`, `noticeDate`, `alarm`.
    pub when: String,
    /// The time of a schedule: `07:00`.
    pub at: String,
    /// The day of the week.
    pub on: String,
    /// The day of the month.
    pub day: String,
    /// The expression of cron.
    pub cron: String,
    /// The IANA time zone of the schedule.
    pub time_zone: String,
    /// The status that a release enters.
    pub status: String,
    /// The artist whose figures are watched.
    pub watched_artist: String,
    /// How many days before a notice date.
    pub notice_days: String,
    /// The alarm; empty for any.
    pub alarm: String,
    /// Whether an e-mail is sent.
    pub mail: bool,
    /// The address of a webhook; empty for none.
    pub webhook: String,
    /// The version that a change was made from; empty for a new one.
    pub version: String,
}

impl AutomationForm {
    /// Reads the fields of a form or of an address. What is unknown counts as not said.
    pub fn read<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let fields: Vec<_> = fields.into_iter().collect();
        let mut form = Self { task: TaskForm::read(fields.iter().cloned()), ..Self::default() };
        for (name, value) in fields {
            let value = value.trim().to_owned();
            match name {
                "name" => form.name = value,
                "when" => form.when = value,
                "at" => form.at = value,
                "on" => form.on = value,
                "day" => form.day = value,
                "cron" => form.cron = value,
                "timeZone" => form.time_zone = value,
                "status" => form.status = value,
                "watchedArtist" => form.watched_artist = value,
                "noticeDays" => form.notice_days = value,
                "alarm" => form.alarm = value,
                "mail" => form.mail = value == "yes",
                "webhook" => form.webhook = value,
                "version" => form.version = value,
                _ => {}
            }
        }
        form
    }

    /// The form in which an automation stands.
    pub fn of(wish: &AutomationWish, version: u32) -> Self {
        let parameter = |name: &str| {
            let value = wish.request.parameters.get(name).and_then(Value::as_str);
            value.map(str::to_owned).unwrap_or_default()
        };
        let task = TaskForm {
            task: wish.request.task.clone(),
            role: wish.request.music_industry_role.map(Role::id).unwrap_or_default().to_owned(),
            artist_id: parameter("artistId"),
            release_id: parameter("releaseId"),
            from: parameter("from"),
            to: parameter("to"),
            territory: parameter("territory"),
        };
        let form = Self {
            name: wish.name.clone(),
            task,
            mail: wish.notice.mail,
            webhook: wish.notice.webhook.clone().unwrap_or_default(),
            version: version.to_string(),
            ..Self::default()
        };
        match &wish.when {
            When::Schedule { schedule, time_zone } => {
                Self { time_zone: time_zone.clone(), ..form.with_schedule(schedule) }
            }
            When::Trigger { trigger } => form.with_trigger(trigger),
        }
    }

    fn with_schedule(self, schedule: &Schedule) -> Self {
        let timed = |when: &str, at: &Time| (when.to_owned(), clock(*at));
        let (when, at) = match schedule {
            Schedule::Day { at } => timed("day", at),
            Schedule::Weekday { at } => timed("weekday", at),
            Schedule::Week { at, .. } => timed("week", at),
            Schedule::Month { at, .. } => timed("month", at),
            Schedule::MonthEnd { at } => timed("monthEnd", at),
            Schedule::Cron { .. } => ("cron".to_owned(), String::new()),
        };
        let form = Self { when, at, ..self };
        match schedule {
            Schedule::Week { on, .. } => Self { on: on.id(), ..form },
            Schedule::Month { day, .. } => Self { day: day.to_string(), ..form },
            Schedule::Cron { expression } => Self { cron: expression.clone(), ..form },
            _ => form,
        }
    }

    fn with_trigger(self, trigger: &Trigger) -> Self {
        let when = match trigger {
            Trigger::ReleaseStatus { .. } => "releaseStatus",
            Trigger::Upload { problems_only: false } => "upload",
            Trigger::Upload { problems_only: true } => "uploadProblems",
            Trigger::Anomaly { .. } => "anomaly",
            Trigger::NoticeDate { .. } => "noticeDate",
            Trigger::Alarm { .. } => "alarm",
        };
        let form = Self { when: when.to_owned(), ..self };
        match trigger {
            Trigger::ReleaseStatus { status } => Self { status: status.id().to_owned(), ..form },
            Trigger::Anomaly { artist_id } => Self { watched_artist: artist_id.clone(), ..form },
            Trigger::NoticeDate { days } => Self { notice_days: days.to_string(), ..form },
            Trigger::Alarm { name } => Self { alarm: name.clone(), ..form },
            Trigger::Upload { .. } => form,
        }
    }

    /// The wish that is meant. Whether there is such a time zone, and what cron makes of an expression, is not
    /// known here.
    ///
    /// # Errors
    /// What is wrong with single fields.
    pub fn wish(&self) -> Result<AutomationWish, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let request = self.task.request().unwrap_or_else(|found| {
            wrong.extend(found);
            nothing()
        });
        let when = self.when().unwrap_or_else(|found| {
            wrong.push(found);
            When::Trigger { trigger: Trigger::Upload { problems_only: false } }
        });
        let name = if self.name.is_empty() { beginning(&request.task) } else { self.name.clone() };
        if name.chars().count() > LONGEST_NAME {
            wrong.push(FieldError::new("name", format!("at most {LONGEST_NAME} characters are allowed")));
        }
        if self.webhook.len() > LONGEST_ADDRESS {
            let message = format!("at most {LONGEST_ADDRESS} characters are allowed");
            wrong.push(FieldError::new("webhook", message));
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        let webhook = Some(self.webhook.clone()).filter(|address| !address.is_empty());
        Ok(AutomationWish { name, request, when, notice: Notice { mail: self.mail, webhook } })
    }

    fn when(&self) -> Result<When, FieldError> {
        let trigger = |trigger: Trigger| Ok(When::Trigger { trigger });
        match self.when.as_str() {
            "releaseStatus" => {
                let found = ReleaseStatus::ALL.into_iter().find(|status| status.id() == self.status);
                let status = found.ok_or_else(|| FieldError::new("status", "choose one of the list"))?;
                trigger(Trigger::ReleaseStatus { status })
            }
            "upload" => trigger(Trigger::Upload { problems_only: false }),
            "uploadProblems" => trigger(Trigger::Upload { problems_only: true }),
            "anomaly" if self.watched_artist.is_empty() => {
                Err(FieldError::new("watchedArtist", "say the ID of the artist whose figures are watched"))
            }
            "anomaly" => {
                let artist_id = short("watchedArtist", &self.watched_artist)?;
                trigger(Trigger::Anomaly { artist_id })
            }
            "noticeDate" => {
                let days = self.notice_days.parse().ok().filter(|days| (1..=MOST_NOTICE_DAYS).contains(days));
                let days = days.ok_or_else(|| {
                    FieldError::new("noticeDays", format!("a number of days from 1 to {MOST_NOTICE_DAYS}"))
                })?;
                trigger(Trigger::NoticeDate { days })
            }
            "alarm" => trigger(Trigger::Alarm { name: short("alarm", &self.alarm)? }),
            _ => {
                let schedule = self.schedule()?;
                if self.time_zone.is_empty() {
                    return Err(FieldError::new("timeZone", "a time zone such as Europe/Oslo is needed"));
                }
                Ok(When::Schedule { schedule, time_zone: self.time_zone.clone() })
            }
        }
    }

    fn schedule(&self) -> Result<Schedule, FieldError> {
        if self.when == "cron" {
            return Ok(Schedule::Cron { expression: short("cron", &self.cron)? });
        }
        let at = Time::strptime("%H:%M", self.at.as_str());
        let at = at.map_err(|_| FieldError::new("at", "a time such as 07:00 is needed"))?;
        match self.when.as_str() {
            "day" => Ok(Schedule::Day { at }),
            "weekday" => Ok(Schedule::Weekday { at }),
            "week" => {
                let on = DayOfWeek::from_id(&self.on);
                let on = on.ok_or_else(|| FieldError::new("on", "choose a day of the week"))?;
                Ok(Schedule::Week { on, at })
            }
            "month" => {
                let day = self.day.parse().ok().filter(|day| (1..=LAST_DAY).contains(day));
                let day = day.ok_or_else(|| {
                    FieldError::new("day", format!("a day from 1 to {LAST_DAY}, which every month has"))
                })?;
                Ok(Schedule::Month { day, at })
            }
            "monthEnd" => Ok(Schedule::MonthEnd { at }),
            _ => Err(FieldError::new("when", "choose when it runs")),
        }
    }
}

/// The text of a field that may not be long.
fn short(field: &str, text: &str) -> Result<String, FieldError> {
    if text.chars().count() > LONGEST_FIELD {
        return Err(FieldError::new(field, format!("at most {LONGEST_FIELD} characters are allowed")));
    }
    Ok(text.to_owned())
}

fn nothing() -> TaskRequest {
    TaskRequest {
        task: String::new(),
        parameters: std::collections::BTreeMap::new(),
        music_industry_role: None,
    }
}

/// As much of a task as is a name.
fn beginning(task: &str) -> String {
    let line = task.lines().next().unwrap_or_default();
    match line.char_indices().nth(LONGEST_NAME - 1) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&'static str, &str)]) -> AutomationForm {
        AutomationForm::read(fields.iter().map(|(name, value)| (*name, (*value).to_owned())))
    }

    #[test]
    fn what_is_typed_becomes_a_wish_and_the_wish_the_same_form() {
        let report = ("task", "Write the weekly label report");
        for fields in [
            vec![report, ("when", "week"), ("on", "monday"), ("at", "07:00"), ("timeZone", "Europe/Oslo")],
            vec![report, ("when", "cron"), ("cron", "0 7 * * 1"), ("timeZone", "UTC"), ("mail", "yes")],
            vec![report, ("when", "releaseStatus"), ("status", "scheduled"), ("releaseId", "rel_1")],
            vec![report, ("when", "noticeDate"), ("noticeDays", "30")],
            vec![report, ("when", "uploadProblems"), ("webhook", "https://hooks.example/a")],
        ] {
            let wish = typed(&fields).wish().expect("a wish");
            assert_eq!(wish.name, "Write the weekly label report");
            assert_eq!(AutomationForm::of(&wish, 1).wish(), Ok(wish), "{fields:?}");
        }
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let form = typed(&[("when", "month"), ("at", "07:00"), ("day", "31"), ("timeZone", "UTC")]);
        let wrong = form.wish().expect_err("nothing of it can be done");
        let fields: Vec<_> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(fields, ["task", "day"]);
        let long = "x".repeat(LONGEST_FIELD + 1);
        for (when, field) in [("cron", "cron"), ("anomaly", "watchedArtist"), ("alarm", "alarm")] {
            let form = typed(&[("task", "Is everything working?"), ("when", when), (field, &long)]);
            assert_eq!(form.wish().expect_err("it is too long")[0].field, field);
        }
        let without_time = typed(&[("task", "Is everything working?"), ("when", "day")]);
        assert_eq!(without_time.wish().expect_err("at what time?")[0].field, "at");
    }
}
