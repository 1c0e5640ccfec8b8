//! Scopes of access tokens: the words of OAuth for what keys are made for, too.

use super::key::KeyScope;

/// The tools that only read.
pub const READ: &str = "tools:read";

/// All tools.
pub const ALL: &str = "tools:all";

/// How the scopes begin that name a server.
const BEGINNING: &str = "tools:";

/// The scope for the tools of a server.
pub fn of_server(server: &str) -> String {
    format!("{BEGINNING}{server}")
}

/// All scopes, where these servers have tools.
pub fn all(servers: &[String]) -> Vec<String> {
    let general = [READ.to_owned(), ALL.to_owned()];
    general.into_iter().chain(servers.iter().filter_map(|server| own(server))).collect()
}

/// What the scopes of a token come to together; none where none of them is one of these. Others are passed
/// over, as they may be for something else.
pub fn granted(scopes: &[String], servers: &[String]) -> Option<KeyScope> {
    let has = |wanted: &str| scopes.iter().any(|scope| scope == wanted);
    if has(ALL) {
        return Some(KeyScope::AllTools);
    }
    let named = servers.iter().filter(|server| own(server).is_some_and(|scope| has(&scope)));
    let named: Vec<String> = named.cloned().collect();
    match (has(READ), named.is_empty()) {
        (false, true) => None,
        (true, true) => Some(KeyScope::ReadTools),
        (false, false) => Some(KeyScope::Servers(named)),
        (true, false) => Some(KeyScope::AnyOf(vec![KeyScope::ReadTools, KeyScope::Servers(named)])),
    }
}

/// The scope of a server that can be named: one called `read` or `all` would get what has that word already.
fn own(server: &str) -> Option<String> {
    let scope = of_server(server);
    (scope != READ && scope != ALL).then_some(scope)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn scopes_come_to_what_keys_are_made_for_and_strange_ones_to_nothing() {
        let servers = texts(&["dynamodb", "s3"]);
        let s3 = || KeyScope::Servers(texts(&["s3"]));
        for (scopes, expected) in [
            (texts(&["tools:read"]), Some(KeyScope::ReadTools)),
            (texts(&["openid", "tools:s3"]), Some(s3())),
            (texts(&["tools:s3", "tools:all"]), Some(KeyScope::AllTools)),
            (texts(&["tools:s3", "tools:read"]), Some(KeyScope::AnyOf(vec![KeyScope::ReadTools, s3()]))),
            (texts(&["tools:coffee", "Tools:Read", "read", "tools:"]), None),
            (Vec::new(), None),
        ] {
            assert_eq!(granted(&scopes, &servers), expected, "{scopes:?}");
        }
    }

    #[test]
    fn a_server_with_the_name_of_a_general_scope_widens_nothing() {
        let servers = texts(&["read", "all", "s3"]);
        assert_eq!(all(&servers), ["tools:read", "tools:all", "tools:s3"]);
        assert_eq!(granted(&texts(&["tools:read"]), &servers), Some(KeyScope::ReadTools));
    }
}
