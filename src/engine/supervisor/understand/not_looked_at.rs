//! What a task names and its workflow does not look at: it is said beside the answer, so that nobody takes an answer
//! about everything for one about a part.

use super::{Known, Period, Understood, period, places, refusal};
use crate::model::task::Workflow;
use jiff::ToSpan;
use jiff::civil::Date;

/// How old the newest figures may be, in days.
const NEWEST: i32 = 7;

/// How many days of each artist are compared.
const COMPARED: i32 = 28;

/// Full sentences.
pub(in crate::engine::supervisor) fn not_looked_at(understood: &Understood, known: &Known) -> Vec<String> {
    let territory = understood.territory.as_deref().and_then(|code| {
        let name = places::name(code).unwrap_or(code);
        of_territory(understood.workflow, name)
    });
    let further = further_territories(understood);
    let days = understood.period.and_then(|period| of_days(understood.workflow, period, known.today));
    territory.into_iter().chain(further).chain(days).collect()
}

/// Where one territory is looked at and several are named.
fn further_territories(understood: &Understood) -> Option<String> {
    let one = understood.territory.as_deref().filter(|_| !understood.further_territories.is_empty())?;
    let looks_at_one = matches!(
        understood.workflow,
        Workflow::ArtistPerformance | Workflow::ExplainChange | Workflow::GenreTrends | Workflow::Breakouts
    );
    let name = |code: &str| places::name(code).unwrap_or(code).to_owned();
    let others: Vec<String> = understood.further_territories.iter().map(|code| name(code)).collect();
    looks_at_one.then(|| {
        format!(
            "One territory is looked at in a task: {}. Ask about {} in a task of its own.",
            name(one),
            refusal::list(&others)
        )
    })
}

fn of_territory(workflow: Workflow, name: &str) -> Option<String> {
    match workflow {
        Workflow::StreamAuthenticity
        | Workflow::CompareArtists
        | Workflow::ReleaseInsights
        | Workflow::WeeklyReport => {
            Some(format!("The figures are of all territories together, and not of {name} alone."))
        }
        Workflow::Breakouts => Some(format!(
            "Momentum is of all territories together; only the trends of genres are those of {name}."
        )),
        Workflow::ReleaseDate | Workflow::WaterfallPlan | Workflow::PromotionPlan => {
            Some(format!("The plan is for all territories together, and not for {name} alone."))
        }
        // The analysis of an artist looks at the territory, and says itself what it does not know of it.
        Workflow::ArtistPerformance
        | Workflow::ExplainChange
        | Workflow::GenreTrends
        | Workflow::ChangeRelease
        | Workflow::CheckUpload
        | Workflow::Knowledge
        | Workflow::Earnings
        | Workflow::ContractSummary
        | Workflow::AssetAccess
        | Workflow::PerformanceLogs
        | Workflow::SystemHealth => None,
    }
}

fn of_days(workflow: Workflow, named: Period, today: Date) -> Option<String> {
    let is_newest = named.to >= today.saturating_sub(NEWEST.days());
    match workflow {
        Workflow::CompareArtists if !(is_newest && length(named) == COMPARED) => Some(format!(
            "Artists are compared by the newest {COMPARED} known days of each, whatever days are named."
        )),
        Workflow::Breakouts | Workflow::GenreTrends if !is_newest => Some(format!(
            "Trends are looked for in the newest days, and not in those up to {}.",
            period::day(named.to)
        )),
        _ => None,
    }
}

/// How many days there are.
fn length(period: Period) -> i32 {
    (period.to - period.from).get_days() + 1
}

#[cfg(test)]
mod tests {
    use super::super::tests::Sentences;
    use super::super::{Understanding, understand};
    use super::*;
    use crate::model::task::TaskRequest;
    use std::collections::BTreeMap;

    fn understood(task: &str, known: &Known) -> Understood {
        let task = task.to_owned();
        let request =
            TaskRequest { task: task.clone(), parameters: BTreeMap::new(), music_industry_role: None };
        match understand(&request, known) {
            Understanding::Clear(understood) => *understood,
            other => panic!("{task}: {other:?}"),
        }
    }

    #[test]
    fn a_place_or_days_that_an_analysis_does_not_look_at_are_told() {
        let (_, known) = Sentences::read();
        let told = |task: &str| not_looked_at(&understood(task, &known), &known);
        assert_eq!(told("Performance of Calle Marea in Germany last month"), Vec::<String>::new());
        let several = told("Performance of Calle Marea in Germany, France and Spain last month");
        assert_eq!(
            several,
            [
                "One territory is looked at in a task: Germany. Ask about France and Spain in a task of its own."
            ]
        );
        let zealand = told("suspicious activity from New Zealand on Nebelkurier");
        assert_eq!(zealand, ["The figures are of all territories together, and not of New Zealand alone."]);
        assert!(told("who is taking off in Brazil")[0].starts_with("Momentum is of all territories"));
        assert_eq!(told("which genres are growing in Japan"), Vec::<String>::new());
        assert_eq!(told("asta lind numbers please"), Vec::<String>::new());
    }

    #[test]
    fn days_are_told_of_where_only_the_newest_ones_are_looked_at() {
        let (_, known) = Sentences::read();
        let mut compared = understood("Compare Harbour Lanterns with similar artists", &known);
        let mut trends = understood("genre trends by territory for the last 90 days", &known);
        assert!(not_looked_at(&compared, &known).is_empty() && not_looked_at(&trends, &known).is_empty());
        let third_quarter = Period { from: Date::constant(2026, 7, 1), to: Date::constant(2026, 9, 30) };
        (compared.period, trends.period) = (Some(third_quarter), Some(third_quarter));
        assert!(not_looked_at(&compared, &known)[0].contains("newest 28 known days"));
        assert!(not_looked_at(&trends, &known)[0].contains("30 September 2026"));
    }
}
