//! The programs that act for somebody with access tokens, counted from their own records in the audit log.

use super::{table, to_the_second};
use crate::engine::catalog::Catalog;
use crate::engine::catalog::activity::Beyond;
use crate::engine::catalog::schema::{AUDIT_CHECKPOINTS_TABLE, AUDIT_TABLE};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError};
use crate::model::acting_program::{ActingProgram, ActingPrograms, DAYS};
use crate::model::audit::TokenBearer;
use crate::model::tool::AwsResource;
use futures::future::try_join_all;
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Of how many programs the calls are counted.
const MOST_PROGRAMS: usize = 50;

/// The most calls of a program that are counted.
const MOST_CALLS: usize = 2_000;

/// Of how many programs at the same time.
const SIDE_BY_SIDE: usize = 8;

/// Shows the programs that act for the caller with access tokens.
pub(super) struct ListOwnPrograms;

impl Operation for ListOwnPrograms {
    const NAME: &'static str = "list_own_programs";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = ();
    type Output = ActingPrograms;

    fn resources((): &(), _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![table("Query", AUDIT_TABLE), table("Query", AUDIT_CHECKPOINTS_TABLE)])
    }

    async fn run((): (), context: Context) -> Result<ActingPrograms, ToolError> {
        let since = since(context.now);
        let mut found = context.catalog.programs_for(&context.owner).await?;
        let mut are_all = found.len() <= MOST_PROGRAMS;
        found.truncate(MOST_PROGRAMS);
        let mut calls = Vec::new();
        for some in found.chunks(SIDE_BY_SIDE) {
            let of_each = try_join_all(some.iter().map(|program| calls_of(&context, program, since))).await?;
            for (of_one, all_of_one) in of_each {
                calls.extend(of_one);
                are_all &= all_of_one;
            }
        }
        let since = to_the_second(&since.to_string());
        Ok(ActingPrograms { programs: programs_of(&calls), since, are_all })
    }
}

/// The calls that a program made for the caller, and whether these are all.
async fn calls_of(
    context: &Context,
    program: &str,
    since: Timestamp,
) -> Result<(Vec<TokenCall>, bool), ToolError> {
    let reading = context.catalog.program_calls::<TokenCall>((program, &context.owner), since, MOST_CALLS);
    let (calls, beyond) = reading.await?;
    let are_all = beyond == Beyond::Nothing && calls.unreadable == 0;
    Ok((calls.to_vec(), are_all))
}

fn since(now: Timestamp) -> Timestamp {
    let days = SignedDuration::from_hours(i64::from(DAYS) * 24);
    // The calendar of timestamps begins long before anybody called.
    now.checked_sub(days).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// What is read of a call with an access token.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
struct TokenCall {
    time: String,
    /// The same for each token of a client for a person.
    principal: String,
    /// None where it is erased.
    #[serde(default)]
    bearer: Option<TokenBearer>,
}

/// The programs that made these calls, the one that called last first.
fn programs_of(calls: &[TokenCall]) -> Vec<ActingProgram> {
    let mut programs: BTreeMap<&str, ActingProgram> = BTreeMap::new();
    for call in calls {
        let time = to_the_second(&call.time);
        let program = programs.entry(&call.principal).or_insert_with(|| ActingProgram {
            client: client_in(&call.principal).to_owned(),
            issuer: None,
            first_used: time.clone(),
            last_used: time.clone(),
            calls: 0,
        });
        program.calls = program.calls.saturating_add(1);
        if time < program.first_used {
            program.first_used.clone_from(&time);
        }
        if time > program.last_used {
            program.last_used = time;
        }
        if program.issuer.is_none() {
            program.issuer = call.bearer.as_ref().map(|bearer| bearer.issuer.clone());
        }
    }
    let mut programs: Vec<_> = programs.into_values().collect();
    programs.sort_by(|a, b| b.last_used.cmp(&a.last_used));
    programs
}

/// The client of a `token:<client>#<digest>`. Its own name may have a `#`.
fn client_in(principal: &str) -> &str {
    let named = principal.strip_prefix("token:").unwrap_or(principal);
    named.rsplit_once('#').map_or(named, |(client, _)| client)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(time: &str, principal: &str, issuer: Option<&str>) -> TokenCall {
        let bearer = issuer.map(|issuer| TokenBearer {
            issuer: issuer.to_owned(),
            subject: Some("ana-1".to_owned()),
            client: "reports".to_owned(),
        });
        TokenCall { time: time.to_owned(), principal: principal.to_owned(), bearer }
    }

    #[test]
    fn the_calls_of_a_program_are_counted_with_the_first_and_the_last() {
        let calls = [
            call("2026-11-24T09:00:00.5Z", "token:reports#1", None),
            call("2026-11-23T08:00:00Z", "token:reports#1", Some("https://login.example")),
            call("2026-11-24T10:00:00Z", "token:C# desk#2", None),
            call("2026-11-20T10:00:00Z", "token:reports#3", Some("https://other.example")),
        ];
        let programs = programs_of(&calls);
        let told: Vec<_> = programs
            .iter()
            .map(|program| (program.client.as_str(), program.issuer.as_deref(), program.calls))
            .collect();
        let expected = [
            ("C# desk", None, 1),
            ("reports", Some("https://login.example"), 2),
            ("reports", Some("https://other.example"), 1),
        ];
        assert_eq!(told, expected);
        assert_eq!(programs[1].first_used, "2026-11-23T08:00:00Z");
        assert_eq!(programs[1].last_used, "2026-11-24T09:00:00Z");
        assert!(programs_of(&[]).is_empty());
    }
}
