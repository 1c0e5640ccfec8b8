//! Making a key: drafted by those who know people, kept through the door.

use super::Engine;
use super::gateway::{CallError, Origin, Principal};
use super::identity::keys;
use super::tools::Operation;
use super::tools::views::{CreateKey, CreateKeyInput};
use crate::model::key::{KeyRequest, MadeKey};
use jiff::Timestamp;

impl Engine {
    /// Makes a key for whoever asks. What opens something is in the answer and nowhere else.
    ///
    /// # Errors
    /// `Invalid` with what is wrong in the wish; else as every call.
    pub async fn create_key(
        &self,
        principal: &Principal,
        origin: &Origin,
        wish: &KeyRequest,
    ) -> Result<MadeKey, CallError> {
        let drafted = keys::draft(&principal.id, principal.role, wish, &self.names_of_servers());
        let (kept, text) = drafted
            .map_err(|error| self.gateway.refused(principal, origin, CreateKey::NAME, error.into()))?;
        let input = CreateKeyInput::of(kept, Timestamp::now());
        let answer = self.gateway.call::<CreateKey>(principal, origin, input).await?;
        Ok(MadeKey { key: answer.output, text: text.expose().to_owned() })
    }

    /// The servers that have tools, by the names that scopes of keys use.
    pub fn names_of_servers(&self) -> Vec<String> {
        self.gateway.servers().into_iter().map(|server| server.id().to_owned()).collect()
    }
}
