//! The addresses of tasks.

use super::answers::{answers, idempotency_key, in_path, in_query, json_answer, schema_of};
use crate::model::fleet::FleetView;
use crate::model::role::Role;
use crate::model::task::{LONGEST_TASK, TaskView};
use crate::model::task_outcome::TaskOutcome;
use crate::model::tool::ToolDescription;
use serde_json::{Value, json};

/// `GET` and `POST /api/aws-mcp`
pub(super) fn run() -> Value {
    let roles = Role::ALL.map(Role::id);
    let body = json!({
        "type": "object",
        "required": ["task"],
        "additionalProperties": false,
        "properties": {
            "task": {
                "type": "string",
                "minLength": 1,
                "maxLength": LONGEST_TASK,
                "description": "What is to be done, in a sentence",
            },
            "parameters": {
                "type": "object",
                "description": "What is already known, such as artistId, releaseId, from, to, territory; what the words say as well has to agree",
            },
            "musicIndustryRole": {
                "enum": roles,
                "description": "The role to work in: one's own, or one with fewer rights",
            },
        },
    });
    let ended =
        json_answer("It has ended; success says whether it has an answer", schema_of::<TaskOutcome>());
    let mut goes_on = json_answer(
        "It goes on, or needs a person: an answer to its question, or an approval",
        schema_of::<TaskOutcome>(),
    );
    goes_on["headers"] = json!({ "Location": {
        "description": "Where the task is to be looked at",
        "schema": { "type": "string" },
    } });
    let mut answers = answers("200", ended, &["404", "409", "413", "422", "429"]);
    answers.insert("202".to_owned(), goes_on);
    json!({
        "get": tell(),
        "post": {
            "operationId": "run_task",
            "summary": "Do a task that is said in words",
            "parameters": [prefer(), idempotency_key("A task is begun once, however often it is sent with the same key within 24 hours; another task with it is refused.")],
            "requestBody": { "required": true, "content": { "application/json": { "schema": body } } },
            "responses": answers,
        },
    })
}

/// How long the caller waits.
fn prefer() -> Value {
    json!({
        "name": "Prefer",
        "in": "header",
        "required": false,
        "schema": { "type": "string", "pattern": "^wait=[0-9]{1,2}$" },
        "description": "wait=N: for how many seconds an answer is waited for, at most 60; 30 unless said",
    })
}

fn tell() -> Value {
    let tools = json!({
        "type": "object",
        "required": ["tools"],
        "properties": { "tools": { "type": "array", "items": schema_of::<ToolDescription>() } },
    });
    let schema = json!({ "anyOf": [tools, schema_of::<FleetView>()] });
    let told = json_answer("The tools, or with action=health the servers that have them", schema);
    let action = json!({ "enum": ["tools", "health"] });
    json!({
        "operationId": "tell_of_tasks",
        "summary": "What tasks can be done with, and how that is",
        "parameters": [in_query("action", false, &action, "What is to be told; the tools unless said")],
        "responses": answers("200", told, &[]),
    })
}

/// `GET` and `DELETE /api/tasks/{id}`
pub(super) fn task() -> Value {
    let seen =
        || json_answer("The task with its steps and, where it has one, its answer", schema_of::<TaskView>());
    json!({
        "get": {
            "operationId": "view_task",
            "summary": "How far one of one's own tasks is",
            "parameters": [id()],
            "responses": answers("200", seen(), &["404", "429"]),
        },
        "delete": {
            "operationId": "cancel_task",
            "summary": "Stop one of one's own tasks",
            "parameters": [id()],
            "responses": answers("200", seen(), &["404", "409", "429"]),
        },
    })
}

fn id() -> Value {
    in_path("id", "The id of the task")
}
