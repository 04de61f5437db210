// Signs a user up, deletes it and signs it up again at once with aws-sdk for JavaScript v3; confirms
// with the second mail's code. No pause between the delete and the sign-up: none is needed.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";

// `import` does not look into NODE_PATH, `require` does.
const {
  AdminDeleteUserCommand,
  AdminGetUserCommand,
  CognitoIdentityProviderClient,
  ConfirmSignUpCommand,
  SignUpCommand,
} = createRequire(import.meta.url)("@aws-sdk/client-cognito-identity-provider");

const MAIL_DEADLINE_MS = 10_000;
const {
  REVERIFY_USER_POOL_ID: UserPoolId,
  REVERIFY_CLIENT_ID: ClientId,
  REVERIFY_USERNAME: Username,
  REVERIFY_CONTROL: control,
} = process.env;
assert.ok(process.env.AWS_ENDPOINT_URL && control, "AWS_ENDPOINT_URL and REVERIFY_CONTROL are not set");

const client = new CognitoIdentityProviderClient();

const signUp = async () => {
  const response = await client.send(
    new SignUpCommand({
      ClientId,
      Username,
      Password: "your-strong-password1!",
      UserAttributes: [{ Name: "email", Value: Username }],
    }),
  );
  assert.equal(response.CodeDeliveryDetails.DeliveryMedium, "EMAIL");
  assert.notEqual(response.CodeDeliveryDetails.Destination, Username, "the address is not masked");
  console.log("signed up", response.UserSub);
  return response.UserSub;
};

const mails = async (count) => {
  const deadline = Date.now() + MAIL_DEADLINE_MS;
  for (;;) {
    const answer = await fetch(`${control}mails?to=${encodeURIComponent(Username)}`);
    assert.equal(answer.status, 200, await answer.clone().text());
    const found = await answer.json();
    if (found.length >= count) return found;
    assert.ok(Date.now() < deadline, `${found.length} of ${count} mails in time`);
    await pause(20);
  }
};

const confirm = (ConfirmationCode) =>
  client.send(new ConfirmSignUpCommand({ ClientId, Username, ConfirmationCode }));

const firstSub = await signUp();
await mails(1);
await client.send(new AdminDeleteUserCommand({ UserPoolId, Username }));
const secondSub = await signUp();
const [first, second] = await mails(2);
assert.notEqual(firstSub, secondSub, "the second account has the first one's sub");

await assert.rejects(confirm(first.code), { name: "CodeMismatchException" });
await confirm(second.code);
const user = await client.send(new AdminGetUserCommand({ UserPoolId, Username }));
assert.equal(user.UserStatus, "CONFIRMED");
console.log("confirmed with the code of the second mail");
