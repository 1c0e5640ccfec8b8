//! What each role may do: exactly what the operations of `engine/aws` take, on what is configured.

use super::arn::Arns;
use super::statement::Statement;
use super::{Beyond, RoleName};
use crate::engine::catalog::schema::{
    AUDIT_BY_PRINCIPAL, AUDIT_CHECKPOINTS_TABLE, AUDIT_TABLE, AUTOMATION_BY_WATCH, AUTOMATION_TABLE,
    CONTRACT_TERMS_TABLE, IDEMPOTENCY_TABLE, IMPORTS_TABLE, KEYS_BY_OWNER, KEYS_TABLE, LIMITS_TABLE,
    LONG_CALLS_TABLE, RECORDING_REPORTS_TABLE, RECORDINGS_BY_DAY, RECORDINGS_TABLE, RELEASES_BY_ARTIST,
    ROLLUPS_TABLE, SESSIONS_BY_USER, SESSIONS_TABLE, SETTINGS_TABLE, SPLITS_TABLE, TASKS_TABLE,
    UPLOADS_TABLE, USERS_TABLE, WAIVERS_TABLE,
};
use crate::engine::config::{Config, RoleArn, TableRole};
use serde_json::{Value, json};

/// The folder of a knowledge base's bucket in which the documents lie that people add.
const DOCUMENTS: &str = "documents/";

/// One of Patchline's own tables: what is done with it, and its index, which is queried.
type OwnTable = (&'static str, &'static str, &'static [&'static str], Option<&'static str>);

/// Patchline's own tables. Records of the audit log are added by `BatchWriteItem`, and IAM knows nothing narrower
/// for groups of them: with it they could be replaced and removed, too, which the checkpoints show.
const OWN_TABLES: [OwnTable; 19] = [
    (
        "Settings",
        SETTINGS_TABLE,
        &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
        None,
    ),
    ("People", USERS_TABLE, &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan"], None),
    (
        "Keys",
        KEYS_TABLE,
        &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Scan"],
        Some(KEYS_BY_OWNER),
    ),
    (
        "Sessions",
        SESSIONS_TABLE,
        &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:DeleteItem"],
        Some(SESSIONS_BY_USER),
    ),
    (
        "Repetitions",
        IDEMPOTENCY_TABLE,
        &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
        None,
    ),
    ("LongCalls", LONG_CALLS_TABLE, &["dynamodb:GetItem", "dynamodb:PutItem"], None),
    (
        "Tasks",
        TASKS_TABLE,
        &[
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:Query",
        ],
        None,
    ),
    ("Waivers", WAIVERS_TABLE, &["dynamodb:PutItem", "dynamodb:DeleteItem", "dynamodb:Query"], None),
    ("Rollups", ROLLUPS_TABLE, &["dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:Query"], None),
    ("Splits", SPLITS_TABLE, &["dynamodb:GetItem", "dynamodb:PutItem"], None),
    ("ContractTerms", CONTRACT_TERMS_TABLE, &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan"], None),
    (
        "Automations",
        AUTOMATION_TABLE,
        &[
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:Query",
        ],
        Some(AUTOMATION_BY_WATCH),
    ),
    (
        "Recordings",
        RECORDINGS_TABLE,
        &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Scan"],
        Some(RECORDINGS_BY_DAY),
    ),
    ("RecordingReports", RECORDING_REPORTS_TABLE, &["dynamodb:GetItem", "dynamodb:PutItem"], None),
    (
        "Uploads",
        UPLOADS_TABLE,
        &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
        None,
    ),
    (
        "Imports",
        IMPORTS_TABLE,
        &[
            "dynamodb:GetItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:Query",
        ],
        None,
    ),
    (
        "Limits",
        LIMITS_TABLE,
        &["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:UpdateItem", "dynamodb:DeleteItem"],
        None,
    ),
    (
        "AuditLog",
        AUDIT_TABLE,
        &["dynamodb:BatchWriteItem", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"],
        Some(AUDIT_BY_PRINCIPAL),
    ),
    (
        "AuditCheckpoints",
        AUDIT_CHECKPOINTS_TABLE,
        &[
            "dynamodb:BatchWriteItem",
            "dynamodb:PutItem",
            "dynamodb:UpdateItem",
            "dynamodb:DeleteItem",
            "dynamodb:Query",
            "dynamodb:Scan",
        ],
        None,
    ),
];

/// The statements of a role.
pub(super) fn of(role: RoleName, config: &Config, arns: &Arns, beyond: &Beyond) -> Vec<Statement> {
    let mut statements = match role {
        RoleName::Service => {
            let mail = send_mail(config, arns).into_iter().flatten();
            std::iter::once(take_roles(config, arns)).chain(mail).collect()
        }
        RoleName::Bedrock => bedrock(config, arns),
        RoleName::S3 => s3(config, arns, beyond),
        RoleName::Dynamo => dynamo(config, arns),
        RoleName::CloudWatch => cloudwatch(config, arns),
        RoleName::Rds => rds(config, arns),
    };
    statements.extend(encryption(role, beyond));
    statements.push(Statement::only_encrypted());
    statements
}

/// The process takes the other roles, and has nothing else but that it sends notices by e-mail.
fn take_roles(config: &Config, arns: &Arns) -> Statement {
    let others = RoleName::needed(config).filter(|role| *role != RoleName::Service);
    let name = |role: RoleName| match configured(role, config) {
        Some(arn) => arn.as_str().to_owned(),
        None => arns.role(role.id()),
    };
    let actions = ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"];
    Statement::allow("TakeRoles", &actions, others.map(name).collect())
}

/// Sends e-mails from the one address of the configuration, and looks whether it may be sent from.
fn send_mail(config: &Config, arns: &Arns) -> Option<[Statement; 3]> {
    let from = config.mail_from.as_ref()?;
    let only = json!({ "StringEquals": { "ses:FromAddress": from.address() } });
    let identities = || vec![arns.mail_identities()];
    Some([
        Statement::allow("SendNotices", &["ses:SendEmail"], identities()).when(only),
        Statement::allow("LookAtSender", &["ses:GetEmailIdentity"], identities()),
        // It takes no resource.
        Statement::allow("LookAtMail", &["ses:GetAccount"], vec!["*".to_owned()]),
    ])
}

fn configured(role: RoleName, config: &Config) -> Option<&RoleArn> {
    let roles = &config.roles;
    match role {
        RoleName::Service => None,
        RoleName::Bedrock => roles.bedrock.as_ref(),
        RoleName::S3 => roles.s3.as_ref(),
        RoleName::Dynamo => roles.dynamodb.as_ref(),
        RoleName::CloudWatch => roles.cloudwatch.as_ref(),
        RoleName::Rds => roles.rds.as_ref(),
    }
}

fn dynamo(config: &Config, arns: &Arns) -> Vec<Statement> {
    let tables = |role: TableRole| config.tables.of(role).map(|name| arns.table(name)).collect::<Vec<_>>();
    let releases = config.tables.of(TableRole::Releases);
    let indexes = releases.map(|name| arns.index(name, RELEASES_BY_ARTIST)).collect::<Vec<_>>();
    let all = [TableRole::Artists, TableRole::Releases, TableRole::Analytics].map(tables).concat();
    let read = ["dynamodb:DescribeTable", "dynamodb:GetItem", "dynamodb:Query", "dynamodb:Scan"];
    let mut statements = vec![
        Statement::allow("ReadLabel", &read, all),
        Statement::allow("ReadReleasesOfArtists", &["dynamodb:Query"], indexes),
        Statement::allow(
            "ChangeCatalogue",
            &["dynamodb:UpdateItem"],
            [TableRole::Artists, TableRole::Releases].map(tables).concat(),
        ),
        // Taking an import back removes the rows that it has added.
        Statement::allow(
            "RecordFigures",
            &["dynamodb:PutItem", "dynamodb:DeleteItem"],
            tables(TableRole::Analytics),
        ),
    ];
    let own = OWN_TABLES.iter().map(|(_, table, ..)| arns.table(table)).collect();
    statements.push(Statement::allow("LookAtOwnTables", &["dynamodb:DescribeTable"], own));
    statements.extend(own_tables(arns));
    let own_indexes = OWN_TABLES.iter().filter_map(|(_, table, _, index)| Some(arns.index(table, (*index)?)));
    statements.push(Statement::allow("FindInOwnTables", &["dynamodb:Query"], own_indexes.collect()));
    statements
}

/// A statement for each set of actions, named after the tables with which that is done: one for each table would be
/// longer than a policy may be.
fn own_tables(arns: &Arns) -> Vec<Statement> {
    let mut alike: Vec<(&[&str], String, Vec<String>)> = Vec::new();
    for (name, table, actions, _) in OWN_TABLES {
        match alike.iter_mut().find(|(known, ..)| *known == actions) {
            Some((_, names, tables)) => {
                names.push_str(name);
                tables.push(arns.table(table));
            }
            None => alike.push((actions, name.to_owned(), vec![arns.table(table)])),
        }
    }
    alike.into_iter().map(|(actions, names, tables)| Statement::allow(names, actions, tables)).collect()
}

fn s3(config: &Config, arns: &Arns, beyond: &Beyond) -> Vec<Statement> {
    let names: Vec<&str> = config.buckets.all().collect();
    let list = ["s3:ListBucket", "s3:ListBucketVersions", "s3:GetBucketVersioning"];
    let files = ["s3:GetObject", "s3:GetObjectVersion", "s3:PutObject", "s3:AbortMultipartUpload"];
    let buckets = names.iter().map(|name| arns.bucket(name)).collect();
    let objects = names.iter().map(|name| arns.files(name, "")).collect();
    let mut statements = vec![
        own_account(Statement::allow("ListFiles", &list, buckets), config),
        own_account(Statement::allow("ReadAndStoreFiles", &files, objects), config),
    ];
    if let Some(bucket) = &config.audit_bucket {
        let look = ["s3:ListBucket", "s3:GetBucketObjectLockConfiguration"];
        // The bucket is best in another account, so none is demanded.
        statements.extend([
            Statement::allow("ListCheckpoints", &look, vec![arns.bucket(bucket)]),
            // Its lock keeps what is stored under the same name again from taking the place of the former.
            Statement::allow("CopyCheckpoints", &["s3:PutObject"], vec![arns.files(bucket, "")]),
        ]);
    }
    if let Some(bucket) = config.audit_bucket.as_ref().filter(|_| config.audit_copies_records) {
        let read = Statement::allow("ReadCopiedRecords", &["s3:GetObject"], vec![arns.files(bucket, "")]);
        statements.push(read);
    }
    if config.servers.bedrock && !beyond.knowledge_buckets.is_empty() {
        let names = || beyond.knowledge_buckets.iter();
        let buckets = names().map(|name| arns.bucket(name)).collect();
        let read = names().map(|name| arns.files(name, "")).collect();
        let documents = names().map(|name| arns.files(name, DOCUMENTS)).collect();
        let change = ["s3:PutObject", "s3:DeleteObject"];
        let knowledge = [
            Statement::allow("ListKnowledge", &["s3:ListBucket"], buckets),
            Statement::allow("ReadKnowledge", &["s3:GetObject"], read),
            Statement::allow("ChangeDocuments", &change, documents),
        ];
        statements.extend(knowledge.map(|statement| own_account(statement, config)));
    }
    statements
}

/// Names of buckets belong to all accounts: somebody else's of the same name is none of ours.
fn own_account(statement: Statement, config: &Config) -> Statement {
    match &config.account {
        Some(account) => statement.when(json!({ "StringEquals": { "aws:ResourceAccount": account } })),
        None => statement,
    }
}

fn cloudwatch(config: &Config, arns: &Arns) -> Vec<Statement> {
    let monitoring = &config.monitoring;
    let read = monitoring.groups.all().map(|name| arns.log_group(name)).collect();
    let audit = config.audit.then_some(monitoring.audit_group.as_str());
    let mut own: Vec<_> = monitoring.groups.application().into_iter().chain(audit).collect();
    own.dedup();
    let write: Vec<_> = own.into_iter().map(|name| arns.log_group(name)).collect();
    let everything = || vec!["*".to_owned()];
    let namespace = json!({ "StringEquals": { "cloudwatch:namespace": monitoring.namespace } });
    let mut statements = vec![
        Statement::allow("FindLogGroups", &["logs:DescribeLogGroups"], vec![arns.log_group("*")]),
        Statement::allow("SearchLogs", &["logs:StartQuery"], read),
        // A query is known by its id, which is no resource.
        Statement::allow("ReadSearches", &["logs:GetQueryResults", "logs:StopQuery"], everything()),
        Statement::allow(
            "ReadMetrics",
            &["cloudwatch:ListMetrics", "cloudwatch:GetMetricData", "cloudwatch:DescribeAlarms"],
            everything(),
        ),
        Statement::allow("WriteMetrics", &["cloudwatch:PutMetricData"], everything()).when(namespace),
    ];
    if !write.is_empty() {
        let actions = ["logs:CreateLogStream", "logs:PutLogEvents"];
        statements.push(Statement::allow("WriteOwnLog", &actions, write));
    }
    // `patchline audit verify` compares the lines of calls with their records.
    if let Some(audit) = audit {
        let group = vec![arns.log_group(audit)];
        statements.push(Statement::allow("ReadAuditLines", &["logs:FilterLogEvents"], group));
    }
    statements
}

fn bedrock(config: &Config, arns: &Arns) -> Vec<Statement> {
    let bases = config.knowledge_bases.iter().map(|id| arns.knowledge_base(id)).collect();
    let models: Vec<_> = config.models.iter().flat_map(|id| arns.model(id)).collect();
    let profiles: Vec<_> = models.iter().filter(|arn| arn.contains(":inference-profile/")).cloned().collect();
    let knowledge = [
        "bedrock:GetKnowledgeBase",
        "bedrock:ListDataSources",
        "bedrock:GetDataSource",
        "bedrock:StartIngestionJob",
        "bedrock:ListIngestionJobs",
        "bedrock:GetIngestionJob",
        "bedrock:Retrieve",
    ];
    let invoke = ["bedrock:InvokeModel", "bedrock:InvokeModelWithResponseStream"];
    let mut statements = vec![
        Statement::allow("SearchKnowledge", &knowledge, bases),
        // It takes no resource; what it retrieves from, and which model writes, is limited beside it.
        Statement::allow("AskForAnswers", &["bedrock:RetrieveAndGenerate"], vec!["*".to_owned()]),
        Statement::allow("WriteAnswers", &invoke, models),
    ];
    if !profiles.is_empty() {
        statements.push(Statement::allow("FindProfiles", &["bedrock:GetInferenceProfile"], profiles));
    }
    statements
}

fn rds(config: &Config, arns: &Arns) -> Vec<Statement> {
    // A name may be that of a cluster, or of an instance in a cluster with another name.
    let instances = config.databases.all().map(|database| arns.database("db", &database.name)).collect();
    let clusters = || vec![arns.database("cluster", "*")];
    let run = ["rds-data:ExecuteStatement", "rds-data:BeginTransaction", "rds-data:RollbackTransaction"];
    let mut secrets: Vec<_> =
        config.databases.all().filter_map(|database| database.secret_arn.clone()).collect();
    if config.databases.all().any(|database| database.secret_arn.is_none()) {
        secrets.extend(arns.managed_secrets());
    }
    let mut statements = vec![
        Statement::allow("FindClusters", &["rds:DescribeDBClusters"], clusters()),
        Statement::allow("AskDatabases", &run, clusters()),
    ];
    // A list without names is none that IAM takes.
    if config.databases.all().next().is_some() {
        statements.push(Statement::allow("FindInstances", &["rds:DescribeDBInstances"], instances));
        statements.push(Statement::allow("ReadSecrets", &["secretsmanager:GetSecretValue"], secrets));
    }
    statements
}

/// The keys of KMS, of use through the services of the role only.
fn encryption(role: RoleName, beyond: &Beyond) -> Option<Statement> {
    let services: &[&str] = match role {
        RoleName::Service => return None,
        RoleName::Bedrock => &["bedrock.*.amazonaws.com*"],
        RoleName::S3 => &["s3.*.amazonaws.com*"],
        RoleName::Dynamo => &["dynamodb.*.amazonaws.com*"],
        RoleName::CloudWatch => &["logs.*.amazonaws.com*"],
        RoleName::Rds => &["secretsmanager.*.amazonaws.com*", "rds.*.amazonaws.com*"],
    };
    if beyond.kms_keys.is_empty() {
        return None;
    }
    let through: Value = json!({ "StringLike": { "kms:ViaService": services } });
    let actions = ["kms:Decrypt", "kms:GenerateDataKey"];
    Some(Statement::allow("UseKeys", &actions, beyond.kms_keys.clone()).when(through))
}
