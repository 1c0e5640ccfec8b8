//! Who may do what: by role, by address, by the hour.

use super::error::{CallError, CallErrorKind};
use super::principal::{Origin, Principal, Role};
use crate::engine::config::{Config, Schedule, SecurityMode};
use ipnet::IpNet;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// The rules of the configuration.
pub(super) struct Rules {
    mode: SecurityMode,
    networks: Vec<IpNet>,
    hours: Option<Schedule>,
    time_zone: TimeZone,
}

impl Rules {
    pub(super) fn new(config: &Config) -> Self {
        Self {
            mode: config.security_mode,
            networks: config.ip_whitelist.clone(),
            hours: config.hours.clone(),
            time_zone: config.time_zone.clone(),
        }
    }

    /// Whether a principal may use operations at all. Until there are accounts every caller is the local
    /// operator, an admin; other roles get nothing rather than something that nobody has thought about.
    pub(super) fn may_use(principal: &Principal) -> bool {
        principal.role == Role::Admin
    }

    /// Whether this call is allowed now, from there.
    pub(super) fn check(
        &self,
        principal: &Principal,
        origin: &Origin,
        operation: &str,
    ) -> Result<(), CallError> {
        if !Self::may_use(principal) {
            return Err(forbidden(
                format!("{} may not use {operation}.", principal.name),
                "Ask an admin for the permission.",
            ));
        }
        match self.violation(origin, Timestamp::now()) {
            Some(violation) if self.mode == SecurityMode::Permissive => {
                tracing::warn!(
                    principal = principal.id,
                    operation,
                    violation = violation.message,
                    "would be denied in enforcing mode"
                );
                Ok(())
            }
            Some(violation) => Err(violation),
            None => Ok(()),
        }
    }

    fn violation(&self, origin: &Origin, now: Timestamp) -> Option<CallError> {
        // An IPv4 caller may arrive as a mapped IPv6 address, which no IPv4 block would match.
        let address = origin.address.map(|address| address.to_canonical());
        let listed =
            |address: &std::net::IpAddr| self.networks.iter().any(|network| network.contains(address));
        if !self.networks.is_empty() && !address.is_some_and(|address| listed(&address)) {
            let caller = address.map_or_else(|| "an unknown address".to_owned(), |a| a.to_string());
            return Some(forbidden(
                format!("Calls from {caller} are not allowed."),
                "Come from the label's network, or ask an admin to allow this address.",
            ));
        }
        let now = now.to_zoned(self.time_zone.clone());
        if self.hours.as_ref().is_some_and(|hours| !hours.allows(&now)) {
            let clock = now.strftime("%a %H:%M %Z");
            return Some(forbidden(
                format!("Calls are not allowed at this time ({clock})."),
                "Come back within the allowed hours, or ask an admin to change them.",
            ));
        }
        None
    }
}

fn forbidden(message: String, remedy: &str) -> CallError {
    CallError::new(CallErrorKind::Forbidden, message, remedy)
}
