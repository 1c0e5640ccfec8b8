//! Tasks with plans of the tests' own, put into the store as a process has left them that died.

use crate::support::Patchline;
use patchline::engine::Engine;
use patchline::engine::gateway::{Channel, Origin, Principal};
use patchline::model::task::{TaskDecision, TaskView};
use serde_json::{Value, json};
use std::time::Duration;

const TABLE: &str = "patchline-tasks";

/// How long a task may take on a slow machine.
const PATIENCE: Duration = Duration::from_mins(3);

pub(super) fn from_here() -> Origin {
    Origin::new(Channel::Rest, Some(std::net::Ipv4Addr::LOCALHOST.into()))
}

/// A step of a plan.
pub(crate) fn step(id: &str, tool: &str, arguments: &Value, after: &[&str], risk: &str) -> Value {
    json!({
        "id": id, "title": tool, "tool": tool, "arguments": arguments, "after": after, "risk": risk,
        "optional": false, "expectedMillis": 10, "expectedMicroDollars": 0
    })
}

/// A task that waits to be run.
pub(crate) async fn plant(patchline: &Patchline, who: &Principal, id: &str, steps: &[Value]) {
    plant_changed(patchline, who, id, steps, |_| ()).await;
}

/// The same with something else about it: in its `view`, which people see, or in its `run`.
pub(super) async fn plant_changed(
    patchline: &Patchline,
    who: &Principal,
    id: &str,
    steps: &[Value],
    change: impl FnOnce(&mut Value),
) {
    let now = "2026-11-26T09:00:00.000Z";
    let views: Vec<_> = steps
        .iter()
        .map(|step| json!({ "id": step["id"], "state": "waiting", "attempts": 0, "resources": [] }))
        .collect();
    let view = json!({
        "id": id, "owner": who.name, "request": { "task": "A task of the tests" }, "state": "waiting",
        "createdAt": now, "updatedAt": now, "understood": "A task of the tests",
        "plan": { "planner": { "kind": "rules" }, "steps": steps }, "steps": views,
        "costMicroDollars": 0, "revision": 1
    });
    let run = json!({
        "principal": who, "endsAt": null, "channel": "rest", "address": "127.0.0.1", "generations": {},
        "pending": {}, "approved": {}, "readUntrusted": false
    });
    let mut content = json!({ "view": view, "run": run });
    change(&mut content);
    put(patchline, who, id, 1, &content).await;
}

async fn put(patchline: &Patchline, who: &Principal, id: &str, epoch: u32, content: &Value) {
    let expires_at = 4_000_000_000_u64;
    let task = json!({
        "owner": who.id, "id": id, "epoch": epoch, "version": 1, "row": "{}", "content": content.to_string(),
        "expiresAt": expires_at
    });
    patchline.put(TABLE, task).await;
    let open = json!({
        "owner": "open runs", "id": id, "of": who.id, "epoch": epoch, "holder": "", "aliveUntil": 0,
        "expiresAt": expires_at
    });
    patchline.put(TABLE, open).await;
}

/// Puts a task back to the moment at which its step was begun and nothing more was written down.
pub(super) async fn forget_the_end_of(patchline: &Patchline, who: &Principal, id: &str, step: usize) {
    use aws_sdk_dynamodb::types::AttributeValue;
    let text = |text: &str| AttributeValue::S(text.to_owned());
    let store = &patchline.clients.dynamodb;
    let key = (text(&who.id), text(id));
    let read = store.get_item().table_name(TABLE).key("owner", key.0).key("id", key.1);
    let item = read.send().await.expect("an answer").item.expect("the task");
    let content = item["content"].as_s().expect("a short task");
    let mut content: Value = serde_json::from_str(content).expect("JSON");
    let view = &mut content["view"];
    view["state"] = json!("running");
    view["endedAt"] = json!(null);
    view["answer"] = json!(null);
    view["steps"][step]["state"] = json!("running");
    view["steps"][step]["endedAt"] = json!(null);
    let name = format!("s{}", step + 1);
    let result = store.delete_item().table_name(TABLE);
    let result = result.key("owner", text(&format!("{}#{id}", who.id))).key("id", text(&name));
    result.send().await.expect("as if it had never been written");
    let epoch: u32 = item["epoch"].as_n().expect("a number").parse().expect("a number");
    put(patchline, who, id, epoch, &content).await;
}

/// Lets the leases of a process end at once that was killed: of the run, and of the change that it was making.
pub(crate) async fn lapse(patchline: &Patchline) {
    use aws_sdk_dynamodb::types::AttributeValue;
    for (table, attribute) in [(TABLE, "aliveUntil"), ("patchline-idempotency", "leaseEnds")] {
        let found = patchline.clients.dynamodb.scan().table_name(table).send().await.expect("a scan");
        for mut item in found.items.unwrap_or_default() {
            if item.contains_key(attribute) {
                item.insert(attribute.to_owned(), AttributeValue::N("0".to_owned()));
                let put = patchline.clients.dynamodb.put_item().table_name(table).set_item(Some(item));
                put.send().await.expect("it is put");
            }
        }
    }
}

/// The task when it has ended or needs a person.
pub(crate) async fn settled(patchline: &Patchline, who: &Principal, id: &str) -> TaskView {
    settled_at(&patchline.engine, who, id).await
}

/// The same where another engine does it.
pub(super) async fn settled_at(engine: &Engine, who: &Principal, id: &str) -> TaskView {
    engine.supervisor.settled(who, &from_here(), id, PATIENCE).await.expect("the task is there")
}

pub(super) async fn decide(
    patchline: &Patchline,
    who: &Principal,
    id: &str,
    decision: TaskDecision,
) -> Result<TaskView, patchline::engine::gateway::CallError> {
    patchline.engine.supervisor.decide(who, &from_here(), id, decision).await
}
