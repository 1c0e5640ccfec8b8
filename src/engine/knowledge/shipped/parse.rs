//! Reads the topics of `knowledge/` into strict types and checks every rule.

use super::problem::{LONGEST_ASKED, MOST_ASKED, Problem, ShippedError};
use crate::engine::knowledge::entry::{Amount, Confidence, Entry, Period, Source, Tier};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TopicFile {
    topic: String,
    checked_on: String,
    #[serde(default)]
    entry: Vec<toml::Table>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    id: String,
    series: Option<String>,
    title: String,
    statement: String,
    #[serde(default)]
    asked: Vec<String>,
    jurisdiction: String,
    value: Option<f64>,
    value_to: Option<f64>,
    unit: Option<String>,
    effective_from: Option<String>,
    effective_to: Option<String>,
    source_title: String,
    source_url: Option<String>,
    tier: String,
    confidence: String,
    checked_on: Option<String>,
}

/// Reads files, given as name and content, and checks every rule.
///
/// # Errors
/// The first rule that is broken.
pub fn parse(files: &[(&str, &str)]) -> Result<Vec<Entry>, ShippedError> {
    let mut entries = Vec::new();
    let mut places: HashMap<String, String> = HashMap::new();
    let mut asked: HashMap<String, String> = HashMap::new();
    for (file, text) in files {
        let wrong =
            |entry: Option<String>, problem| ShippedError { file: (*file).to_owned(), entry, problem };
        let topic: TopicFile =
            toml::from_str(text).map_err(|error| wrong(None, Problem::Form(error.to_string())))?;
        if file.strip_suffix(".toml") != Some(topic.topic.as_str()) {
            return Err(wrong(None, Problem::Topic(topic.topic)));
        }
        let checked_on = date("checked_on", topic.checked_on).map_err(|problem| wrong(None, problem))?;
        for (number, table) in topic.entry.into_iter().enumerate() {
            let name = table
                .get("id")
                .and_then(toml::Value::as_str)
                .map_or_else(|| format!("number {}", number + 1), str::to_owned);
            let read = read(&topic.topic, checked_on, table);
            let entry = read.map_err(|problem| wrong(Some(name.clone()), problem))?;
            if let Some(other) = places.insert(entry.id.clone(), (*file).to_owned()) {
                return Err(wrong(Some(name), Problem::Twice(other)));
            }
            check_series(&entries, &entry)
                .and_then(|()| check_asked(&mut asked, &entry))
                .map_err(|problem| wrong(Some(name), problem))?;
            entries.push(entry);
        }
    }
    Ok(entries)
}

fn read(topic: &str, checked_on: Date, table: toml::Table) -> Result<Entry, Problem> {
    let row: Row = table.try_into().map_err(|error: toml::de::Error| Problem::Form(error.to_string()))?;
    if !is_slug(&row.id) {
        return Err(Problem::Id(row.id));
    }
    if let Some(series) = row.series.as_ref().filter(|series| !is_slug(series)) {
        return Err(Problem::Id(series.clone()));
    }
    let texts = [("title", &row.title), ("statement", &row.statement), ("source_title", &row.source_title)];
    if let Some((key, _)) = texts.iter().find(|(_, text)| text.trim().is_empty()) {
        return Err(Problem::Empty(key));
    }
    let amount = amount(row.value, row.value_to, row.unit)?;
    let effect = Period {
        from: row.effective_from.map(|text| date("effective_from", text)).transpose()?,
        to: row.effective_to.map(|text| date("effective_to", text)).transpose()?,
    };
    if effect.from.is_some_and(|from| effect.to.is_some_and(|to| to < from)) {
        return Err(Problem::Order);
    }
    if !is_jurisdiction(&row.jurisdiction) {
        return Err(Problem::Jurisdiction(row.jurisdiction));
    }
    if let Some(url) = row.source_url.as_ref().filter(|url| !url.starts_with("https://")) {
        return Err(Problem::Address(url.clone()));
    }
    let tier = Tier::from_word(&row.tier).ok_or(Problem::Word {
        key: "tier",
        word: row.tier,
        allowed: "statute, official, distributor, trade and heuristic",
    })?;
    let confidence = Confidence::from_word(&row.confidence).ok_or(Problem::Word {
        key: "confidence",
        word: row.confidence,
        allowed: "high, medium and unsettled",
    })?;
    if confidence == Confidence::High && !names_somebody(&row.source_title) {
        return Err(Problem::Nameless(row.source_title));
    }
    if matches!(tier, Tier::Statute | Tier::Official) && row.source_url.is_none() {
        return Err(Problem::NoAddress(tier.word()));
    }
    Ok(Entry {
        id: row.id,
        topic: topic.to_owned(),
        series: row.series,
        title: row.title,
        statement: row.statement,
        asked: row.asked,
        jurisdiction: row.jurisdiction,
        amount,
        effect,
        source: Source { title: row.source_title, url: row.source_url },
        tier,
        confidence,
        checked_on: row.checked_on.map_or(Ok(checked_on), |text| date("checked_on", text))?,
    })
}

fn amount(value: Option<f64>, to: Option<f64>, unit: Option<String>) -> Result<Option<Amount>, Problem> {
    if to.is_some_and(|to| !to.is_finite() || value.is_none_or(|value| to <= value)) {
        return Err(Problem::Range);
    }
    match (value, unit) {
        (Some(value), Some(unit)) if value.is_finite() && !unit.trim().is_empty() => {
            Ok(Some(Amount { value, to, unit }))
        }
        (None, None) => Ok(None),
        _ => Err(Problem::Amount),
    }
}

/// Whether a source can be looked up by its name. "Trade press" has none.
fn names_somebody(source_title: &str) -> bool {
    const NOBODY: [&str; 12] = [
        "blogs",
        "distributor",
        "distributors",
        "guides",
        "help",
        "market",
        "pages",
        "press",
        "secondary",
        "several",
        "sources",
        "trade",
    ];
    let words = source_title.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).any(|word| !NOBODY.contains(&word.as_str()))
}

/// Rows of one series hold one after the other and count in one unit.
fn check_series(known: &[Entry], new: &Entry) -> Result<(), Problem> {
    let Some(series) = &new.series else { return Ok(()) };
    for other in known.iter().filter(|entry| entry.series.as_ref() == Some(series)) {
        if other.effect.overlaps(new.effect) {
            return Err(Problem::Overlap { other: other.id.clone(), series: series.clone() });
        }
        if let (Some(amount), Some(known)) = (&new.amount, &other.amount)
            && amount.unit != known.unit
        {
            return Err(Problem::Unit {
                unit: amount.unit.clone(),
                other: other.id.clone(),
                other_unit: known.unit.clone(),
            });
        }
    }
    Ok(())
}

/// What is asked for one entry is asked for no other, however it is written; `known` has what was asked before.
fn check_asked(known: &mut HashMap<String, String>, new: &Entry) -> Result<(), Problem> {
    if new.asked.len() > MOST_ASKED {
        return Err(Problem::MuchAsked(new.asked.len()));
    }
    for phrase in &new.asked {
        let is_line = !phrase.contains(['\n', '\r']) && !phrase.trim().is_empty();
        if !is_line || phrase.chars().count() > LONGEST_ASKED {
            return Err(Problem::Asked(phrase.clone()));
        }
        let words: Vec<String> = phrase
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        if let Some(other) = known.insert(words.join(" "), new.id.clone()) {
            return Err(Problem::AskedTwice { phrase: phrase.clone(), other });
        }
    }
    Ok(())
}

fn date(key: &'static str, text: String) -> Result<Date, Problem> {
    text.parse().map_err(|_| Problem::Date { key, text })
}

fn is_slug(text: &str) -> bool {
    let word = |word: &str| {
        !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    text.split('-').all(word)
}

fn is_jurisdiction(text: &str) -> bool {
    text == "worldwide" || (text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_uppercase()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &str = "topic = \"rates\"\nchecked_on = \"2026-11-22\"\n";
    const ROW: &str = "[[entry]]\nid = \"a-1\"\ntitle = \"T\"\nstatement = \"S\"\njurisdiction = \"US\"\n\
        source_title = \"Q\"\ntier = \"trade\"\nconfidence = \"high\"\n";

    fn problem(rows: &str) -> (String, Option<String>, Problem) {
        let error = parse(&[("rates.toml", &format!("{HEAD}{rows}"))]).expect_err("a rule is broken");
        (error.file, error.entry, error.problem)
    }

    /// The row with a line in place of another, or with a line more.
    fn changed(key: &str, line: &str) -> String {
        let kept = ROW.lines().filter(|old| !old.starts_with(&format!("{key} =")));
        kept.chain([line]).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_broken_rule_names_file_and_entry() {
        let error = parse(&[("rates.toml", &format!("{HEAD}{}", changed("tier", "tier = \"rumour\"")))])
            .expect_err("there is no such tier");
        assert_eq!(
            error.to_string(),
            "knowledge/rates.toml, entry a-1: \"rumour\" is no tier; there are statute, official, distributor, \
             trade and heuristic"
        );
    }

    #[test]
    fn every_rule_is_checked() {
        type Fits = fn(&Problem) -> bool;
        let cases: Vec<(String, Fits)> = vec![
            (changed("id", "id = \"A_1\""), |p| matches!(p, Problem::Id(_))),
            (changed("series", "series = \"Über\""), |p| matches!(p, Problem::Id(_))),
            (changed("title", "title = \" \""), |p| matches!(p, Problem::Empty("title"))),
            (changed("statement", "statement = \"\""), |p| matches!(p, Problem::Empty("statement"))),
            (changed("source_title", "source_title = \"\""), |p| matches!(p, Problem::Empty("source_title"))),
            (changed("value", "value = 1"), |p| matches!(p, Problem::Amount)),
            (changed("unit", "unit = \"cents\""), |p| matches!(p, Problem::Amount)),
            (changed("value", "value = nan\nunit = \"cents\""), |p| matches!(p, Problem::Amount)),
            (changed("value", "value_to = 2"), |p| matches!(p, Problem::Range)),
            (changed("value", "value = 2\nvalue_to = 2\nunit = \"percent\""), |p| {
                matches!(p, Problem::Range)
            }),
            (changed("source_title", "source_title = \"Market guides\""), |p| {
                matches!(p, Problem::Nameless(_))
            }),
            (changed("tier", "tier = \"statute\""), |p| matches!(p, Problem::NoAddress("statute"))),
            (changed("tier", "tier = \"official\""), |p| matches!(p, Problem::NoAddress("official"))),
            (changed("effective_from", "effective_from = \"2026-02-30\""), |p| {
                matches!(p, Problem::Date { key: "effective_from", .. })
            }),
            (changed("checked_on", "checked_on = \"today\""), |p| {
                matches!(p, Problem::Date { key: "checked_on", .. })
            }),
            (
                changed("effective_to", "effective_from = \"2026-02-01\"\neffective_to = \"2026-01-01\""),
                |p| matches!(p, Problem::Order),
            ),
            (changed("jurisdiction", "jurisdiction = \"Texas\""), |p| matches!(p, Problem::Jurisdiction(_))),
            (changed("tier", "tier = \"rumour\""), |p| matches!(p, Problem::Word { key: "tier", .. })),
            (changed("confidence", "confidence = \"low\""), |p| {
                matches!(p, Problem::Word { key: "confidence", .. })
            }),
            (changed("source_url", "source_url = \"ftp://a\""), |p| matches!(p, Problem::Address(_))),
            (changed("note", "note = \"x\""), |p| matches!(p, Problem::Form(_))),
            (changed("asked", "asked = \"x\""), |p| matches!(p, Problem::Form(_))),
            (changed("asked", "asked = [\"x\", \" \"]"), |p| matches!(p, Problem::Asked(_))),
            (changed("asked", "asked = [\"a\\nb\"]"), |p| matches!(p, Problem::Asked(_))),
            (changed("asked", &format!("asked = [\"{}\"]", "é".repeat(201))), |p| {
                matches!(p, Problem::Asked(_))
            }),
            (
                changed("asked", "asked = [\"1\", \"2\", \"3\", \"4\", \"5\", \"6\", \"7\", \"8\", \"9\"]"),
                |p| matches!(p, Problem::MuchAsked(9)),
            ),
            (changed("asked", "asked = [\"How loud?\", \"how  loud\"]"), |p| {
                matches!(p, Problem::AskedTwice { .. })
            }),
            (changed("tier", ""), |p| matches!(p, Problem::Form(_))),
        ];
        for (row, fits) in cases {
            let (file, entry, problem) = problem(&row);
            assert!(fits(&problem), "{row}: {problem}");
            assert_eq!(file, "rates.toml");
            assert!(entry.is_some(), "{row}");
        }
    }

    #[test]
    fn a_source_is_named_when_one_can_look_it_up() {
        for title in ["Luminate", "37 CFR 385.11; trade press", "Spotify support", "Kudos: lead times"] {
            assert!(names_somebody(title), "{title}");
        }
        for title in
            ["Market guides", "trade press", "Distributor help pages; trade guides", "Secondary sources"]
        {
            assert!(!names_somebody(title), "{title}");
        }
        let unsure = changed("confidence", "confidence = \"medium\"").replace("\"Q\"", "\"Trade press\"");
        assert!(parse(&[("rates.toml", &format!("{HEAD}{unsure}"))]).is_ok(), "medium needs no name");
    }

    #[test]
    fn ids_are_unique_over_all_files() {
        let other = ROW.replace("a-1", "a-2");
        let topic = |name: &str, row: &str| format!("topic = \"{name}\"\nchecked_on = \"2026-11-22\"\n{row}");
        let (one, two) = (topic("one", ROW), topic("two", &format!("{other}{ROW}")));
        let error = parse(&[("one.toml", &one), ("two.toml", &two)]).expect_err("the id is there twice");
        assert_eq!(error.problem, Problem::Twice("one.toml".to_owned()));
        assert_eq!((error.file.as_str(), error.entry.as_deref()), ("two.toml", Some("a-1")));
    }

    #[test]
    fn what_is_asked_for_one_entry_is_asked_for_no_other() {
        let one = changed("asked", &format!("asked = [\"How loud?\", \"{}\"]", "é".repeat(200)));
        let rows = parse(&[("rates.toml", &format!("{HEAD}{one}"))]).expect("nothing is asked twice");
        assert_eq!(rows[0].asked, ["How loud?".to_owned(), "é".repeat(200)]);

        let other = format!("{}asked = [\"how LOUD\"]\n", ROW.replace("a-1", "a-2"));
        let (_, entry, found) = problem(&format!("{one}\n{other}"));
        assert_eq!(entry.as_deref(), Some("a-2"));
        assert_eq!(found, Problem::AskedTwice { phrase: "how LOUD".to_owned(), other: "a-1".to_owned() });
    }

    #[test]
    fn a_file_is_named_after_its_topic() {
        let error = parse(&[("other.toml", HEAD)]).expect_err("the topic is another");
        assert_eq!(error.problem, Problem::Topic("rates".to_owned()));
    }

    #[test]
    fn rows_of_a_series_do_not_overlap_and_count_in_one_unit() {
        let row = |id: &str, from: &str, to: &str, unit: &str| {
            format!(
                "{}series = \"s\"\nvalue = 1\nunit = \"{unit}\"\neffective_from = \"{from}\"\n{to}\n",
                ROW.replace("a-1", id)
            )
        };
        let until = |day: &str| format!("effective_to = \"{day}\"");
        let open = row("a", "2024-01-01", "", "cents");
        let (_, entry, found) = problem(&format!("{open}{}", row("b", "2025-01-01", "", "cents")));
        assert_eq!(entry.as_deref(), Some("b"));
        assert_eq!(found, Problem::Overlap { other: "a".to_owned(), series: "s".to_owned() });

        let closed = row("a", "2024-01-01", &until("2024-12-31"), "cents");
        let (_, _, found) = problem(&format!("{closed}{}", row("b", "2025-01-01", "", "dollars")));
        assert!(matches!(found, Problem::Unit { .. }), "{found}");

        let fine = format!("{HEAD}{closed}{}", row("b", "2025-01-01", "", "cents"));
        assert_eq!(parse(&[("rates.toml", &fine)]).map(|rows| rows.len()), Ok(2));
    }
}
