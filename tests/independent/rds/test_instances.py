"""DescribeDBInstances, and who the caller is."""

import pytest

from support.errors import refused


def test_the_one_instance(rds):
    pages = rds.get_paginator("describe_db_instances").paginate(PaginationConfig={"PageSize": 20})
    instances = [instance for page in pages for instance in page["DBInstances"]]
    assert [(one["DBInstanceIdentifier"], one["Engine"], one["DBInstanceStatus"]) for one in instances] == [
        ("patchline-ledger", "sqlite", "available")
    ]


@pytest.mark.parametrize(
    ("name", "values", "count"),
    [("engine", ["sqlite"], 1), ("engine", ["postgres", "mysql"], 0), ("db-instance-id", ["x", "patchline-ledger"], 1)],
)
def test_filters(rds, name, values, count):
    answer = rds.describe_db_instances(Filters=[{"Name": name, "Values": values}])
    assert len(answer["DBInstances"]) == count


def test_what_is_not_there_is_refused(rds):
    with refused("DBInstanceNotFound", 404):
        rds.describe_db_instances(DBInstanceIdentifier="other")
    with refused("InvalidParameterValue", 400):
        rds.describe_db_instances(Filters=[{"Name": "domain", "Values": ["x"]}])
    with refused("InvalidParameterValue", 400):
        rds.describe_db_instances(MaxRecords=5)
    with refused("InvalidAction", 400):
        rds.describe_db_clusters()


def test_the_caller(embedded):
    sts = embedded.client("sts")
    caller = sts.get_caller_identity()
    assert caller["Account"] == "000000000000"
    assert caller["Arn"] == "arn:aws:iam::000000000000:user/patchline"
    with refused("InvalidAction", 400):
        sts.get_session_token()
    with refused("InvalidClientTokenId", 403):
        embedded.client("sts", aws_access_key_id="AKIA0000000000000000").get_caller_identity()
