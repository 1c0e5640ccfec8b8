//! Platforms and territories by the names that exports give them.

/// The platform that a report means, by the id under which it is kept; none where its figures are not kept.
pub fn platform(text: &str) -> Option<&'static str> {
    let name: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    match name.as_str() {
        "spotify" => Some("spotify"),
        "applemusic" | "apple" => Some("appleMusic"),
        "youtubemusic" | "youtube" | "googleyoutube" | "youtubered" | "youtubepremium" => {
            Some("youtubeMusic")
        }
        "amazonmusic"
        | "amazon"
        | "amazonunlimited"
        | "amazonmusicunlimited"
        | "amazonprime"
        | "amazonprimemusic"
        | "amazonadsupported" => Some("amazonMusic"),
        _ => None,
    }
}

/// A store as it is compared: reports and contracts write the same one differently.
pub fn store(name: &str) -> String {
    let plain = || name.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    platform(name).map_or_else(plain, str::to_lowercase)
}

/// Whether a text means all territories together.
pub fn is_worldwide(text: &str) -> bool {
    let name: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    matches!(name.as_str(), "worldwide" | "world" | "ww" | "global" | "allcountries" | "allterritories")
}

/// The code of a territory (ISO 3166-1 alpha-2), by code or name; `ZZ` for the rest of the world.
pub fn territory(text: &str) -> Option<String> {
    let text = text.trim();
    let is_code = |length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_alphabetic());
    if is_code(2) {
        let code = text.to_ascii_uppercase();
        return Some(if code == "UK" { "GB".to_owned() } else { code });
    }
    let name: String = text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect();
    let found = NAMES.iter().find(|(_, names)| names.contains(&name.as_str()));
    found.map(|(code, _)| (*code).to_owned())
}

/// Codes with names and codes of three letters, in small letters without blanks.
#[rustfmt::skip]
const NAMES: &[(&str, &[&str])] = &[
    ("AE", &["unitedarabemirates", "are"]), ("AR", &["argentina", "arg"]), ("AT", &["austria", "aut"]),
    ("AU", &["australia", "aus"]), ("BE", &["belgium", "bel"]), ("BG", &["bulgaria", "bgr"]),
    ("BR", &["brazil", "bra"]), ("CA", &["canada", "can"]), ("CH", &["switzerland", "che"]),
    ("CL", &["chile", "chl"]), ("CN", &["china", "chn", "chinamainland"]), ("CO", &["colombia", "col"]),
    ("CR", &["costarica", "cri"]), ("CY", &["cyprus", "cyp"]), ("CZ", &["czechia", "czechrepublic", "cze"]),
    ("DE", &["germany", "deu"]), ("DK", &["denmark", "dnk"]), ("DO", &["dominicanrepublic", "dom"]),
    ("EC", &["ecuador", "ecu"]), ("EE", &["estonia", "est"]), ("EG", &["egypt", "egy"]),
    ("ES", &["spain", "esp"]), ("FI", &["finland", "fin"]), ("FR", &["france", "fra"]),
    ("GB", &["unitedkingdom", "greatbritain", "gbr"]), ("GR", &["greece", "grc"]), ("GT", &["guatemala", "gtm"]),
    ("HK", &["hongkong", "hkg"]), ("HR", &["croatia", "hrv"]), ("HU", &["hungary", "hun"]),
    ("ID", &["indonesia", "idn"]), ("IE", &["ireland", "irl"]), ("IL", &["israel", "isr"]),
    ("IN", &["india", "ind"]), ("IS", &["iceland", "isl"]), ("IT", &["italy", "ita"]),
    ("JP", &["japan", "jpn"]), ("KE", &["kenya", "ken"]), ("KR", &["southkorea", "koreasouth", "republicofkorea", "kor"]),
    ("LT", &["lithuania", "ltu"]), ("LU", &["luxembourg", "lux"]), ("LV", &["latvia", "lva"]),
    ("MA", &["morocco", "mar"]), ("MT", &["malta", "mlt"]), ("MX", &["mexico", "mex"]),
    ("MY", &["malaysia", "mys"]), ("NG", &["nigeria", "nga"]), ("NL", &["netherlands", "thenetherlands", "nld"]),
    ("NO", &["norway", "nor"]), ("NZ", &["newzealand", "nzl"]), ("PA", &["panama", "pan"]),
    ("PE", &["peru", "per"]), ("PH", &["philippines", "phl"]), ("PL", &["poland", "pol"]),
    ("PT", &["portugal", "prt"]), ("PY", &["paraguay", "pry"]), ("RO", &["romania", "rou"]),
    ("RS", &["serbia", "srb"]), ("SA", &["saudiarabia", "sau"]), ("SE", &["sweden", "swe"]),
    ("SG", &["singapore", "sgp"]), ("SI", &["slovenia", "svn"]), ("SK", &["slovakia", "svk"]),
    ("TH", &["thailand", "tha"]), ("TR", &["turkey", "türkiye", "tur"]), ("TW", &["taiwan", "twn"]),
    ("UA", &["ukraine", "ukr"]), ("US", &["unitedstates", "unitedstatesofamerica", "usa"]), ("UY", &["uruguay", "ury"]),
    ("VN", &["vietnam", "vnm"]), ("ZA", &["southafrica", "zaf"]),
    ("ZZ", &["other", "others", "unknown", "restofworld", "restoftheworld", "worldwide", "row", "ww"]),
];
