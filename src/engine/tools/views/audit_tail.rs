//! The records of the audit log as they are made, at whichever instance.

use super::AuditRecords;
use super::audit_people::Meant;
use super::audit_records::first_id;
use crate::engine::catalog::Catalog;
use crate::engine::catalog::schema::{AUDIT_CHECKPOINTS_TABLE, AUDIT_TABLE, USERS_TABLE};
use crate::engine::tools::{Class, Context, Effect, Operation, ToolError, choices};
use crate::model::audit::{AuditQuestion, AuditRecord};
use crate::model::tool::AwsResource;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

/// How far back is looked each time: what other instances write may come a moment late.
const WINDOW: SignedDuration = SignedDuration::from_secs(15);

/// The most records that are looked at each time, the newest first.
const MOST: u32 = 500;

/// The end of the log.
pub struct AuditTail {
    catalog: Arc<Catalog>,
    question: AuditQuestion,
    /// Whom it means by their names.
    meant: Meant,
    /// The ids of those that have been looked at, as far back as is looked.
    known: BTreeSet<String>,
}

impl AuditTail {
    /// The records that fit the question and have not been told yet, the oldest first.
    ///
    /// # Errors
    /// What AWS says.
    pub async fn news(&mut self) -> Result<Vec<AuditRecord>, ToolError> {
        let now = Timestamp::now();
        let from = now.checked_sub(WINDOW).unwrap_or(now);
        let recent = AuditQuestion { from: from.to_string(), ..AuditQuestion::default() };
        let mut log = AuditRecords::new(Arc::clone(&self.catalog), recent, now)?;
        let mut news = Vec::new();
        while log.looked < MOST {
            let Some(record) = log.look().await? else { break };
            if self.known.insert(record.id.clone()) && self.meant.fits(&self.question, &record) {
                news.push(record);
            }
        }
        self.known = self.known.split_off(&first_id(from.as_millisecond()));
        news.reverse();
        Ok(news)
    }
}

impl fmt::Debug for AuditTail {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("AuditTail").field("question", &self.question).finish_non_exhaustive()
    }
}

/// Follows the log as it is written.
pub struct FollowAudit;

impl Operation for FollowAudit {
    const NAME: &'static str = "follow_audit";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Page;
    type Input = AuditQuestion;
    type Output = AuditTail;

    fn resources(_: &AuditQuestion, _: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        Ok(vec![
            choices::dynamodb("Query", AUDIT_TABLE),
            choices::dynamodb("Query", AUDIT_CHECKPOINTS_TABLE),
            choices::dynamodb("Scan", USERS_TABLE),
        ])
    }

    async fn run(question: AuditQuestion, context: Context) -> Result<AuditTail, ToolError> {
        let meant = Meant::by(&question, &context.catalog).await?;
        Ok(AuditTail { catalog: Arc::clone(&context.catalog), question, meant, known: BTreeSet::new() })
    }
}
