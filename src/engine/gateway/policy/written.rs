//! Rules as they are written down, and back: parsed once, with mistakes named; and in sentences for people.

use super::rules::{Pattern, Rule, RuleId, Says};
use super::{Enforcement, Kind};
use crate::engine::config::{OnViolation, Schedule, SecurityMode};
use crate::engine::gateway::Role;
use crate::engine::gateway::policy::vocabulary::ROLES;
use crate::model::field::FieldError;
use crate::model::policy::{PlaceKind, PolicyMode, RuleDocument, RuleSays};
use ipnet::IpNet;
use std::net::IpAddr;

impl Rule {
    /// Reads rules, and finds everything that is wrong with them: the field of a mistake is the rule's place
    /// in the list.
    ///
    /// # Errors
    /// Each mistake.
    pub fn read(documents: &[RuleDocument]) -> Result<Vec<Self>, Vec<FieldError>> {
        let (mut rules, mut wrong) = (Vec::<Self>::new(), Vec::new());
        for (index, document) in documents.iter().enumerate() {
            let field = |name: &str| format!("rules.{index}.{name}");
            match Self::read_one(document) {
                Err((name, message)) => wrong.push(FieldError::new(field(name), message)),
                Ok(rule) if rules.iter().any(|known| known.id == rule.id) => {
                    wrong.push(FieldError::new(field("id"), "there is another rule of this name"));
                }
                Ok(rule) => rules.push(rule),
            }
        }
        if wrong.is_empty() { Ok(rules) } else { Err(wrong) }
    }

    fn read_one(document: &RuleDocument) -> Result<Self, (&'static str, String)> {
        let id = document.id.parse::<RuleId>().map_err(|error| ("id", error))?;
        let mut roles = Vec::new();
        for word in &document.roles {
            let role = ROLES.into_iter().find(|role| role.id() == word);
            roles.push(role.ok_or_else(|| ("roles", format!("there is no role {word:?}")))?);
        }
        let rule = Self { id, says: Says::read(&document.says)?, roles, shadow: document.shadow };
        rule.check().map_err(|error| ("says", error.to_string()))?;
        Ok(rule)
    }

    /// A rule of the same name as another would make records that nobody can tell apart.
    pub(in crate::engine::gateway) fn id(&self) -> &RuleId {
        &self.id
    }

    /// What it says, in a sentence.
    pub fn in_words(&self) -> String {
        let whom = match self.roles.as_slice() {
            [] => String::new(),
            roles => {
                let words: Vec<_> = roles.iter().map(|role| plural(*role)).collect();
                format!("For {}: ", words.join(", "))
            }
        };
        let patterns = |names: &[Pattern]| names.iter().map(Pattern::as_str).collect::<Vec<_>>().join(", ");
        let networks = |list: &[IpNet]| list.iter().map(IpNet::to_string).collect::<Vec<_>>().join(", ");
        let says = match &self.says {
            Says::OnlyTools(tools) => format!("only these tools may be used: {}.", tools.join(", ")),
            Says::NoTools(tools) => format!("these tools may not be used: {}.", tools.join(", ")),
            Says::NotForAgents(tools) => {
                format!("the supervisor may not use these tools: {}.", tools.join(", "))
            }
            Says::OnlyPlaces(kind, names) => {
                format!("no other {} may be used than {}.", kind.in_words(), patterns(names))
            }
            Says::NoPlaces(kind, names) => {
                format!("no {} may be used that is named {}.", kind.in_words(), patterns(names))
            }
            Says::OnlyFiles(names) => format!("only files named {} may be used.", patterns(names)),
            Says::AtMostBytes(bytes) => format!("files of more than {bytes} bytes may not be stored."),
            Says::OnlyFrom(list) => format!("calls come from {} only.", networks(list)),
            Says::NotFrom(list) => format!("no calls come from {}.", networks(list)),
            Says::OnlyAt(hours) => format!("calls are made within {hours} only; administration at any time."),
        };
        let sentence = format!("{whom}{says}");
        let mut letters = sentence.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    }
}

impl Says {
    fn read(says: &RuleSays) -> Result<Self, (&'static str, String)> {
        let patterns = |names: &[String]| {
            names.iter().map(|name| name.parse::<Pattern>()).collect::<Result<Vec<_>, _>>()
        };
        let wrong = |error: String| ("says", error);
        Ok(match says {
            RuleSays::OnlyTools { names } => Says::OnlyTools(names.clone()),
            RuleSays::NoTools { names } => Says::NoTools(names.clone()),
            RuleSays::NotForSupervisor { names } => Says::NotForAgents(names.clone()),
            RuleSays::OnlyPlaces { place, names } => {
                Says::OnlyPlaces((*place).into(), patterns(names).map_err(wrong)?)
            }
            RuleSays::NoPlaces { place, names } => {
                Says::NoPlaces((*place).into(), patterns(names).map_err(wrong)?)
            }
            RuleSays::OnlyFiles { names } => Says::OnlyFiles(patterns(names).map_err(wrong)?),
            RuleSays::AtMostBytes { bytes } => Says::AtMostBytes(*bytes),
            RuleSays::OnlyFrom { networks } => Says::OnlyFrom(read_networks(networks).map_err(wrong)?),
            RuleSays::NotFrom { networks } => Says::NotFrom(read_networks(networks).map_err(wrong)?),
            RuleSays::OnlyAt { hours } => Says::OnlyAt(hours.parse::<Schedule>().map_err(wrong)?),
        })
    }
}

fn read_networks(texts: &[String]) -> Result<Vec<IpNet>, String> {
    let read = |text: &String| {
        let network = text.parse::<IpNet>().or_else(|_| text.parse::<IpAddr>().map(IpNet::from));
        network.map_err(|_| format!("{text:?} is not a CIDR block such as 10.0.0.0/8"))
    };
    texts.iter().map(read).collect()
}

pub(super) fn plural(role: Role) -> &'static str {
    match role {
        Role::Artist => "artists",
        Role::Producer => "producers",
        Role::Manager => "managers",
        Role::Label => "the label's staff",
        Role::Admin => "admins",
    }
}

impl From<PlaceKind> for Kind {
    fn from(kind: PlaceKind) -> Self {
        match kind {
            PlaceKind::Bucket => Kind::Bucket,
            PlaceKind::Table => Kind::Table,
            PlaceKind::Model => Kind::Model,
            PlaceKind::KnowledgeBase => Kind::KnowledgeBase,
            PlaceKind::LogGroup => Kind::LogGroup,
            PlaceKind::Database => Kind::Database,
            PlaceKind::Metrics => Kind::Metrics,
        }
    }
}

impl From<PolicyMode> for Enforcement {
    fn from(mode: PolicyMode) -> Self {
        let (mode, on_violation) = match mode {
            PolicyMode::Enforcing => (SecurityMode::Enforcing, OnViolation::Block),
            PolicyMode::Logging => (SecurityMode::Enforcing, OnViolation::Log),
            PolicyMode::Permissive => (SecurityMode::Permissive, OnViolation::Block),
        };
        Self { mode, on_violation }
    }
}

impl From<Enforcement> for PolicyMode {
    fn from(enforcement: Enforcement) -> Self {
        match (enforcement.mode, enforcement.on_violation) {
            (SecurityMode::Permissive, _) => PolicyMode::Permissive,
            (SecurityMode::Enforcing, OnViolation::Log) => PolicyMode::Logging,
            (SecurityMode::Enforcing, OnViolation::Block) => PolicyMode::Enforcing,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzzing;

    fn document(id: &str, says: RuleSays) -> RuleDocument {
        RuleDocument { id: id.to_owned(), says, roles: vec!["producer".to_owned()], shadow: false }
    }

    fn no_tools(id: &str) -> RuleDocument {
        document(id, RuleSays::NoTools { names: vec!["get_contract".to_owned()] })
    }

    #[test]
    fn a_rule_is_told_in_a_sentence() {
        let rules = Rule::read(&[no_tools("no-contracts")]).expect("a rule");
        assert_eq!(rules[0].in_words(), "For producers: these tools may not be used: get_contract.");
        let hours = RuleDocument {
            roles: Vec::new(),
            ..document(
                "office",
                RuleSays::OnlyAt { hours: "Mon-Fri 09:00-18:30; Fri 22:00-02:00".to_owned() },
            )
        };
        let rules = Rule::read(&[hours]).expect("a rule");
        let words = rules[0].in_words();
        assert!(
            words.starts_with("Calls are made within Mon-Fri 09:00-18:30; Fri 22:00-02:00 only"),
            "{words}"
        );
    }

    #[test]
    fn each_mistake_is_named_with_its_place() {
        let networks = |text: &str| RuleSays::OnlyFrom { networks: vec![text.to_owned()] };
        let wrong = Rule::read(&[
            no_tools("Bad Name"),
            document("empty", RuleSays::OnlyTools { names: Vec::new() }),
            document("far", networks("10.0.0.0/33")),
            document("when", RuleSays::OnlyAt { hours: "weekdays".to_owned() }),
            RuleDocument { roles: vec!["boss".to_owned()], ..no_tools("who") },
            no_tools("twice"),
            no_tools("twice"),
        ]);
        let wrong = wrong.expect_err("all but one are wrong");
        let fields: Vec<_> = wrong.iter().map(|wrong| wrong.field.as_str()).collect();
        let expected =
            ["rules.0.id", "rules.1.says", "rules.2.says", "rules.3.says", "rules.4.roles", "rules.6.id"];
        assert_eq!(fields, expected);
    }

    #[test]
    fn modes_are_the_same_forth_and_back() {
        for mode in [PolicyMode::Enforcing, PolicyMode::Logging, PolicyMode::Permissive] {
            assert_eq!(PolicyMode::from(Enforcement::from(mode)), mode);
        }
    }

    #[test]
    fn fuzz_rules_that_people_write() {
        let seeds = [
            r#"[{"id":"no-contracts","says":{"kind":"noTools","names":["get_contract"]},"roles":["producer"]}]"#,
            r#"[{"id":"office","says":{"kind":"onlyAt","hours":"Mon-Fri 09:00-18:30"},"shadow":true}]"#,
            r#"[{"id":"here","says":{"kind":"onlyFrom","networks":["10.0.0.0/8","2001:db8::/32","127.0.0.1"]}}]"#,
            r#"[{"id":"a","says":{"kind":"noPlaces","place":"bucket","names":["patchline-*"]}}]"#,
        ];
        let words =
            ["\"id\":", "\"names\":[", "*", "/33", "::", "onlyTools", "};permit(principal,action,resource);"];
        fuzzing::text(500, &seeds, &words, |text| {
            let Ok(documents) = serde_json::from_str::<Vec<RuleDocument>>(text) else { return };
            match Rule::read(&documents) {
                Ok(rules) => {
                    assert_eq!(rules.len(), documents.len());
                    assert!(rules.iter().all(|rule| !rule.in_words().is_empty()));
                    assert!(rules.iter().all(|rule| rule.check().is_ok()), "a rule that says nothing");
                }
                Err(mistakes) => {
                    let named =
                        |wrong: &FieldError| wrong.field.starts_with("rules.") && !wrong.message.is_empty();
                    assert!(!mistakes.is_empty() && mistakes.iter().all(named));
                }
            }
        });
    }
}
