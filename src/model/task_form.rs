//! The form of a new task: what is typed into it, and the request that it means.

use super::field::FieldError;
use super::role::Role;
use super::task::{LONGEST_TASK, TaskRequest};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The field that tells a second click from another wish: the newest task that the page knew of.
pub const TOKEN: &str = "after";

/// What is typed, as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TaskForm {
    /// The task in words.
    pub task: String,
    /// The role to work in; empty for one's own.
    pub role: String,
    /// The id of an artist; may be empty, as all below.
    pub artist_id: String,
    /// The id of a release.
    pub release_id: String,
    /// The first day of the period.
    pub from: String,
    /// Its last day.
    pub to: String,
    /// The country, ISO 3166-1 alpha-2.
    pub territory: String,
}

impl TaskForm {
    /// Reads the fields of a form or of an address. What is unknown counts as not said.
    pub fn read<'a>(fields: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name {
                // Browsers send line ends of two characters.
                "task" => form.task = value.replace("\r\n", "\n"),
                "role" => value.trim().clone_into(&mut form.role),
                "artistId" => value.trim().clone_into(&mut form.artist_id),
                "releaseId" => value.trim().clone_into(&mut form.release_id),
                "from" => value.trim().clone_into(&mut form.from),
                "to" => value.trim().clone_into(&mut form.to),
                "territory" => form.territory = value.trim().to_ascii_uppercase(),
                _ => {}
            }
        }
        form
    }

    /// Whether anything beside the words is given.
    pub fn has_details(&self) -> bool {
        let details = [&self.role, &self.artist_id, &self.release_id, &self.from, &self.to, &self.territory];
        details.into_iter().any(|detail| !detail.is_empty())
    }

    /// The request that is meant.
    ///
    /// # Errors
    /// What is wrong with single fields.
    pub fn request(&self) -> Result<TaskRequest, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let task = self.task.trim();
        if task.is_empty() {
            wrong.push(FieldError::new("task", "say in a sentence what is to be done"));
        } else if task.chars().count() > LONGEST_TASK {
            wrong.push(FieldError::new("task", format!("at most {LONGEST_TASK} characters are allowed")));
        }
        let role = Some(self.role.as_str()).filter(|role| !role.is_empty());
        let music_industry_role = role.and_then(Role::from_id);
        if role.is_some() && music_industry_role.is_none() {
            wrong.push(FieldError::new("role", "there is no such role"));
        }
        for (field, day) in [("from", &self.from), ("to", &self.to)] {
            if !day.is_empty() && day.parse::<Date>().is_err() {
                wrong.push(FieldError::new(field, "a day such as 2026-11-24 is needed"));
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(TaskRequest { task: task.to_owned(), parameters: self.parameters(), music_industry_role })
    }

    fn parameters(&self) -> BTreeMap<String, Value> {
        let given = [
            ("artistId", &self.artist_id),
            ("releaseId", &self.release_id),
            ("from", &self.from),
            ("to", &self.to),
            ("territory", &self.territory),
        ];
        let given = given.into_iter().filter(|(_, value)| !value.is_empty());
        given.map(|(name, value)| (name.to_owned(), Value::String(value.clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed(fields: &[(&'static str, &str)]) -> TaskForm {
        TaskForm::read(fields.iter().map(|(name, value)| (*name, (*value).to_owned())))
    }

    #[test]
    fn what_was_typed_becomes_a_request_with_only_what_was_given() {
        let form = typed(&[
            ("task", " How is Mira doing?\r\n"),
            ("artistId", "art_1"),
            ("territory", "no"),
            ("to", ""),
        ]);
        let request = form.request().expect("a request");
        assert_eq!(request.task, "How is Mira doing?");
        let parameters: Vec<_> =
            request.parameters.iter().map(|(name, value)| (name.as_str(), value)).collect();
        assert_eq!(parameters, [("artistId", &Value::from("art_1")), ("territory", &Value::from("NO"))]);
        assert_eq!(request.music_industry_role, None);
        assert!(form.has_details());
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let form = typed(&[("task", " "), ("role", "boss"), ("from", "yesterday")]);
        let wrong = form.request().expect_err("nothing of it can be done");
        let fields: Vec<_> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        assert_eq!(fields, ["task", "role", "from"]);
        let long = TaskForm { task: "é".repeat(LONGEST_TASK + 1), ..TaskForm::default() };
        assert_eq!(long.request().expect_err("too long")[0].field, "task");
    }
}
