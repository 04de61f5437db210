// Signs in with aws-sdk for JavaScript v2, and with SRP through amazon-cognito-identity-js.
"use strict";

const assert = require("node:assert/strict");
const AWS = require("aws-sdk");
const { AuthenticationDetails, CognitoUser, CognitoUserPool } = require("amazon-cognito-identity-js");

const {
  AWS_ENDPOINT_URL: endpoint,
  AWS_REGION: region,
  REVERIFY_USER_POOL_ID: UserPoolId,
  REVERIFY_USERNAME: Username,
} = process.env;
const Password = "your-strong-password1!";

AWS.config.update({ region, endpoint });
const cognito = new AWS.CognitoIdentityServiceProvider();

const createApp = async () => {
  const created = await cognito
    .createUserPoolClient({
      UserPoolId,
      ClientName: "js",
      ExplicitAuthFlows: [
        "ALLOW_USER_PASSWORD_AUTH",
        "ALLOW_USER_SRP_AUTH",
        "ALLOW_REFRESH_TOKEN_AUTH",
      ],
    })
    .promise();
  return created.UserPoolClient.ClientId;
};

const withSdk = async (ClientId) => {
  const signIn = (PASSWORD) =>
    cognito
      .initiateAuth({
        ClientId,
        AuthFlow: "USER_PASSWORD_AUTH",
        AuthParameters: { USERNAME: Username, PASSWORD },
      })
      .promise();
  await assert.rejects(signIn("wrong-password"), {
    code: "NotAuthorizedException",
    message: "Incorrect username or password.",
  });
  const { AuthenticationResult: tokens } = await signIn(Password);
  const user = await cognito.getUser({ AccessToken: tokens.AccessToken }).promise();
  assert.equal(user.Username, Username);
  const refreshed = await cognito
    .initiateAuth({
      ClientId,
      AuthFlow: "REFRESH_TOKEN_AUTH",
      AuthParameters: { REFRESH_TOKEN: tokens.RefreshToken },
    })
    .promise();
  assert.ok(refreshed.AuthenticationResult.AccessToken);
};

const withSrp = async (ClientId) => {
  const pool = new CognitoUserPool({ UserPoolId, ClientId, endpoint });
  const user = new CognitoUser({ Username, Pool: pool });
  const signIn = (password) =>
    new Promise((resolve, reject) => {
      const details = new AuthenticationDetails({ Username, Password: password });
      user.authenticateUser(details, { onSuccess: resolve, onFailure: reject });
    });
  await assert.rejects(signIn("wrong-password"), { code: "NotAuthorizedException" });
  const session = await signIn(Password);
  assert.ok(session.isValid());
  assert.equal(session.getIdToken().payload.email, Username);
  const refreshed = await new Promise((resolve, reject) => {
    user.refreshSession(session.getRefreshToken(), (error, answer) =>
      error ? reject(error) : resolve(answer),
    );
  });
  assert.ok(refreshed.isValid());
};

(async () => {
  const ClientId = await createApp();
  await cognito
    .signUp({
      ClientId,
      Username,
      Password,
      UserAttributes: [{ Name: "email", Value: Username }],
    })
    .promise();
  await cognito.adminConfirmSignUp({ UserPoolId, Username }).promise();
  await withSdk(ClientId);
  await withSrp(ClientId);
})().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
