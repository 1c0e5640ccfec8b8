//! What of the findings somebody has waived, and what those that are left come to.

use crate::engine::catalog::waivers::KeptWaiver;
use crate::engine::tools::views::FINGERPRINT;
use crate::model::audio::{AudioFinding, DeliveryVerdict, FindingSeverity};
use crate::model::checks::{CheckFinding, CheckGroup, Waiver};
use crate::model::release::Release;
use sha2::{Digest, Sha256};

/// Rules that measure in days from today: for them the date counts, so that a waiver lasts longer than a day.
const COUNT_DAYS: [&str; 2] = ["L01", "L02"];

/// What findings are about.
pub(super) struct About<'a> {
    pub(super) subject: &'a str,
    /// Tells its content from any other; empty for the release itself.
    pub(super) content: &'a str,
    pub(super) release: &'a Release,
}

impl About<'_> {
    /// A finding with who has waived it.
    pub(super) fn with_waiver(&self, finding: &AudioFinding, waivers: &[KeptWaiver]) -> CheckFinding {
        let fingerprint = self.fingerprint(finding);
        let name = KeptWaiver::name(self.subject, &finding.code, &fingerprint);
        let kept = waivers.iter().find(|waiver| waiver.finding == name);
        let waiver =
            kept.map(|kept| Waiver { by: kept.by.clone(), at: kept.at.clone(), reason: kept.reason.clone() });
        CheckFinding { finding: finding.clone(), fingerprint, waiver, address: None }
    }

    /// Who waives a finding has seen what was measured in this content, and waives nothing else.
    fn fingerprint(&self, finding: &AudioFinding) -> String {
        let date = self.release.release_date.to_string();
        let measured: &str =
            if COUNT_DAYS.contains(&finding.code.as_str()) { &date } else { &finding.measured };
        let mut digest = Sha256::new();
        for text in [self.content, finding.field.as_deref().unwrap_or_default(), measured] {
            digest.update(text.as_bytes());
            digest.update([0]);
        }
        let mut digits = hex::encode(digest.finalize());
        digits.truncate(FINGERPRINT);
        digits
    }
}

/// Says which waivers fit nothing that is found now: it was mended, or is another finding today.
pub(super) fn lapsed(found: &[CheckGroup], waivers: &[KeptWaiver]) -> Vec<String> {
    let fits = |waiver: &KeptWaiver| {
        found.iter().any(|group| {
            let name = |finding: &CheckFinding| {
                KeptWaiver::name(&group.subject, &finding.finding.code, &finding.fingerprint)
            };
            group.findings.iter().any(|finding| name(finding) == waiver.finding)
        })
    };
    let without = waivers.iter().filter(|waiver| !fits(waiver));
    let told = without.map(|waiver| {
        let (subject, code) = waiver.subject_and_code();
        let group = found.iter().find(|group| group.subject == subject);
        let name = group.map_or(subject, |group| group.name.as_str());
        format!(
            "What {} waived ({code}, {name}: {}) is not what is found today, so that the waiver does not count.",
            waiver.by, waiver.reason
        )
    });
    told.collect()
}

/// What the findings that nobody has waived come to.
pub(super) fn verdict(groups: &[CheckGroup]) -> DeliveryVerdict {
    let open = || groups.iter().flat_map(|group| &group.findings).filter(|finding| finding.is_open());
    if open().any(|finding| finding.finding.severity == FindingSeverity::Error) {
        DeliveryVerdict::Fail
    } else if open().next().is_some() {
        DeliveryVerdict::Warn
    } else {
        DeliveryVerdict::Pass
    }
}
