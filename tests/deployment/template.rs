//! A template of `CloudFormation`, with its parameters filled in as far as these tests look.

use serde_json::Value;

const TEMPLATE: &str = include_str!("../../deploy/patchline.template.json");

pub(super) const ACCOUNT: &str = "111122223333";
pub(super) const REGION: &str = "eu-north-1";

/// A template with values for its parameters.
pub(super) struct Template {
    document: Value,
    given: Vec<(&'static str, &'static str)>,
}

impl Template {
    /// That of this repository. Parameters that are not given have their defaults.
    pub(super) fn with(given: &[(&'static str, &'static str)]) -> Self {
        let document = serde_json::from_str(TEMPLATE).expect("the template is JSON");
        Self { document, given: given.to_vec() }
    }

    /// The resources of a type, as they are written.
    pub(super) fn written(&self, kind: &str) -> Vec<&Value> {
        let resources = self.document["Resources"].as_object().expect("resources");
        resources.values().filter(|resource| resource["Type"] == kind).collect()
    }

    /// The properties of the resources of a type.
    pub(super) fn properties(&self, kind: &str) -> Vec<Value> {
        let written = self.written(kind).into_iter();
        written.map(|resource| self.resolved(&resource["Properties"]).expect("properties")).collect()
    }

    /// A value without functions of the template; none where it is left out.
    fn resolved(&self, value: &Value) -> Option<Value> {
        match value {
            Value::Object(object) => match object.iter().next().map(|(name, of)| (name.as_str(), of)) {
                Some(("Ref", of)) => self.named(text(of)).map(Value::String),
                Some(("Fn::Sub", of)) => Some(self.filled_in(text(of)).into()),
                Some(("Fn::GetAtt", of)) => Some(format!("{}.{}", text(&of[0]), text(&of[1])).into()),
                Some(("Fn::If", of)) if self.holds(text(&of[0])) => self.resolved(&of[1]),
                Some(("Fn::If", of)) => self.resolved(&of[2]),
                _ => {
                    let fields = object.iter();
                    let fields = fields.filter_map(|(name, of)| Some((name.clone(), self.resolved(of)?)));
                    Some(Value::Object(fields.collect()))
                }
            },
            Value::Array(items) => Some(items.iter().filter_map(|item| self.resolved(item)).collect()),
            other => Some(other.clone()),
        }
    }

    /// What a name stands for: a parameter, something of the account, or another resource.
    fn named(&self, name: &str) -> Option<String> {
        let known = match name {
            "AWS::NoValue" => return None,
            "AWS::AccountId" => Some(ACCOUNT),
            "AWS::Region" => Some(REGION),
            "AWS::Partition" => Some("aws"),
            name => self.given.iter().find(|(known, _)| *known == name).map(|(_, value)| *value),
        };
        let default = &self.document["Parameters"][name]["Default"];
        Some(known.or(default.as_str()).unwrap_or(name).to_owned())
    }

    /// A text with what stands in `${…}`.
    fn filled_in(&self, text: &str) -> String {
        let mut parts = text.split("${");
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (name, rest) = part.split_once('}').expect("a name ends");
            filled.extend(self.named(name));
            filled.push_str(rest);
        }
        filled
    }

    /// Whether a condition holds: that two values are not the same.
    fn holds(&self, condition: &str) -> bool {
        let values = &self.document["Conditions"][condition]["Fn::Not"][0]["Fn::Equals"];
        assert!(values.is_array(), "{condition} is of another kind");
        self.resolved(&values[0]) != self.resolved(&values[1])
    }
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a text")
}
