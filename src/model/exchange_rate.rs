//! Exchange rates that label staff have entered: what a unit of a currency was worth in another in a month.

use super::field::FieldError;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The longest name of a source, in characters.
const LONGEST_SOURCE: usize = 200;

/// The most digits after the point of a rate.
const MOST_PLACES: usize = 6;

/// A rate, with where it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct ExchangeRate {
    /// The currency of the report, ISO 4217.
    pub from: String,
    /// The currency of the account, ISO 4217.
    pub to: String,
    /// The month of use that it is for, such as `2026-09`.
    pub month: String,
    /// What a unit was worth, in millionths.
    pub rate_micros: i64,
    /// Where it was read.
    pub source: String,
    /// The day of the source.
    #[cfg_attr(feature = "ssr", schemars(with = "String"))]
    pub as_of: Date,
    /// Who has entered it.
    pub entered_by: String,
    /// When, RFC 3339 in UTC.
    pub entered_at: String,
}

impl ExchangeRate {
    /// The rate as people write it, never rounded: `1.085000`.
    pub fn text(&self) -> String {
        let (whole, rest) = (self.rate_micros / 1_000_000, self.rate_micros.unsigned_abs() % 1_000_000);
        format!("{whole}.{rest:06}")
    }
}

/// A rate as a form has it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ExchangeRateForm {
    /// The currency of the report.
    pub from: String,
    /// The currency of the account.
    pub to: String,
    /// The month of use.
    pub month: String,
    /// What a unit of the first was worth in the second.
    pub rate: String,
    /// Where it was read.
    pub source: String,
    /// The day of the source.
    pub as_of: String,
}

impl ExchangeRateForm {
    /// From the fields of a form as it was sent.
    pub fn of_fields(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "from" => form.from = value,
                "to" => form.to = value,
                "month" => form.month = value,
                "rate" => form.rate = value,
                "source" => form.source = value,
                "asOf" => form.as_of = value,
                _ => {}
            }
        }
        form
    }

    /// What it says, as somebody enters it at a time (RFC 3339).
    ///
    /// # Errors
    /// What is wrong with single fields.
    pub fn read(&self, entered_by: &str, entered_at: &str) -> Result<ExchangeRate, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let mut needed = |field: &str, found: bool, message: &str| {
            if !found {
                wrong.push(FieldError::new(field, message));
            }
        };
        let (from, to) = (currency(&self.from), currency(&self.to));
        needed("from", from.is_some(), "a currency has three letters, such as EUR");
        needed("to", to.is_some(), "a currency has three letters, such as USD");
        needed("to", from.is_none() || from != to, "both currencies are the same");
        let month = self.month.trim();
        let first: Option<Date> =
            Some(month).filter(|month| month.len() == 7).and_then(|month| format!("{month}-01").parse().ok());
        needed("month", first.is_some(), "a month is written as 2026-09");
        let rate = micros(self.rate.trim());
        let places = "a number above zero with a point and at most six places after it, such as 1.085";
        needed("rate", rate.is_some(), places);
        let source = self.source.trim();
        let is_line = !source.is_empty()
            && source.chars().count() <= LONGEST_SOURCE
            && !source.chars().any(char::is_control);
        needed("source", is_line, "say where the rate was read, in one line of at most 200 characters");
        let as_of: Option<Date> = self.as_of.trim().parse().ok();
        needed("asOf", as_of.is_some(), "the day of the source is written as 2026-09-30");
        match (from, to, rate, as_of) {
            (Some(from), Some(to), Some(rate_micros), Some(as_of)) if wrong.is_empty() => Ok(ExchangeRate {
                from,
                to,
                month: month.to_owned(),
                rate_micros,
                source: source.to_owned(),
                as_of,
                entered_by: entered_by.to_owned(),
                entered_at: entered_at.to_owned(),
            }),
            _ => Err(wrong),
        }
    }
}

fn currency(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_uppercase();
    (text.len() == 3 && text.bytes().all(|byte| byte.is_ascii_uppercase())).then_some(text)
}

/// Millionths of a text such as `1.085`; none where it is finer, zero, below it, or beyond a million.
fn micros(text: &str) -> Option<i64> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 6 || part.len() > MOST_PLACES || !digits(whole) || !digits(part) {
        return None;
    }
    format!("{whole}{part:0<6}").parse().ok().filter(|micros| *micros > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form() -> ExchangeRateForm {
        ExchangeRateForm {
            from: "eur".to_owned(),
            to: "USD".to_owned(),
            month: "2026-09".to_owned(),
            rate: "1.085".to_owned(),
            source: "European Central Bank, average of the month".to_owned(),
            as_of: "2026-09-30".to_owned(),
        }
    }

    #[test]
    fn a_rate_is_read_exactly() {
        let read = form().read("mina", "2026-11-01T00:00:00Z").expect("a rate");
        assert_eq!(
            (read.from.as_str(), read.rate_micros, read.text().as_str()),
            ("EUR", 1_085_000, "1.085000")
        );
        assert_eq!(["0.000001", "149", "1.5"].map(micros), [Some(1), Some(149_000_000), Some(1_500_000)]);
        assert_eq!(["", "0", "-1", "1,085", "1.0850001", "1e3", "1234567"].map(micros), [None; 7]);
    }

    #[test]
    fn without_a_source_or_its_day_it_is_no_rate() {
        let wrong = |form: ExchangeRateForm| {
            form.read("mina", "").expect_err("wrong").into_iter().map(|wrong| wrong.field).collect::<Vec<_>>()
        };
        assert_eq!(wrong(ExchangeRateForm { source: " ".to_owned(), ..form() }), ["source"]);
        assert_eq!(wrong(ExchangeRateForm { as_of: "soon".to_owned(), ..form() }), ["asOf"]);
        assert_eq!(wrong(ExchangeRateForm { to: "EUR".to_owned(), ..form() }), ["to"]);
        assert_eq!(wrong(ExchangeRateForm { month: "2026-13".to_owned(), ..form() }), ["month"]);
        assert_eq!(wrong(ExchangeRateForm::default()).len(), 6);
    }
}
