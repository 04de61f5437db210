"""Pools, apps, functions, users and mails, for the scripts beside this module.

Functions are the handlers of `REVERIFY_FUNCTIONS`, deployed under AWS's own runtime client.
Endpoint, region and credentials come from the environment, as boto3 reads them.
"""

import json
import os
import re
import sys
import time
import urllib.parse
import urllib.request

import boto3

MAIL_DEADLINE_SECONDS = 10
FUNCTION_TIMEOUT_SECONDS = 30
PASSWORD = "Passw0rd!"

control = os.environ["REVERIFY_CONTROL"]
cognito = boto3.client("cognito-idp")
functions = boto3.client("lambda")


def create_pool(triggers):
    arns = {trigger: deploy(handler) for trigger, handler in triggers.items()}
    return cognito.create_user_pool(
        PoolName="accounts", AutoVerifiedAttributes=["email"], LambdaConfig=arns
    )["UserPool"]["Id"]


def deploy(handler):
    """Deploys a handler and starts its interpreter, which a pool would wait five seconds for."""
    definition = {
        "Command": [sys.executable, "-m", "awslambdaric", f"accounts.{handler}"],
        "Directory": os.environ["REVERIFY_FUNCTIONS"],
        "Handler": f"accounts.{handler}",
        "Timeout": FUNCTION_TIMEOUT_SECONDS,
        "Environment": {"Variables": {
            "PYTHONDONTWRITEBYTECODE": "1",
            "ALLOWED_DOMAINS": "example.com,example.org",
            "TAKEN_NICKNAMES": "ada",
        }},
    }
    arn = fetch(f"functions/{handler}", "PUT", json.dumps(definition).encode())["FunctionArn"]
    event = {"userName": "nobody", "triggerSource": "Test", "response": {}, "request": {
        "codeParameter": "{####}", "userAttributes": {"email": "nobody@example.com"}}}
    answer = functions.invoke(FunctionName=handler, Payload=json.dumps(event))
    assert "FunctionError" not in answer, answer["Payload"].read()
    return arn


def create_app(pool, **settings):
    settings.setdefault("ExplicitAuthFlows", ["ALLOW_USER_PASSWORD_AUTH"])
    app = cognito.create_user_pool_client(
        UserPoolId=pool, ClientName="app", **settings
    )["UserPoolClient"]
    assert ("ClientSecret" in app) == ("GenerateSecret" in settings), app
    if "ClientSecret" in app:
        return {"id": app["ClientId"], "secret": app["ClientSecret"]}
    return app["ClientId"]


def sign_up(app, username, email, password=PASSWORD, **attributes):
    if email:
        attributes["email"] = email
    return cognito.sign_up(
        ClientId=app,
        Username=username,
        Password=password,
        UserAttributes=[{"Name": name, "Value": value} for name, value in attributes.items()],
    )


def initiate(app, username, password):
    return cognito.initiate_auth(
        ClientId=app,
        AuthFlow="USER_PASSWORD_AUTH",
        AuthParameters={"USERNAME": username, "PASSWORD": password},
    )


def sign_in(app, username, password=PASSWORD):
    return initiate(app, username, password)["AuthenticationResult"]


def user(pool, username):
    return cognito.admin_get_user(UserPoolId=pool, Username=username)


def attribute(pool, username, name):
    found = {entry["Name"]: entry["Value"] for entry in user(pool, username)["UserAttributes"]}
    return found.get(name)


def refused(name, message, call, *arguments, **request):
    """The message with which a call was refused; it has to be of this exception and begin so."""
    try:
        answer = call(*arguments, **request)
    except cognito.exceptions.ClientError as error:
        found = error.response["Error"]
        assert found["Code"] == name and found["Message"].startswith(message), found
        return found["Message"]
    raise AssertionError(f"no {name}: {answer}")


def mails(address, count):
    """The mails to an address, once there are `count` of them."""
    deadline = time.monotonic() + MAIL_DEADLINE_SECONDS
    while True:
        found = fetch("mails?to=" + urllib.parse.quote(address, safe=""))
        if len(found) >= count:
            return found
        assert time.monotonic() < deadline, f"{len(found)} of {count} mails to {address}"
        time.sleep(0.02)


def code(mail):
    """The code in a mail, whatever words a function put around it."""
    return re.search(r"\b[0-9]{6}\b", mail["html"])[0]


def log(function):
    """What a function printed, the lines of the platform included."""
    with urllib.request.urlopen(f"{control}functions/{function}/log") as answer:
        return answer.read().decode()


def fetch(path, method="GET", body=None):
    request = urllib.request.Request(control + path, data=body, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)
