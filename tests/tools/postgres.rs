//! Reading an Aurora `PostgreSQL` cluster: the embedded AWS has none, so a script answers the SDK's clients
//! as the Data API does, and keeps what it was asked.

use crate::support::Patchline;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::http::StatusCode;
use aws_smithy_types::body::SdkBody;
use patchline::engine::catalog::Catalog;
use patchline::engine::gateway::{AuditLog, CallErrorKind, Channel, Gateway, Origin, Principal};
use patchline::engine::telemetry::Telemetry;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const CLUSTER: &str = "<DescribeDBClustersResponse xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\">\
    <DescribeDBClustersResult><DBClusters><DBCluster>\
    <DBClusterIdentifier>patchline-ledger</DBClusterIdentifier>\
    <DBClusterArn>arn:aws:rds:us-east-1:000000000000:cluster:patchline-ledger</DBClusterArn>\
    <Engine>aurora-postgresql</Engine><DatabaseName>royalties</DatabaseName><Status>available</Status>\
    <HttpEndpointEnabled>true</HttpEndpointEnabled>\
    <MasterUserSecret><SecretArn>arn:aws:secretsmanager:us-east-1:000000000000:secret:reader</SecretArn>\
    </MasterUserSecret></DBCluster></DBClusters></DescribeDBClustersResult></DescribeDBClustersResponse>";

const NO_INSTANCE: &str = "<ErrorResponse xmlns=\"http://rds.amazonaws.com/doc/2014-10-31/\"><Error>\
    <Type>Sender</Type><Code>DBInstanceNotFound</Code><Message>there is none</Message></Error></ErrorResponse>";

/// Answers for a cluster, and remembers the Data API's requests.
#[derive(Debug, Clone, Default)]
struct Script {
    asked: Arc<Mutex<Vec<String>>>,
    read_only_fails: bool,
}

impl Script {
    fn asked(&self) -> Vec<String> {
        self.asked.lock().expect("no test panics while it holds this").clone()
    }

    fn answer(&self, request: &HttpRequest) -> (u16, &'static str, String) {
        let body = String::from_utf8_lossy(request.body().bytes().unwrap_or_default()).into_owned();
        if body.contains("Action=DescribeDBInstances") {
            return (404, "text/xml", NO_INSTANCE.to_owned());
        }
        if body.contains("Action=DescribeDBClusters") {
            return (200, "text/xml", CLUSTER.to_owned());
        }
        let asked: Value = serde_json::from_str(&body).expect("the Data API speaks JSON");
        let path = request.uri().rsplit('/').next().unwrap_or_default().to_owned();
        let sql = asked["sql"].as_str().map(|sql| format!(" {sql}")).unwrap_or_default();
        let within = asked["transactionId"].as_str().map(|id| format!(" in {id}")).unwrap_or_default();
        self.asked.lock().expect("no test panics while it holds this").push(format!("{path}{sql}{within}"));
        let answer = match (path.as_str(), sql.contains("READ ONLY")) {
            ("BeginTransaction", _) => json!({ "transactionId": "tx-1" }),
            ("Execute", true) if self.read_only_fails => {
                let refused = json!({ "__type": "BadRequestException", "message": "no transaction" });
                return (400, "application/json", refused.to_string());
            }
            ("Execute", false) => json!({
                "columnMetadata": [{ "name": "payable", "typeName": "int8" }],
                "records": [[{ "longValue": 1764 }]]
            }),
            _ => json!({}),
        };
        (200, "application/json", answer.to_string())
    }
}

impl HttpConnector for Script {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let (status, content_type, body) = self.answer(&request);
        let status = StatusCode::try_from(status).expect("a status");
        let mut answer = HttpResponse::new(status, SdkBody::from(body));
        answer.headers_mut().insert("content-type", content_type);
        if !status.is_success() && content_type == "application/json" {
            answer.headers_mut().insert("x-amzn-errortype", "BadRequestException");
        }
        HttpConnectorFuture::ready(Ok(answer))
    }
}

/// A door whose databases are the script's.
fn door_before(patchline: &Patchline, script: &Script) -> Gateway {
    let connector = script.clone();
    let client = http_client_fn(move |_, _| SharedHttpConnector::new(connector.clone()));
    let mut aws = patchline.clients.clone();
    let rds = aws.rds.config().to_builder().http_client(client.clone());
    aws.rds = aws_sdk_rds::Client::from_conf(rds.build());
    let data = aws.rds_data.config().to_builder().http_client(client);
    aws.rds_data = aws_sdk_rdsdata::Client::from_conf(data.build());
    let config = &patchline.engine.config;
    let telemetry = Telemetry::start(&aws, config, "other", true);
    let catalog = Arc::new(Catalog::new(aws, config));
    let audit = AuditLog::start(Arc::clone(&catalog), false);
    Gateway::new(catalog, config, audit, telemetry)
}

async fn read(gateway: &Gateway, sql: &str) -> Result<Value, patchline::engine::gateway::CallError> {
    let (who, origin) = (Principal::local_operator(), Origin::new(Channel::Rest, None));
    let answer = gateway.call_tool(&who, &origin, "query_database", json!({ "sql": sql })).await?;
    Ok(answer.output)
}

#[tokio::test]
async fn a_statement_runs_in_a_transaction_that_cannot_write() {
    let patchline = Patchline::with(&[("ENABLE_RDS", "true")]).await;
    let script = Script::default();
    let gateway = door_before(&patchline, &script);
    let found = read(&gateway, "SELECT payable FROM statements").await.expect("rows");
    assert_eq!(found["rows"], json!([{ "payable": 1764 }]));
    assert_eq!(
        script.asked(),
        [
            "BeginTransaction",
            "Execute SET TRANSACTION READ ONLY in tx-1",
            "Execute SELECT payable FROM statements in tx-1",
            "RollbackTransaction in tx-1",
        ]
    );
}

#[tokio::test]
async fn without_such_a_transaction_nothing_runs_and_the_transaction_ends() {
    let patchline = Patchline::with(&[("ENABLE_RDS", "true")]).await;
    let script = Script { read_only_fails: true, ..Script::default() };
    let gateway = door_before(&patchline, &script);
    let refused = read(&gateway, "SELECT payable FROM statements").await.expect_err("it is refused");
    assert_eq!(refused.kind, CallErrorKind::Invalid, "{refused:?}");
    let asked = script.asked();
    assert_eq!(asked.last().map(String::as_str), Some("RollbackTransaction in tx-1"));
    assert!(asked.iter().all(|request| !request.contains("SELECT")), "{asked:?}");
}

#[tokio::test]
async fn a_statement_that_could_write_does_not_reach_the_database() {
    let patchline = Patchline::with(&[("ENABLE_RDS", "true")]).await;
    let script = Script::default();
    let gateway = door_before(&patchline, &script);
    for sql in ["WITH x AS (SELECT 1) -- \rDELETE FROM statements", "SELECT 1; DELETE FROM statements"] {
        let refused = read(&gateway, sql).await.expect_err("it is refused");
        assert_eq!(refused.kind, CallErrorKind::Invalid, "{sql:?}: {refused:?}");
    }
    assert!(script.asked().is_empty());
}
