//! The mark of a call that another instance has let in and passes on to this one.

use super::principal::{KeyUse, Principal, Role};
use crate::model::audit::TokenBearer;
use crate::model::identifier::ArtistId;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Who let a call in, and for whom. Believed only with the key of instances, or of a script of this machine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PassedOn {
    /// The instance at whose door the call came in.
    pub instance: String,
    /// The id of the call in the records of that instance.
    pub request_id: String,
    /// The id of the caller.
    pub principal: String,
    /// The name of the caller.
    pub name: String,
    /// What the caller is to the label.
    pub role: Role,
    /// Whose key it is that calls, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<Arc<KeyUse>>,
    /// Who stands behind the access token that calls, where one does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bearer: Option<Arc<TokenBearer>>,
    /// The artists that are the caller's own.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub artists: Vec<ArtistId>,
    /// Whether the supervisor acts for the caller.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_supervisor: bool,
    /// The role that it works in, where that is not the caller's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub in_role: Option<Role>,
}

impl PassedOn {
    /// The field of `_meta` that has the mark.
    pub const META: &'static str = "patchline/passedOn";

    /// The caller, as the other instance knows them.
    pub fn principal(&self) -> Principal {
        let caller = Principal::new(self.principal.clone(), self.name.clone(), self.role);
        Principal {
            key: self.key.clone(),
            bearer: self.bearer.clone(),
            artists: self.artists.clone(),
            by_supervisor: self.by_supervisor,
            in_role: self.in_role,
            ..caller
        }
    }
}
