//! The 24 artists of the sample label, all invented: what is known of them before any chance.

use super::genre::Genre;

/// What is written down about an artist of the sample label.
pub(super) struct Profile {
    /// The name.
    pub(super) name: &'static str,
    /// What tells namesakes apart.
    pub(super) disambiguation: Option<&'static str>,
    pub(super) genre: Genre,
    /// Home country, ISO 3166-1 alpha-2.
    pub(super) country: &'static str,
    /// The language of about half of the titles.
    pub(super) language: Language,
    /// Streams on a usual day, all platforms.
    pub(super) daily_streams: u32,
    /// Which part the artist has in what analysis must cope with.
    pub(super) role: Role,
    /// The legal names of those who write the songs.
    pub(super) writers: [&'static str; 2],
    /// Some sentences; that it is sample data is added to them.
    pub(super) biography: &'static str,
}

/// A language of titles besides English.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    English,
    French,
    German,
    Icelandic,
    Japanese,
    Korean,
    Norwegian,
    Polish,
    Portuguese,
    Spanish,
    Yoruba,
}

impl Language {
    /// The code in ISO 639.
    pub(super) fn code(self) -> &'static str {
        match self {
            Language::English => "en",
            Language::French => "fr",
            Language::German => "de",
            Language::Icelandic => "is",
            Language::Japanese => "ja",
            Language::Korean => "ko",
            Language::Norwegian => "no",
            Language::Polish => "pl",
            Language::Portuguese => "pt",
            Language::Spanish => "es",
            Language::Yoruba => "yo",
        }
    }
}

/// The part of an artist in what analysis must cope with. See `docs/sample-label.md`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing but weeks, releases and chance.
    Ordinary,
    /// Grows steadily.
    Growth,
    /// Falls steadily.
    Decline,
    /// Wanders, and looks as if it grew.
    FalseTrend,
    /// Rises after a logged playlist addition.
    PlaylistSpike,
    /// Rises for three days in one foreign territory, without a cause.
    ForeignSpike,
    /// Lacks four days in a row on all platforms.
    Gap,
    /// Signed three weeks ago.
    Newcomer,
}

const fn artist(
    name: &'static str,
    genre: Genre,
    country: &'static str,
    language: Language,
    daily_streams: u32,
    writers: [&'static str; 2],
    biography: &'static str,
) -> Profile {
    let (disambiguation, role) = (None, Role::Ordinary);
    Profile { name, disambiguation, genre, country, language, daily_streams, role, writers, biography }
}

impl Profile {
    const fn told_apart_by(self, text: &'static str) -> Self {
        Self { disambiguation: Some(text), ..self }
    }

    const fn with_role(self, role: Role) -> Self {
        Self { role, ..self }
    }
}

/// All artists, in the order in which they are generated.
pub(super) const ROSTER: [Profile; 24] = [
    artist(
        "Ásta Lind",
        Genre::Folk,
        "IS",
        Language::Icelandic,
        21_000,
        ["Ásta Lindardóttir", "Jökull Snær Hallsson"],
        "Songs for voice, harmonium and a borrowed nylon-string guitar, recorded in a boathouse near Ísafjörður.",
    )
    .with_role(Role::Growth),
    artist(
        "Nōri",
        Genre::Ambient,
        "JP",
        Language::Japanese,
        46_000,
        ["Noriko Takeshiba", "Hal Ostermeer"],
        "Tape loops, felt piano and field recordings from the ferry lines of the Seto Inland Sea.",
    ),
    artist(
        "Édouard Kessel",
        Genre::Neoclassical,
        "FR",
        Language::French,
        33_000,
        ["Édouard Kessel", "Maud Brévigne"],
        "Pianist and arranger from Nancy who writes for prepared piano and string trio.",
    ),
    artist(
        "Mira",
        Genre::Folk,
        "NO",
        Language::Norwegian,
        8_200,
        ["Mira Tveitå", "Olav Skarsbø"],
        "Sings of harbours, weather and leaving, with Hardanger fiddle and little else.",
    )
    .told_apart_by("folk singer, Bergen"),
    artist(
        "Mira",
        Genre::Electronic,
        "BR",
        Language::Portuguese,
        27_000,
        ["Miraci Azevedo Prado", "Téo Lacerda Pinho"],
        "Producer who cuts maracatu drums into slow, heavy house.",
    )
    .told_apart_by("electronic producer, Recife"),
    artist(
        "Harbour Lanterns",
        Genre::IndiePop,
        "GB",
        Language::English,
        61_000,
        ["Philippa Garrowby", "Dominic Aske"],
        "Four friends from Whitby with two twelve-string guitars and a fondness for choruses in the wrong place.",
    )
    .with_role(Role::PlaylistSpike),
    artist(
        "Ìrètí Ògúnsọlá",
        Genre::RhythmAndBlues,
        "NG",
        Language::Yoruba,
        88_000,
        ["Ìrètí Ògúnsọlá", "Chidera Mbanu-Cole"],
        "Close-miked vocals, slow drums and the patience of someone who grew up singing in a Lagos choir.",
    ),
    artist(
        "Złota Mgła",
        Genre::IndiePop,
        "PL",
        Language::Polish,
        12_000,
        ["Jagna Wierzbolska", "Kornel Dębniak"],
        "Dream pop from Łódź, played on synthesisers that are older than the band.",
    ),
    artist(
        "Calle Marea",
        Genre::Latin,
        "MX",
        Language::Spanish,
        54_000,
        ["Tadeo Quiroga Ruelas", "Itzel Barrientos Oca"],
        "Coastal cumbia with brass, from Veracruz, made for dancing outdoors.",
    )
    .with_role(Role::Gap),
    artist(
        "Velvet Cartography",
        Genre::Electronic,
        "US",
        Language::English,
        96_000,
        ["Rowan Delacroy", "June Hathersall"],
        "A duo from Detroit that maps night drives in four-to-the-floor.",
    ),
    artist(
        "여린달",
        Genre::RhythmAndBlues,
        "KR",
        Language::Korean,
        3_400,
        ["Seo Yeorin", "Baek Tae-on"],
        "A new voice from Busan; the first songs came out with the signing.",
    )
    .with_role(Role::Newcomer),
    artist(
        "Brass Meridian",
        Genre::Jazz,
        "GB",
        Language::English,
        9_800,
        ["Leopold Anning", "Sade Whitcombe"],
        "A quintet from south London between township jazz and broken beat.",
    ),
    artist(
        "Vintervik Trio",
        Genre::Jazz,
        "NO",
        Language::Norwegian,
        4_100,
        ["Sverre Vintervik", "Ane Kjosdal"],
        "Piano, bass and drums from Tromsø, with long rests.",
    ),
    artist(
        "Papercut Choir",
        Genre::IndiePop,
        "US",
        Language::English,
        140_000,
        ["Marguerite Oslin", "Theo Brandvold"],
        "Eleven singers from Minneapolis and one drum machine.",
    ),
    artist(
        "Tidewater Cipher",
        Genre::HipHop,
        "US",
        Language::English,
        72_000,
        ["Darnell Eastmoor", "Imani Coldwell"],
        "Rapper and beat maker from Norfolk, Virginia; dense rhymes over dusty organ.",
    )
    .with_role(Role::Decline),
    artist(
        "Sundown Okada",
        Genre::HipHop,
        "NG",
        Language::Yoruba,
        39_000,
        ["Damilọ́lá Ajíbóyèdé", "Ebere Nwachinemere"],
        "Street stories from Ibadan over talking drums and sub bass.",
    ),
    artist(
        "白波通り",
        Genre::IndiePop,
        "JP",
        Language::Japanese,
        58_000,
        ["Asahi Kuromori", "Mio Hanazuka"],
        "Guitar pop from Kamakura with the sea in every second chorus. The name reads Shiranami-dōri.",
    ),
    artist(
        "Greta Fennwald",
        Genre::Electronic,
        "DE",
        Language::German,
        15_500,
        ["Greta Fennwald", "Jorin Albstedt"],
        "Builds her own sequencers in Leipzig and plays them until they slip.",
    ),
    artist(
        "Nebelkurier",
        Genre::Ambient,
        "DE",
        Language::German,
        18_500,
        ["Hanno Wittrich", "Elfi Sandkuhl"],
        "Drones from Hamburg's docks, delivered slowly.",
    )
    .with_role(Role::ForeignSpike),
    artist(
        "Les Heures Obliques",
        Genre::IndiePop,
        "FR",
        Language::French,
        30_500,
        ["Clémence Aubrac-Vidal", "Bastien Roquefère"],
        "Late-summer pop from Marseille for two voices and a rhythm box.",
    )
    .with_role(Role::FalseTrend),
    artist(
        "Luzia Caravelas",
        Genre::Latin,
        "BR",
        Language::Portuguese,
        118_000,
        ["Luzia Caravelas Nogueira", "Davi Sertã"],
        "Songwriter from Salvador who folds samba-reggae into small, bright songs.",
    ),
    artist(
        "Hrafn & Blær",
        Genre::Ambient,
        "IS",
        Language::Icelandic,
        2_600,
        ["Hrafn Eldbergsson", "Blær Sóleyjarson"],
        "Pump organ and weather, recorded in one take in a church at Seyðisfjörður.",
    ),
    artist(
        "Cold Quay",
        Genre::HipHop,
        "GB",
        Language::English,
        47_000,
        ["Kieran Osgodby", "Amara Thistlewood"],
        "Two voices from Hull, half spoken, over sirens and upright bass.",
    ),
    artist(
        "Nieve Ocampo",
        Genre::Neoclassical,
        "MX",
        Language::Spanish,
        6_400,
        ["Nieve Ocampo Larios", "Jacinto Villaseca"],
        "Cellist from Morelia who layers herself into an orchestra.",
    ),
];
