//! `find_asset_access`: who has used a file, from the audit log, which names the file of each call.

use crate::engine::catalog::schema::{AUDIT_TABLE, USERS_TABLE};
use crate::engine::catalog::{Catalog, CatalogError, ObjectKey};
use crate::engine::config::BucketRole;
use crate::engine::tools::views::{AuditRecords, MOST_LOOKED_AT};
use crate::engine::tools::{Class, Content, Context, Effect, Operation, Server, Tool, ToolError, choices};
use crate::model::audit::{AuditQuestion, AuditRecord, Phase};
use crate::model::role::Role;
use crate::model::tool::AwsResource;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use ulid::Ulid;

/// The accesses of an answer unless somebody wants fewer or more.
const USUAL_ACCESSES: u32 = 50;
const MOST_ACCESSES: u32 = 200;

/// The purposes of buckets, in the order in which a bucket's name is looked for.
const PURPOSES: [BucketRole; 3] = [BucketRole::Audio, BucketRole::Artwork, BucketRole::Contracts];

/// What the names of pictures and of documents end with.
const PICTURES: [&str; 5] = [".png", ".jpg", ".jpeg", ".tif", ".tiff"];
const DOCUMENTS: [&str; 5] = [".pdf", ".docx", ".doc", ".md", ".txt"];

/// Which file, and when.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AssetAccessInput {
    /// The bucket. Unless given, that of artwork for pictures, of contracts for documents, and of audio for others.
    #[schemars(title = "Bucket")]
    pub bucket_name: Option<String>,
    /// The file's name in the bucket. It may be removed already.
    #[schemars(title = "File name", length(min = 1, max = 1024))]
    pub file_name: String,
    /// Not before this, for instance `2026-11-24` or `2026-11-24T09:30:00Z`; seven days before the end unless given.
    #[schemars(title = "From", length(max = 64))]
    pub from: Option<String>,
    /// Not after this; now unless given.
    #[schemars(title = "To", length(max = 64))]
    pub to: Option<String>,
    /// The most accesses to answer with.
    #[schemars(title = "Limit", range(min = 1, max = MOST_ACCESSES))]
    #[serde(default = "usual_accesses")]
    pub limit: u32,
    /// The `nextCursor` of the page before.
    #[schemars(title = "Cursor", length(min = 1, max = 64))]
    pub cursor: Option<String>,
}

fn usual_accesses() -> u32 {
    USUAL_ACCESSES
}

impl AssetAccessInput {
    /// The bucket and the key, checked.
    fn locate<'a>(&'a self, catalog: &'a Catalog) -> Result<(&'a str, ObjectKey), ToolError> {
        let named = self.bucket_name.as_deref();
        let role =
            named.and_then(|name| catalog.buckets.role_of(name)).unwrap_or_else(|| purpose(&self.file_name));
        let bucket = choices::bucket(named, role, catalog)?;
        let key = self.file_name.parse().map_err(|error| ToolError::field("fileName", format!("{error}")))?;
        Ok((bucket, key))
    }

    /// The time that is asked about, as the audit log is asked.
    fn question(&self) -> Result<AuditQuestion, ToolError> {
        let cursor = self.cursor.clone().unwrap_or_default();
        if !cursor.is_empty() && Ulid::from_string(&cursor).is_err() {
            return Err(ToolError::field("cursor", "the nextCursor of an answer is needed"));
        }
        Ok(AuditQuestion {
            from: self.from.clone().unwrap_or_default(),
            to: self.to.clone().unwrap_or_default(),
            before: cursor,
            ..AuditQuestion::default()
        })
    }
}

/// What the bucket is for in which a file of this name usually lies.
fn purpose(file_name: &str) -> BucketRole {
    let name = file_name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ends(&PICTURES) {
        BucketRole::Artwork
    } else if ends(&DOCUMENTS) {
        BucketRole::Contracts
    } else {
        BucketRole::Audio
    }
}

/// Who has used a file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AssetAccess {
    /// The bucket.
    #[schemars(title = "Bucket")]
    pub bucket_name: String,
    /// The file's name in the bucket.
    #[schemars(title = "File name")]
    pub file_name: String,
    /// Whether there is such a file now.
    #[schemars(title = "Still there")]
    pub still_there: bool,
    /// The accesses, newest first, also those that were refused.
    pub accesses: Vec<AccessRow>,
    /// The people of these accesses, whoever used it most first.
    pub people: Vec<AccessPerson>,
    /// Since when, RFC 3339 in UTC.
    #[schemars(title = "From")]
    pub from: String,
    /// Until when, RFC 3339 in UTC.
    #[schemars(title = "To")]
    pub to: String,
    /// How many records of the audit log were looked through.
    #[schemars(title = "Records looked through")]
    pub looked_through: u32,
    /// Where to go on; none where nothing older of that time is left.
    #[schemars(title = "Next page")]
    pub next_cursor: Option<String>,
    /// When the log was read, RFC 3339 in UTC.
    #[schemars(title = "As of")]
    pub as_of: String,
    /// The query in words.
    #[schemars(title = "Source")]
    pub source: String,
    /// What the log does not know. Full sentences.
    #[schemars(title = "Notes")]
    pub notes: Vec<String>,
}

/// A call that was about the file.
#[derive(Debug, Clone, PartialEq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessRow {
    /// When, RFC 3339 in UTC.
    pub time: String,
    /// Who, by name where it is known.
    pub who: String,
    /// The id of whoever called.
    pub principal: String,
    /// The id of the person for whom a key called.
    #[schemars(title = "On behalf of")]
    pub on_behalf_of: Option<String>,
    /// As what.
    #[schemars(with = "String")]
    pub role: Role,
    /// What was asked: the tool, or the operation of a page.
    pub operation: String,
    /// What it did, or would have done, with the file: `s3:GetObject`.
    pub action: String,
    /// `allowed`, `denied`, `invalid`, `failed`, `unknown`, or `wouldDeny` where a rule on trial would have refused it.
    pub outcome: String,
    /// `page`, `rest`, `mcp` or `command`.
    pub channel: String,
    /// Names the call in the audit log.
    #[schemars(title = "Request")]
    pub request_id: String,
}

/// Somebody who has used the file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct AccessPerson {
    /// Who, by name where it is known.
    pub who: String,
    /// The id of whoever called.
    pub principal: String,
    /// How many of the accesses were theirs.
    pub accesses: u32,
    /// How many of those were refused.
    pub refused: u32,
    /// The newest of them, RFC 3339 in UTC.
    pub newest: String,
}

/// Finds who has used a file.
pub struct FindAssetAccess;

impl Operation for FindAssetAccess {
    const NAME: &'static str = "find_asset_access";
    const EFFECT: Effect = Effect::Reads;
    const CLASS: Class = Class::Call;
    type Input = AssetAccessInput;
    type Output = AssetAccess;

    fn resources(input: &AssetAccessInput, catalog: &Catalog) -> Result<Vec<AwsResource>, ToolError> {
        let (bucket, key) = input.locate(catalog)?;
        input.question()?;
        Ok(vec![
            // So that the policy decides about the file, too: of what somebody may not see, they do not learn who has
            // seen it.
            choices::s3("GetObject", bucket, key.as_str()),
            choices::dynamodb("Query", AUDIT_TABLE),
            choices::dynamodb("Scan", USERS_TABLE),
        ])
    }

    async fn run(input: AssetAccessInput, context: Context) -> Result<AssetAccess, ToolError> {
        let catalog = &context.catalog;
        let (bucket, key) = input.locate(catalog)?;
        let file = format!("{bucket}/{key}");
        let still_there = match catalog.object_info(bucket, &key).await {
            Ok(_) => true,
            Err(CatalogError::NotFound { .. }) => false,
            Err(error) => return Err(error.into()),
        };
        let names: HashMap<String, String> =
            catalog.users().await?.into_iter().map(|user| (user.id, user.name)).collect();
        let mut log = AuditRecords::new(Arc::clone(catalog), input.question()?, context.now)?;
        let most = usize::try_from(input.limit).unwrap_or(usize::MAX);
        let (mut accesses, mut next_cursor) = (Vec::new(), None);
        while let Some(record) = log.look().await? {
            accesses.extend(access(&record, &file, &names));
            if accesses.len() == most || log.looked == MOST_LOOKED_AT {
                next_cursor = Some(record.id);
                break;
            }
        }
        Ok(AssetAccess {
            bucket_name: bucket.to_owned(),
            file_name: key.to_string(),
            still_there,
            people: people(&accesses),
            accesses,
            from: log.from.to_string(),
            to: log.to.to_string(),
            looked_through: log.looked,
            source: format!("table {AUDIT_TABLE}, resources = {file}, from {} to {}", log.from, log.to),
            notes: notes(catalog, still_there, next_cursor.is_some()),
            next_cursor,
            as_of: context.now.to_string(),
        })
    }
}

/// A record as an access to a file; none where it is about another file, was made before the call, or only looked up
/// who had used it.
fn access(record: &AuditRecord, file: &str, names: &HashMap<String, String>) -> Option<AccessRow> {
    let touched = record.resources.iter().find(|touched| touched.service == "s3" && touched.name == file)?;
    if record.phase != Phase::Outcome || record.operation == FindAssetAccess::NAME {
        return None;
    }
    let owner = record.on_behalf_of.as_ref().and_then(|owner| names.get(owner));
    let owner = owner.map(|owner| format!("A key of {owner}"));
    let who = names.get(&record.principal).cloned().or(owner).unwrap_or_else(|| record.principal.clone());
    Some(AccessRow {
        time: record.time.clone(),
        who,
        principal: record.principal.clone(),
        on_behalf_of: record.on_behalf_of.clone(),
        role: record.role,
        operation: record.operation.clone(),
        action: touched.action.clone(),
        outcome: record.outcome().to_owned(),
        channel: record.channel.clone(),
        request_id: record.request_id.clone(),
    })
}

/// Everybody of some accesses, which are the newest first.
fn people(accesses: &[AccessRow]) -> Vec<AccessPerson> {
    let mut people: Vec<AccessPerson> = Vec::new();
    for access in accesses {
        let refused = u32::from(access.outcome == "denied");
        if let Some(known) = people.iter_mut().find(|known| known.principal == access.principal) {
            known.accesses += 1;
            known.refused += refused;
        } else {
            people.push(AccessPerson {
                who: access.who.clone(),
                principal: access.principal.clone(),
                accesses: 1,
                refused,
                newest: access.time.clone(),
            });
        }
    }
    people.sort_by_key(|person| std::cmp::Reverse(person.accesses));
    people
}

fn notes(catalog: &Catalog, still_there: bool, has_more: bool) -> Vec<String> {
    let days = catalog.audit_retention.reads;
    let mut notes = vec![
        format!("Reading a file is on record for {days} days; older accesses that changed nothing are not known."),
        "The log knows who asked Patchline for the file. Who passed it on, used a download address, or read the \
         bucket without Patchline, is not in it."
            .to_owned(),
        "What somebody only saw in a list of files is not told here.".to_owned(),
    ];
    if !still_there {
        notes.push(
            "There is no file of this name now: it was removed, or its name has to be given with its folder."
                .to_owned(),
        );
    }
    if has_more {
        notes.push("There may be older accesses: ask again with the cursor of the next page.".to_owned());
    }
    notes
}

impl Tool for FindAssetAccess {
    const SERVER: Server = Server::Music;
    const CONTENT: Content = Content::Untrusted;
    const TITLE: &'static str = "Find who accessed a file";
    const DESCRIPTION: &'static str = "Who opened, downloaded, changed or was refused a file, from the audit log: each \
        call with its time, person, role, way in, outcome and request id, and how often each person did it.";

    fn complete_schema(schema: &mut Value, catalog: &Catalog) {
        let buckets: Vec<&str> =
            PURPOSES.into_iter().flat_map(|purpose| catalog.buckets.of(purpose)).collect();
        let offered = json!({ "type": "string", "enum": buckets });
        choices::refine(schema, "bucketName", &offered);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(principal: &str, outcome: &str, time: &str) -> AccessRow {
        AccessRow {
            time: time.to_owned(),
            who: principal.to_owned(),
            principal: principal.to_owned(),
            on_behalf_of: None,
            role: Role::Label,
            operation: "get_audio_file".to_owned(),
            action: "s3:GetObject".to_owned(),
            outcome: outcome.to_owned(),
            channel: "page".to_owned(),
            request_id: "req_1".to_owned(),
        }
    }

    #[test]
    fn people_are_counted_with_what_they_were_refused_whoever_came_most_first() {
        let accesses = [of("ana", "denied", "3"), of("ben", "allowed", "2"), of("ben", "allowed", "1")];
        let told: Vec<_> = people(&accesses)
            .into_iter()
            .map(|person| (person.who, person.accesses, person.refused, person.newest))
            .collect();
        let expected = [("ben".to_owned(), 2, 0, "2".to_owned()), ("ana".to_owned(), 1, 1, "3".to_owned())];
        assert_eq!(told, expected);
    }
}
