//! Everything that can be collected of this instance, as one text: calls, servers, requests to AWS.

use super::Engine;
use super::telemetry::{Exposition, Kind};
use crate::model::fleet::{FleetView, Health};

impl Engine {
    /// The metrics of this instance since its start. No caller is named in them.
    pub fn metrics_text(&self) -> String {
        let mut text = Exposition::default();
        self.telemetry.write_totals(&mut text);
        servers(&self.gateway.fleet_now(), &mut text);
        self.aws_calls(&mut text);
        let help = "Calls that violated a rule, whether they were refused or not.";
        text.family("policy_violations_total", Kind::Counter, help);
        for (policy, count) in self.gateway.violations() {
            text.sample("policy_violations_total", &[("policy", &policy)], count);
        }
        text.into_text()
    }

    fn aws_calls(&self, text: &mut Exposition) {
        let counted = self.catalog.aws.calls.since_start();
        text.family("aws_calls_total", Kind::Counter, "Requests to AWS, each with all its attempts.");
        for ((service, access), count) in &counted {
            let labels = |outcome| [("service", service.as_str()), ("op", access.id()), ("outcome", outcome)];
            text.sample("aws_calls_total", &labels("ok"), count.calls - count.failures);
            text.sample("aws_calls_total", &labels("error"), count.failures);
        }
        text.family("aws_retries_total", Kind::Counter, "Attempts after the first of requests to AWS.");
        for ((service, access), count) in &counted {
            text.sample("aws_retries_total", &[("service", service), ("op", access.id())], count.retries);
        }
    }
}

fn servers(fleet: &FleetView, text: &mut Exposition) {
    let each =
        |text: &mut Exposition, name: &str, value: &dyn Fn(&crate::model::fleet::ServerView) -> f64| {
            for server in &fleet.servers {
                text.sample(name, &[("server", &server.id)], value(server));
            }
        };
    let flag = |is: bool| if is { 1.0 } else { 0.0 };
    text.family("server_up", Kind::Gauge, "1 while a server works, with trouble or without.");
    each(text, "server_up", &|server| flag(matches!(server.health, Health::Healthy | Health::Degraded)));
    text.family("server_drained", Kind::Gauge, "1 while an admin keeps calls away from a server.");
    each(text, "server_drained", &|server| flag(server.health == Health::Drained));
    text.family("breaker_state", Kind::Gauge, "1 while a server refuses calls because most of them failed.");
    each(text, "breaker_state", &|server| flag(server.resting));
    text.family("concurrency_in_use", Kind::Gauge, "Calls of a server that are under way.");
    each(text, "concurrency_in_use", &|server| server.figures.connections.into());
    text.family("lb_endpoint_score", Kind::Gauge, "How good a replica looks to the balancer, 0 to 1.");
    for server in &fleet.servers {
        for replica in &server.replicas {
            let labels = [("server", server.id.as_str()), ("replica", &replica.name)];
            text.sample("lb_endpoint_score", &labels, replica.score);
        }
    }
}
