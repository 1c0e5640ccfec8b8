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

    /// A new title: about every other one in the artist's language while there are any left.
    pub(super) fn next(&mut self, language: Language) -> String {
        if self.random.below(2) == 0 {
            let left: Vec<&str> =
                in_language(language).iter().copied().filter(|title| !self.used.contains(*title)).collect();
            if !left.is_empty() {
                let title = (*self.random.pick(&left)).to_owned();
                self.used.insert(title.clone());
                return title;
            }
        }
        self.next_english()
    }

    fn next_english(&mut self) -> String {
        loop {
            let title = self.english();
            if self.used.insert(title.clone()) {
                return title;
            }
        }
    }

    fn english(&mut self) -> String {
        let random = &mut self.random;
        match random.below(6) {
            0 => format!("{} {}", random.pick(QUALITIES), random.pick(THINGS)),
            1 => format!("{} for a {}", random.pick(FORMS), random.pick(THINGS)),
            2 => format!("{} {}", random.pick(MOVES), random.pick(PLACES)),
            3 => format!("The {} Hour", random.pick(QUALITIES)),
            4 => format!("{} of {}", random.pick(FORMS), random.pick(MATTERS)),
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

/// Whole titles in the language; none for English, whose titles are composed.
fn in_language(language: Language) -> &'static [&'static str] {
    match language {
        Language::English => &[],
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
