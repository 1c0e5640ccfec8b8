//! Groups of territories, as contracts name them.
//!
//! Continents are those of the United Nations' standard M49 (*Standard country or area codes for statistical use*,
//! geographic regions), with three differences: Cyprus, a member of the European Union, is in Europe and not in Asia;
//! Taiwan and Kosovo, which M49 does not list, are in Asia and Europe; Antarctica is in none. So each territory but
//! Antarctica is in one continent. The European Union has its 27 members since 2020-02-01; a territory with a code of its
//! own, such as Réunion, is none of them. The world is no group: a rate that names no place holds for it.

/// A group of territories.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Region {
    /// The members of the European Union.
    Eu,
    /// Europe with Russia, Cyprus, and the islands that have codes of their own.
    Europe,
    /// The United States, Canada, Bermuda, Greenland, St Pierre and Miquelon (M49 021).
    NorthAmerica,
    /// South and Central America with Mexico, and the Caribbean (M49 419).
    LatinAmerica,
    /// Asia with the Near East and Turkey.
    Asia,
    /// Africa.
    Africa,
    /// Australia, New Zealand and the islands of the Pacific.
    Oceania,
}

impl Region {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Eu,
        Self::Europe,
        Self::NorthAmerica,
        Self::LatinAmerica,
        Self::Asia,
        Self::Africa,
        Self::Oceania,
    ];

    /// Its name in what is kept.
    pub fn id(self) -> &'static str {
        match self {
            Self::Eu => "eu",
            Self::Europe => "europe",
            Self::NorthAmerica => "northAmerica",
            Self::LatinAmerica => "latinAmerica",
            Self::Asia => "asia",
            Self::Africa => "africa",
            Self::Oceania => "oceania",
        }
    }

    /// Its name as people read it.
    pub fn words(self) -> &'static str {
        match self {
            Self::Eu => "EU",
            Self::Europe => "Europe",
            Self::NorthAmerica => "North America",
            Self::LatinAmerica => "Latin America",
            Self::Asia => "Asia",
            Self::Africa => "Africa",
            Self::Oceania => "Oceania",
        }
    }

    /// The region with an id.
    pub fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|region| region.id() == id)
    }

    /// Whether a territory (ISO 3166-1 alpha-2) belongs to it.
    pub fn holds(self, territory: &str) -> bool {
        self.codes().split_ascii_whitespace().any(|code| code == territory)
    }

    /// The codes of its territories, apart by blanks.
    fn codes(self) -> &'static str {
        match self {
            Self::Eu => "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK",
            Self::Europe => {
                "AD AL AT AX BA BE BG BY CH CY CZ DE DK EE ES FI FO FR GB GG GI GR HR HU IE IM IS IT JE LI LT LU LV \
                 MC MD ME MK MT NL NO PL PT RO RS RU SE SI SJ SK SM UA VA XK"
            }
            Self::NorthAmerica => "BM CA GL PM US",
            Self::LatinAmerica => {
                "AG AI AR AW BB BL BO BQ BR BS BV BZ CL CO CR CU CW DM DO EC FK GD GF GP GS GT GY HN HT JM KN KY LC MF \
                 MQ MS MX NI PA PE PR PY SR SV SX TC TT UY VC VE VG VI"
            }
            Self::Asia => {
                "AE AF AM AZ BD BH BN BT CN GE HK ID IL IN IQ IR JO JP KG KH KP KR KW KZ LA LB LK MM MN MO MV MY NP OM \
                 PH PK PS QA SA SG SY TH TJ TL TM TR TW UZ VN YE"
            }
            Self::Africa => {
                "AO BF BI BJ BW CD CF CG CI CM CV DJ DZ EG EH ER ET GA GH GM GN GQ GW IO KE KM LR LS LY MA MG ML MR MU \
                 MW MZ NA NE NG RE RW SC SD SH SL SN SO SS ST SZ TD TF TG TN TZ UG YT ZA ZM ZW"
            }
            Self::Oceania => {
                "AS AU CC CK CX FJ FM GU HM KI MH MP NC NF NR NU NZ PF PG PN PW SB TK TO TV UM VU WF WS"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::TERRITORIES;
    use super::*;

    #[test]
    fn each_territory_is_in_one_continent_and_the_union_in_europe() {
        let continents = || Region::ALL.into_iter().filter(|region| *region != Region::Eu);
        for (code, name, _) in TERRITORIES {
            let holding: Vec<_> = continents().filter(|region| region.holds(code)).collect();
            assert_eq!(holding.len(), 1, "{name}: {holding:?}");
        }
        // As many as M49 lists in each, with the differences that are written down above.
        let counts: Vec<usize> = Region::ALL.iter().map(|region| region.codes().split(' ').count()).collect();
        assert_eq!(counts, [27, 53, 5, 52, 50, 60, 29]);
        assert!(Region::Eu.codes().split(' ').all(|code| Region::Europe.holds(code)));
        assert!(!Region::Eu.holds("GB") && !Region::Europe.holds("ZZ"));
        assert!(Region::NorthAmerica.holds("US") && Region::LatinAmerica.holds("MX"));
    }

    #[test]
    fn an_id_names_one() {
        for region in Region::ALL {
            assert_eq!(Region::named(region.id()), Some(region));
        }
        assert_eq!(Region::named("world"), None);
    }
}
