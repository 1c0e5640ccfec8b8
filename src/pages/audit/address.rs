//! What the address of the page says: which records, which one is open, whether it is to be verified.

use crate::model::audit::AuditQuestion;
use crate::pages::query_string;

/// The page's own path.
pub(super) const PATH: &str = "/admin/audit";

/// Where the files come from.
const EXPORT: &str = "/export/audit";

/// Where new records come from.
const EVENTS: &str = "/events/audit";

/// The query of the page's address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// What is asked for.
    pub question: AuditQuestion,
    /// Whether the open record is to be verified.
    pub verify: bool,
    /// Whether new records are to come to the list.
    pub live: bool,
}

impl Address {
    /// Reads the query as it stands in the address. What is unknown counts as not said.
    pub(super) fn read(query: &str) -> Self {
        let mut address = Self::default();
        let question = &mut address.question;
        for (name, value) in query_string::fields(query) {
            let value = value.trim().to_owned();
            match name {
                "who" => question.who = value,
                "operation" => question.operation = value,
                "outcome" => question.outcome = value,
                "resource" => question.resource = value,
                "call" => question.call = value,
                "from" => question.from = value,
                "to" => question.to = value,
                "before" => question.before = value,
                "record" => question.record = value,
                "verify" => address.verify = value == "1",
                "live" => address.live = value == "1",
                _ => {}
            }
        }
        address
    }

    /// Writes the address.
    pub(super) fn write(&self) -> String {
        let yes = |said: bool| if said { "1" } else { "" };
        self.at(PATH, &[("verify", yes(self.verify)), ("live", yes(self.live))])
    }

    /// Whether new records come to the list: only to its first page.
    pub(super) fn follows(&self) -> bool {
        self.live && self.question.before.is_empty() && self.question.to.is_empty()
    }

    /// The same list, followed or not.
    pub(super) fn following(&self, live: bool) -> Self {
        Self { live, ..self.clone() }
    }

    /// The address of the stream of new records that fit.
    pub(super) fn events(&self) -> String {
        Self { question: AuditQuestion { record: String::new(), ..self.question.clone() }, ..Self::default() }
            .at(EVENTS, &[])
    }

    /// The address of a file with everything that fits.
    pub(super) fn export(&self, format: &str) -> String {
        let question =
            AuditQuestion { before: String::new(), record: String::new(), ..self.question.clone() };
        Self { question, ..Self::default() }.at(EXPORT, &[("format", format)])
    }

    /// The same list with a record open.
    pub(super) fn opened(&self, record: &str) -> Self {
        let question = AuditQuestion { record: record.to_owned(), ..self.question.clone() };
        Self { question, verify: false, live: self.live }
    }

    /// The same list without one.
    pub(super) fn closed(&self) -> Self {
        self.opened("")
    }

    /// The same with the open record verified.
    pub(super) fn verified(&self) -> Self {
        Self { verify: true, ..self.clone() }
    }

    /// The page that begins with older records; the newest for an empty text.
    pub(super) fn before(&self, id: &str) -> Self {
        let question = AuditQuestion { before: id.to_owned(), ..self.closed().question };
        Self { question, ..Self::default() }
    }

    /// The record that is to be verified.
    pub(super) fn proven(&self) -> Option<String> {
        (self.verify && !self.question.record.is_empty()).then(|| self.question.record.clone())
    }

    fn at(&self, path: &str, more: &[(&str, &str)]) -> String {
        let AuditQuestion { who, operation, outcome, resource, call, from, to, before, record } =
            &self.question;
        let mut fields = vec![
            ("who", who.as_str()),
            ("operation", operation.as_str()),
            ("outcome", outcome.as_str()),
            ("resource", resource.as_str()),
            ("call", call.as_str()),
            ("from", from.as_str()),
            ("to", to.as_str()),
            ("before", before.as_str()),
            ("record", record.as_str()),
        ];
        fields.extend_from_slice(more);
        query_string::address(path, &fields)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_the_same_after_writing_and_reading() {
        let address = Address {
            question: AuditQuestion {
                who: "usr_1".to_owned(),
                outcome: "failed".to_owned(),
                call: "req_1".to_owned(),
                from: "2026-11-24T09:30".to_owned(),
                record: "log#01abc#2026112409/01ABC".to_owned(),
                ..AuditQuestion::default()
            },
            verify: true,
            live: true,
        };
        let written = address.write();
        assert_eq!(Address::read(written.split_once('?').map_or("", |(_, query)| query)), address);
    }

    #[test]
    fn an_export_is_of_everything_that_fits_not_of_a_page() {
        let address = Address::read("who=ana&before=01ABC&record=x&verify=1");
        assert_eq!(address.export("csv"), "/export/audit?who=ana&format=csv");
    }

    #[test]
    fn only_the_newest_records_are_followed() {
        let live = Address::read("who=ana&live=1&record=x");
        assert!(live.follows());
        assert_eq!(live.events(), "/events/audit?who=ana");
        assert!(!live.before("01ABC").follows());
        assert!(!Address::read("live=1&to=2026-11-24").follows());
        assert!(!live.following(false).follows());
    }

    #[test]
    fn a_record_is_verified_only_where_one_is_open() {
        assert_eq!(Address::read("verify=1").proven(), None);
        assert_eq!(Address::read("verify=1&record=a").proven().as_deref(), Some("a"));
    }
}
