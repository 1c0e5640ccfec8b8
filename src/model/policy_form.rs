//! What the forms of the policy's page send: which change, from which version, and why.

use super::field::FieldError;
use super::rule_form::{About, RuleForm, Window};
use serde::{Deserialize, Serialize};

/// A change of the policy, as it was typed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PolicyForm {
    /// The version that was shown.
    pub expected: u32,
    /// Why.
    pub note: String,
    /// What is to be changed.
    pub change: PolicyChange,
}

/// What is to be changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum PolicyChange {
    /// A rule is added, or takes the place of another.
    Rule(Box<RuleForm>),
    /// The rule of this name is removed.
    Remove(String),
    /// The rules of this version hold again.
    Back(u32),
    /// Violations come to something else; empty for what the environment says.
    Mode(String),
}

impl PolicyChange {
    /// The word in forms and addresses.
    pub fn id(&self) -> &'static str {
        match self {
            PolicyChange::Rule(_) => "rule",
            PolicyChange::Remove(_) => "remove",
            PolicyChange::Back(_) => "back",
            PolicyChange::Mode(_) => "mode",
        }
    }
}

impl PolicyForm {
    /// Reads the fields of a form.
    ///
    /// # Errors
    /// The field without which nobody can tell what is meant.
    pub fn read(fields: &[(String, String)]) -> Result<Self, FieldError> {
        let text = |name: &str| {
            fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone()).unwrap_or_default()
        };
        let number = |name: &str| {
            text(name).trim().parse::<u32>().map_err(|_| FieldError::new(name, "a number is needed"))
        };
        let change = match text("what").as_str() {
            "rule" => PolicyChange::Rule(Box::new(rule(fields)?)),
            "remove" => PolicyChange::Remove(text("id")),
            "back" => PolicyChange::Back(number("to")?),
            "mode" => PolicyChange::Mode(text("mode")),
            other => {
                let message = format!("a rule, its removal, a version or the mode, and not {other:?}");
                return Err(FieldError::new("what", message));
            }
        };
        Ok(Self { expected: number("expected")?, note: text("note").trim().to_owned(), change })
    }

    /// The fields that say the same, but for the note.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = vec![("what", self.change.id().to_owned()), ("expected", self.expected.to_string())];
        match &self.change {
            PolicyChange::Remove(id) => fields.push(("id", id.clone())),
            PolicyChange::Back(to) => fields.push(("to", to.to_string())),
            PolicyChange::Mode(mode) => fields.push(("mode", mode.clone())),
            PolicyChange::Rule(rule) => fields.extend(rule_fields(rule)),
        }
        fields
    }

    /// The form of a rule, where it is about one.
    pub fn rule(&self) -> Option<&RuleForm> {
        match &self.change {
            PolicyChange::Rule(rule) => Some(rule),
            _ => None,
        }
    }
}

fn rule(fields: &[(String, String)]) -> Result<RuleForm, FieldError> {
    let mut form = RuleForm::default();
    for (name, value) in fields {
        let value = value.clone();
        match name.as_str() {
            "replaces" => form.replaces = value,
            "about" => {
                let about = About::from_id(&value);
                form.about = about.ok_or_else(|| FieldError::new("about", "has to be chosen"))?;
            }
            "id" => form.id = value,
            "effect" => form.effect = value,
            "tools" => form.tools.push(value),
            "names" => form.names = value,
            "place" => form.place = value,
            "amount" => form.amount = value,
            "unit" => form.unit = value,
            "roles" => form.roles.push(value),
            "shadow" => form.shadow = value == "1",
            // The fields of a line come one after the other, and this is the first.
            "first" => form.windows.push(Window { first: value, ..Window::default() }),
            "last" | "from" | "to" => {
                if let Some(window) = form.windows.last_mut() {
                    match name.as_str() {
                        "last" => window.last = value,
                        "from" => window.from = value,
                        _ => window.to = value,
                    }
                }
            }
            _ => {}
        }
    }
    Ok(form)
}

fn rule_fields(rule: &RuleForm) -> Vec<(&'static str, String)> {
    let mut fields = vec![
        ("replaces", rule.replaces.clone()),
        ("about", rule.about.id().to_owned()),
        ("id", rule.id.clone()),
        ("effect", rule.effect.clone()),
        ("names", rule.names.clone()),
        ("place", rule.place.clone()),
        ("amount", rule.amount.clone()),
        ("unit", rule.unit.clone()),
        ("shadow", if rule.shadow { "1" } else { "0" }.to_owned()),
    ];
    fields.extend(rule.tools.iter().map(|tool| ("tools", tool.clone())));
    fields.extend(rule.roles.iter().map(|role| ("roles", role.clone())));
    for Window { first, last, from, to } in rule.windows.iter().cloned() {
        fields.extend([("first", first), ("last", last), ("from", from), ("to", to)]);
    }
    fields
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(change: PolicyChange) -> PolicyForm {
        PolicyForm { expected: 3, note: String::new(), change }
    }

    #[test]
    fn a_form_is_read_as_it_was_sent() {
        let window = |first: &str, last: &str| Window {
            first: first.to_owned(),
            last: last.to_owned(),
            from: "09:00".to_owned(),
            to: "18:30".to_owned(),
        };
        let rule = RuleForm {
            id: "office".to_owned(),
            tools: vec!["get_contract".to_owned(), "store_contract".to_owned()],
            roles: vec!["producer".to_owned()],
            windows: vec![window("Mon", "Fri"), window("Sat", "")],
            shadow: true,
            ..RuleForm::about(About::Hours)
        };
        for change in [
            PolicyChange::Rule(Box::new(rule)),
            PolicyChange::Remove("office".to_owned()),
            PolicyChange::Back(2),
            PolicyChange::Mode("permissive".to_owned()),
        ] {
            let sent = form(change);
            let fields: Vec<_> =
                sent.fields().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
            assert_eq!(PolicyForm::read(&fields), Ok(sent));
        }
    }

    #[test]
    fn what_cannot_be_told_is_named() {
        let field = |fields: &[(&str, &str)]| {
            let fields: Vec<_> =
                fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
            PolicyForm::read(&fields).expect_err("it is wrong").field
        };
        assert_eq!(field(&[]), "what");
        assert_eq!(field(&[("what", "remove"), ("id", "a")]), "expected");
        assert_eq!(field(&[("what", "back"), ("expected", "1")]), "to");
        assert_eq!(field(&[("what", "rule"), ("expected", "1"), ("about", "weather")]), "about");
    }
}
