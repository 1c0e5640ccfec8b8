//! Names of countries in German, and of larger markets in French, Spanish and Portuguese, where they are not written as
//! in English.

/// Codes of ISO 3166-1 with names in small letters, without blanks and signs, apart by `;`.
#[rustfmt::skip]
pub(super) const COUNTRIES: &[(&str, &str)] = &[
    ("AE", "vereinigtearabischeemirate;émiratsarabesunis;emiratosárabesunidos;emiradosárabesunidos"),
    ("AL", "albanien"), ("AM", "armenien"), ("AR", "argentinien;argentine"), ("AT", "österreich;oesterreich;autriche;áustria"),
    ("AU", "australien;australie;austrália"), ("AZ", "aserbaidschan"), ("BA", "bosnienundherzegowina;bosnien"),
    ("BD", "bangladesch"), ("BE", "belgien;belgique;bélgica"), ("BG", "bulgarien;bulgarie;bulgária"), ("BO", "bolivien;bolivie"),
    ("BR", "brasilien;brésil;brasil"), ("BY", "weißrussland;weissrussland"), ("CA", "kanada;canadá"),
    ("CD", "demokratischerepublikkongo"), ("CH", "schweiz;dieschweiz;suisse;suiza;suíça"), ("CI", "elfenbeinküste;côtedivoire"),
    ("CL", "chili"), ("CM", "kamerun"), ("CN", "chine"), ("CO", "kolumbien;colombie;colômbia"),
    ("CU", "kuba"), ("CV", "kapverde;caboverde"), ("CY", "zypern;chypre;chipre"),
    ("CZ", "tschechien;tschechischerepublik;tchéquie;chequia;tchéquia"),
    ("DE", "deutschland;allemagne;alemania;alemanha"), ("DK", "dänemark;daenemark;danemark;dinamarca"),
    ("DO", "dominikanischerepublik;républiquedominicaine;repúblicadominicana"), ("DZ", "algerien;algérie;argelia;argélia"),
    ("EC", "équateur;equador"), ("EE", "estland;estonie;estónia;estônia"), ("EG", "ägypten;égypte;egipto;egito"),
    ("ES", "spanien;espagne;españa;espanha"), ("ET", "äthiopien"), ("FI", "finnland;finlande;finlandia;finlândia"),
    ("FJ", "fidschi"), ("FR", "frankreich;francia;frança"), ("GA", "gabun"),
    ("GB", "vereinigteskönigreich;großbritannien;grossbritannien;royaumeuni;reinounido"), ("GE", "georgien;géorgie"),
    ("GR", "griechenland;grèce;grecia;grécia"), ("HR", "kroatien;croatie;croacia;croácia"),
    ("HU", "ungarn;hongrie;hungría;hungria"), ("ID", "indonesien;indonésie;indonésia"), ("IE", "irland;irlande;irlanda"),
    ("IL", "israël"), ("IN", "indien;inde;índia"), ("IQ", "irak"), ("IS", "island;islande;islandia;islândia"),
    ("IT", "italien;italie;italia;itália"), ("JM", "jamaika"), ("JO", "jordanien"), ("JP", "japon;japón;japão"),
    ("KE", "kenia;quênia"), ("KG", "kirgisistan"), ("KH", "kambodscha"),
    ("KR", "südkorea;suedkorea;coréedusud;coreadelsur;coreiadosul"), ("KZ", "kasachstan"), ("LB", "libanon"),
    ("LT", "litauen;lituanie;lituania;lituânia"), ("LU", "luxemburg;luxemburgo"), ("LV", "lettland;lettonie;letonia;letônia"),
    ("LY", "libyen"), ("MA", "marokko;maroc;marruecos;marrocos"), ("MD", "moldau;republikmoldau"), ("MG", "madagaskar"),
    ("MK", "nordmazedonien"), ("MN", "mongolei"), ("MO", "macao"), ("MR", "mauretanien"), ("MV", "malediven"),
    ("MX", "mexiko;mexique;méxico"), ("MY", "malaysie;malasia;malásia"), ("MZ", "mosambik"),
    ("NL", "niederlande;dieniederlande;paysbas;paísesbajos;paísesbaixos;holanda"), ("NO", "norwegen;norvège;noruega"),
    ("NZ", "neuseeland;nouvellezélande;nuevazelanda;novazelândia"), ("PE", "pérou;perú"),
    ("PG", "papuaneuguinea"), ("PH", "philippinen;filipinas"), ("PL", "polen;pologne;polonia;polônia;polónia"),
    ("QA", "katar"), ("RO", "rumänien;roumanie;rumania;rumanía;romênia;roménia"), ("RS", "serbien;serbie;sérvia"),
    ("RU", "russland;russischeföderation;russie;rusia;rússia"), ("RW", "ruanda"),
    ("SA", "saudiarabien;arabiesaoudite;arabiasaudita;arabiasaudí;arábiasaudita"), ("SC", "seychellen"),
    ("SE", "schweden;suède;suecia;suécia"), ("SG", "singapur;singapour;singapura"), ("SI", "slowenien;slovénie;eslovenia;eslovênia"),
    ("SK", "slowakei;slovaquie;eslovaquia;eslováquia"), ("SY", "syrien"), ("TD", "tschad"), ("TH", "thaïlande;tailandia;tailândia"),
    ("TJ", "tadschikistan"), ("TN", "tunesien;tunisie"), ("TR", "türkei;tuerkei;turquie;turquía;turquia"),
    ("TT", "trinidadundtobago"), ("TZ", "tansania"), ("UA", "ukraine;ucrania;ucrânia"),
    ("US", "vereinigtestaaten;vereinigtestaatenvonamerika;étatsunis;estadosunidos"), ("UZ", "usbekistan"),
    ("VN", "viêtnam;vietname;vietnã"), ("YE", "jemen"),
    ("ZA", "südafrika;suedafrika;afriquedusud;sudáfrica;áfricadosul"), ("ZM", "sambia"), ("ZW", "simbabwe"),
    ("ZZ", "sonstige;andere;unbekannt;restderwelt;autres;inconnu;otros;outros;restodelmundo;restodomundo"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_countries_and_all_are_written_as_they_are_compared() {
        let mut all: Vec<&str> = COUNTRIES.iter().flat_map(|(_, names)| names.split(';')).collect();
        assert!(all.iter().all(|name| name.chars().all(|c| c.is_alphanumeric() && !c.is_uppercase())));
        let many = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), many);
    }
}
