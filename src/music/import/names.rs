//! Platforms and territories by the names that exports give them.

use super::foreign_countries::COUNTRIES;
use crate::music::territory::TERRITORIES;
use std::collections::HashMap;
use std::sync::LazyLock;

/// Social networks, by the ids under which their figures are kept.
const NETWORKS: [&str; 4] = ["tiktok", "instagram", "facebook", "youtube"];

/// Whether an id is that of a social network, whose plays are no streams.
pub fn is_social(id: &str) -> bool {
    NETWORKS.contains(&id)
}

/// A name as it is compared: small letters and digits.
fn compared(text: &str) -> String {
    text.to_lowercase().chars().filter(|c| c.is_alphanumeric()).collect()
}

/// The platform that a line of figures means. What is called YouTube without more is the music service where streams
/// stand beside it, and the video service where none do.
pub fn platform_of_figures(text: &str, has_streams: bool) -> Option<&'static str> {
    if !has_streams && compared(text) == "youtube" {
        return Some("youtube");
    }
    platform(text)
}

/// The platforms that a name may mean which does not leave it at one.
pub fn candidates(text: &str) -> &'static [&'static str] {
    match compared(text).as_str() {
        "facebookinstagram"
        | "instagramfacebook"
        | "facebookandinstagram"
        | "instagramandfacebook"
        | "meta"
        | "fbig" => &["facebook", "instagram"],
        "applemusicitunes" | "itunesapplemusic" | "appleitunes" | "itunesapple" => &["appleMusic"],
        _ => &[],
    }
}

/// The platform that a report means, by the id under which it is kept; none where its figures are not kept, or several
/// can be meant.
pub fn platform(text: &str) -> Option<&'static str> {
    match compared(text).as_str() {
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
        "deezer" | "deezerpremium" | "deezerfree" | "deezerhifi" => Some("deezer"),
        "tidal" | "tidalhifi" | "tidalmusic" => Some("tidal"),
        "soundcloud" | "soundcloudgo" | "soundcloudgoplus" | "soundcloudadsupported" => Some("soundcloud"),
        "pandora" | "pandoraplus" | "pandorapremium" => Some("pandora"),
        "qobuz" => Some("qobuz"),
        "anghami" | "anghamiplus" => Some("anghami"),
        "boomplay" | "boomplaymusic" => Some("boomplay"),
        "netease" | "neteasemusic" | "neteasecloudmusic" | "neteasecloud" | "网易云音乐" => {
            Some("neteaseCloudMusic")
        }
        "tiktok" => Some("tiktok"),
        "instagram" | "instagramreels" | "instagrammusic" => Some("instagram"),
        "facebook" | "facebookreels" | "facebookmusic" => Some("facebook"),
        "youtubevideo" | "youtubevideos" | "youtubechannel" | "youtubestudio" => Some("youtube"),
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
    matches!(
        compared(text).as_str(),
        "worldwide"
            | "world"
            | "ww"
            | "global"
            | "allcountries"
            | "allterritories"
            | "weltweit"
            | "alleländer"
            | "mondial"
            | "mundial"
            | "mondiale"
    )
}

/// The code of a territory (ISO 3166-1 alpha-2), by code or name, in English, German and, for larger markets, French,
/// Spanish and Portuguese; `ZZ` for the rest of the world.
pub fn territory(text: &str) -> Option<String> {
    let text = text.trim();
    let is_code = |length: usize| text.len() == length && text.bytes().all(|b| b.is_ascii_alphabetic());
    if is_code(2) {
        let code = text.to_ascii_uppercase();
        return Some(if code == "UK" { "GB".to_owned() } else { code });
    }
    BY_NAME.get(&compared(text)).map(|code| (*code).to_owned())
}

/// The codes by all names that are known: it is asked for each line of a file.
static BY_NAME: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let usual = NAMES.iter().flat_map(|(code, names)| names.iter().map(move |name| (*code, *name)));
    let foreign = COUNTRIES.iter().flat_map(|(code, names)| names.split(';').map(move |name| (*code, name)));
    let rare = TERRITORIES.iter().flat_map(|(code, name, others)| {
        std::iter::once(*name).chain(others.split(';')).map(move |name| (*code, name))
    });
    let mut codes = HashMap::new();
    // Where two would have the same name, the first has it.
    for (code, name) in usual.chain(foreign).chain(rare).filter(|(_, name)| !name.is_empty()) {
        codes.entry(compared(name)).or_insert(code);
    }
    codes
});

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn platforms_are_known_as_services_write_them() {
        let known = [
            ("TIKTOK", "tiktok"),
            ("Tik Tok", "tiktok"),
            ("Deezer", "deezer"),
            ("TIDAL", "tidal"),
            ("SoundCloud Go+", "soundcloud"),
            ("NetEase Cloud Music", "neteaseCloudMusic"),
            ("Instagram Reels", "instagram"),
        ];
        for (text, id) in known {
            assert_eq!(platform(text), Some(id), "{text}");
        }
        assert_eq!((platform("Napster"), platform("Meta")), (None, None));
    }

    #[test]
    fn youtube_is_the_music_service_where_it_has_streams_and_else_the_video_service() {
        assert_eq!(platform_of_figures("YouTube", true), Some("youtubeMusic"));
        assert_eq!(platform_of_figures("YouTube", false), Some("youtube"));
        assert_eq!(platform_of_figures("YouTube Music", false), Some("youtubeMusic"));
    }

    #[test]
    fn countries_are_known_by_their_names_in_several_languages() {
        let known = [
            ("de", "DE"),
            ("DEU", "DE"),
            ("Germany", "DE"),
            ("Deutschland", "DE"),
            ("Vereinigte Staaten", "US"),
            ("États-Unis", "US"),
            ("Südkorea", "KR"),
            ("Elfenbeinküste", "CI"),
            ("España", "ES"),
            ("África do Sul", "ZA"),
            ("Bosnia and Herzegovina", "BA"),
            ("Sonstige", "ZZ"),
        ];
        for (text, code) in known {
            assert_eq!(territory(text).as_deref(), Some(code), "{text}");
        }
        assert_eq!((territory("Atlantis"), territory("")), (None, None));
        assert!(is_worldwide("Weltweit"));
    }

    #[test]
    fn what_may_be_two_platforms_is_none_of_them() {
        assert_eq!((platform("Facebook/Instagram"), candidates("Facebook/Instagram").len()), (None, 2));
        assert!(candidates("Facebook").is_empty());
    }
}
