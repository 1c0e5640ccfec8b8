//! In whose name AWS is asked, where roles are taken. What the names mean is known to whoever sets them.

use std::future::Future;
use std::sync::Arc;

/// The longest source identity, and the longest name of a session, in characters (limits of STS).
const LONGEST_IDENTITY: usize = 64;
/// The longest value of a tag, in characters.
const LONGEST_VALUE: usize = 256;
/// The shortest source identity.
const SHORTEST_IDENTITY: usize = 2;

/// What AWS is told of whom a request is for. Cloning is cheap.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct OnBehalf(Arc<Told>);

#[derive(Debug, PartialEq, Eq, Hash)]
struct Told {
    identity: String,
    tags: Vec<(&'static str, String)>,
}

tokio::task_local! {
    static ON_BEHALF: OnBehalf;
}

impl OnBehalf {
    /// A source identity and tags, made into what STS takes: other characters become lines, and what is too long
    /// is cut off.
    pub fn new<'v>(identity: &str, tags: impl IntoIterator<Item = (&'static str, &'v str)>) -> Self {
        let mut identity: String = identity.chars().map(of_identity).take(LONGEST_IDENTITY).collect();
        // Names that begin with this belong to AWS.
        if identity.to_lowercase().starts_with("aws") {
            identity = format!("_{identity}").chars().take(LONGEST_IDENTITY).collect();
        }
        while identity.len() < SHORTEST_IDENTITY {
            identity.push('_');
        }
        let value = |text: &str| text.chars().map(of_value).take(LONGEST_VALUE).collect::<String>();
        let tags = tags.into_iter().map(|(key, text)| (key, value(text))).collect();
        Self(Arc::new(Told { identity, tags }))
    }

    /// Patchline itself: what it does by itself is nobody's wish.
    pub(super) fn itself() -> Self {
        Self::new("patchline", [])
    }

    /// The one in whose name this task asks AWS at this moment.
    pub(super) fn current() -> Self {
        ON_BEHALF.try_with(Clone::clone).unwrap_or_else(|_| Self::itself())
    }

    /// The source identity, which is the name of the session, too.
    pub(super) fn identity(&self) -> &str {
        &self.0.identity
    }

    /// The tags of the session.
    pub(super) fn tags(&self) -> &[(&'static str, String)] {
        &self.0.tags
    }

    /// Does something in this name. What it begins beside itself is done in Patchline's own.
    pub async fn does<F: Future>(self, work: F) -> F::Output {
        ON_BEHALF.scope(self, work).await
    }
}

/// What a source identity may have: letters, digits and `_+=,.@-`.
fn of_identity(character: char) -> char {
    let fits = character.is_ascii_alphanumeric() || "_+=,.@-".contains(character);
    if fits { character } else { '_' }
}

/// What the value of a tag may have: letters, digits, blanks and `_.:/=+-@`.
fn of_value(character: char) -> char {
    let fits = character.is_alphanumeric() || " _.:/=+-@".contains(character);
    if fits { character } else { '_' }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_sts_does_not_take_is_replaced_and_cut_off() {
        let told = OnBehalf::new("key:bootstrap <x>", [("Role", "label\nadmin"), ("Name", "Ásta: a/b")]);
        assert_eq!(told.identity(), "key_bootstrap__x_");
        assert_eq!(told.tags(), [("Role", "label_admin".to_owned()), ("Name", "Ásta: a/b".to_owned())]);
        let long = OnBehalf::new(&"ü".repeat(300), [("Name", "ü".repeat(300).as_str())]);
        assert_eq!(long.identity(), "_".repeat(64));
        assert_eq!(long.tags()[0].1.chars().count(), 256);
    }

    #[test]
    fn an_identity_is_neither_too_short_nor_one_of_aws() {
        assert_eq!(OnBehalf::new("", []).identity(), "__");
        assert_eq!(OnBehalf::new("x", []).identity(), "x_");
        assert_eq!(OnBehalf::new("aws:root", []).identity(), "_aws_root");
    }

    #[tokio::test]
    async fn what_is_done_for_nobody_is_done_by_patchline_itself() {
        assert_eq!(OnBehalf::current().identity(), "patchline");
        let for_mira = OnBehalf::new("usr_mira", []);
        for_mira.does(async { assert_eq!(OnBehalf::current().identity(), "usr_mira") }).await;
        assert_eq!(OnBehalf::current().identity(), "patchline");
    }
}
