//! The authorization servers whose access tokens are taken: the file that `MCP_TOKEN_ISSUERS` names.

mod file;

pub(super) use file::read;

use super::issuer::{IssuerSettings, SigningAlgorithm};
use crate::model::role::Role;

/// The signatures that are looked at where the file says nothing.
const USUAL_ALGORITHMS: [SigningAlgorithm; 4] =
    [SigningAlgorithm::Rs256, SigningAlgorithm::Ps256, SigningAlgorithm::Es256, SigningAlgorithm::EdDsa];

/// An authorization server, and which of its tokens are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenIssuer {
    /// Who it is, and which of its signatures are believed.
    pub issuer: IssuerSettings,
    /// How it is known that a token is for Patchline.
    pub audience: Audience,
    /// Whether access tokens say of themselves that they are ones (RFC 9068).
    pub typed: bool,
    /// What it puts before the names of scopes.
    pub scope_prefix: String,
    /// The clients whose tokens are taken; none for all.
    pub clients: Vec<String>,
    /// What its tokens say of what somebody is to the label.
    pub roles: ClaimedRoles,
}

/// How it is known that a token is for Patchline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// It names one of our addresses (RFC 8707).
    Named,
    /// It may name none, as the tokens of Amazon Cognito: then its scopes and its client tell it.
    LeftOut,
}

/// What tokens say of what somebody is to the label.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ClaimedRoles {
    /// The claim that has groups or roles; none where nothing is read from tokens.
    pub claim: Option<String>,
    /// Which role a value of it stands for. Of several, the one that may do most counts.
    pub of: Vec<(String, Role)>,
    /// The role of those who have no account and no such claim; none where they are not let in.
    pub otherwise: Option<Role>,
}
