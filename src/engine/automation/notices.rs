//! Telling of what a run came to: on the pages, by e-mail, by a call of an address. What does not arrive is tried
//! again, ever more seldom, for a day.

use super::kept::{Automation, Run};
use super::rights::may_pass;
use super::send::{SendNotice, SendNoticeInput, Way};
use super::{Shared, letter};
use crate::engine::catalog::CatalogError;
use crate::engine::catalog::automation::due;
use crate::engine::gateway::{CallError, CallErrorKind, Principal};
use crate::model::automation::{DeliveryState, DeliveryWay};
use jiff::{SignedDuration, Timestamp};

/// For how long it is tried, and for how long where it is not allowed at this time.
const LONGEST: SignedDuration = SignedDuration::from_hours(24);
const LONGEST_UNTIL_HOURS: SignedDuration = SignedDuration::from_hours(7 * 24);

/// After how many seconds it is tried again; the last one counts for all that follow.
const PAUSES: [i64; 7] = [10, 60, 300, 900, 3_600, 7_200, 14_400];

/// Tries every way that is still open, and says when to try again.
pub(super) async fn tell(shared: &Shared, run: &mut Run, now: Timestamp) -> Result<(), CallError> {
    let record = shared.catalog.automation_record(&run.owner, &run.automation).await?;
    let automation = record.as_ref().map(Automation::read).transpose()?;
    let person = shared.person(&run.setter).await?;
    let mut deliveries = std::mem::take(&mut run.view.deliveries);
    let mut attempts = 0;
    for delivery in deliveries.iter_mut().filter(|delivery| delivery.state == DeliveryState::Waiting) {
        let told = match (&automation, &person) {
            (Some(automation), Some(person)) => one(shared, run, automation, person, delivery.way, now).await,
            (None, _) => Err(given_up("The automation was deleted.")),
            (_, None) => Err(given_up("Its owner may do nothing here any more.")),
        };
        delivery.attempts += 1;
        delivery.tried_at = Some(due(now));
        match told {
            Ok(()) => {
                delivery.state = DeliveryState::Sent;
                delivery.problem = None;
            }
            Err(error) => {
                let since = run.told_since.unwrap_or(run.created_at);
                let longest = if error.not_now { LONGEST_UNTIL_HOURS } else { LONGEST };
                if !may_pass(&error) || now.duration_since(since) >= longest {
                    delivery.state = DeliveryState::GivenUp;
                }
                delivery.problem = Some(error.message);
                attempts = attempts.max(delivery.attempts);
            }
        }
    }
    run.view.deliveries = deliveries;
    run.due = now + pause_after(attempts);
    Ok(())
}

async fn one(
    shared: &Shared,
    run: &Run,
    automation: &Automation,
    person: &Principal,
    way: DeliveryWay,
    now: Timestamp,
) -> Result<(), CallError> {
    let way = match way {
        DeliveryWay::Page => {
            shared.catalog.add_to_inbox(&run.owner, &run.answer()).await?;
            return Ok(());
        }
        DeliveryWay::Mail => {
            let (Some(from), Some(to)) = (&shared.mail_from, shared.mail_to(person).await?) else {
                return Err(given_up(super::NO_MAIL));
            };
            Way::Mail { from: from.as_str().to_owned(), mail: letter::mail(run, to, &shared.site) }
        }
        DeliveryWay::Webhook => {
            let (Some(address), Some(secret)) = (&automation.wish.notice.webhook, &automation.secret) else {
                return Err(given_up("The automation has no webhook any more."));
            };
            let body = letter::webhook(run, &shared.site, now);
            Way::Webhook { address: address.clone(), secret: secret.clone(), body, now }
        }
    };
    let input = SendNoticeInput::new(run, way, shared.webhooks.clone());
    let origin = run.setter.origin(&run.automation);
    shared.gateway.call::<SendNotice>(person, &origin, input).await.map(drop)
}

fn given_up(message: &str) -> CallError {
    CallError::new(CallErrorKind::NotFound, message, "")
}

/// How long is waited after so many tries.
fn pause_after(attempts: u32) -> SignedDuration {
    let place = usize::try_from(attempts.saturating_sub(1)).unwrap_or(usize::MAX).min(PAUSES.len() - 1);
    SignedDuration::from_secs(PAUSES[place])
}

impl Shared {
    /// The e-mail address of somebody; none where they have no account.
    pub(super) async fn mail_to(&self, person: &Principal) -> Result<Option<String>, CatalogError> {
        let user = self.catalog.user(person.person()).await?;
        Ok(user.map(|user| user.email))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_tried_ever_more_seldom_and_about_a_dozen_times_in_a_day() {
        let mut waited = SignedDuration::ZERO;
        let mut tries = 1;
        while waited < LONGEST {
            let pause = pause_after(tries);
            assert!(pause >= pause_after(tries.saturating_sub(1)));
            waited += pause;
            tries += 1;
        }
        assert!((10..=14).contains(&tries), "{tries}");
    }
}
