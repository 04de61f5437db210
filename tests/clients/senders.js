// A function with AWS's own Encryption SDK for JavaScript gets the codes that Cognito would have sent.
// The function is this program: the emulator invokes it over HTTP, as a local container's endpoint.

"use strict";

const assert = require("node:assert/strict");
const http = require("node:http");
const { buildClient, CommitmentPolicy, KmsKeyringNode } = require("@aws-crypto/client-node");
const { CreateKeyCommand, KMSClient } = require("@aws-sdk/client-kms");
const {
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  CreateUserPoolClientCommand,
  CreateUserPoolCommand,
  SignUpCommand,
} = require("@aws-sdk/client-cognito-identity-provider");

const EVENT_DEADLINE_MS = 20_000;
const control = process.env.REVERIFY_CONTROL;
const cognito = new CognitoIdentityProviderClient();
// The messages of Cognito do not commit to their key, which the default policy asks for.
const { decrypt } = buildClient(CommitmentPolicy.REQUIRE_ENCRYPT_ALLOW_DECRYPT);

/** Serves the function, and gives its address and the first event that it receives. */
const serve = () =>
  new Promise((listening) => {
    const event = withResolvers();
    const server = http.createServer(async (request, response) => {
      const parts = [];
      for await (const part of request) parts.push(part);
      response.end("null");
      server.close();
      event.resolve(JSON.parse(Buffer.concat(parts)));
    });
    server.listen(0, "127.0.0.1", () => {
      listening({ url: `http://127.0.0.1:${server.address().port}`, event: event.promise });
    });
  });

const withResolvers = () => {
  const resolvers = {};
  resolvers.promise = new Promise((resolve, reject) => Object.assign(resolvers, { resolve, reject }));
  return resolvers;
};

const main = async () => {
  const { url, event } = await serve();
  const deployed = await fetch(`${control}functions/send`, {
    method: "PUT",
    body: JSON.stringify({ Url: url }),
  });
  const { FunctionArn: LambdaArn } = await deployed.json();
  const key = await new KMSClient().send(new CreateKeyCommand({}));
  const KMSKeyID = key.KeyMetadata.Arn;

  const pool = await cognito.send(
    new CreateUserPoolCommand({
      PoolName: "senders",
      AutoVerifiedAttributes: ["email"],
      LambdaConfig: { CustomEmailSender: { LambdaVersion: "V1_0", LambdaArn }, KMSKeyID },
    }),
  );
  const UserPoolId = pool.UserPool.Id;
  const app = await cognito.send(new CreateUserPoolClientCommand({ UserPoolId, ClientName: "app" }));
  const ClientId = app.UserPoolClient.ClientId;
  const Username = "ada";
  await cognito.send(
    new SignUpCommand({
      ClientId,
      Username,
      Password: "Passw0rd!",
      UserAttributes: [{ Name: "email", Value: "ada@example.com" }],
    }),
  );

  const late = setTimeout(() => assert.fail("no event in time"), EVENT_DEADLINE_MS);
  const received = await event;
  clearTimeout(late);
  assert.equal(received.triggerSource, "CustomEmailSender_SignUp");
  const keyring = new KmsKeyringNode({ keyIds: [KMSKeyID] });
  const { plaintext, messageHeader } = await decrypt(keyring, received.request.code, { encoding: "base64" });
  assert.equal(messageHeader.encryptionContext["userpool-id"], UserPoolId);
  const ConfirmationCode = plaintext.toString();
  await cognito.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }));
  const user = await cognito.send(new AdminGetUserCommand({ UserPoolId, Username }));
  assert.equal(user.UserStatus, "CONFIRMED");
};

main().catch((error) => {
  console.error(error);
  process.exit(1);
});
