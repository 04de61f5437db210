// Signs in with aws-sdk for JavaScript v3, and has the tokens verified by aws-jwt-verify, with the
// keys that the emulator publishes.

import assert from "node:assert/strict";
import { createRequire } from "node:module";

// `import` does not look into NODE_PATH, `require` does.
const require = createRequire(import.meta.url);
const { CognitoIdentityProvider } = require("@aws-sdk/client-cognito-identity-provider");
const { CognitoJwtVerifier } = require("aws-jwt-verify");

const {
  AWS_ENDPOINT_URL: endpoint,
  REVERIFY_USER_POOL_ID: UserPoolId,
  REVERIFY_USERNAME: Username,
} = process.env;
const Password = "your-strong-password1!";
const cognito = new CognitoIdentityProvider();

const { UserPoolClient } = await cognito.createUserPoolClient({
  UserPoolId,
  ClientName: "js",
  ExplicitAuthFlows: ["ALLOW_USER_PASSWORD_AUTH", "ALLOW_REFRESH_TOKEN_AUTH"],
});
const { ClientId } = UserPoolClient;
const { UserSub } = await cognito.signUp({
  ClientId,
  Username,
  Password,
  UserAttributes: [{ Name: "email", Value: Username }],
});
const signIn = (PASSWORD) =>
  cognito.initiateAuth({
    ClientId,
    AuthFlow: "USER_PASSWORD_AUTH",
    AuthParameters: { USERNAME: Username, PASSWORD },
  });
await assert.rejects(signIn(Password), {
  name: "UserNotConfirmedException",
  message: "User is not confirmed.",
});
await cognito.adminConfirmSignUp({ UserPoolId, Username });
await cognito.createGroup({ UserPoolId, GroupName: "readers" });
await cognito.adminAddUserToGroup({ UserPoolId, Username, GroupName: "readers" });
await assert.rejects(signIn("wrong-password"), {
  name: "NotAuthorizedException",
  message: "Incorrect username or password.",
});
const { AuthenticationResult: tokens } = await signIn(Password);

// The verifier would fetch the keys from AWS, whose name the tokens carry.
const keys = await (await fetch(`${endpoint}/${UserPoolId}/.well-known/jwks.json`)).json();
const verifier = (settings) => {
  const made = CognitoJwtVerifier.create({ userPoolId: UserPoolId, clientId: ClientId, ...settings });
  made.cacheJwks(keys);
  return made;
};
const id = await verifier({ tokenUse: "id", groups: "readers" }).verify(tokens.IdToken);
assert.equal(id.sub, UserSub);
assert.equal(id.email, Username);
const access = await verifier({ tokenUse: "access", scope: "aws.cognito.signin.user.admin" }).verify(
  tokens.AccessToken,
);
assert.equal(access.username, Username);

// What the verifier refuses shows that it looked.
await assert.rejects(verifier({ tokenUse: "id" }).verify(tokens.AccessToken), /[Tt]oken use/);
await assert.rejects(
  verifier({ tokenUse: "access", clientId: "another" }).verify(tokens.AccessToken),
  /[Cc]lient/,
);
const forged = tokens.AccessToken.slice(0, -8) + "AAAAAAAA";
await assert.rejects(verifier({ tokenUse: "access" }).verify(forged), /signature/);

const refreshed = await cognito.initiateAuth({
  ClientId,
  AuthFlow: "REFRESH_TOKEN_AUTH",
  AuthParameters: { REFRESH_TOKEN: tokens.RefreshToken },
});
await verifier({ tokenUse: "access" }).verify(refreshed.AuthenticationResult.AccessToken);
