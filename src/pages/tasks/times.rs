//! For how long things went on, as people read it.

use crate::model::task::StepView;
use jiff::Timestamp;

/// Milliseconds since the beginning of 1970; none for a text that is no moment.
pub(super) fn millis(rfc3339: &str) -> Option<i64> {
    rfc3339.parse::<Timestamp>().ok().map(Timestamp::as_millisecond)
}

/// For how long a step went on, in milliseconds; none while it has not ended.
pub(super) fn took(step: &StepView) -> Option<u64> {
    let (began, ended) = (millis(step.began_at.as_deref()?)?, millis(step.ended_at.as_deref()?)?);
    u64::try_from(ended - began).ok()
}

/// `340 ms`, `1.2 s`, `2 min 5 s`.
pub(super) fn in_words(millis: u64) -> String {
    match millis {
        0..1_000 => format!("{millis}\u{a0}ms"),
        1_000..60_000 => format!("{}.{}\u{a0}s", millis / 1_000, millis % 1_000 / 100),
        _ => format!("{}\u{a0}min {}\u{a0}s", millis / 60_000, millis % 60_000 / 1_000),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_the_unit_that_says_something() {
        assert_eq!(in_words(340), "340\u{a0}ms");
        assert_eq!(in_words(1_250), "1.2\u{a0}s");
        assert_eq!(in_words(125_900), "2\u{a0}min 5\u{a0}s");
    }

    #[test]
    fn moments_are_read_with_their_milliseconds() {
        assert_eq!(millis("1970-01-01T00:00:01.250Z"), Some(1_250));
        assert_eq!(millis("soon"), None);
    }
}
