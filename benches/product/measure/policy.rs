//! What a decision of the policies takes, with 10 and with 100 rules beside those of the roles.
//!
//! Each decision is the whole of it: the request with its circumstances, made and checked against the schema,
//! and every policy that can matter to it. Once each rule matters to the question, which is the worst case,
//! and once the rules are about other places, as most are.

use crate::problem::{Because, Problem};
use crate::report::{Figure, Section};
use crate::samples::Samples;
use crate::units::time;
use patchline::engine::config::{OnViolation, SecurityMode};
use patchline::engine::gateway::policy::{
    Actor, ActorKind, Circumstances, Enforcement, Kind, Place, Policy, Question, Rule, Says,
};
use patchline::engine::gateway::{Channel, Role};
use std::net::Ipv4Addr;
use std::time::Instant;

const DECISIONS: usize = 20_000;
const WARM_UP: usize = 1_000;

pub(crate) fn measure() -> Result<Section, Problem> {
    let how = format!(
        "{DECISIONS} decisions, one after the other, whether a manager may read the table of an artist of their \
         own, from an address and at a time; all of it, from the names in the question to the policies in the \
         answer."
    );
    let mut section = Section::new("A decision", how);
    for (rules, kind, words) in [
        (0, Kind::Table, "the roles alone"),
        (10, Kind::Table, "10 rules, all of which matter"),
        (100, Kind::Table, "100 rules, all of which matter"),
        (100, Kind::Bucket, "100 rules about other places"),
    ] {
        let samples = decisions(rules, kind)?;
        for percent in [50, 99] {
            let what = format!("{words}: p{percent}");
            section = section.with(Figure::new(what, time(samples.percentile(percent))));
        }
    }
    Ok(section)
}

fn decisions(rules: usize, kind: Kind) -> Result<Samples, Problem> {
    let rule = |number: usize| -> Result<Rule, Problem> {
        let id = format!("rule-{number}").parse().because("name a rule")?;
        let pattern = format!("secret-{number}-*").parse().because("make a pattern")?;
        Ok(Rule { id, says: Says::NoPlaces(kind, vec![pattern]), roles: Vec::new(), shadow: false })
    };
    let rules = (0..rules).map(rule).collect::<Result<Vec<_>, _>>()?;
    let enforcement = Enforcement { mode: SecurityMode::Enforcing, on_violation: OnViolation::Block };
    let policy = Policy::with(rules, enforcement).because("compile the rules")?;
    let manager = Actor {
        id: "bench".to_owned(),
        role: Role::Manager,
        artists: vec!["art_bench".to_owned()],
        kind: ActorKind::Person,
    };
    let mut times = Vec::with_capacity(DECISIONS);
    for number in 0..WARM_UP + DECISIONS {
        let begun = Instant::now();
        let circumstances = Circumstances {
            address: Some(Ipv4Addr::LOCALHOST.into()),
            channel: Channel::Rest,
            minute: 600,
            weekday: 3,
            size: None,
            owners: Some(vec!["art_bench".to_owned()]),
        };
        let decision = policy.decide(&Question {
            actor: &manager,
            operation: "query_artist_data",
            foreign: false,
            place: Place::Other(Kind::Table, "artists"),
            circumstances: &circumstances,
        });
        let took = begun.elapsed();
        if !decision.allowed() {
            return Err(Problem::new("decide", decision.reason()));
        }
        if number >= WARM_UP {
            times.push(took);
        }
    }
    Samples::new(times).because("make enough decisions")
}
