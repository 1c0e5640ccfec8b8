"""Sessions and limits go away by themselves when their time is over."""

import time

from support.waiting import wait_until


def test_an_item_is_removed_after_its_time_and_no_other(dynamodb, releases):
    dynamodb.update_time_to_live(
        TableName=releases, TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires"}
    )
    described = dynamodb.describe_time_to_live(TableName=releases)["TimeToLiveDescription"]
    assert (described["TimeToLiveStatus"], described["AttributeName"]) == ("ENABLED", "expires")

    now = int(time.time())
    for name, expires in (("past", now - 60), ("future", now + 3600)):
        dynamodb.put_item(
            TableName=releases, Item={"releaseId": {"S": name}, "expires": {"N": str(expires)}}
        )
    dynamodb.put_item(TableName=releases, Item={"releaseId": {"S": "forever"}})

    def left():
        return sorted(item["releaseId"]["S"] for item in dynamodb.scan(TableName=releases)["Items"])

    wait_until(lambda: left() == ["forever", "future"], "the expired item to be removed", pause=0.5)
