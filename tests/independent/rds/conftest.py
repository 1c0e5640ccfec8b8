"""Clients of RDS and its Data API, and the names of the one database."""

import pytest

ACCOUNT = "000000000000"


@pytest.fixture(scope="session")
def rds(embedded):
    return embedded.client("rds")


class Database:
    """The database through the Data API, with the secret of one who may write or only read."""

    def __init__(self, embedded):
        self.client = embedded.client("rds-data")
        self.resource = f"arn:aws:rds:{embedded.region}:{ACCOUNT}:cluster:patchline-ledger"
        self.secrets = f"arn:aws:secretsmanager:{embedded.region}:{ACCOUNT}:secret:ledger-"

    def read(self, sql, **more):
        return self.client.execute_statement(
            resourceArn=self.resource, secretArn=f"{self.secrets}reader", sql=sql, **more
        )

    def write(self, sql, **more):
        return self.client.execute_statement(
            resourceArn=self.resource, secretArn=f"{self.secrets}writer", sql=sql, **more
        )


@pytest.fixture(scope="session")
def database(embedded):
    """With a table of two amounts."""
    database = Database(embedded)
    database.write("CREATE TABLE checked_amounts (isrc TEXT PRIMARY KEY, minor INTEGER, rate REAL) STRICT")
    written = database.write("INSERT INTO checked_amounts VALUES ('XX0NL2600001', 1250, 0.5), ('XX0NL2600002', -3, NULL)")
    assert written["numberOfRecordsUpdated"] == 2
    return database


@pytest.fixture
def own_database(own_embedded):
    return Database(own_embedded)
