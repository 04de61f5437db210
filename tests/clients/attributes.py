"""What a pool says about its users: attributes, aliases and the password policy, with boto3."""

from pools import attribute, cognito, create_app, mails, refused, sign_in, sign_up


def attributes_and_policy():
    """Required and custom attributes, the limit of 256 characters, and the password policy."""
    pool = cognito.create_user_pool(
        PoolName="attributes",
        Schema=[
            {"Name": "given_name", "Required": True, "AttributeDataType": "String",
             "Mutable": True},
            {"Name": "plan", "AttributeDataType": "String", "Mutable": True,
             "StringAttributeConstraints": {"MinLength": "1", "MaxLength": "256"}},
            {"Name": "seats", "AttributeDataType": "Number", "Mutable": False,
             "NumberAttributeConstraints": {"MinValue": "1", "MaxValue": "9"}},
        ],
        Policies={"PasswordPolicy": {
            "MinimumLength": 10, "RequireUppercase": True, "RequireLowercase": True,
            "RequireNumbers": True, "RequireSymbols": True}},
    )["UserPool"]["Id"]
    app = create_app(pool)

    def schema(problem, **attributes):
        refused("InvalidParameterException",
                f"Attributes did not conform to the schema: {problem}",
                sign_up, app, "ada", None, "Long-enough-1", **attributes)

    schema("given_name: The attribute is required")
    schema("custom:colour: Attribute does not exist in the schema.",
           given_name="Ada", **{"custom:colour": "red"})
    schema("custom:plan:", given_name="Ada", **{"custom:plan": "x" * 257})
    schema("custom:seats:", given_name="Ada", **{"custom:seats": "10"})
    for password, problem in [
        ("Short-1", "Password not long enough"),
        ("LONG-ENOUGH-1", "Password must have lowercase characters"),
        ("long-enough-1", "Password must have uppercase characters"),
        ("Long-enough-one", "Password must have numeric characters"),
        ("LongEnough1", "Password must have symbol characters"),
    ]:
        refused("InvalidPasswordException", f"Password did not conform with policy: {problem}",
                sign_up, app, "ada", None, password, given_name="Ada")
    sign_up(app, "ada", None, "Long-enough-1", given_name="Ada",
            **{"custom:plan": "x" * 256, "custom:seats": "9"})
    assert attribute(pool, "ada", "custom:plan") == "x" * 256

    def update(name, value):
        cognito.admin_update_user_attributes(
            UserPoolId=pool, Username="ada", UserAttributes=[{"Name": name, "Value": value}]
        )

    refused("InvalidParameterException", "user.custom:seats: Attribute cannot be updated.",
            update, "custom:seats", "8")
    update("custom:plan", "small")
    assert attribute(pool, "ada", "custom:plan") == "small"
    cognito.add_custom_attributes(
        UserPoolId=pool, CustomAttributes=[{"Name": "colour", "AttributeDataType": "String"}]
    )
    update("custom:colour", "red")
    assert attribute(pool, "ada", "custom:colour") == "red"


def aliases():
    """Users sign in with their address, number or preferred name, once it is verified or given."""
    pool = cognito.create_user_pool(
        PoolName="aliases",
        AliasAttributes=["email", "phone_number", "preferred_username"],
        AutoVerifiedAttributes=["email"],
    )["UserPool"]["Id"]
    app = create_app(pool)
    refused("InvalidParameterException", "Username cannot be of email format, since user pool is"
            " configured for email alias.", sign_up, app, "ada@example.com", "ada@example.com")
    sign_up(app, "ada", "alias@example.com")
    code = mails("alias@example.com", 1)[0]["code"]
    refused("UserNotFoundException", "User does not exist.", sign_in, app, "alias@example.com")
    cognito.confirm_sign_up(ClientId=app, Username="ada", ConfirmationCode=code)
    token = sign_in(app, "alias@example.com")["AccessToken"]
    cognito.update_user_attributes(
        AccessToken=token, UserAttributes=[{"Name": "preferred_username", "Value": "countess"}]
    )
    assert cognito.get_user(AccessToken=sign_in(app, "countess")["AccessToken"])["Username"] == "ada"
    cognito.admin_update_user_attributes(UserPoolId=pool, Username="ada", UserAttributes=[
        {"Name": "phone_number", "Value": "+12065550101"},
        {"Name": "phone_number_verified", "Value": "true"},
    ])
    sign_in(app, "+12065550101")

    # Another user's verified address conflicts at the confirmation, unless it is to move.
    sign_up(app, "bob", "alias@example.com")
    code = mails("alias@example.com", 2)[1]["code"]
    refused("AliasExistsException", "An account with the", cognito.confirm_sign_up,
            ClientId=app, Username="bob", ConfirmationCode=code)
    cognito.confirm_sign_up(
        ClientId=app, Username="bob", ConfirmationCode=code, ForceAliasCreation=True
    )
    assert attribute(pool, "ada", "email_verified") == "false"
    token = sign_in(app, "alias@example.com")["AccessToken"]
    assert cognito.get_user(AccessToken=token)["Username"] == "bob"


attributes_and_policy()
aliases()
