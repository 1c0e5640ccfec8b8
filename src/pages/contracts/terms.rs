//! What a contract says: as it was entered, the form for it, and what its text may say.

use crate::components::date::{Day, FromToday, Moment};
use crate::components::text_area::as_content;
use crate::model::contract::{ContractTerms, Proposal, TermsForm, percent};
use crate::model::field::FieldError;
use crate::model::least_payment::LeastPayment;
use crate::model::royalty_terms::{ReserveTerms, RoyaltyRate};
use jiff::civil::Date;
use leptos::prelude::*;

/// The fields of the form: name, what people call it, and whether it has several lines.
const FIELDS: [(&str, &str, bool); 15] = [
    ("kind", "Kind of contract", false),
    ("parties", "Parties, a line for each", true),
    ("territory", "Territory", false),
    ("signedOn", "Signed on", false),
    ("startsOn", "First day", false),
    ("endsOn", "Last day", false),
    ("noticeDays", "Days of notice before the last day", false),
    ("rates", "Rates, a line for each: What: 18.00 %", true),
    (
        "royaltyRates",
        "The artist's royalties, a line for each: DE, physical, vinyl: 18.00 %, EU, store Spotify: 20.00 %, or all: 15.00 %",
        true,
    ),
    ("reserveShare", "Reserve against returns, % of royalties", false),
    ("reserveChannels", "Channels on which it is held, with commas; empty for all", false),
    ("reservePeriods", "Accounting periods over which it is released", false),
    ("reserveMonths", "Months of an accounting period: 1, 3, 6 or 12", false),
    ("leastPayment", "Least payment, in the currency of the artist's account, such as 50.00", false),
    ("options", "Options, a line for each", true),
];

fn value<'a>(form: &'a TermsForm, field: &str) -> &'a str {
    match field {
        "kind" => &form.kind,
        "parties" => &form.parties,
        "territory" => &form.territory,
        "signedOn" => &form.signed_on,
        "startsOn" => &form.starts_on,
        "endsOn" => &form.ends_on,
        "noticeDays" => &form.notice_days,
        "rates" => &form.rates,
        "royaltyRates" => &form.royalty_rates,
        "reserveShare" => &form.reserve_share,
        "reserveChannels" => &form.reserve_channels,
        "reservePeriods" => &form.reserve_periods,
        "reserveMonths" => &form.reserve_months,
        "leastPayment" => &form.least_payment,
        _ => &form.options,
    }
}

/// The terms as they were entered.
#[component]
pub fn Terms(
    /// The terms; none where nobody has entered any.
    terms: Option<ContractTerms>,
    /// The artist's name, where it is known.
    artist: Option<String>,
    /// Who changed them last, and when (RFC 3339).
    changed: Option<(String, String)>,
    /// The day on which this is read.
    as_of: Date,
) -> impl IntoView {
    let Some(terms) = terms else {
        return view! { <p>"Nobody has entered yet what it says, so that no notice date is known."</p> }
            .into_any();
    };
    let notice = terms.notice_on();
    let list = |lines: Vec<String>| {
        if lines.is_empty() {
            return "None".into_any();
        }
        view! { <ul>{lines.into_iter().map(|line| view! { <li>{line}</li> }).collect_view()}</ul> }.into_any()
    };
    let day = |day: Option<Date>| match day {
        Some(date) => view! { <Day date=date /> }.into_any(),
        None => "Not known".into_any(),
    };
    let rates = terms.rates.iter().map(|rate| format!("{}: {}", rate.what, percent(rate.basis_points)));
    let rates = list(rates.collect());
    let royalty_rates = list(terms.royalty_rates.iter().map(RoyaltyRate::line).collect());
    let reserve = terms.reserve.as_ref().map_or_else(|| "None".to_owned(), ReserveTerms::sentence);
    let least = terms.least_payment.map_or_else(|| "None".to_owned(), LeastPayment::text);
    let until = match notice {
        Some(date) if date >= as_of => view! {
            <Day date=date />
            " "
            <FromToday date=date />
        }
        .into_any(),
        Some(date) => view! {
            <Day date=date />
            ", which has passed"
        }
        .into_any(),
        None => "Not known".into_any(),
    };
    view! {
        <dl class="facts-list">
            <div>
                <dt>"Artist"</dt>
                <dd>{artist.unwrap_or_else(|| "The label".to_owned())}</dd>
            </div>
            <div>
                <dt>"Kind"</dt>
                <dd>{terms.kind}</dd>
            </div>
            <div>
                <dt>"Parties"</dt>
                <dd>{list(terms.parties)}</dd>
            </div>
            <div>
                <dt>"Territory"</dt>
                <dd>{terms.territory}</dd>
            </div>
            <div>
                <dt>"Signed on"</dt>
                <dd>{day(terms.signed_on)}</dd>
            </div>
            <div>
                <dt>"First day"</dt>
                <dd>{day(terms.starts_on)}</dd>
            </div>
            <div>
                <dt>"Last day"</dt>
                <dd>{day(terms.ends_on)}</dd>
            </div>
            <div>
                <dt>"Notice until"</dt>
                <dd>{until}</dd>
            </div>
            <div>
                <dt>"Rates"</dt>
                <dd>{rates}</dd>
            </div>
            <div>
                <dt>"The artist's royalties"</dt>
                <dd>{royalty_rates}</dd>
            </div>
            <div>
                <dt>"Reserve against returns"</dt>
                <dd>{reserve}</dd>
            </div>
            <div>
                <dt>"Least payment, in the account's currency"</dt>
                <dd>{least}</dd>
            </div>
            <div>
                <dt>"Options"</dt>
                <dd>{list(terms.options)}</dd>
            </div>
        </dl>
        {changed
            .map(|(by, at)| {
                view! {
                    <p class="contract-quiet">"Entered by " {by} ", " <Moment rfc3339=at /></p>
                }
            })}
    }
    .into_any()
}

/// The form.
#[component]
pub fn TermsFields(
    /// What stands in the fields.
    form: TermsForm,
    /// What is wrong with them.
    wrong: Vec<FieldError>,
    /// Where the form is sent.
    action: String,
    /// Whether it is unfolded from the beginning.
    is_open: bool,
) -> impl IntoView {
    let fields = FIELDS.map(|(name, label, has_lines)| {
        let text = value(&form, name).to_owned();
        let problem = wrong.iter().find(|wrong| wrong.field == name).map(|wrong| wrong.message.clone());
        let is_wrong = problem.is_some().then_some("true");
        let problem_id = format!("{name}-problem");
        let described = problem.is_some().then(|| problem_id.clone());
        let input = if has_lines {
            view! {
                <textarea name=name rows="3" aria-invalid=is_wrong aria-describedby=described inner_html=as_content(&text)></textarea>
            }
            .into_any()
        } else {
            let kind = if name.ends_with("On") { "date" } else { "text" };
            view! { <input type=kind name=name value=text aria-invalid=is_wrong aria-describedby=described /> }
                .into_any()
        };
        view! {
            <label class="field">
                <span>{label}</span>
                {input}
                {problem.map(|problem| view! { <span class="field-problem" id=problem_id>{problem}</span> })}
            </label>
        }
    });
    view! {
        <details class="contract-form" open=is_open>
            <summary>"Enter what it says"</summary>
            <form method="post" action=action>
                <input type="hidden" name="version" value=form.version.to_string() />
                {fields.collect_view()}
                <p class="contract-quiet">
                    "Royalties are paid by the line that names the most of place, store, channel and format; of as many, by the one that names a country, then the EU, then a continent, then the store, then the channel. Places are countries by two letters, EU, Europe, North America, Latin America, Asia, Africa and Oceania; a line without a place holds for the world. A store is written as “store Spotify”. Channels are streaming, streaming subscription, streaming ad-funded, download, physical and sync; formats are track, album, cd, vinyl, cassette and video. They hold for months of use from the first day to the last; where no line fits, the rate of the artist's account does. A balance below the least payment is carried over to the next statement."
                </p>
                <button type="submit" class="button">
                    "Keep these terms"
                </button>
            </form>
        </details>
    }
}

/// What the text may say. A person reads it and enters what is right.
#[component]
pub fn Proposals(
    /// What was found in the text.
    proposals: Vec<Proposal>,
) -> impl IntoView {
    if proposals.is_empty() {
        return ().into_any();
    }
    let rows = proposals.into_iter().map(|proposal| {
        let label =
            FIELDS.iter().find(|(name, ..)| *name == proposal.field).map_or("", |(_, label, _)| *label);
        let label = label.split([',', ':']).next().unwrap_or_default();
        let page = proposal.page.map(|page| {
            view! { <a href=format!("#page-{page}")>{format!("Page {page}")}</a> }
        });
        view! {
            <li>
                <strong>{label}</strong>
                ": "
                {proposal.value}
                <span class="contract-quiet">" “" {proposal.quote} "” " {page}</span>
            </li>
        }
    });
    view! {
        <details class="contract-proposals">
            <summary>"What the text may say"</summary>
            <p>"Found by words in the text. Nothing of it counts until somebody has entered it."</p>
            <ul>{rows.collect_view()}</ul>
        </details>
    }
    .into_any()
}
