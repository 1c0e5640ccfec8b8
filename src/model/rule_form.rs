//! The form of a rule: what is typed into it, the rule that it means, and back.

use super::field::FieldError;
use super::policy::{PlaceKind, RuleDocument, RuleSays};
use serde::{Deserialize, Serialize};

/// What a rule is about: each has fields of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum About {
    /// Tools.
    #[default]
    Tools,
    /// Buckets, tables, models and the like.
    Places,
    /// Names of files.
    Files,
    /// How large files may be.
    Size,
    /// From where calls come.
    Networks,
    /// When calls are made.
    Hours,
}

impl About {
    /// All of them.
    pub const ALL: [About; 6] =
        [About::Tools, About::Places, About::Files, About::Size, About::Networks, About::Hours];

    /// The word in forms and addresses.
    pub fn id(self) -> &'static str {
        match self {
            About::Tools => "tools",
            About::Places => "places",
            About::Files => "files",
            About::Size => "size",
            About::Networks => "networks",
            About::Hours => "hours",
        }
    }

    /// What has this [`About::id`].
    pub fn from_id(id: &str) -> Option<About> {
        About::ALL.into_iter().find(|about| about.id() == id)
    }

    /// For people.
    pub fn title(self) -> &'static str {
        match self {
            About::Tools => "Tools",
            About::Places => "Buckets, tables, models",
            About::Files => "Names of files",
            About::Size => "Size of files",
            About::Networks => "Networks",
            About::Hours => "Hours and weekdays",
        }
    }
}

/// Only what is named.
pub const ONLY: &str = "only";
/// None of what is named.
pub const NONE: &str = "none";
/// Not for the supervisor.
pub const SUPERVISOR: &str = "supervisor";

/// The units of a size, the smallest first.
pub const UNITS: [(&str, u64); 4] = [("bytes", 1), ("kB", 1_000), ("MB", 1_000_000), ("GB", 1_000_000_000)];

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct RuleForm {
    /// The name of the rule whose place it takes; empty for a new one.
    pub replaces: String,
    /// What it is about.
    pub about: About,
    /// Its name.
    pub id: String,
    /// [`ONLY`], [`NONE`] or [`SUPERVISOR`].
    pub effect: String,
    /// The tools that were chosen.
    pub tools: Vec<String>,
    /// Names or networks, one a line.
    pub names: String,
    /// The kind of places.
    pub place: String,
    /// A size.
    pub amount: String,
    /// Its unit.
    pub unit: String,
    /// When.
    pub windows: Vec<Window>,
    /// For which roles; none for everybody.
    pub roles: Vec<String>,
    /// Whether it is only tried.
    pub shadow: bool,
}

/// Some hours of some days.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Window {
    /// The first day, such as `Mon`.
    pub first: String,
    /// The last day; empty for the first alone.
    pub last: String,
    /// The time at which it begins.
    pub from: String,
    /// The time at which it ends.
    pub to: String,
}

impl Window {
    fn is_empty(&self) -> bool {
        [&self.first, &self.last, &self.from, &self.to].into_iter().all(|text| text.trim().is_empty())
    }

    fn in_text(&self) -> Result<String, FieldError> {
        let wrong = |message: &str| Err(FieldError::new("hours", message));
        let first = self.first.trim();
        let last = if self.last.trim().is_empty() { first } else { self.last.trim() };
        if first.is_empty() {
            return wrong("say on which day each line begins");
        }
        // Browsers may add seconds.
        let clock = |text: &str| text.trim().get(..5).unwrap_or(text.trim()).to_owned();
        let (from, to) = (clock(&self.from), clock(&self.to));
        if from.is_empty() || to.is_empty() {
            return wrong("say from when and until when in each line; 00:00 as the end is midnight");
        }
        Ok(format!("{first}-{last} {from}-{to}"))
    }

    fn of(text: &str) -> Self {
        let (days, hours) = text.trim().split_once(char::is_whitespace).unwrap_or((text.trim(), ""));
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let (from, to) = hours.trim().split_once('-').unwrap_or((hours.trim(), ""));
        // What a field for times has no word for.
        let to = if to == "24:00" { "00:00" } else { to };
        let owned = str::to_owned;
        Self { first: owned(first), last: owned(last), from: owned(from), to: owned(to) }
    }
}

impl RuleForm {
    /// An empty form.
    pub fn about(about: About) -> Self {
        let effect = if about == About::Tools { NONE } else { ONLY };
        let place = PlaceKind::Bucket.id();
        Self {
            about,
            effect: effect.to_owned(),
            place: place.to_owned(),
            unit: "MB".to_owned(),
            ..Self::default()
        }
    }

    /// The form of a rule that is there.
    pub fn of(rule: &RuleDocument) -> Self {
        let filled = |about: About, effect: &str| Self { effect: effect.to_owned(), ..Self::about(about) };
        let form = match &rule.says {
            RuleSays::OnlyTools { names } => Self { tools: names.clone(), ..filled(About::Tools, ONLY) },
            RuleSays::NoTools { names } => Self { tools: names.clone(), ..filled(About::Tools, NONE) },
            RuleSays::NotForSupervisor { names } => {
                Self { tools: names.clone(), ..filled(About::Tools, SUPERVISOR) }
            }
            RuleSays::OnlyPlaces { place, names } => {
                Self { place: place.id().to_owned(), names: names.join("\n"), ..filled(About::Places, ONLY) }
            }
            RuleSays::NoPlaces { place, names } => {
                Self { place: place.id().to_owned(), names: names.join("\n"), ..filled(About::Places, NONE) }
            }
            RuleSays::OnlyFiles { names } => Self { names: names.join("\n"), ..filled(About::Files, ONLY) },
            RuleSays::AtMostBytes { bytes } => {
                let (unit, amount) = in_units(*bytes);
                Self { amount: amount.to_string(), unit: unit.to_owned(), ..filled(About::Size, ONLY) }
            }
            RuleSays::OnlyFrom { networks } => {
                Self { names: networks.join("\n"), ..filled(About::Networks, ONLY) }
            }
            RuleSays::NotFrom { networks } => {
                Self { names: networks.join("\n"), ..filled(About::Networks, NONE) }
            }
            RuleSays::OnlyAt { hours } => {
                Self { windows: hours.split(';').map(Window::of).collect(), ..filled(About::Hours, ONLY) }
            }
        };
        let (id, roles) = (rule.id.clone(), rule.roles.clone());
        Self { replaces: id.clone(), id, roles, shadow: rule.shadow, ..form }
    }

    /// The rule that is meant.
    ///
    /// # Errors
    /// Each field that is wrong. Whether names and networks are right is not looked at here.
    pub fn document(&self) -> Result<RuleDocument, Vec<FieldError>> {
        let mut wrong = Vec::new();
        let id = self.id.trim().to_owned();
        if id.is_empty() {
            wrong.push(FieldError::new("id", "a name is needed, such as no-uploads"));
        }
        match self.says() {
            Ok(says) if wrong.is_empty() => {
                Ok(RuleDocument { id, says, roles: self.roles.clone(), shadow: self.shadow })
            }
            Ok(_) => Err(wrong),
            Err(error) => {
                wrong.push(error);
                Err(wrong)
            }
        }
    }

    fn says(&self) -> Result<RuleSays, FieldError> {
        let effect = self.effect.as_str();
        let unknown = || FieldError::new("effect", "has to be chosen");
        Ok(match self.about {
            About::Tools => {
                let mut names = self.tools.clone();
                names.extend(lines(&self.names));
                names.dedup();
                if names.is_empty() {
                    return Err(FieldError::new("tools", "choose a tool at least"));
                }
                match effect {
                    ONLY => RuleSays::OnlyTools { names },
                    NONE => RuleSays::NoTools { names },
                    SUPERVISOR => RuleSays::NotForSupervisor { names },
                    _ => return Err(unknown()),
                }
            }
            About::Places => {
                let place = PlaceKind::from_id(&self.place);
                let place = place.ok_or_else(|| FieldError::new("place", "has to be chosen"))?;
                let names = self.some_lines("name one at least")?;
                match effect {
                    ONLY => RuleSays::OnlyPlaces { place, names },
                    NONE => RuleSays::NoPlaces { place, names },
                    _ => return Err(unknown()),
                }
            }
            About::Files => RuleSays::OnlyFiles { names: self.some_lines("name one at least")? },
            About::Size => RuleSays::AtMostBytes { bytes: self.bytes()? },
            About::Networks => {
                let networks = self.some_lines("name a network at least, such as 10.0.0.0/8")?;
                match effect {
                    ONLY => RuleSays::OnlyFrom { networks },
                    NONE => RuleSays::NotFrom { networks },
                    _ => return Err(unknown()),
                }
            }
            About::Hours => RuleSays::OnlyAt { hours: self.hours()? },
        })
    }

    fn some_lines(&self, otherwise: &str) -> Result<Vec<String>, FieldError> {
        let lines = lines(&self.names);
        if lines.is_empty() { Err(FieldError::new("names", otherwise)) } else { Ok(lines) }
    }

    fn bytes(&self) -> Result<u64, FieldError> {
        let wrong = || FieldError::new("amount", "a whole number is needed");
        let amount = self.amount.trim().parse::<u64>().map_err(|_| wrong())?;
        let unit = UNITS.into_iter().find(|(name, _)| *name == self.unit);
        let (_, bytes) = unit.ok_or_else(|| FieldError::new("unit", "has to be chosen"))?;
        amount.checked_mul(bytes).ok_or_else(|| FieldError::new("amount", "is too large"))
    }

    fn hours(&self) -> Result<String, FieldError> {
        let windows = self.windows.iter().filter(|window| !window.is_empty());
        let texts = windows.map(Window::in_text).collect::<Result<Vec<_>, _>>()?;
        if texts.is_empty() {
            return Err(FieldError::new("hours", "say for some days from when until when"));
        }
        Ok(texts.join("; "))
    }

    /// The field of the form that what is said of a rule, or of all of them, is about.
    pub fn field_of(&self, field: &str) -> String {
        let named = field.rsplit('.').next().unwrap_or(field);
        let main = match self.about {
            About::Tools => "tools",
            About::Places | About::Files | About::Networks => "names",
            About::Size => "amount",
            About::Hours => "hours",
        };
        if matches!(named, "says" | "rules") { main } else { named }.to_owned()
    }
}

/// A size in the largest unit in which it is a whole number.
fn in_units(bytes: u64) -> (&'static str, u64) {
    let fits = |(_, unit): &(&str, u64)| bytes > 0 && bytes.is_multiple_of(*unit);
    let (name, unit) = UNITS.into_iter().rev().find(fits).unwrap_or(UNITS[0]);
    (name, bytes / unit)
}

/// What stands in the lines of a text, or between its commas.
fn lines(text: &str) -> Vec<String> {
    let parts = text.split(['\n', ',']).map(str::trim).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(says: RuleSays) -> RuleDocument {
        RuleDocument { id: "a-rule".to_owned(), says, roles: vec!["producer".to_owned()], shadow: true }
    }

    fn names(of: &[&str]) -> Vec<String> {
        of.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn each_rule_is_the_same_in_its_form_and_back() {
        let place = PlaceKind::KnowledgeBase;
        for says in [
            RuleSays::OnlyTools { names: names(&["get_contract", "tickets_find"]) },
            RuleSays::NoTools { names: names(&["get_contract"]) },
            RuleSays::NotForSupervisor { names: names(&["get_contract"]) },
            RuleSays::OnlyPlaces { place, names: names(&["kb-*", "other"]) },
            RuleSays::NoPlaces { place, names: names(&["kb-*"]) },
            RuleSays::OnlyFiles { names: names(&["masters/*"]) },
            RuleSays::AtMostBytes { bytes: 25_000_000 },
            RuleSays::AtMostBytes { bytes: 1_234 },
            RuleSays::OnlyFrom { networks: names(&["10.0.0.0/8", "fd00::/8"]) },
            RuleSays::NotFrom { networks: names(&["10.0.0.0/8"]) },
            RuleSays::OnlyAt { hours: "Mon-Fri 09:00-18:30; Fri-Fri 22:00-02:00".to_owned() },
        ] {
            let rule = rule(says);
            let form = RuleForm::of(&rule);
            assert_eq!(form.replaces, rule.id);
            assert_eq!(form.document(), Ok(rule));
        }
    }

    #[test]
    fn a_size_is_shown_in_the_largest_unit_that_fits() {
        assert_eq!(in_units(25_000_000), ("MB", 25));
        assert_eq!(in_units(1_234), ("bytes", 1_234));
        assert_eq!(in_units(0), ("bytes", 0));
    }

    #[test]
    fn a_day_to_midnight_can_be_shown_in_fields_for_times() {
        let form = RuleForm::of(&rule(RuleSays::OnlyAt { hours: "Sat 10:00-24:00".to_owned() }));
        assert_eq!(form.windows[0].to, "00:00");
        assert_eq!((form.windows[0].first.as_str(), form.windows[0].last.as_str()), ("Sat", "Sat"));
    }

    #[test]
    fn what_is_missing_is_named_by_its_field() {
        let named = |form: RuleForm| {
            let wrong = RuleForm { id: "a-rule".to_owned(), ..form }.document().expect_err("it is wrong");
            wrong.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>()
        };
        assert_eq!(named(RuleForm::about(About::Tools)), ["tools"]);
        assert_eq!(named(RuleForm::about(About::Places)), ["names"]);
        assert_eq!(named(RuleForm::about(About::Files)), ["names"]);
        assert_eq!(named(RuleForm::about(About::Size)), ["amount"]);
        assert_eq!(named(RuleForm::about(About::Networks)), ["names"]);
        assert_eq!(named(RuleForm::about(About::Hours)), ["hours"]);
        let half = Window { first: "Mon".to_owned(), from: "09:00".to_owned(), ..Window::default() };
        assert_eq!(named(RuleForm { windows: vec![half], ..RuleForm::about(About::Hours) }), ["hours"]);
        let both = RuleForm::about(About::Tools).document().expect_err("it is wrong");
        assert_eq!(both.len(), 2, "the name, too");
    }

    #[test]
    fn what_the_server_says_of_a_rule_is_about_a_field_of_the_form() {
        let hours = RuleForm::about(About::Hours);
        assert_eq!(hours.field_of("rules.3.says"), "hours");
        assert_eq!(hours.field_of("rules"), "hours");
        assert_eq!(hours.field_of("rules.0.id"), "id");
        assert_eq!(RuleForm::about(About::Networks).field_of("rules.0.says"), "names");
    }
}
