//! Which contract is meant: one that is named without its folder, or only by whose it is. Where several could be, the
//! person is asked.

use super::Shared;
use super::understand::{Known, Understanding, Understood, folded};
use crate::engine::catalog::ownership;
use crate::engine::config::BucketRole;
use crate::engine::gateway::{CallError, CallErrorKind, Origin, Principal};
use crate::engine::tools::s3::{FileOrder, ListContracts, ListInput};
use crate::model::task::{Problem, Question, Workflow};
use crate::model::tool::{Choice, ChoiceOption};

/// How many contracts are listed at once, and how often at most.
const AT_ONCE: u32 = 1_000;
const READS: usize = 10;

/// The most that are offered to choose from.
const MOST_OPTIONS: usize = 30;

/// The parameter that settles it.
const ARGUMENT: &str = "fileName";

/// The names of contracts that somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Contracts {
    names: Vec<String>,
    /// Whether these are all.
    whole: bool,
}

impl Shared {
    /// Puts the whole name of the contract that is meant into what was understood. What cannot be listed for the
    /// person stays as they have said it.
    pub(super) async fn with_contract(
        &self,
        agent: &Principal,
        origin: &Origin,
        understanding: Understanding,
        known: &Known,
    ) -> Understanding {
        let Understanding::Clear(understood) = understanding else { return understanding };
        let is_named = understood.file.is_some() || !understood.artists.is_empty();
        let has_folder = understood.file.as_ref().is_some_and(|file| file.contains('/'));
        if understood.workflow != Workflow::ContractSummary || !is_named || has_folder {
            return Understanding::Clear(understood);
        }
        match self.contracts(agent, origin).await {
            Ok(contracts) => meant(*understood, &contracts, known),
            Err(error) => {
                if error.kind != CallErrorKind::Forbidden {
                    tracing::warn!(%error, "contracts cannot be listed; the name of one stays as it was said");
                }
                Understanding::Clear(understood)
            }
        }
    }

    async fn contracts(&self, agent: &Principal, origin: &Origin) -> Result<Contracts, CallError> {
        let mut contracts = Contracts { names: Vec::new(), whole: true };
        let mut cursor = None;
        for _ in 0..READS {
            let own =
                Origin { session: origin.session.clone(), ..Origin::new(origin.channel, origin.address) };
            let input = ListInput {
                bucket_name: None,
                prefix: String::new(),
                max_keys: AT_ONCE,
                order: FileOrder::Name,
                cursor: cursor.take(),
            };
            let listed = self.gateway.call::<ListContracts>(agent, &own, input).await?.output;
            contracts.names.extend(listed.files.into_iter().map(|file| file.file_name));
            cursor = listed.next_cursor;
            if cursor.is_none() {
                return Ok(contracts);
            }
        }
        Ok(Contracts { whole: false, ..contracts })
    }
}

/// Which contract is meant by a name, or as that of an artist.
fn meant(understood: Understood, contracts: &Contracts, known: &Known) -> Understanding {
    let (fitting, what) = if let Some(file) = &understood.file {
        (by_name(file, &understood, contracts), format!("are called {file}"))
    } else {
        let name = name_of_artist(&understood, known);
        (of_artist(&understood, &name, contracts), format!("are of {name}"))
    };
    match fitting.as_slice() {
        [] if contracts.whole => Understanding::Not(none(&what)),
        [] => Understanding::Clear(Box::new(understood)),
        [one] => Understanding::Clear(Box::new(with_file(understood, one))),
        several if several.len() > MOST_OPTIONS => Understanding::Not(too_many(several.len(), &what)),
        several => {
            let option = |name: &&String| ChoiceOption { value: (*name).clone(), title: (*name).clone() };
            let options = several.iter().map(option).collect();
            let choice = Choice { argument: ARGUMENT.to_owned(), replaces: "task".to_owned(), options };
            let text = format!("Several contracts {what}. Which one do you mean?");
            Understanding::Ask(Question { text, choice })
        }
    }
}

/// The contract of exactly this name, or those whose names are this without their folder. Of an artist who is named,
/// too, where they have one.
fn by_name<'c>(file: &str, understood: &Understood, contracts: &'c Contracts) -> Vec<&'c String> {
    if let Some(exact) = contracts.names.iter().find(|name| *name == file) {
        return vec![exact];
    }
    let wanted = file.to_lowercase();
    let is_called = |name: &&String| last_part(name).to_lowercase() == wanted;
    let fitting: Vec<_> = contracts.names.iter().filter(is_called).collect();
    let theirs: Vec<_> = fitting.iter().copied().filter(|name| is_in_folder(name, understood)).collect();
    if theirs.is_empty() {
        fitting.into_iter().filter(|name| may_be_theirs(name, understood)).collect()
    } else {
        theirs
    }
}

/// What lies in the artist's folder; else what has the artist's name in its own.
fn of_artist<'c>(understood: &Understood, artist: &str, contracts: &'c Contracts) -> Vec<&'c String> {
    let theirs: Vec<_> = contracts.names.iter().filter(|name| is_in_folder(name, understood)).collect();
    if !theirs.is_empty() {
        return theirs;
    }
    let wanted = in_words(artist);
    let is_named =
        |name: &&String| !wanted.trim().is_empty() && in_words(last_part(name)).contains(wanted.as_str());
    contracts.names.iter().filter(|name| is_named(name) && may_be_theirs(name, understood)).collect()
}

/// Whether the folder of a contract is that of an artist who is named.
fn is_in_folder(name: &str, understood: &Understood) -> bool {
    owner(name).is_some_and(|owner| understood.artists.iter().any(|artist| artist.as_str() == owner))
}

/// Whether a contract is of no other artist than those who are named, as far as its name tells. Where nobody is named
/// it may be anybody's.
fn may_be_theirs(name: &str, understood: &Understood) -> bool {
    understood.artists.is_empty() || owner(name).is_none() || is_in_folder(name, understood)
}

/// Whose a contract is by its name, as the policy tells it.
fn owner(name: &str) -> Option<&str> {
    ownership::by_name(Some(BucketRole::Contracts), name)
}

fn last_part(name: &str) -> &str {
    name.rsplit('/').next().unwrap_or(name)
}

/// A name as words with a space before and after each: `mira-ashford.pdf` is ` mira ashford pdf `.
fn in_words(name: &str) -> String {
    let folded = folded(name);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.fold(" ".to_owned(), |text, word| text + word + " ")
}

fn name_of_artist(understood: &Understood, known: &Known) -> String {
    let id = understood.artists.first();
    let artist = id.and_then(|id| known.artists.iter().find(|artist| artist.artist_id == *id));
    artist.map_or_else(String::new, |artist| artist.name.clone())
}

fn with_file(understood: Understood, name: &str) -> Understood {
    let line = match &understood.file {
        Some(said) => understood.line.replace(said.as_str(), name),
        None => format!("{}, {name}", understood.line),
    };
    Understood { file: Some(name.to_owned()), line, ..understood }
}

fn none(what: &str) -> Problem {
    Problem {
        message: format!("Among the contracts that you may see there are none that {what}."),
        remedy: "Look at the list of contracts, and use the name of the file as it stands there.".to_owned(),
        nearest: Vec::new(),
    }
}

fn too_many(count: usize, what: &str) -> Problem {
    Problem {
        message: format!("There are {count} contracts that {what}."),
        remedy: "Use the whole name of one, with its folder, as the list of contracts shows it.".to_owned(),
        nearest: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_word_by_word() {
        assert_eq!(in_words("Mira_Ashford-recording.pdf"), " mira ashford recording pdf ");
        assert!(in_words("mira-ashford-recording.pdf").contains(&in_words("Mira Ashford")));
        assert!(!in_words("miranda-ashford.pdf").contains(&in_words("Mira")));
        assert_eq!(last_part("art_1/a/licence.md"), "licence.md");
    }

    #[test]
    fn a_contract_of_another_artist_is_never_taken_for_that_of_the_one_who_is_named() {
        let names = [
            "art_2/licence.md",
            "artists/art_2/mira-ashford.pdf",
            "artists/art_1/deal.pdf",
            "imports/mira-ashford-old.pdf",
            "licence.md",
        ];
        let contracts = Contracts { names: names.map(str::to_owned).to_vec(), whole: true };
        let of = |artists: &[&str]| Understood {
            workflow: Workflow::ContractSummary,
            artists: artists.iter().map(|id| id.parse().expect("an id")).collect(),
            releases: Vec::new(),
            period: None,
            before: None,
            territory: None,
            further_territories: Vec::new(),
            by_territory: false,
            genre: None,
            file: None,
            change: None,
            topic: String::new(),
            line: String::new(),
        };
        assert_eq!(by_name("Deal.pdf", &of(&["art_1"]), &contracts), ["artists/art_1/deal.pdf"]);
        assert_eq!(by_name("mira-ashford.pdf", &of(&["art_1"]), &contracts), Vec::<&String>::new());
        assert_eq!(by_name("mira-ashford.pdf", &of(&[]), &contracts), ["artists/art_2/mira-ashford.pdf"]);
        assert_eq!(of_artist(&of(&["art_1"]), "Mira Ashford", &contracts), ["artists/art_1/deal.pdf"]);
        assert_eq!(of_artist(&of(&["art_3"]), "Mira Ashford", &contracts), ["imports/mira-ashford-old.pdf"]);
    }
}
