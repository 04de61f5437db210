"""Sends mail with boto3's SES v2 client: out of the sandbox, from a verified domain, to an address
before and after it was suppressed. Endpoint, region and credentials come from the environment.
"""

import json
import os
import urllib.request

import boto3

address = os.environ["REVERIFY_USERNAME"]
client = boto3.client("sesv2")


def control(method, path, body):
    url = os.environ["REVERIFY_CONTROL"] + "ses/" + path
    request = urllib.request.Request(url, json.dumps(body).encode(), method=method)
    urllib.request.urlopen(request, timeout=5).close()


def send():
    answer = client.send_email(
        FromEmailAddress="shop@example.org",
        Destination={"ToAddresses": [address]},
        Content={
            "Simple": {
                "Subject": {"Data": "Hello"},
                "Body": {"Text": {"Data": "Your code is 123456"}},
            }
        },
    )
    return answer["MessageId"]


def refused(error, call, **arguments):
    try:
        call(**arguments)
    except error as refusal:
        return refusal.response["Error"]["Message"]
    raise AssertionError(f"{call} was not refused")


assert client.get_account()["ProductionAccessEnabled"] is False
message = refused(client.exceptions.MessageRejected, send)
assert message.startswith("Email address is not verified."), message

control("PUT", "account", {"ProductionAccessEnabled": True})
control("PUT", "identities/example.org", {"VerificationStatus": "SUCCESS"})
listed = client.list_email_identities()["EmailIdentities"]
assert [identity["IdentityName"] for identity in listed] == ["example.org"], listed
message_id = send()

client.put_suppressed_destination(EmailAddress=address, Reason="COMPLAINT")
shown = client.get_suppressed_destination(EmailAddress=address)["SuppressedDestination"]
assert shown["Reason"] == "COMPLAINT", shown
summaries = client.list_suppressed_destinations(
    Reasons=["COMPLAINT"], StartDate=shown["LastUpdateTime"]
)["SuppressedDestinationSummaries"]
assert [summary["EmailAddress"] for summary in summaries] == [address], summaries
send()
client.delete_suppressed_destination(EmailAddress=address)
refused(
    client.exceptions.NotFoundException, client.get_suppressed_destination, EmailAddress=address
)
assert client.get_account()["SendQuota"]["SentLast24Hours"] == 2.0
print("sent", message_id)
