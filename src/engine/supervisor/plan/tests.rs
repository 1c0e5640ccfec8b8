//! Plans of every sentence of `tests/supervisor/sentences.toml`, and plans that cannot be run.

use super::*;
use crate::engine::supervisor::understand::tests::Sentences;
use crate::engine::supervisor::understand::{Understanding, understand};
use crate::model::task::{Argument, PlannedStep, Planner, Reference, Risk, StepId, TaskRequest, Workflow};
use crate::model::tool::ToolAnnotations;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// A tool with these arguments, `*` before those that are required.
fn tool(name: &str, arguments: &[(&str, Value)]) -> ToolDescription {
    let plain = |name: &str| name.trim_start_matches('*').to_owned();
    let properties: BTreeMap<String, Value> =
        arguments.iter().map(|(name, schema)| (plain(name), schema.clone())).collect();
    let required: Vec<String> =
        arguments.iter().filter(|(name, _)| name.starts_with('*')).map(|(name, _)| plain(name)).collect();
    ToolDescription {
        name: name.to_owned(),
        server: "music".to_owned(),
        title: name.to_owned(),
        description: String::new(),
        input_schema: json!({
            "type": "object", "properties": properties, "required": required, "additionalProperties": false
        }),
        output_schema: json!({}),
        annotations: ToolAnnotations {
            read_only_hint: true,
            destructive_hint: false,
            idempotent_hint: true,
            open_world_hint: false,
        },
    }
}

pub(super) fn tools() -> Vec<ToolDescription> {
    let text = || json!({ "type": "string", "minLength": 1, "maxLength": 2000 });
    let day = || json!({ "type": "string", "format": "date" });
    let number = || json!({ "type": "integer", "minimum": 1, "maximum": 1000 });
    let groups = || json!({ "type": "string", "enum": ["/patchline/application", "/patchline/mcp/audit"] });
    let time = || json!({ "type": ["string", "null"], "maxLength": 64 });
    vec![
        tool(
            "analyze_artist_performance",
            &[
                ("*artistId", text()),
                ("from", day()),
                ("to", day()),
                ("compareFrom", day()),
                ("compareTo", day()),
                ("territory", json!({ "type": "string", "minLength": 2, "maxLength": 2 })),
            ],
        ),
        tool(
            "compare_artists",
            &[
                ("artistIds", json!({ "type": "array", "maxItems": 8 })),
                ("artistId", text()),
                ("similar", number()),
            ],
        ),
        tool(
            "identify_genre_trends",
            &[
                ("genre", text()),
                ("territory", text()),
                ("byTerritory", json!({ "type": "boolean" })),
                ("days", json!({ "type": "integer", "minimum": 56, "maximum": 120 })),
            ],
        ),
        tool(
            "update_release_data",
            &[
                ("*releaseId", text()),
                ("*expectedVersion", number()),
                ("*updateData", json!({ "type": "object", "minProperties": 1 })),
            ],
        ),
        tool("generate_release_insights", &[("*releaseId", text())]),
        tool(
            "recommend_release_date",
            &[("releaseId", text()), ("artistId", text()), ("earliest", day()), ("latest", day())],
        ),
        tool(
            "plan_promotion",
            &[
                ("*releaseId", text()),
                ("kind", json!({ "enum": ["promotion", "waterfall"] })),
                ("singles", number()),
            ],
        ),
        tool("process_audio", &[("*fileName", text())]),
        tool("get_audio_file", &[("*fileName", text())]),
        tool("get_artwork", &[("*fileName", text())]),
        tool(
            "list_audio_files",
            &[("prefix", text()), ("maxKeys", number()), ("order", json!({ "enum": ["name", "newest"] }))],
        ),
        tool("list_contracts", &[("prefix", text()), ("maxKeys", number())]),
        tool("get_contract", &[("*fileName", text())]),
        tool("query_artist_data", &[("artistId", text()), ("limit", number())]),
        tool("query_release_data", &[("artistId", text()), ("releaseId", text()), ("limit", number())]),
        tool("scan_analytics_data", &[("filterExpression", text()), ("limit", number())]),
        tool(
            "music_knowledge_search",
            &[("*query", text()), ("maxResults", number()), ("jurisdiction", text())],
        ),
        tool("generate_music_insights", &[("*prompt", text())]),
        tool(
            "query_performance_logs",
            &[("logGroupName", groups()), ("*query", text()), ("startTime", time()), ("endTime", time())],
        ),
        tool(
            "analyze_user_activity",
            &[("*userId", text()), ("logGroupName", groups()), ("timeRange", text())],
        ),
        tool(
            "get_performance_metrics",
            &[
                ("metric", json!({ "enum": ["Calls", "Errors", "Duration"] })),
                ("statistic", text()),
                ("server", text()),
                ("startTime", time()),
                ("endTime", time()),
            ],
        ),
        tool("list_database_instances", &[]),
        tool("list_knowledge_bases", &[]),
        tool("calculate_royalties", &[("*artistId", text()), ("from", day()), ("to", day())]),
        tool("summarize_earnings", &[("from", day()), ("to", day())]),
        tool(
            "query_database",
            &[("*sql", text()), ("parameters", json!({ "type": "object" })), ("maxRows", number())],
        ),
    ]
}

fn understood() -> Vec<(String, Understood)> {
    let (all, known) = Sentences::read();
    let read = all.all.iter().filter_map(|sentence| match understand(&sentence.request(), &known) {
        Understanding::Clear(understood) => Some((sentence.task.clone(), *understood)),
        _ => None,
    });
    read.collect()
}

#[test]
fn every_understanding_becomes_a_plan_that_fits_the_tools_and_is_always_the_same() {
    let tools = tools();
    for (task, understood) in understood() {
        let made = plan(&understood, &tools).expect(&task);
        assert_eq!(check(&made, &tools), Ok(()), "{task}");
        assert!(
            made.steps.iter().any(|step| !step.optional) || made.workflow == Some(Workflow::WeeklyReport)
        );
        for _ in 0..3 {
            assert_eq!(plan(&understood, &tools).as_ref(), Ok(&made), "{task}");
        }
    }
}

#[test]
fn trends_are_looked_for_in_each_territory_where_the_words_ask_in_which() {
    let tools = tools();
    let (_, known) = Sentences::read();
    for (task, by_territory, territory) in [
        ("genre trends by territory for the last 90 days", Some(true), None),
        ("what countries is hip-hop picking up in", Some(true), None),
        ("trends in R&B worldwide", None, None),
        ("which genres are growing in Japan", None, Some("JP")),
    ] {
        let asked =
            TaskRequest { task: task.to_owned(), parameters: BTreeMap::new(), music_industry_role: None };
        let Understanding::Clear(understood) = understand(&asked, &known) else { panic!("{task}") };
        let made = plan(&understood, &tools).expect(task);
        let given = |name: &str| match made.steps[0].arguments.get(name) {
            Some(Argument::Value(value)) => Some(value.clone()),
            _ => None,
        };
        assert_eq!(given("byTerritory"), by_territory.map(Value::from), "{task}");
        assert_eq!(given("territory"), territory.map(Value::from), "{task}");
    }
}

#[test]
fn an_artist_is_looked_at_in_the_territory_that_the_words_name() {
    let tools = tools();
    let (_, known) = Sentences::read();
    for (task, territory) in [
        ("How is Harbour Lanterns doing in Germany this month against last?", Some("DE")),
        ("reason for the decline of Nōri in France since August", Some("FR")),
        ("asta lind numbers please", None),
    ] {
        let asked =
            TaskRequest { task: task.to_owned(), parameters: BTreeMap::new(), music_industry_role: None };
        let Understanding::Clear(understood) = understand(&asked, &known) else { panic!("{task}") };
        let made = plan(&understood, &tools).expect(task);
        let analysis = made.steps.iter().find(|step| step.tool == "analyze_artist_performance");
        let given = analysis.expect("the analysis").arguments.get("territory").cloned();
        assert_eq!(given, territory.map(|code| Argument::Value(Value::from(code))), "{task}");
        assert!(
            made.steps.iter().all(|step| step.tool != "scan_analytics_data"),
            "{task}: the analysis tells it"
        );
    }
}

#[test]
fn without_a_tool_a_plan_does_without_or_says_which_is_missing() {
    let tools = tools();
    for (task, understood) in understood() {
        for left_out in &tools {
            let others: Vec<ToolDescription> =
                tools.iter().filter(|tool| tool.name != left_out.name).cloned().collect();
            match plan(&understood, &others) {
                Ok(made) => assert_eq!(check(&made, &others), Ok(()), "{task} without {}", left_out.name),
                Err(problem) => assert!(problem.message.contains(&left_out.name), "{task}: {problem:?}"),
            }
        }
    }
}

#[test]
fn without_the_ledger_it_is_said_what_switches_it_on() {
    let others: Vec<ToolDescription> =
        tools().into_iter().filter(|tool| tool.name != "query_database").collect();
    let (_, earnings) = understood()
        .into_iter()
        .find(|(_, found)| found.workflow == Workflow::Earnings && !found.artists.is_empty())
        .expect("one of earnings");
    let problem = plan(&earnings, &others).expect_err("no ledger");
    assert!(problem.remedy.contains("ENABLE_RDS"));
}

#[test]
fn what_the_whole_label_earned_is_one_step_and_what_an_artist_earned_is_that_artists_statement() {
    let tools = tools();
    let asked = understood().into_iter().filter(|(_, found)| found.workflow == Workflow::Earnings);
    for (task, found) in asked {
        let made = plan(&found, &tools).expect(&task);
        let used: Vec<&str> = made.steps.iter().map(|step| step.tool.as_str()).collect();
        let of_label = found.artists.is_empty() && found.releases.is_empty() && found.territory.is_none();
        assert_eq!(used == ["summarize_earnings"], of_label, "{task}: {used:?}");
        let of_artist = found.artists.len() == 1 && found.releases.is_empty();
        assert_eq!(used.contains(&"calculate_royalties"), of_artist, "{task}: {used:?}");
    }
}

#[test]
fn who_used_a_file_that_is_named_is_asked_of_the_audit_log_which_names_it() {
    let text = || json!({ "type": "string" });
    let limit = json!({ "type": "integer", "minimum": 1, "maximum": 200 });
    let access = tool(
        "find_asset_access",
        &[("*fileName", text()), ("from", text()), ("to", text()), ("limit", limit)],
    );
    let all: Vec<ToolDescription> = tools().into_iter().chain([access]).collect();
    let asked = understood().into_iter().filter(|(_, found)| found.workflow == Workflow::AssetAccess);
    let (named, others): (Vec<_>, Vec<_>) = asked.partition(|(_, found)| found.file.is_some());
    assert!(!named.is_empty() && !others.is_empty());
    for (task, found) in named.iter().chain(&others) {
        let made = plan(found, &all).expect(task);
        assert_eq!(check(&made, &all), Ok(()), "{task}");
        let first = if found.file.is_some() { "find_asset_access" } else { "query_performance_logs" };
        assert_eq!(made.steps[0].tool, first, "{task}");
    }
}

fn step(id: &str, tool: &str, arguments: &[(&str, Argument)], after: &[&str]) -> PlannedStep {
    PlannedStep {
        id: StepId(id.to_owned()),
        title: tool.to_owned(),
        tool: tool.to_owned(),
        arguments: arguments.iter().map(|(name, argument)| ((*name).to_owned(), argument.clone())).collect(),
        after: after.iter().map(|id| StepId((*id).to_owned())).collect(),
        risk: Risk::Low,
        optional: false,
        expected_millis: 1,
        expected_micro_dollars: 0,
    }
}

fn value(value: impl Into<Value>) -> Argument {
    Argument::Value(value.into())
}

fn found(step: &str, pointer: &str) -> Argument {
    Argument::From(Reference { step: StepId(step.to_owned()), pointer: pointer.to_owned() })
}

fn checked(steps: Vec<PlannedStep>) -> Result<(), PlanError> {
    check(&Plan { workflow: None, planner: Planner::Rules, steps, left_out: Vec::new() }, &tools())
}

#[test]
fn plans_that_cannot_be_run_are_refused() {
    let list = || step("s1", "list_contracts", &[], &[]);
    let get = |argument, after: &[&str]| step("s2", "get_contract", &[("fileName", argument)], after);
    assert_eq!(checked(vec![list(), get(found("s1", "/files/0/fileName"), &["s1"])]), Ok(()));
    assert_eq!(checked(Vec::new()), Err(PlanError::Empty));
    assert_eq!(checked(vec![list(); 25]), Err(PlanError::TooManySteps(25)));
    assert!(matches!(checked(vec![list(), list()]), Err(PlanError::Twice(_))));
    assert!(matches!(checked(vec![step("s1", "no_tool", &[], &[])]), Err(PlanError::UnknownTool { .. })));
    assert!(matches!(checked(vec![list(), get(value("a"), &["s9"])]), Err(PlanError::UnknownStep { .. })));
    assert!(matches!(checked(vec![get(found("s1", "/a"), &["s1"]), list()]), Err(PlanError::Forward { .. })));
    assert!(matches!(checked(vec![list(), get(found("s1", "/a"), &[])]), Err(PlanError::NotAwaited { .. })));
    assert!(matches!(checked(vec![list(), get(found("s1", "a"), &["s1"])]), Err(PlanError::Pointer { .. })));
    assert!(matches!(checked(vec![step("s1", "get_contract", &[], &[])]), Err(PlanError::Arguments { .. })));
    assert!(matches!(checked(vec![get(value(3), &[])]), Err(PlanError::Arguments { .. })));
    let unknown = step("s1", "get_contract", &[("fileName", value("a")), ("other", value(1))], &[]);
    assert!(matches!(checked(vec![unknown]), Err(PlanError::UnknownArgument { .. })));
    let circle = vec![
        step("s1", "list_contracts", &[], &["s2"]),
        step("s2", "get_contract", &[("fileName", value("a"))], &["s1"]),
    ];
    assert!(matches!(checked(circle), Err(PlanError::Cycle(_))));
    assert!(matches!(checked(vec![step("s1", "list_contracts", &[], &["s1"])]), Err(PlanError::Cycle(_))));
}

#[test]
fn what_changes_something_is_of_high_risk_and_what_pays_a_model_of_medium() {
    let mut tool = tool("store_contract", &[]);
    tool.annotations.read_only_hint = false;
    assert_eq!(super::tools::risk(&tool), Risk::Medium);
    tool.annotations.destructive_hint = true;
    assert_eq!(super::tools::risk(&tool), Risk::High);
    let model = self::tool("generate_music_insights", &[]);
    assert_eq!(super::tools::risk(&model), Risk::Medium);
}

/// Far above what is measured (see `make bench`), so that a slow machine does not fail it.
#[test]
fn reading_and_planning_take_milliseconds() {
    let tools = tools();
    let (all, known) = Sentences::read();
    let mut slowest = Duration::ZERO;
    for sentence in &all.all {
        let began = Instant::now();
        if let Understanding::Clear(understood) = understand(&sentence.request(), &known) {
            let made = plan(&understood, &tools).expect(&sentence.task);
            assert_eq!(check(&made, &tools), Ok(()));
        }
        slowest = slowest.max(began.elapsed());
    }
    assert!(slowest < Duration::from_secs(10), "{slowest:?}");
}
