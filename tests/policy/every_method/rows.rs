//! What must happen with each method of MCP, for each role and for a key that is for less.

use serde_json::{Value, json};

/// The era of the protocol in which a method is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Era {
    /// Each request by itself.
    Newer,
    /// In a session.
    Older,
}

/// What must happen.
pub(super) struct Row {
    pub(super) method: &'static str,
    pub(super) era: Era,
    pub(super) params: Value,
    /// Artist, producer, manager, label, admin, and a key of the admin that is for files only: `y` gets it.
    pub(super) who: &'static str,
    /// What only those see who get it; nothing where the answer has nothing of its own.
    pub(super) shows: String,
}

/// The functions that answer, each with its methods.
pub(super) static HANDLERS: [(&str, &[&str]); 20] = [
    ("get_info", &["initialize", "server/discover"]),
    ("list_tools", &["tools/list"]),
    ("call_tool", &["tools/call"]),
    // Says of which arguments of a call something stands in the headers.
    ("get_tool", &["tools/call"]),
    ("get_task", &["tasks/get"]),
    ("update_task", &["tasks/update"]),
    ("cancel_task", &["tasks/cancel"]),
    ("list_resources", &["resources/list"]),
    ("list_resource_templates", &["resources/templates/list"]),
    ("read_resource", &["resources/read"]),
    ("list_prompts", &["prompts/list"]),
    ("get_prompt", &["prompts/get"]),
    ("complete", &["completion/complete"]),
    ("accepted_subscription_filter", &["subscriptions/listen"]),
    ("listen", &["subscriptions/listen"]),
    ("set_level", &["logging/setLevel"]),
    ("subscribe", &["resources/subscribe"]),
    ("unsubscribe", &["resources/unsubscribe"]),
    ("on_initialized", &["notifications/initialized"]),
    // Methods that there are not.
    ("on_custom_request", &[]),
];

/// What the library of the protocol answers or takes by itself.
pub(super) const BY_THE_LIBRARY: [&str; 4] =
    ["ping", "notifications/cancelled", "notifications/progress", "notifications/roots/list_changed"];

/// What there is not: two methods of tasks as they were once, and an invented one.
pub(super) const NOT_THERE: [&str; 3] = ["tasks/list", "tasks/result", "tools/dance"];

impl Row {
    /// Whether nobody waits for an answer.
    pub(super) fn is_notice(&self) -> bool {
        self.method.starts_with("notifications/")
    }

    /// Whether its sender says that it knows tasks.
    pub(super) fn knows_tasks(&self) -> bool {
        self.method.starts_with("tasks/") || self.params["_meta"]["patchline/task"] == true
    }

    /// What it is about, as a header has to say it.
    pub(super) fn named(&self) -> Option<&str> {
        let field = match self.method {
            "tools/call" | "prompts/get" => "name",
            "resources/read" => "uri",
            method if method.starts_with("tasks/") => "taskId",
            _ => return None,
        };
        self.params[field].as_str()
    }
}

fn newer(method: &'static str, who: &'static str, shows: &str, params: Value) -> Row {
    Row { method, era: Era::Newer, params, who, shows: shows.to_owned() }
}

fn older(method: &'static str, who: &'static str, shows: &str, params: Value) -> Row {
    Row { era: Era::Older, ..newer(method, who, shows, params) }
}

/// Somebody else's artist than that of the artist and the manager.
const OF_OTHERS: &str = "patchline://artists/art_2";
const THEIR_NAME: &str = "Noor";

/// The rows. `task` is a call of the admin that waits for an answer.
pub(super) fn rows(task: &str) -> Vec<Row> {
    let mut all = about_the_server();
    all.extend(about_the_label());
    all.extend(about_a_task(task));
    all.extend(of_sessions());
    all
}

fn about_the_server() -> Vec<Row> {
    let hello = json!({
        "protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": { "name": "test", "version": "1" },
    });
    vec![
        older("initialize", "yyyyyy", "protocolVersion", hello),
        newer("server/discover", "yyyyyy", "cacheScope", json!({})),
        newer("tools/list", "nnyyyy", "\"name\":\"list_contracts\"", json!({})),
        newer("tools/list", "yyyyyn", "\"name\":\"query_artist_data\"", json!({})),
        newer("resources/templates/list", "yyyyyy", "patchline://artists/{id}", json!({})),
        newer("prompts/list", "yyyyyy", "artist_performance", json!({})),
        newer("tools/dance", "nnnnnn", "", json!({})),
    ]
}

fn about_the_label() -> Vec<Row> {
    let artist = json!({ "name": "query_artist_data", "arguments": { "artistId": "art_2" } });
    let contracts = json!({ "name": "list_contracts", "arguments": {} });
    let prompt = json!({ "name": "artist_performance", "arguments": { "artist": "art_2" } });
    let typed = json!({
        "ref": { "type": "ref/resource", "uri": "patchline://artists/{id}" },
        "argument": { "name": "id", "value": "noor" },
    });
    vec![
        newer("tools/call", "nynyyn", THEIR_NAME, artist),
        newer("tools/call", "nnnyyy", "house-rules.md", contracts),
        newer("resources/list", "nynyyn", OF_OTHERS, json!({})),
        newer("resources/read", "nynyyn", THEIR_NAME, json!({ "uri": OF_OTHERS })),
        newer("prompts/get", "nynyyn", OF_OTHERS, prompt),
        newer("completion/complete", "nynyyn", "art_2", typed),
        // Whoever follows something hears of it only while they may see it.
        newer(
            "subscriptions/listen",
            "yyyyyy",
            "",
            json!({ "notifications": { "resourcesListChanged": true } }),
        ),
    ]
}

/// Only whoever has begun a call knows of it, and another key of the same person is somebody else.
fn about_a_task(task: &str) -> Vec<Row> {
    let named = json!({ "taskId": task });
    // Of what was not asked nothing is taken: the call goes on waiting.
    let answered = json!({ "taskId": task, "inputResponses": { "other": { "action": "decline" } } });
    vec![
        newer("tasks/get", "nnnnyn", "\"status\"", named.clone()),
        newer("tasks/update", "nnnnyn", "resultType", answered),
        newer("tasks/list", "nnnnnn", "", json!({})),
        newer("tasks/result", "nnnnnn", "", named.clone()),
        // In the older era nobody has tasks.
        older("tasks/get", "nnnnnn", "", named.clone()),
        older("tasks/list", "nnnnnn", "", json!({})),
        older("tasks/result", "nnnnnn", "", named.clone()),
        older("tasks/cancel", "nnnnnn", "", named.clone()),
        newer("tasks/cancel", "nnnnyn", "resultType", named),
    ]
}

/// What there is in the older era alone.
fn of_sessions() -> Vec<Row> {
    let followed = json!({ "uri": OF_OTHERS });
    vec![
        older("ping", "yyyyyy", "", json!({})),
        older("logging/setLevel", "yyyyyy", "", json!({ "level": "info" })),
        older("resources/subscribe", "yyyyyy", "", followed.clone()),
        older("resources/unsubscribe", "yyyyyy", "", followed),
        older("notifications/initialized", "yyyyyy", "", json!({})),
        older("notifications/cancelled", "yyyyyy", "", json!({ "requestId": 99 })),
        older("notifications/progress", "yyyyyy", "", json!({ "progressToken": 99, "progress": 1 })),
        older("notifications/roots/list_changed", "yyyyyy", "", json!({})),
    ]
}
