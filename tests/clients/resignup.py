"""Signs a user up, deletes it and signs it up again with boto3; confirms with the second mail's code.

The delete, the pause and the second sign-up are the calls that people publish as the remedy for a
verification mail that does not come again. Endpoint, region and credentials come from the
environment, as boto3 reads them.
"""

import json
import os
import time
import urllib.parse
import urllib.request

import boto3

MAIL_DEADLINE_SECONDS = 10

user_pool_id = os.environ["REVERIFY_USER_POOL_ID"]
client_id = os.environ["REVERIFY_CLIENT_ID"]
username = os.environ["REVERIFY_USERNAME"]
control = os.environ["REVERIFY_CONTROL"]

client = boto3.client("cognito-idp")


def delete_cognito_user():
    client.admin_delete_user(UserPoolId=user_pool_id, Username=username)
    print("deleted")
    time.sleep(2)


def register_new_user():
    response = client.sign_up(
        ClientId=client_id,
        Username=username,
        Password="your-strong-password1!",
        UserAttributes=[{"Name": "email", "Value": username}],
    )
    delivery = response["CodeDeliveryDetails"]
    assert delivery["DeliveryMedium"] == "EMAIL", delivery
    assert delivery["Destination"] != username, f"the address is not masked: {delivery}"
    print("signed up", response["UserSub"])
    return response["UserSub"]


def mails(count):
    """The mails to the user, once there are `count` of them."""
    url = f"{control}mails?to={urllib.parse.quote(username, safe='')}"
    deadline = time.monotonic() + MAIL_DEADLINE_SECONDS
    while True:
        with urllib.request.urlopen(url) as answer:
            found = json.load(answer)
        if len(found) >= count:
            return found
        if time.monotonic() > deadline:
            raise SystemExit(f"{len(found)} of {count} mails after {MAIL_DEADLINE_SECONDS} s")
        time.sleep(0.02)


first_sub = register_new_user()
mails(1)
delete_cognito_user()
second_sub = register_new_user()
first, second = mails(2)
assert first_sub != second_sub, "the second account has the first one's sub"

try:
    client.confirm_sign_up(ClientId=client_id, Username=username, ConfirmationCode=first["code"])
    raise SystemExit("the first mail's code confirmed the second account")
except client.exceptions.CodeMismatchException as refused:
    print("first code refused:", refused)
client.confirm_sign_up(ClientId=client_id, Username=username, ConfirmationCode=second["code"])
user = client.admin_get_user(UserPoolId=user_pool_id, Username=username)
assert user["UserStatus"] == "CONFIRMED", user
print("confirmed with the code of the second mail")
