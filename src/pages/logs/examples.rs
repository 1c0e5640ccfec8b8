//! Ready questions: what people of a label ask of the log, as queries that run or wait to be completed.

use crate::model::logs::LogGroupList;

/// A ready question.
pub(super) struct Example {
    /// What it asks.
    pub(super) title: &'static str,
    /// What comes back.
    pub(super) note: &'static str,
    /// The query.
    pub(super) query: &'static str,
    /// Which log it is asked of.
    pub(super) log: Log,
    /// Whether it runs at once, or something has to be filled in first.
    pub(super) complete: bool,
}

/// Which log holds the answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Log {
    /// Patchline's own log.
    Application,
    /// A line for each call, with what pages do.
    Audit,
}

impl Log {
    /// Its log group: the first with the word in its name, else the one that is asked when none is named.
    pub(super) fn group(self, groups: &LogGroupList) -> String {
        let audit = groups.groups.iter().find(|group| group.name.contains("audit")).map(|group| &group.name);
        let name = match self {
            Log::Application => &groups.default_group,
            Log::Audit => audit.unwrap_or(&groups.default_group),
        };
        name.clone()
    }
}

/// The questions, most asked first.
pub(super) const EXAMPLES: [Example; 8] = [
    Example {
        title: "Errors by tool",
        note: "In steps of 5 minutes",
        query: "filter level = \"ERROR\"\n| stats count(*) by tool, bin(5m)",
        log: Log::Application,
        complete: true,
    },
    Example {
        title: "Slowest tools",
        note: "Mean, 95th percentile and longest time of each",
        query: "filter ispresent(tool) and ispresent(durationMs)\n\
                | stats count(*) as calls, avg(durationMs) as meanMs, pct(durationMs, 95) as p95Ms, max(durationMs) as longestMs by tool\n\
                | sort p95Ms desc",
        log: Log::Application,
        complete: true,
    },
    Example {
        title: "Calls by hour",
        note: "How busy the label was",
        query: "filter ispresent(tool)\n| stats count(*) as calls by bin(1h)",
        log: Log::Application,
        complete: true,
    },
    Example {
        title: "Who changed what",
        note: "Changes to releases, figures, files and documents, newest first",
        query: "filter outcome = \"ok\" and tool in [\"update_release_data\", \"update_track_data\", \"update_artist_data\", \"record_analytics\", \"upload_audio_file\", \"upload_audio_stream\", \"upload_artwork\", \"store_contract\", \"create_upload_url\", \"add_knowledge_document\", \"upload_knowledge_document\", \"remove_knowledge_document\"]\n\
                | fields @timestamp, principal, tool, source, requestId\n\
                | sort @timestamp desc",
        log: Log::Application,
        complete: true,
    },
    Example {
        title: "What was refused",
        note: "Not allowed, beyond a limit, or not understood",
        query: "filter outcome in [\"denied\", \"invalid\"]\n\
                | stats count(*) as refused by principal, tool, errorKind\n\
                | sort refused desc",
        log: Log::Application,
        complete: true,
    },
    Example {
        title: "One request by its id",
        note: "Put the id that an error named between the quotation marks",
        query: "filter requestId = \"\"\n| fields @timestamp, tool, principal, outcome, message, @message",
        log: Log::Application,
        complete: false,
    },
    Example {
        title: "What people do on pages",
        note: "Reads and changes in the browser",
        query: "filter event = \"pageOperation\"\n| stats count(*) as times, pct(durationMs, 95) as p95Ms by tool\n| sort times desc",
        log: Log::Audit,
        complete: true,
    },
    Example {
        title: "The latest lines",
        note: "As they were written",
        query: "fields @timestamp, level, tool, @message\n| sort @timestamp desc\n| limit 100",
        log: Log::Application,
        complete: true,
    },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::logs::LogGroupRow;

    #[test]
    fn the_audit_log_is_found_among_the_groups() {
        let row = |name: &str| LogGroupRow {
            name: name.to_owned(),
            exists: true,
            stored_bytes: None,
            retention_days: None,
        };
        let groups = LogGroupList {
            groups: vec![row("/label/application"), row("/label/audit")],
            default_group: "/label/application".to_owned(),
            time_zone: "UTC".to_owned(),
        };
        assert_eq!(Log::Audit.group(&groups), "/label/audit");
        assert_eq!(Log::Application.group(&groups), "/label/application");
    }
}
