//! Signature Version 4: who signed a request, for which service, and whether it is genuine.
//!
//! After "AWS Signature Version 4 for API requests" in the IAM user guide.

mod canonical;
mod claim;
mod problem;
mod scope;

pub(crate) use self::claim::Claim;
pub(crate) use self::problem::SignatureProblem;
pub(crate) use self::scope::CredentialScope;
