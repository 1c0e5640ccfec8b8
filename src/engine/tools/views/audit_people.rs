//! The people whom the audit log names by their ids: what they are called, and whom a question means.

use crate::engine::catalog::users::User;
use crate::engine::catalog::{Catalog, CatalogError};
use crate::model::audit::{AuditQuestion, AuditRecord};
use std::collections::{BTreeMap, BTreeSet};

/// The people whose name or e-mail address has what a question says of who; nobody where it says nothing.
#[derive(Debug, Default)]
pub(super) struct Meant(BTreeSet<String>);

impl Meant {
    /// Those of a question.
    pub(super) async fn by(question: &AuditQuestion, catalog: &Catalog) -> Result<Self, CatalogError> {
        if question.who.trim().is_empty() {
            return Ok(Self::default());
        }
        Ok(Self::among(&catalog.users().await?, question))
    }

    /// The same, among those who are known.
    pub(super) fn among(users: &[User], question: &AuditQuestion) -> Self {
        let part = question.who.trim().to_lowercase();
        if part.is_empty() {
            return Self::default();
        }
        let has = |text: &str| text.to_lowercase().contains(&part);
        let meant = users.iter().filter(|user| has(&user.name) || has(&user.email));
        Self(meant.map(|user| user.id.clone()).collect())
    }

    /// Whether a record is one of those that are asked for, be it by the name of whoever called.
    pub(super) fn fits(&self, question: &AuditQuestion, record: &AuditRecord) -> bool {
        let of_anybody = || AuditQuestion { who: String::new(), ..question.clone() };
        question.fits(record) || (self.called(record) && of_anybody().fits(record))
    }

    fn called(&self, record: &AuditRecord) -> bool {
        let owner = record.on_behalf_of.as_ref();
        self.0.contains(&record.principal) || owner.is_some_and(|owner| self.0.contains(owner))
    }
}

/// What people are called, by their ids.
pub(super) fn names(users: Vec<User>) -> BTreeMap<String, String> {
    users.into_iter().map(|user| (user.id, user.name)).collect()
}
