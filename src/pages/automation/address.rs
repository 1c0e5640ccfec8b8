//! The addresses of automations.

use crate::model::task::TaskRequest;
use crate::pages::query_string;
use serde_json::Value;

/// One's own automations, with the form for another.
pub const PATH: &str = "/tasks/automation";

/// Those of everybody, for admins.
pub const EVERYBODY: &str = "/tasks/automation?of=everybody";

/// The id of the form for a new one.
pub(super) const FORM: &str = "new-automation";

/// The page of an automation.
pub fn of(id: &str) -> String {
    format!("{PATH}/{}", query_string::encode(id))
}

/// Whether the address asks for those of everybody.
pub(super) fn asks_for_everybody(query: &str) -> bool {
    query_string::fields(query).any(|(name, value)| name == "of" && value == "everybody")
}

/// The address at which the form is filled with a request.
pub fn repeating(request: &TaskRequest) -> String {
    let parameter = |name: &str| request.parameters.get(name).and_then(Value::as_str).unwrap_or_default();
    let role = request.music_industry_role.map(crate::model::role::Role::id).unwrap_or_default();
    let fields = [
        ("task", request.task.as_str()),
        ("role", role),
        ("artistId", parameter("artistId")),
        ("releaseId", parameter("releaseId")),
        ("territory", parameter("territory")),
    ];
    format!("{}#{FORM}", query_string::address(PATH, &fields))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::automation::AutomationForm;
    use std::collections::BTreeMap;

    #[test]
    fn a_task_that_is_repeated_stands_in_the_form() {
        let request = TaskRequest {
            task: "Is 5 % + real?".to_owned(),
            parameters: BTreeMap::from([("artistId".to_owned(), Value::from("art_1"))]),
            music_industry_role: None,
        };
        let address = repeating(&request);
        let query = address.split(['?', '#']).nth(1).unwrap_or_default();
        let form = AutomationForm::read(query_string::fields(query));
        assert_eq!((form.task.task.as_str(), form.task.artist_id.as_str()), ("Is 5 % + real?", "art_1"));
        assert!(asks_for_everybody("?of=everybody") && !asks_for_everybody(query));
    }
}
