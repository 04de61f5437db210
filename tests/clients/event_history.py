"""Looks up with boto3 who called what, in CloudTrail's event history.

Endpoint, region and credentials come from the environment, as boto3 reads them.
"""

import datetime
import json
import os

import boto3
from botocore.exceptions import ClientError

cognito = boto3.client("cognito-idp")
cloudtrail = boto3.client("cloudtrail")

ADDRESS = os.environ["REVERIFY_USERNAME"]
began = datetime.datetime.now(datetime.timezone.utc).replace(microsecond=0)
signed_up = cognito.sign_up(
    ClientId=os.environ["REVERIFY_CLIENT_ID"],
    Username=ADDRESS,
    Password="Passw0rd!",
    UserAttributes=[{"Name": "email", "Value": ADDRESS}],
)
for _ in range(5):
    try:
        cognito.admin_get_user(UserPoolId=os.environ["REVERIFY_USER_POOL_ID"], Username="nobody")
        raise AssertionError("there is such a user")
    except cognito.exceptions.UserNotFoundException:
        pass


def look_up(name, **others):
    """All events of this name since the start, by pages."""
    pages = cloudtrail.get_paginator("lookup_events").paginate(
        LookupAttributes=[{"AttributeKey": "EventName", "AttributeValue": name}],
        StartTime=began,
        EndTime=began + datetime.timedelta(hours=1),
        **others,
    )
    return [event for page in pages for event in page["Events"]]


(event,) = look_up("SignUp")
assert event["EventTime"] >= began, event
assert event["ReadOnly"] == "false" and event["Resources"] == [], event
detail = json.loads(event["CloudTrailEvent"])
assert detail["eventID"] == event["EventId"], detail
assert detail["additionalEventData"]["sub"] == signed_up["UserSub"], detail
assert detail["requestID"] == signed_up["ResponseMetadata"]["RequestId"], detail
assert ADDRESS not in event["CloudTrailEvent"], detail

failed = look_up("AdminGetUser", PaginationConfig={"PageSize": 2})
codes = [json.loads(event["CloudTrailEvent"])["errorCode"] for event in failed]
assert codes == ["UserNotFoundException"] * 5, codes
assert len({event["EventId"] for event in failed}) == 5, failed

try:
    cloudtrail.lookup_events(StartTime=began, EndTime=began - datetime.timedelta(seconds=1))
    raise AssertionError("an upside-down range of time is taken")
except cloudtrail.exceptions.InvalidTimeRangeException:
    pass
try:
    cloudtrail.describe_trails()
    raise AssertionError("trails are described")
except ClientError as error:
    assert error.response["Error"]["Code"] == "NotImplementedException", error
