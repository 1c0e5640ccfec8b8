//! Titles of the sample label's songs and records, all invented.

use super::random::Random;
use super::roster::Language;
use std::collections::BTreeSet;

/// Hands out titles so that no title is used twice on the label.
pub(super) struct Titles {
    random: Random,
    used: BTreeSet<String>,
}

impl Titles {
    pub(super) fn new(seed: u64) -> Self {
        Self { random: Random::new(seed, "titles"), used: BTreeSet::new() }
    }

    /// A new title: about every other one in the artist's language, the others in English, and composed
    /// of words when the lists have run out.
    pub(super) fn next(&mut self, language: Language) -> String {
        let language = if self.random.below(2) == 0 { language } else { Language::English };
        let left =
            |language| in_language(language).iter().copied().filter(|title| !self.used.contains(*title));
        let mut choice: Vec<&str> = left(language).collect();
        if choice.is_empty() {
            choice = left(Language::English).collect();
        }
        let title = if choice.is_empty() { self.compose() } else { (*self.random.pick(&choice)).to_owned() };
        self.used.insert(title.clone());
        title
    }

    /// A title of English words that was not used before.
    fn compose(&mut self) -> String {
        loop {
            let title = self.words();
            if !self.used.contains(&title) {
                return title;
            }
        }
    }

    fn words(&mut self) -> String {
        let random = &mut self.random;
        match random.below(5) {
            0 | 1 => format!("{} {}", random.pick(QUALITIES), random.pick(THINGS)),
            2 => format!("{} {}", random.pick(MOVES), random.pick(PLACES)),
            3 => format!("{} of {}", random.pick(FORMS), random.pick(MATTERS)),
            _ => format!("{} and {}", random.pick(THINGS), random.pick(MATTERS)),
        }
    }
}

const QUALITIES: &[&str] = &[
    "Amber", "Borrowed", "Bright", "Careful", "Copper", "Distant", "Early", "Folded", "Hollow", "Kind",
    "Late", "Level", "Longer", "Narrow", "Paper", "Patient", "Quiet", "Salt", "Second", "Silver", "Slow",
    "Tidal", "Unsent", "Warm", "Winter",
];
const THINGS: &[&str] = &[
    "Antenna",
    "Balcony",
    "Compass",
    "Corridor",
    "Ferry",
    "Garden",
    "Greenhouse",
    "Harbour",
    "Kettle",
    "Ladder",
    "Lantern",
    "Letter",
    "Lighthouse",
    "Meadow",
    "Orchard",
    "Photograph",
    "Platform",
    "Radio",
    "Rooftop",
    "Staircase",
    "Streetlight",
    "Telegram",
    "Window",
];
const FORMS: &[&str] = &[
    "A Map",
    "A Waltz",
    "Fragment",
    "Hymn",
    "Index",
    "Inventory",
    "Letter",
    "Notes",
    "Postcard",
    "Prelude",
    "Sketch",
    "Study",
];
const MOVES: &[&str] = &[
    "Asleep in",
    "Back through",
    "Halfway to",
    "Leaving",
    "Lights over",
    "Longing for",
    "Rain on",
    "Return to",
    "Sunday in",
    "Walking out of",
];
const PLACES: &[&str] = &[
    "Alder Row",
    "Castle Ferry",
    "Cedar Point",
    "Linden Square",
    "Mill Lane",
    "Nine Elm Road",
    "Pier Four",
    "Quarry Hill",
    "Saltmarsh",
    "Terminal East",
    "the Low Road",
    "the Upper Town",
];
const MATTERS: &[&str] = &[
    "Ash", "Daylight", "Dust", "Frost", "Glass", "Honey", "Ink", "Iron", "Linen", "Moss", "Rain", "Rust",
    "Silence", "Smoke", "Snow", "Static",
];

/// Whole titles in the language.
fn in_language(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &[
            "A Room Without Corners",
            "After the Matinee",
            "All the Tall Grass",
            "Apartment Weather",
            "As the Crow Waits",
            "Asking for Rain",
            "Backlit",
            "Better at Goodbyes",
            "Blue Hour Overtime",
            "Breakwater",
            "By the Time You Read This Map",
            "Calling the Ferryman",
            "Cardboard Planets",
            "Carousel at Closing",
            "Chalk Lines",
            "Cold Front, Warm Hands",
            "Counting Swifts",
            "Crossfade to Morning",
            "Dial Tone Lullaby",
            "Driftwood Arithmetic",
            "Eleven Minutes North",
            "Evening Class",
            "Every Other Tuesday",
            "Far Side of the Car Park",
            "Fieldnotes",
            "First Train, Last Seat",
            "Five Small Engines",
            "Flood Plain",
            "Forecast for Two",
            "Glass Half Blue",
            "Good Bones, Bad Roof",
            "Half a Moon Ago",
            "Halogen",
            "Handwriting",
            "Heat Haze",
            "Held Breath Inventory",
            "High Tide Etiquette",
            "Home by Aerial",
            "House Lights Up",
            "How the Kettle Sings",
            "Hundred-Watt Summer",
            "In Lieu of Flowers, Fire",
            "Ink Before Coffee",
            "Invisible Fence",
            "Keep the Receipt",
            "Landline",
            "Lantern Season",
            "Last of the Plums",
            "Leaving the Radio On",
            "Left Hand Waltz",
            "Light Enough to Carry",
            "Linger Longer Line",
            "Lost Property",
            "Low Battery Love",
            "Magnetic South",
            "Make It Rhyme with Rain",
            "Matchbox Weather",
            "Meet Me on the Mezzanine",
            "Middle Distance",
            "Moth Season",
            "Neighbour's Piano",
            "Nine Kinds of Quiet",
            "No Signal, Good View",
            "Northern Aspect",
            "Notes to the Upstairs",
            "Off-Peak Return",
            "One Umbrella",
            "Orbit Street",
            "Overgrown",
            "Paper Round",
            "Parallel Parking",
            "Patron Saint of Buses",
            "Pilot Light",
            "Plain Sailing",
            "Postcards Unsent",
            "Power Cut",
            "Practice Makes Patient",
            "Quarter Past Never",
            "Rain Delay",
            "Reading by Headlights",
            "Request Stop",
            "Return to Render",
            "Saltwater Alphabet",
            "Second-Hand Sunrise",
            "Service Lift",
            "Shoreline Committee",
            "Signal Box",
            "Sleeper Carriage",
            "Slow Loading Sky",
            "Small Hours Club",
            "Soft Launch",
            "Spare Key",
            "Spirit Level",
            "Steam on the Window",
            "Streetlamp Etiquette",
            "Tall Order",
            "Telephone Wire Choir",
            "Tenants of the Moon",
            "The Cartographer's Daughter",
            "The Long Way Down Mill Street",
            "The Weather Indoors",
            "Three Cranes",
            "Tin Roof Symphony",
            "Trapdoor",
            "Twice Removed",
            "Two Stops Early",
            "Under the Flight Path",
            "Underpass Hymnal",
            "Unread",
            "Vacancy",
            "Velcro Heart",
            "Waiting Room Tango",
            "Walk-in Wardrobe",
            "Wet Paint",
            "What the Lighthouse Said",
            "Wide Load",
            "Winter Timetable",
            "Wires and Wildflowers",
            "Yesterday's Bread",
            "Zebra Crossing",
        ],
        Language::French => &[
            "Les volets bleus",
            "À demi-mot",
            "Rue des Tisserands",
            "Après la pluie d'août",
            "Étude en cendre",
            "Le train de nuit",
            "Nos étés brefs",
            "Lettre à l'hiver",
            "La chambre d'écho",
            "Presque rien",
            "Minuit moins le quart",
            "Sous la verrière",
        ],
        Language::German => &[
            "Zwischen den Gleisen",
            "Stille Post",
            "Nordwärts",
            "Lichtpause",
            "Küstenfunk",
            "Über den Dächern",
            "Morgengrau",
            "Kleine Gezeiten",
            "Wintergarten",
            "Fährmann",
            "Nachhall",
            "Grünes Rauschen",
        ],
        Language::Icelandic => &[
            "Norðanátt",
            "Hægur dagur",
            "Ljósið heima",
            "Bréf úr firði",
            "Þokan kom inn",
            "Sumarnótt",
            "Undir súðinni",
            "Hafið man",
            "Vetrarsól",
            "Fjörusteinar",
            "Lágur himinn",
        ],
        Language::Japanese => &[
            "夜明けの汽笛",
            "波止場のワルツ",
            "雨上がりの坂道",
            "青い切符",
            "冬の硝子",
            "夕凪",
            "遠い灯台",
            "九月の窓",
            "月と自転車",
            "海沿いの手紙",
            "静かな午後",
            "白い息",
        ],
        Language::Korean => {
            &["첫 번째 밤", "느린 계단", "바다 쪽 창문", "여름의 끝", "작은 불빛", "새벽 두 시"]
        }
        Language::Norwegian => &[
            "Siste ferje",
            "Lys i fjøla",
            "Under brua",
            "Blå time",
            "Høstens regnskap",
            "Fjorden sover",
            "Østavind",
            "Brev til søster",
            "Snø på skinnene",
            "Ved kaia",
        ],
        Language::Polish => &[
            "Światło w oknie",
            "Wolny wieczór",
            "Listy z Łodzi",
            "Między piętrami",
            "Srebrny tramwaj",
            "Późne lato",
            "Cichy pokój",
            "Wszystkie zimy",
        ],
        Language::Portuguese => &[
            "Maré de março",
            "Canção do cais",
            "Varanda azul",
            "Chuva miúda",
            "Coração de sal",
            "Noite na ladeira",
            "Só mais um verão",
            "Jangada",
            "Água-viva",
            "Manhã de feira",
            "Pé na areia",
            "Sertão elétrico",
        ],
        Language::Spanish => &[
            "Marea alta",
            "La última verbena",
            "Corazón de cobre",
            "Calle sin nombre",
            "Niebla en el puerto",
            "Vals de la azotea",
            "Agosto lento",
            "Sal y limón",
            "Cartas al sur",
            "Danza del faro",
            "Luna de papel",
        ],
        Language::Yoruba => &["Ìrọ̀lẹ́", "Omi dúdú", "Ọjọ́ ìsinmi", "Ilé wa", "Òjò àkọ́kọ́", "Ìmọ́lẹ̀"],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_title_is_given_twice_even_when_a_language_runs_out() {
        let mut titles = Titles::new(1);
        let given: BTreeSet<String> = (0..300).map(|_| titles.next(Language::Yoruba)).collect();
        assert_eq!(given.len(), 300);
    }

    #[test]
    fn artists_sing_in_their_own_language_too() {
        let mut titles = Titles::new(2);
        let given: Vec<String> = (0..20).map(|_| titles.next(Language::Japanese)).collect();
        assert!(given.iter().any(|title| in_language(Language::Japanese).contains(&title.as_str())));
    }
}
