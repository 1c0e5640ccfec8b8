//! Who follows changes, and what of them they may be told: only what they could read at that moment.

use super::resources::Address;
use super::scope::Scope;
use crate::engine::Engine;
use crate::engine::tools::dynamodb::{
    QueryArtistData, QueryArtistsInput, QueryReleaseData, QueryReleasesInput,
};
use crate::engine::tools::views::{OpenKnowledgeSource, ReadFile, ReadFileInput};
use crate::model::knowledge::SourceAsked;
use crate::web::caller::Caller;

/// Somebody who follows changes at an address of MCP.
pub(super) struct Follower {
    engine: Engine,
    scope: Scope,
    caller: Caller,
}

impl Follower {
    pub(super) fn new(engine: &Engine, scope: Scope, caller: Caller) -> Self {
        Self { engine: engine.clone(), scope, caller }
    }

    /// They are to the label what this says, from now on.
    pub(super) fn are_now(&mut self, caller: Caller) {
        self.caller = caller;
    }

    /// Whether they could read what is at an address.
    pub(super) async fn may_see(&self, address: &Address) -> bool {
        if !address.is_offered_at(&self.engine, self.scope) {
            return false;
        }
        let (gateway, Caller { principal, origin }) = (&self.engine.gateway, &self.caller);
        match address {
            Address::Artist(id) => {
                let input = QueryArtistsInput::of(id);
                gateway.may_see::<QueryArtistData>(principal, origin, &input).await
            }
            Address::Release(id) => {
                let input = QueryReleasesInput::of(id);
                gateway.may_see::<QueryReleaseData>(principal, origin, &input).await
            }
            Address::File { bucket, name } => {
                let Ok(file_name) = name.parse() else { return false };
                let input = ReadFileInput { bucket_name: bucket.clone(), file_name, before_release: false };
                gateway.may_see::<ReadFile>(principal, origin, &input).await
            }
            Address::Knowledge(name) => {
                let input = SourceAsked { file_name: name.clone(), ..SourceAsked::default() };
                gateway.may_see::<OpenKnowledgeSource>(principal, origin, &input).await
            }
        }
    }

    /// Those of some things that they could read.
    pub(super) async fn seen(&self, addresses: Vec<Address>) -> Vec<Address> {
        let mut seen = Vec::with_capacity(addresses.len());
        for address in addresses {
            if self.may_see(&address).await {
                seen.push(address);
            }
        }
        seen
    }
}
