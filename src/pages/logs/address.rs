//! What the address of the page says: log group, query, range, whether to search at once, whose activity.

use crate::model::activity::ActivityRange;
use crate::model::log_search::LogRange;
use crate::pages::query_string;

/// The page's own path.
pub(crate) const PATH: &str = "/logs";

/// The id of a range of one's own.
pub(super) const OWN: &str = "own";

/// The ranges that end now: id, value, name.
pub(super) const RANGES: [(&str, LogRange, &str); 4] = [
    ("15m", LogRange::QuarterHour, "15 min"),
    ("1h", LogRange::Hour, "1 hour"),
    ("24h", LogRange::Day, "24 hours"),
    ("7d", LogRange::Week, "7 days"),
];

/// The ranges of an activity: id, value, name.
pub(super) const ACTIVITY_RANGES: [(&str, ActivityRange, &str); 3] = [
    ("1h", ActivityRange::Hour, "1 hour"),
    ("24h", ActivityRange::Day, "24 hours"),
    ("7d", ActivityRange::Week, "7 days"),
];

/// Which of its two questions the page asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum View {
    /// What the log says.
    #[default]
    Search,
    /// What somebody did.
    Activity,
}

/// The query of the page's address.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Address {
    /// Which question.
    pub view: View,
    /// The log group; none means Patchline's own.
    pub group: Option<String>,
    /// The query in the language of Logs Insights.
    pub query: String,
    /// Which records are looked through.
    pub range: LogRange,
    /// Search at once.
    pub run: bool,
    /// Wait long for the result: asked for where there is no JavaScript to look again.
    pub wait: bool,
    /// Whose activity.
    pub user: String,
    /// How far back the activity goes.
    pub activity_range: ActivityRange,
}

impl Address {
    /// Reads the query as it stands in the address. What is unknown counts as not said.
    pub(super) fn from_query(query: &str) -> Self {
        let mut address = Self::default();
        let (mut range, mut from, mut to) = (String::new(), String::new(), String::new());
        for (name, value) in query_string::fields(query) {
            match name {
                "view" if value == "activity" => address.view = View::Activity,
                "group" => address.group = Some(value).filter(|group| !group.is_empty()),
                // Forms end their lines as mail does.
                "query" => address.query = value.replace("\r\n", "\n").trim().to_owned(),
                "range" => range = value,
                "from" => from = value,
                "to" => to = value,
                "run" => address.run = matches!(value.as_str(), "" | "1" | "true"),
                "wait" => address.wait = value == "1",
                "user" => value.trim().clone_into(&mut address.user),
                _ => {}
            }
        }
        address.range = if range == OWN {
            LogRange::Between(in_utc(&from), in_utc(&to))
        } else {
            let known = RANGES.into_iter().find(|(id, ..)| *id == range);
            known.map(|(_, range, _)| range).unwrap_or_default()
        };
        let known = ACTIVITY_RANGES.into_iter().find(|(id, ..)| *id == range);
        address.activity_range = known.map(|(_, range, _)| range).unwrap_or_default();
        address
    }

    /// Writes the address. What is as it is anyway is left out.
    pub(super) fn to_address(&self) -> String {
        if self.view == View::Activity {
            let fields =
                [("view", "activity"), ("user", &self.user), ("range", activity_id(self.activity_range))];
            return query_string::address(PATH, &fields);
        }
        let (from, to) = own_ends(&self.range);
        let fields = [
            ("group", self.group.as_deref().unwrap_or_default()),
            ("query", &self.query),
            ("range", range_id(&self.range)),
            ("from", from),
            ("to", to),
            ("run", if self.run { "1" } else { "" }),
            ("wait", if self.wait { "1" } else { "" }),
        ];
        query_string::address(PATH, &fields)
    }

    /// The address that searches for something else in the same range.
    pub(super) fn to_search(&self, group: Option<String>, query: &str, run: bool) -> String {
        let address = Address {
            view: View::Search,
            group,
            query: query.to_owned(),
            range: self.range.clone(),
            run,
            ..Address::default()
        };
        address.to_address()
    }

    /// The address of the same search in another range.
    pub(super) fn in_range(&self, range: LogRange) -> String {
        Address { range, run: true, wait: false, ..self.clone() }.to_address()
    }

    /// The address of somebody's activity.
    pub(super) fn of_activity(user: &str, range: ActivityRange) -> String {
        let address = Address {
            view: View::Activity,
            user: user.to_owned(),
            activity_range: range,
            ..Address::default()
        };
        address.to_address()
    }

    /// Whether there is a search to do.
    pub(super) fn searches(&self) -> bool {
        self.view == View::Search && self.run && !self.query.is_empty()
    }
}

/// The id of a range in addresses and forms.
pub(super) fn range_id(range: &LogRange) -> &'static str {
    RANGES.iter().find(|(_, known, _)| known == range).map_or(OWN, |(id, ..)| id)
}

/// The id of a range of an activity.
pub(super) fn activity_id(range: ActivityRange) -> &'static str {
    ACTIVITY_RANGES.iter().find(|(_, known, _)| *known == range).map_or("", |(id, ..)| id)
}

/// Both ends of a range of one's own; empty for one that ends now.
pub(super) fn own_ends(range: &LogRange) -> (&str, &str) {
    match range {
        LogRange::Between(from, to) => (from, to),
        _ => ("", ""),
    }
}

/// A time as a field for dates gives it means UTC, which is what the whole page shows.
pub(super) fn in_utc(text: &str) -> String {
    let text = text.trim();
    let is_local = text.len() >= "2026-11-24T09:30".len() && text.is_ascii() && !text.ends_with('Z') && {
        let (_, time) = text.split_at("2026-11-24T".len());
        !time.contains(['+', '-'])
    };
    if is_local { format!("{text}Z") } else { text.to_owned() }
}

/// The same time for a field for dates, which takes no zone.
pub(super) fn without_zone(text: &str) -> String {
    text.trim_end_matches('Z').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_back(address: &Address) -> Address {
        let written = address.to_address();
        Address::from_query(written.split_once('?').map_or("", |(_, query)| query))
    }

    #[test]
    fn is_the_same_search_after_writing_and_reading() {
        let search = Address {
            group: Some("/patchline/application".to_owned()),
            query: "filter @message like /100%25 & more/\n| stats count(*) by bin(5m)".to_owned(),
            range: LogRange::Between("2026-11-24T09:30Z".to_owned(), "2026-11-24T10:00Z".to_owned()),
            run: true,
            ..Address::default()
        };
        assert_eq!(read_back(&search), search);
        let activity = Address {
            view: View::Activity,
            user: "key:bootstrap".to_owned(),
            activity_range: ActivityRange::Week,
            range: LogRange::Week,
            ..Address::default()
        };
        assert_eq!(read_back(&activity), activity);
    }

    #[test]
    fn an_empty_address_asks_for_nothing() {
        let empty = Address::from_query("");
        assert_eq!(empty.to_address(), "/logs?range=1h");
        assert!(!empty.searches());
        assert!(!Address::from_query("query=&run=1").searches());
        assert!(Address::from_query("query=limit+1&run=1").searches());
    }

    #[test]
    fn a_form_without_javascript_is_understood() {
        let sent = Address::from_query(
            "group=&query=fields+tool%0D%0A%7C+limit+5&range=own&from=2026-11-24T09%3A30&to=&run=1",
        );
        assert_eq!(sent.query, "fields tool\n| limit 5");
        assert_eq!(sent.group, None);
        assert_eq!(sent.range, LogRange::Between("2026-11-24T09:30Z".to_owned(), String::new()));
    }

    #[test]
    fn times_of_fields_are_in_utc_and_others_stay_as_they_are() {
        assert_eq!(in_utc("2026-11-24T09:30"), "2026-11-24T09:30Z");
        assert_eq!(in_utc("2026-11-24T09:30:15"), "2026-11-24T09:30:15Z");
        assert_eq!(in_utc("2026-11-24T09:30:00Z"), "2026-11-24T09:30:00Z");
        assert_eq!(in_utc("2026-11-24T09:30+01:00"), "2026-11-24T09:30+01:00");
        assert_eq!(in_utc("yesterday"), "yesterday");
        assert_eq!(in_utc("gestern früh um neun"), "gestern früh um neun");
    }
}
