"""What people manage about the users of a pool, and its five classic triggers, with boto3."""

import base64
import hashlib
import hmac
import urllib.parse

from pools import (PASSWORD, attribute, code, cognito, create_app, create_pool, fetch, initiate, log,
                   mails, refused, sign_in, sign_up, user)


def main():
    pool = create_pool(
        triggers={
            "PreSignUp": "check_sign_up",
            "PostConfirmation": "greet",
            "PreAuthentication": "check_sign_in",
            "PostAuthentication": "count_sign_in",
            "CustomMessage": "word_message",
        }
    )
    open_app = create_app(pool)
    app_with_secret = create_app(pool, GenerateSecret=True)
    sign_up_with_triggers(pool, open_app)
    look_up(pool)
    enable_and_disable(pool, open_app)
    sign_in_with_triggers(pool, open_app)
    reset_by_an_administrator(pool, open_app)
    password_set_by_hand(pool, open_app)
    apps_with_and_without_secret(app_with_secret)
    second_factor(pool, open_app)


def sign_up_with_triggers(pool, app):
    """Pre sign-up refuses, the message is reworded, and post confirmation greets."""
    refused("UserLambdaValidationException", "PreSignUp failed with error nobody at example.net may"
            " sign up.", sign_up, app, "eve", "eve@example.net")
    message = refused("UserLambdaValidationException", "PreSignUp failed with error ada is taken,",
                      sign_up, app, "ada", "ada@example.com", nickname="ada")
    offer = message.rstrip(".").rpartition(" ")[2]
    assert offer.startswith("ada") and offer[3:].isdigit(), message

    sign_up(app, "ada", "ada@example.com", nickname=offer)
    first = mails("ada@example.com", 1)[0]
    assert first["subject"] == "Your code for the shop", first
    cognito.confirm_sign_up(ClientId=app, Username="ada", ConfirmationCode=code(first))
    assert "Welcome, ada@example.com!" in log("greet")

    # A user who gave no code is confirmed by hand; nothing is verified by that.
    sign_up(app, "bob", "bob@example.org")
    assert mails("bob@example.org", 1)[0]["subject"] == "Your code for the members' area"
    cognito.admin_confirm_sign_up(UserPoolId=pool, Username="bob")
    assert user(pool, "bob")["UserStatus"] == "CONFIRMED"
    assert attribute(pool, "bob", "email_verified") == "false"
    assert "Welcome, bob@example.org!" in log("greet")
    refused("NotAuthorizedException", "User cannot be confirmed. Current status is CONFIRMED",
            cognito.admin_confirm_sign_up, UserPoolId=pool, Username="bob")


def look_up(pool):
    listed = cognito.list_users(UserPoolId=pool, Filter='email ^= "ada@"')["Users"]
    assert [found["Username"] for found in listed] == ["ada"], listed
    confirmed = cognito.list_users(UserPoolId=pool, Filter='cognito:user_status = "CONFIRMED"')
    assert {found["Username"] for found in confirmed["Users"]} == {"ada", "bob"}, confirmed
    pages = cognito.get_paginator("list_users").paginate(
        UserPoolId=pool, PaginationConfig={"PageSize": 1}
    )
    assert sorted(found["Username"] for page in pages for found in page["Users"]) == ["ada", "bob"]
    refused("UserNotFoundException", "User does not exist.", user, pool, "nobody")


def enable_and_disable(pool, app):
    token = sign_in(app, "ada")["AccessToken"]
    cognito.admin_disable_user(UserPoolId=pool, Username="ada")
    disabled = user(pool, "ada")
    assert (disabled["Enabled"], disabled["UserStatus"]) == (False, "CONFIRMED"), disabled
    refused("NotAuthorizedException", "User is disabled.", sign_in, app, "ada")
    refused("NotAuthorizedException", "User is disabled.", cognito.get_user, AccessToken=token)
    cognito.admin_enable_user(UserPoolId=pool, Username="ada")
    sign_in(app, "ada")


def sign_in_with_triggers(pool, app):
    """Pre authentication refuses, post authentication counts."""
    before = log("count_sign_in").count("of bob")
    sign_in(app, "bob")
    assert log("count_sign_in").count("of bob") == before + 1
    sign_up(app, "banned-mallory", "mallory@example.com")
    cognito.admin_confirm_sign_up(UserPoolId=pool, Username="banned-mallory")
    refused("UserLambdaValidationException", "PreAuthentication failed with error the shop is closed"
            " for banned-mallory.", sign_in, app, "banned-mallory")


def reset_by_an_administrator(pool, app):
    """The reset runs the custom message trigger, whose words and code are in the mail."""
    events = log("word_message").count("CustomMessage_ForgotPassword")
    cognito.admin_reset_user_password(UserPoolId=pool, Username="ada")
    assert log("word_message").count("CustomMessage_ForgotPassword") == events + 1
    assert user(pool, "ada")["UserStatus"] == "RESET_REQUIRED"
    refused("PasswordResetRequiredException", "", sign_in, app, "ada")
    mail = mails("ada@example.com", 2)[1]
    assert mail["subject"] == "Your code for the shop", mail
    assert "Welcome to the shop: " + code(mail) in mail["html"], mail
    cognito.confirm_forgot_password(
        ClientId=app, Username="ada", ConfirmationCode=code(mail), Password="Another-1"
    )
    assert user(pool, "ada")["UserStatus"] == "CONFIRMED"
    sign_in(app, "ada", "Another-1")
    # Nothing of bob is verified, so that there is nowhere to send a code to.
    refused("InvalidParameterException", "Cannot reset password for the user as there is no"
            " registered/verified email or phone_number",
            cognito.admin_reset_user_password, UserPoolId=pool, Username="bob")


def password_set_by_hand(pool, app):
    """Temporary, then for good; no mail, no trigger."""
    events = log("word_message")
    cognito.admin_set_user_password(UserPoolId=pool, Username="bob", Password="Temporary-1")
    assert user(pool, "bob")["UserStatus"] == "FORCE_CHANGE_PASSWORD"
    challenge = initiate(app, "bob", "Temporary-1")
    assert challenge["ChallengeName"] == "NEW_PASSWORD_REQUIRED", challenge
    cognito.respond_to_auth_challenge(
        ClientId=app,
        ChallengeName="NEW_PASSWORD_REQUIRED",
        Session=challenge["Session"],
        ChallengeResponses={"USERNAME": "bob", "NEW_PASSWORD": "Chosen-by-bob-1"},
    )
    sign_in(app, "bob", "Chosen-by-bob-1")
    cognito.admin_set_user_password(
        UserPoolId=pool, Username="bob", Password="For-good-1", Permanent=True
    )
    assert user(pool, "bob")["UserStatus"] == "CONFIRMED"
    refused("NotAuthorizedException", "Incorrect username or password.", sign_in, app, "bob")
    sign_in(app, "bob", "For-good-1")
    refused("InvalidPasswordException", "Password did not conform with password policy: Password"
            " not long enough", cognito.admin_set_user_password, UserPoolId=pool, Username="bob",
            Password="Short-1")
    assert log("word_message") == events, "a message was worded"


def apps_with_and_without_secret(app):
    client_id, secret = app["id"], app["secret"]
    request = {"ClientId": client_id, "Username": "carol", "Password": PASSWORD,
               "UserAttributes": [{"Name": "email", "Value": "carol@example.com"}]}
    refused("NotAuthorizedException", f"Client {client_id} is configured for secret but secret was"
            " not received", cognito.sign_up, **request)
    refused("NotAuthorizedException", f"Unable to verify secret hash for client {client_id}",
            cognito.sign_up, SecretHash="wrong", **request)
    digest = hmac.new(secret.encode(), f"carol{client_id}".encode(), hashlib.sha256).digest()
    cognito.sign_up(SecretHash=base64.b64encode(digest).decode(), **request)


def second_factor(pool, app):
    """A text message as second factor, required of one user and then no more."""
    cognito.set_user_pool_mfa_config(
        UserPoolId=pool,
        SmsMfaConfiguration={"SmsConfiguration": {
            "SnsCallerArn": "arn:aws:iam::123456789012:role/sms", "ExternalId": "example"}},
        MfaConfiguration="OPTIONAL",
    )
    number = "+12065550100"
    cognito.admin_update_user_attributes(UserPoolId=pool, Username="bob", UserAttributes=[
        {"Name": "phone_number", "Value": number},
        {"Name": "phone_number_verified", "Value": "true"},
    ])
    prefer = {"Enabled": True, "PreferredMfa": True}
    cognito.admin_set_user_mfa_preference(
        UserPoolId=pool, Username="bob", SMSMfaSettings=prefer
    )
    assert user(pool, "bob")["UserMFASettingList"] == ["SMS_MFA"]
    challenge = initiate(app, "bob", "For-good-1")
    assert challenge["ChallengeName"] == "SMS_MFA", challenge
    assert challenge["ChallengeParameters"]["CODE_DELIVERY_DESTINATION"] == "+*******0100"
    texts = fetch("sms?to=" + urllib.parse.quote(number, safe=""))
    answer = {"ClientId": app, "ChallengeName": "SMS_MFA", "Session": challenge["Session"]}
    right = texts[-1]["code"]
    wrong = "000000" if right != "000000" else "000001"
    refused("CodeMismatchException", "Invalid code or auth state for the user.",
            cognito.respond_to_auth_challenge, **answer,
            ChallengeResponses={"USERNAME": "bob", "SMS_MFA_CODE": wrong})
    signed_in = cognito.respond_to_auth_challenge(
        **answer, ChallengeResponses={"USERNAME": "bob", "SMS_MFA_CODE": right}
    )
    assert signed_in["AuthenticationResult"]["AccessToken"]
    cognito.admin_set_user_mfa_preference(
        UserPoolId=pool, Username="bob", SMSMfaSettings={"Enabled": False}
    )
    sign_in(app, "bob", "For-good-1")


main()
