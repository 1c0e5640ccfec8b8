//! What somebody did, in words: `Changed the password`.

/// The operations that are no tools, in words.
#[rustfmt::skip]
const IN_WORDS: [(&str, &str); 71] = [
    ("sign_in",                    "Signed in"),
    ("welcome",                    "Signed in by a link"),
    ("sign_out",                   "Signed out"),
    ("confirm_identity",           "Confirmed who they are"),
    ("change_account_at_sign_in",  "Took over what the provider of the sign-in says"),
    ("end_own_session",            "Ended a session"),
    ("sign_out_everywhere",        "Signed out everywhere"),
    ("change_own_password",        "Changed the password"),
    ("list_own_keys",              "Looked at the own keys"),
    ("create_key",                 "Made a key"),
    ("revoke_own_key",             "Revoked a key"),
    ("list_keys",                  "Looked at the keys of everybody"),
    ("revoke_key",                 "Revoked a key of somebody"),
    ("start_task",                 "Began a task"),
    ("view_task",                  "Looked at a task"),
    ("list_tasks",                 "Looked at the own tasks"),
    ("decide_task",                "Decided about a task"),
    ("list_users",                 "Looked at the list of people"),
    ("add_user",                   "Invited somebody"),
    ("set_user_role",              "Gave somebody another role"),
    ("find_user_artists",          "Looked for somebody’s artists"),
    ("set_user_artists",           "Said which artists are somebody’s own"),
    ("disable_user",               "Let somebody sign in no more"),
    ("enable_user",                "Let somebody sign in again"),
    ("list_user_sessions",         "Looked at where somebody is signed in"),
    ("end_user_session",           "Ended a session of somebody"),
    ("end_user_sessions",          "Signed somebody out everywhere"),
    ("make_password_link",         "Made a link for somebody’s password"),
    ("label_overview",             "Looked at the overview"),
    ("browse_artists",             "Looked through the artists"),
    ("view_artist",                "Looked at an artist"),
    ("browse_releases",            "Looked through the releases"),
    ("view_release",               "Looked at a release"),
    ("view_file_uses",             "Looked which releases name a file"),
    ("plan_release_file",          "Looked where a file of a release goes"),
    ("name_release_file",          "Named a new file in a release"),
    ("find_names",                 "Looked up a name"),
    ("open_file",                  "Opened a file"),
    ("browse_recordings",          "Looked through the recordings"),
    ("view_recording",             "Looked at a recording"),
    ("process_recording",          "Had a recording checked again"),
    ("state_tempo_and_key",        "Stated tempo or key of a recording"),
    ("begin_upload",               "Began an upload"),
    ("upload_part",                "Sent a part of an upload"),
    ("finish_upload",              "Uploaded a recording"),
    ("cancel_upload",              "Gave an upload up"),
    ("browse_knowledge",           "Looked through the knowledge"),
    ("open_knowledge_source",      "Read a source"),
    ("browse_knowledge_documents", "Looked through the documents"),
    ("view_fleet",                 "Looked at the servers"),
    ("drain_server",               "Drained a server"),
    ("enable_server",              "Enabled a server"),
    ("approve_tool",               "Approved a tool"),
    ("view_performance",           "Looked at the performance"),
    ("search_logs",                "Searched the log"),
    ("start_log_query",            "Searched the log"),
    ("read_log_query",             "Read what a log search found"),
    ("read_log_histogram",         "Read what a log search found"),
    ("stop_log_query",             "Stopped a log search"),
    ("view_policy",                "Looked at the policy"),
    ("try_policy",                 "Asked the policy"),
    ("review_policy",              "Looked at what rules would have denied"),
    ("change_policy",              "Changed the policy"),
    ("change_security_mode",       "Changed what violations come to"),
    ("view_settings",              "Looked at the settings"),
    ("change_limits",              "Changed limits and budgets"),
    ("view_audit",                 "Looked at the audit log"),
    ("follow_audit",               "Followed the audit log"),
    ("verify_record",              "Verified a record of the audit log"),
    ("export_audit",               "Downloaded the audit log"),
    ("erase_audit_payloads",       "Erased what is personal in audit records"),
];

/// An operation that is no tool, in words; none where it has none of its own.
pub fn of_deed(operation: &str) -> Option<&'static str> {
    IN_WORDS.iter().find(|(name, _)| *name == operation).map(|(_, words)| *words)
}

/// An operation in words. `tool` is its title, where it is a tool.
pub fn of_operation(operation: &str, tool: Option<&str>) -> String {
    if let Some(words) = of_deed(operation) {
        return words.to_owned();
    }
    match tool {
        Some(title) => format!("Used “{title}”"),
        None => capitalised(&operation.replace('_', " ")),
    }
}

/// A way in, in words.
pub fn of_channel(channel: &str) -> &str {
    match channel {
        "page" => "On a page",
        "rest" => "By a program",
        "mcp" => "By an AI client",
        "command" => "At the terminal",
        "schedule" => "By an automation",
        other => other,
    }
}

fn capitalised(text: &str) -> String {
    let mut rest = text.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_operation_can_be_told() {
        assert_eq!(of_operation("sign_in", None), "Signed in");
        assert_eq!(of_operation("query_artist_data", Some("Look up artists")), "Used “Look up artists”");
        assert_eq!(of_operation("list_saved_queries", None), "List saved queries");
        assert_eq!(of_operation("", None), "");
        assert_eq!((of_deed("sign_in"), of_deed("query_artist_data")), (Some("Signed in"), None));
    }
}
