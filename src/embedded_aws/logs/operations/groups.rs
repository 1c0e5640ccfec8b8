//! Log groups and how long they keep events.

use serde_json::{Value, json};

use super::super::error::LogsError;
use super::super::names::group_arn;
use super::super::position::{name_of_token, token_of_name};
use super::super::store::Group;
use super::{Answer, Call, PAGE, insert, nothing};

/// For how many days a group can keep events, as AWS has it.
const RETENTIONS: [i64; 22] =
    [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653];

impl Call<'_> {
    pub(super) fn create_log_group(&mut self) -> Answer {
        let name = self.group_name()?;
        self.parameters.only("logGroupClass", &json!("STANDARD"))?;
        self.parameters.only("deletionProtectionEnabled", &json!(false))?;
        self.parameters.only("tags", &json!({}))?;
        self.finish_parameters()?;
        if self.store().create_group(name.as_str(), self.now)? {
            return Ok(nothing());
        }
        Err(LogsError::AlreadyExists { what: "log group", name: name.as_str().to_owned() })
    }

    pub(super) fn delete_log_group(&mut self) -> Answer {
        let name = self.group_name()?;
        self.finish_parameters()?;
        let is_deleted = self.store().delete_group(name.as_str())?;
        if is_deleted { Ok(nothing()) } else { Err(LogsError::no_group(name.as_str())) }
    }

    pub(super) fn put_retention_policy(&mut self) -> Answer {
        let name = self.group_name()?;
        let days = self.parameters.required_integer("retentionInDays")?;
        self.finish_parameters()?;
        if !RETENTIONS.contains(&days) {
            let allowed: Vec<_> = RETENTIONS.iter().map(i64::to_string).collect();
            let message = format!("retentionInDays must be one of {}, unlike {days}", allowed.join(", "));
            return Err(LogsError::invalid(message));
        }
        self.set_retention(name.as_str(), Some(days))
    }

    pub(super) fn delete_retention_policy(&mut self) -> Answer {
        let name = self.group_name()?;
        self.finish_parameters()?;
        self.set_retention(name.as_str(), None)
    }

    fn set_retention(&self, name: &str, days: Option<i64>) -> Answer {
        let is_set = self.store().set_retention(name, days)?;
        if is_set { Ok(nothing()) } else { Err(LogsError::no_group(name)) }
    }

    pub(super) fn describe_log_groups(&mut self) -> Answer {
        let prefix = self.parameters.text("logGroupNamePrefix")?;
        let pattern = self.parameters.text("logGroupNamePattern")?;
        let after = self.parameters.text("nextToken")?.map(|token| name_of_token(&token)).transpose()?;
        let limit = self.parameters.count("limit", PAGE)?;
        self.parameters.only("includeLinkedAccounts", &json!(false))?;
        self.parameters.only("logGroupClass", &json!("STANDARD"))?;
        self.finish_parameters()?;
        if prefix.is_some() && pattern.is_some() {
            return Err(LogsError::invalid("logGroupNamePrefix and logGroupNamePattern exclude each other"));
        }
        let mut groups = self.store().groups_after(&after.unwrap_or_default())?;
        groups.retain(|group| {
            prefix.as_ref().is_none_or(|prefix| group.name.starts_with(prefix))
                && pattern.as_ref().is_none_or(|pattern| group.name.contains(pattern))
        });
        let has_more = groups.len() > limit;
        groups.truncate(limit);
        let next = groups.last().filter(|_| has_more).map(|group| token_of_name(&group.name));
        let groups: Vec<_> = groups.iter().map(|group| self.described_group(group)).collect();
        let mut answer = json!({ "logGroups": groups });
        insert(&mut answer, "nextToken", next);
        Ok(answer)
    }

    fn described_group(&self, group: &Group) -> Value {
        let arn = group_arn(&self.operations.region, &group.name);
        let mut described = json!({
            "logGroupName": group.name,
            "creationTime": group.created,
            "metricFilterCount": 0,
            "arn": format!("{arn}:*"),
            "logGroupArn": arn,
            "storedBytes": group.bytes,
            "logGroupClass": "STANDARD",
            "deletionProtectionEnabled": false,
        });
        insert(&mut described, "retentionInDays", group.retention_days);
        described
    }
}
