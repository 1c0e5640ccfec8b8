//! The question of the test bench, as it stands in the address.

use crate::model::policy::PolicyQuestion;
use crate::pages::query_string;

/// The page's own path.
pub(super) const PATH: &str = "/admin/policy";

/// Reads the question; none where nothing is asked.
pub(super) fn read(query: &str) -> Option<PolicyQuestion> {
    let mut question = PolicyQuestion::default();
    for (name, value) in query_string::fields(query) {
        match name {
            "role" => question.role = value,
            "operation" => question.operation = value,
            "place" => question.place = value,
            "file" => question.file = value,
            "bytes" => question.bytes = value.trim().parse().ok(),
            "address" => question.address = value,
            "day" => question.day = value,
            "time" => question.time = value,
            "supervisor" => question.by_supervisor = value == "1",
            _ => {}
        }
    }
    Some(question).filter(|question| !question.operation.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_question_is_read_from_the_address() {
        let asked =
            "?role=producer&operation=upload_audio_file&place=patchline-audio&time=22%3A00&supervisor=1";
        let expected = PolicyQuestion {
            role: "producer".to_owned(),
            operation: "upload_audio_file".to_owned(),
            place: "patchline-audio".to_owned(),
            time: "22:00".to_owned(),
            by_supervisor: true,
            ..PolicyQuestion::default()
        };
        assert_eq!(read(asked), Some(expected));
    }

    #[test]
    fn without_an_operation_nothing_is_asked() {
        assert_eq!(read(""), None);
        assert_eq!(read("?role=producer"), None);
    }
}
