//! Every operation that Patchline asks AWS for, and the permissions that it takes.
//!
//! What is not here is refused before it leaves the program, so that no policy of `patchline iam-policy` can miss
//! an action that is used.

/// An operation of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AwsOperation {
    /// The service, as its SDK calls it.
    pub service: &'static str,
    /// The operation.
    pub name: &'static str,
    /// The actions of IAM that it takes; none where only the embedded AWS is asked for it.
    pub actions: &'static [&'static str],
}

const fn of(service: &'static str, name: &'static str, actions: &'static [&'static str]) -> AwsOperation {
    AwsOperation { service, name, actions }
}

const DYNAMODB: &str = "DynamoDB";
const S3: &str = "S3";
const LOGS: &str = "CloudWatch Logs";
const METRICS: &str = "CloudWatch";
const BEDROCK_AGENT: &str = "Bedrock Agent";
const BEDROCK_AGENT_RUNTIME: &str = "Bedrock Agent Runtime";
const BEDROCK_RUNTIME: &str = "Bedrock Runtime";
const RDS: &str = "RDS";
const RDS_DATA: &str = "RDS Data";
const SES: &str = "SESv2";
const STS: &str = "STS";

/// What only the embedded AWS is asked for: in an account somebody else makes tables, buckets and log groups.
const EMBEDDED_ONLY: &[&str] = &[];

/// What a model takes that writes an answer from a knowledge base.
const ANSWERS: &[&str] = &[
    "bedrock:RetrieveAndGenerate",
    "bedrock:InvokeModel",
    "bedrock:InvokeModelWithResponseStream",
    "bedrock:GetInferenceProfile",
];

/// All of them.
pub const OPERATIONS: &[AwsOperation] = &[
    of(DYNAMODB, "DescribeTable", &["dynamodb:DescribeTable"]),
    of(DYNAMODB, "GetItem", &["dynamodb:GetItem"]),
    of(DYNAMODB, "PutItem", &["dynamodb:PutItem"]),
    of(DYNAMODB, "UpdateItem", &["dynamodb:UpdateItem"]),
    of(DYNAMODB, "DeleteItem", &["dynamodb:DeleteItem"]),
    of(DYNAMODB, "Query", &["dynamodb:Query"]),
    of(DYNAMODB, "Scan", &["dynamodb:Scan"]),
    of(DYNAMODB, "BatchWriteItem", &["dynamodb:BatchWriteItem"]),
    of(DYNAMODB, "TransactWriteItems", &["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"]),
    of(DYNAMODB, "CreateTable", EMBEDDED_ONLY),
    of(DYNAMODB, "UpdateTable", EMBEDDED_ONLY),
    of(DYNAMODB, "DescribeTimeToLive", EMBEDDED_ONLY),
    of(DYNAMODB, "UpdateTimeToLive", EMBEDDED_ONLY),
    of(S3, "HeadBucket", &["s3:ListBucket"]),
    of(S3, "GetBucketVersioning", &["s3:GetBucketVersioning"]),
    of(S3, "ListObjectsV2", &["s3:ListBucket"]),
    of(S3, "ListObjectVersions", &["s3:ListBucketVersions"]),
    of(S3, "HeadObject", &["s3:GetObject", "s3:GetObjectVersion"]),
    of(S3, "GetObject", &["s3:GetObject", "s3:GetObjectVersion"]),
    of(S3, "PutObject", &["s3:PutObject"]),
    of(S3, "CreateMultipartUpload", &["s3:PutObject"]),
    of(S3, "UploadPart", &["s3:PutObject"]),
    of(S3, "CompleteMultipartUpload", &["s3:PutObject"]),
    of(S3, "AbortMultipartUpload", &["s3:AbortMultipartUpload"]),
    of(S3, "DeleteObject", &["s3:DeleteObject"]),
    of(S3, "GetObjectLockConfiguration", &["s3:GetBucketObjectLockConfiguration"]),
    of(S3, "CreateBucket", EMBEDDED_ONLY),
    of(S3, "PutBucketVersioning", EMBEDDED_ONLY),
    of(S3, "ListMultipartUploads", EMBEDDED_ONLY),
    of(LOGS, "DescribeLogGroups", &["logs:DescribeLogGroups"]),
    of(LOGS, "StartQuery", &["logs:StartQuery"]),
    of(LOGS, "GetQueryResults", &["logs:GetQueryResults"]),
    of(LOGS, "StopQuery", &["logs:StopQuery"]),
    of(LOGS, "FilterLogEvents", &["logs:FilterLogEvents"]),
    of(LOGS, "CreateLogStream", &["logs:CreateLogStream"]),
    of(LOGS, "PutLogEvents", &["logs:PutLogEvents"]),
    of(LOGS, "CreateLogGroup", EMBEDDED_ONLY),
    of(LOGS, "PutRetentionPolicy", EMBEDDED_ONLY),
    of(METRICS, "PutMetricData", &["cloudwatch:PutMetricData"]),
    of(METRICS, "ListMetrics", &["cloudwatch:ListMetrics"]),
    of(METRICS, "GetMetricData", &["cloudwatch:GetMetricData"]),
    of(METRICS, "DescribeAlarms", &["cloudwatch:DescribeAlarms"]),
    of(BEDROCK_AGENT, "GetKnowledgeBase", &["bedrock:GetKnowledgeBase"]),
    of(BEDROCK_AGENT, "ListDataSources", &["bedrock:ListDataSources"]),
    of(BEDROCK_AGENT, "GetDataSource", &["bedrock:GetDataSource"]),
    of(BEDROCK_AGENT, "StartIngestionJob", &["bedrock:StartIngestionJob"]),
    of(BEDROCK_AGENT, "ListIngestionJobs", &["bedrock:ListIngestionJobs"]),
    of(BEDROCK_AGENT, "GetIngestionJob", &["bedrock:GetIngestionJob"]),
    of(BEDROCK_AGENT_RUNTIME, "Retrieve", &["bedrock:Retrieve"]),
    of(BEDROCK_AGENT_RUNTIME, "RetrieveAndGenerate", ANSWERS),
    of(BEDROCK_AGENT_RUNTIME, "RetrieveAndGenerateStream", ANSWERS),
    of(BEDROCK_RUNTIME, "Converse", &["bedrock:InvokeModel"]),
    of(RDS, "DescribeDBInstances", &["rds:DescribeDBInstances"]),
    of(RDS, "DescribeDBClusters", &["rds:DescribeDBClusters"]),
    of(RDS_DATA, "ExecuteStatement", &["rds-data:ExecuteStatement", "secretsmanager:GetSecretValue"]),
    of(RDS_DATA, "BeginTransaction", &["rds-data:BeginTransaction", "secretsmanager:GetSecretValue"]),
    of(RDS_DATA, "RollbackTransaction", &["rds-data:RollbackTransaction", "secretsmanager:GetSecretValue"]),
    of(SES, "SendEmail", &["ses:SendEmail"]),
    of(SES, "GetAccount", &["ses:GetAccount"]),
    of(SES, "GetEmailIdentity", &["ses:GetEmailIdentity"]),
    of(STS, "AssumeRole", &["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"]),
];

/// Whether an operation is one of them.
pub(super) fn is_listed(service: &str, name: &str) -> bool {
    OPERATIONS.iter().any(|listed| listed.service == service && listed.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use regex::Regex;
    use std::collections::BTreeSet;
    use std::fs;
    use std::path::{Path, PathBuf};

    fn rust_files(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).expect("a folder");
        let paths = entries.map(|entry| entry.expect("an entry").path());
        paths
            .flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] })
            .filter(|path| path.extension().is_some_and(|ending| ending == "rs"))
            .collect()
    }

    /// The code of a file without its comments, its tests and its blanks.
    fn code(file: &Path) -> String {
        let text = fs::read_to_string(file).expect("a text");
        let code = text.split("#[cfg(test)]\nmod").next().unwrap_or_default();
        let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
        lines.flat_map(str::split_whitespace).collect()
    }

    #[test]
    fn nothing_is_listed_twice() {
        let names: BTreeSet<_> = OPERATIONS.iter().map(|listed| (listed.service, listed.name)).collect();
        assert_eq!(names.len(), OPERATIONS.len());
    }

    #[test]
    fn every_operation_that_the_code_asks_for_is_listed() {
        let asked = Regex::new(r"\b(?:aws|client)\.(?:[a-z0-9_]+\.)?([a-z0-9_]+)\(\)\.").expect("a pattern");
        let words = |name: &str| name.replace('_', "").to_lowercase();
        let listed: BTreeSet<_> = OPERATIONS.iter().map(|listed| words(listed.name)).collect();
        let mut found = BTreeSet::new();
        let engine = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/engine");
        for room in
            ["catalog", "converse", "database", "knowledge", "mail", "monitoring", "seed", "telemetry"]
        {
            for file in rust_files(&engine.join(room)) {
                let code = code(&file);
                for name in asked.captures_iter(&code).filter_map(|found| found.get(1)) {
                    let name = words(name.as_str());
                    let file = file.display();
                    assert!(listed.contains(&name), "{file} asks for {name}, which no policy names");
                    found.insert(name);
                }
            }
        }
        for name in ["getitem", "putobject", "startquery", "retrieve", "describedbinstances"] {
            assert!(found.contains(name), "the code is read: {found:?}");
        }
    }
}
