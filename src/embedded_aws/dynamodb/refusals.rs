//! Parameters that would be ignored, and are therefore refused.

use serde_json::Value;

use crate::embedded_aws::fault::Fault;

/// The parameters from before expressions existed, and settings of tables that one machine cannot
/// keep.
const UNSUPPORTED: [&str; 15] = [
    "AttributeUpdates",
    "AttributesToGet",
    "ConditionalOperator",
    "Expected",
    "KeyConditions",
    "QueryFilter",
    "ScanFilter",
    "GlobalTableSettingsReplicationMode",
    "GlobalTableSourceArn",
    "GlobalTableWitnessUpdates",
    "MultiRegionConsistency",
    "ReplicaUpdates",
    "ResourcePolicy",
    "UnlockWithoutBackup",
    "WarmThroughput",
];

/// Refuses a request that sets one of them, at its top or for one table of a `BatchGetItem`, or that wants a table
/// encrypted with a key.
pub(super) fn refuse_unsupported(body: &Value) -> Result<(), Fault> {
    if wants_a_key(body) {
        return Err(Fault::sender(
            "ValidationException",
            "the embedded AWS has no keys: a table cannot be encrypted with one; leave SSESpecification out",
        ));
    }
    let tables = body.get("RequestItems").and_then(Value::as_object);
    let requests = std::iter::once(body).chain(tables.into_iter().flat_map(|tables| tables.values()));
    for request in requests {
        if let Some(name) = UNSUPPORTED.iter().find(|name| request.get(name).is_some_and(|v| !v.is_null())) {
            return Err(Fault::sender(
                "ValidationException",
                format!(
                    "the embedded AWS does not implement the parameter {name}; use expressions instead of the legacy conditions"
                ),
            ));
        }
    }
    Ok(())
}

/// A table that asked to be encrypted must not pass for one that is. Switched off it asks for nothing.
fn wants_a_key(body: &Value) -> bool {
    let asked = body.get("SSESpecification").filter(|asked| !asked.is_null());
    asked.is_some_and(|asked| asked.get("Enabled").and_then(Value::as_bool) != Some(false))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_that_is_to_be_encrypted_with_a_key_is_refused_when_it_is_made_and_later() {
        for asked in [json!({"Enabled": true}), json!({"KMSMasterKeyId": "alias/label"})] {
            assert!(refuse_unsupported(&json!({"TableName": "t", "SSESpecification": asked})).is_err());
        }
        for asked in [json!({"Enabled": false}), Value::Null] {
            assert!(refuse_unsupported(&json!({"TableName": "t", "SSESpecification": asked})).is_ok());
        }
    }

    #[test]
    fn legacy_conditions_are_refused_wherever_they_are() {
        assert!(refuse_unsupported(&json!({"TableName": "t", "Expected": {}})).is_err());
        let nested = json!({"RequestItems": {"t": {"Keys": [], "AttributesToGet": ["a"]}}});
        assert!(refuse_unsupported(&nested).is_err());
    }

    #[test]
    fn an_attribute_of_an_item_may_have_any_name() {
        assert!(refuse_unsupported(&json!({"TableName": "t", "Item": {"Expected": {"S": "x"}}})).is_ok());
    }
}
