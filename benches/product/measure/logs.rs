//! Logs Insights over a million records of thirty days, beside SQLite that reads the same rows.
//!
//! `PutLogEvents` takes nothing older than two weeks, so group and stream are made through the service and
//! the records written into its file while it is closed. Queries are asked through the real client, and
//! each takes turns with a plain statement (and, where there is a filter, the same regular expression) over
//! the very rows that it reads: what the plain one needs is the least that any language over this file can
//! take.

use crate::in_process::InProcess;
use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::samples::Samples;
use crate::units::{ratio, time};
use aws_sdk_cloudwatchlogs::Client;
use aws_sdk_cloudwatchlogs::error::DisplayErrorContext;
use aws_sdk_cloudwatchlogs::operation::get_query_results::GetQueryResultsOutput;
use aws_sdk_cloudwatchlogs::types::QueryStatus;
use jiff::Timestamp;
use regex::Regex;
use rusqlite::{Connection, params};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

const RECORDS: i64 = 1_000_000;
const DAY: i64 = 24 * 60 * 60 * 1000;
const SPAN: i64 = 30 * DAY;

/// What counting by the hour may take, by the product's own aim.
const AIM: Duration = Duration::from_secs(2);

const TURNS: usize = 5;
const GROUP: &str = "/bench";
const PATTERN: &str = r"tool[36].*[4-9]{4}";

/// The pause between two looks at a query.
const PAUSE: Duration = Duration::from_millis(1);

pub(crate) async fn measure() -> Result<Section, Problem> {
    let folder = tempfile::tempdir().because("make a temporary folder")?;
    let file = folder.path().join("logs.sqlite");
    make_group(folder.path()).await?;
    let writing = Instant::now();
    blocking(file.clone(), |file| fill(&file)).await?;
    let written = writing.elapsed();

    let in_process = InProcess::open(folder.path()).await?;
    let asked = Asked::make(&in_process.clients.logs, &file).await;
    in_process.close().await;
    Ok(asked?.describe(written))
}

async fn make_group(folder: &Path) -> Result<(), Problem> {
    let in_process = InProcess::open(folder).await?;
    let logs = &in_process.clients.logs;
    let group = logs.create_log_group().log_group_name(GROUP).send().await;
    group.map_err(DisplayErrorContext).because("make a log group")?;
    let stream = logs.create_log_stream().log_group_name(GROUP).log_stream_name("s").send().await;
    stream.map_err(DisplayErrorContext).because("make a log stream")?;
    in_process.close().await;
    Ok(())
}

/// Writes the records, at equal distances over the thirty days before now.
fn fill(file: &Path) -> rusqlite::Result<()> {
    let mut connection = Connection::open(file)?;
    let now = Timestamp::now().as_millisecond();
    let all = connection.transaction()?;
    {
        let sql = "SELECT group_id, id FROM streams";
        let (group, stream): (i64, i64) = all.query_row(sql, [], |row| Ok((row.get(0)?, row.get(1)?)))?;
        let mut insert = all.prepare(
            "INSERT INTO events (group_id, stream_id, timestamp, ingested, bytes, message) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        )?;
        for number in 0..RECORDS {
            let level = if number % 50 == 0 { "ERROR" } else { "INFO" };
            let message = format!(
                r#"{{"level":"{level}","tool":"tool{}","durationMs":{},"requestId":"{number:032}","message":"called"}}"#,
                number % 7,
                number % 1000,
            );
            let length = i64::try_from(message.len()).unwrap_or(i64::MAX);
            let time = now - SPAN + number * (SPAN / RECORDS);
            insert.execute(params![group, stream, time, now, length, message])?;
        }
    }
    all.commit()
}

/// What the questions took: of the service, and of SQLite alone.
struct Asked {
    by_hour: (Samples, Samples),
    by_regex: (Samples, Samples),
    by_tool: Samples,
    stop: Samples,
    /// Records that a query read after it was stopped.
    read_on: f64,
}

impl Asked {
    async fn make(logs: &Client, file: &Path) -> Result<Self, Problem> {
        let by_hour = in_turns(logs, file, "stats count(*) by bin(1h)", count_by_hour).await?;
        let filter = format!("filter @message like /{PATTERN}/ | stats count(*) as n");
        let by_regex = in_turns(logs, file, &filter, count_matches).await?;
        let mut tools = Vec::new();
        for _ in 0..TURNS {
            let query = r#"filter level = "ERROR" | stats count(*), pct(durationMs, 95) by tool, bin(1d)"#;
            tools.push(ask(logs, query).await?);
        }
        let (mut stop, mut read_on) = (Vec::new(), 0.0_f64);
        for _ in 0..TURNS {
            let (took, further) = stopped(logs).await?;
            stop.push(took);
            read_on = read_on.max(further);
        }
        Ok(Self {
            by_hour,
            by_regex,
            by_tool: Samples::new(tools).because("ask often enough")?,
            stop: Samples::new(stop).because("stop often enough")?,
            read_on,
        })
    }

    fn describe(self, written: Duration) -> Section {
        let how = format!(
            "A million records of 30 days, asked through the SDK in one process, {TURNS} times each, in turns \
             with SQLite that reads the same rows. Wanted for the count by the hour: at most {}.",
            time(AIM)
        );
        let beside = |what: &str, (service, plain): &(Samples, Samples)| {
            let (median, base) = (service.percentile(50), plain.percentile(50));
            let relation = format!(
                "{} × SQLite alone ({})",
                ratio(median.as_secs_f64(), base.as_secs_f64()),
                time(base)
            );
            [
                Figure::new(format!("{what}: median"), time(median)).ratio(relation),
                Figure::new(format!("{what}: longest"), time(service.longest())),
            ]
        };
        let [hour, hour_longest] = beside("count by the hour", &self.by_hour);
        let [regex, regex_longest] = beside("filter by a regular expression", &self.by_regex);
        let whole = self.by_regex.0.percentile(50);
        let stop = self.stop.longest();
        Section::new("A million log records", how)
            .with(hour)
            .with(hour_longest)
            .with(regex)
            .with(regex_longest)
            .with(Figure::new("errors by tool and day, p95: median", time(self.by_tool.percentile(50))))
            .with(
                Figure::new("cancelling a running query: longest", time(stop))
                    .ratio(format!("{} of the whole query", ratio(stop.as_secs_f64(), whole.as_secs_f64()))),
            )
            .with(Figure::new("records read after that: most", format!("{:.0}", self.read_on)))
            .with(Figure::new("writing them into the file, for scale", time(written)))
    }
}

/// The times of a query, and of a statement that reads the same rows.
async fn in_turns(
    logs: &Client,
    file: &Path,
    query: &str,
    plain: fn(&Path) -> rusqlite::Result<usize>,
) -> Result<(Samples, Samples), Problem> {
    let (mut service, mut alone) = (Vec::new(), Vec::new());
    for _ in 0..TURNS {
        service.push(ask(logs, query).await?);
        let begun = Instant::now();
        std::hint::black_box(blocking(file.to_owned(), move |file| plain(&file)).await?);
        alone.push(begun.elapsed());
    }
    Ok((
        Samples::new(service).because("ask often enough")?,
        Samples::new(alone).because("read often enough")?,
    ))
}

fn count_by_hour(file: &Path) -> rusqlite::Result<usize> {
    let connection = Connection::open(file)?;
    let sql = "SELECT timestamp / 3600000, count(*), sum(bytes) FROM events \
               WHERE group_id = (SELECT id FROM groups) AND timestamp >= 0 GROUP BY 1";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut hours = 0;
    while rows.next()?.is_some() {
        hours += 1;
    }
    Ok(hours)
}

fn count_matches(file: &Path) -> rusqlite::Result<usize> {
    let Ok(pattern) = Regex::new(PATTERN) else { return Ok(0) };
    let connection = Connection::open(file)?;
    let sql = "SELECT message FROM events WHERE group_id = (SELECT id FROM groups) AND timestamp >= 0 \
               ORDER BY timestamp DESC, number DESC";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut matches = 0;
    while let Some(row) = rows.next()? {
        matches += usize::from(pattern.is_match(row.get_ref(0)?.as_str()?));
    }
    Ok(matches)
}

/// How long a query takes from its start to its rows.
async fn ask(logs: &Client, query: &str) -> Result<Duration, Problem> {
    let begun = Instant::now();
    let id = start(logs, query).await?;
    loop {
        let answer = look(logs, &id).await?;
        match answer.status() {
            Some(QueryStatus::Complete) => return Ok(begun.elapsed()),
            Some(QueryStatus::Running) => tokio::time::sleep(PAUSE).await,
            other => return Err(Problem::new(query, format!("it ended as {other:?}"))),
        }
    }
}

/// How long it takes until a query that runs is stopped, and how many records it reads after that.
async fn stopped(logs: &Client) -> Result<(Duration, f64), Problem> {
    let id =
        start(logs, &format!("filter @message like /{PATTERN}/ | stats count_distinct(requestId)")).await?;
    while scanned(&look(logs, &id).await?) < 1.0 {
        tokio::time::sleep(PAUSE).await;
    }
    let begun = Instant::now();
    let stop = logs.stop_query().query_id(&id).send().await;
    stop.map_err(DisplayErrorContext).because("stop a query while it runs")?;
    let took = begun.elapsed();
    let at_once = scanned(&look(logs, &id).await?);
    // Not a wait for something: what is still read in this while is the figure.
    tokio::time::sleep(Duration::from_millis(100)).await;
    Ok((took, scanned(&look(logs, &id).await?) - at_once))
}

async fn start(logs: &Client, query: &str) -> Result<String, Problem> {
    let now = Timestamp::now().as_second();
    let request = logs.start_query().log_group_name(GROUP).query_string(query);
    let started = request.start_time(now - 31 * DAY / 1000).end_time(now).send().await;
    started.map_err(DisplayErrorContext).because("start a query")?.query_id.because("start a query")
}

async fn look(logs: &Client, id: &str) -> Result<GetQueryResultsOutput, Problem> {
    let answer = logs.get_query_results().query_id(id).send().await;
    answer.map_err(DisplayErrorContext).because("look at a query")
}

fn scanned(answer: &GetQueryResultsOutput) -> f64 {
    answer.statistics().map_or(0.0, aws_sdk_cloudwatchlogs::types::QueryStatistics::records_scanned)
}

async fn blocking<T: Send + 'static>(
    file: PathBuf,
    work: impl FnOnce(PathBuf) -> rusqlite::Result<T> + Send + 'static,
) -> Result<T, Problem> {
    let done = tokio::task::spawn_blocking(move || work(file)).await;
    done.because("work over the file of the logs")?.because("work over the file of the logs")
}
