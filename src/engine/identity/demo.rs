//! The accounts of the demo: one for each role, without a password, some with artists of the sample label.

use super::{Identity, IdentityError, User};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::users::SHARED_PREFIX;
use crate::engine::sample;
use crate::model::identifier::ArtistId;
use crate::model::role::Role;
use jiff::Timestamp;

/// The id of the account with this role.
pub(super) fn id(role: Role) -> String {
    format!("{SHARED_PREFIX}{}", role.id())
}

/// The artists of the sample label that are somebody's own, by their places in it. With the manager's there
/// are contracts, and one of two artists of the same name.
fn artists(role: Role) -> Vec<ArtistId> {
    let places: &[usize] = match role {
        Role::Artist => &[0],
        Role::Producer => &[0, 4],
        Role::Manager => &[0, 4, 9],
        Role::Label | Role::Admin => &[],
    };
    let all = sample::artist_ids(sample::DEFAULT_SEED);
    let mut own: Vec<ArtistId> = places.iter().filter_map(|place| all.get(*place).cloned()).collect();
    own.sort_unstable();
    own
}

impl Identity {
    /// Whom the page of sign-in offers, each with one click.
    pub fn demo_roles(&self) -> Vec<Role> {
        if self.demo { Role::ALL.to_vec() } else { Vec::new() }
    }

    /// Makes those that are missing. They stay when the demo is switched off, and nobody can use them then.
    ///
    /// # Errors
    /// When the store cannot keep them.
    pub async fn make_demo_accounts(&self) -> Result<(), IdentityError> {
        for role in self.demo_roles() {
            let user = User {
                id: id(role),
                email: format!("{}@demo.example", role.id()),
                name: format!("Demo {}", role.title().to_lowercase()),
                role,
                artists: artists(role),
                password: None,
                openid: None,
                generation: 1,
                disabled: false,
                demo: true,
                created_at: Timestamp::now().to_string(),
                signed_in_at: None,
                version: 1,
            };
            match self.catalog.add_user(&user, false).await {
                Ok(()) | Err(CatalogError::Conflict { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}
