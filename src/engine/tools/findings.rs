//! What quality checks found, as answers have it.

use crate::model::audio::{AudioFinding, AudioPlace, DeliveryVerdict, FindingSeverity, ProfileVerdict};
use crate::music::quality::{Finding, Severity, Verdict};

/// A finding as answers have it.
pub(super) fn view(found: &Finding) -> AudioFinding {
    AudioFinding {
        code: found.rule.code.to_owned(),
        title: found.rule.title.to_owned(),
        severity: match found.severity {
            Severity::Error => FindingSeverity::Error,
            Severity::Warning => FindingSeverity::Warning,
            Severity::Information => FindingSeverity::Information,
        },
        measured: found.measured.clone(),
        limit: found.rule.limit.map(str::to_owned),
        at: found.at.iter().map(|place| AudioPlace { from: place.from, to: place.to }).collect(),
        field: found.field.map(str::to_owned),
        source: found.rule.source.map(str::to_owned),
        remedy: found.rule.remedy.to_owned(),
    }
}

/// What findings come to, as answers have it.
pub(super) fn verdict(verdict: Verdict) -> DeliveryVerdict {
    match verdict {
        Verdict::Pass => DeliveryVerdict::Pass,
        Verdict::Warn => DeliveryVerdict::Warn,
        Verdict::Fail => DeliveryVerdict::Fail,
    }
}

/// What they come to for a profile.
pub(super) fn of_profile(profile: &str, found: Verdict) -> ProfileVerdict {
    ProfileVerdict { profile: profile.to_owned(), verdict: verdict(found) }
}

#[cfg(test)]
mod tests {
    use crate::model::audio::STORES;
    use crate::music::quality::PROFILES;

    #[test]
    fn people_know_the_stores_by_one_name() {
        let checked: Vec<_> = PROFILES.iter().map(|profile| (profile.id, profile.name)).collect();
        assert_eq!(checked, STORES);
    }
}
