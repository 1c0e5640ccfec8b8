//! What the address of the page says: the question of the test bench, the rule whose form is open, the report.

use crate::model::policy::PolicyQuestion;
use crate::model::rule_form::About;
use crate::pages::query_string;

/// The page's own path.
pub const PATH: &str = "/admin/policy";

/// The id of what says what came of a form.
pub const OUTCOME: &str = "policy-outcome";

/// Where the forms of the page are sent, so that the answer is shown where it says what came of them.
pub(super) const FORM_ACTION: &str = "/admin/policy#policy-outcome";

/// What is open beside the policy itself.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Open {
    /// The rule that is to be changed.
    pub(super) rule: Option<String>,
    /// What a new rule is to be about.
    pub(super) new: Option<About>,
    /// Whether the report is shown.
    pub(super) report: bool,
    /// What was done just now, and the version that holds since.
    pub(super) done: Option<(String, u32)>,
}

impl Open {
    /// Reads what is open.
    pub(super) fn read(query: &str) -> Self {
        let mut open = Self::default();
        let (mut done, mut version) = (None, None);
        for (name, value) in query_string::fields(query) {
            match name {
                "rule" => open.rule = Some(value),
                "new" => open.new = About::from_id(&value),
                "show" => open.report = value == "report",
                "done" => done = Some(value),
                "version" => version = value.parse().ok(),
                _ => {}
            }
        }
        open.done = done.zip(version);
        open
    }
}

/// The address at which the form of a rule is open.
pub(super) fn of_rule(id: &str) -> String {
    format!("{}#policy-rule", query_string::address(PATH, &[("rule", id)]))
}

/// The address at which the form of a new rule is open.
pub(super) fn of_new(about: About) -> String {
    format!("{}#policy-rule", query_string::address(PATH, &[("new", about.id())]))
}

/// The address at which the report is shown.
pub(super) fn of_report() -> String {
    format!("{}#policy-report", query_string::address(PATH, &[("show", "report")]))
}

/// Reads the question; none where nothing is asked.
pub(super) fn read(query: &str) -> Option<PolicyQuestion> {
    let mut question = PolicyQuestion::default();
    for (name, value) in query_string::fields(query) {
        match name {
            "person" => question.person = value,
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
    fn what_is_open_is_read_from_the_address() {
        assert_eq!(Open::read(""), Open::default());
        assert_eq!(Open::read("?rule=no-uploads").rule.as_deref(), Some("no-uploads"));
        assert_eq!(Open::read("?new=hours").new, Some(About::Hours));
        assert_eq!(Open::read("?new=weather").new, None);
        assert!(Open::read("?show=report").report);
        assert_eq!(Open::read("?done=rule&version=4").done, Some(("rule".to_owned(), 4)));
        assert_eq!(Open::read("?done=rule").done, None);
        assert_eq!(of_rule("a b"), "/admin/policy?rule=a%20b#policy-rule");
    }

    #[test]
    fn without_an_operation_nothing_is_asked() {
        assert_eq!(read(""), None);
        assert_eq!(read("?role=producer"), None);
    }
}
