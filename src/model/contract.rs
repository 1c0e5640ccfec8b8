//! Contracts: the documents, and what they say as people have entered it.

use super::field::FieldError;
use super::least_payment::LeastPayment;
use super::royalty_terms::{ReserveFields, ReserveTerms, RoyaltyRate, read_rates};
use jiff::ToSpan;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// How far ahead notice dates are told of, in days.
pub const NOTICE_AHEAD: i32 = 90;

/// The longest of a text, in characters.
const LONGEST_TEXT: usize = 500;
/// The most lines of a list.
const MOST_LINES: usize = 40;
/// The most days of notice.
const MOST_DAYS: u32 = 3660;

/// What a contract says, as somebody has entered it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContractTerms {
    /// What sort of contract, for instance `distribution`.
    pub kind: String,
    /// Who has made it.
    pub parties: Vec<String>,
    /// Where it holds.
    pub territory: String,
    /// The day on which the last of them signed; none where it is not signed, or nobody says.
    pub signed_on: Option<Date>,
    /// The first day.
    pub starts_on: Option<Date>,
    /// The last day; none where it has no end.
    pub ends_on: Option<Date>,
    /// How many days before its end it must be ended by whoever wants that.
    pub notice_days: Option<u32>,
    /// Who gets what of which receipts.
    pub rates: Vec<Rate>,
    /// The rates that the artist's statement is worked out by.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub royalty_rates: Vec<RoyaltyRate>,
    /// What is held back of the artist's royalties; none where nothing is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reserve: Option<ReserveTerms>,
    /// The least that is paid out to the artist; none where it names none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub least_payment: Option<LeastPayment>,
    /// What somebody may ask for later.
    pub options: Vec<String>,
}

/// Who gets what.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Rate {
    /// Of what, and whose.
    pub what: String,
    /// Hundredths of a percent.
    pub basis_points: u32,
}

impl ContractTerms {
    /// The last day on which notice can be given; none where there is no end, or no such time.
    pub fn notice_on(&self) -> Option<Date> {
        let days = i64::from(self.notice_days?);
        self.ends_on?.checked_sub(days.days()).ok()
    }
}

/// The terms as a form has them: texts, a line for each of several.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TermsForm {
    /// What sort of contract.
    pub kind: String,
    /// Who has made it, a line for each.
    pub parties: String,
    /// Where it holds.
    pub territory: String,
    /// The day on which the last of them signed.
    pub signed_on: String,
    /// The first day.
    pub starts_on: String,
    /// The last day.
    pub ends_on: String,
    /// Days of notice.
    pub notice_days: String,
    /// A line for each: `What: 18.00 %`.
    pub rates: String,
    /// A line for each: `DE, physical, vinyl: 18.00 %`, `EU, store Spotify: 20.00 %`.
    pub royalty_rates: String,
    /// The part of royalties that is held back.
    pub reserve_share: String,
    /// The channels on which it is, with commas.
    pub reserve_channels: String,
    /// Over how many accounting periods it is released.
    pub reserve_periods: String,
    /// How many months each of them has.
    pub reserve_months: String,
    /// The least that is paid out, in the currency of the artist's account; empty where there is none.
    pub least_payment: String,
    /// What somebody may ask for later, a line for each.
    pub options: String,
    /// The version of the terms that was shown; 0 where there were none.
    pub version: u32,
}

impl TermsForm {
    /// The terms as a form shows them.
    pub fn of(terms: &ContractTerms, version: u32) -> Self {
        let day = |day: Option<Date>| day.map(|day| day.to_string()).unwrap_or_default();
        let rates = terms.rates.iter().map(|rate| format!("{}: {}", rate.what, percent(rate.basis_points)));
        let royalty_rates: Vec<String> = terms.royalty_rates.iter().map(RoyaltyRate::line).collect();
        let reserve = terms.reserve.as_ref();
        let of_reserve = |text: fn(&ReserveTerms) -> String| reserve.map(text).unwrap_or_default();
        Self {
            kind: terms.kind.clone(),
            parties: terms.parties.join("\n"),
            territory: terms.territory.clone(),
            signed_on: day(terms.signed_on),
            starts_on: day(terms.starts_on),
            ends_on: day(terms.ends_on),
            notice_days: terms.notice_days.map(|days| days.to_string()).unwrap_or_default(),
            rates: rates.collect::<Vec<_>>().join("\n"),
            royalty_rates: royalty_rates.join("\n"),
            reserve_share: of_reserve(|reserve| percent(reserve.basis_points)),
            reserve_channels: of_reserve(ReserveTerms::channels_line),
            reserve_periods: of_reserve(|reserve| reserve.periods.to_string()),
            reserve_months: of_reserve(|reserve| reserve.months.to_string()),
            least_payment: terms.least_payment.map(LeastPayment::text).unwrap_or_default(),
            options: terms.options.join("\n"),
            version,
        }
    }

    /// From the fields of a form as it was sent.
    pub fn of_fields(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            match name.as_str() {
                "kind" => form.kind = value,
                "parties" => form.parties = value,
                "territory" => form.territory = value,
                "signedOn" => form.signed_on = value,
                "startsOn" => form.starts_on = value,
                "endsOn" => form.ends_on = value,
                "noticeDays" => form.notice_days = value,
                "rates" => form.rates = value,
                "royaltyRates" => form.royalty_rates = value,
                "reserveShare" => form.reserve_share = value,
                "reserveChannels" => form.reserve_channels = value,
                "reservePeriods" => form.reserve_periods = value,
                "reserveMonths" => form.reserve_months = value,
                "leastPayment" => form.least_payment = value,
                "options" => form.options = value,
                "version" => form.version = value.parse().unwrap_or_default(),
                _ => {}
            }
        }
        form
    }

    /// What it says.
    ///
    /// # Errors
    /// What is wrong with single fields.
    pub fn read(&self) -> Result<ContractTerms, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let terms = ContractTerms {
            kind: text("kind", &self.kind, &mut wrong),
            parties: lines("parties", &self.parties, &mut wrong),
            territory: text("territory", &self.territory, &mut wrong),
            signed_on: day("signedOn", &self.signed_on, &mut wrong),
            starts_on: day("startsOn", &self.starts_on, &mut wrong),
            ends_on: day("endsOn", &self.ends_on, &mut wrong),
            notice_days: days(&self.notice_days, &mut wrong),
            rates: rates(&self.rates, &mut wrong),
            royalty_rates: read_rates(&self.royalty_rates, &mut wrong),
            reserve: self.reserve().read(&mut wrong),
            least_payment: least_payment(&self.least_payment, &mut wrong),
            options: lines("options", &self.options, &mut wrong),
        };
        if let (Some(from), Some(to)) = (terms.starts_on, terms.ends_on)
            && to < from
        {
            wrong.push(FieldError::new("endsOn", "the last day is before the first"));
        }
        if wrong.is_empty() { Ok(terms) } else { Err(wrong) }
    }

    fn reserve(&self) -> ReserveFields<'_> {
        ReserveFields {
            share: &self.reserve_share,
            channels: &self.reserve_channels,
            periods: &self.reserve_periods,
            months: &self.reserve_months,
        }
    }
}

fn text(field: &str, value: &str, wrong: &mut Vec<FieldError>) -> String {
    let value = value.trim();
    if value.chars().count() > LONGEST_TEXT || value.chars().any(char::is_control) {
        wrong.push(FieldError::new(field, format!("at most {LONGEST_TEXT} characters in one line are kept")));
    }
    value.to_owned()
}

fn least_payment(value: &str, wrong: &mut Vec<FieldError>) -> Option<LeastPayment> {
    if value.trim().is_empty() {
        return None;
    }
    LeastPayment::read(value).map_err(|message| wrong.push(FieldError::new("leastPayment", message))).ok()
}

fn lines(field: &str, value: &str, wrong: &mut Vec<FieldError>) -> Vec<String> {
    let lines: Vec<&str> = value.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    if lines.len() > MOST_LINES {
        wrong.push(FieldError::new(field, format!("at most {MOST_LINES} lines are kept")));
    }
    lines.into_iter().take(MOST_LINES).map(|line| text(field, line, wrong)).collect()
}

fn day(field: &str, value: &str, wrong: &mut Vec<FieldError>) -> Option<Date> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let day = value.parse().ok();
    if day.is_none() {
        wrong.push(FieldError::new(field, "a day is written as 2027-01-31"));
    }
    day
}

fn days(value: &str, wrong: &mut Vec<FieldError>) -> Option<u32> {
    let value = value.trim();
    if value.is_empty() {
        return None;
    }
    let days = value.parse().ok().filter(|days| *days <= MOST_DAYS);
    if days.is_none() {
        wrong.push(FieldError::new(
            "noticeDays",
            format!("a whole number of days is needed, at most {MOST_DAYS}"),
        ));
    }
    days
}

fn rates(value: &str, wrong: &mut Vec<FieldError>) -> Vec<Rate> {
    let read = |line: String| {
        let rate = line.rsplit_once(':').and_then(|(what, share)| {
            let what = what.trim();
            Some(Rate { what: what.to_owned(), basis_points: basis_points(share)? })
                .filter(|_| !what.is_empty())
        });
        rate.ok_or_else(|| FieldError::new("rates", format!("{line:?} is not of the form `What: 18.00 %`")))
    };
    let mut found = Vec::new();
    for line in lines("rates", value, wrong) {
        match read(line) {
            Ok(rate) => found.push(rate),
            Err(error) => wrong.push(error),
        }
    }
    found
}

/// Hundredths of a percent of a text such as `18.5 %`, at most 100 %.
pub fn basis_points(text: &str) -> Option<u32> {
    const WHOLE: u32 = 10_000;
    let number = text.trim().trim_end_matches('%').trim();
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.chars().all(|c| c.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || part.len() > 2 || !digits(whole) || !digits(part) {
        return None;
    }
    let part: u32 = format!("{part:0<2}").parse().ok()?;
    let whole: u32 = whole.parse().ok()?;
    Some(whole * 100 + part).filter(|points| *points <= WHOLE)
}

/// Hundredths of a percent as people write them.
pub fn percent(basis_points: u32) -> String {
    format!("{}.{:02} %", basis_points / 100, basis_points % 100)
}

/// What was found in the text of a contract that may be one of its terms.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[cfg_attr(feature = "ssr", derive(schemars::JsonSchema))]
pub struct Proposal {
    /// The field of [`TermsForm`] that it may belong in.
    pub field: String,
    /// What may be entered there.
    pub value: String,
    /// The page, where the document has pages.
    pub page: Option<u32>,
    /// The words in which it stands.
    pub quote: String,
}

/// A page of the text of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContractPage {
    /// Its number, where the document has pages.
    pub number: Option<u32>,
    /// Its text.
    pub text: String,
}

/// A version of a contract.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContractVersion {
    /// When it was stored, RFC 3339 in UTC.
    pub stored_at: Option<String>,
    /// Where it is opened.
    pub url: String,
    /// Size in bytes.
    pub size_bytes: u64,
    /// Whether it is the newest.
    pub is_newest: bool,
}

/// What the list of contracts was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ContractQuery {
    /// Part of a file name, a party, an artist's name or a territory; case and accents do not matter.
    pub search: String,
    /// Only those with a notice date in the next 90 days.
    pub notice_soon: bool,
    /// The page, from 1; 0 is read as 1.
    pub page: u32,
}

/// A line of the list of contracts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContractRow {
    /// Names it in addresses.
    pub id: String,
    /// The file's name in the bucket.
    pub file_name: String,
    /// The artist that its folder names, by name where it is known.
    pub artist: Option<String>,
    /// The terms; none where nobody has entered them.
    pub terms: Option<ContractTerms>,
    /// When it was stored, RFC 3339 in UTC.
    pub stored_at: Option<String>,
}

/// A page of contracts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContractList {
    /// The rows of this page: those with the nearest notice date first, then by name.
    pub rows: Vec<ContractRow>,
    /// Rows on all pages.
    pub total: u32,
    /// This page, from 1.
    pub page: u32,
    /// How many contracts of all have a notice date in the next 90 days.
    pub notices: u32,
    /// Today.
    pub as_of: Date,
    /// Whether there are more contracts than were looked at.
    pub is_cut: bool,
    /// Whether some of this page are of artists of the sample label.
    pub sample: bool,
}

/// What the page of a contract shows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ContractDetail {
    /// Names it in addresses.
    pub id: String,
    /// The file's name in the bucket.
    pub file_name: String,
    /// The artist that its folder names, by name where it is known.
    pub artist: Option<String>,
    /// Whether it belongs to the sample label.
    pub sample: bool,
    /// Where the newest version is opened.
    pub url: String,
    /// The media type.
    pub content_type: String,
    /// The terms; none where nobody has entered them.
    pub terms: Option<ContractTerms>,
    /// Counts the changes of the terms; 0 where nobody has entered them.
    pub version: u32,
    /// Who has changed the terms last, and when, RFC 3339 in UTC.
    pub changed: Option<(String, String)>,
    /// The versions that are kept, the newest first.
    pub versions: Vec<ContractVersion>,
    /// The text by pages.
    pub pages: Vec<ContractPage>,
    /// Why there is no text.
    pub unread: Option<String>,
    /// What was found in the text that may be entered as terms.
    pub proposals: Vec<Proposal>,
    /// Today.
    pub as_of: Date,
}

/// The id of a contract in addresses: its file name in hexadecimal digits, so that slashes do not matter.
pub fn id_of(file_name: &str) -> String {
    hex::encode(file_name)
}

/// The file name that an id stands for.
pub fn file_of(id: &str) -> Option<String> {
    String::from_utf8(hex::decode(id).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn form() -> TermsForm {
        TermsForm {
            kind: "distribution".to_owned(),
            parties: "Northlight Records\nTramline Distribution\n".to_owned(),
            territory: "world except Japan".to_owned(),
            signed_on: "2024-02-20".to_owned(),
            starts_on: "2024-03-01".to_owned(),
            ends_on: "2027-02-28".to_owned(),
            notice_days: "90".to_owned(),
            rates: "Fee of receipts: 18.00 %".to_owned(),
            royalty_rates: "all: 15.00 %\nDE, physical, vinyl: 18.00 %".to_owned(),
            reserve_share: "20.00 %".to_owned(),
            reserve_channels: "physical".to_owned(),
            reserve_periods: "4".to_owned(),
            reserve_months: "6".to_owned(),
            least_payment: "50.00".to_owned(),
            options: String::new(),
            version: 2,
        }
    }

    #[test]
    fn a_form_is_read_and_shown_again() {
        let terms = form().read().expect("terms");
        assert_eq!(terms.notice_on(), Some(date(2026, 11, 30)));
        assert_eq!(terms.rates, [Rate { what: "Fee of receipts".to_owned(), basis_points: 1800 }]);
        assert_eq!((terms.royalty_rates.len(), terms.reserve.is_some()), (2, true));
        assert_eq!(terms.least_payment, Some(LeastPayment(50_000)));
        let shown = TermsForm::of(&terms, 2);
        assert_eq!(shown.read(), Ok(terms));
    }

    #[test]
    fn terms_that_were_kept_before_statements_read_them_are_still_read() {
        let kept = r#"{"kind":"distribution","parties":["A"],"territory":"world","startsOn":"2024-03-01",
            "endsOn":null,"noticeDays":null,"rates":[{"what":"Fee","basisPoints":1800}],"options":[]}"#;
        let terms: ContractTerms = serde_json::from_str(kept).expect("terms");
        assert_eq!((terms.rates.len(), terms.royalty_rates.len(), terms.reserve), (1, 0, None));
    }

    #[test]
    fn what_is_wrong_is_told_at_its_field() {
        let wrong = |form: TermsForm| form.read().expect_err("wrong").remove(0).field;
        assert_eq!(wrong(TermsForm { signed_on: "x".to_owned(), ..form() }), "signedOn");
        assert_eq!(wrong(TermsForm { ends_on: "soon".to_owned(), ..form() }), "endsOn");
        assert_eq!(wrong(TermsForm { ends_on: "2023-01-01".to_owned(), ..form() }), "endsOn");
        assert_eq!(wrong(TermsForm { notice_days: "-1".to_owned(), ..form() }), "noticeDays");
        assert_eq!(wrong(TermsForm { rates: "18 percent".to_owned(), ..form() }), "rates");
        assert_eq!(wrong(TermsForm { rates: "Fee: 100.01 %".to_owned(), ..form() }), "rates");
        assert_eq!(wrong(TermsForm { royalty_rates: "DE 18 %".to_owned(), ..form() }), "royaltyRates");
        assert_eq!(wrong(TermsForm { reserve_periods: String::new(), ..form() }), "reservePeriods");
        assert_eq!(wrong(TermsForm { least_payment: "fifty".to_owned(), ..form() }), "leastPayment");
        assert_eq!(wrong(TermsForm { kind: "x".repeat(501), ..form() }), "kind");
    }

    #[test]
    fn percentages_have_two_places_at_most() {
        assert_eq!(
            ["18.5 %", "18", "0.05%", "100"].map(basis_points),
            [Some(1850), Some(1800), Some(5), Some(10_000)]
        );
        assert_eq!(["", "18.555", "1e3", "-4", ".5"].map(basis_points), [None; 5]);
    }

    #[test]
    fn an_id_stands_for_a_file_name_in_any_script() {
        let name = "art_1/Høst avtale.pdf";
        assert_eq!(file_of(&id_of(name)).as_deref(), Some(name));
        assert_eq!(file_of("zz"), None);
    }
}
