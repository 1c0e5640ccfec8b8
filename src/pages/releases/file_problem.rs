//! Why a new file of a release was refused for what is in it: told once, at its field, and a line above all files leads
//! there. The answer of a tool names its argument, which is no word of the page.

use crate::api::error::AppError;
use crate::components::wrong_fields::{WrongField, WrongFields};
use crate::model::release_file::COVER;
use leptos::prelude::*;

/// What tools call the file that they are given.
const ARGUMENTS: [&str; 2] = ["file", "fileContent"];

/// The id of the field in which a file is picked.
pub fn picker(subject: &str) -> String {
    format!("picked-{subject}")
}

/// What is wrong with the file itself, in sentences; none where something else stood in the way.
pub fn of_file(error: &AppError) -> Option<String> {
    let is_of_file = error.fields.iter().all(|wrong| ARGUMENTS.contains(&wrong.field.as_str()));
    if error.fields.is_empty() || !is_of_file {
        return None;
    }
    let sentences = error.fields.iter().map(|wrong| format!("{}.", wrong.message.trim_end_matches('.')));
    Some(format!("Not stored: {}", sentences.collect::<Vec<_>>().join(" ")))
}

/// The line above all files.
#[component]
pub fn RefusedFile(
    /// What the file is called in forms.
    subject: String,
    /// What people call it.
    name: String,
) -> impl IntoView {
    let message =
        if subject == COVER { "The new cover was not stored." } else { "The new master was not stored." };
    view! { <WrongFields message=message fields=vec![WrongField { id: picker(&subject), name }] /> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::error::ErrorKind;
    use crate::model::field::FieldError;

    #[test]
    fn only_what_is_wrong_with_the_file_stands_at_its_field_and_in_no_words_of_a_tool() {
        let error = |fields: &[(&str, &str)]| AppError {
            fields: fields.iter().map(|(field, message)| FieldError::new(*field, *message)).collect(),
            ..AppError::new(ErrorKind::Invalid, "The argument file is wrong.", "Correct it.")
        };
        let told = "Not stored: the file is empty.".to_owned();
        assert_eq!(of_file(&error(&[("file", "the file is empty")])), Some(told.clone()));
        assert_eq!(of_file(&error(&[("fileContent", "the file is empty.")])), Some(told));
        assert_eq!(of_file(&error(&[])), None);
        assert_eq!(of_file(&error(&[("file", "it is empty"), ("fileName", "it is too long")])), None);
    }
}
