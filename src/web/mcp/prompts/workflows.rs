//! The workflows of the label as prompts.

/// A workflow.
pub(super) struct Workflow {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) arguments: &'static [Argument],
    /// What it is about; attached to the prompt.
    pub(super) subject: Subject,
    /// The task in words, from the values of the arguments that were given.
    pub(super) text: fn(&Values<'_>) -> String,
}

/// The value of an argument, where it was given.
pub(super) type Values<'a> = dyn Fn(&str) -> Option<&'a str> + 'a;

/// What a workflow is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Subject {
    Artist,
    Release,
    Label,
}

/// An argument of a workflow.
pub(super) struct Argument {
    pub(super) name: &'static str,
    pub(super) title: &'static str,
    pub(super) description: &'static str,
    pub(super) required: bool,
}

const ARTIST: Argument = Argument {
    name: "artist",
    title: "Artist",
    description: "The artist's id, or the name where only one artist has it.",
    required: true,
};

const RELEASE: Argument =
    Argument { name: "release", title: "Release", description: "The release's id.", required: true };

const DAYS: Argument = Argument {
    name: "days",
    title: "Days",
    description: "How many days to look back; 28 unless given.",
    required: false,
};

const FOCUS: Argument = Argument {
    name: "focus",
    title: "Focus",
    description: "What to look at above all, for instance: playlists, territories.",
    required: false,
};

const MARKET: Argument = Argument {
    name: "market",
    title: "Market",
    description: "The country that matters most, ISO 3166-1 alpha-2.",
    required: false,
};

const AUDIENCE: Argument = Argument {
    name: "audience",
    title: "Audience",
    description: "Who reads it, for instance: management, artists.",
    required: false,
};

/// How results are reported, whatever the workflow.
const REPORTING: &str = "Say for each figure from which table it is and up to which day it goes. Name the \
    knowledge-base entry behind each rule. Say what is not known instead of guessing. Change nothing without \
    asking first.";

pub(super) const WORKFLOWS: [Workflow; 4] = [
    Workflow {
        name: "artist_review",
        title: "Artist review",
        description: "How an artist is doing: figures, what moved them, and what to do next.",
        arguments: &[ARTIST, DAYS, FOCUS],
        subject: Subject::Artist,
        text: |value| {
            format!(
                "Review the artist {} for the label.\n\
                 1. Read the artist with query_artist_data and their releases with query_release_data.\n\
                 2. Read the streams, listeners, saves and followers of the newest {} days with \
                 scan_analytics_data, and of as many days before. Compare both by platform and by territory.\n\
                 3. Put changes beside the artist's events and release dates, and say which may explain which. \
                 Together in time is not yet a cause.\n\
                 4. Close with three things that the label can do in the next four weeks.{}\n{REPORTING}",
                value("artist").unwrap_or_default(),
                value("days").unwrap_or("28"),
                focus(value("focus")),
            )
        },
    },
    Workflow {
        name: "release_plan",
        title: "Release plan",
        description: "A dated plan up to a release: deliveries, pitches, promotion, and who does what.",
        arguments: &[RELEASE, MARKET],
        subject: Subject::Release,
        text: |value| {
            let market = value("market").map(|market| format!(" The market that matters most is {market}."));
            format!(
                "Make a release plan for {}.{}\n\
                 1. Read the release with query_release_data. Say what is missing: identifiers, artwork, audio, \
                 credits.\n\
                 2. Ask music_knowledge_search for lead times of pitches and deliveries, for holidays and for the \
                 usual day of a release.\n\
                 3. Write the plan as a table of dates counted back from the release date: what, who, by when, and \
                 the source of each deadline.\n\
                 4. Say which deadlines have passed already, and what that means for the date.\n{REPORTING}",
                value("release").unwrap_or_default(),
                market.unwrap_or_default(),
            )
        },
    },
    Workflow {
        name: "quality_check",
        title: "Quality check",
        description: "Whether a release is ready to be delivered: identifiers, metadata, audio, artwork.",
        arguments: &[RELEASE],
        subject: Subject::Release,
        text: |value| {
            format!(
                "Check whether the release {} can be delivered.\n\
                 1. Read it with query_release_data. Check ISRC and UPC, titles and credits, © and ℗ lines, dates.\n\
                 2. Find its audio with list_audio_files and get_audio_file, its cover with get_artwork.\n\
                 3. Ask music_knowledge_search for the rules on loudness, formats, artwork and the style of \
                 metadata, and hold the release against them.\n\
                 4. Answer with a table: what was checked, what was found, the rule with its source, and whether it \
                 holds. Then say plainly whether the release is ready.\n{REPORTING}",
                value("release").unwrap_or_default(),
            )
        },
    },
    Workflow {
        name: "weekly_report",
        title: "Weekly report",
        description: "The week of the whole label on one page.",
        arguments: &[AUDIENCE, FOCUS],
        subject: Subject::Label,
        text: |value| {
            format!(
                "Write the weekly report of the label for {}.\n\
                 1. Read the figures of the newest 7 days and of the 7 days before with scan_analytics_data.\n\
                 2. Name the artists that moved most in both directions, with numbers and a likely reason.\n\
                 3. List the releases of the next four weeks with query_release_data, and what each still lacks.\n\
                 4. Keep it to one page: a summary of three sentences, then tables.{}\n{REPORTING}",
                value("audience").unwrap_or("the label's staff"),
                focus(value("focus")),
            )
        },
    },
];

fn focus(focus: Option<&str>) -> String {
    focus.map(|focus| format!("\nLook above all at: {focus}.")).unwrap_or_default()
}
