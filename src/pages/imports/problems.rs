//! Lines of a file that cannot be used, those for the same reason together.

use crate::components::format::{counted, grouped};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::model::import::ImportProblem;
use leptos::prelude::*;

/// So many lines of one problem are named.
const MOST_LINES: usize = 4;

/// What is wrong in the same way, and on which lines.
#[derive(Debug, PartialEq)]
struct Alike {
    problem: ImportProblem,
    lines: Vec<u64>,
}

/// Lines that cannot be used.
#[component]
pub(super) fn Problems(
    /// The import.
    id: String,
    /// The first problems of the file, in the order of its lines.
    problems: Vec<ImportProblem>,
    /// How many there are in all.
    count: u64,
) -> impl IntoView {
    let shown = problems.len() as u64;
    let row = |alike: Alike| {
        let Alike { problem, lines } = alike;
        view! {
            <tr>
                <td class="number">{named(&lines)}</td>
                <td>{problem.column}</td>
                <td>
                    <code>{problem.value}</code>
                </td>
                <td>{problem.reason}</td>
            </tr>
        }
    };
    view! {
        <section class="panel is-flush">
            <h2>"What cannot be used"</h2>
            <p class="imports-quiet">
                {if shown < count {
                    format!("The first {} of {}. ", grouped(shown), counted(count, "problem"))
                } else {
                    format!("{}. ", counted(count, "problem"))
                }} <a href=format!("/export/imports/{id}") rel="external" download="">"Download as CSV"</a>
            </p>
            <ScrollingTable
                label="What cannot be used"
                columns=vec![numbers("Line"), words("Column"), words("What stands there"), words("Why not")]
                short=true
            >
                {alike(problems).into_iter().map(row).collect_view()}
            </ScrollingTable>
        </section>
    }
}

/// Problems of one kind together, in the order of their first lines.
fn alike(problems: Vec<ImportProblem>) -> Vec<Alike> {
    let mut together: Vec<Alike> = Vec::new();
    for problem in problems {
        let is_same = |known: &&mut Alike| {
            let known = &known.problem;
            (&known.column, &known.value, &known.reason) == (&problem.column, &problem.value, &problem.reason)
        };
        match together.iter_mut().find(is_same) {
            Some(known) => known.lines.push(problem.line),
            None => together.push(Alike { lines: vec![problem.line], problem }),
        }
    }
    together
}

/// `4, 7, 10, 13 and 43 more`.
fn named(lines: &[u64]) -> String {
    let (first, rest) = lines.split_at(lines.len().min(MOST_LINES));
    let first = first.iter().map(|line| grouped(*line)).collect::<Vec<_>>().join(", ");
    if rest.is_empty() { first } else { format!("{first} and {} more", rest.len()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(line: u64, value: &str) -> ImportProblem {
        let (column, reason) = ("Territory".to_owned(), "is no territory that is known".to_owned());
        ImportProblem { line, column, value: value.to_owned(), reason }
    }

    #[test]
    fn what_is_wrong_in_the_same_way_is_told_once_with_its_lines() {
        let problems = [(4, "Narnia"), (5, "Oz"), (7, "Narnia")].map(|(line, value)| problem(line, value));
        let together = alike(problems.to_vec());
        let told: Vec<_> =
            together.iter().map(|one| (one.problem.value.as_str(), named(&one.lines))).collect();
        assert_eq!(told, [("Narnia", "4, 7".to_owned()), ("Oz", "5".to_owned())]);
    }

    #[test]
    fn of_many_lines_the_first_are_named() {
        assert_eq!(named(&[2, 3, 4, 5, 1_200, 6]), "2, 3, 4, 5 and 2 more");
    }
}
