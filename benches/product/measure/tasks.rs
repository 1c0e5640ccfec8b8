//! What the supervisor takes: five steps side by side, a thousand tasks that wait, and a plan by rules. And how many
//! sentences of the set it understands.
//!
//! In one process over the embedded AWS. A step of a second is a list of files whose store answers after a second.
//! Of the thousand tasks all but one are of one person, and the one of somebody else is the newest.

#[path = "../../../tests/supervisor/sentences.rs"]
mod sentences;

use crate::in_process::InProcess;
use crate::problem::{Because, Problem};
use crate::process::resident_bytes;
use crate::report::{Figure, Section};
use crate::samples::Samples;
use crate::units::{bytes, time};
use aws_sdk_dynamodb::error::DisplayErrorContext;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, SharedHttpClient, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use jiff::Timestamp;
use patchline::engine::aws::AwsClients;
use patchline::engine::catalog::Catalog;
use patchline::engine::config::Config;
use patchline::engine::gateway::{AuditLog, Channel, Gateway, Origin, Principal, Role};
use patchline::engine::identity::Identity;
use patchline::engine::supervisor::understand::{
    Known, KnownArtist, KnownRelease, Period, Understanding, Understood, understand,
};
use patchline::engine::supervisor::{Supervisor, plan};
use patchline::engine::telemetry::Telemetry;
use patchline::model::identifier::{ArtistId, ReleaseId};
use patchline::model::task::{TaskRequest, TaskView, Workflow};
use patchline::model::tool::ToolDescription;
use sentences::Sentences;
use serde_json::{Value, json};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// How often all sentences are planned.
const ROUNDS: usize = 20;

/// How long the store of files takes to answer.
const SLOW: Duration = Duration::from_secs(1);

/// How many steps a task has that are done side by side.
const STEPS: usize = 5;

/// How many tasks wait.
const WAITING: usize = 1_000;

/// How often it is looked how far they are.
const LOOK: Duration = Duration::from_millis(20);

pub(crate) async fn measure() -> Result<Section, Problem> {
    let folder = tempfile::tempdir().because("make a temporary folder")?;
    let InProcess { config, clients, embedded } = InProcess::open(folder.path()).await?;
    let bench = Bench::over(config, clients).await?;
    let section = bench.section().await;
    bench.supervisor.stop().await;
    drop(bench);
    embedded.close().await;
    section
}

/// A supervisor over a store whose files are far away.
struct Bench {
    clients: AwsClients,
    gateway: Gateway,
    supervisor: Supervisor,
}

/// A store that answers late.
#[derive(Debug)]
struct Late(SharedHttpConnector);

impl HttpConnector for Late {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let inner = self.0.clone();
        HttpConnectorFuture::new(async move {
            if request.uri().contains("list-type=2") {
                tokio::time::sleep(SLOW).await;
            }
            inner.call(request).await
        })
    }
}

fn late(inner: SharedHttpClient) -> SharedHttpClient {
    http_client_fn(move |settings, components| {
        SharedHttpConnector::new(Late(inner.http_connector(settings, components)))
    })
}

impl Bench {
    async fn over(config: Config, clients: AwsClients) -> Result<Self, Problem> {
        let mut far = clients.clone();
        let inner = far.s3.config().http_client().because("find the way to the store")?;
        let s3 = far.s3.config().to_builder().http_client(late(inner)).build();
        far.s3 = aws_sdk_s3::Client::from_conf(s3);
        let catalog = Arc::new(Catalog::new(far, &config));
        catalog.create_missing().await.because("make the tables")?;
        let audit = AuditLog::start(Arc::clone(&catalog), true);
        let gateway = Gateway::new(Arc::clone(&catalog), &config, audit, Telemetry::off());
        let supervisor = Supervisor::new(gateway.clone(), Arc::clone(&catalog), &config);
        supervisor.serve(Identity::new(catalog, &config, false));
        Ok(Self { clients, gateway, supervisor })
    }

    async fn section(&self) -> Result<Section, Problem> {
        let how = format!(
            "A task of {STEPS} independent steps of {} s each; {WAITING} tasks put into the store at once, all but \
             the newest of one person, of which an instance does 50 at a time; and every sentence of the set of \
             sentences, understood and planned by rules {ROUNDS} times, and compared with what it means.",
            SLOW.as_secs()
        );
        let mut section = Section::new("Tasks", how);
        for figure in self.side_by_side().await? {
            section = section.with(figure);
        }
        for figure in self.thousand().await? {
            section = section.with(figure);
        }
        for figure in read(&self.gateway.tools(&somebody("planner")))?.figures() {
            section = section.with(figure);
        }
        Ok(section)
    }

    /// How long a task takes, and how long it lay in the store before an instance found it there: nobody has started
    /// it, so that nobody has told the instance.
    async fn side_by_side(&self) -> Result<[Figure; 2], Problem> {
        let who = somebody("one");
        let steps: Vec<_> = (1..=STEPS).map(|place| step(place, "list_audio_files", &json!({}))).collect();
        let planted = Timestamp::now();
        self.plant(&who, "01", &steps).await?;
        let ended = self.settled(&who, "01").await?;
        if let Some(problem) = ended.problem {
            return Err(Problem::new("do five steps", problem.message));
        }
        let moment = |moment: &str| moment.parse::<Timestamp>().because("read a moment of a task");
        let began = ended.steps.iter().filter_map(|step| step.began_at.as_deref()).min();
        let began = moment(began.unwrap_or_default())?;
        let end = moment(ended.ended_at.as_deref().unwrap_or_default())?;
        let between = |from: Timestamp, to: Timestamp| to.duration_since(from).unsigned_abs();
        let relation = format!("{} s is the longest step", SLOW.as_secs());
        Ok([
            Figure::new("five steps of 1 s", time(between(began, end))).ratio(relation),
            Figure::new("until it was found in the store", time(between(planted, began))),
        ])
    }

    /// How long all take, how long the one of somebody else does, and how much memory that needs.
    async fn thousand(&self) -> Result<Vec<Figure>, Problem> {
        let (many, other) = (somebody("many"), somebody("other"));
        let look = json!({ "artistId": { "value": "art_nobody" } });
        let steps = [step(1, "query_artist_data", &look), step(2, "query_release_data", &json!({}))];
        let before = resident_bytes(std::process::id())?;
        let begun = Instant::now();
        let last = format!("02{:04}", WAITING - 1);
        for number in 0..WAITING {
            let id = format!("02{number:04}");
            self.plant(if id == last { &other } else { &many }, &id, &steps).await?;
        }
        let planted = begun.elapsed();
        self.settled(&other, &last).await?;
        let of_other = begun.elapsed().saturating_sub(planted);
        let mut most = before;
        while self.open().await? > 0 {
            most = most.max(resident_bytes(std::process::id())?);
            tokio::time::sleep(LOOK).await;
        }
        let all = begun.elapsed();
        Ok(vec![
            Figure::new("1,000 tasks of two steps, put in and done", time(all)),
            Figure::new("the one of somebody else, after all were put in", time(of_other)),
            Figure::new("more memory meanwhile", bytes(most.saturating_sub(before))),
        ])
    }

    /// How many runs are open.
    async fn open(&self) -> Result<usize, Problem> {
        let query = self
            .clients
            .dynamodb
            .query()
            .table_name("patchline-tasks")
            .key_condition_expression("#owner = :owner")
            .expression_attribute_names("#owner", "owner")
            .expression_attribute_values(
                ":owner",
                aws_sdk_dynamodb::types::AttributeValue::S("open runs".to_owned()),
            )
            .select(aws_sdk_dynamodb::types::Select::Count);
        let answer = query
            .send()
            .await
            .map_err(|error| Problem::new("count the open runs", DisplayErrorContext(&error)))?;
        usize::try_from(answer.count()).because("count the open runs")
    }

    async fn settled(&self, who: &Principal, id: &str) -> Result<TaskView, Problem> {
        let from = Origin::new(Channel::Rest, Some(Ipv4Addr::LOCALHOST.into()));
        self.supervisor.settled(who, &from, id, Duration::from_mins(1)).await.because("wait for a task")
    }

    /// Puts a task into the store as one that waits to be run.
    async fn plant(&self, who: &Principal, id: &str, steps: &[Value]) -> Result<(), Problem> {
        let views: Vec<_> = steps
            .iter()
            .map(|step| json!({ "id": step["id"], "state": "waiting", "attempts": 0, "resources": [] }))
            .collect();
        let now = "2026-11-26T09:00:00.000Z";
        let view = json!({
            "id": id, "owner": who.name, "request": { "task": "A task of the measurement" },
            "state": "waiting", "createdAt": now, "updatedAt": now,
            "plan": { "planner": { "kind": "rules" }, "steps": steps }, "steps": views, "revision": 1
        });
        let run = json!({
            "principal": who, "endsAt": null, "channel": "rest", "address": "127.0.0.1", "generations": {},
            "pending": {}, "approved": {}, "readUntrusted": false
        });
        let content = json!({ "view": view, "run": run }).to_string();
        let expires_at = 4_000_000_000_u64;
        self.put(&json!({
            "owner": who.id, "id": id, "epoch": 1, "version": 1, "row": "{}", "content": content,
            "expiresAt": expires_at
        }))
        .await?;
        self.put(&json!({
            "owner": "open runs", "id": id, "of": who.id, "epoch": 1, "holder": "", "aliveUntil": 0,
            "expiresAt": expires_at
        }))
        .await
    }

    async fn put(&self, item: &Value) -> Result<(), Problem> {
        let item = serde_dynamo::to_item(item).because("write an item")?;
        let put = self.clients.dynamodb.put_item().table_name("patchline-tasks").set_item(Some(item));
        let put = put.send().await;
        put.map(drop).map_err(|error| Problem::new("put an item", DisplayErrorContext(&error)))
    }
}

fn somebody(id: &str) -> Principal {
    Principal::new(format!("bench-{id}"), "Bench", Role::Admin)
}

fn step(place: usize, tool: &str, arguments: &Value) -> Value {
    json!({
        "id": format!("s{place}"), "title": tool, "tool": tool, "arguments": arguments, "after": [],
        "risk": "low", "optional": false, "expectedMillis": 1000, "expectedMicroDollars": 0
    })
}

/// How the sentences of the set are read.
struct Reading {
    /// What it takes to understand one and to plan what is understood.
    times: Samples,
    /// How many there are.
    count: usize,
    /// How many mean something else than what was understood.
    mistakes: usize,
    /// In how many of these an artist was taken for another.
    wrong_artists: usize,
}

impl Reading {
    fn figures(&self) -> [Figure; 4] {
        let Self { times, count, mistakes, wrong_artists } = self;
        let right = count - mistakes;
        let share = format!("{} % of {count}; 95 % are wanted", right * 100 / count);
        [
            Figure::new("a plan by rules: p50", time(times.percentile(50))),
            Figure::new("a plan by rules: p99", time(times.percentile(99))),
            Figure::new("sentences with the right workflow and arguments", right.to_string()).ratio(share),
            Figure::new("sentences with a wrong artist", wrong_artists.to_string()).ratio("none is allowed"),
        ]
    }
}

/// Understands and plans every sentence several times, and compares what is understood with what it means.
fn read(tools: &[ToolDescription]) -> Result<Reading, Problem> {
    let (sentences, known) = Sentences::parse().because("read the sentences")?;
    let count = sentences.all.len();
    let mut times = Vec::with_capacity(ROUNDS * count);
    let (mut mistakes, mut wrong_artists) = (0, 0);
    for round in 0..ROUNDS {
        for sentence in &sentences.all {
            let request = sentence.request();
            let begun = Instant::now();
            let understanding = understand(&request, &known);
            if let Understanding::Clear(understood) = &understanding {
                // Where a tool is not there, that is found out just as fast.
                let planned = plan::plan(understood, tools);
                std::hint::black_box(&planned);
            }
            times.push(begun.elapsed());
            if round == 0 {
                mistakes += usize::from(sentence.mistake(&understanding).is_some());
                wrong_artists += usize::from(sentence.is_wrong_artist(&understanding));
            }
        }
    }
    let times = Samples::new(times).because("plan enough sentences")?;
    Ok(Reading { times, count, mistakes, wrong_artists })
}
