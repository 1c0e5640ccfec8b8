//! The layouts of exports that are known, as data: how their columns are called and what they say. Services change
//! them without notice, so a layout is a guess that people confirm or correct.

use super::day::DayOrder;
use super::field::Field;
use super::foreign_columns;

/// What a file is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Subject {
    /// Figures of days.
    Figures,
    /// What was earned.
    Statement,
}

/// A layout.
#[derive(Debug)]
pub struct Layout {
    /// The word for records.
    pub id: &'static str,
    /// The name that people read.
    pub title: &'static str,
    /// Where such a file is found.
    pub found: &'static str,
    /// What it is about.
    pub subject: Subject,
    /// Names of columns in small letters, with what they say. The first two thirds decide nothing by themselves.
    pub columns: &'static [(&'static str, Field)],
    /// Columns without which it is not this layout.
    pub needs: &'static [&'static str],
    /// The platform, where the whole file is of one.
    pub platform: Option<&'static str>,
    /// What comes first in its days, where that is known.
    pub order: Option<DayOrder>,
    /// What people should know of it.
    pub note: &'static str,
}

use Field::{
    Amount, ArtistId, ArtistName, Channel, Comments, Currency, Day, Followers, Ignored, Isrc, Likes,
    Listeners, Period, Platform, PlaylistAdds, PlaylistReach, Posts, Report, Saves, Skips, Streams,
    Territory, Title, Units, Upc, Views,
};

/// All that are known.
pub const LAYOUTS: &[Layout] = &[
    Layout {
        id: "spotifyTimeline",
        title: "Spotify for Artists: audience by day",
        found: "Spotify for Artists → Audience → the download beside the chart",
        subject: Subject::Figures,
        columns: &[("date", Day), ("listeners", Listeners), ("streams", Streams), ("followers", Followers)],
        needs: &["date", "listeners", "streams"],
        platform: Some("spotify"),
        order: None,
        note: "It is about one artist and does not say which: choose the artist.",
    },
    Layout {
        id: "spotifySongs",
        title: "Spotify for Artists: songs",
        found: "Spotify for Artists → Music → Songs → the download beside the list",
        subject: Subject::Figures,
        columns: &[
            ("song", Title),
            ("listeners", Listeners),
            ("streams", Streams),
            ("saves", Saves),
            ("release_date", Ignored),
            ("views", Ignored),
        ],
        needs: &["song", "streams", "saves"],
        platform: Some("spotify"),
        order: None,
        note: "It has sums of a span of time and no days. It can be imported where that span is one day: give the \
               day. For longer spans download the audience by day.",
    },
    Layout {
        id: "appleMusicPlays",
        title: "Apple Music for Artists: plays",
        found: "Apple Music for Artists → Measure → Export",
        subject: Subject::Figures,
        columns: &[
            ("date", Day),
            ("artist", ArtistName),
            ("song", Title),
            ("isrc", Isrc),
            ("country or region", Territory),
            ("plays", Streams),
            ("average daily listeners", Ignored),
            ("listeners", Listeners),
            ("shazams", Ignored),
            ("radio spins", Ignored),
        ],
        needs: &["date", "plays", "country or region"],
        platform: Some("appleMusic"),
        order: None,
        note: "Listeners of several songs or countries cannot be added up: those of the artist are left out then, and those \
               of a recording where it has several lines for a day.",
    },
    Layout {
        id: "youtubeAnalytics",
        title: "YouTube analytics: table by day",
        found: "YouTube Studio → Analytics → Advanced mode → Export → the table",
        subject: Subject::Figures,
        columns: &[
            ("date", Day),
            ("views", Streams),
            ("watch time (hours)", Ignored),
            ("subscribers", Ignored),
            ("unique viewers", Listeners),
            ("likes", Likes),
            ("comments added", Comments),
            ("videos published", Posts),
            ("videos added to playlists", PlaylistAdds),
            ("average view duration", Ignored),
            ("impressions", Ignored),
            ("impressions click-through rate (%)", Ignored),
        ],
        needs: &["date", "views", "watch time (hours)"],
        platform: Some("youtubeMusic"),
        order: None,
        note: "Views are kept as the streams of YouTube Music; YouTube counts them by rules of its own. To keep them as \
               views of the video service, which are in no sum of streams, choose YouTube as the platform and views \
               for their column. Subscribers are those won on the day, not the followers, and are left out.",
    },
    Layout {
        id: "amazonMusic",
        title: "Amazon Music for Artists: overview",
        found: "Amazon Music for Artists → Overview → Download",
        subject: Subject::Figures,
        columns: &[
            ("timestamp", Day),
            ("streams", Streams),
            ("listeners", Listeners),
            ("daily voice requests", Ignored),
        ],
        needs: &["timestamp", "streams", "daily voice requests"],
        platform: Some("amazonMusic"),
        order: None,
        note: "It is about one artist and does not say which: choose the artist.",
    },
    Layout {
        id: "tiktokOverview",
        title: "TikTok Studio: overview by day",
        found: "TikTok Studio → Analytics → Overview → Download data → the file Overview",
        subject: Subject::Figures,
        columns: &[
            ("date", Day),
            ("video views", Views),
            ("profile views", Ignored),
            ("likes", Likes),
            ("comments", Comments),
            ("shares", Ignored),
        ],
        needs: &["date", "video views", "profile views"],
        platform: Some("tiktok"),
        order: None,
        note: "It is about one account and does not say which: choose the artist. Its days have no year: give the last \
               day that it is of, and the others are those of the year before it.",
    },
    Layout {
        id: "tiktokFollowers",
        title: "TikTok Studio: followers by day",
        found: "TikTok Studio → Analytics → Followers → Download data → the file FollowerHistory",
        subject: Subject::Figures,
        columns: &[
            ("date", Day),
            ("followers", Followers),
            ("difference in followers from previous day", Ignored),
        ],
        needs: &["date", "followers", "difference in followers from previous day"],
        platform: Some("tiktok"),
        order: None,
        note: "It is about one account and does not say which: choose the artist. Its days have no year: give the last \
               day that it is of. Days for which it says “undefined” are not known and told as wrong lines.",
    },
    Layout {
        id: "metaInsights",
        title: "Meta Business Suite: one figure by day",
        found: "Meta Business Suite → Insights → Results → Export beside a chart",
        subject: Subject::Figures,
        columns: &[("date", Day), ("primary", Ignored)],
        needs: &["date", "primary"],
        platform: None,
        order: None,
        note: "It is about one account of Facebook or Instagram and one figure, which stands in the line above the names \
               of the columns: choose artist and platform, and what “Primary” says, for instance views. Follows are \
               those won on the day, not the followers, and cannot be kept. Exports by post have sums of each post's \
               life and no days, and cannot be imported.",
    },
    Layout {
        id: "distributorTrends",
        title: "A distributor's daily trends",
        found: "Your distributor → Trends or Analytics → Export by day",
        subject: Subject::Figures,
        columns: &[
            ("date", Day),
            ("store", Platform),
            ("artist", ArtistName),
            ("track", Title),
            ("isrc", Isrc),
            ("upc", Upc),
            ("country code", Territory),
            ("streams", Streams),
            ("saves", Saves),
            ("playlist adds", PlaylistAdds),
            ("skips", Skips),
        ],
        needs: &["date", "store", "isrc", "streams"],
        platform: None,
        order: None,
        note: "Stores whose figures Patchline does not keep are counted and left out.",
    },
    Layout {
        id: "patchline",
        title: "Patchline’s own columns",
        found: "Anything that you arrange yourself: one line for each artist, day, platform, territory and recording, as far as you know them",
        subject: Subject::Figures,
        columns: &[
            ("artistid", ArtistId),
            ("date", Day),
            ("platform", Platform),
            ("territory", Territory),
            ("streams", Streams),
            ("listeners", Listeners),
            ("saves", Saves),
            ("followers", Followers),
            ("isrc", Isrc),
            ("playlistadds", PlaylistAdds),
            ("playlistreach", PlaylistReach),
            ("skips", Skips),
            ("likes", Likes),
            ("comments", Comments),
            ("posts", Posts),
            ("views", Views),
        ],
        needs: &["artistid", "date", "platform", "streams"],
        platform: None,
        order: None,
        note: "",
    },
    Layout {
        id: "distroKidSales",
        title: "A distributor’s sales by month (as DistroKid has them)",
        found: "DistroKid → Bank → See excruciating detail → Download",
        subject: Subject::Statement,
        columns: &[
            ("reporting date", Report),
            ("sale month", Period),
            ("store", Platform),
            ("artist", ArtistName),
            ("title", Title),
            ("isrc", Isrc),
            ("upc", Upc),
            ("quantity", Units),
            ("team percentage", Ignored),
            ("song/album", Channel),
            ("country of sale", Territory),
            ("songwriter royalties withheld", Ignored),
            ("earnings (usd)", Amount),
        ],
        needs: &["sale month", "store", "quantity", "earnings (usd)"],
        platform: None,
        order: None,
        note: "",
    },
    Layout {
        id: "believeSales",
        title: "A distributor’s sales report (as Believe has them)",
        found: "Believe Backstage → Royalties → Sales reports",
        subject: Subject::Statement,
        columns: &[
            ("reporting month", Report),
            ("sales month", Period),
            ("platform", Platform),
            ("country / region", Territory),
            ("label name", Ignored),
            ("artist name", ArtistName),
            ("release title", Ignored),
            ("track title", Title),
            ("upc", Upc),
            ("isrc", Isrc),
            ("release catalog nb", Ignored),
            ("streaming subscription type", Ignored),
            ("release type", Ignored),
            ("sales type", Channel),
            ("quantity", Units),
            ("client payment currency", Currency),
            ("unit price", Ignored),
            ("mechanical fee", Ignored),
            ("gross revenue", Ignored),
            ("client share rate", Ignored),
            ("net revenue", Amount),
        ],
        needs: &["sales month", "quantity", "net revenue"],
        platform: None,
        order: Some(DayOrder::DayFirst),
        note: "",
    },
];

/// How well a file fits a layout.
#[derive(Debug, Clone, Copy)]
pub struct Fit {
    /// The layout.
    pub layout: &'static Layout,
    /// How many of its columns are there, and how many of the file's it knows, in hundredths.
    pub score: u32,
}

/// The layout of an id.
pub fn of(id: &str) -> Option<&'static Layout> {
    LAYOUTS.iter().find(|layout| layout.id == id)
}

/// A name of a column as it is compared: in small letters, with single blanks.
pub(super) fn compared(name: &str) -> String {
    name.trim().trim_start_matches('\u{feff}').to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The layouts that names of columns fit, the best first.
pub fn fits(names: &[String]) -> Vec<Fit> {
    let names: Vec<String> = names.iter().map(|name| compared(name)).collect();
    let has = |wanted: &str| names.iter().any(|name| name == wanted);
    let filled = names.iter().filter(|name| !name.is_empty()).count().max(1);
    let mut fits: Vec<Fit> = LAYOUTS
        .iter()
        .filter(|layout| layout.needs.iter().all(|name| has(name)))
        .map(|layout| {
            let known = layout.columns.iter().filter(|(name, _)| has(name)).count();
            let parts = known * 50 / layout.columns.len().max(1) + known.min(filled) * 50 / filled;
            Fit { layout, score: u32::try_from(parts).unwrap_or(100) }
        })
        .collect();
    fits.sort_by_key(|fit| std::cmp::Reverse(fit.score));
    fits
}

/// What the columns of these names say, by a layout where one is known, else by their usual names. Each thing is
/// said by one column only: the first.
pub fn columns(names: &[String], layout: Option<&Layout>) -> Vec<Field> {
    let mut taken = std::collections::BTreeSet::new();
    let read = |name: &String| {
        let name = compared(name);
        let by_layout = layout.and_then(|layout| layout.columns.iter().find(|(known, _)| *known == name));
        let field = match by_layout {
            Some((_, field)) => *field,
            None if layout.is_some() => Field::Ignored,
            None => usual(&name),
        };
        if field == Field::Ignored || taken.insert(field) { field } else { Field::Ignored }
    };
    names.iter().map(read).collect()
}

fn usual(name: &str) -> Field {
    let bare = name.split('(').next().unwrap_or_default().trim();
    let known = |field: &Field| field.usual_names().iter().any(|usual| *usual == name || *usual == bare);
    let foreign = || foreign_columns::field(name).or_else(|| foreign_columns::field(bare));
    Field::all().find(known).or_else(foreign).unwrap_or_default()
}

/// The currency that a name of a column tells in brackets: `Earnings (USD)`.
pub fn currency_of(name: &str) -> Option<String> {
    let inside = name.rsplit_once('(')?.1.split(')').next()?.trim();
    let is_code = inside.len() == 3 && inside.bytes().all(|byte| byte.is_ascii_alphabetic());
    is_code.then(|| inside.to_ascii_uppercase())
}
