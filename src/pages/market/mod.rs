//! The market as the label's own artists show it: how genres move, everywhere or in a territory, who stands out, and
//! of whom nothing can be said. All of it is in the address (`/market?genre=…&territory=NO&days=90`).

use crate::api::market::view_trends;
use crate::components::format::{grouped, percent};
use crate::components::freshness::FreshnessLine;
use crate::components::labelled_chart::figure;
use crate::components::page_heading::PageHeading;
use crate::components::print_button::PrintButton;
use crate::components::state::{ErrorState, Skeleton};
use crate::components::table::{ScrollingTable, numbers, words};
use crate::components::verdict::{BandBadge, Notes, VerdictBadge};
use crate::model::analysis::{Breakout, Excluded, GenreTrend, GenreTrends};
use crate::model::day::with_short_days;
use crate::model::territory::territory_name;
use crate::pages::query_string;
use leptos::prelude::*;
use leptos_router::hooks::use_location;

const PATH: &str = "/market";

/// The days that may be chosen.
const SPANS: [u32; 3] = [56, 90, 120];

/// The days unless others are asked for.
const USUAL_DAYS: u32 = 90;

/// The artists that are named for each genre.
const MOST_CONTRIBUTORS: usize = 3;

/// What is asked, as the address says it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Asked {
    genre: String,
    territory: String,
    days: u32,
}

impl Asked {
    fn read(search: &str) -> Self {
        let mut asked = Self { genre: String::new(), territory: String::new(), days: USUAL_DAYS };
        for (name, value) in query_string::fields(search) {
            match name {
                "genre" => value.trim().clone_into(&mut asked.genre),
                "territory" => asked.territory = value.trim().to_ascii_uppercase(),
                "days" => asked.days = value.parse().unwrap_or(USUAL_DAYS),
                _ => {}
            }
        }
        asked
    }

    fn address(&self, path: &str) -> String {
        let days = self.days.to_string();
        query_string::address(
            path,
            &[("genre", &self.genre), ("territory", &self.territory), ("days", &days)],
        )
    }
}

/// The page `/market`.
#[component]
pub fn MarketPage() -> impl IntoView {
    let search = use_location().search;
    let asked = Memo::new(move |_| search.with(|search| Asked::read(search)));
    let trends = Resource::new(
        move || asked.get(),
        |asked| async move {
            let given = |text: String| Some(text).filter(|text| !text.is_empty());
            view_trends(given(asked.genre), given(asked.territory), asked.days).await
        },
    );
    let again = Callback::new(move |()| trends.refetch());
    view! {
        <PageHeading title="Market">
            <a class="button" href="/report">
                "Weekly report"
            </a>
            <a class="button" href=move || asked.with(|asked| asked.address("/export/market.csv")) rel="external" download="">
                "CSV"
            </a>
            <PrintButton />
        </PageHeading>
        <Choice asked=asked />
        <Transition fallback=|| view! { <Skeleton what="the market" lines=12 /> }>
            {move || Suspend::new(async move {
                let of_territory = asked.with_untracked(|asked| !asked.territory.is_empty());
                match trends.await {
                    Ok(trends) => view! { <Trends trends=trends of_territory=of_territory /> }.into_any(),
                    Err(error) => view! { <ErrorState error=error retry=again /> }.into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn Choice(asked: Memo<Asked>) -> impl IntoView {
    let now = asked.get_untracked();
    view! {
        <form class="list-form" method="get" action=PATH aria-label="Choose genre, territory and days">
            <label class="select-field">
                <span>"Genre"</span>
                <input type="text" name="genre" maxlength="60" placeholder="all genres" value=now.genre />
            </label>
            <label class="select-field">
                <span>"Territory"</span>
                <input
                    type="text"
                    name="territory"
                    maxlength="2"
                    pattern="[A-Za-z]{2}"
                    placeholder="NO"
                    title="Two letters, such as NO for Norway"
                    value=now.territory
                />
            </label>
            <label class="select-field">
                <span>"Days"</span>
                <select name="days">
                    {SPANS
                        .map(|days| {
                            view! {
                                <option value=days.to_string() selected=days == now.days>
                                    {days}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
            </label>
            <button type="submit" class="button">
                "Show"
            </button>
        </form>
    }
}

#[component]
fn Trends(trends: GenreTrends, of_territory: bool) -> impl IntoView {
    let GenreTrends { rows, breakouts, momentum_known, excluded, days, freshness, mut notes } = trends;
    let why_none = (rows.is_empty() && !notes.is_empty()).then(|| notes.remove(0));
    view! {
        <section class="panel" aria-labelledby="genres">
            <h2 id="genres">"Genres" <span class="panel-period">{format!("{days} days")}</span></h2>
            {match why_none {
                Some(why) => view! { <p class="panel-empty">{with_short_days(&why)}</p> }.into_any(),
                None => view! { <Genres rows=rows /> }.into_any(),
            }}
            <Notes notes=notes />
            <FreshnessLine freshness=freshness />
        </section>
        <Breakouts breakouts=breakouts known=momentum_known beside_territory=of_territory />
        <LeftOut excluded=excluded />
    }
}

#[component]
fn Genres(rows: Vec<GenreTrend>) -> impl IntoView {
    let row = |trend: GenreTrend| {
        let place = trend.territory.as_deref().map_or("everywhere", territory_name).to_owned();
        let interval = trend.low.zip(trend.high).map_or_else(
            || "–".to_owned(),
            |(low, high)| format!("{} to {} %", figure(Some(low)), figure(Some(high))),
        );
        let speed = trend
            .percent_per_day
            .map_or_else(|| "–".to_owned(), |percent| format!("{}\u{a0}%", figure(Some(percent))));
        let artists: Vec<_> = trend
            .contributors
            .into_iter()
            .take(MOST_CONTRIBUTORS)
            .map(|artist| {
                view! {
                    <span class="market-artist">
                        <a href=format!("/artists/{}", artist.artist_id)>{artist.name}</a>
                        " "
                        {percent(artist.share)}
                    </span>
                }
            })
            .collect();
        view! {
            <tr>
                <th scope="row">{trend.genre} <span class="row-note">{place}</span></th>
                <td class="number">{grouped(trend.streams)}</td>
                <td class="number">{speed}</td>
                <td class="number">{interval}</td>
                <td>
                    <VerdictBadge verdict=trend.verdict />
                </td>
                <td>{artists}</td>
            </tr>
        }
    };
    view! {
        <ScrollingTable
            label="Genres, the fastest first"
            columns=vec![
                words("Genre"),
                numbers("Streams"),
                numbers("A day"),
                numbers("95 % interval"),
                words("Is it real?"),
                words("Largest artists"),
            ]
        >
            {rows.into_iter().map(row).collect_view()}
        </ScrollingTable>
    }
}

/// Who grows faster than the peers.
#[component]
pub fn Breakouts(
    /// The artists, the fastest first.
    breakouts: Vec<Breakout>,
    /// Of how many the momentum is known.
    known: u32,
    /// Whether what stands beside it is of a single territory, which this is not.
    #[prop(optional)]
    beside_territory: bool,
) -> impl IntoView {
    let content = if breakouts.is_empty() {
        let words = if known == 0 {
            "Not enough data: momentum needs 20 other artists and three months of figures.".to_owned()
        } else {
            format!("None of the {known} artists with a momentum grows clearly faster than the peers.")
        };
        view! { <p class="panel-empty">{words}</p> }.into_any()
    } else {
        let row = |artist: Breakout| {
            view! {
                <tr>
                    <th scope="row">
                        <a href=format!("/artists/{}", artist.artist_id)>{artist.name}</a>
                    </th>
                    <td>{artist.genre}</td>
                    <td>
                        <BandBadge band=artist.band />
                    </td>
                    <td class="number">{figure(Some(artist.value))}</td>
                    <td class="number">{artist.peers}</td>
                    <td>{with_short_days(&artist.driver)}</td>
                </tr>
            }
        };
        view! {
            <ScrollingTable
                label="Artists who stand out"
                columns=vec![
                    words("Artist"),
                    words("Genre"),
                    words("Momentum"),
                    numbers("Deviations"),
                    numbers("Peers"),
                    words("What may be behind it"),
                ]
            >
                {breakouts.into_iter().map(row).collect_view()}
            </ScrollingTable>
        }
        .into_any()
    };
    view! {
        <section class="panel" aria-labelledby="breakouts">
            <h2 id="breakouts">
                "Breaking out"
                {beside_territory.then(|| view! { <span class="panel-period">"streams of all territories"</span> })}
            </h2>
            {content}
        </section>
    }
}

#[component]
fn LeftOut(excluded: Vec<Excluded>) -> impl IntoView {
    (!excluded.is_empty()).then(|| {
        let row = |artist: Excluded| {
            view! {
                <tr>
                    <th scope="row">
                        <a href=format!("/artists/{}", artist.artist_id)>{artist.name}</a>
                    </th>
                    <td>{with_short_days(&artist.reason)}</td>
                </tr>
            }
        };
        view! {
            <section class="panel" aria-labelledby="left-out">
                <h2 id="left-out">"Left out, and why"</h2>
                <ScrollingTable label="Artists that are left out" columns=vec![words("Artist"), words("Why")]>
                    {excluded.into_iter().map(row).collect_view()}
                </ScrollingTable>
            </section>
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_what_is_asked() {
        let asked = Asked::read("?genre=folk&territory=no&days=56");
        assert_eq!(asked, Asked { genre: "folk".to_owned(), territory: "NO".to_owned(), days: 56 });
        assert_eq!(asked.address(PATH), "/market?genre=folk&territory=NO&days=56");
        assert_eq!(Asked::read("?days=soon").days, USUAL_DAYS);
    }
}
