//! Calculates with the analysis of artists what a line of JSON asks for, and answers with a line: for the
//! comparison with pymannkendall, scipy, statsmodels, numpy and pandas.

use jiff::civil::Date;
use patchline::music::analysis::daily::Daily;
use patchline::music::analysis::forecast::scale;
use patchline::music::analysis::holt_winters::{State, Weights};
use patchline::music::analysis::mann_kendall::{MannKendall, hamed_rao, mann_kendall};
use patchline::music::analysis::{level, probability, similarity, slope, statistics};
use serde::Deserialize;
use serde_json::{Value, json};
use std::error::Error;
use std::io::{BufRead, Write};

/// What is asked.
#[derive(Deserialize)]
#[serde(tag = "ask", rename_all = "camelCase", rename_all_fields = "camelCase")]
enum Question {
    MannKendall {
        values: Vec<f64>,
    },
    HamedRao {
        values: Vec<f64>,
    },
    TheilSen {
        x: Vec<f64>,
        y: Vec<f64>,
    },
    Autocorrelations {
        values: Vec<f64>,
        lags: usize,
    },
    Ranks {
        values: Vec<f64>,
    },
    Deviation {
        values: Vec<f64>,
    },
    Quantile {
        values: Vec<f64>,
        part: f64,
    },
    Cosine {
        one: Vec<f64>,
        other: Vec<f64>,
    },
    Normal {
        z: f64,
    },
    StudentQuantile {
        probability: f64,
        freedom: f64,
    },
    BestSplit {
        values: Vec<f64>,
        shortest: usize,
    },
    WeekdayMedians {
        first: Date,
        values: Vec<Option<f64>>,
    },
    HoltWinters {
        values: Vec<f64>,
        weights: [f64; 4],
        level: f64,
        trend: f64,
        season: Vec<f64>,
        ahead: usize,
    },
    Scale {
        values: Vec<f64>,
    },
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut answers = std::io::stdout().lock();
    for line in std::io::stdin().lock().lines() {
        let question: Question = serde_json::from_str(&line?)?;
        writeln!(answers, "{}", answer(question))?;
        answers.flush()?;
    }
    Ok(())
}

fn answer(question: Question) -> Value {
    match question {
        Question::MannKendall { values } => test(mann_kendall(&values)),
        Question::HamedRao { values } => test(hamed_rao(&values)),
        Question::TheilSen { x, y } => slope::theil_sen(&x, &y, None).map_or(Value::Null, |line| {
            json!({ "slope": line.slope, "intercept": line.intercept, "low": line.low, "high": line.high })
        }),
        Question::Autocorrelations { values, lags } => json!(statistics::autocorrelations(&values, lags)),
        Question::Ranks { values } => json!(statistics::ranks(&values)),
        Question::Deviation { values } => json!(statistics::median_absolute_deviation(&values)),
        Question::Quantile { values, part } => json!(statistics::quantile(&values, part)),
        Question::Cosine { one, other } => json!(similarity::cosine(&one, &other)),
        Question::Normal { z } => json!({
            "below": probability::normal(z),
            "twoSided": probability::two_sided(z),
            "back": probability::normal_quantile(probability::normal(z)),
        }),
        Question::StudentQuantile { probability, freedom } => {
            json!(probability::student_quantile(probability, freedom))
        }
        Question::BestSplit { values, shortest } => level::best_split(&values, shortest)
            .map_or(Value::Null, |split| json!({ "place": split.place, "squares": split.squares })),
        Question::WeekdayMedians { first, values } => json!(Daily { first, values }.weekday_medians()),
        Question::HoltWinters { values, weights, level, trend, season, ahead } => {
            let [of_level, of_trend, of_season, damping] = weights;
            let weights = Weights { level: of_level, trend: of_trend, season: of_season, damping };
            let mut state = State { level, trend, season };
            let squares = state.advance_all(&values, weights);
            let expected: Vec<f64> = (1..=ahead).map(|step| state.expected(step, weights)).collect();
            json!({ "squares": squares, "expected": expected, "level": state.level, "trend": state.trend })
        }
        Question::Scale { values } => {
            let logarithms: Vec<f64> = values.iter().map(|value| value.ln_1p()).collect();
            json!(scale(&logarithms))
        }
    }
}

fn test(found: MannKendall) -> Value {
    json!({
        "score": found.score,
        "variance": found.corrected_variance(),
        "z": found.z(),
        "pValue": found.p_value(),
    })
}
