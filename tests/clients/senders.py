"""A function with AWS's own Encryption SDK sends a pool's mails in the place of Cognito, and one that
throws sends none while its callers see success. With boto3."""

import json
import os
import sys
import time

import boto3

from pools import (PASSWORD, cognito, create_app, fetch, initiate, log, mails, refused, sign_up, user)

LOG_DEADLINE_SECONDS = 30
FUNCTION_TIMEOUT_SECONDS = 30

kms = boto3.client("kms")


def main():
    key = kms.create_key(Description="codes")["KeyMetadata"]
    kms.create_alias(AliasName="alias/shop", TargetKeyId=key["KeyId"])
    [alias] = kms.list_aliases(KeyId=key["Arn"])["Aliases"]
    assert alias["TargetKeyId"] == key["KeyId"], alias
    codes_of_a_function(key["Arn"], alias["AliasArn"])
    a_function_that_throws(key["Arn"])
    keys_that_cannot_be_used(key)


def codes_of_a_function(key, alias):
    """The code confirms, and so do its successors; a temporary password signs in."""
    pool = create_pool(alias, deploy("send_mail", key))
    app = create_app(pool)
    answer = sign_up(app, "ada", "ada@example.com")
    assert answer["CodeDeliveryDetails"]["Destination"] == "a***@e***", answer
    [first] = mails("ada@example.com", 1)
    assert first["subject"] == "The shop: SignUp", first
    cognito.resend_confirmation_code(ClientId=app, Username="ada")
    second = mails("ada@example.com", 2)[1]
    assert second["subject"] == "The shop: ResendCode", second
    if first["code"] != second["code"]:
        refused("CodeMismatchException", "", cognito.confirm_sign_up, ClientId=app, Username="ada",
                ConfirmationCode=first["code"])
    cognito.confirm_sign_up(ClientId=app, Username="ada", ConfirmationCode=second["code"])
    assert user(pool, "ada")["UserStatus"] == "CONFIRMED"

    cognito.forgot_password(ClientId=app, Username="ada")
    third = mails("ada@example.com", 3)[2]
    cognito.confirm_forgot_password(ClientId=app, Username="ada", Password="N3w-" + PASSWORD,
                                    ConfirmationCode=third["code"])
    initiate(app, "ada", "N3w-" + PASSWORD)["AuthenticationResult"]

    password = "<T3mp&orary>!"
    cognito.admin_create_user(
        UserPoolId=pool, Username="bob", TemporaryPassword=password,
        UserAttributes=[{"Name": "email", "Value": "bob@example.com"}],
        DesiredDeliveryMediums=["EMAIL"])
    [invitation] = mails("bob@example.com", 1)
    assert password in invitation["text"], invitation
    assert initiate(app, "bob", password)["ChallengeName"] == "NEW_PASSWORD_REQUIRED"


def a_function_that_throws(key):
    pool = create_pool(key, deploy("throw", key))
    app = create_app(pool)
    answer = sign_up(app, "eve", "eve@example.com")
    assert answer["CodeDeliveryDetails"]["DeliveryMedium"] == "EMAIL", answer
    deadline = time.monotonic() + LOG_DEADLINE_SECONDS
    while "REPORT" not in log("throw"):
        assert time.monotonic() < deadline, log("throw")
        time.sleep(0.02)
    thrown = "[ERROR] ConnectionRefusedError: no mail server for CustomEmailSender_SignUp"
    assert thrown in log("throw"), log("throw")
    assert user(pool, "eve")["UserStatus"] == "UNCONFIRMED"
    assert mails("eve@example.com", 0) == []


def keys_that_cannot_be_used(key):
    kms.disable_key(KeyId=key["KeyId"])
    assert kms.describe_key(KeyId="alias/shop")["KeyMetadata"]["KeyState"] == "Disabled"
    refused("InvalidParameterException", f"{key['Arn']} is disabled.", create_pool, key["Arn"], "x" * 20)
    try:
        kms.generate_data_key(KeyId=key["KeyId"], KeySpec="AES_256")
    except kms.exceptions.DisabledException as error:
        assert str(error).endswith(f"{key['Arn']} is disabled."), error
    else:
        raise AssertionError("a disabled key was used")


def create_pool(key, function):
    if not function.startswith("arn:"):
        function = "arn:aws:lambda:us-east-1:123456789012:function:" + function
    config = {"CustomEmailSender": {"LambdaVersion": "V1_0", "LambdaArn": function}, "KMSKeyID": key}
    return cognito.create_user_pool(
        PoolName="senders", AutoVerifiedAttributes=["email"], LambdaConfig=config
    )["UserPool"]["Id"]


def deploy(handler, key):
    host, port = os.environ["REVERIFY_SMTP"].rsplit(":", 1)
    aws = {name: value for name, value in os.environ.items() if name.startswith("AWS_")}
    # Its region is the one that Lambda itself sets.
    del aws["AWS_REGION"], aws["AWS_DEFAULT_REGION"]
    definition = {
        "Command": [sys.executable, "-m", "awslambdaric", f"senders.{handler}"],
        "Directory": os.environ["REVERIFY_FUNCTIONS"],
        "Handler": f"senders.{handler}",
        "Timeout": FUNCTION_TIMEOUT_SECONDS,
        "Environment": {"Variables": {
            **aws,
            "PYTHONDONTWRITEBYTECODE": "1",
            "KEY_ARN": key,
            "SMTP_HOST": host,
            "SMTP_PORT": port,
        }},
    }
    return fetch(f"functions/{handler}", "PUT", json.dumps(definition).encode())["FunctionArn"]


main()
