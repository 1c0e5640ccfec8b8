//! What a key or an access token is for: whatever its owner may do, a program gets no further with it.

use super::{CallError, CallErrorKind, Challenge, Gateway, Origin, Principal, TokenUse, Visit};
use crate::engine::tools::{Class, Server};
use crate::model::key::KeyScope;
use crate::model::scope;
use serde_json::Value;

/// What programs do beside the tools: the server whose data it is, and whether it only reads. What is neither a
/// tool nor here is done with no key.
const BESIDE_TOOLS: [(&str, Option<Server>, bool); 25] = [
    ("find_names", Some(Server::DynamoDb), true),
    ("list_files", Some(Server::S3), true),
    ("read_file", Some(Server::S3), true),
    ("open_file", Some(Server::S3), true),
    ("upload_audio_stream", Some(Server::S3), false),
    ("begin_upload", Some(Server::S3), false),
    ("upload_part", Some(Server::S3), false),
    ("finish_upload", Some(Server::S3), false),
    ("cancel_upload", Some(Server::S3), false),
    ("view_recording", Some(Server::S3), true),
    ("process_recording", Some(Server::S3), false),
    ("list_knowledge_entries", Some(Server::Bedrock), true),
    ("open_knowledge_source", Some(Server::Bedrock), true),
    ("upload_knowledge_document", Some(Server::Bedrock), false),
    ("view_performance", Some(Server::CloudWatch), true),
    ("view_fleet", None, true),
    // These are about calls that the key itself has begun, or another token of the same client for the same
    // person: whoever asks for them asks `check_key` about the tool of the call, too.
    ("view_long_call", None, true),
    ("answer_long_call", None, true),
    ("stop_long_call", None, true),
    // A task does only what the key is for: each of its steps is a call of its own with the key. What it begins
    // stays, and may have paid for models, so a key for reading begins none.
    ("list_known_names", Some(Server::DynamoDb), true),
    ("start_task", None, false),
    ("view_task", None, true),
    ("list_tasks", None, true),
    ("decide_task", None, false),
    // What pays a model does not only read; without it a task is planned and answered by rules.
    ("ask_model_for_task", Some(Server::Bedrock), false),
];

/// What an operation does, as far as scopes tell operations apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Purpose {
    server: Option<Server>,
    only_reads: bool,
}

impl Purpose {
    /// Whether it is among what a key is for.
    fn is_within(self, scope: &KeyScope) -> bool {
        match scope {
            KeyScope::AllTools => true,
            KeyScope::ReadTools => self.only_reads,
            KeyScope::Servers(names) => {
                self.server.is_none_or(|server| names.iter().any(|name| name == server.id()))
            }
            KeyScope::AnyOf(scopes) => scopes.iter().any(|scope| self.is_within(scope)),
        }
    }

    /// The least scope of a token that is enough for it.
    fn scope(self) -> String {
        match (self.only_reads, self.server) {
            (true, _) => scope::READ.to_owned(),
            (false, Some(server)) => scope::of_server(server.id()),
            (false, None) => scope::ALL.to_owned(),
        }
    }
}

impl Gateway {
    /// Whether an operation is among what the key of a principal is for. Who calls without the key of a person
    /// has no such limit.
    pub(super) fn in_scope(&self, principal: &Principal, operation: &str) -> bool {
        let Some(key) = &principal.key else { return true };
        self.purpose(operation).is_some_and(|purpose| purpose.is_within(&key.scope))
    }

    /// Refuses what the key is not for, before anything else is asked.
    pub(super) fn check_scope(&self, visit: &mut Visit) -> Result<(), CallError> {
        if self.in_scope(&visit.principal, &visit.name) {
            return Ok(());
        }
        visit.verdict.reason = Some("beyond the scope of the key");
        let error = CallError::new(
            CallErrorKind::Forbidden,
            format!("{} may not be used for {}.", visit.principal.name, visit.name),
            "Use a key with another scope; its owner can make one on the page /keys.",
        );
        Err(match visit.principal.token() {
            Some(token) => self.beyond_token(token, &visit.name, error),
            None => error,
        })
    }

    /// Refuses and records what the access token of a caller is not for, where one with other scopes would be;
    /// none where nothing is to be refused for that.
    pub fn refuse_beyond_token(
        &self,
        principal: &Principal,
        origin: &Origin,
        operation: &str,
    ) -> Option<CallError> {
        principal.token()?;
        self.purpose(operation)?;
        self.check_key(principal, origin, operation).err()
    }

    /// Refuses and records what the key or the access token of a caller is not for.
    ///
    /// # Errors
    /// When it is not for the operation.
    pub fn check_key(
        &self,
        principal: &Principal,
        origin: &Origin,
        operation: &str,
    ) -> Result<(), CallError> {
        let mut visit = Visit::new(principal, origin, operation, Class::Call, Value::Null);
        self.check_scope(&mut visit).map_err(|error| {
            // Whoever tries again and again what is not allowed has less left for what is.
            let _ = self.limiter.check_here(&visit.principal, &visit.name);
            self.refuse(&visit, error)
        })
    }

    /// The same error with what a client is told that can ask for another token: all the scopes that this one
    /// has, so that it loses none, and the one that is missing.
    fn beyond_token(&self, token: &TokenUse, operation: &str, error: CallError) -> CallError {
        let Some(purpose) = self.purpose(operation) else {
            let remedy = "No token is for this. Sign in, and do it on its page.".to_owned();
            return CallError { remedy, ..error };
        };
        let missing = purpose.scope();
        let remedy = format!("Ask for a token with the scope {}{missing}, too.", token.scope_prefix);
        let scopes = token.scopes.iter().chain(std::iter::once(&missing));
        let scopes = scopes.map(|scope| format!("{}{scope}", token.scope_prefix)).collect();
        CallError { remedy, challenge: Some(Box::new(Challenge::InsufficientScope(scopes))), ..error }
    }

    fn purpose(&self, operation: &str) -> Option<Purpose> {
        if let Some(tool) = self.registry.find(operation) {
            let server = self.registry.server_of(operation);
            return Some(Purpose { server, only_reads: !tool.changes() });
        }
        let beside = BESIDE_TOOLS.iter().find(|(name, _, _)| *name == operation);
        if let Some((_, server, only_reads)) = beside {
            return Some(Purpose { server: *server, only_reads: *only_reads });
        }
        // What a third party says of its tools is not believed here: any may change something.
        let server = self.parties.server_of(operation)?;
        Some(Purpose { server: Some(server), only_reads: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::gateway::policy::PERMISSIONS;

    const READS_FILES: Purpose = Purpose { server: Some(Server::S3), only_reads: true };
    const WRITES_FILES: Purpose = Purpose { server: Some(Server::S3), only_reads: false };

    #[test]
    fn a_key_for_reading_changes_nothing_and_one_of_a_server_stays_with_it() {
        let of = |name: &str| KeyScope::Servers(vec![name.to_owned()]);
        for (scope, reads, writes) in [
            (KeyScope::AllTools, true, true),
            (KeyScope::ReadTools, true, false),
            (of("s3"), true, true),
            (of("dynamodb"), false, false),
            (KeyScope::Servers(Vec::new()), false, false),
            (KeyScope::AnyOf(vec![KeyScope::ReadTools, of("dynamodb")]), true, false),
            (KeyScope::AnyOf(vec![of("dynamodb"), of("s3")]), true, true),
            (KeyScope::AnyOf(Vec::new()), false, false),
        ] {
            let may = (READS_FILES.is_within(&scope), WRITES_FILES.is_within(&scope));
            assert_eq!(may, (reads, writes), "{scope:?}");
        }
    }

    #[test]
    fn the_scope_that_is_asked_for_is_enough_and_no_larger_than_it_has_to_be() {
        let third = Purpose { server: None, only_reads: false };
        for (purpose, expected) in
            [(READS_FILES, "tools:read"), (WRITES_FILES, "tools:s3"), (third, "tools:all")]
        {
            assert_eq!(purpose.scope(), expected);
            let granted = scope::granted(&[purpose.scope()], &["s3".to_owned()]).expect("a scope");
            assert!(purpose.is_within(&granted), "{purpose:?}");
        }
    }

    #[test]
    fn what_is_listed_beside_the_tools_exists_and_makes_no_keys() {
        for (name, _, _) in BESIDE_TOOLS {
            assert!(PERMISSIONS.iter().any(|row| row.operation == name), "there is no operation {name}");
            assert!(!name.contains("key") && !name.contains("policy"), "{name}");
        }
    }
}
