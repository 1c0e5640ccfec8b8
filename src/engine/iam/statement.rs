//! A statement of a policy.

use serde_json::{Value, json};

/// What may be done, with what, and under which condition; or what may not.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Statement {
    name: String,
    effect: &'static str,
    actions: Vec<&'static str>,
    resources: Vec<String>,
    condition: Option<Value>,
}

impl Statement {
    /// Allows actions on resources.
    pub(super) fn allow(name: impl Into<String>, actions: &[&'static str], resources: Vec<String>) -> Self {
        Self { name: name.into(), effect: "Allow", actions: actions.to_vec(), resources, condition: None }
    }

    /// Forbids all actions that are not asked for over TLS.
    pub(super) fn only_encrypted() -> Self {
        Self {
            name: "OnlyEncrypted".to_owned(),
            effect: "Deny",
            actions: vec!["*"],
            resources: vec!["*".to_owned()],
            condition: Some(json!({ "Bool": { "aws:SecureTransport": "false" } })),
        }
    }

    /// The same under a condition.
    pub(super) fn when(mut self, condition: Value) -> Self {
        self.condition = Some(condition);
        self
    }

    /// As IAM takes it.
    pub(super) fn to_json(&self) -> Value {
        let mut statement = json!({
            "Sid": self.name,
            "Effect": self.effect,
            "Action": self.actions,
            "Resource": self.resources,
        });
        if let Some(condition) = &self.condition {
            statement["Condition"] = condition.clone();
        }
        statement
    }
}
