"""The Data API: values, parameters, forms of the answer, and everything that is refused."""

import json

import pytest

from support.errors import refused


def test_every_kind_of_parameter_comes_back(database):
    values = [
        {"stringValue": "å'; DROP TABLE checked_amounts"}, {"longValue": 2**62}, {"doubleValue": 0.25},
        {"blobValue": b"\x00\x01"}, {"isNull": True},
    ]
    parameters = [{"name": f"p{place}", "value": value} for place, value in enumerate(values)]
    answer = database.read("SELECT :p0, :p1, :p2, :p3, :p4", parameters=parameters)
    assert answer["records"] == [values]


def test_forms_of_the_answer(database):
    sql = "SELECT isrc, minor FROM checked_amounts WHERE minor > :least"
    least = [{"name": "least", "value": {"longValue": 0}}]
    answer = database.read(sql, parameters=least, includeResultMetadata=True)
    assert [column["typeName"] for column in answer["columnMetadata"]] == ["TEXT", "INTEGER"]
    answer = database.read(sql, parameters=least, formatRecordsAs="JSON")
    assert json.loads(answer["formattedRecords"]) == [{"isrc": "XX0NL2600001", "minor": 1250}]
    answer = database.read(sql, parameters=least, resultSetOptions={"longReturnType": "STRING"})
    assert answer["records"][0][1] == {"stringValue": "1250"}


@pytest.mark.parametrize(
    "sql",
    ["DELETE FROM checked_amounts", "UPDATE checked_amounts SET minor = 0 RETURNING minor", "PRAGMA user_version",
     "ATTACH 'other.sqlite' AS x", "VACUUM INTO 'other.sqlite'", "BEGIN", "CREATE TEMP TABLE t (a)"],
)
def test_a_reader_does_not_write(database, sql):
    with refused("DatabaseErrorException", 400) as caught:
        database.read(sql)
    assert "permission denied" in caught.value.response["Error"]["Message"]
    assert database.read("SELECT sum(minor) FROM checked_amounts")["records"] == [[{"longValue": 1247}]]


@pytest.mark.parametrize(
    ("sql", "more", "code"),
    [
        ("SELECT 1; SELECT 2", {}, "BadRequestException"),
        ("SELECT :missing", {}, "BadRequestException"),
        ("SELECT ?", {}, "BadRequestException"),
        ("SELECT 1", {"schema": "main"}, "BadRequestException"),
        ("SELECT 1", {"continueAfterTimeout": True}, "BadRequestException"),
        ("SELECT 1", {"database": "postgres"}, "DatabaseNotFoundException"),
        ("SELECT 1", {"transactionId": "t"}, "TransactionNotFoundException"),
        ("SELECT * FROM nowhere", {}, "DatabaseErrorException"),
        ("SELECT load_extension('x')", {}, "DatabaseErrorException"),
        ("SELECT printf('%.1048577c', 'x')", {}, "BadRequestException"),
        ("SELECT 1 AS a, 2 AS a", {"formatRecordsAs": "JSON"}, "UnsupportedResultException"),
    ],
)
def test_refusals(database, sql, more, code):
    with refused(code):
        database.read(sql, **more)


def test_names_are_checked(database):
    execute = database.client.execute_statement
    with refused("InvalidSecretException", 400):
        execute(resourceArn=database.resource, secretArn=f"{database.secrets}nobody", sql="SELECT 1")
    with refused("DatabaseNotFoundException", 404):
        execute(resourceArn=database.resource.replace("ledger", "other"), secretArn=f"{database.secrets}reader", sql="SELECT 1")


def test_transactions_and_batches_are_refused(database):
    names = {"resourceArn": database.resource, "secretArn": f"{database.secrets}writer"}
    with refused("BadRequestException", 400):
        database.client.begin_transaction(**names)
    with refused("BadRequestException", 400):
        database.client.batch_execute_statement(**names, sql="SELECT 1")
    for end in (database.client.commit_transaction, database.client.rollback_transaction):
        with refused("BadRequestException", 400):
            end(**names, transactionId="transaction")


def test_a_statement_that_never_ends_is_ended(database):
    with refused("StatementTimeoutException", 400):
        database.read("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT max(i) FROM n")
    assert database.read("SELECT 1")["records"] == [[{"longValue": 1}]]


def test_rows_survive_a_crash(own_embedded, own_database):
    own_database.write("CREATE TABLE kept (number INTEGER)")
    for number in range(20):
        own_database.write("INSERT INTO kept VALUES (:n)", parameters=[{"name": "n", "value": {"longValue": number}}])
    own_embedded.kill()
    own_embedded.start()
    again = type(own_database)(own_embedded)
    assert again.read("SELECT count(*) FROM kept")["records"] == [[{"longValue": 20}]]
