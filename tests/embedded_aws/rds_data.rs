//! The RDS Data API: statements over the one database, through the real client.

use aws_sdk_rdsdata::Client;
use aws_sdk_rdsdata::operation::execute_statement::ExecuteStatementOutput;
use aws_sdk_rdsdata::operation::execute_statement::builders::ExecuteStatementFluentBuilder;
use aws_sdk_rdsdata::primitives::Blob;
use aws_sdk_rdsdata::types::{
    ArrayValue, Field, LongReturnType, RecordsFormatType, ResultSetOptions, SqlParameter, TypeHint,
};
use patchline::embedded_aws::EmbeddedAws;

use super::{Fixture, Outcome, code_of, open};

fn client(aws: &EmbeddedAws) -> Client {
    let config = aws_sdk_rdsdata::Config::builder()
        .behavior_version(aws_sdk_rdsdata::config::BehaviorVersion::latest())
        .region(aws_sdk_rdsdata::config::Region::new("us-east-1"))
        .credentials_provider(aws.credentials())
        .http_client(aws.http_client())
        .endpoint_url("http://embedded-aws.localhost");
    Client::from_conf(config.build())
}

/// A database with two amounts.
struct Database {
    fixture: Fixture,
    client: Client,
}

impl Database {
    async fn new() -> Result<Self, Box<dyn std::error::Error>> {
        let fixture = Fixture::new().await?;
        let database = Self { client: client(&fixture.aws), fixture };
        let table =
            "CREATE TABLE amounts (isrc TEXT PRIMARY KEY, minor INTEGER, rate REAL, proof BLOB) STRICT";
        database.write(table).send().await?;
        let rows = "INSERT INTO amounts VALUES ('XX0NL2600001', 1250, 0.5, x'0001'), ('XX0NL2600002', -3, NULL, NULL)";
        let written = database.write(rows).send().await?;
        assert_eq!(written.number_of_records_updated(), 2);
        Ok(database)
    }

    fn read(&self, sql: &str) -> ExecuteStatementFluentBuilder {
        let names = self.fixture.aws.database();
        self.client.execute_statement().resource_arn(names.resource).secret_arn(names.reader_secret).sql(sql)
    }

    fn write(&self, sql: &str) -> ExecuteStatementFluentBuilder {
        let names = self.fixture.aws.database();
        self.client.execute_statement().resource_arn(names.resource).secret_arn(names.writer_secret).sql(sql)
    }
}

fn parameter(name: &str, value: Field) -> SqlParameter {
    SqlParameter::builder().name(name).value(value).build()
}

fn first_row(answer: &ExecuteStatementOutput) -> &[Field] {
    answer.records().first().map(Vec::as_slice).unwrap_or_default()
}

#[tokio::test]
async fn every_kind_of_value_comes_back() -> Outcome {
    let database = Database::new().await?;
    let answer = database.read("SELECT isrc, minor, rate, proof FROM amounts ORDER BY isrc").send().await?;
    let expected = [
        Field::StringValue("XX0NL2600001".to_owned()),
        Field::LongValue(1250),
        Field::DoubleValue(0.5),
        Field::BlobValue(Blob::new([0, 1])),
    ];
    assert_eq!(first_row(&answer), expected);
    assert_eq!(answer.records().get(1).and_then(|row| row.get(3)), Some(&Field::IsNull(true)));
    assert!(answer.column_metadata().is_empty());
    Ok(())
}

#[tokio::test]
async fn parameters_of_every_kind_are_bound_by_name() -> Outcome {
    let database = Database::new().await?;
    let values = [
        ("text", Field::StringValue("å'; DROP TABLE amounts".to_owned())),
        ("number", Field::LongValue(i64::MAX)),
        ("real", Field::DoubleValue(0.25)),
        ("truth", Field::BooleanValue(true)),
        ("bytes", Field::BlobValue(Blob::new([1, 2, 3]))),
        ("nothing", Field::IsNull(true)),
    ];
    let mut request = database.read("SELECT :text, :number, :real, :truth, :bytes, :nothing, :number");
    for (name, value) in &values {
        request = request.parameters(parameter(name, value.clone()));
    }
    let answer = request.send().await?;
    let mut expected: Vec<Field> = values.iter().map(|(_, value)| value.clone()).collect();
    // SQLite has no booleans of its own.
    if let Some(truth) = expected.get_mut(3) {
        *truth = Field::LongValue(1);
    }
    expected.push(Field::LongValue(i64::MAX));
    assert_eq!(first_row(&answer), expected);
    Ok(())
}

#[tokio::test]
async fn type_hints_are_checked() -> Outcome {
    let database = Database::new().await?;
    let hinted = |text: &str, hint: TypeHint| {
        let value = Field::StringValue(text.to_owned());
        let parameter = SqlParameter::builder().name("p").value(value).type_hint(hint).build();
        database.read("SELECT :p").parameters(parameter).send()
    };
    assert_eq!(code_of(hinted("2026-11-24", TypeHint::Date).await), "success");
    assert_eq!(code_of(hinted("tomorrow", TypeHint::Date).await), "BadRequestException");
    assert_eq!(code_of(hinted("1.50", TypeHint::Decimal).await), "BadRequestException");
    let array = Field::ArrayValue(ArrayValue::LongValues(vec![Some(1)]));
    let refused = database.read("SELECT :p").parameters(parameter("p", array)).send().await;
    assert_eq!(code_of(refused), "BadRequestException");
    Ok(())
}

#[tokio::test]
async fn answers_take_the_form_that_is_asked_for() -> Outcome {
    let database = Database::new().await?;
    let sql = "SELECT isrc, minor FROM amounts WHERE minor > 0";
    let described = database.read(sql).include_result_metadata(true).send().await?;
    let columns: Vec<_> =
        described.column_metadata().iter().map(|column| (column.name(), column.type_name())).collect();
    assert_eq!(columns, [(Some("isrc"), Some("TEXT")), (Some("minor"), Some("INTEGER"))]);

    let json = database.read(sql).format_records_as(RecordsFormatType::Json).send().await?;
    assert_eq!(json.formatted_records(), Some(r#"[{"isrc":"XX0NL2600001","minor":1250}]"#));
    assert!(json.records().is_empty());

    let texts = ResultSetOptions::builder().long_return_type(LongReturnType::String).build();
    let texts =
        database.read("SELECT minor FROM amounts WHERE minor > 0").result_set_options(texts).send().await?;
    assert_eq!(first_row(&texts), [Field::StringValue("1250".to_owned())]);

    let twice =
        database.read("SELECT 1 AS a, 2 AS a").format_records_as(RecordsFormatType::Json).send().await;
    assert_eq!(code_of(twice), "UnsupportedResultException");
    Ok(())
}

#[tokio::test]
async fn the_readers_secret_opens_nothing_for_writing() -> Outcome {
    let database = Database::new().await?;
    for sql in [
        "DELETE FROM amounts",
        "INSERT INTO amounts (isrc) VALUES ('x') RETURNING isrc",
        "DROP TABLE amounts",
        "PRAGMA user_version = 5",
        "ATTACH ':memory:' AS other",
        "VACUUM",
        "BEGIN",
    ] {
        let error = database.read(sql).send().await.expect_err("a refusal");
        let message =
            aws_sdk_rdsdata::error::ProvideErrorMetadata::message(&error).unwrap_or_default().to_owned();
        assert!(message.contains("permission denied"), "{sql}: {message}");
        assert_eq!(code_of(Err::<(), _>(error)), "DatabaseErrorException", "{sql}");
    }
    let left = database.read("SELECT count(*) FROM amounts").send().await?;
    assert_eq!(first_row(&left), [Field::LongValue(2)]);
    Ok(())
}

#[tokio::test]
async fn names_are_checked() -> Outcome {
    let database = Database::new().await?;
    let names = database.fixture.aws.database();
    let with = |resource: &str, secret: &str| {
        database.client.execute_statement().resource_arn(resource).secret_arn(secret).sql("SELECT 1")
    };
    let instance = "arn:aws:rds:us-east-1:000000000000:db:patchline-ledger";
    let other = "arn:aws:rds:us-east-1:000000000000:cluster:other";
    let secret = "arn:aws:secretsmanager:us-east-1:000000000000:secret:other";
    assert_eq!(code_of(with(instance, &names.reader_secret).send().await), "success");
    assert_eq!(code_of(with(other, &names.reader_secret).send().await), "DatabaseNotFoundException");
    assert_eq!(code_of(with(&names.resource, secret).send().await), "InvalidSecretException");
    assert_eq!(code_of(with("ledger", &names.reader_secret).send().await), "BadRequestException");
    assert_eq!(code_of(with(&names.resource, "secret").send().await), "BadRequestException");
    let in_database = |name: &str| database.read("SELECT 1").database(name).send();
    assert_eq!(code_of(in_database("ledger").await), "success");
    assert_eq!(code_of(in_database("postgres").await), "DatabaseNotFoundException");
    Ok(())
}

#[tokio::test]
async fn what_is_not_implemented_is_refused() -> Outcome {
    let database = Database::new().await?;
    let bad = "BadRequestException";
    assert_eq!(code_of(database.read("SELECT 1; SELECT 2").send().await), bad);
    assert_eq!(code_of(database.read("SELECT 1").schema("main").send().await), bad);
    assert_eq!(code_of(database.read("SELECT 1").continue_after_timeout(true).send().await), bad);
    assert_eq!(code_of(database.read("SELECT :missing").send().await), bad);
    let transaction = database.read("SELECT 1").transaction_id("t").send().await;
    assert_eq!(code_of(transaction), "TransactionNotFoundException");
    assert_eq!(code_of(database.read("SELECT * FROM nowhere").send().await), "DatabaseErrorException");
    assert_eq!(code_of(database.read("SELEKT 1").send().await), "DatabaseErrorException");

    let names = database.fixture.aws.database();
    let (resource, secret) = (names.resource, names.writer_secret);
    let begin = database.client.begin_transaction().resource_arn(&resource).secret_arn(&secret).send().await;
    assert_eq!(code_of(begin), bad);
    let commit = database.client.commit_transaction().resource_arn(&resource).secret_arn(&secret);
    assert_eq!(code_of(commit.transaction_id("t").send().await), bad);
    let rollback = database.client.rollback_transaction().resource_arn(&resource).secret_arn(&secret);
    assert_eq!(code_of(rollback.transaction_id("t").send().await), bad);
    let batch = database.client.batch_execute_statement().resource_arn(&resource).secret_arn(&secret);
    assert_eq!(code_of(batch.sql("SELECT 1").send().await), bad);
    Ok(())
}

#[tokio::test]
async fn a_result_of_more_than_a_mebibyte_is_refused() -> Outcome {
    let database = Database::new().await?;
    let sized = |bytes: u32| database.read(&format!("SELECT printf('%.{bytes}c', 'x')")).send();
    assert_eq!(code_of(sized(1024 * 1024).await), "success");
    let error = sized(1024 * 1024 + 1).await.expect_err("a refusal");
    let message =
        aws_sdk_rdsdata::error::ProvideErrorMetadata::message(&error).unwrap_or_default().to_owned();
    assert_eq!(message, "Database returned more than the allowed response size limit");
    Ok(())
}

#[tokio::test]
async fn written_rows_are_there_after_a_restart() -> Outcome {
    let Database { fixture, client: first } = Database::new().await?;
    let Fixture { directory, aws } = fixture;
    aws.close().await;
    drop(first);

    let aws = open(directory.path()).await?;
    let names = aws.database();
    let request =
        client(&aws).execute_statement().resource_arn(names.resource).secret_arn(names.reader_secret);
    let answer = request.sql("SELECT sum(minor) FROM amounts").send().await?;
    assert_eq!(first_row(&answer), [Field::LongValue(1247)]);
    Ok(())
}

#[tokio::test]
async fn a_change_that_returns_too_much_is_not_made() -> Outcome {
    let database = Database::new().await?;
    let sql = "UPDATE amounts SET minor = 0 RETURNING printf('%.600000c', 'x')";
    assert_eq!(code_of(database.write(sql).send().await), "BadRequestException");
    let sum = database.read("SELECT sum(minor) FROM amounts").send().await?;
    assert_eq!(first_row(&sum), [Field::LongValue(1247)]);
    let returned = database.write("UPDATE amounts SET minor = 5 RETURNING minor").send().await?;
    assert_eq!(returned.records().len(), 2);
    let sum = database.read("SELECT sum(minor) FROM amounts").send().await?;
    assert_eq!(first_row(&sum), [Field::LongValue(10)]);
    Ok(())
}
