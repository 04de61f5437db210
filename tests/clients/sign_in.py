"""Signs in with boto3 and with pycognito, which speaks SRP and verifies the tokens."""

import json
import os
import urllib.request

from pools import PASSWORD, cognito, create_app, mails, refused, sign_up
from pycognito import Cognito
from pycognito.exceptions import ForceChangePasswordException

POOL = os.environ["REVERIFY_USER_POOL_ID"]
FLOWS = ["ALLOW_USER_SRP_AUTH", "ALLOW_REFRESH_TOKEN_AUTH", "ALLOW_USER_PASSWORD_AUTH",
         "ALLOW_ADMIN_USER_PASSWORD_AUTH"]


def main():
    app = create_app(POOL, ExplicitAuthFlows=FLOWS)
    sign_up(app, "ada", "ada@example.com")
    code = mails("ada@example.com", 1)[0]["code"]
    cognito.confirm_sign_up(ClientId=app, Username="ada", ConfirmationCode=code)
    with_boto3(app)
    with_pycognito(pycognito(app))
    secret = create_app(POOL, ExplicitAuthFlows=FLOWS, GenerateSecret=True)
    with_pycognito(pycognito(secret["id"], secret["secret"]))
    first_password(app)


def with_boto3(app):
    parameters = {"USERNAME": "ada", "PASSWORD": PASSWORD}
    signed_in = cognito.initiate_auth(
        ClientId=app, AuthFlow="USER_PASSWORD_AUTH", AuthParameters=parameters
    )
    assert signed_in["ChallengeParameters"] == {}, signed_in
    tokens = signed_in["AuthenticationResult"]
    assert (tokens["TokenType"], tokens["ExpiresIn"]) == ("Bearer", 3600), tokens
    assert cognito.get_user(AccessToken=tokens["AccessToken"])["Username"] == "ada"
    by_admin = cognito.admin_initiate_auth(
        UserPoolId=POOL, ClientId=app, AuthFlow="ADMIN_USER_PASSWORD_AUTH",
        AuthParameters=parameters,
    )
    assert by_admin["AuthenticationResult"]["IdToken"]

    def refresh():
        return cognito.initiate_auth(
            ClientId=app, AuthFlow="REFRESH_TOKEN_AUTH",
            AuthParameters={"REFRESH_TOKEN": tokens["RefreshToken"]},
        )["AuthenticationResult"]

    assert "RefreshToken" not in refresh()
    refused("NotAuthorizedException", "Incorrect username or password.", cognito.initiate_auth,
            ClientId=app, AuthFlow="USER_PASSWORD_AUTH",
            AuthParameters={"USERNAME": "ada", "PASSWORD": "Wr0ng-password"})
    cognito.revoke_token(ClientId=app, Token=tokens["RefreshToken"])
    refused("NotAuthorizedException", "Refresh Token has been revoked", refresh)


def pycognito(app, secret=None, username="ada"):
    user = Cognito(POOL, app, username=username, client_secret=secret)
    # It would fetch the keys from AWS, whose name the tokens carry.
    url = f"{os.environ['AWS_ENDPOINT_URL']}/{POOL}/.well-known/jwks.json"
    with urllib.request.urlopen(url) as answer:
        user.pool_jwk = json.load(answer)
    return user


def with_pycognito(user):
    refused("NotAuthorizedException", "Incorrect username or password.", user.authenticate,
            password="Wr0ng-password")
    user.authenticate(password=PASSWORD)
    assert user.id_claims["email"] == "ada@example.com", user.id_claims
    assert user.id_claims["email_verified"] is True, user.id_claims
    assert user.access_claims["username"] == "ada", user.access_claims
    before = user.access_token
    user.renew_access_token()
    assert user.access_token != before
    user.verify_tokens()
    user.logout()


def first_password(app):
    """An invited user proves the temporary password with SRP, and gives one of their own."""
    cognito.admin_create_user(
        UserPoolId=POOL, Username="bob", TemporaryPassword="Temporary-1", MessageAction="SUPPRESS"
    )
    bob = pycognito(app, username="bob")
    try:
        bob.authenticate(password="Temporary-1")
        raise AssertionError("signed in with a temporary password")
    except ForceChangePasswordException:
        bob.new_password_challenge("Temporary-1", "Chosen-by-bob-1")
    bob.authenticate(password="Chosen-by-bob-1")


main()
