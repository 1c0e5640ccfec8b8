//! Every workflow, asked in a sentence about the sample label, comes to an answer by the tools that there are.

use super::planted::{decide, from_here, settled};
use super::request;
use crate::policy::{somebody, somebody_with};
use crate::support::Patchline;
use patchline::engine::gateway::{Principal, Role};
use patchline::model::task::{Argument, StepState, TaskDecision, TaskState, TaskView, Workflow};
use patchline::model::territory::territory_name;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// A release that came out, one that is to come, and a file of audio.
struct Named {
    out: String,
    to_come: String,
    file: String,
    contract: String,
}

async fn named(patchline: &Patchline) -> Named {
    let asked = json!({ "limit": 100, "attributes": ["releaseId", "status", "releaseDate"] });
    let releases = patchline.result_of("query_release_data", asked).await;
    let rows = releases["rows"].as_array().expect("rows").clone();
    let with = |status: &str| {
        let found = rows.iter().find(|row| row["status"] == status);
        found.expect(status)["releaseId"].as_str().expect("an id").to_owned()
    };
    let files = patchline.result_of("list_audio_files", json!({})).await;
    let file = files["files"][0]["fileName"].as_str().expect("a file").to_owned();
    let contracts = patchline.result_of("list_contracts", json!({})).await;
    let contract = contracts["files"][0]["fileName"].as_str().expect("a contract").to_owned();
    Named { out: with("released"), to_come: with("scheduled"), file, contract }
}

fn sentences(named: &Named) -> Vec<(Workflow, String)> {
    let Named { out, to_come, file, contract } = named;
    let said = |workflow, words: &str| (workflow, words.to_owned());
    vec![
        said(
            Workflow::ArtistPerformance,
            "How is Harbour Lanterns doing this month against last, and is it real?",
        ),
        said(Workflow::Breakouts, "Which artists are breaking out?"),
        said(Workflow::CompareArtists, "Compare Harbour Lanterns with similar artists"),
        said(Workflow::GenreTrends, "How are our genres trending by territory?"),
        said(Workflow::ExplainChange, "Why did the streams of Harbour Lanterns change?"),
        said(Workflow::StreamAuthenticity, "Are the streams of Nebelkurier real or bots?"),
        (Workflow::ReleaseInsights, format!("How did the release {out} do in its first week?")),
        (Workflow::ReleaseDate, format!("What is the best release date for {to_come}?")),
        (Workflow::WaterfallPlan, format!("Make a waterfall plan for {to_come}")),
        (Workflow::PromotionPlan, format!("Make a promotion plan and a pitch for {to_come}")),
        (Workflow::CheckUpload, format!("Check the quality of {file}")),
        said(Workflow::Knowledge, "What is the mechanical rate for a 6:10 song pressed in 2026?"),
        said(Workflow::Earnings, "What did we earn last quarter and who gets paid?"),
        (Workflow::ContractSummary, format!("Summarise the contract {contract}")),
        (Workflow::AssetAccess, format!("Who downloaded {file} in the last 7 days?")),
        said(
            Workflow::PerformanceLogs,
            "What do the performance logs say about slow calls in the last 24 hours?",
        ),
        said(Workflow::SystemHealth, "Is the system healthy?"),
        said(Workflow::WeeklyReport, "Write the weekly label report"),
        (Workflow::ChangeRelease, format!("Move the release date of {to_come} to 6 December 2030")),
    ]
}

/// Whether every step was done without which the answer cannot be whole.
fn has_done_its_steps(task: &TaskView) -> bool {
    let mut needed = task.plan.iter().flat_map(|plan| &plan.steps).filter(|planned| !planned.optional);
    needed.all(|planned| {
        let done = task.steps.iter().find(|step| step.id == planned.id);
        done.is_some_and(|step| step.state == StepState::Done)
    })
}

fn told(task: &TaskView) -> String {
    let problems = task.steps.iter().filter_map(|step| step.problem.as_deref());
    let problems: Vec<_> = problems.collect();
    format!("{:?}: {:?} {:?} {problems:?}", task.request.task, task.state, task.problem)
}

#[tokio::test]
async fn each_workflow_comes_to_an_answer() {
    let patchline = Patchline::with(&[
        ("MCP_DEMO_MODE", "true"),
        ("ENABLE_BEDROCK", "true"),
        ("ENABLE_RDS", "true"),
        ("ENABLE_CLOUDWATCH", "true"),
    ])
    .await;
    patchline.engine.sample_label_settled().await;
    patchline.knowledge_settled().await;
    let sentences = sentences(&named(&patchline).await);
    let asked: BTreeSet<_> = sentences.iter().map(|(workflow, _)| *workflow).collect();
    assert_eq!(asked, Workflow::ALL.into_iter().collect(), "a sentence for each workflow");
    let who = somebody(Role::Admin);
    let mut wrong = Vec::new();
    for (workflow, words) in sentences {
        let begun = patchline.engine.supervisor.start(&who, &from_here(), request(&words)).await;
        let mut ended = settled(&patchline, &who, &begun.expect("it is kept").id).await;
        if let Some(approval) = ended.approval.take().filter(|_| workflow == Workflow::ChangeRelease) {
            decide(&patchline, &who, &ended.id, TaskDecision::Approve { approval })
                .await
                .expect("it is theirs");
            ended = settled(&patchline, &who, &ended.id).await;
        }
        let planned = ended.plan.as_ref().and_then(|plan| plan.workflow);
        let answered = matches!(ended.state, TaskState::Done | TaskState::Partial) && ended.answer.is_some();
        if planned != Some(workflow) || !answered || !has_done_its_steps(&ended) {
            wrong.push(told(&ended));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[tokio::test]
async fn an_artist_is_looked_at_in_the_territory_that_is_named_by_whoever_may_see_them() {
    let patchline = Patchline::with(&[("MCP_DEMO_MODE", "true")]).await;
    patchline.engine.sample_label_settled().await;
    let found = patchline.result_of("query_artist_data", json!({ "name": "Harbour Lanterns" })).await;
    let id = found["rows"][0]["artistId"].as_str().expect("an id");
    let whole = patchline.result_of("analyze_artist_performance", json!({ "artistId": id })).await;
    let drivers = whole["drivers"].as_array().expect("drivers");
    let is_place = |driver: &&Value| driver["dimension"] == "territory" && driver["name"] != "Elsewhere";
    let code = drivers.iter().find(is_place).and_then(|driver| driver["name"].as_str()).expect("a territory");
    let place = territory_name(code);
    let words = format!("How is Harbour Lanterns doing in {place}?");
    let ended = async |who: &Principal| {
        let begun = patchline.engine.supervisor.start(who, &from_here(), request(&words)).await;
        settled(&patchline, who, &begun.expect("it is kept").id).await
    };
    for who in [somebody(Role::Label), somebody_with(Role::Artist, &[id])] {
        let task = ended(&who).await;
        let mut steps = task.plan.iter().flat_map(|plan| &plan.steps);
        let analysis = steps.find(|step| step.tool == "analyze_artist_performance");
        let given = analysis.and_then(|step| step.arguments.get("territory"));
        assert_eq!(given, Some(&Argument::Value(json!(code))), "{}", told(&task));
        let answer = json!(task.answer).to_string();
        let known = format!("Only streams are known of {place} alone");
        for part in [format!("Streams of both periods in {place}"), known] {
            assert!(answer.contains(&part), "{part}: {answer}");
        }
    }
    let stranger = ended(&somebody_with(Role::Artist, &["art_of_nobody"])).await;
    assert!(stranger.answer.is_none(), "{}", told(&stranger));
    assert!(stranger.steps.iter().all(|step| step.result.is_none()), "{}", told(&stranger));
}
