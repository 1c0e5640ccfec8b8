//! Every workflow is found as a tool, a prompt, a button and a schedule, by whoever may use it.

use super::mcp_client::Client;
use super::people::People;
use super::{ROLES, from_here};
use patchline::engine::gateway::Role;
use patchline::model::key::KeyRequest;
use patchline::model::workflow::{Sentence, WORKFLOWS, WorkflowEntry};
use std::collections::BTreeSet;

/// A key of somebody, for everything that they may do.
async fn key_of(people: &People, role: Role) -> String {
    let wish = KeyRequest { name: "Desk".to_owned(), scope: "all".to_owned(), ..KeyRequest::default() };
    let who = people.principal(role);
    people.patchline.engine.create_key(who, &from_here(), &wish).await.expect("a key").text
}

/// What of a workflow is for a role, but for the gap alone, which is no suggestion.
fn for_role(entry: &WorkflowEntry, role: Role) -> Vec<&'static Sentence> {
    let shown = entry.sentences.iter().filter(|sentence| sentence.with_dots() != "…");
    shown.filter(|sentence| sentence.is_for(role)).collect()
}

#[tokio::test]
async fn each_workflow_is_a_tool_a_prompt_a_button_and_a_schedule_for_whoever_may_use_it() {
    let people = People::of(&[("ENABLE_BEDROCK", "true"), ("ENABLE_RDS", "true")]).await;
    let served = people.patchline.listen().await;
    let mut found = BTreeSet::new();
    for role in ROLES {
        let client = Client::begin(&served, &key_of(&people, role).await).await;
        let (tools, prompts) = (client.tools().await, client.prompts().await);
        let buttons = people.get(role, "/tasks").await.text();
        let schedules = people.get(role, "/tasks/automation").await.text();
        for entry in &WORKFLOWS {
            let sentences = for_role(entry, role);
            let Some(sentence) = sentences.first() else { continue };
            let case = format!("{} {:?}", role.id(), entry.workflow);
            assert!(tools.contains(&format!("\"{}\"", entry.tool)), "{case}: no tool {}", entry.tool);
            assert!(prompts.contains(&format!("\"{}\"", entry.prompt)), "{case}: no prompt");
            assert!(buttons.contains(&sentence.with_dots()), "{case}: no button");
            // A change is not repeated.
            if let Some(repeated) = entry.scheduled(role) {
                assert!(schedules.contains(&repeated.with_dots()), "{case}: no schedule");
            }
            found.insert(entry.prompt);
        }
    }
    assert_eq!(found.len(), WORKFLOWS.len(), "each is for somebody");
}
