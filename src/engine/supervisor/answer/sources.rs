//! Where a figure comes from, as people read it and can open it. The source follows from the place of the
//! figure alone, so that the validator can tell whether the right one is named.

use super::Found;
use super::node::Node;
use super::text::clean;
use crate::model::task::{AnswerPart, Figure, Line, Piece, Source, SourceKind, TaskAnswer};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;

/// All but the characters that RFC 3986 calls unreserved.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The longest title, in characters.
const LONGEST_TITLE: usize = 160;

/// The longest address, in bytes. Longer ones are left out: servers cut them.
const LONGEST_ADDRESS: usize = 2000;

/// The figures of an answer in the order of reading, to be changed.
fn figures_mut(answer: &mut TaskAnswer) -> impl Iterator<Item = &mut Figure> {
    let cells = answer.tables.iter_mut().flat_map(|table| table.rows.iter_mut().flatten());
    let in_tables = cells.filter_map(|cell| match cell {
        AnswerPart::Found(figure) => Some(figure),
        AnswerPart::Label(_) | AnswerPart::Unknown(_) => None,
    });
    let advice = answer.advice.iter_mut().flat_map(|advice| [&mut advice.action, &mut advice.reason]);
    let lines = answer.findings.iter_mut().chain(advice).chain(answer.unseen.iter_mut());
    figures_of(&mut answer.headline).chain(in_tables).chain(lines.flat_map(figures_of))
}

fn figures_of(Line(pieces): &mut Line) -> impl Iterator<Item = &mut Figure> {
    pieces.iter_mut().filter_map(|piece| match piece {
        Piece::Figure(figure) | Piece::Quoted(figure) => Some(figure),
        Piece::Words(_) => None,
    })
}

/// Lists the sources of an answer's figures in the order in which they are read, and numbers the figures.
pub(super) fn number(answer: &mut TaskAnswer, found: &Found<'_>) {
    let mut sources: Vec<Source> = Vec::new();
    for figure in figures_mut(answer) {
        let Some(node) = Node::at(found, &figure.from) else { continue };
        let source = of(&node);
        let place = sources.iter().position(|known| *known == source).unwrap_or_else(|| {
            sources.push(source);
            sources.len() - 1
        });
        figure.source = u32::try_from(place).unwrap_or(u32::MAX);
    }
    answer.sources = sources;
}

/// The source of a place.
pub(super) fn of(node: &Node<'_>) -> Source {
    let (kind, title, as_of, address) = match node.tool() {
        "music_knowledge_search" | "generate_music_insights" => knowledge(node),
        "process_audio" | "get_waveform" | "get_audio_file" | "list_audio_files" | "get_artwork" => {
            file(node, "Audio files")
        }
        "get_contract" | "list_contracts" | "summarize_contract" => file(node, "Contracts"),
        "find_asset_access" => {
            (SourceKind::Record, "Audit log".to_owned(), text(node, "asOf"), workbench(node))
        }
        "query_performance_logs" => logs(node),
        "analyze_user_activity" => activity(node),
        "get_performance_metrics" => (
            SourceKind::Record,
            format!(
                "Metrics of calls: {}",
                node.root.get("metric").and_then(Value::as_str).unwrap_or("calls")
            ),
            text(node, "endTime"),
            Some("/performance".to_owned()),
        ),
        "list_knowledge_bases" => {
            (SourceKind::Record, "Knowledge bases".to_owned(), None, Some("/knowledge".to_owned()))
        }
        "query_artist_data" => record(node, "Artists", "artistId", "/artists"),
        "query_release_data" => record(node, "Releases", "releaseId", "/releases"),
        "query_database" => {
            let name = text(node, "instanceName").unwrap_or_default();
            (SourceKind::Metric, format!("Database {name}"), None, workbench(node))
        }
        "scan_analytics_data" => (SourceKind::Metric, "Daily figures".to_owned(), None, workbench(node)),
        "generate_weekly_report" => {
            let source = node.nearest("source").unwrap_or("Weekly report").to_owned();
            (SourceKind::Metric, source, text(node, "asOf"), Some("/report".to_owned()))
        }
        "check_system_health" => (
            SourceKind::Record,
            "Health of the servers".to_owned(),
            text(node, "asOf"),
            Some("/health".to_owned()),
        ),
        "summarize_earnings" => account(node),
        "list_database_instances" => (SourceKind::Record, "Databases".to_owned(), None, workbench(node)),
        _ => metric(node),
    };
    Source {
        kind,
        step: node.planned.id.clone(),
        title: clean(&title, LONGEST_TITLE),
        as_of: as_of.map(|day| clean(&day, 40)),
        address: address.filter(|address| address.len() <= LONGEST_ADDRESS),
    }
}

type Described = (SourceKind, String, Option<String>, Option<String>);

/// What the music tools find: figures, unless a rule says it.
fn metric(node: &Node<'_>) -> Described {
    if let Some(rule) = rule(node) {
        let rules = node.root.get("rules").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let known = rules.iter().find(|entry| entry.get("id").and_then(Value::as_str) == Some(rule));
        let title = known.and_then(|entry| entry.get("title")?.as_str()).unwrap_or(rule);
        let address = address("/knowledge", &[("search", rule)]);
        return (SourceKind::Knowledge, title.to_owned(), None, Some(address));
    }
    let title =
        text(node, "source").unwrap_or_else(|| super::text::capitalised(&super::text::spelled(node.tool())));
    let page = |name: &str, path: &str| {
        let id = node.root.get(name)?.as_str()?;
        Some(format!("{path}/{}", encode(id)))
    };
    let address = page("releaseId", "/releases").or_else(|| page("artistId", "/artists"));
    (SourceKind::Metric, title, text(node, "asOf"), address.or_else(|| workbench(node)))
}

/// The account of an artist, whose statement has its lines; else the sums of all accounts.
fn account(node: &Node<'_>) -> Described {
    let is_of_artist = ["/artists/", "/unconverted/"].iter().any(|list| node.pointer.starts_with(list));
    let statement = node.nearest("artistId").filter(|_| is_of_artist).map(|id| {
        let [from, to] = ["from", "to"].map(|day| text(node, day).unwrap_or_default());
        address(&format!("/artists/{}/statement", encode(id)), &[("from", &from), ("to", &to)])
    });
    let title = node.nearest("source").unwrap_or("Statements of all artists").to_owned();
    let as_of = node.nearest("asOf").map(str::to_owned);
    (SourceKind::Metric, title, as_of, statement.or_else(|| workbench(node)))
}

/// The entry of the knowledge base that a limit, a remedy or a reason comes from.
fn rule<'a>(node: &Node<'a>) -> Option<&'a str> {
    if node.pointer.starts_with("/rules/") {
        return node.nearest("id");
    }
    let says = matches!(node.name(), "limit" | "reason" | "remedy");
    let around = node.root.pointer(&node.pointer[..node.pointer.rfind('/')?])?;
    around.get("source")?.as_str().filter(|_| says && around != node.root)
}

fn knowledge(node: &Node<'_>) -> Described {
    let entry = source_view(node);
    let text = |value: &Value, name: &str| value.get(name).and_then(Value::as_str).map(str::to_owned);
    let Some(found) = entry else {
        return (SourceKind::Knowledge, "Knowledge base".to_owned(), None, Some("/knowledge".to_owned()));
    };
    let title = text(found, "title").unwrap_or_default();
    if let Some(entry) = found.get("entry").filter(|entry| entry.is_object()) {
        let read_in = text(entry, "sourceTitle").map(|name| format!("{title} ({name})")).unwrap_or(title);
        let open = text(entry, "topic").zip(text(entry, "id"));
        let open = open.map(|(topic, id)| format!("entries/{topic}/{id}.md"));
        let address = open.map(|open| address("/knowledge", &[("open", &open)]));
        return (SourceKind::Knowledge, read_in, text(entry, "checkedOn"), address);
    }
    let document = found.get("document");
    let open = document.and_then(|document| text(document, "fileName")).unwrap_or_default();
    let page = document.and_then(|document| document.get("page")?.as_u64());
    let page = page.map(|page| page.to_string()).unwrap_or_default();
    let title = if page.is_empty() { title } else { format!("{title}, page {page}") };
    (SourceKind::Knowledge, title, None, Some(address("/knowledge", &[("open", &open), ("page", &page)])))
}

/// The entry or passage that a place belongs to.
fn source_view<'a>(node: &Node<'a>) -> Option<&'a Value> {
    let mut parts = node.pointer.split('/').skip(1);
    let (list, index) = (parts.next()?, parts.next()?);
    matches!(list, "results" | "sources").then_some(())?;
    node.root.get(list)?.get(index.parse::<usize>().ok()?)
}

fn file(node: &Node<'_>, many: &str) -> Described {
    let name = text(node, "fileName");
    let own = text(node, "url").filter(|url| url.starts_with("/media/"));
    let title = name.unwrap_or_else(|| many.to_owned());
    (SourceKind::Asset, title, text(node, "lastModified"), own.or_else(|| workbench(node)))
}

fn logs(node: &Node<'_>) -> Described {
    let [group, from, to] = ["logGroupName", "startTime", "endTime"].map(|name| text(node, name));
    let group = group.unwrap_or_default();
    let query =
        node.step.arguments.as_ref().and_then(|given| given.get("query")?.as_str()).unwrap_or_default();
    let (from, until) = (from.unwrap_or_default(), to.clone().unwrap_or_default());
    let fields = [
        ("group", group.as_str()),
        ("query", query),
        ("range", "own"),
        ("from", &from),
        ("to", &until),
        ("run", "1"),
    ];
    (SourceKind::Record, format!("Log {group}"), to, Some(address("/logs", &fields)))
}

fn activity(node: &Node<'_>) -> Described {
    let user = text(node, "userId").unwrap_or_default();
    let address = address("/logs", &[("view", "activity"), ("user", &user)]);
    (SourceKind::Record, format!("Activity of {user}"), text(node, "endTime"), Some(address))
}

/// A row of a table: the page of the thing where there is one only, else the page that lists them.
fn record(node: &Node<'_>, many: &str, key: &str, path: &str) -> Described {
    let rows = node.root.get("rows").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    let id = match rows {
        [only] => only.get(key).and_then(Value::as_str),
        _ => None,
    };
    let address = id.map_or_else(|| path.to_owned(), |id| format!("{path}/{}", encode(id)));
    (SourceKind::Metric, many.to_owned(), None, Some(address))
}

/// The tool with its arguments, where it can be run again; none where the arguments are too long.
fn workbench(node: &Node<'_>) -> Option<String> {
    let arguments = node.step.arguments.as_ref().filter(|arguments| arguments.is_object());
    let arguments = arguments.map(Value::to_string).unwrap_or_default();
    let address = address("/tools", &[("tool", node.tool()), ("arguments", &arguments)]);
    (address.len() <= LONGEST_ADDRESS).then_some(address)
}

/// A text of the result itself.
fn text(node: &Node<'_>, name: &str) -> Option<String> {
    node.root.get(name)?.as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn encode(text: &str) -> String {
    utf8_percent_encode(text, RESERVED).to_string()
}

/// A path with those fields that have a value.
fn address(path: &str, fields: &[(&str, &str)]) -> String {
    let said = fields.iter().filter(|(_, value)| !value.is_empty());
    let pairs: Vec<String> = said.map(|(name, value)| format!("{name}={}", encode(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}
