//! How a query is written: the commands with an example of each, and the fields of Patchline's own log.

use leptos::prelude::*;

/// Commands: an example, and what it does.
const COMMANDS: [(&str, &str); 8] = [
    (
        "filter level = \"ERROR\" and durationMs > 500",
        "Keeps the records that fit. Also: != < <= >= or, not, in [..], ispresent(x).",
    ),
    (
        "filter message like /time(d )?out/",
        "Keeps the records whose text fits an expression; like \"text\" looks for the text itself.",
    ),
    ("fields @timestamp, tool, durationMs / 1000 as seconds", "Chooses the columns, or works new ones out."),
    (
        "stats count(*) as calls, avg(durationMs), pct(durationMs, 95) by tool",
        "Puts records together: count, count_distinct, sum, avg, min, max, pct.",
    ),
    (
        "stats count(*) by bin(5m)",
        "Puts them together in steps of time: s, m, h, d; at most 60s, 60m and 24h. The page draws such a result.",
    ),
    ("parse message \"file * of *\" as name, bucket", "Takes parts out of a text as columns."),
    ("sort durationMs desc", "Puts rows into an order."),
    ("limit 20", "Keeps the first rows. dedup tool, after all but limit, keeps the first row of each tool."),
];

/// Fields of Patchline's own log: name, meaning.
const FIELDS: [(&str, &str); 11] = [
    ("@timestamp", "when it happened"),
    ("@message", "the whole record"),
    ("level", "ERROR, WARN or INFO"),
    ("message", "what happened, in words"),
    ("tool", "the tool, or what a page did"),
    ("server", "the server of the tool"),
    ("outcome", "ok, error, denied, invalid or cancelled"),
    ("errorKind", "what sort of error"),
    ("durationMs", "how long it took, in milliseconds"),
    ("requestId", "names the call, as errors show it"),
    ("principal", "who called"),
];

/// The help.
#[component]
pub fn SyntaxHelp() -> impl IntoView {
    view! {
        <div class="log-help">
            <p>
                "A query is a row of commands with " <code>"|"</code>
                " between them. Each works on what the one before it has left. Texts stand between quotation marks."
            </p>
            <dl class="help-list">
                {COMMANDS
                    .into_iter()
                    .map(|(example, words)| {
                        view! {
                            <div>
                                <dt>
                                    <code>{example}</code>
                                </dt>
                                <dd>{words}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
            <h2>"What Patchline writes down of each call"</h2>
            <dl class="help-list is-fields">
                {FIELDS
                    .into_iter()
                    .map(|(field, words)| {
                        view! {
                            <div>
                                <dt>
                                    <code>{field}</code>
                                </dt>
                                <dd>{words}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        </div>
    }
}
