//! Names of columns in German, French, Spanish, Portuguese and Italian: exports follow the language of whoever downloads
//! them. They are guesses that people confirm, as the English ones are.

use super::field::Field;

/// What a column of this name says, in small letters; none of names that are not known.
pub(super) fn field(name: &str) -> Option<Field> {
    NAMES.iter().find(|(_, names)| names.contains(&name)).map(|(field, _)| *field)
}

/// Each field with its names. No name stands twice.
const NAMES: &[(Field, &[&str])] = &[
    (Field::Day, &["tag", "jour", "fecha", "día", "dia", "data", "giorno"]),
    (
        Field::Period,
        &[
            "monat",
            "verkaufsmonat",
            "zeitraum",
            "mois",
            "période",
            "mes",
            "mês",
            "período",
            "periodo",
            "mese",
        ],
    ),
    (
        Field::Report,
        &["abrechnung", "abrechnungsdatum", "berichtsdatum", "date du rapport", "fecha del informe"],
    ),
    (
        Field::ArtistName,
        &["künstler", "künstlername", "künstlerin", "interpret", "artiste", "interprète", "artista"],
    ),
    (
        Field::Title,
        &["titel", "songtitel", "titre", "morceau", "título", "canción", "faixa", "titolo", "brano"],
    ),
    (
        Field::Platform,
        &[
            "plattform",
            "dienst",
            "streamingdienst",
            "anbieter",
            "händler",
            "plateforme",
            "boutique",
            "magasin",
            "plataforma",
            "tienda",
            "servicio",
            "loja",
            "serviço",
            "piattaforma",
            "negozio",
            "servizio",
        ],
    ),
    (
        Field::Territory,
        &["land", "gebiet", "ländercode", "pays", "territoire", "país", "territorio", "território", "paese"],
    ),
    (Field::Channel, &["nutzungsart", "type d'utilisation", "tipo de uso"]),
    (
        Field::Streams,
        &[
            "wiedergaben",
            "abrufe",
            "écoutes",
            "lectures",
            "reproducciones",
            "reproduções",
            "riproduzioni",
            "ascolti",
        ],
    ),
    (Field::Listeners, &["hörer", "hörerinnen und hörer", "auditeurs", "oyentes", "ouvintes", "ascoltatori"]),
    (
        Field::Saves,
        &["gespeichert", "speicherungen", "enregistrements", "guardados", "salvamentos", "salvataggi"],
    ),
    (Field::Followers, &["follower", "abonnenten", "abonnés", "seguidores"]),
    (Field::Likes, &["gefällt mir", "gefällt-mir-angaben", "j'aime", "me gusta", "curtidas", "mi piace"]),
    (Field::Comments, &["kommentare", "commentaires", "comentarios", "comentários", "commenti"]),
    (Field::Posts, &["beiträge", "publications", "publicaciones", "publicações"]),
    (
        Field::Views,
        &[
            "aufrufe",
            "videoaufrufe",
            "vues",
            "vues de vidéos",
            "visualizaciones",
            "visualizações",
            "visualizzazioni",
        ],
    ),
    (Field::Units, &["menge", "anzahl", "stück", "quantité", "cantidad", "quantidade", "quantità"]),
    (Field::Amount, &["betrag", "nettobetrag", "erlös", "montant", "importe", "montante", "importo"]),
    (Field::Currency, &["währung", "devise", "moneda", "moeda", "valuta"]),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_things() {
        let mut all: Vec<&str> = NAMES.iter().flat_map(|(_, names)| names.iter().copied()).collect();
        all.extend(Field::all().flat_map(|field| field.usual_names().iter().copied()));
        all.sort_unstable();
        let twice: Vec<_> = all.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{twice:?}");
    }
}
