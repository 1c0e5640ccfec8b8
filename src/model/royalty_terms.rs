//! What a contract says about an artist's royalties, as statements are worked out by it: rates by place, store, channel
//! and format, and what is held back against returns.

use super::contract::{basis_points, percent};
use super::field::FieldError;
use serde::{Deserialize, Serialize};

/// The channels by id, and as they are written in the form.
pub const CHANNELS: [(&str, &str); 6] = [
    ("streaming", "streaming"),
    ("streamingSubscription", "streaming subscription"),
    ("streamingAdFunded", "streaming ad-funded"),
    ("download", "download"),
    ("physical", "physical"),
    ("sync", "sync"),
];

/// The formats.
pub const FORMATS: [&str; 6] = ["track", "album", "cd", "vinyl", "cassette", "video"];

/// Groups of territories by id, and as they are written in the form. Which territories belong to them is told in
/// `music/territory/region.rs`.
pub const REGIONS: [(&str, &str); 7] = [
    ("eu", "EU"),
    ("europe", "Europe"),
    ("northAmerica", "North America"),
    ("latinAmerica", "Latin America"),
    ("asia", "Asia"),
    ("africa", "Africa"),
    ("oceania", "Oceania"),
];

/// What stands before the name of a store, so that a country that is spelt wrong is not taken for one.
const STORE: &str = "store ";

/// The longest name of a store, in characters.
const LONGEST_STORE: usize = 80;

/// The most rates of a contract.
pub const MOST_RATES: usize = 40;

/// The most accounting periods over which a reserve is released.
const MOST_PERIODS: u32 = 40;

/// What a line of the form looks like.
const EXAMPLE: &str = "`DE, physical, vinyl: 18.00 %`, `EU, store Spotify: 20.00 %`, or `all: 15.00 %`";

/// A rate of an artist's royalties. What is left out holds for all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RoyaltyRate {
    /// ISO 3166-1 alpha-2.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub territory: Option<String>,
    /// The id of one of [`REGIONS`], instead of a territory.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// The name of a store, such as `Spotify`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub store: Option<String>,
    /// The id of one of [`CHANNELS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// One of [`FORMATS`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub format: Option<String>,
    /// Hundredths of a percent.
    pub basis_points: u32,
}

impl RoyaltyRate {
    /// The rate as a line of the form.
    pub fn line(&self) -> String {
        let place = self.territory.as_deref().into_iter().chain(self.region.as_deref().map(region_words));
        let store = self.store.as_ref().map(|name| format!("{STORE}{name}"));
        let channel = self.channel.as_deref().map(channel_words);
        let named: Vec<&str> =
            place.chain(store.as_deref()).chain(channel).chain(self.format.as_deref()).collect();
        let scope = if named.is_empty() { "all".to_owned() } else { named.join(", ") };
        format!("{scope}: {}", percent(self.basis_points))
    }

    /// Reads a line of the form.
    fn read(line: &str) -> Result<Self, String> {
        let wrong = || format!("{line:?} is not of the form {EXAMPLE}");
        let (scope, share) = line.rsplit_once(':').ok_or_else(wrong)?;
        let basis_points = basis_points(share).ok_or_else(wrong)?;
        let mut rate =
            Self { territory: None, region: None, store: None, channel: None, format: None, basis_points };
        if scope.trim().eq_ignore_ascii_case("all") {
            return Ok(rate);
        }
        let mut names_world = false;
        for word in scope.split(',').map(str::trim) {
            let lower = word.to_lowercase();
            if WORLD.contains(&lower.as_str()) {
                names_world = true;
                continue;
            }
            let place = if let Some((id, _)) = CHANNELS.iter().find(|(_, words)| *words == lower) {
                (&mut rate.channel, (*id).to_owned())
            } else if FORMATS.contains(&lower.as_str()) {
                (&mut rate.format, lower)
            } else if let Some((id, _)) = REGIONS.iter().find(|(_, words)| words.to_lowercase() == lower) {
                (&mut rate.region, (*id).to_owned())
            } else if let Some(store) = store(word)? {
                (&mut rate.store, store)
            } else if let Some(country) = country(word) {
                (&mut rate.territory, country)
            } else {
                return Err(unknown(word));
            };
            if place.0.replace(place.1).is_some() {
                return Err(format!("{line:?} names two of a kind; write a line for each"));
            }
        }
        let places = [names_world, rate.region.is_some(), rate.territory.is_some()];
        if places.iter().filter(|is_named| **is_named).count() > 1 {
            return Err(format!("{line:?} names two places; write a line for each"));
        }
        Ok(rate)
    }

    /// Whether another rate is for exactly the same.
    fn is_for_the_same(&self, other: &Self) -> bool {
        let store = |rate: &Self| rate.store.as_ref().map(|name| name.to_lowercase());
        (&self.territory, &self.region, store(self), &self.channel, &self.format)
            == (&other.territory, &other.region, store(other), &other.channel, &other.format)
    }
}

/// How the world is written, which is no narrower than to name no place.
const WORLD: [&str; 2] = ["world", "worldwide"];

/// The store that a word of a line names; none where it names something else.
fn store(word: &str) -> Result<Option<String>, String> {
    let Some((start, name)) = word.split_at_checked(STORE.len()) else { return Ok(None) };
    if !start.eq_ignore_ascii_case(STORE) {
        return Ok(None);
    }
    let name = name.trim();
    if !name.chars().any(char::is_alphanumeric) || name.chars().count() > LONGEST_STORE {
        return Err(format!(
            "{word:?} names no store: write `store Spotify`, with at most {LONGEST_STORE} characters"
        ));
    }
    Ok(Some(name.to_owned()))
}

/// The code of a country as ISO 3166-1 has it: what people write as UK is GB there, and the EU is none.
fn country(word: &str) -> Option<String> {
    let is_code = word.len() == 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic());
    let code = word.to_ascii_uppercase();
    match code.as_str() {
        "EU" => None,
        "UK" => Some("GB".to_owned()),
        _ => is_code.then_some(code),
    }
}

fn unknown(word: &str) -> String {
    let channels: Vec<&str> = CHANNELS.iter().map(|(_, words)| *words).collect();
    let regions: Vec<&str> = REGIONS.iter().map(|(_, words)| *words).collect();
    format!(
        "{word:?} is neither a country by two letters, nor a region ({}), nor a store (`store Spotify`), nor a channel \
         ({}), nor a format ({})",
        regions.join(", "),
        channels.join(", "),
        FORMATS.join(", ")
    )
}

/// A channel as it is written in the form.
pub fn channel_words(id: &str) -> &str {
    CHANNELS.iter().find(|(known, _)| *known == id).map_or(id, |(_, words)| *words)
}

/// A region as it is written in the form.
fn region_words(id: &str) -> &str {
    REGIONS.iter().find(|(known, _)| *known == id).map_or(id, |(_, words)| *words)
}

/// What is held back of royalties against returns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ReserveTerms {
    /// The part of royalties, in hundredths of a percent.
    pub basis_points: u32,
    /// The ids of the channels on which it is held; none named: on all.
    #[serde(default)]
    pub channels: Vec<String>,
    /// Over how many accounting periods it is released, in equal parts.
    pub periods: u32,
    /// How many months an accounting period has: 1, 3, 6 or 12.
    pub months: u32,
}

impl ReserveTerms {
    /// The channels as the form has them.
    pub fn channels_line(&self) -> String {
        let channels: Vec<&str> = self.channels.iter().map(|id| channel_words(id)).collect();
        channels.join(", ")
    }

    /// It as a sentence.
    pub fn sentence(&self) -> String {
        let on = if self.channels.is_empty() { "all channels".to_owned() } else { self.channels_line() };
        format!(
            "{} of royalties on {on}, released over {} of {}",
            percent(self.basis_points),
            counted(self.periods, "accounting period"),
            counted(self.months, "month")
        )
    }
}

/// A count with its noun.
fn counted(count: u32, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}

/// The lines of rates as they were typed.
pub fn read_rates(value: &str, wrong: &mut Vec<FieldError>) -> Vec<RoyaltyRate> {
    let mut rates: Vec<RoyaltyRate> = Vec::new();
    for line in value.lines().map(str::trim).filter(|line| !line.is_empty()) {
        match RoyaltyRate::read(line) {
            Ok(rate) if rates.iter().any(|known| known.is_for_the_same(&rate)) => {
                let message = format!("{line:?} is for the same as a line before it; keep one of them");
                wrong.push(FieldError::new("royaltyRates", message));
            }
            Ok(rate) => rates.push(rate),
            Err(message) => wrong.push(FieldError::new("royaltyRates", message)),
        }
    }
    if rates.len() > MOST_RATES {
        wrong.push(FieldError::new("royaltyRates", format!("at most {MOST_RATES} lines are kept")));
    }
    rates
}

/// The fields of a reserve as they were typed.
#[derive(Debug, Clone, Copy)]
pub struct ReserveFields<'a> {
    /// The part, such as `20 %`; empty where nothing is held back.
    pub share: &'a str,
    /// The channels with commas between them; empty for all.
    pub channels: &'a str,
    /// The number of accounting periods.
    pub periods: &'a str,
    /// The months of an accounting period.
    pub months: &'a str,
}

impl ReserveFields<'_> {
    /// What they say.
    pub fn read(self, wrong: &mut Vec<FieldError>) -> Option<ReserveTerms> {
        let others = [self.channels, self.periods, self.months];
        if self.share.trim().is_empty() {
            if others.iter().any(|text| !text.trim().is_empty()) {
                let message =
                    "say which part is held back, such as 20.00 %, or leave all of the reserve empty";
                wrong.push(FieldError::new("reserveShare", message));
            }
            return None;
        }
        let share = basis_points(self.share);
        if share.is_none() {
            wrong.push(FieldError::new("reserveShare", "a part is written as 20.00 %"));
        }
        let mut channels: Vec<String> = Vec::new();
        for word in self.channels.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            match CHANNELS.iter().find(|(_, words)| *words == word.to_lowercase()) {
                Some((id, _)) if channels.iter().any(|known| known == id) => {}
                Some((id, _)) => channels.push((*id).to_owned()),
                None => wrong.push(FieldError::new("reserveChannels", unknown(word))),
            }
        }
        let number = |text: &str| text.trim().parse::<u32>().ok();
        let periods = number(self.periods).filter(|periods| (1..=MOST_PERIODS).contains(periods));
        if periods.is_none() {
            let message = format!("a whole number from 1 to {MOST_PERIODS} is needed");
            wrong.push(FieldError::new("reservePeriods", message));
        }
        let months = number(self.months).filter(|months| [1, 3, 6, 12].contains(months));
        if months.is_none() {
            wrong.push(FieldError::new("reserveMonths", "an accounting period has 1, 3, 6 or 12 months"));
        }
        Some(ReserveTerms { basis_points: share?, channels, periods: periods?, months: months? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_read_and_shown_again() {
        let typed = "all: 15.00 %\nDE, physical, vinyl: 18.00 %\nstreaming ad-funded: 12.50 %\n\
            North America, store Apple Music, track: 20.00 %\nEU: 17.00 %";
        let mut wrong = Vec::new();
        let rates = read_rates(&format!("\n{typed}\n"), &mut wrong);
        assert_eq!(wrong, []);
        assert_eq!(rates[1].territory.as_deref(), Some("DE"));
        assert_eq!(rates[2].channel.as_deref(), Some("streamingAdFunded"));
        let shown: Vec<String> = rates.iter().map(RoyaltyRate::line).collect();
        assert_eq!(shown.join("\n"), typed);
        let british = read_rates("uk: 10 %", &mut wrong);
        assert_eq!(british[0].territory.as_deref(), Some("GB"));
        let world = read_rates("World, STORE spotify: 10 %", &mut wrong);
        assert_eq!(
            (world[0].store.as_deref(), world[0].line().as_str()),
            (Some("spotify"), "store spotify: 10.00 %")
        );
        assert_eq!(wrong, []);
    }

    #[test]
    fn what_is_wrong_with_a_line_is_told() {
        let lines = [
            "DE 18 %",
            "Germany: 18 %",
            "European Union: 18 %",
            "DE, FR: 18 %",
            "DE, EU: 18 %",
            "World, EU: 18 %",
            "Spotify: 18 %",
            "store !: 18 %",
            "streaming: 101 %",
            ": 5 %",
            "all: 1 %\nALL: 2 %",
            "all: 1 %\nworld: 2 %",
            "store Spotify: 1 %\nStore spotify: 2 %",
        ];
        for line in lines {
            let mut wrong = Vec::new();
            read_rates(line, &mut wrong);
            assert_eq!(wrong.len(), 1, "{line}");
            assert_eq!(wrong[0].field, "royaltyRates");
        }
    }

    #[test]
    fn a_reserve_is_read_whole_or_not_at_all() {
        let read = |share, channels, periods, months| {
            let mut wrong = Vec::new();
            let found = ReserveFields { share, channels, periods, months }.read(&mut wrong);
            (found, wrong.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>())
        };
        assert_eq!(read("", "", "", ""), (None, Vec::new()));
        let (found, wrong) = read("20 %", "Physical, download", "4", "6");
        let sentence =
            "20.00 % of royalties on physical, download, released over 4 accounting periods of 6 months";
        assert_eq!((found.map(|found| found.sentence()).as_deref(), wrong), (Some(sentence), Vec::new()));
        assert_eq!(read("", "", "4", ""), (None, vec!["reserveShare".to_owned()]));
        let fields = ["reserveShare", "reserveChannels", "reservePeriods", "reserveMonths"];
        assert_eq!(read("all", "tapes", "0", "2"), (None, fields.map(str::to_owned).to_vec()));
    }
}
